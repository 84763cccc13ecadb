"""Processor seconds and peak MB of every question on a map of the whole aid system.

Usage: ``python tests/benchmarks/world.py [rows ...] [--only WORD,WORD] [--stop] [--to FILE]``;
without sizes 10^5, 10^6 and 10^7 rows of who does what. The rows are scanned from a Parquet file
(extra ``scale``) and joined to a map of everything else. Each question is asked in a child of its
own, which is ended after `LIMIT` seconds of the processor or with more than `MOST` MB; its peak
holds the map. With ``--stop`` each child is interrupted after `AFTER` seconds instead, and what is
printed is how long it then took to end and what it left in the folder.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

import sysmap as sm

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.benchmarks.ways import rows as who_does_what

SIZES = (100_000, 1_000_000, 10_000_000)
LIMIT, MOST, AFTER = 90, 5_000, 2.0
OUTCOMES, STRATEGIES = 20, 100
YEARS, STATUS = 5, ("ongoing", "completed", "ongoing", "planned", "cancelled", "ongoing", "ongoing")
MONTHS = np.array([f"{2020 + i // 12}-{i % 12 + 1:02}" for i in range(12 * (YEARS + 1))], object)
ROLES = ("leads", "implements", "supports", "attends", "funds")
LETTERS = {"organizations": "o", "elements": "e", "contexts": "c", "outcomes": "z",
           "activities": "a", "resources": "r", "groups": "g", "strategies": "t",
           "sources": "s"}  # fmt: skip
# link table: first end, its table, second end, its table, also where, claims per ten rows
CLAIMS = {
    "seeks": ("organization", "organizations", "outcome", "outcomes", False, 0.05),
    "influences": ("cause", "elements", "effect", "elements and outcomes", True, 0.1),
    "observed": ("element", "elements", "context", "contexts", False, 1),
    "priorities": ("organization", "organizations", "element", "elements", True, 0.05),
    "challenges": ("organization", "organizations", "element", "elements", True, 0.05),
    "collaborates": ("organization", "organizations", "partner", "organizations", False, 0.05),
    "takes_part": ("organization", "organizations", "activity", "activities", False, 2),
    "held_in": ("activity", "activities", "context", "contexts", False, 1),
    "addresses": ("item", "what addresses", "target", "elements", False, 1),
    "shares": ("organization", "organizations", "resource", "resources", False, 0.1),
    "endorses": ("organization", "organizations", "strategy", "strategies", False, 0.02),
    "belongs_to": ("organization", "organizations", "group", "groups", False, 0.03),
}
Task = Callable[[], object]


def sizes(rows: int) -> dict[str, int]:
    """How many nodes of each table so many rows come with."""
    organizations, elements, contexts = who_does_what.shape(rows)
    return {
        "organizations": organizations, "elements": elements, "contexts": contexts,
        "outcomes": OUTCOMES, "activities": rows // 10, "resources": rows // 100,
        "groups": organizations // 20, "strategies": STRATEGIES, "sources": organizations,
    }  # fmt: skip


def written(rows: int, folder: Path) -> Path:
    """Who does what, where, since when and how far, as a Parquet file."""
    frame = who_does_what.works(rows)
    who, what, where = (frame[c].str[1:].astype(int).to_numpy() for c in frame)
    frame["start"] = np.array([f"20{20 + y}" for y in range(YEARS)])[(who + what) % YEARS]
    frame["status"] = np.array(STATUS)[(who + where) % len(STATUS)]
    frame.to_parquet(folder / "works_on.parquet", index=False)
    return folder / "works_on.parquet"


def frames(rows: int) -> dict[str, pd.DataFrame]:
    """Everything else that is said: sparse, repeated, by one source of each organization."""
    rng = np.random.default_rng(3)
    numbers = sizes(rows)
    speaker = ("seeks", "priorities", "challenges", "shares", "takes_part")
    ids = {
        table: np.array([f"{LETTERS[table]}{i:05d}" for i in range(number)], dtype=object)
        for table, number in numbers.items()
    }
    made = {table: pd.DataFrame({"id": names, "name": names}) for table, names in ids.items()}
    made["groups"]["kind"] = "network"
    month = rng.integers(12 * YEARS, size=numbers["activities"])
    over = month + rng.integers(12, size=len(month))
    for column, number in (("start", month), ("end", over)):
        made["activities"][column] = MONTHS[number]
    made["sources"] = made["sources"].assign(
        organization=ids["organizations"],
        date=[f"20{20 + i % YEARS}" for i in range(numbers["sources"])],
    )
    pools = ids | {
        "elements and outcomes": np.append(ids["elements"], ids["outcomes"]),
        "what addresses": np.concatenate([ids[t] for t in ("activities", "resources", "groups")]),
    }
    for table, (one, first, other, second, where, share) in CLAIMS.items():
        number = int(rows * share / 10)
        frame = pd.DataFrame(
            {one: rng.choice(pools[first], number), other: rng.choice(pools[second], number)}
        )
        frame = frame[frame[one] != frame[other]].reset_index(drop=True)
        frame["source"] = rng.choice(ids["sources"], len(frame))
        if where:
            frame["context"] = rng.choice(np.append(ids["contexts"][:20], None), len(frame))
        made[table] = frame
    for table in speaker:
        made[table]["source"] = "s" + made[table]["organization"].str[1:]
    made["influences"]["sign"] = rng.choice(["+", "-"], len(made["influences"]), p=(0.8, 0.2))
    made["takes_part"]["role"] = rng.choice(ROLES, len(made["takes_part"]))
    made["observed"]["state"] = rng.choice(["present", "absent"], len(made["observed"]))
    made["collaborates"]["start"] = rng.choice(
        [f"20{20 + y}" for y in range(YEARS)], len(made["collaborates"])
    )
    made["asked"] = pd.concat(
        [
            pd.DataFrame({"source": ids["sources"], "question": question})
            for question in ("seeks", "observed", "works_on", "priorities", "collaborates")
        ]
    )
    return made


def questions(m: sm.SystemMap, small: sm.SystemMap, folder: Path) -> Iterator[tuple[str, Task]]:
    """What is asked, by name; the small map joins and meets the large one."""
    one, other = m.outcomes.index[:2]
    element, organization = "e00007", "o00007"
    yield "repr", lambda: (repr(m), m._repr_html_())
    yield "select", lambda: m.select(organizations=organization)
    yield "as_of", lambda: m.as_of("2022")
    yield "redact", lambda: m.redact()
    yield "upstream", lambda: m.upstream(one, steps=1)
    yield "map | map", lambda: m | small
    yield "map & map", lambda: m & small
    for name in (
        "responses", "common_outcomes", "universality", "influence", "loops", "perspectives",
        "profiles", "coverage", "opportunities", "coalitions", "exchange", "calendar",
    ):  # fmt: skip
        yield name, partial(getattr(sm, name), m)
    yield "opportunities, ten partners", lambda: sm.opportunities(m, top=10)
    yield "opportunities, no draws", lambda: sm.opportunities(m, draws=0, top=10)
    yield "complementarity", lambda: sm.complementarity(m, us=m.organizations.index[:60])
    yield "pathways", lambda: sm.pathways(m, element, one)
    yield "what_if", lambda: sm.what_if(m, {element: "+"})
    yield "change", lambda: sm.change(m.as_of("2022"), m)
    yield "backtest", lambda: sm.backtest(m, at="2022")
    yield "coalitions of one outcome", lambda: sm.coalitions(m, outcome=other)
    yield "match", lambda: sm.match(["o0007", "Elsewhere"], m)
    yield "check", lambda: sm.check(m.tables)
    for format in ("xlsx", "csv", "json", "parquet"):
        name = f"{format}-out" if format in ("csv", "parquet") else f"out.{format}"
        yield (
            f"write {format}",
            partial(sm.write, m, folder / name, format=format, audience="private"),
        )
    yield "to_networkx", lambda: sm.to_networkx(m)
    yield "to_html", lambda: sm.to_html(m, folder / "map.html")
    yield "report", lambda: sm.report(m, folder / "brief")


def opened(answer: object) -> str:
    """What the answer says of its first row, and how many rows it has."""
    if not isinstance(answer, sm.Result):
        return type(answer).__name__
    seconds = {}
    for name, ask in (
        ("shown", lambda: (repr(answer), answer._repr_html_())),
        ("explain", lambda: answer.explain(answer.frame.index[0])),
        ("evidence", lambda: answer.evidence(answer.frame.index[0])),
    ):
        began = time.process_time()
        if name == "shown" or len(answer):
            ask()
        seconds[name] = time.process_time() - began
    said = ", ".join(f"{name} {s:.1f}" for name, s in seconds.items() if s >= 1)
    return f"{len(answer):,} rows" + f" ({said} s)" * bool(said)


def measured(ask: Task, interrupt: bool = False) -> tuple[str, str, str]:
    """Seconds of the processor, peak MB and what came out of a child that asks."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        began = time.process_time()
        try:
            answer = ask()
            took = time.process_time() - began
            said = f"{took:.2g}|{opened(answer)}"
        except BaseException as error:  # noqa: BLE001 - whatever it is, the table shows it
            text = str(error).split("\n")[0]
            took = time.process_time() - began
            said = f"{took:.2g}|{type(error).__name__}: {text[:150]}"
        os.write(into, said.encode())
        os._exit(0)
    os.close(into)
    peak, ended, sent = 0.0, "", 0.0
    began = time.monotonic()
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.02)
        resident, seconds = _used(child)
        peak = max(peak, resident)
        if interrupt and not sent and time.monotonic() - began > AFTER:
            os.kill(child, signal.SIGINT)
            sent = time.monotonic()
        if peak > MOST or seconds > LIMIT:
            ended = "too much memory" if peak > MOST else "stopped"
            os.kill(child, signal.SIGKILL)
            break
    late = f"{time.monotonic() - sent:.1f} s" if sent else "was done"
    _, status = os.waitpid(child, 0)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read().decode()
    took, _, words = (said or f"over {LIMIT}|{ended or f'ended {status}'}").partition("|")
    if interrupt:
        return (late, f"{peak:,.0f}", words)
    return (took, f"{peak:,.0f}", words)


