"""Workbooks: the same tables give the same bytes, and no cell is ever a formula."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sysmap.core import dates
from sysmap.core.errors import LimitError
from sysmap.core.problems import Problem
from sysmap.core.schema import Schema, TableType
from sysmap.core.values import LONGEST_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS, MOST_COLUMNS, LONGEST_SHEET_NAME = 1_048_576, 16_384, 31

EPOCH = dt.datetime(1980, 1, 1)
"""Date of a workbook whose data have none."""

_WIDTHS = (9, 48)
_MEASURED_ROWS = 200
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
_DOUBLE_ESCAPE = re.compile(r"(_x[0-9A-Fa-f]{4})(?=_x[0-9A-Fa-f]{4}_)")
_WAYS_OUT = "Narrow the map with select(), or write a CSV folder, which has no such limit."


class _Exact(float):
    """A number that keeps all its digits: sixteen, the default, do not hold every float."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def created(about: Mapping[str, str]) -> dt.datetime:
    """The data date of a map, else `EPOCH`; never the present.

    Examples
    --------
    >>> created({"data date": "2024-05"})
    datetime.datetime(2024, 5, 31, 0, 0)
    >>> created({})
    datetime.datetime(1980, 1, 1, 0, 0)
    """
    stated = about.get("data date", "")
    if not dates.is_date(stated):
        return EPOCH
    return dt.datetime.combine(dates.last_day(stated), dt.time())


