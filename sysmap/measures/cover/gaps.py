"""States and gaps: how well each cell, an element in a context, is covered beside its need."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.schema import ELEMENTS
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.cover.cells import Cells
from sysmap.measures.propagation import on_outcomes

UNCOVERED, SINGLE, COVERED, CROWDED = "uncovered", "single", "covered", "crowded"
UNCONNECTED, UNKNOWN, NOT_NEEDED = "unconnected", "unknown", "not needed"

STATES = (UNCOVERED, SINGLE, COVERED, CROWDED, UNCONNECTED, UNKNOWN, NOT_NEEDED)
"""The states of a cell, in the order in which they are told."""

DIGITS = 12
"""Numbers equal to so many digits are tied."""


def influence_of(m: SystemMap) -> FloatArray:
    """Total influence of each element on the outcomes; NaN where there is no outcome."""
    return on_outcomes(m)[: len(m.tables[ELEMENTS])]


def gaps(
    m: SystemMap,
    counted: Cells,
    influence: FloatArray,
    known_need: bool,
    target: float,
    crowded: float,
) -> pd.DataFrame:
    """One row per cell: counts, state, gap and what it would move.

    Parameters
    ----------
    influence
        Total influence of each element; NaN where it is not known.
    known_need
        Whether anybody stated a need or was asked; else need counts as 1 everywhere.
    target
        Effective organizations from which on there is no gap.
    crowded
        Effective organizations from which on a cell without ties counts as crowded.

    Returns
    -------
    pandas.DataFrame
        Indexed by (element, context). Known cells first, by gap times absolute influence, then
        unknown ones by the largest gap that is possible.
    """
    need = np.full(len(counted), np.nan)
    np.divide(counted.named, counted.responding, out=need, where=counted.responding > 0)
    taken = need if known_need else np.ones(len(counted))
    missing = np.isnan(taken)
    nobody_asked, quiet = counted.asked == 0, counted.silent > 0
    state = _states(counted, taken, missing | nobody_asked | quiet, quiet, crowded)
    leaning = _states(
        counted, taken, missing | (counted.answered == 0), np.zeros_like(quiet), crowded
    )
    gaps = []
    for workers in (counted.effective + counted.silent, counted.effective):
        gap = taken * (1 - np.minimum(1, workers / target))
        gaps.append(np.where(nobody_asked, np.nan, gap))
    gap, gap_high = gaps
    acting = influence[counted.element]
    words = np.array(STATES, dtype=object)
    order = _order(m, counted, words[state] == UNKNOWN, gap, gap_high, np.abs(acting))
    elements = pd.Index(m.tables[ELEMENTS]["id"])
    index = pd.MultiIndex(
        [elements, counted.contexts],
        [counted.element[order], counted.context[order]],
        names=["element", "context"],
        verify_integrity=False,
    )
    columns = {
        "organizations": counted.organizations,
        "effective": counted.effective,
        "need": need,
        "influence": acting,
        "state": words[state],
        "gap": gap,
        "asked": counted.asked,
        "answered": counted.answered,
        "silent": counted.silent,
        "gap_high": gap_high,
        "leaning": words[leaning],
        "responding": counted.responding,
        "named": counted.named,
    }
    frame = pd.DataFrame({name: values[order] for name, values in columns.items()}, index=index)
    return frame.astype({"state": "str", "leaning": "str"})


def _states(
    counted: Cells, need: FloatArray, unsure: BoolArray, quiet: BoolArray, crowded: float
) -> IntArray:
    """Positions in `STATES`; `unsure` makes an empty cell unknown, `quiet` a tie possible."""
    nobody = counted.organizations == 0
    heaped = (
        (counted.effective >= crowded - 1e-9)
        & (counted.known_pairs > 0)
        & (2 * counted.known_tied < counted.known_pairs)
    )
    apart = (counted.tied_pairs == 0) & counted.all_known & ~quiet
    cases = (
        (nobody & unsure, UNKNOWN),
        (nobody & (need == 0), NOT_NEEDED),
        (nobody, UNCOVERED),
        (counted.organizations == 1, SINGLE),
        (heaped, CROWDED),
        (apart, UNCONNECTED),
    )
    found: IntArray = np.select(
        [where for where, _ in cases],
        [STATES.index(word) for _, word in cases],
        STATES.index(COVERED),
    )
    return found


def _order(
    m: SystemMap,
    counted: Cells,
    unknown: BoolArray,
    gap: FloatArray,
    gap_high: FloatArray,
    influence: FloatArray,
) -> IntArray:
    """Known cells before unknown ones, large gaps first, ties by influence and ids.

    Numbers equal to twelve digits are tied, so rounding noise moves no row.
    """
    size = np.nan_to_num(influence)
    shown = np.where(unknown, gap_high, gap)
    by_id = [
        np.argsort(np.argsort(ids.to_numpy(object)))[codes]
        for ids, codes in (
            (counted.contexts, counted.context),
            (pd.Index(m.tables[ELEMENTS]["id"]), counted.element),
        )
    ]
    keys = [np.round(k, DIGITS) for k in (size, shown, shown * size)]
    best_first = [np.where(np.isnan(k), np.inf, -k) for k in keys]
    return np.lexsort((*by_id, *best_first, unknown))
