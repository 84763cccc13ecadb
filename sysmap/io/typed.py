"""Maps of typed things and typed, signed arrows, as Kumu and PRSM draw them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sysmap.core import personal
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import ELEMENTS, INFLUENCES, NEGATIVE, OUTCOMES, POSITIVE
from sysmap.io import choices
from sysmap.io.causal import UNDIRECTED, Things, an
from sysmap.io.heads import Options
from sysmap.io.intake import Intake

CHOICES = ("areas", "links", "outcomes", "signs", "types", "undirected")

DIRECTED, BACKWARDS = "directed", "reversed"

_SIGNS = (POSITIVE, NEGATIVE)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a drawing.

    Parameters
    ----------
    key
        By which arrows name it.
    label, type, description
        What people read.
    id
        Its id, if the file has one that people chose; else it is made from the label.
    fields
        Everything else that the file says of it, by title.
    kind
        What it is counted as, if not as what the tool calls its things.
    """

    key: str
    label: str
    place: Place
    type: str = ""
    description: str = ""
    id: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """One arrow of a drawing; `signed` are the texts that may say its sign."""

    first: str
    second: str
    place: Place
    type: str = ""
    signed: tuple[str, ...] = ()
    direction: str = DIRECTED
    strength: object = None
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decisions:
    """The choices with which a drawing is read; `own_signs` are those of the caller alone."""

    outcomes: tuple[str, ...]
    types: Mapping[str, str]
    areas: Mapping[str, str]
    links: Mapping[str, str]
    signs: Mapping[str, str]
    both: bool
    own_signs: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, object]:
        """The choices as the import report prints them."""
        always: dict[str, object] = {
            "areas": dict(self.areas),
            "links": dict(self.links),
            "outcomes": list(self.outcomes),
            "signs": dict(self.signs),
            "types": dict(self.types),
        }
        return always | ({"undirected": UNDIRECTED[0]} if self.both else {})


def decisions(options: Options, signs: Mapping[str, str]) -> Decisions:
    """The caller's choices; `signs` is the table that holds if none is given.

    Raises
    ------
    OptionError
        If a choice is none, names no table, or gives another sign than + and -.
    """
    given = options.choices
    usual, signs = signs, choices.mapped(given, "signs") if "signs" in given else signs
    strange = next((s for s in signs.values() if s not in _SIGNS), None)
    if strange is not None:
        raise choices.OptionError(f"choices['signs'] gives {strange!r}; write '+' or '-'")
    types, links = choices.mapped(given, "types"), choices.mapped(given, "links")
    for key, tables, known in (
        ("types", types.values(), options.schema.nodes),
        ("links", links.values(), options.schema.links),
    ):
        wrong = next((t for t in tables if t not in [k.table for k in known]), None)
        if wrong is not None:
            several = ", ".join(k.table for k in known)
            raise choices.OptionError(
                f"choices[{key!r}] names table {wrong!r}; there are {several}"
            )
    return Decisions(
        choices.listed(given, "outcomes"),
        types,
        choices.mapped(given, "areas"),
        links,
        signs,
        choices.word(given, "undirected", UNDIRECTED) is not None,
        tuple(text for text in signs if text not in usual),
    )


def take(
    things: Things, items: Iterable[Item], ties: Iterable[Tie], made: Decisions, word: str
) -> None:
    """Give the things and arrows of a drawing to the intake.

    Parameters
    ----------
    things
        Where they go.
    items, ties
        What the file holds; two items of one key are the caller's to refuse.
    made
        The choices.
    word
        What the tool calls an arrow.
    """
    labels, types = set[str](), set[str]()
    for item in items:
        labels.add(item.label)
        types.add(item.type)
        _item(things, item, made)
    links, signed = set[str](), set[str]()
    for tie in ties:
        links.add(tie.type)
        signed.update(tie.signed)
        _tie(things, tie, made, word)
    unmet(things.intake, made, labels, types, links, signed)


