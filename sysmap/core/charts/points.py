"""Figures with one point per subject between two numbers, the first ones named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sysmap.core.charts import canvas, fields, labels
from sysmap.core.charts.canvas import SMALL, TEXT
from sysmap.core.charts.labels import FloatArray
from sysmap.core.charts.marks import GREY, as_point, point_entries

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# How names are tried beside points: distance and width of a line, both in points.
_TRIES = ((6.0, 110.0), (6.0, 72.0), (14.0, 110.0), (14.0, 72.0), (26.0, 72.0))


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
    after: str | None = None,
    top: int = 15,
    title: str = "",
    note: str = "",
    xlabel: str = "",
    ylabel: str = "",
    xlines: canvas.Lines = (),
    ylines: canvas.Lines = (),
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
    after
        Column with a few letters that stand behind a name and are never cut, such as its rank.
    top
        How many rows are named; a name without room is left out and counted in the note.
    title, note
        As in `dots`.
    xlabel, ylabel
        Words at the axes; blank are the names of the columns.
    xlines, ylines
        canvas.Lines across, such as means: ``(position, words)``. Names keep off them.

    Examples
    --------
    >>> frame = pd.DataFrame({"given": [1.0, 2.0], "received": [2.0, 1.0], "name": ["a", "b"]})
    >>> ax = scatter(canvas.axes(), frame, x="given", y="received", label="name")
    >>> [t.get_text() for t in ax.texts if t.get_text()]
    ['a', 'b']
    """
    placed = frame[np.isfinite(fields.numbers(frame, x)) & np.isfinite(fields.numbers(frame, y))]
    if placed.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        points = np.column_stack([fields.numbers(placed, x), fields.numbers(placed, y)])
        from_, to = fields.numbers(placed, low), fields.numbers(placed, high)
        classes, looks = fields.classes(placed, kind)
        plot = canvas.lay(ax, [], height=350.0, left=SMALL * 5)
        ax.set_xlim(_padded([points[:, 0], [p for p, _ in xlines]]))
        ax.set_ylim(_padded([points[:, 1], from_, to, [p for p, _ in ylines]]))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_tick_params(length=2.5, labelsize=SMALL)
        plot.above = canvas.thresholds(ax, plot, xlines)
        for position, words in ylines:
            ax.axhline(position, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
            canvas.write(ax, labels.shorten(words, 20), (1, position), (4, 0), "rows", color=GREY)
        beside = [labels.shorten(words, 20) for _, words in ylines]
        plot.right = max(labels.widest(beside, SMALL) + 6, plot.right)
        plot.below = canvas.below_axis(ax, xlabel or x)
        ax.set_ylabel(labels.shorten(ylabel or y, 50), fontsize=TEXT, labelpad=4, parse_math=False)
        for word, look in looks.items():
            mine = classes == word
            ax.vlines(
                points[mine, 0], from_[mine], to[mine], color=look.edge, linewidth=0.8, zorder=2
            )
            ax.plot(*points[mine].T, linestyle="none", clip_on=False, zorder=3, **as_point(look))
        count = len(frame) - len(placed)
        missing = f"{count} of {len(frame)} have no numbers here." if count else ""
        handles = point_entries(looks) if kind in frame.columns else []
        named = placed.head(top)
        names = fields.texts(named, label)
        for i, word in enumerate(fields.words(named, after)):
            names[i] = f"{names[i]} {word}".strip()
        if canvas.is_ours(ax):
            canvas.resize(ax, plot, plot.above, plot.below)
        left_out = _name_points(ax, points, from_, to, names, xlines, ylines)
        unnamed = f"For {left_out} of {len(names)} names there was no room." if left_out else ""
        canvas.furnish(ax, plot, title, " ".join(filter(None, [note, missing, unnamed])), handles)
    return ax


def _padded(parts: Iterable[ArrayLike]) -> tuple[float, float]:
    """A range around all numbers with six hundredths of air."""
    numbers = fields.finite(parts)
    air = 0.06 * (np.ptp(numbers) or 1.0)
    return float(numbers.min() - air), float(numbers.max() + air)


def _name_points(
    ax: Axes,
    points: FloatArray,
    low: FloatArray,
    high: FloatArray,
    names: Sequence[str],
    xlines: canvas.Lines,
    ylines: canvas.Lines,
) -> int:
    """Write the names of the first points where there is room; how many found none."""
    width, height = canvas.size(ax)
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
        folded = [labels.wrap(name, wide, SMALL) for name in names]
        sizes = np.array([(labels.widest(f, SMALL) + 3, len(f) * SMALL * 1.3) for f in folded])
        boxes = labels.place_labels(
            at[waiting], sizes[waiting], obstacles=obstacles, bounds=(0, 0, width, height), gap=gap
        )
        free = np.isfinite(boxes[:, 0])
        for i, box in zip(waiting[free], boxes[free], strict=True):
            _name_point(ax, folded[i], points[i], box, at[i], leader=gap > _TRIES[0][0])
        obstacles = np.vstack([obstacles, boxes[free]])
        waiting = waiting[~free]
    return len(waiting)


def _name_point(
    ax: Axes,
    lines: list[str],
    point: FloatArray,
    box: FloatArray,
    place: FloatArray,
    *,
    leader: bool,
) -> None:
    """Write a name into its box, with a thin line to its point where that is farther off."""
    near = np.clip(place, box[:2], box[2:])
    if leader:
        ax.annotate(
            "",
            (point[0], point[1]),
            xytext=(near[0] - place[0], near[1] - place[1]),
            textcoords="offset points",
            zorder=1.5,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 0},
        )
    left_of = box[2] <= place[0]
    side, x = ("right", box[2]) if left_of else ("left", box[0] + 1)
    offset = (float(x - place[0]), float((box[1] + box[3]) / 2 - place[1]))
    canvas.write(ax, "\n".join(lines), (point[0], point[1]), offset, "data", ha=side)
