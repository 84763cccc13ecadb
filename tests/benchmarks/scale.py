"""From rows in Parquet files to opportunities, beside joins, SQL and loops with equal numbers.

Usage: ``python tests/benchmarks/scale.py [SIZE ...] [--ways NAME,NAME] [--hard]``; without sizes
600, 100,000 and 1,000,000 rows. With ``--hard`` portfolios are broad, among 5,000 elements. Every
way runs in a process of its own, which reads the files; the values that it finds for the pairs
that opportunities lists must be those of opportunities. The loops of networkx run for a part of
the organizations and their time is scaled up.
Needs the extra ``scale``; without it nothing is run, which is said. With the extra ``spark`` too,
opportunities from Spark frames are held against joins that Spark alone runs; a session is begun
before the clock, and what Java takes counts.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

import sysmap as sm
from sysmap.core import coded
from sysmap.core.model import held

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tests.benchmarks.ways import loops, relational, rows, spark  # noqa: E402 - a script finds it so

SIZES = [600, 100_000, 1_000_000]
OURS, PANDAS, DUCKDB, NETWORKX = "sysmap", "pandas merges", "DuckDB SQL", "networkx loops"
FED, SPARK = "sysmap from Spark", "Spark SQL"
MAP, GRAPH = "map", "MultiDiGraph"
FEW = "few"
"""The folder of a few rows, on which each way runs first."""
WAYS = (OURS, DUCKDB, PANDAS, NETWORKX, FED, SPARK, MAP, GRAPH)
TOUCHED = 6000
"""Megabytes that are touched before each way, about what the largest one takes."""

LOOPED = 100
"""Organizations that the loops take at most."""

FASTER = {
    (10_000_000, PANDAS): 25.0,
    (10_000_000, DUCKDB): 5.0,
    (1_000_000, NETWORKX): 50.0,
    (1_000_000, PANDAS): 8.0,
}
"""How many times as fast opportunities must be."""

MAP_FASTER, MAP_SMALLER, GROWTH, PEAK = 20.0, 50.0, 10.0, 1500.0
FED_AIM, STOPPED = 20.0, 600.0
"""How many times as fast opportunities from Spark must be; joins in Spark are stopped at more than
that, after so many seconds at least.
"""
VALUES = ["shared", "helps", "helped"]
HARD_FASTER, HARD_PEAK = {(10_000_000, DUCKDB): 10.0}, 2500.0
"""The same for broad portfolios."""

LOOPS_UP_TO, AIMED_FROM = 1_000_000, 10_000_000

Measured = dict[str, float]


def ours(folder: Path) -> Measured:
    """Scan both tables and ask; the answer is left in the folder for the others."""
    frame, measured = answered({name: folder / f"{name}.parquet" for name in spark.TABLES})
    frame.to_parquet(folder / "answer.parquet")
    return measured


def fed(folder: Path) -> Measured:
    """The same from Spark frames, held against the answer from files."""
    frame, measured = answered(spark.frames(folder))
    return measured | compared(pd.read_parquet(folder / "answer.parquet"), frame)


def answered(tables: Mapping[str, object]) -> tuple[pd.DataFrame, Measured]:
    """The listed pairs, from what holds the rows of work and of needs."""
    begun, used = time.perf_counter(), time.process_time()
    m = sm.scan(tables["works"]) | sm.scan(tables["needs"], table="priorities")
    built = time.perf_counter() - begun
    answer = sm.opportunities(m, draws=0, top=relational.TOP)
    seconds, processor = time.perf_counter() - begun, time.process_time() - used
    frame = answer.frame.reset_index()[["organization", "partner", *VALUES]]
    told = {"seconds": seconds, "processor": processor, "built": built, "pairs": len(frame)}
    return frame, told


def joined(folder: Path, way: Callable[..., tuple[pd.DataFrame, pd.DataFrame, float]]) -> Measured:
    """One of the relational ways, held against the answer."""
    answer = pd.read_parquet(folder / "answer.parquet")
    names = ("works", "needs")
    ids = pd.concat([pd.read_parquet(folder / f"{n}.parquet")["organization"] for n in names])
    place = pd.Index(sorted(ids.unique()))
    wanted = pd.DataFrame(
        {
            "one": place.get_indexer(answer["organization"]),
            "other": place.get_indexer(answer["partner"]),
        }
    )
    begun, used = time.perf_counter(), time.process_time()
    best, found, checking = way(folder, wanted)
    seconds, processor = time.perf_counter() - begun - checking, time.process_time() - used
    found = found.assign(organization=place[found["one"]], partner=place[found["other"]])
    told = {"seconds": seconds, "processor": processor, "pairs": len(best)}
    return told | compared(answer, found)


def looped(folder: Path) -> Measured:
    answer = pd.read_parquet(folder / "answer.parquet")
    size = len(pd.read_parquet(folder / "needs.parquet")["organization"].unique())
    best, found, (seconds, processor) = loops.by_networkx(folder, answer, max(1, size // LOOPED))
    looked = answer[answer["organization"].isin(best)]
    pairs = sum(map(len, best.values()))
    told = {"seconds": seconds, "processor": processor, "pairs": pairs}
    return told | compared(looked, found)


def compared(answer: pd.DataFrame, found: pd.DataFrame) -> Measured:
    """How many pairs were held against each other, and the largest difference of a value."""
    keys = ["organization", "partner"]
    both = answer.merge(found[keys + VALUES], on=keys, how="left", suffixes=("", "_found"))
    here = both[VALUES].to_numpy(float)
    there = both[[f"{v}_found" for v in VALUES]].to_numpy(float)
    torn = np.isnan(here) != np.isnan(there)
    apart = np.where(torn, np.inf, np.abs(np.nan_to_num(here) - np.nan_to_num(there)))
    return {"checked": len(both), "apart": float(apart.max(initial=0.0))}


def mapped(folder: Path) -> Measured:
    """The map alone: its claims, and the bytes of all that it holds."""
    sm.scan(folder / "needs.parquet", table="priorities")  # loads what scanning loads
    begun, used = time.perf_counter(), time.process_time()
    m = sm.scan(folder / "works.parquet")
    seconds, processor = time.perf_counter() - begun, time.process_time() - used
    size = sum(bytes_of(held(m, table)[column]) for table in m.tables for column in m.table(table))
    claims = len(held(m, "works_on"))
    return {"seconds": seconds, "processor": processor, "claims": claims, "megabytes": size / 1e6}


def bytes_of(column: pd.Series) -> int:
    """What a column takes; the codes of an absent one are a single number."""
    if not coded.is_coded(column):
        return int(column.memory_usage(index=False, deep=True))
    codes, values = coded.split(column)
    return codes.itemsize * (len(codes) if codes.strides[0] else 1) + values.memory_usage(deep=True)


def graphed(folder: Path) -> Measured:
    """The graph of all rows: its distinct edges, and what the process grew by."""
    import networkx as nx

    pd.read_parquet(folder / "needs.parquet")  # loads what reading loads
    before, begun, used = resident(), time.perf_counter(), time.process_time()
    found = nx.MultiDiGraph()
    table = pd.read_parquet(folder / "works.parquet")
    found.add_edges_from(
        (who, what, {"context": where}) for who, what, where in table.itertuples(index=False)
    )
    seconds, processor = time.perf_counter() - begun, time.process_time() - used
    del table
    grown = resident() - before
    claims = len({(a, b, c) for a, b, c in found.edges(data="context")})
    return {"seconds": seconds, "processor": processor, "claims": claims, "megabytes": grown}


def resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(way: str, folder: Path) -> Measured:
    """One way, in this process, once it has loaded what it imports late."""
    ways: dict[str, Callable[[Path], Measured]] = {
        OURS: ours,
        PANDAS: partial(joined, way=relational.by_pandas),
        DUCKDB: partial(joined, way=relational.by_duckdb),
        NETWORKX: looped,
        FED: fed,
        SPARK: partial(joined, way=spark.by_spark),
        MAP: mapped,
        GRAPH: graphed,
    }
    in_java = way in (FED, SPARK)
    if in_java:
        spark.session()
    if way != GRAPH:
        ways[way](folder / FEW)
    before, _ = spark.used() if in_java else (0.0, 0.0)
    found = ways[way](folder)
    java, java_peak = spark.used() if in_java else (0.0, 0.0)
    found["processor"] += java - before
    return found | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000 + java_peak}


def touched(megabytes: int = TOUCHED) -> None:
    """Touch memory and give it back, so that no way waits longer for its first pages than another.

    A virtual machine gives what nobody uses back to its host, and gets it again only slowly: after
    a rest the first 6 GB in large pages took 14 s, and right after that half a second.
    """
    code = f"import numpy; numpy.ones({megabytes} << 17)"
    subprocess.run([sys.executable, "-c", code], check=True)


def run(way: str, folder: Path, *, limit: float | None) -> Measured:
    """One way in a process of its own, stopped after `limit` seconds."""
    touched()
    command = [sys.executable, __file__, "--one", way, str(folder)]
    try:
        said = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, timeout=limit
        ).stdout
    except subprocess.TimeoutExpired:
        return {"stopped": limit or 0.0}
    found: Measured = json.loads(said.splitlines()[-1])
    return found


def compare(size: int, wanted: list[str], *, hard: bool) -> dict[str, Measured]:
    """Every way at one size, printed as rows of a table."""
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as folder:
        rows.written(size, Path(folder), hard=hard)
        few = Path(folder) / FEW
        few.mkdir()
        rows.written(SIZES[0], few)
        for way in wanted:
            if way == NETWORKX and size > LOOPS_UP_TO:
                continue
            if way in (FED, SPARK) and find_spec("pyspark") is None:
                continue
            if way == SPARK and FED not in found:
                continue
            limit = max(STOPPED, 1.2 * FED_AIM * found[FED]["seconds"]) if way == SPARK else None
            one = found[way] = run(way, Path(folder), limit=limit)
            if "stopped" in one:
                print(f"| {size:,} | {way} | stopped after {limit:,.0f} |", flush=True)
                continue
            what = (
                f"{one['claims']:,.0f} claims" if "claims" in one else f"{one['pairs']:,.0f} pairs"
            )
            equal = f"{one['checked']:,.0f} by {one['apart']:.0e}" if "checked" in one else ""
            size_held = f"{one['megabytes']:,.1f}" if "megabytes" in one else ""
            print(
                f"| {size:,} | {way} | {one['seconds']:,.3g} | {one['processor']:,.3g} "
                f"| {one['peak']:,.0f} | {size_held} "
                f"| {what} | {equal} |",
                flush=True,
            )
    return found


Verdict = tuple[str, str, str, str]


def _held(holds: bool) -> str:
    return "yes" if holds else "NO"


def _equal(what: str, apart: float, pairs: float) -> Verdict:
    """Whether all listed pairs of those looked at, and at least one, had the same values."""
    came = f"{apart:.0e} in {pairs:,.0f} pairs"
    return f"{what}: equal numbers", "1e-9", came, _held(pairs > 0 and apart <= 1e-9)


def verdicts(found: dict[int, dict[str, Measured]], *, hard: bool) -> list[Verdict]:
    """What was aimed at, the aim, what came, and whether it holds."""
    said: list[Verdict] = []
    aims = HARD_FASTER if hard else FASTER
    for size, ways in found.items():
        for peer in (PANDAS, DUCKDB, NETWORKX):
            if peer not in ways or OURS not in ways:
                continue
            what = f"opportunities of {size:,} rows against {peer}"
            said.append(_faster(what, ways[peer], ways[OURS], aims.get((size, peer), 0.0)))
            said.append(_equal(what, ways[peer]["apart"], ways[peer]["checked"]))
        if FED in ways and SPARK in ways:
            said += _fed_beside_spark(size, ways[FED], ways[SPARK])
        if MAP in ways and GRAPH in ways:
            said += _map_beside_graph(size, ways[MAP], ways[GRAPH])
    mine = {size: ways[OURS] for size, ways in found.items() if OURS in ways}
    return said + _at_ten_million(mine, HARD_PEAK if hard else PEAK)


def _faster(what: str, peer: Measured, mine: Measured, aim: float) -> Verdict:
    """By the clock; the ratio of processor seconds, which others disturb less, stands beside it."""
    clock, processor = (peer[key] / mine[key] for key in ("seconds", "processor"))
    text = f"{aim:g} times as fast" if aim else "no aim"
    came = f"{clock:.2g} (processor {processor:.2g})"
    return what, text, came, _held(clock >= aim) if aim else "-"


def _fed_beside_spark(size: int, mine: Measured, peer: Measured) -> list[Verdict]:
    what = f"opportunities of {size:,} rows in Spark against {SPARK}"
    aim = FED_AIM if size >= AIMED_FROM else 0.0
    if "stopped" in peer:
        least = peer["stopped"] / mine["seconds"]
        return [(what, f"{aim:g} times as fast", f"more than {least:.2g}", _held(least >= aim))]
    apart = max(mine["apart"], peer["apart"])
    return [
        _faster(what, peer, mine, aim),
        _equal(what, apart, min(mine["checked"], peer["checked"])),
    ]


def _map_beside_graph(size: int, mine: Measured, graph: Measured) -> list[Verdict]:
    aimed = size >= AIMED_FROM
    what = f"map of {size:,} rows against {GRAPH}"
    smaller, aim = graph["megabytes"] / mine["megabytes"], MAP_SMALLER if aimed else 0.0
    same = graph["claims"] == mine["claims"]
    return [
        _faster(what, graph, mine, MAP_FASTER if aimed else 0.0),
        (
            what,
            f"{aim:g} times as small" if aim else "no aim",
            f"{smaller:.2g}",
            _held(smaller >= aim) if aim else "-",
        ),
        (f"{what}: equal claims", "equal", _held(same), _held(same)),
    ]


def _at_ten_million(found: dict[int, Measured], most: float) -> list[Verdict]:
    large, small = (found.get(size) for size in (10_000_000, 1_000_000))
    if large is None:
        return []
    peak = large["peak"]
    said = [
        ("peak memory at 10,000,000 rows", f"{most:,.0f} MB", f"{peak:,.0f}", _held(peak <= most))
    ]
    if small is not None:
        grown, used = (large[key] / small[key] for key in ("seconds", "processor"))
        aim, came = f"{GROWTH:g} times the time", f"{grown:.2g} (processor {used:.2g})"
        said.append(("growth from 1,000,000 rows", aim, came, _held(grown <= GROWTH)))
    return said


def main(arguments: list[str]) -> int:
    """Measure, print both tables, and tell by the exit code whether the aims are kept."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(measured(arguments[1], Path(arguments[2]))))
        return 0
    if any(find_spec(package) is None for package in ("narwhals", "duckdb", "pyarrow")):
        print("not run: the extra scale is not installed")
        return 0
    ways = list(WAYS)
    if "--ways" in arguments:
        at = arguments.index("--ways")
        ways = [way for way in WAYS if way in arguments[at + 1].split(",")]
    sizes = [int(a) for a in arguments if a.isdigit()] or SIZES
    print("| rows | way | seconds | of processors | peak, MB | held, MB | found | compared |")
    print("|---|---|---|---|---|---|---|---|")
    hard = "--hard" in arguments
    found = {size: compare(size, ways, hard=hard) for size in sizes}
    print("\n| what | aim | found | holds |\n|---|---|---|---|")
    said = verdicts(found, hard=hard)
    for what, aim, came, holds in said:
        print(f"| {what} | {aim} | {came} | {holds} |")
    return 1 if any(holds == "NO" for *_, holds in said) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
