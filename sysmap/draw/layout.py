"""Positions of nodes and the order in which their labels are placed, on plain arrays.

One unit is one pixel at zoom 1; y grows downwards, as on a canvas.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Pairs = Sequence[tuple[int, int]]
Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""What JSON can hold."""

CELL_WIDTH, CELL_HEIGHT = 128.0, 80.0
"""Room for one node and its label of three lines."""

STAGE = (840.0, 620.0)
"""Width and height that a picture should fill, in units."""

_READABLE = 0.7  # a picture that would be smaller than this is tall instead, and read from the top
_BAND_GAP, _TITLE = 30.0, 46.0
_HEAD, _AREA_HEAD = 0.4 * _TITLE, 2.4 * _TITLE
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
    """Where each node stands; `tiers` says at which zoom its label first finds room, 0 to 4."""

    x: tuple[int, ...]
    y: tuple[int, ...]
    tiers: tuple[int, ...]
    bands: tuple[Band, ...] = ()

    def to_plain(self) -> dict[str, Plain]:
        """The layout as JSON can hold it; places across are counted in steps."""
        step = math.gcd(*self.x) or 1
        bands: list[Plain] = [
            [b.title, b.level, round(b.left), round(b.top), round(b.right), round(b.bottom)]
            for b in self.bands
        ]
        tiers = "".join(map(str, self.tiers))
        across: list[Plain] = [x // step for x in self.x]
        return {"step": step, "x": across, "y": [*self.y], "tiers": tiers, "bands": bands}


@dataclass(frozen=True, slots=True)
class _Block:
    """Nodes of one area, or of a whole band, and the columns that they stand in."""

    area: str
    nodes: tuple[int, ...]
    columns: int


_Shelves = dict[int, list[list[_Block]]]
"""The blocks of each band; those of one shelf stand side by side."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the bands of a picture are called, and which nodes it opens on."""

    titles: Sequence[str]
    unassigned: str
    first: frozenset[int]
    split: frozenset[int]
    upright: bool

    def head(self, band: int, shelf: int, topmost: int) -> float:
        """Room for the titles above a shelf of a band."""
        if band in self.split:
            return 2.0 * _TITLE if shelf else _AREA_HEAD
        return _TITLE if band == topmost or self.upright else _HEAD


def layers(
    types: Sequence[int],
    areas: Sequence[str | None],
    pairs: Pairs,
    *,
    titles: Sequence[str],
    unassigned: str,
    start: Sequence[int] = (),
    per_row: int | None = None,
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
    per_row
        The most nodes side by side; areas that find no room stand on the next shelf. None is a
        picture of the shape of the stage, with all areas side by side.

    Notes
    -----
    Order inside a band by barycentre, six sweeps (Sugiyama, Tagawa and Toda 1981).

    Examples
    --------
    >>> layers([0, 1, 1], [None, "b", "a"], [], titles=["Top", "Below"], unassigned="-").x
    (192, 192, 64)
    """
    count = len(types)
    if not count:
        return Layout((), (), ())
    bands = sorted(set(types))
    split = frozenset(b for b in bands if any(areas[i] for i in range(count) if types[i] == b))
    frame = _Frame(
        titles, unassigned, frozenset(start) or frozenset(range(count)), split, per_row is not None
    )
    slots = {
        b: _slots([i for i in range(count) if types[i] == b], areas if b in split else None)
        for b in bands
    }
    shelves = _wide(slots, frame) if per_row is None else _narrow(slots, frame, per_row)
    order = {i: (0.0, i) for i in range(count)}
    for sweep in range(6):
        xy, _ = _stack(shelves, frame, order)
        # Every second band rests while the others turn towards it; else both turn for ever.
        turning = set(bands[(sweep + 1) % 2 :: 2])
        found = _barycentres(xy, pairs)
        order = {i: found[i] if types[i] in turning else order[i] for i in range(count)}
    xy, boxes = _stack(shelves, frame, order)
    return rounded(xy, boxes)


def _slots(nodes: list[int], areas: Sequence[str | None] | None) -> dict[str, list[int]]:
    """Nodes of one band by area, areas in order of name, nodes without one last."""
    if areas is None:
        return {"": nodes}
    named = {a for i in nodes if (a := areas[i])}
    found: dict[str, list[int]] = {a: [] for a in sorted(named)}
    for i in nodes:
        found.setdefault(areas[i] or "", []).append(i)
    return found


def _wide(slots: dict[int, dict[str, list[int]]], frame: _Frame) -> _Shelves:
    """All areas of a band side by side, in the columns that draw the first picture largest."""
    opening = {
        b: [n for nodes in found.values() if (n := sum(i in frame.first for i in nodes))]
        for b, found in slots.items()
    }
    rows = range(1, max([n for b in frame.split for n in opening[b]], default=1) + 1)
    best = max(
        ((r, *_broad(opening, frame, r)) for r in rows), key=lambda c: (round(c[2], 6), -c[0])
    )
    columns = {
        b: [-(-max(1, sum(i in frame.first for i in n)) // best[0]) for n in slots[b].values()]
        for b in frame.split
    }
    total = max((sum(found) for found in columns.values()), default=0)
    whole = {b: [len(nodes) for nodes in found.values()] for b, found in slots.items()}
    # Bands that come later are not so broad that a grown picture must shrink for them.
    later = max(total, min(_broad(whole, frame, best[0])[0], 2 * best[1]))
    return {
        b: [
            [
                _Block(
                    area,
                    tuple(nodes),
                    columns[b][k]
                    if b in frame.split
                    else _even(len(nodes), best[1] if opening[b] else later),
                )
                for k, (area, nodes) in enumerate(found.items())
            ]
        ]
        for b, found in slots.items()
    }


def _even(count: int, most: int) -> int:
    """Columns, at most so many, that leave no row nearly empty."""
    return -(-count // -(-count // most))


def _broad(sizes: dict[int, list[int]], frame: _Frame, rows: int) -> tuple[int, float]:
    """Columns of the bands without areas that draw all bands largest, and the scale of that.

    `rows` is how many nodes stand below one another in an area.
    """
    shown = {b: found for b, found in sizes.items() if found}
    split = [found for b, found in shown.items() if b in frame.split]
    plain = [sum(found) for b, found in shown.items() if b not in frame.split]
    total = max((sum(-(-n // rows) for n in found) for found in split), default=0)
    heads = len(split) * (_AREA_HEAD + _BAND_GAP) + len(plain) * (_HEAD + _BAND_GAP)
    deep = sum(min(rows, max(found)) for found in split)

    def scale(columns: int) -> float:
        tall = heads + CELL_HEIGHT * (deep + sum(-(-n // columns) for n in plain))
        wide = STAGE[0] / (max(columns, total) * CELL_WIDTH)
        return min(wide, max(STAGE[1] / max(tall, 1.0), _READABLE))

    most = max([total, *plain, 1])
    found = max(range(1, most + 1), key=lambda c: (round(scale(c), 6), c <= total, c))
    return found, scale(found)


def _narrow(slots: dict[int, dict[str, list[int]]], frame: _Frame, per_row: int) -> _Shelves:
    """Areas in blocks, as many to a shelf as find room, so that the picture is least tall."""
    shelves: _Shelves = {}
    for b, found in slots.items():
        if b not in frame.split:
            nodes = tuple(found[""])
            shelves[b] = [[_Block("", nodes, _even(len(nodes), per_row))]]
            continue
        opening = {a: sum(i in frame.first for i in n) or len(n) for a, n in found.items()}
        rows = range(-(-max(opening.values()) // per_row), max(opening.values()) + 1)
        packed = [_shelved(found, opening, r, per_row) for r in rows]
        shelves[b] = min(packed, key=lambda tried: _tall(tried, opening, frame, b))
    return shelves


def _shelved(
    found: dict[str, list[int]], opening: dict[str, int], rows: int, per_row: int
) -> list[list[_Block]]:
    shelves: list[list[_Block]] = [[]]
    for area, nodes in found.items():
        wide = min(per_row, -(-opening[area] // rows))
        if sum(block.columns for block in shelves[-1]) + wide > per_row:
            shelves.append([])
        shelves[-1].append(_Block(area, tuple(nodes), wide))
    return shelves


def _tall(shelves: list[list[_Block]], opening: dict[str, int], frame: _Frame, band: int) -> float:
    return sum(
        frame.head(band, k, band) + CELL_HEIGHT * max(-(-opening[b.area] // b.columns) for b in row)
        for k, row in enumerate(shelves)
    )


def _stack(
    shelves: _Shelves, frame: _Frame, order: dict[int, tuple[float, int]]
) -> tuple[Points, list[Band]]:
    """Bands below one another: where each node stands, and the titled rectangles."""
    xy = np.zeros((len(order), 2))
    boxes: list[Band] = []
    top = 0.0
    topmost = min(shelves)
    broadest = max(sum(block.columns for block in row) for rows in shelves.values() for row in rows)
    parted = max((sum(block.columns for block in shelves[b][0]) for b in frame.split), default=0)
    for b, rows in sorted(shelves.items()):
        # Lines reach the first band from below: where it is one row its labels stand above.
        above = b == topmost and len(shelves) > 1 and _is_one_row(rows)
        height = 0.7 if above else 0.28
        band: list[Band] = []
        bottom = top
        edge = (math.inf, -math.inf)
        for number, row in enumerate(rows):
            head = frame.head(b, number, topmost)
            free = broadest - sum(block.columns for block in row)
            # The first node of a broad row would stand on the title.
            if head == _HEAD and free <= 2:
                head = 0.7 * _TITLE
            left, pitch = free / 2 * CELL_WIDTH, 1.0
            if above and b not in frame.split and not frame.upright:
                left, pitch = _spread(len(row[0].nodes), left, broadest, parted)
            start, floor = left, bottom + head
            for block in row:
                low = _fill(xy, block, (left, floor), height, frame, order, b in frame.split, pitch)
                right = left + block.columns * CELL_WIDTH * pitch
                if b in frame.split:
                    title = block.area or frame.unassigned
                    band.append(Band(title, 1, left, floor - _TITLE, right, low))
                left, bottom = right, max(bottom, low)
            edge = min(edge[0], start), max(edge[1], left)
        boxes += [Band(frame.titles[b], 0, edge[0], top, edge[1], bottom), *band]
        top = bottom + _BAND_GAP
    return xy, boxes


def _spread(count: int, left: float, broadest: int, parted: int) -> tuple[float, float]:
    """Left edge and distance of the nodes of a single first row, in cells.

    They spread over the areas below, behind the title of the row: in an overview their names need
    several columns each. Every place stays a multiple of half a cell.
    """
    pitch = math.floor(2 * (parted - 1) / count) / 2
    if pitch < 1:
        return left, 1.0
    spare = (broadest - parted) / 2 + 1 + (parted - 1 - pitch * count) / 2
    return (math.floor(2 * spare + pitch) / 2 - pitch / 2) * CELL_WIDTH, pitch


def _is_one_row(shelves: list[list[_Block]]) -> bool:
    return len(shelves) == 1 and all(len(block.nodes) <= block.columns for block in shelves[0])


def _fill(
    xy: Points,
    block: _Block,
    corner: tuple[float, float],
    height: float,
    frame: _Frame,
    order: dict[int, tuple[float, int]],
    is_area: bool,
    pitch: float = 1.0,
) -> float:
    """Put the nodes of a block into its cells, row by row; gives the lower edge of the block."""
    ranked = sorted(block.nodes, key=lambda i: (i not in frame.first, order[i]))
    per_row = block.columns if is_area else min(block.columns, len(ranked))
    indent = (block.columns - per_row) * CELL_WIDTH / 2
    for k, i in enumerate(ranked):
        row, place = divmod(k, per_row)
        xy[i] = (
            corner[0] + indent + (place + 0.5) * CELL_WIDTH * pitch,
            corner[1] + (row + height) * CELL_HEIGHT,
        )
    return corner[1] + math.ceil(len(ranked) / per_row) * CELL_HEIGHT


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


def with_tiers(
    layout: Layout, names: Sequence[str], priority: Sequence[int], first: Collection[int] = ()
) -> Layout:
    """The layout with the zoom at which each label first finds room.

    Parameters
    ----------
    names
        Labels, one per node.
    priority
        The higher, the earlier a label is placed; relations per node.
    first
        Nodes whose labels come before all others.

    Returns
    -------
    Layout
        Tier 0 comes first, 1 has room in the overview, 2 halfway, 3 close by, 4 nowhere. The page
        keeps this order when it places labels by the real size of its letters.
    """
    order = sorted(range(len(names)), key=lambda i: (-priority[i], i))
    tiers = [0 if i in first else len(_ZOOMS) + 1 for i in range(len(names))]
    for tier, zoom in enumerate(_ZOOMS, 1):
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


def rounded(xy: Points, bands: Sequence[Band]) -> Layout:
    """The layout of these positions in whole units, before any label is placed."""
    whole = np.rint(xy).astype(int)
    return Layout(
        tuple(whole[:, 0].tolist()), tuple(whole[:, 1].tolist()), (0,) * len(whole), tuple(bands)
    )
