"""The four readers reach what they came for, by mouse and by keyboard alone, wide and narrow."""

from __future__ import annotations

import csv
import re

import pytest

import sysmap as sm
from sysmap.core.schema import ELEMENTS

pytestmark = pytest.mark.browser

SIZES = {"wide": (1400, 900), "phone": (375, 812)}
HANDS = ("mouse", "keys")


@pytest.fixture(scope="module")
def teaching():
    return sm.example("teaching").redact("public")


@pytest.fixture(scope="module")
def path(teaching, tmp_path_factory):
    return sm.to_html(teaching).save(tmp_path_factory.mktemp("stories") / "map.html")


class Reader:
    """Somebody with a mouse, or with a keyboard alone: nothing is focused or set by script."""

    def __init__(self, view, hand):
        self.view, self.hand = view, hand

    def active(self, selector):
        return self.view.evaluate(
            "(s) => document.activeElement.matches(s) ? document.activeElement.id || true : null",
            selector,
        )

    def reach(self, selector, most=600):
        """Tab until the focus is there, past the end and round to the top where it must be."""
        for _ in range(most):
            if self.active(selector):
                return
            self.view.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {selector}")

    def press(self, selector):
        """A button, a link, a row or a tick box."""
        if self.hand == "mouse":
            self.view.locator(selector).first.click()
        else:
            self.reach(selector)
            self.view.keyboard.press("Space" if "filter-" in selector else "Enter")

    def choose(self, selector, label):
        """One entry of a list."""
        if self.hand == "mouse":
            self.view.select_option(selector, label=label)
            return
        self.reach(selector)
        self.view.keyboard.type(label)
        self.view.wait_for_function(
            "([s, label]) => document.querySelector(s).selectedOptions[0].label === label",
            arg=[selector, label],
        )

    def switch(self, group, value):
        """One of a few choices that stand side by side."""
        wanted = f"#{group} input[value={value}]"
        if self.hand == "mouse":
            self.view.click(wanted)
            return
        self.reach(f"#{group} input")
        for _ in range(4):
            if self.view.is_checked(wanted):
                return
            self.view.keyboard.press("ArrowRight")
        raise AssertionError(f"no arrow leads to {wanted}")

    def find(self, name):
        """Search, and take the first hit that is called exactly that."""
        if self.hand == "mouse":
            self.view.click("#search")
        else:
            self.reach("#search")
        self.view.keyboard.type(name)
        hits = self.view.locator("#hits .hit-name").all_inner_texts()
        at = hits.index(name)
        if self.hand == "mouse":
            self.view.locator("#hits li").nth(at).click()
            return
        for _ in range(at):
            self.view.keyboard.press("ArrowDown")
        self.view.keyboard.press("Enter")

    def close_sheet(self):
        """On a phone the details lie over the tools."""
        if self.hand == "mouse":
            self.view.click("#details .close")
        else:
            self.view.keyboard.press("Escape")


@pytest.fixture(params=[(size, hand) for size in SIZES for hand in HANDS], ids="-".join)
def reader(request, open_blocked_page, path):
    size, hand = request.param
    width, height = SIZES[size]
    view = open_blocked_page(width=width, height=height).page

    def opened(fragment=""):
        view.goto(path.as_uri() + fragment)
        view.wait_for_selector("body[data-ready]")
        return Reader(view, hand), view, size == "phone"

    return opened


def name_of(m, id):
    return str(m.name(id))


def most_influential(m):
    """The element with the most elements and outcomes downstream."""
    reach = {id: len(m.downstream(id).links("influences")) for id in m.elements.index}
    return max(reach, key=lambda element: (reach[element], element))


def downstream(m, id):
    """All that follows from it, in a plain loop."""
    pairs = m.links("influences")[["cause", "effect"]].to_numpy().tolist()
    found = {id}
    while more := {b for a, b in pairs if a in found} - found:
        found |= more
    return found - {id}


