"""Answers and map composed into what leaves the machine: the page and the brief."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from sysmap.analyses.calendar import DONE, Calendar, calendar
from sysmap.analyses.coalitions import Coalitions, coalitions
from sysmap.analyses.common_outcomes import CommonOutcomes, common_outcomes
from sysmap.analyses.complementarity import Complementarity, complementarity
from sysmap.analyses.coverage import Coverage, coverage
from sysmap.analyses.exchange import Exchange, exchange
from sysmap.analyses.influence import Influence, influence
from sysmap.analyses.loops import Loops, loops
from sysmap.analyses.opportunities import Opportunities, opportunities
from sysmap.analyses.perspectives import Perspectives, perspectives
from sysmap.analyses.profiles import Profiles, profiles
from sysmap.analyses.responses import Responses, responses
from sysmap.analyses.universality import Universality, universality
from sysmap.core import charts, files, interrupts
from sysmap.core.errors import LimitError, UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.narrow import CUT_BY_DATE, UNCOUNTED
from sysmap.core.progress import Progress, teller
from sysmap.core.redaction import is_contact
from sysmap.core.result import Result
from sysmap.core.schema import (
    ABOUT,
    PUBLIC,
    TableType,
)
from sysmap.core.values import LONGEST_CELL
from sysmap.core.words import percent, twelve_digits
from sysmap.draw import terms
from sysmap.draw.brief import Answer, Brief, Figure, Section, render
from sysmap.draw.grids import grid
from sysmap.draw.page import MOST_NODES, Page, by_as_needed, make
from sysmap.io.workbook import created, render_frames, require_fit
from sysmap.measures import disclosure
from sysmap.measures.routes.sharing import SharedElements

MANIFEST = "manifest.txt"
"""The file by which sysmap knows a folder that it made; it holds the checksums."""

_OF_PARTS = (CUT_BY_DATE, "N405")
"""Notes that count what a part of a map leaves out."""

_CALENDAR = "calendar.ics"
_SHARED, _SHARING = "shared_elements", "Which outcomes share the elements that lead to them?"

_LONG = LONGEST_CELL // 2
"""Letters of a cell; a workbook counts some of them twice."""


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
            ),
            "influence": _Question(
                influence,
                Influence,
                (
                    "name",
                    "area",
                    "influence",
                    "direct",
                    "quadrant",
                    "rank",
                    "rank_low",
                    "rank_high",
                ),
            ),
            "loops": _Question(loops, Loops, ("loop", "path", "polarity", "strength"), details=1),
            "perspectives": _Question(
                perspectives,
                Perspectives,
                ("from", "to", "agree", "disagree", "sources", "state"),
                details=1,
            ),
        },
    ),
    (
        3,
        "Who works on what, with what priorities and challenges, and where could members join?",
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
                details=1,
            ),
            "coalitions": _Question(
                coalitions, Coalitions, ("members", "size", "covered", "share", "left_out")
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


def to_html(
    x: SystemMap | Result,
    path: str | PathLike[str] | None = None,
    *,
    audience: str = PUBLIC,
    title: str | None = None,
    start: Collection[str] | None = None,
    by: str | None = None,
    layouts: Sequence[str] = ("layers", "network"),
    max_nodes: int = 600,
    lang: str = "en",
    strings: Mapping[str, str] | None = None,
) -> Page:
    """One self-contained interactive page that needs no network and runs nothing from the data.

    Parameters
    ----------
    x
        A map, or an answer. An answer gets a view of its own with its figure, its first rows,
        its caveats and its methods; its columns stand in the details and in the table, and the
        graph opens on its first rows.
    path
        Where to save the page as well.
    audience
        ``public``, ``members`` or ``private``; the map is redacted for it first.
    title
        The heading; by default the title of the map.
    start
        Ids of the nodes that the graph opens on. By default a map of at most 80 nodes opens
        whole, a larger one on its outcomes and most-linked elements.
    by
        ``area`` draws one node per area of work in place of its elements.
    layouts
        ``layers`` and ``network``, or one of them; the first is drawn at the start.
    max_nodes
        The most nodes that the page may hold, at most 2,000.
    lang
        Language of the page, as an HTML language code; it also decides the writing direction.
    strings
        Interface texts in that language, by the keys of ``sysmap.draw.words.WORDS``. Sentences
        that are computed from the data stay in English.

    Returns
    -------
    Page
        With ``html``, ``network`` (a pyvis network), ``save(path)``; it shows itself in a
        notebook. Equal input gives equal bytes.

    Raises
    ------
    ValueError
        If an argument is unknown, or if redaction would change the map that an answer rests on:
        its numbers would then tell what this audience may not see.
    UnknownIdError
        If an id of `start` is not drawn.
    LimitError
        If the map has more nodes than a page can show; the message names the ways out.
    OutputError
        If `path` cannot be written.

    Examples
    --------
    >>> import sysmap as sm
    >>> page = sm.to_html(sm.example("teaching"))
    >>> page.html.startswith("<!doctype html>")
    True
    >>> sm.to_html(sm.example("teaching"), by="area").summary.split(": ")[-1]
    '61 nodes and 313 relations from 677 claims.'
    """
    given = x.map if isinstance(x, Result) else x
    m = given.redact(audience)
    if isinstance(x, Result):
        for each in x.maps:
            _refuse_hidden(each, each.redact(audience), audience)
        x = _told_to(x, audience)
        if by is not None:
            raise ValueError(
                f"by={by!r} groups the nodes that this answer is about; export the answer without "
                "by, or export its map with it"
            )
    verdicts = _universality(m, x)
    page = make(
        m,
        title=title,
        facts=_facts(verdicts),
        notes=disclosure.lead(m),
        lang=lang,
        layouts=layouts,
        max_nodes=max_nodes,
        start=start,
        by=by,
        strings=strings,
        result=x if isinstance(x, Result) else None,
        methods="" if verdicts is None or verdicts is x else verdicts.methods(),
    )
    if path is not None:
        page.save(path)
    return page


def _refuse_hidden(given: SystemMap, shown: SystemMap, audience: str) -> None:
    """An answer counts what its map holds, so no reader may get it who may not see all of that.

    No answer reads notes, unknown columns or the contact: a map without these is the same to it.
    """
    if all(_read(given, kind).equals(_read(shown, kind)) for kind in given.schema):
        return
    raise ValueError(
        f"this answer rests on rows that the audience {audience!r} may not see; compute it from "
        f"m.redact({audience!r}), or ask for audience={given.audience!r}"
    )


def _told_to(x: Result, audience: str) -> Result:
    """The same answer about what the audience sees, so that its figure is for that audience.

    A part of a map counts what it leaves out, hidden rows included; no caveat repeats that.
    """
    caveats = x.caveats
    for each in x.maps:
        open_notes = each.redact(audience).problems
        told = {note.code: note.message for note in open_notes}
        for note in each.problems:
            if note.code in _OF_PARTS and note not in open_notes:
                instead = told.get(note.code, UNCOUNTED)
                caveats = tuple(caveat.replace(note.message, instead) for caveat in caveats)
    redacted: dict[str, Any] = {
        field.name: value.redact(audience)
        for field in fields(x)
        if isinstance(value := getattr(x, field.name), SystemMap)
    }
    return replace(x, **redacted, caveats=caveats)


def _read(m: SystemMap, kind: TableType) -> pd.DataFrame:
    """What answers read of a table."""
    frame = m.tables[kind.table]
    if kind.table == ABOUT:
        frame = frame[~is_contact(frame)].reset_index(drop=True)
    return frame[[c for c in frame.columns if kind.knows(str(c)) and c != "note"]]


def report(
    m: SystemMap,
    folder: str | PathLike[str],
    /,
    *,
    audience: str = PUBLIC,
    progress: Progress = None,
) -> Path:
    """The brief that answers the five tasks: a page, the map, tables and figures in a folder.

    Parameters
    ----------
    folder
        Made, or replaced if sysmap made it; a folder of yours is never touched.
    audience
        ``public``, ``members`` or ``private``; the map is redacted for it first.
    progress
        Called with the answers sought and their number; True draws a bar.

    Returns
    -------
    pathlib.Path
        The page to open, ``index.html``.

    Raises
    ------
    LimitError
        If the map has too many nodes for a page, grouped by area too.
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
    index.html ['calendar.ics', 'figures', 'index.html', 'manifest.txt', 'map.html', 'tables.xlsx']
    """
    shown = m.redact(audience)
    target = files.writable(folder, folder=True)
    by = by_as_needed(shown)

    def fill(place: Path) -> None:
        _fill(place, shown, by, progress)

    made = files.write_folder(target, fill, manifest=MANIFEST, listed=_listed)
    return made / "index.html"


def _sections(
    place: Path, m: SystemMap, progress: Progress
) -> tuple[dict[str, Result], dict[str, pd.DataFrame], list[Section]]:
    """Every answer that can be given, its sheet, and the sections of the brief that hold them."""
    results: dict[str, Result] = {}
    tables: dict[str, pd.DataFrame] = {}
    sections, done = [], 0
    with teller(progress, sum(len(questions) for _, _, questions in _TASKS)) as tell:
        for number, heading, questions in _TASKS:
            answers = []
            for key, question in questions.items():
                answer, given = _answered(place, m, key, question)
                answers.append(answer)
                if given is not None:
                    results[key], tables[key] = given
                done += 1
                tell(done)
            sections.append(Section(number, heading, tuple(answers)))
    return results, tables, sections


def _fill(place: Path, m: SystemMap, by: str | None, progress: Progress) -> None:
    (place / "figures").mkdir()
    results, tables, sections = _sections(place, m, progress)
    moved = results.get("influence")
    if isinstance(moved, Influence):
        tables[_SHARED] = _fitting(moved.shared_elements().frame.reset_index())
    book = render_frames(tables, stamp=created(m.about), title=m.title)
    (place / "tables.xlsx").write_bytes(book)
    verdicts = results.get("universality")
    page = make(
        m,
        facts=_facts(verdicts),
        notes=disclosure.lead(m),
        methods=verdicts.methods() if verdicts else "",
        by=by,
        max_nodes=MOST_NODES,
    )
    page.save(place / "map.html")
    dated = results.get("calendar")
    if isinstance(dated, Calendar) and m.activities["start"].notna().any():
        dated.to_ics(place / _CALENDAR)
    brief = Brief(
        m.title,
        disclosure.lead(m),
        tuple(sections),
        _reading(results),
        disclosure.asks(m),
        _annex(m),
        {result.question: said for result in results.values() if (said := _used(result))},
        tuple(str(p) for p in m.problems),
        calendar=_CALENDAR if (place / _CALENDAR).exists() else "",
    )
    (place / "index.html").write_bytes(render(brief).encode())
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(place).as_posix()}"
        for file in sorted(place.rglob("*"))
        if file.is_file()
    ]
    (place / MANIFEST).write_bytes(("\n".join(lines) + "\n").encode())


def _listed(manifest: str) -> list[str]:
    """The names behind the checksums."""
    return [name for line in manifest.splitlines() for _, _, name in [line.partition("  ")]]


def _answered(
    place: Path, m: SystemMap, key: str, question: _Question
) -> tuple[Answer, tuple[Result, pd.DataFrame] | None]:
    """The section of an answer, and where it could be given the answer and its sheet."""
    try:
        result = question.ask(m)
        sheet = _sheet(result)
        require_fit(key, sheet)
    except (UndecidableError, LimitError) as error:  # one answer less, and the others stay
        said = str(error)
        return Answer(key, question.kind.question, missing=said[:1].upper() + said[1:]), None
    figures = [_figure(place, key, result.question, result)]
    if isinstance(result, Influence):
        figures.append(_figure(place, _SHARED, _SHARING, result.shared_elements()))
    details = tuple(result.explain(label) for label in result.frame.index[: question.details])
    answer = Answer(
        key,
        result.question,
        result.summary(),
        tuple(figure for figure in figures if figure is not None),
        grid(result.frame, question.columns, _names(result.map), sheet=key, last=question.last),
        details,
        result.caveats,
        result.methods(),
    )
    return answer, (result, sheet)


def _figure(place: Path, key: str, name: str, shown: Result | SharedElements) -> Figure | None:
    """The figure, written beside the page; None where it would hold nothing."""
    if not len(shown):
        return None
    with interrupts.held():
        ax = shown.plot()
        if charts.is_blank(ax):
            return None
        svg = charts.to_svg(ax, title=shown.summary(), description=shown.alt_text())
    address = f"figures/{key}.svg"
    (place / address).write_bytes(svg)
    return Figure(address, shown.alt_text(), name)


def _names(m: SystemMap) -> Mapping[str, str]:
    return {
        str(id): str(name)
        for kind in m.schema.nodes
        for id, name in m.nodes(kind.table)["name"].items()
    }


def _sheet(result: Result) -> pd.DataFrame:
    """The answer as a flat table to twelve digits, with names beside ids."""
    flat = _fitting(result.frame.reset_index())
    figures = flat.select_dtypes("float").columns
    flat[figures] = flat[figures].map(twelve_digits)
    named = _names(result.map)
    for column in reversed(result.frame.index.names):
        if column in flat and "name" not in flat:
            at = flat.columns.get_loc(column) + 1
            flat.insert(at, f"{column}_name", flat[column].map(named))
    return flat


def _fitting(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with lists that no cell of a workbook holds cut short, and told so."""

    def cut(value: object) -> object:
        if not isinstance(value, str) or len(value) <= _LONG:
            return value
        return value[:_LONG].rpartition("; ")[0] + "; and more than a cell can hold"

    lists = frame.select_dtypes("str").columns
    return frame.assign(**{c: frame[c].map(cut).astype("str") for c in lists})


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


