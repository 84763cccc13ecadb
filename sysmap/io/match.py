"""Names held against a map: what each may mean, for people to decide; nothing is merged."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sysmap.core import names as keys
from sysmap.core.model import SystemMap
from sysmap.core.schema import ALIASES, ELEMENTS, ORGANIZATIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS = ("name", "id", "match", "table", "score", "why", "proposal", "decision")

EXACT, ALIAS, ACRONYM, SPELLING, CONTAINS = "exact-key", "alias", "acronym", "spelling", "contains"

_SCORES = {EXACT: 100, ALIAS: 100, ACRONYM: 95, CONTAINS: 90}
_LEAST, _TOKEN, _LETTERS = 90, 80, 5
_BLOCK, _WORDS = 500, 20
_NUMBERED = re.compile(r"^[^\d]*\d+$")
_SMALL = frozenset(
    {"a", "an", "and", "at", "de", "des", "du", "et", "for", "in", "la", "le", "les", "of", "on"}
    | {"the", "to", "und"}
)
_IN_BRACKETS = re.compile(r"\(([^()]{2,12})\)")

# Bodies that people mistake for each other: no spelling of one is ever proposed for the other.
_CONFUSABLE = (
    (
        ("unhcr", "united nations high commissioner for refugees", "un refugee agency"),
        ("ohchr", "office of the united nations high commissioner for human rights"),
    ),
    (
        ("afdb", "african development bank"),
        ("adb", "asian development bank"),
    ),
    (
        ("wfp", "world food programme"),
        ("fao", "food and agriculture organization"),
    ),
)


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that a map calls a thing by, as keys, side by side."""

    ids: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    by_key: dict[str, list[int]] = field(default_factory=dict)
    by_acronym: dict[str, list[int]] = field(default_factory=dict)
    by_initials: dict[str, list[int]] = field(default_factory=dict)

    def add(self, id: str, name: str, table: str, area: str) -> None:
        """One more thing, found by its id, by its name and by the acronyms of its name."""
        number = len(self.ids)
        self.ids.append(id)
        self.shown.append(name)
        self.tables.append(table)
        self.keys.append(keys.key(name))
        self.areas.append(area)
        for key in {keys.key(id), keys.key(name)}:
            self.by_key.setdefault(key, []).append(number)
        for short in _written(name):
            self.by_acronym.setdefault(short, []).append(number)
        for short in _initials(name):
            self.by_initials.setdefault(short, []).append(number)


def match(
    names: Iterable[str] | Mapping[str, str],
    m: SystemMap,
    /,
    *,
    tables: Collection[str] | None = None,
    top: int = 3,
) -> pd.DataFrame:
    """Names find the nodes that they may mean, with a reason, for people to decide.

    Parameters
    ----------
    names
        Spellings to look up; a mapping gives the area of work of each, and elements of that area
        come first.
    m
        The map; its aliases are what was decided before.
    tables
        Node tables to look in; None is all of them.
    top
        The most proposals for one name.

    Returns
    -------
    pandas.DataFrame
        Columns name, id, match (the name of the node), table, score (0 to 100), why (exact-key,
        alias, acronym, spelling or contains), proposal (same or part_of) and decision, which is
        blank. One row per proposal, names in their order, best first, ties by id; a name without
        any has one row with a blank id. Fill decision with same or different, and put name, id
        and decision into the sheet aliases: only that sheet is ever applied.

    Raises
    ------
    KeyError
        If `tables` names no node table.
    ValueError
        If `top` is less than 1.

    Notes
    -----
    A spelling is proposed from a likeness of 90, if each word that differs has a near one on the
    other side, so that the African and the Asian development bank are never proposed for each
    other. Names of fewer than five letters and numbered ids are matched exactly or not at all.
    A name that holds a node's name as whole words is proposed as a part of it, such as a regional
    office. What `aliases` calls different is not proposed again.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> bodies = pd.DataFrame({"id": ["aurora", "adb"],
    ...                        "name": ["Aurora Foundation", "Asian Development Bank"]})
    >>> m = from_tables({"organizations": bodies})
    >>> found = match(["Aurora Fundation", "ADB", "African Development Bank"], m)
    >>> found[["id", "why"]].fillna("").to_numpy().tolist()
    [['aurora', 'spelling'], ['adb', 'exact-key'], ['', '']]
    """
    if top < 1:
        raise ValueError(f"top is {top}; give 1 or more")
    known = _known(m, [k.table for k in m.schema.nodes] if tables is None else list(tables))
    areas = {n: keys.key(a) for n, a in names.items()} if isinstance(names, Mapping) else {}
    wanted = list(dict.fromkeys(str(n) for n in names if isinstance(n, str) and n.strip()))
    near = _spellings([keys.key(n) for n in wanted], known)
    same, different = _decided(m)
    rows: list[tuple[object, ...]] = []
    for name, spelt in zip(wanted, near, strict=True):
        key = keys.key(name)
        found = _reasons(name, key, known, same, spelt)
        kept = {i: why for i, why in found.items() if (key, known.ids[i]) not in different}
        ranked = sorted(kept, key=_rank(kept, known, areas.get(name)))
        for i in ranked[:top]:
            score, why = kept[i]
            told = (known.ids[i], known.shown[i], known.tables[i], score, why)
            rows.append((name, *told, "part_of" if why == CONTAINS else "same", None))
        if not kept:
            rows.append((name, *[None] * 7))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    text = {c: "str" for c in COLUMNS if c != "score"}
    return frame.astype({**text, "score": "Int64"})


