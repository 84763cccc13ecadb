"""Plausible systems that keep every claimed sign, and how each node responds to a press in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from sysmap.core import stats
from sysmap.core.errors import LimitError
from sysmap.core.stats import RNG, BoolArray, FloatArray, IntArray
from sysmap.measures.propagation import SignedLinks
from sysmap.measures.routes.chains import reached

WEAKEST_DAMPING = 0.25
"""Each node holds itself in check with a strength between this and 1."""

MOST_TOGETHER = 400
"""More nodes that all feed back on each other would take many minutes and hardly ever rest."""

_BYTES = 48_000_000
_MOST_AT_ONCE = 2000
_SCREENED = 16
# The middle of the dampings, by ratio: there the powers of stable systems shrink fastest.
_SHIFT = 0.5
_SQUARINGS, _DISTANCE, _WILD = 10, 0.1, 1e6
_PATIENCE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """How often each node went up or down; arrays have one entry per node of the links.

    Parameters
    ----------
    up, down
        Kept systems in which the node ends higher, and lower.
    kept
        Systems that come to rest.
    tried
        Systems drawn.
    """

    up: IntArray
    down: IntArray
    kept: int
    tried: int


def plus_shares(links: SignedLinks) -> FloatArray:
    """How often each link is drawn with +: p / (p + q), and 1/2 where nobody gives a sign."""
    said = links.positive + links.negative
    shares: FloatArray = np.where(said > 0, links.positive / np.maximum(said, 1), 0.5)
    return shares


def responses(
    links: SignedLinks,
    press: FloatArray,
    *,
    draws: int,
    rng: RNG = 0,
    tell: Callable[[int], None] | None = None,
) -> Responses:
    """Random systems with the claimed signs are pressed, and those that come to rest counted.

    Parameters
    ----------
    links
        The links.
    press
        1 for a node that is pushed up, -1 down, 0 for the others; shape ``(nodes,)``.
    draws
        Systems to draw.
    rng
        Seed or Generator. Equal seeds give equal counts whatever the order of rows.
    tell
        Called with the systems drawn after each batch.

    Raises
    ------
    LimitError
        If more than 400 of the nodes reached all feed back on each other.

    Notes
    -----
    C has a link's sign times U(0, 1) from cause to effect and -U(0.25, 1) on its diagonal; a
    system is kept if every eigenvalue of C has a negative real part, and responds with -C^-1
    press (loop analysis by simulation, Melbourne-Thomas et al. 2012).

    Only nodes that the press reaches are drawn. The others do not move. No link leads from the
    reached part to the rest, so C is block triangular: its eigenvalues are those of both parts,
    whose numbers are drawn independently, and the law of the response is the same whether or not
    the rest comes to rest. The same holds inside: eigenvalues are found strong component by
    strong component, and a component is solved after those that lead to it.

    The search ends after a tenth of the draws if nothing came to rest until then.
    """
    system = _System(links, press)
    largest = max((len(block.nodes) for block in system.blocks), default=0)
    if largest > MOST_TOGETHER:
        raise LimitError(
            f"what_if: {largest:,} elements and outcomes all feed back on each other, at most "
            f"{MOST_TOGETHER:,} can be drawn together. Narrow with m.select(elements=...).",
            limit="elements that feed back on each other",
        )
    generator = stats.generator(rng)
    up, down = np.zeros((2, len(links.ids)), np.int64)
    kept = tried = 0
    while tried < draws and not (kept == 0 and tried * _PATIENCE >= draws):
        batch = min(system.at_once, draws - tried)
        moved = system.moved(generator.random((batch, system.numbers)))
        up[system.nodes] += (moved > 0).sum(axis=0)
        down[system.nodes] += (moved < 0).sum(axis=0)
        kept += len(moved)
        tried += batch
        if tell is not None:
            tell(tried)
    return Responses(up, down, kept, tried)


def is_stable(systems: FloatArray) -> BoolArray:
    """Which matrices have only eigenvalues with a negative real part; shape ``(k, n, n)``.

    Parameters
    ----------
    systems
        Matrices with a negative diagonal.

    Notes
    -----
    Two cheap tests go before the eigenvalues of larger matrices, and settle only what they prove.
    If the matrix with its diagonal made positive and everything else negative has a solution
    above 0 for ones, it is an M-matrix, and then every choice of signs is stable (Berman and
    Plemmons 1979). The others go through `_settled`.

    Examples
    --------
    >>> is_stable(np.array([[[-1, 0.5], [0.5, -1]], [[-1, 2], [2, -1.0]]]))
    array([ True, False])
    """
    if systems.shape[1] < _SCREENED:
        return _has_stable_eigenvalues(systems)
    size = systems.shape[1]
    calm = -np.abs(systems)
    calm[:, range(size), range(size)] *= -1
    stable: BoolArray = np.zeros(len(systems), bool)
    with suppress(np.linalg.LinAlgError):
        stable = np.asarray((np.linalg.solve(calm, np.ones((size, 1)))[:, :, 0] > 0).all(axis=1))
    doubtful = np.flatnonzero(~stable)
    proven, open_ = _settled(systems[doubtful])
    stable[doubtful[proven]] = True
    doubtful = doubtful[open_]
    stable[doubtful] = _has_stable_eigenvalues(systems[doubtful])
    return stable


def _settled(systems: FloatArray) -> tuple[IntArray, IntArray]:
    """Positions of matrices that are surely stable, and of those on which nothing is proven.

    Notes
    -----
    The Cayley transform (tI - C)^-1 (tI + C), t > 0, has all its eigenvalues inside the unit
    circle exactly where those of C have a negative real part. It is squared again and again: a
    power whose norm is below 1 proves that they are, one whose trace is above n in size that they
    are not. Products of matrices take a fraction of the time of eigenvalues. Both bounds are kept
    at a distance from rounding, and so are powers that grow on the way.
    """
    count, size = systems.shape[:2]
    shift, left = _SHIFT * np.eye(size), np.arange(count)
    stable: list[IntArray] = []
    undecided: list[IntArray] = []
    try:
        power = np.linalg.solve(shift - systems, shift + systems)
    except np.linalg.LinAlgError:
        return left[:0], left
    for _ in range(_SQUARINGS):
        norm = np.sqrt(np.einsum("kij,kij->k", power, power))
        shrinks = norm < 1 - _DISTANCE
        grows = np.abs(np.trace(power, axis1=1, axis2=2)) > (1 + _DISTANCE) * size
        doubtful = ~(norm < _WILD) & ~grows
        stable.append(left[shrinks])
        undecided.append(left[doubtful])
        goes_on = ~(shrinks | grows | doubtful)
        left, power = left[goes_on], power[goes_on]
        if not len(left):
            break
        power = power @ power
    return np.concatenate([left[:0], *stable]), np.concatenate([*undecided, left])


def _has_stable_eigenvalues(systems: FloatArray) -> BoolArray:
    stable: BoolArray = np.asarray((np.linalg.eigvals(systems).real < 0).all(axis=1))
    return stable


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """A strong component: its nodes, the links inside and those that lead to it."""

    nodes: IntArray
    inside: IntArray
    rows: IntArray
    columns: IntArray
    onto: tuple[IntArray, ...]


class _System:
    """The part of the links that a press reaches, nodes and links in the order of their ids."""

    def __init__(self, links: SignedLinks, press: FloatArray) -> None:
        there = np.flatnonzero(reached(links, np.flatnonzero(press)))
        self.nodes: IntArray = there[np.argsort(links.ids[there].to_numpy(object))]
        place = np.full(len(links.ids), -1, np.int64)
        place[self.nodes] = np.arange(len(self.nodes))
        mine = np.flatnonzero(place[links.cause] >= 0)
        mine = mine[np.lexsort((place[links.effect[mine]], place[links.cause[mine]]))]
        self.cause, self.effect = place[links.cause[mine]], place[links.effect[mine]]
        self.plus = plus_shares(links)[mine]
        self.open = np.flatnonzero((self.plus > 0) & (self.plus < 1))
        self.press = press[self.nodes]
        self.blocks = list(self._blocks())
        # Magnitudes of links, lots of open signs, and the diagonal, in this order for each draw.
        self.numbers = len(mine) + len(self.open) + len(self.nodes)
        cells = 6 * max((len(b.nodes) ** 2 for b in self.blocks), default=1)
        each = 8 * (2 * self.numbers + len(self.nodes) + cells)
        self.at_once = int(np.clip(_BYTES // each, 1, _MOST_AT_ONCE))

    def _blocks(self) -> Iterator[_Block]:
        """The strong components, each after those that lead to it."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        size = len(self.nodes)
        ones = np.ones(len(self.cause))
        graph = coo_array((ones, (self.cause, self.effect)), shape=(size, size)).tocsr()
        count, part = connected_components(graph, connection="strong")
        crossing = np.flatnonzero(part[self.cause] != part[self.effect])
        between = np.unique(
            np.column_stack([part[self.cause[crossing]], part[self.effect[crossing]]]), axis=0
        )
        waits = np.bincount(between[:, 1], minlength=count)
        ready = [int(c) for c in np.flatnonzero(waits == 0)]
        starts = np.searchsorted(between[:, 0], np.arange(count + 1))
        while ready:
            component = ready.pop()
            yield self._block(np.flatnonzero(part == component))
            for later in between[starts[component] : starts[component + 1], 1]:
                waits[later] -= 1
                if waits[later] == 0:
                    ready.append(int(later))

    def _block(self, nodes: IntArray) -> _Block:
        within = np.isin(self.effect, nodes) & np.isin(self.cause, nodes)
        inside = np.flatnonzero(within)
        onto = tuple(np.flatnonzero((self.effect == node) & ~within) for node in nodes)
        rows, columns = (np.searchsorted(nodes, e[inside]) for e in (self.effect, self.cause))
        return _Block(nodes, inside, rows, columns, onto)

    def moved(self, lots: FloatArray) -> FloatArray:
        """The responses of the systems that come to rest; shape ``(kept, nodes)``.

        Parameters
        ----------
        lots
            Uniform numbers, one row per system.
        """
        weight, damping = self._drawn(lots)
        kept = np.ones(len(lots), bool)
        for block in sorted(self.blocks, key=lambda b: len(b.nodes)):
            if len(block.nodes) > 1:
                left = np.flatnonzero(kept)
                kept[left] = is_stable(_matrices(block, weight[left], damping[left]))
        weight, damping = weight[kept], damping[kept]
        moved = np.zeros((len(weight), len(self.nodes)))
        for block in self.blocks:
            push = np.empty((len(weight), len(block.nodes)))
            for i, (node, links) in enumerate(zip(block.nodes, block.onto, strict=True)):
                push[:, i] = self.press[node]
                for at in links:
                    push[:, i] += weight[:, at] * moved[:, self.cause[at]]
            if len(block.nodes) == 1:
                moved[:, block.nodes] = push / damping[:, block.nodes]
            else:
                system = -_matrices(block, weight, damping)
                moved[:, block.nodes] = np.linalg.solve(system, push[:, :, None])[:, :, 0]
        return moved

    def _drawn(self, lots: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Signed weights of the links and the damping of the nodes."""
        size = len(self.cause)
        sign = np.where(self.plus > 0, 1.0, -1.0)
        weight = lots[:, :size] * sign
        signs = lots[:, size : size + len(self.open)] < self.plus[self.open]
        weight[:, self.open] *= np.where(signs, 1.0, -1.0)
        damping = WEAKEST_DAMPING + (1 - WEAKEST_DAMPING) * lots[:, size + len(self.open) :]
        return weight, damping


def _matrices(block: _Block, weight: FloatArray, damping: FloatArray) -> FloatArray:
    """C of one strong component; rows are effects."""
    size = len(block.nodes)
    made = np.zeros((len(weight), size, size))
    made[:, block.rows, block.columns] = weight[:, block.inside]
    made[:, range(size), range(size)] = -damping[:, block.nodes]
    return made
