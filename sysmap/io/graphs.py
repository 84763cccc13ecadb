"""Graphs of other tools: nodes and edges with attributes, whatever the file spells them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import quoteattr

from sysmap.core import names
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import (
    ABOUT,
    ALIASES,
    ASKED,
    ELEMENTS,
    INFLUENCES,
    NEGATIVE,
    OUTCOMES,
    POSITIVE,
    LinkType,
    NodeType,
)
from sysmap.io import choices, exports
from sysmap.io import typed as drawings
from sysmap.io.causal import Things, twice, undirected
from sysmap.io.grids import Draft
from sysmap.io.heads import Options
from sysmap.io.intake import Intake

NODE, EDGE = "node", "edge"
TABLE = "table"
"""The attribute that says in which table a node or an edge stands."""

CHOICES = drawings.CHOICES

_TYPES = ("type", "kind", "category", "class")
_SIGNS = {POSITIVE: POSITIVE, NEGATIVE: NEGATIVE}
_BREAKS = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
_NUMBERS = ("int", "integer", "long", "float", "double")

Value = str | float


@dataclass(frozen=True, slots=True)
class Node:
    """One node as the file has it; its attributes by title."""

    id: str
    label: str
    values: Mapping[str, Value]
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge as the file has it; its attributes by title."""

    source: str
    target: str
    values: Mapping[str, Value]
    directed: bool = True
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph as a file has it, and how many values of its drawing were passed over."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    drawn: int = 0


def typed(text: str, kind: str) -> Value:
    """A value by the type that the file declares; text that is no such number stays text.

    Examples
    --------
    >>> typed("3", "int"), typed("INF", "double"), typed("x", "double"), typed("7", "string")
    (3.0, inf, 'x', '7')
    """
    if kind.lower() not in _NUMBERS:
        return text
    try:
        return float(text)
    except ValueError:
        return text


def draft(graph: Graph, file: str, options: Options) -> Draft:
    """The tables of a graph, and an account of its nodes and edges.

    Nodes and edges that name their table stand there, column by column. Other nodes become
    elements, other edges influences or the only link that may join their ends.
    """
    usual = {**_SIGNS, **choices.mapped(options.choices, "signs")}
    made = replace(drawings.decisions(options, _SIGNS), signs=usual)
    intake = Intake(file, options.schema, made.told)
    things = Things(intake, NODE)
    for node in graph.nodes:
        if node.id in things.ids:
            intake.left(NODE, twice(NODE, node.id, things.places[node.id], node.place))
        else:
            _node(things, node, made)
    for edge in graph.edges:
        _edge(things, edge, made)
    if graph.drawn:
        said = "positions, colours and sizes of the drawing were left out"
        intake.left("drawing", Problem("W516", said, "", (intake.whole,), graph.drawn))
    texts = {text for edge in graph.edges for text in _texts(edge)}
    types = {_type(node) for node in graph.nodes}
    drawings.unmet(intake, made, {*things.names.values(), *things.ids}, types, texts, texts)
    if any(TABLE not in edge.values for edge in graph.edges):
        intake.source()
    return intake.draft()


def _type(node: Node) -> str:
    return next((str(node.values[t]) for t in _TYPES if t in node.values), "")


def _texts(edge: Edge) -> list[str]:
    """What may say the sign of an edge, or in which table it belongs."""
    return [str(edge.values[t]) for t in ("sign", "label", *_TYPES) if t in edge.values]


def _node(things: Things, node: Node, made: drawings.Decisions) -> None:
    intake = things.intake
    stated = node.values.get(TABLE)
    kind = next((k for k in intake.schema.nodes if k.table == stated), None)
    if kind is not None:
        own = {title: value for title, value in node.values.items() if title != TABLE}
        name = str(own.pop("name", node.id))
        things.add(node.id, name, {**own, "id": node.id}, node.place, kind.table)
        return
    name = str(node.values.get("name") or node.label or node.id)
    type_ = _type(node)
    table = choices.said_of(made.types, type_) or ELEMENTS
    if choices.among(made.outcomes, name, node.id, type_):
        table = OUTCOMES
    cells: dict[str, object] = {"id": node.id}
    if table == ELEMENTS:
        cells["area"] = choices.said_of(made.areas, type_)
    for title, value in node.values.items():
        if title == "description" and intake.schema[table].knows(title):
            cells[title] = value
        elif title != "name":
            cells[intake.column(table, title)] = value
    things.add(node.id, name, cells, node.place, table)


