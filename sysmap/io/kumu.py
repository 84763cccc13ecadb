"""Kumu: maps as workbooks with the sheets Elements and Connections, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from sysmap.core import files, names
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.progress import Progress
from sysmap.core.schema import INFLUENCES, LinkType, NodeType
from sysmap.io import exports, jsontext, tabs, typed, workbook
from sysmap.io.causal import Things, twice
from sysmap.io.exports import Formulas
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options
from sysmap.io.intake import Intake
from sysmap.io.tabs import Tab
from sysmap.io.typed import BACKWARDS, DIRECTED, Item, Tie

ELEMENT, CONNECTION = "element", "connection"
MADE = "element named in connections only"
CHOICES = typed.CHOICES

SIGNS = MappingProxyType({"+": "+", "-": "-", "++": "+", "--": "+", "+-": "-", "-+": "-"})
"""What a type of connection says: the two-letter forms are those of one template of Kumu."""

SLOW = 10_000
"""Items from which on Kumu grows slow."""

_WORDS = "a Kumu map"
_JSON = re.compile(r'"(?:elements|connections)"\s*:\s*\[')
_SPECIAL = ("id", "label", "type", "description")
_ENDS = ("from", "to", "type", "direction", "strength")
_BESIDE = ("maps", "perspectives", "views", "fields")


def sniff(head: Head) -> bool:
    """Tell whether this has the sheets, or the keys, of elements and connections."""
    if head.book is not None:
        return {"elements", "connections"} <= {names.key(t) for t in head.book.titles}
    return head.text.startswith("{") and _JSON.search(head.text) is not None


def read(head: Head, options: Options) -> Draft:
    """The elements and connections of a map, and an account of them."""
    made = typed.decisions(options, SIGNS)
    intake = Intake(head.path.name, options.schema, made.told)
    things = Things(intake, ELEMENT)
    if head.book is not None:
        items, ties = _of_workbook(head, options, intake)
    else:
        content, fault = jsontext.parsed(head.path, options)
        if fault:
            return Draft(problems=[fault])
        items, ties = _of_json(content, intake)
    if intake.broken:
        return intake.refused()
    found = _Ends(intake, items)
    joined = [tie for tie in (found.tie(tie) for tie in ties) if tie]
    typed.take(things, [*items, *found.made], joined, made, CONNECTION)
    intake.source()
    return intake.draft()


class _Ends:
    """What the ends of connections name: ids first, then labels, then elements yet unnamed.

    Kumu makes an element of every label that stands in connections only; so do we, and tell.
    """

    def __init__(self, intake: Intake, items: Sequence[Item]) -> None:
        self.intake, self.made = intake, list[Item]()
        self.keys = {item.key for item in items}
        self.labels: dict[str, list[str]] = {}
        for item in items:
            self.labels.setdefault(names.key(item.label), []).append(item.key)

    def tie(self, tie: Tie) -> Tie | None:
        """The connection between keys; None if a label of it means several elements (W519)."""
        ends: list[str] = []
        for end in (tie.first, tie.second):
            key = self._key(end, tie.place)
            if key is None:
                said = f"a connection joins {shown(end)!r}, and several elements are called so"
                remedy = "give the elements an ID column, and use it in From and To"
                self.intake.left(CONNECTION, Problem("W519", said, remedy, (tie.place,)))
                return None
            ends.append(key)
        return replace(tie, first=ends[0], second=ends[1])

    def _key(self, end: str, place: Place) -> str | None:
        if end in self.keys or not end:
            return end
        known = self.labels.get(names.key(end), [])
        if len(known) > 1:
            return None
        if not known and not end.startswith(("elem-", "#")):
            self.labels[names.key(end)] = [end]
            self.keys.add(end)
            self.made.append(Item(end, end, place, kind=MADE))
            said = f"{shown(end)!r} stands in connections only; an element was made, as Kumu does"
            self.intake.tell(Problem("W523", said, "add it to Elements", (place,)))
        return known[0] if known else end


# Workbooks


def _of_workbook(head: Head, options: Options, intake: Intake) -> tuple[list[Item], list[Tie]]:
    pages, problems = tabs.tabs(head, options)
    for problem in problems:
        intake.tell(problem)
    by_name = {names.key(tab.title): tab for tab in pages}
    for tab in pages:
        key = names.key(tab.title)
        if tab.rows and key not in ("elements", "connections") and "(ignore)" not in key:
            said = f"sheet {shown(tab.title)!r} was left out"
            place = Place(tab.file, tab.title, "", (tab.rank, 0, 0))
            intake.left("sheet", Problem("W549", said, "add (ignore) to its name", (place,)))
    elements, connections = by_name["elements"], by_name["connections"]
    for tab in (elements, connections):
        for problem in tab.merges(0) if tab.rows else []:
            intake.tell(problem)
    return (
        _elements(elements, tabs.columns(elements, ("label",), intake), intake),
        _connections(connections, tabs.columns(connections, ("from", "to"), intake), intake),
    )


def _elements(tab: Tab, columns: Mapping[str, int], intake: Intake) -> list[Item]:
    items: list[Item] = []
    seen: dict[str, Place] = {}
    titles = {j: tab.rows[0][j] for key, j in columns.items() if key not in _SPECIAL}
    for i in range(1, len(tab.rows)):
        if not any(tab.rows[i]) or "label" not in columns:
            continue
        cells = {key: tab.cell(i, columns[key]) for key in _SPECIAL if key in columns}
        key = cells.get("id") or f"{tab.title}!{i}"
        place = tab.place(i, columns["label"])
        if key in seen:
            intake.left(ELEMENT, twice(ELEMENT, key, seen[key], place))
            continue
        seen[key] = place
        items.append(
            Item(
                key,
                cells["label"],
                place,
                cells.get("type", ""),
                cells.get("description", ""),
                cells.get("id", ""),
                {title: tab.cell(i, j) for j, title in titles.items()},
            )
        )
    return items


def _connections(tab: Tab, columns: Mapping[str, int], intake: Intake) -> list[Tie]:
    ties: list[Tie] = []
    titles = {j: tab.rows[0][j] for key, j in columns.items() if key not in _ENDS}
    if "direction" not in columns and len(tab.rows) > 1:
        said = "no column Direction: every connection was read as an arrow from From to To"
        intake.tell(Problem("W524", said, "write directed, undirected or mutual", (tab.place(0),)))
    for i in range(1, len(tab.rows)):
        if not any(tab.rows[i]) or not {"from", "to"} <= set(columns):
            continue
        cells = {key: tab.cell(i, columns[key]) for key in _ENDS if key in columns}
        fields = {title: tab.cell(i, j) for j, title in titles.items()}
        # A cell may name several targets, one connection each.
        for target in [t.strip() for t in cells["to"].split("|")]:
            ties.append(
                Tie(
                    cells["from"],
                    target,
                    tab.place(i, columns["from"]),
                    cells.get("type", ""),
                    (cells.get("type", ""),),
                    names.key(cells.get("direction", "")) or DIRECTED,
                    *_strength(cells.get("strength", ""), fields),
                )
            )
    return ties


def _strength(text: object, fields: Mapping[str, object]) -> tuple[object, Mapping[str, object]]:
    """A strength from 1 to 3; any other scale is kept beside it."""
    if str(text) in ("1", "2", "3") or not text:
        return text or None, fields
    return None, {**fields, "Strength": text}


# JSON


def _of_json(content: object, intake: Intake) -> tuple[list[Item], list[Tie]]:
    found = content if isinstance(content, dict) else {}
    lists = {key: found.get(key, []) for key in ("elements", "connections", "loops", *_BESIDE)}
    for key in ("elements", "connections"):
        rows = lists[key]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            place = Place(intake.file, "", key)
            said = f"{key} is no list of objects"
            intake.tell(Problem("E017", said, "write it again from Kumu", (place,)))
            return [], []
    items = _json_elements(lists["elements"], intake)
    ties = _json_connections(lists["connections"], intake)
    _loops(lists["loops"], lists["connections"], intake)
    for key in _BESIDE:
        count = len(lists[key]) if isinstance(lists[key], list) else 0
        if count:
            said = f"{key} were left out: they say how the map is drawn"
            whole = (Place(intake.file, "", key),)
            intake.left(key, Problem("W516", said, "", whole, count))
    return items, ties


def _json_elements(rows: Sequence[Mapping[str, object]], intake: Intake) -> list[Item]:
    items: list[Item] = []
    seen: dict[str, Place] = {}
    for i, row in enumerate(rows):
        place = Place(intake.file, "", f"elements[{i}]")
        fields = _flat(row)
        chosen = str(fields.pop("id", "") or "")
        label = str(fields.pop("label", "") or "")
        key = str(row.get("_id") or chosen or f"elements[{i}]")
        if key in seen:
            intake.left(ELEMENT, twice(ELEMENT, key, seen[key], place))
            continue
        seen[key] = place
        type_ = str(fields.pop("element type", "") or fields.pop("type", "") or "")
        description = str(fields.pop("description", "") or "")
        items.append(Item(key, label, place, type_, description, chosen, fields))
    return items


def _json_connections(rows: Sequence[Mapping[str, object]], intake: Intake) -> list[Tie]:
    ties: list[Tie] = []
    for i, row in enumerate(rows):
        fields = _flat(row)
        type_ = str(fields.pop("connection type", "") or fields.pop("type", "") or "")
        direction = names.key(str(fields.pop("direction", "") or DIRECTED))
        turned = fields.pop("reversed", None)
        first, second = (_end(fields.pop(key, "")) for key in ("from", "to"))
        place = Place(intake.file, "", f"connections[{i}]")
        if fields.get("delayed") in (True, "true", "TRUE"):
            said = "a connection is delayed; influences know no delay, so it stays as a column"
            intake.tell(Problem("W525", said, "", (place,)))
        if fields.get("delayed") is False:
            del fields["delayed"]
        way = BACKWARDS if turned is True and direction == DIRECTED else direction
        strength, rest = _strength(_text(fields.pop("strength", "")), fields)
        ties.append(Tie(first, second, place, type_, (type_,), way, strength, rest))
    return ties


def _flat(row: Mapping[str, object]) -> dict[str, object]:
    """The attributes of an element or connection, in whichever of the two forms they stand."""
    inner = row.get("attributes")
    merged = {**row, **(inner if isinstance(inner, dict) else {})}
    return {
        str(key): _text(value)
        for key, value in merged.items()
        if key not in ("_id", "attributes") and not (key.startswith("_") and inner)
    }


def _text(value: object) -> object:
    """A value of JSON as one cell: several values are joined with a bar."""
    if isinstance(value, list):
        return "|".join(str(_text(v)) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def _end(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def _loops(loops: object, connections: Sequence[Mapping[str, object]], intake: Intake) -> None:
    """Declared loops are left out, for `loops` finds them; each that does not close is told."""
    arrows = {
        str(c.get("_id", i)): (str(c.get("from")), str(c.get("to")))
        for i, c in enumerate(connections)
    }
    for i, loop in enumerate(loops if isinstance(loops, list) else []):
        place = Place(intake.file, "", f"loops[{i}]")
        parts = loop.get("connections") if isinstance(loop, dict) else None
        named = [str(p.get("_id") if isinstance(p, dict) else p) for p in parts or []]
        path = [arrows[n] for n in named if n in arrows]
        if path and len(path) == len(named) and not _closed(path):
            said = "a declared loop is no closed cycle of arrows"
            intake.left("loop", Problem("W526", said, "check its arrows", (place,)))
        else:
            said = "declared loops were left out: sysmap finds loops itself"
            intake.left("loop", Problem("W527", said, "", (place,)))


def _closed(path: Sequence[tuple[str, str]]) -> bool:
    """Tell whether some arrows, in any order, make one cycle."""
    after = dict(path)
    at, seen = path[0][0], 0
    while seen < len(path) and at in after:
        at, seen = after[at], seen + 1
        if at == path[0][0]:
            break
    return len(after) == len(path) == seen and at == path[0][0]


# Writing


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The nodes and claims of a map as elements and connections.

    The claims about a pair, of one table and one sign, become one connection, with the count of
    claims and the sources as fields. A name that ends in .json gives JSON, any other a workbook.
    """
    files.writable(path)
    ids = _ids(m)
    elements = [
        {
            "ID": ids[str(row["id"])],
            "Label": row["name"],
            "Type": kind.table,
            "Description": row.get("description"),
        }
        for kind in _drawn(m)
        for row in exports.rows(m, kind)
    ]
    exports.require(bool(elements), path, "no row of a table that is drawn")
    connections = [tie for kind in _joined(m) for tie in _connection(m, kind, ids)]
    if path.suffix.lower() == ".json":
        content = {"elements": _lower(elements), "connections": _lower(connections)}
        text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        files.write_bytes(path, text.encode())
    else:
        sheets = {
            "Elements": pd.DataFrame(elements, dtype=object),
            "Connections": pd.DataFrame(connections, columns=list(_FIELDS), dtype=object),
        }
        stamp = workbook.created(m.about)
        files.write_bytes(path, workbook.render_frames(sheets, stamp=stamp, title=m.title))
    return [
        *exports.joined((int(str(tie["Claims"])) for tie in connections), CONNECTION),
        *_report(m, ids, len(elements) + len(connections)),
        *exports.left_out(m, _held(m), _WORDS),
    ]


