"""Paths are found in no more time than networkx needs, and in bounded time on dense maps.

The same paths are listed by both on a sparse map of 300 elements; then a complete map of 300
elements, which has 26 million paths of up to four links, is searched up to 100,000 paths, and the
fewest reporters behind them are found.
Run it as ``python tests/benchmarks/paths.py``.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.routes.breaking import breaking
from sysmap.measures.routes.paths import link_claims, simple_paths, support

SIZE, LINKS, LENGTH, LIMIT, SOURCES = 300, 2_700, 6, 100_000, 60
RATIO, SECONDS = 1.0, 20.0
ROUNDS = 5


def claimed(pairs: list[tuple[int, int]]) -> SystemMap:
    """Elements and one claim per pair, each by one of the sources."""
    ids = [f"e{i:03}" for i in range(SIZE)]
    voices = np.random.default_rng(1).integers(SOURCES, size=len(pairs))
    names = [f"s{i}" for i in range(SOURCES)]
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": ids}),
            "sources": pd.DataFrame({"id": names, "name": names}),
            "influences": pd.DataFrame(
                {
                    "cause": [ids[a] for a, _ in pairs],
                    "effect": [ids[b] for _, b in pairs],
                    "sign": "+",
                    "source": [names[v] for v in voices],
                }
            ),
        }
    )


def seconds(run: Callable[[], object]) -> float:
    """Processor time of one run."""
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> int:
    """Measure, print, and tell by the exit code whether the bounds are kept."""
    everything = list(itertools.permutations(range(SIZE), 2))
    chosen = np.random.default_rng(0).choice(len(everything), LINKS, replace=False)
    pairs = [everything[i] for i in chosen]
    of, graph = link_claims(claimed(pairs)), nx.DiGraph(pairs)

    def ours() -> int:
        return len(simple_paths(of.links, 0, 1, max_length=LENGTH, limit=LIMIT))

    def theirs() -> int:
        return sum(1 for _ in nx.all_simple_paths(graph, 0, 1, cutoff=LENGTH))

    print(f"paths: {ours():,}, networkx {theirs():,}")
    ratio = statistics.median(seconds(ours) / seconds(theirs) for _ in range(ROUNDS))
    print(f"sparse: {seconds(ours):.3f} s, networkx {seconds(theirs):.3f} s")
    print(f"median ratio of {ROUNDS} pairs: {ratio:.2f}, bound {RATIO}")
    dense = link_claims(claimed(everything))
    found = simple_paths(dense.links, 0, 1, max_length=4, limit=LIMIT)
    spent = {
        "search": seconds(lambda: simple_paths(dense.links, 0, 1, max_length=4, limit=LIMIT)),
        "support": seconds(lambda: support(dense, found)),
        "breaking": seconds(lambda: breaking(dense, found)),
    }
    print(f"dense: {len(found):,} paths, whole up to {found.whole_length} links")
    print(", ".join(f"{name} {s:.2f} s" for name, s in spent.items()), f"bound {SECONDS} s in all")
    fast = ratio <= RATIO and sum(spent.values()) <= SECONDS
    return 0 if fast and ours() == theirs() else 1


if __name__ == "__main__":
    raise SystemExit(main())
