"""What each reporter says in one round, and who took part in it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sysmap.core import coded, names
from sysmap.core.claims import claims, reporters
from sysmap.core.model import SystemMap, held
from sysmap.core.redaction import is_withheld
from sysmap.core.schema import CONTEXTS, ELEMENTS, OUTCOMES, SOURCES, YES, LinkType
from sysmap.core.stats import BoolArray
from sysmap.measures.ledger import answered_by, ledgers, settled
from sysmap.measures.rounds.spelling import link_texts, quoted

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
        stated), text (ends and place), item (table and text), source, reporter, said (the cells
        of the claim beside ends, place, source and date) and latest (True unless the reporter has
        a later claim about the same ends and place). The ends of a link without direction stand
        in order.

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
    told = [kind for kind in m.schema.links if len(held(m, kind.table))]
    spelt = {
        kind.table: np.array([*map(quoted, held(m, kind.table)["id"].to_numpy(object))], object)
        for kind in m.schema.nodes
    }
    kinds = told or m.schema.links[:1]
    parts = [_statements(m, kind, spelt) for kind in kinds]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    days, row = columns.pop("day"), columns.pop("row")
    item, voice = (pd.factorize(columns[name])[0] for name in ("item", "reporter"))
    subject = np.unique(item * (voice.max(initial=0) + 1) + voice, return_inverse=True)[1]
    last = np.full(len(days), np.datetime64("NaT", "s"))  # the least of all whole numbers
    np.maximum.at(last.view(np.int64), subject, days.view(np.int64))
    tables = pd.Index([kind.table for kind in m.schema.links], dtype="str")
    at = np.repeat(tables.get_indexer([k.table for k in kinds]), [len(p["item"]) for p in parts])
    return pd.DataFrame(
        {
            "table": coded.coded(at, tables),
            "row": row,
            **{name: pd.array(cells, dtype="str") for name, cells in columns.items()},
            "latest": np.isnat(days) | (days == last[subject]),
        }
    )


def took_part(m: SystemMap) -> Mapping[str, frozenset[str]]:
    """Who took part in the round, by link table.

    With a ledger for the table they are the reporters who answered it or made a claim in it;
    without one all who made any claim or gave any answer. A reporter whose name was withheld is
    not among them: nobody can tell whether two withheld names are one.
    """
    answers = answered_by(m)
    spoke = {
        kind.table: _claimed(m, kind.table) | answers.get(kind.table, set())
        for kind in m.schema.links
    }
    everybody = set().union(*spoke.values())
    unknown, stated = _withheld(m), ledgers(m)
    return {
        table: frozenset((heard if table in stated else everybody) - unknown)
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
    listed = {id for table in _LISTS for id in held(m, table)["id"].to_numpy(object)}
    elements = m.table(ELEMENTS)
    keys = elements["area"].map(names.key, na_action="ignore")
    area_of = dict(zip(elements["id"], keys, strict=True))
    scopes = _answered_scopes(m)
    kinds = {table: m.schema.link(table).ends for table, _ in scopes}
    place = {table: 1 if CONTEXTS in ends[1].to else 2 for table, ends in kinds.items()}
    on_list = {
        table: [i for i, end in enumerate(ends) if set(end.to) <= _LISTS]
        for table, ends in kinds.items()
    }
    columns = (
        told[c].to_numpy(object) for c in ("table", "reporter", "first", "second", "context")
    )
    for at, (table, reporter, *ends) in enumerate(zip(*columns, strict=True)):
        if (table, reporter) in scopes:
            about = {area_of.get(end) for end in ends[:2]} | {None}
            named = {ends[i] for i in on_list[table]} | set(ends[2:]) - {""}
            could[at] = named <= listed and any(
                area in about and (where is None or ends[place[table]] in ("", where))
                for where, area in scopes[table, reporter]
            )
    return could


def _answered_scopes(m: SystemMap) -> dict[tuple[str, str], set[tuple[str | None, str | None]]]:
    """The places and areas that each reporter answered about, by question; None is all."""
    rows = settled(m)
    stated = rows["question"].isin(ledgers(m))
    rows = rows[stated & (rows["answered"] == YES) & rows["reporter"].notna()]
    found: dict[tuple[str, str], set[tuple[str | None, str | None]]] = {}
    columns = (rows[c].to_numpy(object) for c in ("question", "reporter", "context", "area"))
    for question, reporter, where, area in zip(*columns, strict=True):
        scope = (
            where if isinstance(where, str) else None,
            names.key(area) if isinstance(area, str) else None,
        )
        found.setdefault((question, reporter), set()).add(scope)
    return found


def common_reporters(before: SystemMap, after: SystemMap) -> Mapping[str, frozenset[str]]:
    """Who took part in both rounds, by link table.

    Claims without a source are one reporter per table, in both rounds the same.
    """
    first, second = took_part(before), took_part(after)
    return {table: voices & second[table] for table, voices in first.items()}


def _statements(
    m: SystemMap, kind: LinkType, spelt: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """The columns of the statements of one table, and the day of each; `spelt` are quoted ids."""
    told = claims(m, kind.table)
    frame = told.held
    first, second = (
        ids.to_numpy(object)[at]
        for ids, at in ((told.first_ids, told.first), (told.second_ids, told.second))
    )
    where = "context" in kind.names and "context" not in {end.name for end in kind.ends}
    place = told.context if where else np.full(len(frame), -1)
    context = np.append(told.context_ids.to_numpy(object), "")[place]
    quotes = [
        np.concatenate([spelt[table] for table in end.to])[at]
        for end, at in zip(kind.ends, (told.first, told.second), strict=True)
    ]
    quotes.append(np.append(spelt[CONTEXTS], "")[place])
    if not kind.directed:
        swap = (first > second).astype(bool)
        first, second = np.where(swap, second, first), np.where(swap, first, second)
        quotes[:2] = np.where(swap, quotes[1], quotes[0]), np.where(swap, quotes[0], quotes[1])
    text = link_texts(*quotes)
    return {
        "row": frame.index.to_numpy(),
        "first": first,
        "second": second,
        "context": context,
        "text": text,
        "item": f"{kind.table}: " + text,
        "source": frame["source"].to_numpy(object),
        "reporter": told.reporters.to_numpy(object)[told.reporter],
        "said": np.array(_said(frame, kind), object),
        "day": told.day.astype("datetime64[s]"),
    }


def _said(frame: pd.DataFrame, kind: LinkType) -> list[str]:
    """The cells of each claim that say something about what it joins."""
    ends = {end.name for end in kind.ends}
    columns = [n for n in kind.names if n not in ends and n not in _ABOUT_THE_CLAIM]
    told = (_words(frame[n], "" if n in _BARE else f"{n} ") for n in columns)
    cells = [words for words in told if words]
    rows = list(zip(*cells, strict=True)) if cells else [()] * len(frame)
    # few claims of a table say what no other says
    texts = {row: ", ".join(filter(None, row)) or STATED for row in set(rows)}
    return [texts[row] for row in rows]


def _words(column: pd.Series, before: str) -> list[str]:
    """Each cell as text after some words, nothing for a blank; empty where all are blank."""
    codes, values = coded.split(column)
    if not len(values) or (codes < 0).all():
        return []
    texts = before + values.astype("str").to_numpy(object)
    words: list[str] = np.append(texts, "")[codes].tolist()
    return words


def _claimed(m: SystemMap, table: str) -> set[str]:
    return set(claims(m, table).reporters) if len(held(m, table)) else set()


def _withheld(m: SystemMap) -> set[str]:
    """Reporters that stand for a source whose name was withheld."""
    voice = reporters(m)
    called = m.table(SOURCES)["name"]
    told = zip(voice.index, voice, called, strict=True)
    return {who for id, who, name in told if is_withheld(str(id), name)}
