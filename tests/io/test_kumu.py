"""Kumu: elements and connections as sheets and as JSON, there and back, and every trap."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.io import kumu
from sysmap.io.check import check
from sysmap.io.read import read
from sysmap.io.write import write
from tests.io.foreign import balance, codes
from tests.io.test_read_files import book
from tests.strategies import maps

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
ELEMENTS = [
    ["Label", "Type", "Description", "Tags", "Parent"],
    ["Training", "Factor", "Of teachers", "a|b", "none"],
    ["Power", "Factor", "", "", ""],
    ["Learning", "Goal", "", "", ""],
]
CONNECTIONS = [
    ["From", "To", "Direction", "Type"],
    ["Training", "Learning", "directed", "+"],
    ["power", "Training | Learning", "directed", "--"],
    ["Learning", "Training", "directed", "+-"],
    ["Training", "Power", "undirected", "+"],
    ["Power", "Power", "directed", "+"],
    ["Costs", "Training", "directed", "slows"],
]


def workbook(folder: Path, elements: list[list[object]], connections: list[list[object]]) -> Path:
    return book(folder / "map.xlsx", {"Elements": elements, "Connections": connections})


def blueprint(folder: Path, content: object) -> Path:
    path = folder / "map.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def signs(m: sm.SystemMap) -> dict[tuple[str, str], object]:
    rows = m.links("influences").to_dict("records")
    return {
        (m.name(r["cause"]), m.name(r["effect"])): None if pd.isna(r["sign"]) else r["sign"]
        for r in rows
    }


def test_a_workbook_becomes_elements_outcomes_and_signed_influences(tmp_path: Path) -> None:
    """Counted by hand: 3 elements and one made; 7 connections, of which 5 are carried over."""
    m = read(workbook(tmp_path, ELEMENTS, CONNECTIONS), choices={"outcomes": ["Goal"]})
    assert ["Training", "Power", "Costs"] == list(m.elements["name"])
    assert ["Learning"] == list(m.outcomes["name"])
    assert {
        ("Training", "Learning"): "+",
        ("Power", "Training"): "+",
        ("Power", "Learning"): "+",
        ("Learning", "Training"): "-",
        ("Costs", "Training"): None,
    } == signs(m)
    assert (3, 3, 0) == balance(m.problems)["element"]
    assert (1, 1, 0) == balance(m.problems)["element named in connections only"]
    assert (7, 5, 2) == balance(m.problems)["connection"]
    wanted = {"W510": 1, "W511": 1, "W512": 1, "W513": 1, "W523": 1}
    assert wanted.items() <= codes(m.problems).items()
    assert "--" in list(m.links("influences")["sign_raw"])
    assert ["a|b", "none"] == list(m.elements.loc["training", ["Tags", "Parent (file)"]])
    assert m.elements["area"].isna().all()
    assert "'+-': '-'" in str(m.problems), "the table of signs is printed"


def test_choices_replace_the_signs_and_give_areas(tmp_path: Path) -> None:
    path = workbook(tmp_path, ELEMENTS, CONNECTIONS)
    made = {"signs": {"slows": "-"}, "areas": {"Factor": "implementation"}, "undirected": "both"}
    m = read(path, choices=made)
    assert "-" == signs(m)["Costs", "Training"]
    assert signs(m)["Training", "Learning"] is None
    assert {"implementation"} == set(m.elements["area"].dropna())
    assert {("Training", "Power"), ("Power", "Training")} <= set(signs(m))
    with pytest.raises(ValueError, match=r"write '\+' or '-'"):
        read(path, choices={"signs": {"+": "plus"}})
    with pytest.raises(ValueError, match="names table 'people'"):
        read(path, choices={"types": {"Factor": "people"}})


def test_signs_that_meet_nothing_are_told_and_the_printed_choices_are_not(tmp_path: Path) -> None:
    path = workbook(tmp_path, ELEMENTS, CONNECTIONS)
    m = read(path, choices={"signs": {"slowss": "-"}})
    assert "choices['signs'] names 'slowss'" in str(m.problems)
    (line,) = [p.message for p in read(path).problems if p.code == "N501"]
    again = read(path, choices=ast.literal_eval(line.partition("choices=")[2]))
    assert 0 == codes(again.problems)["W517"]


def test_one_id_of_two_elements_is_told(tmp_path: Path) -> None:
    """In a full export `_id` joins and `id` is what people chose: equal ones lose nothing."""
    elements = [{"_id": k, "attributes": {"id": "a", "label": k}} for k in ("e1", "e2")]
    (tmp_path / "map.json").write_text(json.dumps({"elements": elements, "connections": []}))
    m = read(tmp_path / "map.json")
    assert ["a", "a-2"] == list(m.elements.index)
    assert 1 == codes(m.problems)["W567"]


def test_both_places_of_one_key_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["ID", "Label"], ["a", "A"], ["a", "B"]], [["From", "To"]])
    (fault,) = [p for p in check(path) if p.code == "E522"]
    assert ["B2", "B3"] == [place.cell for place in fault.places]


def test_ids_make_repeated_labels_plain(tmp_path: Path) -> None:
    """Kumu matches by ID, else by label; without ids a repeated label means two things."""
    elements = [["ID", "Label"], ["a", "Same"], ["b", "Same"], ["c", "Other"]]
    ties = [["From", "To", "Direction"], ["a", "b", "directed"], ["c", "Same", "directed"]]
    m = read(workbook(tmp_path, elements, ties))
    assert ["a", "b", "c"] == list(m.elements.index)
    assert (2, 1, 1) == balance(m.problems)["connection"]
    assert 1 == codes(m.problems)["W519"]


def test_a_sheet_that_is_no_part_of_the_map_is_told(tmp_path: Path) -> None:
    sheets = {
        "Elements": ELEMENTS,
        "Connections": CONNECTIONS,
        "Plan": [["x"]],
        "old (ignore)": [["y"]],
    }
    m = read(book(tmp_path / "map.xlsx", sheets))
    assert (1, 0, 1) == balance(m.problems)["sheet"]


FULL = {
    "elements": [
        {"_id": "elem-1", "attributes": {"label": "Power", "element type": "Factor", "size": 3}},
        {"_id": "elem-2", "attributes": {"label": "Light", "tags": ["a", "b"]}},
        {"_id": "elem-3", "attributes": {"label": "Dark"}},
    ],
    "connections": [
        {"_id": "c1", "from": "elem-1", "to": "elem-2", "direction": "directed",
         "attributes": {"connection type": "+"}, "delayed": True},
        {"_id": "c2", "from": "elem-2", "to": "elem-1", "direction": "mutual", "attributes": {}},
        {"_id": "c3", "from": "elem-2", "to": "elem-3", "direction": "directed", "reversed": True},
        {"_id": "c4", "from": "elem-2", "to": "elem-1", "direction": "directed",
         "attributes": {"connection type": "-"}},
    ],
    "loops": [
        {"_id": "l1", "connections": ["c1", "c4"]}, {"_id": "l2", "connections": ["c1", "c3"]},
    ],
    "maps": [{"_id": "m1"}],
    "perspectives": [{}, {}],
}  # fmt: skip


def test_the_full_export_is_read_and_declared_loops_are_checked(tmp_path: Path) -> None:
    m = read(blueprint(tmp_path, FULL))
    assert {("Power", "Light"): "+", ("Light", "Power"): "-"} == signs(m)
    figures = balance(m.problems)
    assert ((3, 3, 0), (4, 2, 2)) == (figures["element"], figures["connection"])
    assert ((2, 0, 2), (1, 0, 1), (2, 0, 2)) == tuple(
        figures[k] for k in ("loop", "maps", "perspectives")
    )
    told = codes(m.problems)
    assert {"W510": 2, "W525": 1, "W526": 1, "W527": 1}.items() <= told.items()
    (torn,) = [p for p in m.problems if p.code == "W526"]
    assert "loops[1]" in str(torn.places[0])
    assert "a|b" == m.elements.loc["light", "tags"]


def test_typed_things_join_through_the_one_table_that_may(tmp_path: Path) -> None:
    path = blueprint(
        tmp_path,
        {
            "elements": [
                {"label": "Aurora", "type": "Stakeholder"},
                {"label": "Training", "type": "Factor"},
                {"label": "Learning", "type": "Goal"},
            ],
            "connections": [
                {"from": "Aurora", "to": "Learning", "direction": "directed"},
                {"from": "Aurora", "to": "Training", "type": "does", "direction": "directed"},
                {"from": "Aurora", "to": "Training", "type": "dreams", "direction": "directed"},
            ],
        },
    )
    types = {"Stakeholder": "organizations"}
    m = read(path, choices={"types": types, "links": {"does": "works_on"}, "outcomes": ["Goal"]})
    assert (1, 1) == (len(m.links("seeks")), len(m.links("works_on")))
    assert (3, 2, 1) == balance(m.problems)["connection"]
    assert 1 == codes(m.problems)["W518"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"elements": [{"_id": "elem-1"}, {"_id": "elem-1"}], "connections": []}, "E522"),
        ({"elements": {"a": 1}, "connections": []}, "E017"),
        ({"elements": [], "connections": [3]}, "E017"),
        (
            {
                "elements": [{"_id": "elem-1", "attributes": {"label": "A"}}],
                "connections": [{"from": "elem-1", "to": "elem-9", "direction": "directed"}],
            },
            "E521",
        ),
        ({"elements": [{"label": ""}], "connections": []}, "E301"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(
    content: object, code: str, tmp_path: Path
) -> None:
    found = check(blueprint(tmp_path, content), format="kumu")
    assert code in codes(found), str(found)


def test_a_workbook_without_its_headers_is_refused(tmp_path: Path) -> None:
    found = check(workbook(tmp_path, [["Name"], ["a"]], [["From", "Towards"], ["a", "b"]]))
    assert ["E104", "E104"] == [p.code for p in found.errors]
    assert "'Label'" in str(found)
    assert "'To'" in str(found)


@pytest.mark.parametrize("ending", ["xlsx", "json"])
@settings(max_examples=5, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(max_size=6, carried=False))
def test_what_kumu_holds_reads_back(
    ending: str, m: sm.SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nodes with id, name and type; every pair of every table, influences with their sign."""
    path = tmp_path_factory.mktemp("written") / f"map.{ending}"
    drawn = [k.table for k in m.schema.nodes if k.shape]
    if not any(len(m.table(t)) for t in drawn):
        return
    lost = write(m, path, format="kumu", audience="private")
    tables = {t: t for t in drawn if t != "elements"}
    links = {k.table: k.table for k in m.schema.links if k.table not in ("influences", "observed")}
    again = read(path, format="kumu", choices={"types": tables, "links": links})
    hyphens = sum(p.count for p in lost if p.code == "W614")
    for table in drawn:
        before, after = m.nodes(table)["name"], again.nodes(table)["name"]
        assert Counter(before) == Counter(after)
        assert hyphens or dict(before) == dict(after)
    assert hyphens == sum("_" in id or "." in id for t in drawn for id in m.table(t)["id"])
    further = 0
    new = {id: re.sub("[_.]", "-", id) for t in drawn for id in m.table(t)["id"]}
    for kind in m.schema.links:
        a, b = (end.name for end in kind.ends)
        rows = [
            (
                r[a],
                r[b],
                r["sign"] if kind.table == "influences" and not pd.isna(r["sign"]) else None,
            )
            for r in m.links(kind.table).to_dict("records")
        ]
        if kind.table == "observed":  # its state is required, and an arrow has no place for it
            rows = []
        wanted = {(new[x], new[y], s) for x, y, s in rows if x in new and y in new}
        further += sum(x in new and y in new for x, y, _ in rows) - len(wanted)
        got = again.links(kind.table).to_dict("records")
        assert wanted == {
            (r[a], r[b], None if kind.table != "influences" or pd.isna(r["sign"]) else r["sign"])
            for r in got
        }, kind.table
    assert further == codes(lost)["W613"]


