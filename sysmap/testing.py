"""Comparisons for tests: the first difference of two maps in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.problems import shown

_Cell = str | float | None
_Cells = tuple[_Cell, ...]


def assert_maps_equal(a: SystemMap, b: SystemMap, /) -> None:
    """Two maps have the same tables, columns and rows; the order of rows and columns is free.

    Parameters
    ----------
    a, b
        The maps; usually what is expected, then what came.

    Raises
    ------
    AssertionError
        If they differ; the message names table, row, column and both values of the first
        difference. Rows are matched by id where they have one, else by the most equal cells.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> goal = pd.DataFrame({"id": ["o"], "name": ["Light"]})
    >>> a = from_tables({"outcomes": goal})
    >>> b = from_tables({"outcomes": goal.assign(name="Night")})
    >>> assert_maps_equal(a, a)
    >>> assert_maps_equal(a, b)
    Traceback (most recent call last):
    AssertionError: outcomes, row 0 (id 'o'), name: 'Light' in the first map, 'Night' in the second
    """
    tables, others = ([kind.table for kind in m.schema] for m in (a, b))
    if tables != others:
        only = sorted(set(tables) ^ set(others)) or "another order"
        raise AssertionError(f"the schemas differ in their tables: {only}")
    for table in tables:
        difference = _difference(a.table(table), b.table(table))
        if difference:
            raise AssertionError(f"{table}{difference}")


def _difference(a: pd.DataFrame, b: pd.DataFrame) -> str:
    columns = [str(c) for c in a.columns]
    unshared = sorted(set(columns) ^ {str(c) for c in b.columns})
    if unshared:
        where = "first" if unshared[0] in columns else "second"
        return f": column {shown(unshared[0])!r} is only in the {where} map"
    left, right = _rows(a, columns), _rows(b, columns)
    missing, extra = _without(left, right), _without(right, left)
    if not missing and not extra:
        return ""
    if not missing:
        return _lone(extra[0], right, columns, "second")
    row = missing[0]
    twin = _twin(row, extra, columns)
    if twin is None:
        return _lone(row, left, columns, "first")
    at = next(i for i, pair in enumerate(zip(row, twin, strict=True)) if pair[0] != pair[1])
    return (
        f", {_row(row, left, columns)}, {columns[at]}: {_value(row[at])} in the first map, "
        f"{_value(twin[at])} in the second"
    )


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> list[_Cells]:
    return list(zip(*([_cell(v) for v in frame[c]] for c in columns), strict=True))


def _cell(value: object) -> _Cell:
    """A cell in the form in which equal means equal: blank is None, every number a float."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA:
        return None
    number = float(value)  # type: ignore[arg-type]  # a map holds text, numbers and blanks only
    return None if math.isnan(number) else number


def _without(rows: Sequence[_Cells], others: Sequence[_Cells]) -> list[_Cells]:
    """Rows that stand in `rows` more often than in `others`, in their order."""
    rest = Counter(rows) - Counter(others)
    return [row for row in dict.fromkeys(rows) for _ in range(rest[row])]


def _twin(row: _Cells, others: Sequence[_Cells], columns: Sequence[str]) -> _Cells | None:
    """The row that was meant to be equal; None if no other is like it."""
    if "id" in columns:
        at = columns.index("id")
        same = [other for other in others if other[at] == row[at]]
        if same or len(others) != 1:
            return same[0] if same else None
    if not others:
        return None
    return max(others, key=lambda other: sum(x == y for x, y in zip(row, other, strict=True)))


def _row(row: _Cells, rows: Sequence[_Cells], columns: Sequence[str]) -> str:
    told = f" (id {_value(row[columns.index('id')])})" if "id" in columns else ""
    return f"row {rows.index(row)}{told}"


def _lone(row: _Cells, rows: Sequence[_Cells], columns: Sequence[str], where: str) -> str:
    filled = ", ".join(
        f"{c} {_value(v)}" for c, v in zip(columns, row, strict=True) if v is not None
    )
    return f", row {rows.index(row)} is only in the {where} map: {filled}"


def _value(cell: _Cell) -> str:
    return "blank" if cell is None else repr(shown(cell) if isinstance(cell, str) else cell)
