"""Responses: asked, answered and silent, over stated ledger rows only."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from sysmap.analyses.responses import responses
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap, from_tables
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
    assert "was asked about observed twice and was silent, which is not a no." in answer.explain(
        ("survey-indigo", "observed")
    )
    assert "answered every time" in answer.explain(("survey-aurora", "seeks"))


def test_the_figure_tells_silence_from_not_asked() -> None:
    answer = responses(shipped("teaching"))
    legend = answer.plot().get_legend()
    assert legend is not None
    assert {"silent", "not asked", "answered"} == {text.get_text() for text in legend.get_texts()}
    assert "Matrix of 13 sources by 7 questions" in answer.alt_text()
    assert answer.methods().startswith("Each row of the ledger")


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
