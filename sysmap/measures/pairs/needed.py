"""What organizations need, and what an offer is worth at each distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.needs import TOP_LEVEL
from sysmap.measures.pairs.portfolio import NEEDS, Grouped, Kept, Portfolio, grouped

Spill = tuple[float, float, float]
"""What an offer is worth in the same context, in the same subregion, and elsewhere."""

SPILL: Spill = (1.0, 0.5, 0.25)
"""The default: a choice of the methods, and the one that the back-test tests."""


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """What each organization needs.

    Parameters
    ----------
    size
        Number of organizations.
    cells
        Groups of needs with keys organization, element and context.
    level, worth
        Level / 3 of each claim in the list of needs, and value of the element of each cell.
    """

    size: int
    cells: Grouped
    level: FloatArray
    worth: FloatArray

    def amounts(self, kept: Kept) -> FloatArray:
        """Need times value of each cell, shape ``(cells, draws)``."""
        return self.worth[:, None] * self.cells.highest(self.level, kept[NEEDS])

    def whole(self, amount: FloatArray) -> FloatArray:
        """All that each organization needs, shape ``(organizations, draws)``."""
        owners, starts = np.unique(self.cells.keys[:, 0], return_index=True)
        total = np.zeros((self.size, amount.shape[1]))
        total[owners] = np.add.reduceat(amount, starts, axis=0)
        return total

    def parts(self, kept: Kept) -> FloatArray:
        """What each cell is of all that its organization needs, shape ``(cells, draws)``."""
        amount = self.amounts(kept)
        whole = self.whole(amount)[self.cells.keys[:, 0]]
        return np.divide(amount, whole, out=np.zeros(amount.shape), where=amount > 0)


def needed(told: Portfolio, value: FloatArray) -> Needs | None:
    """What is needed, where offers could meet it; None if no needs or no offers are stated.

    Parameters
    ----------
    value
        What each element of the map counts.
    """
    if not len(told.needs) or not len(told.works):
        return None
    cells = grouped(told.needs[:, 0], told.needs[:, 1], told.needs[:, 2])
    worth = value[cells.keys[:, 1]]
    return Needs(len(told.organizations), cells, told.needs[:, 3] / TOP_LEVEL, worth)


def own_regions(told: Portfolio) -> IntArray:
    """The subregion of each context, its own one where none is stated; the last entry is -1.

    An offer that is nowhere else in the subregion of a need is at its place.
    """
    alone = told.subregion.max(initial=-1) + 1 + np.arange(told.contexts)
    return np.append(np.where(told.subregion < 0, alone, told.subregion), -1)
