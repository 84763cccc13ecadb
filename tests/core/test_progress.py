from __future__ import annotations

import sys

from sysmap.core.progress import teller


def test_a_callable_is_told_steps_done_and_steps_in_all():
    seen: list[tuple[int, int]] = []
    tell = teller(lambda *step: seen.append(step), 3)
    for done in (1, 3):
        tell(done)
    assert [(1, 3), (3, 3)] == seen


def test_nothing_is_told_to_nobody():
    assert teller(None, 3)(1) is None
    assert teller(False, 3)(1) is None


def test_true_draws_a_bar_where_tqdm_is_and_stays_silent_where_it_is_not(monkeypatch):
    drawn: list[float] = []

    class Bar:
        n = 0

        def __init__(self, total: int) -> None:
            self.total = total

        def update(self, more: int) -> None:
            self.n += more
            drawn.append(self.n / self.total)

        def close(self) -> None:
            drawn.append(-1)

    module = type(sys)("tqdm.auto")
    module.tqdm = Bar
    monkeypatch.setattr("sysmap.core.progress.find_spec", lambda name: name)
    monkeypatch.setitem(sys.modules, "tqdm", type(sys)("tqdm"))
    monkeypatch.setitem(sys.modules, "tqdm.auto", module)
    tell = teller(True, 4)
    for done in (1, 4):
        tell(done)
    assert [0.25, 1.0, -1] == drawn
    monkeypatch.setattr("sysmap.core.progress.find_spec", lambda name: None)
    assert teller(True, 4)(1) is None
