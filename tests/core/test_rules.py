"""Each rule has a code, and for each code one valid and one invalid case."""
# ruff: noqa: E501  # a case reads best in one line

import numpy as np
import pandas as pd
import pytest

from sysmap.core.draft import from_frames
from sysmap.core.problems import Problem
from sysmap.core.rules import RULES, check
from sysmap.core.schema import SCHEMA, NodeType
from tests.core.making import Cells, frames, listed, of_code, text_files, told, workbook

ORGS = {"id": ["a", "b"], "name": ["Aurora", "Borealis"]}
ELEMENTS = {"id": ["e1", "e2"], "name": ["Laws", "Budget"], "area": ["policy", "costing"]}
CONTEXTS = {"id": ["NPL", "north"], "name": ["Nepal", "North"], "kind": ["country", "area"]}
OUTCOMES = {"id": ["o"], "name": ["Light"]}
SOURCES = {"id": ["s1", "s2"], "name": ["One", "Two"]}
WORK = {"organization": ["a"], "element": ["e1"]}
GOOD: dict[str, Cells] = {
    "organizations": ORGS,
    "elements": ELEMENTS,
    "contexts": CONTEXTS,
    "outcomes": OUTCOMES,
    "sources": SOURCES,
    "works_on": WORK,
}


def test_a_good_map_has_no_problem() -> None:
    """The valid case of every rule at once."""
    assert [] == list(told(**GOOD))


