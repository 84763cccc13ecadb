"""Any input into a draft: sheets by table and the faults that show before the rules."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from sysmap.core import names
from sysmap.core.draft import from_frame, from_frames, respelled_table
from sysmap.core.problems import Place, Problem, Problems, shown
from sysmap.core.schema import Schema
from sysmap.io import answers, guards, missing
from sysmap.io.books import DamagedError, damaged
from sysmap.io.choices import OptionError
from sysmap.io.formats import FORMATS, Format
from sysmap.io.grids import ANSWERS, Draft
from sysmap.io.heads import FOLDER, TEXT, Head, Options, look

Source = str | os.PathLike[str] | Mapping[str, pd.DataFrame]
"""What can be read: a path, or data frames by table."""

_ECHOES = frozenset({"E101", "E206", "W401"})


def gather(x: Source, options: Options, format: str | None = None) -> Draft:
    """Read anything into sheets, with the wide form melted.

    Raises
    ------
    OptionError
        If an option has no meaning; the message names what is allowed.
    TypeError
        If `x` is neither a path nor a mapping of data frames.
    """
    _accept(options, format)
    if isinstance(x, Mapping):
        _meant(options.choices, (), "data frames")
        draft = _framed(x, options.schema)
    elif isinstance(x, (str, os.PathLike)):
        draft = _opened(Path(x), options, format)
    else:
        raise TypeError(f"read takes a path or a mapping of data frames, not {type(x).__name__}")
    form = draft.sheets.pop(ANSWERS, None)
    if form is None:
        return draft
    melted, problems = answers.melt(form, draft.sheets, options.schema)
    return Draft(melted, [*draft.problems, *problems], draft.lost)


def told(problems: Iterable[Problem], draft: Draft) -> Problems:
    """The faults without echoes.

    One cell of the wide form feeds several tables and is told once; and where a table could not
    be read, nothing is said about references to nothing, because they may well point into it.
    """
    kept: dict[tuple[object, ...], Problem] = {}
    for number, problem in enumerate(problems):
        if draft.lost and problem.code in _ECHOES:
            continue
        first = problem.places[0] if problem.places else number
        key = (problem.code, problem.message, problem.remedy, first)
        if key not in kept or kept[key].count < problem.count:
            kept[key] = problem
    return Problems(kept.values())


def _accept(options: Options, format: str | None) -> None:
    known = [f.name for f in FORMATS]
    if format is not None and format not in known:
        raise OptionError(f"format {format!r} is not read. Give {', '.join(known)} or None.")
    if options.encoding is not None and not guards.is_encoding(options.encoding):
        raise OptionError(
            f"encoding {options.encoding!r} is not known for text. Give for example 'cp1252' or "
            "'utf-16'."
        )
    separator = options.separator
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise OptionError(f"separator {separator!r} is not one character. Give ';', '\\t' or ','.")


def _meant(choices: Mapping[str, object], known: tuple[str, ...], words: str) -> None:
    strange = ", ".join(sorted(shown(repr(key)) for key in choices if key not in known))
    if strange:
        takes = f"takes {', '.join(known)}" if known else "takes none. Leave choices out"
        raise OptionError(f"choices {strange} have no meaning here: {words} {takes}.")


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


def _opened(path: Path, options: Options, stated: str | None) -> Draft:
    try:
        return _drafted(path, options, stated)
    except OSError as error:
        return Draft(problems=[guards.unreadable(path, error)])


def _drafted(path: Path, options: Options, stated: str | None) -> Draft:
    if not path.exists():
        return Draft(problems=[missing.absent(path)])
    if not (path.is_dir() or path.is_file()):
        return Draft(problems=[missing.pipe(path)])
    head, fault = look(path, options)
    if fault:
        return Draft(problems=[fault])
    found = _recognized(head, stated)
    if isinstance(found, Problem):
        return Draft(problems=[found])
    unread = head.container == FOLDER and not found.choices
    if not unread:
        _meant(options.choices, found.choices, found.words)
    try:
        draft = found.read(head, options)
    except DamagedError:
        return Draft(problems=[damaged(path)])
    if unread and draft.sheets:
        # of a folder in which nothing can be read nobody knows which choices it takes
        _meant(options.choices, found.choices, found.words)
    misnamed = _misnamed(head, found) if draft.sheets else []
    return Draft(draft.sheets, [*misnamed, *draft.problems], draft.lost)


def _recognized(head: Head, stated: str | None) -> Format | Problem:
    """The format of an input: by its content first, then by its name; or why there is none."""
    blank = head.container == TEXT and not head.start.strip()
    fitting = [] if blank else [f for f in FORMATS if f.sniff(head)]
    named = [f for f in FORMATS if head.container == TEXT and not blank and head.suffix in f.own]
    wanted = [f for f in FORMATS if f.name == stated]
    if not wanted:
        return next(iter([*fitting, *named]), guards.refusal(head.path, head.start))
    if wanted[0] in fitting or (head.container in wanted[0].told and not blank):
        return wanted[0]
    if not fitting:
        return guards.refusal(head.path, head.start)
    said = f"format={stated!r} was given, but the content is {fitting[0].name}"
    return Problem("E006", said, f"give format={fitting[0].name!r}", (Place(head.path.name),))


def _misnamed(head: Head, found: Format) -> list[Problem]:
    """W024: the ending of the name promises another format than the content is."""
    promised = {s for f in FORMATS for s in f.suffixes if s} - set(found.suffixes)
    if head.container == FOLDER or head.suffix not in promised:
        return []
    said = f"the name ends in {head.suffix}, but the content is {found.words}; the content decides"
    remedy = f"rename it to end in {found.suffixes[0]}"
    return [Problem("W024", said, remedy, (Place(head.path.name),))]
