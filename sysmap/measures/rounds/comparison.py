"""Two rounds held against each other, item by item."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core import coded
from sysmap.core.model import SystemMap, held
from sysmap.core.schema import SOURCES, NodeType
from sysmap.core.stats import BoolArray
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

Homes = Mapping[str, list[str]]
"""The node tables in which each id stands."""

Row = tuple[str, ...]
"""One difference: the columns of `_ITEM`, kind, cause, before and after."""

_ITEM = ["item", "table", "first", "second", "context"]
_VOTE = ["item", "reporter", "said", "round"]


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
        The statements of both rounds, as `statements` gives them, and the columns round, origin
        (text in the ids of its round) and common (the reporter took part in both, and could speak
        of the item in both).
    voices
        What each reporter says about each item of which the rounds do not say the same, indexed
        by (item, reporter): columns before and after (missing where it says nothing) and common.
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
        heard, homes = self._heard(), {BEFORE: _homes(self.before), AFTER: _homes(self.after)}
        rows = [*self._claims()]
        for kind in self.after.schema.nodes:
            rows += self._nodes(kind, frozenset() if kind.table == SOURCES else heard, homes)
        frame = pd.DataFrame(rows, columns=[*_ITEM, "kind", "cause", BEFORE, AFTER], dtype="str")
        return frame.assign(**{c: frame[c].replace("", None) for c in (BEFORE, AFTER)})

    def mentions(self, table: str, id: str) -> pd.Series:
        """The statements of both rounds that speak of a node; of a source, those it makes."""
        told = self.told
        if table == SOURCES:
            return told["source"] == id
        return (told["first"] == id) | (told["second"] == id) | (told["context"] == id)

    def common_claims(self, table: str, of: str) -> BoolArray:
        """Which claims of a table are, in one round, by reporters who took part in both."""
        told = self.told[(self.told["round"] == of) & (self.told["table"] == table)]
        common: BoolArray = told["common"].to_numpy(bool)
        return common

    def _claims(self) -> Iterator[Row]:
        """Claims that one round lacks, or about which it says something else."""
        voices = self.voices
        told = self.told[self.told["item"].isin(voices.index.unique("item"))]
        items = told.drop_duplicates("item")
        there = _there(told)
        everywhere = _there(self.told) if self.codes.became else there
        sets = _said(told)
        both = voices[BEFORE].notna() & voices[AFTER].notna()
        differs = voices[BEFORE].fillna("") != voices[AFTER].fillna("")
        turned = set(voices.index[both & differs].get_level_values("item"))
        moved = set(voices.index[differs & voices["common"]].get_level_values("item"))
        respelt = self._respelt()
        for item, table, *places in items[_ITEM].itertuples(index=False, name=None):
            old, new = sets.get((item, BEFORE), {}), sets.get((item, AFTER), {})
            added, removed = item not in there[BEFORE], item not in there[AFTER]
            kind = ADDED if added else REMOVED if removed else CHANGED
            if kind == CHANGED and old.keys() == new.keys() and item not in turned:
                if item in respelt:
                    yield item, table, *places, kind, CODING, respelt[item], link_text(*places)
                continue
            cause = REALITY if item in moved else RESPONDENTS
            if kind != CHANGED and self._torn(table, places, kind, everywhere):
                cause = CODING
            yield item, table, *places, kind, cause, _counted(old), _counted(new)

    def _respelt(self) -> dict[str, str]:
        """Items whose ends had other ids in the first round, and how they were written there."""
        if not self.codes.became:
            return {}
        old = self.told[(self.told["round"] == BEFORE) & (self.told["text"] != self.told["origin"])]
        texts = old.groupby("item")["origin"].agg(lambda t: "; ".join(sorted(set(t))))
        return {str(item): str(text) for item, text in texts.items()}

    def _torn(
        self, table: str, ends: Sequence[str], kind: str, there: Mapping[str, set[str]]
    ) -> bool:
        """Whether the other round has the claim under an id that was split from or into it."""
        pairs = self.codes.became if kind == REMOVED else self.codes.was
        others = there[AFTER if kind == REMOVED else BEFORE]
        for place, end in enumerate(ends):
            for other in pairs.get(end, ()):
                written = link_text(*(*ends[:place], other, *ends[place + 1 :]))
                if _item(table, written) in others:
                    return True
        return ends[0] == ends[1]

    def _nodes(
        self, kind: NodeType, heard: Collection[str], homes: Mapping[str, Homes]
    ) -> Iterator[Row]:
        """Nodes that one round lacks, or describes otherwise."""
        renamed = self._renamed(kind) if self.codes.became else {}
        tables = [m.table(kind.table) for m in (self.before, self.after)]
        if not renamed and tables[0].equals(tables[1]):
            return
        old, new = (table.set_index("id") for table in tables)

        def row(id: str, *cells: str) -> Row:
            return (f"{kind.table}: {id}", kind.table, id, "", "", *cells)

        for id in new.index.difference(old.index, sort=False):
            was = self.codes.was.get(id, ())
            moved = _elsewhere(id, homes[BEFORE], kind.table)
            told = f"was {'; '.join(was)}" if was else moved
            cause = CODING if told else _cause(id, heard)
            yield row(id, ADDED, cause, told, str(new["name"][id]))
        for id in old.index.difference(new.index, sort=False):
            told = _elsewhere(id, homes[AFTER], kind.table)
            became = self.codes.became.get(id, ())
            told = f"now {'; '.join(became)}" if became else told
            cause = CODING if told else _cause(id, heard)
            yield row(id, REMOVED, cause, str(old["name"][id]), told)
        cells = _unequal_cells(old, new)
        both = new.index.intersection(old.index, sort=False)
        for id in both[both.isin([*renamed, *cells])]:
            was = renamed.get(id, ())
            columns = cells.get(id, ())
            facts = any(column in FACTS for column, _, _ in columns)
            cause = _cause(id, heard) if facts else CODING
            said = [[f"id: {'; '.join(was)}"], [f"id: {id}"]] if was else [[], []]
            for column, one, other in columns:
                said[0].append(f"{column}: {one or 'blank'}")
                said[1].append(f"{column}: {other or 'blank'}")
            yield row(id, CHANGED, cause, *("; ".join(part) for part in said))

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

    def _heard(self) -> frozenset[str]:
        """Ids of which somebody speaks who took part in both rounds."""
        told = self.told[self.told["common"]]
        ends = (told[column].unique() for column in ("first", "second", "context"))
        return frozenset().union(*ends)


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
    told = pd.concat([first, second.assign(origin=second["text"])], ignore_index=True)
    is_after = (told.index >= len(first)).astype(np.int8)
    told["round"] = coded.coded(is_after, pd.Index([BEFORE, AFTER], dtype="str"))
    numbers = pd.DataFrame({c: pd.factorize(told[c])[0] for c in _VOTE}, copy=False)
    voices = zip(*(told[c].to_numpy(object) for c in ("table", "reporter")), strict=True)
    took_part = np.array([who in common[table] for table, who in voices], dtype=bool)
    told["common"] = took_part & _in_both(old, after, told, numbers)
    unlike = _unlike(told, numbers) | (told["text"] != told["origin"]).to_numpy(bool)
    at_odds = numbers["item"].isin(numbers["item"][unlike])
    return Comparison(old, after, codes, common, told, _voices(told[at_odds]))


def _in_both(
    before: SystemMap, after: SystemMap, told: pd.DataFrame, numbers: pd.DataFrame
) -> BoolArray:
    """Statements whose reporter made them, or could have made them, in both rounds."""
    voice = (numbers["item"] * (len(told) + 1) + numbers["reporter"]).to_numpy()
    both: BoolArray = np.ones(len(told), dtype=bool)
    for m, of in ((before, BEFORE), (after, AFTER)):
        alone = ~np.isin(voice, voice[(told["round"] == of).to_numpy(bool)])
        both[alone] = could_say(m, told[alone])
    return both


def _unlike(told: pd.DataFrame, numbers: pd.DataFrame) -> BoolArray:
    """Statements, the latest of their reporters, that stand in one round only."""
    last = told["latest"].to_numpy(bool)
    alone = ~numbers[last].drop_duplicates().duplicated(_VOTE[:3], keep=False)
    found: BoolArray = np.zeros(len(told), dtype=bool)
    found[alone.index[alone]] = True
    return found


def _voices(told: pd.DataFrame) -> pd.DataFrame:
    """What each reporter says last about each item in each round."""
    said: dict[tuple[str, str], dict[str, set[str]]] = {}
    common: dict[tuple[str, str], bool] = {}
    columns = (told[c].to_numpy(object) for c in (*_VOTE, "latest", "common"))
    for item, reporter, text, of, latest, in_both in zip(*columns, strict=True):
        spoken = said.setdefault((item, reporter), {BEFORE: set(), AFTER: set()})
        common.setdefault((item, reporter), in_both)
        if latest:
            spoken[of].add(text)
    keys = sorted(said)
    index = pd.MultiIndex.from_tuples(keys, names=_VOTE[:2])
    texts = {
        of: pd.array(["; ".join(sorted(said[key][of])) or None for key in keys], dtype="str")
        for of in (BEFORE, AFTER)
    }
    return pd.DataFrame({**texts, "common": np.array([common[key] for key in keys], bool)}, index)


def _said(told: pd.DataFrame) -> dict[tuple[str, str], dict[str, int]]:
    """How many reporters say what about each item in each round."""
    last = told[told["latest"]]
    votes = set(zip(*(last[c].to_numpy(object) for c in _VOTE), strict=True))
    counts = Counter((item, of, said) for item, _, said, of in votes)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for (item, of, said), n in sorted(counts.items()):
        found.setdefault((item, of), {})[said] = n
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
    frames = [frame.loc[both] for frame in (old, new)]
    found: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for column in [*new.columns, *(c for c in old.columns if c not in new.columns)]:
        cells = [_texts(frame, column) for frame in frames]
        for at in np.flatnonzero(cells[0] != cells[1]):
            one, other = (texts[at] for texts in cells)
            found[both[at]] = (*found.get(both[at], ()), (str(column), one, other))
    return found


def _texts(frame: pd.DataFrame, column: str) -> np.ndarray:
    """The cells of a column as text, each distinct one written once; blank where there is none."""
    if column not in frame.columns:
        return np.full(len(frame), "", object)
    codes, values = coded.split(frame[column])
    texts: np.ndarray = np.array([*map(plain, values), ""], object)[codes]
    return texts


def _there(told: pd.DataFrame) -> dict[str, set[str]]:
    """The items of each round."""
    item = told["item"].to_numpy(object)
    return {of: set(item[told["round"] == of]) for of in (BEFORE, AFTER)}


def _homes(m: SystemMap) -> Homes:
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for kind in m.schema.nodes:
        for id in held(m, kind.table)["id"].to_numpy(object):
            homes[id].append(kind.table)
    return homes


def _elsewhere(id: str, homes: Homes, table: str) -> str:
    """In which other table the id stands; blank if in none."""
    return next((f"in {other}" for other in homes.get(id, ()) if other != table), "")


def _cause(id: str, heard: Collection[str]) -> str:
    return REALITY if id in heard else RESPONDENTS


def _item(table: str, text: str) -> str:
    return f"{table}: {text}"
