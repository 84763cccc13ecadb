"""Write a map: only what reading takes back, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from sysmap.core.errors import OutputError, UnsupportedFormatError
from sysmap.core.model import SystemMap
from sysmap.core.problems import Problem, Problems, shown
from sysmap.core.progress import Progress
from sysmap.io.exports import Formulas
from sysmap.io.formats import EVERY, FORMATS, Format


def write(
    m: SystemMap,
    path: str | os.PathLike[str],
    /,
    *,
    format: str | None = None,
    formulas: Formulas = "guard",
    audience: str | None = None,
    progress: Progress = None,
) -> Problems:
    r"""A map becomes a file that reads back to the same map, or to the part that is told.

    Parameters
    ----------
    m
        What is written, private rows included unless `audience` leaves them out.
    path
        A name that ends in ``.xlsx`` is a workbook, in ``.json`` JSON of sysmap; a name without
        ending, or a folder that is there, is a folder of CSV files with a ``datapackage.json``.
    format
        Which format, where the name does not tell; docs/formats lists them.
    formulas
        ``guard`` puts an apostrophe before CSV text that a spreadsheet program would run, and
        reading takes it off; ``keep`` writes such text bare, for machines. Workbooks hold no
        formula either way.
    audience
        For whom: ``public``, ``members`` or ``private``; the map is redacted first. None writes
        the map as it is, and refuses rows that are not public in a format that cannot say so.
    progress
        Called with tables written and their number where the format is a folder; True draws a
        bar.

    Returns
    -------
    Problems
        What the format could not hold; empty if nothing was lost.

    Raises
    ------
    UnsupportedFormatError
        If the ending or `format` is none that sysmap writes.
    LimitError
        If a workbook has no room for a table; nothing was written.
    OutputError
        If the place cannot be written, or rows would lose that they are not public (E608); what
        stood there is intact.

    Notes
    -----
    The same map gives the same bytes. Tables without rows and unknown columns are not written; a
    map without any row gives the headers of organizations, outcomes and elements.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({"outcomes": pd.DataFrame({"id": ["o"], "name": ["=Light"]})})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     problems = write(m, Path(folder) / "map")
    ...     (Path(folder) / "map" / "outcomes.csv").read_text(encoding="utf-8")
    "id,name,description,visibility\no,'=Light,,\n"
    >>> len(problems)
    0
    """
    if formulas not in ("guard", "keep"):
        raise ValueError(f"formulas is {formulas!r}; write 'guard' or 'keep'")
    target = Path(path)
    found = _format(target, format)
    if audience is not None:
        m = m.redact(audience)
    elif found.bare:
        _refuse_hidden(m, target, found)
    return Problems(found.write(m, target, formulas, progress) if found.write else [])


def _refuse_hidden(m: SystemMap, path: Path, found: Format) -> None:
    """E608: rows that are not public, in a format that cannot say so."""
    public = m.redact()
    every = [kind.table for kind in (*m.schema.nodes, *m.schema.links)]
    written = every if found.bare == EVERY else found.bare
    hidden = {table: _unseen(m, public, table) for table in written}
    told = ", ".join(f"{count:,} of {table}" for table, count in hidden.items() if count)
    if told:
        raise OutputError(
            "E608",
            path,
            f"some rows are not public ({told}), and {found.words} cannot say so. "
            "Give audience='public' to leave them out, or audience='private' to write them all "
            "the same.",
        )


def _unseen(m: SystemMap, public: SystemMap, table: str) -> int:
    """How many rows the public map lacks; a hidden source stays there, but under another id."""
    given, shown = m.table(table), public.table(table)
    if any(table == kind.table for kind in m.schema.nodes):
        return int((~given["id"].isin(shown["id"])).sum())
    return len(given) - len(shown)


def _format(path: Path, stated: str | None) -> Format:
    """The stated format, else the one whose names end so, else a folder."""
    suffix = path.suffix.casefold()
    by_name = {ending: f.name for f in FORMATS for ending in f.made}
    name = stated or by_name.get(suffix) or (by_name[""] if path.is_dir() else "")
    found = next((f for f in FORMATS if f.name == name and f.write), None)
    if found:
        return found
    what = f"{shown(path.name)!r} ends in {shown(suffix)!r}, which"
    if stated is not None:
        what = f"format {shown(stated)!r}"
    endings = ", ".join(filter(None, by_name))
    raise UnsupportedFormatError(
        Problems(
            [
                Problem(
                    "E007",
                    f"{what} is no format that sysmap writes",
                    f"end the name in {endings}, or give it no ending for a CSV folder",
                )
            ]
        )
    )
