"""Votes, cells and shares against plain loops, and the laws they obey."""

from __future__ import annotations

import itertools
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.core.claims import reporters, unit_contexts
from sysmap.core.dates import last_day
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures import prevalence
from sysmap.measures.patterns import groupings, patterns
from sysmap.measures.prevalence import CONTESTED, MISSING, THERE, UNKNOWN, Absence, Aggregate
from tests.surveys import survey

Cell = tuple[str, str]


def _rows(frame: pd.DataFrame, columns: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = frame[columns.split()].astype("str").fillna("").to_dict("records")
    return rows


def _slow_votes(m: SystemMap, absence: str) -> dict[Cell, list[str]]:
    """Votes by cell with plain loops; a cell whose votes all cancelled has an empty list."""
    voice = reporters(m)
    units = set(unit_contexts(m))
    told: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for claim in _rows(m.links("observed"), "element context source date state"):
        if claim["context"] not in units:
            continue
        source = claim["source"]
        who = voice[source] if source else "anonymous (observed)"
        date = claim["date"] or (m.sources["date"].fillna("")[source] if source else "")
        day = str(last_day(date)) if date else ""
        told.setdefault((claim["element"], claim["context"], who), []).append((day, claim["state"]))
    votes: dict[Cell, list[str]] = {}
    for (element, context, _), said in told.items():
        latest = max(day for day, _ in said)
        states = {state for day, state in said if day in ("", latest)}
        votes.setdefault((element, context), []).extend(states if len(states) == 1 else [])
    if absence == "checklist":
        voted = {
            (element, context, who)
            for row in _rows(m.asked, "source question context area answered")
            if row["question"] == "observed" and row["answered"] == "yes"
            for element, area in m.elements["area"].fillna("").items()
            for context in units
            if row["context"] in ("", context)
            if not row["area"] or row["area"].casefold() == area.casefold()
            for who in [voice[row["source"]]]
            if (element, context, who) not in told
        }
        for element, context, _ in voted:
            votes.setdefault((element, context), []).append("absent")
    return votes


def _slow_status(said: list[str], aggregate: str) -> int:
    yes, no = said.count("present"), said.count("absent")
    if yes + no == 0:
        return CONTESTED
    if aggregate == "any":
        return THERE if yes else MISSING
    if aggregate == "all":
        return MISSING if no else THERE
    return CONTESTED if yes == no else THERE if yes > no else MISSING


@pytest.mark.parametrize("absence", ["stated", "checklist"])
@pytest.mark.parametrize("seed", range(12))
def test_cells_are_those_of_plain_loops(seed: int, absence: Absence) -> None:
    """Oracle: one vote per reporter and cell, counted row by row."""
    m = survey(seed)
    units = unit_contexts(m)
    votes = _slow_votes(m, absence)
    found = prevalence.reports(m, units, absence)
    for aggregate in get_args(Aggregate):
        status = found.tally.status(aggregate)
        for (i, element), (j, context) in itertools.product(
            enumerate(m.elements.index), enumerate(units)
        ):
            said = votes.get((element, context))
            expected = UNKNOWN if said is None else _slow_status(said, aggregate)
            assert expected == status[i, j], (element, context, aggregate)


def _days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("values", "days", "expected"),
    [
        ([1, 0], _days("2024-01-01", "2024-02-01"), [False, True]),
        ([1, 0], _days("2024-01-01", "2024-01-01"), [False, False]),
        ([1, 0], _days("NaT", "NaT"), [False, False]),
        ([1, 0], _days("NaT", "2024-01-01"), [False, False]),
        ([1, 1], _days("NaT", "2024-01-01"), [True, True]),
        ([0, 1, 1], _days("2023-01-01", "2024-01-01", "2024-01-01"), [False, True, True]),
    ],
)
def test_the_latest_vote_counts_and_contradictions_cancel(
    values: list[int], days: np.ndarray, expected: list[bool]
) -> None:
    """Rule of section 0: one reporter, one subject; an undated claim may be the latest."""
    same = np.zeros(len(values), dtype=np.int64)
    assert expected == prevalence.standing(same, same, values, days).tolist()


def test_no_claims_leave_no_votes() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert len(prevalence.standing(none, none, [], _days())) == 0
    tally, stands = prevalence.tally(none, none, none, none > 0, _days(), (2, 3))
    assert (tally.status() == UNKNOWN).all()
    assert len(stands) == 0


def test_an_aggregate_that_does_not_exist_is_refused() -> None:
    none = np.zeros((1, 1), dtype=np.int64)
    with pytest.raises(ValueError, match="aggregate is 'mean'; write one of 'majority'"):
        prevalence.Tally(none, none, none > 0).status("mean")  # type: ignore[arg-type]


