"""Laws about the source of the package that no linter states as strictly."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "sysmap").rglob("*.py"))
PETALS = ("io", "analyses", "draw")
MAY_PRINT = {"cli.py"}


def own_imports_in_functions(tree: ast.AST) -> Iterator[str]:
    """Statements inside functions that import sysmap itself."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                own = any(alias.name.partition(".")[0] == "sysmap" for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                own = node.level > 0 or (node.module or "").partition(".")[0] == "sysmap"
            else:
                continue
            if own:
                yield f"line {node.lineno}: {ast.unparse(node)}"


def asserts(tree: ast.AST) -> Iterator[str]:
    """Assert statements: -O removes them, so they guard nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def prints(tree: ast.AST) -> Iterator[str]:
    """Calls of print: a library speaks through what it returns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            yield f"line {node.lineno}: {ast.unparse(node)}"


def bare_excepts(tree: ast.AST) -> Iterator[str]:
    """Handlers that catch everything, the interrupt included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            named = node.type is not None and ast.unparse(node.type) != "BaseException"
            if not named:
                yield f"line {node.lineno}"


def vague_raises(tree: ast.AST) -> Iterator[str]:
    """Errors that no caller can catch by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if ast.unparse(raised) in {"Exception", "BaseException"}:
                yield f"line {node.lineno}: {ast.unparse(node)}"


LAWS = {
    own_imports_in_functions: "def f():\n    from sysmap.core import names",
    asserts: "assert m, 'no map'",
    prints: "def f():\n    print('done')",
    bare_excepts: "try:\n    f()\nexcept:\n    g()",
    vague_raises: "raise Exception('bad')",
}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_source_breaks_no_law(law):
    found = [
        f"{path.relative_to(ROOT)}, {fault}"
        for path in SOURCES
        if not (law is prints and path.name in MAY_PRINT)
        for fault in law(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(("law", "source"), LAWS.items(), ids=[law.__name__ for law in LAWS])
def test_each_law_finds_the_fault_it_names(law, source):
    assert list(law(ast.parse(source)))


def test_a_late_import_of_a_third_party_package_is_allowed():
    source = "def f():\n    from matplotlib.figure import Figure\n    import networkx"
    assert list(own_imports_in_functions(ast.parse(source))) == []


@pytest.mark.parametrize("petal", PETALS)
def test_a_petal_re_exports_nothing(petal):
    """Otherwise `sysmap.analyses.influence` would be a module here and a function there."""
    init = ROOT / "sysmap" / petal / "__init__.py"
    tree = ast.parse(init.read_text(encoding="utf-8") if init.exists() else "")
    assert [ast.unparse(node) for node in tree.body if not isinstance(node, ast.Expr)] == []
