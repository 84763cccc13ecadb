"""Figures with one subject per row: dots on a scale, bars of counts, spans of time.

Bars of counts go to one side, or to two sides of a line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sysmap.core import dates
from sysmap.core.charts import canvas, fields, labels
from sysmap.core.charts.canvas import SMALL
from sysmap.core.charts.labels import FloatArray
from sysmap.core.charts.marks import (
    FAINT,
    GREY,
    INK,
    WHITE,
    Mark,
    area_entries,
    as_area,
    as_point,
    point_entries,
)
from sysmap.core.words import number_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


ROWS = 40
"""The most rows that a figure draws unless more are wanted."""


def left_out(frame: pd.DataFrame, drawn: int = ROWS, kind: str = "verdict") -> str:
    """How many rows of each class stand below those that are drawn; empty where there are none.

    Examples
    --------
    >>> left_out(pd.DataFrame({"verdict": ["universal", "intermediate", "undetermined"]}), 1)
    'Of the 2 rows not drawn: 1 intermediate, 1 undetermined.'
    """
    rest = frame.iloc[drawn:]
    words, _ = fields.classes(rest, kind)
    found = [f"{(words == word).sum():,} {word}" for word in dict.fromkeys(words) if word]
    return f"Of the {number_of(len(rest), 'row')} not drawn: {', '.join(found)}." if found else ""


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
    lines: canvas.Lines = (),
    bands: canvas.Bands = (),
    title: str = "",
    note: str = "",
    top: int = ROWS,
    percent: bool | None = None,
    xlabel: str = "",
    letters: int = labels.LETTERS,
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
        The most rows to draw; the note tells when there are more, and of which classes.
    percent
        True draws shares of 1 on a fixed axis of 0 to 100 %. None: if the column is ``share``.
    xlabel
        Words below the axis.
    letters
        The most letters of a label at the left.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Costing"], "share": [1.0], "verdict": ["universal"]})
    >>> dots(canvas.axes(rows=1), frame, title="1 element is universal").get_title(loc="left")
    '1 element is universal'
    """
    if frame.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        shown = frame.head(canvas.fitting(ax, top))
        at, x = np.arange(len(shown)), fields.numbers(shown, value)
        # Where nobody was assessed the interval is 0 to 1; the words say it better than a line.
        from_, to = (np.where(np.isnan(x), np.nan, fields.numbers(shown, c)) for c in (low, high))
        classes, looks = fields.classes(shown, kind)
        texts = fields.words(frame, right)[: len(shown)]
        shares = value == "share" if percent is None else percent
        plot = canvas.lay(
            ax,
            fields.texts(shown, label, letters),
            right=labels.widest(texts, SMALL),
            height=len(shown) * canvas.pitch(len(shown)),
        )
        _number_axis(ax, [x, from_, to, [p for p, _ in lines]], percent=shares)
        ax.hlines(at, *ax.get_xlim(), color=FAINT, linewidth=0.5, zorder=0.5)
        plot.above = canvas.thresholds(ax, plot, lines, bands)
        for word, look in looks.items():
            mine = classes == word
            ax.hlines(
                at[mine],
                from_[mine],
                to[mine],
                color=look.edge,
                linewidth=1.3,
                clip_on=False,
                zorder=2,
            )
            ax.plot(x[mine], at[mine], linestyle="none", clip_on=False, zorder=3, **as_point(look))
        for row in at[np.isnan(x)]:
            canvas.write(ax, "not assessed", (0, row), (4, 0), "rows", color=GREY, style="italic")
        canvas.beside(ax, texts)
        plot.below = canvas.below_axis(ax, xlabel)
        small = [labels.counted(note, len(shown), len(frame)), left_out(frame, len(shown), kind)]
        canvas.furnish(ax, plot, title, " ".join(small).strip(), point_entries(looks))
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
    >>> ax = bars(canvas.axes(rows=1), frame, label="name", value="answered", of="asked")
    >>> ax.texts[0].get_text()
    '18 of 24'
    """
    if frame.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        shown = frame.head(canvas.fitting(ax, top))
        at, x = np.arange(len(shown)), fields.numbers(shown, value)
        whole = fields.numbers(shown, of)
        classes, looks = fields.classes(shown, kind, value)
        texts = [_amount_text(part, all_) for part, all_ in zip(x, whole, strict=True)]
        plot = canvas.lay(
            ax,
            fields.texts(shown, label),
            right=labels.widest(texts, SMALL),
            height=len(shown) * canvas.pitch(len(shown)),
        )
        _number_axis(ax, [[0.0], x, whole], percent=False)
        if of is not None:
            ax.barh(at, whole, height=0.7, facecolor=WHITE, edgecolor=GREY, linewidth=0.8)
        for word, look in looks.items():
            mine = classes == word
            ax.barh(at[mine], x[mine], height=0.7 if of is None else 0.5, zorder=2, **as_area(look))
        canvas.beside(ax, texts)
        plot.below = canvas.below_axis(ax, xlabel)
        handles = area_entries(looks) if kind in frame.columns or of is not None else []
        if of is not None:
            handles += area_entries({of: Mark(WHITE, GREY, "s", "", of)})
        canvas.furnish(ax, plot, title, labels.counted(note, len(shown), len(frame)), handles)
    return ax


def diverging(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    label: str,
    left: str,
    right: str,
    kind: str | None = None,
    title: str = "",
    note: str = "",
    top: int = 40,
    xlabel: str = "",
) -> Axes:
    """Each row has two bars from one line, a count to each side, and both counts are written.

    Parameters
    ----------
    frame
        One row per subject, drawn in order, the first at the top.
    label
        Column with the text.
    left, right
        Columns with the counts; their names are the heads of the two sides. A missing count is
        drawn as 0.
    kind
        Column with the class that gives colour and hatch to both bars.
    title, note, top, xlabel
        As in `dots`.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Costing"], "disagree": [1], "agree": [3]})
    >>> ax = diverging(
    ...     canvas.axes(rows=1), frame, label="name", left="disagree", right="agree")
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['disagree', 'agree', '1', '3']
    """
    if frame.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        shown = frame.head(canvas.fitting(ax, top))
        at = np.arange(len(shown))
        sides = [np.nan_to_num(fields.numbers(shown, column)) for column in (left, right)]
        classes, looks = fields.classes(shown, kind)
        plot = canvas.lay(
            ax,
            fields.texts(shown, label),
            height=len(shown) * canvas.pitch(len(shown)),
        )
        room = labels.widest(map(labels.number, np.concatenate(sides)), SMALL)
        zero = _two_sided_axis(ax, sides[0], sides[1], room)
        for word, look in looks.items():
            mine = classes == word
            for sign, counts in ((-1, sides[0]), (1, sides[1])):
                ax.barh(at[mine], sign * counts[mine], height=0.7, zorder=2, **as_area(look))
        ax.axvline(0, color=INK, linewidth=0.9, zorder=3)
        for sign, head in ((-1, left), (1, right)):
            side = "right" if sign < 0 else "left"
            words = labels.shorten(head.replace("_", " "))
            canvas.write(ax, words, (zero, 1), (6 * sign, 4), "corner", va="bottom", ha=side)
        plot.above = 15.0
        for row, pair in enumerate(zip(*sides, strict=True)):
            for sign, count in zip((-1, 1), pair, strict=True):
                side = "right" if sign < 0 else "left"
                place = (sign * float(count), float(row))
                canvas.write(ax, labels.number(count), place, (4 * sign, 0), "data", ha=side)
        plot.below = canvas.below_axis(ax, xlabel)
        handles = area_entries(looks) if kind in frame.columns else []
        canvas.furnish(ax, plot, title, labels.counted(note, len(shown), len(frame)), handles)
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
    >>> ax = spans(canvas.axes(rows=1), frame, at="2024-06-30")
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['30 June 2024']
    """
    if frame.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        shown = frame.head(canvas.fitting(ax, top))
        rows = np.arange(len(shown))
        first, last = fields.days(shown, start), fields.days(shown, end) + 1
        today = fields.days(pd.DataFrame({"at": [at]}), "at")[0] if at is not None else math.nan
        left, stop = _window(first, last, today)
        classes, looks = fields.classes(shown, kind)
        texts = labels.distinct(fields.words(frame, right)[: len(shown)], 28)
        plot = canvas.lay(
            ax,
            fields.texts(shown, label),
            right=labels.widest(texts, SMALL),
            height=len(shown) * canvas.pitch(len(shown)),
        )
        ax.set_xlim(left, stop)
        ticks = _months(left, stop, int(plot.width // (labels.width("2024-01", SMALL) + 8)))
        ax.set_xticks([t for t, _ in ticks], labels=[w for _, w in ticks])
        ax.grid(axis="x", color=FAINT, linewidth=0.5)
        ax.set_axisbelow(True)
        status = [(today, _day_words(today))] if at is not None else ()
        plot.above = canvas.thresholds(ax, plot, status)
        dated = np.isfinite(first) | np.isfinite(last)
        begin = np.where(np.isnan(first) | (first < left), left, first)
        finish = np.where(np.isnan(last), stop, last)
        width = np.maximum(finish - begin, (stop - left) * 0.01)
        for word, look in looks.items():
            mine = (classes == word) & dated
            ax.barh(
                rows[mine], width[mine], left=begin[mine], height=0.6, zorder=2, **as_area(look)
            )
            before = mine & (np.isnan(first) | (first < left))
            beyond = mine & np.isnan(last)
            for where, place, sign in ((before, left, "<"), (beyond, stop, ">")):
                ax.plot(
                    np.full(where.sum(), place),
                    rows[where],
                    linestyle="none",
                    marker=sign,
                    markersize=8,
                    markerfacecolor=look.edge,
                    markeredgecolor=WHITE,
                    clip_on=False,
                    zorder=3,
                )
        for row in rows[~dated]:
            right_half = np.isfinite(today) and today < (left + stop) / 2
            offset = -labels.width("date not given", SMALL) - 6 if right_half else 6
            canvas.write(
                ax,
                "date not given",
                (float(right_half), row),
                (offset, 0),
                "rows",
                color=GREY,
                style="italic",
            )
        canvas.beside(ax, texts)
        plot.below = canvas.below_axis(ax, "")
        small = labels.counted(note, len(shown), len(frame))
        canvas.furnish(ax, plot, title, small, area_entries(looks))
    return ax


def _number_axis(ax: Axes, parts: Sequence[ArrayLike], *, percent: bool) -> None:
    """Scale the x axis; shares always run from 0 to 100 %."""
    ax.set_axisbelow(True)
    ax.grid(axis="x", color=FAINT, linewidth=0.5)
    if percent:
        steps = np.linspace(0, 1, 5)
        ax.set_xlim(0, 1)
        ax.set_xticks(steps, labels=[f"{100 * s:.0f} %" for s in steps])
        return
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    numbers = fields.finite(parts)
    least, most = fields.extent(numbers)
    air = 0.04 * (most - least)
    ax.set_xlim(least - air if least < 0 else least, most + air)
    whole = bool((numbers == np.rint(numbers)).all())
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=whole))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: labels.number(round(v, 12))))


