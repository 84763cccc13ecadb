"""A picture of the page as it opens, for readers whose notebook runs no script."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core import charts
from sysmap.core.stats import FloatArray
from sysmap.draw import payload, render
from sysmap.draw.payload import Content
from sysmap.draw.words import filled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = {
    "star": "*",
    "dot": "o",
    "square": "s",
    "group": "s",
    "triangle": "^",
    "triangleDown": "v",
    "diamond": "D",
    "hexagon": "h",
}
_SIZES = {"star": 150.0, "dot": 60.0, "diamond": 48.0}
_INK = "#1D1D1B"
_LETTERS = 17
_SMALL = 6.5
_SIZE = (12.0, 7.2)

Look = tuple[str, str, float]
"""Fill, outline, width of the outline."""


def png(content: Content, *, dpi: float = 75) -> bytes:
    """The nodes that a page opens on, as a PNG image; equal content gives equal bytes.

    Parameters
    ----------
    content
        What the page shows.
    dpi
        Pixels per inch; the picture is twelve inches wide.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> png(payload.content(from_tables({})))[1:4]
    b'PNG'
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with charts.style():
        figure = Figure(figsize=_SIZE)
        FigureCanvasAgg(figure)
        ax = figure.add_axes((0.01, 0.12, 0.98, 0.8))
        ax.set_axis_off()
        ax.set_title(content.title[:120], loc="left", fontsize=13, pad=18)
        if content.nodes:
            _draw(ax, content)
        return _lean(charts.to_png(ax, dpi=dpi))


def _lean(image: bytes) -> bytes:
    """The same picture with 256 colours, a third of the bytes; no colour moves visibly."""
    from PIL import Image  # matplotlib writes its pictures with it

    drawn = Image.open(io.BytesIO(image)).convert("RGB")
    lean = drawn.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    lean.save(out, "PNG", optimize=True)
    return out.getvalue()


def alt(content: Content) -> str:
    """The picture in words."""
    return filled(
        content.words["still_alt"],
        title=content.title,
        n=f"{len(payload.start_set(content)):,}",
        N=f"{len(content.nodes):,}",
    )


def _draw(ax: Axes, content: Content) -> None:
    start = payload.start_set(content)
    layout = next(iter(render.layouts(content, start, content.words).values()))
    xy = np.array([layout.x, layout.y], float).T
    ax.invert_yaxis()
    _lines(ax, content, set(start), xy)
    kinds = {kind.table: kind for kind in content.types}
    for table in dict.fromkeys(content.nodes[i].table for i in start):
        kind = kinds[table]
        for (fill, edge, wide), nodes in _looks(content, table, kind.colour, start).items():
            ax.scatter(
                xy[nodes, 0],
                xy[nodes, 1],
                marker=_MARKERS.get(kind.shape, "o"),
                s=_SIZES.get(kind.shape, 55.0),
                c=fill,
                edgecolors=edge,
                linewidths=wide,
                zorder=3,
            )
    _names(ax, content, start, xy)
    _key(ax, content, start)


def _names(ax: Axes, content: Content, start: Sequence[int], xy: FloatArray) -> None:
    """Names below their nodes, most linked first; one that would cover another is left out."""
    ax.figure.canvas.draw()  # fixes the limits, so that points have a place on the picture
    at = ax.transData.transform(xy) * 72 / ax.figure.dpi
    links = payload.degrees(content)
    taken: list[tuple[float, float, float, float]] = []
    for i in sorted(start, key=lambda i: (-links[i], i)):
        lines = textwrap.wrap(content.nodes[i].name, _LETTERS, max_lines=2, placeholder="…")
        wide = 0.56 * _SMALL * max(map(len, lines), default=0)
        x, y = at[i]
        box = (x - wide / 2, y - 7 - 1.25 * _SMALL * len(lines), x + wide / 2, y - 7)
        if any(a < box[2] and c > box[0] and b < box[3] and d > box[1] for a, b, c, d in taken):
            continue
        taken.append(box)
        ax.annotate(
            "\n".join(lines),
            xy[i],
            xytext=(0, -7),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=_SMALL,
            zorder=4,
        )


