"""Three hundred elements with names of eighty letters and more: nothing is cut, covered or lost."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from playwright.sync_api import expect

import sysmap as sm
from sysmap.core.model import from_tables
from tests.browser.test_page_regressions import LETTERS, opened, overlapping
from tests.browser.test_stage import CAMERA, WATCH
from tests.browser.waiting import settled
from tests.draw.maps import long_map

pytestmark = pytest.mark.browser

SIZES = {"wide": (1400, 900), "tablet": (820, 1180), "phone": (375, 812)}

ROWS = {"Outcomes", "Elements", "Contexts", "Organizations"}
"""Titles of bands."""

ROW = 80
"""Height of a row of nodes in the units of the layouts."""

WIDER = """(inner) => [document.documentElement, ...document.querySelectorAll(inner)]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth)
  .map((one) => one.id || one.tagName)"""

PLACES = """() => Object.values(renderer.getPositions()).map(({ x, y }) => [x, y])"""

COVERED = """() => {
  const zoom = document.getElementById("zoom");
  const places = Object.values(renderer.getPositions()).map((at) => renderer.canvasToDOM(at));
  return places.filter(({ x, y }) => x > zoom.offsetLeft - 4 && y > 0
    && y < zoom.offsetTop + zoom.offsetHeight + 4);
}"""
"""Places of the nodes that lie under the buttons of the zoom."""

OVERLAID = """() => [...document.querySelectorAll("noscript tr")].filter((row) => {
  const boxes = [...row.children].flatMap((cell, i) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return [...range.getClientRects()].map((box) => [i, box]);
  });
  return boxes.some(([i, a]) => a.right > innerWidth || boxes.some(([j, b]) => i < j
    && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4));
}).map((row) => row.innerText)"""


def ten_outcomes():
    """A map whose first row fills the breadth of a phone twice."""
    ids = [f"out{i}" for i in range(10)]
    causes = [f"e{i:02}" for i in range(40)]
    return from_tables(
        {
            "outcomes": pd.DataFrame({"id": ids, "name": [f"Outcome of work {i}" for i in ids]}),
            "elements": pd.DataFrame({"id": causes, "name": causes, "area": list("abcde") * 8}),
            "influences": pd.DataFrame({"cause": causes, "effect": ids * 4}),
        }
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Pages of the map and of an answer about it."""
    folder, m = tmp_path_factory.mktemp("long"), long_map()
    return {
        "map": sm.to_html(m).save(folder / "map.html"),
        "ten": sm.to_html(ten_outcomes()).save(folder / "ten.html"),
        "shipped": sm.to_html(sm.example()).save(folder / "shipped.html"),
        "answer": sm.to_html(sm.universality(m)).save(folder / "answer.html"),
    }


def graph(watched, path, script):
    """The page on its graph, with a script that watches what it draws."""
    watched.page.add_init_script(script)
    view = opened(watched, path)
    view.locator("#view input[value=graph]").check(force=True)
    view.wait_for_selector("body[data-ready=graph]")
    settled(view)
    return view


def press(view, id):
    """Press a button that may be folded away."""
    view.evaluate("(id) => document.getElementById(id).click()", id)
    settled(view)


def choose(view, id, at):
    """Choose an option of a list that may be folded away."""
    view.evaluate(
        "([id, at]) => { const list = document.getElementById(id); list.selectedIndex = at;"
        " list.dispatchEvent(new Event('change')); }",
        [id, at],
    )
    settled(view)


def states(view):
    """Lead the page through its states; yields the name of each."""
    yield "start"
    for tab in ("nodes", "relations"):
        view.locator("#view input[value=table]").check(force=True)
        view.click(f"#tab-{tab}")
        yield tab
    view.locator("#view input[value=graph]").check(force=True)
    yield "graph"
    view.fill("#search", "el10")
    yield "search"
    view.press("#search", "Enter")
    yield "selected"
    for at, mode in enumerate(("two steps", "upstream", "downstream", "paths"), start=1):
        choose(view, "mode", at)
        yield mode
    choose(view, "target", 2)
    yield "second node"
    press(view, "reset")
    choose(view, "country", 3)
    yield "place"
    press(view, "types-none")
    yield "empty"