CASES: list[tuple[str, str, dict[str, Cells], str, str, list[str], int]] = [
    ("E101", "no sheet", {"works_on": {**WORK, "context": ["x"]}, "contexts": {}},
     "context is filled, and there is no sheet contexts",
     "add the sheet contexts with the columns id, name", ["works_on!C2"], 1),
    ("E202", "id twice", {"organizations": {"id": ["a", "a", "b"], "name": ["A", "A2", "B"]}},
     "id 'a' stands 2 times", "give each thing an id of its own, or delete the repeated row",
     ["organizations!A2", "organizations!A3"], 2),
    ("E202", "id in two tables", {"outcomes": {"id": ["e1"], "name": ["Light"]}},
     "id 'e1' stands 2 times", "give each thing an id of its own, or delete the repeated row",
     ["elements!A2", "outcomes!A2"], 2),
    ("E202", "1 and 1.0", {"groups": {"id": [1, 1.0], "name": ["G", "H"]}},
     "id '1' stands 2 times", "give each thing an id of its own, or delete the repeated row",
     ["groups!A2", "groups!A3"], 2),
    ("W203", "case", {"groups": {"id": ["Net", "net", "n et"], "name": ["G", "H", "I"]}},
     "ids 'Net' and 'net' look alike",
     "one thing or two? Use one id, or ids that look different", ["groups!A2", "groups!A3"], 2),
    ("W203", "zero width", {"groups": {"id": ["net", "ne\u200bt"], "name": ["G", "H"]}},
     "ids 'net' and 'ne<U+200B>t' look alike",
     "one thing or two? Use one id, or ids that look different", ["groups!A2", "groups!A3"], 2),
    ("W204", "leading zeros", {"groups": {"id": ["007", 7], "name": ["G", "H"]}},
     "ids '007' and '7' look alike",
     "if they are one thing, format the column as text and use one form",
     ["groups!A2", "groups!A3"], 2),
    ("E206", "nothing", {"works_on": {"organization": ["zebra"], "element": ["e1"]}},
     "organization 'zebra' is not in organizations",
     "add it to organizations, or write an id that is there", ["works_on!A2"], 1),
    ("E206", "near id", {"groups": {"id": ["network"], "name": ["N"]},
                         "belongs_to": {"organization": ["a"], "group": ["netwrok"]}},
     "group 'netwrok' is not in groups", "did you mean network? Else add it to groups",
     ["belongs_to!B2"], 1),
    ("E206", "near name", {"works_on": {"organization": ["Boraelis"], "element": ["e1"]}},
     "organization 'Boraelis' is not in organizations",
     "did you mean Borealis? Else add it to organizations", ["works_on!A2"], 1),
    ("E206", "two near ids", {"groups": {"id": ["network-a", "network-b"], "name": ["N", "M"]},
                              "belongs_to": {"organization": ["a"], "group": ["network-c"]}},
     "group 'network-c' is not in groups", "add it to groups, or write an id that is there",
     ["belongs_to!B2"], 1),
    ("E206", "two bearers of a name", {"groups": {"id": ["g", "h"], "name": ["Net", "Net"]},
                                      "belongs_to": {"organization": ["a"], "group": ["Net"]}},
     "group 'Net' names 2 rows of groups", "write one of the ids g, h", ["belongs_to!B2"], 1),
    ("E206", "country name", {"works_on": {**WORK, "context": ["Népal"]}},
     "context 'Népal' is not in contexts", "did you mean NPL?", ["works_on!C2"], 1),
    ("E206", "alpha-2 code", {"works_on": {**WORK, "context": ["LA"]}},
     "context 'LA' is not in contexts", "did you mean LAO? Then add it to contexts",
     ["works_on!C2"], 1),
    ("E206", "two in one cell", {"works_on": {**WORK, "context": ["VN; north"]}},
     "context 'VN; north' is not in contexts", "write one row each", ["works_on!C2"], 1),
    ("E206", "no country", {"works_on": {**WORK, "context": ["Global"]}},
     "context 'Global' is not in contexts", "add it to contexts, or write an id that is there",
     ["works_on!C2"], 1),
    ("E206", "default source", {"about": {"key": ["source"], "value": ["s9"]}},
     "source 's9' is not in sources", "add it to sources", ["about!B2"], 1),
    ("E207", "itself", {"influences": {"cause": ["e1", "e1"], "effect": ["e1", "o"]}},
     "cause and effect are both 'e1'", "write two different ids, or delete the row",
     ["influences!B2"], 1),
    ("W208", "again", {"works_on": {"organization": ["a", "a", "b"], "element": ["e1"] * 3}},
     "the same claim stands more than once", "it counts once per source", ["works_on!A3"], 1),
    ("W208", "again, for others",
     {"works_on": {"organization": ["a", "a"], "element": ["e1"] * 2, "note": ["n", None],
                   "visibility": ["public", "private"]}},
     "the same claim stands more than once", "it counts once per source", ["works_on!A3"], 1),
    ("W208", "again, the other way round",
     {"collaborates": {"organization": ["a", "b"], "partner": ["b", "a"]}},
     "the same claim stands more than once", "it counts once per source", ["collaborates!A3"], 1),
    ("W209", "both signs", {"influences": {"cause": ["e1"] * 3, "effect": ["o"] * 3,
                                           "sign": ["+", "-", "-"], "source": ["s1", "s1", "s2"]}},
     "source 's1' says both sides of e1 - o", "the later date counts; on one day the votes cancel",
     ["influences!C2", "influences!C3"], 2),
    ("W209", "both states", {"observed": {"element": ["e1", "e1"], "context": ["NPL", "NPL"],
                                          "state": ["present", "absent"], "source": ["s1", "s1"]}},
     "source 's1' says both sides of e1 - NPL",
     "the later date counts; on one day the votes cancel", ["observed!C2", "observed!C3"], 2),
    ("W210", "names", {"groups": {"id": ["g", "h"], "name": ["Net", " NET"]}},
     "2 rows of groups are named 'net'", "make the names differ, or keep one row",
     ["groups!B2", "groups!B3"], 2),
    ("E216", "ring", {"elements": {**ELEMENTS, "parent": ["e2", "e1"]}},
     "parent of 'e1' leads back to itself", "break the ring", ["elements!D2"], 1),
    ("E216", "own parent", {"organizations": {**ORGS, "part_of": ["a", None]}},
     "part_of of 'a' leads back to itself", "break the ring", ["organizations!C2"], 1),
    ("E219", "key twice", {"about": {"key": ["title", "Title"], "value": ["A", "B"]}},
     "key 'title' stands 2 times", "keep one row of each key", ["about!A2", "about!A3"], 2),
    ("W306", "code", {"contexts": {"id": ["XXX", "XKX"], "name": ["X", "K"], "kind": ["country"] * 2},
                      "works_on": WORK},
     "XXX is no country code of ISO 3166", "check the code, or keep it", ["contexts!A2"], 1),
    ("E307", "order", {"works_on": {**WORK, "start": ["2024-05"], "end": ["2024-04"]}},
     "start 2024-05 is after end 2024-04", "exchange or mend the dates", ["works_on!D2"], 1),
    ("W402", "no area", {"elements": {"id": ["e1", "e2"], "name": ["Laws", "Budget"],
                                      "area": ["policy", None]}},
     "area is blank: the element is unassigned", "write its area of work", ["elements!C3"], 1),
    ("N103", "no row", {"groups": {"id": [], "name": []}},
     "sheet 'groups' has no rows", "", ["groups"], 1),
    ("N214", "name", {"works_on": {"organization": ["Aurora", "Aurora"], "element": ["e1", "e2"]}},
     "organization 'Aurora' was read as a (exact name)", "", ["works_on!A2", "works_on!A3"], 2),
    ("N215", "alias", {"works_on": {"organization": ["AURORA FUND"], "element": ["e1"]},
                       "aliases": {"name": ["Aurora Fund"], "id": ["a"], "decision": ["same"]}},
     "organization 'AURORA FUND' was read as a (aliases)", "", ["works_on!A2"], 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "changed", "message", "remedy", "cells", "count"),
    [(c, t, m, r, p, n) for c, _, t, m, r, p, n in CASES],
    ids=[f"{c} {name}" for c, name, *_ in CASES],
)
def test_a_broken_rule_is_told_with_value_place_and_remedy(
    code: str, changed: dict[str, Cells], message: str, remedy: str, cells: list[str], count: int
) -> None:
    """Rows 13, 26 to 40, 43 and 60 of the scorecard; the valid case is the good map."""
    tables = {k: v for k, v in {**GOOD, **changed}.items() if v}
    _, found = check(workbook(**tables), SCHEMA)
    (fault,) = [p for p in of_code(found, code) if p.message == message]
    assert remedy == fault.remedy
    assert [f"survey.xlsx {c}" for c in cells] == [str(p) for p in fault.places]
    assert count == fault.count


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("W203", {"groups": {"id": ["net-a", "net-b"], "name": ["G", "H"]}}),
        ("W204", {"groups": {"id": ["0070", "7", "x7"], "name": ["G", "H", "I"]}}),
        ("W208", {"works_on": {"organization": ["a"] * 2, "element": ["e1"] * 2,
                               "source": ["s1", "s2"]}}),
        ("W208", {"works_on": {"organization": ["a"] * 2, "element": ["e1"] * 2,
                               "role": ["funds", "advises"]}}),
        ("W208", {"influences": {"cause": ["e1", "e2"], "effect": ["e2", "e1"]}}),
        ("W209", {"influences": {"cause": ["e1"] * 2, "effect": ["o"] * 2, "sign": ["+", "-"]}}),
        ("W209", {"influences": {"cause": ["e1"] * 2, "effect": ["o"] * 2, "sign": ["+", "-"],
                                 "source": ["s1"] * 2, "context": ["NPL", None]}}),
        ("W209", {"influences": {"cause": ["e1"] * 2, "effect": ["o"] * 2, "sign": ["+", None],
                                 "source": ["s1"] * 2}}),
        ("W210", {"groups": {"id": ["g"], "name": ["Laws"]}}),
        ("E216", {"elements": {**ELEMENTS, "parent": ["e2", None]}}),
        ("E307", {"works_on": {**WORK, "start": ["2024-05"], "end": ["2024"]}}),
        ("E307", {"works_on": {**WORK, "start": ["2024-05-31"], "end": ["2024-05"]}}),
        ("W306", {"contexts": {**CONTEXTS, "id": ["NPL", "HOT"]}}),
        ("W401", {"elements": ELEMENTS}),
        ("E206", {"works_on": {**WORK, "context": [None]}}),
        ("E219", {"about": {"key": ["title", "round"], "value": ["A", "A"]}}),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_fault_is_none(code: str, changed: dict[str, Cells]) -> None:
    assert [] == of_code(told(**{**GOOD, **changed}), code)


