"""Weaknesses once met, keys alone, and what the page says aloud."""

from __future__ import annotations

import io
import re

import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

import sysmap as sm
from sysmap.core.model import from_tables
from sysmap.draw import page
from tests.browser.waiting import settled
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    m = plain_map()
    made = page.make(m, facts=verdicts(m), notes=["Data of 2024.", "All were asked."])
    return made.save(tmp_path_factory.mktemp("regressions") / "page.html")


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    made = page.make(plain_map(3, elements=120))
    return made.save(tmp_path_factory.mktemp("regressions") / "large.html")


def opened(watched, path):
    view = watched.page
    view.goto(path.as_uri())
    view.wait_for_selector("body[data-ready]")
    return view


def stage(view):
    """The stage as the eye sees it, without the buttons over it."""
    view.mouse.move(1, 1)
    settled(view)
    return view.locator("#stage canvas").screenshot(mask=[view.locator("#zoom")])


def corner(view):
    """Lightness of the upper left corner of the stage, 0 to 1."""
    picture = matplotlib.image.imread(io.BytesIO(stage(view)), format="png")
    return float(np.mean(picture[2:6, 2:6, :3]))


def row(view, label):
    return view.locator("#legend .row label", has_text=re.compile(f"^{label}$"))


def test_a_filter_taken_back_leaves_the_picture_as_it_was(blocked_page, small):
    """Hollow nodes once turned solid, and lines once changed their colour, on such an update."""
    view = opened(blocked_page, small)
    before = stage(view)
    for label in ("Organizations", "Influences", "costing"):
        row(view, label).click()
        assert before != stage(view)
        row(view, label).click()
        assert before == stage(view)


def test_a_selection_taken_back_leaves_the_picture_as_it_was(blocked_page, small):
    view = opened(blocked_page, small)
    view.focus("#stage")
    before = stage(view)
    view.keyboard.press("ArrowRight")
    assert before != stage(view)
    view.keyboard.press("Escape")
    assert before == stage(view)


def test_what_was_found_stays_in_view(blocked_page, large):
    """A fit after the first draw once undid the focus."""
    view = opened(blocked_page, large)
    view.fill("#search", "e100")
    view.press("#search", "Enter")
    first = stage(view)
    settled(view, 24)
    assert first == stage(view)


def test_a_line_that_appears_above_the_stage_does_not_undo_the_focus(open_blocked_page, tmp_path):
    """The counts change by a line, the stage with them, and the whole map once came back."""
    path = sm.to_html(sm.example()).save(tmp_path / "map.html")
    watched = open_blocked_page(width=820, height=1100)
    watched.page.add_init_script(f"({LETTERS})()")
    view = opened(watched, path)
    view.fill("#search", "School connectivity")
    view.press("#search", "Enter")
    expect(view.locator("#details h2")).to_have_text("School connectivity")
    settled(view)
    first = len(names_of(view))
    assert first > 8
    view.set_viewport_size({"width": 820, "height": 1060})
    settled(view)
    assert first - len(names_of(view)) < 3


def test_on_a_tablet_most_neighbours_are_seen_and_the_rest_is_told(open_blocked_page, tmp_path):
    """One of twenty-two was once in sight, and nothing said that there were more."""
    watched = open_blocked_page(width=820, height=1180)
    watched.page.add_init_script(f"({LETTERS})()")
    view = opened(watched, sm.to_html(sm.example()).save(tmp_path / "map.html"))
    view.fill("#search", "Teacher training in digital skills")
    view.press("#search", "Enter")
    expect(view.locator("#details h2")).to_have_text("Teacher training in digital skills")
    settled(view)
    assert len(names_of(view)) > 11
    assert view.is_visible("#goes-on")
    view.click("#fit")
    settled(view)
    assert not view.is_visible("#goes-on")


