"""What a selection lights up, held against networkx and plain loops over the tables."""

from __future__ import annotations

import re

import networkx as nx
import pandas as pd
import pytest

from sysmap.core.model import from_tables
from sysmap.draw import page
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    m = plain_map(5, elements=24)
    made = page.make(m, facts=verdicts(m))
    return m, made.save(tmp_path_factory.mktemp("traces") / "page.html")


def opened(watched, path, query=None):
    view = watched.page
    view.goto(path.as_uri())
    view.wait_for_selector("body[data-ready]")
    if query is not None:
        view.fill("#search", query)
        view.press("#search", "Enter")
    return view


def by_source(m):
    """The influences of each source, as pairs of ends."""
    told = {}
    for row in m.links("influences").to_dict("records"):
        told.setdefault(row["source"], set()).add((row["cause"], row["effect"]))
    return told


def graph_of(pairs):
    graph = nx.DiGraph()
    graph.add_edges_from(pairs)
    return graph


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", text)]


@pytest.mark.parametrize("mode", ["upstream", "downstream"])
@pytest.mark.parametrize("id", ["light", "e003"])
def test_a_traced_set_and_what_one_source_told_of_it(blocked_page, traced, mode, id):
    m, path = traced
    told = by_source(m)
    reach = nx.ancestors if mode == "upstream" else nx.descendants
    expected = reach(graph_of(set().union(*told.values())), id)
    whole = set()
    for pairs in told.values():
        graph = graph_of(pairs)
        whole |= reach(graph, id) if id in graph else set()
    view = opened(blocked_page, path, id)
    view.select_option("#mode", mode)
    sentence = view.inner_text("#details .traced > p").replace(m.name(id), "")
    if not expected:
        assert "No claim says" in sentence
    elif whole == expected:
        assert [len(expected)] == numbers(sentence)
    elif whole:
        rest = len(expected) - len(whole)
        assert [len(expected), len(whole), rest] == numbers(sentence)
        assert "no source told it whole" in sentence
    else:
        assert "stitched together" in sentence


@pytest.mark.parametrize("cause", ["e001", "e003", "e015"])
def test_paths_to_a_second_node_are_those_of_networkx(blocked_page, traced, cause):
    """Simple paths of up to four links, and the sources that told every link of one."""
    m, path = traced
    told = by_source(m)
    graph = graph_of(set().union(*told.values()))
    chains = list(nx.all_simple_paths(graph, cause, "water", cutoff=4))
    assert chains
    whole = [
        sum(all(link in pairs for link in nx.utils.pairwise(c)) for pairs in told.values())
        for c in chains
    ]
    view = opened(blocked_page, path, cause)
    view.select_option("#mode", "paths")
    assert "Choose the second node" in view.inner_text("#details .traced")
    view.select_option("#target", label="Water")
    said = view.inner_text("#details .traced > p")
    assert f"Paths of up to 4 links from {m.name(cause)} to Water: {len(chains)}." in said
    while view.locator("#details .traced > ul .more").count():
        view.locator("#details .traced > ul .more").first.click()
    rows = view.locator("#details .traced > ul").first.locator("li").all_inner_texts()
    assert len(chains) == len(rows)
    assert sum(map(bool, whole)) == sum("Told whole" in row for row in rows)
    lengths = [row.count(", which") + 1 for row in rows]
    assert sorted(len(c) - 1 for c in chains) == lengths  # the shortest first


def test_paths_that_only_lead_back_are_told_as_such(blocked_page, tmp_path):
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": list("abc"), "name": ["Ann", "Bob", "Cid"]}),
            "influences": pd.DataFrame(
                {"cause": ["a"], "effect": ["b"], "sign": "-", "source": None}
            ),
            "organizations": pd.DataFrame({"id": ["o", "p"], "name": ["Old", "Pure"]}),
            "works_on": pd.DataFrame({"organization": ["o", "o"], "element": ["a", "b"]}),
        }
    )
    view = opened(blocked_page, page.make(m).save(tmp_path / "map.html"), "Bob")
    view.select_option("#mode", "paths")
    view.select_option("#target", label="Ann")
    text = view.inner_text("#details .traced")
    assert "No path leads from Bob to Ann; the other way round:" in text
    assert "Ann weakens Bob." in text
    assert "Stitched together, no source told it whole." in text
    assert re.search(r"Old\s+on 2", text)
    assert "Pure" not in text


