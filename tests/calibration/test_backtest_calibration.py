"""The back-test on planted ties and on pure noise: bars of section 15 of the methods."""

from __future__ import annotations

import numpy as np
import pytest

from sysmap.analyses.backtest import backtest
from tests.planted_ties import PARTED, tied

RUNS = 20


@pytest.mark.slow
def test_planted_ties_are_foretold_above_both_floors() -> None:
    """Degree-matched auc of the score >= 0.65 in the mean, above both floors in 19 of 20 runs."""
    aucs, above = [], []
    for run in range(RUNS):
        answer = backtest(tied(run, ties=300), at=PARTED)
        aucs.append(answer.frame.loc["score", "auc"])
        floors = ("degree product", "random")
        above.append(all(answer.difference("score", floor)[1] > 0 for floor in floors))
    assert np.mean(aucs) >= 0.65
    assert sum(above) >= 19


@pytest.mark.slow
def test_on_noise_the_interval_holds_one_half() -> None:
    """In at least 18 of 20 runs, for the score and for each of its parts."""
    holds = []
    for run in range(RUNS):
        frame = backtest(tied(run, planted=False), at=PARTED).frame
        rows = frame.loc[["score", "shared", "adamic-adar"]]
        holds.append((rows["low"] <= 0.5) & (rows["high"] >= 0.5))
    assert (np.sum(holds, axis=0) >= 18).all()
