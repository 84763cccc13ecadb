"""Two maps as one: what either says, and what both say (design.md section 5)."""

from __future__ import annotations

import pytest

from sysmap.core.errors import InvalidMapError
from sysmap.core.model import SystemMap
from sysmap.core.schema import SCHEMA, Column, NodeType
from sysmap.testing import assert_maps_equal
from tests.core.making import listed, made


def answered(*pairs: tuple[str, str], **extra: list[object]) -> SystemMap:
    """A returned form: some organizations that work on some elements."""
    return made(
        organizations={**listed("a", 2), **extra},
        elements=listed("e", 2),
        works_on={"organization": [a for a, _ in pairs], "element": [e for _, e in pairs]},
    )


def worked(m: SystemMap) -> list[tuple[object, ...]]:
    """Who works on what, sorted."""
    rows = m.links("works_on")[["organization", "element"]]
    return sorted(rows.itertuples(index=False, name=None))


ONE = answered(("a0", "e0"), ("a0", "e1"), ("a0", "e1"))
OTHER = answered(("a1", "e0"), ("a0", "e1"))


def test_a_joined_map_holds_what_either_says_once() -> None:
    """A claim stands as often as in the map that has it more often."""
    expected = [("a0", "e0"), ("a0", "e1"), ("a0", "e1"), ("a1", "e0")]
    assert expected == worked(ONE | OTHER) == worked(OTHER | ONE)


def test_a_shared_map_holds_what_both_say() -> None:
    assert [("a0", "e1")] == worked(ONE & OTHER) == worked(OTHER & ONE)


def test_a_map_joined_with_itself_is_itself() -> None:
    assert_maps_equal(ONE, ONE | ONE)
    assert_maps_equal(ONE, ONE & ONE)


def test_nodes_that_differ_are_refused_with_what_differs() -> None:
    other = answered(("a0", "e0"), role=["co-chair", None])
    with pytest.raises(InvalidMapError, match=r"E220.*'?a0'? differs.*role"):
        ONE | other
    with pytest.raises(InvalidMapError, match="E220"):
        ONE & other


def test_one_id_in_two_tables_is_refused() -> None:
    with pytest.raises(InvalidMapError, match="E202"):
        made(elements={"id": ["x"], "name": ["X"]}) | made(outcomes={"id": ["x"], "name": ["X"]})


def test_unknown_columns_of_either_map_are_kept() -> None:
    """Blank where the other map does not know them; node rows are compared with them."""
    m = made(elements={**listed("e", 1), "code": ["7"]}) | made(
        outcomes={**listed("o", 1), "mark": ["x"]}
    )
    assert ("7", "x") == (m.elements.loc["e0", "code"], m.outcomes.loc["o0", "mark"])


def test_about_keeps_both_values_and_the_later_data_date() -> None:
    def dated(round_: str, date: str) -> SystemMap:
        return made(about={"key": ["round", "data date"], "value": [round_, date]})

    both = dated("spring", "2024-05") | dated("autumn", "2024-10")
    assert {"round": "autumn; spring", "data date": "2024-10"} == dict(both.about)


def test_a_joined_map_is_for_the_narrower_audience() -> None:
    """What was redacted for members stays for members, whatever it is joined with."""
    members, public = ONE.redact("members"), ONE.redact("public")
    assert "members" == (members | public).audience == (public | members).audience
    assert "private" == (ONE | public).audience


def test_maps_of_different_schemas_are_refused() -> None:
    schema = SCHEMA.extended(nodes=(NodeType("topics", (Column("id", "id"), Column("name"))),))
    with pytest.raises(ValueError, match="different schemas"):
        ONE | made(schema, elements=listed("e", 1))
    with pytest.raises(TypeError):
        ONE | {"elements": 1}  # type: ignore[operator]
