"""Laws of every answer: what a change of the map that says nothing new may not change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import Phase, given, settings

import sysmap as sm
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import ABOUT, SCHEMA, TableType
from tests.maps import shipped
from tests.products import answers
from tests.questions import WITH_SUBJECT, answered
from tests.strategies import maps
from tests.test_row_order import told

PREFIX = "zzz-"
"""Begins a renamed id; it keeps their order, by which ties are broken and numbers are drawn."""
ASKED = tuple(q for q in answers() if q != "backtest")
"""All but the one whose map of the tests is planted and not read from tables."""
IDLE = {"elements": {"area": "none of the others"}, "contexts": {}, "organizations": {}}
RANKS = ("rank", "tier", "verdict", "quadrant", "state", "score", "share", "gap", "polarity")
RESAMPLED = frozenset({"rank_low", "rank_high", "top10", "tier"})
"""What comes from drawing claims one by one, so that a claim said twice is drawn twice."""
LISTED = {"profiles": {"works_on", "priority", "challenge"}}
"""Columns that count the rows behind an answer and no voices."""


def tables() -> dict[str, pd.DataFrame]:
    return dict(shipped("teaching").tables)


def ask(question: str, m: SystemMap, prefix: str = "") -> sm.Result:
    """The answer, where the subject of the question has a prefix."""
    subjects: Mapping[str, Callable[[], sm.Result]] = {
        "what_if": lambda: sm.what_if(m, {f"{prefix}data-price": "-"}),
        "pathways": lambda: sm.pathways(m, f"{prefix}telecom-deal", f"{prefix}every-school-online"),
    }
    if prefix and question in subjects:
        return subjects[question]()
    found: sm.Result = (WITH_SUBJECT.get(question) or getattr(sm, question))(m)
    return found


@cache
def renamed() -> SystemMap:
    """The teaching map under other ids."""
    made = {kind.table: _renamed(kind, tables()[kind.table]) for kind in SCHEMA}
    about = made[ABOUT]
    value = about["value"].mask(about["key"] == "source", PREFIX + about["value"])
    return from_tables({**made, ABOUT: about.assign(value=value)})


def _renamed(kind: TableType, frame: pd.DataFrame) -> pd.DataFrame:
    columns = [c.name for c in kind.columns if c.name == "id" or c.kind == "reference"]
    return frame.assign(**{c: PREFIX + frame[c].astype("str") for c in columns})


@pytest.mark.scorecard("properties")
@pytest.mark.parametrize("question", ASKED)
def test_other_ids_change_nothing_but_themselves(question: str) -> None:
    again = [line.replace(PREFIX, "") for line in told(ask(question, renamed(), PREFIX))]
    assert told(answered(question)) == again


@cache
def with_idle(table: str) -> SystemMap:
    """The teaching map with one more thing that nobody says anything about."""
    cells = {"id": "zzz-idle", "name": "Idle one", **IDLE[table]}
    more = pd.concat([tables()[table], pd.DataFrame([cells])], ignore_index=True)
    return from_tables({**tables(), table: more})


@pytest.mark.scorecard("properties")
@pytest.mark.parametrize("table", IDLE)
@pytest.mark.parametrize("question", ASKED)
def test_what_nobody_speaks_of_changes_no_rank_among_the_others(question: str, table: str) -> None:
    before, after = answered(question).frame, ask(question, with_idle(table)).frame
    columns = [c for c in before.columns if c in RANKS]
    kept = [key for key in after.index if key in before.index]
    assert list(before.index) == kept
    pd.testing.assert_frame_equal(before[columns], after.loc[kept, columns])


@cache
def said_twice() -> SystemMap:
    """The teaching map in which each source that is named says each of its claims once more."""
    doubled = {}
    for kind in SCHEMA.links:
        frame = tables()[kind.table]
        doubled[kind.table] = pd.concat([frame, frame[frame["source"].notna()]], ignore_index=True)
    return from_tables({**tables(), **doubled})


@pytest.mark.scorecard("properties")
@pytest.mark.parametrize("question", ASKED)
def test_one_more_copy_of_a_claim_by_its_source_changes_no_share_or_rank(question: str) -> None:
    assert len(said_twice().links("works_on")) > len(shipped("teaching").links("works_on"))
    before, after = answered(question).frame, ask(question, said_twice()).frame
    columns = [c for c in before if c not in RESAMPLED | LISTED.get(question, set())]
    pd.testing.assert_frame_equal(before[columns], after[columns])


PARTS = {
    "responses": ("answered", "asked"),
    "common_outcomes": ("seeking", "responding"),
    "universality": ("present", "assessed", "contexts"),
    "coverage": ("answered", "asked"),
}
"""Columns of which each counts a part of the next."""


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@pytest.mark.parametrize("question", PARTS)
@given(m=maps(max_size=8, carried=False))
def test_a_part_is_never_more_than_its_whole(question: str, m: SystemMap) -> None:
    try:
        frame = getattr(sm, question)(m).frame
    except sm.UndecidableError:
        return
    for part, whole in pairwise(PARTS[question]):
        both = frame[[part, whole]].dropna()
        assert (both[part] <= both[whole]).all()
        assert (both[part] >= 0).all()
