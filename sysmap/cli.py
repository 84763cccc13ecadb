"""The command line, thin: every command is one call of the library."""

from __future__ import annotations

import argparse
import ast
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO, TypedDict

import sysmap as sm
from sysmap.core import interrupts
from sysmap.core.errors import (
    InvalidMapError,
    LimitError,
    OutputError,
    SystemMapError,
    UnsupportedFormatError,
)
from sysmap.core.files import apart, refusal, writable
from sysmap.core.model import SystemMap
from sysmap.core.problems import Problems, shown
from sysmap.core.schema import AUDIENCES, PUBLIC
from sysmap.io import guards
from sysmap.io.choices import OptionError
from sysmap.io.formats import FORMATS
from sysmap.io.match import TABLES
from sysmap.io.namelists import listed, save, to_text
from sysmap.shipped import DEFAULT


class _Reading(TypedDict):
    format: str | None
    encoding: str | None
    separator: str | None
    choices: dict[str, object] | None
    limits: dict[str, int]


READ = [f.name for f in FORMATS]
WRITTEN = [f.name for f in FORMATS if f.write]

FINE, WARNED, BAD_INPUT, BUG, SURROUNDINGS, INTERRUPTED = 0, 1, 2, 3, 4, 130

LONG = 2.0
"""Seconds after which a command says that it is at work."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Returns
    -------
    int
        0 fine, 1 warnings under ``--strict``, 2 bad or missing input, 3 a bug of sysmap, 4 the
        surroundings (cannot write, no memory), 130 interrupted.

    Examples
    --------
    >>> main(["check", "no-such-file.xlsx"])  # doctest: +ELLIPSIS
    error E001 ...
    2
    """
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    _print_any_letter()
    try:
        with interrupts.heeded(), _told_if_long(options.command):
            return run(options)
    except InvalidMapError as error:
        _say(f"{error.problems}\nnothing was written: mend the errors and run this again")
        return BAD_INPUT
    except UnsupportedFormatError as error:
        _say(str(error.problems))
        return BAD_INPUT
    except OutputError as error:
        _say(f"error {error}")
        return SURROUNDINGS
    except (LimitError, SystemMapError, OptionError, FileNotFoundError) as error:
        _say(f"error {str(error).removeprefix('error ')}")
        return BAD_INPUT
    except MemoryError:
        _say(f"error: not enough memory{_need(options)}.")
        return SURROUNDINGS
    except KeyboardInterrupt:
        _say("interrupted; nothing was half-written")
        return INTERRUPTED
    except BrokenPipeError:
        return FINE
    except Exception as error:  # noqa: BLE001  # the last line of defence: a bug is said to be one
        return _bug(error, options.verbose)


