"""Every answer has the index and at least the columns that design.md section 5 lists."""

from __future__ import annotations

import pandas as pd
import pytest

import sysmap as sm
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.result import EVIDENCE
from tests.questions import answered

FRAMES = {
    "backtest": ("method", "auc precision_at_10 recall_at_10 ties low high"),
    "calendar": (
        "activity",
        "name start end status leads contexts addresses overlaps state",
    ),
    "change": ("item", "table kind cause before after"),
    "coalitions": ("coalition", "members size covered share left_out optimal"),
    "common_outcomes": (
        "outcome",
        "name seeking responding share low high verdict priority consensus",
    ),
    "complementarity": (
        "group",
        "gain redundancy shared offered wanted rank rank_low rank_high",
    ),
    "coverage": ("element context", "organizations effective need influence state gap"),
    "exchange": ("resource organization", "score need elements rank rank_low rank_high"),
    "influence": (
        "element",
        (
            "name influence direct given received prominence relation quadrant rank rank_low "
            "rank_high top10"
        ),
    ),
    "loops": ("loop", "path length polarity strength"),
    "opportunities": (
        "organization partner",
        "score shared fit reach expected lift kind standing rank rank_low rank_high top10",
    ),
    "pathways": ("pathway", "path length sign strength sources told_whole contexts"),
    "perspectives": ("claim", "table from to agree disagree sources state"),
    "profiles": ("organization element", "works_on priority challenge contexts area"),
    "responses": ("source question", "asked answered rate"),
    "universality": (
        "element",
        (
            "name area present assessed contexts share low high verdict leaning robust contested "
            "grouping group indval q"
        ),
    ),
    "what_if": ("node", "up down none answer"),
}
"""Index and columns; a question that is not public yet is not asked."""

ASKED = [question for question in FRAMES if question in sm.__all__]


def cancelled_and_empty() -> SystemMap:
    """A map in which every frame that can be empty is."""
    activity = {"id": ["t"], "name": ["Thing"], "status": ["cancelled"]}
    return from_tables({"activities": pd.DataFrame(activity)})


@pytest.mark.parametrize("question", ASKED)
def test_frames_have_the_columns_of_the_contract(question):
    index, columns = (listed.split() for listed in FRAMES[question])
    frame = answered(question).frame
    assert index == list(frame.index.names)
    assert columns == [column for column in frame.columns if column in columns]


@pytest.mark.parametrize(
    "question",
    ["common_outcomes", "universality", "opportunities", "calendar"],
)
def test_an_empty_frame_has_the_columns_of_a_full_one(question):
    """Those that answer a map with nothing to rank; the others are undecidable there."""
    empty, full = getattr(sm, question)(cancelled_and_empty()).frame, answered(question).frame
    assert (0, list(full.columns)) == (len(empty), list(empty.columns))
    assert list(full.index.names) == list(empty.index.names)


@pytest.mark.parametrize("question", ASKED)
def test_evidence_names_rows_that_are_there(question):
    answer = answered(question)
    for key in answer.frame.index[:5]:
        rows = answer.evidence(key)
        assert list(EVIDENCE) == list(rows.columns)
        for table, row in zip(rows["table"], rows["row"], strict=True):
            assert row in answer.map.table(table).index
