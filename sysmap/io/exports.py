"""What a format holds of a map, and what is told of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from sysmap.core import names
from sysmap.core.errors import OutputError
from sysmap.core.model import SystemMap
from sysmap.core.problems import Problem, shown
from sysmap.core.schema import ELEMENTS, ORGANIZATIONS, OUTCOMES, TableType

Formulas = Literal["guard", "keep"]
"""Whether CSV text that a spreadsheet program would run is guarded."""


def filled(m: SystemMap) -> dict[str, pd.DataFrame]:
    """The tables that say something, in the order of the schema."""
    frames = {kind.table: m.table(kind.table) for kind in m.schema}
    filled = {
        table: frame
        for table, frame in frames.items()
        if len(frame) or any(not m.schema[table].knows(str(c)) for c in frame.columns)
    }
    return filled or {table: frames[table] for table in (ORGANIZATIONS, OUTCOMES, ELEMENTS)}


def left_out(
    m: SystemMap, held: Mapping[str, Collection[str] | None], words: str
) -> Iterator[Problem]:
    """The export report: W610 for each table, W611 for the columns that a format has no place for.

    Parameters
    ----------
    m
        What was to be written.
    held
        The columns that were written, by table; None is all of them.
    words
        The format with its article.
    """
    for kind in m.schema:
        frame = m.table(kind.table)
        if not len(frame):
            continue
        if kind.table not in held:
            said = f"{kind.table}: {len(frame):,} rows were left out, for {words} has no place"
            yield Problem("W610", said, "write a workbook to keep them", count=len(frame))
            continue
        columns = held[kind.table]
        lost = [] if columns is None else [c for c in frame.columns if c not in columns]
        cells = {str(c): int(frame[c].notna().sum()) for c in lost}
        filled = {c: n for c, n in cells.items() if n}
        if filled:
            several = ", ".join(f"{shown(c, 30)} ({n:,})" for c, n in filled.items())
            said = f"{kind.table}: filled cells were left out, for {words} has no place: {several}"
            remedy = "write a workbook to keep them"
            yield Problem("W611", said, remedy, count=sum(filled.values()))


def rows(m: SystemMap, kind: TableType) -> list[dict[str, str | float]]:
    """The rows of a table without blank cells, by their content; numbers are Python numbers."""
    frame = m.table(kind.table)
    columns = [str(c) for c in frame.columns]
    cells = [frame[c].astype(object).where(frame[c].notna(), None).tolist() for c in columns]
    found = [
        {c: v for c, v in zip(columns, row, strict=True) if v is not None}
        for row in zip(*cells, strict=True)
    ]
    return sorted(found, key=lambda row: [str(row.get(c, "")) for c in columns])


def labels(m: SystemMap) -> dict[str, str]:
    """The names of elements and outcomes by id; a name that stands twice gets its id."""
    named = {
        str(id): str(name)
        for frame in (m.elements, m.outcomes)
        for id, name in frame["name"].items()
    }
    counted = Counter(map(names.key, named.values()))
    return {
        id: f"{name} ({id})" if counted[names.key(name)] > 1 else name for id, name in named.items()
    }


def require(there: bool, path: Path, what: str) -> None:
    """Refuse to write a file that holds nothing, because no reader takes it back.

    Raises
    ------
    OutputError
        E609 if `there` is False.
    """
    if not there:
        raise OutputError("E609", path, f"the map has {what}. Write a workbook instead.")


def joined(counts: Iterable[int], into: str) -> Iterator[Problem]:
    """W613: claims that share one arrow or cell with another, from how many each one holds.

    Examples
    --------
    >>> [problem.message for problem in joined([3, 1], "link")]
    ['2 further claims about a pair were put into one link']
    """
    several = sum(count - 1 for count in counts)
    if several:
        said = f"{several:,} further claims about a pair were put into one {into}"
        yield Problem("W613", said, "write a workbook to keep them", count=several)
