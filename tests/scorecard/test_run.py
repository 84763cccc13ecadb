"""A scorecard that was interrupted goes on where it stopped, and never with what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scorecard.run import (
    BAD,
    FAULTS,
    FOREIGN,
    FUZZ,
    LAWS,
    LEAKS,
    NOISE,
    NUMBERS,
    SAME,
    TWINS,
    End,
    Tally,
    measured,
    stamp,
    table,
)

GOOD = End(BAD, 1, "tests/bad/a", "passed", 1)
TORN = End(FAULTS, "kill -9", "tests/faults/b", "failed", 20)


def test_what_passed_is_kept_and_what_failed_runs_again(tmp_path: Path) -> None:
    first = Tally(tmp_path / "build" / "ended.txt")
    first.resume("one")
    first.note(GOOD)
    first.note(TORN)
    with first.kept.open("a") as stream:
        stream.write('["bad inp')  # the run was killed in the middle of a line
    again = Tally(first.kept)
    again.resume("one")
    assert [GOOD] == again.ended
    again.note(TORN._replace(outcome="passed"))
    last = Tally(first.kept)
    last.resume("one")
    assert ["passed", "passed"] == [end.outcome for end in last.ended]


def test_after_any_change_nothing_is_kept(tmp_path: Path) -> None:
    tally = Tally(tmp_path / "ended.txt")
    tally.resume("one")
    tally.note(GOOD)
    changed = Tally(tally.kept)
    changed.resume("two")
    assert [] == changed.ended
    assert "two" == tally.kept.read_text().strip()


def test_a_test_that_failed_or_never_ran_keeps_its_line_from_being_met(tmp_path: Path) -> None:
    tally = Tally(tmp_path / "ended.txt", [GOOD, TORN])
    rows, good = table(tally)
    told = {words: (result, note) for words, result, note in rows}
    assert not good
    assert f"1 of {len(NUMBERS)}" == told["bad inputs with the right answer"][0]
    assert ("0 of 1", "0 runs") == told["faults without a torn file"]
    assert ("0 of 0", "0 runs") == told["same bytes"]


@pytest.mark.parametrize(
    ("result", "met"),
    [("1.1 s, 544 MB", True), ("2 s", True), ("2.1 s, 544 MB", False), ("over 20 s", False),
     ("MemoryError", False)],
)  # fmt: skip
def test_a_figure_of_another_command_is_held_against_its_bar(
    result: str, met: bool, tmp_path: Path
) -> None:
    file = tmp_path / "check.txt"
    file.write_text(f"{result} | in memory\n")
    stamp(file)
    (_, told, note), good = measured(file, "check", "make sizes", 2.0)
    assert (result, met) == (told, good)
    assert note == ("in memory" if met else "in memory; not met")


def test_a_broken_bar_fails_the_scorecard(tmp_path: Path) -> None:
    """Everything else is met, so the verdict turns on the check alone."""
    lines = (FAULTS, SAME, LEAKS, FUZZ, LAWS, TWINS, FOREIGN, NOISE)
    ended = [GOOD._replace(number=n) for n in NUMBERS] + [GOOD._replace(line=x) for x in lines]
    tally = Tally(tmp_path / "ended.txt", ended)
    for result, good in (("1.9 s", True), ("2.5 s", False)):
        (tmp_path / "check.txt").write_text(f"{result} | in memory\n")
        assert good is table(tally)[1]


def test_a_figure_that_was_measured_on_other_code_is_told_as_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "coverage.txt"
    file.write_text("90 % | of the tests\n")
    older = "of the tests; of an older state; `make coverage` measures it again"
    assert older == measured(file, "coverage", "make coverage", None)[0][2]
    stamp(file)
    assert "of the tests" == measured(file, "coverage", "make coverage", None)[0][2]
    monkeypatch.setattr("tests.scorecard.run.state", lambda runs=0: "changed")
    assert older == measured(file, "coverage", "make coverage", None)[0][2]
    file.unlink()
    for most, met in ((None, True), (2.0, False)):
        row, good = measured(file, "coverage", "make coverage", most)
        assert ("not run", met) == (row[1], good)
