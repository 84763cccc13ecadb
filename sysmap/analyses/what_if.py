"""What goes up and what goes down when something is pushed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, names, parameters
from sysmap.core.claims import claims
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap
from sysmap.core.parameters import seed_of
from sysmap.core.progress import Progress, teller
from sysmap.core.result import Result, evidence_rows, joined, usual_caveats
from sysmap.core.schema import ELEMENTS, INFLUENCES, NEGATIVE, OUTCOMES, POSITIVE
from sysmap.core.stats import RNG, BoolArray, FloatArray
from sysmap.core.words import number_of, percent
from sysmap.measures.propagation import SignedLinks, shares, signed_links
from sysmap.measures.routes import chains, ensemble
from sysmap.measures.routes.ensemble import Responses

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST_KEPT = 100
"""Fewer plausible systems than this answer nothing."""

CHAIN_LENGTH = 4
"""Chains of more steps than this are not told in the explanation."""

_PUSHES = {POSITIVE: 1.0, NEGATIVE: -1.0}
_UP, _DOWN, _NONE, _AMBIGUOUS = "up", "down", "none", "ambiguous"
_MANY = "outcomes and elements"
_SUCH = 'such as {"teacher-training": "+"}'
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhatIf(Result):
    """The direction in which each node moves in the plausible systems.

    Parameters
    ----------
    links
        The influences, one link per pair.
    changes
        What is pushed: ids and ``+`` or ``-``, sorted by id.
    """

    links: SignedLinks = field(kw_only=True)
    changes: tuple[tuple[str, str], ...] = field(kw_only=True)

    question: ClassVar[str] = "What goes up, and what goes down, when something is pushed?"

    def summary(self) -> str:
        """How many outcomes and elements move, and in which direction."""
        parts = []
        for table, one in ((OUTCOMES, "outcome"), (ELEMENTS, "other element")):
            answers = self.table.loc[self.table["table"] == table, "answer"]
            if answers.empty:
                continue
            n = answers.value_counts()
            parts.append(
                f"of {number_of(len(answers), one)} {n.get(_UP, 0)} "
                f"{'goes' if n.get(_UP, 0) == 1 else 'go'} up, {n.get(_DOWN, 0)} down, "
                f"{n.get(_AMBIGUOUS, 0)} either way and {n.get(_NONE, 0)} "
                f"{'is' if n.get(_NONE, 0) == 1 else 'are'} not reached"
            )
        return f"If {self._pushed()}: {'; '.join(parts) or 'there is nothing else to move'}."

    def methods(self) -> str:
        """How the directions were found, with the parameters of this run and references."""
        p = self.params
        return (
            f"Signs are kept and strengths are not used. {p['draws']:,} systems were drawn (seed "
            f"{p['rng']}): each link from cause to effect got its sign and a weight between 0 and "
            "1, and each node holds itself in check with a weight between 0.25 and 1. A link on "
            "which reporters disagree got + with the share of reporters who say +, a link without "
            f"any stated sign got either with probability 1/2. The {p['kept']:,} systems that come "
            "to rest after a push (all eigenvalues with a negative real part) are the plausible "
            "ones, and the push is held until they do. Shares count the plausible systems in "
            "which a node ends higher or lower; none is 1 exactly where no chain of links leads. "
            f"The answer is up or down from {percent(self._certainty)} on, else ambiguous. Only "
            "the links that the push reaches are drawn; the others change nothing. This is "
            "qualitative modelling by simulation (Melbourne-Thomas et al. 2012). It gives "
            "directions and no amounts."
        )

    def alt_text(self) -> str:
        """The bars in words."""
        told = "; ".join(
            f"{row['name']} up in {_about(row['up'])}, down in {_about(row['down'])}"
            for _, row in self.table.head(3).iterrows()
        )
        return (
            f"Bars to both sides for {number_of(len(self.table), 'outcome or element', _MANY)}: "
            "to the right the share of plausible systems in which it goes up, to the left down. "
            f"{self.summary()}{f' First: {told}.' if told else ''} Values in sheet what_if."
        )

    @property
    def _certainty(self) -> float:
        return float(str(self.params["certainty"]))

    def _pushed(self) -> str:
        words = {POSITIVE: "is pushed up", NEGATIVE: "is pushed down"}
        return " and ".join(f"{self.map.name(id)} {words[sign]}" for id, sign in self.changes)

    def _sentences(self, key: object, row: pd.Series) -> str:
        if row["answer"] == _NONE:
            return (
                f"If {self._pushed()}, no chain of claimed influences leads to {row['name']}, so "
                "nothing is said about it. That nobody claimed a chain is no proof that there is "
                "none."
            )
        return (
            f"If {self._pushed()}, {self._moves(row)}. An answer needs "
            f"{percent(self._certainty)}. {self._chains(key)}"
        )

    def _moves(self, row: pd.Series) -> str:
        """In how many systems a node moves, and which way."""
        name, kept = row["name"], f"{self.params['kept']:,}"
        first, second = (_UP, _DOWN) if row["up"] >= row["down"] else (_DOWN, _UP)
        if row[first] == 1:
            return f"{name} goes {first} in all {kept} plausible systems"
        said = (
            f"{name} goes {first} in {_about(row[first])} and {second} in {_about(row[second])} of "
            f"the {kept} plausible systems"
        )
        if row["answer"] == _AMBIGUOUS:
            return f"{said}, so the direction is not decided: either could happen"
        return said

    def _chains(self, key: object) -> str:
        """The strongest chains from the push to a node, as stories."""
        links = self.links
        press = {int(links.ids.get_loc(id)): sign for id, sign in self.changes}
        found = chains.strongest(
            links,
            shares(links),
            list(press),
            int(links.ids.get_loc(key)),
            max_length=CHAIN_LENGTH,
        )
        if not found:
            return f"It is reached only over chains of more than {CHAIN_LENGTH} links."
        told = " ".join(
            chains.story(
                self.map, links, c.steps, int(_PUSHES[press[int(links.cause[c.steps[0]])]])
            )
            for c in found
        )
        if len(found) == 1:
            return f"The chain of up to {CHAIN_LENGTH} links that leads there: {told}"
        return f"The strongest chains of up to {CHAIN_LENGTH} links that lead there: {told}"

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        links, told = self.links, claims(self.map, INFLUENCES)
        from_ = links.ids.get_indexer([id for id, _ in self.changes])
        after = chains.reached(links, from_)
        before = chains.reached(links, links.ids.get_indexer([key]), backwards=True)
        rows = told.frame[after[told.first] & before[told.second]]
        unit = rows["cause"].astype("str") + " -> " + rows["effect"].astype("str")
        return evidence_rows(self.map, INFLUENCES, rows, unit, "")

    def _draw(self, ax: Axes) -> Axes:
        moved = self.table[self.table["answer"] != _NONE]
        still = len(self.table) - len(moved)
        rest = f" Not reached by any chain, so not drawn: {still}." if still and len(moved) else ""
        return charts.sides(
            ax,
            moved if len(moved) else self.table,
            texts=list(moved["answer"] if len(moved) else self.table["answer"]),
            empty="no chain leads here",
            at=self._certainty,
            words=f"{percent(self._certainty)}",
            title=self.summary(),
            note=(
                f"Shares of the {self.params['kept']:,} plausible systems; from "
                f"{percent(self._certainty)} on the direction counts as decided. Outcomes first. "
                f"Directions only: the length of a bar is no amount of change.{rest}"
            ),
            xlabel="share of plausible systems: goes down to the left, up to the right",
        )


def _about(share: float) -> str:
    """A share that is never rounded to all or nothing."""
    if 0 < share < 0.005:
        return "less than 1 %"
    return "more than 99 %" if 0.995 <= share < 1 else percent(share)


def what_if(
    m: SystemMap,
    changes: Mapping[str, str],
    /,
    *,
    draws: int = 10_000,
    rng: RNG = 0,
    certainty: float = 0.8,
    progress: Progress = None,
) -> WhatIf:
    """Each outcome and element goes up, down, either way or nowhere when something is pushed.

    Parameters
    ----------
    changes
        What is pushed and held: ids of elements or outcomes, each with ``+`` or ``-``.
    draws
        Random systems with the claimed signs, at least 100.
    rng
        Seed or Generator.
    certainty
        The share of plausible systems from which a direction counts as decided; above 0.5, at
        most 1.
    progress
        Called with systems drawn and `draws` while they are drawn; True draws a bar.

    Returns
    -------
    WhatIf
        One row per outcome, then per element, pushed ids left out, the most certain first:
        ``name``, ``table``, ``up`` and ``down`` (shares of the plausible systems), ``none`` (1
        where no chain of links leads from the push, else 0) and ``answer`` (up, down, ambiguous,
        none). Opposite pushes on one chain make what lies beyond ambiguous. A direction, never
        an amount.

    Raises
    ------
    UndecidableError
        If nobody claims any influence, or fewer than 100 systems come to rest.
    LimitError
        If more than 400 of what the push reaches all feed back on each other.
    UnknownIdError
        If an id is no element and no outcome.
    ValueError
        If nothing is pushed, a push is neither ``+`` nor ``-``, or a number is out of range.
    TypeError
        If `changes` is no mapping, or a number is none.

    Notes
    -----
    Qualitative modelling by simulation (Melbourne-Thomas et al. 2012). A link on which reporters
    disagree takes + with the share p / (p + q) of them, a link of unknown sign with 1/2.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "outcomes": pd.DataFrame({"id": ["light", "sea"], "name": ["Light", "Clean sea"]}),
    ...     "influences": pd.DataFrame(
    ...         {"cause": ["law", "tax"], "effect": ["tax", "light"], "sign": ["+", "-"]}),
    ... })
    >>> what_if(m, {"law": "+"}).frame[["up", "down", "none", "answer"]]
            up  down  none answer
    node
    light  0.0   1.0   0.0   down
    sea    0.0   0.0   1.0   none
    tax    1.0   0.0   0.0     up
    """
    pushed = _checked(m, changes, draws, certainty)
    links = signed_links(m)
    if not len(links):
        raise UndecidableError(
            "what_if cannot be decided: nobody claims any influence.",
            missing="Add rows to the sheet influences.",
        )
    press = np.zeros(len(links.ids))
    for id, sign in pushed:
        press[links.ids.get_loc(id)] = _PUSHES[sign]
    with teller(progress, draws) as tell:
        found = ensemble.responses(links, press, draws=draws, rng=rng, tell=tell)
    if found.kept < LEAST_KEPT:
        raise UndecidableError(
            f"what_if cannot be decided: no stable system found. {found.kept:,} of {found.tried:,} "
            f"systems with the claimed signs came to rest after the push, {LEAST_KEPT} are needed.",
            missing=(
                "Too many influences feed back on each other: look at loops(m), or narrow with "
                "m.select(elements=...)."
            ),
        )
    reached = chains.reached(links, np.flatnonzero(press))
    frame = _frame(m, links, press, reached, found, certainty)
    params = {
        "changes": joined([f"{id} {sign}" for id, sign in pushed]),
        "draws": draws,
        "rng": seed_of(rng),
        "certainty": certainty,
        "tried": found.tried,
        "kept": found.kept,
    }
    caveats = (*_caveats(links, reached, frame, found), *usual_caveats(m, (INFLUENCES,)))
    return WhatIf(m, frame, params, caveats, links=links, changes=pushed)


def _checked(
    m: SystemMap, changes: Mapping[str, str], draws: int, certainty: float
) -> tuple[tuple[str, str], ...]:
    """The pushes, sorted by id, or the first fault of the question."""
    if not isinstance(changes, Mapping):
        raise TypeError(f'changes is {changes!r}; map ids to "+" or "-", {_SUCH}')
    if not changes:
        raise ValueError(f"changes is empty; name what is pushed, {_SUCH}")
    ids = [*m.outcomes.index, *m.elements.index]
    for id, sign in changes.items():
        if id not in ids:
            raise UnknownIdError(id, table="elements or outcomes", near=names.alike(str(id), ids))
        if not isinstance(sign, str) or sign not in _PUSHES:
            raise ValueError(f"changes, {id}: {sign!r} is not a push; write + or -")
    parameters.whole_number("draws", draws)
    parameters.number("certainty", certainty)
    if draws < LEAST_KEPT:
        raise ValueError(f"draws is {draws}; give at least {LEAST_KEPT}")
    if not 0.5 < certainty <= 1:
        raise ValueError(f"certainty is {certainty}; give a share above 0.5, at most 1")
    return tuple(sorted(changes.items()))


def _frame(
    m: SystemMap,
    links: SignedLinks,
    press: FloatArray,
    reached: BoolArray,
    found: Responses,
    certainty: float,
) -> pd.DataFrame:
    """Outcomes, then elements, the most certain first."""
    is_outcome = np.isin(np.arange(len(links.ids)), links.outcomes)
    up, down, none = found.up / found.kept, found.down / found.kept, (~reached).astype(float)
    sure = certainty - _TOLERANCE
    answer = np.select(
        [none >= sure, up >= sure, down >= sure], [_NONE, _UP, _DOWN], default=_AMBIGUOUS
    )
    order = np.lexsort((links.ids.to_numpy(object), -np.maximum(up, down), ~is_outcome))
    order = order[press[order] == 0]
    said = pd.concat([m.table(OUTCOMES), m.table(ELEMENTS)]).set_index("id")["name"]
    return pd.DataFrame(
        {
            "name": said.loc[links.ids[order]].to_numpy(),
            "table": np.where(is_outcome, OUTCOMES, ELEMENTS)[order],
            "up": up[order],
            "down": down[order],
            "none": none[order],
            "answer": answer[order],
        },
        index=pd.Index(links.ids[order], name="node"),
    ).astype({"name": "str", "table": "str", "answer": "str"})


def _caveats(
    links: SignedLinks, reached: BoolArray, frame: pd.DataFrame, found: Responses
) -> Iterable[str]:
    """What not to conclude from this run."""
    error = 1.96 * 0.5 / np.sqrt(found.kept)
    yield (
        f"{found.kept:,} of {found.tried:,} systems drawn come to rest and count as plausible; "
        f"their number alone leaves a share open by up to {100 * error:.1f} points. "
        "Directions only: no share is an amount of change or a probability that it will happen."
    )
    mine = reached[links.cause]
    split = mine & (links.positive > 0) & (links.negative > 0)
    blank = mine & (links.positive + links.negative == 0)
    for which, what in (
        (split, "reporters disagree on the sign, so it is drawn by their shares"),
        (blank, "nobody gives a sign that holds, so it is drawn either way"),
    ):
        if which.any():
            yield f"On {which.sum():,} of the {number_of(int(mine.sum()), 'link')} reached {what}."
    still = int((frame["answer"] == _NONE).sum())
    if still:
        yield (
            f"{still:,} of {number_of(len(frame), 'row')} {'is' if still == 1 else 'are'} not "
            "reached by any claimed chain; a chain that nobody claimed is not counted."
        )
