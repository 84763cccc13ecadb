"""The page on paper: what is drawn, what it rests on, no tools, black on white."""

from __future__ import annotations

import re

import pytest

import sysmap as sm
from sysmap.draw import page
from tests.browser.waiting import settled
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser

CLAIMS = "[...document.querySelectorAll('{} .claims li')]"
NOTES = ["Data of 30 June 2024.", "All were asked.", "Nobody is hidden.", "A fourth sentence."]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    m = plain_map()
    made = page.make(m, facts=verdicts(m), notes=NOTES, methods="How the verdicts were computed.")
    return made.save(tmp_path_factory.mktemp("paper") / "small.html")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """One element that more than twelve claims speak of, so that its details are folded."""
    return page.make(plain_map(3, elements=6)).save(
        tmp_path_factory.mktemp("paper") / "crowded.html"
    )


def load(watched, path):
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("body[data-ready]")
    return watched.page


def on_paper(view):
    """As a browser does it: it tells the page first, then lays it out for paper."""
    view.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    view.emulate_media(media="print")
    return view


def off_paper(view):
    view.emulate_media(media="screen")
    view.evaluate("window.dispatchEvent(new Event('afterprint'))")


def select(view, name):
    view.fill("#search", name)
    view.press("#search", "Enter")


def drawn_text(view):
    return view.evaluate(
        "[...document.querySelectorAll('#paper text')].map((t) => t.textContent).join(' ')"
    )


def test_the_graph_is_printed_with_title_date_counts_and_legend(blocked_page, small):
    view = load(blocked_page, small)
    counts = view.inner_text("#count")
    on_paper(view)
    said = drawn_text(view)
    for words in ("Thicker lines", "Fiji"):
        assert words in said
    assert all(note in view.inner_text("#header") for note in NOTES)
    assert "How the verdicts were computed." in view.inner_text("#footer")
    assert view.is_visible("#paper svg")
    sheet = f"{view.inner_text('body')} {said}"
    assert [1, 1, 1] == [sheet.count(words) for words in ("A small map", NOTES[0], counts)]


def test_the_graph_stands_on_the_first_sheet_below_its_caveats(open_blocked_page, tmp_path):
    """A4 between margins of 14 mm is 688 by 1016 pixels; the first sheet once stayed blank."""
    path = sm.to_html(sm.example()).save(tmp_path / "map.html")
    watched = open_blocked_page()
    for selected in (None, "Digital skills training"):
        view = load(watched, path)
        if selected:
            select(view, selected)
        on_paper(view)
        view.set_viewport_size({"width": 688, "height": 1016})
        box = view.locator("#paper svg").bounding_box()
        assert box["y"] + box["height"] <= 1016
        off_paper(view)
        view.set_viewport_size({"width": 1400, "height": 900})


def test_no_tool_is_printed(blocked_page, small):
    view = on_paper(load(blocked_page, small))
    for tool in ("#tools", "#legend", "#zoom", "#view", "#grow", "#graph-view", "#skip"):
        assert not view.is_visible(tool), tool
    assert not view.is_visible("#details")  # nothing is selected


def test_the_details_of_the_selection_are_printed_unfolded(blocked_page, crowded):
    view = load(blocked_page, crowded)
    select(view, "e000")
    claims = view.evaluate(
        "[...document.querySelectorAll('#details .relations > li, #details details')].length"
    )
    on_paper(view)
    assert view.is_visible("#details h2")
    assert "Highlighted: Element e000" in drawn_text(view)
    assert 0 == view.evaluate(
        f"{CLAIMS.format('#details')}.filter((l) => !l.checkVisibility()).length"
    )
    assert not view.locator("#details button.more").count()
    assert claims


def test_paper_is_black_on_white_whatever_the_scheme(open_blocked_page, small):
    watched = open_blocked_page()
    watched.page.emulate_media(color_scheme="dark")
    view = load(watched, small)
    select(view, "Light")
    view.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    view.emulate_media(media="print", color_scheme="dark")
    assert "rgb(255, 255, 255)" == view.evaluate("getComputedStyle(document.body).backgroundColor")
    for part in ("body", "#details", "#count", "#footer"):
        colour = view.evaluate(f"getComputedStyle(document.querySelector('{part}')).color")
        assert max(map(int, re.findall(r"\d+", colour)[:3])) <= 60, (part, colour)
    assert "#ffffff" == view.evaluate("document.querySelector('#paper rect').getAttribute('fill')")
    hidden = view.evaluate(
        "[...document.querySelectorAll('#details details')].filter((d) => !d.open).length"
    )
    assert 0 == hidden


def test_the_table_is_printed_with_its_headings_in_text_and_a_legend(blocked_page, small):
    """A browser repeats the head of a table on each sheet, but leaves buttons in it out."""
    view = load(blocked_page, small)
    view.locator("#view input[value=table]").check(force=True)
    on_paper(view)
    assert "table-header-group" == view.evaluate(
        "getComputedStyle(document.querySelector('#table-view thead')).display"
    )
    heads = view.locator("#table-view thead th")
    assert "static" == heads.first.evaluate("(cell) => getComputedStyle(cell).position")
    assert ["Name", "Type", "Area", "Verdict", "Present in", "Relations"] == heads.all_inner_texts()
    assert 21 == view.locator("#table-view tbody tr").count()
    assert "Element: universal" in drawn_text(view)
    assert not view.is_visible("#table-view .tabs")


