"""A page in another language says of each English sentence and head that it is English."""

from __future__ import annotations

import pytest

import sysmap as sm
from sysmap.draw import page
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser

TONGUE = """all => all.map((one) => [
  one.innerText.trim(), one.closest("[lang]").lang, one.closest("[dir]").dir])"""


def opened(watched, path, fragment=""):
    watched.page.goto(path.as_uri() + fragment)
    watched.page.wait_for_selector("body[data-ready]")
    return watched.page


def spoken(view, selector):
    """What is written there, its language and its direction."""
    return view.eval_on_selector_all(selector, TONGUE)


@pytest.mark.parametrize("notes", [["Data of 2024."], [f"Sentence {i}." for i in range(6)]])
def test_the_caveats_in_the_details_are_marked_as_in_the_header(blocked_page, tmp_path, notes):
    m = plain_map()
    made = page.make(m, facts=verdicts(m), notes=notes, lang="ar")
    view = opened(blocked_page, made.save(tmp_path / "map.html"))
    assert [[note, "en", "ltr"] for note in notes] == spoken(view, "#details .notes li > *")
    assert "ar" == view.evaluate("document.querySelector('#details h3').closest('[lang]').lang")


def test_a_page_without_notes_lists_none(blocked_page, tmp_path):
    view = opened(blocked_page, page.make(plain_map(), lang="ar").save(tmp_path / "map.html"))
    assert not view.locator("#details .notes").count()


@pytest.mark.parametrize(("lang", "way"), [("ar", "rtl"), ("en-GB", "ltr")])
def test_heads_and_sentences_of_an_answer_are_marked(blocked_page, tmp_path, lang, way):
    answer = sm.universality(sm.example("teaching").redact("public"))
    view = opened(blocked_page, sm.to_html(answer, lang=lang).save(tmp_path / "answer.html"))
    english = ("en", "ltr") if lang == "ar" else (lang, way)
    view.locator("#answer-view button.node").first.click()
    view.locator("#view input[value=table]").check(force=True)
    told = spoken(view, "#details .verdict > span, #details h3 + dl dt, .answer-table thead th")
    assert len(told) > 12
    view.click("#tab-answer")
    sheet = spoken(view, "#table-view thead .sort")
    assert len(sheet) > 5
    assert {english} == {(tongue, turn) for _, tongue, turn in told + sheet}
    view.click("#tab-relations")
    assert {(lang, way)} == {
        (tongue, turn) for _, tongue, turn in spoken(view, "#table-view thead .sort")
    }
