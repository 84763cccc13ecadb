"""The order of the rows in the input changes no answer, and no byte of what is drawn from it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sysmap as sm
from sysmap.core.model import SystemMap, from_tables
from tests.maps import shipped
from tests.products import answers
from tests.questions import WITH_SUBJECT

DIGITS = 12
"""Sums are taken in the order of the rows; beyond this digit they may differ."""
SHUFFLES = 2


@cache
def shuffled(seed: int) -> SystemMap:
    """The teaching map from tables whose rows are in another order; 0 is their own."""
    rng = np.random.default_rng(seed)
    tables = dict(shipped("teaching").tables)
    if seed:
        tables = {t: f.iloc[rng.permutation(len(f))] for t, f in tables.items()}
    return from_tables({t: f.reset_index(drop=True) for t, f in tables.items()})


@cache
def told(question: str, seed: int) -> list[str]:
    """Each row of an answer, with figures to twelve digits and lists in one order."""
    frame = (WITH_SUBJECT.get(question) or getattr(sm, question))(shuffled(seed)).frame
    return [" | ".join(map(form, row)) for row in frame.reset_index().itertuples(index=False)]


def form(value: object) -> str:
    if isinstance(value, float | np.floating):
        return "nan" if pd.isna(value) else f"{float(value) + 0.0:.{DIGITS}g}"
    return "; ".join(sorted(re.split(r"; ", str(value))))


@pytest.mark.scorecard("same bytes", "order of rows")
@pytest.mark.parametrize("question", [q for q in answers() if q != "backtest"])
def test_the_order_of_rows_changes_no_answer(question: str, record_property) -> None:
    """All but `backtest`, whose map of the tests is planted and not read from tables."""
    for seed in range(1, SHUFFLES + 1):
        assert told(question, 0) == told(question, seed)
    record_property("runs", SHUFFLES)


def files(seed: int, folder: Path) -> dict[str, bytes]:
    """What is drawn or listed from a map, and does not keep the order of its tables."""
    m = shuffled(seed)
    folder.mkdir()
    for name in ("m.graphml", "m.gexf"):
        sm.write(m, folder / name)
    sm.to_html(m, folder / "map.html")
    sm.to_html(m, folder / "areas.html", by="area")
    sm.calendar(m).to_ics(folder / "activities.ics")
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@pytest.mark.scorecard("same bytes", "order of rows")
def test_the_order_of_rows_changes_no_byte_of_page_graph_or_calendar(
    tmp_path: Path, record_property
) -> None:
    usual = files(0, tmp_path / "0")
    for seed in range(1, SHUFFLES + 1):
        again = files(seed, tmp_path / str(seed))
        assert [] == [name for name in usual if usual[name] != again[name]]
    record_property("runs", SHUFFLES * len(usual))
