"""Which elements are found everywhere, and which only somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from sysmap.core import charts, stats
from sysmap.core.claims import unit_contexts
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.result import Result, evidence_rows, no_evidence, usual_caveats
from sysmap.core.schema import ASKED, CONTEXTS, COUNTRY, OBSERVED, PRESENT
from sysmap.core.stats import RNG, BoolArray, CodeArray, IntArray
from sysmap.core.words import interval, number_of, percent
from sysmap.measures import patterns as pattern_tests
from sysmap.measures import prevalence
from sysmap.measures.ledger import has_ledger
from sysmap.measures.patterns import Patterns
from sysmap.measures.prevalence import (
    CONTESTED,
    MISSING,
    THERE,
    UNKNOWN,
    Absence,
    Aggregate,
    Reports,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Population: TypeAlias = Literal["listed", "open"]

WORDS = ("universal", "intermediate", "context-specific")
"""The high, the middle and the low class."""

_ABBREVIATIONS = ("ldc", "lldc", "sids")
_ONE = "element"
_STATES = {THERE: "present", MISSING: "absent", CONTESTED: "contested", UNKNOWN: "not asked"}
_FEW_CONTEXTS, _EFFORT, _ENOUGH_AGREEMENT, _NAMED = 20, 0.5, 0.667, 6


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes an element universal; the parameters of `universality`."""

    level: float
    universal: float
    specific: float
    population: Population
    aggregate: Aggregate
    absence: Absence
    q: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Universality(Result):
    """Elements by the share of the contexts asked in which they are present.

    Parameters
    ----------
    reports
        The votes behind the frame.
    rule
        What makes an element universal.
    """

    reports: Reports = field(kw_only=True)
    rule: Rule = field(kw_only=True)

    question: ClassVar[str] = "Which elements are found everywhere, and which only somewhere?"

    def summary(self) -> str:
        """How many elements fall into each class."""
        if self.table.empty:
            return "There are no elements to classify."
        n = {word: self._number(word) for word in (*WORDS, "undetermined")}
        nowhere = int((self.table["assessed"] == 0).sum())
        unheard = f" ({nowhere} of them without a report)" if nowhere else ""
        return (
            f"{n['universal']} of {number_of(len(self.table), 'element')} "
            f"{'is' if n['universal'] == 1 else 'are'} universal among the "
            f"{_heard_units(self.map, self.reports)}, {n['intermediate']} intermediate, "
            f"{n['context-specific']} context-specific and "
            f"{n['undetermined']} undetermined{unheard}."
        )

    def sensitivity(self) -> pd.DataFrame:
        """The verdict of each element under each aggregation of reporters, side by side.

        Returns
        -------
        pandas.DataFrame
            Index as in `frame`; columns ``majority``, ``any`` and ``all``.
        """
        frame = pd.DataFrame(
            {a: _verdicts(self.map, self.reports, self.rule, a) for a in get_args(Aggregate)},
            index=self.map.elements.index.rename("element"),
            dtype="str",
        )
        return frame.reindex(self.table.index)

    def states(self) -> pd.DataFrame:
        """What was reported of each element in each context, in words.

        Returns
        -------
        pandas.DataFrame
            Elements by contexts, both as ids in map order; cells are ``present``, ``absent``,
            ``contested``, ``silent`` (somebody was asked, nobody reported) and ``not asked``.
            Parts are not taken into their parents here.
        """
        status = self.reports.tally.status(self.rule.aggregate)
        cells = np.select([status == code for code in _STATES], list(_STATES.values()), "")
        cells = np.where((status == UNKNOWN) & self.reports.reached, "silent", cells)
        return pd.DataFrame(
            cells,
            index=self.map.elements.index.rename("element"),
            columns=self.reports.units.rename("context"),
            dtype="str",
        )

    def matrix(self, ax: Axes | None = None) -> Axes:
        """Draw elements by contexts, where not asked looks different from absent.

        Elements and contexts without a report are left out and counted in the note; both are
        sorted by their number of present cells.
        """
        every = self.states()
        reported = every.isin([_STATES[code] for code in (THERE, MISSING, CONTESTED)])
        states = every.loc[reported.any(axis=1), reported.any(axis=0)]
        there = states == _STATES[THERE]
        states = states.loc[_most_first(there.sum(axis=1)), _most_first(there.sum(axis=0))]
        absent = int((states == _STATES[MISSING]).to_numpy().sum())
        units = _units(self.map, self.reports)
        named = states.set_axis(self.map.elements["name"][states.index], axis=0).set_axis(
            self.map.contexts["name"][states.columns], axis=1
        )
        with charts.style():
            return charts.matrix(
                charts.axes(ax, rows=named.shape[0], columns=named.shape[1]),
                named,
                title=(
                    f"Of {named.size:,} cells, {int(there.to_numpy().sum()):,} are reported "
                    f"present and {absent:,} absent"
                ),
                note=(
                    "Not asked is not absent. Left out, because nobody reported: "
                    f"{number_of(every.shape[0] - named.shape[0], 'element')} and "
                    f"{every.shape[1] - named.shape[1]} of {every.shape[1]} {units}."
                ),
                rows="elements",
                columns=units,
            )

    def methods(self) -> str:
        """How shares, classes and patterns were computed."""
        rule, units = self.rule, _units(self.map, self.reports)
        among = (
            f"the {len(self.reports.units)} {units} of the map, with the finite population "
            "correction"
            if rule.population == "listed"
            else f"an open list of {units}"
        )
        absence = (
            "Absence is what somebody stated."
            if rule.absence == "stated"
            else "Whoever answered and left an element out says that it is absent."
        )
        return (
            f"What holds in a context is what {_AGGREGATES[rule.aggregate]}; each reporter has "
            f"one vote, the latest. Ties are contested and enter no share. {absence} "
            f"The share of {units} has Wilson's score interval at {percent(rule.level)} over "
            f"{among} (Wilson 1927; Brown, Cai and DasGupta 2001). An element is universal where "
            f"the interval lies at {percent(rule.universal)} or above, context-specific at "
            f"{percent(rule.specific)} or below, intermediate between, and undetermined where "
            "the interval crosses a bound. A verdict is robust if it stands whatever the "
            f"{units} without a report would say (Manski 2003). "
            "Patterns are indicator values of groups (Dufrene and Legendre 1997), held against "
            f"{self.params['draws']:,} shuffles of labels in {self.params['tests']:,} tests, with "
            "the false discovery rate q (Benjamini and Hochberg 1995). Groupings: "
            f"{self.params['by'] or 'none'}. "
            f"The {_heard_units(self.map, self.reports)}: "
            f"{'; '.join(_heard_of(self.map, self.reports)) or 'none'}."
        )

    def alt_text(self) -> str:
        """The dot plot in words."""
        led = ""
        if self._number("universal"):
            best = self.table.iloc[0]
            led = f", led by {best['name']} ({best['present']} of {best['assessed']})"
        return (
            f"Dot plot of {number_of(len(self.table), 'element')} by share of assessed "
            f"{_units(self.map, self.reports)}, with {percent(self.rule.level)} intervals. "
            f"Universal: {self._number('universal')}{led}; intermediate: "
            f"{self._number('intermediate')}; context-specific: "
            f"{self._number('context-specific')}; undetermined: {self._number('undetermined')}. "
            "Values in sheet universality."
        )

    def _led(self, drawn: pd.DataFrame) -> str:
        """Which element is reported present most widely; nothing where nothing is drawn."""
        if drawn.empty:
            return ""
        best, units = drawn.iloc[0], _units(self.map, self.reports)
        return (
            f"First: {best['name']}, reported present in {best['present']} of {best['assessed']} "
            f"{units} assessed"
        )

    def _number(self, verdict: str) -> int:
        return int((self.table["verdict"] == verdict).sum())

    def _sentences(self, key: object, row: pd.Series) -> str:
        units, name = _units(self.map, self.reports), row["name"]
        if row["assessed"] == 0:
            return f"Nobody reported whether {name} is present anywhere: undetermined."
        listed = "" if pd.isna(row["contexts"]) else f", of {row['contexts']} listed"
        spread = interval(row["low"], row["high"], self.rule.level)
        said = [
            (
                f"{name} is reported present in {row['present']} of the {row['assessed']} {units} "
                f"assessed{listed} ({percent(row['share'])}, {spread}): {row['verdict']} among "
                f"the {_heard_units(self.map, self.reports)}."
            )
        ]
        if row["verdict"] == "undetermined":
            said.append(f"The share alone leans to {row['leaning']}; the reports do not decide it.")
        elif listed and not row["robust"]:
            said.append(f"The {units} without a report could change this class.")
        element = self.map.elements.index.get_loc(key)
        mine = _status(self.map, self.reports, self.rule.aggregate)[element]
        for code in (MISSING, CONTESTED):
            where = self.map.contexts.loc[self.reports.units[mine == code], "name"]
            if len(where):
                said.append(f"It is reported {_STATES[code]} in {_some(sorted(where))}.")
        if row["rolled_up"]:
            said.append("What is said of its parts counts for it.")
        if pd.notna(row["q"]):
            verdict = "consistent with a pattern" if row["q"] <= self.rule.q else "undetermined"
            said.append(
                f"The clearest pattern is {row['grouping']}: {row['group']} (indicator value "
                f"{row['indval']:.2f}, q {row['q']:.3f}), {verdict}."
            )
        return " ".join(said)

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        m, told = self.map, self.reports
        element = m.elements.index.get_loc(key)
        family = _family(_parents(m), element)
        own = told.tally.status(self.rule.aggregate)
        whole = _status(m, told, self.rule.aggregate)[element]
        parts = [_stated(m, told, family, own, whole), _unnamed(m, told, family, own, whole)]
        if self.rule.population == "listed":
            listed = m.table(CONTEXTS)
            listed = listed[listed["id"].isin(told.units)].assign(source=None)
            rows = evidence_rows(m, CONTEXTS, listed, listed["id"], "contexts")
            parts.append(rows.assign(reporter=None))
        return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)

    def _draw(self, ax: Axes) -> Axes:
        units = _units(self.map, self.reports)
        frame = self.table[self.table["assessed"] > 0]
        nowhere = len(self.table) - len(frame)
        return charts.dots(
            ax,
            frame,
            right=[f"{k} of {n}" for k, n in zip(frame["present"], frame["assessed"], strict=True)],
            bands=(
                (0.0, self.rule.specific, "context-specific"),
                (self.rule.universal, 1.0, "universal"),
            ),
            title=self._led(frame) or self.summary(),
            note=(
                f"Intervals at {percent(self.rule.level)}. Not drawn, because nobody reported on "
                f"them: {number_of(nowhere, 'element')}."
            ),
            xlabel=f"share of the {units} assessed",
        )


