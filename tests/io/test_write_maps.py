"""What is written reads back, whole and exact, and equal maps give equal bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import frictionless
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sysmap.core.errors import LimitError, OutputError, UnsupportedFormatError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import SCHEMA, Column, LinkType, NodeType
from sysmap.io import csvtext, workbook
from sysmap.io.formats import FORMATS, Format
from sysmap.io.read import read
from sysmap.io.write import write
from sysmap.testing import assert_maps_equal
from tests.maps import shipped
from tests.marks import pieces
from tests.strategies import HOSTILE, hostile_texts, maps

DATASET = Path(__file__).parents[2] / "datasets" / "asia-pacific-digital-learning"
# To shrink a map of 25 tables takes minutes and tells little more than the first difference does.
DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
OWN = SCHEMA.extended(
    nodes=(
        NodeType(
            "topics", (Column("id", "id", required=True), Column("name", required=True)),
            one="topic", many="topics", shape="dot", colour="#000000",
        ),
    ),
    links=(
        LinkType(
            "discusses",
            (
                Column("organization", "reference", required=True, to=("organizations",)),
                Column("topic", "reference", required=True, to=("topics",)),
                Column("hours", "integer", low=1, high=9),
            ),
        ),
    ),
)  # fmt: skip


def small(**names: str) -> SystemMap:
    """Outcomes with the given ids and names."""
    return from_tables({"outcomes": pd.DataFrame({"id": list(names), "name": names.values()})})


def own_map() -> SystemMap:
    return from_tables(
        {
            "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
            "topics": pd.DataFrame({"id": ["t"], "name": ["Tides"]}),
            "discusses": pd.DataFrame({"organization": ["a"], "topic": ["t"], "hours": [3]}),
        },
        OWN,
    )


# The ledger of a map without elements is settled with a fill value that pandas will refuse.
@pytest.mark.parametrize("name", ["map", "map.xlsx"])
@settings(max_examples=12, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(max_size=8))
def test_read_after_write_is_the_map(
    name: str, m: SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / name
    assert len(write(m, path)) == 0
    assert_maps_equal(m, read(path))


# The ledger of a map without elements is settled with a fill value that pandas will refuse.
@pytest.mark.parametrize("name", ["map", "map.xlsx"])
@settings(max_examples=4, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(schema=OWN, max_size=4))
def test_types_of_the_users_own_read_back_too(
    name: str, m: SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / name
    write(m, path)
    assert_maps_equal(m, read(path, schema=OWN))


@pytest.mark.parametrize("name", ["map", "map.xlsx"])
def test_the_map_of_the_region_reads_back(name: str, tmp_path: Path) -> None:
    m = read(DATASET)
    assert len(write(m, tmp_path / name)) == 0
    assert_maps_equal(m, read(tmp_path / name))


@given(st.text(st.sampled_from("'=+-@\t\ra"), max_size=6) | hostile_texts())
def test_unguard_undoes_guard(text: str) -> None:
    guarded = csvtext.guard(text)
    assert text == csvtext.unguard(guarded)
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(st.sampled_from('a,"\r\n;'), max_size=4), min_size=2, max_size=4))
def test_a_csv_line_reads_back(cells: list[str]) -> None:
    """Referee: the csv module of Python."""
    (row,) = csv.reader(io.StringIO(csvtext.line(cells), newline=""))
    assert cells == row


def test_csv_is_plain_text_for_version_control(tmp_path: Path) -> None:
    """Section 4 of the page on formats: no BOM, line feeds, quotes only where needed."""
    frame = pd.DataFrame({"id": ["b", "a"], "name": ["=1+1", "Light, soft"], "-x": ["+", None]})
    write(from_tables({"outcomes": frame}), tmp_path / "map")
    text = (tmp_path / "map" / "outcomes.csv").read_bytes()
    expected = b"id,name,description,visibility,'-x\nb,'=1+1,,,'+\na,\"Light, soft\",,,\n"
    assert expected == text


def test_codes_of_closed_lists_are_not_guarded(tmp_path: Path) -> None:
    elements = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]})
    claim = pd.DataFrame({"cause": ["a"], "effect": ["b"], "sign": ["-"]})
    write(from_tables({"elements": elements, "influences": claim}), tmp_path / "map")
    text = (tmp_path / "map" / "influences.csv").read_text(encoding="utf-8")
    assert "a,b,-,,,,,," == text.splitlines()[1]


def test_kept_formulas_are_bare_and_lost_apostrophes_are_told(tmp_path: Path) -> None:
    problems = write(small(a="=1", b="'=1"), tmp_path / "map", formulas="keep")
    assert "=1" in (tmp_path / "map" / "outcomes.csv").read_text(encoding="utf-8").split(",")
    assert [("W609", 1)] == [(p.code, p.count) for p in problems]


def test_frictionless_finds_the_package_valid(tmp_path: Path) -> None:
    """Referee: frictionless, which checks types, keys and references by itself."""
    elements = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "parent": [None, "a"]})
    works = pd.DataFrame({"organization": ["o"], "element": ["a"], "start": ["2024-05"]})
    tables = {
        "organizations": pd.DataFrame({"id": ["o"], "name": ["O"], "share": [0.25]}),
        "elements": elements,
        "works_on": works,
    }
    write(from_tables(tables), tmp_path / "map")
    described = tmp_path / "map" / "datapackage.json"
    assert frictionless.validate(str(described)).valid
    broken = tmp_path / "map" / "works_on.csv"
    broken.write_text(broken.read_text(encoding="utf-8").replace("o,a", "o,z"), encoding="utf-8")
    report = frictionless.validate(str(described))
    assert ["foreign-key"] == [e.type for task in report.tasks for e in task.errors]


def test_the_descriptor_says_what_columns_hold(tmp_path: Path) -> None:
    write(own_map(), tmp_path / "map")
    package = json.loads((tmp_path / "map" / "datapackage.json").read_text(encoding="utf-8"))
    resources = {r["name"]: r for r in package["resources"]}
    assert package["$schema"].endswith("/profiles/2.0/datapackage.json")
    assert {"organizations", "topics", "discusses"} == set(resources)
    schema = resources["discusses"]["schema"]
    assert [""] == schema["missingValues"]
    fields = {f["name"]: f for f in schema["fields"]}
    assert {"minimum": 1, "maximum": 9} == fields["hours"]["constraints"]
    assert ["public", "members", "private"] == fields["visibility"]["categories"]
    assert {"fields": ["topic"], "reference": {"resource": "topics", "fields": ["id"]}} in schema[
        "foreignKeys"
    ]


def test_only_tables_that_say_something_are_written(tmp_path: Path) -> None:
    write(small(a="A"), tmp_path / "map")
    names = sorted(p.name for p in (tmp_path / "map").iterdir())
    assert ["datapackage.json", "outcomes.csv"] == names


@pytest.mark.parametrize("name", ["map", "map.xlsx"])
def test_the_empty_map_reads_back(name: str, tmp_path: Path) -> None:
    write(from_tables({}), tmp_path / name)
    assert_maps_equal(from_tables({}), read(tmp_path / name))


def test_ids_and_dates_are_text_and_numbers_numbers(tmp_path: Path) -> None:
    resources = pd.DataFrame(
        {"id": ["007"], "name": ["1.0"], "date": ["2024-05"], "share": [0.1 + 0.2]}
    )
    write(from_tables({"resources": resources}), tmp_path / "map.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "map.xlsx")["resources"]
    values = {head.value: cell for head, cell in zip(*sheet.iter_rows(), strict=True)}
    assert ["id", "name", "date", "share"] == list(values)
    assert ["007", "1.0", "2024-05", 0.1 + 0.2] == [cell.value for cell in values.values()]
    assert "@" == values["id"].number_format


def test_no_cell_of_a_workbook_is_a_formula_or_markup(tmp_path: Path) -> None:
    """The package xlsxwriter takes text between <r> and </r> for markup; we may not."""
    frame = pd.DataFrame({"id": [f"i{i}" for i in range(len(HOSTILE))], "name": HOSTILE})
    m = from_tables({"outcomes": frame, "elements": small(x="<r><t>x</t></r>").table("outcomes")})
    write(m, tmp_path / "map.xlsx")
    with zipfile.ZipFile(tmp_path / "map.xlsx") as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        assert all(b"<f>" not in archive.read(n) for n in sheets)
        assert b"<r>" not in archive.read("xl/sharedStrings.xml")
    assert_maps_equal(m, read(tmp_path / "map.xlsx"))


def test_what_a_workbook_cannot_hold_is_counted(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "name": ["x\uffff", "_x005F_x0001_", "fine"],
            "size": [float("inf"), 1.0, 2.0],
        }
    )
    m = from_tables({"outcomes": frame})
    problems = write(m, tmp_path / "map.xlsx")
    assert {"W607": 2, "W608": 1} == {p.code: p.count for p in problems}
    assert ["x", "_x005F _x0001_", "fine"] == list(read(tmp_path / "map.xlsx").outcomes["name"])
    assert len(write(m, tmp_path / "map")) == 0
    assert_maps_equal(m, read(tmp_path / "map"))


def test_a_text_too_long_for_a_cell_is_refused_before_writing(tmp_path: Path) -> None:
    """A workbook counts letters beyond the first plane twice, so 20,000 of them are 40,000."""
    m = small(a="🎉" * 20_000)
    with pytest.raises(LimitError, match=r"outcomes.name holds a text of 40,000 characters"):
        write(m, tmp_path / "map.xlsx")
    assert [] == list(tmp_path.iterdir())
    assert len(write(m, tmp_path / "map")) == 0


@pytest.mark.parametrize("table", ["x" * 32, "a:b", "'a'"])
def test_a_table_that_cannot_name_a_sheet_is_refused(table: str) -> None:
    with pytest.raises(LimitError, match="cannot name a sheet"):
        workbook.require_fit(table, pd.DataFrame())


def test_too_many_rows_or_columns_are_refused() -> None:
    with pytest.raises(LimitError, match="1,048,577 rows, and a sheet holds 1,048,576"):
        workbook.require_fit("seeks", pd.DataFrame(index=range(1_048_576)))
    with pytest.raises(LimitError, match="columns"):
        workbook.require_fit("seeks", pd.DataFrame(columns=range(16_385)))


@pytest.mark.parametrize(
    ("name", "format"), [("map.pdf", None), ("map.csv", None), ("map.xlsx", "yaml")]
)
def test_an_unknown_format_is_refused(name: str, format: str | None, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match="E007"):
        write(small(a="A"), tmp_path / name, format=format)
    assert [] == list(tmp_path.iterdir())


def test_the_format_may_be_said(tmp_path: Path) -> None:
    write(small(a="A"), tmp_path / "map.v2", format="csv")
    write(small(a="B"), tmp_path / "map.v2")
    assert "B" == read(tmp_path / "map.v2").name("a")


@pytest.mark.parametrize(("name", "code"), [("taken.xlsx", "E601"), ("strange", "E606")])
def test_what_sysmap_did_not_make_stays(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match=code):
        write(small(a="A"), tmp_path / name)
    assert ["letter.txt"] == [p.name for p in (tmp_path / name).iterdir()]


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_word_in_a_manifest_names_no_file(format: str, tmp_path: Path) -> None:
    """A title or a description of ours may hold the name of somebody's file."""
    if format == "parquet":
        pytest.importorskip("pyarrow")
    about = pd.DataFrame({"key": ["title"], "value": ["As in notes.docx today"]})
    outcomes = pd.DataFrame({"id": ["a"], "name": ["A"]})
    m = from_tables({"about": about, "outcomes": outcomes})
    write(m, tmp_path / "map", format=format)
    (tmp_path / "map" / "notes.docx").write_text("mine")
    with pytest.raises(OutputError, match=r"E606 .*: notes.docx was not made by sysmap"):
        write(m, tmp_path / "map", format=format)
    assert "mine" == (tmp_path / "map" / "notes.docx").read_text()


