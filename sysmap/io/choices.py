"""Decisions that an import report asked for, as the caller gives them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sysmap.core import names
from sysmap.core.problems import Problem, shown
from sysmap.io.intake import Intake


class OptionError(ValueError):
    """An option of reading has no meaning; the message names what would have one."""


def listed(choices: Mapping[str, object], key: str) -> tuple[str, ...]:
    """A choice that is a list of names; empty if it was not made.

    Raises
    ------
    OptionError
        If it is anything else.

    Examples
    --------
    >>> listed({"outcomes": ["Goal"]}, "outcomes"), listed({}, "outcomes")
    (('Goal',), ())
    """
    value = choices.get(key, ())
    if not isinstance(value, (list, tuple, set, frozenset)) or not all(
        isinstance(v, str) for v in value
    ):
        raise OptionError(f"choices[{key!r}] is {shown(value)}; give a list of names, as ['Goal']")
    return tuple(sorted(value)) if isinstance(value, (set, frozenset)) else tuple(value)


def mapped(choices: Mapping[str, object], key: str) -> Mapping[str, str]:
    """A choice that gives one text for each of some texts; empty if it was not made.

    Raises
    ------
    OptionError
        If it is anything else.
    """
    value = choices.get(key, {})
    if not isinstance(value, Mapping) or not all(
        isinstance(k, str) and isinstance(v, str) for k, v in value.items()
    ):
        raise OptionError(f"choices[{key!r}] is {shown(value)}; give a mapping of texts to texts")
    return value


def word(choices: Mapping[str, object], key: str, allowed: Collection[str]) -> str | None:
    """A choice that is one of some words; None if it was not made.

    Raises
    ------
    OptionError
        If it is anything else.
    """
    value = choices.get(key)
    if value is not None and value not in allowed:
        several = " or ".join(map(repr, sorted(allowed)))
        raise OptionError(f"choices[{key!r}] is {shown(value)}; write {several}")
    return None if value is None else str(value)


def among(wanted: Collection[str], *texts: str) -> bool:
    """Tell whether one of some texts is among the wanted, compared by key.

    Examples
    --------
    >>> among(["Better  health"], "better health")
    True
    """
    keys = {names.key(w) for w in wanted}
    return any(names.key(text) in keys for text in texts if text)


def said_of(given: Mapping[str, str], *texts: str) -> str | None:
    """What a mapping gives for the first of its keys that is among some texts, compared by key.

    Examples
    --------
    >>> said_of({"Better  health": "care"}, "better health"), said_of({}, "better health")
    ('care', None)
    """
    return next((value for wanted, value in given.items() if among([wanted], *texts)), None)


def unmet(intake: Intake, key: str, wanted: Collection[str], there: Collection[str]) -> None:
    """Tell of each wanted text that the file does not hold (W517), with near ones."""
    keys = {names.key(text) for text in there}
    for text in wanted:
        if names.key(text) not in keys:
            near = names.alike(text, there)
            remedy = f"did you mean {' or '.join(near)}?" if near else "check the spelling"
            said = f"choices[{key!r}] names {shown(text)!r}, which is not in the file"
            intake.tell(Problem("W517", said, remedy, (intake.whole,)))
