"""The best partners of each organization, where all pairs are too many to hold at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.affinity import AT_ONCE, PARTS, Seen, score
from sysmap.measures.pairs.commons import Lists, in_common, listed, neighbours
from sysmap.measures.pairs.fit import Chance, Meeting, Spill, both_ways, by_chance, meet
from sysmap.measures.pairs.portfolio import TIES, Kept, Portfolio
from sysmap.measures.pairs.purpose import PRIOR, Block, features
from sysmap.measures.pairs.ranking import part_of
from sysmap.measures.pairs.reach import by_degree, distances, known_ties

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ALL_PAIRS = 2000
"""With more organizations only the best partners of each are listed and ranked."""

_CELLS = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Expectation and variance with prior, by kind of organization."""

    expected: FloatArray
    variance: FloatArray
    kind: IntArray

    def of(self, one: IntArray, other: IntArray) -> tuple[FloatArray, FloatArray]:
        """Both for pairs of organizations."""
        at = self.kind[one], self.kind[other]
        return self.expected[at], self.variance[at]


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """What a part of the score rests on, small where `Affinity` holds squares.

    Parameters
    ----------
    told
        The claims.
    blocks
        Features; empty if nobody has any.
    meeting, chance
        Needs beside offers, and their null model; None without needs or offers.
    ties
        Who is tied to whom, a sparse square of ones; None if no tie is known.
    """

    told: Portfolio
    blocks: tuple[Block, ...]
    meeting: Meeting | None
    chance: Chance | None
    ties: csr_array | None

    @property
    def known(self) -> tuple[bool, bool, bool]:
        """Which of `PARTS` the map has data for."""
        return bool(self.blocks), self.meeting is not None, self.ties is not None

    def nearest(self, used: FloatArray, top: int, parent: IntArray) -> Nearest:
        """The best partners of each organization.

        Parameters
        ----------
        used
            Weights of the parts, sum 1.
        top
            How many of each organization, from 1 up; and its first new one in any case.
        parent
            What each organization is a part of, -1 for nothing: such pairs are left out.
        """
        return _Search(self, used, top, parent).nearest()


