"""Who was asked, and who answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, names
from sysmap.core.claims import reporters
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.parameters import one_of
from sysmap.core.result import Result, evidence_rows
from sysmap.core.schema import ASKED, ELEMENTS, SOURCES, YES, LinkType
from sysmap.core.words import number_of, percent
from sysmap.measures.reporting.constituency import NOT_STATED, constituencies, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KEYS = ["source", "question"]
_BY = ("question", "source", "constituency", "context")
_UNEQUAL, _FEW = 0.10, 5
"""A caveat tells rates that differ so much, and groups of fewer sources than these."""
_ANYWHERE = "\0"
"""Stands for a blank context or area of a ledger row; no id or area is spelled so."""

Scope = tuple[str, str, str, str]
"""Question, source, context and area of a ledger row."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Responses(Result):
    """Answers by source and question."""

    question: ClassVar[str] = "Who was asked, and who answered?"

    def summary(self) -> str:
        """How much of what was asked was answered."""
        asked, answered = int(self.table["asked"].sum()), int(self.table["answered"].sum())
        by_source = self.table[["asked", "answered"]].groupby(level="source").sum()
        silent = int((by_source["answered"] == 0).sum())
        part = int((by_source["answered"] < by_source["asked"]).sum()) - silent
        left = [
            number_of(n, "source") + words
            for n, words in ((silent, " answered nothing"), (part, " left a question unanswered"))
            if n
        ]
        return (
            f"{answered:,} of {asked:,} questions put to {number_of(len(by_source), 'source')} "
            f"were answered ({percent(answered / asked)}); "
            f"{' and '.join(left) or 'no question was left unanswered'}."
        )

    def totals(self, *, by: str = "question") -> pd.DataFrame:
        """Questions asked and answered by question, source, constituency or context.

        Parameters
        ----------
        by
            ``question``, ``source``, ``constituency`` (the kind of the organization that speaks,
            else of the source) or ``context``. A ledger row without context was asked about every
            context and counts in each, so that contexts do not add up to the whole; questions
            without places, such as ``seeks``, are left out there.

        Returns
        -------
        pandas.DataFrame
            Index `by`, columns asked and answered (ledger rows), rate, sources (asked) and heard
            (sources with one answer or more). The highest rate first, ties by id; a context that
            nobody was asked about has 0 and no rate, and stands last.

        Raises
        ------
        ValueError
            If `by` is none of these words.

        Examples
        --------
        >>> import sysmap as sm
        >>> answer = sm.responses(sm.example("teaching"))
        >>> answer.totals(by="constituency").tail(2)[["asked", "answered", "rate"]].round(2)
                      asked  answered  rate
        constituency
        donor            19        18  0.95
        private           8         4  0.50
        """
        one_of("by", by, _BY)
        return _totals(self.map, _stated(self.map), by)

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
        rows = _stated(self.map)
        rows = rows[(rows["source"] == source) & (rows["question"] == question)]
        open_ = self._scopes(rows[rows["answered"] != YES])
        asked = f"{name} was asked about {question.replace('_', ' ')} {_times(row['asked'])}"
        if row["answered"] == row["asked"]:
            return f"{asked} and answered every time."
        if row["answered"] == 0:
            return f"{asked}{f' ({open_})' if open_ else ''} and was silent, which is not a no."
        return (
            f"{asked} and answered {_times(row['answered'])} ({percent(row['rate'])}); it was "
            f"silent about {open_ or 'the question in general'}, which is not a no."
        )

    def _scopes(self, rows: pd.DataFrame) -> str:
        """The places and areas that some ledger rows name; blank if they name none."""
        named = [
            " in ".join([*area, *map(self.map.name, place)])
            for area, place in zip(_each(rows["area"]), _each(rows["context"]), strict=True)
        ]
        return ", ".join(sorted(filter(None, named)))

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
        # a figure of many sources is cut, and silence is what it must not lose
        order = rate.sort_values(kind="stable").index
        known = [kind.table for kind in self.map.schema.links if kind.table in states.columns]
        shown = states.loc[order, known].fillna("not asked")
        counts = self.table["answered"].map(str) + " of " + self.table["asked"].map(str)
        counts = counts.where(self.table["rate"] < 1, "").unstack("question")
        names = self.map.sources["name"][order]
        return charts.matrix(
            ax,
            shown.set_axis([t.replace("_", " ") for t in known], axis=1).set_axis(names, axis=0),
            text=counts.loc[order, known].fillna(""),
            title=self.summary(),
            note="Silent is asked and not answered; it is not a no. Lowest rate first.",
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


def _totals(m: SystemMap, rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Asked, answered and who was heard, in groups of ledger rows."""
    voice = rows["source"].map(reporters(m))
    kinds = voice.map(constituencies(m)).fillna(NOT_STATED)
    grouped = rows.assign(
        constituency=kinds, reply=(rows["answered"] == YES), speaker=rows["source"]
    )
    if by == "context":
        placed = [k.table for k in m.schema.links if "context" in k.names]
        grouped = grouped[grouped["question"].isin(placed)]
        everywhere = grouped[grouped["context"].isna()].drop(columns="context")
        contexts = pd.DataFrame({"context": m.contexts.index.astype("str")})
        grouped = pd.concat(
            [grouped.dropna(subset=["context"]), everywhere.merge(contexts, "cross")]
        )
    keys = grouped[by].astype("str").rename(by)
    counts = grouped.groupby(keys.to_numpy(object))
    heard = grouped[grouped["reply"]].groupby(keys[grouped["reply"]].to_numpy(object))
    frame = pd.DataFrame(
        {
            "asked": counts.size(),
            "answered": counts["reply"].sum(),
            "sources": counts["speaker"].nunique(),
            "heard": heard["speaker"].nunique(),
        }
    )
    if by == "context":
        frame = frame.reindex(m.contexts.index)
    frame = frame.fillna(0).astype("int64").rename_axis(by).sort_index()
    frame.insert(
        2, "rate", (frame["answered"] / frame["asked"].where(frame["asked"] > 0)).astype(float)
    )
    return frame.sort_values("rate", ascending=False, kind="stable", na_position="last")


def _unequal(m: SystemMap, rows: pd.DataFrame) -> Iterator[str]:
    """Constituencies that answered less than others, so that shares speak less for them."""
    frame = _totals(m, rows, "constituency")
    best, least = frame["rate"].iloc[0], frame["rate"].iloc[-1]
    if len(frame) < 2 or best - least < _UNEQUAL:
        return
    row, few = frame.iloc[-1], ""
    if row["sources"] < _FEW:
        few = f" With {number_of(int(row['sources']), 'source')} a single answer weighs much."
    least_heard = number_of(int(row["sources"]), *word(str(frame.index[-1])))
    others = frame.iloc[:-1][["asked", "answered"]].sum()
    yield (
        f"Silence may bend the shares: {least_heard} answered "
        f"{row['answered']:.0f} of {row['asked']:.0f} questions ({percent(least)}), all others "
        f"{others['answered']:,} of {others['asked']:,} "
        f"({percent(others['answered'] / others['asked'])}), so answers speak less for them.{few}"
    )


def _each(cells: pd.Series) -> list[list[str]]:
    """Each cell as a list: of itself, or empty if it is blank."""
    return [[] if pd.isna(cell) else [str(cell)] for cell in cells]


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(int(n), f"{n} times")


def _caveats(m: SystemMap, rows: pd.DataFrame) -> Iterator[str]:
    """What the ledger does not tell."""
    areas = m.elements["area"].map(names.key, na_action="ignore").astype("str")
    scopes = set(
        zip(
            rows["question"],
            rows["source"],
            rows["context"].fillna(_ANYWHERE),
            rows["area"].map(names.key, na_action="ignore").astype("str").fillna(_ANYWHERE),
            strict=True,
        )
    )
    outside = {kind.table: _outside(m, kind, areas, scopes) for kind in m.schema.links}
    total = sum(outside.values())
    if total:
        parts = [f"{table.replace('_', ' ')} {n:,}" for table, n in outside.items() if n]
        yield (
            f"{number_of(total, 'claim')} without a row in the ledger ({', '.join(parts)}): they "
            "count as claims, never as answers."
        )
    yield from _unequal(m, rows)
    if m.hidden:
        yield f"{number_of(m.hidden, 'claim')} hidden from this audience."
    unheard = len(m.table(SOURCES)) - rows["source"].nunique()
    if unheard:
        yield f"{number_of(unheard, 'source')} of the map in no row of the ledger: not asked."


def _outside(m: SystemMap, kind: LinkType, areas: pd.Series, scopes: Collection[Scope]) -> int:
    """Claims of one table that no ledger row reaches."""
    told = m.links(kind.table)
    table, blank = [kind.table] * len(told), [_ANYWHERE] * len(told)
    source = told["source"].to_numpy(object)
    where = told["context"].fillna(_ANYWHERE).to_numpy(object) if "context" in kind.names else blank
    ends = [end.name for end in kind.ends if ELEMENTS in end.to]
    about = [told[end].map(areas).astype("str").fillna(_ANYWHERE).to_numpy(object) for end in ends]
    reached = np.zeros(len(told), dtype=bool)
    for context in (where, blank):
        for area in (*about, blank):
            claims = zip(table, source, context, area, strict=True)
            reached |= np.array([claim in scopes for claim in claims], dtype=bool)
    return int((~reached).sum())
