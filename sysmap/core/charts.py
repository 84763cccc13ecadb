"""Figure primitives: each takes a plain frame and an Axes and says nothing by colour alone.

A figure that `axes` makes is laid out in points: the plot gets its size from the rows drawn, and
title, legend and small print are stacked around it, so that nothing overlaps at any length.
On an Axes that somebody else made, the same parts are stacked around the plot as it stands.
Text is drawn as it is written: dollar signs start no formula and control characters are dropped.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypedDict
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]
Lines = Sequence[tuple[float, str]]
"""Threshold lines: position on the axis and the words beside it."""
Bands = Sequence[tuple[float, float, str]]
"""Shaded ranges: from, to and the words above."""

PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "black": "#000000", "orange": "#E69F00", "sky": "#56B4E9", "green": "#009E73",
        "yellow": "#F0E442", "blue": "#0072B2", "vermilion": "#D55E00", "purple": "#CC79A7",
        "grey": "#6B6B6B",
    }
)
"""Okabe-Ito by name: colours that stay apart for colour-blind readers (Okabe and Ito 2008)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How one class looks, on points and on areas.

    Parameters
    ----------
    colour, edge
        Fill and outline, as ``#RRGGBB``.
    marker, hatch
        The matplotlib marker of a point and hatch of an area; they tell classes apart in grey.
    label
        The word in the legend.
    """

    colour: str
    edge: str
    marker: str
    hatch: str
    label: str


_WHITE, _INK, _FAINT = "#FFFFFF", "#222222", "#D9D9D9"
_BLUE, _PALE_BLUE, _DARK_BLUE = PALETTE["blue"], "#BBDDF2", "#004B76"
_GREEN, _PALE_GREEN, _DARK_GREEN = PALETTE["green"], "#BDE6D8", "#00664A"
_RED, _PALE_RED, _DARK_RED = PALETTE["vermilion"], "#F7D3BB", "#8F3F00"
_PURPLE, _DARK_PURPLE = "#E3B5CF", "#7D3B5E"
_ORANGE, _DARK_ORANGE = PALETTE["orange"], "#7A5400"
_GREY, _PALE_GREY = PALETTE["grey"], "#EDEDED"

# Hatches are straight lines: a dotted one alone adds 150 kB to an SVG.
_LOOKS: tuple[tuple[str, str, str, str, str], ...] = (
    # verdicts on elements and outcomes
    ("universal", _BLUE, _DARK_BLUE, "o", ""),
    ("intermediate", _PALE_BLUE, _BLUE, "D", "///"),
    ("context-specific", _WHITE, _BLUE, "s", "---"),
    ("common", _GREEN, _DARK_GREEN, "o", ""),
    ("shared", _PALE_GREEN, _DARK_GREEN, "D", "///"),
    ("niche", _WHITE, _DARK_GREEN, "s", "---"),
    ("undetermined", _WHITE, _GREY, "^", ""),
    # what was reported about an element in a context, and how far sources agree
    ("present", _BLUE, _DARK_BLUE, "o", ""),
    ("absent", _PALE_RED, _DARK_RED, "X", "\\\\\\"),
    ("consensus", _GREEN, _DARK_GREEN, "o", ""),
    ("majority", _PALE_GREEN, _DARK_GREEN, "D", "---"),
    ("contested", _PURPLE, _DARK_PURPLE, "P", "xxx"),
    ("silent", _PALE_GREY, _GREY, "v", "-"),
    ("not asked", _WHITE, _GREY, "s", ""),
    # coverage
    ("uncovered", _RED, _DARK_RED, "X", "xxx"),
    ("single", "#FAF3A8", _DARK_ORANGE, "^", "///"),
    ("covered", _GREEN, _DARK_GREEN, "o", ""),
    ("crowded", _BLUE, _DARK_BLUE, "P", "+++"),
    ("unconnected", _ORANGE, _DARK_ORANGE, "D", "\\\\\\"),
    ("unknown", _WHITE, _GREY, "d", ""),
    ("not needed", _PALE_GREY, _GREY, "s", "-"),
    # opportunities
    ("join forces", _BLUE, _DARK_BLUE, "o", ""),
    ("complement", _GREEN, _DARK_GREEN, "s", "///"),
    ("learn from", _ORANGE, _DARK_ORANGE, "^", "---"),
    ("bridge", _PURPLE, _DARK_PURPLE, "D", "xxx"),
    ("new", _GREEN, _DARK_GREEN, "o", ""),
    ("deepen", _PALE_GREY, _GREY, "s", "///"),
    # activities
    ("overdue", _RED, _DARK_RED, "X", "xxx"),
    ("ongoing", _BLUE, _DARK_BLUE, "s", ""),
    ("upcoming", _PALE_BLUE, _BLUE, "o", "///"),
    ("planned", _PALE_BLUE, _BLUE, "o", "///"),
    ("done", _PALE_GREY, _GREY, "D", "---"),
    ("completed", _PALE_GREY, _GREY, "D", "---"),
    ("cancelled", _WHITE, _GREY, "X", "xxx"),
    # effects and loops
    ("up", _BLUE, _DARK_BLUE, "^", ""),
    ("down", _PALE_RED, _DARK_RED, "v", "\\\\\\"),
    ("none", _PALE_GREY, _GREY, "o", "---"),
    ("ambiguous", _PURPLE, _DARK_PURPLE, "D", "xxx"),
    ("reinforcing", _BLUE, _DARK_BLUE, "o", ""),
    ("balancing", _PALE_RED, _DARK_RED, "s", "///"),
    ("determinant", _BLUE, _DARK_BLUE, "o", ""),
    ("relay", _PURPLE, _DARK_PURPLE, "D", "xxx"),
    ("result", _ORANGE, _DARK_ORANGE, "s", "///"),
    ("autonomous", _PALE_GREY, _GREY, "^", "---"),
    # change between rounds
    ("added", _GREEN, _DARK_GREEN, "^", ""),
    ("removed", _PALE_RED, _DARK_RED, "v", "\\\\\\"),
    ("changed", _ORANGE, _DARK_ORANGE, "D", "///"),
    ("reality", _BLUE, _DARK_BLUE, "o", ""),
    ("respondents", _ORANGE, _DARK_ORANGE, "s", "///"),
    ("coding", _PALE_GREY, _GREY, "D", "---"),
    # levels and answers
    ("low", "#DCECF7", _BLUE, "v", "---"),
    ("medium", "#7FB8DA", _DARK_BLUE, "o", "///"),
    ("high", _DARK_BLUE, "#002B45", "^", ""),
    ("answered", _BLUE, _DARK_BLUE, "o", ""),
    ("asked", _WHITE, _GREY, "s", ""),
)

MARKS: Mapping[str, Mark] = MappingProxyType(
    {word: Mark(colour, edge, marker, hatch, word) for word, colour, edge, marker, hatch in _LOOKS}
)
"""How the words used in answers look; legends keep this order."""

_NEUTRAL = tuple(
    Mark(colour, "#333333", marker, hatch, "")
    for colour, marker, hatch in (
        ("#8C8C8C", "o", ""), ("#EDEDED", "s", "///"), ("#BFBFBF", "^", "///---"),
        ("#FFFFFF", "D", "xxx"), ("#D9D9D9", "v", "---"), ("#A6A6A6", "P", "\\\\\\"),
        ("#F5F5F5", "X", "+++"), ("#CCCCCC", "h", "|||"),
    )
)
_BLANK = Mark(_WHITE, "#A6A6A6", ".", "", "not stated")
_NO_VALUE = Mark(_WHITE, "#A6A6A6", "x", "////", "no value")

_OWN = "sysmap chart"
_TITLE, _TEXT, _SMALL = 10.5, 8.5, 7.5
_WIDTH, _NARROW, _MARGIN = 540.0, 330.0, 8.0
_LABEL, _COLUMN_LABEL, _MOST_ROWS, _MOST_COLUMNS = 42, 24, 60, 60
_LEVELS = 24
# How names are tried beside points: distance and width of a line, both in points.
_TRIES = ((6.0, 110.0), (6.0, 72.0), (14.0, 110.0), (14.0, 72.0), (26.0, 72.0))
# Written out, because the names that Python gives depend on the locale.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
# Tried in this order where a name has letters that the bundled font lacks.
_FALLBACKS = (
    "Noto Sans", "Noto Sans CJK SC", "Noto Sans SC", "Noto Sans Thai", "Noto Sans Khmer",
    "Noto Sans Lao", "Noto Sans Myanmar", "Noto Sans Devanagari", "Noto Sans Bengali",
    "Noto Sans Tamil", "Noto Sans Sinhala", "Noto Sans Thaana", "Nirmala UI", "Leelawadee UI",
    "Myanmar Text", "Microsoft YaHei", "PingFang SC", "Arial Unicode MS",
)


def mark(word: object) -> Mark:
    """A word of an answer looks the same in every figure.

    Parameters
    ----------
    word
        A class, such as ``"universal"``. A blank is "not stated"; a word that `MARKS` does not
        know gets a grey mark that depends on the word alone.

    Examples
    --------
    >>> mark("universal").marker, mark("").label, mark("pilot") == mark("pilot")
    ('o', 'not stated', True)
    """
    return marks([word])[_word(word)]


def marks(words: Iterable[object]) -> dict[str, Mark]:
    """Words that are drawn together look different, as far as eight neutral marks reach.

    Returns
    -------
    dict
        Mark by word in legend order: the words of `MARKS` first, then others by code point.

    Examples
    --------
    >>> list(marks(["pilot", "undetermined", "universal"]))
    ['universal', 'undetermined', 'pilot']
    """
    asked = {_word(w) for w in words}
    drawn = {word: MARKS[word] for word in MARKS if word in asked}
    taken: set[int] = set()
    for word in sorted(asked - set(drawn)):
        if not word:
            drawn[word] = _BLANK
            continue
        first = zlib.crc32(word.encode("utf-8", "replace")) % len(_NEUTRAL)
        order = [(first + step) % len(_NEUTRAL) for step in range(len(_NEUTRAL))]
        chosen = next((i for i in order if i not in taken), first)
        taken.add(chosen)
        look = _NEUTRAL[chosen]
        drawn[word] = Mark(look.colour, look.edge, look.marker, look.hatch, word)
    return drawn


@contextmanager
def style() -> Iterator[None]:
    """Everything is drawn in one style that ends with the block.

    The style starts from matplotlib's defaults, so a setting of the user changes no figure of
    ours, and ours changes none of the user's. Letters that no font has stay silent boxes.

    Examples
    --------
    >>> import matplotlib
    >>> before = matplotlib.rcParams["font.size"]
    >>> with style():
    ...     inside = matplotlib.rcParams["font.size"]
    >>> inside, matplotlib.rcParams["font.size"] == before
    (8.5, True)
    """
    from matplotlib import style as styles
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    ours = {
        "font.family": ["DejaVu Sans", *(f for f in _FALLBACKS if f in installed)],
        "font.size": _TEXT, "axes.titlesize": _TITLE, "axes.labelsize": _TEXT,
        "xtick.labelsize": _SMALL, "ytick.labelsize": _TEXT, "legend.fontsize": _SMALL,
        "text.color": _INK, "axes.labelcolor": _INK, "xtick.color": _INK, "ytick.color": _INK,
        "axes.edgecolor": "#8C8C8C", "axes.linewidth": 0.6, "hatch.linewidth": 0.6,
        "text.parse_math": False, "axes.formatter.useoffset": False,
        "svg.fonttype": "none", "svg.hashsalt": "sysmap",
    }
    with styles.context(["default", ours]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph ", category=UserWarning)
        yield


def axes(ax: Axes | None = None, *, rows: int = 8, columns: int | None = None) -> Axes:
    """A figure is made only where no Axes is given.

    Parameters
    ----------
    ax
        Where to draw; it is handed back untouched.
    rows
        Rows that will be drawn; the height follows, up to 60 rows.
    columns
        Columns that will be drawn; the width follows. None is the width of a page.

    Examples
    --------
    >>> few, many = axes(rows=3), axes(rows=40)
    >>> bool(many.figure.get_figheight() > few.figure.get_figheight())
    True
    """
    if ax is not None:
        return ax
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = min(max(rows, 1), _MOST_ROWS)
    width = _WIDTH if columns is None else 200 + _cell_width(columns, 200) * columns
    with style():
        figure = Figure(
            figsize=(max(width, _NARROW) / 72, (80 + drawn * _pitch(drawn)) / 72), label=_OWN
        )
        FigureCanvasAgg(figure)
        return figure.add_subplot()


def dots(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    label: str = "name",
    value: str = "share",
    low: str = "low",
    high: str = "high",
    kind: str = "verdict",
    right: str | Sequence[str] | None = None,
    lines: Lines = (),
    bands: Bands = (),
    title: str = "",
    note: str = "",
    top: int = 40,
    percent: bool | None = None,
    xlabel: str = "",
) -> Axes:
    """Each row is a dot with its interval, in the order of the frame, the first at the top.

    Parameters
    ----------
    frame
        One row per subject. Columns that are absent are not drawn; without `label` the index is
        read.
    label, value, low, high, kind
        Names of columns: text, number, ends of the interval and the class that gives the mark.
        A missing `value` is drawn as the words "not assessed".
    right
        Texts at the right, such as "26 of 30": a column or one text per row.
    lines, bands
        Thresholds ``(position, words)`` and shaded ranges ``(from, to, words)``.
    title, note
        A sentence above and small print below; both are wrapped.
    top
        The most rows to draw; the note tells when there are more.
    percent
        True draws shares of 1 on a fixed axis of 0 to 100 %. None: if the column is ``share``.
    xlabel
        Words below the axis.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Costing"], "share": [1.0], "verdict": ["universal"]})
    >>> dots(axes(rows=1), frame, title="1 element is universal").get_title(loc="left")
    '1 element is universal'
    """
    if frame.empty:
        return _nothing(ax, title, note)
    with style():
        shown = frame.head(_fitting(ax, top))
        at, x = np.arange(len(shown)), _numbers(shown, value)
        # Where nobody was assessed the interval is 0 to 1; the words say it better than a line.
        from_, to = (np.where(np.isnan(x), np.nan, _numbers(shown, c)) for c in (low, high))
        classes, looks = _classes(shown, kind)
        texts = _column(frame, right)[: len(shown)]
        shares = value == "share" if percent is None else percent
        plot = _lay(
            ax, _texts(shown, label), right=_widest(texts, _SMALL),
            height=len(shown) * _pitch(len(shown)),
        )
        _number_axis(ax, [x, from_, to, [p for p, _ in lines]], percent=shares)
        ax.hlines(at, *ax.get_xlim(), color=_FAINT, linewidth=0.5, zorder=0.5)
        plot.above = _thresholds(ax, plot, lines, bands)
        for word, look in looks.items():
            mine = classes == word
            ax.hlines(
                at[mine], from_[mine], to[mine], color=look.edge, linewidth=1.3, clip_on=False,
                zorder=2,
            )
            ax.plot(
                x[mine], at[mine], linestyle="none", clip_on=False, zorder=3, **_point(look)
            )
        for row in at[np.isnan(x)]:
            _write(ax, "not assessed", (0, row), (4, 0), "rows", color=_GREY, style="italic")
        _beside(ax, texts)
        plot.below = _below_axis(ax, xlabel)
        _furnish(ax, plot, title, _more(note, len(shown), len(frame)), _points(looks))
    return ax


def bars(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    of: str | None = None,
    kind: str | None = None,
    title: str = "",
    note: str = "",
    top: int = 40,
    xlabel: str = "",
) -> Axes:
    """Each row is a bar of a count, and with `of` an outline of what it is a part of.

    Parameters
    ----------
    frame
        One row per bar, drawn in order, the first at the top.
    label, value
        Columns with the text and the number; a missing number is drawn as "no value".
    of
        Column with the whole, such as those asked where `value` are those who answered.
    kind
        Column with the class that gives colour and hatch.
    title, note, top, xlabel
        As in `dots`.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Survey"], "answered": [18], "asked": [24]})
    >>> ax = bars(axes(rows=1), frame, label="name", value="answered", of="asked")
    >>> ax.texts[0].get_text()
    '18 of 24'
    """
    if frame.empty:
        return _nothing(ax, title, note)
    with style():
        shown = frame.head(_fitting(ax, top))
        at, x = np.arange(len(shown)), _numbers(shown, value)
        whole = _numbers(shown, of)
        classes, looks = _classes(shown, kind, Mark(_BLUE, _DARK_BLUE, "o", "", value))
        texts = [_amount_text(part, all_) for part, all_ in zip(x, whole, strict=True)]
        plot = _lay(
            ax, _texts(shown, label), right=_widest(texts, _SMALL),
            height=len(shown) * _pitch(len(shown)),
        )
        _number_axis(ax, [[0.0], x, whole], percent=False)
        if of is not None:
            ax.barh(at, whole, height=0.7, facecolor=_WHITE, edgecolor=_GREY, linewidth=0.8)
        for word, look in looks.items():
            mine = classes == word
            ax.barh(at[mine], x[mine], height=0.7 if of is None else 0.5, zorder=2, **_area(look))
        _beside(ax, texts)
        plot.below = _below_axis(ax, xlabel)
        handles = _areas(looks) if kind in frame.columns or of is not None else []
        if of is not None:
            handles += _areas({of: Mark(_WHITE, _GREY, "s", "", of)})
        _furnish(ax, plot, title, _more(note, len(shown), len(frame)), handles)
    return ax


def matrix(
    ax: Axes,
    states: pd.DataFrame,
    *,
    title: str = "",
    note: str = "",
    rows: str = "",
    columns: str = "",
    top: int = 40,
    text: pd.DataFrame | None = None,
) -> Axes:
    """Each cell is filled and hatched by the word that it holds.

    Parameters
    ----------
    states
        Words, subjects as rows and places as columns; the labels are drawn. A missing word is
        drawn as "not stated". Cells of one state are one path, so large matrices stay light.
    rows, columns
        What rows and columns are, in small print at the corner.
    text
        Texts to print in the cells, same shape as `states`.
    title, note, top
        As in `dots`; at most 60 columns are drawn, and the note tells when there are more.

    Examples
    --------
    >>> states = pd.DataFrame({"FJI": ["present"], "NPL": ["not asked"]}, index=["Costing"])
    >>> [t.get_text() for t in matrix(axes(rows=1), states).get_legend().get_texts()]
    ['present', 'not asked']
    """
    if states.empty:
        return _nothing(ax, title, note)
    with style():
        shown = states.iloc[: _fitting(ax, top), :_MOST_COLUMNS]
        words = np.array([[_word(w) for w in row] for row in shown.to_numpy(object)])
        looks = marks(words.ravel())
        printed = None if text is None else _printed(text, shown)
        plot = _grid(ax, shown, printed)
        for word, look in looks.items():
            _cells(ax, plot, words == word, look)
        if printed is not None:
            fills = {word: look.colour for word, look in looks.items()}
            boxed = np.array([[bool(looks[w].hatch) for w in row] for row in words])
            _print(ax, printed, np.vectorize(fills.__getitem__)(words), boxed)
        _furnish(
            ax, plot, title, _more(note, len(shown), len(states), *_wide(shown, states)),
            _areas(looks), corner=_corner(rows, columns),
        )
    return ax


def amounts(
    ax: Axes,
    values: pd.DataFrame,
    *,
    title: str = "",
    note: str = "",
    text: bool = True,
    top: int = 40,
    rows: str = "",
    columns: str = "",
) -> Axes:
    """Each cell is shaded from white to blue by its number, and the number stands in it.

    Parameters
    ----------
    values
        Numbers, labels as in `matrix`. A missing number is hatched: unknown is not zero.
    text
        False leaves the numbers out; the legend then shows the range.
    title, note, top, rows, columns
        As in `matrix`.

    Examples
    --------
    >>> ax = amounts(axes(rows=1), pd.DataFrame({"FJI": [3.0], "NPL": [None]}, index=["Costing"]))
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['3']
    """
    if values.empty:
        return _nothing(ax, title, note)
    with style():
        shown = values.iloc[: _fitting(ax, top), :_MOST_COLUMNS]
        numbers = shown.apply(pd.to_numeric).to_numpy(np.float64, na_value=np.nan)
        known = np.isfinite(numbers)
        least, most = _range(numbers[known])
        level = np.zeros(numbers.shape, np.int64)
        level[known] = np.rint((numbers[known] - least) / (most - least) * _LEVELS)
        printed = np.array([[_number(v) for v in row] for row in numbers])
        plot = _grid(ax, shown, printed if text else None)
        for step in np.unique(level[known]):
            _cells(ax, plot, known & (level == step), Mark(_blue(step), _FAINT, "s", "", ""))
        handles: dict[str, Mark] = {}
        if not known.all():
            _cells(ax, plot, ~known, _NO_VALUE)
            handles[_NO_VALUE.label] = _NO_VALUE
        if text:
            _print(ax, printed, np.vectorize(_blue)(level), ~known)
        elif known.any():
            ends = {_number(least): 0, _number((least + most) / 2): _LEVELS // 2}
            ends[_number(most)] = _LEVELS
            scale = {w: Mark(_blue(s), _GREY, "s", "", w) for w, s in ends.items()}
            handles = {**scale, **handles}
        _furnish(
            ax, plot, title, _more(note, len(shown), len(values), *_wide(shown, values)),
            _areas(handles), corner=_corner(rows, columns),
        )
    return ax


def spans(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    label: str = "name",
    start: str = "start",
    end: str = "end",
    kind: str = "state",
    at: object = None,
    right: str | Sequence[str] | None = None,
    title: str = "",
    note: str = "",
    top: int = 40,
) -> Axes:
    """Each row is a bar from its first to its last day, filled and hatched by its state.

    Parameters
    ----------
    frame
        One row per activity, drawn in order, the first at the top.
    label, start, end, kind
        Columns with text, first day, last day and state. A missing day is an open end, drawn as
        an arrow; a row without both is drawn as the words "date not given".
    at
        The day of the status line, such as the data date. The axis then begins at most one year
        earlier, unless a bar ends before; bars that begin before the axis get an arrow.
    right
        Texts at the right, such as who leads: a column or one text per row.
    title, note, top
        As in `dots`.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Forum"], "state": ["done"],
    ...     "start": pd.to_datetime(["2024-03-01"]), "end": pd.to_datetime(["2024-03-04"])})
    >>> ax = spans(axes(rows=1), frame, at="2024-06-30")
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['30 June 2024']
    """
    if frame.empty:
        return _nothing(ax, title, note)
    with style():
        shown = frame.head(_fitting(ax, top))
        rows = np.arange(len(shown))
        first, last = _days(shown, start), _days(shown, end) + 1
        today = _days(pd.DataFrame({"at": [at]}), "at")[0] if at is not None else math.nan
        left, stop = _window(first, last, today)
        classes, looks = _classes(shown, kind)
        texts = [_shorten(t, 28) for t in _column(frame, right)[: len(shown)]]
        plot = _lay(
            ax, _texts(shown, label), right=_widest(texts, _SMALL),
            height=len(shown) * _pitch(len(shown)),
        )
        ax.set_xlim(left, stop)
        ticks = _months(left, stop)
        ax.set_xticks([t for t, _ in ticks], labels=[w for _, w in ticks])
        ax.grid(axis="x", color=_FAINT, linewidth=0.5)
        ax.set_axisbelow(True)
        plot.above = _thresholds(ax, plot, [(today, _day_words(today))] if at is not None else ())
        dated = np.isfinite(first) | np.isfinite(last)
        begin = np.where(np.isnan(first) | (first < left), left, first)
        finish = np.where(np.isnan(last), stop, last)
        width = np.maximum(finish - begin, (stop - left) * 0.01)
        for word, look in looks.items():
            mine = (classes == word) & dated
            ax.barh(rows[mine], width[mine], left=begin[mine], height=0.6, zorder=2, **_area(look))
            before = mine & (np.isnan(first) | (first < left))
            beyond = mine & np.isnan(last)
            for where, place, sign in ((before, left, "<"), (beyond, stop, ">")):
                ax.plot(
                    np.full(where.sum(), place), rows[where], linestyle="none", marker=sign,
                    markersize=8, markerfacecolor=look.edge, markeredgecolor=_WHITE,
                    clip_on=False, zorder=3,
                )
        for row in rows[~dated]:
            right_half = np.isfinite(today) and today < (left + stop) / 2
            offset = -_width("date not given", _SMALL) - 6 if right_half else 6
            _write(
                ax, "date not given", (float(right_half), row), (offset, 0), "rows", color=_GREY,
                style="italic",
            )
        _beside(ax, texts)
        plot.below = _below_axis(ax, "")
        _furnish(ax, plot, title, _more(note, len(shown), len(frame)), _areas(looks))
    return ax


def scatter(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    label: str,
    kind: str | None = None,
    low: str | None = None,
    high: str | None = None,
    top: int = 15,
    title: str = "",
    note: str = "",
    xlabel: str = "",
    ylabel: str = "",
    xlines: Lines = (),
    ylines: Lines = (),
) -> Axes:
    """Each row is a point; the first rows are named, and no name covers another.

    Parameters
    ----------
    frame
        One row per point, the most important first; rows without a number are left out and
        counted in the note.
    x, y, label, kind
        Columns with the two numbers, the text and the class that gives the mark.
    low, high
        Columns with the ends of a whisker along `y`.
    top
        How many rows are named; a name without room is left out and counted in the note.
    title, note
        As in `dots`.
    xlabel, ylabel
        Words at the axes; blank are the names of the columns.
    xlines, ylines
        Lines across, such as means: ``(position, words)``. Names keep off them.

    Examples
    --------
    >>> frame = pd.DataFrame({"given": [1.0, 2.0], "received": [2.0, 1.0], "name": ["a", "b"]})
    >>> ax = scatter(axes(), frame, x="given", y="received", label="name")
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['a', 'b']
    """
    placed = frame[np.isfinite(_numbers(frame, x)) & np.isfinite(_numbers(frame, y))]
    if placed.empty:
        return _nothing(ax, title, note)
    with style():
        points = np.column_stack([_numbers(placed, x), _numbers(placed, y)])
        from_, to = _numbers(placed, low), _numbers(placed, high)
        classes, looks = _classes(placed, kind)
        plot = _lay(ax, [], height=350.0, left=_SMALL * 5)
        ax.set_xlim(_padded([points[:, 0], [p for p, _ in xlines]]))
        ax.set_ylim(_padded([points[:, 1], from_, to, [p for p, _ in ylines]]))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_tick_params(length=2.5, labelsize=_SMALL)
        plot.above = _thresholds(ax, plot, xlines)
        for position, words in ylines:
            ax.axhline(position, color=_GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
            _write(ax, _shorten(words, 20), (1, position), (4, 0), "rows", color=_GREY)
        plot.right = max(_widest([_shorten(w, 20) for _, w in ylines], _SMALL) + 6, plot.right)
        plot.below = _below_axis(ax, xlabel or x)
        ax.set_ylabel(_shorten(ylabel or y, 50), fontsize=_TEXT, labelpad=4, parse_math=False)
        for word, look in looks.items():
            mine = classes == word
            ax.vlines(
                points[mine, 0], from_[mine], to[mine], color=look.edge, linewidth=0.8, zorder=2
            )
            ax.plot(*points[mine].T, linestyle="none", clip_on=False, zorder=3, **_point(look))
        count = len(frame) - len(placed)
        missing = f"{count} of {len(frame)} have no numbers here." if count else ""
        handles = _points(looks) if kind in frame.columns else []
        names = _texts(placed.head(top), label)
        if _is_ours(ax):
            _resize(ax, plot, plot.above, plot.below)
        left_out = _name_points(ax, points, from_, to, names, xlines, ylines)
        unnamed = f"For {left_out} of {len(names)} names there was no room." if left_out else ""
        _furnish(ax, plot, title, " ".join(filter(None, [note, missing, unnamed])), handles)
    return ax


def place_labels(
    points: ArrayLike,
    sizes: ArrayLike,
    *,
    obstacles: ArrayLike = (),
    bounds: tuple[float, float, float, float] | None = None,
    gap: float = 5.0,
) -> FloatArray:
    """Labels are put beside their points so that none covers another or an obstacle.

    Parameters
    ----------
    points
        Where the labels belong, shape ``(n, 2)``, the most important first.
    sizes
        Width and height of each label in the same unit, shape ``(n, 2)``.
    obstacles
        Boxes to keep off, shape ``(m, 4)``: left, bottom, right, top.
    bounds
        The box that labels stay in; None is no bound.
    gap
        Distance between point and label.

    Returns
    -------
    ndarray
        Boxes of shape ``(n, 4)``; NaN where none of the eight positions is free.

    Notes
    -----
    Greedy: each label takes the first free position of right, upper right, lower right, left,
    upper left, lower left, above, below. Source: the eight-position model of Imhof (1975), in
    the greedy variant that Christensen, Marks and Shieber (1995) compare.

    Examples
    --------
    >>> place_labels([(0, 0), (0, 0)], [(10, 4), (10, 4)], gap=2)
    array([[  2.,  -2.,  12.,   2.],
           [-12.,  -2.,  -2.,   2.]])
    """
    at = np.asarray(points, np.float64).reshape(-1, 2)
    size = np.asarray(sizes, np.float64).reshape(-1, 2)
    taken = np.asarray(obstacles, np.float64).reshape(-1, 4)
    boxes = np.full((len(at), 4), np.nan)
    for i, ((x, y), (w, h)) in enumerate(zip(at, size, strict=True)):
        slant = gap * 0.7
        corners = (
            (x + gap, y - h / 2), (x + slant, y + slant), (x + slant, y - slant - h),
            (x - gap - w, y - h / 2), (x - slant - w, y + slant), (x - slant - w, y - slant - h),
            (x - w / 2, y + gap), (x - w / 2, y - gap - h),
        )
        for left, bottom in corners:
            box = np.array([left, bottom, left + w, bottom + h])
            if bounds is not None and not _inside(box, bounds):
                continue
            if not _overlaps(box, taken).any():
                boxes[i] = box
                taken = np.vstack([taken, box])
                break
    return boxes


def to_svg(ax: Axes, *, title: str = "", description: str = "") -> bytes:
    """The figure is one SVG image that names and describes itself.

    Parameters
    ----------
    ax
        Any Axes of the figure; the whole figure is drawn.
    title, description
        Written as ``<title>`` and ``<desc>``, escaped. Blank is the title that is drawn.

    Returns
    -------
    bytes
        UTF-8, text kept as text, without date, tool or address of a document type; equal input
        gives equal bytes.

    Examples
    --------
    >>> image = to_svg(axes(), title="Costs < benefits").decode()
    >>> 'role="img"' in image, "Costs &lt; benefits" in image
    (True, True)
    """
    svg = _saved(ax, "svg").decode("utf-8")
    svg = re.sub(r"<!DOCTYPE[^>]*>\s*", "", svg, count=1)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, count=1, flags=re.DOTALL)
    # Which fallback fonts this machine has is nobody's business and would change the bytes.
    svg = re.sub(
        r"(<text [^>]*?)'DejaVu Sans'[^;\">]*", r"\1'DejaVu Sans', Verdana, sans-serif", svg
    )
    name = _clean(title) or _clean(ax.get_title(loc="left")) or "Figure"
    words = _clean(description)
    key = f"{zlib.crc32(f'{name}|{words}'.encode()):08x}"
    head = f'<title id="t{key}">{escape(name)}</title>'
    named_by = f"t{key}"
    if words:
        head += f'\n <desc id="d{key}">{escape(words)}</desc>'
        named_by += f" d{key}"
    start = re.search(r"<svg [^>]*>", svg)
    if start is None:
        raise ValueError("the drawing library returned no SVG; report this as a bug")
    tag = start.group().replace("<svg ", f'<svg role="img" aria-labelledby="{named_by}" ', 1)
    return (svg[: start.start()] + tag + "\n " + head + svg[start.end() :]).encode("utf-8")


def to_png(ax: Axes, *, dpi: float = 150) -> bytes:
    """The figure is one PNG image that names no software; equal input gives equal bytes.

    Parameters
    ----------
    ax
        Any Axes of the figure; the whole figure is drawn.
    dpi
        Pixels per inch.

    Examples
    --------
    >>> to_png(axes(), dpi=50)[1:4]
    b'PNG'
    """
    return _saved(ax, "png", dpi=dpi)


# ---------------------------------------------------------------- text


def _word(value: object) -> str:
    """A class as a word; blank for a missing one."""
    return "" if value is None or value is pd.NA or value != value else _clean(value)


def _clean(value: object) -> str:
    """Text on one line that every font engine and XML parser takes."""
    kept = (
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"}
        else "\ufffd" if unicodedata.category(c) in {"Cs", "Cn"}
        else "" if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
        else c
        for c in str(value)[:4000]
    )
    return " ".join("".join(kept).split())


def _shorten(value: object, most: int = _LABEL) -> str:
    """Text cut to a number of letters, with an ellipsis where something is missing."""
    text = _clean(value)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _texts(frame: pd.DataFrame, label: str, most: int = _LABEL) -> list[str]:
    """The labels of the rows: a column, else the index."""
    values = frame[label] if label in frame.columns else frame.index
    return [_shorten(_label_text(v), most) for v in values]


def _label_text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_word(v) for v in value)
    return _word(value)


def _column(frame: pd.DataFrame, texts: str | Sequence[str] | None) -> list[str]:
    """Texts of a column, or given ones; an unknown column is blank."""
    if texts is None:
        return []
    values = (frame[texts] if texts in frame.columns else []) if isinstance(texts, str) else texts
    return [_word(v) for v in values]


def _number(value: float) -> str:
    """A number for reading: whole where it is whole, else three digits."""
    if not math.isfinite(value):
        return ""
    if value == round(value) or abs(value) >= 1000:
        return f"{round(value):,}"
    return f"{value:.3g}"


def _amount_text(part: float, whole: float) -> str:
    if math.isnan(part):
        return "no value"
    return _number(part) if math.isnan(whole) else f"{_number(part)} of {_number(whole)}"


def _width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not text:
        return 0.0
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    wide, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(wide)


def _widest(texts: Iterable[str], size: float) -> float:
    return max((_width(t, size) for t in texts), default=0.0)


def _wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines that fit a width in points; a longer word is broken."""
    lines: list[str] = []
    for word in _clean(text).split():
        if lines and _width(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        while len(word) > 1 and (wide := _width(word, size, bold=bold)) > width:
            fits = max(1, int(len(word) * width / wide))
            lines.append(word[:fits])
            word = word[fits:]
        lines.append(word)
    return lines


def _more(note: str, shown: int, rows: int, columns: int = 0, all_columns: int = 0) -> str:
    """The note, with what was left out."""
    left_out = []
    if shown < rows:
        left_out.append(f"Drawn: the first {shown:,} of {rows:,} rows.")
    if columns < all_columns:
        left_out.append(f"Drawn: the first {columns:,} of {all_columns:,} columns.")
    return " ".join([note, *left_out]).strip()


def _wide(shown: pd.DataFrame, whole: pd.DataFrame) -> tuple[int, int]:
    return shown.shape[1], whole.shape[1]


def _corner(rows: str, columns: str) -> str:
    if rows and columns:
        return f"{_shorten(rows, 18)} by {_shorten(columns, 18)}"
    return _shorten(rows or columns)


# ---------------------------------------------------------------- values


def _numbers(frame: pd.DataFrame, column: str | None) -> FloatArray:
    """A column as numbers, NaN where there are none; all NaN if it is absent."""
    if column is None or column not in frame.columns:
        return np.full(len(frame), np.nan)
    numbers: FloatArray = pd.to_numeric(frame[column]).to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _classes(
    frame: pd.DataFrame, kind: str | None, one: Mark | None = None
) -> tuple[NDArray[np.str_], dict[str, Mark]]:
    """The class of each row and the marks of the classes; without a column one plain mark."""
    if kind is None or kind not in frame.columns:
        plain = one or Mark(_BLUE, _DARK_BLUE, "o", "", "")
        return np.full(len(frame), ""), {"": plain}
    words = np.array([_word(w) for w in frame[kind]])
    return words, marks(words)


def _range(numbers: FloatArray) -> tuple[float, float]:
    """From zero, or the least if it is negative, to the most; never empty."""
    least, most = min(numbers.min(initial=0.0), 0.0), max(numbers.max(initial=0.0), 0.0)
    return float(least), float(most) if most > least else float(least) + 1.0


def _finite(parts: Iterable[ArrayLike]) -> FloatArray:
    joined: FloatArray = np.concatenate([np.asarray(p, np.float64).ravel() for p in parts])
    return joined[np.isfinite(joined)]


def _padded(parts: Iterable[ArrayLike]) -> tuple[float, float]:
    """A range around all numbers with six hundredths of air."""
    numbers = _finite(parts)
    air = 0.06 * (np.ptp(numbers) or 1.0)
    return float(numbers.min() - air), float(numbers.max() + air)


def _days(frame: pd.DataFrame, column: str) -> FloatArray:
    """Dates as days since 1970, NaN where there is none."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    dates = pd.to_datetime(frame[column], format="ISO8601").to_numpy("datetime64[D]")
    return np.where(np.isnat(dates), np.nan, dates.astype(np.int64).astype(np.float64))


def _window(first: FloatArray, last: FloatArray, today: float) -> tuple[float, float]:
    """First and last day of a time axis that shows a part of every bar."""
    known = _finite([first, last, [today]])
    if not len(known):
        return 0.0, 365.0
    left, stop = known.min(), known.max()
    if math.isfinite(today):
        ends = _finite([last])
        left = max(left, min(today - 365, ends.min() - 30 if len(ends) else today))
    air = max(7.0, 0.03 * (stop - left))
    begins_before = bool((first < left).any())
    return float(left if begins_before else left - air), float(stop + air)


def _months(left: float, stop: float) -> list[tuple[float, str]]:
    """At most nine firsts of months as ticks; years stand alone where the step is a year."""
    begin = np.datetime64(round(left), "D").astype("datetime64[M]").astype(int)
    finish = np.datetime64(math.floor(stop), "D").astype("datetime64[M]").astype(int)
    step = next(s for s in (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 12000) if
                (finish - begin) / s <= 8 or s == 12000)
    ticks = []
    for month in range(-(-begin // step) * step, finish + 1, step):
        day = np.datetime64(month, "M")
        at = float(day.astype("datetime64[D]").astype(int))
        if left <= at <= stop:
            ticks.append((at, str(day)[:4] if step % 12 == 0 else str(day)))
    return ticks


def _day_words(day: float) -> str:
    stamp = pd.Timestamp(np.datetime64(round(day), "D"))
    return f"{stamp.day} {_MONTHS[stamp.month - 1]} {stamp.year}"


def _blue(level: int) -> str:
    """A step of the one-hue scale from white to blue."""
    share = level / _LEVELS
    mixed = [round(255 + (c - 255) * share) for c in (0x00, 0x72, 0xB2)]
    return "#{:02X}{:02X}{:02X}".format(*mixed)


def _ink_on(colour: str) -> str:
    """Black or white, whichever has more contrast (WCAG 2.2, relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) ** 2 >= 0.0525 else _WHITE


# ---------------------------------------------------------------- layout


@dataclass(slots=True)
class _Plot:
    """The room of a plot and around it, in points."""

    width: float
    height: float
    left: float
    right: float
    above: float = 0.0
    below: float = 0.0


def _is_ours(ax: Axes) -> bool:
    return ax.figure.figure.get_label() == _OWN


def _pitch(rows: int) -> float:
    """Height of a row in points: generous for few, readable for many."""
    return 20.0 if rows <= 6 else 16.0 if rows <= 20 else 13.0


def _cell_width(columns: int, left: float) -> float:
    return min(56.0, max(9.5, (_WIDTH - left) / max(columns, 1)))


def _fitting(ax: Axes, top: int) -> int:
    """Rows that stay readable: all that are wanted, or what a given Axes has room for."""
    if _is_ours(ax):
        return max(1, min(top, _MOST_ROWS))
    return max(1, min(top, int(_size(ax)[1] // 11.5)))


def _size(ax: Axes) -> tuple[float, float]:
    """Width and height of the plot in points."""
    box = ax.get_window_extent()
    points = 72 / ax.figure.figure.dpi
    return float(box.width * points), float(box.height * points)


def _lay(
    ax: Axes, labels: Sequence[str], *, height: float, left: float = 0.0, right: float = 0.0
) -> _Plot:
    """Write the row labels and reckon the room of plot, labels and right column."""
    left = max(left, _widest(labels, _TEXT) + 8 if labels else 0.0)
    right = right + 10 if right else 12.0
    if _is_ours(ax):
        plot = _Plot(max(_WIDTH - left - right, 120.0), height, left, right)
    else:
        plot = _Plot(*_size(ax), left, right)
    ax.spines[["top", "right"]].set_visible(False)
    if labels:
        ax.spines["left"].set_visible(False)
        ax.set_yticks(range(len(labels)), labels=labels, parse_math=False, fontsize=_TEXT)
        ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0, pad=6)
    ax.tick_params(axis="x", length=2.5, labelsize=_SMALL)
    return plot


def _number_axis(ax: Axes, parts: Sequence[ArrayLike], *, percent: bool) -> None:
    """Scale the x axis; shares always run from 0 to 100 %."""
    ax.set_axisbelow(True)
    ax.grid(axis="x", color=_FAINT, linewidth=0.5)
    if percent:
        steps = np.linspace(0, 1, 5)
        ax.set_xlim(0, 1)
        ax.set_xticks(steps, labels=[f"{100 * s:.0f} %" for s in steps])
        return
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    numbers = _finite(parts)
    least, most = _range(numbers)
    air = 0.04 * (most - least)
    ax.set_xlim(least - air if least < 0 else least, most + air)
    whole = bool((numbers == np.rint(numbers)).all())
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=whole))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: _number(round(v, 12))))


