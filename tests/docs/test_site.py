"""The site names every public thing, and asks nothing of other computers."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

import sysmap as sm
from docs.anchors import slug
from tests.docs import pages, site

REFERENCE = sorted((pages.ROOT / "docs" / "reference").glob("*.md"))
NAMED = re.compile(r"^\.\. auto\w+:: sysmap\.(\w+)$", re.MULTILINE)


def test_the_reference_shows_every_public_name_once() -> None:
    shown = Counter(n for p in REFERENCE for n in NAMED.findall(p.read_text(encoding="utf-8")))
    assert dict.fromkeys(sm.__all__, 1) == shown


def test_the_reference_shows_the_answer_of_every_question() -> None:
    text = (pages.ROOT / "docs" / "reference" / "questions.md").read_text(encoding="utf-8")
    modules = {p.stem for p in (pages.ROOT / "sysmap" / "analyses").glob("[!_]*.py")}
    shown = re.findall(r"autoclass:: sysmap\.analyses\.(\w+)\.\w+$", text, re.MULTILINE)
    assert modules == set(shown)


def test_an_anchor_on_the_site_is_the_anchor_in_the_tree() -> None:
    assert slug("E206: a reference leads nowhere") == "E206"
    assert slug("What is *never* suggested?") == "what-is-never-suggested"


@pytest.mark.skipif("SYSMAP_SITE" not in os.environ, reason="make docs builds the site, then asks")
def test_the_built_site_loads_nothing_from_elsewhere() -> None:
    folder = pages.ROOT / Path(os.environ["SYSMAP_SITE"])
    assert (folder / "docs" / "index.html").is_file()
    assert list(site.requests_of(folder)) == []


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".html", '<script src="https://cdn.example/x.js"></script>'),
        (".html", '<link rel="preconnect" href="//fonts.example">'),
        (".html", '<img src="http://badge.example/x.svg">'),
        (".html", "<style>@import 'https://fonts.example/a.css';</style>"),
        (".html", '<p style="background: url(https://x.example/y.png)">'),
        (".css", "@font-face { src: url('https://fonts.example/a.woff') }"),
    ],
)
def test_a_planted_request_is_found(suffix: str, text: str) -> None:
    assert len(site.requests(text, suffix)) == 1


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".html", '<a href="https://example.org">read</a><img src="_static/x.png">'),
        (".css", "/* see https://example.org */ a { background: url(x.png) }"),
    ],
)
def test_a_link_that_a_reader_may_follow_is_no_request(suffix: str, text: str) -> None:
    assert site.requests(text, suffix) == []
