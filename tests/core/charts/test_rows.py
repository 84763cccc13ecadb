from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from sysmap.core import charts
from tests.core.charts.drawing import boxes_of_texts, legend, shares, texts


def test_a_marker_at_the_end_of_the_scale_is_not_clipped():
    """The pixels of the dot at 100 % reach half a marker beyond the plot."""
    frame = pd.DataFrame({"name": ["a"], "share": [1.0], "verdict": ["universal"]})
    ax = charts.dots(charts.axes(rows=1), frame)
    ax.figure.canvas.draw()
    pixels = np.asarray(ax.figure.canvas.buffer_rgba())[:, :, :3].astype(int)
    fill = [int(charts.mark("universal").colour[i : i + 2], 16) for i in (1, 3, 5)]
    box = ax.get_window_extent()
    rows = slice(int(pixels.shape[0] - box.y1), int(pixels.shape[0] - box.y0))
    beside = pixels[rows, round(box.x1) + 1 : round(box.x1) + 3]
    assert (np.abs(beside - fill).sum(axis=2) < 40).any()


def test_dots_stand_in_the_order_of_the_frame_with_the_first_at_the_top():
    ax = charts.dots(charts.axes(rows=3), shares(3).assign(name=["a", "b", "c"]))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b", "c"]
    bottom, above = ax.get_ylim()
    assert bottom > above


def test_a_row_that_nobody_assessed_is_called_so_and_gets_no_dot():
    ax = charts.dots(charts.axes(rows=4), shares(4))
    assert texts(ax).count("not assessed") == 1
    drawn = sum(np.isfinite(line.get_xdata()).sum() for line in ax.lines)
    assert drawn == 3


def test_a_row_that_nobody_assessed_gets_no_interval_through_its_words():
    """The contract gives such a row the interval 0 to 1, which says nothing."""
    frame = shares(4)
    frame.loc[3, ["low", "high"]] = [0.0, 1.0]
    ax = charts.dots(charts.axes(rows=4), frame)
    rules = {tuple(path.vertices[:, 0]) for c in ax.collections[1:] for path in c.get_paths()}
    assert rules
    assert (0.0, 1.0) not in rules


def test_a_frame_in_which_nobody_was_assessed_is_drawn():
    frame = pd.DataFrame({"name": ["a", "b"], "score": [np.nan, np.nan]})
    ax = charts.dots(charts.axes(rows=2), frame, value="score")
    assert texts(ax).count("not assessed") == 2


def test_the_legend_names_the_classes_drawn_and_no_other():
    ax = charts.dots(charts.axes(rows=6), shares(6), top=2)
    assert legend(ax) == ["universal", "intermediate"]


def test_rows_beyond_the_top_are_counted_in_the_note():
    frame = shares(41).drop(columns="verdict")
    ax = charts.dots(charts.axes(rows=40), frame, note="Data of 2024.")
    assert "Data of 2024. Drawn: the first 40 of 41 rows." in texts(ax)


def test_the_note_names_the_classes_of_what_is_not_drawn():
    words = ["undetermined"] * 40 + ["intermediate", "undetermined", "undetermined"]
    ax = charts.dots(charts.axes(rows=40), shares(43).assign(verdict=words))
    said = " ".join(" ".join(texts(ax)).split())
    assert "Of the 3 rows not drawn: 1 intermediate, 2 undetermined." in said
    assert legend(ax) == ["undetermined"]
    drawn = charts.dots(charts.axes(rows=40), shares(40))
    assert "not drawn" not in " ".join(texts(drawn))


def test_long_names_end_in_an_ellipsis():
    ax = charts.dots(charts.axes(rows=1), shares(1).assign(name="x" * 60))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["x" * 41 + "…"]


def test_scores_are_no_shares():
    frame = pd.DataFrame({"name": ["a", "b"], "score": [3.0, 12.0]})
    ax = charts.dots(charts.axes(rows=2), frame, value="score")
    least, most = ax.get_xlim()
    assert least == 0
    assert most > 12
    assert not [t for t in texts(ax) if "%" in t]