def _thresholds(ax: Axes, plot: _Plot, lines: Lines, bands: Bands = ()) -> float:
    """Draw vertical lines and bands, their words above the plot; the height that they take."""
    least, most = ax.get_xlim()
    words = [(p, _shorten(w)) for p, w in lines if math.isfinite(p)]
    for position, _ in words:
        ax.axvline(position, color=_GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    for start, stop, label in bands:
        ax.axvspan(start, stop, color=_PALE_GREY, linewidth=0, zorder=0)
        words.append(((start + stop) / 2, _shorten(label)))
    ends: list[float] = []
    for position, text in sorted(words):
        if not text:
            continue
        wide = _width(text, _SMALL)
        centre = (position - least) / (most - least) * plot.width
        begin = min(max(centre - wide / 2, -plot.left), plot.width + plot.right - wide)
        level = next((i for i, end in enumerate(ends) if end + 8 <= begin), len(ends))
        ends[level : level + 1] = [begin + wide]
        _write(ax, text, (0, 1), (begin, 4 + level * 11), "corner", va="bottom", color=_GREY)
    return 4.0 + 11 * len(ends) if ends else 0.0


def _below_axis(ax: Axes, label: str) -> float:
    """Name the x axis; the height of tick labels and name."""
    if not _clean(label):
        return 16.0
    ax.set_xlabel(_shorten(label, 80), fontsize=_TEXT, labelpad=3, parse_math=False)
    return 31.0


def _write(
    ax: Axes,
    text: str,
    xy: tuple[float, float],
    offset: tuple[float, float],
    where: str,
    *,
    size: float = _SMALL,
    va: str = "center",
    ha: str = "left",
    color: str = _INK,
    style: str = "normal",
    weight: str = "normal",
) -> None:
    """Put text at points from a place: of a row, of the data or of the plot's corner."""
    systems = {"rows": ax.get_yaxis_transform(), "data": ax.transData, "corner": ax.transAxes}
    ax.annotate(
        text, xy, xytext=offset, xycoords=systems[where], textcoords="offset points",
        annotation_clip=False, parse_math=False, fontsize=size, va=va, ha=ha, color=color,
        style=style, weight=weight, zorder=5,
    )


def _beside(ax: Axes, texts: Sequence[str]) -> None:
    """Write the column at the right."""
    for row, text in enumerate(texts):
        if text:
            _write(ax, text, (1, row), (9, 0), "rows")


def _furnish(
    ax: Axes,
    plot: _Plot,
    title: str,
    note: str,
    handles: Sequence[Artist] = (),
    *,
    corner: str = "",
) -> None:
    """Stack legend and title above, small print below, and size the figure if it is ours."""
    if _is_ours(ax):
        plot.right = max(plot.right, _NARROW - plot.left - plot.width)
        _resize(ax, plot, plot.above, plot.below)
    room = plot.left + plot.width + plot.right
    above, below = plot.above + 6, plot.below
    if corner:
        beside = _width(corner, _SMALL) <= plot.left - 6
        lift = 5.0 if beside else above
        above += 0 if beside else 12
        _write(ax, corner, (0, 1), (-plot.left, lift), "corner", va="bottom", color=_GREY)
    if handles:
        above += _legend(ax, handles, room, (-plot.left, above)) + 7
    heading = _wrap(title, room, _TITLE, bold=True)
    if heading:
        ax.set_title(
            "\n".join(heading), loc="left", x=-plot.left / plot.width, y=1.0, pad=above,
            fontsize=_TITLE, fontweight="bold", color=_INK, parse_math=False, linespacing=1.25,
        )
        above += len(heading) * _TITLE * 1.3
    small = _wrap(note, room, _SMALL)
    for line, text in enumerate(small):
        offset = (-plot.left, -below - 6 - line * _SMALL * 1.35)
        _write(ax, text, (0, 0), offset, "corner", va="top", color=_GREY)
    if small:
        below += 6 + len(small) * _SMALL * 1.35
    if _is_ours(ax):
        _resize(ax, plot, above, below)


def _resize(ax: Axes, plot: _Plot, above: float, below: float) -> None:
    wide = plot.left + plot.width + plot.right + 2 * _MARGIN
    high = above + plot.height + below + 2 * _MARGIN
    ax.figure.figure.set_size_inches(wide / 72, high / 72)
    ax.set_position(
        (
            (plot.left + _MARGIN) / wide, (below + _MARGIN) / high,
            plot.width / wide, plot.height / high,
        )
    )


def _legend(
    ax: Axes, handles: Sequence[Artist], room: float, offset: tuple[float, float]
) -> float:
    """Draw the legend in as few lines as fit above the plot; its height in points."""
    from matplotlib.transforms import ScaledTranslation

    figure: Figure = ax.figure.figure
    widest = max(_width(str(h.get_label()), _SMALL) for h in handles) + 34
    fitting = max(1, int(room // widest))
    columns = -(-len(handles) // -(-len(handles) // fitting))
    shift = ScaledTranslation(offset[0] / 72, offset[1] / 72, figure.dpi_scale_trans)
    # A hair space in front: older releases of matplotlib drop labels that begin with "_".
    legend = ax.legend(
        handles=handles, labels=[f"\u200a{h.get_label()}" for h in handles], ncols=columns,
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=ax.transAxes + shift,
        borderaxespad=0, borderpad=0, frameon=False, fontsize=_SMALL, columnspacing=1.4,
        handletextpad=0.4, handlelength=1.6, handleheight=0.9, labelspacing=0.35,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
        text.set_text(text.get_text().removeprefix("\u200a"))
    return float(legend.get_window_extent().height * 72 / figure.dpi)


def _nothing(ax: Axes, title: str, note: str) -> Axes:
    """A figure that says in words that it is empty."""
    with style():
        plot = _lay(ax, [], height=40.0)
        ax.set_axis_off()
        text = "nothing to draw: the answer has no rows"
        _write(ax, text, (0, 0.5), (0, 0), "corner", size=_TEXT, color=_GREY)
        _furnish(ax, plot, title, note)
    return ax


# ---------------------------------------------------------------- marks


class _Point(TypedDict):
    """What matplotlib calls the look of a point."""

    marker: str
    markersize: float
    markerfacecolor: str
    markeredgecolor: str
    markeredgewidth: float


class _Area(TypedDict):
    """What matplotlib calls the look of an area."""

    facecolor: str
    edgecolor: str
    hatch: str
    linewidth: float


def _point(look: Mark) -> _Point:
    return {
        "marker": look.marker, "markersize": 6.0, "markerfacecolor": look.colour,
        "markeredgecolor": look.edge, "markeredgewidth": 1.2,
    }


def _area(look: Mark) -> _Area:
    return {
        "facecolor": look.colour, "edgecolor": look.edge, "hatch": look.hatch, "linewidth": 0.7,
    }


def _points(looks: Mapping[str, Mark]) -> list[Artist]:
    """Legend entries for points; one plain class needs none."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], linestyle="none", label=_shorten(look.label), **_point(look))
        for look in looks.values() if look.label
    ]


def _areas(looks: Mapping[str, Mark]) -> list[Artist]:
    """Legend entries for areas; one plain class needs none."""
    from matplotlib.patches import Patch

    return [
        Patch(label=_shorten(look.label), **_area(look)) for look in looks.values() if look.label
    ]


# ---------------------------------------------------------------- cells


def _grid(ax: Axes, frame: pd.DataFrame, printed: NDArray[np.str_] | None) -> _Plot:
    """Lay out the cells of a matrix and write both sets of labels."""
    from matplotlib.patches import Rectangle

    rows, columns = frame.shape
    labels = [_shorten(_label_text(v), _LABEL if columns <= 25 else 32) for v in frame.index]
    heads = [_shorten(_label_text(v), _COLUMN_LABEL) for v in frame.columns]
    plot = _lay(ax, labels, height=rows * _pitch(rows))
    cell = _cell_width(columns, plot.left)
    if printed is not None:
        cell = max(cell, _widest(np.unique(printed), _SMALL) + 5)
    if _is_ours(ax):
        plot.width = cell * columns
    cell = plot.width / columns
    folded = [_wrap(head, cell - 4, _SMALL) for head in heads]
    deep = max(map(len, folded))
    words = [word for head in heads for word in head.split()]
    upright = deep <= 3 and _widest(words, _SMALL) <= cell - 4
    if upright:
        heads = ["\n".join(lines) for lines in folded]
    ax.set_xlim(-0.5, columns - 0.5)
    ax.xaxis.tick_top()
    ax.set_xticks(range(columns), labels=heads, parse_math=False, fontsize=_SMALL)
    if not upright:
        for head in ax.get_xticklabels():
            head.set(rotation=90, rotation_mode="anchor", ha="left", va="center")
    ax.tick_params(axis="x", length=0, pad=4)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    plot.above = 5 + deep * _SMALL * 1.25 if upright else _widest(heads, _SMALL) + 8
    back = Rectangle((-0.5, -0.5), columns, rows, facecolor="#C4C4C4", linewidth=0, zorder=0)
    ax.add_patch(back)
    return plot


def _cells(ax: Axes, plot: _Plot, where: NDArray[np.bool_], look: Mark) -> None:
    """Draw the cells of one state as one path."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    row, column = np.nonzero(where)
    if not len(row):
        return
    half_x = 0.5 - 0.4 * where.shape[1] / plot.width
    half_y = 0.5 - 0.4 * where.shape[0] / plot.height
    corners = np.array([(-half_x, -half_y), (half_x, -half_y), (half_x, half_y), (-half_x, half_y)])
    squares = np.column_stack([column, row])[:, None, :] + corners
    path = Path.make_compound_path_from_polys(squares)
    ax.add_patch(
        PathPatch(
            path, facecolor=look.colour, edgecolor=look.edge, hatch=look.hatch, linewidth=0,
            label=look.label, zorder=1,
        )
    )


def _printed(text: pd.DataFrame, shown: pd.DataFrame) -> NDArray[np.str_]:
    """The texts of the cells that are drawn."""
    chosen = text.iloc[: shown.shape[0], : shown.shape[1]].to_numpy(object)
    return np.array([[_shorten(_word(v), 12) for v in row] for row in chosen])


def _print(
    ax: Axes, printed: NDArray[np.str_], fills: NDArray[np.str_], boxed: NDArray[np.bool_]
) -> None:
    """Write a text into each cell, on white where the cell is hatched."""
    for (row, column), text in np.ndenumerate(printed):
        if not text:
            continue
        box = {"facecolor": _WHITE, "edgecolor": "none", "boxstyle": "square,pad=0.1"}
        ax.text(
            column, row, str(text), ha="center", va="center", fontsize=_SMALL, parse_math=False,
            color="#000000" if boxed[row, column] else _ink_on(str(fills[row, column])),
            bbox=box if boxed[row, column] else None, zorder=4,
        )


# ---------------------------------------------------------------- labels


def _inside(box: FloatArray, bounds: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = bounds
    return bool(box[0] >= left and box[1] >= bottom and box[2] <= right and box[3] <= top)


def _overlaps(box: FloatArray, others: FloatArray) -> NDArray[np.bool_]:
    """Which boxes share more than an edge with one box."""
    apart: NDArray[np.bool_] = (
        (others[:, 2] <= box[0]) | (others[:, 0] >= box[2])
        | (others[:, 3] <= box[1]) | (others[:, 1] >= box[3])
    )
    return ~apart


def _name_points(
    ax: Axes,
    points: FloatArray,
    low: FloatArray,
    high: FloatArray,
    names: Sequence[str],
    xlines: Lines,
    ylines: Lines,
) -> int:
    """Write the names of the first points where there is room; how many found none."""
    width, height = _size(ax)
    scale = 72 / ax.figure.figure.dpi
    corner = ax.get_window_extent().min

    def places(xy: FloatArray) -> FloatArray:
        moved: FloatArray = (ax.transData.transform(xy) - corner) * scale
        return moved

    at = places(points)
    whisker = np.isfinite(low) & np.isfinite(high)
    bottoms = places(np.column_stack([points[:, 0], low]))[whisker]
    tops = places(np.column_stack([points[:, 0], high]))[whisker]
    middle = points.mean(axis=0)
    across = [places(np.array([[p, middle[1]]]))[0, 0] for p, _ in xlines]
    along = [places(np.array([[middle[0], p]]))[0, 1] for p, _ in ylines]
    obstacles = np.vstack(
        [
            np.hstack([at - 4, at + 4]),
            np.hstack([bottoms - 1, tops + 1]),
            np.array([(p - 1, 0, p + 1, height) for p in across]).reshape(-1, 4),
            np.array([(0, p - 1, width, p + 1) for p in along]).reshape(-1, 4),
        ]
    )
    waiting = np.arange(len(names))
    for gap, wide in _TRIES:
        folded = [_wrap(name, wide, _SMALL) for name in names]
        sizes = np.array([(_widest(f, _SMALL) + 3, len(f) * _SMALL * 1.3) for f in folded])
        boxes = place_labels(
            at[waiting], sizes[waiting], obstacles=obstacles, bounds=(0, 0, width, height), gap=gap
        )
        free = np.isfinite(boxes[:, 0])
        for i, box in zip(waiting[free], boxes[free], strict=True):
            _name_point(ax, folded[i], points[i], box, at[i], leader=gap > _TRIES[0][0])
        obstacles = np.vstack([obstacles, boxes[free]])
        waiting = waiting[~free]
    return len(waiting)


def _name_point(
    ax: Axes, lines: list[str], point: FloatArray, box: FloatArray, place: FloatArray, *,
    leader: bool,
) -> None:
    """Write a name into its box, with a thin line to its point where that is farther off."""
    near = np.clip(place, box[:2], box[2:])
    if leader:
        ax.annotate(
            "", (point[0], point[1]), xytext=(near[0] - place[0], near[1] - place[1]),
            textcoords="offset points", zorder=1.5,
            arrowprops={"arrowstyle": "-", "color": _GREY, "linewidth": 0.5, "shrinkA": 0},
        )
    left_of = box[2] <= place[0]
    side, x = ("right", box[2]) if left_of else ("left", box[0] + 1)
    offset = (float(x - place[0]), float((box[1] + box[3]) / 2 - place[1]))
    _write(ax, "\n".join(lines), (point[0], point[1]), offset, "data", ha=side)


def _saved(ax: Axes, format: str, dpi: float | None = None) -> bytes:
    stream = io.BytesIO()
    blank: dict[str, None] = (
        {"Software": None} if format == "png"
        else {"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    with style():
        ax.figure.figure.savefig(
            stream, format=format, dpi="figure" if dpi is None else dpi, metadata=blank,
            bbox_inches="tight", pad_inches=0.08,
        )
    return stream.getvalue()
