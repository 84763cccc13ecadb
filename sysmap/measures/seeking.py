"""Which outcomes the members seek, how they rank them, and how important they call them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core import stats
from sysmap.core.claims import Claims, claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import SEEKS
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures import ledger
from sysmap.measures.reporting.votes import standing


@dataclass(frozen=True, slots=True, eq=False)
class Seeking:
    """What the members said about the outcomes.

    Parameters
    ----------
    members
        Ids of the members, in map order.
    responded
        True for those that answered; shape ``(members,)``.
    seeks
        True where a member that answered seeks the outcome; shape ``(members, outcomes)``.
    rank, importance
        The numbers it gave, NaN where none or where its claims disagree; same shape.
    """

    members: pd.Index
    responded: BoolArray
    seeks: BoolArray
    rank: FloatArray
    importance: FloatArray

    def of(self, kept: BoolArray) -> Seeking:
        """What some of the members said."""
        return Seeking(
            self.members[kept],
            self.responded[kept],
            self.seeks[kept],
            self.rank[kept],
            self.importance[kept],
        )

    def priority(self) -> FloatArray:
        """Mean place of each outcome, 1 for first by all who rank; NaN if nobody ranks.

        Source: Borda, as in `stats.borda`.
        """
        return stats.borda(self.rank)


def seeking(m: SystemMap) -> Seeking:
    """What the members said, one row per member and one column per outcome.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["Aurora", "Borealis"]}),
    ...     "outcomes": pd.DataFrame({"id": ["light", "heat"], "name": ["Light", "Heat"]}),
    ...     "seeks": pd.DataFrame({"organization": ["a"], "outcome": "heat", "priority": ["1"]}),
    ... })
    >>> seeking(m).responded, seeking(m).priority()
    (array([ True, False]), array([0., 1.]))
    """
    told, members = claims(m, SEEKS), ledger.members(m)
    shape = (len(members), len(told.second_ids))
    who = members.get_indexer(told.first_ids)[told.first]
    responded: BoolArray = np.isin(members, ledger.responding(m, SEEKS))
    heard = np.append(responded, False)[who]
    seeks = np.zeros(shape, dtype=bool)
    seeks[who[heard], told.second[heard]] = True
    return Seeking(
        members,
        responded,
        seeks,
        _numbers(told, "priority", who, heard, shape),
        _numbers(told, "importance", who, heard, shape),
    )


def _numbers(
    told: Claims, column: str, who: IntArray, heard: BoolArray, shape: tuple[int, int]
) -> FloatArray:
    """The number that each member gave each outcome; NaN if none, or if its claims disagree."""
    number = told.frame[column].astype("Float64").to_numpy(float, na_value=np.nan)
    given = np.flatnonzero(heard & ~np.isnan(number))
    organization, outcome, said = who[given], told.second[given], number[given]
    stands = standing(outcome, organization, said, told.day[given])
    found = np.full(shape, np.nan)
    found[organization[stands], outcome[stands]] = said[stands]
    return found
