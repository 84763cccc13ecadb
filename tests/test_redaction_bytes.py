"""Nothing hidden is in the bytes of anything that leaves the machine."""

from __future__ import annotations

import base64
import html
import io
import json
import re
from urllib.parse import quote

import pandas as pd
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sysmap.core.model import SystemMap
from sysmap.core.schema import AUDIENCES, MEMBERS, PRIVATE, PUBLIC
from sysmap.io.formats import FORMATS
from tests.marks import found, hidden_from, marked_map, pieces
from tests.products import (
    PARQUET,
    answers,
    of_answers,
    of_commands,
    of_map,
    of_parquet,
    of_parts,
)

pytestmark = pytest.mark.slow
Seen = dict[str, set[str]]


@pytest.fixture(scope="module")
def marked() -> tuple[SystemMap, dict[str, str]]:
    return marked_map()


@pytest.fixture(scope="module")
def seen(
    marked: tuple[SystemMap, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Seen]:
    """By audience: the marks in each product."""
    m, marks = marked
    by_audience: dict[str, Seen] = {}
    for audience in AUDIENCES:
        folder = tmp_path_factory.mktemp(audience)
        by_audience[audience] = {
            name: found(data, marks)
            for every in (of_map, of_commands, of_answers, of_parts)
            for name, data in every(m, audience, folder)
        }
    return by_audience


@pytest.mark.parametrize(
    "audience",
    [pytest.param(a, marks=pytest.mark.scorecard("planted leaks", a)) for a in (PUBLIC, MEMBERS)],
)
def test_nothing_hidden_is_in_any_byte_that_an_audience_gets(
    audience: str, seen, marked, record_property
) -> None:
    hidden = hidden_from(marked[1], audience)
    leaks = {name: there & hidden for name, there in seen[audience].items() if there & hidden}
    assert {} == leaks
    record_property("runs", len(seen[audience]) * len(hidden))


@pytest.mark.scorecard("planted leaks", "found where nothing is hidden")
def test_the_same_search_finds_every_mark_where_nothing_is_redacted(seen, marked) -> None:
    """Else the search would prove nothing."""
    private = seen[PRIVATE]
    assert set(marked[1]) == set().union(*private.values())
    for format in FORMATS:
        if format.write and format.name != PARQUET:
            there = [
                marks for name, marks in private.items() if name.startswith(f"write {format.name}")
            ]
            assert any(there), format.name
    for name in ("page", "page, saved", "page in a notebook", "page by area", "network", "pyvis",
                 "networkx", "brief/index.html", "brief/map.html", "brief/tables.xlsx",
                 "brief/calendar.ics", "calendar.ics", "sysmap convert c.xlsx",
                 "profiles.evidence", "profiles.frame", "profiles page"):  # fmt: skip
        assert private[name], name


@pytest.mark.scorecard("planted leaks", "found where nothing is hidden")
def test_members_are_shown_what_is_for_members(seen, marked) -> None:
    """A redaction that removed everything would leak nothing either."""
    theirs = {mark for mark, level in marked[1].items() if level == MEMBERS}
    assert theirs == set().union(*seen[MEMBERS].values())


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_parquet_folder_holds_what_the_audience_may_see(audience: str, marked, tmp_path) -> None:
    """`make parquet` runs this where pyarrow is."""
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    m, marks = marked
    seen = [found(data, marks) for _, data in of_parquet(m, audience, tmp_path)]
    assert set(marks) - hidden_from(marks, audience) == set().union(*seen)


def test_a_word_that_a_parquet_dictionary_keeps_without_use_is_found() -> None:
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    kept, file = "Zq0001 left", io.BytesIO()
    cells = pd.Categorical(["Zq0000 used"] * 9, categories=["Zq0000 used", kept])
    pd.DataFrame({"a": cells}).to_parquet(file, compression="gzip")
    assert kept in found(file.getvalue(), {kept: PRIVATE})


def test_every_question_is_among_the_products(seen) -> None:
    told = {name.split(".")[0].split(",")[0] for name in seen[PUBLIC]}
    assert set(answers()) <= told
    assert 17 == len(answers())
    parts = {name.split(",")[0] for name in seen[PUBLIC] if name.endswith(", page of a part")}
    # too few ties are open for a ranking to be tried on
    assert {"backtest"} == set(answers()) - parts


def test_no_page_about_a_part_counts_what_was_hidden(marked, tmp_path) -> None:
    """What a part leaves out of a map with hidden rows is counted with them."""
    for name, page in of_parts(marked[0], PUBLIC, tmp_path):
        told = re.findall(rb"of the whole map, [\d,]+ of", page)
        assert [] == told, name


def test_a_mark_is_found_in_each_form_that_hides_it() -> None:
    mark = "Zq0000é<&'\"id"
    packed = PngInfo()
    packed.add_itxt("Title", mark, zip=True)
    picture = io.BytesIO()
    Image.new("L", (1, 1)).save(picture, "png", pnginfo=packed)
    texts = (
        mark,
        mark.upper(),
        mark[:7],
        html.escape(mark),
        json.dumps(mark),
        quote(mark),
        "Zq0000e<&'\"ID",
        "SUMMARY:Zq\r\n 0000",
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(mark.encode()).decode()}">',
        f'<img src="data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}">',
        f'<a href="data:text/plain,{quote(mark)}">',
    )
    for text in texts:
        assert {mark} == found(text.encode(), {mark: PRIVATE}), text
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        assert {mark} == found(mark.encode(encoding), {mark: PRIVATE})
    assert set() == found(b"nothing", {mark: PRIVATE})
    assert [b"nothing"] == list(pieces(b"nothing"))
