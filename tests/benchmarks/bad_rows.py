"""The processor time of checking a million rows of which every one is bad, beside a clean million.

Run it as ``python tests/benchmarks/bad_rows.py [ROWS]``.
"""

from __future__ import annotations

import sys
import time

import pandas as pd

from sysmap.core.draft import from_frames
from sysmap.core.rules import check
from sysmap.core.schema import SCHEMA


def frames(rows: int, *, bad: bool) -> dict[str, pd.DataFrame]:
    """A map with so many works_on rows; bad ones name elements that are not there."""
    element = [f"wrong-{i}-x" for i in range(rows)] if bad else ["e"] * rows
    return {
        "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
        "elements": pd.DataFrame({"id": ["e"], "name": ["Light"], "area": ["Costing"]}),
        "outcomes": pd.DataFrame({"id": ["o"], "name": ["Learning"]}),
        "works_on": pd.DataFrame({"organization": "a", "element": element}),
    }


def main() -> None:
    """Print seconds and the length of the report for both."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for bad in (False, True):
        sheets, _ = from_frames(frames(rows, bad=bad), SCHEMA)
        begun = time.process_time()
        _, found = check(sheets, SCHEMA)
        seconds = time.process_time() - begun
        letters = len("\n".join(map(str, found)))
        word = "bad" if bad else "clean"
        print(f"{rows:,} {word} rows: {seconds:.1f} s, a report of {letters:,} characters")


if __name__ == "__main__":
    main()
