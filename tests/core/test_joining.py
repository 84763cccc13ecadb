"""Two maps as one: what either says, and what both say (design.md section 5)."""

from __future__ import annotations

import operator
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sysmap.core.errors import InvalidMapError
from sysmap.core.model import SystemMap
from sysmap.core.schema import SCHEMA, Column, NodeType
from sysmap.testing import assert_maps_equal
from tests.core.making import listed, made, of_code, reread
from tests.strategies import maps

FEW = settings(max_examples=4, phases=[Phase.generate])


def part(m: SystemMap, seed: int) -> SystemMap:
    """All nodes of a map and about half of its other rows."""
    rng = np.random.default_rng(seed)
    nodes = {kind.table for kind in m.schema.nodes}
    return replace(
        m,
        tables={
            name: frame
            if name in nodes
            else frame[rng.random(len(frame)) < 0.5].reset_index(drop=True)
            for name, frame in m.tables.items()
        },
    )


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


@FEW
@given(maps(max_size=8))
def test_any_map_joined_with_itself_is_itself(m: SystemMap) -> None:
    assert_maps_equal(m, m | m)
    assert_maps_equal(m, m & m)


@FEW
@given(maps(max_size=8), st.integers(0, 99))
def test_joining_and_sharing_do_not_depend_on_order(m: SystemMap, seed: int) -> None:
    a, b, c = (part(m, seed + i) for i in range(3))
    for join in (operator.or_, operator.and_):
        assert_maps_equal(join(a, b), join(b, a))
        assert_maps_equal(join(join(a, b), c), join(a, join(b, c)))


@FEW
@given(maps(max_size=8), st.integers(0, 99))
def test_a_joined_map_is_read_back_as_it_is(m: SystemMap, seed: int) -> None:
    a, b = part(m, seed), part(m, seed + 1)
    for both in (a | b, a & b):
        assert_maps_equal(both, reread(both))


def form(source: str | None, row: str | None = None) -> SystemMap:
    """A returned form with a default source, and one claim by a source or by the default."""
    about = {"key": ["Source"], "value": [source]} if source else {"key": [], "value": []}
    return made(
        about=about,
        organizations=listed("a", 1),
        outcomes=listed("o", 3),
        sources={**listed("s", 2), "organization": ["a0", "a0"]},
        seeks={"organization": ["a0"], "outcome": ["o0"], "source": [row]},
    )


@pytest.mark.parametrize(("first", "second"), [("s0", "s1"), ("s0", None), (None, "s1")])
def test_a_default_source_that_is_not_shared_leaves(first: str | None, second: str | None) -> None:
    """It was filled in when each map was made; kept, it would claim the blanks of the other or,
    as two sources in one cell, make the written map unreadable."""
    both = form(first) | form(second)
    assert "source" not in both.about
    said = both.links("seeks")["source"]
    assert {first, second} == {None if source != source else source for source in said}
    assert_maps_equal(both, reread(both))


def test_a_default_source_that_both_name_stays() -> None:
    both = form("s1") | form("s1")
    assert {"source": "s1"} == dict(both.about)


def told(*pairs: tuple[str, str | None], **extra: list[object]) -> SystemMap:
    """A map that only says something about itself."""
    return made(about={"key": [k for k, _ in pairs], "value": [v for _, v in pairs], **extra})


def test_keys_of_about_are_compared_without_case() -> None:
    """E219 refuses two spellings of one key in one map, so the joined map holds one."""
    one, two = told(("Title", "A"), ("round", "1")), told(("title", "B"), ("Round", "1"))
    assert ["Round", "Title"] == sorted((one | two).table("about")["key"])
    assert {"title": "A; B", "round": "1"} == dict((one | two).about)
    assert {"round": "1"} == dict((one & two).about)
    assert_maps_equal(one | two, reread(one | two))


def test_the_later_of_two_partial_data_dates_counts_by_its_last_day() -> None:
    """2024 lasts until its last day, so it is later than May of 2024."""
    assert (
        "2024" == (told(("data date", "2024")) | told(("Data date", "2024-05"))).about["data date"]
    )


def test_unknown_columns_of_about_stand_side_by_side_in_any_order() -> None:
    a, b, c = (told(("title", "T"), extra=[x]) for x in (1, None, 2.5))
    assert ["1; 2.5"] == list((a | b | c).table("about")["extra"])
    assert_maps_equal((a | b) | c, c | (b | a))


def test_ten_thousand_unequal_nodes_are_twenty_problems_and_a_count() -> None:
    """Each pair of rows was once looked up in the whole table: 10,000 took minutes."""
    rows = listed("e", 10_000)
    other = {**rows, "name": [f"{name}!" for name in rows["name"]]}
    moved = {**rows, "id": [f"e{i + 9_970}" for i in range(10_000)]}
    with pytest.raises(InvalidMapError) as caught:
        made(elements=rows) | made(elements=other, outcomes={"id": ["o"], "name": ["O"]})
    unequal = of_code(caught.value.problems, "E220")
    assert (21, 10_000) == (len(unequal), sum(p.count for p in unequal))
    with pytest.raises(InvalidMapError) as caught:
        made(elements=rows) | made(outcomes=moved)
    doubled = of_code(caught.value.problems, "E202")
    assert (21, 30) == (len(doubled), sum(p.count for p in doubled))
    assert re.search("'e9970' stands in outcomes and in elements", str(doubled[0]))


def test_what_two_ledgers_do_not_share_is_no_answer() -> None:
    """Each map has a ledger for seeks and they share a claim, but no ledger row: nobody may infer
    the answer afterwards (decision 3)."""

    def asked(source: str) -> SystemMap:
        return made(
            organizations=listed("a", 1),
            outcomes=listed("o", 1),
            sources={**listed("s", 2), "organization": ["a0", "a0"]},
            seeks={"organization": ["a0"], "outcome": ["o0"], "source": ["s0"]},
            asked={"source": [source], "question": ["seeks"], "answered": ["yes"]},
        )

    both = asked("s0") & asked("s1")
    assert [("a0", "no")] == list(
        both.asked[["speaks_for", "answered"]].itertuples(index=False, name=None)
    )
    assert_maps_equal(both, reread(both))
