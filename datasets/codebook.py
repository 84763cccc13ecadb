"""The code book and the descriptor of a shipped map, made from its tables and the schema.

``build.py`` of either map calls `describe` after it has written the tables.
"""

import csv
import json
from collections import Counter
from pathlib import Path

import pandas as pd

from sysmap.core.schema import SCHEMA, Column, LinkType, NodeType, TableType
from sysmap.io import descriptor

SHOWN = 6  # values of a carried column that are listed one by one

TYPES = {
    "id": "identifier, unique in the whole map",
    "url": "web address",
    "choice": "one of a list",
    "integer": "whole number",
    "date": "date: YYYY, YYYY-MM or YYYY-MM-DD",
    "reference": "id of a row",
    "question": "name of a link table",
}

BLANK = {
    ("seeks", "priority"): "no rank was given",
    ("seeks", "importance"): "no weight was given",
    ("influences", "sign"): "the direction is not known",
    ("influences", "strength"): "no strength was given; counted as 2 of 3",
    ("influences", "context"): "in general",
    ("observed", "strength"): "no strength was given",
    ("works_on", "context"): "place not stated; counts for no particular country",
    ("priorities", "context"): "place not stated; counts for no particular country",
    ("challenges", "context"): "place not stated; counts for no particular country",
    ("challenges", "visibility"): "private",
    ("sources", "visibility"): "public, and private where kind is interview",
    ("sources", "organization"): "no organization reported about itself",
    ("elements", "area"): "unassigned",
    ("organizations", "member"): "not known whether it is a member",
    ("asked", "context"): "asked in general, about every context",
    ("asked", "area"): "asked about all areas",
    ("asked", "answered"): "inferred: yes where the source has a claim within that scope",
}
BLANK_ANYWHERE = {
    "visibility": "public",
    "source": "the source that about names as the default, else an anonymous reporter",
    "date": "not dated",
    "start": "not dated",
    "end": "open, or not known",
    "status": "not known",
    "role": "not stated",
    "note": "no note",
    "parent": "no parent",
    "part_of": "no parent",
    "context": "place not stated",
}


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a folder by name in the order of their files, every cell as text."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        found[path.stem] = pd.DataFrame(rows, columns=header, dtype=str)
    return found


def package(frames: dict[str, pd.DataFrame]) -> str:
    """The descriptor of the tables as text, with the licence that lies beside them."""
    about = frames["about"].set_index("key")["value"]
    told = json.loads(descriptor.describe(frames, SCHEMA, title=about["title"]))
    resources = told.pop("resources")
    told["licenses"] = [{"path": "LICENSE.md", "title": about["licence"]}]
    return json.dumps({**told, "resources": resources}, ensure_ascii=False, indent=2) + "\n"


def book(frames: dict[str, pd.DataFrame], carried: dict[str, str]) -> str:
    """The code book of the tables as text.

    `carried` says what the columns mean that the schema does not know, by name.
    """
    title = frames["about"].set_index("key")["value"]["title"]
    order = [SCHEMA[table] for table in frames]
    lines = [
        f"# Code book: {title}",
        "",
        "Made by `build.py` from the tables and the schema; edit neither by hand.",
        "`filled` counts the rows in which the cell is not blank.",
        "In every link table a row is one claim of one source.",
        "Silence is not absence: a row that is missing says nothing.",
        "",
        "| table | rows | what a row says |",
        "|---|---|---|",
        *(f"| [{k.table}](#{k.table}) | {len(frames[k.table])} | {k.help} |" for k in order),
    ]
    for kind in order:
        lines += ["", *_table(kind, frames[kind.table], carried)]
    return "\n".join(lines) + "\n"


def _table(kind: TableType, frame: pd.DataFrame, carried: dict[str, str]) -> list[str]:
    what = {NodeType: "node table", LinkType: "link table"}.get(type(kind), "further table")
    return [
        f"## {kind.table}",
        "",
        kind.help,
        f"A {what} with {len(frame)} rows.",
        "",
        "| column | meaning | type | allowed | filled | blank means |",
        "|---|---|---|---|---|---|",
        *(_row(kind, str(name), frame[name], carried) for name in frame.columns),
    ]


def _row(kind: TableType, name: str, cells: pd.Series, carried: dict[str, str]) -> str:
    column = kind.column(name)
    filled = int((cells != "").sum())
    if column is None:
        described = (carried[name], "kept as it is", _seen(cells))
    else:
        described = (column.help, TYPES.get(column.kind, column.kind), _allowed(column))
    blank = _blank(kind, name, column)
    cell = " | ".join(text.replace("|", "\\|") for text in described)
    return f"| {name} | {cell} | {filled} of {len(cells)} | {blank} |"


def _allowed(column: Column) -> str:
    if column.values:
        return ", ".join(column.values)
    if column.to:
        return "in " + " or ".join(column.to)
    if column.low is not None or column.high is not None:
        low = "" if column.low is None else f"from {column.low}"
        high = "" if column.high is None else f"to {column.high}"
        return f"{low} {high}".strip()
    return ""


def _seen(cells: pd.Series) -> str:
    counts = Counter(cells[cells != ""])
    if not counts or len(counts) > SHOWN:
        return ""
    return ", ".join(f"{value} ({count})" for value, count in sorted(counts.items()))


def _blank(kind: TableType, name: str, column: Column | None) -> str:
    if column is not None and column.required and column.unless is None:
        return "never blank"
    if name == "visibility" and kind.knows("note") and (kind.table, name) not in BLANK:
        return "public, but the text of a note private"
    return BLANK.get((kind.table, name)) or BLANK_ANYWHERE.get(name) or "not known or not stated"


def describe(folder: Path, carried: dict[str, str]) -> None:
    """Write ``datapackage.json`` and ``CODEBOOK.md`` beside the tables of a folder."""
    frames = tables(folder)
    for name, text in (
        ("datapackage.json", package(frames)),
        ("CODEBOOK.md", book(frames, carried)),
    ):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
