"""Claims in integer codes, and what a share counts (methods.md section 0)."""

from __future__ import annotations

import numpy as np
import pytest

from sysmap.core.claims import claims, incidence, unit_contexts
from tests.core.making import listed, made


@pytest.mark.parametrize(
    ("kinds", "units"),
    [
        (["country", "setting", "setting"], ["c0"]),
        ([None, "setting", "setting"], ["c1", "c2"]),
        (["area", "setting", "setting"], ["c1", "c2"]),
        ([None, None, None], ["c0", "c1", "c2"]),
    ],
)
def test_countries_are_counted_else_the_commonest_kind_else_all(
    kinds: list[str | None], units: list[str]
) -> None:
    m = made(contexts={**listed("c", 3), "kind": kinds})
    assert units == list(unit_contexts(m))


def test_another_kind_can_be_asked_about_and_an_unknown_one_is_named() -> None:
    m = made(contexts={**listed("c", 2), "kind": ["country", "setting"]})
    assert ["c1"] == list(unit_contexts(m, "setting"))
    with pytest.raises(ValueError, match="there are: country, setting"):
        unit_contexts(m, "area")
    with pytest.raises(ValueError, match="there are: none"):
        unit_contexts(made(contexts=listed("c", 1)), "area")


def test_a_claim_is_dated_by_its_last_day_else_by_its_source() -> None:
    """A partial date is the interval that it covers; an undated claim of an undated source has
    no day."""
    m = made(
        elements=listed("e", 1),
        contexts=listed("c", 4),
        sources={**listed("s", 2), "date": ["2023-02", None]},
        observed={
            "element": ["e0"] * 4,
            "context": ["c0", "c1", "c2", "c3"],
            "state": ["present"] * 4,
            "source": ["s0", "s0", "s1", None],
            "date": ["2024", None, None, None],
        },
    )
    days = claims(m, "observed").day.astype("datetime64[D]").astype(str)
    assert ["2024-12-31", "2023-02-28", "NaT", "NaT"] == days.tolist()


def test_reporters_are_organizations_else_sources_else_one_anonymous() -> None:
    m = made(
        organizations=listed("a", 1),
        elements=listed("e", 1),
        contexts=listed("c", 5),
        sources={**listed("s", 3), "organization": ["a0", "a0", None]},
        observed={
            "element": ["e0"] * 5,
            "context": [f"c{i}" for i in range(5)],
            "state": ["present"] * 5,
            "source": ["s0", "s1", "s2", None, None],
        },
    )
    told = claims(m, "observed")
    said = [told.reporters[i] for i in told.reporter]
    assert ["a0", "a0", "s2", "anonymous (observed)", "anonymous (observed)"] == said
    assert [False, False, False, True, True] == told.anonymous.tolist()


def test_ends_of_several_tables_get_one_numbering_and_blanks_get_none() -> None:
    m = made(
        elements=listed("e", 2),
        outcomes=listed("o", 1),
        contexts=listed("c", 1),
        influences={
            "cause": ["e0", "e1"],
            "effect": ["e1", "o0"],
            "context": ["c0", None],
        },
    )
    told = claims(m, "influences")
    assert ["e1", "o0"] == [told.second_ids[i] for i in told.second]
    assert [0, -1] == told.context.tolist()


def test_claims_are_encoded_once_per_map() -> None:
    m = made(elements=listed("e", 1), contexts=listed("c", 1))
    assert claims(m, "observed") is claims(m, "observed")


def test_incidence_sums_and_leaves_blanks_out() -> None:
    rows, columns = np.array([0, 0, 1, -1]), np.array([1, 1, -1, 0])
    counts = incidence(rows, columns, (2, 2))
    assert [[0, 2], [0, 0]] == counts.toarray().tolist()
    summed = incidence(rows, columns, (2, 2), np.array([0.5, 2, 9, 9]))
    assert [[0, 2.5], [0, 0]] == summed.toarray().tolist()


def test_the_commonest_kind_is_one_that_claims_name() -> None:
    """methods.md section 0: else the commonest kind with claims; areas are more, and silent."""
    m = made(
        elements=listed("e", 1),
        contexts={**listed("c", 6), "kind": ["area"] * 3 + ["setting"] * 2 + [None]},
        observed={"element": ["e0"] * 2, "context": ["c3", "c5"], "state": ["present"] * 2},
    )
    assert ["c3", "c4"] == list(unit_contexts(m))


def test_codes_that_all_callers_share_cannot_be_written() -> None:
    m = made(
        elements=listed("e", 1),
        contexts=listed("c", 1),
        observed={"element": ["e0"], "context": ["c0"], "state": ["present"]},
    )
    told = claims(m, "observed")
    for codes in (told.first, told.second, told.context, told.reporter, told.day):
        with pytest.raises(ValueError, match="read-only"):
            codes[0] = codes[0]
