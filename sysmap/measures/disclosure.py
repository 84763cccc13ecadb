"""What a reader must know of a map before its answers, and what to ask next, in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sysmap.core import dates
from sysmap.core.claims import graded
from sysmap.core.model import SystemMap, held
from sysmap.core.schema import (
    CHALLENGES,
    COLLABORATES,
    ELEMENTS,
    ILLUSTRATIVE,
    JUDGED,
    OBSERVED,
    ORGANIZATIONS,
    PRIORITIES,
    PRIVATE,
    SEEKS,
    WORKS_ON,
    YES,
)
from sysmap.core.words import number_of
from sysmap.measures import ledger

_NEXT: Mapping[str, str] = {
    SEEKS: "Ask every member which outcomes it seeks, with a rank for each.",
    OBSERVED: "Ask who knows a country whether each element is present or absent there.",
    WORKS_ON: "Ask every member what it works on and where, so that silence differs from no.",
    PRIORITIES: "Ask every member for its priorities, by element and country.",
    CHALLENGES: "Ask every member for its challenges, by element and country; they stay private.",
    COLLABORATES: "Ask every member with whom it already works.",
}

_OF_PEOPLE: Mapping[str, str] = {"survey": "survey source", "interview": "interview"}
"""Kinds of sources that somebody must have asked, and what one is called."""

_NOUN = re.compile(r"\brounds?\b", re.IGNORECASE)


def lead(m: SystemMap) -> tuple[str, ...]:
    """What a reader must know first: date, who was asked, what is hidden, what is made up."""
    about = m.about
    date = (
        f"Data of {dates.spoken(about['data date'])}"
        if "data date" in about
        else "Data date not given"
    )
    if "round" in about:
        date += f", {_called(about['round'])}"
    said = [f"{date}.", _asked(m)]
    if m.hidden:
        things = "claim is" if m.hidden == 1 else "claims are"
        said.append(f"{m.hidden:,} {things} hidden from this audience ({m.audience}).")
    if m.audience == PRIVATE:
        said.append("This copy also holds what is private: do not pass it on.")
    claims = sum(len(held(m, kind.table)) for kind in m.schema.links)
    for word, meaning in (
        (
            ILLUSTRATIVE,
            "illustrative, made up to show how the tool works: no conclusion rests on them",
        ),
        (JUDGED, "judged by the makers of the map from published sources"),
    ):
        of_grade = graded(m, word)
        if of_grade:
            said.append(f"{of_grade:,} of {claims:,} claims {_are(of_grade)} {meaning}.")
    return tuple(said)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _called(round_: str) -> str:
    """A round with its noun, unless it has it already."""
    if _NOUN.search(round_):
        return round_
    return f"round {round_}" if round_.isdigit() else f"{round_} round"


def _asked(m: SystemMap) -> str:
    """How many of those asked answered, else why nobody can tell."""
    stated = m.asked[m.asked["speaks_for"].isna()]
    if not stated.empty:
        sources = stated["source"].nunique()
        answered = stated.loc[stated["answered"] == YES, "source"].nunique()
        return f"{answered} of {sources} sources that were asked gave an answer."
    if m.hidden:
        return (
            "Who was asked, where anybody wrote it down, is not shown to this audience, "
            "so silence cannot be told from no."
        )
    answers = _answers(m)
    if answers:
        return (
            f"Nobody wrote down who was asked; {answers} answered, so silence cannot be told "
            "from no."
        )
    return (
        "Members were not asked: the map rests on the sources it names, "
        "so silence cannot be told from no."
    )


def _answers(m: SystemMap) -> str:
    """The sources that somebody must have asked, counted by kind; empty where there are none."""
    kinds = m.sources["kind"].value_counts()
    return " and ".join(
        number_of(int(kinds[kind]), noun) for kind, noun in _OF_PEOPLE.items() if kind in kinds
    )


def asks(m: SystemMap) -> tuple[str, ...]:
    """What to ask next, most basic first."""
    asks = []
    if m.organizations["member"].isna().all() and len(m.tables[ORGANIZATIONS]):
        asks.append("Mark in the sheet organizations who is a member of the group.")
    for question, sentence in _NEXT.items():
        if not ledger.has_ledger(m, question):
            asks.append(f"{sentence} Write who was asked into the sheet asked ({question}).")
    silent = _unreported(m)
    if silent:
        asks.append(silent)
    return tuple(asks)


def _unreported(m: SystemMap) -> str:
    told = set(held(m, OBSERVED)["context"].unique())
    names = [str(n) for i, n in m.contexts["name"].items() if i not in told]
    if not names or not len(m.tables[ELEMENTS]):
        return ""
    listed = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return f"Ask about places without a report on any element: {listed}."
