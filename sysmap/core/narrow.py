"""A smaller set of tables from a larger one, such that every reference still leads somewhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from sysmap.core import dates
from sysmap.core.schema import (
    ASKED,
    INFLUENCES,
    NO,
    ORGANIZATIONS,
    SEEKS,
    SOURCES,
    LinkType,
    Schema,
)

Frames = Mapping[str, pd.DataFrame]
Gone = Mapping[str, set[str]]


def without(frames: Frames, schema: Schema, gone: Gone) -> dict[str, pd.DataFrame]:
    """The tables without some nodes.

    A link stays when all its filled ends and its context stay. A reference from one node to a
    removed one becomes blank; a source whose organization leaves keeps it as its reporter, so
    that the number of reporters does not change.

    Parameters
    ----------
    gone
        Ids to remove, by node table.
    """
    left: dict[str, pd.DataFrame] = {}
    for kind in schema.nodes:
        frame = frames[kind.table]
        if kind.table in gone:
            frame = frame[~frame["id"].isin(gone[kind.table])]
        if kind.table == SOURCES and gone.get(ORGANIZATIONS):
            leaving = frame["organization"].isin(gone[ORGANIZATIONS]) & frame["reporter"].isna()
            frame = frame.assign(reporter=frame["reporter"].where(~leaving, frame["organization"]))
        for column in kind.columns:
            lost = _lost(frame, column.to, gone, column.name)
            if lost is not None and lost.any():
                frame = frame.assign(**{column.name: frame[column.name].where(~lost)})
        left[kind.table] = frame.reset_index(drop=True)
    for other in (*schema.links, *schema.others):
        frame = frames[other.table]
        for column in other.columns:
            if column.name == "source" and isinstance(other, LinkType):
                continue
            lost = _lost(frame, column.to, gone, column.name)
            if lost is not None and lost.any():
                frame = frame[~lost]
        left[other.table] = frame.reset_index(drop=True)
    return left


def reached(frames: Frames, of: Iterable[str], steps: int | None, *, upstream: bool) -> set[str]:
    """The nodes from which (or to which) influences lead within so many steps, `of` included."""
    links = frames[INFLUENCES]
    near, far = ("effect", "cause") if upstream else ("cause", "effect")
    nexts: dict[str, list[str]] = {}
    for a, b in zip(links[near], links[far], strict=True):
        nexts.setdefault(a, []).append(b)
    depth = dict.fromkeys(of, 0)
    queue = deque(depth)
    while queue:
        node = queue.popleft()
        if steps is not None and depth[node] >= steps:
            continue
        for other in nexts.get(node, ()):
            if other not in depth:
                depth[other] = depth[node] + 1
                queue.append(other)
    return set(depth)


def until(frames: Frames, schema: Schema, at: str) -> tuple[dict[str, pd.DataFrame], int, int]:
    """The claims surely made by a date.

    Returns
    -------
    tuple
        The tables; how many claims were later; how many had no date at all and left too.
    """
    limit = np.datetime64(dates.last_day(at), "D")
    left, later, undated = dict(frames), 0, 0
    said = frames[SOURCES].set_index("id")["date"]
    for kind in schema.links:
        frame = frames[kind.table]
        when = frame["source"].map(said).astype("str")
        for column in ("date", "start"):
            if column in kind.names:
                when = frame[column].where(frame[column].notna(), when)
        days = dates.last_days(when)
        keep = days <= limit
        undated += int(np.isnat(days).sum())
        later += int((~keep & ~np.isnat(days)).sum())
        left[kind.table] = frame[keep].reset_index(drop=True)
    asked = frames[ASKED]
    inferred = asked["speaks_for"].notna()
    known = dates.last_days(asked["source"].map(said).astype("str")) <= limit
    still = asked["speaks_for"].isin(left[SEEKS]["organization"]) | (asked["answered"] == NO)
    left[ASKED] = asked[np.where(inferred, still, known)].reset_index(drop=True)
    return left, later, undated


def _lost(frame: pd.DataFrame, to: tuple[str, ...], gone: Gone, column: str) -> pd.Series | None:
    ids = set().union(*(gone.get(table, set()) for table in to)) if to else set()
    return frame[column].isin(ids) if ids else None
