"""Random bytes and random edits of good files give Problems or a map, never another exception."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sysmap.core.problems import Problems
from sysmap.io.check import check

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
EDITS = st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=8)), max_size=6)


@pytest.fixture(scope="module")
def workbook() -> bytes:
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream)
    for name, rows in {
        "elements": [["id", "name"], ["a", "A"], ["b", "B"]],
        "influences": [["cause", "effect"], ["a", "b"]],
        "answers": [["source", "question", "a"], ["s", "works_on", "yes"]],
    }.items():
        sheet = made.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    made.close()
    return stream.getvalue()


def edited(data: bytes, edits: list[tuple[int, bytes]]) -> bytes:
    changed = bytearray(data)
    for at, piece in edits:
        at %= len(changed)
        changed[at : at + len(piece)] = piece
    return bytes(changed)


@given(
    data=st.binary(max_size=300), head=st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
)
@settings(max_examples=60, suppress_health_check=QUIET)
def test_random_bytes_are_refused_with_words(data: bytes, head: bytes, tmp_path: Path) -> None:
    path = tmp_path / "survey.xlsx"
    path.write_bytes(head + data)
    assert not check(path).ok


@given(edits=EDITS)
@settings(max_examples=60, suppress_health_check=QUIET)
def test_an_edited_archive_gives_problems(
    edits: list[tuple[int, bytes]], workbook: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "survey.xlsx"
    path.write_bytes(edited(workbook, edits))
    assert isinstance(check(path), Problems)


@given(edits=EDITS, member=st.integers(0, 30))
@settings(max_examples=60, suppress_health_check=QUIET)
def test_an_edited_member_gives_problems(
    edits: list[tuple[int, bytes]], member: int, workbook: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "survey.xlsx"
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(path, "w") as new:
        names = old.namelist()
        for i, name in enumerate(names):
            data = old.read(name)
            new.writestr(name, edited(data, edits) if i == member % len(names) else data)
    assert isinstance(check(path), Problems)


@given(edits=EDITS)
@settings(max_examples=60, suppress_health_check=QUIET)
def test_an_edited_csv_gives_problems(edits: list[tuple[int, bytes]], tmp_path: Path) -> None:
    for name, data in {
        "elements": b'id,name\na,"A, the first"\nb,B\n',
        "answers": b"source,question,a,b\ns,works_on,yes,2\n",
        "sources": b"id,name\ns,S\n",
    }.items():
        (tmp_path / f"{name}.csv").write_bytes(edited(data, edits))
    assert isinstance(check(tmp_path), Problems)
