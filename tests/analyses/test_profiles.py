"""Profiles against methods.md section 9 and plain loops over the shipped maps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sysmap.analyses.opportunities import opportunities
from sysmap.analyses.profiles import PLACE_NOT_STATED, profiles
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import from_tables
from sysmap.measures.pairs.partners import partners
from tests.maps import shipped

MAPS = ("asia-pacific-digital-learning", "teaching")


@pytest.mark.parametrize("name", MAPS)
def test_every_row_is_that_of_plain_loops(name):
    """A slow twin: every claim, one after the other."""
    m = shipped(name)
    order = [*sorted(m.contexts.index), PLACE_NOT_STATED]
    expected: dict[tuple[str, str], dict[str, object]] = {}
    for table, column in (
        ("works_on", "works_on"),
        ("priorities", "priority"),
        ("challenges", "challenge"),
    ):
        for _, row in m.links(table).iterrows():
            key = (row["organization"], row["element"])
            found = expected.setdefault(
                key, {"works_on": 0, "priority": None, "challenge": None, "contexts": set()}
            )
            found["contexts"].add(PLACE_NOT_STATED if pd.isna(row["context"]) else row["context"])
            if table == "works_on":
                found["works_on"] += 1
            else:
                level = 2 if pd.isna(row["level"]) else int(row["level"])
                found[column] = max(found[column] or 0, level)
    frame = profiles(m).frame
    assert set(frame.index) == set(expected)
    for key, found in expected.items():
        row = frame.loc[key]
        assert row["works_on"] == found["works_on"]
        assert row["contexts"] == "; ".join(sorted(found["contexts"], key=order.index))
        for column in ("priority", "challenge"):
            assert (None if pd.isna(row[column]) else row[column]) == found[column]
        assert str(row["area"]) == str(m.elements["area"][key[1]])


@pytest.mark.parametrize("name", MAPS)
def test_the_number_of_claims_is_the_number_listed_behind_it(name):
    answer = profiles(shipped(name))
    for key, row in answer.frame.iterrows():
        found = answer.evidence(key)
        counted = found["counts_in"] == "works_on"
        assert row["works_on"] == found.loc[counted, "unit"].nunique()
        assert len(found)


@pytest.mark.parametrize("name", MAPS)
def test_the_order_of_rows_changes_nothing(name):
    m = shipped(name)
    rng = np.random.default_rng(0)
    shuffled = {
        t: m.table(t).iloc[rng.permutation(len(m.table(t)))].reset_index(drop=True)
        for t in ("works_on", "priorities", "challenges", "organizations", "elements")
    }
    again = profiles(from_tables({**m.tables, **shuffled}))
    pd.testing.assert_frame_equal(profiles(m).frame, again.frame)


def test_rows_stand_by_organization_and_the_busiest_element_first():
    frame = profiles(shipped("teaching")).frame.reset_index()
    assert list(frame["organization"]) == sorted(frame["organization"])
    assert frame["works_on"].groupby(frame["organization"]).is_monotonic_decreasing.all()


def test_a_profile_is_told_in_sentences():
    """datasets/teaching: cobalt-council convenes the deal in Westhaven and gives it level 2."""
    said = profiles(shipped("teaching")).explain(("cobalt-council", "telecom-deal"))
    assert said == (
        "Cobalt Council and Deal with telecom companies: the organization works on it in 1 claim "
        "and calls it a priority of level 2 of 3. Where: Westhaven."
    )


def test_cancelled_work_is_said_to_be_cancelled():
    said = profiles(shipped("teaching")).explain(("fern-foundation", "solar-kits"))
    assert "works on it in 2 claims (1 cancelled)" in said


def test_a_redacted_map_says_that_needs_come_from_priorities():
    answer = profiles(shipped("teaching").redact("public"))
    assert any("needs come from priorities" in c for c in answer.caveats)
    assert not any("needs come from priorities" in c for c in profiles(shipped("teaching")).caveats)


def test_a_map_without_any_such_claim_cannot_be_profiled():
    organizations = pd.DataFrame({"id": ["a"], "name": ["A"]})
    with pytest.raises(UndecidableError, match=r"Add the sheet works_on\."):
        profiles(from_tables({"organizations": organizations}))


@pytest.mark.parametrize("name", MAPS)
def test_the_answer_speaks_for_itself(name):
    answer = profiles(shipped(name))
    for text in (answer.summary(), answer.methods(), answer.alt_text()):
        assert text.endswith(".")
    assert len(answer.plot().get_yticklabels()) == min(
        40, answer.frame.index.get_level_values(0).nunique()
    )


def test_a_member_is_told_whole():
    """datasets/teaching: every claim of Ember Trust, and its first opportunities."""
    said = profiles(shipped("teaching")).of("ember-trust")
    assert said.startswith(
        "Ember Trust (ngo, member) is reported to work on 2 elements in 1 area of work. "
        "Areas of work: Implementation (Teacher training, Device repair). "
        "Priorities, the highest first: Satellite link (level 3 of 3, Coral Keys); "
        "Offline library (level 2 of 3, Coral Keys). "
        "Challenges, the highest first: Satellite link (level 3 of 3, Coral Keys). "
        "Places named: Coral Keys, Eastvale, Lakeside, Pinewatch. "
        "Opportunities to discuss: Juniper Alliance (complement, new, rank 6, plausibly 1 to "
    )


@pytest.mark.parametrize("name", MAPS)
def test_everything_said_of_a_member_and_nothing_else_is_on_its_page(name):
    m = shipped(name)
    answer = profiles(m)
    index = answer.frame.index
    for organization in m.organizations.index:
        page = answer.of(organization).split("Opportunities to discuss")[0]
        mine = set(index[index.get_level_values(0) == organization].get_level_values(1))
        for element, words in m.elements["name"].items():
            told = any(f"{mark}{words}{end}" in page for mark in "(,; :" for end in " ,)(;")
            others = any(words in m.elements["name"][e] for e in mine)
            assert element not in mine or told
            assert not told or others


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        ("no", "it was asked and has not answered."),
        ("yes", "it was asked, answered and named none."),
        (None, "nobody is known to have asked it."),
    ],
)
def test_silence_a_no_and_no_question_are_three_things_on_a_page(answered, words):
    tables = {
        "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
        "elements": pd.DataFrame({"id": ["e"], "name": ["Law"]}),
        "sources": pd.DataFrame({"id": ["s"], "name": ["S"], "organization": ["a"]}),
        "works_on": pd.DataFrame({"organization": ["a"], "element": ["e"]}),
    }
    if answered:
        tables["asked"] = pd.DataFrame(
            {"source": ["s"], "question": ["priorities"], "answered": [answered]}
        )
    page = profiles(from_tables(tables)).of("a")
    assert f"Priorities: none stated; {words}" in page
    assert "Opportunities to discuss: none can be named from this map." in page


def test_the_page_of_a_redacted_map_tells_of_no_challenge_and_says_so():
    m = shipped("teaching").redact()
    page = profiles(m).of("ember-trust")
    assert "Challenges: none stated; some may be hidden from the public edition." in page


def test_a_page_of_nobody_is_refused_with_near_names():
    with pytest.raises(UnknownIdError, match="ember-trust"):
        profiles(shipped("teaching")).of("ember-trst")


@pytest.mark.parametrize("name", MAPS)
def test_the_pairs_on_the_pages_are_those_of_opportunities(name):
    m = shipped(name)
    pd.testing.assert_frame_equal(opportunities(m).frame, partners(m))


@pytest.mark.parametrize("name", MAPS)
def test_the_table_twin_holds_the_cells_that_are_drawn(name):
    answer = profiles(shipped(name))
    twin = answer.drawn()
    assert twin.to_numpy().sum() == answer.frame["works_on"].sum()
    shown = twin.iloc[: len(answer.plot().get_yticklabels())].to_numpy()
    texts = [t.get_text() for t in answer.plot().texts]
    printed = sum(int(t) for t in texts if t.isdigit())
    assert printed == shown.sum()
