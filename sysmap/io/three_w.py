"""Tables of who does what where, with HXL tags or with columns that the caller names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from sysmap.core import countries, dates, files, names, personal
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.progress import Progress
from sysmap.core.schema import (
    CONTEXTS,
    COUNTRY,
    ELEMENTS,
    ORGANIZATIONS,
    WORKS_ON,
)
from sysmap.io import choices, csvtext, exports, hxl
from sysmap.io.exports import Formulas
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options
from sysmap.io.hxl import Tag
from sysmap.io.intake import Intake, Nodes
from sysmap.io.tabs import Tab, tabs

CHOICES = ("areas", "columns", "countries", "split")

ROLES = MappingProxyType({"impl": "implements", "prog": "implements", "funder": "funds"})

_CODES = frozenset({"code", "id", "iso2", "iso3", "v_iso2", "v_iso3", "v_pcode"})
_ORG = frozenset({"name", "acronym", "type", *_CODES, *ROLES})
_TAGS = MappingProxyType({"implements": "#org+impl", "funds": "#org+funder"})
_WORDS = "a table of who does what where"
_JOINED = re.compile(r"\S\s*/\s*\S")


@dataclass(slots=True)
class _Level:
    """The columns of one thing of a row: by what attribute says which."""

    name: int | None = None
    code: int | None = None
    acronym: int | None = None
    type: int | None = None


@dataclass(slots=True)
class _Plan:
    """Which column holds what."""

    orgs: dict[str, _Level] = field(default_factory=dict)
    what: dict[str, _Level] = field(default_factory=dict)
    where: dict[str, _Level] = field(default_factory=dict)
    single: dict[str, int] = field(default_factory=dict)
    personal: list[int] = field(default_factory=list)
    carried: dict[int, str] = field(default_factory=dict)


def sniff(head: Head) -> bool:
    """Tell whether the first rows hold a tag row."""
    return hxl.tag_row(head.rows) is not None


def read(head: Head, options: Options) -> Draft:
    """The claims of a table of who does what where, and an account of its rows."""
    pages, problems = tabs(head, options)
    if not pages:
        return Draft(problems=problems)
    columns = choices.mapped(options.choices, "columns")
    split = choices.word(options.choices, "split", ("/",))
    areas = choices.mapped(options.choices, "areas")
    codes = choices.mapped(options.choices, "countries")
    used = {"areas": dict(areas), "columns": dict(columns), "countries": dict(codes)}
    given = {"split": split} if split else {}
    intake = Intake(head.path.name, options.schema, {**used, **given})
    for problem in problems:
        intake.tell(problem)
    tab = pages[0]
    for other in pages[1:]:
        if other.rows:
            said = f"sheet {shown(other.title)!r} was left out: one table is read, the first"
            place = Place(tab.file, other.title, "", (other.rank, 0, 0))
            intake.left("sheet", Problem("W549", said, "give it a file of its own", (place,)))
    at, tags = _tagged(intake, tab, columns)
    if tags is None:
        return intake.refused()
    plan = _planned(intake, tab, at, tags)
    if not plan.orgs or not plan.what:
        lacks = "#org" if not plan.orgs else "#sector, #subsector or #activity"
        said = f"no column is tagged {lacks}, so the table does not say who does what"
        intake.tell(Problem("E541", said, "tag it, or give choices['columns']", (tab.place(at),)))
        return intake.refused()
    reading = _Reading(intake, tab, plan, areas, codes, split)
    for i in range(at + 1, len(tab.rows)):
        if any(tab.rows[i]):
            reading.row(i)
    for problem in tab.merges(at):
        intake.tell(problem)
    choices.unmet(intake, "areas", areas, reading.elements)
    choices.unmet(intake, "countries", codes, reading.countries)
    reading.nodes.pour()
    intake.source()
    return intake.draft()


def _tagged(
    intake: Intake, tab: Tab, columns: Mapping[str, str]
) -> tuple[int, Sequence[Tag | None] | None]:
    """The last row above the data and the tag of each column; None where nothing tells (E541)."""
    at = hxl.tag_row(tab.rows)
    if at is None and not columns:
        intake.tell(_draft(tab))
        return 0, None
    if at is not None and not columns:
        for j, cell in enumerate(tab.rows[at]):
            if hxl.almost(cell):
                said = f"{shown(cell)!r} looks like a tag and is none"
                intake.tell(Problem("W545", said, f"write #{cell}", (tab.place(at, j),)))
        return at, [hxl.parsed(cell) for cell in tab.rows[at]]
    strange = [text for text in columns.values() if hxl.parsed(text) is None]
    if strange:
        raise choices.OptionError(
            f"choices['columns'] has {strange[0]!r}; write a tag such as '#org'"
        )
    wanted = {names.key(title): hxl.parsed(tag) for title, tag in columns.items()}
    keyed = [[names.key(cell) for cell in row] for row in tab.rows[: hxl.WITHIN]]
    best = max(range(len(keyed)), key=lambda i: len(set(wanted) & set(keyed[i])), default=0)
    choices.unmet(intake, "columns", columns, tab.rows[best])
    below = at if at is not None and at > best else best
    return below, [wanted.get(title) for title in keyed[best]]


def _draft(tab: Tab) -> Problem:
    """E541: no tags and no choices; the message drafts the choices, and nothing applies them."""
    header = next((row for row in tab.rows if sum(map(bool, row)) > 1), [])
    guesses = {}
    for title in header:
        key = names.key(re.sub(r"[_\-]+", " ", title))
        if key in hxl.DRAFTED:
            guesses[title] = hxl.DRAFTED[key]
    place = (tab.place(0) if tab.rows else Place(tab.file, tab.title),)
    remedy = f"check this draft and give it: choices={{'columns': {guesses!r}}}"
    return Problem("E541", "the table has no row of HXL tags", remedy, place)


def _planned(intake: Intake, tab: Tab, at: int, tags: Sequence[Tag | None]) -> _Plan:
    """Give each column its part."""
    plan = _Plan()
    for j in range(max(len(tags), len(tab.rows[at]))):
        tag = tags[j] if j < len(tags) else None
        title = _title(tab, at, j) or (str(tag) if tag else "")
        taken = tag is not None and _assign(plan, tag, j)
        if taken or (not title and not any(tab.cell(i, j) for i in range(at + 1, len(tab.rows)))):
            continue
        if tag is None and personal.reaches(title):
            plan.personal.append(j)
            continue
        plan.carried[j] = intake.column(WORKS_ON, title or f"column {j + 1}")
        if tag is not None and tag.word in (*hxl.WHAT, *hxl.WHERE, "org", "service", "status"):
            said = f"the tag {tag} is used for another column or means nothing here"
            remedy = "the column is kept as it is; tag one column for each thing"
            intake.tell(Problem("W547", said, remedy, (tab.place(at, j),)))
    return plan


def _title(tab: Tab, at: int, column: int) -> str:
    """What stands over a column: in the row of the tags or just above it."""
    here = tab.cell(at, column)
    if here and hxl.parsed(here) is None and not hxl.almost(here):
        return here
    return tab.cell(at - 1, column) if at else ""


def _assign(plan: _Plan, tag: Tag, column: int) -> bool:
    """Give a column to the part that its tag names; False if there is none or it is taken."""
    word, has = tag.word, tag.attributes
    if word.startswith("contact") or any(map(personal.reaches, has)):
        plan.personal.append(column)
        return True
    if word == "org":
        if any(len(a) > 2 for a in has - _ORG):
            return False
        role = next((ROLES[a] for a in ROLES if a in has), "")
        return _fill(plan.orgs, role, tag, column)
    if word in (*hxl.WHAT, "service"):
        return _fill(plan.what, "activity" if word == "service" else word, tag, column)
    if word in hxl.WHERE:
        return _fill(plan.where, word, tag, column)
    part = word if word == "status" else next((a for a in ("start", "end") if a in has), "")
    if (word == "status" or (word == "date" and part)) and part not in plan.single:
        plan.single[part] = column
        return True
    return False


def _fill(levels: dict[str, _Level], key: str, tag: Tag, column: int) -> bool:
    named = [part for part in ("acronym", "type") if part in tag.attributes]
    part = named[0] if named else "code" if tag.attributes & _CODES else "name"
    level = levels.setdefault(key, _Level())
    if getattr(level, part) is not None:
        return False
    setattr(level, part, column)
    return True


@dataclass(slots=True)
class _Reading:
    """The rows of one table on their way into claims."""

    intake: Intake
    tab: Tab
    plan: _Plan
    areas: Mapping[str, str]
    codes: Mapping[str, str]
    split: str | None
    nodes: Nodes = field(init=False)
    elements: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.nodes = Nodes(self.intake)

    def row(self, i: int) -> None:
        """One row becomes a claim for each organization that it names."""
        place = self.tab.place(i)
        dropped = sum(bool(self.tab.cell(i, j)) for j in self.plan.personal)
        self.intake.unreachable(place, dropped)
        orgs = list(self._organizations(i))
        element = self._element(i)
        if not orgs or element is None:
            lacks = "who" if not orgs else "what"
            said = f"a row does not say {lacks}"
            self.intake.left("row", Problem("W548", said, "fill the cell", (place,)))
            return
        context = self._context(i)
        common = {"element": element, "context": context, **self._more(i)}
        for role, organization in orgs:
            cells = {"organization": organization, **common, "role": role}
            self.intake.row(WORKS_ON, cells, place)
        self.intake.took("row")

    def _organizations(self, i: int) -> Iterator[tuple[str, str]]:
        for role, level in self.plan.orgs.items():
            name, code = self._cells(i, level)
            acronym = self._cell(i, level.acronym)
            column = level.name if level.name is not None else level.acronym
            place = self.tab.place(i, column)
            parts = [name]
            if name and not code and _JOINED.search(name):
                if self.split:
                    parts = [part.strip() for part in name.split(self.split) if part.strip()]
                else:
                    said = f"{shown(name)!r} may be several organizations"
                    remedy = "write one row each, or read with choices={'split': '/'}"
                    self.intake.tell(Problem("W544", said, remedy, (place,)))
            for part in parts:
                known = (code or acronym) if len(parts) == 1 else ""
                if part or known:
                    yield role, self._organization(i, level, part, known, place)

    def _organization(self, i: int, level: _Level, name: str, code: str, place: Place) -> str:
        cells: dict[str, object] = {}
        raw = self._cell(i, level.type)
        if raw:
            kind = hxl.KINDS.get(names.key(raw), "other")
            cells["kind"] = kind
            if kind != raw:
                cells[self.intake.column(ORGANIZATIONS, "organization type")] = raw
        key = ("code", code) if code else ("name", name)
        return self.nodes.id(ORGANIZATIONS, key, name, place, cells, code=code)

    def _element(self, i: int) -> str | None:
        parent: str | None = None
        for word in hxl.WHAT:
            level = self.plan.what.get(word)
            name, code = self._cells(i, level) if level else ("", "")
            if not name and not code:
                continue
            self.elements.add(name or code)
            column = level.name if level and level.name is not None else None
            area = choices.said_of(self.areas, name, code)
            key = ("code", code) if code else (parent, name)
            cells = {"parent": parent, "area": area}
            place = self.tab.place(i, column)
            parent = self.nodes.id(ELEMENTS, key, name, place, cells, code=code)
        return parent

    def _context(self, i: int) -> str | None:
        parent: str | None = None
        for word in hxl.WHERE:
            level = self.plan.where.get(word)
            name, code = self._cells(i, level) if level else ("", "")
            if not name and not code:
                continue
            place = self.tab.place(i, level.name if level and level.name is not None else None)
            if word == COUNTRY:
                code = self._country(name, code, place)
            key = ("code", code) if code else (parent, name)
            kind = COUNTRY if word == COUNTRY else "area"
            cells = {"kind": kind, "parent": parent}
            parent = self.nodes.id(CONTEXTS, key, name, place, cells, code=code)
        return parent

    def _country(self, name: str, code: str, place: Place) -> str:
        """The alpha-3 code of a country; a name is never turned into one unasked."""
        given = choices.said_of(self.codes, name)
        self.countries.add(name)
        if given:
            return given
        if code:
            return (countries.code_of(code) or code) if len(code) == 2 else code
        if countries.looks_like_code(name):
            return name
        suggested = countries.code_of(name)
        hint = f"if {suggested} is meant, read with" if suggested else "read with"
        remedy = f"{hint} choices={{'countries': {{{name!r}: {suggested or 'XXX'!r}}}}}"
        said = f"country {shown(name)!r} has no code, so no groups are filled"
        self.intake.tell(Problem("W550", said, remedy, (place,)))
        return ""

    def _more(self, i: int) -> dict[str, object]:
        """Status, dates and the columns that are kept; what has another form stays as text."""
        cells: dict[str, object] = {
            title: self.tab.cell(i, j) for j, title in self.plan.carried.items()
        }
        for part, column in self.plan.single.items():
            raw = self.tab.cell(i, column)
            value = hxl.STATUSES.get(names.key(raw)) if part == "status" else raw
            if raw and (not value or (part != "status" and not dates.is_date(raw))):
                said = f"{part} {shown(raw)!r} has another form; it is kept as text"
                wanted = (
                    "YYYY-MM-DD" if part != "status" else ", ".join(dict.fromkeys(hxl.STATUSES))
                )
                place = self.tab.place(i, column)
                self.intake.tell(Problem("W551", said, f"write {wanted}", (place,)))
                cells[self.intake.column(WORKS_ON, f"{part} as written")] = raw
            else:
                cells[part] = value
        return cells

    def _cells(self, i: int, level: _Level) -> tuple[str, str]:
        return self._cell(i, level.name), self._cell(i, level.code)

    def _cell(self, i: int, column: int | None) -> str:
        return "" if column is None else self.tab.cell(i, column)


# Writing


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The claims of works_on as a tagged table, one row each, with codes beside all names."""
    files.writable(path)
    known, rows = _Known.of(m), m.links(WORKS_ON).to_dict("records")
    claims = [known.claim(row) for row in rows]
    written = [claim for claim in claims if claim]
    exports.require(bool(written), path, "no claim about who works on what in a country or area")
    used = {key for claim in written for key in claim}
    columns = [column for column in _columns(m) if column[0] in used]
    guard = csvtext.guard if formulas == "guard" else str
    lines = [csvtext.line(guard(title) for _, title, _ in columns)]
    lines.append(csvtext.line(tag for _, _, tag in columns))
    for claim in written:
        lines.append(csvtext.line(guard(claim.get(key, "")) for key, _, _ in columns))
    files.write_bytes(path, "".join(lines).encode())
    return [*_lost(m, written, len(claims)), *exports.left_out(m, _held(m), _WORDS)]


