"""The pyvis network: every relation kept, and whatever it writes is the safe page."""

from __future__ import annotations

import pandas as pd
import pytest
from pyvis.network import Network

from sysmap.core.errors import UnknownIdError
from sysmap.core.model import from_tables
from sysmap.draw import page
from sysmap.draw.network import to_pyvis, width
from tests.draw.maps import hostile_map, plain_map


def test_it_is_a_pyvis_network_with_one_node_per_drawn_node():
    m = plain_map()
    network = to_pyvis(m)
    assert isinstance(network, Network)
    assert network.directed
    assert 12 + 2 + 4 + 3 == network.num_nodes() == len(network.get_nodes())
    assert "s1" not in network.node_ids


def test_each_edge_carries_the_claims_of_its_table_ends_and_sign():
    """Counted again by plain loops over the tables."""
    m = plain_map()
    expected: dict[tuple[str, str, str, str | None], int] = {}
    for table, first, second, by in (
        ("influences", "cause", "effect", "sign"),
        ("observed", "element", "context", "state"),
        ("works_on", "organization", "element", None),
    ):
        for row in m.links(table).to_dict("records"):
            answer = row[by] if by and not pd.isna(row[by]) else None
            slot = (table, row[first], row[second], answer)
            expected[slot] = expected.get(slot, 0) + 1
    expected["collaborates", "amber", "beryl", None] = 2
    found = {
        (e["data"]["table"], e["from"], e["to"], e["data"]["answer"]): len(e["data"]["claims"])
        for e in to_pyvis(m).edges
    }
    assert expected == found


def test_columns_of_any_name_stay_under_data():
    m = from_tables(
        {
            "elements": pd.DataFrame(
                {"id": ["1", "2"], "name": ["One", "Two"], "n_id": "x", "label": "y", "shape": "z"}
            ),
            "influences": pd.DataFrame({"cause": ["1"], "effect": ["2"], "to": "t", "width": "9"}),
        }
    )
    network = to_pyvis(m)
    assert [("1", "One", "dot"), ("2", "Two", "dot")] == [
        (n["id"], n["label"], n["shape"]) for n in network.nodes
    ]
    assert {"n_id": "x", "label": "y", "shape": "z"}.items() <= network.nodes[0]["data"].items()
    assert {"to": "t", "width": "9"}.items() <= network.edges[0]["data"]["claims"][0].items()


def test_what_it_generates_is_the_safe_page():
    m = hostile_map()
    assert page.make(m).html == to_pyvis(m).generate_html()


@pytest.mark.parametrize("write", ["write_html", "save_graph", "show"])
def test_every_writer_writes_the_same_bytes(write, tmp_path):
    network = to_pyvis(plain_map())
    getattr(network, write)(tmp_path / "map.html")
    assert network.generate_html().encode("utf-8") == (tmp_path / "map.html").read_bytes()


def test_nodes_and_edges_added_by_hand_are_in_the_page():
    network = to_pyvis(plain_map())
    network.add_node(7, "<i>Seven</i>", remark="by hand")
    network.add_edge(7, "light", reason="because")
    network.add_edge(7, "light")
    text = network.generate_html()
    assert "\\u003ci\\u003eSeven" in text
    assert '["remark","by hand"]' in text
    assert '["reason","because"]' in text


def test_an_edge_needs_both_its_ends():
    with pytest.raises(UnknownIdError, match="'nowhere' is not an id in the network"):
        to_pyvis(plain_map()).add_edge("light", "nowhere")


def test_the_map_is_not_changed():
    m = plain_map()
    before = {t: f.copy() for t, f in m.tables.items()}
    to_pyvis(m).generate_html()
    for table, frame in before.items():
        pd.testing.assert_frame_equal(frame, m.tables[table])


@pytest.mark.parametrize(("sources", "expected"), [(1, 1.2), (2, 2.4), (3, 2.4), (4, 4.0)])
def test_lines_widen_in_three_steps(sources, expected):
    assert expected == width(sources)
