"""How much of a need is met if every helper's offers fall at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.pairs.needed import Needs, Spill, own_regions
from sysmap.measures.pairs.null_model import NullModel, null_model
from sysmap.measures.pairs.portfolio import Portfolio
from sysmap.measures.pairs.threads import in_threads

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_NUMBERS = 1_000_000
"""About how many numbers a table of needs by kinds of helpers may hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """The shares of needs met if every helper's offers fell at random.

    Parameters
    ----------
    expected, variance
        Shape ``(needers, kinds of helpers)``: helpers of equal number of offers are alike. The
        needers of one kind stand together in memory.
    kind
        The kind of each organization as a helper.
    prior
        Variance added, per needer: a quarter of one typical need.
    """

    expected: FloatArray
    variance: FloatArray
    kind: IntArray
    prior: FloatArray


def by_chance(needs: Needs, told: Portfolio, spill: Spill) -> Chance:
    """Mean and variance of each share under the null model of the offers.

    The maximum over places takes one of four values, so the mean is exact. Cells of one element
    count as wholly correlated, which bounds the variance from above; elements are independent.
    """
    part = needs.parts(told.everything())[:, 0]
    owner, element, context = needs.cells.keys.T
    null, offered = _offered(told, needs.size)
    silences = _silences(null, told, offered)
    expected, variance = np.zeros((2, len(null.p), needs.size)).transpose(0, 2, 1)

    def met(some: slice) -> tuple[IntArray, FloatArray, FloatArray]:
        mean, deviation, which = _moments(silences, spill, element[some], context[some])
        needer, mine = np.unique(owner[some], return_inverse=True)
        new = np.ones(len(mine), bool)
        new[1:] = (np.diff(mine) != 0) | (np.diff(element[some]) != 0)
        group, first = np.cumsum(new) - 1, np.flatnonzero(new)
        together = _sums(group, which, part[some], len(mean)) @ deviation
        starts = np.searchsorted(mine[first], np.arange(len(needer)))
        spread = np.add.reduceat(together**2, starts, axis=0)
        return needer, _sums(mine, which, part[some], len(mean)) @ mean, spread

    for needer, mean, spread in in_threads(met, _by_owner(owner, max(1, _NUMBERS // len(null.p)))):
        expected[needer], variance[needer] = mean, spread
    prior = np.bincount(owner, part**2, minlength=needs.size) ** 2 / 4
    return Chance(expected, variance, null.row, prior)


@dataclass(frozen=True, slots=True, eq=False)
class _Silence:
    """Chance that a helper offers nothing in a group of columns.

    Parameters
    ----------
    counts
        Columns of each kind in each group; none in the last one.
    silence
        Logarithm of the chance that nothing is offered in one column, shape ``(kinds of columns,
        kinds of helpers)``.
    group
        The group of each element and place, -1 for none; the last place is a blank.
    """

    counts: csr_array
    silence: FloatArray
    group: IntArray

    def of(self, element: IntArray, context: IntArray) -> FloatArray:
        """The chance for each kind of helper, shape ``(cells, kinds of helpers)``."""
        groups, which = np.unique(self.group[element, context], return_inverse=True)
        return np.asarray(np.exp(self.counts[groups] @ self.silence)[which])


def _silences(
    null: NullModel, told: Portfolio, offered: tuple[IntArray, IntArray]
) -> tuple[_Silence, _Silence, _Silence]:
    """At the place of a need, in its subregion, and anywhere.

    Parameters
    ----------
    offered
        Element and context of each column of the null model.
    """
    silence, found = null.silence(), []
    nowhere = np.zeros(told.contexts + 1, dtype=np.int64)
    for place in (np.append(np.arange(told.contexts), -1), own_regions(told), nowhere):
        wide = int(place.max()) + 1
        group = np.arange(told.elements)[:, None] * wide + place
        group[:, place < 0] = -1
        counts = null.members(group[offered], told.elements * wide + 1)
        found.append(_Silence(counts, silence, group))
    return found[0], found[1], found[2]


def _moments(
    silences: tuple[_Silence, _Silence, _Silence],
    spill: Spill,
    element: IntArray,
    context: IntArray,
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Mean and deviation of what the nearest offer is worth, and the row of each cell in them."""
    wide = silences[0].group.shape[1]
    cells, which = np.unique(element * wide + context % wide, return_inverse=True)
    at, near, anywhere = (silence.of(*np.divmod(cells, wide)) for silence in silences)
    mean, square = np.zeros((2, *at.shape))
    for worth, chance in zip(spill, (1 - at, at - near, near - anywhere), strict=True):
        mean += worth * chance
        square += worth**2 * chance
    return mean, np.sqrt(np.maximum(square - mean**2, 0)), which


def _by_owner(owner: IntArray, most: int) -> Iterator[slice]:
    """Slices of about `most` cells that leave those of one organization together."""
    ends = np.append(np.flatnonzero(np.diff(owner, prepend=-1)), len(owner))
    begin = 0
    while begin < len(owner):
        end = max(
            ends[np.searchsorted(ends, begin, side="right")],
            ends[np.searchsorted(ends, begin + most, side="right") - 1],
        )
        yield slice(begin, int(end))
        begin = int(end)


def _sums(row: IntArray, column: IntArray, weight: FloatArray, columns: int) -> csr_array:
    """A matrix that adds up some rows of another one, each with its weight."""
    from scipy.sparse import coo_array

    return coo_array((weight, (row, column)), shape=(int(row.max()) + 1, columns)).tocsr()


def _offered(told: Portfolio, size: int) -> tuple[NullModel, tuple[IntArray, IntArray]]:
    """The null model of the cells that are offered, and the element and context of each."""
    # equal rows stand together
    new = np.zeros(len(told.works), bool)
    new[:1] = True
    for column in told.works.T:
        new[1:] |= column[1:] != column[:-1]
    who, element, context = told.works[new].T
    wide = told.contexts + 1
    holders = np.bincount(element * wide + context % wide)
    columns = np.flatnonzero(holders)
    null = null_model(np.bincount(who, minlength=size), holders[columns])
    return null, (columns // wide, columns % wide)
