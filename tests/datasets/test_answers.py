"""The analyses find what the answer sheet of the teaching map says was planted.

Source of the expected values: the tables of ANSWERS.md, planted by hand in planted.py.
"""

from pathlib import Path

import pandas as pd
import pytest

import sysmap as sm

SHEET = Path(__file__).resolve().parents[2] / "datasets" / "teaching" / "ANSWERS.md"


def told(first: str, second: str) -> list[dict[str, str]]:
    """The rows of the one table of the sheet whose first two columns are these."""
    tables: list[list[dict[str, str]]] = []
    header: list[str] = []
    for line in SHEET.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            header = []
        elif not header:
            header = [cell.strip() for cell in line.strip("|").split("|")]
            tables += [[]] if header[:2] == [first, second] else []
        elif header[:2] == [first, second] and "---" not in line:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            tables[-1].append(dict(zip(header, cells, strict=True)))
    (found,) = tables
    assert found
    return found


@pytest.fixture(scope="module")
def m() -> sm.SystemMap:
    return sm.example("teaching")


def test_outcomes_are_sought_as_the_sheet_says(m: sm.SystemMap) -> None:
    frame = sm.common_outcomes(m).frame
    found = {
        key: (f"{row['seeking']} of {row['responding']}", row["verdict"])
        for key, row in frame.iterrows()
    }
    sheet = {r["outcome"]: (r["seeking"], r["verdict"]) for r in told("outcome", "seeking")}
    assert sheet == found


def test_elements_have_the_planted_counts_verdicts_and_patterns(m: sm.SystemMap) -> None:
    answer = sm.universality(m)
    found = {}
    for key, row in answer.frame.iterrows():
        clear = pd.notna(row["q"]) and row["q"] <= answer.params["q"]
        pattern = f"{row['grouping']}: {row['group']}" if clear else ""
        count = f"{row['present']} of {row['assessed']}"
        found[key] = (count, row["verdict"], pattern, row["contested"])
    sheet = {
        r["element"]: (r["present"], r["verdict"], r["pattern"], len(r["contested in"].split()))
        for r in told("element", "present")
    }
    assert sheet == found


def test_countries_are_contested_where_reports_end_in_a_tie(m: sm.SystemMap) -> None:
    frame = sm.perspectives(m).frame
    tied = frame[(frame["table"] == "observed") & (frame["answer"] == "contested")]
    sheet = {(r["element"], r["contested in"]) for r in told("element", "present")}
    assert {cell for cell in sheet if cell[1]} == set(zip(tied["from"], tied["to"], strict=True))


def test_loops_are_the_planted_three(m: sm.SystemMap) -> None:
    frame = sm.loops(m).frame
    found = {(frozenset(p.split("; ")), x) for p, x in zip(frame.path, frame.polarity, strict=True)}
    sheet = {(frozenset(r["loop"].split("; ")), r["polarity"]) for r in told("loop", "polarity")}
    assert sheet == found


def test_influences_are_disputed_where_planted(m: sm.SystemMap) -> None:
    frame = sm.perspectives(m).frame
    disputed = frame[(frame["table"] == "influences") & (frame["disagree"] > 0)]
    found = {key: {row["agree"], row["disagree"]} for key, row in disputed.iterrows()}
    rows = told("influence", "strengthens")
    assert {r["influence"]: {int(r["strengthens"]), int(r["weakens"])} for r in rows} == found
    minus = [r["influence"] for r in rows if int(r["weakens"]) > int(r["strengthens"])]
    assert minus == list(disputed.index[disputed["answer"] == "-"])


def test_planted_pairs_are_found_with_their_helpers(m: sm.SystemMap) -> None:
    frame = sm.opportunities(m, top=None).frame
    new = frame[frame["standing"] == "new"]
    for row in told("pair", "what was planted"):
        first, second = row["pair"].split(", ")
        found = frame.loc[(first, second)]
        assert found["standing"] == "new"
        helpers = [first] * bool(found["helps"] > 0) + [second] * bool(found["helped"] > 0)
        if row["helper"] == "both":
            assert [first, second] == helpers
        elif row["helper"]:
            assert [row["helper"]] == helpers
        if row["first in"]:
            part = row["first in"]
            assert found[part] == new[part].max()
            assert found["rank"] == 1


def test_uncovered_cells_are_the_planted_ones(m: sm.SystemMap) -> None:
    frame = sm.coverage(m).frame
    sheet = {(r["nobody works on"], r["in"]) for r in told("nobody works on", "in")}
    assert sheet == set(frame.index[frame["state"] == "uncovered"])


def test_the_closest_resource_is_the_planted_one(m: sm.SystemMap) -> None:
    frame = sm.exchange(m).frame.reset_index()
    top = frame.groupby("organization")["score"].transform("max")
    closest = frame[frame["score"] == top].groupby("organization")["resource"].agg(set)
    for row in told("organization", "resource"):
        assert row["resource"] in closest[row["organization"]]
    both = set(frame.loc[frame["resource"] != "everything-handbook", "organization"])
    assert all("everything-handbook" not in closest[key] for key in both)


def test_activities_have_the_states_of_the_sheet(m: sm.SystemMap) -> None:
    frame = sm.calendar(m).frame
    sheet = {r["activity"]: r["state on 30 September 2024"] for r in told(*CALENDAR)}
    assert sheet == frame["state"].to_dict()
    overlapping = set(frame.index[frame["overlaps"] != ""])
    assert {"island-link", "island-repair-camp", "data-forum"} == overlapping


CALENDAR = ("activity", "state on 30 September 2024")


def test_groups_bring_what_was_planted(m: sm.SystemMap) -> None:
    frame = sm.complementarity(m).frame
    assert {r["group"]: int(r["gain"]) for r in told("group", "gain")} == frame["gain"].to_dict()
    for row in told("group", "gain"):
        offered = frame.loc[row["group"], "offered"]
        for element in ("usage-survey", "school-twinning"):
            assert (element in row["what it brings"]) == (element in offered)
