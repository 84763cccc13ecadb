"""Fit: whose needs meet whose offers, near places included, and what size alone would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sysmap.core.schema import WORKS_ON
from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.needs import TOP_LEVEL
from sysmap.measures.pairs.null_model import NullModel, null_model
from sysmap.measures.pairs.portfolio import NEEDS, Grouped, Kept, Portfolio, grouped

Spill = tuple[float, float, float]
"""What an offer is worth in the same context, in the same subregion, and elsewhere."""

SPILL: Spill = (1.0, 0.5, 0.25)
"""The default: a choice of the methods, and the one that the back-test tests."""


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """Every need beside every other organization that offers the element anywhere.

    Parameters
    ----------
    size
        Number of organizations.
    cells
        Groups of needs with keys organization, element and context.
    level, worth
        Level / 3 of each claim in the list of needs, and value of the element of each cell.
    offers
        Groups of `works_on` by organization, element and context; by organization, element and
        subregion; by organization and element.
    need, helper
        Position in `cells` and organization of each match, sorted by needer and helper.
    found
        Positions in the three groups of `offers`, shape ``(3, matches)``; -1 is none.
    starts
        Where each pair of needer and helper begins.
    spill
        What a match is worth at each distance.
    """

    size: int
    cells: Grouped
    level: FloatArray
    worth: FloatArray
    offers: tuple[Grouped, Grouped, Grouped]
    need: IntArray
    helper: IntArray
    found: IntArray
    starts: IntArray
    spill: Spill

    def amounts(self, kept: Kept) -> FloatArray:
        """Need times value of each cell, shape ``(cells, draws)``."""
        return self.worth[:, None] * self.cells.highest(self.level, kept[NEEDS])

    def shares(self, kept: Kept) -> FloatArray:
        """fit(needer <- helper), shape ``(draws, needers, helpers)``; NaN without needs."""
        amount = self.amounts(kept)
        draws = amount.shape[1]
        total = self.whole(amount)[:, None]
        met = np.zeros((self.size, self.size, draws))
        if len(self.need):
            met[self.needer[self.starts], self.helper[self.starts]] = self.met(amount, kept)
        shares = np.full(met.shape, np.nan)
        np.divide(met, total, out=shares, where=total > 0)
        return shares.transpose(2, 0, 1)

    @property
    def needer(self) -> IntArray:
        """The organization in need of each match."""
        return np.asarray(self.cells.keys[self.need, 0])

    def whole(self, amount: FloatArray) -> FloatArray:
        """All that each organization needs, shape ``(organizations, draws)``."""
        owners, starts = np.unique(self.cells.keys[:, 0], return_index=True)
        total = np.zeros((self.size, amount.shape[1]))
        total[owners] = np.add.reduceat(amount, starts, axis=0)
        return total

    def met(self, amount: FloatArray, kept: Kept) -> FloatArray:
        """What each pair of needer and helper makes of it, shape ``(pairs that match, draws)``."""
        return np.asarray(
            np.add.reduceat(amount[self.need] * self.nearest(kept), self.starts, axis=0)
        )

    def nearest(self, kept: Kept) -> FloatArray:
        """What the nearest offer that stands is worth, shape ``(matches, draws)``."""
        draws = kept[WORKS_ON].shape[1]
        worth = np.zeros((len(self.need), draws))
        for groups, found, value in zip(
            self.offers[::-1], self.found[::-1], self.spill[::-1], strict=True
        ):
            standing = np.vstack([groups.standing(kept[WORKS_ON]), np.zeros((1, draws), bool)])
            worth[standing[found]] = value
        return worth


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How much of one organization's needs another one offers, needer by helper.

    Parameters
    ----------
    meeting
        Needs beside offers.
    share
        fit(needer <- helper); NaN for a needer without needs.
    expected, variance
        Its mean and variance if the helper's offers fell at random.
    prior
        Variance added, per needer: a quarter of one typical need.
    """

    meeting: Meeting
    share: FloatArray
    expected: FloatArray
    variance: FloatArray
    prior: FloatArray

    def drawn(self, kept: Kept) -> FloatArray:
        """The share in each draw, shape ``(draws, needers, helpers)``."""
        return self.meeting.shares(kept)

    def mutual(self, share: FloatArray, i: IntArray, j: IntArray) -> tuple[FloatArray, FloatArray]:
        """The mean of the two directions of each pair, and its excess in standard deviations.

        Parameters
        ----------
        share
            Shape ``(draws, needers, helpers)``; a side that is NaN is left out of the mean.
        i, j
            The two ends of each pair.

        Returns
        -------
        tuple of arrays
            Both of shape ``(draws, pairs)``; NaN where neither end states a need.
        """
        error = self.variance + self.prior[:, None]
        return both_ways(
            (share[:, i, j], share[:, j, i]),
            (self.expected[i, j], self.expected[j, i]),
            (error[i, j], error[j, i]),
        )


