"""Loops, paths and total influence against networkx and numpy, on all directed graphs to 4 nodes.

Beyond 4 nodes there are too many: 300 graphs of 5 and 6 nodes are drawn.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import networkx as nx
import numpy as np
import pytest

from sysmap.measures.propagation import SignedLinks, pushes, total
from sysmap.measures.routes.circuits import circuits
from sysmap.measures.routes.paths import simple_paths
from tests.influences import signs_as_links

ATTENUATION = 0.5
DRAWN = 300
MOST = 10_000
Pairs = list[tuple[int, int]]


def graphs() -> Iterator[tuple[int, Pairs]]:
    """Every directed graph of 2 to 4 nodes with a link, then drawn ones of 5 and 6."""
    for size in (2, 3, 4):
        pairs = list(itertools.permutations(range(size), 2))
        for bits in range(1, 2 ** len(pairs)):
            yield size, [pair for i, pair in enumerate(pairs) if bits >> i & 1]
    rng = np.random.default_rng(0)
    for i in range(DRAWN):
        size = 5 + i % 2
        pairs = list(itertools.permutations(range(size), 2))
        yield size, [pairs[k] for k in np.flatnonzero(rng.random(len(pairs)) < rng.random())]


def links_of(size: int, pairs: Pairs) -> SignedLinks:
    """The graph with every fifth link negative."""
    return signs_as_links({pair: -1 if sum(pair) % 5 == 4 else 1 for pair in pairs}, size)


def plain(size: int, pairs: Pairs) -> nx.DiGraph:
    graph = nx.DiGraph(pairs)
    graph.add_nodes_from(range(size))
    return graph


def along(links: SignedLinks, steps: np.ndarray) -> set[tuple[int, ...]]:
    """The links of each row, as nodes that they leave."""
    return {tuple(int(n) for n in links.cause[row[row >= 0]]) for row in steps}


@pytest.mark.scorecard("differential", "loops, networkx")
def test_loops_are_those_of_networkx(record_property) -> None:
    cases = 0
    for size, pairs in graphs():
        links = links_of(size, pairs)
        found = circuits(links, max_length=size, limit=MOST)
        loops = nx.simple_cycles(plain(size, pairs))
        turned = ((loop, loop.index(min(loop))) for loop in loops)
        assert {(*loop[at:], *loop[:at]) for loop, at in turned} == along(links, found.steps)
        cases += 1
    record_property("runs", cases)
    record_property("difference", 0.0)


@pytest.mark.scorecard("differential", "paths, networkx")
def test_paths_are_those_of_networkx(record_property) -> None:
    cases = 0
    for size, pairs in graphs():
        links = links_of(size, pairs)
        found = simple_paths(links, 0, size - 1, max_length=size, limit=MOST)
        paths = nx.all_simple_paths(plain(size, pairs), 0, size - 1)
        assert {tuple(path[:-1]) for path in paths} == along(links, found.steps)
        cases += 1
    record_property("runs", cases)
    record_property("difference", 0.0)


@pytest.mark.scorecard("differential", "total influence, numpy")
def test_total_influence_is_that_of_a_dense_inverse(record_property) -> None:
    """T = Y (I - a Y)^-1, Katz (1953)."""
    cases, largest = 0, 0.0
    for size, pairs in graphs():
        direct = pushes(links_of(size, pairs))
        dense = direct.toarray()
        inverse = dense @ np.linalg.inv(np.eye(size) - ATTENUATION * dense)
        difference = np.abs(total(direct, attenuation=ATTENUATION) - inverse).max()
        largest = max(largest, float(difference))
        cases += 1
    assert largest < 1e-12
    record_property("runs", cases)
    record_property("difference", largest)
