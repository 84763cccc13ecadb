"""An answer that remembers: frame, parameters, caveats, explanation, evidence, figure, methods."""

from __future__ import annotations

import base64
import html
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, coded, dates, names
from sysmap.core.claims import graded, reporters
from sysmap.core.errors import UnknownIdError
from sysmap.core.model import SystemMap, held
from sysmap.core.schema import ASKED, AUDIENCES, ILLUSTRATIVE, JUDGED
from sysmap.core.words import number_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EVIDENCE = ("table", "row", "source", "reporter", "unit", "counts_in")
"""Columns of every evidence frame."""

_FIRST_ROWS = 10
# An inch of a figure on a screen, and how much finer its picture is for screens that are finer.
_PIXELS, _SHARPNESS = 96, 1.5
_NEAR = 3


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Result(ABC):
    """One answer about one map; nothing changes it.

    Parameters
    ----------
    map
        The map that the answer is about.
    table
        The answer, one row per subject, best first.
    params
        Parameters as really used.
    caveats
        What not to conclude, with the figures of this run.

    Examples
    --------
    >>> import sysmap as sm
    >>> answer = sm.universality(sm.example("teaching"))
    >>> isinstance(answer, Result), list(answer.frame.columns[:3])
    (True, ['name', 'area', 'present'])
    """

    map: SystemMap
    table: pd.DataFrame = field(repr=False)
    params: Mapping[str, object]
    caveats: tuple[str, ...] = ()

    question: ClassVar[str]
    """The question in words; the heading of the answer in a brief."""

    def __post_init__(self) -> None:
        """Close the parameters."""
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    @property
    def maps(self) -> tuple[SystemMap, ...]:
        """Every map that the answer rests on; nobody may see more of it than of all of them."""
        return (self.map,)

    @property
    def frame(self) -> pd.DataFrame:
        """The answer, one row per subject, best first; a lazy copy."""
        return self.table.copy(deep=False)

    def explain(self, key: object) -> str:
        """The answer for one subject in sentences that a ministry can read.

        Parameters
        ----------
        key
            A label of the index of `frame`; a tuple where it has two levels.

        Raises
        ------
        UnknownIdError
            If the frame has no such row.
        """
        row = self._row(key)
        return f"{self._sentences(key, row)} {self._made_up(key, row)}".rstrip()

    def evidence(self, key: object) -> pd.DataFrame:
        """The rows behind the answer for one subject, ledger rows included.

        Parameters
        ----------
        key
            A label of the index of `frame`; a tuple where it has two levels.

        Returns
        -------
        pandas.DataFrame
            Columns table, row (label in ``m.links(table)`` or ``m.asked``), source, reporter,
            unit (what is counted) and counts_in (columns of `frame`, joined by ``; ``). A count
            is the number of distinct units among the rows that name it in counts_in.

        Raises
        ------
        UnknownIdError
            If the frame has no such row.
        """
        found = self._claims_behind(key, self._row(key))
        return found.reindex(columns=list(EVIDENCE)).reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the answer; on a new figure unless axes are given."""
        with charts.style(small_print(*self.maps)):
            return self._draw(charts.axes(ax, rows=len(self.table)))

    @abstractmethod
    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""

    @abstractmethod
    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run and references."""

    @abstractmethod
    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""

    @abstractmethod
    def _sentences(self, key: object, row: pd.Series) -> str: ...

    @abstractmethod
    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame: ...

    @abstractmethod
    def _draw(self, ax: Axes) -> Axes: ...

    def __len__(self) -> int:
        """Count the subjects."""
        return len(self.table)

    def __repr__(self) -> str:
        """The class and the answer in one sentence."""
        return f"<{type(self).__name__}: {self.summary()}>"

    def _repr_html_(self) -> str:
        """Sentence, figure with its words, first rows and caveats, escaped, for notebooks."""
        caveats = "".join(f"<li>{html.escape(c)}</li>" for c in self.caveats)
        rows = first_rows(self.table)
        figure = as_image(self.plot(), self.alt_text()) if len(self.table) else ""
        return f"<p>{html.escape(self.summary())}</p>{figure}{rows}<ul>{caveats}</ul>"

    def _made_up(self, key: object, row: pd.Series) -> str:
        """How much of what a row counts is illustrative; empty where nothing is."""
        grades = pd.concat([m.sources["grade"] for m in self.maps])
        made_up = grades.index[grades == ILLUSTRATIVE]
        if made_up.empty:
            return ""
        behind = self._claims_behind(key, row)
        claims = behind[behind["table"] != ASKED].drop_duplicates(["table", "row", "source"])
        of_nobody = claims["source"].isin(made_up)
        if not of_nobody.any():
            return ""
        said = f"{of_nobody.sum():,} of {number_of(len(claims), 'claim')}"
        heard, voices = claims["reporter"].nunique(), of_nobody.groupby(claims["reporter"]).all()
        if voices.any():
            said += f" and {voices.sum():,} of {number_of(heard, 'reporter')}"
        return f"Illustrative, made up to show how the tool works: {said} behind this."

    def _row(self, key: object) -> pd.Series:
        index = self.table.index
        try:
            at = index.get_loc(key)
        except (KeyError, TypeError, pd.errors.InvalidIndexError):
            at = None
        if isinstance(at, (int, np.integer)):
            return self.table.iloc[at]
        raise UnknownIdError(key, table="this answer", near=_near(key, index))


