"""Names on the graph: outcomes come first, and names that begin alike are told apart."""

from __future__ import annotations

import pandas as pd
import pytest

import sysmap as sm
from sysmap.core.model import from_tables
from tests.browser.test_long_names import SIZES, graph, press
from tests.browser.test_page_regressions import LETTERS, names_of, opened, overlapping
from tests.browser.waiting import settled
from tests.draw.maps import long_map

pytestmark = pytest.mark.browser

GOALS = ("Amber", "Beryl", "Coral", "Denim", "Ebony", "Flint", "Grape", "Hazel")


def named_outcomes():
    """The map of long names; the first word of an outcome is found nowhere else."""
    m = long_map()
    tables = dict(m.tables)
    goals = [f"{goal} communities learn without interruption or cost" for goal in GOALS]
    tables["outcomes"] = tables["outcomes"].assign(name=goals)
    return from_tables(tables)


def alike():
    """Three elements that differ in their fourth word, among others in ten areas."""
    ids = [f"e{i:02}" for i in range(70)]
    kinds = ["primary", "secondary", "vocational"]
    names = [f"Computers for teaching in {kind} schools of the country" for kind in kinds]
    return from_tables(
        {
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["Digital literacy"]}),
            "elements": pd.DataFrame(
                {"id": ids, "name": [*names, *ids[3:]], "area": [*"abcdefghij"] * 7}
            ),
            "influences": pd.DataFrame({"cause": ids, "effect": "o"}),
        }
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Pages whose outcomes, or whose elements, are told by one word."""
    folder = tmp_path_factory.mktemp("outcomes")
    return {
        "outcomes": sm.to_html(named_outcomes()).save(folder / "outcomes.html"),
        "alike": sm.to_html(alike()).save(folder / "alike.html"),
    }


def goals_read(view):
    """First words of outcomes that stand on the stage."""
    stage = view.locator("#stage").bounding_box()
    seen = [b["text"] for b in names_of(view) if 0 <= b["top"] and b["bottom"] <= stage["height"]]
    return sorted(goal for goal in GOALS if any(text.startswith(goal) for text in seen))


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("layout", ["layers", "network"])
@pytest.mark.parametrize("state", ["start", "all"])
def test_every_outcome_is_named_before_anything_else(open_blocked_page, files, size, layout, state):
    """Outcomes without many links were once bare stars, also on the first picture."""
    width, height = SIZES[size]
    watched = open_blocked_page(width=width, height=height)
    view = graph(watched, files["outcomes"], f"({LETTERS})()")
    view.evaluate(f"document.querySelector('#layout input[value={layout}]').click()")
    if state == "all":
        press(view, "show-all")
    settled(view)
    assert list(GOALS) == goals_read(view)
    assert [] == overlapping(view.evaluate("window.letters"))


def test_names_that_begin_alike_keep_the_word_that_tells_them_apart(blocked_page, files):
    """Three elements once were all called "Computers for teaching in…"."""
    blocked_page.page.add_init_script(f"({LETTERS})()")
    view = opened(blocked_page, files["alike"])
    settled(view)
    said = " ".join(b["text"] for b in names_of(view))
    for kind in ("primary", "secondary", "vocational"):
        assert kind in said, said
    assert "……" not in said


def test_a_name_that_has_room_is_not_shortened(blocked_page, files):
    blocked_page.page.add_init_script(f"({LETTERS})()")
    view = opened(blocked_page, files["alike"])
    for _ in range(4):
        press(view, "zoom-in")
    settled(view)
    assert "Digital literacy" in {b["text"] for b in names_of(view)}
