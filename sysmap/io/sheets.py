"""Workbooks of sysmap: sheets that are tables.

openpyxl takes a second look, only at a workbook in which error cells, formulas without a result
or hidden rows were seen in passing, because it is four times slower than calamine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sysmap.core import files
from sysmap.core.draft import Sheet
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem
from sysmap.core.progress import Progress
from sysmap.core.schema import Schema
from sysmap.io import exports, guards, workbook
from sysmap.io.books import Book, Range, loaded, stretched
from sysmap.io.exports import Formulas
from sysmap.io.grids import Draft, Grid, letter, sheet_of, tables_among
from sysmap.io.heads import Head, Options

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Seen:
    """One sheet as read, with the row of its header."""

    sheet: Sheet
    header: int
    merged: Sequence[Range]

    @property
    def letters(self) -> set[str]:
        return set(self.sheet.letters.values())

    def place(self, cell: str, row: int = 0) -> Place:
        return Place(self.sheet.file, self.sheet.name, cell, (self.sheet.rank, row, 0))


def sniff(head: Head) -> bool:
    """Tell whether this is a workbook."""
    return head.book is not None and not head.start.startswith(guards.OLE)


def sniff_old(head: Head) -> bool:
    """Tell whether this is a workbook of the old kind."""
    return head.book is not None and head.start.startswith(guards.OLE)


def read(head: Head, options: Options) -> Draft:
    """The sheets of a workbook that are tables, and every fault that shows before the rules."""
    book, schema, file = head.book, options.schema, head.path.name
    if book is None:
        return Draft(problems=[guards.refusal(head.path, head.start)])
    places = [Place(file, title, "", (i, 0, 0)) for i, title in enumerate(book.titles)]
    named, problems = tables_among(book.titles, schema, places)
    problems = [*book.notes, *problems]
    if not named:
        return Draft(problems=[*problems, nothing_found(file, schema)])
    sparse = book.sparse() if book.inside.sparse else None
    found: list[_Seen] = []
    sheets: dict[str, Sheet] = {}
    for item in named:
        if item.name in book.hidden:
            said = f"sheet {item.name} is hidden and was read all the same"
            problems.append(Problem("N109", said, "", (places[item.rank],)))
        if sparse is not None and item.name not in sparse:
            return Draft(problems=[stretched(file, item.name)])
        cells = book.cells(item.name) if sparse is None else sparse[item.name]
        grid = Grid(item, file, cells.rows, cells.numbers, cells.left)
        sheet, header, faults = sheet_of(grid, schema)
        problems += faults
        if sheet is not None:
            sheets[item.table] = sheet
            found.append(_Seen(sheet, header, cells.merged))
    for seen in found:
        problems += _merged(seen)
    if book.inside.errors or book.inside.unresolved or book.inside.hidden:
        problems += _second_look(book, found)
    return Draft(sheets, problems)


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The tables of a map as a workbook; it holds no formula either way."""
    files.writable(path)
    data, problems = workbook.render(
        exports.filled(m), m.schema, stamp=workbook.created(m.about), title=m.title
    )
    files.write_bytes(path, data)
    return problems


def nothing_found(file: str, schema: Schema) -> Problem:
    """E002: not one table is named as a table is."""
    wanted = ", ".join([k.table for k in (*schema.nodes, *schema.links)][:8])
    return Problem(
        "E002", "no table was found", f"name the tables {wanted} and so on", (Place(file),)
    )


def _merged(seen: _Seen) -> list[Problem]:
    ranges = sorted(r for r in seen.merged if r[1][0] + 1 >= seen.header)
    spans = [f"{letter(a[1])}{a[0] + 1}:{letter(b[1])}{b[0] + 1}" for a, b in ranges]
    if not spans:
        return []
    cells = "cells are" if len(spans) == 1 else f"cells ({len(spans):,} ranges) are"
    places = [seen.place(s, r[0][0] + 1) for s, r in zip(spans, ranges, strict=True)]
    return [
        Problem(
            "W108",
            f"{cells} merged, so only the top left one has a value",
            "unmerge them and fill every cell",
            tuple(places[:_SHOWN]),
            len(spans),
        )
    ]


