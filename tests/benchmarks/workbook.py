"""Reading a workbook with all its checks takes at most twice as long as pandas reading its sheets.

The workbook has 20,000 rows of who does what; pandas reads the same sheets with calamine and makes
frames of them, without looking at a cell. Both run in this process, take turns, and the median of
the ratios of processor time of neighbours is compared with the bound. `check` on its own reads the
file once more; its ratio is shown.
Run it as ``python tests/benchmarks/workbook.py [ROWS]``.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import sysmap as sm

BOUND, ROWS, ROUNDS = 2.0, 20_000, 5


def workbook(rows: int, path: Path) -> None:
    """A map with so many claims, written as the library writes it."""
    rng = np.random.default_rng(1)
    ids = {t: [f"{t[0]}{i:04}" for i in range(300)] for t in ("organizations", "elements")}
    claims = pd.DataFrame(
        {
            "organization": rng.choice(ids["organizations"], rows),
            "element": rng.choice(ids["elements"], rows),
            "note": [f"row {i}" for i in range(rows)],
        }
    )
    nodes = {t: pd.DataFrame({"id": every, "name": every}) for t, every in ids.items()}
    sm.write(sm.read({**nodes, "works_on": claims}), path)


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main(arguments: list[str]) -> int:
    """Measure, print, and tell by the exit code whether the bound is kept."""
    rows = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.xlsx"
        workbook(rows, path)

        def plain() -> dict[str, pd.DataFrame]:
            return pd.read_excel(path, sheet_name=None, engine="calamine")

        found = [len(sm.read(path).links("works_on")), len(plain()["works_on"])]
        rounds = [
            [seconds(work) for work in (lambda: sm.read(path), lambda: sm.check(path), plain)]
            for _ in range(ROUNDS)
        ]
    ratio, check = (statistics.median(r[i] / r[2] for r in rounds) for i in (0, 1))
    ours, _, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"{rows:,} claims ({found[0]:,} and {found[1]:,} found): read {ours:.2f} s, "
        f"pandas with calamine {theirs:.2f} s, ratio {ratio:.2f}, bound {BOUND:g}; "
        f"check alone {check:.2f}"
    )
    return 0 if ratio <= BOUND and found[0] == found[1] == rows else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
