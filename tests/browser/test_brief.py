"""The brief in a browser: nothing for axe to find, and figures that can be read on a phone."""

from __future__ import annotations

import re

import pytest

import sysmap as sm
from sysmap.shipped import example
from tests.browser.test_page_axe import axe, violations
from tests.browser.waiting import settled
from tests.draw.maps import hostile_map, long_map

pytestmark = pytest.mark.browser

__all__ = ["axe"]


@pytest.fixture(scope="module")
def brief(tmp_path_factory):
    """Every answer of the teaching map, a figure and a table to each."""
    return sm.report(example("teaching"), tmp_path_factory.mktemp("report") / "brief")


def opened(watched, brief):
    watched.page.goto(brief.as_uri())
    watched.page.wait_for_load_state("load")
    return watched.page


@pytest.mark.parametrize("size", [(1400, 900), (375, 812)])
def test_axe_finds_nothing_in_the_brief(open_blocked_page, brief, axe, size):
    view = opened(open_blocked_page(width=size[0], height=size[1]), brief)
    assert view.locator("figure img").count() > 10
    assert [] == violations(view, axe)


def test_figures_scroll_on_a_phone_and_the_page_does_not(open_blocked_page, brief):
    """Seven points of a figure that is made as narrow as the phone cannot be read."""
    view = opened(open_blocked_page(width=375, height=812), brief)
    whole = "all => all.map((one) => one.clientWidth >= one.naturalWidth - 1)"
    assert all(view.eval_on_selector_all("figure img", whole))
    wider = "all => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    assert view.eval_on_selector_all("figure .scroll", wider) > 10
    hints = view.locator("figure .hint")
    assert hints.count() == view.locator("figure").count()
    assert all(hint.is_visible() for hint in hints.all())
    assert view.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.fixture(scope="module")
def long_brief(tmp_path_factory):
    """The brief of three hundred elements with long names."""
    return sm.report(long_map(), tmp_path_factory.mktemp("long") / "brief")


@pytest.mark.parametrize("names", ["short", "long"])
def test_a_phone_shows_each_row_whole_and_its_verdict_under_its_name(
    open_blocked_page, brief, long_brief, names
):
    """The verdict once hid beside the phone, and the path of a loop was as tall as the phone."""
    path = long_brief if names == "long" else brief
    view = opened(open_blocked_page(width=375, height=812), path)
    cells = view.eval_on_selector_all("article tbody :is(th, td)", PLACED)
    assert len(cells) > 200
    assert [] == [c for c in cells if c["text"] and not 0 <= c["left"] < c["right"] <= 375]
    # Nothing is told twice: heads are drawn beside their values.
    assert all(c["head"] in (c["said"], "") for c in cells if c["text"])
    found = view.eval_on_selector_all("#universality .finding", PLACED)
    assert {"universal", "undetermined"} & {c["text"] for c in found}
    assert all(c["after"] <= 8 for c in found)
    rows = view.eval_on_selector_all("article tbody tr", "all => all.map((r) => r.offsetHeight)")
    assert max(rows) < 812 / 2
    assert view.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_desktop_and_paper_keep_their_tables(open_blocked_page, brief):
    view = opened(open_blocked_page(), brief)
    for media in ("screen", "print"):
        view.emulate_media(media=media)
        cells = view.eval_on_selector_all("article tbody td", PLACED)
        assert {""} == {c["said"] for c in cells}
        assert view.locator("article thead").first.bounding_box()["height"] > 10


def test_figures_keep_to_the_column_on_a_desktop_and_on_paper(open_blocked_page, brief):
    view = opened(open_blocked_page(width=1400, height=900), brief)
    inside = "all => all.every((one) => one.clientWidth <= one.parentElement.clientWidth)"
    assert view.eval_on_selector_all("figure img", inside)
    view.set_viewport_size({"width": 600, "height": 900})
    view.emulate_media(media="print")
    assert view.eval_on_selector_all("figure img", inside)


def test_the_brief_prints_on_a4_and_the_first_task_on_one_sheet(open_blocked_page, brief):
    """A4 is 595 by 842 points; the text of a sheet is narrower than the sheet."""
    view = opened(open_blocked_page(width=794, height=1123), brief)
    printed = view.pdf(prefer_css_page_size=True)
    boxes = {
        tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox ?\[([^]]+)\]", printed)
    }
    assert [(0, 0, 595, 842)] == [tuple(round(v) for v in box) for box in boxes]
    assert len(re.findall(rb"/Type ?/Page\b", printed)) <= 16
    view.emulate_media(media="print")
    assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    # a figure that is taller than a sheet would be cut in two
    assert (
        max(view.eval_on_selector_all("figure img", "all => all.map((one) => one.clientHeight)"))
        <= 820
    )
    # room for text on a sheet: 297 mm without margins of 12 mm, at 96 pixels an inch
    room = (297 - 24) / 25.4 * 96
    view.set_viewport_size({"width": round((210 - 24) / 25.4 * 96), "height": 1000})
    assert view.locator("#task-1").bounding_box()["height"] <= room


