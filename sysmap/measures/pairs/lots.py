"""Up to 64 draws in which claims are lost: each claim is one word, and each draw a bit of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from sysmap.core.stats import BoolArray
from sysmap.measures.pairs.portfolio import Grouped, Portfolio

BITS = 64

Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """Which claims of each list stand in some draws.

    Parameters
    ----------
    draws
        Number of draws, at most `BITS`.
    claims
        A word of each claim; bit k is set if it stands in draw k.
    """

    draws: int
    claims: Mapping[str, Words]

    def opened(self, words: Words) -> BoolArray:
        """Which of the words have which draw, shape ``(words, draws)``.

        Examples
        --------
        >>> Lots(2, {}).opened(np.array([1, 2], np.uint64)).tolist()
        [[True, False], [False, True]]
        """
        return np.column_stack([bit(words, draw) for draw in range(self.draws)])


def bit(words: Words, draw: int) -> BoolArray:
    """Which words have the bit of a draw."""
    return np.asarray(words & np.uint64(1 << draw), dtype=bool)


def standing(groups: Grouped, claims: Words) -> Words:
    """Where a group stands, given where each claim does."""
    if not len(groups.keys):
        return np.zeros(0, np.uint64)
    return np.asarray(np.bitwise_or.reduceat(claims[groups.order], groups.starts))


def everything(told: Portfolio) -> Lots:
    """One draw in which every claim stands."""
    return Lots(1, {name: np.ones(size, np.uint64) for name, size in told.sizes().items()})


def cast(
    told: Portfolio, draws: int, share: float, at_once: int, rng: np.random.Generator
) -> Iterator[Lots]:
    """The draws of `Portfolio.draws`, `at_once` at a time, which changes no lot."""
    drawn = told.draws(draws, share, 1, rng)
    for first in range(0, draws, at_once):
        some = min(at_once, draws - first)
        # eight draws a byte, the lowest first
        eighths = {name: np.zeros((size, 8), np.uint8) for name, size in told.sizes().items()}
        for draw, kept in enumerate(islice(drawn, some)):
            for name, parts in eighths.items():
                parts[:, draw // 8] |= kept[name][:, 0].view(np.uint8) << np.uint8(draw % 8)
        yield Lots(some, {name: parts.view("<u8")[:, 0] for name, parts in eighths.items()})
