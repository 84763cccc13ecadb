"""Which influences feed back on themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, parameters
from sysmap.core.claims import claims
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.progress import Progress, teller
from sysmap.core.result import Result, evidence_rows, joined, usual_caveats
from sysmap.core.schema import INFLUENCES, NEGATIVE, POSITIVE
from sysmap.core.stats import IntArray
from sysmap.core.words import number_of
from sysmap.measures.propagation import SignedLinks, signed_links
from sysmap.measures.routes import chains, circuits
from sysmap.measures.routes.circuits import Circuits

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS = {1: "reinforcing", -1: "balancing", 0: "unknown"}
"""What a loop does to a change that goes around it, by the product of its signs."""

_SIGNS = {1: POSITIVE, -1: NEGATIVE, 0: "?"}
_DRAWN = 6
_NAMED = 3


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Loops(Result):
    """Feedback loops, the strongest first.

    Parameters
    ----------
    links
        The influences, one link per pair.
    search
        How far the search came; its loops are in the order of their keys.
    whole
        All loops that were found, also those that `top` leaves out of the frame.
    """

    links: SignedLinks = field(kw_only=True)
    search: Circuits = field(kw_only=True)
    whole: pd.DataFrame = field(kw_only=True)

    question: ClassVar[str] = "Which influences feed back on themselves?"

    def independent(self) -> pd.DataFrame:
        """The shortest loops of which each adds a link to those before it.

        Returns
        -------
        pandas.DataFrame
            Rows of the answer, shortest first, then strongest, with their keys; also loops that
            `top` left out of the frame. Every link that lies on a loop that was found lies on
            one of these.

        Notes
        -----
        Oliva (2004). A few loops that explain the rest: a map with thousands of loops has at most
        as many independent ones as it has links.
        """
        order = np.argsort(self.search.length, kind="stable")
        kept = circuits.independent(self.search.steps[order])
        return self.whole.iloc[order[kept]]

    def summary(self) -> str:
        """How many loops there are, of which kind, and the strongest."""
        links = number_of(len(self.links), "link")
        most = self.params["max_length"]
        if self.whole.empty:
            found = "No loop was found" if self.search.exhaustive else "No loop was found so far"
            return f"{found} among {links}, looking at up to {most} links in a row."
        n = self.whole["polarity"].value_counts()
        first = self.whole.index[0]
        lead = (
            f"{number_of(len(self.whole), 'loop')} of up to {most} links among {links}"
            if self.search.exhaustive
            else f"First {number_of(len(self.whole), 'loop')} found among {links}; not exhaustive"
        )
        return (
            f"{lead}: {n.get('reinforcing', 0):,} reinforcing, {n.get('balancing', 0):,} "
            f"balancing, {n.get('unknown', 0):,} undecided. "
            f"The strongest is {self._around(first)} ({self._kind(first)})."
        )

    def methods(self) -> str:
        """How the loops were found, marked and ordered."""
        reach = (
            "The search was exhaustive."
            if self.search.exhaustive
            else "The search met its limit, "
            + (
                f"so all loops of up to {self.search.complete_to} links are listed and longer "
                "ones in part."
                if self.search.complete_to > 1
                else "so the shortest loops are listed in part."
            )
        )
        return (
            "All claims about one pair make one link. Its sign is that of the larger side of "
            "reporters; its share is its part of all pushes on its effect. Every way that returns "
            "to its start without passing anything twice is a loop; loops of up to "
            f"{self.params['max_length']} links were searched, at most {self.params['limit']:,}, "
            f"the shortest first. {reach} A loop is reinforcing where the product of its signs is "
            "+, balancing where it is -, and unknown where a link has no agreed sign. Its strength "
            "is the product of the shares, without sign. The independent loops are the shortest "
            "of which each adds a link (Oliva 2004)."
        )

    def alt_text(self) -> str:
        """The loop diagrams in words."""
        if self.table.empty:
            return self.summary()
        shown = self.table.index[:_DRAWN]
        told = "; ".join(
            f"{key} {self._kind(key)}, {self._around(key)}, strength "
            f"{self.table.loc[key, 'strength']:.2g}"
            for key in shown[:_NAMED]
        )
        return (
            f"Causal loop diagrams of the {number_of(len(shown), 'strongest loop')} of "
            f"{len(self.whole):,}: names on a ring, joined by arrows with signs, R for reinforcing "
            f"and B for balancing in the middle. {told}. Values in sheet loops."
        )

    def _steps(self, key: object) -> list[int]:
        """Positions of the links of a loop."""
        row = self.search.steps[self.whole.index.get_loc(key)]
        return [int(at) for at in row if at >= 0]

    def _kind(self, key: object) -> str:
        word = str(self.whole.loc[key, "polarity"])
        return "undecided" if word == "unknown" else word

    def _around(self, key: object) -> str:
        ids = self.links.ids[self.links.cause[self._steps(key)]]
        return " → ".join(self.map.name(id) for id in [*ids, ids[0]])

    def _sentences(self, key: object, row: pd.Series) -> str:
        m, links, steps = self.map, self.links, self._steps(key)
        word = row["polarity"]
        what = {
            "reinforcing": (
                "The increase comes back as a further increase, and a decrease would come back as "
                "a further decrease: the loop reinforces itself, for better or worse."
            ),
            "balancing": (
                "The increase comes back as a decrease, and a decrease would come back as an "
                "increase: the loop holds change in check."
            ),
            "unknown": (
                "Whether the loop reinforces or balances is not decided, because there is no "
                f"agreed direction for {self._undecided(steps)}."
            ),
        }[word]
        outvoted = [
            at for at in steps if min(links.positive[at], links.negative[at]) and links.value[at]
        ]
        doubt = (
            f" Some reporters see it the other way for {self._named(outvoted)}." if outvoted else ""
        )
        whole = int(circuits.told_whole(m, links, np.array([steps]))[0])
        told = (
            f"{number_of(whole, 'reporter')} told the whole loop."
            if whole
            else "No reporter told the whole loop: it is stitched together from what several said."
        )
        place = f"number {self.whole.index.get_loc(key) + 1:,} of {len(self.whole):,} found"
        return (
            f"{key} is a loop of {number_of(len(steps), 'link')}. "
            f"{chains.story(m, links, steps)} {what}{doubt} {told} "
            f"Its strength is {row['strength']:.2g} ({place}), where 1 would mean that each step "
            "is pushed by the step before alone, and strongly."
        )

    def _undecided(self, steps: Iterable[int]) -> str:
        return self._named([at for at in steps if not self.links.value[at]])

    def _named(self, steps: Iterable[int]) -> str:
        return ", ".join(chains.link_name(self.map, self.links, at) for at in steps)

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        told, links, steps = claims(self.map, INFLUENCES), self.links, self._steps(key)
        ends = list(zip(links.cause[steps], links.effect[steps], strict=True))
        place = {pair: i for i, pair in enumerate(ends)}
        at = [place.get(p, -1) for p in zip(told.first, told.second, strict=True)]
        rows = told.frame[np.array(at) >= 0]
        unit = rows["cause"].astype("str") + " -> " + rows["effect"].astype("str")
        found = evidence_rows(self.map, INFLUENCES, rows, unit, "length")
        order = np.argsort([i for i in at if i >= 0], kind="stable")
        return found.iloc[order]

    def _draw(self, ax: Axes) -> Axes:
        links, shown = self.links, self.table.index[:_DRAWN]
        rows = [
            (key, self.map.name(links.ids[links.cause[at]]), int(np.sign(links.value[at])), key)
            for key in shown
            for at in self._steps(key)
        ]
        frame = pd.DataFrame(rows, columns=["loop", "name", "sign", "polarity"])
        frame["sign"] = frame["sign"].map(_SIGNS)
        frame["polarity"] = frame["polarity"].map(self.table["polarity"])
        more = len(self.whole) - len(shown)
        rest = f" {number_of(more, 'more loop')} in the table." if more > 0 else ""
        return charts.rings(
            ax,
            frame,
            title=self.summary(),
            note=(
                "How to read it: follow the arrows. R: a change comes back as more of the same. "
                "B: a change comes back as its opposite. ?: not decided, because the sources do "
                f"not agree on a direction or give none. The strongest loops first.{rest}"
            ),
        )


def loops(
    m: SystemMap,
    /,
    *,
    max_length: int = 6,
    limit: int = 100_000,
    top: int | None = None,
    progress: Progress = None,
) -> Loops:
    """Influences that lead back to their start are found, signed and ordered by strength.

    Parameters
    ----------
    max_length
        The most links of a loop, at least 2.
    limit
        The most loops that are listed, at least 1. The shortest come first, so the answer is
        complete up to a length that caveats and params tell; it ends after 30 million looks at a
        link too, a few seconds.
    top
        Only so many of the strongest loops stay in the frame; None keeps all that were found.
    progress
        Called with loops found and `limit` while the search goes on; True draws a bar.

    Returns
    -------
    Loops
        One row per loop ``L1, L2, ...``, strongest first, then shortest, then by path: ``path``
        (ids from the smallest on), ``length`` in links, ``polarity`` (reinforcing, balancing,
        unknown) and ``strength`` from 0 to 1. A map without loops gives no rows. Elements and
        outcomes can both lie on a loop. A loop with a link that has no agreed sign is unknown and
        has strength 0.

    Raises
    ------
    UndecidableError
        If nobody claims any influence: that is silence, not the absence of loops.
    ValueError
        If a number is out of range.
    TypeError
        If a number is no whole number.

    Notes
    -----
    Loops that are found do not depend on the order of rows. Where the search met its limit, those
    of up to ``params["complete_to"]`` links are all there; which of the next length are listed
    goes by ids. Independent loops after Oliva (2004).

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["births", "people"], "name": ["Births", "People"]}),
    ...     "influences": pd.DataFrame({
    ...         "cause": ["births", "people"], "effect": ["people", "births"],
    ...         "sign": "+", "strength": "3"}),
    ... })
    >>> loops(m).frame
                    path  length     polarity  strength
    loop
    L1    births; people       2  reinforcing       1.0
    """
    for name, value, least in (
        ("max_length", max_length, 2),
        ("limit", limit, 1),
        ("top", top if top is not None else 1, 1),
    ):
        parameters.whole_number(name, value)
        if value < least:
            raise ValueError(f"{name} is {value}; give at least {least}")
    links = signed_links(m)
    if not len(links):
        raise UndecidableError(
            "loops cannot be decided: nobody claims any influence.",
            missing="Add rows to the sheet influences.",
        )
    with teller(progress, limit) as tell:
        found = circuits.circuits(links, max_length=max_length, limit=limit, tell=tell)
    whole, search = _ordered(links, found)
    params = {
        "max_length": max_length,
        "limit": limit,
        "top": top,
        "found": len(whole),
        "exhaustive": found.exhaustive,
        "complete_to": found.complete_to,
    }
    caveats = (*_caveats(m, links, search, max_length), *usual_caveats(m, (INFLUENCES,)))
    shown = whole.iloc[:top]
    return Loops(m, shown, params, caveats, links=links, search=search, whole=whole)


def _ordered(links: SignedLinks, found: Circuits) -> tuple[pd.DataFrame, Circuits]:
    """The loops as a frame, strongest first, and in the same order as links."""
    strength = circuits.strength(links, found.steps)
    # The search lists loops by length, then by ids, and that breaks the ties.
    order = np.lexsort((np.arange(len(found)), found.length, -strength))
    steps: IntArray = found.steps[order]
    ids, ends = links.ids.to_numpy(object), links.cause[steps]
    paths = [joined(ids[row[:n]]) for row, n in zip(ends, found.length[order], strict=True)]
    frame = pd.DataFrame(
        {
            "path": pd.Series(paths, dtype="str"),
            "length": found.length[order],
            "polarity": pd.Series(
                [WORDS[p] for p in circuits.polarity(links, steps).tolist()], dtype="str"
            ),
            "strength": strength[order],
        }
    ).astype({"length": "int64", "strength": "float64"})
    frame.index = pd.Index([f"L{i}" for i in range(1, len(frame) + 1)], name="loop", dtype="str")
    return frame, Circuits(steps, found.complete_to, found.exhaustive, found.largest)


def _caveats(m: SystemMap, links: SignedLinks, search: Circuits, max_length: int) -> Iterable[str]:
    """What not to conclude from this run."""
    if not search.exhaustive:
        whole = (
            f"all loops of up to {search.complete_to} links are listed, longer ones in part"
            if search.complete_to > 1
            else "even the shortest are listed in part"
        )
        yield (
            f"First {number_of(len(search), 'loop')} found; not exhaustive: {whole}. Narrow with "
            "m.select(...), or lower max_length."
        )
    if search.largest > max_length:
        yield (
            f"Loops of more than {max_length} links were not looked for; up to {search.largest} "
            "elements and outcomes all lead to each other."
        )
    if not len(search):
        return
    undecided = int((circuits.polarity(links, search.steps) == 0).sum())
    if undecided:
        yield (
            f"{undecided:,} of {number_of(len(search), 'loop')} "
            f"{'has' if undecided == 1 else 'have'} a link without an agreed sign."
        )
    stitched = int((circuits.told_whole(m, links, search.steps) == 0).sum())
    if stitched:
        yield (
            f"{stitched:,} of {number_of(len(search), 'loop')} "
            f"{'was' if stitched == 1 else 'were'} told whole by no reporter and "
            f"{'is' if stitched == 1 else 'are'} stitched together from what several said."
        )
