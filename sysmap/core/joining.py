"""Two sets of tables as one: what either says, or what both say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import pandas as pd

from sysmap.core import coded, dates, names
from sysmap.core.problems import Problem, shown
from sysmap.core.resolve import still_settled
from sysmap.core.schema import ABOUT, ASKED, SEEKS, Schema
from sysmap.core.values import plain

Frames = Mapping[str, pd.DataFrame]

_SHOWN_CASES = 20


def union(a: Frames, b: Frames, schema: Schema) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Nodes of both, and each claim as often as the map that has it more often.

    A table that only one has stays held as it was.
    """
    joined: dict[str, pd.DataFrame] = {}
    for kind in schema:
        if kind.table == ABOUT:
            joined[kind.table] = _about(a[ABOUT], b[ABOUT])
            continue
        if a[kind.table].empty or b[kind.table].empty:
            joined[kind.table] = _alone(a[kind.table], b[kind.table])
            continue
        left, right = _aligned(coded.plain(a[kind.table]), coded.plain(b[kind.table]))
        rows = pd.concat([_counted(left), _counted(right)], ignore_index=True)
        joined[kind.table] = (
            rows.drop_duplicates(ignore_index=True)
            .drop(columns=_COUNT)
            .astype(left.dtypes.to_dict())
        )
    return joined, [*_unequal(joined, schema), *_doubled(joined, schema)]


def intersection(
    a: Frames, b: Frames, schema: Schema
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Nodes and claims that both have."""
    _, problems = union(a, b, schema)
    shared: dict[str, pd.DataFrame] = {}
    for kind in schema:
        both = coded.plain(a[kind.table]), coded.plain(b[kind.table])
        left, right = _aligned(*(_one_spelling(*both) if kind.table == ABOUT else both))
        rows = _counted(left).merge(_counted(right), how="inner")
        shared[kind.table] = rows.drop(columns=_COUNT).astype(left.dtypes.to_dict())
    shared[ASKED] = still_settled(shared[ASKED], shared[SEEKS])
    return shared, problems


_COUNT = "\0occurrence"


def _alone(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """The rows of the one that has any, with the columns of both."""
    rows, other = (b, a) if a.empty else (a, b)
    if set(other.columns) <= set(rows.columns):
        return rows[_columns(a, b)].reset_index(drop=True)
    left, right = _aligned(coded.plain(a), coded.plain(b))
    return (right if a.empty else left).reset_index(drop=True)


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Number repeated rows, so that a repetition is a row of its own."""
    if frame.empty:
        return frame.assign(**{_COUNT: pd.Series(dtype="int64")})
    count = frame.groupby(list(frame.columns), dropna=False, sort=False).cumcount()
    return frame.assign(**{_COUNT: count.to_numpy()})


def _aligned(a: pd.DataFrame, b: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = _columns(a, b)
    left, right = a.reindex(columns=columns), b.reindex(columns=columns)
    for column in columns:
        if column not in a.columns:
            left[column] = left[column].astype(right[column].dtype)
        elif column not in b.columns:
            right[column] = right[column].astype(left[column].dtype)
        elif left[column].dtype != right[column].dtype:
            left[column] = left[column].map(plain, na_action="ignore").astype("str")
            right[column] = right[column].map(plain, na_action="ignore").astype("str")
    return left, right


def _columns(a: pd.DataFrame, b: pd.DataFrame) -> list[str]:
    """The columns of both, then those of one alone in order of their names."""
    columns = [*a.columns, *(c for c in b.columns if c not in a.columns)]
    extra = sorted(c for c in columns if c not in a.columns or c not in b.columns)
    return [*(c for c in columns if c not in extra), *extra]


def _one_spelling(a: pd.DataFrame, b: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables of pairs with one spelling of each key, the first in the alphabet."""
    keys: dict[str, str] = {}
    for key in sorted({*a["key"].dropna(), *b["key"].dropna()}):
        keys.setdefault(names.key(key), key)

    def spelt(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(key=frame["key"].map(lambda k: keys[names.key(k)], na_action="ignore"))

    return spelt(a), spelt(b)


def _about(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """One row per key; unequal cells stand side by side, of data dates the later one.

    The default source stays only where both maps name the same one: it was filled in when each
    map was made, and would else speak for the blank claims of the other.
    """
    left, right = _aligned(*_one_spelling(a, b))
    rows = pd.concat([left, right], ignore_index=True).drop_duplicates(ignore_index=True)
    keys = rows["key"].map(names.key)
    if len({_default_source(left), _default_source(right)}) > 1:
        rows, keys = rows[keys != "source"], keys[keys != "source"]
    twice = keys.duplicated(keep=False)
    if not twice.any():
        return rows.reset_index(drop=True)
    merged = rows.copy()
    for column in rows.columns.drop("key"):
        torn = rows[twice].groupby("key")[column].nunique(dropna=False) > 1
        if not torn.any():
            continue
        cells = rows[column].map(plain, na_action="ignore").astype(object)
        for key in torn.index[torn]:
            here = rows["key"] == key
            is_date = column == "value" and names.key(key) == "data date"
            cells[here] = _side_by_side(list(cells[here].dropna()), latest=is_date)
        merged[column] = cells.astype("str")
    return merged.drop_duplicates("key", ignore_index=True)


def _side_by_side(cells: Sequence[str], *, latest: bool) -> str:
    parts = sorted({part for cell in cells for part in cell.split("; ")})
    if latest and all(map(dates.is_date, parts)):
        return max(parts, key=lambda date: (dates.last_day(date), date))
    return "; ".join(parts)


def _default_source(about: pd.DataFrame) -> str | None:
    said = about.loc[about["key"].map(names.key) == "source", "value"].dropna()
    return None if said.empty else str(said.iloc[0])


def _unequal(frames: Frames, schema: Schema) -> Iterator[Problem]:
    """E220: nodes that the two maps describe differently; the first twenty one by one."""
    for kind in schema.nodes:
        frame = frames[kind.table]
        pairs = frame[frame["id"].duplicated(keep=False)].groupby("id", sort=True)
        for id, rows in islice(pairs, _SHOWN_CASES):
            columns = [c for c in frame.columns if rows[c].nunique(dropna=False) > 1]
            yield Problem(
                "E220",
                f"{kind.table} {shown(id)!r} differs between the two maps in {', '.join(columns)}",
                "make the two rows equal",
            )
        yield from _rest("E220", kind.table, pairs.ngroups)


def _doubled(frames: Frames, schema: Schema) -> Iterator[Problem]:
    """E202: ids that stand in one table of one map and in another of the other."""
    tables = [np.repeat(kind.table, len(frames[kind.table])) for kind in schema.nodes]
    ids = pd.concat([frames[kind.table]["id"] for kind in schema.nodes])
    places = pd.DataFrame({"id": ids.to_numpy(object), "table": np.concatenate(tables)})
    places = places.drop_duplicates()
    twice = places[places["id"].duplicated(keep=False)].groupby("id", sort=True)["table"]
    for id, found in islice(twice, _SHOWN_CASES):
        yield Problem(
            "E202",
            f"id {shown(id)!r} stands in {' and in '.join(found)}",
            "give each thing an id of its own",
        )
    yield from _rest("E202", "ids", twice.ngroups)


def _rest(code: str, what: str, count: int) -> Iterator[Problem]:
    more = count - _SHOWN_CASES
    if more > 0:
        said = f"{what}: {more:,} further cases of the same fault"
        yield Problem(code, said, "mend them in the same way", count=more)
