"""Figures of feedback loops: names on a ring, joined by arrows with signs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from sysmap.core.charts import canvas, fields, labels
from sysmap.core.charts.canvas import SMALL
from sysmap.core.charts.labels import FloatArray
from sysmap.core.charts.marks import GREY, PALETTE, WHITE, Mark, mark

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_LINE = SMALL * 1.3
_NAME_WIDTH, _NAME_LINES = 84.0, 3
_PANEL = 262.0
_MIDDLE = (58.0, 46.0)
_SIGN = 6.0
_LETTERS = {"reinforcing": "R", "balancing": "B"}
_SHORTEST_ARROW = 32.0
_FLATTEST, _TALLEST = 58.0, 230.0
# A wider ring takes a row of its own, so it must hold many names and be much flatter.
_STRETCHES, _MANY, _FLATTER = (1.0, 1.45, 2.4), 5, 0.7


class _Arrow(NamedTuple):
    """How the links of one sign look, and what the sign means."""

    colour: str
    dashes: Literal["solid"] | tuple[float, Sequence[float]]
    written: str
    words: str


_ARROWS = {
    "+": _Arrow(PALETTE["blue"], "solid", "+", "more leads to more, less to less"),
    "-": _Arrow(PALETTE["vermilion"], (0, (5, 2)), "−", "more leads to less, less to more"),
    "?": _Arrow(GREY, (0, (1, 1.5)), "?", "direction not agreed"),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Ring:
    """One loop laid out around (0, 0), in points."""

    key: str
    kind: str
    names: list[list[str]]
    signs: list[str]
    boxes: FloatArray
    arrows: list[FloatArray]
    width: float
    height: float


def rings(
    ax: Axes,
    frame: pd.DataFrame,
    *,
    ring: str = "loop",
    label: str = "name",
    sign: str = "sign",
    kind: str = "polarity",
    title: str = "",
    note: str = "",
    top: int = 6,
) -> Axes:
    """Each loop is a ring of names with an arrow from each to the next and a letter inside.

    Parameters
    ----------
    frame
        One row per link; the links of a loop follow each other, the last leads back to the first.
    ring, label, sign, kind
        Columns with the key of the loop, the name of the cause, the sign of its link (``+``,
        ``-``, or ``?``) and what the loop does (reinforcing, balancing, or another word).
    title, note
        As in `dots`.
    top
        The most loops to draw, the first ones; the note tells how many had no room.

    Examples
    --------
    >>> frame = pd.DataFrame({"loop": "L1", "name": ["Births", "People"], "sign": "+",
    ...     "polarity": "reinforcing"})
    >>> ax = rings(canvas.axes(), frame)
    >>> sorted(t.get_text() for t in ax.texts)
    ['+', '+', 'Births', 'L1', 'People', 'R', 'reinforcing']
    """
    if frame.empty:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        plot = canvas.lay(ax, [], height=40.0)
        ax.set_axis_off()
        ax.set(xticks=[], yticks=[])
        keys = list(dict.fromkeys(frame[ring]))
        room = plot.height if not canvas.is_ours(ax) else _TALLEST * 2
        laid = [_laid(frame[frame[ring] == k], k, (label, sign, kind), room) for k in keys[:top]]
        there = [r for r in laid if r is not None and r.width <= plot.width]
        shelves = list(_shelves(there, plot.width))
        heights = [max(r.height for r in shelf) for shelf in shelves]
        if canvas.is_ours(ax):
            plot.height = max(sum(heights), 40.0)
            canvas.resize(ax, plot, 0, 0)
        else:
            while shelves and sum(heights) > plot.height:
                shelves.pop()
                heights.pop()
        ax.set_xlim(0, plot.width)
        ax.set_ylim(0, plot.height)
        y = plot.height
        for shelf, high in zip(shelves, heights, strict=True):
            for i, one in enumerate(shelf):
                _draw(ax, one, ((i + 0.5) * plot.width / len(shelf), y - high / 2))
            y -= high
        shown = sum(map(len, shelves))
        if not shown:
            canvas.write(ax, "no room to draw a loop", (0, 0.5), (0, 0), "corner", color=GREY)
        left_out = min(len(keys), top) - shown
        missing = f"For {left_out} of {min(len(keys), top)} loops there was no room."
        signs = {s for shelf in shelves for one in shelf for s in one.signs}
        small = " ".join(filter(None, [note, missing if left_out else ""]))
        plot.below = 4.0
        canvas.furnish(ax, plot, title, small, _entries(signs))
    return ax


def _laid(
    rows: pd.DataFrame, key: object, columns: tuple[str, str, str], room: float
) -> _Ring | None:
    """A ring just tall enough that nothing touches; None where no height is enough."""
    label, sign, kind = columns
    names = [_folded(name) for name in fields.words(rows, label)]
    signs = [s if s in _ARROWS else "?" for s in fields.words(rows, sign)]
    sizes = np.array([(labels.widest(n, SMALL) + 8, len(n) * _LINE + 6) for n in names])
    across = (_PANEL - sizes[:, 0].max()) / 2 - 4
    best: _Ring | None = None
    for stretch in _STRETCHES:
        rx, ry = across * stretch, _FLATTEST
        while 2 * ry + sizes[:, 1].max() + 20 <= min(room, 2 * _TALLEST):
            boxes, arrows = _around(sizes, rx, ry)
            if _is_clear(boxes, arrows):
                word = labels.shorten(fields.words(rows, kind)[0], 14)
                wide = max(_PANEL, 2 * (rx + sizes[:, 0].max() / 2 + 4))
                high = 2 * max(np.abs(boxes[:, [1, 3]]).max(), ry + _SIGN) + 16
                ring = _Ring(labels.shorten(key, 10), word, names, signs, boxes, arrows, wide, high)
                if best is None or (len(names) >= _MANY and high < _FLATTER * best.height):
                    best = ring
                break
            ry += 6.0
    return best


def _folded(name: str) -> list[str]:
    """A name on at most three lines."""
    most = labels.LETTERS + 8
    while len(lines := labels.wrap(labels.shorten(name, most), _NAME_WIDTH, SMALL)) > _NAME_LINES:
        most -= 4
    return lines or [""]


def _around(sizes: FloatArray, rx: float, ry: float) -> tuple[FloatArray, list[FloatArray]]:
    """Boxes of the names clockwise on an ellipse, and the arcs between them."""
    n = len(sizes)
    start = math.pi if n == 2 else math.pi / 2
    angle = start - 2 * math.pi * np.arange(n) / n
    centre = np.column_stack([rx * np.cos(angle), ry * np.sin(angle)])
    boxes = np.hstack([centre - sizes / 2, centre + sizes / 2])
    arrows = []
    for i in range(n):
        turn = angle[i] - np.linspace(0, 2 * math.pi / n, 121)
        arc = np.column_stack([rx * np.cos(turn), ry * np.sin(turn)])
        arrows.append(arc[_outside(arc, boxes[i], 2) & _outside(arc, boxes[(i + 1) % n], 3)])
    return boxes, arrows


def _outside(points: FloatArray, box: FloatArray, air: float) -> np.ndarray:
    """Which points lie outside a box and some air around it."""
    x, y = points.T
    outside: np.ndarray = (
        (x < box[0] - air) | (x > box[2] + air) | (y < box[1] - air) | (y > box[3] + air)
    )
    return outside


def _is_clear(boxes: FloatArray, arrows: Sequence[FloatArray]) -> bool:
    """Whether names, arrows, signs and the middle keep off each other."""
    half = np.array(_MIDDLE) / 2
    all_boxes = np.vstack([boxes, np.hstack([-half, half])])
    for i, box in enumerate(all_boxes):
        grown = box + np.array([-4, -4, 4, 4])
        if any(not _apart(grown, other) for other in all_boxes[i + 1 :]):
            return False
    for i, arrow in enumerate(arrows):
        if len(arrow) < 2 or _length(arrow) < _SHORTEST_ARROW:
            return False
        around = np.concatenate([_sign_place(arrow) - _SIGN, _sign_place(arrow) + _SIGN])
        if any(not _apart(around, box) for box in all_boxes):
            return False
        others = np.delete(all_boxes, [i, (i + 1) % len(boxes)], axis=0)
        if not all(_outside(arrow, box, 1).all() for box in others):
            return False
    return True


def _apart(one: FloatArray, other: FloatArray) -> bool:
    return bool(
        one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    )


def _length(line: FloatArray) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _sign_place(arrow: FloatArray) -> FloatArray:
    """The middle of an arrow, a little to its start, because the head takes room."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(arrow, axis=0).T))])
    place: FloatArray = arrow[np.searchsorted(along, 0.44 * along[-1])]
    return place


