"""The system map: typed tables that were checked once and never change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from sysmap.core import coded, joining, names, narrow, redaction, summary
from sysmap.core.draft import Sheet, from_frames
from sysmap.core.errors import InvalidMapError, UnknownIdError
from sysmap.core.problems import Problem, Problems
from sysmap.core.resolve import settle
from sysmap.core.rules import check
from sysmap.core.schema import (
    ABOUT,
    ACTIVITIES,
    ALIASES,
    ASKED,
    AUDIENCES,
    CONTEXTS,
    ELEMENTS,
    GROUPS,
    ORGANIZATIONS,
    OUTCOMES,
    PRIVATE,
    RESOURCES,
    SCHEMA,
    SOURCES,
    STRATEGIES,
    NodeType,
    Schema,
)
from sysmap.core.values import empty

Ids = Iterable[str] | str
_Tables = Mapping[str, pd.DataFrame]
_Join = Callable[[_Tables, _Tables, Schema], tuple[dict[str, pd.DataFrame], list[Problem]]]


class _Frames(Mapping[str, pd.DataFrame]):
    """Frames by table, taken in and handed out as lazy copies: nobody shares one to write in.

    Large ones may be held as codes; they are handed out plain.
    """

    __slots__ = ("_frames",)

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        held = frames._frames if isinstance(frames, _Frames) else frames
        self._frames: dict[str, pd.DataFrame] = {
            name: frame.copy(deep=False) for name, frame in held.items()
        }

    def __getitem__(self, table: str) -> pd.DataFrame:
        return coded.plain(self._frames[table])

    def held(self, table: str) -> pd.DataFrame:
        return self._frames[table].copy(deep=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


@dataclass(frozen=True, slots=True, eq=False, repr=False, weakref_slot=True)
class SystemMap:
    """A valid map: nodes, claims and the ledger of who was asked.

    Make one with ``read``; nothing changes it. Frames handed out are lazy copies, so writing into
    one changes nobody else's.

    Parameters
    ----------
    tables
        Every table of the schema, typed and checked; the map keeps lazy copies.
    schema
        The types.
    problems
        Warnings and notes of the reading.
    audience
        For whom the map was redacted; ``private`` holds everything.
    hidden
        Claims that redaction removed.
    whole
        The size of the map that this one is a part of; None if nothing was left out.

    Examples
    --------
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["Aurora", "Borealis"]}),
    ...     "outcomes": pd.DataFrame({"id": ["o"], "name": ["Light"]}),
    ...     "seeks": pd.DataFrame({"organization": ["a"], "outcome": ["o"]}),
    ... })
    >>> m
    <SystemMap: 1 outcome, 2 organizations; 1 claim>
    >>> m.organizations.loc["a", "name"], len(m.select(organizations="b").links("seeks"))
    ('Aurora', 0)
    """

    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    schema: Schema = field(default=SCHEMA, kw_only=True)
    problems: Problems = field(default_factory=Problems, kw_only=True)
    audience: str = field(default=PRIVATE, kw_only=True)
    hidden: int = field(default=0, kw_only=True)
    whole: narrow.Whole | None = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        """Close the mapping of tables."""
        object.__setattr__(self, "tables", _Frames(self.tables))

    # What it holds

    def table(self, name: str) -> pd.DataFrame:
        """Any table as it is written to a file: node ids are a column.

        Raises
        ------
        KeyError
            If the schema has no such table.
        """
        return self.tables[name]

    def nodes(self, table: str) -> pd.DataFrame:
        """A node table, indexed by id.

        Raises
        ------
        KeyError
            If the schema has no such node table.
        """
        return self.tables[self.schema.node(table).table].set_index("id")

    def links(self, table: str) -> pd.DataFrame:
        """A link table, one claim per row; the index is the row that evidence names.

        Raises
        ------
        KeyError
            If the schema has no such link table.
        """
        return self.tables[self.schema.link(table).table]

    @property
    def outcomes(self) -> pd.DataFrame:
        """Outcomes, indexed by id."""
        return self.nodes(OUTCOMES)

    @property
    def elements(self) -> pd.DataFrame:
        """Elements, indexed by id."""
        return self.nodes(ELEMENTS)

    @property
    def contexts(self) -> pd.DataFrame:
        """Contexts, indexed by id."""
        return self.nodes(CONTEXTS)

    @property
    def organizations(self) -> pd.DataFrame:
        """Organizations, indexed by id."""
        return self.nodes(ORGANIZATIONS)

    @property
    def groups(self) -> pd.DataFrame:
        """Groups, indexed by id."""
        return self.nodes(GROUPS)

    @property
    def activities(self) -> pd.DataFrame:
        """Activities, indexed by id."""
        return self.nodes(ACTIVITIES)

    @property
    def resources(self) -> pd.DataFrame:
        """Resources, indexed by id."""
        return self.nodes(RESOURCES)

    @property
    def strategies(self) -> pd.DataFrame:
        """Strategies, indexed by id."""
        return self.nodes(STRATEGIES)

    @property
    def sources(self) -> pd.DataFrame:
        """Sources, indexed by id."""
        return self.nodes(SOURCES)

    @property
    def asked(self) -> pd.DataFrame:
        """The ledger of who was asked what; ``answered`` is settled."""
        return self.table(ASKED)

    @property
    def about(self) -> Mapping[str, str]:
        """What holds for the whole map, by key; blank values are left out."""
        rows = self.tables[ABOUT].dropna(subset=["key", "value"])
        keys = rows["key"].map(names.key)
        return MappingProxyType(dict(zip(keys, rows["value"], strict=True)))

    @property
    def aliases(self) -> pd.DataFrame:
        """What people decided about spellings."""
        return self.table(ALIASES)

    @property
    def title(self) -> str:
        """The title in about, else ``System map``."""
        return self.about.get("title", "System map")

    def name(self, id: str) -> str:
        """The name of a node.

        Raises
        ------
        UnknownIdError
            If no node table has the id.
        """
        for kind in self.schema.nodes if isinstance(id, str) else ():
            frame = self.tables[kind.table]
            found = frame.loc[frame["id"] == id, "name"]
            if len(found):
                return str(found.iloc[0])
        raise self._unknown(id, tuple(kind.table for kind in self.schema.nodes))

    # Narrower maps

    def select(
        self,
        *,
        elements: Ids | None = None,
        contexts: Ids | None = None,
        organizations: Ids | None = None,
        areas: Ids | None = None,
        outcomes: Ids | None = None,
    ) -> SystemMap:
        """The part of the map that the named nodes make; tables not named stay whole.

        Keywords combine by and. A link stays when all its filled ends stay; a blank context stays.

        Raises
        ------
        UnknownIdError
            If an id, or an area, is not in the map.
        TypeError
            If a keyword is neither text nor a list of texts.
        """
        kept: dict[str, set[str]] = {}
        for table, ids in (
            (ELEMENTS, elements),
            (CONTEXTS, contexts),
            (ORGANIZATIONS, organizations),
            (OUTCOMES, outcomes),
        ):
            if ids is not None:
                kept[table] = set(self._known(ids, (table,)))
        tables = self.tables
        if areas is not None:
            wanted = self._areas(areas)
            frame = tables[ELEMENTS]
            of_area = frame["area"].map(names.key, na_action="ignore")
            inside = set(frame.loc[of_area.isin(wanted), "id"])
            kept[ELEMENTS] = kept.get(ELEMENTS, inside) & inside
            tables = {**tables, ASKED: narrow.of_areas(tables[ASKED], self.schema, wanted)}
        return self._only(kept, tables)

    def upstream(self, of: Ids, steps: int | None = None) -> SystemMap:
        """What influences some nodes, over at most so many steps, and the nodes themselves.

        Raises
        ------
        UnknownIdError
            If an id is no element or outcome.
        TypeError
            If `of` is neither an id nor a list of ids, or `steps` no whole number.
        ValueError
            If `steps` is negative.
        """
        return self._reached(of, steps, upstream=True)

    def downstream(self, of: Ids, steps: int | None = None) -> SystemMap:
        """What some nodes influence, over at most so many steps, and the nodes themselves.

        Raises
        ------
        UnknownIdError
            If an id is no element or outcome.
        TypeError
            If `of` is neither an id nor a list of ids, or `steps` no whole number.
        ValueError
            If `steps` is negative.
        """
        return self._reached(of, steps, upstream=False)

    def as_of(self, date: str) -> SystemMap:
        """The map with the claims surely made by a date; undated ones leave and are counted.

        A claim is dated by its start, else its date, else the date of its source; a partial date
        counts by its last day.

        Raises
        ------
        ValueError
            If `date` is not YYYY, YYYY-MM or YYYY-MM-DD.
        TypeError
            If `date` is no text.
        """
        if not isinstance(date, str):
            raise TypeError(f"date is {date!r}; write it as text: YYYY, YYYY-MM or YYYY-MM-DD")
        tables, later, undated = narrow.until(self.tables, self.schema, date)
        note = narrow.cut_by_date(date, later, undated)
        problems = Problems([*self.problems, note])
        return replace(self, tables=tables, problems=problems, whole=None)

    def redact(self, audience: str = "public", *, keep: Collection[str] = ()) -> SystemMap:
        """What an audience may see; the rest is in no table afterwards.

        Parameters
        ----------
        audience
            ``public``, ``members`` or ``private``; a map once redacted stays so.
        keep
            Unknown columns that may be shown; all others leave, because nobody has said who may
            see them.

        Raises
        ------
        ValueError
            If there is no such audience.
        """
        if audience not in AUDIENCES:
            raise ValueError(f"audience {audience!r} is unknown; write {', '.join(AUDIENCES)}")
        if AUDIENCES.index(audience) >= AUDIENCES.index(self.audience):
            return self
        left = self.whole.organizations if self.whole else ()
        tables, removed = redaction.redact(self.tables, self.schema, audience, keep, left)
        note = Problem("N403", f"{removed:,} claims are hidden from this audience", count=removed)
        part = Problem("N405", "how much of the whole map is left out is not for this audience")
        is_part = any(p.code == part.code for p in self.problems)
        cuts = [narrow.uncounted(p) for p in self.problems if p.code == narrow.CUT_BY_DATE]
        return replace(
            self,
            tables=tables,
            audience=audience,
            hidden=self.hidden + removed,
            problems=Problems([note] * bool(removed) + [part] * is_part + cuts),
            whole=None,
        )

    # Two maps

    def __or__(self, other: SystemMap) -> SystemMap:
        """What either map says; InvalidMapError if they describe one node differently."""
        return self._joined(other, joining.union)

    def __and__(self, other: SystemMap) -> SystemMap:
        """What both maps say; InvalidMapError if they describe one node differently."""
        return self._joined(other, joining.intersection)

    # How it shows itself

    def __repr__(self) -> str:
        """Its size."""
        return f"<SystemMap: {self._size()}>"

    def _repr_html_(self) -> str:
        """Sizes, first names, data date, who answered and what not to forget, escaped."""
        node_rows = [
            (kind.table, len(names), list(names))
            for kind in self.schema.nodes
            if len(names := held(self, kind.table)["name"])
        ]
        links = {kind.table: held(self, kind.table) for kind in self.schema.links}
        said = summary.facts(
            self.about,
            self.asked,
            self.tables[SOURCES],
            list(links.values()),
            self.hidden,
            len(self.problems),
        )
        rows = [
            *node_rows,
            *((table, len(frame), ()) for table, frame in links.items() if len(frame)),
        ]
        return summary.as_html(self.title, self._size(), said, rows)

    def _size(self) -> str:
        parts = []
        for kind in self.schema.nodes:
            n = len(held(self, kind.table))
            if n:
                parts.append(f"{n:,} {kind.one or kind.table if n == 1 else kind.table}")
        claims = sum(len(held(self, kind.table)) for kind in self.schema.links)
        return f"{', '.join(parts) or 'empty'}; {claims:,} claim{'' if claims == 1 else 's'}"

    def _joined(self, other: SystemMap, how: _Join) -> SystemMap:
        if not isinstance(other, SystemMap):
            return NotImplemented
        if self.schema != other.schema:
            raise ValueError("the two maps have different schemas; read both with one schema")
        mine, theirs = (
            x.whole or narrow.whole(x.tables, x.schema) if self.whole or other.whole else None
            for x in (self, other)
        )
        tables: tuple[_Tables, _Tables] = (
            {table: held(self, table) for table in self.tables},
            {table: held(other, table) for table in other.tables},
        )
        if mine is not None and mine == theirs:
            tables = narrow.agreeing(
                self.tables, other.tables, self.schema, filled=how is joining.union
            )
        joined, problems = how(*tables, self.schema)
        if problems:
            raise InvalidMapError(Problems(problems))
        both = SystemMap(
            joined,
            schema=self.schema,
            problems=Problems(dict.fromkeys((*self.problems, *other.problems))),
            audience=max(self.audience, other.audience, key=AUDIENCES.index),
            hidden=max(self.hidden, other.hidden),
        )
        if mine is None or mine != theirs:
            return both
        old = {x._left_out() for x in (self, other)}
        kept = Problems(p for p in both.problems if p not in old)
        return replace(both, problems=kept)._part_of(mine)

    def _left_out(self) -> Problem | None:
        """The note of a part; None where nothing was left out."""
        return narrow.left_out(self.tables, self.schema, self.whole) if self.whole else None

    def _part_of(self, whole: narrow.Whole) -> SystemMap:
        """The map with a note of what it leaves out of another; itself where it leaves nothing."""
        if not narrow.is_part(self.tables, self.schema, whole):
            return replace(self, whole=None)
        note = narrow.left_out(self.tables, self.schema, whole)
        return replace(self, whole=whole, problems=Problems([*self.problems, note]))

    def _reached(self, of: Ids, steps: int | None, *, upstream: bool) -> SystemMap:
        if steps is not None and not isinstance(steps, (int, np.integer)):
            raise TypeError(f"steps is {steps!r}; give a whole number, or None for no limit")
        if steps is not None and steps < 0:
            raise ValueError(f"steps is {steps}; give 0 or more, or None for no limit")
        start = self._known(of, (ELEMENTS, OUTCOMES))
        found = narrow.reached(self.tables, start, steps, upstream=upstream)
        kept = {t: found & set(self.tables[t]["id"]) for t in (ELEMENTS, OUTCOMES)}
        return self._only(kept, self.tables)

    def _only(self, kept: Mapping[str, set[str]], tables: Mapping[str, pd.DataFrame]) -> SystemMap:
        gone = {t: set(tables[t]["id"]) - ids for t, ids in kept.items()}
        old, whole = self._left_out(), self.whole or narrow.whole(self.tables, self.schema)
        problems = Problems(p for p in self.problems if p != old)
        small = narrow.without(tables, self.schema, gone)
        return replace(self, tables=small, problems=problems)._part_of(whole)

    def _known(self, ids: Ids, tables: tuple[str, ...]) -> list[str]:
        wanted = _listed(ids)
        there = set().union(*(set(self.tables[t]["id"]) for t in tables))
        for id in wanted:
            if not isinstance(id, str) or id not in there:
                raise self._unknown(id, tables)
        return wanted

    def _areas(self, areas: Ids) -> set[str]:
        wanted = _listed(areas)
        there = sorted(set(self.tables[ELEMENTS]["area"].dropna()))
        keys = {names.key(a) for a in there}
        for area in wanted:
            if not isinstance(area, str) or names.key(area) not in keys:
                raise UnknownIdError(area, table="the areas", near=names.alike(str(area), there))
        return {names.key(a) for a in wanted}

    def _unknown(self, id: object, tables: tuple[str, ...]) -> UnknownIdError:
        there = set().union(*(set(self.tables[t]["id"]) for t in tables))
        where = "the map" if len(tables) == len(self.schema.nodes) else " or ".join(tables)
        return UnknownIdError(id, table=where, near=names.alike(str(id), there))


def _listed(ids: Ids) -> list[str]:
    if isinstance(ids, str):
        return [ids]
    if not isinstance(ids, Iterable):
        raise TypeError(f"{ids!r} is neither an id nor a list of ids")
    return list(ids)


def build(
    sheets: Mapping[str, Sheet], schema: Schema = SCHEMA, problems: Iterable[Problem] = ()
) -> SystemMap:
    """Hold raw sheets against all rules and make the map.

    Raises
    ------
    InvalidMapError
        If any problem, given or found, is an error; it carries all of them.
    """
    frames, found = check(sheets, schema)
    every = Problems((*problems, *found))
    if not every.ok:
        raise InvalidMapError(every)
    complete = {kind.table: frames.get(kind.table, empty(kind)) for kind in schema}
    settled, notes = settle(complete, schema)
    return SystemMap(settled, schema=schema, problems=every + notes)


def from_tables(frames: Mapping[str, pd.DataFrame], schema: Schema = SCHEMA) -> SystemMap:
    """The map that a mapping of data frames makes.

    Raises
    ------
    InvalidMapError
        If the tables break a rule.
    TypeError
        If a value is no data frame.
    """
    sheets, problems = from_frames(frames, schema)
    return build(sheets, schema, problems)


def held(m: SystemMap, table: str) -> pd.DataFrame:
    """A table as the map holds it, its columns perhaps as codes; else as ``m.table``."""
    frames = m.tables
    return frames.held(table) if isinstance(frames, _Frames) else frames[table]


def drawn_types(m: SystemMap) -> tuple[NodeType, ...]:
    """The node types that pictures and graphs show: all that have a shape."""
    return tuple(kind for kind in m.schema.nodes if kind.shape)
