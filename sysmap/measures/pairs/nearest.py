"""The best partners of each organization, measured as closely as few pairs are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.progress import Progress
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.affinity import AT_ONCE, PARTS, Seen
from sysmap.measures.pairs.few import Listed, Stands
from sysmap.measures.pairs.lots import BITS, Lots, cast, everything
from sysmap.measures.pairs.many import Many, summed
from sysmap.measures.pairs.portfolio import Portfolio
from sysmap.measures.pairs.reach import distances
from sysmap.measures.pairs.search import Spread, search
from sysmap.measures.pairs.threads import in_threads

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_ENTRIES, _LEAST = 1_000_000, 80
"""About how much of what both ends have is laid side by side at once; of a pair at least."""

_HELD = 16_000_000
"""About how many numbers the draws hold that are made together."""

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
        lists = Listed.of(self.many)
        stands = lists.standing(everything(self.told))
        parts = [*in_threads(lambda some: self._seen(some, lists, stands), self._slices(lists))]
        return Seen(
            *(np.concatenate([getattr(p, f.name) for p in parts], axis=-1) for f in fields(Seen))
        )

    def drawn(self, draws: int, share: float, rng: np.random.Generator) -> Iterator[FloatArray]:
        """The excess of each part as in `Affinity.drawn`, of the kept pairs alone.

        What pairs have in common is listed slice by slice, anew for each word of draws, so that
        no more than a slice of it is held.
        """
        lists, pairs = Listed.of(self.many), len(self.first)
        slices = self._slices(lists)
        at_once = min(BITS, max(1, _HELD // (len(PARTS) * pairs + 1)))
        shown = max(1, AT_ONCE // (len(PARTS) * pairs + 1))
        for lots in cast(self.told, draws, share, at_once, rng):
            z = self._excess(lists, lots, slices)
            yield from (z[:, at : at + shown] for at in range(0, lots.draws, shown))
            del z

    def _excess(self, lists: Listed, lots: Lots, slices: list[slice]) -> FloatArray:
        """The excess of each part in some draws, shape ``(3, draws, pairs)``."""
        stands = lists.standing(lots)
        z = np.empty((len(PARTS), lots.draws, len(self.first)))

        def measured(some: slice) -> None:
            few = lists.beside(self.first[some], self.second[some])
            z[:, :, some] = few.measured(stands).z

        for _ in in_threads(measured, slices):
            pass
        return z

    def _slices(self, lists: Listed) -> list[slice]:
        """Pairs that are measured at once, fewer where portfolios are broad."""
        has = lists.load()
        load = np.cumsum(_LEAST + has[self.first] + has[self.second])
        cuts = np.flatnonzero(np.diff(load // _ENTRIES)) + 1
        return [slice(*ends) for ends in pairwise([0, *cuts.tolist(), len(load)])]

    def _seen(self, some: slice, lists: Listed, stands: Stands) -> Seen:
        first, second, many = self.first[some], self.second[some], self.many
        found = lists.beside(first, second).measured(stands)
        missing = np.full(len(first), np.nan)
        shared = expected = near = missing
        tied = far = np.zeros(len(first), bool)
        if many.blocks:
            chance = summed(many.purpose, first, second)[0]
            both = lists.own[first] + lists.own[second]
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
