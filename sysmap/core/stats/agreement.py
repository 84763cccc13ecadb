"""How far observers, judges and answers agree."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sysmap.core.stats.arrays import DRAW_TOLERANCE, RNG, FloatArray, generator, ratio
from sysmap.core.stats.ranking import average_ranks

_SCALE = np.arange(1.0, 6.0)


@dataclass(frozen=True)
class KendallW:
    """Kendall's coefficient of concordance with its chi-square, freedom and p."""

    w: float
    chi2: float
    df: int
    p: float


def krippendorff_alpha(values: npt.ArrayLike) -> float:
    """Agreement beyond chance of any number of observers on nominal values.

    `values` are codes of shape ``(units, observers)``, NaN where an observer is silent.
    1 is perfect, 0 what chance gives; NaN if no unit has two values or nothing varies.
    Source: Krippendorff (2004, 2011).

    Examples
    --------
    >>> krippendorff_alpha([[1, 1], [2, 2], [1, np.nan]])
    1.0
    """
    cells = np.asarray(values, dtype=float)
    codes = np.unique(cells[~np.isnan(cells)])
    counts = np.column_stack([(cells == code).sum(axis=1) for code in codes] or [[0]])
    counts = counts[counts.sum(axis=1) >= 2]
    per_unit, per_code = counts.sum(axis=1), counts.sum(axis=0)
    total = per_code.sum()
    expected = total**2 - (per_code**2).sum()
    if expected == 0:
        return float("nan")
    observed = ((per_unit**2 - (counts**2).sum(axis=1)) / (per_unit - 1)).sum()
    return float(1 - (total - 1) * observed / expected)


def complete_ranks(ranks: npt.ArrayLike) -> FloatArray:
    """Tied and unranked items take the mean of the ranks they occupy.

    `ranks` has shape ``(judges, items)``, 1 is first, NaN is unranked.
    A judge who ranks nothing is silent, not indifferent: the row stays NaN.

    Examples
    --------
    >>> complete_ranks([[1, 1, np.nan, np.nan], [np.nan] * 4])
    array([[1.5, 1.5, 3.5, 3.5],
           [nan, nan, nan, nan]])
    """
    given = np.asarray(ranks, dtype=float)
    completed = np.full(given.shape, np.nan)
    for judge in np.flatnonzero((~np.isnan(given)).any(axis=1)):
        completed[judge] = average_ranks(np.nan_to_num(given[judge], nan=np.inf))
    return completed


def kendall_w(ranks: npt.ArrayLike, *, draws: int = 9999, rng: RNG = 0) -> KendallW:
    """Judges who rank the same items agree between 0 (not at all) and 1 (wholly).

    `ranks` as in `complete_ranks`; judges who rank fewer than two items are left out.
    p comes from `draws` permutations within judges when items <= 7 or judges <= 15, else from
    chi-square. With fewer than two judges or items, or if every judge ties everything, all but
    `df` is NaN. Source: Legendre (2005), with tie correction.

    Examples
    --------
    >>> kendall_w([[1, 2, 3], [1, 2, 3]]).w
    1.0
    """
    given = np.asarray(ranks, dtype=float)
    rows = complete_ranks(given[(~np.isnan(given)).sum(axis=1) >= 2])
    judges, items = rows.shape
    df = max(items - 1, 0)
    mean = (items + 1) / 2
    # 12 times a judge's sum of squares is n^3 - n less the tie term sum (t^3 - t)
    greatest = judges * ((rows - mean) ** 2).sum()
    if judges < 2 or greatest == 0:
        return KendallW(float("nan"), float("nan"), df, float("nan"))
    w = float(((rows.sum(axis=0) - judges * mean) ** 2).sum() / greatest)
    chi2 = judges * df * w
    if items > 7 and judges > 15:
        from scipy.special import chdtrc

        return KendallW(w, chi2, df, float(chdtrc(df, chi2)))
    random = generator(rng)
    sums = np.zeros((draws, items))
    # sorted within and among judges: who was asked first has no part in what is drawn
    for row in sorted(np.sort(rows, axis=1).tolist()):
        sums += random.permuted(np.tile(row, (draws, 1)), axis=1)
    drawn = ((sums - judges * mean) ** 2).sum(axis=1) / greatest
    hits = int((drawn >= w - DRAW_TOLERANCE).sum())
    return KendallW(w, chi2, df, (1 + hits) / (1 + draws))


def borda(ranks: npt.ArrayLike) -> FloatArray:
    """The priority of each item is its mean place, 1 for first by all, 0 for last by all.

    Mean of (items - rank) / (items - 1) over the judges who rank at least one item;
    `ranks` as in `complete_ranks`. NaN with fewer than two items or if nobody ranks.

    Examples
    --------
    >>> borda([[1, 2, 3], [1, 3, 2]])
    array([1.  , 0.25, 0.25])
    """
    rows = _ballots(ranks)
    judges, items = rows.shape
    if judges == 0 or items < 2:
        return np.full(items, np.nan)
    return np.asarray((items - rows.mean(axis=0)) / (items - 1), dtype=float)


def condorcet(ranks: npt.ArrayLike) -> int:
    """The position of the item that beats every other one by majority, -1 if there is none.

    `ranks` as in `complete_ranks`; with fewer than two items nothing is won.

    Examples
    --------
    >>> condorcet([[1, 2, 3], [1, 3, 2], [3, 2, 1]]), condorcet([[1, 2], [2, 1]])
    (0, -1)
    """
    rows = _ballots(ranks)
    items = rows.shape[1]
    if items < 2:
        return -1
    wins = [(np.sign(rows - rows[:, [i]]).sum(axis=0) > 0).sum() for i in range(items)]
    return int(np.argmax(wins)) if max(wins) == items - 1 else -1


def _ballots(ranks: npt.ArrayLike) -> FloatArray:
    """Completed ranks of the judges who rank anything."""
    rows = complete_ranks(ranks)
    return rows[~np.isnan(rows).any(axis=1)]


def consensus(counts: npt.ArrayLike) -> FloatArray:
    """Answers on a scale of 1 to 5 agree between 0 (two camps at the ends) and 1 (one value).

    `counts` of answers has shape ``(..., 5)``; NaN below two answers.
    ValueError if the last axis is not 5 long or a count is negative.
    Source: Tastle and Wierman (2007).

    Examples
    --------
    >>> consensus([[5, 0, 0, 0, 5], [0, 0, 3, 0, 0]])
    array([0., 1.])
    """
    given = np.asarray(counts, dtype=float)
    if given.shape[-1:] != _SCALE.shape or (given < 0).any():
        raise ValueError("consensus, counts: five counts from 0 up are expected on the last axis.")
    total = given.sum(axis=-1, keepdims=True)
    shares = ratio(given, total)
    distance = np.abs(_SCALE - (shares * _SCALE).sum(axis=-1, keepdims=True))
    # a value nobody chose adds nothing, also at distance 4, where the logarithm has no value
    near = np.where(shares > 0, 1 - distance / 4, 1.0)
    agreed = np.clip(1 + (shares * np.log2(near)).sum(axis=-1), 0, 1)
    return np.where(total[..., 0] < 2, np.nan, agreed)
