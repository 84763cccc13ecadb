"""The blank workbook that people fill: drop-downs, help and checks, made from the schema."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from sysmap.core import files
from sysmap.core.errors import UnsupportedFormatError
from sysmap.core.model import SystemMap
from sysmap.core.problems import Problem, Problems, shown
from sysmap.core.schema import (
    ABOUT,
    CONTEXTS,
    CORE_TABLES,
    ELEMENTS,
    MEMBERS,
    NO,
    OBSERVED,
    ORGANIZATIONS,
    OUTCOMES,
    PRIVATE,
    PUBLIC,
    SCHEMA,
    SOURCES,
    YES,
    Column,
    LinkType,
    NodeType,
    Schema,
    TableType,
)
from sysmap.io import workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Tables = Literal["core", "all"]

README, LISTS, ANSWERS = "README", "lists", "answers"
"""Sheets that are no tables; only the last is read."""

NONE = "none"
"""The column of the wide form that says: asked, and nothing applies."""

_LAST_ROW = workbook.MOST_ROWS - 1
_TITLE, _TEXT = 32, 255
_PRESET_ROWS = 200
_OPEN_COLUMNS, _PAGE_COLUMNS = 8, 16
_LINE, _MOST_LINES, _README_WIDTH = 15, 6, 84
_ABOUT_KEYS = {
    "title": "What this map is called.",
    "data date": "Until when the data are up to date; YYYY, YYYY-MM or YYYY-MM-DD.",
    "round": "Which round of the survey this is.",
    "contact": "Whom to ask; left out of every export.",
    "licence": "On which terms the data may be used.",
    "source": "An id of the sheet sources: it stands wherever a claim names no source.",
}
_TOLD = ((), ("state",))
_KEPT_KEYS = ("title", "data date", "round", "licence")
_WIDTHS: Mapping[str, float] = {
    "id": 26,
    "reference": 24,
    "question": 16,
    "choice": 16,
    "integer": 11,
    "date": 13,
    "text": 24,
    "url": 34,
}
_WIDE = {"name": 38.0, "description": 56.0, "note": 44.0, "value": 56.0}


@dataclass(frozen=True, slots=True)
class _Pen:
    """The formats of the workbook, each made once."""

    required: Format
    optional: Format
    text: Format
    wrapped: Format
    key: Format
    title: Format
    strong: Format


def template(
    path: str | os.PathLike[str],
    m: SystemMap | None = None,
    /,
    *,
    tables: Tables = "core",
    schema: Schema = SCHEMA,
) -> Path:
    """A workbook to fill, with drop-downs, help and checks for every column.

    Parameters
    ----------
    path
        Where it goes; the name ends in ``.xlsx``.
    m
        A map whose organizations, outcomes, elements, contexts, sources and other node tables
        fill the lists, as far as members may see them; claims are left out. Its schema is used.
    tables
        ``core`` is what a first survey needs, with the wide form ``answers``; ``all`` has every
        table.
    schema
        The types, where no map is given.

    Returns
    -------
    pathlib.Path
        The file that was written; equal arguments give equal bytes.

    Raises
    ------
    UnsupportedFormatError
        If the name does not end in ``.xlsx``.
    LimitError
        If a workbook has no room for a table.
    OutputError
        If the place cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     template(Path(folder) / "survey.xlsx").name
    'survey.xlsx'
    """
    if tables not in ("core", "all"):
        raise ValueError(f"tables is {tables!r}; write 'core' or 'all'")
    target = Path(path)
    if target.suffix.casefold() != ".xlsx":
        problem = Problem(
            "E007", f"{shown(target.name)!r} is no name of a workbook", "end the name in .xlsx"
        )
        raise UnsupportedFormatError(Problems([problem]))
    files.writable(target)
    return files.write_bytes(target, _render(m, tables, schema if m is None else m.schema))


def form_questions(schema: Schema) -> tuple[str, ...]:
    """The link tables that the wide form can answer.

    One end is an organization or a context, which the row names; the other is an element or an
    outcome, which the column names.

    Examples
    --------
    >>> form_questions(SCHEMA)
    ('seeks', 'observed', 'works_on', 'priorities', 'challenges')
    """
    return tuple(
        kind.table
        for kind in schema.links
        for subject, other in (kind.ends, kind.ends[::-1])
        if subject.to in ((ELEMENTS,), (OUTCOMES,))
        and (other.name, other.to) in (("organization", (ORGANIZATIONS,)), ("context", (CONTEXTS,)))
        and set(kind.required) <= {subject.name, other.name, *_TOLD[kind.table == OBSERVED]}
    )


def _render(m: SystemMap | None, tables: Tables, schema: Schema) -> bytes:
    kinds = _kinds(tables, schema)
    rows = {} if m is None else _prefilled(m, kinds)
    for kind in kinds:
        workbook.require_fit(kind.table, rows.get(kind.table, pd.DataFrame(columns=kind.names)))
    form = _form(rows, schema) if tables == "core" else None
    about = {} if m is None else m.about
    stamp, title = workbook.created(about), about.get("title", "System map: survey")
    with workbook.drawn(stamp, title) as (book, buffer):
        pen = _pen(book)
        every = (*kinds, *([form] if form else []))
        _readme(book.add_worksheet(README), every, pen)
        sheets = {kind.table: book.add_worksheet(kind.table) for kind in every}
        lists = _lists(book, every, schema, pen)
        for kind in every:
            _sheet(sheets[kind.table], kind, lists, pen)
            if kind.table == ABOUT:
                _about(sheets[ABOUT], about, pen)
            elif kind.table in rows:
                _rows(sheets[kind.table], kind, rows[kind.table], pen)
        if form:
            _open_columns(sheets[ANSWERS], form, lists, pen)
    return buffer.getvalue()


def _kinds(tables: Tables, schema: Schema) -> tuple[TableType, ...]:
    """The tables of the workbook, `about` first; types of the user's own are in both sets."""
    if tables == "core":
        core = [schema[t] for t in CORE_TABLES if t in schema]
        own = [kind for kind in schema if kind.table not in SCHEMA]
        return (*core, *own)
    return (schema[ABOUT], *(kind for kind in schema if kind.table != ABOUT))


