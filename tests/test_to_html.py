"""What leaves as a page: its arguments, its refusals, an answer with all that belongs to it."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import sysmap as sm
from sysmap.core.errors import LimitError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.result import Result
from sysmap.draw.page import Page
from sysmap.draw.words import WORDS
from tests.draw.maps import PAYLOADS, plain_map

ROOT = Path(__file__).parents[1]


def data_of(page: Page) -> dict:
    (text,) = re.findall(r'<script type="application/json" id="map-data">(.*?)</script>', page.html)
    return json.loads(text)


@pytest.fixture(scope="module")
def teaching() -> SystemMap:
    return sm.example("teaching").redact("public")


@pytest.fixture(scope="module")
def answers(teaching: SystemMap) -> dict[str, Result]:
    return {
        "common_outcomes": sm.common_outcomes(teaching),
        "universality": sm.universality(teaching),
        "exchange": sm.exchange(teaching),
        "responses": sm.responses(teaching),
    }


def test_start_is_what_the_page_opens_on(teaching: SystemMap) -> None:
    data = data_of(sm.to_html(teaching, start=["solar-kits", "northland"]))
    assert ["northland", "solar-kits"] == sorted(data["nodes"]["ids"][i] for i in data["start"])
    assert "start_given" == data["start_reason"]


def test_an_unknown_start_is_refused_with_the_near_name(teaching: SystemMap) -> None:
    with pytest.raises(UnknownIdError, match=r"'solar-kit' is not an id in this page.*solar-kits"):
        sm.to_html(teaching, start=["solar-kit"])


@pytest.mark.parametrize(
    ("lang", "way"), [("en", "ltr"), ("ar", "rtl"), ("fa-IR", "rtl"), ("az-Arab", "rtl")]
)
def test_language_and_writing_direction_reach_the_root(lang: str, way: str) -> None:
    page = sm.to_html(plain_map(), lang=lang)
    assert page.html.startswith(f'<!doctype html>\n<html lang="{lang}" dir="{way}">')


class Spoken(HTMLParser):
    """The texts of a page by the language and direction of the nearest element that names one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None, str | None]] = []
        self.said: dict[str, set[tuple[str | None, str | None]]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, above = dict(attrs), self.open[-1] if self.open else ("", None, None)
        here = (tag, given.get("lang", above[1]), given.get("dir", above[2]))
        if given.get("alt"):
            self.said.setdefault(str(given["alt"]), set()).add(here[1:])
        if tag not in {"meta", "img", "input", "br"}:
            self.open.append(here)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.said.setdefault(data.strip(), set()).add(self.open[-1][1:])


def test_sentences_that_stay_english_are_marked_on_a_page_in_another_language(
    teaching: SystemMap, answers: dict[str, Result]
) -> None:
    answer = answers["universality"]
    page = sm.to_html(answer, lang="ar", strings={"methods": "METHODS"})
    said = Spoken(page.html).said
    english = [*page.content.notes, answer.question, answer.summary(), *answer.caveats]
    for sentence in (*english, answer.methods(), answer.alt_text()):
        assert said[sentence] == {("en", "ltr")}, sentence
    assert said["METHODS"] == {("ar", "rtl")}


def test_a_translated_note_is_not_called_english(teaching: SystemMap) -> None:
    page = sm.to_html(teaching, lang="ar", by="area", strings={"area_note": "NOTE"})
    said = Spoken(page.html).said
    assert said["NOTE"] == {("ar", "rtl")}
    assert said[page.content.notes[0]] == {("en", "ltr")}


@pytest.mark.parametrize("lang", ["en", "en-GB"])
def test_an_english_page_marks_nothing(lang: str, answers: dict[str, Result]) -> None:
    page = sm.to_html(answers["universality"], lang=lang)
    body = re.sub(r"<script.*?</script>", "", page.html, flags=re.DOTALL)
    assert body.count("lang=") == body.count(' dir="') == 1


def test_every_interface_text_can_be_replaced() -> None:
    """Each text becomes its key in capitals; no word of the old texts is left in the page."""
    strings = {k: " ".join([k.upper(), *re.findall(r"\{\w+\}", text)]) for k, text in WORDS.items()}
    page = sm.to_html(plain_map(), strings=strings)
    shown = re.sub(r"<script.*?</script>|<style.*?</style>", "", page.html, flags=re.DOTALL)
    told = data_of(page)["words"]
    assert {k: strings[k] for k in told} == told
    assert len(told) > 150
    for text in (WORDS["reset"], WORDS["search_hint"], WORDS["noscript"], WORDS["footer"]):
        assert f">{text}<" not in shown
    assert "RESET" in shown


def test_the_words_of_the_schema_can_be_replaced() -> None:
    strings = {"elements.many": "éléments", "elements.one": "élément", "works_on.verb": "travaille"}
    data = data_of(sm.to_html(plain_map(), strings=strings))
    kinds = {kind["table"]: kind for kind in data["types"]}
    verbs = {relation["table"]: relation["verb"] for relation in data["relations"]}
    assert ("élément", "éléments") == (kinds["elements"]["one"], kinds["elements"]["many"])
    assert "travaille" == verbs["works_on"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"strings": {"serch": "x"}}, "'serch' is no text of the page; did you mean 'search'"),
        ({"strings": {"rows": "{rows}"}}, r"holds \{rows\}, which nothing fills in"),
        ({"by": "country"}, "by 'country' is unknown; a page can group by 'area'"),
        ({"layouts": ("spiral",)}, "layout 'spiral' is unknown"),
        ({"lang": "no language"}, "is no language code"),
        ({"audience": "all"}, "audience 'all' is unknown"),
    ],
)
def test_wrong_arguments_are_refused_with_what_to_write(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sm.to_html(plain_map(), **arguments)


def many(elements: int, organizations: int = 0) -> SystemMap:
    ids = [f"e{i:04}" for i in range(elements)]
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": ids, "area": "costing"}),
            "organizations": pd.DataFrame(
                {"id": [f"o{i}" for i in range(organizations)], "name": "Office"}
            ),
            "influences": pd.DataFrame({"cause": ids[:1], "effect": ids[1:2]}),
        }
    )


