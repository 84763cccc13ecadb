"""A pyvis network of the whole map that keeps every relation and writes the safe page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sysmap.core import files
from sysmap.core.errors import UnknownIdError
from sysmap.core.model import SystemMap
from sysmap.core.schema import LinkType
from sysmap.draw import payload, render
from sysmap.draw.layout import Plain
from sysmap.draw.payload import Content, Edge, Node

if TYPE_CHECKING:
    from jinja2 import Environment

_SIGN_COLOURS = {"+": "#0072B2", "-": "#C0392B"}
_UNKNOWN_SIGN = "#6B6B6B"


class SafeNetwork:
    """What a map's network adds to ``pyvis.network.Network``; made by ``to_pyvis``.

    It is mixed into the pyvis class late, because importing that costs half a second.

    Parameters
    ----------
    content
        What the page shows; its nodes and edges are put into the network.
    """

    directed: bool
    heading: str
    html: str
    node_ids: list[str]
    node_map: dict[str, dict[str, Plain]]
    nodes: list[dict[str, Plain]]
    edges: list[dict[str, Plain]]
    path: str
    templateEnv: Environment  # noqa: N815 - the name is pyvis's

    def __init__(self, content: Content) -> None:
        super().__init__(directed=True, cdn_resources="in_line")  # type: ignore[call-arg] # pyvis
        self._content = content
        self.templateEnv = render.environment()
        self.path = "page.html.j2"
        self.heading = content.title
        types = {kind.table: kind for kind in content.types}
        for node in content.nodes:
            kind = types[node.table]
            self.add_node(
                node.id,
                node.name,
                shape=kind.shape if kind.shape != "group" else "square",
                color=kind.colour,
                physics=False,
                data={"table": node.table, **node.data},
            )
        relations = {kind.table: kind for kind in content.relations}
        for edge in content.edges:
            self._draw(edge, relations[edge.table])

    def add_node(
        self,
        n_id: object,
        label: str | None = None,
        shape: str = "dot",
        color: str = "#97c2fc",
        **options: Plain,
    ) -> None:
        """Add a node; the id becomes text and an id that is there already changes nothing."""
        id = str(n_id)
        if id in self.node_map:
            return
        node: dict[str, Plain] = {
            **options,
            "id": id,
            "label": id if label is None else str(label),
            "shape": shape,
            "color": color,
        }
        self.nodes.append(node)
        self.node_ids.append(id)
        self.node_map[id] = node

    def add_edge(self, source: object, to: object, **options: Plain) -> None:
        """Add an edge, beside any that is there already.

        Raises
        ------
        UnknownIdError
            If an end is no node of the network.
        """
        ends = str(source), str(to)
        for end in ends:
            if end not in self.node_map:
                raise UnknownIdError(end, table="the network")
        arrows: dict[str, Plain] = {} if "arrows" in options else {"arrows": "to"}
        self.edges.append({**arrows, **options, "from": ends[0], "to": ends[1]})

    def generate_html(
        self, name: str = "index.html", local: bool = True, notebook: bool = False
    ) -> str:
        """The safe page of the nodes and edges as they are now; the arguments are pyvis's."""
        self.html = render.html(self._current())
        return self.html

    def write_html(
        self,
        name: str | os.PathLike[str],
        local: bool = True,
        notebook: bool = False,
        open_browser: bool = False,
    ) -> None:
        """Write the safe page, whole or not at all; no browser is opened.

        Raises
        ------
        OutputError
            If the file cannot be written; an old one is intact.
        """
        files.write_bytes(name, self.generate_html().encode("utf-8"))

    def save_graph(self, name: str | os.PathLike[str]) -> None:
        """Write the safe page."""
        self.write_html(name)

    def show(self, name: str | os.PathLike[str], local: bool = True, notebook: bool = True) -> None:
        """Write the safe page; in a notebook, show ``sm.to_html(m)`` instead."""
        self.write_html(name)

    def _draw(self, edge: Edge, kind: LinkType) -> None:
        colour = kind.colour
        if kind.knows("sign"):
            colour = _SIGN_COLOURS.get(edge.answer or "", _UNKNOWN_SIGN)
        claims: list[Plain] = [dict(claim) for claim in edge.claims]
        self.add_edge(
            edge.first,
            edge.second,
            color=colour,
            width=width(edge.sources),
            physics=False,
            arrows="to" if kind.directed else "",
            data={"table": edge.table, "answer": edge.answer, "claims": claims},
        )

    def _current(self) -> Content:
        """The content after whatever a caller added or removed."""
        known = {n.id: n for n in self._content.nodes}
        nodes = [known.get(str(n["id"])) or _added_node(n) for n in self.nodes]
        relations = {kind.table for kind in self._content.relations}
        edges = [_edge(e, relations) for e in self.edges]
        there = {n.id for n in nodes}
        edges = [e for e in edges if e.first in there and e.second in there]
        types, links = self._content.types, self._content.relations
        if any(n.table == payload.ADDED for n in nodes):
            types = (*types, payload.ADDED_TYPE)
        if any(e.table == payload.ADDED for e in edges):
            links = (*links, payload.ADDED_LINK)
        return replace(
            self._content, nodes=tuple(nodes), edges=tuple(edges), types=types, relations=links
        )


