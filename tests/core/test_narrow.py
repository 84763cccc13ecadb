"""Narrower maps: select, upstream and downstream, as of a date (design.md section 5)."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sysmap.core.errors import UnknownIdError
from sysmap.core.model import SystemMap
from sysmap.testing import assert_maps_equal
from tests.core.making import listed, made, of_code, reread
from tests.maps import shipped
from tests.strategies import maps

FEW = settings(max_examples=4, phases=[Phase.generate])
SHIPPED = ("teaching", "asia-pacific-digital-learning")


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


def halves(m: SystemMap, seed: int) -> dict[str, list[str]]:
    """About half of the ids of every table that `select` narrows, and half of the areas."""
    rng = np.random.default_rng(seed)
    tables = ("elements", "contexts", "organizations", "outcomes")
    chosen = {t: [id for id in m.table(t)["id"] if rng.random() < 0.5] for t in tables}
    areas = sorted(set(m.elements["area"].dropna()))
    return chosen | ({"areas": [a for a in areas if rng.random() < 0.7]} if areas else {})


@FEW
@given(maps(max_size=8), st.integers(0, 99))
def test_selecting_twice_is_selecting_both(m: SystemMap, seed: int) -> None:
    chosen = halves(m, seed)
    at_once = m.select(**chosen)
    for order in (list(chosen), list(chosen)[::-1]):
        step = m
        for keyword in order:
            still = step.elements["area"] if keyword == "areas" else step.table(keyword)["id"]
            step = step.select(**{keyword: [x for x in chosen[keyword] if x in set(still)]})
        assert_maps_equal(at_once, step)


@FEW
@given(maps(max_size=8), st.integers(0, 99))
def test_a_narrowed_map_is_read_back_as_it_is(m: SystemMap, seed: int) -> None:
    narrowed = [m.select(**halves(m, seed)), m.as_of("2024-02")]
    narrowed += [m.upstream(id) for id in m.elements.index[:1]]
    for narrow in narrowed:
        assert_maps_equal(narrow, reread(narrow))


@pytest.mark.parametrize("name", SHIPPED)
def test_narrowed_shipped_maps_are_read_back_as_they_are(name: str) -> None:
    m = shipped(name)
    first = {t: list(m.table(t)["id"][:3]) for t in ("contexts", "organizations")}
    area = sorted(set(m.elements["area"].dropna()))[0]
    narrowed = (
        m.select(**first),
        m.select(areas=area),
        m.as_of("2023-06"),
        m.upstream(m.elements.index[-1]),
        m.redact().select(**first),
        m.select(**first).redact(),
    )
    for narrow in narrowed:
        assert_maps_equal(narrow, reread(narrow))


def wished(**columns: list[object]) -> SystemMap:
    """One wish of each of two organizations, and a stated ledger of who was asked for wishes."""
    return made(
        organizations=listed("a", 2),
        outcomes=listed("o", 1),
        contexts=listed("c", 2),
        elements={**listed("e", 2), "area": ["Costing", "Strategy"]},
        sources={**listed("s", 1), "organization": ["a0"], "date": ["2024"]},
        seeks={
            "organization": ["a0", "a1"],
            "outcome": ["o0", "o0"],
            "source": ["s0", None],
            "date": ["2023", "2023"],
        },
        asked={"source": ["s0"], "question": ["seeks"], "answered": ["yes"], **columns},
    )


@pytest.mark.parametrize(
    ("scope", "kept"),
    [({"context": ["c0"]}, {"contexts": "c1"}), ({"area": ["Costing"]}, {"areas": "Strategy"})],
)
def test_an_answer_about_what_has_no_place_or_area_outlives_them(
    scope: dict[str, list[object]], kept: dict[str, str]
) -> None:
    """A wish names neither context nor element, so narrowing these leaves its answers alone:
    narrowing never changes whether something was answered (design.md section 3)."""
    small = wished(**scope).select(**kept)
    assert [("s0", "yes")] == list(
        small.asked[["source", "answered"]].itertuples(index=False, name=None)
    )
    assert small.asked["speaks_for"].isna().all()
    assert_maps_equal(small, reread(small))


def test_a_ledger_that_is_later_than_the_wishes_leaves_nobody_who_answered() -> None:
    """The only stated row leaves and the wishes of 2023 stay; the next reader must not take them
    for answers (decision 3)."""
    then = wished().as_of("2023")
    assert ["o0", "o0"] == list(then.links("seeks")["outcome"])
    assert [("a0", "no"), ("a1", "no")] == list(
        then.asked[["speaks_for", "answered"]].itertuples(index=False, name=None)
    )
    assert_maps_equal(then, reread(then))


def rows_of(m: SystemMap) -> set[tuple[str, int]]:
    """Every claim, told apart by its table and a number in its note."""
    return {(kind.table, note) for kind in m.schema.links for note in m.links(kind.table)["number"]}


@FEW
@given(maps(max_size=8, carried=False))
def test_later_maps_hold_all_that_earlier_ones_hold(m: SystemMap) -> None:
    numbered = {k.table: m.table(k.table) for k in m.schema}
    for kind in m.schema.links:
        frame = numbered[kind.table]
        numbered[kind.table] = frame.assign(number=np.arange(float(len(frame))))
    told = SystemMap(numbered)
    found = [rows_of(told.as_of(date)) for date in ("1998", "2020-06", "2024", "2026")]
    assert all(a <= b for a, b in zip(found, [*found[1:], rows_of(told)], strict=True))


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("steps", [0, 1, 2, None])
def test_what_is_reached_is_what_networkx_reaches(name: str, steps: int | None) -> None:
    """Oracle: networkx descendants, and shortest paths where steps are limited."""
    m = shipped(name)
    links = m.links("influences")
    graph = nx.DiGraph(list(zip(links["cause"], links["effect"], strict=True)))
    nodes = [*m.elements.index, *m.outcomes.index]
    graph.add_nodes_from(nodes)
    for start in nodes[:: max(1, len(nodes) // 12)]:
        for narrow, view in ((m.downstream, graph), (m.upstream, graph.reverse())):
            small = narrow(start, steps=steps)
            found = {*small.elements.index, *small.outcomes.index}
            assert set(nx.single_source_shortest_path_length(view, start, steps)) == found
