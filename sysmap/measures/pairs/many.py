"""What pairs of very many organizations rest on, where all pairs are too many to hold at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.pairs.chance import Chance, by_chance
from sysmap.measures.pairs.crossed import crossed
from sysmap.measures.pairs.needed import Needs, Spill, needed
from sysmap.measures.pairs.portfolio import Portfolio
from sysmap.measures.pairs.purpose import PRIOR, Block, features
from sysmap.measures.pairs.reach import by_degree, known_ties
from sysmap.measures.pairs.threads import both

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ALL_PAIRS = 2000
"""With more organizations only the best partners of each are listed and ranked."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Expectation and variance with prior, by kind of organization."""

    expected: FloatArray
    variance: FloatArray
    kind: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """What the parts of the score rest on, small where `Affinity` holds squares.

    Parameters
    ----------
    told
        The claims.
    blocks
        Features; empty if nobody has any.
    purpose
        The null model of each block.
    needs, spill, chance
        What is needed, what an offer is worth, and their null model; no needs or chance without
        needs or offers.
    crossed
        Needs and offers, such that the product is fit.
    ties
        Who is tied to whom, a sparse square of ones; None if no tie is known.
    reach
        The null model of reach, if a tie is known.
    weight
        Of each organization as a partner in common.
    """

    told: Portfolio
    blocks: tuple[Block, ...]
    purpose: tuple[Table, ...]
    needs: Needs | None
    spill: Spill
    chance: Chance | None
    crossed: tuple[csr_array, csr_array]
    ties: csr_array | None
    reach: tuple[Table, ...]
    weight: FloatArray

    @property
    def known(self) -> tuple[bool, bool, bool]:
        """Which parts of the score the map has data for."""
        return bool(self.blocks), self.needs is not None, self.ties is not None

    def bare(self) -> Many:
        """The same without claims, needs and features: what comparing pairs asks for, and small."""
        return replace(self, told=self.told.bare(), blocks=(), needs=None)


def many(told: Portfolio, spill: Spill, value: FloatArray) -> Many:
    """Prepare the parts; parameters as in `affinity`."""
    needs, ties = needed(told, value), known_ties(told)

    def seen() -> tuple[tuple[Block, ...], tuple[Table, ...], tuple[csr_array, csr_array]]:
        blocks = features(told)
        return blocks, _by_kind(blocks), crossed(told, needs, spill)

    def expected() -> Chance | None:
        return None if needs is None else by_chance(needs, told, spill)

    (blocks, purpose, meeting), chance = both(seen, expected)
    reach: tuple[Table, ...] = ()
    weight = np.zeros(len(told.organizations))
    if ties is not None:
        degree = np.asarray(ties.sum(axis=1), dtype=np.int64).ravel()
        mean, variance, kind, weight = by_degree(degree)
        reach = (Table(mean, variance, kind),)
    return Many(told, blocks, purpose, needs, spill, chance, meeting, ties, reach, weight)


def _by_kind(blocks: Sequence[Block]) -> tuple[Table, ...]:
    """The null models of features; the last one holds the prior of all."""
    tables = [
        Table(
            b.null.overlap_by_kind(b.weight),
            b.null.overlap_by_kind(b.weight**2) - b.null.overlap_by_kind(b.weight**2, 2),
            b.null.row,
        )
        for b in blocks
    ]
    if tables:
        squares = np.concatenate([b.weight for b in blocks]) ** 2
        prior = PRIOR * float(squares.mean())
        tables[-1] = replace(tables[-1], variance=tables[-1].variance + prior)
    return tuple(tables)


def summed(
    tables: Sequence[Table], one: IntArray, other: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Expectation and variance of independent tables together, for pairs of organizations."""
    at = [(table, (table.kind[one], table.kind[other])) for table in tables]
    return (
        reduce(np.add, (table.expected[kinds] for table, kinds in at)),
        reduce(np.add, (table.variance[kinds] for table, kinds in at)),
    )


def above(seen: FloatArray, expected: FloatArray, variance: FloatArray) -> FloatArray:
    """How far above chance, in standard deviations; NaN where nothing varies."""
    spread = np.sqrt(np.where(variance > 0, variance, np.nan))
    return np.asarray((seen - expected) / spread)
