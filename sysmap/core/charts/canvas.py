"""The sheet that figures are drawn on: style, layout in points, furniture and file.

A figure that `axes` makes is laid out in points: the plot gets its size from the rows drawn, and
title, legend and small print are stacked around it, so that nothing overlaps at any length.
On an Axes that somebody else made, the same parts are stacked around the plot as it stands.
Dollar signs start no formula.
"""

from __future__ import annotations

import io
import math
import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sysmap.core.charts import labels
from sysmap.core.charts.marks import GREY, INK, PALE_GREY

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Lines = Sequence[tuple[float, str]]
"""Threshold lines: position on the axis and the words beside it."""
Bands = Sequence[tuple[float, float, str]]
"""Shaded ranges: from, to and the words above."""

TEXT, SMALL = 8.5, 7.5
"""Sizes of text and of small print, in points."""
_TITLE = 10.5
_OWN = "sysmap chart"
_WIDTH, _NARROW, _MARGIN = 540.0, 330.0, 8.0
_COARSE = 1.05
_MOST_ROWS = 60
# Tried in this order where a name has letters that the bundled font lacks.
_FALLBACKS = (
    "Noto Sans",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Noto Sans Thai",
    "Noto Sans Khmer",
    "Noto Sans Lao",
    "Noto Sans Myanmar",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Sinhala",
    "Noto Sans Thaana",
    "Nirmala UI",
    "Leelawadee UI",
    "Myanmar Text",
    "Microsoft YaHei",
    "PingFang SC",
    "Arial Unicode MS",
)


_FOOT: ContextVar[str] = ContextVar("foot", default="")


