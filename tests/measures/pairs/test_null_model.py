"""The bipartite configuration model: published and worked numbers, and its laws."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import hypergeom

from sysmap.core.stats import benjamini_hochberg
from sysmap.measures.pairs.null_model import null_model


def _tail(q: np.ndarray, at_least: int) -> float:
    """Chance that independent events with chances q happen at least so often."""
    law = np.ones(1)
    for chance in q:
        law = np.convolve(law, [1 - chance, chance])
    return min(1.0, float(law[at_least:].sum()))


def test_the_worked_example() -> None:
    """Section 16: rows 1011, 0100, 1001; p of row 1, and the tail of the pair (1, 3)."""
    table = np.array([[1, 0, 1, 1], [0, 1, 0, 0], [1, 0, 0, 1]])
    p = null_model(table.sum(axis=1), table.sum(axis=0)).dense()
    assert [0.89716704, 0.60283296, 0.60283296, 0.89716704] == pytest.approx(p[0], abs=1e-7)
    assert _tail(p[0] * p[2], 2) == pytest.approx(0.5552887965, abs=1e-7)


def test_eighteen_women_at_fourteen_events() -> None:
    """Section 16, Davis, Gardner and Gardner (1941): 17 pairs pass a hypergeometric test at
    0.05, none after adjustment, none under the exact null even before it."""
    import networkx as nx

    graph = nx.davis_southern_women_graph()
    women = graph.graph["top"]
    table = nx.bipartite.biadjacency_matrix(graph, women, graph.graph["bottom"]).toarray()
    assert table.shape == (18, 14)
    assert table.sum() == 89
    null = null_model(table.sum(axis=1), table.sum(axis=0)).dense()
    plain, exact = [], []
    for a in range(18):
        for b in range(a):
            together = int(table[a] @ table[b])
            sizes = table[a].sum(), table[b].sum()
            plain.append(hypergeom.sf(together - 1, 14, *sizes))
            exact.append(_tail(null[a] * null[b], together))
    assert np.sum(np.array(plain) < 0.05) == 17
    assert not (benjamini_hochberg(plain) < 0.05).any()
    assert not (np.array(exact) < 0.05).any()


@pytest.mark.parametrize("seed", range(60))
def test_expected_sums_are_the_given_ones(seed: int) -> None:
    """The two equations of section 10, on tables from empty to full, nested ones included."""
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 12, 2)
    table = rng.random(shape) < rng.beta(0.4, 0.4, (shape[0], 1))
    p = null_model(table.sum(axis=1), table.sum(axis=0)).dense()
    assert p.min() >= 0
    assert p.max() <= 1
    assert table.sum(axis=1) == pytest.approx(p.sum(axis=1), abs=1e-9)
    assert table.sum(axis=0) == pytest.approx(p.sum(axis=0), abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_undecided_links_have_the_form_of_the_model(seed: int) -> None:
    """p / (1 - p) = x y: the odds of two rows are in one proportion over their columns."""
    rng = np.random.default_rng(seed)
    table = rng.random((8, 10)) < 0.4
    p = null_model(table.sum(axis=1), table.sum(axis=0)).dense()
    undecided = (p > 0) & (p < 1)
    assert undecided.any()
    for one, other in combinations(range(8), 2):
        both = undecided[one] & undecided[other]
        if not both.any():
            continue
        odds = p[[one, other]][:, both] / (1 - p[[one, other]][:, both])
        proportion = odds[0] / odds[1]
        assert proportion == pytest.approx(np.repeat(proportion[:1], both.sum()), rel=1e-6)


def test_links_that_every_table_has_are_certain() -> None:
    """A nested table is the only one with its sums, so nothing is left to chance."""
    nested = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])
    p = null_model(nested.sum(axis=1), nested.sum(axis=0)).dense()
    assert (p == nested).all()


def test_group_sums_agree_with_the_dense_table() -> None:
    """`overlap` and `none` are shortcuts over kinds of equal degree."""
    rng = np.random.default_rng(3)
    table = rng.random((9, 12)) < 0.35
    table[:, 0] = True
    model = null_model(table.sum(axis=1), table.sum(axis=0))
    p, weight = model.dense(), np.log(9 / table.sum(axis=0).clip(1))
    group = rng.integers(0, 4, 12)
    columns = np.unique(table.sum(axis=0), return_inverse=True)[1]
    by_kind = np.bincount(columns, weight) / np.bincount(columns)
    assert (p * by_kind[columns]) @ p.T == pytest.approx(model.overlap(weight), abs=1e-12)
    none = np.stack([np.prod(1 - p[:, group == g], axis=1) for g in range(4)])
    assert none == pytest.approx(model.none(group, 4), abs=1e-12)


@pytest.mark.parametrize(("rows", "columns"), [([2], [1]), ([3], [1, 1]), ([1], [-1, 2])])
def test_impossible_sums_are_refused(rows: list[int], columns: list[int]) -> None:
    """No table of zeros and ones has them."""
    with pytest.raises(ValueError, match="no table of zeros and ones has these"):
        null_model(rows, columns)


def test_nothing_at_all_has_an_empty_table() -> None:
    """Degenerate cases."""
    assert null_model([], []).dense().shape == (0, 0)
    assert null_model([0, 0], []).dense().shape == (2, 0)
