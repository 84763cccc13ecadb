"""Node types, link types and their columns: pure data.

Checks, template, descriptor, drawing and reference page all read this module; no other one
says which tables exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeVar

# Tables that analyses name.
OUTCOMES, ELEMENTS, CONTEXTS, ORGANIZATIONS = "outcomes", "elements", "contexts", "organizations"
GROUPS, ACTIVITIES, RESOURCES, STRATEGIES = "groups", "activities", "resources", "strategies"
SOURCES = "sources"
SEEKS, INFLUENCES, OBSERVED, WORKS_ON = "seeks", "influences", "observed", "works_on"
PRIORITIES, CHALLENGES, COLLABORATES = "priorities", "challenges", "collaborates"
TAKES_PART, HELD_IN, ADDRESSES = "takes_part", "held_in", "addresses"
SHARES, ENDORSES, BELONGS_TO = "shares", "endorses", "belongs_to"
ASKED, ABOUT, ALIASES = "asked", "about", "aliases"

# Values that analyses name.
YES, NO = "yes", "no"
PRESENT, ABSENT = "present", "absent"
POSITIVE, NEGATIVE = "+", "-"
PUBLIC, MEMBERS, PRIVATE = "public", "members", "private"
COUNTRY = "country"
CANCELLED, COMPLETED, PLANNED, ONGOING = "cancelled", "completed", "planned", "ongoing"
ILLUSTRATIVE, JUDGED = "illustrative", "judged"

_T = TypeVar("_T", bound="TableType")

AUDIENCES = (PUBLIC, MEMBERS, PRIVATE)
"""Who may see a row, from everybody to the secretariat alone."""

ColumnKind = Literal["id", "text", "choice", "integer", "date", "reference", "question", "url"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what a cell may hold and the words that help to fill it.

    Parameters
    ----------
    name
        Lower case with underscores; the header in every file.
    kind
        What a cell holds. A ``reference`` names a node of one of the tables in `to`; a
        ``question`` names a link table.
    help
        One sentence for the person who fills the column.
    required
        True if a row without it is a fault.
    values
        The closed list of a ``choice``.
    low, high
        The range of an ``integer``, both included; None is open.
    to
        Node tables that a ``reference`` may point into.
    unless
        A column that, when filled, makes this required one optional.

    Examples
    --------
    >>> Column("level", "integer", "How high.", low=1, high=3).required
    False
    """

    name: str
    kind: ColumnKind = "text"
    help: str = ""
    required: bool = False
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    to: tuple[str, ...] = ()
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class TableType:
    """One table: its name, its columns in order and what a row says."""

    table: str
    columns: tuple[Column, ...]
    help: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name; None if the type does not know it."""
        return next((c for c in self.columns if c.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.name for c in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which the table cannot be read."""
        return tuple(c.name for c in self.columns if c.required)

    def knows(self, name: str) -> bool:
        """Tell whether the column has a meaning here."""
        return self.column(name) is not None


@dataclass(frozen=True, slots=True)
class NodeType(TableType):
    """A table of things, with the swatch that pictures draw them by.

    Parameters
    ----------
    one, many
        The thing in words, singular and plural.
    shape, colour
        Name of a vis-network shape and an Okabe-Ito colour; no shape is never drawn.
    prefixes
        Columns whose names begin so are known text columns.
    private_where
        Column and value that make a row private when its visibility is blank.

    Examples
    --------
    >>> SCHEMA.node("outcomes").shape
    'star'
    """

    one: str = ""
    many: str = ""
    shape: str = ""
    colour: str = ""
    prefixes: tuple[str, ...] = ()
    private_where: tuple[str, str] | None = None

    def knows(self, name: str) -> bool:
        """Tell whether the column has a meaning here."""
        return self.column(name) is not None or name.startswith(self.prefixes or ("\0",))


