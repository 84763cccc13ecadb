"""What a page says of a map: nodes, relations with their claims, sources, as plain values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import pandas as pd

from sysmap.core.claims import unit_contexts
from sysmap.core.model import SystemMap, drawn_types
from sysmap.core.schema import (
    ALIASES,
    CONTEXTS,
    ELEMENTS,
    INFLUENCES,
    OUTCOMES,
    SOURCES,
    WORKS_ON,
    LinkType,
    NodeType,
)
from sysmap.core.stats import CodeArray
from sysmap.draw.answer import Shown
from sysmap.draw.layout import Layout, Plain
from sysmap.draw.words import WORDS
from sysmap.measures import reports
from sysmap.measures.votes import CONTESTED, MISSING, THERE

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

STATES = ("present", "absent", "contested", "silent", "not asked")
"""What is known of an element in a place; never fewer words than these."""

_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)))
_LONE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_UNSEEN = {**_TURNING, **_CONTROL, **_LONE}
_OUTSIDE_SCRIPT = str.maketrans(
    {c: f"\\u{ord(c):04x}" for c in ("<", ">", "&", "\u2028", "\u2029")}
)


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


def to_json(
    page: Content, layouts: Mapping[str, Layout], start: Sequence[int], words: Mapping[str, str]
) -> str:
    """The data of a page as text that can stand inside a script element."""
    return embed(_document(page, layouts, start, words))


def embed(document: Plain) -> str:
    r"""JSON in which no character can end a script element or a line of script.

    Examples
    --------
    >>> embed({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_OUTSIDE_SCRIPT)


def _document(
    page: Content, layouts: Mapping[str, Layout], start: Sequence[int], words: Mapping[str, str]
) -> Plain:
    place = {n.id: i for i, n in enumerate(page.nodes)}
    areas = sorted({n.area for n in page.nodes if n.area is not None})
    source_ids = sorted(page.sources)
    said = {id: i for i, id in enumerate(source_ids)}
    types = [kind.table for kind in page.types]
    relations = [kind.table for kind in page.relations]
    return {
        "title": page.title,
        "words": dict(words),
        "notes": list(page.notes),
        "verdicts": list(VERDICTS),
        "answers": _short_answers(page, place),
        "areas": list(areas),
        "types": [
            {
                "table": k.table,
                "one": k.one or k.table,
                "many": k.many or k.table,
                "shape": k.shape,
                "colour": k.colour,
                "area": k.knows("area"),
            }
            for k in page.types
        ],
        "relations": [
            {
                "table": k.table,
                "verb": k.verb or k.table,
                "inverse": k.inverse or k.table,
                "colour": k.colour,
                "directed": k.directed,
                "signed": k.knows("sign"),
                "stated": k.knows("state"),
                "trace": k.table == INFLUENCES,
                "work": k.table == WORKS_ON,
            }
            for k in page.relations
        ],
        "sources": [dict(page.sources[id]) for id in source_ids],
        "nodes": _short_nodes(page.nodes, types, areas),
        "edges": _short_edges(page.edges, relations, said, place),
        "layouts": {name: layout.to_plain() for name, layout in layouts.items()},
        "start": list(start) if len(start) < len(page.nodes) else None,
        "start_reason": page.reason,
        "date": page.notes[0] if page.notes else words["no_date"],
        "answer": page.answer.to_plain(place) if page.answer else None,
    }


def _short_answers(page: Content, place: Mapping[str, int]) -> Plain:
    """Places, and per element one digit for each of them: its position in `STATES`; 9 is blank.

    A digit that is repeated is followed by how often, in braces.
    """
    units = sorted({place[u] for row in page.answers.values() for u in row if u in place})
    ids = [page.nodes[u].id for u in units]
    digits = {word: str(k) for k, word in enumerate(STATES)}
    return {
        "words": list(STATES),
        "places": [*units],
        "at": [at for at, node in enumerate(page.nodes) if node.id in page.answers],
        "of": [
            _in_runs(digits.get(page.answers[node.id].get(u, ""), "9") for u in ids)
            for node in page.nodes
            if node.id in page.answers
        ],
    }


def _in_runs(letters: Iterable[str]) -> str:
    """Letters, with longer runs of one as the letter and its number in braces."""
    runs = ((letter, sum(1 for _ in run)) for letter, run in groupby(letters))
    return "".join(x * n if n < _SHORTEST_RUN else f"{x}{{{n}}}" for x, n in runs)


_SHORTEST_RUN = 5
_TOLD = ("area", "description", "url", "visibility")


def _short_nodes(nodes: Sequence[Node], types: Sequence[str], areas: Sequence[str]) -> Plain:
    """Columns of what every node has, and the rest of each node that has more.

    Types are runs, as pairs of a position and how often. Areas are positions, -1 where there is
    none; verdicts are one digit per node, 9 where there is none.
    """
    rest: dict[str, Plain] = {}
    for at, node in enumerate(nodes):
        more: list[Plain] = [
            [name, value]
            for name, value in node.data.items()
            if name not in _TOLD and value not in (None, "")
        ]
        parts: dict[str, Plain] = {
            "description": node.data.get("description"),
            "url": node.data.get("url"),
            "aliases": list(node.aliases) or None,
            "more": more or None,
        }
        kept: dict[str, Plain] = {k: v for k, v in parts.items() if v is not None}
        if kept:
            rest[str(at)] = kept
    return {
        "types": [
            [types.index(table), sum(1 for _ in run)]
            for table, run in groupby(n.table for n in nodes)
        ],
        "ids": [clean(n.id) for n in nodes],
        "names": [n.name for n in nodes],
        "areas": [areas.index(n.area) if n.area is not None else -1 for n in nodes],
        "verdicts": _in_runs(str(VERDICTS.index(n.verdict)) if n.verdict else "9" for n in nodes),
        "rest": rest,
        "facts": _short_facts(nodes),
    }


def _short_facts(nodes: Sequence[Node]) -> Plain:
    """Columns of what an answer says, and the positions of the nodes that it says it of."""
    told = {
        at: {k: v for k, v in node.facts.items() if k not in ("answers", "verdict")}
        for at, node in enumerate(nodes)
    }
    told = {at: facts for at, facts in told.items() if facts}
    columns = dict.fromkeys(key for facts in told.values() for key in facts)
    return {
        "at": [*told],
        "columns": [[key, [facts.get(key) for facts in told.values()]] for key in columns],
    }


def _short_edges(
    edges: Sequence[Edge],
    relations: Sequence[str],
    said: Mapping[str, int],
    place: Mapping[str, int],
) -> Plain:
    """Columns of relations: table and first end in runs, second end, answer, claims."""
    answers = sorted({e.answer for e in edges if e.answer is not None})
    codes = {answer: k for k, answer in enumerate(answers)}
    claims: list[Plain] = []
    for edge in edges:
        told = [_short_claim(c, said, place) for c in edge.claims]
        claims.append(told[0] if len(told) == 1 and not isinstance(told[0], list) else told)
    return {
        "relations": [
            [relations.index(table), sum(1 for _ in run)]
            for table, run in groupby(e.table for e in edges)
        ],
        "words": [*answers],
        "first": [[at, sum(1 for _ in run)] for at, run in groupby(place[e.first] for e in edges)],
        "second": [place[e.second] for e in edges],
        "answers": [codes.get(e.answer or "", -1) for e in edges],
        "claims": claims,
    }


def _short_claim(claim: Row, said: Mapping[str, int], place: Mapping[str, int]) -> Plain:
    """Source, date, context, note, then the columns that are left, as pairs.

    What is blank at the end is left out; a claim with nothing but a source is its position.
    """
    told = ("source", "date", "context", "note", "visibility")
    source, where = claim.get("source"), claim.get("context")
    rest: list[Plain] = [
        [name, value]
        for name, value in claim.items()
        if name not in told and value not in (None, "")
    ]
    short: list[Plain] = [
        said.get(source) if isinstance(source, str) else None,
        claim.get("date"),
        place.get(where) if isinstance(where, str) else None,
        claim.get("note"),
    ]
    if rest:
        return [*short, rest]
    while len(short) > 1 and short[-1] is None:
        short.pop()
    return short if len(short) > 1 else short[0]


def _answers(m: SystemMap, facts: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, str]]:
    """What is known of each element in each counted place: as an answer says, else as reported.

    An element takes in its parts, as the shares of the verdicts do.
    """
    if not len(m.table(CONTEXTS)) or not len(m.table(ELEMENTS)):
        return {}
    units = unit_contexts(m)
    found = reports.of_elements(m, units)
    told = np.array(["", *STATES[:3]])[_codes(found.status())]
    words = np.where(told == "", np.where(found.reached, *STATES[3:]), told)
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
