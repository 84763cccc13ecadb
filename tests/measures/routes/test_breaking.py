"""The fewest reporters that hold all paths together, against brute force over all sets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sysmap.measures.routes.breaking import breaking
from sysmap.measures.routes.paths import LinkClaims, Paths, link_claims, simple_paths
from tests.measures.routes.test_paths import drawn


def stands(of: LinkClaims, paths: Paths, taken: tuple[int, ...]) -> bool:
    """Whether some path keeps at least one reporter on every link."""
    kept = np.delete(of.voices().toarray(), list(taken), axis=1).any(axis=1)
    return any(kept[[s for s in steps if s >= 0]].all() for steps in paths.steps)


def fewest(of: LinkClaims, paths: Paths) -> int:
    voices = range(len(of.told.reporters))
    return next(
        size
        for size in range(len(voices) + 1)
        if any(not stands(of, paths, some) for some in itertools.combinations(voices, size))
    )


def random_claims(seed: int) -> tuple[LinkClaims, Paths]:
    """Up to 7 sources, each with up to 9 links on up to 6 elements."""
    rng = np.random.default_rng(seed)
    size, sources = int(rng.integers(4, 7)), int(rng.integers(2, 8))
    links = [
        (*map(int, rng.choice(size, 2, replace=False)), rng.choice(["+", "-", None]), f"s{s}")
        for s in range(sources)
        for _ in range(rng.integers(3, 10))
    ]
    of = link_claims(drawn(size, links))
    return of, simple_paths(of.links, 0, 1, max_length=5, limit=1000)


@pytest.mark.parametrize("seeds", [range(30), range(30, 60)], ids=["first", "second"])
@pytest.mark.parametrize("most", [2000, 3])
def test_the_set_breaks_every_path_and_no_smaller_one_does(seeds, most):
    """With only three paths in the program the others still break, and the bound still holds."""
    for seed in seeds:
        of, paths = random_claims(seed)
        found, least = breaking(of, paths, most=most), fewest(of, paths)
        assert not stands(of, paths, tuple(found.reporters)), seed
        assert found.at_least <= least <= len(found.reporters), seed
        if most == 2000:
            assert found.at_least == least == len(found.reporters), seed


def test_one_link_in_every_path_needs_all_its_reporters():
    """e0 -> e1 by three sources, and two ways on by a fourth: it is enough to take the fourth."""
    links = [(0, 1, "+", s) for s in "abc"]
    links += [(a, b, "+", "d") for a, b in ((1, 2), (2, 4), (1, 3), (3, 4))]
    of = link_claims(drawn(5, links))
    found = breaking(of, simple_paths(of.links, 0, 4, max_length=4, limit=9))
    assert ["d"] == list(of.told.reporters[found.reporters])
    assert 4 == len(found.lost)


def test_a_reporter_of_several_weak_links_is_worth_more_than_one_of_a_strong_link():
    """Two ways of two links; each has one link of a and b together and one of c and its own."""
    links = [(0, 1, "+", "a"), (0, 1, "+", "b"), (1, 3, "+", "c"), (1, 3, "+", "d")]
    links += [(0, 2, "+", "a"), (0, 2, "+", "b"), (2, 3, "+", "c"), (2, 3, "+", "e")]
    of = link_claims(drawn(4, links))
    found = breaking(of, simple_paths(of.links, 0, 3, max_length=4, limit=9))
    assert ["a", "b"] == list(of.told.reporters[found.reporters])


def test_without_a_path_nobody_holds_anything():
    of = link_claims(drawn(3, [(0, 2, "+", "a")]))
    found = breaking(of, simple_paths(of.links, 0, 1, max_length=4, limit=9))
    assert (0, 0, 0) == (len(found.reporters), len(found.lost), found.at_least)


def test_a_dense_map_is_solved_exactly():
    """All links among 40 elements, each by one of 30 sources: 52,061 paths of up to four links.
    Each of the 39 ways of up to two links needs a cut; the program meets few of the paths."""
    rng = np.random.default_rng(2)
    links = [(a, b, "+", f"s{rng.integers(30)}") for a, b in itertools.permutations(range(40), 2)]
    of = link_claims(drawn(40, links))
    paths = simple_paths(of.links, 0, 1, max_length=4, limit=100_000)
    found = breaking(of, paths)
    lost = np.append(np.isin(np.arange(len(of.links)), found.lost), False)
    assert 52_061 == len(paths)
    assert lost[paths.steps].any(axis=1).all()
    assert found.at_least == len(found.reporters)
