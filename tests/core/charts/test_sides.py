"""Bars to both sides: what is drawn, and that nothing covers anything."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from sysmap.core import charts
from tests.core.charts.drawing import HOSTILE, LONG, boxes_of_texts, legend, texts


def shares(rows: int, names: tuple[str, ...] = ("Costing", "Power")) -> pd.DataFrame:
    up = np.linspace(1, 0, rows)
    return pd.DataFrame(
        {"name": list(itertools.islice(itertools.cycle(names), rows)), "up": up, "down": 1 - up}
    )


def test_up_goes_right_and_down_goes_left():
    ax = charts.sides(charts.axes(rows=3), shares(3), title="Three.")
    widths = [bar.get_width() for bar in ax.patches]
    assert [0.0, -0.5, -1.0, 1.0, 0.5, 0.0] == widths
    assert ["up", "down"] == legend(ax)
    assert ["100 %", "50 %", "0 %", "50 %", "100 %"] == [t.get_text() for t in ax.get_xticklabels()]


def test_sides_differ_without_colour():
    ax = charts.sides(charts.axes(rows=3), shares(3))
    assert {"", "\\\\\\"} == {bar.get_hatch() or "" for bar in ax.patches}


def test_a_row_without_shares_says_so():
    frame = shares(2).assign(up=[0.0, np.nan], down=[0.0, np.nan])
    ax = charts.sides(charts.axes(rows=2), frame, empty="no chain leads here")
    assert 2 == texts(ax).count("no chain leads here")


def test_a_threshold_stands_on_both_sides():
    ax = charts.sides(charts.axes(rows=2), shares(2), at=0.8, words="80 %")
    assert 2 == texts(ax).count("80 %")


@pytest.mark.parametrize("names", [("Costing",), LONG, ("W" * 60, "x")])
@pytest.mark.parametrize("rows", [1, 7, 40])
def test_no_text_covers_another_and_none_leaves_the_figure(rows, names):
    ax = charts.sides(
        charts.axes(rows=rows),
        shares(rows, names),
        texts=["ambiguous"] * rows,
        at=0.8,
        words="80 %",
        title="A title.",
        note="A note.",
        xlabel="share of plausible systems",
    )
    boxes = boxes_of_texts(ax)
    for (one, box), (other, next_) in itertools.combinations(boxes, 2):
        assert not box.overlaps(next_), (one, other)
    sheet = ax.figure.bbox
    for text, box in boxes:
        assert sheet.x0 <= box.x0 <= box.x1 <= sheet.x1, text
        assert sheet.y0 <= box.y0 <= box.y1 <= sheet.y1, text


def test_rows_beyond_the_most_are_counted():
    ax = charts.sides(charts.axes(rows=60), shares(60), note="A note.")
    assert "A note. Drawn: the first 40 of 60 rows." in texts(ax)


def test_no_rows_are_said_in_words():
    assert "nothing to draw: no rows for this figure" in texts(
        charts.sides(charts.axes(), shares(0))
    )


def test_equal_frames_give_equal_bytes():
    one, two = (charts.sides(charts.axes(rows=3), shares(3)) for _ in range(2))
    assert charts.to_svg(one) == charts.to_svg(two)
    assert charts.to_png(one, dpi=40) == charts.to_png(two, dpi=40)


def test_survey_text_stays_text():
    svg = charts.to_svg(charts.sides(charts.axes(rows=7), shares(7, HOSTILE), texts="name"))
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert "script" not in names