@contextmanager
def drawn(stamp: dt.datetime, title: str) -> Iterator[tuple[Workbook, io.BytesIO]]:
    """A workbook in memory, complete in the buffer once the block is left."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": held(title)[:255], "created": stamp})
    yield book, buffer
    book.close()


def render(
    frames: Mapping[str, pd.DataFrame], schema: Schema, *, stamp: dt.datetime, title: str
) -> tuple[bytes, list[Problem]]:
    """Some tables as the bytes of a workbook, one sheet each.

    Ids, text and dates are text cells, numbers are number cells. Columns of the schema without a
    value are left out unless they are required; unknown columns are always there.

    Returns
    -------
    tuple
        The bytes, and what the workbook could not hold.

    Raises
    ------
    LimitError
        If a table has more rows, columns, characters in a cell or letters in its name than a
        workbook holds.
    """
    chosen = {table: frame[_columns(frame, schema[table])] for table, frame in frames.items()}
    for table, frame in chosen.items():
        require_fit(table, frame)
    with drawn(stamp, title) as (book, buffer):
        head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for table, frame in chosen.items():
            sheet = book.add_worksheet(table)
            sheet.freeze_panes(1, 1)
            for i, name in enumerate(frame.columns):
                cells = frame[name]
                numeric = pd.api.types.is_numeric_dtype(cells)
                sheet.set_column(i, i, _width(str(name), cells), None if numeric else text)
                put(sheet, 0, i, str(name), head)
                fill(sheet, i, cells, text)
    return buffer.getvalue(), _losses(chosen)


def render_frames(frames: Mapping[str, pd.DataFrame], *, stamp: dt.datetime, title: str) -> bytes:
    """Any frames as the bytes of a workbook, one sheet each; the index is not written.

    Raises
    ------
    LimitError
        If a frame is larger than a sheet, or its name cannot name one.
    """
    for name, frame in frames.items():
        require_fit(name, frame)
    with drawn(stamp, title) as (book, buffer):
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        if not frames:
            put(book.add_worksheet("empty"), 0, 0, "No question could be answered.", head)
        for name, frame in frames.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            for i, column in enumerate(frame.columns):
                cells = frame[column]
                sheet.set_column(i, i, _width(str(column), cells))
                put(sheet, 0, i, str(column), head)
                fill(sheet, i, (_plain(c) for c in cells), text)
    return buffer.getvalue()


def _plain(value: object) -> object:
    """A cell of an answer as text or number; truth values are words, dates ISO text."""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (dt.date, np.datetime64)):
        return "" if pd.isna(value) else str(value)[:10]
    return value.item() if isinstance(value, np.generic) else value


def require_fit(table: str, frame: pd.DataFrame) -> None:
    """Refuse what a workbook has no room for, before anything is written.

    Raises
    ------
    LimitError
        See `render`.
    """
    edges = {table[:1], table[-1:]}
    if len(table) > LONGEST_SHEET_NAME or set(table) & set("[]:*?/\\") or edges & {"'", ""}:
        raise LimitError(
            f"table {table!r} cannot name a sheet: at most {LONGEST_SHEET_NAME} letters, none of "
            f"[ ] : * ? / \\, no apostrophe at either end. {_WAYS_OUT}",
            limit="sheet name",
        )
    for what, have, most in (
        ("rows", len(frame) + 1, MOST_ROWS),
        ("columns", frame.shape[1], MOST_COLUMNS),
    ):
        if have > most:
            raise LimitError(
                f"table {table!r} has {have:,} {what}, and a sheet holds {most:,}. {_WAYS_OUT}",
                limit=what,
            )
    for name in frame.columns:
        longest = max((_units(t) for t in (str(name), *_texts(frame[name]))), default=0)
        if longest > LONGEST_CELL:
            raise LimitError(
                f"{table}.{name} holds a text of {longest:,} characters, and a cell holds "
                f"{LONGEST_CELL:,}. {_WAYS_OUT}",
                limit="characters",
            )


def fill(sheet: Worksheet, column: int, cells: Iterable[object], text: Format) -> None:
    """Write the cells of one column below its header; blank cells are not written."""
    for row, value in enumerate(cells, start=1):
        if isinstance(value, str):
            put(sheet, row, column, value, text)
        elif isinstance(value, Real) and math.isfinite(value):
            sheet.write_number(row, column, _Exact(value))


def put(sheet: Worksheet, row: int, column: int, value: str, text: Format | None = None) -> None:
    """Write one text cell."""
    sheet.write_string(row, column, held(value), text)


def held(text: str) -> str:
    """The text in the form in which a workbook holds it.

    Two characters that no workbook has are left out. Text that looks like the inside of a rich
    text would be taken for markup, so a blank goes before it, which reading strips; two escapes
    that share an underscore are parted by a blank.

    Examples
    --------
    >>> held("<r>x</r>"), held("plain")
    (' <r>x</r>', 'plain')
    """
    if "_x" not in text and "<r>" not in text and text.isascii():
        return text
    kept = _DOUBLE_ESCAPE.sub(r"\1 ", _NO_CHARACTER.sub("", text))
    return f" {kept}" if kept.startswith("<r>") and kept.endswith("</r>") else kept


def _columns(frame: pd.DataFrame, kind: TableType) -> list[str]:
    return [
        str(name)
        for name in frame.columns
        if name in kind.required or not kind.knows(str(name)) or frame[name].notna().any()
    ]


def _texts(cells: pd.Series) -> Iterable[str]:
    return () if pd.api.types.is_numeric_dtype(cells) else (c for c in cells if isinstance(c, str))


def _units(text: str) -> int:
    """Length as spreadsheet programs count it: letters beyond the first plane count twice."""
    return len(text) if text.isascii() else len(text) + sum(c > "\uffff" for c in text)


def _width(name: str, cells: pd.Series) -> int:
    longest = max((len(str(c)) for c in cells.head(_MEASURED_ROWS).dropna()), default=0)
    return min(max(longest, len(name), _WIDTHS[0]), _WIDTHS[1]) + 2


def _losses(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """What was changed on the way into the workbook, with exact counts."""
    unheld = _count(frames, lambda c: sum(held(t).lstrip() != t for t in _texts(c)))
    endless = _count(
        frames,
        lambda c: int(c.isin([math.inf, -math.inf]).sum()) if pd.api.types.is_float_dtype(c) else 0,
    )
    problems = []
    if unheld:
        problems.append(
            Problem(
                "W607",
                f"{unheld:,} texts hold characters that a workbook does not, and were "
                "written without them",
                "write a CSV folder to keep them",
                count=unheld,
            )
        )
    if endless:
        problems.append(
            Problem(
                "W608",
                f"{endless:,} infinite numbers were left out, for a workbook has none",
                "write a CSV folder to keep them",
                count=endless,
            )
        )
    return problems


def _count(frames: Mapping[str, pd.DataFrame], of: Callable[[pd.Series], int]) -> int:
    return sum(of(frame[name]) for frame in frames.values() for name in frame.columns)