def test_titles_of_rows_are_not_cut_where_a_selection_moves_the_stage(open_blocked_page, tmp_path):
    watched = open_blocked_page(width=1400, height=900)
    watched.page.add_init_script(f"({LETTERS})()")
    view = opened(watched, sm.to_html(sm.example()).save(tmp_path / "map.html"))
    view.fill("#search", "Teacher training in digital skills")
    view.press("#search", "Enter")
    settled(view)
    titles = [b for b in view.evaluate("window.letters") if not b["placed"]]
    assert {"Outcomes", "Organizations"} <= {b["text"] for b in titles}
    assert [] == [b["text"] for b in titles if b["left"] < 0]


@pytest.mark.parametrize("size", [(1400, 900), (375, 812)])
@pytest.mark.parametrize(
    ("audience", "said"),
    [("public", "hidden from this audience"), ("private", "do not pass it on")],
)
def test_what_is_hidden_or_private_is_said_without_a_click(
    open_blocked_page, tmp_path, size, audience, said
):
    """Behind what was made up and judged it once stood in a fold that nobody opens."""
    made = sm.to_html(sm.example("teaching"), audience=audience)
    view = opened(open_blocked_page(width=size[0], height=size[1]), made.save(tmp_path / "m.html"))
    assert view.locator("#header .lead span:visible", has_text=said).count() == 1


@pytest.mark.parametrize("size", [(1240, 560), (850, 600), (1000, 560)])
def test_on_a_low_screen_the_foot_waits_below_the_panes(open_blocked_page, small, size):
    """In the frame of a notebook the foot once lay over the legend."""
    view = opened(open_blocked_page(width=size[0], height=size[1]), small)
    foot = view.locator("#footer").bounding_box()["y"]
    for pane in ("#legend", "#main", "#details"):
        box = view.locator(pane).bounding_box()
        assert box["height"] > 200
        assert box["y"] + box["height"] <= foot + 0.5
    assert view.evaluate("document.documentElement.scrollHeight") > size[1]
    view.locator("#footer").scroll_into_view_if_needed()
    assert view.locator("#footer").bounding_box()["y"] < size[1]


def test_a_set_too_large_to_be_read_whole_leaves_no_part_of_the_stage_empty(
    open_blocked_page, large
):
    """The selection once stood in the middle, and the half of the stage below it was blank."""
    watched = open_blocked_page(width=1200, height=720)
    watched.page.add_init_script(f"({LETTERS})()")
    view = opened(watched, large)
    view.click("#show-all")
    view.fill("#search", "Laos")
    view.press("#search", "Enter")
    (box,) = [b for b in names_of(view) if b["text"] == "Laos"]
    tall = view.locator("#stage").bounding_box()["height"]
    assert 0.65 * tall < box["top"] < box["bottom"] < tall, (box, tall)


def test_reset_restores_the_first_picture_with_layout_and_zoom(blocked_page, small):
    view = opened(blocked_page, small)
    before = stage(view)
    view.locator("#layout input[value=network]").check(force=True)
    view.click("#zoom-in")
    view.fill("#search", "Light")
    view.press("#search", "Enter")
    view.select_option("#mode", "paths")
    row(view, "Contexts").click()
    view.click("#reset")
    view.mouse.click(1, 1)
    assert before == stage(view)
    assert view.locator("#layout input[value=layers]").is_checked()
    assert "neighbours" == view.locator("#mode").input_value()
    assert not view.is_visible("#target-tool")


def test_a_frame_that_is_laid_out_late_gets_the_form_of_its_width(open_blocked_page, small):
    """Narrowness was once decided at load, and was wrong in a notebook frame."""
    watched = open_blocked_page(width=320, height=500)
    view = opened(watched, small)
    assert view.is_visible("#table-view table")
    view.set_viewport_size({"width": 1400, "height": 900})
    view.wait_for_selector("#stage canvas")
    broad = stage(view)
    view.set_viewport_size({"width": 900, "height": 1200})
    upright = stage(view)
    view.set_viewport_size({"width": 1400, "height": 900})
    assert broad != upright
    assert broad == stage(view)


