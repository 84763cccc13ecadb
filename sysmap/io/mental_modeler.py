"""Mental Modeler: fuzzy cognitive maps as .mmp files and as square matrices."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from sysmap.core import files
from sysmap.core.errors import UnsupportedFormatError
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem, Problems, shown
from sysmap.core.progress import Progress
from sysmap.core.schema import ABOUT, ELEMENTS, INFLUENCES, NEGATIVE, OUTCOMES, POSITIVE
from sysmap.io import choices, csvtext, exports, flat, xmltext
from sysmap.io.causal import Things, missing, twice
from sysmap.io.exports import Formulas
from sysmap.io.grids import Draft, letter
from sysmap.io.heads import Head, Options
from sysmap.io.intake import Intake

ROOT = "mentalmodeler"
CONCEPT, RELATIONSHIP = "concept", "relationship"
CHOICES = ("areas", "outcomes")

_WORDS = "a Mental Modeler matrix"
_STEPS = (1 / 3, 2 / 3)
_WRITTEN = {1: 0.33, 2: 0.66, 3: 1.0}
_ORIENTATIONS = {"1": "desirable", "-1": "undesirable"}
_DATE = re.compile(r"\w{3} (\w{3}) (\d{1,2}) .*?(\d{4})$")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_UNSIGNED = math.nan


def sniff(head: Head) -> bool:
    """Tell whether this is an .mmp file, or a matrix whose rows bear the names of its columns."""
    if xmltext.root_of(head) == ROOT:
        return True
    header, *rows = [list(row) for row in head.rows[:25]] or [[]]
    if head.book is not None or len(header) < 2 or str(header[0]).strip():
        return False
    labels = [str(row[0]).strip() for row in rows if row and str(row[0]).strip()]
    titles = {str(cell).strip() for cell in header[1:]} - {""}
    return bool(labels) and 2 * sum(label in titles for label in labels) >= len(labels)


def read(head: Head, options: Options) -> Draft:
    """The concepts and relationships of a map, and an account of them."""
    if head.suffix == ".mmp" or xmltext.root_of(head):
        return _read_mmp(head, options)
    return _read_matrix(head, options)


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The elements, outcomes and general influences of a map as a square matrix.

    A cell is the sign and strength of all claims about a pair: the least strength if they agree in
    the sign, ``NaN`` if they do not or none has a sign.
    """
    if path.suffix.lower() == ".mmp":
        said = "an .mmp file is only read"
        remedy = "write a matrix, with a name that ends in .csv"
        raise UnsupportedFormatError(Problems([Problem("E007", said, remedy)]))
    files.writable(path)
    titles = exports.labels(m)
    exports.require(bool(titles), path, "no element or outcome")
    cells, problems = _cells(m)
    guard = csvtext.guard if formulas == "guard" else str
    ids = list(titles)
    lines = [csvtext.line(["", *(guard(titles[id]) for id in ids)])]
    for cause in ids:
        numbers = (cells.get((cause, effect)) for effect in ids)
        lines.append(csvtext.line([guard(titles[cause]), *map(_number, numbers)]))
    files.write_bytes(path, "".join(lines).encode())
    held = {
        ELEMENTS: ("id", "name"),
        OUTCOMES: ("id", "name"),
        INFLUENCES: ("cause", "effect", "sign", "strength", "context"),
    }
    return [*problems, *_renamed(m), *exports.left_out(m, held, _WORDS)]


# Reading


def _read_mmp(head: Head, options: Options) -> Draft:
    fault = xmltext.fault_of(head.path, options.limits, ROOT)
    root, broken = (None, fault) if fault else xmltext.tree_of(head.path)
    if root is None:
        return Draft(problems=[broken] if broken else [])
    wanted = choices.listed(options.choices, "outcomes")
    areas = choices.mapped(options.choices, "areas")
    intake = Intake(
        head.path.name, options.schema, {"areas": dict(areas), "outcomes": list(wanted)}
    )
    things = Things(intake, CONCEPT)
    concepts = [
        (Place(intake.file, "", f"concepts/concept[{i}]"), concept)
        for i, concept in enumerate(root.findall("concepts/concept"), start=1)
    ]
    groups = _groups(root)
    for place, concept in concepts:
        key = xmltext.inner(concept, "id")
        if key in things.ids:
            intake.left(CONCEPT, twice(CONCEPT, key, things.places[key], place))
            continue
        name = xmltext.inner(concept, "name")
        table = OUTCOMES if choices.among(wanted, name) else ELEMENTS
        things.add(key, name, _concept(intake, concept, groups, areas, table), place, table)
    for place, concept in concepts:
        for i, relation in enumerate(concept.findall("relationships/relationship"), start=1):
            at = Place(intake.file, "", f"{place.cell}/relationships/relationship[{i}]")
            _relation(things, xmltext.inner(concept, "id"), relation, at)
    _dropped(intake, root, len(concepts))
    choices.unmet(intake, "outcomes", wanted, list(things.names.values()))
    choices.unmet(intake, "areas", areas, [*groups.values(), *things.names.values()])
    title = xmltext.inner(root, "info/name")
    if title:
        intake.row(ABOUT, {"key": "title", "value": title}, Place(intake.file, "", "info/name"))
    intake.source(date=_date(xmltext.inner(root, "info/date")))
    return intake.draft()


