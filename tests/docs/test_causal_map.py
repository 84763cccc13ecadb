"""The page that asks a real causal map runs as it is printed, where the map is there."""

from __future__ import annotations

import doctest

import pytest

from tests.docs import pages
from tests.shared import real

PAGE = pages.ROOT / "docs" / "how-to" / "ask-a-causal-map.md"
PRINTED = "../shared/data/mental_modeler"


def test_the_real_causal_map_answers_as_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = real("mental_modeler")
    monkeypatch.chdir(pages.ROOT)
    names: dict[str, object] = {}
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=pages.LOOSE)
    for block, line in pages.blocks(PAGE, "python"):
        here = block.replace(PRINTED, folder.as_posix())
        test = parser.get_doctest(here, names, pages.name(PAGE), pages.name(PAGE), line - 1)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert 0 == runner.failures
    assert "answer" in names
