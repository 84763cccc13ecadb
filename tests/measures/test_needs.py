"""Needs and offers, against methods.md section 9."""

from __future__ import annotations

import pandas as pd
import pytest

from sysmap.core.model import SystemMap
from sysmap.measures.needs import needs, offers
from tests.core.making import listed, made


def stated() -> SystemMap:
    """One organization; e0 is named three times in c0, e1 once without level and place."""
    return made(
        organizations=listed("a", 2),
        elements=listed("e", 2),
        contexts=listed("c", 1),
        priorities={
            "organization": ["a0", "a0", "a1"],
            "element": ["e0", "e0", "e1"],
            "context": ["c0", "c0", None],
            "level": [1, 3, None],
        },
        challenges={"organization": ["a0"], "element": ["e0"], "context": ["c0"], "level": [2]},
    )


def cells(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    """Rows as tuples."""
    return list(frame.itertuples(index=False, name=None))


def test_a_need_is_the_largest_level_of_priorities_and_challenges() -> None:
    """Largest of 1, 3 and 2 over 3; a blank level counts as level 2, a blank place as -1."""
    found = needs(stated())
    assert [(0, 0, 0), (1, 1, -1)] == cells(found[["organization", "element", "context"]])
    assert [1.0, pytest.approx(2 / 3)] == list(found["need"])


@pytest.mark.parametrize(
    ("status", "count"),
    [("ongoing", 1), ("planned", 1), ("completed", 1), (None, 1), ("cancelled", 0)],
)
def test_an_offer_is_work_that_was_not_cancelled(status: str | None, count: int) -> None:
    m = made(
        organizations=listed("a", 1),
        elements=listed("e", 1),
        works_on={"organization": ["a0"], "element": ["e0"], "status": [status]},
    )
    assert [(0, 0, -1)] * count == cells(offers(m))


def test_an_offer_said_twice_is_one() -> None:
    m = made(
        organizations=listed("a", 1),
        elements=listed("e", 1),
        works_on={
            "organization": ["a0", "a0"],
            "element": ["e0", "e0"],
            "role": ["funds", "implements"],
        },
    )
    assert [(0, 0, -1)] == cells(offers(m))
