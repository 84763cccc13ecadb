"""What holds for every format: one row, one page, content before name, and no other exception."""

from __future__ import annotations

import ast
import json
import os
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.cli import main
from sysmap.core.problems import Problems
from sysmap.io import xmltext
from sysmap.io.check import check
from sysmap.io.formats import FORMATS
from sysmap.io.read import read
from sysmap.io.write import write
from tests.io.foreign import codes
from tests.io.test_read_files import book

PAGES = Path(__file__).parents[2] / "docs" / "formats"
WRITTEN = [f for f in FORMATS if f.write and f.name != "parquet"]
STARTS = (
    b"", b"{", b'{"nodes": [', b'{"elements": [', b'{"sysmap": 1, ', b"<?xml version='1.0'?>",
    b"<graphml>", b"<gexf>", b"<mentalmodeler>", b"<iati-activities>", b"#org,#sector\n",
    b"_uuid,_index,a\n", b",A,B\nA,", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf",
)  # fmt: skip


def test_every_format_has_a_name_of_its_own_and_stands_on_the_page() -> None:
    names = [f.name for f in FORMATS]
    assert len(set(names)) == len(names)
    page = (PAGES / "README.md").read_text(encoding="utf-8")
    assert [n for n in names if f"`{n}`" not in page] == []


def test_no_ending_is_written_by_two_formats() -> None:
    made = [ending for f in FORMATS for ending in f.made]
    assert len(set(made)) == len(made)
    assert {"", ".xlsx", ".json", ".graphml", ".gexf"} == set(made)


@pytest.mark.parametrize("format", WRITTEN, ids=lambda f: f.name)
def test_what_is_written_is_recognized_by_its_content_alone(format, tmp_path: Path) -> None:
    """The name says nothing here; only the matrix and the table may be read by its first rows."""
    m = sm.example("teaching")
    ending = format.suffixes[-1] if format.name == "mental-modeler" else format.suffixes[0]
    ending = ".xlsx" if format.name == "prsm" else ending
    path = tmp_path / f"map{ending}"
    write(m, path, format=format.name, audience="public")
    plain = path.rename(tmp_path / "map")
    assert check(plain).ok, str(check(plain).errors)
    assert check(plain, format=format.name).ok
    book_too = ["xlsx"] if ending == ".xlsx" else []  # a workbook may be read as sheets of ours
    apart = (format.name, *book_too)
    others = [f.name for f in FORMATS if f.name not in apart and not f.told]
    for other in others:
        assert "E006" in codes(check(plain, format=other)), other


