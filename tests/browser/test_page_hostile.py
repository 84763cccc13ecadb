"""Hostile text in every field: nothing runs, whatever the reader does."""

from __future__ import annotations

import re

import pytest

from sysmap.draw import page
from sysmap.draw.words import WORDS
from tests.draw.maps import HALF, HUGE, PAYLOADS, broken_map, hostile_map, plain_map, verdicts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    m = hostile_map()
    facts = {
        id: {
            "verdict": "universal",
            "sentence": PAYLOADS[i],
            "leaning": PAYLOADS[i],
            PAYLOADS[i]: PAYLOADS[i],
            "half": HALF,
            "huge": HUGE,
        }
        for i, id in enumerate(m.elements.index)
    }
    made = page.make(m, facts=facts, notes=(*PAYLOADS, HALF, HUGE), title=" ".join(PAYLOADS[:4]))
    return made.save(tmp_path_factory.mktemp("hostile") / "page.html")


def nothing_ran(view):
    assert view.evaluate("window.hacked === undefined")
    strays = "document.querySelectorAll('img, svg[onload], iframe, object, embed').length"
    assert 0 == view.evaluate(strays)
    addresses = view.evaluate("[...document.querySelectorAll('a')].map((a) => a.href)")
    assert [] == [a for a in addresses if not a.startswith(("file:", "http:", "https:"))]
    assert 3 == view.evaluate("document.scripts.length")


@pytest.mark.parametrize("size", [(1400, 900), (375, 812)])
def test_nothing_runs_on_load_hover_click_search_or_in_the_table(open_blocked_page, hostile, size):
    width, height = size
    watched = open_blocked_page(width=width, height=height)
    view = watched.page
    view.goto(hostile.as_uri())
    view.wait_for_selector("body[data-ready]")
    nothing_ran(view)
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    for value in ("table", "graph"):
        view.locator(f"#view input[value={value}]").check(force=True)
        nothing_ran(view)
    box = view.locator("#stage").bounding_box()
    for step in range(12):
        x = box["x"] + box["width"] * (0.05 + 0.08 * step)
        y = box["y"] + min(box["height"], height - box["y"]) * (0.2 + 0.05 * step)
        view.mouse.move(x, y)
    view.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    view.keyboard.press("Escape")
    for mode in ("upstream", "paths"):
        if view.is_visible("#mode"):
            view.select_option("#mode", mode)
    for query in ("script", "img", "svg", "proto", "7*7", "xxxx", "javascript", "alias"):
        view.fill("#search", query)
        nothing_ran(view)
        view.press("#search", "Enter")
        assert view.locator("#details h2").is_visible()
        nothing_ran(view)
        view.keyboard.press("Escape")
    view.locator("#view input[value=table]").check(force=True)
    view.locator(".tabs button").nth(1).click()
    nothing_ran(view)
    view.emulate_media(media="print")
    nothing_ran(view)
    assert [] == watched.faults


@pytest.mark.parametrize("size", [(1400, 900), (375, 812)])
def test_half_letters_and_endless_texts_in_every_field_do_no_harm(
    open_blocked_page, tmp_path, size
):
    """Every field of a map made in memory, the title, the notes; what is said is cut, not lost."""
    made = page.make(broken_map(), title=f"{HALF} {HUGE}", notes=[HALF, HUGE])
    watched = open_blocked_page(width=size[0], height=size[1])
    view = watched.page
    view.goto(made.save(tmp_path / "page.html").as_uri())
    view.wait_for_selector("body[data-ready]")
    assert view.evaluate("document.documentElement.scrollWidth") <= size[0]
    for query in ("huge", "half"):
        view.locator("#view input[value=graph]").check(force=True)
        view.fill("#search", query)
        view.press("#search", "Enter")
        assert query in view.inner_text("#details h2")
        nothing_ran(view)
        view.keyboard.press("Escape")
    view.locator("#view input[value=table]").check(force=True)
    view.click("#tab-relations")
    assert 12 * 2 == view.locator("#table-view tbody tr").count()
    assert view.evaluate("document.documentElement.scrollWidth") <= size[0]
    if not view.is_visible("#downloads"):
        view.click("#filters-button")
    for key in ("svg", "png", "csv-nodes", "csv-relations"):
        view.click("#downloads summary")
        with view.expect_download() as waiting:
            view.click(f"#download-{key}")
        assert waiting.value.path().stat().st_size > 1000
    view.emulate_media(media="print")
    nothing_ran(view)
    # A page that holds half a letter is no UTF-8; one that held it as an escape would draw it.
    assert "\\ud83d" not in made.html.lower()
    assert "y" * 100_000 in made.html


