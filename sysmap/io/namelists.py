"""Lists of names in text and CSV files, and suggestions for them as a table to fill in."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from sysmap.core import files, names
from sysmap.core.errors import InvalidMapError
from sysmap.core.problems import Place, Problem, Problems, shown
from sysmap.io import csvtext, flat, guards, missing
from sysmap.io.guards import Limits


def listed(
    path: str | os.PathLike[str],
    *,
    column: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
) -> list[str]:
    r"""The names of a file: one in each line, or those of one column of a CSV file.

    Parameters
    ----------
    path
        The file.
    column
        Header of the column; None is a file without columns.
    encoding, separator
        Where they are not UTF-8 and the comma.

    Returns
    -------
    list of str
        Names without blanks at their ends, in the order of the file; blank ones are passed over.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    InvalidMapError
        If it cannot be read (E006 to E019) or has no such column (E104).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_text("who,where\nAurora,North\n", "utf-8")
    ...     listed(Path(folder, "a.csv"), column="Who")
    ['Aurora']
    """
    file, limits = Path(path), Limits()
    place = Place(file.name)
    try:
        fault = _no_file(file)
        text, fault = ("", fault) if fault else flat.text(file, place, limits, encoding)
    except OSError as error:
        text, fault = "", guards.unreadable(file, error)
    if fault and fault.code == "E001":
        raise FileNotFoundError(str(fault))
    if fault:
        raise InvalidMapError(Problems([fault]))
    if column is None:
        return [line.strip() for line in text.splitlines() if line.strip()]
    rows, _, problems = flat.records(text, place, limits, separator or ",")
    if problems:
        raise InvalidMapError(Problems(problems))
    header = [names.header(cell) for cell in rows[0]] if rows else []
    if names.header(column) not in header:
        there = ", ".join(shown(cell) for cell in rows[0][:5]) if rows else "nothing"
        said = f"column {column!r} is missing"
        remedy = f"give --column one of {there}, or --separator"
        raise InvalidMapError(Problems([Problem("E104", said, remedy, (place,))]))
    at = header.index(names.header(column))
    cells = (csvtext.unguard(row[at].strip()) for row in rows[1:] if at < len(row))
    return [cell for cell in cells if cell]


def _no_file(path: Path) -> Problem | None:
    """Why no names can be read there, whatever they were."""
    if not path.exists():
        return missing.absent(path)
    if path.is_dir():
        said = "this is a folder, and names are read from a file"
        remedy = "give a text file with one name in each line, or a CSV file and its --column"
        return Problem("E007", said, remedy, (Place(path.name),))
    return None if path.is_file() else missing.pipe(path)


def to_text(found: pd.DataFrame) -> str:
    r"""Suggestions as CSV text, guarded so that no spreadsheet program runs a name.

    Examples
    --------
    >>> to_text(pd.DataFrame({"name": ["=A1"], "id": [None], "score": [95.0]}))
    "name,id,score\n'=A1,,95\n"
    """
    lines = [csvtext.line(map(str, found.columns))]
    for row in found.to_numpy(dtype=object).tolist():
        lines.append(csvtext.line(map(_cell, row)))
    return "".join(lines)


def save(found: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write suggestions as a CSV file, whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written there (E601 to E605).
    """
    return files.write_bytes(files.writable(path), to_text(found).encode())


def _cell(value: object) -> str:
    if isinstance(value, str):
        return csvtext.guard(value)
    if isinstance(value, (int, float)) and value == value:
        return csvtext.number(float(value))
    return ""
