"""The command line: one call of the library per command, and an exit code that can be trusted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

import sysmap as sm
from sysmap import cli
from sysmap.cli import BUG, main
from sysmap.io.write import write
from sysmap.shipped import example
from tests.io.test_kobo import AURORA, BEACON, workbook
from tests.io.test_mental_modeler import concept, mmp

ROOT = Path(__file__).parents[1]

TWENTY = {
    "organizations": ({"A2": "a", "B2": None}, {"A3": "a", "B3": "A"}, {"C4": "circus", "A4": "c"}),
    "outcomes": ({"A2": None, "B2": "Light"}, {"A3": "o", "B3": "O"}),
    "elements": ({"A2": "e", "B2": "E", "C2": "Strategy"}, {"A3": "o", "B3": "Twice"}),
    "contexts": ({"A2": "FJI", "B2": "Fiji", "C2": "planet"},),
    "sources": ({"A2": "s", "B2": "S", "C2": "rumour", "D2": "best", "F2": "31/31/2026"},),
    "seeks": ({"A2": "aa", "B2": "o"}, {"A3": "c", "B3": "oo"}, {"A4": "c", "B4": "o", "C4": 0}),
    "observed": ({"A2": "e", "B2": "FJ", "C2": "maybe"}, {"A3": "e", "B3": "FJI", "D3": 9}),
    "works_on": (
        {"A2": "c", "B2": "e", "D2": "king", "E2": "never", "F2": "2025", "G2": "2024"},
        {"A3": None, "B3": None, "C3": "FJI"},
    ),
}
"""Cells of the blank template by sheet: more than twenty faults, each of a kind people make."""


def faulty(path: Path) -> Path:
    assert main(["template", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    for sheet, rows in TWENTY.items():
        for cells in rows:
            for cell, value in cells.items():
                book[sheet][cell] = value
    book.save(path)
    return path


def run(*arguments: object) -> subprocess.Popen[bytes]:
    """A command in a process of its own, with this working copy."""
    return subprocess.Popen(
        [sys.executable, "-m", "sysmap", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)} | {"PYTHONUNBUFFERED": ""},
    )


def test_twenty_faults_are_one_list_and_nothing_is_written(tmp_path: Path, capsys) -> None:
    path = faulty(tmp_path / "t.xlsx")
    capsys.readouterr()
    assert main(["check", str(path)]) == 2
    listed = capsys.readouterr().out.strip().splitlines()
    errors = [line for line in listed if line.startswith("error ")]
    assert 20 <= len(errors) <= 40
    assert all(" -> " in line and "t.xlsx " in line for line in errors)
    for command, target in (("report", "brief"), ("html", "m.html"), ("convert", "folder")):
        assert main([command, str(path), str(tmp_path / target)]) == 2
        assert "nothing was written" in capsys.readouterr().err
    assert {"t.xlsx"} == {p.name for p in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "there-is-none.xlsx"], 2),
        (["report", "there-is-none.xlsx", "brief"], 2),
        (["template", "survey.docx"], 2),
        (["template", "no-folder/survey.xlsx"], 4),
        (["demo", "brief", "--map", "teachin"], 2),
        (["demo", "mine"], 4),
    ],
)
def test_every_failure_has_its_code_and_one_line(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch, capsys
) -> None:
    """A folder that sysmap did not make, `mine`, is left alone."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("keep")
    monkeypatch.chdir(tmp_path)
    assert code == main(arguments)
    said = "".join(capsys.readouterr())
    assert 1 == sum(line.startswith("error ") for line in said.splitlines())
    assert "error error" not in said
    assert "keep" == (tmp_path / "mine" / "note.txt").read_text()
    assert ["mine"] == [p.name for p in tmp_path.iterdir()]


