"""Where the real files are: the folder shared/data beside the project, which is no part of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "SYSMAP_SHARED_DATA"
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def folder() -> Path:
    """The folder of the real files; the variable replaces the one beside the project."""
    return Path(os.environ.get(VARIABLE) or BESIDE)


def real(*parts: str) -> Path:
    """A real file or folder; the test is skipped only where the whole folder is missing."""
    if not folder().is_dir():
        pytest.skip(f"no folder {folder()}; {VARIABLE} names another one")
    path = folder().joinpath(*parts)
    assert path.exists(), f"{folder()} is there, and {Path(*parts)} is missing"
    return path
