"""Joint activities in time: what is ahead, under way, overdue and done."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, coded, dates, files
from sysmap.core.claims import blocks, claims, incidence
from sysmap.core.errors import LimitError, UndecidableError
from sysmap.core.model import SystemMap, held
from sysmap.core.progress import Progress, teller
from sysmap.core.result import Result, evidence_rows, joined, no_evidence, usual_caveats
from sysmap.core.schema import (
    ACTIVITIES,
    ADDRESSES,
    CANCELLED,
    COMPLETED,
    HELD_IN,
    ONGOING,
    PLANNED,
    TAKES_PART,
)
from sysmap.core.words import number_of
from sysmap.measures.dating import data_date, first_days, latest_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from scipy.sparse import csr_array

UPCOMING, UNDER_WAY, OVERDUE, DONE = "upcoming", "ongoing", "overdue", "done"

_LEADING = ("leads", "co-leads")
_STATUS = {PLANNED: "TENTATIVE", CANCELLED: "CANCELLED"}
_OCTETS = 75
_DRAWN = 40
_MOST_OVERLAPS, _AT_ONCE = 10_000_000, 5_000_000
_LAST_DAY = np.datetime64("9999-12-31")
_STATES = (OVERDUE, UNDER_WAY, UPCOMING, DONE)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Calendar(Result):
    """Activities by date, with who leads them and which ones meet."""

    question: ClassVar[str] = "What is planned, and which activities meet?"

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        states = self.table["state"].value_counts()
        parts = ", ".join(f"{states[s]:,} {s}" for s in _STATES if s in states) or "none"
        meeting = int((self.table["overlaps"] != "").sum())
        at = self.params["at"]
        return (
            f"{number_of(len(self.table), 'activity', 'activities')}"
            f"{f' on {at}' if at else ''}: {parts}; "
            f"{meeting:,} overlap in time with one that shares an organization, or both a target "
            "and a place."
        )

    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run."""
        at = self.params["at"] or "an unknown day, because the map holds no date"
        return (
            f"Activities are judged on {at}; cancelled ones are left out. "
            "An activity is done if it is completed, or has no status and ended before; overdue "
            "if it is planned or ongoing and ended before, or planned and surely begun; upcoming "
            "if it begins later; ongoing otherwise. A partial date is the interval that it "
            "covers. Two activities overlap if their closed intervals meet (without an end, the "
            "start stands for it) and they share an organization, or both a target and a context."
        )

    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""
        ahead = self.table[self.table["state"].isin((UPCOMING, OVERDUE))].head(3)
        listed = "; ".join(f"{r['name']} {r['state']}" for _, r in ahead.iterrows())
        return (
            "Timeline of activities, one bar each from first to last day, filled by state. "
            f"{self.summary()}{f' {listed}.' if listed else ''} "
            "Values in sheet calendar."
        )

    def drawn(self) -> pd.DataFrame:
        """The rows of the figure: first and last day of each bar, its state and who leads.

        Returns
        -------
        pandas.DataFrame
            Indexed by activity, columns name, start and end (dates; missing where open or not
            given), state and leads (names). At most 40 rows: where there are more, those that
            are not done come first, and among them the nearest to the day.
        """
        table = self.table.iloc[self._nearest()]
        frame = table[["name", "state"]].assign(
            start=first_days(table["start"]),
            end=dates.last_days(table["end"].fillna(table["start"])),
            leads=[self._leader(ids) for ids in table["leads"]],
        )
        open_end = table["end"].isna() & (table["state"] == UNDER_WAY)
        frame["end"] = frame["end"].mask(open_end.to_numpy())
        return frame[["name", "start", "end", "state", "leads"]]

    def _nearest(self) -> np.ndarray:
        """Places of the rows that are drawn, in the order of the table."""
        places = np.arange(len(self.table))
        if len(places) <= _DRAWN or self.params["at"] is None:
            return places
        at = np.datetime64(str(self.params["at"]), "D")
        first = first_days(self.table["start"].fillna(self.table["end"]))
        last = dates.last_days(self.table["end"].fillna(self.table["start"]))
        away = np.maximum((first - at).astype(float), (at - last).astype(float)).clip(0)
        away[np.isnat(first)] = np.inf
        done = (self.table["state"] == DONE).to_numpy(bool)
        chosen: np.ndarray = np.sort(np.lexsort((places, away, done))[:_DRAWN])
        return chosen

    def to_ics(self, path: str | os.PathLike[str]) -> Path:
        """Write the activities as an iCalendar file that calendar programs take in.

        Cancelled activities are written as cancelled, so that a calendar which had them strikes
        them out. An activity without a start is left out; the description of the calendar counts
        them. Equal maps give equal bytes. Redact the map first where the file leaves the house.

        Parameters
        ----------
        path
            The file to write; an old one is replaced in one step.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        OutputError
            If the file cannot be written; an old one is intact.

        Notes
        -----
        RFC 5545. Days are dates without a time, the day after the last one ends the event, and
        without an end the start stands for it; a partial date is the interval that it covers.

        Examples
        --------
        >>> import tempfile
        >>> import sysmap as sm
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = sm.calendar(sm.example("teaching")).to_ics(Path(folder) / "group.ics")
        ...     file.read_text(encoding="utf-8").splitlines()[:2]
        ['BEGIN:VCALENDAR', 'VERSION:2.0']
        """
        return files.write_bytes(path, "".join(map(_folded, _ics(self.map))).encode())

    def _sentences(self, key: object, row: pd.Series) -> str:
        start, end = row["start"], row["end"]
        if pd.isna(start) and pd.isna(end):
            when = "has no date"
        elif pd.isna(end):
            when = f"starts {start}, without a stated end"
        else:
            when = f"runs from {start if pd.notna(start) else 'an unknown day'} to {end}"
        at = f" on {self.params['at']}" if self.params["at"] else ""
        status = f"status {row['status']}" if pd.notna(row["status"]) else "no status given"
        said = [f"{row['name']} {when}; its state{at} is {row['state']} ({status})."]
        for column, words in (
            ("leads", "Led by"),
            ("contexts", "Held in"),
            ("addresses", "About"),
            ("overlaps", "Overlaps with"),
        ):
            if row[column]:
                said.append(f"{words} {', '.join(map(self.map.name, row[column].split('; ')))}.")
        return " ".join(said)

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        parts = []
        for table, end in ((TAKES_PART, "activity"), (HELD_IN, "activity"), (ADDRESSES, "item")):
            frame = held(self.map, table)
            rows = coded.plain(frame[frame[end] == key])
            other = next(c.name for c in self.map.schema.link(table).ends if c.name != end)
            parts.append(evidence_rows(self.map, table, rows, rows[other], ""))
        return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)

    def _draw(self, ax: Axes) -> Axes:
        frame = self.drawn()
        note = "An arrow is an open end. At the right: who leads."
        if len(frame) < len(self.table):
            note += (
                f" Drawn: {len(frame):,} of {len(self.table):,}, those not done and nearest to "
                "the day before others."
            )
        return charts.spans(
            ax,
            frame,
            at=self.params["at"],
            right="leads",
            title=self._ahead(),
            note=note,
        )

    def _ahead(self) -> str:
        """How many activities are still open, in words."""
        counts = self.table["state"].value_counts()
        parts = [f"{counts[s]:,} {s}" for s in (OVERDUE, UNDER_WAY, UPCOMING) if s in counts]
        open_ones = ", ".join(parts) or "none is open"
        return f"Of {number_of(len(self.table), 'activity', 'activities')}, {open_ones}"

    def _leader(self, ids: str) -> str:
        first, *others = ids.split("; ")
        more = f" and {len(others)} more" if others else ""
        return f"{self.map.name(first)}{more}" if first else ""


