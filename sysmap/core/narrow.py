"""A smaller set of tables from a larger one, such that every reference still leads somewhere."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sysmap.core import dates, names
from sysmap.core.problems import Problem
from sysmap.core.resolve import still_settled
from sysmap.core.schema import (
    ALIASES,
    ASKED,
    AUDIENCES,
    CONTEXTS,
    ELEMENTS,
    INFLUENCES,
    NO,
    ORGANIZATIONS,
    PRIVATE,
    PUBLIC,
    SEEKS,
    SOURCES,
    LinkType,
    NodeType,
    Schema,
)
from sysmap.core.words import number_of

Frames = Mapping[str, pd.DataFrame]
Gone = Mapping[str, set[str]]

CUT_BY_DATE = "N404"
"""The note of a map that holds what was said until a date."""

UNCOUNTED = "how much was left out is not for this audience"
"""What is told of a cut whose count holds what the audience may not see."""

_OTHERS = "other claims"


@dataclass(frozen=True, slots=True)
class Whole:
    """What a part was taken from, as far as the part has to know: how much there was.

    Parameters
    ----------
    sizes
        Rows of each node table and of influences, and of all other link tables together.
    mark
        A checksum of all ids; parts of one map have the same.
    organizations
        Ids of those that everybody may see; a source may go on speaking for one that left.
    """

    sizes: tuple[tuple[str, int], ...]
    mark: int
    organizations: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


def whole(frames: Frames, schema: Schema) -> Whole:
    """The size of a map before anything is left out."""
    ids = [frames[kind.table]["id"].to_numpy(object) for kind in schema.nodes]
    mark = pd.util.hash_array(np.concatenate(ids), categorize=False).sum(dtype=np.uint64)
    organizations = frames[ORGANIZATIONS]
    seen = visibility_of(organizations, schema.node(ORGANIZATIONS)) == PUBLIC
    named = frozenset(organizations.loc[seen, "id"])
    return Whole(tuple(_sizes(frames, schema).items()), int(mark), named)


def is_part(frames: Frames, schema: Schema, of: Whole) -> bool:
    """Whether a map holds no more of anything than the whole, and less of something."""
    there = _sizes(frames, schema)
    rest = [size - there[name] for name, size in of.sizes]
    return min(rest) >= 0 and max(rest) > 0


def left_out(frames: Frames, schema: Schema, of: Whole) -> Problem:
    """The note of a part that says what it leaves out."""
    there = _sizes(frames, schema)
    parts = [(size - there[name], size, name) for name, size in of.sizes if size > there[name]]
    told = [f"{gone:,} of {size:,} {name}" for gone, size, name in parts]
    listed = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    return Problem(
        "N405",
        f"of the whole map, {listed} are left out",
        count=sum(gone for gone, _, _ in parts),
    )


def cut_by_date(date: str, later: int, undated: int) -> Problem:
    """The note of a map that `until` made."""
    told = number_of(later, "later claim")
    return Problem(
        CUT_BY_DATE,
        f"as of {date}: {told} and {undated:,} without any date were left out",
        count=max(later + undated, 1),
    )


def uncounted(cut: Problem) -> Problem:
    """The note of a cut without its counts."""
    date, _, _ = cut.message.partition(":")
    return Problem(cut.code, f"{date}: {UNCOUNTED}")


def _sizes(frames: Frames, schema: Schema) -> dict[str, int]:
    sizes = {kind.table: len(frames[kind.table]) for kind in schema.nodes}
    claims = {kind.table: len(frames[kind.table]) for kind in schema.links}
    sizes[INFLUENCES] = claims.pop(INFLUENCES, 0)
    return {**sizes, _OTHERS: sum(claims.values())}


def agreeing(a: Frames, b: Frames, schema: Schema, *, filled: bool) -> tuple[Frames, Frames]:
    """Two parts of one map whose common nodes and ledger rows are described alike.

    A part makes a reference blank where it leads to what was left out, and so the context of a
    ledger row whose claims have no place; one part may have blank what the other has filled.

    Parameters
    ----------
    filled
        Whether the filled reference stands, as where the parts are joined, or the blank one.
    """
    left, right = dict(a), dict(b)
    for kind in schema.nodes:
        for column in kind.columns:
            if not column.to:
                continue
            follow = [column.name]
            if (kind.table, column.name) == (SOURCES, "organization"):
                follow += ["reporter", "visibility"]
            mine, theirs = (side[kind.table].set_index("id") for side in (left, right))
            both = mine.index.intersection(theirs.index)
            blank = mine.loc[both, column.name].isna(), theirs.loc[both, column.name].isna()
            torn = blank[0] != blank[1]
            for side, own, other, stands in (
                (left, mine, theirs, blank[0] if filled else blank[1]),
                (right, theirs, mine, blank[1] if filled else blank[0]),
            ):
                taken = both[torn & stands]
                if len(taken):
                    own.loc[taken, follow] = other.loc[taken, follow]
                    order = side[kind.table].columns
                    side[kind.table] = own.reset_index()[list(order)]
    left[ASKED], right[ASKED] = _one_ledger(left[ASKED], right[ASKED], schema, filled=filled)
    return left, right


def _one_ledger(
    a: pd.DataFrame, b: pd.DataFrame, schema: Schema, *, filled: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledgers of two parts with one context for each answer that both hold.

    Rows that are equal but for their context are as many in either part. Among them stand the
    contexts that either has (or that both have), and the rest is blank.
    """
    ledgers = (a.reset_index(drop=True), b.reset_index(drop=True))
    both = pd.concat(ledgers, keys=(0, 1))
    rows = both[~both["question"].isin(asked_of(schema, CONTEXTS))]
    if rows["context"].isna().all() or a.equals(b):
        return a, b
    equal = rows.groupby(list(rows.columns.drop("context")), dropna=False, sort=False).ngroup()
    context = both["context"].copy()
    for places in equal.groupby(equal).groups.values():
        mine, theirs = (places[places.get_level_values(0) == side] for side in (0, 1))
        told = [Counter(context[side].dropna()) for side in (mine, theirs)]
        if told[0] == told[1] or not (len(mine) and len(theirs)):
            continue
        named = sorted((told[0] | told[1] if filled else told[0] & told[1]).elements())
        for side in (mine, theirs):
            context[side] = [*named, *[None] * len(side)][: len(side)]
    both["context"] = context
    return both.loc[0], both.loc[1]


