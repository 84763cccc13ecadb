"""Universality against the answer sheets, plain loops and its laws."""

from __future__ import annotations

from functools import cache
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f as fisher

from sysmap.analyses.universality import Universality, universality
from sysmap.core import charts, stats
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.reporting.reports import Absence
from sysmap.measures.reporting.votes import Aggregate
from tests.evidence import counts_match
from tests.maps import shipped
from tests.surveys import renamed, shuffled, survey

COLUMNS = [
    *("name", "area", "present", "assessed", "contexts", "share", "low", "high", "verdict"),
    *("leaning", "robust", "contested", "grouping", "group", "indval", "q", "rolled_up"),
]
COUNTS = ("present", "assessed", "contexts", "contested")
DECIDED = [s for s in range(8) if (survey(s).links("observed")["state"] == "absent").any()]


@cache
def answered(name: str) -> Universality:
    """The answer for a shipped map, computed once."""
    return universality(shipped(name))


def _one(present: int, absent: int, listed: int) -> SystemMap:
    """One element in so many countries."""
    ids = [f"c{i}" for i in range(listed)]
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ["e", "f"], "name": ["E", "F"]}),
            "contexts": pd.DataFrame({"id": ids, "name": ids, "kind": "country"}),
            "observed": pd.DataFrame(
                {
                    "element": ["e"] * (present + absent) + ["f"],
                    "context": [*ids[: present + absent], ids[0]],
                    "state": ["present"] * present + ["absent"] * absent + ["absent"],
                }
            ),
        }
    )


@pytest.mark.parametrize(
    ("present", "assessed", "low", "high", "verdict", "robust"),
    [
        (30, 30, 0.9828, 1.0, "universal", True),
        (28, 30, 0.8923, 0.9595, "universal", True),
        (25, 30, 0.7783, 0.8768, "universal", False),
        (20, 30, 0.6018, 0.7257, "intermediate", True),
        (8, 8, 0.7859, 1.0, "universal", False),
        (6, 10, 0.3812, 0.7850, "undetermined", False),
        (27, 37, 27 / 37, 27 / 37, "intermediate", True),
        (28, 37, 28 / 37, 28 / 37, "universal", True),
    ],
)
def test_the_worked_examples_come_through_the_whole_map(
    present: int, assessed: int, low: float, high: float, verdict: str, robust: bool
) -> None:
    """Worked examples of the methods page: 37 countries listed, level 0.90."""
    row = universality(_one(present, assessed - present, 37)).frame.loc["e"]
    assert (present, assessed, 37) == tuple(row[["present", "assessed", "contexts"]])
    assert (low, high) == pytest.approx((row["low"], row["high"]), abs=5e-5)
    assert (verdict, robust) == (row["verdict"], row["robust"])


@pytest.mark.parametrize(
    ("present", "assessed", "verdict"),
    [(8, 8, "undetermined"), (9, 9, "universal"), (0, 9, "context-specific")],
)
def test_an_open_list_decides_from_nine_on(present: int, assessed: int, verdict: str) -> None:
    """Worked examples (8,8,-), (9,9,-) and (0,9,-) of the methods page."""
    answer = universality(_one(present, assessed - present, 37), population="open")
    assert verdict == answer.frame.loc["e", "verdict"]
    assert answer.frame["contexts"].isna().all()
    assert "contexts" not in set(answer.evidence("e")["counts_in"])


