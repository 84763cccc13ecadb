"""Which few organizations together work on most of what an outcome needs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, coded, names
from sysmap.core.claims import claims
from sysmap.core.errors import UnknownIdError
from sysmap.core.model import SystemMap
from sysmap.core.progress import Progress, teller
from sysmap.core.result import Result, evidence_rows, joined, no_evidence, usual_caveats
from sysmap.core.schema import (
    CANCELLED,
    CHALLENGES,
    INFLUENCES,
    OUTCOMES,
    PRIORITIES,
    WORKS_ON,
)
from sysmap.core.stats import IntArray
from sysmap.core.words import number_of, percent
from sysmap.measures.cover.covering import Cover, covers
from sysmap.measures.cover.universe import Universe, universe, unplaced
from sysmap.measures.needs import needs_caveats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EQUAL, INFLUENCE = "equal", "influence"

_SECONDS = 20.0
_GREEDY = 1 - 1 / math.e
_SHOWN = 5
_COLUMNS = {
    "members": "str",
    "size": "int64",
    "covered": "float64",
    "share": "float64",
    "left_out": "int64",
    "optimal": "bool",
    "at_most": "float64",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Coalitions(Result):
    """For each number of members, those who together cover most."""

    cells: Universe = field(kw_only=True, repr=False)
    question: ClassVar[str] = "Which few organizations together cover most of what is needed?"

    def uncovered(self, key: object) -> pd.DataFrame:
        """What a coalition leaves open, most wanted first.

        Parameters
        ----------
        key
            A label of the index of `frame`.

        Returns
        -------
        pandas.DataFrame
            Indexed by (element, context), columns name, place, needing (organizations that need
            it) and working (organizations outside the coalition that work there). One row per
            cell, ``left_out`` rows.

        Raises
        ------
        UnknownIdError
            If the frame has no such row.
        """
        inside = self._inside(self._row(key))
        told = self.cells
        open_ = np.flatnonzero(~told.works[inside].any(axis=0))
        found = self._described(open_).assign(
            needing=told.needing[open_], working=told.works[:, open_].sum(axis=0)
        )
        order = np.lexsort((open_, -told.worth[open_] * np.maximum(told.needing[open_], 1)))
        return found.iloc[order]

    def contributions(self, key: object) -> pd.DataFrame:
        """What each member adds, the one that adds most first, each beside those above it.

        Parameters
        ----------
        key
            A label of the index of `frame`.

        Returns
        -------
        pandas.DataFrame
            Indexed by organization, columns name, covers (alone), adds (beside those above) and
            together, in the units of ``covered``. The rows of the figure.

        Raises
        ------
        UnknownIdError
            If the frame has no such row.
        """
        told, left = self.cells, self._inside(self._row(key)).tolist()
        worth, rows, total = told.worth.copy(), [], 0.0
        while left:
            gains = told.works[left] @ worth
            best = left.pop(int(np.argmax(gains.round(9))))
            total += float(gains.round(9).max())
            alone = float(told.works[best] @ told.worth)
            rows.append((told.organizations[best], alone, float(gains.round(9).max()), total))
            worth[told.works[best]] = 0.0
        frame = pd.DataFrame(rows, columns=["organization", "covers", "adds", "together"])
        frame.insert(1, "name", frame["organization"].map(self.map.organizations["name"]))
        return frame.set_index("organization")

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        if self.table.empty:
            who = "Nobody who may take part" if self.params["exclude"] else "Nobody"
            return f"{who} is reported to work on any of {self._all()}."
        last = self.table.iloc[-1]
        first = self.table.iloc[0]
        text = f"Of {self._all()}, {self._named(first)} {_covers(first)} {self._part(first)}"
        if len(self.table) > 1:
            text += f", and {self._named(last)} together {self._part(last)}"
        return f"{text}."

    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run and references."""
        p = self.params
        about = "all elements"
        if p["outcome"]:
            about = (
                "elements from which a chain of reported influences leads to "
                f"{self.map.name(str(p['outcome']))}"
            )
        cells = (
            "that at least one organization names in priorities or challenges"
            if self.cells.needed
            else "that somebody works in, because the map states no needs"
        )
        worth = (
            "its absolute total influence on the outcomes, or on the one asked for"
            if p["value"] == INFLUENCE
            else "1"
        )
        return (
            f"What may be covered are the cells, an element in one context, of {about}, {cells}. "
            "A cell is covered where a member works on it and has not cancelled; work elsewhere "
            f"does not count. Each cell counts {worth}. For each number of members the set that "
            f"covers most is sought: up to {p['exact']:,} organizations by integer linear "
            f"programming within {_SECONDS:.0f} seconds, and else by always adding the member "
            "that adds most, which reaches at least 63 % of the best (1 - 1/e; Nemhauser, Wolsey "
            "and Fisher 1978); optimal is said only where it is proved. Among equals the set that "
            "comes first by the ids of its members is given. Nobody is added once nothing is left "
            "to cover."
        )

    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""
        if self.table.empty:
            return f"Empty bar chart. {self.summary()}"
        added = self.contributions(self.table.index[-1])
        said = [f"{r['name']} adds {self._amount(r['adds'])}" for _, r in added.head(3).iterrows()]
        return (
            "Bar chart with one member per row, each bar beginning where the one above it ends, "
            f"and what stays open in the last row. {self.summary()} First rows: "
            f"{'; '.join(said)}. Values in sheet coalitions."
        )

    def _inside(self, row: pd.Series) -> IntArray:
        members = row["members"].split("; ")
        return np.asarray(self.cells.organizations.get_indexer(members), dtype=np.int64)

    def _described(self, cells: IntArray) -> pd.DataFrame:
        told = self.cells
        elements, contexts = self.map.elements["name"], self.map.contexts["name"]
        element, context = told.element[cells], told.context[cells]
        index = pd.MultiIndex.from_arrays(
            [elements.index[element], contexts.index[context]], names=["element", "context"]
        )
        return pd.DataFrame(
            {"name": elements.to_numpy()[element], "place": contexts.to_numpy()[context]},
            index=index,
            dtype="str",
        )

    def _all(self) -> str:
        """What may be covered, in words."""
        told = self.cells
        thing = number_of(len(told), "need" if told.needed else "piece") + (
            "" if told.needed else " of work"
        )
        outcome = self.params["outcome"]
        towards = f" on the way to {self.map.name(str(outcome))}" if outcome else ""
        return f"{thing}{towards} (each one element in one place)"

    def _named(self, row: pd.Series) -> str:
        names_ = self.map.organizations["name"]
        return _listed([str(names_[id]) for id in row["members"].split("; ")])

    def _amount(self, worth: float) -> str:
        """Worth for reading: a number of cells, or a share where influence weighs them."""
        if self.params["value"] == EQUAL:
            return f"{worth:,.0f}"
        return f"{100 * worth / float(self.cells.worth.sum()):.1f} %"

    def _part(self, row: pd.Series) -> str:
        number = len(self.cells) - int(row["left_out"])
        if self.params["value"] == INFLUENCE:
            return f"{number:,} ({percent(row['share'])} of their influence)"
        return f"{number:,} ({percent(row['share'])})"

    def _sentences(self, key: object, row: pd.Series) -> str:
        said = [f"Of {self._all()}, {self._named(row)} {_covers(row)} {self._part(row)}."]
        added = self.contributions(key)
        if len(added) > 1:
            first, *others = [
                f"{r['name']} adds {self._amount(r['adds'])}" for _, r in added.iterrows()
            ]
            said.append(f"{first.replace(' adds ', ' covers ')}; {'; '.join(others)}.")
        said.append(self._certainty(row))
        said.append(self._open(key, row))
        return " ".join(said)

    def _certainty(self, row: pd.Series) -> str:
        if row["optimal"]:
            fixed = self.params["include"] or self.params["exclude"]
            rest = " under the wishes given" if fixed else ""
            number = int(row["size"])
            others = "organization alone covers" if number == 1 else f"{number:,} members cover"
            return f"No other {others} more{rest}."
        ratio = row["covered"] / row["at_most"] if row["at_most"] else 1.0
        return (
            "This was found by search and not proved to be the best: it reaches at least "
            f"{percent(max(ratio, _GREEDY))} of what "
            f"{number_of(int(row['size']), 'member')} can cover."
        )

    def _open(self, key: object, row: pd.Series) -> str:
        if not row["left_out"]:
            return "Nothing stays open."
        left = self.uncovered(key)
        shown = [f"{r['name']} in {r['place']}" for _, r in left.head(_SHOWN).iterrows()]
        more = len(left) - len(shown)
        others = int((left["working"] > 0).sum())
        elsewhere = (
            f" Outside the coalition somebody works on {others:,} of them."
            if others
            else " Nobody in this map is reported to work on any of them."
        )
        return (
            f"{len(left):,} {'stays' if len(left) == 1 else 'stay'} open: {'; '.join(shown)}"
            f"{f'; and {more:,} more' if more else ''}.{elsewhere}"
        )

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        told, members = self.cells, row["members"].split("; ")
        covered = told.works[self._inside(row)].any(axis=0)
        state = pd.Series(
            np.where(covered, "covered" if self.params["value"] == EQUAL else "", "left_out"),
            self._described(np.arange(len(told))).index,
        )
        parts = []
        for table in (WORKS_ON, PRIORITIES, CHALLENGES):
            said = claims(self.map, table)
            kept = told.holds(said.second, said.context)
            if table == WORKS_ON:
                mine = said.held["organization"].isin(members) | (not told.needed)
                kept &= ((said.held["status"] != CANCELLED) & mine).to_numpy(bool)
            rows = coded.plain(said.held[kept])
            counts = state.reindex(pd.MultiIndex.from_frame(rows[["element", "context"]]))
            unit = rows["element"] + " in " + rows["context"]
            parts.append(
                evidence_rows(self.map, table, rows, unit, pd.Series(counts.to_numpy(), rows.index))
            )
        return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)

    def _draw(self, ax: Axes) -> Axes:
        title = "Coalitions"
        if self.table.empty:
            return charts.steps(ax, self.table, title=title, note=self.summary())
        row = self.table.iloc[-1]
        added = self.contributions(self.table.index[-1]).reset_index()
        total = float(self.cells.worth.sum())
        added["text"] = [
            f"adds {self._amount(a)}, together {percent(t / total)}"
            for a, t in zip(added["adds"], added["together"], strict=True)
        ]
        added["state"] = "covered"
        rest = total - row["covered"]
        if row["left_out"]:
            left = {
                "name": "left open",
                "adds": rest,
                "text": f"{row['left_out']:,} left, {percent(rest / total)}",
                "state": "uncovered",
            }
            added = pd.concat([added, pd.DataFrame([left])], ignore_index=True)
        proved = "" if row["optimal"] else " (found by search, not proved to be the most)"
        unit = "needs" if self.cells.needed else "pieces of work"
        weighed = ", weighed by influence" if self.params["value"] == INFLUENCE else ""
        return charts.steps(
            ax,
            added,
            kind="state",
            right="text",
            title=f"{number_of(int(row['size']), 'organization')} together cover "
            f"{self._part(row)} of {self._all()}{proved}",
            note="Each bar is what one member adds to those above it. Known work only: what is "
            "left open may be covered by work that nobody reported.",
            top=60,
            xlabel=f"{unit}{weighed}",
        )


