"""What the tests of foreign formats share: the import report as figures."""

from __future__ import annotations

import re
from collections import Counter

from sysmap.core.problems import Problems

_BALANCE = re.compile(r"(.+): ([\d,]+) found, ([\d,]+) carried over, ([\d,]+) left out")


def balance(problems: Problems) -> dict[str, tuple[int, int, int]]:
    """By kind of thing: found, carried over, left out; found is always the sum of the others."""
    figures = {}
    for problem in problems:
        if problem.code == "N500":
            kind, *counts = _BALANCE.fullmatch(problem.message).groups()  # type: ignore[union-attr]  # every N500 has this form
            found, carried, left = (int(c.replace(",", "")) for c in counts)
            assert found == carried + left
            figures[kind] = (found, carried, left)
    return figures


def codes(problems: Problems) -> Counter[str]:
    """How often each code is told."""
    counted: Counter[str] = Counter()
    for problem in problems:
        counted[problem.code] += problem.count
    return counted
