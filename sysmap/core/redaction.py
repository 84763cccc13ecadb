"""The tables that an audience may see; what is removed is in no table afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from itertools import count
from types import MappingProxyType

import pandas as pd

from sysmap.core import dates, names, personal
from sysmap.core.narrow import Gone, aliases_without, visibility_of, without
from sysmap.core.resolve import hidden_answers, still_settled
from sysmap.core.schema import (
    ABOUT,
    ALIASES,
    ASKED,
    AUDIENCES,
    ELEMENTS,
    ORGANIZATIONS,
    SEEKS,
    SOURCES,
    LinkType,
    NodeType,
    Schema,
    TableType,
)

Frames = Mapping[str, pd.DataFrame]

_CALLED = MappingProxyType({"survey": "Survey answer"})
"""What a hidden source is called, where that is not the name of its kind."""

_WITHHELD = " {}, name withheld"

_ADDRESS = r"[^\s@]+@[^\s@]+\.[^\s@]+"


def redact(
    frames: Frames,
    schema: Schema,
    audience: str,
    keep: Collection[str] = (),
    left: Collection[str] = (),
) -> tuple[dict[str, pd.DataFrame], int]:
    """Remove what the audience may not see.

    Parameters
    ----------
    audience
        ``public`` or ``members``.
    keep
        Unknown columns that may be shown; all others leave.
    left
        Ids that a reporter may have though no organization of the map has them.

    Returns
    -------
    tuple
        The tables, and the number of claims removed.

    Notes
    -----
    Removed are hidden rows, claims with a removed end, ids that only removed rows mention, notes
    whose row has no visibility written out, unknown columns, the contact, aliases of hidden
    things, and every ledger scope that held a removed claim. A hidden source stays as one
    pseudonym per reporter, called by its kind and a number, with its date; where its reporter also
    has a visible claim on the same subject the hidden one leaves, so that no count of reporters
    grows. What influences what is one subject in all places. Pseudonyms are numbered by what is
    shown of them (kind, date, claims), and their rows stand last, ordered by content. A reporter
    that is no id may be the name of a person: such sources go by the id of one of them instead.
    """
    frames = dict(frames)  # each written out once
    allowed = AUDIENCES[: AUDIENCES.index(audience) + 1]
    typed: tuple[NodeType | LinkType, ...] = (*schema.nodes, *schema.links)
    seen = {kind.table: visibility_of(frames[kind.table], kind).isin(allowed) for kind in typed}
    gone: dict[str, set[str]] = {
        kind.table: set(frames[kind.table].loc[~seen[kind.table], "id"])
        for kind in schema.nodes
        if kind.table != SOURCES
    }
    kept = {kind.table: _kept(frames, kind, seen[kind.table], gone) for kind in schema.links}
    reporters = reporter_of(frames[SOURCES])
    veiled = _veiled(frames, seen[SOURCES], gone)
    for kind in schema.links:
        kept[kind.table] &= ~_doubled(frames[kind.table], kind, kept[kind.table], veiled, reporters)
    removed = {t: frames[t][~mask] for t, mask in kept.items()}
    open_frames = {**frames, **{t: frames[t][mask] for t, mask in kept.items()}}
    _drop_unmentioned(open_frames, removed, schema, gone, veiled)
    open_frames[ASKED] = _ledger(frames, removed, schema, reporters)
    for every in schema:
        open_frames[every.table] = _quiet(open_frames[every.table], every, keep)
    shown = without(open_frames, schema, gone)
    shown[ASKED] = _of_open_areas(shown[ASKED], frames[ELEMENTS], shown[ELEMENTS])
    shown = _pseudonyms(shown, schema, veiled, reporters, audience, _taken(frames, schema))
    shown[SOURCES] = _by_id(shown[SOURCES], {*shown[ORGANIZATIONS]["id"], *left})
    shown[ABOUT] = _open_about(shown[ABOUT], veiled)
    shown[ALIASES] = aliases_without(shown[ALIASES], frames, schema, {SOURCES: veiled})
    shown[ASKED] = still_settled(shown[ASKED], shown[SEEKS])
    for every in schema:
        shown[every.table] = _with_cells(shown[every.table], every)
    return shown, sum(len(rows) for rows in removed.values())


def reporter_of(sources: pd.DataFrame) -> pd.Series:
    """Who votes through each source: its reporter, else its organization, else itself."""
    by_id = sources.set_index("id")
    own = pd.Series(by_id.index, index=by_id.index)
    return by_id["reporter"].fillna(by_id["organization"]).fillna(own)


def pseudonym(kind: str | None, number: int) -> tuple[str, str]:
    """Id and name under which a hidden source is shown.

    Examples
    --------
    >>> pseudonym("survey", 12)
    ('source-12', 'Survey answer 12, name withheld')
    >>> pseudonym(None, 3)
    ('source-3', 'Source 3, name withheld')
    """
    called = _CALLED.get(kind or "", (kind or "source").capitalize())
    return f"source-{number}", called + _WITHHELD.format(number)


def is_withheld(id: str, name: str) -> bool:
    """Tell whether a source is the pseudonym of a hidden one.

    Examples
    --------
    >>> is_withheld("source-12", "Survey answer 12, name withheld")
    True
    >>> is_withheld("source-12", "Survey of 2024")
    False
    """
    start, _, number = id.partition("-")
    return start == "source" and number.isdecimal() and name.endswith(_WITHHELD.format(number))


def _kept(frames: Frames, kind: LinkType, seen: pd.Series, gone: Gone) -> pd.Series:
    frame, kept = frames[kind.table], seen.copy()
    named = (c for c in kind.columns if c.kind == "reference" and c.name != "source")
    for column in named:
        if ids := set().union(*(gone.get(t, set()) for t in column.to)):
            kept &= ~frame[column.name].isin(ids)
    return kept


def _veiled(frames: Frames, seen: pd.Series, gone: Gone) -> set[str]:
    """Hidden sources, and those that speak for a hidden organization, by id or by name."""
    sources, leaving = frames[SOURCES], gone[ORGANIZATIONS]
    rows = frames[ORGANIZATIONS][frames[ORGANIZATIONS]["id"].isin(leaving)]
    called = {names.key(word) for column in ("id", "name") for word in rows[column]}
    told = sources["reporter"].map(names.key, na_action="ignore").isin(called)
    return set(sources.loc[~seen | sources["organization"].isin(leaving) | told, "id"])


def _doubled(
    frame: pd.DataFrame, kind: LinkType, kept: pd.Series, veiled: set[str], reporters: pd.Series
) -> pd.Series:
    """Claims of a hidden source whose reporter makes the same claim openly."""
    hidden = kept & frame["source"].isin(veiled)
    if not hidden.any():
        return hidden
    about_somebody = any(ORGANIZATIONS in end.to for end in kind.ends)
    placed = about_somebody and "context" in kind.names
    keys = [c.name for c in kind.ends] + (["context"] if placed else [])
    subjects = frame[list(dict.fromkeys(keys))].assign(reporter=frame["source"].map(reporters))
    openly = set(subjects[kept & ~hidden].itertuples(index=False, name=None))
    same = [row in openly for row in subjects.itertuples(index=False, name=None)]
    return hidden & pd.Series(same, index=frame.index)


def _drop_unmentioned(
    frames: Mapping[str, pd.DataFrame],
    removed: Frames,
    schema: Schema,
    gone: dict[str, set[str]],
    veiled: set[str],
) -> None:
    """Add to `gone` the nodes that only removed rows mention."""
    before = {id for kind in schema.links for id in _mentions(removed[kind.table], kind)}
    linked = {id for kind in schema.links for id in _mentions(frames[kind.table], kind)}
    found = True
    while found:
        found, after = False, set(linked)
        for kind in schema.nodes:
            leaving = gone.get(kind.table, set()) | (veiled if kind.table == SOURCES else set())
            frame = frames[kind.table]
            leaves = frame["id"].isin(leaving)
            before |= _mentions(frame[leaves], kind)
            after |= _mentions(frame[~leaves], kind)
        for kind in schema.nodes:
            frame, leaving = frames[kind.table], gone.setdefault(kind.table, set())
            lonely = frame["id"].isin(before - after) & frame["visibility"].isna()
            ids = set(frame.loc[lonely, "id"]) - leaving
            leaving |= ids
            found = found or bool(ids)


def _mentions(frame: pd.DataFrame, kind: NodeType | LinkType) -> set[str]:
    columns = [c.name for c in kind.columns if c.kind == "reference" and len(frame)]
    return set().union(*(_different(frame[c]) for c in columns))


def _different(texts: pd.Series) -> set[str]:
    """The texts of a column, each once, without blanks."""
    return set(texts.dropna().unique())


def _ledger(frames: Frames, removed: Frames, schema: Schema, reporters: pd.Series) -> pd.DataFrame:
    """The ledger without scopes that held a removed claim."""
    asked = frames[ASKED]
    if asked.empty:
        return asked
    areas = frames[ELEMENTS].set_index("id")["area"]
    voices = (
        asked["source"].map(reporters),
        asked["source"].map(frames[SOURCES].set_index("id")["organization"]),
    )
    cells = [
        column.astype("str").fillna("")
        for column in (
            *voices,
            asked["context"],
            asked["area"].map(names.key, na_action="ignore"),
        )
    ]
    rows = list(zip(*cells, strict=True))
    lost = pd.Series(False, index=asked.index)
    for kind in schema.links:
        here = asked.index[(asked["question"] == kind.table) & asked["speaks_for"].isna()]
        if removed[kind.table].empty or here.empty:
            continue
        touched = _touched(removed[kind.table], kind, areas, reporters)
        for i in here:
            by, speaker, context, area = rows[i]
            lost[i] = bool({(by, context, area), (speaker, context, area)} & touched)
    return hidden_answers(asked[~lost], set(removed[SEEKS]["organization"]))


def _of_open_areas(
    asked: pd.DataFrame, elements: pd.DataFrame, shown: pd.DataFrame
) -> pd.DataFrame:
    """The ledger without scopes about an area all of whose elements are hidden: it names them."""
    every, there = (set(f["area"].dropna().map(names.key)) for f in (elements, shown))
    return asked[~asked["area"].map(names.key, na_action="ignore").isin(every - there)]


def _touched(
    removed: pd.DataFrame, kind: LinkType, areas: pd.Series, reporters: pd.Series
) -> set[tuple[str, str, str]]:
    """Every (who, context or "", area or "") that held a removed claim; who says or is meant."""
    own = [end.name for end in (kind.ends[:1] if kind.directed else kind.ends)]
    meant = [removed[c.name] for c in kind.ends if c.name in own and c.to == (ORGANIZATIONS,)]
    nowhere = pd.Series(None, removed.index, dtype="str")
    where = removed["context"] if "context" in kind.names else nowhere
    ends = [removed[c.name] for c in kind.ends if ELEMENTS in c.to] or [nowhere]
    found: set[tuple[str, str, str]] = set()
    for who in (removed["source"].map(reporters), *meant):
        for end in ends:
            area = end.map(areas).astype("str").map(names.key, na_action="ignore")
            columns = (c.astype("str").fillna("") for c in (who, where, area))
            for w, c, a in set(zip(*columns, strict=True)):
                found |= {(w, "", ""), (w, c, ""), (w, "", a), (w, c, a)} if w else set()
    return found


def _by_id(sources: pd.DataFrame, organizations: Collection[str]) -> pd.DataFrame:
    """Sources without reporters that are no id; what they joined is joined by a source's id."""
    reporter = sources["reporter"]
    strange = reporter.notna() & ~reporter.isin({*organizations, *sources["id"]})
    groups = sources["id"][strange].groupby(reporter[strange])
    called = groups.transform("min").where(groups.transform("size") > 1)
    return sources.assign(reporter=reporter.where(~strange, called))


