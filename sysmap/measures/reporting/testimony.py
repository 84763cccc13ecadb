"""The claims and ledger rows behind the cells of one subject, and what each of them counts in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.result import evidence_rows, no_evidence
from sysmap.core.schema import ASKED, CONTEXTS
from sysmap.core.stats import CodeArray
from sysmap.measures.reporting.reports import Reports
from sysmap.measures.reporting.votes import CONTESTED, MISSING, THERE, Aggregate

PRESENT, ASSESSED, CONTESTS, LISTED = "present", "assessed", "contested", "contexts"
"""Columns of an answer that evidence names."""


def testimony(m: SystemMap, told: Reports, subject: int, aggregate: Aggregate) -> pd.DataFrame:
    """Evidence of the counts of present, assessed and contested units of one subject.

    Parameters
    ----------
    told
        Reports on all subjects.
    subject
        Position of the subject; what is said of its parts is evidence too.
    aggregate
        How several reporters of a cell count.
    """
    own, whole = told.tally.status(aggregate), told.status(aggregate)[subject]
    parts = [_stated(m, told, subject, own, whole), _unnamed(m, told, subject, own, whole)]
    return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)


def listing(m: SystemMap, told: Reports) -> pd.DataFrame:
    """Evidence of the units that are listed: one row of the table of contexts for each."""
    listed = m.table(CONTEXTS)
    listed = listed[listed["id"].isin(told.units)].assign(source=None)
    return evidence_rows(m, CONTEXTS, listed, listed["id"], LISTED).assign(reporter=None)


def _stated(
    m: SystemMap, told: Reports, subject: int, own: CodeArray, whole: CodeArray
) -> pd.DataFrame:
    """Claims about a subject and its parts, with what each counts in."""
    mine = np.flatnonzero(np.isin(told.about, told.family(subject)))
    unit, part = told.unit[mine], told.about[mine]
    yes, counted = told.says_yes[mine], (unit >= 0) & (told.subject[mine] >= 0)
    cell, total = own[part, unit], whole[unit]
    agrees = np.where(yes, cell == THERE, cell == MISSING) & told.stands[mine]
    counts_in = np.select(
        [
            ~counted,
            (total == THERE) & yes & agrees,
            (total == MISSING) & ~yes & agrees,
            (total == CONTESTED) & (cell == CONTESTED),
        ],
        ["", f"{PRESENT}; {ASSESSED}", ASSESSED, CONTESTS],
        "",
    )
    frame = told.claims.frame.iloc[mine]
    where = frame["context"] if "context" in frame else pd.Series(None, frame.index, dtype="str")
    return evidence_rows(m, told.claims.table, frame, where, pd.Series(counts_in, frame.index))


def _unnamed(
    m: SystemMap, told: Reports, subject: int, own: CodeArray, whole: CodeArray
) -> pd.DataFrame:
    """Ledger rows of answers that left a subject or its parts out."""
    rows = told.unnamed
    if rows.empty:
        return no_evidence()
    pairs = rows.merge(pd.DataFrame({"subject": told.family(subject)}), how="cross")
    pairs = pairs.merge(pd.DataFrame({"place": np.arange(len(told.units))}), how="cross")
    of_area = (told.area[pairs["subject"]] == pairs["area"].to_numpy()[:, None]).any(axis=1)
    reached = (pairs["unit"].isin([-1]) | (pairs["unit"] == pairs["place"])) & (
        (pairs["area"] == -1) | of_area
    )
    pairs = pairs[reached]
    spoken = pd.DataFrame(
        {
            "reporter": told.claims.reporters[told.claims.reporter],
            "subject": told.about,
            "place": told.unit,
        }
    ).drop_duplicates()
    pairs = pairs.merge(spoken, how="left", indicator="heard")
    pairs = pairs[pairs["heard"] == "left_only"]
    cell, total = own[pairs["subject"], pairs["place"]], whole[pairs["place"]]
    counts_in = np.select(
        [(total == MISSING) & (cell == MISSING), (total == CONTESTED) & (cell == CONTESTED)],
        [ASSESSED, CONTESTS],
        "",
    )
    listed = m.asked.loc[pairs["row"]].reset_index(names="label")
    found = evidence_rows(
        m,
        ASKED,
        listed,
        pd.Series(told.units[pairs["place"]], listed.index),
        pd.Series(counts_in, listed.index),
    )
    return found.assign(row=listed["label"]).drop_duplicates()
