"""Signed link values and their series, against methods.md sections 4 and 16 and plain loops."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures import propagation
from sysmap.measures.propagation import (
    gains_and_losses,
    given_and_received,
    on_outcomes,
    outcome_weights,
    pushes,
    signed_links,
    total,
)


def influences(*rows: tuple[object, ...], outcomes: str = "o", seeks: str = "") -> SystemMap:
    """A map of elements a to c; rows are cause, effect, sign, strength, source, date."""
    columns = ["cause", "effect", "sign", "strength", "source", "date"]
    padded = [(*row, *[None] * (len(columns) - len(row))) for row in rows]
    frame = pd.DataFrame(padded, columns=columns, dtype=object)
    named = {"id": list("abc"), "name": list("ABC")}
    sources = sorted(set(frame["source"].dropna()))
    return from_tables(
        {
            "elements": pd.DataFrame(named),
            "outcomes": pd.DataFrame({"id": list(outcomes), "name": list(outcomes)}),
            "organizations": pd.DataFrame({"id": ["m", "n"], "name": ["M", "N"]}),
            "sources": pd.DataFrame({"id": sources, "name": sources}),
            "influences": frame,
            "seeks": pd.DataFrame(
                {"organization": ["m", "n", "m"][: len(seeks)], "outcome": list(seeks)}
            ),
        }
    )


def random_pushes(seed: int, size: int, links: int) -> csr_array:
    """Random signed links on the scale, divided as section 4 says."""
    rng = np.random.default_rng(seed)
    values = np.zeros((size, size))
    cause, effect = rng.integers(0, size, (2, links))
    values[cause, effect] = rng.choice([-3, -2, -1, 1, 2, 3], links)
    np.fill_diagonal(values, 0)
    return csr_array(values / np.maximum(np.abs(values).sum(axis=0), 3))


def between(m: SystemMap, cause: str, effect: str) -> float:
    links = signed_links(m)
    both = total(pushes(links))
    return float(both[links.ids.get_loc(cause), links.ids.get_loc(effect)])


def test_attenuated_influence_is_that_of_the_worked_example():
    """methods.md section 16: a->b 3, a->o 1, b->o 3, attenuation 0.5."""
    m = influences(("a", "b", "+", 3), ("a", "o", "+", 1), ("b", "o", "+", 3))
    assert between(m, "a", "b") == pytest.approx(1, abs=1e-12)
    assert between(m, "a", "o") == pytest.approx(0.625, abs=1e-12)
    assert between(m, "b", "o") == pytest.approx(0.75, abs=1e-12)


def test_a_negative_step_turns_the_sign():
    """methods.md section 16: a->b +3, b->o -3."""
    m = influences(("a", "b", "+", 3), ("b", "o", "-", 3))
    assert between(m, "a", "o") == pytest.approx(-0.5, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_gains_and_losses_are_the_blocks_of_one_unsigned_series(seed):
    """methods.md section 16: T+ and T- are the blocks of the formula on [[P, N], [N, P]]."""
    y = random_pushes(seed, 12, 40).toarray()
    helps, harms = np.maximum(y, 0), np.maximum(-y, 0)
    block = np.block([[helps, harms], [harms, helps]])
    whole = block @ np.linalg.inv(np.eye(24) - 0.5 * block)
    found = gains_and_losses(csr_array(y))
    np.testing.assert_allclose(found.gain, whole[:12, :12], atol=1e-10)
    np.testing.assert_allclose(found.loss, whole[:12, 12:], atol=1e-10)


@pytest.mark.parametrize("attenuation", [0.0, 0.25, 0.5, 0.9])
def test_four_hundred_terms_are_the_closed_form(attenuation):
    """methods.md section 16: the series to 400 terms equals the closed form."""
    y = random_pushes(3, 20, 80)
    dense, term, series = y.toarray(), y.toarray(), np.zeros((20, 20))
    for _ in range(400):
        series += term
        term = attenuation * term @ dense
    np.testing.assert_allclose(total(y, attenuation=attenuation), series, atol=1e-10)


@pytest.mark.parametrize("attenuation", [0.0, 0.5, 0.95])
def test_large_maps_are_summed_to_what_a_solve_gives(monkeypatch, attenuation):
    """Both ways of section 4 are one formula."""
    y, onto = random_pushes(5, 60, 300), np.eye(60)[:, :3]
    solved = total(y, onto, attenuation=attenuation)
    monkeypatch.setattr(propagation, "_DENSE", 0)
    np.testing.assert_allclose(total(y, onto, attenuation=attenuation), solved, atol=1e-12)


def test_column_sums_stay_within_one_over_one_minus_attenuation():
    """methods.md section 4: column sums of |T| are at most 1 / (1 - alpha)."""
    given, received = given_and_received(random_pushes(8, 30, 300), attenuation=0.5)
    assert received.max() <= 2 + 1e-12
    assert given.sum() == pytest.approx(received.sum())


@pytest.mark.parametrize("attenuation", [-0.1, 1.0, float("nan")])
def test_an_attenuation_outside_its_range_is_refused(attenuation):
    with pytest.raises(ValueError, match="give a number from 0 to below 1"):
        total(random_pushes(0, 4, 4), attenuation=attenuation)


def value(m: SystemMap) -> float:
    (found,) = signed_links(m).value
    return float(found)


def test_a_value_is_sign_times_agreement_times_strength_of_the_larger_side():
    """Hand: + from two with strengths 3 and 1, - from one: (2 - 1) / 3 x mean(3, 1) = 2/3."""
    m = influences(("a", "b", "+", 3, "s"), ("a", "b", "+", 1, "t"), ("a", "b", "-", 3, "u"))
    assert value(m) == pytest.approx(2 / 3)


def test_a_blank_strength_is_the_middle_of_the_scale():
    assert value(influences(("a", "b", "-", None, "s"))) == -2


def test_a_tie_is_contested_and_moves_nothing():
    m = influences(("a", "b", "+", 3, "s"), ("a", "b", "-", 3, "t"))
    assert value(m) == 0
    assert list(signed_links(m).contested) == [True]


def test_a_link_without_a_sign_is_known_and_moves_nothing():
    links = signed_links(influences(("a", "b", None, 3, "s")))
    assert (list(links.value), list(links.unsigned)) == ([0.0], [1])
    assert not links.contested.any()


def test_the_latest_sign_of_a_reporter_counts():
    m = influences(("a", "b", "+", 3, "s", "2020"), ("a", "b", "-", 1, "s", "2024"))
    assert value(m) == -1


@pytest.mark.parametrize("dates", [(None, "2024"), ("2024", "2024"), (None, None)])
def test_signs_of_one_reporter_that_cannot_be_ordered_cancel(dates):
    m = influences(("a", "b", "+", 3, "s", dates[0]), ("a", "b", "-", 1, "s", dates[1]))
    links = signed_links(m)
    assert (list(links.value), len(links.votes)) == ([0.0], 0)


@pytest.mark.parametrize("seed", range(4))
def test_values_are_those_of_plain_loops(seed):
    """A slow twin: every pair, every reporter, every date by hand."""
    rng = np.random.default_rng(seed)
    ends = [(a, b) for a in "abc" for b in "abco" if a != b]
    rows = [
        (*ends[rng.integers(len(ends))], rng.choice(["+", "-", None]), rng.choice([1, 3, None]),
         rng.choice(["s", "t", "u"]), rng.choice(["2020", "2021", None]))
        for _ in range(60)
    ]  # fmt: skip
    m = influences(*rows)
    links = signed_links(m)
    found = {
        (links.ids[c], links.ids[e]): v
        for c, e, v in zip(links.cause, links.effect, links.value, strict=True)
    }
    expected = {}
    for pair in {(r[0], r[1]) for r in rows}:
        sides: dict[str, list[float]] = {"+": [], "-": []}
        for who in "stu":
            mine = [r for r in rows if (r[0], r[1]) == pair and r[4] == who and r[2]]
            latest = max((r[5] for r in mine if r[5]), default=None)
            recent = [r for r in mine if r[5] in (None, latest)]
            if len({r[2] for r in recent}) == 1:
                sides[recent[0][2]].append(float(np.mean([r[3] or 2 for r in recent])))
        p, q = len(sides["+"]), len(sides["-"])
        larger = sides["+" if p > q else "-"]
        expected[pair] = 0.0 if p == q else (p - q) / (p + q) * float(np.mean(larger))
    assert expected == pytest.approx(found)


def test_influence_falls_on_outcomes_by_their_weight():
    m = influences(("a", "o", "+", 3), ("b", "p", "+", 3), outcomes="op", seeks="oop")
    np.testing.assert_allclose(on_outcomes(m)[:2], [0.5, 0.5])
    np.testing.assert_allclose(on_outcomes(m, weights="seeking")[:2], [2 / 3, 1 / 3])
    np.testing.assert_allclose(on_outcomes(m, weights=[3, 1])[:2], [0.75, 0.25])


def test_without_outcomes_influence_is_missing():
    assert np.isnan(on_outcomes(influences(("a", "b", "+", 3), outcomes=""))).all()


def test_without_links_influence_is_zero():
    assert not on_outcomes(influences()).any()


def test_weights_that_cannot_be_used_are_refused():
    m = influences(outcomes="op")
    with pytest.raises(ValueError, match="2 numbers from 0 up"):
        outcome_weights(m, [1])
    with pytest.raises(ValueError, match="write equal, seeking, priority or numbers"):
        outcome_weights(m, "fair")
    with pytest.raises(UndecidableError, match=r"Add the sheet seeks\."):
        outcome_weights(m, "seeking")


def ranked(*places: int | None) -> SystemMap:
    """Outcomes o and p, which two members rank: o and p of m, then of n."""
    frame = pd.DataFrame(
        {"organization": list("mmnn"), "outcome": list("opop"), "priority": places}, dtype=object
    )
    return from_tables(
        {
            "organizations": pd.DataFrame({"id": ["m", "n"], "name": ["M", "N"], "member": "yes"}),
            "outcomes": pd.DataFrame({"id": ["o", "p"], "name": ["O", "P"]}),
            "seeks": frame,
        }
    )


def test_priority_weighs_by_the_mean_place_among_those_who_rank():
    """Hand: o is first of two for m, p for n: 1/2 each; both put o first: 1 and 0."""
    assert outcome_weights(ranked(1, 2, 2, 1), "priority").tolist() == [0.5, 0.5]
    assert outcome_weights(ranked(1, 2, 1, 2), "priority").tolist() == [1.0, 0.0]
    with pytest.raises(UndecidableError, match="Fill the column priority of the sheet seeks"):
        outcome_weights(ranked(None, None, None, None), "priority")


def test_one_outcome_has_all_the_weight_whoever_ranks():
    assert outcome_weights(influences(), "priority").tolist() == [1.0]


def test_weights_by_id_leave_the_unnamed_at_nothing():
    m = influences(outcomes="op")
    assert outcome_weights(m, {"p": 2}).tolist() == [0.0, 1.0]
    with pytest.raises(UnknownIdError, match="'q' is not an id in outcomes"):
        outcome_weights(m, {"q": 1})
    with pytest.raises(ValueError, match="2 numbers from 0 up"):
        outcome_weights(m, {"p": float("nan")})


def signed_digraphs(size: int, chosen: int | None = None) -> Iterator[np.ndarray]:
    """All matrices of -3, 0 and 3 off the diagonal, or a random choice of them, divided."""
    free = [(i, j) for i in range(size) for j in range(size) if i != j]
    every = itertools.product((-3, 0, 3), repeat=len(free))
    if chosen is not None:
        every = iter(np.random.default_rng(0).choice((-3, 0, 3), (chosen, len(free))).tolist())
    for values in every:
        a = np.zeros((size, size))
        a[tuple(np.transpose(free))] = values
        yield a / np.maximum(np.abs(a).sum(axis=0), 3)


def walk_sums(y: np.ndarray, attenuation: float, longest: int) -> np.ndarray:
    """Every walk by plain loops: its steps multiplied, each after the first attenuated."""
    size = len(y)
    found = np.zeros((size, size))

    def walk(start: int, node: int, value: float, steps: int) -> None:
        for end in range(size):
            if y[node, end]:
                onward = value * y[node, end] * (attenuation if steps else 1.0)
                found[start, end] += onward
                if steps + 1 < longest:
                    walk(start, end, onward, steps + 1)

    for start in range(size):
        walk(start, start, 1.0, 0)
    return found


def dense_series(y: np.ndarray, attenuation: float) -> np.ndarray:
    term, summed = y.copy(), y.copy()
    for _ in range(80):
        term = attenuation * term @ y
        summed += term
    return summed


@pytest.mark.parametrize(("size", "chosen"), [(2, None), (3, None), (4, 120)])
def test_every_small_signed_digraph_is_the_sum_over_its_walks(size, chosen):
    """All signed digraphs of 2 and 3 nodes, 120 of 4: what is cut off is below 0.02 ** 8."""
    for y in signed_digraphs(size, chosen):
        np.testing.assert_allclose(
            total(csr_array(y), attenuation=0.02), walk_sums(y, 0.02, 8), atol=1e-12
        )


@pytest.mark.parametrize(("size", "chosen"), [(2, None), (3, None), (4, 400)])
def test_every_small_signed_digraph_is_the_dense_series(size, chosen):
    for y in signed_digraphs(size, chosen):
        found = gains_and_losses(csr_array(y))
        np.testing.assert_allclose(found.gain - found.loss, dense_series(y, 0.5), atol=1e-12)
        np.testing.assert_allclose(
            found.gain + found.loss, dense_series(np.abs(y), 0.5), atol=1e-12
        )


@pytest.mark.parametrize("seed", range(3))
def test_what_is_received_is_the_centrality_of_katz(seed):
    """networkx: x = 1 + a Y'x, so the column sums of T are (x - 1) / a."""
    y = abs(random_pushes(seed, 15, 60)).toarray()
    graph = nx.from_numpy_array(y, create_using=nx.DiGraph)
    katz = nx.katz_centrality_numpy(graph, alpha=0.5, beta=1.0, normalized=False, weight="weight")
    _, received = given_and_received(csr_array(y), attenuation=0.5)
    np.testing.assert_allclose(received, (np.array([katz[i] for i in range(15)]) - 1) / 0.5)
