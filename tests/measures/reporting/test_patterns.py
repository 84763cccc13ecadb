"""Groups that subjects indicate, by hand and at the edges."""

import numpy as np
import pandas as pd
import pytest

from sysmap.measures.reporting.patterns import groupings, patterns

CONTEXTS = pd.DataFrame(
    {
        "name": [f"C{i}" for i in range(8)],
        "region": ["Asia"] * 4 + ["Oceania"] * 4,
        "sids": ["no", "yes"] * 4,
        "income_group": [None] * 8,
        "group_sea": [*["yes"] * 3, "no", *["no"] * 3, None],
        "kind": "country",
    }
)


def test_groupings_are_the_columns_that_divide_the_units() -> None:
    assert ["group_sea", "region", "sids"] == groupings(CONTEXTS)
    assert ["income_group"] == groupings(CONTEXTS, ["income_group"])
    with pytest.raises(ValueError, match="by names 'kind', which is no grouping of contexts"):
        groupings(CONTEXTS, "kind")


def test_the_clearest_pattern_is_named_and_draws_rise_with_the_tests() -> None:
    """Presence in the four of Asia only: value 1 there, exact p 2 / 70."""
    status = np.array([[1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0]], np.int8)
    found = patterns(status, CONTEXTS, groupings(CONTEXTS), draws=10, rng=0, q=0.001)
    assert found.draws == 3000
    assert found.tests == 3
    assert ("region", "Asia", 1.0) == tuple(found.frame.loc[0, ["grouping", "group", "indval"]])
    assert found.frame["q"][0] == pytest.approx(3 * 2 / 70, abs=0.03)
    assert found.frame.loc[1].isna().all()
    assert {"group_sea": ["C7"]} == found.unlabelled


def test_without_groupings_nothing_is_tested() -> None:
    found = patterns(np.zeros((2, 8), np.int8), CONTEXTS, [], draws=99, rng=0, q=0.1)
    assert (found.tests, found.draws) == (0, 99)
    assert found.frame.isna().all(axis=None)


def test_a_group_of_one_is_left_out_and_named() -> None:
    contexts = CONTEXTS.assign(region=["Asia"] * 4 + ["Oceania"] * 3 + ["Europe"])
    status = np.array([[1, 1, 1, 0, 0, 0, 0, 1]], np.int8)
    found = patterns(status, contexts, ["region"], draws=99, rng=0, q=0.1)
    assert {"region": {"Europe": 1}} == found.thin
