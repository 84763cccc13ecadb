"""Write a map: only what reading takes back, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from sysmap.core.errors import UnsupportedFormatError
from sysmap.core.model import SystemMap
from sysmap.core.problems import Problem, Problems, shown
from sysmap.io.exports import Formulas
from sysmap.io.formats import FORMATS, Writer


def write(
    m: SystemMap,
    path: str | os.PathLike[str],
    /,
    *,
    format: str | None = None,
    formulas: Formulas = "guard",
) -> Problems:
    r"""A map becomes a workbook or a CSV folder that reads back to the same map.

    Parameters
    ----------
    m
        What is written, private rows included; ``m.redact()`` first for other eyes.
    path
        A name that ends in ``.xlsx`` is a workbook; a name without ending, or a folder that is
        there, is a folder of CSV files with a ``datapackage.json``.
    format
        ``xlsx`` or ``csv`` where the name does not tell.
    formulas
        ``guard`` puts an apostrophe before CSV text that a spreadsheet program would run, and
        reading takes it off; ``keep`` writes such text bare, for machines. Workbooks hold no
        formula either way.

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
        If the place cannot be written; what stood there is intact.

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
    return Problems(_writer(target, format)(m, target, formulas))


def _writer(path: Path, stated: str | None) -> Writer:
    """The writer of the stated format, else of the one whose names end so, else of a folder."""
    suffix = path.suffix.casefold()
    by_name = {ending: f.name for f in FORMATS for ending in f.own if f.write}
    name = stated or by_name.get(suffix) or ("csv" if not suffix or path.is_dir() else "")
    found = next((f.write for f in FORMATS if f.name == name and f.write), None)
    if found:
        return found
    what = f"{shown(path.name)!r} ends in {shown(suffix)!r}, which"
    if stated is not None:
        what = f"format {shown(stated)!r}"
    endings = ", ".join(by_name)
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
