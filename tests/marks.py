"""A map whose every hidden cell holds a mark, and the search for marks in bytes of any form."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, unquote

import pandas as pd
from PIL import Image

from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import (
    ABOUT,
    ALIASES,
    ASKED,
    AUDIENCES,
    MEMBERS,
    PRIVATE,
    SCHEMA,
    SOURCES,
    LinkType,
    NodeType,
    TableType,
)
from sysmap.shipped import example

_DATA = re.compile(rb"data:([\w/+.-]+)(?:;charset=[\w-]+)?(;base64)?,([^\"'\s>)]*)")
_TOKEN = re.compile(rb"zq\d{4}")
_FOLD = re.compile(rb"\r?\n[ \t]")
_PARQUET = b"PAR1"
_PNG = b"\x89PNG\r\n\x1a\n"

Cells = dict[str, object]
Mark = Callable[[str], str]


class Marks:
    """Hands out marks and remembers who may see each.

    A mark begins with letters and digits that every way of escaping leaves as they are, so that a
    name which was cut short is found too; the signs after it are written by each way in its own.
    """

    def __init__(self) -> None:
        self.level: dict[str, str] = {}

    def of(self, level: str) -> Mark:
        """The maker of marks for a level of visibility: `members` or `private`."""

        def mark(what: str) -> str:
            made = f"Zq{len(self.level):04}é<&'\"{what}"
            self.level[made] = level
            return made

        return mark


def hidden_from(marks: Mapping[str, str], audience: str) -> set[str]:
    """The marks that an audience may not see."""
    return {m for m, at in marks.items() if AUDIENCES.index(at) > AUDIENCES.index(audience)}


def marked_map() -> tuple[SystemMap, dict[str, str]]:
    """The teaching map with a mark in every text that some audience may not see.

    Returns
    -------
    tuple
        The map, and for each mark the first audience that may see it.

    Notes
    -----
    Every node table gets a private row, a row for members and an open row, whose parent is
    hidden; every link table gets claims from and to hidden nodes, private claims, claims for
    members, notes that nobody released, and open claims of a hidden interview. Every table has
    an unknown column. Aliases, contacts and the ledger name what is hidden.
    """
    marks = Marks()
    shipped = example("teaching").tables
    rows = {kind.table: _node_rows(kind, marks) for kind in SCHEMA.nodes if kind.table != SOURCES}
    rows["contexts"][0]["group_" + marks.of(PRIVATE)("header of a grouping")] = "told"
    rows["elements"].insert(1, _without_claims(marks.of(PRIVATE)))
    rows[SOURCES] = _sources(marks, str(rows["organizations"][0]["id"]))
    for link in SCHEMA.links:
        rows[link.table] = list(_link_rows(link, rows, marks))
    rows[ASKED] = _ledger(rows)
    rows[ABOUT] = [
        {"key": "Contact", "value": marks.of(PRIVATE)("mail")},
        {"key": "contact person", "value": marks.of(PRIVATE)("person")},
    ]
    rows[ALIASES] = [
        {"name": marks.of(level)("spelling"), "id": row["id"], "decision": "same"}
        for kind in SCHEMA.nodes
        for level in (PRIVATE, MEMBERS)
        for row in [_first(rows[kind.table], level)]
    ]
    tables = {}
    for kind in SCHEMA:
        old = shipped[kind.table]
        if kind.table == ABOUT:
            old = old[old["key"] != "contact"]
        header, cell = (marks.of(PRIVATE)(f"{w} of {kind.table}") for w in ("header", "remark"))
        rows[kind.table][-1][header] = cell
        new = pd.DataFrame(rows[kind.table], dtype=object)
        both = pd.concat([old.astype(object), new], ignore_index=True)
        tables[kind.table] = both.where(both.notna(), None)
    return from_tables(tables), marks.level


def _node_rows(kind: NodeType, marks: Marks) -> list[Cells]:
    """A private row, a row for members, and an open one that lies in a hidden one."""
    rows = [
        {"id": mark(f"id of {kind.table}"), **_texts(kind, mark), "visibility": level}
        for level in (PRIVATE, MEMBERS)
        for mark in [marks.of(level)]
    ]
    above = {c.name: rows[0]["id"] for c in kind.columns if c.to == (kind.table,)}
    open_row: Cells = {"id": f"open-{kind.table}", "name": f"Open one of {kind.table}", **above}
    return [*(row | _dated(kind) for row in rows), open_row | _dated(kind)]


def _without_claims(mark: Mark) -> Cells:
    """A hidden element that only the ledger touches, through its area."""
    words = {c: mark(f"{c} of an element without claims") for c in ("id", "name", "area")}
    return {**words, "visibility": PRIVATE}


def _dated(kind: NodeType) -> Cells:
    """What an activity needs to stand in the calendar."""
    return {"start": "2024-11-01", "end": "2024-11-03"} if kind.column("start") else {}


def _texts(kind: TableType, mark: Mark) -> Cells:
    """Every column of free text but reporter; choices, dates and numbers hold no mark."""
    cells: Cells = {}
    for column in kind.columns:
        words = f"{column.name} of {kind.table}"
        if column.kind == "text" and column.name not in ("note", "reporter"):
            cells[column.name] = mark(words)
        elif column.kind == "url":
            cells[column.name] = f"https://example.org/{quote(mark(words))}"
    return cells


def _sources(marks: Marks, hidden_organization: str) -> list[Cells]:
    """A private source, one for members, an interview, one who speaks for a hidden organization."""
    kind = SCHEMA.node(SOURCES)
    rows: list[Cells] = [
        {"id": mark(f"id of {words}"), **_texts(kind, mark), "date": "2024-02-01"}
        | {"reporter": marks.of(PRIVATE)(f"person who reports for {words}")}
        | cells
        for words, level, cells in (
            ("a private source", PRIVATE, {"kind": "survey", "visibility": PRIVATE}),
            ("a source for members", MEMBERS, {"kind": "survey", "visibility": MEMBERS}),
            ("an interview", PRIVATE, {"kind": "interview"}),
            ("a hidden speaker", PRIVATE, {"kind": "survey", "organization": hidden_organization}),
        )
        for mark in [marks.of(level)]
    ]
    person = marks.of(PRIVATE)("person in the column reporter")
    open_one: Cells = {"id": "open-sources", "name": "An open survey", "reporter": person}
    return [*rows, open_one | {"kind": "survey"}]


def _link_rows(kind: LinkType, rows: Mapping[str, list[Cells]], marks: Marks) -> Iterator[Cells]:
    """Claims that are hidden for each reason there is, and open claims of hidden sources."""
    first, second = (end.to[0] for end in kind.ends)
    one, other = kind.ends[0].name, kind.ends[1].name
    state: Cells = {"state": "present"} if kind.column("state") else {}
    private, members, interview, speaker, open_source = (str(r["id"]) for r in rows[SOURCES])
    plain = {one: f"open-{first}", other: _open_end(kind), **state}
    hidden, inside = (
        {t: _first(rows[t], level)["id"] for t in (first, second)} for level in (PRIVATE, MEMBERS)
    )
    written = "public"
    for cells, level in (
        ({one: hidden[first], "source": open_source, "visibility": written}, PRIVATE),
        ({other: hidden[second], "source": speaker, "visibility": written}, PRIVATE),
        ({one: inside[first], "source": open_source, "visibility": written}, MEMBERS),
        ({other: inside[second], "source": members, "visibility": written}, MEMBERS),
        ({"source": private, "visibility": PRIVATE}, PRIVATE),
        ({"source": members, "visibility": MEMBERS}, MEMBERS),
        ({"source": interview}, PRIVATE),
        ({"source": open_source}, PRIVATE),
    ):
        mark = marks.of(level)
        # an open claim hides its note alone
        text = _texts(kind, mark) if "visibility" in cells else {}
        yield plain | text | {"note": mark(f"note of {kind.table}")} | cells


def _first(rows: list[Cells], level: str) -> Cells:
    """The first row of a level of visibility."""
    return next(row for row in rows if row.get("visibility") == level)


def _open_end(kind: LinkType) -> str:
    """An open node for the second end, another one than the first."""
    first, second = (end.to[0] for end in kind.ends)
    others = {"organizations": "aurora-agency", "elements": "teacher-training"}
    return others[second] if first == second else f"open-{second}"


def _ledger(rows: Mapping[str, list[Cells]]) -> list[Cells]:
    """Scopes that name what is hidden: who was asked, where, and about which area."""
    hidden_place, hidden_area = rows["contexts"][0]["id"], rows["elements"][0]["area"]
    asked: Cells = {"source": "open-sources", "answered": "yes"}
    return [
        {"source": rows[SOURCES][0]["id"], "question": "works_on", "answered": "yes"},
        {"source": rows[SOURCES][2]["id"], "question": "observed", "answered": "no"},
        asked | {"question": "observed", "context": hidden_place},
        asked | {"question": "observed", "area": hidden_area},
        asked | {"question": "priorities", "area": rows["elements"][1]["area"]},
    ]


def found(data: bytes, marks: Mapping[str, str]) -> set[str]:
    """The marks that stand in the bytes, plain or in any form that a reader could undo."""
    tokens: set[bytes] = set()
    for piece in pieces(data):
        # UTF-16 puts a NUL beside each letter, a calendar file breaks a long line anywhere.
        for form in (piece, piece.replace(b"\0", b""), _FOLD.sub(b"", piece)):
            tokens |= set(_TOKEN.findall(form.lower()))
    by_token = {m[:6].lower().encode(): m for m in marks}
    return {by_token[t] for t in tokens if t in by_token}


def pieces(data: bytes) -> Iterator[bytes]:
    """The bytes, what is packed in them, and what stands in their data addresses."""
    yield data
    if data.startswith(_PNG):
        with Image.open(io.BytesIO(data)) as image:  # unpacks the texts that are packed
            yield str(image.info).encode()
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield "\n".join(packed.namelist()).encode()
            for name in packed.namelist():
                yield from pieces(packed.read(name))
    if data.startswith(_PARQUET):
        yield _columns(data)
    unescaped = html.unescape(data.decode("utf-8", "replace")).encode()
    if unescaped != data and b"srcdoc=" in data:
        yield from pieces(unescaped)
    for _, packed_, text in _DATA.findall(data):
        if packed_:
            try:
                yield from pieces(base64.b64decode(text, validate=True))
            except binascii.Error:
                continue
        else:
            yield unquote(text.decode("ascii", "replace")).encode()


def _columns(data: bytes) -> bytes:
    """What is packed in a Parquet file: each value, and each word of a dictionary, used or not."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(data))
    names = file.schema_arrow.names
    packed = pq.ParquetFile(io.BytesIO(data), read_dictionary=names).read()
    words = [chunk.dictionary.to_pylist() for column in packed.columns for chunk in column.chunks
             if hasattr(chunk, "dictionary")]  # fmt: skip
    return str([file.schema_arrow.metadata, words, file.read().to_pydict()]).encode()
