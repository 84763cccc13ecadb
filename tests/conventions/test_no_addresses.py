"""What is committed holds no address of a package index and no path of a maker's machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written in pieces, so that this file does not find itself.
INDEX_HOSTS = re.compile(
    "pypi" + r"\.org|" + "python" + r"hosted|registry\." + r"npmjs|deb\." + "debian"
)
MACHINE_PATHS = re.compile(r"(?<![\w.~}])/(?:" + "work|farm|root|tmp|home|Users" + r")/\w")
REFUSED = (INDEX_HOSTS, MACHINE_PATHS)
PIN = re.compile(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.+]*( ; [A-Za-z0-9_ .'<>=!*()-]+)?")


def faults(text: str) -> list[str]:
    """Lines of a text that hold a refused address, with their numbers."""
    return [
        f"line {number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if any(pattern.search(line) for pattern in REFUSED)
    ]


def committed() -> list[Path]:
    """The files under version control."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this tree is no git checkout, so what is committed cannot be told")
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listing.stdout.split("\0") if (ROOT / name).is_file()]


def test_no_committed_text_holds_an_address_of_an_index_or_a_machine():
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a workbook
        found += [f"{path.relative_to(ROOT)}, {fault}" for fault in faults(text)]
    assert found == []


def test_every_line_of_the_constraints_is_a_pin_and_nothing_else():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    assert [line for line in lines if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://" + "pypi" + ".org/simple",
        "https://files." + "python" + "hosted.org/packages/x.whl",
        "open('/" + "home/someone/map.xlsx')",
        "see /" + "tmp/answers",
    ],
)
def test_a_planted_address_is_found(line):
    assert faults(f"first\n{line}") == [f"line 2: {line}"]


@pytest.mark.parametrize(
    "line", ["https://example.org/work/plan", "docs/work/plan", "/usr/bin/chromium", "~/tmp/x"]
)
def test_an_ordinary_address_is_no_fault(line):
    assert faults(line) == []
