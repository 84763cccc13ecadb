"""The strongest chains of claimed influences between two places, and their story in words."""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import INFLUENCES
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.core.words import number_of
from sysmap.measures.propagation import SignedLinks

_DIRECTIONS = {1: "an increase in", -1: "a decrease in", 0: "a change in"}


@dataclass(frozen=True, slots=True)
class Chain:
    """Links that follow each other, no node twice.

    Parameters
    ----------
    steps
        Positions of the links, in order.
    strength
        The product of |Y| over them, attenuated; 0 where one has no agreed sign.
    """

    steps: tuple[int, ...]
    strength: float


def reached(links: SignedLinks, from_: IntArray, *, backwards: bool = False) -> BoolArray:
    """Which nodes some chain of links leads to, the start included; shape ``(nodes,)``.

    Parameters
    ----------
    links
        The links.
    from_
        Positions of the nodes where chains start.
    backwards
        True finds the nodes that lead to them instead.

    Examples
    --------
    >>> import pandas as pd
    >>> from sysmap.core.model import from_tables
    >>> from sysmap.measures.propagation import signed_links
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": list("abc"), "name": list("ABC")}),
    ...     "influences": pd.DataFrame({"cause": ["a"], "effect": ["b"]}),
    ... })
    >>> reached(signed_links(m), np.array([0]))
    array([ True,  True, False])
    """
    tail, head = (links.effect, links.cause) if backwards else (links.cause, links.effect)
    there = np.zeros(len(links.ids), bool)
    there[from_] = True
    while True:
        new = head[there[tail] & ~there[head]]
        if not len(new):
            return there
        there[new] = True


def strongest(
    links: SignedLinks,
    share: FloatArray,
    from_: Sequence[int],
    to: int,
    *,
    attenuation: float = 1.0,
    max_length: int = 4,
    most: int = 3,
) -> list[Chain]:
    """The chains with the largest product of |Y|, then the shortest, then by ids.

    Parameters
    ----------
    links
        The links.
    share
        Y of each link; shape ``(links,)``.
    from_, to
        Positions of the nodes where chains may start, and of the node where they end. A chain
        passes no second start.
    attenuation
        What each link after the first counts.
    max_length
        The most links of a chain.
    most
        The most chains.

    Notes
    -----
    Best first: a further link never makes a chain stronger, so the first to arrive are strongest,
    and what is already behind enough whole chains is dropped.
    Products are compared to ten digits.
    """
    onward: dict[int, list[int]] = {}
    for at in range(len(links)):
        onward.setdefault(int(links.cause[at]), []).append(at)
    left = steps_to(links, to, max_length)
    ids = links.ids
    waiting: list[tuple[float, int, tuple[str, ...], tuple[int, ...], tuple[int, ...], float]] = [
        (-1.0, 0, (str(ids[start]),), (start,), (), 1.0) for start in from_ if start != to
    ]
    heapq.heapify(waiting)
    found: list[Chain] = []
    whole: list[tuple[float, int]] = []  # the best chains that reached the end, in order
    while waiting and len(found) < most:
        _, length, told, nodes, steps, strength = heapq.heappop(waiting)
        if nodes[-1] == to:
            found.append(Chain(steps, strength))
            continue
        for at in onward.get(nodes[-1], ()):
            node = int(links.effect[at])
            if length + 1 + left[node] > max_length or node in nodes or node in from_:
                continue
            product = strength * (attenuation if length else 1.0) * abs(float(share[at]))
            key = -float(f"{product:.10g}")
            if len(whole) == most and (key, length + 1 + left[node]) > whole[-1]:
                continue  # whatever it becomes, enough others are better
            if node == to:
                insort(whole, (key, length + 1))
                del whole[most:]
            told_on, way = (*told, str(ids[node])), (*steps, at)
            heapq.heappush(waiting, (key, length + 1, told_on, (*nodes, node), way, product))
    return found


def steps_to(links: SignedLinks, to: int, most: int) -> IntArray:
    """Fewest links from each node to one; more than `most` where there are none."""
    left = np.full(len(links.ids), most + 1, np.int64)
    left[to] = 0
    for step in range(1, most + 1):
        near = links.cause[left[links.effect] == step - 1]
        left[near] = np.minimum(left[near], step)
    return left


def story(m: SystemMap, links: SignedLinks, steps: Sequence[int], direction: int = 1) -> str:
    """What a change at the first node brings along the links, with who says so.

    Parameters
    ----------
    links
        The links.
    steps
        Positions of links that follow each other.
    direction
        1 starts from an increase, -1 from a decrease.
    """
    told = f"{_DIRECTIONS[direction].capitalize()} {m.name(links.ids[links.cause[steps[0]]])}"
    now = direction
    for order, at in enumerate(steps):
        sign = int(np.sign(links.value[at]))
        now *= sign
        word = _DIRECTIONS[now]
        undecided = "" if sign else ", in a direction that is not agreed"
        told += (
            f"{', which' if order else ''} brings {word} {m.name(links.ids[links.effect[at]])}"
            f"{undecided} ({voices(links, at)})"
        )
    return f"{told}."


def voices(links: SignedLinks, at: int) -> str:
    """How many reporters stand behind the direction of a link, of how many that speak of it."""
    up, down = int(links.positive[at]), int(links.negative[at])
    everyone = up + down + int(links.unsigned[at])
    if not everyone:
        return "nobody holds to a direction"
    if up + down == 0:
        return f"{number_of(everyone, 'reporter')}, none with a direction"
    if up == down:
        return f"{up} for more, {down} for less, of {number_of(everyone, 'reporter')}"
    return f"{max(up, down)} of {number_of(everyone, 'reporter')}"


def link_name(m: SystemMap, links: SignedLinks, at: int) -> str:
    """A link by the names of its ends."""
    return f"{m.name(links.ids[links.cause[at]])} → {m.name(links.ids[links.effect[at]])}"


def reporters_behind(m: SystemMap, links: SignedLinks, leading: BoolArray) -> IntArray:
    """How many reporters told any link on the chains from each node; shape ``(nodes,)``.

    Parameters
    ----------
    links
        The influences of `m`.
    leading
        Nodes that the chains may go to, as from `reached`, backwards.
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
