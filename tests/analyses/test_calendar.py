"""The calendar against methods.md section 14 and the answer sheet of the teaching map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sysmap.analyses.calendar import calendar
from sysmap.core import dates
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap, from_tables
from tests.maps import shipped

MAPS = ("asia-pacific-digital-learning", "teaching")


def one(status: str | None, start: str | None, end: str | None) -> SystemMap:
    row = {"id": ["t"], "name": ["Thing"], "status": [status], "start": [start], "end": [end]}
    return from_tables({"activities": pd.DataFrame(row, dtype=object)})


@pytest.mark.parametrize(
    ("status", "start", "end", "state"),
    [
        ("completed", "2025", None, "done"),
        (None, "2023", "2024-05", "done"),
        (None, "2023", None, "ongoing"),
        ("ongoing", "2023", "2024-05", "overdue"),
        ("planned", "2023", "2024-05", "overdue"),
        ("planned", "2024-05", "2024-12", "overdue"),
        ("planned", "2024-07", "2024-12", "upcoming"),
        (None, "2024-07", None, "upcoming"),
        ("ongoing", "2024-05", "2024-06", "ongoing"),
        ("planned", "2024", "2024", "ongoing"),
        ("planned", None, None, "ongoing"),
    ],
)
def test_the_state_follows_from_status_and_dates(status, start, end, state):
    """methods.md section 14, on 2024-06-15; a partial date is before only when all of it is."""
    assert calendar(one(status, start, end), at="2024-06-15").frame.loc["t", "state"] == state


def test_activities_that_are_all_cancelled_leave_an_empty_calendar():
    """methods.md section 14: cancelled is left out, and the caveat counts it."""
    answer = calendar(one("cancelled", "2024", None))
    assert [] == list(answer.frame.index)
    assert list(calendar(one(None, "2024", None)).frame.columns) == list(answer.frame.columns)
    assert any("1 of 1 activities" in caveat for caveat in answer.caveats)


def test_the_teaching_map_has_the_planted_states():
    """datasets/teaching/README.md, task 4."""
    frame = calendar(shipped("teaching")).frame
    assert set(frame.index[frame["state"] == "overdue"]) == {"solar-rollout", "policy-review"}
    assert "border-summit" not in frame.index
    assert frame.index[-1] == "vision-day"


def test_the_teaching_map_has_the_planted_overlaps():
    """datasets/teaching/README.md: three activities overlap and share Juniper Alliance."""
    overlaps = calendar(shipped("teaching")).frame["overlaps"]
    assert {k: v for k, v in overlaps.items() if v} == {
        "island-link": "island-repair-camp; data-forum",
        "island-repair-camp": "island-link; data-forum",
        "data-forum": "island-link; island-repair-camp",
    }


@pytest.mark.parametrize("name", MAPS)
def test_overlaps_and_lists_are_those_of_plain_loops(name):
    """A slow twin: every pair of activities."""
    m = shipped(name)
    part, held, about = (m.links(t) for t in ("takes_part", "held_in", "addresses"))
    kept = m.activities[m.activities["status"] != "cancelled"]
    who = {a: set(part.loc[part["activity"] == a, "organization"]) for a in kept.index}
    where = {a: set(held.loc[held["activity"] == a, "context"]) for a in kept.index}
    what = {a: set(about.loc[about["item"] == a, "target"]) for a in kept.index}

    def days(a):
        start, end = kept.loc[a, ["start", "end"]]
        if pd.isna(start):
            return None
        return dates.first_day(start), dates.last_day(start if pd.isna(end) else end)

    def meet(a, b):
        one, other = days(a), days(b)
        linked = who[a] & who[b] or (where[a] & where[b] and what[a] & what[b])
        return one and other and one[0] <= other[1] and other[0] <= one[1] and linked

    frame = calendar(m).frame
    assert set(frame.index) == set(kept.index)
    for a, row in frame.iterrows():
        assert row["overlaps"] == "; ".join(b for b in kept.index if a != b and meet(a, b))
        assert set(filter(None, row["contexts"].split("; "))) == where[a]
        assert set(filter(None, row["addresses"].split("; "))) == what[a]
        leads = part[(part["activity"] == a) & part["role"].isin(["leads", "co-leads"])]
        assert set(filter(None, row["leads"].split("; "))) == set(leads["organization"])


def test_a_shared_target_alone_is_no_overlap():
    tables = {
        "activities": pd.DataFrame(
            {"id": ["s", "t"], "name": ["S", "T"], "start": ["2024", "2024-03"]}
        ),
        "elements": pd.DataFrame({"id": ["e"], "name": ["E"]}),
        "contexts": pd.DataFrame({"id": ["x"], "name": ["X"]}),
        "addresses": pd.DataFrame({"item": ["s", "t"], "target": ["e", "e"]}),
    }
    assert list(calendar(from_tables(tables)).frame["overlaps"]) == ["", ""]
    tables["held_in"] = pd.DataFrame({"activity": ["s", "t"], "context": ["x", "x"]})
    assert list(calendar(from_tables(tables)).frame["overlaps"]) == ["t", "s"]


def test_the_day_is_the_data_date_then_the_latest_date_and_never_today():
    m = one("planned", "2021-02", "2021-04")
    assert calendar(m).params["at"] == "2021-04-30"
    source = pd.DataFrame({"id": ["s"], "name": ["S"], "date": ["2020"]})
    dated = from_tables({**m.tables, "sources": source})
    assert calendar(dated).params["at"] == "2020-12-31"
    about = pd.DataFrame({"key": ["data date"], "value": ["2019-05"]})
    stated = from_tables({**m.tables, "sources": source, "about": about})
    assert calendar(stated).params["at"] == "2019-05-31"


def test_a_map_without_any_date_has_no_day():
    answer = calendar(one("planned", None, None))
    assert (answer.params["at"], answer.frame.loc["t", "state"]) == (None, "ongoing")
    assert any("holds no date" in c for c in answer.caveats)


def test_a_map_without_activities_has_no_calendar():
    with pytest.raises(UndecidableError, match=r"Add the sheet activities\."):
        calendar(from_tables({}))


def test_a_day_that_is_no_date_is_refused():
    with pytest.raises(ValueError, match="'soon' is not a date"):
        calendar(one(None, None, None), at="soon")


@pytest.mark.parametrize("name", MAPS)
def test_the_order_of_rows_changes_nothing_but_the_order_in_lists(name):
    m = shipped(name)
    rng = np.random.default_rng(0)
    shuffled = {
        t: m.table(t).iloc[rng.permutation(len(m.table(t)))].reset_index(drop=True)
        for t in ("takes_part", "held_in", "addresses", "shares")
    }
    again = calendar(from_tables({**m.tables, **shuffled}))
    pd.testing.assert_frame_equal(calendar(m).frame, again.frame)


def test_an_activity_is_told_in_sentences():
    assert calendar(shipped("teaching")).explain("policy-review") == (
        "Policy review runs from 2024-07 to 2024-12; its state on 2024-09-30 is overdue "
        "(status planned). Led by Glacier Ministry of Highmoor. Held in Highmoor. "
        "About Digital policy."
    )


@pytest.mark.parametrize("name", MAPS)
def test_the_answer_speaks_for_itself(name):
    answer = calendar(shipped(name))
    for text in (answer.summary(), answer.methods(), answer.alt_text()):
        assert text.endswith(".")
    assert len(answer.plot().get_yticklabels()) == len(answer)
    for key, row in answer.frame.iterrows():
        listed = {"takes_part": "leads", "held_in": "contexts", "addresses": "addresses"}
        found = answer.evidence(key)
        for table, column in listed.items():
            units = set(found.loc[found["table"] == table, "unit"])
            assert set(filter(None, row[column].split("; "))) <= units
