"""Change: what differs between two rounds, and what may stand behind it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest
from hypothesis import given, settings

from sysmap.analyses import change as analysis
from sysmap.analyses.change import change
from sysmap.core.errors import LimitError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.result import EVIDENCE
from sysmap.core.schema import Column, NodeType
from tests.core.charts.drawing import texts
from tests.evidence import counts_match
from tests.maps import shipped
from tests.opinions import next_round, opinions
from tests.strategies import maps
from tests.surveys import renamed, shuffled

SEEDS = [1, 4]
COUNTS = ("reporters_before", "reporters_after", "both")


def reports(
    *claims: tuple[str, str, str],
    elements: Mapping[str, str] | None = None,
    asked: tuple[tuple[str, str], ...] = (),
    **tables: pd.DataFrame,
) -> SystemMap:
    """A round: who says which state of which element in Fiji; sources speak for themselves."""
    element, state, source = zip(*claims, strict=True) if claims else ((), (), ())
    named = elements or {"law": "Law", "tax": "Tax"}
    ledger = pd.DataFrame(list(asked), columns=["source", "answered"]).assign(question="observed")
    return from_tables(
        {
            "elements": pd.DataFrame({"id": list(named), "name": list(named.values())}),
            "contexts": pd.DataFrame({"id": ["fiji"], "name": ["Fiji"]}),
            "sources": pd.DataFrame({"id": list("abc"), "name": ["A", "B", "C"]}),
            "observed": pd.DataFrame(
                {"element": element, "context": "fiji", "state": state, "source": source}
            ),
            **({"asked": ledger} if asked else {}),
            **tables,
        }
    )


KEPT = ("tax", "present", "a"), ("tax", "present", "b")
"""Claims that both rounds have, so that both reporters take part in both."""


def causes(before: SystemMap, after: SystemMap) -> dict[str, list[str]]:
    frame = change(before, after).frame
    return {item: [row["kind"], row["cause"]] for item, row in frame.iterrows()}


# What differs


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_equal_maps_give_no_row_and_a_sentence(name: str) -> None:
    m = shipped(name)
    answer = change(m, m)
    assert len(answer) == 0
    assert "Nothing differs between the two rounds." == answer.summary()
    assert "nothing to draw: no rows for this figure" in texts(answer.plot())
    full = change(m.select(organizations=[]), m).frame
    assert full.dtypes.to_dict() == answer.frame.dtypes.to_dict()
    assert full.index.name == answer.frame.index.name == "item"


def test_more_claims_than_memory_holds_are_refused_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(analysis, "_MOST_CLAIMS", 1)
    one = reports(("law", "present", "a"))
    assert len(change(one, reports())) == 1
    with pytest.raises(LimitError, match=r"2 claims of both rounds.*m\.select"):
        change(one, one)


def test_empty_maps_are_equal() -> None:
    empty = from_tables({})
    assert len(change(empty, empty)) == 0
    assert len(change(empty, shipped("teaching"))) > 0
    assert set(change(shipped("teaching"), empty).frame["kind"]) == {"removed"}


@given(maps(max_size=6))
@settings(max_examples=4)
def test_a_map_never_differs_from_itself(m: SystemMap) -> None:
    assert len(change(m, m)) == 0
    assert len(change(m, shuffled_rows(m))) == 0


def shuffled_rows(m: SystemMap) -> SystemMap:
    """The same map with every table backwards; the ledger stays, because it is settled."""
    return from_tables(
        {
            name: frame if name == "asked" else frame.iloc[::-1].reset_index(drop=True)
            for name, frame in m.tables.items()
            if len(frame)
        },
        m.schema,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_changes_are_those_of_plain_loops(seed: int) -> None:
    """Twin: items in dictionaries, cause by the reporters who could speak of it in both rounds."""
    before = opinions(seed)
    after = next_round(before, seed)
    answer = change(before, after)
    frame = answer.frame[answer.frame["table"].isin(["observed", "influences"])]
    common = answer.comparison.common
    first, second = spoken(answer.earlier), spoken(answer.map)
    expected = {}
    for item in first.keys() | second.keys():
        old, new = first.get(item, {}), second.get(item, {})
        moved = {who for who in old.keys() | new.keys() if old.get(who) != new.get(who)}
        sides = [set().union(*said.values()) for said in (old, new)]
        if old and new and sides[0] == sides[1] and not (moved & old.keys() & new.keys()):
            continue
        kind = "changed" if old and new else "removed" if old else "added"
        able = {
            who
            for who in moved & common[item.partition(":")[0]]
            if (who in old or was_asked(answer.earlier, item, who))
            and (who in new or was_asked(answer.map, item, who))
        }
        expected[item] = [kind, "reality" if able else "respondents"]
    assert expected == {i: [r["kind"], r["cause"]] for i, r in frame.iterrows()}


def was_asked(m: SystemMap, item: str, who: str) -> bool:
    """Whether an answered ledger row of a reporter reaches an item, or nobody can tell."""
    table, _, text = item.partition(": ")
    first, _, rest = text.partition(" -> ")
    second, _, place = rest.partition(" in ")
    place = second if table == "observed" else place
    rows = [
        row
        for row in m.asked.to_dict("records")
        if row["question"] == table
        and row["answered"] == "yes"
        and is_text(row["source"])
        and (m.sources["organization"][row["source"]] == who or row["source"] == who)
    ]
    elements = m.elements["area"]
    areas = {str(elements[e]).lower() for e in (first, second) if e in elements.index}
    return not rows or any(
        (not is_text(row["context"]) or place in ("", row["context"]))
        and (not is_text(row["area"]) or str(row["area"]).lower() in areas)
        for row in rows
    )


def asked_about(*contexts: str, tonga: str | None = None) -> SystemMap:
    """One reporter with a ledger row for each context, who says that the law is in Fiji."""
    claims = [("fiji", "present"), *([("tonga", tonga)] if tonga else [])]
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ["law"], "name": ["Law"], "area": ["Strategy"]}),
            "contexts": pd.DataFrame(
                {"id": ["fiji", "tonga"], "name": ["Fiji", "Tonga"], "kind": "country"}
            ),
            "sources": pd.DataFrame({"id": ["x"], "name": ["Ministry"]}),
            "observed": pd.DataFrame(
                [("law", where, state, "x") for where, state in claims],
                columns=["element", "context", "state", "source"],
            ),
            "asked": pd.DataFrame(
                {"source": "x", "question": "observed", "context": contexts, "answered": "yes"}
            ),
        }
    )


def test_to_ask_about_one_more_country_is_no_change_there() -> None:
    """Silence is not absence: a place that was not asked about in one round was not left out."""
    one, two = asked_about("fiji"), asked_about("fiji", "tonga", tonga="absent")
    for before, after, kind in ((one, two, "added"), (two, one, "removed")):
        answer = change(before, after)
        assert causes(before, after) == {"observed: law -> tonga": [kind, "respondents"]}
        assert "who was asked and answered" in answer.explain("observed: law -> tonga")
        shares = answer.shares().loc["law"]
        assert (shares["difference"], abs(shares["naive_difference"])) == (0.0, 0.5)
        counts_match(answer, COUNTS)


def test_what_was_not_on_the_list_was_not_left_out() -> None:
    """A new element could not be ticked before; a new activity is something that happened."""
    nodes = {
        "organizations": pd.DataFrame({"id": ["o"], "name": ["O"]}),
        "sources": pd.DataFrame({"id": ["s"], "name": ["S"], "organization": ["o"]}),
        "asked": pd.DataFrame(
            {"source": "s", "question": ["works_on", "takes_part"], "answered": "yes"}
        ),
    }

    def round_(*ids: str) -> SystemMap:
        return from_tables(
            {
                **nodes,
                "elements": pd.DataFrame({"id": [f"e{i}" for i in ids], "name": list(ids)}),
                "activities": pd.DataFrame({"id": [f"a{i}" for i in ids], "name": list(ids)}),
                "works_on": pd.DataFrame(
                    {"organization": "o", "element": [f"e{i}" for i in ids], "source": "s"}
                ),
                "takes_part": pd.DataFrame(
                    {"organization": "o", "activity": [f"a{i}" for i in ids], "source": "s"}
                ),
            }
        )

    found = causes(round_("1"), round_("1", "2"))
    assert found["works_on: o -> e2"] == ["added", "respondents"]
    assert found["takes_part: o -> a2"] == ["added", "reality"]


def test_whoever_was_asked_in_both_rounds_and_now_says_more_has_changed() -> None:
    """The same answers where the ledger says that Tonga was asked about both times."""
    both = ("fiji", "tonga")
    found = causes(asked_about(*both), asked_about(*both, tonga="absent"))
    assert found == {"observed: law -> tonga": ["added", "reality"]}


def spoken(m: SystemMap) -> dict[str, dict[str, set[str]]]:
    """What each reporter said last about each item, in plain loops."""
    voice = {id: row["organization"] for id, row in m.sources.iterrows()}
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for table, column in (("observed", "state"), ("influences", "sign")):
        ends = [end.name for end in m.schema.link(table).ends]
        for row in m.links(table).to_dict("records"):
            place = (
                f" in {row['context']}" if table == "influences" and is_text(row["context"]) else ""
            )
            item = f"{table}: {row[ends[0]]} -> {row[ends[1]]}{place}"
            source = row["source"] if is_text(row["source"]) else None
            who = (
                (voice[source] if is_text(voice[source]) else source)
                if source
                else f"anonymous ({table})"
            )
            date = row["date"] if is_text(row["date"]) else None
            date = date or (m.sources["date"][source] if source else None)
            said = row[column] if is_text(row[column]) else "stated"
            day = f"{date}-12-31"[:10] if is_text(date) and len(date) == 4 else date
            day = f"{day}-31" if is_text(day) and len(day) == 7 else day
            found.setdefault(item, {}).setdefault(who, []).append((said, day))
    last: dict[str, dict[str, set[str]]] = {}
    for item, voices in found.items():
        for who, claims in voices.items():
            latest = max((d for _, d in claims if is_text(d)), default=None)
            kept = {said for said, d in claims if not is_text(d) or d == latest}
            last.setdefault(item, {})[who] = kept
    return last


def is_text(cell: object) -> bool:
    return isinstance(cell, str)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    before = opinions(seed)
    after = next_round(before, seed)
    frame = change(shuffled(before), shuffled(after, 1)).frame
    pd.testing.assert_frame_equal(change(before, after).frame, frame)


@pytest.mark.parametrize("seed", SEEDS)
def test_other_ids_change_no_number(seed: int) -> None:
    before = opinions(seed)
    after = next_round(before, seed)
    columns = ["table", "kind", "cause"]
    plain = change(before, after).frame.groupby(columns)[list(COUNTS)].sum()
    named = change(renamed(before), renamed(after)).frame.groupby(columns)[list(COUNTS)].sum()
    pd.testing.assert_frame_equal(plain, named)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_way_back_turns_added_into_removed(seed: int) -> None:
    before = opinions(seed)
    after = next_round(before, seed)
    there, back = change(before, after).frame, change(after, before).frame
    turned = back["kind"].replace({"added": "removed", "removed": "added"})
    assert there["kind"].sort_index().equals(turned.sort_index())
    assert there["cause"].sort_index().equals(back["cause"].sort_index())


# What may stand behind it


def test_a_reporter_of_both_rounds_who_says_otherwise_is_reality() -> None:
    before = reports(("law", "absent", "a"), *KEPT)
    after = reports(("law", "present", "a"), *KEPT)
    assert {"observed: law -> fiji": ["changed", "reality"]} == causes(before, after)
    said = change(before, after).explain("observed: law -> fiji")
    assert "Before: absent; after: present." in said
    assert "1 of 1 reporter of both rounds does not say the same as before." in said
    assert "consistent with a change in the world, and with a change of mind" in said


def test_signs_are_told_in_words() -> None:
    before = opinions(1)
    answer = change(before, next_round(before, 1))
    said = [answer.explain(i) for i in answer.frame.index if i.startswith("influences")]
    assert any("after: more leads to less." in sentence for sentence in said)
    assert not any(": +" in sentence or "; -" in sentence for sentence in said)


def test_others_who_answer_are_respondents() -> None:
    before = reports(("law", "absent", "a"), ("tax", "present", "a"))
    after = reports(("law", "present", "b"), ("tax", "present", "b"))
    assert {"observed: law -> fiji": ["changed", "respondents"]} == causes(before, after)
    assert "no sign of a change in the world" in change(before, after).explain(
        "observed: law -> fiji"
    )


def test_a_reporter_who_says_the_same_is_no_witness_of_a_change() -> None:
    """Only B has left; the words of the methods alone would call this reality, because A stayed."""
    before = reports(("law", "present", "a"), ("law", "absent", "b"), ("tax", "present", "a"))
    after = reports(("law", "present", "a"), ("tax", "present", "a"))
    assert {"observed: law -> fiji": ["changed", "respondents"]} == causes(before, after)


def test_who_was_asked_and_stayed_silent_took_no_part() -> None:
    """B speaks of tax in no round of the ledger: its silence on law is not a change."""
    before = reports(*KEPT, ("law", "present", "c"), asked=(("a", "yes"), ("c", "yes")))
    works = pd.DataFrame({"organization": ["o"], "element": ["law"], "source": ["c"]})
    more = {
        "organizations": pd.DataFrame({"id": ["o"], "name": ["Oak"]}),
        "works_on": works,
    }
    silent = reports(*KEPT, asked=(("a", "yes"), ("c", "no")), **more)
    assert causes(before, silent)["observed: law -> fiji"] == ["removed", "respondents"]
    spoke = reports(*KEPT, asked=(("a", "yes"), ("c", "yes")), **more)
    assert causes(before, spoke)["observed: law -> fiji"] == ["removed", "reality"]
    assert "To leave a claim out is not to deny it." in change(before, spoke).explain(
        "observed: law -> fiji"
    )


def test_sources_of_one_organization_are_one_reporter_in_both_rounds() -> None:
    def by(source: str, state: str) -> SystemMap:
        return reports(
            ("law", state, source),
            organizations=pd.DataFrame({"id": ["o"], "name": ["Oak"]}),
            sources=pd.DataFrame({"id": [source], "name": [source], "organization": ["o"]}),
        )

    found = causes(by("round-1", "absent"), by("round-2", "present"))
    assert ["changed", "reality"] == found["observed: law -> fiji"]
    assert ["added", "respondents"] == found["sources: round-2"]


def test_a_renamed_id_is_coding_and_its_claims_follow() -> None:
    before = reports(("e1", "present", "a"), elements={"e1": "Law", "tax": "Tax"})
    after = reports(("law", "present", "a"))
    answer = change(before, after)
    assert {
        "elements: law": ["changed", "coding"],
        "observed: law -> fiji": ["changed", "coding"],
    } == causes(before, after)
    row = answer.frame.loc["observed: law -> fiji"]
    assert ["e1 -> fiji", "law -> fiji", 1, 1] == row[
        ["before", "after", "reporters_before", "reporters_after"]
    ].tolist()
    assert "says nothing about the world" in answer.explain("elements: law")


def test_a_renamed_id_hides_no_change_in_what_is_said() -> None:
    before = reports(("e1", "absent", "a"), *KEPT, elements={"e1": "Law", "tax": "Tax"})
    after = reports(("law", "present", "a"), *KEPT)
    assert ["changed", "reality"] == causes(before, after)["observed: law -> fiji"]


def test_merged_and_split_ids_are_coding_with_their_claims() -> None:
    one = reports(("law", "present", "a"), *KEPT)
    aliases = pd.DataFrame(
        {"name": ["Law", "Law"], "id": ["act", "bill"], "decision": ["same", "same"]}
    )
    two = reports(
        ("act", "present", "a"),
        ("bill", "present", "a"),
        *KEPT,
        elements={"act": "Act", "bill": "Bill", "tax": "Tax"},
        aliases=aliases,
    )
    split = causes(one, two)
    assert {"coding"} == {cause for _, cause in split.values()}
    assert ["removed", "coding"] == split["elements: law"]
    assert ["added", "coding"] == split["observed: act -> fiji"]
    merged = change(two, one).frame
    assert {"coding"} == set(merged["cause"])
    assert ["id: act; bill; name: Act", "id: law; name: Law"] == merged.loc[
        "elements: law", ["before", "after"]
    ].tolist()
    assert "act -> fiji; bill -> fiji" == merged.loc["observed: law -> fiji", "before"]


def test_an_id_merged_into_one_that_stays_changes_nothing_else() -> None:
    named = {"zeal": "Old law", "law": "Law", "tax": "Tax"}
    before = reports(("zeal", "present", "a"), *KEPT, elements=dict(sorted(named.items())))
    aliases = pd.DataFrame({"name": ["Old law"], "id": ["law"], "decision": ["same"]})
    frame = change(before, reports(("law", "present", "a"), *KEPT, aliases=aliases)).frame
    assert ["id: zeal", "id: law"] == frame.loc["elements: law", ["before", "after"]].tolist()
    assert {"coding"} == set(frame["cause"])


def test_a_node_in_other_words_is_coding_and_a_fact_is_not() -> None:
    before = reports(*KEPT)
    after = reports(*KEPT, elements={"law": "Laws", "tax": "Tax"})
    assert {"elements: law": ["changed", "coding"]} == causes(before, after)

    def forum(status: str, source: str) -> SystemMap:
        return from_tables(
            {
                "contexts": pd.DataFrame({"id": ["fiji"], "name": ["Fiji"]}),
                "sources": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
                "activities": pd.DataFrame({"id": ["f"], "name": ["Forum"], "status": [status]}),
                "held_in": pd.DataFrame(
                    {"activity": ["f"], "context": ["fiji"], "source": [source]}
                ),
            }
        )

    done = causes(forum("planned", "a"), forum("completed", "a"))
    assert {"activities: f": ["changed", "reality"]} == done
    other = causes(forum("planned", "a"), forum("completed", "b"))
    assert {"activities: f": ["changed", "respondents"]} == other


def test_two_withheld_names_are_not_taken_for_one_reporter() -> None:
    def hidden(state: str, source: str) -> SystemMap:
        sources = pd.DataFrame(
            {"id": ["a", source], "name": ["A", f"S {source}"], "visibility": ["public", "private"]}
        )
        return reports(("law", state, source), ("tax", "present", "a"), sources=sources).redact()

    found = causes(hidden("absent", "x"), hidden("present", "y"))
    assert ["changed", "respondents"] == found["observed: law -> fiji"]


def test_rounds_for_different_audiences_are_read_for_the_more_public_one() -> None:
    m = shipped("teaching")
    answer = change(m, m.redact())
    assert len(answer) == 0
    assert "different audiences; both are read for public" in " ".join(answer.caveats)


def test_other_schemas_are_refused() -> None:
    m = shipped("teaching")

    topics = NodeType("topics", (Column("id", "id"), Column("name")), one="topic")
    with pytest.raises(ValueError, match="the two rounds have different schemas"):
        change(m, from_tables({}, m.schema.extended(nodes=(topics,))))


# The rows behind it


@pytest.mark.parametrize("seed", [0, *SEEDS])
def test_every_count_is_the_units_of_its_evidence_and_tells_its_round(seed: int) -> None:
    before = opinions(seed) if seed else shipped("teaching").as_of("2024-06-30")
    after = next_round(before, seed) if seed else shipped("teaching")
    answer = change(before, after)
    for key, row in answer.frame.iterrows():
        found = answer.evidence(key)
        assert list(EVIDENCE) == list(found.columns)
        words = found["counts_in"].str.split("; ")
        for column in COUNTS:
            named = words.map(lambda w, c=column: c in w).astype(bool)
            assert row[column] == found.loc[named, "unit"].nunique(), (key, column)
        for at, counts in zip(found.itertuples(), words, strict=True):
            m = before if "reporters_before" in counts else after
            assert at.row in m.table(at.table).index
        assert answer.explain(key)


# Shares


def wishes(*seeking: str, answered: str) -> SystemMap:
    """Who seeks the one outcome, among the organizations that answered."""
    everyone = list("opqr")
    return from_tables(
        {
            "organizations": pd.DataFrame({"id": everyone, "name": list("OPQR")}),
            "outcomes": pd.DataFrame({"id": ["light"], "name": ["Light"]}),
            "sources": pd.DataFrame(
                {"id": [f"s{o}" for o in everyone], "name": everyone, "organization": everyone}
            ),
            "seeks": pd.DataFrame(
                {
                    "organization": list(seeking),
                    "outcome": "light",
                    "source": [f"s{o}" for o in seeking],
                }
            ),
            "asked": pd.DataFrame(
                {"source": [f"s{o}" for o in answered], "question": "seeks", "answered": "yes"}
            ),
        }
    )


def test_shares_are_compared_among_reporters_of_both_rounds() -> None:
    """By hand: o and p answered twice and o seeks both times; q and r make the rest."""
    answer = change(wishes("o", "q", answered="opq"), wishes("o", answered="opr"))
    row = answer.shares().loc["light"]
    assert [1, 2, 1, 2] == row[["yes_before", "of_before", "yes_after", "of_after"]].tolist()
    assert 0.0 == row["difference"]
    assert -1 / 3 == pytest.approx(row["naive_difference"])
    assert "Light goes from 67 % to 33 % among all, and from 50 % (1 of 2) to 50 % (1 of 2)" in (
        " ".join(answer.caveats)
    )


def test_shares_of_nobody_in_both_rounds_are_missing() -> None:
    answer = change(wishes("o", answered="o"), wishes("p", answered="p"))
    row = answer.shares().loc["light"]
    assert row[["before", "after", "difference"]].isna().all()
    assert [1.0, 1.0] == row[["naive_before", "naive_after"]].tolist()


def test_shares_of_places_rest_on_the_same_reporters() -> None:
    before = reports(("law", "present", "a"), ("tax", "absent", "b"))
    after = reports(("law", "absent", "c"), ("law", "present", "a"), ("tax", "absent", "a"))
    row = change(before, after).shares().loc["law"]
    assert [1.0, 1.0] == row[["before", "after"]].tolist()
    assert row["naive_after"] != row["naive_after"]


def test_the_teaching_map_has_corrections_and_other_respondents() -> None:
    """Source: sources.csv; corrections of August and two documents of September."""
    m = shipped("teaching")
    answer = change(m.as_of("2024-06-30"), m)
    observed = answer.frame[answer.frame["table"] == "observed"]
    assert ["changed", "reality"] * 2 == [*observed[["kind", "cause"]].to_numpy().ravel()]
    influences = answer.frame[answer.frame["table"] == "influences"]
    assert {"respondents"} == set(influences["cause"])
    assert "Matrix of tables by cause" in answer.alt_text()
    assert "Claims without a date look added here, because one round was cut: as of 2024-06-30" in (
        " ".join(answer.caveats)
    )
    assert answer.methods().startswith("Compared are claims")
    assert {"reality", "respondents", "coding"} <= set(texts(answer.plot()))
