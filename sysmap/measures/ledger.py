"""Asked, answered, silent: what the ledger says about each organization and cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core import names
from sysmap.core.claims import reporters
from sysmap.core.model import SystemMap
from sysmap.core.schema import ASKED, CONTEXTS, ELEMENTS, YES


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


def entries(m: SystemMap, question: str) -> pd.DataFrame:
    """Ledger rows of one question, with who speaks.

    Returns
    -------
    pandas.DataFrame
        The rows of ``m.asked`` with their index, and the columns ``organization`` (for whom the
        row speaks; missing if for none in the map), ``reporter`` and ``inferred``.
    """
    asked = m.asked
    rows = asked[asked["question"] == question]
    own = rows["source"].map(m.sources["organization"]).astype("str")
    return rows.assign(
        organization=rows["speaks_for"].fillna(own),
        reporter=rows["speaks_for"].fillna(rows["source"].map(reporters(m)).astype("str")),
        inferred=rows["speaks_for"].notna(),
    )


def has_ledger(m: SystemMap, question: str) -> bool:
    """Tell whether anybody wrote down who was asked the question."""
    asked = m.tables[ASKED]
    stated = (asked["question"] == question) & asked["speaks_for"].isna()
    return bool(stated.any())


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


def scopes(m: SystemMap, question: str, contexts: pd.Index | None = None) -> Scopes:
    """Which organization was asked and answered one question, cell by cell.

    A blank context or area of a ledger row is all of them; an element without an area is reached
    only by rows without one.

    Parameters
    ----------
    contexts
        Contexts to look at; all by default.
    """
    organizations, elements = m.organizations.index, m.elements.index
    where = m.nodes(CONTEXTS).index if contexts is None else contexts
    area_of = m.nodes(ELEMENTS)["area"].map(names.key, na_action="ignore").to_numpy(object)
    shape = (len(organizations), len(elements), len(where))
    asked, answered = np.zeros(shape, bool), np.zeros(shape, bool)
    rows = entries(m, question)
    who = organizations.get_indexer(rows["organization"])
    place = where.get_indexer(rows["context"])
    for i, j, context, area, reply in zip(
        who, place, rows["context"], rows["area"], rows["answered"], strict=True
    ):
        if i < 0 or (j < 0 and isinstance(context, str)):
            continue
        reach = area_of == names.key(area) if isinstance(area, str) else np.full(shape[1], True)
        across = slice(None) if j < 0 else slice(j, j + 1)
        asked[i, reach, across] = True
        if reply == YES:
            answered[i, reach, across] = True
    return Scopes(organizations, elements, where, asked, answered)
