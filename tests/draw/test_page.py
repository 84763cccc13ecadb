"""The page as text: one document, nothing remote, hashes that match, the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from sysmap.core.errors import LimitError, OutputError
from sysmap.core.model import from_tables
from sysmap.draw import page, payload, render
from sysmap.draw.words import UNSPOKEN, WORDS
from tests.draw.maps import PAYLOADS, hostile_map, plain_map, verdicts


def unfolded(text):
    """Letters from their short form: a run is one letter and its number in braces."""
    return re.sub(r"(.)\{(\d+)\}", lambda found: found[1] * int(found[2]), text)


class Document(HTMLParser):
    """Tags with their attributes, and the text of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.doctypes, self.tags, self.raw = [], [], []
        self.feed(text)
        self.close()

    def handle_decl(self, decl):
        self.doctypes.append(decl)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.raw.append((tag, dict(attrs), []))

    def handle_data(self, data):
        if self.cdata_elem:
            self.raw[-1][2].append(data)

    def named(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]

    def text_of(self, tag, kind=None):
        return ["".join(t) for n, a, t in self.raw if n == tag and a.get("type") == kind]

    @property
    def data(self):
        """The data, the nodes and the claims unpacked as the script unpacks them."""
        (text,) = self.text_of("script", "application/json")
        data = json.loads(text)
        packed = data["nodes"]
        verdicts = unfolded(packed["verdicts"])
        data["nodes"] = [
            {"id": id, "name": name, "verdict": verdict, **packed["rest"].get(str(i), {})}
            for i, (id, name, verdict) in enumerate(
                zip(packed["ids"], packed["names"], verdicts, strict=True)
            )
        ]
        packed = data["edges"]
        kinds = [r for r, count in packed["relations"] for _ in range(count)]
        first = [at for at, count in packed["first"] for _ in range(count)]
        answers = [ord(sign) - ord("0") for sign in unfolded(packed["answers"])]
        columns = (first, packed["second"], answers, packed["claims"])
        data["edges"] = [
            [
                *edge[:3],
                packed["words"][edge[3]],
                [
                    c if isinstance(c, list) else [c]
                    for c in (edge[4] if isinstance(edge[4], list) else [edge[4]])
                ],
            ]
            for edge in zip(kinds, *columns, strict=True)
        ]
        return data


@pytest.fixture(scope="module")
def hostile():
    m = hostile_map()
    facts = {
        id: {"verdict": "universal", "sentence": PAYLOADS[i % len(PAYLOADS)], "own": PAYLOADS[0]}
        for i, id in enumerate(m.elements.index)
    }
    return page.make(m, facts=facts, notes=PAYLOADS).html


@pytest.mark.parametrize("which", ["plain", "hostile"])
def test_a_page_is_one_document_with_one_heading_and_unique_ids(which, hostile):
    text = hostile if which == "hostile" else page.make(plain_map()).html
    document = Document(text)
    ids = Counter(a["id"] for _, a in document.tags if "id" in a)
    assert ["doctype html"] == document.doctypes
    assert 1 == len(document.named("h1"))
    assert [] == [id for id, count in ids.items() if count > 1]
    assert "en" == document.named("html")[0]["lang"]


def test_hostile_text_adds_no_element_and_no_attribute(hostile):
    """The skeleton of the page is that of a page without hostile text."""
    tame = Document(page.make(plain_map(), notes=["n"] * len(PAYLOADS), facts={}).html)
    bad = Document(hostile)
    assert 3 == len(bad.named("script")) == len(tame.named("script"))
    assert {"html", "head", "body"} < {t for t, _ in bad.tags}
    assert {t for t, _ in tame.tags} | {"fieldset", "td"} >= {t for t, _ in bad.tags}
    assert not [a for _, a in bad.tags for k in a if k.startswith("on") or k == "style"]


