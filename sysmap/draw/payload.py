"""What a page says of a map: nodes, relations with their claims, sources, as plain values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sysmap.core.claims import unit_contexts
from sysmap.core.model import SystemMap, drawn_types
from sysmap.core.schema import (
    ALIASES,
    CONTEXTS,
    ELEMENTS,
    OUTCOMES,
    SOURCES,
    LinkType,
    NodeType,
)
from sysmap.core.stats import CodeArray
from sysmap.draw.answer import Shown
from sysmap.draw.layout import Plain
from sysmap.draw.words import WORDS
from sysmap.measures.reporting import reports
from sysmap.measures.reporting.votes import CONTESTED, MISSING, THERE

Row = Mapping[str, Plain]

START_NODES = 80
"""The most nodes that a page draws before the reader asks for more."""

ADDED = "added"
"""Table of what a caller put into the network by hand."""

ADDED_TYPE = NodeType(
    ADDED,
    (),
    "Put in by hand.",
    one="added node",
    many="added nodes",
    shape="dot",
    colour="#4D4D4D",
)
ADDED_LINK = LinkType(ADDED, (), "Put in by hand.", "is linked with", "is linked with")

VERDICTS = ("universal", "intermediate", "context-specific", "undetermined")

STATES = ("present", "absent", "contested", "not named", "silent", "not asked")
"""What is known of an element in a place; never fewer words than these."""

_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)))
_LONE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_UNSEEN = {**_TURNING, **_CONTROL, **_LONE}


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on the page; `data` holds its columns, `facts` what an answer says of it."""

    id: str
    name: str
    table: str
    data: Row = field(default_factory=dict)
    facts: Row = field(default_factory=dict)
    aliases: tuple[str, ...] = ()

    @property
    def area(self) -> str | None:
        """The area of work, None where the node has none."""
        area = self.data.get("area")
        return area if isinstance(area, str) else None

    @property
    def verdict(self) -> str | None:
        """The verdict of an answer, None where nobody gave one."""
        verdict = self.facts.get("verdict")
        return verdict if isinstance(verdict, str) and verdict in VERDICTS else None


@dataclass(frozen=True, slots=True)
class Edge:
    """All claims of one table that join the same two nodes and answer alike.

    Parameters
    ----------
    answer
        The sign of an influence or the state of an observation; None where there is neither.
    claims
        One mapping of columns per claim, without the two ends.
    """

    table: str
    first: str
    second: str
    answer: str | None
    claims: tuple[Row, ...]

    @property
    def sources(self) -> int:
        """Distinct sources behind the relation; a claim without one counts as one unknown."""
        return len({str(claim.get("source")) for claim in self.claims})


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a page shows, before it is laid out.

    ``answers`` holds one of `STATES` for each element, by the ids of the counted places.
    ``start`` holds the ids of the first picture, None where the page chooses; ``reason`` is the
    key of the words that say why it shows these. ``foot`` holds what the foot of the page names:
    audience, licence and contact.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    sources: Mapping[str, Row]
    types: tuple[NodeType, ...]
    relations: tuple[LinkType, ...]
    notes: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lang: str = "en"
    layouts: tuple[str, ...] = ("layers", "network")
    start: tuple[str, ...] | None = None
    reason: str = "start_reason"
    answer: Shown | None = None
    foot: Mapping[str, str] = field(default_factory=dict)
    methods: str = ""
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)


def content(
    m: SystemMap,
    *,
    title: str | None = None,
    facts: Mapping[str, Mapping[str, object]] | None = None,
    notes: Iterable[str] = (),
    lang: str = "en",
    layouts: Sequence[str] = ("layers", "network"),
) -> Content:
    """Gather what a page shows of a map; row order and hash seed leave no trace in it."""
    types = drawn_types(m)
    nodes = tuple(n for kind in types for n in _nodes(m, kind, facts or {}))
    place = {n.id: i for i, n in enumerate(nodes)}
    edges = tuple(e for kind in m.schema.links for e in _edges(m, kind, place))
    return Content(
        clean(title if title is not None else m.title),
        nodes,
        edges,
        _sources(m),
        types,
        m.schema.links,
        tuple(clean(note) for note in notes),
        _answers(m, facts or {}),
        clean(lang),
        tuple(layouts),
        foot={"audience": m.audience}
        | {k: clean(str(v)) for k, v in m.about.items() if k in ("licence", "contact") and v},
    )


def clean(text: str) -> str:
    r"""The text without control, direction and half characters, which a page could not show.

    Examples
    --------
    >>> clean("left\u202eright\x00")
    'leftright'
    """
    return text.translate(_UNSEEN)


def plain(value: object) -> Plain:
    """A value as JSON can hold it; anything missing or not finite is None.

    Examples
    --------
    >>> plain(np.int64(3)), plain(float("nan")), plain({"b", "a"})
    (3, None, ['a', 'b'])
    """
    if isinstance(value, np.generic):
        value = value.item()
    match value:
        case None | bool() | int():
            return value
        case str():
            return clean(value)
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {clean(str(k)): plain(v) for k, v in value.items()}
        case set() | frozenset():
            return sorted((plain(v) for v in value), key=str)
        case list() | tuple():
            return [plain(v) for v in value]
        case _ if value is pd.NA or value is pd.NaT:
            return None
    stamp = getattr(value, "isoformat", None)
    return clean(str(stamp() if callable(stamp) else value))


