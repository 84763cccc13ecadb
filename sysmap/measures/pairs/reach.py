"""Reach: partners in common over known ties, and what the numbers of ties alone would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.pairs.portfolio import TIES, Grouped, Kept, Portfolio, grouped
from sysmap.measures.pairs.purpose import PRIOR

if TYPE_CHECKING:
    from scipy.sparse import csr_array


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


def _without_ends(p: FloatArray, weight: FloatArray, count: IntArray | int = 1) -> FloatArray:
    """Sum over z other than a and b of weight_z p_az p_bz; `count` organizations of each kind."""
    ends = np.diag(p) * weight * p
    return np.asarray((p * weight * count) @ p.T - ends - ends.T)


def known_ties(told: Portfolio) -> csr_array | None:
    """Who is tied to whom as a sparse square of ones; None if no tie is known."""
    from scipy.sparse import csr_array

    if not len(told.ties):
        return None
    one, other = grouped(told.ties[:, 0], told.ties[:, 1]).keys.T
    ends = np.concatenate([one, other]), np.concatenate([other, one])
    size = len(told.organizations)
    return csr_array((np.ones(2 * len(one)), ends), shape=(size, size))


def by_degree(degree: IntArray) -> tuple[FloatArray, FloatArray, IntArray, FloatArray]:
    """The null model of reach, which asks for the numbers of ties alone.

    Returns
    -------
    tuple of arrays
        Expectation and variance with prior, by kind of both ends; the kind of each organization;
        and the weight of each organization as a partner.
    """
    k, kind, count = np.unique(degree, return_inverse=True, return_counts=True)
    weight = np.zeros(len(k))
    many = k >= 2
    weight[many] = 1 / np.log(k[many])
    p = np.minimum(1, np.outer(k, k) / degree.sum())
    mean_square = float(weight[many] ** 2 @ count[many]) / max(int(count[many].sum()), 1)
    expected = _without_ends(p, weight, count)
    variance = _without_ends(p, weight**2, count) - _without_ends(p**2, weight**2, count)
    return expected, variance.clip(0) + PRIOR * mean_square, kind.ravel(), weight[kind.ravel()]


def distances(ties: csr_array, some: IntArray) -> BoolArray:
    """Pairs of some organizations with every one that are far, as in `Reach.distant`."""
    from scipy.sparse import eye_array

    step = ties + eye_array(ties.shape[0], format="csr")
    near: BoolArray = (step[some] @ step @ step).toarray() > 0
    somewhere = np.asarray(ties.sum(axis=1)).ravel() > 0
    return ~near & somewhere[some][:, None] & somewhere
