"""Files and frames into a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sysmap.core.cycles import unsearched
from sysmap.core.errors import InvalidMapError, LimitError, UnsupportedFormatError
from sysmap.core.model import SystemMap, build
from sysmap.core.problems import Problems
from sysmap.core.schema import SCHEMA, Schema
from sysmap.io.gather import Source, gather, told
from sysmap.io.guards import Limits, limits_of
from sysmap.io.heads import Options

_MISSING = frozenset({"E001"})
_STRANGE = frozenset({"E006", "E007", "E025"})
_LARGE = frozenset({"E008", "E009", "E014"})


@unsearched()
def read(
    x: Source,
    *,
    format: str | None = None,
    schema: Schema | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    limits: Limits | Mapping[str, int] | None = None,
    choices: Mapping[str, object] | None = None,
) -> SystemMap:
    """A workbook, a CSV folder, a file of another tool or data frames become a map.

    Parameters
    ----------
    x
        Path of a workbook, of a folder with one CSV file per table or of a file that
        docs/formats lists, or data frames by table. The content decides what it is; the name is
        asked where the content is silent, and told where it says something else.
    format
        Which format it must be, or is where neither tells; None takes what the content is.
    schema
        The types; None is the schema of sysmap.
    encoding
        Of CSV files, where it is not UTF-8.
    separator
        Of CSV files, where it is not the comma; one character.
    limits
        How much a file may hold, as a mapping of those to change: ``unpacked`` (bytes, 500
        million), ``growth`` (how many times larger than packed a part may be, 200), ``members``
        (parts of a workbook or files of a folder, 1,000), ``rows`` (1,048,576), ``columns``
        (16,384), ``line`` (bytes of a CSV line, 1 million). Raise them only for files that you
        trust: what passes is held in memory.
    choices
        Decisions that an import report asked for, as its last line prints them.

    Returns
    -------
    SystemMap
        The map; warnings and notes of the reading are in its `problems`, for a file of another
        tool with a balance: found is carried over plus left out.

    Raises
    ------
    FileNotFoundError
        If there is no such file (E001); the message has near names of the folder.
    UnsupportedFormatError
        If the content is of a kind that is not read (E006, E007), or not here (E025).
    LimitError
        If it is too large (E008, E009, E014).
    InvalidMapError
        For every other error; it carries all of them, not just the first.
    ValueError
        If an option has no meaning.

    Examples
    --------
    >>> import pandas as pd
    >>> read({
    ...     "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
    ...     "outcomes": pd.DataFrame({"id": ["light"], "name": ["Light"]}),
    ...     "sources": pd.DataFrame({"id": ["s"], "name": ["Form of a"], "organization": ["a"]}),
    ...     "answers": pd.DataFrame({"source": ["s"], "question": ["seeks"], "light": ["yes"]}),
    ... })
    <SystemMap: 1 outcome, 1 organization, 1 source; 1 claim>
    """
    wanted = SCHEMA if schema is None else schema
    options = Options(wanted, limits_of(limits), encoding, separator, choices or {})
    draft = gather(x, options, format)
    if not draft.sheets and any(p.level == "error" for p in draft.problems):
        raise _raised(Problems(draft.problems))
    try:
        m = build(draft.sheets, wanted, draft.problems)
    except InvalidMapError as error:
        raise _raised(told(error.problems, draft)) from None
    return replace(m, problems=told(m.problems, draft))


def _raised(problems: Problems) -> Exception:
    """The exception that the errors call for, if they all call for the same one."""
    codes = {p.code for p in problems.errors}
    if codes <= _MISSING:
        return FileNotFoundError("\n".join(map(str, problems.errors)))
    if codes <= _STRANGE:
        return UnsupportedFormatError(problems)
    if codes <= _LARGE:
        first = next(iter(problems.errors))
        return LimitError("\n".join(map(str, problems.errors)), limit=first.message)
    return InvalidMapError(problems)
