"""The scorecard: runs the tests that carry the mark `scorecard` and prints what they showed.

A line passes when every test that counts for it ran and passed: nothing skipped, none missing,
but for laws of what needs an extra. The check of a million rows is measured here too.
What other commands measured is told as older where the code has changed; a broken bar fails.
Each end of a test is kept at once, so a run that was interrupted goes on where it stopped, as long
as package and tests are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest

BAD, FAULTS, SAME, LEAKS, FUZZ, LAWS, TWINS, FOREIGN, NOISE = (
    "bad inputs",
    "faults",
    "same bytes",
    "planted leaks",
    "fuzz",
    "properties",
    "differential",
    "foreign files",
    "false alarms",
)
WHERE = (
    "tests/bad", "tests/faults", "tests/fuzz", "tests/test_redaction_bytes.py",
    "tests/test_row_order.py", "tests/test_laws.py", "tests/differential",
    "tests/calibration/test_stats_calibration.py", "tests/test_export.py", "tests/test_to_html.py",
    "tests/io", "tests/core", "tests/analyses", "tests/measures", "tests/simulate", "tests/draw",
)  # fmt: skip
NUMBERS = range(1, 65)
UNITS = {LAWS: "examples at most", TWINS: "graphs", NOISE: "runs of noise"}
KEPT = Path("build/scorecard")
MEASURED = (
    ("check of 1,000,000 rows with 1 % bad, at most 2 s", "check", "make scorecard", 2.0),
    ("seconds and MB by number of claims", "sizes", "make sizes", None),
    ("statement and branch coverage", "coverage", "make coverage", None),
    ("mutation score of the spine", "mutation", "make mutation", None),
)
"""What takes too long for the tests: the figure, its file, what makes that, most seconds."""


class End(NamedTuple):
    """How a test ended that counts for a line."""

    line: str
    number: object
    name: str
    outcome: str
    runs: int
    difference: float = 0.0
    alarms: int = 0


@dataclass
class Tally:
    """Collects, while pytest runs, how each test that counts has ended, and keeps it in a file."""

    kept: Path
    ended: list[End] = field(default_factory=list)

    def resume(self, state: str) -> None:
        """Take what passed in an earlier run of the same state; begin anew if there is none."""
        lines = self.kept.read_text(encoding="utf-8").splitlines() if self.kept.exists() else []
        if lines and lines[0] == state:
            ended = [End(*json.loads(line)) for line in lines[1:] if line.endswith("]")]
            again = {end.name for end in ended if end.outcome != "passed"}
            self.ended = [end for end in ended if end.name not in again]
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        told = [state, *(json.dumps(end) for end in self.ended)]
        self.kept.write_text("\n".join(told) + "\n", encoding="utf-8")

    def note(self, end: End) -> None:
        """Keep an end, on the disk too."""
        self.ended.append(end)
        with self.kept.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(end) + "\n")

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave what carries the mark, and the laws of Hypothesis, and has not passed yet."""
        done = {end.name for end in self.ended}
        counted = [
            i for i in items
            if (i.get_closest_marker("scorecard") or is_law(i)) and i.nodeid not in done
        ]  # fmt: skip
        config.hook.pytest_deselected(items=[i for i in items if i not in counted])
        items[:] = counted

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]  # a generator of pytest
        """Note the end of a test: the call, or a set-up that failed or skipped."""
        report = yield
        if report.when == "call" or not report.passed:
            said = dict(report.user_properties)
            runs = int(str(said.get("runs", 1)))
            seen = (float(str(said.get("difference", 0))), int(str(said.get("alarms", 0))))
            for line, number in lines_of(item):
                ran = examples(item) if line == LAWS else runs
                self.note(End(line, number, item.nodeid, report.outcome, ran, *seen))
        return report


def is_law(item: pytest.Item) -> bool:
    """Whether a test draws its examples."""
    return hasattr(getattr(item, "obj", None), "hypothesis")


