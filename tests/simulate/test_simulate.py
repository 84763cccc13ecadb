"""The simulators make what they say: truth as planted, reports as told, a ledger that holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.core import stats
from sysmap.core.model import SystemMap
from sysmap.simulate import Simulation, noise, planted
from sysmap.testing import assert_maps_equal

ALONE: dict[str, Any] = {
    "outcomes": 0,
    "portfolio": 0,
    "links": 0,
    "loops": 0,
    "pairs": 0,
    "ties": 0,
}
BY_CONTEXT = ("observed", "influences")
AS_A_WHOLE = ("seeks", "works_on", "priorities", "challenges", "collaborates")


def _near(expected: float, found: np.ndarray | pd.Series) -> bool:
    """Within four and a half binomial errors."""
    error = np.sqrt(expected * (1 - expected) / len(found))
    return bool(abs(np.mean(found) - expected) <= 4.5 * error)


def _incoherent(m: SystemMap) -> list[str]:
    """Claims that stand outside of what their source answered."""
    asked = m.asked
    yes = asked[asked["answered"] == "yes"]
    faults = []
    for table in (*BY_CONTEXT, *AS_A_WHOLE):
        told = m.links(table)
        scopes = yes[yes["question"] == table]
        if table in BY_CONTEXT:
            answered = set(zip(scopes["source"], scopes["context"], strict=True))
            said = set(zip(told["source"], told["context"], strict=True))
        else:
            answered, said = set(scopes["source"]), set(told["source"])
        faults += [f"{table}: {claim}" for claim in sorted(said - answered)]
    return faults


# ---------------------------------------------------------------- elements


def test_the_classes_are_planted_in_the_shares_of_the_mix() -> None:
    """24 elements, 4 of them patterned: 40, 30 and 30 % of 20."""
    truth = planted(rng=1).truth["elements"]
    assert truth["planted"].value_counts().to_dict() == {
        "universal": 8,
        "intermediate": 6,
        "context-specific": 6,
        "pattern": 4,
    }
    plain = truth[truth["planted"] != "pattern"]
    assert plain["planted"].tolist() == plain["verdict"].tolist()


def test_within_a_class_every_count_is_equally_likely() -> None:
    """28 to 37 of 37 are universal: mean 32.5, and both ends are met."""
    counts = planted(elements=3000, mix=(1, 0, 0), patterned=0, **ALONE).truth["elements"][
        "present"
    ]
    assert (28, 37) == (counts.min(), counts.max())
    assert all(_near(1 / 10, counts == count) for count in range(28, 38))


def test_truth_is_what_plain_loops_over_the_presence_give() -> None:
    s = planted(rng=2)
    presence = s.truth["presence"]
    for element, row in s.truth["elements"].iterrows():
        there = sum(bool(presence.loc[element, c]) for c in s.map.contexts.index)
        share = there / len(s.map.contexts)
        word = "universal" if share >= 0.75 else "context-specific"
        word = "intermediate" if 0.25 < share < 0.75 else word
        assert (there, word) == (row["present"], row["verdict"])


def test_a_patterned_element_lives_in_its_group() -> None:
    s = planted(elements=400, patterned=400, mix=(1, 0, 0), inside=0.9, outside=0.1, **ALONE)
    inside, outside = [], []
    contexts, presence = s.map.contexts, s.truth["presence"]
    for element, row in s.truth["elements"].iterrows():
        mine = (contexts[row["grouping"]] == row["group"]).to_numpy()
        inside.extend(presence.loc[element].to_numpy()[mine])
        outside.extend(presence.loc[element].to_numpy()[~mine])
    assert _near(0.9, np.array(inside))
    assert _near(0.1, np.array(outside))
    assert {"region", "sids", "group_power"} == set(s.truth["elements"]["grouping"])


def test_groups_have_the_sizes_wanted_scaled_to_the_contexts() -> None:
    contexts = planted(rng=3).map.contexts
    assert sorted(contexts["region"].value_counts()) == [7, 8, 10, 12]
    assert contexts["sids"].value_counts().to_dict() == {"no": 25, "yes": 12}
    few = planted(contexts=10, rng=3).map.contexts
    assert sorted(few["region"].value_counts()) == [2, 2, 3, 3]


def test_in_noise_no_group_differs_from_another_but_by_chance() -> None:
    """4,000 elements: labels could be exchanged, so p is uniform and every context holds half."""
    s = noise(elements=4000, **dict.fromkeys(("outcomes", "portfolio", "links", "ties"), 0))
    presence = s.truth["presence"].to_numpy(float)
    assert np.abs(presence.mean(axis=0) - presence.mean()).max() <= 4.5 * 0.5 / np.sqrt(4000)
    for grouping in ("region", "sids", "group_power"):
        codes, words = pd.factorize(s.map.contexts[grouping])
        p = stats.indicator_test(presence, codes, len(words), draws=999).p
        p = p[~np.isnan(p)]
        for level in (0.01, 0.05, 0.25):
            assert (p <= level).mean() <= level + 4.5 * np.sqrt(level * (1 - level) / len(p))
    assert s.truth["elements"][["grouping", "group"]].isna().all(axis=None)


# ---------------------------------------------------------------- reports


def test_effort_is_log_normal() -> None:
    effort = planted(organizations=2000, elements=1, patterned=0, **ALONE).truth["organizations"]
    logs = np.log(effort["effort"])
    assert abs(logs.std() - 0.8) <= 4.5 * 0.8 / np.sqrt(2 * 2000)
    assert abs(logs.mean()) <= 4.5 * 0.8 / np.sqrt(2000)
    equal = planted(sigma=0, rng=1).truth["organizations"]["effort"]
    assert equal.tolist() == [1.0] * 24


def test_every_context_asked_has_its_respondents_and_no_other_context_has_any() -> None:
    s = planted(respondents=3, asked=20, skipped=0, rng=4)
    ledger = s.map.asked[s.map.asked["question"] == "observed"]
    answered = ledger[ledger["answered"] == "yes"].groupby("context")["source"].nunique()
    assert answered.to_dict() == dict.fromkeys(answered.index, 3)
    assert (20, 20) == (len(answered), ledger["context"].nunique())
    told = s.map.links("observed").groupby(["element", "context"])["source"].nunique()
    assert set(told) == {3}
    assert len(told) == 20 * 24


def test_the_share_of_silent_among_the_asked_is_as_wanted() -> None:
    s = planted(respondents=2, contexts=600, silence=0.3, elements=1, patterned=0, **ALONE)
    assert _near(0.7, s.map.asked["answered"] == "yes")


@pytest.mark.parametrize("make", [planted, noise])
@pytest.mark.parametrize("seed", range(3))
def test_nobody_claims_what_the_ledger_does_not_say_they_answered(
    make: Callable[..., Simulation], seed: int
) -> None:
    m = make(silence=0.4, asked=25, rng=seed).map
    assert _incoherent(m) == []
    silent = m.asked[m.asked["answered"] == "no"]
    assert set(silent["question"]) == {*BY_CONTEXT, *AS_A_WHOLE}


def test_the_check_of_the_ledger_sees_a_claim_of_a_silent_source() -> None:
    m = planted(silence=0.4, rng=1).map
    quiet = m.asked[(m.asked["question"] == "seeks") & (m.asked["answered"] == "no")].iloc[0]
    organization = quiet["source"].removeprefix("survey-")
    claim = {"organization": organization, "outcome": "outcome-1", "source": quiet["source"]}
    tables = {name: frame for name, frame in m.tables.items() if len(frame)}
    tables["seeks"] = pd.concat([tables["seeks"], pd.DataFrame([claim])], ignore_index=True)
    assert [f"seeks: {quiet['source']}"] == _incoherent(sm.read(tables))


def test_reports_are_right_as_often_as_wanted() -> None:
    """Sensitivity 0.9 and 5 % false, over about 15,000 reports."""
    s = planted(elements=150, skipped=0, rng=5, patterned=0, **ALONE)
    told, presence = s.map.links("observed"), s.truth["presence"]
    there = np.array(
        [presence.at[e, c] for e, c in zip(told["element"], told["context"], strict=True)]
    )
    says = (told["state"] == "present").to_numpy()
    assert _near(0.9, says[there])
    assert _near(0.05, says[~there])


def test_who_makes_less_effort_leaves_out_more() -> None:
    """A respondent of effort w leaves out the share ``skipped ** w`` of the elements."""
    s = planted(elements=400, skipped=0.3, patterned=0, rng=6, **ALONE)
    told = s.map.links("observed")
    effort = s.truth["organizations"]["effort"]
    answers = told.groupby(["source", "context"]).size()
    left_out = 1 - answers / 400
    expected = 0.3 ** effort[answers.index.get_level_values(0).str.removeprefix("survey-")]
    error = np.sqrt(expected.to_numpy() * (1 - expected.to_numpy()) / 400)
    assert (np.abs(left_out.to_numpy() - expected.to_numpy()) <= 5 * error + 1e-9).all()


# ---------------------------------------------------------------- links and loops


def test_the_planted_loops_are_all_there_are() -> None:
    """Cycles by networkx; a loop reinforces if its signs multiply to +."""
    s = planted(elements=30, links=60, loops=4, rng=7)
    links, loops = s.truth["influences"], s.truth["loops"]
    graph = nx.DiGraph(list(links.index))
    found = {frozenset(cycle) for cycle in nx.simple_cycles(graph)}
    assert {frozenset(path.split(" -> ")) for path in loops["path"]} == found
    assert ["reinforcing", "balancing"] * 2 == loops["polarity"].tolist()
    for number, polarity in loops["polarity"].items():
        minus = (links.loc[links["loop"] == number, "sign"] == "-").sum()
        assert polarity == ("balancing" if minus % 2 else "reinforcing")


def test_a_link_is_reported_with_the_sign_that_it_has_there() -> None:
    s = planted(links=150, elements=40, skipped=0, rng=8)
    told = s.map.links("influences")
    kinds, signs = s.truth["influences"]["kind"], s.truth["signs"]
    pairs = list(zip(told["cause"], told["effect"], strict=True))
    kind = np.array([kinds[pair] for pair in pairs])
    true = np.array([signs.at[p, c] for p, c in zip(pairs, told["context"], strict=True)])
    said = np.where(told["sign"] == "+", 1, -1)
    assert _near(0.05, (said != true)[kind == "universal"])
    assert _near(0.05, (said != true)[kind == "context-dependent"])
    assert _near(0.5, said[kind == "noise"] == 1)
    assert (signs[kinds == "noise"] == 0).all(axis=None)
    turns = signs[kinds == "context-dependent"]
    assert {18, 19} >= set((turns == 1).sum(axis=1))
    assert (signs[kinds == "universal"].nunique(axis=1) == 1).all()


# ---------------------------------------------------------------- portfolios


def test_portfolios_follow_effort() -> None:
    s = planted(organizations=60, portfolio=10, pairs=0, ties=0, elements=60, rng=9)
    truth = s.truth["organizations"]
    assert truth["portfolio"].tolist() == [max(1, round(10 * w)) for w in truth["effort"]]


@pytest.mark.parametrize(("make", "work", "ties"), [(planted, 0.8, 0.8), (noise, 0.25, 0.25)])
def test_work_and_ties_lean_to_themes_and_in_noise_do_not(
    make: Callable[..., Simulation], work: float, ties: float
) -> None:
    """Four themes; without replacement the share falls a little short of the wanted one."""
    s = make(elements=80, organizations=160, ties=400, links=0, rng=9)
    theme = s.truth["organizations"]["theme"]
    element = dict(zip(s.map.elements.index, np.arange(80) % 4, strict=True))
    told = s.map.links("works_on")
    own = told["element"].map(element) == told["organization"].map(theme)
    assert abs(own.mean() - work) <= 0.05
    same = [theme[a] == theme[b] for a, b in s.truth["ties"].index]
    assert abs(np.mean(same) - ties) <= 0.08


@pytest.mark.parametrize(
    "crowd", [{}, {"elements": 8, "contexts": 6, "portfolio": 20, "loops": 0, "links": 5}]
)
def test_a_planted_pair_trades_cells_that_nobody_else_touches(crowd: dict[str, Any]) -> None:
    """Also where every cell was somebody's before."""
    s = planted(**crowd, pairs=5, silence=0.3, rng=10)
    cell = ["element", "context"]
    works, wants = s.map.links("works_on"), s.map.links("priorities")
    for a, b in s.truth["pairs"].index:
        for giver, taker in ((a, b), (b, a)):
            offered = works[works["organization"] == giver]
            needed = wants[wants["organization"] == taker]
            traded = offered.merge(needed, on=cell)[cell]
            alone = ~traded.apply(tuple, axis=1).isin(
                works[works["organization"] != giver][cell].apply(tuple, axis=1)
            )
            assert alone.sum() >= 4
    assert 10 == len({end for pair in s.truth["pairs"].index for end in pair})


