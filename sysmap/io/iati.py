"""Activities as IATI publishes them: who funds and carries out what, where, since when.

Source: the activity standard of IATI, version 2.03, and its code lists.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from sysmap.core import countries, dates
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import (
    ACTIVITIES,
    ADDRESSES,
    CONTEXTS,
    COUNTRY,
    ELEMENTS,
    HELD_IN,
    ORGANIZATIONS,
    SOURCES,
    TAKES_PART,
    WORKS_ON,
    YES,
)
from sysmap.io import choices, guards, xmltext
from sysmap.io.grids import Draft
from sysmap.io.heads import FOLDER, Head, Options, ending
from sysmap.io.iati_codes import DATES, KINDS, ROLES, STATUSES, SUSPENDED, WORKING, alpha3, sectors
from sysmap.io.iati_xml import ROOT, Activity, Narratives, Part, Stream
from sysmap.io.intake import Intake, Nodes

CHOICES = ("areas", "language", "twice")

LATEST = "latest"
"""What a caller may say about activities that share an identifier."""

PURPOSE, CATEGORY, OWN = "1", "2", "99"
"""Vocabularies of sectors that are carried over: two of the OECD DAC, one of the reporter."""

_BOUND = 0.5
_NAMED = 20
_TIMED = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*|Z|[+-]\d{2}:\d{2})?")


def sniff(head: Head) -> bool:
    """Tell whether this is a file of IATI activities, or a folder of such files."""
    if head.container != FOLDER:
        return xmltext.root_of(head) == ROOT
    found = [path for path in ending(head.path, ".xml") if path.is_file()]
    if not found or ending(head.path, ".csv"):
        return False
    return any(xmltext.root_of(Head(path, guards.head_of(path))) == ROOT for path in found)


def read(head: Head, options: Options) -> Draft:
    """The activities of one file or of a folder of files, and an account of every part."""
    areas = choices.mapped(options.choices, "areas")
    twice = choices.word(options.choices, "twice", (LATEST,))
    language = options.choices.get("language", "")
    if not isinstance(language, str):
        raise choices.OptionError(
            f"choices['language'] is {shown(language)}; write a code such as 'fr'"
        )
    used: dict[str, object] = {"areas": dict(areas), "language": language}
    intake = Intake(head.path.name, options.schema, used | ({"twice": twice} if twice else {}))
    streams = _streams(head, intake, options)
    found: list[Activity] = []
    made: dict[str, str] = {}
    for stream in streams:
        try:
            found += stream
        except (ParseError, ValueError, LookupError) as error:
            intake.tell(xmltext.broken(stream.path, error))
        if stream.version.startswith("1"):
            said = f"this is version {shown(stream.version)} of IATI; version 2.03 is read"
            remedy = "ask the publisher for version 2.03"
            intake.tell(Problem("E550", said, remedy, (Place(stream.file),)))
        made[stream.file] = _day(stream.made)
    if intake.broken:
        return intake.refused()
    for stream in streams:
        for tag, (count, places) in stream.passed.items():
            intake.left(tag, _passed(tag, count, places))
    reading = _Reading(intake, areas, language.lower(), made)
    reading.run(_chosen(found, twice, intake))
    choices.unmet(intake, "areas", areas, reading.sectors)
    return intake.draft()


def _streams(head: Head, intake: Intake, options: Options) -> list[Stream]:
    """The files that hold activities; why one cannot be parsed is told."""
    whole = head.container == FOLDER
    paths = ending(head.path, ".xml") if whole else [head.path]
    if len(paths) > options.limits.members:
        said = f"the folder has {len(paths):,} files, limit {options.limits.members:,}"
        intake.tell(Problem("E014", said, "read it in parts, or raise limits", (intake.whole,)))
        return []
    for path in paths:
        fault = guards.stray(head.path, path) if whole else None
        fault = fault or xmltext.fault_of(path, options.limits, ROOT)
        if fault:
            intake.tell(fault)
    if intake.broken:
        return []
    return [Stream(p, f"{head.path.name}/{p.name}" if whole else p.name) for p in paths]


def _passed(tag: str, count: int, places: tuple[Place, ...]) -> Problem:
    if tag == "contact-info":
        said = "contact details were dropped: they are personal data"
        return Problem("W514", said, "", places, count)
    said = f"{shown(tag)} was left out: a map has no place for it"
    return Problem("W560", said, "", places, count)


def _chosen(found: list[Activity], twice: str | None, intake: Intake) -> list[Activity]:
    """The activities without those that have no identifier or share one with another."""
    counts = Counter(activity.identifier for activity in found)
    latest = _latest(found, counts) if twice else {}
    kept = []
    named: set[str] = set()
    for activity in found:
        id = activity.identifier
        if not id:
            said = "an activity has no identifier, so nobody can tell it from others"
            problem = Problem("W552", said, "ask its publisher for one", (activity.place(),))
        elif counts[id] > 1 and latest.get(id) is not activity:
            if len(named) < _NAMED:
                named.add(id)
            problem = _shared(id, id in named, activity, twice)
        else:
            kept.append(activity)
            continue
        intake.left("activity", problem)
        said = "it belongs to an activity that was left out"
        for tag, count in Counter(part.tag for part in activity.parts).items():
            intake.left(tag, Problem("W561", said, "", (activity.place(),), count))
    return kept


def _latest(found: Sequence[Activity], counts: Mapping[str, int]) -> dict[str, Activity]:
    """For each shared identifier the activity that was updated last, where one surely was."""
    versions: dict[str, list[Activity]] = {}
    for activity in found:
        if counts[activity.identifier] > 1:
            versions.setdefault(activity.identifier, []).append(activity)
    latest = {}
    for id, several in versions.items():
        *_, second, first = sorted(several, key=_updated)
        if _updated(first) != _updated(second):
            latest[id] = first
    return latest


def _updated(activity: Activity) -> str:
    return activity.attributes.get("last-updated-datetime", "").strip()


def _shared(id: str, named: bool, activity: Activity, twice: str | None) -> Problem:
    of = f" {shown(id)!r}" if named else ""
    said = f"several activities have one identifier{of}"
    if twice:
        return Problem("W553", said, "the latest was taken, if one is", (activity.place(),))
    remedy = f"delete all but one, or read with choices={{'twice': {LATEST!r}}}"
    return Problem("W553", f"{said}; none was taken", remedy, (activity.place(),))


def _day(text: str) -> str:
    """The day of a date or a moment; empty if there is none."""
    found = _TIMED.fullmatch(text.strip())
    return found[1] if found and dates.is_date(found[1]) else ""


def _same(text: str) -> str:
    return " ".join(text.split())


@dataclass(slots=True)
class _Reading:
    """Activities on their way into tables."""

    intake: Intake
    areas: Mapping[str, str]
    language: str
    made: Mapping[str, str]
    nodes: Nodes = field(init=False)
    sectors: set[str] = field(default_factory=set)
    unsaid: bool = False
    _sources: dict[tuple[str, str, bool], str] = field(default_factory=dict)
    _parents: dict[tuple[str, str], Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = Nodes(self.intake)

    def run(self, activities: Sequence[Activity]) -> None:
        """Give all rows to the intake: ids that are codes first, so that nobody else takes them."""
        places = [list(self._places(activity)) for activity in activities]
        fresh = self.intake.fresh
        ids = [fresh(a.identifier, exact=True, place=a.place()) for a in activities]
        for activity, id, where in zip(activities, ids, places, strict=True):
            self._activity(activity, id, where)
        for (category, element), place in self._parents.items():
            parent = self.nodes.known(ELEMENTS, (CATEGORY, category))
            if parent:
                cells = {"parent": parent}
                self.nodes.id(ELEMENTS, (PURPOSE, element), "", place, cells)
        self.nodes.pour()
        if self.unsaid:
            self.intake.source(date=max(self.made.values(), default="") or None)

    def _activity(self, activity: Activity, id: str, where: list[tuple[Part, str]]) -> None:
        place = activity.place()
        titles = self._titles(activity)
        span = self._span(activity)
        cells = {"id": id, "name": id, **titles, **self._status(activity), **span}
        self.intake.row(ACTIVITIES, cells, place)
        self.intake.took("activity")
        self.intake.took("iati-identifier", len(activity.all("iati-identifier")))
        said = self._said(activity)
        about = list(self._about(activity))
        for part, context in where:
            row = {"activity": id, "context": context, **self._share(HELD_IN, part), **said}
            self.intake.row(HELD_IN, row, activity.place(part))
        for part, element in about:
            row = {"item": id, "target": element, **self._share(ADDRESSES, part), **said}
            self.intake.row(ADDRESSES, row, activity.place(part))
        self._sums(activity)
        common = {c: cells.get(c) for c in ("status", "start", "end")}
        for part, organization, code in self._parties(activity):
            row = {"organization": organization, "activity": id, "role": ROLES.get(code)}
            raw = self.intake.column(TAKES_PART, "iati_role")
            self.intake.row(TAKES_PART, {**row, raw: code, **said}, activity.place(part))
            if code not in WORKING:
                continue
            named = self.intake.column(WORKS_ON, "iati_activity")
            for _, element in about:
                for context in [c for _, c in where] or [""]:
                    row = {"organization": organization, "element": element, "context": context}
                    more = {"role": WORKING[code], named: id, **common, **said}
                    self.intake.row(WORKS_ON, {**row, **more}, activity.place(part))

    def _titles(self, activity: Activity) -> dict[str, object]:
        """Name and further titles; the one in the chosen language, else the first, is the name."""
        parts = activity.all("title")
        self.intake.took("title", len(parts))
        texts = [text for part in parts for text in part.texts]
        if not texts:
            said = "an activity has no title; it is called by its identifier"
            self.intake.tell(Problem("W554", said, "give it one", (activity.place(),)))
            return {}
        chosen, others = self._narrative(tuple(texts))
        cells: dict[str, object] = {"name": chosen}
        for i, (language, text) in enumerate(others, start=2):
            title = f"title ({language or i})"
            cells[self._free(cells, title, i)] = text
        return cells

    def _free(self, cells: Mapping[str, object], title: str, number: int) -> str:
        column = self.intake.column(ACTIVITIES, title)
        return (
            column if column not in cells else self.intake.column(ACTIVITIES, f"{title} {number}")
        )

    def _narrative(self, texts: Narratives) -> tuple[str, Narratives]:
        codes = [{code, code.partition("-")[0]} for code, _ in texts]
        at = next((i for i, known in enumerate(codes) if self.language in known - {""}), 0)
        return (texts[at][1] if texts else ""), (*texts[:at], *texts[at + 1 :])

    def _status(self, activity: Activity) -> dict[str, object]:
        cells: dict[str, object] = {}
        for part in activity.all("activity-status"):
            code = part.get("code")
            if self._unlisted("activity-status", code, STATUSES, activity, part) or cells:
                continue
            if code == SUSPENDED:
                said = "status 6, suspended, was read as ongoing"
                self.intake.tell(Problem("N556", said, "", (activity.place(part),)))
            cells["status"] = STATUSES[code]
            cells[self.intake.column(ACTIVITIES, "iati_status")] = code
            self.intake.took("activity-status")
        return cells

    def _unlisted(
        self, tag: str, code: str, known: Mapping[str, str], activity: Activity, part: Part
    ) -> bool:
        """Tell of a code that is in no list (W555), or of a second part; both are left out."""
        if code in known and part.number == 1:
            return False
        said = f"{tag} {shown(code)!r} is not in the code list of IATI"
        if code in known:
            said = f"{tag} stands twice in an activity; the first was taken"
        self.intake.left(tag, Problem("W555", said, "", (activity.place(part),)))
        return True

    def _span(self, activity: Activity) -> dict[str, object]:
        """Start and end, the actual before the planned; all that were given stay as columns."""
        given: dict[str, str] = {}
        for part in activity.all("activity-date"):
            kind, day = part.get("type"), _day(part.get("iso-date"))
            if kind in DATES and day and given.get(kind, day) == day:
                given[kind] = day
                self.intake.took("activity-date")
                continue
            said = f"activity-date {shown(part.get('iso-date'))!r} of type {shown(kind)!r} "
            said += "is no date, of no known type, or differs from one before"
            problem = Problem("W556", said, "write YYYY-MM-DD", (activity.place(part),))
            self.intake.left("activity-date", problem)
        cells: dict[str, object] = {
            self.intake.column(ACTIVITIES, f"iati_{DATES[kind].replace(' ', '_')}"): given[kind]
            for kind in sorted(given)
        }
        for column, actual, planned in (("start", "2", "1"), ("end", "4", "3")):
            cells[column] = given.get(actual, given.get(planned))
            if actual not in given and planned in given:
                said = f"{column} is the planned one, because no actual one is given"
                self.intake.tell(Problem("N558", said, "", (activity.place(),)))
        start, end = cells["start"], cells["end"]
        if start and end and str(start) > str(end):
            said = "an activity starts after its end, so the end was left blank"
            self.intake.tell(Problem("W558", said, "mend its dates", (activity.place(),)))
            cells["end"] = None
        return cells

    def _said(self, activity: Activity) -> dict[str, object]:
        """Source and date of all claims of an activity: its reporter, and its last update."""
        said: dict[str, object] = {}
        day = _day(activity.attributes.get("last-updated-datetime", ""))
        if day:
            said["date"] = day
        for part in activity.all("reporting-org"):
            if "source" in said:
                why = "reporting-org stands twice in an activity; the first was taken"
                self.intake.left("reporting-org", Problem("W555", why, "", (activity.place(part),)))
                continue
            organization = self._organization(activity, part)
            if organization is None:
                continue
            self.intake.took("reporting-org")
            second = part.get("secondary-reporter") in ("1", "true")
            if second:
                why = "a secondary reporter tells of work that is not its own"
                self.intake.tell(Problem("W562", why, "", (activity.place(part),)))
            said["source"] = self._source(activity, organization, second)
        self.unsaid = self.unsaid or "source" not in said
        return said

    def _source(self, activity: Activity, organization: str, second: bool) -> str:
        key = (activity.file, organization, second)
        stem = activity.file.rpartition("/")[2].rpartition(".")[0]
        if key not in self._sources:
            id = self._sources[key] = self.intake.fresh(f"{stem} {organization}")
            flag = self.intake.column(SOURCES, "iati_secondary_reporter")
            row = {
                "id": id,
                "name": f"{activity.file}, reported by {organization}",
                "kind": "dataset",
                "organization": organization,
                "date": self.made.get(activity.file),
            }
            self.intake.row(SOURCES, row | ({flag: YES} if second else {}), activity.place())
        return self._sources[key]

    def _organization(self, activity: Activity, part: Part) -> str | None:
        """An organization by its reference, else by its name; equal names never join references."""
        ref, place = _same(part.get("ref")), activity.place(part)
        name, others = self._narrative(part.texts)
        if not ref and not name:
            said = f"a {part.tag} has neither reference nor name"
            self.intake.left(part.tag, Problem("W564", said, "name it", (place,)))
            return None
        if not ref:
            said = f"a {part.tag} has no reference; it is known by its name only"
            remedy = "hold the names against a map with sysmap match"
            self.intake.tell(Problem("W559", said, remedy, (place,)))
        cells: dict[str, object] = {}
        code = part.get("type")
        if code:
            if code not in KINDS:
                said = f"organization type {shown(code)!r} is not in the code list of IATI"
                self.intake.tell(Problem("W555", said, "", (place,)))
            cells["kind"] = KINDS.get(code)
            cells[self.intake.column(ORGANIZATIONS, "iati_type")] = code
        for i, (language, text) in enumerate(others, start=2):
            cells[self.intake.column(ORGANIZATIONS, f"name ({language or i})")] = text
        key = ("ref", ref) if ref else ("name", name)
        return self.nodes.first(ORGANIZATIONS, key, name, place, cells, code=ref)

    def _parties(self, activity: Activity) -> Iterator[tuple[Part, str, str]]:
        for part in activity.all("participating-org"):
            organization = self._organization(activity, part)
            if organization is None:
                continue
            code = part.get("role")
            if code not in ROLES:
                said = f"role {shown(code)!r} is not in the code list of IATI; it is left blank"
                self.intake.tell(Problem("W555", said, "", (activity.place(part),)))
            self.intake.took("participating-org")
            yield part, organization, code

    def _about(self, activity: Activity) -> Iterator[tuple[Part, str]]:
        """The elements that an activity is about, by its sectors."""
        for part in activity.all("sector"):
            vocabulary, code = part.get("vocabulary") or PURPOSE, part.get("code")
            place = activity.place(part)
            name = self._narrative(part.texts)[0]
            if vocabulary not in (PURPOSE, CATEGORY, OWN) or not code:
                said = f"a sector of vocabulary {shown(vocabulary)!r} was left out"
                remedy = "codes of the OECD DAC and of the reporter are read"
                self.intake.left("sector", Problem("W563", said, remedy, (place,)))
                continue
            self.intake.took("sector")
            if vocabulary == OWN:
                reporter = next(iter(activity.all("reporting-org")), None)
                owner = _same(reporter.get("ref")) if reporter else ""
                key: object = (OWN, part.get("vocabulary-uri") or owner, code)
                id = f"{owner or OWN}-{code}"
                yield part, self._sector(key, id, name or code, code, place)
                continue
            listed = sectors().get(code)
            if listed is None or bool(listed["category"]) != (vocabulary == PURPOSE):
                said = f"sector {shown(code)!r} is not in the code list of IATI"
                self.intake.tell(Problem("W555", said, "", (place,)))
                listed = None
            if listed and listed["category"]:
                self._parents.setdefault((listed["category"], code), place)
            name = listed["name"] if listed else name
            yield part, self._sector((vocabulary, code), code, name, code, place)

    def _sector(self, key: object, id: str, name: str, code: str, place: Place) -> str:
        self.sectors |= {code, name}
        area = choices.said_of(self.areas, code, name)
        return self.nodes.first(ELEMENTS, key, name, place, {"area": area}, code=id)

    def _places(self, activity: Activity) -> Iterator[tuple[Part, str]]:
        """The contexts of an activity: countries by their alpha-3 codes, and regions."""
        for part in activity.parts:
            if part.tag not in ("recipient-country", "recipient-region"):
                continue
            place, code = activity.place(part), _same(part.get("code"))
            name = self._narrative(part.texts)[0]
            if not code and not name:
                said = f"a {part.tag} has neither code nor name"
                self.intake.left(part.tag, Problem("W564", said, "name it", (place,)))
                continue
            self.intake.took(part.tag)
            if part.tag == "recipient-country":
                yield part, self._country(code, name, place)
            else:
                key = (part.get("vocabulary") or "1", code or name)
                id = f"region-{code}" if code else ""
                called = name or f"Region {code}"
                yield (
                    part,
                    self.nodes.first(CONTEXTS, key, called, place, {"kind": "area"}, code=id),
                )

    def _country(self, code: str, name: str, place: Place) -> str:
        known = alpha3().get(code.upper())
        if known is None:
            said = f"recipient-country {shown(code)!r} is no code of a country; it got no groups"
            self.intake.tell(Problem("W555", said, "", (place,)))
            key, id = ("country", code or name), code
            return self.nodes.first(CONTEXTS, key, name or code, place, {}, code=id)
        called = countries.table()[known]["name"] if known in countries.table() else "Kosovo"
        return self.nodes.first(CONTEXTS, known, called, place, {"kind": COUNTRY}, code=known)

    def _share(self, table: str, part: Part) -> dict[str, object]:
        percentage = part.get("percentage")
        return {self.intake.column(table, "percentage"): percentage} if percentage else {}

    def _sums(self, activity: Activity) -> None:
        """W557: percentages that do not sum to 100 within one vocabulary; they weigh nothing."""
        groups: dict[str, list[str]] = {}
        for part in activity.all("sector"):
            groups.setdefault(f"sector {part.get('vocabulary') or PURPOSE}", []).append(
                part.get("percentage")
            )
        lands = [part.get("percentage") for part in activity.all("recipient-country")]
        regions: dict[str, list[str]] = {}
        for part in activity.all("recipient-region"):
            regions.setdefault(part.get("vocabulary") or "1", []).append(part.get("percentage"))
        for vocabulary, given in (regions or {"": []}).items():
            groups[f"place {vocabulary}"] = [*lands, *given]
        for what, given in groups.items():
            if any(given) and abs(sum(map(_number, given)) - 100) > _BOUND:
                said = f"percentages of {what.split()[0]}s do not sum to 100; none is used"
                remedy = "mend them; they stay in the column percentage"
                self.intake.tell(Problem("W557", said, remedy, (activity.place(),)))


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if 0 <= number <= 100 else float("inf")
