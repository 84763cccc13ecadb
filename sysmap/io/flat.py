"""One CSV file into rows of cells, with every fault that no row survives."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sysmap.core.problems import Place, Problem
from sysmap.core.values import LONGEST_CELL
from sysmap.io import guards
from sysmap.io.guards import Limits

_SHOWN = 3


def text(
    path: Path, place: Place, limits: Limits, encoding: str | None
) -> tuple[str, Problem | None]:
    """The decoded file; E010 if it is not in the encoding, E014 if a line is too long."""
    size = path.stat().st_size
    if size > limits.unpacked:
        return "", Problem(
            "E014",
            f"the file has {size // 1_000_000:,} MB, limit {limits.unpacked // 1_000_000:,}",
            "split it, or raise limits",
            (place,),
        )
    data = path.read_bytes()
    choose = "in Excel choose CSV UTF-8, or give encoding="
    if encoding is None and data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "", Problem("E010", "the file is saved as UTF-16, not UTF-8", choose, (place,))
    if encoding is None and data[:4096].count(0) > len(data[:4096]) // 4:
        return "", Problem("E010", "the file is no text in UTF-8", choose, (place,))
    if data.startswith((guards.ZIP, guards.OLE)):
        return "", Problem(
            "E006",
            "the name ends in .csv, but the content is a workbook",
            "give the workbook itself, or save the sheet as CSV UTF-8",
            (place,),
        )
    longest = _longest(data, limits.line)
    if longest > limits.line:
        return "", Problem(
            "E014",
            f"a line has {longest:,} bytes, limit {limits.line:,}",
            "check the line breaks, or raise limits",
            (place,),
        )
    try:
        return data.decode(encoding or "utf-8-sig").removeprefix("\ufeff"), None
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        at = replace(place, cell=f"line {data.count(10, 0, start) + 1}")
        said = encoding or "UTF-8; was it saved as Windows-1252 or UTF-16?"
        return "", Problem("E010", f"the file is not in {said}", choose, (at,))


def records(
    text: str, place: Place, limits: Limits, separator: str
) -> tuple[list[list[str]], list[int], list[Problem]]:
    """Rows of cells with the line on which each begins; E009, E013 or E014 where that fails."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    begins = 1
    try:
        for row in reader:
            if len(row) > limits.columns:
                return [], [], [_too_wide(len(row), begins, place, limits)]
            rows.append(row)
            numbers.append(begins)
            begins = reader.line_num + 1
            if len(rows) > limits.rows:
                return (
                    [],
                    [],
                    [
                        Problem(
                            "E014",
                            f"the file has more than {limits.rows:,} rows",
                            "split it, or raise limits",
                            (place,),
                        )
                    ],
                )
    except csv.Error as error:
        return [], [], [_torn(str(error), text, begins, reader.line_num, place)]
    return rows, numbers, []


def shape(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    at: int,
    place: Place,
    limits: Limits,
    separator: str | None,
) -> list[Problem]:
    """E012 if the header is in one piece; E011 for rows that are shorter or longer than it."""
    header = rows[at]
    if len(header) == 1:
        other = next((mark for mark in ";\t|," if mark in header[0] and mark != separator), None)
        if other:
            mark = "\\t" if other == "\t" else other
            line = replace(place, cell=f"line {numbers[at]}")
            return [
                Problem(
                    "E012",
                    f"the header is in one piece and holds {mark!r}"
                    if other != "\t"
                    else "the header is in one piece and holds tabs",
                    f'read it with separator="{mark}"',
                    (line,),
                )
            ]
    wrong: dict[int, list[int]] = {}
    for row, number in zip(rows[at + 1 :], numbers[at + 1 :], strict=True):
        if len(row) != len(header) and any(row):
            wrong.setdefault(len(row), []).append(number)
    return [
        Problem(
            "E011",
            f"the line has {count} cells, the header {len(header)}",
            "add or delete separators, or put quotes around text that holds one",
            tuple(
                replace(place, cell=f"line {n}", order=(place.order[0], n, 0))
                for n in lines[:_SHOWN]
            ),
            len(lines),
        )
        for count, lines in sorted(wrong.items())
    ]


def _too_wide(width: int, line: int, place: Place, limits: Limits) -> Problem:
    at = replace(place, cell=f"line {line}", order=(place.order[0], line, 0))
    return Problem(
        "E014",
        f"the line has {width:,} cells, limit {limits.columns:,}",
        "check the separator, or raise limits",
        (at,),
    )


def _longest(data: bytes, limit: int) -> int:
    """The bytes of the longest line, held to a lone carriage return only where it is too long."""
    longest = max(map(len, io.BytesIO(data)), default=0)
    if longest <= limit:
        return longest
    return max(len(part) for line in io.BytesIO(data) for part in line.splitlines())


def _torn(error: str, text: str, begins: int, ends: int, place: Place) -> Problem:
    opened, is_open = begins, False
    lines = islice(io.StringIO(text, newline=""), begins - 1, ends)
    for number, line in enumerate(lines, start=begins):
        if line.count('"') % 2:
            is_open = not is_open
            opened = number if is_open else opened
    at = replace(place, cell=f"line {opened}", order=(place.order[0], opened, 0))
    if "field larger" in error and ends == begins:
        return Problem(
            "E009",
            f"a cell has more than {csv.field_size_limit():,} characters",
            f"keep it under {LONGEST_CELL:,}",
            (at,),
        )
    if "field larger" in error or "end of data" in error:
        return Problem("E013", "a quote opens here and is never closed", 'add the closing "', (at,))
    return Problem(
        "E013", "a quote stands inside a cell", "write it twice, and the cell between quotes", (at,)
    )
