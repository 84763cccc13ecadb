"""Two rounds held against each other, item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.schema import SOURCES, NodeType
from sysmap.core.values import plain
from sysmap.measures.rounds.recoding import Recoding, recoded, recoding
from sysmap.measures.rounds.spelling import link_text
from sysmap.measures.rounds.statements import common_reporters, could_say, statements

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
REALITY, RESPONDENTS, CODING = "reality", "respondents", "coding"
BEFORE, AFTER = "before", "after"
"""The two rounds, as the tables of `Comparison` name them."""

FACTS = frozenset({"status", "start", "end", "date", "member", "role", "part_of"})
"""Columns of nodes that tell what happened; all others tell how the map describes a thing."""

_ITEM = ["item", "table", "first", "second", "context"]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What two rounds say about each item, in the ids of the second.

    Parameters
    ----------
    before, after
        The two maps; the first in the ids of the second.
    codes
        Ids that were renamed, merged or split.
    common
        Who took part in both rounds, by link table.
    told
        The statements of both rounds, as `statements` gives them, and the columns round, item
        and common (the reporter took part in both, and could speak of the item in both).
    voices
        What each reporter says about each item, indexed by (item, reporter): columns before and
        after (missing where it says nothing) and common.
    """

    before: SystemMap
    after: SystemMap
    codes: Recoding
    common: Mapping[str, frozenset[str]]
    told: pd.DataFrame
    voices: pd.DataFrame

    def changes(self) -> pd.DataFrame:
        """What differs, one row per item, in no particular order.

        Returns
        -------
        pandas.DataFrame
            Columns item, table, first, second, context (blank in node rows, as is second), kind,
            cause, before, after.
        """
        nodes = [
            kind
            for kind in self.after.schema.nodes
            if len(self.before.table(kind.table)) or len(self.after.table(kind.table))
        ]
        parts = [self._claims(), *map(self._nodes, nodes)]
        return pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)

    def mentions(self, table: str, id: str) -> pd.Series:
        """The statements of both rounds that speak of a node; of a source, those it makes."""
        told = self.told
        if table == SOURCES:
            return told["source"] == id
        return (told["first"] == id) | (told["second"] == id) | (told["context"] == id)

    def _claims(self) -> pd.DataFrame:
        """Claims that one round lacks, or about which it says something else."""
        told, voices = self.told, self.voices
        items = told.drop_duplicates("item").set_index("item")
        spoken = voices.groupby(level="item", sort=False)
        there = spoken[[BEFORE, AFTER]].count().reindex(items.index) > 0
        sets = _said(told)
        both = voices[BEFORE].notna() & voices[AFTER].notna()
        differs = voices[BEFORE].fillna("") != voices[AFTER].fillna("")
        turned = set(voices.index[both & differs].get_level_values("item"))
        moved = set(voices.index[differs & voices["common"]].get_level_values("item"))
        respelt = self._respelt()
        in_other = {
            ADDED: set(items.index[there[BEFORE]]),
            REMOVED: set(items.index[there[AFTER]]),
        }
        rows: list[tuple[object, ...]] = []
        ends = zip(*(items[column] for column in _ITEM[1:]), strict=True)
        for item, had, has, (table, *places) in zip(
            items.index, there[BEFORE], there[AFTER], ends, strict=True
        ):
            old, new = sets.get((item, BEFORE), {}), sets.get((item, AFTER), {})
            kind = ADDED if not had else REMOVED if not has else CHANGED
            if kind == CHANGED and old.keys() == new.keys() and item not in turned:
                if item in respelt:
                    rows.append((item, kind, CODING, respelt[item], link_text(*places)))
                continue
            cause = REALITY if item in moved else RESPONDENTS
            if kind != CHANGED and self._torn(table, places, kind, in_other[kind]):
                cause = CODING
            rows.append((item, kind, cause, _counted(old), _counted(new)))
        frame = _texts(rows, ["item", "kind", "cause", BEFORE, AFTER])
        return items[_ITEM[1:]].join(frame.set_index("item"), how="inner").reset_index()

    def _respelt(self) -> dict[str, str]:
        """Items whose ends had other ids in the first round, and how they were written there."""
        old = self.told[(self.told["round"] == BEFORE) & (self.told["text"] != self.told["origin"])]
        texts = old.groupby("item")["origin"].agg(lambda t: "; ".join(sorted(set(t))))
        return {str(item): str(text) for item, text in texts.items()}

    def _torn(self, table: str, ends: Sequence[str], kind: str, others: set[str]) -> bool:
        """Whether the other round has the claim under an id that was split from or into it."""
        pairs = self.codes.became if kind == REMOVED else self.codes.was
        for place, end in enumerate(ends):
            for other in pairs.get(end, ()):
                written = link_text(*(*ends[:place], other, *ends[place + 1 :]))
                if _item(table, written) in others:
                    return True
        return ends[0] == ends[1]

    def _nodes(self, kind: NodeType) -> pd.DataFrame:
        """Nodes that one round lacks, or describes otherwise."""
        old, new = (m.nodes(kind.table) for m in (self.before, self.after))
        rows: list[tuple[object, ...]] = []
        renamed, heard = self._renamed(kind), self._heard(kind.table)
        for id in new.index.difference(old.index, sort=False):
            was = self.codes.was.get(id, ())
            moved = self._elsewhere(id, self.before, kind.table)
            told = f"was {'; '.join(was)}" if was else moved
            cause = CODING if told else _cause(id, heard)
            rows.append((id, ADDED, cause, told, str(new["name"][id])))
        for id in old.index.difference(new.index, sort=False):
            told = self._elsewhere(id, self.after, kind.table)
            became = self.codes.became.get(id, ())
            told = f"now {'; '.join(became)}" if became else told
            cause = CODING if told else _cause(id, heard)
            rows.append((id, REMOVED, cause, str(old["name"][id]), told))
        cells = _unequal_cells(old, new)
        for id in new.index.intersection(old.index, sort=False):
            was = renamed.get(id, ())
            columns = cells.get(id, ())
            if not was and not columns:
                continue
            facts = any(column in FACTS for column, _, _ in columns)
            cause = _cause(id, heard) if facts else CODING
            said = [[f"id: {'; '.join(was)}"], [f"id: {id}"]] if was else [[], []]
            for column, one, other in columns:
                said[0].append(f"{column}: {one or 'blank'}")
                said[1].append(f"{column}: {other or 'blank'}")
            rows.append((id, CHANGED, cause, *("; ".join(part) for part in said)))
        frame = _texts(rows, ["first", "kind", "cause", BEFORE, AFTER])
        item = pd.Series([f"{kind.table}: {id}" for id in frame["first"]], dtype="str")
        blank = {column: pd.Series("", frame.index, dtype="str") for column in _ITEM[3:]}
        table = pd.Series(kind.table, frame.index, dtype="str")
        return frame.assign(item=item, table=table, **blank)

    def _renamed(self, kind: NodeType) -> dict[str, tuple[str, ...]]:
        """Nodes of the second round that were written with other ids, and these ids."""
        here = set(self.after.table(kind.table)["id"])
        gone = sorted(self.codes.became.keys() & self.codes.gone)
        found: dict[str, tuple[str, ...]] = {}
        for id in gone:
            now = self.codes.successor(id)
            if now != id and now in here:
                found[now] = (*found.get(now, ()), id)
        return found

    def _elsewhere(self, id: str, m: SystemMap, table: str) -> str:
        """In which other table the id stands; blank if in none."""
        tables = [k.table for k in m.schema.nodes if k.table != table]
        return next((f"in {t}" for t in tables if id in m.nodes(t).index), "")

    def _heard(self, table: str) -> set[str]:
        """Ids of which somebody speaks who took part in both rounds; of no source."""
        told = self.told[self.told["common"]]
        return (
            set()
            if table == SOURCES
            else {id for column in ("first", "second", "context") for id in told[column].unique()}
        )


