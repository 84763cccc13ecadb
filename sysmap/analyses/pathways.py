"""How influence travels from one thing to another, and who told which part of the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, names, parameters
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap
from sysmap.core.progress import Progress
from sysmap.core.result import Result, evidence_rows, no_evidence, usual_caveats
from sysmap.core.schema import ILLUSTRATIVE, INFLUENCES, NEGATIVE, POSITIVE
from sysmap.core.stats import IntArray
from sysmap.core.words import number_of
from sysmap.measures.routes.breaking import breaking
from sysmap.measures.routes.paths import (
    LinkClaims,
    Paths,
    Support,
    link_claims,
    shortest,
    simple_paths,
    support,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNKNOWN = "unknown"
"""The sign of a path of which one link is contested or has no sign."""

_SIGNS = {1: POSITIVE, -1: NEGATIVE, 0: UNKNOWN}
_DRAWN = 12
_OFFERED = 60
_NAMED = 6
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Weakest:
    """The fewest reporters whose claims, taken away, would break every path.

    Parameters
    ----------
    reporters
        Their ids, sorted; one such set, others of the same size may do as well.
    links
        The links that nobody else claims, as ``a -> b``, sorted.
    of
        Reporters behind any of the paths.
    paths
        Paths that were to be broken.
    at_least
        No smaller set does it; the size of `reporters` where that is proven.
    complete
        Whether these are all paths of the length asked for.
    said
        The finding in sentences.
    """

    reporters: tuple[str, ...]
    links: tuple[str, ...]
    of: int
    paths: int
    at_least: int
    complete: bool
    said: str

    def __str__(self) -> str:
        """The finding in sentences."""
        return self.said


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pathways(Result):
    """Chains of claimed influences from one node to another, the best told first.

    Parameters
    ----------
    cause, effect
        Ids of the ends.
    links
        The links of the map and the claims behind them.
    found
        Every path found, in the order of the keys; `frame` holds the first `top` of them.
    whole
        How many of all paths somebody told whole.
    max_length
        The most links of a path.
    """

    cause: str = field(kw_only=True)
    effect: str = field(kw_only=True)
    links: LinkClaims = field(kw_only=True)
    found: Paths = field(kw_only=True)
    whole: int = field(kw_only=True)
    max_length: int = field(kw_only=True)

    question: ClassVar[str] = "How does influence travel from one to the other?"

    def weakest(self) -> Weakest:
        """The fewest reporters whose claims, taken away, would break every path found.

        A path breaks when one of its links loses all of its reporters.

        Notes
        -----
        A hitting set over links that share reporters, solved exactly by
        ``scipy.optimize.milp`` with up to 2,000 paths in the program; the other paths are checked
        and join where they still stand. Where that does not settle it, `at_least` is below the
        size of the set.
        """
        of = self.links
        broken = breaking(of, self.found)
        voices = of.told.reporters[broken.reporters]
        used = np.unique(self.found.steps[self.found.steps >= 0])
        behind = len(np.unique(of.told.reporter[np.isin(of.link, used)]))
        lost = tuple(sorted(self._link(link) for link in broken.lost))
        return Weakest(
            tuple(sorted(voices)),
            lost,
            behind,
            len(self.found),
            broken.at_least,
            self.found.complete,
            self._holding(sorted(voices), behind, broken.at_least),
        )

    def summary(self) -> str:
        """How many paths there are, and how many anybody told whole."""
        if not len(self.found):
            return self._no_path()
        count, start, goal = len(self.found), self._named(self.cause), self._named(self.effect)
        told = f"{self.whole:,} of {count:,} {'was' if self.whole == 1 else 'were'} told whole by a"
        if not self.whole:
            told = "none of them was told whole by any" if count > 1 else "it was told whole by no"
        limit = "" if self.found.complete else f" {_bounded(self.found)}"
        return (
            f"{number_of(count, 'path')} of up to {number_of(self.max_length, 'link')} "
            f"{_verb(count, 'lead')} from {start} to {goal}; {told} source."
            f"{self._illustrative()}{limit}"
        )

    def methods(self) -> str:
        """How paths, signs, strengths and the sources behind them were found."""
        return (
            "Paths are chains of claimed influences that visit nothing twice, of at most "
            f"{number_of(self.max_length, 'link')}, the shortest first, up to "
            f"{self.params['limit']:,} of them. The sign of a path is the product of the signs of "
            "its links, where the larger side of the reporters gives the sign of a link, and "
            "unknown where one is contested or not stated. Strength is the product of the shares "
            "that each link has in all the pushes on its effect (agreement times mean strength, "
            "divided by the sum over all causes or by 3 if that is more). Sources counts the "
            "reporters behind any link; told whole counts those who claimed every link with its "
            "majority sign. Contexts counts those in which every link is claimed; a link that "
            "states none matches each. Paths stand in the order of told whole, then strength. The "
            "fewest reporters that hold all paths together are a hitting set, found by integer "
            "programming."
        )

    def alt_text(self) -> str:
        """The diagram in words."""
        if self.table.empty:
            return f"Empty path diagram. {self.summary()}"
        first = [
            f"{self._chain(key)} ({row['sign']}, {self._how_told(key, row)})"
            for key, row in self.table.head(2).iterrows()
        ]
        return (
            f"Path diagram in layers from {self._named(self.cause)} at the left to "
            f"{self._named(self.effect)} at the right, signs at the arrow heads. "
            f"{self.summary()} First: {'; '.join(first)}. Values in sheet pathways."
        )

    # How it is told

    def _named(self, id: str) -> str:
        return self.map.name(id)

    def _link(self, link: int) -> str:
        links = self.links.links
        return f"{links.ids[links.cause[link]]} -> {links.ids[links.effect[link]]}"

    def _steps(self, key: object) -> IntArray:
        steps = self.found.steps[self.table.index.get_loc(key)]
        kept: IntArray = steps[steps >= 0]
        return kept

    def _chain(self, key: object) -> str:
        links, steps = self.links.links, self._steps(key)
        nodes = [links.cause[steps[0]], *links.effect[steps]]
        return " \u2192 ".join(self._named(links.ids[node]) for node in nodes)

    def _voices(self) -> int:
        return len(self.links.told.reporters)

    def _how_told(self, key: object, row: pd.Series) -> str:
        if not row["told_whole"]:
            return "stitched together: no source told it whole"
        where = f"in {number_of(row['contexts'], 'context')}"
        if not row["contexts"]:
            where = f"in no {'common' if self._states_context(key) else 'stated'} context"
        return (
            f"told whole by {row['told_whole']:,} of {number_of(self._voices(), 'source')} {where}"
        )

    def _states_context(self, key: object) -> bool:
        behind = np.isin(self.links.link, self._steps(key))
        return bool((self.links.told.context[behind] >= 0).any())

    def _no_path(self) -> str:
        start, goal = self._named(self.cause), self._named(self.effect)
        links = self.links.links
        longer = shortest(links, links.ids.get_loc(self.cause), links.ids.get_loc(self.effect))
        none = (
            f"No path of up to {number_of(self.max_length, 'claimed influence')} leads from "
            f"{start} to {goal}."
        )
        if longer:
            return f"{none} The shortest has {longer:,}; ask with max_length={longer}."
        return (
            f"{none} There is no longer one either: nobody told of any, and that is no evidence "
            f"that {start} does not influence {goal}."
        )

    def _holding(self, voices: list[str], behind: int, at_least: int) -> str:
        if not len(self.found):
            return "There is no path that could break."
        few = number_of(len(voices), "source")
        named = ", ".join(self._voice(v) for v in voices[:_NAMED])
        more = f" and {len(voices) - _NAMED:,} more" if len(voices) > _NAMED else ""
        paths = "path" if len(self.found) == 1 else f"{len(self.found):,} paths"
        said = (
            f"Of {number_of(behind, 'source')} behind the {paths}, {few} "
            f"{_verb(len(voices), 'hold')} {'it' if paths == 'path' else 'them'} together: without "
            f"the claims of {named}{more}, none is left."
        )
        if at_least < len(voices):
            said += f" Fewer may do it, but not fewer than {at_least:,}."
        elif len(voices) < behind:
            said += " No fewer do it; another set of that size may."
        return said if self.found.complete else f"{said} {_bounded(self.found)}"

    def _voice(self, id: str) -> str:
        """The name of a reporter: an organization or a source, or nobody that is known."""
        if id == f"anonymous ({INFLUENCES})":
            return "claims without a source"
        kinds = (self.map.organizations, self.map.sources)
        return next((str(k.loc[id, "name"]) for k in kinds if id in k.index), id)

    def _sentences(self, key: object, row: pd.Series) -> str:
        steps, sign = self._steps(key), str(row["sign"])
        start, goal = self._named(self.cause), self._named(self.effect)
        means = {
            POSITIVE: f"If every step holds, more of {start} means more of {goal}.",
            NEGATIVE: f"If every step holds, more of {start} means less of {goal}.",
            UNKNOWN: (
                f"Whether more of {start} means more or less of {goal} is not settled, because "
                "a sign on the way is contested or not stated."
            ),
        }[sign]
        told = self._how_told(key, row)
        parts = "; ".join(self._step(link) for link in steps)
        return " ".join(
            [
                f"{self._chain(key)}: {told}.",
                f"{parts}.",
                means,
                (
                    f"Of {number_of(self._voices(), 'source')} about influences, "
                    f"{row['sources']:,} {'claims' if row['sources'] == 1 else 'claim'} some of it."
                ),
                self._where(key, steps),
                f"Its strength is {row['strength']:.3g} of at most 1.",
            ]
        )

    def _illustrative(self) -> str:
        """How many of those who speak of influences are made up; empty where none is."""
        told = self.links.told
        made_up = told.frame["source"].map(self.map.sources["grade"]) == ILLUSTRATIVE
        count = int(made_up.groupby(told.reporter).all().sum())
        if not count:
            return ""
        few = f"{count:,} of {number_of(self._voices(), 'source')} about influences"
        return f" {few} {'is' if count == 1 else 'are'} illustrative."

    def _step(self, link: int) -> str:
        links = self.links.links
        cause, effect = (self._named(links.ids[at[link]]) for at in (links.cause, links.effect))
        plus, minus = int(links.positive[link]), int(links.negative[link])
        silent = int(links.unsigned[link])
        verb = {1: "strengthens", -1: "weakens", 0: "influences"}[int(self.links.sign[link])]
        says = [
            f"{count:,} {_verb(count, 'say')} {sign}"
            for count, sign in ((plus, "+"), (minus, "\u2212"))
            if count
        ]
        says.append(f"{silent:,} without a sign" if silent else "")
        cancelled = "votes that cancel" if not plus + minus + silent else ""
        return f"{cause} {verb} {effect} ({', '.join(filter(None, [*says, cancelled]))})"

    def _where(self, key: object, steps: IntArray) -> str:
        shared = self.links.shared_contexts(steps)
        if not shared and self._states_context(key):
            return "There is no context in which every link is claimed."
        if not shared:
            return "No link states a context."
        shown = [self._named(id) for id in shared[:_NAMED]]
        more = f" and {len(shared) - _NAMED:,} more" if len(shared) > _NAMED else ""
        return f"Every link is claimed for {', '.join(shown)}{more}."

    # The rows behind it, and the figure

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        of, steps = self.links, self._steps(key)
        behind = np.isin(of.link, steps)
        counted = of.whole & behind
        said = np.unique(np.column_stack([of.told.reporter[counted], of.link[counted]]), axis=0)
        voices, links = np.unique(said[:, 0], return_counts=True)
        telling = counted & np.isin(of.told.reporter, voices[links == len(steps)])
        counts = np.where(telling[behind], "sources; told_whole", "sources")
        rows = of.told.frame[behind]
        voice = of.told.reporters.to_numpy(object)[of.told.reporter[behind]]
        spoken = evidence_rows(
            self.map, INFLUENCES, rows, pd.Series(voice, rows.index), pd.Series(counts, rows.index)
        )
        placed = rows[rows["context"].isin(of.shared_contexts(steps))]
        where = evidence_rows(self.map, INFLUENCES, placed, placed["context"], "contexts")
        return pd.concat([p for p in (spoken, where) if len(p)] or [no_evidence()])

    def _draw(self, ax: Axes) -> Axes:
        links, signs = self.links.links, self.links.sign
        voices = np.diff(self.links.voices().indptr)
        rows = [
            (
                key,
                links.ids[links.cause[s]],
                links.ids[links.effect[s]],
                _SIGNS[signs[s]],
                voices[s],
            )
            for key in self.table.index[:_OFFERED]
            for s in self._steps(key)
        ]
        steps = pd.DataFrame(rows, columns=["path", "cause", "effect", "sign", "sources"])
        nodes = {*steps["cause"], *steps["effect"]}
        count = len(self.found)
        note = (
            f"{number_of(self._voices(), 'source')} {'speaks' if self._voices() == 1 else 'speak'} "
            "of influences; the width of a line follows how many claim the link."
        )
        if count > _OFFERED:
            note += f" The figure looks at the first {_OFFERED} of {count:,} paths."
        return charts.chains(
            ax,
            steps,
            names={id: self._named(id) for id in nodes},
            goals=nodes & set(self.map.outcomes.index),
            top=_DRAWN,
            title=self.summary(),
            note=note if count else "",
        )


def pathways(
    m: SystemMap,
    cause: str,
    effect: str,
    /,
    *,
    max_length: int = 4,
    top: int | None = None,
    limit: int = 100_000,
    progress: Progress = None,
) -> Pathways:
    """Each chain of claimed influences is told whole by somebody or stitched together.

    Parameters
    ----------
    cause, effect
        Ids of elements or outcomes, not the same.
    max_length
        The most links of a path, at least 1.
    top
        The most rows of the frame; None is all.
    limit
        The most paths that are looked for, the shortest first. Where there are more, summary and
        caveats say that the answer is not exhaustive.
    progress
        A callable that takes the paths found so far and `limit`, every 10,000 paths; True draws a
        bar where tqdm is installed.

    Returns
    -------
    Pathways
        One row per path that visits nothing twice: ``path`` (ids joined by `` -> ``), ``length``
        in links, ``sign`` (+, -, unknown), ``strength`` (0 to 1, and 0 where the sign is
        unknown), ``sources`` behind any link, ``told_whole`` (sources that claimed every link
        with its majority sign) and ``contexts`` (in which every link is claimed). No row where
        nothing leads from one to the other; `summary` says what that means.

    Raises
    ------
    UnknownIdError
        If `cause` or `effect` is no element or outcome.
    UndecidableError
        If the map has no influences.
    ValueError
        If `cause` is `effect`, or a number is below 1.
    TypeError
        If a number is no whole number.

    Notes
    -----
    That a influences b and b influences c, each said by somebody, is nobody saying that a
    influences c through b: stitched paths are weak evidence.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "outcomes": pd.DataFrame({"id": ["trade"], "name": ["Trade"]}),
    ...     "sources": pd.DataFrame({"id": ["s", "t"], "name": ["Survey", "Talk"]}),
    ...     "influences": pd.DataFrame({
    ...         "cause": ["law", "tax", "tax"], "effect": ["tax", "trade", "trade"],
    ...         "sign": ["+", "-", "-"], "source": ["s", "s", "t"]}),
    ... })
    >>> answer = pathways(m, "law", "trade")
    >>> answer.frame[["path", "sign", "sources", "told_whole"]]
                            path sign  sources  told_whole
    pathway
    P1       law -> tax -> trade    -        2           1
    >>> pathways(m, "trade", "law").frame.empty
    True
    """
    for name, number in (("max_length", max_length), ("top", top), ("limit", limit)):
        parameters.whole_number(name, 1 if number is None and name == "top" else number)
        if number is not None and number < 1:
            raise ValueError(f"{name} is {number}; give at least 1")
    of = link_claims(m)
    for id in (cause, effect):
        if not isinstance(id, str) or id not in of.links.ids:
            near = names.alike(str(id), list(of.links.ids))
            raise UnknownIdError(id, table="elements or outcomes", near=near)
    if cause == effect:
        raise ValueError(
            f"cause and effect are both {cause!r}; a path leads from one node to another"
        )
    if not len(of.links):
        raise UndecidableError(
            "pathways cannot be decided: nobody said what influences what.",
            missing="Add the sheet influences.",
        )
    ends = [int(of.links.ids.get_loc(id)) for id in (cause, effect)]
    found = simple_paths(of.links, *ends, max_length=max_length, limit=limit, progress=progress)
    behind = support(of, found)
    frame, order = _frame(of, found, behind)
    found = Paths(found.steps[order], found.complete, found.whole_length)
    shown = frame if top is None else frame.head(top)
    params = {
        "cause": cause,
        "effect": effect,
        "max_length": max_length,
        "top": top,
        "limit": limit,
        "paths": len(frame),
    }
    caveats = tuple(_caveats(m, of, found, frame, len(shown)))
    return Pathways(
        m,
        shown,
        params,
        caveats,
        cause=cause,
        effect=effect,
        links=of,
        found=found,
        whole=int((frame["told_whole"] > 0).sum()),
        max_length=max_length,
    )


def _frame(of: LinkClaims, found: Paths, behind: Support) -> tuple[pd.DataFrame, IntArray]:
    """One row per path, best first, and the order that the paths were put into."""
    ids = of.links.ids.to_numpy(object)
    ahead = np.append(ids[of.links.effect], "")
    texts = [
        " -> ".join([ids[of.links.cause[steps[0]]], *(ahead[s] for s in steps if s >= 0)])
        for steps in found.steps
    ]
    text = pd.Series(texts, dtype="str")
    order = np.lexsort((text.to_numpy(object), -behind.strength.round(_DIGITS), -behind.told_whole))
    frame = pd.DataFrame(
        {
            "path": text.iloc[order].array,
            "length": found.length[order],
            "sign": pd.array([_SIGNS[int(s)] for s in behind.sign[order]], dtype="str"),
            "strength": behind.strength[order],
            "sources": behind.sources[order],
            "told_whole": behind.told_whole[order],
            "contexts": behind.contexts[order],
        },
        index=pd.Index([f"P{i}" for i in range(1, len(order) + 1)], dtype="str", name="pathway"),
    )
    return frame, order


def _bounded(found: Paths) -> str:
    return (
        f"These are the first {number_of(len(found), 'path')} found, among them all of up to "
        f"{number_of(found.whole_length, 'link')}; not exhaustive."
    )


def _caveats(
    m: SystemMap, of: LinkClaims, found: Paths, frame: pd.DataFrame, shown: int
) -> Iterable[str]:
    count = len(frame)
    if not found.complete:
        yield _bounded(found)
    if shown < count:
        yield f"Shown: the first {shown:,} of {count:,} paths."
    yield from usual_caveats(m, (INFLUENCES,))
    if count:
        stitched = int((frame["told_whole"] == 0).sum())
        some = (
            f"{stitched:,} of {number_of(count, 'path')} {'is' if stitched == 1 else 'are'}"
            if stitched
            else "No path is"
        )
        yield (
            f"{some} stitched together from claims of different sources. If one source says that a "
            "influences b, and another that b influences c, nobody has said that a influences c "
            "through b; in a well-filled map nearly everything is joined to everything in this way."
        )
        yield (
            "All influences come from one source, so told whole says nothing about agreement."
            if len(of.told.reporters) == 1
            else "Told whole means that one source claimed every link, not that it had the whole "
            "chain in mind."
        )
    torn = int((of.states_context(found) & (frame["contexts"] == 0).to_numpy(bool)).sum())
    if torn:
        yield (
            f"{torn:,} of {number_of(count, 'path')} {_verb(torn, 'join')} links that are claimed "
            "for different contexts and for none in common."
        )
    unsettled = int((frame["sign"] == UNKNOWN).sum())
    if unsettled:
        yield (
            f"{unsettled:,} of {number_of(count, 'path')} {_verb(unsettled, 'pass')} a link whose "
            "sign is contested or not stated: no sign follows, and the strength counts as 0."
        )
    plus, minus = (int((frame["sign"] == sign).sum()) for sign in (POSITIVE, NEGATIVE))
    if plus and minus:
        yield (
            f"{number_of(plus, 'path')} {_verb(plus, 'say')} that more makes more and {minus:,} "
            "that more makes less; their number does not say which prevails."
        )
    yield "A path that nobody told of may exist: no path is no evidence of no influence."


def _verb(count: int, verb: str) -> str:
    """The verb as it goes with one or with many."""
    return verb if count != 1 else f"{verb}es" if verb.endswith("s") else f"{verb}s"
