"""Reach: partners in common over known ties, and what the numbers of ties alone would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.portfolio import TIES, Grouped, Kept, Portfolio, grouped
from sysmap.measures.purpose import PRIOR


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Common partners, those with few ties counting more (Adamic and Adar 2003).

    Parameters
    ----------
    tied
        Truth; square arrays are organizations by organizations.
    supports
        Claims that tie pairs, two per row; see `Portfolio.ties`.
    pairs
        Groups of supports, one per tie.
    weight
        1 / ln k of each organization with k >= 2 ties, else 0.
    together
        Weight of the partners in common.
    expected, variance
        Its mean and variance if ties fell at random, each organization keeping its number.
    prior
        Variance added.
    """

    tied: BoolArray
    supports: IntArray
    pairs: Grouped
    weight: FloatArray
    together: FloatArray
    expected: FloatArray
    variance: FloatArray
    prior: float

    def drawn(self, kept: Kept) -> FloatArray:
        """Weight of the partners in common in each draw."""
        claims = kept[TIES]
        standing = self.pairs.standing(claims[self.supports[:, 0]] & claims[self.supports[:, 1]])
        tied = np.zeros((claims.shape[1], *self.tied.shape))
        one, other = self.pairs.keys.T
        tied[:, one, other] = standing.T
        tied[:, other, one] = standing.T
        tied *= np.sqrt(self.weight)
        return np.asarray(tied @ tied.transpose(0, 2, 1))

    def distant(self) -> BoolArray:
        """Pairs more than three ties apart, or not joined at all, though both have ties."""
        step = (self.tied | np.eye(len(self.tied), dtype=bool)).astype(np.float32)
        two = ((step @ step) > 0).astype(np.float32)
        somewhere = np.flatnonzero(self.tied.any(axis=1))
        far = np.zeros(self.tied.shape, bool)
        far[np.ix_(somewhere, somewhere)] = ((two @ step) == 0)[np.ix_(somewhere, somewhere)]
        return far


def reach(told: Portfolio) -> Reach | None:
    """Common partners and their null model; None if no tie is known."""
    if not len(told.ties):
        return None
    pairs = grouped(told.ties[:, 0], told.ties[:, 1])
    tied = np.zeros((len(told.organizations),) * 2, bool)
    one, other = pairs.keys.T
    tied[one, other] = tied[other, one] = True
    k = np.asarray(tied.sum(axis=1), dtype=np.int64)
    weight = np.zeros(len(k))
    many = np.flatnonzero(k >= 2)
    weight[many] = 1 / np.log(k[many])
    p = np.minimum(1, np.outer(k, k) / k.sum())
    prior = PRIOR * float((weight[many] ** 2).mean()) if many.size else 0.0
    return Reach(
        tied,
        told.ties[:, 2:],
        pairs,
        weight,
        (tied * weight) @ tied.T.astype(float),
        _without_ends(p, weight),
        _without_ends(p, weight**2) - _without_ends(p**2, weight**2),
        prior,
    )


def _without_ends(p: FloatArray, weight: FloatArray) -> FloatArray:
    """Sum over z other than a and b of weight_z p_az p_bz."""
    ends = np.diag(p) * weight * p
    return np.asarray((p * weight) @ p.T - ends - ends.T)
