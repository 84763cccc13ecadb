"""Positions of nodes and the order in which their labels are placed, on plain arrays.

One unit is one pixel at zoom 1; y grows downwards, as on a canvas.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import networkx as nx

Points = npt.NDArray[np.float64]
Pairs = Sequence[tuple[int, int]]
Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""What JSON can hold."""

CELL_WIDTH, CELL_HEIGHT = 128.0, 80.0
"""Room for one node and its label of three lines."""

_STAGE = (840.0, 620.0)
_BAND_GAP, _TITLE = 44.0, 46.0
_ZOOMS = (0.35, 0.7, 1.4)
_LETTER, _LINE, _LABEL_WIDTH = 6.2, 13.0, 116.0


@dataclass(frozen=True, slots=True)
class Band:
    """A title in a picture and the rectangle that it names; level 0 is a type, 1 an area."""

    title: str
    level: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each node stands; `tiers` says at which zoom its label first finds room, 0 to 3."""

    x: tuple[int, ...]
    y: tuple[int, ...]
    tiers: tuple[int, ...]
    bands: tuple[Band, ...] = ()

    def to_plain(self) -> dict[str, Plain]:
        """The layout as JSON can hold it."""
        bands: list[Plain] = [
            [b.title, b.level, round(b.left), round(b.top), round(b.right), round(b.bottom)]
            for b in self.bands
        ]
        return {"x": [*self.x], "y": [*self.y], "tiers": [*self.tiers], "bands": bands}


def layers(
    types: Sequence[int],
    areas: Sequence[str | None],
    pairs: Pairs,
    *,
    titles: Sequence[str],
    unassigned: str,
    start: Sequence[int] = (),
) -> Layout:
    """One titled band per type; types with areas get one titled column per area.

    Parameters
    ----------
    types
        Band of each node: index into `titles`.
    areas
        Area of each node; None is none. A band in which any node has one is split into columns.
    pairs
        Relations, as pairs of node indices.
    titles
        Titles of the bands, from top to bottom.
    unassigned
        Title of the column of nodes without an area.
    start
        Nodes of the first picture. They stand first in their columns, and the number of columns
        is chosen so that they fill the stage.

    Notes
    -----
    Order inside a band by barycentre, six sweeps (Sugiyama, Tagawa and Toda 1981).
    """
    count = len(types)
    if not count:
        return Layout((), (), ())
    first = set(start) or set(range(count))
    bands = sorted(set(types))
    split = {b for b in bands if any(areas[i] for i in range(count) if types[i] == b)}
    slots = {
        b: _slots([i for i in range(count) if types[i] == b], areas if b in split else None)
        for b in bands
    }
    columns = {b: _columns(list(slots[b].values()), first) for b in split}
    total = max([sum(columns[b]) for b in split] or [_square(len(first))])
    broad = _broad([len(n) for b in bands if b not in split for n in slots[b].values()], total)
    wide = {b: columns.get(b) or [total if b == bands[0] else broad] for b in bands}
    order = {i: (0.0, i) for i in range(count)}
    for sweep in range(6):
        xy, _ = _stack(bands, slots, wide, split, titles, unassigned, first, order)
        # Every second band rests while the others turn towards it; else both turn for ever.
        turning = set(bands[(sweep + 1) % 2 :: 2])
        found = _barycentres(xy, pairs)
        order = {i: found[i] if types[i] in turning else order[i] for i in range(count)}
    xy, boxes = _stack(bands, slots, wide, split, titles, unassigned, first, order)
    return _layout(xy, boxes)


def _slots(nodes: list[int], areas: Sequence[str | None] | None) -> dict[str, list[int]]:
    """Nodes of one band by area, areas in order of name, nodes without one last."""
    if areas is None:
        return {"": nodes}
    named = {a for i in nodes if (a := areas[i])}
    found: dict[str, list[int]] = {a: [] for a in sorted(named)}
    for i in nodes:
        found.setdefault(areas[i] or "", []).append(i)
    return found


def _columns(slots: list[list[int]], first: set[int]) -> list[int]:
    """How many columns each area takes, so that the first picture is drawn as large as may be."""
    sizes = [max(1, sum(i in first for i in nodes)) for nodes in slots]

    def scale(rows: int) -> float:
        wide = sum(-(-n // rows) for n in sizes)
        tall = rows * CELL_HEIGHT + CELL_HEIGHT + 3.4 * _TITLE + _BAND_GAP
        return min(_STAGE[0] / (wide * CELL_WIDTH), _STAGE[1] / tall)

    rows = max(range(1, max(sizes) + 1), key=lambda r: (round(scale(r), 6), -r))
    return [-(-n // rows) for n in sizes]


def _square(count: int) -> int:
    """Columns in which so many cells make a rectangle of the shape of the stage."""
    ratio = _STAGE[0] / _STAGE[1] * CELL_HEIGHT / CELL_WIDTH
    return max(1, math.ceil(math.sqrt(count * ratio)))


def _broad(sizes: list[int], total: int) -> int:
    """Columns of the bands without areas, so that the whole picture has the shape of the stage."""

    def scale(columns: int) -> float:
        rows = total + sum(-(-n // columns) for n in sizes)
        tall = rows * CELL_HEIGHT + (len(sizes) + 2) * (_BAND_GAP + 0.6 * _TITLE)
        return min(_STAGE[0] / (columns * CELL_WIDTH), _STAGE[1] / tall)

    return max(range(total, 4 * total + 1), key=lambda c: (round(scale(c), 6), -c))


def _stack(
    bands: Sequence[int],
    slots: dict[int, dict[str, list[int]]],
    columns: dict[int, list[int]],
    split: set[int],
    titles: Sequence[str],
    unassigned: str,
    first: set[int],
    order: dict[int, tuple[float, int]],
) -> tuple[Points, list[Band]]:
    xy = np.zeros((len(order), 2))
    boxes: list[Band] = []
    top = 0.0
    broadest = max(sum(columns[b]) for b in bands)
    for b in bands:
        head = 2.4 * _TITLE if b in split else _TITLE if b == bands[0] else 0.6 * _TITLE
        start = left = (broadest - sum(columns[b])) / 2 * CELL_WIDTH
        bottom = top + head
        # Lines reach the first band from below, so its labels stand above its nodes.
        height = 0.7 if b == bands[0] and len(bands) > 1 else 0.28
        inner: list[Band] = []
        for (area, nodes), sub in zip(slots[b].items(), columns[b], strict=True):
            ranked = sorted(nodes, key=lambda i: (i not in first, order[i]))
            per_row = sub if b in split else min(sub, len(ranked))
            indent = (sub - per_row) * CELL_WIDTH / 2
            for k, i in enumerate(ranked):
                row, place = divmod(k, per_row)
                xy[i] = (
                    left + indent + (place + 0.5) * CELL_WIDTH,
                    top + head + (row + height) * CELL_HEIGHT,
                )
            low = top + head + math.ceil(len(ranked) / per_row) * CELL_HEIGHT
            bottom = max(bottom, low)
            if b in split:
                name = area or unassigned
                inner.append(Band(name, 1, left, top + head - _TITLE, left + sub * CELL_WIDTH, low))
            left += sub * CELL_WIDTH
        boxes += [Band(titles[b], 0, start, top, left, bottom), *inner]
        top = bottom + _BAND_GAP
    return xy, boxes


def _barycentres(xy: Points, pairs: Pairs) -> dict[int, tuple[float, int]]:
    """Mean place of the neighbours along the diagonal; a node without any keeps its own."""
    place = xy[:, 0] + 0.5 * xy[:, 1]
    sums, counts = np.zeros(len(xy)), np.zeros(len(xy))
    for a, b in pairs:
        sums[a] += place[b]
        sums[b] += place[a]
        counts[a] += 1
        counts[b] += 1
    mean = np.where(counts > 0, sums / np.maximum(counts, 1), place)
    return {i: (round(float(v), 3), i) for i, v in enumerate(mean)}


def network(
    count: int, pairs: Pairs, *, start: Sequence[int] = (), rng: int = 0, room: float = 118.0
) -> Layout:
    """A force layout of each component, the components packed, overlaps removed.

    Parameters
    ----------
    count
        Number of nodes.
    pairs
        Relations, as pairs of node indices.
    start
        Nodes of the first picture; they are placed first and the others around them.
    rng
        Seed of the first positions.
    room
        Units between two nodes at least, across; down it is six tenths of that.

    Notes
    -----
    Springs after Fruchterman and Reingold (1991); ranks are blended into the coordinates, so
    that a dense core opens.
    """
    if not count:
        return Layout((), (), ())
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]}))
    first = set(start)
    pieces: list[tuple[list[int], Points]] = []
    alone: list[int] = []
    for members in sorted(nx.connected_components(graph), key=lambda c: (-len(c), min(c))):
        nodes = sorted(members)
        if len(nodes) == 1:
            alone += nodes
            continue
        pieces.append((nodes, _sprung(graph.subgraph(nodes), first & members, rng, room)))
    alone.sort(key=lambda i: (i not in first, i))
    if alone:
        across = max(1, math.ceil(math.sqrt(len(alone) * 1.4)))
        spots = [(k % across * room, k // across * room * 0.6) for k in range(len(alone))]
        pieces.append((alone, np.array(spots)))
    return _layout(_packed(count, pieces, room), [])


def _sprung(graph: nx.Graph[int], first: set[int], rng: int, room: float) -> Points:
    """Positions of one component, rows in the order of its sorted nodes."""
    import networkx as nx

    nodes = sorted(graph.nodes)
    core = sorted(first) if 1 < len(first) < len(nodes) else nodes
    ordered: nx.Graph[int] = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from(sorted(graph.edges))
    inner = ordered.subgraph(core)
    fresh: nx.Graph[int] = nx.Graph()
    fresh.add_nodes_from(core)
    fresh.add_edges_from(sorted(inner.edges))
    found = nx.spring_layout(fresh, seed=rng, iterations=120, scale=None, method="force")
    points = np.array([found[i] for i in core])
    points = _apart(_opened(points, room), room)
    if core is nodes:
        return points
    where = dict(zip(core, points, strict=True))
    middle, reach = points.mean(axis=0), np.ptp(points, axis=0).max() / 2 + 2 * room
    generator = np.random.default_rng(rng)
    others = [i for i in nodes if i not in where]
    for i in others:
        near = [where[j] for j in sorted(ordered[i]) if j in where]
        angle = generator.uniform(0, 2 * math.pi)
        ring = middle + reach * np.array([math.cos(angle), math.sin(angle)])
        where[i] = np.mean(near, axis=0) * 0.6 + ring * 0.4 if near else ring
    found = nx.spring_layout(
        ordered, pos=where, fixed=core, seed=rng, iterations=40, k=room * 1.2, method="force"
    )
    return _apart(np.array([found[i] for i in nodes]), room)


def _opened(points: Points, room: float) -> Points:
    """Half coordinate, half rank, scaled to the room that so many nodes need."""
    count = len(points)
    blended = np.empty_like(points)
    for axis in range(2):
        values = points[:, axis].round(9)
        spread = np.ptp(values) or 1.0
        rank = np.empty(count)
        rank[np.argsort(values, kind="stable")] = np.arange(count)
        blended[:, axis] = 0.5 * (values - values.min()) / spread + 0.5 * rank / max(count - 1, 1)
    side = room * math.sqrt(count) * 1.15
    opened: Points = blended * np.array([side * 1.15, side * 0.8])
    return opened


def _apart(points: Points, room: float) -> Points:
    """The points moved until no two lie in one another's room, at most 120 times."""
    from scipy.spatial import cKDTree

    size = np.array([room, room * 0.6])
    # A hair apart, so that points on one spot know which way to go.
    scaled = points / size + np.arange(len(points))[:, None] * 1e-6
    for _ in range(120):
        close = cKDTree(scaled).query_pairs(1.0, p=math.inf, output_type="ndarray")
        if not len(close):
            break
        a, b = close[np.lexsort((close[:, 1], close[:, 0]))].T
        gap = scaled[a] - scaled[b]
        lack = 1.0 + 1e-3 - np.abs(gap)
        along = np.argmin(lack, axis=1)
        each = np.arange(len(gap))
        push = np.zeros_like(gap)
        push[each, along] = 0.5 * lack[each, along] * np.where(gap[each, along] < 0, -1.0, 1.0)
        total = np.zeros_like(scaled)
        np.add.at(total, a, push)
        np.add.at(total, b, -push)
        crowd = np.bincount(np.concatenate([a, b]), minlength=len(scaled))
        scaled = scaled + total / np.sqrt(np.maximum(crowd, 1))[:, None]
    apart: Points = scaled * size
    return apart


