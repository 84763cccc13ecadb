"""Workbooks, CSV folders and frames become the same map, and places are those people see."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import python_calamine
import xlsxwriter

from sysmap.cli import main
from sysmap.core.errors import InvalidMapError, LimitError
from sysmap.core.model import SystemMap
from sysmap.io.check import check
from sysmap.io.guards import Limits
from sysmap.io.read import read

TABLES: dict[str, list[list[object]]] = {
    "about": [["key", "value"], ["title", "A small map"]],
    "organizations": [["id", "name"], ["aurora", "Aurora"], ["007", "Bond"]],
    "outcomes": [["id", "name", "colour"], ["light", "Light for all", "red"]],
    "elements": [["id", "name", "area"], ["training", "Teacher training", "policy"]],
    "contexts": [["id", "name"], ["KHM", "Cambodia"]],
    "sources": [["id", "name", "organization"], ["s1", "Form one", "aurora"]],
    "aliases": [["name", "id", "decision"], ["Aurora Foundation", "aurora", "same"]],
    "asked": [["source", "question"], ["s1", "seeks"]],
    "works_on": [
        ["organization", "element", "start", "source"],
        ["aurora", "training", "2024-05-01", "s1"],
        ["Aurora Foundation", "training", None, "s1"],
    ],
}


def book(path: Path, tables: dict[str, list[list[object]]] | None = None) -> Path:
    made = xlsxwriter.Workbook(str(path))
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in (tables or TABLES).items():
        sheet = made.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell == "2024-05-01":
                    sheet.write_datetime(i, j, dt.datetime(2024, 5, 1), day)
                else:
                    sheet.write(i, j, cell)
    made.close()
    return path


def csv_folder(path: Path, **changed: str) -> Path:
    path.mkdir()
    texts = {
        name: "\n".join(",".join("" if c is None else str(c) for c in row) for row in rows)
        for name, rows in TABLES.items()
    }
    for name, content in {**texts, **changed}.items():
        (path / f"{name}.csv").write_bytes(content.encode())
    return path


def frames() -> dict[str, pd.DataFrame]:
    return {n: pd.DataFrame(r[1:], columns=r[0], dtype=object) for n, r in TABLES.items()}


def assert_same(a: SystemMap, b: SystemMap) -> None:
    for kind in a.schema:
        pd.testing.assert_frame_equal(a.table(kind.table), b.table(kind.table))


def test_workbook_folder_and_frames_make_one_map(tmp_path: Path) -> None:
    from_frames = read(frames())
    assert_same(from_frames, read(book(tmp_path / "a.xlsx")))
    assert_same(from_frames, read(csv_folder(tmp_path / "a")))
    assert ["aurora", "aurora"] == list(from_frames.links("works_on")["organization"])
    assert "A small map" == from_frames.title


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    assert_same(read(frames()), read(book(tmp_path / "survey").rename(tmp_path / "survey.dat")))


def test_a_cell_is_named_as_the_spreadsheet_shows_it(tmp_path: Path) -> None:
    """The table begins at C4: two columns and three rows are free, and one title is above."""
    path = tmp_path / "survey.xlsx"
    book(path)
    made = openpyxl.load_workbook(path)
    del made["works_on"]
    sheet = made.create_sheet("works_on")
    sheet["C2"] = "What we work on"
    for j, title in enumerate(["organization", "element"]):
        sheet.cell(4, 3 + j, title)
    sheet["C7"], sheet["D7"] = "aurora", "trainning"
    made.save(path)
    found = check(path)
    (error,) = found.errors
    assert "survey.xlsx works_on!D7" == str(error.places[0])
    assert "did you mean training?" in error.remedy
    assert "the header was found in row 4" in str(found.notes)


def test_a_csv_cell_is_named_by_the_line_in_the_editor(tmp_path: Path) -> None:
    text = 'organization,element,note\naurora,training,"two\nlines"\n\naurora,trainning,\n'
    (error,) = check(csv_folder(tmp_path / "map", works_on=text)).errors
    assert "map/works_on.csv line 5, element" == str(error.places[0])


def test_line_breaks_of_unicode_end_no_line(tmp_path: Path) -> None:
    text = "id,name\nlight,Light\u2028for\x0call\n"
    m = read(csv_folder(tmp_path / "map", outcomes=text))
    assert "Light\u2028for\x0call" == m.name("light")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("'=1+1", "=1+1"),
        ("''=1", "'=1"),
        ("'tis", "'tis"),
        ("'-5", "-5"),
        ("''tis", "''tis"),
        ("=1", "=1"),
        ("'", "'"),
    ],
)
def test_one_apostrophe_is_taken_off_guarded_text(
    written: str, read_as: str, tmp_path: Path
) -> None:
    """Formats page, section 4: exactly one, and only before text that a spreadsheet would run."""
    text = f"id,name,colour\nlight,{written},{written}\n"
    m = read(csv_folder(tmp_path / "map", outcomes=text))
    assert [read_as, read_as] == [m.name("light"), m.outcomes.loc["light", "colour"]]


def test_headers_are_guarded_like_cells(tmp_path: Path) -> None:
    m = read(csv_folder(tmp_path / "map", outcomes="id,name,'=size,'tis\nlight,Light,1,2\n"))
    assert {"=size", "'tis"} <= set(m.outcomes.columns)


def test_a_guarded_code_is_no_code(tmp_path: Path) -> None:
    text = "cause,effect,sign\ntraining,light,'+\n"
    (error,) = check(csv_folder(tmp_path / "map", influences=text)).errors
    assert "E301" == error.code


def test_unknown_columns_are_numbers_where_the_descriptor_says_so(tmp_path: Path) -> None:
    folder = csv_folder(tmp_path / "map", outcomes="id,name,size,code\nlight,Light,1.5,1\n")
    fields = [
        {"name": n, "type": t}
        for n, t in [("id", "string"), ("name", "string"), ("size", "number"), ("code", "string")]
    ]
    entry = {"name": "outcomes", "path": "outcomes.csv", "schema": {"fields": fields}}
    (folder / "datapackage.json").write_text(json.dumps({"resources": [entry]}))
    row = read(folder).outcomes.loc["light"]
    assert (1.5, "1") == (row["size"], row["code"])


def test_files_beside_the_descriptor_and_other_fields_are_noted(tmp_path: Path) -> None:
    folder = csv_folder(tmp_path / "map")
    entry = {
        "name": "outcomes",
        "path": "outcomes.csv",
        "schema": {"fields": [{"name": "id"}, {"name": "name"}, {"name": "size"}]},
    }
    (folder / "datapackage.json").write_text(json.dumps({"resources": [entry]}))
    found = check(folder)
    assert found.ok
    assert {"N021", "N022"} <= {p.code for p in found}
    assert "differ in colour, size" in str(found)


def test_a_broken_descriptor_names_line_and_column(tmp_path: Path) -> None:
    folder = csv_folder(tmp_path / "map")
    (folder / "datapackage.json").write_text('{"resources":\n [}')
    (error,) = check(folder).errors
    assert ("E017", "line 2, column 3") == (error.code, error.places[0].cell)


def test_separator_and_encoding_are_taken_as_given(tmp_path: Path) -> None:
    folder = tmp_path / "map"
    folder.mkdir()
    for name, rows in TABLES.items():
        lines = (";".join("" if c is None else str(c) for c in row) for row in rows)
        (folder / f"{name}.csv").write_bytes(
            "\n".join(lines).replace("Bond", "Bönd").encode("cp1252")
        )
    assert "Bönd" == read(folder, separator=";", encoding="cp1252").name("007")
    assert {"E010", "E012"} == {p.code for p in check(folder).errors}


@pytest.mark.parametrize(
    "option",
    [
        {"format": "docx"},
        {"encoding": "klingon"},
        *({"encoding": e} for e in ("rot13", "hex", "base64", "undefined", "a\0")),
        {"separator": "ab"},
        {"choices": {"signs": {}}},
    ],
)
def test_an_option_without_meaning_is_refused(option: dict[str, object], tmp_path: Path) -> None:
    for call in (read, check):
        with pytest.raises(ValueError, match=f"{next(iter(option))}"):
            call(csv_folder(tmp_path / call.__name__), **option)


def test_a_file_that_its_encoding_cannot_hold_is_a_fault(tmp_path: Path) -> None:
    """This codec tells it as another error than most do."""
    found = check(csv_folder(tmp_path / "map"), encoding="punycode")
    assert {"E010"} == {p.code for p in found.errors}


def test_a_suffix_in_capitals_is_read_and_no_table_is_lost_in_silence(tmp_path: Path) -> None:
    folder = csv_folder(tmp_path / "map")
    (folder / "elements.csv").rename(folder / "elements.CSV")
    assert_same(read(frames()), read(folder))
    (folder / "ELEMENTS.csv").write_bytes((folder / "elements.CSV").read_bytes())
    (error,) = check(folder).errors
    assert "E113" == error.code
    assert {"map/ELEMENTS.csv", "map/elements.CSV"} == {str(p) for p in error.places}
    (folder / "ELEMENTS.csv").unlink()
    for name in ("challenges.tsv", "Answers.TXT", "notes.txt", "README.txt"):
        (folder / name).write_text("id\tname\n")
    left = [str(p.places[0]) for p in check(folder) if p.code == "N101"]
    assert ["map/Answers.TXT", "map/challenges.tsv"] == left


def test_a_hidden_file_is_no_table_and_spoils_none(tmp_path: Path) -> None:
    """A Mac puts a file of its own beside each one that it copies to a stick."""
    folder = csv_folder(tmp_path / "map")
    for name in ("._elements.csv", ".elements.CSV", ".notes.csv"):
        (folder / name).write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X")
    assert_same(read(frames()), read(folder))
    left = {str(p.places[0]): p.message for p in check(folder) if p.code == "N101"}
    assert "map/.elements.CSV" in left
    assert "begins with a dot" in left["map/.elements.CSV"]
    assert "map/.notes.csv" not in left


def test_format_must_be_what_the_content_is(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    assert check(path, format="xlsx").ok
    assert ["E006"] == [p.code for p in check(path, format="csv")]


def test_limits_are_arguments(tmp_path: Path) -> None:
    path, folder = book(tmp_path / "a.xlsx"), csv_folder(tmp_path / "map")
    far = [["id", "name", *[""] * 150, "far"], ["e", "Element", *[""] * 150, "x"]]
    wide = book(tmp_path / "wide.xlsx", {"elements": far})
    for limits, source, code in (
        (Limits(members=3), path, "E008"),
        (Limits(unpacked=1_000), path, "E008"),
        (Limits(columns=100), wide, "E014"),
        (Limits(rows=1), path, "E014"),
        (Limits(rows=1), folder, "E014"),
        (Limits(line=10), folder, "E014"),
        (Limits(members=3), folder, "E014"),
        (Limits(columns=1), folder, "E014"),
    ):
        assert {code} == {p.code for p in check(source, limits=limits).errors}


def test_a_folder_that_a_killed_writer_set_aside_is_named(tmp_path: Path) -> None:
    """Between its two renames the target is gone and the old folder stands under another name."""
    aside = tmp_path / ".map.sysmap-0123abcd.old"
    aside.mkdir()
    csv_folder(aside / "was")
    (error,) = check(tmp_path / "map")
    assert "E001" == error.code
    assert ".map.sysmap-0123abcd.old/was: move it back" in error.remedy
    (other,) = check(tmp_path / "mop")
    assert "move it back" not in other.remedy
    (aside / "was").rename(tmp_path / "map")
    assert check(tmp_path / "map").ok


LONG_LINE = [(f"mine {i}", "x" * 30_000) for i in range(40)]


def test_limits_are_a_mapping_with_known_names(tmp_path: Path) -> None:
    titles, cells = (",".join(each) for each in zip(*LONG_LINE, strict=True))
    folder = csv_folder(tmp_path / "map", outcomes=f"id,name,{titles}\nlight,Light,{cells}\n")
    assert "E014" in {p.code for p in check(folder).errors}
    assert check(folder, limits={"line": 2_000_000}).ok
    for call in (read, check):
        with pytest.raises(ValueError, match=r"'bytes' is not known\. Give unpacked, growth"):
            call(folder, limits={"bytes": 1})
        with pytest.raises(ValueError, match=r"rows is 0\. Give a whole number"):
            call(folder, limits={"rows": 0})
    assert 2 == main(["check", str(folder)])
    assert 0 == main(["check", str(folder), "--limit", "line=2000000", "--limit", "rows=900"])
    with pytest.raises(LimitError):
        read(book(tmp_path / "a.xlsx"), limits={"rows": 1})


def test_readme_lists_and_ignored_sheets_are_passed_over(tmp_path: Path) -> None:
    extra = {
        n: [["anything"], ["at all"]] for n in ("README", "lists", "works_on (ignore)", "plan")
    }
    found = check(book(tmp_path / "a.xlsx", {**TABLES, **extra}))
    assert ["plan"] == [p.places[0].sheet for p in found if p.code == "N101"]


def test_two_sheets_of_one_table_are_told(tmp_path: Path) -> None:
    twice = {**TABLES, "Works on": TABLES["works_on"]}
    assert ["E113"] == [p.code for p in check(book(tmp_path / "a.xlsx", twice)).errors]


def test_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    book(tmp_path / "survey.xlsx")
    assert "did you mean survey.xlsx?" in str(check(tmp_path / "survye.xlsx"))
    with pytest.raises(FileNotFoundError, match=r"survey\.xlsx"):
        read(tmp_path / "survye.xlsx")
    assert "there is no folder nowhere" in str(check(tmp_path / "nowhere" / "a.xlsx"))


def test_merged_ranges_and_stray_cells_are_named(tmp_path: Path) -> None:
    made = openpyxl.load_workbook(book(tmp_path / "a.xlsx"))
    made["elements"].append(["budget", "Budget", None])
    made["elements"].merge_cells("C2:C3")
    made["elements"]["F9"], made["contexts"]["Z5000"] = "loose", "far"
    made.save(tmp_path / "a.xlsx")
    found = {str(p.places[0]): p.code for p in check(tmp_path / "a.xlsx") if p.places}
    assert "W108" == found["a.xlsx elements!C2:C3"]
    assert ["N112", "N112"] == [found["a.xlsx elements!F9"], found["a.xlsx contexts!Z5000"]]


FAULTY: dict[str, list[list[object]]] = {
    "organizations": [
        ["id", "name", "member"],
        ["aurora", "Aurora", "perhaps"],
        [None, "Ceres", None],
        ["aurora", "Again", None],
        ["1.23E+16", "Long", None],
    ],
    "outcomes": [["id", "name"], ["light", "Light"], ["dark", None]],
    "elements": [
        ["id", "name", "area", "parent"],
        ["training", "Training", "a", "trainning"],
        ["budget", "Budget", "b", "budget"],
    ],
    "contexts": [["id", "name", "ldc"], ["KHM", "Cambodia", "maybe"]],
    "works_on": [
        ["organization", "element", "context", "start", "end"],
        ["aurora", "trainning", None, None, None],
        ["aurorra", "training", "KMH", None, None],
        ["aurora", "training", "UK", "31/31/2026", "01/02/2026"],
        ["aurora", "budget", "KHM", "2025", "2024"],
        ["aurora", None, "KHM", "45292", None],
    ],
    "influences": [
        ["cause", "effect", "sign", "strength"],
        ["training", "training", None, None],
        ["training", "light", "positive", "strong"],
        ["budget", "light", "+", 9],
        ["budget", "dark", "-", "0,5"],
    ],
}


def test_twenty_faults_come_in_one_list_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", FAULTY)
    found = check(path).errors
    assert 20 <= len(found), str(found)
    orders = [p.places[0].order for p in found]
    assert sorted(orders) == orders
    assert all(p.remedy and p.places[0].cell for p in found), str(found)
    with pytest.raises(InvalidMapError) as caught:
        read(path)
    assert list(found) == list(caught.value.problems.errors)


class PanicException(BaseException):
    """What a panic looks like from outside."""


@pytest.mark.parametrize(
    ("raised", "code"),
    [(PanicException(), "E004"), (python_calamine.PasswordError(), "E005")],
)
def test_a_reader_that_gives_up_is_a_fault_of_the_file(
    raised: BaseException, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        @staticmethod
        def from_path(path: Path) -> None:
            raise raised

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Broken)
    assert [code] == [p.code for p in check(book(tmp_path / "a.xlsx"))]


def test_an_interrupt_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted:
        @staticmethod
        def from_path(path: Path) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        check(book(tmp_path / "a.xlsx"))


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every row arrives; the ratio to pandas over the same reader is printed, not asserted."""
    count = 100_000
    ids = [f"e{i:04d}" for i in range(500)]
    made = xlsxwriter.Workbook(str(tmp_path / "big.xlsx"))
    for name, rows in {
        "organizations": [["id", "name"], *([f"o{i}", f"Organization {i}"] for i in range(200))],
        "elements": [["id", "name", "area"], *([i, f"Element {i}", "policy"] for i in ids)],
        "sources": [["id", "name"], *([f"s{i}", f"Source {i}"] for i in range(count // 100))],
        "works_on": [
            ["organization", "element", "source", "role", "start", "note"],
            *(
                [f"o{i % 200}", ids[i % 499], f"s{i // 100}", "funds", 2024, f"n {i}"]
                for i in range(count)
            ),
        ],
    }.items():
        sheet = made.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    made.close()
    begin = time.perf_counter()
    m = read(tmp_path / "big.xlsx")
    ours = time.perf_counter() - begin
    begin = time.perf_counter()
    pd.read_excel(tmp_path / "big.xlsx", sheet_name="works_on", engine="calamine")
    theirs = time.perf_counter() - begin
    with capsys.disabled():
        sys.stdout.write(f"\n{count:,} rows: {ours:.1f} s, pandas {theirs:.1f} s, ")
        sys.stdout.write(f"ratio {ours / theirs:.1f}\n")
    assert count == len(m.links("works_on"))
