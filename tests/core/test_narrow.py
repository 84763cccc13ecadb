"""Narrower maps: select, upstream and downstream, as of a date (design.md section 5)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sysmap.analyses.common_outcomes import common_outcomes
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
        ("2024-05", [("a0", "e0"), ("a0", "e1")], "1 later claim and 4 without any date"),
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


def test_a_map_cut_at_a_date_says_so_to_every_audience_and_counts_for_none_but_its_own() -> None:
    then = chain().as_of("2024-04").redact()
    (note,) = of_code(then.problems, "N404")
    assert "as of 2024-04: how much was left out is not for this audience" == note.message


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


def left_out(m: SystemMap) -> list[str]:
    """What the map says that it leaves out."""
    return [note.message for note in of_code(m.problems, "N405")]


def test_a_part_says_what_it_leaves_out() -> None:
    """Hand: e0, e1 and e2 lead to o0; e3 and one claim about it are left out."""
    m = chain()
    assert [] == left_out(m)
    assert ["of the whole map, 1 of 4 elements and 1 of 4 other claims are left out"] == left_out(
        m.upstream("o0")
    )
    (note,) = of_code(m.downstream("e1", steps=1).problems, "N405")
    assert (
        "of the whole map, 1 of 1 outcomes, 2 of 4 elements, 2 of 3 influences and 2 of 4 other "
        "claims are left out"
    ) == note.message
    assert ("note", 7) == (note.level, note.count)
    hidden = left_out(m.upstream("o0").redact())
    assert ["how much of the whole map is left out is not for this audience"] == hidden
    assert [] == left_out(m.redact())


def test_a_part_that_is_the_whole_says_nothing() -> None:
    m = chain()
    assert [] == left_out(m.select(elements=m.elements.index))
    assert [] == left_out(m.downstream(["e0", "e3"]))


def test_a_part_of_a_part_has_one_note_about_the_whole() -> None:
    m = chain()
    step = m.select(contexts="c0").upstream("e1")
    assert left_out(m.upstream("e1").select(contexts="c0")) == left_out(step)
    (said,) = left_out(step)
    assert "2 of 4 elements, 1 of 2 contexts" in said


def test_joined_parts_say_what_neither_holds_and_shared_ones_what_one_lacks() -> None:
    """Hand: upstream of e1 is e0, e1; downstream of e1 is e1, e2, o0; e3 is in neither."""
    m = chain()
    up, down = m.upstream("e1"), m.downstream("e1")
    assert ["of the whole map, 1 of 4 elements and 1 of 4 other claims are left out"] == left_out(
        up | down
    )
    (said,) = left_out(up & down)
    assert "1 of 1 outcomes, 3 of 4 elements, 3 of 3 influences" in said
    assert ["e1"] == list((up & down).elements.index)
    assert (
        [] == left_out(up | m) == left_out(m | up) == left_out(up | down | m.select(areas=[]) | m)
    )
    assert left_out(up) == left_out(m & up) == left_out(up & up)


def test_parts_of_different_maps_keep_both_notes() -> None:
    """What the whole of two maps would be, nobody said; so nothing is reckoned."""
    one, other = chain().upstream("e1"), chain().as_of("2024-05").select(elements=["e0", "e1"])
    both = one | other
    assert set(left_out(one)) | set(left_out(other)) == set(left_out(both))
    assert both.whole is None


def test_an_audience_is_not_told_how_much_a_part_leaves_out() -> None:
    """Numbers of what was there before redaction could be compared with another export."""
    assert ["how much of the whole map is left out is not for this audience"] == left_out(
        chain().upstream("e1").redact()
    )
    said = left_out(chain().upstream("e1").redact())
    assert said == left_out(chain().upstream("e1").redact("members").redact())
    assert said == left_out(chain().upstream("e1").as_of("2024").redact())
    assert [] == left_out(chain().redact())
    (said,) = left_out(chain().redact().upstream("e1"))
    assert "2 of 4 elements" in said


def test_an_answer_about_a_part_says_so() -> None:
    m = shipped("teaching").downstream("teacher-training")
    (said,) = left_out(m)
    assert f"This answer is about a part: {said}." in common_outcomes(m).caveats
    assert not any("part" in c for c in common_outcomes(shipped("teaching")).caveats)


def test_parts_that_lost_different_references_are_joined_again() -> None:
    """A part makes the reference to what it left out blank; the other part still has it."""
    m = made(
        outcomes=listed("o", 2),
        elements={**listed("e", 3), "parent": ["e2", None, None]},
        organizations=listed("a", 2),
        sources={**listed("s", 2), "organization": ["a0", "a1"]},
        influences={"cause": ["e0", "e0", "e2"], "effect": ["o0", "o1", "o1"]},
    )
    narrow, wide = m.upstream("o0"), m.upstream("o1")
    assert narrow.elements["parent"].isna().all()
    for both in (narrow | wide, wide | narrow):
        assert "e2" == both.elements.loc["e0", "parent"]
    for both in (narrow & wide, wide & narrow):
        assert both.elements["parent"].isna().all()
    first, second = m.select(organizations="a0"), m.select(organizations="a1")
    assert_maps_equal(m, first | second)
    assert ["a0", "a1"] == sorted((first & second).sources["reporter"])
    assert_maps_equal(first & second, reread(first & second))


def test_an_answer_that_lost_its_context_in_one_part_is_one_answer() -> None:
    """Wishes have no place: the answer outlives its context, was given once and stays given."""
    m = made(
        organizations=listed("a", 2),
        outcomes=listed("o", 2),
        contexts=listed("c", 3),
        sources={**listed("s", 2), "organization": ["a0", "a1"]},
        seeks={"organization": ["a0"], "outcome": ["o0"], "source": ["s0"]},
        asked={
            "source": ["s0", "s0", "s0", "s1", "s1"],
            "question": ["seeks", "seeks", "seeks", "seeks", "observed"],
            "context": ["c0", "c1", None, "c1", "c1"],
            "answered": ["yes", "yes", "yes", "no", "yes"],
        },
    )
    first, second = m.select(contexts="c0"), m.select(contexts="c1")
    assert_maps_equal(m, first | second | m.select(contexts="c2"))
    assert_maps_equal(m, m | second)
    for both in (first & second, second & first):
        wishes = both.asked[both.asked["question"] == "seeks"]
        assert ["s0", "s0", "s0", "s1"] == sorted(wishes["source"])
        assert wishes["context"].isna().all()
        assert ["no", "yes", "yes", "yes"] == sorted(wishes["answered"])
    assert_maps_equal(second, m & second)
    third = m.select(contexts="c2")
    assert_maps_equal((first | second) & third, (first & third) | (second & third))
    seeking = common_outcomes(first & second).frame.loc["o0", ["seeking", "responding"]]
    assert [1, 1] == seeking.tolist()


def parentless(m: SystemMap) -> SystemMap:
    """A reference that both parts lost cannot be regained, so the law leaves parents out."""
    return replace(m, tables={**m.tables, "elements": m.table("elements").assign(parent=None)})


@FEW
@given(maps(max_size=10), st.integers(0, 99), st.sampled_from([None, None, 0, 1, 2]))
def test_upstream_of_a_union_is_the_union_of_upstreams(
    m: SystemMap, seed: int, steps: int | None
) -> None:
    """With steps, a link between the last ones of two parts is in neither; nodes are the same."""
    nodes = [*m.elements.index, *m.outcomes.index]
    rng = np.random.default_rng(seed)
    a, b = ([id for id in nodes if rng.random() < 0.2] for _ in range(2))
    for way in ("upstream", "downstream"):
        one, other = (getattr(m, way)(of, steps) for of in (a, b))
        at_once, joined, shared = getattr(m, way)([*a, *b], steps), one | other, one & other
        if steps is None:
            assert_maps_equal(parentless(at_once), parentless(joined))
            assert left_out(at_once) == left_out(joined)
        assert at_once.elements.index.sort_values().equals(joined.elements.index.sort_values())
        for table in ("elements", "outcomes"):
            ids = [set(x.table(table)["id"]) for x in (one, other, shared)]
            assert ids[0] & ids[1] == ids[2]
        for kind in m.schema.links:
            sizes = [len(x.links(kind.table)) for x in (shared, one, other, joined)]
            assert sizes[0] <= min(sizes[1:3]) <= max(sizes[1:3]) <= sizes[3]
        assert_maps_equal(one | other, other | one)
        assert_maps_equal(one & other, other & one)
        assert_maps_equal(shared, reread(shared))


@FEW
@given(maps(max_size=8), st.integers(0, 99))
def test_the_order_of_rows_changes_no_part(m: SystemMap, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shuffled = replace(
        m,
        tables={
            t: f.iloc[rng.permutation(len(f))].reset_index(drop=True) for t, f in m.tables.items()
        },
    )
    for id in [*m.elements.index, *m.outcomes.index][:3]:
        for steps in (None, 1):
            one, other = m.upstream(id, steps), shuffled.upstream(id, steps)
            assert_maps_equal(one, other)
            assert left_out(one) == left_out(other)
            assert one.whole == other.whole


@pytest.mark.parametrize("name", SHIPPED)
def test_on_the_shipped_maps_levers_of_either_and_of_both_are_right(name: str) -> None:
    """Oracle: networkx ancestors."""
    m = shipped(name)
    links = m.links("influences")
    graph = nx.DiGraph(list(zip(links["cause"], links["effect"], strict=True)))
    graph.add_nodes_from([*m.elements.index, *m.outcomes.index])
    for a, b in itertools.combinations(m.outcomes.index[:4], 2):
        up = [nx.ancestors(graph, x) | {x} for x in (a, b)]
        both, either = m.upstream(a) & m.upstream(b), m.upstream(a) | m.upstream(b)
        assert up[0] & up[1] == {*both.elements.index, *both.outcomes.index}
        assert up[0] | up[1] == {*either.elements.index, *either.outcomes.index}
        claims = links["cause"].isin(up[0] | up[1]) & links["effect"].isin(up[0] | up[1])
        assert int(claims.sum()) == len(either.links("influences"))
