"""The processor time of `import sysmap` stays within 1.35 times that of `import pandas`.

Each import runs in an interpreter of its own, the two take turns so that a busy spell of the
machine meets both, and the median of the ratios of neighbours is compared with the bound.
Run it as ``python tests/benchmarks/import_time.py``, on a system with ``os.wait4``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOUND = 1.35
ROUNDS = 15


def processor_seconds(statement: str) -> float:
    """User and system seconds of one fresh interpreter that runs a statement."""
    child = subprocess.Popen([sys.executable, "-c", statement], cwd=ROOT)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{statement} failed with exit code {child.returncode}")
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    """Measure, print, and tell by the exit code whether the bound is kept."""
    for statement in ("import pandas", "import sysmap"):
        processor_seconds(statement)  # fills the caches of bytecode and disk
    pairs = [
        (processor_seconds("import pandas"), processor_seconds("import sysmap"))
        for _ in range(ROUNDS)
    ]
    loaded = [
        processor_seconds("import sysmap; [getattr(sysmap, name) for name in sysmap.__all__]")
        for _ in range(ROUNDS // 3)
    ]
    ratio = statistics.median(ours / theirs for theirs, ours in pairs)
    print(f"import pandas: {statistics.median(theirs for theirs, _ in pairs):.3f} s (median)")
    print(f"import sysmap: {statistics.median(ours for _, ours in pairs):.3f} s (median)")
    print(f"median ratio of {ROUNDS} pairs: {ratio:.3f}, bound {BOUND}")
    print(f"every public name loaded: {statistics.median(loaded):.3f} s (median), no bound")
    return 0 if ratio <= BOUND else 1


if __name__ == "__main__":
    raise SystemExit(main())