def test_each_figure_opens_by_itself(open_blocked_page, brief):
    view = opened(open_blocked_page(width=375, height=812), brief)
    links = view.locator("figcaption a")
    names = links.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert len(set(names)) == len(names) > 10
    links.first.click()
    assert view.url.endswith("figures/responses.svg")


def test_how_it_was_computed_is_printed_and_folded_on_the_screen(open_blocked_page, brief):
    view = opened(open_blocked_page(), brief)
    texts = view.locator("article details p")
    count = texts.count()
    assert count > 10
    seen = "all => all.filter((one) => one.checkVisibility({ contentVisibilityAuto: true })).length"
    assert texts.evaluate_all(seen) == 0
    view.emulate_media(media="print")
    settled(view)
    assert texts.evaluate_all(seen) == count
    tall = "all => all.filter((one) => one.getBoundingClientRect().height > 20).length"
    assert texts.evaluate_all(tall) == count
    view.emulate_media(media="screen")
    settled(view)
    assert texts.evaluate_all(seen) == 0


def test_parameters_are_printed_in_the_annex(open_blocked_page, brief):
    view = opened(open_blocked_page(), brief)
    view.emulate_media(media="print")
    used = view.locator("#annex dl.small dd")
    assert used.count() > 10
    assert all(one.is_visible() for one in used.all())


def test_each_task_with_a_figure_begins_a_sheet(open_blocked_page, brief):
    view = opened(open_blocked_page(), brief)
    view.emulate_media(media="print")
    begins = view.eval_on_selector_all(
        ".task:has(figure)", "all => all.map((one) => getComputedStyle(one).breakBefore)"
    )
    assert len(begins) > 4
    assert {"page"} == set(begins)


@pytest.mark.parametrize("media", ["screen", "print"])
def test_a_date_stands_on_one_line(open_blocked_page, brief, media):
    """On paper a date once broke behind its hyphen, where names took the width of the table."""
    view = opened(open_blocked_page(width=703, height=1000), brief)
    view.emulate_media(media=media)
    dates = view.locator("#calendar td:is([data-head=start], [data-head=end])")
    assert any(re.fullmatch(r"\d{4}-\d\d-\d\d", said) for said in dates.all_inner_texts())
    lines = """all => all.map((one) => { const range = document.createRange();
      range.selectNodeContents(one); return range.getClientRects().length; })"""
    assert max(dates.evaluate_all(lines)) == 1


def test_hostile_text_runs_nothing_in_the_brief_and_its_figures(open_blocked_page, tmp_path):
    """The brief has no script, so each script, handler or foreign address would be a stray."""
    brief = sm.report(hostile_map(), tmp_path / "brief", audience="private")
    view = opened(open_blocked_page(), brief)
    view.emulate_media(media="print")
    assert view.evaluate("window.hacked === undefined && document.scripts.length === 0")
    assert "window.hacked=1" in view.inner_text("body")
    assert view.evaluate(STRAYS) == []
    figures = sorted(brief.parent.glob("figures/*.svg"))
    assert len(figures) > 2
    for figure in figures:
        view.goto(figure.as_uri())
        assert view.evaluate("window.hacked === undefined")
        assert (
            view.evaluate("document.querySelectorAll('script, image, foreignObject').length") == 0
        )


PLACED = """all => all.map((one) => {
  const { left, right, top } = one.getBoundingClientRect();
  const name = one.parentElement.firstElementChild.getBoundingClientRect();
  const said = getComputedStyle(one, "::before").content.replace(/^"|.?"$|^none$/gu, "").trim();
  return { text: one.innerText.trim(), head: one.dataset.head || "", said, left, right,
    after: top - name.bottom };
})"""

STRAYS = """() => [...document.querySelectorAll("*")].flatMap((one) => [...one.attributes]
  .filter(({ name, value }) => name.startsWith("on")
    || (["href", "src"].includes(name)
      && !/^(#|figures\\/|[a-z]+\\.(html|xlsx|ics|txt))/.test(value)))
  .map(({ name, value }) => name + "=" + value))"""
