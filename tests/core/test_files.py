"""A file or folder is whole or is not there, whatever fails (reliability.md, faults)."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sysmap.core import files
from sysmap.core.errors import OutputError
from sysmap.core.files import write_bytes, write_folder, write_with
from sysmap.core.swap import exchanged

MANIFEST = "made-by.txt"
Writer = Callable[[Path, bytes], object]


def filled(content: bytes) -> Callable[[Path], None]:
    """A folder of three files that all say the same; the manifest also names the others."""

    def fill(folder: Path) -> None:
        (folder / "deep").mkdir()
        for name in ("b", "deep/c"):
            (folder / name).write_bytes(content)
        (folder / MANIFEST).write_bytes(content + b"\nb\ndeep/c")

    return fill


def put_file(path: Path, content: bytes) -> object:
    return write_bytes(path, content)


def put_folder(path: Path, content: bytes) -> object:
    return write_folder(path, filled(content), manifest=MANIFEST, listed=str.splitlines)


def said(path: Path) -> bytes:
    """What the file, or every file of the folder, says."""
    if path.is_file():
        return path.read_bytes()
    manifest = (path / MANIFEST).read_bytes().partition(b"\n")[0]
    (content,) = {manifest, *((path / name).read_bytes() for name in ("b", "deep/c"))}
    return content


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def failing(code: int) -> Callable[..., None]:
    def fail(*args: object, **named: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def aged(path: Path) -> None:
    """Make a path two hours old."""
    then = time.time() - 7200
    os.utime(path, (then, then))


BOTH = pytest.mark.parametrize("put", [put_file, put_folder])


@BOTH
@pytest.mark.parametrize(
    ("step", "name"),
    [(os, "fsync"), (Path, "chmod"), (Path, "replace"), (Path, "write_bytes")],
)
@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "E604 .*: the disk is full. Make room"),
        (errno.EDQUOT, "E604 .*: the disk is full. Make room"),
        (errno.EIO, r"E605 .*: Input/output error\. Choose another place"),
        (errno.EROFS, r"E605 .*: Read-only file system\. Choose another place"),
        (errno.EACCES, "E603 .*: it is open in another program"),
    ],
)
def test_whatever_step_fails_the_old_one_is_intact_and_nothing_is_left(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    put: Writer,
    step: object,
    name: str,
    code: int,
    told: str,
) -> None:
    target = tmp_path / "map"
    put(target, b"old")
    with monkeypatch.context() as broken:
        broken.setattr(files, "exchanged", lambda one, other: False)
        broken.setattr(step, name, failing(code))
        with pytest.raises(OutputError, match=told):
            put(target, b"new")
    assert b"old" == said(target)
    assert ["map"] == names_in(tmp_path)


@BOTH
def test_a_disk_full_at_the_first_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, put: Writer
) -> None:
    monkeypatch.setattr(Path, "write_bytes", failing(errno.ENOSPC))
    with pytest.raises(OutputError, match=r"E604"):
        put(tmp_path / "map", b"new")
    assert [] == names_in(tmp_path)


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt()])
def test_an_interrupted_filler_is_told_as_it_is(tmp_path: Path, error: BaseException) -> None:
    """A bug, or the user's patience, is no fault of the disk."""

    def fill(path: Path) -> None:
        (path / "half" if path.is_dir() else path).write_bytes(b"half")
        raise error

    write_bytes(tmp_path / "file", b"old")
    put_folder(tmp_path / "folder", b"old")
    with pytest.raises(type(error)):
        write_with(tmp_path / "file", fill)
    with pytest.raises(type(error)):
        write_folder(tmp_path / "folder", fill, manifest=MANIFEST, listed=str.splitlines)
    assert b"old" == said(tmp_path / "file") == said(tmp_path / "folder")
    assert ["file", "folder"] == names_in(tmp_path)


def replacing(fails: Callable[[Path, Path], bool]) -> Callable[[Path, Path], Path]:
    """`Path.replace` that fails for some pairs."""

    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if fails(self, target):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, target)

    return replace


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "brief"
    put_folder(target, b"old")
    with monkeypatch.context() as broken:
        broken.setattr(files, "exchanged", lambda one, other: False)
        broken.setattr(Path, "replace", replacing(lambda a, b: a.suffix == ".tmp"))
        with pytest.raises(OutputError, match=r"E605"):
            put_folder(target, b"new")
    assert b"old" == said(target)
    assert ["brief"] == names_in(tmp_path)


