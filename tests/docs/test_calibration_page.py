"""The page of the calibration prints what its script gives, within the error of both."""

from __future__ import annotations

import math
import re

import pytest

from docs.make_calibration import KEYS, PAGE, RUNS, SEED, TABLES, Table, page, published

FEWER = 80
DEVIATIONS = 4.5
TEXT = PAGE.read_text(encoding="utf-8")


def far(printed: float, hits: float, of: int) -> bool:
    """Tell whether a printed percentage and a fresh rate differ by more than chance explains.

    Both are binomial; one more of each kind keeps an error where a rate is 0 or 1.
    """
    there, here = of * RUNS / FEWER, float(of)
    pooled = (printed / 100 * there + hits + 1) / (there + here + 2)
    error = math.sqrt(pooled * (1 - pooled) * (1 / there + 1 / here))
    return abs(printed / 100 - hits / of) > DEVIATIONS * error + 0.0005


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_page_is_what_the_script_gives(name: str) -> None:
    """80 surveys a row instead of 1,000, with the first seeds of the same list."""
    fresh, printed = TABLES[name](FEWER), published(TEXT)[name]
    assert list(fresh.rows) == list(printed)
    wrong = {
        (*key, column): (shown, 100 * hits / of)
        for key, rates in fresh.rows.items()
        for column, shown, (hits, of) in zip(fresh.columns, printed[key], rates, strict=True)
        if of and far(shown, hits, of)
    }
    assert wrong == {}, "run: python docs/make_calibration.py"


def test_the_page_names_runs_and_seed_of_the_script() -> None:
    assert f"{RUNS:,} surveys for each row of a table ({RUNS // 5:,} for patterns)" in TEXT
    assert f"seed {SEED}" in TEXT


def test_what_the_script_writes_can_be_read_back() -> None:
    table = Table(KEYS["counts"], ("one", "two"), {("7", "low"): [(1, 8), (0, 0)]})
    again = published(page(TEXT, {"counts": table}))["counts"]
    assert again[("7", "low")][0] == 12.5
    assert math.isnan(again[("7", "low")][1])


def test_a_rate_that_is_off_is_seen() -> None:
    """10 % printed, 20 % of 800 drawn."""
    assert far(10.0, 160, 800)
    assert not far(10.0, 85, 800)


def test_the_page_holds_no_table_that_the_script_does_not_make() -> None:
    assert re.findall(r"<!-- (\w+) -->", TEXT) == list(TABLES)
