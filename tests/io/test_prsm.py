"""PRSM: plain and packed files, sheets there and back, and a decoder that fails with words."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.core.problems import Problems
from sysmap.io import packed
from sysmap.io.check import check
from sysmap.io.read import read
from sysmap.io.write import write
from tests.io.foreign import balance, codes
from tests.io.test_read_files import book
from tests.strategies import maps

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
MAP = {
    "version": "2.1",
    "mapTitle": "Power and light",
    "attributeTitles": {"att1": "Owner"},
    "styles": {
        "nodes": {"group0": {"groupLabel": "Factor"}, "group1": {"groupLabel": "Aim"}},
        "edges": {"edge0": {"groupLabel": "helps"}},
    },
    "nodes": [
        {"id": "n1", "label": "Electric\npower", "grp": "group0", "x": 1, "y": 2, "att1": "Grid",
         "note": {"ops": [{"insert": "From the "}, {"insert": "grid\n", "attributes": {}}]}},
        {"id": "n2", "label": "Light", "grp": "group1", "x": 3, "created": {"user": "someone"}},
        {"id": "n3", "label": "Costs", "grp": "group9"},
    ],
    "edges": [
        {"id": "e1", "from": "n1", "to": "n2", "label": "+", "grp": "edge0", "note": "seen"},
        {"id": "e2", "from": "n3", "to": "n1", "label": "", "grp": "edge0", "color": "red"},
        {"id": "e3", "from": "n2", "to": "n2", "label": "", "grp": "edge1"},
    ],
    "history": [{"user": "someone", "action": "made"}],
}  # fmt: skip


def pack(text: str) -> str:
    """LZ-String for UTF-16 the other way round, step by step, as a referee of the decoder."""
    bits: list[int] = []

    def put(number: int, width: int) -> None:
        bits.extend(number >> i & 1 for i in range(width))

    units = text.encode("utf-16-le", "surrogatepass")
    letters = [units[i] | units[i + 1] << 8 for i in range(0, len(units), 2)]
    known: dict[tuple[int, ...], int] = {}
    fresh: set[int] = set()
    seen: set[int] = set()
    width, room, following = 2, 2, 3

    def spend() -> None:
        nonlocal room, width
        room -= 1
        if room == 0:
            room, width = 1 << width, width + 1

    def say(word: tuple[int, ...]) -> None:
        if len(word) == 1 and word[0] in fresh:
            narrow = word[0] < 256
            put(0 if narrow else 1, width)
            put(word[0], 8 if narrow else 16)
            fresh.discard(word[0])
            spend()
        else:
            put(known[word], width)
        spend()

    word: tuple[int, ...] = ()
    for letter in letters:
        if letter not in seen:
            seen.add(letter)
            fresh.add(letter)
            known[(letter,)] = following
            following += 1
        longer = (*word, letter)
        if longer in known:
            word = longer
            continue
        say(word)
        known[longer] = following
        following += 1
        word = (letter,)
    if word:
        say(word)
    put(2, width)
    bits.extend([0] * (-len(bits) % 15))
    fifteen = [bits[i : i + 15] for i in range(0, len(bits), 15)]
    return "".join(chr(32 + int("".join(map(str, part)), 2)) for part in fifteen) + " "


def saved(folder: Path, content: object = MAP, *, packed_: bool = False) -> Path:
    path = folder / "map.prsm"
    text = json.dumps(content)
    path.write_text(pack(text) if packed_ else text, encoding="utf-8")
    return path


@pytest.mark.parametrize("packed_", [False, True])
def test_plain_and_packed_files_become_one_map(packed_: bool, tmp_path: Path) -> None:
    """Counted by hand: 3 factors; 3 links, one of them from a factor to itself."""
    m = read(
        saved(tmp_path, packed_=packed_),
        choices={"outcomes": ["Aim"], "signs": {"+": "+", "helps": "-"}},
    )
    assert ["Electric power", "Costs"] == list(m.elements["name"])
    assert ["Light"] == list(m.outcomes["name"])
    assert "From the grid" == m.elements.loc["electric-power", "description"]
    assert ["Grid", "Factor"] == list(m.elements.loc["electric-power", ["Owner", "type"]])
    assert ["+", "-"] == list(m.links("influences")["sign"])
    assert "Power and light" == m.title
    figures = balance(m.problems)
    assert ((3, 3, 0), (3, 2, 1)) == (figures["factor"], figures["link"])
    assert ((1, 0, 1), (1, 0, 1)) == (figures["history"], figures["person"])
    assert (3, 0, 3) == figures["drawing"]
    assert not any("someone" in str(m.table(k.table).to_dict()) for k in m.schema)


def test_links_have_no_sign_until_somebody_says_which(tmp_path: Path) -> None:
    m = read(saved(tmp_path))
    assert ["+", None] == [None if pd.isna(s) else s for s in m.links("influences")["sign"]]
    assert 1 == codes(m.problems)["W511"]


@settings(max_examples=200)
@given(st.text(max_size=60) | st.text(st.sampled_from("ab"), max_size=200))
def test_what_was_packed_unpacks(text: str) -> None:
    assert text == packed.unpacked(pack(text))


def test_a_published_sample_unpacks() -> None:
    """Source: the tests of the package lz-string, where this text is given in base 64."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bits = "".join(f"{letters.index(c):06b}" for c in "BYUwNmD2A0AECWsCGBbZtDUzkA")
    bits += "0" * (-len(bits) % 15)
    text = "".join(chr(32 + int(bits[i : i + 15], 2)) for i in range(0, len(bits), 15))
    assert "hello, i am a 猫" == packed.unpacked(text)