def test_without_escaping_the_skeleton_would_change(monkeypatch):
    """The guard is proved by breaking it: with autoescape off hostile text becomes elements."""
    broken = render.environment().overlay(autoescape=False)
    monkeypatch.setattr(render, "environment", lambda: broken)
    document = Document(page.make(plain_map(), notes=PAYLOADS[:3]).html)
    assert [a for _, a in document.tags for k in a if k.startswith("on")]


def test_no_address_outside_the_file_is_asked_for(hostile):
    for text in (hostile, page.make(plain_map()).html):
        asked = [a[k] for _, a in Document(text).tags for k in ("src", "href", "action") if k in a]
        assert ["#table-view"] == asked


def test_the_policy_lets_exactly_the_scripts_and_styles_of_the_page_run(hostile):
    document = Document(hostile)
    (policy,) = [
        a["content"]
        for a in document.named("meta")
        if a.get("http-equiv") == "Content-Security-Policy"
    ]

    def hashed(texts):
        return {
            f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'"
            for t in texts
        }

    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert hashed(document.text_of("script")) == set(rules["script-src"].split())
    assert hashed(document.text_of("style")) == set(rules["style-src"].split())
    assert "'none'" == rules["default-src"] == rules["connect-src"] == rules["base-uri"]
    assert "'script'" == rules["require-trusted-types-for"]
    (referrer,) = [a["content"] for a in document.named("meta") if a.get("name") == "referrer"]
    assert "no-referrer" == referrer
    assert "\r" not in hostile  # a browser hashes what it reads, and it reads no carriage return


def test_hostile_texts_stay_texts(hostile):
    data = Document(hostile).data
    said = {node["description"] for node in data["nodes"] if "description" in node}
    notes = {claim[3] for edge in data["edges"] for claim in edge[4] if len(claim) > 3}
    shown = {payload.clean(text).strip() for text in PAYLOADS}
    assert shown == said
    assert shown == notes
    assert {PAYLOADS[0]} <= {source["name"] for source in data["sources"]}


def test_the_data_hold_every_node_relation_and_claim():
    m = plain_map()
    data = Document(page.make(m).html).data
    drawn = ("outcomes", "elements", "contexts", "organizations")
    claims = {t: len(m.links(t)) for t in ("influences", "observed", "works_on", "collaborates")}
    found = Counter()
    for relation, _, _, _, said in data["edges"]:
        found[data["relations"][relation]["table"]] += len(said)
    assert sum(len(m.nodes(t)) for t in drawn) == len(data["nodes"])
    assert claims == dict(found)


def test_a_relation_that_is_dropped_would_be_missed(monkeypatch):
    """The guard is proved by breaking it."""
    whole = payload._edges
    monkeypatch.setattr(
        payload, "_edges", lambda m, kind, place: whole(m, kind, place) * (kind.table != "works_on")
    )
    with pytest.raises(AssertionError):
        test_the_data_hold_every_node_relation_and_claim()


def test_equal_maps_give_equal_bytes_whatever_the_hash_seed_and_the_row_order(tmp_path):
    code = (
        "import sys, hashlib\n"
        "from tests.draw.maps import plain_map, verdicts\n"
        "from sysmap.core.model import SystemMap\n"
        "from sysmap.draw.page import make\n"
        "m = plain_map(elements=90)\n"
        "if sys.argv[1] == 'turned':\n"
        "    tables = {t: f.iloc[::-1].reset_index(drop=True) for t, f in m.tables.items()}\n"
        "    m = SystemMap(tables, schema=m.schema)\n"
        "print(hashlib.sha256(make(m, facts=verdicts(plain_map(elements=90))).html"
        ".encode()).hexdigest())\n"
    )
    root = Path(__file__).parents[2]
    seen = set()
    zones = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")
    turns = (("0", "same"), ("1", "turned"), ("random", "same"))
    for (seed, order), zone in zip(turns, zones, strict=True):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(root),
            "TZ": zone,
        }
        run = subprocess.run(
            [sys.executable, "-c", code, order],
            env=environment,
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        )
        seen.add(run.stdout)
    assert 1 == len(seen)


