"""Names that no file can have, letters that no terminal has, and files that nobody may read."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from sysmap.cli import main
from sysmap.core.errors import InvalidMapError
from sysmap.io.check import check
from sysmap.io.namelists import listed
from sysmap.io.read import read

ROWS = "id,name\na,Aurora\n"


def folder(place: Path, described: str = "", **tables: str) -> Path:
    """A folder of CSV files with a descriptor that says what it should not."""
    place.mkdir()
    for name, text in {"organizations": ROWS, **tables}.items():
        (place / f"{name}.csv").write_text(text, "utf-8")
    if described:
        (place / "datapackage.json").write_text(described, "utf-8")
    return place


@pytest.mark.parametrize(
    ("described", "code"),
    [
        pytest.param('{"resources": ' + "1" * 5_000 + "}", "E017", id="number of 5,000 digits"),
        pytest.param("[" * 200 + "]" * 200, "E017", id="deep"),
        pytest.param('{"resources": [{"path": "\\ud800.csv"}]}', "E018", id="half a character"),
        pytest.param(json.dumps({"resources": [{"path": "a" * 300}]}), "E018", id="long name"),
        pytest.param(
            json.dumps({"resources": [{"path": "a/" * 3_000 + "b"}]}), "E018", id="deep path"
        ),
    ],
)
def test_a_descriptor_of_what_cannot_be_is_a_fault_of_the_file(
    described: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = folder(tmp_path / "map", described)
    assert 2 == main(["check", str(made)])
    (line,) = [t for t in capsys.readouterr().out.splitlines() if t.startswith("error ")]
    assert f"{code} map/datapackage.json" in line
    assert " -> " in line
    assert "sys." not in line


def test_an_id_of_many_digits_is_an_id(tmp_path: Path) -> None:
    long = "7" * 5_000
    rows = f"id,name\n{long},Long\n00{long},Longer\n"
    found = check(folder(tmp_path / "map", organizations=rows))
    assert found.ok
    assert "W204" in {p.code for p in found}


def test_a_date_of_many_digits_is_cut_short_in_the_message(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    row = {"id": "a", "name": "A", "start": 10**400}
    path.write_text(json.dumps({"sysmap": 1, "tables": {"activities": [row]}}), "utf-8")
    (error,) = check(path).errors
    assert "E308" == error.code
    assert len(error.message) < 120


@pytest.mark.parametrize("command", ["check", "html", "match", "template"])
def test_a_name_too_long_for_the_disk_is_told(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = str(tmp_path / ("a" * 300 + ".xlsx"))
    good = str(folder(tmp_path / "map"))
    arguments = {
        "check": [long],
        "html": [long, str(tmp_path / "a.html")],
        "match": [long, good],
        "template": [long],
    }[command]
    assert (4 if command == "template" else 2) == main([command, *arguments])
    out, err = capsys.readouterr()
    assert ("E602" if command == "template" else "E001") in out + err


@pytest.mark.parametrize(
    ("command", "read_", "target"),
    [
        ("html", "home/map", "home/map"),
        ("html", "home/map.json", "home/map.json"),
        ("html", "home/map", "home/map/organizations.csv"),
        ("convert", "home/map", "home/../home/map"),
        ("convert", "home/map.json", "link.json"),
        ("report", "home/map.json", "home"),
        ("match", "home/map.json", "home/names.csv"),
    ],
)
def test_what_is_read_is_never_written_over(
    command: str, read_: str, target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be the only copy; the folder was made by sysmap, so nothing else protects it."""
    home = tmp_path / "home"
    home.mkdir()
    folder(home / "map", '{"resources": []}')
    (home / "map.json").write_text('{"sysmap": 1, "tables": {}}', "utf-8")
    (home / "manifest.txt").write_text("", "utf-8")
    (home / "names.csv").write_text("name\nAurora\n", "utf-8")
    (tmp_path / "link.json").symlink_to(home / "map.json")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    source, to = str(tmp_path / read_), str(tmp_path / target)
    arguments = [source, to]
    if command == "match":
        arguments = [str(home / "names.csv"), source, "--column", "name", "--output", to]
    assert 4 == main([command, *arguments])
    (line,) = [t for t in capsys.readouterr().err.splitlines() if t.startswith("error ")]
    assert "E601" in line
    assert "Choose another name" in line
    assert before == {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_faults_are_told_where_the_terminal_lacks_a_letter(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "id,name\nvi\u1ec7t,A\nVi\u1ec7t,B\n"
    made = folder(tmp_path / "map", organizations=rows)
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    assert 0 == main(["check", str(made)])
    assert rb"vi\u1ec7t" in written.getvalue()


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_file_whose_name_is_no_text_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = folder(tmp_path / "map")
    Path(os.fsdecode(os.fsencode(made) + b"/el\xff\x1b.csv")).write_text(ROWS, "utf-8")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="utf-8"))
    assert 0 == main(["check", str(made)])
    assert b"<U+DCFF><U+001B>.csv" in written.getvalue()
    assert b"\x1b" not in written.getvalue()


@pytest.mark.parametrize("name", ["organizations.csv", "datapackage.json"])
def test_a_file_that_may_not_be_read_is_a_fault_with_a_remedy(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The system refuses as it does where a right is missing: the administrator passes them all."""
    made = folder(tmp_path / "map", '{"resources": []}')
    _refuse(monkeypatch, name)
    assert 2 == main(["check", str(made)])
    (line,) = [t for t in capsys.readouterr().out.splitlines() if t.startswith("error ")]
    assert line.startswith(f"error E019 map/{name}: the file cannot be opened: ")
    assert line.endswith("ask for the right to read it")
    with pytest.raises(InvalidMapError, match="E019"):
        read(made)


def test_a_list_of_names_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Aurora\n", "utf-8")
    _refuse(monkeypatch, "names.txt")
    with pytest.raises(InvalidMapError, match=r"E019 names\.txt"):
        listed(path)


def _refuse(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    opened = io.open

    def refusing(file: object, *arguments: object, **words: object) -> object:
        if Path(os.fsdecode(file)).name == name:  # type: ignore[arg-type]  # a path is asked for
            raise PermissionError(13, "Permission denied", str(file))
        return opened(file, *arguments, **words)  # type: ignore[call-overload]  # as it came

    monkeypatch.setattr(io, "open", refusing)
