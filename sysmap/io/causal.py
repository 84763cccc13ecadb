"""What causal maps of other tools have in common: signed arrows between named things."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import ELEMENTS, INFLUENCES, OUTCOMES
from sysmap.io.intake import Intake

CAUSAL = (ELEMENTS, OUTCOMES)
"""Tables whose rows influence each other."""

UNDIRECTED = ("both",)
"""What a caller may say about links without a direction."""


@dataclass(frozen=True, slots=True)
class Things:
    """The nodes of a foreign map, by what the file calls them.

    Parameters
    ----------
    intake
        Where rows go.
    word
        What the tool calls one of them.
    ids, names, tables, places
        Their ids, names, tables and places by the key of the file.
    """

    intake: Intake
    word: str
    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def add(
        self,
        key: str,
        name: str,
        cells: Mapping[str, object],
        place: Place,
        table: str = ELEMENTS,
        kind: str = "",
    ) -> None:
        """One thing becomes a row; the id is made from its name unless `cells` has one.

        It is counted as `kind`, else as what the tool calls its things.
        """
        id = str(cells.get("id") or self.intake.fresh(name))
        self.ids[key], self.names[key], self.tables[key] = id, name, table
        self.places[key] = place
        self.intake.row(table, {**cells, "id": id, "name": name}, place)
        self.intake.took(kind or self.word)

    def link(
        self,
        word: str,
        first: str,
        second: str,
        cells: Mapping[str, object],
        place: Place,
        via: str | None = None,
    ) -> str | None:
        """One arrow becomes a claim, unless there is no one table that it may stand in.

        Left out are an arrow with an end that is missing (E521), from a thing to itself (W513) and
        between things that no link table or several may join (W518). An arrow that leaves an
        outcome is told (W512), and an influence without a sign too (W511).

        Parameters
        ----------
        word
            What the tool calls it.
        first, second
            Its ends by the key of the file.
        cells
            The further cells of the claim.
        place
            Where it stands.
        via
            The link table that the caller named for it.

        Returns
        -------
        str or None
            The table in which it is; None if it was left out.
        """
        fault = self._unfit(word, first, second, place)
        table = None if fault else self._table(first, second, via)
        if fault is None and table is None:
            fault = self._unjoined(word, first, second, place)
        if fault or table is None:
            if fault:
                self.intake.left(word, fault)
            return None
        ends = self.intake.schema.link(table).ends
        if table == INFLUENCES:
            self._doubts(word, first, cells, place)
        joined = {ends[0].name: self.ids[first], ends[1].name: self.ids[second]}
        self.intake.row(table, {**joined, **cells}, place)
        return table

    def _unfit(self, word: str, first: str, second: str, place: Place) -> Problem | None:
        for end in (first, second):
            if end not in self.ids:
                said = f"{an(word)} joins {shown(end)!r}, and no {self.word} is called so"
                remedy = f"add the {self.word}, or delete the {word}"
                return Problem("E521", said, remedy, (place,))
        if first == second:
            said = f"{an(word)} leads from {shown(self.names[first])!r} to itself"
            return Problem("W513", said, "say through what it acts on itself", (place,))
        return None

    def _table(self, first: str, second: str, via: str | None) -> str | None:
        """The table that joins two things: the named one, influences, or the only one."""
        schema = self.intake.schema
        fitting = [k.table for k in schema.joining(self.tables[first], self.tables[second])]
        if via is not None:
            return via if via in fitting else None
        if INFLUENCES in fitting:
            return INFLUENCES
        return fitting[0] if len(fitting) == 1 else None

    def _unjoined(self, word: str, first: str, second: str, place: Place) -> Problem:
        ends = (self.tables[first], self.tables[second])
        fitting = [k.table for k in self.intake.schema.joining(*ends)]
        if not fitting:
            said = f"{an(word)} leads from {ends[0]} to {ends[1]}, which no table of links joins"
            return Problem("W518", said, "turn it round, or give the ends other types", (place,))
        said = f"{an(word)} leads from {ends[0]} to {ends[1]}, which {len(fitting)} tables may join"
        remedy = f"say with choices['links'] which type is {', '.join(fitting)}"
        return Problem("W518", said, remedy, (place,))

    def _doubts(self, word: str, first: str, cells: Mapping[str, object], place: Place) -> None:
        if self.tables[first] == OUTCOMES:
            said = f"{an(word)} leaves the outcome {shown(self.names[first])!r}"
            remedy = "check its direction; it was read as it stands"
            self.intake.tell(Problem("W512", said, remedy, (place,)))
        if not cells.get("sign"):
            said = f"{an(word)} has no sign, so it is not known whether it strengthens or weakens"
            remedy = "write the sign in the other tool, or give choices"
            self.intake.tell(Problem("W511", said, remedy, (place,)))


def undirected(word: str, place: Place) -> Problem:
    """W510: a link without a direction; influences need one."""
    said = f"{an(word)} has no direction; influences need one"
    remedy = "draw an arrow, or read with choices={'undirected': 'both'}"
    return Problem("W510", said, remedy, (place,))


def an(word: str) -> str:
    """A noun with its article.

    Examples
    --------
    >>> an("edge"), an("link")
    ('an edge', 'a link')
    """
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


def twice(word: str, key: str, first: Place, place: Place) -> Problem:
    """E522: two things of a foreign file bear one id, so that links to it have two meanings."""
    return Problem(
        "E522",
        f"two {word}s bear the id {shown(key)!r}",
        "give each an id of its own in the other tool",
        (first, place),
    )


def missing(wanted: Collection[str]) -> str:
    """Some names as a message shows them: three and the count of the rest."""
    first = ", ".join(repr(shown(w)) for w in sorted(wanted)[:3])
    rest = len(wanted) - 3
    return f"{first} and {rest:,} more" if rest > 0 else first
