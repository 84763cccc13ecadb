"""What an audience may not see is in no table, and nothing hidden becomes a no."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sysmap.core.claims import reporters
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.narrow import visibility_of
from sysmap.core.redaction import is_withheld
from sysmap.core.schema import AUDIENCES, SCHEMA
from sysmap.measures import ledger
from tests.core.making import Cells, made
from tests.strategies import maps

MARK = "MARK"
LINKS = [kind.table for kind in SCHEMA.links]
NODES = [kind.table for kind in SCHEMA.nodes]


def text_of(m: SystemMap) -> str:
    """Everything that a file of the map, or its report, could hold."""
    return "\n".join(m.table(kind.table).to_csv() for kind in m.schema) + str(m.problems) + m.title


def secret(table: str) -> dict[str, list[object]]:
    """A private row of a node table after a public one."""
    plain = {"id": [f"{table}-1", f"{table}-{MARK}"], "name": [f"A {table}", f"B {table} {MARK}"]}
    return {**plain, "visibility": [None, "private"], "extra": ["x", MARK]}


def planted() -> SystemMap:
    """A map with a mark in every cell that the public may not see."""
    tables: dict[str, Cells] = {table: secret(table) for table in NODES}
    tables["organizations"] = {
        **secret("organizations"),
        "part_of": [f"organizations-{MARK}", None],
    }
    tables["elements"] = {**secret("elements"), "parent": [f"elements-{MARK}", None]}
    tables["contexts"] = {**secret("contexts"), "parent": [f"contexts-{MARK}", None]}
    sources = ("open", "interview", "voice", "other")
    tables["sources"] = {
        "id": ["open", *(f"{s}-{MARK}" for s in sources[1:])],
        "name": ["Open survey", *(f"{s} {MARK}" for s in sources[1:])],
        "kind": ["survey", "interview", "survey", "survey"],
        "organization": ["organizations-1", "organizations-1", f"organizations-{MARK}", None],
        "url": [None, *[f"https://example.org/{MARK}"] * 3],
        "visibility": [None, None, None, "private"],
        "date": ["2024", "2023", "2022", "2021"],
        "extra": [MARK] * 4,
    }
    for kind in SCHEMA.links:
        first, second = (f"{end.to[0]}-" for end in kind.ends)
        ends = {
            kind.ends[0].name: [f"{first}1", f"{first}{MARK}", f"{first}1", f"{first}1"],
            kind.ends[1].name: [f"{second}1", f"{second}1", f"{second}{MARK}", f"{second}1"],
        }
        if first == second:
            ends[kind.ends[0].name][3] = ends[kind.ends[0].name][0] = f"{first}{MARK}"
        if kind.table == "observed":
            ends["state"] = ["present"] * 4
        tables[kind.table] = {
            **ends,
            "source": [f"voice-{MARK}", "open", f"other-{MARK}", f"interview-{MARK}"],
            "note": [MARK] * 4,
            "visibility": [None, None, None, "private"],
            "extra": [MARK] * 4,
        }
    tables["asked"] = {
        "source": ["open", f"interview-{MARK}", f"voice-{MARK}"],
        "question": ["works_on"] * 3,
        "context": [None, f"contexts-{MARK}", None],
        "extra": [MARK] * 3,
    }
    tables["about"] = {
        "key": ["title", "Contact", "source"],
        "value": ["A map", MARK, f"interview-{MARK}"],
        "extra": [MARK] * 3,
    }
    tables["aliases"] = {
        "name": [f"Old {MARK}", f"B organizations {MARK}", f"voice {MARK}", "Old one"],
        "id": [f"organizations-{MARK}", "organizations-1", f"voice-{MARK}", "organizations-1"],
        "decision": ["same", "different", "same", "same"],
        "extra": [MARK] * 4,
    }
    return made(**tables)


@pytest.mark.parametrize("audience", ["public", "members"])
def test_no_planted_mark_is_left_for_an_audience(audience: str) -> None:
    """Reliability page, section 5: the test puts a mark into every private cell."""
    m = planted()
    for kind in SCHEMA:
        if kind.table != "asked":
            assert MARK in m.table(kind.table).to_csv(), kind.table
    shown = m.redact(audience)
    for kind in SCHEMA:
        assert MARK not in shown.table(kind.table).to_csv(), kind.table
    assert MARK not in text_of(shown)
    assert ["Old one"] == list(shown.aliases["name"])


def test_with_redaction_off_every_mark_stays() -> None:
    m = planted()
    assert m is m.redact("private")
    assert text_of(m).count(MARK) > 100


def test_kept_columns_are_shown_because_somebody_named_them() -> None:
    shown = planted().redact("public", keep=["extra"])
    assert "extra" in shown.organizations
    assert list(planted().redact("public").organizations) == [
        c for c in shown.organizations if c != "extra"
    ]


def test_a_column_that_only_hidden_rows_fill_leaves_with_its_header() -> None:
    m = made(
        contexts={"id": ["c", "d"], "name": ["C", "D"], "visibility": [None, "private"],
                  f"group_{MARK}": [None, "x"], "group_open": ["x", "x"],
                  f"own {MARK}": [None, "x"]},
    )  # fmt: skip
    shown = m.redact("public", keep=[f"own {MARK}"])
    assert MARK not in text_of(shown)
    assert ["x"] == list(shown.contexts["group_open"])
    assert shown.contexts["region"].isna().all()


def test_a_map_narrowed_first_hides_the_organization_that_speaks_all_the_same() -> None:
    """`select` keeps a leaving organization as the reporter of its sources; it may be private."""
    m = planted().select(organizations="organizations-1")
    assert MARK not in text_of(m.redact("public"))


def test_a_public_organization_that_left_stays_the_named_reporter() -> None:
    m = made(
        organizations={"id": ["a", "b"], "name": ["A", "B"]},
        elements={"id": ["e"], "name": ["E"]},
        sources={"id": ["s"], "name": ["S"], "organization": ["b"]},
        works_on={"organization": ["a"], "element": ["e"], "source": ["s"]},
    )
    shown = m.select(organizations="a").redact()
    assert ["s"] == list(shown.sources.index)
    assert "b" == shown.sources.loc["s", "reporter"]


def test_blank_visibility_is_public_but_for_challenges_interviews_and_notes() -> None:
    """Contract, section 3."""
    claim = {"organization": ["a"], "element": ["e"], "note": ["n"], "source": ["s"]}
    base: dict[str, Cells] = {
        "organizations": {"id": ["a"], "name": ["A"], "visibility": ["public"]},
        "elements": {"id": ["e"], "name": ["E"], "visibility": ["public"]},
        "sources": {"id": ["s"], "name": ["S"], "kind": ["survey"]},
    }
    m = made(**base, works_on=claim, challenges=claim).redact()
    assert (1, 0) == (len(m.links("works_on")), len(m.links("challenges")))
    assert m.links("works_on")["note"].isna().all()
    written = {**claim, "visibility": ["public"]}
    m = made(**base, works_on=written, challenges=written).redact()
    assert ["n"] == list(m.links("challenges")["note"])
    interview = {"id": ["s"], "name": ["S"], "kind": ["interview"], "date": ["2024-05"]}
    m = made(**{**base, "sources": interview}, works_on=claim).redact()
    (source,) = m.sources.itertuples()
    assert ("source-1", "Interview 1, name withheld", "interview", "2024-05") == (
        source.Index,
        source.name,
        source.kind,
        source.date,
    )
    released = {**interview, "visibility": ["public"]}
    assert ["s"] == list(
        made(**{**base, "sources": released}, works_on=claim).redact().sources.index
    )


def test_members_see_what_is_for_members() -> None:
    groups = {"id": ["x", "y", "z"], "name": ["X", "Y", "Z"], "visibility": [*AUDIENCES]}
    m = made(groups=groups)
    assert [["x"], ["x", "y"], ["x", "y", "z"]] == [
        list(m.redact(audience).groups.index) for audience in AUDIENCES
    ]
    with pytest.raises(
        ValueError, match="audience 'all' is unknown; write public, members, private"
    ):
        m.redact("all")


def test_one_reporter_stays_one_reporter_in_every_place() -> None:
    """What influences what is one subject in all places, so the hidden voice is not a second."""
    m = made(
        organizations={"id": ["a"], "name": ["A"]},
        elements={"id": ["e"], "name": ["E"]},
        outcomes={"id": ["o"], "name": ["O"]},
        contexts={"id": ["c", "d"], "name": ["C", "D"]},
        sources={"id": ["s", "t"], "name": ["S", "T"], "kind": ["survey", "interview"],
                 "organization": ["a", "a"]},
        influences={"cause": ["e"] * 2, "effect": ["o"] * 2, "context": ["c", "d"],
                    "source": ["s", "t"]},
    )  # fmt: skip
    links = m.redact().links("influences")
    assert [("c", "s")] == list(links[["context", "source"]].itertuples(index=False, name=None))


def test_a_ledger_that_loses_all_its_rows_is_not_inferred_anew_by_a_reader() -> None:
    """The organization answered two and one is hidden: no reader may call that one a no."""
    m = made(
        organizations={"id": ["a"], "name": ["A"]},
        outcomes={"id": ["o", "p"], "name": ["O", "P"]},
        sources={"id": ["s"], "name": ["S"], "organization": ["a"]},
        seeks={"organization": ["a", "a"], "outcome": ["o", "p"], "source": ["s", "s"],
               "visibility": [None, "private"]},
        asked={"source": ["s"], "question": ["seeks"], "answered": ["yes"]},
    )  # fmt: skip
    shown = m.redact()
    again = from_tables({k.table: shown.table(k.table) for k in SCHEMA})
    for each in (shown, again):
        assert [] == list(ledger.responding(each, "seeks"))


def test_an_undirected_claim_belongs_to_the_ledger_of_both() -> None:
    """B was asked with whom it works and said A; A's private row is the same tie."""
    m = made(
        organizations={"id": ["a", "b"], "name": ["A", "B"]},
        sources={"id": ["s", "t"], "name": ["S", "T"], "organization": ["a", "b"]},
        collaborates={"organization": ["a"], "partner": ["b"], "source": ["s"],
                      "visibility": ["private"]},
        asked={"source": ["s", "t"], "question": ["collaborates"] * 2, "answered": ["yes"] * 2},
    )  # fmt: skip
    assert 0 == len(m.redact().asked)