def _open_about(about: pd.DataFrame, veiled: set[str]) -> pd.DataFrame:
    """What holds for the map, without the contact and without a hidden default source."""
    is_source = about["key"].map(names.key) == "source"
    hidden = is_contact(about) | (is_source & about["value"].isin(veiled))
    return about[~hidden].reset_index(drop=True)


def is_contact(about: pd.DataFrame) -> pd.Series:
    """Which rows tell how to reach somebody: by their key, or by an e-mail address in them."""
    reach = about["key"].map(personal.may_reach).astype(bool)
    return reach | about["value"].str.contains(_ADDRESS, na=False)


def _quiet(frame: pd.DataFrame, kind: TableType, keep: Collection[str]) -> pd.DataFrame:
    """The frame without notes that nobody released and without unknown columns."""
    strange = [c for c in frame.columns if not kind.knows(str(c)) and c not in keep]
    quiet = frame.drop(columns=strange)
    if "note" in kind.names:
        quiet = quiet.assign(note=quiet["note"].where(quiet["visibility"].notna()))
    return quiet


def _with_cells(frame: pd.DataFrame, kind: TableType) -> pd.DataFrame:
    """The frame without columns of one's own that are empty: their headers tell what was hidden."""
    own = [c for c in frame.columns if kind.column(str(c)) is None]
    return frame.drop(columns=[c for c in own if frame[c].isna().all()])


