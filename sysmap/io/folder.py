"""A folder of CSV files, with or without a descriptor, into sheets."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from sysmap.core import names
from sysmap.core.draft import Sheet
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import Schema
from sysmap.core.values import LONGEST_CELL
from sysmap.io import guards
from sysmap.io.grids import ANSWERS, Draft, Grid, Named, header_at, sheet_of, tables_among
from sysmap.io.guards import Limits
from sysmap.io.sheets import nothing_found

DESCRIPTOR = "datapackage.json"
"""The file of a data package that says what the other files hold."""

_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_BARE = ("choice", "integer", "date", "question")
_NUMBERS = ("number", "integer")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _File:
    """One CSV file: its path, the name of its table and the types that the descriptor gives."""

    path: Path
    title: str
    types: Mapping[str, str] | None = None


def sniff(path: Path) -> bool:
    """Tell whether this may be a folder of tables."""
    return path.is_dir()


def read(
    path: Path, schema: Schema, limits: Limits, encoding: str | None, separator: str | None
) -> Draft:
    """The CSV files of a folder that are tables, and every fault that shows before the rules."""
    files, problems = _described(path)
    listed = {file.path.resolve() for file in files}
    beside = [f for f in sorted(path.glob("*.csv")) if f.resolve() not in listed]
    if files and beside:
        problems.append(
            Problem(
                "N021",
                f"{beside[0].name} is not in {DESCRIPTOR} and was read all the same",
                "",
                tuple(Place(f"{path.name}/{f.name}") for f in beside[:_SHOWN]),
                len(beside),
            )
        )
    files = sorted([*files, *(_File(f, f.stem) for f in beside)], key=lambda f: f.path.name)
    if len(files) > limits.members:
        return Draft(
            problems=[
                Problem(
                    "E014",
                    f"the folder has {len(files):,} tables, limit {limits.members:,}",
                    "give a folder that holds one map, or raise limits",
                    (Place(path.name),),
                )
            ]
        )
    places = [Place(_label(path, f), "", "", (i, 0, 0)) for i, f in enumerate(files)]
    named, found = tables_among([f.title for f in files], schema, places)
    problems += found
    if not named and all(p.level != "error" for p in problems):
        problems.append(nothing_found(path.name, schema))
    sheets: dict[str, Sheet] = {}
    for item in named:
        file = files[item.rank]
        sheet, found = _table(file, item, _label(path, file), schema, limits, encoding, separator)
        problems += found
        if sheet is not None:
            sheets[item.table] = sheet
    return Draft(sheets, problems)


def _label(folder: Path, file: _File) -> str:
    return f"{folder.name}/{file.path.relative_to(folder).as_posix()}"


def _described(folder: Path) -> tuple[list[_File], list[Problem]]:
    """The files that the descriptor names; E001, E017 or E018 where it is wrong."""
    source = folder / DESCRIPTOR
    if not source.is_file():
        return [], []
    label = f"{folder.name}/{DESCRIPTOR}"
    try:
        described = json.loads(source.read_text("utf-8-sig"))
    except json.JSONDecodeError as error:
        where = Place(label, "", f"line {error.lineno}, column {error.colno}")
        return [], [Problem("E017", f"this is no JSON: {error.msg}", "mend or delete it", (where,))]
    except (UnicodeDecodeError, RecursionError):
        return [], [Problem("E017", "this is no JSON", "mend or delete it", (Place(label),))]
    resources = described.get("resources") if isinstance(described, dict) else None
    if not isinstance(resources, list):
        return [], [
            Problem("E017", "resources is no list", "mend or delete the file", (Place(label),))
        ]
    files: list[_File] = []
    problems: list[Problem] = []
    for i, resource in enumerate(resources):
        entry = resource if isinstance(resource, dict) else {}
        where = Place(label, "", f"resources[{i}].path", (-1, i, 0))
        relative = entry.get("path")
        path = guards.contained(folder, relative)
        if path is None:
            problems.append(
                Problem(
                    "E018",
                    f"path {shown(relative)!r} is no plain path inside the folder",
                    "write the name of a file of this folder, such as elements.csv",
                    (where,),
                )
            )
        elif not path.is_file():
            problems.append(
                Problem(
                    "E001",
                    f"file {shown(relative)} does not exist",
                    "add it, or delete the entry",
                    (where,),
                )
            )
        else:
            title = entry.get("name")
            files.append(_File(path, title if isinstance(title, str) else path.stem, _types(entry)))
    return files, problems


def _types(resource: Mapping[str, object]) -> dict[str, str]:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return {
        str(f["name"]): str(f.get("type", "string"))
        for f in (fields if isinstance(fields, list) else [])
        if isinstance(f, dict) and "name" in f
    }


def _table(
    file: _File,
    named: Named,
    label: str,
    schema: Schema,
    limits: Limits,
    encoding: str | None,
    separator: str | None,
) -> tuple[Sheet | None, list[Problem]]:
    place = Place(label, "", "", (named.rank, 0, 0))
    text, fault = _text(file.path, place, limits, encoding)
    if fault:
        return None, [fault]
    rows, numbers, problems = _records(text, place, limits, separator or ",")
    if problems:
        return None, problems
    at = header_at(rows, named.table, schema)
    if at is not None:
        problems = _shape(rows, numbers, at, place, limits, separator)
        if problems:
            return None, problems
    sheet, _, problems = sheet_of(Grid(named, label, rows, numbers, word="line"), schema)
    if sheet is None:
        return None, problems
    if file.types:
        problems += _compared(sheet, file.types, place)
    return _unguarded(sheet, schema, file.types or {}), problems


def _text(
    path: Path, place: Place, limits: Limits, encoding: str | None
) -> tuple[str, Problem | None]:
    """The decoded file; E010 if it is not in the encoding, E014 if a line is too long."""
    size = path.stat().st_size
    if size > limits.unpacked:
        return "", Problem(
            "E014",
            f"the file has {size // 1_000_000:,} MB, limit {limits.unpacked // 1_000_000:,}",
            "split it, or raise limits",
            (place,),
        )
    data = path.read_bytes()
    choose = "in Excel choose CSV UTF-8, or give encoding="
    if encoding is None and data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "", Problem("E010", "the file is saved as UTF-16, not UTF-8", choose, (place,))
    if encoding is None and data[:4096].count(0) > len(data[:4096]) // 4:
        return "", Problem("E010", "the file is no text in UTF-8", choose, (place,))
    if data.startswith((guards.ZIP, guards.OLE)):
        return "", Problem(
            "E006",
            "the name ends in .csv, but the content is a workbook",
            "give the workbook itself, or save the sheet as CSV UTF-8",
            (place,),
        )
    longest = max((len(line) for line in data.splitlines()), default=0)
    if longest > limits.line:
        return "", Problem(
            "E014",
            f"a line has {longest:,} bytes, limit {limits.line:,}",
            "check the line breaks, or raise limits",
            (place,),
        )
    try:
        return data.decode(encoding or "utf-8-sig").removeprefix("\ufeff"), None
    except UnicodeDecodeError as error:
        at = replace(place, cell=f"line {data.count(10, 0, error.start) + 1}")
        said = encoding or "UTF-8; was it saved as Windows-1252 or UTF-16?"
        return "", Problem("E010", f"the file is not in {said}", choose, (at,))


def _records(
    text: str, place: Place, limits: Limits, separator: str
) -> tuple[list[list[str]], list[int], list[Problem]]:
    """Rows of cells with the line on which each begins; E009, E013 or E014 where that fails."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    begins = 1
    try:
        for row in reader:
            if len(row) > limits.columns:
                return [], [], [_too_wide(len(row), begins, place, limits)]
            rows.append(row)
            numbers.append(begins)
            begins = reader.line_num + 1
            if len(rows) > limits.rows:
                return (
                    [],
                    [],
                    [
                        Problem(
                            "E014",
                            f"the file has more than {limits.rows:,} rows",
                            "split it, or raise limits",
                            (place,),
                        )
                    ],
                )
    except csv.Error as error:
        return [], [], [_torn(str(error), lines, begins, reader.line_num, place)]
    return rows, numbers, []


