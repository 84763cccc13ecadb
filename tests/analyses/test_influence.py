"""Influence against worked examples, plain loops and the answer sheet of the teaching map."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from sysmap.analyses.influence import Influence, influence
from sysmap.core import charts
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.routes.flows import drawn_scores
from tests.core.charts.drawing import boxes_of_texts, legend, texts
from tests.evidence import counts_match
from tests.maps import shipped
from tests.measures.influence_maps import network, renamed, shuffled
from tests.strategies import maps

ASIA = "asia-pacific-digital-learning"
NUMBERS = ["influence", "direct", "given", "received", "gain", "loss"]


def told(*rows: tuple[object, ...], outcomes: str = "o", **columns: object) -> SystemMap:
    """Elements a to d; rows are cause, effect, sign, strength, source, context."""
    names = ["cause", "effect", "sign", "strength", "source", "context"]
    padded = [(*row, *[None] * (len(names) - len(row))) for row in rows]
    frame = pd.DataFrame(padded, columns=names, dtype=object)
    sources, places = (sorted(set(frame[c].dropna())) for c in ("source", "context"))
    elements = {"id": list("abcd"), "name": ["Ann", "Bee", "Cod", "Dew"], **columns}
    return from_tables(
        {
            "elements": pd.DataFrame(elements),
            "outcomes": pd.DataFrame({"id": list(outcomes), "name": list(outcomes.upper())}),
            "contexts": pd.DataFrame({"id": places, "name": places, "kind": "country"}),
            "sources": pd.DataFrame({"id": sources, "name": sources}),
            "influences": frame,
        }
    )


WORKED = (("a", "b", "+", 3), ("a", "o", "+", 1), ("b", "o", "+", 3))
TORN = (("a", "o", "+", 3), ("a", "b", "+", 3), ("b", "o", "-", 3))


def test_the_worked_example_of_attenuated_influence() -> None:
    """Section 16 of the methods: T_ao .625, T_bo .75, and a gives 1 + .625 in all."""
    frame = influence(told(*WORKED), draws=0).frame
    assert ["b", "a", "c", "d"] == frame.index.tolist()
    assert [0.625, 0.25, 1.625, 0.0] == pytest.approx(
        frame.loc["a", ["influence", "direct", "given", "received"]].tolist(), abs=1e-12
    )
    assert [0.75, 0.75, 0.75, 1.0] == pytest.approx(
        frame.loc["b", ["influence", "direct", "given", "received"]].tolist(), abs=1e-12
    )
    assert [1, 2, 3, 3] == frame["rank"].tolist()
    assert frame["rank_low"].isna().all()


def test_helping_and_harming_chains_stand_apart() -> None:
    """Hand: Y_ao = 1/2, Y_bo = -1/2, so T+ = .5, T- = .5 x 1 x .5 = .25, and a third is against."""
    frame = influence(told(*TORN), draws=0).frame
    row = frame.loc["a"]
    assert [0.25, 0.5, 0.25] == pytest.approx(row[["influence", "gain", "loss"]].tolist())
    assert (True, False) == (row["trade_off"], frame.loc["b", "trade_off"])


def test_a_quarter_against_is_no_trade_off() -> None:
    """Hand: T+ = 3/4 + 0, T- = .5 x 1 x 1/4 = .125: a seventh is against."""
    m = told(("a", "o", "+", 3), ("a", "b", "+", 3), ("b", "o", "-", 1))
    assert not influence(m, draws=0).frame["trade_off"].any()


@pytest.mark.parametrize("method", ["attenuated", "dematel"])
@pytest.mark.parametrize("seed", range(5))
def test_every_number_is_that_of_a_dense_inverse(seed: int, method: str) -> None:
    """The slow twin: fill A, divide, invert, and sum rows and columns."""
    m = network(seed, reporters=3 * (seed % 2))
    answer = influence(m, method=method, attenuation=0.4, weights=[3, 1], draws=0)
    links = answer.flows.links
    size, outcomes = len(links.ids), links.outcomes
    a = np.zeros((size, size))
    a[links.cause, links.effect] = links.value
    bare = np.abs(a)
    if method == "attenuated":
        y, rate = a / np.maximum(bare.sum(axis=0), 3), 0.4
    else:
        y, rate = a / max(bare.sum(axis=0).max(), bare.sum(axis=1).max()), 1.0
    signed, absolute = (s @ np.linalg.inv(np.eye(size) - rate * s) for s in (y, np.abs(y)))
    u = np.array([0.75, 0.25])
    expected = {
        "influence": signed[:, outcomes] @ u,
        "direct": y[:, outcomes] @ u,
        "given": absolute.sum(axis=1),
        "received": absolute.sum(axis=0),
        "gain": (absolute + signed)[:, outcomes] @ u / 2,
        "loss": (absolute - signed)[:, outcomes] @ u / 2,
    }
    frame = answer.frame
    at = links.ids.get_indexer(frame.index)
    for column, values in expected.items():
        np.testing.assert_allclose(values[at], frame[column], atol=1e-10)
    np.testing.assert_allclose(frame["prominence"], frame["given"] + frame["received"])
    np.testing.assert_allclose(frame["relation"], frame["given"] - frame["received"])


@pytest.mark.parametrize("seed", range(5))
def test_what_runs_to_each_outcome_is_that_of_a_dense_inverse(seed: int) -> None:
    """The slow twin, and networkx for who leads to what; the weighted rows sum to the frame."""
    m = network(seed, reporters=3 * (seed % 2))
    answer = influence(m, weights=[3, 1], draws=0)
    links = answer.flows.links
    a = np.zeros((len(links.ids), len(links.ids)))
    a[links.cause, links.effect] = links.value
    y = a / np.maximum(np.abs(a).sum(axis=0), 3)
    signed, absolute = (s @ np.linalg.inv(np.eye(len(a)) - 0.5 * s) for s in (y, np.abs(y)))
    graph = nx.DiGraph(list(zip(links.ids[links.cause], links.ids[links.effect], strict=True)))
    table = answer.by_outcome()
    assert {(e, o) for o in m.outcomes.index if o in graph for e in nx.ancestors(graph, o)} - {
        (e, o) for e in m.outcomes.index for o in m.outcomes.index
    } == set(table.index)
    for (element, outcome), row in table.iterrows():
        at = links.ids.get_loc(element), links.ids.get_loc(outcome)
        gain, loss = (absolute[at] + signed[at]) / 2, (absolute[at] - signed[at]) / 2
        assert row["influence"] == pytest.approx(signed[at], abs=1e-10)
        assert row["direct"] == pytest.approx(y[at], abs=1e-10)
        assert (row["gain"], row["loss"]) == pytest.approx((gain, loss), abs=1e-10)
        assert row["trade_off"] == (min(gain, loss) > 0.25 * absolute[at])
    sizes = table["influence"].abs().round(12)
    assert sizes.is_monotonic_decreasing
    weights = table.index.get_level_values("outcome").map(pd.Series([0.75, 0.25], m.outcomes.index))
    summed = (table["influence"] * weights).groupby("element").sum()
    expected = answer.frame["influence"].reindex(summed.index)
    np.testing.assert_allclose(expected, summed, atol=1e-10)


def test_an_element_may_help_one_outcome_and_harm_another() -> None:
    """By hand: a is all that pushes o (2 of 3) and p (-1 of 3); c is contested; d leads nowhere."""
    m = told(
        ("a", "o", "+", 2, "s"),
        ("a", "p", "-", 1, "s"),
        ("c", "o", "+", 3, "s"),
        ("c", "o", "-", 3, "t"),
        ("a", "d", "+"),
        outcomes="op",
    )
    table = influence(m, draws=0).by_outcome()
    assert [("a", "o"), ("a", "p"), ("c", "o")] == list(table.index)
    assert [2 / 3, -1 / 3, 0] == pytest.approx(table["influence"].tolist())
    assert ["Ann", "O"] == table.iloc[0][["name", "outcome_name"]].tolist()


@pytest.mark.parametrize("name", ["teaching", ASIA])
def test_what_the_outcomes_rest_on_is_counted_from_the_claims(name: str) -> None:
    """Plain loops over the rows; reporters are organizations where a source has one."""
    m = shipped(name)
    table = influence(m, draws=0).rests_on()
    rows = m.links("influences")
    speaks = m.sources["organization"].fillna(m.sources["reporter"])
    graph = nx.DiGraph(list(zip(rows["cause"], rows["effect"], strict=True)))
    relied = set(m.outcomes.index).union(
        *(nx.ancestors(graph, o) for o in m.outcomes.index if o in graph)
    )
    assert relied & set(rows["effect"]) == set(table.index)
    for node, row in table.iterrows():
        told_of = rows[rows["effect"] == node]
        voices = told_of["source"].map(speaks).fillna(told_of["source"]).fillna("nobody")
        assert (told_of["cause"].nunique(), voices.nunique()) == (row["causes"], row["sources"])
    assert table["causes"].is_monotonic_increasing


def test_parts_of_an_answer_keep_their_columns_where_there_is_nothing() -> None:
    for m in (from_tables({}), told(), told(("a", "b", "+"), outcomes="")):
        answer = influence(m, draws=0)
        full = influence(shipped("teaching"), draws=0)
        for part in ("by_outcome", "rests_on"):
            assert (
                getattr(full, part)().dtypes.to_dict() == getattr(answer, part)().dtypes.to_dict()
            )
    assert ["b"] == list(answer.rests_on().index)


def test_quadrants_are_set_by_the_means_of_the_linked_elements() -> None:
    """Hand: a -> b -> c, strength 3: given 1.5, 1, 0, received 0, 1, 1.5; d is alone."""
    frame = influence(told(("a", "b", "+", 3), ("b", "c", "+", 3)), draws=0).frame
    quadrants = frame["quadrant"].sort_index().tolist()
    assert ["determinant", "relay", "result", "autonomous"] == quadrants


def test_a_rank_interval_holds_its_rank_and_ends_within_the_list() -> None:
    for name in ("teaching", ASIA):
        frame = influence(shipped(name), draws=200).frame
        low, rank, high = (frame[c].astype(int) for c in ("rank_low", "rank", "rank_high"))
        assert ((low >= 1) & (low <= rank) & (rank <= high) & (high <= len(frame))).all()
        assert frame["top10"].between(0, 1).all()
        assert frame["rank"].is_monotonic_increasing


def test_who_moves_nothing_is_never_among_the_first_ten() -> None:
    frame = influence(told(*WORKED), draws=50).frame
    assert [1, 1] == frame["top10"].round().astype(int).tolist()[:2]
    assert [0, 0] == frame["top10"].tolist()[2:]
    assert (3, 3) == tuple(frame.loc["c", ["rank", "rank_high"]])


def test_intervals_are_quantiles_of_the_ranks_in_the_draws() -> None:
    """The slow twin: draws from flows, each ranked by a count, quantiles by numpy."""
    m = network(7, reporters=4)
    answer = influence(m, draws=60, rng=5)
    scores = drawn_scores(answer.flows, draws=60, random=np.random.default_rng(5))[:, :12]
    placed = np.array([[1 + (row > x + 1e-12).sum() for x in row] for row in scores])
    frame = answer.frame.loc[m.elements.index]
    low = np.minimum(np.floor(np.quantile(placed, 0.05, axis=0)), frame["rank"])
    high = np.maximum(np.ceil(np.quantile(placed, 0.95, axis=0)), frame["rank"])
    assert low.tolist() == frame["rank_low"].tolist()
    assert high.tolist() == frame["rank_high"].tolist()
    top10 = ((placed <= 10) & (scores > 1e-12)).mean(axis=0)
    np.testing.assert_allclose(frame["top10"], top10)


def test_a_rank_that_draws_seldom_reach_stays_within_its_interval() -> None:
    """Hand: 2 is left by 0.7 of its draws for less and by 0.3 for 3, so of 40 some pass 7/3.

    The first, told by three with mean 7/3, is passed in nearly every draw; its rank is 1.
    """
    ids = [f"e{i:02}" for i in range(41)]
    rows = [("e00", strength, source) for source, strength in zip("pqr", (2, 2, 3), strict=True)]
    rows += [(id, 2, "p") for id in ids[1:]]
    told_by = pd.DataFrame(rows, columns=["cause", "strength", "source"])
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": ids}),
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "sources": pd.DataFrame({"id": list("pqr"), "name": list("PQR")}),
            "influences": told_by.assign(effect="o", sign="+"),
        }
    )
    answer = influence(m, draws=200)
    scores = drawn_scores(answer.flows, draws=200, random=np.random.default_rng(0))
    assert np.quantile((scores[:, 1:41] > scores[:, :1]).sum(axis=1), 0.05) > 1
    row = answer.frame.loc["e00"]
    assert (1, 1) == (row["rank"], row["rank_low"])


@pytest.mark.parametrize("seed", range(4))
def test_order_of_rows_and_other_ids_change_nothing(seed: int) -> None:
    m = network(seed, reporters=3)
    frame = influence(m, draws=40).frame
    pd.testing.assert_frame_equal(frame, influence(shuffled(m, seed), draws=40).frame)
    other = influence(renamed(m), draws=40).frame
    pd.testing.assert_frame_equal(frame.set_axis("z" + frame.index), other)


def test_equal_seeds_give_equal_answers_and_others_do_not() -> None:
    m = shipped(ASIA)
    first, again, other = (influence(m, draws=50, rng=seed).frame for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["top10"].equals(other["top10"])


def test_every_count_is_the_units_of_its_evidence() -> None:
    several = [network(seed, reporters=5, links=16) for seed in range(4)]
    for m in (*several, network(1, outcomes=0, reporters=2), shipped("teaching"), shipped(ASIA)):
        counts_match(influence(m, draws=0), ("reporters",))


def test_evidence_lists_the_claims_of_the_chains_and_what_pushes_the_element() -> None:
    m = told(*WORKED, ("c", "a", "+", 1, "s"), ("d", "c", "+", 1, "t"))
    found = influence(m, draws=0).evidence("a")
    assert [0, 1, 2, 3] == found["row"].tolist()
    assert ["reporters", "reporters", "reporters", ""] == found["counts_in"].tolist()


@settings(max_examples=12)
@given(maps(max_size=10, carried=False))
def test_laws_hold_for_every_valid_map(m: SystemMap) -> None:
    """Gains less losses are the influence, no node pushes more than all, ranks are in order."""
    frame = influence(m, draws=10).frame
    assert len(frame) == len(m.elements)
    if len(m.outcomes):
        np.testing.assert_allclose(frame["gain"] - frame["loss"], frame["influence"], atol=1e-9)
        assert (frame["gain"] + frame["loss"] <= 2 + 1e-9).all()
        assert (frame["influence"].abs() <= frame["given"] + 1e-9).all()
    else:
        assert frame["influence"].isna().all()
    assert (frame["received"] <= 2 + 1e-9).all()
    assert (frame["rank_low"] <= frame["rank_high"]).all()
    assert (frame.loc[frame["reporters"] == 0, "influence"].fillna(0) == 0).all()


def answers_alike(answer: Influence, full: Influence) -> None:
    """Same columns and types, figures that draw, sentences that speak."""
    expected = full.frame.dtypes.to_dict()
    assert expected == answer.frame.dtypes.to_dict()
    assert answer.plot() is not None
    assert answer.ranking() is not None
    assert all((answer.summary(), answer.methods(), answer.alt_text()))
    for key in answer.frame.index:
        assert answer.explain(key)
        assert not answer.evidence(key).isna().all().all() or not len(answer.evidence(key))


def test_an_empty_map_gives_no_rows() -> None:
    full = influence(shipped("teaching"), draws=10)
    answer = influence(from_tables({}))
    answers_alike(answer, full)
    assert (0, "There are no elements to rank.") == (len(answer), answer.summary())


def test_one_element_alone_is_autonomous_and_its_links_are_unknown() -> None:
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ["a"], "name": ["Ann"]}),
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]}),
        }
    )
    answer = influence(m)
    answers_alike(answer, influence(shipped("teaching"), draws=10))
    row = answer.frame.loc["a"]
    assert (0, "autonomous", 1, 0) == tuple(row[["influence", "quadrant", "rank", "reporters"]])
    said = answer.explain("a")
    assert "whether it moves one is not known" in said
    assert "does not mean that there is no link" in said


def test_without_links_everything_is_nothing() -> None:
    answer = influence(told())
    answers_alike(answer, influence(shipped("teaching"), draws=10))
    assert not answer.frame[NUMBERS].any().any()
    assert {"autonomous"} == set(answer.frame["quadrant"])
    assert {1} == set(answer.frame["rank"])
    assert answer.summary() == "Nobody said what influences what, so no element can be ranked."


def test_without_outcomes_the_rank_is_by_what_is_given() -> None:
    """Hand: a -> b -> c, strength 3; a gives 1 + .5, b gives 1."""
    answer = influence(told(("a", "b", "+", 3), ("b", "c", "-", 3), outcomes=""))
    answers_alike(answer, influence(shipped("teaching"), draws=10))
    frame = answer.frame
    assert frame[["influence", "direct", "gain", "loss"]].isna().all().all()
    assert ["a", "b", "c", "d"] == frame.index.tolist()
    assert [1, 2, 3, 3] == frame["rank"].tolist()
    assert [1.5, 1.0] == pytest.approx(frame["given"].tolist()[:2])
    assert any("no outcomes" in c for c in answer.caveats)


def test_claims_without_a_sign_are_known_and_move_nothing() -> None:
    answer = influence(told(("a", "b", None, 3), ("b", "o", None, 2)))
    answers_alike(answer, influence(shipped("teaching"), draws=10))
    assert not answer.frame[NUMBERS].any().any()
    assert {"autonomous"} == set(answer.frame["quadrant"])
    assert 1 == answer.frame.loc["a", "reporters"]
    assert "On balance Ann moves no outcome" in answer.explain("a")
    assert "Nobody decided whether Ann raises or lowers Bee; Bee raises or lowers O" in (
        answer.explain("a")
    )
    assert "2 of 2 links have no sign and move nothing." in answer.caveats


def test_signs_that_contradict_each_other_move_nothing_and_are_named() -> None:
    answer = influence(told(("a", "o", "+", 3, "s"), ("a", "o", "-", 1, "t")))
    answers_alike(answer, influence(shipped("teaching"), draws=10))
    assert 0 == answer.frame.loc["a", "influence"]
    assert 2 == answer.frame.loc["a", "reporters"]
    assert "evenly split on whether Ann raises or lowers O" in answer.explain("a")
    assert any(c.startswith("On 1 of 1 link reporters are evenly split") for c in answer.caveats)


def test_an_outcome_that_is_a_cause_hands_influence_on() -> None:
    """Hand: a -> o -> p, strength 3: 1 on o and .5 on p, so .75 at equal weight; o has no row."""
    answer = influence(told(("a", "o", "+", 3), ("o", "p", "+", 3), outcomes="op"))
    assert 0.75 == pytest.approx(answer.frame.loc["a", "influence"])
    assert "o" not in answer.frame.index
    assert "Ann raises O, which raises P (+0.50)" in answer.explain("a")


def test_a_loop_through_an_outcome_converges() -> None:
    """Hand: a <-> o, strength 3: T_ao = 1 + .25 + ... = 4/3."""
    answer = influence(told(("a", "o", "+", 3), ("o", "a", "+", 3)))
    assert 4 / 3 == pytest.approx(answer.frame.loc["a", "influence"], abs=1e-12)


def test_chains_that_cancel_leave_nothing_and_a_trade_off() -> None:
    """Hand: + over b and - over c, equally strong: T+ = T- = .25, influence exactly 0."""
    m = told(("a", "b", "+", 3), ("a", "c", "+", 3), ("b", "o", "+", 3), ("c", "o", "-", 3))
    row = influence(m, draws=0).frame.loc["a"]
    assert (0.0, 0.25, 0.25, True) == tuple(row[["influence", "gain", "loss", "trade_off"]])


def test_outcomes_are_weighed_as_asked() -> None:
    m = told(("a", "o", "+", 3), ("b", "p", "-", 3), outcomes="op")
    assert {"a": 0.75, "b": -0.25} == pytest.approx(
        influence(m, weights={"o": 3, "p": 1}, draws=0).frame["influence"][["a", "b"]].to_dict()
    )
    assert ["a", "b"] == influence(m, weights={"o": 3, "p": 1}, draws=0).frame.index.tolist()[:2]
    with pytest.raises(UnknownIdError, match="'x' is not an id in outcomes"):
        influence(m, weights={"x": 1})
    with pytest.raises(UndecidableError, match="no member ranks them"):
        influence(m, weights="priority")
    teaching = shipped("teaching")
    by = {w: influence(teaching, weights=w, draws=0) for w in ("equal", "seeking", "priority")}
    assert 3 == len({tuple(a.frame["influence"].round(6)) for a in by.values()})
    assert "by their mean place among the members that rank" in by["priority"].methods()


def test_dematel_is_named_and_refused_where_it_has_no_sum() -> None:
    """Section 4 of the methods: refused when I - X is singular."""
    circle = told(("a", "b", "+", 3), ("b", "a", "+", 3))
    with pytest.raises(UndecidableError, match="I - X is singular"):
        influence(circle, method="dematel")
    answer = influence(shipped("teaching"), method="dematel", draws=30)
    answers_alike(answer, influence(shipped("teaching"), draws=10))
    assert answer.params["attenuation"] is None
    assert "Gabus and Fontela 1972" in answer.methods()


def test_draws_without_a_sum_are_told() -> None:
    """A circle is singular whenever both links come out alike; here they start apart."""
    m = told(("a", "b", "+", 3), ("b", "a", "+", 1))
    answer = influence(m, method="dematel", draws=200)
    kept = int(str(answer.params["draws"]))
    assert 0 < kept < 200
    assert f"{200 - kept} draws had no sum by method dematel and were left out." in answer.caveats


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"method": "micmac"}, "method is 'micmac'; write attenuated or dematel"),
        ({"draws": -1}, "draws is -1; give 0 or more"),
        ({"top": 0}, "top is 0; give 1 or more"),
        ({"attenuation": 1.0}, "give a number from 0 to below 1"),
        ({"weights": "fair"}, "write equal, seeking, priority or numbers"),
    ],
)
def test_a_parameter_out_of_range_is_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        influence(told(*WORKED), **wrong)  # type: ignore[arg-type]  # the fault is the point


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("draws", "5", "draws is '5'; give a whole number"),
        ("draws", 2.5, "draws is 2.5; give a whole number"),
        ("draws", None, "draws is None; give a whole number"),
        ("draws", True, "draws is True; give a whole number"),
        ("top", "x", "top is 'x'; give a whole number"),
        ("attenuation", "x", "attenuation is 'x'; give a number"),
    ],
)
def test_what_is_no_number_is_refused(name: str, value: object, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        influence(told(*WORKED), **{name: value})  # type: ignore[arg-type]  # the fault


def test_ranks_say_nothing_where_nothing_is_moved() -> None:
    said = influence(told(("a", "o", None))).explain("a")
    assert "No element is known to move anything here, so the ranks say nothing." in said
    assert "Rank" not in said


def test_the_first_rows_are_those_of_the_whole() -> None:
    m = shipped(ASIA)
    whole, first = influence(m, draws=30), influence(m, draws=30, top=5)
    pd.testing.assert_frame_equal(whole.frame.head(5), first.frame)
    assert "of 38 elements" in first.explain(first.frame.index[4])


def test_a_context_may_decide_which_element_comes_first() -> None:
    """Hand: in x only a moves o, in y only b; c is in general and stays in both."""
    m = told(
        ("a", "o", "+", 3, "s", "x"), ("b", "o", "+", 3, "s", "y"), ("c", "o", "+", 1, "s", None)
    )
    here, there = (influence(m.select(contexts=[place])) for place in "xy")
    both = here.compare(there)
    assert ["a", "b", "c", "d"] == both.index.tolist()
    assert [1, 3] == both.loc["a", ["rank", "rank_other"]].tolist()
    assert [0.75, 0.0] == both.loc["a", ["influence", "influence_other"]].tolist()
    assert [0.25, 0.25] == both.loc["c", ["influence", "influence_other"]].tolist()
    assert any(c.startswith("1 of 2 influence claims name no context") for c in here.caveats)


def test_intervals_that_are_apart_come_first_in_a_comparison() -> None:
    """Hand: three of one mind are always drawn alike; a leads in both places, b and c change."""
    strengths = {"x": {"a": 3, "b": 2, "c": 1}, "y": {"a": 3, "b": 1, "c": 2}}
    m = told(
        *(
            (element, "o", "+", strength, source, place)
            for place, by_element in strengths.items()
            for element, strength in by_element.items()
            for source in "pqr"
        )
    )
    both = influence(m.select(contexts=["x"])).compare(influence(m.select(contexts=["y"])))
    assert ["b", "c", "a", "d"] == both.index.tolist()
    assert [False, False, True, True] == both["overlap"].tolist()
    for column in ("rank", "rank_low", "rank_high"):
        assert (2, 3) == tuple(both.loc["b", [column, f"{column}_other"]])


def test_a_comparison_without_draws_or_rows_leaves_the_overlap_open() -> None:
    m = told(*WORKED)
    bare = influence(m, draws=0).compare(influence(m, draws=20))
    assert bare["overlap"].isna().all()
    short = influence(m, draws=20, top=1).compare(influence(m, draws=20))
    assert {"a": True, "b": False} == short["overlap"].isna()[["a", "b"]].to_dict()
    empty = influence(from_tables({})).compare(influence(from_tables({})))
    assert (0, list(short.columns)) == (len(empty), list(empty.columns))
    assert short.dtypes.to_dict() == empty.dtypes.to_dict()


def test_the_teaching_map_shows_what_was_planted() -> None:
    """Source: the README of the map: a contested sign, a link without one, undesirable chains."""
    answer = influence(shipped("teaching"), draws=100)
    assert "evenly split on whether Deal with telecom companies raises or lowers High price" in (
        answer.explain("telecom-deal")
    )
    assert "(2 of 3 reporters)" in answer.explain("telecom-deal")
    assert "Nobody decided whether Privacy law raises or lowers" in answer.explain("privacy-law")
    chain = "raises Broken devices, which raises Teacher turnover, which lowers Good teaching"
    assert chain in answer.explain("data-price")
    assert "is marked undesirable" in answer.explain("data-price")
    assert "undesirable" == answer.frame.loc["data-price", "orientation"]


def test_explain_is_for_a_ministry() -> None:
    answer = influence(told(*TORN), draws=100)
    said = answer.explain("a")
    assert said.startswith("If Ann grew, the outcomes would grow, by the claims: total influence ")
    assert "total influence +0.25 (+0.50 of it in one step)" in said
    assert "Chains that raise them add 0.50, chains that lower them take 0.25." in said
    assert "On O (+0.25): Ann raises O (+0.50); Ann raises Bee, which lowers O (-0.25)." in said
    assert "A trade-off: 33 % of what moves O runs against the rest." in said
    assert "Rank 2 of 4 elements; in nine of ten of 100 draws 1 to 2" in said
    everything = " ".join([said, answer.summary(), answer.methods(), *answer.caveats])
    for word in ("significant", "leverage", "best partner", " nan", "None"):
        assert word not in everything
    with pytest.raises(UnknownIdError):
        answer.explain("nothing")


def long_map(rows: int) -> SystemMap:
    m = network(4, elements=rows, links=rows * 3)
    names = [
        f"Training of teachers for small schools on far islands, part {i}" for i in range(rows)
    ]
    tables = {t: f for t, f in m.tables.items() if len(f)}
    return from_tables(tables | {"elements": tables["elements"].assign(name=names)})


@pytest.mark.parametrize("which", ["teaching", ASIA, "long"])
@pytest.mark.parametrize("figure", ["plot", "ranking"])
def test_no_text_of_a_figure_covers_another_or_leaves_it(which: str, figure: str) -> None:
    m = long_map(60) if which == "long" else shipped(which)
    answer = influence(m, draws=30)
    ax = getattr(answer, figure)()
    boxes = boxes_of_texts(ax)
    whole = ax.figure.bbox.padded(1)
    for text, box in boxes:
        assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, text
        assert whole.y0 <= box.y0 <= box.y1 <= whole.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert wide <= 1 or high <= 1, (one, other)


def test_figures_name_ranks_and_quadrants_and_repeat_to_the_byte() -> None:
    answer = influence(shipped("teaching"), draws=100)
    drawn = answer.plot()
    assert ["determinant", "relay", "result", "autonomous"] == legend(drawn)
    row = answer.frame.loc["offline-library"]
    label = f"Offline library ({row['rank_low']}\N{EN DASH}{row['rank_high']})"
    assert label in [" ".join(t.split()) for t in texts(drawn)]
    again = influence(shipped("teaching"), draws=100)
    assert charts.to_svg(drawn) == charts.to_svg(again.plot())
    assert charts.to_svg(answer.ranking()) == charts.to_svg(again.ranking())
    assert {"+0.25", "up", "down", "first ten", "1"} <= set(texts(answer.ranking()))


def test_figures_are_drawn_into_axes_that_are_given() -> None:
    answer = influence(shipped("teaching"), draws=10)
    for draw in (answer.plot, answer.ranking):
        ax = charts.axes()
        assert draw(ax) is ax
