from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core import charts
from tests.core.charts.drawing import boxes_of_texts, texts


def test_points_without_numbers_are_counted():
    frame = pd.DataFrame({"name": list("abc"), "x": [1, 2, np.nan], "y": [1, 2, 3]})
    ax = charts.scatter(charts.axes(), frame, x="x", y="y", label="name")
    assert "1 of 3 have no numbers here." in texts(ax)


def test_names_of_points_keep_off_lines_markers_and_each_other():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"name": [f"element {i}" for i in range(30)], "x": rng.random(30), "y": rng.random(30)}
    )
    ax = charts.scatter(
        charts.axes(), frame, x="x", y="y", label="name", top=30, xlines=[(0.5, "mean")]
    )
    boxes = [(t, b) for t, b in boxes_of_texts(ax) if t.startswith("element")]
    assert len(boxes) > 20
    line = ax.transData.transform((0.5, 0))[0]
    points = ax.transData.transform(frame[["x", "y"]].to_numpy())
    for text, box in boxes:
        assert not box.x0 < line < box.x1, text
        inside = (
            (points[:, 0] > box.x0)
            & (points[:, 0] < box.x1)
            & (points[:, 1] > box.y0)
            & (points[:, 1] < box.y1)
        )
        assert not inside.any(), text


def test_what_stands_after_a_name_is_never_cut():
    long = "An element with a name that is far longer than any figure could ever hold"
    frame = pd.DataFrame({"name": [long, "short"], "x": [0, 1], "y": [0, 1], "rank": ["(1-9)", ""]})
    ax = charts.scatter(charts.axes(), frame, x="x", y="y", label="name", after="rank")
    first, second = (" ".join(t.split()) for t in texts(ax) if t.startswith(("An ", "short")))
    assert first.endswith("… (1-9)")
    assert second == "short"