def _used(child: int) -> tuple[float, float]:
    """Resident MB and seconds of the processor of a process."""
    try:
        stat = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()
        resident = int(Path(f"/proc/{child}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0.0, 0.0
    ticks = os.sysconf("SC_CLK_TCK")
    return resident * os.sysconf("SC_PAGE_SIZE") / 1e6, (int(stat[11]) + int(stat[12])) / ticks


def world(rows: int, folder: Path) -> tuple[sm.SystemMap, sm.SystemMap]:
    """The map of so many rows, and a map of the frames' first claims."""
    began = time.process_time()
    scanned = sm.scan(written(rows, folder))
    after = time.process_time()
    read = sm.read(frames(rows))
    then = time.process_time()
    m = scanned | read
    seconds = (after - began, then - after, time.process_time() - then)
    print(f"# {rows:,}: scan, read, join took {seconds} s; {m!r}", file=sys.stderr, flush=True)
    return m, sm.scan(who_does_what.works(1_000))


def main(arguments: list[str]) -> int:
    """Print the table."""
    chosen = [int(a) for a in arguments if a.isdigit()] or list(SIZES)
    after = dict(pairwise(arguments))
    only = tuple(filter(None, after.get("--only", "").split(",")))
    interrupt = "--stop" in arguments
    lines = [
        "| rows | question | seconds of processor | peak, MB | answer |",
        "|---|---|---|---|---|",
    ]
    if interrupt:
        lines[0] = "| rows | question | ended after | peak, MB | with |"
    print("\n".join(lines), flush=True)
    for rows in chosen:
        with tempfile.TemporaryDirectory() as place:
            m, small = world(rows, Path(place))
            for name, ask in questions(m, small, Path(place)):
                if only and not any(word in name for word in only):
                    continue
                found = measured(ask, interrupt)
                left = sorted(p.name for p in Path(place).iterdir() if p.suffix != ".parquet")
                lines.append(f"| {rows:,} | {name} | {' | '.join(found)} |")
                print(lines[-1], *(left if interrupt else ()), flush=True)
    if "--to" in after:
        Path(after["--to"]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
