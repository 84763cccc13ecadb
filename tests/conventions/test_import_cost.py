"""`import sysmap` loads pandas and numpy and nothing else that is heavy.

The bound in seconds is measured by ``tests/benchmarks/import_time.py``, because a clock on a
busy machine would make this suite unsteady.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "IPython",
    "matplotlib",
    "networkx",
    "openpyxl",
    "pyvis",
    "python_calamine",
    "rapidfuzz",
    "scipy",
    "xlsxwriter",
)


def modules_after(statement: str) -> set[str]:
    """The top-level names in sys.modules after a statement in a fresh interpreter."""
    run = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in run.stdout.split()}


@pytest.fixture(scope="module")
def loaded():
    return modules_after("import sysmap")


@pytest.mark.parametrize("package", HEAVY)
def test_importing_sysmap_leaves_a_heavy_package_unloaded(loaded, package):
    assert "sysmap" in loaded
    assert package not in loaded
