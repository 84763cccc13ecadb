"""Figures of every kind, and what stands in them, for the tests of the figures."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sysmap.core import charts

HOSTILE = (
    "</text><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "$x_{1}$ and $\\undefined",
    "]]>&amp;\u2028<!-- \x00\x1b \ud800",
    "\u202egnirts",
    "_hidden",
    "L" * 5000,
)
LONG = ("An element with a name that is far longer than any column could ever hold, " * 2,)
VERDICTS = ("universal", "intermediate", "context-specific", "undetermined")
KINDS = (
    "dots",
    "bars",
    "diverging",
    "matrix",
    "amounts",
    "spans",
    "scatter",
    "steps",
    "chains",
    "upset",
)


def shares(rows: int) -> pd.DataFrame:
    """Rows with falling shares; the first holds everywhere, the last was never assessed."""
    share = np.linspace(1, 0, rows)
    return pd.DataFrame(
        {
            "name": [f"Teacher training for multigrade schools, part {i}" for i in range(rows)],
            "share": np.where(np.arange(rows) == rows - 1, np.nan, share) if rows > 1 else share,
            "low": np.clip(share - 0.1, 0, 1),
            "high": np.clip(share + 0.1, 0, 1),
            "verdict": [VERDICTS[i % 4] for i in range(rows)],
            "of": [f"{i} of {rows}" for i in range(rows)],
        }
    )


def figure(kind: str, rows: int = 5, words: tuple[str, ...] = ()) -> Axes:
    """A figure of one kind; with `words` every text is one of these."""
    told = itertools.cycle(words or ("Costing", "Connectivity", "Curriculum"))
    names = [next(told) for _ in range(rows)]
    kinds = [next(told) for _ in range(rows)] if words else list(VERDICTS * rows)[:rows]
    frame = shares(rows).assign(
        name=names,
        verdict=kinds,
        x=np.arange(rows) * 1.5,
        y=np.arange(rows)[::-1] / 3,
        start=pd.to_datetime("2024-01-01") + pd.to_timedelta(np.arange(rows) * 40, unit="D"),
        end=pd.to_datetime("2024-02-01") + pd.to_timedelta(np.arange(rows) * 40, unit="D"),
    )
    heads = [f"{next(told)}{i}" for i in range(4)]
    cells = pd.DataFrame(np.resize(kinds, (rows, 4)), index=names, columns=heads)
    numbers = pd.DataFrame(np.arange(rows * 4.0).reshape(rows, 4), index=names, columns=heads)
    line = [(1.0, names[0])]
    more = {
        "title": next(told) if words else "Five elements.",
        "note": next(told) if words else "Data of 30 June 2024.",
    }
    ax = charts.axes(rows=rows)
    draw = {
        "dots": lambda: charts.dots(ax, frame, right="of", lines=line, xlabel=names[0], **more),
        "bars": lambda: charts.bars(
            ax, frame, label="name", value="x", of="y", kind="verdict", **more
        ),
        "diverging": lambda: charts.diverging(
            ax, frame, label="name", left="x", right="y", kind="verdict", **more
        ),
        "matrix": lambda: charts.matrix(ax, cells, text=cells, rows=names[0], **more),
        "amounts": lambda: charts.amounts(ax, numbers, rows=names[0], columns=names[0], **more),
        "spans": lambda: charts.spans(
            ax, frame, kind="verdict", at="2024-03-01", right="name", **more
        ),
        "steps": lambda: charts.steps(
            ax, frame, value="x", kind="verdict", right="of", xlabel=names[0], **more
        ),
        "scatter": lambda: charts.scatter(
            ax,
            frame,
            x="x",
            y="y",
            label="name",
            kind="verdict",
            low="low",
            high="high",
            xlines=line,
            ylines=line,
            **more,
        ),
        "upset": lambda: charts.upset(ax, overlaps(rows, names), what=names[0][:40], **more),
        "chains": lambda: charts.chains(
            ax,
            ways(rows),
            names=dict(zip(["from", "to", *map(str, range(rows))], names * 3, strict=False)),
            goals={"to"},
            **more,
        ),
    }
    return draw[kind]()


def overlaps(rows: int, names: Sequence[str]) -> pd.DataFrame:
    """Three times as many things as sets; each is in the sets whose bits its number has."""
    numbers = np.arange(1, 3 * rows + 1)
    return pd.DataFrame(numbers[:, None] >> np.arange(rows) & 1 == 1, columns=list(names))


def ways(rows: int) -> pd.DataFrame:
    """Paths from one thing to another through one, two or three of as many others."""
    signs, steps = itertools.cycle(["+", "-", "+", "unknown"]), []
    for i in range(rows):
        inner = [str(j) for j in (i, i + rows // 3, i + rows // 2) if j < rows]
        way = ["from", *dict.fromkeys(inner), "to"]
        steps += [(f"P{i}", a, b, next(signs), i % 5) for a, b in itertools.pairwise(way)]
    return pd.DataFrame(steps, columns=["path", "cause", "effect", "sign", "sources"])


def texts(ax: Axes) -> list[str]:
    return [t.get_text() for t in ax.findobj(Text) if t.get_visible() and t.get_text()]


def legend(ax: Axes) -> list[str]:
    drawn = ax.get_legend()
    return [t.get_text() for t in drawn.get_texts()] if drawn else []


def boxes_of_texts(ax: Axes) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with its box in pixels; ticks beyond the axis are not drawn."""
    ax.figure.canvas.draw()
    drawn = [*ax.texts, *(ax.get_legend().get_texts() if ax.get_legend() else ())]
    drawn += [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        ticks = zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=True)
        drawn += [text for at, text in ticks if min(limits) <= at <= max(limits)]
    return [(t.get_text(), t.get_window_extent()) for t in drawn if t.get_text().strip()]