def test_a_map_too_large_is_refused_with_the_ways_out() -> None:
    expected = (
        "The map has 3,412 nodes; a page shows at most 600 (max_nodes allows up to 2,000). "
        "Choose one:\n"
        '  1) narrow it:  m.select(areas=["costing"])  or  m.downstream("e0000", steps=2)\n'
        '  2) group it:   to_html(m, by="area"), one node per area with counts of distinct '
        "sources\n"
        '  3) hand it to a desktop tool:  write(m, "map.graphml")'
    )
    with pytest.raises(LimitError) as refused:
        sm.to_html(many(3412))
    assert expected == str(refused.value)
    assert "max_nodes" == refused.value.limit


def test_grouping_is_offered_only_where_it_would_help() -> None:
    with pytest.raises(LimitError) as refused:
        sm.to_html(many(10, 700))
    assert "group it" not in str(refused.value)
    assert "2) hand it to a desktop tool" in str(refused.value)
    with pytest.raises(LimitError, match="The map has 701 nodes"):
        sm.to_html(many(10, 700), by="area")


def test_the_grouped_page_of_a_map_too_large_is_made() -> None:
    assert ["costing"] == data_of(sm.to_html(many(3412), by="area"))["nodes"]["names"]


def test_more_than_the_usual_number_is_allowed_when_asked_for_and_two_thousand_is_the_end() -> None:
    with pytest.raises(LimitError):
        sm.to_html(many(2001), max_nodes=5000)
    with pytest.raises(LimitError):
        sm.to_html(many(601))
    page = sm.to_html(many(610), max_nodes=700, layouts=("layers",))
    assert 610 == len(data_of(page)["nodes"]["ids"])