def _columns(m: SystemMap) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Key, header and tag of every column that a claim may fill."""
    for word, title in (("", "Organization"), ("impl", "Implements"), ("funder", "Funds")):
        tag = f"#org+{word}" if word else "#org"
        yield (tag, "name"), title, f"{tag}+name"
        yield (tag, "code"), f"{title} code", f"{tag}+code"
        yield (tag, "type"), f"{title} type", f"{tag}+type"
    for word in (*hxl.WHAT, *hxl.WHERE):
        yield (word, "name"), word.capitalize(), f"#{word}+name"
        yield (word, "code"), f"{word.capitalize()} code", f"#{word}+code"
    yield ("status", ""), "Status", "#status"
    yield ("start", ""), "Start", "#date+start"
    yield ("end", ""), "End", "#date+end"
    for title in _own(m):
        yield ("own", title), title, ""


def _own(m: SystemMap) -> list[str]:
    kind = m.schema[WORKS_ON]
    return [str(c) for c in m.links(WORKS_ON).columns if not kind.knows(str(c))]


_Filled = dict[tuple[str, str], str]
"""Cells by the key of their column."""


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What claims may name, looked up once.

    Parameters
    ----------
    elements, contexts
        The cells of each; None for a context that is no country and no area.
    names, kinds
        Of each organization.
    own
        Columns that only this map has.
    """

    elements: Mapping[object, _Filled]
    contexts: Mapping[object, _Filled | None]
    names: Mapping[object, str]
    kinds: Mapping[object, object]
    own: Sequence[str]

    @classmethod
    def of(cls, m: SystemMap) -> _Known:
        elements, contexts, organizations = m.elements, m.contexts, m.organizations
        claims = m.links(WORKS_ON)
        placed = {id: _where(contexts, id) for id in claims["context"].dropna().unique()}
        return cls(
            {id: _named(elements, _what(elements, id)) for id in claims["element"].unique()},
            {id: None if at is None else _named(contexts, at) for id, at in placed.items()},
            dict(organizations["name"]),
            dict(organizations["kind"]),
            _own(m),
        )

    def claim(self, row: Mapping[str, object]) -> _Filled:
        """The cells of one claim; none if its context has none."""
        place = self.contexts[row["context"]] if isinstance(row["context"], str) else {}
        if place is None:
            return {}
        cells = {**place, **self.elements[row["element"]]}
        role, organization = _TAGS.get(str(row["role"]), "#org"), str(row["organization"])
        cells[role, "name"], cells[role, "code"] = self.names[organization], organization
        for key, value in (
            ((role, "type"), self.kinds[organization]),
            *(((part, ""), row[part]) for part in ("status", "start", "end")),
            *((("own", title), row[title]) for title in self.own),
        ):
            if isinstance(value, str):
                cells[key] = value
            elif isinstance(value, (int, float)) and value == value:
                cells[key] = csvtext.number(float(value))
        return cells


