"""Rings: what is drawn, and that nothing covers anything."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.transforms import Bbox

from sysmap.core import charts
from sysmap.core.charts import loops as module
from tests.core.charts.drawing import HOSTILE, LONG, boxes_of_texts, legend, texts

KINDS = ("reinforcing", "balancing", "unknown")
SHORT = ("Costing", "Power", "Teacher training in schools", "Budget")

MIXED = ("Tax", "Power in schools", "Law", "Internet for teaching in primary schools", *LONG, "x y")


def links(*sizes: int, names: tuple[str, ...] = SHORT) -> pd.DataFrame:
    """Loops of so many links each; the signs take turns."""
    told, signs = itertools.cycle(names), itertools.cycle("+-?")
    rows = [
        (f"L{i + 1}", next(told), next(signs), KINDS[i % 3])
        for i, size in enumerate(sizes)
        for _ in range(size)
    ]
    return pd.DataFrame(rows, columns=["loop", "name", "sign", "polarity"])


def test_each_loop_has_its_names_signs_letter_key_and_word():
    ax = charts.rings(charts.axes(), links(2, 3), title="Two loops.", note="As of June.")
    drawn = sorted(t.get_text() for t in ax.texts if t.get_text())
    names = ["Costing", "Power", "Teacher training in\nschools", "Budget", "Costing"]
    middles = ["R", "L1", "reinforcing", "B", "L2", "balancing"]
    assert sorted([*names, *middles, *"+−?+−", "As of June."]) == drawn
    assert "Two loops." == ax.get_title(loc="left")


def test_the_legend_says_what_the_signs_that_are_drawn_mean():
    ax = charts.rings(charts.axes(), links(2))
    assert ["+  more leads to more, less to less", "−  more leads to less, less to more"] == legend(
        ax
    )


@pytest.mark.parametrize("names", [SHORT, LONG, HOSTILE])
@pytest.mark.parametrize("sizes", [(2, 2, 3), (4, 5, 6), (2, 9)])
def test_no_text_covers_another_and_none_leaves_the_figure(sizes, names):
    ax = charts.rings(charts.axes(), links(*sizes, names=names), title="A title.", note="A note.")
    boxes = boxes_of_texts(ax)
    for (one, box), (other, next_) in itertools.combinations(boxes, 2):
        assert not box.overlaps(next_), (one, other)
    sheet = ax.figure.bbox
    for text, box in boxes:
        assert sheet.x0 <= box.x0 <= box.x1 <= sheet.x1, text
        assert sheet.y0 <= box.y0 <= box.y1 <= sheet.y1, text
    assert "there was no room" not in " ".join(texts(ax))


@pytest.mark.parametrize("names", [LONG, MIXED])
@pytest.mark.parametrize("size", [2, 3, 7])
def test_each_name_has_a_box_of_its_own_and_nothing_else_touches_it(size, names):
    ax = charts.rings(charts.axes(), links(size, names=names))
    written = boxes_of_texts(ax)
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, FancyBboxPatch)]
    circles = [p.get_window_extent() for p in ax.patches if isinstance(p, Circle)]
    assert (size, size + 1) == (len(boxes), len(circles))
    for one, other in itertools.combinations([*boxes, *circles], 2):
        assert not one.overlaps(other)
    for box in boxes:
        inside = [text for text, place in written if place.overlaps(box)]
        assert 1 == len(inside)


@pytest.mark.parametrize("seed", range(5))
def test_a_layout_that_is_called_clear_is_clear(seed):
    """A slow twin: names, middle and the places of the signs share no point, air included."""
    rng = np.random.default_rng(seed)
    clear = 0
    for n in rng.integers(2, 9, 60):
        sizes = np.array([rng.choice([20, 40, 60, 92], n), rng.choice([16, 25, 35], n)], float).T
        boxes, arrows = module._around(sizes, rng.choice([82.0, 119.0]), rng.uniform(58, 200))
        if not module._is_clear(boxes, arrows):
            continue
        clear += 1
        parts = [Bbox.from_extents(*box) for box in boxes]
        parts.append(Bbox.from_extents(-29, -23, 29, 23))
        for one, other in itertools.combinations(parts, 2):
            assert not one.padded(3.9).overlaps(other)
        for arrow in arrows:
            x, y = module._sign_place(arrow)
            sign = Bbox.from_extents(x - 5.9, y - 5.9, x + 5.9, y + 5.9)
            assert not any(sign.overlaps(part) for part in parts)
    assert clear > 10


def test_arrows_keep_off_names_that_they_do_not_join():
    ax = charts.rings(charts.axes(), links(5, 6))
    ax.figure.canvas.draw()
    names = [b for t, b in boxes_of_texts(ax) if t.replace("\n", " ") in SHORT]
    for line in ax.lines:
        points = ax.transData.transform(line.get_xydata())
        for box in names:
            assert not any(box.contains(x, y) for x, y in points)


def test_a_loop_without_room_is_left_out_and_counted():
    ax = charts.rings(charts.axes(), links(2, 30), note="A note.")
    assert "A note. For 1 of 2 loops there was no room." in texts(ax)
    assert "L1" in texts(ax)
    assert "L2" not in texts(ax)
    assert "no room to draw a loop" in texts(charts.rings(charts.axes(), links(30)))


def test_on_axes_of_somebody_else_only_what_fits_is_drawn():
    figure = Figure(figsize=(6, 4))
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0.05, 0.15, 0.9, 0.65))
    before = figure.get_size_inches().tolist()
    charts.rings(ax, links(2, 2, 3, 3), title="Four loops.")
    assert before == figure.get_size_inches().tolist()
    assert "For 3 of 4 loops there was no room." in texts(ax)
    for (one, box), (other, next_) in itertools.combinations(boxes_of_texts(ax), 2):
        assert not box.overlaps(next_), (one, other)


def test_only_the_first_loops_are_drawn():
    ax = charts.rings(charts.axes(), links(2, 2, 2), top=2)
    assert "L2" in texts(ax)
    assert "L3" not in texts(ax)


def test_no_loops_are_said_in_words():
    ax = charts.rings(charts.axes(), links())
    assert "nothing to draw: no rows for this figure" in texts(ax)


def test_equal_loops_give_equal_bytes_and_text_stays_text():
    one, two = (charts.rings(charts.axes(), links(2, 3, names=HOSTILE)) for _ in range(2))
    assert charts.to_svg(one) == charts.to_svg(two)
    assert charts.to_png(one, dpi=40) == charts.to_png(two, dpi=40)
    root = ElementTree.fromstring(charts.to_svg(one))
    assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}


def test_the_frame_is_not_changed():
    frame = links(2, 3)
    before = frame.copy(deep=True)
    charts.rings(charts.axes(), frame)
    pd.testing.assert_frame_equal(before, frame)
