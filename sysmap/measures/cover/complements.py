"""What another group covers beside us, and which needs one side meets of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from sysmap.core import coded
from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import (
    ADDRESSES,
    BELONGS_TO,
    CANCELLED,
    CHALLENGES,
    PRIORITIES,
    WORKS_ON,
)
from sysmap.core.stats import BoolArray, IntArray
from sysmap.measures.pairs.keys import ascending
from sysmap.measures.pairs.portfolio import grouped

_AT_ONCE = 200_000_000
"""Claims times draws that stand or fall at once."""

Cell = tuple[str, str | None]
"""Element and context; no context is the element as a whole."""


@dataclass(frozen=True, slots=True, eq=False)
class ByCode:
    """Rows by a code that each has, so that those of a few codes are found at once.

    Parameters
    ----------
    order, starts
        Rows in the order of their codes, and where those of each code begin; the last start is
        the number of rows.
    """

    order: IntArray
    starts: IntArray

    @classmethod
    def by(cls, codes: IntArray, number: int) -> ByCode:
        """Sort rows by codes below a number; rows with -1 are in none."""
        order = np.argsort(codes, kind="stable")
        return cls(order, np.searchsorted(codes[order], np.arange(number + 1)))

    def rows(self, codes: IntArray) -> IntArray:
        """The rows of some codes, ascending."""
        parts = [self.order[self.starts[code] : self.starts[code + 1]] for code in codes]
        return np.sort(np.concatenate([np.zeros(0, np.int64), *parts]))


_made: WeakKeyDictionary[SystemMap, dict[str, ByCode]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Side:
    """What one side offers and needs; rows are labels in the map's tables.

    Parameters
    ----------
    members
        Positions in ``m.organizations``.
    works, scope, needs
        Rows of `works_on` that are not cancelled, rows of `addresses` that name an element, and
        rows of priorities and challenges, with columns table, element and context.
    """

    members: IntArray
    works: pd.DataFrame
    scope: pd.DataFrame
    needs: pd.DataFrame

    @cached_property
    def stated(self) -> frozenset[Cell]:
        """Cells with a place in which the side works."""
        there = self.works[self.works["context"].notna()]
        return frozenset(zip(there["element"], there["context"], strict=True))

    @cached_property
    def vague(self) -> frozenset[str]:
        """Elements for which some offer states no place."""
        blank = self.works["context"].isna()
        return frozenset((*self.works.loc[blank, "element"], *self.scope["element"]))

    @cached_property
    def anywhere(self) -> frozenset[str]:
        """Elements that the side offers, wherever it is."""
        return self.vague | {element for element, _ in self.stated}


def side(m: SystemMap, members: IntArray, group: str | None = None) -> Side:
    """One side: some organizations, and the stated scope of a group.

    Parameters
    ----------
    members
        Positions in ``m.organizations``.
    group
        The group whose `addresses` count; none if None.
    """
    columns = ["table", "element", "context"]
    works = _of(m, WORKS_ON, members, ["element", "context", "status"])
    works = works[works["status"] != CANCELLED]
    items = claims(m, ADDRESSES).first_ids
    asked = items.get_indexer([group] if group is not None else [])
    scope = _of(m, ADDRESSES, asked, ["target"])
    scope = scope[scope["target"].isin(m.elements.index)]
    needs = [
        _of(m, table, members, ["element", "context"]).assign(table=table)
        for table in (PRIORITIES, CHALLENGES)
    ]
    blank = pd.Series(None, scope.index, dtype="str")
    return Side(
        members,
        works.assign(table=WORKS_ON)[columns],
        scope.rename(columns={"target": "element"}).assign(table=ADDRESSES, context=blank)[columns],
        pd.concat(needs)[columns],
    )


def _of(m: SystemMap, table: str, nodes: IntArray, columns: list[str]) -> pd.DataFrame:
    """Columns of the claims of some nodes at the first end, in the order of the map."""
    made = _made.setdefault(m, {})
    told = claims(m, table)
    if table not in made:
        made[table] = ByCode.by(told.first, len(told.first_ids))
    return coded.plain(told.held[columns].iloc[made[table].rows(nodes)])


def compared(us: Side, them: Side) -> tuple[set[Cell], set[Cell]]:
    """Cells that each side covers: stated places, and elements where a side states no place."""
    whole = us.vague | them.vague
    mine, theirs = (
        set(one.stated) | {(element, None) for element in one.anywhere & whole}
        for one in (us, them)
    )
    return mine, theirs


def met_by(needing: Side, offering: Side) -> list[Cell]:
    """Needs of one side that the other covers and it does not cover itself, sorted.

    A need in a place is met there. Where the need or the offer states no place, the element as a
    whole is met, if the needing side works on it nowhere.
    """
    cells: set[Cell] = set()
    columns = (needing.needs[column].to_numpy(object) for column in ("element", "context"))
    for element, context in zip(*columns, strict=True):
        placed = isinstance(context, str)
        if placed and (element, context) in offering.stated:
            if (element, context) not in needing.stated:
                cells.add((element, context))
        elif element in (offering.vague if placed else offering.anywhere) - needing.anywhere:
            cells.add((element, None))
    return sorted(cells, key=lambda cell: (cell[0], cell[1] or ""))


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """The claims that gains rest on, in an order that no file decides.

    Parameters
    ----------
    ours
        Truth per organization.
    groups, elements
        How many of each.
    works
        Columns organization, element, context (-1 is blank) and place, a number per element and
        context, of work that is not cancelled.
    scope
        Columns group and element.
    belongs
        Columns organization and group.
    """

    ours: BoolArray
    groups: int
    elements: int
    works: IntArray
    scope: IntArray
    belongs: IntArray

    def drawn(
        self,
        draws: int,
        share: float,
        rng: np.random.Generator,
        tell: Callable[[int], None] = lambda done: None,
    ) -> IntArray:
        """Cells that each group adds to ours, shape ``(draws, groups)``.

        Each claim stands with probability `share`; who is us stays. Told is how many draws are
        done.
        """
        number = len(self.works) + len(self.scope) + len(self.belongs)
        at_once = max(1, _AT_ONCE // max(number, 1))
        gains = np.zeros((draws, self.groups), dtype=np.int64)
        by_who = ByCode.by(self.works[:, 0], len(self.ours))
        for first in range(0, draws, at_once):
            some = gains[first : first + at_once]
            lots = np.array([rng.random(number) < share for _ in some])
            some[:] = self._gained(np.ascontiguousarray(lots.T), by_who)
            tell(first + len(some))
        return gains

    def _gained(self, lots: BoolArray, by_who: ByCode) -> IntArray:
        """Gains of each group, shape ``(draws, groups)``, given which claims stand."""
        ends = np.cumsum([len(self.works), len(self.scope)])
        works, scope, belongs = np.split(lots, ends)
        ours = np.flatnonzero(self.ours[self.works[:, 0]])
        vague = self.works[:, 2] < 0
        here, anywhere = self._covered(ours, works[ours])
        gains = np.zeros((lots.shape[1], self.groups), dtype=np.int64)
        for group in range(self.groups):
            mine = self.belongs[:, 1] == group
            inside = np.zeros((len(self.ours), lots.shape[1]), bool)
            np.logical_or.at(inside, self.belongs[mine, 0], belongs[mine])
            members = np.unique(self.belongs[mine, 0])
            theirs = by_who.rows(members[~self.ours[members]])
            there, all_over = self._covered(theirs, works[theirs] & inside[self.works[theirs, 0]])
            about = self.scope[:, 0] == group
            np.logical_or.at(all_over, self.scope[about, 1], scope[about])
            whole = np.zeros(self.elements, bool)
            for rows in (ours, theirs):
                whole[self.works[rows[vague[rows]], 1]] = True
            whole[self.scope[about, 1]] = True
            gains[:, group] = (there & ~here).sum(axis=0)
            gains[:, group] += (all_over & ~anywhere)[whole].sum(axis=0)
        return gains

    def _covered(self, rows: IntArray, kept: BoolArray) -> tuple[BoolArray, BoolArray]:
        """Places, and elements anywhere, that some rows cover in each draw."""
        found = []
        for code, size in (
            (self.works[rows, 3], int(self.works[:, 3].max(initial=-1)) + 1),
            (self.works[rows, 1], self.elements),
        ):
            groups = grouped(code, among=np.flatnonzero(code >= 0))
            covered = np.zeros((size, kept.shape[1]), bool)
            covered[groups.keys[:, 0]] = groups.standing(kept)
            found.append(covered)
        return found[0], found[1]


def gains(m: SystemMap, ours: IntArray, groups: pd.Index) -> Gains:
    """Collect the claims that say what some groups add to ours.

    Parameters
    ----------
    ours
        Positions in ``m.organizations``.
    groups
        Ids.
    """
    us = np.zeros(len(m.organizations), bool)
    us[ours] = True
    works, scope, belongs = (claims(m, t) for t in (WORKS_ON, ADDRESSES, BELONGS_TO))
    active = (works.held["status"] != CANCELLED).to_numpy(bool)
    work = np.column_stack([works.first, works.second, works.context])[active]
    who = np.argsort(np.argsort(m.organizations.index.to_numpy(object)))
    what = np.argsort(np.argsort(m.elements.index.to_numpy(object)))
    where = np.append(np.argsort(np.argsort(m.contexts.index.to_numpy(object))), -1)
    work = work[ascending(who[work[:, 0]], what[work[:, 1]], where[work[:, 2]])]
    cell = work[:, 1] * (len(m.contexts) + 1) + work[:, 2] + 1
    place = np.where(work[:, 2] >= 0, np.unique(cell, return_inverse=True)[1], -1)
    about = np.column_stack(
        [
            _places(groups, scope.held["item"]),
            _places(m.elements.index, scope.held["target"]),
        ]
    )
    about = about[(about >= 0).all(axis=1)]
    about = about[np.lexsort((what[about[:, 1]], about[:, 0]))]
    member = np.column_stack([belongs.first, _places(groups, belongs.held["group"])])
    member = member[member[:, 1] >= 0]
    member = member[np.lexsort((who[member[:, 0]], member[:, 1]))]
    return Gains(us, len(groups), len(m.elements), np.column_stack([work, place]), about, member)


def _places(ids: pd.Index, ends: pd.Series) -> IntArray:
    """Where each end stands among some ids; -1 where it does not."""
    codes, values = coded.split(ends)
    found: IntArray = np.append(ids.get_indexer(values), -1)[codes]
    return found
