"""What is found everywhere, and what only somewhere: elements, or influences with their sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from sysmap.core import charts, stats
from sysmap.core.claims import unit_contexts
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.parameters import one_of, seed_of
from sysmap.core.result import Result, small_print, usual_caveats
from sysmap.core.schema import CONTEXTS, COUNTRY, INFLUENCES, OBSERVED
from sysmap.core.stats import RNG, BoolArray, CodeArray, IntArray
from sysmap.core.words import first_few, interval, number_of, percent
from sysmap.measures.ledger import has_ledger
from sysmap.measures.prevalence import UNDETERMINED, Classes
from sysmap.measures.reporting import consistency, testimony
from sysmap.measures.reporting.patterns import Patterns, groupings, patterns, spoken
from sysmap.measures.reporting.reports import Absence, Reports, of_elements, of_influences
from sysmap.measures.reporting.votes import CONTESTED, MISSING, THERE, UNKNOWN, Aggregate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Of: TypeAlias = Literal["elements", "influences"]
Population: TypeAlias = Literal["listed", "open"]

WORDS = ("universal", "intermediate", "context-specific")
"""The high, the middle and the low class."""

ARROW = " → "
"""Stands between cause and effect in the name of an influence."""

_FEW_CONTEXTS = 20
_TEXTS = ("name", "area", "sign", "verdict", "leaning", "grouping", "group", consistency.DIRECTION)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is classified, and how people speak of it."""

    table: str
    noun: str
    yes: str
    no: str
    cells: tuple[str, str]
    report: str
    elsewhere: str


