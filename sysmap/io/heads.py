"""What is seen of an input before a reader is chosen, and what its caller said about reading."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from sysmap.core.draft import table_named
from sysmap.core.problems import Problem
from sysmap.core.schema import SCHEMA, Schema
from sysmap.io import guards
from sysmap.io.books import Book, DamagedError, Rows, damaged, opened
from sysmap.io.guards import Limits

FOLDER, WORKBOOK, TEXT = "folder", "workbook", "text"
"""What an input can be before anybody asks for its format."""

_ROWS = 25


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller said about reading.

    Parameters
    ----------
    schema
        The types.
    limits
        How much a file may hold.
    encoding, separator
        Of text files, where they are not UTF-8 and the comma.
    choices
        Decisions that an import report asked for.
    """

    schema: Schema = SCHEMA
    limits: Limits = field(default_factory=Limits)
    encoding: str | None = None
    separator: str | None = None
    choices: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an input.

    Parameters
    ----------
    path
        The file or folder.
    start
        Its first bytes; empty for a folder.
    book
        The workbook, if it is one.
    rows
        The first 25 rows of a text file with separators, or of the first sheet of a workbook none
        of whose sheets is named as a table of the schema.
    """

    path: Path
    start: bytes = b""
    book: Book | None = None
    rows: Rows = ()

    @property
    def container(self) -> str:
        """Whether it is a folder, a workbook or, as all else, text."""
        if self.book is not None:
            return WORKBOOK
        return TEXT if self.start or not self.path.is_dir() else FOLDER

    @property
    def suffix(self) -> str:
        """The ending of the name, in lower case."""
        return self.path.suffix.lower()

    @property
    def text(self) -> str:
        """The first bytes as text, for a look and not for reading."""
        return self.start.decode("utf-8-sig", "replace").lstrip()


def ending(folder: Path, *suffixes: str) -> list[Path]:
    """What in a folder ends so, in either case and in order, without what is hidden.

    Some programs write endings in capitals, and a Mac puts a hidden file beside each of a stick.
    """
    there = sorted(folder.iterdir())
    return [p for p in there if p.name.lower().endswith(suffixes) and not p.name.startswith(".")]


def look(path: Path, options: Options) -> tuple[Head, Problem | None]:
    """See how an input begins; a workbook that cannot be opened is a fault (E004 to E008)."""
    if path.is_dir():
        return Head(path), None
    start = guards.head_of(path)
    if start.startswith((guards.ZIP, guards.OLE)):
        book, fault = opened(path, start, options.limits)
        if book is None:
            return Head(path, start), fault
        ours = any(table_named(title, options.schema)[0] for title in book.titles)
        # A sheet that far cells stretch would fill the memory; it is told when it is read.
        blind = ours or not book.titles or book.inside.sparse
        try:
            rows = () if blind else book.cells(book.titles[0]).rows[:_ROWS]
        except DamagedError:
            return Head(path, start), damaged(path)
        return Head(path, start, book, rows), None
    return Head(path, start, None, _rows(start, options)), None


def _rows(start: bytes, options: Options) -> Sequence[Sequence[object]]:
    try:
        text = start.decode(options.encoding or "utf-8-sig", "replace")
        lines = io.StringIO(text, newline="")
        reader = csv.reader(lines, delimiter=options.separator or ",")
        return [row for row, _ in zip(reader, range(_ROWS), strict=False)]
    except (csv.Error, UnicodeError):
        return []
