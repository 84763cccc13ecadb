"""Every fault of an input, at once, as a value."""

from __future__ import annotations

from collections.abc import Mapping

from sysmap.core.cycles import unsearched
from sysmap.core.errors import InvalidMapError
from sysmap.core.model import build
from sysmap.core.problems import Problems
from sysmap.core.schema import SCHEMA, Schema
from sysmap.io.gather import Source, gather, told
from sysmap.io.guards import Limits, limits_of
from sysmap.io.heads import Options


@unsearched()
def check(
    x: Source,
    *,
    format: str | None = None,
    schema: Schema | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    limits: Limits | Mapping[str, int] | None = None,
    choices: Mapping[str, object] | None = None,
) -> Problems:
    """All faults come in one list, with place and remedy, and nothing is raised for content.

    Parameters
    ----------
    x, format, schema, encoding, separator, limits, choices
        As in `read`.

    Returns
    -------
    Problems
        Errors, warnings and notes, sorted by sheet and row as the user sees them; empty if all is
        well. A missing file is one error (E001) with the near names of its folder.

    Raises
    ------
    ValueError
        If an option has no meaning: that is wrong use, not a fault of the file.

    Examples
    --------
    >>> [p.code for p in check("no-such-folder/survey.xlsx")]
    ['E001']
    """
    wanted = SCHEMA if schema is None else schema
    options = Options(wanted, limits_of(limits), encoding, separator, choices or {})
    draft = gather(x, options, format)
    if not draft.sheets and any(p.level == "error" for p in draft.problems):
        return Problems(draft.problems)
    try:
        return told(build(draft.sheets, wanted, draft.problems).problems, draft)
    except InvalidMapError as error:
        return told(error.problems, draft)