def test_the_stage_follows_the_colours_that_the_reader_prefers(blocked_page, small):
    blocked_page.page.emulate_media(color_scheme="dark")
    view = opened(blocked_page, small)
    assert corner(view) < 0.2
    view.emulate_media(color_scheme="light")
    assert corner(view) > 0.9


def test_every_control_is_reached_by_tab_in_reading_order(blocked_page, small):
    view = opened(blocked_page, small)
    wanted = view.evaluate(
        """() => [...document.querySelectorAll(
             'a[href], button, select, input, summary, [tabindex="0"]')]
           .filter((e) => e.checkVisibility() && !e.disabled
             && !(e.type === 'radio' && !e.checked))
           .map((e, i) => { e.dataset.place = i; return i; })"""
    )
    reached, unseen = [], []
    for _ in wanted:
        view.keyboard.press("Tab")
        found = view.evaluate(
            """() => { const e = document.activeElement;
                 const marked = e.matches('input[type=radio]') ? e.nextElementSibling : e;
                 return [Number(e.dataset.place), getComputedStyle(marked).outlineStyle]; }"""
        )
        reached.append(found[0])
        if found[1] == "none":
            unseen.append(found[0])
    assert wanted == reached
    assert [] == unseen


def test_the_page_is_silent_while_typing_and_then_says_the_hits(blocked_page, small):
    view = opened(blocked_page, small)
    view.evaluate("document.getElementById('live').textContent = ''")
    view.focus("#search")
    view.keyboard.type("element e00", delay=20)
    assert "" == view.inner_text("#live")
    expect(view.locator("#live")).to_have_text("10 hits")


def test_counts_are_spoken_after_a_filter(blocked_page, small):
    view = opened(blocked_page, small)
    row(view, "Outcomes").click()
    assert view.inner_text("#count") == view.inner_text("#live")


def test_the_ways_to_change_what_is_drawn_are_always_there(blocked_page, large):
    view = opened(blocked_page, large)

    def idle(button):
        return view.get_attribute(button, "aria-disabled")

    assert ["true", "false", "true"] == [*map(idle, ("#grow-step", "#show-all", "#back"))]
    view.fill("#search", "Amber")
    view.press("#search", "Enter")
    assert ["false", "false", "false"] == [*map(idle, ("#grow-step", "#show-all", "#back"))]
    before = view.inner_text("#count")
    view.click("#grow-step")
    assert before != view.inner_text("#count")
    view.click("#show-all")
    assert ["true", "true", "false"] == [*map(idle, ("#grow-step", "#show-all", "#back"))]
    view.click("#back")
    assert "Showing 80 of" in view.inner_text("#count")


def test_a_lifted_filter_is_said_where_it_can_be_read(blocked_page, small):
    view = opened(blocked_page, small)
    row(view, "Outcomes").click()
    view.fill("#search", "Light")
    view.press("#search", "Enter")
    assert "Lifted filters: Types." in view.inner_text("#why")


def test_a_choice_that_leaves_nothing_offers_a_way_back(blocked_page, small):
    view = opened(blocked_page, small)
    view.click("#types-none")
    view.click("#empty-reset")
    assert not view.is_visible("#nothing")
    assert "Showing 21 of 21 nodes" in view.inner_text("#count")


@pytest.mark.parametrize("size", [(700, 450), (350, 406)])
def test_twice_the_zoom_needs_no_sideways_scrolling(open_blocked_page, small, size):
    """A browser zoomed to 200 % lays the page out in half as many pixels."""
    view = opened(open_blocked_page(width=size[0], height=size[1]), small)
    assert view.evaluate("document.documentElement.scrollWidth") <= size[0]
    view.click("#filters-button")
    assert view.evaluate("document.documentElement.scrollWidth") <= size[0]


