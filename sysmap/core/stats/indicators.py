"""Groups of contexts that an element indicates, and how often chance does as well."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sysmap.core.stats.arrays import DRAW_TOLERANCE, RNG, FloatArray, IntArray, generator, ratio


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
    fidelity = ratio(present, assessed)
    specificity = ratio(fidelity, np.nansum(fidelity, axis=1, keepdims=True))
    return IndicatorValues(specificity, fidelity, specificity * fidelity)


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
            hits = np.count_nonzero(drawn >= value - DRAW_TOLERANCE)
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
