"""Loops against permutations of nodes, networkx and the worked numbers of methods.md 16."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest

from sysmap.measures.propagation import SignedLinks, signed_links
from sysmap.measures.routes import circuits as module
from sysmap.measures.routes.circuits import (
    Circuits,
    circuits,
    independent,
    polarity,
    strength,
    told_whole,
)
from tests.influences import (
    every_sign_pattern,
    influence_map,
    random_map,
    reordered,
    signs_as_links,
)


def all_pairs(size: int) -> dict[tuple[int, int], int]:
    return dict.fromkeys(itertools.permutations(range(size), 2), 1)


def random_links(size: int, links: int, seed: int = 0) -> SignedLinks:
    rng = np.random.default_rng(seed)
    pairs = list(itertools.permutations(range(size), 2))
    chosen = rng.choice(len(pairs), links, replace=False)
    return signs_as_links({pairs[c]: int(rng.choice([-1, 1])) for c in chosen}, size)


def nodes_of(links: SignedLinks, found: Circuits) -> list[tuple[str, ...]]:
    return [tuple(links.ids[links.cause[[s for s in row if s >= 0]]]) for row in found.steps]


def from_smallest(loop: list[str]) -> tuple[str, ...]:
    at = loop.index(min(loop))
    return (*loop[at:], *loop[:at])


def by_networkx(links: SignedLinks, bound: int) -> set[tuple[str, ...]]:
    graph = nx.DiGraph(zip(links.ids[links.cause], links.ids[links.effect], strict=True))
    return {from_smallest(loop) for loop in nx.simple_cycles(graph, length_bound=bound)}


def by_permutations(signs: dict[tuple[int, int], int], size: int) -> dict[tuple[int, ...], int]:
    """Every ordering of every set of nodes that begins with its smallest; the sign of its links."""
    found = {}
    for length in range(2, size + 1):
        for loop in itertools.permutations(range(size), length):
            steps = list(zip(loop, (*loop[1:], loop[0]), strict=True))
            if loop[0] == min(loop) and all(step in signs for step in steps):
                found[loop] = int(np.prod([signs[step] for step in steps]))
    return found


@pytest.mark.parametrize(("bound", "loops"), [(2, 10), (3, 30), (4, 60), (5, 84)])
def test_the_complete_digraph_of_five_has_the_published_number_of_loops(bound, loops):
    """methods.md section 16: bound 2/3/4/5 gives 10/30/60/84."""
    found = circuits(signs_as_links(all_pairs(5), 5), max_length=bound, limit=1000)
    assert (loops, True, bound) == (len(found), found.exhaustive, found.complete_to)


def test_births_reinforce_and_deaths_balance():
    """methods.md section 16, population; b births, d deaths, p population as a, b, c."""
    births = {(0, 2): 1, (2, 0): 1}
    deaths = {(1, 2): -1, (2, 1): 1}
    links = signs_as_links(births | deaths, 3)
    found = circuits(links, max_length=6, limit=10)
    assert [("a", "c"), ("b", "c")] == nodes_of(links, found)
    assert [1, -1] == polarity(links, found.steps).tolist()


def test_the_independent_loops_are_those_of_the_worked_example():
    """methods.md section 16: links 12 23 31 24 41 34, independent set 123, 124, 1234."""
    pairs = [(0, 1), (1, 2), (2, 0), (1, 3), (3, 0), (2, 3)]
    links = signs_as_links(dict.fromkeys(pairs, 1), 4)
    found = circuits(links, max_length=6, limit=10)
    kept = [nodes_of(links, found)[i] for i in independent(found.steps)]
    assert [tuple("abc"), tuple("abd"), tuple("abcd")] == kept


def test_every_signed_digraph_of_three_nodes_has_the_loops_of_its_permutations():
    """All 729 of them, with polarity."""
    for signs in every_sign_pattern(3):
        links = signs_as_links(signs, 3)
        found = circuits(links, max_length=6, limit=100)
        mine = dict(zip(nodes_of(links, found), polarity(links, found.steps), strict=True))
        expected = {
            tuple(chr(97 + i) for i in loop): sign
            for loop, sign in by_permutations(signs, 3).items()
        }
        assert expected == mine


@pytest.mark.parametrize("seed", range(12))
def test_loops_are_those_of_networkx_each_once_shortest_first_then_by_ids(seed):
    size = 5 + seed
    links = random_links(size, min(3 * size, size * (size - 1)), seed)
    for bound in (2, 4, size):
        found = circuits(links, max_length=bound, limit=10**6)
        loops = nodes_of(links, found)
        assert found.exhaustive
        assert by_networkx(links, bound) == set(loops)
        assert sorted(loops, key=lambda loop: (len(loop), loop)) == loops


@pytest.mark.parametrize("limit", [1, 7, 60, 84, 85])
def test_a_limit_keeps_the_first_and_says_up_to_where_they_are_all(limit):
    """Complete digraph of five: 10 loops of 2 links, 20 of 3, 30 of 4, 24 of 5."""
    links = signs_as_links(all_pairs(5), 5)
    every = nodes_of(links, circuits(links, max_length=5, limit=1000))
    found = circuits(links, max_length=5, limit=limit)
    assert every[:limit] == nodes_of(links, found)
    complete = {1: 1, 7: 1, 60: 4, 84: 5, 85: 5}[limit]
    assert (complete, limit >= 84) == (found.complete_to, found.exhaustive)


def test_parts_of_a_search_join_to_the_whole(monkeypatch):
    """However finely roots and paths are cut, the same loops come in the same order."""
    links = random_links(16, 70, 3)
    whole = circuits(links, max_length=6, limit=10**6).steps
    monkeypatch.setattr(module, "_ROOTS", 3)
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    np.testing.assert_array_equal(whole, circuits(links, max_length=6, limit=10**6).steps)


def test_a_map_with_millions_of_loops_ends_at_the_limit_and_by_work():
    """40 nodes, 120 links: more than 2,000,000 loops (methods.md section 5)."""
    links = random_links(40, 120, 1)
    by_limit = circuits(links, max_length=40, limit=5000)
    assert (5000, False) == (len(by_limit), by_limit.exhaustive)
    assert 4 <= by_limit.complete_to < 40
    by_work = circuits(links, max_length=40, limit=10**9, work=100_000)
    assert not by_work.exhaustive
    shortest = by_work.length <= by_work.complete_to
    assert by_networkx(links, by_work.complete_to) == set(
        itertools.compress(nodes_of(links, by_work), shortest)
    )


@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_depends_on_no_order_of_rows_even_where_a_limit_is_met(seed):
    m = random_map(seed, elements=8, links=40)
    one, other = signed_links(m), signed_links(reordered(m, seed + 1))
    for limit in (9, 10**6):
        mine, theirs = (circuits(x, max_length=6, limit=limit) for x in (one, other))
        assert nodes_of(one, mine) == nodes_of(other, theirs)
        assert strength(one, mine.steps).tolist() == strength(other, theirs.steps).tolist()


def test_loops_that_are_complete_do_not_depend_on_how_ids_are_spelt():
    """Nodes in reverse order: the loops of the complete lengths are the same sets of links."""
    signs = all_pairs(6)
    links = signs_as_links(signs, 6)
    turned = signs_as_links({(5 - a, 5 - b): s for (a, b), s in signs.items()}, 6)
    one, other = (circuits(x, max_length=6, limit=100) for x in (links, turned))
    assert one.complete_to == other.complete_to == 3

    def sets(x: SignedLinks, found: Circuits, turn: int) -> set[frozenset[tuple[int, int]]]:
        return {
            frozenset(
                (abs(turn - a), abs(turn - b)) for a, b in zip(x.cause[r], x.effect[r], strict=True)
            )
            for r in (row[row >= 0] for row in found.steps[found.length <= 3])
        }

    assert sets(links, one, 0) == sets(turned, other, 5)


def test_strength_is_the_product_of_shares():
    """Hand: a->b 3 of 3, b->a 1 of max(1 + 3, 3) = 1/4; c->a has the other 3/4."""
    m = influence_map(("a", "b", "+", 3), ("b", "a", "-", 1), ("c", "a", "+", 3))
    links = signed_links(m)
    found = circuits(links, max_length=6, limit=10)
    assert strength(links, found.steps).tolist() == [0.25]


def test_a_link_without_an_agreed_sign_leaves_a_loop_undecided_and_without_strength():
    links = signs_as_links({(0, 1): 0, (1, 0): 1}, 2)
    found = circuits(links, max_length=6, limit=10)
    assert [0] == polarity(links, found.steps).tolist()
    assert [0.0] == strength(links, found.steps).tolist()


@pytest.mark.parametrize("seed", range(4))
def test_who_told_a_loop_whole_is_who_told_each_link_with_its_agreed_sign(seed):
    """A slow twin from the claims, one reporter per source and one row per reporter and link."""
    m = random_map(seed, links=30)
    links = signed_links(m)
    found = circuits(links, max_length=4, limit=1000)
    said = {(r.cause, r.effect, r.source): r.sign for r in m.links("influences").itertuples()}
    expected = []
    for row in found.steps:
        steps = [a for a in row if a >= 0]
        whole = 0
        for source in "stu":
            signs = [said.get((*_ends(links, a), source), "silent") for a in steps]
            agreed = ["+" if links.value[a] > 0 else "-" for a in steps]
            whole += all(
                sign != "silent" if links.value[a] == 0 else sign == right
                for a, sign, right in zip(steps, signs, agreed, strict=True)
            )
        expected.append(whole)
    assert expected == told_whole(m, links, found.steps).tolist()
    assert 0 < sum(expected)


def _ends(links: SignedLinks, at: int) -> tuple[str, str]:
    return links.ids[links.cause[at]], links.ids[links.effect[at]]


def test_every_link_on_a_loop_lies_on_an_independent_one():
    links = random_links(12, 50, 5)
    found = circuits(links, max_length=12, limit=10**6)
    kept = found.steps[independent(found.steps)]
    assert set(found.steps.ravel()) == set(kept.ravel())
    assert len(kept) <= len(links)


@pytest.mark.parametrize("signs", [{}, {(0, 1): 1}, {(0, 1): 1, (1, 2): 1, (0, 2): -1}])
def test_a_map_without_a_way_back_has_no_loops(signs):
    found = circuits(signs_as_links(signs, 3), max_length=6, limit=10)
    assert (0, True) == (len(found), found.exhaustive)


def test_progress_is_told():
    told: list[int] = []
    circuits(signs_as_links(all_pairs(4), 4), max_length=4, limit=50, tell=told.append)
    assert told[-1] == 20
    assert told == sorted(told)
