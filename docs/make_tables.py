"""Write docs/tables.md from the schema, so that the page and the checks never disagree."""

from __future__ import annotations

from pathlib import Path

from sysmap.core.schema import SCHEMA, Column, LinkType, NodeType, TableType

PAGE = Path(__file__).parent / "tables.md"

_HEAD = """# The tables of a map

A map is a set of tables: sheets of one workbook, or CSV files of one folder.
Every table may be absent.
Columns with a star are required; columns that sysmap does not know are kept.
A cell that refers to a node holds its id, or its exact unique name.
This page is made from the schema by `python docs/make_tables.py`.
"""


def page() -> str:
    """The page as text."""
    parts = [_HEAD]
    for title, kinds in (
        ("Nodes", SCHEMA.nodes),
        ("Claims", SCHEMA.links),
        ("Ledger, facts and spellings", SCHEMA.others),
    ):
        parts.append(f"## {title}\n")
        parts += [_table(kind) for kind in kinds]
    return "\n".join(parts)


def _table(kind: TableType) -> str:
    rows = "\n".join(_row(kind, column) for column in kind.columns)
    head = f"### {kind.table}\n\n{kind.help}\n{_extra(kind)}"
    return f"{head}\n| column | holds | meaning |\n|---|---|---|\n{rows}\n"


def _extra(kind: TableType) -> str:
    if isinstance(kind, LinkType):
        ends = " → ".join(c.name for c in kind.ends)
        return f"A link {ends}; in words: *{kind.verb}*, *{kind.inverse}*.\n"
    if isinstance(kind, NodeType) and kind.prefixes:
        return f"Columns whose names begin with `{kind.prefixes[0]}` are groupings too.\n"
    return ""


def _row(kind: TableType, column: Column) -> str:
    star = " *" if column.required else ""
    return f"| {column.name}{star} | {_holds(kind, column)} | {column.help} |"


def _holds(kind: TableType, column: Column) -> str:
    if column.values:
        return ", ".join(column.values)
    if column.kind == "reference":
        return "id in " + " or ".join(column.to)
    if column.kind == "integer":
        return f"{column.low} to {column.high}" if column.high else f"{column.low} or more"
    if column.kind == "question":
        return "name of a link table"
    return column.kind


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
