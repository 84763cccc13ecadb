"""What was known before a day, or without some ties, and which pairs were tied after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sysmap.core import dates
from sysmap.core.claims import claims
from sysmap.core.model import SystemMap, held
from sysmap.core.schema import (
    CHALLENGES,
    COLLABORATES,
    PRIORITIES,
    SEEKS,
    TAKES_PART,
    WORKS_ON,
)
from sysmap.core.stats import BoolArray, IntArray
from sysmap.measures.affinity import Affinity, affinity
from sysmap.measures.dating import first_days
from sysmap.measures.pairs.needed import SPILL
from sysmap.measures.pairs.portfolio import Portfolio, portfolio
from sysmap.measures.pairs.ranking import apart
from sysmap.measures.pairs.ties import tie_claims

TABLES = (SEEKS, WORKS_ON, PRIORITIES, CHALLENGES, COLLABORATES, TAKES_PART)
"""The tables that the ranking of pairs rests on."""

HELD = 0.2
"""Share of the ties that are held back where no date parts them."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """All unordered pairs before and after; arrays without another shape have one entry per pair.

    Parameters
    ----------
    found
        The pairs, measured on what was known before; organizations are sorted by id.
    listed
        Pairs that could be named: not tied before, none a part of the other, and not perhaps
        tied before by a claim without a clear date.
    positive
        Listed pairs that were tied afterwards.
    never
        Listed pairs that are not tied in the whole map.
    order
        Organizations in the order of their known ties, then of their claims; all positions.
    ties
        Known ties of each organization before; shape ``(organizations,)``.
    unclear
        Number of pairs that nobody can date.
    unknown, claims
        Number of claims that were later or have no date, and of all.
    """

    found: Affinity
    listed: BoolArray
    positive: BoolArray
    never: BoolArray
    order: IntArray
    ties: IntArray
    unclear: int
    unknown: int
    claims: int

    def pair(self, one: IntArray, other: IntArray) -> IntArray:
        """The position of each pair, whichever end comes first."""
        size = len(self.ties)
        low, high = np.minimum(one, other), np.maximum(one, other)
        return np.asarray(low * size - low * (low + 1) // 2 + high - low - 1)

    def later(self) -> pd.DataFrame:
        """The ids of the pairs that were tied afterwards."""
        ids = self.found.told.organizations
        ends = (self.found.first[self.positive], self.found.second[self.positive])
        return pd.DataFrame({"organization": ids[ends[0]], "partner": ids[ends[1]]}, dtype="str")


def since(m: SystemMap, at: str) -> Trial:
    """Part the claims at a day: what was said by then, and the ties that surely began later.

    Parameters
    ----------
    at
        The last day of what is known, YYYY, YYYY-MM or YYYY-MM-DD.
    """
    then = m.as_of(at)
    told = portfolio(then)
    behind = _dated(m, told.organizations)
    later = behind["first"].to_numpy() > np.datetime64(dates.last_day(at), "D")
    unknown = sum(len(held(m, t)) - len(held(then, t)) for t in TABLES)
    return _trial(m, told, behind, later, unknown)


def without(m: SystemMap, rng: np.random.Generator) -> Trial:
    """Hold back a share of the ties.

    What ties several pairs at once, a joint activity, is held back as a whole, because the ties
    that are left of it would give away the others.
    """
    told = portfolio(m)
    behind = _dated(m, told.organizations)
    activity = behind["activity"].to_numpy()
    own = behind["pair"].where(activity < 0, -1 - behind["place"])
    units, unit = np.unique(own.to_numpy(np.int64), return_inverse=True)
    pairs, pair = np.unique(behind["pair"].to_numpy(np.int64), return_inverse=True)
    held = np.zeros(len(units), bool)
    for chosen in rng.permutation(len(units)):
        # a pair is held back when nothing that ties it is left
        left = np.bincount(pair[~held[unit]], minlength=len(pairs)) > 0
        if (~left).sum() >= HELD * len(pairs):
            break
        held[chosen] = True
    kept = behind[~held[unit]].drop_duplicates("pair").sort_values("pair")
    claim = np.arange(len(kept))
    known = np.column_stack([kept["organization"], kept["partner"], claim, claim])
    return _trial(m, replace(told, ties=known.astype(np.int64)), behind, held[unit], 0)


def _trial(
    m: SystemMap, told: Portfolio, behind: pd.DataFrame, later: BoolArray, unknown: int
) -> Trial:
    found = affinity(told, SPILL, np.ones(told.elements))
    number = len(told.organizations)
    tied = found.reach.tied if found.reach is not None else np.zeros((number, number), bool)
    before = found.square(tied)
    ever = np.zeros_like(tied)
    ends = behind[["organization", "partner"]].to_numpy(np.int64).T
    ever[ends[0], ends[1]] = True
    sure = ever.copy()
    sure[ends[0][~later], ends[1][~later]] = False
    eligible = apart(m, found) & ~before
    after = found.square(ever)
    unclear = eligible & after & ~found.square(sure)
    degree = tied.sum(axis=1).astype(np.int64)
    return Trial(
        found,
        eligible & ~unclear,
        eligible & found.square(sure),
        eligible & ~after,
        np.lexsort((np.arange(number), told.claims_of(), degree)).astype(np.int64),
        degree,
        int(unclear.sum()),
        unknown,
        sum(len(held(m, t)) for t in TABLES),
    )


def _dated(m: SystemMap, organizations: pd.Index) -> pd.DataFrame:
    """The claims behind every tie, with ends as positions in `organizations`.

    Columns organization, partner, pair (a number per pair), activity, place (the activity by the
    order of ids) and first, the first day on which the tie can have been there; NaT if unknown.
    """
    told = tie_claims(m)
    place = organizations.get_indexer(m.organizations.index)
    ends = np.sort(place[told[["organization", "partner"]].to_numpy(np.int64)], axis=1)
    activity = told["activity"].to_numpy(np.int64)
    by_id = np.argsort(np.argsort(m.activities.index.to_numpy(object), kind="stable"))
    first = np.full(len(told), np.datetime64("NaT", "D"))
    for table, mine in ((COLLABORATES, activity < 0), (TAKES_PART, activity >= 0)):
        days = pd.Series(_begun(m, table), claims(m, table).held.index)
        one, other = (days.reindex(told[c][mine]).to_numpy() for c in ("row", "other_row"))
        # two claims tie from the later of them on; a blank one leaves it open
        both = np.where(
            np.isnat(one) | np.isnat(other), np.datetime64("NaT"), np.maximum(one, other)
        )
        first[mine] = both.astype("datetime64[D]")
    return pd.DataFrame(
        {
            "organization": ends[:, 0],
            "partner": ends[:, 1],
            "pair": ends[:, 0] * max(len(organizations), 1) + ends[:, 1],
            "activity": activity,
            "place": np.append(by_id, -1)[activity],
            "first": first,
        }
    )


def _begun(m: SystemMap, table: str) -> np.ndarray:
    """The first day that each claim may mean: its start, else its date, else its source's."""
    rows = claims(m, table).frame
    when = rows["source"].map(m.sources["date"]).astype("str")
    for column in ("date", "start"):
        if column in rows:
            when = rows[column].where(rows[column].notna(), when)
    return first_days(when)
