"""The comparison of maps names the first difference and nothing else."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import SCHEMA, Column, NodeType
from sysmap.testing import assert_maps_equal

GOALS = pd.DataFrame({"id": ["o", "p"], "name": ["Light", "Water"]})
SEEKS = pd.DataFrame({"organization": ["a", "a"], "outcome": ["o", "p"], "priority": [1, None]})


def made(goals: pd.DataFrame = GOALS, seeks: pd.DataFrame = SEEKS) -> SystemMap:
    organizations = pd.DataFrame({"id": ["a"], "name": ["Aurora"]})
    return from_tables({"organizations": organizations, "outcomes": goals, "seeks": seeks})


def test_the_order_of_rows_and_columns_is_free() -> None:
    turned = made(
        GOALS[::-1].reset_index(drop=True), SEEKS[["priority", "outcome", "organization"]]
    )
    assert_maps_equal(made(), turned)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            made(GOALS.assign(name=["Light", "Wind"])),
            "outcomes, row 1 (id 'p'), name: 'Water' in the first map, 'Wind' in the second",
        ),
        (
            made(seeks=SEEKS.assign(priority=[1, 2])),
            "seeks, row 1, priority: blank in the first map, 2.0 in the second",
        ),
        (made(seeks=SEEKS[:1]), "seeks, row 1 is only in the first map: organization 'a'"),
        (
            made(seeks=SEEKS.iloc[[0, 1, 1]].reset_index(drop=True)),
            "seeks, row 1 is only in the second",
        ),
        (made(GOALS.assign(extra="x")), "outcomes: column 'extra' is only in the second map"),
    ],
)
def test_the_first_difference_is_named(other: SystemMap, message: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(message)):
        assert_maps_equal(made(), other)


def test_text_is_not_a_number() -> None:
    text, number = (
        made(GOALS.assign(size=pd.Series(v, dtype=object))) for v in (["7", "8"], [7, 8])
    )
    with pytest.raises(AssertionError, match=r"size: '7' in the first map, 7\.0 in the second"):
        assert_maps_equal(text, number)


def test_maps_of_two_schemas_differ() -> None:
    own = SCHEMA.extended(nodes=(NodeType("topics", (Column("id", "id"), Column("name"))),))
    with pytest.raises(AssertionError, match="schemas differ in their tables: \\['topics'\\]"):
        assert_maps_equal(made(), from_tables({}, own))
