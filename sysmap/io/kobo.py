"""Exports of KoboToolbox: each submission is a source, each chosen option a claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from sysmap.core import countries, dates, names
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import (
    ASKED,
    CONTEXTS,
    COUNTRY,
    ELEMENTS,
    NO,
    OBSERVED,
    ORGANIZATIONS,
    PRESENT,
    SOURCES,
    YES,
    Column,
    LinkType,
)
from sysmap.io import choices, kobo_columns
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options
from sysmap.io.intake import Intake, Nodes
from sysmap.io.kobo_columns import (
    CONTEXT,
    ID,
    INDEX,
    ORGANIZATION,
    PARENT_INDEX,
    PARENT_TABLE,
    SUBMISSION,
    SYSTEM,
    TIME,
    UUID,
    Question,
)
from sysmap.io.tabs import Tab, tabs

CHOICES = ("areas", "blank", "columns", "countries", "nothing", "single")

_NOTHING = ("none",)
_ENOUGH = 3
_FULL, _BLANK, _PART = "full", "blank", "part"


def sniff(head: Head) -> bool:
    """Tell whether the first row has the columns that the tool adds."""
    cells = {str(cell).strip() for row in head.rows[:1] for cell in row if cell is not None}
    return len(SYSTEM & cells) >= _ENOUGH or _in_one_piece(head)


def read(head: Head, options: Options) -> Draft:
    """The submissions of an export, and an account of its columns, rows and answers."""
    if options.separator is None and _in_one_piece(head):
        said = "the header is in one piece and holds ';'"
        return Draft(
            problems=[Problem("E012", said, 'read it with separator=";"', (Place(head.path.name),))]
        )
    pages, problems = tabs(head, options)
    given = options.choices
    mapping, single = choices.mapped(given, "columns"), choices.listed(given, "single")
    nothing = choices.listed(given, "nothing") if "nothing" in given else _NOTHING
    blank = choices.word(given, "blank", (ASKED,))
    areas, codes = choices.mapped(given, "areas"), choices.mapped(given, "countries")
    used: dict[str, object] = {
        "areas": dict(areas),
        "countries": dict(codes),
        "nothing": list(nothing),
        "columns": dict(mapping),
        "single": list(single),
    }
    intake = Intake(head.path.name, options.schema, used | ({"blank": blank} if blank else {}))
    for problem in problems:
        intake.tell(problem)
    filled = [tab for tab in pages if tab.rows and any(tab.rows[0])]
    main = next((i for i, tab in enumerate(filled) if PARENT_TABLE not in tab.rows[0]), None)
    if main is None:
        if not intake.broken:
            said = "no sheet holds submissions"
            intake.tell(Problem("E542", said, "export the whole form again", (intake.whole,)))
        return intake.refused()
    if not mapping:
        for problem in kobo_columns.draft(filled):
            intake.tell(problem)
        return intake.refused()
    asked = kobo_columns.questions(intake, filled, mapping, single)
    reading = _Reading(intake, filled, main, asked, nothing, blank, areas, codes)
    if not intake.broken:
        reading.run()
    return intake.refused() if intake.broken else intake.draft()


def _in_one_piece(head: Head) -> bool:
    """Whether it is an export with semicolons, as the tool writes them, read with commas."""
    if head.book is not None:
        return False
    first = head.text.partition("\n")[0]
    cells = {cell.strip().strip('"') for cell in first.split(";")}
    return first.count(";") > first.count(",") and len(SYSTEM & cells) >= _ENOUGH


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sheet with the one that it belongs to."""

    tab: int
    at: int
    above: _Row | None = None

    def up(self) -> Iterator[_Row]:
        row: _Row | None = self
        while row is not None:
            yield row
            row = row.above

    @property
    def top(self) -> _Row:
        """The submission."""
        return list(self.up())[-1]


@dataclass(slots=True)
class _Submission:
    """Who speaks in a submission: the id of its source, and the organization if it says so."""

    source: str
    organization: str | None


