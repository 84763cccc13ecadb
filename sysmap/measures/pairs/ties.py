"""Known ties: pairs of organizations that are said to work together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import CANCELLED, COLLABORATES, TAKES_PART

JOINT_ROLES = ("leads", "co-leads", "implements")
"""Roles in an activity that tie two organizations; to attend or to pay for it does not."""

_COLUMNS = ("organization", "partner", "activity", "row", "other_row")


def ties(m: SystemMap) -> pd.DataFrame:
    """Pairs of organizations with a `collaborates` claim or a joint activity.

    An activity ties the organizations that lead, co-lead or implement it, unless it is cancelled.

    Returns
    -------
    pandas.DataFrame
        Integer columns organization and partner, positions in ``m.organizations`` with
        organization < partner; one row per pair, sorted; empty if nobody is tied.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
    ...     "collaborates": pd.DataFrame({"organization": ["b"], "partner": ["a"]}),
    ... })
    >>> ties(m).to_numpy().tolist()
    [[0, 1]]
    """
    told = tie_claims(m)[["organization", "partner"]]
    return told.drop_duplicates(ignore_index=True)


def tie_claims(m: SystemMap) -> pd.DataFrame:
    """The claims behind each tie.

    Returns
    -------
    pandas.DataFrame
        Integer columns organization and partner as in `ties`; activity, a position in
        ``m.activities``, -1 for a `collaborates` claim; row and other_row, the labels of the two
        claims in `takes_part`, or twice the same label in `collaborates`. Sorted.
    """
    told = claims(m, COLLABORATES)
    rows = told.held.index.to_numpy(np.int64)
    direct = np.column_stack([told.first, told.second, np.full(len(rows), -1), rows, rows])
    joint = _joint(m)[list(_COLUMNS)].to_numpy(np.int64)
    found = np.concatenate([direct, joint])
    swapped = found[:, [1, 0, 2, 4, 3]]
    found = np.where((found[:, 0] > found[:, 1])[:, None], swapped, found)
    apart = found[found[:, 0] != found[:, 1]]
    return pd.DataFrame(np.unique(apart, axis=0), columns=list(_COLUMNS))


def _joint(m: SystemMap) -> pd.DataFrame:
    """Pairs of claims that carry one activity together; every pair in both orders."""
    told = claims(m, TAKES_PART)
    cancelled = (m.activities["status"] == CANCELLED).to_numpy(bool)
    carries = told.held["role"].isin(JOINT_ROLES).to_numpy(bool) & ~cancelled[told.second]
    rows = pd.DataFrame(
        {
            "organization": told.first[carries],
            "activity": told.second[carries],
            "row": told.held.index[carries],
        }
    )
    others = rows.rename(columns={"organization": "partner", "row": "other_row"})
    return rows.merge(others, on="activity")
