"""From cells as a file holds them to sheets: which table, which header row, what lies outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from types import MappingProxyType

import numpy as np
import pandas as pd

from sysmap.core import names
from sysmap.core.draft import (
    Sheet,
    doubled_table,
    respelled_table,
    table_named,
    unknown_table,
)
from sysmap.core.problems import Place, Problem
from sysmap.core.schema import PUBLIC, Schema
from sysmap.core.values import plain

ANSWERS = "answers"
"""The wide form: no table of the schema, but a sheet that a file may hold."""

FORM = ("source", "question", "organization", "context")
"""The columns with which a row of the wide form begins."""

_SILENT = frozenset({"readme", "read_me", "lists"})
_HEADER_WITHIN = 25
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A sheet or file that is a table: its name in the file, its table and its position."""

    name: str
    table: str
    rank: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one sheet or file.

    Parameters
    ----------
    named
        Which table it is.
    file
        The file as the user sees it.
    rows
        Cells; blank is None or an empty text; rows may differ in length.
    numbers
        By which number the user knows each row.
    left
        Columns to the left of the first cell.
    word
        ``line`` in a text file, where columns have no letters; else ``row``.
    """

    named: Named
    file: str
    rows: Sequence[Sequence[object]]
    numbers: Sequence[int]
    left: int = 0
    word: str = "row"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file holds before the rules.

    Parameters
    ----------
    sheets
        By table, the wide form among them.
    problems
        The faults so far.
    lost
        True if a table is there that could not be read, so that what refers to it looks wrong.
    """

    sheets: dict[str, Sheet] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lost: bool = False


