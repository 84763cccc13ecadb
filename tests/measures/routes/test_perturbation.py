"""Draws of the claims against a loop of dense solves and against exact chances."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.propagation import SignedLinks, signed_links
from sysmap.measures.routes import perturbation
from sysmap.measures.routes.perturbation import ATTENUATIONS, drawn_totals, drawn_values
from tests.influences import influence_map
from tests.measures.influence_maps import network, renamed, shuffled


def told(*claims: tuple[str, int]) -> SystemMap:
    """One link a -> b; each claim is a sign and a strength by a reporter of its own."""
    sources = [f"s{i}" for i in range(len(claims))]
    frame = pd.DataFrame(claims, columns=["sign", "strength"], dtype=object)
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
            "sources": pd.DataFrame({"id": sources, "name": sources}),
            "influences": frame.assign(cause="a", effect="b", source=sources),
        }
    )


def values(links: SignedLinks, draws: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.concatenate([*drawn_values(links, draws=draws, random=random)])


def one_by_one(
    links: SignedLinks, onto: np.ndarray, draws: int, seed: int, *, absolute: bool = False
) -> np.ndarray:
    """The slow twin: each draw is divided, filled into a dense matrix and solved."""
    random = np.random.default_rng(seed)
    rates = np.sort(random.uniform(*ATTENUATIONS, draws))[::-1]
    every = np.concatenate([*drawn_values(links, draws=draws, random=random)])
    size, found = len(links.ids), []
    for rate, value in zip(rates, every, strict=True):
        y = np.zeros((size, size))
        y[links.cause, links.effect] = np.abs(value) if absolute else value
        y /= np.maximum(np.abs(y).sum(axis=0), 3)
        found.append(y @ np.linalg.solve(np.eye(size) - rate * y, onto))
    return np.array(found)


@pytest.mark.parametrize("at_once", [1, 50, 100_000])
@pytest.mark.parametrize("seed", range(6))
def test_many_draws_at_once_are_dense_solves_one_by_one(monkeypatch, seed, at_once):
    monkeypatch.setattr(perturbation, "_AT_ONCE", at_once)
    m = network(seed, reporters=4 * (seed % 2), negative=0.3 * (seed % 3))
    links = signed_links(m)
    onto = np.random.default_rng(seed).random(len(links.ids))
    for absolute in (False, True):
        random = np.random.default_rng(seed)
        fast = drawn_totals(links, onto, draws=9, random=random, absolute=absolute)
        slow = one_by_one(links, onto, 9, seed, absolute=absolute)
        np.testing.assert_allclose(fast, slow, atol=1e-12)


@pytest.mark.parametrize(
    ("strengths", "chances"),
    [
        ((2,), {0: 0.1, 1: 0.3, 2: 0.3, 3: 0.3}),
        ((3,), {0: 0.1, 2: 0.3, 3: 0.6}),
        ((1,), {0: 0.1, 1: 0.6, 2: 0.3}),
        ((2, 3), {0: 0.1, 1.5: 0.3, 2.5: 0.3, 3: 0.3}),
    ],
)
def test_a_link_of_few_reporters_moves_one_category_or_vanishes(strengths, chances):
    """methods.md section 4: up or down with 1/3 each within 1 to 3, lost with 0.10."""
    drawn = values(signed_links(told(*[("-", s) for s in strengths])), 20_000)[:, 0]
    counted = Counter((-drawn).tolist())
    assert {float(v) for v in chances} == set(counted)
    for value, chance in chances.items():
        # four standard errors of 20,000 draws
        assert counted[value] / 20_000 == pytest.approx(chance, abs=0.014)


def test_the_reporters_of_a_link_of_three_are_drawn_with_replacement():
    """Exact: the 27 equally likely draws of + 3, + 1 and - 3."""
    votes = [(1, 3.0), (1, 1.0), (-1, 3.0)]
    expected: Counter[float] = Counter()
    for drawn in itertools.product(votes, repeat=3):
        up = [s for sign, s in drawn if sign > 0]
        down = [s for sign, s in drawn if sign < 0]
        side = up if len(up) > len(down) else down
        value = (len(up) - len(down)) / 3 * float(np.mean(side))
        expected[round(value, 9)] += 1
    links = signed_links(told(("+", 3), ("+", 1), ("-", 3)))
    counted = Counter(values(links, 27_000)[:, 0].round(9).tolist())
    assert set(expected) == set(counted)
    for value, ways in expected.items():
        assert counted[value] / 27_000 == pytest.approx(ways / 27, abs=0.013)


def test_unanimous_reporters_leave_a_link_as_it_is():
    links = signed_links(told(("+", 2), ("+", 2), ("+", 2)))
    assert set(values(links, 50)[:, 0]) == {2.0}


def test_a_contested_link_of_two_stays_contested():
    assert not values(signed_links(told(("+", 3), ("-", 1))), 50).any()


@pytest.mark.parametrize("seed", range(3))
def test_a_draw_belongs_to_the_link_and_not_to_its_row(seed):
    m = network(seed, reporters=4)
    drawn = {}
    for name, other in (("", m), ("shuffled", shuffled(m)), ("renamed", renamed(m))):
        links = signed_links(other)
        ends = zip(links.ids[links.cause], links.ids[links.effect], strict=True)
        columns = values(links, 5).T.round(12).tolist()
        keys = [(a.removeprefix("z"), b.removeprefix("z")) for a, b in ends]
        drawn[name] = dict(zip(keys, map(tuple, columns), strict=True))
    assert drawn[""] == drawn["shuffled"]
    assert drawn[""] == drawn["renamed"]


def test_without_draws_links_or_nodes_nothing_is_drawn():
    random = np.random.default_rng(0)
    links = signed_links(network(0))
    onto = np.ones(len(links.ids))
    assert drawn_totals(links, onto, draws=0, random=random).shape == (0, len(onto))
    bare = signed_links(network(0, links=0))
    assert not drawn_totals(bare, onto, draws=3, random=random).any()
    nobody = signed_links(from_tables({}))
    assert drawn_totals(nobody, np.zeros(0), draws=3, random=random).shape == (3, 0)


def test_a_chain_longer_than_the_checks_is_summed_to_its_end():
    """Hand: a chain of 30 full links; the first node moves the last with a ** 28."""
    ids = [f"n{i:02}" for i in range(30)]
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": ids}),
            "influences": pd.DataFrame(
                {"cause": ids[:-1], "effect": ids[1:], "sign": "+", "strength": 3}
            ),
        }
    )
    links, onto = signed_links(m), np.eye(30)[-1]
    fast = drawn_totals(links, onto, draws=20, random=np.random.default_rng(4))
    np.testing.assert_allclose(fast, one_by_one(links, onto, 20, 4), atol=1e-12)


def test_a_further_step_counts_a_quarter_to_seventeen_twentieths() -> None:
    """a -> b -> o, told by three alike, so that nothing but the attenuation is drawn."""
    rows = [(cause, effect, "+", 3, s) for cause, effect in ("ab", "bo") for s in "stu"]
    links = signed_links(influence_map(*rows, outcomes=["o"]))
    onto = np.zeros(len(links.ids))
    onto[links.outcomes] = 1
    found = drawn_totals(links, onto, draws=2000, random=np.random.default_rng(0))
    rates = found[:, links.ids.get_loc("a")]
    assert (0.25, 0.85) == pytest.approx((rates.min(), rates.max()), abs=0.005)
    assert rates.mean() == pytest.approx(0.55, abs=0.02)
