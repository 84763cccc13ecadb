from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core import charts
from sysmap.core.charts.marks import MARKS
from tests.core.charts.drawing import legend, texts


def test_a_matrix_draws_one_path_per_state_with_one_square_per_cell():
    words = np.resize(["present", "absent", "silent", "not asked"], (9, 13))
    ax = charts.matrix(charts.axes(rows=9), pd.DataFrame(words))
    paths = {p.get_label(): p.get_path() for p in ax.patches if p.get_label() in MARKS}
    # A closed square is five vertices.
    squares = {word: len(path.vertices) // 5 for word, path in paths.items()}
    assert squares == dict(zip(*np.unique(words, return_counts=True), strict=True))


def test_a_missing_state_is_drawn_as_not_stated():
    ax = charts.matrix(charts.axes(rows=1), pd.DataFrame({"FJI": ["present"], "NPL": [None]}))
    assert legend(ax) == ["present", "not stated"]


def test_a_missing_amount_is_no_zero():
    values = pd.DataFrame({"FJI": [0.0, 4.0], "NPL": [np.nan, 2.0]})
    ax = charts.amounts(charts.axes(rows=2), values)
    assert legend(ax) == ["no value"]
    assert sorted(t.get_text() for t in ax.texts if t.get_text()) == ["0", "2", "4"]


def test_columns_beyond_sixty_are_counted_in_the_note():
    ax = charts.amounts(charts.axes(rows=1), pd.DataFrame(np.ones((1, 61))))
    assert "Drawn: the first 60 of 61 columns." in texts(ax)


def test_zeros_can_stay_blank_where_they_mean_that_nothing_was_said():
    values = pd.DataFrame({"FJI": [0.0, 4.0], "NPL": [1.0, 0.0]})
    ax = charts.amounts(charts.axes(rows=2), values, zeros=False)
    assert sorted(t.get_text() for t in ax.texts if t.get_text()) == ["1", "4"]


def test_few_columns_leave_rows_the_room_of_full_names_and_many_keep_both_ends():
    name = "United Nations Educational, Scientific and Cultural Organization"
    for columns, said in ((8, name), (20, "United Nations Educa…Cultural Organization")):
        values = pd.DataFrame(1.0, index=[name], columns=[f"Area {i}" for i in range(columns)])
        ax = charts.amounts(charts.axes(rows=1), values)
        assert said == ax.get_yticklabels()[0].get_text()
