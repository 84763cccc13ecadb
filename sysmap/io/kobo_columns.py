"""The columns of a KoboToolbox export: questions, options, what links rows, what is personal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sysmap.core import names, personal
from sysmap.core.problems import Problem, shown
from sysmap.core.schema import (
    CHALLENGES,
    COLLABORATES,
    ORGANIZATIONS,
    PRIORITIES,
    SEEKS,
    WORKS_ON,
    Column,
    LinkType,
    Schema,
)
from sysmap.io.choices import OptionError
from sysmap.io.intake import Intake
from sysmap.io.tabs import Tab

ID, UUID, TIME, INDEX = "_id", "_uuid", "_submission_time", "_index"
PARENT_TABLE, PARENT_INDEX, SUBMISSION = "_parent_table_name", "_parent_index", "_submission__id"

SYSTEM = frozenset({ID, UUID, TIME, INDEX, PARENT_TABLE, PARENT_INDEX, SUBMISSION})
"""Columns that the tool adds to link rows."""

ORGANIZATION, CONTEXT = "organization", "context"
"""What a question may say of all answers of a row: whose they are, and about which place."""

_TOOL = re.compile(r"_[a-z_]+|meta/.*|start|end|today")
MARKS = MappingProxyType(
    {"": None, "1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False}
)
"""What a cell under an option says; blank says nothing."""

_GUESSES = (
    ("countr", CONTEXT),
    ("organi", ORGANIZATION),
    ("agency", ORGANIZATION),
    ("outcome", f"{SEEKS}.outcome"),
    ("priorit", f"{PRIORITIES}.element"),
    ("challeng", f"{CHALLENGES}.element"),
    ("partner", f"{COLLABORATES}.partner"),
    ("collab", f"{COLLABORATES}.partner"),
    ("element", f"{WORKS_ON}.element"),
    ("work", f"{WORKS_ON}.element"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form, and where its answers go.

    Parameters
    ----------
    path
        Its header, groups before it.
    tab
        The sheet on which it stands.
    table, column
        The table and the column that its answers fill; no table for what it says of all.
    end
        The column of the schema, where it names things.
    at
        Position of its own column; None where only its options have columns.
    options
        Label and position of each option, if several can be chosen.
    """

    path: str
    tab: int
    table: str
    column: str
    end: Column | None = None
    at: int | None = None
    options: tuple[tuple[str, int], ...] = ()


def bits(tab: Tab, column: int) -> bool:
    """Tell whether a column holds nothing but 0, 1 and blanks."""
    return all(tab.cell(i, column).casefold() in MARKS for i in range(1, len(tab.rows)))


def options_of(tab: Tab, path: str) -> list[tuple[str, int]]:
    """Label and position of every column that is an option of a question."""
    start = f"{names.key(path)}/"
    return [
        (title[len(path) + 1 :].strip(), j)
        for j, title in enumerate(tab.rows[0])
        if names.key(title).startswith(start)
    ]


def is_personal(title: str) -> bool:
    """Tell whether the answers of a column are personal data.

    Examples
    --------
    >>> is_personal("about/Phone number"), is_personal("_submitted_by"), is_personal("outcomes")
    (True, True, False)
    """
    return personal.of_form(names.key(title).rpartition("/")[2])


def is_system(title: str) -> bool:
    """Tell whether the tool made a column.

    Examples
    --------
    >>> is_system("_uuid"), is_system("__version__"), is_system("outcomes/other")
    (True, True, False)
    """
    return _TOOL.fullmatch(names.key(title)) is not None


def questions(
    intake: Intake, tabs: Sequence[Tab], mapping: Mapping[str, str], single: Sequence[str]
) -> list[Question]:
    """The questions that the mapping names, found on their sheets.

    Told are a question that no sheet has (W517) and one of which several options can be chosen
    but whose options have no columns of their own (E540).

    Raises
    ------
    OptionError
        If the mapping gives something else than a column of a link table or of organizations,
        ``organization`` or ``context``.
    """
    alone = {names.key(path) for path in single}
    found = []
    for path, target in mapping.items():
        if not target:
            continue
        table, column, end = _target(intake.schema, target)
        place = _find(tabs, path)
        if place is None:
            there = [t for tab in tabs for t in tab.rows[0]]
            near = names.alike(path, there)
            remedy = f"did you mean {' or '.join(near)}?" if near else "check the spelling"
            said = f"choices['columns'] names {shown(path)!r}, which is not in the file"
            intake.tell(Problem("W517", said, remedy, (intake.whole,)))
            continue
        tab, at, title = place
        options: list[tuple[str, int]] = []
        if end is not None and names.key(path) not in alone:
            options = options_of(tabs[tab], title)
            if not options:
                intake.tell(_joined(tabs[tab], at or 0, title))
        found.append(Question(title, tab, table, column, end, at, tuple(options)))
    return found


