"""Workbooks (.xlsx, .xls) into sheets.

calamine reads the cells. openpyxl takes a second look, only at a workbook in which error cells,
formulas without a result or hidden rows were seen in passing, because it is four times slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sysmap.core.draft import Sheet
from sysmap.core.problems import Place, Problem
from sysmap.core.schema import Schema
from sysmap.io import guards
from sysmap.io.grids import Draft, Grid, Named, letter, sheet_of, tables_among
from sysmap.io.guards import Inside, Limits

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet
    from python_calamine import CalamineWorkbook

_SHOWN = 3
_MOST_CELLS = 20_000_000
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


class _DamagedError(Exception):
    """The parser of the workbook gave up."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One sheet as read, with the row of its header."""

    sheet: Sheet
    header: int
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]

    @property
    def letters(self) -> set[str]:
        return set(self.sheet.letters.values())

    def place(self, cell: str, row: int = 0) -> Place:
        return Place(self.sheet.file, self.sheet.name, cell, (self.sheet.rank, row, 0))


def sniff(head: bytes) -> bool:
    """Tell by the first bytes whether this may be a workbook."""
    return head.startswith((guards.ZIP, guards.OLE))


def read(path: Path, schema: Schema, limits: Limits) -> Draft:
    """The sheets of a workbook that are tables, and every fault that shows before the rules.

    A file that is no workbook, damaged, protected or too large gives a draft without sheets.
    """
    notes: list[Problem] = []
    inside = Inside()
    if path.stat().st_size > limits.unpacked:
        return Draft(problems=[_too_large(path, limits)])
    if guards.head_of(path).startswith(guards.OLE):
        fault = _ole_fault(path)
        notes = [
            Problem(
                "N020", "this is the old workbook format", "save it as .xlsx", (Place(path.name),)
            )
        ]
    else:
        inside, fault = guards.tested(path, limits)
    if fault:
        return Draft(problems=[fault])
    try:
        return _sheets(path, schema, inside, notes)
    except _DamagedError:
        damaged = Problem(
            "E004",
            "the file is damaged",
            "open it in a spreadsheet program and save it again",
            (Place(path.name),),
        )
        return Draft(problems=[damaged])
    except PermissionError:
        return Draft(problems=[guards.password(path)])


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
        return None
    if kind == "password":
        return guards.password(path)
    return Problem(
        "E006",
        f"the content is {'a ' + kind if kind else 'of an unknown kind'}, not a workbook",
        "save the tables as .xlsx",
        (Place(path.name),),
    )


@contextmanager
def _guarded() -> Iterator[None]:
    """Turn what calamine raises, its panics included, into one exception of ours."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise PermissionError from error
    except (CalamineError, OSError, ValueError) as error:
        raise _DamagedError from error
    except BaseException as error:
        # A panic of the compiled reader is no Exception and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _DamagedError from error


def _sheets(path: Path, schema: Schema, inside: Inside, notes: Sequence[Problem]) -> Draft:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with _guarded():
        book = CalamineWorkbook.from_path(path)
        listed = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    places = [Place(path.name, m.name, "", (i, 0, 0)) for i, m in enumerate(listed)]
    named, problems = tables_among([m.name for m in listed], schema, places)
    problems = [*notes, *problems]
    if not named:
        return Draft(problems=[*problems, nothing_found(path.name, schema)])
    cells = _sparse(path) if inside.sparse else {}
    read_: list[_Seen] = []
    sheets: dict[str, Sheet] = {}
    for item in named:
        if listed[item.rank].visible != SheetVisibleEnum.Visible:
            problems.append(
                Problem(
                    "N109",
                    f"sheet {item.name} is hidden and was read all the same",
                    "",
                    (places[item.rank],),
                )
            )
        if inside.sparse and item.name not in cells:
            return Draft(problems=[_stretched(path, item)])
        grid, merged = _grid(book, path, item, cells.get(item.name))
        sheet, header, found = sheet_of(grid, schema)
        problems += found
        if sheet is not None:
            sheets[item.table] = sheet
            read_.append(_Seen(sheet, header, merged))
    for seen in read_:
        problems += _merged(seen)
    if inside.errors or inside.unresolved or inside.hidden:
        problems += _second_look(path, inside, read_)
    return Draft(sheets, problems)


def nothing_found(file: str, schema: Schema) -> Problem:
    """E002: not one table is named as a table is."""
    wanted = ", ".join([k.table for k in (*schema.nodes, *schema.links)][:8])
    return Problem(
        "E002", "no table was found", f"name the tables {wanted} and so on", (Place(file),)
    )


def _grid(
    book: CalamineWorkbook, path: Path, item: Named, sparse: list[tuple[object, ...]] | None
) -> tuple[Grid, Sequence[tuple[tuple[int, int], tuple[int, int]]]]:
    if sparse is not None:
        return Grid(item, path.name, sparse, range(1, len(sparse) + 1)), ()
    with _guarded():
        sheet = book.get_sheet_by_name(item.name)
        rows = sheet.to_python()
        top, left = sheet.start or (0, 0)
        merged = sheet.merged_cell_ranges or []
    return Grid(item, path.name, rows, range(top + 1, top + 1 + len(rows)), left), merged


def _stretched(path: Path, item: Named) -> Problem:
    return Problem(
        "E014",
        f"sheet {item.name} is stretched by far cells over too many columns",
        "delete the cells outside the table",
        (Place(path.name, item.name),),
    )


def _sparse(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Rows up to their own last cell; a sheet that would fill the memory all the same is absent."""
    import openpyxl

    found: dict[str, list[tuple[object, ...]]] = {}
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
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
                found[sheet.title] = rows
        book.close()
    except Exception as error:  # openpyxl fails on odd files in many ways
        raise _DamagedError from error
    return found


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


def _second_look(path: Path, inside: Inside, sheets: Sequence[_Seen]) -> list[Problem]:
    """Name error cells (E111), formulas without a result (W110) and hidden rows (N109)."""
    import openpyxl

    problems: list[Problem] = []
    try:
        values = openpyxl.load_workbook(path, data_only=True)
        formulas = openpyxl.load_workbook(path) if inside.unresolved else None
        for seen in sheets:
            sheet = values[seen.sheet.name]
            problems += _errors(sheet, seen)
            if formulas is not None:
                problems += _unresolved(sheet, formulas[seen.sheet.name], seen)
            if inside.hidden:
                problems += _hidden(sheet, seen)
    except Exception:  # noqa: BLE001 - what calamine read stands; openpyxl fails on odd files
        return []
    return problems


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
    return max((_number(at) for at in seen.letters), default=1)


def _number(letters: str) -> int:
    number = 0
    for at in letters:
        number = number * 26 + ord(at) - 64
    return number
