"""What a page shows of an answer: its words, its figure and its rows as texts and numbers."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from sysmap.core import charts
from sysmap.core.result import Result
from sysmap.core.words import twelve_digits
from sysmap.draw import grids
from sysmap.draw.layout import Plain
from sysmap.draw.terms import term

FIRST_ROWS = 10
"""Rows that the page opens on."""

FIRST_COLUMNS = 13
"""Columns that stand beside one another there; the table of the page holds all."""

MOST_ROWS = 2000
"""Rows that a page holds; more belong into a workbook."""

_WIDE_TEXT = 400

_ENDS = {
    "low": "interval from",
    "high": "interval to",
    "rank_low": "rank from",
    "rank_high": "rank to",
}
"""Ends of intervals stand in columns of their own here, so that a reader can sort by them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer.

    Parameters
    ----------
    key, title
        Its name in the frame and in words.
    meaning
        What it means, empty where the words tell.
    numeric
        True where its cells are numbers.
    subject
        Which of the nodes of a row it names, counted from 0; None where it names none.
    repeats
        True where other columns tell the same; its cells are words on the page and ids in files.
    """

    key: str
    title: str
    meaning: str
    numeric: bool
    subject: int | None = None
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the ids of its nodes, its cells as printed, and the number or id behind each."""

    subjects: tuple[str, ...]
    texts: tuple[str, ...]
    values: tuple[float | str | None, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a page tells it.

    Parameters
    ----------
    figure, alt
        The figure as SVG, empty where there is none, and in words.
    rows
        At most `MOST_ROWS` of them, best first.
    total
        How many rows the answer has.
    """

    question: str
    summary: str
    alt: str
    figure: bytes = field(repr=False)
    caveats: tuple[str, ...]
    methods: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...] = field(repr=False)
    total: int

    @property
    def first(self) -> tuple[Line, ...]:
        """The rows that the page opens on."""
        return self.rows[:FIRST_ROWS]

    @property
    def terms(self) -> tuple[tuple[str, str], ...]:
        """Columns that need a word, each with what it means."""
        return tuple((c.title, c.meaning) for c in self.columns if c.meaning)

    @property
    def across(self) -> int:
        """How many columns stand beside one another above the table; what repeats comes behind."""
        return min(FIRST_COLUMNS, sum(not column.repeats for column in self.columns))

    def figure_address(self) -> str:
        """The figure as an address that needs no other file."""
        if not self.figure:
            return ""
        return "data:image/svg+xml;base64," + base64.b64encode(self.figure).decode("ascii")

    def to_plain(self, place: Mapping[str, int]) -> Plain:
        """Columns and rows for the script of the page; nodes by their place in the map."""
        return {
            "question": self.question,
            "total": self.total,
            "columns": [
                {"key": c.key, "title": c.title, "numeric": c.numeric, "subject": c.subject}
                for c in self.columns
            ],
            "rows": [
                [
                    [place[id] for id in row.subjects],
                    [
                        text if value is None else [value, text]
                        for text, value in zip(row.texts, row.values, strict=True)
                    ],
                ]
                for row in self.rows
            ],
        }


def shown(result: Result, drawn: frozenset[str]) -> Shown:
    """Gather what a page shows of an answer.

    Parameters
    ----------
    result
        An answer about the map of the page.
    drawn
        Ids of the nodes that the page draws; a level of the index that holds only such ids is a
        subject, and its cells lead to the node.

    Examples
    --------
    >>> import sysmap as sm
    >>> m = sm.example("teaching")
    >>> told = shown(sm.common_outcomes(m), frozenset(m.outcomes.index))
    >>> told.total == len(told.rows), [c.key for c in told.columns][:4]
    (True, ['outcome', 'seeking', 'responding', 'share'])
    """
    frame = result.frame
    flat = frame.reset_index()
    levels = [str(name) for name in frame.index.names]
    subjects = [c for c in levels if len(flat) and set(map(str, flat[c])) <= drawn]
    names = result.map.schema.nodes
    named = {
        str(id): str(name)
        for kind in names
        for id, name in result.map.nodes(kind.table)["name"].items()
    }
    keys = [c for c in map(str, flat.columns) if not (c == "name" and subjects)]
    repeated = {"claim"} if {"from", "to"} <= set(keys) else set()  # it tells both ends
    keys.sort(key=lambda c: c in repeated)
    asked = type(result).__module__.rpartition(".")[2]
    keys = [c for c in keys if c in levels or grids.says_something(flat[c])]
    columns = tuple(
        Column(
            c,
            _ENDS.get(c) or term(c, asked).head,
            term(c, asked).meaning,
            c not in levels
            and pd.api.types.is_numeric_dtype(flat[c])
            and not pd.api.types.is_bool_dtype(flat[c]),
            subjects.index(c) if c in subjects else None,
            c in repeated,
        )
        for c in keys
    )
    listed = flat.head(MOST_ROWS)
    rows = tuple(
        Line(
            tuple(str(row[c]) for c in subjects),
            tuple(_text(c, row[c.key], named) for c in columns),
            tuple(_value(c, row[c.key]) for c in columns),
        )
        for row in listed.to_dict("records")
    )
    figure = b""
    if len(frame):
        ax = result.plot()
        picture = charts.to_svg(ax, title=result.summary(), description=result.alt_text())
        figure = b"" if charts.is_blank(ax) else picture
    return Shown(
        result.question,
        result.summary(),
        result.alt_text(),
        figure,
        tuple(result.caveats),
        result.methods(),
        columns,
        rows,
        len(flat),
    )


def _text(column: Column, value: object, named: Mapping[str, str]) -> str:
    if column.subject is not None:
        return named.get(str(value), str(value))
    return grids.cell(column.key, value, named)[:_WIDE_TEXT]


def _value(column: Column, value: object) -> float | str | None:
    if column.repeats:
        return str(value)
    if not column.numeric or value is None or pd.isna(value):
        return None
    number = twelve_digits(float(str(value)))
    return int(number) if number.is_integer() else number