def _rank(
    found: Mapping[int, tuple[int, str]], known: _Known, area: str | None
) -> Callable[[int], tuple[int, bool, str]]:
    """Best first, then those of the area, ties by id."""
    return lambda i: (
        -found[i][0],
        area is not None and known.areas[i] != area,
        known.ids[i],
    )


def _known(m: SystemMap, tables: Sequence[str]) -> _Known:
    known = _Known()
    for table in tables:
        frame = m.nodes(table)
        areas = frame["area"] if table == ELEMENTS else pd.Series(None, frame.index, dtype=object)
        for id, name, area in zip(frame.index, frame["name"], areas, strict=True):
            known.add(str(id), str(name), table, keys.key(area) if isinstance(area, str) else "")
    return known


def _decided(m: SystemMap) -> tuple[dict[str, set[str]], set[tuple[str, str]]]:
    """What people called the same, by key, and what they called different."""
    same: dict[str, set[str]] = {}
    different = set()
    for row in m.table(ALIASES).to_dict("records"):
        key = keys.key(str(row["name"]))
        if row["decision"] == "same":
            same.setdefault(key, set()).add(str(row["id"]))
        else:
            different.add((key, str(row["id"])))
    return same, different


def _reasons(
    name: str,
    key: str,
    known: _Known,
    same: Mapping[str, set[str]],
    spelt: Mapping[int, int],
) -> dict[int, tuple[int, str]]:
    """The best reason for each node that the name may mean, with its score."""
    found = dict.fromkeys(known.by_key.get(key, ()), (_SCORES[EXACT], EXACT))
    decided = (i for id in same.get(key, ()) for i in known.by_key.get(keys.key(id), ()))
    found = dict.fromkeys(decided, (_SCORES[ALIAS], ALIAS)) | found
    if found:
        return found
    # Initials that nobody wrote down prove nothing about each other.
    written = {i for short in _written(name) for i in known.by_initials.get(short, ())}
    shorts = _written(name) | _initials(name)
    for i in written | {i for short in shorts for i in known.by_acronym.get(short, ())}:
        if not _confused(key, known.keys[i]):
            found.setdefault(i, (_SCORES[ACRONYM], ACRONYM))
    for i, score in spelt.items():
        found.setdefault(i, (score, SPELLING))
    for part in _parts(key):
        for i in known.by_key.get(part, ()):
            named = known.keys[i] == part and sum(map(str.isalpha, part)) >= _LETTERS
            if known.tables[i] == ORGANIZATIONS and (named or part.upper() in name.split()):
                found.setdefault(i, (_SCORES[CONTAINS], CONTAINS))
    return found


