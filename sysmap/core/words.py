"""Numbers as people write them: counts with their noun, shares and intervals."""

from __future__ import annotations

from collections.abc import Sequence


def number_of(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun; the plural is the noun with an s unless it is given.

    Examples
    --------
    >>> number_of(1, "element"), number_of(1200, "claim"), number_of(2, "activity", "activities")
    ('1 element', '1,200 claims', '2 activities')
    """
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"


def twelve_digits(number: float) -> float:
    """A figure as it is published: the digits that the order of a sum can change are cut off.

    Examples
    --------
    >>> twelve_digits(0.1 + 0.2)
    0.3
    """
    return float(f"{number:.12g}")


def percent(share: float) -> str:
    """A share as people write it.

    Examples
    --------
    >>> percent(0.5806)
    '58 %'
    """
    return f"{100 * share:.0f} %"


def interval(low: float, high: float, level: float) -> str:
    """An interval as people read it; without width nobody is left to ask.

    Examples
    --------
    >>> interval(0.4712, 0.6821, 0.90)
    '90 % interval 47 % to 68 %'
    """
    if low == high:
        return "asked of all"
    return f"{percent(level)} interval {percent(low)} to {percent(high)}"


def first_few(names: Sequence[str], most: int = 6) -> str:
    """The first names, and how many more there are.

    Examples
    --------
    >>> first_few(["Fiji", "Samoa", "Tonga"], 2)
    'Fiji; Samoa and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more