def test_the_file_is_as_kumu_wants_it(tmp_path: Path) -> None:
    """Label and From stand in the first row, the direction is written out, ids have hyphens."""
    m = sm.example("teaching")
    with pytest.raises(sm.OutputError, match="E608"):
        write(m, tmp_path / "map.xlsx", format="kumu")
    lost = write(m, tmp_path / "map.xlsx", format="kumu", audience="public")
    made = openpyxl.load_workbook(tmp_path / "map.xlsx")
    assert ["Elements", "Connections"] == made.sheetnames
    rows = list(made["Elements"].iter_rows(values_only=True))
    assert ("ID", "Label", "Type", "Description") == rows[0]
    assert not any("_" in row[0] for row in rows[1:])
    ties = list(made["Connections"].iter_rows(values_only=True))
    assert ("From", "To", "Direction", "Type") == ties[0][:4]
    assert {"directed", "undirected"} == {tie[2] for tie in ties[1:]}
    assert "choices={'links': {'seeks': 'seeks'" in str(lost)


def test_a_sheet_without_directions_is_read_as_arrows_and_told(tmp_path: Path) -> None:
    ties: list[list[object]] = [["From", "To"], ["Training", "Learning"]]
    m = read(workbook(tmp_path, ELEMENTS, ties))
    assert (1, 1, 0) == balance(m.problems)["connection"]
    assert 1 == codes(m.problems)["W524"]


