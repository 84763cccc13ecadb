"""Random bytes and random edits of good files, for as long as you like.

Every case runs in a child of its own with a limit of time and of memory: `check`, then `read`,
then the command line, with options beside some; a list of names is given to `match`. The bar is
Problems or a map, never another exception, a hang, a code of a bug, or a file that nobody asked
for. What breaks it is kept in the folder of failures.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from sysmap.cli import main as command
from sysmap.core.errors import SystemMapError
from sysmap.io.check import check
from sysmap.io.formats import FORMATS
from sysmap.io.read import read
from sysmap.io.write import write
from sysmap.shipped import example
from tests.fuzz import seeds
from tests.fuzz.seeds import Case

SECONDS, WAITING, MEGABYTES = 20, 120, 1500  # of the processor; by the clock, for a busy machine
WORDS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b",", b";", b"\t", b"\r", b"\n\n", b"<", b">",
    b"&", b"&#0;", b"<!DOCTYPE a>", b"</", b"{", b"}", b"[", b"]", b"null", b"true", b"NaN",
    b"1e400", b"-1", b"99999999999999999999", b"0", b"=1+1", b"id", b"name", b"source", b"context",
    b"2024-13-45", b"\xc3\x28", b"\xed\xa0\x80", b"\\ud800", b"PK\x03\x04", b"A1:XFD1048576",
    b'r="ZZZ0"', b't="e"', b't="d"', b"1900-01-00", b"answers", b"none", "\u202e".encode(),
)  # fmt: skip
"""Pieces that have broken parsers."""


def good() -> Iterator[Case]:
    """The teaching map in every format that is written, a file of the others, lists of names."""
    yield from seeds.only_read()
    yield from seeds.of_names()
    m = example("teaching")
    with tempfile.TemporaryDirectory() as place:
        for found in FORMATS:
            if found.write is None:
                continue
            for suffix in found.suffixes:
                target = Path(place) / f"{found.name}{suffix}"
                try:
                    write(m, target, format=found.name, audience="public")
                except (SystemMapError, ImportError):
                    continue  # a suffix that this format reads only, or an extra that is absent
                if target.is_dir():
                    yield f"{target.name}/", {f.name: f.read_bytes() for f in target.iterdir()}
                else:
                    yield target.name, {"": target.read_bytes()}


def bent(data: bytes, rng: np.random.Generator) -> bytes:
    """The bytes with a few random edits."""
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 7))):
        at = int(rng.integers(len(changed) + 1))
        kind = int(rng.integers(6))
        if kind == 0:
            changed[at : at + 1] = rng.bytes(1)
        elif kind == 1:
            changed[at:at] = WORDS[int(rng.integers(len(WORDS)))]
        elif kind == 2:
            piece = WORDS[int(rng.integers(len(WORDS)))]
            changed[at : at + len(piece)] = piece
        elif kind == 3:
            del changed[at : at + int(rng.integers(1, 40))]
        elif kind == 4:
            changed[at:at] = changed[at : at + int(rng.integers(1, 400))]
        elif rng.random() < 0.2:
            del changed[at:]
    return bytes(changed)


def bent_archive(data: bytes, rng: np.random.Generator) -> bytes:
    """A zip with one member bent and packed again, so that the edit gets past the zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        names = old.namelist()
        chosen = names[int(rng.integers(len(names)))]
        for name in names:
            content = old.read(name)
            new.writestr(name, bent(content, rng) if name == chosen else content)
    return made.getvalue()


def drawn(known: list[Case], rng: np.random.Generator) -> Case:
    """One case: random bytes, or a good file that was bent."""
    name, members = known[int(rng.integers(len(known)))]
    member = sorted(members)[int(rng.integers(len(members)))]
    data = members[member]
    if rng.random() < 0.1:
        head = data[: int(rng.integers(0, 64))]
        return name, {**members, member: head + rng.bytes(int(rng.integers(0, 400)))}
    if data.startswith(b"PK\x03\x04") and rng.random() < 0.8:
        return name, {**members, member: bent_archive(data, rng)}
    return name, {**members, member: bent(data, rng)}


def laid(case: Case, folder: Path) -> Path:
    """The case on the disk."""
    name, members = case
    path = folder / name.rstrip("/")
    if name.endswith("/"):
        path.mkdir()
    for member, data in members.items():
        (path / member if member else path).write_bytes(data)
    return path


def beside(name: str, rng: np.random.Generator) -> list[str]:
    """Options of the command line for some cases; the choices of a file may be bent too."""
    words: list[str] = []
    chosen = seeds.CHOICES.get(name)
    if chosen and rng.random() < 0.7:
        text = str(chosen)
        if rng.random() < 0.3:
            text = bent(text.encode(), rng).decode("utf-8", "replace").replace("\0", "")
        words += [f"--choices={text}"]
    if rng.random() < 0.2:
        words += seeds.OPTIONS[int(rng.integers(len(seeds.OPTIONS)))]
    return words


