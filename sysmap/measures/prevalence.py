"""Votes of reporters about subjects in units, and the shares that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from sysmap.core import names, stats
from sysmap.core.claims import Claims, claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import OBSERVED, PRESENT, YES
from sysmap.core.stats import BoolArray, CodeArray, IntArray
from sysmap.measures.ledger import entries, has_ledger

Aggregate: TypeAlias = Literal["majority", "any", "all"]
Absence: TypeAlias = Literal["stated", "checklist"]

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


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """What was reported about each element in each unit context.

    Parameters
    ----------
    claims
        The claims of `observed`.
    units
        Ids of the contexts that are counted.
    unit
        Position in `units` of each claim; -1 is about another context.
    stands
        True for the claims that carry their reporter's vote.
    tally
        Votes, shape ``(elements, units)``.
    reached
        True where somebody was asked about the cell or reported on it; same shape.
    unnamed
        Ledger rows that say no without a claim, by the columns ``row`` (of ``m.asked``),
        ``reporter``, ``area`` and ``unit`` (positions in `areas` and `units`; the area -1 is
        all). Empty unless absence is read from checklists.
    area
        Position in the sorted areas of each element; the last one is no area.
    """

    claims: Claims
    units: pd.Index
    unit: IntArray
    stands: BoolArray
    tally: Tally
    reached: BoolArray
    unnamed: pd.DataFrame
    area: IntArray

    @property
    def elsewhere(self) -> int:
        """Claims about contexts that are not counted."""
        return int((self.unit < 0).sum())

    def effort(self) -> float:
        """Rank correlation of claims per unit with elements present there; NaN if undefined.

        Only units with a claim take part.
        """
        told = np.bincount(self.unit[self.unit >= 0], minlength=len(self.units))
        present = (self.tally.status() == THERE).sum(axis=0)
        return stats.spearman(told[told > 0], present[told > 0])


def one_of(option: str, given: object, allowed: Sequence[str]) -> None:
    """An option is one of a few words, or ValueError names them.

    Examples
    --------
    >>> one_of("absence", "stated", ("stated", "checklist"))
    """
    if given not in allowed:
        raise ValueError(f"{option} is {given!r}; write one of {', '.join(map(repr, allowed))}")


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


def reports(m: SystemMap, units: pd.Index, absence: Absence = "stated") -> Reports:
    """Votes on every element in every unit context, from `observed` and the ledger.

    Parameters
    ----------
    units
        Ids of the contexts that are counted.
    absence
        ``stated``: only a claim says that an element is absent. ``checklist``: whoever answered
        about a context and an area, and left an element out, says that it is absent there.

    Raises
    ------
    ValueError
        If there is no such reading of absence.
    """
    one_of("absence", absence, get_args(Absence))
    told = claims(m, OBSERVED)
    shape = (len(told.first_ids), len(units))
    unit = units.get_indexer(told.context_ids)[told.second]
    present = (told.frame["state"] == PRESENT).to_numpy(bool)
    votes, stands = tally(told.first, unit, told.reporter, present, told.day, shape)
    areas = m.elements["area"].map(names.key, na_action="ignore").astype("str")
    area, known = pd.factorize(areas, sort=True)
    area = np.where(area < 0, len(known), area)
    scopes = _scopes(m, units, pd.Index(known))
    reached = votes.told.copy()
    if has_ledger(m, OBSERVED):
        anybody: BoolArray = np.logical_or.reduce(_reach(scopes, len(known), len(units)), axis=0)
        reached |= anybody[area]
    unnamed = scopes.iloc[:0]
    if absence == "checklist":
        unnamed = scopes[scopes["answered"] == YES]
        reach = _reach(unnamed, len(known), len(units))
        votes = _with_unnamed(votes, told, unit, sorted(set(unnamed["reporter"])), reach[:, area])
    return Reports(told, units, unit, stands, votes, reached, unnamed, area)


def _scopes(m: SystemMap, units: pd.Index, areas: pd.Index) -> pd.DataFrame:
    """Ledger rows of `observed` that reach a unit, in codes; -1 in unit or area is all."""
    rows = entries(m, OBSERVED)
    unit, area = (
        units.get_indexer(rows["context"]),
        areas.get_indexer(rows["area"].map(names.key, na_action="ignore")),
    )
    somewhere = (rows["context"].isna() | (unit >= 0)) & (rows["area"].isna() | (area >= 0))
    frame = pd.DataFrame(
        {
            "row": rows.index,
            "reporter": rows["reporter"].to_numpy(),
            "unit": unit,
            "area": area,
            "answered": rows["answered"].to_numpy(),
        }
    )
    return frame[somewhere.to_numpy(bool)].reset_index(drop=True)


def _reach(scopes: pd.DataFrame, areas: int, units: int) -> BoolArray:
    """Which reporter is reached about which area in which unit; the last area is none."""
    who, voices = pd.factorize(scopes["reporter"], sort=True)
    reach: BoolArray = np.zeros((len(voices), areas + 1, units), dtype=bool)
    area, unit = scopes["area"].to_numpy(), scopes["unit"].to_numpy()
    of_all, everywhere = area < 0, unit < 0
    reach[who[of_all & everywhere]] = True
    one = of_all & ~everywhere
    reach[who[one], :, unit[one]] = True
    one = ~of_all & everywhere
    reach[who[one], area[one]] = True
    one = ~of_all & ~everywhere
    reach[who[one], area[one], unit[one]] = True
    return reach


def _with_unnamed(
    votes: Tally, told: Claims, unit: IntArray, voices: Sequence[str], reach: BoolArray
) -> Tally:
    """The tally with one no from each voice that answered about a cell and left it out."""
    who = pd.Index(voices, dtype="str").get_indexer(told.reporters)[told.reporter]
    heard = (who >= 0) & (unit >= 0)
    left_out = reach.copy()
    left_out[who[heard], told.first[heard], unit[heard]] = False
    silent = left_out.sum(axis=0)
    return Tally(votes.yes, votes.no + silent, votes.told | (silent > 0))


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


def verdicts(codes: CodeArray, words: tuple[str, str, str], none: str = "undetermined") -> pd.Index:
    """Classes in words.

    Parameters
    ----------
    codes
        Classes as `stats.prevalence` gives them.
    words
        The high, the middle and the low class.
    none
        The word where there is no class.
    """
    high, middle, low = words
    by_code = {stats.HIGH: high, stats.MIDDLE: middle, stats.LOW: low, stats.UNDETERMINED: none}
    return pd.Index([by_code[int(code)] for code in codes], dtype="str")