def _prefilled(m: SystemMap, kinds: Iterable[TableType]) -> dict[str, pd.DataFrame]:
    """Rows of the node tables that members may see, sorted by id, known columns only."""
    seen = m.redact(MEMBERS) if m.audience == PRIVATE else m
    rows: dict[str, pd.DataFrame] = {}
    for kind in kinds:
        if isinstance(kind, NodeType):
            frame = seen.table(kind.table).reindex(columns=list(kind.names))
            known = frame["id"].isin(m.table(kind.table)["id"])
            rows[kind.table] = frame[known].sort_values("id", kind="stable")
    return rows


def _form(rows: Mapping[str, pd.DataFrame], schema: Schema) -> TableType:
    """The wide form as a table: fixed columns, then one per outcome and element."""
    source = Column(
        "source", "reference", "Who answers: an id of the sheet sources.", True, to=(SOURCES,)
    )
    question = Column("question", "choice", "What this row answers.", True, form_questions(schema))
    organization = Column(
        "organization",
        "reference",
        "About which organization; blank for observed.",
        to=(ORGANIZATIONS,),
    )
    context = Column(
        "context", "reference", "In which place; blank if the place is not stated.", to=(CONTEXTS,)
    )
    none = Column(NONE, "choice", "yes: we were asked, and nothing applies.", values=(YES,))
    things = [
        _answer(str(thing), f"{name} ({schema.node(table).one})")
        for table in (OUTCOMES, ELEMENTS)
        if table in rows
        for thing, name in zip(rows[table]["id"], rows[table]["name"], strict=True)
    ]
    return TableType(
        ANSWERS,
        (source, question, organization, context, none, *things),
        "How a respondent answers: one row per question, one column per outcome or element.",
    )


def _answer(name: str, words: str) -> Column:
    return Column(
        name,
        "choice",
        f"{words}: yes, no, or how much from 1 to 3; blank is no answer.",
        values=(YES, NO, "1", "2", "3"),
    )


