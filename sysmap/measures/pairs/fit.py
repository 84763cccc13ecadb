"""Fit: whose needs meet whose offers, near places included, and what size alone would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sysmap.core.schema import WORKS_ON
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.pairs.chance import by_chance
from sysmap.measures.pairs.keys import Sorted, ascending
from sysmap.measures.pairs.needed import Needs, Spill, needed
from sysmap.measures.pairs.portfolio import Grouped, Kept, Portfolio, grouped


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """Needs beside other organizations that offer the element anywhere.

    Parameters
    ----------
    needs
        What is needed.
    offers
        Groups of `works_on` by organization, element and context; by organization, element and
        subregion; by organization and element.
    need, helper
        Position in the cells of `needs` and organization of each match, sorted by needer and
        helper.
    found
        Positions in the three groups of `offers`, shape ``(3, matches)``; -1 is none.
    starts
        Where each pair of needer and helper begins.
    spill
        What a match is worth at each distance.
    """

    needs: Needs
    offers: tuple[Grouped, Grouped, Grouped]
    need: IntArray
    helper: IntArray
    found: IntArray
    starts: IntArray
    spill: Spill

    def shares(self, kept: Kept) -> FloatArray:
        """fit(needer <- helper), shape ``(draws, needers, helpers)``; NaN without needs."""
        amount, size = self.needs.amounts(kept), self.needs.size
        total = self.needs.whole(amount)[:, None]
        met = np.zeros((size, size, amount.shape[1]))
        if len(self.need):
            stand = [groups.standing(kept[WORKS_ON]) for groups in self.offers]
            met[self.needer[self.starts], self.helper[self.starts]] = self.met(amount, stand)
        shares = np.full(met.shape, np.nan)
        np.divide(met, total, out=shares, where=total > 0)
        return shares.transpose(2, 0, 1)

    @property
    def needer(self) -> IntArray:
        """The organization in need of each match."""
        return np.asarray(self.needs.cells.keys[self.need, 0])

    def met(self, amount: FloatArray, stand: Sequence[BoolArray]) -> FloatArray:
        """What each pair of needer and helper makes of it, shape ``(pairs that match, draws)``.

        Parameters
        ----------
        amount
            Need times value of each cell, shape ``(cells, draws)``.
        stand
            Which groups of each of `offers` stand, shape ``(groups, draws)``.
        """
        return np.asarray(
            np.add.reduceat(amount[self.need] * self._nearest(stand), self.starts, axis=0)
        )

    def _nearest(self, stand: Sequence[BoolArray]) -> FloatArray:
        """What the nearest offer that stands is worth, shape ``(matches, draws)``."""
        draws = stand[0].shape[1]
        worth = np.zeros((len(self.need), draws))
        for standing, found, value in zip(
            stand[::-1], self.found[::-1], self.spill[::-1], strict=True
        ):
            worth[np.vstack([standing, np.zeros((1, draws), bool)])[found]] = value
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
    needs = needed(told, value)
    if needs is None:
        return None
    meeting = meet(told, needs, spill)
    chance = by_chance(needs, told, spill)
    return Fit(
        meeting,
        meeting.shares(told.everything())[0],
        chance.expected[:, chance.kind],
        chance.variance[:, chance.kind],
        chance.prior,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """Who works on what, wherever: groups of claims, and where each stands."""

    groups: Grouped
    at: Sorted

    def claims_of(self, asked: IntArray) -> IntArray:
        """The claims of some organizations on some elements, in ascending order."""
        found = self.at.find(asked)
        return self.groups.members(found[found >= 0])


def offers_anywhere(told: Portfolio) -> Offered:
    """The work of each organization on each element."""
    groups = grouped(told.works[:, 0], told.works[:, 1])
    return Offered(groups, Sorted.of(groups.keys))


def meet(
    told: Portfolio,
    needs: Needs,
    spill: Spill,
    pairs: tuple[IntArray, IntArray] | None = None,
    offered: Offered | None = None,
) -> Meeting:
    """Put needs beside the other organizations that offer their element.

    Parameters
    ----------
    pairs
        Needers and helpers, sorted; None for all of them.
    offered
        From `offers_anywhere`, for whoever has it already.
    """
    who, element, context = told.works.T
    region = np.append(told.subregion, -1)
    if pairs is None:
        among = np.arange(len(who))
    else:
        need, helper = _needs_of(needs, *pairs)
        asked = grouped(helper, needs.cells.keys[need, 1]).keys
        among = (offered or offers_anywhere(told)).claims_of(asked)
    placed = among[context[among] >= 0]
    regional = placed[region[context[placed]] >= 0]
    offers = (
        grouped(who, element, context, among=placed),
        grouped(who, element, region[context], among=regional),
        grouped(who, element, among=among),
    )
    if pairs is None:
        need, helper = _same_element(needs.cells.keys, offers[2].keys)
    wanted, where = needs.cells.keys[need, 1:].T
    at, near, anywhere = (Sorted.of(groups.keys) for groups in offers)
    found = anywhere.find(np.column_stack([helper, wanted]))
    there = found >= 0
    need, helper, wanted, where = need[there], helper[there], wanted[there], where[there]
    needer = needs.cells.keys[need, 0]
    new = np.ones(len(need), bool)
    new[1:] = (needer[1:] != needer[:-1]) | (helper[1:] != helper[:-1])
    places = (
        at.find(np.column_stack([helper, wanted, where])),
        near.find(np.column_stack([helper, wanted, region[where]])),
        found[there],
    )
    return Meeting(needs, offers, need, helper, np.stack(places), np.flatnonzero(new), spill)


def _same_element(needed: IntArray, offered: IntArray) -> tuple[IntArray, IntArray]:
    """Every need beside every other organization that offers its element, sorted."""
    by_element = np.argsort(offered[:, 1], kind="stable")
    element = offered[by_element, 1]
    first = np.searchsorted(element, needed[:, 1], side="left")
    count = np.searchsorted(element, needed[:, 1], side="right") - first
    need = np.repeat(np.arange(len(needed)), count)
    within = np.arange(len(need)) - np.repeat(np.cumsum(count) - count, count)
    helper = offered[by_element[np.repeat(first, count) + within], 0]
    needer = needed[need, 0]
    order = ascending(needer, helper, need)
    order = order[needer[order] != helper[order]]
    return need[order], helper[order]


def _needs_of(needs: Needs, needer: IntArray, helper: IntArray) -> tuple[IntArray, IntArray]:
    """The needs of each needer, beside its helper."""
    ends = np.searchsorted(needs.cells.keys[:, 0], np.arange(needs.size + 1))
    count = np.diff(ends)[needer]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(ends[needer], count) + within, np.repeat(helper, count)