def test_bars_tell_the_part_and_the_whole():
    frame = pd.DataFrame({"name": ["a", "b"], "answered": [3, np.nan], "asked": [4, 4]})
    ax = charts.bars(charts.axes(rows=2), frame, label="name", value="answered", of="asked")
    assert "3 of 4" in texts(ax)
    assert "no value" in texts(ax)
    assert legend(ax) == ["answered", "asked"]


def test_missing_values_of_nullable_columns_are_no_numbers():
    frame = pd.DataFrame({"name": ["a", "b"], "n": pd.array([3, None], "Int64")})
    ax = charts.bars(charts.axes(rows=2), frame, label="name", value="n")
    assert "no value" in texts(ax)


def calendar(**days: tuple[str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": list(days),
            "start": pd.to_datetime([start for start, _ in days.values()]),
            "end": pd.to_datetime([end for _, end in days.values()]),
            "state": "ongoing",
        }
    )


def arrows(ax: Axes) -> list[tuple[str, int]]:
    return sorted(
        (x.get_marker(), int(row))
        for x in ax.lines
        for row in x.get_ydata()
        if x.get_marker() in "<>"
    )


def test_bars_that_begin_before_the_axis_or_never_end_get_an_arrow():
    frame = calendar(
        long=("2015-01-01", "2024-12-31"),
        short=("2024-06-01", "2024-07-01"),
        no_start=(None, "2024-09-30"),
        no_end=("2024-05-01", None),
    )
    ax = charts.spans(charts.axes(rows=4), frame, at="2024-06-30")
    assert arrows(ax) == [("<", 0), ("<", 2), (">", 3)]


def test_a_bar_that_ended_long_ago_is_still_on_the_axis():
    frame = calendar(old=("2010-01-01", "2012-03-01"), current=("2024-01-01", "2024-12-31"))
    ax = charts.spans(charts.axes(rows=2), frame, at="2024-06-30")
    ended = (np.datetime64("2012-03-01") - np.datetime64("1970-01-01")).astype(int)
    assert ax.get_xlim()[0] < ended


@pytest.mark.parametrize("width", [1, 14, 28])
def test_months_on_the_axis_cover_no_other_month(width):
    """Long names at both sides leave little room for months."""
    frame = calendar(
        **{f"{'a long name' * width}"[:42]: ("2023-10-01", "2024-05-01"), "b": ("2025-10-01", None)}
    )
    leads = [("W" * width) + end for end in "xy"]
    ax = charts.spans(charts.axes(rows=2), frame, at="2025-11-30", right=leads)
    ax.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels() if label.get_text()]
    assert boxes
    assert all(one.x1 < next_.x0 for one, next_ in itertools.pairwise(boxes))


@pytest.mark.parametrize("at", ["2024-01-02", "2024-06-30", "2025-12-30"])
def test_the_status_line_crosses_no_text(at):
    frame = calendar(
        a=("2024-01-01", "2024-03-01"), undated=(None, None), b=("2025-06-01", "2025-12-31")
    )
    ax = charts.spans(charts.axes(rows=3), frame, at=at, right="name")
    boxes = boxes_of_texts(ax)
    day = (np.datetime64(at) - np.datetime64("1970-01-01")).astype(int)
    x = ax.transData.transform((day, 0))[0]
    plot = ax.get_window_extent()
    crossed = [t for t, b in boxes if b.x0 < x < b.x1 and b.y0 < plot.y1 and b.y1 > plot.y0]
    assert crossed == []
    assert "date not given" in [t for t, _ in boxes]


def test_those_who_lead_do_not_come_to_look_alike_at_the_right():
    """Both names have the same first 28 letters."""
    frame = calendar(a=("2024-01-01", "2024-03-01"), b=("2024-02-01", "2024-04-01"))
    names = [f"Ministry of Education, Youth and Sports of {c}" for c in ("Timor", "Nepal")]
    ax = charts.spans(charts.axes(rows=2), frame, right=names)
    shown = [t for t in texts(ax) if t.startswith("Ministry")]
    assert len(set(shown)) == 2
    assert [t[-5:] for t in shown] == ["Timor", "Nepal"]
