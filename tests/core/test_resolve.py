"""What is filled when a map is made, and how it is said (design.md section 3)."""

from __future__ import annotations

import pytest

from tests.core.making import listed, made, of_code


def test_a_blank_source_is_the_one_in_about() -> None:
    m = made(
        about={"key": ["Source"], "value": ["s1"]},
        organizations=listed("a", 1),
        outcomes=listed("o", 2),
        sources=listed("s", 2),
        seeks={"organization": ["a0", "a0"], "outcome": ["o0", "o1"], "source": ["s0", None]},
    )
    assert ["s0", "s1"] == list(m.links("seeks")["source"])
    (note,) = of_code(m.problems, "N217")
    assert 1 == note.count


def test_groupings_are_filled_for_countries_only_where_blank() -> None:
    """The country table of 2024: Tuvalu is an island state and least developed, Nepal is not an
    island; a value of the user that differs stays, with a note."""
    m = made(
        contexts={
            "id": ["TUV", "NPL", "FJI", "highland"],
            "name": ["Tuvalu", "Nepal", "Fiji", "Highland"],
            "kind": ["country", None, "country", "setting"],
            "ldc": [None, None, "yes", None],
        }
    )
    contexts = m.contexts
    assert ["yes", "no", "yes"] == list(contexts["sids"][["TUV", "NPL", "FJI"]])
    assert ["yes", "yes", "yes"] == list(contexts["ldc"][["TUV", "NPL", "FJI"]])
    assert contexts.loc["highland", ["region", "sids", "ldc"]].isna().all()
    assert contexts["income_group"].isna().all()
    (note,) = of_code(m.problems, "N307")
    assert "FJI" in note.message


@pytest.mark.parametrize(
    ("context", "area", "answered"),
    [
        (None, None, "yes"),
        ("c0", None, "yes"),
        ("c1", None, "no"),
        (None, "costing", "yes"),
        (None, "Strategy", "no"),
        ("c0", "Costing", "yes"),
        ("c1", "Costing", "no"),
    ],
)
def test_a_blank_answer_is_yes_where_the_source_has_a_claim_within_the_scope(
    context: str | None, area: str | None, answered: str
) -> None:
    """One claim, by s0 about an element of Costing in c0; s1 was asked and says nothing."""
    m = made(
        organizations=listed("a", 2),
        elements={**listed("e", 2), "area": ["Costing", "Strategy"]},
        contexts=listed("c", 2),
        sources={**listed("s", 2), "organization": ["a0", "a1"]},
        works_on={"organization": ["a0"], "element": ["e0"], "context": ["c0"], "source": ["s0"]},
        asked={
            "source": ["s0", "s1"],
            "question": ["works_on", "works_on"],
            "context": [context, context],
            "area": [area, area],
        },
    )
    assert [answered, "no"] == list(m.asked["answered"])


def test_a_stated_answer_is_never_changed() -> None:
    m = made(
        organizations=listed("a", 1),
        elements=listed("e", 1),
        sources={**listed("s", 1), "organization": ["a0"]},
        works_on={"organization": ["a0"], "element": ["e0"], "source": ["s0"]},
        asked={"source": ["s0"], "question": ["works_on"], "answered": ["no"]},
    )
    assert ["no"] == list(m.asked["answered"])


def test_without_a_ledger_for_seeks_one_claim_is_an_answer() -> None:
    """Decision 3: the inferred row names the organization in speaks_for, and a note says so."""
    m = made(
        organizations=listed("a", 3),
        outcomes=listed("o", 1),
        seeks={"organization": ["a2", "a0"], "outcome": ["o0", "o0"]},
    )
    assert [("seeks", "yes", "a0"), ("seeks", "yes", "a2")] == list(
        m.asked[["question", "answered", "speaks_for"]].itertuples(index=False, name=None)
    )
    assert of_code(m.problems, "N216")


def test_a_stated_ledger_for_seeks_infers_nothing() -> None:
    m = made(
        organizations=listed("a", 2),
        outcomes=listed("o", 1),
        sources={**listed("s", 1), "organization": ["a0"]},
        seeks={"organization": ["a1"], "outcome": ["o0"]},
        asked={"source": ["s0"], "question": ["seeks"]},
    )
    assert (1, ["no"]) == (len(m.asked), list(m.asked["answered"]))
    assert not of_code(m.problems, "N216")
