"""Processor seconds and peak MB of checking, reading, each answer and each export, by claims.

Usage: ``python tests/benchmarks/sizes.py [rows ...] [--to FOLDER]``; without sizes 10^3 to 10^6,
and with ``--check`` only what has a bar.
Each measurement is made in a child of its own, which is stopped after `LIMIT` seconds of the
processor. The peak is that of the whole process, the map included.
"""

from __future__ import annotations

import os
import platform
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd

import sysmap as sm

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LIMIT = 20
BAR, BAR_ROWS = 2.0, 1_000_000
KEPT = "build/scorecard"
Frames = Mapping[str, pd.DataFrame]
Task = Callable[[], object]
# few enough nodes for a page
NODES = {"organizations": 300, "elements": 150, "contexts": 30, "outcomes": 12, "activities": 20,
         "resources": 20, "groups": 8}  # fmt: skip
PREFIX = {"organizations": "g", "groups": "group-", "sources": "s"}
SOURCES = 200
# table: share of the claims, first end, its table, second end, its table
CLAIMS = {
    "works_on": (0.4, "organization", "organizations", "element", "elements"),
    "observed": (0.25, "element", "elements", "context", "contexts"),
    "influences": (0.14, "cause", "elements", "effect", "outcomes"),
    "priorities": (0.1, "organization", "organizations", "element", "elements"),
    "seeks": (0.05, "organization", "organizations", "outcome", "outcomes"),
    "belongs_to": (0.03, "organization", "organizations", "group", "groups"),
    "shares": (0.02, "organization", "organizations", "resource", "resources"),
    "addresses": (0.01, "item", "resources", "target", "elements"),
}
ANSWERS: Mapping[str, Callable[[sm.SystemMap], object]] = {
    **{
        name: getattr(sm, name)
        for name in (
            "responses", "common_outcomes", "universality", "influence", "loops", "perspectives",
            "profiles", "coverage", "opportunities", "coalitions", "exchange", "calendar",
            "complementarity",
        )
    },
    "pathways": lambda m: sm.pathways(m, "e0", "o0"),
    "what_if": lambda m: sm.what_if(m, {"e0": "+"}),
    "change": lambda m: sm.change(m.as_of("2022"), m),
    "backtest": lambda m: sm.backtest(m, at="2022"),
}  # fmt: skip
EXPORTS = ("xlsx", "csv", "json", "graphml", "gexf", "kumu", "prsm", "3w", "mental-modeler")


def frames(rows: int, bad: float = 0.0) -> Frames:
    """A map of so many claims among few nodes; a share of the ends may lead nowhere."""
    rng = np.random.default_rng(0)

    def ids(table: str, number: int, wrong: float = 0.0) -> np.ndarray:
        names = np.array(ids_of(table), dtype=object)
        drawn = names[rng.integers(len(names), size=number)]
        lost = np.flatnonzero(rng.random(number) < wrong)
        drawn[lost] = [f"lost-{i}" for i in lost]
        return drawn

    made = {
        table: pd.DataFrame(
            {"id": ids_of(table), "name": [f"{table} {i}" for i in range(len(ids_of(table)))]}
        )
        for table in (*NODES, "sources")
    }
    made["elements"]["area"] = [f"Area {i % 9}" for i in range(NODES["elements"])]
    made["activities"] = made["activities"].assign(start="2024-01-05", end="2024-02-01")
    made["sources"]["date"] = [f"20{20 + i % 5}" for i in range(SOURCES)]
    for table, (share, one, first, other, second) in CLAIMS.items():
        number = int(rows * share)
        made[table] = pd.DataFrame(
            {
                one: ids(first, number),
                other: ids(second, number, bad),
                "source": ids("sources", number),
            }
        )
    made["observed"]["state"] = rng.choice(["present", "absent"], len(made["observed"]))
    made["influences"]["sign"] = rng.choice(["+", "-"], len(made["influences"]), p=(0.8, 0.2))
    partners = np.array(ids_of("organizations"), dtype=object)
    made["collaborates"] = pd.DataFrame(
        {"organization": partners[:-1], "partner": partners[1:]}
    ).assign(start=[f"20{20 + i % 5}" for i in range(len(partners) - 1)])
    made["asked"] = pd.DataFrame({"source": ids_of("sources"), "question": "observed"})
    return made


def ids_of(table: str) -> list[str]:
    """The ids of a node table."""
    letter = PREFIX.get(table, table[0])
    return [f"{letter}{i}" for i in range(NODES.get(table, SOURCES))]


