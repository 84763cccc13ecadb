"""Whatever happens while a file is written: the old one stands whole, or the new one does."""

from __future__ import annotations

import errno
import io
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sysmap.cli import main
from sysmap.core import files
from sysmap.core.errors import OutputError
from sysmap.core.swap import exchanged
from tests.faults import clock
from tests.faults.writers import (
    ROOT,
    WRITERS,
    command,
    digest,
    forked,
    put,
    runs,
    waited,
)

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is made by forking"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.slow,
]
EACH = pytest.mark.parametrize("family", list(WRITERS))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """By family: the figures of the old file and of the new one."""
    folder = tmp_path_factory.mktemp("whole")
    return {f: (digest(put(f, folder, 0)), digest(put(f, folder, 1))) for f in WRITERS}


@pytest.fixture(scope="module")
def seconds(
    whole: dict[str, tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, float]:
    """By family: how long a write takes, once everything is loaded."""
    folder, taken = tmp_path_factory.mktemp("timed"), {}
    for family in WRITERS:
        began = time.perf_counter()
        put(family, folder, 1)
        taken[family] = time.perf_counter() - began
    return taken


def standing(folder: Path, family: str) -> Path:
    """What stands there; aside only where a folder had to be replaced in two renames."""
    target, ends = folder / WRITERS[family][0], [folder / "one", folder / "other"]
    for end in ends:
        end.mkdir()
    if not target.exists() and not exchanged(*ends):
        (aside,) = folder.glob(".*.old/was")
        return aside.rename(aside.parent / target.name)
    return target


@pytest.mark.scorecard("faults", "kill -9")
@EACH
def test_a_killed_writer_leaves_a_whole_file(
    family: str, whole, seconds, tmp_path: Path, record_property
) -> None:
    rng, n = np.random.default_rng(0), runs(3)
    for i in range(n):
        folder = tmp_path / str(i)
        folder.mkdir()
        put(family, folder, 0)
        child = forked(lambda folder=folder: put(family, folder, 1))
        time.sleep(rng.uniform(0, seconds[family]))
        os.kill(child, signal.SIGKILL)
        waited(child)
        assert digest(standing(folder, family)) in whole[family]
    record_property("runs", n)


@pytest.mark.scorecard("faults", "Ctrl-C and SIGTERM")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@EACH
def test_an_interrupted_writer_leaves_the_old_file_and_nothing_else(
    family: str, stop: signal.Signals, whole, seconds, tmp_path: Path, record_property
) -> None:
    rng, n = np.random.default_rng(1), runs(3)
    for i in range(n):
        folder = tmp_path / str(i)
        folder.mkdir()
        target = put(family, folder, 0)
        child = forked(lambda folder=folder: put(family, folder, 1))
        time.sleep(0.01 + rng.uniform(0, seconds[family]))
        os.kill(child, stop)
        assert waited(child) in (0, 130)
        assert [target.name] == [p.name for p in folder.iterdir()]
        assert digest(target) in whole[family]
    record_property("runs", n)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 1 MB, where this user may make one."""
    place = folder / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this user may not mount a file system of 1 MB")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount")
@pytest.mark.scorecard("faults", "disk full")
@EACH
def test_a_full_disk_keeps_the_old_file(family: str, tmp_path: Path, record_property) -> None:
    n = runs(3)
    with small_disk(tmp_path) as disk:
        for i in range(n):
            target = disk / WRITERS[family][0]
            if target.is_dir():
                shutil.rmtree(target)
            old = tmp_path / WRITERS[family][0]
            if not old.exists():
                put(family, tmp_path, 0)
            if family in ("csv", "xlsx", "json"):
                copy = shutil.copytree if old.is_dir() else shutil.copy
                copy(old, target)
            (disk / "ballast").unlink(missing_ok=True)
            free = shutil.disk_usage(disk).free
            (disk / "ballast").write_bytes(bytes(max(0, free - 4096 * (i % 3))))
            before = {p: p.read_bytes() for p in disk.rglob("*") if p.is_file()}
            with pytest.raises(OutputError, match="E604"):
                put(family, disk, 1)
            assert before == {p: p.read_bytes() for p in disk.rglob("*") if p.is_file()}
    record_property("runs", n)


def opened(folder: Path) -> None:
    """Let every user enter a folder of this test."""
    for above in (folder, *folder.parents):
        if above.owner() == folder.owner() and above.is_relative_to(tempfile.gettempdir()):
            above.chmod(above.stat().st_mode | 0o755)


def as_ordinary_user() -> None:
    """Give up what lets the administrator pass every permission."""
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)


@pytest.mark.scorecard("faults", "folder read-only")
@EACH
def test_a_folder_that_may_not_be_written_is_named(
    family: str, whole, tmp_path: Path, record_property
) -> None:
    n = runs(3)
    target = put(family, tmp_path, 0)
    opened(tmp_path)
    tmp_path.chmod(0o555)

    def tried() -> None:
        as_ordinary_user()
        with pytest.raises(OutputError, match="E605") as caught:
            put(family, tmp_path, 1)
        assert tmp_path.name in str(caught.value)

    for _ in range(n):
        assert 0 == waited(forked(tried))
    assert digest(target) == whole[family][0]
    tmp_path.chmod(0o755)
    record_property("runs", n)


@pytest.mark.parametrize("mode", [0o600, 0o666, 0o000], ids=oct)
@EACH
def test_a_folder_that_may_not_be_entered_is_named(family: str, mode: int, tmp_path: Path) -> None:
    """Nobody can tell whether anything stands there, and to ask is refused."""
    opened(tmp_path)
    locked = tmp_path / "locked"
    put(family, tmp_path, 0)
    locked.mkdir()
    locked.chmod(mode)

    def tried() -> None:
        as_ordinary_user()
        with pytest.raises(OutputError, match=r"E605 .*locked cannot be entered\. Choose another"):
            put(family, locked, 1)

    assert 0 == waited(forked(tried))
    locked.chmod(0o755)
    assert [] == list(locked.iterdir())


def test_every_command_tells_of_a_folder_that_may_not_be_entered(
    source: Path, tmp_path: Path
) -> None:
    opened(tmp_path)
    opened(source.parent)
    source.chmod(0o644)
    (tmp_path / "names.txt").write_text("Aurora\n", "utf-8")
    locked = tmp_path / "locked"
    locked.mkdir(0o600)
    names = tmp_path / "names.txt"
    commands = [
        ["template", locked / "t.xlsx"],
        ["report", source, locked / "brief"],
        ["html", source, locked / "m.html"],
        ["convert", source, locked / "m.json"],
        ["convert", source, locked / "m"],
        ["convert", source, locked / "m.xlsx"],
        ["match", names, source, "--output", locked / "m.csv"],
        ["demo", locked / "brief", "--map", "teaching"],
    ]

    def tried() -> None:
        as_ordinary_user()
        for arguments in commands:
            said = io.StringIO()
            with redirect_stderr(said):
                assert 4 == main([*map(str, arguments)])
            assert "E605" in said.getvalue()
            assert "locked cannot be entered" in said.getvalue()

    assert 0 == waited(forked(tried))
    locked.chmod(0o755)


def test_a_file_of_somebody_else_in_a_common_folder_is_told_as_such(tmp_path: Path) -> None:
    """Where all may write, but only the owner of a file may replace it, as in /tmp."""
    if os.geteuid():
        pytest.skip("only the administrator can make a file of somebody else")
    target = put("json", tmp_path, 0)
    opened(tmp_path)
    tmp_path.chmod(0o1777)

    def tried() -> None:
        as_ordinary_user()
        with pytest.raises(OutputError, match=r"E605 .*belongs to somebody else.*another name"):
            put("json", tmp_path, 1)

    assert 0 == waited(forked(tried))
    assert [target] == list(tmp_path.iterdir())


@pytest.mark.scorecard("faults", "open in another program")
@EACH
def test_a_file_that_is_open_elsewhere_is_left(
    family: str, whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property
) -> None:
    n = runs(3)
    target = put(family, tmp_path, 0)

    replace = Path.replace

    def locked(self: Path, to: Path) -> Path:
        if target in (self, Path(to)):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return replace(self, to)

    for _ in range(n):
        with monkeypatch.context() as broken:
            broken.setattr(files, "exchanged", lambda one, other: False)
            broken.setattr(Path, "replace", locked)
            with pytest.raises(OutputError, match=r"E603.*Close it there, then try again"):
                put(family, tmp_path, 1)
        assert [target.name] == [p.name for p in tmp_path.iterdir()]
    assert digest(target) == whole[family][0]
    record_property("runs", n)


@pytest.mark.scorecard("faults", "four writers and a reader")
@pytest.mark.parametrize("family", ["xlsx", "json", "html"])
def test_a_reader_among_four_writers_sees_only_whole_files(
    family: str, whole, tmp_path: Path, record_property
) -> None:
    """Of single files; those of a folder are opened one by one, and a writer may come between."""
    n = runs(3)
    target = put(family, tmp_path, 0)

    def often() -> None:
        for i in range(n):
            put(family, tmp_path, i % 2)

    writers = [forked(often) for _ in range(4)]
    reads = 0
    left = set(writers)
    while left:
        assert digest(target) in whole[family]
        reads += 1
        left -= {w for w in left if ended(w)}
    assert [target.name] == [p.name for p in tmp_path.iterdir()]
    record_property("runs", reads)


def ended(child: int) -> bool:
    """Whether a child has ended; it must have ended well."""
    found, status = os.waitpid(child, os.WNOHANG)
    assert not found or status == 0
    return bool(found)


@pytest.mark.scorecard("faults", "memory limit")
def test_too_little_memory_is_one_line_and_no_file(tmp_path: Path, record_property) -> None:
    n = runs(1)
    rows = b"".join(b"a%d,Organization number %d of many\n" % (i, i) for i in range(1_000_000))
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "organizations.csv").write_bytes(b"id,name\n" + rows)
    for _ in range(n):
        ended = subprocess.run(
            [sys.executable, "-m", "sysmap", "convert", tmp_path / "map", tmp_path / "out.json"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
            capture_output=True,
            check=False,
        )
        assert 4 == ended.returncode, ended.stderr[-500:]
        (line,) = [
            t
            for t in ended.stderr.splitlines()
            if not t.startswith((b"warning", b"0 errors", b"convert takes"))
        ]
        assert re.match(
            rb"error: not enough memory: 'map' needs about 1,\d\d\d MB\. Leave out tables", line
        )
        assert ["map"] == [p.name for p in tmp_path.iterdir()]
    record_property("runs", n)


@pytest.mark.scorecard("faults", "standard output closed")
def test_a_closed_output_is_a_quiet_end(tmp_path: Path, record_property) -> None:
    n = runs(2)
    source = tmp_path / "map.json"
    put("json", tmp_path, 0)
    for _ in range(n):
        child = command("check", source)
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        with child.stderr as said:
            assert [] == [line for line in said if b"at work" not in line]
        assert 0 == child.wait(60)
    record_property("runs", n)


SURROUNDINGS: dict[str, Callable[[int], dict[str, str]]] = {
    "locale C": lambda _: {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "no home": lambda _: {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent"},
    "time zone": lambda i: {"TZ": ("Pacific/Kiritimati", "America/Adak", "UTC")[i % 3]},
    "hash seed": lambda i: {"PYTHONHASHSEED": ("0", "1", "random")[i % 3]},
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first map as a file, for children that read it."""
    return put("json", tmp_path_factory.mktemp("source"), 0)


@pytest.fixture(scope="module")
def usual(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The figure of what the command line writes where nothing is changed, by family."""
    return cache(lambda family: by_command(family, source, tmp_path_factory.mktemp("usual"), {}))


def by_command(family: str, source: Path, folder: Path, environment: dict[str, str]) -> str:
    """The figure of what a command writes in an environment, which must be all that it writes."""
    target = folder / WRITERS[family][0]
    verb = {"html": "html", "brief": "report"}.get(family, "convert")
    child = command(verb, source, target, **environment)
    said = child.communicate(timeout=300)
    assert 0 == child.returncode, said
    assert [target.name] == [p.name for p in folder.iterdir()]
    return digest(target)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(n, marks=pytest.mark.scorecard("same bytes", n), id=n.replace(" ", "-"))
        for n in SURROUNDINGS
    ],
)
@EACH
def test_surroundings_change_no_byte(
    name: str, family: str, source: Path, usual, tmp_path: Path, record_property
) -> None:
    n = runs(1)
    for i in range(n):
        folder = tmp_path / str(i)
        folder.mkdir()
        assert usual(family) == by_command(family, source, folder, SURROUNDINGS[name](i))
    record_property("runs", n)


@pytest.mark.scorecard("same bytes", "clock moved")
@EACH
def test_a_moved_clock_changes_no_byte(
    family: str, source: Path, usual, tmp_path: Path, tmp_path_factory, record_property
) -> None:
    n = runs(1)
    for i, days in enumerate((400, -4_000, 20_000)[:n]):
        surroundings = clock.moved(tmp_path_factory.getbasetemp(), days)
        month = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m")
        assert month == told_by_child(surroundings)
        folder = tmp_path / str(i)
        folder.mkdir()
        assert usual(family) == by_command(family, source, folder, surroundings)
    record_property("runs", n)


def told_by_child(environment: dict[str, str]) -> str:
    """The month that Python believes in."""
    code = "import datetime as d; print(d.datetime.now(d.UTC).strftime('%Y-%m'))"
    child = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return child.stdout.strip()
