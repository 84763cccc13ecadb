"""The scorecard of bad inputs: each case has its number, a maker, and the answer it must get.

The numbers, codes and levels are those of the reliability page. A case passes when the code is
there at its level, no other error hides behind it, every error has a place and a remedy, and
`read` raises exactly when there is an error. The command runs in a process of its own, so that the
bar on time and memory is held for what people run.
"""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from sysmap.analyses.common_outcomes import common_outcomes
from sysmap.analyses.influence import influence as influence_of
from sysmap.analyses.perspectives import perspectives
from sysmap.analyses.universality import universality
from sysmap.cli import main
from sysmap.core.errors import (
    InvalidMapError,
    LimitError,
    SystemMapError,
    UndecidableError,
    UnsupportedFormatError,
)
from sysmap.core.model import SystemMap
from sysmap.core.problems import Problems
from sysmap.io.check import check
from sysmap.io.read import read
from tests.bad.child import assert_cheap, run
from tests.io.test_prsm import bomb, pack

Rows = list[list[object]]
Tables = dict[str, Rows]

GOOD: Tables = {
    "organizations": [["id", "name"], ["aurora", "Aurora"], ["borealis", "Borealis"]],
    "outcomes": [["id", "name"], ["light", "Light for all"]],
    "elements": [
        ["id", "name", "area"],
        ["training", "Teacher training", "policy"],
        ["budget", "Budget line", "costing"],
    ],
    "contexts": [["id", "name"], ["KHM", "Cambodia"], ["LAO", "Lao"]],
    "sources": [["id", "name", "organization"], ["s1", "Form one", "aurora"]],
    "works_on": [
        ["organization", "element", "context", "source", "start", "end"],
        ["aurora", "training", "KHM", "s1", "2024", "2025"],
    ],
    "influences": [
        ["cause", "effect", "sign", "strength", "source"],
        ["training", "light", "+", 2, "s1"],
    ],
}


def tables(**changed: Rows | None) -> Tables:
    """The good tables with some replaced, added or, for None, left out."""
    both = {**GOOD, **changed}
    return {name: rows for name, rows in both.items() if rows is not None}


def book(path: Path, content: Mapping[str, Rows]) -> Path:
    """A workbook as people save it: dates are date cells, text stays text."""
    made = xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True},
    )
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in content.items():
        sheet = made.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(i, j, dt.datetime.combine(cell, dt.time()), day)
                elif cell is not None:
                    sheet.write(i, j, cell)
    made.close()
    return path


def csv_folder(path: Path, content: Mapping[str, Rows | bytes]) -> Path:
    """A folder of CSV files; bytes are written as they are."""
    path.mkdir()
    for name, rows in content.items():
        data = rows if isinstance(rows, bytes) else text(rows)
        (path / f"{name}.csv").write_bytes(data)
    return path


def text(rows: Rows) -> bytes:
    lines = (",".join("" if c is None else str(c) for c in row) for row in rows)
    return ("\n".join(lines) + "\n").encode()


Maker = Callable[[Path], Path]

SECOND = "xl/worksheets/sheet2.xml"
"""A member of the workbooks made here."""


def workbook(**changed: Rows | None) -> Maker:
    return lambda folder: book(folder / "survey.xlsx", tables(**changed))


def csvs(**changed: Rows | bytes | None) -> Maker:
    content = {k: v for k, v in {**GOOD, **changed}.items() if v is not None}
    return lambda folder: csv_folder(folder / "map", content)


def old(at: int, word: int) -> Maker:
    """The old workbook of the fuzzer with four bytes changed."""

    def make(folder: Path) -> Path:
        data = bytearray((Path(__file__).parents[1] / "fuzz" / "survey.xls").read_bytes())
        data[at : at + 4] = word.to_bytes(4, "little")
        (folder / "survey.xls").write_bytes(data)
        return folder / "survey.xls"

    return make