def test_the_teaching_map_gives_its_answer_sheet() -> None:
    """Source: the answer sheet in the README of the map, task 2."""
    frame = answered("teaching").frame
    sheet = {
        "universal": (
            "teacher-training school-census national-vision budget-line school-power "
            "learning-data digital-policy"
        ),
        "context-specific": (
            "satellite-link offline-library school-twinning teacher-turnover device-repair"
        ),
        "intermediate": (
            "solar-kits data-price telecom-deal privacy-law device-policy broken-devices"
        ),
        "undetermined": "usage-survey dropout-watch",
    }
    found = {v: set(rows.index) for v, rows in frame.groupby("verdict")}
    assert {verdict: set(ids.split()) for verdict, ids in sheet.items()} == found
    counts = frame[["present", "assessed"]]
    for id, k, n in (("learning-data", 10, 11), ("telecom-deal", 4, 11), ("usage-survey", 2, 4)):
        assert (k, n) == tuple(counts.loc[id])
    patterns = frame["grouping"].str.cat(frame["group"], sep=" ")
    assert patterns["satellite-link"] == "group_terrain islands"
    assert patterns["teacher-turnover"] == "ldc yes"
    assert patterns["data-price"] == "subregion Blue Islands"
    contested = frame.index[frame["contested"] > 0]
    assert {"learning-data", "telecom-deal", "broken-devices"} == set(contested)
    assert ["digital-policy"] == list(frame.index[frame["rolled_up"]])


def test_the_asia_pacific_map_gives_the_published_counts() -> None:
    """Source: the README of the map; internet in 18 of the 31 countries with a value."""
    frame = answered("asia-pacific-digital-learning").frame
    universal = set(frame.index[frame["verdict"] == "universal"])
    assert {"electricity-primary", "qualified-teachers-primary"} <= universal
    internet = frame.loc["internet-primary"]
    assert (18, 31, 49) == tuple(internet[["present", "assessed", "contexts"]])
    assert internet["verdict"] == "intermediate"


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_every_count_is_the_units_of_its_evidence_on_shipped_maps(name: str) -> None:
    counts_match(answered(name), COUNTS)


@pytest.mark.parametrize("aggregate", get_args(Aggregate))
@pytest.mark.parametrize("seed", DECIDED[:4])
def test_every_count_is_the_units_of_its_evidence(seed: int, aggregate: Aggregate) -> None:
    counts_match(universality(survey(seed), aggregate=aggregate), COUNTS)
    if seed % 3:
        checked = universality(survey(seed), aggregate=aggregate, absence="checklist")
        counts_match(checked, COUNTS)


@pytest.mark.parametrize("seed", DECIDED)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    m = survey(seed)
    pd.testing.assert_frame_equal(
        universality(m).frame, universality(shuffled(m, seed)).frame, check_exact=True
    )


@pytest.mark.parametrize("seed", DECIDED)
def test_other_ids_change_nothing_but_the_ids(seed: int) -> None:
    m = survey(seed)
    frame, other = universality(m).frame, universality(renamed(m)).frame
    pd.testing.assert_frame_equal(frame.set_axis("z" + frame.index), other)


def _survey_of_one_reporter(
    random: np.random.Generator, elements: int = 6, contexts: int = 12
) -> dict[str, pd.DataFrame]:
    """One report at most about each element in each country."""
    e, c = ([f"{letter}{i}" for i in range(n)] for letter, n in (("e", elements), ("c", contexts)))
    rows = [
        (element, context, "present" if random.random() < share else "absent")
        for element, share in zip(e, random.random(elements), strict=True)
        for context in c
        if random.random() < 0.85
    ]
    rows.append(("no", c[0], "absent"))
    return {
        "elements": pd.DataFrame({"id": [*e, "no"], "name": [*e, "no"]}),
        "contexts": pd.DataFrame({"id": c, "name": c, "kind": "country"}),
        "observed": pd.DataFrame(rows, columns=["element", "context", "state"]),
    }


@given(st.integers(0, 10_000), st.floats(0, 1))
@settings(max_examples=60)
def test_a_lost_answer_is_never_evidence(seed: int, lost: float) -> None:
    """Methods page, calibration: deleting answers in observed with one reporter per cell.

    No absent cell is added, k/N never rises and (k + N - n)/N never falls, so a robust universal
    or context-specific element is never created.
    """
    random = np.random.default_rng(seed)
    tables = _survey_of_one_reporter(random)
    rows = tables["observed"]
    kept = rows[(random.random(len(rows)) >= lost) | (rows["element"] == "no")]
    before = universality(from_tables(tables), draws=1).frame
    after = universality(from_tables({**tables, "observed": kept}), draws=1).frame.loc[before.index]
    absent = [frame["assessed"] - frame["present"] for frame in (before, after)]
    assert (absent[1] <= absent[0]).all()
    assert (after["present"] <= before["present"]).all()
    at_an_end = after["robust"] & after["verdict"].isin(["universal", "context-specific"])
    created = at_an_end & ~(before["robust"] & (before["verdict"] == after["verdict"]))
    assert not created.any()


