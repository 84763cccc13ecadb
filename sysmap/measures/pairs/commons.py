"""What the two ends of each pair have in common, listed once, so that draws can lose claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.pairs.portfolio import Grouped, grouped


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """What each organization has, one list after the other, ascending.

    Parameters
    ----------
    starts
        Where the list of each organization begins, and where the last one ends.
    items
        What stands there.
    place
        The group of claims by which it does.
    """

    starts: IntArray
    items: IntArray
    place: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Commons:
    """Everything that two organizations have in common, pair after pair.

    Parameters
    ----------
    pairs
        Number of pairs.
    pair, item
        The pair and what it shares, sorted by pair.
    one, other
        The groups of claims by which each end has it.
    """

    pairs: int
    pair: IntArray
    item: IntArray
    one: IntArray
    other: IntArray

    def weighed(self, standing: BoolArray, weight: FloatArray) -> FloatArray:
        """Weight in common of each pair, shape ``(draws, pairs)``, of the groups that stand."""
        total = np.zeros((self.pairs, standing.shape[1]))
        if len(self.pair):
            both = standing[self.one] & standing[self.other]
            starts = np.flatnonzero(np.diff(self.pair, prepend=-1))
            total[self.pair[starts]] = np.add.reduceat(
                both * weight[self.item][:, None], starts, axis=0
            )
        return total.T


def listed(who: IntArray, what: IntArray, size: int) -> Lists:
    """Lists from groups that are sorted by organization and item."""
    return Lists(np.searchsorted(who, np.arange(size + 1)), what, np.arange(len(who)))


def in_common(lists: Lists, one: IntArray, other: IntArray) -> Commons:
    """What the two ends of each pair have in common."""
    from scipy.sparse import csr_array

    # a place stands as its number plus one, because a product keeps no zeros
    shape = len(lists.starts) - 1, int(lists.items.max(initial=0)) + 1
    table = csr_array((lists.place + 1, lists.items, lists.starts), shape=shape)
    mine, theirs = table[one], table[other]
    left, right = mine * theirs.sign(), theirs * mine.sign()
    pair = np.repeat(np.arange(len(one)), np.diff(left.indptr))
    return Commons(len(one), pair, left.indices.astype(np.int64), left.data - 1, right.data - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The partners of each organization, and the claims behind each tie.

    Parameters
    ----------
    lists
        Partners; the place is the tie.
    ties
        Groups of supports, one per tie.
    supports
        Two claims, or twice the same, that together tie a pair.
    weight
        1 / ln k of each organization with k >= 2 partners, else 0.
    """

    lists: Lists
    ties: Grouped
    supports: IntArray
    weight: FloatArray

    def standing(self, kept: BoolArray) -> BoolArray:
        """Which ties stand, shape ``(ties, draws)``."""
        return self.ties.standing(kept[self.supports[:, 0]] & kept[self.supports[:, 1]])


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
    lists = Lists(
        np.searchsorted(who[order], np.arange(size + 1)),
        whom[order],
        np.tile(np.arange(len(one)), 2)[order],
    )
    return Neighbours(lists, groups, ties[:, 2:], weight)