@pytest.mark.parametrize(
    "option",
    [
        ["--encoding", "utf-99"],
        ["--encoding", "rot13"],
        ["--limit", "x=1"],
        ["--limit", "rows"],
        ["--separator", ";;"],
    ],
)
def test_an_option_without_meaning_is_no_bug(option: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", "t.xlsx", *option])
    assert 2 == stop.value.code
    assert "bug" not in capsys.readouterr().err


GRAPH = "<graphml><graph edgedefault='directed'><node id='a'/></graph></graphml>"


@pytest.mark.parametrize(
    ("name", "choices", "told"),
    [
        ("t.xlsx", {"outcomes": ["Goal"]}, "'outcomes' have no meaning here: a workbook takes"),
        ("map", {"outcomes": ["Goal"]}, "'outcomes' have no meaning here: a folder of CSV"),
        ("a.mmp", {"outcome": ["A"]}, "'outcome' have no meaning here: a Mental Modeler map"),
        ("a.mmp", {5: ["A"], "a": 1}, "'a', 5 have no meaning here"),
        ("a.mmp", {"outcomes": 5}, "choices['outcomes'] is 5; give a list of names"),
        ("a.mmp", {"outcomes": [5]}, "give a list of names"),
        ("a.mmp", {"areas": ["x"]}, "choices['areas'] is ['x']; give a mapping"),
        ("g.graphml", {"types": {"driver": "nodes"}}, "choices['types'] names table 'nodes'"),
        ("survey.xlsx", {"columns": {"about/Organisation": "organisation"}}, "'seeks.outcome'"),
        ("aid", {"language": 5}, "choices['language'] is 5; write a code"),
        ("aid", {"twice": "newest"}, "choices['twice'] is newest; write 'latest'"),
        ("w.csv", {"columns": {"Org": "org"}}, "choices['columns'] has 'org'; write a tag"),
    ],
)
@pytest.mark.parametrize("command", ["check", "convert"])
def test_a_wrong_choice_is_told_in_its_own_words(
    command: str, name: str, choices: dict[object, object], told: str, tmp_path: Path, capsys
) -> None:
    assert 0 == main(["template", str(tmp_path / "t.xlsx")])
    for folder in ("map", "aid"):
        (tmp_path / folder).mkdir()
    (tmp_path / "map" / "organizations.csv").write_text("id,name\na,Aurora\n", "utf-8")
    (tmp_path / "aid" / "a.xml").write_text("<iati-activities version='2.03'/>", "utf-8")
    mmp(tmp_path, concept("1", "A")).rename(tmp_path / "a.mmp")
    workbook(tmp_path, AURORA, BEACON).rename(tmp_path / "survey.xlsx")
    (tmp_path / "g.graphml").write_text(GRAPH, "utf-8")
    (tmp_path / "w.csv").write_text("Org,Where\n#org,#country\nAurora,Nepal\n", "utf-8")
    target = [] if command == "check" else [str(tmp_path / "out.json")]
    capsys.readouterr()
    assert 2 == main([command, str(tmp_path / name), *target, "--choices", repr(choices)])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(("error choices ", "error choices["))
    assert told in line
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("content", ["", "<iati-activities", "<<<", "plain words"])
@pytest.mark.parametrize("beside", [False, True])
def test_broken_files_are_told_and_not_the_choices_that_are_meant_for_them(
    content: str, beside: bool, tmp_path: Path, capsys
) -> None:
    (tmp_path / "aid").mkdir()
    (tmp_path / "aid" / "a.xml").write_text(content, "utf-8")
    if beside:
        (tmp_path / "aid" / "b.xml").write_text("<iati-activities version='2.03'/>", "utf-8")
    assert 2 == main(["check", str(tmp_path / "aid"), "--choices", "{'twice': 'latest'}"])
    said = capsys.readouterr()
    assert "choices" not in said.out.replace("choices={", "") + said.err
    assert ("error E016 a.xml" if beside else "error E002 aid") in said.out


@pytest.mark.skipif(os.name != "posix", reason="making a link needs a right elsewhere")
@pytest.mark.parametrize("command", ["check", "match"])
def test_a_link_that_leads_nowhere_is_told_as_one(command: str, tmp_path: Path, capsys) -> None:
    link = tmp_path / "survey.xlsx"
    link.symlink_to("gone.xlsx")
    more = [str(tmp_path)] if command == "match" else []
    (tmp_path / "organizations.csv").write_text("id,name\na,Aurora\n", "utf-8")
    assert 2 == main([command, str(link), *more])
    said = "".join(capsys.readouterr())
    assert "error E001 survey.xlsx: survey.xlsx is a link that leads to no file -> give" in said
    assert "did you mean" not in said


def test_warnings_cost_nothing_unless_strict(tmp_path: Path) -> None:
    path = tmp_path / "Erhebung für das Jahr.xlsx"
    assert 0 == main(["template", str(path)])
    assert 0 == main(["check", str(path)])
    assert 1 == main(["check", str(path), "--strict"])


def test_a_workbook_that_may_be_filled_is_not_replaced_by_a_blank_one(
    tmp_path: Path, capsys
) -> None:
    path = tmp_path / "survey.xlsx"
    assert 0 == main(["template", str(path)])
    book = openpyxl.load_workbook(path)
    book["outcomes"]["A2"] = "light"
    book.save(path)
    filled = path.read_bytes()
    assert 4 == main(["template", str(path)])
    assert "E601" in capsys.readouterr().err
    assert filled == path.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_report_leaves_nothing(stop: signal.Signals, tmp_path: Path) -> None:
    child = run("demo", tmp_path / "brief")
    assert child.stderr is not None
    while b"answering" not in child.stderr.readline():
        assert child.poll() is None
    time.sleep(0.3)
    child.send_signal(stop)
    child.communicate(timeout=60)
    assert 130 == child.returncode
    assert [] == list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_closed_pipe_is_a_quiet_end(tmp_path: Path) -> None:
    child = run("check", faulty(tmp_path / "t.xlsx"))
    assert child.stdout is not None
    child.stdout.close()
    assert child.stderr is not None
    with child.stderr as said:
        assert [] == [line for line in said if b"at work" not in line]
    assert 0 == child.wait(60)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write(example("teaching"), tmp_path / "t.json")
    return tmp_path / "t.json"


STREAMS = pytest.mark.skipif(not Path("/dev/full").exists(), reason="streams of Linux")
PRINTING = pytest.mark.parametrize(
    "arguments",
    [["check"], ["convert", "out.json"], ["match", "out.csv"], ["match"]],
    ids=" ".join,
)


def printing(arguments: list[str], source: Path) -> list[str | Path]:
    """A command on a map, with its output beside it."""
    verb, *outputs = arguments
    (source.parent / "names.txt").write_text("Aurora\n", "utf-8")
    targets = [source.parent / name for name in outputs]
    if verb == "match":
        return [verb, source.parent / "names.txt", source, *(["--output"] * len(targets)), *targets]
    return [verb, source, *targets]


def ended(arguments: list[str | Path], closed: tuple[int, ...], **streams: object) -> tuple:
    """The exit code of a command that begins without some of its streams, and its errors."""
    ran = subprocess.run(
        [sys.executable, "-m", "sysmap", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: [os.close(stream) for stream in closed] and None,
        check=False,
        **streams,
    )
    return ran.returncode, (ran.stderr or b"").decode()


@STREAMS
@PRINTING
def test_a_full_output_is_told_in_one_line(arguments: list[str], source: Path) -> None:
    """Whatever was made is whole."""
    with Path("/dev/full").open("wb") as full:
        code, said = ended(printing(arguments, source), (), stdout=full, stderr=subprocess.PIPE)
    line = "error E604 standard output: the disk is full. Make room, then try again."
    assert (4, [line]) == (code, [t for t in said.splitlines() if "at work" not in t])
    assert all((source.parent / name).stat().st_size for name in arguments[1:])


@STREAMS
@PRINTING
def test_without_an_output_the_exit_code_is_the_usual_one(
    arguments: list[str], source: Path
) -> None:
    code, said = ended(printing(arguments, source), (1,), stderr=subprocess.PIPE)
    assert (0, []) == (code, [t for t in said.splitlines() if "at work" not in t])
    assert all((source.parent / name).stat().st_size for name in arguments[1:])
    source.write_text("{}", "utf-8")
    code, _ = ended(printing(arguments, source), (1,), stderr=subprocess.PIPE)
    assert 2 == code


@STREAMS
def test_without_an_error_stream_the_exit_code_tells(source: Path) -> None:
    """Nothing that belongs there strays into the results."""
    missing: list[str | Path] = ["html", source.parent / "none.json", source.parent / "m.html"]
    for closed in ((2,), (1, 2)):
        with (source.parent / "said.txt").open("wb") as out:
            assert 2 == ended(missing, closed, stdout=out)[0]
        assert b"" == (source.parent / "said.txt").read_bytes()
    with Path("/dev/full").open("wb") as full:
        assert 2 == ended(missing, (), stderr=full)[0]


@pytest.mark.parametrize("letters", ["ascii", "cp1252"])
def test_match_prints_names_that_the_terminal_has_no_letters_for(
    letters: str, tmp_path: Path
) -> None:
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "organizations.csv").write_text("id,name\nvn,Bộ Giáo dục\n", "utf-8")
    (tmp_path / "names.csv").write_text("name\nBộ Giao dục\n東京\n", "utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "sysmap", "match", tmp_path / "names.csv", tmp_path / "map"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": letters},
        capture_output=True,
        check=False,
    )
    assert (0, False) == (ran.returncode, b"Traceback" in ran.stderr), ran.stderr
    said = ran.stdout.decode(letters)
    assert r"\u6771\u4eac" in said
    assert r"B\u1ed9 Gi" in said


