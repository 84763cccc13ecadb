"""IATI: activity files of version 2.03, read as a stream, so that memory does not grow with them.

Source: the activity standard 2.03 of the International Aid Transparency Initiative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from sysmap.core import countries, dates
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import (
    ACTIVITIES,
    ADDRESSES,
    CANCELLED,
    COMPLETED,
    CONTEXTS,
    COUNTRY,
    ELEMENTS,
    HELD_IN,
    ONGOING,
    ORGANIZATIONS,
    PLANNED,
    SOURCES,
    TAKES_PART,
    WORKS_ON,
)
from sysmap.io import choices, xmltext
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options
from sysmap.io.intake import Intake, Nodes

ROOT, ACTIVITY = "iati-activities", "iati-activity"
CHOICES = ("areas", "language")

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_STATUSES = MappingProxyType(
    {"1": PLANNED, "2": ONGOING, "3": ONGOING, "4": COMPLETED, "5": CANCELLED, "6": ONGOING}
)
_SUSPENDED = "6"
_ROLES = MappingProxyType({"1": "funds", "2": "leads", "3": "supports", "4": "implements"})
_WORKS = MappingProxyType({"1": "funds", "4": "implements"})
_KINDS = MappingProxyType(
    {
        "10": "government",
        "11": "government",
        "15": "government",
        "21": "ngo",
        "22": "ngo",
        "23": "ngo",
        "24": "ngo",
        "40": "intergovernmental",
        "70": "private",
        "71": "private",
        "72": "private",
        "73": "private",
        "80": "academia",
    }
)
_VOCABULARIES = ("1", "2")
_BESIDE = ("related-activity", "result", "budget", "transaction", "planned-disbursement")
_PERSONAL = "contact-info"
_UNUSED = frozenset({*_BESIDE, _PERSONAL, "document-link", "location", "country-budget-items"})

Row = tuple[str, dict[str, object]]


def sniff(head: Head) -> bool:
    """Tell whether this is a file of activities."""
    return xmltext.root_of(head) == ROOT


def read(head: Head, options: Options) -> Draft:
    """The activities of a file, who takes part in them, where and on what, and an account."""
    fault = xmltext.fault_of(head.path, options.limits, ROOT)
    if fault:
        return Draft(problems=[fault])
    areas = choices.mapped(options.choices, "areas")
    language = options.choices.get("language")
    if language is not None and not isinstance(language, str):
        raise ValueError(f"choices['language'] is {shown(language)}; write a code such as 'en'")
    used: dict[str, object] = {"areas": dict(areas)} | ({"language": language} if language else {})
    reading = _Reading(Intake(head.path.name, options.schema, used), areas, language or "")
    try:
        with head.path.open("rb") as stream:
            for i, activity in enumerate(_activities(stream, reading.passed_over), start=1):
                reading.activity(activity, Place(head.path.name, "", f"{ACTIVITY}[{i}]"))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        return Draft(problems=[xmltext.broken(head.path, error)])
    return reading.draft()


def _activities(stream: object, passed: Callable[[str], None]) -> Iterator[Element]:
    """One activity after the other; each is forgotten when the next is asked for.

    Parts that no table holds are forgotten as soon as they end, so that one activity with a
    million transactions needs no more memory than one with none.
    """
    parents: list[Element] = []
    for event, element in ElementTree.iterparse(stream, events=("start", "end")):  # type: ignore[call-overload]  # a binary stream
        if event == "start":
            parents.append(element)
            continue
        parents.pop()
        if element.tag in _UNUSED and parents:
            if parents[-1].tag == ACTIVITY:
                passed(element.tag)
            parents[-1].remove(element)
        elif element.tag == ACTIVITY and parents:
            yield element
            parents[-1].clear()
        elif len(parents) == 1:
            parents[-1].clear()


@dataclass(slots=True)
class _Reading:
    """The activities of one file on their way into tables."""

    intake: Intake
    areas: Mapping[str, str]
    language: str
    nodes: Nodes = field(init=False)
    rows: dict[str, tuple[Place, list[Row]]] = field(default_factory=dict)
    twice: dict[str, list[Place]] = field(default_factory=dict)
    beside: dict[str, int] = field(default_factory=dict)
    sectors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.nodes = Nodes(self.intake)

    def passed_over(self, part: str) -> None:
        """Count a part that no table holds."""
        self.beside[part] = self.beside.get(part, 0) + 1

    def activity(self, activity: Element, place: Place) -> None:
        """One activity becomes its rows, unless its identifier is blank or stands twice."""
        id = xmltext.inner(activity, "iati-identifier")
        if not id:
            said = "an activity has no identifier"
            self.intake.left("activity", Problem("W553", said, "give it one", (place,)))
            return
        if id in self.rows or id in self.twice:
            if id in self.rows:
                self.twice[id] = [self.rows.pop(id)[0]]
            self.twice[id].append(place)
            return
        self.rows[id] = (place, list(self._rows(id, activity, place)))

    def draft(self) -> Draft:
        """All rows, and what was left out."""
        for id, places in self.twice.items():
            said = f"{len(places)} activities bear the identifier {shown(id)!r}; none was taken"
            remedy = "keep one of them"
            problem = Problem("W552", said, remedy, tuple(places[:3]), len(places))
            self.intake.left("activity", problem)
        for place, rows in self.rows.values():
            for table, cells in rows:
                self.intake.row(table, cells, place)
            self.intake.took("activity")
        for part, count in sorted(self.beside.items()):
            whole = (self.intake.whole,)
            if part == _PERSONAL:
                said = "contacts were dropped: they are personal data"
                self.intake.left(part, Problem("W514", said, "", whole, count))
            else:
                said = f"{part} was left out: no table holds it"
                self.intake.left(part, Problem("W554", said, "", whole, count))
        choices.unmet(self.intake, "areas", self.areas, self.sectors)
        self.nodes.pour()
        return self.intake.draft()

    def _rows(self, id: str, activity: Element, place: Place) -> Iterator[Row]:
        source = self._source(activity, place)
        said: dict[str, object] = {"source": source}
        yield ACTIVITIES, {"id": id, **self._about(activity, place)}
        elements = self._elements(activity, place)
        contexts = self._contexts(activity, place)
        actors = self._actors(activity, place)
        for organization, role, type_ in actors:
            yield (
                TAKES_PART,
                {"organization": organization, "activity": id, "role": _ROLES.get(role)}
                | {"iati_role": role or None, "iati_org_type": type_ or None, **said},
            )
        for context, share in contexts:
            yield HELD_IN, {"activity": id, "context": context, "percentage": share, **said}
        for element, share in elements:
            yield ADDRESSES, {"item": id, "target": element, "percentage": share, **said}
        places: list[str | None] = [context for context, _ in contexts] or [None]
        for organization, role, _ in actors:
            for element, _ in elements if role in _WORKS else []:
                for place_id in places:
                    yield (
                        WORKS_ON,
                        {"organization": organization, "element": element, "context": place_id}
                        | {"role": _WORKS[role], "iati_activity": id, **said},
                    )

    def _about(self, activity: Element, place: Place) -> dict[str, object]:
        names = self._narratives(activity.find("title"))
        code = _code(activity.find("activity-status"))
        if code == _SUSPENDED:
            said = "an activity is suspended; it was read as ongoing"
            self.intake.tell(Problem("W555", said, "", (place,)))
        cells: dict[str, object] = {
            "name": names[0] if names else None,
            "status": _STATUSES.get(code),
            "other titles": " | ".join(names[1:]) or None,
            "iati_status": code or None,
        }
        stated = {
            part.get("type", ""): part.get("iso-date", "")[:10]
            for part in activity.findall("activity-date")
        }
        for title, actual, planned in (("start", "2", "1"), ("end", "4", "3")):
            known = [t for t in (actual, planned) if dates.is_date(stated.get(t, ""))]
            if known:
                cells[title] = stated[known[0]]
                cells[f"{title} is"] = "actual" if known[0] == actual else "planned"
        if str(cells.get("start") or "") > str(cells.get("end") or "9"):
            told = f"start {cells['start']} is after end {cells['end']}; both are kept as text"
            self.intake.tell(Problem("W556", told, "check the dates", (place,)))
            cells |= {f"{t} as written": cells.pop(t) for t in ("start", "end")}
        return cells

    def _narratives(self, element: Element | None) -> list[str]:
        """The texts of an element, the one in the chosen language first; text of 1.0 files too."""
        if element is None:
            return []
        parts = element.findall("narrative")
        chosen = [p for p in parts if self.language and p.get(_LANGUAGE) == self.language]
        ordered = [*chosen, *(p for p in parts if p not in chosen)]
        texts = [" ".join((p.text or "").split()) for p in ordered]
        return [t for t in texts if t] or [t for t in [" ".join((element.text or "").split())] if t]

    def _organization(self, element: Element, place: Place) -> str | None:
        ref = " ".join(element.get("ref", "").split())
        names = self._narratives(element)
        if not ref and not names:
            said = "an organization has neither ref nor name"
            self.intake.left("organization", Problem("W553", said, "name it", (place,)))
            return None
        self.intake.took("organization")
        key = ("ref", ref) if ref else ("name", names[0])
        kind = _KINDS.get(element.get("type", "")) or ("other" if element.get("type") else None)
        return self.nodes.first(
            ORGANIZATIONS, key, names[0] if names else "", place, {"kind": kind}, code=ref
        )

    def _source(self, activity: Element, place: Place) -> str | None:
        """Who reports is the source of every claim about an activity; to report is not to act."""
        reporter = activity.find("reporting-org")
        organization = self._organization(reporter, place) if reporter is not None else None
        if reporter is None or organization is None:
            return None
        second = reporter.get("secondary-reporter") in ("1", "true")
        if second:
            said = "a reporter is secondary: it reports for others and does not speak for itself"
            self.intake.tell(Problem("W557", said, "", (place,)))
        names = self._narratives(reporter)
        title = f"IATI activities of {names[0] if names else organization}"
        cells = {"kind": "dataset", "organization": None if second else organization}
        return self.nodes.first(SOURCES, (organization, second), title, place, cells)

    def _actors(self, activity: Element, place: Place) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []
        for part in activity.findall("participating-org"):
            organization = self._organization(part, place)
            if organization:
                found.append((organization, part.get("role", ""), part.get("type", "")))
        return list(dict.fromkeys(found))

    def _elements(self, activity: Element, place: Place) -> list[tuple[str, str | None]]:
        found: dict[str, str | None] = {}
        for sector in activity.findall("sector"):
            code, vocabulary = _code(sector), sector.get("vocabulary", "1")
            if vocabulary not in _VOCABULARIES or not code:
                said = "a sector is of another vocabulary than the two of the OECD"
                self.intake.left("sector", Problem("W558", said, "", (place,)))
                continue
            self.intake.took("sector")
            names = self._narratives(sector)
            self.sectors |= {code, *names[:1]}
            area = next(
                (a for k, a in self.areas.items() if choices.among([k], code, *names[:1])), None
            )
            name = names[0] if names else f"sector {code}"
            id = self.nodes.first(
                ELEMENTS, code, name, place, {"area": area}, code=f"sector-{code}"
            )
            found.setdefault(id, sector.get("percentage"))
        return list(found.items())

    def _contexts(self, activity: Element, place: Place) -> list[tuple[str, str | None]]:
        found: dict[str, str | None] = {}
        for part in activity.findall("recipient-country"):
            code = _code(part).upper()
            alpha3 = countries.code_of(code) if len(code) == 2 else None
            if alpha3 is None:
                said = f"country {shown(code)!r} is in no table of countries"
                self.intake.left("country", Problem("W559", said, "check the code", (place,)))
                continue
            self.intake.took("country")
            row = countries.table().get(alpha3)
            name = row["name"] if row else alpha3
            id = self.nodes.first(CONTEXTS, alpha3, name, place, {"kind": COUNTRY}, code=alpha3)
            found.setdefault(id, part.get("percentage"))
        for part in activity.findall("recipient-region"):
            code = _code(part)
            if code:
                self.intake.took("region")
                names = self._narratives(part)
                name = names[0] if names else f"region {code}"
                cells = {"kind": "area"}
                id = self.nodes.first(
                    CONTEXTS, ("region", code), name, place, cells, code=f"region-{code}"
                )
                found.setdefault(id, part.get("percentage"))
        return list(found.items())


def _code(element: Element | None) -> str:
    return "" if element is None else " ".join(element.get("code", "").split())