def test_a_folder_that_cannot_be_put_back_is_kept_aside_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last good folder is never deleted, whatever fails twice."""
    target = tmp_path / "brief"
    put_folder(target, b"old")
    with monkeypatch.context() as broken:
        broken.setattr(files, "exchanged", lambda one, other: False)
        broken.setattr(Path, "replace", replacing(lambda a, b: b == target))
        with pytest.raises(OutputError) as caught:
            put_folder(target, b"new")
    (aside,) = tmp_path.iterdir()
    assert b"old" == said(aside / "was")
    assert str(aside / "was") in str(caught.value)
    aged(aside)
    write_bytes(tmp_path / "brief", b"a file of that name")
    assert b"old" == said(aside / "was")


def can_exchange(folder: Path) -> bool:
    """Whether two folders can change places there; they must on this system's usual disks."""
    for name in ("one", "other"):
        (folder / name).mkdir()
    can = exchanged(folder / "one", folder / "other")
    for name in ("one", "other"):
        (folder / name).rmdir()
    return can


def test_two_folders_change_places_or_nothing_happens(tmp_path: Path) -> None:
    put_folder(tmp_path / "a", b"a")
    put_file(tmp_path / "b", b"b")
    done = exchanged(tmp_path / "a", tmp_path / "b")
    assert [b"b", b"a"][:: 1 if done else -1] == [said(tmp_path / "a"), said(tmp_path / "b")]
    assert not exchanged(tmp_path / "a", tmp_path / "missing")
    assert ["a", "b"] == names_in(tmp_path)


@BOTH
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is made by forking")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_writer_that_is_killed_after_a_rename_leaves_a_whole_one(
    tmp_path: Path, put: Writer
) -> None:
    """The moment that chance seldom meets: the first thing was moved, and the second was not."""
    if not can_exchange(tmp_path):
        pytest.skip("two renames are all that this system has for a folder")
    target, real = tmp_path / "map", Path.replace
    put(target, b"old")
    child = os.fork()
    if not child:
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(Path, "replace", lambda a, b: real(a, b) and os.kill(os.getpid(), 9))
            put(target, b"new")
        os._exit(0)
    os.waitpid(child, 0)
    assert b"new" == said(target)


@BOTH
@pytest.mark.parametrize("apart", [False, True], ids=["in one step", "in two renames"])
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is made by forking")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_killed_writer_leaves_a_whole_one(
    apart: bool, tmp_path: Path, put: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty children that write without end are killed at random times; what stands there is
    one of the contents. Only between the two renames of a folder the old one stands aside."""
    if apart:
        monkeypatch.setattr(files, "exchanged", lambda one, other: False)
    in_place = put is put_file or (not apart and can_exchange(tmp_path))
    rng, target = np.random.default_rng(0), tmp_path / "map"
    contents = [letter * 200_000 for letter in (b"a", b"b")]
    put(target, contents[0])
    for _ in range(20):
        child = os.fork()
        if not child:
            try:
                while True:
                    for content in contents:
                        put(target, content)
            finally:
                os._exit(1)
        time.sleep(rng.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        aside = [] if in_place else [path / "was" for path in tmp_path.glob(".map.*.old")]
        whole = [path for path in (target, *aside) if path.exists()]
        assert whole
        assert said(whole[0]) in contents
        put(target, contents[0])
    for stray in tmp_path.glob(".map.*"):
        aged(stray)
    put(target, contents[1])
    assert ["map"] == names_in(tmp_path)


OF_SOMEBODY = (
    ".map.20241101.old",
    ".map.original.old",
    ".map.my_notes.tmp",
    ".map.archived.tmp/a",
    ".map.archived.old/a",
    ".map.20241101.old2/was/a",
    ".map.sysmap-20241101x.tmp",
    ".map.sysmap-my_notes.tmp",
    ".map.sysmap-20241101.old/a",
    ".map.sysmap-20241101.txt",
    ".map2.sysmap-20241101.tmp",
    "map.sysmap-20241101.tmp",
)


@BOTH
def test_only_what_is_ours_and_older_than_an_hour_is_swept(tmp_path: Path, put: Writer) -> None:
    """Our mark and eight digits tell our strays from hidden files of the user."""
    target = tmp_path / "map"
    ours = [files._beside(target, ending) for ending in (".tmp", ".tmp", ".old", ".old")]
    for path in ours[1:]:
        path.mkdir()
    ours[0].write_bytes(b"x")
    (ours[3] / "was").mkdir()
    for name in OF_SOMEBODY:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"mine")
    for path in tmp_path.iterdir():
        aged(path)
    young = [files._beside(target, ".tmp") for _ in range(2)]
    young[0].write_bytes(b"x")
    young[1].mkdir()
    put(target, b"new")
    assert all(b"mine" == (tmp_path / name).read_bytes() for name in OF_SOMEBODY)
    aside = ours[2:] if put is put_file else []
    kept = {name.partition("/")[0] for name in OF_SOMEBODY}
    assert sorted({"map", *kept, *(p.name for p in [*young, *aside])}) == names_in(tmp_path)


def test_a_folder_that_we_did_not_make_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(OutputError, match=rf"E606 .*not made by sysmap.*{MANIFEST}"):
        put_folder(foreign, b"new")
    assert ["holiday.jpg"] == names_in(foreign)
    (tmp_path / "empty").mkdir()
    put_folder(tmp_path / "empty", b"new")
    assert b"new" == said(tmp_path / "empty")


@pytest.mark.parametrize("name", ["minutes.docx", "inner/minutes.docx", "a.txt.bak"])
def test_a_file_that_somebody_put_into_our_folder_is_not_lost(tmp_path: Path, name: str) -> None:
    put_folder(tmp_path / "map", b"old")
    (tmp_path / "map" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "map" / name).write_bytes(b"mine")
    first = name.partition("/")[0]
    with pytest.raises(OutputError, match=rf"E606 .*: {first} was not made by sysmap"):
        put_folder(tmp_path / "map", b"new")
    assert b"old" == said(tmp_path / "map")
    assert b"mine" == (tmp_path / "map" / name).read_bytes()


def foreign_folder(path: Path) -> None:
    path.mkdir()


def foreign_link(path: Path) -> None:
    path.symlink_to("elsewhere")


def foreign_pipe(path: Path) -> None:
    os.mkfifo(path)


def foreign_file(path: Path) -> None:
    path.write_bytes(b"mine")


@pytest.mark.skipif(os.name != "posix", reason="making a link or a pipe needs a right elsewhere")
@pytest.mark.parametrize(
    ("name", "make"),
    [
        (".my-notes.csv", foreign_file),
        (".git", foreign_folder),
        ("empty", foreign_folder),
        ("photos", foreign_link),
        (".DS_Store", foreign_link),
        ("._answers", foreign_folder),
        ("deep/pipe", foreign_pipe),
    ],
)
def test_hidden_files_links_folders_and_pipes_of_somebody_are_not_lost(
    name: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    """What begins with a dot, or is no file, is as much somebody's as a document is."""
    put_folder(tmp_path / "map", b"old")
    make(tmp_path / "map" / name)
    with pytest.raises(OutputError, match=rf"E606 .*: {name} was not made by sysmap"):
        put_folder(tmp_path / "map", b"new")
    assert b"old" == said(tmp_path / "map")
    assert os.path.lexists(tmp_path / "map" / name)
    assert ["map"] == names_in(tmp_path)


