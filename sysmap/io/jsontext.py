"""JSON of sysmap: the whole map in one text file, and the strict parser of all JSON files."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from sysmap.core import files
from sysmap.core.draft import Sheet, table_named, unknown_table
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.progress import Progress
from sysmap.core.schema import ABOUT, Schema, TableType
from sysmap.io import exports
from sysmap.io.exports import Formulas
from sysmap.io.grids import ANSWERS, Draft
from sysmap.io.heads import Head, Options

VERSION = 1
"""The major version of the form; a reader refuses any other."""

DEEPEST = 100
"""How deep lists and objects may be nested."""

_DIGITS = 4300
"""The most digits of a number: Python reads no longer one, because the time grows faster."""

_OURS = re.compile(r'"sysmap"\s*:\s*\d')
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_CHOOSE = "save it as UTF-8"
_ENDLESS = {"INF": math.inf, "-INF": -math.inf}


def sniff(head: Head) -> bool:
    """Tell whether this is an object with the key ``sysmap``."""
    return head.text.startswith("{") and _OURS.search(head.text) is not None


def read(head: Head, options: Options) -> Draft:
    """The tables of a JSON file, and every fault that shows before the rules."""
    file = head.path.name
    content, fault = parsed(head.path, options)
    if fault:
        return Draft(problems=[fault])
    found = content if isinstance(content, dict) else {}
    if "sysmap" not in found:
        return _refused(file, "", "the key 'sysmap' is missing", "give a file that sysmap wrote")
    if found["sysmap"] != VERSION or isinstance(found["sysmap"], bool):
        said = f"version {shown(found['sysmap'])} is not read"
        return _refused(file, "sysmap", said, f"write version {VERSION}, or take a newer sysmap")
    tables = found.get("tables", {})
    if not isinstance(tables, dict) or not isinstance(found.get("about", {}), dict):
        return _refused(file, "tables", "tables and about are no objects", "mend or delete them")
    draft = Draft()
    declared = found.get("columns", {})
    pairs = [{"key": key, "value": value} for key, value in found.get("about", {}).items()]
    listed = [*tables.items(), *([(ABOUT, pairs)] if pairs else [])]
    for rank, (title, rows) in enumerate(listed):
        at = "about" if rows is pairs else f"tables.{title}"
        own = declared.get(title, {}) if isinstance(declared, dict) else {}
        _table(draft, (title, at, rank), rows, own if isinstance(own, dict) else {}, head, options)
    return draft


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The whole map as JSON; equal maps give equal bytes."""
    files.writable(path)
    frames = exports.filled(m)
    about = frames.pop(ABOUT, None)
    content: dict[str, object] = {"sysmap": VERSION}
    if about is not None and list(about.columns) == list(m.schema[ABOUT].names):
        cells = (about[c].astype(object).where(about[c].notna(), None) for c in about.columns)
        content["about"] = dict(zip(*cells, strict=True))
    elif about is not None:
        frames[ABOUT] = about
    own = {table: _declared(frame, m.schema[table]) for table, frame in frames.items()}
    content["columns"] = {table: columns for table, columns in own.items() if columns}
    content["tables"] = {table: _rows(f, m.schema[table]) for table, f in frames.items()}
    kept = {key: value for key, value in content.items() if value != {} or key == "tables"}
    text = json.dumps(kept, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    files.write_bytes(path, text.encode())
    return []


def parsed(path: Path, options: Options) -> tuple[object, Problem | None]:
    """What a JSON file holds; E010, E014 or E017 where it is no JSON as the standard has it.

    Two equal keys of one object, ``NaN``, ``Infinity`` and nesting over 100 levels are refused.
    """
    place = Place(path.name)
    size, most = path.stat().st_size, options.limits.unpacked
    if size > most:
        said = f"the file has {size // 1_000_000:,} MB, limit {most // 1_000_000:,}"
        return None, Problem("E014", said, "split it, or raise limits", (place,))
    try:
        text = path.read_bytes().decode(options.encoding or "utf-8-sig")
    except UnicodeDecodeError:
        return None, Problem("E010", "the file is not in UTF-8", _CHOOSE, (place,))
    return decoded(text, place)


def decoded(text: str, place: Place) -> tuple[object, Problem | None]:
    """What a JSON text holds, or the fault E017 with line and column."""
    if _is_deep(text):
        said = f"lists and objects are nested deeper than {DEEPEST} levels"
        return None, Problem("E017", said, "no map needs that; ask where it came from", (place,))
    try:
        strict = partial(
            json.loads, object_pairs_hook=_unique, parse_constant=_constant, parse_int=_whole
        )
        return strict(text), None
    except json.JSONDecodeError as error:
        at = Place(place.file, "", f"line {error.lineno}, column {error.colno}")
        said = f"this is no JSON: {error.msg}"
        return None, Problem("E017", said, "mend it, or write it again", (at,))
    except ValueError as error:
        said = f"this is no JSON: {error}"
        return None, Problem("E017", said, "mend it, or write it again", (place,))


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(k for i, (k, _) in enumerate(pairs) if k in {key for key, _ in pairs[:i]})
        raise ValueError(f"key {shown(twice)!r} stands twice in one object")
    return found


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise ValueError(f"a number has {len(digits):,} digits, limit {_DIGITS:,}")
    return int(digits)


def _constant(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")


def _is_deep(text: str) -> bool:
    """Tell whether nesting is too deep, without parsing and no further than to that place."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for mark in _MARKS.finditer(text.encode(errors="replace")):
        if mark[0] in (b"[", b"{"):
            depth += 1
            if depth > DEEPEST:
                return True
        elif mark[0] in (b"]", b"}"):
            depth -= 1
    return False


def _table(
    draft: Draft,
    named: tuple[str, str, int],
    rows: object,
    declared: Mapping[str, object],
    head: Head,
    options: Options,
) -> None:
    """Add one table to a draft, or tell what is wrong with it."""
    title, at, rank = named
    file = head.path.name
    whole = Place(file, "", at, (rank, 0, 0))
    table = title if title == ANSWERS else table_named(title, options.schema)[0]
    if table != title:
        draft.problems.append(unknown_table(title, whole))
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        said = "the table is no list of objects"
        draft.problems.append(Problem("E017", said, "write one object for each row", (whole,)))
        return
    columns = _columns(rows, table, declared, options.schema)
    cells = {c: [_cell(row.get(c), declared.get(c)) for row in rows] for c in columns}
    frame = pd.DataFrame(cells, columns=pd.Index(columns, dtype=object), dtype=object)

    def origin(position: int, column: str) -> Place:
        spot = f"{at}.{rows[position].get('key')}" if at == "about" else f"{at}[{position}]"
        dot = f".{column}" if column and at != "about" else ""
        return Place(file, "", f"{spot}{dot}", (rank, position, 0))

    draft.sheets[table] = Sheet(
        table, frame, np.arange(len(rows)), file, "", rank=rank, word="line", origin=origin
    )


def _columns(
    rows: Sequence[Mapping[str, object]], table: str, declared: Mapping[str, object], schema: Schema
) -> list[str]:
    used = dict.fromkeys(key for row in rows for key in row)
    known = [] if table == ANSWERS else [c for c in schema[table].names if c in used]
    own = [c for c in (*declared, *used) if c not in known]
    # A row that says nothing of a required column is told cell by cell, as in a workbook.
    required = () if table == ANSWERS else schema[table].required
    return list(dict.fromkeys((*known, *required, *own)))


def _cell(cell: object, declared: object) -> object:
    return _ENDLESS.get(cell, cell) if declared == "number" and isinstance(cell, str) else cell


def _refused(file: str, at: str, said: str, remedy: str) -> Draft:
    return Draft(problems=[Problem("E017", said, remedy, (Place(file, "", at),))])


def _declared(frame: pd.DataFrame, kind: TableType) -> dict[str, str]:
    """The columns that the schema does not list, so that blank ones and their order survive."""
    return {
        str(c): "number" if pd.api.types.is_numeric_dtype(frame[c]) else "string"
        for c in frame.columns
        if kind.column(str(c)) is None
    }


def _rows(frame: pd.DataFrame, kind: TableType) -> list[dict[str, object]]:
    known = [c for c in kind.names if c in frame.columns]
    columns = [*known, *(str(c) for c in frame.columns if c not in known)]
    cells = [frame[c].astype(object).where(frame[c].notna(), None).tolist() for c in columns]
    return [
        {c: _plain(v) for c, v in zip(columns, row, strict=True) if v is not None}
        for row in zip(*cells, strict=True)
    ]


def _plain(value: object) -> object:
    """A cell as JSON has it; whole numbers have no point, and endless ones are words."""
    if not isinstance(value, float):
        return int(value) if isinstance(value, np.integer) else value
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return int(value) if value.is_integer() and abs(value) < 1e15 else value
