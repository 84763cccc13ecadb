"""Some pairs beside all that they have in common, measured in draws that lose claims."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.schema import WORKS_ON
from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.affinity import PARTS
from sysmap.measures.pairs.chance import Chance
from sysmap.measures.pairs.commons import Commons, Neighbours, in_common, listed, neighbours
from sysmap.measures.pairs.fit import Meeting, Offered, both_ways, meet, offers_anywhere
from sysmap.measures.pairs.lots import Lots, Words, standing
from sysmap.measures.pairs.many import Many, above, summed
from sysmap.measures.pairs.portfolio import NEEDS, TIES
from sysmap.measures.pairs.purpose import Block

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, slots=True, eq=False)
class Stands:
    """What stands in some draws, whatever pairs are looked at.

    Parameters
    ----------
    lots
        Which claims do.
    features
        The groups of each block.
    ties
        Ties; None if none is known.
    needed
        What is needed in each cell, and by each organization, shape ``(..., draws)``; None
        without needs.
    """

    lots: Lots
    features: list[Words]
    ties: Words | None
    needed: tuple[FloatArray, FloatArray] | None


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Some pairs in some draws, all of shape ``(draws, pairs)`` but z, whose first axis is parts.

    Parameters
    ----------
    z
        Excess of each of `PARTS` in standard deviations.
    together, near
        Weight of the features, and of the partners, in common.
    sides, fit
        Share of the needs of the first end, and of the second one, that are met, and their mean.
    """

    z: FloatArray
    together: FloatArray
    near: FloatArray
    sides: tuple[FloatArray, FloatArray]
    fit: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """What every organization has, listed once for all pairs.

    Parameters
    ----------
    many
        The map.
    features
        Of each block, as `commons.listed` gives them.
    neighbours
        Partners.
    offered
        Work, wherever.
    own
        Weight of all features of each organization.
    """

    many: Many
    features: list[csr_array]
    neighbours: Neighbours
    offered: Offered
    own: FloatArray

    @classmethod
    def of(cls, many: Many) -> Listed:
        """The lists of a map."""
        told, features = many.told, []
        size = len(told.organizations)
        own = np.zeros(size)
        for block in many.blocks:
            who, what = block.held.keys.T
            features.append(listed(who, what, np.arange(len(who)), size))
            own += np.bincount(who, block.weight[what], minlength=size)
        return cls(many, features, neighbours(told.ties, size), offers_anywhere(told), own)

    def load(self) -> IntArray:
        """How many features, partners and needs each organization has."""
        has = np.diff(self.neighbours.table.indptr)
        for table in self.features:
            has = has + np.diff(table.indptr)
        if self.many.needs is not None:
            has = has + np.bincount(self.many.needs.cells.keys[:, 0], minlength=len(has))
        return np.asarray(has)

    def standing(self, lots: Lots) -> Stands:
        """What stands in some draws."""
        many, needed = self.many, None
        if many.needs is not None:
            amount = many.needs.amounts({NEEDS: lots.opened(lots.claims[NEEDS])})
            needed = amount, many.needs.whole(amount)
        return Stands(
            lots,
            [standing(block.held, lots.claims[block.claims]) for block in many.blocks],
            None if many.ties is None else self.neighbours.standing(lots.claims[TIES]),
            needed,
        )

    def beside(self, first: IntArray, second: IntArray) -> Few:
        """Some pairs, and what they have in common."""
        near = self.neighbours
        return Few(
            self.many,
            first,
            second,
            [
                (block, in_common(table, first, second))
                for block, table in zip(self.many.blocks, self.features, strict=True)
            ],
            *_directions(self.many, first, second, self.offered),
            None if self.many.ties is None else (near, in_common(near.table, first, second)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Few:
    """Some pairs beside all that they have in common, so that draws can lose claims.

    Parameters
    ----------
    many, first, second
        The map and the ends of each pair.
    purpose
        Features in common, block by block.
    meeting, places
        Needs beside offers, and where each pair finds its two directions in it; -1 is nowhere.
    reach
        Partners of everybody, and those in common; None if no tie is known.
    """

    many: Many
    first: IntArray
    second: IntArray
    purpose: list[tuple[Block, Commons]]
    meeting: Meeting | None
    places: tuple[IntArray, IntArray]
    reach: tuple[Neighbours, Commons] | None

    def measured(self, stands: Stands) -> Measured:
        """What is seen of each pair in each draw."""
        draws = stands.lots.draws
        shape = draws, len(self.first)
        missing = np.full(shape, np.nan)
        z = np.full((len(PARTS), *shape), np.nan)
        together = near = mutual = missing
        sides = missing, missing
        if self.purpose:
            parts = zip(self.purpose, stands.features, strict=True)
            together = reduce(np.add, (c.weighed(s, b.weight, draws) for (b, c), s in parts))
            z[0] = above(together, *summed(self.many.purpose, self.first, self.second))
        if self.many.chance is not None and stands.needed is not None:
            ends = ((self.first, self.second), (self.second, self.first))
            sides = self._sides(stands.lots, *stands.needed)
            means, errors = zip(*(_by_helper(self.many.chance, *end) for end in ends), strict=True)
            mutual, z[1] = both_ways(sides, means, errors)
        if self.reach is not None and stands.ties is not None:
            partners, common = self.reach
            near = common.weighed(stands.ties, partners.weight, draws)
            z[2] = above(near, *summed(self.many.reach, self.first, self.second))
        return Measured(z, together, near, sides, mutual)

    def _sides(
        self, lots: Lots, amount: FloatArray, whole: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """The shares of needs that are met in both directions."""
        meeting = self.meeting
        met = np.zeros((1 if meeting is None else len(meeting.starts) + 1, lots.draws))
        if meeting is not None and len(meeting.starts):
            offers = [standing(groups, lots.claims[WORKS_ON]) for groups in meeting.offers]
            met[:-1] = meeting.met(amount, [lots.opened(words) for words in offers])
        one, other = (
            np.divide(met[at], whole[needer], out=np.full(whole[needer].shape, np.nan), where=w).T
            for at, needer in zip(self.places, (self.first, self.second), strict=True)
            for w in [whole[needer] > 0]
        )
        return one, other


def _directions(
    many: Many, first: IntArray, second: IntArray, offered: Offered
) -> tuple[Meeting | None, tuple[IntArray, IntArray]]:
    """Needs beside offers in both directions of each pair, and where it finds them."""
    nowhere = np.full(len(first), -1)
    if many.needs is None:
        return None, (nowhere, nowhere)
    size = len(many.told.organizations)
    wanted = first * size + second, second * size + first
    every = np.sort(np.concatenate(wanted))
    meeting = meet(many.told, many.needs, many.spill, (every // size, every % size), offered)
    there = (meeting.needer * size + meeting.helper)[meeting.starts]
    if not len(there):
        return meeting, (nowhere, nowhere)
    one, other = (
        np.where(there[at] == codes, at, -1)
        for codes in wanted
        for at in [np.minimum(np.searchsorted(there, codes), len(there) - 1)]
    )
    return meeting, (one, other)


def _by_helper(chance: Chance, needer: IntArray, helper: IntArray) -> tuple[FloatArray, FloatArray]:
    """Mean and variance, prior included, of one direction of help."""
    kind = chance.kind[helper]
    return chance.expected[needer, kind], chance.variance[needer, kind] + chance.prior[needer]
