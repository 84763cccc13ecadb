"""How often a pattern over groups is found that is there, as the caveat of `universality` says."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sysmap.core import stats
from sysmap.measures.reporting.patterns import Patterns

LISTED, ELEMENTS = 37, 200
INSIDE, OUTSIDE = 0.8, 0.3
RUNS = {20: 200, 1: 1000}
"""Runs by the number of elements with the pattern."""


def found(size: int, planted: int) -> float:
    """Share of planted patterns with q at most 0.10, each in a group of so many contexts."""
    random, runs = np.random.default_rng(size + planted), RUNS[planted]
    groups = (np.arange(LISTED) >= size).astype(int)
    prevalence = random.uniform(0.1, 0.9, size=(runs, ELEMENTS, 1))
    presence = (random.random((runs, ELEMENTS, LISTED)) < prevalence).astype(float)
    inside = np.where(groups == 0, INSIDE, OUTSIDE)
    presence[:, :planted] = random.random((runs, planted, LISTED)) < inside
    tested = presence.reshape(-1, LISTED)
    present = tested.sum(axis=1)
    p = stats.indicator_test(tested, groups, 2, draws=9999).p
    family = np.where((present >= 3) & (LISTED - present >= 3), p, np.nan).reshape(runs, -1)
    q = np.array([stats.benjamini_hochberg(row) for row in family])
    return float((q[:, :planted] <= 0.10).mean())


def test_a_pattern_is_found_as_often_as_the_caveat_says() -> None:
    """Simulated: 200 elements, 20 or one of them with 80 % in the group against 30 % elsewhere."""
    some = Patterns(frame=pd.DataFrame(), tests=1, draws=1, unlabelled={}, thin={})
    caveat = next(some.untested("contexts", "element"))
    said = [int(n) / 100 for n in re.findall(r"(\d+) %", caveat)]
    measured = [found(size, planted) for size in (12, 8) for planted in RUNS]
    assert [INSIDE, OUTSIDE] == said[:2]
    assert said[2:] == pytest.approx(measured, abs=0.01)