def compare(before: SystemMap, after: SystemMap) -> Comparison:
    """Hold two rounds against each other.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> nodes = {"elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]})}
    >>> link = pd.DataFrame({"cause": ["a"], "effect": ["b"], "sign": ["+"]})
    >>> compare(from_tables(nodes), from_tables({**nodes, "influences": link})).changes()[
    ...     ["item", "kind", "cause", "after"]]
                       item   kind        cause after
    0  influences: a -> b  added  respondents     +
    """
    codes = recoding(before, after)
    old = recoded(before, codes) if codes.became else before
    common = common_reporters(old, after)
    first, second = statements(old), statements(after)
    first = first.assign(origin=statements(before)["text"] if codes.became else first["text"])
    told = pd.concat(
        [
            first.assign(round=BEFORE),
            second.assign(origin=second["text"], round=AFTER),
        ],
        ignore_index=True,
    )
    told = told.assign(
        item=[_item(t, x) for t, x in zip(told["table"], told["text"], strict=True)],
        common=[r in common[t] for t, r in zip(told["table"], told["reporter"], strict=True)],
    ).astype({"item": "str", "common": "bool", "round": "str"})
    told["common"] &= _in_both(old, after, told)
    return Comparison(old, after, codes, common, told, _voices(told))


def of_both(comparison: Comparison, table: str) -> tuple[SystemMap, SystemMap]:
    """Both rounds with the claims of one table by reporters who took part in both."""
    found = []
    for m, of in ((comparison.before, BEFORE), (comparison.after, AFTER)):
        told = comparison.told
        mine = told[(told["round"] == of) & (told["table"] == table) & told["common"]]
        claims = m.links(table)
        kept = claims[claims.index.isin(mine["row"])]
        found.append(replace(m, tables={**m.tables, table: kept}))
    return found[0], found[1]