def test_an_analyst_traces_an_element_and_takes_the_files_away(reader, teaching, tmp_path):
    go, view, phone = reader()
    id = most_influential(teaching)
    name = name_of(teaching, id)
    if phone:
        go.press("#filters-button")
    go.choose("#mode", "All its effects")
    go.find(name)
    assert name == view.inner_text("#details h2")
    told = view.inner_text("#details .traced p")
    assert f"influences {len(downstream(teaching, id))} " in told
    works_on = teaching.links("works_on")
    traced = works_on["element"].isin({id, *downstream(teaching, id)})
    assert str(works_on[traced]["organization"].nunique()) == view.inner_text(
        "#details .traced h3 .tally"
    )
    if phone:
        go.close_sheet()
    for key, ending in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("csv-nodes", b"\xef\xbb\xbf")):
        go.press("#downloads summary")
        with view.expect_download() as waiting:
            go.press(f"#download-{key}")
        saved = tmp_path / key
        waiting.value.save_as(saved)
        assert ending in saved.read_bytes()[:60]
    rows = list(csv.reader((tmp_path / "csv-nodes").read_text("utf-8-sig").splitlines()))
    assert view.inner_text("#count").startswith(f"Showing {len(rows) - 1} of ")


def test_an_official_sees_what_holds_in_one_country(reader, teaching):
    go, view, phone = reader()
    place = teaching.links("observed")["context"].value_counts().index[0]
    if phone:
        assert view.is_visible("#table-view table")
        go.press("#filters-button")
    go.choose("#country", name_of(teaching, place))
    if not phone:
        go.switch("view", "table")
    observed = teaching.links("observed")
    here = (observed["context"] == place) & (observed["state"] == "present")
    present = set(observed[here]["element"])
    verdict = sm.universality(teaching).frame["verdict"]
    kept = present | set(verdict.index[verdict == "universal"])
    listed = view.evaluate(
        "[...document.querySelectorAll('#table-view tbody tr')].map((r) => r.innerText)"
    )
    names = {name_of(teaching, e) for e in teaching.nodes(ELEMENTS).index}
    shown = {n for n in names if any(n in row for row in listed)}
    assert {name_of(teaching, e) for e in kept} <= shown
    told = view.inner_text("#why").partition("Elements hidden in ")[2]
    assert len(names) - len(kept) == sum(int(n) for n in re.findall(r"(\d+) [a-z]", told)) > 0
    assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


SAID = """(rows) => rows.map((row) => {
  const source = row.firstElementChild || row.firstChild;
  return [source.textContent, /, (\\d{4}[-0-9]*|undated)/.exec(row.textContent)[1]];
})"""


def claims_about(m, id):
    """Source and date of every claim that names it, in plain loops over all tables of relations."""
    sources = m.table("sources").set_index("id")
    found = []
    for kind in m.schema.links:
        ends = [column.name for column in kind.ends]
        for row in m.links(kind.table).to_dict("records"):
            if id not in (row[ends[0]], row[ends[1]]):
                continue
            source = sources.loc[row["source"]]
            dates = [d for d in (row.get("date"), source["date"]) if isinstance(d, str)]
            found.append([source["name"], dates[0] if dates else "undated"])
    return sorted(found)


def test_a_member_checks_what_is_said_about_it(reader, teaching):
    office = teaching.links("works_on")["organization"].value_counts().index[0]
    go, view, _ = reader(f"#at={office}")
    assert name_of(teaching, office) == view.inner_text("#details h2")
    works_on = teaching.links("works_on")
    claims = works_on[works_on["organization"] == office]
    heading = view.locator("#details h3", has_text="Works on").first
    assert str(claims["element"].nunique()) == heading.locator(".tally").inner_text()
    told = claims_about(teaching, office)
    view.evaluate("for (const more of document.querySelectorAll('#details .more')) more.click()")
    assert told == sorted(view.locator("#details .relations .claims li").evaluate_all(SAID))
    view.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    view.emulate_media(media="print")
    assert len(told) == view.locator("#details .relations .claims li:visible").count()
    view.emulate_media(media="screen")
    view.evaluate("window.dispatchEvent(new Event('afterprint'))")
    first = view.locator("#details button.node").first
    goal = first.inner_text()
    go.press("#details button.node")
    assert goal in view.inner_text("#details h2") or view.inner_text("#details h2") in goal


def test_a_reader_of_the_table_hears_counts_and_sorts(reader, teaching):
    go, view, phone = reader()
    if go.hand == "keys":
        view.keyboard.press("Tab")
        assert go.active("#skip")
        view.keyboard.press("Enter")
        assert go.active("#table-view")
    elif not phone:
        go.switch("view", "table")
    go.press("#sort-name")
    order = view.locator("#table-view thead th").first.get_attribute("aria-sort")
    assert "ascending" == order
    go.press("#table-view tbody button.node")
    chosen = view.inner_text("#details h2")
    assert view.inner_text("#live").startswith(chosen)
    if go.hand == "keys":
        view.keyboard.press("Escape")
        assert not view.locator("#details .close").count()
        if phone:
            assert go.active("#table-view button.node")
