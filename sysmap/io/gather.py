"""Any input into a draft: sheets by table and the faults that show before the rules.

One more format is one more module with `sniff` and `read`, and one more branch of `_opened`.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sysmap.core import names
from sysmap.core.draft import from_frame, from_frames, respelled_table
from sysmap.core.problems import Place, Problem, Problems, shown
from sysmap.core.schema import Schema
from sysmap.io import answers, folder, guards, sheets
from sysmap.io.grids import ANSWERS, Draft
from sysmap.io.guards import Limits

Source = str | os.PathLike[str] | Mapping[str, pd.DataFrame]
"""What can be read: a path, or data frames by table."""

FORMATS = ("xlsx", "xls", "csv")
"""Names that `format` may take; the content is looked at all the same."""


def gather(
    x: Source,
    schema: Schema,
    *,
    format: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    limits: Limits | None = None,
    choices: Mapping[str, object] | None = None,
) -> Draft:
    """Read anything into sheets, with the wide form melted.

    Raises
    ------
    ValueError
        If an option has no meaning; the message names what is allowed.
    TypeError
        If `x` is neither a path nor a mapping of data frames.
    """
    _accept(format, encoding, separator, choices)
    if isinstance(x, Mapping):
        draft = _framed(x, schema)
    elif isinstance(x, (str, os.PathLike)):
        draft = _opened(Path(x), schema, limits or Limits(), format, encoding, separator)
    else:
        raise TypeError(f"read takes a path or a mapping of data frames, not {type(x).__name__}")
    form = draft.sheets.pop(ANSWERS, None)
    if form is None:
        return draft
    melted, problems = answers.melt(form, draft.sheets, schema)
    return Draft(melted, [*draft.problems, *problems])


def once(problems: Problems) -> Problems:
    """The same list without repetitions: one cell of the wide form feeds several tables."""
    kept: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        first = problem.places[0] if problem.places else None
        key = (problem.code, problem.message, problem.remedy, first)
        if first is None or key not in kept or kept[key].count < problem.count:
            kept[(*key, len(kept)) if first is None else key] = problem
    return Problems(kept.values())


def _accept(
    format: str | None,
    encoding: str | None,
    separator: str | None,
    choices: Mapping[str, object] | None,
) -> None:
    if format is not None and format not in FORMATS:
        raise ValueError(f"format {format!r} is not read. Give {', '.join(FORMATS)} or None.")
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise ValueError(
                f"encoding {encoding!r} is not known. Give for example 'cp1252' or 'utf-16'."
            ) from None
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise ValueError(f"separator {separator!r} is not one character. Give ';', '\\t' or ','.")
    if choices:
        strange = ", ".join(repr(key) for key in sorted(choices))
        raise ValueError(
            f"choices {strange} have no meaning here: workbooks, CSV folders and frames take none. "
            "Leave choices out."
        )


def _framed(frames: Mapping[str, pd.DataFrame], schema: Schema) -> Draft:
    form = next((n for n in frames if names.header(str(n)) == ANSWERS), None)
    found, problems = from_frames({n: f for n, f in frames.items() if n != form}, schema)
    if form is None:
        return Draft(found, problems)
    frame = frames[form]
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"table {form!r} is a {type(frame).__name__}; give a pandas.DataFrame")
    if form != ANSWERS:
        problems.append(respelled_table(form, ANSWERS, Place(sheet=form)))
    return Draft({**found, ANSWERS: from_frame(ANSWERS, frame, form, len(frames))}, problems)


def _opened(
    path: Path,
    schema: Schema,
    limits: Limits,
    format: str | None,
    encoding: str | None,
    separator: str | None,
) -> Draft:
    if not path.exists():
        return Draft(problems=[_absent(path)])
    if folder.sniff(path):
        found, draft = "csv", folder.read(path, schema, limits, encoding, separator)
    else:
        head = guards.head_of(path)
        if not sheets.sniff(head):
            return Draft(problems=[guards.refusal(path, head)])
        found = "xls" if head.startswith(guards.OLE) else "xlsx"
        draft = sheets.read(path, schema, limits)
    if format is not None and format != found and draft.sheets:
        said = f"format={format!r} was given, but the content is {found}"
        place = Place(path.name)
        return Draft(problems=[Problem("E006", said, f"give format={found!r}", (place,))])
    return draft


def _absent(path: Path) -> Problem:
    home = path.parent
    if not home.is_dir():
        remedy = f"check the path: there is no folder {shown(home.name or home)}"
    else:
        near = names.alike(path.name, [p.name for p in home.iterdir()])
        remedy = f"did you mean {' or '.join(near)}?" if near else "check the name and the folder"
    return Problem("E001", f"there is no file {shown(path.name)}", remedy, (Place(path.name),))