def _span(date: str) -> tuple[dt.date, dt.date]:
    return dates.last_day(date), dates.first_day(date)


def _taken(frames: Frames, schema: Schema) -> set[str]:
    """All ids, and the names of sources."""
    return set(frames[SOURCES]["name"]).union(*(frames[kind.table]["id"] for kind in schema.nodes))


def _pseudonyms(
    frames: dict[str, pd.DataFrame],
    schema: Schema,
    veiled: set[str],
    reporters: pd.Series,
    audience: str,
    taken: set[str],
) -> dict[str, pd.DataFrame]:
    """Call hidden sources by what is shown of them, in an order that tells no more than that."""
    sources = frames[SOURCES]
    used = set().union(*(_different(frames[k.table]["source"]) for k in schema.links))
    hidden = sources[sources["id"].isin(veiled & used)]
    open_sources = sources[~sources["id"].isin(veiled)]
    asked = frames[ASKED]
    frames[ASKED] = asked[~asked["source"].isin(veiled - set(hidden["id"]))]
    said = _said(frames, schema, dict(zip(hidden["id"], hidden["id"].map(reporters), strict=True)))
    alias: dict[str, str] = {}
    rows = []
    numbers = count(1)
    groups = [
        (_latest(group), said[str(who)], group["id"])
        for who, group in hidden.groupby(hidden["id"].map(reporters))
    ]
    for (kind, date), _, ids in sorted(groups, key=lambda g: (_filled(*g[0]), g[1])):
        free = (pseudonym(kind, i) for i in numbers)
        id, name = next(pair for pair in free if taken.isdisjoint(pair))
        alias |= dict.fromkeys(ids, id)
        rows.append({"id": id, "name": name, "kind": kind, "date": date, "visibility": audience})
    veil = pd.DataFrame(rows, columns=["id", "name", "kind", "date", "visibility"])
    veil = veil.reindex(columns=sources.columns).astype(sources.dtypes.to_dict())
    frames[SOURCES] = pd.concat([open_sources, veil], ignore_index=True)
    for table in (*(kind.table for kind in schema.links), ASKED):
        frames[table] = _called(frames[table], alias)
    return frames


