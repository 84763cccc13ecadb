"""Coverage against methods.md section 13, a plain-loop twin and the law of silence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sysmap.analyses.coverage import Coverage, coverage
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from tests.core.making import listed, made
from tests.maps import shipped

ASIA, TEACHING = "asia-pacific-digital-learning", "teaching"
COUNTED = ("organizations", "asked", "answered", "silent", "responding", "named")
Tables = dict[str, pd.DataFrame]


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split(), dtype=object)


def small(works: str, asked: str = "abcdg", silent: str = "", **more: pd.DataFrame) -> Tables:
    """One element in one context; each letter is an organization with a source of its own."""
    everyone = list("abcdg")
    ledger = [(s, "works_on", "no" if s in silent else "yes") for s in asked]
    tables = {
        "organizations": pd.DataFrame({"id": [f"o{s}" for s in everyone], "name": everyone}),
        "elements": frame("id name area", ("e", "Element", "Area")),
        "contexts": frame("id name", ("x", "Xanadu")),
        "sources": pd.DataFrame(
            {"id": everyone, "name": everyone, "organization": [f"o{s}" for s in everyone]}
        ),
        "works_on": frame(
            "organization element context source", *((f"o{s}", "e", "x", s) for s in works)
        ),
        "asked": frame("source question answered", *ledger),
    }
    return {**tables, **more}


def cell(tables: Tables, **options: object) -> pd.Series:
    return coverage(from_tables(tables), **options).frame.loc[("e", "x")]


def also_asked(tables: Tables, *rows: tuple[str, str, str]) -> Tables:
    ledger = pd.concat([tables["asked"], frame("source question answered", *rows)])
    return {**tables, "asked": ledger.reset_index(drop=True)}


def ties(*pairs: str) -> pd.DataFrame:
    return frame("organization partner", *((f"o{a}", f"o{b}") for a, b in pairs))


def told(tables: Tables, who: str, answered: str = "yes") -> Tables:
    return also_asked(tables, *((s, "collaborates", answered) for s in who))


# States, one by one


def test_a_cell_is_unknown_where_nobody_was_asked():
    tables = small("", asked="a")
    tables["asked"]["context"] = "y"
    tables["contexts"] = frame("id name", ("x", "Xanadu"), ("y", "Ys"))
    row = cell(tables)
    assert (row["state"], row["leaning"]) == ("unknown", "unknown")
    assert np.isnan(row["gap"])


def test_a_cell_is_unknown_where_somebody_is_silent_and_leans_by_the_others():
    row = cell(small("", asked="abc", silent="c"))
    assert (row["state"], row["leaning"]) == ("unknown", "uncovered")
    assert (row["asked"], row["answered"], row["silent"]) == (3, 2, 1)
    # one silent organization of a target of two could cover half
    assert (row["gap"], row["gap_high"]) == (0.5, 1.0)


def test_a_cell_is_unknown_where_the_need_is_not_known():
    tables = also_asked(small("", asked="ab"), ("a", "priorities", "no"))
    row = cell(tables)
    assert (row["state"], row["responding"]) == ("unknown", 0)
    assert np.isnan(row["need"])
    assert np.isnan(row["gap"])


def test_a_cell_that_nobody_names_is_not_needed():
    row = cell(also_asked(small("", asked="ab"), ("a", "priorities", "yes")))
    assert (row["state"], row["need"], row["gap"]) == ("not needed", 0, 0)


def test_a_cell_that_is_needed_and_empty_is_uncovered():
    named = frame("organization element context source", ("oa", "e", "x", "a"))
    tables = small("", asked="ab", priorities=named)
    tables = also_asked(tables, ("a", "priorities", "yes"), ("b", "challenges", "yes"))
    row = cell(tables)
    assert (row["state"], row["responding"], row["named"]) == ("uncovered", 2, 1)
    assert (row["need"], row["gap"]) == (0.5, 0.5)


def test_one_organization_is_single():
    row = cell(small("a"))
    assert (row["state"], row["gap"]) == ("single", 0.5)


def test_two_organizations_cover_a_cell():
    row = cell(small("ab"))
    assert (row["state"], row["gap"]) == ("covered", 0)


def test_four_strangers_are_crowded_and_half_of_the_pairs_tied_is_not():
    """Six pairs; crowded needs fewer than three of them tied."""
    two = told(small("abcd", collaborates=ties("ab", "cd")), "abcd")
    three = told(small("abcd", collaborates=ties("ab", "cd", "ac")), "abcd")
    assert cell(two)["state"] == "crowded"
    assert cell(three)["state"] == "covered"


def test_a_crowd_of_whom_nobody_told_its_ties_is_covered():
    assert cell(small("abcd"))["state"] == "covered"


def test_two_strangers_that_both_told_are_unconnected():
    assert cell(told(small("ab"), "ab"))["state"] == "unconnected"
    assert cell(told(small("ab"), "a"))["state"] == "covered"
    assert cell(told(small("ab", collaborates=ties("ab")), "ab"))["state"] == "covered"


def test_a_silent_third_organization_keeps_two_strangers_from_being_unconnected():
    row = cell(told(small("ab", silent="c"), "ab"))
    assert (row["state"], row["leaning"]) == ("covered", "unconnected")


def test_silence_about_activities_keeps_a_tie_possible():
    tables = also_asked(told(small("ab"), "ab"), ("a", "takes_part", "no"))
    assert cell(tables)["state"] == "covered"


# Who counts


@pytest.mark.parametrize(
    ("column", "text"),
    [("status", "completed"), ("status", "cancelled"), ("end", "2023"), ("start", "2025")],
)
def test_work_that_is_over_or_ahead_does_not_count(column, text):
    tables = small("a")
    tables["works_on"][column] = text
    row = cell(tables, at="2024-06-30")
    assert (row["organizations"], row["state"]) == (0, "uncovered")


def test_a_partial_date_reaches_as_far_as_it_can():
    tables = small("a")
    tables["works_on"] = tables["works_on"].assign(start="2024", end="2024")
    assert cell(tables, at="2024-06-30")["organizations"] == 1


def test_the_data_date_in_about_is_the_day_that_counts():
    tables = small("a", about=frame("key value", ("data date", "2024-06")))
    tables["works_on"]["start"] = "2024-07"
    found = coverage(from_tables(tables))
    assert (found.params["at"], found.frame["organizations"].iloc[0]) == ("2024-06-30", 0)


def test_a_place_that_is_not_stated_counts_in_no_cell():
    tables = small("a")
    tables["works_on"]["context"] = None
    found = coverage(from_tables(tables))
    assert found.frame["organizations"].iloc[0] == 0
    assert any('1 of 1 "works on" claims state no place' in c for c in found.caveats)


def test_an_organization_is_silent_where_one_of_its_sources_is():
    """Otherwise taking away one answer of two would make a cell uncovered."""
    tables = small("", asked="a")
    tables["sources"].loc[1, "organization"] = "oa"
    row = cell(also_asked(tables, ("b", "works_on", "no")))
    assert (row["asked"], row["answered"], row["silent"]) == (1, 0, 1)


def test_a_claim_by_another_source_counts_as_work_but_never_as_an_answer():
    tables = small("", asked="a", silent="a")
    tables["works_on"] = frame("organization element context source", ("oa", "e", "x", "b"))
    row = cell(tables)
    assert (row["organizations"], row["answered"], row["silent"]) == (1, 0, 0)


def test_effort_counts_unequal_organizations_as_fewer():
    """methods.md section 16: shares 30 30 20 20 % are 3.8461538 equal ones."""
    tables = small("abcd")
    tables["works_on"]["staff"] = ["30", "30", "20", "20"]
    row = cell(tables, effort="staff")
    assert row["effective"] == pytest.approx(3.8461538)
    assert row["organizations"] == 4


def test_a_blank_effort_lets_the_organizations_of_its_cell_count_alike():
    tables = small("abcd")
    tables["works_on"]["staff"] = ["30", "30", "20", None]
    assert cell(tables, effort="staff")["effective"] == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"effort": "staff"}, "effort 'staff' is no carried column of works_on; there are: money"),
        ({"effort": "money"}, "works_on, row 0, money: 'much' is no number from 0 up"),
        ({"target": 0}, "target is 0; give a number above 0"),
        ({"crowded": -1}, "crowded is -1; give a number above 0"),
        ({"at": "soon"}, "'soon' is not a date"),
    ],
)
def test_options_that_cannot_be_used_are_refused(options, message):
    tables = small("a")
    tables["works_on"]["money"] = "much"
    with pytest.raises(ValueError, match=message):
        coverage(from_tables(tables), **options)


@pytest.mark.parametrize("table", ["works_on", "contexts", "elements"])
def test_a_missing_table_is_named(table):
    tables = small("a")
    if table == "works_on":
        del tables["works_on"], tables["asked"]
    elif table == "contexts":
        del tables["contexts"]
        tables["works_on"]["context"] = None
    else:
        del tables["elements"], tables["works_on"]
    with pytest.raises(UndecidableError, match=rf"Add the sheet {table}\."):
        coverage(from_tables(tables))


# The twin


def world(seed: int) -> Tables:
    """Six organizations, each with one or two sources that speak for it, inside their scopes."""
    rng = np.random.default_rng(seed)
    organizations, elements, contexts = list("abcdef"), list("pqrs"), list("xyz")
    areas = {"p": "One", "q": "One", "r": "Two", "s": None}
    sources = [(f"s{o}{i}", f"s{o}{i}", f"o{o}") for o in organizations for i in range(2)]
    tables: dict[str, list[tuple[object, ...]]] = {
        t: [] for t in ("works_on", "priorities", "challenges", "collaborates", "takes_part")
    }
    asked: list[tuple[object, ...]] = []
    for source, _, owner in sources:
        for question, rows in tables.items():
            if rng.random() < 0.35:
                continue
            placed = question in ("works_on", "priorities", "challenges")
            context = rng.choice([*contexts, None]) if placed else None
            area = rng.choice(["One", "Two", None]) if placed else None
            answered = rng.choice(["yes", "yes", "no"])
            asked.append((source, question, context, area, answered))
            if answered == "no":
                continue
            for _ in range(rng.integers(0, 7)):
                if question == "collaborates":
                    partner = f"o{rng.choice(organizations)}"
                    if partner != owner:
                        rows.append((owner, partner, source))
                elif question == "takes_part":
                    rows.append((owner, rng.choice(["t", "u"]), source))
                else:
                    element, place = rng.choice(elements), context or rng.choice(contexts)
                    if area is None or areas[element] == area:
                        rows.append((owner, element, place, source))
    ends = {
        "collaborates": "organization partner source",
        "takes_part": "organization activity source",
    }
    made = {
        t: frame(ends.get(t, "organization element context source"), *tables[t]) for t in tables
    }
    made["takes_part"]["role"] = "leads"
    made["works_on"]["status"] = rng.choice(["ongoing", "completed", None], len(made["works_on"]))
    return {
        "organizations": frame("id name", *((f"o{o}", o) for o in organizations)),
        "elements": frame("id name area", *((e, e, areas[e]) for e in elements)),
        "contexts": frame("id name", *((c, c) for c in contexts)),
        "outcomes": frame("id name", ("out", "Outcome")),
        "activities": frame("id name", ("t", "T"), ("u", "U")),
        "sources": frame("id name organization", *sources),
        "influences": frame(
            "cause effect sign strength",
            *((e, "out", rng.choice(["+", "-"]), rng.integers(1, 4)) for e in elements),
        ),
        "asked": frame("source question context area answered", *asked),
        **made,
    }


def by_hand(tables: Tables) -> dict[tuple[str, str], dict[str, object]]:
    """Section 13 in plain loops, for maps whose sources all speak for an organization."""
    speaks = dict(zip(tables["sources"]["id"], tables["sources"]["organization"], strict=True))
    area = dict(zip(tables["elements"]["id"], tables["elements"]["area"], strict=True))
    ledger = list(tables["asked"].itertuples(index=False, name=None))
    questions = {row[1] for row in ledger}

    def who(question: str, answer: str, e: str, c: str) -> set[str]:
        return {
            speaks[s]
            for s, q, context, wanted, a in ledger
            if q == question and a == answer
            and context in (None, c) and (wanted is None or wanted == area[e])
        }  # fmt: skip

    def claims(table: str, e: str, c: str) -> set[str]:
        rows = tables[table]
        here = rows[(rows["element"] == e) & (rows["context"] == c)]
        if table == "works_on":
            here = here[here["status"] != "completed"]
        return set(here["organization"])

    tie = {frozenset(p) for p in tables["collaborates"][["organization", "partner"]].to_numpy()}
    for _, group in tables["takes_part"].groupby("activity"):
        tie |= {frozenset((a, b)) for a in group["organization"] for b in group["organization"]}
    spoke = {speaks[r[0]] for r in ledger if r[1] == "collaborates" and r[4] == "yes"}
    spoke -= {
        speaks[r[0]] for r in ledger if r[1] in ("collaborates", "takes_part") and r[4] == "no"
    }
    found = {}
    for e in tables["elements"]["id"]:
        for c in tables["contexts"]["id"]:
            working = claims("works_on", e, c)
            quiet = who("works_on", "no", e, c)
            yes = who("works_on", "yes", e, c)
            if "works_on" not in questions:
                yes = working
            asked, silent = yes | quiet, quiet - working
            heard = set()
            for table in ("priorities", "challenges"):
                stated = table in questions
                heard |= who(table, "yes", e, c) if stated else claims(table, e, c)
            named = heard & (claims("priorities", e, c) | claims("challenges", e, c))
            need = len(named) / len(heard) if heard else None
            pairs = [frozenset((a, b)) for a in working for b in working if a < b]
            known = [p for p in pairs if p <= spoke]
            n = len(working)
            if n == 0:
                unknown = not asked or silent or need is None
                state = "unknown" if unknown else "uncovered" if need else "not needed"
            elif n == 1:
                state = "single"
            elif n >= 3 and known and sum(p in tie for p in known) < len(known) / 2:
                state = "crowded"
            elif working <= spoke and not silent and not any(p in tie for p in pairs):
                state = "unconnected"
            else:
                state = "covered"
            gap = need * (1 - min(1, (n + len(silent)) / 2)) if need is not None and asked else None
            found[e, c] = {
                "organizations": n, "asked": len(asked), "answered": len(asked - quiet),
                "silent": len(silent), "responding": len(heard), "named": len(named),
                "state": state, "gap": gap,
            }  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(8))
def test_every_cell_is_that_of_plain_loops(seed):
    tables = world(seed)
    found = coverage(from_tables(tables), crowded=3).frame
    expected = by_hand(tables)
    assert set(expected) == set(found.index)
    for key, counts in expected.items():
        row = found.loc[key]
        gap = counts.pop("gap")
        assert counts == {name: row[name] for name in counts}, key
        assert row["gap"] == pytest.approx(np.nan if gap is None else gap, nan_ok=True), key


def test_without_a_ledger_only_explicit_rows_count():
    """Asked and answered is who says itself that it works there; nobody else was asked."""
    tables = small("a")
    del tables["asked"]
    tables["elements"] = frame("id name", ("e", "Element"), ("f", "Other"))
    found = coverage(from_tables(tables)).frame
    assert list(found.loc[("e", "x"), ["asked", "answered", "silent"]]) == [1, 1, 0]
    assert found.loc[("f", "x"), "state"] == "unknown"


def test_without_any_need_gaps_rest_on_coverage_alone_and_say_so():
    found = coverage(from_tables(small("", asked="a")))
    row = found.frame.loc[("e", "x")]
    assert (row["state"], row["gap"]) == ("uncovered", 1)
    assert np.isnan(row["need"])
    assert any("rest on coverage alone" in c for c in found.caveats)


# Laws


@pytest.mark.parametrize("seed", range(2))
def test_taking_away_a_whole_answer_never_makes_a_gap(seed):
    """methods.md sections 13 and 15; need is held fixed, so only answers about work and ties go."""
    tables = world(seed)
    before = coverage(from_tables(tables)).frame
    for table in ("works_on", "collaborates", "takes_part"):
        for source in tables["sources"]["id"]:
            if source in set(tables[table]["source"]):
                check_silence(tables, before, {(table, source)})


@pytest.mark.parametrize("seed", range(12))
def test_taking_away_a_fifth_of_the_answers_never_makes_a_gap(seed):
    tables = world(100 + seed)
    rng = np.random.default_rng(seed)
    answers = [(t, s) for t in ("works_on", "collaborates") for s in tables["sources"]["id"]]
    gone = {answers[i] for i in rng.choice(len(answers), len(answers) // 5, replace=False)}
    check_silence(tables, coverage(from_tables(tables)).frame, gone)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.data())
def test_deleting_answers_can_create_unknown_and_never_a_gap(seed: int, data: st.DataObject):
    """methods.md section 15: whole answers about work, ties and activities of any set of sources
    become silence; whatever the set, no cell becomes uncovered or unconnected and no gap grows."""
    tables = world(seed)
    answers = [
        (table, source)
        for table in ("works_on", "collaborates", "takes_part")
        for source in tables["sources"]["id"]
    ]
    gone = data.draw(st.sets(st.sampled_from(answers), min_size=1))
    try:
        before = coverage(from_tables(tables)).frame
    except UndecidableError:
        assume(False)
    check_silence(tables, before, gone)


def test_silence_turns_an_uncovered_cell_into_an_unknown_one():
    """The law has two sides: without its second one it could hold because nothing ever changes."""
    needed = frame("organization element context source", ("oa", "e", "x", "a"))
    before = coverage(from_tables(small("", asked="ab", priorities=needed))).frame
    after = coverage(from_tables(small("", asked="ab", silent="b", priorities=needed))).frame
    assert [before.loc[("e", "x"), "state"], after.loc[("e", "x"), "state"]] == [
        "uncovered",
        "unknown",
    ]
    assert after.loc[("e", "x"), "gap"] <= before.loc[("e", "x"), "gap"]
    assert after.loc[("e", "x"), "leaning"] == "uncovered"


def check_silence(tables: Tables, before: pd.DataFrame, gone: set[tuple[str, str]]) -> None:
    """No cell becomes uncovered or unconnected, and no gap grows, once answers are taken away."""
    less = dict(tables)
    ledger = tables["asked"]
    for table, source in gone:
        less[table] = less[table][less[table]["source"] != source]
        mine = (ledger["source"] == source) & (ledger["question"] == table)
        ledger = ledger.assign(answered=ledger["answered"].mask(mine, "no"))
    after = coverage(from_tables({**less, "asked": ledger})).frame.loc[before.index]
    for state in ("uncovered", "unconnected"):
        assert not ((after["state"] == state) & (before["state"] != state)).any(), gone
    known = before["gap"].notna()
    assert (known == after["gap"].notna()).all()
    assert (after.loc[known, "gap"] <= before.loc[known, "gap"] + 1e-12).all(), gone


@pytest.mark.parametrize("name", [ASIA, TEACHING])
def test_the_order_of_rows_changes_nothing(name):
    m = shipped(name)
    rng = np.random.default_rng(1)
    shuffled = {
        t: f.iloc[rng.permutation(len(f))].reset_index(drop=True)
        for t, f in m.tables.items()
        if t not in ("contexts", "elements", "organizations")
    }
    again = from_tables({**m.tables, **shuffled})
    pd.testing.assert_frame_equal(coverage(m).frame, coverage(again).frame)


def test_the_order_of_nodes_changes_no_row():
    m = shipped(TEACHING)
    turned = {t: m.table(t).iloc[::-1].reset_index(drop=True) for t in ("contexts", "elements")}
    again = from_tables({**m.tables, **turned})
    pd.testing.assert_frame_equal(
        coverage(m).frame, coverage(again).frame, check_index_type=False, check_exact=False
    )


def test_new_ids_change_only_the_ids():
    tables = world(3)
    rename = {"p": "p-new", "x": "x-new"}
    renamed = {t: f.replace(rename) for t, f in tables.items()}
    before, after = (coverage(from_tables(t)).frame for t in (tables, renamed))
    pd.testing.assert_frame_equal(before.rename(index=rename), after)


# Evidence and words


@pytest.fixture(scope="module", params=[ASIA, TEACHING, "world"])
def answer(request: pytest.FixtureRequest) -> Coverage:
    m = from_tables(world(5)) if request.param == "world" else shipped(request.param)
    return coverage(m)


def test_every_count_is_the_number_of_units_behind_it(answer):
    interesting = answer.frame[(answer.frame[["organizations", "named", "silent"]] > 0).any(axis=1)]
    keys = [*interesting.index[:60], *answer.frame.index[-3:]]
    for key in keys:
        found = answer.evidence(key)
        counted = found["counts_in"].str.split("; ")
        for column in COUNTED:
            units = found.loc[counted.map(lambda words, c=column: c in words), "unit"]
            assert answer.frame.loc[key, column] == units.nunique(), (key, column)


def test_unknown_cells_stand_behind_all_others_and_are_asked_first(answer):
    unknown = (answer.frame["state"] == "unknown").to_numpy()
    assert not (np.diff(unknown.astype(int)) < 0).any()
    assert set(answer.ask_first()["state"]) <= {"unknown"}
    assert len(answer.ask_first()) == unknown.sum()
    impact = (answer.ask_first()["gap_high"] * answer.ask_first()["influence"].abs()).dropna()
    assert (np.diff(impact) <= 1e-12).all()


def test_gaps_are_ordered_by_what_they_would_move(answer):
    known = answer.frame[answer.frame["state"] != "unknown"]
    impact = (known["gap"] * known["influence"].abs()).dropna()
    assert (np.diff(impact) <= 1e-12).all()


def test_the_teaching_map_has_the_planted_gap():
    """datasets/teaching/README.md: nobody works on school-power in Highmoor, which is needed."""
    found = coverage(shipped(TEACHING))
    row = found.frame.loc[("school-power", "highmoor")]
    assert (row["state"], row["organizations"], row["named"]) == ("uncovered", 0, 1)
    said = found.explain(("school-power", "highmoor"))
    assert said.startswith("Power in schools in Highmoor: no organization works on it; ")
    assert "9 organizations were asked and 9 answered" in said
    assert "1 of 10 organizations that answered about needs there name it" in said


def test_the_asia_pacific_map_knows_nothing_where_nobody_works():
    found = coverage(shipped(ASIA))
    empty = found.frame[found.frame["organizations"] == 0]
    assert set(empty["state"]) == {"unknown"}
    assert any("Nobody was asked what they work on" in c for c in found.caveats)


def test_ownerless_elements_are_influential_and_nobody_works_on_them():
    m = shipped(TEACHING)
    found = coverage(m)
    ownerless = found.ownerless()
    per_element = found.frame["influence"].groupby("element").first().abs()
    assert len(ownerless)
    assert (ownerless["influence"].abs() >= per_element.quantile(0.75) - 1e-12).all()
    works = m.links("works_on")
    going = works[~works["status"].isin(["completed", "cancelled"])]
    for element in ownerless.index:
        starts = going.loc[going["element"] == element, "start"].dropna()
        assert (starts > "2024-09-30").all()


def test_a_redacted_map_says_that_challenges_are_hidden():
    found = coverage(shipped(TEACHING).redact("public"))
    assert any("Challenges are no part of the public edition" in c for c in found.caveats)


def test_a_strange_cell_is_refused_with_near_names():
    with pytest.raises(UnknownIdError, match="school-power - highmoor"):
        coverage(shipped(TEACHING)).explain(("school-powr", "highmoor"))


def test_the_answer_speaks_for_itself(answer):
    for text in (answer.summary(), answer.methods(), answer.alt_text()):
        assert text.endswith(".")
    assert "best partner" not in answer.methods()
    ax = answer.plot()
    assert [t.get_text() for t in ax.get_legend().get_texts()]


def test_a_map_of_many_elements_is_drawn_by_area():
    tables = small("ab")
    ids = [f"e{i}" for i in range(50)]
    tables["elements"] = pd.DataFrame({"id": ["e", *ids], "name": ["E", *ids], "area": "Area"})
    ax = coverage(from_tables(tables)).plot()
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Area"]


def summary_of(m: SystemMap) -> str:
    return coverage(m).summary()


def test_the_summary_counts_cells_by_state():
    assert summary_of(from_tables(small("a"))) == (
        "1 cell of an element in a place: 1 single; needs are not known, and the first cell to "
        "discuss for its thin cover is Element in Xanadu."
    )


def test_an_organization_that_answered_one_question_on_needs_counts_once() -> None:
    """Priorities have a ledger and challenges have none: a0 answered and names e0 in both, a1
    answered and names nothing, so one of two needs it."""
    m = made(
        organizations=listed("a", 2),
        elements=listed("e", 1),
        contexts=listed("c", 1),
        sources={**listed("s", 2), "organization": ["a0", "a1"]},
        works_on={"organization": ["a1"], "element": ["e0"], "context": ["c0"], "source": ["s1"]},
        priorities={"organization": ["a0"], "element": ["e0"], "context": ["c0"], "source": ["s0"]},
        challenges={"organization": ["a0"], "element": ["e0"], "context": ["c0"], "source": ["s0"]},
        asked={"source": ["s0", "s1"], "question": ["priorities"] * 2, "answered": ["yes"] * 2},
    )
    row = coverage(m).frame.loc[("e0", "c0")]
    assert (2, 1, 0.5) == (row["responding"], row["named"], row["need"])


@pytest.mark.parametrize("name", [ASIA, TEACHING])
def test_gaps_and_the_unknown_are_two_lists_that_share_no_cell(name):
    answer = coverage(shipped(name))
    gaps, unknown = answer.gaps(), answer.ask_first()
    assert gaps.index.intersection(unknown.index).empty
    assert (gaps["gap"] > 0).all()
    moved = (gaps["gap"] * gaps["influence"].abs().fillna(0)).round(9)
    assert moved.is_monotonic_decreasing


@pytest.mark.parametrize("name", [ASIA, TEACHING])
def test_the_table_twin_holds_the_cells_that_are_drawn(name):
    answer = coverage(shipped(name))
    twin = answer.drawn()
    ax = answer.plot()
    numbers = [int(t.get_text()) for t in ax.texts if t.get_text().isdigit()]
    assert sum(numbers) == twin["number"].sum()
    assert len(ax.get_yticklabels()) == twin.index.get_level_values(0).nunique()
    assert len(ax.get_xticklabels()) == twin.index.get_level_values("place").nunique()
    assert {t.get_text() for t in ax.get_legend().get_texts()} == set(twin["state"])


@pytest.mark.parametrize(
    ("efforts", "expected"),
    [((30, 30, 20, 20), 3.8461538), ((1,) * 7, 7), ((5,), 1)],
)
def test_the_effective_number_of_the_worked_example(efforts, expected):
    """methods.md section 16: shares 30 30 20 20 % give 3.8461538; seven equal give 7."""
    who = [f"o{i}" for i in range(len(efforts))]
    tables = {
        "organizations": pd.DataFrame({"id": who, "name": who}),
        "elements": frame("id name", ("e", "Element")),
        "contexts": frame("id name", ("x", "Xanadu")),
        "works_on": pd.DataFrame(
            {"organization": who, "element": "e", "context": "x", "staff": efforts}
        ),
    }
    found = coverage(from_tables(tables), effort="staff").frame
    assert expected == pytest.approx(found.loc[("e", "x"), "effective"], abs=1e-7)
