"""The calendar against methods.md section 14 and the answer sheet of the teaching map."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import re

import icalendar
import numpy as np
import pandas as pd
import pytest

from sysmap.analyses import calendar as analysis
from sysmap.analyses.calendar import calendar
from sysmap.analyses.coverage import coverage
from sysmap.core import dates, files
from sysmap.core.charts import labels
from sysmap.core.errors import LimitError, OutputError, UndecidableError
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
        "island-link": "data-forum; island-repair-camp",
        "island-repair-camp": "data-forum; island-link",
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
        assert row["overlaps"] == "; ".join(sorted(b for b in kept.index if a != b and meet(a, b)))
        assert row["contexts"] == "; ".join(sorted(where[a]))
        assert row["addresses"] == "; ".join(sorted(what[a]))
        leads = part[(part["activity"] == a) & part["role"].isin(["leads", "co-leads"])]
        assert row["leads"] == "; ".join(sorted(set(leads["organization"])))


@pytest.mark.parametrize("name", MAPS)
def test_small_blocks_find_the_same_overlaps_and_tell_how_far_they_are(name, monkeypatch):
    whole = calendar(shipped(name)).frame
    monkeypatch.setattr(analysis, "_AT_ONCE", 3)
    seen = []
    pd.testing.assert_frame_equal(
        calendar(shipped(name), progress=lambda *at: seen.append(at)).frame, whole
    )
    assert len(seen) > 1
    assert seen[-1][0] == seen[-1][1]


def test_more_overlaps_than_a_table_lists_are_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(analysis, "_MOST_OVERLAPS", 1)
    with pytest.raises(LimitError, match=r"m\.select"):
        calendar(shipped("teaching"))


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


def test_a_day_that_is_no_text_is_refused_with_how_to_write_it():
    for ask in (calendar, coverage):
        with pytest.raises(TypeError, match="date is 2024; write it as text: YYYY, YYYY-MM"):
            ask(shipped("teaching"), at=2024)


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


# The calendar file

_AWKWARD = (
    "without a start",
    "Semicolon; comma, backslash \\ and n: \\n",
    "Line\nbreak\r\nand\rmore",
    "BEGIN:VEVENT\r\nSUMMARY:forged",
    "ü" * 90,
    "without a start either",
    "日本" * 60,
    "𝔘🎉" * 40,
    "bell \x07 and null-like \x1b[0m",
    "=HYPERLINK(1)" + "x" * 200,
)


def written(m, tmp_path, **options):
    return calendar(m, **options).to_ics(tmp_path / "group.ics").read_bytes()


def awkward() -> SystemMap:
    size = len(_AWKWARD)
    activities = pd.DataFrame(
        {
            "id": [f"a{i}" for i in range(size)],
            "name": list(_AWKWARD),
            "start": [
                None if "without a start" in name else ["2024", "2024-02", "2024-03-04"][i % 3]
                for i, name in enumerate(_AWKWARD)
            ],
            "end": [["2024-06", None][i % 2] for i in range(size)],
            "status": [["planned", "cancelled", "ongoing", None][i % 3] for i in range(size)],
        }
    )
    return from_tables(
        {"activities": activities, "about": pd.DataFrame({"key": ["title"], "value": ["A; B"]})}
    )


@pytest.mark.parametrize("m", [*map(shipped, MAPS), awkward()], ids=[*MAPS, "awkward"])
def test_another_program_reads_every_dated_activity_from_the_file(m, tmp_path):
    """formats.md section 11; the package icalendar is the referee."""
    read = icalendar.Calendar.from_ical(written(m, tmp_path))
    events = {str(e["UID"]): e for e in read.walk("VEVENT")}
    dated = m.activities[m.activities["start"].notna()]
    assert len(dated) == len(events)
    for key, row in dated.iterrows():
        event = events[hashlib.sha256(key.encode()).hexdigest()[:40]]
        last = row["start"] if pd.isna(row["end"]) else row["end"]
        assert dates.first_day(row["start"]) == event["DTSTART"].dt
        assert dates.last_day(last) == event["DTEND"].dt - dt.timedelta(days=1)
        status = {"planned": "TENTATIVE", "cancelled": "CANCELLED"}.get(row["status"], "CONFIRMED")
        assert status == event["STATUS"]
        lines = row["name"].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        plain = ["".join(c for c in line if c.isprintable()) for line in lines]
        assert "\n".join(plain) == str(event["SUMMARY"])
        assert not event.errors


def test_lines_fold_at_75_octets_and_end_in_crlf(tmp_path):
    data = written(awkward(), tmp_path)
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) == 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()  # a letter is never divided


def test_activities_without_a_start_are_left_out_and_counted(tmp_path):
    m = awkward()
    data = written(m, tmp_path)
    assert b"X-WR-CALDESC:2 activities without a start are left out" in data
    assert data.count(b"BEGIN:VEVENT\r\n") == len(m.activities) - 2
    assert any("left out of the calendar file" in c for c in calendar(m).caveats)


def test_the_file_is_stamped_with_the_data_date_and_equal_for_equal_maps(tmp_path):
    m = shipped("teaching")
    data = written(m, tmp_path)
    assert data == written(m, tmp_path, at="2023-01-01")
    assert set(re.findall(rb"DTSTAMP:(\w+)", data)) == {b"20240930T000000Z"}
    turned = {t: m.table(t).iloc[::-1].reset_index(drop=True) for t in ("activities", "takes_part")}
    assert data == written(from_tables({**m.tables, **turned}), tmp_path)


def test_the_last_day_of_all_has_no_day_after_it(tmp_path):
    data = written(one("planned", "9999-12-31", None), tmp_path)
    assert b"DTSTART;VALUE=DATE:99991231\r\n" in data
    assert b"DTEND" not in data


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    old = tmp_path / "group.ics"
    old.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_flush", full)
    with pytest.raises(OutputError):
        calendar(shipped("teaching")).to_ics(old)
    assert old.read_text() == "old"


@pytest.mark.parametrize("name", MAPS)
def test_the_table_twin_holds_the_bars_that_are_drawn(name):
    answer = calendar(shipped(name))
    twin = answer.drawn()
    ax = answer.plot()
    assert [labels.shorten(n) for n in twin["name"]] == [t.get_text() for t in ax.get_yticklabels()]
    dated = (twin["start"].notna() | twin["end"].notna()).sum()
    assert dated == sum(len(c.patches) for c in ax.containers)


def test_of_many_activities_those_not_done_and_nearest_to_the_day_are_drawn():
    months = [f"20{20 + i // 12}-{1 + i % 12:02}" for i in range(96)]
    activities = pd.DataFrame({"id": months, "name": months, "start": months, "end": months})
    answer = calendar(from_tables({"activities": activities}), at="2026-06-30")
    twin = answer.drawn()
    assert len(twin) == 40
    upcoming = answer.frame[answer.frame["state"] == "upcoming"]
    assert set(upcoming.index) <= set(twin.index)
    rest = answer.frame.drop(upcoming.index)
    assert set(rest.index[-(40 - len(upcoming)) :]) <= set(twin.index)
    assert list(twin.index) == sorted(twin.index)
    assert len(answer.plot().get_yticklabels()) == 40
