"""GraphML: graphs with typed attributes, as yEd, Gephi, Cytoscape and networkx write them.

Source: the GraphML specification 1.0.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from sysmap.core import files
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem
from sysmap.core.progress import Progress
from sysmap.io import graphs, xmltext
from sysmap.io.exports import Formulas
from sysmap.io.graphs import Edge, Graph, Node
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options

ROOT = "graphml"
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"


def sniff(head: Head) -> bool:
    """Tell whether this is GraphML."""
    return xmltext.root_of(head) == ROOT


def read(head: Head, options: Options) -> Draft:
    """The nodes and edges of a GraphML file, and an account of them."""
    file = head.path.name
    fault = xmltext.fault_of(head.path, options.limits, ROOT)
    root, broken = (None, fault) if fault else xmltext.tree_of(head.path)
    if root is None:
        return Draft(problems=[broken] if broken else [])
    xmltext.bare(root)
    fault = _unfit(root, file)
    if fault:
        return Draft(problems=[fault])
    keys = {key.get("id", ""): key for key in root.findall("key")}
    graph = root.find("graph")
    if graph is None:
        return Draft(problems=[graphs.strange(file, "it has no graph")])
    towards = graph.get("edgedefault", "directed") != "undirected"
    nodes, edges, drawn = [], [], 0
    for i, node in enumerate(graph.findall("node"), start=1):
        values, label, passed = _values(node, keys, "node")
        drawn += passed
        place = Place(file, "", f"graph/node[{i}]")
        nodes.append(Node(node.get("id", ""), str(values.get("label", label)), values, place))
    for i, edge in enumerate(graph.findall("edge"), start=1):
        values, label, passed = _values(edge, keys, "edge")
        drawn += passed
        if label:
            values.setdefault("label", label)
        directed = {"true": True, "false": False}.get(edge.get("directed", ""), towards)
        place = Place(file, "", f"graph/edge[{i}]")
        ends = edge.get("source", ""), edge.get("target", "")
        edges.append(Edge(*ends, values, directed, place))
    return graphs.draft(Graph(tuple(nodes), tuple(edges), drawn), file, options)


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The map as GraphML: every row of a node table a node, every claim an edge."""
    files.writable(path)
    graph = graphs.of_map(m)
    lines = [
        "<?xml version='1.0' encoding='utf-8'?>",
        f'<graphml xmlns="{_NAMESPACE}">',
    ]
    removed = 0
    kinds = (("node", "n", graphs.titles(graph.nodes)), ("edge", "e", graphs.titles(graph.edges)))
    for what, letter, titles in kinds:
        for (title, number), id in titles.items():
            name, count = graphs.legal(title)
            removed += count
            type_ = "double" if number else "string"
            lines.append(
                f'<key id="{letter}{id}" for="{what}" attr.name={graphs.quoted(name)} '
                f'attr.type="{type_}"/>'
            )
    lines.append('<graph edgedefault="directed">')
    for node in graph.nodes:
        id, count = graphs.legal(node.id)
        data, more = _data(node, kinds[0][2], "n")
        lines.append(f"<node id={graphs.quoted(id)}>{data}</node>")
        removed += count + more
    for i, edge in enumerate(graph.edges):
        source, target = graphs.legal(edge.source)[0], graphs.legal(edge.target)[0]
        data, more = _data(edge, kinds[1][2], "e")
        removed += more
        ends = f"source={graphs.quoted(source)} target={graphs.quoted(target)}"
        lines.append(f'<edge id="{i}" {ends}>{data}</edge>')
    lines += ["</graph>", "</graphml>", ""]
    files.write_bytes(path, "\n".join(lines).encode())
    return list(graphs.lost(m, "GraphML", removed))


def _unfit(root: Element, file: str) -> Problem | None:
    """E520: what cannot be read as nodes and edges without changing its meaning."""
    for tag, said in (
        ("hyperedge", "a hyperedge joins more than two nodes"),
        ("port", "edges end at ports of nodes"),
    ):
        if root.find(f".//{tag}") is not None:
            return nested(file, said)
    if root.find(".//node/graph") is not None or root.find(".//edge/graph") is not None:
        return nested(file, "a graph is nested in a node")
    if len(root.findall("graph")) > 1:
        return nested(file, "the file holds several graphs")
    return None


def nested(file: str, said: str) -> Problem:
    """E520: a graph within a graph, or an edge of more than two ends."""
    remedy = "write plain nodes and edges from the other tool"
    return Problem("E520", f"{said}, which no table holds", remedy, (Place(file),))


def _values(
    item: Element, keys: dict[str, Element], what: str
) -> tuple[dict[str, graphs.Value], str, int]:
    """The attributes of a node or edge, the label that it is drawn with, and parts of a drawing."""
    values: dict[str, graphs.Value] = {
        str(key.get("attr.name") or id): graphs.typed(default, key.get("attr.type", "string"))
        for id, key in keys.items()
        if key.get("for", "all") in (what, "all") and (default := xmltext.inner(key, "default"))
    }
    label, drawn = "", 0
    for data in item.findall("data"):
        id = data.get("key", "")
        key = keys.get(id)
        title = id if key is None else str(key.get("attr.name") or id)
        if len(data):
            drawn += 1
            labels = [e for e in data.iter() if e.tag in ("NodeLabel", "EdgeLabel")]
            label = label or " ".join("".join(e.itertext()).strip() for e in labels).strip()
        elif data.text and data.text.strip():
            type_ = "string" if key is None else key.get("attr.type", "string")
            values[title] = graphs.typed(data.text.strip(), type_)
    return values, label, drawn


def _data(item: Node | Edge, titles: dict[tuple[str, bool], str], letter: str) -> tuple[str, int]:
    pieces, removed = [], 0
    for title, value in item.values.items():
        text, count = graphs.legal(graphs.told(value))
        removed += count
        id = titles[title, isinstance(value, float)]
        pieces.append(f'<data key="{letter}{id}">{_escaped(text)}</data>')
    return "".join(pieces), removed


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})