@pytest.mark.parametrize("which", ["map", "answer"])
@pytest.mark.parametrize("size", list(SIZES))
def test_nothing_scrolls_sideways_in_any_state(open_blocked_page, files, size, which):
    width, height = SIZES[size]
    view = opened(open_blocked_page(width=width, height=height), files[which])
    # The columns of an answer go on beside a desktop's table, which shows it by a shadow.
    inner = "#details, #legend" + ("" if (size, which) == ("wide", "answer") else ", #table-view")
    assert {} == {state: wider for state in states(view) if (wider := view.evaluate(WIDER, inner))}


@pytest.mark.parametrize(
    "state", ["start", "all", "place", "deselected", "place later", "whole", "all, whole"]
)
@pytest.mark.parametrize("size", list(SIZES))
def test_titles_and_names_never_lie_over_one_another(open_blocked_page, files, size, state):
    """The title of a row once lay over that of an area, and names over titles of the next row."""
    width, height = SIZES[size]
    view = graph(open_blocked_page(width=width, height=height), files["map"], f"({LETTERS})()")
    if state.startswith("all"):
        press(view, "show-all")
    if state == "place":
        choose(view, "country", 3)
    elif state in ("deselected", "place later"):
        view.fill("#search", "el106")
        view.press("#search", "Enter")
        view.evaluate("document.querySelector('#details .close').click()")
    if state == "place later":
        choose(view, "country", 3)
    if state.endswith("whole"):
        press(view, "fit")
    settled(view)
    letters = view.evaluate("window.letters")
    assert {True, False} == {box["placed"] for box in letters}
    assert [] == overlapping(letters)
    if state.endswith("whole"):
        tall = view.locator("#stage").bounding_box()["height"]
        assert [] == [b["text"] for b in letters if b["top"] < 0 or b["bottom"] > tall]
        assert [] == beyond_the_sides(view, letters)


@pytest.mark.parametrize("which", ["map", "shipped"])
@pytest.mark.parametrize("size", list(SIZES))
def test_no_name_of_a_network_is_cut_by_the_sides_or_the_buttons(
    open_blocked_page, files, size, which
):
    """Names of the outermost nodes once stood half outside, also on the shipped map."""
    width, height = SIZES[size]
    view = graph(open_blocked_page(width=width, height=height), files[which], f"({LETTERS})()")
    view.evaluate("document.querySelector('#layout input[value=network]').click()")
    settled(view)
    letters = view.evaluate("window.letters")
    assert len(letters) > 10
    assert [] == overlapping(letters)
    assert [] == beyond_the_sides(view, letters)
    assert [] == under_the_buttons(view, letters)


def beyond_the_sides(view, letters):
    """What is written in part, or all, beside the stage."""
    wide = view.locator("#stage").bounding_box()["width"]
    return [b["text"] for b in letters if b["left"] < 0 or b["right"] > wide]


def under_the_buttons(view, letters):
    """What is written under the buttons of the zoom."""
    stage, zoom = (view.locator(one).bounding_box() for one in ("#stage", "#zoom"))
    left, bottom = zoom["x"] - stage["x"], zoom["y"] + zoom["height"] - stage["y"]
    return [b["text"] for b in letters if b["right"] > left and b["top"] < bottom]


def cut_titles(view):
    """Titles of bands and areas of which a letter lies beside the stage."""
    titles = [b for b in view.evaluate("window.letters") if not b["placed"]]
    assert len(titles) > 3
    return beyond_the_sides(view, titles)


def test_titles_are_whole_at_every_width_of_the_opening_picture(blocked_page, files):
    """Where only the buttons of the zoom made the picture small, titles of rows lost all but one
    letter."""
    view = graph(blocked_page, files["map"], f"({LETTERS})()")
    cut = {}
    for width in range(1100, 1800, 25):
        view.set_viewport_size({"width": width, "height": 900})
        settled(view)
        cut[width] = cut_titles(view)
    assert {} == {width: titles for width, titles in cut.items() if titles}


def test_one_title_without_room_takes_away_no_other(open_blocked_page, files):
    """Areas once all lost their titles where one of them had no room for six letters."""
    watched = open_blocked_page(width=920, height=1100)
    view = graph(watched, files["map"], f"({LETTERS})()")
    for id in ("show-all", "zoom-out", "zoom-out", "zoom-out"):
        press(view, id)
    letters = view.evaluate("window.letters")
    areas = [b["text"] for b in letters if not b["placed"] and b["text"] not in ROWS]
    assert 4 < len(areas) < 8
    assert min(map(len, areas)) >= 6
    assert [] == overlapping(letters)


