"""Opportunities on pure noise and on planted pairs: bars of section 15 of the methods.

Portfolios are made in codes, without tables, so that 60 runs take seconds.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from sysmap.core.stats import spearman
from sysmap.measures.affinity import Affinity, affinity, score
from sysmap.measures.portfolio import Portfolio

ORGANIZATIONS, FEATURES, RUNS = 40, 120, 60
ELEMENTS, CONTEXTS = 20, 12
EXTREMES = 8


def _sizes(rng: np.random.Generator, most: int) -> np.ndarray:
    """Unequal portfolios: log-normal, sigma 0.8."""
    return np.clip(np.round(rng.lognormal(np.log(9), 0.8, ORGANIZATIONS)), 1, most).astype(int)


def _held(rng: np.random.Generator, sizes: np.ndarray, features: int) -> np.ndarray:
    """Each organization holds so many features, drawn by popularity alone."""
    popularity = rng.lognormal(0, 0.8, features)
    table = np.zeros((len(sizes), features), bool)
    for row, size in zip(table, sizes, strict=True):
        chosen = rng.choice(features, size, replace=False, p=popularity / popularity.sum())
        row[chosen] = True
    return table


def _portfolio(works: np.ndarray, needs: np.ndarray | None = None) -> Portfolio:
    """Cells as work and needs; the needs have columns organization, element, context, level."""
    return Portfolio(
        organizations=pd.Index([f"o{i:02}" for i in range(ORGANIZATIONS)]),
        outcomes=0,
        elements=FEATURES,
        contexts=CONTEXTS,
        subregion=np.arange(CONTEXTS) // 3,
        seeks=np.zeros((0, 2), np.int64),
        works=works,
        needs=np.zeros((0, 4), np.int64) if needs is None else needs,
        ties=np.zeros((0, 4), np.int64),
    )


def _by_shared(rng: np.random.Generator) -> tuple[Affinity, np.ndarray]:
    """Noise in 120 elements without places: shared purpose alone."""
    table = _held(rng, _sizes(rng, FEATURES // 2), FEATURES)
    who, what = np.nonzero(table)
    told = _portfolio(np.column_stack([who, what, np.full(len(who), -1)]))
    return affinity(told, (1.0, 0.5, 0.25), np.ones(FEATURES)), table.sum(axis=1)


def _by_both(rng: np.random.Generator) -> tuple[Affinity, np.ndarray]:
    """Noise in 20 elements by 12 contexts: shared purpose and fit."""
    cells = ELEMENTS * CONTEXTS
    table = _held(rng, _sizes(rng, cells // 2), cells)
    wanted = _held(rng, np.clip(table.sum(axis=1) // 2, 1, None), cells)
    who, cell = np.nonzero(table)
    needer, need = np.nonzero(wanted)
    told = _portfolio(
        np.column_stack([who, cell // CONTEXTS, cell % CONTEXTS]),
        np.column_stack([needer, need // CONTEXTS, need % CONTEXTS, rng.integers(1, 4, len(need))]),
    )
    return affinity(told, (1.0, 0.5, 0.25), np.ones(FEATURES)), table.sum(axis=1)


def _scores(found: Affinity) -> np.ndarray:
    known = np.array(found.known, float)
    return score(found.excess(), (known / known.sum())[None])[0]


@pytest.mark.slow
@pytest.mark.parametrize("noise", [_by_shared, _by_both])
def test_on_noise_the_score_names_neither_the_big_nor_the_small(
    noise: Callable[[np.random.Generator], tuple[Affinity, np.ndarray]],
) -> None:
    """60 runs: |mean Spearman with the portfolio product| <= 0.20; of the first ten pairs at most
    10 % join two of the 8 largest and at most 50 % touch one of the 8 smallest."""
    correlation, both_large, touch_small = [], [], []
    for run in range(RUNS):
        found, size = noise(np.random.default_rng(run))
        points = _scores(found)
        correlation.append(spearman(points, size[found.first] * size[found.second]))
        order = np.argsort(size, kind="stable")
        large, small = order[-EXTREMES:], order[:EXTREMES]
        best = np.argsort(-points, kind="stable")[:10]
        ends = np.stack([found.first[best], found.second[best]])
        both_large.append(np.isin(ends, large).all(axis=0).mean())
        touch_small.append(np.isin(ends, small).any(axis=0).mean())
    assert abs(np.mean(correlation)) <= 0.20
    assert np.mean(both_large) <= 0.10
    assert np.mean(touch_small) <= 0.50


def test_planted_pairs_come_first() -> None:
    """60 runs: of 10 pairs that share 8 rare features at least 80 % are among the 20 first."""
    found_share = []
    for run in range(RUNS):
        rng = np.random.default_rng(run)
        table = _held(rng, _sizes(rng, FEATURES // 2), FEATURES)
        rare = np.argsort(table.sum(axis=0), kind="stable")[: FEATURES // 2]
        chosen = rng.permutation(ORGANIZATIONS)[:20].reshape(10, 2)
        for pair in chosen:
            table[np.ix_(pair, rng.choice(rare, 8, replace=False))] = True
        who, what = np.nonzero(table)
        told = _portfolio(np.column_stack([who, what, np.full(len(who), -1)]))
        found = affinity(told, (1.0, 0.5, 0.25), np.ones(FEATURES))
        best = np.argsort(-_scores(found), kind="stable")[:20]
        named = {(int(found.first[i]), int(found.second[i])) for i in best}
        planted = {(int(min(pair)), int(max(pair))) for pair in chosen}
        found_share.append(len(named & planted) / 10)
    assert np.mean(found_share) >= 0.80
