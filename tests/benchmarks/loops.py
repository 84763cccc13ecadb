"""Loops are found at least twice as fast as by networkx; hopeless searches end in time.

The answers are compared first: the same loops, each once. Then the two take turns, and the median
ratio of processor times is held against the bound. The last part measures a map with millions of
loops, where the search must end at its limit of 100,000 loops or of 30 million looks at a link.
Run it as ``python tests/benchmarks/loops.py``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import networkx as nx
import numpy as np
import pandas as pd

from sysmap.measures.propagation import SignedLinks
from sysmap.measures.routes.circuits import circuits

BOUND = 2.0
SECONDS = 30.0
ROUNDS = 5
SHAPES = ((40, 120, 8), (300, 900, 6), (300, 900, 8), (100, 1000, 5))
"""Nodes, links and the bound on length."""


def random_links(size: int, count: int, seed: int) -> SignedLinks:
    """Positive links between random nodes."""
    rng = np.random.default_rng(seed)
    codes = np.sort(rng.choice(size * (size - 1), count, replace=False))
    cause, effect = codes // (size - 1), codes % (size - 1)
    effect += effect >= cause
    ones = np.ones(count, np.int64)
    return SignedLinks(
        ids=pd.Index([f"e{i:04}" for i in range(size)]),
        outcomes=np.zeros(0, np.int64),
        cause=cause,
        effect=effect,
        positive=ones,
        negative=0 * ones,
        unsigned=0 * ones,
        strength=2.0 * ones,
        value=2.0 * ones,
        votes=pd.DataFrame({"link": [], "reporter": [], "sign": [], "strength": []}),
    )


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> int:
    """Measure, print, and tell by the exit code whether the bounds are kept."""
    kept = True
    for size, count, length in SHAPES:
        links = random_links(size, count, 1)
        graph = nx.DiGraph(zip(links.cause.tolist(), links.effect.tolist(), strict=True))
        ours = circuits(links, max_length=length, limit=10**7, work=10**9)
        theirs = list(nx.simple_cycles(graph, length_bound=length))
        mine = {frozenset(row[row >= 0].tolist()) for row in ours.steps}
        place = {pair: at for at, pair in enumerate(zip(links.cause, links.effect, strict=True))}
        same = mine == {
            frozenset(place[p] for p in zip(loop, [*loop[1:], loop[0]], strict=True))
            for loop in theirs
        }
        ratio = statistics.median(
            seconds(lambda g=graph, n=length: list(nx.simple_cycles(g, length_bound=n)))
            / seconds(lambda x=links, n=length: circuits(x, max_length=n, limit=10**7, work=10**9))
            for _ in range(ROUNDS)
        )
        kept &= same and ratio >= BOUND
        print(
            f"{size} nodes, {count} links, up to {length}: {len(ours):,} loops, networkx "
            f"{len(theirs):,} ({'the same' if same else 'NOT THE SAME'}), "
            f"{ratio:.1f} times as fast (bound {BOUND})"
        )
    links = random_links(40, 120, 1)
    for limit in (100_000, 10**9):
        begin = time.process_time()
        found = circuits(links, max_length=40, limit=limit)
        took = time.process_time() - begin
        kept &= took <= SECONDS and not found.exhaustive
        print(
            f"40 nodes, 120 links, any length, limit {limit:,}: first {len(found):,} loops, all of "
            f"up to {found.complete_to} links, {took:.1f} s (bound {SECONDS:.0f} s)"
        )
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
