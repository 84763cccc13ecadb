"""What-if: directions, their words, and what is refused."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from matplotlib.text import Text

import sysmap as sm
from sysmap.core.charts import canvas
from sysmap.core.errors import LimitError, UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import INFLUENCES
from tests.core.charts.drawing import boxes_of_texts, texts
from tests.influences import influence_map, random_map, reordered
from tests.maps import shipped
from tests.strategies import maps

CHAIN = (("law", "tax", "+", 3, "s"), ("tax", "light", "-", 3, "s"))


def chain() -> SystemMap:
    return influence_map(*CHAIN, outcomes=["light"], more=["sea"])


def test_signs_along_a_chain_are_exact_and_what_no_chain_reaches_is_none_exactly():
    """methods.md sections 7 and 15."""
    frame = sm.what_if(chain(), {"law": "+"}).frame
    assert ["light", "tax", "sea"] == frame.index.tolist()
    assert [0.0, 1.0, 0.0] == frame.loc["light", ["up", "down", "none"]].tolist()
    assert [1.0, 0.0, 0.0] == frame.loc["tax", ["up", "down", "none"]].tolist()
    assert [0.0, 0.0, 1.0] == frame.loc["sea", ["up", "down", "none"]].tolist()
    assert ["down", "up", "none"] == frame["answer"].tolist()


def test_a_push_down_turns_every_sign():
    up, down = (sm.what_if(chain(), {"law": s}).frame for s in "+-")
    assert up["up"].tolist() == down["down"].tolist()


def test_a_push_at_the_end_of_all_chains_reaches_nothing():
    frame = sm.what_if(chain(), {"light": "+"}).frame
    assert {"none"} == set(frame["answer"])


def test_opposite_pushes_on_one_chain_leave_the_rest_ambiguous():
    """methods.md section 7; by hand 0.375 and 0.625, see the ensemble's test."""
    answer = sm.what_if(chain(), {"law": "+", "tax": "-"})
    row = answer.frame.loc["light"]
    assert "ambiguous" == row["answer"]
    assert row["up"] == pytest.approx(0.625, abs=0.025)
    assert "the direction is not decided: either could happen" in answer.explain("light")
    assert ["light", "sea"] == answer.frame.index.tolist()


@pytest.mark.parametrize(("p", "answer"), [(3, "ambiguous"), (9, "up")])
def test_a_contested_link_is_decided_only_by_a_large_majority(p, answer):
    """Plus with p of p + 1: 3/4 is below 0.8, 9/10 above."""
    rows = [("law", "tax", "+", 3, f"s{i}") for i in range(p)] + [("law", "tax", "-", 3, "t")]
    found = sm.what_if(influence_map(*rows), {"law": "+"})
    assert answer == found.frame.loc["tax", "answer"]
    assert any("On 1 of the 1 link reached reporters disagree" in c for c in found.caveats)


def test_a_link_of_unknown_sign_goes_either_way():
    found = sm.what_if(influence_map(("law", "tax", None, 3, "s")), {"law": "+"})
    assert found.frame.loc["tax", "up"] == pytest.approx(0.5, abs=0.025)
    assert "ambiguous" == found.frame.loc["tax", "answer"]
    assert any("nobody gives a sign that holds" in c for c in found.caveats)


