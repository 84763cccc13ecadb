"""Two sets of tables as one: what either says, or what both say."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sysmap.core.problems import Problem, shown
from sysmap.core.schema import ABOUT, Schema
from sysmap.core.values import plain

Frames = Mapping[str, pd.DataFrame]


def union(a: Frames, b: Frames, schema: Schema) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Nodes of both, and each claim as often as the map that has it more often."""
    joined: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for kind in schema:
        left, right = _aligned(a[kind.table], b[kind.table])
        if kind.table == ABOUT:
            joined[kind.table] = _about(left, right)
            continue
        rows = pd.concat([_counted(left), _counted(right)], ignore_index=True)
        joined[kind.table] = (
            rows.drop_duplicates(ignore_index=True)
            .drop(columns=_COUNT)
            .astype(left.dtypes.to_dict())
        )
    problems += _clashes(joined, schema)
    return joined, problems


def intersection(
    a: Frames, b: Frames, schema: Schema
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Nodes and claims that both have."""
    _, problems = union(a, b, schema)
    shared: dict[str, pd.DataFrame] = {}
    for kind in schema:
        left, right = _aligned(a[kind.table], b[kind.table])
        rows = _counted(left).merge(_counted(right), how="inner")
        shared[kind.table] = rows.drop(columns=_COUNT).astype(left.dtypes.to_dict())
    return shared, problems


_COUNT = "\0occurrence"


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Number repeated rows, so that a repetition is a row of its own."""
    if frame.empty:
        return frame.assign(**{_COUNT: pd.Series(dtype="int64")})
    count = frame.groupby(list(frame.columns), dropna=False, sort=False).cumcount()
    return frame.assign(**{_COUNT: count.to_numpy()})


def _aligned(a: pd.DataFrame, b: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    columns = [*a.columns, *(c for c in b.columns if c not in a.columns)]
    extra = sorted(c for c in columns if c not in a.columns or c not in b.columns)
    columns = [*(c for c in columns if c not in extra), *extra]
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


def _about(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """One row per key; unequal values stand side by side, of data dates the later one."""
    rows = pd.concat([a, b], ignore_index=True).drop_duplicates(ignore_index=True)
    twice = rows["key"].duplicated(keep=False)
    if not twice.any():
        return rows
    merged = rows.copy()
    for key, group in rows[twice].groupby("key"):
        parts = sorted({p for v in group["value"].dropna() for p in str(v).split("; ")})
        value = parts[-1] if key == "data date" and parts else "; ".join(parts)
        merged.loc[group.index, "value"] = value or None
    return merged.drop_duplicates("key", ignore_index=True)


def _clashes(frames: Frames, schema: Schema) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for kind in schema.nodes:
        frame = frames[kind.table]
        for id in frame.loc[frame["id"].duplicated(), "id"].unique():
            rows = frame[frame["id"] == id]
            unequal = [c for c in frame.columns if rows[c].nunique(dropna=False) > 1]
            problems.append(
                Problem(
                    "E220",
                    f"{kind.table} {shown(id)!r} differs between the two maps in "
                    + ", ".join(unequal),
                    "make the two rows equal",
                )
            )
        for id in frame["id"]:
            if seen.setdefault(id, kind.table) != kind.table:
                problems.append(
                    Problem(
                        "E202",
                        f"id {shown(id)!r} stands in {seen[id]} and in {kind.table}",
                        "give each thing an id of its own",
                    )
                )
    return problems