def tasks(
    data: Frames, m: sm.SystemMap, folder: Path
) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is measured, by name."""
    (folder / "csv").mkdir()
    for table, frame in data.items():
        frame.to_csv(folder / "csv" / f"{table}.csv", index=False)
    rows = sum(len(data[t]) for t in CLAIMS)
    bad = frames(rows, bad=0.01)
    yield "check, tables with 1 % bad", lambda: sm.check(bad)
    yield "check, CSV folder", lambda: sm.check(folder / "csv")
    yield "read, CSV folder", lambda: sm.read(folder / "csv")
    for name, ask in ANSWERS.items():
        yield name, lambda ask=ask: ask(m)  # type: ignore[misc]  # bound now
    for name in EXPORTS:
        suffix = {"csv": "", "3w": ".csv", "mental-modeler": ".csv"}.get(name, ".xlsx")
        suffix = f".{name}" if name in ("json", "graphml", "gexf") else suffix
        target = folder / f"out-{name}{suffix}"
        yield (
            f"write {name}",
            lambda target=target, name=name: sm.write(m, target, format=name, audience="private"),
        )  # type: ignore[misc]  # bound now
    yield "to_html", lambda: sm.to_html(m)
    yield "report", lambda: sm.report(m, folder / "brief")


def warmed() -> None:
    """Load every library, which is no part of what is measured."""
    data = frames(200)
    with tempfile.TemporaryDirectory() as place:
        for _, task in tasks(data, sm.read(data), Path(place)):
            with suppress(sm.SystemMapError):
                task()


def measured(task: Task) -> tuple[float, float] | str:
    """Seconds of the processor and peak MB of a child that does it; a word if it does not."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
        began = time.process_time()
        try:
            task()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            said = f"{time.process_time() - began} {peak}"
        except sm.SystemMapError as error:
            said = type(error).__name__
        os.write(into, said.encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if not said:
        code = os.waitstatus_to_exitcode(status)
        return f"over {LIMIT} s" if code in (-signal.SIGXCPU, -signal.SIGKILL) else f"ended {code}"
    parts = said.split()
    return (float(parts[0]), float(parts[1])) if len(parts) == 2 else said


def cell(found: tuple[float, float] | str) -> str:
    """Seconds and MB as the table shows them."""
    return found if isinstance(found, str) else f"{found[0]:.2g} s, {found[1]:,.0f} MB"


def checked(folder: Path) -> bool:
    """Whether the check of a million rows keeps its bar; what it took goes into the folder."""
    bad = frames(BAR_ROWS, bad=0.01)
    sm.check(frames(200))
    found = measured(lambda: sm.check(bad))
    folder.mkdir(parents=True, exist_ok=True)
    said = f"{cell(found)} | of the processor; tables in memory\n"
    (folder / "check.txt").write_text(said, encoding="utf-8")
    return not isinstance(found, str) and found[0] <= BAR


def main(arguments: list[str]) -> int:
    """Print the table; 1 if the check of a million rows takes longer than its bar."""
    folder = Path(arguments[arguments.index("--to") + 1] if "--to" in arguments else KEPT)
    good = checked(folder)
    if "--check" in arguments:
        return 0 if good else 1
    sizes = [int(a) for a in arguments if a.isdigit()] or list(SIZES)
    table: dict[str, dict[int, str]] = {}
    warmed()
    for rows in sizes:
        data = frames(rows)
        m = sm.read(data)
        with tempfile.TemporaryDirectory() as place:
            for name, task in tasks(data, m, Path(place)):
                found = measured(task)
                table.setdefault(name, {})[rows] = cell(found)
                print(f"{rows:>9,} {name:<28} {cell(found)}", file=sys.stderr, flush=True)
    lines = ["| task | " + " | ".join(f"{rows:,} claims" for rows in sizes) + " |"]
    lines.append("|---" * (len(sizes) + 1) + "|")
    lines += [
        f"| {name} | " + " | ".join(by.get(rows, "") for rows in sizes) + " |"
        for name, by in table.items()
    ]
    versions = f"Python {platform.python_version()}, pandas {pd.__version__}"
    lines += ["", f"{os.cpu_count()} processors, {platform.system()}, {versions}."]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    (folder / "sizes.md").write_text(text, encoding="utf-8")
    said = f"{len(table)} tasks | to {max(sizes):,} claims; {folder.as_posix()}/sizes.md\n"
    (folder / "sizes.txt").write_text(said, encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