def _near(key: object, index: pd.Index) -> tuple[str, ...]:
    """Labels that look like the key; for one part of a two-level key, labels that hold it."""
    if isinstance(key, str) and index.nlevels > 1:
        holding = [label for label in index if key in label]
        return tuple(map(_in_words, holding[:_NEAR]))
    return names.alike(_in_words(key), map(_in_words, index))


def _in_words(key: object) -> str:
    return " - ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def evidence_rows(
    m: SystemMap,
    table: str,
    rows: pd.DataFrame,
    unit: pd.Series | str,
    counts_in: pd.Series | str,
) -> pd.DataFrame:
    """Evidence from rows of one table.

    Parameters
    ----------
    table
        A link table or ``asked``.
    rows
        Some rows of it, with the index of the map's table.
    unit
        What each row counts: one value per row, or one for all.
    counts_in
        Columns of the answer's frame that each row counts in, joined by ``; ``.
    """
    by_source = reporters(m)
    voice = rows["source"].map(by_source).astype("str").fillna(f"anonymous ({table})")
    if table == ASKED:
        voice = rows["speaks_for"].fillna(voice)
    return pd.DataFrame(
        {
            "table": table,
            "row": rows.index,
            "source": rows["source"],
            "reporter": voice,
            "unit": unit,
            "counts_in": counts_in,
        },
        index=rows.index,
    )


def no_evidence() -> pd.DataFrame:
    """An evidence frame without rows."""
    return pd.DataFrame({c: pd.Series(dtype="int64" if c == "row" else "str") for c in EVIDENCE})


def joined(values: Sequence[str] | pd.Index | pd.Series) -> str:
    """Ids as one cell: joined by a semicolon and a blank, in the order given."""
    return "; ".join(str(v) for v in values)


def as_image(ax: Axes, words: str) -> str:
    """A figure as an HTML image that carries its words; nothing where it holds nothing.

    A notebook shows a bare figure without any words; readers who cannot see it then get none.
    """
    if charts.is_blank(ax):
        return ""
    png = charts.to_png(ax, dpi=_SHARPNESS * _PIXELS)
    # a PNG begins with its width, in the four bytes after the first sixteen
    wide = int.from_bytes(png[16:20]) / _SHARPNESS
    data = base64.b64encode(png).decode("ascii")
    return (
        f'<p><img src="data:image/png;base64,{data}" alt="{html.escape(words)}" '
        f'width="{wide:.0f}"></p>'
    )


def first_rows(frame: pd.DataFrame) -> str:
    """The first rows as an HTML table, escaped, in which every column has a heading."""
    flat = frame.head(_FIRST_ROWS).reset_index()
    return str(flat.to_html(index=False, escape=True, na_rep=""))


def small_print(*maps: SystemMap) -> str:
    """What stands under every figure: how old the data are, for whom they are, what is made up.

    Examples
    --------
    >>> import sysmap as sm
    >>> small_print(sm.example("teaching").redact("public"))
    'Data of 30 September 2024. Audience: public. 3 of 682 claims are illustrative.'
    """
    dated = [m.about["data date"] for m in maps if "data date" in m.about]
    days = " and ".join(dict.fromkeys(map(dates.spoken, dated)))
    audience = max((m.audience for m in maps), key=AUDIENCES.index)
    told = f"{f'Data of {days}' if days else 'Data date not given'}. Audience: {audience}."
    made_up = sum(graded(m, ILLUSTRATIVE) for m in maps)
    if not made_up:
        return told
    claims = sum(len(held(m, kind.table)) for m in maps for kind in m.schema.links)
    return f"{told} {made_up:,} of {claims:,} claims {_are(made_up)} illustrative."


def usual_caveats(m: SystemMap, tables: Sequence[str]) -> tuple[str, ...]:
    """What every answer admits: claims that are illustrative, judged or without a source.

    Parameters
    ----------
    tables
        The link tables that the answer rests on.
    """
    grade = m.sources["grade"].dropna()
    of_grade = [set(grade.index[grade == g]) for g in (ILLUSTRATIVE, JUDGED)]
    said = []
    for table in tables:
        codes, sources = coded.split(held(m, table)["source"])
        told = f'{len(codes):,} "{m.schema.link(table).verb or table}" claims'
        # each source is looked up once, however many claims name it
        named = np.bincount(codes[codes >= 0], minlength=len(sources))
        made_up, guessed = (int(named[[s in ids for s in sources]].sum()) for ids in of_grade)
        if made_up:
            said.append(f"{made_up:,} of {told} {_are(made_up)} illustrative.")
        if guessed:
            said.append(
                f"{guessed:,} of {told} {_are(guessed)} judged by the makers of the map from "
                "published sources."
            )
        nobody = len(codes) - int(named.sum())
        if nobody:
            said.append(
                f"{nobody:,} of {told} {'names' if nobody == 1 else 'name'} no source "
                "and count as one anonymous reporter."
            )
    said += [
        f"This answer is about a part: {note.message}."
        for note in m.problems
        if note.code == "N405"
    ]
    if m.hidden:
        things = "claim is" if m.hidden == 1 else "claims are"
        said.append(f"{m.hidden:,} {things} hidden from this audience.")
    return tuple(said)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
