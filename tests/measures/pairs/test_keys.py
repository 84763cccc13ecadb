"""Rows of codes are sorted as text books sort them, whether one number holds them or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.measures.pairs.keys import Sorted, ascending, packed
from sysmap.measures.pairs.portfolio import grouped


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 2)), max_size=40), st.booleans())
def test_equal_rows_stay_in_their_order(rows: list[tuple[int, int]], wide: bool) -> None:
    """The oracle is Python's own sort, which is stable; `wide` codes fit no single number."""
    stretch = 2**59 if wide else 1
    parts = [np.array([row[end] * stretch for row in rows], dtype=np.int64) for end in (0, 1)]
    assert sorted(range(len(rows)), key=lambda i: rows[i]) == ascending(*parts).tolist()


@pytest.mark.parametrize("spread", [2, 2**30, 2**60])
def test_a_number_that_leaves_no_room_for_places_is_sorted_all_the_same(spread: int) -> None:
    codes = np.random.default_rng(0).integers(0, spread, 300)
    assert np.argsort(codes, kind="stable").tolist() == ascending(codes).tolist()


def test_codes_that_spread_too_far_have_no_number() -> None:
    assert packed(np.array([0, 2**40]), np.array([0, 2**40])) is None


ROWS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 2)), max_size=30)


@given(ROWS, ROWS)
def test_rows_are_found_where_a_list_finds_them(
    rows: list[tuple[int, int]], wanted: list[tuple[int, int]]
) -> None:
    there = sorted(set(rows))
    found = Sorted.of(np.array(there, dtype=np.int64).reshape(-1, 2)).find(
        np.array(wanted, dtype=np.int64).reshape(-1, 2)
    )
    assert found.tolist() == [there.index(row) if row in there else -1 for row in wanted]


@given(ROWS, st.sets(st.integers(0, 30)))
def test_the_members_of_groups_are_the_claims_with_their_keys(
    rows: list[tuple[int, int]], chosen: set[int]
) -> None:
    parts = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    groups = grouped(*parts)
    asked = sorted(group for group in chosen if group < len(groups.keys))
    keys = {tuple(groups.keys[group].tolist()) for group in asked}
    members = groups.members(np.array(asked, dtype=np.int64))
    assert members.tolist() == [i for i, row in enumerate(rows) if row in keys]
