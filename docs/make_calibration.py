"""Write docs/methods/calibration.md: how often verdicts on simulated surveys are right.

``python docs/make_calibration.py`` draws the surveys again and writes the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from sysmap.analyses.universality import universality
from sysmap.core import stats
from sysmap.core.words import number_of
from sysmap.measures.reporting import patterns
from sysmap.measures.reporting.votes import MISSING, THERE, tally
from sysmap.simulate import planted
from sysmap.simulate.places import Survey, survey
from sysmap.simulate.plan import Plan
from sysmap.simulate.portfolios import sought

PAGE = Path(__file__).parent / "methods" / "calibration.md"
RUNS, SEED = 1000, 20260101
CLASSES = {stats.HIGH: "universal", stats.MIDDLE: "intermediate", stats.LOW: "context-specific"}
SOUGHT = {stats.HIGH: "common", stats.MIDDLE: "shared", stats.LOW: "niche"}
DIRECTIONS = ("universal", "context-dependent", "undetermined")
RESPONDENTS, ASKED = (1, 2, 3, 5), (9, 12, 20, 30, 37)
NEAR = (7, 8, 9, 10, 11, 12, 25, 26, 27, 28, 29, 30, 31)
LEVEL = 0.10

Population = Literal["listed", "open"]
Rate = tuple[float, int]
"""How many, of how many."""
Rows = dict[tuple[str, ...], list[Rate]]


def survey_plan(**changes: object) -> Plan:
    """A survey about elements alone, a third of each class; nothing else is drawn."""
    return Plan(**{**_alone(), **changes})  # type: ignore[arg-type]  # params of a Plan


def noise_plan(**changes: object) -> Plan:
    """The same about elements that care for no group."""
    return survey_plan(**{"mix": None, "focus": 0.0, **changes})


@cache
def _alone() -> Mapping[str, object]:
    nothing = {"outcomes": 0, "portfolio": 0, "links": 0, "loops": 0, "pairs": 0, "ties": 0}
    made = planted(mix=(1 / 3, 1 / 3, 1 / 3), patterned=0, **nothing)  # type: ignore[arg-type]
    return {name: value for name, value in made.params.items() if name != "rng"}


@dataclass(frozen=True, slots=True)
class Table:
    """Rates of one table of the page.

    Parameters
    ----------
    keys, columns
        Heads of the columns that name a row, and of those that hold rates.
    rows
        One list of rates per row.
    """

    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Mapping[tuple[str, ...], Sequence[Rate]]


def status(told: Survey) -> stats.CodeArray:
    """What the reports come to, cell by cell, as `universality` counts them."""
    never = np.full(len(told.element), np.datetime64("NaT", "D"))
    shape = told.real.there.shape
    votes, _ = tally(
        told.element, told.where, told.voice, told.present, never, (shape[0], shape[1])
    )
    return votes.status()


def verdicts(cells: stats.CodeArray, population: Population = "listed") -> stats.CodeArray:
    """The class of each element, as `universality` gives it."""
    present, told = (cells == THERE).sum(axis=1), np.isin(cells, (THERE, MISSING)).sum(axis=1)
    listed = cells.shape[1] if population == "listed" else None
    return stats.prevalence(present, told, listed).verdict


def judged(
    plan: Plan, runs: int, *place: int, population: Population = "listed"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True counts, true classes and verdicts of the elements of many surveys, run by run."""
    counts, classes, given = [], [], []
    for run in range(runs):
        told = survey(plan, np.random.default_rng([SEED, *place, run]))
        count = told.real.there.sum(axis=1)
        counts.append(count)
        classes.append(stats.prevalence(count, plan.contexts, plan.contexts).verdict)
        given.append(verdicts(status(told), population))
    return np.array(counts), np.array(classes), np.array(given)


def wrong(classes: np.ndarray, given: np.ndarray) -> np.ndarray:
    """A verdict is wrong if it is definite and not the class of the true share."""
    mistaken: np.ndarray = (given != stats.UNDETERMINED) & (given != classes)
    return mistaken


def _outcomes_of(classes: np.ndarray, given: np.ndarray) -> list[Rate]:
    """By class: recovered, undetermined, wrong; then wrong of all."""
    rates: list[Rate] = []
    bad = wrong(classes, given)
    for code in CLASSES:
        mine = classes == code
        n = int(mine.sum())
        recovered, open_ = given[mine] == code, given[mine] == stats.UNDETERMINED
        rates += [(int(recovered.sum()), n), (int(open_.sum()), n), (int(bad[mine].sum()), n)]
    return [*rates, (int(bad.sum()), bad.size)]


def by_respondents(runs: int) -> Table:
    """Respondents per context by contexts asked."""
    rows: Rows = {}
    for i, respondents in enumerate(RESPONDENTS):
        for j, asked in enumerate(ASKED):
            _, classes, given = judged(
                survey_plan(respondents=respondents, asked=asked), runs, 1, i, j
            )
            rows[str(respondents), str(asked)] = _outcomes_of(classes, given)
    columns = [
        f"{word}: {what}" for word in CLASSES.values() for what in ("right", "undecided", "wrong")
    ]
    return Table(KEYS["respondents"], (*columns, "wrong of all"), rows)