def test_a_data_package_of_another_program_stays(tmp_path: Path) -> None:
    folder = tmp_path / "survey"
    folder.mkdir()
    (folder / "outcomes.csv").write_text("id,name\nlight,Light\n")
    table = frictionless.Resource(path="outcomes.csv", basepath=str(folder))
    frictionless.Package(resources=[table]).to_json(str(folder / "datapackage.json"))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert "light" in read(folder).outcomes.index
    with pytest.raises(OutputError, match=r"E606 .*: outcomes.csv was not made by sysmap"):
        write(small(a="A"), folder)
    assert before == {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_folder_tells_each_table_and_an_interrupt_leaves_none(
    format: str, tmp_path: Path
) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow")
    m = shipped("teaching")
    told: list[tuple[int, int]] = []
    write(m, tmp_path / "map", format=format, progress=lambda *steps: told.append(steps))
    written = [p for p in (tmp_path / "map").iterdir() if p.suffix != ".json"]
    about = format == "parquet"  # stands in the manifest there
    assert told == [(i + 1, len(written)) for i in range(len(written))]
    assert len(written) + about == sum(bool(len(m.table(kind.table))) for kind in m.schema)

    def stop(done: int, steps: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(m, tmp_path / "other", format=format, progress=stop)
    assert [p.name for p in tmp_path.iterdir()] == ["map"]


def of_hidden_sources(which: str) -> SystemMap:
    """Open claims of an interview, or of a source that is private by its own word."""
    hidden = {"kind": ["interview"]} if which == "interview" else {"visibility": ["private"]}
    return from_tables(
        {
            "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
            "elements": pd.DataFrame({"id": ["e"], "name": ["Energy"]}),
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["Light"]}),
            "contexts": pd.DataFrame({"id": ["NPL"], "name": ["Nepal"], "kind": ["country"]}),
            "sources": pd.DataFrame({"id": ["zqjane"], "name": ["A talk with zqjane"], **hidden}),
            "influences": pd.DataFrame({"cause": ["e"], "effect": ["o"], "source": ["zqjane"]}),
            "works_on": pd.DataFrame(
                {"organization": ["a"], "element": ["e"], "context": ["NPL"], "source": ["zqjane"]}
            ),
        }
    )


