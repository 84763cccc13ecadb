"""What one cell may hold: raw values become text, whole numbers and dates, or a fault.

Each distinct value of a column is judged once, so a million bad cells cost one look each kind.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from sysmap.core import coded, dates, names
from sysmap.core.draft import Sheet
from sysmap.core.problems import Problem, shown
from sysmap.core.schema import Column, Schema, TableType

LONGEST_CELL = 32_767
"""Characters that one cell may hold; the limit of a workbook."""

_SHOWN_VALUES = 20
_YEARS = (1990, 2100)
_SLASHED = re.compile(r"^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})$")
_OBVIOUS = re.compile(rf"[A-Za-z](?:[ -~]{{0,{LONGEST_CELL - 2}}}[!-~])?")
"""Plain text that begins with a letter: every judge of text takes it as it is."""
_LOST_DIGITS = re.compile(r"^\d(?:\.\d+)?E\+\d+$", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+$")
_PLAIN = (str, int, float, np.generic, dt.date)
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one distinct value."""

    code: str
    message: str
    remedy: str = ""


Judged = tuple[object, list[Fault]]
Judge = Callable[[object], Judged]


def clean(sheet: Sheet, kind: TableType, schema: Schema) -> tuple[pd.DataFrame, list[Problem]]:
    """Type every column of a sheet.

    Returns
    -------
    tuple
        A frame with all columns of `kind`, then unknown ones, same rows as the sheet; text as
        ``str``, whole numbers as ``Int64``; and the faults found. A sheet that is held as codes
        stays so.
    """
    columns: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    given = set(sheet.frame.columns)
    small = any(coded.is_coded(sheet.frame[name]) for name in given)
    for column in kind.columns:
        if column.name in given:
            values, found = _typed(sheet, column, schema)
            columns[column.name] = values
            problems += found
        else:
            columns[column.name] = _absent(column, len(sheet.frame), small=small)
    for name in sheet.frame.columns:
        if name not in columns:
            columns[str(name)], found = _carried(sheet, str(name))
            problems += found
    # arrays, which need no alignment; nobody else holds them
    arrays = {name: values.array for name, values in columns.items()}
    return pd.DataFrame(arrays, index=pd.RangeIndex(len(sheet.frame)), copy=False), problems


def empty(kind: TableType) -> pd.DataFrame:
    """The frame of a table that nobody filled: all columns, no row; a lazy copy."""
    return _empty(kind.columns).copy(deep=False)


@lru_cache(maxsize=256)
def _empty(columns: tuple[Column, ...]) -> pd.DataFrame:
    """One frame for all maps that lack the table."""
    return pd.DataFrame({c.name: blank(c, 0) for c in columns})


def blank(column: Column, length: int) -> pd.Series:
    """A column without values, of the right type."""
    return pd.Series(None, index=pd.RangeIndex(length), dtype=_dtype(column))


def distinct(cells: pd.Series) -> tuple[np.ndarray, list[object]]:
    """Codes and distinct values, where 1, 1.0, True and "1" stay apart; blank is -1."""
    if coded.is_coded(cells):
        codes, held = coded.split(cells)
        return codes, list(held)
    raw = cells.to_numpy(object)
    if pd.api.types.infer_dtype(raw, skipna=True) in ("string", "empty"):
        codes, uniques = pd.factorize(raw)
        return codes, list(uniques)
    seen: dict[tuple[type, object], int] = {}
    found: list[object] = []
    codes = np.full(len(cells), -1, dtype=np.intp)
    for i in np.flatnonzero(cells.notna().to_numpy()):
        cell = cells.iat[i]
        mark = (type(cell), cell if isinstance(cell, _PLAIN) else repr(cell))
        codes[i] = seen.setdefault(mark, len(seen))
        if codes[i] == len(found):
            found.append(cell)
    return codes, found


def filled(cells: pd.Series, codes: np.ndarray, values: Sequence[object], dtype: str) -> pd.Series:
    """The column with each distinct value replaced; held as codes where the cells were."""
    if not coded.is_coded(cells):
        whole = np.array([*values, None], dtype=object)[codes]
        return pd.Series(whole, index=cells.index, dtype=dtype)
    merged, kept = pd.factorize(pd.Series(values, dtype=dtype))
    return coded.coded(np.append(merged, -1)[codes], pd.Index(kept))


