"""The page of the answers has every question and every column."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import sysmap as sm
from tests.questions import answered

PAGE = (Path(__file__).parents[2] / "docs" / "answers.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
QUESTIONS = [
    name
    for name in sm.__all__
    if inspect.isfunction(f := getattr(sm, name)) and f.__module__.startswith("sysmap.analyses.")
]


def test_every_question_has_a_section() -> None:
    assert QUESTIONS
    assert set(QUESTIONS) <= set(SECTIONS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_section_says_what_every_column_means(question: str) -> None:
    """The first words of the rows of its table, beside the name of the subject."""
    rows = re.findall(r"^\| ([\w, ]+) \| .+ \|$", SECTIONS[question], re.MULTILINE)
    told = {column for row in rows for column in row.split(", ")} - {"column"}
    there = {str(c) for c in answered(question).frame.columns}
    assert there - {"name"} == told


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_section_has_an_example_and_says_what_not_to_conclude(question: str) -> None:
    assert f"sm.{question}(" in SECTIONS[question]
    last = SECTIONS[question].rpartition("```\n")[2]
    assert re.search(r"\b(not|no)\b", last)
