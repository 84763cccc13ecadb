"""Maps whose truth is known: planted, or pure noise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap, from_tables
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
from sysmap.core.stats import RNG, BoolArray, IntArray, generator
from sysmap.simulate import effects as links_of
from sysmap.simulate import places, portfolios
from sysmap.simulate.plan import GROUPINGS, LOOP, TRADED, Plan

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
_CLASSES = ("universal", "intermediate", "context-specific")
_SOUGHT = ("common", "shared", "niche")
_FIRST_ROUND, _SECOND_ROUND = 180, 730
"""Days before and after the date `at` on which the two surveys were answered."""


class Truth(Mapping[str, pd.DataFrame]):
    """What was planted, as frames by name; each is handed out as a lazy copy.

    ========================= ======================================================
    elements                  planted, present, contexts, share, verdict, grouping, group
    presence                  elements by contexts, true where the element is
    outcomes                  seeking, members, share, verdict
    organizations             effort, theme, portfolio
    influences (cause, effect) kind, sign, loop
    signs (cause, effect)     by context: 1, -1, and 0 for noise
    loops                     path, polarity
    pairs (organization, partner) helps, helped: cells that either offers the other
    ties (organization, partner)  start, new, reported
    ========================= ======================================================

    Examples
    --------
    >>> sorted(noise(elements=6, contexts=9).truth)[:3]
    ['elements', 'influences', 'loops']
    """

    __slots__ = ("_frames",)

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = {name: frame.copy(deep=False) for name, frame in frames.items()}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A lazy copy of one frame."""
        return self._frames[name].copy(deep=False)

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the frames."""
        return iter(self._frames)

    def __len__(self) -> int:
        """Count the frames."""
        return len(self._frames)


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """A map with the truth behind it.

    Parameters
    ----------
    map
        What was reported; a valid map like any other.
    truth
        What was planted.
    params
        The numbers that it was made from.
    """

    map: SystemMap
    truth: Truth = field(repr=False)
    params: Mapping[str, object] = field(repr=False)


def planted(
    *,
    elements: int = 24,
    contexts: int = 37,
    organizations: int = 24,
    outcomes: int = 8,
    respondents: int = 3,
    asked: int | None = None,
    silence: float = 0.1,
    skipped: float = 0.1,
    sensitivity: float = 0.9,
    false: float = 0.05,
    sigma: float = 0.8,
    mix: tuple[float, float, float] = (0.4, 0.3, 0.3),
    patterned: int = 4,
    inside: float = 0.9,
    outside: float = 0.1,
    groupings: Mapping[str, Sequence[float]] = GROUPINGS,
    portfolio: float = 10,
    focus: float = 0.8,
    links: int = 18,
    loops: int = 2,
    pairs: int = 3,
    ties: int = 40,
    at: str = "2024-01-01",
    rng: RNG = 0,
) -> Simulation:
    """A map is made whose truth is known, so that any answer can be scored.

    Parameters
    ----------
    elements, contexts, organizations, outcomes
        How many of each. Every context is a country, every organization a member with one survey.
    respondents
        Organizations that answer about each context asked, drawn in proportion to effort.
    asked
        Contexts in which anybody was asked, at random; None is all of them.
    silence
        Share of those asked who do not answer; about contexts they come beside the respondents.
    skipped
        Share of elements and links that a respondent of effort 1 leaves out; one of effort w
        leaves out ``skipped ** w``.
    sensitivity, false
        Probability that a report says present where the element is, and where it is not. A sign
        is told wrong with probability `false`.
    sigma
        Standard deviation of the logarithm of effort; its median is 1.
    mix
        Shares of universal, intermediate and context-specific among the elements without a
        pattern, and of common, shared and niche among the outcomes. Within a class every count
        of contexts is equally likely, also those next to a bound; a class that no count is of
        gives its place to the next lower one.
    patterned, inside, outside
        Elements that follow a random group of a random grouping, and the probability that such
        an element is present inside and outside the group.
    groupings
        Sizes of the groups of each grouping column of contexts, scaled to `contexts`.
    portfolio
        Cells (element, context) that an organization of effort 1 works on; 0 leaves out
        `works_on`, `priorities` and `challenges`, except for planted pairs.
    focus
        Share of an organization's work that lies within the elements of its theme, and within the
        contexts of its theme, and share of the ties that join one theme.
    links, loops
        Links outside loops, a third each of universal sign, context-dependent sign and noise;
        and loops of three elements, in turn reinforcing and balancing. There are no other loops.
    pairs
        Pairs of organizations that each work in four cells which the other needs and nobody else
        touches.
    ties, at
        Known ties, half of them from before the date `at` and half from after; all else was said
        before.
    rng
        A seed or a Generator; equal seeds make equal maps.

    Returns
    -------
    Simulation
        ``map``, ``truth`` by name (see `Truth`) and ``params``. With 0 of a thing its frames are
        empty.

    Raises
    ------
    ValueError
        If a number cannot be; the message names it and what would do.

    Notes
    -----
    Nobody claims what the ledger does not say they answered: `observed` and `influences` are
    asked by context, the other questions as a whole. A silent organization claims nothing.

    Examples
    --------
    >>> from sysmap.simulate import planted
    >>> s = planted(elements=10, contexts=12, patterned=2, loops=1, rng=7)
    >>> s.map
    <SystemMap: 8 outcomes, 10 elements, 12 contexts, 24 organizations, 48 sources; 1,457 claims>
    >>> s.truth["elements"]["verdict"].value_counts().to_dict()
    {'intermediate': 4, 'context-specific': 3, 'universal': 3}
    >>> planted(silence=1.5)
    Traceback (most recent call last):
    ValueError: silence is 1.5; give a share from 0 up to, but not with, 1, such as 0.1
    """
    plan = Plan(
        elements=elements,
        contexts=contexts,
        organizations=organizations,
        outcomes=outcomes,
        respondents=respondents,
        asked=contexts if asked is None else asked,
        silence=silence,
        skipped=skipped,
        sensitivity=sensitivity,
        false=false,
        sigma=sigma,
        mix=mix,
        patterned=patterned,
        inside=inside,
        outside=outside,
        groupings=groupings,
        portfolio=portfolio,
        focus=focus,
        links=links,
        loops=loops,
        pairs=pairs,
        ties=ties,
        at=at,
    )
    return _simulated(plan, rng)


def noise(
    *,
    elements: int = 24,
    contexts: int = 37,
    organizations: int = 24,
    outcomes: int = 8,
    respondents: int = 3,
    asked: int | None = None,
    silence: float = 0.1,
    skipped: float = 0.1,
    sensitivity: float = 0.9,
    false: float = 0.05,
    sigma: float = 0.8,
    groupings: Mapping[str, Sequence[float]] = GROUPINGS,
    portfolio: float = 10,
    links: int = 18,
    ties: int = 40,
    at: str = "2024-01-01",
    rng: RNG = 0,
) -> Simulation:
    """A map is made in which groups, themes, signs and pairs mean nothing.

    Parameters
    ----------
    elements, contexts, organizations, outcomes, respondents, asked, silence, skipped
        As in `planted`.
    sensitivity, false, sigma, groupings, portfolio, links, ties, at, rng
        As in `planted`.

    Returns
    -------
    Simulation
        As from `planted`. An element is in every context with one probability of its own, 0.1 to
        0.9, whatever the context's groups; organizations hold cells by size and popularity, and
        ties by effort, whatever their theme; every reported sign is a coin.

    Raises
    ------
    ValueError
        If a number cannot be; the message names it and what would do.

    Notes
    -----
    Effort still differs: what is found here is found by chance or by size.

    Examples
    --------
    >>> from sysmap.simulate import noise
    >>> s = noise(elements=6, contexts=9, rng=7)
    >>> int(s.truth["elements"]["group"].notna().sum()), len(s.truth["pairs"])
    (0, 0)
    """
    plan = Plan(
        elements=elements,
        contexts=contexts,
        organizations=organizations,
        outcomes=outcomes,
        respondents=respondents,
        asked=contexts if asked is None else asked,
        silence=silence,
        skipped=skipped,
        sensitivity=sensitivity,
        false=false,
        sigma=sigma,
        mix=None,
        patterned=0,
        inside=0,
        outside=0,
        groupings=groupings,
        portfolio=portfolio,
        focus=0,
        links=links,
        loops=0,
        pairs=0,
        ties=ties,
        at=at,
    )
    return _simulated(plan, rng)


@dataclass(frozen=True, slots=True, eq=False)
class _Ids:
    """Ids of the nodes, as arrays that positions pick from."""

    elements: np.ndarray
    contexts: np.ndarray
    organizations: np.ndarray
    outcomes: np.ndarray
    surveys: np.ndarray
    later: np.ndarray

    @classmethod
    def of(cls, plan: Plan) -> _Ids:
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


def _simulated(plan: Plan, rng: RNG) -> Simulation:
    """Draw the truth, let organizations report on it, and make the map of what they say."""
    random = generator(rng)
    ids = _Ids.of(plan)
    seen = places.survey(plan, random)
    effort = seen.effort
    held = portfolios.portfolios(plan, effort, random)
    sought = portfolios.sought(plan, held.theme, random)
    made = links_of.effects(plan, random)
    pairs, since = portfolios.tied(plan, effort, held.theme, random)
    replies = _replies(plan, held.pairs, random)
    told = links_of.reported(plan, made, seen.heard.answered, effort, random)
    tables = {
        **_nodes(plan, ids, seen.groups),
        OBSERVED: _observed(ids, seen),
        INFLUENCES: _influences(ids, made, *told),
        SEEKS: _seeks(ids, sought, replies[SEEKS], random),
        **_portfolio_tables(ids, held, replies, random),
        COLLABORATES: _collaborates(ids, pairs, since, replies[COLLABORATES]),
        "asked": _asked(plan, ids, seen.heard, replies),
    }
    truth = {
        **_truth_of_elements(ids, seen.real),
        "outcomes": _truth_of_outcomes(ids, sought),
        "organizations": pd.DataFrame(
            {
                "effort": effort,
                "theme": held.theme,
                "portfolio": held.works.sum(axis=(1, 2)),
            },
            index=pd.Index(ids.organizations, dtype="str", name="organization"),
        ),
        **_truth_of_links(ids, made),
        **_truth_of_pairs(plan, ids, held, pairs, since, replies[COLLABORATES]),
    }
    params = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
    filled = {name: frame for name, frame in tables.items() if len(frame)}
    return Simulation(from_tables(filled), Truth(truth), MappingProxyType({**params, "rng": rng}))


# ---------------------------------------------------------------- what was said


def _replies(plan: Plan, pairs: IntArray, random: np.random.Generator) -> dict[str, BoolArray]:
    """Which organization answers which question that is asked as a whole; pairs always do."""
    questions = (SEEKS, WORKS_ON, PRIORITIES, CHALLENGES, COLLABORATES)
    found = {}
    for question in questions:
        found[question] = random.random(plan.organizations) >= plan.silence
        if question in (WORKS_ON, PRIORITIES):
            found[question][pairs.ravel()] = True
    return found


def _nodes(plan: Plan, ids: _Ids, groups: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
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


def _observed(ids: _Ids, seen: places.Survey) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "element": ids.elements[seen.element],
            "context": ids.contexts[seen.where],
            "state": np.where(seen.present, PRESENT, ABSENT).astype(object),
            "source": ids.surveys[seen.voice],
        }
    )


def _influences(
    ids: _Ids,
    made: links_of.Effects,
    link: IntArray,
    where: IntArray,
    voice: IntArray,
    sign: IntArray,
    strength: IntArray,
) -> pd.DataFrame:
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


def _seeks(
    ids: _Ids, sought: BoolArray, replies: BoolArray, random: np.random.Generator
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


def _portfolio_tables(
    ids: _Ids,
    held: portfolios.Portfolios,
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


def _collaborates(
    ids: _Ids, pairs: IntArray, since: Sequence[str], replies: BoolArray
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


def _asked(
    plan: Plan, ids: _Ids, heard: places.Heard, replies: Mapping[str, BoolArray]
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


# ---------------------------------------------------------------- what is true


def _truth_of_elements(ids: _Ids, real: places.Presence) -> dict[str, pd.DataFrame]:
    index = pd.Index(ids.elements, dtype="str", name="element")
    counted = places.truth_of(real.there, (0.75, 0.25), _CLASSES)
    frame = pd.DataFrame({"planted": pd.Series(real.planted, dtype="str")})
    frame[["present", "contexts", "share", "verdict"]] = counted
    frame["grouping"] = pd.Series(real.grouping, dtype="str")
    frame["group"] = pd.Series(real.group, dtype="str")
    columns = pd.Index(ids.contexts, dtype="str", name="context")
    return {
        "elements": frame.set_axis(index),
        "presence": pd.DataFrame(real.there, index=index, columns=columns),
    }


def _truth_of_outcomes(ids: _Ids, sought: BoolArray) -> pd.DataFrame:
    counted = places.truth_of(sought, (0.50, 0.25), _SOUGHT)
    index = pd.Index(ids.outcomes, dtype="str", name="outcome")
    return counted.rename(columns={"count": "seeking", "of": "members"}).set_axis(index)


def _truth_of_links(ids: _Ids, made: links_of.Effects) -> dict[str, pd.DataFrame]:
    ends = np.concatenate([ids.elements, ids.outcomes])
    index = pd.MultiIndex.from_arrays(
        [
            pd.Index(ends[made.cause], dtype="str"),
            pd.Index(ends[made.effect], dtype="str"),
        ],
        names=["cause", "effect"],
    )
    everywhere = np.array(made.kind, dtype=object) == links_of.EVERYWHERE
    word = np.where(made.sign[:, 0] > 0, POSITIVE, NEGATIVE).astype(object)
    frame = pd.DataFrame(
        {
            "kind": pd.array(made.kind, dtype="str"),
            "sign": pd.array(np.where(everywhere, word, np.array(None, dtype=object)), dtype="str"),
            "loop": pd.array([None if i < 0 else i for i in made.loop], dtype="Int64"),
        },
        index=index,
    )
    columns = pd.Index(ids.contexts, dtype="str", name="context")
    rings = made.cause[made.loop >= 0].reshape(-1, LOOP)
    loops = pd.DataFrame(
        {
            "path": pd.Series([" -> ".join(ids.elements[ring]) for ring in rings], dtype="str"),
            "polarity": pd.Series(
                [("reinforcing", "balancing")[i % 2] for i in range(len(rings))], dtype="str"
            ),
        }
    ).rename_axis("loop")
    return {
        "influences": frame,
        "signs": pd.DataFrame(made.sign, index=index, columns=columns),
        "loops": loops,
    }


def _truth_of_pairs(
    plan: Plan,
    ids: _Ids,
    held: portfolios.Portfolios,
    pairs: IntArray,
    since: Sequence[str],
    replies: BoolArray,
) -> dict[str, pd.DataFrame]:
    ties = pd.DataFrame(
        {
            "start": pd.array(since, dtype="str"),
            "new": np.array(since, dtype="datetime64[D]") >= plan.day,
            "reported": replies[pairs].any(axis=1),
        },
        index=_by_two(ids, pairs),
    )
    traded = pd.DataFrame(
        {"helps": TRADED, "helped": TRADED}, index=_by_two(ids, held.pairs), dtype="int64"
    )
    return {"pairs": traded.sort_index(), "ties": ties.sort_index()}


def _by_two(ids: _Ids, pairs: IntArray) -> pd.MultiIndex:
    both = (pd.Index(ids.organizations[pairs[:, side]], dtype="str") for side in (0, 1))
    return pd.MultiIndex.from_arrays(list(both), names=["organization", "partner"])
