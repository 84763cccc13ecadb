"""What causal maps of other tools have in common: signed arrows between named things."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sysmap.core.problems import Place, Problem, shown
from sysmap.core.schema import ELEMENTS, INFLUENCES, OUTCOMES
from sysmap.io.intake import Intake


@dataclass(frozen=True, slots=True)
class Things:
    """The elements and outcomes of a foreign map, by what the file calls them.

    Parameters
    ----------
    intake
        Where rows go.
    word
        What the tool calls one of them.
    ids, names
        Their ids and names by the key of the file.
    outcomes
        Ids that are outcomes.
    """

    intake: Intake
    word: str
    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    outcomes: set[str] = field(default_factory=set)

    def add(
        self, key: str, name: str, cells: Mapping[str, object], place: Place, *, outcome: bool
    ) -> None:
        """One thing becomes a row; the id is made from its name unless `cells` has one."""
        id = str(cells.get("id") or self.intake.fresh(name))
        self.ids[key], self.names[key] = id, name
        if outcome:
            self.outcomes.add(id)
        self.intake.row(OUTCOMES if outcome else ELEMENTS, {**cells, "id": id, "name": name}, place)
        self.intake.took(self.word)

    def link(
        self, word: str, cause: str, effect: str, cells: Mapping[str, object], place: Place
    ) -> bool:
        """One arrow becomes a claim, unless an end is missing (E521) or both are one (W513).

        An arrow that leaves an outcome is told (W512), one without a sign too (W511).

        Returns
        -------
        bool
            Whether it is in the tables.
        """
        for end in (cause, effect):
            if end not in self.ids:
                said = f"a {word} joins {shown(end)!r}, and no {self.word} is called so"
                remedy = f"add the {self.word}, or delete the {word}"
                self.intake.left(word, Problem("E521", said, remedy, (place,)))
                return False
        if cause == effect:
            said = f"a {word} leads from {shown(self.names[cause])!r} to itself"
            remedy = "say through what it acts on itself"
            self.intake.left(word, Problem("W513", said, remedy, (place,)))
            return False
        if self.ids[cause] in self.outcomes:
            said = f"a {word} leaves the outcome {shown(self.names[cause])!r}"
            remedy = "check its direction; it was read as it stands"
            self.intake.tell(Problem("W512", said, remedy, (place,)))
        if not cells.get("sign"):
            said = f"a {word} has no sign, so it is not known whether it strengthens or weakens"
            remedy = "write the sign in the other tool, or give choices"
            self.intake.tell(Problem("W511", said, remedy, (place,)))
        ends = {"cause": self.ids[cause], "effect": self.ids[effect]}
        self.intake.row(INFLUENCES, {**ends, **cells}, place)
        self.intake.took(word)
        return True


def twice(word: str, key: str, place: Place) -> Problem:
    """E522: two things of a foreign file bear one id, so that links to it have two meanings."""
    return Problem(
        "E522",
        f"two {word}s bear the id {shown(key)!r}",
        "give each an id of its own in the other tool",
        (place,),
    )


def missing(wanted: Collection[str]) -> str:
    """Some names as a message shows them: three and the count of the rest."""
    first = ", ".join(repr(shown(w)) for w in sorted(wanted)[:3])
    rest = len(wanted) - 3
    return f"{first} and {rest:,} more" if rest > 0 else first