def test_a_map_that_kumu_is_slow_with_is_written_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kumu, "SLOW", 10)
    lost = write(sm.example("teaching"), tmp_path / "a.json", format="kumu", audience="public")
    assert 1 == codes(lost)["N620"]


EDITS = st.lists(st.tuples(st.integers(0, 10**4), st.binary(min_size=1, max_size=6)), max_size=4)


@given(edits=EDITS)
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_an_edited_file_gives_problems(edits: list[tuple[int, bytes]], tmp_path: Path) -> None:
    data = bytearray(json.dumps(FULL).encode())
    for at, piece in edits:
        at %= len(data)
        data[at : at + len(piece)] = piece
    (tmp_path / "map.json").write_bytes(bytes(data))
    assert str(check(tmp_path / "map.json", format="kumu"))


def test_how_to_reach_a_person_is_dropped_and_counted(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Label", "Contact email", "Budget"],
        ["Training", "ann@example.org", "9"],
        ["Learning", "", "8"],
    ]
    ties: list[list[object]] = [
        ["From", "To", "Direction", "Phone"],
        ["Training", "Learning", "directed", "99"],
    ]
    m = read(workbook(tmp_path, rows, ties))
    assert "Budget" in m.elements
    assert not {"Contact email", "Phone"} & {*m.elements, *m.links("influences")}
    assert (2, 0, 2) == balance(m.problems)["contact"]
    assert 2 == codes(m.problems)["W514"]