def _pen(book: Workbook) -> _Pen:
    head = {
        "bold": True,
        "num_format": "@",
        "valign": "vcenter",
        "border": 1,
        "border_color": "#FFFFFF",
    }
    return _Pen(
        required=book.add_format({**head, "bg_color": "#0B4F79", "font_color": "#FFFFFF"}),
        optional=book.add_format({**head, "bg_color": "#D6E6F0", "font_color": "#1F2A33"}),
        text=book.add_format({"num_format": "@", "valign": "top"}),
        wrapped=book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        key=book.add_format({"num_format": "@", "valign": "top", "bold": True}),
        title=book.add_format({"bold": True, "font_size": 16, "font_color": "#0B4F79"}),
        strong=book.add_format({"bold": True, "valign": "top"}),
    )


def _sheet(sheet: Worksheet, kind: TableType, lists: Mapping[str, str], pen: _Pen) -> None:
    """Header, widths, help and checks of one table."""
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    if len(kind.columns) <= _PAGE_COLUMNS:
        sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for i, column in enumerate(kind.columns):
        wrapped = _cell_format(column, pen)
        plain = None if column.kind == "integer" else wrapped
        sheet.set_column(i, i, _width(column), plain)
        workbook.put(sheet, 0, i, column.name, pen.required if column.required else pen.optional)
        workbook.fill(sheet, i, [_preset(column, kind)] * _PRESET_ROWS, wrapped)
        for rule in _checks(column, kind, i, lists):
            sheet.data_validation(1, i, _LAST_ROW, i, {**_message(column, kind), **rule})


def _preset(column: Column, kind: TableType) -> str | None:
    """What the cells of a column say beforehand: what their blank means, if that is not public."""
    if not isinstance(kind, LinkType) or column.name != "visibility":
        return None
    return kind.visibility if kind.visibility != PUBLIC else None


def _rows(sheet: Worksheet, kind: TableType, frame: pd.DataFrame, pen: _Pen) -> None:
    """Rows of a map, each as high as its longest wrapped text needs."""
    lines = pd.Series(1, index=range(len(frame)))
    for i, column in enumerate(kind.columns):
        cells = frame[column.name].reset_index(drop=True)
        workbook.fill(sheet, i, cells, _cell_format(column, pen))
        if column.name in _WIDE:
            needed = (cells.str.len().fillna(0) / (_WIDE[column.name] * 1.1)).clip(0, _MOST_LINES)
            lines = lines.combine(needed, max)
    for row, count in enumerate(lines, start=1):
        _high(sheet, row, count)


def _high(sheet: Worksheet, row: int, lines: float) -> None:
    """Make room for wrapped text: not every program does it by itself."""
    if lines > 1:
        sheet.set_row(row, _LINE * math.ceil(lines))


def _cell_format(column: Column, pen: _Pen) -> Format:
    return pen.wrapped if column.name in _WIDE else pen.text


def _width(column: Column) -> float:
    return max(_WIDE.get(column.name, _WIDTHS[column.kind]), min(len(column.name) + 3, 30))