LETTERS = """() => {
  const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
  window.letters = [];
  CanvasRenderingContext2D.prototype.clearRect = function (...given) {
    window.letters = [];
    return clearRect.apply(this, given);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { a, d, e, f } = this.getTransform();
    const wide = this.measureText(text).width * a;
    const left = x * a + e - { left: 0, center: wide / 2, right: wide }[this.textAlign];
    const tall = parseFloat(/([0-9.]+)px/.exec(this.font)[1]) * d;
    const top = y * d + f - (this.textBaseline === "top" ? 0 : tall * 0.8);
    const placed = this.textBaseline === "top";
    window.letters.push({ text, left, right: left + wide, top, bottom: top + tall, placed });
    return fillText.call(this, text, x, y);
  };
}"""


def names_of(view):
    """Boxes of the names of nodes in the frame that was drawn last."""
    return [box for box in view.evaluate("window.letters") if box["placed"]]


def overlapping(boxes):
    return [
        (a["text"], b["text"])
        for i, a in enumerate(boxes)
        for b in boxes[i + 1 :]
        if min(a["right"], b["right"]) - max(a["left"], b["left"]) > 1
        and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 1
    ]


@pytest.mark.parametrize("layout", ["layers", "network"])
@pytest.mark.parametrize("size", [(1400, 900), (900, 1200)])
def test_names_never_overlap_at_any_zoom(open_blocked_page, large, size, layout):
    watched = open_blocked_page(width=size[0], height=size[1])
    watched.page.add_init_script(f"({LETTERS})()")
    view = opened(watched, large)
    view.locator(f"#layout input[value={layout}]").check(force=True)
    view.click("#show-all")
    for _ in range(4):
        boxes = names_of(view)
        assert boxes
        assert [] == overlapping(boxes)
        view.click("#zoom-in")


LONG_AREAS = (
    "Research, evidence and knowledge management",
    "Strategy and long-term planning across ministries",
    "Partnerships",
    "Policies and plans",
    "Innovations",
    "Costing and financing",
    "Implementation",
    "Monitoring and evaluation, including learning",
)


@pytest.fixture(scope="module")
def columned(tmp_path_factory):
    """Eight areas with long titles over columns of unequal width."""
    ids = [f"e{i:03}" for i in range(240)]
    wide = [LONG_AREAS[i * i % 7] if i % 3 else LONG_AREAS[7] for i in range(240)]
    m = from_tables(
        {
            "elements": pd.DataFrame(
                {"id": ids, "name": [f"Element {i}" for i in ids], "area": wide}
            ),
            "influences": pd.DataFrame({"cause": ids[:-1], "effect": ids[1:]}),
        }
    )
    return page.make(m).save(tmp_path_factory.mktemp("page") / "columned.html")


@pytest.mark.parametrize("size", [(1400, 900), (900, 1200), (375, 812)])
@pytest.mark.parametrize("grown", [False, True])
def test_titles_of_areas_neither_overlap_nor_leave_the_stage(
    open_blocked_page, columned, size, grown
):
    watched = open_blocked_page(width=size[0], height=size[1])
    watched.page.add_init_script(f"({LETTERS})()")
    view = opened(watched, columned)
    view.locator("#view input[value=graph]").check(force=True)
    view.wait_for_selector("body[data-ready=graph]")
    if grown:
        view.evaluate("document.getElementById('show-all').click()")
    wide = view.locator("#stage").bounding_box()["width"]
    titles = [b for b in view.evaluate("window.letters") if not b["placed"]]
    assert len(titles) > 3
    assert [] == overlapping(titles)
    assert [] == [b["text"] for b in titles if b["left"] < 0 or b["right"] > wide]
    assert [] == [b["text"] for b in titles if b["text"].endswith("…")]