def test_the_claims_of_relations_are_printed_unfolded(blocked_page, small):
    view = load(blocked_page, small)
    view.locator("#view input[value=table]").check(force=True)
    view.click("#tab-relations")
    on_paper(view)
    rows = view.locator("#table-view tbody tr")
    listed = view.evaluate(
        f"{CLAIMS.format('#table-view')}.filter((l) => l.checkVisibility()).length"
    )
    expected = sum(len(plain_map().links(t)) for t in ("influences", "observed", "works_on")) + 2
    assert expected == listed
    assert rows.count() < listed


@pytest.mark.parametrize("view_", ["graph", "table"])
def test_printing_leaves_the_screen_as_it_was(blocked_page, small, view_):
    """A sheet is narrow, and the page must not take it for a phone; so it is really printed."""
    view = load(blocked_page, small)
    view.locator(f"#view input[value={view_}]").check(force=True)
    select(view, "Light")
    before = view.inner_text("#details"), view.evaluate("document.body.dataset.view")
    pdf = view.pdf(format="A4")
    settled(view)
    assert pdf.startswith(b"%PDF-")
    assert before == (view.inner_text("#details"), view.evaluate("document.body.dataset.view"))
    assert "" == view.evaluate("document.getElementById('paper').innerText")
    assert view.is_visible(f"#{view_}-view")


def test_a_sheet_is_not_taken_for_a_phone(blocked_page, small):
    """A table that is drawn anew while it is printed has its claims folded again."""
    view = load(blocked_page, small)
    view.locator("#view input[value=table]").check(force=True)
    view.click("#tab-relations")
    view.evaluate(
        "window.drawn = 0; new MutationObserver(() => { window.drawn += 1; })"
        ".observe(document.getElementById('table-view'), { childList: true })"
    )
    view.pdf(format="A4")
    settled(view)
    # Once at most: after the sheet, when the window is wide again.
    assert 1 >= view.evaluate("window.drawn")


def test_what_was_folded_is_folded_again(blocked_page, small):
    view = load(blocked_page, small)
    select(view, "Light")
    folded = "[...document.querySelectorAll('details')].map((d) => d.open)"
    before = view.evaluate(folded)
    on_paper(view)
    assert before != view.evaluate(folded)
    off_paper(view)
    assert before == view.evaluate(folded)


LEAST_POINTS = 8

UNTOLD = """(table) => {
  const [row] = table.tBodies[0].rows;
  return [...table.querySelectorAll("thead .on-paper")].map((head, i) => [head, row.cells[i]])
    .filter(([, cell]) => cell.textContent && !cell.checkVisibility())
    .map(([head, cell]) => `${head.textContent}: ${cell.textContent}`)
    .filter((told) => !row.innerText.includes(told.split(": ")[1]));
}"""
"""What no column has room for, and no cell of a name holds."""

SMALL = """(least) => [...document.querySelectorAll("#answer-view *, #table-view *")]
  .filter((one) => one.checkVisibility() && one.textContent.trim())
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) * 0.75 < least)
  .map((one) => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("question", ["opportunities", "influence", "universality"])
@pytest.mark.parametrize("tab", [None, "answer", "nodes"])
def test_no_table_of_an_answer_is_shrunk_to_fit_a_sheet(open_blocked_page, tmp_path, question, tab):
    """Twenty columns once came out at five points; a browser shrinks what is too wide."""
    answer = getattr(sm, question)(sm.example("teaching").redact("public"))
    watched = open_blocked_page()
    view = load(watched, sm.to_html(answer).save(tmp_path / "answer.html"))
    if tab:
        view.locator("#view input[value=table]").check(force=True)
        view.click(f"#tab-{tab}")
    table = view.locator("#table-view .twin" if tab else ".answer-table")
    heads = table.locator("thead th").all_text_contents()
    on_paper(view)
    for wide, tall in ((688, 1016), (1016, 688)):
        view.set_viewport_size({"width": wide, "height": tall})
        assert view.evaluate("document.documentElement.scrollWidth") <= wide
    assert [] == view.evaluate(SMALL, LEAST_POINTS)
    if tab:
        assert [] == table.evaluate(UNTOLD)
    assert len(heads) > 4


def test_the_first_rows_of_an_answer_are_printed_as_cards_with_every_value(blocked_page, tmp_path):
    answer = sm.opportunities(sm.example("teaching").redact("public"))
    view = load(blocked_page, sm.to_html(answer).save(tmp_path / "answer.html"))
    cells = view.locator(".answer-table tbody tr").first.locator("td")
    before = [text for text in cells.all_text_contents() if text]
    on_paper(view)
    heads = cells.evaluate_all(
        "all => all.filter((one) => one.checkVisibility())"
        ".map((one) => [getComputedStyle(one, '::before').content, one.innerText])"
    )
    assert before == [text for _, text in heads]
    assert len(heads) > 8
    assert all(len(head) > 4 for head, _ in heads)