def _slow_rolled(i: int, own: list[int], parent: list[int]) -> int:
    parts = [_slow_rolled(j, own, parent) for j in range(len(own)) if parent[j] == i]
    if THERE in parts or own[i] == THERE:
        return THERE
    if own[i] == MISSING or (parts and set(parts) == {MISSING}):
        return MISSING
    return CONTESTED if CONTESTED in parts or own[i] == CONTESTED else UNKNOWN


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 8)), min_size=1, max_size=9))
def test_a_parent_is_there_where_a_part_is(nodes: list[tuple[int, int]]) -> None:
    """Oracle: recursion from each node; parents stand earlier in the list."""
    own = [code for code, _ in nodes]
    parent = [min(above, i - 1) for i, (_, above) in enumerate(nodes)]
    found = prevalence.rolled_up(np.array(own, np.int8)[:, None], np.array(parent))
    assert [_slow_rolled(i, own, parent) for i in range(len(own))] == found[:, 0].tolist()


def test_agreement_is_that_of_two_reporters_per_cell() -> None:
    """Hand arithmetic: pairs yy, yy, yn, nn; observed 1/4, expected 2*5*3/(8*7), alpha 8/15."""
    yes, no = np.array([[2, 2, 1, 0, 1]]), np.array([[0, 0, 1, 2, 0]])
    alpha = prevalence.Tally(yes, no, yes >= 0).agreement()
    assert alpha == pytest.approx(8 / 15)


def test_a_scope_reaches_its_context_and_area_only() -> None:
    m = from_tables(
        {
            "elements": pd.DataFrame(
                {
                    "id": ["e", "f", "g"],
                    "name": ["E", "F", "G"],
                    "area": ["Costing", "Policy", None],
                }
            ),
            "contexts": pd.DataFrame(
                {"id": ["x", "y"], "name": ["X", "Y"], "kind": ["country", "country"]}
            ),
            "sources": pd.DataFrame({"id": ["s"], "name": ["S"]}),
            "observed": pd.DataFrame(
                {"element": ["e"], "context": ["y"], "state": ["present"], "source": ["s"]}
            ),
            "asked": pd.DataFrame(
                {
                    "source": ["s", "s"],
                    "question": "observed",
                    "context": ["x", "y"],
                    "area": ["costing", None],
                    "answered": ["yes", "no"],
                }
            ),
        }
    )
    found = prevalence.reports(m, unit_contexts(m), "checklist")
    assert [[0, 1], [-1, -1], [-1, -1]] == found.tally.status().tolist()
    assert [[True, True], [False, True], [False, True]] == found.reached.tolist()


CONTEXTS = pd.DataFrame(
    {
        "name": [f"C{i}" for i in range(8)],
        "region": ["Asia"] * 4 + ["Oceania"] * 4,
        "sids": ["no", "yes"] * 4,
        "income_group": [None] * 8,
        "group_sea": [*["yes"] * 3, "no", *["no"] * 3, None],
        "kind": "country",
    }
)


def test_groupings_are_the_columns_that_divide_the_units() -> None:
    assert ["group_sea", "region", "sids"] == groupings(CONTEXTS)
    assert ["income_group"] == groupings(CONTEXTS, ["income_group"])
    with pytest.raises(ValueError, match="by names 'kind', which is no grouping of contexts"):
        groupings(CONTEXTS, "kind")


def test_the_clearest_pattern_is_named_and_draws_rise_with_the_tests() -> None:
    """Presence in the four of Asia only: value 1 there, exact p 2 / 70."""
    status = np.array([[1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0]], np.int8)
    found = patterns(status, CONTEXTS, groupings(CONTEXTS), draws=10, rng=0, q=0.001)
    assert found.draws == 3000
    assert found.tests == 3
    assert ("region", "Asia", 1.0) == tuple(found.frame.loc[0, ["grouping", "group", "indval"]])
    assert found.frame["q"][0] == pytest.approx(3 * 2 / 70, abs=0.03)
    assert found.frame.loc[1].isna().all()
    assert {"group_sea": ["C7"]} == found.unlabelled


def test_without_groupings_nothing_is_tested() -> None:
    found = patterns(np.zeros((2, 8), np.int8), CONTEXTS, [], draws=99, rng=0, q=0.1)
    assert (found.tests, found.draws) == (0, 99)
    assert found.frame.isna().all(axis=None)


def test_a_group_of_one_is_left_out_and_named() -> None:
    contexts = CONTEXTS.assign(region=["Asia"] * 4 + ["Oceania"] * 3 + ["Europe"])
    status = np.array([[1, 1, 1, 0, 0, 0, 0, 1]], np.int8)
    found = patterns(status, contexts, ["region"], draws=99, rng=0, q=0.1)
    assert {"region": {"Europe": 1}} == found.thin