def _named(frame: pd.DataFrame, tagged: Iterable[tuple[str, str]]) -> _Filled:
    """The name and the code of each node, under its tag."""
    cells = {}
    for word, id in tagged:
        cells[word, "name"], cells[word, "code"] = str(frame.at[id, "name"]), id
    return cells


def _where(contexts: pd.DataFrame, id: str) -> list[tuple[str, str]] | None:
    """A place and those that it lies in, from its country down, each with its tag."""
    chain = _chain(contexts, id)
    kinds = list(contexts.loc[chain, "kind"])
    levels: tuple[str, ...] = hxl.WHERE[1:]
    if COUNTRY in kinds:
        top = len(kinds) - 1 - kinds[::-1].index(COUNTRY)
        chain, kinds, levels = chain[top:], kinds[top + 1 :], hxl.WHERE
    if any(kind != "area" for kind in kinds) or len(chain) > len(levels):
        return None
    return list(zip(levels, chain, strict=False))


def _what(elements: pd.DataFrame, id: str) -> list[tuple[str, str]]:
    """An element and the two that it is a part of, each with its tag."""
    chain = _chain(elements, id)[-len(hxl.WHAT) :]
    words = {1: hxl.WHAT[2:], 2: hxl.WHAT[::2], 3: hxl.WHAT}[len(chain)]
    return list(zip(words, chain, strict=True))