@contextmanager
def style(foot: str = "") -> Iterator[None]:
    """Everything is drawn in one style that ends with the block.

    Parameters
    ----------
    foot
        What stands behind the small print of every figure of the block, such as the date of the
        data; blank keeps that of a block around this one.

    The style starts from matplotlib's defaults, so a setting of the user changes no figure of
    ours, and ours changes none of the user's. Letters that no font has stay silent boxes.

    Examples
    --------
    >>> import matplotlib
    >>> before = matplotlib.rcParams["font.size"]
    >>> with style():
    ...     inside = matplotlib.rcParams["font.size"]
    >>> inside, matplotlib.rcParams["font.size"] == before
    (8.5, True)
    """
    from matplotlib import style as styles
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    ours = {
        "font.family": ["DejaVu Sans", *(f for f in _FALLBACKS if f in installed)],
        "font.size": TEXT,
        "axes.titlesize": _TITLE,
        "axes.labelsize": TEXT,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": TEXT,
        "legend.fontsize": SMALL,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.edgecolor": "#8C8C8C",
        "axes.linewidth": 0.6,
        "hatch.linewidth": 0.6,
        "text.parse_math": False,
        "axes.formatter.useoffset": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "sysmap",
    }
    with styles.context(["default", ours]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph ", category=UserWarning)
        before = _FOOT.set(foot or _FOOT.get())
        try:
            yield
        finally:
            _FOOT.reset(before)


def axes(ax: Axes | None = None, *, rows: int = 8, columns: int | None = None) -> Axes:
    """A figure is made only where no Axes is given.

    Parameters
    ----------
    ax
        Where to draw; it is handed back untouched.
    rows
        Rows that will be drawn; the height follows, up to 60 rows.
    columns
        Columns that will be drawn; the width follows. None is the width of a page.

    Examples
    --------
    >>> few, many = axes(rows=3), axes(rows=40)
    >>> bool(many.figure.get_figheight() > few.figure.get_figheight())
    True
    """
    if ax is not None:
        return ax
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = min(max(rows, 1), _MOST_ROWS)
    width = _WIDTH if columns is None else 200 + cell_width(columns, 200) * columns
    with style():
        figure = Figure(
            figsize=(max(width, _NARROW) / 72, (80 + drawn * pitch(drawn)) / 72), label=_OWN
        )
        FigureCanvasAgg(figure)
        return figure.add_subplot()


@dataclass(slots=True)
class Plot:
    """The room of a plot and around it, in points."""

    width: float
    height: float
    left: float
    right: float
    above: float = 0.0
    below: float = 0.0


def is_ours(ax: Axes) -> bool:
    """Whether `axes` made the figure, so that its size is ours to set."""
    return ax.figure.figure.get_label() == _OWN


def pitch(rows: int) -> float:
    """Height of a row in points: generous for few, readable for many."""
    return 20.0 if rows <= 6 else 16.0 if rows <= 20 else 13.0


def cell_width(columns: int, left: float) -> float:
    """Width of a cell beside row labels of a width; both in points."""
    return min(56.0, max(9.5, (_WIDTH - left) / max(columns, 1)))


def fitting(ax: Axes, top: int) -> int:
    """Rows that stay readable: all that are wanted, or what a given Axes has room for."""
    if is_ours(ax):
        return max(1, min(top, _MOST_ROWS))
    return max(1, min(top, int(size(ax)[1] // 11.5)))


def size(ax: Axes) -> tuple[float, float]:
    """Width and height of the plot in points."""
    box = ax.get_window_extent()
    points = 72 / ax.figure.figure.dpi
    return float(box.width * points), float(box.height * points)


def lay(
    ax: Axes, names: Sequence[str], *, height: float, left: float = 0.0, right: float = 0.0
) -> Plot:
    """Write the row labels and reckon the room of plot, labels and right column."""
    # on a coarse screen letters are set a little wider than they are drawn on paper
    left = max(left, _COARSE * labels.widest(names, TEXT) + 8 if names else 0.0)
    right = right + 10 if right else 12.0
    if is_ours(ax):
        plot = Plot(max(_WIDTH - left - right, 120.0), height, left, right)
    else:
        plot = Plot(*size(ax), left, right)
    ax.spines[["top", "right"]].set_visible(False)
    if names:
        ax.spines["left"].set_visible(False)
        ax.set_yticks(range(len(names)), labels=names, parse_math=False, fontsize=TEXT)
        ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0, pad=6)
    ax.tick_params(axis="x", length=2.5, labelsize=SMALL)
    return plot


def thresholds(ax: Axes, plot: Plot, lines: Lines, bands: Bands = ()) -> float:
    """Draw vertical lines and bands, their words above the plot; the height that they take."""
    least, most = ax.get_xlim()
    words = [(p, labels.shorten(w)) for p, w in lines if math.isfinite(p)]
    for position, _ in words:
        ax.axvline(position, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    for start, stop, label in bands:
        ax.axvspan(start, stop, color=PALE_GREY, linewidth=0, zorder=0)
        words.append(((start + stop) / 2, labels.shorten(label)))
    ends: list[float] = []
    for position, text in sorted(words):
        if not text:
            continue
        wide = labels.width(text, SMALL)
        centre = (position - least) / (most - least) * plot.width
        begin = min(max(centre - wide / 2, -plot.left), plot.width + plot.right - wide)
        level = next((i for i, end in enumerate(ends) if end + 8 <= begin), len(ends))
        ends[level : level + 1] = [begin + wide]
        write(ax, text, (0, 1), (begin, 4 + level * 11), "corner", va="bottom", color=GREY)
    return 4.0 + 11 * len(ends) if ends else 0.0


def below_axis(ax: Axes, label: str) -> float:
    """Name the x axis; the height of tick labels and name."""
    if not labels.clean(label):
        return 16.0
    ax.set_xlabel(labels.shorten(label, 80), fontsize=TEXT, labelpad=3, parse_math=False)
    return 31.0


def write(
    ax: Axes,
    text: str,
    xy: tuple[float, float],
    offset: tuple[float, float],
    where: str,
    *,
    size: float = SMALL,
    va: str = "center",
    ha: str = "left",
    color: str = INK,
    style: str = "normal",
) -> None:
    """Put text at points from a place: of a row, of the data or of the plot's corner."""
    systems = {"rows": ax.get_yaxis_transform(), "data": ax.transData, "corner": ax.transAxes}
    ax.annotate(
        text,
        xy,
        xytext=offset,
        xycoords=systems[where],
        textcoords="offset points",
        annotation_clip=False,
        parse_math=False,
        fontsize=size,
        va=va,
        ha=ha,
        color=color,
        style=style,
        zorder=5,
    )


def beside(ax: Axes, texts: Sequence[str]) -> None:
    """Write the column at the right."""
    for row, text in enumerate(texts):
        if text:
            write(ax, text, (1, row), (9, 0), "rows")


def furnish(
    ax: Axes,
    plot: Plot,
    title: str,
    note: str,
    handles: Sequence[Artist] = (),
    *,
    corner: str = "",
) -> None:
    """Stack legend and title above, small print below, and size the figure if it is ours."""
    if is_ours(ax):
        plot.right = max(plot.right, _NARROW - plot.left - plot.width)
        resize(ax, plot, plot.above, plot.below)
    room = plot.left + plot.width + plot.right
    above, below = plot.above + 6, plot.below
    if corner:
        beside = labels.width(corner, SMALL) <= plot.left - 6
        lift = 5.0 if beside else above
        above += 0 if beside else 12
        write(ax, corner, (0, 1), (-plot.left, lift), "corner", va="bottom", color=GREY)
    if handles:
        above += _legend(ax, handles, room, (-plot.left, above)) + 7
    # On a screen bold letters come out up to 2 % wider than their outlines.
    heading = labels.wrap(title, 0.97 * room, _TITLE, bold=True)
    if heading:
        ax.set_title(
            "\n".join(heading),
            loc="left",
            x=-plot.left / plot.width,
            y=1.0,
            pad=above,
            fontsize=_TITLE,
            fontweight="bold",
            color=INK,
            parse_math=False,
            linespacing=1.25,
        )
        above += len(heading) * _TITLE * 1.3
    small = labels.wrap(f"{note} {_FOOT.get()}", room, SMALL)
    for line, text in enumerate(small):
        offset = (-plot.left, -below - 6 - line * SMALL * 1.35)
        write(ax, text, (0, 0), offset, "corner", va="top", color=GREY)
    if small:
        below += 6 + len(small) * SMALL * 1.35
    if is_ours(ax):
        resize(ax, plot, above, below)


def resize(ax: Axes, plot: Plot, above: float, below: float) -> None:
    """Give the figure the size of plot, labels and furniture."""
    wide = plot.left + plot.width + plot.right + 2 * _MARGIN
    high = above + plot.height + below + 2 * _MARGIN
    ax.figure.figure.set_size_inches(wide / 72, high / 72)
    ax.set_position(
        (
            (plot.left + _MARGIN) / wide,
            (below + _MARGIN) / high,
            plot.width / wide,
            plot.height / high,
        )
    )


def _legend(ax: Axes, handles: Sequence[Artist], room: float, offset: tuple[float, float]) -> float:
    """Draw the legend in as few lines as fit above the plot; its height in points."""
    from matplotlib.transforms import ScaledTranslation

    figure: Figure = ax.figure.figure
    widest = max(labels.width(str(h.get_label()), SMALL) for h in handles) + 34
    fitting = max(1, int(room // widest))
    columns = -(-len(handles) // -(-len(handles) // fitting))
    shift = ScaledTranslation(offset[0] / 72, offset[1] / 72, figure.dpi_scale_trans)
    # A hair space in front: older releases of matplotlib drop labels that begin with "_".
    legend = ax.legend(
        handles=handles,
        labels=[f"\u200a{h.get_label()}" for h in handles],
        ncols=columns,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        bbox_transform=ax.transAxes + shift,
        borderaxespad=0,
        borderpad=0,
        frameon=False,
        fontsize=SMALL,
        columnspacing=1.4,
        handletextpad=0.4,
        handlelength=1.6,
        handleheight=0.9,
        labelspacing=0.35,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
        text.set_text(text.get_text().removeprefix("\u200a"))
    return float(legend.get_window_extent().height * 72 / figure.dpi)


_NOTHING = "nothing"  # the label of an Axes is never drawn


def nothing(ax: Axes, title: str, note: str) -> Axes:
    """A figure that says in words that it is empty."""
    with style():
        plot = lay(ax, [], height=40.0)
        ax.set_axis_off()
        ax.set_label(_NOTHING)
        text = "nothing to draw: no rows for this figure"
        write(ax, text, (0, 0.5), (0, 0), "corner", size=TEXT, color=GREY)
        furnish(ax, plot, title, note)
    return ax


def is_blank(ax: Axes) -> bool:
    """Whether the figure only says in words that it is empty."""
    return ax.get_label() == _NOTHING


def to_svg(ax: Axes, *, title: str = "", description: str = "") -> bytes:
    """The figure is one SVG image that names and describes itself.

    Parameters
    ----------
    ax
        Any Axes of the figure; the whole figure is drawn.
    title, description
        Written as ``<title>`` and ``<desc>``, escaped. Blank is the title that is drawn.

    Returns
    -------
    bytes
        UTF-8, text kept as text, without date, tool or address of a document type; equal input
        gives equal bytes.

    Examples
    --------
    >>> image = to_svg(axes(), title="Costs < benefits").decode()
    >>> 'role="img"' in image, "Costs &lt; benefits" in image
    (True, True)
    """
    svg = _saved(ax, "svg").decode("utf-8")
    svg = re.sub(r"<!DOCTYPE[^>]*>\s*", "", svg, count=1)
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, count=1, flags=re.DOTALL)
    # Which fallback fonts this machine has is nobody's business and would change the bytes.
    svg = re.sub(
        r"(<text [^>]*?)'DejaVu Sans'[^;\">]*", r"\1'DejaVu Sans', Verdana, sans-serif", svg
    )
    name = labels.clean(title) or labels.clean(ax.get_title(loc="left")) or "Figure"
    words = labels.clean(description)
    key = f"{zlib.crc32(f'{name}|{words}'.encode()):08x}"
    head = f'<title id="t{key}">{escape(name)}</title>'
    named_by = f"t{key}"
    if words:
        head += f'\n <desc id="d{key}">{escape(words)}</desc>'
        named_by += f" d{key}"
    start = re.search(r"<svg [^>]*>", svg)
    if start is None:
        raise ValueError("the drawing library returned no SVG; report this as a bug")
    tag = start.group().replace("<svg ", f'<svg role="img" aria-labelledby="{named_by}" ', 1)
    return (svg[: start.start()] + tag + "\n " + head + svg[start.end() :]).encode("utf-8")


def to_png(ax: Axes, *, dpi: float = 150) -> bytes:
    """The figure is one PNG image that names no software; equal input gives equal bytes.

    Parameters
    ----------
    ax
        Any Axes of the figure; the whole figure is drawn.
    dpi
        Pixels per inch.

    Examples
    --------
    >>> to_png(axes(), dpi=50)[1:4]
    b'PNG'
    """
    return _saved(ax, "png", dpi=dpi)


def _saved(ax: Axes, format: str, dpi: float | None = None) -> bytes:
    stream = io.BytesIO()
    blank: dict[str, None] = (
        {"Software": None}
        if format == "png"
        else {"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    with style():
        ax.figure.figure.savefig(
            stream,
            format=format,
            dpi="figure" if dpi is None else dpi,
            metadata=blank,
            bbox_inches="tight",
            pad_inches=0.08,
        )
    return stream.getvalue()