def letter(index: int) -> str:
    """The letters of a column, counted from zero.

    Examples
    --------
    >>> letter(0), letter(25), letter(26), letter(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    text, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(65 + digit) + text
    return text


def tables_among(
    titles: Iterable[str], schema: Schema, places: Iterable[Place]
) -> tuple[list[Named], list[Problem]]:
    """Tell which sheets or files are tables: exact, respelled (W102), unknown (N101), twice (E113).

    Sheets named README or lists, or with ``(ignore)`` in the name, are passed over.
    """
    found: dict[str, Named] = {}
    problems: list[Problem] = []
    for rank, (title, place) in enumerate(zip(titles, places, strict=True)):
        wanted = names.header(title)
        if "(ignore)" in names.key(title) or wanted in _SILENT:
            continue
        table, respelled = table_named(title, schema)
        if table is None and (wanted == ANSWERS or names.near(wanted, [ANSWERS])):
            table, respelled = ANSWERS, None if title == ANSWERS else ANSWERS
        if table is None:
            problems.append(unknown_table(title, place))
        elif table in found:
            problems.append(doubled_table(title, table, place))
        else:
            found[table] = Named(title, table, rank)
            if respelled:
                problems.append(respelled_table(title, table, place))
    return list(found.values()), problems


def header_at(rows: Sequence[Sequence[object]], table: str, schema: Schema) -> int | None:
    """Position of the header: the first row that holds all required names, else the likeliest.

    The likeliest is the one with most known names, at least two, else the first filled one.
    """
    required, known = _wanted(table, schema)
    best, most, first = None, 1, None
    for i, row in enumerate(rows[:_HEADER_WITHIN]):
        keys = {names.header(plain(cell)) for cell in row if not _blank(cell)}
        if keys and first is None:
            first = i
        if keys and required <= keys:
            return i
        if len(keys & known) > most:
            best, most = i, len(keys & known)
    if first is None:
        first = next((i for i, row in enumerate(rows) if not all(map(_blank, row))), None)
    return best if best is not None else first


def sheet_of(grid: Grid, schema: Schema) -> tuple[Sheet | None, int, list[Problem]]:
    """Cut the table out of its cells.

    Returns
    -------
    tuple
        The sheet, None if it has no header (W103); the number of its header row; and the faults:
        titles above it (N106) and cells outside it (N112).
    """
    at = header_at(grid.rows, grid.named.table, schema)
    name = "" if grid.word == "line" else grid.named.name
    whole = Place(grid.file, name, "", (grid.named.rank, 0, 0))
    if at is None:
        return (
            None,
            0,
            [
                Problem(
                    "W103",
                    f"sheet {grid.named.name} is empty: no header",
                    "fill or delete it",
                    (whole,),
                )
            ],
        )
    header = grid.rows[at]
    kept = [j for j, cell in enumerate(header) if not _blank(cell)]
    preset = _preset(header, grid.named.table, schema)
    body = [i for i in range(at + 1, len(grid.rows)) if _begun(grid.rows[i], preset)]
    titles = [plain(header[j]) for j in kept]
    columns = list(zip_longest(*(grid.rows[i] for i in body)))
    cells = {k: _filled(columns[j]) for k, j in enumerate(kept) if j < len(columns)}
    frame = pd.DataFrame(cells, index=range(len(body)), columns=range(len(kept)), dtype=object)
    numbers = np.array([grid.numbers[i] for i in body], dtype=np.int64)
    problems = []
    if any(not all(map(_blank, row)) for row in grid.rows[:at]):
        problems.append(
            Problem("N106", f"the header was found in {grid.word} {grid.numbers[at]}", "", (whole,))
        )
    stray, full = _outside(grid, at, body, set(kept))
    problems += stray
    letters = (
        {}
        if grid.word == "line"
        else {title: letter(grid.left + j) for title, j in zip(titles, kept, strict=True)}
    )
    inside = [k for k, i in enumerate(body) if i not in full]
    sheet = Sheet(
        grid.named.table,
        frame.iloc[inside].reset_index(drop=True).set_axis(titles, axis=1),
        numbers[inside],
        grid.file,
        name,
        MappingProxyType(letters),
        grid.named.rank,
        grid.word,
    )
    return sheet, grid.numbers[at], problems


def _preset(header: Sequence[object], table: str, schema: Schema) -> tuple[int, str]:
    """Where the template fills a cell of rows that nobody began, and with what; -1 is nowhere."""
    kind = next((kind for kind in schema.links if kind.table == table), None)
    if kind is None or kind.visibility == PUBLIC:
        return -1, ""
    keys = [names.header(plain(cell)) for cell in header]
    return (keys.index("visibility") if "visibility" in keys else -1), kind.visibility


def _begun(row: Sequence[object], preset: tuple[int, str]) -> bool:
    """Whether a row holds anything but blanks and what the template wrote into it."""
    at, word = preset
    if at < 0 or at >= len(row) or plain(row[at]) != word:
        return not all(map(_blank, row))
    return not all(_blank(cell) for j, cell in enumerate(row) if j != at)


def _wanted(table: str, schema: Schema) -> tuple[set[str], set[str]]:
    if table == ANSWERS:
        return {"source", "question"}, set(FORM)
    kind = schema[table]
    required = {c.name for c in kind.columns if c.required and not c.unless}
    return required, set(kind.names)


def _outside(
    grid: Grid, at: int, body: Sequence[int], kept: set[int]
) -> tuple[list[Problem], set[int]]:
    """Cells under no header, and the rows that hold nothing else."""
    places: list[Place] = []
    count, empty = 0, set()
    width = max(kept) + 1
    gaps = set(range(width)) - kept
    for i in body:
        row = grid.rows[i]
        if len(row) <= width and not gaps:
            continue
        strays = [
            j
            for j in (*sorted(gaps), *range(width, len(row)))
            if j < len(row) and not _blank(row[j])
        ]
        if not strays:
            continue
        count += len(strays)
        if all(_blank(row[j]) for j in kept if j < len(row)):
            empty.add(i)
        for j in strays[: max(0, _NAMED - len(places))]:
            places.append(_spot(grid, i, j))
    if not count:
        return [], empty
    said = "1 cell stands" if count == 1 else f"{count:,} cells stand"
    return [
        Problem(
            "N112",
            f"{said} outside the table and was ignored"
            if count == 1
            else f"{said} outside the table and were ignored",
            "write a header above them if they belong to it",
            tuple(places),
            count,
        )
    ], empty


def _spot(grid: Grid, i: int, j: int) -> Place:
    order = (grid.named.rank, grid.numbers[i], grid.left + j)
    if grid.word == "line":
        return Place(grid.file, "", f"line {grid.numbers[i]}, cell {j + 1}", order)
    return Place(grid.file, grid.named.name, f"{letter(grid.left + j)}{grid.numbers[i]}", order)


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _filled(cells: Sequence[object]) -> np.ndarray:
    """A column of cells, None where one is blank; each distinct cell is looked at once."""
    blanks = {cell for cell in set(cells) if _blank(cell)}
    column = np.empty(len(cells), dtype=object)
    column[:] = [None if cell in blanks else cell for cell in cells] if blanks else cells
    return column
