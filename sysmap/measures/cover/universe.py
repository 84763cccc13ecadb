"""The cells that a coalition may cover: needed on the way to an outcome, or worked in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core.claims import claims, unit_contexts
from sysmap.core.errors import LimitError, UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.narrow import reached
from sysmap.core.schema import (
    CHALLENGES,
    ELEMENTS,
    INFLUENCES,
    OUTCOMES,
    PRIORITIES,
    WORKS_ON,
)
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.needs import needs, offers, states_needs
from sysmap.measures.propagation import on_outcomes

AT_MOST = 100_000_000
"""Organizations times cells; the search holds some numbers for each."""

_CELL = ["element", "context"]


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

    def holds(self, element: IntArray, context: IntArray) -> BoolArray:
        """True for each pair of positions that is one of the cells."""
        width = max(int(np.max(part, initial=0)) for part in (self.context, context)) + 1
        inside: BoolArray = np.isin(element * width + context, self.element * width + self.context)
        return inside & (context >= 0)


def universe(m: SystemMap, outcome: str | None, *, influential: bool = False) -> Universe:
    """Collect the cells upstream of an outcome and who works in each.

    Parameters
    ----------
    outcome
        Only elements from which a chain of influences leads to it; None takes all elements.
    influential
        Whether a cell counts the absolute total influence of its element on the outcome (on all
        outcomes, equally weighed, if none is given) instead of 1.

    Raises
    ------
    UndecidableError
        If there is no such cell, or all of them count 0.
    LimitError
        If there are too many organizations and cells to search among.
    """
    ids = m.organizations.index
    by_id = np.argsort(ids.to_numpy(object), kind="stable")
    kept = np.ones(len(m.elements), bool)
    if outcome is not None:
        kept = m.elements.index.isin(reached(m.tables, [outcome], None, upstream=True))
        if not kept.any():
            raise UndecidableError(
                f"Coalitions cannot be decided: no influence leads to {m.name(outcome)}.",
                missing=f"Add the sheet {INFLUENCES}, or leave outcome out.",
            )
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
    _searchable(len(ids), len(cells))
    works = np.zeros((len(ids), len(cells)), bool)
    at = place.get_indexer(pd.MultiIndex.from_frame(offered[["element", "context"]]))
    works[offered["organization"].to_numpy()[at >= 0], at[at >= 0]] = True
    needing = np.zeros(len(cells), np.int64)
    if stated:
        # one row per organization and cell, so that adding counts organizations
        np.add.at(needing, place.get_indexer(pd.MultiIndex.from_frame(wanted[_CELL])), 1)
    value = _influence(m, outcome) if influential else np.ones(len(kept))
    told = Universe(stated, element, context, value[element], ids[by_id], works[by_id], needing)
    _decidable(m, told, outcome)
    return told


def unplaced(m: SystemMap, *, needed: bool) -> list[str]:
    """What an answer about cells admits: claims that name no unit context."""
    unit: BoolArray = np.append(m.contexts.index.isin(unit_contexts(m)), False)
    said = []
    for tables, what in (((PRIORITIES, CHALLENGES), "needs"), ((WORKS_ON,), "work")):
        if what == "needs" and not needed:
            continue
        told = [claims(m, t) for t in tables]
        out = sum(int((~unit[c.context]).sum()) for c in told)
        if out:
            said.append(
                f"{out:,} of {sum(map(len, told)):,} claims about {what} name no {kind(m)} and "
                "count in no cell."
            )
    return said


def kind(m: SystemMap) -> str:
    """What the unit contexts are, in one word."""
    kinds = m.contexts["kind"][unit_contexts(m)].dropna()
    return str(kinds.iloc[0]) if len(kinds) else "context"


def _influence(m: SystemMap, outcome: str | None) -> FloatArray:
    """The absolute total influence of each element on one outcome, or on all."""
    number = len(m.tables[ELEMENTS])
    if outcome is None:
        return np.abs(on_outcomes(m)[:number])
    alone = (m.outcomes.index == outcome).astype(float)
    return np.abs(on_outcomes(m, weights=alone)[:number])


def _decidable(m: SystemMap, told: Universe, outcome: str | None) -> None:
    """Refuse where there is nothing to cover."""
    if not len(told):
        aim = f" that leads to {m.name(outcome)}" if outcome else ""
        what = "is needed" if told.needed else "is worked on"
        raise UndecidableError(
            f"Coalitions cannot be decided: no element{aim} {what} in a named {kind(m)}.",
            missing=f"Fill the column context of {PRIORITIES if told.needed else WORKS_ON}.",
        )
    if not np.nan_to_num(told.worth).sum() > 0:
        raise UndecidableError(
            "Cells cannot be weighed by influence: no chain of claims leads to an outcome.",
            missing=f"Add the sheet {INFLUENCES if len(m.outcomes) else OUTCOMES}.",
        )


def _searchable(organizations: int, cells: int) -> None:
    """Refuse what memory would not hold."""
    if organizations * cells > AT_MOST:
        raise LimitError(
            f"coalitions: {organizations:,} organizations and {cells:,} cells came; the two "
            f"numbers multiplied may be at most {AT_MOST:,}. Narrow with m.select(...), or name "
            "an outcome.",
            limit="cells",
        )


def _placed(m: SystemMap, rows: pd.DataFrame, kept: BoolArray) -> pd.DataFrame:
    """Rows about a kept element in a unit context."""
    unit = np.append(m.contexts.index.isin(unit_contexts(m)), False)
    there = unit[rows["context"].to_numpy()] & kept[rows["element"].to_numpy()]
    return rows[there]
