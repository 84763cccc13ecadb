"""GraphML and GEXF: the graph there and back, networkx as referee, and every fault."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.core.model import SystemMap, from_tables
from sysmap.io.check import check
from sysmap.io.guards import Limits
from sysmap.io.read import read
from sysmap.io.write import write
from sysmap.testing import assert_maps_equal
from tests.io.foreign import balance, codes
from tests.strategies import maps

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
BOTH = pytest.mark.parametrize("ending", ["graphml", "gexf"])
HEAD = "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'>"


def held(m: SystemMap) -> SystemMap:
    """The part that a graph holds: no ledger, no aliases, no about, no blank column."""
    tables = {}
    for kind in m.schema:
        frame = m.table(kind.table)
        if kind.table in ("asked", "about", "aliases"):
            tables[kind.table] = frame.iloc[:0][list(kind.names)]
            continue
        blank = [c for c in frame if kind.column(str(c)) is None and frame[c].isna().all()]
        kept = frame.drop(columns=blank)
        for c in kept:
            if pd.api.types.is_string_dtype(kept[c]):
                kept[c] = kept[c].map(legal, na_action="ignore")
        tables[kind.table] = kept.rename(columns=legal)
    return SystemMap(tables, schema=m.schema)


def legal(text: str) -> str | None:
    """What XML 1.0 allows, by its own list of characters."""
    ok = "".join(
        c
        for c in text
        if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
    return ok.strip() or None


@BOTH
@settings(max_examples=5, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(max_size=6))
def test_what_a_graph_holds_reads_back(
    ending: str, m: SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / f"map.{ending}"
    lost = write(m, path)
    if any(legal(str(n)) is None for k in m.schema.nodes for n in m.table(k.table)["name"]):
        return
    again = read(path)
    assert_maps_equal(held(m), held(again))
    nodes = sum(len(m.table(k.table)) for k in m.schema.nodes)
    edges = sum(len(m.table(k.table)) for k in m.schema.links)
    figures = balance(again.problems)
    assert (nodes, nodes, 0) == figures.get("node", (0, 0, 0))
    assert (edges, edges, 0) == figures.get("edge", (0, 0, 0))
    told = {p.message.partition(":")[0]: p.count for p in lost if p.code == "W610"}
    others = {t: len(m.table(t)) for t in ("asked", "about", "aliases")}
    assert {t: n for t, n in others.items() if n} == told


@BOTH
@pytest.mark.parametrize("name", ["asia-pacific-digital-learning", "teaching"])
def test_the_shipped_maps_read_back_and_networkx_sees_the_same(
    name: str, ending: str, tmp_path: Path
) -> None:
    m = sm.example(name)
    path = tmp_path / f"map.{ending}"
    write(m, path)
    assert_maps_equal(held(m), held(read(path)))
    g = nx.read_graphml(path, force_multigraph=True) if ending == "graphml" else nx.read_gexf(path)
    tables = Counter(data["table"] for _, data in g.nodes(data=True))
    assert {
        k.table: len(m.table(k.table)) for k in m.schema.nodes if len(m.table(k.table))
    } == tables
    if ending == "graphml":
        edges = Counter(data["table"] for *_, data in g.edges(data=True))
        links = {k.table: len(m.table(k.table)) for k in m.schema.links}
        assert {t: n for t, n in links.items() if n} == edges


@BOTH
def test_equal_maps_give_equal_bytes_whatever_the_order_of_rows(
    ending: str, tmp_path: Path
) -> None:
    m = sm.example("teaching")
    rng = np.random.default_rng(0)
    mixed = SystemMap(
        {t: m.table(t).iloc[rng.permutation(len(m.table(t)))] for t in m.tables}, schema=m.schema
    )
    write(m, tmp_path / f"a.{ending}")
    write(mixed, tmp_path / f"b.{ending}")
    one = (tmp_path / f"a.{ending}").read_bytes()
    assert one == (tmp_path / f"b.{ending}").read_bytes()
    if ending == "gexf":
        assert f'lastmodifieddate="{m.about["data date"]}"'.encode() in one


@BOTH
def test_a_graph_of_networkx_becomes_elements_and_influences(ending: str, tmp_path: Path) -> None:
    """Referee: networkx, which wrote the file; 6 nodes and 7 arrows."""
    g = nx.DiGraph()
    for i in range(6):
        g.add_node(i, name=f"Thing {i}", Parent="none", level=i / 2)
    arrows = [
        (0, 1, "+"),
        (1, 2, "-"),
        (2, 0, "+"),
        (3, 4, "?"),
        (4, 5, ""),
        (0, 5, "+"),
        (5, 1, "-"),
    ]
    for a, b, sign in arrows:
        g.add_edge(a, b, label=sign, weight=0.5)
    path = tmp_path / f"map.{ending}"
    (nx.write_graphml if ending == "graphml" else nx.write_gexf)(g, path)
    m = read(path)
    assert (6, 7) == (len(m.elements), len(m.links("influences")))
    assert ["0", "1", "2", "3", "4", "5"] == list(m.elements.index)
    assert "Thing 3" == m.name("3")
    assert [0.0, 0.5, 1.0, 1.5, 2.0, 2.5] == list(m.elements["level"])
    assert Counter(["+", "-", "+", None, None, "+", "-"]) == Counter(
        m.links("influences")["sign"]
        .astype(object)
        .where(m.links("influences")["sign"].notna(), None)
    )
    assert 2 == codes(m.problems)["W511"]
    assert set(m.links("influences")["source"]) == set(m.sources.index)
    again = read(path, choices={"signs": {"?": "-"}, "outcomes": ["Thing 5"]})
    assert ["5"] == list(again.outcomes.index)
    assert 3 == Counter(again.links("influences")["sign"])["-"]


@BOTH
def test_an_edge_without_direction_is_left_out_or_read_both_ways(
    ending: str, tmp_path: Path
) -> None:
    g = nx.Graph()
    g.add_edge("a", "b", sign="+")
    g.add_edge("b", "c", sign="-")
    path = tmp_path / f"map.{ending}"
    (nx.write_graphml if ending == "graphml" else nx.write_gexf)(g, path)
    m = read(path)
    assert (2, 0, 2) == balance(m.problems)["edge"]
    assert 2 == codes(m.problems)["W510"]
    both = read(path, choices={"undirected": "both"})
    assert (2, 2, 0) == balance(both.problems)["edge"]
    pairs = set(
        zip(both.links("influences")["cause"], both.links("influences")["effect"], strict=True)
    )
    assert {("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")} == pairs
    with pytest.raises(ValueError, match="undirected"):
        read(path, choices={"undirected": "maybe"})


def test_choices_that_meet_nothing_are_told_and_those_that_meet_a_type_are_not(
    tmp_path: Path,
) -> None:
    g = nx.DiGraph()
    g.add_node("a", type="Factor")
    g.add_node("o", type="Goal")
    g.add_edge("a", "o", label="raises")
    path = tmp_path / "map.graphml"
    nx.write_graphml(g, path)
    made = {"outcomes": ["Goal"], "areas": {"factor": "power"}, "signs": {"raises": "+"}}
    m = read(path, choices=made)
    assert (["o"], ["power"]) == (list(m.outcomes.index), list(m.elements["area"]))
    assert ["+"] == list(m.links("influences")["sign"])
    assert 0 == codes(m.problems)["W517"]
    wrong = {"types": {"Gaol": "outcomes"}, "links": {"x": "seeks"}, "signs": {"lowers": "-"}}
    told = read(path, choices=wrong | {"areas": {"y": "power"}}).problems
    assert 4 == codes(told)["W517"]
    for choice in ({"types": {"Goal": "people"}}, {"signs": {"raises": "plus"}}):
        with pytest.raises(ValueError, match="choices"):
            read(path, choices=choice)


def test_types_and_links_make_a_map_of_organizations(tmp_path: Path) -> None:
    """One table joins organizations and outcomes, three join organizations and elements."""
    g = nx.DiGraph()
    g.add_node("a", type="Stakeholder")
    g.add_node("e", type="Factor")
    g.add_node("o", type="Goal")
    g.add_edge("a", "o")
    g.add_edge("a", "e", type="does")
    g.add_edge("a", "e2", type="plans")
    g.add_edge("o", "a")
    path = tmp_path / "map.graphml"
    nx.write_graphml(g, path)
    types = {"Stakeholder": "organizations", "Goal": "outcomes"}
    m = read(path, choices={"types": types, "links": {"does": "works_on"}})
    assert ["a"] == list(m.organizations.index)
    assert (1, 1) == (len(m.links("seeks")), len(m.links("works_on")))
    assert (4, 2, 2) == balance(m.problems)["edge"]
    told = str(m.problems)
    assert "works_on, priorities, challenges" in told
    assert "leads from outcomes to organizations, which no table of links joins" in told


YED = f"""<?xml version="1.0"?>
{HEAD[:-1]} xmlns:y='http://www.yworks.com/xml/graphml'>
<key for='node' id='d6' yfiles.type='nodegraphics'/>
<key for='edge' id='d10' yfiles.type='edgegraphics'/>
<graph edgedefault='directed' id='G'>
<node id='n0'><data key='d6'><y:ShapeNode><y:Geometry x='1'/>
<y:NodeLabel>Power</y:NodeLabel></y:ShapeNode></data></node>
<node id='n1'><data key='d6'><y:ShapeNode>
<y:NodeLabel>Light</y:NodeLabel></y:ShapeNode></data></node>
<edge id='e0' source='n0' target='n1'><data key='d10'>
<y:PolyLineEdge><y:EdgeLabel>+</y:EdgeLabel></y:PolyLineEdge></data></edge>
</graph></graphml>"""


def test_labels_of_a_drawing_program_are_names_and_signs(tmp_path: Path) -> None:
    (tmp_path / "map.graphml").write_text(YED, encoding="utf-8")
    m = read(tmp_path / "map.graphml")
    assert {"n0": "Power", "n1": "Light"} == dict(m.elements["name"])
    assert ["+"] == list(m.links("influences")["sign"])
    assert 3 == codes(m.problems)["W516"]


def graphml(body: str, *, head: str = "") -> bytes:
    return f"<?xml version='1.0'?>{head}{HEAD}{body}</graphml>".encode()


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
NODES = "<node id='a'/><node id='b'/>"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.graphml", graphml("<graph><node id='&b;'/></graph>", head=BOMB), "E015"),
        ("a.graphml", graphml("<graph><node id='&f;'/></graph>", head=OUTSIDE), "E015"),
        ("a.gexf", f"{BOMB}<gexf><graph/></gexf>".encode(), "E015"),
        ("a.graphml", graphml(f"<graph>{NODES}<hyperedge/></graph>"), "E520"),
        ("a.graphml", graphml("<graph><node id='a'><graph/></node></graph>"), "E520"),
        ("a.graphml", graphml("<graph/><graph/>"), "E520"),
        (
            "a.gexf",
            b"<gexf><graph><nodes><node id='a'><nodes/></node></nodes></graph></gexf>",
            "E520",
        ),
        ("a.graphml", graphml(f"<graph>{NODES}<edge source='a' target='z'/></graph>"), "E521"),
        ("a.graphml", graphml("<graph><node id='a'/><node id='a'/></graph>"), "E522"),
        ("a.graphml", b"<html><body/></html>", "E016"),
        ("a.graphml", b"no XML at all", "E016"),
        ("a.gexf", b"\x00\x01\x02\x03", "E016"),
        ("a.graphml", graphml(""), "E016"),
        ("a.graphml", b"", "E003"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(
    name: str, content: bytes, code: str, tmp_path: Path
) -> None:
    """Number 54 of the scorecard of bad inputs, and more."""
    (tmp_path / name).write_bytes(content)
    assert code in codes(check(tmp_path / name)), str(check(tmp_path / name))


def test_the_content_decides_and_the_wrong_name_is_told(tmp_path: Path) -> None:
    write(sm.example("teaching"), tmp_path / "map.graphml")
    (tmp_path / "map.graphml").rename(tmp_path / "map.gexf")
    (told,) = [p for p in check(tmp_path / "map.gexf") if p.code == "W024"]
    assert "the name ends in .gexf, but the content is GraphML" in told.message
    utf16 = graphml(f"<graph>{NODES}</graph>").decode().encode("utf-16")
    (tmp_path / "wide.dat").write_bytes(utf16)
    assert 2 == len(read(tmp_path / "wide.dat").elements)


def test_limits_hold_for_xml(tmp_path: Path) -> None:
    write(sm.example("teaching"), tmp_path / "map.graphml")
    assert ["E014"] == [p.code for p in check(tmp_path / "map.graphml", limits=Limits(unpacked=9))]


def cut(path: Path, at: float) -> None:
    path.write_bytes(path.read_bytes()[: int(at * path.stat().st_size)])


@BOTH
@pytest.mark.parametrize("at", [0.02, 0.5, 0.999])
def test_a_file_cut_short_is_refused(ending: str, at: float, tmp_path: Path) -> None:
    write(sm.example("teaching"), tmp_path / f"map.{ending}")
    cut(tmp_path / f"map.{ending}", at)
    assert "E016" in codes(check(tmp_path / f"map.{ending}"))


def test_control_characters_are_left_out_and_counted(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["a"], "name": ["Bell\x07 and \x01"]})
    lost = write(from_tables({"outcomes": frame}), tmp_path / "map.graphml")
    assert 2 == codes(lost)["W619"]
    assert "Bell and" == read(tmp_path / "map.graphml").name("a")


EDITS = st.lists(st.tuples(st.integers(0, 10**4), st.binary(min_size=1, max_size=6)), max_size=4)


def gexf(folder: Path) -> bytes:
    g = nx.DiGraph()
    g.add_edge("a", "b", sign="+", weight=1.5)
    stream = io.BytesIO()
    nx.write_gexf(g, stream)
    return stream.getvalue()


@pytest.mark.parametrize("make", [gexf, lambda _: YED.encode()])
@given(edits=EDITS)
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_an_edited_file_gives_problems(
    make: Callable[[Path], bytes], edits: list[tuple[int, bytes]], tmp_path: Path
) -> None:
    data = bytearray(make(tmp_path))
    for at, piece in edits:
        at %= len(data)
        data[at : at + len(piece)] = piece
    (tmp_path / "map.xml").write_bytes(bytes(data))
    assert str(check(tmp_path / "map.xml"))
