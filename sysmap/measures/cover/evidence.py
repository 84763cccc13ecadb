"""What stands behind one cell: the claims and ledger rows, and what each of them counts in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core import coded
from sysmap.core.model import SystemMap, held
from sysmap.core.result import evidence_rows, no_evidence
from sysmap.core.schema import COLLABORATES, WORKS_ON, YES
from sysmap.measures.cover.cells import NEEDS, active, own
from sysmap.measures.ledger import entries_about, has_ledger


def cell_claims(m: SystemMap, element: str, context: str, at: np.datetime64 | None) -> pd.DataFrame:
    """The evidence of one cell, in the columns of every evidence frame.

    Parameters
    ----------
    element, context
        Ids of the cell.
    at
        The day on which work must be current; None sets no limit.

    Returns
    -------
    pandas.DataFrame
        The unit is the organization; counts_in names the columns organizations, asked, answered,
        silent, responding and named. Ties among those that work there follow and count in none.
    """
    work = _work(m, element, context, at)
    parts = [work, _ledger(m, element, context, work), *_needs(m, element, context)]
    parts.append(_ties(m, set(work.loc[work["counts_in"] != "", "unit"])))
    return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)


def _work(m: SystemMap, element: str, context: str, at: np.datetime64 | None) -> pd.DataFrame:
    here, rows = _here(m, WORKS_ON, element, context)
    going = active(m, at)[here]
    columns = {"organizations": going}
    if not has_ledger(m, WORKS_ON):
        columns |= dict.fromkeys(("asked", "answered"), going & own(m, WORKS_ON)[here])
    counts = _counts_in(rows.index, columns)
    return evidence_rows(m, WORKS_ON, rows, rows["organization"], counts)


def _ledger(m: SystemMap, element: str, context: str, work: pd.DataFrame) -> pd.DataFrame:
    if not has_ledger(m, WORKS_ON):
        return no_evidence()
    rows = entries_about(m, WORKS_ON, element, context)
    quiet = rows["answered"] != YES
    working = work.loc[work["counts_in"].str.contains("organizations"), "unit"]
    who = rows["organization"]
    columns = {
        "asked": np.ones(len(rows), bool),
        "answered": ~who.isin(who[quiet]).to_numpy(bool),
        "silent": (quiet & ~who.isin(working)).to_numpy(bool),
    }
    return evidence_rows(m, "asked", rows, who, _counts_in(rows.index, columns))


def _needs(m: SystemMap, element: str, context: str) -> list[pd.DataFrame]:
    told: list[tuple[str, pd.DataFrame, np.ndarray]] = []
    parts: list[pd.DataFrame] = []
    heard: set[str] = set()
    for table in NEEDS:
        here, claims = _here(m, table, element, context)
        if has_ledger(m, table):
            rows = entries_about(m, table, element, context)
            said = rows["answered"] == YES
            heard |= set(rows.loc[said, "organization"])
            counts = _counts_in(rows.index, {"responding": said.to_numpy(bool)})
            parts.append(evidence_rows(m, "asked", rows, rows["organization"], counts))
            spoke = np.zeros(len(claims), bool)
        else:
            spoke = own(m, table)[here]
            heard |= set(claims.loc[spoke, "organization"])
        told.append((table, claims, spoke))
    for table, claims, spoke in told:
        named = claims["organization"].isin(heard).to_numpy(bool)
        counts = _counts_in(claims.index, {"responding": spoke, "named": named})
        parts.append(evidence_rows(m, table, claims, claims["organization"], counts))
    return parts


def _ties(m: SystemMap, organizations: set[str]) -> pd.DataFrame:
    frame = held(m, COLLABORATES)
    among = frame["organization"].isin(organizations) & frame["partner"].isin(organizations)
    rows = coded.plain(frame[among])
    return evidence_rows(m, COLLABORATES, rows, rows["organization"], "")


def _here(m: SystemMap, table: str, element: str, context: str) -> tuple[np.ndarray, pd.DataFrame]:
    """Which claims of a table are about the cell, and these claims."""
    frame = held(m, table)
    here = (frame["element"] == element) & (frame["context"] == context)
    return here.to_numpy(bool), coded.plain(frame[here])


def _counts_in(index: pd.Index, columns: dict[str, np.ndarray]) -> pd.Series:
    """Names of the columns whose mask is true, joined, per row."""
    rows = zip(*columns.values(), strict=True)
    words = ["; ".join(c for c, on in zip(columns, row, strict=True) if on) for row in rows]
    return pd.Series(words, index=index, dtype="str")