@pytest.mark.parametrize("format", [f.name for f in FORMATS if f.name != "parquet"])
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=120))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_any_bytes_give_problems_in_any_format(
    format: str, start: bytes, rest: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "map.dat"
    path.write_bytes(start + rest)
    for stated in (None, format):
        found = check(path, format=stated)
        assert isinstance(found, Problems)
        assert str(found)


@pytest.mark.parametrize("format", [f for f in FORMATS if f.choices], ids=lambda f: f.name)
def test_choices_of_another_format_are_refused(format, tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    write(sm.example("teaching"), path)
    with pytest.raises(ValueError, match="JSON of sysmap takes none"):
        check(path, choices={format.choices[0]: {}})


def test_the_line_of_choices_can_be_given_back(tmp_path: Path) -> None:
    """The report prints what was used; read with it again, the map and the line are the same."""
    elements = [["Label", "Type"], ["A", "x"], ["B", "y"]]
    ties = [["From", "To", "Direction", "Type"], ["A", "B", "directed", "up"]]
    path = book(tmp_path / "map.xlsx", {"Elements": elements, "Connections": ties})
    m = read(path, choices={"outcomes": ["B"], "signs": {"up": "+"}})
    (line,) = [p.message for p in m.problems if p.code == "N501"]
    again = read(path, choices=ast.literal_eval(line.removeprefix("read with choices=")))
    assert m.problems == again.problems
    assert list(m.links("influences")["sign"]) == list(again.links("influences")["sign"]) == ["+"]


def test_the_command_line_takes_formats_choices_and_an_audience(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "3w.csv").write_text("agency,what\nAurora,Water\n", encoding="utf-8")
    source, target = str(tmp_path / "3w.csv"), str(tmp_path / "map.json")
    assert 2 == main(["check", source])
    assert 2 == main(["check", source, "--format", "3w"])
    (tmp_path / "mapping.txt").write_text(
        "{'columns': {'agency': '#org', 'what': '#activity'}}", encoding="utf-8"
    )
    choices = ["--format", "3w", "--choices", str(tmp_path / "mapping.txt")]
    assert 0 == main(["convert", source, target, *choices])
    assert 1 == main(["convert", source, target, *choices, "--strict"])
    assert ["aurora"] == list(read(target).organizations.index)
    out = str(tmp_path / "out.csv")
    assert 0 == main(["convert", target, out, "--to", "3w", "--audience", "public"])
    capsys.readouterr()
    with pytest.raises(SystemExit) as leaving:
        main(["check", source, "--choices", "{'columns': "])
    assert 2 == leaving.value.code
    assert "this is no mapping" in capsys.readouterr().err


def test_a_large_hostile_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    """Nesting of a million levels, in JSON and in XML."""
    (tmp_path / "a.json").write_text('{"elements": ' + "[" * 1_000_000, encoding="utf-8")
    assert "E017" in codes(check(tmp_path / "a.json"))
    (tmp_path / "a.graphml").write_text("<graphml>" + "<a>" * 200_000, encoding="utf-8")
    assert "E016" in codes(check(tmp_path / "a.graphml"))
    deep = "<graphml><graph>" + "<a>" * 100_000 + "</a>" * 100_000 + "</graph></graphml>"
    (tmp_path / "b.graphml").write_text(deep, encoding="utf-8")
    assert str(check(tmp_path / "b.graphml"))


def far(folder: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook whose first sheet has one cell in its last corner."""
    path = book(folder / "far.xlsx", sheets)
    made = openpyxl.load_workbook(path)
    made.worksheets[0]["XFD1048576"] = "x"
    made.save(path)
    return path


def test_a_far_cell_of_a_foreign_sheet_fills_no_memory(tmp_path: Path) -> None:
    """Read whole, such a sheet has 17 billion cells."""
    table: list[list[object]] = [["#org", "#sector"], ["Aurora", "Water"]]
    assert "E002" in codes(check(far(tmp_path, {"plan": table})))
    m = read(far(tmp_path, {"plan": table}), format="3w")
    assert ["Aurora"] == list(m.organizations["name"])


def test_error_cells_of_a_foreign_sheet_are_told(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"3w": [["#org", "#sector", "#status"], ["Aurora", "Water"]]})
    made = openpyxl.load_workbook(path)
    made["3w"]["C2"] = "#N/A"
    made["3w"]["C2"].data_type = "e"
    made.save(path)
    assert 1 == codes(read(path).problems)["W565"]


def test_a_tag_of_any_length_is_parsed_in_few_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser begins again with each piece of one tag, so equal pieces take the square of it."""
    fed = Counter[str]()
    for name in ("XMLParser", "XMLPullParser"):
        usual = getattr(ElementTree, name)

        def feed(self: object, piece: bytes, name: str = name, usual: type = usual) -> None:
            fed[name] += 1
            usual.feed(self, piece)

        monkeypatch.setattr(ElementTree, name, type(name, (usual,), {"feed": feed}))
    path = tmp_path / "aid.xml"
    path.write_text(f'<iati-activities version="2.03" x="{"a" * 30_000_000}"/>', encoding="utf-8")
    assert ["start", "end"] == [event for event, _ in xmltext.events(path)]
    assert xmltext.tree_of(path)[0] is not None
    assert set(fed) == {"XMLParser", "XMLPullParser"}
    assert sum(fed.values()) <= 45


def test_events_come_in_the_order_of_the_library(tmp_path: Path) -> None:
    path = tmp_path / "aid.xml"
    many = "".join(f"<b i='{i}'><c/></b>" for i in range(20_000))
    path.write_text(f"<a>{many}</a>", encoding="utf-8")
    usual = [(e, x.tag) for e, x in ElementTree.iterparse(path, ("start", "end"))]
    assert usual == [(event, element.tag) for event, element in xmltext.events(path)]


@pytest.mark.parametrize("ending", ["xml", "csv"])
@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
def test_a_folder_is_refused_whose_files_lead_out_or_are_none(ending: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("id,name\n1,x\n", encoding="utf-8")
    folder = tmp_path / "map"
    folder.mkdir()
    first = '<iati-activities version="2.03"/>' if ending == "xml" else "id,name\na,A\n"
    (folder / f"elements.{ending}").write_text(first, encoding="utf-8")
    (folder / f"out.{ending}").symlink_to(tmp_path / "secret")
    (folder / f"round.{ending}").symlink_to(folder / f"round.{ending}")
    os.mkfifo(folder / f"pipe.{ending}")
    found = check(folder)
    assert 3 == codes(found)["E018"]
    assert {f"map/{n}.{ending}" for n in ("out", "round", "pipe")} == {
        p.file for e in found.errors for p in e.places
    }


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "map.json")
    assert ["E007"] == [p.code for p in check(tmp_path / "map.json")]


@pytest.mark.parametrize(
    "text",
    ["#org,#sector\nDonn\u00e9es,\u00c9ducation\n", ",\u00c9cole,B\n\u00c9cole,,1\nB,,\n"],
)
def test_text_in_utf_16_is_named_and_read_where_somebody_says_so(text: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode("utf-16"))
    (fault,) = check(path)
    assert ("E010", True) == (fault.code, "encoding='utf-16'" in fault.remedy)
    m = read(path, encoding="utf-16")
    assert any("\u00c9" in name for name in m.elements["name"])


def test_many_equal_ids_and_labels_take_one_pass(tmp_path: Path) -> None:
    """Each gets the next number; looked for from 2 on, that would be 200 million steps."""
    count = 20_000
    for name, attributes in (("ids", {"id": "a", "label": "x"}), ("labels", {"label": "x"})):
        rows = [{"_id": f"e{i}", "attributes": attributes} for i in range(count)]
        (tmp_path / "map.json").write_text(json.dumps({"elements": rows, "connections": []}))
        found = check(tmp_path / "map.json")
        assert (0, 1) == (len(found.errors), sum(p.code == "N500" for p in found)), name
        assert {"ids": count - 1, "labels": 0}[name] == codes(found)["W567"]
