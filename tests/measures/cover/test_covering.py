"""Maximum coverage against every subset, and what is said where the search ends early."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from sysmap.measures.cover.covering import Cover, covers

FIVE_SETS = (range(7), range(7, 14), (0, 7), (1, 2, 8, 9), (3, 4, 5, 6, 10, 11, 12, 13))


def table(sets, columns: int) -> np.ndarray:
    return np.array([[c in set(s) for c in range(columns)] for s in sets])


def found(works: np.ndarray, size: int = 5, **options) -> list[Cover]:
    usual = {
        "must": np.zeros(0, np.int64),
        "may": np.ones(len(works), bool),
        "exact": 60,
        "seconds": 20.0,
        "tell": lambda done: None,
    }
    worth = options.pop("worth", np.ones(works.shape[1]))
    return covers(works, worth, size, **(usual | options))


def by_all_subsets(works, worth, size, must=(), may=None) -> list[tuple[tuple[int, ...], float]]:
    """The first best subset of each size in plain loops; ends where nothing is added."""
    rows = range(len(works)) if may is None else np.flatnonzero(may).tolist()
    rows = sorted({*rows, *must})

    def value(members) -> float:
        return float(worth[works[list(members)].any(axis=0)].sum())

    answers: list[tuple[tuple[int, ...], float]] = []
    for number in range(max(1, len(must)), min(size, len(rows)) + 1):
        options = [s for s in itertools.combinations(rows, number) if set(must) <= set(s)]
        best = max(map(value, options))
        floor = answers[-1][1] if answers else (0.0 if not must else -1.0)
        if best <= floor + 1e-9:
            break
        answers.append((next(s for s in options if value(s) >= best - 1e-9), best))
    return answers


def test_greedy_reaches_12_and_the_optimum_is_14():
    """methods.md section 16, maximum coverage."""
    works = table(FIVE_SETS, 14)
    best, greedy = found(works, 2)[-1], found(works, 2, exact=0)[-1]
    assert ((0, 1), 14.0, True) == (best.members, best.value, best.proved)
    assert ((3, 4), 12.0, False) == (greedy.members, greedy.value, greedy.proved)
    assert greedy.value >= (1 - 1 / math.e) * 14
    assert 14 == greedy.bound, "no two cover more than there is"


@pytest.mark.parametrize("seed", range(60))
def test_every_size_is_the_first_best_of_all_subsets(seed):
    """Ties by fewer, then earlier members; worths equal and unequal; wishes respected."""
    rng = np.random.default_rng(seed)
    works = rng.random((rng.integers(1, 9), rng.integers(1, 14))) < rng.uniform(0.05, 0.5)
    worth = np.ones(works.shape[1]) if seed % 2 else rng.integers(0, 4, works.shape[1]) / 3
    may, must = np.ones(len(works), bool), np.zeros(0, np.int64)
    if seed % 3 == 0:
        may[rng.integers(len(works))] = False
        must = np.flatnonzero(may)[:1]
    answers = found(works, worth=worth, must=must, may=may)
    expected = by_all_subsets(works, worth, 5, tuple(must.tolist()), may)
    assert [members for members, _ in expected] == [a.members for a in answers]
    assert [value for _, value in expected] == pytest.approx([a.value for a in answers])
    assert all(a.proved and a.first for a in answers)


@pytest.mark.parametrize("seed", range(40))
def test_greedy_keeps_its_bound_and_tells_a_true_one(seed):
    """Nemhauser, Wolsey and Fisher 1978: at least 1 - 1/e; the bound is never below the best."""
    rng = np.random.default_rng(seed)
    works = rng.random((10, 30)) < rng.uniform(0.05, 0.4)
    best = found(works)
    for greedy, exact in zip(found(works, exact=0), best, strict=False):
        assert len(greedy.members) == len(exact.members)
        assert exact.value >= greedy.value >= (1 - 1 / math.e) * exact.value
        assert greedy.bound >= exact.value - 1e-9
        assert not greedy.proved or greedy.value == pytest.approx(exact.value)


def test_without_time_the_greedy_choice_stands_and_is_not_called_the_best():
    late = found(table(FIVE_SETS, 14), 2, seconds=0.0)[-1]
    assert (12.0, False) == (late.value, late.proved)


def test_nobody_is_added_once_nothing_is_left():
    works = table([(0, 1), (2,), (0, 2)], 3)
    assert [(0,), (0, 1)] == [a.members for a in found(works)]


def test_those_who_must_take_part_do_even_if_they_add_nothing():
    works = table([(0, 1), (2,), ()], 3)
    answers = found(works, must=np.array([2]))
    assert [(2,), (0, 2), (0, 1, 2)] == [a.members for a in answers]
    assert [0.0, 2.0, 3.0] == [a.value for a in answers]


def test_nothing_to_cover_gives_no_cover():
    assert found(np.zeros((3, 4), bool)) == []
    assert found(np.zeros((0, 0), bool)) == []


def test_many_equal_rows_end_quickly_with_the_first():
    works = np.eye(12, dtype=bool)[np.arange(48) % 12]
    assert [tuple(range(n)) for n in range(1, 6)] == [a.members for a in found(works)]
