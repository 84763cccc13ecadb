"""axe-core finds nothing in any state of the page, on a wide and on a narrow screen."""

from __future__ import annotations

from importlib import resources

import pytest

import sysmap as sm
from sysmap.draw import page
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
SIZES = {"wide": (1400, 900), "tablet": (900, 1200), "phone": (375, 812)}


@pytest.fixture(scope="module")
def axe():
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("axe")
    m = plain_map()
    facts = verdicts(m)
    for fact in facts.values():
        fact["answers"] = {"FJI": "silent", "LAO": "not asked"}
    methods = "One sentence says how a fact was computed. " * 200
    notes = ["Data of 2024.", "All were asked."]
    small = page.make(m, facts=facts, notes=notes, methods=methods)
    large = page.make(plain_map(3, elements=120))
    return {"small": small.save(folder / "small.html"), "large": large.save(folder / "large.html")}


def violations(view, axe, within="html"):
    """What axe finds in a part of the page, as rule and the elements that break it."""
    if not view.evaluate("typeof window.axe === 'object'"):
        view.evaluate(axe)
    found = view.evaluate(
        "([part, rules]) => axe.run(part, { runOnly: { type: 'tag', values: rules } })",
        [within, RULES],
    )
    assert len(found["passes"]) > (20 if within == "html" else 10)
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in found["violations"]]


_STATES = [
    *("start", "table", "relations", "claims open", "graph", "search", "selected", "folds open"),
    *("traced", "paths", "place", "empty"),
]
STATES = {False: _STATES, True: ["start", "filters open", *_STATES[1:]]}
"""The states that a page is led through, on a wide screen and on a phone."""

UNFOLD = """() => {
  const folds = document.querySelectorAll("details:not(.menu)");
  for (const fold of folds) fold.open = true;
}"""


def states(view):
    """Lead the page through its states; yields the name of each."""
    yield "start"
    if view.is_visible("#filters-button"):
        view.click("#filters-button")
        yield "filters open"
    view.locator("#view input[value=table]").check(force=True)
    yield "table"
    view.click("#tab-relations")
    yield "relations"
    view.evaluate(UNFOLD)
    yield "claims open"
    view.locator("#view input[value=graph]").check(force=True)
    yield "graph"
    view.fill("#search", "e00")
    yield "search"
    view.press("#search", "Enter")
    yield "selected"
    view.evaluate(UNFOLD)
    yield "folds open"
    view.select_option("#mode", "upstream")
    yield "traced"
    view.select_option("#mode", "paths")
    view.select_option("#target", label="Light")
    yield "paths"
    view.evaluate("document.querySelector('#details .close').click()")
    view.select_option("#country", index=1)
    yield "place"
    view.click("#types-none")
    yield "empty"


@pytest.mark.parametrize("which", ["small", "large"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_axe_finds_nothing_in_any_state(open_blocked_page, files, axe, size, scheme, which):
    width, height = SIZES[size]
    view = open_blocked_page(width=width, height=height).page
    view.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    view.goto(files[which].as_uri())
    view.wait_for_selector("body[data-ready]")
    found = {state: violations(view, axe) for state in states(view)}
    assert STATES[size == "phone"] == list(found)
    assert {} == {state: faults for state, faults in found.items() if faults}


def test_no_link_covers_the_fold_that_it_stands_in(open_blocked_page, axe, tmp_path):
    """The room around a link to a source once reached over the summary above it."""
    view = open_blocked_page(width=1400, height=900).page
    view.goto(sm.to_html(sm.example()).save(tmp_path / "shipped.html").as_uri())
    view.wait_for_selector("body[data-ready]")
    view.click("#show-all")
    view.locator("#view input[value=table]").check(force=True)
    view.click("#tab-relations")
    view.evaluate(UNFOLD)
    assert view.locator("#table-view details .claims a").count() > 50
    assert [] == violations(view, axe, "#table-view")


def test_axe_would_have_found_a_fault(open_blocked_page, files, axe):
    """The guard is proved by breaking the page: a button loses its name, a text its contrast."""
    view = open_blocked_page().page
    view.goto(files["small"].as_uri())
    view.wait_for_selector("body[data-ready]")
    view.evaluate("document.getElementById('zoom-in').removeAttribute('aria-label')")
    view.evaluate("document.getElementById('zoom-in').removeAttribute('title')")
    view.evaluate("document.getElementById('zoom-in').textContent = ''")
    view.evaluate("document.getElementById('count').style.color = '#ccc'")
    assert {"button-name", "color-contrast"} <= {rule for rule, _ in violations(view, axe)}
