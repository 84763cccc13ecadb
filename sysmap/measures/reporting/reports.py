"""What was reported about each subject in each unit context, from claims and the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from sysmap.core import names, stats
from sysmap.core.claims import Claims, claims
from sysmap.core.model import SystemMap
from sysmap.core.parameters import one_of
from sysmap.core.schema import INFLUENCES, NEGATIVE, OBSERVED, POSITIVE, PRESENT, YES
from sysmap.core.stats import BoolArray, CodeArray, IntArray
from sysmap.measures.ledger import entries
from sysmap.measures.reporting.votes import (
    CONTESTED,
    MISSING,
    THERE,
    Aggregate,
    Tally,
    rolled_up,
    tally,
)

Absence: TypeAlias = Literal["stated", "checklist"]

_EFFORT, _ENOUGH = 0.5, 0.667


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """Votes on subjects in unit contexts; a subject is an element or a link.

    Parameters
    ----------
    claims
        The claims that are counted.
    subjects, units
        Ids of what is voted on, and of the contexts that are counted.
    about
        Position in `subjects` of what each claim names.
    subject, unit
        Position in `subjects` and `units` of what each claim votes on; -1 is a claim that is no
        vote, or is about no context that is counted.
    says_yes
        True for each claim that says yes.
    stands
        True for the claims that carry their reporter's vote.
    tally
        Votes, shape ``(subjects, units)``.
    reached, answered
        True where somebody was asked about the cell or reported on it, and where somebody answered
        a question about it; same shape.
    unnamed
        Ledger rows that say no without a claim, by the columns ``row`` (of ``m.asked``),
        ``reporter``, ``area`` and ``unit`` (positions in the sorted areas and in `units`; -1 is
        all). Empty unless absence is read from checklists.
    area
        Position in the sorted areas of each end of each subject, shape ``(subjects, ends)``; the
        last place is no area.
    parent
        Position of each subject's parent; -1 is none.
    sign
        What yes stands for, by link: 1 or -1; 0 where as many say either, and yes is then +.
        Empty for elements.
    """

    claims: Claims
    subjects: pd.Index
    units: pd.Index
    about: IntArray
    subject: IntArray
    unit: IntArray
    says_yes: BoolArray
    stands: BoolArray
    tally: Tally
    reached: BoolArray
    answered: BoolArray
    unnamed: pd.DataFrame
    area: IntArray
    parent: IntArray
    sign: CodeArray

    def status(self, aggregate: Aggregate = "majority") -> CodeArray:
        """Codes of cells with the parts of a subject taken into it."""
        return rolled_up(self.tally.status(aggregate), self.parent)

    def family(self, subject: int) -> IntArray:
        """Positions of a subject and of all its parts."""
        inside = np.zeros(len(self.parent), dtype=bool)
        inside[subject] = True
        while True:
            wider = inside | ((self.parent >= 0) & inside[self.parent])
            if (wider == inside).all():
                return np.flatnonzero(inside)
            inside = wider

    @property
    def heard(self) -> BoolArray:
        """True for each unit about which anything was reported."""
        heard: BoolArray = np.logical_or.reduce(self.tally.told, axis=0)
        return heard

    @property
    def elsewhere(self) -> int:
        """Claims about contexts that are not counted, or about none."""
        return int(((self.subject >= 0) & (self.unit < 0)).sum())

    def states(self, aggregate: Aggregate = "majority") -> pd.DataFrame:
        """What was reported in each cell, in words; parts are not taken into their parents.

        Returns
        -------
        pandas.DataFrame
            Subjects by units; cells are ``present`` or ``absent`` (``strengthens`` or ``weakens``
            for links), ``contested``, ``not named`` (somebody answered and left it out, which is
            no absence), ``silent`` (somebody was asked, nobody answered) and ``not asked``.
        """
        status = self.tally.status(aggregate)
        yes, no = np.full((2, *status.shape), [[["present"]], [["absent"]]], dtype=object)
        if len(self.sign):
            against = self.sign < 0
            yes[:], no[:] = "strengthens", "weakens"
            yes[against], no[against] = "weakens", "strengthens"
        words = np.select([self.answered, self.reached], ["not named", "silent"], "not asked")
        words = words.astype(object)
        for code, word in ((THERE, yes), (MISSING, no), (CONTESTED, "contested")):
            words = np.where(status == code, word, words)
        return pd.DataFrame(
            words, index=self.subjects, columns=self.units.rename("context"), dtype="str"
        )

    def effort(self) -> float:
        """Rank correlation of claims per unit with subjects there; NaN if undefined.

        Only units with a claim take part.
        """
        told = np.bincount(self.unit[self.unit >= 0], minlength=len(self.units))
        there = (self.tally.status() == THERE).sum(axis=0)
        return stats.spearman(told[told > 0], there[told > 0])

    def effort_told(self, units: str) -> Iterator[str]:
        """How far effort may explain the answer, in a sentence; `units` is their plural."""
        effort = self.effort()
        if not np.isnan(effort):
            warn = " It may be effort: who was asked more reports more." if effort > _EFFORT else ""
            yield (
                f"The rank correlation of reports per place with elements present there is "
                f"{effort:.2f} over the {units} with a report.{warn}"
            )

    def agreement_told(self) -> Iterator[str]:
        """How far disagreement may explain the answer, in a sentence."""
        alpha = self.tally.agreement()
        if not np.isnan(alpha):
            few = " Reporters do not agree enough for conclusions." if alpha < _ENOUGH else ""
            yield (
                "Agreement of reporters where two or more reported (Krippendorff's alpha) is "
                f"{alpha:.2f}.{few}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class _Ballot:
    """What is voted on: the fields of `Reports` that follow from the claims alone."""

    claims: Claims
    subjects: pd.Index
    about: IntArray
    """Position of the subject that each claim names, also where it is no vote."""
    subject: IntArray
    unit: IntArray
    says_yes: BoolArray
    ends: IntArray
    """Positions of the ends of each subject in ``claims.first_ids``, shape (subjects, ends)."""
    parent: IntArray
    sign: CodeArray


def of_elements(m: SystemMap, units: pd.Index, absence: Absence = "stated") -> Reports:
    """Votes on every element in every unit context: yes is present.

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
    told = claims(m, OBSERVED)
    ballot = _Ballot(
        told,
        told.first_ids,
        told.first,
        told.first,
        units.get_indexer(told.context_ids)[told.second],
        (told.frame["state"] == PRESENT).to_numpy(bool),
        np.arange(len(told.first_ids))[:, None],
        m.elements.index.get_indexer(m.elements["parent"]),
        np.zeros(0, np.int8),
    )
    return _reports(m, ballot, units, absence)


