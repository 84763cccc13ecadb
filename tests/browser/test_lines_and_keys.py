"""Lines are straight unless one would cover another, sizes mean nothing, keys zoom."""

from __future__ import annotations

from collections import defaultdict

import pytest

from sysmap.draw import page
from tests.benchmarks.page import survey
from tests.browser.test_stage import CAMERA, WATCH
from tests.browser.waiting import settled
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser

LINES = """() => renderer.body.data.edges.get().map(({ id, from, to, smooth, dashes }) =>
  [[Math.min(from, to), Math.max(from, to)].join(), JSON.stringify(smooth), Boolean(dashes),
   renderer.body.edges[id].options.dashes, renderer.getPosition(from), renderer.getPosition(to)])"""
SIZES = "() => renderer.body.data.nodes.get().map(({ shape, size }) => [shape, size])"
HIDES = "() => renderer.renderer.options.hideEdgesOnDrag"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    m = plain_map()
    made = page.make(m, facts=verdicts(m))
    return made.save(tmp_path_factory.mktemp("lines") / "map.html")


def watched(opened, path):
    opened.page.add_init_script(WATCH)
    opened.page.goto(path.as_uri())
    opened.page.wait_for_selector("body[data-ready=graph]")
    return opened.page


def test_lines_are_straight_and_whole_and_parallel_ones_bend_apart(blocked_page, small):
    """A line along a row or a column goes round the nodes between its ends."""
    pairs = defaultdict(list)
    for pair, smooth, *dashes, a, b in watched(blocked_page, small).evaluate(LINES):
        assert [False, False] == dashes
        along = abs(a["x"] - b["x"]) < 4 or abs(a["y"] - b["y"]) < 4
        pairs[pair].append((smooth, along))
    assert max(map(len, pairs.values())) > 1
    for lines in pairs.values():
        forms = [smooth for smooth, _ in lines]
        assert len(set(forms)) == len(forms)
        assert "false" in forms or lines[0][1]
    assert sum(forms == [("false", False)] for forms in pairs.values()) > 10


def test_the_size_of_a_node_says_only_what_its_shape_says(blocked_page, small):
    sizes = defaultdict(set)
    for shape, size in watched(blocked_page, small).evaluate(SIZES):
        sizes[shape].add(size)
    assert len(sizes) > 3
    assert {1} == {len(found) for found in sizes.values()}


def test_plus_minus_and_zero_zoom_and_the_keys_are_listed(blocked_page, small):
    view = watched(blocked_page, small)
    listed = view.inner_text("#details")
    assert "Keys on the graph" in listed
    named = ("Arrows", "Enter", "Escape", "plus", "minus", "0")
    assert [] == [word for word in named if word not in listed]
    view.focus("#stage")
    first = view.evaluate(CAMERA)
    view.keyboard.press("+")
    assert first[0] < view.evaluate(CAMERA)[0]
    view.keyboard.press("-")
    view.keyboard.press("-")
    assert first[0] > view.evaluate(CAMERA)[0]
    view.keyboard.press("0")
    settled(view)
    assert first == pytest.approx(view.evaluate(CAMERA))


@pytest.mark.parametrize("nodes", [600, 601])
def test_above_six_hundred_nodes_lines_are_hidden_while_dragging(blocked_page, tmp_path, nodes):
    made = page.make(survey(nodes), max_nodes=page.MOST_NODES)
    view = watched(blocked_page, made.save(tmp_path / "map.html"))
    assert (nodes > 600) == view.evaluate(HIDES)