_BARE = [(f, suffix) for f in FORMATS if f.bare for suffix in f.suffixes]


@pytest.mark.parametrize("which", ["interview", "private"])
@pytest.mark.parametrize(("format", "suffix"), _BARE, ids=[f"{f.name}{s}" for f, s in _BARE])
def test_no_hidden_source_is_in_a_file_that_cannot_say_so(
    which: str, format: Format, suffix: str, tmp_path: Path
) -> None:
    """The claims are open, so that the same rows stay when the source becomes a pseudonym."""
    m, path = of_hidden_sources(which), tmp_path / f"map{suffix}"
    try:
        write(m, path, format=format.name)
    except UnsupportedFormatError:
        return  # an ending that is only read
    except OutputError:  # Kumu, which names sources
        write(m, path, format=format.name, audience="public")
    assert not any(b"zqjane" in piece for piece in pieces(path.read_bytes()))


@pytest.mark.parametrize("name", ["map.json", "map.xlsx"])
def test_kumu_names_sources_and_so_refuses_hidden_ones(name: str, tmp_path: Path) -> None:
    m = of_hidden_sources("interview")
    with pytest.raises(OutputError, match=r"E608.*not public \(1 of sources"):
        write(m, tmp_path / name, format="kumu")
    assert [] == list(tmp_path.iterdir())
    write(m.redact(), tmp_path / name, format="kumu")
    assert any(b"source-1" in piece for piece in pieces((tmp_path / name).read_bytes()))


