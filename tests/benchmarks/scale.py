"""Time and memory from rows of who does what to a map, beside a networkx MultiDiGraph.

Usage: ``python tests/benchmarks/scale.py [rows ...] [--full]``; without sizes 10^5 and 10^6 rows,
``--full`` adds 10^7. Needs the extra ``scale``; without it nothing is run, which is said.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from importlib.util import find_spec

import networkx as nx
import numpy as np
import pandas as pd

import sysmap as sm

ORGANIZATIONS, ELEMENTS, CONTEXTS = 10_000, 300, 200
GRAPH_UP_TO = 1_000_000


def simulated(number: int) -> pd.DataFrame:
    """Rows whose organizations keep to neighbouring elements and contexts; some are busy."""
    rng = np.random.default_rng(1)
    who = (ORGANIZATIONS * rng.random(number) ** 2).astype(int)
    home = rng.integers(ELEMENTS, size=ORGANIZATIONS)
    place = rng.integers(CONTEXTS, size=ORGANIZATIONS)
    what = (home[who] + rng.geometric(0.05, number)) % ELEMENTS
    where = (place[who] + rng.geometric(0.2, number) - 1) % CONTEXTS
    columns = {"organization": (who, "o"), "element": (what, "e"), "context": (where, "c")}
    return pd.DataFrame({name: labelled(*pair) for name, pair in columns.items()})


def labelled(codes: np.ndarray, letter: str) -> pd.Series:
    names = np.array([f"{letter}{i:05d}" for i in range(codes.max() + 1)], dtype=object)
    return pd.Series(names[codes], dtype="str")


def graph(rows: pd.DataFrame) -> int:
    """The peer: one edge for each row; the number of distinct claims among them."""
    found = nx.MultiDiGraph()
    found.add_edges_from(
        (who, what, {"context": where}) for who, what, where in rows.itertuples(index=False)
    )
    return len({(a, b, c) for a, b, c in found.edges(data="context")})


def measured(how: str, number: int) -> None:
    """Print claims, seconds and the growth of the peak memory in MB; for a process of its own."""
    rows = simulated(number)
    before, start = peak(), time.perf_counter()
    claims = graph(rows) if how == "graph" else len(sm.scan(rows, engine=how).links("works_on"))
    print(claims, time.perf_counter() - start, peak() - before)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def run(how: str, number: int) -> tuple[int, float, float]:
    command = [sys.executable, __file__, "--one", how, str(number)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return int(said[0]), float(said[1]), float(said[2])


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--one"]:
        measured(arguments[1], int(arguments[2]))
        return 0
    if any(find_spec(package) is None for package in ("narwhals", "duckdb", "pyarrow")):
        print("not run: the extra scale is not installed")
        return 0
    sizes = [int(a) for a in arguments if a.isdigit()] or [100_000, 1_000_000]
    sizes += [10_000_000] if "--full" in arguments else []
    print(f"{'rows':>10} {'way':>8} {'claims':>9} {'seconds':>8} {'peak MB':>8}")
    equal = True
    for number in sizes:
        ways = ["duckdb", "pandas"] + ["graph"] * (number <= GRAPH_UP_TO)
        answers = set()
        for how in ways:
            claims, seconds, grown = run(how, number)
            answers.add(claims)
            print(f"{number:>10,} {how:>8} {claims:>9,} {seconds:>8.2f} {grown:>8.0f}", flush=True)
        equal &= len(answers) == 1
    print("every way found the same number of claims" if equal else "the ways DIFFER")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
