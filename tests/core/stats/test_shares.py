"""Shares hold their published intervals, their classes and their laws."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.core import stats
from sysmap.core.stats import HIGH, LOW, MIDDLE, UNDETERMINED

Floats = npt.NDArray[np.float64]
GAP = math.nan


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
    for bounds in ({"upper": math.nan}, {"lower": math.nan}, {"upper": 75.0}, {"lower": -0.1}):
        with pytest.raises(ValueError, match="shares between 0 and 1 are expected"):
            stats.prevalence(1, 2, **bounds)
    for census in ({"lower": 0.0}, {"upper": 1.0}, {"upper": 0.0, "lower": 0.0}):
        assert stats.prevalence(1, 2, 2, **census).share == 0.5
    with pytest.raises(ValueError, match=r"level: 0 is not between"):
        stats.prevalence(1, 2, level=0)
    with pytest.raises(ValueError, match=r"level: 1\.0 is not between"):
        stats.prevalence(1, 2, level=1.0)


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
