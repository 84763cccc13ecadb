"""Data too large to read: reduced where it lies to distinct claims, then a map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pandas as pd

from sysmap.core import coded, names
from sysmap.core.draft import Sheet
from sysmap.core.errors import InvalidMapError
from sysmap.core.model import SystemMap, build, held
from sysmap.core.problems import Place, Problem, Problems, shown
from sysmap.core.schema import SCHEMA, WORKS_ON, Column, LinkType
from sysmap.core.values import plain
from sysmap.io import engine as engines
from sysmap.io.engine import COUNT

_BITS = 63
"""Of a whole number from 0 up."""


def scan(
    source: object,
    *,
    columns: Mapping[str, str] | None = None,
    table: str = WORKS_ON,
    engine: str | None = None,
) -> SystemMap:
    """Rows of who does what, too many to read, become a map of distinct claims.

    The rows are grouped by the columns that the table knows, in the engine that holds them; only
    the distinct claims come into memory. Nodes are the ends that occur, and their names are
    their ids. Needs the extra ``scale``, or ``polars`` or ``spark`` for rows that lie there.

    Parameters
    ----------
    source
        Path of a Parquet file or of a folder of them, an Arrow table, a pandas, Polars or Spark
        frame, or a DuckDB relation.
    columns
        What foreign columns are called here: ``{"reporting_org": "organization"}``. Columns that
        the table does not know are left out; a column `count` is added up.
    table
        The link table that the rows are of.
    engine
        ``duckdb``, ``polars``, ``pandas`` or ``spark``; None takes the one that holds the rows,
        and DuckDB for files and Arrow tables.

    Returns
    -------
    SystemMap
        Its claims have a further column `count`: how many rows stand behind each. Columns and
        rows that were left out are told in its `problems`.

    Raises
    ------
    FileNotFoundError
        If there is no such file, or the folder holds no Parquet file.
    ImportError
        If a package is missing; the message names the extra.
    InvalidMapError
        If a column is missing, or the rows break another rule.
    TypeError
        If the source is of another kind.
    ValueError
        If an option has no meaning.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "reporting_org": ["a", "a", "b"],
    ...     "element": ["training", "training", "laws"],
    ...     "context": ["KEN", "KEN", None],
    ... })
    >>> m = scan(rows, columns={"reporting_org": "organization"})
    >>> m.links("works_on")["count"].tolist()
    [2.0, 1.0]
    """
    kind = _kind(table)
    home = engines.engine_of(source, engine)
    frame = engines.opened(source, home)
    chosen, problems = _chosen(frame.collect_schema().names(), columns or {}, kind)
    engines.refuse_durations(source, chosen)
    cells = engines.counted(frame, home, chosen)
    del frame  # and with it what its engine holds in memory
    claims, lost = _distinct(cells, kind)
    if lost:
        ends = " or ".join(c.name for c in kind.ends)
        kept = int(coded.plain(claims[[COUNT]])[COUNT].sum())
        said = f"rows found: {kept + lost:,} = {kept:,} carried over + {lost:,} without {ends}"
        problems.append(Problem("N500", said, "", (_place(source, kind),)))
    return _built(claims, kind, problems)


def _kind(table: str) -> LinkType:
    """The link type; refused where its ends do not say which nodes they are."""
    kind = SCHEMA.link(table)
    if any(len(end.to) > 1 for end in kind.ends):
        raise ValueError(f"the ends of {table} may be nodes of several tables; use read")
    return kind


def _chosen(
    there: list[str], columns: Mapping[str, str], kind: LinkType
) -> tuple[dict[str, str], list[Problem]]:
    """The columns to keep, by their name in the source; and a note of each that is not."""
    place = (Place(sheet=kind.table),)
    wanted = (*kind.names, COUNT)
    for old, new in columns.items():
        if old not in there:
            near = names.alike(old, there)
            hint = f"; did you mean {', '.join(map(repr, near))}?" if near else ""
            raise ValueError(f"columns names {old!r}, which the source does not have{hint}")
        if new not in wanted:
            raise ValueError(f"columns maps {old!r} to {new!r}; {kind.table} has {wanted}")
    renamed = {name: columns.get(name, name) for name in there}
    # a column that somebody mapped stands before one that is called so by chance
    renamed = {o: n for o, n in renamed.items() if o in columns or n not in columns.values()}
    kept = {old: new for old, new in renamed.items() if new in wanted}
    if len(set(kept.values())) < len(kept):
        raise ValueError("columns maps two columns of the source to one")
    free = [name for name in there if name not in kept]
    missing = [c for c in kind.required if c not in kept.values()]
    if missing:
        raise InvalidMapError(Problems(_missing(c, free, place) for c in missing))
    return kept, [
        Problem("N107", f"column {shown(name)!r} is not known and was left out", "", place)
        for name in free
    ]


def _missing(column: str, free: list[str], place: tuple[Place, ...]) -> Problem:
    near = names.alike(column, free)
    have = ", ".join(map(shown, near or free)) or "no other column"
    remedy = f"map it with columns; there are {have}"
    return Problem("E104", f"column {column!r} is missing", remedy, place)


def _place(source: object, kind: LinkType) -> Place:
    name = Path(source).name if isinstance(source, (str, Path)) else ""
    return Place(name, kind.table)


def _distinct(rows: engines.Columns, kind: LinkType) -> tuple[pd.DataFrame, int]:
    """Claims held as codes, in an order that no engine decides; and how many rows lack an end.

    Cells that differ by blanks at their ends alone are one.
    """
    known = {c.name: c for c in kind.columns if c.name in rows}
    texts: dict[str, pd.Index] = {}
    blank = np.zeros(1, bool)

    def columns() -> Iterator[tuple[np.ndarray, int]]:
        nonlocal blank
        for name, column in known.items():
            codes, texts[name] = _coded(rows.pop(name), column)
            if name in {c.name for c in kind.ends}:
                blank = blank | (codes < 0)
            yield codes, len(texts[name])

    words = coded.packed(columns())
    count = engines.numbers(rows, len(blank))
    filled = ~blank
    lost = int(count[blank].sum())
    here = [word[filled] if lost else word for word, _ in words]
    here, count = _summed(here, count[filled])
    sizes = [size for _, size in words]
    codes = [c for parts in zip(here, sizes, strict=True) for c in coded.unpacked(*parts)]
    claims = {name: _column(c, texts[name]) for name, c in zip(known, codes, strict=True)}
    number, values = pd.factorize(count, sort=True)
    claims[COUNT] = coded.coded(number, pd.Index(values.astype(np.float64)))
    return pd.DataFrame(claims, copy=False), lost


def _summed(words: list[np.ndarray], count: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Each distinct row once, in ascending order, and the sum of its counts."""
    bits = int(count.max(initial=0)).bit_length()
    if len(words) == 1 and int(words[0].max(initial=0)).bit_length() + bits < _BITS:
        # numbers that hold their count are sorted faster than an order of them is found
        both = (words[0] << bits) | count
        both.sort()
        words, count = [both >> bits], both & ((1 << bits) - 1)
    else:
        order = np.lexsort(words[::-1])
        words, count = [word[order] for word in words], count[order]
    new = np.ones(len(count), bool)
    new[1:] = np.logical_or.reduce([word[1:] != word[:-1] for word in words])
    first = np.flatnonzero(new)
    return [word[first] for word in words], np.add.reduceat(count, first) if len(first) else count


