"""Imports point down only: the contracts in pyproject.toml hold, and each turns red when broken."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = "Imports point down, and petals never meet"
CORE = "Inside core, imports point down"
CHARTS = "Inside charts, imports point down"
ANALYSES = "Analyses never import each other"
FACADE = "Nobody below imports the facade"
CONTRACTS = (LAYERS, CORE, CHARTS, ANALYSES, FACADE)


def verdicts(folder: Path) -> dict[str, str]:
    """The word that import-linter prints behind each contract for the package in `folder`."""
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(folder), "PYTHONUTF8": "1", "NO_COLOR": "1"},
    )
    found = dict(re.findall(r"^(.+) (KEPT|BROKEN)\b", run.stdout, re.MULTILINE))
    assert set(found) == set(CONTRACTS), run.stdout + run.stderr
    return found


@pytest.fixture
def copy(tmp_path):
    """A copy of the package and its contracts, where faults can be planted."""
    shutil.copytree(ROOT / "sysmap", tmp_path / "sysmap", ignore=shutil.ignore_patterns("_*cache*"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(folder: Path, importer: str, imported: str) -> None:
    """Let one module import another; either is made, with its packages, where it is absent."""
    for module in (importer, imported):
        if module == "sysmap":
            continue
        parts = module.split(".")
        for depth in range(2, len(parts)):
            package = folder.joinpath(*parts[:depth])
            package.mkdir(exist_ok=True)
            (package / "__init__.py").touch()
        file = folder.joinpath(*parts)
        if not (file / "__init__.py").exists():
            file.with_suffix(".py").touch()
    file = folder.joinpath(*importer.split("."))
    target = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
    target.write_text(f"import {imported}\n" + target.read_text())


def test_the_package_keeps_every_contract():
    assert verdicts(ROOT) == dict.fromkeys(CONTRACTS, "KEPT")


@pytest.mark.parametrize(
    ("importer", "imported", "broken"),
    [
        ("sysmap.core.schema", "sysmap.io.read", LAYERS),
        ("sysmap.core.schema", "sysmap.measures.needs", LAYERS),
        ("sysmap.measures.needs", "sysmap.analyses.influence", LAYERS),
        ("sysmap.analyses.influence", "sysmap.export", LAYERS),
        ("sysmap.export", "sysmap.cli", LAYERS),
        ("sysmap.io.read", "sysmap.draw.page", LAYERS),
        ("sysmap.draw.page", "sysmap.analyses.influence", LAYERS),
        ("sysmap.analyses.influence", "sysmap.io.read", LAYERS),
        ("sysmap.simulate", "sysmap.io.read", LAYERS),
        ("sysmap.core.schema", "sysmap.core.model", CORE),
        ("sysmap.core.problems", "sysmap.core.errors", CORE),
        ("sysmap.core.schema", "sysmap.core.charts", CORE),
        ("sysmap.core.charts.marks", "sysmap.core.charts.canvas", CHARTS),
        ("sysmap.analyses.influence", "sysmap.analyses.loops", ANALYSES),
        ("sysmap.analyses.profiles", "sysmap.analyses.coverage", ANALYSES),
        ("sysmap.io.read", "sysmap", FACADE),
    ],
)
def test_a_planted_import_breaks_the_contract_that_forbids_it(copy, importer, imported, broken):
    plant(copy, importer, imported)
    assert verdicts(copy)[broken] == "BROKEN"


def test_a_module_without_a_place_breaks_the_contract(copy):
    (copy / "sysmap" / "core" / "helpers.py").touch()
    assert verdicts(copy)[CORE] == "BROKEN"
