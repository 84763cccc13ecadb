"""Where organizations work, where they are needed, and where nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, dates
from sysmap.core.claims import claims, unit_contexts
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap, held
from sysmap.core.result import Result, usual_caveats
from sysmap.core.schema import (
    CHALLENGES,
    COLLABORATES,
    CONTEXTS,
    ELEMENTS,
    INFLUENCES,
    PRIORITIES,
    WORKS_ON,
)
from sysmap.core.words import number_of
from sysmap.measures.cover.cells import NEEDS, Cells, active, cells, efforts
from sysmap.measures.cover.evidence import cell_claims
from sysmap.measures.cover.gaps import (
    CROWDED,
    DIGITS,
    STATES,
    UNCONNECTED,
    UNKNOWN,
    gaps,
    influence_of,
)
from sysmap.measures.dating import data_date
from sysmap.measures.ledger import has_ledger
from sysmap.measures.needs import needs_caveats
from sysmap.measures.propagation import ATTENUATION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEW = 40
_COUNTED = 5


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Coverage(Result):
    """Who works on which element in which context, and where that is less than the need."""

    question: ClassVar[str] = "Where is work needed, and where does nobody know?"

    def gaps(self) -> pd.DataFrame:
        """The known cells with a gap, what they would move first; columns of `frame`."""
        return self.frame[(self.table["state"] != UNKNOWN) & (self.table["gap"] > 0)]

    def ask_first(self) -> pd.DataFrame:
        """The cells whose state is unknown, the largest possible gap first; columns of `frame`."""
        return self.frame[self.table["state"] == UNKNOWN]

    def ownerless(self) -> pd.DataFrame:
        """Elements of the top quarter of influence on which no organization works anywhere.

        Returns
        -------
        pandas.DataFrame
            Indexed by element, columns name and influence, largest absolute influence first; the
            quarter is taken over all elements, and an element without influence is not in it.
        """
        elements = self.map.elements
        influence = pd.Series(influence_of(self.map), elements.index, name="influence")
        size = influence.abs().round(DIGITS)
        going = active(self.map, _day(self.params["at"]))
        told = claims(self.map, WORKS_ON)
        worked = told.second_ids[np.unique(told.second[going])]
        high = (size > 0) & (size >= size.quantile(0.75)) & ~elements.index.isin(worked)
        ids = size[high].sort_index().sort_values(ascending=False, kind="stable").index
        return pd.DataFrame({"name": elements.loc[ids, "name"], "influence": influence[ids]})

    def drawn(self) -> pd.DataFrame:
        """The cells of the figure: state and number of each row in each place.

        Returns
        -------
        pandas.DataFrame
            Indexed by (element, place) by name; where the map has many elements by (area of
            work, place). Columns state and number: organizations that work there, or elements
            of the area with a gap.
        """
        states, numbers, _ = self._grid()
        cells = states.stack(future_stack=True).rename("state").to_frame()
        cells["number"] = numbers.stack(future_stack=True).fillna(0).astype("int64")
        return cells.rename_axis(["element" if self._is_small() else "area of work", "place"])

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        states = self.table["state"].value_counts()
        parts = [f"{states[w]:,} {w}" for w in STATES if w in states]
        text = f"{number_of(len(self.table), 'cell')} of an element in a place: {', '.join(parts)}"
        open_cells = self.gaps()
        if len(open_cells):
            first = self._cell(open_cells.index[0])
            known = pd.notna(open_cells["need"].iloc[0])
            text += "; the first gap to discuss is " if known else "; needs are not known, and the "
            text += first if known else f"first cell to discuss for its thin cover is {first}"
        return f"{text}."

    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run and references."""
        at = self.params["at"]
        current = f"current on {at}" if at else "at any time, because the map has no data date"
        effort = self.params["effort"]
        shares = (
            f"the column {effort} (1 / sum of squared shares, the inverse Simpson index; "
            "Simpson 1949, Laakso and Taagepera 1979)"
            if effort
            else "equal efforts"
        )
        return (
            f"An organization works in a cell if it has a claim there that is neither completed "
            f"nor cancelled, {current}; the effective number of organizations rests on {shares}. "
            "Asked, answered and silent come from the ledger, and without one only an "
            "organization that says itself that it works there counts as asked; an organization "
            "is silent where one of its sources was asked and did not answer. Need is the share "
            "of organizations that "
            "answered about priorities or challenges there and name the element. "
            "A cell is unknown where nobody works and nobody was asked, somebody is silent, or "
            "the need is not known. The gap is need x (1 - (effective + silent) / target), not "
            f"below 0, with a target of {self.params['target']}; the largest gap leaves the silent "
            f"aside. From {self.params['crowded']} effective organizations on, a cell is "
            "crowded if fewer than half of the pairs that told are tied. Influence is the "
            f"attenuated total influence on outcomes (attenuation {ATTENUATION}; "
            "Katz 1953, Hubbell 1965); rows are ordered by gap times its absolute value."
        )

    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""
        states = self.table["state"].value_counts()
        parts = ", ".join(f"{w} {states[w]:,}" for w in STATES if w in states)
        what = "element" if self._is_small() else "area of work"
        return (
            f"Matrix of {what} by place, filled and hatched by state of coverage. "
            f"{self.summary()} Cells by state: {parts}. "
            "Values in sheet coverage."
        )

    def _is_small(self) -> bool:
        return len(self.map.elements) <= _FEW or self.map.elements["area"].isna().all()

    def _cell(self, key: object) -> str:
        element, context = _ends(key)
        return f"{self.map.elements['name'][element]} in {self.map.contexts['name'][context]}"

    def _sentences(self, key: object, row: pd.Series) -> str:
        n = int(row["organizations"])
        found = self.evidence(key)
        works = "no organization works on it"
        if n:
            who = self._names(found, "organizations")
            works = f"{who} {'works' if n == 1 else 'work'} on it"
        said = [f"{self._cell(key)}: {works}; {self._who_was_asked(row)}."]
        if row["silent"]:
            said.append(f"Asked and silent: {self._names(found, 'silent')}.")
        if pd.notna(row["need"]):
            said.append(
                f"{row['named']:,} of {number_of(row['responding'], 'organization')} that answered "
                f"about needs there name it (need {row['need']:.2f})."
            )
        else:
            said.append("How far it is needed there is not known.")
        said.append(self._state_sentence(row))
        if pd.notna(row["gap"]):
            high = row["gap_high"]
            wider = f", and up to {high:.2f} if the silent do nothing" if row["silent"] else ""
            said.append(
                f"The gap is {row['gap']:.2f}{wider} (0 is none, 1 the largest; "
                f"target {self.params['target']} organizations)."
            )
        return " ".join(said)

    def _who_was_asked(self, row: pd.Series) -> str:
        if not has_ledger(self.map, WORKS_ON):
            return "who was asked was not written down"
        if not row["asked"]:
            return "nobody was asked"
        asked = number_of(row["asked"], "organization")
        were = "was" if row["asked"] == 1 else "were"
        return f"{asked} {were} asked and {row['answered']:,} answered"

    def _state_sentence(self, row: pd.Series) -> str:
        state = row["state"]
        if state == UNKNOWN and row["leaning"] != UNKNOWN:
            among = f"the {row['answered']:,} that answered"
            return f"The state is unknown; it is {row['leaning']} among {among}."
        if state == CROWDED:
            return "It is crowded, which may be duplication or may be healthy."
        if state == UNCONNECTED:
            return "The organizations answered with whom they collaborate and name no tie here."
        return f"The state is {state}."

    def _names(self, found: pd.DataFrame, column: str) -> str:
        counted = found["counts_in"].str.split("; ").map(lambda words: column in words)
        ids = sorted(set(found.loc[counted.astype(bool), "unit"]))
        known = self.map.organizations["name"]
        shown = [str(known[i]) for i in ids[:_COUNTED]]
        if len(ids) > _COUNTED:
            shown.append(f"{len(ids) - _COUNTED:,} more")
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        element, context = _ends(key)
        return cell_claims(self.map, element, context, _day(self.params["at"]))

    def _draw(self, ax: Axes) -> Axes:
        states, numbers, note = self._grid()
        return charts.matrix(
            ax,
            states,
            title=self._told(),
            note=note,
            rows="element" if self._is_small() else "area of work",
            columns="place",
            text=numbers.astype("Int64").astype("str").where(numbers.fillna(0) > 0, ""),
        )

    def _grid(self) -> tuple[pd.DataFrame, pd.DataFrame, str]:
        """States and numbers as they are drawn, by name, and the small print."""
        wide = self.table.reset_index()
        if self._is_small():
            note = "The number counts the organizations that work there."
            wide["row"], order = wide["element"], self.map.elements.index.sort_values()
            label = self.map.elements["name"]
        else:
            note = (
                "A cell shows the state of the element that comes first in the table, and how "
                "many elements of the area have a gap."
            )
            wide["row"] = wide["element"].map(self.map.elements["area"]).fillna("unassigned")
            order = pd.Index(sorted(set(wide["row"])))
            label = pd.Series(order, order)
            wide["organizations"] = (
                (wide["gap"] > 0).groupby([wide["row"], wide["context"]]).transform("sum")
            )
        first = wide.drop_duplicates(["row", "context"])
        states, numbers = (
            first.pivot(index="row", columns="context", values=v).reindex(
                index=order, columns=unit_contexts(self.map).sort_values()
            )
            for v in ("state", "organizations")
        )
        told = states != UNKNOWN
        some = told.any(axis=1), told.any(axis=0)
        if told.to_numpy().any() and not (some[0].all() and some[1].all()):
            left = int((~some[0]).sum()), int((~some[1]).sum())
            states, numbers = states.loc[some], numbers.loc[some]
            note += f" Not drawn, because nothing is known there: {left[0]:,} of {len(order):,} "
            note += f"rows and {left[1]:,} of {len(some[1]):,} places."
        places = self.map.contexts["name"]
        states, numbers = (f.rename(index=label, columns=places) for f in (states, numbers))
        return states, numbers, note

    def _told(self) -> str:
        """In how many cells work is known, and how many are unknown."""
        worked = int((self.table["organizations"] > 0).sum())
        unknown = int((self.table["state"] == UNKNOWN).sum())
        return (
            f"Work is known in {worked:,} of {number_of(len(self.table), 'cell')} of an element in "
            f"a place; {unknown:,} {'is' if unknown == 1 else 'are'} unknown"
        )