def _lines(ax: Axes, content: Content, there: set[int], xy: FloatArray) -> None:
    from matplotlib.collections import LineCollection

    place = {n.id: i for i, n in enumerate(content.nodes)}
    signed = {kind.table for kind in content.relations if kind.knows("sign")}
    colours = {kind.table: kind.colour for kind in content.relations}
    drawn = [
        (place[e.first], place[e.second], e)
        for e in content.edges
        if place[e.first] in there and place[e.second] in there
    ]
    ax.add_collection(
        LineCollection(
            [xy[[a, b]] for a, b, _ in drawn],
            colors=[
                _colour(e.answer) if e.table in signed else colours[e.table] for _, _, e in drawn
            ],
            linestyles=[_dashes(e.answer) if e.table in signed else "-" for _, _, e in drawn],
            linewidths=0.7,
            alpha=0.35,
            zorder=1,
        )
    )


def _fills(hue: str) -> dict[str, Look]:
    """Fill, outline and its width by verdict."""
    return {
        "universal": (hue, _INK, 0.7),
        "intermediate": (_pale(hue), hue, 1.2),
        "context-specific": ("#FFFFFF", hue, 2.0),
        "undetermined": ("#FFFFFF", "#767676", 0.7),
    }


def _looks(content: Content, table: str, hue: str, start: Sequence[int]) -> dict[Look, list[int]]:
    """Nodes of one type by how they look."""
    fills = _fills(hue)
    found: dict[Look, list[int]] = {}
    for i in start:
        node = content.nodes[i]
        if node.table == table:
            found.setdefault(fills[node.verdict or "universal"], []).append(i)
    return found


def _pale(hue: str) -> str:
    parts = (int(hue[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - p) * 0.32):02X}" for p in parts)


def _key(ax: Axes, content: Content, start: Sequence[int]) -> None:
    """Shapes, fills and signs in words; nothing is said by colour alone."""
    from matplotlib.lines import Line2D

    words = content.words
    opening = [content.nodes[i] for i in start]
    kinds = {k.table: k for k in content.types if k.table in {n.table for n in opening}}

    def point(look: Look, marker: str, label: str) -> Line2D:
        return Line2D([], [], ls="", marker=marker, ms=7, mfc=look[0], mec=look[1], mew=look[2],
                      label=label)  # fmt: skip

    handles = [
        point((k.colour, _INK, 0.7), _MARKERS.get(k.shape, "o"), (k.many or k.table).capitalize())
        for k in kinds.values()
    ]
    judged = next((kinds[n.table] for n in opening if n.verdict), None)
    if judged is not None:
        there = {n.verdict for n in opening}
        handles += [
            point(look, _MARKERS.get(judged.shape, "o"), words[verdict])
            for verdict, look in _fills(judged.colour).items()
            if verdict in there
        ]
    if any(k.knows("sign") for k in content.relations):
        handles += [
            Line2D([], [], color=_colour(sign), ls=_dashes(sign), lw=1.5, label=words[key])
            for key, sign in (("sign_plus", "+"), ("sign_minus", "-"), ("sign_unknown", None))
        ]
    ax.figure.legend(
        handles=handles,
        loc="lower left",
        ncols=7,
        frameon=False,
        fontsize=8,
        bbox_to_anchor=(0.01, 0),
    )
    note = content.notes[0] if content.notes else words["no_date"]
    ax.text(0, 1.012, note[:200], transform=ax.transAxes, fontsize=8, va="bottom", ha="left")


def _colour(sign: str | None) -> str:
    return {"+": "#0072B2", "-": "#C0392B"}.get(sign or "", "#6B6B6B")


def _dashes(sign: str | None) -> str:
    return {"+": "-", "-": "--"}.get(sign or "", ":")
