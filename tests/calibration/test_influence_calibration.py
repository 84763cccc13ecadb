"""Rank intervals of influence hold what they promise, and how much of a ranking is noise.

One more perturbation is one draw of `measures.perturbation` made into a map of its own: strengths
one category up or down with 1/3 each, one link in ten lost.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from sysmap.analyses.influence import Influence, influence
from sysmap.core import stats
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.propagation import signed_links
from sysmap.measures.routes.flows import flows
from sysmap.measures.routes.perturbation import drawn_values
from tests.measures.influence_maps import network

SHAPES = {
    "sparse": {"elements": 30, "outcomes": 4, "links": 60},
    "workshop": {"elements": 40, "outcomes": 4, "links": 120},
    "hubs": {"elements": 60, "outcomes": 5, "links": 200, "hubs": 0.8},
    "dense": {"elements": 100, "outcomes": 5, "links": 500, "negative": 0.2},
}
RUNS, DRAWS = 8, 300


def perturbed(m: SystemMap, seed: int, *, lost: bool) -> SystemMap:
    """The map as one draw makes it; without `lost` links keep at least their old strength."""
    links = signed_links(m)
    (values,) = drawn_values(links, draws=1, random=np.random.default_rng(seed))
    value = values[0] if lost else np.where(values[0] == 0, links.value, values[0])
    kept = value != 0
    rows = pd.DataFrame(
        {
            "cause": links.ids[links.cause[kept]],
            "effect": links.ids[links.effect[kept]],
            "sign": np.where(value[kept] > 0, "+", "-"),
            "strength": np.abs(value[kept]).astype(int),
        }
    )
    return from_tables(
        {"elements": m.table("elements"), "outcomes": m.table("outcomes"), "influences": rows}
    )


@cache
def full(shape: str, seed: int) -> Influence:
    """The answer for a map of a shape."""
    return influence(network(seed, **SHAPES[shape]), draws=DRAWS)


@cache
def once_more(shape: str, seed: int, *, lost: bool) -> Influence:
    """The answer for the same map after one more perturbation."""
    return influence(perturbed(full(shape, seed).map, 1000 + seed, lost=lost), draws=DRAWS)


def held(interval: pd.DataFrame, rank: pd.Series) -> float:
    """The share of elements whose rank lies in the interval."""
    bounds = interval.loc[rank.index]
    return float(((bounds["rank_low"] <= rank) & (rank <= bounds["rank_high"])).mean())


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_an_interval_holds_the_rank_after_one_more_perturbation(shape: str) -> None:
    """The bar is 85 % of ranks; measured 93 to 97 % on average over 20 maps of each shape."""
    shares = []
    for seed in range(RUNS):
        again = once_more(shape, seed, lost=True).frame
        shares.append(held(full(shape, seed).frame, again["rank"]))
    assert np.mean(shares) >= 0.85


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_an_interval_of_the_perturbed_map_holds_the_rank_of_the_full_one(shape: str) -> None:
    """The bar of 85 % holds where strengths were misjudged, measured 98 to 99 %.

    Where links were lost it is missed on sparse maps: no draw brings a link back that nobody told.
    Measured over 20 maps of each shape: 68 % sparse, 83 % workshop, 84 % hubs, 89 % dense.
    """
    misjudged, lost = [], []
    for seed in range(RUNS):
        rank = full(shape, seed).frame["rank"]
        misjudged.append(held(once_more(shape, seed, lost=False).frame, rank))
        lost.append(held(once_more(shape, seed, lost=True).frame, rank))
    assert np.mean(misjudged) >= 0.85
    assert np.mean(lost) >= (0.6 if shape == "sparse" else 0.75)
    assert np.mean(lost) < np.mean(misjudged)


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_one_to_three_of_the_first_ten_are_others_after_a_perturbation(shape: str) -> None:
    """Measured over 20 maps of each shape: 1.4 to 2.4 of ten on average, up to 4 on one map."""
    changed, told = [], []
    for seed in range(RUNS):
        frame = full(shape, seed).frame.head(10)
        again = once_more(shape, seed, lost=True).frame.head(10)
        changed.append(10 - len(frame.index.intersection(again.index)))
        told.append(10 - frame["top10"].sum())
    assert 1 <= np.mean(changed) <= 3
    assert abs(np.mean(changed) - np.mean(told)) <= 1


@pytest.mark.parametrize("hubs", [1.2, 1.6])
def test_a_hub_leaves_dematel_little_but_the_direct_links(hubs: float) -> None:
    """Over 10 maps of 60 elements, 240 links, effects by a power law of exponent 1.2 and 1.6.

    DEMATEL: 6 to 10 % of what is given is indirect, and Spearman with the direct sums is 0.99.
    Attenuated: 22 to 37 %.
    """
    part: dict[str, list[float]] = {"dematel": [], "attenuated": []}
    for seed in range(10):
        m = network(seed, elements=60, outcomes=0, links=240, hubs=hubs, negative=0)
        for method, shares in part.items():
            found = flows(m, method=method)
            direct = np.asarray(abs(found.pushes).sum(axis=1)).ravel()
            shares.append(float(1 - direct.sum() / found.given.sum()))
            if method == "dematel":
                assert stats.spearman(direct, found.given) >= 0.99
    assert 0.05 <= min(part["dematel"]) <= max(part["dematel"]) <= 0.10
    assert 0.20 <= min(part["attenuated"]) <= max(part["attenuated"]) <= 0.40