@dataclass(slots=True)
class _Reading:
    """The rows of an export on their way into claims."""

    intake: Intake
    tabs: Sequence[Tab]
    main: int
    questions: Sequence[Question]
    nothing: Sequence[str]
    blank: str | None
    areas: Mapping[str, str]
    codes: Mapping[str, str]
    nodes: Nodes = field(init=False)
    elements: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    _speakers: dict[_Row, _Submission] = field(default_factory=dict)
    _ledger: dict[tuple[str, str, str], list[tuple[str, Place]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        self.nodes = Nodes(self.intake)

    def run(self) -> None:
        """Give all rows to the intake."""
        self._columns()
        self._options()
        if self.intake.broken:
            return
        rows = self._rows()
        for row in rows:
            if row.above is None:
                self._submission(row)
        self._twice()
        for row in rows:
            for table in dict.fromkeys(q.table for q in self.questions if q.tab == row.tab):
                if table not in ("", ORGANIZATIONS):
                    self._answers(row, self.intake.schema.link(table))
        self._asked()
        self.nodes.pour()
        choices.unmet(self.intake, "areas", self.areas, self.elements)
        choices.unmet(self.intake, "countries", self.codes, self.named)

    # Columns

    def _columns(self) -> None:
        """Every column is used, links rows, is personal, or was not asked for."""
        used = {
            (q.tab, j): q.path for q in self.questions for j in (q.at, *(at for _, at in q.options))
        }
        for i, tab in enumerate(self.tabs):
            for j, title in enumerate(tab.rows[0]):
                if not title:
                    continue
                place = (tab.place(0, j),)
                if kobo_columns.is_personal(used.get((i, j), title)):
                    said = "a column with personal data was dropped"
                    self.intake.left("column", Problem("W514", said, "", place))
                elif (i, j) in used:
                    self.intake.took("column")
                elif kobo_columns.is_system(title):
                    said = "a column that the tool adds was used to link rows at most, and left out"
                    self.intake.left("column", Problem("W570", said, "", place))
                else:
                    said = "a column that choices['columns'] does not name was left out"
                    remedy = "name it there if it is needed"
                    self.intake.left("column", Problem("W570", said, remedy, place))
        personal = [q for q in self.questions if kobo_columns.is_personal(q.path)]
        self.questions = [q for q in self.questions if q not in personal]

    def _options(self) -> None:
        """Every option is a thing of the map, chosen or not, because it was offered."""
        for q in self.questions:
            tab = self.tabs[q.tab]
            for label, j in q.options:
                if not kobo_columns.bits(tab, j):
                    said = "an option column holds something else than 0, 1 and blanks"
                    remedy = "export again with multiple select as both"
                    self.intake.tell(Problem("E546", said, remedy, (tab.place(0, j),)))
                elif q.end is not None and not choices.among(self.nothing, label):
                    self._thing(q.end, label, tab.place(0, j))

    def _thing(self, column: Column, label: str, place: Place) -> str:
        table = column.to[0]
        cells: dict[str, object] = {}
        if table == CONTEXTS:
            return self._place(label, place)
        if table == ELEMENTS:
            self.elements.add(label)
            cells["area"] = choices.said_of(self.areas, label)
        return self.nodes.id(table, ("name", label), label, place, cells)

    def _place(self, label: str, place: Place) -> str:
        """A place; one with the form of a code is a country, a name is turned into none unasked."""
        self.named.add(label)
        code = choices.said_of(self.codes, label) or ""
        if not code and countries.looks_like_code(label):
            code = label
        if not code and (suggested := countries.code_of(label)):
            said = f"country {shown(label)!r} has no code, so no groups are filled"
            remedy = (
                f"if {suggested} is meant, read with choices={{'countries': "
                f"{{{label!r}: {suggested!r}}}}}"
            )
            self.intake.tell(Problem("W550", said, remedy, (place,)))
        cells = {"kind": COUNTRY} if code else {}
        key = ("code", code) if code else ("name", label)
        return self.nodes.id(CONTEXTS, key, label, place, cells, code=code)

    # Rows

    def _rows(self) -> list[_Row]:
        """All rows, those of repeat groups with the row that they belong to."""
        found: list[_Row] = []
        by_index: dict[tuple[str, str], _Row] = {}
        by_id: dict[str, _Row] = {}
        for i in self._outer_first():
            tab = self.tabs[i]
            for at in range(1, len(tab.rows)):
                if not any(tab.rows[at]):
                    continue
                if i == self.main:
                    row = _Row(i, at)
                    by_id.setdefault(self._system(row, ID), row)
                else:
                    above = self._above(_Row(i, at), by_index, by_id)
                    if above is None:
                        said = "a row of a repeat group belongs to no submission"
                        problem = Problem("W573", said, "export again", (tab.place(at),))
                        self.intake.left("repeated row", problem)
                        continue
                    row = _Row(i, at, above)
                    self.intake.took("repeated row")
                index = self._system(row, INDEX) or str(at)
                by_index[tab.title, index] = row
                found.append(row)
        return found

    def _outer_first(self) -> list[int]:
        """Positions of the sheets, no repeat group before the one around it."""
        order = [self.main]
        rest = [i for i in range(len(self.tabs)) if i != self.main]
        around = {
            i: {self._system(_Row(i, at), PARENT_TABLE) for at in range(1, len(self.tabs[i].rows))}
            for i in rest
        }
        while rest:
            waiting = {self.tabs[i].title for i in rest}
            ready = [i for i in rest if not around[i] & waiting] or rest
            order += ready
            rest = [i for i in rest if i not in ready]
        return order

    def _above(
        self, row: _Row, by_index: Mapping[tuple[str, str], _Row], by_id: Mapping[str, _Row]
    ) -> _Row | None:
        key = self._system(row, PARENT_TABLE), self._system(row, PARENT_INDEX)
        id = self._system(row, SUBMISSION)
        return by_index.get(key) or (by_id.get(id) if id else None)

    def _system(self, row: _Row, title: str) -> str:
        header = list(self.tabs[row.tab].rows[0])
        return self._cell(row, header.index(title)) if title in header else ""

    def _cell(self, row: _Row, column: int) -> str:
        return self.tabs[row.tab].cell(row.at, column)

    def _spot(self, row: _Row, column: int | None = None) -> Place:
        return self.tabs[row.tab].place(row.at, column)

    def _submission(self, row: _Row) -> None:
        self.intake.took("submission")
        place = self._spot(row)
        name, cells = "", dict[str, object]()
        for q in self.questions:
            if q.tab != row.tab or q.at is None:
                continue
            text = self._cell(row, q.at)
            if (q.table, q.column) == ("", ORGANIZATION):
                name = name or text
            elif q.table == ORGANIZATIONS and text:
                cells[q.column] = text
        number = self._system(row, ID) or self._system(row, UUID) or str(row.at)
        source = self.intake.fresh(f"submission-{number}", exact=True)
        organization = None
        if name:
            organization = self.nodes.id(ORGANIZATIONS, ("name", name), name, place, cells)
        else:
            said = "a submission does not say for which organization it speaks"
            remedy = f"fill the cell, or map the question to {ORGANIZATION!r}"
            self.intake.tell(Problem("W572", said, remedy, (place,)))
        day = self._system(row, TIME)[:10]
        self.intake.row(
            SOURCES,
            {
                "id": source,
                "name": f"Submission {number}" + (f" of {name}" if name else ""),
                "kind": "survey",
                "organization": organization,
                "date": day if dates.is_date(day) else None,
            },
            place,
        )
        self._speakers[row] = _Submission(source, organization)

    def _twice(self) -> None:
        """W571: an organization that answered twice, or two whose names are near."""
        by_name: dict[str, list[_Row]] = defaultdict(list)
        for row in self._speakers:
            for q in self.questions:
                is_speaker = (q.table, q.column) == ("", ORGANIZATION)
                if is_speaker and q.tab == row.tab and q.at is not None:
                    by_name[self._cell(row, q.at)].append(row)
        for name, rows in sorted(by_name.items()):
            if name and len(rows) > 1:
                places = tuple(map(self._spot, rows))
                said = f"organization {shown(name)!r} has {len(rows)} submissions; all are kept"
                remedy = "delete all but one if it answered once"
                self.intake.tell(Problem("W571", said, remedy, places[:3], len(rows)))
            near = names.alike(name, [other for other in by_name if other < name])
            if name and near:
                said = f"organization {shown(name)!r} may be {' or '.join(map(shown, near))}"
                remedy = "write the name in one way, or decide in the sheet aliases"
                self.intake.tell(Problem("W571", said, remedy, (self._spot(rows[0]),)))

    # Answers

    def _answers(self, row: _Row, kind: LinkType) -> None:
        """The claims of one table in one row: every choice with every place."""
        here = [q for q in self.questions if q.tab == row.tab and q.table == kind.table]
        speaker = self._speakers[row.top]
        columns = kobo_columns.ends_of(kind)
        asking = [q for q in here if q.column in [c.name for c in kind.ends]]
        if not asking:
            return
        values = {c.name: self._values(row, kind, c) for c in columns}
        first = kind.ends[0].name
        speaks = first == "organization" and not self._mapped(row, kind, first)
        if speaks:
            values[first] = [speaker.organization] if speaker.organization else []
        self._hold(row, kind, here, speaker, values.get(CONTEXT, []))
        nothing, count = self._counted(row, asking)
        self.intake.took("answer", nothing)
        if not count:
            return
        ends = [c.name for c in kind.ends]
        pairs = list(product(values[ends[0]], values[ends[1]]))
        made = [pair for pair in pairs if pair[0] != pair[1]]
        if not made:
            said = f"an answer about {kind.table} lacks its other end"
            remedy = "map the question that names it, and fill it"
            self.intake.left("answer", Problem("W574", said, remedy, (self._spot(row),), count))
            return
        if len(made) < len(pairs):
            count -= self._itself(row, asking, len(pairs) - len(made))
        contexts: list[str | None] = list(values.get(CONTEXT, ())) or [None]
        if CONTEXT in ends:
            contexts = [None]
        self.intake.took("answer", count)
        plain = self._plain(row, kind)
        for (one, other), context in product(made, contexts):
            cells: dict[str, object] = {**plain, ends[0]: one, ends[1]: other}
            if context is not None:
                cells[CONTEXT] = context
            if kind.table == OBSERVED:
                cells.setdefault("state", PRESENT)
            cells["source"] = speaker.source
            self.intake.row(kind.table, cells, self._spot(row, asking[0].at))

    def _counted(self, row: _Row, asking: Sequence[Question]) -> tuple[int, int]:
        """How many answers say that nothing applies, and how many name something."""
        chosen = [label for q in asking for label, _ in self._chosen(row, q)]
        nothing = sum(choices.among(self.nothing, label) for label in chosen)
        if 0 < nothing < len(chosen):
            said = "none was chosen beside other options; the others were taken"
            self.intake.tell(Problem("W575", said, "", (self._spot(row, asking[0].at),)))
        return nothing, len(chosen) - nothing

    def _itself(self, row: _Row, asking: Sequence[Question], count: int) -> int:
        """Leave out answers that link a thing to itself; how many of the answers that takes."""
        said = "an answer links a thing to itself"
        problem = Problem("W574", said, "", (self._spot(row, asking[0].at),), count)
        if len(asking) == 1:
            self.intake.left("answer", problem)
            return count
        self.intake.tell(problem)
        return 0

    def _mapped(self, row: _Row, kind: LinkType, column: str) -> list[tuple[_Row, Question]]:
        """The questions of a column in a row or in the nearest one above it that has any."""
        for level in row.up():
            found = [
                (level, q)
                for q in self.questions
                if (q.tab, q.column) == (level.tab, column)
                and (q.table == kind.table or (not q.table and column == CONTEXT))
            ]
            if found:
                return found
        return []

    def _values(self, row: _Row, kind: LinkType, column: Column) -> list[str]:
        return [
            self._thing(column, label, self._spot(level, j))
            for level, q in self._mapped(row, kind, column.name)
            for label, j in self._chosen(level, q)
            if not choices.among(self.nothing, label)
        ]

    def _chosen(self, row: _Row, question: Question) -> list[tuple[str, int]]:
        """Label and column of each option that was chosen, or of the one answer."""
        if question.options:
            return [(label, j) for label, j in question.options if self._mark(row, j)]
        text = "" if question.at is None else self._cell(row, question.at)
        return [(text, question.at or 0)] if text else []

    def _mark(self, row: _Row, column: int) -> bool | None:
        return kobo_columns.MARKS[self._cell(row, column).casefold()]

    def _plain(self, row: _Row, kind: LinkType) -> dict[str, object]:
        """What was answered to questions that fill other columns of the table."""
        told = [c.name for c in kobo_columns.ends_of(kind)]
        cells: dict[str, object] = {}
        for column in kind.columns:
            for level, q in self._mapped(row, kind, column.name):
                text = self._cell(level, q.at) if q.at is not None else ""
                if column.name not in told and text:
                    cells[column.name] = text
        return cells

    # The ledger

    def _hold(
        self,
        row: _Row,
        kind: LinkType,
        here: Sequence[Question],
        speaker: _Submission,
        where: Sequence[str],
    ) -> None:
        """Remember whether the questions of a table were answered here, and about which place."""
        ends = [c.name for c in kind.ends]
        asking = [q for q in here if q.options and q.column in ends and q.column != CONTEXT]
        placed = kind.column(CONTEXT) is not None and bool(self._mapped(row, kind, CONTEXT))
        if not asking or (placed and not where):
            return
        states = {self._state(row, q) for q in asking}
        state = states.pop() if len(states) == 1 else _PART
        for context in where if placed else [""]:
            held = self._ledger[speaker.source, kind.table, context]
            held.append((state, self._spot(row, asking[0].at)))

    def _state(self, row: _Row, question: Question) -> str:
        filled = {self._mark(row, j) is not None for _, j in question.options}
        return _PART if len(filled) > 1 else _FULL if filled == {True} else _BLANK

    def _asked(self) -> None:
        """One row for each source, question and place that was surely asked."""
        for (source, table, context), held in self._ledger.items():
            states = {state for state, _ in held}
            place = held[0][1]
            if states == {_BLANK} and not self.blank:
                said = f"all options about {table} are blank: silence, or skipped by the form"
                remedy = "if all were asked, read with choices={'blank': 'asked'}"
                self.intake.tell(Problem("W541", said, remedy, (place,)))
            elif len(states) > 1 or _PART in states:
                said = f"some options about {table} are blank and others not; nobody is said asked"
                remedy = "the form was changed between, or asks about it more than once"
                self.intake.tell(Problem("W542", said, remedy, (place,)))
            else:
                answered = YES if states == {_FULL} else NO
                row = {"source": source, "question": table, "answered": answered}
                self.intake.row(ASKED, {**row, CONTEXT: context or None}, place)
