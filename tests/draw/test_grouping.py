"""Areas in place of elements: every count is one that plain loops over the tables find."""

from __future__ import annotations

import pandas as pd
import pytest

from sysmap.core.model import SystemMap, from_tables
from sysmap.draw import grouping, page, payload
from tests.draw.maps import plain_map, verdicts

UNASSIGNED = "Area not stated"


def twin(m: SystemMap) -> tuple[dict, dict]:
    """Distinct sources and claims of each line, and of what lies inside an area, by plain loops."""
    area = {
        id: a if isinstance(a, str) else UNASSIGNED
        for id, a in m.elements["area"].to_dict().items()
    }
    lines: dict[tuple, list] = {}
    inside: dict[str, list] = {}
    for table, first, second, by in (
        ("influences", "cause", "effect", "sign"),
        ("observed", "element", "context", "state"),
        ("works_on", "organization", "element", None),
    ):
        for row in m.links(table).to_dict("records"):
            ends = area.get(row[first], row[first]), area.get(row[second], row[second])
            answer = row[by] if by and isinstance(row[by], str) else None
            if ends[0] == ends[1]:
                inside.setdefault(ends[0], []).append(row["source"])
            else:
                lines.setdefault((table, *ends, answer), []).append(row["source"])
    return lines, inside


@pytest.mark.parametrize("seed", range(4))
def test_lines_between_areas_count_claims_and_distinct_sources(seed: int) -> None:
    m = plain_map(seed, elements=20)
    grouped = grouping.by_area(payload.content(m))
    lines, inside = twin(m)
    name = {n.id: n.name if n.table == grouping.AREAS else n.id for n in grouped.nodes}
    found = {
        (e.table, name[e.first], name[e.second], e.answer): (
            sum(int(str(c["claims"])) for c in e.claims),
            e.sources,
        )
        for e in grouped.edges
        if e.table != "collaborates"
    }
    assert {k: (len(v), len(set(v))) for k, v in lines.items()} == found
    told = {n.name: n.data.get("influences inside") for n in grouped.nodes}
    for area, sources in inside.items():
        assert f"{len(sources)} claims from {len(set(sources))} sources" == told[area]


def test_an_area_counts_its_elements_and_their_verdicts() -> None:
    m = plain_map(elements=20)
    facts = verdicts(m)
    grouped = grouping.by_area(payload.content(m, facts=facts))
    for node in grouped.nodes:
        if node.table != grouping.AREAS:
            continue
        here = m.elements.index[m.elements["area"].fillna(UNASSIGNED) == node.name]
        judged = [facts[id]["verdict"] for id in here]
        assert len(here) == node.data["elements"]
        assert {v: judged.count(v) for v in set(judged)} == dict(node.facts)


def test_no_element_is_left_and_other_nodes_stay() -> None:
    m = plain_map(elements=20)
    grouped = grouping.by_area(payload.content(m))
    tables = [n.table for n in grouped.nodes]
    assert "elements" not in tables
    assert 3 == tables.count(grouping.AREAS)
    assert {"outcomes": 2, "contexts": 4, "organizations": 3} == {
        t: tables.count(t) for t in ("outcomes", "contexts", "organizations")
    }


def test_an_area_takes_no_id_that_a_node_bears() -> None:
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ["a"], "name": ["A"], "area": ["costing"]}),
            "outcomes": pd.DataFrame({"id": ["area: costing"], "name": ["O"]}),
        }
    )
    ids = [n.id for n in grouping.by_area(payload.content(m)).nodes]
    assert 2 == len(set(ids))


def test_a_map_without_elements_is_grouped_into_itself() -> None:
    m = from_tables({"outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]})})
    assert ["o"] == [n.id for n in grouping.by_area(payload.content(m)).nodes]


def test_a_start_of_elements_becomes_one_of_areas() -> None:
    made = page.make(plain_map(elements=20), by="area", start=["e000", "e001", "light"])
    assert set(made.content.start) <= {n.id for n in made.content.nodes}
    assert "light" in made.content.start


def test_a_source_that_made_claims_on_several_days_is_told_with_both_ends() -> None:
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "area": ["x", "x"]}),
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "sources": pd.DataFrame({"id": ["s"], "name": ["S"]}),
            "influences": pd.DataFrame(
                {"cause": ["a", "b"], "effect": "o", "source": "s", "date": ["2021", "2023-04"]}
            ),
        }
    )
    (edge,) = grouping.by_area(payload.content(m)).edges
    assert ({"claims": 2, "source": "s", "date": "2021 / 2023-04"},) == edge.claims
