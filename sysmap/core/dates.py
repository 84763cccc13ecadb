"""Dates as people know them: a year, a month or a day, each the interval that it covers."""

from __future__ import annotations

import calendar
import datetime as dt
import re

import numpy as np
import pandas as pd

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

# Written out, because the names that Python gives depend on the locale.
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def spoken(text: str) -> str:
    """A day in words; a month, a year or any other text as it is.

    Examples
    --------
    >>> spoken("2024-06-30"), spoken("2024-06"), spoken("soon")
    ('30 June 2024', '2024-06', 'soon')
    """
    bounds = _bounds(text)
    if bounds is None or bounds[0] != bounds[1]:
        return text
    day = bounds[0]
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def is_date(text: str) -> bool:
    """Tell whether the text is YYYY, YYYY-MM or YYYY-MM-DD and such a day exists.

    Examples
    --------
    >>> is_date("2024-02-29"), is_date("2023-02-29"), is_date("31/12/2024")
    (True, False, False)
    """
    return _bounds(text) is not None


def first_day(text: str) -> dt.date:
    """The first day that a partial date covers; ValueError if it is no date.

    Examples
    --------
    >>> first_day("2024")
    datetime.date(2024, 1, 1)
    """
    return _known(text)[0]


def last_day(text: str) -> dt.date:
    """The last day that a partial date covers; ValueError if it is no date.

    Examples
    --------
    >>> last_day("2024-02")
    datetime.date(2024, 2, 29)
    """
    return _known(text)[1]


def last_days(texts: pd.Series) -> np.ndarray:
    """The last day of each text as ``datetime64[D]``; NaT where it is blank.

    Examples
    --------
    >>> last_days(pd.Series(["2024", None]))
    array(['2024-12-31',        'NaT'], dtype='datetime64[D]')
    """
    codes, uniques = pd.factorize(texts)
    days = np.array([last_day(str(u)) for u in uniques] + [None], dtype="datetime64[D]")
    found: np.ndarray = days[codes]
    return found


def _bounds(text: str) -> tuple[dt.date, dt.date] | None:
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        # a month or a day 0 is none, and not the first
        first = dt.date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if day:
        return first, first
    if month:
        return first, first.replace(day=calendar.monthrange(first.year, month)[1])
    return first, dt.date(first.year, 12, 31)


def _known(text: str) -> tuple[dt.date, dt.date]:
    if not isinstance(text, str):
        raise TypeError(f"date is {text!r}; write it as text: YYYY, YYYY-MM or YYYY-MM-DD")
    bounds = _bounds(text)
    if bounds is None:
        raise ValueError(f"{text!r} is not a date. Write YYYY, YYYY-MM or YYYY-MM-DD.")
    return bounds