def _written(name: str) -> set[str]:
    """The acronyms that a name is or holds in brackets.

    Examples
    --------
    >>> sorted(_written("World Bank (WB)")), sorted(_written("UNESCO")), sorted(_written("Aurora"))
    (['wb'], ['unesco'], [])
    """
    found = {keys.key(part) for part in _IN_BRACKETS.findall(name)}
    bare = _IN_BRACKETS.sub(" ", name).strip()
    if bare.isupper() and " " not in bare and 2 <= len(bare) <= 12:
        found.add(keys.key(bare))
    return found


def _initials(name: str) -> set[str]:
    """What a name of three words or more can be shortened to.

    Examples
    --------
    >>> _initials("Bank for the Development of Asia"), _initials("World Bank")
    ({'bda'}, set())
    """
    bare = _IN_BRACKETS.sub(" ", name)
    words = [w for w in re.findall(r"\w+", bare) if keys.key(w) not in _SMALL]
    return {keys.key("".join(w[0] for w in words))} if len(words) > 2 else set()


def _parts(key: str) -> Iterator[str]:
    """Every run of whole words of a name but the name itself."""
    words = key.split()[:_WORDS]
    for size in range(1, len(words)):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def _spellings(wanted: Sequence[str], known: _Known) -> Iterator[dict[int, int]]:
    """For each key the nodes whose names are spelt alike, with the score.

    The words are compared in their order and sorted, and the better score counts.
    """
    sides = [(wanted, known.keys), (_sorted(wanted), _sorted(known.keys))]
    for start in range(0, len(wanted), _BLOCK):
        block = wanted[start : start + _BLOCK]
        scores = np.maximum(
            *(_scores(ours[start : start + _BLOCK], theirs) for ours, theirs in sides)
        )
        for key, row in zip(block, scores, strict=True):
            hits = np.flatnonzero(row) if _worth(key) else ()
            yield {int(i): round(float(row[i])) for i in hits if _alike(key, known.keys[int(i)])}


def _scores(ours: Sequence[str], theirs: Sequence[str]) -> NDArray[np.float32]:
    from rapidfuzz import fuzz, process

    found: NDArray[np.float32] = process.cdist(
        ours, theirs, scorer=fuzz.ratio, score_cutoff=_LEAST, dtype=np.float32, workers=-1
    )
    return found


def _sorted(texts: Sequence[str]) -> list[str]:
    return [" ".join(sorted(text.split())) for text in texts]


def _worth(key: str) -> bool:
    return sum(c.isalpha() for c in key) >= _LETTERS and not _NUMBERED.match(key)


def _alike(key: str, other: str) -> bool:
    """Tell whether every word that differs has a near one on the other side."""
    from rapidfuzz import fuzz

    if not _worth(other) or _confused(key, other):
        return False
    ours, theirs = re.findall(r"\w+", key), re.findall(r"\w+", other)
    left = [w for w in ours if w not in theirs and w not in _SMALL]
    right = [w for w in theirs if w not in ours and w not in _SMALL]
    if len(left) != len(right):
        # A word that was split or joined leaves the letters as they were.
        return fuzz.ratio("".join(left), "".join(right)) >= _LEAST if left and right else False
    if any(c.isdigit() for w in (*left, *right) for c in w):
        return False
    return all(max(fuzz.ratio(w, v) for v in right) >= _TOKEN for w in left)


def _confused(key: str, other: str) -> bool:
    """Tell whether the two are bodies that people mistake for each other."""
    for bodies in _CONFUSABLE:
        sides = [
            {i for i, spellings in enumerate(bodies) if any(_names(s, text) for s in spellings)}
            for text in (key, other)
        ]
        if sides[0] and sides[1] and not sides[0] & sides[1]:
            return True
    return False


def _names(spelling: str, text: str) -> bool:
    words = " ".join(re.findall(r"[^\W_]+", text))
    return f" {spelling} " in f" {words} "
