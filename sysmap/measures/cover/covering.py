"""The few members who together cover most: exact where it can be proved, else greedy."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_CLOSE = 1e-9
_NODES = 5_000


@dataclass(frozen=True, slots=True)
class Cover:
    """Some members and what they cover together.

    Parameters
    ----------
    members
        Rows of the table, ascending.
    value
        Worth of the columns that they cover.
    bound
        What no so many members can exceed; `value` itself where that is proved to be the best.
    first
        Whether no equally good members come earlier in the order of the rows; False if unknown.
    """

    members: tuple[int, ...]
    value: float
    bound: float
    first: bool

    @property
    def proved(self) -> bool:
        """Whether nothing better exists."""
        return self.value >= self.bound - _CLOSE * max(1.0, self.bound)


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """Who may still be chosen and what they would add.

    Parameters
    ----------
    rows
        Rows of the table that may be chosen and add something, ascending.
    adds
        Truth, shape ``(rows, patterns)``.
    counted
        The same as a sparse matrix of ones.
    worth
        Worth of each pattern.
    """

    rows: IntArray
    adds: BoolArray
    counted: csr_array
    worth: FloatArray

    def value(self, chosen: list[int]) -> float:
        return float(self.worth[self.adds[chosen].any(axis=0)].sum()) if chosen else 0.0

    def gains(self, chosen: list[int]) -> FloatArray:
        """What each row adds to some chosen ones."""
        left = self.worth * ~self.adds[chosen].any(axis=0) if chosen else self.worth
        return np.asarray(self.counted @ left)

    def bound(self, chosen: list[int], size: int) -> float:
        """What no `size` rows exceed: what is chosen and the largest `size` gains beside it."""
        best = np.sort(self.gains(chosen))[::-1][:size]
        return self.value(chosen) + float(best.sum())


def covers(
    works: BoolArray,
    worth: FloatArray,
    size: int,
    *,
    must: IntArray,
    may: BoolArray,
    exact: int,
    seconds: float,
    tell: Callable[[int], None],
) -> list[Cover]:
    """The best members of each number up to `size`, until nothing is left to add.

    Parameters
    ----------
    works
        Truth, shape ``(members, columns)``; rows in the order that breaks ties.
    worth
        What each column counts, from 0 up.
    must, may
        Rows that every answer holds, and a truth per row for those that it may hold.
    exact
        The most rows for which the best is searched; above, the greedy choice stands.
    seconds
        For all searches together; what is not proved by then stays the best that was found.
    tell
        Called with the size that is done.

    Returns
    -------
    list of Cover
        One per number of members, ascending, from the number of `must`, at least 1.

    Notes
    -----
    Maximum coverage. Greedy reaches at least 1 - 1/e of the best (Nemhauser, Wolsey and Fisher
    1978). Each step of it also gives an upper bound, because gains only shrink.

    Examples
    --------
    >>> works = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 1, 1, 0]], dtype=bool)
    >>> none, all_ = np.zeros(0, int), np.ones(3, bool)
    >>> [c.members for c in covers(works, np.ones(4), 3, must=none, may=all_, exact=60,
    ...                            seconds=20, tell=print)]
    1
    2
    [(0,), (0, 1)]
    """
    until = time.monotonic() + seconds
    there = works[must].any(axis=0)
    start = float(worth[there].sum())
    rows = np.setdiff1d(np.flatnonzero(may), must)
    choice = _choice(works, np.where(there, 0.0, worth), rows, exact)
    reachable = float(choice.worth.sum())
    found: list[Cover] = []
    chosen: list[int] = []
    upper = np.inf
    if len(must):
        found.append(_cover(choice, [], must, start, 0.0, True))
        tell(len(must))
    for free in range(1, size - len(must) + 1):
        if choice.value(chosen) >= reachable - _CLOSE * max(1.0, reachable):
            break
        greedy = _greedy(choice, free)
        upper = min(reachable, *(choice.bound(greedy[:step], free) for step in range(free + 1)))
        chosen = max(_extended(choice, chosen), greedy, key=choice.value)
        first = False
        if len(choice.rows) <= exact:
            chosen, upper, first = _best(choice, chosen, free, upper, until)
        found.append(_cover(choice, chosen, must, start, upper, first))
        tell(len(must) + free)
    return found


def _choice(works: BoolArray, worth: FloatArray, rows: IntArray, exact: int) -> _Choice:
    """Equal columns are one, with their sum, where the best is searched."""
    from scipy.sparse import csr_array

    counts = worth > 0
    rows = rows[(works[rows] & counts).any(axis=1)]
    adds = works[np.ix_(rows, counts)]
    each = worth[counts].astype(float)
    if len(rows) <= exact:
        # eight rows in a byte sort as the rows do
        packed = np.packbits(adds, axis=0)
        _, first, column = np.unique(packed, axis=1, return_index=True, return_inverse=True)
        adds = adds[:, first]
        each = np.bincount(column.ravel(), each, minlength=adds.shape[1]).astype(float)
    useful = adds.any(axis=0)
    if not useful.all():
        adds, each = adds[:, useful], each[useful]
    who, what = adds.nonzero()
    counted = csr_array((np.ones(len(who)), (who, what)), shape=adds.shape)
    return _Choice(rows, adds, counted, each)


def _cover(
    choice: _Choice, chosen: list[int], must: IntArray, start: float, upper: float, first: bool
) -> Cover:
    members = sorted({*must.tolist(), *choice.rows[chosen].tolist()})
    return Cover(tuple(members), start + choice.value(chosen), start + upper, first)


def _greedy(choice: _Choice, size: int) -> list[int]:
    """Always the one that adds most, the earlier of equals."""
    chosen: list[int] = []
    while len(chosen) < size:
        chosen = _extended(choice, chosen)
    return chosen


def _extended(choice: _Choice, chosen: list[int]) -> list[int]:
    gains = choice.gains(chosen)
    gains[chosen] = -1.0
    near = gains >= gains.max() - _CLOSE * max(1.0, gains.max())
    return [*chosen, int(np.flatnonzero(near)[0])]


def _best(
    choice: _Choice, known: list[int], size: int, upper: float, until: float
) -> tuple[list[int], float, bool]:
    """The best rows, a bound on them, and whether they are the first among equals."""
    chosen = known
    close = _CLOSE * max(1.0, upper)
    if choice.value(chosen) < upper - close:
        solved, bound = _solved(choice, size, until - time.monotonic())
        upper = max(min(upper, bound), choice.value(solved))
        chosen = max(chosen, solved, key=choice.value)
    value = choice.value(chosen)
    if value < upper - close:
        return sorted(chosen), upper, False
    found = _first(choice, size, value - close)
    return (sorted(chosen), value, False) if found is None else (found, value, True)


def _solved(choice: _Choice, size: int, seconds: float) -> tuple[list[int], float]:
    """What the solver finds in time, and its bound; nothing and no bound if it finds nothing."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, eye_array, hstack

    if seconds <= 0:
        return [], np.inf
    rows, patterns = choice.adds.shape
    covered = hstack([csr_array(choice.adds.T.astype(float)), -eye_array(patterns)], format="csr")
    number = csr_array(np.append(np.ones(rows), np.zeros(patterns))[None])
    answer = milp(
        np.append(np.zeros(rows), -choice.worth),
        integrality=np.append(np.ones(rows), np.zeros(patterns)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(covered, lb=0), LinearConstraint(number, ub=size)],
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return [], np.inf
    chosen = np.flatnonzero(answer.x[:rows] > 0.5).tolist()
    bound = choice.value(chosen) if answer.status == 0 else -float(answer.mip_dual_bound)
    return chosen, bound


def _first(choice: _Choice, size: int, target: float) -> list[int] | None:
    """The earliest rows that reach a target, in a depth-first search; None after many steps.

    A branch ends where even the largest gains that are left would not reach the target.
    """
    budget = _NODES
    number = len(choice.rows)
    stack: list[tuple[list[int], float, FloatArray]] = [([], 0.0, choice.worth)]
    while stack:
        budget -= 1
        if budget < 0:
            return None
        chosen, value, left = stack.pop()
        wanted = size - len(chosen)
        if value >= target:
            return chosen if not wanted else None
        if not wanted:
            continue
        after = chosen[-1] + 1 if chosen else 0
        gains = choice.adds[after:] @ left
        # the best that later rows could add beside the row itself, from the back
        reach = np.array([_largest(gains[at + 1 :], wanted - 1) for at in range(len(gains))])
        worthy = np.flatnonzero(value + gains + reach >= target)
        for at in worthy[::-1]:
            row = after + int(at)
            if row < number:
                stack.append(([*chosen, row], value + float(gains[at]), left * ~choice.adds[row]))
    return None


def _largest(gains: FloatArray, number: int) -> float:
    return float(np.sort(gains)[len(gains) - number :].sum()) if 0 < number else 0.0
