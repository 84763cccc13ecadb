"""A push on a map of 300 elements is answered within twenty seconds.

Each shape is a random map, pushed where that reaches most; the part that feeds back on itself
decides the time, because the eigenvalues of its systems are what costs. The peer is the plain way:
full matrices of all nodes, their eigenvalues and a solve, measured on some draws and scaled to
all. The shares of both must agree within five standard errors.
In the last shape 105 nodes all feed back on each other.
One thread is used: for matrices of this size a second one of a busy machine mostly waits.
Run it as ``python tests/benchmarks/what_if.py``.
"""

from __future__ import annotations

import os
import time

# Read as numpy is imported.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd

from sysmap.measures.propagation import SignedLinks
from sysmap.measures.routes.chains import reached
from sysmap.measures.routes.ensemble import responses

SECONDS = 20.0
DRAWS, PLAIN = 10_000, 400
SHAPES = (
    (38, 62, 12, 20),
    (300, 450, 10, 16),
    (300, 900, 18, 27),
    (300, 600, 160, 300),
)
"""Nodes, links, the first nodes among which links run both ways, and the links among these."""


def random_links(size: int, count: int, ring: int, inside: int, seed: int) -> SignedLinks:
    """Signed links; only among the first nodes can they feed back."""
    rng = np.random.default_rng(seed)
    pairs = [
        (a, b) for a in range(size) for b in range(size) if a != b and (a < b or max(a, b) < ring)
    ]
    near = [i for i, (a, b) in enumerate(pairs) if max(a, b) < ring]
    back = rng.choice(near, inside, replace=False)
    onward = np.setdiff1d(np.arange(len(pairs)), near)
    rest = rng.choice(onward, count - inside, replace=False)
    ends = np.array(sorted(pairs[i] for i in (*back, *rest)))
    plus = (rng.random(len(ends)) < 0.7).astype(np.int64)
    return SignedLinks(
        ids=pd.Index([f"e{i:04}" for i in range(size)]),
        outcomes=np.zeros(0, np.int64),
        cause=ends[:, 0],
        effect=ends[:, 1],
        positive=plus,
        negative=1 - plus,
        unsigned=0 * plus,
        strength=2.0 + 0 * plus,
        value=2.0 * (2 * plus - 1),
        votes=pd.DataFrame({"link": [], "reporter": [], "sign": [], "strength": []}),
    )


def plain(links: SignedLinks, press: np.ndarray, draws: int) -> tuple[np.ndarray, int]:
    """The formula word by word on all nodes: how often each went up, and the systems kept."""
    rng = np.random.default_rng(1)
    size, up, kept = len(links.ids), np.zeros(len(links.ids)), 0
    for _ in range(draws):
        c = -np.diag(rng.uniform(0.25, 1, size))
        c[links.effect, links.cause] = np.sign(links.value) * rng.random(len(links))
        if (np.linalg.eigvals(c).real < 0).all():
            up += np.linalg.solve(-c, press) > 1e-9
            kept += 1
    return up, kept


def main() -> int:
    """Measure, print, and tell by the exit code whether the bounds are kept."""
    fine = True
    for size, count, ring, inside in SHAPES:
        links = random_links(size, count, ring, inside, 1)
        press = np.zeros(size)
        reach = [reached(links, np.array([node])).sum() for node in range(size)]
        press[int(np.argmax(reach))] = 1
        begin = time.process_time()
        found = responses(links, press, draws=DRAWS)
        took = time.process_time() - begin
        begin = time.process_time()
        up, kept = plain(links, press, PLAIN)
        theirs = (time.process_time() - begin) * DRAWS / PLAIN
        gap = np.abs(up / max(kept, 1) - found.up / max(found.kept, 1)).max() if kept else 0.0
        bound = 5 * np.sqrt(0.25 / max(kept, 1))
        fine &= took <= SECONDS and gap <= bound
        print(
            f"{size} nodes, {len(links)} links, {max(reach)} reached: {found.kept:,} of "
            f"{found.tried:,} kept, {took:.1f} s (bound {SECONDS:.0f} s), plain way {theirs:.0f} s "
            f"({theirs / took:.0f} times), largest gap of shares {gap:.3f} (bound {bound:.3f})"
        )
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
