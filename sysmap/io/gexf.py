"""GEXF: the exchange format of Gephi.

Source: the GEXF primer, versions 1.1 to 1.3.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

from sysmap.core import dates, files
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem
from sysmap.core.progress import Progress
from sysmap.io import graphs, xmltext
from sysmap.io.exports import Formulas
from sysmap.io.graphml import nested
from sysmap.io.graphs import Edge, Graph, Node
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options

ROOT = "gexf"
_NAMESPACE = "http://gexf.net/1.3"
_DRAWN = ("color", "position", "size", "shape", "thickness")


def sniff(head: Head) -> bool:
    """Tell whether this is GEXF."""
    return xmltext.root_of(head) == ROOT


def read(head: Head, options: Options) -> Draft:
    """The nodes and edges of a GEXF file, and an account of them."""
    file = head.path.name
    fault = xmltext.fault_of(head.path, options.limits, ROOT)
    root, broken = (None, fault) if fault else xmltext.tree_of(head.path)
    if root is None:
        return Draft(problems=[broken] if broken else [])
    xmltext.bare(root)
    graph = root.find("graph")
    if graph is None:
        return Draft(problems=[graphs.strange(file, "it has no graph")])
    if root.find(".//node/nodes") is not None or root.find(".//node/graph") is not None:
        return Draft(problems=[nested(file, "nodes are nested in a node")])
    titles = {
        (group.get("class", "node"), a.get("id", "")): (a.get("title", ""), a.get("type", "string"))
        for group in graph.findall("attributes")
        for a in group.findall("attribute")
    }
    default = graph.get("defaultedgetype", "undirected")
    drawn = sum(len(graph.findall(f".//{part}")) for part in _DRAWN)
    nodes = [
        Node(n.get("id", ""), n.get("label", ""), _values(n, titles, "node"), _at(file, "node", i))
        for i, n in enumerate(graph.findall("nodes/node"), start=1)
    ]
    edges = []
    for i, edge in enumerate(graph.findall("edges/edge"), start=1):
        values = _values(edge, titles, "edge")
        for title in ("label", "weight"):
            if edge.get(title):
                values.setdefault(title, edge.get(title, ""))
        ends = edge.get("source", ""), edge.get("target", "")
        directed = edge.get("type", default) == "directed"
        edges.append(Edge(*ends, values, directed, _at(file, "edge", i)))
    return graphs.draft(Graph(tuple(nodes), tuple(edges), drawn), file, options)


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The map as GEXF: every row of a node table a node, every claim an edge."""
    files.writable(path)
    graph = graphs.of_map(m)
    stated = m.about.get("data date", "")
    stamp = f' lastmodifieddate="{dates.last_day(stated)}"' if dates.is_date(stated) else ""
    removed = 0
    lines = [
        "<?xml version='1.0' encoding='utf-8'?>",
        f'<gexf xmlns="{_NAMESPACE}" version="1.3">',
        f"<meta{stamp}><creator>sysmap</creator></meta>",
        '<graph defaultedgetype="directed">',
    ]
    kinds = {"node": graphs.titles(graph.nodes), "edge": graphs.titles(graph.edges)}
    for what, titles in kinds.items():
        lines.append(f'<attributes class="{what}">')
        for (name, number), id in titles.items():
            text, count = graphs.legal(name)
            removed += count
            type_ = "double" if number else "string"
            lines.append(f'<attribute id="{id}" title={graphs.quoted(text)} type="{type_}"/>')
        lines.append("</attributes>")
    lines.append("<nodes>")
    for node in graph.nodes:
        id, count = graphs.legal(node.id)
        label, _ = graphs.legal(node.label)
        data, more = _attvalues(node, kinds["node"])
        removed += count + more
        lines.append(f"<node id={graphs.quoted(id)} label={graphs.quoted(label)}>{data}</node>")
    lines += ["</nodes>", "<edges>"]
    for i, edge in enumerate(graph.edges):
        ends = f"source={graphs.quoted(graphs.legal(edge.source)[0])}"
        ends += f" target={graphs.quoted(graphs.legal(edge.target)[0])}"
        data, more = _attvalues(edge, kinds["edge"])
        removed += more
        lines.append(f'<edge id="{i}" {ends}>{data}</edge>')
    lines += ["</edges>", "</graph>", "</gexf>", ""]
    files.write_bytes(path, "\n".join(lines).encode())
    return list(graphs.lost(m, "GEXF", removed))


def _at(file: str, what: str, number: int) -> Place:
    return Place(file, "", f"graph/{what}s/{what}[{number}]")


def _values(
    item: Element, titles: dict[tuple[str, str], tuple[str, str]], what: str
) -> dict[str, graphs.Value]:
    values: dict[str, graphs.Value] = {}
    for value in item.findall("attvalues/attvalue"):
        key = value.get("for") or value.get("id") or ""
        title, type_ = titles.get((what, key), (key, "string"))
        text = value.get("value", "").strip()
        if text:
            values[title or key] = graphs.typed(text, type_)
    return values


def _attvalues(item: Node | Edge, titles: dict[tuple[str, bool], str]) -> tuple[str, int]:
    pieces, removed = [], 0
    for title, value in item.values.items():
        text, count = graphs.legal(graphs.told(value))
        removed += count
        id = titles[title, isinstance(value, float)]
        pieces.append(f'<attvalue for="{id}" value={graphs.quoted(text)}/>')
    return f"<attvalues>{''.join(pieces)}</attvalues>", removed