def _print_any_letter() -> None:
    """Write as a code what the terminal, or the file behind it, has no letter for."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _need(options: argparse.Namespace) -> str:
    """How much memory the command takes, about, and the ways to take less."""
    ways = "Leave out tables or rows that this question does not need, or use a larger machine"
    path: Path | None = getattr(options, "input", None)
    if path is None or not path.exists():
        return f". {ways}"
    return f": {shown(path.name)!r} needs about {guards.megabytes(path):,} MB. {ways}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sysmap",
        description="From a survey workbook to a brief: check, draw and report a system map.",
    )
    parser.add_argument("--version", action="version", version=f"sysmap {version('sysmap-graph')}")
    parser.add_argument("--verbose", action="store_true", help="show details of an internal error")
    commands = parser.add_subparsers(
        title="commands", required=True, metavar="COMMAND", dest="command"
    )

    one = commands.add_parser("template", help="make a blank workbook with drop-downs and help")
    one.add_argument("path", type=Path, help="the .xlsx file to make")
    one.add_argument("--tables", choices=("core", "all"), default="core", help="which sheets")
    one.add_argument("--map", type=Path, help="a map whose lists fill the drop-downs")
    one.set_defaults(run=_template)

    one = commands.add_parser("check", help="list every fault of a workbook or CSV folder")
    _takes_map(one)
    one.set_defaults(run=_check)

    one = commands.add_parser("report", help="write the brief: page, map, tables and figures")
    _takes_map(one)
    one.add_argument("folder", type=Path, help="the folder to make")
    _takes_audience(one)
    one.set_defaults(run=_report)

    one = commands.add_parser("html", help="write the interactive map as one page")
    _takes_map(one)
    one.add_argument("output", type=Path, help="the .html file to make")
    _takes_audience(one)
    one.set_defaults(run=_html)

    one = commands.add_parser("convert", help="write a map in another format")
    _takes_map(one)
    one.add_argument("output", type=Path, help="the file to make, or a folder for CSV")
    one.add_argument("--to", choices=WRITTEN, help="which format, where the name does not tell")
    one.add_argument("--audience", choices=AUDIENCES, help="leave out what it may not see")
    one.set_defaults(run=_convert)

    one = commands.add_parser("match", help="suggest which rows of a map some names mean")
    one.add_argument("names", type=Path, help="a text file of names, one in each line, or a CSV")
    _takes_map(one)
    one.add_argument("--column", help="the column of the CSV that holds the names")
    one.add_argument("--table", choices=TABLES, help="only rows of this table")
    one.add_argument("--area", help="of the names, if they are elements")
    one.add_argument("--top", type=_from_one, default=3, help="suggestions for a name; default: 3")
    one.add_argument("--output", type=Path, help="a .csv file to make; default: print")
    one.set_defaults(run=_match)

    one = commands.add_parser("demo", help="write the brief of a map that comes with sysmap")
    one.add_argument("folder", type=Path, nargs="?", default=Path("brief"), help="default: brief")
    one.add_argument("--map", default=DEFAULT, help=f"which one; default: {DEFAULT}")
    _takes_audience(one)
    one.set_defaults(run=_demo)
    return parser


def _takes_map(command: argparse.ArgumentParser) -> None:
    command.add_argument("input", type=Path, help="a workbook, a CSV folder or another map file")
    command.add_argument("--strict", action="store_true", help="exit with 1 on warnings")
    command.add_argument("--encoding", type=_encoding, help="of CSV files, if not UTF-8")
    command.add_argument(
        "--separator", type=_separator, help="of CSV files, if not a comma; \\t is a tab"
    )
    command.add_argument("--format", choices=READ, help="of the input, where the content is silent")
    command.add_argument(
        "--choices", type=_choices, help="what the import report asks for: {...}, or a file of it"
    )
    command.add_argument(
        "--limit", type=_limit, action="append", default=[], help="of reading, as rows=2000000"
    )


def _limit(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    limit = (name, _from_one(number))
    try:
        guards.limits_of(dict([limit]))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return limit


def _choices(text: str) -> dict[str, object]:
    """Decisions as the import report prints them; JSON of plain texts and lists is the same."""
    try:
        written = text if text.lstrip().startswith("{") else Path(text).read_text("utf-8")
        found = ast.literal_eval(written)
    except (OSError, ValueError, SyntaxError, MemoryError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError(
            "this is no mapping. Give for example {'outcomes': ['Goal']}, or a file that holds it."
        )
    return found


def _from_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1.")
    return int(text)


def _encoding(text: str) -> str:
    if not guards.is_encoding(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not known for text. Give for example cp1252 or utf-16."
        )
    return text


def _separator(text: str) -> str:
    separator = "\t" if text == "\\t" else text
    if len(separator) != 1 or separator in '"\r\n':
        raise argparse.ArgumentTypeError(f"{text!r} is not one character. Give ; or \\t.")
    return separator


def _takes_audience(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--audience", choices=AUDIENCES, default=PUBLIC, help="for whom; default: public"
    )


def _template(options: argparse.Namespace) -> int:
    if writable(options.path).is_file():
        raise OutputError(
            "E601", options.path, "this file may hold answers already. Choose another name."
        )
    m = sm.read(options.map) if options.map else None
    _print(sm.template(options.path, m, tables=options.tables))
    return FINE


def _check(options: argparse.Namespace) -> int:
    found = sm.check(options.input, **_reading(options))
    _print(found)
    return _judged(found, options.strict)


def _report(options: argparse.Namespace) -> int:
    apart(writable(options.folder, folder=True), options.input)
    m = _read(options)
    _ready_to_draw()
    _print(sm.report(m, options.folder, audience=options.audience))
    return _judged(m.problems, options.strict)


def _html(options: argparse.Namespace) -> int:
    apart(writable(options.output), options.input)
    m = _read(options)
    sm.to_html(m, options.output, audience=options.audience)
    _print(options.output)
    return _judged(m.problems, options.strict)


def _convert(options: argparse.Namespace) -> int:
    apart(options.output, options.input)
    m = _read(options)
    lost = sm.write(m, options.output, format=options.to, audience=options.audience)
    if lost:
        _say(str(lost))
    _print(options.output)
    return _judged(m.problems + lost, options.strict)


def _match(options: argparse.Namespace) -> int:
    if options.output:
        apart(options.output, options.input, options.names)
    m = _read(options)
    form = {"encoding": options.encoding, "separator": options.separator}
    given = listed(options.names, column=options.column, **form)
    names = dict.fromkeys(given, options.area) if options.area else given
    tables = [options.table] if options.table else None
    found = sm.match(names, m, tables=tables, top=options.top)
    if options.output is None:
        _print(to_text(found), end="")
    else:
        _print(save(found, options.output))
    return _judged(m.problems, options.strict)


def _demo(options: argparse.Namespace) -> int:
    _say(f"reading the map {options.map}")
    m = sm.example(options.map)
    _say(f"{m!r}")
    _ready_to_draw()
    _say("answering the five tasks, drawing the map and writing tables")
    index = sm.report(m, options.folder, audience=options.audience)
    _print(f"The brief is ready. Open it in a browser: {index}")
    return FINE


def _read(options: argparse.Namespace) -> SystemMap:
    m = sm.read(options.input, **_reading(options))
    if m.problems:
        _say(str(m.problems))
    return m


def _reading(options: argparse.Namespace) -> _Reading:
    return {
        "format": options.format,
        "encoding": options.encoding,
        "separator": options.separator,
        "choices": options.choices,
        "limits": dict(options.limit),
    }


def _judged(found: Problems, strict: bool) -> int:
    if not found.ok:
        return BAD_INPUT
    return WARNED if strict and len(found.warnings) else FINE


def _ready_to_draw() -> None:
    """Load libraries while signals wait: some abort when interrupted in their start.

    Matplotlib is loaded by the first figure, while signals wait too.
    """
    with interrupts.held():
        for name in ("pyvis.network", "scipy.sparse.linalg"):
            import_module(name)


@contextmanager
def _told_if_long(command: str) -> Iterator[None]:
    """One line on the error stream, where a command takes long."""
    told = threading.Timer(LONG, _say, [f"{command} takes more than {LONG:g} seconds: at work"])
    told.daemon = True
    # signals stay with the main thread; where no thread can start, nothing is told
    with interrupts.held(), suppress(RuntimeError):
        told.start()
    try:
        yield
    finally:
        told.cancel()


def _print(text: object, end: str = "\n") -> None:
    """A result, on standard output; whoever closed that wants none."""
    try:
        _put(f"{text}{end}", sys.stdout)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise refusal(Path("standard output"), error) from error


def _say(line: str) -> None:
    """What was noticed, on the error stream; where nobody can read it, the exit code tells."""
    with suppress(OSError):
        _put(f"{line}\n", sys.stderr)


def _put(text: str, stream: TextIO | None) -> None:
    """Write all of it now, so that a failure is not met only while Python ends."""
    if stream is None:  # so Python says that it was started with the stream closed
        return
    try:
        print(text, end="", file=stream, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise


def _bug(error: Exception, verbose: bool) -> int:
    where = traceback.extract_tb(error.__traceback__)
    steps = [f"{Path(s.filename).name}:{s.lineno}" for s in where if "sysmap" in s.filename]
    _say(
        f"This is a bug in sysmap {version('sysmap-graph')}, not a fault of your file: "
        f"{type(error).__name__} at {' < '.join(reversed(steps)) or 'an unknown place'}.\n"
        "Please report this line; it holds nothing of your data. `sysmap --verbose` shows more."
    )
    if verbose:
        _say("".join(traceback.format_exception(error)))
    return BUG
