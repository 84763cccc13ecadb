"""How far reporters agree beyond chance, and what that allows to conclude."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from sysmap.measures.reporting.sides import Sides

RELIABLE, TENTATIVE = 0.80, 2 / 3
"""Bounds of alpha for conclusions and for tentative ones. Source: Krippendorff (2004)."""

_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reporters agree beyond chance.

    Parameters
    ----------
    alpha
        Krippendorff's alpha: 1 is perfect, 0 what chance gives; NaN where no subject has two
        votes, or all votes are equal.
    subjects
        Subjects with two or more votes.
    by_table
        The same for each table alone; empty where it is one table.
    """

    alpha: float
    subjects: int
    by_table: Mapping[str, Agreement] = field(default_factory=dict)

    def __float__(self) -> float:
        """The coefficient."""
        return self.alpha

    @property
    def reading(self) -> str:
        """What alpha allows: reliable, tentative, no conclusions; or missing."""
        if np.isnan(self.alpha):
            return "missing"
        if self.alpha >= RELIABLE - _TOLERANCE:
            return "reliable"
        return "tentative" if self.alpha >= TENTATIVE - _TOLERANCE else "no conclusions"


def agreement_of(found: Mapping[str, Sides]) -> Agreement:
    """Agreement over all tables and for each.

    Over all tables it is the mean of the coefficients, weighted by expected disagreement: a sign
    and a state can never be mistaken for each other, and one coefficient of all four words would
    be too high.

    Parameters
    ----------
    found
        The votes, by table.

    Examples
    --------
    >>> agreement_of({}).reading
    'missing'
    """
    parts = {table: v.agreement() for table, v in found.items()}
    known = [(alpha, weight) for alpha, weight, _ in parts.values() if not np.isnan(alpha)]
    total = sum(weight for _, weight in known)
    alpha = sum(a * w for a, w in known) / total if total else float("nan")
    each = {table: Agreement(a, n) for table, (a, _, n) in parts.items()}
    return Agreement(alpha, sum(n for _, _, n in parts.values()), MappingProxyType(each))
