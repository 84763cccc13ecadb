"""Answers and map composed into what leaves the machine: the page and the brief."""

from __future__ import annotations

import datetime as dt
import hashlib
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from os import PathLike
from pathlib import Path

import pandas as pd

from sysmap.analyses.calendar import DONE, Calendar, calendar
from sysmap.analyses.common_outcomes import CommonOutcomes, common_outcomes
from sysmap.analyses.complementarity import Complementarity, complementarity
from sysmap.analyses.coverage import Coverage, coverage
from sysmap.analyses.exchange import Exchange, exchange
from sysmap.analyses.opportunities import Opportunities, opportunities
from sysmap.analyses.profiles import Profiles, profiles
from sysmap.analyses.responses import Responses, responses
from sysmap.analyses.universality import Universality, universality
from sysmap.core import charts, dates, files
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.result import Result
from sysmap.core.schema import (
    CHALLENGES,
    COLLABORATES,
    ELEMENTS,
    ILLUSTRATIVE,
    JUDGED,
    OBSERVED,
    ORGANIZATIONS,
    PRIORITIES,
    PRIVATE,
    PUBLIC,
    SEEKS,
    WORKS_ON,
    YES,
)
from sysmap.draw.brief import Answer, Brief, Grid, Section, render
from sysmap.draw.page import Page, make
from sysmap.io.workbook import created, render_frames
from sysmap.measures import ledger

MANIFEST = "manifest.txt"
"""The file by which sysmap knows a folder that it made; it holds the checksums."""

_ROWS = 10
_NAMED = 4


@dataclass(frozen=True, slots=True)
class _Question:
    """One answer of the brief: how to compute it and which columns to print."""

    ask: Callable[[SystemMap], Result]
    kind: type[Result]
    columns: tuple[str, ...]
    details: int = 0
    last: tuple[str, str] | None = None
    """Column and word of the rows that a brief puts behind the others."""


_TASKS: tuple[tuple[int, str, Mapping[str, _Question]], ...] = (
    (
        0,
        "Who was asked, and who answered?",
        {
            "responses": _Question(
                responses, Responses, ("source", "question", "asked", "answered", "rate")
            )
        },
    ),
    (
        1,
        "Which outcomes do members share?",
        {
            "common_outcomes": _Question(
                common_outcomes,
                CommonOutcomes,
                ("name", "seeking", "responding", "share", "low", "high", "verdict", "priority"),
                details=1,
            )
        },
    ),
    (
        2,
        "What influences them, everywhere and only somewhere?",
        {
            "universality": _Question(
                universality,
                Universality,
                (
                    "name",
                    "area",
                    "present",
                    "assessed",
                    "share",
                    "low",
                    "high",
                    "verdict",
                ),
                details=3,
            )
        },
    ),
    (
        3,
        "Who works on what, and where could members join?",
        {
            "profiles": _Question(
                profiles,
                Profiles,
                ("organization", "element", "works_on", "priority", "challenge", "contexts"),
            ),
            "coverage": _Question(
                coverage, Coverage, ("element", "context", "organizations", "need", "state", "gap")
            ),
            "opportunities": _Question(
                opportunities,
                Opportunities,
                (
                    "organization",
                    "partner",
                    "score",
                    "shared",
                    "fit",
                    "kind",
                    "standing",
                    "rank",
                    "rank_low",
                    "rank_high",
                ),
                details=3,
            ),
        },
    ),
    (
        4,
        "What is shared and planned?",
        {
            "exchange": _Question(
                exchange, Exchange, ("resource", "organization", "score", "elements")
            ),
            "calendar": _Question(
                calendar,
                Calendar,
                ("name", "start", "end", "state", "leads", "overlaps"),
                last=("state", DONE),
            ),
        },
    ),
    (
        5,
        "Which groups complement us?",
        {
            "complementarity": _Question(
                complementarity,
                Complementarity,
                ("name", "gain", "redundancy", "shared", "offered", "wanted"),
            )
        },
    ),
)

