"""What organizations seek, do, need and whom they work with; where it was planted, why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.simulate.places import counts_of, drawn, shared_out
from sysmap.simulate.plan import TRADED, Plan

THEMES = 4
"""Organizations lean to one of so many themes; elements, contexts and outcomes have one each."""


@dataclass(frozen=True, slots=True, eq=False)
class Portfolios:
    """Who truly does what.

    Parameters
    ----------
    theme
        Theme of each organization.
    works, needs
        Truth, shape ``(organizations, elements, contexts)``.
    pairs
        Planted complementary pairs, shape ``(pairs, 2)``.
    """

    theme: IntArray
    works: BoolArray
    needs: BoolArray
    pairs: IntArray


def portfolios(plan: Plan, effort: FloatArray, random: np.random.Generator) -> Portfolios:
    """Cells by popularity and theme, in numbers that follow effort; pairs trade some of theirs."""
    theme = random.permutation(np.arange(plan.organizations) % THEMES)
    shape = (plan.organizations, plan.elements, plan.contexts)
    works, needs = np.zeros((2, *shape), dtype=bool)
    element = random.lognormal(0, plan.sigma, plan.elements)
    context = random.lognormal(0, plan.sigma, plan.contexts)
    for i in range(plan.organizations if plan.portfolio else 0):
        own = np.outer(
            _leaning(element, np.arange(plan.elements) % THEMES == theme[i], plan.focus),
            _leaning(context, np.arange(plan.contexts) % THEMES == theme[i], plan.focus),
        ).ravel()
        size = min(max(1, round(plan.portfolio * float(effort[i]))), own.size)
        works[i].flat[drawn(own, size, random)] = True
        wanted = np.outer(element, context).ravel()
        needs[i].flat[drawn(wanted, max(1, size // 2), random)] = True
    needs &= ~works
    pairs = random.permutation(plan.organizations)[: 2 * plan.pairs].reshape(-1, 2)
    _trade(works, needs, pairs, random)
    return Portfolios(theme, works, needs, np.sort(pairs, axis=1))


def _leaning(weights: FloatArray, inside: BoolArray, focus: float) -> FloatArray:
    """Weights rescaled so that the share `focus` lies inside; 0 leaves them as they are."""
    within = float(weights[inside].sum())
    without = float(weights[~inside].sum())
    if focus == 0 or within == 0 or without == 0:
        return weights
    scaled: FloatArray = weights * np.where(inside, focus / within, (1 - focus) / without)
    return scaled


def _trade(
    works: BoolArray, needs: BoolArray, pairs: IntArray, random: np.random.Generator
) -> None:
    """Each of a pair works in cells that the other needs and that nobody else touches.

    Cells that nobody touches anyway come first.
    """
    touched = (works | needs).any(axis=0).ravel()
    cells = np.argsort(touched + random.random(touched.size))
    for place, (giver, taker) in enumerate(np.concatenate([pairs, pairs[:, ::-1]])):
        element, context = np.divmod(cells[place * TRADED :][:TRADED], works.shape[2])
        works[:, element, context] = needs[:, element, context] = False
        works[giver, element, context] = needs[taker, element, context] = True


def sought(plan: Plan, theme: IntArray, random: np.random.Generator) -> BoolArray:
    """Which organization truly seeks which outcome, shape ``(outcomes, organizations)``.

    As many seek an outcome as its class allows, and those of its theme sooner than others.
    """
    shape = (plan.outcomes, plan.organizations)
    if plan.mix is None:
        wanted: BoolArray = random.random(shape) < random.uniform(0.1, 0.9, (plan.outcomes, 1))
        return wanted
    kinds = random.permutation(np.repeat(np.arange(3), shared_out(plan.mix, plan.outcomes)))
    count = counts_of(kinds, plan.organizations, (0.50, 0.25), random)
    found = np.zeros(shape, dtype=bool)
    for outcome, seekers in enumerate(count):
        own = _leaning(np.ones(plan.organizations), theme == outcome % THEMES, plan.focus)
        found[outcome, drawn(own, int(seekers), random)] = True
    return found


def tied(
    plan: Plan, effort: FloatArray, theme: IntArray, random: np.random.Generator
) -> tuple[IntArray, list[str]]:
    """Pairs that work together, and since when: half of the days are before `at`.

    A pair is drawn by the product of efforts, and `focus` of the ties join one theme.
    """
    first, second = np.triu_indices(plan.organizations, 1)
    weights = effort[first] * effort[second]
    chosen = drawn(_leaning(weights, theme[first] == theme[second], plan.focus), plan.ties, random)
    pairs = np.column_stack([first[chosen], second[chosen]])
    apart = random.integers(1, 700, len(pairs)) * np.where(np.arange(len(pairs)) % 2, 1, -1)
    return pairs, [str(plan.day + int(days)) for days in apart]
