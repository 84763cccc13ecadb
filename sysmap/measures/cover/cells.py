"""Cells, an element in a context: who works there, who was asked, who needs it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sysmap.core import coded
from sysmap.core.claims import Claims, blocks, claims, incidence, unit_contexts
from sysmap.core.model import SystemMap, held
from sysmap.core.schema import (
    CANCELLED,
    CHALLENGES,
    COLLABORATES,
    COMPLETED,
    NO,
    ORGANIZATIONS,
    PRIORITIES,
    TAKES_PART,
    WORKS_ON,
    YES,
)
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.dating import current
from sysmap.measures.ledger import Reach, entries, has_ledger, reach
from sysmap.measures.pairs.ties import ties

if TYPE_CHECKING:
    from scipy.sparse import csr_array

NEEDS = (PRIORITIES, CHALLENGES)
"""Tables in which an organization says what it needs."""

_ALL_CELLS, _AT_ONCE = 1_000_000, 10_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """What is known about each cell; arrays have one entry per cell.

    Parameters
    ----------
    element
        Positions in ``m.elements``.
    context
        Positions in `contexts`; cells are sorted by both.
    contexts
        Ids of the unit contexts.
    organizations
        Organizations with an active claim.
    effective
        The number of equally active organizations that would be as concentrated; the number of
        organizations without efforts.
    asked, answered, silent
        Organizations asked whether they work here; those all of whose sources answered; those
        that kept silent at least once and have no active claim.
    responding, named
        Organizations that answered about needs here, and those of them that name the element.
    pairs, tied_pairs
        Pairs among the active organizations, and those of them with a known tie.
    known_pairs, known_tied
        The same among those that answered with whom they collaborate.
    all_known
        True where every active organization answered with whom it collaborates.
    """

    element: IntArray
    context: IntArray
    contexts: pd.Index
    organizations: IntArray
    effective: FloatArray
    asked: IntArray
    answered: IntArray
    silent: IntArray
    responding: IntArray
    named: IntArray
    pairs: IntArray
    tied_pairs: IntArray
    known_pairs: IntArray
    known_tied: IntArray
    all_known: BoolArray

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.element)


def active(m: SystemMap, at: np.datetime64 | None) -> BoolArray:
    """True for each claim of works_on that is not completed, not cancelled and current."""
    rows = held(m, WORKS_ON)
    over = rows["status"].isin((COMPLETED, CANCELLED)).to_numpy(bool)
    going: BoolArray = ~over & current(rows, at)
    return going


def own(m: SystemMap, table: str) -> BoolArray:
    """True for each claim that the organization at its first end makes about itself."""
    rows = held(m, table)
    code, sources = coded.split(rows["source"])
    speakers = pd.Series(sources, dtype="str").map(m.sources["organization"]).astype("str")
    speaker = pd.factorize(speakers)
    told = np.append(speaker[0], -1)[code]
    return coded.equal(coded.coded(told, pd.Index(speaker[1])), rows["organization"])


def knows_ties(m: SystemMap) -> BoolArray:
    """True for each organization that said with whom it collaborates and kept nothing back.

    An organization with an unanswered ledger row about collaboration or about activities may have
    ties that nobody mentioned; without a ledger nobody was asked.
    """
    everyone = pd.Index(m.tables[ORGANIZATIONS]["id"])
    if not has_ledger(m, COLLABORATES):
        return np.zeros(len(everyone), bool)
    asked = entries(m, COLLABORATES)
    quiet = pd.concat([asked, entries(m, TAKES_PART)])
    said = everyone.isin(asked.loc[asked["answered"] == YES, "organization"])
    known: BoolArray = said & ~everyone.isin(quiet.loc[quiet["answered"] == NO, "organization"])
    return known


def cells(m: SystemMap, at: np.datetime64 | None = None, effort: str | None = None) -> Cells:
    """Every element in every unit context, with its counts.

    Above a million cells only those with a claim or an asked scope.

    Parameters
    ----------
    at
        The day on which a claim of works_on must be current; None sets no limit.
    effort
        A column of works_on with numbers from 0 up; where a claim of a cell leaves it blank, the
        organizations of the cell count alike.

    Raises
    ------
    ValueError
        If works_on has no such column, or a value is no number from 0 up.
    """
    return _Counting(m, at, effort).cells()


class _Counting:
    """One pass over the claims; cells and pairs (cell, organization) are plain integers."""

    def __init__(self, m: SystemMap, at: np.datetime64 | None, effort: str | None) -> None:
        self.m, self.at, self.effort = m, at, effort
        self.contexts = unit_contexts(m)
        told = claims(m, WORKS_ON)
        self.n_organizations, self.n_elements = len(told.first_ids), len(told.second_ids)
        self.n_contexts = len(self.contexts)
        # the last place is read where a claim has no context
        self.place = np.full(len(told.context_ids) + 1, -1)
        self.place[told.context_ids.get_indexer(self.contexts)] = np.arange(self.n_contexts)
        self.reach = {t: reach(m, t, self.contexts) for t in (WORKS_ON, *NEEDS)}
        self.codes = self._listed()

    def cells(self) -> Cells:
        element, context = self.codes // self.n_contexts, self.codes % self.n_contexts
        working, effective = self._working()
        asked, answered, unanswered = self._asked(element, context)
        quiet = self._holds(working, self.reach[WORKS_ON].unanswered)
        responding, named = self._needing(element, context)
        return Cells(
            element,
            context,
            self.contexts,
            self._count(working),
            effective,
            asked,
            answered,
            unanswered - self._count(working[quiet]),
            responding,
            named,
            *self._tied(working),
        )

    def _listed(self) -> IntArray:
        """Codes of the cells to look at, ascending."""
        every = self.n_elements * self.n_contexts
        if every <= _ALL_CELLS:
            return np.arange(every)
        tables = (WORKS_ON, *NEEDS)
        found = [self._pairs(claims(self.m, t)) // self.n_organizations for t in tables]
        scope = self.reach[WORKS_ON]
        somebody = (scope.replied | scope.unanswered).any(axis=0)
        found.append(np.flatnonzero(somebody[scope.area].ravel()))
        return np.unique(np.concatenate(found))

    def _pairs(self, told: Claims, rows: BoolArray | None = None) -> IntArray:
        """Distinct pairs (cell, organization) of some claims with a unit context."""
        codes = self._pair_of_each(told)
        return np.unique(codes[(codes >= 0) if rows is None else (codes >= 0) & rows])

    def _pair_of_each(self, told: Claims) -> IntArray:
        """One pair per claim; -1 where it states no unit context."""
        context = self.place[told.context]
        cell = told.second * self.n_contexts + context
        return np.where(context < 0, -1, cell * self.n_organizations + told.first)

    def _count(self, pairs: IntArray) -> IntArray:
        """Pairs per listed cell."""
        return self._sum(pairs, np.ones(len(pairs))).astype(np.int64)

    def _sum(self, pairs: IntArray, values: FloatArray) -> FloatArray:
        where = np.searchsorted(self.codes, pairs // self.n_organizations)
        sums: FloatArray = np.bincount(where, values, len(self.codes)).astype(float)
        return sums

    def _holds(self, pairs: IntArray, grid: BoolArray) -> BoolArray:
        """True for each pair whose organization, area and context hold in the grid of a reach."""
        cell, organization = pairs // self.n_organizations, pairs % self.n_organizations
        area = self.reach[WORKS_ON].area[cell // self.n_contexts]
        there: BoolArray = grid[organization, area, cell % self.n_contexts]
        return there

    def _across(self, grid: BoolArray, element: IntArray, context: IntArray) -> IntArray:
        """Organizations per cell for which the grid of a reach holds."""
        counts: IntArray = grid.sum(axis=0)[self.reach[WORKS_ON].area[element], context]
        return counts

    def _asked(self, element: IntArray, context: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Organizations asked, wholly answering and at least once silent about working here.

        Without a ledger only an explicit row counts: an active claim about oneself. Work that is
        over tells nothing about others who may have begun since.
        """
        if not has_ledger(self.m, WORKS_ON):
            explicit = active(self.m, self.at) & own(self.m, WORKS_ON)
            said = self._count(self._pairs(claims(self.m, WORKS_ON), explicit))
            return said, said, np.zeros_like(said)
        scope: Reach = self.reach[WORKS_ON]
        asked = self._across(scope.replied | scope.unanswered, element, context)
        unanswered = self._across(scope.unanswered, element, context)
        return asked, asked - unanswered, unanswered

    def _working(self) -> tuple[IntArray, FloatArray]:
        """Pairs with an active claim, and the effective number of organizations per cell."""
        told = claims(self.m, WORKS_ON)
        each = self._pair_of_each(told)
        rows = np.flatnonzero(active(self.m, self.at) & (each >= 0))
        pairs, of_row = np.unique(each[rows], return_inverse=True)
        counts = self._count(pairs).astype(float)
        if self.effort is None:
            return pairs, counts
        given = efforts(self.m, self.effort)[rows]
        blank = np.bincount(of_row[np.isnan(given)], minlength=len(pairs)) > 0
        summed = np.bincount(of_row, np.nan_to_num(given), len(pairs)).astype(float)
        whole, squares = self._sum(pairs, summed), self._sum(pairs, summed**2)
        usable = (self._count(pairs[blank]) == 0) & (squares > 0)
        effective = counts.copy()
        np.divide(whole**2, squares, out=effective, where=usable)
        return pairs, effective

    def _needing(self, element: IntArray, context: IntArray) -> tuple[IntArray, IntArray]:
        """Organizations that answered about needs, and those of them that name the element."""
        grid = np.zeros_like(self.reach[WORKS_ON].replied)
        unasked = [np.zeros(0, np.int64)]
        for table in NEEDS:
            if has_ledger(self.m, table):
                grid |= self.reach[table].replied
            else:
                unasked.append(self._pairs(claims(self.m, table), own(self.m, table)))
        outside = np.unique(np.concatenate(unasked))
        outside = outside[~self._holds(outside, grid)]
        naming = np.unique(np.concatenate([self._pairs(claims(self.m, t)) for t in NEEDS]))
        heard = self._holds(naming, grid) | np.isin(naming, outside)
        responding = self._across(grid, element, context) + self._count(outside)
        return responding, self._count(naming[heard])

    def _tied(self, working: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray, BoolArray]:
        """Pairs of organizations per cell: all, tied, and the same among those that told."""
        count = self._count(working)
        where = np.searchsorted(self.codes, working // self.n_organizations)
        who = working % self.n_organizations
        shared = count[where] > 1
        shape = (len(self.codes), self.n_organizations)
        there = incidence(where[shared], who[shared], shape)
        known = knows_ties(self.m)
        pairs = ties(self.m).to_numpy(np.int64)
        tie = incidence(pairs[:, 0], pairs[:, 1], (shape[1], shape[1]))
        told = incidence(where[shared & known[who]], who[shared & known[who]], shape)
        tellers = np.asarray(told.sum(axis=1), dtype=np.int64)
        return (
            count * (count - 1) // 2,
            _within(there, tie),
            tellers * (tellers - 1) // 2,
            _within(told, tie),
            tellers == count,
        )


def _within(members: csr_array, tie: csr_array) -> IntArray:
    """Tied pairs whose two ends are members of the same row."""
    found = np.zeros(members.shape[0], np.int64)
    for start, stop in pairwise(blocks(members, np.diff(tie.indptr), _AT_ONCE)):
        some = members[start:stop]
        found[start:stop] = (some @ tie).multiply(some).sum(axis=1)
    return found


def efforts(m: SystemMap, column: str) -> FloatArray:
    """One number per claim of works_on; NaN where the column is blank.

    Raises
    ------
    ValueError
        If works_on has no such column, or a value is no number from 0 up.
    """
    rows = held(m, WORKS_ON)
    carried = [str(c) for c in rows.columns if not m.schema.link(WORKS_ON).knows(str(c))]
    if column not in carried:
        raise ValueError(
            f"effort {column!r} is no carried column of works_on; "
            f"there are: {', '.join(carried) or 'none'}"
        )
    rows = coded.plain(rows[[column]])
    numbers = pd.to_numeric(rows[column], errors="coerce").astype(float)
    bad = rows[column].notna() & ~((numbers >= 0) & (numbers < np.inf))
    if bad.any():
        first = bad.idxmax()
        raise ValueError(
            f"works_on, row {first}, {column}: {rows[column][first]!r} is no number from 0 up"
        )
    given: FloatArray = numbers.to_numpy(float)
    return given