def coalitions(
    m: SystemMap,
    /,
    *,
    outcome: str | None = None,
    size: int = 5,
    value: str = EQUAL,
    exact: int = 60,
    include: Sequence[str] | str = (),
    exclude: Sequence[str] | str = (),
    progress: Progress = None,
) -> Coalitions:
    """A few members together cover a known share of what an outcome needs.

    Parameters
    ----------
    outcome
        Id of the outcome; only elements from which influences lead to it count. None takes all.
    size
        The most members, at least 1.
    value
        What a cell counts: ``equal``, or ``influence``, the absolute total influence of its
        element on the outcome (on all outcomes, equally weighed, if none is given).
    exact
        The most organizations for which the best is sought exactly, within 20 seconds in all;
        with 0 the greedy choice is given.
    include, exclude
        Ids of organizations that must, or must not, be members.
    progress
        Called with the number of members done and `size`; True draws a bar.

    Returns
    -------
    Coalitions
        One row per number of members, from 1 (or the number of `include`) up to `size`, indexed
        by coalition (``C1`` has one member). Columns members (ids), size, covered (worth of the
        cells in which a member works; their number if all count alike), share (of all cells),
        left_out (number of cells in which none works), optimal (proved) and at_most (what no
        coalition of this size can exceed). The fewest members come first: no row covers more per
        member than the one before it, unless `include` names members, and more members are not
        better. It ends where nobody adds anything; empty if nobody works in any cell.

    Raises
    ------
    UndecidableError
        If there is nothing to cover: nobody needs or works on anything in a place, no chain of
        influences leads to `outcome`, or influence is asked for and there is none.
    LimitError
        If organizations times cells are more than 100,000,000.
    UnknownIdError
        If `outcome` is no outcome, or a wish names no organization.
    ValueError
        If a parameter is out of range, or an organization is both included and excluded.

    Notes
    -----
    Section "Coalitions" of the methods; cells are elements by unit contexts. Maximum coverage:
    Nemhauser, Wolsey and Fisher (1978).

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a", "b", "c"], "name": ["A", "B", "C"]}),
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "contexts": pd.DataFrame({"id": ["X"], "name": ["X-land"], "kind": ["country"]}),
    ...     "works_on": pd.DataFrame({"organization": ["a", "b", "c"], "context": "X",
    ...                               "element": ["law", "tax", "tax"]}),
    ... })
    >>> coalitions(m).frame[["members", "covered", "left_out", "optimal"]]
              members  covered  left_out  optimal
    coalition
    C1              a      1.0         1     True
    C2           a; b      2.0         0     True
    """
    must, without = _checked(m, outcome, size, value, exact, include, exclude)
    told = universe(m, outcome, influential=value == INFLUENCE)
    ids = told.organizations
    with teller(progress, size) as tell:
        found = covers(
            told.works,
            told.worth,
            size,
            must=np.sort(ids.get_indexer(must)).astype(np.int64),
            may=np.asarray(~ids.isin(without), dtype=bool),
            exact=exact,
            seconds=_SECONDS,
            tell=tell,
        )
    frame = _frame(told, [c for c in found if c.members])
    params: dict[str, object] = {
        "outcome": outcome,
        "size": size,
        "value": value,
        "exact": exact,
        "include": tuple(must),
        "exclude": tuple(without),
        "cells": len(told),
    }
    return Coalitions(m, frame, params, _caveats(m, told, found, frame, params), cells=told)