def _second_look(book: Book, sheets: Sequence[_Seen]) -> list[Problem]:
    """Name error cells (E111), formulas without a result (W110) and hidden rows (N109)."""
    problems: list[Problem] = []
    try:
        values = loaded(book.path, values=True)
        formulas = loaded(book.path, values=False) if book.inside.unresolved else None
        for seen in sheets:
            sheet = values[seen.sheet.name]
            problems += _errors(sheet, seen)
            if formulas is not None:
                problems += _unresolved(sheet, formulas[seen.sheet.name], seen)
            if book.inside.hidden:
                problems += _hidden(sheet, seen)
    except Exception:  # noqa: BLE001 - what calamine read stands; openpyxl fails on odd files
        return _untold(book)
    return problems


def _untold(book: Book) -> list[Problem]:
    """E111 and W110 of a workbook in which their cells cannot be named."""
    place = (Place(book.path.name),)
    found = []
    if book.inside.errors:
        said = "cells hold an error such as #REF!, and which they are cannot be told"
        remedy = "save it anew in a spreadsheet program, then mend the formulas"
        found.append(Problem("E111", said, remedy, place))
    if book.inside.unresolved:
        said = "formulas may have no stored result, and were then read as blank"
        remedy = "open the file in a spreadsheet program and save it once"
        found.append(Problem("W110", said, remedy, place))
    return found


def _errors(sheet: Worksheet, seen: _Seen) -> list[Problem]:
    kinds: dict[str, list[Place]] = {}
    for row in sheet.iter_rows(min_row=seen.header, max_col=_last(seen)):
        for cell in row:
            if cell.data_type == "e" and cell.column_letter in seen.letters:
                kinds.setdefault(str(cell.value), []).append(_place(seen, cell.row, cell.column))
    return [
        Problem(
            "E111",
            f"the cell holds the error {kind}",
            "mend the formula, or type the value",
            tuple(places[:_SHOWN]),
            len(places),
        )
        for kind, places in sorted(kinds.items())
    ]


def _unresolved(sheet: Worksheet, formulas: Worksheet, seen: _Seen) -> list[Problem]:
    places = [
        _place(seen, cell.row, cell.column)
        for row in formulas.iter_rows(min_row=seen.header, max_col=_last(seen))
        for cell in row
        if cell.data_type == "f"
        and cell.column_letter in seen.letters
        and sheet.cell(cell.row, cell.column).value is None
    ]
    if not places:
        return []
    return [
        Problem(
            "W110",
            "a formula has no stored result and was read as blank",
            "open the file in a spreadsheet program and save it once",
            tuple(places[:_SHOWN]),
            len(places),
        )
    ]


def _hidden(sheet: Worksheet, seen: _Seen) -> list[Problem]:
    rows = [r for r, d in sorted(sheet.row_dimensions.items()) if d.hidden and r >= seen.header]
    columns = [
        letter(i - 1)
        for _, d in sorted(sheet.column_dimensions.items())
        if d.hidden
        for i in range(d.min, min(d.max, _last(seen)) + 1)
    ]
    problems = []
    for word, spots in (("row", [str(r) for r in rows]), ("column", columns)):
        if spots:
            several = f"{len(spots):,} {word}s are" if len(spots) > 1 else f"{word} {spots[0]} is"
            problems.append(
                Problem(
                    "N109",
                    f"{several} hidden and read all the same",
                    "",
                    tuple(seen.place(f"{s}:{s}") for s in spots[:_SHOWN]),
                    len(spots),
                )
            )
    return problems


def _place(seen: _Seen, row: int, column: int) -> Place:
    # Faults of one row are ordered by the position of the column in the table.
    spots: Mapping[str, int] = {at: i for i, at in enumerate(seen.sheet.letters.values())}
    at = letter(column - 1)
    order = (seen.sheet.rank, row, spots.get(at, column))
    return Place(seen.sheet.file, seen.sheet.name, f"{at}{row}", order)


def _last(seen: _Seen) -> int:
    """Number of the last column of the table, from 1."""
    return max((guards.column_number(at.encode()) for at in seen.letters), default=1)
