"""PRSM: participatory system maps as .prsm files, plain or packed, and as workbooks."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from sysmap.core import files, names, personal
from sysmap.core.errors import UnsupportedFormatError
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem, Problems, shown
from sysmap.core.progress import Progress
from sysmap.core.schema import ABOUT, ELEMENTS, INFLUENCES, NEGATIVE, OUTCOMES, POSITIVE
from sysmap.io import exports, jsontext, packed, tabs, typed, workbook
from sysmap.io.causal import Things, twice
from sysmap.io.exports import Formulas
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options
from sysmap.io.intake import Intake
from sysmap.io.tabs import Tab
from sysmap.io.typed import Item, Tie

FACTOR, LINK = "factor", "link"
CHOICES = typed.CHOICES

_WORDS = "a PRSM workbook"
_SIGNS = {POSITIVE: POSITIVE, NEGATIVE: NEGATIVE}
_KEYS = re.compile(r'"(?:nodes|edges)"\s*:\s*\[')
_DRAWN = frozenset(
    {"x", "y", "grp", "shape", "color", "font", "size", "physics", "fixed", "widthconstraint"}
)
_DRAWN_ENDS = frozenset({"grp", "arrows", "color", "width", "dashes", "smooth"})
_FACTORS = ("label", "note", "description", "style", "x", "y")
_LINKS = ("from", "to", "label", "note", "style")
_BESIDE = ("underlay", "background", "network", "drawing", "buttonstatus", "view")


def sniff(head: Head) -> bool:
    """Tell whether this has the sheets of factors and links, or the keys of nodes and edges."""
    if head.book is not None:
        return {"factors", "links"} <= {names.key(t) for t in head.book.titles}
    return head.text.startswith("{") and _KEYS.search(head.text) is not None


def read(head: Head, options: Options) -> Draft:
    """The factors and links of a map, and an account of them."""
    made = typed.decisions(options, _SIGNS)
    intake = Intake(head.path.name, options.schema, made.told)
    things = Things(intake, FACTOR)
    if head.book is not None:
        items, ties = _of_workbook(head, options, intake)
    else:
        content, fault = _content(head.path, options)
        if fault:
            return Draft(problems=[fault])
        items, ties = _of_json(content, intake)
    if intake.broken:
        return intake.refused()
    typed.take(things, items, ties, made, LINK)
    intake.source()
    return intake.draft()


# Files


def _content(path: Path, options: Options) -> tuple[object, Problem | None]:
    """What the file holds once it is unpacked; E004, E008, E010, E014 or E017."""
    place = Place(path.name)
    if path.stat().st_size > options.limits.unpacked:
        return jsontext.parsed(path, options)
    data = path.read_bytes()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else options.encoding or "utf-8-sig")
    except UnicodeDecodeError:
        # A packed file that ends within a character was cut there.
        cut = Problem("E004", "the file is cut short", "save it again from PRSM", (place,))
        return None, cut
    if text.lstrip()[:1] in ("{", "["):
        return jsontext.decoded(text, place)
    try:
        text = packed.unpacked(text)
    except packed.TooLongError:
        said = f"the file unpacks to more than {packed.MOST:,} characters"
        return None, Problem("E008", said, "ask where the file came from", (place,))
    except packed.TornError:
        said = "the file is cut short, or it is no PRSM file"
        return None, Problem("E004", said, "save it again from PRSM", (place,))
    return jsontext.decoded(text, place)


def _of_json(content: object, intake: Intake) -> tuple[list[Item], list[Tie]]:
    found = content if isinstance(content, dict) else {}
    for key in ("nodes", "edges"):
        rows = found.get(key)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            place = Place(intake.file, "", key)
            said = f"{key} is no list of objects"
            intake.tell(Problem("E017", said, "save it again from PRSM", (place,)))
            return [], []
    styles = found.get("styles")
    styles = styles if isinstance(styles, dict) else {}
    titles = found.get("attributeTitles")
    titles = titles if isinstance(titles, dict) else {}
    items = _nodes(found["nodes"], _labels(styles.get("nodes")), titles, intake)
    ties = _edges(found["edges"], _labels(styles.get("edges")), intake)
    title = found.get("mapTitle")
    if isinstance(title, str) and title.strip():
        place = Place(intake.file, "", "mapTitle")
        intake.row(ABOUT, {"key": "title", "value": title}, place)
    history = found.get("history")
    if isinstance(history, list) and history:
        said = "the history was dropped: it holds names of people"
        place = Place(intake.file, "", "history")
        intake.left("history", Problem("W514", said, "", (place,), len(history)))
    return items, ties


def _labels(styles: object) -> dict[str, str]:
    """The names that people gave to styles, by group."""
    return {
        str(group): str(style["groupLabel"]).strip()
        for group, style in (styles.items() if isinstance(styles, dict) else ())
        if isinstance(style, dict) and style.get("groupLabel")
    }


def _nodes(
    rows: Sequence[Mapping[str, object]],
    styles: Mapping[str, str],
    titles: Mapping[str, object],
    intake: Intake,
) -> list[Item]:
    items: list[Item] = []
    seen: dict[str, Place] = {}
    for i, row in enumerate(rows):
        place = Place(intake.file, "", f"nodes[{i}]")
        key = str(row.get("id", f"nodes[{i}]"))
        if key in seen:
            intake.left(FACTOR, twice(FACTOR, key, seen[key], place))
            continue
        seen[key] = place
        _dropped(row, _DRAWN, intake, place)
        type_ = styles.get(str(row.get("grp")), "")
        fields = {
            str(titles.get(title) or title): value
            for title, value in row.items()
            if isinstance(value, (str, int, float))
            and not isinstance(value, bool)
            and title not in ("id", "label", "note", "title")
            and names.key(title) not in _DRAWN | personal.MAKERS
        }
        label, note = _plain(row.get("label")), _rich(row.get("note"))
        items.append(Item(key, label, place, type_, note, fields=fields))
    return items


def _edges(
    rows: Sequence[Mapping[str, object]], styles: Mapping[str, str], intake: Intake
) -> list[Tie]:
    ties: list[Tie] = []
    for i, row in enumerate(rows):
        place = Place(intake.file, "", f"edges[{i}]")
        _dropped(row, _DRAWN_ENDS, intake, place)
        label, style = _plain(row.get("label")), styles.get(str(row.get("grp")), "")
        note = _rich(row.get("note"))
        ends = (str(row.get("from", "")), str(row.get("to", "")))
        ties.append(Tie(*ends, place, style, (label, style), fields={"Note": note} if note else {}))
    return ties


def _dropped(
    row: Mapping[str, object], drawn: frozenset[str], intake: Intake, place: Place
) -> None:
    if any(names.key(title) in drawn - {"grp"} for title in row):
        said = "positions and colours of the drawing were left out"
        intake.left("drawing", Problem("W516", said, "", (place,)))
    if any(names.key(title) in personal.MAKERS for title in row):
        said = "who made, changed or liked it was dropped: it is personal data"
        intake.left("person", Problem("W514", said, "", (place,)))


def _plain(value: object) -> str:
    """A label without the line breaks that were put in for display."""
    return " ".join(str(value).split()) if isinstance(value, str) else ""


def _rich(value: object) -> str:
    """The text of a note, which may be rich text: pieces with their marks."""
    if isinstance(value, dict):
        pieces = value.get("ops")
        value = "".join(
            str(piece["insert"])
            for piece in (pieces if isinstance(pieces, list) else [])
            if isinstance(piece, dict) and isinstance(piece.get("insert"), str)
        )
    return value.strip() if isinstance(value, str) else ""


# Workbooks


def _of_workbook(head: Head, options: Options, intake: Intake) -> tuple[list[Item], list[Tie]]:
    pages, problems = tabs.tabs(head, options)
    for problem in problems:
        intake.tell(problem)
    by_name = {names.key(tab.title): tab for tab in pages}
    for tab in pages:
        if tab.rows and names.key(tab.title) not in ("factors", "links"):
            said = f"sheet {shown(tab.title)!r} was left out"
            place = Place(tab.file, tab.title, "", (tab.rank, 0, 0))
            intake.left("sheet", Problem("W549", said, "add (ignore) to its name", (place,)))
    factors, links = by_name["factors"], by_name["links"]
    heads = tabs.columns(factors, ("label",), intake), tabs.columns(links, ("from", "to"), intake)
    if intake.broken:
        return [], []
    return _factors(factors, heads[0], intake), _links(links, heads[1], intake)


def _factors(tab: Tab, columns: Mapping[str, int], intake: Intake) -> list[Item]:
    items: list[Item] = []
    seen: dict[str, Place] = {}
    titles = {j: tab.rows[0][j] for key, j in columns.items() if key not in _FACTORS}
    for i in range(1, len(tab.rows)):
        if not any(tab.rows[i]):
            continue
        cells = {key: tab.cell(i, columns[key]) for key in _FACTORS if key in columns}
        place = tab.place(i, columns["label"])
        key = names.key(cells["label"])
        if key in seen:
            intake.left(FACTOR, twice(FACTOR, cells["label"], seen[key], place))
            continue
        seen[key] = place
        if cells.get("x") or cells.get("y"):
            said = "positions and colours of the drawing were left out"
            intake.left("drawing", Problem("W516", said, "", (place,)))
        note = cells.get("note") or cells.get("description", "")
        fields = {title: tab.cell(i, j) for j, title in titles.items()}
        items.append(Item(key, cells["label"], place, cells.get("style", ""), note, fields=fields))
    return items


def _links(tab: Tab, columns: Mapping[str, int], intake: Intake) -> list[Tie]:
    ties: list[Tie] = []
    titles = {j: tab.rows[0][j] for key, j in columns.items() if key not in _LINKS}
    for i in range(1, len(tab.rows)):
        if not any(tab.rows[i]):
            continue
        cells = {key: tab.cell(i, columns[key]) for key in _LINKS if key in columns}
        fields: dict[str, object] = {title: tab.cell(i, j) for j, title in titles.items()}
        if cells.get("note"):
            fields["Note"] = cells["note"]
        label, style = cells.get("label", ""), cells.get("style", "")
        ends = (names.key(cells["from"]), names.key(cells["to"]))
        place = tab.place(i, columns["from"])
        ties.append(Tie(*ends, place, style, (label, style), fields=fields))
    return ties


# Writing


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The elements, outcomes and influences of a map as the sheets Factors and Links.

    Factors are told by their labels, so a name that stands twice gets its id. The claims about a
    pair with one sign become one link; the sign is its label, the table of a factor its style.
    """
    if path.suffix.lower() != ".xlsx":
        said = f"{shown(path.name)!r} is no workbook, and PRSM files are written as workbooks only"
        raise UnsupportedFormatError(Problems([Problem("E007", said, "end the name in .xlsx")]))
    files.writable(path)
    labels = exports.labels(m)
    exports.require(bool(labels), path, "no element or outcome")
    factors = [
        {"Label": labels[str(row["id"])], "Note": row.get("description"), "Style": table}
        for table in (ELEMENTS, OUTCOMES)
        for row in exports.rows(m, m.schema[table])
    ]
    links = list(_written(m, labels))
    frames = {
        "Factors": pd.DataFrame(factors, columns=["Label", "Note", "Style"], dtype=object),
        "Links": pd.DataFrame(links, columns=["From", "To", "Label", "Claims"], dtype=object),
    }
    stamp = workbook.created(m.about)
    files.write_bytes(path, workbook.render_frames(frames, stamp=stamp, title=m.title))
    held = {
        ELEMENTS: ("id", "name", "description"),
        OUTCOMES: ("id", "name", "description"),
        INFLUENCES: ("cause", "effect", "sign"),
    }
    several = exports.joined((int(str(link["Claims"])) for link in links), LINK)
    return [*several, *_report(m, labels), *exports.left_out(m, held, _WORDS)]


def _written(m: SystemMap, labels: Mapping[str, str]) -> Iterator[dict[str, object]]:
    claims: dict[tuple[str, str, str], int] = {}
    for row in exports.rows(m, m.schema[INFLUENCES]):
        key = (str(row["cause"]), str(row["effect"]), str(row.get("sign", "")))
        claims[key] = claims.get(key, 0) + 1
    for (cause, effect, sign), count in claims.items():
        ends = {"From": labels[cause], "To": labels[effect]}
        yield {**ends, "Label": sign or None, "Claims": count}


def _report(m: SystemMap, labels: Mapping[str, str]) -> Iterator[Problem]:
    said = f"{len(labels):,} ids were left out; reading makes ids from names"
    yield Problem("W614", said, "write a workbook to keep them", count=len(labels))
    if len(m.outcomes):
        said = f"{len(m.outcomes):,} outcomes were written as factors of the style outcomes"
        remedy = "read the file with choices={'outcomes': ['outcomes']}"
        yield Problem("W615", said, remedy, count=len(m.outcomes))
