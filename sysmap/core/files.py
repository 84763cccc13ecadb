"""Atomic writing: a file is complete or is not there, and the old one stays until then."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from sysmap.core.errors import OutputError
from sysmap.core.problems import shown
from sysmap.core.swap import exchanged

_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{p}{i}" for p in ("com", "lpt") for i in range(1, 10)}
)
_STALE_SECONDS = 3600
_STEM_BYTES = 80
_TEMPORARY, _OLD = ".tmp", ".old"
_MARK = "sysmap-"
_WAS = "was"
_READ = (".csv", ".json", ".parquet", ".xml")
"""Endings of what is read of a folder."""

Listed = Callable[[str], Iterable[str]]
"""The files of a folder that the text of its manifest names; none if sysmap did not write it."""

_LEFT = re.compile(
    r"\.DS_Store|\._.+|\.directory|\.nfs[0-9a-f]+|\.fuse_hidden[0-9a-f]+"
    r"|\.~lock\..+#|~\$.+|Thumbs\.db|desktop\.ini",
    re.IGNORECASE,
)
"""Files that systems and office programs leave in folders."""


def writable(path: str | os.PathLike[str], *, folder: bool = False) -> Path:
    """The path, once its name is legal everywhere and its folder exists.

    Raises
    ------
    OutputError
        E601 the path is a folder (or, with `folder`, a file), or neither, such as a pipe or a
        device; E602 the name is illegal or too long; E605 the folder is missing or may not be
        entered.
    """
    target = Path(path)
    name = target.name
    if any(unicodedata.category(c) == "Cc" for c in name):
        raise OutputError(
            "E602",
            shown(shorten(target), 80),
            "the name holds a control character. Choose another.",
        )
    if not name or name.split(".")[0].casefold() in _RESERVED or set(name) & set('<>:"|?*\\'):
        raise OutputError("E602", target, "this name is not allowed on Windows. Choose another.")
    if len(_encoded(name)) > 255 or len(_encoded(str(target))) > 4095:
        raise OutputError("E602", shorten(target), "the name is too long. Choose a shorter one.")
    with _explained(target):
        taken = _taken(target, folder)
        if taken:
            raise OutputError("E601", target, f"this is {taken}. Choose another name.")
        if not _behind(target).parent.is_dir():
            raise OutputError("E605", target, "its folder does not exist. Create the folder first.")
    return target


def _taken(target: Path, folder: bool) -> str:
    """What stands at the path and must not be replaced, in words; nothing if it may be."""
    if _behind(target).is_symlink():
        return "a link that leads in a circle"
    if not target.exists():
        return ""
    if target.is_dir():
        return "" if folder else "a folder, not a file"
    if not target.is_file():
        return "a pipe or a device, or something else that is no file"
    return "a file, not a folder" if folder else ""


def _behind(path: Path) -> Path:
    """Where a link leads, so that the link stays and what is behind it is replaced."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def apart(path: Path, *read: Path) -> None:
    """Refuse to write in place of what was read, which may be the only copy there is.

    Raises
    ------
    OutputError
        E601 if the path is one of those that were read, a table in a folder that was, or a folder
        that one of them lies in.

    Examples
    --------
    >>> apart(Path("page.html"), Path("survey.xlsx"))
    >>> apart(Path("./survey.xlsx"), Path("survey.xlsx"))
    Traceback (most recent call last):
    sysmap.core.errors.OutputError: E601 survey.xlsx: this is read, and stays. Choose another name.
    """
    target = Path(os.path.realpath(path))
    for source in read:
        real = Path(os.path.realpath(source))
        table = target.suffix.lower() in _READ and os.access(target, os.F_OK) and target.is_file()
        inside = real in target.parents and table
        if target == real or inside:
            raise OutputError("E601", path, "this is read, and stays. Choose another name.")
        if target in real.parents:
            said = f"{source.name} is read, and lies in it. Choose another name."
            raise OutputError("E601", path, said)