_NEXT: Mapping[str, str] = {
    SEEKS: "Ask every member which outcomes it seeks, with a rank for each.",
    OBSERVED: "Ask who knows a country whether each element is present or absent there.",
    WORKS_ON: "Ask every member what it works on and where, so that silence differs from no.",
    PRIORITIES: "Ask every member for its priorities, by element and country.",
    CHALLENGES: "Ask every member for its challenges, by element and country; they stay private.",
    COLLABORATES: "Ask every member with whom it already works.",
}


def to_html(
    x: SystemMap | Result,
    path: str | PathLike[str] | None = None,
    *,
    audience: str = PUBLIC,
    title: str | None = None,
) -> Page:
    """One self-contained interactive page that needs no network and runs nothing from the data.

    Parameters
    ----------
    x
        A map, or an answer; an answer adds its columns to the details of its subjects.
    path
        Where to save the page as well.
    audience
        ``public``, ``members`` or ``private``; the map is redacted for it first.
    title
        The heading; by default the title of the map.

    Raises
    ------
    ValueError
        If there is no such audience, or if redaction would change the map that an answer rests
        on: its numbers would then tell what this audience may not see.
    LimitError
        If the map has more nodes than a page can show.
    OutputError
        If `path` cannot be written.

    Examples
    --------
    >>> import sysmap as sm
    >>> page = sm.to_html(sm.example("teaching"))
    >>> page.html.startswith("<!doctype html>")
    True
    """
    given = x.map if isinstance(x, Result) else x
    m = given.redact(audience)
    if isinstance(x, Result) and m.hidden > given.hidden:
        raise ValueError(
            f"this answer rests on claims that the audience {audience!r} may not see; compute it "
            f"from m.redact({audience!r}), or ask for audience='private'"
        )
    facts = _facts(_universality(m, x))
    notes = _lead(m)
    if isinstance(x, Result):
        facts = _with_answer(facts, x)
        notes = (x.summary(), *notes, *x.caveats)
    page = make(m, title=title, facts=facts, notes=notes)
    if path is not None:
        page.save(path)
    return page


def report(m: SystemMap, folder: str | PathLike[str], /, *, audience: str = PUBLIC) -> Path:
    """The brief that answers the five tasks: a page, the map, tables and figures in a folder.

    Parameters
    ----------
    folder
        Made, or replaced if sysmap made it; a folder of yours is never touched.
    audience
        ``public``, ``members`` or ``private``; the map is redacted for it first.

    Returns
    -------
    pathlib.Path
        The page to open, ``index.html``.

    Raises
    ------
    ValueError
        If there is no such audience.
    OutputError
        If the folder cannot be written; whatever stood there is intact.

    Examples
    --------
    >>> import tempfile, sysmap as sm
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     index = sm.report(sm.example("teaching"), Path(folder) / "brief")
    ...     print(index.name, sorted(p.name for p in index.parent.iterdir()))
    index.html ['figures', 'index.html', 'manifest.txt', 'map.html', 'tables.xlsx']
    """
    shown = m.redact(audience)
    target = files.writable(folder, folder=True)
    made = files.write_folder(target, lambda place: _fill(place, shown), manifest=MANIFEST)
    return made / "index.html"