def coverage(
    m: SystemMap,
    /,
    *,
    target: float = 2,
    crowded: float = 4,
    effort: str | None = None,
    at: str | None = None,
) -> Coverage:
    """Each element in each country is covered, a gap, not needed, or unknown.

    Parameters
    ----------
    target
        Effective organizations per cell from which on there is no gap; above 0.
    crowded
        Effective organizations from which on a cell without ties counts as crowded; above 0.
    effort
        A carried column of works_on with numbers from 0 up, such as staff or money; None lets
        every organization count alike.
    at
        The day on which work must be current, YYYY, YYYY-MM or YYYY-MM-DD (its last day); by
        default the data date in about, and without one no limit.

    Returns
    -------
    Coverage
        Indexed by (element, context), columns organizations, effective, need (0 to 1), influence,
        state, gap (0 to 1), asked, answered, silent, gap_high, leaning, responding and named.
        Known cells come first, by gap times absolute influence; then the unknown ones, by the
        largest gap that is possible. Need and gap are missing where nobody answered.

    Raises
    ------
    UndecidableError
        If nobody works on anything and nobody was asked, or there are no elements or contexts.
    ValueError
        If `target` or `crowded` is not above 0, `at` is no date, or `effort` is no column with
        numbers from 0 up.

    Notes
    -----
    Taking away a whole answer never creates an uncovered or unconnected cell or a larger gap,
    need held fixed and efforts equal: who does not answer counts as possibly working.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "contexts": pd.DataFrame({"id": ["x"], "name": ["Xanadu"]}),
    ...     "sources": pd.DataFrame({"id": ["s"], "name": ["Survey"], "organization": ["a"]}),
    ...     "works_on": pd.DataFrame(
    ...         {"organization": ["a"], "element": ["law"], "context": ["x"], "source": ["s"]}),
    ...     "asked": pd.DataFrame(
    ...         {"source": ["s"], "question": ["works_on"], "answered": ["yes"]}),
    ... })
    >>> coverage(m).frame[["organizations", "state", "gap"]]
                     organizations      state  gap
    element context
    tax     x                    0  uncovered  1.0
    law     x                    1     single  0.5
    """
    for name, value in (("target", target), ("crowded", crowded)):
        if not value > 0:
            raise ValueError(f"{name} is {value}; give a number above 0")
    _decidable(m)
    day = data_date(m) if at is None else np.datetime64(dates.last_day(at), "D")
    counted = cells(m, day, effort)
    known_need = _asks_needs(m)
    influence = influence_of(m)
    frame = gaps(m, counted, influence, known_need, target, crowded)
    params = {
        "target": target,
        "crowded": crowded,
        "effort": effort,
        "at": None if day is None else str(day),
        "attenuation": ATTENUATION,
        "contexts": len(counted.contexts),
    }
    return Coverage(m, frame, params, _caveats(m, frame, counted, day, effort, known_need))