def test_sensitivity_shows_the_verdicts_side_by_side() -> None:
    m = shipped("teaching")
    answer = universality(m)
    table = answer.sensitivity()
    assert list(get_args(Aggregate)) == list(table.columns)
    for aggregate in table.columns:
        alone = universality(m, aggregate=aggregate).frame["verdict"]
        assert alone.sort_index().equals(table[aggregate].sort_index().rename("verdict"))


def test_states_tell_silence_from_absence() -> None:
    states = answered("teaching").states()
    assert states.loc["learning-data", "eastvale"] == "contested"
    assert {"present", "absent", "contested", "not named"} == set(states.to_numpy().ravel())
    other = answered("asia-pacific-digital-learning").states()
    assert {"present", "absent", "not asked"} == set(other.to_numpy().ravel())


def test_a_map_without_elements_gives_the_empty_frame() -> None:
    answer = universality(from_tables({}))
    filled = answered("teaching")
    assert (COLUMNS, 0) == (list(answer.frame.columns), len(answer.frame))
    assert filled.frame.dtypes.to_dict() == answer.frame.dtypes.to_dict()
    assert answer.summary() == "There are no elements to classify."
    assert answer.plot() is not None
    assert "Universal: 0" in answer.alt_text()
    assert len(answer.sensitivity()) == 0


def test_an_unreported_element_is_undetermined() -> None:
    answer = answered("asia-pacific-digital-learning")
    row = answer.frame.loc["online-safety-education"]
    assert (0, 0, 0.0, 1.0) == tuple(row[["present", "assessed", "low", "high"]])
    assert ("undetermined", "") == tuple(row[["verdict", "leaning"]])
    assert np.isnan(row["share"])
    assert answer.explain(row.name).startswith("Nobody reported whether")


def test_one_context_of_one_is_a_census() -> None:
    row = universality(_one(1, 0, 1)).frame.loc["e"]
    assert (1.0, 1.0, "universal") == tuple(row[["low", "high", "verdict"]])


def test_nobody_able_to_say_no_is_undecidable() -> None:
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ["e"], "name": ["E"]}),
            "contexts": pd.DataFrame({"id": ["c"], "name": ["C"]}),
            "observed": pd.DataFrame({"element": ["e"], "context": ["c"], "state": ["present"]}),
        }
    )
    with pytest.raises(UndecidableError, match="nobody was able to say no"):
        universality(m)
    with pytest.raises(UndecidableError, match=r"Add the sheet asked"):
        universality(m, absence="checklist")
    with pytest.raises(UndecidableError, match=r"Add the sheet observed\."):
        universality(from_tables({"elements": pd.DataFrame({"id": ["e"], "name": ["E"]})}))


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"population": "all"}, "population is 'all'; write one of 'listed', 'open'"),
        ({"aggregate": "mean"}, "aggregate is 'mean'"),
        ({"absence": "guessed"}, "absence is 'guessed'"),
        ({"by": "colour"}, "by names 'colour', which is no grouping"),
        ({"units": "planet"}, "units 'planet' is no kind of context"),
        ({"level": 90}, "level: 90 is not between 0 and 1"),
        (
            {"universal": 0.2, "specific": 0.3},
            "bound of universal is 0.2 and that of context-specific is 0.3; give two shares",
        ),
        ({"universal": float("nan")}, "bound of universal is nan"),
        ({"universal": 75}, "give two shares between 0 and 1"),
        ({"specific": -0.1}, "that of context-specific is -0.1"),
        ({"draws": -5}, "draws is -5; give a whole number, 0 or more"),
        ({"q": 0}, "q is 0; give a false discovery rate"),
    ],
)
def test_a_wrong_option_is_named(option: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        universality(_one(2, 1, 4), **option)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"draws is 99\.5; give a whole number"):
        universality(_one(2, 1, 4), draws=99.5)  # type: ignore[arg-type]


