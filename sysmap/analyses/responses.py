"""Who was asked, and who answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, names
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.result import Result, evidence_rows
from sysmap.core.schema import ASKED, ELEMENTS, SOURCES, YES, LinkType
from sysmap.core.words import number_of, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KEYS = ["source", "question"]
_ANYWHERE = "\0"
"""Stands for a blank context or area of a ledger row; no id or area is spelled so."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Responses(Result):
    """Answers by source and question."""

    question: ClassVar[str] = "Who was asked, and who answered?"

    def summary(self) -> str:
        """How much of what was asked was answered."""
        asked, answered = int(self.table["asked"].sum()), int(self.table["answered"].sum())
        by_source = self.table["answered"].groupby(level="source").sum()
        silent = int((by_source == 0).sum())
        return (
            f"{answered:,} of {asked:,} questions put to {number_of(len(by_source), 'source')} "
            f"were answered ({percent(answered / asked)}); "
            + (
                f"{number_of(silent, 'source')} stayed silent."
                if silent
                else "nobody stayed silent."
            )
        )

    def methods(self) -> str:
        """How answers were counted."""
        return (
            "Each row of the ledger is one question put to one source about one context and one "
            "area, or about all. It was answered where the ledger says so; where the ledger is "
            "blank, if the source made a claim of that kind within that scope. The rate is "
            "answered over asked. Answers that were inferred from claims alone are not counted."
        )

    def alt_text(self) -> str:
        """The matrix in words."""
        questions = self.table.index.unique("question")
        return (
            f"Matrix of {number_of(self.table.index.unique('source').size, 'source')} by "
            f"{number_of(len(questions), 'question')}: answered, answered in part, silent or not "
            f"asked. {self.summary()} Values in sheet responses."
        )

    def _sentences(self, key: object, row: pd.Series) -> str:
        source, question = str(key[0]), str(key[1])  # type: ignore[index]
        name = self.map.sources["name"][source]
        asked = f"{name} was asked about {question} {_times(row['asked'])}"
        if row["answered"] == row["asked"]:
            return f"{asked} and answered every time."
        if row["answered"] == 0:
            return f"{asked} and was silent, which is not a no."
        return f"{asked} and answered {_times(row['answered'])} ({percent(row['rate'])})."

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        rows = _stated(self.map)
        mine = rows[pd.MultiIndex.from_frame(rows[_KEYS]) == key]
        counts = np.where(mine["answered"] == YES, "asked; answered", "asked")
        unit = pd.Series([f"ledger row {label}" for label in mine.index], mine.index, dtype="str")
        return evidence_rows(self.map, ASKED, mine, unit, pd.Series(counts, mine.index))

    def _draw(self, ax: Axes) -> Axes:
        words = np.select(
            [self.table["rate"] == 1, self.table["rate"] > 0], ["answered", "in part"], "silent"
        )
        states = pd.Series(words, self.table.index, dtype="str").unstack("question")
        told = self.table.groupby(level="source")[["asked", "answered"]].sum()
        rate = (told["answered"] / told["asked"]).sort_index()
        order = rate.sort_values(ascending=False, kind="stable").index
        known = [kind.table for kind in self.map.schema.links if kind.table in states.columns]
        shown = states.loc[order, known].fillna("not asked")
        shown = shown.rename(columns=lambda table: table.replace("_", " "))
        return charts.matrix(
            ax,
            shown.set_axis(self.map.sources["name"][order], axis=0),
            title=self.summary(),
            note="Silent is asked and not answered; it is not a no.",
            rows="sources",
            columns="questions",
        )


def responses(m: SystemMap, /) -> Responses:
    """Answers are counted for each source and question, among those asked.

    Returns
    -------
    Responses
        One row per source and question of the ledger: rows ``asked`` and ``answered``, and their
        ``rate``, the highest first.

    Raises
    ------
    UndecidableError
        If nobody wrote down who was asked.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "sources": pd.DataFrame({"id": ["s1", "s2"], "name": ["One", "Two"]}),
    ...     "asked": pd.DataFrame({
    ...         "source": ["s1", "s2"], "question": "seeks", "answered": ["yes", "no"],
    ...     }),
    ... })
    >>> responses(m).frame
                     asked  answered  rate
    source question
    s1     seeks         1         1   1.0
    s2     seeks         1         0   0.0
    """
    rows = _stated(m)
    if rows.empty:
        raise UndecidableError(
            "responses cannot be decided: nobody wrote down who was asked what.",
            missing=(
                "Add the sheet asked, with one row per source and question that was put to it, "
                "and answered yes or no."
            ),
        )
    counts = rows.assign(answered=rows["answered"] == YES).groupby(_KEYS)["answered"]
    frame = pd.DataFrame({"asked": counts.size(), "answered": counts.sum()}).astype("int64")
    frame = frame.assign(rate=frame["answered"] / frame["asked"]).sort_index()
    frame = frame.sort_values("rate", ascending=False, kind="stable")
    return Responses(m, frame, {}, tuple(_caveats(m, rows)))


def _stated(m: SystemMap) -> pd.DataFrame:
    """Ledger rows that somebody wrote."""
    asked = m.asked
    return asked[asked["speaks_for"].isna()]


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(int(n), f"{n} times")


def _caveats(m: SystemMap, rows: pd.DataFrame) -> Iterator[str]:
    """What the ledger does not tell."""
    areas = m.elements["area"].map(names.key, na_action="ignore").astype("str")
    scopes = pd.MultiIndex.from_arrays(
        [
            rows["question"],
            rows["source"],
            rows["context"].fillna(_ANYWHERE),
            rows["area"].map(names.key, na_action="ignore").astype("str").fillna(_ANYWHERE),
        ]
    )
    outside = {kind.table: _outside(m, kind, areas, scopes) for kind in m.schema.links}
    total = sum(outside.values())
    if total:
        parts = [f"{table.replace('_', ' ')} {n:,}" for table, n in outside.items() if n]
        yield (
            f"{number_of(total, 'claim')} without a row in the ledger ({', '.join(parts)}): they "
            "count as claims, never as answers."
        )
    if m.hidden:
        yield f"{number_of(m.hidden, 'claim')} hidden from this audience."
    unheard = len(m.table(SOURCES)) - rows["source"].nunique()
    if unheard:
        yield f"{number_of(unheard, 'source')} of the map in no row of the ledger: not asked."


def _outside(m: SystemMap, kind: LinkType, areas: pd.Series, scopes: pd.MultiIndex) -> int:
    """Claims of one table that no ledger row reaches."""
    told = m.links(kind.table)
    table, blank = (pd.Series(text, told.index, dtype="str") for text in (kind.table, _ANYWHERE))
    where = told["context"].fillna(_ANYWHERE) if "context" in kind.names else blank
    ends = [end.name for end in kind.ends if ELEMENTS in end.to]
    about = [told[end].map(areas).astype("str").fillna(_ANYWHERE) for end in ends]
    reached = np.zeros(len(told), dtype=bool)
    for context in (where, blank):
        for area in (*about, blank):
            claims = pd.MultiIndex.from_arrays([table, told["source"], context, area])
            reached |= claims.isin(scopes)
    return int((~reached).sum())
