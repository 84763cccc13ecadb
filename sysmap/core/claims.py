"""Claims as integer codes and sparse incidence matrices, made once per map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from sysmap.core import coded, dates, summary
from sysmap.core.model import SystemMap, held
from sysmap.core.redaction import reporter_of
from sysmap.core.schema import CONTEXTS, COUNTRY, SOURCES

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_made: WeakKeyDictionary[SystemMap, dict[str, Claims]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """One link table in integer codes; all arrays have one entry per claim and are read-only.

    Parameters
    ----------
    table
        The link table.
    held
        The claims as the map holds them; columns may be codes.
    first, second, context
        Positions in `first_ids`, `second_ids` and `context_ids`; -1 is blank.
    first_ids, second_ids, context_ids
        Ids of all nodes that could stand there, in map order; several node tables follow each
        other in the order of the schema.
    reporter
        Positions in `reporters`.
    reporters
        Who votes: the organization of a source, else the source; claims without a source are one
        anonymous reporter of the table.
    day
        Last day of the claim's date, else of its source's; NaT if neither is known.
    """

    table: str
    held: pd.DataFrame
    first: np.ndarray
    second: np.ndarray
    context: np.ndarray
    reporter: np.ndarray
    day: np.ndarray
    first_ids: pd.Index
    second_ids: pd.Index
    context_ids: pd.Index
    reporters: pd.Index

    def __post_init__(self) -> None:
        """Close the arrays, because every caller gets the same ones."""
        for codes in (self.first, self.second, self.context, self.reporter, self.day):
            codes.setflags(write=False)

    def __len__(self) -> int:
        """Count the claims."""
        return len(self.held)

    @property
    def frame(self) -> pd.DataFrame:
        """The claims with columns written out; the index is the row that evidence names."""
        return coded.plain(self.held)

    @property
    def anonymous(self) -> np.ndarray:
        """True for each claim without a source."""
        blank: np.ndarray = self.held["source"].isna().to_numpy(bool)
        return blank


def claims(m: SystemMap, table: str) -> Claims:
    """A link table in integer codes, made once per map.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
    ...     "outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]}),
    ...     "seeks": pd.DataFrame({"organization": ["b"], "outcome": ["o"]}),
    ... })
    >>> claims(m, "seeks").first, list(claims(m, "seeks").reporters)
    (array([1]), ['anonymous (seeks)'])
    """
    made = _made.setdefault(m, {})
    if table not in made:
        made[table] = _encode(m, table)
    return made[table]


def reporters(m: SystemMap) -> pd.Series:
    """Who votes through each source, by source id."""
    return reporter_of(m.table(SOURCES))


def graded(m: SystemMap, grade: str) -> int:
    """How many claims rest on sources of a grade.

    Examples
    --------
    >>> import sysmap as sm
    >>> graded(sm.example(), "illustrative")
    62
    """
    links = (held(m, kind.table) for kind in m.schema.links)
    return summary.of_grade(links, m.table(SOURCES), grade)


def unit_contexts(m: SystemMap, units: str | None = None) -> pd.Index:
    """Ids of the contexts that shares count, in map order.

    Parameters
    ----------
    units
        A kind of context; by default countries, else the commonest kind that has claims, else
        the commonest kind, else every context.

    Raises
    ------
    ValueError
        If no context is of the kind asked for.
    """
    contexts = m.contexts
    kinds = contexts["kind"].dropna()
    if units is not None:
        if units not in set(kinds):
            known = ", ".join(sorted(set(kinds))) or "none"
            raise ValueError(f"units {units!r} is no kind of context here; there are: {known}")
        return contexts.index[contexts["kind"] == units]
    if kinds.empty:
        return contexts.index
    if (kinds == COUNTRY).any():
        return contexts.index[contexts["kind"] == COUNTRY]
    told = kinds.isin(set(kinds[kinds.index.isin(_places(m))]))
    kind = min((kinds[told] if told.any() else kinds).mode())
    return contexts.index[contexts["kind"] == kind]


def incidence(
    rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int], weights: np.ndarray | None = None
) -> csr_array:
    """A sparse matrix of how often each row meets each column; entries with a -1 are left out.

    Parameters
    ----------
    rows, columns
        Integer codes, one pair per claim.
    shape
        Numbers of rows and columns.
    weights
        One number per claim to sum instead of counting.
    """
    from scipy.sparse import coo_array

    there = (rows >= 0) & (columns >= 0)
    values = np.ones(len(rows)) if weights is None else weights
    return coo_array((values[there], (rows[there], columns[there])), shape=shape).tocsr()


def blocks(left: csr_array, each: np.ndarray, at_once: int) -> list[int]:
    """Bounds of runs of rows whose product with a sparse matrix fits in memory.

    Parameters
    ----------
    left
        The matrix whose rows are multiplied run by run.
    each
        How many entries each row of the other matrix has.
    at_once
        Products in one run; a single row may have more.

    Examples
    --------
    >>> rows, columns = np.array([0, 0, 1, 2]), np.array([0, 1, 0, 1])
    >>> blocks(incidence(rows, columns, (3, 2)), np.array([1, 1]), 2)
    [0, 1, 3]
    """
    products = np.append(0, np.cumsum(each[left.indices]))[left.indptr[1:]]
    steps = np.arange(at_once, products[-1] if len(products) else 0, at_once)
    cuts = np.searchsorted(products, steps, side="right")
    bounds: list[int] = np.unique([0, *cuts, len(products)]).tolist()
    return bounds


def ids_of(m: SystemMap, tables: Sequence[str]) -> pd.Index:
    """Ids of several node tables, one after the other."""
    lists = [m.table(t)["id"] for t in tables]
    return pd.Index(pd.concat(lists, ignore_index=True) if len(lists) > 1 else lists[0])


def _places(m: SystemMap) -> set[str]:
    """Contexts that a claim names."""
    return {
        id
        for kind in m.schema.links
        for column in kind.columns
        if CONTEXTS in column.to
        for id in coded.split(held(m, kind.table)[column.name])[1]
    }


def _encode(m: SystemMap, table: str) -> Claims:
    kind, frame = m.schema.link(table), held(m, table)
    first, second = kind.ends
    first_ids, second_ids = ids_of(m, first.to), ids_of(m, second.to)
    context_ids = ids_of(m, (CONTEXTS,))
    nowhere = np.full(len(frame), -1, dtype=np.intp)
    reporter, names, day = _told(m, table, frame)
    return Claims(
        table,
        frame,
        _positions(frame[first.name], first_ids),
        _positions(frame[second.name], second_ids),
        _positions(frame["context"], context_ids) if "context" in kind.names else nowhere,
        reporter,
        day,
        first_ids,
        second_ids,
        context_ids,
        names,
    )


def _positions(ends: pd.Series, ids: pd.Index) -> np.ndarray:
    """Where each end stands among the ids; -1 is blank."""
    codes, values = coded.split(ends)
    found: np.ndarray = np.append(ids.get_indexer(values), -1)[codes]
    return found


def _told(m: SystemMap, table: str, frame: pd.DataFrame) -> tuple[np.ndarray, pd.Index, np.ndarray]:
    """The reporter of each claim in codes, who they are, and the day of each claim."""
    source, sources = coded.split(frame["source"])
    each = pd.Series([*sources, *[None] * bool((source < 0).any())], dtype="str")
    voices = each.map(reporters(m)).astype("str").fillna(f"anonymous ({table})")
    codes, names = pd.factorize(voices, sort=True)
    date, texts = coded.split(frame["date"])
    day = dates.last_days(pd.Series([*texts, None], dtype="str"))[date]
    said = [*each.map(m.sources["date"]), None]
    undated = np.isnat(day)
    day[undated] = dates.last_days(pd.Series(said, dtype="str"))[source[undated]]
    return codes[source], pd.Index(names), day
