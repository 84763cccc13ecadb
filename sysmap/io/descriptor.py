"""The descriptor `datapackage.json` of a CSV folder: Data Package, version 2.

Source: the Data Package standard, version 2.0, June 2024.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pandas as pd

from sysmap.core.schema import Column, LinkType, NodeType, Schema, TableType

MANIFEST = "datapackage.json"
"""Name of the descriptor."""

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_FORM = 1
"""The version of our descriptor; only a folder whose descriptor has it may be replaced."""

_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"

Json = Mapping[str, object]


def describe(frames: Mapping[str, pd.DataFrame], schema: Schema, *, title: str) -> str:
    """The descriptor of some tables as text.

    Parameters
    ----------
    frames
        The tables that are written, in the order of the files.
    schema
        Their types.
    title
        What the whole package is called.

    Returns
    -------
    str
        JSON with two blanks of indent and a final line feed; equal tables give equal text.

    Examples
    --------
    >>> from sysmap.core.schema import SCHEMA
    >>> goals = pd.DataFrame({"id": ["o"], "name": ["Light"]})
    >>> package = json.loads(describe({"outcomes": goals}, SCHEMA, title="A map"))
    >>> package["resources"][0]["schema"]["primaryKey"]
    ['id']
    """
    package = {
        "$schema": _PROFILE,
        "sysmap": _FORM,
        "title": title,
        "resources": [_resource(schema[t], frame, frames, schema) for t, frame in frames.items()],
    }
    return json.dumps(package, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _resource(
    kind: TableType, frame: pd.DataFrame, frames: Mapping[str, pd.DataFrame], schema: Schema
) -> Json:
    columns = [(str(name), kind.column(str(name))) for name in frame.columns]
    table: dict[str, object] = {
        "fields": [
            _field(column, schema) if column else _carried(name, frame[name])
            for name, column in columns
        ],
        "missingValues": [""],
    }
    if isinstance(kind, NodeType):
        table["primaryKey"] = ["id"]
    keys = [
        _foreign_key(column, kind)
        for _, column in columns
        if column is not None and len(column.to) == 1 and column.to[0] in frames
    ]
    if keys:
        table["foreignKeys"] = keys
    return {
        "name": kind.table,
        "path": f"{kind.table}.csv",
        "type": "table",
        "description": kind.help,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": table,
    }


def _field(column: Column, schema: Schema) -> Json:
    described: dict[str, object] = {
        "name": column.name,
        "type": "integer" if column.kind == "integer" else "string",
        "description": _words(column),
    }
    allowed = _allowed(column, schema.links)
    if allowed:
        described["categories"] = list(allowed)
    limits: dict[str, object] = {}
    if column.required and column.unless is None:
        limits["required"] = True
    if column.low is not None:
        limits["minimum"] = column.low
    if column.high is not None:
        limits["maximum"] = column.high
    if column.kind == "date":
        limits["pattern"] = _DATE
    if limits:
        described["constraints"] = limits
    return described


def _allowed(column: Column, links: Sequence[LinkType]) -> tuple[str, ...]:
    return tuple(link.table for link in links) if column.kind == "question" else column.values


def _words(column: Column) -> str:
    """The help; an end with several possible tables cannot be a foreign key, so words say it."""
    if len(column.to) < 2:
        return column.help
    return f"{column.help} An id of {', '.join(column.to[:-1])} or {column.to[-1]}.".strip()


def _carried(name: str, cells: pd.Series) -> Json:
    kind = "number" if pd.api.types.is_numeric_dtype(cells) else "string"
    return {"name": name, "type": kind, "description": "Not known to sysmap; kept as it is."}


def _foreign_key(column: Column, kind: TableType) -> Json:
    """A key into another table, or, where no resource is named, into this one."""
    reference: dict[str, object] = {"fields": ["id"]}
    if column.to != (kind.table,):
        reference = {"resource": column.to[0], **reference}
    return {"fields": [column.name], "reference": reference}