def _checked(
    m: SystemMap,
    outcome: str | None,
    size: int,
    value: str,
    exact: int,
    include: Iterable[str] | str,
    exclude: Iterable[str] | str,
) -> tuple[list[str], list[str]]:
    """Members that must and must not take part, sorted; a wrong parameter is refused."""
    if size < 1:
        raise ValueError(f"size is {size}; give at least 1 member")
    if exact < 0:
        raise ValueError(f"exact is {exact}; give 0 or more organizations")
    if value not in (EQUAL, INFLUENCE):
        raise ValueError(f"value {value!r} is unknown; write {EQUAL} or {INFLUENCE}")
    if outcome is not None and outcome not in m.outcomes.index:
        near = names.alike(str(outcome), m.outcomes.index)
        raise UnknownIdError(outcome, table=OUTCOMES, near=near)
    wishes = [sorted({w} if isinstance(w, str) else set(w)) for w in (include, exclude)]
    for id in (*wishes[0], *wishes[1]):
        if id not in m.organizations.index:
            near = names.alike(str(id), m.organizations.index)
            raise UnknownIdError(id, table="organizations", near=near)
    both = sorted(set(wishes[0]) & set(wishes[1]))
    if both:
        raise ValueError(f"{joined(both)} is in include and in exclude; name it in one of them")
    if len(wishes[0]) > size:
        raise ValueError(
            f"include names {len(wishes[0])} organizations and size is {size}; give a larger size"
        )
    return wishes[0], wishes[1]