def test_a_grouping_without_any_label_tests_nothing() -> None:
    """methods.md section 1, step 4: contexts without a label are left out and named."""
    answer = universality(_one(6, 6, 12), by=["income_group", "region"])
    assert answer.frame["q"].isna().all()
    assert answer.params["tests"] == 0
    assert any("without a label: by income group" in said for said in answer.caveats)


def test_caveats_give_the_figures_of_this_run() -> None:
    said = " ".join(answered("teaching").caveats)
    assert "About other contexts (area, setting): 2 claims, not spread over countries." in said
    assert "Contested and in no share: 3 cells." in said
    assert "(Krippendorff's alpha) is 0.96." in said
    said = " ".join(answered("asia-pacific-digital-learning").caveats)
    assert "48 of 49 have a report" in said
    assert "is 0.75 over the countries with a report. It may be effort" in said
    assert "leave out countries without a label: by escap (Tokelau); by income group (Cook" in said


def test_draws_rise_silently_so_that_a_lone_hit_can_pass() -> None:
    answer = universality(shipped("teaching"), draws=10, q=0.01)
    assert answer.params["draws"] >= answer.params["tests"] / 0.01  # type: ignore[operator]


def test_explain_names_numerator_denominator_interval_and_places() -> None:
    answer = answered("asia-pacific-digital-learning")
    said = answer.explain("internet-primary")
    assert "18 of the 31 countries assessed, of 49 listed (58 %, 90 % interval 49 %" in said
    assert "Bangladesh; India" in said
    assert "internet-primary" not in said
    with pytest.raises(UnknownIdError, match="internet-primary"):
        answer.explain("internet-primry")


def test_figures_show_what_the_frame_says() -> None:
    answer = answered("asia-pacific-digital-learning")
    texts = {text.get_text() for text in answer.plot().texts}
    assert "18 of 31" in texts
    assert "0 of 0" not in texts
    assert "285 are reported present and 105 absent" in answer.matrix().get_title(loc="left")
    assert charts.to_png(answer.matrix(), dpi=30)
    assert "5, led by Qualified teachers in primary education (36 of 37)" in answer.alt_text()
    assert "9,999 shuffles" in answer.methods()


def test_figure_and_words_name_what_is_not_drawn() -> None:
    """Every intermediate element may stand below forty that nobody can decide."""
    places = [f"c{i:02}" for i in range(30)]
    rows = [(f"u{i:02}", places[0], "present") for i in range(45)]
    rows += [("mid", c, "present" if i % 2 else "absent") for i, c in enumerate(places)]
    rows += [("low", c, "absent") for c in places[:3]]
    ids = sorted({element for element, _, _ in rows})
    answer = universality(
        from_tables(
            {
                "elements": pd.DataFrame({"id": ids, "name": ids}),
                "contexts": pd.DataFrame({"id": places, "name": places, "kind": "country"}),
                "observed": pd.DataFrame(rows, columns=["element", "context", "state"]),
            }
        ),
        population="open",
        level=0.01,
    )
    rest = answer.frame["verdict"].iloc[40:].value_counts()
    said = f"Of the {len(ids) - 40} rows not drawn: "
    told = [f"{n} {word}" for word, n in rest.items()]
    assert len(told) > 1
    drawn = [" ".join(t.get_text().split()) for t in answer.plot().texts]
    for text in (answer.alt_text(), " ".join(drawn)):
        assert said in text
        listed = text.split(said)[1].split(".")[0]
        assert sorted(listed.split(", ")) == sorted(told)
    assert "not drawn" not in answered("asia-pacific-digital-learning").alt_text()


def test_a_generator_gives_the_frame_of_its_seed() -> None:
    m = shipped("teaching")
    drawn = universality(m, rng=stats.generator(0)).frame
    pd.testing.assert_frame_equal(universality(m).frame, drawn)


