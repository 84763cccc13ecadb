"""Parameters of a question that cannot be meant are refused before they are used."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real


def whole_number(name: str, value: object) -> None:
    """A parameter is a whole number, or TypeError says what came.

    Examples
    --------
    >>> whole_number("draws", 1000)
    >>> whole_number("draws", "1000")
    Traceback (most recent call last):
    TypeError: draws is '1000'; give a whole number
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} is {value!r}; give a whole number")


def number(name: str, value: object) -> None:
    """A parameter is a number, or TypeError says what came.

    Examples
    --------
    >>> number("certainty", 0.8)
    >>> number("certainty", None)
    Traceback (most recent call last):
    TypeError: certainty is None; give a number
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} is {value!r}; give a number")


def one_of(option: str, given: object, allowed: Sequence[str]) -> None:
    """An option is one of a few words, or ValueError names them.

    Examples
    --------
    >>> one_of("absence", "stated", ("stated", "checklist"))
    """
    if given not in allowed:
        raise ValueError(f"{option} is {given!r}; write one of {', '.join(map(repr, allowed))}")


def seed_of(rng: object) -> int | str:
    """What the parameters of an answer say of its randomness: the seed, if there is one.

    Examples
    --------
    >>> seed_of(1), seed_of(None)
    (1, 'a generator')
    """
    return int(rng) if isinstance(rng, Integral) else "a generator"