def test_a_page_is_saved_as_it_is_and_an_old_file_survives_a_failure(tmp_path):
    made = page.make(plain_map())
    target = tmp_path / "map.html"
    assert target == made.save(target)
    assert made.html.encode("utf-8") == target.read_bytes()
    with pytest.raises(OutputError):
        made.save(tmp_path / "missing" / "map.html")


def test_a_notebook_gets_a_sentence_and_a_sandboxed_frame():
    made = page.make(plain_map(), title="<b>bold</b>")
    document = Document(made._repr_html_())
    (frame,) = document.named("iframe")
    assert made.html == frame["srcdoc"]
    assert {"allow-scripts", "allow-downloads", "allow-popups"} == set(frame["sandbox"].split())
    assert [] == document.named("b")


def test_more_nodes_than_asked_for_are_refused_with_the_ways_out():
    with pytest.raises(LimitError, match=r"(?s)21 nodes; a page shows at most 20.*select.*write"):
        page.make(plain_map(), max_nodes=20)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layouts": ("spiral",)}, "layout 'spiral' is unknown"),
        ({"layouts": ()}, "layouts is empty"),
        ({"lang": 'en"><script>'}, "is no language code"),
    ],
)
def test_wrong_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        page.make(plain_map(), **arguments)


def test_another_drawing_library_is_refused():
    with pytest.raises(render.ChangedLibraryError, match=r"sha256 .* expected 1f20f0736f32"):
        render.checked_library(b"another release", Path("vis-network.min.js"))


def test_the_licence_of_the_drawing_library_stays_in_the_page():
    assert "dual licensed under both" in page.make(plain_map()).html


@pytest.mark.parametrize("ending", ["</script>", "<!--", "</STYLE>"])
def test_an_asset_that_could_end_its_element_is_refused(ending):
    with pytest.raises(ValueError, match="would end its element early"):
        render._safe(f"let a = '{ending}';", "page.js")


def test_no_text_reaches_the_page_but_as_text():
    """The ways by which a script could make markup of text are not used."""
    script = render.joined_script()
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert [] == re.findall(forbidden, script)


PATTERN = re.compile(r"(?<=[(,=:]) ?(/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n])+/[a-z]*)")
"""A regular expression in a script."""


def test_no_pattern_of_the_script_holds_a_blank_that_its_shortening_would_take():
    patterns = [p for name in render.SCRIPTS for p in PATTERN.findall(render.asset(name))]
    assert len(patterns) > 10
    assert [] == [pattern for pattern in patterns if " " in pattern]


def test_every_word_that_the_script_says_is_in_the_words():
    asked = set(re.findall(r'\bsay\(\s*"([^"]+)"', render.joined_script()))
    assert asked
    assert asked <= set(WORDS) - UNSPOKEN


def test_without_script_at_most_two_hundred_nodes_are_listed():
    many = from_tables(
        {"elements": pd.DataFrame({"id": [f"e{i}" for i in range(230)], "name": "Same"})}
    )
    text = page.make(many).html
    listed = text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert 200 == listed.count("<td>Same<td>")
    assert "30 more are not listed" in listed


def test_an_empty_map_makes_a_page():
    data = Document(page.make(from_tables({})).html).data
    assert ([], []) == (data["nodes"], data["edges"])


def test_facts_reach_their_nodes():
    m = plain_map()
    data = Document(page.make(m, facts=verdicts(m)).html).data
    found = {
        n["id"]: data["verdicts"][int(n["verdict"])] for n in data["nodes"] if n["verdict"] != "9"
    }
    assert {id: f["verdict"] for id, f in verdicts(m).items()} == found


def test_at_most_six_reference_images_are_kept():
    """Pictures are judged by people; what a machine compares is words, numbers and bytes."""
    tests = Path(__file__).parents[1]
    kinds = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf"}
    pictures = [p for p in tests.rglob("*") if p.suffix.lower() in kinds]
    assert len(pictures) <= 6
