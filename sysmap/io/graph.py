"""The map as a networkx graph: a view for algorithms, not a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from sysmap.core.model import SystemMap, drawn_types

if TYPE_CHECKING:
    import networkx as nx

_Row = dict[str, str | int | float]


def to_networkx(m: SystemMap, /) -> nx.MultiDiGraph[str]:
    """A map becomes a directed multigraph with one edge per claim.

    Parameters
    ----------
    m
        What is shown, private rows included; ``m.redact()`` first for other eyes.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are the ids of all tables that have a shape, so sources are none; each has the
        attribute ``table`` and its filled columns. The key of an edge is its table, and
        ``table:2``, ``table:3`` for further claims about the same two nodes. An edge has the
        attributes ``table`` and ``directed`` and its filled columns except the two ends; a link
        without direction is one edge with ``directed`` False. Numbers are Python numbers, all
        else is text, and blank cells have no attribute. The graph has the attribute ``title``.

    Notes
    -----
    Nodes and edges come by table in the order of the schema, then by content, so the order of
    rows in the file changes nothing. A claim with an end that has no shape is left out.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
    ...     "outcomes": pd.DataFrame({"id": ["o"], "name": ["Light"]}),
    ...     "seeks": pd.DataFrame({"organization": ["a"], "outcome": ["o"], "importance": [5]}),
    ... })
    >>> g = to_networkx(m)
    >>> g.nodes["a"]
    {'name': 'Aurora', 'table': 'organizations'}
    >>> g.edges["a", "o", "seeks"]
    {'importance': 5, 'table': 'seeks', 'directed': True}
    """
    import networkx as nx

    # Columns of the user's own may have any name, so attributes are set as mappings, not keywords.
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=m.title)
    for kind in drawn_types(m):
        for node in _rows(m.table(kind.table)):
            thing = str(node.pop("id"))
            graph.add_node(thing)
            graph.nodes[thing].update(node | {"table": kind.table})
    for link in m.schema.links:
        first, second = (end.name for end in link.ends)
        seen: Counter[tuple[str, str]] = Counter()
        for claim in _rows(m.table(link.table)):
            a, b = str(claim.pop(first)), str(claim.pop(second))
            if a not in graph or b not in graph:
                continue
            seen[a, b] += 1
            key = link.table if seen[a, b] == 1 else f"{link.table}:{seen[a, b]}"
            graph.add_edge(a, b, key=key)
            graph.edges[a, b, key].update(claim | {"table": link.table, "directed": link.directed})
    return graph


def _rows(frame: pd.DataFrame) -> Iterator[_Row]:
    """The rows by content, without blank cells."""
    columns = [str(c) for c in frame.columns]
    cells = [frame[c].astype(object).where(frame[c].notna(), None).tolist() for c in columns]
    rows: list[Mapping[str, object]] = [
        {c: v for c, v in zip(columns, row, strict=True) if v is not None}
        for row in zip(*cells, strict=True)
    ]
    for row in sorted(rows, key=lambda row: [str(row.get(c, "")) for c in columns]):
        yield {c: v if isinstance(v, (int, float)) else str(v) for c, v in row.items()}
