"""Asked, answered, silent: what the ledger says about each organization and cell."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from sysmap.core import names
from sysmap.core.claims import reporters
from sysmap.core.model import SystemMap
from sysmap.core.schema import ASKED, CONTEXTS, ELEMENTS, ORGANIZATIONS, YES

_made: WeakKeyDictionary[SystemMap, pd.DataFrame] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Scopes:
    """Which organization was asked, and answered, one question about each cell.

    Parameters
    ----------
    organizations, elements, contexts
        Ids in map order.
    asked, answered
        Truth, shape ``(organizations, elements, contexts)``; answered is never true where asked
        is not.
    """

    organizations: pd.Index
    elements: pd.Index
    contexts: pd.Index
    asked: np.ndarray
    answered: np.ndarray

    @property
    def silent(self) -> np.ndarray:
        """Asked and not answered; same shape."""
        quiet: np.ndarray = self.asked & ~self.answered
        return quiet


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Where the ledger rows of one question reach, by organization, area and context.

    Parameters
    ----------
    area
        Position of each element on the second axis; the last place holds elements without area.
    replied, unanswered
        Truth, shape ``(organizations, areas + 1, contexts)``: a row that was answered, a row that
        was not, reaches the place. Both hold where an organization was asked more than once and
        kept silent once.
    """

    area: np.ndarray
    replied: np.ndarray
    unanswered: np.ndarray


def settled(m: SystemMap) -> pd.DataFrame:
    """All ledger rows with who speaks, as in `entries`, made once per map."""
    if m not in _made:
        asked, sources = m.asked, m.sources
        own = asked["source"].map(sources["organization"]).astype("str")
        _made[m] = asked.assign(
            organization=asked["speaks_for"].fillna(own),
            reporter=asked["speaks_for"].fillna(asked["source"].map(reporters(m)).astype("str")),
            inferred=asked["speaks_for"].notna(),
        )
    return _made[m]


def entries(m: SystemMap, question: str) -> pd.DataFrame:
    """Ledger rows of one question, with who speaks.

    Returns
    -------
    pandas.DataFrame
        The rows of ``m.asked`` with their index, and the columns ``organization`` (for whom the
        row speaks; missing if for none in the map), ``reporter`` and ``inferred``.
    """
    ledger = settled(m)
    return ledger[ledger["question"] == question]


def entries_about(m: SystemMap, question: str, element: str, context: str) -> pd.DataFrame:
    """The rows of `entries` that speak for an organization and reach one cell."""
    rows = entries(m, question)
    area = m.tables[ELEMENTS].set_index("id")["area"][element]
    wanted = names.key(area) if isinstance(area, str) else None
    here = rows["context"].isna() | (rows["context"] == context)
    this = _keys(rows["area"]) == wanted
    return rows[rows["organization"].notna() & here & (rows["area"].isna() | this)]


def has_ledger(m: SystemMap, question: str) -> bool:
    """Tell whether anybody wrote down who was asked the question."""
    return question in ledgers(m)


def ledgers(m: SystemMap) -> frozenset[str]:
    """The questions of which somebody wrote down who was asked."""
    asked = m.tables[ASKED]
    return frozenset(asked["question"][asked["speaks_for"].isna()].unique())


def answered_by(m: SystemMap) -> dict[str, set[str]]:
    """Who answered each question in any scope: reporters by question."""
    ledger = settled(m)
    rows = ledger[(ledger["answered"] == YES) & ledger["reporter"].notna()]
    found: dict[str, set[str]] = {}
    for question, reporter in zip(rows["question"], rows["reporter"], strict=True):
        found.setdefault(question, set()).add(reporter)
    return found


def responding(m: SystemMap, question: str) -> pd.Index:
    """Organizations that answered the question in any scope, in map order."""
    rows = entries(m, question)
    spoke = set(rows.loc[rows["answered"] == YES, "organization"].dropna())
    everyone = m.organizations.index
    return everyone[everyone.isin(spoke)]


def members(m: SystemMap) -> pd.Index:
    """Organizations marked as members; all of them if nobody is marked either way."""
    organizations = m.organizations
    if organizations["member"].isna().all():
        return organizations.index
    return organizations.index[organizations["member"] == YES]


def reach(m: SystemMap, question: str, contexts: pd.Index | None = None) -> Reach:
    """Where the ledger rows of one question reach, by area of work instead of by element.

    A blank context or area of a ledger row is all of them; an element without an area is reached
    only by rows without one.

    Parameters
    ----------
    contexts
        Contexts to look at; all by default.
    """
    where = pd.Index(m.tables[CONTEXTS]["id"]) if contexts is None else contexts
    organizations = pd.Index(m.tables[ORGANIZATIONS]["id"])
    of_element, areas = pd.factorize(_keys(m.tables[ELEMENTS]["area"]))
    rows = entries(m, question)
    who = organizations.get_indexer(rows["organization"])
    wanted = _keys(rows["area"])
    # the last place of both axes stands for all of them
    area = np.where(wanted.isna(), len(areas), areas.get_indexer(wanted))
    context = np.where(rows["context"].isna(), len(where), where.get_indexer(rows["context"]))
    there = (who >= 0) & (area >= 0) & (context >= 0)
    said = (rows["answered"] == YES).to_numpy(bool)
    found = []
    for reply in (True, False):
        on = there & (said == reply)
        grid = np.zeros((len(organizations), len(areas) + 1, len(where) + 1), bool)
        grid[who[on], area[on], context[on]] = True
        grid |= grid[:, :, -1:]
        grid |= grid[:, -1:, :]
        found.append(grid[:, :, :-1])
    return Reach(np.where(of_element < 0, len(areas), of_element), *found)


def scopes(m: SystemMap, question: str, contexts: pd.Index | None = None) -> Scopes:
    """Which organization was asked and answered one question, cell by cell.

    The cells are those of `reach`, one for each element; one answer among several is enough.

    Parameters
    ----------
    contexts
        Contexts to look at; all by default.
    """
    where = m.nodes(CONTEXTS).index if contexts is None else contexts
    found = reach(m, question, where)
    return Scopes(
        m.organizations.index,
        m.elements.index,
        where,
        (found.replied | found.unanswered)[:, found.area],
        found.replied[:, found.area],
    )


def _keys(areas: pd.Series) -> pd.Series:
    """The comparison key of each area; each spelling is looked at once."""
    by_spelling = {str(a): names.key(str(a)) for a in areas.dropna().unique()}
    return areas.map(by_spelling).astype("str")