def _in_both(before: SystemMap, after: SystemMap, told: pd.DataFrame) -> pd.Series:
    """Statements whose reporter made them, or could have made them, in both rounds."""
    voice = pd.MultiIndex.from_frame(told[["item", "reporter"]])
    both = pd.Series(True, told.index)
    for m, of in ((before, BEFORE), (after, AFTER)):
        alone = ~voice.isin(voice[told["round"] == of])
        both[alone] = could_say(m, told[alone])
    return both


def _voices(told: pd.DataFrame) -> pd.DataFrame:
    """What each reporter says last about each item in each round."""
    keys = ["item", "reporter", "round"]
    said = told[told["latest"]].drop_duplicates([*keys, "said"])
    # joining texts group by group is slow, and nearly every group has one
    several = said.duplicated(keys, keep=False)
    many = said[several].sort_values("said").groupby(keys, sort=False)["said"].agg("; ".join)
    texts = pd.concat([said[~several].set_index(keys)["said"], many])
    wide = texts.unstack("round").reindex(columns=[BEFORE, AFTER])
    common = told.drop_duplicates(keys[:2]).set_index(keys[:2])["common"]
    return wide.assign(common=common.reindex(wide.index)).astype(
        {"common": "bool", BEFORE: "str", AFTER: "str"}
    )


def _said(told: pd.DataFrame) -> dict[tuple[str, str], dict[str, int]]:
    """How many reporters say what about each item in each round."""
    last = told[told["latest"]].drop_duplicates(["item", "round", "said", "reporter"])
    counts = last.groupby(["item", "round", "said"], sort=True).size()
    found: dict[tuple[str, str], dict[str, int]] = {}
    for (item, of, said), n in counts.items():
        found.setdefault((item, of), {})[said] = int(n)
    return found


def _counted(said: Mapping[str, int]) -> str:
    """What is said, with the number of reporters where they say different things."""
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"{text} ({n})" for text, n in said.items())


def _unequal_cells(
    old: pd.DataFrame, new: pd.DataFrame
) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """Column, old and new cell of the nodes that both rounds have, where they differ."""
    both = new.index.intersection(old.index, sort=False)
    found: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for column in [*new.columns, *(c for c in old.columns if c not in new.columns)]:
        cells = [_plain(frame, column, both) for frame in (old, new)]
        for id, one, other in zip(both, *cells, strict=True):
            if one != other:
                found[id] = (*found.get(id, ()), (str(column), one, other))
    return found


def _plain(frame: pd.DataFrame, column: str, ids: pd.Index) -> Sequence[str]:
    if column not in frame.columns:
        return [""] * len(ids)
    return ["" if pd.isna(cell) else plain(cell) for cell in frame.loc[ids, column]]


def _texts(rows: Sequence[tuple[object, ...]], columns: list[str]) -> pd.DataFrame:
    """Rows of text; what is blank is missing."""
    frame = pd.DataFrame(list(rows), columns=columns, dtype="str")
    return frame.assign(**{c: frame[c].replace("", None) for c in (BEFORE, AFTER)})


def _cause(id: str, heard: set[str]) -> str:
    return REALITY if id in heard else RESPONDENTS


def _item(table: str, text: str) -> str:
    return f"{table}: {text}"