def to_pyvis(
    m: SystemMap, /, *, facts: Mapping[str, Mapping[str, object]] | None = None
) -> SafeNetwork:
    """A pyvis ``Network`` of the map: directed, parallel relations kept, claims carried.

    Parameters
    ----------
    m
        A map, already redacted for whoever will see the network.
    facts
        What an answer says of a node, by id: ``verdict``, ``sentence``, ``present``, ``assessed``
        and whatever else the details should list.

    Returns
    -------
    SafeNetwork
        A subclass of ``pyvis.network.Network``. Every column of the map is under the key ``data``
        of a node, and every claim under ``data`` of its edge; one edge stands for all claims of
        one table with the same ends and the same sign or state. Whatever it writes is the safe
        page of ``to_html``.

    Examples
    --------
    >>> import pandas as pd
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["a", "b"], "name": ["Cables", "Lessons"]}),
    ...     "influences": pd.DataFrame({"cause": ["a", "a"], "effect": ["b", "b"],
    ...                                 "sign": ["+", "-"]}),
    ... })
    >>> network = to_pyvis(m)
    >>> len(network.nodes), [edge["data"]["answer"] for edge in network.edges]
    (2, ['+', '-'])
    """
    return of_content(payload.content(m, facts=facts))


def of_content(content: Content) -> SafeNetwork:
    """The network of gathered content."""
    return _pyvis_class()(content)


def width(sources: int) -> float:
    """Line width by the number of distinct sources, in three steps: 1, 2 to 3, 4 or more."""
    return 1.2 if sources <= 1 else 2.4 if sources <= 3 else 4.0


@cache
def _pyvis_class() -> type[SafeNetwork]:
    from pyvis.network import Network

    return type("SafeNetwork", (SafeNetwork, Network), {"__doc__": SafeNetwork.__doc__})


def _added_node(node: Mapping[str, Plain]) -> Node:
    drawn = {"id", "label", "shape", "color", "x", "y", "physics", "data", "font"}
    data = node.get("data")
    told: dict[str, object] = {k: v for k, v in node.items() if k not in drawn}
    told |= data if isinstance(data, dict) else {}
    return Node(
        payload.clean(str(node["id"])),
        payload.clean(str(node["label"])),
        payload.ADDED,
        {payload.clean(k): payload.plain(v) for k, v in told.items()},
    )


def _edge(edge: Mapping[str, Plain], relations: set[str]) -> Edge:
    data = edge.get("data")
    ends = str(edge["from"]), str(edge["to"])
    if isinstance(data, dict) and data.get("table") in relations:
        answer, claims = data.get("answer"), data.get("claims")
        rows = [c for c in claims if isinstance(c, dict)] if isinstance(claims, list) else []
        return Edge(
            str(data["table"]), *ends, answer if isinstance(answer, str) else None, tuple(rows)
        )
    drawn = {"from", "to", "arrows", "color", "width", "physics"}
    claim = {payload.clean(k): payload.plain(v) for k, v in edge.items() if k not in drawn}
    return Edge(payload.ADDED, *ends, None, (claim,))