def test_half_of_the_ties_are_from_before_the_date_and_the_map_knows_the_reported_ones() -> None:
    s = planted(ties=40, silence=0.5, at="2024-01", rng=11)
    ties, told = s.truth["ties"], s.map.links("collaborates")
    assert 20 == ties["new"].sum()
    assert ((ties["start"] >= "2024-01-01") == ties["new"]).all()
    both = {frozenset(pair) for pair in zip(told["organization"], told["partner"], strict=True)}
    assert both == {frozenset(pair) for pair in ties.index[ties["reported"]]}
    assert 0 < len(both) < 40
    before = s.map.as_of("2023-12-31")
    assert len(before.links("works_on")) == len(s.map.links("works_on"))
    assert len(before.links("collaborates")) == (ties["reported"] & ~ties["new"]).sum()


def test_outcomes_are_sought_as_often_as_planted() -> None:
    """A silent organization aside, claims are the truth."""
    s = planted(outcomes=20, silence=0, rng=12)
    told = s.map.links("seeks")["outcome"].value_counts()
    truth = s.truth["outcomes"]
    assert truth["seeking"].tolist() == [int(told.get(o, 0)) for o in truth.index]
    assert truth["verdict"].value_counts().to_dict() == {"common": 8, "shared": 6, "niche": 6}
    answer = sm.common_outcomes(s.map).frame
    assert answer["verdict"].to_dict() == truth["verdict"].to_dict()


