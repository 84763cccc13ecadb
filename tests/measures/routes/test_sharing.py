"""Which outcomes share elements: counted by walking every chain of claims, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given

import sysmap as sm
from sysmap.core.model import SystemMap, from_tables
from tests.draw.maps import plain_map
from tests.maps import shipped
from tests.strategies import maps


def naive(m: SystemMap) -> dict[frozenset[str], set[str]]:
    """The elements of each combination of outcomes, by a walk from every element."""
    onward: dict[str, set[str]] = {}
    for cause, effect in m.links("influences")[["cause", "effect"]].itertuples(index=False):
        onward.setdefault(cause, set()).add(effect)
    found: dict[frozenset[str], set[str]] = {}
    for element in m.elements.index:
        seen, waiting = set(), [element]
        while waiting:
            new = onward.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        goals = frozenset(seen & set(m.outcomes.index))
        if goals:
            found.setdefault(goals, set()).add(element)
    return found


def told(m: SystemMap) -> dict[frozenset[str], set[str]]:
    frame = sm.influence(m, draws=0).shared_elements().frame
    assert (frame["count"] == frame["elements"].str.split("; ").str.len()).all()
    assert (frame["size"] == frame.index.str.split("; ").str.len()).all()
    return {
        frozenset(outcomes.split("; ")): set(row["elements"].split("; "))
        for outcomes, row in frame.iterrows()
    }


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_combinations_of_the_shipped_maps_are_those_of_a_walk(name):
    m = shipped(name)
    assert naive(m) == told(m)


@pytest.mark.parametrize("seed", range(5))
def test_combinations_of_a_random_map_are_those_of_a_walk(seed):
    m = plain_map(seed, elements=40)
    assert naive(m) == told(m)


@given(maps(max_size=8, carried=False))
def test_counts_are_those_of_a_walk_and_the_figure_draws_on_any_map(m):
    answer = sm.influence(m, draws=0).shared_elements()
    expected = sorted((len(elements) for elements in naive(m).values()), reverse=True)
    assert expected == list(answer.frame["count"])
    assert len(answer) == len(expected)


def test_sentence_and_words_tell_the_counts_of_the_table():
    answer = sm.influence(shipped("teaching"), draws=0).shared_elements()
    several = answer.frame.loc[answer.frame["size"] > 1, "count"].sum()
    assert answer.summary().startswith(f"{several} of 20 elements lead to several outcomes")
    words = answer.alt_text()
    assert words.startswith("UpSet plot of 20 elements by the combination of the 6 outcomes")
    assert f"Largest: {answer.frame['count'].iloc[0]} for " in words
    assert "sheet shared_elements" in words


def test_where_nobody_named_a_chain_the_sentence_says_so():
    empty = sm.influence(from_tables({}), draws=0).shared_elements()
    assert (0, 0) == (len(empty), len(empty.frame))
    assert empty.summary() == "Nobody named a chain from any of 0 elements to an outcome."
    assert "<img" not in empty._repr_html_()
