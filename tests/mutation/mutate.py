"""The mutation score of the spine: how many small faults, put in at random, its tests find.

Usage: ``python -m tests.mutation.mutate [--mutants N] [--seed N]``. A copy of the working tree gets
one fault at a time, and the tests named beside the module run against it in a child that already
has the heavy packages loaded. Survivors are printed with their line.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import difflib
import importlib
import io
import os
import select
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SPINE: Mapping[str, tuple[str, ...]] = {
    "sysmap/core/rules.py": ("tests/core/test_rules.py",),
    "sysmap/core/claims.py": ("tests/core/test_claims.py", "tests/core/test_result.py"),
    "sysmap/core/model.py": ("tests/core/test_model.py",),
    "sysmap/core/stats/shares.py": ("tests/core/stats",),
    "sysmap/core/stats/ranking.py": ("tests/core/stats",),
    "sysmap/core/stats/indicators.py": ("tests/core/stats",),
}  # fmt: skip
LOADED = ("pandas", "scipy.sparse", "scipy.stats", "networkx", "openpyxl",
          "playwright.sync_api", "xlsxwriter", "rapidfuzz")  # fmt: skip
SECONDS = 300
_COMPARE: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_ARITHMETIC: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def mutants(source: str) -> Iterator[tuple[int, str]]:
    """The line and the whole source of each fault that could be put in."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        if not hasattr(node, "lineno") or changed(copy.deepcopy(node)) is None:
            continue
        other = ast.parse(source)
        target = next(n for i, n in enumerate(ast.walk(other)) if i == number)
        changed(target)
        yield node.lineno, ast.unparse(other)


def changed(node: ast.AST) -> ast.AST | None:
    """The node with its fault, changed in place; None where it has none."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        node.ops[0] = _COMPARE[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        if isinstance(node.left, ast.JoinedStr | ast.Constant) and "str" in type_of(node.left):
            return None
        node.op = _ARITHMETIC[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.If | ast.IfExp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    else:
        return None
    return node


def type_of(node: ast.expr) -> str:
    """The type of a literal."""
    return type(node.value).__name__ if isinstance(node, ast.Constant) else "str"


def survives(place: Path, tests: tuple[str, ...]) -> bool:
    """Whether the tests pass in a child that works on the copy; one without end is no survivor."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        os.chdir(place)
        sys.path[:] = [str(place), *(p for p in sys.path if Path(p or ".").resolve() != ROOT)]
        silence = io.StringIO()
        with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
            options = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow and not browser"]
            code = pytest.main([*options, *tests])
        os.write(into, b"pass" if code == 0 else b"fail")
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        ready = select.select([pipe], [], [], SECONDS)[0]
        said = pipe.read() if ready else b""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return said == b"pass"


def drawn(number: int, seed: int) -> list[tuple[str, int, str]]:
    """Module, line and source of so many faults, each module by its share of all."""
    every = [
        (module, line, source)
        for module in SPINE
        for line, source in mutants((ROOT / module).read_text(encoding="utf-8"))
    ]
    chosen = np.random.default_rng(seed).choice(len(every), min(number, len(every)), replace=False)
    return [every[i] for i in sorted(chosen)]


def main() -> int:
    """Run as a program; 1 if the tests fail before a fault is put in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--to", type=Path, help="a file that gets the figure too")
    options = parser.parse_args()
    for name in LOADED:
        importlib.import_module(name)
    ran, found = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "copy"
        leave = shutil.ignore_patterns(".*", "build", "dist", "__pycache__")
        shutil.copytree(ROOT, place, ignore=leave)
        for module, tests in SPINE.items():
            if not survives(place, tests):
                print(
                    f"the tests of {module} fail or do not end without any fault", file=sys.stderr
                )
                return 1
        for module, line, source in drawn(options.mutants, options.seed):
            target = place / module
            whole = target.read_text(encoding="utf-8")
            target.write_text(source, encoding="utf-8")
            alive = survives(place, SPINE[module])
            target.write_text(whole, encoding="utf-8")
            ran[module] += 1
            found[module] += not alive
            if alive:
                print(f"survived: {module}:{line} {told(whole, source)}", flush=True)
    for module in ran:
        print(f"{found[module]:4} of {ran[module]:4} {module}")
    score = f"{found.total()} of {ran.total()}"
    print(f"{score} faults found, seed {options.seed}")
    if options.to:
        options.to.parent.mkdir(parents=True, exist_ok=True)
        options.to.write_text(f"{score} | seed {options.seed}, `make mutation`\n", encoding="utf-8")
    return 0


def told(before: str, after: str) -> str:
    """The changed line as it now stands."""
    lines = difflib.ndiff(ast.unparse(ast.parse(before)).splitlines(), after.splitlines())
    return next((text[2:].strip() for text in lines if text.startswith("+ ")), "")


if __name__ == "__main__":
    sys.exit(main())