def test_hostile_text_is_shown_as_it_was_written(blocked_page, hostile):
    view = blocked_page.page
    view.goto(hostile.as_uri())
    view.wait_for_selector("body[data-ready]")
    assert " ".join(PAYLOADS[:4]) == view.text_content("h1")
    view.fill("#search", "name 0")
    view.press("#search", "Enter")
    assert PAYLOADS[0] in view.text_content("#details")


@pytest.mark.parametrize("by", [None, "area"])
@pytest.mark.parametrize("turn", range(len(PAYLOADS)))
def test_every_word_takes_every_payload(turn, by):
    """Braces of a caller that are no part of ours are text, wherever they stand."""
    short = [*(p for p in PAYLOADS if len(p) < 200), HALF]
    strings = {
        key: short[(i + turn) % len(short)] + "".join(re.findall(r"\{\w+\}", text))
        for i, (key, text) in enumerate(WORDS.items())
    }
    m = plain_map()
    made, plain = (page.make(m, facts=verdicts(m), strings=s, by=by) for s in (strings, None))
    for tag in ("<script", "</script", "<img", "<iframe"):
        assert plain.html.lower().count(tag) == made.html.lower().count(tag)
    assert made.summary


def test_hostile_words_of_the_interface_stay_words(blocked_page, tmp_path):
    """Every word of the page is replaced by one of the payloads, its parts in braces kept."""
    short = [*(p for p in PAYLOADS if len(p) < 200), HALF]
    strings = {
        key: short[i % len(short)] + "".join(re.findall(r"\{\w+\}", text))
        for i, (key, text) in enumerate(WORDS.items())
    }
    m = plain_map()
    made = page.make(m, facts=verdicts(m), strings=strings, notes=[HALF])
    view = blocked_page.page
    view.goto(made.save(tmp_path / "page.html").as_uri())
    view.wait_for_selector("body[data-ready]")
    nothing_ran(view)
    view.fill("#search", "e003")
    view.press("#search", "Enter")
    for mode in ("upstream", "paths"):
        view.select_option("#mode", mode)
        nothing_ran(view)
    view.select_option("#target", index=1)
    view.select_option("#country", index=1)
    view.locator("#view input[value=table]").check(force=True)
    nothing_ran(view)


@pytest.mark.parametrize(
    "planted",
    [
        "<script>document.title = 'ran'</script>",
        "<img src='https://example.org/a.png'>",
        "<b onclick='1'></b><script src='https://example.org/a.js'></script>",
    ],
)
def test_the_policy_stops_what_escaping_would_let_through(
    open_blocked_page, hostile, tmp_path, planted
):
    """The guard is proved by breaking the page: a planted element does nothing but complain."""
    broken = tmp_path / "broken.html"
    text = hostile.read_text(encoding="utf-8").replace("<body>", f"<body>{planted}", 1)
    broken.write_text(text, encoding="utf-8", newline="\n")
    watched = open_blocked_page(faulty=True)
    failures = []
    watched.page.on("requestfailed", lambda request: failures.append(request.failure))
    watched.page.goto(broken.as_uri())
    watched.page.wait_for_selector("body[data-ready]")
    assert "ran" != watched.page.title()
    # The browser reports the attempt; "csp" says that the policy refused it before the network.
    assert ["csp"] * len(watched.requests) == failures
    assert any("Content Security Policy" in text for text in watched.console_errors)