def report(
    sheet: Sheet, column: str, codes: np.ndarray, faults: Mapping[int, Sequence[Fault]]
) -> list[Problem]:
    """One problem per distinct faulty value; past twenty of one code, one for all the rest."""
    by_code: dict[str, list[tuple[int, Fault]]] = {}
    for unique, found in faults.items():
        for fault in found:
            by_code.setdefault(fault.code, []).append((unique, fault))
    problems = []
    for code, pairs in by_code.items():
        for unique, fault in pairs[:_SHOWN_VALUES]:
            places, count = sheet.places(np.flatnonzero(codes == unique), column)
            problems.append(Problem(fault.code, fault.message, fault.remedy, places, count))
        rest = [unique for unique, _ in pairs[_SHOWN_VALUES:]]
        if rest:
            spots = np.flatnonzero(_among(codes, rest))
            places, count = sheet.places(spots, column)
            said = f"{column}: {len(rest):,} further values have the same fault"
            problems.append(Problem(code, said, "mend them in the same way", places, count))
    return problems


def _among(codes: np.ndarray, wanted: Sequence[int]) -> np.ndarray:
    """Which codes are wanted; a look-up, because a million wanted ones take long to sort."""
    there = np.zeros(int(codes.max(initial=-1)) + 2, dtype=bool)  # blank is -1, the last one
    there[list(wanted)] = True
    found: np.ndarray = there[codes]
    return found


