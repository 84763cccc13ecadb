"""Simple paths against permutations, networkx and closed forms (methods.md section 6)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.propagation import signed_links
from sysmap.measures.routes.paths import link_claims, shortest, simple_paths, support

Link = tuple[object, ...]


def drawn(size: int, links: Iterable[Link], sources: Sequence[str] = ()) -> SystemMap:
    """Elements e0, e1, ... and claims (cause, effect, sign, source, context, date), as many of
    these as are given."""
    ids = [f"e{i}" for i in range(size)]
    rows = [(f"e{a}", f"e{b}", *rest) for a, b, *rest in links]
    columns = ["cause", "effect", "sign", "source", "context", "date"]
    claims = pd.DataFrame(
        [(*row, *[None] * (6 - len(row))) for row in rows], columns=columns, dtype=object
    )
    names = sorted({*sources, *claims["source"].dropna()})
    places = sorted(set(claims["context"].dropna()))
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": ids}),
            "sources": pd.DataFrame({"id": names, "name": names}),
            "contexts": pd.DataFrame({"id": places, "name": places}),
            "influences": claims,
        }
    )


def nodes(m: SystemMap, a: int, b: int, length: int) -> list[tuple[int, ...]]:
    """The paths found, as nodes."""
    links = signed_links(m)
    found = simple_paths(links, a, b, max_length=length, limit=10**6)
    assert found.complete
    return [(a, *(int(links.effect[step]) for step in steps if step >= 0)) for steps in found.steps]


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("length", [1, 2, 3, 4, 9])
def test_a_complete_digraph_has_as_many_paths_as_there_are_arrangements(size, length):
    """Between two of n nodes: the sum over k < length of (n - 2)! / (n - 2 - k)!."""
    m = drawn(size, itertools.permutations(range(size), 2))
    expected = sum(math.perm(size - 2, k) for k in range(length))
    assert expected == len(nodes(m, 0, 1, length))


def test_on_every_digraph_of_three_nodes_the_paths_are_those_of_permutations():
    pairs = list(itertools.permutations(range(3), 2))
    for chosen in itertools.product([False, True], repeat=len(pairs)):
        there = set(itertools.compress(pairs, chosen))
        expected = [
            way
            for inner in ((), (2,))
            for way in [(0, *inner, 1)]
            if all(step in there for step in itertools.pairwise(way))
        ]
        assert expected == nodes(drawn(3, sorted(there)), 0, 1, 4)


@pytest.mark.parametrize("seed", range(12))
def test_paths_are_those_of_networkx_shortest_first(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(4, 9))
    links = [p for p in itertools.permutations(range(size), 2) if rng.random() < 0.35]
    m, graph = drawn(size, links), nx.DiGraph(links)
    graph.add_nodes_from(range(size))
    for a, b, length in itertools.product((0, 1), (2, 3), (2, 4, 7)):
        found = nodes(m, a, b, length)
        assert sorted(found) == sorted(map(tuple, nx.all_simple_paths(graph, a, b, cutoff=length)))
        assert list(map(len, found)) == sorted(map(len, found))
        there = nx.has_path(graph, a, b)
        expected = nx.shortest_path_length(graph, a, b) if there else 0
        assert expected == shortest(signed_links(m), a, b)


def test_a_bound_keeps_the_shortest_paths_and_says_what_is_whole():
    """Complete on 6 nodes: 1 path of one link, 4 of two, 12 of three, 24 of four, 24 of five."""
    links = signed_links(drawn(6, itertools.permutations(range(6), 2)))
    for limit, whole in ((1, 1), (4, 1), (5, 2), (16, 2), (17, 3), (64, 4)):
        found = simple_paths(links, 0, 1, max_length=5, limit=limit)
        assert (limit, False, whole) == (len(found), found.complete, found.whole_length)
    assert simple_paths(links, 0, 1, max_length=5, limit=65).complete


def test_ways_that_lead_nowhere_take_bounded_time():
    """A clique of 12 that can be left only through its first node: long walks, no long path."""
    links = [*itertools.permutations(range(12), 2), (0, 12)]
    found = simple_paths(signed_links(drawn(13, links)), 0, 12, max_length=12, limit=1000)
    assert (1, True) == (len(found), found.complete)
    hidden = [(13, 0), *((a, b) for a, b in links if a != 0 or b in (1, 12))]
    found = simple_paths(signed_links(drawn(14, hidden)), 13, 12, max_length=13, limit=50)
    assert (1, False) == (len(found), found.complete)
    assert found.whole_length >= 2


def test_the_order_of_rows_changes_neither_paths_nor_which_come_first():
    links = [p for p in itertools.permutations(range(6), 2) if sum(p) % 4]
    m = drawn(6, links)
    rng = np.random.default_rng(1)
    shuffled = {
        t: m.table(t).iloc[rng.permutation(len(m.table(t)))] for t in ("elements", "influences")
    }
    again = from_tables({**m.tables, **shuffled})

    def first(m: SystemMap) -> list[list[str]]:
        links = signed_links(m)
        ends = [int(links.ids.get_loc(id)) for id in ("e0", "e1")]
        found = simple_paths(links, *ends, max_length=4, limit=7)
        return [[links.ids[links.effect[s]] for s in steps if s >= 0] for steps in found.steps]

    assert first(m) == first(again)


def test_progress_is_told_every_ten_thousand_paths():
    told: list[tuple[int, int]] = []
    links = signed_links(drawn(30, itertools.permutations(range(30), 2)))
    simple_paths(links, 0, 1, max_length=4, limit=25_000, progress=lambda *at: told.append(at))
    assert [(10_000, 25_000), (20_000, 25_000)] == told


def by_hand(m: SystemMap, way: Sequence[str]) -> tuple[int, int, int, int]:
    """Sign, sources, told whole and contexts of one path, in plain loops over the claims."""
    rows = m.links("influences").to_dict("records")
    claims = [
        [r for r in rows if (r["cause"], r["effect"]) == step] for step in itertools.pairwise(way)
    ]
    sign, tellers, places = 1, [], []
    for link in claims:
        votes = {}
        for voice in {r["source"] for r in link}:
            mine = [r for r in link if r["source"] == voice and r["sign"] in ("+", "-")]
            newest = max((str(r["date"]) for r in mine), default="")
            said = {r["sign"] for r in mine if str(r["date"]) == newest}
            if len(said) == 1:
                votes[voice] = said.pop()
        plus, minus = (sum(v == s for v in votes.values()) for s in "+-")
        sign *= (plus > minus) - (plus < minus)
        side = "+" if plus > minus else "-"
        settled = plus != minus
        everyone = {r["source"] for r in link}
        tellers.append({v for v, s in votes.items() if s == side} if settled else everyone)
        places.append({r["context"] for r in link if isinstance(r["context"], str)})
    voices = set().union(*({r["source"] for r in link} for link in claims))
    stated = [p for p in places if p]
    shared = len(set.intersection(*stated)) if stated else 0
    return sign, len(voices), len(set.intersection(*tellers)), shared


@pytest.mark.parametrize("seed", range(10))
def test_what_stands_behind_a_path_is_that_of_plain_loops(seed):
    """Dated votes, contradictions, blank signs and blank contexts on random maps."""
    rng = np.random.default_rng(seed)
    pairs = list(itertools.permutations(range(5), 2))
    links = [
        (
            *pairs[rng.integers(len(pairs))],
            rng.choice(["+", "-", None], p=[0.6, 0.3, 0.1]),
            f"s{rng.integers(4)}",
            rng.choice([None, "c0", "c1", "c2"]),
            rng.choice(["2020", "2021"]),
        )
        for _ in range(40)
    ]
    m = drawn(5, links)
    of = link_claims(m)
    found = simple_paths(of.links, 0, 1, max_length=4, limit=1000)
    behind = support(of, found)
    ways = nodes(m, 0, 1, 4)
    assert ways
    for i, way in enumerate(ways):
        expected = by_hand(m, [f"e{n}" for n in way])
        columns = (behind.sign, behind.sources, behind.told_whole, behind.contexts)
        assert expected == tuple(int(column[i]) for column in columns), way


def test_strength_is_the_product_of_shares():
    """Hand: a->b 3 of max(3, 3) is 1; b->c 2 of 2 + 3 is 0.4; the contested d->c gives 0."""
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": list("abcd"), "name": list("abcd")}),
            "sources": pd.DataFrame({"id": ["s", "t"], "name": ["s", "t"]}),
            "influences": pd.DataFrame(
                [
                    ("a", "b", "+", "3", "s"),
                    ("b", "c", "-", "2", "s"),
                    ("a", "c", "+", "3", "s"),
                    ("a", "d", "+", "3", "s"),
                    ("d", "c", "+", "3", "s"),
                    ("d", "c", "-", "3", "t"),
                ],
                columns=["cause", "effect", "sign", "strength", "source"],
            ),
        }
    )
    of = link_claims(m)
    behind = support(of, simple_paths(of.links, 0, 2, max_length=4, limit=9))
    assert [0.6, 0.4, 0.0] == pytest.approx(behind.strength.tolist())
    assert [1, -1, 0] == behind.sign.tolist()


def test_no_path_has_no_support():
    of = link_claims(drawn(3, [(0, 2)]))
    found = simple_paths(of.links, 0, 1, max_length=4, limit=9)
    assert (0, True) == (len(found), found.complete)
    assert 0 == len(support(of, found).sources)
    assert 0 == shortest(of.links, 0, 1)
