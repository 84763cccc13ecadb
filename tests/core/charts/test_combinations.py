"""The UpSet figure: its numbers are those of set algebra, and what is not drawn is counted."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sysmap.core import charts
from tests.core.charts.drawing import texts


def random_members(seed: int, things: int = 60, sets: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        rng.random((things, sets)) < rng.uniform(0.1, 0.8, sets),
        index=[f"t{i}" for i in range(things)],
        columns=[f"Set {i}" for i in range(sets)],
    )


def naive(members: pd.DataFrame) -> dict[frozenset[str], int]:
    """Things in all sets of a combination and in none of the others, by sets of Python."""
    holds = {s: {t for t in members.index if members.at[t, s]} for s in members}
    found = {}
    for bits in range(1, 2 ** len(holds)):
        inside = [s for i, s in enumerate(holds) if bits >> i & 1]
        common = set.intersection(*(holds[s] for s in inside))
        common -= set().union(*(holds[s] for s in holds if s not in inside))
        if common:
            found[frozenset(inside)] = len(common)
    return found


def as_sets(found: pd.DataFrame) -> dict[frozenset[str], int]:
    return {
        frozenset(found.columns[row]): count
        for count, row in zip(found.index, found.to_numpy(bool), strict=True)
    }


@pytest.mark.parametrize("seed", range(20))
def test_combinations_are_those_of_set_algebra(seed):
    members = random_members(seed)
    assert naive(members) == as_sets(charts.combinations(members))


def test_the_largest_combination_comes_first_and_ties_go_to_more_and_earlier_sets():
    """Counts by hand: {b} 2; then one each of {a, c}, {a} and {c}."""
    rows = [[0, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [1, 0, 1], [0, 0, 0]]
    found = charts.combinations(pd.DataFrame(rows, columns=list("abc")) == 1)
    assert [["b"], ["a", "c"], ["a"], ["c"]] == [list(found.columns[r]) for r in found.to_numpy()]
    assert [2, 1, 1, 1] == list(found.index)


def bars(ax):
    """Height of each bar over that of the highest, from left to right."""
    drawn = sorted(ax.patches, key=lambda one: one.get_x())
    tall = np.array([abs(one.get_height()) for one in drawn])
    return tall / tall.max()


def dots(ax):
    """Column and row of each full dot."""
    line = max((one for one in ax.lines), key=lambda one: one.get_markersize())
    return set(zip(*line.get_data(), strict=True))


@pytest.mark.parametrize("seed", range(3))
def test_bars_dots_and_totals_are_drawn_as_counted(seed):
    members = random_members(seed, sets=3)
    found = charts.combinations(members)
    ax = charts.upset(charts.axes(rows=3), members)
    assert np.allclose(found.index / found.index.max(), bars(ax))
    names = [label.get_text() for label in ax.get_yticklabels()]
    ordered = found[names].to_numpy()
    assert set(zip(*np.nonzero(ordered), strict=True)) == dots(ax)
    written = texts(ax)
    for name in names:
        assert f"{members[name].sum()} of {len(members)}" in written
    for count in found.index:
        assert f"{count}" in written


def test_at_most_fifteen_combinations_are_drawn_and_the_rest_is_counted():
    members = random_members(7, things=200, sets=8)
    found = charts.combinations(members)
    ax = charts.upset(charts.axes(rows=8), members)
    assert len(found) > 30
    assert len(bars(ax)) == 15
    said = re.sub(r"\s+", " ", " ".join(texts(ax)))
    rest = found.index[15:]
    assert (
        f"Not drawn: {len(rest)} smaller combinations, which hold {rest.to_numpy().sum()}" in said
    )


def test_one_set_and_several_differ_without_colour():
    ax = charts.upset(charts.axes(rows=3), random_members(1, sets=3))
    looks = {(one.get_hatch() or "", one.get_facecolor()) for one in ax.patches}
    assert len({hatch for hatch, _ in looks}) == len(looks) == 2
    assert ["in one set", "in several sets"] == [t.get_text() for t in ax.get_legend().get_texts()]


def test_sets_of_one_name_are_two_rows():
    members = random_members(2, sets=2).set_axis(["Same", "Same"], axis=1)
    ax = charts.upset(charts.axes(rows=2), members)
    assert ["Same", "Same"] == [label.get_text() for label in ax.get_yticklabels()]


def test_a_given_axes_draws_what_stays_readable_and_says_what_is_left_out():
    ax = charts.upset(Figure(figsize=(4, 2)).subplots(), random_members(3, things=300, sets=12))
    assert len(ax.get_yticks()) < 12
    assert len(bars(ax)) < 15
    said = " ".join(texts(ax))
    assert f"Drawn: the first {len(ax.get_yticks())} of 12 rows." in said
    assert "Not drawn: " in said