def _decidable(m: SystemMap) -> None:
    """Refuse a map that lacks a table the answer rests on."""
    if not len(held(m, WORKS_ON)) and not has_ledger(m, WORKS_ON):
        raise UndecidableError(
            "Coverage cannot be decided: nobody works on anything and nobody was asked.",
            missing="Add the sheet works_on.",
        )
    for table in (ELEMENTS, CONTEXTS):
        if not len(m.tables[table]):
            raise UndecidableError(
                f"Coverage cannot be decided: the map has no {table}.",
                missing=f"Add the sheet {table}.",
            )


def _asks_needs(m: SystemMap) -> bool:
    """Tell whether anybody stated a need or was asked about it."""
    return any(len(held(m, t)) or has_ledger(m, t) for t in NEEDS)


def _caveats(
    m: SystemMap,
    frame: pd.DataFrame,
    counted: Cells,
    day: np.datetime64 | None,
    effort: str | None,
    known_need: bool,
) -> tuple[str, ...]:
    tables = (WORKS_ON, PRIORITIES, CHALLENGES, COLLABORATES, INFLUENCES)
    said = [*usual_caveats(m, tables), *needs_caveats(m)]
    places = len(counted.contexts)
    unasked = places - len(np.unique(counted.context[counted.asked > 0]))
    if not has_ledger(m, WORKS_ON):
        said.append(
            "Nobody was asked what they work on: where no organization works the state is "
            "unknown. Add rows to the sheet asked with the question works_on."
        )
    elif unasked:
        said.append(
            f"Nobody was asked who works in {unasked:,} of {places:,} contexts; there an "
            "empty cell is unknown."
        )
    if not known_need:
        said.append(
            "The map neither holds nor asked needs: states and gaps rest on coverage alone, as "
            "if every element were needed everywhere. Add the sheet priorities."
        )
    elif not any(has_ledger(m, t) for t in NEEDS):
        said.append(
            "Nobody was asked what they need: need is known only where somebody names it. "
            "Add rows to the sheet asked with the question priorities."
        )
    if not has_ledger(m, COLLABORATES):
        said.append(
            "Nobody was asked with whom they collaborate: no cell can be called crowded or "
            "unconnected. Add rows to the sheet asked with the question collaborates."
        )
    said += _work_caveats(m, counted, day, effort)
    said.append(
        "Presence is not quality, and organizations outside this map may work in a cell that "
        "looks like a gap."
    )
    if (frame["state"] == CROWDED).any():
        said.append("Crowded may be duplication or may be healthy.")
    return tuple(said)


