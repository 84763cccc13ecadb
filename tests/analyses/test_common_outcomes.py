"""Common outcomes against the answer sheet, elections and plain loops."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sysmap.analyses.common_outcomes import common_outcomes
from sysmap.core.dates import last_day
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from tests.evidence import counts_match
from tests.maps import shipped
from tests.surveys import renamed, shuffled, survey

COLUMNS = [
    *("name", "seeking", "responding", "share", "low", "high", "verdict", "leaning", "robust"),
    *("priority", "consensus"),
]


def _ballots(lists: dict[str, int], **columns: object) -> SystemMap:
    """Organizations that rank outcomes, one letter each; a number tells how many rank so."""
    rows = []
    for ballot, times in lists.items():
        for voter in range(times):
            places = enumerate(ballot, start=1)
            rows += [(f"{ballot}-{voter}", outcome, place) for place, outcome in places]
    seeks = pd.DataFrame(rows, columns=["organization", "outcome", "priority"]).assign(**columns)
    voters, outcomes = seeks["organization"].unique(), sorted(seeks["outcome"].unique())
    return from_tables(
        {
            "organizations": pd.DataFrame({"id": voters, "name": voters}),
            "outcomes": pd.DataFrame({"id": outcomes, "name": outcomes}),
            "seeks": seeks,
        }
    )


def test_the_capital_of_tennessee() -> None:
    """Worked example: Borda .42 .646667 .576667 .356667 for M N C K, Condorcet N."""
    answer = common_outcomes(_ballots({"MNCK": 42, "NCKM": 26, "CKNM": 15, "KCNM": 17}))
    places = answer.frame["priority"]
    expected = pytest.approx([0.42, 0.646667, 0.576667, 0.356667], abs=5e-7)
    assert expected == places[["M", "N", "C", "K"]].tolist()
    agreed = answer.agreement
    assert ("N", "N", False) == (agreed.borda, agreed.condorcet, agreed.differ)


def test_mean_rank_and_majority_may_differ_and_the_caveat_names_both() -> None:
    """Hand arithmetic: 3 x ABC, 2 x BCA; A beats both 3 to 2, mean places A .6 and B .7."""
    answer = common_outcomes(_ballots({"ABC": 3, "BCA": 2}))
    agreed = answer.agreement
    assert ("B", "A", True) == (agreed.borda, agreed.condorcet, agreed.differ)
    assert any("first outcome is B, by majority in pairs it is A" in c for c in answer.caveats)


def test_concordance_is_that_of_the_worked_example() -> None:
    """Worked example: four judges and six items, one with ties: W .8586956522."""
    ranks = [
        [1, 2, 3, 4, 5, 6], [2, 1, 3, 5, 4, 6], [1, 3, 2, 4, 6, 5], [1, 1, 3, 2, 4, 4],
    ]  # fmt: skip
    rows = [(f"o{i}", f"w{j}", rank) for i, row in enumerate(ranks) for j, rank in enumerate(row)]
    outcomes = [f"w{j}" for j in range(6)]
    m = from_tables(
        {
            "organizations": pd.DataFrame({"id": [f"o{i}" for i in range(4)], "name": "O"}),
            "outcomes": pd.DataFrame({"id": outcomes, "name": outcomes}),
            "seeks": pd.DataFrame(rows, columns=["organization", "outcome", "priority"]),
        }
    )
    # the fourth judge's 1.5 1.5 4 3 5.5 5.5 are the mean ranks of 1 1 3 2 4 4
    agreed = common_outcomes(m).agreement
    assert (0.8586956522, 17.17391304) == pytest.approx((agreed.w, agreed.chi2), abs=1e-8)
    assert (agreed.df, agreed.p < 0.01) == (5, True)


def test_two_camps_have_no_consensus_and_one_mind_has_full() -> None:
    """Worked example: five answers 1 and five answers 5 give 0, unanimous gives 1."""
    split = _ballots({"A": 10}, importance=[1, 5] * 5)
    assert common_outcomes(split).frame.loc["A", "consensus"] == pytest.approx(0)
    alike = common_outcomes(_ballots({"A": 10}, importance=3)).frame.loc["A", "consensus"]
    assert alike == pytest.approx(1)


def test_the_teaching_map_gives_its_answer_sheet() -> None:
    """Source: the answer sheet in the README of the map, task 1."""
    frame = common_outcomes(shipped("teaching")).frame
    assert [8, 6, 4, 3, 2, 1] == frame["seeking"].tolist()
    assert {9} == set(frame["responding"])
    sheet = ["common", "common", "undetermined", "shared", "undetermined", "niche"]
    assert sheet == frame["verdict"].tolist()


def _slow(m: SystemMap) -> dict[str, tuple[int, int]]:
    """Seeking and responding by outcome with plain loops."""
    own = m.sources["organization"].to_dict()
    members = {o for o, yes in m.organizations["member"].items() if yes == "yes"}
    answered = set()
    for row in m.asked.to_dict("records"):
        spoken = row["speaks_for"] if isinstance(row["speaks_for"], str) else own[row["source"]]
        if row["question"] == "seeks" and row["answered"] == "yes" and spoken in members:
            answered.add(spoken)
    claims = m.links("seeks").to_dict("records")
    return {
        outcome: (
            len({c["organization"] for c in claims if c["outcome"] == outcome} & answered),
            len(answered),
        )
        for outcome in m.outcomes.index
    }


def _slow_importance(m: SystemMap, outcome: str, members: set[str]) -> list[int]:
    """The answers on importance that stand, with plain loops."""
    told: dict[str, list[tuple[str, int]]] = {}
    for claim in m.links("seeks").to_dict("records"):
        if claim["outcome"] == outcome and not pd.isna(claim["importance"]):
            date = claim["date"]
            if not isinstance(date, str) and isinstance(claim["source"], str):
                date = m.sources.loc[claim["source"], "date"]
            day = str(last_day(date)) if isinstance(date, str) else ""
            told.setdefault(claim["organization"], []).append((day, int(claim["importance"])))
    answers = []
    for organization in sorted(set(told) & members):
        latest = max(day for day, _ in told[organization])
        values = {value for day, value in told[organization] if day in ("", latest)}
        answers += list(values) if len(values) == 1 else []
    return answers


@pytest.mark.parametrize("seed", range(12))
def test_counts_are_those_of_plain_loops(seed: int) -> None:
    m = survey(seed)
    answer = common_outcomes(m)
    for outcome, counts in _slow(m).items():
        row = answer.frame.loc[outcome]
        assert counts == (row["seeking"], row["responding"])
        assert row["seeking"] <= row["responding"] <= answer.params["members"]
    told = answer.evidence(answer.frame.index[0])
    heard = set(told.loc[told["counts_in"] == "responding", "unit"])
    for outcome, row in answer.frame.iterrows():
        said = _slow_importance(m, str(outcome), heard)
        assert math.isnan(row["consensus"]) == (len(said) < 2)
        if len(said) >= 2:
            mu, terms = np.mean(said), 0.0
            for value in set(said):
                share = said.count(value) / len(said)
                terms += share * math.log2(1 - abs(value - mu) / 4)
            assert row["consensus"] == pytest.approx(1 + terms)


@pytest.mark.parametrize("seed", range(6))
def test_order_of_rows_and_other_ids_change_nothing(seed: int) -> None:
    m = survey(seed)
    frame = common_outcomes(m).frame
    pd.testing.assert_frame_equal(frame, common_outcomes(shuffled(m, seed)).frame)
    other = common_outcomes(renamed(m)).frame
    pd.testing.assert_frame_equal(frame.set_axis("z" + frame.index), other)


def test_every_count_is_the_units_of_its_evidence() -> None:
    maps = [*map(survey, range(6)), shipped("teaching"), shipped("asia-pacific-digital-learning")]
    for m in maps:
        counts_match(common_outcomes(m), ("seeking", "responding"))


def test_constituencies_are_the_answers_of_each_kind() -> None:
    answer = common_outcomes(shipped("teaching"))
    table = answer.constituencies()
    assert (["group", "outcome"], COLUMNS) == (list(table.index.names), list(table.columns))
    total = table["seeking"].groupby(level="outcome").sum()
    assert total.sort_index().tolist() == answer.frame["seeking"].sort_index().tolist()
    assert table.loc[("donor", "every-school-online"), "seeking"] == 2
    blank = common_outcomes(_ballots({"AB": 2})).constituencies()
    assert ["not stated"] == list(blank.index.unique("group"))


def test_without_a_ledger_the_caveat_says_who_counts_as_answering() -> None:
    said = common_outcomes(shipped("asia-pacific-digital-learning")).caveats
    assert any("Nobody was asked which outcomes they seek" in c for c in said)
    assert any("22 of 56 organizations for which a source names" in c for c in said)
    assert any("No organization is marked as a member" in c for c in said)
    assert not any("Nobody was asked" in c for c in common_outcomes(shipped("teaching")).caveats)


@pytest.mark.parametrize(("answered", "warned"), [(4, True), (5, False)])
def test_fewer_than_half_of_the_members_responding_stands_first(
    answered: int, warned: bool
) -> None:
    """The methods page: below 50 % of members responding print it first; of 10 members."""
    ids = [f"o{i}" for i in range(10)]
    tables = {
        "organizations": pd.DataFrame({"id": ids, "name": ids, "member": "yes"}),
        "outcomes": pd.DataFrame({"id": ["w"], "name": ["Light"]}),
        "sources": pd.DataFrame({"id": ids, "name": ids, "organization": ids}).assign(
            id=[f"s{i}" for i in range(10)], grade="illustrative"
        ),
        "seeks": pd.DataFrame({"organization": ["o0"], "outcome": ["w"], "source": ["s0"]}),
    }
    ledger = pd.DataFrame(
        {
            "source": [f"s{i}" for i in range(10)],
            "question": "seeks",
            "answered": ["yes"] * answered + ["no"] * (10 - answered),
        }
    )
    first = common_outcomes(from_tables({**tables, "asked": ledger})).caveats[0]
    assert warned == first.startswith("Only 4 of 10 members responded (40 %)")
    unasked = common_outcomes(from_tables(tables)).caveats[0]
    assert unasked.startswith("Nobody was asked which outcomes they seek: the share is among the 1")


def test_an_undecided_outcome_leans_somewhere() -> None:
    """4 of 9 members that responded, of 10: shared by the share alone."""
    said = common_outcomes(shipped("teaching")).explain("good-teaching")
    assert "The share alone leans to shared; the answers do not decide it." in said


@pytest.mark.parametrize(("seeking", "warned"), [(9, False), (10, True)])
def test_more_than_nine_in_ten_is_nearly_everybody(seeking: int, warned: bool) -> None:
    """The bound of the methods page is above 0.9, so nine of ten do not warn."""
    ids = [f"o{i}" for i in range(10)]
    m = from_tables(
        {
            "organizations": pd.DataFrame({"id": ids, "name": ids}),
            "outcomes": pd.DataFrame({"id": ["w", "v"], "name": ["Light", "Heat"]}),
            "seeks": pd.DataFrame(
                {
                    "organization": [*ids[:seeking], *ids],
                    "outcome": ["w"] * seeking + ["v"] * 10,
                }
            ),
        }
    )
    assert warned == any("social desirability" in c for c in common_outcomes(m).caveats)


def test_ticking_everything_warns_of_social_desirability() -> None:
    said = common_outcomes(_ballots({"AB": 3})).caveats
    assert any("social desirability" in c for c in said)


def test_a_claim_by_another_source_is_no_answer() -> None:
    """A member that was asked and kept silent is not counted, whatever others say of it."""
    m = from_tables(
        {
            "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "member": "yes"}),
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "sources": pd.DataFrame({"id": ["s", "t"], "name": "S", "organization": ["a", "b"]}),
            "seeks": pd.DataFrame({"organization": ["a", "b"], "outcome": "o", "source": "s"}),
            "asked": pd.DataFrame({"source": ["s", "t"], "question": "seeks"}),
        }
    )
    answer = common_outcomes(m)
    assert (1, 1) == tuple(answer.frame.loc["o", ["seeking", "responding"]])
    assert any("Not counted: 1 claim about" in c for c in answer.caveats)


def test_degenerate_maps_are_answered_or_refused() -> None:
    empty = common_outcomes(from_tables({}))
    filled = common_outcomes(shipped("teaching")).frame
    assert filled.dtypes.to_dict() == empty.frame.dtypes.to_dict()
    assert (0, 0) == (len(empty.frame), len(empty.constituencies()))
    assert empty.summary() == "There are no outcomes to classify."
    assert empty.plot() is not None
    outcomes = pd.DataFrame({"id": ["o"], "name": ["O"]})
    with pytest.raises(UndecidableError, match=r"Add the sheet seeks\."):
        common_outcomes(from_tables({"outcomes": outcomes}))
    nobody = from_tables(
        {
            "outcomes": outcomes,
            "organizations": pd.DataFrame({"id": ["a"], "name": ["A"], "member": ["no"]}),
            "seeks": pd.DataFrame({"organization": ["a"], "outcome": ["o"]}),
        }
    )
    answer = common_outcomes(nobody)
    assert (0, 0, "undetermined") == tuple(
        answer.frame.loc["o", ["seeking", "responding", "verdict"]]
    )
    assert answer.explain("o") == "None of 0 members answered: undetermined."
    with pytest.raises(ValueError, match="by is 'size', which is no column of organizations"):
        common_outcomes(nobody, by="size")


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"draws": 0}, "draws is 0; give a whole number, 1 or more"),
        ({"draws": -5}, "draws is -5"),
        ({"common": 0.2}, "bound of common is 0.2 and that of niche is 0.25; give two shares"),
        ({"common": float("nan")}, "bound of common is nan"),
        ({"niche": -1}, "that of niche is -1"),
        ({"level": 0}, "level: 0 is not between 0 and 1"),
    ],
)
def test_a_wrong_option_is_named(option: dict[str, float], message: str) -> None:
    """A bound that is no share would class every outcome without a word."""
    with pytest.raises(ValueError, match=message):
        common_outcomes(shipped("teaching"), **option)  # type: ignore[arg-type]


def test_explain_is_for_a_ministry() -> None:
    answer = common_outcomes(shipped("teaching"))
    said = answer.explain("every-school-online")
    assert "sought by 8 of the 9 members that responded, of 10 in all (89 %" in said
    assert "donor: 2 of 2" in said
    assert "every-school-online" not in said
    with pytest.raises(UnknownIdError):
        answer.explain("nothing")
    led = "Sought most: Every school online, by 8 of the 9 members that responded."
    assert led in answer.alt_text()
    assert "8 of 9" in {text.get_text() for text in answer.plot().texts}
    assert "Kendall's W is 0.40" in answer.methods()
