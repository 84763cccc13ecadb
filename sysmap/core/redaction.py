"""The tables that an audience may see; what is removed is in no table afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count

import pandas as pd

from sysmap.core import names
from sysmap.core.narrow import Gone, without
from sysmap.core.resolve import hidden_answers
from sysmap.core.schema import (
    ABOUT,
    ALIASES,
    ASKED,
    AUDIENCES,
    ELEMENTS,
    ORGANIZATIONS,
    PRIVATE,
    PUBLIC,
    SEEKS,
    SOURCES,
    LinkType,
    NodeType,
    Schema,
)

Frames = Mapping[str, pd.DataFrame]


def redact(
    frames: Frames, schema: Schema, audience: str, keep: Collection[str] = ()
) -> tuple[dict[str, pd.DataFrame], int]:
    """Remove what the audience may not see.

    Parameters
    ----------
    audience
        ``public`` or ``members``.
    keep
        Unknown columns that may be shown; all others leave.

    Returns
    -------
    tuple
        The tables, and the number of claims removed.

    Notes
    -----
    Removed are hidden rows, claims with a removed end, ids that only removed rows mention, notes
    whose row has no visibility written out, unknown columns, the contact, and every ledger scope
    that held a removed claim. A hidden source stays as one pseudonym per reporter with kind and
    date; where its reporter also has a visible claim on the same subject the hidden one leaves,
    so that no count of reporters grows.
    """
    allowed = AUDIENCES[: AUDIENCES.index(audience) + 1]
    typed: tuple[NodeType | LinkType, ...] = (*schema.nodes, *schema.links)
    seen = {kind.table: _seen(frames[kind.table], kind, allowed) for kind in typed}
    gone: dict[str, set[str]] = {
        kind.table: set(frames[kind.table].loc[~seen[kind.table], "id"])
        for kind in schema.nodes
        if kind.table != SOURCES
    }
    kept = {kind.table: _kept(frames, kind, seen[kind.table], gone) for kind in schema.links}
    reporters = reporter_of(frames[SOURCES])
    veiled = _veiled(frames[SOURCES], seen[SOURCES], gone)
    for kind in schema.links:
        kept[kind.table] &= ~_doubled(frames[kind.table], kind, kept[kind.table], veiled, reporters)
    removed = {t: frames[t][~mask] for t, mask in kept.items()}
    open_frames = {**frames, **{t: frames[t][mask] for t, mask in kept.items()}}
    _drop_unmentioned(open_frames, removed, schema, gone)
    open_frames[ASKED] = _ledger(frames, removed, schema, reporters)
    for either in typed:
        open_frames[either.table] = _quiet(open_frames[either.table], either, keep)
    shown = without(open_frames, schema, gone)
    shown = _pseudonyms(shown, schema, veiled, reporters, audience, _taken(frames, schema))
    about = shown[ABOUT]
    shown[ABOUT] = about[~about["key"].map(names.key).str.contains("contact")].reset_index(
        drop=True
    )
    every = set().union(*gone.values())
    shown[ALIASES] = shown[ALIASES][~shown[ALIASES]["id"].isin(every)].reset_index(drop=True)
    return shown, sum(len(rows) for rows in removed.values())


def reporter_of(sources: pd.DataFrame) -> pd.Series:
    """Who votes through each source: its reporter, else its organization, else itself."""
    by_id = sources.set_index("id")
    own = pd.Series(by_id.index, index=by_id.index)
    return by_id["reporter"].fillna(by_id["organization"]).fillna(own)


def _seen(frame: pd.DataFrame, kind: NodeType | LinkType, allowed: tuple[str, ...]) -> pd.Series:
    blank = pd.Series(kind.visibility if isinstance(kind, LinkType) else PUBLIC, index=frame.index)
    if isinstance(kind, NodeType) and kind.private_where:
        column, value = kind.private_where
        blank = blank.where(frame[column] != value, PRIVATE)
    return frame["visibility"].fillna(blank).isin(allowed)


def _kept(frames: Frames, kind: LinkType, seen: pd.Series, gone: Gone) -> pd.Series:
    frame, kept = frames[kind.table], seen.copy()
    for column in kind.columns:
        if column.kind == "reference" and column.name != "source":
            ids = set().union(*(gone.get(t, set()) for t in column.to))
            kept &= ~frame[column.name].isin(ids)
    return kept


def _veiled(sources: pd.DataFrame, seen: pd.Series, gone: Gone) -> set[str]:
    hidden = ~seen | sources["organization"].isin(gone[ORGANIZATIONS])
    return set(sources.loc[hidden, "id"])


def _doubled(
    frame: pd.DataFrame, kind: LinkType, kept: pd.Series, veiled: set[str], reporters: pd.Series
) -> pd.Series:
    """Claims of a hidden source whose reporter makes the same claim openly."""
    hidden = kept & frame["source"].isin(veiled)
    if not hidden.any():
        return hidden
    keys = [c.name for c in kind.ends] + (["context"] if "context" in kind.names else [])
    subjects = frame[list(dict.fromkeys(keys))].assign(reporter=frame["source"].map(reporters))
    openly = set(subjects[kept & ~hidden].itertuples(index=False, name=None))
    same = [row in openly for row in subjects.itertuples(index=False, name=None)]
    return hidden & pd.Series(same, index=frame.index)


def _drop_unmentioned(
    frames: Mapping[str, pd.DataFrame], removed: Frames, schema: Schema, gone: dict[str, set[str]]
) -> None:
    """Add to `gone` the nodes that only removed rows mention."""
    before = {id for kind in schema.links for id in _mentions(removed[kind.table], kind)}
    after = {id for kind in schema.links for id in _mentions(frames[kind.table], kind)}
    for kind in schema.nodes:
        frame = frames[kind.table]
        staying = frame[~frame["id"].isin(gone.get(kind.table, set()))]
        after |= _mentions(staying, kind)
    for kind in schema.nodes:
        frame = frames[kind.table]
        lonely = frame["id"].isin(before - after) & frame["visibility"].isna()
        gone.setdefault(kind.table, set()).update(frame.loc[lonely, "id"])


def _mentions(frame: pd.DataFrame, kind: NodeType | LinkType) -> set[str]:
    columns = [c.name for c in kind.columns if c.kind == "reference"]
    return set().union(*(set(frame[c].dropna()) for c in columns))


def _ledger(frames: Frames, removed: Frames, schema: Schema, reporters: pd.Series) -> pd.DataFrame:
    """The ledger without scopes that held a removed claim."""
    asked = frames[ASKED]
    if asked.empty:
        return asked
    areas = frames[ELEMENTS].set_index("id")["area"].map(names.key, na_action="ignore")
    speaker = asked["source"].map(frames[SOURCES].set_index("id")["organization"])
    voice = asked["source"].map(reporters)
    lost = pd.Series(False, index=asked.index)
    for kind in schema.links:
        rows = removed[kind.table]
        first = kind.ends[0].name if kind.ends[0].to == (ORGANIZATIONS,) else None
        here = asked.index[(asked["question"] == kind.table) & asked["speaks_for"].isna()]
        if rows.empty or here.empty:
            continue
        ends = [c.name for c in kind.ends if ELEMENTS in c.to]
        claims = list(
            zip(
                rows["source"].map(reporters),
                rows[first] if first else rows["source"].map(reporters),
                rows["context"] if "context" in kind.names else [None] * len(rows),
                zip(*(rows[e].map(areas) for e in ends), strict=True) if ends else [()] * len(rows),
                strict=True,
            )
        )
        for i in here:
            where, area = asked.at[i, "context"], asked.at[i, "area"]
            lost[i] = any(
                (by == voice[i] or (first is not None and about == speaker[i]))
                and (not isinstance(where, str) or where == context)
                and (not isinstance(area, str) or names.key(area) in of)
                for by, about, context, of in claims
            )
    silenced = set(removed[SEEKS]["organization"])
    return hidden_answers(asked[~lost], silenced)


def _quiet(frame: pd.DataFrame, kind: NodeType | LinkType, keep: Collection[str]) -> pd.DataFrame:
    """The frame without notes that nobody released and without unknown columns."""
    strange = [c for c in frame.columns if not kind.knows(str(c)) and c not in keep]
    quiet = frame.drop(columns=strange)
    if "note" in kind.names:
        quiet = quiet.assign(note=quiet["note"].where(quiet["visibility"].notna()))
    return quiet


def _taken(frames: Frames, schema: Schema) -> set[str]:
    return set().union(*(set(frames[kind.table]["id"]) for kind in schema.nodes))


def _pseudonyms(
    frames: dict[str, pd.DataFrame],
    schema: Schema,
    veiled: set[str],
    reporters: pd.Series,
    audience: str,
    taken: set[str],
) -> dict[str, pd.DataFrame]:
    sources = frames[SOURCES]
    used = set().union(*(set(frames[k.table]["source"].dropna()) for k in schema.links))
    hidden = sources[sources["id"].isin(veiled & used)]
    open_sources = sources[~sources["id"].isin(veiled)]
    numbers = (i for i in count(1) if f"source-{i}" not in taken)
    alias: dict[str, str] = {}
    rows = []
    for _, group in hidden.groupby(hidden["id"].map(reporters), sort=False):
        number = next(numbers)
        alias |= dict.fromkeys(group["id"], f"source-{number}")
        rows.append(
            {
                "id": f"source-{number}",
                "name": f"Source {number}, name withheld",
                "kind": group["kind"].iloc[0],
                "date": group["date"].max(),
                "visibility": audience,
            }
        )
    veil = pd.DataFrame(rows, columns=["id", "name", "kind", "date", "visibility"])
    veil = veil.reindex(columns=sources.columns).astype(sources.dtypes.to_dict())
    frames[SOURCES] = pd.concat([open_sources, veil], ignore_index=True)
    for kind in schema.links:
        said = frames[kind.table]["source"]
        frames[kind.table] = frames[kind.table].assign(source=said.replace(alias))
    asked = frames[ASKED]
    asked = asked[~asked["source"].isin(veiled - set(alias))]
    frames[ASKED] = asked.assign(source=asked["source"].replace(alias)).reset_index(drop=True)
    return frames
