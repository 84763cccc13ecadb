"""The import report: rows out of a foreign file, and an account of every item of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from sysmap.core import names
from sysmap.core.draft import Sheet
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import SOURCES, Schema
from sysmap.io.grids import Draft

_SHOWN = 3
_LAST = 1_000_000

Cells = Mapping[str, object]


class Intake:
    """What a reader takes over from a file and what it leaves out, both counted.

    A reader calls `took` or `left` once for each item of the file, `row` for each row that an item
    becomes, and `draft` at the end. So found is always carried over plus left out, and a test can
    hold what was found against a count of its own.

    Parameters
    ----------
    file
        The file as the user sees it.
    schema
        The types.
    choices
        Decisions that were really used, given or default; one note repeats them for the next call.

    Examples
    --------
    >>> from sysmap.core.schema import SCHEMA
    >>> intake = Intake("talk.mmp", SCHEMA)
    >>> intake.row("elements", {"id": "a", "name": "A"}, Place("talk.mmp"))
    >>> intake.took("concept")
    >>> print(*intake.draft().problems)
    note N500 talk.mmp: concept: 1 found, 1 carried over, 0 left out
    """

    def __init__(self, file: str, schema: Schema, choices: Cells | None = None) -> None:
        self.file, self.schema, self.choices = file, schema, choices or {}
        self._rows: dict[str, list[Cells]] = {}
        self._places: dict[str, list[Place]] = {}
        self._took: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._told: dict[tuple[str, str, str], Problem] = {}
        self._titles: dict[str, dict[str, str]] = {}
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._count = 0

    def row(self, table: str, cells: Cells, place: Place) -> None:
        """One row of a table, and where in the file it came from; blank cells may be None."""
        self._count += 1
        ordered = replace(place, order=(0, self._count, 0))
        self._rows.setdefault(table, []).append(cells)
        self._places.setdefault(table, []).append(ordered)
        if "id" in cells:
            self._taken.add(str(cells["id"]))

    def took(self, kind: str, count: int = 1) -> None:
        """Some items of the file are in the tables."""
        self._took[kind] += count

    def left(self, kind: str, problem: Problem) -> None:
        """Some items of the file, `problem.count` of them, are not; the problem says why."""
        self._left[kind] += problem.count
        self.tell(problem)

    def tell(self, problem: Problem) -> None:
        """A fault or a remark; equal ones are told once, with the first places and the count."""
        key = (problem.code, problem.message, problem.remedy)
        known = self._told.get(key)
        if known is None:
            self._told[key] = problem
        elif len(known.places) < _SHOWN:
            places = tuple(dict.fromkeys((*known.places, *problem.places)))[:_SHOWN]
            self._told[key] = replace(known, places=places, count=known.count + problem.count)
        else:
            self._told[key] = replace(known, count=known.count + problem.count)

    def has(self, table: str) -> bool:
        """Tell whether the table has a row so far."""
        return table in self._rows

    def fresh(self, name: str, *, exact: bool = False, place: Place | None = None) -> str:
        """An id made from a name that no row has so far, and that is given out only once.

        With `exact` the name itself is the id, unless somebody has it; that is told at the place,
        because what else names the thing by it now means another row (W567).
        """
        base = name if exact else names.slug(name) or "unnamed"
        id, number = base, self._numbers.get(base, 1)
        while id in self._taken:
            number += 1
            id = f"{base}-{number}"
        self._numbers[base] = number
        if exact and place and id != base:
            said = f"the id {shown(base)!r} belongs to another row, so this one got a number"
            self.tell(Problem("W567", said, "give each an id of its own", (place,)))
        self._taken.add(id)
        return id

    def column(self, table: str, title: str) -> str:
        """The name under which a field of the file stays as a column of the user's own.

        A title that the table knows is marked, because the field need not mean the same.

        Examples
        --------
        >>> from sysmap.core.schema import SCHEMA
        >>> intake = Intake("map.xlsx", SCHEMA)
        >>> intake.column("elements", "Budget"), intake.column("elements", "Parent")
        ('Budget', 'Parent (file)')
        """
        made = self._titles.setdefault(table, {})
        if title in made:
            return made[title]
        known = self.schema[table].knows(names.header(title)) or not names.key(title)
        wanted, number = f"{title} (file)".strip() if known else title, 1
        taken = {names.key(t) for t in made.values()} | {names.header(t) for t in made.values()}
        while {names.key(wanted), names.header(wanted)} & taken:
            number += 1
            wanted = f"{title} ({number})"
        made[title] = wanted
        return wanted

    def unreachable(self, place: Place, count: int) -> None:
        """Tell that cells were dropped that say how to reach a person."""
        if count:
            said = "contact details were dropped: they are personal data"
            self.left("contact", Problem("W514", said, "", (place,), count))

    def source(self, *, kind: str = "dataset", date: str | None = None) -> str:
        """Make the file one row of sources and give its id to every claim that names none.

        A claim with a cell for its source, blank or not, keeps it.
        """
        id = self.fresh(self.file.rpartition(".")[0] or self.file)
        self.row(SOURCES, {"id": id, "name": self.file, "kind": kind, "date": date}, self.whole)
        for kind_ in self.schema.links:
            rows = self._rows.get(kind_.table, [])
            self._rows[kind_.table] = [
                row if "source" in row else {**row, "source": id} for row in rows
            ]
        self._rows = {table: rows for table, rows in self._rows.items() if rows}
        return id

    @property
    def broken(self) -> bool:
        """Tell whether an error was told so far."""
        return any(problem.level == "error" for problem in self._told.values())

    @property
    def whole(self) -> Place:
        """The file as a place."""
        return Place(self.file)

    def draft(self) -> Draft:
        """The raw tables and the report, balance and choices at its end."""
        return Draft(
            {table: self._sheet(table, rank) for rank, table in enumerate(self._rows)},
            [*self._told.values(), *self._balance(), *self._used()],
        )

    def refused(self) -> Draft:
        """No tables, only what was told: the file cannot be trusted."""
        return Draft(problems=list(self._told.values()))

    @property
    def _end(self) -> Place:
        return Place(self.file, order=(_LAST, 0, 0))

    def _balance(self) -> Iterable[Problem]:
        for kind in dict.fromkeys((*self._took, *self._left)):
            took, left = self._took[kind], self._left[kind]
            said = f"{kind}: {took + left:,} found, {took:,} carried over, {left:,} left out"
            yield Problem("N500", said, "", (self._end,))

    def _used(self) -> Iterable[Problem]:
        if self.choices:
            told = ", ".join(f"{key!r}: {self.choices[key]!r}" for key in sorted(self.choices))
            said = f"read with choices={{{told}}}"
            yield Problem("N501", said, "change it and give it to the next call", (self._end,))

    def _sheet(self, table: str, rank: int) -> Sheet:
        rows, places = self._rows[table], self._places[table]
        kind = self.schema[table]
        used = dict.fromkeys(key for row in rows for key in row)
        own = [key for key in used if key not in kind.names]
        columns = [*(c for c in kind.names if c in used or c in kind.required), *own]
        cells = {key: [_filled(row.get(key)) for row in rows] for key in columns}
        frame = pd.DataFrame(cells, columns=pd.Index(columns, dtype=object), dtype=object)
        return Sheet(
            table,
            frame,
            np.arange(len(rows)),
            self.file,
            rank=rank,
            origin=lambda position, _: places[position],
        )


def _filled(cell: object) -> object:
    return None if isinstance(cell, str) and not cell.strip() else cell


@dataclass(slots=True)
class _Node:
    """A row of a node table that may still learn its name, and where each cell was learnt."""

    id: str
    cells: dict[str, object]
    place: Place
    learnt: dict[str, Place] = field(default_factory=dict)


class Nodes:
    """Things that a table names again and again: each becomes one row, by what it is called.

    Parameters
    ----------
    intake
        Where the rows go, once `pour` is called.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._nodes: dict[tuple[str, object], _Node] = {}
        self._otherwise: dict[str, dict[str, tuple[str, tuple[Place, Place]]]] = {}

    def id(
        self, table: str, key: object, name: str, place: Place, cells: Cells, *, code: str = ""
    ) -> str:
        """The id of a thing; made from its code, else from its name, when it is first named.

        A cell that was blank so far is filled; one that differs stays, and is told with both
        values and where each stands (W543).
        """
        node = self._nodes.get((table, key))
        if node is None:
            id = self._intake.fresh(code or name, exact=bool(code), place=place)
            node = self._nodes[table, key] = _Node(id, {}, place)
        for column, cell in {"name": name, **cells}.items():
            known = node.cells.get(column)
            if cell and not known:
                node.cells[column], node.learnt[column] = cell, place
            elif cell and known != cell:
                said = f"{table}: {node.id!r} has two values of {column}: {known!r} and {cell!r}"
                remedy = "the first was taken; make them equal"
                both = (node.learnt[column], place)
                self._intake.tell(Problem("W543", said, remedy, both))
        return node.id

    def first(
        self, table: str, key: object, name: str, place: Place, cells: Cells, *, code: str = ""
    ) -> str:
        """The id of a thing as `id` gives it, where a name is only a comment on a code.

        All things that are named differently later are told at once, by `pour` (W566).
        """
        node = self._nodes.get((table, key))
        if node is None:
            return self.id(table, key, name, place, cells, code=code)
        for column, cell in {"name": name, **cells}.items():
            known = node.cells.get(column)
            if cell and not known:
                node.cells[column], node.learnt[column] = cell, place
            elif cell and known != cell:
                said = f"{node.id!r} has {column} {known!r} and {cell!r}"
                both = (node.learnt[column], place)
                self._otherwise.setdefault(table, {}).setdefault(node.id, (said, both))
        return node.id

    def known(self, table: str, key: object) -> str | None:
        """The id of a thing that was named before; None if it was not."""
        node = self._nodes.get((table, key))
        return node.id if node else None

    def pour(self) -> None:
        """Give all rows to the intake; who has no name is called by the id."""
        for table, told in self._otherwise.items():
            first, _ = next(iter(told.values()))
            (_, (stands, _)), *_ = told.values()
            places = (stands, *(other for _, (_, other) in told.values()))[:_SHOWN]
            said = f"{table}: later rows say otherwise of {len(told):,}, such as {first}"
            remedy = "the first was taken; make them equal if it matters"
            self._intake.tell(Problem("W566", said, remedy, places, len(told)))
        for (table, _), node in self._nodes.items():
            cells = {"id": node.id, "name": node.id, **node.cells}
            self._intake.row(table, cells, node.place)
