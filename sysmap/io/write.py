"""Write a map: only what reading takes back, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from sysmap.core import files
from sysmap.core.errors import UnsupportedFormatError
from sysmap.core.model import SystemMap
from sysmap.core.problems import Problem, Problems, shown
from sysmap.core.schema import ELEMENTS, ORGANIZATIONS, OUTCOMES, TableType
from sysmap.io import csvtext, descriptor, workbook

Formulas = Literal["guard", "keep"]
_Writer = Callable[[SystemMap, Path, Formulas], list[Problem]]


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
    return Problems(_WRITERS[_format(target, format)](m, target, formulas))


def _format(path: Path, stated: str | None) -> str:
    if stated is not None:
        if stated not in _WRITERS:
            raise _unsupported(f"format {shown(stated)!r}")
        return stated
    suffix = path.suffix.casefold()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if not suffix or path.is_dir():
        return "csv"
    raise _unsupported(f"{shown(path.name)!r} ends in {shown(suffix)!r}, which")


def _unsupported(what: str) -> UnsupportedFormatError:
    remedy = "end the name in .xlsx for a workbook, or give it no ending for a CSV folder"
    return UnsupportedFormatError(
        Problems([Problem("E007", f"{what} is no format that sysmap writes", remedy)])
    )


def _to_workbook(m: SystemMap, path: Path, formulas: Formulas) -> list[Problem]:
    files.writable(path)
    data, problems = workbook.render(
        _filled(m), m.schema, stamp=workbook.created(m.about), title=m.title
    )
    files.write_bytes(path, data)
    return problems


def _to_folder(m: SystemMap, path: Path, formulas: Formulas) -> list[Problem]:
    frames = _filled(m)
    for table in frames:
        files.writable(Path(f"{table}.csv"))

    def fill(folder: Path) -> None:
        for table, frame in frames.items():
            _table(folder / f"{table}.csv", frame, m.schema[table], formulas)
        text = descriptor.describe(frames, m.schema, title=m.title)
        (folder / descriptor.MANIFEST).write_text(text, encoding="utf-8", newline="\n")

    files.write_folder(path, fill, manifest=descriptor.MANIFEST)
    return [] if formulas == "guard" else _ambiguous(frames)


_WRITERS: Mapping[str, _Writer] = {"xlsx": _to_workbook, "csv": _to_folder}
_SUFFIXES = {".xlsx": "xlsx"}


def _filled(m: SystemMap) -> dict[str, pd.DataFrame]:
    """The tables that say something, in the order of the schema."""
    frames = {kind.table: m.table(kind.table) for kind in m.schema}
    filled = {
        table: frame
        for table, frame in frames.items()
        if len(frame) or any(not m.schema[table].knows(str(c)) for c in frame.columns)
    }
    return filled or {table: frames[table] for table in (ORGANIZATIONS, OUTCOMES, ELEMENTS)}


def _table(path: Path, frame: pd.DataFrame, kind: TableType, formulas: Formulas) -> None:
    known = [c for c in kind.names if c in frame.columns]
    columns = [*known, *(c for c in frame.columns if c not in known)]
    guard = csvtext.guard if formulas == "guard" else str
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(csvtext.line(guard(str(c)) for c in columns))
        cells = [_cells(frame[c], kind, str(c), guard) for c in columns]
        stream.writelines(csvtext.line(row) for row in zip(*cells, strict=True))


def _cells(
    cells: pd.Series, kind: TableType, name: str, guard: Callable[[str], str]
) -> Iterable[str]:
    """The cells of a column as text; codes of a closed list and numbers are written bare."""
    column = kind.column(name)
    if pd.api.types.is_float_dtype(cells) and not pd.api.types.is_extension_array_dtype(cells):
        return ["" if c != c else csvtext.number(c) for c in cells.tolist()]
    texts = ["" if blank else str(c) for c, blank in zip(cells, cells.isna(), strict=True)]
    bare = column is not None and column.kind in ("choice", "integer", "question", "date")
    return texts if bare else [guard(t) for t in texts]


def _ambiguous(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """W609: bare text that reading takes for guarded text."""
    count = sum(
        sum(csvtext.is_ambiguous(c) for c in frame[name] if isinstance(c, str))
        for frame in frames.values()
        for name in frame.columns
    )
    if not count:
        return []
    return [
        Problem(
            "W609",
            f"{count:,} texts begin with an apostrophe before a sign, and reading takes it off",
            "write with formulas='guard'",
            count=count,
        )
    ]
