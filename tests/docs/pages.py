"""The Markdown pages of the project, and the pieces of them that can be run."""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from sysmap.cli import main

ROOT = Path(__file__).parents[2]
HIDDEN = re.compile(r"(^|/)(\.|node_modules|build|dist|brief)")
PAGES = sorted(p for p in ROOT.rglob("*.md") if not HIDDEN.search(p.relative_to(ROOT).as_posix()))
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AT_WORK = re.compile(r"^\w+ takes more than .*: at work\n", re.MULTILINE)
LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> Iterator[tuple[str, int]]:
    """The text of each fence and the line on which it begins."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        if found[1] in languages:
            yield found[2], text.count("\n", 0, found.start()) + 2


def session(block: str) -> None:
    """Run the ``$`` lines of a session and hold what they print against what follows them."""
    code = 0
    for turn in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, wanted = turn.partition("\n")
        if command == "echo $?":
            got = f"{code}\n"
        else:
            code, got = run(command)
        assert doctest.OutputChecker().check_output(wanted, got, LOOSE), (
            f"$ {command}\nwanted:\n{wanted}\ngot:\n{got}"
        )


def run(command: str) -> tuple[int, str]:
    """One command as a user types it; exit code and all that it prints, as on a machine at rest."""
    program, *words = shlex.split(command, comments=True)
    if program == "python":
        assert ["-m", "sysmap"] == words[:2], command
        words = words[2:]
    else:
        assert program == "sysmap", command
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            code = main(words)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
    return code, AT_WORK.sub("", printed.getvalue())