def unmet(
    intake: Intake,
    made: Decisions,
    labels: Collection[str],
    types: Collection[str],
    links: Collection[str],
    signed: Collection[str],
) -> None:
    """Tell of each choice that met nothing of the file, whatever it was about (W517)."""
    choices.unmet(intake, "outcomes", made.outcomes, {*labels, *types})
    choices.unmet(intake, "types", made.types, types)
    choices.unmet(intake, "areas", made.areas, types)
    choices.unmet(intake, "links", made.links, links)
    choices.unmet(intake, "signs", made.own_signs, signed)


def _item(things: Things, item: Item, made: Decisions) -> None:
    intake = things.intake
    table = choices.said_of(made.types, item.type) or ELEMENTS
    if choices.among(made.outcomes, item.label, item.type):
        table = OUTCOMES
    kind = intake.schema[table]
    cells: dict[str, object] = {}
    if item.id:
        cells["id"] = intake.fresh(item.id, exact=True, place=item.place)
    if table == ELEMENTS:
        cells["area"] = choices.said_of(made.areas, item.type)
    if item.description:
        known = kind.column("description") is not None
        title = "description" if known else intake.column(table, "description")
        cells[title] = item.description
    if item.type:
        cells[intake.column(table, "type")] = item.type
    cells |= _carried(intake, table, item.fields, item.place)
    things.add(item.key, item.label, cells, item.place, table, item.kind)


def _tie(things: Things, tie: Tie, made: Decisions, word: str) -> None:
    intake = things.intake
    ends = {things.tables.get(tie.first), things.tables.get(tie.second)}
    causal = ends <= {ELEMENTS, OUTCOMES}
    ways = [(tie.first, tie.second)]
    if tie.direction != DIRECTED and causal:
        if tie.direction == BACKWARDS or not made.both:
            intake.left(word, _aimless(tie, word))
            return
        ways.append((tie.second, tie.first))
    via = choices.said_of(made.links, tie.type)
    into = via or INFLUENCES
    cells: dict[str, object] = {}
    if into == INFLUENCES:
        cells["sign"] = choices.said_of(made.signs, *tie.signed)
        cells["strength"] = tie.strength
        raw = " | ".join(text for text in tie.signed if text)
        if raw:
            cells[intake.column(into, "sign_raw")] = raw
    elif tie.type:
        cells[intake.column(into, "type")] = tie.type
    cells |= _carried(intake, into, tie.fields, tie.place)
    found = [
        things.link(word, *way, _fitting(things, way, cells, via), tie.place, via) for way in ways
    ]
    if found[0]:
        intake.took(word)


def _carried(
    intake: Intake, table: str, fields: Mapping[str, object], place: Place
) -> dict[str, object]:
    """Everything else that the file says, but how to reach a person."""
    left = {title for title in fields if personal.reaches(title)}
    intake.unreachable(place, sum(fields[title] not in (None, "") for title in left))
    return {
        intake.column(table, title): value for title, value in fields.items() if title not in left
    }


def _fitting(
    things: Things, way: tuple[str, str], cells: dict[str, object], via: str | None
) -> dict[str, object]:
    """The cells without sign and strength where the arrow will be no influence."""
    ends = {things.tables.get(end) for end in way}
    if via in (None, INFLUENCES) and ends <= {ELEMENTS, OUTCOMES}:
        return cells
    return {title: value for title, value in cells.items() if title not in ("sign", "strength")}


def _aimless(tie: Tie, word: str) -> Problem:
    """W510: an arrow without one direction; influences need one."""
    said = f"{an(word)} is {shown(tie.direction)}; influences need a direction"
    remedy = "draw one arrow each way, or read with choices={'undirected': 'both'}"
    if tie.direction == BACKWARDS:
        remedy = "draw it the other way round"
    return Problem("W510", said, remedy, (tie.place,))