def test_formulas_takes_two_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="write 'guard' or 'keep'"):
        write(small(a="A"), tmp_path / "map", formulas="drop")  # type: ignore[arg-type]  # wrong on purpose


_SCRIPT = """
import sys
from pathlib import Path
from sysmap.io.read import read
from sysmap.io.template import template
from sysmap.io.write import write
m, folder = read(sys.argv[1]), Path(sys.argv[2])
write(m, folder / "map")
write(m, folder / "map.xlsx")
for name, format in (
    ("m.json", None), ("m.graphml", None), ("m.gexf", None), ("kumu.xlsx", "kumu"),
    ("kumu.json", "kumu"), ("prsm.xlsx", "prsm"), ("3w.csv", "3w"), ("mm.csv", "mental-modeler"),
):
    write(m, folder / name, format=format, audience="public")
template(folder / "form.xlsx", m)
template(folder / "blank.xlsx", tables="all")
"""


def test_equal_maps_give_equal_bytes(tmp_path: Path) -> None:
    """Whatever the hash seed and the time zone."""
    prints = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Bangkok"), ("random", "UTC")):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        command = [sys.executable, "-c", _SCRIPT, str(DATASET), str(folder)]
        subprocess.run(command, check=True, env=environment, cwd=DATASET.parents[1])
        found = hashlib.sha256()
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            found.update(str(path.relative_to(folder)).encode() + path.read_bytes())
        prints.add(found.hexdigest())
    assert 1 == len(prints)


def test_the_workbook_bears_the_data_date_and_not_today(tmp_path: Path) -> None:
    about = pd.DataFrame({"key": ["data date"], "value": ["2024-02"]})
    outcomes = small(a="A").table("outcomes")
    write(from_tables({"outcomes": outcomes, "about": about}), tmp_path / "map.xlsx")
    properties = openpyxl.load_workbook(tmp_path / "map.xlsx").properties
    assert "2024-02-29" == properties.created.date().isoformat()


def test_a_schema_of_the_users_own_is_written_and_described(tmp_path: Path) -> None:
    m = own_map()
    for name in ("map", "map.xlsx"):
        write(m, tmp_path / name)
        assert_maps_equal(m, read(tmp_path / name, schema=OWN))