def test_a_file_that_is_saved_into_our_folder_while_it_is_made_anew_is_not_lost(
    tmp_path: Path,
) -> None:
    put_folder(tmp_path / "map", b"old")

    def fill(folder: Path) -> None:
        filled(b"new")(folder)
        (tmp_path / "map" / "minutes.docx").write_bytes(b"mine")

    with pytest.raises(OutputError, match=r"E606 .*: minutes.docx was not made by sysmap"):
        write_folder(tmp_path / "map", fill, manifest=MANIFEST, listed=str.splitlines)
    assert b"old" == said(tmp_path / "map")
    assert b"mine" == (tmp_path / "map" / "minutes.docx").read_bytes()
    assert ["map"] == names_in(tmp_path)


LEFT = (
    ".DS_Store",
    "._map.html",
    "~$tables.xlsx",
    ".~lock.tables.xlsx#",
    "Thumbs.db",
    "desktop.ini",
    ".directory",
    ".nfs000000000001",
    ".fuse_hidden0000002a00000001",
)


@pytest.mark.parametrize("name", LEFT)
def test_what_systems_leave_in_our_folder_goes_with_it(tmp_path: Path, name: str) -> None:
    put_folder(tmp_path / "map", b"old")
    (tmp_path / "map" / name).write_bytes(b"x")
    (tmp_path / "map" / "deep" / name).write_bytes(b"x")
    put_folder(tmp_path / "map", b"new")
    assert b"new" == said(tmp_path / "map")
    assert [] == [p for p in (tmp_path / "map").rglob("*") if p.name == name]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a\nb", "E602 .*a<U\\+000A>b: the name holds a control character"),
        ("bell\x07", "E602 .*<U\\+0007>: the name holds a control character"),
        ("zero\0", "E602 .*<U\\+0000>: the name holds a control character"),
        ("del\x7f", "E602 .*<U\\+007F>: the name holds a control character"),
        ("x" * 256, "E602 .*the name is too long"),
        ("日" * 86, "E602 .*the name is too long"),
        ("CON.txt", "E602 .*not allowed on Windows"),
        ("a?", "E602 .*not allowed on Windows"),
        ("missing/a", "E605 .*Create the folder first"),
    ],
)
def test_a_name_that_cannot_be_is_refused_for_its_true_reason(
    tmp_path: Path, name: str, told: str
) -> None:
    """A name has at most 255 bytes; each of these letters has three: 86 are 258."""
    for put in (put_file, put_folder):
        with pytest.raises(OutputError, match=told):
            put(tmp_path / name, b"new")
    assert [] == names_in(tmp_path)


