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
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sysmap.core import charts

HOSTILE = (
    "</text><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "$x_{1}$ and $\\undefined",
    "]]>&amp;\u2028<!-- \x00\x1b \ud800",
    "\u202egnirts",
    "_hidden",
    "L" * 5000,
)
VERDICTS = ("universal", "intermediate", "context-specific", "undetermined")
VOCABULARIES = (
    VERDICTS,
    ("common", "shared", "niche", "undetermined"),
    ("present", "absent", "contested", "silent", "not asked"),
    ("consensus", "majority", "contested", "single"),
    ("uncovered", "single", "covered", "crowded", "unconnected", "unknown", "not needed"),
    ("join forces", "complement", "learn from", "bridge"),
    ("new", "deepen"),
    ("upcoming", "ongoing", "overdue", "done"),
    ("planned", "ongoing", "completed", "cancelled"),
    ("up", "down", "ambiguous", "none"),
    ("reinforcing", "balancing", "unknown"),
    ("determinant", "relay", "result", "autonomous"),
    ("added", "removed", "changed"),
    ("reality", "respondents", "coding"),
    ("low", "medium", "high"),
    ("answered", "asked"),
)


def shares(rows: int) -> pd.DataFrame:
    """Rows with falling shares; the first holds everywhere, the last was never assessed."""
    share = np.linspace(1, 0, rows)
    return pd.DataFrame(
        {
            "name": [f"Teacher training for multigrade schools, part {i}" for i in range(rows)],
            "share": np.where(np.arange(rows) == rows - 1, np.nan, share) if rows > 1 else share,
            "low": np.clip(share - 0.1, 0, 1),
            "high": np.clip(share + 0.1, 0, 1),
            "verdict": [VERDICTS[i % 4] for i in range(rows)],
            "of": [f"{i} of {rows}" for i in range(rows)],
        }
    )


KINDS = ("dots", "bars", "matrix", "amounts", "spans", "scatter")


def figure(kind: str, rows: int = 5, words: tuple[str, ...] = ()) -> Axes:
    """A figure of one kind; with `words` every text is one of these."""
    told = itertools.cycle(words or ("Costing", "Connectivity", "Curriculum"))
    names = [next(told) for _ in range(rows)]
    kinds = [next(told) for _ in range(rows)] if words else list(VERDICTS * rows)[:rows]
    frame = shares(rows).assign(
        name=names,
        verdict=kinds,
        x=np.arange(rows) * 1.5,
        y=np.arange(rows)[::-1] / 3,
        start=pd.to_datetime("2024-01-01") + pd.to_timedelta(np.arange(rows) * 40, unit="D"),
        end=pd.to_datetime("2024-02-01") + pd.to_timedelta(np.arange(rows) * 40, unit="D"),
    )
    heads = [f"{next(told)}{i}" for i in range(4)]
    cells = pd.DataFrame(np.resize(kinds, (rows, 4)), index=names, columns=heads)
    numbers = pd.DataFrame(np.arange(rows * 4.0).reshape(rows, 4), index=names, columns=heads)
    line = [(1.0, names[0])]
    more = {
        "title": next(told) if words else "Five elements.",
        "note": next(told) if words else "Data of 30 June 2024.",
    }
    ax = charts.axes(rows=rows)
    draw = {
        "dots": lambda: charts.dots(ax, frame, right="of", lines=line, xlabel=names[0], **more),
        "bars": lambda: charts.bars(
            ax, frame, label="name", value="x", of="y", kind="verdict", **more
        ),
        "matrix": lambda: charts.matrix(ax, cells, text=cells, rows=names[0], **more),
        "amounts": lambda: charts.amounts(ax, numbers, rows=names[0], columns=names[0], **more),
        "spans": lambda: charts.spans(
            ax, frame, kind="verdict", at="2024-03-01", right="name", **more
        ),
        "scatter": lambda: charts.scatter(
            ax,
            frame,
            x="x",
            y="y",
            label="name",
            kind="verdict",
            low="low",
            high="high",
            xlines=line,
            ylines=line,
            **more,
        ),
    }
    return draw[kind]()