def of_influences(m: SystemMap, units: pd.Index, absence: Absence = "stated") -> Reports:
    """Votes on every claimed influence in every unit context: yes is its usual sign.

    The usual sign of a link is that of most reports, one per reporter and context; then that of
    most contexts; if both are even, +. A claim without a sign is no vote.

    Parameters
    ----------
    units
        Ids of the contexts that are counted.
    absence
        ``stated``: only a claim with the other sign says no. ``checklist``: whoever answered
        about a context and an area of either end, and left a link out, says no as well.

    Raises
    ------
    ValueError
        If there is no such reading of absence.
    """
    told = claims(m, INFLUENCES)
    size = max(len(told.first_ids), 1)
    known, link = np.unique(told.first * size + told.second, return_inverse=True)
    ends = np.column_stack([known // size, known % size])
    plus, minus = ((told.frame["sign"] == sign).to_numpy(bool) for sign in (POSITIVE, NEGATIVE))
    subject = np.where(plus | minus, link, -1)
    # a blank context is -1 and picks the last place, also where the map has no contexts
    unit = np.append(units.get_indexer(told.context_ids), -1)[told.context]
    shape = (len(known), len(units))
    sign = usual_sign(tally(subject, unit, told.reporter, plus, told.day, shape)[0])
    ballot = _Ballot(
        told,
        pd.MultiIndex.from_arrays(
            [told.first_ids[ends[:, 0]], told.second_ids[ends[:, 1]]], names=["cause", "effect"]
        ),
        link,
        subject,
        unit,
        np.where(sign[link] < 0, minus, plus),
        ends,
        np.full(len(known), -1),
        sign,
    )
    return _reports(m, ballot, units, absence)


def usual_sign(votes: Tally) -> CodeArray:
    """The sign of most reports, else of most units: 1 is yes, -1 no, 0 as many of both.

    Examples
    --------
    >>> yes, no = np.array([[2, 1], [0, 1]]), np.array([[0, 0], [2, 1]])
    >>> usual_sign(Tally(yes, no, yes + no > 0))
    array([ 1, -1], dtype=int8)
    """
    reports = np.sign(votes.yes.sum(axis=1) - votes.no.sum(axis=1))
    places = np.sign(np.sign(votes.yes - votes.no).sum(axis=1))
    sign: CodeArray = np.where(reports == 0, places, reports).astype(np.int8)
    return sign


def _reports(m: SystemMap, ballot: _Ballot, units: pd.Index, absence: Absence) -> Reports:
    """Count the votes, and read the ledger about the cells."""
    one_of("absence", absence, get_args(Absence))
    told = ballot.claims
    unit, shape = ballot.unit, (len(ballot.subjects), len(units))
    votes, stands = tally(ballot.subject, unit, told.reporter, ballot.says_yes, told.day, shape)
    of_node, areas = _areas(m, told.first_ids)
    area = of_node[ballot.ends]
    scopes = _scopes(m, told.table, units, areas)
    replied = scopes[scopes["answered"] == YES]
    asked, answers = (_reach(rows, len(areas), len(units)) for rows in (scopes, replied))
    reached: BoolArray = votes.told | (_heard(asked, area) > 0)
    answered: BoolArray = _heard(answers, area) > 0
    unnamed = scopes.iloc[:0]
    if absence == "checklist":
        unnamed = replied
        votes = _with_unnamed(votes, ballot, sorted(set(replied["reporter"])), answers, area)
    return Reports(
        told,
        ballot.subjects,
        units,
        ballot.about,
        ballot.subject,
        unit,
        ballot.says_yes,
        stands,
        votes,
        reached,
        answered,
        unnamed,
        area,
        ballot.parent,
        ballot.sign,
    )


def _areas(m: SystemMap, ids: pd.Index) -> tuple[IntArray, pd.Index]:
    """Position of each node's area in the sorted areas, the last place for none; the areas."""
    area = m.elements["area"].map(names.key, na_action="ignore").reindex(ids).astype("str")
    codes, known = pd.factorize(area, sort=True)
    return np.where(codes < 0, len(known), codes), pd.Index(known)


def _scopes(m: SystemMap, table: str, units: pd.Index, areas: pd.Index) -> pd.DataFrame:
    """Ledger rows of a table that reach a unit, in codes; -1 in unit or area is all."""
    rows = entries(m, table)
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


def _heard(reach: BoolArray, area: IntArray) -> IntArray:
    """How many reporters are reached about each subject in each unit, through any of its ends."""
    kinds, kind = np.unique(area, axis=0, return_inverse=True)
    counts = np.zeros((len(kinds), reach.shape[2]), np.int64)
    for ends, count in zip(kinds, counts, strict=True):
        count[:] = reach[:, ends].any(axis=1).sum(axis=0)
    found: IntArray = counts[kind.ravel()]
    return found


def _with_unnamed(
    votes: Tally, ballot: _Ballot, voices: Sequence[str], reach: BoolArray, area: IntArray
) -> Tally:
    """The tally with one no from each voice that answered about a cell and left it out."""
    told = ballot.claims
    who = pd.Index(voices, dtype="str").get_indexer(told.reporters)[told.reporter]
    named = (who >= 0) & (ballot.unit >= 0)
    cell = ballot.about * reach.shape[2] + ballot.unit
    silent = _heard(reach, area)
    speaker, cells = np.divmod(np.unique((who * silent.size + cell)[named]), silent.size or 1)
    about, unit = np.divmod(cells, max(reach.shape[2], 1))
    there = reach[speaker[:, None], area[about], unit[:, None]].any(axis=1)
    np.subtract.at(silent, (about, unit), there.astype(np.int64))
    return Tally(votes.yes, votes.no + silent, votes.told | (silent > 0))
