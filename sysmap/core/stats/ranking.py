"""Ranks, their correlation, and the range they take over draws."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sysmap.core.stats.arrays import FloatArray, IntArray

_AT_ONCE = 50_000


class RankInterval(NamedTuple):
    """Lowest and highest plausible rank and the share of draws among the first ten."""

    low: FloatArray
    high: FloatArray
    top10: FloatArray


def average_ranks(values: FloatArray) -> FloatArray:
    """Ranks of one row, 1 for the smallest; ties share their mean."""
    before, equal = _places(values)
    return np.asarray(before + (equal + 1) / 2, dtype=float)


def spearman(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Rank correlation of two rows, ties at their mean rank, pairs with NaN left out.

    NaN with fewer than two pairs or if one side does not vary.

    Examples
    --------
    >>> spearman([1, 2, 3, np.nan], [10, 20, 90, 0])
    1.0
    """
    left, right = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    paired = ~(np.isnan(left) | np.isnan(right))
    x, y = (average_ranks(side[paired]) - (paired.sum() + 1) / 2 for side in (left, right))
    scale = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / scale) if scale > 0 else float("nan")


def ranks(values: npt.ArrayLike, *, descending: bool = True) -> FloatArray:
    """Rank 1 is the best, ties share the smallest rank, NaN has no rank.

    Ranks run along the last axis of `values`. Values equal to 12 significant digits are tied, so
    rounding noise of another platform changes no rank; ``descending=False`` puts the least first.

    Examples
    --------
    >>> ranks([0.3, 0.1 + 0.2, 0.9, np.nan])
    array([ 2.,  2.,  1., nan])
    """
    rounded = _significant(np.asarray(values, dtype=float))
    rows = np.atleast_2d(-rounded if descending else rounded)
    placed = np.full(rows.shape, np.nan)
    for place in np.ndindex(rows.shape[:-1]):
        ranked = ~np.isnan(rows[place])
        known = rows[place][ranked]
        placed[place][ranked] = 1 + _places(known)[0]
    return placed.reshape(rounded.shape)


def _places(values: FloatArray) -> tuple[IntArray, IntArray]:
    """How many values are less than each one of a row, and how many are equal to it."""
    order = np.argsort(values)
    ordered = values[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(order)])
    equal = np.diff(starts, append=len(order))
    before, number = np.empty((2, len(order)), dtype=np.int64)
    before[order], number[order] = np.repeat(starts, equal), np.repeat(equal, equal)
    return before, number


def _significant(values: FloatArray) -> FloatArray:
    """Values rounded to 12 significant digits."""
    plain = np.isfinite(values) & (values != 0)
    exponent = np.floor(np.log10(np.abs(values), out=np.zeros(values.shape), where=plain))
    scale = 10.0 ** np.clip(11 - exponent, -300, 300)
    return np.where(plain, np.round(values * scale) / scale, values)


def rank_interval(scores: npt.ArrayLike, *, descending: bool = True) -> RankInterval:
    """A rank comes with the range it takes over draws.

    `scores` has shape ``(draws, subjects)``; each draw is ranked as in `ranks`, and a matrix of
    ranks stays what it is with ``descending=False``. The interval is the 5 % and 95 % quantile
    over draws, rounded outward; `top10` is the share of draws with rank <= 10. All are NaN for a
    subject without a score in some draw. ValueError if there is no draw.

    Examples
    --------
    >>> rank_interval([[0.9, 0.5, 0.1], [0.8, 0.1, 0.2]])
    RankInterval(low=array([1., 2., 2.]), high=array([1., 3., 3.]), top10=array([1., 1., 1.]))
    """
    return rank_span(ranks(scores, descending=descending))


def rank_span(drawn: npt.NDArray[np.number]) -> RankInterval:
    """The same as `rank_interval` for draws that are ranked already, as whole numbers even."""
    if len(drawn) == 0:
        raise ValueError("rank_interval, scores: no draw came, at least one is expected.")
    parts = []
    for begin in range(0, max(drawn.shape[1], 1), _AT_ONCE):
        some = drawn[:, begin : begin + _AT_ONCE]
        low, high = np.quantile(some, [0.05, 0.95], axis=0)
        first = np.where(np.isnan(low), np.nan, (some <= 10).mean(axis=0))
        parts.append((np.floor(low), np.ceil(high), first))
    return RankInterval(*np.concatenate(parts, axis=1))
