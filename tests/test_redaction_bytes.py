"""Nothing hidden is in the bytes of anything that leaves the machine."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from urllib.parse import quote

import pytest

import sysmap as sm
from sysmap.core.model import SystemMap
from tests.marks import found, marked_map, pieces


@pytest.fixture(scope="module")
def marked() -> tuple[SystemMap, tuple[str, ...]]:
    return marked_map()


def products(m: SystemMap, audience: str, folder: Path) -> dict[str, bytes]:
    """Everything that sysmap makes of a map for an audience."""
    shown = m.redact(audience)
    page = sm.to_html(m, audience=audience)
    index = sm.report(m, folder / audience, audience=audience)
    files = {
        "page": page.html.encode(),
        "notebook": page._repr_html_().encode(),
        "areas": sm.to_html(m, audience=audience, by="area").html.encode(),
        "answer": sm.to_html(sm.profiles(shown), audience=audience).html.encode(),
        "pairs": sm.to_html(sm.exchange(shown), audience=audience).html.encode(),
        "network": page.network.generate_html().encode(),
    }
    brief = {
        str(p.relative_to(index.parent)): p.read_bytes()
        for p in index.parent.rglob("*")
        if p.is_file()
    }
    return files | brief


@pytest.fixture(scope="module")
def made(
    marked: tuple[SystemMap, tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("marks")
    return {a: products(marked[0], a, folder) for a in ("public", "private")}


@pytest.mark.scorecard("planted leaks", "bytes")
def test_nothing_hidden_is_in_any_byte_of_what_the_public_gets(made, marked) -> None:
    assert {name: set() for name in made["public"]} == {
        name: found(data, marked[1]) for name, data in made["public"].items()
    }
    assert len(made["public"]) > 12


@pytest.mark.scorecard("planted leaks", "bytes")
def test_the_same_search_finds_every_mark_where_nothing_is_redacted(made, marked) -> None:
    """Else the search would prove nothing. Ids of sources are in no page, whoever reads it."""
    told = {m for m in marked[1] if not m.endswith("source")}
    assert told == found(made["private"]["page"], marked[1])
    assert told == found(made["private"]["notebook"], marked[1])
    for name in ("answer", "network", "index.html", "tables.xlsx"):
        assert found(made["private"][name], marked[1]), name


def test_a_mark_is_found_in_each_form_that_hides_it() -> None:
    mark = "Zq00é<&'\"id"
    texts = (
        mark,
        mark.upper(),
        html.escape(mark),
        json.dumps(mark),
        quote(mark),
        "Zq00e<&'\"ID",
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(mark.encode()).decode()}">',
        f'<a href="data:text/plain,{quote(mark)}">',
    )
    for text in texts:
        assert {mark} == found(text.encode(), [mark]), text
    assert {mark} == found(mark.encode("utf-16"), [mark])
    assert set() == found(b"nothing", [mark])
    assert [b"nothing"] == list(pieces(b"nothing"))
