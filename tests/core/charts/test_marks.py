from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from sysmap.core.charts.marks import MARKS, mark, marks
from tests.core.charts.drawing import VERDICTS

VOCABULARIES = (
    VERDICTS,
    ("common", "shared", "niche", "undetermined"),
    ("present", "absent", "contested", "not named", "silent", "not asked"),
    ("strengthens", "weakens", "contested", "not named", "silent", "not asked"),
    ("consensus", "majority", "contested", "single"),
    ("uncovered", "single", "covered", "crowded", "unconnected", "unknown", "not needed"),
    ("join forces", "complement", "learn from", "bridge"),
    ("new", "deepen"),
    ("upcoming", "ongoing", "overdue", "done"),
    ("planned", "ongoing", "completed", "cancelled"),
    ("up", "down", "ambiguous", "none"),
    ("reinforcing", "balancing", "unknown"),
    ("determinant", "relay", "result", "autonomous"),
    ("added", "removed", "changed"),
    ("reality", "respondents", "coding"),
    ("low", "medium", "high"),
    ("answered", "in part", "silent", "not asked"),
    ("answered", "asked"),
)


def grey(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


@pytest.mark.parametrize("words", VOCABULARIES, ids="-".join)
def test_words_of_one_question_differ_without_colour(words):
    """On points by shape; on areas by hatch, or by plain light against plain dark."""
    for one, other in itertools.combinations(map(mark, words), 2):
        assert one.marker != other.marker, (one.label, other.label)
        same_hatch = one.hatch == other.hatch
        assert not same_hatch or abs(grey(one.colour) - grey(other.colour)) > 0.25, (one, other)


def test_every_word_with_a_look_stands_in_a_vocabulary_that_is_checked():
    assert set(MARKS) == set(itertools.chain(*VOCABULARIES))


def test_outlines_have_a_contrast_of_three_on_white():
    """WCAG 2.2, 1.4.11: graphical objects."""
    for look in MARKS.values():
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (int(look.edge[i : i + 2], 16) / 255 for i in (1, 3, 5))
        ]
        luminance = float(np.dot(linear, [0.2126, 0.7152, 0.0722]))
        assert 1.05 / (luminance + 0.05) >= 3, look


def test_eight_unknown_words_drawn_together_look_different():
    looks = marks(f"word {i}" for i in range(8))
    assert len({(look.marker, look.hatch) for look in looks.values()}) == 8


def test_a_blank_class_is_called_not_stated():
    assert {mark(blank).label for blank in (None, "", np.nan, pd.NA)} == {"not stated"}
