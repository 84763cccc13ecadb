"""One pass over blocks of organizations that remembers the best partners of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sysmap.core.progress import Progress, teller
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.affinity import strength
from sysmap.measures.pairs.best import Best
from sysmap.measures.pairs.chance import Chance
from sysmap.measures.pairs.many import Many, above, summed
from sysmap.measures.pairs.threads import in_threads

if TYPE_CHECKING:
    from scipy.sparse import csr_array

CELLS = 2_000_000
"""About how many pairs are compared at once."""

_TASKS = 64
"""About half as many slices are searched elsewhere, so that each worker has a few."""
_DENSE = 16_000_000
_FASTER = 64
"""A dense product takes about so many steps in the time of one step of a sparse one."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The pairs that one pass kept.

    Parameters
    ----------
    first, second
        The ends, first < second, in ascending order.
    compared
        Number of pairs that were compared.
    closest
        The largest weight of partners in common of any pair.
    """

    first: IntArray
    second: IntArray
    compared: int
    closest: float


_Offers = tuple[IntArray, IntArray, FloatArray]
"""Organizations, partners, and their values."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What some organizations beside themselves and all later ones gave.

    Parameters
    ----------
    offers
        What each list may take.
    compared
        Number of pairs that were compared.
    closest
        The largest weight of partners in common of any of them.
    """

    offers: list[_Offers]
    compared: int
    closest: float

    def frame(self) -> pd.DataFrame:
        """The same as rows of numbers that any engine carries, for `told`."""
        totals = (np.array([self.compared]), np.zeros(1, np.int64), np.array([self.closest]))
        parts = [totals, *self.offers]
        lists = np.repeat(np.arange(len(parts)) - 1, [len(part[0]) for part in parts])
        columns = map(np.concatenate, zip(*parts, strict=True))
        return pd.DataFrame(dict(zip(COLUMNS, (lists, *columns), strict=True)))


def told(frame: pd.DataFrame, lists: int) -> Found:
    """What a frame holds; the row before the first list has the totals."""
    which, one, other, value = (frame[name].to_numpy() for name in COLUMNS)
    ends = np.searchsorted(which, np.arange(lists + 1)).tolist()
    offers = [(one[s:e], other[s:e], value[s:e]) for s, e in pairwise(ends)]
    return Found(offers, int(one[0]), float(value[0]))


Slice = tuple[int, int]
"""The first of some organizations that follow each other, and the one after the last."""

Spread = Callable[[Callable[[int, int], pd.DataFrame], Sequence[Slice]], Iterable[pd.DataFrame]]
"""Applies a function to slices elsewhere; its frames come back in the order of the slices."""

COLUMNS = ("list", "one", "other", "value")
"""Of the frames that slices searched elsewhere come back as."""


def search(
    many: Many,
    used: FloatArray,
    top: int,
    parent: IntArray,
    progress: Progress = None,
    spread: Spread | None = None,
) -> Kept:
    """The best partners of each organization: by score, the first new one, and by each part alone.

    Parameters
    ----------
    used
        Weights of the parts, sum 1.
    top
        How many of each organization by score, from 1 up.
    parent
        What each organization is a part of, -1 for nothing: such pairs are left out.
    progress
        Told how many organizations have been compared with all others.
    spread
        Where slices of the organizations are searched; None for two threads here.
    """
    size = len(parent)
    blocks = _Blocks(many, used, parent)
    kept = _Lists.empty(size, top)
    with teller(progress, size) as tell:
        if spread is None:
            slices = _slices(size, CELLS)
            compare = partial(blocks.compare, kept.lists)
            answers: Iterable[Found] = in_threads(lambda some: compare(*some), slices)
        else:
            slices = _slices(size, max(CELLS, size * size // _TASKS))
            frames = spread(partial(_searched, blocks, top), slices)
            answers = (told(frame, len(kept.lists)) for frame in frames)
        for (_, end), found in zip(slices, answers, strict=True):
            kept.take(found)
            tell(end)
    ends = zip(*(best.pairs() for best in kept.lists), strict=True)
    one, other = map(np.concatenate, ends)
    codes = np.unique(np.minimum(one, other) * size + np.maximum(one, other))
    return Kept(*np.divmod(codes, size), kept.compared, kept.closest)


def _searched(blocks: _Blocks, top: int, begin: int, end: int) -> pd.DataFrame:
    """One slice, block after block, and of it only the best partners of each organization."""
    kept = _Lists.empty(len(blocks.everyone), top)
    for some in _slices(len(blocks.everyone), CELLS, begin, end):
        kept.take(blocks.compare(kept.lists, *some))
    return Found([best.offers() for best in kept.lists], kept.compared, kept.closest).frame()


@dataclass(slots=True)
class _Lists:
    """The lists of best partners as they grow, and what has been counted on the way."""

    lists: list[Best]
    compared: int = 0
    closest: float = 0.0

    @classmethod
    def empty(cls, size: int, top: int) -> _Lists:
        """By score, the first new one, and by each part alone."""
        by_score = Best(size, max(top, 1))
        return cls([by_score, Best(size, 1), *(Best(size, 1, 0.0) for _ in range(3))])

    def take(self, found: Found) -> None:
        """Offer to each list what it may take."""
        self.compared += found.compared
        self.closest = max(self.closest, found.closest)
        for best, offers in zip(self.lists, found.offers, strict=True):
            best.offer(*offers)


def _slices(size: int, pairs: int, begin: int = 0, last: int | None = None) -> list[Slice]:
    """Slices of about so many pairs with the organizations from each slice on."""
    found, last = [], size if last is None else last
    while begin < last:
        end = min(last, begin + max(1, pairs // (size - begin)))
        found.append((begin, end))
        begin = end
    return found


class _Blocks:
    """Some organizations beside themselves and all later ones.

    A block holds rows `begin` to `end` and columns from `begin` on, so that no pair is compared
    twice but those on the diagonal.
    """

    def __init__(self, many: Many, used: FloatArray, parent: IntArray) -> None:
        self.many, self.used = many.bare(), used
        self.everyone = np.arange(len(parent))
        self.frequent, self.rare = _parted(_features(many))
        self.asked, self.offered = many.crossed
        self.kin = _kin(parent)

    def compare(self, lists: Sequence[Best], begin: int, end: int) -> Found:
        """Compare one block; the lists may grow meanwhile, which costs candidates and no pair."""
        helped = helps = np.zeros((1, 1))
        purpose = fit = reach = None
        closest = 0.0
        if self.many.purpose:
            purpose = self._purpose(begin, end)
        if self.many.chance is not None:
            helped = _product(_later(self.offered, begin), self.asked[begin:end])
            helps = _product(_later(self.asked, begin), self.offered[begin:end])
            fit = self._fit(self.many.chance, begin, end, helped + helps)
        if self.many.ties is not None:
            reach, closest = self._reach(self.many.ties, begin, end)
        allowed, compared = self._allowed(begin, end, helps, helped)
        offers = self._offers(lists, begin, end, (purpose, fit, reach), allowed)
        return Found(offers, compared, closest)

    def _allowed(
        self, begin: int, end: int, helps: FloatArray, helped: FloatArray
    ) -> tuple[BoolArray | None, int]:
        """Which pairs the subject concerns, None for all, kin left out; and how many there are."""
        row, column = self.kin[begin:end, begin:].nonzero()
        if self.many.told.present is None:
            later = int((len(self.everyone) - 1 - self.everyone[begin:end]).sum())
            return None, later - int((column > row).sum())
        allowed = self.many.told.concerned(
            self.everyone[begin:end, None], self.everyone[begin:], helps, helped
        )
        allowed[row, column] = False
        return allowed, int(np.triu(allowed, k=1).sum())

    def _offers(
        self,
        lists: Sequence[Best],
        begin: int,
        end: int,
        z: tuple[FloatArray | None, ...],
        allowed: BoolArray | None,
    ) -> list[_Offers]:
        """What the lists may take: by score, by score of those without a tie, and by each part."""
        worse = np.zeros((end - begin, len(self.everyone) - begin))
        for excess, weight in zip(z, self.used, strict=True):
            if excess is not None and weight:
                worse -= weight * strength(excess)
        kin = self.kin[begin:end, begin:].nonzero()

        def ready(value: FloatArray) -> FloatArray:
            value[kin] = np.nan
            if allowed is not None:
                value[~allowed] = np.nan
            return value

        by_score, new, *alone = lists
        nobody = np.zeros(0, np.int64)
        nothing = nobody, nobody, np.zeros(0)
        found = [_taken(by_score, ready(worse), begin)]
        if self.many.ties is None:
            found.append(nothing)  # the best one by score is new
        else:
            worse[self.many.ties[begin:end, begin:].nonzero()] = np.nan
            found.append(_taken(new, worse, begin))
        for best, excess in zip(alone, z, strict=True):
            if excess is None:
                found.append(nothing)
            else:
                found.append(_taken(best, ready(np.negative(excess, out=excess)), begin))
        return found

    def _purpose(self, begin: int, end: int) -> FloatArray:
        """Excess of shared purpose."""
        seen = self.frequent[begin:end] @ self.frequent[begin:].T
        if self.rare.nnz:
            seen += _product(_later(self.rare, begin), self.rare[begin:end])
        variance = np.zeros(seen.shape)
        for table in self.many.purpose:
            rows, columns = table.kind[begin:end], table.kind[begin:]
            seen -= table.expected[rows][:, columns]
            variance += table.variance[rows][:, columns]
        return _in_deviations(seen, variance)

    def _fit(self, chance: Chance, begin: int, end: int, met: FloatArray) -> FloatArray:
        """Excess of the mutual fit; an organization without needs adds nothing to either sum."""
        rows, columns = chance.kind[begin:end], chance.kind[begin:]
        error = chance.variance[begin:end] + chance.prior[begin:end, None]
        variance = error[:, columns]
        variance += chance.variance.T[rows, begin:]
        variance += chance.prior[begin:]
        met -= chance.expected[begin:end][:, columns]
        met -= chance.expected.T[rows, begin:]
        return _in_deviations(met, variance)

    def _reach(self, ties: csr_array, begin: int, end: int) -> tuple[FloatArray, float]:
        """Excess of reach, and the largest weight of partners in common."""
        together = (ties[begin:end] * self.many.weight @ _later(ties, begin).T).tocoo()
        one, other = begin + together.row, begin + together.col
        (table,) = self.many.reach
        nothing = above(np.zeros(1), table.expected, table.variance)
        z = nothing[table.kind[begin:end]][:, table.kind[begin:]]
        z[together.row, together.col] = above(together.data, *summed((table,), one, other))
        return z, float(together.data[one != other].max(initial=0.0))


def _taken(best: Best, worse: FloatArray, begin: int) -> _Offers:
    """What a list may take of a block, pairs in both directions."""
    row, column, value = best.candidates(worse, begin)
    one, other = begin + row, begin + column
    below = column >= len(worse)
    return (
        np.concatenate([one, other[below]]),
        np.concatenate([other, one[below]]),
        np.concatenate([value, value[below]]),
    )


def _in_deviations(excess: FloatArray, variance: FloatArray) -> FloatArray:
    """In place; NaN where nothing varies."""
    variance[~(variance > 0)] = np.nan
    excess /= np.sqrt(variance, out=variance)
    return excess


def _later(table: csr_array, begin: int) -> csr_array:
    """The rows from `begin` on, which share their memory with the table."""
    from scipy.sparse import csr_array

    start = table.indptr[begin]
    rows = table.data[start:], table.indices[start:], table.indptr[begin:] - start
    return csr_array(rows, shape=(table.shape[0] - begin, table.shape[1]))


def _product(long: csr_array, short: csr_array) -> FloatArray:
    """The product of the short table with the other one turned, dense, rows one after the other.

    The short one is the inner table, because it is looked up again and again.
    """
    return np.asarray((long @ short.T.tocsr()).toarray(order="F").T)


def _features(many: Many) -> csr_array:
    """Organizations by features, so that the product with itself is the weight in common."""
    from scipy.sparse import csr_array, hstack

    size = len(many.told.organizations)
    tables = [
        csr_array(
            (np.sqrt(b.weight)[b.held.keys[:, 1]], tuple(b.held.keys.T)),
            shape=(size, len(b.weight)),
        )
        for b in many.blocks
    ]
    found: csr_array = hstack([csr_array((size, 0)), *tables], format="csr")
    return found


def _parted(table: csr_array) -> tuple[FloatArray, csr_array]:
    """The columns whose part of the product is faster with their zeros, and the other columns."""
    rows = table.shape[0]
    held = np.bincount(table.indices, minlength=table.shape[1])
    often = np.flatnonzero(_FASTER * held**2 >= rows**2)
    room = _DENSE // max(rows, 1)
    often = often[np.argsort(-held[often], kind="stable")[:room]]
    rest = np.setdiff1d(np.arange(table.shape[1]), often)
    return np.asarray(table[:, often].toarray()), table[:, rest]


def _kin(parent: IntArray) -> csr_array:
    """Each organization beside itself and those that it is, through others too, a part of."""
    from scipy.sparse import csr_array

    everyone = np.arange(len(parent))
    one, other = [everyone], [everyone]
    above = parent
    for _ in parent:
        part = above >= 0
        if not part.any():
            break
        one += [everyone[part], above[part]]
        other += [above[part], everyone[part]]
        above = np.where(part, parent[above], -1)
    ends = np.concatenate(one), np.concatenate(other)
    return csr_array((np.ones(len(ends[0]), bool), ends), shape=(len(parent), len(parent)))
