"""Simple paths along claimed influences, and what the claims behind their links say of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.claims import Claims, claims, incidence
from sysmap.core.model import SystemMap
from sysmap.core.progress import Progress, teller
from sysmap.core.schema import INFLUENCES, NEGATIVE, POSITIVE
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.propagation import SignedLinks, shares, signed_links
from sysmap.measures.routes import chains

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_LOOKS_PER_PATH, _LOOKS = 50, 1_000_000
_TOLD_EVERY = 10_000
_CHUNK = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Simple paths from one node to another, shortest first; one row per path.

    Parameters
    ----------
    steps
        Positions of the links of each path in order, -1 after its end; shape ``(paths, length)``.
    complete
        Whether these are all paths of at most the length asked for.
    whole_length
        All paths of at most so many links are among them.
    """

    steps: IntArray
    complete: bool
    whole_length: int

    def __len__(self) -> int:
        """Count the paths."""
        return len(self.steps)

    @property
    def length(self) -> IntArray:
        """Links of each path."""
        found: IntArray = (self.steps >= 0).sum(axis=1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class LinkClaims:
    """The influences of a map, and who claims each link where.

    Parameters
    ----------
    links
        One link per pair that is claimed.
    told
        The claims behind them.
    link
        Position of the link of each claim.
    whole
        Whether each claim counts towards telling a path whole: it carries the vote of its
        reporter for the larger side, or the sign of its link is not settled.
    share
        |Y| of each link: its share in all the pushes on its effect.
    """

    links: SignedLinks
    told: Claims
    link: IntArray
    whole: BoolArray
    share: FloatArray

    @property
    def sign(self) -> IntArray:
        """1, -1, or 0 where the sign is contested or not stated."""
        signs: IntArray = np.sign(self.links.value).astype(np.int64)
        return signs

    def voices(self, counted: BoolArray | None = None) -> csr_array:
        """Which reporter claims which link; shape ``(links, reporters)``, entries 1."""
        shape = (len(self.links), len(self.told.reporters))
        kept = slice(None) if counted is None else counted
        return _ones(incidence(self.link[kept], self.told.reporter[kept], shape))

    def places(self) -> csr_array:
        """Which link is claimed in which context; shape ``(links, contexts)``, entries 1."""
        shape = (len(self.links), len(self.told.context_ids))
        return _ones(incidence(self.link, self.told.context, shape))

    def shared_contexts(self, steps: IntArray) -> list[str]:
        """Ids of the contexts in which every link of a path is claimed, sorted.

        Parameters
        ----------
        steps
            Positions of links; one that states no context matches every one.
        """
        stated = self.told.context >= 0
        where = [self.told.context[stated & (self.link == link)] for link in steps]
        sets = [set(self.told.context_ids[codes]) for codes in where if len(codes)]
        return sorted(set.intersection(*sets)) if sets else []

    def states_context(self, paths: Paths) -> BoolArray:
        """Whether any link of each path is claimed for a context."""
        stated = np.zeros(len(self.links) + 1, dtype=bool)
        stated[self.link[self.told.context >= 0]] = True
        found: BoolArray = np.logical_or.reduce(stated[paths.steps], axis=1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """What stands behind each path; all arrays have one entry per path.

    Parameters
    ----------
    sign
        Product of the signs: 1, -1, or 0 where one is not settled.
    strength
        Product of the shares |Y|, 0 to 1; 0 where a sign is not settled.
    sources
        Reporters behind any link.
    told_whole
        Reporters who claimed every link with the sign of its larger side.
    contexts
        Contexts in which every link is claimed; a link that states none matches every one.
    """

    sign: IntArray
    strength: FloatArray
    sources: IntArray
    told_whole: IntArray
    contexts: IntArray


def link_claims(m: SystemMap) -> LinkClaims:
    """The links of a map with the claims behind them, in integer codes."""
    told, links = claims(m, INFLUENCES), signed_links(m)
    size = max(len(links.ids), 1)
    pairs = links.cause * size + links.effect
    link = np.searchsorted(pairs, told.first * size + told.second)
    return LinkClaims(links, told, link, _whole(links, told, link), np.abs(shares(links)))


def _whole(links: SignedLinks, told: Claims, link: IntArray) -> BoolArray:
    """Claims that carry their reporter's vote for the larger side, and all on unsettled links."""
    side = np.sign(links.value).astype(np.int64)
    width = max(len(told.reporters), 1)
    votes = links.votes
    with_it = votes["sign"].to_numpy() == side[votes["link"].to_numpy(np.int64)]
    voices = (votes["link"] * width + votes["reporter"]).to_numpy(np.int64)[with_it]
    said = told.frame["sign"].map({POSITIVE: 1, NEGATIVE: -1}).fillna(0).to_numpy(np.int64)
    carried = np.isin(link * width + told.reporter, voices) & (said == side[link])
    counted: BoolArray = carried | (side[link] == 0)
    return counted


def simple_paths(
    links: SignedLinks,
    cause: int,
    effect: int,
    *,
    max_length: int,
    limit: int,
    progress: Progress = None,
) -> Paths:
    """Every path from cause to effect that visits no node twice, the shortest first.

    Parameters
    ----------
    links
        The links.
    cause, effect
        Positions in ``links.ids``, not the same.
    max_length
        The most links of a path, at least 1.
    limit
        The most paths. The search also ends after 50 x `limit` looks at a link, and a million at
        least, so that a map in which most ways lead nowhere takes bounded time too.
    progress
        Told the paths found so far and `limit`, every 10,000 paths.

    Notes
    -----
    Depth first, one length after another; a node is entered only if some walk of exactly the
    links that are left leads from it to the effect. Which paths come first depends on the ids
    alone, not on the order of rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": list("abc"), "name": list("ABC")}),
    ...     "influences": pd.DataFrame({"cause": list("aab"), "effect": list("bcc")}),
    ... })
    >>> simple_paths(signed_links(m), 0, 2, max_length=4, limit=10).steps
    array([[ 1, -1],
           [ 0,  2]])
    """
    search = _Search(links, cause, effect, max(_LOOKS_PER_PATH * limit, _LOOKS))
    longest = min(max_length, len(links.ids) - 1)
    found: list[tuple[int, ...]] = []
    with teller(progress, limit) as tell:
        for length in range(1, longest + 1):
            for path in search.of_length(length):
                if len(found) == limit:
                    return _paths(found, longest, whole_length=length - 1)
                found.append(path)
                if len(found) % _TOLD_EVERY == 0:
                    tell(len(found))
            if search.exhausted:
                return _paths(found, longest, whole_length=length - 1)
    return _paths(found, longest, whole_length=max_length, complete=True)


def shortest(links: SignedLinks, cause: int, effect: int) -> int:
    """How many links the shortest path from cause to effect has; 0 where there is none."""
    most = len(links.ids)
    steps = int(chains.steps_to(links, effect, most)[cause])
    return steps if steps <= most else 0


def support(of: LinkClaims, paths: Paths) -> Support:
    """What the claims behind its links say of each path."""
    parts = [
        _support(of, paths.steps[start : start + _CHUNK])
        for start in range(0, max(len(paths), 1), _CHUNK)
    ]
    columns = zip(*parts, strict=True)
    return Support(*(np.concatenate(column) for column in columns))


def _support(of: LinkClaims, steps: IntArray) -> tuple[np.ndarray, ...]:
    there = steps >= 0
    sign = np.where(there, of.sign[steps] if len(of.links) else 1, 1).prod(axis=1)
    share = np.where(there, of.share[steps] if len(of.links) else 1.0, 1.0).prod(axis=1)
    row, column = np.nonzero(there)
    passes = incidence(row, steps[row, column], (len(steps), len(of.links)))
    sources = _entries(passes @ of.voices(), least=1)
    told_whole = _entries(passes @ of.voices(of.whole), least=there.sum(axis=1))
    places = of.places()
    stated = (places.sum(axis=1) > 0).astype(float)
    stating = np.asarray(passes @ stated)
    contexts = _entries(passes @ places, least=np.maximum(stating, 1))
    return sign.astype(np.int64), share, sources, told_whole, contexts


def _entries(counts: csr_array, least: np.ndarray | int) -> IntArray:
    """How many entries of each row reach a number."""
    row, _ = counts.nonzero()
    bar = np.broadcast_to(least, counts.shape[0])[row]
    found: IntArray = np.bincount(row[counts.data >= bar], minlength=counts.shape[0])
    return found


def _ones(counts: csr_array) -> csr_array:
    """The matrix with 1 at every entry."""
    ones = counts.copy()
    ones.data[:] = 1
    return ones


def _paths(
    found: Sequence[tuple[int, ...]], longest: int, *, whole_length: int, complete: bool = False
) -> Paths:
    steps = np.full((len(found), max(longest, 1)), -1, dtype=np.int64)
    for row, path in enumerate(found):
        steps[row, : len(path)] = path
    return Paths(steps, complete, whole_length)


class _Search:
    """Depth-first search with a bound on how often it looks at a link."""

    def __init__(self, links: SignedLinks, cause: int, effect: int, budget: int) -> None:
        self.cause, self.effect, self.budget = cause, effect, budget
        self.looks = 0
        self.onward: dict[int, list[tuple[int, int]]] = {}
        self.leading: list[set[int]] = [{effect}]
        self.back: dict[int, list[int]] = {}
        self.last: dict[int, int] = {}
        ids = links.ids.to_numpy(object)[links.effect]
        for link in np.argsort(ids, kind="stable"):
            a, b = int(links.cause[link]), int(links.effect[link])
            self.onward.setdefault(a, []).append((b, int(link)))
            self.back.setdefault(b, []).append(a)
            if b == effect:
                self.last[a] = int(link)

    @property
    def exhausted(self) -> bool:
        """Whether the bound was met."""
        return self.looks > self.budget

    def of_length(self, length: int) -> Iterator[tuple[int, ...]]:
        """Each path of exactly so many links, as positions of links."""
        self._walks(length)
        if self.cause not in self.leading[length]:
            return
        if length == 1:
            yield (self.last[self.cause],)
            return
        nodes: list[int] = [self.cause]
        path: list[int] = []
        visited = {self.cause}
        ways = [iter(self.onward[self.cause])]
        while ways and not self.exhausted:
            left = length - len(path) - 1
            for node, link in ways[-1]:
                self.looks += 1
                if node in visited or node not in self.leading[left]:
                    continue
                if left == 1:
                    yield (*path, link, self.last[node])
                    continue
                nodes.append(node)
                path.append(link)
                visited.add(node)
                ways.append(iter(self.onward[node]))
                break
            else:
                ways.pop()
                visited.discard(nodes.pop())
                if path:
                    path.pop()

    def _walks(self, length: int) -> None:
        """Nodes from which a walk of exactly so many links leads to the effect, not through it."""
        while len(self.leading) <= length:
            inner = self.leading[-1] - {self.cause}
            before = {node for near in inner for node in self.back.get(near, ())}
            self.leading.append(before - {self.effect})
