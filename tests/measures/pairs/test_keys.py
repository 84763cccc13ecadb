"""Rows of codes are sorted as text books sort them, whether one number holds them or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.measures.pairs.keys import ascending, packed


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
