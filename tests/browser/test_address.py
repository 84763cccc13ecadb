"""The address keeps the view; it is written with delay and read with distrust."""

from __future__ import annotations

import re

import pytest

from sysmap.draw import page
from tests.browser.waiting import TIMERS, rung
from tests.draw.maps import hostile_map, plain_map, verdicts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("address")
    m = plain_map()
    large = plain_map(3, elements=120)
    return {
        "small": page.make(m, facts=verdicts(m)).save(folder / "small.html"),
        "large": page.make(large, facts=verdicts(large)).save(folder / "large.html"),
        "hostile": page.make(hostile_map()).save(folder / "hostile.html"),
    }


def load(watched, path, fragment=""):
    watched.page.add_init_script(TIMERS)
    watched.page.goto("about:blank")
    watched.page.goto(path.as_uri() + fragment)
    watched.page.wait_for_selector("body[data-ready]")
    return watched.page


def written(view):
    """The address once it has been written."""
    rung(view)
    return view.evaluate("window.location.hash")


def seen(view):
    """All that a reader could tell two views apart by."""
    return {
        "count": view.inner_text("#count"),
        "details": view.inner_text("#details h2"),
        "ticked": view.evaluate(
            "[...document.querySelectorAll('#legend input')].map((i) => i.id + i.checked)"
        ),
        "chosen": view.evaluate(
            "[...document.querySelectorAll('input[type=radio]:checked')].map((i) => i.value)"
        ),
        "country": view.input_value("#country"),
        "mode": view.input_value("#mode"),
        "table": view.is_visible("#table-view"),
    }


def search(view, name):
    view.fill("#search", name)
    view.press("#search", "Enter")


JOURNEYS = {
    "filters": lambda v: (v.uncheck("#filter-types-3"), v.uncheck("#filter-areas--1")),
    "relations": lambda v: v.uncheck("#filter-relations-1"),
    "scope": lambda v: v.locator("#scope input[value=universal]").check(force=True),
    "country": lambda v: v.select_option("#country", label="Samoa"),
    "layout": lambda v: v.locator("#layout input[value=network]").check(force=True),
    "selection": lambda v: search(v, "Béryl"),
    "mode": lambda v: (search(v, "Light"), v.select_option("#mode", "upstream")),
    "paths": lambda v: (
        search(v, "e001"),
        v.select_option("#mode", "paths"),
        v.select_option("#target", label="Light"),
    ),
    "table": lambda v: v.locator("#view input[value=table]").check(force=True),
    "tab": lambda v: (
        v.locator("#view input[value=table]").check(force=True),
        v.click("#tab-relations"),
    ),
    "grown": lambda v: search(v, "Coral"),
    "everything": lambda v: v.click("#show-all") if v.is_visible("#show-all") else None,
    "nothing": lambda v: v.click("#types-none"),
}


@pytest.mark.parametrize("which", ["small", "large"])
def test_every_view_comes_back_from_its_address(open_blocked_page, files, which):
    first, second = open_blocked_page(), open_blocked_page()
    of_large_maps = ("selection", "paths", "grown", "everything")  # the rest is the same for both
    journeys = JOURNEYS if which == "small" else {k: JOURNEYS[k] for k in of_large_maps}
    for name, journey in journeys.items():
        view = load(first, files[which])
        journey(view)
        address, expected = written(view), seen(view)
        again = load(second, files[which], address)
        assert expected == seen(again), name
        assert address == written(again), name


def test_the_address_is_written_late_and_only_where_something_differs(blocked_page, files):
    view = load(blocked_page, files["small"])
    assert "" == written(view)
    view.uncheck("#filter-types-3")
    assert "" == view.evaluate("window.location.hash")
    assert "#types=organizations" == written(view)
    view.check("#filter-types-3")
    assert "" == written(view)


def test_a_member_opens_the_page_at_its_own_organization(blocked_page, files):
    """In a large map the organization is not among what the page opens on."""
    view = load(blocked_page, files["large"], "#at=beryl")
    assert "Béryl" in view.inner_text("#details h2")
    assert "Showing 80 of" not in view.inner_text("#count")


