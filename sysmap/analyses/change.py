"""What changed between two rounds, and whether it may be more than who answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts
from sysmap.core.errors import LimitError
from sysmap.core.model import SystemMap, held
from sysmap.core.narrow import CUT_BY_DATE, UNCOUNTED
from sysmap.core.result import Result, evidence_rows, no_evidence, usual_caveats
from sysmap.core.schema import AUDIENCES, INFLUENCES
from sysmap.core.stats import IntArray
from sysmap.core.words import number_of, percent
from sysmap.measures.rounds.comparison import (
    ADDED,
    AFTER,
    BEFORE,
    CHANGED,
    CODING,
    REALITY,
    REMOVED,
    RESPONDENTS,
    Comparison,
    compare,
)
from sysmap.measures.rounds.panel import panel_shares

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAUSES = (REALITY, RESPONDENTS, CODING)
"""What may stand behind a change, in the order of the frame."""

_KINDS = (CHANGED, ADDED, REMOVED)
_COUNTS = ("reporters_before", "reporters_after", "both")
_MOST_CLAIMS = 1_000_000
"""Each claim is held as text several times, some 4 kB in all."""
_TRAP = 0.05
"""A caveat names a naive share that differs so much from that of the same reporters."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Change(Result):
    """Claims and nodes of two rounds that differ.

    Parameters
    ----------
    earlier
        The first round; `map` is the second one.
    comparison
        Both rounds side by side.
    """

    earlier: SystemMap = field(kw_only=True, repr=False)
    comparison: Comparison = field(kw_only=True, repr=False)

    question: ClassVar[str] = "What changed between the rounds?"

    @property
    def maps(self) -> tuple[SystemMap, ...]:
        """Both rounds."""
        return (self.map, self.earlier)

    def shares(self) -> pd.DataFrame:
        """Shares of both rounds among the same reporters, with the naive ones beside them.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``subject`` (outcomes and elements of both rounds), columns table (``seeks``
            or ``observed``), name, before, after and difference among reporters of both rounds,
            their counts yes_before of of_before and yes_after of of_after, and naive_before,
            naive_after, naive_difference among all reporters of each round. Largest difference
            first; missing where none of the reporters of both rounds answered.
        """
        return panel_shares(self.comparison)

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        if self.table.empty:
            return "Nothing differs between the two rounds."
        n = self.table["cause"].value_counts().reindex(CAUSES, fill_value=0)
        return (
            f"{number_of(len(self.table), 'claim or node', 'claims and nodes')} "
            f"{'differs' if len(self.table) == 1 else 'differ'} between the two rounds: "
            f"{n[REALITY]:,} by the word of reporters of both rounds, {n[RESPONDENTS]:,} through "
            f"who answered, {n[CODING]:,} through how things are written."
        )

    def methods(self) -> str:
        """How rounds were compared."""
        return (
            "Compared are claims, by table, ends and place, and nodes, by id. What a reporter says "
            "is what it said last; source, date and note are left aside. A claim is added or "
            "removed if one round lacks it, and changed if something else is said of it, or a "
            "reporter of it in both rounds says something else. The cause is coding if an id was "
            "renamed, merged or split (the same name, or an alias, under another id), or if a node "
            "is described in other words; respondents if no reporter who took part in both rounds "
            "says anything else than before; reality otherwise, which is consistent with a change "
            "in the world and with a change of mind. Who took part: reporters who answered the "
            "question or made such a claim, where there is a ledger for it; else all who made any "
            "claim. Whoever answered, and was not asked about a place or an area in one of the "
            "rounds, took no part in both there. Shares are compared among reporters of both "
            "rounds only."
        )

    def alt_text(self) -> str:
        """The figure in words."""
        counts = self.table.groupby(["table", "cause"]).size().sort_values(ascending=False)
        first = "; ".join(f"{table}, {cause} {n:,}" for (table, cause), n in counts.head(3).items())
        return (
            f"Matrix of tables by cause, with the number of differences in each cell. "
            f"{self.summary()}{f' Most: {first}.' if first else ''} Values in sheet change."
        )

    def _map(self, of: str) -> SystemMap:
        return self.earlier if of == BEFORE else self.map

    def _name(self, id: str) -> str:
        """The name of a node of either round."""
        for m in (self.map, self.comparison.before):
            for kind in m.schema.nodes:
                nodes = m.nodes(kind.table)
                if id in nodes.index:
                    return str(nodes["name"][id])
        return id

    def _behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        """The statements of both rounds behind one item."""
        told = self.comparison.told
        nodes = {kind.table for kind in self.map.schema.nodes}
        if row["table"] in nodes:
            id = str(key).partition(": ")[2]
            return told[self.comparison.mentions(row["table"], id)]
        return told[told["item"] == key]

    def _sentences(self, key: object, row: pd.Series) -> str:
        told = self._behind(key, row)
        is_node = row["table"] in {kind.table for kind in self.map.schema.nodes}
        if is_node or told.empty:
            what = f"{row['table']}, {self._name(str(key).partition(': ')[2])}"
        else:
            one = told.iloc[0]
            where = f" in {self._name(one['context'])}" if one["context"] else ""
            verb = self.map.schema.link(row["table"]).verb or row["table"].replace("_", " ")
            what = f"{self._name(one['first'])} {verb} {self._name(one['second'])}{where}"
        was, now = (_spoken(row[of], row["table"]) for of in (BEFORE, AFTER))
        said = f"{what}: {row['kind']}. Before: {was}; after: {now}."
        voices = (
            f"Spoken of by {number_of(int(row['reporters_before']), 'reporter')} before and "
            f"{row['reporters_after']:,} after; {row['both']:,} of them took part in both rounds."
        )
        return f"{said} {voices} {self._why(row, key, is_node)}"

    def _why(self, row: pd.Series, key: object, is_node: bool) -> str:
        """The cause in a sentence."""
        if row["cause"] == CODING:
            return (
                "The difference lies in how the map is written, and says nothing about the world."
            )
        if row["cause"] == RESPONDENTS:
            return (
                "Nobody who took part in both rounds says anything else than before: the "
                "difference lies in who was asked and answered, and is no sign of a change in the "
                "world."
            )
        tail = "This is consistent with a change in the world, and with a change of mind."
        if is_node:
            return f"Reporters of both rounds speak of it. {tail}"
        voices = self.comparison.voices.loc[[key]]
        voices = voices[voices["common"]]
        turned = int((voices[BEFORE].fillna("") != voices[AFTER].fillna("")).sum())
        does = "does" if turned == 1 else "do"
        what = {
            ADDED: "did not say so before",
            REMOVED: f"{does} not say so any more",
            CHANGED: f"{does} not say the same as before",
        }[row["kind"]]
        silent = voices["common"] & voices[BEFORE].notna() & voices[AFTER].isna()
        left = " To leave a claim out is not to deny it." if silent.any() else ""
        whole = number_of(len(voices), "reporter")
        return f"{turned:,} of {whole} of both rounds {what}.{left} {tail}"

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        told = self._behind(key, row)
        parts = []
        for (of, table), mine in told.groupby(["round", "table"], sort=False):
            m = self._map(of)
            claims = m.links(table).loc[mine["row"]]
            unit = pd.Series(mine["reporter"].to_numpy(), claims.index)
            column = "reporters_before" if of == BEFORE else "reporters_after"
            counts = np.where(mine["common"], f"{column}; both", column)
            parts.append(evidence_rows(m, table, claims, unit, pd.Series(counts, claims.index)))
        return pd.concat(parts, ignore_index=True) if parts else no_evidence()

    def _draw(self, ax: Axes) -> Axes:
        counts = pd.crosstab(self.table["table"], self.table["cause"])
        order = [kind.table for kind in self.map.schema if kind.table in counts.index]
        shown = counts.reindex(index=order, columns=list(CAUSES), fill_value=0)
        return charts.amounts(
            ax,
            shown.rename(index=lambda table: table.replace("_", " ")),
            title=self.summary(),
            rows="tables",
            columns="causes",
            note=(
                "Number of claims and nodes that were added, removed or changed. Reality: "
                "reporters of both rounds say something else, because the world changed or their "
                "mind. Respondents: others answered. Coding: it is written otherwise."
            ),
        )


