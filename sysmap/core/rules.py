"""The rules of a valid map, one function per rule.

A rule takes the typed tables and yields problems; `check` runs them all, so every fault of a
file comes at once. Rules never change a table; what a reference means is settled before them by
`refer`, because an exact name or a recorded alias may stand for an id.
"""

from __future__ import annotations

import unicodedata
from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
import pandas as pd

from sysmap.core import coded, countries, dates, names
from sysmap.core.draft import Sheet, arrange
from sysmap.core.problems import Problem, shown
from sysmap.core.schema import (
    ABOUT,
    ALIASES,
    CONTEXTS,
    COUNTRY,
    ELEMENTS,
    INFLUENCES,
    OBSERVED,
    ORGANIZATIONS,
    OUTCOMES,
    SOURCES,
    Column,
    LinkType,
    NodeType,
    Schema,
    TableType,
)
from sysmap.core.values import Fault, clean, distinct, filled, report

_SHOWN_CASES = 20
_UNTOLD = [Fault("E206", "")]
"""A reference that leads nowhere, past those that are told in words."""
_K = TypeVar("_K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Table:
    """One typed table with the sheet that it came from, row by row."""

    kind: TableType
    sheet: Sheet
    frame: pd.DataFrame


Tables = Mapping[str, Table]
Spot = tuple[Table, int]
Case = tuple[str, Sequence[Spot]]
Rule = Callable[[Tables, Schema], Iterator[Problem]]


def check(
    sheets: Mapping[str, Sheet], schema: Schema
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Hold raw sheets against all rules.

    Returns
    -------
    tuple
        Typed frames by table, with ids in every reference; of use only if no problem is an
        error; and the problems.
    """
    problems: list[Problem] = []
    typed: dict[str, Table] = {}
    unreadable: set[str] = set()
    for table, sheet in sheets.items():
        kind = schema[table]
        arranged, found = arrange(sheet, kind)
        problems += found
        if any(p.code == "E105" for p in found):
            unreadable.add(table)
            continue
        frame, found = clean(arranged, kind, schema)
        missing = {c for c in kind.required if c not in arranged.frame}
        problems += found
        typed[table] = Table(kind, arranged, frame)
        if missing:
            unreadable |= {table} if "id" in missing else set()
            continue
        if frame.empty:
            problems.append(
                Problem("N103", f"sheet {shown(table)!r} has no rows", "", (sheet.place(),))
            )
    resolved, found = refer(typed, schema, unreadable)
    problems += found
    for rule in RULES:
        problems += rule(resolved, schema)
    return {name: table.frame for name, table in resolved.items()}, problems


def refer(
    tables: Tables, schema: Schema, unreadable: Collection[str] = ()
) -> tuple[dict[str, Table], list[Problem]]:
    """Put ids into every reference that holds an id, a recorded alias or an exact unique name.

    What points into an `unreadable` table stays as it is: nobody can tell whether it is right.
    """
    lookup = _Lookup(tables, schema)
    problems: list[Problem] = []
    resolved: dict[str, Table] = {}
    for name, table in tables.items():
        meant: dict[str, pd.Series] = {}
        for column in table.kind.columns:
            if column.kind != "reference" or set(column.to) & set(unreadable):
                continue
            if column.name in table.sheet.frame:
                meant[column.name], found = lookup.resolve(table, column)
                problems += found
        resolved[name] = Table(table.kind, table.sheet, table.frame.assign(**meant))
    return resolved, problems


class _Lookup:
    """Which id a text means, per set of node tables."""

    def __init__(self, tables: Tables, schema: Schema) -> None:
        self._tables, self._schema = tables, schema
        self._ids: dict[str, set[str]] = {}
        self._names: dict[str, dict[str, list[str]]] = {}
        for kind in schema.nodes:
            table = tables.get(kind.table)
            if table is None:
                continue
            rows = table.frame[["id", "name"]].dropna()
            self._ids[kind.table] = set(table.frame["id"].dropna())
            by_name: dict[str, list[str]] = {}
            cells = (rows[column].to_numpy(object) for column in ("id", "name"))
            for id, name in zip(*cells, strict=True):
                by_name.setdefault(unicodedata.normalize("NFC", name), []).append(id)
            self._names[kind.table] = by_name
        self._aliases: dict[str, str] = {}
        if ALIASES in tables:
            frame = tables[ALIASES].frame
            same = frame[frame["decision"] == "same"].dropna(subset=["name", "id"])
            self._aliases = {names.key(n): i for n, i in zip(same["name"], same["id"], strict=True)}

    def resolve(self, table: Table, column: Column) -> tuple[pd.Series, list[Problem]]:
        cells = table.frame[column.name]
        absent = [t for t in column.to if t not in self._ids]
        if len(absent) == len(column.to) and cells.notna().any():
            return cells, [self._sheet_missing(table, column, cells)]
        ids = set().union(*(self._ids.get(t, set()) for t in column.to))
        named = set().union(*(self._names.get(t, {}) for t in column.to))
        codes, uniques = distinct(cells)
        values: list[object] = []
        faults: dict[int, list[Fault]] = {}
        lost = 0
        for i, unique in enumerate(uniques):
            text = str(unique)
            if text in ids:
                values.append(text)
                continue
            if lost >= _SHOWN_CASES and not self._aliases and text not in named:
                values.append(None)
                faults[i] = _UNTOLD
                continue
            found, fault = self._meant(text, column, ids, absent, explain=lost < _SHOWN_CASES)
            lost += found is None
            values.append(found)
            faults[i] = [fault]
        return (
            filled(cells, codes, values, "str"),
            report(table.sheet, column.name, codes, faults),
        )

    def _meant(
        self, text: str, column: Column, ids: set[str], absent: list[str], *, explain: bool
    ) -> tuple[str | None, Fault]:
        """The id that a text stands for, or a fault; in words only where it will be shown."""
        alias = self._aliases.get(names.key(text))
        if alias in ids:
            return alias, Fault(
                "N215", f"{column.name} {shown(text)!r} was read as {alias} (aliases)"
            )
        named = [i for t in column.to for i in self._names.get(t, {}).get(text, [])]
        if len(named) == 1:
            return named[0], Fault(
                "N214", f"{column.name} {shown(text)!r} was read as {named[0]} (exact name)"
            )
        if not named and not explain:
            return None, Fault("E206", "")
        tables = " or ".join(column.to)
        lost = f"{column.name} {shown(text)!r} is not in {tables}"
        if len(named) > 1:
            return None, Fault(
                "E206",
                f"{column.name} {shown(text)!r} names {len(named)} rows of {tables}",
                f"write one of the ids {', '.join(sorted(named)[:3])}",
            )
        return None, Fault("E206", lost, self._hint(text, column, ids, absent))

    def _hint(self, text: str, column: Column, ids: set[str], absent: list[str]) -> str:
        add = f"add it to {' or '.join(column.to)}"
        if ";" in text:
            parts = [p.strip() for p in text.split(";")]
            if all(p in ids or countries.code_of(p) for p in parts):
                return "write one row each"
        code = countries.code_of(text) if CONTEXTS in column.to else None
        if code:
            return f"did you mean {code}?" + ("" if code in ids else f" Then {add}")
        like = names.near(text, ids)
        if like is None:
            known = [n for t in column.to for n in self._names.get(t, {})]
            like = names.near(text, known)
        if like:
            return f"did you mean {shown(like)}? Else {add}"
        return f"{add}, or write an id that is there" if not absent else add

    def _sheet_missing(self, table: Table, column: Column, cells: pd.Series) -> Problem:
        need = " or ".join(column.to)
        wanted = ", ".join(self._schema[column.to[0]].required)
        spots = np.flatnonzero(cells.notna().to_numpy())
        return Problem(
            "E101",
            f"{column.name} is filled, and there is no sheet {need}",
            f"add the sheet {need} with the columns {wanted}",
            tuple(table.sheet.place(int(s), column.name) for s in spots[:3]),
            len(spots),
        )


def ids_are_unique(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """E202: one id names one node, across all node tables."""
    places: dict[str, list[Spot]] = {}
    for table, i, id in _ids(tables):
        places.setdefault(id, []).append((table, i))
    yield from _told(
        "E202",
        "give each thing an id of its own, or delete the repeated row",
        "id",
        (
            (f"id {shown(id)!r} stands {len(found)} times", found)
            for id, found in places.items()
            if len(found) > 1
        ),
    )


def ids_look_apart(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """W203, W204: ids that differ only by case, blanks or leading zeros confuse people."""
    for make, code, remedy in (
        (names.key, "W203", "one thing or two? Use one id, or ids that look different"),
        (_unpadded, "W204", "if they are one thing, format the column as text and use one form"),
    ):
        alike: dict[str, dict[str, Spot]] = {}
        for table, i, id in _ids(tables):
            alike.setdefault(make(id), {}).setdefault(id, (table, i))
        yield from _told(
            code,
            remedy,
            "id",
            (
                (
                    f"ids {' and '.join(repr(shown(t)) for t in twins)} look alike",
                    list(twins.values()),
                )
                for twins in alike.values()
                if len(twins) > 1
            ),
        )


def names_look_apart(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """W210: two rows of one table with one name cannot be told apart by a reader."""
    for table in _nodes(tables):
        keys = table.frame["name"].dropna().map(names.key)
        keys = keys[keys.duplicated(keep=False)]
        twins = _rows_by(zip(keys.index, keys.to_numpy(object), strict=True))
        yield from _told(
            "W210",
            "make the names differ, or keep one row",
            "name",
            (
                (
                    f"{len(rows)} rows of {table.kind.table} are named {shown(name)!r}",
                    [(table, i) for i in rows],
                )
                for name, rows in twins.items()
            ),
        )


def ends_differ(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """E207: a node has no link to itself."""
    for table in _links(tables):
        a, b = (c.name for c in _ends(table))
        spots = np.flatnonzero(coded.equal(table.frame[a], table.frame[b]))
        if len(spots):
            yield Problem(
                "E207",
                f"{a} and {b} are both {shown(table.frame[a].iloc[spots[0]])!r}",
                "write two different ids, or delete the row",
                tuple(table.sheet.place(int(s), b) for s in spots[:3]),
                len(spots),
            )


def parents_form_no_ring(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """E216: following the parent of a node never leads back to it."""
    for table in _nodes(tables):
        for column in table.kind.columns:
            if column.kind != "reference" or column.to != (table.kind.table,):
                continue
            if table.frame[column.name].isna().all():
                continue
            both = table.frame[["id", column.name]].dropna().astype(object)
            rings = _in_rings(dict(zip(both["id"], both[column.name], strict=True)))
            yield from _told(
                "E216",
                "break the ring",
                column.name,
                (
                    (f"{column.name} of {shown(id)!r} leads back to itself", [(table, int(i))])
                    for i, id in both["id"].items()
                    if id in rings
                ),
            )


def starts_precede_ends(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """E307: nothing ends before it starts."""
    for table in tables.values():
        if not {"start", "end"} <= set(table.frame) or not table.kind.knows("start"):
            continue
        both = table.frame[["start", "end"]].dropna().astype(object)
        spans = _rows_by(zip(both.index, zip(both["start"], both["end"], strict=True), strict=True))
        yield from _told(
            "E307",
            "exchange or mend the dates",
            "end",
            (
                (f"start {start} is after end {end}", [(table, i) for i in rows])
                for (start, end), rows in spans.items()
                if dates.first_day(start) > dates.last_day(end)
            ),
        )


def claims_are_said_once(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """W208: a repeated claim counts once per source."""
    for table in _links(tables):
        ends = [c.name for c in _ends(table)]
        said = table.frame[_claim_columns(table, ("date", "note", "visibility"))].dropna(
            subset=ends
        )
        if isinstance(table.kind, LinkType) and not table.kind.directed:
            said = coded.plain(said)
            first, second = (said[end] for end in ends)
            turned = first > second
            said = said.assign(
                **{
                    ends[0]: first.where(~turned, second),
                    ends[1]: second.where(~turned, first),
                }
            )
        spots = said.index[coded.repeated(said)]
        if len(spots):
            yield Problem(
                "W208",
                "the same claim stands more than once",
                "it counts once per source",
                tuple(table.sheet.place(int(s)) for s in spots[:3]),
                len(spots),
            )


def sources_agree_with_themselves(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """W209: one source says both yes and no; the votes cancel or the later one counts."""
    for name, column in ((INFLUENCES, "sign"), (OBSERVED, "state")):
        table = tables.get(name)
        if table is None or "source" not in table.sheet.frame or column not in table.sheet.frame:
            continue
        ends = [c.name for c in _ends(table)]
        keys = [*ends, *(["context"] if "context" not in ends else []), "source"]
        said = table.frame.dropna(subset=[*ends, column, "source"])
        # counting the sides of every group is slow, and most sources speak once
        said = coded.plain(said[said.duplicated(keys, keep=False)])
        sides = said.groupby(keys, dropna=False)[column].transform("nunique")
        torn = said[sides > 1]
        subjects = zip(*(torn[key].fillna("").to_numpy(object) for key in keys), strict=True)
        yield from _told(
            "W209",
            "the later date counts; on one day the votes cancel",
            column,
            (
                (
                    f"source {shown(subject[-1])!r} says both sides of "
                    + shown(" - ".join(subject[:2])),
                    [(table, i) for i in rows],
                )
                for subject, rows in _rows_by(zip(torn.index, subjects, strict=True)).items()
            ),
        )


def reporters_are_ids(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """W221: sysmap fills the column reporter with ids; anything else may be a person."""
    table = tables.get(SOURCES)
    if table is None or "reporter" not in table.sheet.frame:
        return
    known = (tables[t].frame["id"] for t in (ORGANIZATIONS, SOURCES) if t in tables)
    ids = set().union(*(set(column.dropna()) for column in known))
    reporter = table.frame["reporter"]
    spots = np.flatnonzero((reporter.notna() & ~reporter.isin(ids)).to_numpy())
    if len(spots):
        yield Problem(
            "W221",
            "reporter is no id of an organization or source of this map",
            "only the secretariat sees it; write the id of who speaks in organization",
            tuple(table.sheet.place(int(s), "reporter") for s in spots[:3]),
            len(spots),
        )


def elements_have_areas(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """W402: an element without area stands in no column of the brief."""
    table = tables.get(ELEMENTS)
    if table is None:
        return
    spots = np.flatnonzero(table.frame["area"].isna().to_numpy())
    if len(spots):
        yield Problem(
            "W402",
            "area is blank: the element is unassigned",
            "write its area of work",
            tuple(table.sheet.place(int(s), "area") for s in spots[:3]),
            len(spots),
        )


def countries_are_known(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """W306: an id in the form of an alpha-3 code is in the country table."""
    table = tables.get(CONTEXTS)
    if table is None:
        return
    known = countries.USER_ASSIGNED | set(countries.table())
    country = table.frame["kind"].fillna(COUNTRY) == COUNTRY
    yield from _told(
        "W306",
        "check the code, or keep it",
        "id",
        (
            (f"{id} is no country code of ISO 3166", [(table, int(i))])
            for i, id in table.frame.loc[country, "id"].dropna().items()
            if countries.looks_like_code(id) and id not in known
        ),
    )


def default_source_exists(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """E206: the source named in about is in sources; E219: about gives one value per key."""
    table = tables.get(ABOUT)
    if table is None:
        return
    known = set(tables[SOURCES].frame["id"].dropna()) if SOURCES in tables else set()
    keys = table.frame["key"].fillna("").map(names.key)
    for i, (key, value) in enumerate(zip(keys, table.frame["value"], strict=True)):
        if key == "source" and isinstance(value, str) and value not in known:
            yield Problem(
                "E206",
                f"source {shown(value)!r} is not in sources",
                "add it to sources",
                (table.sheet.place(i, "value"),),
            )
    twice = _rows_by(keys[keys.duplicated(keep=False) & (keys != "")].items())
    yield from _told(
        "E219",
        "keep one row of each key",
        "key",
        (
            (f"key {shown(key)!r} stands {len(rows)} times", [(table, i) for i in rows])
            for key, rows in twice.items()
        ),
    )


def map_is_not_bare(tables: Tables, schema: Schema) -> Iterator[Problem]:
    """W401: a map without organizations, outcomes, elements or claims answers little."""
    for name in (ORGANIZATIONS, OUTCOMES, ELEMENTS):
        if name not in tables or tables[name].frame.empty:
            yield Problem("W401", f"the map has no {name}", f"fill the sheet {name}")
    if not any(len(t.frame) for t in _links(tables)):
        yield Problem("W401", "the map has no claims", "fill a link table, for example works_on")


RULES: tuple[Rule, ...] = (
    ids_are_unique,
    ids_look_apart,
    names_look_apart,
    ends_differ,
    parents_form_no_ring,
    starts_precede_ends,
    claims_are_said_once,
    sources_agree_with_themselves,
    reporters_are_ids,
    elements_have_areas,
    countries_are_known,
    default_source_exists,
    map_is_not_bare,
)
"""Every rule, in the order in which they run."""


def _told(code: str, remedy: str, column: str, cases: Iterable[Case]) -> Iterator[Problem]:
    """One problem per case; past twenty of them, one for all the rest."""
    rest, count = 0, 0
    spots: list[Spot] = []
    for number, (message, where) in enumerate(cases):
        if number < _SHOWN_CASES:
            places = tuple(t.sheet.place(i, column) for t, i in where[:3])
            yield Problem(code, message, remedy, places, len(where))
            continue
        rest += 1
        count += len(where)
        spots += where[: 3 - len(spots)]
    if rest:
        yield Problem(
            code,
            f"{column}: {rest:,} further cases of the same fault",
            "mend them in the same way",
            tuple(t.sheet.place(i, column) for t, i in spots),
            count,
        )


def _rows_by(cells: Iterable[tuple[Hashable, _K]]) -> dict[_K, list[int]]:
    """The rows of each value, both in the order of the sheet."""
    rows: dict[_K, list[int]] = {}
    for row, value in cells:
        rows.setdefault(value, []).append(cast("int", row))
    return rows


def _in_rings(up: Mapping[str, str]) -> set[str]:
    """The nodes from which each one's parent, followed on, leads back to the node."""
    rings: set[str] = set()
    seen: dict[str, int] = {}
    for walk, start in enumerate(up):
        path, node = [], start
        while node in up and node not in seen:
            seen[node] = walk
            path.append(node)
            node = up[node]
        if seen.get(node) == walk:
            rings.update(path[path.index(node) :])
    return rings


def _ids(tables: Tables) -> Iterator[tuple[Table, int, str]]:
    for table in _nodes(tables):
        for i, id in enumerate(table.frame["id"].to_numpy(object)):
            if isinstance(id, str):
                yield table, i, id


def _nodes(tables: Tables) -> Iterator[Table]:
    return (t for t in tables.values() if isinstance(t.kind, NodeType))


def _links(tables: Tables) -> Iterator[Table]:
    return (t for t in tables.values() if isinstance(t.kind, LinkType))


def _ends(table: Table) -> tuple[Column, Column]:
    return table.kind.columns[0], table.kind.columns[1]


def _claim_columns(table: Table, leave_out: tuple[str, ...]) -> list[str]:
    return [c for c in table.kind.names if c not in leave_out]


def _unpadded(id: str) -> str:
    return id.lstrip("0") or "0" if id.isdecimal() and id.isascii() else f"\0{id}"
