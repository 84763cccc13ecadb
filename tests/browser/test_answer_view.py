"""A page of an answer: sentence, figure, rows, caveats and methods before anything else."""

from __future__ import annotations

import csv
import io
import re

import matplotlib.image
import numpy as np
import pytest

import sysmap as sm
from tests.browser.test_page_axe import SIZES, violations
from tests.browser.test_page_axe import axe as axe  # a fixture

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    m = sm.example("teaching").redact("public")
    made = {
        "universality": sm.universality(m),
        "exchange": sm.exchange(m),
        "outcomes": sm.common_outcomes(m),
        "coverage": sm.coverage(m),
        "perspectives": sm.perspectives(m),
        "loops": sm.loops(m),
    }
    return {
        k: (v, sm.to_html(v, folder / f"{k}.html") and folder / f"{k}.html")
        for k, v in made.items()
    }


def load(watched, path, fragment=""):
    watched.page.goto(path.as_uri() + fragment)
    watched.page.wait_for_selector("body[data-ready]")
    return watched.page


def test_it_opens_on_the_answer(blocked_page, answers):
    answer, path = answers["universality"]
    view = load(blocked_page, path)
    assert "answer" == view.locator("#view input:checked").input_value()
    assert view.is_visible("#answer-view")
    assert not view.is_visible("#table-view")
    assert not view.is_visible("#graph-view")
    said = view.inner_text("#answer-view")
    assert answer.question in said
    assert answer.summary() in said
    assert all(caveat in said for caveat in answer.caveats)
    figure = view.locator("#answer-view img")
    assert figure.evaluate("(image) => image.complete && image.naturalWidth > 300")
    assert answer.alt_text() == figure.get_attribute("alt")
    assert 10 == view.locator(".answer-table tbody tr").count()


def test_a_row_leads_to_the_details_of_its_node_with_the_columns_of_the_answer(
    blocked_page, answers
):
    answer, path = answers["universality"]
    view = load(blocked_page, path)
    first = answer.frame.iloc[0]
    view.locator(".answer-table button.node").first.click()
    details = view.inner_text("#details")
    assert first["name"] in details
    assert answer.question in details
    assert "assessed" in details


def test_the_table_of_nodes_has_the_columns_of_the_answer(blocked_page, answers):
    answer, path = answers["universality"]
    view = load(blocked_page, path)
    view.click("#show-all")
    view.locator("#view input[value=table]").check(force=True)
    heads = view.locator("#table-view thead .sort").all_inner_texts()
    assert {"Share", "Interval from", "Interval to", "Robust"} <= set(heads)
    assert len(heads) == len(set(heads))
    at = heads.index("Present")
    text = view.evaluate(
        "(at) => Object.fromEntries([...document.querySelectorAll('#table-view tbody tr')].map("
        "(r) => [r.querySelector('button .long').textContent, r.children[at].textContent]))",
        at,
    )
    for _, row in answer.frame.iterrows():
        name = ("? " if row["verdict"] == "undetermined" else "") + row["name"]
        assert str(row["present"]) == text[name]


def test_verdicts_on_other_things_than_elements_are_columns_of_the_answer(blocked_page, answers):
    answer, path = answers["outcomes"]
    view = load(blocked_page, path, "#view=table&at=open-content")
    heads = view.locator("#table-view thead .sort").all_inner_texts()
    assert 2 == heads.count("Verdict")
    assert "Outcome" not in heads
    assert answer.frame.loc["open-content", "verdict"] in view.inner_text("#details dl")


def test_no_rank_in_the_details_stands_without_its_interval(blocked_page, answers):
    answer, path = answers["exchange"]
    organization = answer.frame.index.get_level_values("organization")[0]
    view = load(blocked_page, path, f"#at={organization}")
    rows = view.locator("#details .answer-rows li").all_inner_texts()
    assert rows
    assert all(re.search(r"rank \d+, rank from \d+, rank to \d+", row) for row in rows)


def test_the_rows_of_an_answer_about_pairs_are_a_table_that_sorts_and_obeys_filters(
    blocked_page, answers
):
    answer, path = answers["exchange"]
    view = load(blocked_page, path)
    view.locator("#view input[value=table]").check(force=True)
    view.click("#tab-answer")
    rows = view.locator("#table-view tbody tr")
    assert len(answer) == rows.count()
    score = list(answer.frame.columns).index("score") + 2
    view.click(f"#sort-answer-{score}")
    found = view.evaluate(
        "(at) => [...document.querySelectorAll('#table-view tbody tr')]"
        ".map((r) => Number(r.children[at].textContent))",
        score,
    )
    assert sorted(found) == found
    kinds = view.locator("#legend label").all_inner_texts()
    view.locator("#legend label", has_text="Organizations").locator("input").uncheck()
    assert "Organizations" in " ".join(kinds)
    assert 0 == rows.count()


@pytest.mark.parametrize("which", ["perspectives", "loops"])
def test_an_answer_whose_rows_name_no_node_is_listed_all_the_same(blocked_page, answers, which):
    """Its tab once stayed shut, since no column headed a row."""
    answer, path = answers[which]
    view = load(blocked_page, path)
    view.locator("#view input[value=table]").check(force=True)
    view.click("#tab-answer")
    assert "true" == view.get_attribute("#tab-answer", "aria-pressed")
    rows = view.locator("#table-view tbody tr")
    assert len(answer) == rows.count() == view.locator("#table-view tbody th[scope=row]").count()


def edge(frame):
    """Lightness of the right edge of a frame around a table, 0 to 1."""
    frame.scroll_into_view_if_needed()
    picture = matplotlib.image.imread(io.BytesIO(frame.screenshot()), format="png")
    return float(np.median(picture[:, -6:-2, :3]))


