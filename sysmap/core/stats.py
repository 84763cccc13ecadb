"""Statistics on arrays: intervals, tests, agreement and ranks; knows nothing about maps."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

RNG: TypeAlias = int | np.random.Generator
FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
CodeArray: TypeAlias = npt.NDArray[np.int8]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

HIGH, MIDDLE, LOW, UNDETERMINED = 2, 1, 0, -1
"""Codes of a verdict; as a leaning, UNDETERMINED means that nobody answered."""

_CLASS_TOLERANCE = 1e-9
_DRAW_TOLERANCE = 1e-12
_SCALE = np.arange(1.0, 6.0)


@dataclass(frozen=True, eq=False)
class Prevalence:
    """Shares with their intervals and classes; arrays of one shape."""

    share: FloatArray
    low: FloatArray
    high: FloatArray
    verdict: CodeArray
    leaning: CodeArray
    robust: BoolArray


@dataclass(frozen=True, eq=False)
class IndicatorValues:
    """Specificity, fidelity and their product, each of shape ``(elements, groups)``."""

    specificity: FloatArray
    fidelity: FloatArray
    indval: FloatArray


@dataclass(frozen=True, eq=False)
class IndicatorTest:
    """The largest indicator value, its group and its permutation p, one per element."""

    indval: FloatArray
    group: IntArray
    p: FloatArray


@dataclass(frozen=True)
class KendallW:
    """Kendall's coefficient of concordance with its chi-square, freedom and p."""

    w: float
    chi2: float
    df: int
    p: float


class RankInterval(NamedTuple):
    """Lowest and highest plausible rank and the share of draws among the first ten."""

    low: FloatArray
    high: FloatArray
    top10: FloatArray


def generator(rng: RNG = 0) -> np.random.Generator:
    """A seed becomes a Generator; a Generator stays itself and goes on where it stands."""
    return np.random.default_rng(rng)


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
        If counts are out of order (the first position is named), `upper` is below `lower`,
        or `level` is not between 0 and 1.

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


def benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    """Each p becomes the smallest false discovery rate at which its test would pass.

    `p` has any shape; all its tests are one family. NaN is no test: it stays and is not counted.
    Source: Benjamini and Hochberg (1995). ValueError if a p lies outside 0 to 1.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, np.nan, 0.03])
    array([0.03, 0.04,  nan, 0.04])
    """
    given = np.asarray(p, dtype=float)
    tested = ~np.isnan(given)
    values = given[tested]
    if ((values < 0) | (values > 1)).any():
        raise ValueError("benjamini_hochberg, p: every p lies between 0 and 1. Use NaN for none.")
    order = np.argsort(values)[::-1]
    scaled = values[order] * values.size / np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum.accumulate(np.minimum(scaled, 1))
    q = np.full(given.shape, np.nan)
    q[tested] = adjusted
    return q


def indicator_values(
    presence: npt.ArrayLike, groups: npt.ArrayLike, n_groups: int
) -> IndicatorValues:
    """An element indicates a group by living there only, and everywhere there.

    `presence` is 1 present, 0 absent, NaN not assessed, of shape ``(elements, contexts)``;
    `groups` labels each context from 0 to ``n_groups - 1``, a negative label is none.
    Specificity is the share of a group's mean in the sum of the groups' means, so large groups
    have no advantage; fidelity is that mean. A group with fewer than two assessed contexts is
    left out of that element (NaN); an element present in no group has no specificity (NaN).
    ValueError if there is not one label per context or a label is not below `n_groups`.
    Source: Dufrene and Legendre (1997), presence form.

    Examples
    --------
    >>> indicator_values([[1, 1, 0, 0, 0, 1]], [0, 0, 0, 1, 1, 1], 2).indval.round(4)
    array([[0.4444, 0.1111]])
    """
    return _indicators(*_group_counts(presence, groups, n_groups))