def calendar(m: SystemMap, /, *, at: str | None = None, progress: Progress = None) -> Calendar:
    """Joint activities stand in order of time, with their state on a day.

    Parameters
    ----------
    at
        The day, YYYY, YYYY-MM or YYYY-MM-DD (its last day); by default the data date in about,
        else the latest date of a claim, source or resource, else the latest start or end; never
        today.
    progress
        Called with blocks of activities compared and in all; True draws a bar where tqdm is
        installed.

    Returns
    -------
    Calendar
        Indexed by activity, columns name, start, end, status, leads, contexts, addresses,
        overlaps (ids) and state (upcoming, ongoing, overdue, done); by first day, undated last.
        Cancelled activities are left out.

    Raises
    ------
    LimitError
        If more activities overlap than a table can list.
    UndecidableError
        If the map has no activities.
    ValueError
        If `at` is no date.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "activities": pd.DataFrame({"id": ["day"], "name": ["Open day"], "start": ["2025-03"]}),
    ... })
    >>> calendar(m, at="2024-12-31").frame[["start", "state"]]
                start     state
    activity
    day       2025-03  upcoming
    """
    if not len(m.tables[ACTIVITIES]):
        raise UndecidableError(
            "There is no calendar: the map has no activities.",
            missing="Add the sheet activities.",
        )
    if at is not None:
        day: np.datetime64 | None = np.datetime64(dates.last_day(at), "D")
    else:
        day = data_date(m)
        day = latest_date(m) if day is None else day
    frame = _frame(m, day, progress)
    params = {"at": None if day is None else str(day)}
    return Calendar(m, frame, params, _caveats(m, frame, day))