@dataclass(frozen=True, slots=True)
class LinkType(TableType):
    """A table of claims; its first two columns are the ends of the link.

    Parameters
    ----------
    verb, inverse
        The link in words, read from the first end and from the second.
    colour
        Line colour in pictures.
    directed
        False if the order of the ends says nothing.
    visibility
        What a blank cell of the column ``visibility`` means.

    Examples
    --------
    >>> SCHEMA.link("challenges").visibility, SCHEMA.link("collaborates").directed
    ('private', False)
    """

    verb: str = ""
    inverse: str = ""
    colour: str = "#4D4D4D"
    directed: bool = True
    visibility: str = PUBLIC

    @property
    def ends(self) -> tuple[Column, Column]:
        """The two columns that the link joins."""
        return self.columns[0], self.columns[1]


@dataclass(frozen=True, slots=True, repr=False)
class Schema:
    """Which tables a map may hold and which link may join which nodes.

    Examples
    --------
    >>> [c.name for c in SCHEMA.link("observed").ends]
    ['element', 'context']
    >>> topics = NodeType("topics", (Column("id", "id"), Column("name")), one="topic")
    >>> SCHEMA.extended(nodes=(topics,))
    <Schema: 10 node tables, 13 link tables>
    """

    nodes: tuple[NodeType, ...]
    links: tuple[LinkType, ...]
    others: tuple[TableType, ...]
    _by_name: Mapping[str, TableType] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the types; refuse two of one name, nodes without id, links without ends."""
        by_name: dict[str, TableType] = {}
        for kind in (*self.nodes, *self.links, *self.others):
            if kind.table in by_name:
                raise ValueError(f"two tables of the schema are named {kind.table!r}; rename one")
            by_name[kind.table] = kind
        for node in self.nodes:
            for name in ("id", "name"):
                if node.column(name) is None:
                    raise ValueError(f"{node.table} has no column {name!r}; every node has one")
        for kind in self.links:
            if len(kind.columns) < 2:
                raise ValueError(f"{kind.table} has no two ends; a link type begins with them")
            for end in kind.ends:
                strange = [t for t in end.to if t not in {n.table for n in self.nodes}]
                if end.kind != "reference" or not end.to or strange:
                    raise ValueError(
                        f"{kind.table}.{end.name} joins {list(end.to)}; the first two columns of a "
                        f"link type are references to node tables of the schema"
                    )
        object.__setattr__(self, "_by_name", MappingProxyType(by_name))

    def __repr__(self) -> str:
        """Its size; the signatures that have a schema as default stay readable."""
        return f"<Schema: {len(self.nodes)} node tables, {len(self.links)} link tables>"

    def __contains__(self, table: object) -> bool:
        """Tell whether the schema knows the table."""
        return table in self._by_name

    def __iter__(self) -> Iterator[TableType]:
        """Yield every type: nodes, links, then the rest."""
        return iter(self._by_name.values())

    def __getitem__(self, table: str) -> TableType:
        """The type of a table; KeyError if there is none."""
        return self._by_name[table]

    def node(self, table: str) -> NodeType:
        """The node type of a table; KeyError if it is no node table."""
        kind = self._by_name.get(table)
        if not isinstance(kind, NodeType):
            there = ", ".join(k.table for k in self.nodes)
            raise KeyError(f"{table!r} is no node table; there are: {there}")
        return kind

    def link(self, table: str) -> LinkType:
        """The link type of a table; KeyError if it is no link table."""
        kind = self._by_name.get(table)
        if not isinstance(kind, LinkType):
            there = ", ".join(k.table for k in self.links)
            raise KeyError(f"{table!r} is no link table; there are: {there}")
        return kind

    def joining(self, first: str, second: str) -> tuple[LinkType, ...]:
        """The link types that may lead from one node table to another."""
        return tuple(
            kind for kind in self.links if first in kind.ends[0].to and second in kind.ends[1].to
        )

    def extended(
        self, *, nodes: tuple[NodeType, ...] = (), links: tuple[LinkType, ...] = ()
    ) -> Schema:
        """A schema with further types; checked, drawn, read and written like the others.

        The id and name of a new node, and both ends of a new link, are required.
        """
        return replace(
            self,
            nodes=(*self.nodes, *(_with(n, _NODE_TAIL, ("id", "name")) for n in nodes)),
            links=(
                *self.links,
                *(_with(k, _LINK_TAIL, tuple(c.name for c in k.columns[:2])) for k in links),
            ),
        )


def _ref(name: str, *to: str, help: str = "", required: bool = False) -> Column:
    return Column(name, "reference", help, required, to=to)


def _choice(name: str, *values: str, help: str = "", required: bool = False) -> Column:
    return Column(name, "choice", help, required, values)


def _scale(name: str, high: int | None, help: str) -> Column:
    return Column(name, "integer", help, low=1, high=high)


def _date(name: str, help: str) -> Column:
    return Column(name, "date", f"{help} YYYY, YYYY-MM or YYYY-MM-DD.")


# The tables of the contract read better in rows.
# fmt: off
_ID = Column("id", "id", "A short name without blanks that never changes; unique.", True)
_NAME = Column("name", "text", "The name that people read.", True)
_DESCRIPTION = Column("description", "text", "What it means, in a sentence.")
_VISIBILITY = _choice("visibility", *AUDIENCES, help="Who may see this row; blank is public.")
_CONTEXT = _ref("context", CONTEXTS, help="Where; blank if the place is not stated.")
_STATUS = _choice("status", PLANNED, ONGOING, COMPLETED, CANCELLED, help="How far it is.")
_START, _END = _date("start", "First day."), _date("end", "Last day.")

_NODE_TAIL = (_VISIBILITY,)
_LINK_TAIL = (
    _ref("source", SOURCES, help="Who says so: an id of the sheet sources."),
    _date("date", "When it was said."),
    Column("note", "text", "Anything to add; shown to others only if visibility is filled."),
    _VISIBILITY,
)


def _with(kind: _T, tail: tuple[Column, ...], required: tuple[str, ...]) -> _T:
    own = (replace(c, required=True) if c.name in required else c for c in kind.columns)
    return replace(kind, columns=(*own, *(c for c in tail if c.name not in kind.names)))


def _node(
    table: str, many: str, one: str, shape: str, colour: str, help: str, *columns: Column
) -> NodeType:
    return NodeType(
        table, (_ID, _NAME, *columns, *_NODE_TAIL), help, one, many, shape, colour
    )


_ORGANIZATION = _ref("organization", ORGANIZATIONS, help="Which organization.", required=True)
_ELEMENT = _ref("element", ELEMENTS, help="Which element.", required=True)

_NODES = (
    _node(
        OUTCOMES, "outcomes", "outcome", "star", "#D55E00",
        "What members want to come true.", _DESCRIPTION,
    ),
    _node(
        ELEMENTS, "elements", "element", "dot", "#0072B2",
        "What influences the outcomes: laws, budgets, training, evidence.",
        Column("area", "text", "Area of work; blank is unassigned."),
        _ref("parent", ELEMENTS, help="The wider element that it is a part of."),
        _choice("orientation", "desirable", "undesirable", help="Is more of it wanted?"),
        _DESCRIPTION,
    ),
    replace(
        _node(
            CONTEXTS, "contexts", "context", "triangle", "#E69F00",
            "Where things hold: countries (alpha-3 codes as ids), areas, settings.",
            _choice("kind", COUNTRY, "area", "setting", help="What kind of place."),
            _ref("parent", CONTEXTS, help="The wider place that it lies in."),
            Column("region", "text", "Region; filled for alpha-3 ids when blank."),
            Column("subregion", "text", "Sub-region; filled for alpha-3 ids when blank."),
            _choice("ldc", YES, NO, help="Least developed country."),
            _choice("lldc", YES, NO, help="Landlocked developing country."),
            _choice("sids", YES, NO, help="Small island developing state."),
            Column("income_group", "text", "Income group; never filled for you."),
        ),
        prefixes=("group_",),
    ),
    _node(
        ORGANIZATIONS, "organizations", "organization", "square", "#009E73",
        "Who takes part, and whom they work with.",
        _choice(
            "kind", "un_agency", "intergovernmental", "government", "donor", "ngo", "private",
            "academia", "other", help="What kind of organization.",
        ),
        _choice("member", YES, NO, help="Is it a member of the group?"),
        Column("role", "text", "Its role in the group, such as co-chair."),
        _ref("part_of", ORGANIZATIONS, help="The organization that it is an office of."),
    ),
    _node(
        GROUPS, "groups", "group", "group", "#56B4E9",
        "Other groups and coalitions, and this one.",
        _choice("kind", "working_group", "network", "coalition", help="What kind of group."),
    ),
    _node(
        ACTIVITIES, "activities", "activity", "diamond", "#CC79A7",
        "What is planned, under way or done together.",
        _choice(
            "kind", "event", "project", "publication", "training", "other",
            help="What kind of activity.",
        ),
        _STATUS, _START, _END,
    ),
    _node(
        RESOURCES, "resources", "resource", "triangleDown", "#F0E442",
        "Research, evidence, news, tools and guidance to exchange.",
        _choice(
            "kind", "research", "evidence", "news", "tool", "guidance", help="What it is.",
        ),
        _date("date", "When it was published."),
        Column("url", "url", "Where to find it; http or https."),
    ),
    _node(
        STRATEGIES, "strategies", "strategy", "hexagon", "#4D4D4D",
        "Strategies to agree on.", _DESCRIPTION,
    ),
    replace(
        _node(
            SOURCES, "sources", "source", "", "",
            "Who said what is claimed: one row per answer, interview or document.",
            _choice(
                "kind", "survey", "interview", "workshop", "document", "dataset",
                help="What kind of source; interviews are private unless stated.",
            ),
            _choice(
                "grade", "official", "reported", JUDGED, ILLUSTRATIVE, help="How firm it is.",
            ),
            _ref("organization", ORGANIZATIONS, help="The organization that speaks."),
            _date("date", "When it was said or published."),
            Column("url", "url", "Where to read it; http or https."),
            Column(
                "reporter", "text",
                "Filled by sysmap where the organization that speaks is not in this map.",
            ),
        ),
        private_where=("kind", "interview"),
    ),
)


_PRIVATE_TAIL = tuple(
    replace(c, help="Who may see this row; blank is private.") if c == _VISIBILITY else c
    for c in _LINK_TAIL
)


def _link(
    table: str, verb: str, inverse: str, colour: str, first: Column, second: Column,
    *columns: Column, directed: bool = True, visibility: str = PUBLIC, help: str = "",
) -> LinkType:
    tail = _PRIVATE_TAIL if visibility == PRIVATE else _LINK_TAIL
    return LinkType(
        table, (first, second, *columns, *tail), help, verb, inverse, colour, directed,
        visibility,
    )


_GREEN, _BLUE, _ORANGE, _GREY = "#009E73", "#0072B2", "#B35900", "#6B6B6B"

_LINKS = (
    _link(
        SEEKS, "seeks", "sought by", _GREEN, _ORGANIZATION,
        _ref("outcome", OUTCOMES, help="Which outcome it seeks.", required=True),
        _scale("priority", None, "Rank among its outcomes; 1 is first."),
        _scale("importance", 5, "How important, from 1 to 5."),
        help="Which organization seeks which outcome.",
    ),
    _link(
        INFLUENCES, "influences", "influenced by", _BLUE,
        _ref("cause", ELEMENTS, OUTCOMES, help="What acts.", required=True),
        _ref("effect", ELEMENTS, OUTCOMES, help="What changes.", required=True),
        _choice("sign", POSITIVE, NEGATIVE, help="+ more leads to more, - more leads to less."),
        _scale("strength", 3, "How strong, from 1 to 3."),
        _CONTEXT,
        help="What influences what; a blank context means in general.",
    ),
    _link(
        OBSERVED, "reported in", "has a report on", _ORANGE, _ELEMENT,
        _ref("context", CONTEXTS, help="In which place.", required=True),
        _choice(
            "state", PRESENT, ABSENT, required=True,
            help="present: exists and works here; absent: does not.",
        ),
        _scale("strength", 3, "How strong, from 1 to 3."),
        help="Which element was found present or absent where.",
    ),
    _link(
        WORKS_ON, "works on", "worked on by", _GREEN, _ORGANIZATION, _ELEMENT, _CONTEXT,
        _choice(
            "role", "funds", "implements", "convenes", "researches", "advises",
            help="What it does there.",
        ),
        _STATUS, _START, _END,
        help="Who works on what, and where.",
    ),
    _link(
        PRIORITIES, "gives priority to", "is a priority of", _GREEN, _ORGANIZATION, _ELEMENT,
        _CONTEXT, _scale("level", 3, "How high, from 1 to 3."),
        help="What matters most to whom, and where.",
    ),
    _link(
        CHALLENGES, "is challenged by", "is a challenge for", _GREY, _ORGANIZATION, _ELEMENT,
        _CONTEXT, _scale("level", 3, "How hard, from 1 to 3."), visibility=PRIVATE,
        help="What is hard for whom, and where; private unless stated.",
    ),
    _link(
        COLLABORATES, "collaborates with", "collaborates with", _GREEN, _ORGANIZATION,
        _ref("partner", ORGANIZATIONS, help="With whom.", required=True),
        _CONTEXT, _START, _END, directed=False,
        help="Who already works together.",
    ),
    _link(
        TAKES_PART, "takes part in", "involves", _GREEN, _ORGANIZATION,
        _ref("activity", ACTIVITIES, help="In which activity.", required=True),
        _choice(
            "role", "leads", "co-leads", "implements", "supports", "attends", "funds",
            help="What it does there.",
        ),
        help="Who takes part in which activity.",
    ),
    _link(
        HELD_IN, "held in", "hosts", _ORANGE,
        _ref("activity", ACTIVITIES, help="Which activity.", required=True),
        _ref("context", CONTEXTS, help="In which place.", required=True),
        help="Where an activity takes place.",
    ),
    _link(
        ADDRESSES, "addresses", "addressed by", _BLUE,
        _ref(
            "item", ACTIVITIES, RESOURCES, STRATEGIES, GROUPS, required=True,
            help="An activity, resource, strategy or group.",
        ),
        _ref("target", ELEMENTS, OUTCOMES, help="An element or outcome.", required=True),
        help="What an activity, resource, strategy or group is about.",
    ),
    _link(
        SHARES, "shares", "shared by", _GREY, _ORGANIZATION,
        _ref("resource", RESOURCES, help="Which resource.", required=True),
        help="Who offers which resource.",
    ),
    _link(
        ENDORSES, "endorses", "endorsed by", _GREY, _ORGANIZATION,
        _ref("strategy", STRATEGIES, help="Which strategy.", required=True),
        help="Who agrees with which strategy.",
    ),
    _link(
        BELONGS_TO, "belongs to", "has as member", _GREY, _ORGANIZATION,
        _ref("group", GROUPS, help="Which group.", required=True),
        Column("role", "text", "Its role there, such as co-chair."),
        help="Who belongs to which group.",
    ),
)

_OTHERS = (
    TableType(
        ASKED,
        (
            Column(
                "source", "reference", "Who was asked.", True, to=(SOURCES,), unless="speaks_for"
            ),
            Column("question", "question", "About what: the name of a link table.", True),
            _CONTEXT,
            Column("area", "text", "About which area of work; blank is all."),
            _choice("answered", YES, NO, help="Did an answer come? Blank: see the claims."),
            _ref(
                "speaks_for", ORGANIZATIONS,
                help="Filled by sysmap where an answer is inferred from claims alone.",
            ),
        ),
        "The ledger of who was asked what; without it silence cannot be told from no.",
    ),
    TableType(
        ABOUT,
        (
            Column("key", "text", "title, data date, round, contact, licence or source.", True),
            Column("value", "text", "What holds for the whole file."),
        ),
        "What the whole file is about.",
    ),
    TableType(
        ALIASES,
        (
            Column("name", "text", "A spelling that occurs.", True),
            _ref("id", *(n.table for n in _NODES), help="What it stands for.", required=True),
            _choice("decision", "same", "different", help="Is it the same thing?", required=True),
        ),
        "What people decided about spellings.",
    ),
)

# fmt: on

SCHEMA = Schema(_NODES, _LINKS, _OTHERS)
"""The types that every map knows: nine node tables, thirteen link tables and three others."""

CORE_TABLES = (
    ABOUT,
    ORGANIZATIONS,
    OUTCOMES,
    ELEMENTS,
    CONTEXTS,
    SOURCES,
    SEEKS,
    OBSERVED,
    WORKS_ON,
)
"""The sheets of the core template, in its order; the wide form follows them."""
