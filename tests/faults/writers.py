"""What the fault tests share: the five families of writers, and children that write without end."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sysmap.core.model import SystemMap
from sysmap.export import report, to_html
from sysmap.io.write import write
from sysmap.shipped import example

ROOT = Path(__file__).parents[2]
Writer = Callable[[SystemMap, Path], object]

WRITERS: dict[str, tuple[str, Writer]] = {
    "xlsx": ("map.xlsx", write),
    "csv": ("map", write),
    "json": ("map.json", write),
    "html": ("map.html", to_html),
    "brief": ("brief", report),
}
"""By family: the name of what is written, and the function that writes it."""


@cache
def contents() -> tuple[SystemMap, SystemMap]:
    """Two maps, so that the old file differs from the new one."""
    m = example("teaching")
    return m, m.select(contexts=list(m.contexts.index[:2]))


def put(family: str, folder: Path, which: int = 0) -> Path:
    """Write one of the two maps."""
    name, writer = WRITERS[family]
    target = folder / name
    writer(contents()[which], target)
    return target


def digest(target: Path) -> str:
    """One figure for the bytes of a file, or for names and bytes of a folder."""
    made = hashlib.sha256()
    files = sorted(p for p in target.rglob("*") if p.is_file()) if target.is_dir() else [target]
    for file in files:
        made.update(file.relative_to(target.parent).as_posix().encode() + b"\0")
        made.update(file.read_bytes())
    return made.hexdigest()


def runs(usual: int) -> int:
    """How often a fault is made: few in every run, SYSMAP_FAULT_RUNS for the scorecard."""
    return int(os.environ.get("SYSMAP_FAULT_RUNS", usual))


def command(*arguments: object, **environment: str) -> subprocess.Popen[bytes]:
    """The command line in a process of its own, with this working copy."""
    return subprocess.Popen(
        [sys.executable, "-m", "sysmap", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def forked(run: Callable[[], object]) -> int:
    """A child that runs something and ends with 0, or 1 if it raised; its id.

    It is ready for signals when this returns, on however busy a machine.
    """
    ready, tell = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            os.write(tell, b".")
            run()
            code = 0
        except KeyboardInterrupt:
            code = 130
        finally:
            os._exit(code)
    os.close(tell)
    os.read(ready, 1)
    os.close(ready)
    return child


def waited(child: int) -> int:
    """The exit code of a child."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