@pytest.mark.parametrize("kind", ["text", "frame"])
def test_places_of_a_rule_follow_the_kind_of_file(kind: str) -> None:
    tables = {**GOOD, "works_on": {"organization": ["a", "zebra"], "element": ["e1", "e1"]}}
    sheets = text_files(**tables) if kind == "text" else from_frames(frames(**tables), SCHEMA)[0]
    (fault,) = of_code(check(sheets, SCHEMA)[1], "E206")
    wanted = {
        "text": "map/works_on.csv line 3, organization",
        "frame": "works_on!row 1, organization",
    }
    assert wanted[kind] == str(fault.places[0])


def test_a_bare_map_is_a_warning_for_each_thing_that_lacks() -> None:
    """Row 60 of the scorecard."""
    assert [
        "the map has no claims",
        "the map has no elements",
        "the map has no organizations",
        "the map has no outcomes",
    ] == [p.message for p in of_code(told(), "W401")]


@pytest.mark.parametrize(("decision", "code"), [("same", "N215"), ("different", "E206")])
def test_only_what_people_called_the_same_is_read_as_the_same(decision: str, code: str) -> None:
    """Contract: aliases hold decisions; *different* is one too."""
    aliases = {"name": ["Au"], "id": ["a"], "decision": [decision]}
    work = {"organization": ["Au"], "element": ["e1"]}
    assert 1 == len(of_code(told(**{**GOOD, "works_on": work, "aliases": aliases}), code))