def _message(column: Column, kind: TableType) -> dict[str, object]:
    """The help that shows once a cell is chosen; a star marks what must be filled."""
    words = f"★ Required. {column.help}" if column.required else column.help or "Optional."
    if isinstance(kind, LinkType) and column.name == "visibility":
        words = f"Who may see this row; blank is {kind.visibility}."
    return {"input_title": _cut(column.name, _TITLE), "input_message": _cut(words, _TEXT)}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _checks(
    column: Column, kind: TableType, index: int, lists: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    """The one rule of a column; lists that may grow warn, closed ones forbid."""
    if column.kind == "date":
        yield _date_rule(_letters(index))
    elif column.kind == "integer":
        high = column.high
        yield {
            "validate": "integer",
            "criteria": ">=" if high is None else "between",
            **({"value": column.low} if high is None else {"minimum": column.low, "maximum": high}),
            "error_title": "Not in the range",
            "error_message": f"Write a whole number, {column.low} "
            + ("or more." if high is None else f"to {high}."),
        }
    elif _list_key(column, kind) in lists:
        closed = column.kind != "reference"
        yield {
            "validate": "list",
            "source": f"={lists[_list_key(column, kind)]}",
            "error_type": "stop" if closed else "warning",
            "error_title": "Not in the list",
            "error_message": "Choose a value of the list."
            if closed
            else f"This id is not in the sheet {column.to[0]} yet. Add it there.",
        }
    else:
        yield {"validate": "any"}


def _date_rule(letter: str) -> dict[str, object]:
    """A day, month or year from 1990 to 2100: text, which keeps its precision, or a real date."""
    cell = f"{letter}2"
    text = (
        f'AND(OR(LEN({cell})=4,AND(OR(LEN({cell})=7,LEN({cell})=10),MID({cell},5,1)="-")),'
        f"VALUE(LEFT({cell},4))>=1990,VALUE(LEFT({cell},4))<=2100)"
    )
    day = f"AND(ISNUMBER({cell}),{cell}>=DATE(1990,1,1),{cell}<=DATE(2100,12,31))"
    return {
        "validate": "custom",
        "value": f"=OR({day},IFERROR({text},FALSE))",
        "error_type": "warning",
        "error_title": "Not a date from 1990 to 2100",
        "error_message": "Write YYYY, YYYY-MM or YYYY-MM-DD, such as 2026-05-31.",
    }


def _list_key(column: Column, kind: TableType) -> str:
    """What the drop-down of a column lists: ids of one table, or a closed list of words."""
    if column.kind == "question":
        return "question"
    if column.kind == "reference" and len(column.to) == 1:
        return f"ids {column.to[0]}"
    return " ".join(column.values)


def _lists(book: Workbook, kinds: Iterable[TableType], schema: Schema, pen: _Pen) -> dict[str, str]:
    """The sheet of drop-down values; the defined name of each list by its key."""
    kinds = tuple(kinds)
    sheet = book.add_worksheet(LISTS)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 24)
    named: dict[str, str] = {}
    for kind in kinds:
        if isinstance(kind, NodeType):
            name = _defined("ids", kind.table, named)
            cells = f"{_quoted(kind.table)}!$A$2:$A${workbook.MOST_ROWS}"
            top = f"{_quoted(kind.table)}!$A$2"
            book.define_name(name, f"=OFFSET({top},0,0,MAX(1,COUNTA({cells})),1)")
            named[f"ids {kind.table}"] = name
    for index, (key, (title, values)) in enumerate(_word_lists(kinds, schema).items()):
        letter = _letters(index)
        sheet.set_column(index, index, max(16, *(len(v) + 2 for v in (title, *values))), pen.text)
        workbook.put(sheet, 0, index, title, pen.optional)
        workbook.fill(sheet, index, values, pen.text)
        name = _defined("list", title, named)
        book.define_name(name, f"={LISTS}!${letter}$2:${letter}${len(values) + 1}")
        named[key] = name
    return named


