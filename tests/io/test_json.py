"""JSON of sysmap is lossless, plain, and refuses what is not JSON."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.core.model import from_tables
from sysmap.core.problems import Problems
from sysmap.io.check import check
from sysmap.io.read import read
from sysmap.io.write import write
from sysmap.testing import assert_maps_equal
from tests.strategies import maps

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)


def text(folder: Path, content: str | bytes) -> Path:
    path = folder / "map.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@settings(max_examples=8, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(max_size=8))
def test_read_after_write_is_the_map(
    m: sm.SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / "map.json"
    assert len(write(m, path)) == 0
    assert_maps_equal(m, read(path))
    again = path.with_name("again.json")
    write(read(path), again)
    assert path.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("name", ["asia-pacific-digital-learning", "teaching"])
def test_the_shipped_maps_read_back(name: str, tmp_path: Path) -> None:
    m = sm.example(name)
    write(m, tmp_path / "map.json")
    assert_maps_equal(m, read(tmp_path / "map.json"))


def test_the_file_is_plain_and_leaves_blank_cells_out(tmp_path: Path) -> None:
    """Section 5 of the page on formats: schema order, two blanks, final line feed."""
    frame = pd.DataFrame({"name": ["Light"], "id": ["7"], "share": [2.0]})
    about = pd.DataFrame({"key": ["title"], "value": ["A map"]})
    write(from_tables({"outcomes": frame, "about": about}), tmp_path / "map.json")
    written = (tmp_path / "map.json").read_text(encoding="utf-8")
    assert {
        "sysmap": 1,
        "about": {"title": "A map"},
        "columns": {"outcomes": {"share": "number"}},
        "tables": {"outcomes": [{"id": "7", "name": "Light", "share": 2}]},
    } == json.loads(written)
    assert written.startswith('{\n  "sysmap": 1,\n')
    assert written.endswith("}\n")


def test_endless_numbers_and_blank_columns_survive(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "size": [math.inf, -math.inf]})
    m = from_tables({"outcomes": frame.assign(remark=None)})
    write(m, tmp_path / "map.json")
    assert_maps_equal(m, read(tmp_path / "map.json"))


def test_ids_are_text_even_if_they_look_like_numbers(tmp_path: Path) -> None:
    path = text(
        tmp_path,
        '{"sysmap": 1, "tables": {"elements": [{"id": 7, "name": "A"}, {"id": "007", "name": "B"}],'
        ' "influences": [{"cause": 7, "effect": "007", "sign": "+"}]}}',
    )
    m = read(path)
    assert ["7", "007"] == list(m.elements.index)
    assert ["W204"] == [p.code for p in m.problems.warnings if p.code.startswith("W2")]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ('{"sysmap": 1, "tables": {"outcomes": [}}', "E017", "line 1, column 39"),
        ('{"sysmap": 1, "tables": {}, "tables": {}}', "E017", "'tables' stands twice"),
        ('{"sysmap": 1, "tables": {"a": NaN}}', "E017", "NaN is no number"),
        ('{"sysmap": 1, "tables": {"a": -Infinity}}', "E017", "Infinity is no number"),
        ('{"sysmap": 2, "tables": {}}', "E017", "version 2 is not read"),
        ('{"sysmap": 1, "tables": []}', "E017", "no objects"),
        ('{"sysmap": 1, "tables": {"outcomes": {}}}', "E017", "no list of objects"),
        ('{"some": "thing"}', "E017", "the key 'sysmap' is missing"),
        ("[" * 100_000, "E017", "deeper than 100 levels"),
        ('{"sysmap": 1, "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "E017", "deeper than 100"),
        (b'{"sysmap": 1, "about": {"title": "\xe9"}}', "E010", "not in UTF-8"),
        ('{"sysmap": 1, "tables": {"outcomes": [{"id": "a"}]}}', "E301", "name is blank"),
        (
            '{"sysmap": 1, "tables": {"outcomes": [{"id": ["a"], "name": "A"}]}}',
            "E301",
            "id holds a list",
        ),
        ("", "E003", "empty"),
    ],
)
def test_what_is_no_json_of_ours_is_refused(
    content: str | bytes, code: str, said: str, tmp_path: Path
) -> None:
    found = check(text(tmp_path, content)).errors
    assert code in [p.code for p in found], str(found)
    assert said in str(found)


def test_a_fault_is_named_by_the_path_of_keys(tmp_path: Path) -> None:
    content = {
        "sysmap": 1,
        "tables": {
            "elements": [{"id": "training", "name": "Training"}],
            "influences": [{"cause": "training", "effect": "trainning"}],
        },
    }
    (error,) = check(text(tmp_path, json.dumps(content))).errors
    assert "E206" == error.code
    assert "map.json tables.influences[0].effect" == str(error.places[0])
    assert "did you mean training?" in error.remedy


def test_a_table_that_nobody_knows_is_noted(tmp_path: Path) -> None:
    path = text(tmp_path, '{"sysmap": 1, "tables": {"budgets": [{"id": "a"}]}}')
    assert "N101" in [p.code for p in check(path)]


def test_the_content_decides_and_a_wrong_ending_is_told(tmp_path: Path) -> None:
    write(sm.example("teaching"), tmp_path / "map.json")
    wrong = (tmp_path / "map.json").rename(tmp_path / "map.xlsx")
    m = read(wrong)
    assert_maps_equal(sm.example("teaching"), m)
    (told,) = [p for p in m.problems if p.code == "W024"]
    assert "the name ends in .xlsx, but the content is JSON of sysmap" in told.message
    with pytest.raises(sm.UnsupportedFormatError, match="but the content is json"):
        read(wrong, format="xlsx")


GOOD = json.dumps(
    {
        "sysmap": 1,
        "about": {"title": "A"},
        "columns": {"elements": {"x": "number"}},
        "tables": {
            "elements": [{"id": "a", "name": "A", "x": 2}, {"id": "b", "name": "B"}],
            "influences": [{"cause": "a", "effect": "b", "sign": "+"}],
        },
    }
).encode()


@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.binary(min_size=1, max_size=6)), max_size=4
    )
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_edited_file_gives_problems(edits: list[tuple[int, bytes]], tmp_path: Path) -> None:
    changed = bytearray(GOOD)
    for at, piece in edits:
        changed[at : at + len(piece)] = piece
    found = check(text(tmp_path, bytes(changed)))
    assert isinstance(found, Problems)
    assert str(found)
