"""Sheets and CSV files of other tools as plain rows, each cell with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sysmap.core import names
from sysmap.core.problems import Place, Problem
from sysmap.core.values import plain
from sysmap.io import csvtext, flat
from sysmap.io.books import Book, Range, stretched
from sysmap.io.grids import letter
from sysmap.io.heads import Head, Options
from sysmap.io.intake import Intake

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet or CSV file as texts.

    Parameters
    ----------
    file, title
        The file, and the sheet; a CSV file has none.
    rows
        Cells as text without blanks at their ends; rows may differ in length.
    numbers
        By which number the user knows each row.
    left
        Columns to the left of the first cell.
    merged
        Ranges of which only the top left cell has a value.
    rank
        Position in the file.
    """

    file: str
    title: str
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    left: int = 0
    merged: Sequence[Range] = ()
    rank: int = 0

    def place(self, row: int, column: int | None = None) -> Place:
        """Where a cell is, or a whole row."""
        number = self.numbers[row]
        order = (self.rank, number, column or 0)
        if not self.title:
            spot = f"line {number}" if column is None else f"line {number}, column {letter(column)}"
            return Place(self.file, "", spot, order)
        at = f"{number}:{number}" if column is None else f"{letter(self.left + column)}{number}"
        return Place(self.file, self.title, at, order)

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; empty where the row is shorter."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def merges(self, below: int) -> list[Problem]:
        """W108: the merged ranges under a row of the tab; their blank cells are left blank."""
        first = self.numbers[below] if self.rows else 0
        ranges = sorted(r for r in self.merged if r[1][0] + 1 > first)
        spans = [f"{letter(a[1])}{a[0] + 1}:{letter(b[1])}{b[0] + 1}" for a, b in ranges]
        if not spans:
            return []
        cells = "cells are" if len(spans) == 1 else f"cells ({len(spans):,} ranges) are"
        said = f"{cells} merged, so only the top left one has a value"
        places = tuple(Place(self.file, self.title, span) for span in spans[:_SHOWN])
        return [Problem("W108", said, "unmerge them and fill every cell", places, len(spans))]


def tabs(head: Head, options: Options) -> tuple[list[Tab], list[Problem]]:
    """The sheets of a workbook, or the one of a CSV file; E009 to E014 where that fails.

    Raises
    ------
    DamagedError
        If a sheet cannot be parsed.
    """
    file = head.path.name
    if head.book is None:
        place = Place(file)
        text, fault = flat.text(head.path, place, options.limits, options.encoding)
        if fault:
            return [], [fault]
        rows, numbers, problems = flat.records(
            text, place, options.limits, options.separator or ","
        )
        problems = problems or _in_one_piece(rows, options.separator, place)
        return ([] if problems else [Tab(file, "", _unguarded(rows), numbers)]), problems
    return _sheets(head.book, file)


def _sheets(book: Book, file: str) -> tuple[list[Tab], list[Problem]]:
    """All sheets of a workbook, and what in them was read as blank."""
    whole = (Place(file),)
    problems = list(book.notes)
    if book.inside.errors:
        said = "the workbook holds error cells such as #N/A, which were read as blank"
        problems.append(Problem("W565", said, "mend the formulas, or type the values", whole))
    if book.inside.unresolved:
        said = "a formula has no stored result and was read as blank"
        remedy = "open the file in a spreadsheet program and save it once"
        problems.append(Problem("W110", said, remedy, whole))
    sparse = book.sparse() if book.inside.sparse else None
    found = []
    for rank, title in enumerate(book.titles):
        if sparse is not None and title not in sparse:
            return [], [*problems, stretched(file, title)]
        cells = book.cells(title) if sparse is None else sparse[title]
        rows = _texts(cells.rows)
        found.append(Tab(file, title, rows, cells.numbers, cells.left, cells.merged, rank))
    return found, problems


def columns(tab: Tab, wanted: Sequence[str], intake: Intake) -> dict[str, int]:
    """Positions by key of the header in the first row; E104 where a wanted one is missing."""
    found: dict[str, int] = {}
    for j, title in enumerate(tab.rows[0] if tab.rows else []):
        if title:
            found.setdefault(names.key(title), j)
    for name in wanted:
        if name not in found:
            said = f"column {name.capitalize()!r} is missing"
            remedy = f"add a column {name.capitalize()!r} in the first row"
            place = Place(tab.file, tab.title, "", (tab.rank, 0, 0))
            intake.tell(Problem("E104", said, remedy, (place,)))
    return found


def _texts(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return [["" if cell is None else plain(cell) for cell in row] for row in rows]


def _unguarded(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells without the apostrophe that guards text which a spreadsheet program would run."""
    return [[csvtext.unguard(cell.strip()) for cell in row] for row in rows]


def _in_one_piece(
    rows: Sequence[Sequence[str]], separator: str | None, place: Place
) -> list[Problem]:
    """E012: every row is one cell, and it holds another separator."""
    joined = [row[0] for row in rows[:25] if row]
    if not joined or any(len(row) > 1 for row in rows[:25]):
        return []
    mark = next((m for m in ";\t|," if m != separator and all(m in cell for cell in joined)), None)
    if mark is None:
        return []
    shown = "\\t" if mark == "\t" else mark
    said = "the header is in one piece and holds " + ("tabs" if mark == "\t" else repr(mark))
    return [Problem("E012", said, f'read it with separator="{shown}"', (place,))]