def _groups(root: Element) -> dict[str, str]:
    """The names that somebody gave to groups, by number."""
    found = {}
    for i, group in enumerate(root.findall("groupNames/*")):
        number = group.get("index") or group.get("id") or str(i)
        if (group.text or "").strip():
            found[number] = (group.text or "").strip()
    return found


def _concept(
    intake: Intake,
    concept: Element,
    groups: Mapping[str, str],
    areas: Mapping[str, str],
    table: str,
) -> dict[str, object]:
    group = groups.get(xmltext.inner(concept, "group"), "")
    cells: dict[str, object] = {"description": xmltext.inner(concept, "notes")}
    if table == ELEMENTS:
        name = xmltext.inner(concept, "name")
        cells["area"] = choices.said_of(areas, group, name)
        cells["orientation"] = _ORIENTATIONS.get(xmltext.inner(concept, "preferredState"))
    for title, text in (("units", xmltext.inner(concept, "units")), ("group", group)):
        if text:
            cells[intake.column(table, title)] = text
    return cells


def _relation(things: Things, cause: str, relation: Element, place: Place) -> None:
    raw = xmltext.inner(relation, "influence")
    extra: dict[str, object] = {"note": xmltext.inner(relation, "notes")}
    confidence = xmltext.inner(relation, "confidence")
    if confidence:
        extra[things.intake.column(INFLUENCES, "confidence")] = confidence
    _arrow(things, cause, xmltext.inner(relation, "id"), raw, extra, place)


def _arrow(
    things: Things, cause: str, effect: str, raw: str, extra: Mapping[str, object], place: Place
) -> None:
    """One number becomes sign and strength; the number itself is kept beside them."""
    intake = things.intake
    number = _influence(raw)
    if number == 0:
        said = f"a {RELATIONSHIP} has the influence 0, which says that there is none"
        intake.left(RELATIONSHIP, Problem("W532", said, "delete it, or give a number", (place,)))
        return
    cells = {**extra, intake.column(INFLUENCES, "influence_raw"): raw}
    known = number is not None and abs(number) <= 1
    if number is not None:
        cells["sign"] = POSITIVE if number > 0 else NEGATIVE
    if number is not None and known:
        cells["strength"] = 1 + sum(abs(number) > step for step in _STEPS)
    if things.link(RELATIONSHIP, cause, effect, cells, place) is None:
        return
    intake.took(RELATIONSHIP)
    if not known:
        said = f"influence {shown(raw)!r} is no number from -1 to 1; the link is kept"
        remedy = "write a number from -1 to 1"
        intake.tell(Problem("W531", said, remedy, (place,)))


def _influence(raw: str) -> float | None:
    """The number, or None where the text is none, such as ``NaN``."""
    try:
        number = float(raw.replace("_", "?"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _dropped(intake: Intake, root: Element, concepts: int) -> None:
    """What the tables have no place for, counted."""
    scenarios = len(root.findall("scenarios/scenario"))
    if scenarios:
        place = (Place(intake.file, "", "scenarios"),)
        said = "scenarios were left out: a map holds what was said, not what was tried"
        intake.left("scenario", Problem("W515", said, "", place, scenarios))
    placed = len(root.findall("concepts/concept/x"))
    if placed:
        said = "positions on the drawing were left out"
        place = (Place(intake.file, "", "concepts"),)
        intake.left("position", Problem("W516", said, "", place, placed))
    if xmltext.inner(root, "info/author"):
        said = "the name of the author was dropped: it is personal data"
        place = (Place(intake.file, "", "info/author"),)
        intake.left("author", Problem("W514", said, "", place))


def _date(text: str) -> str | None:
    """The day of a date as the tool writes it; None if it is written otherwise."""
    found = _DATE.match(text)
    if not found or found[1] not in _MONTHS:
        return None
    try:
        return dt.date(int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2])).isoformat()
    except ValueError:
        return None


def _read_matrix(head: Head, options: Options) -> Draft:
    file, whole = head.path.name, Place(head.path.name)
    text, fault = flat.text(head.path, whole, options.limits, options.encoding)
    if fault:
        return Draft(problems=[fault])
    rows, numbers, problems = flat.records(text, whole, options.limits, options.separator or ",")
    filled = [(n, row) for n, row in zip(numbers, rows, strict=True) if any(map(str.strip, row))]
    if problems or not filled:
        return Draft(problems=problems)
    titles = [csvtext.unguard(cell.strip()) for cell in filled[0][1][1:]]
    while titles and not titles[-1]:
        titles.pop()
    body = [(n, csvtext.unguard(row[0].strip()), row[1:]) for n, row in filled[1:]]
    faults = _unsquare(titles, body, file, filled[0][0])
    if faults:
        return Draft(problems=faults)
    wanted = choices.listed(options.choices, "outcomes")
    areas = choices.mapped(options.choices, "areas")
    intake = Intake(file, options.schema, {"areas": dict(areas), "outcomes": list(wanted)})
    things = Things(intake, CONCEPT)
    for j, title in enumerate(titles, start=1):
        place = Place(file, "", f"line {filled[0][0]}, column {letter(j)}")
        table = OUTCOMES if choices.among(wanted, title) else ELEMENTS
        cells = {"area": choices.said_of(areas, title)} if table == ELEMENTS else {}
        things.add(title, title, cells, place, table)
    for number, cause, row in body:
        for j, raw in enumerate(row, start=1):
            if raw.strip():
                place = Place(file, "", f"line {number}, column {letter(j)}")
                _arrow(things, cause, titles[j - 1], raw.strip(), {}, place)
    choices.unmet(intake, "outcomes", wanted, titles)
    choices.unmet(intake, "areas", areas, titles)
    intake.source()
    return intake.draft()


