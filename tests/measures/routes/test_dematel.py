"""DEMATEL against hand arithmetic, a dense inverse and a loop over draws."""

from __future__ import annotations

import numpy as np
import pytest

from sysmap.core.errors import UndecidableError
from sysmap.measures.propagation import signed_links
from sysmap.measures.routes.dematel import direct_relations, drawn_relations, total_relations
from sysmap.measures.routes.perturbation import drawn_values
from tests.measures.influence_maps import network
from tests.measures.test_propagation import influences


def test_a_chain_and_its_shortcut_by_hand():
    """Hand: a->b 3, a->o 1, b->o 3; largest row or column sum 4; T_ao = 1/4 + 3/4 x 3/4."""
    links = signed_links(influences(("a", "b", "+", 3), ("a", "o", "+", 1), ("b", "o", "+", 3)))
    at = links.ids.get_indexer(["a", "b", "o"])
    whole = total_relations(direct_relations(links))
    assert whole[at[0], at[1]] == pytest.approx(0.75)
    assert whole[at[0], at[2]] == pytest.approx(0.8125)
    assert whole[at[1], at[2]] == pytest.approx(0.75)


@pytest.mark.parametrize("seed", range(5))
def test_the_sum_is_that_of_the_inverse(seed):
    x = direct_relations(signed_links(network(seed)))
    inverse = x @ np.linalg.inv(np.eye(len(x)) - x)
    np.testing.assert_allclose(total_relations(x), inverse, atol=1e-10)
    onto = np.random.default_rng(seed).random((len(x), 2))
    np.testing.assert_allclose(total_relations(x, onto), inverse @ onto, atol=1e-10)
    sums = [np.abs(x).sum(axis=axis).max() for axis in (0, 1)]
    assert max(sums) == pytest.approx(1)


def test_a_loop_that_hands_on_everything_is_refused():
    """Two elements of equal strength in a circle: I - X is singular."""
    links = signed_links(influences(("a", "b", "+", 2), ("b", "a", "+", 2)))
    with pytest.raises(UndecidableError, match=r"I - X is singular.*method=\"attenuated\""):
        total_relations(direct_relations(links))


def test_without_links_nothing_is_related():
    links = signed_links(influences())
    assert not total_relations(direct_relations(links)).any()


@pytest.mark.parametrize("absolute", [False, True])
def test_draws_are_solved_as_one_by_one(absolute):
    links = signed_links(network(2, reporters=4))
    onto = np.random.default_rng(1).random(len(links.ids))
    fast = drawn_relations(links, onto, draws=8, random=np.random.default_rng(3), absolute=absolute)
    every = np.concatenate([*drawn_values(links, draws=8, random=np.random.default_rng(3))])
    slow = [
        total_relations(direct_relations(links, np.abs(v) if absolute else v), onto) for v in every
    ]
    np.testing.assert_allclose(fast, np.array(slow), atol=1e-9)


def test_draws_without_a_sum_are_left_out():
    """The circle of two is singular whenever both links come out equally strong."""
    links = signed_links(influences(("a", "b", "+", 2), ("b", "a", "+", 2), ("a", "o", "+", 1)))
    drawn = drawn_relations(links, np.ones(4), draws=300, random=np.random.default_rng(0))
    assert 0 < len(drawn) <= 300
    circle = signed_links(influences(("a", "b", "+", 2), ("b", "a", "+", 2)))
    fewer = drawn_relations(circle, np.ones(4), draws=300, random=np.random.default_rng(0))
    assert 0 < len(fewer) < 300
    assert np.isfinite(fewer).all()
