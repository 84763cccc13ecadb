"""What each reporter says about the sign of a link or the state of an element in a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core.claims import Claims, claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import ABSENT, INFLUENCES, NEGATIVE, OBSERVED, POSITIVE, PRESENT
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.reporting.votes import Tally, standing

WORDS = {INFLUENCES: (POSITIVE, NEGATIVE), OBSERVED: (PRESENT, ABSENT)}
"""The two words that a vote can be, by table; the first counts as yes."""
COLUMN = {INFLUENCES: "sign", OBSERVED: "state"}
"""The column that holds the vote, by table."""


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """The votes on each pair of ends of one link table.

    Parameters
    ----------
    told
        The claims.
    subject
        Position of each claim in `first` and `second`.
    first, second
        Codes of the ends of each subject, in the order of ``told.first_ids`` and
        ``told.second_ids``; shape ``(subjects,)``.
    value
        1 for yes, 0 for no, NaN for a claim that takes no side; one entry per claim.
    stands
        True for the claims that carry their reporter's vote.
    cancelled
        True for the claims of a reporter whose votes on the subject cancel each other.
    tally
        Votes, shape ``(subjects, 1)``.
    sideless
        Reporters of each subject whose claims take no side; shape ``(subjects,)``.
    across
        True where both sides are heard, but nowhere about one place; shape ``(subjects,)``. A
        claim without a place is about a place of its own: in general.
    """

    told: Claims
    subject: IntArray
    first: IntArray
    second: IntArray
    value: FloatArray
    stands: BoolArray
    cancelled: BoolArray
    tally: Tally
    sideless: IntArray
    across: BoolArray

    def agreement(self) -> tuple[float, float, int]:
        """Krippendorff's alpha, its weight, and the subjects with two or more votes.

        The weight is the disagreement that chance would give times the number of votes, so that
        the weighted mean over tables is 1 - seen / expected disagreement of all of them.
        """
        votes = self.tally.yes + self.tally.no
        several = votes >= 2
        if not several.any():
            return float("nan"), 0.0, 0
        yes, no = self.tally.yes[several].sum(), self.tally.no[several].sum()
        return self.tally.agreement(), float(2 * yes * no / (yes + no - 1)), int(several.sum())


def sides(m: SystemMap, table: str) -> Sides:
    """Count the votes on each pair of ends, over all places.

    One reporter has one vote on each subject: of several the latest, an undated one may be the
    latest, and contradictions cancel. A claim that takes no side never outvotes one that does.

    Parameters
    ----------
    table
        ``influences`` (the vote is the sign) or ``observed`` (the vote is the state).

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
    ...     "sources": pd.DataFrame({"id": ["s", "t"], "name": ["S", "T"]}),
    ...     "influences": pd.DataFrame({
    ...         "cause": "a", "effect": "b", "sign": ["+", "-"], "source": ["s", "t"],
    ...     }),
    ... })
    >>> found = sides(m, "influences")
    >>> found.tally.yes.tolist(), found.tally.no.tolist(), found.across.tolist()
    ([[1]], [[1]], [False])
    """
    told = claims(m, table)
    said = told.frame[COLUMN[table]]
    yes, no = ((said == word).to_numpy(bool) for word in WORDS[table])
    value = np.select([yes, no], [1.0, 0.0], np.nan)
    width = max(len(told.second_ids), 1)
    pairs, subject = np.unique(told.first * width + told.second, return_inverse=True)
    size, sided = len(pairs), ~np.isnan(value)
    stands = np.zeros(len(told), dtype=bool)
    stands[sided] = standing(subject[sided], told.reporter[sided], value[sided], told.day[sided])
    voter = subject * (len(told.reporters) + 1) + told.reporter
    with_side, with_vote = np.isin(voter, voter[sided]), np.isin(voter, voter[stands])
    cancelled = sided & ~with_vote & _recent(voter, told.day, sided)
    count = [_voters(voter, subject, on, size) for on in (stands & yes, stands & no, ~with_side)]
    heard = np.bincount(subject[sided], minlength=size) > 0
    tally = Tally(count[0][:, None], count[1][:, None], heard[:, None])
    voiced = stands | cancelled
    return Sides(
        told,
        subject,
        pairs // width,
        pairs % width,
        value,
        stands,
        cancelled,
        tally,
        count[2],
        _across(subject, told.context, voiced & yes, voiced & no, size),
    )


def _voters(voter: IntArray, subject: IntArray, on: BoolArray, size: int) -> IntArray:
    """How many voters of each subject have a claim that is on."""
    _, first = np.unique(voter[on], return_index=True)
    return np.bincount(subject[on][first], minlength=size)


def _recent(voter: IntArray, day: np.ndarray, on: BoolArray) -> BoolArray:
    """Claims that may be the latest of their voter, among those that are on."""
    days = pd.Series(np.where(on, day.astype("datetime64[D]"), np.datetime64("NaT", "D")))
    latest = days.groupby(voter).transform("max").to_numpy()
    recent: BoolArray = on & (np.isnat(day) | (days.to_numpy() == latest))
    return recent


def _across(
    subject: IntArray, context: IntArray, yes: BoolArray, no: BoolArray, size: int
) -> BoolArray:
    """Subjects on which both sides are heard, but nowhere about one place."""
    place = subject * (int(context.max(initial=-1)) + 2) + context + 1
    met = np.isin(place, place[yes]) & np.isin(place, place[no])
    sides = [np.bincount(subject[on], minlength=size) > 0 for on in (yes, no, met)]
    across: BoolArray = sides[0] & sides[1] & ~sides[2]
    return across