def many(told: Portfolio, spill: Spill, value: FloatArray) -> Many:
    """Prepare the parts; parameters as in `affinity`."""
    meeting = meet(told, spill, value) if len(told.needs) and len(told.works) else None
    return Many(
        told,
        features(told),
        meeting,
        None if meeting is None else by_chance(meeting, told),
        known_ties(told),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The pairs that the search kept, as `Affinity` shows all of them.

    Parameters
    ----------
    many
        What they come from.
    first, second
        The ends of each pair, first < second, in ascending order.
    found
        What is seen of them.
    tables
        Null models of shared purpose and of reach; None where the part is missing.
    compared
        Number of pairs that were compared.
    """

    many: Many
    first: IntArray
    second: IntArray
    found: Seen
    tables: tuple[tuple[_Table, ...], tuple[_Table, ...]]
    compared: int

    @property
    def told(self) -> Portfolio:
        """The claims."""
        return self.many.told

    def seen(self) -> Seen:
        """What is seen of each pair."""
        return self.found

    def drawn(self, draws: int, share: float, rng: np.random.Generator) -> Iterator[FloatArray]:
        """The excess of each part as in `Affinity.drawn`, of the kept pairs alone."""
        purpose = [
            (block.claims, in_common(_lists(block), self.first, self.second), block)
            for block in self.many.blocks
        ]
        near = neighbours(self.told.ties, len(self.told.organizations))
        reach = (
            in_common(near.lists, self.first, self.second) if self.many.ties is not None else None
        )
        meeting, places = self._meeting()
        wide = sum(len(common.pair) for _, common, _ in purpose)
        wide += 0 if reach is None else len(reach.pair)
        wide += 0 if meeting is None else 4 * len(meeting.need) + len(meeting.level)
        at_once = max(1, AT_ONCE // (len(self.first) + wide + 1))
        means = [_summed(table, self.first, self.second) for table in self.tables]
        for kept in self.told.draws(draws, share, at_once, rng):
            number = next(iter(kept.values())).shape[1]
            z = np.full((len(PARTS), number, len(self.first)), np.nan)
            if purpose:
                seen = reduce(
                    np.add,
                    (
                        common.weighed(block.held.standing(kept[claims]), block.weight)
                        for claims, common, block in purpose
                    ),
                )
                z[0] = _above(seen, *means[0])
            if meeting is not None:
                z[1] = self._fit(meeting, places, kept)
            if reach is not None:
                z[2] = _above(reach.weighed(near.standing(kept[TIES]), near.weight), *means[1])
            yield z

    def _meeting(self) -> tuple[Meeting | None, tuple[IntArray, IntArray]]:
        """The matches of the kept pairs, and where each pair finds its two directions."""
        meeting, size = self.many.meeting, len(self.told.organizations)
        nowhere = np.full(len(self.first), -1)
        if meeting is None:
            return None, (nowhere, nowhere)
        codes = meeting.needer * size + meeting.helper
        wanted = (self.first * size + self.second, self.second * size + self.first)
        keep = np.isin(codes, np.concatenate(wanted))
        starts = np.flatnonzero(np.diff(codes[keep], prepend=-1))
        less = replace(
            meeting,
            need=meeting.need[keep],
            helper=meeting.helper[keep],
            found=meeting.found[:, keep],
            starts=starts,
        )
        there = codes[keep][starts]
        if not len(there):
            return less, (nowhere, nowhere)
        one, other = (np.minimum(np.searchsorted(there, w), len(there) - 1) for w in wanted)
        return less, (
            np.where(there[one] == wanted[0], one, -1),
            np.where(there[other] == wanted[1], other, -1),
        )

    def _fit(self, meeting: Meeting, places: tuple[IntArray, IntArray], kept: Kept) -> FloatArray:
        """Excess of the mutual fit, shape ``(draws, pairs)``."""
        chance = self.many.chance
        if chance is None:
            return np.full((1, len(self.first)), np.nan)
        amount = meeting.amounts(kept)
        whole = meeting.whole(amount)
        met = np.zeros((len(meeting.starts) + 1, amount.shape[1]))
        if len(meeting.starts):
            met[:-1] = meeting.met(amount, kept)
        ends = ((self.first, self.second), (self.second, self.first))
        sides = []
        for place, (needer, _) in zip(places, ends, strict=True):
            side = np.full((len(needer), amount.shape[1]), np.nan)
            np.divide(met[place], whole[needer], out=side, where=whole[needer] > 0)
            sides.append(side.T)
        means, errors = zip(*(_by_helper(chance, *end) for end in ends), strict=True)
        return both_ways((sides[0], sides[1]), means, errors)[1]


class _Search:
    """One pass over blocks of organizations; only the pairs that are kept are remembered."""

    def __init__(self, many: Many, used: FloatArray, top: int, parent: IntArray) -> None:
        from scipy.sparse import csr_array

        self.many, self.used, self.top, self.parent = many, used, max(top, 1), parent
        told = many.told
        self.size = len(told.organizations)
        self.everyone = np.arange(self.size)
        self.held = [
            csr_array(
                (np.sqrt(b.weight)[b.held.keys[:, 1]], tuple(b.held.keys.T)),
                shape=(self.size, len(b.weight)),
            )
            for b in many.blocks
        ]
        squares = np.concatenate([b.weight for b in many.blocks] or [np.zeros(1)]) ** 2
        self.prior = PRIOR * float(squares.mean())
        self.own = np.zeros(self.size)
        for table in self.held:
            self.own += np.asarray((table * table).sum(axis=1)).ravel()
        purpose = tuple(
            _Table(
                b.null.overlap_by_kind(b.weight),
                b.null.overlap_by_kind(b.weight**2) - b.null.overlap_by_kind(b.weight**2, 2),
                b.null.row,
            )
            for b in many.blocks
        )
        if purpose:
            last = purpose[-1]
            purpose = (*purpose[:-1], replace(last, variance=last.variance + self.prior))
        self.tables = purpose, self._reach()
        self.met = self._met()

    def _reach(self) -> tuple[_Table, ...]:
        """The null model of reach, and the weights of the partners."""
        self.weight = np.zeros(self.size)
        ties = self.many.ties
        if ties is None:
            return ()
        degree = np.asarray(ties.sum(axis=1), dtype=np.int64).ravel()
        expected, variance, kind, self.weight = by_degree(degree)
        return (_Table(expected, variance, kind),)

    def _met(self) -> csr_array | None:
        """fit(needer <- helper) where it is above 0, needers by helpers."""
        from scipy.sparse import csr_array

        meeting = self.many.meeting
        if meeting is None:
            return None
        everything = self.many.told.everything()
        amount = meeting.amounts(everything)
        self.whole = meeting.whole(amount)[:, 0]
        shape = (self.size, self.size)
        if not len(meeting.starts):
            return csr_array(shape)
        met = meeting.met(amount, everything)[:, 0]
        needer, helper = meeting.needer[meeting.starts], meeting.helper[meeting.starts]
        share = np.divide(met, self.whole[needer], out=np.zeros(len(met)), where=met > 0)
        return csr_array((share, (needer, helper)), shape=shape)

    def nearest(self) -> Nearest:
        rows = max(1, _CELLS // self.size)
        found, most, compared = [], 0.0, 0
        for begin in range(0, self.size, rows):
            block = self.everyone[begin : begin + rows]
            seen, together = self._block(block)
            apart = part_of(self.parent, block[:, None], self.everyone) | (
                block[:, None] == self.everyone
            )
            apart |= ~self.many.told.concerned(
                block[:, None], self.everyone, seen.helps, seen.helped
            )
            compared += int((~apart & (block[:, None] < self.everyone)).sum())
            most = max(most, float(together.max(initial=0.0)))
            row, column = np.nonzero(self._chosen(seen, apart))
            found.append(_oriented(block[row], column, _at(seen, row, column)))
        first, second = (np.concatenate([f[end] for f in found]) for end in (0, 1))
        codes, place = np.unique(first * self.size + second, return_index=True)
        parts = [[getattr(f[2], name.name) for f in found] for name in fields(Seen)]
        whole = Seen(*(np.concatenate(p, axis=-1)[..., place] for p in parts))
        whole = replace(whole, reach=whole.reach / (most or 1.0))
        ends = np.divmod(codes, self.size)
        return Nearest(self.many, *ends, whole, self.tables, compared)

    def _block(self, block: IntArray) -> tuple[Seen, FloatArray]:
        """What is seen of some organizations with every one, and the raw reach."""
        shape = (len(block), self.size)
        grid = block[:, None], self.everyone[None, :]
        missing = np.full(shape, np.nan)
        nothing = np.zeros(shape, bool)
        z = np.full((len(PARTS), *shape), np.nan)
        shared = expected = helps = helped = mutual = near = missing
        tied = far = nothing
        together = np.zeros((1, 1))
        if self.held:
            seen = reduce(np.add, (t[block] @ t.T for t in self.held)).toarray()
            chance, error = _summed(self.tables[0], *grid)
            z[0] = _above(seen, chance, error)
            shared, expected = (self._similar(block, o) for o in (seen, chance))
        if self.met is not None and self.many.chance is not None:
            helped, helps = self.met[block].toarray(), self.met[:, block].toarray().T
            helped[self.whole[block] <= 0] = np.nan
            helps[:, self.whole <= 0] = np.nan
            ends = ((grid[0], grid[1]), (grid[1], grid[0]))
            means, errors = zip(*(_by_helper(self.many.chance, *end) for end in ends), strict=True)
            mutual, z[1] = both_ways((helped, helps), means, errors)
        if self.many.ties is not None:
            ties = self.many.ties
            near = together = (ties[block] * self.weight @ ties.T).toarray()
            z[2] = _above(together, *_summed(self.tables[1], *grid))
            near = together
            tied, far = ties[block].toarray() > 0, distances(ties, block)
            # an organization is no pair with itself
            together = np.where(block[:, None] == self.everyone, 0.0, together)
        return Seen(z, shared, expected, helps, helped, mutual, near, tied, far), together

    def _similar(self, block: IntArray, together: FloatArray) -> FloatArray:
        either = self.own[block][:, None] + self.own - together
        return np.divide(together, either, out=np.zeros(either.shape), where=either > 1e-12)

    def _chosen(self, seen: Seen, apart: BoolArray) -> BoolArray:
        """The best partners of each row, its first new one, and the first by each part alone."""
        points = score(seen.z.reshape(len(PARTS), 1, -1), self.used[None])[0].reshape(apart.shape)
        worse = np.where(apart, np.inf, -points.round(9))
        new = np.where(seen.tied, np.inf, worse)
        chosen = _first(worse, self.top) | _first(new, 1)
        for excess in seen.z:
            alone = np.where(apart | ~(excess > 0), np.inf, -excess.round(9))
            chosen |= _first(alone, 1)
        return chosen & ~apart


def _first(worse: FloatArray, number: int) -> BoolArray:
    """The lowest so many of each row, the earlier one of equals."""
    if number >= worse.shape[1]:
        return np.isfinite(worse)
    limit = np.partition(worse, number - 1, axis=1)[:, number - 1 : number]
    below, equal = worse < limit, worse == limit
    room = number - below.sum(axis=1, keepdims=True)
    chosen: BoolArray = below | (equal & (np.cumsum(equal, axis=1) <= room))
    return chosen & np.isfinite(worse)


def _oriented(one: IntArray, other: IntArray, seen: Seen) -> tuple[IntArray, IntArray, Seen]:
    """Pairs with the lower end first; the two directions of help change with it."""
    turn = one > other
    helps, helped = (
        np.where(turn, seen.helped, seen.helps),
        np.where(turn, seen.helps, seen.helped),
    )
    ends = np.minimum(one, other), np.maximum(one, other)
    return *ends, replace(seen, helps=helps, helped=helped)


def _at(seen: Seen, row: IntArray, column: IntArray) -> Seen:
    return Seen(*(getattr(seen, f.name)[..., row, column] for f in fields(Seen)))


def _summed(
    tables: tuple[_Table, ...], one: IntArray, other: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Expectation and variance of independent blocks together."""
    parts = [table.of(one, other) for table in tables]
    if not parts:
        return np.zeros(1), np.zeros(1)
    return reduce(np.add, (p[0] for p in parts)), reduce(np.add, (p[1] for p in parts))


def _above(seen: FloatArray, expected: FloatArray, variance: FloatArray) -> FloatArray:
    """How far above chance, in standard deviations; NaN where nothing varies."""
    spread = np.sqrt(variance.clip(0))
    above = np.full(np.broadcast_shapes(seen.shape, spread.shape), np.nan)
    np.divide(seen - expected, spread, out=above, where=np.broadcast_to(spread > 0, above.shape))
    return above


def _by_helper(chance: Chance, needer: IntArray, helper: IntArray) -> tuple[FloatArray, FloatArray]:
    """Mean and variance, prior included, of one direction of help."""
    kind = chance.kind[helper]
    return chance.expected[needer, kind], chance.variance[needer, kind] + chance.prior[needer]


def _lists(block: Block) -> Lists:
    who, what = block.held.keys.T
    return listed(who, what, len(block.null.row))