def _latest(group: pd.DataFrame) -> tuple[str | None, str | None]:
    """The kind and the date that are shown of the sources of one reporter."""
    kind = min(group["kind"].dropna(), default=None)
    return kind, max(group["date"].dropna(), key=_span, default=None)


def _filled(*cells: str | None) -> tuple[tuple[bool, str], ...]:
    """The cells as they are compared, blank ones last."""
    return tuple((cell is None, cell or "") for cell in cells)


def _said(
    frames: Frames, schema: Schema, voices: Mapping[str, str]
) -> dict[str, list[tuple[str, ...]]]:
    """Every row of each voice in order, without its source."""
    said: dict[str, list[tuple[str, ...]]] = {str(who): [] for who in voices.values()}
    if not said:
        return said
    for table in (*(kind.table for kind in schema.links), ASKED):
        rows = frames[table][frames[table]["source"].isin(voices)]
        cells = _texts(rows.drop(columns="source"))
        for who, row in zip(rows["source"].map(voices), cells, strict=True):
            said[str(who)].append((table, *row))
    return {who: sorted(rows) for who, rows in said.items()}


def _called(frame: pd.DataFrame, alias: Mapping[str, str]) -> pd.DataFrame:
    """The frame under pseudonyms; their rows last and by content, for the order tells who spoke."""
    veiled = frame["source"].isin(alias)
    if not veiled.any():
        return frame.reset_index(drop=True)
    frame = frame.assign(source=frame["source"].replace(alias))
    last = frame[veiled]
    texts = list(_texts(last))
    order = sorted(range(len(last)), key=texts.__getitem__)
    return pd.concat([frame[~veiled], last.iloc[order]], ignore_index=True)


def _texts(frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """The rows as texts."""
    columns = (frame[c].astype("str").fillna("") for c in frame)
    return zip(*columns, strict=True)
