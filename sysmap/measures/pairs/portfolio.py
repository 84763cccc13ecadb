"""What each organization says, in an order that no file decides, so that draws can lose claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import CANCELLED, CHALLENGES, ELEMENTS, PRIORITIES, SEEKS, WORKS_ON
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.needs import levels
from sysmap.measures.pairs.keys import ascending
from sysmap.measures.pairs.scope import EVERYTHING, Scope
from sysmap.measures.pairs.ties import tie_claims

NEEDS, TIES = "needs", "ties"
"""Priorities and challenges as one list, and the claims behind ties."""

Kept = Mapping[str, BoolArray]
"""Which claims of each list stand in each draw, shape ``(claims, draws)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Claims with equal keys are one group; it stands while one of its claims does.

    Parameters
    ----------
    keys
        The key of each group, shape ``(groups, parts)``, in ascending order.
    order, starts
        Claims sorted by group, and where each group begins.
    """

    keys: IntArray
    order: IntArray
    starts: IntArray

    def members(self, groups: IntArray) -> IntArray:
        """The claims of some groups, in ascending order."""
        begin, end = self.starts[groups], np.append(self.starts, len(self.order))[groups + 1]
        count = end - begin
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.sort(self.order[np.repeat(begin, count) + within])

    def standing(self, kept: BoolArray) -> BoolArray:
        """Which groups stand, shape ``(groups, draws)``, given which claims do."""
        if not len(self.keys):
            return np.zeros((0, kept.shape[1]), bool)
        return np.asarray(np.logical_or.reduceat(kept[self.order], self.starts, axis=0))

    def highest(self, values: FloatArray, kept: BoolArray) -> FloatArray:
        """The highest value of a claim that stands, 0 if none does; shape ``(groups, draws)``."""
        if not len(self.keys):
            return np.zeros((0, kept.shape[1]))
        left = values[self.order, None] * kept[self.order]
        return np.asarray(np.maximum.reduceat(left, self.starts, axis=0))


def grouped(*parts: IntArray, among: IntArray | None = None) -> Grouped:
    """Group claims by the given codes; with `among`, those at these ascending places take part."""
    if among is None or len(among) == len(parts[0]):
        order = ascending(*parts)
    else:
        order = among[ascending(*(part[among] for part in parts))]
    new = np.zeros(len(order), bool)
    new[:1] = True
    for part in parts:
        ordered = part[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(new)
    return Grouped(np.column_stack([part[order[starts]] for part in parts]), order, starts)


@dataclass(frozen=True, slots=True, eq=False)
class Portfolio:
    """The claims that opportunities rest on, in codes; organizations are sorted by id.

    Parameters
    ----------
    organizations
        Ids in ascending order; every organization code below is a position here.
    outcomes, elements, contexts, subregion
        Number of outcomes, of elements and of contexts, and the subregion of each context, -1 if
        it has none. Elements and contexts are positions in the map; -1 is a blank context.
    seeks
        Columns organization and outcome.
    works
        Columns organization, element and context, of claims that are not cancelled.
    needs
        Columns organization, element, context and level, of priorities and challenges.
    ties
        Columns organization, partner, one and two: two claims, or twice the same, that together
        tie a pair.
    here
        True for each row of `works` that is about the subject; the others only meet needs from
        elsewhere. None if the subject is everything.
    present
        True for each organization with a claim about the subject; None if it is everything.
    """

    organizations: pd.Index
    outcomes: int
    elements: int
    contexts: int
    subregion: IntArray
    seeks: IntArray
    works: IntArray
    needs: IntArray
    ties: IntArray
    here: BoolArray | None = None
    present: BoolArray | None = None

    def concerned(
        self, one: IntArray, other: IntArray, helps: FloatArray, helped: FloatArray
    ) -> BoolArray:
        """Pairs that the subject concerns: both have a claim about it, or one meets a need."""
        if self.present is None:
            return np.ones(helps.shape, bool)
        both: BoolArray = self.present[one] & self.present[other]
        return both | (np.nan_to_num(helps) > 0) | (np.nan_to_num(helped) > 0)

    def heard(self) -> Portfolio:
        """The same claims among the organizations that have any."""
        ends = (self.seeks[:, 0], self.works[:, 0], self.needs[:, 0], self.ties[:, :2].ravel())
        some = np.unique(np.concatenate(ends))
        place = np.full(len(self.organizations), -1)
        place[some] = np.arange(len(some))

        def moved(table: IntArray, ends: int = 1) -> IntArray:
            # one column after the other in memory, as the others come
            return np.array([*place[table.T[:ends]], *table.T[ends:]], dtype=np.int64).T

        return replace(
            self,
            organizations=self.organizations[some],
            seeks=moved(self.seeks),
            works=moved(self.works),
            needs=moved(self.needs),
            ties=moved(self.ties, 2),
            present=None if self.present is None else self.present[some],
        )

    def bare(self) -> Portfolio:
        """The same organizations without their claims."""
        none = {name: getattr(self, name)[:0] for name in ("seeks", "works", "needs", "ties")}
        return replace(self, **none, here=None)

    def sizes(self) -> dict[str, int]:
        """Number of claims of each list."""
        behind = int(self.ties[:, 2:].max()) + 1 if len(self.ties) else 0
        return {
            SEEKS: len(self.seeks),
            WORKS_ON: len(self.works),
            NEEDS: len(self.needs),
            TIES: behind,
        }

    def everything(self) -> Kept:
        """One draw in which every claim stands."""
        return {name: np.ones((size, 1), bool) for name, size in self.sizes().items()}

    def draws(
        self, draws: int, share: float, at_once: int, rng: np.random.Generator
    ) -> Iterator[Kept]:
        """Draws in which each claim stands with probability `share`, `at_once` at a time."""
        sizes = self.sizes()
        ends = np.cumsum(list(sizes.values()))
        for first in range(0, draws, at_once):
            lots = rng.random((min(at_once, draws - first), ends[-1])) < share
            pieces = np.split(np.ascontiguousarray(lots.T), ends[:-1])
            yield dict(zip(sizes, pieces, strict=True))

    def claims_of(self) -> IntArray:
        """Number of claims of each organization, ties left out."""
        who = np.concatenate([self.seeks[:, 0], self.works[:, 0], self.needs[:, 0]])
        return np.bincount(who, minlength=len(self.organizations))


def portfolio(m: SystemMap, about: Scope = EVERYTHING) -> Portfolio:
    """Collect what organizations seek, work on, need and share ties by.

    The order of rows in the map leaves no trace.

    Parameters
    ----------
    about
        The subject: other needs are left out, and other work counts only where it can meet a
        need. Outcomes that an organization without any claim about it seeks are left out too.
    """
    ids = m.organizations.index
    by_id = np.argsort(ids.to_numpy(object), kind="stable")
    place = np.empty(len(ids), dtype=np.int64)
    place[by_id] = np.arange(len(ids))
    told = claims(m, SEEKS)
    element, context = _by_id(m.elements.index), _by_id(m.contexts.index)
    works = _works(m, about, place, element, context)
    needs = _needs(m, about, place, element, context)
    here = works[:, 3] > 0
    sought = about.holds(told.held)
    present = np.zeros(len(ids), bool)
    present[works[here, 0]] = True
    present[needs[:, 0]] = True
    if about.outcomes is not None:
        present[place[told.first[sought]]] = True
    if about != EVERYTHING:
        sought &= present[place[told.first]]
    return Portfolio(
        organizations=ids[by_id],
        outcomes=len(m.outcomes),
        elements=len(m.nodes(ELEMENTS)),
        contexts=len(m.contexts),
        subregion=pd.factorize(m.contexts["subregion"])[0].astype(np.int64),
        seeks=_sorted(
            (place[told.first], told.second),
            (place[told.first], _by_id(m.outcomes.index)[told.second]),
            sought,
        ),
        works=works[:, :3],
        needs=needs,
        ties=_ties(m, place),
        here=None if about == EVERYTHING else here,
        present=None if about == EVERYTHING else present,
    )


def _works(
    m: SystemMap, about: Scope, place: IntArray, element: IntArray, context: IntArray
) -> IntArray:
    """Work that is not cancelled, on elements of the subject; the last column is 1 if about it."""
    told = claims(m, WORKS_ON)
    kept = (told.held["status"] != CANCELLED).to_numpy(bool)
    if about.elements is not None:
        kept = kept & told.held["element"].isin(about.elements).to_numpy(bool)
    here = about.holds(told.held).astype(np.int64)
    who = place[told.first]
    return _sorted(
        (who, told.second, told.context, here),
        (who, element[told.second], context[told.context]),
        kept,
    )


def _needs(
    m: SystemMap, about: Scope, place: IntArray, element: IntArray, context: IntArray
) -> IntArray:
    parts, keys, among = [], [], []
    for table in (PRIORITIES, CHALLENGES):
        told = claims(m, table)
        among.append(about.holds(told.held))
        level = levels(told)
        who = place[told.first]
        parts.append((who, told.second, told.context, level))
        keys.append((who, element[told.second], context[told.context], level))
    every, ordering = (
        [np.concatenate(both) for both in zip(*lists, strict=True)] for lists in (parts, keys)
    )
    return _sorted(every, ordering, np.concatenate(among))


def _ties(m: SystemMap, place: IntArray) -> IntArray:
    told = tie_claims(m)
    one, other = (place[told[end].to_numpy()] for end in ("organization", "partner"))
    activity = told["activity"].to_numpy(np.int64)
    label = told[["row", "other_row"]].to_numpy(np.int64)
    # labels of two tables: those of collaborates become negative
    claim = np.where((activity < 0)[:, None], -1 - label, label)
    rows = np.column_stack([np.minimum(one, other), np.maximum(one, other), claim])
    by_id = _by_id(m.activities.index)
    rows = _sorted((*rows.T,), (*rows[:, :2].T, by_id[activity]), np.ones(len(rows), bool))
    # claims are numbered in the order in which ties need them
    codes = pd.factorize(rows[:, 2:].ravel())[0].reshape(-1, 2)
    return np.column_stack([rows[:, :2], codes])


def _sorted(columns: Sequence[IntArray], keys: Sequence[IntArray], among: BoolArray) -> IntArray:
    """Some rows of the columns in the order of the keys, one column after the other in memory."""
    if not among.all():
        columns, keys = ([part[among] for part in parts] for parts in (columns, keys))
    order = ascending(*keys)
    found = np.empty((len(columns), len(order)), np.int64)
    for row, column in zip(found, columns, strict=True):
        row[:] = column[order]
    return found.T


def _by_id(ids: pd.Index) -> IntArray:
    """The place of each id in ascending order; the last entry stands for a blank and is -1."""
    places = np.full(len(ids) + 1, -1, dtype=np.int64)
    places[np.argsort(ids.to_numpy(object), kind="stable")] = np.arange(len(ids))
    return places