def _shelves(laid: Sequence[_Ring], width: float) -> Iterator[list[_Ring]]:
    """Rings side by side as far as the width reaches, in order."""
    shelf: list[_Ring] = []
    for one in laid:
        widest = max([one.width, *(r.width for r in shelf)])
        if shelf and widest * (len(shelf) + 1) > width:
            yield shelf
            shelf = []
        shelf.append(one)
    if shelf:
        yield shelf


def _draw(ax: Axes, ring: _Ring, at: tuple[float, float]) -> None:
    """Draw a ring around a place in points."""
    from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
    from matplotlib.path import Path

    place = np.array(at)
    for lines, box in zip(ring.names, ring.boxes + np.tile(place, 2), strict=True):
        corner, size = (float(box[0]), float(box[1])), box[2:] - box[:2]
        ax.add_patch(
            FancyBboxPatch(
                corner,
                float(size[0]),
                float(size[1]),
                boxstyle="round,pad=0,rounding_size=4",
                facecolor="#F5F5F5",
                edgecolor="#8C8C8C",
                linewidth=0.7,
                zorder=2,
            )
        )
        middle = (float(box[0] + size[0] / 2), float(box[1] + size[1] / 2))
        canvas.write(ax, "\n".join(lines), middle, (0, 0), "data", ha="center")
    for arrow, sign in zip(ring.arrows, ring.signs, strict=True):
        look = _ARROWS[sign]
        line = arrow + place
        # The head has a solid outline, so the dashes end before it.
        ax.plot(*line[:-4].T, color=look.colour, linestyle=look.dashes, linewidth=1.4, zorder=1.5)
        ax.add_patch(
            FancyArrowPatch(
                path=Path(line[-8:]),
                arrowstyle="-|>,head_length=0.6,head_width=0.3",
                mutation_scale=10,
                color=look.colour,
                linewidth=1.4,
                zorder=1.6,
                capstyle="butt",
            )
        )
        x, y = _sign_place(line)
        ax.add_patch(
            Circle((x, y), _SIGN, facecolor=WHITE, edgecolor=look.colour, linewidth=1.0, zorder=3)
        )
        canvas.write(
            ax,
            look.written,
            (x, y),
            (0, 0),
            "data",
            size=9.0,
            ha="center",
            va="center",
            color=look.colour,
        )
    _write_middle(ax, ring, place)


def _write_middle(ax: Axes, ring: _Ring, place: FloatArray) -> None:
    """The letter, the key and the word of a loop."""
    from matplotlib.patches import Circle

    look: Mark = mark(ring.kind)
    x, y = place
    ax.add_patch(
        Circle((x, y + 11), 10, facecolor=WHITE, edgecolor=look.edge, linewidth=1.6, zorder=2)
    )
    letter = _LETTERS.get(ring.kind, "?")
    canvas.write(ax, letter, (x, y + 11), (0, 0), "data", size=12.0, ha="center", color=look.edge)
    canvas.write(ax, ring.key, (x, y - 6), (0, 0), "data", ha="center")
    canvas.write(ax, ring.kind, (x, y - 16), (0, 0), "data", ha="center", color=look.edge)


def _entries(signs: set[str]) -> list[Artist]:
    """Legend entries of the signs that are drawn."""
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [],
            [],
            color=look.colour,
            linestyle=look.dashes,
            linewidth=1.4,
            label=f"{look.written}  {look.words}",
        )
        for sign, look in _ARROWS.items()
        if sign in signs
    ]
