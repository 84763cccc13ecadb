"""Figures with one bar to each side of a middle line: what speaks for up and what for down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sysmap.core.charts import canvas, fields, labels
from sysmap.core.charts.canvas import SMALL
from sysmap.core.charts.marks import FAINT, GREY, area_entries, as_area, marks

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def sides(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    label: str = "name",
    left: str = "down",
    right: str = "up",
    texts: str | Sequence[str] | None = None,
    empty: str = "none",
    at: float | None = None,
    words: str = "",
    title: str = "",
    note: str = "",
    top: int = 40,
    xlabel: str = "",
) -> Axes:
    """Each row has a bar to the left and one to the right, two shares of the same whole.

    Parameters
    ----------
    frame
        One row per subject, drawn in order, the first at the top.
    label, left, right
        Columns with the text and the two shares, each from 0 to 1; their names give the marks.
    texts
        Texts at the right: a column or one text per row.
    empty
        Written in a row where both shares are 0.
    at, words
        A threshold on both sides and the words above it.
    title, note, top, xlabel
        As in `dots`.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Costing"], "up": [0.9], "down": [0.1]})
    >>> ax = sides(canvas.axes(rows=1), frame, texts=["up"])
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['up']
    """
    if frame.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        shown = frame.head(canvas.fitting(ax, top))
        rows = np.arange(len(shown))
        beside = fields.words(frame, texts)[: len(shown)]
        plot = canvas.lay(
            ax,
            fields.texts(shown, label),
            right=labels.widest(beside, SMALL),
            height=len(shown) * canvas.pitch(len(shown)),
        )
        steps = np.linspace(-1, 1, 5)
        ax.set_xlim(-1, 1)
        ax.set_xticks(steps, labels=[f"{100 * abs(s):.0f} %" for s in steps])
        ax.grid(axis="x", color=FAINT, linewidth=0.5)
        ax.set_axisbelow(True)
        lines = [(-at, words), (at, words)] if at is not None else []
        plot.above = canvas.thresholds(ax, plot, lines)
        looks = marks([left, right])
        for column, side in ((left, -1.0), (right, 1.0)):
            share = np.nan_to_num(fields.numbers(shown, column))
            ax.barh(rows, side * share, height=0.7, zorder=2, **as_area(looks[column]))
        ax.axvline(0, color=GREY, linewidth=0.8, zorder=2.5)
        total = sum(np.nan_to_num(fields.numbers(shown, c)) for c in (left, right))
        for row in rows[total == 0]:
            canvas.write(ax, empty, (0, row), (5, 0), "data", color=GREY, style="italic")
        canvas.beside(ax, beside)
        plot.below = canvas.below_axis(ax, xlabel)
        small = labels.counted(note, len(shown), len(frame))
        canvas.furnish(ax, plot, title, small, area_entries(looks))
    return ax
