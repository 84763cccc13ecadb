"""The picture of a map that is too large for one: areas of work stand for their elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sysmap.core.schema import ELEMENTS, SCHEMA, NodeType
from sysmap.draw.layout import Plain
from sysmap.draw.payload import Content, Edge, Node, Row
from sysmap.draw.words import filled

AREAS = "areas"
"""Table of the nodes that stand for areas; no map has it."""

_NOBODY = "\0"


def by_area(content: Content) -> Content:
    """One node per area of work stands for its elements, one line for all claims between two.

    Parameters
    ----------
    content
        What a page would show of every element by itself.

    Returns
    -------
    Content
        Nodes of other types stay. A claim of the page is then one source with the number of its
        claims, so the width of a line and every count of sources stay counts of distinct sources.
        Influences between elements of one area are counted in the details of the area.

    Examples
    --------
    >>> from sysmap.draw.payload import content
    >>> import sysmap as sm
    >>> m = sm.example("teaching")
    >>> grouped = by_area(content(m))
    >>> len(grouped.nodes) < len(content(m).nodes), {n.table for n in grouped.nodes} >= {"areas"}
    (True, True)
    """
    words = content.words
    elements = [n for n in content.nodes if n.table == ELEMENTS]
    names = sorted({n.area for n in elements if n.area is not None})
    if any(n.area is None for n in elements):
        names.append(words["unassigned"])
    taken = {n.id for n in content.nodes}
    ids = _fresh(names, taken)
    home = {n.id: ids[n.area if n.area is not None else words["unassigned"]] for n in elements}
    lines, inside, heard = _gather(content.edges, home)
    areas = [
        Node(
            ids[name],
            name,
            AREAS,
            _row(words, sum(h == ids[name] for h in home.values()), ids[name], inside, heard),
            _tally([n for n in elements if home[n.id] == ids[name]], words),
        )
        for name in names
    ]
    at = next((i for i, n in enumerate(content.nodes) if n.table == ELEMENTS), 0)
    rest = [n for n in content.nodes if n.table != ELEMENTS]
    nodes = (*rest[:at], *areas, *rest[at:])
    place = {n.id: i for i, n in enumerate(nodes)}
    relations = [kind.table for kind in content.relations]
    edges = sorted(
        lines,
        key=lambda e: (relations.index(e.table), place[e.first], place[e.second], e.answer or ""),
    )
    started = content.start
    return replace(
        content,
        nodes=nodes,
        edges=tuple(edges),
        types=_types(content.types, words),
        start=None if started is None else tuple(dict.fromkeys(home.get(i, i) for i in started)),
        notes=(*content.notes, words["area_note"]),
        answers={},
    )


def _fresh(names: Sequence[str], taken: set[str]) -> dict[str, str]:
    """An id for each area that no node of the map bears."""
    found: dict[str, str] = {}
    for name in names:
        id = f"area: {name}"
        while id in taken:
            id += "'"
        taken.add(id)
        found[name] = id
    return found


def _types(types: Sequence[NodeType], words: Mapping[str, str]) -> tuple[NodeType, ...]:
    """The types of the page, with areas in the place and the look of elements."""
    element = next((k for k in types if k.table == ELEMENTS), SCHEMA.node(ELEMENTS))
    area = NodeType(
        AREAS,
        (),
        element.help,
        one=words["area_one"],
        many=words["area_many"],
        shape=element.shape,
        colour=element.colour,
    )
    return tuple(area if k.table == ELEMENTS else k for k in types)


def _gather(
    edges: Sequence[Edge], home: Mapping[str, str]
) -> tuple[list[Edge], dict[str, list[Row]], dict[str, set[str]]]:
    """Lines between areas, claims inside them, and the sources heard about each."""
    between: dict[tuple[str, str, str, str | None], list[Row]] = {}
    inside: dict[str, list[Row]] = {}
    heard: dict[str, set[str]] = {}
    for edge in edges:
        first, second = home.get(edge.first, edge.first), home.get(edge.second, edge.second)
        for end in {first, second}:
            heard.setdefault(end, set()).update(_source(c) for c in edge.claims)
        if first == second:
            inside.setdefault(first, []).extend(edge.claims)
        else:
            slot = (edge.table, first, second, edge.answer)
            between.setdefault(slot, []).extend(edge.claims)
    lines = [Edge(*slot, _by_source(claims)) for slot, claims in between.items()]
    return lines, inside, heard


def _source(claim: Row) -> str:
    source = claim.get("source")
    return source if isinstance(source, str) else _NOBODY


def _by_source(claims: Sequence[Row]) -> tuple[Row, ...]:
    """One row per distinct source: how many claims it made, and from when to when."""
    found: dict[str, list[Row]] = {}
    for claim in claims:
        found.setdefault(_source(claim), []).append(claim)
    rows: list[Row] = []
    for source in sorted(found):
        dates = sorted({str(c["date"]) for c in found[source] if c.get("date")})
        row: dict[str, Plain] = {"claims": len(found[source])}
        if source != _NOBODY:
            row["source"] = source
        if dates:
            row["date"] = dates[0] if len(dates) == 1 else f"{dates[0]} / {dates[-1]}"
        rows.append(row)
    return tuple(rows)


def _row(
    words: Mapping[str, str],
    size: int,
    id: str,
    inside: Mapping[str, Sequence[Row]],
    heard: Mapping[str, set[str]],
) -> Row:
    row: dict[str, Plain] = {
        words["area_elements"]: size,
        words["area_sources"]: len(heard.get(id, set())),
    }
    claims = inside.get(id, ())
    if claims:
        row[words["area_inside"]] = filled(
            words["area_inside_value"],
            c=f"{len(claims):,}",
            n=f"{len({_source(c) for c in claims}):,}",
        )
    return row


def _tally(elements: Sequence[Node], words: Mapping[str, str]) -> Row:
    """How many elements of an area got each verdict."""
    found: dict[str, Plain] = {}
    for verdict in ("universal", "intermediate", "context-specific", "undetermined"):
        count = sum(n.verdict == verdict for n in elements)
        if count:
            found[words[verdict].lower()] = count
    return found