def tried(path: Path, options: Sequence[str] = ()) -> str:
    """What is wrong with how sysmap takes the input; empty if nothing."""
    before = names(path.parent)
    if path.stem == seeds.NAMES:
        known, made = path.parent / "map.json", path.parent / "out.csv"
        write(example("teaching"), known)
        words = ["match", str(known), str(path), "--output", str(made), *options]
        return _ran(words, path, names(path.parent))[1]
    found = check(path)
    try:
        read(path)
    except (SystemMapError, FileNotFoundError):
        if found.ok:
            return "read refuses what check lets pass"
    else:
        if not found.ok:
            return "read takes what check refuses"
    checked, fault = _ran(["check", str(path), *options], path, before)
    written, worse = _ran(
        ["convert", str(path), str(path.parent / "out.json"), *options], path, before
    )
    if fault or worse:
        return fault or worse
    return "" if checked == written else f"check ends with {checked} and convert with {written}"


def _ran(words: Sequence[str], path: Path, before: set[str]) -> tuple[int, str]:
    """The exit code of a command, and what is wrong with its end or with what it left."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = command(words)
        except SystemExit as end:  # options that are none
            code = int(str(end.code))
    told = f"{words[0]} {[w for w in words if w.startswith('-')]}: exit {code}"
    if code not in ((0, 1, 2) if "--strict" in words else (0, 2)):
        return code, f"{told}: {said.getvalue()[-300:]}"
    left = names(path.parent) - before
    made = set() if words[0] == "check" or code == 2 else {"out.csv", "out.json"}
    if not left <= made or bool(left) != bool(made):
        return code, f"{told} and left {sorted(left)}"
    return code, ""


def names(folder: Path) -> set[str]:
    """Every file below a folder."""
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}


def in_child(run: Callable[[], str]) -> str:
    """What `run` says from a child under the limits, or how the child ended."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        limit = MEGABYTES << 20
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        try:
            said = run()
        except BaseException:  # noqa: BLE001  # whatever it is, it is the finding
            said = traceback.format_exc()[-2000:]
        os.write(into, said.encode("utf-8", "backslashreplace") or b"fine")
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        if not select.select([pipe], [], [], WAITING)[0]:
            os.kill(child, signal.SIGKILL)
            used = os.wait4(child, 0)[2].ru_utime
            return f"no end after {WAITING} s, {used:.0f} of them of the processor"
        said = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"no end after {SECONDS} s of the processor"
    if not said:
        return f"the child ended with {os.waitstatus_to_exitcode(status)}"
    return "" if said == "fine" else said


def campaign(
    seed: int, *, minutes: float = 0.0, cases: int = 0, keep: Path | None = None
) -> tuple[int, Counter[str]]:
    """Run cases until the time or the number is reached; the count, and the failures by kind."""
    rng, known = np.random.default_rng(seed), list(good())
    end, run, failures = time.monotonic() + 60 * minutes, 0, Counter[str]()
    while run < cases or (not cases and time.monotonic() < end):
        case = drawn(known, rng)
        run += 1
        with tempfile.TemporaryDirectory() as place:
            path, options = laid(case, Path(place)), beside(case[0], rng)
            fault = in_child(lambda path=path, options=options: tried(path, options))  # type: ignore[misc]  # bound now
            if not fault:
                continue
            kind = fault.replace(place, "").strip()
            last = [line.strip() for line in kind.splitlines() if line.strip()]
            where = [line for line in last if line.startswith("File ")]
            kind = " | ".join([case[0], *where[-1:], last[-1][:160]])
            failures[kind] += 1
            if keep is not None and failures[kind] == 1:
                kept = keep / f"{seed}-{run}"
                kept.mkdir(parents=True, exist_ok=True)
                why = f"{fault.replace(place, '')}\n{options}"
                (kept / "why.txt").write_text(why, encoding="utf-8")
                if path.is_dir():
                    shutil.copytree(path, kept / path.name, dirs_exist_ok=True)
                else:
                    shutil.copy(path, kept / path.name)
    return run, failures


def main() -> int:
    """Run as a program; 1 if anything broke the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    options = parser.parse_args()
    run, failures = campaign(options.seed, minutes=options.minutes, keep=options.keep)
    print(f"{run:,} cases with seed {options.seed}, {sum(failures.values()):,} failures")
    for kind, count in failures.most_common():
        print(f"{count:6,} {kind}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