def _too_wide(width: int, line: int, place: Place, limits: Limits) -> Problem:
    at = replace(place, cell=f"line {line}", order=(place.order[0], line, 0))
    return Problem(
        "E014",
        f"the line has {width:,} cells, limit {limits.columns:,}",
        "check the separator, or raise limits",
        (at,),
    )


def _torn(error: str, lines: Sequence[str], begins: int, ends: int, place: Place) -> Problem:
    opened, is_open = begins, False
    for number in range(begins, min(ends, len(lines)) + 1):
        if lines[number - 1].count('"') % 2:
            is_open = not is_open
            opened = number if is_open else opened
    at = replace(place, cell=f"line {opened}", order=(place.order[0], opened, 0))
    if "field larger" in error and ends == begins:
        return Problem(
            "E009",
            f"a cell has more than {csv.field_size_limit():,} characters",
            f"keep it under {LONGEST_CELL:,}",
            (at,),
        )
    if "field larger" in error or "end of data" in error:
        return Problem("E013", "a quote opens here and is never closed", 'add the closing "', (at,))
    return Problem(
        "E013", "a quote stands inside a cell", "write it twice, and the cell between quotes", (at,)
    )


def _shape(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    at: int,
    place: Place,
    limits: Limits,
    separator: str | None,
) -> list[Problem]:
    """E012 if the header is in one piece; E011 for rows that are shorter or longer than it."""
    header = rows[at]
    if len(header) == 1:
        other = next((mark for mark in ";\t|," if mark in header[0] and mark != separator), None)
        if other:
            mark = "\\t" if other == "\t" else other
            line = replace(place, cell=f"line {numbers[at]}")
            return [
                Problem(
                    "E012",
                    f"the header is in one piece and holds {mark!r}"
                    if other != "\t"
                    else "the header is in one piece and holds tabs",
                    f'read it with separator="{mark}"',
                    (line,),
                )
            ]
    wrong: dict[int, list[int]] = {}
    for row, number in zip(rows[at + 1 :], numbers[at + 1 :], strict=True):
        if len(row) != len(header) and any(row):
            wrong.setdefault(len(row), []).append(number)
    return [
        Problem(
            "E011",
            f"the line has {count} cells, the header {len(header)}",
            "add or delete separators, or put quotes around text that holds one",
            tuple(
                replace(place, cell=f"line {n}", order=(place.order[0], n, 0))
                for n in lines[:_SHOWN]
            ),
            len(lines),
        )
        for count, lines in sorted(wrong.items())
    ]


