from __future__ import annotations

import pandas as pd

from sysmap.core import charts
from tests.core.charts.drawing import texts


def members(rows: int, name: str = "Organization") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [f"{name} {i}" for i in range(rows)],
            "adds": [rows - i for i in range(rows)],
            "state": ["covered"] * (rows - 1) + ["uncovered"],
            "text": [f"+ {rows - i}" for i in range(rows)],
        }
    )


def test_each_bar_begins_where_the_one_above_ends():
    ax = charts.steps(charts.axes(rows=3), members(3), kind="state")
    bars = sorted(ax.patches, key=lambda bar: bar.get_y())
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    assert [(0, 3), (3, 5), (5, 6)] == ends
    assert (0, 6) == ax.get_xlim()


def test_texts_stand_beside_their_bars_and_words_in_the_legend():
    ax = charts.steps(charts.axes(rows=3), members(3), kind="state", right="text")
    assert ["+ 3", "+ 2", "+ 1"] == [t for t in texts(ax) if t.startswith("+")]


def test_an_empty_frame_says_so_and_bars_without_length_are_drawn():
    assert "nothing to draw" in " ".join(texts(charts.steps(charts.axes(), members(2).head(0))))
    zero = members(2).assign(adds=0)
    assert 2 == len(charts.steps(charts.axes(rows=2), zero).patches)
