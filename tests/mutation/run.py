"""The mutation score of the spine and the statistics, on a sample of the mutants of mutmut.

Usage, in an environment with mutmut: ``python -m tests.mutation.run [--mutants N] [--seed N]``.
What is changed, and which tests must notice, stands in ``[tool.mutmut]`` of pyproject.toml;
mutmut works in the folder mutants, and ``mutmut show NAME`` prints a mutant.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

FOLDER = Path("mutants")
ANY = "sysmap.core.stats.arrays.*__mutmut_1"
"""A few mutants whose run makes all the others."""
FOUND = frozenset({"killed", "timeout", "segfault"})


def mutmut(names: Sequence[str]) -> None:
    """Run some mutants, one at a time: their tests share the disk and the browser."""
    program = Path(sys.executable).with_name("mutmut")
    subprocess.run([program, "run", "--max-children", "1", *names], check=True)


def ended() -> Mapping[str, Mapping[str, int | None]]:
    """By module: each mutant, and how its tests ended; None where they did not run."""
    found = {}
    for file in sorted(FOLDER.rglob("*.py.meta")):
        module = file.relative_to(FOLDER).as_posix().removesuffix(".meta")
        found[module] = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def drawn(every: Sequence[str], number: int, seed: int) -> list[str]:
    """So many of the mutants, each with the same chance."""
    chosen = np.random.default_rng(seed).choice(len(every), min(number, len(every)), replace=False)
    return [every[i] for i in sorted(chosen)]


def score(chosen: Sequence[str], statuses: Mapping[int | None, str]) -> list[tuple[str, int, int]]:
    """Module, mutants that its tests noticed, and mutants that were run; survivors are printed."""
    rows = []
    for module, codes in ended().items():
        told = {name: statuses[codes[name]] for name in chosen if name in codes}
        for name, status in told.items():
            if status not in FOUND:
                print(f"{status}: {name}")
        if told:
            rows.append((module, sum(s in FOUND for s in told.values()), len(told)))
    return rows


def main() -> None:
    """Run as a program."""
    from mutmut.stats import status_by_exit_code

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--to", type=Path, help="a file that gets the figure too")
    options = parser.parse_args()
    mutmut([ANY])
    every = sorted(name for codes in ended().values() for name in codes)
    chosen = drawn(every, options.mutants, options.seed)
    mutmut(chosen)
    rows = score(chosen, status_by_exit_code)
    for module, found, ran in rows:
        print(f"| {module} | {found} of {ran} |")
    total = f"{sum(found for _, found, _ in rows)} of {sum(ran for *_, ran in rows)}"
    print(f"{total} of {len(every):,} mutants noticed, seed {options.seed}")
    if options.to:
        options.to.parent.mkdir(parents=True, exist_ok=True)
        text = f"{total} | a sample of {len(every):,}, seed {options.seed}, `make mutation`\n"
        options.to.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
