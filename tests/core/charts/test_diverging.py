"""Bars to two sides of one line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sysmap.core import charts
from tests.core.charts.drawing import boxes_of_texts, legend, texts


def votes(rows: int, most: int = 4) -> pd.DataFrame:
    at = np.arange(rows)
    return pd.DataFrame(
        {
            "name": [f"A statement with a name of some length, number {i}" for i in at],
            "disagree": at % 3,
            "agree": most - at % 2,
            "state": np.where(at % 3, "contested", "consensus"),
        }
    )


def test_counts_go_to_their_side_and_zero_is_written_too() -> None:
    ax = charts.diverging(
        charts.axes(rows=2), votes(2), label="name", left="disagree", right="agree", kind="state"
    )
    widths = sorted(bar.get_width() for bar in ax.patches)
    assert widths == [-1, 0, 3, 4]
    assert [t for t in texts(ax) if t in "0134"].count("0") >= 1
    assert legend(ax) == ["consensus", "contested"]


@pytest.mark.parametrize("most", [1, 7, 4321])
@pytest.mark.parametrize("rows", [1, 60])
def test_no_text_covers_another_or_leaves_the_figure(rows: int, most: int) -> None:
    ax = charts.diverging(
        charts.axes(rows=rows),
        votes(rows, most).assign(disagree=lambda f: f["agree"] // 2),
        label="name",
        left="disagree",
        right="agree",
        kind="state",
        title="Statements with two or more reports, some contested.",
        top=60,
    )
    boxes = boxes_of_texts(ax)
    whole = ax.figure.bbox
    for i, (text, box) in enumerate(boxes):
        assert whole.x0 <= box.x0
        assert box.x1 <= whole.x1, text
        covered = [other for other, b in boxes[:i] if b.shrunk(0.98, 0.9).overlaps(box)]
        assert covered == [], text


def test_nothing_to_draw_is_said() -> None:
    ax = charts.diverging(
        charts.axes(rows=1), votes(0), label="name", left="disagree", right="agree"
    )
    assert legend(ax) == []


def test_missing_counts_are_drawn_as_zero() -> None:
    frame = pd.DataFrame({"name": ["a"], "no": [None], "yes": [2]})
    ax = charts.diverging(charts.axes(rows=1), frame, label="name", left="no", right="yes")
    assert "0" in texts(ax)
