"""Votes of reporters: which claim carries one, and what the votes of a cell come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from sysmap.core import stats
from sysmap.core.parameters import one_of
from sysmap.core.stats import BoolArray, CodeArray, IntArray

Aggregate: TypeAlias = Literal["majority", "any", "all"]

THERE, MISSING, CONTESTED, UNKNOWN = 1, 0, 2, -1
"""Codes of a cell: the vote says yes, it says no, it is tied, nobody reported."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many reporters say yes and no about each subject in each unit.

    Parameters
    ----------
    yes, no
        Numbers of votes, shape ``(subjects, units)``.
    told
        True where anything was reported, also where all votes cancelled; same shape.
    """

    yes: IntArray
    no: IntArray
    told: BoolArray

    def status(self, aggregate: Aggregate = "majority") -> CodeArray:
        """What the votes in each cell come to: THERE, MISSING, CONTESTED or UNKNOWN.

        Parameters
        ----------
        aggregate
            ``majority`` of the votes, where a tie is contested; ``any`` yes makes a yes; ``all``
            must say yes. Reports that cancelled each other are contested under each of them.

        Raises
        ------
        ValueError
            If there is no such aggregate.

        Examples
        --------
        >>> cells = Tally(np.array([2, 1, 0]), np.array([1, 1, 0]), np.array([True, True, False]))
        >>> cells.status().tolist(), cells.status("any").tolist(), cells.status("all").tolist()
        ([1, 2, -1], [1, 1, -1], [0, 0, -1])
        """
        one_of("aggregate", aggregate, get_args(Aggregate))
        if aggregate == "majority":
            there, missing = self.yes > self.no, self.no > self.yes
        elif aggregate == "any":
            there, missing = self.yes > 0, (self.no > 0) & (self.yes == 0)
        else:
            there, missing = (self.yes > 0) & (self.no == 0), self.no > 0
        codes = np.select([there, missing, self.told], [THERE, MISSING, CONTESTED], UNKNOWN)
        return codes.astype(np.int8)

    def agreement(self) -> float:
        """Krippendorff's alpha over the cells with two or more votes; NaN if there is none."""
        votes = self.yes + self.no
        several = votes >= 2
        yes, all_ = self.yes[several][:, None], votes[several][:, None]
        seat = np.arange(int(all_.max(initial=0)))
        values = np.where(seat < yes, 1.0, np.where(seat < all_, 0.0, np.nan))
        return stats.krippendorff_alpha(values)


def standing(
    subject: IntArray,
    reporter: IntArray,
    value: npt.ArrayLike,
    day: npt.NDArray[np.datetime64],
) -> BoolArray:
    """Which claims carry the one vote that their reporter has about their subject.

    Of several votes the latest counts, and an undated claim may be the latest: if the claims that
    may be latest say different things, they cancel and none stands. Claims that say the same
    stand together.

    Parameters
    ----------
    subject, reporter
        Codes of what is voted on and who votes, from 0 up, one per claim.
    value
        What the claim says, as a number.
    day
        Its date; NaT is undated.

    Examples
    --------
    >>> day = np.array(["2024-05-01", "2024-08-01", "NaT", "NaT"], dtype="datetime64[D]")
    >>> standing(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0]), [1, 0, 1, 0], day)
    array([False,  True, False, False])
    """
    said = np.asarray(value, dtype=float)
    if not len(said):
        return np.zeros(0, dtype=bool)
    _, voter = np.unique(subject * (int(reporter.max()) + 1) + reporter, return_inverse=True)
    days = day.astype("datetime64[D]").astype(np.int64)
    latest = np.full(int(voter.max()) + 1, np.iinfo(np.int64).min)
    np.maximum.at(latest, voter, days)
    recent = np.isnat(day) | (days == latest[voter])
    least, most = np.full((2, len(latest)), np.inf)
    np.minimum.at(least, voter[recent], said[recent])
    np.minimum.at(most, voter[recent], -said[recent])
    stands: BoolArray = recent & (least == -most)[voter]
    return stands


def tally(
    subject: IntArray,
    unit: IntArray,
    reporter: IntArray,
    says_yes: BoolArray,
    day: npt.NDArray[np.datetime64],
    shape: tuple[int, int],
) -> tuple[Tally, BoolArray]:
    """Count the votes on each subject in each unit.

    Parameters
    ----------
    subject, unit
        Codes below `shape`; a claim with a negative code is not counted.
    reporter, says_yes, day
        Who claims what, and when; as in `standing`.
    shape
        Numbers of subjects and units.

    Returns
    -------
    tuple
        The tally, and which claims stand.
    """
    counted = (subject >= 0) & (unit >= 0)
    cell = np.where(counted, subject * shape[1] + unit, 0)
    stands = np.zeros(len(subject), dtype=bool)
    stands[counted] = standing(cell[counted], reporter[counted], says_yes[counted], day[counted])
    size = shape[0] * shape[1]
    voters = int(reporter.max(initial=0)) + 1
    _, vote = np.unique(cell[stands] * voters + reporter[stands], return_index=True)
    where, says = cell[stands][vote], says_yes[stands][vote]
    yes, no = (np.bincount(where[side], minlength=size) for side in (says, ~says))
    told = np.bincount(cell[counted], minlength=size) > 0
    return Tally(yes.reshape(shape), no.reshape(shape), told.reshape(shape)), stands


def rolled_up(status: CodeArray, parent: IntArray) -> CodeArray:
    """The status of each subject with that of its parts taken in, from the leaves up.

    A parent is there where it or one of its children is, and missing where it, or all its
    children, are missing; else it is contested where it or a child is.

    Parameters
    ----------
    status
        Codes, shape ``(subjects, units)``.
    parent
        Position of each subject's parent; -1 is none. Parents form no ring.

    Examples
    --------
    >>> rolled_up(np.array([[-1, -1, -1], [1, 0, 0], [0, 0, -1]], np.int8), np.array([-1, 0, 0]))
    array([[ 1,  0, -1],
           [ 1,  0,  0],
           [ 0,  0, -1]], dtype=int8)
    """
    depth, above = np.zeros(len(parent), dtype=np.int64), parent
    while (above >= 0).any():
        depth += above >= 0
        above = np.where(above >= 0, parent[above], -1)
    full = status.copy()
    for level in range(int(depth.max(initial=0)), 0, -1):
        child = np.flatnonzero(depth == level)
        to, which = np.unique(parent[child], return_inverse=True)
        there, contested = np.zeros((2, len(to), full.shape[1]), dtype=bool)
        missing = np.ones_like(there)
        np.logical_or.at(there, which, full[child] == THERE)
        np.logical_or.at(contested, which, full[child] == CONTESTED)
        np.logical_and.at(missing, which, full[child] == MISSING)
        own = full[to]
        full[to] = np.select(
            [
                there | (own == THERE),
                missing | (own == MISSING),
                contested | (own == CONTESTED),
            ],
            [THERE, MISSING, CONTESTED],
            UNKNOWN,
        )
    return full