# ---------------------------------------------------------------- the value


@pytest.mark.parametrize("make", [planted, noise])
def test_equal_seeds_make_equal_maps(make: Callable[..., Simulation]) -> None:
    one, two = make(rng=13), make(rng=np.random.default_rng(13))
    assert_maps_equal(one.map, two.map)
    for name, frame in one.truth.items():
        pd.testing.assert_frame_equal(frame, two.truth[name])
    with pytest.raises(AssertionError):
        assert_maps_equal(one.map, make(rng=14).map)


@pytest.mark.parametrize("make", [planted, noise])
def test_a_simulated_map_is_valid_without_a_warning(make: Callable[..., Simulation]) -> None:
    assert list(make().map.problems) == []


def test_writing_into_a_frame_of_the_truth_changes_nobody_elses() -> None:
    s = planted(rng=15)
    mine = s.truth["elements"]
    mine.loc[:, "share"] = -1.0
    assert (s.truth["elements"]["share"] >= 0).all()
    with pytest.raises(TypeError):
        s.params["rng"] = 1  # type: ignore[index]  # the fault to be found


def test_perfect_reports_from_everywhere_give_the_truth() -> None:
    """One respondent without error or gap in every context is a census."""
    s = planted(respondents=1, sensitivity=1, false=0, skipped=0, rng=16)
    answer = sm.universality(s.map, by=[]).frame
    truth = s.truth["elements"].loc[answer.index]
    assert answer["verdict"].tolist() == truth["verdict"].tolist()
    assert answer["present"].tolist() == truth["present"].tolist()


