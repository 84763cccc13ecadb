"""Who follows a guide to the letter changes the files that it names, and all checks pass."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs import pages

GUIDE = pages.ROOT / "docs" / "how-to" / "add-an-analysis.md"
FILE = re.compile(r"<!-- file: (\S+) -->\n```py\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

STARTS = {
    "python": (),
    "lint-imports": (
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ),
}
"""How the interpreter of the tests starts a program that is no module of the same name."""


def run(folder: Path, *command: str) -> str:
    """What a command prints in the folder; it must succeed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what is under version control, as it stands, with a history of one commit."""
    if shutil.which("git") is None or not (pages.ROOT / ".git").exists():
        pytest.skip("this tree is no git checkout, so what belongs to it cannot be told")
    folder = tmp_path / "copy"
    listed = run(pages.ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (pages.ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(pages.ROOT / name, folder / name)
    run(folder, "git", "init", "--quiet")
    run(folder, "git", "add", "--all")
    who = ("-c", "user.name=reader", "-c", "user.email=reader@example.org")
    run(folder, "git", *who, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "before")
    return folder


@pytest.mark.slow
def test_the_guide_to_an_analysis_changes_what_it_names_and_passes(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(copy))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    text = GUIDE.read_text(encoding="utf-8")
    files = dict(FILE.findall(text))
    assert len(files) == 2
    for name, content in files.items():
        (copy / name).write_text(content, encoding="utf-8")
    for line in "".join(COMMANDS.findall(text)).splitlines():
        program, *words = line.split()
        run(copy, sys.executable, *STARTS.get(program, ("-m", program)), *words)
    run(copy, sys.executable, "-m", "ruff", "format", "--check", *files)
    status = run(copy, "git", "status", "--porcelain", "--untracked-files=all")
    assert {f"?? {name}" for name in files} == set(status.splitlines())