@pytest.mark.parametrize(
    ("which", "tab", "inside"),
    [("coverage", "answer", "#answer-view div.scroll"), ("universality", "table", "#table-view")],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_that_goes_on_beside_its_frame_shows_it(
    open_blocked_page, answers, scheme, which, tab, inside
):
    """A shadow stands at the right until the last column is reached, and none where all fits."""
    opened = open_blocked_page()
    opened.page.emulate_media(color_scheme=scheme)
    view = load(opened, answers[which][1])
    view.locator(f"#view input[value={tab}]").check(force=True)
    frame = view.locator(inside)
    assert frame.evaluate("(one) => one.scrollWidth > one.clientWidth + 50")
    more = edge(frame)
    frame.evaluate("(one) => { one.scrollLeft = one.scrollWidth; }")
    end = edge(frame)
    assert end - more > 0.03
    lacking = frame.evaluate("(one) => one.scrollWidth - one.clientWidth")
    view.set_viewport_size({"width": view.viewport_size["width"] + lacking, "height": 900})
    assert frame.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert end == edge(frame)


@pytest.mark.parametrize(("media", "width"), [("screen", 375), ("print", 680)])
def test_the_caption_of_a_table_of_cards_is_written_across_the_page(
    open_blocked_page, answers, media, width
):
    """It once stood one letter a line, since a table that is a block leaves a caption no width."""
    view = load(open_blocked_page(width=width, height=900), answers["universality"][1])
    view.emulate_media(media=media)
    caption = view.locator(".answer-table caption").bounding_box()
    assert caption["width"] > 300
    assert caption["height"] < 60


@pytest.mark.parametrize(("width", "told"), [(375, True), (1400, False)])
def test_a_figure_that_goes_on_beside_a_phone_says_so(open_blocked_page, answers, width, told):
    view = load(open_blocked_page(width=width, height=900), answers["universality"][1])
    figure = view.locator("#answer-view figure")
    assert told == figure.evaluate("(one) => one.scrollWidth > one.clientWidth")
    hint = view.locator("#answer-view .hint")
    assert told == hint.is_visible()
    if told:
        box = hint.bounding_box()
        assert box["x"] + box["width"] <= width
        # said before the figure is met, on the first screen: below it nobody had read it in time
        assert box["y"] + box["height"] <= min(figure.bounding_box()["y"], 900)


def test_the_answer_is_a_file_with_raw_numbers(blocked_page, answers):
    answer, path = answers["exchange"]
    view = load(blocked_page, path)
    view.locator("#downloads summary").click()
    with view.expect_download() as waiting:
        view.click("#download-csv-answer")
    lines = waiting.value.path().read_text("utf-8-sig").splitlines()
    assert len(answer) == len(lines) - 1
    assert lines[0].startswith("resource,organization,score")
    first, ranks = next(csv.DictReader(lines)), ["rank", "rank_low", "rank_high"]
    assert [float(v) for v in answer.frame.iloc[0][ranks]] == [float(first[r]) for r in ranks]


def test_the_file_of_an_answer_has_every_column_of_its_frame_and_the_ids_of_its_rows(
    blocked_page, answers
):
    """Two statements may bear the same names, so names alone lead to no row of the workbook."""
    answer, path = answers["perspectives"]
    view = load(blocked_page, path)
    assert "Statement" not in view.locator(".answer-table thead th").all_inner_texts()
    view.locator("#downloads summary").click()
    with view.expect_download() as waiting:
        view.click("#download-csv-answer")
    rows = list(csv.DictReader(waiting.value.path().read_text("utf-8-sig").splitlines()))
    assert set(answer.frame.reset_index().columns) == set(rows[0])
    assert list(answer.frame.index) == [row["claim"] for row in rows]


def test_an_address_leads_past_the_answer_to_a_node(blocked_page, answers):
    view = load(blocked_page, answers["universality"][1], "#at=solar-kits&view=graph")
    assert view.is_visible("#graph-view")
    assert "Solar kits" in view.inner_text("#details")


def test_without_a_script_the_answer_is_read_all_the_same(browser, answers):
    answer, path = answers["universality"]
    context = browser.new_context(java_script_enabled=False)
    view = context.new_page()
    view.goto(path.as_uri())
    assert answer.summary() in view.inner_text("#answer-view")
    assert view.is_visible("#answer-view img")
    cut = "(e) => e.scrollHeight > e.clientHeight + 2"
    assert not view.locator("#answer-view").evaluate(cut)
    answer_at, table_at = (
        view.locator(s).bounding_box()["y"] for s in ("#answer-view", "noscript")
    )
    assert answer_at < table_at < view.locator("#footer").bounding_box()["y"]
    context.close()


def test_it_prints_without_tools(blocked_page, answers):
    view = load(blocked_page, answers["universality"][1])
    view.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    view.emulate_media(media="print")
    assert view.is_visible("#answer-view img")
    assert view.is_visible("#answer-view details p")
    assert not view.is_visible("#tools")


@pytest.mark.parametrize("question", ["universality", "exchange"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_axe_finds_nothing_in_answer_table_and_menu(
    open_blocked_page, answers, axe, size, scheme, question
):
    width, height = SIZES[size]
    watched = open_blocked_page(width=width, height=height)
    watched.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    view = load(watched, answers[question][1])
    found = {"answer": violations(view, axe)}
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    if view.is_visible("#filters-button"):
        view.click("#filters-button")
    view.locator("#downloads summary").click()
    found["menu"] = violations(view, axe)
    view.keyboard.press("Escape")
    view.locator("#view input[value=table]").check(force=True)
    for tab in ("answer", "relations"):
        view.click(f"#tab-{tab}")
        found[tab] = violations(view, axe)
        assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert {name: [] for name in found} == found
