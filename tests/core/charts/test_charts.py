"""Laws that hold for figures of every kind, and for the sheet that they are drawn on."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
import warnings
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sysmap.core import charts
from sysmap.core.charts import canvas
from tests.core.charts.drawing import (
    HOSTILE,
    KINDS,
    LONG,
    boxes_of_texts,
    figure,
    legend,
    shares,
    texts,
)


def test_drawing_and_saving_leave_settings_backend_and_open_figures_alone():
    from matplotlib import pyplot as plt

    plt.switch_backend("Agg")
    mine = plt.figure()
    with mpl.rc_context({"font.size": 23.0, "svg.hashsalt": None}):
        before = (dict(mpl.rcParams), mpl.get_backend(), plt.get_fignums())
        for ax in map(figure, KINDS):
            charts.to_svg(ax)
            charts.to_png(ax, dpi=40)
        after = (dict(mpl.rcParams), mpl.get_backend(), plt.get_fignums())
    plt.close(mine)
    assert before == after


def test_settings_of_the_user_change_no_figure():
    plain = charts.to_svg(figure("dots"))
    with mpl.rc_context({"font.size": 23.0, "axes.facecolor": "black", "lines.linewidth": 9}):
        assert plain == charts.to_svg(figure("dots"))


def test_frames_are_not_changed():
    frame = shares(4)
    before = frame.copy(deep=True)
    charts.dots(charts.axes(rows=4), frame, top=2)
    pd.testing.assert_frame_equal(before, frame)


_HASHES = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from tests.core.charts import drawing
for kind in drawing.KINDS:
    ax = drawing.figure(kind)
    for data in (drawing.charts.to_svg(ax, description=kind), drawing.charts.to_png(ax, dpi=60)):
        print(kind, hashlib.sha256(data).hexdigest())
"""


@pytest.mark.slow
def test_equal_input_gives_equal_bytes_in_processes_with_other_hash_seeds():
    root = Path(__file__).parents[3]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _HASHES, str(root)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, zone, epoch in (("0", "UTC", "1"), ("random", "Asia/Bangkok", "1700000000"))
    ]
    first, second = (process.communicate(timeout=120)[0] for process in running)
    assert len(first.splitlines()) == 2 * len(KINDS)
    assert first == second


def test_pictures_name_no_date_and_no_software():
    ax = figure("dots")
    for data in (charts.to_svg(ax), charts.to_png(ax, dpi=40)):
        lowered = data.lower()
        for trace in (b"matplotlib v", b"matplotlib.org", b"<metadata", b"dc:date", b"doctype"):
            assert trace not in lowered


def test_saving_twice_gives_the_same_bytes():
    ax = figure("matrix")
    digests = {hashlib.sha256(charts.to_svg(ax)).hexdigest() for _ in range(2)}
    assert len(digests) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_survey_text_stays_text_in_svg(kind):
    svg = charts.to_svg(
        figure(kind, len(HOSTILE), HOSTILE), title=HOSTILE[0], description=HOSTILE[1]
    )
    root = ElementTree.fromstring(svg)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "script" not in names
    assert [e for e in root.iter() if any(key.startswith("on") for key in e.attrib)] == []
    assert [e for e in root.iter() if e.tag.endswith("}svg")] == [root]
    assert "\u202e" not in svg.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_dollar_signs_are_drawn_as_written(kind):
    words = ("$a_1$", "$b_2$ and $", "$\\bad{")
    ax = figure(kind, 3, words)
    assert b"PNG" in charts.to_png(ax, dpi=40)[:8]
    assert "$a_1$" in charts.to_svg(ax).decode()
    assert any("$a_1$" in text for text in texts(ax))


def test_a_class_that_begins_with_an_underscore_stands_in_the_legend():
    ax = charts.dots(charts.axes(rows=4), shares(4).assign(verdict="_hidden"))
    assert legend(ax) == ["_hidden"]


