"""Statistics hold their published values, their laws and their slow twins."""

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference

from sysmap.core import stats
from sysmap.core.stats import HIGH, LOW, MIDDLE, UNDETERMINED

Floats = npt.NDArray[np.float64]
GAP = math.nan


# --- prevalence -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_open_list_gives_the_wilson_interval(k: int, n: int, low: float, high: float) -> None:
    """Newcombe (1998), method 3, as quoted in the worked examples; level 95 %."""
    p = stats.prevalence(k, n, level=0.95)
    assert (float(p.low), float(p.high)) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("k", "n", "listed", "low", "high"),
    [
        (30, 30, 37, 0.9828, 1.0),
        (28, 30, 37, 0.8923, 0.9595),
        (25, 30, 37, 0.7783, 0.8768),
        (20, 30, 37, 0.6018, 0.7257),
        (8, 8, 37, 0.7859, 1.0),
        (6, 10, 37, 0.3812, 0.7850),
        (8, 8, None, 0.7473, 1.0),
        (9, 9, None, 0.7689, 1.0),
    ],
)
def test_a_listed_population_narrows_the_interval(
    k: int, n: int, listed: int | None, low: float, high: float
) -> None:
    """Worked examples of the methods page, closed form; level 90 %."""
    p = stats.prevalence(k, n, listed)
    assert (float(p.low), float(p.high)) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("k", "n", "listed", "verdict", "robust"),
    [
        (30, 30, 37, HIGH, True),
        (25, 30, 37, HIGH, False),
        (20, 30, 37, MIDDLE, True),
        (5, 30, 37, LOW, False),
        (6, 10, 37, UNDETERMINED, False),
        (8, 8, None, UNDETERMINED, False),
        (9, 9, None, HIGH, False),
        (0, 9, None, LOW, False),
        (27, 37, 37, MIDDLE, True),
        (28, 37, 37, HIGH, True),
    ],
)
def test_classes_of_the_worked_examples(
    k: int, n: int, listed: int | None, verdict: int, robust: bool
) -> None:
    """Worked examples of the methods page; (20, 30, 37) is robust as 20/37 and 27/37 are middle."""
    p = stats.prevalence(k, n, listed)
    assert (int(p.verdict), bool(p.robust)) == (verdict, robust)


def test_nobody_answering_is_unknown_and_not_absent() -> None:
    """Definition: interval 0 to 1, no class, no leaning, whatever the list."""
    for listed in (None, 0, 37):
        p = stats.prevalence([0], [0], listed)
        assert np.isnan(p.share).all()
        assert (p.low.tolist(), p.high.tolist()) == ([0.0], [1.0])
        assert (p.verdict.tolist(), p.leaning.tolist()) == ([UNDETERMINED], [UNDETERMINED])
        assert not p.robust.any()


def test_a_census_is_a_point_also_of_one_unit() -> None:
    """Definition: n = N leaves nothing to estimate."""
    p = stats.prevalence([0, 1, 1, 3], [1, 1, 2, 4], [1, 1, 2, 4])
    np.testing.assert_array_equal(p.share, p.low)
    np.testing.assert_array_equal(p.share, p.high)
    assert p.verdict.tolist() == [LOW, HIGH, MIDDLE, HIGH]
    assert p.robust.all()


def test_the_leaning_is_the_class_of_the_share_alone() -> None:
    """Hand: 6/8 = 0.75 is high, 4/8 middle, 2/8 low; none of the intervals decides."""
    p = stats.prevalence([6, 4, 2], 8)
    assert p.leaning.tolist() == [HIGH, MIDDLE, LOW]
    assert p.verdict.tolist() == [UNDETERMINED] * 3


def test_equal_thresholds_leave_no_middle() -> None:
    """Hand: a census of 2/4 at upper = lower = 0.5 meets both; the high class comes first."""
    p = stats.prevalence([1, 2, 3], 4, 4, upper=0.5, lower=0.5)
    assert p.verdict.tolist() == [LOW, HIGH, HIGH]


