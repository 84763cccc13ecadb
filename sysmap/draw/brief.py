"""The brief as one static page: plain values in, escaped HTML out; no script at all."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts, at most as many rows as a page can carry.

    Parameters
    ----------
    columns
        Headings.
    numeric
        True for each column that is set flush right.
    rows
        Cells as they are printed.
    note
        How many rows there are in all and where.
    terms
        Headings that need a word, each with what it means.
    """

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure beside the page.

    Parameters
    ----------
    address
        Where the file stands, seen from the page.
    alt
        The figure in words.
    name
        What it shows, in a few words.
    """

    address: str
    alt: str
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer, or with what is missing to answer it.

    Parameters
    ----------
    key
        Name of the answer; also its anchor and its sheet.
    summary
        One sentence; empty if the data cannot answer.
    figures
        The figure of the answer, and any that stands beside it.
    missing
        What the data lack; empty if they answer.
    details
        Sentences about the first subjects.
    """

    key: str
    question: str
    summary: str = ""
    figures: tuple[Figure, ...] = ()
    grid: Grid | None = None
    details: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    methods: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One task of the terms of reference."""

    number: int
    heading: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the page says, as plain values.

    Parameters
    ----------
    lead
        Sentences under the title: data date, who was asked, what is hidden.
    reading
        How to read the words of the answers, a sentence each.
    asks
        What to ask next, a sentence each.
    annex
        Facts about the making, by name.
    parameters
        What each answer was computed with, by the question.
    problems
        Faults that the reading found, a line each.
    calendar
        Address of the activities as a calendar beside the page; empty if there is none.
    """

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    reading: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    annex: Mapping[str, str] | None = None
    parameters: Mapping[str, str] | None = None
    problems: tuple[str, ...] = ()
    calendar: str = ""
    lang: str = "en"


def _bound(value: object) -> object:
    """A percent sign stays on the line of its number."""
    return re.sub(r"(?<=\d) %", "\u00a0%", value) if type(value) is str else value


def render(brief: Brief) -> str:
    """The brief as an HTML document that needs nothing but the files beside it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("sysmap.draw", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_bound,
    )
    style = files("sysmap.draw").joinpath("assets/brief.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("brief.html.j2").render(
        brief=brief,
        style=Markup(style),  # our own style sheet, pinned by its hash
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'",
    )
