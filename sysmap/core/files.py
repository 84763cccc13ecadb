"""Atomic writing: a file is complete or is not there, and the old one stays until then."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sysmap.core.errors import OutputError

_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{p}{i}" for p in ("com", "lpt") for i in range(1, 10)}
)
_STALE_SECONDS = 3600


def writable(path: str | os.PathLike[str], *, folder: bool = False) -> Path:
    """The path, once its name is legal everywhere and its folder exists.

    Raises
    ------
    OutputError
        E601 the path is a folder (or, with `folder`, a file); E602 the name is illegal or too
        long; E605 the folder is missing.
    """
    target = Path(path)
    name = target.name
    if not name or name.split(".")[0].casefold() in _RESERVED or set(name) & set('<>:"|?*\\'):
        raise OutputError("E602", target, "this name is not allowed on Windows. Choose another.")
    if len(name) > 255 or len(str(target)) > 4096 or any(ord(c) < 32 for c in name):
        raise OutputError("E602", shorten(target), "the name is too long. Choose a shorter one.")
    if target.is_dir() != folder and target.exists():
        kind = "a file, not a folder" if folder else "a folder, not a file"
        raise OutputError("E601", target, f"this is {kind}. Choose another name.")
    if not target.parent.is_dir():
        raise OutputError("E605", target, "its folder does not exist. Create the folder first.")
    return target


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
    """Let `fill` make a temporary file beside `path`, then put it in place in one step."""
    target = writable(path)
    with _explained(target):
        _sweep(target)
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name[:80]}.", suffix=".tmp", dir=target.parent
        )
        os.close(handle)
        temporary = Path(name)
        try:
            fill(temporary)
            _flush(temporary)
            mode = target.stat().st_mode if target.exists() else 0o666 & ~_umask()
            temporary.chmod(mode & 0o777)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    return target


def write_folder(
    path: str | os.PathLike[str], fill: Callable[[Path], object], *, manifest: str
) -> Path:
    """Let `fill` make a whole folder, then put it in place; an old one needs our `manifest`.

    Raises
    ------
    OutputError
        E606 if a folder stands there that does not hold the file `manifest` and is not empty:
        sysmap replaces only what it made.
    """
    target = writable(path, folder=True)
    if target.is_dir() and any(target.iterdir()) and not (target / manifest).is_file():
        raise OutputError(
            "E606",
            target,
            f"this folder was not made by sysmap (it has no {manifest}). Choose a new one.",
        )
    with _explained(target):
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name[:80]}.", dir=target.parent))
        try:
            fill(temporary)
            for file in sorted(temporary.rglob("*")):
                if file.is_file():
                    _flush(file)
            temporary.chmod(0o777 & ~_umask())
            _swap(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return target


def _swap(new: Path, target: Path) -> None:
    if not target.exists():
        new.replace(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name[:80]}.", suffix=".old", dir=target.parent))
    try:
        target.replace(old / "was")
        try:
            new.replace(target)
        except OSError:
            (old / "was").replace(target)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


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
    """Remove what killed writers of the same file left behind more than an hour ago."""
    for stray in target.parent.glob(f".{_literal(target.name[:80])}.*.tmp"):
        try:
            if time.time() - stray.stat().st_mtime > _STALE_SECONDS:
                stray.unlink()
        except OSError:
            continue


def _literal(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OutputError:
        raise
    except PermissionError as error:
        if target.exists() and os.access(target.parent, os.W_OK):
            raise OutputError(
                "E603", target, "it is open in another program. Close it there, then try again."
            ) from error
        raise OutputError(
            "E605", target, f"the folder {target.parent} cannot be written. Choose another."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutputError(
                "E604", target, "the disk is full. Make room, then try again."
            ) from error
        if error.errno == errno.ENAMETOOLONG:
            raise OutputError(
                "E602", shorten(target), "the name is too long. Choose a shorter one."
            ) from error
        raise OutputError("E605", target, f"{error.strerror or error}.") from error
