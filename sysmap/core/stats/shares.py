"""Shares with the interval and the class that their denominator allows."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from sysmap.core.stats.arrays import BoolArray, CodeArray, FloatArray, ratio

HIGH, MIDDLE, LOW, UNDETERMINED = 2, 1, 0, -1
"""Codes of a verdict; as a leaning, UNDETERMINED means that nobody answered."""

_CLASS_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Prevalence:
    """Shares with their intervals and classes; arrays of one shape."""

    share: FloatArray
    low: FloatArray
    high: FloatArray
    verdict: CodeArray
    leaning: CodeArray
    robust: BoolArray


def prevalence(
    k: npt.ArrayLike,
    n: npt.ArrayLike,
    N: npt.ArrayLike | None = None,
    /,
    *,
    level: float = 0.90,
    upper: float = 0.75,
    lower: float = 0.25,
) -> Prevalence:
    """A share comes with the interval and the class its denominator allows.

    Parameters
    ----------
    k, n
        Units that say yes, and units that gave an answer; counts of any shapes that broadcast.
    N
        Units on the agreed list; one count or an array. None is an open list.
    level
        Two-sided level of the interval, between 0 and 1.
    upper, lower
        Shares from which on the class is high, and down to which it is low.

    Returns
    -------
    Prevalence
        ``verdict`` classes the whole interval, ``leaning`` the share alone, and ``robust``
        says whether the verdict stands whatever the silent units would have answered.
        Where nobody answered the share is NaN, the interval 0 to 1, both classes UNDETERMINED.
        With ``n = N`` the interval is the point: a census has no width.

    Raises
    ------
    ValueError
        If counts are out of order (the first position is named), `upper` is below `lower` or
        either is no share, or `level` is not between 0 and 1.

    Notes
    -----
    Wilson (1927), advised for small samples by Brown, Cai and DasGupta (2001), with the finite
    population correction ``n (N - 1) / (N - n)``; the worst case after Manski (2003).

    Examples
    --------
    >>> p = prevalence([28, 0], [30, 0], 37)
    >>> p.low.round(4), p.high.round(4), p.robust
    (array([0.8923, 0.    ]), array([0.9595, 1.    ]), array([ True, False]))
    """
    if not 0 < level < 1:
        raise ValueError(f"prevalence, level: {level} is not between 0 and 1. Give 0.90, say.")
    if upper < lower:
        raise ValueError(f"prevalence, upper: {upper} is below lower = {lower}. Swap the two.")
    if not (0 <= lower <= 1 and 0 <= upper <= 1):
        raise ValueError(
            f"prevalence, upper and lower: {upper} and {lower}, but shares between 0 and 1 are "
            "expected. Give 0.75 and 0.25, say."
        )
    yes, answers, listed = np.broadcast_arrays(
        np.asarray(k, dtype=float),
        np.asarray(n, dtype=float),
        np.inf if N is None else np.asarray(N, dtype=float),
    )
    _check_counts(yes, answers, listed)
    z = NormalDist().inv_cdf((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = yes / answers
        corrected = answers if N is None else answers * (listed - 1) / (listed - answers)
        size = np.where(answers == listed, np.inf, corrected)
        centre = (share + z**2 / (2 * size)) / (1 + z**2 / size)
        spread = np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
        half = z / (1 + z**2 / size) * spread
        # on an open list these two are 0 and NaN, and NaN has no class: never robust
        fewest, most = yes / listed, (yes + listed - answers) / listed
    low = np.where(share == 0, 0.0, np.clip(centre - half, 0, 1))
    high = np.where(share == 1, 1.0, np.clip(centre + half, 0, 1))
    verdict = _classes(low, high, upper, lower)
    robust = verdict != UNDETERMINED
    for end in (fewest, most):
        robust &= _classes(end, end, upper, lower) == verdict
    silent = answers == 0
    return Prevalence(
        share=share,
        low=np.where(silent, 0.0, low),
        high=np.where(silent, 1.0, high),
        verdict=verdict,
        leaning=_classes(share, share, upper, lower),
        robust=robust,
    )


def _check_counts(yes: FloatArray, answers: FloatArray, listed: FloatArray) -> None:
    """Counts are in order, or the first that is not is named."""
    disorder = np.atleast_1d(~((yes >= 0) & (yes <= answers) & (answers <= listed)))
    if not disorder.any():
        return
    first = tuple(np.argwhere(disorder)[0])
    place = ", ".join(str(i) for i in first)
    found = ", ".join(
        f"{name} = {np.atleast_1d(counts)[first]:g}"
        for name, counts in (("k", yes), ("n", answers), ("N", listed))
    )
    raise ValueError(
        f"prevalence, position {place}: {found}, but 0 <= k <= n <= N is expected. "
        "Count every unit once, and only units on the list."
    )


def _classes(low: FloatArray, high: FloatArray, upper: float, lower: float) -> CodeArray:
    """Codes of intervals; NaN is undetermined."""
    above, below = upper - _CLASS_TOLERANCE, lower + _CLASS_TOLERANCE
    between = (low > below) & (high < above)
    codes = np.select([low >= above, high <= below, between], [HIGH, LOW, MIDDLE], UNDETERMINED)
    return codes.astype(np.int8)


def effective_number(weights: npt.ArrayLike) -> FloatArray:
    """Unequal efforts count as so many equal ones: 1 / sum of squared shares.

    Along the last axis of `weights`; 0 where they sum to 0. ValueError if one is below 0.

    Examples
    --------
    >>> effective_number([[30, 30, 20, 20], [0, 0, 0, 0]]).round(4)
    array([3.8462, 0.    ])
    """
    given = np.asarray(weights, dtype=float)
    if not (given >= 0).all():
        raise ValueError("effective_number, weights: numbers from 0 up are expected.")
    shares = ratio(given, given.sum(axis=-1, keepdims=True))
    number: FloatArray = np.nan_to_num(1 / (shares**2).sum(axis=-1))
    return number