def plain(value: object) -> str:
    """Any cell as text: 7 and 7.0 are ``7``, dates are ISO, truth values are words.

    Examples
    --------
    >>> plain(7.0), plain(1.5), plain(True), plain(dt.date(2024, 5, 1))
    ('7', '1.5', 'TRUE', '2024-05-01')
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (bool, np.bool_)):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if _midnight(value) else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _absent(column: Column, length: int, *, small: bool) -> pd.Series:
    if not small:
        return blank(column, length)
    # one number that stands in every row, so that an absent column takes no room
    return coded.coded(np.broadcast_to(np.int8(-1), length), pd.Index(blank(column, 0)))


def _dtype(column: Column) -> str:
    return "Int64" if column.kind == "integer" else "str"


def _typed(sheet: Sheet, column: Column, schema: Schema) -> tuple[pd.Series, list[Problem]]:
    codes, uniques = distinct(sheet.frame[column.name])
    judge = _judge(column, schema)
    obvious = _OBVIOUS.fullmatch if column.kind in ("id", "reference", "text") else None
    values: list[object] = []
    faults: dict[int, list[Fault]] = {}
    for i, unique in enumerate(uniques):
        if obvious and isinstance(unique, str) and obvious(unique):
            values.append(unique)
            continue
        value, found = _one(column.name, judge, unique)
        values.append(value)
        if found:
            faults[i] = found
    problems = report(sheet, column.name, codes, faults)
    series = filled(sheet.frame[column.name], codes, values, _dtype(column))
    if column.required:
        problems += _required(sheet, column, series, codes, faults)
    return series, problems


def _one(name: str, judge: Judge, value: object) -> Judged:
    """The judgement of a cell that holds one value; frames may hold lists and bytes."""
    if isinstance(value, str):
        return judge(value) if value.strip() else (None, [])
    if isinstance(value, bytes) or not pd.api.types.is_scalar(value):
        kind = type(value).__name__
        return None, [Fault("E301", f"{name} holds a {kind}", "write one text, number or date")]
    return (None, []) if plain(value) == "" else judge(value)


def _required(
    sheet: Sheet,
    column: Column,
    series: pd.Series,
    codes: np.ndarray,
    faults: Mapping[int, Sequence[Fault]],
) -> list[Problem]:
    empty_cells = series.isna().to_numpy()
    if not empty_cells.any():
        return []
    empty_cells = empty_cells & ~_among(codes, list(faults))
    if column.unless and column.unless in sheet.frame:
        other = sheet.frame[column.unless]
        empty_cells &= (other.isna() | (other.map(plain) == "")).to_numpy()
    spots = np.flatnonzero(empty_cells)
    if not len(spots):
        return []
    code, remedy = "E301", _fill(column)
    if column.kind == "id":
        name = sheet.frame["name"].iloc[spots[0]] if "name" in sheet.frame else None
        code = "E201"
        remedy = f"write an id, for example {names.slug(plain(name))!r}" if name else _fill(column)
    places = tuple(sheet.place(int(s), column.name) for s in spots[:3])
    return [Problem(code, f"{column.name} is blank", remedy, places, len(spots))]


def _fill(column: Column) -> str:
    if column.values:
        return "write " + _either(column.values)
    return f"fill it: {column.help[:1].lower()}{column.help[1:]}".rstrip(".")


def _either(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def _judge(column: Column, schema: Schema) -> Judge:
    if column.kind == "integer":
        return partial(_integer, column)
    if column.kind == "date":
        return partial(_date, column)
    if column.kind == "choice":
        return partial(_choice, column, column.values)
    if column.kind == "question":
        return partial(_choice, column, tuple(kind.table for kind in schema.links))
    if column.kind in ("id", "reference"):
        return partial(_identifier, column)
    return partial(_text, column)


def _text(column: Column, value: object) -> Judged:
    text = plain(value)
    name = column.name
    if len(text) > LONGEST_CELL:
        return None, [
            Fault(
                "E009", f"{name} holds {len(text):,} characters", f"keep it under {LONGEST_CELL:,}"
            )
        ]
    if text.isascii() and text.isprintable():
        return text, _formula(name, text)
    if names.is_broken(text):
        return None, [
            Fault("E010", f"{name} {shown(text)!r} holds a broken character", "type the text again")
        ]
    faults = _formula(name, text)
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text):
        faults.append(
            Fault("W312", f"{name} {shown(text)!r} holds control characters", "delete them")
        )
    if _TURNING & set(text):
        faults.append(
            Fault("W212", f"{name} {shown(text)!r} turns the writing direction", "delete the marks")
        )
    mixed = _mixed_word(text)
    if mixed:
        faults.append(
            Fault(
                "W211", f"{name} {shown(text)!r} mixes alphabets: {mixed}", "type that word again"
            )
        )
    return text, faults


def _formula(name: str, text: str) -> list[Fault]:
    if not text.startswith("="):
        return []
    return [
        Fault("W313", f"{name} {shown(text)!r} looks like a formula and stays text", "write words")
    ]


def _mixed_word(text: str) -> str:
    """Name the letter that stands out in a word of two look-alike alphabets."""
    for word in re.findall(r"\w+", text):
        letters: dict[str, list[str]] = {}
        for c in word:
            letters.setdefault(unicodedata.name(c, "").split(" ")[0], []).append(c)
        alike = {"LATIN", "CYRILLIC", "GREEK"} & set(letters)
        if len(alike) > 1:
            odd = min(alike, key=lambda script: (len(letters[script]), script == "LATIN", script))
            return f"{letters[odd][0]!r} is {unicodedata.name(letters[odd][0]).lower()}"
    return ""


def _identifier(column: Column, value: object) -> Judged:
    big = isinstance(value, (float, np.floating)) and abs(float(value)) >= 1e15
    if big or (isinstance(value, str) and _LOST_DIGITS.match(value.strip())):
        return None, [
            Fault(
                "E205",
                f"{column.name} {shown(value)!r} has lost digits",
                "format the column as text and type the number again",
            )
        ]
    text, faults = _text(column, value)
    if text is None:
        return None, faults
    composed = unicodedata.normalize("NFC", str(text))
    if composed != text:
        faults.append(
            Fault("N213", f"{column.name} {shown(composed)!r} was put into composed letters")
        )
    return composed, [f for f in faults if f.code != "W313"]


def _choice(column: Column, values: Sequence[str], value: object) -> Judged:
    text = plain(value)
    if text in values:
        return text, []
    keyed = {names.key(v): v for v in values}
    found = keyed.get(names.key(text)) or keyed.get(names.header(text))
    if found:
        return found, []
    return None, [
        Fault(
            "E301",
            f"{column.name} {shown(text)!r} is not an allowed value",
            f"write {_either(values)}",
        )
    ]


def _integer(column: Column, value: object) -> Judged:
    name, text = column.name, plain(value)
    span = f"{column.low} to {column.high}" if column.high else f"{column.low} or more"
    if isinstance(value, (bool, np.bool_)):
        return None, [Fault("E304", f"{name} {text} is a truth value", f"write a number {span}")]
    if _DECIMAL_COMMA.match(text):
        return None, [
            Fault(
                "E305",
                f"{name} {text!r} has a decimal comma",
                f"did you mean {text.replace(',', '.')}? A whole number {span} is wanted",
            )
        ]
    try:
        number = float(text.replace("_", "?"))
    except ValueError:
        return None, [
            Fault("E302", f"{name} {shown(text)!r} is not a number", f"write a number {span}")
        ]
    low = column.low if column.low is not None else -math.inf
    high = column.high if column.high is not None else 2**53
    if not math.isfinite(number) or not low <= number <= high:
        return None, [Fault("E303", f"{name} {shown(text)} is out of range", f"write {span}")]
    if not number.is_integer():
        return None, [
            Fault("E302", f"{name} {shown(text)} is not a whole number", f"write a number {span}")
        ]
    return int(number), []


def _date(column: Column, value: object) -> Judged:
    if isinstance(value, dt.datetime):
        value = value.date()
    text = plain(value)
    if dates.is_date(text):
        year = int(text[:4])
        if _YEARS[0] <= year <= _YEARS[1]:
            return text, []
        return text, [
            Fault(
                "W310",
                f"{column.name} {text!r} is outside {_YEARS[0]} to {_YEARS[1]}",
                "check the year",
            )
        ]
    return None, [_bad_date(column.name, value, text)]


def _bad_date(name: str, value: object, text: str) -> Fault:
    wanted = "write YYYY, YYYY-MM or YYYY-MM-DD"
    if _is_number(value):
        return Fault(
            "E308", f"{name} {shown(text)} is a bare number", f"{wanted}, or format it as a date"
        )
    parts = _SLASHED.match(text)
    if parts:
        a, b, c = (int(p) for p in parts.groups())
        readings = sorted(
            {
                f"{y:04d}-{m:02d}-{d:02d}"
                for y, m, d in ((c, b, a), (c, a, b), (a, b, c))
                if y > 999 and dates.is_date(f"{y:04d}-{m:02d}-{d:02d}")
            }
        )
        if len(readings) > 1:
            return Fault("E309", f"{name} {text!r} has two readings", f"write {_either(readings)}")
        if readings:
            return Fault(
                "E308", f"{name} {text!r} is not an ISO date", f"did you mean {readings[0]}?"
            )
    return Fault("E308", f"{name} {shown(text)!r} is not a date", wanted)


def _is_number(value: object) -> bool:
    kinds = (int, float, np.integer, np.floating)
    return isinstance(value, kinds) and not isinstance(value, (bool, np.bool_))


def _is_exact(number: object) -> bool:
    """Tell whether a float holds the number without loss."""
    return not isinstance(number, (int, np.integer)) or abs(int(number)) <= 2**53


def _midnight(value: dt.datetime) -> bool:
    return (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)


def _carried(sheet: Sheet, name: str) -> tuple[pd.Series, list[Problem]]:
    """An unknown column: numbers if all filled cells are exact as such, else text."""
    cells = sheet.frame[name]
    codes, uniques = distinct(cells)
    if uniques and all(_is_number(u) and _is_exact(u) for u in uniques):
        return cells.astype(object).where(cells.notna(), np.nan).astype(float), []
    faults: dict[int, list[Fault]] = {}
    values: list[object] = []
    for i, unique in enumerate(uniques):
        value, found = _one(name, partial(_text, Column(name)), unique)
        values.append(value)
        if found:
            faults[i] = found
    return filled(cells, codes, values, "str"), report(sheet, name, codes, faults)
