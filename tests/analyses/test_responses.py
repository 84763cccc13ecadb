"""Responses: asked, answered and silent, over stated ledger rows only."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from sysmap.analyses.responses import responses
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap, from_tables
from tests.core.charts.drawing import legend, texts
from tests.evidence import counts_match
from tests.maps import shipped
from tests.surveys import shuffled, survey

ASKED = [seed for seed in range(9) if seed % 3]


@pytest.mark.parametrize("seed", ASKED)
def test_counts_are_those_of_plain_loops(seed: int) -> None:
    m = survey(seed)
    rows = [r for r in m.asked.to_dict("records") if not isinstance(r["speaks_for"], str)]
    asked = Counter((r["source"], r["question"]) for r in rows)
    answered = Counter((r["source"], r["question"]) for r in rows if r["answered"] == "yes")
    frame = responses(m).frame
    assert set(asked) == set(frame.index)
    for key, row in frame.iterrows():
        assert (asked[key], answered[key]) == (row["asked"], row["answered"])
        assert row["rate"] == answered[key] / asked[key]


@pytest.mark.parametrize("seed", ASKED)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    m = survey(seed)
    if m.asked["speaks_for"].isna().all():
        pd.testing.assert_frame_equal(responses(m).frame, responses(shuffled(m)).frame)


def test_every_count_is_the_units_of_its_evidence() -> None:
    for m in [*map(survey, ASKED), shipped("teaching")]:
        counts_match(responses(m), ("asked", "answered"))


def test_the_silent_of_the_teaching_map_are_named() -> None:
    """Source: the answer sheet; Indigo was silent on seeks and two places, Fern on priorities."""
    answer = responses(shipped("teaching"))
    silent = answer.frame.index[answer.frame["answered"] == 0]
    assert ("survey-indigo", "seeks") in silent
    assert ("survey-fern", "priorities") in silent
    said = answer.explain(("survey-indigo", "observed"))
    assert "was asked about observed twice (Coral Keys, Pearl Atoll) and was silent" in said
    assert answer.summary().endswith("2 sources left a question unanswered.")
    assert "answered every time" in answer.explain(("survey-aurora", "seeks"))


def test_the_figure_tells_silence_from_not_asked() -> None:
    answer = responses(shipped("teaching"))
    legend = answer.plot().get_legend()
    assert legend is not None
    assert {"silent", "not asked", "answered"} == {text.get_text() for text in legend.get_texts()}
    assert "Matrix of 13 sources by 7 questions" in answer.alt_text()
    assert answer.methods().startswith("Each row of the ledger")


@pytest.mark.parametrize("by", ["question", "source", "constituency", "context"])
@pytest.mark.parametrize("seed", ASKED[:3])
def test_totals_are_those_of_plain_loops(seed: int, by: str) -> None:
    """Twin: every ledger row once per group; a blank place is every place."""
    m = survey(seed)
    answer = responses(m)
    kinds, voice = m.organizations["kind"], m.sources["organization"]
    seen: dict[str, list[tuple[str, bool]]] = {}
    for row in m.asked.to_dict("records"):
        if isinstance(row["speaks_for"], str):
            continue
        of = voice[row["source"]]
        kind = kinds[of] if isinstance(of, str) else None
        groups = {
            "question": [row["question"]],
            "source": [row["source"]],
            "constituency": [kind if isinstance(kind, str) else "not stated"],
            "context": [row["context"]] if isinstance(row["context"], str) else [*m.contexts.index],
        }[by]
        if by == "context" and row["question"] == "seeks":
            continue
        for group in groups:
            seen.setdefault(group, []).append((row["source"], row["answered"] == "yes"))
    frame = answer.totals(by=by)
    assert list(frame.columns) == ["asked", "answered", "rate", "sources", "heard"]
    assert set(seen) == set(frame.index[frame["asked"] > 0])
    for group, rows in seen.items():
        counts = [len(rows), sum(yes for _, yes in rows)]
        voices = [len({s for s, _ in rows}), len({s for s, yes in rows if yes})]
        assert [*counts, *voices] == frame.loc[
            group, ["asked", "answered", "sources", "heard"]
        ].tolist()
    rates = frame["rate"].dropna()
    assert rates.is_monotonic_decreasing


@pytest.mark.parametrize("seed", ASKED[:3])
def test_totals_of_sources_and_questions_add_up_to_the_whole(seed: int) -> None:
    answer = responses(survey(seed))
    whole = answer.frame[["asked", "answered"]].sum()
    for by in ("question", "source", "constituency"):
        assert whole.equals(answer.totals(by=by)[["asked", "answered"]].sum())


@pytest.mark.parametrize("seed", ASKED)
def test_narrowing_never_changes_whether_something_was_answered(seed: int) -> None:
    """What is left of the ledger counts as it counted in the whole map."""
    m = survey(seed)
    for narrow in (
        m.select(contexts=["c0"]),
        m.select(organizations=["o1"]),
        m.select(elements=[]),
    ):
        if narrow.asked["speaks_for"].notna().all():
            continue
        rows = ["source", "question", "area", "answered"]
        whole = Counter(map(repr, m.asked[rows].itertuples(index=False)))
        assert Counter(map(repr, narrow.asked[rows].itertuples(index=False))) <= whole
        told = responses(narrow).frame
        assert set(told.index) <= set(responses(m).frame.index)
        assert (told["answered"] <= responses(m).frame.loc[told.index, "answered"]).all()


def test_inferred_answers_are_not_asked() -> None:
    """Without a ledger for seeks the map infers answers; nobody was asked."""
    m = _ledger()
    more = from_tables(
        {name: frame for name, frame in m.tables.items() if len(frame)}
        | {
            "outcomes": pd.DataFrame({"id": ["w"], "name": ["W"]}),
            "seeks": pd.DataFrame({"organization": ["o"], "outcome": ["w"], "source": ["s"]}),
        }
    )
    assert more.asked["speaks_for"].notna().any()
    assert ["works_on"] == list(responses(more).totals().index)


def test_a_place_that_nobody_was_asked_about_has_no_rate_and_stands_last() -> None:
    totals = responses(_ledger(context=["x"])).totals(by="context")
    assert [("x", 1), ("y", 0)] == list(totals["asked"].items())
    assert pd.isna(totals["rate"]["y"])


def test_unequal_silence_is_told_with_its_small_numbers() -> None:
    """By hand: indigo-networks answered 4 of 8 rows, all others 82 of 83."""
    said = " ".join(responses(shipped("teaching")).caveats)
    assert "1 private organization answered 4 of 8 questions (50 %), all others" in said
    assert "all others 82 of 83 (99 %)" in said
    assert "With 1 source a single answer weighs much." in said


def test_equal_silence_bends_nothing() -> None:
    assert not [c for c in responses(_ledger()).caveats if "Silence may bend" in c]


def test_an_unknown_grouping_is_refused() -> None:
    with pytest.raises(ValueError, match="by is 'area'; write one of 'question', 'source'"):
        responses(_ledger()).totals(by="area")


def test_answers_in_part_look_like_neither_silence_nor_an_answer() -> None:
    m = shipped("teaching")
    rows = m.asked.assign(
        answered=m.asked["answered"].where(
            (m.asked["source"] != "survey-indigo") | (m.asked["context"] != "coral-keys"), "yes"
        )
    )
    tables = {name: frame for name, frame in m.tables.items() if len(frame)} | {"asked": rows}
    answer = responses(from_tables(tables))
    ax = answer.plot()
    assert {"answered", "in part", "silent", "not asked"} == set(legend(ax))
    assert "1 of 2" in texts(ax)
    said = answer.explain(("survey-indigo", "observed"))
    assert "answered once (50 %); it was silent about Pearl Atoll, which is not a no." in said


def _ledger(**asked: object) -> SystemMap:
    return from_tables(
        {
            "organizations": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "elements": pd.DataFrame(
                {"id": ["e", "f"], "name": ["E", "F"], "area": ["Costing", "Policy"]}
            ),
            "contexts": pd.DataFrame({"id": ["x", "y"], "name": ["X", "Y"]}),
            "sources": pd.DataFrame({"id": ["s", "t"], "name": ["S", "T"]}),
            "works_on": pd.DataFrame(
                {
                    "organization": "o",
                    "element": ["e", "e", "f", "f", "e"],
                    "context": ["x", "y", "x", None, "x"],
                    "source": ["s", "s", "s", "s", "t"],
                }
            ),
            "asked": pd.DataFrame({"source": ["s"], "question": ["works_on"], **asked}),
        }
    )


@pytest.mark.parametrize(
    ("scope", "outside"),
    [
        ({}, 1),
        ({"context": ["x"]}, 3),
        ({"area": ["costing"]}, 3),
        ({"context": ["x"], "area": ["Costing"]}, 4),
    ],
)
def test_claims_outside_every_scope_are_counted(scope: dict[str, object], outside: int) -> None:
    """Hand count: five claims, one by a source that was never asked."""
    said = responses(_ledger(**scope)).caveats
    noun = "claim" if outside == 1 else "claims"
    assert f"{outside} {noun} without a row in the ledger (works on {outside})" in said[0]
    assert said[-1] == "1 source of the map in no row of the ledger: not asked."


def test_no_ledger_is_undecidable_and_says_what_to_ask() -> None:
    for m in (from_tables({}), shipped("asia-pacific-digital-learning")):
        with pytest.raises(UndecidableError, match="nobody wrote down who was asked") as caught:
            responses(m)
        assert caught.value.missing.startswith("Add the sheet asked, with one row per source")