def raw(name: str, data: bytes) -> Maker:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def edited(edit: Callable[[openpyxl.Workbook], None], **changed: Rows | None) -> Maker:
    """A workbook of openpyxl, for what xlsxwriter does not write."""

    def make(folder: Path) -> Path:
        path = book(folder / "survey.xlsx", tables(**changed))
        made = openpyxl.load_workbook(path)
        edit(made)
        made.save(path)
        return path

    return make


def after(maker: Maker, change: Callable[[bytes], bytes]) -> Maker:
    """The file of a maker with its bytes changed."""

    def make(folder: Path) -> Path:
        path = maker(folder)
        path.write_bytes(change(path.read_bytes()))
        return path

    return make


def with_member(name: str, size: int, *, said: int | None = None) -> Maker:
    """A workbook with one more member of zeros, whose stated size may be a lie."""

    def make(folder: Path) -> Path:
        path = book(folder / "survey.xlsx", GOOD)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, bytes(size))
        if said is not None:
            data = bytearray(path.read_bytes())
            at = data.rindex(name.encode()) - 46
            data[at + 24 : at + 28] = struct.pack("<I", said)
            path.write_bytes(data)
        return path

    return make


def swapped(
    member: str, old: bytes | None, new: bytes, *, of: Callable[[Path], Path] | None = None
) -> Maker:
    """A workbook in which one piece of a member, or with None all of it, is another."""

    def make(folder: Path) -> Path:
        path = of(folder) if of else book(folder / "survey.xlsx", GOOD)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[member] = new if old is None else parts[member].replace(old, new)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
        return path

    return make


def archive_of(name: str, member: str) -> Maker:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(member, "<document/>")
        return folder / name

    return make


def ole(name: str, stream: str) -> Maker:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return raw(name, head + stream.encode("utf-16-le") + bytes(512))


def kept(name: str) -> Maker:
    """A file that a fuzzer found, as it was found."""
    return raw(name, (Path(__file__).parent / name).read_bytes())


def missing(folder: Path) -> Path:
    book(folder / "survey.xlsx", GOOD)
    return folder / "survye.xlsx"


def empty_folder(folder: Path) -> Path:
    (folder / "map").mkdir()
    return folder / "map"


def package(*, path: str, make: bool = False) -> Maker:
    def maker(folder: Path) -> Path:
        made = csv_folder(folder / "map", GOOD)
        entry = f'{{"resources": [{{"name": "shares", "path": "{path}"}}]}}'
        (made / "datapackage.json").write_text(entry)
        if make:
            (folder / "outside.csv").write_text("organization,resource\n")
            (made / "link.csv").symlink_to(folder / "outside.csv")
        return made

    return maker


def date_system_1904(folder: Path) -> Path:
    made = xlsxwriter.Workbook(str(folder / "survey.xlsx"), {"date_1904": True})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in tables(works_on=None).items():
        sheet = made.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    sheet = made.add_worksheet("works_on")
    sheet.write_row(0, 0, ["organization", "element", "start"])
    sheet.write_row(1, 0, ["aurora", "training"])
    sheet.write_datetime(1, 2, dt.datetime(2024, 5, 1), day)
    made.close()
    return folder / "survey.xlsx"


def merge(made: openpyxl.Workbook) -> None:
    made["elements"].merge_cells("C2:C3")


def merge_required(made: openpyxl.Workbook) -> None:
    made["works_on"].append(["aurora", "training", "LAO", "s1"])
    made["works_on"].merge_cells("A2:A3")


def hide(made: openpyxl.Workbook) -> None:
    made["sources"].sheet_state = "hidden"


def hide_row(made: openpyxl.Workbook) -> None:
    made["elements"].row_dimensions[3].hidden = True


def hide_column(made: openpyxl.Workbook) -> None:
    made["elements"].column_dimensions["C"].hidden = True