def _work_caveats(
    m: SystemMap, counted: Cells, day: np.datetime64 | None, effort: str | None
) -> list[str]:
    rows, said = held(m, WORKS_ON), []
    told = f'{len(rows):,} "works on" claims'
    blank = int(rows["context"].isna().sum())
    other = int((rows["context"].notna() & ~rows["context"].isin(counted.contexts)).sum())
    if blank or other:
        said.append(
            f"{blank:,} of {told} state no place"
            + (f", {other:,} a place of another kind" if other else "")
            + "; they count in no cell."
        )
    over = int((~active(m, day)).sum())
    if over:
        when = f" or not current on {day}" if day is not None else ""
        said.append(
            f"{over:,} of {told} {'is' if over == 1 else 'are'} completed, cancelled{when}, and "
            "counted nowhere."
        )
    if effort is None:
        said.append("Every organization counts alike, whether it does much or little in a cell.")
    else:
        given = efforts(m, effort)
        said.append(
            f"{int(np.isnan(given).sum()):,} of {len(rows):,} claims give no {effort}; in their "
            "cells organizations count alike. Counting activities rewards splitting them, and "
            "counting money rewards infrastructure."
        )
    return said


def _ends(key: object) -> tuple[str, str]:
    """Element and context of a key that the frame holds."""
    element, context = key if isinstance(key, tuple) else (key, "")
    return str(element), str(context)


def _day(at: object) -> np.datetime64 | None:
    return None if at is None else np.datetime64(str(at), "D")
