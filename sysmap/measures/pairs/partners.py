"""The pairs that `opportunities` lists by default, for answers that name them beside others."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.stats import generator
from sysmap.measures.affinity import affinity
from sysmap.measures.pairs.needed import SPILL
from sysmap.measures.pairs.portfolio import portfolio
from sysmap.measures.pairs.ranking import no_pairs, ranked

DRAWS, SEED, TOP = 200, 0, 50
"""Draws behind the rank intervals, their seed, and how many of the best pairs are listed."""

_made: WeakKeyDictionary[SystemMap, pd.DataFrame] = WeakKeyDictionary()


def partners(m: SystemMap) -> pd.DataFrame:
    """The frame of `opportunities` under its defaults; computed once per map.

    Returns
    -------
    pandas.DataFrame
        As `ranked` gives it; empty if there are fewer than two organizations, or if none of them
        seeks or works on anything.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
    ...     "elements": pd.DataFrame({"id": ["law"], "name": ["Law"]}),
    ...     "works_on": pd.DataFrame({"organization": ["a", "b"], "element": ["law", "law"]}),
    ... })
    >>> partners(m).index.tolist()
    [('a', 'b')]
    """
    if m not in _made:
        _made[m] = _partners(m)
    return _made[m].copy(deep=False)


def partners_of(m: SystemMap, organization: str, most: int) -> pd.DataFrame:
    """The first pairs of one organization in the list of `partners`.

    Returns
    -------
    pandas.DataFrame
        Indexed by the other organization, columns as in `partners`, new pairs first.
    """
    pairs = partners(m)
    one, other = (pairs.index.get_level_values(level) for level in (0, 1))
    rows = pairs[(one == organization) | (other == organization)].head(most)
    one, other = (rows.index.get_level_values(level) for level in (0, 1))
    return rows.set_axis(one.where(one != organization, other).rename("partner"))


def _partners(m: SystemMap) -> pd.DataFrame:
    if len(m.organizations) < 2:
        return no_pairs()
    told = portfolio(m).heard()
    found = affinity(told, SPILL, np.ones(told.elements))
    if found.purpose is None:
        return no_pairs()
    known = np.array(found.known, dtype=float)
    return ranked(m, found, known / known.sum(), DRAWS, generator(SEED), TOP).frame