def test_a_bug_is_told_in_one_line_that_can_be_reported_and_holds_nothing_of_the_data(
    tmp_path: Path, monkeypatch, capsys
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("what Ann wrote")

    monkeypatch.setattr("sysmap.read", broken)
    command = ["html", str(tmp_path / "secret survey.xlsx"), str(tmp_path / "m.html")]
    assert BUG == main(command)
    said = capsys.readouterr().err
    assert "This is a bug in sysmap" in said
    assert "RuntimeError at " in said
    assert "Please report this line" in said
    for hidden in ("Ann", "secret", str(tmp_path), "Traceback"):
        assert hidden not in said
    assert BUG == main(["--verbose", *command])
    assert "what Ann wrote" in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


def test_a_command_that_only_checks_loads_neither_figures_nor_analyses() -> None:
    """They are a third of the start of the command line."""
    said = (
        "import sys; from sysmap.cli import main; main(['check', 'nosuch.xlsx']);"
        "print(*sorted(m for m in sys.modules if m.startswith('sysmap.')), sep='\\n')"
    )
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    loaded = ran.stdout.splitlines()
    assert "sysmap.io.check" in loaded
    above = ("sysmap.analyses", "sysmap.draw", "sysmap.export", "sysmap.measures")
    assert [] == [name for name in loaded if name.startswith(above)]


@pytest.mark.parametrize("command", ["check", "convert"])
def test_long_work_tells_one_line_and_short_work_none(
    command: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    """On the error stream, so that what is printed can be read by programs."""
    path, work = tmp_path / "t.json", {"check": sm.check, "convert": sm.read}[command]
    write(example("teaching"), path)
    more = [] if command == "check" else [str(tmp_path / "out.json")]

    def slow(*given: object, **how: object) -> object:
        time.sleep(0.5)
        return work(*given, **how)

    monkeypatch.setattr(sm, work.__name__, slow)
    said = {}
    for limit in (600, 0.1):
        monkeypatch.setattr(cli, "LONG", limit)
        main([command, str(path), *more])
        said[limit] = capsys.readouterr()
    assert said[600].out == said[0.1].out
    told = set(said[0.1].err.splitlines()) - set(said[600].err.splitlines())
    assert {f"{command} takes more than 0.1 seconds: at work"} == told
    assert len(said[600].err.splitlines()) + 1 == len(said[0.1].err.splitlines())
