"""Chains of influence one by one: the strongest ones, and who told what they are made of."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import INFLUENCES
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.propagation import SignedLinks

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_DIGITS = 12


class Chain(NamedTuple):
    """A path of influences and what it adds to the total, signed."""

    nodes: tuple[int, ...]
    value: float


def strongest_chains(
    pushes: csr_array,
    ids: pd.Index,
    ends: tuple[int, int],
    *,
    attenuation: float,
    top: int = 3,
    max_length: int = 4,
) -> list[Chain]:
    """The paths that carry most from one node to another, strongest first.

    A path meets no node twice. Its value is the product of the pushes along it, and each step
    after the first counts `attenuation` times; a contested or unsigned step has no value, and a
    path over it is not found.

    Parameters
    ----------
    pushes
        Y, rows are causes; ids in `ids`.
    ends
        Positions of cause and effect.
    top, max_length
        How many paths, of how many steps at most.

    Notes
    -----
    Best first: a path that is begun waits with the most that it can still become. Ties are
    broken by length, then by ids.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> y = csr_array([[0, 0.5, -0.5], [0, 0, 1], [0, 0, 0.0]])
    >>> strongest_chains(y, pd.Index(["a", "b", "o"]), (0, 2), attenuation=0.5)
    [Chain(nodes=(0, 2), value=-0.5), Chain(nodes=(0, 1, 2), value=0.25)]
    """
    cause, effect = ends
    best = _at_best(pushes, effect, attenuation, max_length)
    starts, nexts, shares = pushes.indptr, pushes.indices, pushes.data
    waiting: list[tuple[float, int, tuple[str, ...], tuple[int, ...], float]] = []

    def wait(nodes: tuple[int, ...], value: float) -> None:
        steps = len(nodes) - 1
        most = (
            abs(value) if nodes[-1] == effect else abs(value) * best[max_length - steps, nodes[-1]]
        )
        if most > 0:
            names = tuple(str(ids[n]) for n in nodes)
            heapq.heappush(waiting, (-round(float(most), _DIGITS), steps, names, nodes, value))

    wait((cause,), 1.0)
    found: list[Chain] = []
    while waiting and len(found) < top:
        *_, nodes, value = heapq.heappop(waiting)
        if nodes[-1] == effect and len(nodes) > 1:
            found.append(Chain(nodes, value))
            continue
        each = attenuation if len(nodes) > 1 else 1.0
        for at in range(starts[nodes[-1]], starts[nodes[-1] + 1]):
            if int(nexts[at]) not in nodes:
                wait((*nodes, int(nexts[at])), value * each * float(shares[at]))
    return found


def _at_best(pushes: csr_array, effect: int, attenuation: float, max_length: int) -> FloatArray:
    """The most that a walk from each node to the effect hands on, by steps that are left."""
    size = pushes.shape[0]
    causes = np.repeat(np.arange(size), np.diff(pushes.indptr))
    best = np.zeros((max_length + 1, size))
    best[0, effect] = 1.0
    # A first step is not attenuated, so counting it in full keeps this a bound for every node.
    step = np.abs(pushes.data)
    for left in range(1, max_length + 1):
        best[left] = best[left - 1]
        each = attenuation if left > 1 else 1.0
        np.maximum.at(best[left], causes, each * step * best[left - 1][pushes.indices])
    return best


def leading_to(links: SignedLinks, ends: IntArray) -> BoolArray:
    """Which nodes a chain of claims joins to one of the ends, the ends included.

    Claims without a sign and contested ones lead as well; shape ``(nodes,)``.
    """
    found = np.zeros(len(links.ids), dtype=bool)
    found[ends] = True
    while True:
        more = links.cause[found[links.effect] & ~found[links.cause]]
        if not len(more):
            return found
        found[more] = True


def led_from(links: SignedLinks, node: int) -> BoolArray:
    """Which nodes a chain of claims joins from one node, the node included."""
    found = np.zeros(len(links.ids), dtype=bool)
    found[node] = True
    while True:
        more = links.effect[found[links.cause] & ~found[links.effect]]
        if not len(more):
            return found
        found[more] = True


def reporters_behind(m: SystemMap, links: SignedLinks, leading: BoolArray) -> IntArray:
    """How many reporters told any link on the chains from each node; shape ``(nodes,)``.

    Parameters
    ----------
    links
        The influences of `m`.
    leading
        Nodes that the chains may go to, as from `leading_to`.
    """
    from scipy.sparse import coo_array

    told, size = claims(m, INFLUENCES), len(links.ids)
    there = leading[told.second]
    known = np.zeros((size, len(told.reporters)), dtype=bool)
    known[told.first[there], told.reporter[there]] = True
    on = leading[links.effect]
    ends = (links.cause[on], links.effect[on])
    steps = coo_array((np.ones(int(on.sum()), np.float32), ends), shape=(size, size)).tocsr()
    count = known.sum()
    while True:
        known |= (steps @ known.astype(np.float32)) > 0
        more = known.sum()
        if more == count:
            found: IntArray = known.sum(axis=1)
            return found
        count = more
