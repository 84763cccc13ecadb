"""Figures of sets that overlap: how many things each combination of sets holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sysmap.core.charts import canvas, labels
from sysmap.core.charts.canvas import SMALL
from sysmap.core.charts.marks import FAINT, GREY, INK, PALETTE, WHITE, Mark, area_entries, as_area

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

# Room for the bars, for the number on a bar, and for a column of dots, in points.
_BAND, _NUMBER, _COLUMN = 84.0, 13.0, 32.0
# What a given Axes is squeezed to before rows or columns are left out.
_LOWEST_BAND, _LOWEST_ROW, _NARROWEST = 46.0, 11.5, 15.0
_ONE = Mark(WHITE, "#004B76", "s", "///", "")
_SEVERAL = Mark(PALETTE["blue"], "#004B76", "o", "", "")


def combinations(members: pd.DataFrame) -> pd.DataFrame:
    """Things are counted by the exact combination of sets that hold them, the largest first.

    Parameters
    ----------
    members
        True where a thing (row) is in a set (column). Things in no set are left out.

    Returns
    -------
    pandas.DataFrame
        One row per combination that holds anything, columns as in `members` and true for the sets
        of the combination; the index counts its things. Ties: more sets first, then the sets that
        come first.

    Examples
    --------
    >>> members = pd.DataFrame({"a": [True, True, False], "b": [True, True, True]})
    >>> combinations(members).to_dict("split")["data"], list(combinations(members).index)
    ([[True, True], [False, True]], [2, 1])
    """
    there = members.to_numpy(bool)
    held, count = np.unique(there[there.any(axis=1)], axis=0, return_counts=True)
    # the sets that come first weigh most
    order = np.lexsort((*(~held[:, ::-1].T), -held.sum(axis=1), -count))
    return pd.DataFrame(
        held[order], index=pd.Index(count[order], name="count"), columns=members.columns
    )


def upset(
    ax: Axes,
    members: pd.DataFrame,
    *,
    title: str = "",
    note: str = "",
    words: tuple[str, str] = ("in one set", "in several sets"),
    what: str = "things",
    top: int = 15,
) -> Axes:
    """Each column is a combination of sets, dotted below, with the number of its things above.

    Parameters
    ----------
    members
        True where a thing (row) is in a set (column); the names of the columns are drawn.
    words
        What bars of one set and of several sets are called in the legend.
    what
        What is counted, in the plural.
    title, note
        As in `dots`.
    top
        The most combinations to draw, the largest first; the note counts the others and what they
        hold.

    Notes
    -----
    After Lex, Gehlenborg, Strobelt, Vuillemot and Pfister (2014), UpSet.

    Examples
    --------
    >>> members = pd.DataFrame({"Skills": [True, True, False], "Access": [True, True, True]})
    >>> ax = upset(canvas.axes(rows=2), members, what="elements")
    >>> [label.get_text() for label in ax.get_yticklabels()], [t.get_text() for t in ax.texts][:2]
    (['Access', 'Skills'], ['2', '1'])
    """
    found = combinations(members)
    if found.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        sizes = members.to_numpy(bool).sum(axis=0)
        order = np.argsort(-sizes, kind="stable")[: _fitting(ax, len(sizes))]
        rows = len(order)
        texts = [f"{sizes[at]:,} of {len(members):,}" for at in order]
        plot = canvas.lay(
            ax,
            labels.distinct(map(labels.heading, members.columns[order])),
            left=labels.width(what, SMALL) + 8,
            right=labels.widest(texts, SMALL),
            height=rows * canvas.pitch(rows) + _BAND + _NUMBER,
        )
        if not canvas.is_ours(ax):
            top = min(top, max(1, int(plot.width // _NARROWEST)))
        drawn = found.head(top)
        if canvas.is_ours(ax):
            plot.width = min(plot.width, _COLUMN * max(len(drawn), 4))
        bar = _lay_rows(ax, plot, rows, len(drawn))
        _bars(ax, drawn, bar)
        canvas.write(ax, what, (0, -0.7), (-6, 0), "rows", ha="right", va="bottom", color=GREY)
        _dots(ax, drawn.to_numpy(bool)[:, order])
        canvas.beside(ax, texts)
        small = labels.counted(f"{note} {_left_out(found, drawn)}".strip(), rows, len(sizes))
        canvas.furnish(ax, plot, title, small, _entries(drawn, words))
    return ax


def _fitting(ax: Axes, sets: int) -> int:
    """Sets that stay readable: all, or what a given Axes has room for below the bars."""
    if canvas.is_ours(ax):
        return canvas.fitting(ax, sets)
    room = canvas.size(ax)[1] - _LOWEST_BAND - _NUMBER
    return max(1, min(sets, int(room // _LOWEST_ROW)))


def _lay_rows(ax: Axes, plot: canvas.Plot, rows: int, columns: int) -> float:
    """Scale the axes, rows of sets below and bars above; the height of the longest bar in rows."""
    row = canvas.pitch(rows)
    if not canvas.is_ours(ax):
        row = min(row, max(plot.height - _LOWEST_BAND - _NUMBER, _LOWEST_ROW) / rows)
    band = (plot.height - _NUMBER) / row - rows
    ax.set_ylim(rows - 0.5, -0.5 - band - _NUMBER / row)
    ax.set_xlim(-0.5, columns - 0.5)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    return band - 0.2


def _bars(ax: Axes, drawn: pd.DataFrame, longest: float) -> None:
    """Draw one bar per combination with its number above; one and several sets look different."""
    count, several = drawn.index.to_numpy(np.int64), drawn.sum(axis=1).to_numpy() > 1
    at = np.arange(len(drawn))
    tall = -longest * count / count.max()
    for mine, look in ((several, _SEVERAL), (~several, _ONE)):
        ax.bar(at[mine], tall[mine], bottom=-0.7, width=0.62, zorder=2, **as_area(look))
    for x, y, number in zip(at, tall, count, strict=True):
        canvas.write(
            ax, f"{number:,}", (float(x), float(y) - 0.7), (0, 2), "data", ha="center", va="bottom"
        )


def _dots(ax: Axes, inside: NDArray[np.bool_]) -> None:
    """Draw a full dot for each set of a combination, joined by a line, and a small ring else."""
    ax.hlines(np.arange(inside.shape[1]), *ax.get_xlim(), color=FAINT, linewidth=0.5, zorder=0.5)
    for there, size, fill in ((inside, 6.5, INK), (~inside, 3.0, WHITE)):
        column, row = np.nonzero(there)
        ax.plot(
            column,
            row,
            linestyle="none",
            marker="o",
            markersize=size,
            markerfacecolor=fill,
            markeredgecolor=INK if fill == INK else "#8C8C8C",
            markeredgewidth=0.7,
            clip_on=False,
            zorder=3,
        )
    first = inside.argmax(axis=1)
    last = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)
    long = inside.sum(axis=1) > 1
    ax.vlines(np.flatnonzero(long), first[long], last[long], color=INK, linewidth=1.6, zorder=2)


def _left_out(found: pd.DataFrame, drawn: pd.DataFrame) -> str:
    """How many combinations are not drawn, and what they hold together."""
    rest = found.iloc[len(drawn) :]
    if rest.empty:
        return ""
    return (
        f"Not drawn: {len(rest):,} smaller combination{'' if len(rest) == 1 else 's'}, "
        f"which hold{'s' if len(rest) == 1 else ''} {rest.index.to_numpy().sum():,} in all."
    )


def _entries(drawn: pd.DataFrame, words: tuple[str, str]) -> list[Artist]:
    """The legend of the bars."""
    several = drawn.sum(axis=1) > 1
    looks = {
        words[at]: replace(look, label=words[at])
        for at, look, there in ((0, _ONE, ~several), (1, _SEVERAL, several))
        if there.any()
    }
    return area_entries(looks)