def _two_sided_axis(ax: Axes, left: FloatArray, right: FloatArray, number: float) -> float:
    """Scale the x axis to counts on both sides of 0; the place of 0 as a share of its width.

    Both sides have air for the number behind the longest bar, `number` points wide.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    most = max(left.max(initial=0.0), right.max(initial=0.0), 1.0)
    air = (number + 12) / 200 * most
    least, end = -max(left.max(initial=0.0), 0.25 * most) - air, max(right.max(), 0.25 * most) + air
    ax.set_xlim(least, end)
    ax.set_axisbelow(True)
    ax.grid(axis="x", color=FAINT, linewidth=0.5)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: labels.number(abs(round(v, 12)))))
    return float(-least / (end - least))


def _amount_text(part: float, whole: float) -> str:
    """A count, and what it is a part of where that is known."""
    if math.isnan(part):
        return "no value"
    said = labels.number(part)
    return said if math.isnan(whole) else f"{said} of {labels.number(whole)}"


def _window(first: FloatArray, last: FloatArray, today: float) -> tuple[float, float]:
    """First and last day of a time axis that shows a part of every bar."""
    known = fields.finite([first, last, [today]])
    if not len(known):
        return 0.0, 365.0
    left, stop = known.min(), known.max()
    if math.isfinite(today):
        ends = fields.finite([last])
        left = max(left, min(today - 365, ends.min() - 30 if len(ends) else today))
    air = max(7.0, 0.03 * (stop - left))
    begins_before = bool((first < left).any())
    return float(left if begins_before else left - air), float(stop + air)


def _months(left: float, stop: float, most: int) -> list[tuple[float, str]]:
    """At most nine firsts of months as ticks, fewer where there is less room.

    Years stand alone where the step is a year.
    """
    begin = np.datetime64(round(left), "D").astype("datetime64[M]").astype(int)
    finish = np.datetime64(math.floor(stop), "D").astype("datetime64[M]").astype(int)
    step = next(
        s
        for s in (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 12000)
        if (finish - begin) / s <= min(max(most, 1), 9) - 1 or s == 12000
    )
    ticks = []
    for month in range(-(-begin // step) * step, finish + 1, step):
        day = np.datetime64(month, "M")
        at = float(day.astype("datetime64[D]").astype(int))
        if left <= at <= stop:
            ticks.append((at, str(day)[:4] if step % 12 == 0 else str(day)))
    return ticks


def _day_words(day: float) -> str:
    """A day since 1970 as people write it."""
    stamp = pd.Timestamp(np.datetime64(round(day), "D"))
    return dates.spoken(str(stamp.date()))
