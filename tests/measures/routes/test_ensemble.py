"""Plausible systems against plain matrices, and their signs against loop analysis by hand."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pytest

from sysmap.measures.propagation import SignedLinks, signed_links
from sysmap.measures.routes import ensemble as module
from sysmap.measures.routes.chains import reached
from sysmap.measures.routes.ensemble import is_stable, plus_shares, responses
from tests.influences import (
    every_sign_pattern,
    influence_map,
    random_map,
    reordered,
    signs_as_links,
)


def press_on(links: SignedLinks, **signs: int) -> np.ndarray:
    press = np.zeros(len(links.ids))
    for id, sign in signs.items():
        press[links.ids.get_loc(id)] = sign
    return press


def plain(links: SignedLinks, press: np.ndarray, lots: np.ndarray, nodes: np.ndarray):
    """Section 7 word by word for some nodes: C, its eigenvalues, -C^-1 s; one system per row.

    Numbers stand as in the fast path: links by ids, then links of open sign, then nodes by ids.
    """
    order = sorted(nodes, key=lambda n: links.ids[n])
    place = {node: i for i, node in enumerate(order)}
    mine = [a for a in range(len(links)) if links.cause[a] in place and links.effect[a] in place]
    mine.sort(key=lambda a: (place[links.cause[a]], place[links.effect[a]]))
    plus = {a: plus_shares(links)[a] for a in mine}
    open_ = [a for a in mine if 0 < plus[a] < 1]
    kept, moved = [], []
    for row in lots:
        c = np.zeros((len(order), len(order)))
        for i, a in enumerate(mine):
            sign = 1 if plus[a] == 1 else -1
            if a in open_:
                sign = 1 if row[len(mine) + open_.index(a)] < plus[a] else -1
            c[place[links.effect[a]], place[links.cause[a]]] = sign * row[i]
        for i in range(len(order)):
            c[i, i] = -(0.25 + 0.75 * row[len(mine) + len(open_) + i])
        kept.append(bool((np.linalg.eigvals(c).real < 0).all()))
        moved.append(-np.linalg.inv(c) @ press[order])
    return np.array(kept), np.array(moved), np.array(order)


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_plain_matrices(seed):
    m = random_map(seed, links=16)
    links = signed_links(m)
    press = press_on(links, e0=1, e1=-1)
    nodes = np.flatnonzero(reached(links, np.flatnonzero(press)))
    inside = [a for a in range(len(links)) if links.cause[a] in nodes]
    is_open = (plus_shares(links)[inside] % 1) > 0
    columns = len(inside) + int(is_open.sum()) + len(nodes)
    lots = np.random.default_rng(3).random((300, columns))
    kept, moved, order = plain(links, press, lots, nodes)
    found = responses(links, press, draws=300, rng=3)
    assert (int(kept.sum()), 300) == (found.kept, found.tried)
    np.testing.assert_array_equal((moved[kept] > 0).sum(axis=0), found.up[order])
    np.testing.assert_array_equal((moved[kept] < 0).sum(axis=0), found.down[order])
    beyond = np.setdiff1d(np.arange(len(links.ids)), nodes)
    assert not found.up[beyond].any()
    assert not found.down[beyond].any()


TWO_PARTS = {(0, 1): 1, (1, 0): 1, (0, 2): 1, (1, 2): -1, (3, 4): 1, (4, 3): 1, (4, 0): -1}
"""a and b feed each other and reach c; d and e feed each other and reach a."""


def test_leaving_out_what_the_press_does_not_reach_changes_no_response():
    """C is block triangular: same numbers, same response, and stable means both parts stable."""
    links = signs_as_links(TWO_PARTS, 5)
    press = press_on(links, a=1)
    rng = np.random.default_rng(0)
    near, rest, whole = np.arange(3), np.arange(3, 5), np.arange(5)
    numbers = {pair: rng.random(400) for pair in sorted(TWO_PARTS)}
    calm = rng.random((400, 5))

    def lots(nodes: np.ndarray) -> np.ndarray:
        inside = [numbers[p] for p in sorted(TWO_PARTS) if set(p) <= set(nodes)]
        return np.column_stack([*inside, calm[:, nodes]])

    stable, moved, _ = plain(links, press, lots(whole), whole)
    stable_near, moved_near, _ = plain(links, press, lots(near), near)
    stable_rest, _, _ = plain(links, press, lots(rest), rest)
    np.testing.assert_array_equal(stable, stable_near & stable_rest)
    np.testing.assert_allclose(moved[:, near], moved_near, rtol=1e-9)
    np.testing.assert_array_equal(moved[:, rest], 0)
    assert 0 < stable.sum() < stable_near.sum() < 400


def test_leaving_out_what_the_press_does_not_reach_changes_no_share():
    """c in 20,000 systems, with all parts required to rest and with the reached part alone.

    Both are shares of more than 5,000 systems, so five standard errors of their difference are at
    most 5 x sqrt(2 x 0.25 / 5000) = 0.05.
    """
    links = signs_as_links(TWO_PARTS, 5)
    everything = np.random.default_rng(1).random((20_000, len(links) + 5))
    kept, moved, _ = plain(links, press_on(links, a=1), everything, np.arange(5))
    assert kept.sum() > 5000
    found = responses(links, press_on(links, a=1), draws=20_000, rng=2)
    assert found.up[2] / found.kept == pytest.approx((moved[kept, 2] > 0).mean(), abs=0.05)


def terms(signs: Mapping[tuple[int, int], int], start: int, end: int, size: int) -> set[int]:
    """The signs of Levins' terms: paths from start to end, times feedback of what they leave out.

    A node with itself is -1. The feedback of a set is det(-C) over it, one term per permutation
    into cycles: each cycle of links counts minus the product of its signs, each self-link 1.
    """
    found = set()
    inner = [n for n in range(size) if n not in (start, end)]
    paths = (
        [(start,)]
        if start == end
        else [
            (start, *middle, end)
            for length in range(len(inner) + 1)
            for middle in itertools.permutations(inner, length)
        ]
    )
    for path in paths:
        steps = list(itertools.pairwise(path))
        if not all(step in signs for step in steps):
            continue
        sign = int(np.prod([signs[s] for s in steps]))
        rest = [n for n in range(size) if n not in path]
        for image in itertools.permutations(rest):
            moves = [(a, b) for a, b in zip(rest, image, strict=True) if a != b]
            if all(move in signs for move in moves):
                product = int(np.prod([signs[s] for s in moves]))
                found.add(sign * product * (-1) ** cycles(dict(moves)))
    return found


def cycles(moves: dict[int, int]) -> int:
    """How many cycles a permutation without fixed points has."""
    count, left = 0, set(moves)
    while left:
        count += 1
        node = left.pop()
        while moves[node] in left:
            node = moves[node]
            left.remove(node)
    return count


def test_on_every_signed_digraph_of_three_nodes_signs_are_those_of_loop_analysis():
    """All 729: one sign among Levins' terms decides, no term is no response, two can go both ways.

    The response is the sum of the terms over det(-C), which is above 0 in a stable system.
    """
    undecided = both = 0
    for signs in every_sign_pattern(3):
        links = signs_as_links(signs, 3)
        found = responses(links, press_on(links, a=1), draws=60, rng=0)
        assert found.kept > 0
        for node in range(3):
            expected = terms(signs, 0, node, 3)
            counts = (int(found.up[node]), int(found.down[node]))
            if expected == {1}:
                assert counts == (found.kept, 0)
            elif expected == {-1}:
                assert counts == (0, found.kept)
            elif not expected:
                assert counts == (0, 0)
            else:
                assert sum(counts) == found.kept
                undecided += 1
                both += min(counts) > 0
    assert 0.5 * undecided < both


@pytest.mark.parametrize("length", [1, 4, 16])
def test_signs_along_a_chain_are_certain_however_long_it_is(length):
    """methods.md section 15: up or down = 1 exactly on sign-determined acyclic maps.

    A bound of 1e-9 on the response would break this: over 12 links, 4 of 10,000 responses are
    smaller (simulated), because products of numbers from 0 to 1 get small.
    """
    signs = {(i, i + 1): (-1 if i == 0 else 1) for i in range(length)}
    links = signs_as_links(signs, length + 1)
    found = responses(links, press_on(links, a=1), draws=5000, rng=0)
    assert found.kept == 5000
    assert found.up.tolist() == [5000] + [0] * length
    assert found.down.tolist() == [0] + [5000] * length


@pytest.mark.parametrize("seed", range(8))
def test_signs_on_acyclic_maps_where_all_paths_agree_are_certain(seed):
    """Each node gets a side; a link between equal sides is +, else -; so all paths agree."""
    rng = np.random.default_rng(seed)
    side = rng.choice([-1, 1], 9)
    pairs = list(itertools.combinations(range(9), 2))
    signs = {p: int(side[p[0]] * side[p[1]]) for p in pairs if rng.random() < 0.4}
    links = signs_as_links(signs, 9)
    found = responses(links, press_on(links, a=1), draws=500, rng=0)
    there = reached(links, np.array([0]))
    expected = np.where(there, 500, 0)
    assert found.kept == 500
    np.testing.assert_array_equal(np.where(side == side[0], expected, 0), found.up)
    np.testing.assert_array_equal(np.where(side != side[0], expected, 0), found.down)


def test_opposite_presses_on_a_chain_go_both_ways():
    """a -> b -> c, a up and b down: b is down where U / D_a < 1; for D from 0.25 to 1 and U from
    0 to 1 that is P(U > D) = E(1 - D) = 0.375 for up. Five standard errors: 0.025."""
    links = signs_as_links({(0, 1): 1, (1, 2): 1}, 3)
    found = responses(links, press_on(links, a=1, b=-1), draws=10_000, rng=0)
    assert found.up[2] / found.kept == pytest.approx(0.375, abs=0.025)
    assert found.up[2] + found.down[2] == found.kept


def test_a_contested_link_takes_plus_with_the_share_of_those_who_say_so():
    """Two of three say +, so 2/3; a link that nobody signs 1/2; five standard errors: 0.025."""
    rows = [("a", "b", "+", 1, s) for s in "st"] + [("a", "b", "-", 3, "u"), ("a", "c", None)]
    links = signed_links(influence_map(*rows))
    assert plus_shares(links).tolist() == pytest.approx([2 / 3, 1 / 2])
    found = responses(links, press_on(links, a=1), draws=10_000, rng=0)
    assert found.up[1] / 10_000 == pytest.approx(2 / 3, abs=0.025)
    assert found.up[2] / 10_000 == pytest.approx(1 / 2, abs=0.025)
    assert [10_000, 10_000] == (found.up + found.down)[1:].tolist()


@pytest.mark.parametrize("size", [3, 17, 40])
def test_cheap_tests_of_stability_say_what_the_eigenvalues_say(size):
    """Sparse and dense, calm and wild, so that each of the three ways decides some."""
    rng = np.random.default_rng(size)
    for weight in np.linspace(0.1, 1.2, 5):
        c = rng.uniform(-1, 1, (60, size, size)) * weight / np.sqrt(size / 3)
        c *= rng.random((60, size, size)) < rng.random((60, 1, 1))
        c[:, range(size), range(size)] = -rng.uniform(0.25, 1, (60, size))
        expected = (np.linalg.eigvals(c).real < 0).all(axis=1)
        np.testing.assert_array_equal(expected, is_stable(c))


@pytest.mark.parametrize("chords", [6, 30])
def test_few_large_systems_need_their_eigenvalues(chords, monkeypatch):
    """A ring of 40 with chords: stable and wild ones are told apart by products of matrices."""
    rng = np.random.default_rng(chords)
    ends = np.array([(i, (i + 1) % 40) for i in range(40)])
    ends = np.vstack([ends, [rng.choice(40, 2, replace=False) for _ in range(chords)]])
    c = np.zeros((300, 40, 40))
    c[:, ends[:, 1], ends[:, 0]] = rng.random((300, len(ends))) * rng.choice([-1, 1], len(ends))
    c[:, range(40), range(40)] = -rng.uniform(0.25, 1, (300, 40))
    stable = (np.linalg.eigvals(c).real < 0).all(axis=1)
    proven, open_ = module._settled(c)
    assert stable[proven].all()
    assert len(open_) < 15
    assert len(proven) >= stable.sum() - len(open_)
    np.testing.assert_array_equal(stable, is_stable(c))


@pytest.mark.parametrize("real", [-1e-9, 0.0, 1e-9, -0.05, 0.05])
@pytest.mark.parametrize("turn", [0.0, 0.3, 1.0])
def test_a_system_next_to_the_bound_is_left_to_its_eigenvalues(real, turn):
    """One pair of eigenvalues at real +- turn i, the rest at -1, mixed by a rotation."""
    c = -np.eye(20)
    c[:2, :2] = [[real, turn], [-turn, real]]
    mix, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(20, 20)))
    c = (mix @ c @ mix.T)[None]
    proven, open_ = module._settled(c)
    if abs(real) < 1e-6:
        assert [0] == open_.tolist()
    else:
        assert [0] * (real < 0) == proven.tolist()
        assert not len(open_)


def test_weak_damping_is_no_proof_of_growth():
    """-I / 100 is stable, and the trace of its transform is 0.49 / 0.51 of its size."""
    proven, open_ = module._settled(-np.eye(20)[None] / 100)
    assert ([0], []) == (proven.tolist(), open_.tolist())


def test_a_singular_comparison_matrix_falls_back_on_the_eigenvalues():
    """[[-1, 1], [-1, -1]] has -1 +- i, and its comparison matrix [[1, -1], [-1, 1]] no inverse."""
    c = -np.eye(17)[None]
    c[0, :2, :2] = [[-1, 1], [-1, -1]]
    assert is_stable(c).tolist() == [True]


@pytest.mark.parametrize("seed", range(3))
def test_counts_depend_on_no_order_of_rows_no_batch_and_no_prefix_of_ids(seed, monkeypatch):
    m = random_map(seed, elements=7, links=20)
    one, other = signed_links(m), signed_links(reordered(m, seed + 1, prefix="z"))
    mine = responses(one, press_on(one, e0=1), draws=500, rng=9)
    monkeypatch.setattr(module, "_MOST_AT_ONCE", 7)
    theirs = responses(other, press_on(other, ze0=1), draws=500, rng=9)
    at = other.ids.get_indexer([f"z{i}" for i in one.ids])
    assert (mine.kept, mine.tried) == (theirs.kept, theirs.tried)
    assert mine.up.tolist() == theirs.up[at].tolist()
    assert mine.down.tolist() == theirs.down[at].tolist()


def test_the_search_for_systems_ends_early_where_none_comes_to_rest(monkeypatch):
    """Eighteen nodes that all strengthen each other never do."""
    monkeypatch.setattr(module, "_MOST_AT_ONCE", 50)
    links = signs_as_links(dict.fromkeys(itertools.permutations(range(18), 2), 1), 18)
    told: list[int] = []
    found = responses(links, press_on(links, a=1), draws=2000, rng=0, tell=told.append)
    assert (0, 200) == (found.kept, found.tried)
    assert told == [50, 100, 150, 200]
