"""Ranks and their intervals hold their laws and slow twins."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from sysmap.core import stats

Floats = npt.NDArray[np.float64]
GAP = math.nan


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=25))
def test_spearman_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    """scipy.stats.spearmanr where both sides vary, NaN elsewhere."""
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    varied = len(set(a)) > 1 and len(set(b)) > 1
    expected = reference.spearmanr(a, b).statistic if varied else GAP
    np.testing.assert_allclose(stats.spearman(a, b), expected, atol=1e-12)


@given(st.lists(st.integers(-5, 5), max_size=20))
def test_rank_is_one_more_than_the_number_of_better_values(values: list[int]) -> None:
    """Definition, by plain loops, both ways round."""
    assert stats.ranks(values).tolist() == [1 + sum(w > v for w in values) for v in values]
    upward = stats.ranks(values, descending=False)
    assert upward.tolist() == [1 + sum(w < v for w in values) for v in values]


@given(st.floats(1e-200, 1e200), st.sampled_from([1, -1]))
def test_noise_in_the_fifteenth_digit_makes_no_rank(value: float, sign: int) -> None:
    """Law: 12 digits are compared; numbers that 11 digits tell apart stay apart."""
    rounded = float(f"{value:.8e}") * sign
    noisy = [rounded, rounded * (1 + 1e-15), rounded * (1 - 1e-15), 0.0, math.inf, -math.inf]
    above, below = ([2.0] * 3, 5.0) if sign > 0 else ([3.0] * 3, 2.0)
    expected = [*above, below, 1.0, 6.0]
    assert stats.ranks(noisy).tolist() == expected
    assert stats.ranks([value, value * (1 + 1e-10)]).tolist() == [2, 1]


def test_each_draw_is_ranked_for_itself() -> None:
    """Hand; NaN has no rank and takes none away."""
    placed = stats.ranks(np.array([[3, 1, 2], [1, GAP, 2]]))
    np.testing.assert_array_equal(placed, [[1, 3, 2], [2, GAP, 1]])


def test_rank_interval_leaves_five_percent_on_either_side() -> None:
    """Hand: 100 draws, ranks 1 to 3 by turns; 4 swaps of 100 stay outside, 6 are counted."""
    scores = np.tile([3.0, 2.0, 1.0], (100, 1))
    scores[:4, :2] = [2.0, 3.0]
    rare = stats.rank_interval(scores)
    assert (rare.low.tolist(), rare.high.tolist()) == ([1, 2, 3], [1, 2, 3])
    scores[:6, :2] = [2.0, 3.0]
    common = stats.rank_interval(scores)
    assert (common.low.tolist(), common.high.tolist()) == ([1, 1, 3], [2, 2, 3])


def test_rank_interval_is_rounded_outward() -> None:
    """Hand: ranks 1 and 3 have their quantiles at 1.1 and 2.9."""
    interval = stats.rank_interval([[3, 2, 1], [1, 2, 3]])
    assert (interval.low.tolist(), interval.high.tolist()) == ([1, 2, 1], [3, 2, 3])


def test_top10_is_the_share_of_draws_among_the_first_ten() -> None:
    """Hand: of twelve subjects the last two are never among ten, the tenth in half of draws."""
    order = np.arange(12.0, 0, -1)
    swapped = order[[0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 9, 11]]
    interval = stats.rank_interval([order, swapped])
    assert interval.top10.tolist() == [1.0] * 9 + [0.5, 0.5, 0.0]


def test_a_matrix_of_ranks_is_taken_as_it_is() -> None:
    """Law: ranking ranks upward changes nothing."""
    scores = np.random.default_rng(0).integers(0, 9, size=(50, 15)).astype(float)
    for scored, ranked in zip(
        stats.rank_interval(scores),
        stats.rank_interval(stats.ranks(scores), descending=False),
        strict=True,
    ):
        np.testing.assert_array_equal(scored, ranked)


def test_a_subject_without_a_score_has_no_interval_and_no_draw_is_an_error() -> None:
    interval = stats.rank_interval([[1.0, GAP], [1.0, 2.0]])
    for column in interval:
        assert np.isnan(column).tolist() == [False, True]
    assert stats.rank_interval(np.zeros((3, 0))).low.shape == (0,)
    with pytest.raises(ValueError, match="no draw came"):
        stats.rank_interval(np.zeros((0, 3)))