def start_set(page: Content) -> tuple[int, ...]:
    """The nodes that a page opens on: all of a small map, else outcomes and linked elements.

    Where a map has neither outcomes nor elements the most-linked nodes of any type stand in.
    """
    count = len(page.nodes)
    if page.start is not None:
        wanted = set(page.start)
        return tuple(i for i, n in enumerate(page.nodes) if n.id in wanted)
    if count <= START_NODES:
        return tuple(range(count))
    links = degrees(page)
    rank = {OUTCOMES: 0, ELEMENTS: 1}
    pool = [i for i, n in enumerate(page.nodes) if n.table in rank] or list(range(count))
    pool.sort(key=lambda i: (rank.get(page.nodes[i].table, 2), -links[i], i))
    return tuple(sorted(pool[:START_NODES]))


def degrees(page: Content) -> list[int]:
    """Relations that end at each node."""
    place = {n.id: i for i, n in enumerate(page.nodes)}
    links = [0] * len(page.nodes)
    for edge in page.edges:
        links[place[edge.first]] += 1
        links[place[edge.second]] += 1
    return links


def _answers(m: SystemMap, facts: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, str]]:
    """What is known of each element in each counted place: as an answer says, else as reported.

    An element takes in its parts, as the shares of the verdicts do.
    """
    if not len(m.table(CONTEXTS)) or not len(m.table(ELEMENTS)):
        return {}
    units = unit_contexts(m)
    found = reports.of_elements(m, units)
    told = np.array(["", *STATES[:3]])[_codes(found.status())]
    untold = np.select([found.answered, found.reached], STATES[3:5], STATES[5])
    words = np.where(told == "", untold, told)
    answers = {
        str(id): dict(zip(units, row.tolist(), strict=True))
        for id, row in zip(found.subjects, words, strict=True)
    }
    for id, fact in facts.items():
        given = fact.get("answers")
        if id in answers and isinstance(given, Mapping):
            answers[id] = {u: str(given[u]) for u in units if given.get(u) in STATES}
    return answers


def _codes(status: CodeArray) -> CodeArray:
    """Positions in the words of states, 0 where nothing was reported."""
    codes = np.zeros_like(status)
    for code, word in ((THERE, 1), (MISSING, 2), (CONTESTED, 3)):
        codes[status == code] = word
    return codes


def _nodes(m: SystemMap, kind: NodeType, facts: Mapping[str, Mapping[str, object]]) -> list[Node]:
    aliases = m.table(ALIASES)
    same = aliases[aliases["decision"] == "same"]
    spellings: dict[str, list[str]] = {}
    for name, id in sorted(zip(same["name"], same["id"], strict=True)):
        spellings.setdefault(str(id), []).append(clean(str(name)))
    frame = m.table(kind.table).sort_values("id", kind="stable")
    columns = [str(c) for c in frame.columns if c not in ("id", "name")]
    found = []
    for row in frame.to_dict("records"):
        id = str(row["id"])
        told = plain(dict(facts.get(id, {})))
        found.append(
            Node(
                id,
                clean(str(row["name"])),
                kind.table,
                {clean(c): plain(row[c]) for c in columns},
                told if isinstance(told, dict) else {},
                tuple(spellings.get(id, ())),
            )
        )
    return found


def _edges(m: SystemMap, kind: LinkType, place: Mapping[str, int]) -> list[Edge]:
    """One edge per pair of ends and answer; undirected ends stand in map order."""
    first, second = (c.name for c in kind.ends)
    by = next((c for c in ("sign", "state") if kind.knows(c)), None)
    gathered: dict[tuple[int, int, str], list[Row]] = {}
    ends: dict[tuple[int, int, str], tuple[str, str, str | None]] = {}
    for row in m.links(kind.table).to_dict("records"):
        a, b = str(row.pop(first)), str(row.pop(second))
        if a not in place or b not in place:
            continue
        if not kind.directed and place[b] < place[a]:
            a, b = b, a
        answer = plain(row.pop(by)) if by else None
        word = answer if isinstance(answer, str) else None
        slot = (place[a], place[b], word or "")
        ends[slot] = (a, b, word)
        gathered.setdefault(slot, []).append({clean(str(k)): plain(v) for k, v in row.items()})
    return [
        Edge(kind.table, *ends[slot], tuple(sorted(gathered[slot], key=_said_first)))
        for slot in sorted(gathered)
    ]


def _said_first(claim: Row) -> tuple[str, ...]:
    named = (str(claim.get(c) or "") for c in ("source", "date", "context"))
    return (*named, json.dumps(claim, sort_keys=True))


def _sources(m: SystemMap) -> Mapping[str, Row]:
    """What a reader may know of each source: name, kind, date, grade, address."""
    shown = ("name", "kind", "grade", "date", "url")
    organizations = m.organizations["name"]
    found: dict[str, Row] = {}
    for row in m.table(SOURCES).to_dict("records"):
        told = {c: plain(row[c]) for c in shown}
        speaker = row["organization"]
        if isinstance(speaker, str) and speaker in organizations.index:
            told["organization"] = plain(organizations[speaker])
        found[str(row["id"])] = {k: v for k, v in told.items() if v is not None}
    return found