def examples(item: pytest.Item) -> int:
    """How many examples the law asks for at most."""
    settings = getattr(item.obj, "_hypothesis_internal_use_settings", None)  # type: ignore[attr-defined]  # functions only
    return int(getattr(settings, "max_examples", 0))


def lines_of(item: pytest.Item) -> list[tuple[str, object]]:
    """The lines for which a test counts; a law without a mark counts as a property."""
    marks = [
        (m.args[0], m.args[1] if len(m.args) > 1 else None) for m in item.iter_markers("scorecard")
    ]
    return marks or [(LAWS, None)]


def table(tally: Tally) -> tuple[list[tuple[str, str, str]], bool]:
    """Rows of (figure, result, note), and whether all of them are met."""
    rows, good = [], True
    by_line: dict[str, list[End]] = defaultdict(list)
    for end in tally.ended:
        by_line[end.line].append(end)
    numbers: dict[object, list[str]] = defaultdict(list)
    for end in by_line[BAD]:
        numbers[end.number].append(end.outcome)
    right = [n for n in NUMBERS if numbers[n] and set(numbers[n]) == {"passed"}]
    wrong = [str(n) for n in NUMBERS if n not in right]
    later = [n for n in numbers if isinstance(n, int) and n > NUMBERS[-1]]
    rows.append(
        (
            "bad inputs with the right answer",
            f"{len(right)} of {len(NUMBERS)}",
            f"{len(by_line[BAD])} cases"
            + (f", {len(later)} later numbers from the fuzzer" if later else "")
            + (f"; not met: {', '.join(wrong)}" if wrong else ""),
        )
    )
    good &= not wrong and all(o == "passed" for os in numbers.values() for o in os)
    for line, words in (
        (FAULTS, "faults without a torn file"),
        (SAME, "same bytes"),
        (LEAKS, "planted leaks found by nobody"),
        (FUZZ, "fuzzed inputs that gave Problems or a map"),
        (LAWS, "properties that hold"),
        (TWINS, "equal to networkx and numpy"),
        (FOREIGN, "real foreign files with exact counts"),
        (NOISE, "false alarms on pure noise within the bar"),
    ):
        cases = by_line[line]
        passed = [c for c in cases if c.outcome == "passed"]
        count = sum(c.runs for c in passed)
        note = f"{count:,} {UNITS.get(line, 'runs')}"
        if line == TWINS:
            note += f", largest difference {max((c.difference for c in cases), default=0):.2g}"
        if line == NOISE and count:
            alarms = sum(c.alarms for c in passed)
            low, high = interval(alarms, count)
            note += f", {alarms} with an alarm: 95 % interval {low:.1%} to {high:.1%}"
        skipped = sum(c.outcome == "skipped" for c in cases)
        note += f"; {skipped} skipped" if skipped else ""
        rows.append((words, f"{len(passed)} of {len(cases)}", note))
        good &= bool(cases) and len(passed) + (skipped if line == LAWS else 0) == len(cases)
        if line in (FAULTS, SAME):
            rows += [
                (f"- {number}", f"{sum(c.outcome == 'passed' for c in of)} of {len(of)}",
                 f"{sum(c.runs for c in of if c.outcome == 'passed'):,} runs")
                for number, of in grouped(cases)
            ]  # fmt: skip
    for words, name, made_by, most in MEASURED:
        row, met = measured(tally.kept.with_name(f"{name}.txt"), words, made_by, most)
        rows.append(row)
        good &= met
    return rows, good