def change(before: SystemMap, after: SystemMap, /) -> Change:
    """Two rounds are compared item by item, apart by what may stand behind the difference.

    Parameters
    ----------
    before, after
        The two rounds, of one schema. If they were redacted for different audiences, both are
        read for the more public one, so that nothing hidden looks removed.

    Returns
    -------
    Change
        One row per claim (table, ends, place) or node that differs, index ``item`` such as
        ``observed: law -> fiji``, in the ids of the second round. ``kind`` is added, removed or
        changed; ``cause`` is reality, respondents or coding; ``before`` and ``after`` are what is
        said, with the number of reporters where they say different things, and missing where
        nothing is. ``reporters_before`` and ``reporters_after`` speak of it, ``both`` of them
        took part in both rounds. Reality first, then respondents, then coding; then changed,
        added, removed; then by table and item. Equal maps give no row. A row of evidence that
        counts in ``reporters_before`` is a row of the first map, one that counts in
        ``reporters_after`` of the second.

    Raises
    ------
    LimitError
        If the two rounds together have more than a million claims.
    ValueError
        If the two maps have different schemas.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> def round_(state):
    ...     return from_tables({
    ...         "elements": pd.DataFrame({"id": ["law"], "name": ["Law"]}),
    ...         "contexts": pd.DataFrame({"id": ["fiji"], "name": ["Fiji"]}),
    ...         "sources": pd.DataFrame({"id": ["ministry"], "name": ["Ministry"]}),
    ...         "observed": pd.DataFrame({
    ...             "element": ["law"], "context": ["fiji"], "state": [state],
    ...             "source": ["ministry"],
    ...         }),
    ...     })
    >>> change(round_("absent"), round_("present")).frame[["kind", "cause", "before", "after"]]
                              kind    cause  before    after
    item
    observed: law -> fiji  changed  reality  absent  present
    >>> len(change(round_("absent"), round_("absent")))
    0
    """
    if before.schema != after.schema:
        raise ValueError(
            "change: the two rounds have different schemas; both maps must have one. Read both "
            "with the same schema."
        )
    number = sum(len(held(m, kind.table)) for m in (before, after) for kind in m.schema.links)
    if number > _MOST_CLAIMS:
        raise LimitError(
            f"change: {number:,} claims of both rounds came, at most {_MOST_CLAIMS:,} can be held "
            "against each other. Narrow both rounds alike with m.select(...).",
            limit="claims",
        )
    audience = min(before.audience, after.audience, key=AUDIENCES.index)
    first, second = (m.redact(audience) for m in (before, after))
    found = compare(first, second)
    frame = _frame(found)
    caveats = tuple(_caveats(before, after, found, frame, audience))
    return Change(second, frame, {}, caveats, earlier=first, comparison=found)