def _frame(told: Universe, found: Sequence[Cover]) -> pd.DataFrame:
    total = float(told.worth.sum())
    rows = [
        (
            joined(told.organizations[list(c.members)]),
            len(c.members),
            c.value,
            c.value / total,
            int((~told.works[list(c.members)].any(axis=0)).sum()),
            c.proved,
            c.bound,
        )
        for c in found
    ]
    index = pd.Index([f"C{len(c.members)}" for c in found], name="coalition", dtype="str")
    return pd.DataFrame(rows, columns=list(_COLUMNS), index=index).astype(_COLUMNS)


def _caveats(
    m: SystemMap,
    told: Universe,
    found: Sequence[Cover],
    frame: pd.DataFrame,
    params: Mapping[str, object],
) -> tuple[str, ...]:
    influenced = params["outcome"] is not None or params["value"] == INFLUENCE
    tables = (WORKS_ON, PRIORITIES, CHALLENGES, *((INFLUENCES,) if influenced else ()))
    said = [
        *usual_caveats(m, tables),
        *needs_caveats(m),
        *unplaced(m, needed=told.needed),
    ]
    if not told.needed:
        said.append(
            "The map states no needs: what is covered is work that somebody already does, so a "
            "coalition shows who reaches far, and not what is missing. Ask priorities."
        )
    quiet = int((~told.works.any(axis=1)).sum())
    if quiet:
        said.append(
            f"Of {quiet:,} of {len(told.organizations):,} organizations no work on any of it is "
            "reported; whether they do it is not known."
        )
    loose = int((~frame["optimal"]).sum())
    if loose:
        said.append(
            f"Of {loose:,} of {len(frame):,} coalitions it is not proved that they are the best of "
            "their size; each reaches at least 63 % of what the best does. Raise exact, or narrow "
            "the map."
        )
    if any(c.proved and not c.first for c in found):
        said.append(
            "Other coalitions may cover as much as those listed; which of them comes first by id "
            "was not searched to the end."
        )
    if len(frame) and frame["size"].iloc[-1] < int(str(params["size"])):
        said.append(
            f"Beyond {number_of(int(frame['size'].iloc[-1]), 'member')} nobody would add anything, "
            "so larger coalitions are not listed; more partners are not better."
        )
    said.append(
        "Reported work only: a cell that stays open is one in which no member is reported to "
        "work. To work on something is not to solve it, and whether members would work together "
        "is for them to discuss."
    )
    return tuple(said)


def _covers(row: pd.Series) -> str:
    return "works on" if row["size"] == 1 else "work on"


def _listed(words: Sequence[str]) -> str:
    comma = "; " if any("," in word for word in words) else ", "
    return words[0] if len(words) == 1 else f"{comma.join(words[:-1])} and {words[-1]}"
