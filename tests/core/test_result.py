"""An answer names keys that it does not have, and nobody changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
import pytest
from matplotlib.axes import Axes

from sysmap.core.errors import UnknownIdError
from sysmap.core.result import Result, evidence_rows, no_evidence
from tests.core.making import made


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plain(Result):
    """An answer that says its row."""

    question: ClassVar[str] = "What is it?"

    def summary(self) -> str:
        return "It is <so>."

    def methods(self) -> str:
        return "Counted."

    def alt_text(self) -> str:
        return "Nothing."

    def _sentences(self, key: object, row: pd.Series) -> str:
        return f"{key}: {row['n']}"

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        return no_evidence()

    def _draw(self, ax: Axes) -> Axes:
        return ax


def answer(*labels: object) -> Plain:
    if labels and isinstance(labels[0], tuple):
        index = pd.MultiIndex.from_tuples(list(labels), names=["organization", "element"])
    else:
        index = pd.Index(labels, name="element")
    return Plain(made(), pd.DataFrame({"n": range(len(labels))}, index=index), {"top": 3})


PAIRS = answer(("aurora", "costing"), ("aurora", "teaching"), ("borealis", "costing"))
ONES = answer("costing", "teaching")

WRONG = [[], ["costing"], {}, {"costing"}, slice(None), None, float("nan"), 0, pd.NA, ()]


@pytest.mark.parametrize("result", [PAIRS, ONES, answer()])
@pytest.mark.parametrize("key", WRONG)
def test_what_is_no_key_is_named(result: Plain, key: object) -> None:
    for ask in (result.explain, result.evidence):
        with pytest.raises(UnknownIdError, match="is not an id in this answer"):
            ask(key)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("aurora", ("aurora - costing", "aurora - teaching")),
        ("costing", ("aurora - costing", "borealis - costing")),
        (("aurora",), ()),
        (("aurora", slice(None)), ()),
        (("aurora", ["costing"]), ()),
        (("aurora", "costin"), ("aurora - costing",)),
    ],
)
def test_half_a_key_is_no_key_and_the_whole_ones_are_named(
    key: object, near: tuple[str, ...]
) -> None:
    """pandas takes half a key for all rows below it, which no explanation can be about."""
    with pytest.raises(UnknownIdError) as caught:
        PAIRS.explain(key)
    assert near == tuple(n for n in caught.value.near if n in near)


def test_a_key_finds_its_row() -> None:
    assert "teaching: 1" == ONES.explain("teaching")
    assert "('borealis', 'costing'): 2" == PAIRS.explain(("borealis", "costing"))
    assert list(no_evidence()) == list(ONES.evidence("costing"))


def test_nobody_changes_an_answer() -> None:
    frame = ONES.frame
    frame.loc["costing", "n"] = 7
    frame["added"] = 1
    assert [0, 1] == list(ONES.frame["n"])
    assert ["n"] == list(ONES.frame)
    with pytest.raises(TypeError):
        ONES.params["top"] = 4  # type: ignore[index]


def test_text_of_an_answer_is_escaped_in_a_notebook() -> None:
    assert "&lt;so&gt;" in ONES._repr_html_()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Heard(Plain):
    """An answer about influences that rests on every claim."""

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        rows = self.map.links("influences")
        return evidence_rows(self.map, "influences", rows, "x", "n")


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["real", "made-up", "made-up"], "2 of 3 claims and 1 of 2 reporters"),
        (["made-up", None, None], "1 of 3 claims and 1 of 2 reporters"),
        (["made-up"] * 3, "3 of 3 claims and 1 of 1 reporter"),
        (["real", "real", None], ""),
    ],
)
def test_an_explanation_says_how_much_of_it_is_illustrative(sources, said: str) -> None:
    m = made(
        elements={"id": ["a", "b"], "name": ["A", "B"]},
        sources={
            "id": ["real", "made-up"],
            "name": ["Talk", "Example"],
            "grade": ["reported", "illustrative"],
        },
        influences={"cause": ["a"] * 3, "effect": ["b"] * 3, "source": sources},
    )
    index = pd.Index(["a"], name="element")
    told = Heard(m, pd.DataFrame({"n": [3]}, index=index), {}).explain("a")
    ends = f" Illustrative, made up to show how the tool works: {said} behind this." if said else ""
    assert f"a: 3{ends}" == told
