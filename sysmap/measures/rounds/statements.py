"""What each reporter says in one round, and who took part in it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sysmap.core import names
from sysmap.core.claims import claims, reporters
from sysmap.core.model import SystemMap
from sysmap.core.redaction import is_withheld
from sysmap.core.schema import CONTEXTS, ELEMENTS, OUTCOMES, SOURCES, YES, LinkType
from sysmap.core.stats import BoolArray
from sysmap.measures.ledger import entries, has_ledger
from sysmap.measures.rounds.spelling import link_text

STATED = "stated"
"""What a claim says that has nothing but its ends."""

_BARE = frozenset({"sign", "state"})
_ABOUT_THE_CLAIM = frozenset({"context", "source", "date", "note", "visibility"})
_LISTS = frozenset({ELEMENTS, OUTCOMES, CONTEXTS})
"""Tables that a survey hands out as lists; other things come about between two rounds."""


def statements(m: SystemMap) -> pd.DataFrame:
    """Every claim as who says what about what.

    Returns
    -------
    pandas.DataFrame
        Columns table, row (label in ``m.links(table)``), first, second, context (blank if not
        stated), text (ends and place), source, reporter, said (the cells of the claim beside
        ends, place, source and date) and latest (True unless the reporter has a later claim about
        the same ends and place). The ends of a link without direction stand in order.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
    ...     "influences": pd.DataFrame({"cause": ["a"], "effect": "b", "sign": "+", "strength": 2}),
    ... })
    >>> statements(m)[["text", "reporter", "said"]].to_numpy().tolist()
    [['a -> b', 'anonymous (influences)', '+, strength 2']]
    """
    told = [kind for kind in m.schema.links if len(m.links(kind.table))]
    parts = [_statements(m, kind) for kind in told or m.schema.links[:1]]
    return pd.concat(parts, ignore_index=True)


def took_part(m: SystemMap) -> Mapping[str, frozenset[str]]:
    """Who took part in the round, by link table.

    With a ledger for the table they are the reporters who answered it or made a claim in it;
    without one all who made any claim or gave any answer. A reporter whose name was withheld is
    not among them: nobody can tell whether two withheld names are one.
    """
    spoke = {
        kind.table: _claimed(m, kind.table) | _answered(m, kind.table) for kind in m.schema.links
    }
    everybody = set().union(*spoke.values())
    unknown = _withheld(m)
    return {
        table: frozenset((heard if has_ledger(m, table) else everybody) - unknown)
        for table, heard in spoke.items()
    }


def could_say(m: SystemMap, told: pd.DataFrame) -> BoolArray:
    """Which statements their reporter was in a position to make in a round.

    Where there is a ledger for the table, and an answer of the reporter to it, they are those
    about elements, outcomes and places that were on the list and that an answered row reaches:
    who was never asked about a place does not leave it out. Everywhere else nobody can tell, and
    all of them are.

    Parameters
    ----------
    m
        The map of the round.
    told
        Columns table, reporter, first, second and context, as of `statements`, in the ids of `m`.
    """
    could = np.ones(len(told), dtype=bool)
    listed = {id for table in _LISTS for id in m.table(table)["id"]}
    areas = m.elements["area"].map(names.key, na_action="ignore").to_dict()
    for table in told["table"].unique():
        if not has_ledger(m, table):
            continue
        kinds = m.schema.link(table).ends
        place = 1 if CONTEXTS in kinds[1].to else 2
        on_list = [i for i, end in enumerate(kinds) if set(end.to) <= _LISTS]
        scopes = _answered_scopes(m, table)
        mine = np.flatnonzero(told["table"] == table)
        rows = told.iloc[mine][["reporter", "first", "second", "context"]]
        for at, (reporter, *ends) in zip(mine, rows.itertuples(index=False), strict=True):
            if reporter in scopes:
                about = {areas.get(end) for end in ends[:2]} | {None}
                named = {ends[i] for i in on_list} | set(ends[2:]) - {""}
                could[at] = named <= listed and any(
                    area in about and (where is None or ends[place] in ("", where))
                    for where, area in scopes[reporter]
                )
    return could


def _answered_scopes(m: SystemMap, table: str) -> dict[str, set[tuple[str | None, str | None]]]:
    """The places and areas that each reporter answered about; None is all."""
    rows = entries(m, table)
    rows = rows[(rows["answered"] == YES) & rows["reporter"].notna()]
    found: dict[str, set[tuple[str | None, str | None]]] = {}
    for reporter, where, area in zip(rows["reporter"], rows["context"], rows["area"], strict=True):
        scope = (
            where if isinstance(where, str) else None,
            names.key(area) if isinstance(area, str) else None,
        )
        found.setdefault(reporter, set()).add(scope)
    return found


def common_reporters(before: SystemMap, after: SystemMap) -> Mapping[str, frozenset[str]]:
    """Who took part in both rounds, by link table.

    Claims without a source are one reporter per table, in both rounds the same.
    """
    first, second = took_part(before), took_part(after)
    return {table: voices & second[table] for table, voices in first.items()}


def _statements(m: SystemMap, kind: LinkType) -> pd.DataFrame:
    told, frame = claims(m, kind.table), m.links(kind.table)
    first, second = (frame[end.name].to_numpy(object) for end in kind.ends)
    if not kind.directed:
        swap = np.array([a > b for a, b in zip(first, second, strict=True)], dtype=bool)
        first, second = np.where(swap, second, first), np.where(swap, first, second)
    blank = pd.Series("", frame.index, dtype="str")
    where = "context" in kind.names and "context" not in {end.name for end in kind.ends}
    context = (frame["context"].fillna("") if where else blank).to_numpy(object)
    found = pd.DataFrame(
        {
            "table": pd.Series(kind.table, range(len(frame)), dtype="str"),
            "row": frame.index.to_numpy(),
            "first": pd.Series(first, dtype="str"),
            "second": pd.Series(second, dtype="str"),
            "context": pd.Series(context, dtype="str"),
            "text": pd.Series(map(link_text, first, second, context), dtype="str"),
            "source": frame["source"].reset_index(drop=True),
            "reporter": pd.Series(told.reporters.to_numpy(object)[told.reporter], dtype="str"),
            "said": pd.Series(_said(frame, kind), dtype="str"),
        }
    )
    voter = found.groupby(["text", "reporter"], sort=False).ngroup().to_numpy()
    days = pd.Series(told.day.astype("datetime64[s]"))
    last = days.groupby(voter).transform("max")
    return found.assign(latest=(days.isna() | (days == last)).to_numpy(bool))


def _said(frame: pd.DataFrame, kind: LinkType) -> list[str]:
    """The cells of each claim that say something about what it joins."""
    ends = {end.name for end in kind.ends}
    columns = [n for n in kind.names if n not in ends and n not in _ABOUT_THE_CLAIM]
    texts = []
    for column in columns:
        cells = frame[column].astype("str")
        texts.append((cells if column in _BARE else f"{column} " + cells).fillna("").to_list())
    rows = zip(*texts, strict=True) if texts else iter([()] * len(frame))
    return [", ".join(filter(None, row)) or STATED for row in rows]


def _claimed(m: SystemMap, table: str) -> set[str]:
    return set(claims(m, table).reporters) if len(m.links(table)) else set()


def _answered(m: SystemMap, table: str) -> set[str]:
    rows = entries(m, table)
    return set(rows.loc[rows["answered"] == YES, "reporter"].dropna())


def _withheld(m: SystemMap) -> set[str]:
    """Reporters that stand for a source whose name was withheld."""
    voice = reporters(m)
    called = m.table(SOURCES).set_index("id")["name"]
    return {who for id, who in voice.items() if is_withheld(str(id), called[id])}
