"""A partial date is the interval that it covers."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.core import dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2023-02", dt.date(2023, 2, 1), dt.date(2023, 2, 28)),
        ("2024-12", dt.date(2024, 12, 1), dt.date(2024, 12, 31)),
        ("2024-05-06", dt.date(2024, 5, 6), dt.date(2024, 5, 6)),
    ],
)
def test_a_date_covers_its_year_month_or_day(text: str, first: dt.date, last: dt.date) -> None:
    """The Gregorian calendar."""
    assert (first, last) == (dates.first_day(text), dates.last_day(text))
    assert dates.is_date(text)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-1", "2024-13", "2024-00", "2024-00-15", "2024-05-00", "2024-02-30",
     "2023-02-29", "0000", "12024", "2024/05/06",
     "2024-05-06 ", "2024-05-06\n", "٢٠٢٤", "２０２４-05", "2024-05-06T00:00"],
)  # fmt: skip
def test_everything_else_is_no_date(text: str) -> None:
    """Only ASCII digits count, so that a date compares and sorts as text."""
    assert not dates.is_date(text)
    with pytest.raises(ValueError, match=r"is not a date\. Write YYYY, YYYY-MM or YYYY-MM-DD"):
        dates.first_day(text)
    with pytest.raises(ValueError, match="is not a date"):
        dates.last_day(text)


@given(st.dates(min_value=dt.date(1, 1, 1)))
def test_a_day_lies_within_its_month_and_its_year(day: dt.date) -> None:
    text = day.isoformat()
    for part in (text, text[:7], text[:4]):
        assert dates.first_day(part) <= day <= dates.last_day(part)


def test_many_texts_at_once_equal_one_by_one_and_blanks_are_not_a_time() -> None:
    texts = ["2024", None, "2024-02", "2024"]
    found = dates.last_days(pd.Series(texts, dtype="str"))
    assert np.isnat(found[1])
    assert [dates.last_day(t) for t in texts if t] == found[[0, 2, 3]].tolist()
    assert 0 == len(dates.last_days(pd.Series([], dtype="str")))
    assert "datetime64[D]" == dates.last_days(pd.Series([None, None], dtype="str")).dtype
