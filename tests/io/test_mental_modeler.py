"""Mental Modeler: counts of the real map, the matrix there and back, and every fault."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import sysmap as sm
from sysmap.core.model import from_tables
from sysmap.io.check import check
from sysmap.io.read import read
from sysmap.io.write import write
from tests.io.foreign import balance, codes
from tests.shared import real
from tests.strategies import maps

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
MMP = "GBmerged_noterminalloops_remove2habPPlinks.mmp"
MATRIX = "GBmerged_RemoveProfit_Culture_Feedbacks_2HabPPlinks.csv"


def mmp(folder: Path, *concepts: str, head: str = "", tail: str = "") -> Path:
    path = folder / "map.mmp"
    body = "".join(concepts)
    path.write_text(
        f"<?xml version='1.0'?>{head}<mentalmodeler><info><name>Tides</name></info>"
        f"<concepts>{body}</concepts>{tail}</mentalmodeler>",
        encoding="utf-8",
    )
    return path


def concept(id: str, name: str, *links: tuple[str, str], state: str = "0") -> str:
    relations = "".join(
        f"<relationship><id>{to}</id><influence><![CDATA[{n}]]></influence></relationship>"
        for to, n in links
    )
    return (
        f"<concept><id>{id}</id><name>{escape(name)}</name><preferredState>{state}"
        f"</preferredState><relationships>{relations}</relationships></concept>"
    )


def matrix(folder: Path, *rows: str) -> Path:
    path = folder / "map.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.scorecard("foreign files", "mental_modeler")
def test_the_real_map_has_its_32_concepts_and_97_links_in_both_forms() -> None:
    """Counted apart: elements by a pattern before the scenarios, links by the csv module."""
    text = real("mental_modeler", MMP).read_text(encoding="utf-8").partition("<scenarios")[0]
    names = re.findall(
        r"<concept >\s*<id ><!\[CDATA\[\d+\]\]></id>\s*<name ><!\[CDATA\[(.*?)\]", text
    )
    with real("mental_modeler", MATRIX).open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    cells = {(r[0], c): n for r in rows for c, n in zip(header[1:], r[1:], strict=True) if n}
    assert (32, 97) == (len(names), len(cells))
    for m in (read(real("mental_modeler", MMP)), read(real("mental_modeler", MATRIX))):
        assert names == list(m.elements["name"])
        links = m.links("influences")
        pairs = zip(links["cause"].map(m.name), links["effect"].map(m.name), strict=True)
        assert cells == dict(zip(pairs, links["influence_raw"], strict=True))
        counted = Counter(zip(links["sign"].fillna(""), links["strength"].fillna(0), strict=True))
        wanted = {("+", 1): 53, ("-", 1): 13, ("+", 2): 15, ("-", 2): 5, ("+", 3): 1, ("-", 3): 1}
        assert {**wanted, ("", 0): 9} == counted
        assert balance(m.problems)["concept"] == (32, 32, 0)
        assert balance(m.problems)["relationship"] == (97, 97, 0)
        assert {"W511": 9, "W531": 9}.items() <= codes(m.problems).items()
        assert set(links["source"]) == set(m.sources.index)


@pytest.mark.scorecard("foreign files", "mental_modeler")
def test_the_author_of_the_real_map_is_in_no_table() -> None:
    path = real("mental_modeler", MMP)
    (author,) = re.findall(r"<author ><!\[CDATA\[(.+?)\]", path.read_text(encoding="utf-8"))
    m = read(path)
    assert not any(m.table(k.table).astype(str).eq(author).any(axis=None) for k in m.schema)
    assert (1, 0, 1) == balance(m.problems)["author"]
    assert (1, 0, 1) == balance(m.problems)["scenario"]
    assert "2016-05-11" == m.sources["date"].iloc[0]


def test_choices_make_outcomes_and_are_repeated(tmp_path: Path) -> None:
    path = mmp(tmp_path, concept("0", "Effort", ("1", "1")), concept("1", "Catch", ("0", "-0.2")))
    m = read(path, choices={"outcomes": ["catch"]})
    assert ["Catch"] == list(m.outcomes["name"])
    assert 1 == codes(m.problems)["W512"]
    (line,) = [p.message for p in m.problems if p.code == "N501"]
    assert "read with choices={'areas': {}, 'outcomes': ['catch']}" == line
    wrong = read(path, choices={"outcomes": ["Catches"]})
    assert "did you mean Catch?" in str(wrong.problems)
    with pytest.raises(ValueError, match="signs"):
        read(path, choices={"signs": {}})
    with pytest.raises(ValueError, match="give a list of names"):
        read(path, choices={"outcomes": "Catch"})


def test_areas_are_given_by_the_name_of_a_concept_in_both_forms(tmp_path: Path) -> None:
    matrix = tmp_path / "m.csv"
    matrix.write_text(",Effort,Catch\nEffort,,1\nCatch,,\n", encoding="utf-8")
    drawn = mmp(tmp_path, concept("0", "Effort", ("1", "1")), concept("1", "Catch"))
    for path in (matrix, drawn):
        m = read(path, choices={"areas": {"effort": "fishing", "Efort": "fishing"}})
        assert {"Effort": "fishing"} == dict(m.elements.set_index("name")["area"].dropna())
        assert ["choices['areas'] names 'Efort', which is not in the file"] == [
            p.message for p in m.problems if p.code == "W517"
        ]


@pytest.mark.parametrize(
    ("number", "sign", "strength"),
    [
        ("0.33", "+", 1),
        ("0.34", "+", 2),
        ("-0.66", "-", 2),
        ("0.67", "+", 3),
        ("-1", "-", 3),
        ("NaN", None, None),
        ("much", None, None),
        ("-7", "-", None),
        ("inf", None, None),
    ],
)
def test_influence_becomes_sign_and_strength(
    number: str, sign: str | None, strength: int | None, tmp_path: Path
) -> None:
    """Up to one third 1, up to two thirds 2, above 3; what is no such number stays unknown."""
    m = read(mmp(tmp_path, concept("0", "A", ("1", number)), concept("1", "B")))
    row = m.links("influences").iloc[0]
    assert (sign, strength) == tuple(
        None if pd.isna(row[c]) else row[c] for c in ("sign", "strength")
    )
    assert number == row["influence_raw"]


def test_wanted_directions_and_groups_are_kept(tmp_path: Path) -> None:
    group = "<groupNames><groupName index='2'>Ecology</groupName></groupNames>"
    more = concept("1", "B", state="-1").replace("</name>", "</name><group>2</group>")
    path = mmp(tmp_path, concept("0", "A", state="1"), more, tail=group)
    m = read(path)
    assert ["desirable", "undesirable"] == list(m.elements["orientation"])
    assert "Ecology" == m.elements.loc["b", "group"]
    assert (
        "research"
        == read(path, choices={"areas": {"Ecology": "research"}}).elements.loc["b", "area"]
    )


def test_a_link_of_zero_or_to_itself_is_left_out_and_counted(tmp_path: Path) -> None:
    m = read(
        mmp(tmp_path, concept("0", "A", ("1", "0"), ("0", "1"), ("1", "1")), concept("1", "B"))
    )
    assert (3, 1, 2) == balance(m.problems)["relationship"]
    assert {"W513": 1, "W532": 1}.items() <= codes(m.problems).items()


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE x SYSTEM 'file:///etc/hostname'>"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda f: mmp(f, concept("0", "A"), head=BOMB), "E015"),
        (lambda f: mmp(f, concept("0", "A"), head=OUTSIDE), "E015"),
        (lambda f: mmp(f, concept("0", "A", ("9", "1"))), "E521"),
        (lambda f: mmp(f, concept("0", "A"), concept("0", "B")), "E522"),
        (lambda f: mmp(f, "<concept>"), "E016"),
        (lambda f: matrix(f, ",A,B", "A,,1"), "E530"),
        (lambda f: matrix(f, ",A,B", "A,,1", "C,,"), "E530"),
        (lambda f: matrix(f, ",A,A", "A,,1", "A,,"), "E530"),
        (lambda f: matrix(f, ",A,B", "A,,1,1", "B,,"), "E530"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(make, code: str, tmp_path: Path) -> None:
    path = make(tmp_path)
    assert code in codes(check(path)), str(check(path))
    with pytest.raises((sm.InvalidMapError, sm.UnsupportedFormatError)):
        read(path)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(at: float, tmp_path: Path) -> None:
    path = mmp(tmp_path, *(concept(str(i), f"Concept {i}", ("0", "1")) for i in range(1, 50)))
    path.write_bytes(path.read_bytes()[: int(at * path.stat().st_size)])
    assert "E016" in codes(check(path))


def expected(m: sm.SystemMap) -> dict[tuple[str, str], tuple[str | None, int | None]]:
    """What a matrix can say of each pair, by plain loops."""
    said: dict[tuple[str, str], list[tuple[object, object]]] = {}
    for row in m.links("influences").to_dict("records"):
        if pd.isna(row["context"]):
            said.setdefault((row["cause"], row["effect"]), []).append(
                (row["sign"], row["strength"])
            )
    found = {}
    for pair, pieces in said.items():
        signs = {s for s, _ in pieces if not pd.isna(s)}
        strengths = [int(n) for _, n in pieces if not pd.isna(n)]
        found[pair] = (signs.pop(), min(strengths or [1])) if len(signs) == 1 else (None, None)
    return found


@settings(max_examples=8, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(max_size=6))
def test_what_the_matrix_holds_reads_back(
    m: sm.SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / "map.csv"
    things = [*m.elements.index, *m.outcomes.index]
    if not things:
        with pytest.raises(sm.OutputError, match="E609"):
            write(m, path, format="mental-modeler", audience="private")
        return
    lost = write(m, path, format="mental-modeler", audience="private")
    again = read(path, format="mental-modeler")
    assert len(things) == len(again.elements)
    back = dict(zip(again.elements.index, things, strict=True))
    links = again.links("influences")
    got = {
        (back[r["cause"]], back[r["effect"]]): (
            None if pd.isna(r["sign"]) else r["sign"],
            None if pd.isna(r["strength"]) else int(r["strength"]),
        )
        for r in links.to_dict("records")
    }
    assert expected(m) == got
    special = int(m.links("influences")["context"].notna().sum())
    assert special == codes(lost).get("W612", 0)
    whole = {k.table: len(m.table(k.table)) for k in m.schema}
    told = {p.message.partition(":")[0]: p.count for p in lost if p.code == "W610"}
    kept = {"elements", "outcomes", "influences"}
    assert {t: n for t, n in whole.items() if n and t not in kept} == told


def test_rows_that_are_not_public_are_refused_until_somebody_says_for_whom(tmp_path: Path) -> None:
    elements = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "visibility": "public"})
    claim = pd.DataFrame(
        {"cause": ["a"], "effect": ["b"], "sign": ["-"], "visibility": ["members"]}
    )
    m = from_tables({"elements": elements, "influences": claim})
    path = tmp_path / "map.csv"
    with pytest.raises(sm.OutputError, match=r"some rows are not public \(1 of influences\)"):
        write(m, path, format="mental-modeler")
    assert not path.exists()
    write(m, path, format="mental-modeler", audience="public")
    assert 0 == len(read(path).links("influences"))
    write(m, path, format="mental-modeler", audience="members")
    assert 1 == len(read(path).links("influences"))


def test_an_mmp_file_is_only_read(tmp_path: Path) -> None:
    with pytest.raises(sm.UnsupportedFormatError, match="only read"):
        write(from_tables({}), tmp_path / "map.mmp", format="mental-modeler")


def test_a_cell_says_the_least_that_all_claims_agree_on(tmp_path: Path) -> None:
    """Strengths 3, 2 and 1 give 0.33; + and - give NaN; a sign alone gives the weakest."""
    elements = pd.DataFrame({"id": list("abcd"), "name": list("ABCD")})
    claims = pd.DataFrame(
        [
            ("a", "b", "-", 3), ("a", "b", "-", 2), ("a", "b", None, 1),
            ("a", "c", "+", 1), ("a", "c", "-", 1), ("a", "d", "+", None), ("b", "c", None, 3),
        ],
        columns=["cause", "effect", "sign", "strength"],
    )  # fmt: skip
    m = from_tables({"elements": elements, "influences": claims})
    lost = write(m, tmp_path / "map.csv", format="mental-modeler")
    with (tmp_path / "map.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert [["A", "", "-0.33", "NaN", "0.33"], ["B", "", "", "NaN", ""]] == rows[1:3]
    assert [1, 1, 1, 3] == sorted(p.count for p in lost if p.code == "W613")