def _unsquare(
    titles: Sequence[str], body: Sequence[tuple[int, str, list[str]]], file: str, first: int
) -> list[Problem]:
    """E530: rows and columns do not bear the same names, or one bears none or one twice."""
    labels = [label for _, label, _ in body]
    head = Place(file, "", f"line {first}")
    remedy = "write each concept once as a row and once as a column"
    problems = []
    for said, wanted in (
        ("names without a row", set(titles) - set(labels)),
        ("names without a column", set(labels) - set(titles)),
        ("names that head two columns", {t for t in titles if titles.count(t) > 1}),
        ("names that head two rows", {t for t in labels if labels.count(t) > 1}),
    ):
        if wanted:
            told = f"the matrix is not square: {said}: {missing(wanted)}"
            problems.append(Problem("E530", told, remedy, (head,)))
    for number, label, cells in body:
        if any(cell.strip() for cell in cells[len(titles) :]):
            told = f"the matrix is not square: the row {shown(label)!r} is longer than the header"
            place = Place(file, "", f"line {number}")
            problems.append(Problem("E530", told, remedy, (place,)))
    return problems


# Writing


def _cells(m: SystemMap) -> tuple[dict[tuple[str, str], float], list[Problem]]:
    """The number of each pair, and what a number could not say."""
    claims = m.links(INFLUENCES)
    general = claims[claims["context"].isna()]
    problems = []
    special = len(claims) - len(general)
    if special:
        said = f"{special:,} influences that hold in one context were left out: cells are general"
        problems.append(Problem("W612", said, "write a workbook to keep them", count=special))
    said_of: dict[tuple[str, str], list[tuple[object, object]]] = {}
    columns = (general[c].astype(object) for c in ("cause", "effect", "sign", "strength"))
    for cause, effect, sign, strength in zip(*columns, strict=True):
        said_of.setdefault((str(cause), str(effect)), []).append((sign, strength))
    cells = {pair: _agreed(said) for pair, said in said_of.items()}
    problems += exports.joined(map(len, said_of.values()), "cell")
    for count, told in _losses(said_of):
        problems.append(Problem("W613", told, "write a workbook to keep them", count=count))
    return cells, problems


def _losses(
    said_of: Mapping[tuple[str, str], list[tuple[object, object]]],
) -> Iterator[tuple[int, str]]:
    torn = sum(len(_signs(said)) > 1 for said in said_of.values())
    if torn:
        yield torn, f"{torn:,} pairs whose claims differ in the sign were written as NaN"
    weak = sum(len(_signs(said)) == 1 and not _strengths(said) for said in said_of.values())
    if weak:
        yield weak, f"{weak:,} pairs with a sign and no strength were written as the weakest"
    bare = sum(not _signs(said) and bool(_strengths(said)) for said in said_of.values())
    if bare:
        yield bare, f"{bare:,} pairs with a strength and no sign were written as NaN"


def _agreed(said: Sequence[tuple[object, object]]) -> float:
    signs, strengths = _signs(said), _strengths(said)
    if len(signs) != 1:
        return _UNSIGNED
    return (1 if signs == {POSITIVE} else -1) * _WRITTEN[min(strengths, default=1)]


def _signs(said: Sequence[tuple[object, object]]) -> set[object]:
    return {sign for sign, _ in said if isinstance(sign, str)}


def _strengths(said: Sequence[tuple[object, object]]) -> set[int]:
    return {strength for _, strength in said if isinstance(strength, int)}


def _number(number: float | None) -> str:
    if number is None:
        return ""
    return "NaN" if math.isnan(number) else csvtext.number(number)


def _renamed(m: SystemMap) -> Iterator[Problem]:
    """Ids and the split into elements and outcomes: how to get them back."""
    count = len(m.elements) + len(m.outcomes)
    if count:
        said = f"{count:,} ids were left out; reading makes ids from names"
        yield Problem("W614", said, "write a workbook to keep them", count=count)
    names = [str(n) for n in m.outcomes["name"]]
    if names:
        titles = exports.labels(m)
        told = [titles[str(id)] for id in m.outcomes.index]
        said = f"{len(names):,} outcomes were written as concepts like any other"
        remedy = f"read the file with choices={{'outcomes': {told!r}}}"
        yield Problem("W615", said, remedy, count=len(names))