def universality(
    m: SystemMap,
    /,
    *,
    level: float = 0.90,
    universal: float = 0.75,
    specific: float = 0.25,
    population: Population = "listed",
    aggregate: Aggregate = "majority",
    absence: Absence = "stated",
    by: str | Sequence[str] | None = None,
    units: str | None = None,
    draws: int = 9999,
    rng: RNG = 0,
    q: float = 0.10,
) -> Universality:
    """Elements are universal, intermediate, context-specific or undetermined, among those asked.

    Parameters
    ----------
    level
        Two-sided level of the interval, between 0 and 1.
    universal, specific
        Shares of contexts: at or above the first an element is universal, at or below the second
        context-specific.
    population
        ``listed``: the contexts of the map are all there are. ``open``: they are some of many.
    aggregate
        How several reporters on one context count: ``majority``, ``any`` or ``all``.
    absence
        ``stated``: only a claim says that an element is absent. ``checklist``: whoever answered
        and left it out says so too.
    by
        Columns of contexts that may group them; by default all with 2 to 12 groups.
    units
        The kind of context that is counted; by default countries, else the commonest kind.
    draws, rng
        Shuffles of the group labels, raised where many tests need more, and their randomness.
    q
        The false discovery rate at which a pattern passes.

    Returns
    -------
    Universality
        One row per element: ``present`` of ``assessed`` of ``contexts``, the ``share`` with its
        interval, ``verdict``, ``leaning`` of the share alone, ``robust``, ``contested`` contexts,
        the clearest pattern (``grouping``, ``group``, ``indval``, ``q``) and ``rolled_up`` where
        parts count for a parent. A map without elements gives no rows; an element that nobody
        reported is undetermined.

    Raises
    ------
    UndecidableError
        If nothing was observed, if nobody said that anything is absent, or if checklists are
        wanted and nobody wrote down who was asked.
    ValueError
        If an option is none of its words, a share is out of order or `by` or `units` is unknown.

    Notes
    -----
    Wilson (1927) with the finite population correction; indicator values after Dufrene and
    Legendre (1997).

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["power"], "name": ["Power"], "area": ["Costing"]}),
    ...     "contexts": pd.DataFrame({"id": ["FJI", "WSM"], "name": ["Fiji", "Samoa"]}),
    ...     "observed": pd.DataFrame({
    ...         "element": "power", "context": ["FJI", "WSM"], "state": ["present", "absent"],
    ...     }),
    ... })
    >>> universality(m).frame[["present", "assessed", "share", "verdict"]]
             present  assessed  share       verdict
    element
    power          1         2    0.5  intermediate
    """
    rule = Rule(level, universal, specific, population, aggregate, absence, q)
    prevalence.one_of("population", population, get_args(Population))
    prevalence.one_of("aggregate", aggregate, get_args(Aggregate))
    prevalence.one_of("absence", absence, get_args(Absence))
    if not 0 < q < 1:
        raise ValueError(f"q is {q}; give a false discovery rate between 0 and 1, such as 0.10")
    counted = unit_contexts(m, units)
    told = prevalence.reports(m, counted, absence)
    if len(m.elements):
        _refuse_silence(m, told, rule)
    contexts = m.contexts.loc[counted]
    columns = pattern_tests.groupings(contexts, by)
    status = _status(m, told, aggregate)
    found = pattern_tests.patterns(status, contexts, columns, draws=draws, rng=rng, q=q)
    frame = _frame(m, told, rule, status, found)
    params = {
        **asdict(rule),
        "by": ", ".join(columns),
        "units": units or _units(m, told),
        "draws": found.draws,
        "rng": rng,
        "tests": found.tests,
    }
    caveats = (*usual_caveats(m, (OBSERVED,)), *_caveats(m, told, rule, frame, found))
    return Universality(m, frame, params, caveats, reports=told, rule=rule)