def _packed(count: int, pieces: list[tuple[list[int], Points]], room: float) -> Points:
    """Components side by side on shelves as wide as the stage is in shape."""
    xy = np.zeros((count, 2))
    sizes = [np.ptp(points, axis=0) + 1.6 * room for _, points in pieces]
    area = sum(float(w * h) for w, h in sizes)
    width = max(max(float(w) for w, _ in sizes), math.sqrt(area * _STAGE[0] / _STAGE[1]))
    left = top = shelf = 0.0
    for (nodes, points), (wide, tall) in zip(pieces, sizes, strict=True):
        if left and left + wide > width * 1.05:
            left, top, shelf = 0.0, top + shelf, 0.0
        xy[nodes] = points - points.min(axis=0) + (left, top)
        left += float(wide)
        shelf = max(shelf, float(tall))
    return xy


def with_tiers(layout: Layout, names: Sequence[str], priority: Sequence[int]) -> Layout:
    """The layout with the zoom at which each label first finds room.

    Parameters
    ----------
    names
        Labels, one per node.
    priority
        The higher, the earlier a label is placed; relations per node.

    Returns
    -------
    Layout
        Tier 0 has room in the overview, 1 halfway, 2 close by, 3 nowhere. The page keeps this
        order when it places labels by the real size of its letters.
    """
    order = sorted(range(len(names)), key=lambda i: (-priority[i], i))
    tiers = [len(_ZOOMS)] * len(names)
    for tier, zoom in enumerate(_ZOOMS):
        grid: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
        for i in sorted(order, key=lambda i: tiers[i]):
            lines = min(3, -(-len(names[i]) * _LETTER // _LABEL_WIDTH))
            half = min(_LABEL_WIDTH, len(names[i]) * _LETTER) / 2
            box = (layout.x[i] * zoom, layout.y[i] * zoom, half)
            if _free(grid, box, lines * _LINE):
                tiers[i] = min(tiers[i], tier)
    return Layout(layout.x, layout.y, tuple(tiers), layout.bands)


def _free(
    grid: dict[tuple[int, int], list[tuple[float, float, float]]],
    box: tuple[float, float, float],
    tall: float,
) -> bool:
    """Claim the place of a label unless one that was placed earlier lies in it."""
    x, y, half = box
    cell = (int(x // _LABEL_WIDTH), int(y // 60))
    near = (
        other
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
        for other in grid.get((cell[0] + dx, cell[1] + dy), ())
    )
    if any(abs(x - ox) < half + oh and abs(y - oy) < tall + 10 for ox, oy, oh in near):
        return False
    grid.setdefault(cell, []).append(box)
    return True


def _layout(xy: Points, bands: Sequence[Band]) -> Layout:
    whole = np.rint(xy).astype(int)
    return Layout(
        tuple(whole[:, 0].tolist()), tuple(whole[:, 1].tolist()), (0,) * len(whole), tuple(bands)
    )
