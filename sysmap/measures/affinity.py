"""Pairs of organizations: what they share, offer and reach beyond what their sizes would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.pairs.fit import Fit, fit
from sysmap.measures.pairs.needed import Spill
from sysmap.measures.pairs.portfolio import Kept, Portfolio
from sysmap.measures.pairs.purpose import Purpose, purpose
from sysmap.measures.pairs.reach import Reach, reach

PARTS = ("shared", "fit", "reach")
"""The parts of the score, in the order of their weights."""

_T = TypeVar("_T", bound=np.generic)
AT_ONCE = 4_000_000
"""About how many numbers the draws that are made together may hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is seen of each pair; NaN where a part is missing.

    Parameters
    ----------
    z
        How far each of `PARTS` exceeds what size gives, in standard deviations; ``(3, pairs)``.
    shared, expected
        Weighted Jaccard similarity, and what it would be by chance.
    helps, helped, fit
        Share of the second one's needs that the first one meets, the reverse, and their mean.
    reach
        Weight of the partners in common, of the largest there is.
    tied, far
        Truth: a tie is known; both have ties, and more than three lie between them.
    """

    z: FloatArray
    shared: FloatArray
    expected: FloatArray
    helps: FloatArray
    helped: FloatArray
    fit: FloatArray
    reach: FloatArray
    tied: BoolArray
    far: BoolArray


class Compared(Protocol):
    """Some pairs of organizations that can be ranked, also under draws."""

    @property
    def told(self) -> Portfolio:
        """The claims."""

    @property
    def first(self) -> IntArray:
        """The ends of each pair, positions in ``told.organizations``; first < second."""

    @property
    def second(self) -> IntArray:
        """The other ends."""

    def seen(self) -> Seen:
        """What is seen of each pair."""

    def drawn(self, draws: int, share: float, rng: np.random.Generator) -> Iterator[FloatArray]:
        """The excess of each part, some draws at a time, shape ``(3, some, pairs)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Affinity:
    """All unordered pairs of organizations; a part that the map has no data for is None.

    Parameters
    ----------
    told
        The claims.
    first, second
        The ends of each pair, positions in ``told.organizations``, first < second.
    purpose, fit, reach
        The parts as square arrays.
    """

    told: Portfolio
    first: IntArray
    second: IntArray
    purpose: Purpose | None
    fit: Fit | None
    reach: Reach | None

    @property
    def known(self) -> tuple[bool, bool, bool]:
        """Which of `PARTS` the map has data for."""
        return self.purpose is not None, self.fit is not None, self.reach is not None

    def square(self, values: npt.NDArray[_T]) -> npt.NDArray[_T]:
        """Values of the pairs, out of a square array."""
        found: npt.NDArray[_T] = values[..., self.first, self.second]
        return found

    def seen(self) -> Seen:
        """What is seen of each pair, all claims standing."""
        missing = np.full(len(self.first), np.nan)
        shared = expected = helps = helped = mutual = near = missing
        tied = far = np.zeros(len(missing), bool)
        if self.purpose is not None:
            shared = self.square(self.purpose.similarity(self.purpose.together))
            expected = self.square(self.purpose.similarity(self.purpose.expected))
        if self.fit is not None:
            share = self.fit.share
            helped, helps = self.square(share), self.square(share.T)
            mutual = self.fit.mutual(share[None], self.first, self.second)[0][0]
        if self.reach is not None:
            together = self.square(self.reach.together)
            near = together / (together.max() or 1.0)
            tied, far = self.square(self.reach.tied), self.square(self.reach.distant())
        z = self.excess()[:, 0]
        return Seen(z, shared, expected, helps, helped, mutual, near, tied, far)

    def excess(self, kept: Kept | None = None) -> FloatArray:
        """How far each part exceeds what size gives, in standard deviations.

        Parameters
        ----------
        kept
            Claims that stand in each draw; all of them if None.

        Returns
        -------
        numpy.ndarray
            Shape ``(3, draws, pairs)`` in the order of `PARTS`; NaN where a part is missing.
        """
        lots = self.told.everything() if kept is None else kept
        draws = next(iter(lots.values())).shape[1]
        z = np.full((len(PARTS), draws, len(self.first)), np.nan)
        for part, measure in ((0, self.purpose), (2, self.reach)):
            if measure is not None:
                spread = np.sqrt(self.square(measure.variance).clip(0) + measure.prior)
                above = self.square(measure.drawn(lots)) - self.square(measure.expected)
                np.divide(above, spread, out=z[part], where=spread > 0)
        if self.fit is not None:
            z[1] = self.fit.mutual(self.fit.drawn(lots), self.first, self.second)[1]
        return z

    def drawn(self, draws: int, share: float, rng: np.random.Generator) -> Iterator[FloatArray]:
        """The excess of each part in draws in which each claim stands with probability `share`.

        Yields
        ------
        numpy.ndarray
            Some draws at a time, shape ``(3, some, pairs)``.
        """
        features = sum(len(b.weight) for b in self.purpose.blocks) if self.purpose else 1
        matches = len(self.fit.meeting.need) if self.fit else 1
        people = len(self.told.organizations)
        at_once = max(1, AT_ONCE // (people * (people + features) + 4 * matches))
        for kept in self.told.draws(draws, share, at_once, rng):
            yield self.excess(kept)


def affinity(told: Portfolio, spill: Spill, value: FloatArray) -> Affinity:
    """Measure every pair of organizations.

    Parameters
    ----------
    spill
        What an offer is worth in the same context, in the same subregion, and elsewhere.
    value
        What each element of the map counts.
    """
    first, second = np.triu_indices(len(told.organizations), k=1)
    return Affinity(told, first, second, purpose(told), fit(told, spill, value), reach(told))


def strength(z: FloatArray) -> FloatArray:
    """Map an excess to 0..1: 0.5 is no more than size explains, and so is a missing one."""
    known = np.nan_to_num(z)
    return np.asarray((1 + known / (1 + np.abs(known))) / 2)


def score(z: FloatArray, weights: FloatArray) -> FloatArray:
    """The weighted mean of the parts' strengths.

    Parameters
    ----------
    z
        Shape ``(3, draws, pairs)``.
    weights
        Shape ``(draws, 3)``; each row sums to 1.
    """
    return np.asarray(np.einsum("pdn,dp->dn", strength(z), weights))


def drawn_weights(
    draws: int, in_use: tuple[bool, bool, bool], rng: np.random.Generator
) -> FloatArray:
    """Weights that are equally likely to be any, over the parts in use; rows sum to 1.

    Dirichlet(1, 1, 1), as in SMAA-2 (Lahdelma and Salminen 2001).
    """
    lots = rng.standard_exponential((draws, len(in_use))) * np.array(in_use)
    return np.asarray(lots / lots.sum(axis=1, keepdims=True))
