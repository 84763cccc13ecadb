"""Every benchmark, one after the other, and a table of what was aimed at and whether it holds.

Usage: ``python tests/benchmarks/run.py [--scale PYTHON] [--sizes N ...]``: the interpreter that has
the extra ``scale``, and the numbers of rows for `scale.py`. The figures stand in what each prints.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
SCALE, LARGEST = "scale.py", 10_000_000
AIMS = {
    SCALE: "rows to a map and to opportunities against graph, loops, joins and SQL, equal numbers",
    "workshop.py": "answers on a workshop map at most 0.25 s, 0.05 s without draws (record 34)",
    "influence_draws.py": "influence with 1,000 draws at least 20 times as fast as dense solves",
    "universality.py": "universality at least 50 times as fast as a loop over permutations",
    "workbook.py": "reading a workbook at most 2 times as long as pandas with calamine",
    "brief_time.py": "the brief of the shipped map at most 10 s from a cold start",
    "import_time.py": "import sysmap at most 1.35 times import pandas",
    "iati_memory.py": "IATI files of 10 and 100 MB within 12 MB of each other",
    "loops.py": "loops at least twice as fast as networkx",
    "paths.py": "paths at most the time of networkx",
    "what_if.py": "a push on 300 elements within 20 s",
    "page.py": "the ceilings of the page at 500 and 2,000 nodes",
    "bad_rows.py": "no aim: a million bad rows beside a million clean ones",
    "backtest_cordis.py": "the score foretells later ties better than known ties and chance",
}

LONG = {"sizes.py": "make sizes", "world.py": "by itself, with the extra scale"}
"""What takes most of an hour, and how it is run."""


def run(script: str, python: str, arguments: list[str]) -> str:
    """What a script prints is printed; the verdict is returned."""
    print(f"==> {script}", flush=True)
    child = subprocess.Popen(
        [python, str(FOLDER / script), *arguments], stdout=subprocess.PIPE, text=True
    )
    said = []
    for line in child.stdout or ():
        print(line, end="", flush=True)
        said.append(line)
    if child.wait():
        return "NO"
    return "not run" if any("not run" in line for line in said) else "yes"


def main(arguments: list[str]) -> int:
    """Run all, print the table, and tell by the exit code whether every aim holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", default=sys.executable)
    parser.add_argument("--sizes", nargs="*", default=[])
    asked = parser.parse_args(arguments)
    others = {path.name for path in FOLDER.glob("*.py")} - {Path(__file__).name, *LONG}
    verdicts = {}
    for script in (*AIMS, *sorted(others - AIMS.keys())):
        of_scale = script == SCALE
        python, sizes = (asked.scale, asked.sizes) if of_scale else (sys.executable, [])
        verdicts[script] = run(script, python, sizes)
        if of_scale and str(LARGEST) in sizes:
            hard = [str(LARGEST), "--hard", "--ways", "sysmap,DuckDB SQL"]
            verdicts[f"{script} --hard"] = run(script, python, hard)
    print("\n| script | aim | holds |\n|---|---|---|")
    for script, verdict in verdicts.items():
        print(f"| {script} | {AIMS.get(script, 'see the script')} | {verdict} |")
    for script, how in LONG.items():
        print(f"| {script} | see the script | not run: {how} |")
    return 1 if "NO" in verdicts.values() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
