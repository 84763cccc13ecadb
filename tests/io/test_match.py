"""Matching suggests with a reason, proposes no body for another, and never merges."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.cli import main
from sysmap.core import countries
from sysmap.core.model import SystemMap, from_tables
from sysmap.io.match import COLUMNS, match
from tests.strategies import hostile_texts, maps

BODIES = {
    "unesco": "United Nations Educational, Scientific and Cultural Organization",
    "ohchr": "Office of the United Nations High Commissioner for Human Rights",
    "adb": "Asian Development Bank",
    "fao": "Food and Agriculture Organization",
    "aurora": "Aurora Foundation (AF)",
    "moe-np": "Ministry of Education Nepal",
    "phase-1": "Learning Network Phase 1",
    "second": "Second Network 2 for Learning",
    "plan": "Education Plan 2024106 of the Islands",
    "north": "Organization for Regional Education in the North",
}


def bodies(**tables: pd.DataFrame) -> SystemMap:
    frame = pd.DataFrame({"id": list(BODIES), "name": list(BODIES.values())})
    return from_tables({"organizations": frame, **tables})


def first(name: str, m: SystemMap) -> tuple[object, object, object]:
    row = match([name], m).iloc[0]
    return tuple(None if pd.isna(row[c]) else row[c] for c in ("id", "why", "proposal"))  # type: ignore[return-value]  # three


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("  asian development BANK ", ("adb", "exact-key", "same")),
        ("UNESCO", ("unesco", "exact-key", "same")),
        ("AF", ("aurora", "acronym", "same")),
        ("Great Lakes Network (ADB)", ("adb", "acronym", "same")),
        ("Asian Developmnt Bank", ("adb", "spelling", "same")),
        ("Bank, Asian Development", ("adb", "spelling", "same")),
        ("Development Bank Asian", ("adb", "spelling", "same")),
        ("UNESCO Bangkok", ("unesco", "contains", "part_of")),
        ("Asian Development Bank Pacific Office", ("adb", "contains", "part_of")),
        ("Ministry of Education Bhutan", (None, None, None)),
        ("Learning Network Phase 2", (None, None, None)),
        ("Second Network 3 for Learning", (None, None, None)),
        ("Education Plan 2024107 of the Islands", (None, None, None)),
        ("Organization for Regional Education in the South", (None, None, None)),
        ("Organisation for Regional Education in the North", ("north", "spelling", "same")),
        ("African Development Bank", (None, None, None)),
        ("World Food Programme", (None, None, None)),
        ("WFP", (None, None, None)),
        ("UNHCR", (None, None, None)),
        ("United Nations High Commissioner for Refugees", (None, None, None)),
        ("Adbb", (None, None, None)),
        ("e12", (None, None, None)),
    ],
)
def test_a_name_is_proposed_with_its_reason(
    name: str, found: tuple[object, object, object]
) -> None:
    assert found == first(name, bodies())


def test_what_people_decided_is_remembered() -> None:
    aliases = pd.DataFrame(
        {
            "name": ["The Bank", "Asian Developmnt Bank"],
            "id": ["adb", "adb"],
            "decision": ["same", "different"],
        }
    )
    m = bodies(aliases=aliases)
    assert ("adb", "alias", "same") == first("the bank", m)
    assert (None, None, None) == first("Asian Developmnt Bank", m)


def test_elements_of_the_named_area_come_first() -> None:
    elements = pd.DataFrame(
        {"id": ["a", "b"], "name": ["Teacher training", "Teacher training"], "area": ["x", "y"]}
    )
    m = from_tables({"elements": elements})
    assert ["b", "a"] == list(match({"Teacher traning": "y"}, m)["id"])
    assert ["a", "b"] == list(match(["Teacher traning"], m)["id"])
    assert ["a"] == list(match(["Teacher traning"], m, top=1)["id"])


def test_no_two_countries_are_proposed_for_each_other() -> None:
    """249 official names, all of different places: not one spelling may be proposed."""
    rows = countries.table()
    frame = pd.DataFrame({"id": list(rows), "name": [r["name"] for r in rows.values()]})
    found = match(frame["name"], from_tables({"contexts": frame}))
    assert {"exact-key"} == set(found["why"])
    assert 249 == len(found)


def test_the_frame_has_all_columns_and_a_blank_decision() -> None:
    for names in ([], ["", "  "], ["nothing like it"]):
        found = match(names, bodies())
        assert list(COLUMNS) == list(found.columns)
        assert found["decision"].isna().all()
    assert str(match([], bodies()).dtypes) == str(match(["UNESCO"], bodies()).dtypes)
    assert 0 == len(match(["x"], from_tables({})).dropna(subset=["id"]))


@pytest.mark.parametrize(
    ("option", "error"), [({"top": 0}, ValueError), ({"tables": ["works_on"]}, KeyError)]
)
def test_an_option_without_meaning_is_refused(
    option: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        match(["x"], bodies(), **option)  # type: ignore[arg-type]  # wrong on purpose


@settings(max_examples=8, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(m=maps(max_size=4, carried=False), names=st.lists(hostile_texts(), max_size=4))
def test_every_proposal_is_a_node_and_the_map_stays(m: SystemMap, names: list[str]) -> None:
    found = match(names, m)
    there = {k.table: set(m.table(k.table)["id"]) for k in m.schema.nodes}
    for row in found.dropna(subset=["id"]).to_dict("records"):
        assert row["id"] in there[row["table"]]
        assert m.name(row["id"]) == row["match"]


def test_the_command_prints_or_writes_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sm.write(bodies(), tmp_path / "map.xlsx")
    (tmp_path / "names.txt").write_text("UNESCO\nSomebody else\n", encoding="utf-8")
    names, path = str(tmp_path / "names.txt"), str(tmp_path / "map.xlsx")
    assert 0 == main(["match", names, path])
    printed = capsys.readouterr().out
    assert printed.startswith("name,id,match,table,score,why,proposal,decision\nUNESCO,unesco,")
    assert printed.endswith("Somebody else,,,,,,,\n")
    assert 0 == main(["match", names, path, "--output", str(tmp_path / "found.csv")])
    assert printed == (tmp_path / "found.csv").read_text(encoding="utf-8")
    assert 2 == main(["match", str(tmp_path / "none.txt"), path])
