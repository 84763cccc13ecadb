"""Perspectives: who says so and who does not, with the words that a ministry reads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from sysmap.analyses.perspectives import perspectives
from sysmap.core import charts
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.stats import krippendorff_alpha
from sysmap.measures.reporting.agreement import Agreement
from tests.core.charts.drawing import boxes_of_texts, legend, texts
from tests.evidence import counts_match
from tests.maps import shipped
from tests.opinions import opinions
from tests.strategies import maps
from tests.surveys import renamed, shuffled

COUNTS = ("agree", "disagree", "sources", "unsigned")
SEEDS = [1, 4]


def influences(*claims: tuple[str | None, str | None, str | None]) -> SystemMap:
    """Claims that price influences use: sign, place and source; sources a and b are of one NGO."""
    sign, context, source = zip(*claims, strict=True)
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ["price", "use"], "name": ["Price", "Use"]}),
            "contexts": pd.DataFrame({"id": ["fiji", "tonga"], "name": ["Fiji", "Tonga"]}),
            "organizations": pd.DataFrame({"id": ["o"], "name": ["Oak"], "kind": ["ngo"]}),
            "sources": pd.DataFrame(
                {
                    "id": list("abcde"),
                    "name": [f"Survey {s}" for s in "abcde"],
                    "kind": ["survey", "survey", "workshop", "survey", None],
                    "organization": ["o", "o", None, None, None],
                }
            ),
            "influences": pd.DataFrame(
                {
                    "cause": "price",
                    "effect": "use",
                    "sign": pd.Series(sign, dtype="str"),
                    "context": pd.Series(context, dtype="str"),
                    "source": pd.Series(source, dtype="str"),
                }
            ),
        }
    )


def row(*claims: tuple[str | None, str | None, str | None], aggregate: str = "majority") -> list:
    """Agree, disagree, sources, state and answer of the one subject."""
    frame = perspectives(influences(*claims), aggregate=aggregate).frame
    return frame.loc["price -> use", ["agree", "disagree", "sources", "state", "answer"]].tolist()


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ("+", [1, 0, 1, "single", "+"]),
        ("++", [2, 0, 2, "consensus", "+"]),
        ("+-", [1, 1, 2, "contested", "contested"]),
        ("--+", [2, 1, 3, "contested", "-"]),
        ("---+", [3, 1, 4, "majority", "-"]),
    ],
)
def test_states_follow_from_the_share_that_dissents(signs: str, expected: list[object]) -> None:
    """Source: section 8 of the methods; one third dissenting is contested, one quarter is not."""
    voices = ["a", "c", "d", "e"]
    assert expected == row(*((s, None, v) for s, v in zip(signs, voices, strict=False)))


@pytest.mark.parametrize(
    ("signs", "majority", "any_", "all_"),
    [
        ("++-", "+", "both", "contested"),
        ("--+", "-", "both", "contested"),
        ("+-", "contested", "both", "contested"),
        ("--", "-", "-", "-"),
    ],
)
def test_no_rule_prefers_one_sign(signs: str, majority: str, any_: str, all_: str) -> None:
    claims = [(s, None, v) for s, v in zip(signs, "acd", strict=False)]
    answers = [row(*claims, aggregate=rule)[-1] for rule in ("majority", "any", "all")]
    assert [majority, any_, all_] == answers


def test_the_rule_for_states_is_that_of_universality() -> None:
    m = opinions(2)
    for rule in ("majority", "any", "all"):
        frame = perspectives(m, aggregate=rule).frame
        torn = frame[(frame["table"] == "observed") & (frame["disagree"] > 0)]
        expected = {"any": {"present"}, "all": {"absent"}}.get(rule)
        assert expected is None or expected == set(torn["answer"])


def test_two_sources_of_one_organization_are_one_vote() -> None:
    assert row(("+", None, "a"), ("+", None, "b"), ("-", None, "c"))[:3] == [1, 1, 2]


def test_a_reporter_that_contradicts_itself_has_no_vote_and_the_subject_is_contested() -> None:
    answer = perspectives(influences(("+", None, "a"), ("-", None, "b")))
    frame = answer.frame
    assert [0, 0, 0, "contested", "contested", "within a place"] == frame.loc[
        "price -> use", ["agree", "disagree", "sources", "state", "answer", "split"]
    ].tolist()
    assert "contested, because the only votes contradict themselves" in answer.explain(
        "price -> use"
    )
    assert "1 reporter says both and has no vote." in answer.explain("price -> use")
    assert len(answer.evidence("price -> use")) == 2
    assert any(c.startswith("1 vote was not counted") for c in answer.caveats)


def test_a_claim_without_sign_takes_no_side() -> None:
    answer = perspectives(influences(("+", None, "a"), (None, None, "c")))
    assert [1, 0, 1, "single", "+"] == row(("+", None, "a"), (None, None, "c"))
    assert answer.frame["unsigned"].tolist() == [1]
    assert (
        "1 reporter (1 workshop) says that there is a link and not which way it goes."
        in answer.explain("price -> use")
    )


def test_where_nobody_gives_a_sign_the_vote_is_that_there_is_a_link() -> None:
    claims = [(None, None, "a"), (None, None, "c")]
    assert [2, 0, 2, "consensus", "unsigned"] == row(*claims)
    answer = perspectives(influences(*claims))
    assert np.isnan(answer.agreement.alpha)
    counts_match(answer, COUNTS)


def test_signs_that_differ_between_places_are_told_from_opinions() -> None:
    """The trap: Fiji is not Tonga, and both reporters may be right."""
    between = perspectives(influences(("+", "fiji", "a"), ("-", "tonga", "c")))
    assert between.frame["split"].tolist() == ["between places"]
    said = between.explain("price -> use")
    assert "more of it leads to more is said about Fiji; that more of it leads to less" in said
    assert "may be a difference between places and no difference of opinion" in said
    assert any("different signs for different places" in c for c in between.caveats)
    within = perspectives(influences(("+", "fiji", "a"), ("-", "fiji", "c"), ("-", "tonga", "d")))
    assert within.frame["split"].tolist() == ["within a place"]
    assert "difference between places" not in within.explain("price -> use")


def test_one_reporter_with_other_signs_elsewhere_is_told_so() -> None:
    """The rule takes its vote, because the subject is the link over all places."""
    answer = perspectives(influences(("+", "fiji", "a"), ("-", "tonga", "a")))
    assert answer.frame[["sources", "split"]].iloc[0].tolist() == [0, "between places"]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_count_is_the_units_of_its_evidence(seed: int) -> None:
    counts_match(perspectives(opinions(seed)), COUNTS)


def test_every_count_of_the_teaching_map_is_the_units_of_its_evidence() -> None:
    counts_match(perspectives(shipped("teaching").select(contexts="westhaven")), COUNTS)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    m = opinions(seed)
    pd.testing.assert_frame_equal(perspectives(m).frame, perspectives(shuffled(m)).frame)


@pytest.mark.parametrize("seed", SEEDS)
def test_other_ids_give_the_same_numbers(seed: int) -> None:
    m = opinions(seed)
    named, plain = perspectives(renamed(m)).frame, perspectives(m).frame
    back = named.set_axis(
        [f"{a[1:]} -> {b[1:]}" for a, b in zip(named["from"], named["to"], strict=True)]
    )
    numbers = [*COUNTS, "state", "answer"]
    assert plain[numbers].equals(back[numbers].loc[plain.index])


@pytest.mark.parametrize("seed", SEEDS)
def test_contested_subjects_come_first_then_those_with_more_sources(seed: int) -> None:
    frame = perspectives(opinions(seed)).frame
    keys = list(zip(frame["state"] != "contested", -frame["sources"], strict=True))
    assert sorted(keys) == keys


@given(maps(max_size=8))
@settings(max_examples=5)
def test_any_map_has_one_row_per_pair_and_counts_that_its_evidence_shows(m: SystemMap) -> None:
    pairs = sum(
        len(m.links(table)[ends].drop_duplicates())
        for table, ends in (
            ("influences", ["cause", "effect"]),
            ("observed", ["element", "context"]),
        )
    )
    if not pairs:
        return
    answer = perspectives(m)
    assert pairs == len(answer)
    assert answer.frame.index.is_unique
    counts_match(answer, COUNTS)
    for key in answer.frame.index:
        assert answer.explain(key)


def test_the_teaching_map_is_read_as_it_was_planted() -> None:
    """Source: influences.csv; Highmoor speaks for itself, two reporters in general."""
    answer = perspectives(shipped("teaching"))
    first = answer.frame.loc["satellite-link -> data-price"]
    assert ["contested", "-", "between places"] == first[["state", "answer", "split"]].tolist()
    assert "is said about Highmoor" in answer.explain("satellite-link -> data-price")
    deal = answer.explain("telecom-deal -> every-school-online")
    assert "2 of 3 reporters say that more of it leads to more (1 intergovernmental" in deal
    assert "1 of 3 reporters says that more of it leads to less (1 academic organization)" in deal
    assert "10 reporters were asked about what influences what here." in deal
    assert "Harbour" not in deal


def test_agreement_is_read_by_the_bounds_of_krippendorff() -> None:
    """Bounds: Krippendorff (2004), 0.80 and 0.667, as section 8 of the methods gives them."""
    readings = {
        0.80: "reliable",
        0.79: "tentative",
        2 / 3: "tentative",
        0.66: "no conclusions",
        float("nan"): "missing",
    }
    assert list(readings.values()) == [Agreement(alpha, 9).reading for alpha in readings]


def test_agreement_of_both_tables_is_no_higher_than_that_of_the_better_one() -> None:
    """Four words in one coefficient would be: a sign is never mistaken for a state."""
    for seed in SEEDS:
        agreement = perspectives(opinions(seed)).agreement
        each = [part.alpha for part in agreement.by_table.values()]
        assert min(each) <= float(agreement) <= max(each)
    teaching = perspectives(shipped("teaching")).agreement
    four_words = [[0, 0], [0, 1], [1, 0], [1, 1], [2, 2], [2, 3], [3, 2], [3, 3]]
    coins = krippendorff_alpha(four_words[:4])
    assert krippendorff_alpha(four_words) > 0.35 > 0.13 > coins
    assert teaching.by_table["influences"].reading == "no conclusions"
    assert teaching.by_table["observed"].reading == "reliable"


def test_one_voice_per_claim_is_no_agreement() -> None:
    answer = perspectives(shipped("asia-pacific-digital-learning"))
    assert "No statement is made by two reporters" in answer.summary()
    assert answer.agreement.reading == "missing"
    assert "452 of 452 statements rest on one reporter" in answer.caveats[0]
    assert "nothing to draw: no rows for this figure" in texts(answer.plot())


def test_a_map_without_reports_is_undecidable() -> None:
    with pytest.raises(UndecidableError, match="nobody reported an influence or a state") as caught:
        perspectives(from_tables({}))
    assert caught.value.missing == "Add the sheet influences or observed."


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="aggregate is 'most'; write one of 'majority'"):
        perspectives(influences(("+", None, "a")), aggregate="most")


def test_the_figure_writes_both_counts_and_marks_what_is_contested() -> None:
    ax = perspectives(shipped("teaching")).plot()
    assert {"consensus", "contested"} == set(legend(ax))
    assert {"agree", "disagree", "0", "1", "2"} <= set(texts(ax))
    assert charts.mark("contested").hatch != charts.mark("consensus").hatch
    boxes = [box for text, box in boxes_of_texts(ax) if text]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
