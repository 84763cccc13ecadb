"""What runs from an element to the outcomes, in words: totals, chains, trade-offs and disputes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sysmap.core.words import percent
from sysmap.measures.routes import chains, flows
from sysmap.measures.routes.flows import Flows

SHOWN = 0.005
"""What is less than this is told as almost nothing."""

_NAMED = 3


def signed(value: float) -> str:
    """A number with its sign; what is not 0 is not written as 0."""
    if abs(value) >= SHOWN:
        return f"{value:+.2f}"
    if abs(value) >= SHOWN / 10:
        return f"{value:+.3f}"
    return f"almost 0, {'up' if value > 0 else 'down'}" if value else "0"


def on_outcome(found: Flows, names: pd.Index, node: int, place: int) -> str:
    """What moves one outcome, by the strongest chains of up to four steps."""
    effect = int(found.links.outcomes[place])
    best = chains.strongest(
        found.links, found.shares, [node], effect, attenuation=found.attenuation
    )
    total = found.signed[node, place]
    said = f"On {names[effect]} ({signed(total)}):"
    told = "; ".join(_spelled(found, names, chain) for chain in best if chain.strength > 0)
    said += f" {told}." if told else " only by chains of more than four steps."
    against = found.against[node, place]
    if against > flows.TRADE_OFF:
        said += (
            f" A trade-off: {percent(against)} of what moves {names[effect]} runs against the rest."
        )
    return said


def _spelled(found: Flows, names: pd.Index, chain: chains.Chain) -> str:
    """A chain in words, with how many reporters differ on a step."""
    links, parts = found.links, []
    for at in chain.steps:
        sides = sorted((int(links.positive[at]), int(links.negative[at])))
        verb = "raises" if links.value[at] > 0 else "lowers"
        doubt = f" ({sides[1]} of {sum(sides)} reporters)" if sides[0] else ""
        parts.append(f"{verb} {names[links.effect[at]]}{doubt}")
    value = chain.strength * np.sign(links.value[list(chain.steps)]).prod()
    return f"{names[links.cause[chain.steps[0]]]} {', which '.join(parts)} ({signed(value)})"


def disputed(found: Flows, names: pd.Index, node: int) -> Iterator[str]:
    """Steps on the way to an outcome that count as nothing, because their sign is open."""
    links = found.links
    near = chains.reached(links, np.array([node]))[links.cause] & found.leading[links.effect]
    for open_, words in (
        (links.contested, "Reporters are evenly split on whether"),
        (~links.contested & (links.positive + links.negative == 0), "Nobody decided whether"),
    ):
        steps = [
            f"{names[links.cause[at]]} raises or lowers {names[links.effect[at]]}"
            for at in np.flatnonzero(near & open_)
        ]
        if steps:
            more = f", and {len(steps) - _NAMED} more" if len(steps) > _NAMED else ""
            yield (f"{words} {'; '.join(sorted(steps)[:_NAMED])}{more}: counted as moving nothing.")
