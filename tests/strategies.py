"""The one Hypothesis strategy for valid maps; every law about maps draws from it.

Sizes, texts, numbers and headers are drawn by Hypothesis and so shrink; how the rows combine them
follows from one drawn seed, because a choice per cell would exhaust what one example may draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from sysmap.core import dates, names
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import (
    ABOUT,
    CONTEXTS,
    SCHEMA,
    SOURCES,
    Column,
    LinkType,
    NodeType,
    Schema,
    TableType,
)

HOSTILE = (
    "=HYPERLINK(1)", "'=1", "''+1", "-3", "@x", "+", "NA", "None", "null", "nan", "TRUE", "007",
    "1.0", "1e5", "<r>x</r>", "<script>alert(1)</script>", "_x0001_", "_x005F_", "a\rb", "a\r\nb",
    "a\nb", "a\tb", "bell\x07", "\x7f", "next\x85line", "line\u2028break", '"', '"a", b;c', "'",
    "O'Neill", "\ufeffmark", "zero\u200bwidth", "turn\u202eed", "e\u0301", "Ünïcode", "日本", "𝔘🎉",
    "{{7*7}}", "a, b", "2024-05", "#N/A", "http://example.org/?a=1&b=2",
)  # fmt: skip
"""Texts that have broken spreadsheets, parsers and pages."""

_DECORATIONS = ("", "", "", "", "=", "'=", "-", "é ", "00", "日本", "<b>", '"')
_COUNTRIES = ("FJI", "TON", "LAO", "KAZ", "XKX")
_DATES = ("1999", "2020-06", "2024-02", "2024-02-29", "2025", "2026-12-31")
_KEYS = ("title", "round", "contact", "licence", "=odd key")
_BLANK = 0.4

_T = TypeVar("_T")


def hostile_texts() -> st.SearchStrategy[str]:
    """Text that a cell may hold: not blank, no blanks at its ends, no NUL, no half letters."""
    free = st.text(
        st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufffe\uffff"), max_size=12
    )
    return (st.sampled_from(HOSTILE) | free).map(lambda text: text.strip() or "x")


def headers() -> st.SearchStrategy[list[str]]:
    """Headers of columns that no table knows, which nobody could take for each other."""
    known = {name for kind in SCHEMA for name in kind.names}

    def is_unknown(text: str) -> bool:
        header = names.header(text)
        return bool(names.key(text)) and header not in known and not header.startswith("group_")

    plain = st.sampled_from(("percent", "Remark", "été", "a b", "Zusatz 2"))
    free = plain | hostile_texts().filter(is_unknown)
    return st.lists(free, min_size=2, max_size=4, unique_by=names.header)


@st.composite
def maps(
    draw: st.DrawFn, *, schema: Schema = SCHEMA, max_size: int = 30, carried: bool = True
) -> SystemMap:
    """A valid map: every table of the schema with 0 to `max_size` rows.

    Parameters
    ----------
    schema
        The types; a schema of the user's own is filled like ours.
    max_size
        The most rows that a table has.
    carried
        Whether tables may have columns that the schema does not know, of text and of numbers.
    """
    sizes = {kind.table: draw(st.integers(0, max_size)) for kind in schema}
    numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9).map(float)
    maker = _Maker(
        schema,
        np.random.default_rng(draw(st.integers(0, 2**32 - 1))),
        tuple(draw(st.lists(hostile_texts(), min_size=1, max_size=6))),
        tuple(draw(st.lists(numbers, min_size=1, max_size=4))),
        tuple(draw(headers())) if carried else (),
        sizes,
    )
    return from_tables(maker.frames(), schema)


@dataclass(frozen=True)
class _Maker:
    """Rows out of the drawn parts; all choices come from `rng`."""

    schema: Schema
    rng: np.random.Generator
    texts: Sequence[str]
    numbers: Sequence[float]
    headers: Sequence[str]
    sizes: Mapping[str, int]

    def frames(self) -> dict[str, pd.DataFrame]:
        ids = {kind.table: self._ids(kind) for kind in self.schema.nodes}
        frames = {kind.table: self._table(kind, ids) for kind in self.schema}
        return {table: self._carry(frame) for table, frame in frames.items()}

    def _ids(self, kind: NodeType) -> list[str]:
        made = [
            f"{self._one(_DECORATIONS)}{kind.table}-{i}" for i in range(self.sizes[kind.table])
        ]
        if kind.table == CONTEXTS:
            count = int(self.rng.integers(0, min(len(made), len(_COUNTRIES)) + 1))
            made[:count] = _COUNTRIES[:count]
        return made

    def _table(self, kind: TableType, ids: Mapping[str, list[str]]) -> pd.DataFrame:
        if kind.table == ABOUT:
            return self._about(ids[SOURCES])
        rows = []
        for i in range(self.sizes[kind.table]):
            row = {c.name: self._cell(c, kind, ids, i) for c in kind.columns}
            if self._is_whole(row, kind):
                rows.append(self._in_order(row))
        return pd.DataFrame(rows, columns=list(kind.names), dtype=object)

    def _cell(
        self, column: Column, kind: TableType, ids: Mapping[str, list[str]], row: int
    ) -> object:
        if column.kind == "id":
            return ids[kind.table][row]
        if not column.required and self.rng.random() < _BLANK:
            return None
        if column.kind == "reference":
            near = [i for t in column.to for i in (ids[t][:row] if t == kind.table else ids[t])]
            return self._one(near) if near else None
        if column.kind == "integer":
            return int(self.rng.integers(column.low or 0, (column.high or 7) + 1))
        if column.kind == "question":
            return self._one([link.table for link in self.schema.links])
        pools = {"choice": column.values, "date": _DATES}
        return self._one(pools.get(column.kind, self.texts))

    def _is_whole(self, row: Mapping[str, object], kind: TableType) -> bool:
        """Whether all required cells are filled and a link joins two things."""
        if any(row[name] is None for name in kind.required):
            return False
        return not isinstance(kind, LinkType) or len({row[c.name] for c in kind.ends}) == 2

    def _in_order(self, row: dict[str, object]) -> dict[str, object]:
        start, end = row.get("start"), row.get("end")
        if start and end and dates.first_day(str(start)) > dates.last_day(str(end)):
            return row | {"start": end, "end": start}
        return row

    def _about(self, sources: Sequence[str]) -> pd.DataFrame:
        keys = [key for key in _KEYS if self.rng.random() > _BLANK]
        rows: list[tuple[str, object]] = [(key, self._one([None, *self.texts])) for key in keys]
        if self.rng.random() > _BLANK:
            rows.append(("data date", self._one(_DATES)))
        if sources and self.rng.random() < _BLANK:
            rows.append(("source", self._one(sources)))
        return pd.DataFrame(rows, columns=["key", "value"], dtype=object)

    def _carry(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with unknown columns, half of them of numbers, some wholly blank."""
        made = frame
        for i, header in enumerate(self.headers):
            if self.rng.random() > _BLANK:
                continue
            pool: Sequence[object] = self.numbers if i % 2 else self.texts
            blank = self._one([0.0, _BLANK, 1.0])
            cells = [None if self.rng.random() < blank else self._one(pool) for _ in made.index]
            made = made.assign(**{header: pd.Series(cells, index=made.index, dtype=object)})
        return made

    def _one(self, pool: Sequence[_T]) -> _T:
        return pool[int(self.rng.integers(len(pool)))]