def test_a_packed_text_cut_anywhere_is_told(tmp_path: Path) -> None:
    whole = pack(json.dumps(MAP))
    for length in range(len(whole.rstrip()) - 1):
        with pytest.raises(packed.TornError):
            packed.unpacked(whole[:length])
    path = saved(tmp_path, packed_=True)
    data = path.read_bytes()
    for cut in (10, len(data) // 2, len(data) // 2 + 1, len(data) - 9):
        path.write_bytes(data[:cut])
        found = check(path)
        assert {"E004"} == set(codes(found)), str(found)
        assert "cut short" in str(found)


def bomb(steps: int) -> str:
    """A packed text in which each number means one letter more than the number before."""
    bits: list[int] = []
    width, room, entries = 2, 1, 3
    for step in range(steps):
        number = 0 if step == 0 else entries
        bits.extend(number >> i & 1 for i in range(width))
        if step == 0:
            bits.extend(ord("a") >> i & 1 for i in range(8))
        entries += 1
        room -= 1
        if room == 0:
            room, width = 1 << width, width + 1
    bits.extend([0] * (-len(bits) % 15))
    fifteen = [bits[i : i + 15] for i in range(0, len(bits), 15)]
    return "".join(chr(32 + int("".join(map(str, part)), 2)) for part in fifteen)


def test_a_text_that_unpacks_without_end_is_stopped(tmp_path: Path) -> None:
    """10,100 numbers of at most 14 bits would be 51 million letters; the limit is 50 million."""
    (tmp_path / "map.prsm").write_text(bomb(10_100), encoding="utf-8")
    assert (tmp_path / "map.prsm").stat().st_size < 40_000
    assert ["E008"] == [p.code for p in check(tmp_path / "map.prsm").errors]
    with pytest.raises(packed.TooLongError):
        packed.unpacked(bomb(500), 100_000)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({**MAP, "nodes": [*MAP["nodes"], {"id": "n1", "label": "Again"}]}, "E522"),  # type: ignore[misc]  # a list
        ({**MAP, "edges": [{"from": "n1", "to": "n7"}]}, "E521"),
        ({"nodes": {}, "edges": []}, "E017"),
        ({"nodes": []}, "E017"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(
    content: object, code: str, tmp_path: Path
) -> None:
    for packed_ in (False, True):
        found = check(saved(tmp_path, content, packed_=packed_))
        assert code in codes(found), str(found)


def test_sheets_of_factors_and_links_are_read(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "Factors": [
            ["Label", "Note", "Style", "x", "Owner"],
            ["Power", "Grid", "Factor", 1, "State"],
            ["Light", "", "Aim", 2, ""],
        ],
        "Links": [["From", "To", "Label", "Style"], ["power", "Light", "+", "helps"]],
    }
    m = read(book(tmp_path / "map.xlsx", sheets), choices={"outcomes": ["Aim"]})
    assert (["Power"], ["Light"]) == (list(m.elements["name"]), list(m.outcomes["name"]))
    assert ["+"] == list(m.links("influences")["sign"])
    assert (2, 0, 2) == balance(m.problems)["drawing"]
    del sheets["Links"][0][1]
    assert "E104" in codes(check(book(tmp_path / "torn.xlsx", sheets)))


@settings(max_examples=5, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(max_size=6, carried=False))
def test_what_the_sheets_hold_reads_back(
    m: sm.SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / "map.xlsx"
    if not len(m.elements) + len(m.outcomes):
        return
    lost = write(m, path, format="prsm", audience="private")
    again = read(path, format="prsm", choices={"outcomes": ["outcomes"]})
    claims = m.links("influences")
    pairs = claims.astype(object).fillna("")[["cause", "effect", "sign"]].drop_duplicates()
    assert len(claims) - len(pairs) == codes(lost)["W613"]
    assert (len(m.elements), len(m.outcomes)) == (len(again.elements), len(again.outcomes))
    names = {**dict(m.elements["name"]), **dict(m.outcomes["name"])}
    back = {**dict(again.elements["name"]), **dict(again.outcomes["name"])}

    def said(rows: pd.DataFrame, called: dict[str, str]) -> set[tuple[str, str, str | None]]:
        return {
            (
                called[r["cause"]].partition(" (")[0],
                called[r["effect"]].partition(" (")[0],
                None if pd.isna(r["sign"]) else r["sign"],
            )
            for r in rows.to_dict("records")
        }

    assert said(m.links("influences"), names) == said(again.links("influences"), back)


def test_only_workbooks_are_written(tmp_path: Path) -> None:
    with pytest.raises(sm.UnsupportedFormatError, match="workbooks only"):
        write(sm.example("teaching"), tmp_path / "map.prsm", format="prsm", audience="public")


EDITS = st.lists(st.tuples(st.integers(0, 10**4), st.binary(min_size=1, max_size=6)), max_size=4)
GOOD = json.dumps(MAP).encode(), pack(json.dumps(MAP)).encode()


@pytest.mark.parametrize("good", GOOD)
@given(edits=EDITS)
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_an_edited_file_gives_problems(
    good: bytes, edits: list[tuple[int, bytes]], tmp_path: Path
) -> None:
    data = bytearray(good)
    for at, piece in edits:
        at %= len(data)
        data[at : at + len(piece)] = piece
    (tmp_path / "map.prsm").write_bytes(bytes(data))
    assert isinstance(check(tmp_path / "map.prsm"), Problems)
