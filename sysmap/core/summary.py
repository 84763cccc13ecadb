"""What a map tells of itself in a notebook: sizes, first names, and what not to forget."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from sysmap.core import coded, dates
from sysmap.core.schema import ILLUSTRATIVE, JUDGED, YES
from sysmap.core.words import first_few, number_of

_FIRST = 3

Row = tuple[str, int, Sequence[str]]
"""A table, how many rows it has, and the names of its first nodes."""


def of_grade(links: Iterable[pd.DataFrame], sources: pd.DataFrame, grade: str) -> int:
    """How many claims rest on sources of a grade; columns of the claims may be codes."""
    ids = set(sources["id"][sources["grade"] == grade])
    count = 0
    for frame in links if ids else ():
        codes, named = coded.split(frame["source"])
        each = np.bincount(codes[codes >= 0], minlength=len(named))
        count += int(each[[source in ids for source in named]].sum())
    return count


def facts(
    about: Mapping[str, str],
    asked: pd.DataFrame,
    sources: pd.DataFrame,
    links: Sequence[pd.DataFrame],
    hidden: int,
    notes: int,
) -> list[str]:
    """How old the data are, who answered, and what is made up, judged or hidden.

    Parameters
    ----------
    asked, sources, links
        The tables of those names, and all link tables.
    hidden, notes
        Claims that this audience may not see, and lines of the import report.
    """
    day = about.get("data date")
    said = [f"Data of {dates.spoken(day)}." if day else "Data date not given."]
    stated = asked[asked["speaks_for"].isna()]
    if len(stated):
        heard = stated.loc[stated["answered"] == YES, "source"].nunique()
        said.append(
            f"{heard:,} of {number_of(stated['source'].nunique(), 'source')} asked answered."
        )
    else:
        said.append("No record of who was asked, so silence cannot be told from no.")
    for grade in (ILLUSTRATIVE, JUDGED):
        if count := of_grade(links, sources, grade):
            said.append(f"Claims that are {grade}: {count:,}.")
    if hidden:
        said.append(f"Claims hidden from this audience: {hidden:,}.")
    if notes:
        said.append(f"Notes and warnings of the reading, in m.problems: {notes:,}.")
    return said


def as_html(title: str, size: str, said: Sequence[str], rows: Iterable[Row]) -> str:
    """A summary as escaped HTML.

    Examples
    --------
    >>> as_html("A & B", "empty; 0 claims", ["Data date not given."], [("elements", 1, ["<b>"])])
    ... # doctest: +ELLIPSIS
    '<p><strong>A &amp; B</strong></p><p>empty; 0 claims</p><table><tr><th>elements</th>...'
    """
    cells = "".join(
        f"<tr><th>{html.escape(table.replace('_', ' '))}</th><td>{number:,}</td>"
        f"<td>{html.escape(first_few(names, _FIRST))}</td></tr>"
        for table, number, names in rows
    )
    notes = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in said)
    return (
        f"<p><strong>{html.escape(title)}</strong></p><p>{html.escape(size)}</p>"
        f"<table>{cells}</table><ul>{notes}</ul>"
    )
