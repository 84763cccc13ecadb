"""The interactive page: one file that opens offline and holds nothing but what it shows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sysmap.core import files
from sysmap.core.errors import LimitError
from sysmap.core.model import SystemMap, drawn_types
from sysmap.draw import network, payload, render
from sysmap.draw.network import SafeNetwork
from sysmap.draw.words import WORDS

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

MOST_NODES = 2000
"""Above this no picture says anything, whatever `max_nodes` asks for."""


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page.

    Parameters
    ----------
    html
        The whole page, ready to be written as UTF-8.
    network
        The pyvis network that it draws.
    summary
        One sentence: title and size.
    """

    html: str = field(repr=False)
    network: SafeNetwork = field(repr=False)
    summary: str

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, whole or not at all, and give the path back.

        Raises
        ------
        OutputError
            If it cannot be written there; a file that stood there is intact.
        """
        return files.write_bytes(path, self.html.encode("utf-8"))

    def _repr_html_(self) -> str:
        """The summary, and the page in a frame that may run scripts and nothing else of ours."""
        return (
            render.environment()
            .get_template("notebook.html.j2")
            .render(summary=self.summary, page=self.html, trust=WORDS["trust"])
        )


def make(
    m: SystemMap,
    /,
    *,
    title: str | None = None,
    facts: Mapping[str, Mapping[str, object]] | None = None,
    notes: Iterable[str] = (),
    lang: str = "en",
    layouts: Sequence[str] = ("layers", "network"),
    max_nodes: int = 600,
) -> Page:
    """The page of a map that was already redacted for its readers.

    Parameters
    ----------
    m
        A map; everything in it may be seen by whoever gets the page.
    title
        Title of the page; None is the title of the map.
    facts
        What an answer says of a node, by id. ``verdict`` is universal, intermediate,
        context-specific or undetermined; ``sentence`` states the prevalence; ``present`` and
        ``assessed`` are counts of contexts; ``answers`` maps context ids to ``silent`` or
        ``not asked``.
    notes
        Sentences of the header and caveats: data date, who was asked, what is hidden.
    lang
        Language of the page, as an HTML language code.
    layouts
        ``layers`` and ``network``, the first one is drawn at the start.
    max_nodes
        The most nodes that a page may hold, at most 2,000.

    Returns
    -------
    Page
        Equal maps and arguments give equal bytes.

    Raises
    ------
    LimitError
        If the map has more nodes than that; the message names the ways out.
    ValueError
        If a layout is unknown or `lang` is no language code.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> make(from_tables({})).summary
    'System map: 0 nodes and 0 relations from 0 claims.'
    """
    count = sum(len(m.table(kind.table)) for kind in drawn_types(m))
    _refuse_above(min(max_nodes, MOST_NODES), count)
    if not _LANGUAGE.fullmatch(lang):
        raise ValueError(f"lang {lang!r} is no language code; write one such as en or pt-BR")
    if not layouts:
        raise ValueError("layouts is empty; choose from layers and network")
    content = payload.content(m, title=title, facts=facts, notes=notes, lang=lang, layouts=layouts)
    summary = WORDS["summary"].format(
        title=content.title,
        n=f"{len(content.nodes):,}",
        e=f"{len(content.edges):,}",
        c=f"{sum(len(e.claims) for e in content.edges):,}",
    )
    return Page(render.html(content), network.of_content(content), summary)


def _refuse_above(limit: int, count: int) -> None:
    if count <= limit:
        return
    raise LimitError(
        f"The map has {count:,} nodes; a page shows at most {limit:,} "
        f"(max_nodes allows up to {MOST_NODES:,}). Choose one:\n"
        '  1) narrow it:  m.select(areas=["costing"])  or  '
        'm.downstream("teacher-training", steps=2)\n'
        '  2) hand it to a desktop tool:  write(m, "map.graphml")',
        limit="max_nodes",
    )
