"""How far an order of pairs follows the sizes of their portfolios, on shuffles that keep the sizes.

Run it as ``python -m tests.calibration.size_correction`` for the table of the documentation.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from sysmap.analyses.opportunities import opportunities
from sysmap.core.stats import spearman
from sysmap.measures.affinity import Affinity, affinity, score, strength
from sysmap.measures.pairs.needed import SPILL
from sysmap.measures.pairs.portfolio import Portfolio
from sysmap.simulate.maps import planted

ORGANIZATIONS, FEATURES, RUNS = 40, 120, 60
ELEMENTS, CONTEXTS = 20, 12
EXTREMES, FIRST = 8, 10

Noise = Callable[[np.random.Generator], tuple[Affinity, np.ndarray]]


def sizes(rng: np.random.Generator, most: int) -> np.ndarray:
    """Unequal portfolios: log-normal, sigma 0.8."""
    return np.clip(np.round(rng.lognormal(np.log(9), 0.8, ORGANIZATIONS)), 1, most).astype(int)


def held(rng: np.random.Generator, size: np.ndarray, features: int) -> np.ndarray:
    """Each organization holds so many features, drawn by popularity alone."""
    popularity = rng.lognormal(0, 0.8, features)
    table = np.zeros((len(size), features), bool)
    for row, number in zip(table, size, strict=True):
        row[rng.choice(features, number, replace=False, p=popularity / popularity.sum())] = True
    return table


def shuffled(rng: np.random.Generator, table: np.ndarray) -> np.ndarray:
    """The same sizes of all rows and columns, everything else at random.

    Two rows pool what only one of them holds and share it out again (Strona et al. 2014).
    """
    rows = [set(np.flatnonzero(row)) for row in table]
    for _ in range(5 * len(rows)):
        a, b = rng.choice(len(rows), 2, replace=False)
        both, either = rows[a] & rows[b], sorted(rows[a] ^ rows[b])
        number = len(rows[a]) - len(both)
        order = rng.permutation(len(either))
        rows[a] = both | {either[i] for i in order[:number]}
        rows[b] = both | {either[i] for i in order[number:]}
    mixed = np.zeros_like(table)
    for row, features in zip(mixed, rows, strict=True):
        row[list(features)] = True
    return mixed


def told(works: np.ndarray, needs: np.ndarray | None = None) -> Portfolio:
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


def of_features(table: np.ndarray) -> Affinity:
    """Shared purpose alone: features are elements without a place."""
    who, what = np.nonzero(table)
    works = np.column_stack([who, what, np.full(len(who), -1)])
    return affinity(told(works), SPILL, np.ones(FEATURES))


def of_cells(work: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> Affinity:
    """Shared purpose and fit: columns are elements by contexts."""
    who, cell = np.nonzero(work)
    needer, need = np.nonzero(wanted)
    level = rng.integers(1, 4, len(need))
    needs = np.column_stack([needer, need // CONTEXTS, need % CONTEXTS, level])
    works = np.column_stack([who, cell // CONTEXTS, cell % CONTEXTS])
    return affinity(told(works, needs), SPILL, np.ones(FEATURES))


def by_shared(rng: np.random.Generator) -> tuple[Affinity, np.ndarray]:
    """A shuffle of 120 features, and the sizes of the portfolios."""
    table = shuffled(rng, held(rng, sizes(rng, FEATURES // 2), FEATURES))
    return of_features(table), table.sum(axis=1)


def by_both(rng: np.random.Generator) -> tuple[Affinity, np.ndarray]:
    """A shuffle of work and one of needs in 20 elements by 12 contexts, and the sizes of work."""
    cells = ELEMENTS * CONTEXTS
    work = shuffled(rng, held(rng, sizes(rng, cells // 2), cells))
    wanted = shuffled(rng, held(rng, np.clip(work.sum(axis=1) // 2, 1, None), cells))
    return of_cells(work, wanted, rng), work.sum(axis=1)


def orders(found: Affinity) -> Mapping[str, np.ndarray]:
    """Numbers by which pairs could be ordered, the highest first."""
    purpose, seen = found.purpose, found.seen()
    if purpose is None:
        raise ValueError("these portfolios are empty")
    number = np.zeros((ORGANIZATIONS, ORGANIZATIONS))
    for block in purpose.blocks:
        table = np.zeros((ORGANIZATIONS, len(block.weight)))
        table[tuple(block.held.keys.T)] = 1
        number += table @ table.T
    above = found.square(purpose.together) - found.square(purpose.expected)
    spread = np.sqrt(found.square(purpose.variance))
    known = np.array(found.known, float)
    weights = (known / known.sum())[None]
    named = {
        "shared count": found.square(number),
        "shared": seen.shared,
        "lift": np.divide(
            seen.shared, seen.expected, out=np.zeros(len(above)), where=seen.expected > 0
        ),
        "z without the prior": np.divide(above, spread, out=np.zeros(len(above)), where=spread > 0),
        "fit": seen.fit,
        "fit above chance": seen.z[1],
        "sum of all excesses": seen.z[0] + seen.z[1],
        "largest part": strength(seen.z[:2]).max(axis=0) + 0 * seen.z[1],
        "score": score(seen.z[:, None], weights)[0],
    }
    return {name: values for name, values in named.items() if not np.isnan(values).all()}


def follows(found: Affinity, size: np.ndarray, values: np.ndarray) -> tuple[float, ...]:
    """Spearman with the portfolio product; of the first ten pairs the share that joins two of the
    8 largest, that touches one of them, and that touches one of the 8 smallest."""
    order = np.argsort(size, kind="stable")
    large, small = order[-EXTREMES:], order[:EXTREMES]
    best = np.argsort(-np.nan_to_num(values), kind="stable")[:FIRST]
    ends = np.stack([found.first[best], found.second[best]])
    return (
        spearman(np.nan_to_num(values), size[found.first] * size[found.second]),
        np.isin(ends, large).all(axis=0).mean(),
        np.isin(ends, large).any(axis=0).mean(),
        np.isin(ends, small).any(axis=0).mean(),
    )


def figures(noise: Noise, runs: int = RUNS) -> pd.DataFrame:
    """The mean of `follows` over runs, one row per order."""
    columns = ["spearman", "both large", "touch large", "touch small"]
    found: dict[str, list[tuple[float, ...]]] = {}
    for run in range(runs):
        pairs, size = noise(np.random.default_rng(run))
        for name, values in orders(pairs).items():
            found.setdefault(name, []).append(follows(pairs, size, values))
    return pd.DataFrame({n: np.mean(f, axis=0) for n, f in found.items()}, index=columns).T


def planted_cells(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, set[tuple[int, int]]]:
    """Work, needs, and 10 pairs of which each needs 4 cells that only the other works on there."""
    cells = ELEMENTS * CONTEXTS
    work = held(rng, sizes(rng, cells // 4), cells)
    wanted = held(rng, np.full(ORGANIZATIONS, 2), cells)
    chosen = rng.permutation(ORGANIZATIONS)[:20].reshape(10, 2)
    for one, other in chosen:
        for needer, helper in ((one, other), (other, one)):
            rare = np.argsort(work.sum(axis=0) + rng.random(cells))[: cells // 3]
            planted = rng.choice(rare, 4, replace=False)
            wanted[needer, planted] = True
            work[helper, planted] = True
    return work, wanted, {(int(min(pair)), int(max(pair))) for pair in chosen}


def joined(z: np.ndarray) -> dict[str, np.ndarray]:
    """Ways to join the excess of each part, of shape ``(parts, pairs)``, to one order."""
    known = np.nan_to_num(z)
    used = ~np.isnan(z).all(axis=1)
    return {
        "score": strength(z[used]).mean(axis=0),
        "fit above chance": known[1],
        "sum of all excesses": known.sum(axis=0),
        "largest part": strength(z).max(axis=0),
    }


def recovered(runs: int = RUNS, groups: int = 20) -> pd.DataFrame:
    """Share of planted complements that come first, one row per order, the mean over runs.

    Planted cells: among the first 20 of 780. Simulated groups, with ties and themes: 5 pairs of 40
    organizations, those not tied, among the first ten new ones.
    """
    cells: dict[str, list[float]] = {}
    for run in range(runs):
        rng = np.random.default_rng(1000 + run)
        work, wanted, pairs = planted_cells(rng)
        found = of_cells(work, wanted, rng)
        for name, values in joined(found.seen().z).items():
            best = np.argsort(-values, kind="stable")[:20]
            named = {(int(found.first[i]), int(found.second[i])) for i in best}
            cells.setdefault(name, []).append(len(named & pairs) / len(pairs))
    traded: dict[str, list[float]] = {}
    for run in range(groups):
        made = planted(organizations=ORGANIZATIONS, pairs=5, silence=0, rng=run)
        frame = opportunities(made.map, draws=0, top=None).frame
        new = frame[frame["standing"] == "new"]
        wanted_pairs = made.truth["pairs"].index.intersection(new.index)
        z = new[["z_shared", "z_fit", "z_reach"]].to_numpy(float).T
        for name, values in joined(z).items():
            best = new.index[np.argsort(-values, kind="stable")[:FIRST]]
            share = len(wanted_pairs.intersection(best)) / max(len(wanted_pairs), 1)
            traded.setdefault(name, []).append(share)
    columns = {"planted cells": cells, "simulated groups": traded}
    return pd.DataFrame({c: {n: np.mean(v) for n, v in f.items()} for c, f in columns.items()})


if __name__ == "__main__":
    for title, noise in (("features", by_shared), ("cells with needs", by_both)):
        sys.stdout.write(f"{title}, {RUNS} shuffles\n{figures(noise).round(2).to_string()}\n\n")
    sys.stdout.write(f"planted complements\n{recovered().round(3).to_string()}\n")