def test_a_traced_set_is_drawn_whole_even_where_the_picture_began_small(blocked_page, tmp_path):
    """A chain of 120 links: the first picture holds 80 nodes, the trace all 121."""
    ids = [f"n{i:03}" for i in range(121)]
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": ids}),
            "influences": pd.DataFrame({"cause": ids[:-1], "effect": ids[1:], "sign": "+"}),
        }
    )
    view = opened(blocked_page, page.make(m).save(tmp_path / "map.html"), "n120")
    view.select_option("#mode", "upstream")
    assert "120 nodes influence n120" in view.inner_text("#details .traced")
    assert "Showing 121 of 121 nodes" in view.inner_text("#count")


def test_what_filters_hide_of_a_trace_is_counted(blocked_page, traced):
    view = opened(blocked_page, traced[1], "light")
    view.select_option("#mode", "upstream")
    whole = numbers(view.inner_text("#details .traced > p >> nth=0"))[0]
    view.locator("#legend .row label", has_text=re.compile("^costing$")).click()
    shown = numbers(view.inner_text("#details .traced > p >> nth=0"))[0]
    hidden = numbers(view.inner_text("#details .traced > p >> nth=1"))[0]
    assert shown < whole == shown + hidden


def test_a_click_chooses_the_second_node_of_paths(blocked_page, traced):
    _, path = traced
    view = opened(blocked_page, path, "e001")
    view.select_option("#mode", "paths")
    box = view.locator("#stage").bounding_box()
    # Somewhere in the band of outcomes a star is under the pointer.
    for step in range(1, 120):
        x, y = box["x"] + box["width"] * step / 120, box["y"]
        for down in (20, 40, 60, 80, 100, 120, 140):
            view.mouse.move(x, y + down)
            if view.is_visible("#tip") and "outcome" in view.inner_text("#tip"):
                view.mouse.click(x, y + down)
                assert view.locator("#target").input_value() != ""
                assert "e001" in view.inner_text("#details h2")
                return
    raise AssertionError("no outcome under the pointer")


@pytest.mark.parametrize(
    ("grades", "paths", "stream"),
    [
        (["illustrative", None], "1 of 2", "works: 1 of 2."),
        (["reported", "reported"], None, None),
        (["illustrative", "illustrative"], "2 of 2", "works: 2 of 2."),
    ],
)
def test_a_trace_says_which_tellers_are_illustrative(blocked_page, tmp_path, grades, paths, stream):
    """Both told a chain to Bob whole; only the first one goes on to Cid."""
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": list("abc"), "name": ["Ann", "Bob", "Cid"]}),
            "sources": pd.DataFrame({"id": ["s", "t"], "name": ["S", "T"], "grade": grades}),
            "influences": pd.DataFrame(
                {
                    "cause": ["a", "a", "b"],
                    "effect": ["b", "b", "c"],
                    "sign": "+",
                    "source": ["s", "t", "s"],
                }
            ),
        }
    )
    view = opened(blocked_page, page.make(m).save(tmp_path / "map.html"), "Ann")
    view.select_option("#mode", "downstream")
    told = view.inner_text("#details .traced > p")
    assert (stream is not None) == ("Told whole by illustrative sources only" in told)
    if stream:
        assert stream in told
    view.select_option("#mode", "paths")
    view.select_option("#target", label="Bob")
    row = view.inner_text("#details .traced > ul li")
    assert "Told whole by 2 sources." in row
    assert (f"made up to show how the tool works: {paths}." in row) == (paths is not None)
    assert ("illustrative sources only" in view.inner_text("#details .traced")) == (
        paths == "2 of 2"
    )