def _frame(m: SystemMap, day: np.datetime64 | None, progress: Progress) -> pd.DataFrame:
    every = m.activities
    kept = (every["status"] != CANCELLED).to_numpy(bool)
    frame = every.loc[kept, ["name", "start", "end", "status"]].rename_axis("activity")
    told = claims(m, TAKES_PART)
    leading = told.held["role"].isin(_LEADING).to_numpy(bool)
    where, about = claims(m, HELD_IN), claims(m, ADDRESSES)
    item = every.index.get_indexer(about.first_ids)[about.first]
    shape = len(every)
    involved = _matrix(told.second, told.first, (shape, len(told.first_ids)))
    led = _matrix(told.second[leading], told.first[leading], (shape, len(told.first_ids)))
    places = _matrix(where.first, where.second, (shape, len(where.second_ids)))
    targets = _matrix(item, about.second, (shape, len(about.second_ids)))
    overlaps = _overlaps(frame, involved[kept], targets[kept], places[kept], progress)
    frame = frame.assign(
        leads=_listed(led[kept], told.first_ids, frame.index),
        contexts=_listed(places[kept], where.second_ids, frame.index),
        addresses=_listed(targets[kept], about.second_ids, frame.index),
        overlaps=_listed(overlaps, frame.index, frame.index),
        state=_states(frame, day),
    )
    first = first_days(frame["start"].fillna(frame["end"])).astype(np.int64)
    first[frame["start"].isna() & frame["end"].isna()] = np.iinfo(np.int64).max
    last = dates.last_days(frame["end"].fillna(frame["start"])).astype(np.int64)
    order = np.lexsort((frame.index.to_numpy(object), last, first))
    return frame.iloc[order].rename_axis("activity")


