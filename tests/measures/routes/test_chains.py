"""The strongest chains against all permutations, and their story."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest

from sysmap.core.claims import claims
from sysmap.measures.propagation import pushes, shares, signed_links
from sysmap.measures.routes.chains import (
    link_name,
    reached,
    reporters_behind,
    story,
    strongest,
    voices,
)
from tests.influences import influence_map, random_map, reordered, signs_as_links
from tests.measures.influence_maps import network


def by_permutations(links, share, from_, to, most_links):
    """Every ordering of every set of nodes in between; strongest, shortest, then by ids."""
    at = {(c, e): i for i, (c, e) in enumerate(zip(links.cause, links.effect, strict=True))}
    others = [n for n in range(len(links.ids)) if n != to and n not in from_]
    found = []
    for start, between in itertools.product(from_, range(most_links)):
        for middle in itertools.permutations(others, between):
            steps = list(itertools.pairwise((start, *middle, to)))
            if all(step in at for step in steps):
                rows = tuple(at[step] for step in steps)
                product = float(np.prod([abs(share[r]) for r in rows]))
                path = tuple(links.ids[n] for n in (start, *middle, to))
                found.append((-float(f"{product:.10g}"), len(rows), path, rows))
    return sorted(found)


@pytest.mark.parametrize("seed", range(6))
def test_chains_are_the_strongest_of_all_permutations(seed):
    links = signed_links(random_map(seed, links=26))
    share = shares(links)
    to = links.ids.get_loc("o0")
    from_ = [links.ids.get_loc(i) for i in ("e0", "e3")]
    for most in (1, 2, 4):
        expected = by_permutations(links, share, from_, to, most)
        found = strongest(links, share, from_, to, max_length=most, most=5)
        assert [e[3] for e in expected[:5]] == [c.steps for c in found]
        assert [-e[0] for e in expected[:5]] == pytest.approx([c.strength for c in found])


def test_chains_depend_on_no_order_of_rows():
    m = random_map(2, links=30)
    told = []
    for x in (m, reordered(m, 5)):
        links = signed_links(x)
        start, to = links.ids.get_loc("e1"), links.ids.get_loc("o1")
        told.append(
            [story(x, links, c.steps) for c in strongest(links, shares(links), [start], to)]
        )
    assert told[0] == told[1]
    assert told[0]


def test_no_way_gives_no_chain():
    links = signs_as_links({(0, 1): 1}, 3)
    assert strongest(links, np.ones(1), [0], 2) == []
    assert reached(links, np.array([2]), backwards=True).tolist() == [False, False, True]


def test_a_story_follows_the_signs_and_says_who_says_so():
    """- after + after nothing: a decrease brings an increase, then nobody knows."""
    m = influence_map(
        ("law", "tax", "-", 3, "s"),
        ("law", "tax", "-", 3, "t"),
        ("law", "tax", "+", 3, "u"),
        ("tax", "road", "+", 3, "s"),
        ("road", "sea", None, 3, "s"),
        ("sea", "wind", "+", 3, "s"),
        ("sea", "wind", "-", 3, "t"),
        ("wind", "rain", "+", None, "s", "2024"),
        ("wind", "rain", "-", None, "s", "2024"),
    )
    links = signed_links(m)
    at = {links.ids[c]: i for i, c in enumerate(links.cause)}
    steps = [at[i] for i in ("law", "tax", "road", "sea", "wind")]
    assert story(m, links, steps, -1) == (
        "A decrease in Law brings an increase in Tax (2 of 3 reporters), which brings an increase "
        "in Road (1 of 1 reporter), which brings a change in Sea, in a direction that is not "
        "agreed (1 reporter, none with a direction), which brings a change in Wind, in a direction "
        "that is not agreed (1 for more, 1 for less, of 2 reporters), which brings a change in "
        "Rain, in a direction that is not agreed (nobody holds to a direction)."
    )
    assert "2 of 3 reporters" == voices(links, at["law"])
    assert "Law → Tax" == link_name(m, links, at["law"])


def names_of(links, steps):
    return [links.ids[links.cause[steps[0]]], *(links.ids[links.effect[at]] for at in steps)]


@pytest.mark.parametrize("attenuation", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(6))
def test_the_strongest_chains_are_the_first_of_all_simple_paths(seed, attenuation):
    """The slow twin: every simple path of up to four steps from networkx, then sorted."""
    m = network(seed, elements=8, links=28, reporters=3 * (seed % 2))
    links = signed_links(m)
    share = shares(links)
    dense, graph = pushes(links).toarray(), nx.DiGraph()
    graph.add_edges_from(np.argwhere(dense).tolist())
    graph.add_nodes_from(range(len(links.ids)))
    for cause in range(8):
        for effect in links.outcomes.tolist():
            expected = []
            for path in nx.all_simple_paths(graph, cause, effect, cutoff=4):
                value = attenuation ** (len(path) - 2)
                for a, b in itertools.pairwise(path):
                    value *= dense[a, b]
                if value:
                    names = [links.ids[n] for n in path]
                    expected.append((-float(f"{abs(value):.10g}"), len(path), names))
            found = strongest(links, share, [cause], effect, attenuation=attenuation)
            found = [chain for chain in found if chain.strength > 0]
            best = sorted(expected)[:3]
            assert [e[2] for e in best] == [names_of(links, c.steps) for c in found]
            assert [-e[0] for e in best] == pytest.approx([c.strength for c in found])


@pytest.mark.parametrize("seed", range(4))
def test_reach_is_that_of_networkx(seed):
    links = signed_links(network(seed, links=14))
    graph = nx.DiGraph(list(zip(links.cause.tolist(), links.effect.tolist(), strict=True)))
    graph.add_nodes_from(range(len(links.ids)))
    ends = set(links.outcomes.tolist())
    expected = ends.union(*(nx.ancestors(graph, e) for e in ends))
    assert expected == set(np.flatnonzero(reached(links, links.outcomes, backwards=True)).tolist())
    for node in range(len(links.ids)):
        assert {node} | nx.descendants(graph, node) == set(
            np.flatnonzero(reached(links, np.array([node]))).tolist()
        )


@pytest.mark.parametrize("seed", range(4))
def test_reporters_are_those_of_the_links_on_the_way(seed):
    """The slow twin: for each node, every claim whose ends lie on a way to an outcome."""
    m = network(seed, links=16, reporters=5)
    links = signed_links(m)
    leading = reached(links, links.outcomes, backwards=True)
    told = claims(m, "influences")
    expected = []
    for node in range(len(links.ids)):
        led = reached(links, np.array([node]))
        voices = {
            who
            for a, b, who in zip(told.first, told.second, told.reporter, strict=True)
            if led[a] and leading[b]
        }
        expected.append(len(voices))
    assert expected == reporters_behind(m, links, leading).tolist()