_AGGREGATES = {
    "majority": "the majority of its reporters say",
    "any": "any one of its reporters says is present",
    "all": "all of its reporters say is present",
}


def _refuse_silence(m: SystemMap, told: Reports, rule: Rule) -> None:
    """Raise UndecidableError where every element would be universal, or none could be."""
    if rule.absence == "checklist" and not has_ledger(m, OBSERVED):
        raise UndecidableError(
            "universality cannot be decided from checklists: nobody wrote down who was asked "
            "about observed.",
            missing="Add the sheet asked, with one row per source and scope.",
        )
    if not len(told.claims):
        raise UndecidableError(
            "universality cannot be decided: nobody reported an element from anywhere.",
            missing="Add the sheet observed.",
        )
    stated = (told.claims.frame["state"] != PRESENT).any()
    if rule.absence == "stated" and not stated:
        raise UndecidableError(
            "universality cannot be decided: nobody was able to say no, because no row of "
            "observed says absent and every element would be universal.",
            missing=(
                "Add rows with state absent to the sheet observed, or read answered checklists "
                'with absence="checklist".'
            ),
        )


def _frame(
    m: SystemMap, told: Reports, rule: Rule, status: CodeArray, found: Patterns
) -> pd.DataFrame:
    """One row per element, best first."""
    elements = m.elements
    shares = _shares(status, rule)
    listed = len(told.units) if rule.population == "listed" else pd.NA
    frame = pd.DataFrame(
        {
            "name": elements["name"].to_numpy(),
            "area": elements["area"].to_numpy(),
            "present": (status == THERE).sum(axis=1),
            "assessed": np.isin(status, (THERE, MISSING)).sum(axis=1),
            "contexts": pd.array([listed] * len(elements), dtype="Int64"),
            "share": shares.share,
            "low": shares.low,
            "high": shares.high,
            "verdict": prevalence.verdicts(shares.verdict, WORDS),
            "leaning": prevalence.verdicts(shares.leaning, WORDS, none=""),
            "robust": shares.robust,
            "contested": (status == CONTESTED).sum(axis=1),
            **{column: found.frame[column].to_numpy() for column in found.frame},
            "rolled_up": np.isin(np.arange(len(elements)), _parents(m)),
        },
        index=pd.Index(elements.index, name="element"),
    )
    text = ["name", "area", "verdict", "leaning", "grouping", "group"]
    frame = frame.astype(dict.fromkeys(text, "str"))
    return frame.sort_index().sort_values(["low", "share"], ascending=False, kind="stable")


