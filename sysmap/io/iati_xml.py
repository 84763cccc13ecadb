"""Activities out of IATI files, one by one: what a map holds is kept, the rest counted and freed.

Source: the activity standard of IATI, version 2.03.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from sysmap.core.problems import Place
from sysmap.io import xmltext

ROOT = "iati-activities"

READ = (
    "iati-identifier",
    "title",
    "reporting-org",
    "participating-org",
    "activity-status",
    "activity-date",
    "sector",
    "recipient-country",
    "recipient-region",
)
"""Parts of an activity that a map holds."""

_ACTIVITY = "iati-activity"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Narratives = tuple[tuple[str, str], ...]
"""Texts with their language, blank where the file does not say it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an activity: its attributes as written, its texts, and where it stands."""

    tag: str
    attributes: dict[str, str]
    texts: Narratives
    number: int

    def get(self, name: str) -> str:
        """An attribute without blanks at its ends; empty if it is not there."""
        return self.attributes.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as far as a map holds it.

    Parameters
    ----------
    file, number
        The file, and which activity of it this is, counted from 1.
    attributes
        Of the activity itself.
    parts
        What was kept of it, in the order of the file.
    """

    file: str
    number: int
    attributes: dict[str, str]
    parts: tuple[Part, ...]

    def all(self, tag: str) -> list[Part]:
        """Its parts of one kind."""
        return [part for part in self.parts if part.tag == tag]

    @property
    def identifier(self) -> str:
        """Its identifier; empty if it has none."""
        found = self.all("iati-identifier")
        return found[0].texts[0][1] if found and found[0].texts else ""

    @property
    def spot(self) -> str:
        """Where in its file it stands."""
        return f"{_ACTIVITY}[{self.number}]"

    def place(self, part: Part | None = None) -> Place:
        """Where it or a part of it stands."""
        spot = f"{self.spot}/{part.tag}[{part.number}]" if part else self.spot
        return Place(self.file, "", spot)


@dataclass(slots=True)
class Stream:
    """The activities of one file, on their way.

    Parameters
    ----------
    path
        The file.
    file
        What messages call it.
    version, made
        What the first element says of the version of the standard and of the day it was made;
        known once the first activity has come.
    passed
        By tag how many parts were passed over, and the first three places of each.

    Notes
    -----
    Extensions stand in a namespace, the standard in none; so tags are compared as they are.
    A part that is passed over is taken off its parent as soon as it ends, and an activity as soon
    as it was handed on. So memory depends on the largest part that is kept, not on the file.
    """

    path: Path
    file: str
    version: str = ""
    made: str = ""
    passed: dict[str, tuple[int, tuple[Place, ...]]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Activity]:
        """Yield the activities; ParseError where the file is no XML."""
        number = 0
        above: list[Element] = []
        for event, element in xmltext.events(self.path):
            if event == "start":
                if not above:
                    self.version = element.get("version", "").strip()
                    self.made = element.get("generated-datetime", "").strip()
                number += len(above) == 1 and element.tag == _ACTIVITY
                above.append(element)
                continue
            tags = [e.tag for e in above[1:3]]
            above.pop()
            if tags == [_ACTIVITY] and len(above) == 1:
                yield self._activity(element, number)
            elif not above or (tags[0] == _ACTIVITY and tags[1] in READ):
                continue
            elif len(above) == 1 or (tags[0] == _ACTIVITY and len(above) == 2):
                self._pass(element.tag.rpartition("}")[2], number)
            element.clear()
            above[-1].remove(element)

    def _pass(self, tag: str, number: int) -> None:
        count, places = self.passed.get(tag, (0, ()))
        if len(places) < 3:
            places = (*places, Place(self.file, "", f"{_ACTIVITY}[{number}]"))
        self.passed[tag] = count + 1, places

    def _activity(self, element: Element, number: int) -> Activity:
        usual = element.get(_LANG, "")
        parts = []
        counts: dict[str, int] = {}
        for child in element:
            tag = sys.intern(child.tag)
            counts[tag] = counts.get(tag, 0) + 1
            attributes = {sys.intern(k): sys.intern(v) for k, v in child.attrib.items()}
            parts.append(Part(tag, attributes, _texts(child, usual), counts[tag]))
        return Activity(self.file, number, dict(element.attrib), tuple(parts))


def _texts(element: Element, usual: str) -> Narratives:
    """The narratives of a part; else its own text, as identifiers have it."""
    found = [
        (child.get(_LANG, usual).strip().lower(), text)
        for child in element
        if child.tag == "narrative" and (text := " ".join((child.text or "").split()))
    ]
    own = " ".join((element.text or "").split())
    return tuple(found or ([(usual.lower(), own)] if own else []))