def by_population(runs: int) -> Table:
    """All contexts asked, taken as all there are and as some of many."""
    rows: Rows = {}
    populations: tuple[Population, ...] = ("listed", "open")
    for i, respondents in enumerate(RESPONDENTS):
        rates: list[Rate] = []
        for population in populations:
            plan = survey_plan(respondents=respondents)
            _, classes, given = judged(plan, runs, 7, i, population=population)
            for what in (given == classes, given == stats.UNDETERMINED, wrong(classes, given)):
                rates.append((int(what.sum()), what.size))
        rows[(str(respondents),)] = rates
    columns = tuple(f"{p}: {what}" for p in populations for what in ("right", "undecided", "wrong"))
    return Table(KEYS["population"], columns, rows)


def by_count(runs: int) -> Table:
    """Wrong verdicts by the true number of contexts."""
    columns: list[str] = []
    rows: Rows = {}
    for i, (respondents, asked) in enumerate(((3, 37), (3, 20), (1, 37))):
        counts, classes, given = judged(
            survey_plan(respondents=respondents, asked=asked), runs, 2, i
        )
        bad = wrong(classes, given)
        columns.append(f"{number_of(respondents, 'respondent')}, {asked} asked")
        for count in NEAR:
            mine = counts == count
            code = int(stats.prevalence(count, 37, 37).verdict)
            key = (str(count), CLASSES[code])
            rows.setdefault(key, []).append((int(bad[mine].sum()), int(mine.sum())))
        rest = ~np.isin(counts, NEAR)
        key = ("any other", "any")
        rows.setdefault(key, []).append((int(bad[rest].sum()), int(rest.sum())))
    return Table(KEYS["counts"], tuple(columns), rows)


def by_reporters(runs: int) -> Table:
    """Wrong verdicts by what reporters know."""
    rows: Rows = {}
    pairs = ((3, 20), (3, 37), (5, 37))
    for i, sensitivity in enumerate((0.7, 0.8, 0.9, 0.95)):
        for j, false in enumerate((0.02, 0.05, 0.10)):
            rates: list[Rate] = []
            for k, (respondents, asked) in enumerate(pairs):
                plan = survey_plan(
                    respondents=respondents, asked=asked, sensitivity=sensitivity, false=false
                )
                _, classes, given = judged(plan, runs, 3, i, j, k)
                bad = wrong(classes, given)
                rates.append((int(bad.sum()), bad.size))
            rows[f"{sensitivity:.2f}", f"{false:.2f}"] = rates
    columns = tuple(f"{respondents} respondents, {asked} asked" for respondents, asked in pairs)
    return Table(KEYS["reporters"], columns, rows)


