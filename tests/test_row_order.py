"""The order of the rows in the input changes no answer, and no byte of what is made from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import sysmap as sm
from sysmap.core import charts
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
def asked(question: str, seed: int) -> sm.Result:
    """The answer from rows in one order."""
    return (WITH_SUBJECT.get(question) or getattr(sm, question))(shuffled(seed))


def told(answer: sm.Result) -> list[str]:
    """Each row of the frame with figures to twelve digits, and all that is said in words."""
    rows = answer.frame.reset_index().itertuples(index=False)
    words = (answer.summary(), answer.methods(), answer.alt_text(), *answer.caveats)
    return [
        *(" | ".join(map(form, row)) for row in rows),
        *words,
        *(answer.explain(key) for key in answer.frame.index),
    ]


def form(value: object) -> str:
    if isinstance(value, float | np.floating):
        return "nan" if pd.isna(value) else f"{float(value) + 0.0:.{DIGITS}g}"
    return str(value)


def figure(answer: sm.Result) -> bytes:
    """The figure as it is published."""
    ax = answer.plot()
    drawn = charts.to_svg(ax, title=answer.summary(), description=answer.alt_text())
    plt.close(ax.figure)
    return drawn


@pytest.mark.scorecard("same bytes", "order of rows")
@pytest.mark.parametrize("question", [q for q in answers() if q != "backtest"])
def test_the_order_of_rows_changes_no_answer(question: str, record_property) -> None:
    """All but `backtest`, whose map of the tests is planted and not read from tables."""
    for seed in range(1, SHUFFLES + 1):
        assert told(asked(question, 0)) == told(asked(question, seed))
    record_property("runs", SHUFFLES)


@pytest.mark.scorecard("same bytes", "order of rows")
@pytest.mark.parametrize("question", [q for q in answers() if q != "backtest"])
def test_the_order_of_rows_changes_no_byte_of_figure_or_page(
    question: str, record_property
) -> None:
    usual = asked(question, 0)
    page = sm.to_html(usual, audience="private").html
    for seed in range(1, SHUFFLES + 1):
        again = asked(question, seed)
        assert figure(usual) == figure(again)
        # no comparison by assert: its report of two long lines would take minutes
        if page != sm.to_html(again, audience="private").html:
            pytest.fail("the page differs")
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
    sm.report(m, folder / "brief")
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.scorecard("same bytes", "order of rows")
def test_the_order_of_rows_changes_no_byte_of_page_graph_calendar_or_brief(
    tmp_path: Path, record_property
) -> None:
    usual = files(0, tmp_path / "0")
    for seed in range(1, SHUFFLES + 1):
        again = files(seed, tmp_path / str(seed))
        assert [] == [name for name in usual if usual[name] != again[name]]
    record_property("runs", SHUFFLES * len(usual))
