"""Positions of a network: forces within each component, the components packed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sysmap.draw.layout import STAGE, Layout, Pairs, Points, rounded

if TYPE_CHECKING:
    import networkx as nx

_EXACT = 600
"""Above so many nodes springs between all pairs take too long."""


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
    Springs after Fruchterman and Reingold (1991), above 600 nodes pivot scaling after Brandes and
    Pich (2007); ranks are blended into the coordinates, so that a dense core opens.
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
    xy = _packed(count, pieces, room) if pieces else np.zeros((count, 2))
    there = sorted(set(range(count)).difference(alone))
    core = [i for i in there if i in first] or there
    for group in ([i for i in alone if i in first], [i for i in alone if i not in first]):
        xy[group] = _beside(xy[there], xy[core], len(group), room)
        there = core = [*there, *group]
    return rounded(xy, [])


def _sprung(graph: nx.Graph[int], first: set[int], rng: int, room: float) -> Points:
    """Positions of one component, rows in the order of its sorted nodes."""
    nodes = sorted(graph.nodes)
    core = sorted(first) if 1 < len(first) < len(nodes) else nodes
    inner = _in_order(graph, core)
    points = _apart(_opened(_forces(inner, rng), room), room)
    if core is nodes:
        return points
    where = _outwards(graph, dict(zip(core, points, strict=True)), rng, room)
    around = np.array([where[i] for i in nodes])
    if len(nodes) <= _EXACT:
        import networkx as nx

        found = nx.spring_layout(
            _in_order(graph, nodes),
            pos=dict(zip(nodes, around, strict=True)),
            fixed=core,
            seed=rng,
            iterations=40,
            k=room * 1.2,
            method="force",
        )
        around = np.array([found[i] for i in nodes])
    return _apart(around, room)


def _outwards(
    graph: nx.Graph[int], where: dict[int, Points], rng: int, room: float
) -> dict[int, Points]:
    """Every node beyond those that have a place, a step outwards from its neighbours."""
    middle = np.mean([where[i] for i in sorted(where)], axis=0)
    generator = np.random.default_rng(rng)
    placed = dict(where)
    frontier = sorted({j for i in placed for j in graph[i]} - placed.keys())
    while frontier:
        found = {}
        for i in frontier:
            near = np.mean([placed[j] for j in sorted(graph[i]) if j in placed], axis=0)
            away = math.atan2(*(near - middle)[::-1]) + generator.uniform(-0.8, 0.8)
            found[i] = near + 1.5 * room * np.array([math.cos(away), math.sin(away)])
        placed |= found
        frontier = sorted({j for i in found for j in graph[i]} - placed.keys())
    return placed


def _in_order(graph: nx.Graph[int], nodes: Sequence[int]) -> nx.Graph[int]:
    """The graph among these nodes, rebuilt in their order, so that history leaves no trace."""
    import networkx as nx

    inside = set(nodes)
    made: nx.Graph[int] = nx.Graph()
    made.add_nodes_from(nodes)
    made.add_edges_from(sorted(e for e in graph.edges if inside.issuperset(e)))
    return made


def _forces(graph: nx.Graph[int], rng: int) -> Points:
    """Springs for a graph that they can lay out soon, else the distances between all nodes."""
    import networkx as nx

    if len(graph) > _EXACT:
        return _by_distance(graph)
    found = nx.spring_layout(graph, seed=rng, iterations=120, scale=None, method="force")
    return np.array([found[i] for i in graph])


def _by_distance(graph: nx.Graph[int], pivots: int = 50) -> Points:
    """Positions whose distances are those in the graph, as far as two axes can hold them.

    Pivot scaling after Brandes and Pich (2007); pieces that nothing joins stand one step beyond
    the farthest. Nodes with the same neighbours fall on one spot, and are moved apart later.
    """
    import networkx as nx
    from scipy.sparse.csgraph import shortest_path

    matrix = nx.adjacency_matrix(graph).tocsr().astype(float)
    chosen = [0]
    nearest = np.full(matrix.shape[0], np.inf)
    rows = []
    for _ in range(min(pivots, matrix.shape[0])):
        row = shortest_path(matrix, unweighted=True, indices=chosen[-1])
        reached = np.isfinite(row)
        row[~reached] = row[reached].max() + 1
        rows.append(row)
        nearest = np.minimum(nearest, row)
        chosen.append(int(np.argmax(nearest)))
    squares = np.array(rows).T ** 2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    _, axes = np.linalg.eigh(centred.T @ centred)
    points = centred @ axes[:, :-3:-1]
    # The sign of an axis is free; it is chosen so that equal input gives equal positions.
    peak = points[np.argmax(np.abs(points).round(6), axis=0), [0, 1]]
    turned: Points = points * np.where(peak < 0, -1.0, 1.0)
    return turned


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


def _beside(points: Points, core: Points, count: int, room: float) -> Points:
    """Places for nodes that nothing joins: the free corners around the core, then rows below all.

    A corner lies beyond the core in one of sixteen directions, so no line of the core crosses it.
    """
    cell = np.array([room, room * 0.6])
    spots: list[Points] = []
    if len(core):
        low, high = core.min(axis=0), core.max(axis=0)
        across, down = (
            np.linspace(low[k], high[k], int((high - low)[k] // cell[k]) + 1) for k in (0, 1)
        )
        grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        turns = np.arange(16) * math.pi / 8
        ways = np.array([np.cos(turns), np.sin(turns)])
        reach = (core @ ways).max(axis=0) + 0.3 * room
        far = np.abs((grid - (low + high) / 2) / (high - low + cell)).sum(axis=1).round(9)
        for spot in grid[np.argsort(-far, kind="stable")]:
            near = np.abs(points - spot) < cell
            if len(spots) < count and (spot @ ways > reach).any() and not near.all(axis=1).any():
                spots.append(spot)
    left = count - len(spots)
    wide = max(1, math.ceil(math.sqrt(left * 1.4)))
    corner = (0.0, 0.0)
    if len(points):
        wide = max(wide, int(np.ptp(points[:, 0]) // room) + 1)
        corner = points[:, 0].min(), points[:, 1].max() + 1.6 * cell[1]
    below = [np.array((k % wide, k // wide)) * cell + corner for k in range(left)]
    return np.array([*spots, *below]).reshape(-1, 2)


def _packed(count: int, pieces: list[tuple[list[int], Points]], room: float) -> Points:
    """Components side by side on shelves as wide as the stage is in shape."""
    xy = np.zeros((count, 2))
    sizes = [np.ptp(points, axis=0) + 1.6 * room for _, points in pieces]
    area = sum(float(w * h) for w, h in sizes)
    width = max(max(float(w) for w, _ in sizes), math.sqrt(area * STAGE[0] / STAGE[1]))
    left = top = shelf = 0.0
    for (nodes, points), (wide, tall) in zip(pieces, sizes, strict=True):
        if left and left + wide > width * 1.05:
            left, top, shelf = 0.0, top + shelf, 0.0
        xy[nodes] = points - points.min(axis=0) + (left, top)
        left += float(wide)
        shelf = max(shelf, float(tall))
    return xy
