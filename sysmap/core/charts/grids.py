"""Figures with one cell per pair: words that are filled and hatched, numbers that are shaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sysmap.core.charts import canvas, fields, labels
from sysmap.core.charts.canvas import SMALL
from sysmap.core.charts.marks import FAINT, GREY, WHITE, Mark, area_entries, marks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMN_LABEL, _MOST_COLUMNS = 28, 60
_ROW_LABEL, _FEW = 64, 12
"""Letters of a row label beside few columns, which leave it the room of a full name."""
_LEVELS = 24
_NO_VALUE = Mark(WHITE, "#A6A6A6", "x", "////", "no value")


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
    >>> [t.get_text() for t in matrix(canvas.axes(rows=1), states).get_legend().get_texts()]
    ['present', 'not asked']
    """
    if states.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        shown = states.iloc[: canvas.fitting(ax, top), :_MOST_COLUMNS]
        words = np.array([[labels.word(w) for w in row] for row in shown.to_numpy(object)])
        looks = marks(words.ravel())
        printed = None if text is None else _printed(text, shown)
        plot = _grid(ax, shown, printed)
        for word, look in looks.items():
            _cells(ax, plot, words == word, look)
        if printed is not None:
            fills = {word: look.colour for word, look in looks.items()}
            boxed = np.array([[bool(looks[w].hatch) for w in row] for row in words])
            _print(ax, printed, np.vectorize(fills.__getitem__)(words), boxed)
        canvas.furnish(
            ax,
            plot,
            title,
            labels.counted(note, len(shown), len(states), *_wide(shown, states)),
            area_entries(looks),
            corner=_corner(rows, columns),
        )
    return ax