def _reading(results: Mapping[str, Result]) -> tuple[str, ...]:
    """What the words of the answers mean, with the bounds that were used."""
    said = []
    sought, found = results.get("common_outcomes"), results.get("universality")
    if isinstance(found, Universality):
        rule = found.rule
        said.append(
            f"Universal: the whole {percent(rule.level)} interval of the share of assessed "
            f"{found.params['units']} lies at or above {percent(rule.universal)}; "
            f"context-specific: at or below {percent(rule.specific)}; intermediate: between; "
            "undetermined: it crosses a bound, so the reports do not decide."
        )
    if isinstance(sought, CommonOutcomes):
        said.append(
            f"Common, shared, niche: the same for the share of members that seek an outcome, at "
            f"{percent(sought.rule.common)} and {percent(sought.rule.niche)}."
        )
    said.append(
        "Silent, not asked and absent are three things and never added up; a rank interval holds "
        "the ranks that other answers could have given, and what overlaps cannot be told apart."
    )
    return tuple(said)


def _used(result: Result) -> str:
    """The parameters of an answer as they were really used."""
    return "; ".join(
        terms.parameter(name, value)
        for name, value in result.params.items()
        if value is not None and value != ()
    )


def _annex(m: SystemMap) -> dict[str, str]:
    about = {k: v for k, v in sorted(m.about.items()) if k not in ("title", "source")}
    size = repr(m).removeprefix("<SystemMap: ").removesuffix(">")
    return {**about, "audience": m.audience, "size": size, "sysmap": version("sysmap-graph")}