def _frame(found: Comparison) -> pd.DataFrame:
    """The rows of the answer, best first."""
    rows = found.changes()
    counts = _reporters(found, rows)
    tables = [kind.table for kind in found.after.schema]
    order = np.lexsort(
        (
            rows["item"].to_numpy(object),
            pd.Index(tables).get_indexer(rows["table"]),
            pd.Index(_KINDS).get_indexer(rows["kind"]),
            pd.Index(CAUSES).get_indexer(rows["cause"]),
        )
    )
    frame = pd.concat([rows, counts], axis=1).set_index("item").iloc[order]
    return frame[["table", "kind", "cause", BEFORE, AFTER, *_COUNTS]]


def _reporters(found: Comparison, rows: pd.DataFrame) -> pd.DataFrame:
    """How many reporters speak of each item before, after, and took part in both rounds."""
    told = found.told
    nodes = {kind.table for kind in found.after.schema.nodes}
    is_node = rows["table"].isin(nodes).to_numpy(bool)
    size = len(rows)
    voice = pd.factorize(told["reporter"])[0]
    about = [_places(rows["item"].mask(is_node), told["item"])]
    ends = ("first", "second", "context", "source")
    about += [_places(rows["first"].where(is_node), told[column]) for column in ends]
    which = {
        "reporters_before": told["round"] == BEFORE,
        "reporters_after": told["round"] == AFTER,
        "both": told["common"],
    }
    counts = {}
    for column, counted in which.items():
        pairs = [voice[c] * size + at[c] for at in about if (c := counted & (at >= 0)).any()]
        every = np.unique(np.concatenate(pairs)) if pairs else np.zeros(0, np.int64)
        counts[column] = np.bincount(every % max(size, 1), minlength=size)
    return pd.DataFrame(counts, rows.index)


