"""Ties: who is said to work with whom."""

import pandas as pd

from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.pairs.ties import ties


def _map(**tables: dict[str, list[str | None]]) -> SystemMap:
    frames = {name: pd.DataFrame(columns) for name, columns in tables.items()}
    return from_tables(frames)


ORGANIZATIONS = {"id": ["a", "b", "c", "d"], "name": ["A", "B", "C", "D"]}


def test_no_claim_gives_an_empty_frame_of_whole_numbers() -> None:
    """Degenerate case."""
    found = ties(_map(organizations=ORGANIZATIONS))
    assert found.empty
    assert list(found.columns) == ["organization", "partner"]
    assert set(found.dtypes.astype(str)) == {"int64"}


def test_a_collaboration_ties_whichever_side_says_so_once() -> None:
    """Section 10: undirected, simple."""
    m = _map(
        organizations=ORGANIZATIONS,
        collaborates={"organization": ["d", "b", "a"], "partner": ["b", "d", "c"]},
    )
    assert ties(m).to_numpy().tolist() == [[0, 2], [1, 3]]


def test_an_activity_ties_those_who_carry_it_unless_it_is_cancelled() -> None:
    """Section 10: lead, co-lead or implement; to attend, support or pay for it is no tie."""
    m = _map(
        organizations=ORGANIZATIONS,
        activities={
            "id": ["x", "y", "z"],
            "name": ["X", "Y", "Z"],
            "status": ["cancelled", None, "completed"],
        },
        takes_part={
            "organization": ["a", "b", "a", "c", "d", "d", "b", "c"],
            "activity": ["x", "x", "y", "y", "y", "z", "z", "z"],
            "role": ["leads", "leads", "leads", "attends", "co-leads", "implements", None, "funds"],
        },
    )
    assert ties(m).to_numpy().tolist() == [[0, 3]]
