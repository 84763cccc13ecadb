"""Loops: keys, polarity, stories and what is admitted where the search met a limit."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings

import sysmap as sm
from sysmap.core.charts import canvas
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import INFLUENCES
from tests.core.charts.drawing import boxes_of_texts
from tests.evidence import counts_match
from tests.influences import influence_map, random_map, reordered
from tests.maps import shipped
from tests.strategies import maps


def complete(size: int, sign: str = "+") -> SystemMap:
    ids = [f"e{i:02}" for i in range(size)]
    return influence_map(*((a, b, sign, 3, "s") for a, b in itertools.permutations(ids, 2)))


POPULATION = (
    ("births", "population", "+", 3, "s"),
    ("population", "births", "+", 3, "s"),
    ("population", "deaths", "+", 3, "s"),
    ("deaths", "population", "-", 3, "t"),
)


def test_the_loop_of_births_reinforces_and_that_of_deaths_balances():
    """methods.md section 16; each share on population is 3 of 6, so both strengths are 1/2."""
    frame = sm.loops(influence_map(*POPULATION)).frame
    assert ["births; population", "deaths; population"] == frame["path"].tolist()
    assert ["reinforcing", "balancing"] == frame["polarity"].tolist()
    assert [0.5, 0.5] == frame["strength"].tolist()
    assert ["L1", "L2"] == frame.index.tolist()


@pytest.mark.parametrize(("bound", "loops"), [(2, 10), (3, 30), (4, 60), (5, 84)])
def test_the_complete_digraph_of_five_has_the_published_number_of_loops(bound, loops):
    """methods.md section 16."""
    answer = sm.loops(complete(5), max_length=bound)
    assert (loops, True) == (len(answer), answer.params["exhaustive"])


def test_keys_go_by_strength_then_length_then_path():
    m = random_map(4, elements=7, outcomes=1, links=40)
    frame = sm.loops(m).frame
    assert len(frame) > 20
    order = list(zip(-frame["strength"], frame["length"], frame["path"], strict=True))
    assert sorted(order) == order
    assert [f"L{i + 1}" for i in range(len(frame))] == frame.index.tolist()


@pytest.mark.parametrize("seed", range(4))
def test_shuffled_rows_and_other_ids_change_nothing_but_the_ids(seed):
    """methods.md section 15: identical frames."""
    m = random_map(seed, elements=7, links=40)
    for limit in (12, 100_000):
        frame = sm.loops(m, limit=limit).frame
        pd.testing.assert_frame_equal(frame, sm.loops(reordered(m, seed + 1), limit=limit).frame)
        other = sm.loops(reordered(m, seed + 2, prefix="z"), limit=limit).frame
        other["path"] = other["path"].str.replace("z", "")
        pd.testing.assert_frame_equal(frame, other)


@pytest.mark.parametrize("seed", range(3))
def test_length_counts_the_links_in_the_evidence(seed):
    counts_match(sm.loops(random_map(seed, links=24)), ["length"])


def test_evidence_lists_every_claim_also_the_outvoted_ones():
    answer = sm.loops(shipped("teaching"))
    rows = answer.evidence("L2")
    told = answer.map.links(INFLUENCES).loc[rows["row"]]
    assert {("data-price", "satellite-link"), ("satellite-link", "data-price")} == set(
        zip(told["cause"], told["effect"], strict=True)
    )
    assert {"+", "-"} == set(told.loc[told["cause"] == "satellite-link", "sign"])


def test_a_loop_is_told_as_a_story_with_who_says_so():
    said = sm.loops(shipped("teaching")).explain("L2")
    assert said.startswith(
        "L2 is a loop of 2 links. An increase in High price of data brings an increase in "
        "Satellite link (1 of 1 reporter), which brings a decrease in High price of data (2 of 3 "
        "reporters). The increase comes back as a decrease"
    )
    assert "Some reporters see it the other way for Satellite link → High price of data." in said
    assert "1 reporter told the whole loop." in said
    assert "data-price" not in said


def test_a_loop_that_nobody_told_whole_is_called_stitched_together():
    """Deaths: one reporter told one link, another the other."""
    answer = sm.loops(influence_map(*POPULATION))
    assert "No reporter told the whole loop" in answer.explain("L2")
    assert "1 reporter told the whole loop." in answer.explain("L1")
    assert any(c.startswith("1 of 2 loops was told whole by no reporter") for c in answer.caveats)


@pytest.mark.parametrize("signs", [("+", "-"), (None, None)])
def test_a_link_without_an_agreed_sign_leaves_its_loop_undecided_and_names_it(signs):
    m = influence_map(
        ("law", "tax", signs[0], 3, "s"), ("law", "tax", signs[1], 3, "t"), ("tax", "law", "+")
    )
    answer = sm.loops(m)
    assert ("unknown", 0.0) == tuple(answer.frame.loc["L1", ["polarity", "strength"]])
    assert "there is no agreed direction for Law → Tax." in answer.explain("L1")
    assert "1 of 1 loop has a link without an agreed sign." in answer.caveats
    assert "1 undecided" in answer.summary()


def test_outcomes_can_lie_on_a_loop():
    m = influence_map(("law", "light", "+", 3), ("light", "law", "+", 3), outcomes=["light"])
    assert ["law; light"] == sm.loops(m).frame["path"].tolist()


def test_where_the_limit_is_met_the_answer_says_so_everywhere():
    """Complete digraph of 12: 66 loops of 2 links, 440 of 3, 2,970 of 4."""
    answer = sm.loops(complete(12), limit=1000)
    assert (1000, False, 3) == tuple(
        answer.params[k] for k in ("found", "exhaustive", "complete_to")
    )
    assert answer.summary().startswith("First 1,000 loops found among 132 links; not exhaustive")
    assert answer.caveats[0].startswith(
        "First 1,000 loops found; not exhaustive: all loops of up to 3 links are listed"
    )
    assert "met its limit, so all loops of up to 3 links are listed" in answer.methods()
    assert (answer.frame["length"] <= 3).sum() == 506
    short = sm.loops(complete(12), limit=10)
    assert "even the shortest are listed in part" in short.caveats[0]
    assert "so the shortest loops are listed in part" in short.methods()


def test_longer_loops_that_were_not_looked_for_are_admitted():
    assert any(
        c.startswith("Loops of more than 6 links were not looked for; up to 7")
        for c in sm.loops(complete(7)).caveats
    )


def test_independent_loops_are_the_shortest_that_add_a_link():
    """methods.md section 16: links 12 23 31 24 41 34, independent set 123, 124, 1234."""
    pairs = [("1", "2"), ("2", "3"), ("3", "1"), ("2", "4"), ("4", "1"), ("3", "4")]
    m = influence_map(*((f"e{a}", f"e{b}", "+", 3) for a, b in pairs))
    answer = sm.loops(m, top=1)
    kept = answer.independent()
    assert ["e1; e2; e3", "e1; e2; e4", "e1; e2; e3; e4"] == sorted(
        kept["path"], key=lambda path: (len(path), path)
    )
    assert kept["length"].is_monotonic_increasing
    assert len(answer) == 1 < answer.params["found"]


def test_a_map_without_loops_gives_an_empty_frame_with_the_same_columns():
    empty, full = (sm.loops(influence_map(*rows)) for rows in (POPULATION[:1], POPULATION))
    assert 0 == len(empty)
    pd.testing.assert_series_equal(full.frame.dtypes, empty.frame.dtypes)
    assert full.frame.index.names == empty.frame.index.names
    assert full.frame.index.dtype == empty.frame.index.dtype
    assert "No loop was found among 1 link" in empty.summary()
    assert empty.summary() == empty.alt_text()
    assert empty.independent().empty
    with pytest.raises(UnknownIdError):
        empty.explain("L1")


def test_silence_about_influences_is_no_absence_of_loops():
    with pytest.raises(UndecidableError, match="nobody claims any influence"):
        sm.loops(from_tables({"elements": pd.DataFrame({"id": ["a"], "name": ["A"]})}))


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"max_length": 1}, "max_length is 1; give at least 2"),
        ({"limit": 0}, "limit is 0; give at least 1"),
        ({"top": 0}, "top is 0; give at least 1"),
    ],
)
def test_numbers_out_of_range_are_refused(given_, message):
    with pytest.raises(ValueError, match=message):
        sm.loops(influence_map(*POPULATION), **given_)


@pytest.mark.parametrize("name", ["max_length", "limit", "top"])
@pytest.mark.parametrize("value", ["3", 2.5, True])
def test_what_is_no_whole_number_is_refused(name, value):
    with pytest.raises(TypeError, match=f"{name} is {value!r}; give a whole number"):
        sm.loops(influence_map(*POPULATION), **{name: value})


@settings(max_examples=15)
@given(maps(max_size=20, carried=False))
def test_every_valid_map_has_loops_or_says_why_not(m: SystemMap):
    try:
        answer = sm.loops(m)
    except UndecidableError:
        assert not len(m.links(INFLUENCES))
        return
    assert answer.frame["strength"].between(0, 1).all()
    assert (answer.frame["length"] >= 2).all()
    assert set(answer.frame["polarity"]) <= {"reinforcing", "balancing", "unknown"}
    if len(answer):
        counts_match(answer, ["length"])
        assert answer.explain("L1")


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_the_figure_of_a_shipped_map_shows_each_loop_with_its_letter(name):
    answer = sm.loops(shipped(name))
    ax = answer.plot()
    drawn = [text for text, _ in boxes_of_texts(ax)]
    assert len(answer) == sum(text in {"R", "B", "?"} for text in drawn if text != "?")
    assert {"L1", "L2", "L3"} <= set(drawn)
    assert canvas.to_svg(ax) == canvas.to_svg(answer.plot())


def test_progress_is_told_with_what_there_is_to_do():
    told: list[tuple[int, int]] = []
    sm.loops(influence_map(*POPULATION), progress=lambda *t: told.append(t))
    assert (2, 100_000) == told[-1]