def texts(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.findobj(Text) if t.get_visible() and t.get_text()]


def legend(ax: Axes) -> list[str]:
    drawn = ax.get_legend()
    return [t.get_text() for t in drawn.get_texts()] if drawn else []


def grey(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


# ---------------------------------------------------------------- marks


@pytest.mark.parametrize("words", VOCABULARIES, ids="-".join)
def test_words_of_one_question_differ_without_colour(words):
    """On points by shape; on areas by hatch, or by plain light against plain dark."""
    for one, other in itertools.combinations(map(charts.mark, words), 2):
        assert one.marker != other.marker, (one.label, other.label)
        same_hatch = one.hatch == other.hatch
        assert not same_hatch or abs(grey(one.colour) - grey(other.colour)) > 0.25, (one, other)


def test_every_word_with_a_look_stands_in_a_vocabulary_that_is_checked():
    assert set(charts.MARKS) == set(itertools.chain(*VOCABULARIES))


def test_outlines_have_a_contrast_of_three_on_white():
    """WCAG 2.2, 1.4.11: graphical objects."""
    for look in charts.MARKS.values():
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (int(look.edge[i : i + 2], 16) / 255 for i in (1, 3, 5))
        ]
        luminance = float(np.dot(linear, [0.2126, 0.7152, 0.0722]))
        assert 1.05 / (luminance + 0.05) >= 3, look


def test_eight_unknown_words_drawn_together_look_different():
    looks = charts.marks(f"word {i}" for i in range(8))
    assert len({(look.marker, look.hatch) for look in looks.values()}) == 8


def test_a_blank_class_is_called_not_stated():
    assert {charts.mark(blank).label for blank in (None, "", np.nan, pd.NA)} == {"not stated"}


# ---------------------------------------------------------------- the interpreter is the user's


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


# ---------------------------------------------------------------- bytes

_HASHES = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("drawn", sys.argv[2])
drawn = module_from_spec(spec)
spec.loader.exec_module(drawn)
for kind in drawn.KINDS:
    ax = drawn.figure(kind)
    for data in (drawn.charts.to_svg(ax, description=kind), drawn.charts.to_png(ax, dpi=60)):
        print(kind, hashlib.sha256(data).hexdigest())
"""


def test_equal_input_gives_equal_bytes_in_processes_with_other_hash_seeds():
    here = Path(__file__)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _HASHES, str(here.parents[2]), str(here)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, zone, epoch in (("1", "UTC", "1"), ("2", "Asia/Bangkok", "1700000000"))
    ]
    first, second = (process.communicate(timeout=120)[0] for process in running)
    assert len(first.splitlines()) == 12
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


# ---------------------------------------------------------------- hostile text


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


# ---------------------------------------------------------------- svg


def test_an_svg_names_and_describes_itself():
    ax = figure("dots")
    root = ElementTree.fromstring(charts.to_svg(ax, title="A & B", description="Dot plot <1>"))
    assert (root.get("role"), root[0].text, root[1].text) == ("img", "A & B", "Dot plot <1>")
    assert root.get("aria-labelledby").split() == [root[0].get("id"), root[1].get("id")]


def test_without_a_title_an_svg_is_named_by_the_title_that_is_drawn():
    assert ElementTree.fromstring(charts.to_svg(figure("bars")))[0].text == "Five elements."


def test_fallback_fonts_of_the_machine_leave_no_trace_in_an_svg(monkeypatch):
    plain = charts.to_svg(figure("dots"))
    monkeypatch.setattr(charts, "_FALLBACKS", ("DejaVu Serif",))
    assert plain == charts.to_svg(figure("dots"))


# ---------------------------------------------------------------- layout


def boxes_of_texts(ax: Axes) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with its box in pixels; ticks beyond the axis are not drawn."""
    ax.figure.canvas.draw()
    drawn = [*ax.texts, *(ax.get_legend().get_texts() if ax.get_legend() else ())]
    drawn += [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        ticks = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
        drawn += [text for at, text in ticks if min(limits) <= at <= max(limits)]
    return [(t.get_text(), t.get_window_extent()) for t in drawn if t.get_text().strip()]


LONG = ("An element with a name that is far longer than any column could ever hold, " * 2,)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("rows", "words"), [(1, ()), (3, ()), (40, ()), (12, LONG)])
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
    assert f"Drawn: the first {drawn} of 40 rows." in texts(ax)


