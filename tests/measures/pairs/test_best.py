"""The best partners are those that a sort of all partners puts first, however pairs come."""

import numpy as np
import pytest

from sysmap.measures.pairs.best import Best, first
from sysmap.measures.pairs.search import _kin


def kept(worse: np.ndarray, number: int, rows: int, below: float) -> list[list[int]]:
    """Pairs in blocks from the diagonal on, as the search offers them."""
    size = len(worse)
    best = Best(size, number, below)
    for begin in range(0, size, rows):
        block = worse[begin : begin + rows, begin:]
        row, column, value = best.candidates(block, begin)
        one, other = begin + row, begin + column
        later = other >= begin + rows
        best.offer(
            np.concatenate([one, other[later]]),
            np.concatenate([other, one[later]]),
            np.concatenate([value, value[later]]),
        )
    one, other = best.pairs()
    return [sorted(other[one == i].tolist()) for i in range(size)]


@pytest.mark.parametrize("rows", [1, 4, 30])
@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("order", ["random", "worst first", "nearly equal"])
def test_equals_are_kept_in_the_order_of_their_partners(rows: int, number: int, order: str) -> None:
    """The oracle is Python's sort by value and partner; there are many equal values."""
    size = 30
    rng = np.random.default_rng(rows)
    worse = rng.integers(0, 6, (size, size)).astype(float)
    if order == "worst first":
        # each later partner is better, so that every pair is a candidate when it comes
        worse = -np.add.outer(np.arange(size), np.arange(size)).astype(float)
    worse = np.minimum(worse, worse.T)
    worse[rng.random((size, size)) < 0.1] = np.nan
    worse[np.isnan(worse.T)] = np.nan
    np.fill_diagonal(worse, np.nan)
    shown = worse + rng.uniform(-4e-10, 4e-10, worse.shape) * (order == "nearly equal")
    for below in (np.inf, 2.0):
        expected = [
            sorted(
                sorted(np.flatnonzero(line < below).tolist(), key=lambda j: (line[j], j))[:number]
            )
            for line in worse
        ]
        assert expected == kept(shown, number, rows, below)


def test_the_first_of_a_row_leave_out_what_is_no_pair() -> None:
    worse = np.array([[np.nan, 2.0, 1.0, 1.0], [np.inf, np.nan, np.inf, 5.0]])
    assert [[False, False, True, False], [False, False, False, True]] == first(worse, 1).tolist()
    assert [[False, True, True, True], [False, False, False, True]] == first(worse, 9).tolist()


def test_parts_of_parts_are_kin() -> None:
    """0 is a part of 1, 1 of 2; 3 stands alone."""
    near = _kin(np.array([1, 2, -1, -1])).toarray()
    expected = np.eye(4, dtype=bool)
    for one, other in ((0, 1), (1, 2), (0, 2)):
        expected[one, other] = expected[other, one] = True
    assert expected.tolist() == near.tolist()