def amounts(
    ax: Axes,
    values: pd.DataFrame,
    *,
    title: str = "",
    note: str = "",
    text: bool = True,
    zeros: bool = True,
    after: pd.DataFrame | None = None,
    missing: str = "no value",
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
    zeros
        False leaves cells with 0 blank, where 0 only means that nothing was said.
    after
        Letters behind the numbers, same shape as `values`; the note says what they mean.
    missing
        What a missing number is called in the legend.
    title, note, top, rows, columns
        As in `matrix`.

    Examples
    --------
    >>> values = pd.DataFrame({"FJI": [3.0], "NPL": [None]}, index=["Costing"])
    >>> ax = amounts(canvas.axes(rows=1), values)
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['3']
    """
    if values.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        shown = values.iloc[: canvas.fitting(ax, top), :_MOST_COLUMNS]
        numbers = shown.apply(pd.to_numeric).to_numpy(np.float64, na_value=np.nan)
        known = np.isfinite(numbers)
        least, most = fields.extent(numbers[known])
        level = np.zeros(numbers.shape, np.int64)
        level[known] = np.rint((numbers[known] - least) / (most - least) * _LEVELS)
        printed = np.array([[labels.number(v) for v in row] for row in numbers])
        if not zeros:
            printed[numbers == 0] = ""
        if after is not None:
            tails = after.iloc[: shown.shape[0], : shown.shape[1]].to_numpy(str)
            printed = np.where(known, np.char.add(printed, tails), printed)
        plot = _grid(ax, shown, printed if text else None)
        for step in np.unique(level[known]):
            _cells(ax, plot, known & (level == step), Mark(_blue(step), FAINT, "s", "", ""))
        handles: dict[str, Mark] = {}
        if not known.all():
            _cells(ax, plot, ~known, _NO_VALUE)
            handles[missing] = replace(_NO_VALUE, label=missing)
        if text:
            _print(ax, printed, np.vectorize(_blue)(level), ~known)
        elif known.any():
            ends = {labels.number(least): 0, labels.number((least + most) / 2): _LEVELS // 2}
            ends[labels.number(most)] = _LEVELS
            scale = {w: Mark(_blue(s), GREY, "s", "", w) for w, s in ends.items()}
            handles = {**scale, **handles}
        canvas.furnish(
            ax,
            plot,
            title,
            labels.counted(note, len(shown), len(values), *_wide(shown, values)),
            area_entries(handles),
            corner=_corner(rows, columns),
        )
    return ax


def _grid(ax: Axes, frame: pd.DataFrame, printed: NDArray[np.str_] | None) -> canvas.Plot:
    """Lay out the cells of a matrix and write both sets of labels."""
    from matplotlib.patches import Rectangle

    rows, columns = frame.shape
    most = _ROW_LABEL if columns <= _FEW else labels.LETTERS if columns <= 25 else 32
    names = labels.distinct(map(labels.heading, frame.index), most, ends=True)
    heads = labels.distinct(map(labels.heading, frame.columns), _COLUMN_LABEL, ends=True)
    plot = canvas.lay(ax, names, height=rows * canvas.pitch(rows))
    cell = canvas.cell_width(columns, plot.left)
    if printed is not None:
        cell = max(cell, labels.widest(np.unique(printed), SMALL) + 5)
    if canvas.is_ours(ax):
        plot.width = cell * columns
    cell = plot.width / columns
    folded = [labels.wrap(head, cell - 4, SMALL) for head in heads]
    deep = max(map(len, folded))
    words = [word for head in heads for word in head.split()]
    upright = deep <= 3 and labels.widest(words, SMALL) <= cell - 4
    if upright:
        heads = ["\n".join(lines) for lines in folded]
    ax.set_xlim(-0.5, columns - 0.5)
    ax.xaxis.tick_top()
    ax.set_xticks(range(columns), labels=heads, parse_math=False, fontsize=SMALL)
    if not upright:
        for head in ax.get_xticklabels():
            head.set(rotation=90, rotation_mode="anchor", ha="left", va="center")
    ax.tick_params(axis="x", length=0, pad=4)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    plot.above = 5 + deep * SMALL * 1.25 if upright else labels.widest(heads, SMALL) + 8
    back = Rectangle((-0.5, -0.5), columns, rows, facecolor="#C4C4C4", linewidth=0, zorder=0)
    ax.add_patch(back)
    return plot


def _cells(ax: Axes, plot: canvas.Plot, where: NDArray[np.bool_], look: Mark) -> None:
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
            path,
            facecolor=look.colour,
            edgecolor=look.edge,
            hatch=look.hatch,
            linewidth=0,
            label=look.label,
            zorder=1,
        )
    )


def _printed(text: pd.DataFrame, shown: pd.DataFrame) -> NDArray[np.str_]:
    """The texts of the cells that are drawn."""
    chosen = text.iloc[: shown.shape[0], : shown.shape[1]].to_numpy(object)
    return np.array([[labels.shorten(labels.word(v), 12) for v in row] for row in chosen])


def _print(
    ax: Axes, printed: NDArray[np.str_], fills: NDArray[np.str_], boxed: NDArray[np.bool_]
) -> None:
    """Write a text into each cell, on white where the cell is hatched."""
    for (row, column), text in np.ndenumerate(printed):
        if not text:
            continue
        box = {"facecolor": WHITE, "edgecolor": "none", "boxstyle": "square,pad=0.1"}
        ax.text(
            column,
            row,
            str(text),
            ha="center",
            va="center",
            fontsize=SMALL,
            parse_math=False,
            color="#000000" if boxed[row, column] else _ink_on(str(fills[row, column])),
            bbox=box if boxed[row, column] else None,
            zorder=4,
        )


def _corner(rows: str, columns: str) -> str:
    """What rows and columns are, in few words."""
    if rows and columns:
        return f"{labels.shorten(rows, 18)} by {labels.shorten(columns, 18)}"
    return labels.shorten(rows or columns)


def _wide(shown: pd.DataFrame, whole: pd.DataFrame) -> tuple[int, int]:
    """Columns that are drawn, and all of them."""
    return shown.shape[1], whole.shape[1]


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
    return "#000000" if (luminance + 0.05) ** 2 >= 0.0525 else WHITE