def test_an_alias_of_another_table_is_no_answer() -> None:
    aliases = {"name": ["Au"], "id": ["e1"], "decision": ["same"]}
    work = {"organization": ["Au"], "element": ["e1"]}
    assert 1 == len(of_code(told(**{**GOOD, "works_on": work, "aliases": aliases}), "E206"))


def test_an_id_wins_over_a_name_and_an_alias_over_a_name() -> None:
    organizations = {"id": ["a", "b"], "name": ["b", "c"]}
    work = {"organization": ["b", "c"], "element": ["e1", "e1"]}
    aliases = {"name": ["c"], "id": ["a"], "decision": ["same"]}
    sheets, _ = from_frames(
        frames(**{**GOOD, "organizations": organizations, "works_on": work, "aliases": aliases}),
        SCHEMA,
    )
    assert ["b", "a"] == list(check(sheets, SCHEMA)[0]["works_on"]["organization"])


@pytest.mark.parametrize("id", [7, 7.0, "7"])
@pytest.mark.parametrize("reference", [7, 7.0, "7", " 7 "])
def test_a_number_refers_to_itself_however_it_is_stored(id: object, reference: object) -> None:
    """Row 29 of the scorecard: one text form."""
    groups = {"id": [id], "name": ["G"]}
    found = told(**GOOD, groups=groups, belongs_to={"organization": ["a"], "group": [reference]})
    assert [] == list(found)


def test_a_truth_value_is_no_number() -> None:
    groups = {"id": [1, True], "name": ["G", "H"]}
    found = told(**GOOD, groups=groups, belongs_to={"organization": ["a"], "group": ["TRUE"]})
    assert [] == list(found)


@pytest.mark.parametrize("written", ["cafe\u0301", "café"])
@pytest.mark.parametrize("id", ["cafe\u0301", "café"])
@pytest.mark.parametrize("by", ["id", "name"])
def test_composed_and_decomposed_letters_meet(written: str, id: str, by: str) -> None:
    """Row 43 of the scorecard: ids and references are put in one form."""
    groups = {"id": [id], "name": ["G"]} if by == "id" else {"id": ["g"], "name": [id]}
    found = told(**GOOD, groups=groups, belongs_to={"organization": ["a"], "group": [written]})
    assert found.ok


def test_look_alike_letters_are_named_and_do_not_meet() -> None:
    """Row 44 of the scorecard."""
    groups = {"id": ["cost"], "name": ["G"]}
    found = told(**GOOD, groups=groups, belongs_to={"organization": ["a"], "group": ["соst"]})
    assert 1 == len(of_code(found, "E206"))
    (odd,) = of_code(found, "W211")
    assert "cyrillic small letter es" in odd.message


def test_bad_references_are_not_also_told_as_repetitions() -> None:
    """Two rows with an unknown end say nothing about one another."""
    bad = {
        "cause": ["x1", "x2"], "effect": ["o", "o"], "sign": ["+", "-"], "source": ["s1", "s1"],
    }  # fmt: skip
    found = told(**{**GOOD, "influences": bad})
    assert {"E206"} == {p.code for p in found}


def test_long_chains_of_parents_are_followed_once() -> None:
    """A chain of 20,000 parents in one step each; from every node anew it would take minutes."""
    n = 20_000
    elements = {**listed("e", n), "parent": [None, *(f"e{i}" for i in range(n - 1))]}
    assert [] == of_code(told(elements=elements), "E216")


def test_a_tail_that_leads_into_a_ring_is_not_in_it() -> None:
    elements = {**listed("e", 4), "parent": ["e1", "e2", "e1", "e0"]}
    assert ["parent of 'e1' leads back to itself", "parent of 'e2' leads back to itself"] == [
        p.message for p in of_code(told(elements=elements), "E216")
    ]


