"""What the influences of a map could have been, had the claims come out a little differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.propagation import TOP_STRENGTH, SignedLinks

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SEVERAL = 3
"""From so many reporters on the reporters of a link are drawn anew."""

VANISH = 0.10
"""How often a link of fewer reporters is lost in a draw."""

ATTENUATIONS = (0.25, 0.85)
"""The range from which each draw takes what a further step counts."""

_LOWEST = 1
# So many link values are worked on at a time: they stay in the cache of the processor.
_AT_ONCE = 100_000
_TOLERANCE = 1e-12
_CHECK_EVERY, _LEAP_EVERY, _FIRST_LEAP = 3, 12, 6


def drawn_totals(
    links: SignedLinks,
    onto: FloatArray,
    *,
    draws: int,
    random: np.random.Generator,
    absolute: bool = False,
) -> FloatArray:
    """Influence over chains of any length, once per draw of claims and attenuation.

    Parameters
    ----------
    links
        The influences of a map.
    onto
        Weights of nodes as in `propagation.total`; shape ``(nodes,)``.
    draws, random
        How many draws, and where they come from.
    absolute
        True drops all signs.

    Returns
    -------
    ndarray
        Shape ``(draws, nodes)``; draws in order of falling attenuation.

    Notes
    -----
    Equal to ``total(pushes(links, value), onto, attenuation=...)`` for each draw. Many draws form
    one block-diagonal sparse matrix, and neighbours in attenuation share the length of the series.

    Examples
    --------
    >>> import pandas as pd
    >>> from sysmap.core.model import from_tables
    >>> from sysmap.measures.propagation import signed_links
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "influences": pd.DataFrame({"cause": ["law"], "effect": ["tax"], "sign": ["+"]}),
    ... })
    >>> one = drawn_totals(signed_links(m), np.array([0.0, 1.0]), draws=3,
    ...                    random=np.random.default_rng(0))
    >>> one.shape, bool(np.isin(one[:, 0].round(2), [0, 0.33, 0.67, 1]).all())
    ((3, 2), True)
    """
    rates = np.sort(random.uniform(*ATTENUATIONS, draws))[::-1]
    found = np.zeros((draws, len(links.ids)))
    at = 0
    for values in drawn_values(links, draws=draws, random=random):
        batch = slice(at, at + len(values))
        blocks = _blocks(links, np.abs(values) if absolute else values, rates[batch])
        found[batch] = _series(blocks, onto, rates[batch])
        at += len(values)
    return found


def drawn_values(
    links: SignedLinks, *, draws: int, random: np.random.Generator
) -> Iterator[FloatArray]:
    """Link values as other answers could have made them, in batches ``(some draws, links)``.

    The reporters of a link are drawn with replacement where there are three or more. Fewer cannot
    be drawn from: there the strength goes one category up or down, with probability 1/3 each and
    within 1 to 3, and the link is lost with probability 0.10. A contested link of two reporters
    stays contested.

    Notes
    -----
    Which random number a link gets depends on the ids of its ends and not on its row; a batch
    holds so many draws as its size allows, so equal maps give equal draws.
    """
    size = len(links)
    order = _by_ids(links)
    reporters = _Reporters(links, order)
    strength = np.nan_to_num(links.strength)
    direction = np.zeros(size)
    np.divide(links.value, strength, out=direction, where=strength > 0)
    at_once = max(1, _AT_ONCE // max(size, 1))
    for begin in range(0, draws, at_once):
        count = min(at_once, draws - begin)
        lot = np.empty((count, size))
        lot[:, order] = random.random((count, size))
        third = (1 - VANISH) / 3
        moved = strength + (lot >= 1 - third)
        moved -= lot < VANISH + third
        np.clip(moved, _LOWEST, TOP_STRENGTH, out=moved)
        moved *= direction
        moved *= lot >= VANISH
        reporters.draw_into(moved, random)
        yield moved


class _Reporters:
    """Votes on the links of several reporters, one link after the other."""

    def __init__(self, links: SignedLinks, order: IntArray) -> None:
        place = np.empty(len(links), dtype=np.int64)
        place[order] = np.arange(len(links))
        heard = links.positive + links.negative
        votes = links.votes
        link = votes["link"].to_numpy(np.int64)
        several = np.flatnonzero(heard[link] >= SEVERAL)
        sign, strength = (votes[c].to_numpy(float)[several] for c in ("sign", "strength"))
        link = link[several]
        sorted_ = np.lexsort((strength, sign, place[link]))
        self.sign, self.strength = sign[sorted_], strength[sorted_]
        link = link[sorted_]
        self.starts = np.flatnonzero(np.diff(link, prepend=-1))
        self.link = link[self.starts]
        self.heard = heard[self.link]
        self.start_of_vote = np.repeat(self.starts, self.heard)
        self.heard_of_vote = np.repeat(self.heard, self.heard)

    def draw_into(self, values: FloatArray, random: np.random.Generator) -> None:
        """Write what the drawn reporters say into the columns of their links."""
        if not len(self.starts):
            return
        lot = random.random((len(values), len(self.sign)))
        picked = self.start_of_vote + (lot * self.heard_of_vote).astype(np.int64)
        helps = self.sign[picked] > 0
        strength = self.strength[picked]
        up = np.add.reduceat(helps, self.starts, axis=1, dtype=float)
        pushed = np.add.reduceat(np.where(helps, strength, 0.0), self.starts, axis=1)
        pulled = np.add.reduceat(np.where(helps, 0.0, strength), self.starts, axis=1)
        down = self.heard - up
        more = np.maximum(up, down)
        mean = np.where(up > down, pushed, pulled) / more
        values[:, self.link] = (up - down) / self.heard * mean


def _by_ids(links: SignedLinks) -> IntArray:
    """Positions of the links, sorted by the ids of their ends."""
    rank = np.argsort(np.argsort(links.ids.to_numpy(object), kind="stable"), kind="stable")
    order: IntArray = np.lexsort((rank[links.effect], rank[links.cause]))
    return order


def _blocks(links: SignedLinks, values: FloatArray, rates: FloatArray) -> csr_array:
    """The attenuated pushes of several draws as one sparse matrix with a block per draw."""
    from scipy.sparse import csr_array

    count, width, size = len(values), len(links.ids), len(links)
    place = (np.arange(count)[:, None] * width + links.effect).ravel()
    flat = values.ravel()
    received = np.bincount(place, weights=np.abs(flat), minlength=count * width)
    divided = np.repeat(rates, width) / np.maximum(received, TOP_STRENGTH)
    shares = flat * divided[place]
    begin = np.searchsorted(links.cause, np.arange(width))
    starts = np.append((np.arange(count)[:, None] * size + begin).ravel(), count * size)
    whole = (shares, place.astype(np.int32), starts.astype(np.int32))
    return csr_array(whole, shape=(count * width, count * width))


def _series(blocks: csr_array, onto: FloatArray, rates: FloatArray) -> FloatArray:
    """The series of every block, stopped when what is left is below rounding.

    What is left after some terms is handed on by one more step, as in the plain sum. In maps where
    nearly everything helps it shrinks slowly and in one direction, so now and then each block goes
    so far along it that the least remains; every step is exact, whatever its length.
    """
    count, width = len(rates), len(onto)
    left = np.tile(onto, count)
    summed = np.zeros_like(left)
    bound = _TOLERANCE * (1 - rates.max(initial=0.0))
    steps = 0
    while True:
        if steps % _CHECK_EVERY == 0:
            size = np.abs(left).reshape(count, width).sum(axis=1).max(initial=0.0)
            if size <= bound:
                break
        steps += 1
        handed = blocks @ left
        if steps % _LEAP_EVERY != _FIRST_LEAP:
            summed += left
            left = handed
            continue
        gone = left - handed
        length = np.repeat(
            _least_left(left.reshape(count, width), gone.reshape(count, width)), width
        )
        summed += length * left
        left -= length * gone
    found: FloatArray = (summed.reshape(count, width) - onto) / rates[:, None]
    return found


def _least_left(left: FloatArray, gone: FloatArray) -> FloatArray:
    """The step of each block after which the sum of squares of what is left is least."""
    length = np.ones(len(left))
    squares = np.einsum("ij,ij->i", gone, gone)
    np.divide(np.einsum("ij,ij->i", left, gone), squares, out=length, where=squares > 0)
    return length
