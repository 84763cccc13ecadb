"""Positions: nothing overlaps, bands and areas hold their own, equal input gives equal output."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial import Delaunay

from sysmap.draw import layout, payload, render, springs
from sysmap.draw.words import WORDS
from tests.draw.maps import plain_map


def random_graph(count: int, links: int, seed: int = 0) -> list[tuple[int, int]]:
    rng = np.random.default_rng(seed)
    return [(int(a), int(b)) for a, b in rng.integers(0, count, (links, 2))]


def made(count=60, links=120, start=()):
    types = [0 if i < 4 else 1 if i < 40 else 2 for i in range(count)]
    areas = [f"area {i % 5}" if t == 1 else None for i, t in enumerate(types)]
    return (
        layout.layers(
            types,
            areas,
            random_graph(count, links),
            titles=["Out", "El", "Org"],
            unassigned="None",
            start=start,
        ),
        types,
        areas,
    )


@pytest.mark.parametrize("start", [(), range(30)])
def test_no_two_nodes_of_the_layers_share_a_cell(start):
    found, _, _ = made(start=start)
    places = set(zip(found.x, found.y, strict=True))
    assert len(found.x) == len(places)
    gaps = [(abs(a[0] - b[0]), abs(a[1] - b[1])) for a in places for b in places if a != b]
    assert all(dx >= layout.CELL_WIDTH - 1 or dy >= 40 for dx, dy in gaps)


def test_each_node_lies_in_the_band_of_its_type_and_the_column_of_its_area():
    found, types, areas = made()
    titles = ["Out", "El", "Org"]
    for i, (x, y) in enumerate(zip(found.x, found.y, strict=True)):
        around = {b.title for b in found.bands if b.left < x < b.right and b.top < y < b.bottom}
        assert {titles[types[i]]} | ({areas[i]} if areas[i] else set()) == around


def test_bands_do_not_overlap():
    found, _, _ = made()
    bands = sorted((b for b in found.bands if b.level == 0), key=lambda b: b.top)
    assert all(a.bottom < b.top for a, b in pairwise(bands))


def test_nodes_of_the_first_picture_stand_above_the_others_of_their_area():
    start = list(range(0, 40, 3))
    found, _, areas = made(start=start)
    for area in {a for a in areas if a}:
        inside = [found.y[i] for i in range(60) if areas[i] == area and i in start]
        outside = [found.y[i] for i in range(60) if areas[i] == area and i not in start]
        assert max(inside) <= min(outside)


def test_neighbours_draw_each_other_together():
    """Two columns without areas, joined one to one in reverse: the sweep turns one of them."""
    pairs = [(i, 7 - i) for i in range(4)]
    found = layout.layers([0] * 4 + [1] * 4, [None] * 8, pairs, titles=["a", "b"], unassigned="-")
    lengths = sum(abs(found.x[a] - found.x[b]) for a, b in pairs)
    straight = sum(abs(found.x[i] - found.x[4 + i]) for i in range(4))
    assert lengths <= straight


@pytest.mark.parametrize(("count", "links", "start"), [(40, 60, ()), (120, 200, range(50))])
def test_the_network_leaves_room_around_every_node(count, links, start):
    found = springs.network(count, random_graph(count, links), start=list(start))
    xy = np.array([found.x, found.y], float).T
    gap = np.abs(xy[:, None] - xy[None, :]) + np.eye(count)[..., None] * 1e6
    inside = (gap[..., 0] < 100) & (gap[..., 1] < 55)
    assert inside.sum() <= 0.02 * count


@pytest.mark.parametrize("start", [(), range(80)])
def test_above_six_hundred_nodes_neighbours_still_stand_near_each_other(start):
    """A ladder of 350 rungs: neighbours are nearer than nodes that are drawn by lot."""
    pairs = [(i, i + 1) for i in range(349)] + [(350 + i, 351 + i) for i in range(349)]
    pairs += [(i, 350 + i) for i in range(350)]
    found = springs.network(700, pairs, start=list(start))
    xy = np.array([found.x, found.y], float).T
    rng = np.random.default_rng(1)
    far = np.linalg.norm(xy[rng.integers(0, 700, 1000)] - xy[rng.integers(0, 700, 1000)], axis=1)
    near = np.linalg.norm(np.diff(xy[np.array(pairs)], axis=1)[:, 0], axis=1)
    assert np.median(near) < 0.4 * np.median(far)
    assert springs.network(700, pairs, start=list(start)) == found


@pytest.mark.parametrize("start", [(), range(30)])
def test_upright_layers_hold_at_most_five_nodes_in_a_row(start):
    types = [0 if i < 7 else 1 if i < 40 else 2 for i in range(60)]
    areas = [f"area {i % 5}" if t == 1 else None for i, t in enumerate(types)]
    found = layout.layers(
        types,
        areas,
        random_graph(60, 120),
        titles=["Out", "El", "Org"],
        unassigned="None",
        start=start,
        per_row=5,
    )
    assert max(found.y.count(y) for y in set(found.y)) <= 5
    assert 60 == len(set(zip(found.x, found.y, strict=True)))
    for i, (x, y) in enumerate(zip(found.x, found.y, strict=True)):
        around = {b.title for b in found.bands if b.left < x < b.right and b.top < y < b.bottom}
        assert {["Out", "El", "Org"][types[i]]} | ({areas[i]} if areas[i] else set()) == around


@pytest.mark.parametrize("nodes", [24, 36, 48, 72, 96, 160, 260, 400])
@pytest.mark.parametrize("kinds", [2, 3, 5, 8])
def test_bands_are_as_broad_as_can_be_read_and_no_strip(nodes, kinds):
    """Eight bands of a dozen nodes each were once so broad that no name had room on a laptop.

    Nine columns of 128 units are what a stage of 840 shows at a zoom of 0.7; only more areas than
    that, of which each has a column, make more. At the same zoom a stage of 620 shows 885 units.
    """
    types = [i * kinds // nodes for i in range(nodes)]
    for areas in range(1, 13):
        named = [f"area {i % areas:02}" if t == 1 else None for i, t in enumerate(types)]
        found = layout.layers(types, named, [], titles=[*"abcdefgh"][:kinds], unassigned="-")
        broad, tall = np.ptp(found.x) + 128, np.ptp(found.y) + 80
        assert broad <= max(9, areas) * 128
        if tall > 885:
            assert broad >= min(5, nodes // kinds) * 128
        elif areas <= 9:
            assert 0.7 < broad / tall < 2.8


@pytest.mark.parametrize("start", [(), (*range(20), 40)])
def test_a_far_isolate_does_not_shrink_the_rest(start):
    """One node that nothing joins once took a row of its own below all that was drawn."""
    ring = [(i, (i + 1) % 40) for i in range(40)]
    whole, alone = (
        springs.network(40, ring, start=start[:-1]),
        springs.network(41, ring, start=start),
    )
    opening = list(start) or list(range(41))
    for before, after in ((whole.x, alone.x), (whole.y, alone.y)):
        assert np.ptp([after[i] for i in opening]) == np.ptp([before[i] for i in opening[:-1]])


def test_nodes_that_nothing_joins_stand_by_themselves():
    """Thirty of them beside a ring: the corners hold some, and rows below hold the others."""
    ring = [(i, (i + 1) % 40) for i in range(40)]
    found = springs.network(70, ring)
    xy = np.array([found.x, found.y], float).T
    gap = np.abs(xy[:, None] - xy[None, 40:])
    assert 30 == ((gap[..., 0] < 117) & (gap[..., 1] < 70)).sum()  # each with itself
    inside = Delaunay(xy[:40]).find_simplex(xy[40:])
    assert {-1} == set(inside)


def test_equal_input_gives_equal_positions():
    pairs = random_graph(90, 150)
    assert springs.network(90, pairs, start=range(40)) == springs.network(
        90, pairs, start=range(40)
    )
    assert made() == made()


def test_an_empty_map_has_empty_layouts():
    empty = layout.Layout((), (), ())
    assert empty == springs.network(0, [])
    assert empty == layout.layers([], [], [], titles=[], unassigned="")


def test_the_most_linked_label_wins_where_two_would_overlap():
    stacked = layout.Layout((0, 10, 2000), (0, 0, 0), (0, 0, 0))
    names = ["first node", "second node", "far node"]
    assert (4, 1, 1) == layout.with_tiers(stacked, names, [1, 5, 0]).tiers
    # A label with the first claim keeps it, whatever has more relations.
    assert (0, 4, 1) == layout.with_tiers(stacked, names, [1, 5, 0], {0}).tiers


def test_a_single_first_row_spreads_over_the_areas_below():
    """Two outcomes over eight columns of areas stood side by side, with no room for a name."""
    areas = [None, None, *"abcdefgh"]
    found = layout.layers([0, 0] + [1] * 8, areas, [], titles=["Top", "Below"], unassigned="-")
    apart = abs(found.x[1] - found.x[0])
    assert 3.5 * 128 == apart
    assert min(found.x[2:]) + 128 <= min(found.x[:2])  # the title of the row stands before them
    assert max(found.x[:2]) <= max(found.x)
    assert {0} == {x % 64 for x in found.x}


def test_a_large_map_opens_on_outcomes_and_the_most_linked_elements():
    content = payload.content(plain_map(elements=120))
    start = payload.start_set(content)
    links = payload.degrees(content)
    tables = {content.nodes[i].table for i in start}
    elements = [i for i, n in enumerate(content.nodes) if n.table == "elements"]
    outside = [links[i] for i in elements if i not in start]
    assert payload.START_NODES == len(start)
    assert {"outcomes", "elements"} == tables
    assert min(links[i] for i in start if i in elements) >= max(outside)
    assert tuple(range(21)) == payload.start_set(payload.content(plain_map()))


def test_every_layout_of_a_page_places_every_node():
    content = payload.content(plain_map())
    made_layouts = render.layouts(content, payload.start_set(content), WORDS)
    assert ["layers", "network", "portrait"] == list(made_layouts)
    assert {len(content.nodes)} == {len(found.x) for found in made_layouts.values()}
