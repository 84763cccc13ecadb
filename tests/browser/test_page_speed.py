"""The ceilings of time and size, on maps of 500 and 2,000 nodes with everything shown."""

from __future__ import annotations

import os
import sys

import pytest

from sysmap.draw import payload
from tests.benchmarks import page


@pytest.fixture(autouse=True)
def start(monkeypatch):
    """Put back at the end what a build sets."""
    monkeypatch.setattr(payload, "START_NODES", payload.START_NODES)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(
    "PYTEST_XDIST_WORKER" in os.environ, reason="timings are taken alone: run without -n"
)
@pytest.mark.parametrize("nodes", list(page.CEILINGS))
def test_a_page_keeps_its_ceilings(browser, tmp_path, capsys, nodes):
    """Medians of five on two shared cores; a busy machine may miss them, and then says which."""
    figures, requests = page.measured(browser, nodes, tmp_path)
    lines = page.judged(nodes, figures)
    with capsys.disabled():
        sys.stdout.write("".join(f"\n{line}" for line, _ in lines))
    assert [] == requests
    assert len(page.CEILINGS[nodes]) == len(lines)
    assert [] == [line for line, good in lines if not good]


@pytest.mark.parametrize("nodes", list(page.CEILINGS))
def test_a_page_keeps_its_size(tmp_path, nodes):
    size = {"file, kB": page.build(page.survey(nodes), tmp_path / "page.html")["file, kB"]}
    assert [True] == [good for _, good in page.judged(nodes, size)]


def test_a_ceiling_that_is_missed_is_found():
    """One figure above its ceiling, or below what it should be at least."""
    kept = dict(page.CEILINGS[500])
    assert all(good for _, good in page.judged(500, kept))
    for key in kept:
        worse = kept[key] * (0.9 if key in page.AT_LEAST else 1.1)
        missed = [line for line, good in page.judged(500, kept | {key: worse}) if not good]
        assert [True] == [key in line and "MISSED" in line for line in missed]