def _all_counts(listed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    pairs = np.array([(k, n) for n in range(listed + 1) for k in range(n + 1)])
    return pairs[:, 0], pairs[:, 1]


@pytest.mark.parametrize("listed", [1, 6, 37, None])
def test_the_interval_holds_the_share_and_mirrors_with_it(listed: int | None) -> None:
    """Law: yes and no are symmetric; checked on every count."""
    k, n = _all_counts(listed or 40)
    p, mirror = stats.prevalence(k, n, listed), stats.prevalence(n - k, n, listed)
    known = n > 0
    assert ((p.low <= p.share) & (p.share <= p.high))[known].all()
    np.testing.assert_allclose(p.low, 1 - mirror.high, atol=1e-12)
    swapped = np.select([p.verdict == HIGH, p.verdict == LOW], [LOW, HIGH], p.verdict)
    np.testing.assert_array_equal(swapped, mirror.verdict)


@pytest.mark.parametrize("listed", [1, 6, 37])
def test_robust_says_that_no_answer_of_the_silent_changes_the_class(listed: int) -> None:
    """Oracle: the census class after every possible number of further yes, by plain loops."""
    k, n = _all_counts(listed)
    p = stats.prevalence(k, n, listed)
    for i, (yes, answers) in enumerate(zip(k.tolist(), n.tolist(), strict=True)):
        further = range(listed - answers + 1)
        ends = {int(stats.prevalence(yes + f, listed, listed).verdict) for f in further}
        assert (ends == {int(p.verdict[i])}) == bool(p.robust[i])


@pytest.mark.parametrize("listed", [4, 12, 37, 60])
def test_deleting_an_answer_never_creates_a_robust_verdict_at_an_end(listed: int) -> None:
    """Methods page, deletion stated exactly; checked on every count and either answer deleted."""
    k, n = _all_counts(listed)
    before = stats.prevalence(k, n, listed)
    for deleted in (0, 1):
        possible = (k >= deleted) & (n - k >= 1 - deleted)
        after = stats.prevalence(k[possible] - deleted, n[possible] - 1, listed)
        ends = after.robust & np.isin(after.verdict, [HIGH, LOW])
        assert ends.any()
        assert before.robust[possible][ends].all()
        np.testing.assert_array_equal(before.verdict[possible][ends], after.verdict[ends])


def test_counts_out_of_order_name_the_first_position() -> None:
    with pytest.raises(ValueError, match=r"position 1: k = 5, n = 4, N = 9, but 0 <= k <= n <= N"):
        stats.prevalence([1, 5, 9], [4, 4, 4], 9)
    with pytest.raises(ValueError, match=r"position 0: k = -1, n = 4, N = inf"):
        stats.prevalence(-1, 4)
    with pytest.raises(ValueError, match=r"position 1, 0: k = 1, n = 5, N = 4"):
        stats.prevalence([[1], [1]], [[4], [5]], 4)
    with pytest.raises(ValueError, match=r"upper: 0\.2 is below lower = 0.5"):
        stats.prevalence(1, 2, upper=0.2, lower=0.5)
    with pytest.raises(ValueError, match=r"level: 1\.0 is not between"):
        stats.prevalence(1, 2, level=1.0)


# --- multiplicity ---------------------------------------------------------------------------


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


# --- indicator values -----------------------------------------------------------------------

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


# --- agreement ------------------------------------------------------------------------------


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


# --- rankings by judges ---------------------------------------------------------------------


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


# --- ranks ----------------------------------------------------------------------------------


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


# --- numbers of equals ----------------------------------------------------------------------


def test_effective_number_of_the_worked_example() -> None:
    """Worked examples of the methods page: 30 30 20 20 % and seven equal shares."""
    assert float(stats.effective_number([30, 30, 20, 20])) == pytest.approx(3.8461538, abs=5e-8)
    assert float(stats.effective_number([0.3] * 7)) == pytest.approx(7, abs=1e-12)
    assert stats.effective_number([[0, 0], [0, 5]]).tolist() == [0.0, 1.0]


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=12), st.floats(1e-3, 1e3))
def test_effective_number_lies_between_one_and_all_on_any_scale(
    weights: list[float], unit: float
) -> None:
    """Law: 1 for one giant, the count for equals, the same in every currency."""
    number = float(stats.effective_number(weights))
    assert 1 - 1e-9 <= number <= len(weights) + 1e-9
    assert number == pytest.approx(float(stats.effective_number(np.array(weights) * unit)))


def test_effort_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="numbers from 0 up"):
        stats.effective_number([1, -1])


def test_a_generator_stays_itself() -> None:
    """Law: a Generator goes on where it stands, a seed starts anew."""
    own = np.random.default_rng(1)
    assert stats.generator(own) is own
    assert stats.generator(1).random() == stats.generator(1).random()
