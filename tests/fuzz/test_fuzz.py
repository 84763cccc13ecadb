"""The fuzzer itself: it passes what is good, and it finds a fault that was put in."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sysmap.io.check import check

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is made by forking")
if hasattr(os, "fork"):
    from tests.fuzz import fuzz


@pytest.mark.scorecard("fuzz", "random edits")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_bent_files_give_problems_or_a_map(record_property) -> None:
    """Thirty cases here; `make fuzz` runs for an hour and SYSMAP_FUZZ_CASES for a number."""
    run, failures = fuzz.campaign(0, cases=int(os.environ.get("SYSMAP_FUZZ_CASES", "30")))
    record_property("runs", run)
    assert {} == dict(failures)


def test_what_is_bent_is_good(tmp_path: Path) -> None:
    """A file that is refused before it was bent would test little."""
    for i, case in enumerate(fuzz.good()):
        (tmp_path / str(i)).mkdir()
        path = fuzz.laid(case, tmp_path / str(i))
        chosen = fuzz.seeds.CHOICES.get(case[0], {})
        if path.stem != fuzz.seeds.NAMES:
            assert check(path, choices=chosen).ok, case[0]
        assert "" == fuzz.tried(path, [f"--choices={chosen}"] if chosen else []), case[0]


def test_a_command_that_breaks_the_bar_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "names.txt").write_text("Aurora Agency\n")
    monkeypatch.setattr(fuzz, "command", lambda _: 3)
    assert fuzz.tried(tmp_path / "names.txt").startswith("match ['--output']: exit 3")
    (tmp_path / "w.csv").write_text("#org,#sector,#country\nA,B,Nepal\n")
    monkeypatch.setattr(fuzz, "command", lambda _: 0)
    assert "and left []" in fuzz.tried(tmp_path / "w.csv")


def breaks() -> str:
    raise LookupError("planted")


def hangs() -> str:
    time.sleep(60)
    return ""


def spins() -> str:
    while True:
        pass


def eats() -> str:
    return str(len(bytearray(fuzz.MEGABYTES << 20)))


def dies() -> str:
    os._exit(3)


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (breaks, "LookupError"),
        (hangs, "no end"),
        (spins, "of the processor"),
        (eats, "MemoryError"),
        (dies, "ended with 3"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_planted_fault_is_found(run, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "SECONDS", 2)
    monkeypatch.setattr(fuzz, "WAITING", 20 if run is spins else 4)
    assert told in fuzz.in_child(run)
    assert "" == fuzz.in_child(lambda: "")