def _compared(sheet: Sheet, types: Mapping[str, str], place: Place) -> list[Problem]:
    here, there = {str(c) for c in sheet.frame.columns}, set(types)
    differ = [*sorted(here - there), *sorted(there - here)]
    if not differ:
        return []
    return [
        Problem(
            "N022",
            f"{DESCRIPTOR} and the header differ in {shown(', '.join(differ))}; the header decides",
            "",
            (place,),
        )
    ]


def _unguarded(sheet: Sheet, schema: Schema, types: Mapping[str, str]) -> Sheet:
    """Take one apostrophe off guarded text, and make unknown columns of numbers numbers."""
    columns = []
    for position, title in enumerate(map(str, sheet.frame.columns)):
        cells = sheet.frame.iloc[:, position]
        kind = None if sheet.table == ANSWERS else schema[sheet.table].column(names.header(title))
        if kind is None and types.get(title) in _NUMBERS and sheet.table != ANSWERS:
            cells = _numbers(cells)
        elif kind is None or kind.kind not in _BARE:
            cells = cells.map(_without_guard, na_action="ignore")
        columns.append(cells.astype(object).where(cells.notna(), None))
    frame = pd.concat(columns, axis=1) if columns else sheet.frame
    return replace(sheet, frame=frame.set_axis(sheet.frame.columns, axis=1))


def _without_guard(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _numbers(cells: pd.Series) -> pd.Series:
    try:
        return cells.map(float, na_action="ignore")
    except ValueError:
        return cells
