"""Needs, offers and the cells (element, context) that somebody covers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core import coded
from sysmap.core.claims import Claims, claims
from sysmap.core.model import SystemMap, held
from sysmap.core.schema import CANCELLED, CHALLENGES, PRIORITIES, PRIVATE, WORKS_ON
from sysmap.core.stats import IntArray
from sysmap.core.words import number_of

MIDDLE_LEVEL, TOP_LEVEL = 2, 3
"""A blank level counts as the middle of the scale 1 to 3."""


def needs(m: SystemMap) -> pd.DataFrame:
    """What each organization needs, from its priorities and challenges.

    Returns
    -------
    pandas.DataFrame
        One row per organization, element and context (-1 is not stated), all three as positions
        in ``m.organizations``, ``m.elements`` and ``m.contexts``; ``need`` is the largest level
        of its claims divided by 3.
    """
    parts = []
    for table in (PRIORITIES, CHALLENGES):
        told = claims(m, table)
        level = levels(told).astype(float)
        parts.append(_cells(told.first, told.second, told.context, level / TOP_LEVEL))
    rows = pd.concat(parts, ignore_index=True)
    return rows.groupby(_KEYS, as_index=False)["value"].max().rename(columns={"value": "need"})


def offers(m: SystemMap, organization: int | None = None) -> pd.DataFrame:
    """What each organization works on and has not cancelled.

    Parameters
    ----------
    organization
        The position of the only one that is asked for.

    Returns
    -------
    pandas.DataFrame
        One row per organization, element and context (-1 is not stated), as positions in the map.
    """
    told = claims(m, WORKS_ON)
    kept = (told.held["status"] != CANCELLED).to_numpy(bool)
    if organization is not None:
        kept = kept & (told.first == organization)
    sizes = (len(told.first_ids), len(told.second_ids), len(told.context_ids))
    codes = (told.first[kept], told.second[kept], told.context[kept])
    ((number, radix),) = coded.packed(zip(codes, sizes, strict=True))
    return pd.DataFrame(dict(zip(_KEYS, coded.unpacked(np.unique(number), radix), strict=True)))


def levels(told: Claims) -> IntArray:
    """The level of each claim of a need, a blank one in the middle."""
    codes, values = coded.split(told.held["level"])
    each: IntArray = np.array([*values, MIDDLE_LEVEL], np.int64)[codes]
    return each


def states_needs(m: SystemMap) -> bool:
    """Tell whether any organization stated a priority or a challenge."""
    return any(len(held(m, table)) for table in (PRIORITIES, CHALLENGES))


def needs_caveats(m: SystemMap) -> tuple[str, ...]:
    """What an answer from a redacted map admits about needs; nothing where nothing was hidden."""
    if m.audience == PRIVATE or not m.hidden:
        return ()
    left = len(held(m, CHALLENGES))
    others = f" and {number_of(left, 'challenge')} that may be shown" if left else " alone"
    return (
        f"Challenges are no part of the {m.audience} edition: needs come from priorities{others}.",
    )


_KEYS = ["organization", "element", "context"]


def _cells(
    organization: np.ndarray, element: np.ndarray, context: np.ndarray, value: np.ndarray | float
) -> pd.DataFrame:
    return pd.DataFrame(
        {"organization": organization, "element": element, "context": context, "value": value}
    )
