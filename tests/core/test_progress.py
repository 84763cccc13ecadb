from __future__ import annotations

import sys

import pytest

from sysmap.analyses.loops import loops
from sysmap.core.progress import teller
from tests.maps import shipped


def test_a_callable_is_told_steps_done_and_steps_in_all():
    seen: list[tuple[int, int]] = []
    with teller(lambda *step: seen.append(step), 3) as tell:
        for done in (1, 3):
            tell(done)
    assert [(1, 3), (3, 3)] == seen


@pytest.mark.parametrize("progress", [None, False])
def test_nothing_is_told_to_nobody(progress):
    with teller(progress, 3) as tell:
        assert tell(1) is None


def test_what_can_tell_nobody_is_refused():
    with pytest.raises(TypeError, match="progress is 'yes'; give a callable"):
        loops(shipped("teaching"), progress="yes")


@pytest.fixture
def drawn(monkeypatch) -> list[float]:
    """What a bar of tqdm shows, and -1 as it is closed."""
    shown: list[float] = []

    class Bar:
        n = 0

        def __init__(self, total: int) -> None:
            self.total = total

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *error: object) -> None:
            shown.append(-1)

        def update(self, more: int) -> None:
            self.n += more
            shown.append(self.n / self.total)

    module = type(sys)("tqdm.auto")
    module.tqdm = Bar
    monkeypatch.setattr("sysmap.core.progress.find_spec", lambda name: name)
    monkeypatch.setitem(sys.modules, "tqdm", type(sys)("tqdm"))
    monkeypatch.setitem(sys.modules, "tqdm.auto", module)
    return shown


def test_true_draws_a_bar_where_tqdm_is(drawn):
    with teller(True, 4) as tell:
        for done in (1, 4):
            tell(done)
    assert [0.25, 1.0, -1] == drawn


def test_true_stays_silent_where_tqdm_is_not(monkeypatch):
    monkeypatch.setattr("sysmap.core.progress.find_spec", lambda name: None)
    with teller(True, 4) as tell:
        assert tell(1) is None


def test_a_bar_is_closed_where_the_answer_comes_early_or_not_at_all(drawn):
    """Loops end at three of a limit of 100,000; a search that is interrupted ends anywhere."""
    loops(shipped("teaching"), progress=True)
    assert -1 == drawn[-1]
    assert 1 == drawn.count(-1)
    with pytest.raises(KeyboardInterrupt), teller(True, 4):
        raise KeyboardInterrupt
    assert 2 == drawn.count(-1)
