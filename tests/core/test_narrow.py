"""Narrower maps: select, upstream and downstream, as of a date (design.md section 5)."""

from __future__ import annotations

import pytest

from sysmap.core.errors import UnknownIdError
from sysmap.core.model import SystemMap
from tests.core.making import listed, made, of_code


def chain() -> SystemMap:
    """e0 -> e1 -> e2 -> o0, and e3 apart; two organizations work, once without a place."""
    return made(
        organizations=listed("a", 2),
        outcomes=listed("o", 1),
        elements={**listed("e", 4), "area": ["Costing", "costing", "Strategy", None]},
        contexts=listed("c", 2),
        sources={**listed("s", 2), "organization": ["a0", "a1"], "date": ["2023", None]},
        influences={"cause": ["e0", "e1", "e2"], "effect": ["e1", "e2", "o0"]},
        works_on={
            "organization": ["a0", "a0", "a1", "a1"],
            "element": ["e0", "e1", "e1", "e3"],
            "context": ["c0", None, "c1", "c0"],
            "source": ["s0", "s0", "s1", "s1"],
            "start": [None, "2024-05", None, "2025"],
            "date": [None, "2026", None, None],
        },
        asked={
            "source": ["s0", "s1", "s1"],
            "question": ["works_on"] * 3,
            "area": [None, "Strategy", "Costing"],
            "answered": ["yes", "no", "yes"],
        },
    )


def worked(m: SystemMap) -> list[tuple[object, ...]]:
    """Who works on what."""
    return list(m.links("works_on")[["organization", "element"]].itertuples(index=False, name=None))


def test_a_selection_narrows_only_the_named_tables_and_keeps_a_blank_context() -> None:
    """A link stays when all its filled ends stay, and a blank context stays."""
    here = chain().select(contexts="c0")
    assert ["c0"] == list(here.contexts.index)
    assert 4 == len(here.elements)
    assert [("a0", "e0"), ("a0", "e1"), ("a1", "e3")] == worked(here)


def test_keywords_of_a_selection_combine_by_and() -> None:
    both = chain().select(elements=["e0", "e2"], areas="Costing")
    assert ["e0"] == list(both.elements.index)
    assert [("a0", "e0")] == worked(both)
    one_by_one = chain().select(elements=["e0", "e2"]).select(areas="Costing")
    assert list(one_by_one.elements.index) == list(both.elements.index)


def test_an_area_is_chosen_by_its_key_and_takes_the_ledger_of_other_areas_away() -> None:
    """Spellings of one area are one area; a blank area of the ledger is all areas."""
    costing = chain().select(areas=["COSTING"])
    assert ["e0", "e1"] == list(costing.elements.index)
    assert ["s0", "s1"] == list(costing.asked["source"])
    assert ["yes", "yes"] == list(costing.asked["answered"])


def test_narrowing_changes_no_answer_that_was_given() -> None:
    """design.md section 3: answered is resolved once, when the map is made."""
    whole = made(
        organizations=listed("a", 1),
        elements=listed("e", 2),
        sources={**listed("s", 1), "organization": ["a0"]},
        works_on={"organization": ["a0"], "element": ["e0"], "source": ["s0"]},
        asked={"source": ["s0"], "question": ["works_on"]},
    )
    assert ["yes"] == list(whole.asked["answered"])
    assert ["yes"] == list(whole.select(elements="e1").asked["answered"])


@pytest.mark.parametrize(
    ("steps", "found"),
    [(0, ["e2"]), (1, ["e1", "e2"]), (2, ["e0", "e1", "e2"]), (None, ["e0", "e1", "e2"])],
)
def test_upstream_goes_against_the_arrows_so_many_steps(
    steps: int | None, found: list[str]
) -> None:
    assert found == list(chain().upstream("e2", steps=steps).elements.index)


def test_downstream_goes_with_the_arrows_and_takes_outcomes_along() -> None:
    down = chain().downstream(["e1", "e3"], steps=2)
    assert (["e1", "e2", "e3"], ["o0"]) == (list(down.elements.index), list(down.outcomes.index))
    near = chain().downstream("e1", steps=1)
    assert (["e1", "e2"], []) == (list(near.elements.index), list(near.outcomes.index))
    assert 2 == len(near.organizations)


def test_a_wrong_id_or_number_of_steps_is_named() -> None:
    m = chain()
    with pytest.raises(UnknownIdError, match="'a0' is not an id in elements or outcomes"):
        m.upstream("a0")
    with pytest.raises(UnknownIdError, match="'e9' is not an id in elements"):
        m.select(elements="e9")
    with pytest.raises(UnknownIdError, match="the areas"):
        m.select(areas="Costs")
    with pytest.raises(ValueError, match="steps is -1"):
        m.downstream("e0", steps=-1)
    with pytest.raises(UnknownIdError, match="'z' is not an id in the map"):
        m.name("z")


@pytest.mark.parametrize(
    ("date", "kept", "left_out"),
    [
        ("2023", [("a0", "e0")], "2 later claims and 4 without any date"),
        ("2024-04", [("a0", "e0")], "2 later claims and 4 without any date"),
        ("2024-05", [("a0", "e0"), ("a0", "e1")], "1 later claims and 4 without any date"),
        ("2025-12-31", [("a0", "e0"), ("a0", "e1"), ("a1", "e3")], "0 later claims and 4"),
    ],
)
def test_a_claim_is_dated_by_its_start_else_its_date_else_its_source(
    date: str, kept: list[tuple[str, str]], left_out: str
) -> None:
    """Hand: starts 2024-05 and 2025, source s0 of 2023, source s1 undated; influences undated."""
    then = chain().as_of(date)
    assert kept == worked(then)
    (note,) = of_code(then.problems, "N404")
    assert left_out in note.message


def test_nothing_is_made_of_a_date_that_is_none() -> None:
    with pytest.raises(ValueError, match="'lately' is not a date"):
        chain().as_of("lately")


def test_aliases_of_what_is_left_out_leave_too() -> None:
    m = made(
        elements=listed("e", 2),
        aliases={"name": ["first", "second"], "id": ["e0", "e1"], "decision": ["same", "same"]},
    )
    assert ["second"] == list(m.select(elements="e1").aliases["name"])


def test_a_source_whose_organization_leaves_keeps_its_vote() -> None:
    """The number of reporters does not change when organizations are narrowed."""
    sources = chain().select(organizations="a0").sources
    assert ["s0", "s1"] == list(sources.index)
    assert "a1" == sources.loc["s1", "reporter"]
    assert sources["organization"].isna().tolist() == [False, True]
