"""Shared purpose: features in common, rare ones counting more, and what size alone would give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from sysmap.core.schema import CONTEXTS, ELEMENTS, OUTCOMES, SEEKS, WORKS_ON
from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.pairs.null_model import NullModel, null_model
from sysmap.measures.pairs.portfolio import Grouped, Kept, Portfolio, grouped

PRIOR = 0.25
"""Prior variance in squared typical features, so that one lucky match is no discovery."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Features of one kind.

    Parameters
    ----------
    nodes, claims
        The node table of the features and the list of claims that they come from.
    held
        Groups with keys organization and feature; features are numbered without gaps.
    codes
        What each feature is, as a position in the map.
    weight
        ln(n / df) of each feature.
    null
        Organizations by features, as their sizes alone would have it.
    """

    nodes: str
    claims: str
    held: Grouped
    codes: IntArray
    weight: FloatArray
    null: NullModel

    def together(self, kept: Kept) -> FloatArray:
        """Weight of the features in common, shape ``(draws, organizations, organizations)``."""
        standing = self.held.standing(kept[self.claims])
        who, feature = self.held.keys.T
        has = np.zeros((standing.shape[1], len(self.null.row), len(self.weight)))
        has[:, who, feature] = standing.T * np.sqrt(self.weight)[feature]
        return np.asarray(has @ has.transpose(0, 2, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Purpose:
    """What organizations have in common; square arrays are organizations by organizations.

    Parameters
    ----------
    blocks
        Outcomes sought, elements worked on and contexts worked in, where there are any.
    together
        O, the weight of the features in common.
    own
        W, the weight of all features of each organization.
    expected, variance
        E and V of O under the null model.
    prior
        Variance added to V.
    """

    blocks: tuple[Block, ...]
    together: FloatArray
    own: FloatArray
    expected: FloatArray
    variance: FloatArray
    prior: float

    def similarity(self, together: FloatArray) -> FloatArray:
        """Weighted Jaccard similarity at a weight in common; 0 where neither has any weight."""
        either = self.own[:, None] + self.own - together
        return np.divide(together, either, out=np.zeros(either.shape), where=either > 1e-12)

    def drawn(self, kept: Kept) -> FloatArray:
        """O in each draw."""
        return _total([block.together(kept) for block in self.blocks])


def purpose(told: Portfolio) -> Purpose | None:
    """Shared purpose and its null model; None if nobody has any feature.

    Notes
    -----
    A feature that all have weighs nothing. The null model keeps, per block, the number of
    features of every organization and of organizations of every feature.
    """
    blocks = features(told)
    if not blocks:
        return None
    together = _total([block.together(told.everything()) for block in blocks])[0]
    squares = np.concatenate([block.weight for block in blocks]) ** 2
    return Purpose(
        blocks,
        together,
        np.diag(together).copy(),
        _total([b.null.overlap(b.weight) for b in blocks]),
        _total(
            [b.null.overlap(b.weight**2) - b.null.overlap(b.weight**2, power=2) for b in blocks]
        ),
        PRIOR * float(squares.mean()),
    )


def features(told: Portfolio) -> tuple[Block, ...]:
    """Outcomes sought, elements worked on and contexts worked in, as far as there are any."""
    where = told.works[:, 2]
    here = np.arange(len(where)) if told.here is None else np.flatnonzero(told.here)
    placed = here[where[here] >= 0]
    found = [
        (OUTCOMES, SEEKS, grouped(told.seeks[:, 0], told.seeks[:, 1])),
        (ELEMENTS, WORKS_ON, grouped(told.works[:, 0], told.works[:, 1], among=here)),
        (CONTEXTS, WORKS_ON, grouped(told.works[:, 0], where, among=placed)),
    ]
    there = [part for part in found if len(part[-1].keys)]
    if not there:
        return ()
    anybody = np.unique(np.concatenate([held.keys[:, 0] for *_, held in there])).size
    return tuple(_block(*part, len(told.organizations), anybody) for part in there)


def _block(nodes: str, claims: str, held: Grouped, size: int, anybody: int) -> Block:
    who, feature = held.keys.T
    codes, local, holders = np.unique(feature, return_inverse=True, return_counts=True)
    return Block(
        nodes,
        claims,
        Grouped(np.column_stack([who, local]), held.order, held.starts),
        codes,
        np.log(anybody / holders),
        null_model(np.bincount(who, minlength=size), holders),
    )


def _total(parts: list[FloatArray]) -> FloatArray:
    return reduce(np.add, parts)