def _shares(status: CodeArray, rule: Rule) -> stats.Prevalence:
    return stats.prevalence(
        (status == THERE).sum(axis=1),
        np.isin(status, (THERE, MISSING)).sum(axis=1),
        status.shape[1] if rule.population == "listed" else None,
        level=rule.level,
        upper=rule.universal,
        lower=rule.specific,
    )


def _parents(m: SystemMap) -> IntArray:
    """Position of each element's parent; -1 is none."""
    positions: IntArray = m.elements.index.get_indexer(m.elements["parent"])
    return positions


def _status(m: SystemMap, told: Reports, aggregate: Aggregate) -> CodeArray:
    """Codes of cells with the parts of an element taken into it."""
    return prevalence.rolled_up(told.tally.status(aggregate), _parents(m))


def _verdicts(m: SystemMap, told: Reports, rule: Rule, aggregate: Aggregate) -> pd.Index:
    return prevalence.verdicts(_shares(_status(m, told, aggregate), rule).verdict, WORDS)


def _family(parent: IntArray, element: int) -> IntArray:
    """Positions of an element and of all its parts."""
    inside = np.zeros(len(parent), dtype=bool)
    inside[element] = True
    while True:
        wider = inside | ((parent >= 0) & inside[parent])
        if (wider == inside).all():
            return np.flatnonzero(inside)
        inside = wider


