"""Shared purpose, fit and reach against plain loops, worked numbers and laws."""

from itertools import combinations
from math import log

import numpy as np
import pandas as pd
import pytest

from sysmap.core.model import from_tables
from sysmap.measures.affinity import affinity, drawn_weights, strength
from sysmap.measures.pairs.portfolio import Portfolio, portfolio
from sysmap.measures.pairs.ties import ties
from tests.measures import affinity_twins as twins

SPILL = (1.0, 0.5, 0.25)
SEEDS = range(12)


def _equal(told: Portfolio) -> np.ndarray:
    return np.ones(told.elements)


@pytest.mark.parametrize("seed", SEEDS)
def test_shared_purpose_is_what_plain_loops_give(seed: int) -> None:
    """Section 10: idf-weighted Jaccard, E, V and z, feature by feature."""
    m = twins.random_map(seed)
    told = portfolio(m).heard()
    found = affinity(told, SPILL, _equal(told))
    if found.purpose is None:
        assert not any(twins.blocks(m))
        return
    part, expected = found.purpose, twins.purpose(m)
    got = np.column_stack(
        [
            found.square(part.similarity(part.together)),
            found.square(part.expected),
            found.square(part.variance),
            found.excess()[0, 0],
        ]
    )
    np.testing.assert_allclose(list(expected.values()), got, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("spill", [SPILL, (0.9, 0.9, 0.0)])
def test_fit_is_what_plain_loops_give(seed: int, spill: tuple[float, float, float]) -> None:
    """Section 10: the best offer per need, its chances in layers, V by element."""
    m = twins.random_map(seed)
    told = portfolio(m).heard()
    part = affinity(told, spill, _equal(told)).fit
    if part is None:
        assert not twins.needs(m) or not twins.works(m)
        return
    expected = twins.fits(m, spill)
    ids = list(told.organizations)
    for i, needer in enumerate(ids):
        for j, helper in enumerate(ids):
            if i == j:
                continue
            got = (part.share[i, j], part.expected[i, j], part.variance[i, j], part.prior[i])
            if (needer, helper) in expected:
                assert expected[needer, helper] == pytest.approx(got, abs=1e-7)
            else:
                assert np.isnan(got[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_reach_is_what_plain_loops_give(seed: int) -> None:
    """Section 10: Adamic-Adar over simple known ties; E leaves out the two ends."""
    m = twins.random_map(seed)
    told = portfolio(m).heard()
    found = affinity(told, SPILL, _equal(told))
    known = {
        frozenset(m.organizations.index[list(pair)]) for pair in ties(m).itertuples(index=False)
    }
    if found.reach is None:
        assert not known
        return
    ids = list(told.organizations)
    k = {o: sum(o in pair for pair in known) for o in ids}
    total = sum(k.values())
    for place, (a, b) in enumerate(combinations(ids, 2)):
        together = expected = variance = 0.0
        for z in set(ids) - {a, b}:
            if k[z] < 2:
                continue
            weight = 1 / log(k[z])
            together += weight * ({a, z} in known and {b, z} in known)
            q = min(1, k[a] * k[z] / total) * min(1, k[b] * k[z] / total)
            expected += weight * q
            variance += weight**2 * q * (1 - q)
        got = [
            found.square(values)[place]
            for values in (found.reach.together, found.reach.expected, found.reach.variance)
        ]
        assert [together, expected, variance] == pytest.approx(got, abs=1e-9)


def test_fit_of_the_worked_example() -> None:
    """Section 16: (1 x 0.5 + 0.5 x 0.25) / 1.5, rounded there to ten digits; levels 2 and 1
    keep the proportion of the needs 1 and 0.5."""
    m = from_tables(
        {
            "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
            "elements": pd.DataFrame({"id": ["e1", "e2"], "name": ["E1", "E2"]}),
            "contexts": pd.DataFrame(
                {"id": ["X", "Y", "Z"], "name": ["X", "Y", "Z"], "subregion": ["s", "s", "t"]}
            ),
            "priorities": pd.DataFrame(
                {
                    "organization": ["a", "a"],
                    "element": ["e1", "e2"],
                    "context": ["X", "Y"],
                    "level": ["2", "1"],
                }
            ),
            "works_on": pd.DataFrame(
                {"organization": ["b", "b"], "element": ["e1", "e2"], "context": ["Y", "Z"]}
            ),
        }
    )
    told = portfolio(m).heard()
    part = affinity(told, SPILL, _equal(told)).fit
    assert part is not None
    assert part.share[0, 1] == pytest.approx(0.4166666667, abs=1e-9)
    mean, _ = part.mutual(part.share[None], np.array([0]), np.array([1]))
    assert mean[0, 0] == pytest.approx(0.4166666667, abs=1e-9)


def test_strength_is_a_half_at_no_excess_and_where_it_is_missing() -> None:
    """Section 10: g(z); g(1) = 3/4, g(-1) = 1/4."""
    got = strength(np.array([0.0, np.nan, 1.0, -1.0]))
    assert [0.5, 0.5, 0.75, 0.25] == pytest.approx(got)


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        (np.eye(3), [1 / 3, 1 / 3, 1 / 3]),
        (np.array([[0.6, 0.2], [0.2, 0.4]]), [2 / 3, 1 / 3]),
    ],
)
def test_weights_make_each_row_first_as_often_as_geometry_says(
    rows: np.ndarray, first: list[float]
) -> None:
    """Section 16, acceptability of weights: 1/3 each by symmetry; 0.6 w + 0.2 (1 - w) is larger
    than 0.2 w + 0.4 (1 - w) for w > 1/3."""
    parts = rows.shape[1]
    in_use = (True, True, parts == 3)
    weights = drawn_weights(200_000, in_use, np.random.default_rng(0))[:, :parts]
    best = np.bincount((weights @ rows.T).argmax(axis=1), minlength=len(rows))
    assert first == pytest.approx(best / best.sum(), abs=3e-3)


def test_no_claims_measure_nothing() -> None:
    """Degenerate case: pairs without any part."""
    frame = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]})
    told = portfolio(from_tables({"organizations": frame}))
    found = affinity(told, SPILL, _equal(told))
    assert found.known == (False, False, False)
    assert np.isnan(found.excess()).all()
