"""Every question has a page of its method, with a number that is worked by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import pages

FOLDER = pages.ROOT / "docs" / "methods"
QUESTIONS = sorted(p.stem for p in (pages.ROOT / "sysmap" / "analyses").glob("[!_]*.py"))
BY_MEASUREMENT = {"backtest", "calibration", "size-correction"}
"""Pages that tell what was measured on many maps, which nobody can do by hand."""
METHODS = [p for p in sorted(FOLDER.glob("[!R]*.md")) if p.stem not in BY_MEASUREMENT]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_told_on_a_page_of_the_methods(question: str) -> None:
    telling = [
        p.name
        for p in FOLDER.glob("[!R]*.md")
        if f"../answers.md#{question})" in p.read_text(encoding="utf-8") or p.stem == question
    ]
    assert telling


@pytest.mark.parametrize("page", METHODS, ids=lambda p: p.stem)
def test_a_page_of_a_method_has_a_formula_a_worked_number_and_a_limit(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "```text\n" in text
    assert re.search(r"^#+ .*\bby hand$", text, re.IGNORECASE | re.MULTILINE)
    assert any(">>>" in block for block, _ in pages.blocks(page, "python"))
    assert "\n## What not to conclude\n" in text


def test_every_page_of_the_methods_stands_in_their_index() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    stems = {p.stem for p in FOLDER.glob("[!R]*.md")}
    assert stems == set(re.findall(r"\]\(([\w-]+)\.md\)", index))
    assert stems == set(index.split(":hidden:")[1].split("```")[0].split())
