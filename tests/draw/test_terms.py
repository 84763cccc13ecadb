"""What a page and a brief show of an answer reads as words; sheets keep the names of the frame."""

from __future__ import annotations

import re

import pytest

import sysmap as sm
from sysmap.draw import answer, terms
from sysmap.draw.grids import grid

CODE = re.compile(r"\w_\w|\bindval\b|\bTrue\b|\bFalse\b|\bnan\b|\bNone\b|->|^[+-]$")

ASKED = {
    "common_outcomes": sm.common_outcomes,
    "universality": sm.universality,
    "influences": lambda m: sm.universality(m, of="influences"),
    "influence": sm.influence,
    "loops": sm.loops,
    "pathways": lambda m: sm.pathways(m, "telecom-deal", "digital-skills"),
    "what_if": lambda m: sm.what_if(m, {"teacher-training": "+"}, draws=100),
    "perspectives": sm.perspectives,
    "profiles": sm.profiles,
    "coverage": sm.coverage,
    "opportunities": lambda m: sm.opportunities(m, draws=20),
    "coalitions": sm.coalitions,
    "exchange": sm.exchange,
    "calendar": sm.calendar,
    "complementarity": sm.complementarity,
    "responses": sm.responses,
    "change": lambda m: sm.change(m.as_of("2023-12-01"), m),
}


@pytest.mark.parametrize("key", list(ASKED))
def test_heads_and_cells_of_an_answer_are_words(key):
    m = sm.example("teaching").redact("public")
    result = ASKED[key](m)
    nodes = {id for kind in m.schema.nodes for id in m.nodes(kind.table).index}
    shown = answer.shown(result, frozenset(nodes))
    told = [c.title for c in shown.columns] + [t for row in shown.rows for t in row.texts]
    assert [] == [text for text in told if CODE.search(text)]
    ids = {id for id in nodes if "-" in id}
    assert [] == [text for text in told if ids & set(re.split(r"[ ;:→]+", text))]


def test_a_column_that_needs_a_word_is_explained_on_the_page_and_in_the_brief():
    m = sm.example("teaching").redact("public")
    result = sm.universality(m)
    page = sm.to_html(result).html
    assert "<dt>Indicator value</dt><dd>1 where it is found in every place" in page
    assert '"key":"indval","title":"indicator value"' in page
    assert '<th scope="col">Leans to</th>' in page
    table = grid(result.frame, ["name", "leaning", "q"], {}, sheet="universality")
    assert (table.columns[1], table.terms[0][0]) == ("leans to", "leans to")


@pytest.mark.parametrize("map", ["asia-pacific-digital-learning", "teaching"])
def test_the_brief_prints_words(tmp_path, map):
    """What begins with an underscore-bearing word is a sheet, a file or a question of the form."""
    text = sm.report(sm.example(map), tmp_path / "brief").read_text(encoding="utf-8")
    body = re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)
    sheets = r"common_outcomes of tables|sheet [\w ]*?\(works_on\)|question works_on"
    names = r"\b(takes_part|held_in|belongs_to|works_on|part_of)\b"
    left = re.sub(sheets, "", body)
    assert [] == [
        w
        for w in re.findall(r"\S*(?:\w_\w)\S*|\bTrue\b|\bnan\b|\bFalse\b", left)
        if not re.fullmatch(rf".*{names}.*", w)
    ]


def test_terms_of_one_answer_come_before_those_of_all():
    assert terms.term("gain", "influence") != terms.term("gain", "complementarity")
    assert "reached by" == terms.term("reached_by").head