def test_with_nothing_of_a_thing_its_frames_are_empty() -> None:
    s = planted(elements=0, patterned=0, **{**ALONE})
    assert [0] * 6 == [
        len(s.truth[name])
        for name in ("elements", "outcomes", "influences", "loops", "pairs", "ties")
    ]
    one = planted(
        elements=1, contexts=1, organizations=1, respondents=1, mix=(1, 0, 0), patterned=0, **ALONE
    )
    assert 1 == one.truth["elements"]["share"].iloc[0]


@settings(max_examples=12, deadline=None)
@given(
    elements=st.integers(0, 8),
    contexts=st.integers(2, 6),
    organizations=st.integers(1, 6),
    outcomes=st.integers(0, 3),
    portfolio=st.integers(0, 5),
    silence=st.floats(0, 0.9),
    skipped=st.floats(0, 0.9),
    data=st.data(),
)
def test_any_plan_makes_a_valid_map_with_a_coherent_ledger(
    data: st.DataObject, **told: Any
) -> None:
    elements, organizations = told["elements"], told["organizations"]
    loops = data.draw(st.integers(0, elements // 3))
    free = elements - 3 * loops
    s = planted(
        **told,
        respondents=data.draw(st.integers(1, organizations)),
        asked=data.draw(st.integers(0, told["contexts"])),
        patterned=data.draw(st.integers(0, elements)),
        loops=loops,
        links=data.draw(st.integers(0, free * (free - 1) // 2 + free * told["outcomes"])),
        pairs=0 if elements < 4 else data.draw(st.integers(0, min(1, organizations // 2))),
        ties=data.draw(st.integers(0, organizations * (organizations - 1) // 2)),
        rng=data.draw(st.integers(0, 99)),
    )
    assert s.map.problems.ok
    assert _incoherent(s.map) == []
    assert len(s.truth["elements"]) == elements


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"contexts": 0}, "contexts is 0; give 1 or more"),
        ({"sigma": float("nan")}, "sigma is nan; give 0 or more"),
        ({"silence": 1.0}, "silence is 1.0; give a share from 0 up to, but not with, 1"),
        ({"false": -0.1}, "false is -0.1; give a share between 0 and 1"),
        ({"asked": 38}, "asked is 38; 37 contexts allow 37 at most"),
        ({"respondents": 25}, "respondents is 25; 24 organizations allow 24 at most"),
        ({"patterned": 25}, "patterned is 25; 24 elements allow 24 at most"),
        ({"loops": 9}, "loops is 9; 24 elements, 3 to a loop, allow 8 at most"),
        ({"links": 999}, "links is 999; 18 elements beside loops and 8 outcomes allow 297 at most"),
        ({"ties": 999}, "ties is 999; 24 organizations allow 276 at most"),
        ({"pairs": 13}, "pairs is 13; 24 organizations and 24 by 37 cells allow 12 at most"),
        ({"mix": (0.5, 0.5, 0.5)}, "mix is .* give three shares that sum to 1"),
        ({"groupings": {"colour": (1, 1)}}, "groupings names 'colour'; give region, subregion"),
        ({"groupings": {"region": (1,)}}, "groupings gives region the sizes .* two or more"),
        ({"groupings": {"sids": (1, 1, 1)}}, "groupings gives sids 3 groups; it has two, yes, no"),
        ({"groupings": {}}, "patterned is above 0 and groupings is empty"),
        ({"at": "soon"}, "at is 'soon'; give a date such as 2024-01-01"),
    ],
)
def test_a_number_that_cannot_be_is_named_with_what_would_do(
    told: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        planted(**told)