def test_a_question_mark_stands_before_its_name_and_never_alone(blocked_page, small):
    """The shortening of the script once took a blank out of a pattern and parted the two."""
    blocked_page.page.add_init_script(f"({LETTERS})()")
    asked = [b["text"] for b in names_of(opened(blocked_page, small)) if b["text"][0] == "?"]
    assert asked
    assert [] == [text for text in asked if not re.match(r"\?\u00a0\w", text)]


@pytest.mark.parametrize("layout", ["layers", "network"])
def test_no_name_is_cut_by_the_edge_of_the_stage(blocked_page, large, layout):
    """Names of the lowest row once hung below it, and names above the network over its top.

    What is read from the top goes on below, where a bar says so; the sides and the top cut nothing.
    """
    blocked_page.page.add_init_script(f"({LETTERS})()")
    view = opened(blocked_page, large)
    view.locator(f"#layout input[value={layout}]").check(force=True)
    view.click("#show-all")
    settled(view)
    box = view.locator("#stage").bounding_box()
    boxes = names_of(view)
    assert boxes
    beside = [b for b in boxes if min(b["left"], b["top"]) < 0 or b["right"] > box["width"]]
    assert [] == [b["text"] for b in beside]
    assert view.is_visible("#goes-on") or all(b["bottom"] <= box["height"] for b in boxes)
    view.click("#fit")
    settled(view)
    assert [] == [
        b["text"]
        for b in names_of(view)
        if min(b["left"], b["top"]) < 0 or b["right"] > box["width"] or b["bottom"] > box["height"]
    ]


def test_all_of_a_map_fills_the_stage_better_than_its_start_unfolded(blocked_page, columned):
    """The columns of the first picture are narrow; a map that is shown whole gets its own."""
    view = opened(blocked_page, columned)

    def drawn():
        columns = np.asarray(matplotlib.image.imread(io.BytesIO(stage(view)), format="png"))
        inked = np.flatnonzero((columns[:, :, :3].min(axis=2) < 0.8).any(axis=0))
        return inked.max() - inked.min()

    view.click("#show-all")
    assert drawn() > 0.8 * view.locator("#stage").bounding_box()["width"]
    view.click("#back")
    assert "Showing 80 of" in view.inner_text("#count")


@pytest.mark.parametrize("mode", ["neighbours", "two_steps", "upstream"])
def test_names_of_a_highlighted_set_stay_inside_the_stage(blocked_page, small, mode):
    """A traced set was once cut at the edge of the stage; here it is dragged there."""
    blocked_page.page.add_init_script(f"({LETTERS})()")
    view = opened(blocked_page, small)
    view.fill("#search", "e003")
    view.press("#search", "Enter")
    view.select_option("#mode", mode)
    box = view.locator("#stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 30
    for dx, dy in ((-box["width"] / 3, 0), (box["width"] / 3, 0), (0, -box["height"] / 3)):
        view.mouse.move(x, y)
        view.mouse.down()
        view.mouse.move(x + dx, y + dy, steps=4)
        view.mouse.up()
        stage(view)
        boxes = names_of(view)
        assert boxes
        assert [] == overlapping(boxes)
        assert [] == [
            b["text"]
            for b in boxes
            if b["left"] < 0
            or b["top"] < 0
            or b["right"] > box["width"] + 1
            or b["bottom"] > box["height"] + 1
        ]


def test_a_changed_script_does_not_run(open_blocked_page, small, tmp_path):
    """The guard is proved by breaking it: one letter more than the hash allows."""
    broken = tmp_path / "broken.html"
    text = small.read_text(encoding="utf-8").replace('"use strict"', '"use strict" ', 1)
    broken.write_text(text, encoding="utf-8", newline="\n")
    watched = open_blocked_page(faulty=True)
    watched.page.goto(broken.as_uri())
    assert watched.page.evaluate("document.body.dataset.ready === undefined")
    assert any("Content Security Policy" in text for text in watched.console_errors)