@BOTH
@pytest.mark.parametrize("name", ["x" * 255, "日" * 85, "é" * 127, "[a]", "a.b c"])
def test_a_long_or_odd_name_that_can_be_is_written(tmp_path: Path, put: Writer, name: str) -> None:
    """The name of the temporary file must be no longer than that of the target, in bytes."""
    for content in (b"one", b"two"):
        put(tmp_path / name, content)
    assert b"two" == said(tmp_path / name)
    assert [name] == names_in(tmp_path)


def test_a_file_is_no_folder_and_a_folder_no_file(tmp_path: Path) -> None:
    put_folder(tmp_path / "folder", b"x")
    write_bytes(tmp_path / "file", b"x")
    with pytest.raises(OutputError, match=r"E601 .*a folder, not a file"):
        write_bytes(tmp_path / "folder", b"y")
    with pytest.raises(OutputError, match=r"E601 .*a file, not a folder"):
        put_folder(tmp_path / "file", b"y")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the pipe is one of POSIX")
@BOTH
def test_a_pipe_and_a_link_to_one_are_refused_and_stay(tmp_path: Path, put: Writer) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("pipe")
    for path in (pipe, link):
        with pytest.raises(OutputError, match=r"E601 .*a pipe or a device"):
            put(path, b"new")
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert ["link", "pipe"] == names_in(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="making a link needs a right elsewhere")
@BOTH
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path, put: Writer) -> None:
    """Also over two links, and where nothing stands at their end yet."""
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to("far/map")
    (tmp_path / "first").symlink_to("near")
    for content in (b"one", b"two"):
        assert tmp_path / "first" == put(tmp_path / "first", content)
        assert content == said(tmp_path / "far/map")
        assert not (tmp_path / "far/map").is_symlink()
    assert (tmp_path / "near").is_symlink()
    assert (tmp_path / "first").is_symlink()
    assert ["far", "first", "near"] == names_in(tmp_path)
    assert ["map"] == names_in(tmp_path / "far")


@pytest.mark.skipif(os.name != "posix", reason="making a link needs a right elsewhere")
@BOTH
def test_a_link_to_nowhere_is_refused(tmp_path: Path, put: Writer) -> None:
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "lost").symlink_to("missing/map")
    with pytest.raises(OutputError, match=r"E601 .*in a circle"):
        put(tmp_path / "circle", b"new")
    with pytest.raises(OutputError, match=r"E605 .*Create the folder first"):
        put(tmp_path / "lost", b"new")
    assert ["circle", "lost"] == names_in(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_an_overwritten_file_keeps_its_mode_and_a_new_one_follows_the_umask(
    tmp_path: Path,
) -> None:
    target = tmp_path / "map"
    before = os.umask(0o027)
    try:
        write_bytes(target, b"x")
        put_folder(tmp_path / "folder", b"x")
    finally:
        os.umask(before)
    assert (0o640, 0o750) == (
        target.stat().st_mode & 0o777,
        (tmp_path / "folder").stat().st_mode & 0o777,
    )
    target.chmod(0o600)
    write_bytes(target, b"y")
    assert 0o600 == target.stat().st_mode & 0o777


def test_a_long_path_is_shown_by_its_end() -> None:
    assert (80, "…") == (len(files.shorten(Path("x" * 300))), files.shorten(Path("x" * 300))[0])
    assert "short" == files.shorten(Path("short"))


@pytest.mark.parametrize(
    ("where", "name", "put"),
    [(Path, "touch", put_file), (Path, "mkdir", put_folder), (files.shutil, "rmtree", put_folder)],
)
def test_an_interrupt_right_after_making_or_while_deleting_leaves_nothing(
    where: object, name: str, put: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step of a writer that makes or deletes is followed, or cut, by an interrupt once."""
    target = tmp_path / "map"
    put(target, b"old")
    whole, begun = getattr(where, name), []

    def cut(path: Path, *args: object, **options: object) -> None:
        first = not begun and Path(path).parent == tmp_path
        if first:
            begun.append(path)
        if not first or name != "rmtree":
            whole(path, *args, **options)
        if first:
            raise KeyboardInterrupt

    monkeypatch.setattr(where, name, cut)
    with pytest.raises(KeyboardInterrupt):
        put(target, b"new")
    assert begun
    assert [target] == list(tmp_path.iterdir())