def test_letters_that_no_font_has_raise_no_warning():
    with warnings.catch_warnings():
        warnings.filterwarnings("error")
        ax = charts.dots(charts.axes(rows=2), shares(2).assign(name=["ប្រទេសកម្ពុជា", "學習"]))
        charts.to_png(ax, dpi=40)
        assert "學習" in charts.to_svg(ax).decode()


def test_an_svg_names_and_describes_itself():
    ax = figure("dots")
    root = ElementTree.fromstring(charts.to_svg(ax, title="A & B", description="Dot plot <1>"))
    assert (root.get("role"), root[0].text, root[1].text) == ("img", "A & B", "Dot plot <1>")
    assert root.get("aria-labelledby").split() == [root[0].get("id"), root[1].get("id")]


def test_without_a_title_an_svg_is_named_by_the_title_that_is_drawn():
    assert ElementTree.fromstring(charts.to_svg(figure("bars")))[0].text == "Five elements."


def test_fallback_fonts_of_the_machine_leave_no_trace_in_an_svg(monkeypatch):
    plain = charts.to_svg(figure("dots"))
    monkeypatch.setattr(canvas, "_FALLBACKS", ("DejaVu Serif",))
    assert plain == charts.to_svg(figure("dots"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("rows", "words"), [(1, ()), (3, ()), (21, ()), (7, LONG)])
def test_no_text_covers_another_or_leaves_the_figure(kind, rows, words):
    ax = figure(kind, rows, words)
    boxes = boxes_of_texts(ax)
    whole = ax.figure.bbox.padded(1)
    for text, box in boxes:
        assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, text
        assert whole.y0 <= box.y0 <= box.y1 <= whole.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert wide <= 1 or high <= 1, (one, other)


@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_text_has_seven_points(kind):
    assert min(t.get_fontsize() for t in figure(kind).findobj(Text) if t.get_text()) >= 7


def test_a_given_axes_keeps_its_place_and_its_figure():
    mine = Figure(figsize=(10, 4))
    FigureCanvasAgg(mine)
    ax = mine.subplots(1, 2)[0]
    before = (ax.get_position().bounds, tuple(mine.get_size_inches()))
    assert charts.axes(ax, rows=40) is ax
    assert charts.dots(ax, shares(40), title="Forty rows.") is ax
    assert before == (ax.get_position().bounds, tuple(mine.get_size_inches()))


def test_a_given_axes_draws_the_rows_that_stay_readable_and_says_so():
    mine = Figure(figsize=(6, 2))
    FigureCanvasAgg(mine)
    ax = charts.dots(mine.subplots(), shares(40))
    drawn = len(ax.get_yticks())
    assert drawn < 20
    assert any(t.startswith(f"Drawn: the first {drawn} of 40 rows.") for t in texts(ax))


EMPTY = pd.DataFrame({"name": [], "share": [], "start": [], "end": []})


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: charts.dots(ax, EMPTY),
        lambda ax: charts.bars(ax, EMPTY, label="name", value="share"),
        lambda ax: charts.matrix(ax, EMPTY),
        lambda ax: charts.matrix(ax, pd.DataFrame(index=["a"])),
        lambda ax: charts.amounts(ax, EMPTY),
        lambda ax: charts.spans(ax, EMPTY, at="2024-06-30"),
        lambda ax: charts.upset(ax, pd.DataFrame({"a": [False], "b": [False]})),
        lambda ax: charts.chains(ax, EMPTY.assign(path=[]), names={}),
        lambda ax: charts.scatter(ax, EMPTY, x="share", y="share", label="name"),
        lambda ax: charts.scatter(
            ax, pd.DataFrame({"name": ["a"], "share": [np.nan]}), x="share", y="share", label="name"
        ),
    ],
)
def test_an_empty_frame_gives_a_figure_that_says_so(draw):
    ax = draw(charts.axes(rows=0))
    assert [t for t in texts(ax) if t.startswith("nothing to draw: ")]
    assert charts.is_blank(ax)
    assert not charts.is_blank(figure("dots"))
    assert charts.to_svg(ax).startswith(b"<?xml")
