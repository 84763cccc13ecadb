"""Text fit for a drawing: clean, short, wrapped, measured, and placed beside its point.

Text is drawn as it is written: control characters and marks that turn the direction are dropped.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
LETTERS = 42
"""The most letters of a label."""


def word(value: object) -> str:
    """A class as a word; blank for a missing one."""
    return "" if value is None or value is pd.NA or value != value else clean(value)


def clean(value: object) -> str:
    """Text on one line that every font engine and XML parser takes."""
    kept = (
        " "
        if unicodedata.category(c) in {"Cc", "Zl", "Zp"}
        else "\ufffd"
        if unicodedata.category(c) in {"Cs", "Cn"}
        else ""
        if c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
        else c
        for c in str(value)[:4000]
    )
    return " ".join("".join(kept).split())


def shorten(value: object, most: int = LETTERS) -> str:
    """Text cut to a number of letters, with an ellipsis where something is missing."""
    text = clean(value)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def distinct(values: Iterable[object], most: int = LETTERS, *, ends: bool = False) -> list[str]:
    """Texts cut to a number of letters, such that different ones do not come to look alike.

    Texts are cut at the end; where that would make two of them one, in the middle, so that the
    first word in which they differ is kept.

    Parameters
    ----------
    ends
        True cuts every text in the middle, because names of organizations are told by both ends.

    Examples
    --------
    >>> distinct(["Ministry of Education, Timor", "Ministry of Education, Nepal", "Bank"], 16)
    ['Ministry o…Timor', 'Ministry o…Nepal', 'Bank']
    >>> distinct(["Global Partnership for Education"], 22, ends=True)
    ['Global Partn…Education']
    """
    texts = [clean(v) for v in values]
    alike: dict[str, set[str]] = {}
    for text in texts:
        alike.setdefault(shorten(text, most), set()).add(text)
    cut = []
    for text in texts:
        others = alike[shorten(text, most)] - {text}
        apart = ends or bool(others)
        cut.append(_told_apart(text, others, most) if apart else shorten(text, most))
    return cut


def _told_apart(text: str, others: set[str], most: int) -> str:
    """The beginning of a text, and a part that no other one has: its end, else what differs."""
    if len(text) <= most:
        return text
    room = most - 1 - max(2, (most - 1) * 2 // 5)
    end = text[-room:]
    tail = end[end.find(" ") + 1 :]
    if any(other.endswith(tail) for other in others):
        same = max(_alike_until(text, other) for other in others)
        word = text.rfind(" ", 0, same) + 1
        before = text.rfind(" ", 0, max(word - 1, 0)) + 1
        # the word that differs, and the one before it, as far as the difference stays in view
        begin = next((at for at in (before, word) if same - at < room // 2), same)
        tail = shorten(text[begin:], room)
    return f"{text[: most - 1 - len(tail)].rstrip()}…{tail}"


def _alike_until(one: str, other: str) -> int:
    """The number of letters before the first difference."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def heading(value: object) -> str:
    """A label of an index as text; the parts of a tuple stand side by side."""
    if isinstance(value, tuple):
        return ", ".join(word(v) for v in value)
    return word(value)


def number(value: float) -> str:
    """A number for reading: whole where it is whole, else three digits."""
    if not math.isfinite(value):
        return ""
    if value == round(value) or abs(value) >= 1000:
        return f"{round(value):,}"
    return f"{value:.3g}"


def counted(note: str, shown: int, rows: int, columns: int = 0, all_columns: int = 0) -> str:
    """The note, with what was left out."""
    left_out = []
    if shown < rows:
        left_out.append(f"Drawn: the first {shown:,} of {rows:,} rows.")
    if columns < all_columns:
        left_out.append(f"Drawn: the first {columns:,} of {all_columns:,} columns.")
    return " ".join([note, *left_out]).strip()


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is, in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not text:
        return 0.0
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    wide, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(wide)


def widest(texts: Iterable[str], size: float) -> float:
    """How wide the widest text is, in points; 0 without texts."""
    return max((width(t, size) for t in texts), default=0.0)


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines that fit into so many points; a longer word is broken."""
    lines: list[str] = []
    for word in clean(text).split():
        if lines and width(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        while len(word) > 1 and (wide := width(word, size, bold=bold)) > room:
            fits = max(1, int(len(word) * room / wide))
            lines.append(word[:fits])
            word = word[fits:]
        lines.append(word)
    return lines


def place_labels(
    points: ArrayLike,
    sizes: ArrayLike,
    *,
    obstacles: ArrayLike = (),
    bounds: tuple[float, float, float, float] | None = None,
    gap: float = 5.0,
) -> FloatArray:
    """Labels are put beside their points so that none covers another or an obstacle.

    Parameters
    ----------
    points
        Where the labels belong, shape ``(n, 2)``, the most important first.
    sizes
        Width and height of each label in the same unit, shape ``(n, 2)``.
    obstacles
        Boxes to keep off, shape ``(m, 4)``: left, bottom, right, top.
    bounds
        The box that labels stay in; None is no bound.
    gap
        Distance between point and label.

    Returns
    -------
    ndarray
        Boxes of shape ``(n, 4)``; NaN where none of the eight positions is free.

    Notes
    -----
    Greedy: each label takes the first free position of right, upper right, lower right, left,
    upper left, lower left, above, below. Source: the eight-position model of Imhof (1975), in
    the greedy variant that Christensen, Marks and Shieber (1995) compare.

    Examples
    --------
    >>> place_labels([(0, 0), (0, 0)], [(10, 4), (10, 4)], gap=2)
    array([[  2.,  -2.,  12.,   2.],
           [-12.,  -2.,  -2.,   2.]])
    """
    at = np.asarray(points, np.float64).reshape(-1, 2)
    size = np.asarray(sizes, np.float64).reshape(-1, 2)
    taken = np.asarray(obstacles, np.float64).reshape(-1, 4)
    boxes = np.full((len(at), 4), np.nan)
    for i, ((x, y), (w, h)) in enumerate(zip(at, size, strict=True)):
        slant = gap * 0.7
        corners = (
            (x + gap, y - h / 2),
            (x + slant, y + slant),
            (x + slant, y - slant - h),
            (x - gap - w, y - h / 2),
            (x - slant - w, y + slant),
            (x - slant - w, y - slant - h),
            (x - w / 2, y + gap),
            (x - w / 2, y - gap - h),
        )
        for left, bottom in corners:
            box = np.array([left, bottom, left + w, bottom + h])
            if bounds is not None and not _inside(box, bounds):
                continue
            if not _overlaps(box, taken).any():
                boxes[i] = box
                taken = np.vstack([taken, box])
                break
    return boxes


def _inside(box: FloatArray, bounds: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = bounds
    return bool(box[0] >= left and box[1] >= bottom and box[2] <= right and box[3] <= top)


def _overlaps(box: FloatArray, others: FloatArray) -> NDArray[np.bool_]:
    """Which boxes share more than an edge with one box."""
    apart: NDArray[np.bool_] = (
        (others[:, 2] <= box[0])
        | (others[:, 0] >= box[2])
        | (others[:, 3] <= box[1])
        | (others[:, 1] >= box[3])
    )
    return ~apart
