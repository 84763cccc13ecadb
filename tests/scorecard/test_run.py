"""A scorecard that was interrupted goes on where it stopped, and never with what has changed."""

from __future__ import annotations

from pathlib import Path

from tests.scorecard.run import BAD, FAULTS, NUMBERS, End, Tally, table

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