# ---------------------------------------------------------------- each kind


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


def test_the_legend_names_the_classes_drawn_and_no_other():
    ax = charts.dots(charts.axes(rows=6), shares(6), top=2)
    assert legend(ax) == ["universal", "intermediate"]


def test_rows_beyond_the_top_are_counted_in_the_note():
    ax = charts.dots(charts.axes(rows=40), shares(50), note="Data of 2024.")
    assert "Data of 2024. Drawn: the first 40 of 50 rows." in texts(ax)


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


def test_a_matrix_draws_one_path_per_state_with_one_square_per_cell():
    words = np.resize(["present", "absent", "silent", "not asked"], (40, 49))
    ax = charts.matrix(charts.axes(rows=40), pd.DataFrame(words))
    paths = {p.get_label(): p.get_path() for p in ax.patches if p.get_label() in charts.MARKS}
    # A closed square is five vertices.
    squares = {word: len(path.vertices) // 5 for word, path in paths.items()}
    assert squares == dict(zip(*np.unique(words, return_counts=True), strict=True))


def test_a_missing_state_is_drawn_as_not_stated():
    ax = charts.matrix(charts.axes(rows=1), pd.DataFrame({"FJI": ["present"], "NPL": [None]}))
    assert legend(ax) == ["present", "not stated"]


def test_a_missing_amount_is_no_zero():
    values = pd.DataFrame({"FJI": [0.0, 4.0], "NPL": [np.nan, 2.0]})
    ax = charts.amounts(charts.axes(rows=2), values)
    assert legend(ax) == ["no value"]
    assert sorted(t.get_text() for t in ax.texts if t.get_text()) == ["0", "2", "4"]


def test_columns_beyond_sixty_are_counted_in_the_note():
    ax = charts.amounts(charts.axes(rows=1), pd.DataFrame(np.ones((1, 75))))
    assert "Drawn: the first 60 of 75 columns." in texts(ax)


def test_bars_tell_the_part_and_the_whole():
    frame = pd.DataFrame({"name": ["a", "b"], "answered": [3, np.nan], "asked": [4, 4]})
    ax = charts.bars(charts.axes(rows=2), frame, label="name", value="answered", of="asked")
    assert "3 of 4" in texts(ax)
    assert "no value" in texts(ax)
    assert legend(ax) == ["answered", "asked"]


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


def test_points_without_numbers_are_counted():
    frame = pd.DataFrame({"name": list("abc"), "x": [1, 2, np.nan], "y": [1, 2, 3]})
    ax = charts.scatter(charts.axes(), frame, x="x", y="y", label="name")
    assert "1 of 3 have no numbers here." in texts(ax)


def test_names_of_points_keep_off_lines_markers_and_each_other():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"name": [f"element {i}" for i in range(30)], "x": rng.random(30), "y": rng.random(30)}
    )
    ax = charts.scatter(
        charts.axes(), frame, x="x", y="y", label="name", top=30, xlines=[(0.5, "mean")]
    )
    boxes = [(t, b) for t, b in boxes_of_texts(ax) if t.startswith("element")]
    assert len(boxes) > 20
    line = ax.transData.transform((0.5, 0))[0]
    points = ax.transData.transform(frame[["x", "y"]].to_numpy())
    for text, box in boxes:
        assert not box.x0 < line < box.x1, text
        inside = (
            (points[:, 0] > box.x0)
            & (points[:, 0] < box.x1)
            & (points[:, 1] > box.y0)
            & (points[:, 1] < box.y1)
        )
        assert not inside.any(), text


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
        lambda ax: charts.scatter(ax, EMPTY, x="share", y="share", label="name"),
        lambda ax: charts.scatter(
            ax, pd.DataFrame({"name": ["a"], "share": [np.nan]}), x="share", y="share", label="name"
        ),
    ],
)
def test_an_empty_frame_gives_a_figure_that_says_so(draw):
    ax = draw(charts.axes(rows=0))
    assert [t for t in texts(ax) if t.startswith("nothing to draw: ")]
    assert charts.to_svg(ax).startswith(b"<?xml")


