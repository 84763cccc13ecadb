"""The page that asks a real causal map runs as it is printed, where the map is there."""

from __future__ import annotations

import doctest

import pytest

import sysmap as sm
from tests.docs import pages

PAGE = pages.ROOT / "docs" / "how-to" / "ask-a-causal-map.md"
FOLDER = pages.ROOT.parent / "shared" / "data" / "mental_modeler"
NEEDED = "influence"


@pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the map is not shipped; the page says where to get it"
)
def test_the_real_causal_map_answers_as_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pages.ROOT)
    names: dict[str, object] = {}
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=pages.LOOSE)
    for block, line in pages.blocks(PAGE, "python"):
        if f"sm.{NEEDED}" in block and NEEDED not in sm.__all__:
            continue
        test = parser.get_doctest(block, names, pages.name(PAGE), pages.name(PAGE), line - 1)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert 0 == runner.failures
    assert "answer" in names
