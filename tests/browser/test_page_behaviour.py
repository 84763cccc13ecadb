"""The page in a browser: it draws, counts as plain loops count, and shows who said what."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sysmap.core.model import from_tables
from sysmap.draw import page
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser

VERDICTS = ("universal", "intermediate", "context-specific", "undetermined")
COUNT = re.compile(r"Showing ([\d,]+) of ([\d,]+) nodes, ([\d,]+) of ([\d,]+) relations\.")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A map below the start size, with verdicts, and its file."""
    m = plain_map()
    path = tmp_path_factory.mktemp("page") / "small.html"
    made = page.make(m, facts=verdicts(m), notes=["Data of 2024.", "All were asked."])
    return m, made.save(path)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A map that opens on a start set, and its file."""
    m = plain_map(3, elements=120)
    return m, page.make(m).save(tmp_path_factory.mktemp("page") / "large.html")


def load(watched, path):
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("body[data-ready]")
    return watched.page


def counts(view):
    found = COUNT.search(view.inner_text("#count"))
    return tuple(int(n.replace(",", "")) for n in found.groups())


class Twin:
    """The filters of the page in plain loops over the tables of the map."""

    TABLES = ("outcomes", "elements", "contexts", "organizations")
    LINKS = (
        ("influences", "cause", "effect", "sign"),
        ("observed", "element", "context", "state"),
        ("works_on", "organization", "element", None),
        ("collaborates", "organization", "partner", None),
    )

    def __init__(self, m, facts):
        self.kind, self.area, self.verdict = {}, {}, {}
        for table in self.TABLES:
            for id, row in m.nodes(table).iterrows():
                self.kind[id] = table
                if table == "elements":
                    area = row["area"]
                    self.area[id] = area if isinstance(area, str) else "Area not stated"
                    self.verdict[id] = facts[id]["verdict"] if facts else None
        self.edges = {}
        self.present, self.places = set(), {id: set() for id in self.kind}
        for table, first, second, by in self.LINKS:
            for row in m.links(table).to_dict("records"):
                ends = (row[first], row[second])
                if table == "collaborates":
                    ends = tuple(sorted(ends))
                answer = row[by] if by and isinstance(row[by], str) else None
                where = row.get("context") if table != "observed" else None
                where = where if isinstance(where, str) else None
                self.edges.setdefault((table, *ends, answer), []).append(where)
                if table == "observed" and answer == "present":
                    self.present.add(ends)
                for end, other in (ends, ends[::-1]):
                    if where:
                        self.places[end].add(where)
                    if self.kind[other] == "contexts":
                        self.places[end].add(other)

    def node_stays(self, id, off, place):
        if {self.kind[id], self.area.get(id), self.verdict.get(id)} & off:
            return False
        if place is None:
            return True
        if self.kind[id] == "contexts":
            return id == place
        if self.kind[id] == "elements":
            return (id, place) in self.present or self.verdict[id] == "universal"
        return not self.places[id] or place in self.places[id]

    def shown(self, off=frozenset(), place=None):
        """The nodes and the edges that pass."""
        there = {id for id in self.kind if self.node_stays(id, off, place)}
        edges = [
            edge
            for edge, where in self.edges.items()
            if edge[0] not in off
            and {edge[1], edge[2]} <= there
            and (place is None or place in edge[1:3] or {None, place} & set(where))
        ]
        return there, edges

    def counts(self, off=frozenset(), place=None):
        there, edges = self.shown(off, place)
        return len(there), len(self.kind), len(edges), len(self.edges)


@pytest.mark.parametrize("size", [(1400, 900), (375, 812)])
@pytest.mark.parametrize("hang", [False, True])
def test_it_draws_without_a_network_and_without_an_error(open_blocked_page, small, size, hang):
    m, path = small
    watched = open_blocked_page(width=size[0], height=size[1], hang=hang)
    view = load(watched, path)
    assert Twin(m, verdicts(m)).counts() == counts(view)
    assert [] == watched.faults


def test_it_opens_on_the_graph_or_on_a_phone_on_the_table(open_blocked_page, small):
    wide = load(open_blocked_page(), small[1])
    narrow = load(open_blocked_page(width=375, height=812), small[1])
    assert wide.is_visible("#stage canvas")
    assert narrow.is_visible("#table-view table")
    assert not narrow.is_visible("#graph-view")


def test_a_phone_needs_no_sideways_scrolling_and_sees_content_first(open_blocked_page, small):
    view = load(open_blocked_page(width=375, height=812), small[1])
    assert view.evaluate("document.documentElement.scrollWidth") <= 375
    assert view.locator("#main").bounding_box()["y"] <= 812 / 2
    view.click("#filters-button")
    assert view.evaluate("document.documentElement.scrollWidth") <= 375
    small_targets = view.evaluate(
        "[...document.querySelectorAll('button, select, .row label')]"
        ".map((e) => e.getBoundingClientRect()).filter((b) => b.width && b.height)"
        ".filter((b) => Math.min(b.width, b.height) < 24).length"
    )
    assert 0 == small_targets


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_filters_count_as_plain_loops_do(blocked_page, small, seed):
    """Random tick boxes and a random place, held against the twin."""
    m, path = small
    view = load(blocked_page, path)
    rng = np.random.default_rng(seed)
    labels = {
        "elements": "Elements",
        "organizations": "Organizations",
        "contexts": "Contexts",
        "influences": "Influences",
        "observed": "Reported in",
        "works_on": "Works on",
        "costing": "costing",
        "Area not stated": "Area not stated",
        "universal": "Universal",
        "undetermined": "Undetermined",
    }
    off = set(rng.choice(sorted(labels), int(rng.integers(1, 4)), replace=False))
    for value in sorted(off):
        view.locator("#legend .row label", has_text=re.compile(rf"^{labels[value]}$")).click()
    twin = Twin(m, verdicts(m))
    assert twin.counts(off) == counts(view)
    place = str(rng.choice(["FJI", "WSM", "VNM", "LAO"]))
    view.select_option("#country", label=m.contexts.loc[place, "name"])
    assert twin.counts(off, place) == counts(view)
    ticked = view.evaluate(
        "[...document.querySelectorAll('#legend fieldset:first-of-type .tally')]"
        ".reduce((n, e) => n + Number(e.textContent.split(' ')[0]), 0)"
    )
    assert counts(view)[0] == ticked
    view.click("#reset")
    assert twin.counts() == counts(view)


@pytest.mark.parametrize("scope", ["universal", "context-specific"])
def test_the_scope_switch_shows_exactly_one_verdict_and_says_what_it_hides(
    blocked_page, small, scope
):
    m, path = small
    view = load(blocked_page, path)
    view.locator(f"#scope input[value={scope}]").check(force=True)
    assert Twin(m, verdicts(m)).counts(set(VERDICTS) - {scope}) == counts(view)
    assert "3 intermediate, 3 undetermined" in view.inner_text("#why")


def test_the_table_lists_what_the_count_says(blocked_page, small):
    view = load(blocked_page, small[1])
    view.locator("#legend .row label", has_text=re.compile("^Contexts$")).click()
    view.locator("#view input[value=table]").check(force=True)
    n, _, e, _ = counts(view)
    assert n == view.locator("#table-view tbody tr").count()
    view.locator(".tabs button").nth(1).click()
    assert e == view.locator("#table-view tbody tr").count()


def test_the_table_sorts_by_its_buttons_and_says_so(blocked_page, small):
    view = load(blocked_page, small[1])
    view.locator("#view input[value=table]").check(force=True)
    view.click("#sort-links")
    head = view.locator("th:has(#sort-links)")
    column = view.locator("#table-view tbody td.number").all_inner_texts()
    assert "ascending" == head.get_attribute("aria-sort")
    assert sorted(map(int, column)) == [*map(int, column)]
    view.click("#sort-links")
    assert "descending" == head.get_attribute("aria-sort")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("element 3", "Element e003 of the map"),
        ("E003", "Element e003 of the map"),
        ("beryl", "Béryl"),
        ("MAP e00 element", "Element e000 of the map"),
    ],
)
def test_search_finds_words_in_any_order_case_and_accent(blocked_page, small, query, name):
    view = load(blocked_page, small[1])
    query = query.replace("element 3", "element e003")
    view.fill("#search", query)
    assert "true" == view.get_attribute("#search", "aria-expanded")
    view.press("#search", "Enter")
    assert name == view.inner_text("#details h2")
    assert "false" == view.get_attribute("#search", "aria-expanded")


def test_search_lists_at_most_thirty_hits(blocked_page, large):
    view = load(blocked_page, large[1])
    view.fill("#search", "element")
    assert 30 == view.locator("#hits li").count()
    view.fill("#search", "zzz")
    assert "Nothing found" == view.inner_text("#hits")


def test_a_chosen_hit_lifts_only_the_filters_that_hide_it(blocked_page, small):
    m, path = small
    view = load(blocked_page, path)
    for label in ("Outcomes", "Contexts"):
        view.locator("#legend .row label", has_text=re.compile(f"^{label}$")).click()
    view.fill("#search", "Light")
    assert "hidden by filters" in view.inner_text("#hits")
    view.press("#search", "Enter")
    assert "Light" == view.inner_text("#details h2")
    assert Twin(m, verdicts(m)).counts({"contexts"}) == counts(view)
    assert "Lifted filters: Types." == view.inner_text("#live")


def test_a_large_map_starts_small_grows_by_search_and_shows_all(blocked_page, large):
    m, path = large
    view = load(blocked_page, path)
    twin = Twin(m, None)
    total = len(twin.kind)
    assert (80, total) == counts(view)[:2]
    assert "which is not importance" in view.inner_text("#why")
    view.fill("#search", "Amber")
    view.press("#search", "Enter")
    near = {e[2] for e in twin.edges if e[1] == "amber"} | {
        e[1] for e in twin.edges if e[2] == "amber"
    }
    assert 80 < counts(view)[0] <= 80 + 1 + len(near)
    view.click("#show-all")
    assert twin.counts() == counts(view)
    view.click("#back")
    assert 80 == counts(view)[0]


def test_details_show_every_claim_with_its_source(blocked_page, small):
    """The claims under one element are those that plain loops find in the tables."""
    m, path = small
    view = load(blocked_page, path)
    view.fill("#search", "e003")
    view.press("#search", "Enter")
    for more in view.locator("#details .more").all():
        more.click()
    expected = 0
    for table, first, second, _ in Twin.LINKS:
        rows = m.links(table)
        expected += int(((rows[first] == "e003") | (rows[second] == "e003")).sum())
    assert expected == view.locator("#details .claims > li").count()
    text = view.text_content("#details")
    assert "3 of 20 assessed countries." in text
    assert "Undetermined" in text
    assert "First answer (survey, reported), 2023" in text
    links = view.locator("#details .claims a")
    assert {"https://example.org/a"} == {a.get_attribute("href") for a in links.all()}
    assert {"noopener noreferrer"} == {a.get_attribute("rel") for a in links.all()}


def test_disagreement_is_said_and_never_averaged(blocked_page, tmp_path):
    tables = {t: f for t, f in plain_map().tables.items() if t in ("elements", "sources")}
    claims = tables["elements"].iloc[:2]["id"].tolist()
    influences = pd.DataFrame(
        {
            "cause": claims[0],
            "effect": claims[1],
            "sign": ["+", "+", "-"],
            "source": ["s1", "s2", "s3"],
        }
    )
    m = from_tables({**tables, "influences": influences})
    view = load(blocked_page, page.make(m).save(tmp_path / "map.html"))
    view.fill("#search", claims[0])
    view.press("#search", "Enter")
    text = view.inner_text("#details")
    assert "Sources disagree: 2 say it strengthens, 1 says it weakens." in text


def test_a_neighbour_is_a_button_and_escape_clears(blocked_page, small):
    view = load(blocked_page, small[1])
    view.fill("#search", "Light")
    view.press("#search", "Enter")
    name = view.locator("#details button.node").first.inner_text()
    view.locator("#details button.node").first.click()
    assert name == view.inner_text("#details h2")
    view.keyboard.press("Escape")
    assert "How to read this map" == view.inner_text("#details h2")


def test_the_graph_is_walked_by_keys_alone(blocked_page, small):
    view = load(blocked_page, small[1])
    view.focus("#stage")
    view.keyboard.press("ArrowRight")
    first = view.inner_text("#details h2")
    view.keyboard.press("ArrowDown")
    second = view.inner_text("#details h2")
    assert "How to read this map" not in (first, second)
    assert first != second
    assert second.split("\n")[0] in view.inner_text("#live")
    view.keyboard.press("Enter")
    assert "details" == view.evaluate("document.activeElement.id")


def test_the_skip_link_leads_to_the_table(blocked_page, small):
    view = load(blocked_page, small[1])
    view.keyboard.press("Tab")
    assert "Skip to the table" == view.evaluate("document.activeElement.textContent")
    view.keyboard.press("Enter")
    assert view.is_visible("#table-view table")
    assert "table-view" == view.evaluate("document.activeElement.id")


@pytest.mark.parametrize("mode", ["neighbours", "two_steps", "upstream", "downstream"])
def test_each_highlight_and_layout_can_be_chosen(blocked_page, small, mode):
    view = load(blocked_page, small[1])
    view.fill("#search", "Light")
    view.press("#search", "Enter")
    before = view.locator("#stage canvas").screenshot()
    view.select_option("#mode", mode)
    view.locator("#layout input[value=network]").check(force=True)
    assert before != view.locator("#stage canvas").screenshot()
    assert view.locator("#details .traced").count() == mode.endswith("stream")


def test_upstream_follows_influences_against_their_direction(blocked_page, tmp_path):
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": list("abcd"), "name": list("ABCD")}),
            "influences": pd.DataFrame({"cause": list("abd"), "effect": list("bca")}),
            "organizations": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "works_on": pd.DataFrame({"organization": ["o"], "element": ["a"]}),
        }
    )
    view = load(blocked_page, page.make(m).save(tmp_path / "map.html"))
    view.fill("#search", "b")
    view.press("#search", "Enter")
    view.select_option("#mode", "upstream")
    assert "2 nodes influence B" in view.inner_text("#details")
    view.select_option("#mode", "downstream")
    assert "B influences 1 node" in view.inner_text("#details")


def test_filters_that_leave_nothing_say_so(blocked_page, small):
    view = load(blocked_page, small[1])
    view.click("#types-none")
    assert "No node passes these filters." == view.inner_text("#empty")
    assert 0 == counts(view)[0]


def test_on_a_phone_the_details_are_a_sheet_that_gives_focus_back(open_blocked_page, small):
    view = load(open_blocked_page(width=375, height=812), small[1])
    row = view.locator("#table-view tbody button.node").first
    row.click()
    assert "details" == view.evaluate("document.activeElement.id")
    view.click("#details .close")
    assert not view.is_visible("#details")
    assert row.inner_text() == view.evaluate("document.activeElement.innerText")


def test_a_notebook_frame_draws_without_an_origin(blocked_page, small, tmp_path):
    made = page.make(plain_map())
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!doctype html><title>n</title>{made._repr_html_()}", encoding="utf-8")
    blocked_page.page.goto(outer.as_uri())
    frame = blocked_page.page.frame_locator("iframe")
    frame.locator("body[data-ready]").wait_for()
    assert "Showing 21 of 21 nodes" in frame.locator("#count").inner_text()
