"""Feedback loops in the claimed influences: all up to some length, the shortest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import INFLUENCES
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.propagation import SignedLinks, shares

if TYPE_CHECKING:
    from scipy.sparse import csr_array

WORK = 30_000_000
"""The most looks at a link in one search; a few seconds, whatever the map is like."""

_ROOTS = 256
_AT_ONCE = 200_000
_AT_ONCE_TOLD = 5000
_DIGITS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Circuits:
    """Simple cycles, each once, written from its smallest id; shortest first, then by ids.

    Parameters
    ----------
    steps
        Positions of the links of each loop in order, -1 after its end; shape ``(loops, longest)``.
    complete_to
        All loops of at most so many links are among them; 1 where not even that is sure.
    exhaustive
        Whether these are all loops of at most the length asked for.
    largest
        Nodes in the largest set whose members all lead to each other; no loop is longer.
    """

    steps: IntArray
    complete_to: int
    exhaustive: bool
    largest: int

    def __len__(self) -> int:
        """Count the loops."""
        return len(self.steps)

    @property
    def length(self) -> IntArray:
        """Links of each loop."""
        found: IntArray = (self.steps >= 0).sum(axis=1)
        return found


def circuits(
    links: SignedLinks,
    *,
    max_length: int,
    limit: int,
    work: int = WORK,
    tell: Callable[[int], None] | None = None,
) -> Circuits:
    """Every loop of at most `max_length` links, the shortest first, until a limit is met.

    Parameters
    ----------
    links
        The links.
    max_length
        The most links of a loop, at least 2.
    limit
        The most loops, at least 1.
    work
        The most looks at a link, so that the search ends in bounded time.
    tell
        Called with the loops found after each part of the search.

    Returns
    -------
    Circuits
        All loops of up to ``complete_to`` links; where a limit was met also those of the next
        length that come first by ids. Neither depends on the order of rows.

    Notes
    -----
    One length after another, from each node as the smallest of its loops, many paths at once. A
    node is entered only if a walk over larger nodes leads back from it within the links that are
    left. The answer is that of ``networkx.simple_cycles(length_bound)``, in a known order.

    Examples
    --------
    >>> import pandas as pd
    >>> from sysmap.core.model import from_tables
    >>> from sysmap.measures.propagation import signed_links
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": list("abc"), "name": list("ABC")}),
    ...     "influences": pd.DataFrame({"cause": list("abbc"), "effect": list("baca")}),
    ... })
    >>> circuits(signed_links(m), max_length=6, limit=10).steps
    array([[ 0,  1, -1],
           [ 0,  2,  3]])
    """
    search = _Search(links, work)
    longest = min(max_length, search.largest)
    found: list[IntArray] = []
    count, complete = 0, 1
    for length in range(2, longest + 1):
        for part in search.of_length(length):
            room = limit - count
            if len(part):
                found.append(search.steps(part[:room]))
                count += min(len(part), room)
            if tell is not None:
                tell(count)
            if len(part) > room:
                return Circuits(_padded(found), complete, exhaustive=False, largest=search.largest)
        if search.exhausted:
            return Circuits(_padded(found), complete, exhaustive=False, largest=search.largest)
        complete = length
    return Circuits(_padded(found), max_length, exhaustive=True, largest=search.largest)


def polarity(links: SignedLinks, steps: IntArray) -> IntArray:
    """The product of signs: 1 reinforcing, -1 balancing, 0 where a link has no agreed sign."""
    signs = np.append(np.sign(links.value), 1.0)
    product: IntArray = signs[steps].prod(axis=1).astype(np.int64)
    return product


def strength(links: SignedLinks, steps: IntArray) -> FloatArray:
    """The product of |Y| over the links of each loop, to twelve digits.

    Digits beyond depend on the order of a sum, and would break ties by the order of rows.
    """
    along = np.append(np.abs(shares(links)), 1.0)
    product = np.sort(along[steps], axis=1).prod(axis=1)
    scale = 10.0 ** (_DIGITS - np.ceil(np.log10(np.where(product > 0, product, 1.0))))
    rounded: FloatArray = np.round(product * scale) / scale
    return rounded


def told_whole(m: SystemMap, links: SignedLinks, steps: IntArray) -> IntArray:
    """How many reporters claimed every link of each loop with its agreed sign.

    For a link without an agreed sign any claim of it counts.
    """
    told = claims(m, INFLUENCES)
    size = len(links.ids)
    codes = links.cause * size + links.effect
    said = np.zeros((len(told.reporters), len(links) + 1), bool)
    said[:, -1] = True
    at = np.searchsorted(codes, told.first * size + told.second)
    said[told.reporter, at] = links.value[at] == 0
    link, voice = (links.votes[c].to_numpy(np.int64) for c in ("link", "reporter"))
    agrees = links.votes["sign"].to_numpy() == np.sign(links.value[link])
    said[voice[agrees], link[agrees]] = True
    parts = [
        said[:, steps[start : start + _AT_ONCE_TOLD]].all(axis=2).sum(axis=0)
        for start in range(0, len(steps), _AT_ONCE_TOLD)
    ]
    counted: IntArray = np.concatenate([np.zeros(0, np.int64), *parts])
    return counted


def independent(steps: IntArray) -> IntArray:
    """Rows that are kept when each must add a link to those kept before it.

    Notes
    -----
    With loops in order of length this is the shortest independent loop set of Oliva (2004).

    Examples
    --------
    >>> independent(np.array([[0, 1, -1], [2, 3, -1], [0, 3, -1]]))
    array([0, 1])
    """
    seen: set[int] = {-1}
    kept = []
    for row, loop in enumerate(steps.tolist()):
        if not seen.issuperset(loop):
            seen.update(loop)
            kept.append(row)
    return np.array(kept, dtype=np.int64)


def _padded(parts: list[IntArray]) -> IntArray:
    """Loops of several lengths as one array."""
    longest = max((part.shape[1] for part in parts), default=2)
    padded = [
        np.pad(part, ((0, 0), (0, longest - part.shape[1])), constant_values=-1) for part in parts
    ]
    return np.vstack([np.zeros((0, longest), np.int64), *padded])


class _Search:
    """The links inside strong components, nodes in the order of their ids."""

    def __init__(self, links: SignedLinks, work: int) -> None:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        size = len(links.ids)
        rank = np.empty(size, np.int64)
        rank[np.argsort(links.ids.to_numpy(object))] = np.arange(size)
        cause, effect = rank[links.cause], rank[links.effect]
        graph = coo_array((np.ones(len(links)), (cause, effect)), shape=(size, size)).tocsr()
        _, part = connected_components(graph, connection="strong")
        inside = np.flatnonzero(part[cause] == part[effect])
        self.largest = int(np.bincount(part).max(initial=0))
        nodes = np.unique(cause[inside])
        cause, effect = (np.searchsorted(nodes, end[inside]) for end in (cause, effect))
        order = np.lexsort((effect, cause))
        self.size = len(nodes)
        self.targets, self.link = effect[order], inside[order]
        self.codes = cause[order] * self.size + self.targets
        self.starts = np.searchsorted(cause[order], np.arange(self.size + 1))
        degree = np.diff(self.starts)
        self.rows = max(1, _AT_ONCE // max(1, int(degree.max(initial=1))))
        ones = np.ones(len(order), np.int32)
        self.graph: csr_array = coo_array(
            (ones, (cause[order], self.targets)), shape=(self.size, self.size)
        ).tocsr()
        self.left = work

    @property
    def exhausted(self) -> bool:
        """Whether the search has looked at as many links as it may."""
        return self.left < 0

    def steps(self, loops: IntArray) -> IntArray:
        """The links of loops that are given as nodes."""
        codes = loops * self.size + np.roll(loops, -1, axis=1)
        found: IntArray = self.link[np.searchsorted(self.codes, codes)]
        return found

    def of_length(self, length: int) -> Iterator[IntArray]:
        """All loops of one length in the order of their nodes, in parts."""
        for first in range(0, self.size, _ROOTS):
            roots = np.arange(first, min(first + _ROOTS, self.size))
            back = self._steps_back(roots, length)
            waiting = [roots[:, None]]
            while waiting and not self.exhausted:
                paths = self._extended(waiting.pop(), back, first, length)
                if paths.shape[1] == length:
                    yield paths
                else:
                    parts = range(0, len(paths), self.rows)
                    waiting += [paths[p : p + self.rows] for p in reversed(parts)]

    def _steps_back(self, roots: IntArray, most: int) -> IntArray:
        """Fewest links from each node to each root over nodes that are not smaller than it."""
        allowed = np.arange(self.size)[:, None] >= roots
        back = np.full(allowed.shape, most + 1, np.int64)
        edge: BoolArray = np.arange(self.size)[:, None] == roots
        for step in range(most):
            back[edge] = step
            edge = (self.graph @ edge.astype(np.int32) > 0) & allowed & (back > most)
            if not edge.any():
                break
        return back

    def _extended(self, paths: IntArray, back: IntArray, first: int, length: int) -> IntArray:
        """Paths with one more node, in order, as far as they may still close in time."""
        used, last = paths.shape[1], paths[:, -1]
        ways = self.starts[last + 1] - self.starts[last]
        row = np.repeat(np.arange(len(paths)), ways)
        self.left -= len(row)
        offset = np.arange(len(row)) - np.repeat(np.cumsum(ways) - ways, ways)
        node = self.targets[self.starts[last][row] + offset]
        keep = back[node, paths[row, 0] - first] <= length - used
        row, node = row[keep], node[keep]
        new = (paths[row] != node[:, None]).all(axis=1)
        return np.column_stack([paths[row[new]], node[new]])
