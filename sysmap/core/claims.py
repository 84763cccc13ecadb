"""Claims as integer codes and sparse incidence matrices, made once per map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from sysmap.core import dates
from sysmap.core.model import SystemMap
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
    frame
        The claims as the map holds them; its index is the row that evidence names.
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
    frame: pd.DataFrame
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
        return len(self.frame)

    @property
    def anonymous(self) -> np.ndarray:
        """True for each claim without a source."""
        blank: np.ndarray = self.frame["source"].isna().to_numpy(bool)
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
        for id in m.links(kind.table)[column.name].dropna().unique()
    }


def _encode(m: SystemMap, table: str) -> Claims:
    kind, frame = m.schema.link(table), m.links(table)
    first, second = kind.ends
    first_ids, second_ids = ids_of(m, first.to), ids_of(m, second.to)
    context_ids = ids_of(m, (CONTEXTS,))
    where = frame["context"] if "context" in kind.names else pd.Series(None, frame.index, dtype=str)
    # each text is looked up once, however many claims repeat it
    source, sources = pd.factorize(frame["source"], use_na_sentinel=False)
    voices = pd.Series(sources).map(reporters(m)).astype("str").fillna(f"anonymous ({table})")
    codes, names = pd.factorize(voices, sort=True)
    days = dates.last_days(frame["date"])
    said = dates.last_days(pd.Series(sources).map(m.sources["date"]).astype("str"))[source]
    return Claims(
        table,
        frame,
        _positions(first_ids, frame[first.name]),
        _positions(second_ids, frame[second.name]),
        _positions(context_ids, where),
        codes[source],
        np.where(frame["date"].isna(), said, days),
        first_ids,
        second_ids,
        context_ids,
        pd.Index(names),
    )


def _positions(ids: pd.Index, names: pd.Series) -> np.ndarray:
    """Where each name stands among the ids; -1 is blank."""
    codes, uniques = pd.factorize(names)
    found: np.ndarray = np.append(ids.get_indexer(uniques), -1)[codes]
    return found