@pytest.mark.parametrize(
    "fragment",
    [
        "#at=nobody&place=nowhere&layout=spiral&view=hologram&mode=x&shown=none,nil&types=y&tab=z",
        "#types=%E0%A4%A&areas=%&verdicts=%00",
        "#__proto__=1&constructor=2&toString=3&=4&&&at",
        "#types=__proto__,constructor&at=__proto__&relations=length&place=light",
        "#" + "a" * 40_000,
        "#at=" + "%F0%9F%98%80" * 50,
        "#javascript:window.hacked=1",
    ],
)
def test_an_address_that_makes_no_sense_changes_nothing(open_blocked_page, files, fragment):
    """A page that reads it throws nothing either: the fixture fails on any error."""
    plain = seen(load(open_blocked_page(), files["small"]))
    view = load(open_blocked_page(), files["small"], fragment)
    assert plain == seen(view)
    assert view.evaluate("window.hacked === undefined && ({}).polluted === undefined")


def test_what_makes_sense_is_taken_from_a_spoilt_address(blocked_page, files):
    view = load(blocked_page, files["small"], "#at=light&types=nothing,organizations&mode=x")
    assert "Light" in view.inner_text("#details h2")
    assert not view.is_checked("#filter-types-3")
    assert "#types=organizations&at=light" == written(view)


def test_ids_that_are_gone_are_not_grown_into_the_picture(open_blocked_page, files):
    plain = seen(load(open_blocked_page(), files["large"]))
    view = load(open_blocked_page(), files["large"], "#shown=nobody,no-one&at=gone")
    assert plain == seen(view)
    view.uncheck("#filter-types-0")
    assert "#types=outcomes" == written(view)


def test_hostile_ids_survive_the_address(open_blocked_page, files):
    view = load(open_blocked_page(), files["hostile"])
    for query in ("name 0", "name 8", "name 10"):
        search(view, query)
        expected = view.inner_text("#details h2")
        again = load(open_blocked_page(), files["hostile"], written(view))
        assert expected == again.inner_text("#details h2")
        assert again.evaluate("window.hacked === undefined")


def test_a_changed_address_changes_the_view(blocked_page, files):
    view = load(blocked_page, files["small"])
    view.evaluate("window.location.hash = '#at=water&view=table'")
    view.wait_for_selector("#table-view table")
    assert "Water" in view.inner_text("#details h2")


def test_links_inside_the_page_never_touch_the_address(blocked_page, files):
    view = load(blocked_page, files["small"], "#at=light&layout=network")
    before = written(view)
    view.focus("#skip")
    view.keyboard.press("Enter")
    assert "table-view" == view.evaluate("document.activeElement.id")
    assert before + "&view=table" == re.sub(
        r"(.*)&view=table(.*)", r"\1\2&view=table", written(view)
    )


def test_reset_brings_the_first_picture_and_an_empty_address_back(open_blocked_page, files):
    first = seen(load(open_blocked_page(), files["large"]))
    view = load(open_blocked_page(), files["large"])
    canvas = view.locator("#stage canvas").screenshot()
    search(view, "Coral")
    view.select_option("#mode", "two_steps")
    view.locator("#layout input[value=network]").check(force=True)
    view.select_option("#country", label="Fiji")
    view.uncheck("#filter-types-0")
    view.click("#zoom-in")
    assert "" != written(view)
    view.click("#reset")
    view.mouse.move(0, 0)
    assert "" == written(view)
    assert first == seen(view)
    assert canvas == view.locator("#stage canvas").screenshot()


def test_a_frame_that_forbids_it_keeps_no_state_and_says_nothing(blocked_page, tmp_path):
    """The fixture fails on any error of the console."""
    outer = tmp_path / "notebook.html"
    shown = page.make(plain_map())._repr_html_()
    outer.write_text(f"<!doctype html><title>n</title>{shown}", encoding="utf-8")
    blocked_page.page.add_init_script(TIMERS)
    blocked_page.page.goto(outer.as_uri())
    frame = blocked_page.page.frame_locator("iframe")
    frame.locator("body[data-ready]").wait_for()
    frame.locator("#filter-types-3").uncheck()
    frame.locator("#search").fill("Light")
    frame.locator("#search").press("Enter")
    rung(blocked_page.page.frames[1])
    assert "Light" in frame.locator("#details h2").inner_text()
    assert blocked_page.page.url == outer.as_uri()
