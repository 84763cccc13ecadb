"""What the sizes of rows and columns alone would give: the bipartite configuration model."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sysmap.core.claims import incidence
from sysmap.core.stats import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_TOLERANCE = 1e-10
"""Of each sum, as a part of it."""

_FIT = 1e-6
_STEPS = 200
_LARGEST_STEP = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class NullModel:
    """Independent links that keep every row and column sum on average.

    Rows of equal degree are of one kind, and so are columns; probabilities are held per kind.

    Parameters
    ----------
    p
        Probability of a link, shape ``(kinds of rows, kinds of columns)``.
    row, column
        The kind of each row and of each column.
    """

    p: FloatArray
    row: IntArray
    column: IntArray

    def dense(self) -> FloatArray:
        """The probability of each link, shape ``(rows, columns)``."""
        return np.asarray(self.p[np.ix_(self.row, self.column)])

    def overlap(self, weight: FloatArray, power: int = 1) -> FloatArray:
        """Sum over columns of weight times (p_a p_b) ** power, shape ``(rows, rows)``."""
        return np.asarray(self.overlap_by_kind(weight, power)[np.ix_(self.row, self.row)])

    def overlap_by_kind(self, weight: FloatArray, power: int = 1) -> FloatArray:
        """The same for each two kinds of rows, shape ``(kinds of rows, kinds of rows)``."""
        total = np.bincount(self.column, weight, minlength=self.p.shape[1])
        return np.asarray((self.p**power * total) @ (self.p**power).T)

    def none(self, group: IntArray, groups: int) -> FloatArray:
        """The probability of no link to any column of a group, shape ``(groups, rows)``."""
        return np.asarray(np.exp(self.members(group, groups) @ self.silence())[:, self.row])

    def silence(self) -> FloatArray:
        """Logarithm of the probability of no link, shape ``(kinds of columns, kinds of rows)``."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log1p(-self.p).T)

    def members(self, group: IntArray, groups: int) -> csr_array:
        """Columns of each kind in each group, a sparse matrix; -1 is no group.

        Its product with `silence` meets no infinite term that it does not count.
        """
        return incidence(group, self.column, (groups, self.p.shape[1]))


def null_model(rows: npt.ArrayLike, columns: npt.ArrayLike) -> NullModel:
    """The bipartite configuration model of the given degrees.

    ``p = x y / (1 + x y)`` with one x per row and one y per column, such that the expected row
    and column sums are the given ones. Links that every table with these sums has, or lacks,
    have p = 1, or 0, exactly.

    Parameters
    ----------
    rows, columns
        Degrees, whole numbers of shapes ``(rows,)`` and ``(columns,)``.

    Raises
    ------
    ValueError
        If no table of zeros and ones has these sums.

    Notes
    -----
    Squartini and Garlaschelli (2011); Saracco et al. (2015). The solution is unique where no
    condition of Gale and Ryser is tight; at a tight one the table falls into independent parts,
    each of which is solved by Newton's method on the convex likelihood.

    Examples
    --------
    >>> null_model([3, 1, 2], [2, 1, 1, 2]).dense()[0].round(4)
    array([0.8972, 0.6028, 0.6028, 0.8972])
    """
    r, row, r_count = np.unique(
        np.asarray(rows, dtype=np.int64), return_inverse=True, return_counts=True
    )
    c, column, c_count = np.unique(
        np.asarray(columns, dtype=np.int64), return_inverse=True, return_counts=True
    )
    steps = np.arange(row.size + 1)
    room = c_count @ np.minimum(c[:, None], steps) if c.size else np.zeros(steps.size, np.int64)
    taken = np.concatenate([[0], np.cumsum(np.repeat(r[::-1], r_count[::-1]))])
    slack = room - taken
    if (slack < 0).any() or slack[-1] != 0 or (c.size and c[0] < 0) or (r.size and r[0] < 0):
        raise ValueError(
            "null_model: no table of zeros and ones has these row and column sums. "
            "Count each link once."
        )
    # rows in descending order: the first `high` rows down to `low` make one independent part
    p = np.zeros((r.size, c.size))
    place = row.size - np.cumsum(r_count)
    for low, high in pairwise(np.flatnonzero(slack == 0)):
        layer = (place < high) & (place + r_count > low)
        full, free = c >= high, (c > low) & (c < high)
        p[np.ix_(layer, full)] = 1
        if free.any():
            p[np.ix_(layer, free)] = _solved(
                r[layer] - c_count[full].sum(), r_count[layer], c[free] - low, c_count[free]
            )
    return NullModel(p, row.ravel(), column.ravel())


def _solved(
    rows: IntArray, row_count: IntArray, columns: IntArray, column_count: IntArray
) -> FloatArray:
    """Probabilities per kind of an inner part: all degrees lie strictly between the bounds."""
    total = np.sqrt(float(rows @ row_count))
    a, b = np.log(rows / total), np.log(columns / total)
    least = _TOLERANCE * np.concatenate([rows, columns])
    p = _logistic(a, b)
    for _ in range(_STEPS):
        off = np.concatenate([p @ column_count - rows, row_count @ p - columns])
        if (np.abs(off) < least).all():
            break
        q = p * (1 - p)
        step = _step(q, row_count, column_count, off)
        step *= min(1.0, _LARGEST_STEP / np.abs(step).max())
        a, b = a - step[: rows.size], b - step[rows.size :]
        p = _logistic(a, b)
    return p


def _step(
    q: FloatArray, row_count: IntArray, column_count: IntArray, off: FloatArray
) -> FloatArray:
    """Newton's step: the curvature applied to it gives what the sums are off by.

    Each side of the curvature touches itself on the diagonal alone, so the longer one is
    eliminated and only the shorter one is solved for. Only sums of a row and a column matter,
    so the first of the shorter side stays fixed.
    """
    kinds = len(row_count)
    long, short = (q, q.T) if kinds >= q.shape[1] else (q.T, q)
    counts = (row_count, column_count) if kinds >= q.shape[1] else (column_count, row_count)
    parts = np.split(off, [kinds])
    over_long, over_short = parts if kinds >= q.shape[1] else parts[::-1]
    weight = 1 / (long @ counts[1])
    inner = (short * counts[0]) @ (long * (weight[:, None] * counts[1]))
    left = (np.diag(short @ counts[0]) - inner)[1:, 1:]
    right = (over_short - (short * counts[0]) @ (weight * over_long))[1:]
    solved = np.zeros(len(over_short))
    solved[1:] = _applied(left, right)
    other = weight * (over_long - (long * counts[1]) @ solved)
    return np.concatenate([other, solved] if kinds >= q.shape[1] else [solved, other])


def _applied(left: FloatArray, right: FloatArray) -> FloatArray:
    """The inverse of a matrix applied to a vector; where it is too ill for one, what fits best."""
    with suppress(np.linalg.LinAlgError):
        found = np.asarray(np.linalg.solve(left, right))
        if (np.abs(left @ found - right) <= _FIT * np.abs(right).max(initial=0.0)).all():
            return found
    return np.asarray(np.linalg.lstsq(left, right, rcond=None)[0])


def _logistic(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-(a[:, None] + b))))