def test_outcomes_come_first_then_the_most_certain_then_by_id():
    frame = sm.what_if(random_map(1, elements=8, outcomes=4, links=30), {"e0": "+"}).frame
    key = list(
        zip(frame["table"] != "outcomes", -frame[["up", "down"]].max(axis=1), frame.index,
            strict=True)
    )  # fmt: skip
    assert sorted(key) == key
    np.testing.assert_allclose(frame[["up", "down", "none"]].sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_rows_and_other_ids_change_nothing_but_the_ids(seed):
    m = random_map(seed, links=18)
    frame = sm.what_if(m, {"e0": "+", "e1": "-"}, draws=500).frame
    mixed = sm.what_if(reordered(m, seed + 1), {"e1": "-", "e0": "+"}, draws=500).frame
    pd.testing.assert_frame_equal(frame, mixed)
    other = sm.what_if(
        reordered(m, seed + 2, prefix="z"), {"ze0": "+", "ze1": "-"}, draws=500
    ).frame
    other.index = other.index.str.removeprefix("z")
    pd.testing.assert_frame_equal(frame, other)


def test_the_seed_decides_and_is_remembered():
    m = shipped("teaching")
    one, same, other = (sm.what_if(m, {"data-price": "-"}, draws=300, rng=r) for r in (1, 1, 2))
    pd.testing.assert_frame_equal(one.frame, same.frame)
    assert not one.frame.equals(other.frame)
    assert (1, 300) == (one.params["rng"], one.params["draws"])
    given_ = sm.what_if(m, {"data-price": "-"}, draws=300, rng=np.random.default_rng(1))
    pd.testing.assert_frame_equal(one.frame, given_.frame)
    assert "a generator" == given_.params["rng"]
    assert "data-price -" == one.params["changes"]


def test_explain_says_in_how_many_systems_and_over_which_chains():
    answer = sm.what_if(shipped("teaching"), {"data-price": "-"})
    kept = f"{answer.params['kept']:,}"
    assert answer.explain("fair-access") == (
        f"If High price of data is pushed down, Fair access goes up in all {kept} plausible "
        "systems. An answer needs 80 %. The chain of up to 4 links that leads there: A decrease in "
        "High price of data brings a decrease in Broken devices (1 of 1 reporter), which brings an "
        "increase in Digital skills (1 of 1 reporter), which brings an increase in Fair access (1 "
        "of 1 reporter). Illustrative, made up to show how the tool works: 1 of 10 claims and 1 of "
        "6 reporters behind this."
    )
    online = answer.explain("every-school-online")
    assert f"of the {kept} plausible systems, so the direction is not decided" in online
    assert "The strongest chains of up to 4 links that lead there" in online
    assert "no proof that there is none" in answer.explain("privacy-law")


def test_a_share_is_never_rounded_to_all_or_nothing():
    """999 of 1000 say +: up in more than 99 %, down in less than 1 %."""
    rows = [("law", "tax", "+", 3, f"s{i:03}") for i in range(999)] + [("law", "tax", "-", 3, "t")]
    said = sm.what_if(influence_map(*rows), {"law": "+"}).explain("tax")
    assert "goes up in more than 99 % and down in less than 1 % of the 10,000" in said


def test_a_chain_that_is_too_long_to_tell_is_said_to_be_so():
    rows = [(f"e{i}", f"e{i + 1}", "+", 3) for i in range(5)]
    said = sm.what_if(influence_map(*rows), {"e0": "+"}).explain("e5")
    assert "It is reached only over chains of more than 4 links." in said


def test_no_words_promise_an_amount():
    answer = sm.what_if(shipped("teaching"), {"data-price": "-"}, draws=500)
    said = [answer.explain(k) for k in answer.frame.index] + [answer.methods(), *answer.caveats]
    for text in said:
        assert "leverage" not in text
        assert "significant" not in text
    assert "Directions only: no share is an amount of change" in answer.caveats[0]


def test_evidence_is_every_claim_on_a_way_from_the_push_to_the_node():
    m = influence_map(*CHAIN, ("tax", "sea", "+", 3, "t"), ("wind", "light", "+", 1, "t"))
    answer = sm.what_if(m, {"law": "+"})
    assert ["law -> tax", "tax -> light"] == answer.evidence("light")["unit"].tolist()
    assert answer.evidence("wind").empty


def test_what_cannot_be_asked_is_refused_with_the_cure():
    m = chain()
    with pytest.raises(ValueError, match="changes is empty; name what is pushed"):
        sm.what_if(m, {})
    with pytest.raises(
        UnknownIdError, match=r"'lightt' is not an id in elements or outcomes\. Did"
    ):
        sm.what_if(m, {"lightt": "+"})
    with pytest.raises(UnknownIdError, match="'s' is not an id in elements or outcomes"):
        sm.what_if(m, {"s": "+"})
    for wrong in ("up", "", None, 1):
        with pytest.raises(ValueError, match=r"changes, law: .* is not a push; write \+ or -"):
            sm.what_if(m, {"law": wrong})
    for wrong in ("law", ["law"], None):
        with pytest.raises(TypeError, match='map ids to "\\+" or "-", such as'):
            sm.what_if(m, wrong)
    with pytest.raises(TypeError, match="draws is '500'; give a whole number"):
        sm.what_if(m, {"law": "+"}, draws="500")
    with pytest.raises(TypeError, match="certainty is None; give a number"):
        sm.what_if(m, {"law": "+"}, certainty=None)
    with pytest.raises(ValueError, match="draws is 99; give at least 100"):
        sm.what_if(m, {"law": "+"}, draws=99)
    for certainty in (0.5, 1.1, float("nan")):
        with pytest.raises(ValueError, match=r"give a share above 0\.5, at most 1"):
            sm.what_if(m, {"law": "+"}, certainty=certainty)


def test_silence_about_influences_says_nothing_about_a_push():
    m = from_tables({"elements": pd.DataFrame({"id": ["a"], "name": ["A"]})})
    with pytest.raises(UndecidableError, match="nobody claims any influence"):
        sm.what_if(m, {"a": "+"})


def test_a_map_in_which_hardly_any_system_comes_to_rest_is_undecidable():
    ids = [f"e{i:02}" for i in range(12)]
    m = influence_map(*((a, b, "+", 3) for a, b in itertools.permutations(ids, 2)))
    with pytest.raises(UndecidableError, match=r"no stable system found\. 0 of .* came to rest"):
        sm.what_if(m, {"e00": "+"})


def test_too_much_that_feeds_back_on_itself_is_refused_at_once(monkeypatch):
    """A ring of five; what leads into it does not count."""
    ring = [(a, b, "-", 1, "s") for a, b in itertools.pairwise("abcdea")]
    m = influence_map(("law", "a", "+", 1, "s"), *ring)
    assert 6 == len(sm.what_if(m, {"law": "+"}, draws=500).frame) + 1
    monkeypatch.setattr("sysmap.measures.routes.ensemble.MOST_TOGETHER", 4)
    with pytest.raises(LimitError, match=r"5 elements .* at most 4 can .* m\.select\(elements="):
        sm.what_if(m, {"law": "+"}, draws=100)


def test_loops_elsewhere_do_not_make_a_push_undecidable():
    """What the push does not reach has no part in its answer."""
    ids = [f"e{i:02}" for i in range(12)]
    wild = [(a, b, "+", 3) for a, b in itertools.permutations(ids, 2)]
    m = influence_map(*CHAIN, *wild, ("e00", "law", "+", 3))
    assert ["up", "down"] == sm.what_if(m, {"law": "+"}).frame.loc[
        ["tax", "light"], "answer"
    ].tolist()


def test_one_element_that_is_pushed_leaves_an_answer_without_rows():
    m = influence_map(("a", "b", "+"))
    empty, full = sm.what_if(m, {"a": "+", "b": "+"}), sm.what_if(m, {"a": "+"})
    assert 0 == len(empty)
    pd.testing.assert_series_equal(full.frame.dtypes, empty.frame.dtypes)
    assert "there is nothing else to move" in empty.summary()
    assert "nothing to draw: no rows for this figure" in texts(empty.plot())
    assert empty.alt_text()


@settings(max_examples=10)
@given(maps(max_size=12, carried=False))
def test_every_valid_map_answers_or_says_why_not(m: SystemMap):
    told = m.links(INFLUENCES)
    if not len(told):
        return
    push = sorted(told["cause"])[0]
    try:
        answer = sm.what_if(m, {push: "+"}, draws=200)
    except UndecidableError:
        return
    frame = answer.frame
    assert push not in frame.index
    assert len(frame) == len(m.outcomes) + len(m.elements) - 1
    assert set(frame["none"]) <= {0.0, 1.0}
    for key in frame.index[:2]:
        assert answer.explain(key)
        assert (len(answer.evidence(key)) > 0) == (frame.loc[key, "none"] == 0)


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_no_text_of_the_figure_of_a_shipped_map_covers_another(name):
    push = {"teaching": "data-price", "asia-pacific-digital-learning": "edtech-pilots"}[name]
    answer = sm.what_if(shipped(name), {push: "-"}, draws=1000)
    ax = answer.plot()
    for (one, box), (other, next_) in itertools.combinations(boxes_of_texts(ax), 2):
        assert not box.overlaps(next_), (one, other)
    assert canvas.to_svg(ax) == canvas.to_svg(answer.plot())


def test_progress_is_told_with_what_there_is_to_do():
    told: list[tuple[int, int]] = []
    sm.what_if(chain(), {"law": "+"}, progress=lambda *t: told.append(t))
    assert (10_000, 10_000) == told[-1]


def test_a_figure_does_not_say_that_what_it_draws_is_not_drawn():
    ax = sm.what_if(chain(), {"light": "+"}).plot()
    said = " ".join(t.get_text() for t in ax.figure.findobj(Text))
    assert "no chain leads here" in said
    assert "not drawn" not in said
