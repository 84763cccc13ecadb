"""The cells that a coalition may cover: needed on the way to an outcome, or worked in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core.claims import unit_contexts
from sysmap.core.model import SystemMap
from sysmap.core.schema import ELEMENTS
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.needs import needs, offers, states_needs


@dataclass(frozen=True, slots=True, eq=False)
class Universe:
    """Cells, elements in unit contexts, sorted by the ids of both.

    Parameters
    ----------
    needed
        True where the cells are those that somebody needs; False where the map states no need and
        they are those that somebody works in.
    element, context
        Positions in ``m.elements`` and ``m.contexts``.
    worth
        What each cell counts.
    organizations
        Ids in ascending order.
    works
        Truth, shape ``(organizations, cells)``: works there and has not cancelled it.
    needing
        Number of organizations that need each cell.
    """

    needed: bool
    element: IntArray
    context: IntArray
    worth: FloatArray
    organizations: pd.Index
    works: BoolArray
    needing: IntArray

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.element)


def universe(m: SystemMap, outcome: str | None, worth: FloatArray | None = None) -> Universe:
    """Collect the cells upstream of an outcome and who works in each.

    Parameters
    ----------
    outcome
        Only elements from which a chain of influences leads to it; None takes all elements.
    worth
        What each element of the map counts; None counts all alike.
    """
    ids = m.organizations.index
    by_id = np.argsort(ids.to_numpy(object), kind="stable")
    kept = np.ones(len(m.elements), bool)
    if outcome is not None:
        upstream = set(m.upstream(outcome).tables[ELEMENTS]["id"])
        kept = m.elements.index.isin(upstream)
    stated = states_needs(m)
    wanted, offered = (_placed(m, rows, kept) for rows in (needs(m), offers(m)))
    cells = (wanted if stated else offered)[["element", "context"]].drop_duplicates()
    order = np.lexsort(
        (
            m.contexts.index[cells["context"]].to_numpy(object),
            m.elements.index[cells["element"]].to_numpy(object),
        )
    )
    cells = cells.iloc[order].reset_index(drop=True)
    element, context = (cells[c].to_numpy(np.int64) for c in ("element", "context"))
    place = pd.MultiIndex.from_arrays([element, context])
    works = np.zeros((len(ids), len(cells)), bool)
    at = place.get_indexer(pd.MultiIndex.from_frame(offered[["element", "context"]]))
    works[offered["organization"].to_numpy()[at >= 0], at[at >= 0]] = True
    needing = np.zeros(len(cells), np.int64)
    if stated:
        # one row per organization and cell, so that adding counts organizations
        np.add.at(needing, place.get_indexer(pd.MultiIndex.from_frame(wanted[_CELL])), 1)
    value = np.ones(len(kept)) if worth is None else worth
    return Universe(stated, element, context, value[element], ids[by_id], works[by_id], needing)


_CELL = ["element", "context"]


def _placed(m: SystemMap, rows: pd.DataFrame, kept: BoolArray) -> pd.DataFrame:
    """Rows about a kept element in a unit context."""
    unit = np.append(m.contexts.index.isin(unit_contexts(m)), False)
    there = unit[rows["context"].to_numpy()] & kept[rows["element"].to_numpy()]
    return rows[there]
