"""What a file really is, and whether it is safe to open: judged by content before any parsing."""

from __future__ import annotations

import codecs
import errno
import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO

from sysmap.core.problems import Place, Problem, shown

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a zip archive (.xlsx) and of a compound file (.xls)."""

HEAD = 65_536
"""Bytes of a file that are looked at to tell what it is."""

_CHUNK = 1 << 22
_BIG_MEMBER = 10_000_000
_SHEETS = (".xlsx", ".xls", ".xlsm")
_FLAT = (".csv", ".tsv", ".txt", ".tab")
_SPARSE = 2_000_000
_ROW = re.compile(rb' r="(\d+)"')
_COLUMN = re.compile(rb' r="([A-Za-z]{2,})\d+"')
_ANY_WAY = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)(\d*)""")
"""The same in any spelling that XML allows; slow."""
# A pattern that begins with plain letters is found ten times faster; what stands before them is
# looked at afterwards.
_ERROR = re.compile(rb't="e"(?<=\s.{5})')
_HIDDEN = re.compile(rb'hidden="(?<=\s.{8})(?:1|true)"')
_UNRESOLVED = re.compile(rb"f(?<=[</:]f)(?:>|\b[^>]*/>)\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>)")
_OLE_STREAMS = (
    ("EncryptedPackage", "password"),
    ("WordDocument", "text document"),
    ("PowerPoint Document", "presentation"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold before reading stops.

    Parameters
    ----------
    unpacked
        Bytes of a file, and of all members of a workbook together.
    growth
        How many times larger than packed a member over 10 MB may be.
    members
        Members of a workbook, and files of a folder.
    rows, columns
        Rows and columns of one sheet or CSV file.
    line
        Bytes of one CSV line.

    Examples
    --------
    >>> Limits(rows=1_000).columns
    16384
    """

    unpacked: int = 500_000_000
    growth: int = 200
    members: int = 1_000
    rows: int = 1_048_576
    columns: int = 16_384
    line: int = 1_000_000


def limits_of(given: Limits | Mapping[str, int] | None) -> Limits:
    """The limits that a caller gives, each other one as it is by default.

    Raises
    ------
    ValueError
        If a name is none of a limit, or a number is not whole and positive.

    Examples
    --------
    >>> limits_of({"rows": 2_000_000}).rows, limits_of(None) == Limits()
    (2000000, True)
    """
    if given is None or isinstance(given, Limits):
        return given or Limits()
    known = [f.name for f in fields(Limits)]
    for name, number in given.items():
        if name not in known:
            raise ValueError(f"limits {name!r} is not known. Give {', '.join(known)}.")
        if type(number) is not int or number < 1:
            raise ValueError(f"limits {name} is {number!r}. Give a whole number from 1.")
    return Limits(**given)


@dataclass(frozen=True, slots=True)
class Inside:
    """What the sheets of a workbook hold, seen in passing while its archive is tested.

    Parameters
    ----------
    errors, unresolved, hidden
        True if a cell holds an error, a formula has no stored result, a row or column is hidden.
    sparse
        True if a few far cells stretch a sheet so that reading it whole would not fit in memory.
    """

    errors: bool = False
    unresolved: bool = False
    hidden: bool = False
    sparse: bool = False


def is_encoding(name: str) -> bool:
    """Tell whether Python knows the name as an encoding of text, which not every codec is.

    Examples
    --------
    >>> is_encoding("cp1252"), is_encoding("rot13"), is_encoding("undefined"), is_encoding("x")
    (True, False, False, False)
    """
    try:
        return "id".encode(name).decode(name) == "id"
    except (LookupError, ValueError):
        return False


def head_of(path: Path) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as stream:
        return stream.read(HEAD)


def refusal(path: Path, head: bytes) -> Problem:
    """Say what a file is that no reader takes: E003, E006, E007, or E010 for text in UTF-16."""
    place = (Place(path.name),)
    suffix = path.suffix.lower()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and suffix not in _SHEETS:
        said = "the file is not in UTF-8; it was saved as UTF-16"
        return Problem("E010", said, "in Excel choose CSV UTF-8, or give encoding='utf-16'", place)
    if not head.strip():
        return Problem("E003", "the file is empty", "copy or download it again", place)
    is_, remedy = _nature(head)
    if suffix in _SHEETS:
        said = f"the name ends in {suffix}, but the content is {is_}"
        return Problem("E006", said, remedy, place)
    if suffix in _FLAT and is_ in ("CSV", "plain text"):
        return Problem(
            "E007",
            "one CSV file is one table, not a map",
            "put the tables into one folder, named such as elements.csv, and give the folder, or "
            "say with format= what it is",
            place,
        )
    return Problem(
        "E007",
        f"the content is {is_}, which sysmap does not read",
        "give a workbook (.xlsx), a folder of CSV files or a file that docs/formats lists",
        place,
    )


def _nature(head: bytes) -> tuple[str, str]:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<table" in head[:4096].lower():
        return "a web page", "open it in a spreadsheet program and save it as .xlsx"
    if start.startswith((b"%pdf", b"{\\rtf")):
        return "a text document", "copy its tables into a workbook"
    if start.startswith(b"<?xml"):
        return "XML", "save it as .xlsx"
    if b"\0" in head:
        return "of an unknown kind", "save it again as .xlsx"
    first = head.splitlines()[0] if head.splitlines() else b""
    if any(mark in first for mark in (b",", b";", b"\t")):
        return "CSV", "open it in a spreadsheet program and save it as .xlsx, or rename it to .csv"
    return "plain text", "save the tables as .xlsx"


def unreadable(path: Path, error: OSError) -> Problem:
    """E019: the file is there and the system does not give it; E001 where no file can be."""
    if error.errno == errno.ENAMETOOLONG:
        said = f"there is no file {shown(path.name)}: the name is too long for one"
        return Problem("E001", said, "check the name", (Place(shown(path.name)),))
    inside = Path(os.fsdecode(error.filename or path))
    name = path.name if inside == path else f"{path.name}/{inside.name}"
    return Problem(
        "E019",
        f"the file cannot be opened: {error.strerror or 'the system gives no reason'}",
        "close it in other programs, or ask for the right to read it",
        (Place(name),),
    )


def ole_kind(path: Path) -> str:
    """What a compound file is: ``xls``, ``password``, a kind of document or nothing known."""
    data = path.read_bytes()
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return kind
    return ""


def tested(path: Path, limits: Limits) -> tuple[Inside, Problem | None]:
    """Test an archive without believing it: kind, sizes, sums; E004 to E008, E014 or E015."""
    place = (Place(path.name),)
    damaged = Problem(
        "E004",
        "the file is damaged or cut short",
        "copy or download it again, or save it again",
        place,
    )
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            fault = _kind_fault(archive, path) or _size_fault(members, limits, place)
            if fault:
                return Inside(), fault
            return _walked(archive, members, limits, place)
    # zipfile tells a way of packing that it does not know as NotImplementedError
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        return Inside(), damaged


def _kind_fault(archive: zipfile.ZipFile, path: Path) -> Problem | None:
    names = {name.lower() for name in archive.namelist()}
    if any(member.flag_bits & 1 for member in archive.infolist()):
        return password(path)
    if "xl/workbook.xml" in names:
        return None
    kind, remedy = "an archive", "unpack it, or save the tables as .xlsx"
    if "word/document.xml" in names:
        kind, remedy = "a text document", "copy its tables into a workbook"
    elif "ppt/presentation.xml" in names:
        kind, remedy = "a presentation", "copy its tables into a workbook"
    elif "xl/workbook.bin" in names:
        kind, remedy = "a binary workbook", "save it as .xlsx"
    elif "mimetype" in names:
        text = b"opendocument.text" in archive.read("mimetype")[:200]
        kind = "a text document" if text else "an OpenDocument file"
        remedy = "copy its tables into a workbook" if text else "save it as .xlsx"
    named = path.suffix.lower() in _SHEETS
    return Problem(
        "E006" if named else "E007",
        f"the content is {kind}, not a workbook (.xlsx)",
        remedy,
        (Place(path.name),),
    )


def password(path: Path) -> Problem:
    """E005: nobody can read it without the password."""
    return Problem(
        "E005",
        "the file is protected by a password",
        "remove the password, then save",
        (Place(path.name),),
    )


def _size_fault(
    members: list[zipfile.ZipInfo], limits: Limits, place: tuple[Place, ...]
) -> Problem | None:
    if len(members) > limits.members:
        return Problem(
            "E008",
            f"the workbook has {len(members):,} members, limit {limits.members:,}",
            "save the tables into a new workbook",
            place,
        )
    total = sum(member.file_size for member in members)
    if total > limits.unpacked:
        return Problem(
            "E008",
            f"the workbook unpacks to {total // 1_000_000:,} MB, "
            f"limit {limits.unpacked // 1_000_000:,}",
            "delete empty rows and save it again, or raise limits",
            place,
        )
    for member in members:
        growth = member.file_size // max(1, member.compress_size)
        if member.file_size > _BIG_MEMBER and growth > limits.growth:
            return Problem(
                "E008",
                f"{shown(member.filename)} grows {growth:,}-fold, limit {limits.growth:,}",
                "save the tables into a new workbook, or raise limits",
                place,
            )
    return None


def _walked(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    limits: Limits,
    place: tuple[Place, ...],
) -> tuple[Inside, Problem | None]:
    errors = unresolved = hidden = sparse = False
    for member in members:
        name = member.filename.lower()
        is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
        is_text = name.endswith((".xml", ".rels"))
        rows, columns, cells = 0, 26, 0
        with archive.open(member) as stream:
            for chunk in _chunks(stream):
                if is_text and b"\0" in chunk:
                    raise zipfile.BadZipFile("two bytes a letter, in which nothing is seen")
                if is_text and b"<!DOCTYPE" in chunk:
                    return Inside(), Problem(
                        "E015",
                        f"{shown(member.filename)} has a DOCTYPE, which no workbook needs",
                        "save the tables into a new workbook",
                        place,
                    )
                if not is_sheet:
                    continue
                errors = errors or bool(_ERROR.search(chunk))
                unresolved = unresolved or bool(_UNRESOLVED.search(chunk))
                hidden = hidden or bool(_HIDDEN.search(chunk))
                rows, columns = _extent(chunk, rows, columns)
                cells += chunk.count(b"<c ")
        if rows > limits.rows or columns > limits.columns:
            return Inside(), Problem(
                "E014",
                f"a sheet has {rows:,} rows and {columns:,} columns, "
                f"limit {limits.rows:,} and {limits.columns:,}",
                "split the file, or raise limits",
                place,
            )
        sparse = sparse or rows * columns > max(_SPARSE, 10 * cells)
    return Inside(errors, unresolved, hidden, sparse), None


def _extent(chunk: bytes, rows: int, columns: int) -> tuple[int, int]:
    """How far down and to the right the cells of a piece reach, and those of the pieces before.

    A cell may name another row than the one it stands in. That is looked at where its number has
    more digits than any row so far, so what is told may be a tenth of what is true.
    """
    places = chunk.count(b"<row ") + chunk.count(b"<c ")
    if chunk.count(b' r="') < places or b":row" in chunk:
        found = _ANY_WAY.findall(chunk)
        names, numbers = [letters for letters, _ in found], [digits for _, digits in found]
    else:
        names, numbers = _COLUMN.findall(chunk), _ROW.findall(chunk)
        rows = max(rows, max(map(_number, numbers), default=0))
        numbers = re.findall(rb' r="[A-Za-z]+(\d{%d,})"' % (len(str(rows)) + 1), chunk)
    return (
        max(rows, max(map(_number, numbers), default=0)),
        max(columns, max((column_number(letters[:9]) for letters in names), default=0)),
    )


def _number(digits: bytes) -> int:
    """A row number; of one that no sheet can have, its first digits."""
    return int(digits[:15] or b"0")


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """Pieces of a stream that break before a cell, so that no cell is seen in halves."""
    rest = b""
    while piece := stream.read(_CHUNK):
        data = rest + piece
        cut = data.rfind(b"<c ")
        cut = cut if cut > 0 else data.rfind(b"<")
        if cut <= 0 or len(data) - cut > _CHUNK:
            cut = len(data)
        yield data[:cut]
        rest = data[cut:]
    yield rest


def column_number(letters: bytes) -> int:
    """The number of a column, from 1, in either case.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def megabytes(path: Path) -> int:
    """About how much memory reading an input and writing it again takes.

    Notes
    -----
    100 MB, and 30 for each that the input holds unpacked: a CSV folder of 12.7 MB took 284 MB to
    check and 422 to 431 to convert (``tests/benchmarks/sizes.py`` measures more).
    """
    files = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return 100 + 30 * sum(map(_unpacked, files)) // 1_000_000


def _unpacked(path: Path) -> int:
    if not zipfile.is_zipfile(path):
        return path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        return sum(member.file_size for member in archive.infolist())


def contained(folder: Path, relative: object) -> Path | None:
    """The file that a descriptor names, or None if the path is not plain and inside the folder.

    Examples
    --------
    >>> contained(Path("map"), "../secret.csv") is None
    True
    """
    if not isinstance(relative, str) or not relative or re.search(r"[\\:\0]", relative):
        return None
    parts = relative.split("/")
    if any(part in ("", "..") or part.startswith(".") for part in parts):
        return None
    path = folder.joinpath(*parts)
    try:
        path.is_file()
        root, real = os.path.realpath(folder), os.path.realpath(path)
    except (OSError, ValueError):  # too long, or holds half a character: no file is called so
        return None
    return path if real.startswith(root.rstrip(os.sep) + os.sep) else None


def stray(folder: Path, path: Path) -> Problem | None:
    """E018: a member of a folder that is a link out of it, or no file such as a pipe.

    Examples
    --------
    >>> fault = stray(Path("map"), Path("map/nothing.csv"))
    >>> fault.code, fault.message
    ('E018', 'nothing.csv is no file, or a link that leads out of the folder')
    """
    if contained(folder, path.name) is not None and path.is_file():
        return None
    said = f"{shown(path.name)} is no file, or a link that leads out of the folder"
    place = Place(f"{folder.name}/{path.name}")
    return Problem("E018", said, "put the file itself into the folder", (place,))
