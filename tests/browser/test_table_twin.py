"""The table states what the graph draws: same rows, same counts, every claim, in any order."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from sysmap.core.model import from_tables
from sysmap.draw import page
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    m = plain_map()
    return page.make(m, facts=verdicts(m)).save(tmp_path_factory.mktemp("table") / "small.html")


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """1,203 relations, so that the table pages."""
    ids = [f"e{i:03}" for i in range(401)]
    ends = [(i, (i + step) % 401) for step in (1, 7, 31) for i in range(401)]
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": [f"Name {i}" for i in range(401)]}),
            "influences": pd.DataFrame(
                {"cause": [ids[a] for a, _ in ends], "effect": [ids[b] for _, b in ends]}
            ),
        }
    )
    made = page.make(m, layouts=("layers",))
    return made.save(tmp_path_factory.mktemp("table") / "long.html")


def table(watched, path):
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("body[data-ready]")
    watched.page.locator("#view input[value=table]").check(force=True)
    return watched.page


def column(view, at):
    return view.evaluate(
        "(at) => [...document.querySelectorAll('#table-view tbody tr')]"
        ".map((row) => (row.children[at].querySelector(':scope > .long, button .long')"
        " || row.children[at]).textContent)",
        at,
    )


def counts(view):
    return [int(n) for n in re.findall(r"\((\d+)\)", view.inner_text("#table-view .tabs"))]


def test_both_tabs_count_what_the_count_line_counts(blocked_page, small):
    view = table(blocked_page, small)
    for step in (None, "#filter-types-3", "#filter-relations-1", "#filter-verdicts-0"):
        if step:
            view.uncheck(step)
        line = [int(n) for n in re.findall(r"\d+", view.inner_text("#count"))]
        assert [line[0], line[2]] == counts(view)
        assert line[0] == view.locator("#table-view tbody tr").count()


@pytest.mark.parametrize(
    ("key", "at", "value"),
    [
        ("name", 0, lambda text: text.removeprefix("? ").casefold()),
        ("links", 5, int),
        ("k_of_n", 4, lambda text: int(text.split()[0]) if text else -1),
    ],
)
def test_a_column_sorts_by_its_button_up_and_down_and_says_so(blocked_page, small, key, at, value):
    view = table(blocked_page, small)
    button = f"#sort-{key}"
    head = view.locator("#table-view thead th").nth(at)
    assert "none" == head.get_attribute("aria-sort")
    view.focus(button)
    for order in ("ascending", "descending"):
        view.keyboard.press("Enter")
        assert order == head.get_attribute("aria-sort")
        assert button == "#" + view.evaluate("document.activeElement.id")
        found = [value(text) for text in column(view, at)]
        assert sorted(found, reverse=order == "descending") == found
    assert "sorted by" in view.inner_text("#table-view caption")


def test_every_claim_stands_in_the_row_of_its_relation(blocked_page, small):
    m = plain_map()
    view = table(blocked_page, small)
    view.click("#tab-relations")
    claims = view.locator("#table-view .claims li")
    expected = sum(len(m.links(t)) for t in ("influences", "observed", "works_on")) + 2
    assert expected == claims.count()
    text = view.evaluate(
        "[...document.querySelectorAll('#table-view .claims li')].map((l) => l.textContent)"
    )
    assert sum("Second answer" in line for line in text) == sum(
        int((m.links(t)["source"] == "s2").sum())
        for t in ("influences", "observed", "works_on", "collaborates")
    )
    strengths = sum("strength" in line for line in text)
    assert int(m.links("influences")["strength"].notna().sum()) == strengths


def test_above_a_thousand_rows_the_table_pages_by_two_hundred(blocked_page, long):
    view = table(blocked_page, long)
    view.click("#show-all")
    assert 401 == view.locator("#table-view tbody tr").count()
    view.click("#tab-relations")
    seen = []
    for number in range(7):
        seen += column(view, 0)
        expected = f"{200 * number + 1:,} to {min(1203, 200 * number + 200):,} of 1,203"
        assert expected in view.inner_text("#table-view .pager")
        assert view.is_disabled("#earlier") == (number == 0)
        assert view.is_disabled("#later") == (number == 6)
        if number < 6:
            view.click("#later")
    assert 1203 == len(seen)
    view.click("#sort-from")
    assert "1 to 200 of 1,203" in view.inner_text("#table-view caption")


def test_a_tab_and_a_row_keep_the_focus(blocked_page, small):
    view = table(blocked_page, small)
    view.focus("#tab-relations")
    view.keyboard.press("Enter")
    assert "tab-relations" == view.evaluate("document.activeElement.id")
    assert "true" == view.get_attribute("#tab-relations", "aria-pressed")
    view.locator("#table-view tbody button.node").first.click()
    assert view.is_visible("#details.open")


def test_without_a_script_the_page_shows_header_caveats_and_nodes(browser, tmp_path):
    m = plain_map()
    notes = ["Data of 2024.", "All were asked.", "3 claims are hidden.", "One more caveat."]
    path = page.make(m, facts=verdicts(m), notes=notes).save(tmp_path / "plain.html")
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1400, "height": 900}
    )
    view = context.new_page()
    view.goto(path.as_uri())
    assert "A small map" == view.inner_text("h1")
    assert not view.is_visible("#app")
    said = view.inner_text("noscript")
    assert all(note in said for note in notes)
    assert "Open the file in a browser that runs scripts" in said
    rows = view.locator("noscript tbody tr")
    assert 21 == rows.count()
    assert "Universal" in said
    assert "4 of 20" in said
    context.close()
