"""What the two ends of each pair have in common, listed once, so that draws can lose claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.pairs.lots import Words, bit, standing
from sysmap.measures.pairs.portfolio import Grouped, grouped

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, slots=True, eq=False)
class Commons:
    """Everything that two organizations have in common, pair after pair.

    Parameters
    ----------
    pairs
        Number of pairs.
    filled, starts
        The pairs that share anything, and where what they share begins.
    item
        What is shared, pair after pair.
    one, other
        The groups of claims by which each end has it.
    """

    pairs: int
    filled: IntArray
    starts: IntArray
    item: IntArray
    one: IntArray
    other: IntArray

    def weighed(self, stand: Words, weight: FloatArray, draws: int) -> FloatArray:
        """Weight in common of each pair, shape ``(draws, pairs)``, where both groups stand."""
        total = np.zeros((draws, self.pairs))
        if len(self.item):
            both, worth = stand[self.one] & stand[self.other], weight[self.item]
            for draw, row in enumerate(total):
                row[self.filled] = np.add.reduceat(worth * bit(both, draw), self.starts)
        return total


def listed(who: IntArray, what: IntArray, place: IntArray, size: int) -> csr_array:
    """What each of `size` organizations has: a sparse table of places, sorted as `who` is.

    Parameters
    ----------
    who, what
        Sorted by organization and item.
    place
        The group of claims by which it has it.
    """
    from scipy.sparse import csr_array

    # a place stands as its number plus one, because a product keeps no zeros
    shape = size, int(what.max(initial=0)) + 1
    return csr_array(
        ((place + 1).astype(np.int32), what, np.searchsorted(who, np.arange(size + 1))), shape=shape
    )


def in_common(table: csr_array, one: IntArray, other: IntArray) -> Commons:
    """What the two ends of each pair have in common, given what `listed` says."""
    mine, theirs = table[one], table[other]
    left, right = mine * theirs.sign(), theirs * mine.sign()
    filled = np.flatnonzero(np.diff(left.indptr))
    starts, item = (part.astype(np.int64) for part in (left.indptr[filled], left.indices))
    return Commons(len(one), filled, starts, item, left.data - 1, right.data - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The partners of each organization, and the claims behind each tie.

    Parameters
    ----------
    table
        Partners as `listed` gives them; the place is the tie.
    ties
        Groups of supports, one per tie.
    supports
        Two claims, or twice the same, that together tie a pair.
    weight
        1 / ln k of each organization with k >= 2 partners, else 0.
    """

    table: csr_array
    ties: Grouped
    supports: IntArray
    weight: FloatArray

    def standing(self, claims: Words) -> Words:
        """Where each tie stands."""
        return standing(self.ties, claims[self.supports[:, 0]] & claims[self.supports[:, 1]])


def neighbours(ties: IntArray, size: int) -> Neighbours:
    """Partners by organization, from the ties of a portfolio."""
    groups = grouped(ties[:, 0], ties[:, 1])
    one, other = groups.keys.T
    who, whom = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort((whom, who))
    degree = np.bincount(who, minlength=size)
    weight = np.zeros(size)
    many = degree >= 2
    weight[many] = 1 / np.log(degree[many])
    place = np.tile(np.arange(len(one)), 2)[order]
    table = listed(who[order], whom[order], place, size)
    return Neighbours(table, groups, ties[:, 2:], weight)