def test_groups_are_the_same_rule_within_each_group() -> None:
    answer = answered("teaching")
    table = answer.groups("subregion")
    assert ["group", "element"] == list(table.index.names)
    inside = table.loc[("Blue Islands", "data-price")]
    assert (4, 4, 4, "universal") == tuple(inside[["present", "assessed", "contexts", "verdict"]])
    for column in ("present", "assessed"):
        whole = table[column].groupby(level="element").sum()
        assert whole.sort_index().equals(answer.frame[column].sort_index())
    with pytest.raises(ValueError, match="by names 'colour', which is no grouping"):
        answer.groups("colour")


def test_a_parent_of_several_reports_has_its_parts_as_evidence() -> None:
    answer = answered("teaching")
    parent = answer.frame.index[answer.frame["rolled_up"]][0]
    rows = answer.evidence(parent)
    told = answer.map.links("observed").loc[rows.loc[rows["table"] == "observed", "row"], "element"]
    assert len(set(told)) > 1


# --- influences ------------------------------------------------------------------------------


def _links(*rows: tuple[str, str, str, str, int]) -> SystemMap:
    """Rows of cause, effect, sign, context and strength, each by a source of its own."""
    frame = pd.DataFrame(rows, columns=["cause", "effect", "sign", "context", "strength"])
    frame = frame.assign(source=[f"s{i}" for i in range(len(frame))])
    places = sorted(set(frame["context"].dropna()))
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ["a", "b"], "name": ["Law", "Tax"], "area": "Policy"}),
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["Light"]}),
            "contexts": pd.DataFrame({"id": places, "name": places, "kind": "country"}),
            "sources": pd.DataFrame({"id": frame["source"], "name": frame["source"]}),
            "influences": frame.astype({"strength": "str"}),
        }
    )


def test_influences_are_classified_by_sign_first() -> None:
    """Nine of nine countries +: universal; two of nine: context-specific in the other seven."""
    places = [f"c{i}" for i in range(9)]
    m = _links(
        *(("a", "o", "+", c, 2) for c in places),
        *(("b", "o", "-" if i < 7 else "+", c, 2) for i, c in enumerate(places)),
    )
    frame = universality(m, of="influences").frame
    assert ["cause", "effect"] == list(frame.index.names)
    assert ("Law → Light", "Policy", "+", 9, 9, 9, "universal") == tuple(
        frame.loc[
            ("a", "o"), ["name", "area", "sign", "present", "assessed", "contexts", "verdict"]
        ]
    )
    assert ("-", 7, 9) == tuple(frame.loc[("b", "o"), ["sign", "present", "assessed"]])
    assert frame["direction"].tolist() == ["undetermined"] * 2
    assert frame["mean"].isna().all()


def test_as_many_reports_of_either_sign_have_no_usual_sign() -> None:
    m = _links(("a", "o", "+", "x", 1), ("a", "o", "-", "y", 1))
    answer = universality(m, of="influences")
    assert ("", 1, 2) == tuple(answer.frame.loc[("a", "o"), ["sign", "present", "assessed"]])
    said = answer.explain(("a", "o"))
    assert "Law is reported to strengthen Light in 1 of the 2 countries" in said
    assert "As many reports say the opposite." in said


def _slow_consistency(m: SystemMap, cause: str, effect: str) -> tuple[stats.RandomEffects, float]:
    """One link by loops over its contexts; every reporter is a source of its own."""
    links = m.links("influences")
    mine = links[(links["cause"] == cause) & (links["effect"] == effect)]
    values = np.where(mine["sign"] == "+", 1.0, -1.0) * mine["strength"].astype(float)
    groups = [values[mine["context"] == c] for c in sorted(set(mine["context"]))]
    squares = sum(((g - g.mean()) ** 2).sum() for g in groups)
    freedom = sum(len(g) - 1 for g in groups)
    pooled = squares / freedom if squares else 1 / 12
    found = stats.random_effects([[g.mean() for g in groups]], [[pooled / len(g) for g in groups]])
    between = len(groups) - 1
    estimated = fisher.sf(found.Q[0] / between, between, freedom)
    return found, float(estimated if squares else found.p[0])


