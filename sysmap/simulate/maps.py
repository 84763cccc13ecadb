"""Maps whose truth is known: planted, or pure noise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import COLLABORATES, INFLUENCES, OBSERVED, SEEKS
from sysmap.core.stats import RNG, generator
from sysmap.simulate import effects as links_of
from sysmap.simulate import places, portfolios, tables, truths
from sysmap.simulate.plan import GROUPINGS, Plan


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


def _simulated(plan: Plan, rng: RNG) -> Simulation:
    """Draw the truth, let organizations report on it, and make the map of what they say."""
    random = generator(rng)
    ids = tables.Ids.of(plan)
    seen = places.survey(plan, random)
    effort = seen.effort
    held = portfolios.portfolios(plan, effort, random)
    sought = portfolios.sought(plan, held.theme, random)
    made = links_of.effects(plan, random)
    pairs, since = portfolios.tied(plan, effort, held.theme, random)
    replies = tables.replies_to(plan, held.pairs, random)
    told = links_of.reported(plan, made, seen.heard.answered, effort, random)
    said = {
        **tables.nodes(plan, ids, seen.groups),
        OBSERVED: tables.observed(ids, seen),
        INFLUENCES: tables.influences(ids, made, *told),
        SEEKS: tables.seeks(ids, sought, replies[SEEKS], random),
        **tables.holdings(ids, held, replies, random),
        COLLABORATES: tables.collaborates(ids, pairs, since, replies[COLLABORATES]),
        "asked": tables.ledger(plan, ids, seen.heard, replies),
    }
    true = {
        **truths.of_elements(ids, seen.real),
        "outcomes": truths.of_outcomes(ids, sought),
        "organizations": pd.DataFrame(
            {
                "effort": effort,
                "theme": held.theme,
                "portfolio": held.works.sum(axis=(1, 2)),
            },
            index=pd.Index(ids.organizations, dtype="str", name="organization"),
        ),
        **truths.of_links(ids, made),
        **truths.of_pairs(plan, ids, held, pairs, since, replies[COLLABORATES]),
    }
    params = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
    filled = {name: frame for name, frame in said.items() if len(frame)}
    return Simulation(from_tables(filled), Truth(true), MappingProxyType({**params, "rng": rng}))
