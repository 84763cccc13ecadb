"""Votes of fallible reporters: how far the share that they give is from the truth."""

import numpy as np

from sysmap.measures.reporting.votes import MISSING, THERE, tally


def test_three_honest_reporters_find_the_share_of_universal_elements() -> None:
    """Simulated: 500 elements at 0.97 in 37 contexts, sensitivity 0.9, 5 % false; bar 0.05."""
    random = np.random.default_rng(0)
    elements, contexts, voices = 500, 37, 3
    truth = random.random((elements, contexts)) < 0.97
    said = random.random((elements, contexts, voices)) < np.where(truth, 0.9, 0.05)[..., None]
    subject, unit, reporter = (axis.ravel() for axis in np.indices(said.shape))
    never = np.full(said.size, np.datetime64("NaT", "D"))
    votes, stands = tally(subject, unit, reporter, said.ravel(), never, (elements, contexts))
    status = votes.status()
    share = (status == THERE).sum(axis=1) / np.isin(status, (THERE, MISSING)).sum(axis=1)
    assert stands.all()
    assert np.abs(share - truth.mean(axis=1)).mean() <= 0.05
