"""Who was asked, who answered, who is a member (design.md section 3, methods.md section 0)."""

from __future__ import annotations

import pytest

from sysmap.core.model import SystemMap
from sysmap.measures.ledger import has_ledger, members, responding, scopes
from tests.core.making import listed, made


def ledger(**asked: list[str | None]) -> SystemMap:
    """Two organizations with a source each; e0 and e1 have an area, e2 has none."""
    return made(
        organizations=listed("a", 2),
        elements={**listed("e", 3), "area": ["Costing", "Strategy", None]},
        contexts=listed("c", 2),
        sources={**listed("s", 2), "organization": ["a0", "a1"]},
        asked={"question": ["works_on"] * len(asked["source"]), **asked},
    )


@pytest.mark.parametrize(
    ("context", "area", "reached"),
    [
        (None, None, [[1, 1], [1, 1], [1, 1]]),
        ("c1", None, [[0, 1], [0, 1], [0, 1]]),
        (None, "costing", [[1, 1], [0, 0], [0, 0]]),
        ("c0", "Strategy", [[0, 0], [1, 0], [0, 0]]),
        (None, "Partnerships", [[0, 0], [0, 0], [0, 0]]),
    ],
)
def test_a_blank_scope_is_all_and_an_area_without_elements_is_none(
    context: str | None, area: str | None, reached: list[list[int]]
) -> None:
    """Elements by contexts; an element without an area is reached only by rows without one."""
    m = ledger(source=["s0"], context=[context], area=[area], answered=["yes"])
    found = scopes(m, "works_on")
    assert reached == found.asked[0].astype(int).tolist()
    assert reached == found.answered[0].astype(int).tolist()
    assert not found.asked[1].any()


def test_silence_is_asked_and_not_answered() -> None:
    m = ledger(source=["s0", "s1"], answered=["no", "yes"])
    found = scopes(m, "works_on")
    assert [True, False] == found.silent.any(axis=(1, 2)).tolist()
    assert ["a1"] == list(responding(m, "works_on"))


def test_a_question_that_nobody_was_asked_has_no_ledger() -> None:
    m = ledger(source=["s0"], answered=["yes"])
    assert (True, False) == (has_ledger(m, "works_on"), has_ledger(m, "seeks"))


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ([None, None, None], ["a0", "a1", "a2"]),
        (["yes", "no", None], ["a0"]),
        (["no", None, None], []),
    ],
)
def test_members_are_those_marked_or_all_if_the_column_is_empty(
    marked: list[str | None], expected: list[str]
) -> None:
    """methods.md section 3."""
    m = made(organizations={**listed("a", 3), "member": marked})
    assert expected == list(members(m))
