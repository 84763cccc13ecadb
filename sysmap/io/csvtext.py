"""Text of one cell in a CSV file: guarded so that no spreadsheet program runs it."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RUNS = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"''*[=+\-@\t\r]")
_QUOTED = re.compile(r'[,"\r\n]')


def guard(text: str) -> str:
    """The text with an apostrophe before it, if a spreadsheet program would run it.

    Text that already has apostrophes before such a sign gets one more, so that `unguard` always
    gives back what went in.

    Examples
    --------
    >>> guard("=1+1"), guard("'-x"), guard("O'Neill")
    ("'=1+1", "''-x", "O'Neill")
    """
    return f"'{text}" if _RUNS.match(text) else text


def unguard(text: str) -> str:
    """The text as it was before `guard`: exactly one apostrophe less, where one was put.

    Examples
    --------
    >>> unguard("'=1+1"), unguard("''-x"), unguard("'tis")
    ('=1+1', "'-x", "'tis")
    """
    return text[1:] if _GUARDED.match(text) else text


def is_ambiguous(text: str) -> bool:
    """Tell whether `unguard` would change the text although nobody guarded it.

    Examples
    --------
    >>> is_ambiguous("'=1"), is_ambiguous("=1")
    (True, False)
    """
    return _GUARDED.match(text) is not None


def number(value: float) -> str:
    """A number as text that reads back to the same number.

    Whole numbers have no point; infinity is ``INF``, as Data Package writes it.

    Examples
    --------
    >>> number(2019.0), number(0.1), number(float("-inf"))
    ('2019', '0.1', '-INF')
    """
    if value in (float("inf"), float("-inf")):
        return "INF" if value > 0 else "-INF"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def line(cells: Iterable[str]) -> str:
    r"""One line of a CSV file, with quotes only where they are needed.

    Notes
    -----
    The writer of the standard library leaves a lone carriage return bare when lines end in a line
    feed, and then no reader finds the end of the row.

    Examples
    --------
    >>> line(["a", "b, c", 'a "d" b', "e\rf"])
    'a,"b, c","a ""d"" b","e\rf"\n'
    """
    return ",".join(quoted(cell) for cell in cells) + "\n"


def quoted(cell: str) -> str:
    r"""A cell with quotes if it needs them.

    Examples
    --------
    >>> quoted("b, c"), quoted("b")
    ('"b, c"', 'b')
    """
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _QUOTED.search(cell) else cell
