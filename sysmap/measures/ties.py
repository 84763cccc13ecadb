"""Known ties: pairs of organizations that are said to work together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import CANCELLED, COLLABORATES, TAKES_PART

JOINT_ROLES = ("leads", "co-leads", "implements")
"""Roles in an activity that tie two organizations; to attend or to pay for it does not."""


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
    told = claims(m, COLLABORATES)
    joint = _joint(m)
    one = np.concatenate([told.first, joint["organization"].to_numpy(np.int64)])
    other = np.concatenate([told.second, joint["partner"].to_numpy(np.int64)])
    pairs = np.column_stack([np.minimum(one, other), np.maximum(one, other)])[one != other]
    return pd.DataFrame(np.unique(pairs, axis=0), columns=["organization", "partner"])


def _joint(m: SystemMap) -> pd.DataFrame:
    """Pairs that carry one activity together; every pair in both orders."""
    told = claims(m, TAKES_PART)
    cancelled = told.second_ids.isin(m.activities.index[m.activities["status"] == CANCELLED])
    carries = told.frame["role"].isin(JOINT_ROLES).to_numpy(bool) & ~cancelled[told.second]
    rows = pd.DataFrame({"organization": told.first[carries], "activity": told.second[carries]})
    return rows.merge(rows.rename(columns={"organization": "partner"}), on="activity")