def _chain(frame: pd.DataFrame, id: str) -> list[str]:
    """A thing and all that it is a part of, the widest first."""
    chain = [id]
    while isinstance(parent := frame.at[chain[0], "parent"], str):
        chain.insert(0, parent)
    return chain


def _held(m: SystemMap) -> dict[str, Sequence[str]]:
    return {
        ORGANIZATIONS: ("id", "name", "kind"),
        ELEMENTS: ("id", "name", "parent"),
        CONTEXTS: ("id", "name", "kind", "parent"),
        WORKS_ON: (
            *("organization", "element", "context", "role", "status", "start", "end"),
            *_own(m),
        ),
    }


def _lost(
    m: SystemMap, written: Sequence[Mapping[tuple[str, str], str]], claims: int
) -> Iterator[Problem]:
    """What the rows that were written do not say."""
    remedy = "write a workbook to keep them"
    if claims > len(written):
        count = claims - len(written)
        said = f"{count:,} claims about settings were left out: a row is about a country or an area"
        yield Problem("W617", said, remedy, count=count)
    named = {text for row in written for (_, part), text in row.items() if part == "code"}
    for table in (ORGANIZATIONS, ELEMENTS, CONTEXTS):
        count = int((~m.table(table)["id"].isin(named)).sum())
        if count:
            said = f"{table}: {count:,} rows that no written claim names were left out"
            yield Problem("W616", said, remedy, count=count)
    roles = m.links(WORKS_ON)["role"].dropna()
    count = int((~roles.isin(_TAGS)).sum())
    if count:
        said = f"{count:,} roles were left out: tags know who implements and who funds"
        yield Problem("W618", said, remedy, count=count)
