"""Small sheets and maps for the tests of the spine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sysmap.core.draft import Sheet, from_frames
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.problems import Problem, Problems
from sysmap.core.rules import check
from sysmap.core.schema import SCHEMA, Schema

Cells = Mapping[str, Sequence[object]]


def frames(**tables: Cells) -> dict[str, pd.DataFrame]:
    """Raw tables: every cell stays the object that it is."""
    return {
        name: pd.DataFrame({c: pd.Series(list(v), dtype=object) for c, v in cells.items()})
        for name, cells in tables.items()
    }


def made(schema: Schema = SCHEMA, **tables: Cells) -> SystemMap:
    """The map of such tables."""
    return from_tables(frames(**tables), schema)


def reread(m: SystemMap) -> SystemMap:
    """The map that its own tables make, as after writing and reading."""
    return from_tables({kind.table: m.table(kind.table) for kind in m.schema}, m.schema)


def told(schema: Schema = SCHEMA, **tables: Cells) -> Problems:
    """Every problem of such tables, as frames."""
    sheets, problems = from_frames(frames(**tables), schema)
    return Problems([*problems, *check(sheets, schema)[1]])


def workbook(**tables: Cells) -> dict[str, Sheet]:
    """Such tables as sheets of a workbook whose header stands in row 1."""
    return {
        name: Sheet(
            name,
            frame,
            range(2, len(frame) + 2),
            "survey.xlsx",
            name,
            {c: "ABCDEFGHIJ"[i] for i, c in enumerate(frame)},
            rank,
        )
        for rank, (name, frame) in enumerate(frames(**tables).items())
    }


def text_files(**tables: Cells) -> dict[str, Sheet]:
    """Such tables as CSV files whose header stands in line 1."""
    return {
        name: Sheet(
            name, frame, range(2, len(frame) + 2), f"map/{name}.csv", rank=rank, word="line"
        )
        for rank, (name, frame) in enumerate(frames(**tables).items())
    }


def of_code(problems: Problems | Sequence[Problem], code: str) -> list[Problem]:
    """The problems of one code."""
    return [p for p in problems if p.code == code]


def listed(prefix: str, count: int) -> dict[str, list[object]]:
    """A node table whose ids and names are numbered."""
    return {
        "id": [f"{prefix}{i}" for i in range(count)],
        "name": [f"The {prefix} {i}" for i in range(count)],
    }