def test_pseudonyms_do_not_depend_on_the_order_of_rows() -> None:
    m = planted()
    tables = {k.table: m.table(k.table) for k in SCHEMA}
    turned = from_tables({n: f.iloc[::-1].reset_index(drop=True) for n, f in tables.items()})
    a, b = m.redact(), turned.redact()
    for table in ("sources", "works_on"):
        assert set(map(tuple, a.table(table).fillna("").to_numpy())) == set(
            map(tuple, b.table(table).fillna("").to_numpy())
        )


VOICES = [f"org-{c}" for c in "abcdefghij"]


def told_by(voices: list[str], rows: list[int]) -> SystemMap:
    """Hidden sources; element k is named by the k-th of the voices, in a given order of rows."""
    ids = [f"s-{who}" for who in voices]
    return made(
        organizations={"id": VOICES, "name": VOICES},
        elements={"id": [f"e{k}" for k in range(10)], "name": [f"E{k}" for k in range(10)]},
        outcomes={"id": ["o"], "name": ["O"]},
        sources={"id": ids, "name": ids, "kind": ["survey"] * 10, "organization": voices,
                 "date": ["2024"] * 10, "visibility": ["private"] * 10},
        influences={"cause": [f"e{k}" for k in rows], "effect": ["o"] * 10,
                    "source": [ids[k] for k in rows]},
        asked={"source": [ids[k] for k in rows], "question": ["influences"] * 10},
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_neither_number_nor_place_of_a_pseudonym_tells_which_organization_it_hides(
    seed: int,
) -> None:
    """Whoever said what: the tables shown are the same, so nothing in them can tell."""
    rng = np.random.default_rng(seed)
    voices = [VOICES[k] for k in rng.permutation(10)]
    in_order = sorted(range(10), key=voices.__getitem__)
    first = told_by(VOICES, list(range(10))).redact()
    for rows in (list(map(int, rng.permutation(10))), in_order):
        shown = told_by(voices, rows).redact()
        for table in ("sources", "influences", "asked"):
            pd.testing.assert_frame_equal(first.table(table), shown.table(table))
        assert shown.sources.equals(shown.redact().sources)
    assert 10 == len(first.sources)


def test_pseudonyms_that_show_the_same_are_interchangeable() -> None:
    frames = [
        made(
            organizations={"id": ["a", "b", "c"], "name": ["A", "B", "C"]},
            elements={"id": ["e", "f"], "name": ["E", "F"]},
            outcomes={"id": ["o"], "name": ["O"]},
            sources={"id": [*"stu"], "name": [*"STU"], "organization": voices,
                     "visibility": ["private"] * 3},
            influences={"cause": ["e", "e", "f"], "effect": ["o"] * 3, "source": [*"stu"]},
        ).redact().table("influences")
        for voices in ([*"abc"], [*"cab"], [*"bca"])
    ]  # fmt: skip
    for frame in frames:
        pd.testing.assert_frame_equal(frames[0], frame)
    assert [*zip("eef", ["source-1", "source-2", "source-3"], strict=True)] == list(
        frames[0][["cause", "source"]].itertuples(index=False, name=None)
    )


def test_a_hidden_source_is_called_by_its_kind_and_a_number_that_nobody_has() -> None:
    """Contract: "survey answer 12", with kind and date; no other source may be called so."""
    kinds = ["survey", "interview", None, "dataset", "survey", "survey"]
    m = made(
        organizations={"id": ["a"], "name": ["Organization"]},
        elements={"id": [*"123456"], "name": [*"ABCDEF"]},
        sources={"id": [*"pqrst", "source-5"], "name": [*"PQRS", "Interview 2, name withheld", "U"],
                 "kind": kinds, "visibility": ["private"] * 4 + ["public"] * 2},
        works_on={"organization": ["a"] * 6, "element": [*"123456"],
                  "source": [*"pqrst", "source-5"]},
    )  # fmt: skip
    shown = m.redact()
    assert {
        "t": "Interview 2, name withheld",
        "source-5": "U",
        "source-1": "Dataset 1, name withheld",
        "source-3": "Interview 3, name withheld",
        "source-4": "Survey answer 4, name withheld",
        "source-6": "Source 6, name withheld",
    } == dict(shown.sources["name"])
    withheld = {id for id, name in shown.sources["name"].items() if is_withheld(str(id), name)}
    assert {"source-1", "source-3", "source-4", "source-6"} == withheld
    assert shown.redact().sources.equals(shown.sources)


def test_what_only_removed_rows_mention_leaves_and_what_is_merely_listed_stays() -> None:
    """Contract: ids that only removed rows mention are removed too, also in chains."""
    m = made(
        organizations={"id": ["a", "b"], "name": ["A", "B"]},
        elements={"id": ["e", "child", "listed"], "name": ["E", "C", "L"],
                  "parent": [None, "e", None]},
        challenges={"organization": ["a", "a"], "element": ["e", "child"]},
    )  # fmt: skip
    shown = m.redact()
    assert (["b"], ["listed"]) == (list(shown.organizations.index), list(shown.elements.index))
    assert 2 == shown.hidden
    assert ["2 claims are hidden from this audience"] == [p.message for p in shown.problems]


def test_what_only_hidden_things_lie_in_and_who_gave_only_an_interview_leaves() -> None:
    """Contract: the rows of hidden nodes and sources mention ids as claims do."""
    m = made(
        organizations={"id": ["asked", "listed", "head", "office"], "name": ["A", "L", "H", "O"],
                       "part_of": [None, None, None, "head"],
                       "visibility": [None, None, None, "private"]},
        elements={"id": ["wide", "narrow", "e"], "name": ["W", "N", "E"],
                  "parent": [None, "wide", None], "visibility": [None, "private", None]},
        contexts={"id": ["FJI"], "name": ["Fiji"]},
        sources={"id": ["i"], "name": ["I"], "kind": ["interview"], "organization": ["asked"]},
        observed={"element": ["e"], "context": ["FJI"], "state": ["present"], "source": ["i"]},
    )  # fmt: skip
    shown = m.redact()
    assert (["listed"], ["e"]) == (list(shown.organizations.index), list(shown.elements.index))
    assert ["source-1"] == list(shown.sources.index)


@pytest.mark.parametrize("reporter", ["closed", "CLOSED", "The closed one"])
def test_a_reporter_that_names_a_hidden_organization_is_a_hidden_source(reporter: str) -> None:
    m = made(
        organizations={"id": ["a", "closed"], "name": ["A", "The closed one"],
                       "visibility": [None, "private"]},
        elements={"id": ["e"], "name": ["E"]},
        sources={"id": ["s"], "name": ["S"], "reporter": [reporter]},
        works_on={"organization": ["a"], "element": ["e"], "source": ["s"]},
    )  # fmt: skip
    shown = m.redact()
    assert "closed" not in text_of(shown).casefold()
    assert 1 == len(shown.links("works_on"))


@pytest.mark.parametrize("audience", ["public", "members"])
def test_a_reporter_that_is_no_id_is_shown_to_nobody_and_counts_as_before(audience: str) -> None:
    m = made(
        organizations={"id": ["a", "b"], "name": ["A", "B"]},
        elements={"id": ["e"], "name": ["E"]},
        outcomes={"id": ["o"], "name": ["O"]},
        sources={"id": [*"stuv"], "name": [*"STUV"], "organization": ["a", "b", "a", None],
                 "reporter": [f"Person {MARK}", f"Person {MARK}", f"Other {MARK}", "b"]},
        influences={"cause": ["e"] * 4, "effect": ["o"] * 4, "source": [*"stuv"]},
    )  # fmt: skip
    assert ["W221"] == [p.code for p in m.problems if p.code == "W221"]
    (note,) = (p for p in m.problems if p.code == "W221")
    assert 3 == note.count
    shown = m.redact(audience)
    assert MARK not in text_of(shown)
    assert ["s", "s", None, "b"] == list(
        shown.sources["reporter"].astype(object).replace(np.nan, None)
    )
    assert reporters_per_subject(m, "influences") == reporters_per_subject(shown, "influences")
    again = from_tables(frames_of(shown))
    assert "W221" not in [p.code for p in again.problems]
    pd.testing.assert_frame_equal(shown.table("sources"), again.redact(audience).table("sources"))


@pytest.mark.parametrize("visibility", ["members", "private"])
def test_a_reporter_that_left_the_map_is_shown_only_if_everybody_may_see_it(
    visibility: str,
) -> None:
    m = made(
        organizations={"id": ["a", MARK], "name": ["A", "B"], "visibility": [None, visibility]},
        elements={"id": ["e"], "name": ["E"]},
        sources={"id": ["s"], "name": ["S"], "organization": ["a"], "reporter": [MARK]},
        works_on={"organization": ["a"], "element": ["e"], "source": ["s"]},
    )  # fmt: skip
    assert MARK not in text_of(m.select(organizations="a").redact())


@pytest.mark.parametrize(
    ("key", "value"),
    [("E-mail", "here"), ("phone of the office", "here"), ("prepared by", "Ann, ann@example.org")],
)
def test_a_contact_by_any_other_name_is_a_contact(key: str, value: str) -> None:
    m = made(about={"key": ["title", key], "value": ["Map", value]})
    assert {"title": "Map"} == dict(m.redact().about)
    assert 2 == len(m.about)


# --- laws on random maps -----------------------------------------------------------------------


def frames_of(m: SystemMap) -> dict[str, pd.DataFrame]:
    return {kind.table: m.table(kind.table) for kind in m.schema}


def reporters_per_subject(m: SystemMap, table: str) -> dict[tuple[object, ...], int]:
    """Distinct reporters of each pair of ends, the anonymous one of the table included."""
    kind, by = m.schema.link(table), reporters(m)
    voices: dict[tuple[object, ...], set[object]] = {}
    for _, row in m.links(table).iterrows():
        who = by.get(row["source"], None) if isinstance(row["source"], str) else None
        subject = tuple(row[c.name] for c in kind.ends)
        voices.setdefault(subject, set()).add(who)
    return {subject: len(who) for subject, who in voices.items()}


AUDIENCE = st.sampled_from(["public", "members"])


@settings(max_examples=15)
@given(maps(max_size=8), AUDIENCE)
def test_redaction_is_valid_idempotent_and_shrinks_every_count(m: SystemMap, audience: str) -> None:
    """Reliability page, section 7: redact is idempotent and never increases a count."""
    shown = m.redact(audience)
    for name in (*LINKS, *NODES, "asked", "aliases", "about"):
        extra = name == "asked" and not ledger.has_ledger(shown, "seeks")
        assert extra or len(shown.table(name)) <= len(m.table(name))
    for name in ("influences", "observed", "seeks"):
        before = reporters_per_subject(m, name)
        for subject, n in reporters_per_subject(shown, name).items():
            assert n <= before[subject]
    for name in LINKS:
        assert set(ledger.responding(shown, name)) <= set(ledger.responding(m, name))
    again = from_tables(frames_of(shown))
    for name, frame in frames_of(shown).items():
        pd.testing.assert_frame_equal(frame, again.table(name))
    twice = again.redact(audience)
    for name, frame in frames_of(shown).items():
        pd.testing.assert_frame_equal(frame, twice.table(name))


@settings(max_examples=15)
@given(maps(max_size=8), AUDIENCE)
def test_no_hidden_row_is_seen(m: SystemMap, audience: str) -> None:
    allowed = AUDIENCES[: AUDIENCES.index(audience) + 1]
    shown = m.redact(audience)
    for kind in (*SCHEMA.nodes, *SCHEMA.links):
        assert visibility_of(shown.table(kind.table), kind).isin(allowed).all()
        hidden = m.table(kind.table)
        hidden = hidden[~visibility_of(hidden, kind).isin(allowed)]
        if "id" in hidden and kind.table != "sources":
            assert not set(hidden["id"]) & set(shown.table(kind.table)["id"])
    for kind in SCHEMA:
        known = [c for c in shown.table(kind.table) if not kind.knows(c)]
        assert [] == known


def answered_no(m: SystemMap) -> set[tuple[object, ...]]:
    """Cells that an organization was asked about, answered, and did not name."""
    found: set[tuple[object, ...]] = set()
    for table in ("works_on", "priorities", "challenges"):
        scopes = ledger.scopes(m, table)
        said = set(m.links(table)[["organization", "element", "context"]].fillna("").itertuples(
            index=False, name=None))  # fmt: skip
        for i, a in enumerate(scopes.organizations):
            for j, e in enumerate(scopes.elements):
                for k, c in enumerate(scopes.contexts):
                    if scopes.answered[i, j, k] and (a, e, c) not in said:
                        found.add((table, a, e, c))
    spoke = set(ledger.responding(m, "seeks"))
    sought = set(m.links("seeks")[["organization", "outcome"]].itertuples(index=False, name=None))
    found |= {("seeks", a, o) for a in spoke for o in m.outcomes.index if (a, o) not in sought}
    return found


@settings(max_examples=15)
@given(maps(max_size=8), AUDIENCE)
def test_nothing_hidden_becomes_a_no(m: SystemMap, audience: str) -> None:
    """Contract: `redact` drops every ledger scope that held a removed claim."""
    before = answered_no(m)
    shown = m.redact(audience)
    assert answered_no(shown) <= before
    assert answered_no(from_tables(frames_of(shown))) <= before


@pytest.mark.parametrize("audience", ["public", "members"])
def test_a_pseudonym_is_for_the_audience_that_it_was_made_for(audience: str) -> None:
    """A file for members that is redacted again for the public hides the same sources anew."""
    sources = planted().redact(audience).sources
    withheld = [is_withheld(str(id), name) for id, name in sources["name"].items()]
    assert any(withheld)
    assert {audience} == set(sources["visibility"][withheld])