def both_ways(
    sides: tuple[FloatArray, FloatArray],
    expected: tuple[FloatArray, FloatArray],
    error: tuple[FloatArray, FloatArray],
) -> tuple[FloatArray, FloatArray]:
    """The mean of two directions, and its excess in standard deviations.

    Parameters
    ----------
    sides
        The shares; a side that is NaN is left out.
    expected, error
        Their means by chance, and variances with the prior.

    Returns
    -------
    tuple of arrays
        NaN where both sides are.
    """
    stated = tuple(~np.isnan(side) for side in sides)
    number = stated[0].astype(float) + stated[1]
    total, chance, variance = (
        np.where(stated[0], one, 0.0) + np.where(stated[1], other, 0.0)
        for one, other in (sides, expected, error)
    )
    mean, z = np.full((2, *number.shape), np.nan)
    np.divide(total, number, out=mean, where=number > 0)
    # sum over sqrt(sum) is mean over sqrt(quarter of the sum) with two sides
    np.divide(total - chance, np.sqrt(variance), out=z, where=variance > 0)
    return mean, z


def fit(told: Portfolio, spill: Spill, value: FloatArray) -> Fit | None:
    """Needs beside offers and their null model; None if no needs or no offers are stated.

    Parameters
    ----------
    spill
        See `Spill`; from high to low.
    value
        What each element of the map counts.
    """
    if not len(told.needs) or not len(told.works):
        return None
    meeting = meet(told, spill, value)
    chance = by_chance(meeting, told)
    return Fit(
        meeting,
        meeting.shares(told.everything())[0],
        chance.expected[:, chance.kind],
        chance.variance[:, chance.kind],
        chance.prior,
    )


def meet(told: Portfolio, spill: Spill, value: FloatArray) -> Meeting:
    """Put every need beside the other organizations that offer its element."""
    cells = grouped(told.needs[:, 0], told.needs[:, 1], told.needs[:, 2])
    who, element, context = told.works.T
    region = np.append(told.subregion, -1)
    offers = (
        grouped(who, element, context, among=context >= 0),
        grouped(who, element, region[context], among=region[context] >= 0),
        grouped(who, element),
    )
    need, anywhere = _same_element(cells.keys[:, 1], offers[2].keys[:, 1])
    helper = offers[2].keys[anywhere, 0]
    needer = cells.keys[need, 0]
    order = np.lexsort((need, helper, needer))
    order = order[needer[order] != helper[order]]
    need, helper, needer, anywhere = need[order], helper[order], needer[order], anywhere[order]
    element, context = cells.keys[need, 1:].T
    at = _find(offers[0].keys, np.column_stack([helper, element, context]))
    near = _find(offers[1].keys, np.column_stack([helper, element, region[context]]))
    new = np.ones(len(need), bool)
    new[1:] = (needer[1:] != needer[:-1]) | (helper[1:] != helper[:-1])
    return Meeting(
        len(told.organizations),
        cells,
        told.needs[:, 3] / TOP_LEVEL,
        value[cells.keys[:, 1]],
        offers,
        need,
        helper,
        np.stack([at, near, anywhere]),
        np.flatnonzero(new),
        spill,
    )


def _same_element(needed: IntArray, offered: IntArray) -> tuple[IntArray, IntArray]:
    """All pairs of positions with equal elements."""
    by_element = np.argsort(offered, kind="stable")
    first = np.searchsorted(offered[by_element], needed, side="left")
    count = np.searchsorted(offered[by_element], needed, side="right") - first
    need = np.repeat(np.arange(len(needed)), count)
    within = np.arange(len(need)) - np.repeat(np.cumsum(count) - count, count)
    return need, by_element[np.repeat(first, count) + within]


