"""The best partners of each organization, measured as closely as few pairs are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.progress import Progress
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.affinity import AT_ONCE, PARTS, Seen
from sysmap.measures.pairs.chance import Chance
from sysmap.measures.pairs.commons import Commons, Lists, Neighbours, in_common, listed, neighbours
from sysmap.measures.pairs.fit import Meeting, Offered, both_ways, meet, offers_anywhere
from sysmap.measures.pairs.many import Many, above, summed
from sysmap.measures.pairs.portfolio import TIES, Kept, Portfolio
from sysmap.measures.pairs.purpose import Block
from sysmap.measures.pairs.reach import distances
from sysmap.measures.pairs.search import Spread, search
from sysmap.measures.pairs.threads import in_threads

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_ENTRIES, _LEAST = 4_000_000, 80
"""About how many features of both ends are laid side by side at once; of a pair at least."""

_CELLS = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The pairs that the search kept, as `Affinity` shows all of them.

    Parameters
    ----------
    many
        What they come from.
    first, second
        The ends of each pair, first < second, in ascending order.
    compared
        Number of pairs that were compared.
    closest
        The largest weight of partners in common of any pair.
    """

    many: Many
    first: IntArray
    second: IntArray
    compared: int
    closest: float

    @property
    def told(self) -> Portfolio:
        """The claims."""
        return self.many.told

    def seen(self) -> Seen:
        """What is seen of each pair."""
        kept = self.told.everything()
        stands = _stands(self.many, kept)
        offered = offers_anywhere(self.told)
        parts = [*in_threads(lambda some: self._seen(some, kept, stands, offered), self._slices())]
        return Seen(
            *(np.concatenate([getattr(p, f.name) for p in parts], axis=-1) for f in fields(Seen))
        )

    def drawn(self, draws: int, share: float, rng: np.random.Generator) -> Iterator[FloatArray]:
        """The excess of each part as in `Affinity.drawn`, of the kept pairs alone."""
        some = _pairs(self.many, self.first, self.second)
        at_once = max(1, AT_ONCE // (len(self.first) + some.width + 1))
        for kept in self.told.draws(draws, share, at_once, rng):
            yield some.measured(kept, _stands(self.many, kept)).z

    def _slices(self) -> list[slice]:
        """Pairs that are measured at once, fewer where portfolios are broad."""
        has = np.zeros(len(self.told.organizations), np.int64)
        for block in self.many.blocks:
            has += np.bincount(block.held.keys[:, 0], minlength=len(has))
        load = np.cumsum(_LEAST + has[self.first] + has[self.second])
        cuts = np.flatnonzero(np.diff(load // _ENTRIES)) + 1
        return [slice(*ends) for ends in pairwise([0, *cuts.tolist(), len(load)])]

    def _seen(self, some: slice, kept: Kept, stands: Sequence[BoolArray], offered: Offered) -> Seen:
        first, second, many = self.first[some], self.second[some], self.many
        pairs = _pairs(many, first, second, offered)
        found = pairs.measured(kept, stands)
        missing = np.full(len(first), np.nan)
        shared = expected = near = missing
        tied = far = np.zeros(len(first), bool)
        if many.blocks:
            own = np.zeros(len(many.weight))
            for block in many.blocks:
                who, what = block.held.keys.T
                own += np.bincount(who, block.weight[what], minlength=len(own))
            chance = summed(many.purpose, first, second)[0]
            both = own[first] + own[second]
            shared, expected = (_similar(both, o) for o in (found.together[0], chance))
        if many.ties is not None:
            near = found.near[0] / (self.closest or 1.0)
            tied = np.asarray(many.ties[first, second]).ravel() > 0
            far = _far(many.ties, first, second)
        helped, helps = (side[0] for side in found.sides)
        mutual = found.fit[0]
        return Seen(found.z[:, 0], shared, expected, helps, helped, mutual, near, tied, far)


def nearest(
    many: Many,
    used: FloatArray,
    top: int,
    parent: IntArray,
    progress: Progress = None,
    spread: Spread | None = None,
) -> Nearest:
    """The best partners of each organization, and its first new one in any case.

    Parameters
    ----------
    used, top, parent, progress, spread
        As in `search`.
    """
    kept = search(many, used, top, parent, progress, spread)
    return Nearest(many, kept.first, kept.second, kept.compared, kept.closest)


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
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
class _Pairs:
    """Some pairs beside all that they have in common, so that draws can lose claims.

    Parameters
    ----------
    many, first, second
        The map and the ends of each pair.
    purpose
        Features in common, block by block.
    meeting, places
        Needs beside offers, and where each pair finds its two directions in it; -1 is nowhere.
    neighbours, reach
        Partners of everybody, and those in common.
    """

    many: Many
    first: IntArray
    second: IntArray
    purpose: list[tuple[Block, Commons]]
    meeting: Meeting | None
    places: tuple[IntArray, IntArray]
    neighbours: Neighbours
    reach: Commons | None

    @property
    def width(self) -> int:
        """About how many numbers a draw holds beside those of the pairs."""
        wide = sum(len(common.pair) for _, common in self.purpose)
        wide += 0 if self.reach is None else len(self.reach.pair)
        if self.meeting is not None:
            wide += 4 * len(self.meeting.need) + len(self.meeting.needs.level)
        return wide

    def measured(self, kept: Kept, stands: Sequence[BoolArray]) -> _Measured:
        """What is seen of each pair in each draw; `stands` tells which features of a block do."""
        shape = (next(iter(kept.values())).shape[1], len(self.first))
        missing = np.full(shape, np.nan)
        z = np.full((len(PARTS), *shape), np.nan)
        together = near = mutual = missing
        sides = missing, missing
        if self.purpose:
            standing = zip(self.purpose, stands, strict=True)
            together = reduce(np.add, (c.weighed(s, b.weight) for (b, c), s in standing))
            z[0] = above(together, *summed(self.many.purpose, self.first, self.second))
        if self.meeting is not None and self.many.chance is not None:
            ends = ((self.first, self.second), (self.second, self.first))
            sides = self._sides(self.meeting, kept)
            means, errors = zip(*(_by_helper(self.many.chance, *end) for end in ends), strict=True)
            mutual, z[1] = both_ways(sides, means, errors)
        if self.reach is not None:
            ties = self.neighbours.standing(kept[TIES])
            near = self.reach.weighed(ties, self.neighbours.weight)
            z[2] = above(near, *summed(self.many.reach, self.first, self.second))
        return _Measured(z, together, near, sides, mutual)

    def _sides(self, meeting: Meeting, kept: Kept) -> tuple[FloatArray, FloatArray]:
        """The shares of needs that are met in both directions."""
        amount = meeting.needs.amounts(kept)
        whole = meeting.needs.whole(amount)
        met = np.zeros((len(meeting.starts) + 1, amount.shape[1]))
        if len(meeting.starts):
            met[:-1] = meeting.met(amount, kept)
        one, other = (
            np.divide(met[at], whole[needer], out=np.full(whole[needer].shape, np.nan), where=w).T
            for at, needer in zip(self.places, (self.first, self.second), strict=True)
            for w in [whole[needer] > 0]
        )
        return one, other


def _stands(many: Many, kept: Kept) -> list[BoolArray]:
    return [block.held.standing(kept[block.claims]) for block in many.blocks]


def _pairs(many: Many, first: IntArray, second: IntArray, offered: Offered | None = None) -> _Pairs:
    near = neighbours(many.told.ties, len(many.told.organizations))
    meeting, places = _directions(many, first, second, offered)
    return _Pairs(
        many,
        first,
        second,
        [(block, in_common(_lists(block), first, second)) for block in many.blocks],
        meeting,
        places,
        near,
        None if many.ties is None else in_common(near.lists, first, second),
    )


def _directions(
    many: Many, first: IntArray, second: IntArray, offered: Offered | None
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


def _similar(both: FloatArray, together: FloatArray) -> FloatArray:
    """Weighted Jaccard similarity, given the weights of both ends; 0 where neither has any."""
    either = both - together
    return np.divide(together, either, out=np.zeros(either.shape), where=either > 1e-12)


def _far(ties: csr_array, first: IntArray, second: IntArray) -> BoolArray:
    """Pairs that are far from each other by ties; first ends come in ascending order."""
    ends, place = np.unique(first, return_inverse=True)
    far = np.zeros(len(first), bool)
    rows = max(1, _CELLS // ties.shape[0])
    for begin in range(0, len(ends), rows):
        mine = slice(*np.searchsorted(place, [begin, begin + rows]))
        found = distances(ties, ends[begin : begin + rows])
        far[mine] = found[place[mine] - begin, second[mine]]
    return far


def _lists(block: Block) -> Lists:
    who, what = block.held.keys.T
    return listed(who, what, len(block.null.row))
