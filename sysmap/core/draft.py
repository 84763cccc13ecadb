"""Tables as somebody wrote them: raw cells, and where the user sees each one.

Every reader ends here and every check begins here, so a fault has the same place and the same
words whatever the file was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from sysmap.core import names
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import Schema, TableType


@dataclass(frozen=True, slots=True)
class Sheet:
    """One raw table.

    Parameters
    ----------
    table
        The table of the schema that it is.
    frame
        Cells as read: text, numbers, truth values, dates or None for blank; headers as written.
    rows
        The number by which the user knows each row; same length as `frame`.
    file, name
        File and sheet as the user sees them; a CSV file has no sheet name.
    letters
        Column letters by header; empty where the file has none.
    rank
        Position among the sheets of the file.
    word
        What a row is called: ``line`` in a text file, ``row`` in a frame.
    origin
        Where a cell came from, by position and column, for rows that were gathered from several
        sheets or from another form; None if every row stands where `rows` says.
    """

    table: str
    frame: pd.DataFrame
    rows: Sequence[int] | np.ndarray
    file: str = ""
    name: str = ""
    letters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rank: int = 0
    word: str = "row"
    origin: Callable[[int, str], Place] | None = None

    def places(self, positions: Iterable[int], column: str = "") -> tuple[tuple[Place, ...], int]:
        """The first three places of a fault, and in how many cells it stands.

        Several rows may come from one cell, which then counts once.
        """
        spots = [int(p) for p in positions]
        if self.origin is None:
            return tuple(self.place(s, column) for s in spots[:3]), len(spots)
        cells = tuple(dict.fromkeys(self.origin(s, column) for s in spots))
        return cells[:3], len(cells)

    def place(self, position: int | None = None, column: str = "") -> Place:
        """Where a cell is; without a position the sheet as a whole."""
        headers = list(self.frame.columns)
        across = headers.index(column) if column in headers else 0
        if position is None:
            return Place(self.file, self.name or self.table, "", (self.rank, 0, across))
        if self.origin is not None:
            return self.origin(position, column)
        row = int(self.rows[position])
        if self.letters:
            return Place(
                self.file,
                self.name,
                f"{self.letters.get(column, 'A')}{row}",
                (self.rank, row, across),
            )
        cell = f"{self.word} {row}" + (f", {column}" if column else "")
        sheet = "" if self.word == "line" else (self.name or self.table)
        return Place(self.file, sheet, cell, (self.rank, row, across))


def table_named(name: str, schema: Schema) -> tuple[str | None, str | None]:
    """The table that a sheet or file name means, and the near table where it only looks alike.

    Returns
    -------
    tuple
        ``(table, None)`` for an exact name, ``(table, near)`` for another spelling of it,
        ``(None, None)`` if it means none.

    Examples
    --------
    >>> from sysmap.core.schema import SCHEMA
    >>> table_named("Works on", SCHEMA), table_named("organisations", SCHEMA)
    (('works_on', 'works_on'), ('organizations', 'organizations'))
    >>> table_named("budget 2024", SCHEMA)
    (None, None)
    """
    tables = [kind.table for kind in schema]
    if name in tables:
        return name, None
    wanted = names.header(name)
    found = wanted if wanted in tables else names.near(wanted, tables)
    return found, found


def arrange(sheet: Sheet, kind: TableType) -> tuple[Sheet, list[Problem]]:
    """Give known columns their names; tell missing, doubled and unknown ones."""
    problems: list[Problem] = []
    renamed: dict[str, str] = {}
    seen: dict[str, str] = {}
    taken: set[str] = set()
    for column in sheet.frame.columns:
        text = str(column)
        if names.is_broken(text):
            problems.append(
                Problem(
                    "E010",
                    f"column {shown(text)!r} holds a broken character in its name",
                    "type the header again",
                    (sheet.place(),),
                )
            )
        known = names.header(text) if kind.knows(names.header(text)) else text
        if known in taken or names.key(text) in seen:
            other = seen.get(names.key(text), known)
            problems.append(
                Problem(
                    "E105",
                    f"column {shown(text)!r} stands twice (also as {shown(other)!r})",
                    "delete or rename one of the two",
                    (sheet.place(),),
                )
            )
        seen[names.key(text)] = text
        renamed[text] = known
        taken.add(known)
    if problems:
        return sheet, problems
    missing = [c for c in kind.required if c not in taken and not _excused(kind, c, taken)]
    unknown = [text for text, name in renamed.items() if not kind.knows(name)]
    for column in missing:
        like = names.near(column, [names.header(u) for u in unknown])
        found = next((u for u in unknown if names.header(u) == like), None)
        remedy = f"rename {shown(found)!r} to {column!r}" if found else f"add a column {column!r}"
        problems.append(Problem("E104", f"column {column!r} is missing", remedy, (sheet.place(),)))
    problems += _unknown(sheet, kind, unknown, renamed)
    frame = sheet.frame.set_axis([renamed[str(c)] for c in sheet.frame.columns], axis=1)
    letters = {renamed[c]: letter for c, letter in sheet.letters.items() if c in renamed}
    return replace(sheet, frame=frame, letters=MappingProxyType(letters)), problems


def from_frames(
    frames: Mapping[str, pd.DataFrame], schema: Schema
) -> tuple[dict[str, Sheet], list[Problem]]:
    """Data frames as sheets; an index named ``id`` counts as a column.

    Raises
    ------
    TypeError
        If a value of the mapping is no data frame.
    """
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for rank, (name, frame) in enumerate(frames.items()):
        if not isinstance(frame, pd.DataFrame):
            raise TypeError(f"table {name!r} is a {type(frame).__name__}; give a pandas.DataFrame")
        table, near = table_named(str(name), schema)
        if table is None:
            problems.append(unknown_table(str(name), Place(sheet=str(name))))
            continue
        if table in sheets:
            problems.append(doubled_table(str(name), table, Place(sheet=str(name))))
            continue
        if near:
            problems.append(respelled_table(str(name), table, Place(sheet=str(name))))
        sheets[table] = from_frame(table, frame, str(name), rank)
    return sheets, problems


def from_frame(table: str, frame: pd.DataFrame, name: str = "", rank: int = 0) -> Sheet:
    """One data frame as a sheet; a named index counts as a column."""
    if frame.index.name in frame.columns:
        frame = frame.reset_index(allow_duplicates=True)
    flat = frame.reset_index() if frame.index.name is not None else frame
    numbers = (
        frame.index.tolist()
        if frame.index.name is None
        and pd.api.types.is_integer_dtype(frame.index)
        and not frame.index.hasnans
        else list(range(len(frame)))
    )
    return Sheet(table, _raw(flat), numbers, name=name or table, rank=rank)


def unknown_table(name: str, place: Place) -> Problem:
    """N101: a sheet that no table of the schema is named by."""
    return Problem(
        "N101",
        f"sheet {shown(name)!r} is no table of the map and was left out",
        "rename it if it is one, or add (ignore) to its name",
        (place,),
    )


def respelled_table(name: str, table: str, place: Place) -> Problem:
    """W102: a sheet whose name is another spelling of a table."""
    return Problem(
        "W102", f"sheet {shown(name)!r} was read as {table}", f"rename it to {table}", (place,)
    )


def doubled_table(name: str, table: str, place: Place) -> Problem:
    """E113: two sheets that mean one table."""
    return Problem(
        "E113",
        f"sheet {shown(name)!r} means {table}, which is there already",
        "put the rows into one sheet",
        (place,),
    )


def _excused(kind: TableType, name: str, taken: Collection[str]) -> bool:
    column = kind.column(name)
    return column is not None and column.unless in taken


def _unknown(
    sheet: Sheet, kind: TableType, unknown: Iterable[str], renamed: Mapping[str, str]
) -> list[Problem]:
    free = [c for c in kind.names if c not in renamed.values()]
    problems = []
    for text in unknown:
        like = names.near(names.header(text), free)
        problems.append(
            Problem(
                "N107",
                f"column {shown(text)!r} is not known and is kept as it is",
                f"rename it to {like!r} if that is what it holds" if like else "",
                (sheet.place(),),
            )
        )
    return problems


def _raw(frame: pd.DataFrame) -> pd.DataFrame:
    columns: list[np.ndarray] = []
    for i in range(frame.shape[1]):
        column = frame.iloc[:, i]
        cells = column.to_numpy(object, copy=True)
        cells[column.isna().to_numpy(bool)] = None
        columns.append(cells)
    raw = pd.DataFrame(dict(enumerate(columns)), dtype=object, copy=False)
    raw.columns = pd.Index([str(c) for c in frame.columns], dtype=object)
    return raw
