"""Faults as values: one `Problem` per kind of fault, `Problems` for all of a file."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Level = Literal["error", "warning", "note"]

_SHOWN = 60
_PLACES = 3
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def shown(value: object, limit: int = _SHOWN) -> str:
    r"""A value as it may stand in a message: short, with hidden characters made visible.

    Examples
    --------
    >>> shown("a\u202eb")
    'a<U+202E>b'
    >>> shown("x" * 100)[-4:]
    'xxx…'
    """
    text = str(value)
    if len(text) <= limit and text.isprintable():
        return text
    seen = "".join(
        f"<U+{ord(c):04X}>" if unicodedata.category(c) in _HIDDEN else c for c in text[:limit]
    )
    return seen if len(text) <= limit else seen + "…"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the user's file: file, sheet and cell; `order` sorts as the user sees them.

    Examples
    --------
    >>> str(Place("survey.xlsx", "works_on", "B7"))
    'survey.xlsx works_on!B7'
    >>> str(Place("map/works_on.csv", "", "line 7, element"))
    'map/works_on.csv line 7, element'
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    order: tuple[int, int, int] = (0, 0, 0)

    def __str__(self) -> str:
        """The place in words."""
        if self.sheet:
            spot = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        else:
            spot = self.cell
        words = " ".join(part for part in (self.file, spot) if part)
        return shown(words, len(words))


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, with where, what came, what was expected and how to mend it.

    Parameters
    ----------
    code
        Letter of the level and three digits; a code keeps its meaning for ever.
    message
        What is wrong, with the value.
    remedy
        What to do.
    places
        The first places where it occurs, at most three are kept.
    count
        How often it occurs; exact.

    Examples
    --------
    >>> print(Problem("E201", "id is blank", "write one", (Place("a.xlsx", "outcomes", "A4"),)))
    error E201 a.xlsx outcomes!A4: id is blank -> write one
    """

    code: str
    message: str
    remedy: str = ""
    places: tuple[Place, ...] = ()
    count: int = 1

    @property
    def level(self) -> Level:
        """An error forbids a map, a warning and a note do not."""
        return {"E": "error", "W": "warning", "N": "note"}[self.code[0]]  # type: ignore[return-value]  # the keys are the three levels

    def __str__(self) -> str:
        """The fault in one line."""
        where = str(self.places[0]) if self.places else ""
        line = " ".join(part for part in (self.level, self.code, where) if part)
        line += f": {self.message}"
        others = [p.cell or str(p) for p in self.places[1:_PLACES]]
        rest = self.count - max(1, min(len(self.places), _PLACES))
        if others:
            line += f" (also {', '.join(others)}" + (f" and {rest:,} more)" if rest > 0 else ")")
        elif rest > 0 and self.places:
            line += f" (and {rest:,} more)"
        return f"{line} -> {self.remedy}" if self.remedy else line


class Problems:
    """All faults of a file, in the order in which the user sees the places.

    Examples
    --------
    >>> faults = Problems([Problem("W103", "sheet seeks is empty"), Problem("E002", "no table")])
    >>> len(faults), len(faults.errors), bool(faults)
    (2, 1, True)
    >>> faults.ok
    False
    """

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[Problem] = ()) -> None:
        self._items = tuple(sorted(items, key=_order))

    def __iter__(self) -> Iterator[Problem]:
        """Yield the faults."""
        return iter(self._items)

    def __len__(self) -> int:
        """Count the kinds of fault."""
        return len(self._items)

    def __add__(self, other: Iterable[Problem]) -> Problems:
        """Both lists as one."""
        return Problems((*self._items, *other))

    def __eq__(self, other: object) -> bool:
        """Tell whether both list the same faults."""
        return isinstance(other, Problems) and self._items == other._items

    def __hash__(self) -> int:
        """Equal lists hash alike."""
        return hash(self._items)

    @property
    def errors(self) -> Problems:
        """The faults that forbid a map."""
        return self._at("error")

    @property
    def warnings(self) -> Problems:
        """The faults to look at; a map exists all the same."""
        return self._at("warning")

    @property
    def notes(self) -> Problems:
        """What was done that somebody may want to know; nothing to do."""
        return self._at("note")

    @property
    def ok(self) -> bool:
        """True if there is no error."""
        return not len(self.errors)

    def to_frame(self) -> pd.DataFrame:
        """One row per kind of fault.

        Returns
        -------
        pandas.DataFrame
            Columns level, code, place, message, remedy and count.
        """
        columns = ["level", "code", "place", "message", "remedy", "count"]
        rows = [
            (p.level, p.code, str(p.places[0]) if p.places else "", p.message, p.remedy, p.count)
            for p in self
        ]
        return pd.DataFrame(rows, columns=columns)

    def summary(self) -> str:
        """The counts in words, such as ``2 errors, 1 warning, 0 notes``."""
        parts = (self.errors, self.warnings, self.notes)
        words = ("error", "warning", "note")
        sums = [sum(p.count for p in part) for part in parts]
        return ", ".join(
            f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in zip(sums, words, strict=True)
        )

    def __str__(self) -> str:
        """One line per kind of fault, then the counts."""
        return "\n".join((*(str(p) for p in self), self.summary()))

    def __repr__(self) -> str:
        """The counts."""
        return f"<Problems: {self.summary()}>"

    def _repr_html_(self) -> str:
        """An escaped table for notebooks."""
        cells = (
            f"<tr><td>{p.level}</td><td>{p.code}</td>"
            + "".join(
                f"<td>{html.escape(text)}</td>"
                for text in (str(p.places[0]) if p.places else "", p.message, p.remedy)
            )
            + f"<td>{p.count}</td></tr>"
            for p in self
        )
        head = "".join(
            f"<th>{h}</th>" for h in ("level", "code", "place", "message", "remedy", "count")
        )
        return f"<p>{self.summary()}</p><table><tr>{head}</tr>{''.join(cells)}</table>"

    def _at(self, level: Level) -> Problems:
        return Problems(p for p in self._items if p.level == level)


def _order(problem: Problem) -> tuple[int, tuple[int, int, int], str, str]:
    rank = {"error": 0, "warning": 1, "note": 2}[problem.level]
    place = problem.places[0].order if problem.places else (-1, 0, 0)
    return rank, place, problem.code, problem.message