def without(frames: Frames, schema: Schema, gone: Gone) -> dict[str, pd.DataFrame]:
    """The tables without some nodes.

    A link stays when all its filled ends and its context stay. A reference from one node to a
    removed one becomes blank; a source whose organization leaves keeps it as its reporter, so
    that the number of reporters does not change, and may be seen by nobody who may not see that
    organization. A ledger row leaves with its context, unless claims of its table have no place:
    then the answer stays and its context becomes blank.

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
            frame = _orphaned(frame, frames[ORGANIZATIONS], gone[ORGANIZATIONS], kind)
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
                if other.table == ASKED and column.to == (CONTEXTS,):
                    frame = frame.assign(context=frame["context"].where(~lost))
                    lost &= frame["question"].isin(asked_of(schema, CONTEXTS))
                frame = frame[~lost]
        left[other.table] = frame.reset_index(drop=True)
    left[ALIASES] = aliases_without(left[ALIASES], frames, schema, gone)
    return left


def aliases_without(
    aliases: pd.DataFrame, frames: Frames, schema: Schema, gone: Gone
) -> pd.DataFrame:
    """Decisions about spellings that name no removed node on either side."""
    ids = set().union(*gone.values())
    spelt = {names.key(id) for id in ids}
    for kind in schema.nodes:
        frame = frames[kind.table]
        removed = frame["id"].isin(gone.get(kind.table, set()))
        spelt |= set(frame.loc[removed, "name"].map(names.key))
    spelt |= set(frames[ALIASES].loc[frames[ALIASES]["id"].isin(ids), "name"].map(names.key))
    hidden = aliases["id"].isin(ids) | aliases["name"].map(names.key).isin(spelt)
    return aliases[~hidden].reset_index(drop=True)


def asked_of(schema: Schema, table: str) -> set[str]:
    """The link tables whose claims name a node of the table; only they have such a scope."""
    return {
        kind.table
        for kind in schema.links
        if any(table in column.to for column in kind.columns if column.name != "source")
    }


def of_areas(asked: pd.DataFrame, schema: Schema, areas: Iterable[str]) -> pd.DataFrame:
    """The ledger without questions about elements that were asked of other areas only.

    Parameters
    ----------
    areas
        Comparison keys of the areas that stay.
    """
    named = asked["area"].map(names.key, na_action="ignore")
    other = named.notna() & ~named.isin(set(areas))
    return asked[~(other & asked["question"].isin(asked_of(schema, ELEMENTS)))]


def visibility_of(frame: pd.DataFrame, kind: NodeType | LinkType) -> pd.Series:
    """Who may see each row, blank cells read as the contract says."""
    blank = pd.Series(kind.visibility if isinstance(kind, LinkType) else PUBLIC, index=frame.index)
    if isinstance(kind, NodeType) and kind.private_where:
        column, value = kind.private_where
        blank = blank.where(frame[column] != value, PRIVATE)
    return frame["visibility"].fillna(blank)


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
    asked = asked[np.where(inferred, still, known)].reset_index(drop=True)
    left[ASKED] = still_settled(asked, left[SEEKS])
    return left, later, undated


def _orphaned(
    sources: pd.DataFrame, organizations: pd.DataFrame, leaving: set[str], kind: NodeType
) -> pd.DataFrame:
    """Sources that keep the name of a leaving organization, no more visible than it was."""
    orphans = sources["organization"].isin(leaving)
    reporter = sources["reporter"].where(
        ~orphans | sources["reporter"].notna(), sources["organization"]
    )
    limit = sources["organization"].map(organizations.set_index("id")["visibility"]).where(orphans)
    own = visibility_of(sources, kind)
    closed = limit.map(AUDIENCES.index, na_action="ignore") > own.map(AUDIENCES.index)
    return sources.assign(reporter=reporter, visibility=sources["visibility"].where(~closed, limit))


def _lost(frame: pd.DataFrame, to: tuple[str, ...], gone: Gone, column: str) -> pd.Series | None:
    ids = set().union(*(gone.get(table, set()) for table in to)) if to else set()
    return frame[column].isin(ids) if ids else None