def _target(schema: Schema, target: str) -> tuple[str, str, Column | None]:
    """Table and column of a target, and the column of the schema if it names things."""
    if target == ORGANIZATION:
        return "", target, None
    if target == CONTEXT:
        return "", target, schema.link(WORKS_ON).column(CONTEXT)
    table, _, name = target.partition(".")
    kind = next((kind for kind in schema if kind.table == table), None)
    if isinstance(kind, LinkType) or (kind is not None and table == ORGANIZATIONS):
        column = kind.column(name)
        if column is not None:
            return table, name, column if column.to else None
    raise OptionError(
        f"choices['columns'] gives {target!r}; write a column of a link table such as "
        f"'seeks.outcome', one of organizations, {ORGANIZATION!r} or {CONTEXT!r}"
    )


def _find(tabs: Sequence[Tab], path: str) -> tuple[int, int | None, str] | None:
    """Sheet, position and header of a question, by its whole path, else by its last part."""
    wanted = names.key(path)
    whole = [
        (i, j, title)
        for i, tab in enumerate(tabs)
        for j, title in enumerate(tab.rows[0])
        if names.key(title) == wanted
    ]
    if whole:
        return whole[0]
    last = [
        (i, j, title)
        for i, tab in enumerate(tabs)
        for j, title in enumerate(tab.rows[0])
        if names.key(title).rpartition("/")[2] == wanted
    ]
    if len(last) == 1:
        return last[0]
    return next(((i, None, path) for i, tab in enumerate(tabs) if options_of(tab, path)), None)


def _joined(tab: Tab, at: int, title: str) -> Problem:
    """E540: the options of a question stand in one text, where no reader can tell them apart."""
    said = f"question {shown(title)!r} has no column for each of its options"
    remedy = (
        "export again with multiple select as both; or, if one answer only can be given, "
        f"name it in choices['single']: [{title!r}]"
    )
    return Problem("E540", said, remedy, (tab.place(0, at),))


def draft(tabs: Sequence[Tab]) -> Iterator[Problem]:
    """E542: what the questions may mean, to be edited; and E540 if no option has a column."""
    guesses: dict[str, str] = {}
    single: list[str] = []
    several = False
    for tab in tabs:
        for title, multiple in _asked(tab):
            several = several or multiple
            last = names.key(title).rpartition("/")[2]
            guess = next((target for word, target in _GUESSES if word in last), "")
            if guess in guesses.values():
                guess = ""
            if guess or multiple:
                guesses[title] = guess
            if guess == CONTEXT and not multiple:
                single.append(title)
    first = tabs[0]
    if not several:
        said = "no question has a column for each of its options"
        remedy = "export again with multiple select as both"
        yield Problem("E540", said, remedy, (first.place(0),))
    drafted = f"{{'columns': {guesses!r}" + (f", 'single': {single!r}" if single else "") + "}"
    said = "nobody has said yet what the questions mean"
    remedy = f"edit this draft and give it: choices={drafted}"
    yield Problem("E542", said, remedy, (first.place(0),))


def _asked(tab: Tab) -> Iterator[tuple[str, bool]]:
    """Every question of a sheet, and whether several of its options can be chosen."""
    titles = [title for title in tab.rows[0] if title]
    keys = {names.key(title) for title in titles}
    within: dict[str, list[int]] = {}
    for j, title in enumerate(tab.rows[0]):
        within.setdefault(names.key(title.rpartition("/")[0]), []).append(j)
    several = {
        parent: bool(parent) and (parent in keys or all(bits(tab, j) for j in columns))
        for parent, columns in within.items()
    }
    seen: set[str] = set()
    for title in titles:
        parent = title.rpartition("/")[0]
        path = parent if several[names.key(parent)] else title
        if is_system(path) or is_personal(path) or names.key(path) in seen:
            continue
        seen.add(names.key(path))
        yield path, several.get(names.key(path), False)


def ends_of(kind: LinkType) -> tuple[Column, ...]:
    """The columns of a link table that name things: both ends, and the place if it has one."""
    more = tuple(c for c in kind.columns if c.name == "context" and c not in kind.ends)
    return (*kind.ends, *more)
