"""Figures of chains of influence from one thing to another, drawn in layers from left to right."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sysmap.core.charts import canvas, labels
from sysmap.core.charts.canvas import SMALL
from sysmap.core.charts.marks import GREY, INK, PALETTE, WHITE

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_Link = tuple[str, str]
_Node = str | tuple[str, str, int]
"""A thing, or the place where a link passes through a layer: cause, effect and layer."""

_BOX, _GUTTER, _WIDEST = 66.0, 44.0, 132.0
_PORT, _GAP, _PAD = 14.0, 9.0, 5.0
_LINE = SMALL * 1.25
_STUB, _BADGE = 28.0, 18.0
_MOST_LINES = 4
_LETTERS, _HALF = 120, 59
_SWEEPS = 6
_FEW_LAYERS = 5
_WIDTHS = ((1, 1.0, "1 source"), (2, 1.9, "2 or 3 sources"), (4, 3.0, "4 or more sources"))
_SIGNS = {
    "+": (PALETTE["blue"], ">", 6.0, "+", "more makes more"),
    "-": (PALETTE["vermilion"], "|", 9.0, "\u2212", "more makes less"),
    "unknown": (GREY, "o", 4.5, "?", "sign not settled"),
}


def chains(
    ax: Axes,
    steps: pd.DataFrame,
    *,
    names: Mapping[str, str],
    goals: Collection[str] = (),
    top: int = 12,
    title: str = "",
    note: str = "",
) -> Axes:
    """Each thing is a box, each link a line with its sign, and all lines run to the right.

    Parameters
    ----------
    steps
        One row per link of a path, in the order of the path, best path first: columns path,
        cause, effect (ids), sign (``+``, ``-`` or ``unknown``) and sources (how many say so). All
        paths begin at one id and end at one.
    names
        Text of each id.
    goals
        Ids that are drawn with square corners and a double line: outcomes.
    top
        The most paths that are drawn, best first. One whose links would run against those of
        better paths, or would need more layers than the longest of them, is left out, and so are
        the last ones where a given Axes has no room; the note counts them.
    title, note
        As in `dots`.

    Notes
    -----
    The layer of a thing is the longest way to it among the paths drawn; a link that passes layers
    keeps a lane of its own there, so no line crosses a box. Sugiyama, Tagawa and Toda (1981).

    Examples
    --------
    >>> steps = pd.DataFrame({"path": ["P1", "P1"], "cause": ["a", "b"], "effect": ["b", "c"],
    ...                       "sign": ["+", "-"], "sources": [2, 1]})
    >>> ax = chains(canvas.axes(), steps, names={"a": "Law", "b": "Tax", "c": "Trade"})
    >>> [t.get_text() for t in ax.texts]
    ['Law', 'Tax', 'Trade', '+', '−']
    """
    paths = list(dict.fromkeys(steps["path"]))
    if not paths:
        return canvas.nothing(ax, title, note)
    with canvas.style():
        plot = canvas.lay(ax, [], height=0.0)
        room = None if canvas.is_ours(ax) else plot.height
        sheet = _fitting(steps, names, top, plot.width, room, ours=room is None)
        plot.width = sheet.width
        if room is None:
            plot.height = sheet.height
        ax.set_axis_off()
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_xlim(0, sheet.width)
        ax.set_ylim(max(plot.height, sheet.height), 0)
        if canvas.is_ours(ax):
            canvas.resize(ax, plot, plot.above, plot.below)
        for node in sheet.boxes():
            _box(ax, sheet, node, node in goals)
        drawn = steps[steps["path"].isin(sheet.paths)].drop_duplicates(["cause", "effect"])
        for row in drawn.itertuples():
            _line(ax, sheet, (row.cause, row.effect), row.sign, int(row.sources))
        said = _left_out(len(sheet.paths), len(paths), sheet.against)
        handles = _entries(drawn, goals)
        canvas.furnish(ax, plot, title, " ".join(filter(None, [note, said])), handles)
    return ax


@dataclass(slots=True)
class _Sheet:
    """Where everything stands, in points from the upper left corner."""

    paths: list[str]
    against: int
    layers: list[list[_Node]]
    texts: dict[str, list[str]]
    lanes: dict[_Link, list[_Node]]
    width: float = 0.0
    height: float = 0.0
    box: float = 0.0
    left: list[float] = field(default_factory=list)
    layer: dict[_Node, int] = field(default_factory=dict)
    middle: dict[_Node, float] = field(default_factory=dict)
    tall: dict[_Node, float] = field(default_factory=dict)
    ins: dict[tuple[_Node, _Link], float] = field(default_factory=dict)
    outs: dict[tuple[_Node, _Link], float] = field(default_factory=dict)

    def boxes(self) -> list[str]:
        """The things, layer by layer."""
        return [node for nodes in self.layers for node in nodes if isinstance(node, str)]


def _fitting(
    steps: pd.DataFrame,
    names: Mapping[str, str],
    top: int,
    width: float,
    room: float | None,
    *,
    ours: bool,
) -> _Sheet:
    """The layout of as many paths as there is room for, at least of one."""
    for count in range(max(top, 1), 0, -1):
        sheet = _sheet(steps, names, count, width, ours=ours)
        if room is None or sheet.height <= room:
            break
    return sheet


def _sheet(
    steps: pd.DataFrame, names: Mapping[str, str], count: int, width: float, *, ours: bool
) -> _Sheet:
    chosen, against = _forward(steps, count)
    links = list(dict.fromkeys(link for path in chosen.values() for link in path))
    depth = _depths(links)
    size = max(depth.values()) + 1
    lanes: dict[_Link, list[_Node]] = {}
    layers: list[list[_Node]] = [[] for _ in range(size)]
    for thing in dict.fromkeys(thing for link in links for thing in link):
        layers[depth[thing]].append(thing)
    for a, b in links:
        passed: list[_Node] = [(a, b, at) for at in range(depth[a] + 1, depth[b])]
        lanes[a, b] = [a, *passed, b]
        for at, place in enumerate(passed, depth[a] + 1):
            layers[at].append(place)
    _untangle(layers, lanes)
    between = (size - 1) * _GUTTER
    wide = max(width, size * _BOX + between) if ours else width
    box = max(min(_WIDEST, (wide - between) / size), 20.0)
    texts = {
        node: _folded(names.get(node, node), box - 2 * _PAD)
        for nodes in layers
        for node in nodes
        if isinstance(node, str)
    }
    sheet = _Sheet(list(chosen), against, layers, texts, lanes, width=wide, box=box)
    _measure(sheet)
    return sheet


def _forward(steps: pd.DataFrame, count: int) -> tuple[dict[str, list[_Link]], int]:
    """The first paths that run in one direction together, in few layers; how many do not."""
    ways = {
        str(path): list(zip(rows["cause"], rows["effect"], strict=True))
        for path, rows in steps.groupby("path", sort=False)
    }
    deepest = max(_FEW_LAYERS, *(len(way) + 1 for way in itertools.islice(ways.values(), count)))
    chosen: dict[str, list[_Link]] = {}
    onward: dict[str, set[str]] = {}
    drawn: list[_Link] = []
    apart = 0
    for path, links in ways.items():
        if len(chosen) == count:
            break
        if any(_leads(onward, b, a) for a, b in links):
            apart += 1
            continue
        if max(_depths([*drawn, *links]).values()) >= deepest:
            apart += 1
            continue
        for a, b in links:
            onward.setdefault(a, set()).add(b)
        drawn += [link for link in links if link not in drawn]
        chosen[path] = links
    return chosen, apart


def _leads(onward: Mapping[str, set[str]], start: str, goal: str) -> bool:
    seen, edge = {start}, [start]
    while edge:
        for node in onward.get(edge.pop(), ()):
            if node not in seen:
                seen.add(node)
                edge.append(node)
    return goal in seen


def _depths(links: Sequence[_Link]) -> dict[str, int]:
    """The longest way to each node; the links form no ring."""
    depth = {node: 0 for link in links for node in link}
    for _ in depth:
        for a, b in links:
            depth[b] = max(depth[b], depth[a] + 1)
    return depth


def _untangle(layers: list[list[_Node]], lanes: Mapping[_Link, Sequence[_Node]]) -> None:
    """Order each layer by the mean place of its neighbours, to and fro."""
    before: dict[_Node, list[_Node]] = {}
    after: dict[_Node, list[_Node]] = {}
    for lane in lanes.values():
        for a, b in itertools.pairwise(lane):
            after.setdefault(a, []).append(b)
            before.setdefault(b, []).append(a)
    for sweep in range(_SWEEPS):
        near = after if sweep % 2 else before
        order = range(len(layers) - 2, -1, -1) if sweep % 2 else range(1, len(layers))
        for at in order:
            beside = layers[at + 1 if sweep % 2 else at - 1]
            place = {node: (i + 0.5) / len(beside) for i, node in enumerate(beside)}
            mean = {node: float(np.mean([place[n] for n in near[node]])) for node in layers[at]}
            layers[at].sort(key=mean.__getitem__)


def _folded(text: str, room: float) -> list[str]:
    """A name in a few lines; the middle gives way, because names often differ at their ends."""
    whole = labels.clean(text)
    short = whole if len(whole) <= _LETTERS else f"{whole[:_HALF]}\u2026{whole[-_HALF:]}"
    for parts, glue in ((short.split(), " "), (list(short), "")):
        for kept in range(len(parts), 1, -1):
            ends = [*parts[: -(-kept // 2)], "\u2026", *parts[-(kept // 2) :]]
            lines = labels.wrap(glue.join(parts if kept == len(parts) else ends), room, SMALL)
            if len(lines) <= _MOST_LINES:
                return lines
    return [short]


def _measure(sheet: _Sheet) -> None:
    """Give every box its place, and every end of a line its own height."""
    size = len(sheet.layers)
    gutter = (sheet.width - size * sheet.box) / max(size - 1, 1)
    sheet.left = [at * (sheet.box + gutter) for at in range(size)]
    enter: dict[_Node, list[_Link]] = {}
    leave: dict[_Node, list[_Link]] = {}
    for link, lane in sheet.lanes.items():
        for node in lane[:-1]:
            leave.setdefault(node, []).append(link)
        for node in lane[1:]:
            enter.setdefault(node, []).append(link)
    for depth, nodes in enumerate(sheet.layers):
        for node in nodes:
            ports = max(len(enter.get(node, ())), len(leave.get(node, ())))
            lines = len(sheet.texts[node]) if isinstance(node, str) else 0
            sheet.tall[node] = max(lines * _LINE + 2 * _PAD if lines else 0, ports * _PORT)
            sheet.layer[node] = depth
    heights = [sum(sheet.tall[n] + _GAP for n in nodes) - _GAP for nodes in sheet.layers]
    sheet.height = max(heights) + 2 * _PAD
    for nodes, height in zip(sheet.layers, heights, strict=True):
        y = (sheet.height - height) / 2
        for node in nodes:
            sheet.middle[node] = y + sheet.tall[node] / 2
            y += sheet.tall[node] + _GAP
    for ends, side, step in ((enter, sheet.ins, -1), (leave, sheet.outs, 1)):
        for node, links in ends.items():
            near = {k: sheet.lanes[k][sheet.lanes[k].index(node) + step] for k in links}
            level = {k: sheet.middle[other] for k, other in near.items()}
            ordered = sorted(links, key=level.__getitem__)
            top = sheet.middle[node] - (len(links) - 1) * _PORT / 2
            side |= {(node, link): top + i * _PORT for i, link in enumerate(ordered)}


def _box(ax: Axes, sheet: _Sheet, node: str, goal: bool) -> None:
    """Draw one thing: rounded, or square with a second line inside."""
    from matplotlib.patches import FancyBboxPatch, Rectangle

    x, high = sheet.left[sheet.layer[node]], sheet.tall[node]
    y = sheet.middle[node] - high / 2
    if goal:
        for inset in (0.0, 2.2):
            ax.add_patch(
                Rectangle(
                    (x + inset, y + inset),
                    sheet.box - 2 * inset,
                    high - 2 * inset,
                    facecolor=WHITE,
                    edgecolor=PALETTE["vermilion"],
                    linewidth=1.0,
                    clip_on=False,
                    zorder=3,
                )
            )
    else:
        ax.add_patch(
            FancyBboxPatch(
                (x, y),
                sheet.box,
                high,
                boxstyle="round,pad=0,rounding_size=5",
                facecolor=WHITE,
                edgecolor=PALETTE["blue"],
                linewidth=1.1,
                clip_on=False,
                zorder=3,
            )
        )
    words = "\n".join(sheet.texts[node])
    middle = (x + sheet.box / 2, sheet.middle[node])
    canvas.write(ax, words, middle, (0, 0), "data", ha="center")


def _line(ax: Axes, sheet: _Sheet, link: _Link, sign: str, sources: int) -> None:
    """Draw one link from box to box, level where it ends, with its sign and its head."""
    colour, head, size, glyph, _ = _SIGNS[sign]
    lane = sheet.lanes[link]
    xs, ys = [], []
    for a, b in itertools.pairwise(lane):
        start, stop = sheet.left[sheet.layer[a]] + sheet.box, sheet.left[sheet.layer[b]]
        out, into = sheet.outs[a, link], sheet.ins[b, link]
        xs += [start, start + 4, stop - _STUB, stop]
        ys += [out, out, into, into]
    thick = next(w for least, w, _ in reversed(_WIDTHS) if max(sources, 1) >= least)
    ax.plot(xs, ys, color=colour, linewidth=thick, solid_joinstyle="round", zorder=2)
    ax.plot(
        [xs[-1] - (4 if head == ">" else 2.5)],
        [ys[-1]],
        linestyle="none",
        marker=head,
        markersize=size,
        color=colour,
        markeredgewidth=2.0 if head == "|" else 0.5,
        zorder=4,
    )
    ax.plot(
        [xs[-1] - _BADGE],
        [ys[-1]],
        linestyle="none",
        marker="o",
        markersize=10,
        markerfacecolor=WHITE,
        markeredgecolor=colour,
        markeredgewidth=0.9,
        zorder=4,
    )
    place = (xs[-1] - _BADGE, ys[-1])
    canvas.write(ax, glyph, place, (0, -0.4), "data", ha="center", color=INK)


def _left_out(drawn: int, paths: int, against: int) -> str:
    if drawn == paths:
        return ""
    said = f"Drawn: {drawn:,} of {paths:,} paths, the best told first"
    if against:
        said += f"; {against:,} that would run against these or need more room stand in the table"
    return f"{said}."


def _entries(drawn: pd.DataFrame, goals: Collection[str]) -> list[Artist]:
    """Legend entries for what occurs in the figure."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    found: list[Artist] = []
    for sign, (colour, head, size, glyph, words) in _SIGNS.items():
        if (drawn["sign"] == sign).any():
            found.append(
                Line2D([], [], color=colour, marker=head, markersize=size, label=f"{glyph} {words}")
            )
    bounds = [least for least, _, _ in _WIDTHS[1:]]
    steps = np.searchsorted(bounds, drawn["sources"].to_numpy(), side="right")
    for at, (_, thick, words) in enumerate(_WIDTHS):
        if (steps == at).any():
            found.append(Line2D([], [], color=GREY, linewidth=thick, label=words))
    nodes = {*drawn["cause"], *drawn["effect"]}
    if nodes - set(goals):
        found.append(Patch(facecolor=WHITE, edgecolor=PALETTE["blue"], label="element (round)"))
    if nodes & set(goals):
        found.append(
            Patch(facecolor=WHITE, edgecolor=PALETTE["vermilion"], label="outcome (double line)")
        )
    return found