def _find(keys: IntArray, wanted: IntArray) -> IntArray:
    """The position of each wanted key among sorted keys; -1 if it is not there."""
    if not len(keys):
        return np.full(len(wanted), -1)
    span = tuple(np.concatenate([keys, wanted]).max(axis=0) + 2)
    have = np.asarray(np.ravel_multi_index(tuple((keys + 1).T), span))
    want = np.asarray(np.ravel_multi_index(tuple((wanted + 1).T), span))
    place = np.minimum(np.searchsorted(have, want), len(have) - 1)
    return np.where(have[place] == want, place, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """The shares of needs met if every helper's offers fell at random.

    Parameters
    ----------
    expected, variance
        Shape ``(needers, kinds of helpers)``: helpers of equal number of offers are alike.
    kind
        The kind of each organization as a helper.
    prior
        Variance added, per needer: a quarter of one typical need.
    """

    expected: FloatArray
    variance: FloatArray
    kind: IntArray
    prior: FloatArray


def by_chance(meeting: Meeting, told: Portfolio) -> Chance:
    """Mean and variance of each share under the null model of the offers.

    The maximum over places takes one of four values, so the mean is exact. Cells of one element
    count as wholly correlated, which bounds the variance from above; elements are independent.
    """
    amount, owner = meeting.amounts(told.everything())[:, 0], meeting.cells.keys[:, 0]
    whole = np.bincount(owner, amount, minlength=meeting.size)
    part = np.divide(amount, whole[owner], out=np.zeros(len(amount)), where=amount > 0)
    columns, needs, null = _columns(meeting, told)
    at = _silence(null, columns, needs)
    region = np.append(told.subregion, -1)
    wide = [np.column_stack([cell[:, 0], region[cell[:, 1]]]) for cell in (columns, needs)]
    near = np.where((wide[1][:, 1] >= 0)[:, None], _silence(null, *wide), at)
    anywhere = _silence(null, columns[:, :1], needs[:, :1])
    chances = (1 - at, at - near, near - anywhere)
    mean, square = np.zeros((2, *at.shape))
    for worth, chance in zip(meeting.spill, chances, strict=True):
        mean += worth * chance
        square += worth**2 * chance
    deviation = np.sqrt(np.maximum(square - mean**2, 0))
    _, cell = np.unique(meeting.cells.keys[:, 1:], axis=0, return_inverse=True)
    needer, starts = np.unique(meeting.cells.keys[:, 0], return_index=True)
    by_element = grouped(meeting.cells.keys[:, 0], meeting.cells.keys[:, 1])
    together = np.add.reduceat(part[:, None] * deviation[cell.ravel()], by_element.starts, axis=0)
    first = np.flatnonzero(np.diff(by_element.keys[:, 0], prepend=-1))
    expected, variance = np.zeros((2, meeting.size, mean.shape[1]))
    expected[needer] = np.add.reduceat(part[:, None] * mean[cell.ravel()], starts, axis=0)
    variance[needer] = np.add.reduceat(together**2, first, axis=0)
    prior = np.bincount(owner, part**2, minlength=meeting.size) / 4
    return Chance(expected, variance, null.row, prior)


def _columns(meeting: Meeting, told: Portfolio) -> tuple[IntArray, IntArray, NullModel]:
    """Cells that are offered, cells that are needed, and the null model of the offers."""
    offered = grouped(*told.works.T).keys
    columns, holders = np.unique(offered[:, 1:], axis=0, return_counts=True)
    null = null_model(np.bincount(offered[:, 0], minlength=meeting.size), holders)
    return columns, np.unique(meeting.cells.keys[:, 1:], axis=0), null


def _silence(null: NullModel, columns: IntArray, needs: IntArray) -> FloatArray:
    """Chance that a helper of each kind offers nothing in the group of columns of each need.

    Groups are equal keys; a need whose last key is blank has no group, so the chance is 1.
    """
    keys, group = np.unique(columns, axis=0, return_inverse=True)
    none = np.vstack([null.none_by_kind(group.ravel(), len(keys)), np.ones((1, len(null.p)))])
    return none[np.where(needs[:, -1] >= 0, _find(keys, needs), -1)]