@pytest.mark.parametrize("spread", [0.0, 0.6, 3.0])
def test_strength_over_contexts_is_that_of_plain_loops(spread: float) -> None:
    random = np.random.default_rng(7)
    rows = []
    for i in range(8):
        mean = 1.5 + spread * random.normal()
        for _ in range(int(random.integers(1, 5)) + (i < 5)):
            said = int(np.clip(np.rint(mean + 0.5 * random.normal()), -3, 3)) or 1
            rows.append(("a", "o", "+" if said > 0 else "-", f"c{i}", abs(said)))
    m = _links(*rows)
    row = universality(m, of="influences").frame.loc[("a", "o")]
    slow, p = _slow_consistency(m, "a", "o")
    assert [slow.mean[0], slow.low[0], slow.high[0], np.sqrt(slow.tau2[0])] == pytest.approx(
        row[["mean", "mean_low", "mean_high", "tau"]].tolist()
    )
    assert [slow.expected_low[0], slow.expected_high[0]] == pytest.approx(
        row[["expected_low", "expected_high"]].tolist()
    )
    one_side = slow.expected_low[0] > 0 or slow.expected_high[0] < 0
    words = "universal" if one_side else "context-dependent" if p < 0.1 else "undetermined"
    assert words == row["direction"]


def test_agreed_strengths_have_half_a_point_of_error_and_one_direction() -> None:
    """Two reports of 2 in each of five countries: variance 1/24 each, nothing between them."""
    m = _links(*(("a", "o", "+", f"c{i}", 2) for i in range(5) for _ in range(2)))
    answer = universality(m, of="influences")
    row = answer.frame.loc[("a", "o")]
    assert ("universal", 2.0, 0.0) == tuple(row[["direction", "mean", "tau"]])
    assert "mean strength is 2.0" in answer.explain(("a", "o"))


@pytest.mark.parametrize("seed", range(4))
def test_influences_obey_the_laws_of_elements(seed: int) -> None:
    m = survey(seed)
    answer = universality(m, of="influences")
    counts_match(answer, COUNTS)
    other = universality(shuffled(m, seed), of="influences")
    pd.testing.assert_frame_equal(answer.frame, other.frame, check_exact=True)
    same = universality(renamed(m), of="influences").frame
    ids = answer.frame.index
    moved = pd.MultiIndex.from_tuples([(f"z{a}", f"z{b}") for a, b in ids], names=ids.names)
    pd.testing.assert_frame_equal(answer.frame.set_axis(moved), same)
    assert answer.sensitivity().index.equals(ids)
    assert {"strengthens", "weakens"} <= set(answer.states().to_numpy().ravel())


@pytest.mark.parametrize("absence", ["stated", "checklist"])
def test_influences_on_a_map_without_contexts_are_undecidable(absence: Absence) -> None:
    """The smallest causal map: two elements, one link, no place; it is no crash."""
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
            "sources": pd.DataFrame({"id": ["s"], "name": ["S"]}),
            "influences": pd.DataFrame(
                {"cause": ["a"], "effect": ["b"], "sign": ["+"], "source": ["s"]}
            ),
            "asked": pd.DataFrame({"source": ["s"], "question": ["influences"]}),
        }
    )
    with pytest.raises(UndecidableError, match="Add rows with sign and context"):
        universality(m, of="influences", absence=absence)


def test_influences_without_a_sign_from_a_context_are_undecidable() -> None:
    with pytest.raises(UndecidableError, match="Add rows with sign and context to the sheet infl"):
        universality(shipped("asia-pacific-digital-learning"), of="influences")
    with pytest.raises(ValueError, match="of is 'outcomes'; write one of 'elements', 'influences'"):
        universality(shipped("teaching"), of="outcomes")  # type: ignore[arg-type]
