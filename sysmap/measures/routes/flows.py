"""What runs from every node to every outcome, by either method and over draws of the claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.schema import ELEMENTS, INFLUENCES, OUTCOMES
from sysmap.core.stats import BoolArray, FloatArray
from sysmap.measures import propagation
from sysmap.measures.propagation import SignedLinks, Weights, outcome_weights, signed_links
from sysmap.measures.routes import chains, dematel, perturbation

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ATTENUATED, DEMATEL = "attenuated", "dematel"
METHODS = (ATTENUATED, DEMATEL)

TRADE_OFF = 0.25
"""A larger part of what moves one outcome runs against the rest."""

_NOTHING = 1e-12
_DIGITS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Direct and total influence of all nodes; elements first, then outcomes, in map order.

    Parameters
    ----------
    links
        The influences of the map.
    method
        How they are summed.
    pushes
        One step, Y (or X for DEMATEL); rows are causes.
    attenuation
        What each further step counts; 1 for DEMATEL.
    weights
        Weight of each outcome; sum 1.
    signed, absolute
        Total influence on each outcome, and the same without signs; shape ``(nodes, outcomes)``.
    given, received
        Row sums and column sums of the absolute series; shape ``(nodes,)``.
    leading
        True for nodes that a chain of claims joins to an outcome (to anything, if there is none).
    linked
        True for nodes with at least one link.
    """

    links: SignedLinks
    method: str
    pushes: csr_array
    attenuation: float
    weights: FloatArray
    signed: FloatArray
    absolute: FloatArray
    given: FloatArray
    received: FloatArray
    leading: BoolArray
    linked: BoolArray

    @property
    def shares(self) -> FloatArray:
        """One step along each link; shape ``(links,)``."""
        return propagation.shares(self.links, self.pushes)

    @property
    def influence(self) -> FloatArray:
        """Weighted total influence on the outcomes; NaN if there are none."""
        return self._weighted(self.signed)

    @property
    def direct(self) -> FloatArray:
        """The part of it that takes one step."""
        return self._weighted(_cleaned(self.pushes[:, self.links.outcomes].toarray()))

    @property
    def gain(self) -> FloatArray:
        """What raises the outcomes, T+ weighted, from 0 up."""
        return self._weighted(_cleaned((self.absolute + self.signed) / 2))

    @property
    def loss(self) -> FloatArray:
        """What lowers them, T- weighted, from 0 up."""
        return self._weighted(_cleaned((self.absolute - self.signed) / 2))

    @property
    def against(self) -> FloatArray:
        """The part of what moves an outcome that runs against the rest, from 0 to one half.

        Shape ``(nodes, outcomes)``; 0 where nothing moves it.
        """
        less = (self.absolute - np.abs(self.signed)) / 2
        found = np.zeros(less.shape)
        np.divide(less, self.absolute, out=found, where=self.absolute > 0)
        return _cleaned(found)

    def _weighted(self, of: FloatArray) -> FloatArray:
        if not len(self.weights):
            return np.full(len(self.links.ids), np.nan)
        found: FloatArray = of @ self.weights
        return found


def flows(
    m: SystemMap,
    *,
    weights: Weights = "equal",
    method: str = ATTENUATED,
    attenuation: float = propagation.ATTENUATION,
) -> Flows:
    """Direct and total influence of all nodes on each outcome and on everything.

    Parameters
    ----------
    weights
        As in `propagation.outcome_weights`.
    method
        ``attenuated`` or ``dematel``.
    attenuation
        As in `propagation.total`; not used by ``dematel``.

    Examples
    --------
    >>> import sysmap as sm
    >>> found = flows(sm.example("teaching"))
    >>> bool(np.allclose(found.gain - found.loss, found.influence))
    True
    """
    from scipy.sparse import csr_array

    links = signed_links(m)
    size, outcomes = len(links.ids), links.outcomes
    onto = np.zeros((size, len(outcomes) + 1))
    onto[outcomes, np.arange(len(outcomes))] = 1.0
    onto[:, -1] = 1.0
    rate = attenuation if method == ATTENUATED else 1.0
    if method == ATTENUATED:
        pushes = propagation.pushes(links)
        bare = abs(pushes)
        signed = propagation.total(pushes, onto[:, :-1], attenuation=rate)
        absolute = propagation.total(bare, onto, attenuation=rate)
        received = propagation.total(bare.T.tocsr(), onto[:, -1], attenuation=rate)
    else:
        dense = dematel.direct_relations(links)
        pushes, strength = csr_array(dense), np.abs(dense)
        signed = dematel.total_relations(dense, onto[:, :-1])
        absolute = dematel.total_relations(strength, onto)
        received = dematel.total_relations(strength.T, onto[:, -1])
    leading = chains.reached(links, outcomes if len(outcomes) else np.arange(size), backwards=True)
    return Flows(
        links=links,
        method=method,
        pushes=pushes,
        attenuation=rate,
        weights=outcome_weights(m, weights),
        signed=_cleaned(signed),
        absolute=_cleaned(absolute[:, :-1]),
        given=_cleaned(absolute[:, -1]),
        received=_cleaned(received),
        leading=leading,
        linked=np.isin(np.arange(size), np.concatenate([links.cause, links.effect])),
    )