def _places(known: pd.Series, cells: pd.Series) -> IntArray:
    """Where each cell stands in a column of distinct values; -1 is nowhere."""
    there = known.dropna()
    found: IntArray = np.append(np.flatnonzero(known.notna()), -1)[
        pd.Index(there).get_indexer(cells)
    ]
    return found


def _caveats(
    before: SystemMap, after: SystemMap, found: Comparison, frame: pd.DataFrame, audience: str
) -> Iterator[str]:
    """What not to conclude, with the figures of this run."""
    told = found.told
    voices = {of: set(told.loc[told["round"] == of, "reporter"].unique()) for of in (BEFORE, AFTER)}
    both = voices[BEFORE] & voices[AFTER]
    yield (
        f"{number_of(len(voices[BEFORE]), 'reporter')} made claims before and "
        f"{len(voices[AFTER]):,} after, {len(both):,} of them in both rounds."
    )
    real = int((frame["cause"] == REALITY).sum())
    if real:
        yield (
            f"{number_of(real, 'difference')} {'rests' if real == 1 else 'rest'} on reporters of "
            "both rounds who say something else: the world may have changed, or their mind."
        )
    nobody = int(told.loc[told["source"].isna(), "item"].isin(frame.index).sum())
    if nobody:
        yield (
            f"{number_of(nobody, 'claim')} behind the differences {_names(nobody)} no source; "
            "they count as one anonymous reporter, the same in both rounds."
        )
    for m, looks in ((before, ADDED), (after, REMOVED)):
        for cut in (p for p in m.problems if p.code == CUT_BY_DATE):
            said = cut.message if m.audience == audience else UNCOUNTED
            yield f"Claims without a date look {looks} here, because one round was cut: {said}."
    yield from _trap(panel_shares(found))
    if before.audience != after.audience:
        yield f"The two maps were made for different audiences; both are read for {audience}."
    yield from usual_caveats(after.redact(audience), ())


def _trap(shares: pd.DataFrame) -> Iterator[str]:
    """The naive difference that misleads most, if any does."""
    apart = (shares["naive_difference"] - shares["difference"]).abs().round(12)
    if apart.empty or not apart.max() >= _TRAP:
        return
    row = shares.loc[apart.idxmax()]
    yield (
        f"Shares of all reporters mislead where others answered: {row['name']} goes from "
        f"{percent(row['naive_before'])} to {percent(row['naive_after'])} among all, and from "
        f"{percent(row['before'])} ({row['yes_before']:,} of {row['of_before']:,}) to "
        f"{percent(row['after'])} ({row['yes_after']:,} of {row['of_after']:,}) among the "
        "reporters of both rounds."
    )


def _names(number: int) -> str:
    return "names" if number == 1 else "name"


def _spoken(said: object, table: str) -> str:
    """What is said, with the signs of influences in words."""
    if said is None or pd.isna(said):
        return "nothing"
    words = str(said)
    if table == INFLUENCES:
        words = re.sub(r"(^|; )\+", r"\1more leads to more", words)
        words = re.sub(r"(^|; )-", r"\1more leads to less", words)
    return words
