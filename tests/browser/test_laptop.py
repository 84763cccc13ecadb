"""On a low screen, or in the frame of a notebook, the first picture can be read."""

from __future__ import annotations

import pytest

import sysmap as sm
from tests.browser.test_long_names import INSIDE, graph, press
from tests.browser.test_page_regressions import LETTERS, names_of, overlapping, row
from tests.browser.test_stage import CAMERA, WATCH
from tests.browser.waiting import settled
from tests.draw.maps import long_map

pytestmark = pytest.mark.browser

LAPTOPS = {"laptop": (1366, 768), "small": (1280, 720), "frame": (1262, 724), "low": (1000, 600)}

SEEN = """() => {
  const { clientWidth: wide, clientHeight: tall } = document.getElementById("stage");
  return Object.entries(renderer.getPositions())
    .map(([id, at]) => [renderer.body.nodes[id].options.shape, renderer.canvasToDOM(at)])
    .map(([shape, { x, y }]) => ({ shape, x, y }))
    .filter(({ x, y }) => x > 0 && x < wide && y > 0 && y < tall - 28);
}"""
"""Shapes and places of the nodes that stand on the stage with room for a name."""

SIZE = "() => ['clientWidth', 'clientHeight'].map((key) => document.getElementById('stage')[key])"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Pages of the map that is shipped, of the one for teaching, and of one with long names."""
    folder = tmp_path_factory.mktemp("laptop")
    maps = {"shipped": sm.example(), "teaching": sm.example("teaching"), "long": long_map()}
    return {name: sm.to_html(m).save(folder / f"{name}.html") for name, m in maps.items()}


def first_picture(open_blocked_page, path, size):
    width, height = LAPTOPS[size]
    watched = open_blocked_page(width=width, height=height)
    return graph(watched, path, f"({LETTERS})();{WATCH}")


def bare(view):
    """Nodes on the stage without a name of nine pixels or more, above or below them."""
    letters = view.evaluate("window.letters")
    names = [b for b in letters if b["placed"] and b["bottom"] - b["top"] >= 9]

    def is_named(node):
        return any(
            abs((b["left"] + b["right"]) / 2 - node["x"]) < 3
            and (0 < b["top"] - node["y"] < 20 or 0 < node["y"] - b["bottom"] < 20)
            for b in names
        )

    return [node for node in view.evaluate(SEEN) if not is_named(node)]


@pytest.mark.parametrize("which", ["shipped", "teaching", "long"])
@pytest.mark.parametrize("size", list(LAPTOPS))
def test_whatever_stands_on_the_first_picture_has_a_name(open_blocked_page, files, size, which):
    """Outcomes were bare stars there, elements dots, and half of the breadth was empty."""
    view = first_picture(open_blocked_page, files[which], size)
    seen = view.evaluate(SEEN)
    shapes = [node["shape"] for node in seen]
    assert {"shipped": 6, "teaching": 6, "long": 8}[which] == shapes.count("star")
    assert shapes.count("dot") >= 18
    assert [] == bare(view)
    letters = view.evaluate("window.letters")
    assert [] == overlapping(letters)
    assert {"Outcomes", "Elements"} <= {b["text"] for b in letters if not b["placed"]}
    wide, _ = view.evaluate(SIZE)
    across = [node["x"] for node in seen]
    assert max(across) - min(across) > 0.72 * wide
    assert all(view.evaluate(INSIDE)) or view.is_visible("#goes-on")


def test_reset_brings_the_first_picture_back(open_blocked_page, files):
    view = first_picture(open_blocked_page, files["teaching"], "laptop")
    first = view.evaluate(CAMERA)
    for id in ("fit", "zoom-in", "reset"):
        press(view, id)
        assert (id == "reset") == (first == pytest.approx(view.evaluate(CAMERA)))


def test_all_is_still_shown_at_once_to_whoever_asks(open_blocked_page, files):
    view = first_picture(open_blocked_page, files["teaching"], "laptop")
    assert not all(view.evaluate(INSIDE))
    press(view, "fit")
    assert all(view.evaluate(INSIDE))
    assert not view.is_visible("#goes-on")


def test_what_a_filter_leaves_fills_the_stage(open_blocked_page, files):
    """The whole breadth of a row was counted, though two columns of it were left."""
    view = first_picture(open_blocked_page, files["shipped"], "laptop")
    row(view, "Outcomes").click()
    press(view, "areas-none")
    row(view, "Implementation").click()
    settled(view)
    places = view.evaluate(SEEN)
    assert 14 == len(places)
    wide, high = view.evaluate(SIZE)
    middle = (min(at["x"] for at in places) + max(at["x"] for at in places)) / 2
    assert abs(middle - wide / 2) < 70
    assert max(at["y"] for at in places) - min(at["y"] for at in places) > 0.6 * high


def test_arrows_lead_to_nodes_that_are_seen(open_blocked_page, files):
    """Below the first picture the keys would select what is off the stage."""
    view = first_picture(open_blocked_page, files["teaching"], "laptop")
    first = view.evaluate(CAMERA)
    view.focus("#stage")
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        view.keyboard.press(key)
        assert first == view.evaluate(CAMERA)  # what is seen moves nothing
    for _ in range(12):
        view.keyboard.press("ArrowDown")
    settled(view)
    assert "strategy" in view.inner_text("#details .kind").lower()
    first = view.inner_text("#details h2").split()[0]
    assert first in {b["text"].split()[0] for b in names_of(view)}
