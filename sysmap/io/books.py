"""Workbooks (.xlsx, .xls) opened and looked at, before anybody asks what their sheets mean.

calamine reads the cells, because openpyxl is four times slower.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sysmap.core.problems import Place, Problem
from sysmap.io import compound, guards, records
from sysmap.io.guards import Inside, Limits

if TYPE_CHECKING:
    from openpyxl import Workbook
    from python_calamine import CalamineWorkbook

_STREAMS = ("Workbook", "Book")
_MOST_CELLS = 20_000_000
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})

Rows = Sequence[Sequence[object]]
Range = tuple[tuple[int, int], tuple[int, int]]


class DamagedError(Exception):
    """The parser of the workbook gave up."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one sheet.

    Parameters
    ----------
    rows
        Row by row; blank is None or an empty text; rows may differ in length.
    numbers
        By which number the user knows each row.
    left
        Columns to the left of the first cell.
    merged
        Ranges of which only the top left cell has a value.
    """

    rows: Rows
    numbers: Sequence[int]
    left: int = 0
    merged: Sequence[Range] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that was tested and can be read.

    Parameters
    ----------
    path
        The file.
    inside
        What was seen in passing while its archive was tested.
    titles, hidden
        Names of its worksheets in order, and those that the spreadsheet program hides.
    notes
        What there is to say about the file as a whole.
    """

    path: Path
    inside: Inside
    titles: tuple[str, ...]
    hidden: frozenset[str]
    notes: tuple[Problem, ...]
    _opened: CalamineWorkbook

    def cells(self, title: str) -> Cells:
        """All cells of a sheet, as far as they reach.

        Raises
        ------
        DamagedError
            If the sheet cannot be parsed.
        """
        with _Guarded():
            sheet = self._opened.get_sheet_by_name(title)
            rows = sheet.to_python()
            top, left = sheet.start or (0, 0)
            merged = sheet.merged_cell_ranges or []
        return Cells(rows, range(top + 1, top + 1 + len(rows)), left, merged)

    def sparse(self) -> Mapping[str, Cells]:
        """The sheets by name, each row up to its own last cell.

        A sheet that would fill the memory all the same is absent.

        Raises
        ------
        DamagedError
            If the workbook cannot be parsed.
        """
        found: dict[str, Cells] = {}
        try:
            book = loaded(self.path, values=True, read_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows: list[tuple[object, ...]] = []
                count = 0
                for row in sheet.iter_rows(values_only=True):
                    count += len(row)
                    if count > _MOST_CELLS:
                        break
                    rows.append(tuple(None if v in _ERRORS else v for v in row) if row else ())
                else:
                    found[sheet.title] = Cells(rows, range(1, len(rows) + 1))
            book.close()
        except Exception as error:  # openpyxl fails on odd files in many ways
            raise DamagedError from error
        return found


def opened(path: Path, start: bytes, limits: Limits) -> tuple[Book | None, Problem | None]:
    """The workbook, or why it cannot be read: E004 to E008, E014 or E015.

    Parameters
    ----------
    path
        A file that begins like a workbook.
    start
        Its first bytes.
    limits
        How much it may hold.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    if path.stat().st_size > limits.unpacked:
        return None, _too_large(path, limits)
    notes: tuple[Problem, ...] = ()
    inside = Inside()
    place = (Place(path.name),)
    if start.startswith(guards.OLE):
        fault = _ole_fault(path)
        said = "this is the old workbook format"
        notes = (Problem("N020", said, "save it as .xlsx", place),)
    else:
        inside, fault = guards.tested(path, limits)
    if fault:
        return None, fault
    try:
        with _Guarded():
            book = CalamineWorkbook.from_path(path)
            listed = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    except DamagedError:
        return None, damaged(path)
    except PermissionError:
        return None, guards.password(path)
    titles = tuple(m.name for m in listed)
    hidden = frozenset(m.name for m in listed if m.visible != SheetVisibleEnum.Visible)
    return Book(path, inside, titles, hidden, notes, book), None


def damaged(path: Path) -> Problem:
    """E004: the parser gave up."""
    return Problem(
        "E004",
        "the file is damaged",
        "open it in a spreadsheet program and save it again",
        (Place(path.name),),
    )


def stretched(file: str, title: str) -> Problem:
    """E014: a few far cells would fill the memory."""
    return Problem(
        "E014",
        f"sheet {title} is stretched by far cells over too many columns",
        "delete the cells outside the table",
        (Place(file, title),),
    )


def _out_of_sheet(path: Path) -> Problem:
    """E014: what an old workbook says of a cell would fill the memory."""
    return Problem(
        "E014",
        "a cell says that it stands in a row or column that no sheet has",
        "open it in a spreadsheet program and save it as .xlsx",
        (Place(path.name),),
    )


def loaded(path: Path, *, values: bool, read_only: bool = False) -> Workbook:
    """The workbook as openpyxl sees it, which tells errors, formulas and hidden rows apart."""
    import openpyxl

    # It warns of features of a workbook that it would lose on writing; nothing is written.
    with warnings.catch_warnings(action="ignore"):
        return openpyxl.load_workbook(path, read_only=read_only, data_only=values)


def _too_large(path: Path, limits: Limits) -> Problem:
    return Problem(
        "E008",
        f"the file has {path.stat().st_size // 1_000_000:,} MB, "
        f"limit {limits.unpacked // 1_000_000:,}",
        "split it, or raise limits",
        (Place(path.name),),
    )


def _ole_fault(path: Path) -> Problem | None:
    kind = guards.ole_kind(path)
    if kind == "xls":
        file = compound.opened(path.read_bytes())
        if file is None:
            return damaged(path)
        return _out_of_sheet(path) if records.beyond(file.stream(*_STREAMS)) else None
    if kind == "password":
        return guards.password(path)
    return Problem(
        "E006",
        f"the content is {'a ' + kind if kind else 'of an unknown kind'}, not a workbook",
        "save the tables as .xlsx",
        (Place(path.name),),
    )


class _Guarded:
    """A block in which whatever calamine raises becomes one exception of ours.

    A panic of the compiled reader is no Exception, and its class cannot be imported.
    """

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Turn the exception, if it is one of a reader that gave up."""
        from python_calamine import CalamineError, PasswordError

        if isinstance(error, PasswordError):
            raise PermissionError from error
        panic = kind is not None and kind.__name__ == "PanicException"
        if panic or isinstance(error, (CalamineError, OSError, ValueError)):
            raise DamagedError from error
