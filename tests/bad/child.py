"""A command in a process of its own, and what it cost."""

from __future__ import annotations

import compileall
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import sysmap

SECONDS, MEGABYTES = 2.0, 500.0
"""The most that a bad input may cost by the reliability page."""

_LAUNCHER = """
import json, os, resource, sys
child = os.posix_spawn(sys.executable, [sys.executable, "-m", "sysmap", *sys.argv[1:]], os.environ)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps([code, used.ru_utime + used.ru_stime, peak / 1e6]))
"""
"""A small process between, because on Linux a peak begins at that of whoever starts the process."""


class Ended(NamedTuple):
    """Exit code, seconds of a processor, peak in MB, and the lines that were said."""

    code: int
    seconds: float
    megabytes: float
    out: list[str]
    err: list[str]


def run(*arguments: str | Path) -> Ended:
    """Run a command of sysmap to its end, loading included."""
    if not hasattr(os, "posix_spawn"):
        pytest.skip("what a process cost is told by POSIX systems")
    _compiled()
    ended = subprocess.run(
        [sys.executable, "-S", "-c", _LAUNCHER, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    *out, told = ended.stdout.splitlines()
    return Ended(*json.loads(told), out, ended.stderr.splitlines())


@cache
def _compiled() -> None:
    """Compile the package, as pip does for whoever installs it."""
    compileall.compile_dir(Path(sysmap.__file__).parent, quiet=1)


def assert_cheap(ended: Ended) -> None:
    """Hold the common bar; seconds are of a processor, so a busy machine fails nothing."""
    assert ended.seconds < SECONDS, f"{ended.seconds:.2f} s"
    assert ended.megabytes < MEGABYTES, f"{ended.megabytes:.0f} MB"
