"""Chains one by one against networkx and plain loops."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from sysmap.core.claims import claims
from sysmap.measures.chains import leading_to, led_from, reporters_behind, strongest_chains
from sysmap.measures.propagation import pushes, signed_links
from tests.measures.influence_maps import network


@pytest.mark.parametrize("attenuation", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(6))
def test_the_strongest_chains_are_the_first_of_all_simple_paths(seed, attenuation):
    """The slow twin: every simple path of up to four steps from networkx, then sorted."""
    m = network(seed, elements=8, links=28, reporters=3 * (seed % 2))
    links = signed_links(m)
    y = pushes(links)
    dense, graph = y.toarray(), nx.DiGraph()
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
                    expected.append((-round(abs(value), 12), len(path), names, value))
            found = strongest_chains(y, links.ids, (cause, effect), attenuation=attenuation)
            best = sorted(expected)[:3]
            assert [e[2] for e in best] == [[links.ids[n] for n in c.nodes] for c in found]
            assert [e[3] for e in best] == pytest.approx([c.value for c in found])


def test_a_chain_of_five_steps_is_not_named():
    y = csr_array(np.eye(6, k=1))
    ids = pd.Index(list("abcdef"))
    assert strongest_chains(y, ids, (0, 5), attenuation=0.5) == []
    assert len(strongest_chains(y, ids, (1, 5), attenuation=0.5)) == 1


@pytest.mark.parametrize("seed", range(4))
def test_reach_is_that_of_networkx(seed):
    links = signed_links(network(seed, links=14))
    graph = nx.DiGraph(list(zip(links.cause.tolist(), links.effect.tolist(), strict=True)))
    graph.add_nodes_from(range(len(links.ids)))
    ends = set(links.outcomes.tolist())
    expected = ends.union(*(nx.ancestors(graph, e) for e in ends))
    assert expected == set(np.flatnonzero(leading_to(links, links.outcomes)).tolist())
    for node in range(len(links.ids)):
        assert {node} | nx.descendants(graph, node) == set(
            np.flatnonzero(led_from(links, node)).tolist()
        )


@pytest.mark.parametrize("seed", range(4))
def test_reporters_are_those_of_the_links_on_the_way(seed):
    """The slow twin: for each node, every claim whose ends lie on a way to an outcome."""
    m = network(seed, links=16, reporters=5)
    links = signed_links(m)
    leading = leading_to(links, links.outcomes)
    told = claims(m, "influences")
    expected = []
    for node in range(len(links.ids)):
        led = led_from(links, node)
        voices = {
            who
            for a, b, who in zip(told.first, told.second, told.reporter, strict=True)
            if led[a] and leading[b]
        }
        expected.append(len(voices))
    assert expected == reporters_behind(m, links, leading).tolist()
