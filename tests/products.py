"""Everything that sysmap makes of a map, as bytes by name."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import networkx as nx

import sysmap as sm
from sysmap.cli import main
from sysmap.core import charts
from sysmap.core.model import SystemMap
from sysmap.core.problems import Problems
from sysmap.core.schema import AUDIENCES, ORGANIZATIONS, PRIVATE
from sysmap.io.formats import FORMATS, Format
from tests.questions import WITH_SUBJECT

PARQUET = "parquet"
"""The format that needs an extra, and a test of its own that says where it skips."""
_MOST_KEYS = 40
_SUBJECTS = {**WITH_SUBJECT, "backtest": lambda m: sm.backtest(m, at="2024-01")}


def of_map(m: SystemMap, audience: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Pages, the brief, files of every format, notebook views and the filled template."""
    page = sm.to_html(m, folder / "saved.html", audience=audience)
    yield "page", page.html.encode()
    yield "page, saved", (folder / "saved.html").read_bytes()
    yield "page in a notebook", page._repr_html_().encode()
    yield "page by area", sm.to_html(m, audience=audience, by="area").html.encode()
    yield "network", page.network.generate_html().encode()
    yield from _files("brief", sm.report(m, folder / "brief", audience=audience).parent)
    for format in FORMATS:
        if format.write and format.name != PARQUET:
            yield from _written(m, format, audience, folder)
    shown = m.redact(audience)
    yield "map in a notebook", (shown._repr_html_() + repr(shown)).encode()
    yield "problems", (str(shown.problems) + shown.problems._repr_html_()).encode()
    yield "networkx", json.dumps(nx.node_link_data(sm.to_networkx(shown)), default=str).encode()
    yield "pyvis", sm.to_pyvis(shown).generate_html().encode()
    if audience != AUDIENCES[-1]:
        sm.template(folder / "form.xlsx", shown, tables="all")
        yield "template", (folder / "form.xlsx").read_bytes()


def of_parquet(m: SystemMap, audience: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of the format that needs an extra."""
    yield from _written(m, next(f for f in FORMATS if f.name == PARQUET), audience, folder)


def _written(
    m: SystemMap, format: Format, audience: str, folder: Path
) -> Iterator[tuple[str, bytes]]:
    for suffix in format.suffixes:
        target = folder / f"written-{format.name}{suffix}"
        try:
            lost = sm.write(m, target, format=format.name, audience=audience)
        except sm.UnsupportedFormatError:  # an ending that is only read
            continue
        yield from _files(f"write {format.name}{suffix}", target)
        yield f"write {format.name}{suffix}, what was lost", str(lost).encode()


def _files(name: str, place: Path) -> Iterator[tuple[str, bytes]]:
    if place.is_file():
        yield name, place.read_bytes()
    for file in sorted(place.rglob("*")):
        if file.is_file():
            yield f"{name}/{file.relative_to(place).as_posix()}", file.read_bytes()


def of_commands(m: SystemMap, audience: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """What the command line writes of a workbook for an audience."""
    sm.write(m, folder / "whole.xlsx")
    for verb, name in (("html", "by-command.html"), ("report", "brief-by-command")):
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            main([verb, str(folder / "whole.xlsx"), str(folder / name), "--audience", audience])
        yield from _files(f"sysmap {verb}", folder / name)
    for name in ("c.xlsx", "c.json", "c.graphml", "c.gexf", "c"):
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            main(
                ["convert", str(folder / "whole.xlsx"), str(folder / name), "--audience", audience]
            )
        yield from _files(f"sysmap convert {name}", folder / name)


def of_answers(m: SystemMap, audience: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each answer: frame, evidence of its rows, sentences, figure, page, calendar."""
    shown = m.redact(audience)
    for question in answers():
        try:
            answer = (_SUBJECTS.get(question) or getattr(sm, question))(shown)
        except sm.UndecidableError as error:
            yield f"{question}, undecided", str(error).encode()
            continue
        yield from of_answer(question, answer, audience, folder)


def of_parts(m: SystemMap, audience: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The page of each answer about the open part of a map that was not redacted.

    Only organizations are hidden in it, or no page would be made of an answer about a part.
    """
    shown = m.redact(audience)
    tables = {**shown.tables, ORGANIZATIONS: m.tables[ORGANIZATIONS]}
    part = replace(shown, tables=tables, audience=PRIVATE, hidden=0, problems=Problems([])).select(
        organizations=list(shown.organizations.index)
    )
    for question in answers():
        try:
            answer = (_SUBJECTS.get(question) or getattr(sm, question))(part)
        except sm.UndecidableError:
            continue
        yield f"{question}, page of a part", sm.to_html(answer, audience=audience).html.encode()


def of_answer(
    name: str, answer: sm.Result, audience: str, folder: Path
) -> Iterator[tuple[str, bytes]]:
    """All that one answer can show."""
    index = answer.frame.index
    keys = list(index[:: max(1, len(index) // _MOST_KEYS)])
    yield f"{name}.frame", answer.frame.to_csv().encode("utf-16")
    yield f"{name}.evidence", "".join(answer.evidence(k).to_csv() for k in keys).encode()
    yield f"{name}.explain", "\n".join(answer.explain(k) for k in keys).encode()
    said = (answer.summary(), answer.methods(), answer.alt_text(), *answer.caveats, repr(answer))
    yield f"{name}.words", "\n".join((*said, str(dict(answer.params)))).encode()
    yield f"{name} in a notebook", answer._repr_html_().encode()
    yield f"{name} page", sm.to_html(answer, audience=audience).html.encode()
    drawn = getattr(answer, "drawn", None)  # a field of some results, a method of others
    if drawn is not None:
        yield f"{name}.drawn", (drawn() if callable(drawn) else drawn).to_csv().encode()
    if hasattr(answer, "to_ics"):
        yield f"{name}.ics", answer.to_ics(folder / "c.ics").read_bytes()
    ax = answer.plot()
    yield (
        f"{name}.svg",
        charts.to_svg(ax, title=answer.summary(), description=answer.alt_text()),
    )
    for kind in ("png", "svg"):
        made = io.BytesIO()
        ax.figure.savefig(made, format=kind)
        yield f"{name}, saved as {kind}", made.getvalue()
    plt.close(ax.figure)


def answers() -> tuple[str, ...]:
    """The public functions that answer a question: each has a result class of its own."""
    return tuple(name for name in sm.__all__ if sm._HOMES[name] == f"sysmap.analyses.{name}")