# ---------------------------------------------------------------- evidence


def _stated(
    m: SystemMap, told: Reports, family: IntArray, own: CodeArray, whole: CodeArray
) -> pd.DataFrame:
    """Claims about an element and its parts, with what each counts in."""
    mine = np.flatnonzero(np.isin(told.claims.first, family))
    unit, element = told.unit[mine], told.claims.first[mine]
    present = (told.claims.frame["state"] == PRESENT).to_numpy(bool)[mine]
    cell, total = own[element, unit], whole[unit]
    agrees = np.where(present, cell == THERE, cell == MISSING) & told.stands[mine]
    counts_in = np.select(
        [
            unit < 0,
            (total == THERE) & present & agrees,
            (total == MISSING) & ~present & agrees,
            (total == CONTESTED) & (cell == CONTESTED),
        ],
        ["", "present; assessed", "assessed", "contested"],
        "",
    )
    frame = told.claims.frame.iloc[mine]
    rows = frame.assign(counts_in=counts_in)
    return evidence_rows(m, OBSERVED, rows, rows["context"], rows["counts_in"])


def _unnamed(
    m: SystemMap, told: Reports, family: IntArray, own: CodeArray, whole: CodeArray
) -> pd.DataFrame:
    """Ledger rows of answers that left an element or its parts out."""
    rows = told.unnamed
    if rows.empty:
        return no_evidence()
    pairs = rows.merge(pd.DataFrame({"element": family}), how="cross")
    pairs = pairs.merge(pd.DataFrame({"place": np.arange(len(told.units))}), how="cross")
    reached = (pairs["unit"].isin([-1]) | (pairs["unit"] == pairs["place"])) & (
        (pairs["area"] == -1) | (pairs["area"] == told.area[pairs["element"]])
    )
    pairs = pairs[reached]
    spoken = pd.DataFrame(
        {
            "reporter": told.claims.reporters[told.claims.reporter],
            "element": told.claims.first,
            "place": told.unit,
        }
    ).drop_duplicates()
    pairs = pairs.merge(spoken, how="left", indicator="heard")
    pairs = pairs[pairs["heard"] == "left_only"]
    cell = own[pairs["element"], pairs["place"]]
    total = whole[pairs["place"]]
    counts_in = np.select(
        [(total == MISSING) & (cell == MISSING), (total == CONTESTED) & (cell == CONTESTED)],
        ["assessed", "contested"],
        "",
    )
    entries = m.asked.loc[pairs["row"]]
    listed = entries.reset_index(names="label")
    found = evidence_rows(
        m,
        ASKED,
        listed,
        pd.Series(told.units[pairs["place"]], listed.index),
        pd.Series(counts_in, listed.index),
    )
    return found.assign(row=listed["label"]).drop_duplicates()


# ---------------------------------------------------------------- words