@pytest.mark.parametrize("id", ["el106", "org3", "out5"])
@pytest.mark.parametrize("width", [1366, 1536])
def test_titles_of_rows_are_whole_beside_a_selection(open_blocked_page, files, width, id):
    """Once "ements" was read where the stage had moved to a selection, on it and in its picture."""
    view = graph(open_blocked_page(width=width, height=800), files["map"], f"({LETTERS})()")
    view.fill("#search", id)
    view.press("#search", "Enter")
    settled(view)
    letters = view.evaluate("window.letters")
    rows = [b for b in letters if b["text"] in ROWS and not b["placed"]]
    assert rows
    assert [] == [b["text"] for b in rows if b["left"] < 0]
    names = [b for b in letters if b["placed"]]
    pairs = [pair for row in rows for pair in overlapping([row, *names])]
    assert [] == [pair for pair in pairs if ROWS & {*pair}]


@pytest.mark.parametrize("press_first", [None, "show-all", "fit"])
@pytest.mark.parametrize("which", ["map", "answer", "ten"])
@pytest.mark.parametrize("size", list(SIZES))
def test_the_buttons_of_the_zoom_cover_no_letter_and_no_node(
    open_blocked_page, files, size, which, press_first
):
    width, height = SIZES[size]
    watch = f"({LETTERS})();{WATCH}"
    view = graph(open_blocked_page(width=width, height=height), files[which], watch)
    if press_first:
        press(view, press_first)
    assert [] == view.evaluate(COVERED)
    assert [] == under_the_buttons(view, view.evaluate("window.letters"))


@pytest.mark.parametrize("size", list(SIZES))
def test_rows_that_a_filter_emptied_close_up(open_blocked_page, files, size):
    """Two elements of one country once stood a screen below the title of their row."""
    width, height = SIZES[size]
    view = graph(open_blocked_page(width=width, height=height), files["map"], WATCH)
    first = view.evaluate(PLACES)
    choose(view, "country", 3)
    rows = sorted({y for _, y in view.evaluate(PLACES)})
    assert len(rows) > 2
    assert max(b - a for a, b in pairwise(rows)) <= 4 * ROW
    choose(view, "country", 0)
    assert first == view.evaluate(PLACES)


@pytest.mark.parametrize("which", ["map", "shipped"])
@pytest.mark.parametrize("place", [0, 3])
def test_no_name_of_an_outcome_crosses_the_rule_below_it(open_blocked_page, files, which, place):
    """Where rows of elements closed up the rule once came too near, and ran through three names."""
    watched = open_blocked_page(width=375, height=812)
    view = graph(watched, files[which], f"({LETTERS})()")
    choose(view, "country", place)
    letters = view.evaluate("window.letters")
    (title,) = [b for b in letters if b["text"] == "Elements" and not b["placed"]]
    above = [b for b in letters if b["placed"] and b["top"] < title["bottom"]]
    assert len(above) > 8
    assert [] == [b["text"] for b in above if b["bottom"] > title["top"] - 4]


def test_a_filter_moves_no_node_once_the_reader_placed_the_stage(blocked_page, files):
    view = graph(blocked_page, files["map"], WATCH)
    press(view, "zoom-in")
    before, camera = view.evaluate(PLACES), view.evaluate(CAMERA)
    choose(view, "country", 3)
    left = view.evaluate(PLACES)
    assert 0 < len(left) < len(before)
    assert [] == [place for place in left if place not in before]
    # The stage may have lost a line of its height; what was in its middle still is.
    assert camera == pytest.approx(view.evaluate(CAMERA), rel=1e-12)


INSIDE = """() => {
  const { clientWidth: wide, clientHeight: tall } = document.getElementById("stage");
  return Object.values(renderer.getPositions()).map((at) => renderer.canvasToDOM(at))
    .sort((p, q) => p.y - q.y)
    .map(({ x, y }) => x > 0 && x < wide && y > 0 && y < tall);
}"""
"""Which of the nodes that are drawn stand on the stage, the uppermost first."""


