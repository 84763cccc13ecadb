"""Which outcomes members share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, stats
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.parameters import seed_of
from sysmap.core.result import Result, evidence_rows, joined, usual_caveats
from sysmap.core.schema import ASKED, SEEKS, YES
from sysmap.core.stats import RNG
from sysmap.core.words import interval, number_of, percent
from sysmap.measures import ledger
from sysmap.measures.prevalence import UNDETERMINED, Classes
from sysmap.measures.seeking import Seeking, seeking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS = ("common", "shared", "niche")
"""The high, the middle and the low class."""

_SPOKEN = {"un_agency": "UN agencies", "ngo": "NGOs", "private": "private sector"}
_NO_GROUP = "not stated"
_EVERYTHING, _HALF = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far members rank the outcomes alike.

    Parameters
    ----------
    w
        Kendall's coefficient of concordance, 0 none to 1 full; NaN if it is not defined.
    chi2, df, p
        Its chi-square, degrees of freedom and permutation p.
    borda
        Ids of the outcomes with the best mean rank, joined by ``; ``; empty if nobody ranks.
    condorcet
        Id of the outcome that beats every other by majority; empty if there is none.
    differ
        True where there is a Condorcet winner, and it is not the Borda winner.
    """

    w: float
    chi2: float
    df: int
    p: float
    borda: str
    condorcet: str
    differ: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes an outcome common; parameters of `common_outcomes`."""

    level: float
    common: float
    niche: float

    @property
    def classes(self) -> Classes:
        """The rule for one share."""
        return Classes(WORDS, self.common, self.niche, self.level)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CommonOutcomes(Result):
    """Outcomes by the share of responding members that seek them.

    Parameters
    ----------
    agreement
        How far members rank the outcomes alike.
    rule
        What makes an outcome common.
    by
        The column of organizations that tells constituencies apart.
    """

    agreement: Agreement = field(kw_only=True)
    rule: Rule = field(kw_only=True)
    by: str = field(kw_only=True)

    question: ClassVar[str] = "Which outcomes do members share?"

    def constituencies(self) -> pd.DataFrame:
        """The same columns for each constituency of the members.

        Returns
        -------
        pandas.DataFrame
            Index (group, outcome), groups sorted, best outcome first within each. Members whose
            constituency is blank form the group ``not stated``.
        """
        answers = seeking(self.map)
        groups = self.map.organizations.loc[answers.members, self.by].fillna(_NO_GROUP)
        parts = {
            name: _frame(self.map, answers.of((groups == name).to_numpy(bool)), self.rule)
            for name in sorted(set(groups))
        }
        if not parts:
            empty = self.table.iloc[:0]
            index = pd.MultiIndex.from_arrays([[], []], names=["group", "outcome"])
            return empty.set_axis(index, axis=0)
        return pd.concat(parts, names=["group", "outcome"])

    def summary(self) -> str:
        """How many outcomes are common, and how many members answered."""
        if self.table.empty:
            return "There are no outcomes to classify."
        n = {word: self._number(word) for word in (*WORDS, "undetermined")}
        return (
            f"{n['common']} of {number_of(len(self.table), 'outcome')} "
            f"{'is' if n['common'] == 1 else 'are'} common among the "
            f"{number_of(self._responding, self._noun)} {self._heard}, {n['shared']} shared, "
            f"{n['niche']} niche and {n['undetermined']} undetermined."
        )

    def methods(self) -> str:
        """How shares, classes and agreement were computed."""
        rule, agreed = self.rule, self.agreement
        members = len(ledger.members(self.map))
        concordance = (
            "Too few organizations rank the outcomes for a coefficient of concordance."
            if np.isnan(agreed.w)
            else (
                f"Kendall's W is {agreed.w:.2f} (chi-square {agreed.chi2:.2f} on {agreed.df} "
                f"degrees of freedom, p {agreed.p:.4f}; Legendre 2005)."
            )
        )
        return (
            f"The share of an outcome is the {self._noun}s that seek it among those "
            f"{self._heard}, with Wilson's score interval at {percent(rule.level)} and the finite "
            f"population correction for {number_of(members, 'member')} (Wilson 1927; Brown, Cai "
            "and DasGupta 2001). An outcome is common where the interval lies at "
            f"{percent(rule.common)} or above, niche at {percent(rule.niche)} or below, shared "
            "between, and undetermined where the interval crosses a bound. Priority is the mean "
            "place among the outcomes, 1 for first by all (Borda); consensus is that of importance "
            f"(Tastle and Wierman 2007). {concordance} "
            f"Permutations: {self.params['draws']:,}."
        )

    def alt_text(self) -> str:
        """The dot plot in words."""
        led = self._led()
        return (
            f"Dot plot of {number_of(len(self.table), 'outcome')} by share of the {self._noun}s "
            f"{self._heard} that seek them, with {percent(self.rule.level)} intervals."
            f"{f' {led}.' if led else ''} "
            f"Common: {self._number('common')}; undetermined: {self._number('undetermined')}. "
            "Values in sheet common_outcomes."
        )

    def _led(self) -> str:
        """Which outcome comes first; nothing where nobody is heard."""
        if not self._responding:
            return ""
        best = self.table.iloc[0]
        return (
            f"Sought most: {best['name']}, by {best['seeking']} of the "
            f"{number_of(best['responding'], self._noun)} {self._heard}"
        )

    @property
    def _noun(self) -> str:
        """What the denominator counts: nobody is called a member whom nobody marked as one."""
        return "organization" if self.map.organizations["member"].isna().all() else "member"

    @property
    def _heard(self) -> str:
        """How the denominator was heard: without a ledger nobody was asked."""
        return "that responded" if ledger.has_ledger(self.map, SEEKS) else "said to seek anything"

    @property
    def _responding(self) -> int:
        return int(self.table["responding"].max()) if len(self.table) else 0

    def _number(self, verdict: str) -> int:
        return int((self.table["verdict"] == verdict).sum())

    def _sentences(self, key: object, row: pd.Series) -> str:
        members = len(ledger.members(self.map))
        if row["responding"] == 0:
            return f"None of {number_of(members, self._noun)} answered: undetermined."
        said = [
            (
                f"{row['name']} is sought by {row['seeking']} of the "
                f"{number_of(row['responding'], self._noun)} {self._heard}, of {members} in all "
                f"({percent(row['share'])}, "
                f"{interval(row['low'], row['high'], self.rule.level)}): {row['verdict']}."
            )
        ]
        if row["verdict"] == UNDETERMINED:
            said.append(f"The share alone leans to {row['leaning']}; the answers do not decide it.")
        groups = self.constituencies()
        mine = groups.xs(key, level="outcome")
        heard = mine[mine["responding"] > 0]
        if len(heard) > 1:
            parts = [
                f"{_spoken(str(group))}: {line['seeking']} of {line['responding']}"
                for group, line in heard.iterrows()
            ]
            said.append(f"By constituency, {'; '.join(parts)}.")
        if not np.isnan(row["priority"]):
            said.append(
                f"Its priority is {row['priority']:.2f}, where 1 is first for all who rank."
            )
        return " ".join(said)

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        m = self.map
        answers = seeking(m)
        heard = set(answers.members[answers.responded])
        told = m.links(SEEKS)
        told = told[told["outcome"] == key]
        counts = told["organization"].isin(heard).map({True: "seeking", False: ""}).astype("str")
        asked = ledger.entries(m, SEEKS)
        answered = asked["organization"].isin(heard) & (asked["answered"] == YES)
        return pd.concat(
            [
                evidence_rows(m, SEEKS, told, told["organization"], counts),
                evidence_rows(
                    m,
                    ASKED,
                    asked,
                    asked["organization"],
                    answered.map({True: "responding", False: ""}).astype("str"),
                ),
            ]
        )

    def _draw(self, ax: Axes) -> Axes:
        frame = self.table
        return charts.dots(
            ax,
            frame,
            right=[
                f"{k} of {n}" for k, n in zip(frame["seeking"], frame["responding"], strict=True)
            ],
            bands=((0.0, self.rule.niche, "niche"), (self.rule.common, 1.0, "common")),
            title=self._led() or self.summary(),
            note=(
                f"Among the {self._responding} of "
                f"{number_of(len(ledger.members(self.map)), self._noun)} {self._heard}; "
                f"intervals at {percent(self.rule.level)}."
            ),
            xlabel=f"share of the {self._noun}s {self._heard}",
        )


def common_outcomes(
    m: SystemMap,
    /,
    *,
    level: float = 0.90,
    common: float = 0.50,
    niche: float = 0.25,
    by: str = "kind",
    draws: int = 9999,
    rng: RNG = 0,
) -> CommonOutcomes:
    """Outcomes are common, shared, niche or undetermined among the members that responded.

    Parameters
    ----------
    level
        Two-sided level of the interval, between 0 and 1.
    common, niche
        Shares of members: at or above the first an outcome is common, at or below the second
        niche.
    by
        The column of organizations that tells constituencies apart.
    draws, rng
        Permutations for the agreement of rankings, and their randomness.

    Returns
    -------
    CommonOutcomes
        One row per outcome: ``seeking`` of ``responding``, the ``share`` with its interval,
        ``verdict``, ``priority`` (1 is first for all who rank, missing if nobody does) and
        ``consensus`` of importance (missing below two answers). A map without outcomes gives no
        rows; if all members were silent every outcome is undetermined.

    Raises
    ------
    UndecidableError
        If nobody seeks anything and nobody was asked.
    ValueError
        If a share is out of order, `by` is no column of organizations or `draws` is below 1.

    Notes
    -----
    Wilson (1927) with the finite population correction; Kendall's W after Legendre (2005);
    consensus after Tastle and Wierman (2007).

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["Aurora", "Borealis"]}),
    ...     "outcomes": pd.DataFrame({"id": ["light"], "name": ["Light"]}),
    ...     "seeks": pd.DataFrame({"organization": ["a", "b"], "outcome": "light"}),
    ... })
    >>> common_outcomes(m).frame[["seeking", "responding", "share", "verdict"]]
             seeking  responding  share verdict
    outcome
    light          2           2    1.0  common
    """
    columns = [c for c in m.organizations.columns if c not in ("name", "visibility")]
    if by not in columns:
        raise ValueError(
            f"by is {by!r}, which is no column of organizations; there are: {', '.join(columns)}"
        )
    asked = len(ledger.entries(m, SEEKS))
    if len(m.outcomes) and not len(m.links(SEEKS)) and not asked:
        raise UndecidableError(
            "common_outcomes cannot be decided: nobody said which outcomes they seek.",
            missing="Add the sheet seeks.",
        )
    stats.check_draws(draws, least=1)
    rule, answers = Rule(level, common, niche), seeking(m)
    frame = _frame(m, answers, rule)
    agreement = _agreement(m, answers, draws, rng)
    params = {
        "level": level,
        "common": common,
        "niche": niche,
        "by": by,
        "draws": draws,
        "rng": seed_of(rng),
        "members": len(answers.members),
    }
    caveats = tuple(_caveats(m, answers, frame, agreement))
    return CommonOutcomes(m, frame, params, caveats, agreement=agreement, rule=rule, by=by)


def _frame(m: SystemMap, answers: Seeking, rule: Rule) -> pd.DataFrame:
    """One row per outcome, best first."""
    outcomes, listed = m.outcomes, len(answers.members)
    sought, responding = answers.seeks.sum(axis=0), int(answers.responded.sum())
    scale = (answers.importance[:, :, None] == np.arange(1, 6)).sum(axis=0)
    frame = pd.DataFrame(
        {
            "name": outcomes["name"],
            "seeking": sought,
            "responding": responding,
            **rule.classes.frame(sought, np.full_like(sought, responding), listed, outcomes.index),
            "priority": answers.priority(),
            "consensus": stats.consensus(scale),
        },
        index=pd.Index(outcomes.index, name="outcome"),
    ).astype({"name": "str", "seeking": "int64", "responding": "int64"})
    return frame.sort_index().sort_values(["share", "priority"], ascending=False, kind="stable")


def _agreement(m: SystemMap, answers: Seeking, draws: int, rng: RNG) -> Agreement:
    """Concordance of the rankings, and who wins by mean rank and by majority."""
    ids, places = m.outcomes.index, answers.priority()
    agreed = stats.kendall_w(answers.rank, draws=draws, rng=rng)
    ranked = bool((~np.isnan(places)).any())
    best = ids[places >= np.nanmax(places) - 1e-12] if ranked else ids[:0]
    borda = joined(sorted(best))
    winner = stats.condorcet(answers.rank)
    condorcet = str(ids[winner]) if winner >= 0 else ""
    return Agreement(
        agreed.w,
        agreed.chi2,
        agreed.df,
        agreed.p,
        borda,
        condorcet,
        bool(condorcet) and condorcet != borda,
    )


def _caveats(
    m: SystemMap, answers: Seeking, frame: pd.DataFrame, agreement: Agreement
) -> Iterable[str]:
    """What not to conclude from this run; a low response stands first."""
    members, responding = len(answers.members), int(answers.responded.sum())
    if ledger.has_ledger(m, SEEKS) and responding < _HALF * members:
        yield (
            f"Only {responding} of {members} members responded ({percent(responding / members)}); "
            "the others may seek something else."
        )
    elif len(frame) and not ledger.has_ledger(m, SEEKS):
        yield (
            "Nobody was asked which outcomes they seek: the share is among the "
            f"{responding} of {members} organizations for which a source names at least one "
            "outcome, and the others may seek anything. Add rows to the sheet asked."
        )
    yield from usual_caveats(m, (SEEKS,))
    if frame.empty:
        return
    if m.organizations["member"].isna().all():
        yield "No organization is marked as a member or not, so all of them count as members."
    uncounted = ~m.links(SEEKS)["organization"].isin(answers.members[answers.responded])
    if uncounted.any():
        yield (
            f"Not counted: {number_of(int(uncounted.sum()), 'claim')} about organizations that "
            "are no members or did not respond."
        )
    if responding and (frame["share"] > _EVERYTHING).all():
        yield (
            "Nearly everybody seeks every outcome: people may have ticked what is expected of "
            "them (social desirability), and the shares tell the outcomes apart poorly."
        )
    if agreement.differ:
        yield (
            f"By mean rank the first outcome is {_named(m, agreement.borda)}, by majority in pairs "
            f"it is {_named(m, agreement.condorcet)}: say which rule is meant."
        )
    yield "Read common beside the counts by constituency: a large one outvotes a small one."


def _spoken(group: str) -> str:
    """A constituency as people say it; words of the user's own stay as they are."""
    return _SPOKEN.get(group, group)


def _named(m: SystemMap, ids: str) -> str:
    """Names of outcomes for ids that are one text."""
    return "; ".join(m.outcomes["name"][ids.split("; ")])
