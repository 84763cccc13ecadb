"""The tables of a simulated map: what its organizations say of the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core.schema import (
    ABSENT,
    CHALLENGES,
    COLLABORATES,
    COUNTRY,
    INFLUENCES,
    NEGATIVE,
    NO,
    OBSERVED,
    POSITIVE,
    PRESENT,
    PRIORITIES,
    SEEKS,
    WORKS_ON,
    YES,
)
from sysmap.core.stats import BoolArray, IntArray
from sysmap.simulate import places
from sysmap.simulate.effects import Effects
from sysmap.simulate.plan import Plan
from sysmap.simulate.portfolios import Portfolios

_AREAS = (
    "Research and evidence",
    "Strategy",
    "Partnerships",
    "Policies and plans",
    "Innovations",
    "Costing",
    "Implementation",
    "Monitoring and evaluation",
)
_KINDS = ("ngo", "un_agency", "government", "donor", "academia")
_FIRST_ROUND, _SECOND_ROUND = 180, 730
"""Days before and after the date `at` on which the two surveys were answered."""


@dataclass(frozen=True, slots=True, eq=False)
class Ids:
    """Ids of the nodes, as arrays that positions pick from."""

    elements: np.ndarray
    contexts: np.ndarray
    organizations: np.ndarray
    outcomes: np.ndarray
    surveys: np.ndarray
    later: np.ndarray

    @classmethod
    def of(cls, plan: Plan) -> Ids:
        """Number the nodes of a plan."""
        organizations = _numbered("organization", plan.organizations)
        return cls(
            _numbered("element", plan.elements),
            _numbered("country", plan.contexts),
            organizations,
            _numbered("outcome", plan.outcomes),
            "survey-" + organizations,
            "later-" + organizations,
        )


def _numbered(word: str, count: int) -> np.ndarray:
    width = len(str(count))
    return np.array([f"{word}-{i + 1:0{width}}" for i in range(count)], dtype=object)


def _named(ids: np.ndarray) -> list[str]:
    return [str(id).replace("-", " ").capitalize() for id in ids]


def replies_to(plan: Plan, pairs: IntArray, random: np.random.Generator) -> dict[str, BoolArray]:
    """Which organization answers which question that is asked as a whole; pairs always do."""
    questions = (SEEKS, WORKS_ON, PRIORITIES, CHALLENGES, COLLABORATES)
    found = {}
    for question in questions:
        found[question] = random.random(plan.organizations) >= plan.silence
        if question in (WORKS_ON, PRIORITIES):
            found[question][pairs.ravel()] = True
    return found


def nodes(plan: Plan, ids: Ids, groups: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
    """Nodes, the two rounds of surveys, and the title."""
    surveys = np.concatenate([ids.surveys, ids.later])
    rounds = [str(plan.day - _FIRST_ROUND), str(plan.day + _SECOND_ROUND)]
    return {
        "outcomes": pd.DataFrame({"id": ids.outcomes, "name": _named(ids.outcomes)}),
        "elements": pd.DataFrame(
            {
                "id": ids.elements,
                "name": _named(ids.elements),
                "area": [_AREAS[i % len(_AREAS)] for i in range(plan.elements)],
            }
        ),
        "contexts": pd.DataFrame(
            {"id": ids.contexts, "name": _named(ids.contexts), "kind": COUNTRY, **groups}
        ),
        "organizations": pd.DataFrame(
            {
                "id": ids.organizations,
                "name": _named(ids.organizations),
                "kind": [_KINDS[i % len(_KINDS)] for i in range(plan.organizations)],
                "member": YES,
            }
        ),
        "sources": pd.DataFrame(
            {
                "id": surveys,
                "name": _named(surveys),
                "kind": "survey",
                "organization": np.tile(ids.organizations, 2),
                "date": np.repeat(rounds, plan.organizations),
            }
        ),
        "about": pd.DataFrame({"key": ["title"], "value": ["A simulated map"]}),
    }


def observed(ids: Ids, seen: places.Survey) -> pd.DataFrame:
    """One claim per report on an element in a context."""
    return pd.DataFrame(
        {
            "element": ids.elements[seen.element],
            "context": ids.contexts[seen.where],
            "state": np.where(seen.present, PRESENT, ABSENT).astype(object),
            "source": ids.surveys[seen.voice],
        }
    )


def influences(
    ids: Ids,
    made: Effects,
    link: IntArray,
    where: IntArray,
    voice: IntArray,
    sign: IntArray,
    strength: IntArray,
) -> pd.DataFrame:
    """One claim per report on a link in a context."""
    ends = np.concatenate([ids.elements, ids.outcomes])
    return pd.DataFrame(
        {
            "cause": ends[made.cause[link]],
            "effect": ends[made.effect[link]],
            "sign": np.where(sign > 0, POSITIVE, NEGATIVE).astype(object),
            "strength": strength,
            "context": ids.contexts[where],
            "source": ids.surveys[voice],
        }
    )


def seeks(
    ids: Ids, sought: BoolArray, replies: BoolArray, random: np.random.Generator
) -> pd.DataFrame:
    """What those who answered seek; widely sought outcomes tend to rank higher."""
    who, what = np.nonzero((sought & replies).T)
    pull = sought.sum(axis=1)[what] + random.normal(0, 2, len(what))
    rank = pd.Series(pull).groupby(who).rank(ascending=False, method="first").astype(int)
    return pd.DataFrame(
        {
            "organization": ids.organizations[who],
            "outcome": ids.outcomes[what],
            "priority": rank,
            "importance": np.clip(6 - rank, 1, 5),
            "source": ids.surveys[who],
        }
    )


def holdings(
    ids: Ids,
    held: Portfolios,
    replies: Mapping[str, BoolArray],
    random: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """Work, and needs as priorities; every second need is a challenge too."""
    found = {}
    for table, truth in ((WORKS_ON, held.works), (PRIORITIES, held.needs), (CHALLENGES, None)):
        cells = held.needs & (random.random(held.needs.shape) < 0.5) if truth is None else truth
        who, element, where = np.nonzero(cells & replies[table][:, None, None])
        frame = pd.DataFrame(
            {
                "organization": ids.organizations[who],
                "element": ids.elements[element],
                "context": ids.contexts[where],
                "source": ids.surveys[who],
            }
        )
        if table != WORKS_ON:
            frame["level"] = random.integers(1, 4, len(frame))
        found[table] = frame
    return found


def collaborates(
    ids: Ids, pairs: IntArray, since: Sequence[str], replies: BoolArray
) -> pd.DataFrame:
    """Ties as told by the first of the two that answered; of two silent ones nobody hears."""
    teller = np.where(replies[pairs[:, 0]], pairs[:, 0], pairs[:, 1])
    heard = replies[pairs].any(axis=1)
    return pd.DataFrame(
        {
            "organization": ids.organizations[pairs[heard, 0]],
            "partner": ids.organizations[pairs[heard, 1]],
            "start": np.array(since, dtype=object)[heard],
            "source": ids.later[teller[heard]],
        }
    )


def ledger(
    plan: Plan, ids: Ids, heard: places.Heard, replies: Mapping[str, BoolArray]
) -> pd.DataFrame:
    """The ledger: by context for what is observed and what influences, else as a whole."""
    where, who = np.nonzero(heard.asked)
    answered = heard.answered[where, who]
    parts = [
        pd.DataFrame(
            {
                "source": ids.surveys[who],
                "question": question,
                "context": ids.contexts[where],
                "answered": np.where(answered, YES, NO).astype(object),
            }
        )
        for question, there in ((OBSERVED, plan.elements), (INFLUENCES, plan.links + plan.loops))
        if there
    ]
    wanted = {
        SEEKS: plan.outcomes,
        WORKS_ON: plan.portfolio + plan.pairs,
        PRIORITIES: plan.portfolio + plan.pairs,
        CHALLENGES: plan.portfolio + plan.pairs,
        COLLABORATES: plan.ties,
    }
    parts += [
        pd.DataFrame(
            {
                "source": ids.later if question == COLLABORATES else ids.surveys,
                "question": question,
                "context": None,
                "answered": np.where(replies[question], YES, NO).astype(object),
            }
        )
        for question, there in wanted.items()
        if there
    ]
    return pd.concat([p.astype(object) for p in parts or [pd.DataFrame()]], ignore_index=True)