def _group_counts(
    presence: npt.ArrayLike, groups: npt.ArrayLike, n_groups: int
) -> tuple[FloatArray, FloatArray]:
    """Contexts present and assessed per element and group; thin groups count as empty."""
    cells, labels = np.asarray(presence, dtype=float), np.asarray(groups)
    if labels.shape != cells.shape[1:] or (labels >= n_groups).any():
        raise ValueError(
            f"groups: {labels.size} labels came for presence of shape {cells.shape}. "
            f"Give one label per context, below n_groups = {n_groups}."
        )
    member = (labels[:, None] == np.arange(n_groups)).astype(float)
    assessed = (~np.isnan(cells)).astype(float) @ member
    present = np.nan_to_num(cells) @ member
    thin = assessed < 2
    return np.where(thin, 0.0, present), np.where(thin, 0.0, assessed)


def _indicators(present: FloatArray, assessed: FloatArray) -> IndicatorValues:
    """Indicator values from counts per element and group."""
    fidelity = _ratio(present, assessed)
    specificity = _ratio(fidelity, np.nansum(fidelity, axis=1, keepdims=True))
    return IndicatorValues(specificity, fidelity, specificity * fidelity)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Quotients, NaN where the whole is 0; the whole broadcasts against the part."""
    quotient = np.full(part.shape, np.nan)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient


def indicator_test(
    presence: npt.ArrayLike,
    groups: npt.ArrayLike,
    n_groups: int,
    *,
    draws: int = 9999,
    rng: RNG = 0,
) -> IndicatorTest:
    """The best indicator value is held against shuffled labels of the contexts.

    Arguments are those of `indicator_values`, and so are its errors; `groups` may also have shape
    ``(groupings, contexts)``, and the answer then ``(groupings, elements)``. `draws` counts the
    shuffles per test, so the smallest p is ``1 / (1 + draws)``. The group is the first with the
    largest value. An element present in no group, or with fewer than two groups left, has nothing
    to compare: value and p are NaN, the group is -1.

    Notes
    -----
    Labels are shuffled among the contexts that take part in the element's test: unlabelled,
    unassessed and left-out contexts stay out, so a group that was asked less passes no sooner.
    A shuffle deals the element's presences to groups of fixed sizes. One shuffle of n places serves
    every test over n contexts, and grows by one place at a time, so no p depends on which other
    elements and groupings are tested.

    Examples
    --------
    >>> test = indicator_test([[1, 1, 1, 1, 0, 0, 0, 0]], [0] * 4 + [1] * 4, 2)
    >>> test.indval, test.group, test.p.round(2)
    (array([1.]), array([0]), array([0.03]))
    """
    counts = [_group_counts(presence, row, n_groups) for row in np.atleast_2d(groups)]
    present, assessed = (np.concatenate(side) for side in zip(*counts, strict=True))
    values = _indicators(present, assessed).indval
    best, p = np.full((2, len(values)), np.nan)
    group = np.full(len(values), -1, dtype=np.int64)
    tested = np.flatnonzero(((assessed > 0).sum(axis=1) >= 2) & present.any(axis=1))
    margins = np.column_stack([present.sum(axis=1), np.sort(assessed, axis=1)]).astype(np.int64)
    kinds, kind = np.unique(margins[tested], axis=0, return_inverse=True)
    if len(tested):
        best[tested] = np.nanmax(values[tested], axis=1)
        group[tested] = np.nanargmax(values[tested], axis=1)
    kind = kind.ravel()  # numpy 2.0 gives it a second axis
    alike = np.split(tested[np.argsort(kind, kind="stable")], np.cumsum(np.bincount(kind))[:-1])
    for i, drawn in _drawn_indicators(kinds, draws, generator(rng)):
        for value in set(best[alike[i]].tolist()):
            hits = np.count_nonzero(drawn >= value - _DRAW_TOLERANCE)
            p[alike[i][best[alike[i]] == value]] = (1 + hits) / (1 + draws)
    shape = (*np.shape(groups)[:-1], len(np.asarray(presence)))
    return IndicatorTest(best.reshape(shape), group.reshape(shape), p.reshape(shape))


def _drawn_indicators(
    kinds: IntArray, draws: int, random: np.random.Generator
) -> Iterator[tuple[int, FloatArray]]:
    """Best indicator values under shuffling, for each kind: presences dealt, then group sizes.

    Column d of `order` holds shuffle d; the inside-out shuffle puts the next place where a random
    earlier one was, so its first n rows are a shuffle of n places for every n.
    """
    contexts = kinds[:, 1:].sum(axis=1)
    most = int(contexts.max(initial=0))
    code = np.min_scalar_type(most)
    order, upto = np.zeros((most, draws), dtype=code), np.zeros((most + 1, draws), dtype=code)
    cells, column = order.ravel(), np.arange(draws)
    for n in range(1, most + 1):
        swapped = random.integers(n, size=draws) * draws + column
        order[n - 1] = cells[swapped]
        cells[swapped] = n - 1
        of_size = np.flatnonzero(contexts == n)
        for dealt in np.unique(kinds[of_size, 0]):
            # by rows: numpy sums along the first axis ten times slower
            for place in range(n):
                np.add(upto[place], order[place] < dealt, out=upto[place + 1])
            for i in of_size[kinds[of_size, 0] == dealt]:
                yield int(i), _best_indicator(upto, kinds[i, 1:])


def _best_indicator(upto: npt.NDArray[np.unsignedinteger], sizes: IntArray) -> FloatArray:
    """The largest indicator value of each draw; groups of `sizes` take places in turn.

    Row n of `upto` holds the number of presences in the first n places.
    """
    largest, total = np.zeros((2, upto.shape[1]))
    place = 0
    for size in sizes[sizes > 0].tolist():
        mean = (upto[place + size] - upto[place]) * (1.0 / size)
        np.maximum(largest, mean, out=largest)
        total += mean
        place += size
    best: FloatArray = largest * largest / total
    return best


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
        completed[judge] = _average_ranks(np.nan_to_num(given[judge], nan=np.inf))
    return completed


def _average_ranks(values: FloatArray) -> FloatArray:
    """Ranks of one row, 1 for the smallest; ties share their mean."""
    ordered = np.sort(values)
    before, upto = (np.searchsorted(ordered, values, side=side) for side in ("left", "right"))
    return np.asarray((before + upto + 1) / 2, dtype=float)


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
    for row in rows:
        sums += random.permuted(np.tile(row, (draws, 1)), axis=1)
    drawn = ((sums - judges * mean) ** 2).sum(axis=1) / greatest
    hits = int((drawn >= w - _DRAW_TOLERANCE).sum())
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
    shares = _ratio(given, total)
    distance = np.abs(_SCALE - (shares * _SCALE).sum(axis=-1, keepdims=True))
    # a value nobody chose adds nothing, also at distance 4, where the logarithm has no value
    near = np.where(shares > 0, 1 - distance / 4, 1.0)
    agreed = np.clip(1 + (shares * np.log2(near)).sum(axis=-1), 0, 1)
    return np.where(total[..., 0] < 2, np.nan, agreed)


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
    x, y = (_average_ranks(side[paired]) - (paired.sum() + 1) / 2 for side in (left, right))
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
        placed[place][ranked] = 1 + np.searchsorted(np.sort(known), known)
    return placed.reshape(rounded.shape)


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
    drawn = ranks(scores, descending=descending)
    if len(drawn) == 0:
        raise ValueError("rank_interval, scores: no draw came, at least one is expected.")
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    return RankInterval(
        np.floor(low),
        np.ceil(high),
        np.where(np.isnan(low), np.nan, (drawn <= 10).mean(axis=0)),
    )


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
    shares = _ratio(given, given.sum(axis=-1, keepdims=True))
    number: FloatArray = np.nan_to_num(1 / (shares**2).sum(axis=-1))
    return number
