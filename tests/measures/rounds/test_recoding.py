"""Ids that another round writes differently."""

from __future__ import annotations

import pandas as pd
import pytest

from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.rounds.recoding import recoded, recoding


def elements(named: dict[str, str], aliases: tuple[tuple[str, str, str], ...] = ()) -> SystemMap:
    frame = pd.DataFrame({"id": list(named), "name": list(named.values())})
    decided = pd.DataFrame(list(aliases), columns=["name", "id", "decision"])
    return from_tables({"elements": frame, **({"aliases": decided} if aliases else {})})


def test_the_same_name_under_another_id_is_a_renaming() -> None:
    codes = recoding(elements({"e1": "School power"}), elements({"power": "school  POWER"}))
    assert "power" == codes.successor("e1")


def test_an_alias_is_a_renaming_from_either_side() -> None:
    old, new = {"e1": "Power"}, {"power": "Electricity"}
    later = elements(new, (("Power", "power", "same"),))
    earlier = elements(old, (("Electricity", "e1", "same"),))
    assert "power" == recoding(elements(old), later).successor("e1")
    assert "power" == recoding(earlier, elements(new)).successor("e1")
    by_id = elements(new, (("e1", "power", "same"),))
    assert "power" == recoding(elements(old), by_id).successor("e1")


def test_what_people_called_different_is_different() -> None:
    later = elements({"power": "Power"}, (("Power", "power", "different"),))
    assert {} == dict(recoding(elements({"e1": "Power"}), later).became)


def test_two_ids_that_become_one_are_merged() -> None:
    later = elements({"power": "Power"}, (("Solar", "power", "same"), ("Grid", "power", "same")))
    codes = recoding(elements({"e1": "Solar", "e2": "Grid"}), later)
    assert {"power": ("e1", "e2")} == dict(codes.was)
    assert ["power", "power"] == [codes.successor(id) for id in ("e1", "e2")]


def test_one_id_that_becomes_two_is_split_and_has_no_one_successor() -> None:
    later = elements(
        {"solar": "Solar", "grid": "Grid"}, (("Power", "solar", "same"), ("Power", "grid", "same"))
    )
    codes = recoding(elements({"e1": "Power"}), later)
    assert {"e1": ("grid", "solar")} == dict(codes.became)
    assert "e1" == codes.successor("e1")


def test_ids_of_both_rounds_are_never_recoded() -> None:
    both = {"e1": "Power", "e2": "Power"}
    assert {} == dict(recoding(elements(both), elements(both)).became)


def activities(id: str, start: str) -> SystemMap:
    frame = pd.DataFrame({"id": [id], "name": ["Annual forum"], "start": [start]})
    return from_tables({"activities": frame})


@pytest.mark.parametrize(("start", "expected"), [("2026", "forum-2024"), ("2024", "forum")])
def test_a_yearly_event_is_not_the_one_of_another_year(start: str, expected: str) -> None:
    id = "forum" if start == "2024" else "forum-2026"
    codes = recoding(activities("forum-2024", "2024"), activities(id, start))
    assert expected == codes.successor("forum-2024")


def test_a_second_event_of_one_name_is_no_split() -> None:
    both = pd.DataFrame({"id": ["forum", "again"], "name": ["Annual forum"] * 2})
    after = from_tables({"activities": both})
    before = from_tables({"activities": both.iloc[:1]})
    assert {} == dict(recoding(before, after).became)


def test_a_round_is_rewritten_in_the_ids_of_the_next() -> None:
    old = from_tables(
        {
            "organizations": pd.DataFrame({"id": ["o1"], "name": ["Oak"]}),
            "elements": pd.DataFrame(
                {"id": ["e1", "e2"], "name": ["Solar", "Grid"], "parent": [None, "e1"]}
            ),
            "sources": pd.DataFrame({"id": ["s"], "name": ["S"], "organization": ["o1"]}),
            "works_on": pd.DataFrame({"organization": ["o1"], "element": ["e2"], "source": "s"}),
        }
    )
    new = from_tables(
        {
            "organizations": pd.DataFrame({"id": ["oak"], "name": ["Oak"]}),
            "elements": pd.DataFrame({"id": ["solar"], "name": ["Solar"]}),
        }
    )
    spelt = recoded(old, recoding(old, new))
    assert ["solar", "e2"] == list(spelt.elements.index)
    assert "solar" == spelt.elements["parent"]["e2"]
    assert "oak" == spelt.sources["organization"]["s"] == spelt.links("works_on")["organization"][0]