def swarm(code: str, n: int) -> dict[str, Cells]:
    """Tables with n cases of one fault."""
    half = [f"x{i // 2}" for i in range(n)]
    plain = listed("g", n)
    links = {"cause": [f"e{i // 2}" for i in range(n)], "effect": ["o"] * n}
    return {
        "E202": {"groups": {**plain, "id": half}},
        "W203": {"groups": {**plain, "id": [f"{'x' if i % 2 else 'X'}-{i // 2}" for i in range(n)]}},
        "W204": {"groups": {**plain, "id": [f"{'0' * (i % 2)}{i // 2 + 1}" for i in range(n)]}},
        "E206": {"works_on": {"organization": ["a"] * n, "element": [f"wrong-{i}-x" for i in range(n)]}},
        "E207": {"elements": listed("e", n), "influences": {"cause": plain["id"], "effect": plain["id"]},
                 "outcomes": plain},
        "W209": {"elements": listed("e", n), "sources": SOURCES, "outcomes": OUTCOMES,
                 "influences": {**links, "source": ["s1"] * n, "sign": ["+", "-"] * (n // 2)}},
        "W210": {"groups": {**plain, "name": half}},
        "E216": {"elements": {**listed("e", n), "parent": listed("e", n)["id"]}},
        "E307": {"activities": {**plain, "start": ["2024"] * n, "end": [str(1990 + i % 30) for i in range(n)]}},
        "W306": {"contexts": {"id": [f"Q{chr(65 + i % 26)}{chr(65 + i // 26)}" for i in range(min(n, 600))],
                              "name": [f"c {i}" for i in range(min(n, 600))]}},
        "E219": {"about": {"key": half, "value": half}},
    }[code]  # fmt: skip


@pytest.mark.parametrize(
    "code",
    ["E202", "W203", "W204", "E206", "E207", "W209", "W210", "E216", "E307", "W306", "E219"],
)
def test_no_rule_tells_more_than_twenty_cases_and_none_is_lost(code: str) -> None:
    """Reliability page, section 2: equal faults are grouped and the count is exact."""
    n = 200
    found = of_code(told(**{**GOOD, **swarm(code, n)}), code)
    assert len(found) <= 21
    assert n == sum(p.count for p in found)


@pytest.mark.parametrize("code", ["E202", "W203", "W204", "E206", "W210", "E216", "E307", "E219"])
def test_very_many_bad_rows_give_a_short_report(code: str) -> None:
    """Row 62 of the scorecard: grouped, and the report stays under 1 MB.

    The time for a million rows is printed by ``tests/benchmarks/bad_rows.py``.
    """
    sheets, _ = from_frames(frames(**{**GOOD, **swarm(code, 20_000)}), SCHEMA)
    _, found = check(sheets, SCHEMA)
    assert code in {p.code for p in found}
    assert len("\n".join(map(str, found))) < 20_000


def test_every_rule_is_a_function_with_its_code_in_the_first_line() -> None:
    """Convention 2: each rule has an id and a reason, and the id stands on the problem."""
    for rule in RULES:
        assert rule.__doc__ is not None
        assert rule.__doc__[0] in "EW"
        assert rule.__doc__[1:4].isdecimal()


def test_rules_see_the_types_of_a_user() -> None:
    wider = SCHEMA.extended(
        nodes=(NodeType("topics", SCHEMA["groups"].columns[:2], many="topics"),)
    )
    found = told(wider, topics={"id": ["t", "t"], "name": ["T", "U"]})
    assert ["id 't' stands 2 times"] == [p.message for p in of_code(found, "E202")]


def test_problems_do_not_depend_on_the_order_of_the_tables() -> None:
    tables = {**GOOD, "works_on": {"organization": ["zebra"], "element": ["e9"]}}
    turned = dict(reversed(list(tables.items())))
    assert {(p.code, p.message) for p in told(**tables)} == {
        (p.code, p.message) for p in told(**turned)
    }


def test_random_text_in_every_cell_is_judged_and_never_a_crash() -> None:
    """A thousand rows of junk in every column of every table."""
    rng = np.random.default_rng(0)
    junk = np.array([None, "", "x", 1, 2.5, "2024", "+", "yes", True, "a; b", "é"], dtype=object)
    tables = {
        kind.table: pd.DataFrame(
            {c.name: junk[rng.integers(len(junk), size=1000)] for c in kind.columns}, dtype=object
        )
        for kind in SCHEMA
    }
    sheets, _ = from_frames(tables, SCHEMA)
    _, found = check(sheets, SCHEMA)
    assert all(isinstance(p, Problem) for p in found)
    assert len(found) < 2_000