def leading_to(links: SignedLinks) -> BoolArray:
    """Which nodes a chain of claims joins to each outcome; shape ``(nodes, outcomes)``."""
    joined = np.zeros((len(links.ids), len(links.outcomes)), dtype=bool)
    for column, effect in enumerate(links.outcomes):
        joined[:, column] = chains.reached(links, np.array([effect]), backwards=True)
    return joined


def by_outcome(m: SystemMap, found: Flows) -> pd.DataFrame:
    """What runs from each element to each outcome that a chain of claims joins it to.

    Returns
    -------
    pandas.DataFrame
        As `Influence.by_outcome` describes it.
    """
    links, size = found.links, len(m.tables[ELEMENTS])
    node, place = np.nonzero(leading_to(links)[:size])
    both = found.absolute[node, place], found.signed[node, place]
    ids = links.ids.to_numpy(object)
    element, outcome = ids[node], ids[links.outcomes[place]]
    frame = pd.DataFrame(
        {
            "name": m.elements["name"].to_numpy(object)[node],
            "outcome_name": m.outcomes["name"].to_numpy(object)[place],
            "influence": both[1],
            "direct": _cleaned(found.pushes[:, links.outcomes].toarray())[node, place],
            "gain": _cleaned((both[0] + both[1]) / 2),
            "loss": _cleaned((both[0] - both[1]) / 2),
            "trade_off": found.against[node, place] > TRADE_OFF,
        },
        index=pd.MultiIndex.from_arrays(
            [pd.array(element, dtype="str"), pd.array(outcome, dtype="str")],
            names=["element", "outcome"],
        ),
    ).astype({"name": "str", "outcome_name": "str"})
    return frame.iloc[np.lexsort((outcome, element, -np.abs(both[1]).round(_DIGITS)))]


def rests_on(m: SystemMap, found: Flows) -> pd.DataFrame:
    """On how many causes and reporters everything rests that outcomes rely on.

    Returns
    -------
    pandas.DataFrame
        As `Influence.rests_on` describes it.
    """
    links, told = found.links, claims(m, INFLUENCES)
    size, elements = len(links.ids), len(m.tables[ELEMENTS])
    causes = np.bincount(links.effect, minlength=size)
    voices = np.unique(np.column_stack([told.second, told.reporter]), axis=0)[:, 0]
    sources = np.bincount(voices, minlength=size)
    node = np.flatnonzero((causes > 0) & found.leading)
    ids, moved = links.ids.to_numpy(object)[node], found.influence[node]
    names = pd.concat([m.elements["name"], m.outcomes["name"]]).to_numpy(object)
    frame = pd.DataFrame(
        {
            "name": names[node],
            "table": np.where(node < elements, ELEMENTS, OUTCOMES),
            "influence": moved,
            "received": found.received[node],
            "causes": causes[node],
            "sources": sources[node],
        },
        index=pd.Index(ids, name="node", dtype="str"),
    ).astype({"name": "str", "table": "str"})
    order = (ids, -np.abs(np.nan_to_num(moved)).round(_DIGITS), sources[node], causes[node])
    return frame.iloc[np.lexsort(order)]


def drawn_scores(found: Flows, *, draws: int, random: np.random.Generator) -> FloatArray:
    """What each node is ranked by, once per draw; shape ``(draws, nodes)``, from 0 up.

    That is the absolute influence on the outcomes, or what is given where there is no outcome.
    Draws in which DEMATEL has no sum are left out.
    """
    bare = not len(found.weights)
    onto = np.ones(len(found.links.ids))
    if not bare:
        onto[:] = 0.0
        onto[found.links.outcomes] = found.weights
    ways = {ATTENUATED: perturbation.drawn_totals, DEMATEL: dematel.drawn_relations}
    draw = ways[found.method]
    scores: FloatArray = np.abs(draw(found.links, onto, draws=draws, random=random, absolute=bare))
    return scores


def _cleaned(values: FloatArray) -> FloatArray:
    """Sums that differ from 0 by rounding alone become 0."""
    cleaned: FloatArray = np.where(np.abs(values) < _NOTHING, 0.0, values)
    return cleaned
