"""Where elements truly are, who was asked about it, and what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core import stats
from sysmap.core.schema import NO, YES
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.simulate.plan import FLAGS, Plan

_WORDS = ("universal", "intermediate", "context-specific")
_CODES = (stats.HIGH, stats.MIDDLE, stats.LOW)


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Which element is truly where.

    Parameters
    ----------
    there
        Truth, shape ``(elements, contexts)``.
    planted
        What each element was made to be.
    grouping, group
        The group that a patterned element follows; None for the others.
    """

    there: BoolArray
    planted: list[str]
    grouping: list[str | None]
    group: list[str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Who was asked about which context, and who answered; shape ``(contexts, organizations)``."""

    asked: BoolArray
    answered: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """The truth about elements, and one round of reports on it.

    Parameters
    ----------
    effort
        Effort of each organization.
    groups
        Label of each context, by grouping.
    real
        Which element is truly where.
    heard
        Who was asked about which context, and who answered.
    element, where, voice
        Positions of element, context and organization of each report.
    present
        What it says.
    """

    effort: FloatArray
    groups: Mapping[str, Sequence[str]]
    real: Presence
    heard: Heard
    element: IntArray
    where: IntArray
    voice: IntArray
    present: BoolArray


def survey(plan: Plan, random: np.random.Generator) -> Survey:
    """Draw the truth about elements and what is reported of it; no map is made yet."""
    effort = random.lognormal(0, plan.sigma, plan.organizations)
    groups = labels(plan, random)
    real = presence(plan, groups, random)
    asked = heard(plan, effort, random)
    seen = observed(plan, real.there, asked.answered, effort, random)
    return Survey(effort, groups, real, asked, *seen)


def shared_out(shares: Sequence[float], total: int) -> IntArray:
    """Whole numbers in proportion to shares, by largest remainders; they sum to `total`.

    Examples
    --------
    >>> shared_out((12, 10, 8, 7), 20)
    array([7, 5, 4, 4])
    """
    wanted = np.asarray(shares, dtype=float) / sum(shares) * total
    whole = np.floor(wanted + 1e-9).astype(np.int64)
    first = np.argsort(whole - wanted, kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return whole


def drawn(weights: FloatArray, number: int, random: np.random.Generator) -> IntArray:
    """Positions drawn without replacement, each in proportion to its weight; 0 comes last.

    Along the last axis of `weights`, `number` positions per row.
    """
    with np.errstate(divide="ignore"):
        keys = np.log(weights) + random.gumbel(size=weights.shape)
    chosen: IntArray = np.argsort(-keys, axis=-1, kind="stable")[..., :number]
    return chosen


def labels(plan: Plan, random: np.random.Generator) -> dict[str, list[str]]:
    """One label per context and grouping, in groups of the sizes wanted, at random places."""
    found = {}
    for name, sizes in plan.groupings.items():
        stem = name.removeprefix("group_").replace("_", " ")
        words = [YES, NO] if name in FLAGS else [f"{stem} {i + 1}" for i in range(len(sizes))]
        code = np.repeat(np.arange(len(sizes)), shared_out(sizes, plan.contexts))
        found[name] = [words[i] for i in random.permutation(code)]
    return found


def presence(
    plan: Plan, groups: Mapping[str, Sequence[str]], random: np.random.Generator
) -> Presence:
    """Elements of every class, elements that follow a group, or noise where there is no mix."""
    shape = (plan.elements, plan.contexts)
    if plan.mix is None:
        there = random.random(shape) < random.uniform(0.1, 0.9, (plan.elements, 1))
        nobody: list[str | None] = [None] * plan.elements
        return Presence(there, ["noise"] * plan.elements, nobody, nobody)
    kinds = np.repeat(np.arange(3), shared_out(plan.mix, plan.elements - plan.patterned))
    planted = [_WORDS[i] for i in kinds] + ["pattern"] * plan.patterned
    count = counts_of(kinds, plan.contexts, (0.75, 0.25), random)
    there = np.zeros(shape, dtype=bool)
    turn = random.random((len(count), plan.contexts)).argsort(axis=1)
    there[: len(count)] = turn < count[:, None]
    grouping: list[str | None] = [None] * len(count)
    group: list[str | None] = [None] * len(count)
    names = sorted(groups)
    for row in there[len(count) :]:
        name = names[random.integers(len(names))]
        words = sorted(set(groups[name]))
        word = words[random.integers(len(words))]
        inside = np.array(groups[name]) == word
        row[:] = random.random(plan.contexts) < np.where(inside, plan.inside, plan.outside)
        grouping.append(name)
        group.append(word)
    order = random.permutation(plan.elements)
    return Presence(
        there[order],
        [planted[i] for i in order],
        [grouping[i] for i in order],
        [group[i] for i in order],
    )


def counts_of(
    kinds: IntArray, units: int, bounds: tuple[float, float], random: np.random.Generator
) -> IntArray:
    """For each kind (0 high, 1 middle, 2 low) a count of units that is of that class.

    All counts of a class are equally likely, also those next to a bound. A class without a count,
    such as between a quarter and a half of four, gives its place to the next lower one.
    """
    upper, lower = bounds
    every = np.arange(units + 1)
    classes = stats.prevalence(every, units, units, upper=upper, lower=lower).verdict
    count = np.zeros(len(kinds), dtype=np.int64)
    fits = every[:1]
    for kind, code in reversed(list(enumerate(_CODES))):
        fits = every[classes == code] if (classes == code).any() else fits
        mine = kinds == kind
        count[mine] = random.choice(fits, int(mine.sum()))
    return count


def heard(plan: Plan, effort: FloatArray, random: np.random.Generator) -> Heard:
    """Who is asked about each context: those of more effort answer about more of them."""
    shape = (plan.contexts, plan.organizations)
    answered, silent = np.zeros((2, *shape), dtype=bool)
    places = np.sort(random.permutation(plan.contexts)[: plan.asked])
    weights = np.broadcast_to(effort, (len(places), plan.organizations))
    who = drawn(weights, plan.respondents, random)
    answered[places[:, None], who] = True
    others = plan.organizations - plan.respondents
    wanted = plan.respondents * plan.silence / (1 - plan.silence)
    chance = min(1.0, wanted / others) if others else 0.0
    silent[places] = random.random((len(places), plan.organizations)) < chance
    return Heard(answered | silent, answered)


def observed(
    plan: Plan,
    truth: BoolArray,
    answers: BoolArray,
    effort: FloatArray,
    random: np.random.Generator,
) -> tuple[IntArray, IntArray, IntArray, BoolArray]:
    """What the respondents say: positions of element, context and organization, and present.

    A respondent of effort w leaves an element out with probability ``skipped ** w``.
    """
    place, who = np.nonzero(answers)
    leaves_out = plan.skipped ** effort[who]
    told = random.random((plan.elements, len(place))) >= leaves_out
    element, answer = np.nonzero(told)
    where, voice = place[answer], who[answer]
    chance = np.where(truth[element, where], plan.sensitivity, plan.false)
    return element, where, voice, random.random(len(element)) < chance


def truth_of(
    there: BoolArray, bounds: tuple[float, float], words: tuple[str, str, str]
) -> pd.DataFrame:
    """Count, share and class of each row of a table of truth over all its columns."""
    upper, lower = bounds
    count, units = there.sum(axis=1), there.shape[1]
    classes = stats.prevalence(count, units, units, upper=upper, lower=lower)
    by_code = dict(zip(_CODES, words, strict=True))
    return pd.DataFrame(
        {
            "count": count,
            "of": units,
            "share": classes.share,
            "verdict": pd.Series([by_code[int(c)] for c in classes.verdict], dtype="str"),
        }
    )
