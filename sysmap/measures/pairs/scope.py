"""What a ranking is about: one outcome, element, area of work or context, or everything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core import names
from sysmap.core.errors import UnknownIdError
from sysmap.core.model import SystemMap
from sysmap.core.schema import ELEMENTS, OUTCOMES
from sysmap.core.stats import BoolArray


@dataclass(frozen=True, slots=True)
class Scope:
    """Which nodes are meant; None means all of a kind.

    Parameters
    ----------
    name
        The subject in words; empty for everything.
    outcomes, elements, contexts
        Ids.
    """

    name: str = ""
    outcomes: frozenset[str] | None = None
    elements: frozenset[str] | None = None
    contexts: frozenset[str] | None = None

    def holds(self, rows: pd.DataFrame) -> BoolArray:
        """True for each claim that is about the subject; a place not stated is no country."""
        inside = np.ones(len(rows), bool)
        for column, ids in (
            ("outcome", self.outcomes),
            ("element", self.elements),
            ("context", self.contexts),
        ):
            if ids is not None and column in rows:
                inside &= rows[column].isin(ids).to_numpy(bool)
        return inside


EVERYTHING = Scope()
"""No subject: all claims are meant."""


def scope(m: SystemMap, about: str | None) -> Scope:
    """Resolve an id, or the name of an area of work.

    An outcome stands for itself and the elements from which influences lead to it.

    Raises
    ------
    UnknownIdError
        If the map has no such outcome, element, context or area.
    TypeError
        If `about` is no text.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["law"], "name": ["Law"], "area": ["Strategy"]}),
    ... })
    >>> scope(m, "strategy").elements
    frozenset({'law'})
    """
    if about is None:
        return EVERYTHING
    if not isinstance(about, str):
        raise TypeError(f"about is {about!r}; write an id, or the name of an area of work, as text")
    if about in m.contexts.index:
        return Scope(m.name(about), contexts=frozenset([about]))
    if about in m.elements.index:
        return Scope(m.name(about), elements=frozenset([about]))
    if about in m.outcomes.index:
        found = m.upstream(about)
        leading = frozenset(found.tables[ELEMENTS]["id"])
        return Scope(m.name(about), outcomes=frozenset([about]), elements=leading)
    areas = m.elements["area"].dropna()
    inside = areas[areas.map(names.key) == names.key(about)]
    if len(inside):
        return Scope(str(inside.iloc[0]), elements=frozenset(inside.index))
    known = [*m.contexts.index, *m.elements.index, *m.tables[OUTCOMES]["id"], *areas.unique()]
    raise UnknownIdError(
        about, table="outcomes, elements, contexts or areas", near=names.alike(about, known)
    )
