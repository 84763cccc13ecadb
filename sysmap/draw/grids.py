"""The first rows of an answer as texts for a page: names, shares, intervals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from sysmap.draw.brief import Grid
from sysmap.draw.terms import Term, term, text

_ROWS = 10
_NAMED = 4

_INTERVALS = (("low", "high"), ("rank_low", "rank_high"))
"""Columns that stand in one cell, because they are the ends of one interval."""

_SHARES = frozenset(
    {
        *("share", "low", "high", "rate", "priority_share", "top10"),
        *("up", "down", "none"),
        *("auc", "precision_at_10", "recall_at_10"),
    }
)


def grid(
    frame: pd.DataFrame,
    columns: Sequence[str],
    named: Mapping[str, str],
    *,
    sheet: str,
    last: tuple[str, str] | None = None,
) -> Grid:
    """The first rows of an answer as texts; a column without any value is left out.

    Parameters
    ----------
    frame
        The answer, with the subjects in its index.
    columns
        Which columns to print, subjects included.
    named
        Names by id.
    sheet
        Where all rows and columns stand.
    last
        Column and word of the rows that come behind the others.

    Examples
    --------
    >>> frame = pd.DataFrame({"share": [0.5], "area": [None]}, pd.Index(["fji"], name="place"))
    >>> table = grid(frame, ["place", "share", "area"], {"fji": "Fiji"}, sheet="shares")
    >>> table.columns, table.rows
    (('place', 'share'), (('Fiji', '50 %'),))
    """
    flat = frame.reset_index()
    if last is not None:
        column, word = last
        flat = flat.sort_values(column, key=lambda cells: cells == word, kind="stable")
    there = [c for c in columns if c in flat and says_something(flat[c])]
    first = flat.head(_ROWS)
    cells = {c: [cell(c, value, named) for value in first[c]] for c in there}
    numeric = {c: pd.api.types.is_numeric_dtype(flat[c]) for c in there}
    for low, high in _INTERVALS:
        if low in cells and high in cells:
            ends = zip(cells[low], cells.pop(high), strict=True)
            cells[low] = [_interval(low, a, b) for a, b in ends]
    subject = str(frame.index.names[0])
    terms = [Term(subject) if c == "name" else term(c, sheet) for c in cells]
    rows = tuple(zip(*cells.values(), strict=True))
    rest = f"The first {len(first)} of {len(flat):,} rows" if len(flat) > len(first) else "All rows"
    note = f"{rest}; with all columns in the sheet {sheet} of tables.xlsx."
    return Grid(
        tuple(each.head for each in terms),
        tuple(numeric[c] for c in cells),
        rows,
        note,
        tuple((each.head, each.meaning) for each in terms if each.meaning),
    )


def _interval(column: str, low: str, high: str) -> str:
    """Both ends; a share without width has nobody left to ask."""
    if not low or not high:
        return ""
    return "all asked" if column == "low" and low == high else f"{low} to {high}"


def says_something(cells: pd.Series) -> bool:
    """Tell whether any cell holds a value; a column without rows says nothing wrong."""
    return bool((cells.notna() & (cells.astype("str") != "")).any()) or not len(cells)


def cell(column: str, value: object, named: Mapping[str, str]) -> str:
    """One cell as it is printed: names for ids, per cent for shares.

    Examples
    --------
    >>> cell("share", 0.5, {}), cell("contexts", "fji; wsm", {"fji": "Fiji"}), cell("n", None, {})
    ('50 %', 'Fiji; wsm', '')
    """
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        parts = [text(column, part, named) for part in value.split("; ")]
        more = f" and {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
        return "; ".join(parts[:_NAMED]) + more
    if isinstance(value, dt.date):
        return str(value)[:10]
    number = float(str(value))
    if column in _SHARES:
        return f"{100 * number:.0f} %"
    return f"{number:,.0f}" if number.is_integer() else f"{number:,.2f}"