def discoveries(plan: Plan, seeds: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Which elements of a survey pass with a pattern, and which of them name the right group."""
    told = survey(plan, np.random.default_rng(seeds))
    contexts = pd.DataFrame({"name": np.arange(plan.contexts), **told.groups})
    by = sorted(told.groups)
    # patterns raises the draws to tests / q
    frame = patterns.patterns(status(told), contexts, by, draws=999, rng=0, q=LEVEL).frame
    passed = (frame["q"] <= LEVEL).to_numpy(bool)
    right = (frame["group"] == pd.Series(told.real.group, dtype="str")).to_numpy(bool)
    return passed, passed & right


def is_patterned(told: Survey) -> np.ndarray:
    """Elements that follow a group."""
    return np.array([group is not None for group in told.real.group])


def by_pattern(runs: int) -> Table:
    """Discoveries in noise, and beside planted patterns."""
    rows: Rows = {}
    runs = max(runs // 5, 1)
    names = ("told without error", "3 respondents")
    honest = {"sensitivity": 1.0, "false": 0.0, "skipped": 0.0, "respondents": 1}
    one = {"region": (12, 12, 13)}
    reports: tuple[dict[str, float], ...] = (honest, {"respondents": 3})
    for i, changes in enumerate(reports):
        empty = noise_plan(elements=167, **changes)
        any_ = sum(int(discoveries(empty, (SEED, 4, i, r))[0].any()) for r in range(runs))
        rows.setdefault(("noise: runs with any discovery", "at most 10"), []).append((any_, runs))
        mixed = survey_plan(elements=50, patterned=5, groupings=one, **changes)
        found, right, false_share = 0, 0, 0.0
        for run in range(runs):
            seeds = (SEED, 5, i, run)
            passed, named = discoveries(mixed, seeds)
            real = is_patterned(survey(mixed, np.random.default_rng(seeds)))
            found += int(passed[real].sum())
            right += int(named[real].sum())
            false_share += float(passed[~real].sum() / max(passed.sum(), 1))
        of = 5 * runs
        for key, rate in {
            ("planted: mean false share of discoveries", "at most 10"): (false_share, runs),
            ("planted: found", "at least 95"): (found, of),
            ("planted: right group, of the found", "at least 99"): (right, found),
        }.items():
            rows.setdefault(key, []).append(rate)
    return Table(KEYS["patterns"], names, rows)


def by_link(runs: int) -> Table:
    """Directions of planted links, on maps; a map for every twenty surveys of the other tables."""
    rows: Rows = {}
    alone = {"outcomes": 4, "portfolio": 0, "loops": 0, "pairs": 0, "ties": 0, "patterned": 0}
    for i, (respondents, asked) in enumerate(((2, 20), (3, 12), (3, 37), (5, 37))):
        found = []
        for run in range(max(runs // 20, 1)):
            random = np.random.default_rng([SEED, 8, i, run])
            s = planted(
                elements=16, links=30, respondents=respondents, asked=asked, rng=random, **alone
            )
            frame = universality(s.map, of="influences", by=[]).frame
            truth = s.truth["influences"]
            found.append(truth.assign(direction=frame["direction"].reindex(truth.index)))
        told = pd.concat(found)
        for kind in ("universal", "context-dependent", "noise"):
            mine = told.loc[told["kind"] == kind, "direction"]
            rows[str(respondents), str(asked), kind] = [
                (int((mine == word).sum()), len(mine)) for word in DIRECTIONS
            ]
    return Table(KEYS["influences"], DIRECTIONS, rows)


def by_members(runs: int) -> Table:
    """Outcomes by the share of members that answer; who answers is drawn at random."""
    rows: Rows = {}
    for i, members in enumerate((12, 24, 60)):
        plan = survey_plan(organizations=members, outcomes=24, respondents=1)
        for j, replying in enumerate((0.3, 0.5, 0.7, 0.9)):
            n = round(replying * members)
            classes, given = [], []
            for run in range(runs):
                random = np.random.default_rng([SEED, 6, i, j, run])
                seeks = sought(plan, np.zeros(members, dtype=np.int64), random)
                replied = random.permutation(members)[:n]
                bounds = {"upper": 0.50, "lower": 0.25}
                truth = stats.prevalence(seeks.sum(axis=1), members, members, **bounds)
                told = stats.prevalence(seeks[:, replied].sum(axis=1), n, members, **bounds)
                classes.append(truth.verdict)
                given.append(told.verdict)
            rows[str(members), str(n)] = _outcomes_of(np.array(classes), np.array(given))
    columns = [
        f"{word}: {what}" for word in SOUGHT.values() for what in ("right", "undecided", "wrong")
    ]
    return Table(KEYS["members"], (*columns, "wrong of all"), rows)


TABLES = {
    "respondents": by_respondents,
    "population": by_population,
    "counts": by_count,
    "reporters": by_reporters,
    "patterns": by_pattern,
    "influences": by_link,
    "members": by_members,
}


def measured(runs: int = RUNS) -> dict[str, Table]:
    """All tables of the page from so many surveys per row; patterns from a fifth of them."""
    return {name: make(runs) for name, make in TABLES.items()}


def page(text: str, tables: Mapping[str, Table]) -> str:
    """The page with its tables made again; its prose stays as it is."""
    for name, table in tables.items():
        text = _block(name).sub(rf"\g<1>{_shown(table)}\n", text)
    return text


def _block(name: str) -> re.Pattern[str]:
    """The marker of a table, and the table that follows it."""
    return re.compile(rf"(<!-- {name} -->\n)((?:\|.*\n)+)")


def _shown(table: Table) -> str:
    heads = (*table.keys, *table.columns)
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for key, rates in table.rows.items():
        cells = [f"{100 * hits / of:.1f}" if of else "" for hits, of in rates]
        lines.append(f"| {' | '.join((*key, *cells))} |")
    return "\n".join(lines)


def published(text: str) -> dict[str, dict[tuple[str, ...], list[float]]]:
    """The percentages that a page prints, by table and row; a table follows its marker."""
    found = {}
    for name in TABLES:
        block = _block(name).search(text)
        lines = block[2].splitlines() if block else []
        cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
        head = len(KEYS[name])
        found[name] = {
            tuple(row[:head]): [float(c) if c else float("nan") for c in row[head:]]
            for row in cells[2:]
        }
    return found


KEYS = {
    "respondents": ("respondents", "contexts asked"),
    "population": ("respondents",),
    "counts": ("truly in", "class"),
    "reporters": ("sensitivity", "false reports"),
    "patterns": ("what", "bar"),
    "influences": ("respondents", "contexts asked", "planted"),
    "members": ("members", "responding"),
}


if __name__ == "__main__":
    made = page(PAGE.read_text(encoding="utf-8"), measured())
    PAGE.write_text(made, encoding="utf-8", newline="\n")