# A page of an answer


class Text(HTMLParser):
    """The visible text of a page without its scripts, and the tags of its elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self.said.append(data)


@pytest.mark.parametrize("name", ["common_outcomes", "universality", "exchange", "responses"])
def test_a_page_of_an_answer_has_figure_rows_caveats_and_methods(
    name: str, answers: dict[str, Result]
) -> None:
    answer = answers[name]
    page = sm.to_html(answer)
    told = data_of(page)["answer"]
    said = "".join(Text(page.html).said)
    assert len(answer) == told["total"] == len(told["rows"])
    assert answer.question in said
    assert answer.summary() in said
    assert answer.methods() in said
    assert [] == [c for c in answer.caveats if c not in said]
    (alt,) = re.findall(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="([^"]+)">', page.html)
    assert alt


def test_a_long_answer_counts_its_rows_as_its_sentence_does() -> None:
    answer = sm.coverage(sm.example())
    assert len(answer) > 1000
    said = "".join(Text(sm.to_html(answer).html).said)
    assert f"The first 10 of {len(answer):,} rows" in said


def test_the_rows_of_the_page_hold_the_numbers_of_the_frame(answers: dict[str, Result]) -> None:
    for answer in answers.values():
        told = data_of(sm.to_html(answer))["answer"]
        flat = answer.frame.reset_index()
        for i, column in enumerate(told["columns"]):
            if not column["numeric"]:
                continue
            # twelve digits, so that the order of the rows of the map changes no byte
            expected = [None if pd.isna(v) else float(f"{v:.12g}") for v in flat[column["key"]]]
            cells = [row[1][i] for row in told["rows"]]
            assert expected == [c[0] if isinstance(c, list) else None for c in cells]


def test_a_page_of_an_answer_opens_on_its_first_rows(answers: dict[str, Result]) -> None:
    data = data_of(sm.to_html(answers["common_outcomes"]))
    opening = {data["nodes"]["ids"][i] for i in data["start"]}
    assert set(answers["common_outcomes"].frame.index[:10]) <= opening
    assert "start_answer" == data["start_reason"]


def test_an_answer_about_no_node_of_the_page_is_listed_all_the_same(
    answers: dict[str, Result],
) -> None:
    data = data_of(sm.to_html(answers["responses"]))
    assert {None} == {column["subject"] for column in data["answer"]["columns"]}
    assert data["start"] is None


def test_an_answer_that_rests_on_hidden_rows_is_refused_with_the_remedy() -> None:
    m = sm.example("teaching")
    with pytest.raises(ValueError, match=r"compute it from m\.redact\('public'\), or ask for aud"):
        sm.to_html(sm.common_outcomes(m))
    assert sm.to_html(sm.common_outcomes(m), audience="private").html
    assert sm.to_html(sm.common_outcomes(m.redact("public"))).html


def test_an_answer_is_refused_where_only_a_node_or_a_source_would_be_hidden() -> None:
    """No claim leaves in either case, but numbers and names would."""
    base = {"elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]})}
    hidden = from_tables(
        base
        | {
            "outcomes": pd.DataFrame(
                {"id": ["x", "y"], "name": ["X", "Y"], "visibility": [None, "private"]}
            ),
            "organizations": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "seeks": pd.DataFrame({"organization": ["o"], "outcome": ["x"]}),
        }
    )
    assert 0 == hidden.redact("public").hidden
    with pytest.raises(ValueError, match="may not see"):
        sm.to_html(sm.common_outcomes(hidden))


def test_a_change_is_refused_where_the_first_round_holds_what_is_hidden() -> None:
    """The second round has nothing to hide; before and after would tell the first."""
    first = sm.example("teaching")
    second = from_tables({k: f for k, f in first.redact("public").tables.items() if len(f)})
    for rounds in ((first, second), (second, first)):
        with pytest.raises(ValueError, match="may not see"):
            sm.to_html(sm.change(*rounds))
    assert sm.to_html(sm.change(second, second)).html


def test_an_answer_whose_map_loses_only_notes_and_the_contact_is_shown() -> None:
    m = from_tables(
        {
            "about": pd.DataFrame({"key": ["contact"], "value": ["a@example.org"]}),
            "outcomes": pd.DataFrame({"id": ["x"], "name": ["X"], "remark": ["r"]}),
            "organizations": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "seeks": pd.DataFrame({"organization": ["o"], "outcome": ["x"], "note": ["n"]}),
        }
    )
    assert "a@example.org" not in sm.to_html(sm.common_outcomes(m)).html


def narrowed() -> SystemMap:
    """The open part of a map that hides organizations, taken before anybody redacted it."""
    shown = sm.example("teaching").redact("public")
    tables = {t: f.astype(object).where(f.notna(), None) for t, f in shown.tables.items() if len(f)}
    hidden = pd.DataFrame({"id": ["zq1", "zq2"], "name": ["Zq 1", "Zq 2"]})
    hidden = hidden.assign(visibility="private")
    tables["organizations"] = pd.concat([tables["organizations"], hidden], ignore_index=True)
    claim = {"organization": "zq1", "element": "teacher-training", "visibility": "public"}
    works = tables["works_on"]
    tables["works_on"] = pd.concat([works, pd.DataFrame([claim])], ignore_index=True)
    return from_tables(tables).select(organizations=list(shown.organizations.index))


@pytest.mark.parametrize("question", ["common_outcomes", "universality", "perspectives", "change"])
def test_an_answer_about_a_part_counts_for_no_reader_what_was_hidden(question: str) -> None:
    """A part knows how much it leaves out; where that was hidden, nobody is told by a page."""
    part = narrowed()
    if question == "change":
        answer = sm.change(part.as_of("2024-06-30"), part)
    else:
        answer = getattr(sm, question)(part)
    assert "private" == answer.map.audience
    assert any("are left out" in caveat for caveat in answer.caveats)
    html = sm.to_html(answer).html
    assert "of the whole map" not in re.sub(r"how much of the whole map is left out", "", html)
    assert not re.search(r"later claims and [\d,]+ without any date were", html)
    assert "left out is not for this audience" in html
    (figure, *_) = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", html)
    print_ = re.findall(r"Audience: \w+", base64.b64decode(figure).decode())
    assert {"Audience: public"} == set(print_)
    if question != "change":
        assert sm.to_html(getattr(sm, question)(part.redact())).html == html


def test_a_change_between_audiences_counts_for_no_reader_what_one_round_hid() -> None:
    """The rounds are read for the lesser audience, and so are the notes of what they leave out."""
    m = sm.example("teaching")
    shown = m.redact("public")
    part = m.select(organizations=list(m.organizations.index)[:8])
    for rounds in ((m.as_of("2024-06-30"), shown), (shown, part)):
        answer = sm.change(*rounds)
        assert any("left out is not for this audience" in caveat for caveat in answer.caveats)
        html = sm.to_html(answer).html
        assert not re.search(r"of the whole map, \d|later claims and \d", html)
    cut = sm.change(shown.as_of("2024-06-30"), shown)
    assert any("later claims and" in caveat for caveat in cut.caveats)


def test_an_answer_about_a_part_of_what_is_open_counts_what_it_leaves_out() -> None:
    m = sm.example("teaching").redact("public")
    part = m.select(organizations=list(m.organizations.index)[1:])
    assert "of the whole map, 1 of " in sm.to_html(sm.common_outcomes(part)).html


def test_an_answer_is_not_grouped(answers: dict[str, Result]) -> None:
    with pytest.raises(ValueError, match="export the answer without by"):
        sm.to_html(answers["universality"], by="area")


def test_hostile_names_in_an_answer_stay_texts() -> None:
    n = len(PAYLOADS)
    m = from_tables(
        {
            "outcomes": pd.DataFrame(
                {"id": [f"x{i} {p}" for i, p in enumerate(PAYLOADS)], "name": PAYLOADS}
            ),
            "organizations": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "seeks": pd.DataFrame(
                {"organization": "o", "outcome": [f"x{i} {p}" for i, p in enumerate(PAYLOADS)]}
            ),
        }
    )
    page = sm.to_html(sm.common_outcomes(m))
    tags = [t for t in Text(page.html).tags if t in ("script", "img", "svg", "iframe", "object")]
    assert ["img", "script", "script", "script"] == sorted(tags)
    assert n == data_of(page)["answer"]["total"]


def test_the_foot_names_software_audience_licence_and_contact() -> None:
    about = {"title": "T", "licence": "CC BY 4.0", "contact": "desk@example.org"}
    m = from_tables({"about": pd.DataFrame({"key": list(about), "value": list(about.values())})})
    for audience in ("public", "private"):
        foot = sm.to_html(m, audience=audience).html.partition("<footer")[2]
        assert f"for the audience {audience}." in foot
        assert "Licence of the data: CC BY 4.0." in foot
        assert ("desk@example.org" in foot) == (audience == "private")


def test_without_a_date_the_page_says_so_and_offers_no_other() -> None:
    m = from_tables({"about": pd.DataFrame({"key": ["title"], "value": ["T"]})})
    text = sm.to_html(m).html
    header = text.partition('<header id="header">')[2].partition("</header>")[0]
    assert "Data date not given." in header
    assert not re.search(r"20\d\d", header)


@pytest.mark.slow
def test_page_still_and_workbook_have_the_same_bytes_whatever_the_hash_seed_and_the_row_order(
    tmp_path: Path,
) -> None:
    code = (
        "import sys, hashlib, sysmap as sm\n"
        "from pathlib import Path\n"
        "from sysmap.core import charts\n"
        "from sysmap.core.model import SystemMap\n"
        "from sysmap.draw import still\n"
        "m = sm.example('teaching').redact('public')\n"
        "if sys.argv[1] == 'turned':\n"
        "    tables = {t: f.iloc[::-1].reset_index(drop=True) for t, f in m.tables.items()}\n"
        "    m = SystemMap(tables, schema=m.schema, audience=m.audience, hidden=m.hidden)\n"
        "page = sm.to_html(m)\n"
        "products = {'page': page.html.encode(), 'still': still.png(page.content),\n"
        "    'answer': sm.to_html(sm.universality(m)).html.encode(),\n"
        "    'areas': sm.to_html(m, by='area').html.encode()}\n"
        "asked = [sm.universality, sm.opportunities, sm.loops]\n"
        "asked += [sm.coverage, sm.calendar, sm.exchange, sm.influence]\n"
        "if sys.argv[1] == 'same':\n"
        "    sm.write(m, Path(sys.argv[2]) / 'map.xlsx')\n"
        "    products['workbook'] = (Path(sys.argv[2]) / 'map.xlsx').read_bytes()\n"
        "for ask in asked:\n"
        "    ax = ask(m).plot()\n"
        "    products[ask.__name__ + '.svg'] = charts.to_svg(ax)\n"
        "    products[ask.__name__ + '.png'] = charts.to_png(ax)\n"
        "for name, data in products.items():\n"
        "    print(name, hashlib.sha256(data).hexdigest())\n"
    )
    seen: dict[str, set[str]] = {}
    # A workbook keeps the order of its rows.
    turns = (("0", "same"), ("1", "same"), ("random", "same"), ("random", "turned"))
    for seed, order in turns:
        run = subprocess.run(
            [sys.executable, "-c", code, order, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        for name, digest in map(str.split, run.stdout.splitlines()):
            seen.setdefault(name, set()).add(digest)
    assert 4 + 14 + 1 == len(seen)
    assert [] == [name for name, digests in seen.items() if len(digests) > 1]
