"""Shares of two rounds among those who took part in both, beside the naive ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sysmap.core.claims import claims, unit_contexts
from sysmap.core.model import SystemMap
from sysmap.core.schema import OBSERVED, PRESENT, SEEKS
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.reporting.votes import MISSING, THERE, tally
from sysmap.measures.rounds.comparison import AFTER, BEFORE, Comparison
from sysmap.measures.seeking import seeking

COLUMNS = (
    "table",
    "name",
    "before",
    "after",
    "difference",
    "yes_before",
    "of_before",
    "yes_after",
    "of_after",
    "naive_before",
    "naive_after",
    "naive_difference",
)


def panel_shares(comparison: Comparison) -> pd.DataFrame:
    """The share of each outcome and element in both rounds.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``subject``, the outcomes and elements of both rounds, columns `COLUMNS`:
        table (``seeks``: members that seek the outcome among those that answered; ``observed``:
        places where the element is present among those assessed), shares before and after among
        reporters of both rounds with their counts, and the naive shares among all reporters of
        each round. Largest difference first; missing where nobody of both rounds answered.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> from sysmap.measures.rounds.comparison import compare
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
    ...     "outcomes": pd.DataFrame({"id": ["light", "heat"], "name": ["Light", "Heat"]}),
    ...     "seeks": pd.DataFrame({"organization": ["a"], "outcome": ["heat"]}),
    ... })
    >>> panel_shares(compare(m, m))[["before", "after", "difference"]]
             before  after  difference
    subject
    heat        1.0    1.0         0.0
    light       0.0    0.0         0.0
    """
    frame = pd.concat([_sought(comparison), _present(comparison)])
    size = frame["difference"].abs().fillna(-1).to_numpy()
    naive = frame["naive_difference"].abs().fillna(-1).to_numpy()
    order = np.lexsort((frame.index.to_numpy(object), -naive.round(12), -size.round(12)))
    return frame.iloc[order]


def _sought(comparison: Comparison) -> pd.DataFrame:
    """Shares of the outcomes among the members that answered."""
    before, after = comparison.before, comparison.after
    told = [seeking(m) for m in (before, after)]
    spoke = [set(t.members[t.responded]) for t in told]
    both = spoke[0] & spoke[1]
    counts, naive = [], []
    for t in told:
        kept: BoolArray = np.asarray(t.members.isin(both))
        naive.append((t.seeks.sum(axis=0), int(t.responded.sum())))
        part = t.of(kept)
        counts.append((part.seeks.sum(axis=0), int(part.responded.sum())))
    ids = [m.outcomes.index for m in (before, after)]
    return _frame(SEEKS, after.outcomes["name"], ids, counts, naive)


def _present(comparison: Comparison) -> pd.DataFrame:
    """Shares of the places where an element is present, among those assessed in both maps."""
    before, after = comparison.before, comparison.after
    units = unit_contexts(after)
    units = units[units.isin(unit_contexts(before))]
    rounds = ((before, BEFORE), (after, AFTER))
    naive = [_assessed(m, units) for m, _ in rounds]
    counts = [_assessed(m, units, comparison.common_claims(OBSERVED, of)) for m, of in rounds]
    ids = [m.elements.index for m in (before, after)]
    return _frame(OBSERVED, after.elements["name"], ids, counts, naive)


def _assessed(
    m: SystemMap, units: pd.Index, counted: BoolArray | None = None
) -> tuple[IntArray, IntArray]:
    """Places where each element is present, and where it was assessed; by the claims counted."""
    told = claims(m, OBSERVED)
    kept = np.ones(len(told), bool) if counted is None else counted
    unit = units.get_indexer(told.context_ids)[told.second]
    says_yes = (told.held["state"] == PRESENT).to_numpy(bool)
    votes, _ = tally(
        told.first[kept],
        unit[kept],
        told.reporter[kept],
        says_yes[kept],
        told.day[kept],
        (len(told.first_ids), len(units)),
    )
    status = votes.status()
    return (status == THERE).sum(axis=1), np.isin(status, (THERE, MISSING)).sum(axis=1)


def _share(part: IntArray, whole: IntArray) -> FloatArray:
    """Quotients, NaN where the whole is 0."""
    share = np.full(len(part), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _frame(
    table: str,
    names: pd.Series,
    ids: list[pd.Index],
    counts: Sequence[tuple[IntArray, int | IntArray]],
    naive: Sequence[tuple[IntArray, int | IntArray]],
) -> pd.DataFrame:
    both = ids[1][ids[1].isin(ids[0])]
    found: dict[str, IntArray | FloatArray] = {}
    for of, at, (yes, all_), (naive_yes, naive_all) in zip(
        (BEFORE, AFTER), ids, counts, naive, strict=True
    ):
        here = at.get_indexer(both)
        whole, naive_whole = (np.broadcast_to(a, len(at)) for a in (all_, naive_all))
        found[f"yes_{of}"] = yes[here]
        found[f"of_{of}"] = whole[here]
        found[of] = _share(yes, whole)[here]
        found[f"naive_{of}"] = _share(naive_yes, naive_whole)[here]
    frame = pd.DataFrame(found, both)
    frame = frame.assign(
        table=pd.Series(table, both, dtype="str"),
        name=names.reindex(both),
        difference=frame["after"] - frame["before"],
        naive_difference=frame["naive_after"] - frame["naive_before"],
    )
    return frame[list(COLUMNS)].rename_axis("subject")
