"""The typed graph says what the tables say, whatever the order of the rows."""

from __future__ import annotations

import io

import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings

from sysmap.core.model import SystemMap, from_tables
from sysmap.io.graph import to_networkx
from tests.strategies import maps


def little(order: int = 1) -> SystemMap:
    """Two organizations that collaborate, and one that seeks an outcome twice."""
    organizations = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "table": ["x", None]})
    seeks = pd.DataFrame(
        {
            "organization": ["a", "a"],
            "outcome": ["o", "o"],
            "priority": [2, 1],
            "weight": [0.5, None],
        }
    )
    return from_tables(
        {
            "organizations": organizations[::order].reset_index(drop=True),
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["Light"]}),
            "sources": pd.DataFrame({"id": ["s"], "name": ["S"]}),
            "seeks": seeks[::order].reset_index(drop=True),
            "collaborates": pd.DataFrame({"organization": ["a"], "partner": ["b"]}),
        }
    )  # fmt: skip


def test_each_claim_is_one_edge_keyed_by_its_table() -> None:
    graph = to_networkx(little())
    edges = [("a", "o", "seeks"), ("a", "o", "seeks:2"), ("a", "b", "collaborates")]
    assert sorted(edges) == sorted(graph.edges(keys=True))
    assert {"priority": 1, "table": "seeks", "directed": True} == graph.edges["a", "o", "seeks"]
    assert 0.5 == graph.edges["a", "o", "seeks:2"]["weight"]


def test_a_link_without_direction_is_one_edge_that_says_so() -> None:
    graph = to_networkx(little())
    assert graph.edges["a", "b", "collaborates"]["directed"] is False
    assert not graph.has_edge("b", "a")


def test_nodes_are_the_types_with_a_shape_and_bear_their_table() -> None:
    graph = to_networkx(little())
    assert ["o", "a", "b"] == list(graph)
    assert {"name": "A", "table": "organizations"} == graph.nodes["a"]


def test_the_order_of_rows_changes_nothing() -> None:
    forward, backward = to_networkx(little()), to_networkx(little(order=-1))
    assert list(forward.nodes(data=True)) == list(backward.nodes(data=True))
    assert list(forward.edges(keys=True, data=True)) == list(backward.edges(keys=True, data=True))


def test_the_empty_map_is_the_empty_graph() -> None:
    assert 0 == len(to_networkx(from_tables({})))


def test_networkx_can_write_what_it_gets() -> None:
    """GraphML knows text and plain numbers only: no None, no numpy."""
    graph = to_networkx(little())
    values = [v for _, _, data in graph.edges(data=True) for v in data.values()]
    assert not any(v is None or isinstance(v, np.generic) for v in values)
    nx.write_graphml(graph, io.BytesIO())


# The ledger of a map without elements is settled with a fill value that pandas will refuse.
@settings(max_examples=6, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
@given(m=maps(max_size=8))
def test_counts_are_those_of_the_tables(m: SystemMap) -> None:
    graph = to_networkx(m)
    drawn = [kind.table for kind in m.schema.nodes if kind.shape]
    assert sum(len(m.table(t)) for t in drawn) == graph.number_of_nodes()
    assert sum(len(m.table(k.table)) for k in m.schema.links) == graph.number_of_edges()