def _units(m: SystemMap, told: Reports) -> str:
    """What the contexts that are counted are called."""
    kinds = set(m.contexts.loc[told.units, "kind"].dropna())
    return "countries" if kinds == {COUNTRY} else "contexts"


def _heard_of(m: SystemMap, told: Reports) -> list[str]:
    """Names of the contexts with a report."""
    heard: BoolArray = np.logical_or.reduce(told.tally.told, axis=0)
    return sorted(m.contexts.loc[told.units[heard], "name"])


def _heard_units(m: SystemMap, told: Reports) -> str:
    """What the shares are among: nobody is called asked where no ledger says so."""
    return f"{_units(m, told)} {'asked' if has_ledger(m, OBSERVED) else 'assessed'}"


def _most_first(counts: pd.Series) -> pd.Index:
    return counts.sort_index().sort_values(ascending=False, kind="stable").index


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + more


def _caveats(
    m: SystemMap, told: Reports, rule: Rule, frame: pd.DataFrame, found: Patterns
) -> Iterable[str]:
    """What not to conclude from this run."""
    if frame.empty:
        return
    units, heard = _units(m, told), _heard_of(m, told)
    yield (
        f"Universal means universal among the {_heard_units(m, told)}: {len(heard)} of "
        f"{len(told.units)} have a report."
    )
    if told.elsewhere:
        yield (
            f"About other contexts (area, setting): {number_of(told.elsewhere, 'claim')}, not "
            f"spread over {units}."
        )
    if rule.absence == "checklist":
        yield "An element that an answered checklist leaves out counts as absent there."
    few = (frame["assessed"] < _FEW_CONTEXTS) & (frame["assessed"] != frame["contexts"].fillna(-1))
    if few.any():
        yield (
            f"Assessed in fewer than {_FEW_CONTEXTS} {units}: "
            f"{number_of(int(few.sum()), 'element')}. Undetermined is expected there: on an open "
            "list an element truly at 90 % is called universal in 28 % of samples of 12, and in "
            "39 % of samples of 20."
        )
    if frame["contested"].any():
        yield f"Contested and in no share: {number_of(int(frame['contested'].sum()), 'cell')}."
    others = [_verdicts(m, told, rule, a) for a in get_args(Aggregate)]
    changed = sum(len(set(words)) > 1 for words in zip(*others, strict=True))
    if changed:
        yield (
            f"{number_of(changed, 'verdict')} would change if reporters were combined in another "
            "way (any of them, or all of them)."
        )
    yield from _quality(told, units)
    yield from _untested(found, units)


def _quality(told: Reports, units: str) -> Iterable[str]:
    """How far effort and disagreement may explain the answer."""
    effort = told.effort()
    if not np.isnan(effort):
        warn = " It may be effort: who was asked more reports more." if effort > _EFFORT else ""
        yield (
            f"The rank correlation of reports per place with elements present there is "
            f"{effort:.2f} over the {units} with a report.{warn}"
        )
    alpha = told.tally.agreement()
    if not np.isnan(alpha):
        warn = (
            " Reporters do not agree enough for conclusions." if alpha < _ENOUGH_AGREEMENT else ""
        )
        yield (
            "Agreement of reporters where two or more reported (Krippendorff's alpha) is "
            f"{alpha:.2f}.{warn}"
        )


def _untested(found: Patterns, units: str) -> Iterable[str]:
    """What the tests of patterns could not see."""
    if found.tests:
        yield (
            "No pattern found is no proof that there is none: a group of 12 in 37 with 80 % "
            "against 30 % is found in 43 % of cases, a group of 8 in 18 %."
        )
    unlabelled = [f"{_spoken(g)} ({_some(names)})" for g, names in found.unlabelled.items()]
    if unlabelled:
        yield f"Tests leave out {units} without a label: {'; '.join(unlabelled)}."
    thin = [
        f"{_spoken(g)} ({_some([f'{label} for {number_of(n, _ONE)}' for label, n in told])})"
        for g, told in ((g, sorted(groups.items())) for g, groups in found.thin.items())
        if told
    ]
    if thin:
        yield (f"Tests leave out groups with fewer than two assessed {units}: {'; '.join(thin)}.")


def _spoken(grouping: str) -> str:
    """A grouping as people say it."""
    short = grouping.removeprefix("group_")
    return f"by {short.upper() if short in _ABBREVIATIONS else short.replace('_', ' ')}"