def measured(
    file: Path, words: str, made_by: str, most: float | None
) -> tuple[tuple[str, str, str], bool]:
    """A figure that another command has left, and whether it breaks no bar.

    Without a file the row names the command that makes it, and a bar is not kept. A figure that
    was not measured on the package and tests as they are is told as older; a broken bar counts
    until it is measured again.
    """
    if not file.exists():
        return (words, "not run", f"`{made_by}` measures it"), most is None
    told, *stamps = file.read_text(encoding="utf-8").splitlines() or [""]
    result, _, note = told.partition(" | ")
    notes = [note] if note else []
    if stamps != [state()]:
        notes.append(f"of an older state; `{made_by}` measures it again")
    met = most is None or seconds(result) <= most
    if not met:
        notes.append("not met")
    return (words, result, "; ".join(notes)), met


def seconds(result: str) -> float:
    """The seconds that a figure begins with; endless where it tells something else."""
    number, unit, _ = result.partition(" s")
    try:
        return float(number) if unit else math.inf
    except ValueError:
        return math.inf


def hold_bars(kept: Path) -> None:
    """Measure what has a bar, unless that was done on the package and tests as they are."""
    file = kept / "check.txt"
    if not (file.exists() and file.read_text(encoding="utf-8").splitlines()[1:] == [state()]):
        subprocess.run(
            [sys.executable, "tests/benchmarks/sizes.py", "--check", "--to", str(kept)], check=False
        )
        stamp(file)


def stamp(file: Path) -> None:
    """Write into the file of a figure for which state it holds."""
    told = file.read_text(encoding="utf-8").splitlines()[0]
    file.write_text(f"{told}\n{state()}\n", encoding="utf-8")


def interval(hits: int, runs: int) -> tuple[float, float]:
    """The interval of Wilson (1927) at 95 %."""
    z = 1.96
    share, more = hits / runs, z * z / runs
    middle = share + more / 2
    half = z * math.sqrt(share * (1 - share) / runs + more / (4 * runs))
    return (middle - half) / (1 + more), (middle + half) / (1 + more)


def grouped(cases: Iterable[End]) -> list[tuple[object, list[End]]]:
    """The cases by the kind of fault, in the order in which they ran."""
    made: dict[object, list[End]] = {}
    for case in cases:
        made.setdefault(case.number, []).append(case)
    return list(made.items())


def state(runs: int = 0) -> str:
    """What an end holds for: the bytes of the package and of its tests, and the runs."""
    files = (f for top in ("sysmap", "tests") for f in Path(top).rglob("*"))
    told = hashlib.sha256(str(runs).encode())
    for file in sorted(f for f in files if f.is_file() and "__pycache__" not in f.parts):
        told.update(f"{file.as_posix()}\n".encode() + file.read_bytes())
    return told.hexdigest()


def text(rows: Iterable[tuple[str, str, str]]) -> str:
    """The rows as a table that reads well bare and as markdown."""
    every = [("figure", "result", "note"), *rows]
    widths = [max(len(r[i]) for r in every) for i in range(3)]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) + " |" for r in every
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def main() -> int:
    """Run as a program; 1 if a bar is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="of each fault; default: 20")
    parser.add_argument("--only", help="the lines to run, as pytest's -k takes them")
    parser.add_argument("--to", type=Path, help="a file that gets the table too")
    parser.add_argument("--stamp", nargs="+", help="say that figures are of the state as it is")
    options = parser.parse_args()
    if options.stamp:
        for name in options.stamp:
            if (file := KEPT / f"{name}.txt").exists():
                stamp(file)
        return 0
    os.environ["SYSMAP_FAULT_RUNS"] = str(options.runs)
    tally = Tally(KEPT / "ended.txt")
    tally.resume(state(options.runs))
    chosen = ["-k", options.only] if options.only else []
    code = pytest.main(
        ["-q", "--no-header", "-p", "no:cacheprovider", *chosen, *WHERE], plugins=[tally]
    )
    hold_bars(KEPT)
    rows, good = table(tally)
    shown = text(rows)
    print(f"\n{shown}")
    if options.to:
        options.to.write_text(shown + "\n", encoding="utf-8")
    done = good and code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    if done and not options.only:
        tally.kept.unlink()
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