def shorten(path: Path) -> str:
    """The end of a long path, for messages."""
    text = str(path)
    return text if len(text) <= 80 else "…" + text[-79:]


def write_bytes(path: str | os.PathLike[str], data: bytes) -> Path:
    """Write a file whole or not at all.

    Raises
    ------
    OutputError
        E601 to E605; whatever stood at `path` before is intact.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_bytes(Path(folder) / "a.txt", b"whole").read_bytes()
    b'whole'
    """
    return write_with(path, lambda temporary: _fill(temporary, data))


def write_with(path: str | os.PathLike[str], fill: Callable[[Path], object]) -> Path:
    """Let `fill` make a temporary file beside `path`, then put it in place in one step.

    Where `path` is a link, that is beside and in place of what it leads to.
    """
    target = _behind(writable(path))
    with _explained(target):
        _sweep(target)
        temporary = _beside(target, _TEMPORARY)
        try:
            temporary.touch(0o600, exist_ok=False)
            fill(temporary)
            _flush(temporary)
            mode = target.stat().st_mode if target.exists() else 0o666 & ~_umask()
            temporary.chmod(mode & 0o777)
            temporary.replace(target)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    return Path(path)


def write_folder(
    path: str | os.PathLike[str],
    fill: Callable[[Path], object],
    *,
    manifest: str,
    listed: Listed,
) -> Path:
    """Let `fill` make a whole folder, then put it in place; an old one needs our `manifest`.

    Raises
    ------
    OutputError
        E606 if a folder stands there that is not empty and does not hold the file `manifest`, or
        holds a file that this one does not name: sysmap replaces only what it made.
    """
    target = _behind(writable(path, folder=True))
    with _explained(target):
        _refuse_foreign(target, manifest, listed)
        temporary = _beside(target, _TEMPORARY)
        try:
            temporary.mkdir(0o700)
            fill(temporary)
            for file in sorted(temporary.rglob("*")):
                if file.is_file():
                    _flush(file)
            temporary.chmod(0o777 & ~_umask())
            # filling takes long, and somebody may have saved a file there meanwhile
            _refuse_foreign(target, manifest, listed)
            _swap(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        # only now, because a killed writer may have left the last good folder aside
        _sweep(target)
    return Path(path)


def _refuse_foreign(folder: Path, manifest: str, listed: Listed) -> None:
    """Nobody's file goes with a folder that is replaced, but for what systems leave behind."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    said = f"this folder was not made by sysmap (it has no {manifest}). Choose a new one."
    if not (folder / manifest).is_file():
        raise OutputError("E606", folder, said)
    text = (folder / manifest).read_text(encoding="utf-8", errors="replace")
    ours = {manifest, *listed(text)}
    ours |= {above.as_posix() for name in ours for above in PurePosixPath(name).parents}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        left = _LEFT.fullmatch(path.name) and path.is_file() and not path.is_symlink()
        if name not in ours and not left:
            said = f"{shown(name)} was not made by sysmap. Move it away, or choose a new folder."
            raise OutputError("E606", folder, said)


def _swap(new: Path, target: Path) -> None:
    """Put the new folder in place of the old one, which is deleted only once that is done.

    Where the two cannot be exchanged, they are renamed one after the other, and whoever kills the
    writer in between leaves the old one aside.
    """
    if not target.exists():
        new.replace(target)
        return
    if exchanged(new, target):
        shutil.rmtree(new, ignore_errors=True)
        return
    aside = _beside(target, _OLD)
    old = aside / _WAS
    try:
        aside.mkdir(0o700)
        target.replace(old)
        try:
            new.replace(target)
        finally:
            if not target.exists():
                _restore(old, target)
        shutil.rmtree(aside, ignore_errors=True)
    finally:
        # what an interrupt left of it; where the target is gone it holds the last good folder
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)


def set_aside(path: Path) -> Path | None:
    """The newest folder that a killed writer of this path set aside and could not put back.

    Examples
    --------
    >>> set_aside(Path("no-such-folder/brief")) is None
    True
    """
    if path.exists() or not path.parent.is_dir():
        return None
    ours = _ours(path)
    found = [p / _WAS for p in path.parent.iterdir() if p.suffix == _OLD and ours.fullmatch(p.name)]
    there = [old for old in found if os.access(old, os.R_OK)]
    return max(there, key=lambda old: old.parent.stat().st_mtime, default=None)


def _restore(old: Path, target: Path) -> None:
    try:
        old.replace(target)
    except OSError as error:
        raise OutputError(
            "E605",
            target,
            f"the new folder could not be put here, and the old one is now {old}. Move it back.",
        ) from error


def _fill(temporary: Path, data: bytes) -> None:
    temporary.write_bytes(data)


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sweep(target: Path) -> None:
    """Remove what killed writers of the same name left behind more than an hour ago."""
    ours = _ours(target)
    for stray in target.parent.iterdir():
        if not ours.fullmatch(stray.name):
            continue
        with suppress(OSError):
            if time.time() - stray.lstat().st_mtime <= _STALE_SECONDS:
                continue
            if stray.suffix == _OLD:
                # only the next whole folder is the successor of one that was set aside
                if target.is_dir() and {p.name for p in stray.iterdir()} <= {_WAS}:
                    shutil.rmtree(stray, ignore_errors=True)
            elif stray.is_dir():
                shutil.rmtree(stray, ignore_errors=True)
            else:
                stray.unlink()


def _beside(target: Path, suffix: str) -> Path:
    """A new name beside the target, known before anything is made, so that it can be removed."""
    return target.parent / f"{_prefix(target)}{_MARK}{secrets.token_hex(4)}{suffix}"


def _ours(target: Path) -> re.Pattern[str]:
    """The names that `_beside` gives: no date, word or number of somebody's own is one."""
    endings = "|".join(map(re.escape, (_TEMPORARY, _OLD)))
    return re.compile(re.escape(_prefix(target) + _MARK) + rf"[0-9a-f]{{8}}({endings})")


def _prefix(target: Path) -> str:
    """How the names of our temporary files begin: hidden, short in bytes, and after the target."""
    return f".{_encoded(target.name)[:_STEM_BYTES].decode('utf-8', 'ignore')}."


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise refusal(target, error) from error


def refusal(target: Path, error: OSError) -> OutputError:
    """What the system's refusal to write means, and what can be done about it.

    Examples
    --------
    >>> str(refusal(Path("map.xlsx"), OSError(errno.ENOSPC, "No space left")))
    'E604 map.xlsx: the disk is full. Make room, then try again.'
    """
    if isinstance(error, PermissionError):
        return _forbidden(target)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError("E604", target, "the disk is full. Make room, then try again.")
    if error.errno == errno.ENAMETOOLONG:
        return OutputError("E602", shorten(target), "the name is too long. Choose a shorter one.")
    return OutputError("E605", target, f"{error.strerror or error}. Choose another place.")


def _forbidden(target: Path) -> OutputError:
    """Whose right is missing: that of the folder, of its owner, or of whoever has it open."""
    home = target.parent
    if not os.access(home, os.X_OK):
        return OutputError("E605", target, f"the folder {home} cannot be entered. Choose another.")
    if not os.access(home, os.W_OK) or not os.access(target, os.F_OK):
        return OutputError("E605", target, f"the folder {home} cannot be written. Choose another.")
    if home.stat().st_mode & stat.S_ISVTX and target.lstat().st_uid != os.geteuid():
        said = "it belongs to somebody else, who alone may replace it here. Choose another name."
        return OutputError("E605", target, said)
    return OutputError(
        "E603", target, "it is open in another program. Close it there, then try again."
    )