_KINDS = {
    "elements": _Kind(
        OBSERVED,
        "element",
        "present",
        "absent",
        ("present", "absent"),
        "a report",
        "area, setting",
    ),
    "influences": _Kind(
        INFLUENCES,
        "influence",
        "so",
        "the other way round",
        ("with the usual sign", "with the other sign"),
        "a sign from a context",
        "area, setting, or in general",
    ),
}
_AGGREGATES = {
    "majority": "what the majority of its reporters say",
    "any": "a yes as soon as one of its reporters says so",
    "all": "a yes only where all of its reporters say so",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes an element or an influence universal; parameters of `universality`."""

    of: Of
    level: float
    universal: float
    specific: float
    population: Population
    aggregate: Aggregate
    absence: Absence
    q: float

    @property
    def classes(self) -> Classes:
        """The rule for one share."""
        return Classes(WORDS, self.universal, self.specific, self.level)

    def counts(self, status: CodeArray) -> tuple[IntArray, IntArray, int | None]:
        """Units in which each subject is present, in which it was assessed, and that are listed."""
        present, assessed = (status == THERE).sum(axis=1), _assessed(status).sum(axis=1)
        return present, assessed, status.shape[1] if self.population == "listed" else None

    def shares(self, status: CodeArray, index: pd.Index) -> pd.DataFrame:
        """Counts of units and the shares that follow, one row per subject."""
        present, assessed, listed = self.counts(status)
        counts = pd.DataFrame(
            {
                "present": present,
                "assessed": assessed,
                "contexts": pd.array([listed] * len(index), dtype="Int64"),
            },
            index=index,
        )
        return counts.join(self.classes.frame(present, assessed, listed, index))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Universality(Result):
    """Elements, or influences, by the share of the contexts asked in which they hold.

    Parameters
    ----------
    reports
        The votes behind the frame.
    rule
        What makes an element or an influence universal.
    """

    reports: Reports = field(kw_only=True)
    rule: Rule = field(kw_only=True)

    question: ClassVar[str] = "Which elements are found everywhere, and which only somewhere?"

    def summary(self) -> str:
        """How many elements or influences fall into each class."""
        noun = self._kind.noun
        if self.table.empty:
            return f"There are no {noun}s to classify."
        n = {word: self._number(word) for word in (*WORDS, UNDETERMINED)}
        nowhere = int((self.table["assessed"] == 0).sum())
        unheard = f" ({nowhere:,} of them without {self._kind.report})" if nowhere else ""
        return (
            f"{n['universal']:,} of {number_of(len(self.table), noun)} "
            f"{'is' if n['universal'] == 1 else 'are'} universal among the {self._heard}, "
            f"{n['intermediate']:,} intermediate, {n['context-specific']:,} context-specific and "
            f"{n[UNDETERMINED]:,} undetermined{unheard}."
        )

    def sensitivity(self) -> pd.DataFrame:
        """The verdict of each subject under each aggregation of reporters, side by side.

        Returns
        -------
        pandas.DataFrame
            Index as in `frame`; columns ``majority``, ``any`` and ``all``.
        """
        words = _verdicts(self.reports, self.rule)
        frame = pd.DataFrame(words, index=self.reports.subjects, dtype="str")
        return frame.reindex(self.table.index)

    def groups(self, by: str) -> pd.DataFrame:
        """The same shares within each group of contexts: where it holds, and where not.

        Parameters
        ----------
        by
            A column of contexts that groups them.

        Returns
        -------
        pandas.DataFrame
            Index group and that of `frame`; columns present, assessed, contexts, share, low,
            high, verdict, leaning and robust. Contexts without a label are in no group.

        Raises
        ------
        ValueError
            If the column does not group contexts.
        """
        (column,) = groupings(self._contexts, by)
        labels = self._contexts[column].astype("str")
        status = self.reports.status(self.rule.aggregate)
        parts = {
            str(label): self.rule.shares(
                status[:, (labels == label).to_numpy(bool)], self.reports.subjects
            ).reindex(self.table.index)
            for label in sorted(labels.dropna().unique())
        }
        if not parts:
            parts = {"": self.rule.shares(status[:0, :0], self.reports.subjects[:0])}
        return pd.concat(parts, names=["group"])

    def states(self) -> pd.DataFrame:
        """What was reported of each subject in each context, in words.

        Returns
        -------
        pandas.DataFrame
            Elements or influences by contexts, both as ids in map order; cells are ``present``
            or ``absent`` (``strengthens`` or ``weakens`` for influences), ``contested``,
            ``not named`` (somebody answered and left it out, which is no absence), ``silent``
            (somebody was asked, nobody answered) and ``not asked``. Parts are not taken into
            their parents here.
        """
        return self.reports.states(self.rule.aggregate).rename_axis(index=self.table.index.names)

    def matrix(self, ax: Axes | None = None) -> Axes:
        """Draw elements or influences by contexts; not asked looks different from absent.

        Subjects and contexts without a report are left out and counted in the note; subjects
        stand in the order of the share of contexts in which they hold, contexts in that of the
        number of subjects that hold there.
        """
        status = self.reports.tally.status(self.rule.aggregate)
        told = pd.DataFrame(status != UNKNOWN, self.reports.subjects, self.reports.units)
        there = pd.DataFrame(status == THERE, self.reports.subjects, self.reports.units)
        rows = self.table.index[told.any(axis=1).reindex(self.table.index)]
        columns = _most_first(there.loc[:, told.any(axis=0)].sum(axis=0))
        shown = self.states().loc[rows, columns]
        named = shown.set_axis(self.table.loc[rows, "name"], axis=0).set_axis(
            self.map.contexts["name"][columns], axis=1
        )
        kind, units = self._kind, self._units
        left_out = len(self.table) - len(rows), len(self.reports.units) - len(columns)
        with charts.style(small_print(self.map)):
            return charts.matrix(
                charts.axes(ax, rows=named.shape[0], columns=named.shape[1]),
                named,
                title=(
                    f"Of {named.size:,} cells, {int((status == THERE).sum()):,} are reported "
                    f"{kind.cells[0]} and {int((status == MISSING).sum()):,} {kind.cells[1]}"
                ),
                note=(
                    "Not asked is not absent. Left out, because nobody reported: "
                    f"{number_of(left_out[0], kind.noun)} and {left_out[1]} of "
                    f"{len(self.reports.units)} {units}."
                ),
                rows=f"{kind.noun}s",
                columns=units,
            )

    def methods(self) -> str:
        """How shares, classes and patterns were computed."""
        rule, units = self.rule, self._units
        among = (
            f"the {len(self.reports.units)} {units} of the map, with the finite population "
            "correction"
            if rule.population == "listed"
            else f"an open list of {units}"
        )
        named = [spoken(g).removeprefix("by ") for g in str(self.params["by"]).split(", ") if g]
        heard = "; ".join(_names_of(self.map, self.reports, self.reports.heard)) or "none"
        return (
            f"What holds in a context is {_AGGREGATES[rule.aggregate]}; each reporter has "
            f"one vote, the latest. Ties are contested and enter no share. {self._absence()} "
            f"The share of {units} has Wilson's score interval at {percent(rule.level)} over "
            f"{among} (Wilson 1927; Brown, Cai and DasGupta 2001). It is called universal where "
            f"the interval lies at {percent(rule.universal)} or above, context-specific at "
            f"{percent(rule.specific)} or below, intermediate between, and undetermined where "
            "the interval crosses a bound. A verdict is robust if it stands whatever the "
            f"{units} without a report would say (Manski 2003). "
            "Patterns are indicator values of groups (Dufrene and Legendre 1997), held against "
            f"{self.params['draws']:,} shuffles of labels in {self.params['tests']:,} tests, with "
            "the false discovery rate q (Benjamini and Hochberg 1995). Groupings: "
            f"{', '.join(named) or 'none'}. With a report: {heard}."
        )

    def alt_text(self) -> str:
        """The dot plot in words."""
        led = ""
        if self._number("universal"):
            best = self.table.iloc[0]
            led = f", led by {best['name']} ({best['present']} of {best['assessed']})"
        rest = charts.left_out(self._heard_of)
        rest += " " * bool(rest)
        return (
            f"Dot plot of {number_of(len(self.table), self._kind.noun)} by share of assessed "
            f"{self._units}, with {percent(self.rule.level)} intervals. "
            f"Universal: {self._number('universal')}{led}; intermediate: "
            f"{self._number('intermediate')}; context-specific: "
            f"{self._number('context-specific')}; undetermined: {self._number(UNDETERMINED)}. "
            f"{rest}Values in sheet universality."
        )

    @property
    def _heard_of(self) -> pd.DataFrame:
        """The rows on which somebody reported, which the figure draws."""
        return self.table[self.table["assessed"] > 0]

    @property
    def _kind(self) -> _Kind:
        return _KINDS[self.rule.of]

    @property
    def _contexts(self) -> pd.DataFrame:
        """The contexts that are counted."""
        return self.map.contexts.loc[self.reports.units]

    @property
    def _units(self) -> str:
        return _called(self.map, self.reports)

    @property
    def _heard(self) -> str:
        return _heard_units(self.map, self.reports)

    def _number(self, verdict: str) -> int:
        return int((self.table["verdict"] == verdict).sum())

    def _absence(self) -> str:
        if self.rule.absence == "checklist":
            return f"Whoever answered and left an {self._kind.noun} out says no."
        if self.rule.of == "elements":
            return "Absence is what somebody stated."
        return (
            "The usual sign of an influence is that of most reports; a claim with the other sign "
            "says no, and one without a sign or a context is not counted. Strengths of -3 to 3 "
            "are averaged by random effects over contexts (restricted likelihood, "
            "Hartung-Knapp-Sidik-Jonkman; IntHout et al. 2014), with the 95 % prediction interval "
            "for one more context (Higgins, Thompson and Spiegelhalter 2009)."
        )

    def _sentences(self, key: object, row: pd.Series) -> str:
        units, name, rule = self._units, row["name"], self.rule
        if row["assessed"] == 0:
            return (
                f"Nobody reported whether {name} is present anywhere: undetermined."
                if rule.of == "elements"
                else f"Nobody reported the sign of {name} from a context: undetermined."
            )
        listed = "" if pd.isna(row["contexts"]) else f", of {row['contexts']} listed"
        spread = interval(row["low"], row["high"], rule.level)
        holds = f"{name} is reported present"
        if rule.of == "influences":
            cause, effect = name.split(ARROW)
            verb = "weaken" if row["sign"] == "-" else "strengthen"
            holds = f"{cause} is reported to {verb} {effect}"
        said = [
            (
                f"{holds} in {row['present']} of the {_counted(row['assessed'], units)} "
                f"assessed{listed} "
                f"({percent(row['share'])}, {spread}): {row['verdict']} among the {self._heard}."
            )
        ]
        if row.get("sign") == "":
            said.append("As many reports say the opposite.")
        if row["verdict"] == UNDETERMINED:
            said.append(f"The share alone leans to {row['leaning']}; the reports do not decide it.")
        elif listed and not row["robust"]:
            said.append(f"The {units} without a report could change this class.")
        said.extend(self._places(key, row))
        if row.get("rolled_up", False):
            said.append("What is said of its parts counts for it.")
        if pd.notna(row["q"]):
            said.append(self._pattern(key, row))
        if pd.notna(row.get("mean", np.nan)):
            said.append(_strength(row, units))
        return " ".join(said)

    def _places(self, key: object, row: pd.Series) -> Iterable[str]:
        """Where it holds if that is the smaller side, where it does not, and where it is tied."""
        mine = self._cells(key)
        telling = {
            THERE: f"It is reported {self._kind.yes}",
            MISSING: f"It is reported {self._kind.no}",
            CONTESTED: "Reports contradict each other",
        }
        if row["leaning"] == WORDS[0]:
            del telling[THERE]
        elif row["leaning"] == WORDS[2]:
            del telling[MISSING]
        for code, words in telling.items():
            where = _names_of(self.map, self.reports, mine == code)
            if where:
                yield f"{words} in {first_few(where)}."

    def _cells(self, key: object) -> CodeArray:
        """Codes of one subject, one per context."""
        status = self.reports.status(self.rule.aggregate)
        cells: CodeArray = status[self.reports.subjects.get_loc(key)]
        return cells

    def _pattern(self, key: object, row: pd.Series) -> str:
        """The clearest group, with its counts beside those of all others."""
        clear = "consistent with a pattern" if row["q"] <= self.rule.q else UNDETERMINED
        inside = (self._contexts[row["grouping"]] == row["group"]).to_numpy(bool)
        mine = self._cells(key)
        within, elsewhere = (
            f"{int((mine[side] == THERE).sum())} of {int(_assessed(mine[side]).sum())}"
            for side in (inside, ~inside)
        )
        return (
            f"The clearest pattern is {spoken(row['grouping'])}: {row['group']}, with {within} "
            f"{self._units} assessed against {elsewhere} elsewhere (indicator value "
            f"{row['indval']:.2f}, q {row['q']:.3f}): {clear}."
        )

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        told, m = self.reports, self.map
        at = told.subjects.get_loc(key)
        rows = testimony.testimony(m, told, at, self.rule.aggregate)
        if self.rule.population == "open":
            return rows
        return pd.concat([rows, testimony.listing(m, told)], ignore_index=True)

    def _draw(self, ax: Axes) -> Axes:
        units, noun = self._units, self._kind.noun
        frame = self._heard_of
        nowhere = len(self.table) - len(frame)
        title = self.summary()
        if len(frame):
            best = frame.iloc[0]
            title = (
                f"First: {best['name']}, reported {self._kind.yes} in {best['present']} of "
                f"{best['assessed']} {units} assessed"
            )
        return charts.dots(
            ax,
            frame,
            right=[f"{k} of {n}" for k, n in zip(frame["present"], frame["assessed"], strict=True)],
            bands=(
                (0.0, self.rule.specific, "context-specific"),
                (self.rule.universal, 1.0, "universal"),
            ),
            title=title,
            note=(
                f"Intervals at {percent(self.rule.level)}. Not drawn, because nobody reported on "
                f"them: {number_of(nowhere, noun)}."
            ),
            xlabel=f"share of the {units} assessed",
        )


def universality(
    m: SystemMap,
    /,
    *,
    of: Of = "elements",
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
    of
        ``elements``: in which contexts each is present. ``influences``: in which contexts each
        has its usual sign.
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
        Of influences, one row per ``(cause, effect)`` with the same columns, ``area`` that of the
        cause, ``present`` where it has its usual ``sign`` (blank if as many say either, and then
        +), and the strength over contexts: ``direction``, ``mean``, ``mean_low``, ``mean_high``,
        ``tau``, ``expected_low``, ``expected_high`` (missing unless five contexts have two
        reports).

    Raises
    ------
    UndecidableError
        If nothing was reported from a context, if nobody said that an element is absent, or if
        checklists are wanted and nobody wrote down who was asked.
    ValueError
        If an option is none of its words, a share is out of order, `by` or `units` is unknown or
        `draws` is negative.

    Notes
    -----
    Wilson (1927) with the finite population correction; indicator values after Dufrene and
    Legendre (1997); random effects over contexts after IntHout et al. (2014) and Higgins,
    Thompson and Spiegelhalter (2009).

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
    one_of("of", of, get_args(Of))
    rule = Rule(of, level, universal, specific, population, aggregate, absence, q)
    one_of("population", population, get_args(Population))
    one_of("aggregate", aggregate, get_args(Aggregate))
    stats.check_draws(draws)
    if not 0 < q < 1:
        raise ValueError(f"q is {q}; give a false discovery rate between 0 and 1, such as 0.10")
    counted = unit_contexts(m, units)
    told = (of_elements if of == "elements" else of_influences)(m, counted, absence)
    if len(told.subjects) or of == "influences":
        _refuse_silence(m, told, rule)
    contexts = m.contexts.loc[counted]
    columns = groupings(contexts, by)
    status = told.status(aggregate)
    found = patterns(status, contexts, columns, draws=draws, rng=rng, q=q)
    frame = _frame(m, told, rule, status, found)
    params = {
        **asdict(rule),
        "by": ", ".join(columns),
        "units": units or _called(m, told),
        "draws": found.draws,
        "rng": seed_of(rng),
        "tests": found.tests,
    }
    caveats = (*usual_caveats(m, (told.claims.table,)), *_caveats(m, told, rule, frame, found))
    return Universality(m, frame, params, caveats, reports=told, rule=rule)


def _refuse_silence(m: SystemMap, told: Reports, rule: Rule) -> None:
    """Raise UndecidableError where everything would be universal, or nothing could be."""
    table = told.claims.table
    if rule.absence == "checklist" and not has_ledger(m, table):
        raise UndecidableError(
            "universality cannot be decided from checklists: nobody wrote down who was asked "
            f"about {table}.",
            missing="Add the sheet asked, with one row per source and scope.",
        )
    votes = (told.subject >= 0) & ((told.unit >= 0) | (rule.of == "elements"))
    if not votes.any():
        what = "an element" if rule.of == "elements" else "an influence with its sign"
        raise UndecidableError(
            f"universality cannot be decided: nobody reported {what} from anywhere.",
            missing=(
                "Add the sheet observed."
                if rule.of == "elements"
                else "Add rows with sign and context to the sheet influences."
            ),
        )
    if rule.of == "elements" and rule.absence == "stated" and told.says_yes.all():
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
    """One row per element or influence, best first."""
    frame = rule.shares(status, told.subjects).assign(
        contested=(status == CONTESTED).sum(axis=1),
        **{column: found.frame[column].array for column in found.frame},
    )
    if rule.of == "elements":
        frame.insert(0, "name", m.elements["name"])
        frame.insert(1, "area", m.elements["area"])
        frame["rolled_up"] = np.isin(np.arange(len(told.parent)), told.parent)
        frame = frame.rename_axis(index="element")
    else:
        names = pd.concat([m.elements["name"], m.outcomes["name"]])
        cause, effect = (told.subjects.get_level_values(level) for level in (0, 1))
        pairs = zip(names.reindex(cause), names.reindex(effect), strict=True)
        frame.insert(0, "name", [f"{a}{ARROW}{b}" for a, b in pairs])
        frame.insert(1, "area", m.elements["area"].reindex(cause).to_numpy())
        frame.insert(2, "sign", np.select([told.sign > 0, told.sign < 0], ["+", "-"], ""))
        frame = frame.join(consistency.consistency(told))
    frame = frame.astype({text: "str" for text in _TEXTS if text in frame})
    return frame.sort_index().sort_values(["low", "share"], ascending=False, kind="stable")


def _verdicts(told: Reports, rule: Rule) -> dict[Aggregate, npt.NDArray[np.object_]]:
    """The verdict of each subject under each aggregation of reporters."""
    return {a: rule.classes.verdicts(*rule.counts(told.status(a))) for a in get_args(Aggregate)}


def _assessed(status: CodeArray) -> BoolArray:
    return np.isin(status, (THERE, MISSING))


# ---------------------------------------------------------------- words


def _called(m: SystemMap, told: Reports) -> str:
    """What the contexts that are counted are called."""
    contexts = m.table(CONTEXTS)
    kinds = set(contexts.loc[contexts["id"].isin(told.units), "kind"].dropna())
    return "countries" if kinds == {COUNTRY} else "contexts"


def _counted(number: int, units: str) -> str:
    """A number of contexts with what they are called."""
    return number_of(number, "country" if units == "countries" else "context", units)


def _names_of(m: SystemMap, told: Reports, units: BoolArray) -> list[str]:
    """Sorted names of some of the contexts that are counted."""
    return sorted(m.contexts.loc[told.units[units], "name"])


def _heard_units(m: SystemMap, told: Reports) -> str:
    """What the shares are among: nobody is called asked where no ledger says so."""
    return f"{_called(m, told)} {'asked' if has_ledger(m, told.claims.table) else 'assessed'}"


def _most_first(counts: pd.Series) -> pd.Index:
    return counts.sort_index().sort_values(ascending=False, kind="stable").index


def _strength(row: pd.Series, units: str) -> str:
    """The mean strength, and what one more context is expected to say."""
    meaning = {
        consistency.SAME: "one more is expected on the same side",
        consistency.DEPENDS: f"{units} differ, and one more may be on either side",
        consistency.UNDETERMINED: "the reports do not tell whether one more would agree",
    }[row[consistency.DIRECTION]]
    return (
        f"On the scale from -3 to 3 its mean strength is {row['mean']:.1f} "
        f"({row['mean_low']:.1f} to {row['mean_high']:.1f}), and one more of these {units} is "
        f"expected between {row['expected_low']:.1f} and {row['expected_high']:.1f}: {meaning}."
    )


def _caveats(
    m: SystemMap, told: Reports, rule: Rule, frame: pd.DataFrame, found: Patterns
) -> Iterable[str]:
    """What not to conclude from this run."""
    if frame.empty:
        return
    units, kind = _called(m, told), _KINDS[rule.of]
    yield (
        f"Universal means universal among the {_heard_units(m, told)}: {int(told.heard.sum())} of "
        f"{len(told.units)} have a report."
    )
    if told.elsewhere:
        yield (
            f"About other contexts ({kind.elsewhere}): {number_of(told.elsewhere, 'claim')}, not "
            f"spread over {units}."
        )
    unsigned = int((told.subject < 0).sum())
    if unsigned:
        yield f"Without a sign, and so in no share: {number_of(unsigned, 'claim')}."
    if rule.absence == "checklist":
        yield f"An {kind.noun} that an answered checklist leaves out counts as a no there."
    few = (frame["assessed"] < _FEW_CONTEXTS) & (frame["assessed"] != frame["contexts"].fillna(-1))
    if few.any():
        yield (
            f"Assessed in fewer than {_FEW_CONTEXTS} {units}: "
            f"{number_of(int(few.sum()), kind.noun)}. Undetermined is expected there: on an open "
            "list an element truly at 90 % is called universal in 28 % of samples of 12, and in "
            "39 % of samples of 20."
        )
    whole = int((frame["assessed"] == frame["contexts"].fillna(-1)).sum())
    if whole:
        yield (
            f"Assessed in all {len(told.units)} {units}: {number_of(whole, kind.noun)}. Nobody is "
            "left to ask, so the interval has no width; it does not allow for reports that are "
            "wrong, and a share next to a bound may belong on its other side."
        )
    if frame["contested"].any():
        yield f"Contested and in no share: {number_of(int(frame['contested'].sum()), 'cell')}."
    words = _verdicts(told, rule).values()
    changed = sum(len(set(others)) > 1 for others in zip(*words, strict=True))
    if changed:
        yield (
            f"{number_of(changed, 'verdict')} would change if reporters were combined in another "
            "way (any of them, or all of them)."
        )
    if rule.of == "elements":
        yield from told.effort_told(units)
    yield from told.agreement_told()
    yield from found.untested(units, kind.noun)