def cell(sheet: str, at: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def edit(made: openpyxl.Workbook) -> None:
        made[sheet][at] = value

    return edit


def works(*row: object, header: Sequence[object] = ()) -> dict[str, Rows]:
    names = list(header) or ["organization", "element", "context", "source", "start", "end"]
    return {"works_on": [names, list(row)]}


def influence(strength: object) -> dict[str, Rows]:
    return {"influences": [["cause", "effect", "strength"], ["training", "light", strength]]}


def organizations(*rows: Sequence[object]) -> dict[str, Rows]:
    extra = [list(r) for r in rows]
    return {"organizations": [*GOOD["organizations"], *extra]}


@dataclass(frozen=True)
class Case:
    """One line of the scorecard: number, what, maker, code or None for a clean map, level."""

    number: int
    what: str
    make: Maker
    code: str | None
    also: tuple[str, ...] = ()
    """Further error codes that must come with it."""


def start(value: object) -> dict[str, Rows]:
    return works("aurora", "training", "KHM", "s1", value)


def context(value: object) -> dict[str, Rows]:
    return works("aurora", "training", value)


DOCTYPE = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>]>"
OUTSIDE = b"<!DOCTYPE x SYSTEM 'file:///etc/hostname'>"
DANGLING = b"""{"sysmap": 1, "tables": {"elements": [{"id": "a", "name": "A"}],
"influences": [{"cause": "a", "effect": "z"}]}}"""
NAN = b"""<mentalmodeler><concepts><concept><id>0</id><name>A</name><relationships><relationship>
<id>1</id><influence>NaN</influence></relationship></relationships></concept>
<concept><id>1</id><name>B</name></concept></concepts></mentalmodeler>"""


def graphml(edge: bytes) -> bytes:
    return b"<graphml><graph><node id='a'/>" + edge + b"</graph></graphml>"


SURVEY: Tables = {
    "survey": [
        ["Organisation", "Outcomes", "_id", "_uuid", "_submission_time", "_index"],
        ["Aurora", "Better internet Digital skills", 1, "u", "2024-05-01", 1],
    ]
}


def book_of(content: Tables) -> Maker:
    return lambda folder: book(folder / "survey.xlsx", content)