def test_a_frame_in_which_nobody_was_assessed_is_drawn():
    frame = pd.DataFrame({"name": ["a", "b"], "score": [np.nan, np.nan]})
    ax = charts.dots(charts.axes(rows=2), frame, value="score")
    assert texts(ax).count("not assessed") == 2


def test_missing_values_of_nullable_columns_are_no_numbers():
    frame = pd.DataFrame({"name": ["a", "b"], "n": pd.array([3, None], "Int64")})
    ax = charts.bars(charts.axes(rows=2), frame, label="name", value="n")
    assert "no value" in texts(ax)


# ---------------------------------------------------------------- labels

coordinate = st.floats(-100, 100, width=32)
extent = st.floats(1, 40, width=32)


def overlap(a: np.ndarray, b: np.ndarray) -> bool:
    """Two boxes share more than an edge: the definition, in plain words."""
    return max(a[0], b[0]) < min(a[2], b[2]) and max(a[1], b[1]) < min(a[3], b[3])


@given(
    st.lists(st.tuples(coordinate, coordinate, extent, extent), max_size=25),
    st.lists(st.tuples(coordinate, coordinate, extent, extent), max_size=8),
)
def test_placed_labels_cover_no_label_and_no_obstacle_and_stay_in_bounds(labels, blocks):
    points = [(x, y) for x, y, _, _ in labels]
    sizes = [(w, h) for _, _, w, h in labels]
    obstacles = [(x, y, x + w, y + h) for x, y, w, h in blocks]
    bounds = (-110.0, -110.0, 110.0, 110.0)
    boxes = charts.place_labels(points, sizes, obstacles=obstacles, bounds=bounds)
    assert boxes.shape == (len(labels), 4)
    placed = [box for box in boxes if np.isfinite(box).all()]
    for one, other in itertools.combinations(placed, 2):
        assert not overlap(one, other)
    for box in placed:
        assert not [block for block in obstacles if overlap(box, np.array(block))]
        assert (box >= -110).all()
        assert (box <= 110).all()


@given(st.lists(st.tuples(coordinate, coordinate, extent, extent), max_size=12))
def test_a_label_is_left_out_only_where_all_eight_positions_are_taken(labels):
    """Adding later labels never moves earlier ones, and the first always finds room."""
    points = [(x, y) for x, y, _, _ in labels]
    sizes = [(w, h) for _, _, w, h in labels]
    boxes = charts.place_labels(points, sizes)
    for count in range(len(labels)):
        np.testing.assert_array_equal(
            charts.place_labels(points[:count], sizes[:count]), boxes[:count]
        )
    assert np.isfinite(boxes[:1]).all()


def test_nine_labels_at_one_point_fill_the_eight_positions():
    """Small labels with a gap beyond their size do not touch, so eight fit and one does not."""
    boxes = charts.place_labels([(0, 0)] * 9, [(1, 1)] * 9, gap=5)
    assert np.isnan(boxes[:, 0]).sum() == 1
    assert np.isnan(boxes[8]).all()
