"""Votes against plain loops, and the laws they obey."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.measures.reporting import votes
from sysmap.measures.reporting.votes import CONTESTED, MISSING, THERE, UNKNOWN


def _days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("values", "days", "expected"),
    [
        ([1, 0], _days("2024-01-01", "2024-02-01"), [False, True]),
        ([1, 0], _days("2024-01-01", "2024-01-01"), [False, False]),
        ([1, 0], _days("NaT", "NaT"), [False, False]),
        ([1, 0], _days("NaT", "2024-01-01"), [False, False]),
        ([1, 1], _days("NaT", "2024-01-01"), [True, True]),
        ([0, 1, 1], _days("2023-01-01", "2024-01-01", "2024-01-01"), [False, True, True]),
    ],
)
def test_the_latest_vote_counts_and_contradictions_cancel(
    values: list[int], days: np.ndarray, expected: list[bool]
) -> None:
    """Rule of section 0: one reporter, one subject; an undated claim may be the latest."""
    same = np.zeros(len(values), dtype=np.int64)
    assert expected == votes.standing(same, same, values, days).tolist()


def test_no_claims_leave_no_votes() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert len(votes.standing(none, none, [], _days())) == 0
    tally, stands = votes.tally(none, none, none, none > 0, _days(), (2, 3))
    assert (tally.status() == UNKNOWN).all()
    assert len(stands) == 0


def test_an_aggregate_that_does_not_exist_is_refused() -> None:
    none = np.zeros((1, 1), dtype=np.int64)
    with pytest.raises(ValueError, match="aggregate is 'mean'; write one of 'majority'"):
        votes.Tally(none, none, none > 0).status("mean")  # type: ignore[arg-type]


def _slow_rolled(i: int, own: list[int], parent: list[int]) -> int:
    parts = [_slow_rolled(j, own, parent) for j in range(len(own)) if parent[j] == i]
    if THERE in parts or own[i] == THERE:
        return THERE
    if own[i] == MISSING or (parts and set(parts) == {MISSING}):
        return MISSING
    return CONTESTED if CONTESTED in parts or own[i] == CONTESTED else UNKNOWN


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 8)), min_size=1, max_size=9))
def test_a_parent_is_there_where_a_part_is(nodes: list[tuple[int, int]]) -> None:
    """Oracle: recursion from each node; parents stand earlier in the list."""
    own = [code for code, _ in nodes]
    parent = [min(above, i - 1) for i, (_, above) in enumerate(nodes)]
    found = votes.rolled_up(np.array(own, np.int8)[:, None], np.array(parent))
    assert [_slow_rolled(i, own, parent) for i in range(len(own))] == found[:, 0].tolist()


def test_agreement_is_that_of_two_reporters_per_cell() -> None:
    """Hand arithmetic: pairs yy, yy, yn, nn; observed 1/4, expected 2*5*3/(8*7), alpha 8/15."""
    yes, no = np.array([[2, 2, 1, 0, 1]]), np.array([[0, 0, 1, 2, 0]])
    alpha = votes.Tally(yes, no, yes >= 0).agreement()
    assert alpha == pytest.approx(8 / 15)
