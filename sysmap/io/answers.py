"""The wide form ``answers``: one row per question answered, one column per element or outcome.

Each row is melted into claims of the table that its question names, plus one row of the ledger.
Every claim keeps the place of the cell that it was read from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from sysmap.core import names
from sysmap.core.draft import Sheet, arrange
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import (
    ABSENT,
    ALIASES,
    ASKED,
    CONTEXTS,
    ELEMENTS,
    NO,
    OBSERVED,
    ORGANIZATIONS,
    OUTCOMES,
    PRESENT,
    SOURCES,
    YES,
    LinkType,
    Schema,
)
from sysmap.core.values import plain
from sysmap.io.grids import ANSWERS, FORM

_SOURCE, _QUESTION, _ORGANIZATION, _CONTEXT = FORM
_NONE = "none"
_CARRIED = ("date", "note", "visibility")
_NUMBERS = ("1", "2", "3")
_ALLOWED = "write yes, no, 1, 2 or 3, or leave it blank"

_Row = dict[str, str]
_Claim = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Asking:
    """How a question is put in the form: which end the columns are, which the row names."""

    kind: LinkType
    subject: str
    fixed: str
    number: str | None


@dataclass(slots=True)
class _Melted:
    """Claims of one table, with the row and the header that each came from."""

    claims: list[_Claim] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)


def melt(
    form: Sheet, sheets: Mapping[str, Sheet], schema: Schema
) -> tuple[dict[str, Sheet], list[Problem]]:
    """Add the claims and ledger rows of the wide form to the sheets.

    Parameters
    ----------
    form
        The sheet ``answers`` as read.
    sheets
        The other sheets by table; elements, outcomes and sources say what headers and blank
        organizations mean.
    schema
        The types.

    Returns
    -------
    tuple
        The sheets with the melted rows joined to those of the long tables, and the faults: E206
        for a column that is no element or outcome, E301 for a cell or question of other words.
    """
    return _Melting(form, sheets, schema).run()


class _Melting:
    """One form on its way; holds what all steps need."""

    def __init__(self, form: Sheet, sheets: Mapping[str, Sheet], schema: Schema) -> None:
        self._sheets, self._schema = sheets, schema
        self._form, self._problems = form, list[Problem]()
        titles = [str(c) for c in form.frame.columns]
        known = (*FORM, *_CARRIED, _NONE)
        self._named = {names.header(t): t for t in titles if names.header(t) in known}
        self._subjects = [t for t in titles if names.header(t) not in known]
        self._tables: dict[str, _Melted] = {}
        self._ledger: dict[tuple[str, str, str], tuple[str, int]] = {}
        self._speakers = _speakers(sheets.get(SOURCES))
        self._asking = {k.table: a for k in schema.links if (a := _asking(k)) is not None}

    def run(self) -> tuple[dict[str, Sheet], list[Problem]]:
        missing = [c for c in (_SOURCE, _QUESTION) if c not in self._named]
        twice = _twice([str(c) for c in self._form.frame.columns])
        for column in missing:
            self._say(
                "E104",
                f"column {column!r} is missing",
                f"add a column {column!r}",
                self._form.place(),
            )
        for column in twice:
            self._say(
                "E105",
                f"column {shown(column)!r} stands twice",
                "delete or rename one of the two",
                self._form.place(),
            )
        if missing or twice:
            return dict(self._sheets), self._problems
        self._subjects = [t for t in self._subjects if self._is_known(t)]
        for position in range(len(self._form.frame)):
            self._row(position)
        return self._joined(), self._problems

    def _is_known(self, title: str) -> bool:
        there = _known(self._sheets)
        if title in there or names.key(title) in there:
            return True
        if self._form.frame[title].notna().any():
            like = names.near(title, [t for t in there if t])
            remedy = f"did you mean {shown(like)}? Else add" if like else "add"
            place = self._form.place(None, title)
            letter = self._form.letters.get(title, "")
            self._say(
                "E206",
                f"column {shown(title)!r} is not in elements or outcomes",
                f"{remedy} it there, or delete the column",
                replace(place, cell=f"{letter}:{letter}" if letter else ""),
            )
        return False

    def _row(self, position: int) -> None:
        row = {
            name: plain(cell)
            for name, title in self._named.items()
            if (cell := self._form.frame[title].iat[position]) is not None
        }
        asking = self._question(position, row)
        cells = list(self._cells(position))
        nothing = self._nothing(position, row, cells)
        if asking is None:
            return
        scope = (row.get(_SOURCE, ""), asking.kind.table, row.get(_CONTEXT, ""))
        answered = YES if cells or nothing else NO
        before = self._ledger.get(scope)
        if before is None or (before[0] == NO and answered == YES):
            self._ledger[scope] = (answered, position)
        if cells and row.get(_SOURCE):
            self._claims(position, row, asking, cells)

    def _question(self, position: int, row: _Row) -> _Asking | None:
        text = row.get(_QUESTION, "")
        asking = self._asking.get(text) or self._asking.get(names.header(text))
        if asking is None:
            said = (
                f"question {shown(text)!r} cannot be asked in this form"
                if text
                else ("question is blank")
            )
            link = names.header(text) in {k.table for k in self._schema.links}
            allowed = ", ".join(self._asking)
            self._say(
                "E301",
                said,
                f"write its claims on the sheet {names.header(text)}; here ask {allowed}"
                if link
                else f"write one of {allowed}",
                self._form.place(position, self._named[_QUESTION]),
            )
        return asking

    def _cells(self, position: int) -> Iterator[tuple[str, str]]:
        """Header and word of each filled cell; other words are faults and say nothing."""
        for title in self._subjects:
            cell = self._form.frame[title].iat[position]
            if cell is None or not plain(cell):
                continue
            word = names.key(plain(cell))
            if isinstance(cell, bool) or word not in (YES, NO, *_NUMBERS):
                self._say(
                    "E301",
                    f"{shown(title)} {shown(plain(cell))!r} is no answer",
                    _ALLOWED,
                    self._form.place(position, title),
                )
                continue
            yield title, word

    def _nothing(self, position: int, row: _Row, cells: list[tuple[str, str]]) -> bool:
        word = names.key(row.get(_NONE, ""))
        if word in ("", NO):
            return False
        place = self._form.place(position, self._named[_NONE])
        if word != YES:
            self._say(
                "E301",
                f"none {shown(row[_NONE])!r} is no answer",
                "write yes if nothing applies, or leave it blank",
                place,
            )
        elif any(said != NO for _, said in cells):
            self._say(
                "E301",
                "none is yes, and another cell of the row is filled too",
                "clear one of the two",
                place,
            )
        return word == YES

    def _claims(
        self, position: int, row: _Row, asking: _Asking, cells: list[tuple[str, str]]
    ) -> None:
        base = self._base(position, row, asking)
        said_no = [(t, w) for t, w in cells if w == NO]
        if asking.kind.table != OBSERVED:
            cells = [pair for pair in cells if pair not in said_no]
        if base is None:
            return
        melted = self._tables.setdefault(asking.kind.table, _Melted())
        for title, word in cells:
            claim: _Claim = {**base, asking.subject: title}
            if asking.kind.table == OBSERVED:
                claim["state"] = ABSENT if word == NO else PRESENT
            if word in _NUMBERS:
                if asking.number is None:
                    self._say(
                        "E301",
                        f"{shown(title)} {word!r} is a number, and {asking.kind.table} takes none",
                        "write yes, no or leave it blank",
                        self._form.place(position, title),
                    )
                    continue
                claim[asking.number] = int(word)
            melted.claims.append(claim)
            melted.rows.append(position)
            melted.headers.append(title)

    def _base(self, position: int, row: _Row, asking: _Asking) -> _Claim | None:
        """What all claims of a row share; None if the end that the row names is blank."""
        source, fixed = row[_SOURCE], row.get(asking.fixed, "")
        if not fixed and asking.fixed == _ORGANIZATION:
            fixed = self._speakers.get(source, "")
            if not fixed and source in self._speakers:
                self._say(
                    "E301",
                    f"organization is blank, and source {shown(source)!r} names none",
                    "fill it here or in sources",
                    self._spot(position, _ORGANIZATION),
                )
            if not fixed:
                return None
        elif not fixed:
            self._say(
                "E301",
                f"{asking.fixed} is blank, and {asking.kind.table} needs it",
                "fill it",
                self._spot(position, asking.fixed),
            )
            return None
        base: _Claim = {asking.fixed: fixed, "source": source}
        if asking.kind.knows(_CONTEXT) and row.get(_CONTEXT):
            base[_CONTEXT] = row[_CONTEXT]
        for name in _CARRIED:
            if name in self._named and row.get(name):
                base[name] = self._form.frame[self._named[name]].iat[position]
        return base

    def _joined(self) -> dict[str, Sheet]:
        joined = dict(self._sheets)
        made = {t: self._claimed(t, m) for t, m in self._tables.items() if m.claims}
        if self._ledger:
            made[ASKED] = self._asked()
        for table, sheet in made.items():
            long = self._sheets.get(table)
            joined[table] = sheet if long is None else self._appended(long, sheet)
        return joined

    def _claimed(self, table: str, melted: _Melted) -> Sheet:
        frame = pd.DataFrame(melted.claims, dtype=object)
        return self._sheet(table, frame, melted.rows, lambda i: melted.headers[i])

    def _asked(self) -> Sheet:
        scopes = [(*scope, *found) for scope, found in self._ledger.items()]
        frame = pd.DataFrame(
            {
                "source": [s or None for s, *_ in scopes],
                "question": [q for _, q, *_ in scopes],
                "context": [c or None for _, _, c, *_ in scopes],
                "answered": [a for *_, a, _ in scopes],
            },
            dtype=object,
        )
        question = self._named[_QUESTION]
        return self._sheet(ASKED, frame, [r for *_, r in scopes], lambda _: question)

    def _sheet(
        self, table: str, frame: pd.DataFrame, rows: list[int], header: Callable[[int], str]
    ) -> Sheet:
        form, named = self._form, self._named

        def origin(position: int, column: str) -> Place:
            title = named.get(column)
            if title is None and column == _ORGANIZATION:
                title = named[_SOURCE]
            return form.place(rows[position], title or header(position))

        blanked = frame.astype(object).where(frame.notna(), None)
        numbers = [int(form.rows[r]) for r in rows]
        return Sheet(
            table, blanked, numbers, form.file, form.name, {}, form.rank, form.word, origin
        )

    def _appended(self, long: Sheet, melted: Sheet) -> Sheet:
        """Rows of the long table, then melted ones, each with its own places."""
        first, problems = arrange(long, self._schema[long.table])
        if any(p.code == "E105" for p in problems):
            return long
        count = len(first.frame)

        def origin(position: int, column: str) -> Place:
            if position < count:
                return first.place(position, column)
            return melted.place(position - count, column)

        columns = list(dict.fromkeys([*first.frame.columns, *melted.frame.columns]))
        both = pd.concat(
            [first.frame.reindex(columns=columns), melted.frame.reindex(columns=columns)],
            ignore_index=True,
        ).astype(object)
        return replace(
            first,
            frame=both.where(both.notna(), None),
            origin=origin,
            rows=np.concatenate([np.asarray(first.rows), np.asarray(melted.rows)]).astype(np.int64),
        )

    def _spot(self, position: int, name: str) -> Place:
        """The cell of a column of the form, or of source where the form has no such column."""
        return self._form.place(position, self._named.get(name, self._named[_SOURCE]))

    def _say(self, code: str, message: str, remedy: str, place: Place) -> None:
        self._problems.append(Problem(code, message, remedy, (place,)))


def _asking(kind: LinkType) -> _Asking | None:
    """How a link table is asked about; None if its ends do not fit the form."""
    subjects, fixed = {(ELEMENTS,), (OUTCOMES,)}, {(ORGANIZATIONS,), (CONTEXTS,)}
    a, b = kind.ends
    for subject, other in ((a, b), (b, a)):
        if subject.to in subjects and other.to in fixed and other.name in FORM:
            rest = set(kind.required) - {subject.name, other.name}
            if rest <= ({"state"} if kind.table == OBSERVED else set()):
                scales = [c.name for c in kind.columns if c.kind == "integer" and c.high]
                return _Asking(kind, subject.name, other.name, scales[0] if scales else None)
    return None


def _column(sheet: Sheet | None, name: str) -> list[str]:
    """The cells of a raw sheet under a header, as text; blank is an empty text."""
    if sheet is None:
        return []
    for position, title in enumerate(sheet.frame.columns):
        if names.header(str(title)) == name:
            cells = sheet.frame.iloc[:, position]
            return ["" if pd.isna(cell) else plain(cell) for cell in cells]
    return [""] * len(sheet.frame)


def _speakers(sources: Sheet | None) -> dict[str, str]:
    """The organization that each source speaks for, by id and by name."""
    ids, called, speaks = (_column(sources, c) for c in ("id", "name", _ORGANIZATION))
    return {**dict(zip(called, speaks, strict=True)), **dict(zip(ids, speaks, strict=True))}


def _known(sheets: Mapping[str, Sheet]) -> set[str]:
    """Every text that may head a column: ids and names as written, aliases by key."""
    found = {
        text
        for t in (ELEMENTS, OUTCOMES)
        for c in ("id", "name")
        for text in _column(sheets.get(t), c)
    }
    return (found | {names.key(a) for a in _column(sheets.get(ALIASES), "name")}) - {""}


def _twice(titles: list[str]) -> list[str]:
    keys = [names.key(t) for t in titles]
    return sorted({t for t, k in zip(titles, keys, strict=True) if keys.count(k) > 1})


__all__ = ["ANSWERS", "melt"]
