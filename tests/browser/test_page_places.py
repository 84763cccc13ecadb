"""Places: what is kept, what is hidden and why, and that every count opens to its list."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest

import sysmap as sm
from sysmap.core.model import from_tables
from sysmap.draw import page

pytestmark = pytest.mark.browser

WORDS = {
    "present": "present",
    "absent": "absent",
    "contested": "contested",
    "not named": "not named",
    "silent": "asked but silent",
    "not asked": "not asked",
}


@pytest.fixture(scope="module")
def teaching(tmp_path_factory):
    m = sm.example("teaching")
    path = tmp_path_factory.mktemp("places") / "page.html"
    sm.to_html(m, path)
    return m, path


def opened(watched, path):
    view = watched.page
    view.goto(path.as_uri())
    view.wait_for_selector("body[data-ready]")
    return view


def choose(view, query):
    view.fill("#search", query)
    view.press("#search", "Enter")


@pytest.mark.parametrize("element", ["teacher-training", "solar-kits", "usage-survey"])
def test_a_verdict_opens_to_the_places_it_counts(blocked_page, teaching, element):
    """The matrix of universality counts the same cells, by another way."""
    m, path = teaching
    m = m.redact()
    answer = sm.universality(m)
    row = answer.frame.loc[element]
    view = opened(blocked_page, path)
    choose(view, element)
    said = view.inner_text("#details .by-answer")
    counts = {w: int(n) for n, w in re.findall(r"(\d+) ([a-z ]+?)(?:,|\.)", said.lower())}
    assert row["present"] == counts.get("present", 0)
    assert row["assessed"] == counts.get("present", 0) + counts.get("absent", 0)
    view.click("#details .places summary")
    for heading in view.locator("#details .places h3").all():
        word, number = re.match(r"(.+?)\s+(\d+)$", heading.inner_text().lower()).groups()
        listed = heading.locator("xpath=following-sibling::p[1]").inner_text().split("; ")
        assert counts[word] == int(number) == len(listed)
    assert sum(counts.values()) == len(m.contexts[m.contexts["kind"] == "country"])


@pytest.mark.parametrize("place", ["Coral Keys", "Stonepeak"])
def test_what_a_place_hides_is_counted_by_why(blocked_page, teaching, place):
    """Counted again over the claims: hidden is what no one reports present and is not universal."""
    m, path = teaching
    m = m.redact()
    answer = sm.universality(m)
    id = m.contexts.index[m.contexts["name"] == place][0]
    told = m.links("observed")
    here = told[told["context"] == id]
    some = set(here.loc[here["state"] == "present", "element"])
    universal = set(answer.frame.index[answer.frame["verdict"] == "universal"])
    hidden = [e for e in m.elements.index if e not in some | universal]
    absent = set(here.loc[here["state"] == "absent", "element"])
    view = opened(blocked_page, path)
    view.select_option("#country", label=place)
    said = view.inner_text("#why")
    told = re.search(rf"Elements hidden in {place}: (.*)\.$", said)[1]
    counts = {why: int(n) for n, why in re.findall(r"(\d+) ([a-z ]+)", told)}
    assert len(absent.intersection(hidden)) == counts.get("reported absent", 0)
    assert len(hidden) == sum(counts.values())
    assert 0 not in counts.values()
    boxes = view.locator("#legend .row", has_text=re.compile("^Elements")).first.inner_text()
    assert len(m.elements) - len(hidden) == int(re.search(r"(\d+) of", boxes)[1])


def small(tmp_path):
    """Two countries; one element universal by fiat, one organization without a country."""
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ["u", "v"], "name": ["Unity", "Variety"]}),
            "contexts": pd.DataFrame(
                {"id": ["FJI", "WSM"], "name": ["Fiji", "Samoa"], "kind": "country"}
            ),
            "organizations": pd.DataFrame(
                {"id": ["o", "p", "q"], "name": ["Old", "Pure", "Quick"]}
            ),
            "observed": pd.DataFrame(
                {"element": ["u", "v"], "context": ["FJI", "FJI"], "state": "present"}
            ),
            "works_on": pd.DataFrame(
                {"organization": list("opq"), "element": "u", "context": [None, "WSM", "FJI"]}
            ),
        }
    )
    facts = {"u": {"verdict": "universal"}, "v": {"verdict": "undetermined"}}
    return page.make(m, facts=facts).save(tmp_path / "map.html")


def test_a_universal_element_without_a_report_stays_and_says_so(blocked_page, tmp_path):
    view = opened(blocked_page, small(tmp_path))
    view.select_option("#country", label="Samoa")
    view.locator("#view input[value=table]").check(force=True)
    names = view.locator("#table-view tbody th").all_inner_texts()
    text = " ".join(names)
    assert "Unity (universal, not reported here)" in text
    assert "Old (country not stated)" in text
    assert "Pure" in text
    assert "Variety" not in text
    assert "Quick" not in text


def test_a_share_of_nothing_is_told_as_not_reported(browser, blocked_page, tmp_path):
    """Of what nobody reported on there is no number of places to be a share of."""
    m = sm.example().redact()
    frame = sm.universality(m).frame
    told = {
        row["name"]: f"{row['present']} of {row['assessed']}" if row["assessed"] else "not reported"
        for _, row in frame.iterrows()
    }
    assert 3 < list(told.values()).count("not reported") < len(told)
    path = tmp_path / "map.html"
    sm.to_html(m, path)
    view = opened(blocked_page, path)
    view.locator("#view input[value=table]").check(force=True)
    at = view.locator("#table-view thead .sort").all_inner_texts().index("Present in")
    cells = view.evaluate(
        "(at) => [...document.querySelectorAll('#table-view tbody tr')].map((row) =>"
        " [row.querySelector('button .long').textContent, row.children[at].textContent])",
        at,
    )
    assert told == {name.removeprefix("? "): share for name, share in cells if share}
    unreported = next(name for name, share in told.items() if share == "not reported")
    view.locator("#table-view tbody button.node", has_text=unreported).first.click()
    assert "0 of 0" not in view.inner_text("#details")
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(path.as_uri())
    rows = plain.locator("noscript tbody tr").all_inner_texts()
    plain.context.close()
    assert told == {row.split("\t")[0]: row.split("\t")[-1] for row in rows if row.split("\t")[-1]}


def test_silence_is_told_apart_from_not_being_asked(blocked_page, tmp_path):
    """Five elements in one country: present, absent, left out of an answer, silent, never asked."""
    ids = ["a", "b", "c", "d", "e"]
    m = from_tables(
        {
            "elements": pd.DataFrame(
                {"id": ids, "name": [f"El {i}" for i in ids], "area": ["x", "x", "x", "z", "y"]}
            ),
            "contexts": pd.DataFrame({"id": ["FJI"], "name": ["Fiji"], "kind": "country"}),
            "sources": pd.DataFrame({"id": ["s"], "name": ["S"]}),
            "observed": pd.DataFrame(
                {
                    "element": ["a", "b"],
                    "context": "FJI",
                    "state": ["present", "absent"],
                    "source": "s",
                }
            ),
            "asked": pd.DataFrame(
                {
                    "source": "s",
                    "question": "observed",
                    "context": "FJI",
                    "area": ["x", "z"],
                    "answered": ["yes", "no"],
                }
            ),
        }
    )
    view = opened(blocked_page, page.make(m).save(tmp_path / "map.html"))
    said = Counter()
    for id, word in zip(ids, list(WORDS)[:2] + list(WORDS)[3:], strict=True):
        choose(view, f"El {id}")
        assert f"1 {WORDS[word]}" in view.inner_text("#details .by-answer")
        said[word] += 1
    view.select_option("#country", label="Fiji")
    assert "1 reported absent, 1 not named, 1 asked but silent, 1 not asked" in view.inner_text(
        "#why"
    )
