"""What stands behind one pair: features in common, and needs beside the offers that meet them."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.schema import CONTEXTS, ELEMENTS
from sysmap.core.stats import FloatArray
from sysmap.measures.needs import needs, offers
from sysmap.measures.pairs.needed import Spill
from sysmap.measures.pairs.portfolio import portfolio
from sysmap.measures.pairs.purpose import Block, features
from sysmap.measures.pairs.scope import EVERYTHING, Scope

_made: WeakKeyDictionary[SystemMap, dict[Scope, tuple[pd.Index, tuple[Block, ...]]]] = (
    WeakKeyDictionary()
)

HERE, NEAR, ELSEWHERE, NOWHERE = "same place", "same subregion", "elsewhere", ""
"""Where the nearest offer is, beside the need."""


def common(m: SystemMap, one: str, other: str, about: Scope = EVERYTHING) -> pd.DataFrame:
    """Features that two organizations have in common, the rarest first.

    Returns
    -------
    pandas.DataFrame
        Columns nodes (outcomes, elements or contexts), id and weight, ln(n / df).
    """
    organizations, blocks = _features(m, about)
    ends = organizations.get_indexer([one, other])
    rows: list[tuple[str, str, float]] = []
    for block in blocks:
        who, feature = block.held.keys.T
        mine, theirs = (feature[slice(*np.searchsorted(who, [end, end + 1]))] for end in ends)
        both = np.intersect1d(mine, theirs)
        ids = m.nodes(block.nodes).index[block.codes[both]]
        rows += zip([block.nodes] * len(both), ids, block.weight[both], strict=True)
    frame = pd.DataFrame(rows, columns=["nodes", "id", "weight"])
    order = np.lexsort((frame["id"].to_numpy(object), -frame["weight"].to_numpy(float).round(9)))
    return frame.iloc[order].reset_index(drop=True)


def _features(m: SystemMap, about: Scope) -> tuple[pd.Index, tuple[Block, ...]]:
    """Organizations and what each of them has, made once per map and subject."""
    made = _made.setdefault(m, {})
    if about not in made:
        told = portfolio(m, about)
        made[about] = told.organizations, features(told)
    return made[about]


def met(
    m: SystemMap,
    needer: str,
    helper: str,
    spill: Spill,
    value: FloatArray | None = None,
    about: Scope = EVERYTHING,
) -> pd.DataFrame:
    """Each need of one organization beside the nearest offer of another, the weightiest first.

    Parameters
    ----------
    spill
        What an offer is worth in the same context, in the same subregion, and elsewhere.
    value
        What each element of the map counts; 1 if None.
    about
        The subject that the needs are about.

    Returns
    -------
    pandas.DataFrame
        Columns element and context (ids; context missing if not stated), need (0 to 1), place
        (where the nearest offer is; empty if there is none) and part (of all needs, 0 to 1).
    """
    ends = m.organizations.index.get_indexer([needer, helper])
    need = needs(m)
    need, offer = need[need["organization"] == ends[0]], offers(m, ends[1])
    for column, ids, meant in (
        ("element", m.elements.index, about.elements),
        ("context", pd.Index([*m.contexts.index, None]), about.contexts),
    ):
        if meant is not None:
            need = need[ids[need[column]].isin(meant)]
    region = np.append(pd.factorize(m.contexts["subregion"])[0], -1)
    amount = need["need"].to_numpy(float)
    if value is not None:
        amount = amount * value[need["element"]]
    place, worth = [], []
    for element, context in zip(need["element"], need["context"], strict=True):
        where = offer.loc[offer["element"] == element, "context"].to_numpy(np.int64)
        if not len(where):
            place.append(NOWHERE)
        elif context >= 0 and (where == context).any():
            place.append(HERE)
        elif region[context] >= 0 and (region[where] == region[context]).any():
            place.append(NEAR)
        else:
            place.append(ELSEWHERE)
        worth.append(
            dict(zip((HERE, NEAR, ELSEWHERE, NOWHERE), (*spill, 0.0), strict=True))[place[-1]]
        )
    total = amount.sum()
    frame = pd.DataFrame(
        {
            "element": m.nodes(ELEMENTS).index[need["element"]],
            "context": pd.Index([*m.nodes(CONTEXTS).index, None])[need["context"]],
            "need": need["need"].to_numpy(float),
            "place": pd.Series(place, dtype="str"),
            "part": amount * np.array(worth) / total if total > 0 else np.zeros(len(amount)),
        }
    )
    return frame.sort_values(
        ["part", "need", "element", "context"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