def _fill(place: Path, m: SystemMap) -> None:
    (place / "figures").mkdir()
    results, sections = {}, []
    for number, heading, questions in _TASKS:
        answers = []
        for key, question in questions.items():
            answer, result = _answered(place, m, key, question)
            answers.append(answer)
            if result is not None:
                results[key] = result
        sections.append(Section(number, heading, tuple(answers)))
    tables = {key: _sheet(result) for key, result in results.items()}
    book = render_frames(tables, stamp=created(m.about), title=m.title)
    (place / "tables.xlsx").write_bytes(book)
    make(m, facts=_facts(results.get("universality")), notes=_lead(m)).save(place / "map.html")
    brief = Brief(
        m.title,
        _lead(m),
        tuple(sections),
        _asks(m),
        _annex(m),
        tuple(str(p) for p in m.problems),
    )
    (place / "index.html").write_bytes(render(brief).encode())
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(place).as_posix()}"
        for file in sorted(place.rglob("*"))
        if file.is_file()
    ]
    (place / MANIFEST).write_bytes(("\n".join(lines) + "\n").encode())


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let an interrupt wait for the end of a figure: drawing libraries abort when cut short."""
    mask = getattr(signal, "pthread_sigmask", None)
    if mask is None:
        yield
        return
    before = mask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        mask(signal.SIG_SETMASK, before)


def _answered(
    place: Path, m: SystemMap, key: str, question: _Question
) -> tuple[Answer, Result | None]:
    try:
        result = question.ask(m)
    except UndecidableError as error:
        said = str(error)
        return Answer(key, question.kind.question, missing=said[:1].upper() + said[1:]), None
    figure = ""
    if len(result):
        with _signals_held():
            ax = result.plot()
            figure = f"figures/{key}.svg"
            svg = charts.to_svg(ax, title=result.summary(), description=result.alt_text())
        (place / figure).write_bytes(svg)
    details = tuple(result.explain(label) for label in result.frame.index[: question.details])
    answer = Answer(
        key,
        result.question,
        result.summary(),
        figure,
        result.alt_text(),
        _grid(result, question, key),
        details,
        result.caveats,
        result.methods(),
    )
    return answer, result


def _grid(result: Result, question: _Question, key: str) -> Grid:
    """The first rows as texts; a column that is blank in every row of the answer is left out."""
    flat = result.frame.reset_index()
    if question.last is not None:
        column, word = question.last
        flat = flat.sort_values(column, key=lambda cells: cells == word, kind="stable")
    there = [c for c in question.columns if c in flat and _says_something(flat[c])]
    head = flat.head(_ROWS)
    named = _names(result.map)
    cells = {c: [_cell(c, value, named) for value in head[c]] for c in there}
    numeric = {c: pd.api.types.is_numeric_dtype(flat[c]) for c in there}
    for low, high in _INTERVALS:
        if low in cells and high in cells:
            ends = zip(cells[low], cells.pop(high), strict=True)
            cells[low] = [f"{a} to {b}" if a and b else "" for a, b in ends]
    subject = str(result.frame.index.names[0])
    heads = tuple(subject if c == "name" else _HEADS.get(c, c.replace("_", " ")) for c in cells)
    rows = tuple(zip(*cells.values(), strict=True))
    rest = f"The first {len(head)} of {len(flat):,} rows" if len(flat) > len(head) else "All rows"
    note = f"{rest}; with all columns in the sheet {key} of tables.xlsx."
    return Grid(heads, tuple(numeric[c] for c in cells), rows, note)


def _says_something(cells: pd.Series) -> bool:
    return bool((cells.notna() & (cells.astype("str") != "")).any()) or not len(cells)


_INTERVALS = (("low", "high"), ("rank_low", "rank_high"))
"""Columns that stand in one cell, because they are the ends of one interval."""

_HEADS = {
    "low": "90 % interval",
    "rank_low": "rank interval",
    "works_on": "claims of work",
    "contexts": "places",
    "context": "place",
    "responding": "heard",
}
"""What a column is called where its name alone would not tell a reader."""

_SHARES = frozenset({"share", "low", "high", "rate", "priority_share"})


def _cell(column: str, value: object, named: Mapping[str, str]) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        parts = [
            " in ".join(named.get(word, word) for word in part.split(" in ", 1))
            if part not in named
            else named[part]
            for part in value.split("; ")
        ]
        more = f" and {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
        told = "; ".join(parts[:_NAMED]) + more
        return told.replace("_", " ") if column == "question" else told
    if isinstance(value, dt.date):
        return str(value)[:10]
    number = float(str(value))
    if column in _SHARES:
        return f"{100 * number:.0f} %"
    return f"{number:,.0f}" if number.is_integer() else f"{number:,.2f}"


def _names(m: SystemMap) -> Mapping[str, str]:
    return {
        str(id): str(name)
        for kind in m.schema.nodes
        for id, name in m.nodes(kind.table)["name"].items()
    }


def _sheet(result: Result) -> pd.DataFrame:
    """The answer as a flat table, with names beside ids."""
    flat = result.frame.reset_index()
    named = _names(result.map)
    for column in reversed(result.frame.index.names):
        if column in flat and "name" not in flat:
            at = flat.columns.get_loc(column) + 1
            flat.insert(at, f"{column}_name", flat[column].map(named))
    return flat


def _universality(m: SystemMap, x: SystemMap | Result) -> Result | None:
    """The verdicts on elements: the answer that is shown, or the default one if it is decidable."""
    if isinstance(x, Universality):
        return x
    try:
        return universality(m)
    except UndecidableError:
        return None


def _facts(answer: Result | None) -> dict[str, dict[str, object]]:
    """What the page says about elements: the verdict and its sentence."""
    if answer is None:
        return {}
    columns = ["verdict", "leaning", "present", "assessed", "contexts", "share", "low", "high"]
    return {
        str(element): {
            **{c: row[c] for c in columns if c in row.index and not pd.isna(row[c])},
            "sentence": answer.explain(element),
        }
        for element, row in answer.frame.iterrows()
    }


def _with_answer(
    facts: Mapping[str, Mapping[str, object]], answer: Result
) -> dict[str, dict[str, object]]:
    """The facts with the sentence of an answer for each subject that is one node."""
    extended = {key: dict(value) for key, value in facts.items()}
    for key in answer.frame.index:
        if isinstance(key, str):
            extended.setdefault(key, {})["sentence"] = answer.explain(key)
    return extended


def _lead(m: SystemMap) -> tuple[str, ...]:
    """What a reader must know first: date, who was asked, what is hidden, what is made up."""
    about = m.about
    date = (
        f"Data of {dates.spoken(about['data date'])}"
        if "data date" in about
        else "Data date not given"
    )
    if "round" in about:
        date += f", {'round ' if about['round'].isdigit() else ''}{about['round']}"
    said = [f"{date}.", _asked(m)]
    claims = sum(len(m.tables[kind.table]) for kind in m.schema.links)
    grade = m.sources["grade"]
    for word, meaning in (
        (
            ILLUSTRATIVE,
            "illustrative, made up to show how the tool works: no conclusion rests on them",
        ),
        (JUDGED, "judged by the makers of the map from published sources"),
    ):
        of_grade = sum(
            int((m.tables[kind.table]["source"].map(grade) == word).sum())
            for kind in m.schema.links
        )
        if of_grade:
            said.append(f"{of_grade:,} of {claims:,} claims {_are(of_grade)} {meaning}.")
    if m.hidden:
        things = "claim is" if m.hidden == 1 else "claims are"
        said.append(f"{m.hidden:,} {things} hidden from this audience ({m.audience}).")
    if m.audience == PRIVATE:
        said.append("This copy also holds what is private: do not pass it on.")
    return tuple(said)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _asked(m: SystemMap) -> str:
    stated = m.asked[m.asked["speaks_for"].isna()]
    if stated.empty:
        return (
            "Members were not asked: the map rests on the sources it names, "
            "so silence cannot be told from no."
        )
    sources = stated["source"].nunique()
    answered = stated.loc[stated["answered"] == YES, "source"].nunique()
    return f"{answered} of {sources} sources that were asked gave an answer."


def _asks(m: SystemMap) -> tuple[str, ...]:
    """What to ask next, most basic first."""
    asks = []
    if m.organizations["member"].isna().all() and len(m.tables[ORGANIZATIONS]):
        asks.append("Mark in the sheet organizations who is a member of the group.")
    for question, sentence in _NEXT.items():
        if not ledger.has_ledger(m, question):
            asks.append(f"{sentence} Write who was asked into the sheet asked ({question}).")
    silent = _unreported(m)
    if silent:
        asks.append(silent)
    return tuple(asks)


def _unreported(m: SystemMap) -> str:
    told = set(m.tables[OBSERVED]["context"])
    names = [str(n) for i, n in m.contexts["name"].items() if i not in told]
    if not names or not len(m.tables[ELEMENTS]):
        return ""
    listed = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return f"Ask about places without a report on any element: {listed}."


def _annex(m: SystemMap) -> dict[str, str]:
    about = {k: v for k, v in m.about.items() if k not in ("title", "source")}
    size = repr(m).removeprefix("<SystemMap: ").removesuffix(">")
    return {**about, "audience": m.audience, "size": size, "sysmap": version("sysmap-graph")}
