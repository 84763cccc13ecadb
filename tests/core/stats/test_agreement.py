"""Agreement, ballots and consensus hold their published values."""

import itertools
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


def test_krippendorff_alpha_published_value() -> None:
    """Krippendorff (2011), four observers and twelve units, as quoted in the worked examples."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
        [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
    ]
    assert stats.krippendorff_alpha(np.transpose(observers)) == pytest.approx(0.743, abs=6e-4)


def _slow_alpha(units: list[list[float]]) -> float:
    """Mean disagreement of pairs within units over that of all pairs, by plain loops."""
    told = [[v for v in unit if not math.isnan(v)] for unit in units]
    told = [unit for unit in told if len(unit) >= 2]
    values = [v for unit in told for v in unit]
    within = sum(
        sum(a != b for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in told
    )
    pairs = sum(a != b for a, b in itertools.permutations(values, 2))
    return GAP if pairs == 0 else 1 - within / len(values) * len(values) * (len(values) - 1) / pairs


@given(
    st.lists(
        st.lists(st.sampled_from([0.0, 1.0, 7.0, GAP]), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    )
)
def test_krippendorff_alpha_is_its_slow_twin(units: list[list[float]]) -> None:
    """Oracle: the definition by pairs; NaN without a pair or without variation."""
    np.testing.assert_allclose(stats.krippendorff_alpha(units), _slow_alpha(units), atol=1e-12)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([5, 0, 0, 0, 5], 0.0),
        ([0, 0, 0, 4, 0], 1.0),
        # hand: mean 1.5, 1 + 2 * 0.5 * log2(1 - 0.5 / 4)
        ([1, 1, 0, 0, 0], 1 + math.log2(0.875)),
        ([0, 1, 0, 0, 0], GAP),
        ([0, 0, 0, 0, 0], GAP),
    ],
)
def test_consensus_of_camps_and_of_one_mind(counts: list[int], expected: float) -> None:
    """Worked examples of the methods page (Tastle and Wierman 2007) and hand arithmetic."""
    np.testing.assert_allclose(stats.consensus(counts), expected, atol=1e-12)


@given(st.lists(st.integers(0, 50), min_size=5, max_size=5))
def test_consensus_lies_between_0_and_1_and_turns_with_the_scale(counts: list[int]) -> None:
    """Law: reading the scale backwards changes nothing."""
    agreed, turned = stats.consensus([counts, counts[::-1]])
    np.testing.assert_allclose(agreed, turned, atol=1e-12)
    assert np.isnan(agreed) == (sum(counts) < 2)
    assert np.isnan(agreed) or 0 <= agreed <= 1


def test_consensus_refuses_another_scale() -> None:
    with pytest.raises(ValueError, match="five counts"):
        stats.consensus([1, 2, 3])
    with pytest.raises(ValueError, match="five counts"):
        stats.consensus([1, 2, 3, 4, -1])


def test_kendall_w_of_the_worked_example() -> None:
    """Worked example of the methods page, own input."""
    judges: list[list[float]] = [
        [1, 2, 3, 4, 5, 6],
        [2, 1, 3, 5, 4, 6],
        [1, 3, 2, 4, 6, 5],
        [1.5, 1.5, 4, 3, 5.5, 5.5],
    ]
    agreement = stats.kendall_w(judges)
    assert (agreement.w, agreement.chi2) == pytest.approx((0.8586956522, 17.17391304), abs=1e-8)
    assert agreement.df == 5


def test_kendall_p_of_few_judges_is_the_share_of_orders() -> None:
    """Hand: two judges of three items agree wholly in 1 of 6 orders; 4 standard errors of 9999."""
    agreement = stats.kendall_w([[1, 2, 3], [1, 2, 3]])
    assert agreement.p == pytest.approx(1 / 6, abs=0.015)
    assert agreement.p == stats.kendall_w([[1, 2, 3], [1, 2, 3]]).p


@pytest.mark.parametrize(("judges", "items"), [(16, 7), (15, 8)])
def test_kendall_permutes_where_judges_or_items_are_few(judges: int, items: int) -> None:
    """Hand: whole agreement is not met again by 9 draws, so p is 1/10; chi-square is far less."""
    agreement = stats.kendall_w(np.tile(np.arange(items), (judges, 1)), draws=9)
    assert agreement.p == 0.1


def test_kendall_of_many_judges_and_items_is_the_friedman_test() -> None:
    """scipy.stats.friedmanchisquare, 16 judges and 8 items with ties."""
    judges = np.random.default_rng(3).integers(1, 7, size=(16, 8)) + np.arange(8) / 4
    agreement = stats.kendall_w(judges)
    chi2, p = reference.friedmanchisquare(*judges.T)
    assert (agreement.chi2, agreement.p) == pytest.approx((chi2, p), rel=1e-9)
    assert agreement.w == pytest.approx(chi2 / (16 * 7), rel=1e-9)


@pytest.mark.parametrize(
    "judges",
    [
        np.zeros((0, 3)),
        [[1, 2, 3]],
        [[1], [1]],
        [[1, 1, 1], [2, 2, 2]],
        # the second judge ranks one item only and is left out
        [[1, 2, 3], [1, GAP, GAP]],
    ],
)
def test_kendall_w_is_missing_where_nothing_can_agree(judges: npt.ArrayLike) -> None:
    """Definition: fewer than two judges or items, or 0/0 when every judge ties everything."""
    agreement = stats.kendall_w(judges)
    assert all(np.isnan([agreement.w, agreement.chi2, agreement.p]))


def test_unranked_and_tied_items_share_the_ranks_they_occupy() -> None:
    """Hand: one of four ranked leaves 2, 3 and 4 to three items; gaps in the ranks are closed."""
    completed = stats.complete_ranks(np.array([[1, GAP, GAP, GAP], [1, 5, 5, 9]]))
    assert completed.tolist() == [[1, 3, 3, 3], [1, 2.5, 2.5, 4]]


TENNESSEE = np.repeat(
    # columns M N C K
    [[1, 2, 3, 4], [4, 1, 2, 3], [4, 3, 1, 2], [4, 3, 2, 1]],
    [42, 26, 15, 17],
    axis=0,
)


def test_borda_and_condorcet_of_tennessee() -> None:
    """Textbook election, 100 voters: points 126 194 173 107 of 300; N beats every other."""
    priority = stats.borda(TENNESSEE)
    assert (priority * 300).tolist() == pytest.approx([126, 194, 173, 107], abs=1e-9)
    assert stats.condorcet(TENNESSEE) == 1


def test_a_judge_who_ranks_nothing_has_no_vote() -> None:
    """Hand: the silent row changes neither mean nor majority."""
    judges = [[1, 2, GAP], [GAP] * 3]
    assert stats.borda(judges).tolist() == [1.0, 0.5, 0.0]
    assert stats.condorcet(judges) == 0


@pytest.mark.parametrize("judges", [np.zeros((0, 3)), [[GAP, GAP]], [[1], [1]]])
def test_priority_is_missing_without_a_choice(judges: npt.ArrayLike) -> None:
    """Definition: fewer than two items, or nobody ranks."""
    assert np.isnan(stats.borda(judges)).all()
    assert stats.condorcet(judges) == -1


def test_a_circle_of_majorities_has_no_winner() -> None:
    """Condorcet's paradox: A before B, B before C, C before A, each by two of three."""
    assert stats.condorcet([[1, 2, 3], [3, 1, 2], [2, 3, 1]]) == -1
