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
    width = int(lists.items.max(initial=0)) + 1
    pairs, places = zip(*(_unfolded(lists, ends) for ends in (one, other)), strict=True)
    left, right = (p * width + lists.items[at] for p, at in zip(pairs, places, strict=True))
    if not len(left) or not len(right):
        none = np.zeros(0, np.int64)
        return Commons(len(one), none, none, none, none)
    at = np.minimum(np.searchsorted(left, right), len(left) - 1)
    same = left[at] == right
    return Commons(
        len(one),
        pairs[1][same],
        lists.items[places[1][same]],
        lists.place[places[0][at[same]]],
        lists.place[places[1][same]],
    )


def _unfolded(lists: Lists, who: IntArray) -> tuple[IntArray, IntArray]:
    """Each entry of the lists of some organizations: whose turn it is, and where it stands."""
    count = lists.starts[who + 1] - lists.starts[who]
    turn = np.repeat(np.arange(len(who)), count)
    within = np.arange(len(turn)) - np.repeat(np.cumsum(count) - count, count)
    return turn, np.repeat(lists.starts[who], count) + within


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