def _word_lists(
    kinds: Iterable[TableType], schema: Schema
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every closed list once, with a title that tells lists of one column name apart."""
    users: dict[str, list[tuple[str, Column]]] = {}
    for kind in kinds:
        for column in kind.columns:
            key = _list_key(column, kind)
            if column.kind == "question" or column.values:
                users.setdefault(key, []).append((kind.table, column))
    names = [{c.name for _, c in pairs} for pairs in users.values()]
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for key, pairs in users.items():
        table, column = pairs[0]
        shared = {c.name for _, c in pairs}
        values = column.values or tuple(link.table for link in schema.links)
        title = column.name
        if len(shared) > 1 or table == ANSWERS:
            title = "_".join(values) if len(shared) > 1 else f"{ANSWERS}_{column.name}"
        elif sum(shared <= other for other in names) > 1:
            title = f"{table}_{column.name}"
        found[key] = title, values
    return found


def _defined(prefix: str, text: str, taken: Mapping[str, str]) -> str:
    """A name that a workbook allows, used by nobody else."""
    base = f"{prefix}_{re.sub(r'[^A-Za-z0-9_]', '_', text)}"[:200]
    name, number = base, 2
    while name.casefold() in {t.casefold() for t in taken.values()}:
        name, number = f"{base}_{number}", number + 1
    return name


def _quoted(table: str) -> str:
    """The name of a sheet as a reference writes it."""
    return table if re.fullmatch(r"[A-Za-z_]+", table) else "'" + table.replace("'", "''") + "'"


def _letters(index: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(index))


def _about(sheet: Worksheet, about: Mapping[str, str], pen: _Pen) -> None:
    """Keys of the whole file, with what the map says; contact and source are for the filler."""
    for row, (key, words) in enumerate(_ABOUT_KEYS.items(), start=1):
        workbook.put(sheet, row, 0, key, pen.key)
        if key in _KEPT_KEYS and key in about:
            workbook.put(sheet, row, 1, about[key], pen.wrapped)
        sheet.data_validation(
            row,
            1,
            row,
            1,
            {"validate": "any", "input_title": key, "input_message": words},
        )


def _open_columns(sheet: Worksheet, form: TableType, lists: Mapping[str, str], pen: _Pen) -> None:
    """Columns of the wide form whose headers are still to be written, and help on all headers."""
    fixed = 5
    for i, column in enumerate(form.columns[fixed:], start=fixed):
        sheet.data_validation(0, i, 0, i, {"validate": "any", **_message(column, form)})
    if len(form.columns) > fixed:
        return
    blank = _answer("yes, no, 1, 2 or 3", "The outcome or element named above")
    rule = {
        "validate": "list",
        "source": list(blank.values),
        "error_title": "Not in the list",
        "error_message": "Write yes, no, 1, 2 or 3.",
    }
    for i in range(fixed, fixed + _OPEN_COLUMNS):
        sheet.set_column(i, i, 18, pen.text)
        sheet.write_blank(0, i, None, pen.optional)
        sheet.data_validation(
            0,
            i,
            0,
            i,
            {
                "validate": "any",
                "input_title": "An outcome or element",
                "input_message": "Write the id of an outcome or element here, one per column.",
            },
        )
        sheet.data_validation(1, i, _LAST_ROW, i, {**_message(blank, form), **rule})


_STEPS = (
    "Begin with organizations, outcomes, elements and contexts: one row each, an id that stays.",
    "Dark headers must be filled, light ones may stay blank. Choose a cell to see its help.",
    "Then say who claims what: one row is one claim. Ids that you added appear in the drop-downs.",
    "A blank cell means: not known. It never means no.",
    "Do not rename sheets or headers. Columns of your own may be added on the right.",
    "Dates are YYYY, YYYY-MM or YYYY-MM-DD.",
)
_FORM_STEP = (
    "The sheet answers is a short way: one row per question, one column per outcome or element. "
    "Write yes, no, or 1 to 3 for how much; write yes under none if nothing applies."
)


def _readme(sheet: Worksheet, kinds: Iterable[TableType], pen: _Pen) -> None:
    """How to fill the workbook, and what each sheet is for."""
    kinds = tuple(kinds)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, _README_WIDTH)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 30)
    workbook.put(sheet, 0, 0, "How to fill this workbook", pen.title)
    has_form = any(kind.table == ANSWERS for kind in kinds)
    row = 2
    for number, step in enumerate((*_STEPS, *([_FORM_STEP] if has_form else ())), start=1):
        workbook.put(sheet, row, 0, f"{number}.", pen.strong)
        workbook.put(sheet, row, 1, step, pen.wrapped)
        _high(sheet, row, len(step) / (_README_WIDTH * 1.1))
        row += 1
    row += 1
    workbook.put(sheet, row, 0, "sheet", pen.required)
    workbook.put(sheet, row, 1, "what it holds", pen.required)
    for kind in kinds:
        row += 1
        workbook.put(sheet, row, 0, kind.table, pen.strong)
        workbook.put(sheet, row, 1, kind.help, pen.wrapped)
    row += 1
    workbook.put(sheet, row, 0, LISTS, pen.strong)
    workbook.put(sheet, row, 1, "The words of the drop-downs; nothing to fill.", pen.wrapped)
