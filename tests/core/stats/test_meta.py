"""Random effects hold published values and the intervals cover as often as they say."""

import numpy as np
import pytest

from sysmap.core import stats

Y, V = [1.2, 0.8, 2.1, 1.5, -0.2, 1.0], [0.1, 0.2, 0.15, 0.1, 0.25, 0.05]


def test_six_contexts_give_the_values_of_metafor() -> None:
    """Worked example of the methods page, checked against the R package metafor."""
    dl, reml = (stats.random_effects([Y], [V], estimator=e) for e in ("dl", "reml"))
    assert [15.61856287, 0.00802183, 0.24493094, 1.12137097, 0.28881285] == pytest.approx(
        [dl.Q[0], dl.p[0], dl.tau2[0], dl.mean[0], dl.se[0]], abs=2e-6
    )
    assert [0.37895389, 1.86378804, -0.35160563, 2.59434756] == pytest.approx(
        [dl.low[0], dl.high[0], dl.expected_low[0], dl.expected_high[0]], abs=2e-6
    )
    assert [0.322578, 0.73663166, 1.1141254] == pytest.approx(
        [reml.tau2[0], reml.i2[0], reml.mean[0]], abs=2e-6
    )
    assert [0.36072444, 1.86752636, -0.5287907, 2.7570415] == pytest.approx(
        [reml.low[0], reml.high[0], reml.expected_low[0], reml.expected_high[0]], abs=2e-6
    )


def test_many_subjects_at_once_are_each_alone() -> None:
    """Twin: one call per subject, with its own gaps."""
    random = np.random.default_rng(3)
    y, v = random.normal(1, 1, (30, 9)), random.uniform(0.05, 0.5, (30, 9))
    y[random.random(y.shape) < 0.3] = np.nan
    found = stats.random_effects(y, v)
    for i in range(len(y)):
        there = ~np.isnan(y[i])
        alone = stats.random_effects([y[i, there]], [v[i, there]])
        for name in ("mean", "se", "tau2", "i2", "Q", "p", "expected_low", "expected_high"):
            assert getattr(alone, name)[0] == pytest.approx(getattr(found, name)[i], nan_ok=True)


def test_the_restricted_likelihood_is_at_its_top() -> None:
    """Twin: a grid search over the likelihood written out."""
    y, v = np.array(Y), np.array(V)

    def likelihood(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        return float(
            0.5 * np.log(w).sum() - 0.5 * np.log(w.sum()) - 0.5 * (w * (y - mean) ** 2).sum()
        )

    grid = np.linspace(0, 2, 4001)
    best = grid[np.argmax([likelihood(t) for t in grid])]
    assert best == pytest.approx(stats.random_effects([Y], [V]).tau2[0], abs=5e-4)


def test_one_context_has_a_mean_and_none_has_nothing() -> None:
    found = stats.random_effects([[1.0, np.nan], [np.nan, np.nan]], np.ones((2, 2)))
    assert [1, 0] == found.k.tolist()
    assert found.mean[0] == 1
    assert np.isnan([found.mean[1], found.low[0], found.tau2[0], found.p[0]]).all()


@pytest.mark.parametrize(
    ("y", "v", "options", "message"),
    [
        ([1.0], [1.0], {}, "y: shape"),
        ([[1.0]], [[1.0, 2.0]], {}, "y: shape"),
        ([[1.0]], [[0.0]], {}, "v: every value needs a variance above 0"),
        ([[1.0]], [[1.0]], {"level": 95}, "level: 95 is not between 0 and 1"),
    ],
)
def test_wrong_input_is_named(
    y: list[object], v: list[object], options: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        stats.random_effects(y, v, **options)


@pytest.mark.parametrize(
    ("tau", "coverage"),
    [(0.0, (0.95, 0.96)), (0.3, (0.87, 0.85)), (0.8, (0.90, 0.94))],
)
def test_prediction_intervals_cover_as_often_as_the_docs_say(
    tau: float, coverage: tuple[float, float]
) -> None:
    """Simulated, 4,000 runs: 5 and 20 contexts, three reports in each that vary by 0.7."""
    for contexts, stated in zip((5, 20), coverage, strict=True):
        random = np.random.default_rng(11)
        truth = tau * random.normal(size=(4000, contexts + 1))
        noise = 0.7 / np.sqrt(3)
        y = truth[:, :-1] + noise * random.normal(size=(4000, contexts))
        found = stats.random_effects(y, np.full(y.shape, noise**2))
        next_one = truth[:, -1]
        covered = (found.expected_low <= next_one) & (next_one <= found.expected_high)
        assert stated == pytest.approx(covered.mean(), abs=0.006)
