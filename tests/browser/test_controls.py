"""Controls that a finger can hit, places by their kind, growth by one step, a graph with a name."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import sysmap as sm

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return sm.to_html(sm.example()).save(tmp_path_factory.mktemp("controls") / "map.html")


def opened(watched, path):
    view = watched.page
    view.goto(path.as_uri())
    view.wait_for_selector("body[data-ready]")
    return view


SMALL = """() => [...document.querySelectorAll("button, select, summary, input, a[href]")]
  .map((one) => (one.type === "checkbox" ? one.closest("label") : one))
  .filter((one) => one && one.checkVisibility() && !one.classList.contains("skip"))
  .map((one) => [one.id || one.className || one.textContent, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 23.5 || box.height < 23.5)
  .map(([name, box]) => [name, Math.round(box.width), Math.round(box.height)])"""


def test_a_finger_can_hit_every_control_on_a_phone(open_blocked_page, path):
    view = opened(open_blocked_page(width=375, height=812), path)
    view.click("#filters-button")
    assert view.locator("#legend button:visible").count() > 5
    assert [] == view.evaluate(SMALL)
    view.click("#filters-button")
    view.locator("#table-view tbody button.node").first.click()
    assert view.is_visible("#details .close")
    assert [] == view.evaluate(SMALL)


def test_places_are_grouped_by_their_kind(blocked_page, path):
    view = opened(blocked_page, path)
    contexts = sm.example().redact().contexts
    groups = view.eval_on_selector_all(
        "#country optgroup",
        "all => all.map((one) => [one.label.toLowerCase(), one.children.length])",
    )
    assert contexts["kind"].value_counts().to_dict() == dict(groups)


def test_growing_adds_what_is_one_step_from_the_highlighted_set(blocked_page, path):
    """Counted again over all claims of the map, whatever their table."""
    m = sm.example().redact()
    near = {}
    for kind in m.schema.links:
        for a, b in m.links(kind.table)[[c.name for c in kind.ends][:2]].to_numpy().tolist():
            near.setdefault(a, {a}).add(b)
            near.setdefault(b, {b}).add(a)
    start, chosen = {*m.outcomes.index, *m.elements.index}, "teacher-training"
    view = opened(blocked_page, path)
    assert f"Showing {len(start)} of " in view.inner_text("#count")
    view.evaluate("id => { location.hash = 'at=' + id; }", chosen)
    expect(view.locator("#details h2")).to_have_text(m.name(chosen))
    lit = near[chosen] & start
    view.click("#grow-step")
    grown = start.union(*(near[id] for id in lit))
    assert len(grown) > len(start)
    assert f"Showing {len(grown)} of " in view.inner_text("#count")


def test_the_graph_has_a_name_with_its_counts_and_points_to_the_table(blocked_page, path):
    view = opened(blocked_page, path)
    name = view.get_attribute("#stage", "aria-label")
    count = view.inner_text("#count").split()
    assert f"{count[1]} nodes, {count[5]} relations" in name
    assert "table" in name
    assert view.locator("#" + view.get_attribute("#stage", "aria-describedby")).count() == 1
