"""Figures in which each row goes on where the row above it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sysmap.core.charts import canvas, fields, labels
from sysmap.core.charts.canvas import SMALL
from sysmap.core.charts.marks import FAINT, GREY, area_entries, as_area

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def steps(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    label: str = "name",
    value: str = "adds",
    kind: str | None = None,
    right: str | None = None,
    title: str = "",
    note: str = "",
    top: int = 40,
    xlabel: str = "",
) -> Axes:
    """Each row is a bar that begins where the bar above it ended.

    Parameters
    ----------
    frame
        One row per bar, drawn in order, the first at the top.
    label, value
        Columns with the text and the length of the bar, from 0 up.
    kind
        Column with the class that gives colour and hatch.
    right
        Column with the texts at the right, such as "adds 5, together 60 %".
    title, note, top, xlabel
        As in `dots`.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Aurora", "Borealis"], "adds": [3, 2]})
    >>> ax = steps(canvas.axes(rows=2), frame)
    >>> [bar.get_x() for bar in ax.patches]
    [np.float64(0.0), np.float64(3.0)]
    """
    if frame.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        shown = frame.head(canvas.fitting(ax, top))
        at, long = np.arange(len(shown)), np.nan_to_num(fields.numbers(shown, value))
        begin = np.concatenate([[0.0], np.cumsum(long)[:-1]])
        classes, looks = fields.classes(shown, kind)
        texts = fields.words(shown, right)
        plot = canvas.lay(
            ax,
            fields.texts(shown, label),
            right=labels.widest(texts, SMALL),
            height=len(shown) * canvas.pitch(len(shown)),
        )
        ax.set_xlim(0, max(float(np.nan_to_num(fields.numbers(frame, value)).sum()), 1e-9))
        ax.set_axisbelow(True)
        ax.grid(axis="x", color=FAINT, linewidth=0.5)
        ax.vlines(begin[1:], at[:-1], at[1:], color=GREY, linewidth=0.8, zorder=1)
        for word, look in looks.items():
            mine = classes == word
            ax.barh(at[mine], long[mine], left=begin[mine], height=0.7, zorder=2, **as_area(look))
        canvas.beside(ax, texts)
        plot.below = canvas.below_axis(ax, xlabel)
        small = labels.counted(note, len(shown), len(frame))
        canvas.furnish(ax, plot, title, small, area_entries(looks))
    return ax
