"""KoboToolbox: exports of a form, turned into claims by a mapping that the caller keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sysmap.core import countries, dates, names
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import ASKED, CONTEXTS, COUNTRY, NO, ORGANIZATIONS, SOURCES, YES, Schema
from sysmap.io import choices
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options
from sysmap.io.intake import Intake, Nodes
from sysmap.io.tabs import Tab, tabs

CHOICES = ("blank", "columns", "countries")

ORGANIZATION, CONTEXT = "organization", "context"
"""What a question may say of a whole submission."""

_SINGLE = " one"
_BLANK = ("asked",)
_MARKS = {"1": True, "1.0": True, "true": True, "yes": True}
_MARKS |= {"0": False, "0.0": False, "false": False, "no": False}
_LINKED = ("_id", "_uuid", "_index", "_submission_time", "_parent_index", "_submission__id")
_PERSONAL = (
    "_submitted_by", "username", "phonenumber", "deviceid", "device_id", "simserial", "simid",
    "subscriberid", "devicephonenum", "email", "_geolocation", "geopoint",
)  # fmt: skip
_SYSTEM = ("start", "end", "today", "formhub/uuid", "meta/instanceid", "meta/rootuuid")
_DRAFTED = (
    ("outcome", "seeks.outcome"),
    ("goal", "seeks.outcome"),
    ("priorit", "priorities.element"),
    ("challenge", "challenges.element"),
    ("partner", "collaborates.partner"),
    ("collaborat", "collaborates.partner"),
    ("work", "works_on.element"),
    ("activit", "works_on.element"),
    ("organi", ORGANIZATION),
    ("org_", ORGANIZATION),
    ("agency", ORGANIZATION),
    ("country", CONTEXT),
)


@dataclass(frozen=True, slots=True)
class _Question:
    """A mapped question: where it stands and what its answers are.

    Parameters
    ----------
    tab, column
        Its sheet and the column of its own.
    title
        As the header has it.
    table, end
        The link table and the end that an answer names.
    options
        Columns of a multiple choice by the text of the option; empty for one answer.
    """

    tab: Tab
    column: int
    title: str
    table: str
    end: str
    options: Mapping[str, int]


def sniff(head: Head) -> bool:
    """Tell whether the first row has the columns that the server adds to each submission."""
    titles = {names.key(str(cell)) for cell in (head.rows[0] if head.rows else ())}
    return {"_uuid", "_submission_time"} <= titles or {"_uuid", "_index"} <= titles


def read(head: Head, options: Options) -> Draft:
    """The answers of an export, who was asked, and an account of questions and answers."""
    pages, problems = tabs(head, options)
    if not pages:
        return Draft(problems=problems)
    mapping = choices.mapped(options.choices, "columns")
    codes = choices.mapped(options.choices, "countries")
    blank = choices.word(options.choices, "blank", _BLANK)
    used: dict[str, object] = {"columns": dict(mapping), "countries": dict(codes)}
    intake = Intake(head.path.name, options.schema, used | ({"blank": blank} if blank else {}))
    for problem in problems:
        intake.tell(problem)
    pages = [tab for tab in pages if tab.rows]
    if not mapping or not pages:
        intake.tell(_draft(pages, head))
        return intake.refused()
    form = _Form(intake, pages, mapping, codes, blank is not None)
    if intake.broken:
        return intake.refused()
    form.read()
    return intake.draft()


def _draft(pages: Sequence[Tab], head: Head) -> Problem:
    """E542: no mapping; the message drafts one, and nothing of it is applied."""
    guesses: dict[str, str] = {}
    for tab in pages:
        for title in _questions(tab):
            words = names.key(title.rpartition("/")[2])
            target = next((t for part, t in _DRAFTED if part in words), None)
            if target and target not in guesses.values():
                guesses[title] = target
    remedy = f"check this draft and give it: choices={{'columns': {guesses!r}}}"
    said = "nothing says what the questions ask for"
    return Problem("E542", said, remedy, (Place(head.path.name),))


def _questions(tab: Tab) -> list[str]:
    """The headers that are questions: not an option of another, not of the server or a device."""
    titles = [title for title in tab.rows[0] if title]
    there = set(titles)
    return [
        title
        for title in titles
        if title.rpartition("/")[0] not in there
        and not title.startswith("_")
        and names.key(title) not in (*_SYSTEM, *_PERSONAL)
    ]


class _Form:
    """One export on its way into tables."""

    def __init__(
        self,
        intake: Intake,
        pages: Sequence[Tab],
        mapping: Mapping[str, str],
        codes: Mapping[str, str],
        blank_is_asked: bool,
    ) -> None:
        self.intake, self.main, self.pages = intake, pages[0], pages
        self.codes, self.blank_is_asked = codes, blank_is_asked
        self.nodes = Nodes(intake)
        self.single: dict[str, int] = {}
        self.questions: list[_Question] = []
        known = {title: tab for tab in reversed(pages) for title in tab.rows[0] if title}
        choices.unmet(intake, "columns", mapping, list(known))
        for title, target in mapping.items():
            if title in known:
                self._map(title, target, known[title])
        self._account(mapping)
        self.children = {id(tab): _children(self.main, tab) for tab in pages[1:]}

    def _map(self, title: str, target: str, tab: Tab) -> None:
        column = list(tab.rows[0]).index(title)
        if target in (ORGANIZATION, CONTEXT):
            self.single[target] = column
            return
        table, _, end = target.removesuffix(_SINGLE).partition(".")
        _require(self.intake.schema, table, end, target)
        options = {
            text.removeprefix(f"{title}/"): j
            for j, text in enumerate(tab.rows[0])
            if text.startswith(f"{title}/") and "/" not in text.removeprefix(f"{title}/")
        }
        values = {tab.cell(i, column) for i in range(1, len(tab.rows))}
        if not options and not target.endswith(_SINGLE) and any(" " in v for v in values):
            said = f"question {shown(title)!r} has no column for each option"
            remedy = "export again with multiple select as both, or map it to "
            remedy += f"{target + _SINGLE!r} if it takes one answer"
            self.intake.tell(Problem("E540", said, remedy, (tab.place(0, column),)))
            return
        self.questions.append(_Question(tab, column, title, table, end, options))

    def _account(self, mapping: Mapping[str, str]) -> None:
        """Count what is mapped, what is not and what is personal."""
        for tab in self.pages:
            for j, title in enumerate(tab.rows[0]):
                filled = sum(bool(tab.cell(i, j)) for i in range(1, len(tab.rows)))
                if names.key(title) in _PERSONAL and filled:
                    said = "columns about persons and devices were dropped: they are personal data"
                    place = tab.place(0, j)
                    self.intake.left("personal column", Problem("W514", said, "", (place,)))
            for title in _questions(tab):
                if title in mapping:
                    self.intake.took("question")
                else:
                    place = tab.place(0, list(tab.rows[0]).index(title))
                    said = f"question {shown(title)!r} is not mapped and was left out"
                    remedy = "add it to choices['columns'] if it holds claims"
                    self.intake.left("question", Problem("W561", said, remedy, (place,)))

    def read(self) -> None:
        """Every submission becomes a source, its answers claims and its silence what it is."""
        seen: dict[str, Place] = {}
        for i in range(1, len(self.main.rows)):
            if any(self.main.rows[i]):
                self._submission(i, seen)
        self.nodes.pour()

    def _submission(self, i: int, seen: dict[str, Place]) -> None:
        tab, place = self.main, self.main.place(i)
        name = self._cell(i, ORGANIZATION)
        if not name:
            said = "a submission names no organization"
            remedy = "fill the answer, or map the question to 'organization'"
            self.intake.left("submission", Problem("W560", said, remedy, (place,)))
            return
        self.intake.took("submission")
        organization = self.nodes.id(ORGANIZATIONS, name, name, place, {})
        if organization in seen:
            said = f"{shown(name)!r} answered more than once"
            remedy = "keep one of the rows; the later date counts where they differ"
            places = (seen[organization], place)
            self.intake.tell(Problem("W562", said, remedy, places))
        seen[organization] = place
        cells = {key: tab.cell(i, j) for j, key in enumerate(tab.rows[0]) if key in _LINKED}
        mark = cells.get("_uuid") or cells.get("_id") or cells.get("_index") or str(i)
        source = self.intake.fresh(f"submission-{mark}", exact=True)
        sent = cells.get("_submission_time", "")[:10]
        told: dict[str, object] = {"id": source, "name": f"Submission of {name}"}
        told |= {"kind": "survey", "organization": organization}
        told["date"] = sent if dates.is_date(sent) else None
        self.intake.row(SOURCES, told, place)
        self._answers(i, source, organization)

    def _answers(self, i: int, source: str, organization: str) -> None:
        context = self._context(i)
        states: dict[str, set[str]] = {}
        for question in self.questions:
            kind = self.intake.schema.link(question.table)
            where = {CONTEXT: context} if kind.column(CONTEXT) and context else {}
            for row in self._rows_of(i, question.tab):
                state, answers = self._chosen(question, row)
                states.setdefault(question.table, set()).add(state)
                place = question.tab.place(row, question.column)
                for answer in answers:
                    end = kind.column(question.end)
                    table = end.to[0] if end else ORGANIZATIONS
                    item = self.nodes.id(table, answer, answer, place, {})
                    ends = {ORGANIZATION: organization, question.end: item}
                    cells: dict[str, object] = {**ends, **where, "source": source}
                    if item == organization:
                        said = f"{shown(answer)!r} names itself as its partner"
                        self.intake.left("answer", Problem("W513", said, "", (place,)))
                        continue
                    self.intake.row(question.table, cells, place)
                    self.intake.took("answer")
        for table, found in states.items():
            self._ledger(table, found, i, source, context)

    def _ledger(
        self, table: str, states: set[str], i: int, source: str, context: str | None
    ) -> None:
        """Asked and answered, though with none; or silent, which a blank alone does not tell."""
        has_context = self.intake.schema.link(table).column(CONTEXT) is not None
        place = self.main.place(i)
        answered = YES if states - {"blank"} else NO
        if answered == NO and not self.blank_is_asked:
            said = f"a submission is blank in {table}: silent, or the form skipped the question"
            remedy = "if it was asked, read with choices={'blank': 'asked'}"
            self.intake.tell(Problem("W563", said, remedy, (place,)))
            return
        row = {"source": source, "question": table, "answered": answered}
        self.intake.row(ASKED, {**row, CONTEXT: context if has_context else None}, place)

    def _chosen(self, question: _Question, row: int) -> tuple[str, list[str]]:
        """What a row answers: ``some``, ``none`` or ``blank``, and the options or the text."""
        tab = question.tab
        if not question.options:
            text = tab.cell(row, question.column)
            return ("some", [text]) if text else ("blank", [])
        marks = {o: tab.cell(row, j) for o, j in question.options.items()}
        for option, mark in marks.items():
            if mark and names.key(mark) not in _MARKS:
                said = f"{shown(mark)!r} under option {shown(option)!r} is neither 0 nor 1"
                place = tab.place(row, question.options[option])
                self.intake.left("answer", Problem("W564", said, "write 0 or 1", (place,)))
        chosen = [o for o, mark in marks.items() if _MARKS.get(names.key(mark))]
        filled = any(marks.values())
        return ("some" if chosen else "none" if filled else "blank"), chosen

    def _rows_of(self, i: int, tab: Tab) -> Iterator[int]:
        """The row of the submission itself, or those of a repeat that belong to it."""
        if tab is self.main:
            yield i
        else:
            yield from self.children[id(tab)].get(i, [])

    def _context(self, i: int) -> str | None:
        name = self._cell(i, CONTEXT)
        if not name:
            return None
        place = self.main.place(i, self.single[CONTEXT])
        code = self.codes.get(name) or (name if countries.looks_like_code(name) else "")
        suggested = None if code else countries.code_of(name)
        if suggested:
            said = f"country {shown(name)!r} has no code, so no groups are filled"
            hint = f"choices={{'countries': {{{name!r}: {suggested!r}}}}}"
            remedy = f"if {suggested} is meant, read with {hint}"
            self.intake.tell(Problem("W550", said, remedy, (place,)))
        cells = {"kind": COUNTRY if code else None}
        return self.nodes.id(CONTEXTS, code or name, name, place, cells, code=code)

    def _cell(self, i: int, part: str) -> str:
        return self.main.cell(i, self.single[part]) if part in self.single else ""


def _children(main: Tab, tab: Tab) -> dict[int, list[int]]:
    """The rows of a repeat by the row of the submission that they belong to."""
    found: dict[int, list[int]] = {}
    for own, theirs in (("_id", "_submission__id"), ("_index", "_parent_index")):
        if own in main.rows[0] and theirs in tab.rows[0]:
            j, k = list(main.rows[0]).index(own), list(tab.rows[0]).index(theirs)
            parents = {main.cell(i, j): i for i in range(1, len(main.rows)) if main.cell(i, j)}
            for row in range(1, len(tab.rows)):
                parent = parents.get(tab.cell(row, k))
                if parent is not None:
                    found.setdefault(parent, []).append(row)
            return found
    return found


def _require(schema: Schema, table: str, end: str, target: str) -> None:
    """Refuse a target that no answer can fill."""
    kind = next((k for k in schema.links if k.table == table), None)
    fitting = [
        f"{k.table}.{k.ends[1].name}"
        for k in schema.links
        if k.ends[0].name == ORGANIZATION and len(k.required) == len(k.ends)
    ]
    if kind is None or f"{table}.{end}" not in fitting:
        several = ", ".join((ORGANIZATION, CONTEXT, *fitting))
        raise ValueError(f"choices['columns'] names {target!r}; there are {several}")
