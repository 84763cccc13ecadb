"""Chains in layers: what is drawn, in which direction, and what keeps off what."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.transforms import Bbox

from sysmap.core import charts
from tests.core.charts.drawing import boxes_of_texts, legend, texts


def steps(*ways: str, sign: str = "+") -> pd.DataFrame:
    """One path per word, one node per letter."""
    rows = [
        (f"P{i}", a, b, sign, 1) for i, way in enumerate(ways) for a, b in itertools.pairwise(way)
    ]
    return pd.DataFrame(rows, columns=["path", "cause", "effect", "sign", "sources"])


def drawn(frame: pd.DataFrame, **more: object) -> tuple[dict[str, Bbox], list[np.ndarray]]:
    """The box of each thing in points of the axes, by name, and the course of each line."""
    names = {id: f"thing {id}" for id in {*frame["cause"], *frame["effect"]}}
    ax = charts.chains(charts.axes(), frame, names=names, **more)
    boxes = {}
    for text in ax.texts:
        if text.get_text().startswith("thing"):
            patch = next(p for p in ax.patches if p.get_path() and inside(p, text.xy))
            boxes[text.get_text()[-1]] = extent(patch)
    lines = [line.get_xydata() for line in ax.lines if len(line.get_xydata()) > 1]
    return boxes, lines


def extent(patch: Patch) -> Bbox:
    x, y, w, h = patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height()
    return Bbox([(x, y), (x + w, y + h)])


def inside(patch: Patch, point: tuple[float, float]) -> bool:
    box = extent(patch)
    return box.x0 <= point[0] <= box.x1 and box.y0 <= point[1] <= box.y1


def test_every_line_runs_to_the_right_and_things_stand_in_layers():
    boxes, lines = drawn(steps("abcz", "acz", "az"))
    lefts = [boxes[x].x0 for x in "abcz"]
    assert lefts == sorted(set(lefts))
    assert len(lines) == 5
    assert all((np.diff(line[:, 0]) >= 0).all() for line in lines)


@pytest.mark.parametrize("seed", range(6))
def test_no_line_crosses_a_box_and_no_two_lines_end_in_one_place(seed):
    rng = np.random.default_rng(seed)
    inner = list("bcdefgh")
    ways = ["a" + "".join(sorted(rng.choice(inner, rng.integers(0, 4), replace=False))) + "z"
            for _ in range(10)]  # fmt: skip
    boxes, lines = drawn(steps(*dict.fromkeys(ways)))
    for line in lines:
        x = np.linspace(line[0, 0], line[-1, 0], 400)[1:-1]
        y = np.interp(x, line[:, 0], line[:, 1])
        for name, box in boxes.items():
            within = (x > box.x0 + 1) & (x < box.x1 - 1) & (y > box.y0) & (y < box.y1)
            assert not within.any(), name
    ends = [tuple(line[-1].round(3)) for line in lines]
    assert len(ends) == len(set(ends))


def test_a_path_against_the_better_ones_is_left_out_and_counted():
    ax = charts.chains(charts.axes(), steps("abcz", "acbz", "acz"), names={})
    said = " ".join(texts(ax))
    assert "Drawn: 2 of 3 paths, the best told first; 1 that would run against these" in said
    arrows = {tuple(np.round(line.get_xydata()[0], 1)) for line in ax.lines}
    assert len(arrows) >= 4


def test_short_paths_stay_on_one_page():
    """Paths of four links have five layers, whatever they would make together."""
    ways = ["abcdz", "abefz", "acegz", "adfgz", "aghiz"]
    ax = charts.chains(charts.axes(), steps(*ways), names={})
    assert len({p.get_x() for p in ax.patches}) == 5
    assert ax.figure.get_figwidth() * 72 <= 560
    assert any("Drawn: " in t for t in texts(ax))


def test_only_so_many_paths_are_drawn():
    ax = charts.chains(charts.axes(), steps("abz", "acz", "adz"), names={}, top=2)
    assert {"a", "b", "c", "z"} == {t for t in texts(ax) if t in "abcdz"}
    assert "Drawn: 2 of 3 paths, the best told first." in texts(ax)


def test_signs_are_told_by_glyph_and_words_and_outcomes_by_form():
    frame = pd.concat([steps("ab"), steps("bc", sign="-"), steps("cz", sign="unknown")])
    ax = charts.chains(charts.axes(), frame.assign(path="P1"), names={}, goals={"z"})
    assert {"+", "\u2212", "?"} <= set(texts(ax))
    assert [t[0] for t in legend(ax)[:3]] == ["+", "\u2212", "?"]
    assert len([p for p in ax.patches if isinstance(p, FancyBboxPatch)]) == 3
    assert len(ax.patches) == 5


def test_names_that_differ_at_their_ends_stay_apart():
    names = {x: f"Teacher training for schools with several grades, part {x}" * 4 for x in "abz"}
    ax = charts.chains(charts.axes(), steps("abz"), names=names)
    shown = [t.replace("\n", " ") for t in texts(ax) if t.startswith("Teacher")]
    assert len(shown) == len(set(shown)) == 3
    assert all("\u2026" in t for t in shown)


def test_a_given_axes_keeps_its_size_and_draws_what_has_room():
    mine = Figure(figsize=(8, 1.6))
    FigureCanvasAgg(mine)
    ways = [f"a{x}{y}z" for x, y in itertools.combinations("bcdefg", 2)]
    ax = charts.chains(mine.subplots(), steps(*ways), names={})
    assert (8, 1.6) == tuple(mine.get_size_inches())
    assert any(t.startswith("Drawn: ") for t in texts(ax))
    boxes = [box for _, box in boxes_of_texts(ax)]
    assert len(boxes) > 4


def test_equal_input_gives_equal_bytes():
    frame = steps("abcz", "adz", "acz", "aez")
    svgs = {charts.to_svg(charts.chains(charts.axes(), frame, names={})) for _ in range(2)}
    assert len(svgs) == 1
