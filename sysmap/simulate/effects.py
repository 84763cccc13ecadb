"""What influences what: links whose sign holds everywhere, somewhere, or nowhere, and loops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.simulate.plan import LOOP, Plan

EVERYWHERE, BY_CONTEXT, NOISE = "universal", "context-dependent", "noise"


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Planted links; an effect at or above the number of elements is an outcome.

    Parameters
    ----------
    cause, effect
        Positions; links outside loops lead from a lower element to a higher one, or to an
        outcome, so that no loop is there by chance.
    kind
        Whether the sign holds everywhere, depends on the context, or is noise.
    sign
        1, -1 or, for noise, 0; shape ``(links, contexts)``.
    loop
        Position of the loop that the link belongs to; -1 is none.
    """

    cause: IntArray
    effect: IntArray
    kind: list[str]
    sign: FloatArray
    loop: IntArray


def effects(plan: Plan, random: np.random.Generator) -> Effects:
    """Links among the elements outside loops and to outcomes, and the links of the loops."""
    first, second = np.triu_indices(plan.free, 1)
    to = np.tile(np.arange(plan.outcomes) + plan.elements, plan.free)
    causes = np.concatenate([first, np.repeat(np.arange(plan.free), plan.outcomes)])
    targets = np.concatenate([second, to])
    chosen = random.permutation(len(causes))[: plan.links]
    kinds = [EVERYWHERE, BY_CONTEXT, NOISE] if plan.mix else [NOISE]
    kind = [kinds[i % len(kinds)] for i in range(plan.links)] + [EVERYWHERE] * (LOOP * plan.loops)
    ring = plan.free + np.arange(LOOP * plan.loops).reshape(-1, LOOP)
    cause = np.concatenate([causes[chosen], ring.ravel()])
    effect = np.concatenate([targets[chosen], np.roll(ring, -1, axis=1).ravel()])
    loop = np.concatenate([np.full(plan.links, -1), np.repeat(np.arange(plan.loops), LOOP)])
    sign = random.choice([-1.0, 1.0], len(cause))[:, None] * np.ones(plan.contexts)
    for i in range(plan.loops):
        # loops take turns: reinforcing, balancing
        rows = np.flatnonzero(loop == i)
        sign[rows[-1]] *= np.prod(sign[rows, 0]) * (1 if i % 2 == 0 else -1)
    turned = random.random(sign.shape).argsort(axis=1) < plan.contexts // 2
    sign = np.where(turned & (np.array(kind) == BY_CONTEXT)[:, None], -sign, sign)
    sign[np.array(kind) == NOISE] = 0
    return Effects(cause, effect, kind, sign, loop)


def reported(
    plan: Plan,
    made: Effects,
    answers: BoolArray,
    effort: FloatArray,
    random: np.random.Generator,
) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """What the respondents say: positions of link, context and organization, sign and strength.

    A sign is told wrong with probability `false`; the sign of a noise link is a coin. Strengths
    are those of the link, or one more or less in one report of two.
    """
    place, who = np.nonzero(answers)
    told = random.random((len(made.cause), len(place))) >= plan.skipped ** effort[who]
    link, answer = np.nonzero(told)
    where, voice = place[answer], who[answer]
    true = made.sign[link, where]
    wrong = random.random(len(link)) < plan.false
    coin = random.choice([-1.0, 1.0], len(link))
    sign = np.where(true == 0, coin, np.where(wrong, -true, true)).astype(np.int64)
    usual = random.integers(1, 4, len(made.cause))
    strength = np.clip(usual[link] + random.choice([-1, 0, 0, 1], len(link)), 1, 3)
    return link, where, voice, sign, strength