def _edge(things: Things, edge: Edge, made: drawings.Decisions) -> None:
    intake = things.intake
    stated = edge.values.get(TABLE)
    kind = next((k for k in intake.schema.links if k.table == stated), None)
    if kind is not None:
        own: dict[str, object] = {"source": None, **edge.values}
        own.pop(TABLE)
        if things.link(EDGE, edge.source, edge.target, own, edge.place, kind.table):
            intake.took(EDGE)
        return
    texts = _texts(edge)
    via = choices.said_of(made.links, *texts)
    joined = {things.tables.get(end) for end in (edge.source, edge.target)}
    if not edge.directed and joined <= {ELEMENTS, OUTCOMES} and not made.both:
        intake.left(EDGE, undirected(EDGE, edge.place))
        return
    sign = choices.said_of(made.signs, *texts)
    causal = joined <= {ELEMENTS, OUTCOMES}
    table = via or (INFLUENCES if causal else "")
    cells: dict[str, object] = {"sign": sign} if table == INFLUENCES else {}
    for title, value in edge.values.items():
        cells[intake.column(via or INFLUENCES, title)] = value
    found = things.link(EDGE, edge.source, edge.target, cells, edge.place, via)
    if found and causal and not edge.directed:
        things.link(EDGE, edge.target, edge.source, cells, edge.place, via)
    if found:
        intake.took(EDGE)


# Writing


def of_map(m: SystemMap) -> Graph:
    """The nodes of all tables and one edge for each claim, by table and then by content."""
    nodes = [
        Node(str(row["id"]), str(row["name"]), {TABLE: kind.table, **_without(row, "id")})
        for kind in m.schema.nodes
        for row in _rows(m, kind)
    ]
    edges = []
    for kind in m.schema.links:
        first, second = (end.name for end in kind.ends)
        for row in _rows(m, kind):
            values = {TABLE: kind.table, **_without(row, first, second)}
            edges.append(Edge(str(row[first]), str(row[second]), values, kind.directed))
    return Graph(tuple(nodes), tuple(edges))


def lost(m: SystemMap, words: str, removed: int) -> Iterator[Problem]:
    """What a graph has no place for: the ledger, the aliases, what the map is about."""
    held = {
        kind.table: [c for c in m.table(kind.table).columns if names.key(str(c)) != TABLE]
        for kind in m.schema
        if kind.table not in (ASKED, ABOUT, ALIASES)
    }
    yield from exports.left_out(m, held, words)
    if removed:
        said = f"{removed:,} control characters were left out, for XML has no place for them"
        yield Problem("W619", said, "write a CSV folder to keep them", count=removed)


def titles(
    items: tuple[Node, ...] | tuple[Edge, ...],
) -> dict[tuple[str, bool], str]:
    """Every attribute by title and whether it is a number, with a short id, in fixed order."""
    used = dict.fromkeys(
        (title, isinstance(value, float)) for item in items for title, value in item.values.items()
    )
    return {key: f"d{i}" for i, key in enumerate(sorted(used))}


def legal(text: str) -> tuple[str, int]:
    r"""A text without the characters that XML has no place for, and how many there were.

    Examples
    --------
    >>> legal("bell\a"), legal("tab\t")
    (('bell', 1), ('tab\t', 0))
    """
    kept = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    return kept, len(text) - len(kept)


def quoted(text: str) -> str:
    """A text as an attribute of XML, with line breaks that survive reading.

    Examples
    --------
    >>> quoted("a < b")
    '"a &lt; b"'
    """
    return quoteattr(text, _BREAKS)


def told(value: Value) -> str:
    """A value as text that reads back to the same value."""
    if isinstance(value, str):
        return value
    if value in (float("inf"), float("-inf")):
        return "INF" if value > 0 else "-INF"
    return repr(value)


def strange(file: str, error: object) -> Problem:
    """E016: the file has the right root and not the parts that it must have."""
    return Problem(
        "E016",
        f"this is no graph: {shown(error)}",
        "write it again from the other tool",
        (Place(file),),
    )


def _without(row: Mapping[str, Value], *ends: str) -> dict[str, Value]:
    return {title: value for title, value in row.items() if title not in (*ends, TABLE)}


def _rows(m: SystemMap, kind: NodeType | LinkType) -> list[dict[str, Value]]:
    return [
        {title: v if isinstance(v, str) else float(v) for title, v in row.items()}
        for row in exports.rows(m, kind)
    ]
