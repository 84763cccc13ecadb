"""Reports on elements and influences against plain loops."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import get_args

import numpy as np
import pandas as pd
import pytest

from sysmap.core.claims import reporters, unit_contexts
from sysmap.core.dates import last_day
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.reporting.reports import Absence, of_elements, of_influences
from sysmap.measures.reporting.votes import CONTESTED, MISSING, THERE, UNKNOWN, Aggregate
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
    found = of_elements(m, units, absence)
    for aggregate in get_args(Aggregate):
        status = found.tally.status(aggregate)
        for (i, element), (j, context) in itertools.product(
            enumerate(m.elements.index), enumerate(units)
        ):
            said = votes.get((element, context))
            expected = UNKNOWN if said is None else _slow_status(said, aggregate)
            assert expected == status[i, j], (element, context, aggregate)


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
    found = of_elements(m, unit_contexts(m), "checklist")
    assert [[0, 1], [-1, -1], [-1, -1]] == found.tally.status().tolist()
    assert [[True, True], [False, True], [False, True]] == found.reached.tolist()


def _slow_signs(m: SystemMap) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Votes by link and context with plain loops: one sign per reporter whose claims agree."""
    voice, units = reporters(m), set(unit_contexts(m))
    said: dict[tuple[str, str, str, str], list[tuple[str, str]]] = {}
    for claim in _rows(m.links("influences"), "cause effect context source date sign"):
        if claim["context"] not in units or not claim["sign"]:
            continue
        source = claim["source"]
        who = voice[source] if source else "anonymous (influences)"
        date = claim["date"] or (m.sources["date"].fillna("")[source] if source else "")
        key = (claim["cause"], claim["effect"], claim["context"], who)
        day = str(last_day(date)) if date else ""
        said.setdefault(key, []).append((day, claim["sign"]))
    votes: dict[tuple[str, str], dict[str, list[str]]] = {}
    for (cause, effect, context, _), claims in said.items():
        latest = max(day for day, _ in claims)
        signs = {sign for day, sign in claims if day in ("", latest)}
        here = votes.setdefault((cause, effect), {}).setdefault(context, [])
        here.extend(signs if len(signs) == 1 else [])
    return votes


def _slow_usual(here: dict[str, list[str]]) -> str:
    every = Counter(sign for signs in here.values() for sign in signs)
    if every["+"] != every["-"]:
        return "+" if every["+"] > every["-"] else "-"
    places = [signs.count("+") - signs.count("-") for signs in here.values()]
    balance = sum((p > 0) - (p < 0) for p in places)
    return "-" if balance < 0 else "+"


@pytest.mark.parametrize("seed", range(12))
def test_links_are_those_of_plain_loops(seed: int) -> None:
    """Oracle: the usual sign of each link, and where most reporters say it."""
    m = survey(seed)
    units = unit_contexts(m)
    votes, found = _slow_signs(m), of_influences(m, units)
    claimed = {(r["cause"], r["effect"]) for r in _rows(m.links("influences"), "cause effect")}
    assert claimed == set(found.subjects)
    status = found.tally.status()
    for i, link in enumerate(found.subjects):
        here = votes.get(link, {})
        usual = _slow_usual(here)
        assert usual == ("-" if found.sign[i] < 0 else "+")
        for j, context in enumerate(units):
            told = here.get(context)
            yes, no = (0, 0) if told is None else (told.count(usual), len(told) - told.count(usual))
            expected = THERE if yes > no else MISSING if no > yes else CONTESTED
            assert (UNKNOWN if told is None else expected) == status[i, j], (link, context)


def test_a_link_without_sign_or_place_is_no_vote() -> None:
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
            "contexts": pd.DataFrame({"id": ["x"], "name": ["X"], "kind": ["country"]}),
            "influences": pd.DataFrame(
                {
                    "cause": ["a", "a", "b"],
                    "effect": ["b", "b", "a"],
                    "sign": ["+", None, "-"],
                    "context": [None, "x", "x"],
                }
            ),
        }
    )
    found = of_influences(m, unit_contexts(m))
    assert [[UNKNOWN], [THERE]] == found.tally.status().tolist()
    assert [0, -1] == found.sign.tolist()
    assert found.elsewhere == 1


def test_a_checklist_says_no_about_the_links_that_it_leaves_out() -> None:
    """Asked about one area: links with an end in it; the claim without sign is no omission."""
    elements = {"id": ["a", "b", "c"], "name": ["A", "B", "C"], "area": ["Policy", None, None]}
    m = from_tables(
        {
            "elements": pd.DataFrame(elements),
            "contexts": pd.DataFrame({"id": ["x"], "name": ["X"], "kind": ["country"]}),
            "sources": pd.DataFrame({"id": ["s", "t"], "name": ["S", "T"]}),
            "influences": pd.DataFrame(
                {
                    "cause": ["a", "a", "b", "b"],
                    "effect": ["b", "c", "c", "a"],
                    "sign": ["+", "+", "+", None],
                    "context": "x",
                    "source": ["t", "t", "t", "s"],
                }
            ),
            "asked": pd.DataFrame(
                {"source": ["s"], "question": "influences", "area": "policy", "answered": "yes"}
            ),
        }
    )
    found = of_influences(m, unit_contexts(m), "checklist")
    tallies = dict(zip(found.subjects, np.hstack([found.tally.yes, found.tally.no]), strict=True))
    assert {("a", "b"): [1, 1], ("a", "c"): [1, 1], ("b", "a"): [0, 0], ("b", "c"): [1, 0]} == {
        link: counts.tolist() for link, counts in tallies.items()
    }