def _matrix(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> csr_array:
    """1 where any claim joins the two."""
    return (incidence(rows, columns, shape) > 0).astype(np.int64)


def _listed(matrix: csr_array, ids: pd.Index, index: pd.Index) -> pd.Series:
    """The ids of each row by code point, as one cell."""
    bounds = pairwise(matrix.indptr.tolist())
    cells = [joined(sorted(ids[matrix.indices[start:stop]])) for start, stop in bounds]
    return pd.Series(cells, index=index, dtype="str")


def _overlaps(
    frame: pd.DataFrame,
    involved: csr_array,
    targets: csr_array,
    places: csr_array,
    progress: Progress,
) -> csr_array:
    """Pairs that share an organization, or a target and a place, and whose intervals meet."""
    from scipy.sparse import coo_array, hstack

    first = first_days(frame["start"])
    last = dates.last_days(frame["end"].fillna(frame["start"]))
    dated = np.flatnonzero(first <= last)
    first, last = first[dated], last[dated]
    shared = hstack([involved[dated], _crossed(targets[dated], places[dated])], format="csr")
    each = np.bincount(shared.indices, minlength=shared.shape[1])
    bounds = blocks(shared, each, _AT_ONCE)
    found, number = [np.zeros((2, 0), np.int64)], 0
    with teller(progress, len(bounds) - 1) as tell:
        for done, (start, stop) in enumerate(pairwise(bounds), 1):
            one, other = (shared[start:stop] @ shared.T).tocoo().coords
            one = one + start
            meet = (first[one] <= last[other]) & (first[other] <= last[one]) & (one != other)
            found.append(np.array([one[meet], other[meet]], np.int64))
            number += len(found[-1][0])
            _listable(number)
            tell(done)
    pairs = dated[np.concatenate(found, axis=1)]
    return coo_array((np.ones(pairs.shape[1], np.int64), pairs), shape=(len(frame),) * 2).tocsr()


def _crossed(targets: csr_array, places: csr_array) -> csr_array:
    """Activities by the pairs of a target and a place that they touch."""
    many, each = np.diff(targets.indptr), np.diff(places.indptr)
    number = many * each
    row = np.repeat(np.arange(len(number)), number)
    at = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    target = targets.indices[targets.indptr[row] + at // each[row]]
    place = places.indices[places.indptr[row] + at % each[row]]
    cells, cell = np.unique(target * places.shape[1] + place, return_inverse=True)
    return incidence(row, cell.ravel(), (len(number), len(cells))).astype(np.int64)


def _listable(pairs: int) -> None:
    """Refuse what no table would hold."""
    if pairs > _MOST_OVERLAPS:
        raise LimitError(
            f"calendar: more than {_MOST_OVERLAPS // 2:,} pairs of activities overlap. Narrow with "
            "m.select(organizations=...) and m.select(elements=...), which keep what links them.",
            limit="overlaps",
        )


def _states(frame: pd.DataFrame, day: np.datetime64 | None) -> pd.Series:
    """The state of each activity on the day; without a day only what is completed is known."""
    at = np.datetime64("NaT") if day is None else day
    status = frame["status"]
    begins, begun = first_days(frame["start"]), dates.last_days(frame["start"])
    ended = dates.last_days(frame["end"]) < at
    planned = (status == PLANNED).to_numpy(bool)
    open_status = planned | (status == ONGOING).to_numpy(bool)
    done = (status == COMPLETED).to_numpy(bool) | (status.isna().to_numpy(bool) & ended)
    late = (open_status & ended) | (planned & (begun < at))
    words = np.select([done, late, begins > at], [DONE, OVERDUE, UPCOMING], UNDER_WAY)
    return pd.Series(words, index=frame.index, dtype="str")


def _ics(m: SystemMap) -> list[str]:
    """The lines of the calendar file, not yet folded; the stamp is the data date, never now."""
    frame = _all_activities(m)
    frame["first"] = first_days(frame["start"])
    frame["last"] = dates.last_days(frame["end"].fillna(frame["start"]))
    dated = frame[frame["first"].notna()].rename_axis("id").sort_values(["first", "last", "id"])
    said = data_date(m)
    stamp = latest_date(m) if said is None else said
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sysmap//calendar//EN"]
    lines.append(f"X-WR-CALNAME:{_escaped(m.title)}")
    left = len(frame) - len(dated)
    if left:
        things = number_of(left, "activity", "activities")
        be = "is" if left == 1 else "are"
        lines.append(f"X-WR-CALDESC:{things} without a start {be} left out")
    for key, row in dated.iterrows():
        lines += _event(str(key), row, f"{_digits(stamp)}T000000Z")
    return [*lines, "END:VCALENDAR"]


def _event(key: str, row: pd.Series, stamp: str) -> list[str]:
    """One activity; its UID is a hash of its id, so that a later file renews it."""
    last = np.datetime64(row["last"], "D")
    lines = [
        "BEGIN:VEVENT",
        f"UID:{hashlib.sha256(key.encode()).hexdigest()[:40]}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{_digits(row['first'])}",
    ]
    if last < _LAST_DAY:
        lines.append(f"DTEND;VALUE=DATE:{_digits(last + np.timedelta64(1, 'D'))}")
    lines.append(f"SUMMARY:{_escaped(row['name'])}")
    told = (("Led by", row["leads"]), ("About", row["addresses"]))
    about = "\n".join(f"{words} {', '.join(names)}" for words, names in told if names)
    if about:
        lines.append(f"DESCRIPTION:{_escaped(about)}")
    if row["contexts"]:
        lines.append(f"LOCATION:{_escaped(', '.join(row['contexts']))}")
    return [*lines, f"STATUS:{_STATUS.get(row['status'], 'CONFIRMED')}", "END:VEVENT"]


def _all_activities(m: SystemMap) -> pd.DataFrame:
    """Every activity, cancelled ones too, with the names of who leads, of places and targets."""
    frame = m.nodes(ACTIVITIES)
    led = m.links(TAKES_PART)
    listed = (
        ("leads", led[led["role"].isin(_LEADING)], "activity", "organization"),
        ("contexts", m.links(HELD_IN), "activity", "context"),
        ("addresses", m.links(ADDRESSES), "item", "target"),
    )
    for column, rows, end, other in listed:
        names: dict[object, list[str]] = {}
        for item, ids in rows.groupby(end, observed=True)[other]:
            names[item] = sorted(map(m.name, set(ids)))
        frame = frame.assign(**{column: [names.get(i, []) for i in frame.index]})
    return frame


def _digits(day: object) -> str:
    return str(np.datetime64(day, "D")).replace("-", "")  # type: ignore[call-overload]  # any day


def _escaped(text: object) -> str:
    """A text value: escaped, on one line, without control characters."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(c for c in line if c == "\t" or c.isprintable()) for line in lines)
    plain = (line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in kept)
    return "\\n".join(plain)


def _folded(line: str) -> str:
    """A line as it is written: at most 75 octets, a letter never divided, the rest indented."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts) + "\r\n"


def _caveats(m: SystemMap, frame: pd.DataFrame, day: np.datetime64 | None) -> tuple[str, ...]:
    said = [*usual_caveats(m, (TAKES_PART, HELD_IN, ADDRESSES))]
    every = m.tables[ACTIVITIES]
    cancelled = len(every) - len(frame)
    if cancelled:
        said.append(
            f"{cancelled:,} of {len(every):,} activities "
            f"{'is' if cancelled == 1 else 'are'} cancelled and left out."
        )
    undated = int((frame["start"].isna() & frame["end"].isna()).sum())
    if undated:
        said.append(
            f"{undated:,} of {len(frame):,} activities {'has' if undated == 1 else 'have'} no "
            "date: ongoing unless completed, never an overlap, and left out of the calendar file."
        )
    startless = int((frame["start"].isna() & frame["end"].notna()).sum())
    if startless:
        have = "has" if startless == 1 else "have"
        said.append(
            f"{startless:,} of {len(frame):,} activities {have} an end "
            "but no start: never an overlap, and left out of the calendar file."
        )
    if day is None:
        said.append("The map holds no date, so nothing can be called upcoming or overdue.")
    elif data_date(m) is None:
        said.append("about gives no data date; the states may be judged on the wrong day.")
    return tuple(said)
