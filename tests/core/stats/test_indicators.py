"""Indicator values and their test hold published values, laws and slow twins."""

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from sysmap.core import stats
from sysmap.core.stats.arrays import generator

Floats = npt.NDArray[np.float64]
GAP = math.nan


def test_benjamini_hochberg_published_values() -> None:
    """Benjamini and Hochberg (1995), fifteen p-values, as quoted in the worked examples."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    q = stats.benjamini_hochberg(p)
    assert q[:4].tolist() == pytest.approx([0.0015, 0.003, 0.0095, 0.035625], abs=1e-9)
    assert (q < 0.05).sum() == 4


@given(st.lists(st.floats(0, 1) | st.just(GAP), max_size=30))
def test_benjamini_hochberg_is_that_of_scipy_on_the_tests_made(p: list[float]) -> None:
    """scipy.stats.false_discovery_control; NaN stays NaN and does not count as a test."""
    given_p = np.array(p, dtype=float)
    tested = ~np.isnan(given_p)
    expected = np.full(given_p.shape, np.nan)
    if tested.any():
        expected[tested] = reference.false_discovery_control(given_p[tested])
    np.testing.assert_allclose(stats.benjamini_hochberg(given_p), expected, atol=1e-12)


def test_benjamini_hochberg_refuses_what_is_no_probability() -> None:
    with pytest.raises(ValueError, match="every p lies between 0 and 1"):
        stats.benjamini_hochberg([0.2, 1.2])


GROUPS_543 = [0] * 5 + [1] * 4 + [2] * 3


@pytest.mark.parametrize(
    ("strength", "expected"),
    [
        ([3, 2, 0, 1, 3, 0, 0, 1, 0, 0, 0, 0], [0.6095238095, 0.0595238095, 0]),
        ([0, 0, 0, 0, 0, 2, 3, 0, 1, 0, 0, 1], [0, 0.5192307692, 0.1025641026]),
        ([0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 2, 3], [0.0333333333, 0, 0.8333333333]),
        ([1] * 12, [1 / 3] * 3),
    ],
)
def test_indicator_values_of_the_worked_example(strength: list[int], expected: list[float]) -> None:
    """Worked example of the methods page, own input."""
    presence = np.array([strength]) > 0
    values = stats.indicator_values(presence, GROUPS_543, 3)
    assert values.indval[0].tolist() == pytest.approx(expected, abs=1e-8)
    np.testing.assert_allclose(values.specificity.sum(axis=1), 1, atol=1e-12)


def test_thin_groups_unlabelled_and_unassessed_contexts_stay_out() -> None:
    """Hand: group 2 has one assessed context, the last context no label; 2/2 against 1/2."""
    presence = [[1, 1, GAP, 1, 0, 1, GAP, 1]]
    values = stats.indicator_values(presence, [0, 0, 0, 1, 1, 2, 2, -1], 3)
    np.testing.assert_allclose(values.fidelity, [[1, 0.5, GAP]])
    np.testing.assert_allclose(values.indval, [[2 / 3, 1 / 6, GAP]])


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"1 labels came for presence of shape \(1, 2\)"):
        stats.indicator_values([[1, 0]], [0], 1)
    with pytest.raises(ValueError, match="one label per context, below n_groups = 2"):
        stats.indicator_values([[1, 0]], [0, 2], 2)


def _slow_statistic(cells: list[tuple[float, int]], n_groups: int) -> tuple[float, int]:
    """Largest indicator value and its group, by the formula and plain loops."""
    means = {}
    for g in range(n_groups):
        members = [x for x, label in cells if label == g]
        if members:
            means[g] = sum(members) / len(members)
    total = sum(means.values())
    values = [(mean / total * mean, -g) for g, mean in means.items()]
    best, minus_group = max(values)
    return best, -minus_group


def _slow_indicator_test(row: list[float], groups: list[int], n_groups: int) -> tuple[float, ...]:
    """Value, group and exact p over every distinct order of the labels that take part."""
    cells = [(x, g) for x, g in zip(row, groups, strict=True) if g >= 0 and not math.isnan(x)]
    sizes = [sum(label == g for _, label in cells) for g in range(n_groups)]
    cells = [(x, g) for x, g in cells if sizes[g] >= 2]
    present, labels = [x for x, _ in cells], [g for _, g in cells]
    if len(set(labels)) < 2 or not any(present):
        return GAP, -1, GAP
    best, group = _slow_statistic(cells, n_groups)
    orders = set(itertools.permutations(labels))
    hits = 0
    for order in orders:
        shuffled = list(zip(present, order, strict=True))
        hits += _slow_statistic(shuffled, n_groups)[0] >= best - 1e-12
    return best, group, hits / len(orders)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(st.sampled_from([0.0, 1.0, 1.0, GAP]), min_size=7, max_size=7),
        min_size=1,
        max_size=3,
    ),
    st.lists(st.integers(-1, 2), min_size=7, max_size=7),
)
def test_indicator_test_is_its_slow_twin(rows: list[list[float]], groups: list[int]) -> None:
    """Oracle: full enumeration; p may differ by 4.5 standard errors of 9999 draws."""
    test = stats.indicator_test(rows, groups, 3)
    for i, row in enumerate(rows):
        best, group, p = _slow_indicator_test(row, groups, 3)
        assert test.group[i] == group
        np.testing.assert_allclose(test.indval[i], best, atol=1e-12)
        error = 0.0 if math.isnan(p) else 4.5 * math.sqrt(p * (1 - p) / 9999) + 1e-4
        np.testing.assert_allclose(test.p[i], p, rtol=0, atol=error)


def _noise(elements: int, contexts: int, seed: int) -> Floats:
    random = np.random.default_rng(seed)
    presence = (random.random((elements, contexts)) < 0.5).astype(float)
    presence[random.random(presence.shape) < 0.2] = np.nan
    return presence


def test_equal_seeds_give_equal_p_and_other_seeds_do_not() -> None:
    presence, groups = _noise(20, 12, 1), np.arange(12) % 3
    first, again, other = (
        stats.indicator_test(presence, groups, 3, rng=seed) for seed in (4, 4, 5)
    )
    np.testing.assert_array_equal(first.p, again.p)
    assert (first.p != other.p).any()


def test_p_depends_neither_on_other_elements_nor_on_the_order_of_contexts_or_groups() -> None:
    """Law: a test is about its own element; names and orders carry nothing."""
    presence, groups = _noise(20, 12, 2), np.arange(12) % 3
    test = stats.indicator_test(presence, groups, 3, draws=199)
    alone = stats.indicator_test(presence[7:8], groups, 3, draws=199)
    assert test.p[7] == alone.p[0]
    order = np.random.default_rng(0).permutation(12)
    moved = stats.indicator_test(presence[:, order], 2 - groups[order], 3, draws=199)
    np.testing.assert_array_equal(test.p, moved.p)


def test_groupings_tested_together_get_the_p_they_get_alone() -> None:
    """Law: one shuffle serves every grouping, so asking about one more changes no other."""
    presence = _noise(20, 12, 2)
    groupings = np.stack([np.arange(12) % 3, np.arange(12) // 6, np.full(12, -1)])
    together = stats.indicator_test(presence, groupings, 3, draws=199)
    assert together.p.shape == (3, 20)
    for row, groups in enumerate(groupings):
        alone = stats.indicator_test(presence, groups, 3, draws=199)
        np.testing.assert_array_equal(alone.p, together.p[row])
        np.testing.assert_array_equal(alone.indval, together.indval[row])
        np.testing.assert_array_equal(alone.group, together.group[row])


def test_an_element_present_nowhere_and_a_lone_group_are_not_tested() -> None:
    """Definition: specificity is 0/0 in the first case, certain in the second."""
    for presence, groups in (([[0, 0, 0, 0]], [0, 0, 1, 1]), ([[1, 1, 0, 1]], [0, 0, 0, 1])):
        test = stats.indicator_test(presence, groups, 2)
        assert test.group.tolist() == [-1]
        assert np.isnan([test.indval, test.p]).all()


def test_the_smallest_p_counts_the_data_as_one_of_the_draws() -> None:
    """Hand: 10 of 10 against 0 of 10 is one order in 184 756, so none of 9 draws reaches it."""
    test = stats.indicator_test([[1] * 10 + [0] * 10], [0] * 10 + [1] * 10, 2, draws=9)
    assert (test.indval.tolist(), test.p.tolist()) == ([1.0], [0.1])


def test_no_element_and_no_group_give_empty_and_undecided_tests() -> None:
    assert stats.indicator_test(np.zeros((0, 3)), [0, 0, 1], 2).p.shape == (0,)
    undecided = stats.indicator_test([[1, 0]], [-1, -1], 0)
    assert undecided.group.tolist() == [-1]
    assert np.isnan(undecided.p).all()


def test_what_draws_without_a_seed_draws_with_seed_0() -> None:
    """Contract: the default is a fixed seed; a Generator goes on where it stands."""
    seeded = np.random.default_rng(0)
    assert seeded.random() == generator().random()
    assert generator(seeded) is seeded