_FIELDS = ("From", "To", "Direction", "Type", "Strength", "Claims", "Sources", "Contexts")


def _drawn(m: SystemMap) -> list[NodeType]:
    return [kind for kind in m.schema.nodes if kind.shape]


def _joined(m: SystemMap) -> list[LinkType]:
    """The link tables that an arrow can say: those that need nothing but their ends."""
    return [kind for kind in m.schema.links if len(kind.required) == len(kind.ends)]


def _ids(m: SystemMap) -> dict[str, str]:
    """The ids that Kumu can search for: without underscores and points, unless two would meet."""
    all_ids = [str(id) for kind in _drawn(m) for id in m.table(kind.table)["id"]]
    made = {id: re.sub(r"[_.]", "-", id) for id in all_ids}
    counted = pd.Series(list(made.values()), dtype=object).value_counts()
    return {id: new if counted[new] == 1 else id for id, new in made.items()}


def _connection(
    m: SystemMap, kind: LinkType, ids: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    first, second = (end.name for end in kind.ends)
    groups: dict[tuple[str, str, str], list[Mapping[str, object]]] = {}
    for row in exports.rows(m, kind):
        if str(row[first]) in ids and str(row[second]) in ids:
            sign = str(row.get("sign", "")) if kind.table == INFLUENCES else kind.table
            groups.setdefault((str(row[first]), str(row[second]), sign), []).append(row)
    for (a, b, type_), rows in groups.items():
        strengths = {row.get("strength") for row in rows}
        yield {
            "From": ids[a],
            "To": ids[b],
            "Direction": DIRECTED if kind.directed else "undirected",
            "Type": type_ or None,
            "Strength": strengths.pop()
            if len(strengths) == 1 and kind.table == INFLUENCES
            else None,
            "Claims": len(rows),
            "Sources": _bars(row.get("source") for row in rows),
            "Contexts": _bars(row.get("context") for row in rows),
        }


def _bars(values: Iterator[object]) -> str | None:
    return "|".join(sorted({str(v) for v in values if v is not None})) or None


def _lower(rows: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    return [{k.lower(): v for k, v in row.items() if v is not None} for row in rows]


def _held(m: SystemMap) -> dict[str, Sequence[str]]:
    nodes = {kind.table: ("id", "name", "description") for kind in _drawn(m)}
    links = {kind.table: tuple(end.name for end in kind.ends) for kind in _joined(m)}
    return {**nodes, **links, INFLUENCES: (*links[INFLUENCES], "sign")}


def _report(m: SystemMap, ids: Mapping[str, str], items: int) -> Iterator[Problem]:
    changed = sum(old != new for old, new in ids.items())
    if changed:
        said = f"{changed:,} ids were written with hyphens, for Kumu cannot search for _ and ."
        yield Problem("W614", said, "write a workbook to keep them", count=changed)
    types = {k.table: k.table for k in _drawn(m) if len(m.table(k.table)) and k.table != "elements"}
    links = {
        k.table: k.table for k in _joined(m) if len(m.table(k.table)) and k.table != INFLUENCES
    }
    if types or links:
        count = sum(len(m.table(t)) for t in (*types, *links))
        said = f"{count:,} rows are of types that Kumu does not know by itself"
        remedy = f"read the file with choices={{'links': {links!r}, 'types': {types!r}}}"
        yield Problem("W615", said, remedy, count=count)
    if items >= SLOW:
        said = f"{items:,} elements and connections: Kumu grows slow near {SLOW:,}"
        yield Problem("N620", said, "narrow the map with select()")
