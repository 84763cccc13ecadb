"""Ids that another round writes differently: renamed, merged, split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from sysmap.core import names
from sysmap.core.model import SystemMap
from sysmap.core.schema import NodeType

Pairs = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Recoding:
    """Which ids of one round are other ids of the next.

    Parameters
    ----------
    became
        For each id of the first round that has left, or of which a new one was split off: the ids
        of the second round that bear its name or are its alias.
    was
        The same from the second round to the first.
    gone
        Ids of the first round that are not in the second.
    """

    became: Pairs
    was: Pairs
    gone: frozenset[str]

    def successor(self, id: str) -> str:
        """The one id that an id has become; itself if it stays, was split, or simply left."""
        found = self.became.get(id, ()) if id in self.gone else ()
        return found[0] if len(found) == 1 else id

    def translated(self, ids: pd.Series) -> pd.Series:
        """Ids of the first round in the spelling of the second; each id is looked at once."""
        here = {id: self.successor(id) for id in self.became}
        return ids.replace({old: new for old, new in here.items() if old != new}) if here else ids


def recoding(before: SystemMap, after: SystemMap) -> Recoding:
    """The ids that were renamed, merged or split between two rounds.

    An id counts as another one if both bear one name in one table, or if `aliases` of either round
    say so, and if the old id has left or the new one was not there. What `aliases` call different
    is different. Activities, resources and sources recur under one name, so their dates must be
    equal too, the old id gone and the new one new.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> old = from_tables({"elements": pd.DataFrame({"id": ["e1"], "name": ["School power"]})})
    >>> new = from_tables({"elements": pd.DataFrame({"id": ["power"], "name": ["School power"]})})
    >>> recoding(old, new).successor("e1")
    'power'
    """
    decisions = pd.concat([before.aliases, after.aliases], ignore_index=True)
    pairs = {
        pair for kind in before.schema.nodes for pair in _pairs(before, after, kind, decisions)
    }
    became, was = defaultdict(set), defaultdict(set)
    for old, new in pairs:
        became[old].add(new)
        was[new].add(old)
    gone = {id for kind in before.schema.nodes for id in before.table(kind.table)["id"]}
    gone -= {id for kind in after.schema.nodes for id in after.table(kind.table)["id"]}
    return Recoding(_closed(became), _closed(was), frozenset(gone))


def recoded(m: SystemMap, codes: Recoding) -> SystemMap:
    """The first round in the ids of the second; merged nodes are one."""
    tables = {}
    for kind in m.schema:
        frame = m.table(kind.table)
        references = [c.name for c in kind.columns if c.kind in ("id", "reference")]
        spelt = frame.assign(**{c: codes.translated(frame[c]) for c in references})
        if isinstance(kind, NodeType):
            # the row of the id that stays speaks for all that were merged into it
            moved = (spelt["id"] != frame["id"]).rename("moved")
            order = pd.concat([moved, frame["id"]], axis=1).sort_values(["moved", "id"]).index
            spelt = spelt.loc[order].drop_duplicates("id").sort_index().reset_index(drop=True)
        tables[kind.table] = spelt
    for table, column in (("sources", "reporter"), ("asked", "speaks_for")):
        frame = tables[table]
        tables[table] = frame.assign(**{column: codes.translated(frame[column])})
    return replace(m, tables=tables)


def _pairs(
    before: SystemMap, after: SystemMap, kind: NodeType, decisions: pd.DataFrame
) -> Iterator[tuple[str, str]]:
    old, new = before.table(kind.table), after.table(kind.table)
    if set(old["id"].to_numpy(object)) == (here := set(new["id"].to_numpy(object))):
        return
    there = set(old["id"])
    dated = [c.name for c in kind.columns if c.kind == "date"]
    same, different = _decided(decisions)
    of_name = defaultdict(set)
    for id, look in zip(new["id"], _looks(new, dated), strict=True):
        of_name[look].add(id)
    spelt = {id: {names.key(id), names.key(name)} for id, name in _named(old)}
    for (id, _), look in zip(_named(old), _looks(old, dated), strict=True):
        by_alias = {found for text in spelt[id] for found in same[text] & here}
        by_name = of_name[look]
        if dated:
            by_name = {found for found in by_name if id not in here and found not in there}
        for found in (by_alias | by_name) - {id}:
            apart = any(found in different[text] for text in spelt[id])
            if not apart and (id not in here or found not in there):
                yield id, found
    for id, name in _named(new):
        if id in there:
            continue
        texts = {names.key(id), names.key(name)}
        for found in {f for text in texts for f in same[text] & there} - {id}:
            if not any(found in different[text] for text in texts):
                yield found, id


def _named(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(frame["id"], frame["name"], strict=True)


def _looks(frame: pd.DataFrame, dated: list[str]) -> Iterator[tuple[str, ...]]:
    """The name of each row as it is compared, and its dates."""
    told = frame[["name", *dated]].fillna("").itertuples(index=False, name=None)
    return ((names.key(name), *days) for name, *days in told)


def _decided(
    decisions: pd.DataFrame,
) -> tuple[defaultdict[str, set[str]], defaultdict[str, set[str]]]:
    """Ids that people called the same as a spelling, and those they called different."""
    same: defaultdict[str, set[str]] = defaultdict(set)
    different: defaultdict[str, set[str]] = defaultdict(set)
    rows = decisions.dropna(subset=["name", "id"])
    for name, id, word in zip(rows["name"], rows["id"], rows["decision"], strict=True):
        (different if word == "different" else same)[names.key(name)].add(id)
    return same, different


def _closed(pairs: Mapping[str, set[str]]) -> Pairs:
    return MappingProxyType({id: tuple(sorted(others)) for id, others in pairs.items()})
