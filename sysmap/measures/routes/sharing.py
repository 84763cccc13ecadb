"""Which outcomes share the elements that lead to them."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from sysmap.core import charts
from sysmap.core.model import SystemMap
from sysmap.core.result import as_image, first_rows, joined, small_print
from sysmap.core.schema import ELEMENTS
from sysmap.core.words import first_few, number_of
from sysmap.measures.propagation import SignedLinks
from sysmap.measures.routes.flows import leading_to

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAMED = 3


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SharedElements:
    """Elements by the exact combination of outcomes that they lead to.

    Parameters
    ----------
    map
        The map that the chains of claims stand in.
    members
        True where a chain of influence claims, of any length, leads from an element (row) to an
        outcome (column); both in ascending order.
    """

    map: SystemMap
    members: pd.DataFrame = field(repr=False)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per combination of outcomes that any element leads to, the largest first.

        Returns
        -------
        pandas.DataFrame
            Indexed by the outcomes of the combination, ids joined by ``; ``: name (their names),
            size (how many outcomes), count (how many elements lead to these and to no other
            outcome) and elements (their ids). Ties: more outcomes first, then by id.
        """
        found = charts.combinations(self.members)
        there = self.members.to_numpy(bool)
        rows = []
        for held in found.to_numpy(bool):
            outcomes = self.members.columns[held]
            elements = self.members.index[(there == held).all(axis=1)]
            names = joined([self.map.name(id) for id in outcomes])
            rows.append((joined(outcomes), names, len(outcomes), len(elements), joined(elements)))
        frame = pd.DataFrame(rows, columns=["outcomes", "name", "size", "count", "elements"])
        types = {"outcomes": "str", "name": "str", "size": "int64", "count": "int64"}
        return frame.astype({**types, "elements": "str"}).set_index("outcomes")

    def summary(self) -> str:
        """How many elements lead to several outcomes, and how many to all."""
        listed, outcomes = self.members.shape
        if not self._leading:
            return f"Nobody named a chain from any of {number_of(listed, 'element')} to an outcome."
        several, every = int((self._reach > 1).sum()), int((self._reach == outcomes).sum())
        told = "lead" if several != 1 else "leads"
        whole = f", {every or 'none'} of them to all {outcomes}" if outcomes > 2 else ""
        return f"{several:,} of {number_of(listed, 'element')} {told} to several outcomes{whole}."

    def alt_text(self) -> str:
        """The figure in words."""
        parts = [
            f"{row['count']:,} for {first_few(str(row['name']).split('; '), 1)}"
            for _, row in self.frame.head(_NAMED).iterrows()
        ]
        largest = f" Largest: {'; '.join(parts)}." if parts else ""
        return (
            f"UpSet plot of {number_of(self._leading, 'element')} by the combination of the "
            f"{number_of(self.members.shape[1], 'outcome')} that they lead to: outcomes as rows, "
            f"combinations as columns, numbers of elements as bars. {self.summary()}"
            f"{largest} Values in sheet shared_elements."
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the combinations; on a new figure unless axes are given."""
        rest = len(self.members) - self._leading
        alone = f" Not counted: {number_of(rest, 'element')} that lead to none." if rest else ""
        with charts.style(small_print(self.map)):
            return charts.upset(
                charts.axes(ax, rows=self.members.shape[1]),
                self.members.rename(columns=dict(self.map.outcomes["name"])),
                title=self.summary(),
                note=(
                    "An element counts for an outcome if a chain of influence claims leads to it, "
                    f"of any length; that nobody named one is no proof that there is none.{alone}"
                ),
                words=("lead to one outcome", "lead to several"),
                what="elements",
            )

    def __len__(self) -> int:
        """Count the combinations."""
        return len(charts.combinations(self.members))

    def __repr__(self) -> str:
        """The class and the answer in one sentence."""
        return f"<{type(self).__name__}: {self.summary()}>"

    def _repr_html_(self) -> str:
        """Sentence, figure with its words and first rows, escaped, for notebooks."""
        figure = as_image(self.plot(), self.alt_text()) if self._leading else ""
        return f"<p>{html.escape(self.summary())}</p>{figure}{first_rows(self.frame)}"

    @property
    def _reach(self) -> pd.Series:
        """To how many outcomes each element leads."""
        return self.members.sum(axis=1)

    @property
    def _leading(self) -> int:
        return int((self._reach > 0).sum())


def shared_elements(m: SystemMap, links: SignedLinks) -> SharedElements:
    """Which elements lead to which outcomes, over chains of claims of any length."""
    joined_to = leading_to(links)[: len(m.tables[ELEMENTS])]
    members = pd.DataFrame(joined_to, m.elements.index, m.outcomes.index)
    return SharedElements(m, members.sort_index().sort_index(axis=1))