CASES = (
    Case(1, "missing file", missing, "E001"),
    Case(2, "empty folder", empty_folder, "E002"),
    Case(2, "workbook without tables", lambda f: book(f / "a.xlsx", {"budget": [["a"]]}), "E002"),
    Case(3, "zero bytes", raw("survey.xlsx", b""), "E003"),
    Case(4, "cut short", after(workbook(), lambda d: d[: len(d) // 2]), "E004"),
    Case(
        5,
        "broken zip",
        after(workbook(), lambda d: d[:200] + bytes(b ^ 0x5A for b in d[200:2000]) + d[2000:]),
        "E004",
    ),
    Case(6, "CSV named .xlsx", raw("survey.xlsx", b"id,name\na,A\n"), "E006"),
    Case(6, "workbook named .csv", csvs(elements=b"PK\x03\x04rest"), "E006"),
    Case(7, "web page named .xls", raw("survey.xls", b"\n<html><table><tr>"), "E006"),
    Case(8, "text document named .xlsx", archive_of("survey.xlsx", "word/document.xml"), "E006"),
    Case(8, "old text document named .xls", ole("survey.xls", "WordDocument"), "E006"),
    Case(8, "single CSV file", raw("elements.csv", b"id,name\na,A\n"), "E007"),
    Case(9, "password", ole("survey.xlsx", "EncryptedPackage"), "E005"),
    Case(10, "bomb of rows", with_member("xl/worksheets/sheet99.xml", 9, said=600_000_000), "E008"),
    Case(11, "bomb in one cell", with_member("xl/more.xml", 11_000_000), "E008"),
    Case(11, "bomb that lies", with_member("xl/more.xml", 11_000_000, said=1_000), "E004"),
    Case(12, "declared to the end", edited(cell("elements", "XFD1048576", "x")), "N112"),
    Case(13, "sheet missing", workbook(elements=None), "E101", ("E206",)),
    Case(14, "misspelt sheet", workbook(outcomes=None, outcoms=GOOD["outcomes"]), "W102"),
    Case(14, "other case", workbook(works_on=None, **{"Works On": GOOD["works_on"]}), "W102"),
    Case(15, "empty sheet", workbook(seeks=[]), "W103"),
    Case(16, "header only", workbook(seeks=[["organization", "outcome"]]), "N103"),
    Case(17, "title rows", workbook(outcomes=[["Our outcomes"], [], *GOOD["outcomes"]]), "N106"),
    Case(
        18,
        "misspelt header",
        workbook(works_on=[["organisation", "element"], ["aurora", "training"]]),
        "E104",
    ),
    Case(
        18,
        "blanks in the header",
        workbook(outcomes=[[" ID", "Name\u00a0"], ["light", "Light"]]),
        None,
    ),
    Case(
        19,
        "header twice",
        workbook(outcomes=[["id", "name", "Name"], ["light", "L", "M"]]),
        "E105",
    ),
    Case(
        20,
        "unknown column",
        workbook(outcomes=[["id", "name", "colour"], ["light", "L", "red"]]),
        "N107",
    ),
    Case(21, "merged cells", edited(merge), "W108"),
    Case(21, "merged required cells", edited(merge_required), "E301"),
    Case(22, "hidden sheet", edited(hide), "N109"),
    Case(22, "hidden row", edited(hide_row), "N109"),
    Case(22, "hidden column", edited(hide_column), "N109"),
    Case(23, "formula without result", edited(cell("elements", "C2", '="a"&"b"')), "W110"),
    Case(23, "formula without required result", edited(cell("elements", "B2", "=1+1")), "E301"),
    Case(24, "error cell", edited(cell("elements", "C2", "#N/A")), "E111"),
    Case(
        24, "error in a required cell", edited(cell("elements", "B2", "#REF!")), "E111", ("E301",)
    ),
    Case(25, "stray cell", edited(cell("elements", "Z5000", "note")), "N112"),
    Case(26, "id empty", workbook(**organizations([None, "Ceres Fund"])), "E201"),
    Case(27, "id twice", workbook(**organizations(["aurora", "Again"])), "E202"),
    Case(27, "id in two tables", workbook(**organizations(["light", "Lightning"])), "E202"),
    Case(28, "ids alike", workbook(**organizations(["Aurora", "Other"])), "W203"),
    Case(29, "1 and 1.0", workbook(**organizations([1, "One"], ["1", "Uno"])), "E202"),
    Case(29, "007 and 7", workbook(**organizations(["007", "Bond"], [7, "Seven"])), "W204"),
    Case(30, "long number", workbook(**organizations([1.2345678901234567e16, "Long"])), "E205"),
    Case(30, "long number in CSV", csvs(**organizations(["1.23E+16", "Long"])), "E205"),
    Case(31, "reference to nothing", workbook(**works("aurora", "trainning")), "E206"),
    Case(
        32,
        "link to itself",
        workbook(influences=[["cause", "effect"], ["training", "training"]]),
        "E207",
    ),
    Case(33, "claim twice", workbook(works_on=[*GOOD["works_on"], GOOD["works_on"][1]]), "W208"),
    Case(
        34,
        "both signs by one source",
        workbook(influences=[*GOOD["influences"], ["training", "light", "-", 2, "s1"]]),
        "W209",
    ),
    Case(35, "strength as text", workbook(**influence("strong")), "E302"),
    Case(35, "strength out of range", workbook(**influence(4)), "E303"),
    Case(35, "strength negative", workbook(**influence(-1)), "E303"),
    Case(35, "strength NaN", csvs(**influence("NaN")), "E303"),
    Case(35, "strength inf", csvs(**influence("inf")), "E303"),
    Case(35, "strength 1e400", csvs(**influence("1e400")), "E303"),
    Case(36, "TRUE", workbook(**influence(True)), "E304"),
    Case(37, "decimal comma", workbook(**influence("0,5")), "E305"),
    Case(38, "NA", workbook(**context("NA")), "E206"),
    Case(38, "Viet nam", workbook(**context("Viet nam")), "E206"),
    Case(38, "UK", workbook(**context("UK")), "E206"),
    Case(38, "Global", workbook(**context("Global")), "E206"),
    Case(38, "two countries", workbook(**context("KHM; LAO")), "E206"),
    Case(38, "XXA as id", workbook(contexts=[*GOOD["contexts"], ["XXA", "Nowhere"]]), "W306"),
    Case(
        39,
        "start after end",
        workbook(**works("aurora", "training", "KHM", "s1", "2025", "2024")),
        "E307",
    ),
    Case(40, "no such day", workbook(**start("31/31/2026")), "E308"),
    Case(40, "two readings", workbook(**start("01/02/2026")), "E309"),
    Case(40, "year 1026", workbook(**start(1026)), "W310"),
    Case(40, "year 9999", workbook(**start("9999")), "W310"),
    Case(40, "year 12024", workbook(**start("12024")), "E308"),
    Case(40, "serial number", workbook(**start(45292)), "E308"),
    Case(40, "1904 system", date_system_1904, None),
    Case(
        41,
        "cell of 2 MB",
        swapped("xl/sharedStrings.xml", b"Light for all", b"x" * 2_000_000),
        "E009",
    ),
    Case(41, "cell of 40 kB", csvs(outcomes=b"id,name\nlight," + b"x" * 40_000 + b"\n"), "E009"),
    Case(41, "cell of 200 kB", csvs(outcomes=b"id,name\nlight," + b"x" * 200_000 + b"\n"), "E009"),
    Case(42, "control character", csvs(outcomes=b"id,name\nlight,Li\x07ght\n"), "W312"),
    Case(42, "NUL", csvs(outcomes=b"id,name\nlight,Li\x00ght\n"), "E010"),
    Case(43, "decomposed id", workbook(**organizations(["e\u0301cole", "School"])), "N213"),
    Case(43, "one name twice", workbook(**organizations(["x", "Aurora"])), "W210"),
    Case(44, "look-alike letters", workbook(**organizations(["x", "P\u0430per"])), "W211"),
    Case(45, "writing direction", workbook(**organizations(["x", "a\u202eb"])), "W212"),
    Case(46, "formula text", workbook(**organizations(["x", '=HYPERLINK("a")'])), "W313"),
    Case(47, "markup", workbook(**organizations(["x", "<script>alert(1)</script>"])), None),
    Case(48, "latin-1", csvs(outcomes="id,name\nlight,Lumière\n".encode("latin-1")), "E010"),
    Case(48, "UTF-16", csvs(outcomes="id,name\nlight,Light\n".encode("utf-16")), "E010"),
    Case(48, "UTF-16 without mark", csvs(outcomes="id,name\na,b\n".encode("utf-16-le")), "E010"),
    Case(48, "byte order mark", csvs(outcomes=b"\xef\xbb\xbfid,name\nlight,Light\n"), None),
    Case(49, "semicolons", csvs(outcomes=b"id;name\nlight;Light\n"), "E012"),
    Case(49, "tabs", csvs(outcomes=b"id\tname\nlight\tLight\n"), "E012"),
    Case(50, "short and long rows", csvs(outcomes=b"id,name\nlight\ndark,D,x\n"), "E011"),
    Case(50, "all rows long", csvs(outcomes=b"id,name\nlight,Light,x\n"), "E011"),
    Case(51, "quote never closed", csvs(outcomes=b'id,name\nlight,"Light\ndark,Dark\n'), "E013"),
    Case(
        51,
        "and far from the end",
        csvs(outcomes=b'id,name\nlight,"L\n' + b"a,b\n" * 5_000_000),
        "E013",
    ),
    Case(52, "many columns", csvs(outcomes=b"id,name" + b"," * 20_000 + b"\n"), "E014"),
    Case(52, "10^7 columns", csvs(outcomes=b"id,name" + b"," * 10_000_000 + b"\n"), "E014"),
    Case(52, "line of 50 MB", csvs(outcomes=b"id,name\nlight," + b"x" * 50_000_000), "E014"),
    Case(
        53, "named None, null, NaN", workbook(**organizations(["n1", "None"], ["n2", "NaN"])), None
    ),
    Case(53, "the same in CSV", csvs(**organizations(["null", "null"], ["NA", "NA"])), None),
    Case(54, "GraphML bomb", raw("a.graphml", DOCTYPE + b"<graphml><graph/></graphml>"), "E015"),
    Case(54, "outside entity", raw("a.gexf", OUTSIDE + b"<gexf><graph/></gexf>"), "E015"),
    Case(54, "hyperedge", raw("a.graphml", graphml(b"<hyperedge/>")), "E520"),
    Case(
        54, "endpoint missing", raw("a.graphml", graphml(b"<edge source='a' target='z'/>")), "E521"
    ),
    Case(54, "wrong root", raw("a.graphml", b"<html></html>"), "E016"),
    Case(54, "no XML", raw("a.gexf", b"a graph"), "E016"),
    Case(55, "invalid JSON", raw("a.json", b'{"sysmap": 1,'), "E017"),
    Case(55, "NaN in JSON", raw("a.json", b'{"sysmap": 1, "tables": {"a": NaN}}'), "E017"),
    Case(55, "depth of 10^5", raw("a.json", b'{"sysmap": 1, "a": ' + b"[" * 100_000), "E017"),
    Case(55, "key twice", raw("a.json", b'{"sysmap": 1, "sysmap": 1}'), "E017"),
    Case(55, "dangling edge", raw("a.json", DANGLING), "E206"),
    Case(56, "packed file cut short", raw("a.prsm", "\u02e2\u4c30".encode()), "E004"),
    Case(56, "packed file that is a bomb", raw("a.prsm", bomb(10_100).encode()), "E008"),
    Case(57, "influence NaN", raw("a.mmp", NAN), "W531"),
    Case(58, "survey export without 0/1 columns", book_of(SURVEY), "E540", ("E542",)),
    Case(59, "path upwards", package(path="../outside.csv"), "E018"),
    Case(59, "path absolute", package(path="/etc/shares.csv"), "E018"),
    Case(59, "path with a scheme", package(path="https://example.org/shares.csv"), "E018"),
    Case(59, "path of Windows", package(path="C:\\\\shares.csv"), "E018"),
    Case(59, "link that leads out", package(path="link.csv", make=True), "E018"),
    Case(59, "file missing", package(path="shares.csv"), "E001"),
    Case(63, "matrix not square", raw("a.csv", b",A,B\nA,,1\nC,,\n"), "E530"),
    Case(
        60,
        "no organizations",
        workbook(organizations=[["id", "name"]], sources=None, works_on=None, influences=None),
        "W401",
    ),
    Case(65, "first sheet named without its part", kept("65-sheet-without-part.xlsx"), "E004"),
    *(
        Case(66, f"a cell that says it stands at {at}", swapped(SECOND, b'r="A1"', at), "E014")
        for at in (
            b'r="B1999999999999999999999"',
            b"r = 'B1999999999'",
            b'r="zzzzzzz1"',
        )
    ),
    Case(
        67,
        "half a character in a header",
        raw(
            "a.json",
            b'{"sysmap": 1, "tables": {"outcomes": [{"id": "o", "name": "O", "d\\ud800": "x"}]}}',
        ),
        "E010",
    ),
    Case(
        68,
        "half a character in a packed map of many parts",
        raw("a.prsm", pack('{"nodes": [' + "{}," * 100 + '"\ud800"]}').encode()),
        "E017",
    ),
    Case(69, "an old workbook whose chain of sectors has no end", old(8712, 1), "E004"),
    Case(70, "an old workbook with an extent of 70,000 rows", old(2205, 70_000), "E014"),
    Case(70, "an old workbook with a cell in column 257", old(2415, 256 << 16), "E014"),
    Case(
        54,
        "DOCTYPE in a member of a workbook",
        swapped("xl/styles.xml", b"<styleSheet", b'<!DOCTYPE a [<!ENTITY b "c">]><styleSheet'),
        "E015",
    ),
    Case(
        54,
        "DOCTYPE in two bytes a letter",
        swapped("docProps/core.xml", None, '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")),
        "E004",
    ),
    Case(
        24,
        "error cells in a workbook with a date that is none",
        swapped("docProps/core.xml", None, b"<a/>", of=edited(cell("elements", "C2", "#N/A"))),
        "E111",
    ),
)


def scored(case: Case) -> object:
    """The case as a parameter that counts for its number on the scorecard."""
    mark = pytest.mark.scorecard("bad inputs", case.number)
    return pytest.param(case, marks=mark, id=f"{case.number}-{case.what}")


@pytest.mark.parametrize("case", [scored(c) for c in CASES])
def test_bad_input_gets_the_answer_of_the_scorecard(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = case.make(tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    found = check(path)
    codes = {p.code for p in found}
    errors = {p.code for p in found.errors}
    if case.code is None:
        assert (set(), set()) == (errors, {p.code for p in found.warnings} - {"W401"}), str(found)
    else:
        assert case.code in codes, str(found)
        expected = {c for c in (case.code, *case.also) if c.startswith("E")}
        assert expected == errors, str(found)
    for problem in found.errors:
        assert problem.places, str(problem)
        assert str(problem.places[0]), str(problem)
        assert problem.remedy, str(problem)
    assert str(tmp_path) not in str(found)
    assert_raises_as_it_says(path, found)
    assert_the_command_says_the_same(path, found)
    assert_other_commands_end_as_they_must(path, found, tmp_path / "out.json", capsys)
    assert before == {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}


def assert_raises_as_it_says(path: Path, found: Problems) -> None:
    """`read` gives a map if there is no error, else the exception of the contract."""
    if found.ok:
        assert isinstance(read(path), SystemMap)
        return
    only = {p.code for p in found.errors}
    expected: type[Exception] = InvalidMapError
    for kind, codes in (
        (UnsupportedFormatError, {"E006", "E007"}),
        (LimitError, {"E008", "E009", "E014"}),
        (FileNotFoundError, {"E001"}),
    ):
        if only <= codes:
            expected = kind
    with pytest.raises((SystemMapError, FileNotFoundError)) as caught:
        read(path)
    assert expected is type(caught.value)


def assert_the_command_says_the_same(path: Path, found: Problems) -> None:
    """Exit 2 for errors, else 0; the same lines and nothing else, within the bar."""
    ended = run("check", path)
    assert (0 if found.ok else 2) == ended.code
    assert (str(found).splitlines(), []) == (ended.out, ended.err)
    assert_cheap(ended)


def assert_other_commands_end_as_they_must(
    path: Path, found: Problems, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1 for warnings under --strict; what writes a file tells every code and no traceback."""
    strict = 2 if not found.ok else 1 if len(found.warnings) else 0
    assert strict == main(["check", "--strict", str(path)])
    if not found.ok:
        assert 2 == main(["convert", str(path), str(target)])
        said = capsys.readouterr().err
        assert all(p.code in said for p in found.errors)
        assert "Traceback" not in said


def opinions(*rows: Sequence[object]) -> dict[str, Rows]:
    return {"influences": [["cause", "effect", "sign", "source"], *[list(r) for r in rows]]}


@pytest.mark.scorecard("bad inputs", 34)
def test_two_sources_of_two_minds_are_no_fault(tmp_path: Path) -> None:
    """They are what `perspectives` shows."""
    rows = opinions(["training", "light", "+", "s1"], ["training", "light", "-", "s2"])
    sources = [*GOOD["sources"], ["s2", "Form two", "borealis"]]
    path = workbook(sources=sources, **rows)(tmp_path)
    ended = run("check", path)
    assert_cheap(ended)
    assert 0 == ended.code
    assert not [line for line in ended.out if "W208" in line or "W209" in line]
    assert ["contested"] == list(perspectives(read(path)).frame["state"])


@pytest.mark.scorecard("bad inputs", 60)
@pytest.mark.parametrize("command", ["report", "html"])
def test_a_map_of_nearly_nothing_never_ends_in_a_bug(command: str, tmp_path: Path) -> None:
    """One node, and no links: a page that says so, or words for what is missing.

    That is no bad input, so a brief that is written may take what a brief may, 10 s from a cold
    start; what is refused is as cheap as any.
    """
    one = {"elements": [["id", "name", "area"], ["training", "Teacher training", "policy"]]}
    path = book(tmp_path / "one.xlsx", one)
    target = tmp_path / ("brief" if command == "report" else "map.html")
    ended = run(command, path, target)
    if ended.code:
        assert_cheap(ended)
    assert ended.seconds < 10
    assert ended.code in (0, 2)
    assert target.exists() == (ended.code == 0)


@pytest.mark.scorecard("bad inputs", 60)
def test_an_answer_without_its_table_says_which_is_missing(tmp_path: Path) -> None:
    m = read(workbook(works_on=None, influences=None)(tmp_path))
    with pytest.raises(UndecidableError, match="seeks"):
        common_outcomes(m)
    with pytest.raises(UndecidableError, match="observed"):
        universality(m)
    assert influence_of(m).caveats


@pytest.mark.scorecard("bad inputs", 61)
def test_equal_weights_are_one_tier_and_a_caveat(tmp_path: Path) -> None:
    """Two causes of one weight: no rank is invented between them."""
    rows = opinions(["training", "light", "+", "s1"], ["budget", "light", "+", "s1"])
    path = workbook(**rows)(tmp_path)
    assert_cheap(run("check", path))
    answer = influence_of(read(path))
    causes = answer.frame.loc[["training", "budget"]]
    assert 1 == causes["rank_low"].nunique() == causes["rank_high"].nunique()
    assert answer.caveats


@pytest.mark.slow
@pytest.mark.scorecard("bad inputs", 62)
def test_a_million_bad_rows_are_a_short_report_soon(tmp_path: Path) -> None:
    rows = b"".join(b"aurora,nothing%d\n" % i for i in range(1_000_000))
    path = csvs(works_on=b"organization,element\n" + rows)(tmp_path)
    ended = run("check", path)
    assert ended.seconds < 10
    assert 2 == ended.code
    assert ended.out[-1].startswith("1,000,000 errors")
    assert sum(len(line) for line in (*ended.out, *ended.err)) < 1_000_000


@pytest.mark.scorecard("bad inputs", 64)
@pytest.mark.parametrize(
    ("name", "code"),
    [("taken", "E601"), ("CON.json", "E602"), ("a:b.json", "E602"), ("x" * 260, "E602")],
)
@pytest.mark.parametrize("command", ["html", "convert"])
def test_an_output_that_cannot_be_is_refused(
    command: str, name: str, code: str, tmp_path: Path
) -> None:
    source = workbook()(tmp_path)
    (tmp_path / "taken").mkdir()
    before = {p.name for p in tmp_path.iterdir()}
    to = ["--to", "json"] if command == "convert" else []
    ended = run(command, source, tmp_path / name, *to)
    assert_cheap(ended)
    assert 4 == ended.code
    (line,) = [t for t in ended.err if t.startswith("error ")]
    assert code in line
    assert "Choose" in line
    assert before == {p.name for p in tmp_path.iterdir()}


def test_every_number_of_the_scorecard_has_a_case() -> None:
    apart = {34, 60, 61, 62, 64}
    assert set(range(1, 65)) <= {c.number for c in CASES} | apart
