"""The brief of the shipped map is written within ten seconds of a cold start.

Each brief is made by an interpreter of its own; the bound is on the median of processor seconds,
because others may use the machine too, and the files of the folder are counted.
Run it as ``python tests/benchmarks/brief_time.py``, on a system with ``os.wait4``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOUND, ROUNDS = 10.0, 3


def brief(folder: Path) -> tuple[float, float, int]:
    """Processor seconds, seconds on the clock and the number of files."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "sysmap", "demo", str(folder)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"the brief failed with exit code {child.returncode}")
    files = sum(path.is_file() for path in folder.rglob("*"))
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, files


def main() -> int:
    """Measure, print, and tell by the exit code whether the bound is kept."""
    with tempfile.TemporaryDirectory() as folder:
        found = [brief(Path(folder) / str(i)) for i in range(ROUNDS)]
    processor, clock, files = (statistics.median(column) for column in zip(*found, strict=True))
    print(
        f"a brief of {files:.0f} files: {processor:.1f} s of processor time, {clock:.1f} s on the "
        f"clock (medians of {ROUNDS}), bound {BOUND:g} s"
    )
    return 0 if processor <= BOUND and files else 1


if __name__ == "__main__":
    raise SystemExit(main())
