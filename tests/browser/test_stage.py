"""What the stage is given and how it moves: drawn nodes only, at once, below one row of tools."""

from __future__ import annotations

import re

import pytest

import sysmap as sm
from sysmap.draw import page
from tests.browser.test_page_behaviour import counts, load
from tests.browser.waiting import settled
from tests.draw.maps import plain_map, verdicts

pytestmark = pytest.mark.browser

WATCH = """
const vis = {};
let Kept;
Object.defineProperty(vis, "Network", {
  configurable: true, enumerable: true,
  set(value) { Kept = value; },
  get() {
    return new Proxy(Kept, {
      construct(Made, given) { return (window.renderer = new Made(...given)); },
    });
  },
});
window.vis = vis;
"""
"""Keep the network that the page makes where a test can ask it."""

HANDED = "[renderer.body.data.nodes.length, renderer.body.data.edges.length]"
"""How many nodes and lines the renderer holds."""

CAMERA = "[renderer.getScale(), ...Object.values(renderer.getViewPosition())]"
"""Zoom and centre of the stage."""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Pages of a map that is drawn whole, of one that opens on a start set, and of an answer."""
    folder = tmp_path_factory.mktemp("stage")
    m = plain_map()
    shipped = sm.example().redact()
    return {
        "small": page.make(m, facts=verdicts(m)).save(folder / "small.html"),
        "large": page.make(plain_map(3, elements=120)).save(folder / "large.html"),
        "shipped": sm.to_html(shipped).save(folder / "shipped.html"),
        "answer": sm.to_html(sm.universality(shipped)).save(folder / "answer.html"),
    }


def watched(opened, path):
    opened.page.add_init_script(WATCH)
    return load(opened, path)


def drawn(view):
    """Nodes and relations that the count line says are shown."""
    n, _, e, _ = counts(view)
    return [n, e]


@pytest.mark.parametrize("which", ["small", "shipped", "answer"])
@pytest.mark.parametrize("width", [1280, 1400, 1920])
def test_the_tools_stand_in_one_row_on_a_desktop(open_blocked_page, files, which, width):
    """One row: no tool begins below where another one ends."""
    view = load(open_blocked_page(width=width), files[which])
    boxes = view.eval_on_selector_all(
        "#tools > *",
        "all => all.filter((one) => one.checkVisibility()).map((one) => {"
        " const { top, bottom } = one.getBoundingClientRect(); return [top, bottom]; })",
    )
    assert len(boxes) > 5
    assert max(top for top, _ in boxes) < min(bottom for _, bottom in boxes)


def test_no_choice_of_what_is_highlighted_is_cut(open_blocked_page, files):
    """Two of them once began alike and were cut where they differ."""
    view = load(open_blocked_page(width=1400), files["shipped"])
    widths = """() => {
      const list = document.getElementById("mode");
      const before = list.offsetWidth;
      list.style.maxWidth = "none";
      return [before, list.offsetWidth];
    }"""
    before, needed = view.evaluate(widths)
    assert needed == before > 90


@pytest.mark.parametrize(
    ("which", "why"),
    [
        ("shipped", "First all of these types: outcomes, elements. The legend adds the others."),
        ("large", "(chosen by number of links, which is not importance)."),
    ],
)
def test_the_page_says_what_it_opens_on(blocked_page, files, which, why):
    """Where all elements are in, none of them was chosen."""
    view = load(blocked_page, files[which])
    kinds = {row.split("\n")[0]: row for row in view.locator("#legend .row").all_inner_texts()}
    shown, of = (int(n) for n in re.search(r"(\d+) of (\d+)", kinds["Elements"]).groups())
    assert (shown == of) == (which == "shipped")
    assert view.inner_text("#why").endswith(why)


def test_only_what_is_drawn_is_handed_to_the_renderer(blocked_page, files):
    """Its cost follows the nodes it holds, so the rest of the map waits outside."""
    view = watched(blocked_page, files["large"])
    held = [view.evaluate(HANDED)]
    assert held[0] == drawn(view)
    assert held[0][0] == 80 < counts(view)[1]
    for change in ("hit", "#grow-step", "#show-all"):
        if change == "hit":
            view.fill("#search", "Amber")
            view.press("#search", "Enter")
        else:
            view.click(change)
        held.append(view.evaluate(HANDED))
        assert held[-1] == drawn(view)
        assert held[-1][0] > held[-2][0]
    view.locator("#legend .row label").first.click()
    assert view.evaluate(HANDED) == drawn(view)
    assert view.evaluate(HANDED)[0] < held[-1][0]
    view.click("#back")
    assert view.evaluate(HANDED)[0] == drawn(view)[0] < held[-1][0]


ACTS = {
    "zoom": "document.getElementById('zoom-in').click()",
    "fit": "document.getElementById('fit').click()",
    "select": "document.querySelector('#stage').dispatchEvent("
    "new KeyboardEvent('keydown', { key: 'ArrowDown' }))",
    "trace": "const mode = document.getElementById('mode'); mode.value = 'downstream'; "
    "mode.dispatchEvent(new Event('change'))",
    "reset": "document.getElementById('reset').click()",
}

RUNNING = """() => [
  document.getAnimations().length,
  [...document.querySelectorAll("*")].filter((one) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(one);
    return transitionDuration !== "0s" || animationName !== "none" || scrollBehavior !== "auto";
  }).map((one) => one.id || one.className),
]"""


@pytest.mark.parametrize("width", [1400, 375])
def test_nothing_moves_by_itself_for_a_reader_who_asked_for_stillness(
    open_blocked_page, files, width
):
    """The stage stands at its new place at once, and no style glides."""
    view = watched(open_blocked_page(width=width), files["large"])
    assert view.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    if width < 760:
        view.click("#filters-button")
        view.click("#view label:has(input[value=graph])")
        view.wait_for_selector("body[data-ready=graph]")
    places = []
    for act, script in ACTS.items():
        places.append(view.evaluate(f"() => {{ {script}; return {CAMERA}; }}"))
        settled(view, 18)
        assert places[-1] == view.evaluate(CAMERA), act
        assert [0, []] == view.evaluate(RUNNING), act
    assert len(set(map(tuple, places))) > 2


def test_a_stage_that_the_reader_moved_stays_until_it_is_told_to_fit(blocked_page, files):
    """A filter moves nothing that the reader placed, and one button shows all again."""
    view = watched(blocked_page, files["small"])
    first = view.evaluate(CAMERA)
    view.click("#zoom-in")
    moved = view.evaluate(CAMERA)
    assert moved != first
    places = view.locator("#legend .row label", has_text="Contexts").locator("input")
    places.uncheck()
    assert moved == view.evaluate(CAMERA)
    places.check()
    view.click("#fit")
    assert first == pytest.approx(view.evaluate(CAMERA))