@pytest.mark.parametrize("size", list(SIZES))
def test_a_place_is_shown_whole_after_a_search_that_was_closed(open_blocked_page, files, size):
    """The stage once stayed where the node that was found had been, with one node of twelve."""
    width, height = SIZES[size]
    view = graph(open_blocked_page(width=width, height=height), files["map"], WATCH)
    view.fill("#search", "curriculum")
    view.press("#search", "Enter")
    settled(view)
    view.evaluate("document.querySelector('#details .close').click()")
    choose(view, "country", 3)
    inside = view.evaluate(INSIDE)
    assert len(inside) > 5
    assert sum(inside) > 0.6 * len(inside)
    assert inside == sorted(
        inside, reverse=True
    )  # what is not seen is below, where the bar says so
    assert (not all(inside)) == view.is_visible("#goes-on")


def test_a_filter_says_anew_whether_more_is_drawn_than_fits(blocked_page, files):
    view = graph(blocked_page, files["map"], WATCH)
    for _ in range(6):
        press(view, "zoom-in")
    choose(view, "country", 3)
    assert not all(view.evaluate(INSIDE))
    assert view.is_visible("#goes-on")


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_an_empty_stage_does_not_say_that_there_is_more(open_blocked_page, files, size):
    width, height = SIZES[size]
    view = graph(open_blocked_page(width=width, height=height), files["map"], WATCH)
    assert view.is_visible("#goes-on")
    press(view, "types-none")
    assert view.is_visible("#nothing")
    assert not view.is_visible("#goes-on")


def test_a_phone_gives_a_name_the_cells_that_are_empty_beside_it(open_blocked_page, files):
    """Outcomes have no verdict, and their names once stood in ten short lines."""
    view = opened(open_blocked_page(width=375, height=812), files["map"])
    bare = view.locator("#table-view tr.bare")
    full = view.locator("#table-view tr:not(.bare) th button.node")
    assert bare.count() >= 8
    assert full.first.bounding_box()["width"] < 250
    name = bare.locator("button.node").first
    box = name.bounding_box()
    assert 330 < box["width"] <= 351
    assert box["height"] < 100
    view.mouse.click(box["x"] + box["width"] - 60, box["y"] + 14)
    expect(view.locator("#details h2")).to_have_text(name.inner_text())


def test_a_phone_shows_each_relation_as_a_card(open_blocked_page, files):
    """Two ends and what was said between them once stood in three columns of a few letters."""
    view = opened(open_blocked_page(width=375, height=812), files["map"])
    view.click("#tab-relations")
    row = view.locator("#table-view tbody tr").first
    ends, said = row.locator("th"), row.locator("td:not(.folds)")
    start, middle, end = (part.bounding_box() for part in (ends.first, said, ends.last))
    assert start["y"] < middle["y"] < end["y"]
    assert min(box["width"] for box in (start, middle, end)) > 340
    claims = ends.last.locator(".folded").bounding_box()
    assert claims["y"] > ends.last.locator("button").bounding_box()["y"]
    assert claims["width"] > 320
    before = row.inner_text()
    view.click("#sort-to")
    assert before != view.locator("#table-view tbody tr").first.inner_text()
    assert [] == view.evaluate(OVERLAID)


def test_without_a_script_a_phone_shows_every_cell_beside_the_others(browser, files):
    """Long words of one column once lay over the next."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 812})
    view = context.new_page()
    view.goto(files["map"].as_uri())
    assert view.locator("noscript tbody tr").count() == 200
    assert view.evaluate("document.documentElement.scrollWidth") <= 375
    assert [] == view.evaluate(OVERLAID)
    context.close()


def test_on_a_tablet_an_answer_has_the_width_of_the_page_until_a_row_is_opened(
    open_blocked_page, files
):
    """Its figure once was drawn so small beside the legend that it could not be read."""
    view = opened(open_blocked_page(width=820, height=1180), files["answer"])
    assert view.locator("#answer-view img").bounding_box()["width"] > 640
    view.locator("#answer-view button.node").first.click()
    details, answer = (view.locator(id).bounding_box() for id in ("#details", "#answer-view"))
    assert details["height"] > 400
    assert answer["x"] + answer["width"] <= details["x"]
