"""The schema is data that cannot contradict itself, and a user's own types join it."""

import pytest

from sysmap.core import schema
from sysmap.core.schema import SCHEMA, Column, LinkType, NodeType, Schema, TableType

TOPICS = NodeType("topics", (Column("id", "id"), Column("name")), one="topic")
ABOUT_TOPIC = LinkType(
    "concerns",
    (
        Column("resource", "reference", to=("resources",)),
        Column("topic", "reference", to=("topics",)),
    ),
)


def test_the_contract_counts_nine_thirteen_and_three() -> None:
    """Tables of section 3 of the contract: nodes, links, and asked, about, aliases."""
    assert (9, 13, 3) == (len(SCHEMA.nodes), len(SCHEMA.links), len(SCHEMA.others))


def test_every_constant_that_names_a_table_names_one_of_the_schema() -> None:
    named = {v for k, v in vars(schema).items() if k.isupper() and isinstance(v, str)}
    assert {kind.table for kind in SCHEMA} <= named
    assert set(schema.CORE_TABLES) <= {kind.table for kind in SCHEMA}


@pytest.mark.parametrize("kind", SCHEMA.links, ids=lambda kind: kind.table)
def test_every_claim_takes_source_date_note_and_visibility(kind: LinkType) -> None:
    """Contract: each link table also takes these four, and both ends are required."""
    assert {"source", "date", "note", "visibility"} <= set(kind.names)
    assert {end.name for end in kind.ends} <= set(kind.required)


@pytest.mark.parametrize("kind", SCHEMA.nodes, ids=lambda kind: kind.table)
def test_every_node_has_id_name_and_visibility(kind: NodeType) -> None:
    assert ("id", "name") == kind.required
    assert "visibility" in kind.names


def test_two_tables_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two tables of the schema are named 'elements'"):
        SCHEMA.extended(nodes=(NodeType("elements", TOPICS.columns),))


@pytest.mark.parametrize(
    "end",
    [
        Column("topic", "reference", to=("nowhere",)),
        Column("topic", "text"),
        Column("topic", "reference"),
    ],
)
def test_a_link_joins_node_tables_of_the_schema(end: Column) -> None:
    broken = LinkType("concerns", (end, Column("element", "reference", to=("elements",))))
    with pytest.raises(ValueError, match=r"concerns\.topic joins"):
        SCHEMA.extended(links=(broken,))


@pytest.mark.parametrize("ends", [(), (Column("element", "reference", to=("elements",)),)])
def test_a_link_has_two_ends(ends: tuple[Column, ...]) -> None:
    with pytest.raises(ValueError, match="concerns has no two ends"):
        Schema(SCHEMA.nodes, (LinkType("concerns", ends),), SCHEMA.others)


def test_a_node_type_without_id_and_name_is_refused() -> None:
    with pytest.raises(ValueError, match="topics has no column 'name'"):
        SCHEMA.extended(nodes=(NodeType("topics", (Column("id", "id"),)),))


def test_types_of_a_user_get_the_columns_that_all_have_and_require_their_ends() -> None:
    """Contract: further types are checked, drawn, written and read like ours."""
    wider = SCHEMA.extended(nodes=(TOPICS,), links=(ABOUT_TOPIC,))
    assert ("id", "name", "visibility") == wider.node("topics").names
    assert ("id", "name") == wider.node("topics").required
    assert ("resource", "topic") == wider.link("concerns").required
    assert (wider.link("concerns"),) == wider.joining("resources", "topics")
    assert () == SCHEMA.joining("resources", "topics")


def test_asking_for_the_wrong_kind_of_table_is_a_key_error() -> None:
    for ask in (SCHEMA.node, SCHEMA.link):
        with pytest.raises(KeyError, match="about"):
            ask("about")
    with pytest.raises(KeyError, match="nowhere"):
        SCHEMA["nowhere"]


def test_group_columns_are_known_in_contexts_alone() -> None:
    """Contract: any column of contexts whose name begins with ``group_`` is a grouping."""
    assert SCHEMA["contexts"].knows("group_power")
    assert not SCHEMA["elements"].knows("group_power")
    assert SCHEMA["elements"].column("nothing") is None


def test_only_challenges_and_interviews_are_private_when_blank() -> None:
    """Contract: blank visibility means public, with these exceptions (and notes)."""
    assert ["challenges"] == [k.table for k in SCHEMA.links if k.visibility == schema.PRIVATE]
    exceptions = {k.table: k.private_where for k in SCHEMA.nodes if k.private_where}
    assert {"sources": ("kind", "interview")} == exceptions


def test_membership_and_order() -> None:
    assert "asked" in SCHEMA
    assert "answers" not in SCHEMA
    assert [*SCHEMA.nodes, *SCHEMA.links, *SCHEMA.others] == list(SCHEMA)
    assert all(isinstance(kind, TableType) for kind in SCHEMA)
