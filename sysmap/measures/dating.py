"""When the data speak, and what is current on a day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core import coded, dates
from sysmap.core.model import SystemMap, held


def data_date(m: SystemMap) -> np.datetime64 | None:
    """The last day of the data date in about; None if there is none or it is no date."""
    text = m.about.get("data date", "").strip()
    return np.datetime64(dates.last_day(text), "D") if dates.is_date(text) else None


def latest_date(m: SystemMap) -> np.datetime64 | None:
    """The latest day on which anything in the map was said or published.

    Start and end are plans; they decide only where the map has no other date.
    """
    by_kind: dict[bool, list[np.ndarray]] = {True: [], False: []}
    for kind in m.schema:
        for column in kind.columns:
            if column.kind == "date":
                days = dates.last_days(held(m, kind.table)[column.name])
                by_kind[column.name == "date"].append(days[~np.isnat(days)])
    for said in (True, False):
        days = np.concatenate(by_kind[said])
        if len(days):
            return np.datetime64(days.max(), "D")
    return None


def first_days(texts: pd.Series) -> np.ndarray:
    """The first day of each text as ``datetime64[D]``; NaT where it is blank.

    Examples
    --------
    >>> first_days(pd.Series(["2024", None]))
    array(['2024-01-01',        'NaT'], dtype='datetime64[D]')
    """
    codes, uniques = coded.split(texts)
    days = np.array([dates.first_day(str(u)) for u in uniques] + [None], dtype="datetime64[D]")
    found: np.ndarray = days[codes]
    return found


def current(rows: pd.DataFrame, at: np.datetime64 | None) -> np.ndarray:
    """True where a day lies between start and end; a blank one is open, no day accepts all rows.

    A partial date reaches as far as it can: a start of 2024 is its first day, an end its last.
    """
    if at is None:
        return np.ones(len(rows), bool)
    begun, over = first_days(rows["start"]), dates.last_days(rows["end"])
    kept: np.ndarray = ~(begun > at) & ~(over < at)
    return kept