def _coded(cells: object, column: Column) -> tuple[np.ndarray, pd.Index]:
    """Codes in ascending order of the text, -1 for a blank, and the text of each code."""
    raw, uniques = engines.factorized(cells)
    texts = [_text(value, column) for value in uniques]
    values = sorted({*texts} - {""})
    place = {value: i for i, value in enumerate(values)}
    codes = np.array([*(place.get(t, -1) for t in texts), -1], dtype=np.int32)[raw]
    return codes, pd.Index(values, dtype="str")


def _text(value: object, column: Column) -> str:
    """A cell as the readers write it: ids in composed letters, of a moment among dates the day."""
    if value is None or (isinstance(value, (float, np.floating)) and np.isnan(value)):
        return ""
    if column.kind == "date" and isinstance(value, dt.datetime):
        value = value.date()
    text = plain(value)
    return normalize("NFC", text) if column.kind in ("id", "reference") else text


def _column(codes: np.ndarray, texts: pd.Index) -> pd.Series:
    """A column of the values that occur, because rows may have been left out."""
    used = np.zeros(len(texts) + 1, bool)
    used[codes] = True
    if used[:-1].all():
        return coded.coded(codes, texts)
    place = np.where(used, np.cumsum(used) - 1, -1)
    place[-1] = -1
    return coded.coded(place[codes], texts[used[:-1]])


def _built(claims: pd.DataFrame, kind: LinkType, problems: list[Problem]) -> SystemMap:
    ends: dict[str, list[pd.Index]] = {}
    for column in kind.columns:
        if column.name in claims and len(column.to) == 1:
            ends.setdefault(column.to[0], []).append(coded.split(claims[column.name])[1])
    frames = {kind.table: claims.drop(columns=COUNT)}
    for table, ids in ends.items():
        every = np.array(sorted(set(np.concatenate(ids))), dtype=object)
        if len(every):
            frames[table] = pd.DataFrame({"id": every, "name": every}, dtype=object)
    sheets = {
        table: Sheet(table, frame, np.arange(len(frame)), name=table, rank=rank)
        for rank, (table, frame) in enumerate(frames.items())
    }
    m = build(sheets, SCHEMA, problems)
    # joined afterwards: numbers that this module made need no check cell by cell
    counted = held(m, kind.table).assign(**{COUNT: claims[COUNT]})
    tables = {kind.table: held(m, kind.table) for kind in SCHEMA}
    return replace(m, tables=tables | {kind.table: counted})
