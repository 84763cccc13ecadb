"""XML files: looked at before they are parsed, so that no declaration of theirs is obeyed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, cast
from xml.etree import ElementTree
from xml.parsers import expat

from sysmap.core.problems import Place, Problem, shown
from sysmap.io.guards import Limits
from sysmap.io.heads import Head

_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")
_UNSEEN = re.compile(r"<\?.*?\?>|<!--.*?-->", re.DOTALL)
_CHUNK = 16_384
_LARGEST = 16 * 1024 * 1024


class _SeenError(Exception):
    """What the look was for has been seen."""


def root_of(head: Head) -> str:
    """The name of the first element without its prefix, in lower case; empty if it is no XML.

    Examples
    --------
    >>> root_of(Head(Path("a.xml"), b'<?xml version="1.0"?><!-- <b> --><g:GraphML>'))
    'graphml'
    """
    text = head.text
    if head.start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head.start.decode("utf-16", "replace")
    if not text.lstrip().startswith("<"):
        return ""
    found = _ROOT.search(_UNSEEN.sub("", text))
    return found[1].lower() if found else ""


def fault_of(path: Path, limits: Limits, root: str) -> Problem | None:
    """Why an XML file is not parsed: E014 too large, E015 a DOCTYPE, E016 no XML or another root.

    A DOCTYPE can only stand before the first element, so the look ends there.
    """
    place = (Place(path.name),)
    size = path.stat().st_size
    if size > limits.unpacked:
        said = f"the file has {size // 1_000_000:,} MB, limit {limits.unpacked // 1_000_000:,}"
        return Problem("E014", said, "split it, or raise limits", place)
    seen: list[str] = []

    def declared(name: str, system: str | None, public: str | None, inside: bool) -> NoReturn:
        raise _SeenError

    def started(name: str, attributes: dict[str, str]) -> NoReturn:
        seen.append(name.rpartition(":")[2])
        raise _SeenError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = started
    try:
        size = _CHUNK
        with path.open("rb") as stream:
            while piece := stream.read(size):
                parser.Parse(piece, False)
                size = larger(size)
            parser.Parse(b"", True)
    except _SeenError:
        if not seen:
            said = "the file has a DOCTYPE, which no map needs"
            return Problem("E015", said, "write it again without, or ask where it is from", place)
    except (expat.ExpatError, ValueError, LookupError) as error:
        return broken(path, error)
    if not seen or seen[0].lower() != root:
        other = shown(seen[0]) if seen else "nothing"
        said = f"the first element is {other}, not {root}"
        return Problem("E016", said, "check what the file is, and write it again", place)
    return None


def larger(size: int) -> int:
    """The size of the next piece to parse, once one of this size has ended nothing.

    A parser begins again at the start of a tag or comment that goes on in the next piece, so one
    of 60 MB takes minutes in pieces of one size and a second in pieces that double.

    Examples
    --------
    >>> larger(65_536), larger(16_777_216)
    (131072, 16777216)
    """
    return min(2 * size, _LARGEST)


def events(path: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    """The starts and ends of elements as the file is read, in pieces as small as they may be."""
    parser: ElementTree.XMLPullParser[ElementTree.Element]
    parser = ElementTree.XMLPullParser(("start", "end"))
    size = _CHUNK
    with path.open("rb") as stream:
        while piece := stream.read(size):
            parser.feed(piece)
            size = larger(size)
            found = cast(Iterator[tuple[str, ElementTree.Element]], parser.read_events())
            first = next(found, None)
            if first is not None:
                size = _CHUNK
                yield first
                yield from found
    parser.close()
    yield from cast(Iterator[tuple[str, ElementTree.Element]], parser.read_events())


def tree_of(path: Path) -> tuple[ElementTree.Element | None, Problem | None]:
    """The parsed file, once `fault_of` has nothing against it; E016 where it is no XML."""
    parser: ElementTree.XMLParser[ElementTree.Element] = ElementTree.XMLParser()
    size = _CHUNK
    try:
        with path.open("rb") as stream:
            while piece := stream.read(size):
                parser.feed(piece)
                size = larger(size)
        return parser.close(), None
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        return None, broken(path, error)


def broken(path: Path, error: Exception) -> Problem:
    """E016: the file is no XML, with the line and column where that shows."""
    line, column = getattr(error, "position", None) or (
        getattr(error, "lineno", 0),
        getattr(error, "offset", 0),
    )
    cell = f"line {line}, column {column + 1}" if line else ""
    reason = re.sub(r": line \d+, column \d+$", "", str(error))
    return Problem(
        "E016",
        f"this is no XML: {shown(reason)}",
        "the file may be cut short; write or download it again",
        (Place(path.name, "", cell),),
    )


def inner(element: ElementTree.Element, path: str) -> str:
    """The text of a part of an element, without blanks at its ends; empty if it is not there."""
    return (element.findtext(path) or "").strip()


def bare(root: ElementTree.Element) -> None:
    """Take the namespaces off all tags, so that every version of a format reads alike."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
