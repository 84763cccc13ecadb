"""Every count of the page, on random maps under random filters, beside plain loops and lists."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from sysmap.draw import page
from tests.browser.test_page_behaviour import Twin, counts
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser

TYPES = ("outcomes", "elements", "contexts", "organizations")
RELATIONS = {
    "influences": "Influences",
    "observed": "Reported in",
    "works_on": "Works on",
    "collaborates": "Collaborates with",
}
VERDICTS = ("universal", "intermediate", "context-specific", "undetermined")
AREAS = ("costing", "implementation", "Area not stated")
SEEDS = range(6)

LEGEND = """() => [...document.querySelectorAll('#legend .row')].map((row) => [
  row.querySelector('label').innerText.trim(), row.querySelector('.tally').innerText])"""
OPENED = """() => {
  for (const more of [...document.querySelectorAll('#details button.more')]) more.click();
  for (const fold of document.querySelectorAll('#details details')) fold.open = true;
  const number = (text) => Number(/[0-9]+/.exec(text)[0]);
  const found = [];
  for (const head of document.querySelectorAll('#details h3')) {
    const list = head.nextElementSibling;
    if (!list || !list.matches('ul.relations')) continue;
    const said = number(head.querySelector(".tally").innerText);
    found.push([head.innerText, said, list.children.length]);
  }
  for (const fold of document.querySelectorAll('#details .relations details')) {
    const summary = fold.querySelector('summary');
    found.push([summary.innerText, number(summary.innerText), fold.querySelectorAll('li').length]);
  }
  for (const head of document.querySelectorAll('#details .places h3')) {
    const names = head.nextElementSibling.innerText.split('; ');
    found.push([head.innerText, number(head.querySelector('.tally').innerText), names.length]);
  }
  return found;
}"""


def opened(watched, m, facts, folder):
    made = page.make(m, facts=facts)
    watched.page.goto(made.save(folder / "map.html").as_uri())
    watched.page.wait_for_selector("body[data-ready]")
    return watched.page


def label(view, word):
    return view.locator("#legend .row label", has_text=re.compile(rf"^{re.escape(word)}$"))


def tallies(there, edges, twin):
    """What the legend should say is visible, by the words of its rows."""
    found = Counter(twin.kind[id].capitalize() for id in there)
    found.update(RELATIONS[edge[0]] for edge in edges)
    found.update(twin.area[id] for id in there if id in twin.area)
    found.update(twin.verdict[id].capitalize() for id in there if id in twin.verdict)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_every_count_is_that_of_plain_loops_and_as_long_as_its_list(blocked_page, tmp_path, seed):
    rng = np.random.default_rng(seed)
    m = plain_map(100 + seed, elements=int(rng.integers(4, 24)))
    facts = verdicts(m)
    twin = Twin(m, facts)
    view = opened(blocked_page, m, facts, tmp_path)
    words = {t: t.capitalize() for t in TYPES} | RELATIONS
    words |= {v: v.capitalize() for v in VERDICTS} | {a: a for a in AREAS}
    words = {key: word for key, word in words.items() if label(view, word).count()}
    off: set[str] = set()
    place = None
    for _ in range(4):
        for key in rng.choice(sorted(words), int(rng.integers(1, 4)), replace=False).tolist():
            label(view, words[key]).click()
            off ^= {key}
        place = rng.choice([None, *m.contexts.index])
        chosen = m.contexts.loc[place, "name"] if place else "Everywhere"
        view.select_option("#country", label=chosen)
        there, edges = twin.shown(off, place)
        assert twin.counts(off, place) == counts(view)
        expected, whole = tallies(there, edges, twin), tallies(*twin.shown(), twin)
        for word, said in view.evaluate(LEGEND):
            assert f"{expected[word]} of {whole[word]}" == said, (word, off, place)
        view.locator("#view input[value=table]").check(force=True)
        for tab, many in (("nodes", len(there)), ("relations", len(edges))):
            view.click(f"#tab-{tab}")
            assert many == view.locator("#table-view tbody tr").count()
            assert f"({many})" in view.inner_text(f"#tab-{tab}")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_count_in_the_details_is_as_long_as_what_it_opens(blocked_page, tmp_path, seed):
    m = plain_map(200 + seed, elements=16 + 4 * seed)
    facts = verdicts(m)
    twin = Twin(m, facts)
    view = opened(blocked_page, m, facts, tmp_path)
    some = np.random.default_rng(seed).choice(m.elements.index, 5, replace=False)
    # Places have lists of more than twelve rows, of which the rest opens by a button.
    for id in [*m.contexts.index, *m.organizations.index, *some]:
        view.fill("#search", id)
        view.press("#search", "Enter")
        found = view.evaluate(OPENED)
        assert [] == [(head, said, long) for head, said, long in found if said != long]
        rows = view.locator("#details ul.relations > li").count()
        # A collaboration with oneself would count once; an edge stands in the details of each end.
        assert sum(id in edge[1:3] for edge in twin.edges) == rows
