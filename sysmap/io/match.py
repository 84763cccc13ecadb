"""Names held against a map: what each may stand for, for people to decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from sysmap.core import names as keys
from sysmap.core.model import SystemMap
from sysmap.core.progress import Progress, teller
from sysmap.core.schema import ALIASES, ORGANIZATIONS, SCHEMA, SOURCES, Schema
from sysmap.io import spellings
from sysmap.io.spellings import Spelt

COLUMNS = ("name", "id", "match", "table", "score", "why", "proposal", "decision")

ALIAS, EXACT, ACRONYM, SPELLING, CONTAINS = (
    "alias",
    "exact-key",
    "acronym",
    "spelling",
    "contains",
)
SAME, PART = "same", "part_of"


def _tables(schema: Schema) -> tuple[str, ...]:
    return tuple(kind.table for kind in schema.nodes if kind.table != SOURCES)


TABLES = _tables(SCHEMA)
"""Tables whose names can be held against others; sources are not, because each is one answer."""

_SURE, _EQUAL, _SHORT, _OFFICE, _INSIDE = 100.0, 98.0, 95.0, 85.0, 75.0
_CUTOFF = 75.0
_LOOKED_AT = 20
_TOLD = 1000
_LEGAL = frozenset(("group", "corporation", "company", "inc", "ltd", "limited", "plc", "gmbh"))


def match(
    names: Iterable[str] | Mapping[str, str],
    m: SystemMap,
    /,
    *,
    tables: Collection[str] | None = None,
    top: int = 3,
    progress: Progress = None,
) -> pd.DataFrame:
    """Names come with the rows that they may mean; people decide, nothing is merged.

    Parameters
    ----------
    names
        Spellings, as they occur in answers or in another file; each is looked at once.
        A mapping gives the area of work of each: elements of that area come first.
    m
        The map; its aliases are what was decided before.
    tables
        Node tables to look in; None is all but sources, each of which is one answer.
    top
        At most so many suggestions for each name; at least 1.
    progress
        Called with names taken apart or looked up, and their number: those of the map come first;
        True draws a bar.

    Returns
    -------
    pandas.DataFrame
        Columns name, id, match (the name of the row), table, score, why, proposal and decision.
        Names in the order given, the best suggestion first, then those of the area, ties by id.
        A name without a suggestion has one row with a blank id and no score.
        `score` lies between 0 and 100: 100 is a spelling that the map knows; below 90 look twice.
        `why` is alias (somebody decided so before), exact-key (equal but for case and blanks),
        acronym, spelling (near, word by word) or contains.
        `proposal` is same, or part_of for an office of an organization: give it a row of its own.
        `decision` is blank: write same or different, and copy name, id and decision to the sheet
        aliases, which is all that ``read`` applies.

    Raises
    ------
    ValueError
        If `tables` names no such table or `top` is less than 1.

    Notes
    -----
    No score permits a silent merge: "African Development Bank" and "Asian Development Bank" are
    91 percent alike. So words are compared one by one, and a word that the map, a country or a
    known body spells so is never taken for a slip; two known bodies are never suggested for each
    other; and numbered names, such as ``school 12``, get no suggestion unless they are equal.
    What people decided to be different is not suggested again.

    Examples
    --------
    >>> import sysmap as sm
    >>> m = sm.example()
    >>> found = sm.match(["Asian Developmnt Bank", "African Development Bank"], m)
    >>> found[["name", "id", "why"]].fillna("").values.tolist()
    [['Asian Developmnt Bank', 'adb', 'spelling'], ['African Development Bank', '', '']]
    """
    known = _tables(m.schema)
    strange = next((t for t in tables or () if t not in known), None)
    if strange is not None:
        raise ValueError(f"tables has {strange!r}; give some of {', '.join(known)}, or None")
    if top < 1:
        raise ValueError(f"top is {top!r}; give a whole number from 1")
    asked = list(dict.fromkeys(str(n) for n in names))
    areas = {n: keys.key(str(a)) for n, a in names.items()} if isinstance(names, Mapping) else {}
    there = _Known()
    looked = [t for t in known if tables is None or t in tables]
    size = sum(len(m.nodes(table)) for table in looked)
    rows: list[tuple[object, ...]] = []
    with teller(progress, size + len(asked)) as tell:
        there.learn(m, looked, tell)
        for done, given in enumerate(asked, size + 1):
            name = given.strip()
            if name:
                found = sorted(there.hits(spellings.spelt(name)), key=there.rank(areas.get(given)))
                rows += [
                    (name, id, m.name(id), there.tables[id], int(score), why, proposal, None)
                    for id, score, why, proposal in found[:top]
                ] or [(name, *[None] * 7)]
            tell(done)
    rows = list(dict.fromkeys(rows))
    frame = pd.DataFrame(rows, columns=pd.Index(COLUMNS, dtype=object))
    texts = dict.fromkeys((c for c in COLUMNS if c != "score"), "str")
    return frame.astype({**texts, "score": "Int64"})


Hit = tuple[str, float, str, str]
"""An id, a score, why, and what is proposed."""


@dataclass(slots=True)
class _Known:
    """The ids of a map by everything that may lead to them."""

    spelt: dict[str, Spelt] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    offices: frozenset[str] = frozenset()
    same: dict[str, str] = field(default_factory=dict)
    apart: set[tuple[str, str]] = field(default_factory=set)
    exact: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    joined: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    shorts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    initials: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bodies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    vocabulary: frozenset[str] = frozenset()
    _order: list[str] = field(default_factory=list)
    _choices: list[str] = field(default_factory=list)

    def learn(self, m: SystemMap, tables: Iterable[str], tell: Callable[[int], None]) -> None:
        """Take the names of some tables, and what was decided about them."""
        for table in tables:
            for id, name in m.nodes(table)["name"].items():
                self._add(str(id), str(name))
                self.tables[str(id)] = table
                if not len(self.tables) % _TOLD:
                    tell(len(self.tables))
        self.areas = {str(id): keys.key(a) for id, a in m.elements["area"].dropna().items()}
        self.offices = frozenset(i for i, t in self.tables.items() if t == ORGANIZATIONS)
        aliases = m.table(ALIASES)
        for name, id, decision in zip(
            aliases["name"], aliases["id"], aliases["decision"], strict=True
        ):
            if decision == "same" and id in self.spelt:
                self.same[keys.key(name)] = id
            elif decision != "same":
                self.apart.add((keys.key(name), id))
        self.vocabulary = spellings.vocabulary(self.spelt.values())
        self._order = sorted(self.spelt)
        self._choices = [self.spelt[id].sorted for id in self._order]

    def _add(self, id: str, name: str) -> None:
        one = self.spelt[id] = spellings.spelt(name)
        for key in {keys.key(id), one.key}:
            self.exact[key].append(id)
        self.joined[one.joined].append(id)
        if one.acronym:
            self.shorts[one.acronym].append(id)
        for letters in spellings.acronyms_of(name):
            self.initials[letters].append(id)
        if one.body:
            self.bodies[one.body].append(id)
        for word in set(one.words):
            self.words[word].append(id)

    def rank(self, area: str | None) -> Callable[[Hit], tuple[float, bool, str]]:
        """Best first, then those of the area, ties by id."""
        return lambda hit: (-hit[1], area is not None and self.areas.get(hit[0]) != area, hit[0])

    def hits(self, one: Spelt) -> list[Hit]:
        """All ids that a spelling may stand for, each with its best reason."""
        if one.key in self.same:
            return [(self.same[one.key], _SURE, ALIAS, SAME)]
        exact = [id for id in self.exact.get(one.key, ()) if self._free(one, id)]
        if exact or keys.numbered(one.key):
            return [(id, _SURE, EXACT, SAME) for id in exact]
        best: dict[str, Hit] = {}
        for hit in (*self._short(one), *self._near(one), *self._office(one), *self._inside(one)):
            id, score, why, _ = hit
            if why != ACRONYM and keys.numbered(self.spelt[id].key):
                continue
            if self._free(one, id) and (id not in best or score > best[id][1]):
                best[id] = hit
        sure = [hit for hit in best.values() if hit[2] in (ACRONYM, SPELLING)]
        return sure or [hit for hit in best.values() if hit[3] == PART] or list(best.values())

    def _free(self, one: Spelt, id: str) -> bool:
        return (one.key, id) not in self.apart

    def _confused(self, one: Spelt, id: str) -> bool:
        """Whether both speak of known bodies or of countries, and not of the same."""
        other = self.spelt[id]
        if one.lands and other.lands and not one.lands & other.lands:
            return True
        if one.body and other.body:
            return one.body != other.body
        return bool(one.mentions and other.mentions) and not one.mentions & other.mentions

    def _foreign(self, one: Spelt, id: str) -> bool:
        lands = self.spelt[id].lands
        return bool(lands) and not lands & one.lands

    def _short(self, one: Spelt) -> Iterator[Hit]:
        """One is the acronym of the other, or has some of its words as an acronym."""
        found = set(self.bodies.get(one.body, ())) if one.body else set()
        if one.acronym:
            found.update(self.initials.get(one.acronym, ()), self.shorts.get(one.acronym, ()))
        for letters in spellings.acronyms_of(one.text):
            found.update(self.shorts.get(letters, ()))
        for id in self._sharing(one):
            other = self.spelt[id]
            if spellings.abbreviates(one, other) or spellings.abbreviates(other, one):
                found.add(id)
        for id in found:
            if not self._confused(one, id):
                unit = one.body and one.whole != one.words and one.acronym != one.body
                told = keys.key(one.text) == one.acronym or not unit
                yield (id, _SHORT, ACRONYM, SAME) if told else (id, _OFFICE, CONTAINS, PART)

    def _sharing(self, one: Spelt) -> set[str]:
        rare = sorted((len(self.words[w]), w) for w in one.words if w in self.words)
        return set().union(*(self.words[w] for _, w in rare[:2])) if rare else set()

    def _near(self, one: Spelt) -> Iterator[Hit]:
        """Equal words, or slips of the pen in some of them."""
        from rapidfuzz import fuzz, process

        for id in self.joined.get(one.joined, ()):
            if not self._confused(one, id):
                yield id, _EQUAL, SPELLING, SAME
        if sum(c.isalpha() for c in one.key) < keys.LETTERS:
            return
        looked = process.extract(
            one.sorted, self._choices, scorer=fuzz.ratio, score_cutoff=_CUTOFF, limit=_LOOKED_AT
        )
        for _, score, at in looked:
            id = self._order[at]
            other = self.spelt[id]
            if self._confused(one, id):
                continue
            if sorted(one.whole) == sorted(other.whole):
                yield id, _EQUAL, SPELLING, SAME
            elif spellings.misspells(one.whole, other.whole, self.vocabulary):
                yield id, min(score, _EQUAL - 1), SPELLING, SAME

    def _office(self, one: Spelt) -> Iterator[Hit]:
        """An organization and, before or after it, a place or the word of an office."""
        for cut in range(1, len(one.whole)):
            for head, rest in (
                (one.whole[:cut], one.whole[cut:]),
                (one.whole[cut:], one.whole[:cut]),
            ):
                for id in self._called(head) & self.offices:
                    if not self._foreign(one, id) and _is_office(rest, self.vocabulary):
                        yield id, _OFFICE, CONTAINS, PART

    def _called(self, words: tuple[str, ...]) -> set[str]:
        """Ids of which these words are the whole name, the acronym or the body."""
        found = set(self.joined.get("".join(words), ()))
        if len(words) == 1:
            short = words[0]
            found.update(self.shorts.get(short, ()), self.bodies.get(short, ()))
            found.update(self.initials.get(short, ()) if len(short) > 2 else ())
        return found

    def _inside(self, one: Spelt) -> Iterator[Hit]:
        """One has all words of the other and some more; only where one candidate does."""
        shared = Counter(id for w in set(one.whole) for id in self.words.get(w, ()))
        found = []
        for id, count in shared.items():
            mine, theirs = set(one.whole), set(self.spelt[id].whole)
            if count < min(len(mine), len(theirs)) or not (mine < theirs or theirs < mine):
                continue
            if not self._confused(one, id):
                found.append((id, len(mine & theirs) / len(mine | theirs)))
        if len(found) == 1:
            id, part = found[0]
            rest = set(one.whole) - set(self.spelt[id].whole)
            legal = bool(rest) and rest <= _LEGAL
            yield id, 90.0 if legal else _INSIDE * (0.6 + 0.4 * part), CONTAINS, SAME


def _is_office(words: tuple[str, ...], known: frozenset[str]) -> bool:
    """Whether words that follow a name make it one of its offices: a place, a city, an office."""
    offices = spellings.offices()
    named = spellings.places() | offices
    if any(word in offices for word in words) or all(word in named for word in words):
        return True
    return len(words) == 1 and words[0] not in known
