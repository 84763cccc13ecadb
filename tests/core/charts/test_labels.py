from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.core.charts.labels import distinct, place_labels

coordinate = st.floats(-100, 100, width=32)
extent = st.floats(1, 40, width=32)


def overlap(a: np.ndarray, b: np.ndarray) -> bool:
    """Two boxes share more than an edge: the definition, in plain words."""
    return max(a[0], b[0]) < min(a[2], b[2]) and max(a[1], b[1]) < min(a[3], b[3])


@given(
    st.lists(st.tuples(coordinate, coordinate, extent, extent), max_size=25),
    st.lists(st.tuples(coordinate, coordinate, extent, extent), max_size=8),
)
def test_placed_labels_cover_no_label_and_no_obstacle_and_stay_in_bounds(labels, blocks):
    points = [(x, y) for x, y, _, _ in labels]
    sizes = [(w, h) for _, _, w, h in labels]
    obstacles = [(x, y, x + w, y + h) for x, y, w, h in blocks]
    bounds = (-110.0, -110.0, 110.0, 110.0)
    boxes = place_labels(points, sizes, obstacles=obstacles, bounds=bounds)
    assert boxes.shape == (len(labels), 4)
    placed = [box for box in boxes if np.isfinite(box).all()]
    for one, other in itertools.combinations(placed, 2):
        assert not overlap(one, other)
    for box in placed:
        assert not [block for block in obstacles if overlap(box, np.array(block))]
        assert (box >= -110).all()
        assert (box <= 110).all()


@given(st.lists(st.tuples(coordinate, coordinate, extent, extent), max_size=12))
def test_a_label_is_left_out_only_where_all_eight_positions_are_taken(labels):
    """Adding later labels never moves earlier ones, and the first always finds room."""
    points = [(x, y) for x, y, _, _ in labels]
    sizes = [(w, h) for _, _, w, h in labels]
    boxes = place_labels(points, sizes)
    for count in range(len(labels)):
        np.testing.assert_array_equal(place_labels(points[:count], sizes[:count]), boxes[:count])
    assert np.isfinite(boxes[:1]).all()


def test_nine_labels_at_one_point_fill_the_eight_positions():
    """Small labels with a gap beyond their size do not touch, so eight fit and one does not."""
    boxes = place_labels([(0, 0)] * 9, [(1, 1)] * 9, gap=5)
    assert np.isnan(boxes[:, 0]).sum() == 1
    assert np.isnan(boxes[8]).all()


@given(st.lists(st.text("ab ", max_size=30), max_size=12), st.integers(8, 20))
def test_names_that_are_cut_stay_short_and_are_told_apart_where_their_ends_differ(texts, most):
    found = distinct(texts, most)
    assert all(len(text) <= most for text in found)
    assert all(
        cut == text for cut, text in zip(found, texts, strict=True)
        if len(text) <= most and text == " ".join(text.split())
    )  # fmt: skip
    tails = [f"Ministry of Education and Youth of {place}" for place in ("Nepal", "Tonga", "Fiji")]
    assert len(set(distinct(tails, most))) == 3
    middles = [f"United Nations Office for {place} and the Pacific" for place in ("Fiji", "Tonga")]
    assert len(set(distinct(middles, most))) == 2


@pytest.mark.parametrize("most", [16, 24, 42])
def test_a_name_that_is_cut_at_its_middle_keeps_both_ends(most):
    name = "Ministry of Education, Youth and Sports of the Democratic Republic of Timor-Leste"
    (cut,) = distinct([name], most, ends=True)
    first, last = cut.split("…")
    assert name.startswith(first)
    assert name.endswith(last)
    assert min(len(first), len(last)) >= most // 4
    assert ["Bank"] == distinct(["Bank"], most, ends=True)
