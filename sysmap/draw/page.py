"""The interactive page: one file that opens offline and holds nothing but what it shows."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sysmap.core import files, names
from sysmap.core.errors import LimitError, UnknownIdError
from sysmap.core.model import SystemMap, drawn_types
from sysmap.core.result import Result
from sysmap.core.schema import ELEMENTS
from sysmap.draw import answer, grouping, network, payload, render, still
from sysmap.draw.network import SafeNetwork
from sysmap.draw.payload import Content
from sysmap.draw.words import WORDS, filled, replaced

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
    content
        What it shows, as plain values.
    """

    html: str = field(repr=False)
    network: SafeNetwork = field(repr=False)
    summary: str
    content: Content = field(repr=False)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, whole or not at all, and give the path back.

        Raises
        ------
        OutputError
            If it cannot be written there; a file that stood there is intact.
        """
        return files.write_bytes(path, self.html.encode("utf-8"))

    def _repr_html_(self) -> str:
        """A sentence, a still picture, and the page in a frame without an origin.

        A notebook that is not trusted drops the frame; the sentence says what to do then.
        """
        picture = base64.b64encode(still.png(self.content)).decode("ascii")
        return (
            render.environment()
            .get_template("notebook.html.j2")
            .render(
                page=self,
                words=self.content.words,
                still=f"data:image/png;base64,{picture}",
                alt=still.alt(self.content),
                inside=render.quoted(self.html),
            )
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
    start: Collection[str] | None = None,
    by: str | None = None,
    strings: Mapping[str, str] | None = None,
    result: Result | None = None,
    methods: str = "",
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
        Sentences of the header and caveats: first the data date, then who was asked, what is
        hidden.
    lang
        Language of the page, as an HTML language code; it also decides the writing direction.
    layouts
        ``layers`` and ``network``, the first one is drawn at the start.
    max_nodes
        The most nodes that a page may hold, at most 2,000.
    start
        Ids of the nodes that the page opens on. None is the whole of a small map; of a large one
        the first rows of `result` with their neighbours, else outcomes and the most-linked
        elements.
    by
        ``area`` draws one node per area of work in place of its elements.
    strings
        Interface texts that replace those of `sysmap.draw.words.WORDS`, by key; the words of the
        schema have keys such as ``elements.one``, ``elements.many``, ``works_on.verb`` and
        ``works_on.inverse``.
    result
        An answer about this map; it becomes a view of its own, and its columns stand in the
        details and in the table.
    methods
        How the facts were computed; folded away at the foot of the page.

    Returns
    -------
    Page
        Equal maps and arguments give equal bytes.

    Raises
    ------
    LimitError
        If the map has more nodes than that; the message names the ways out.
    UnknownIdError
        If an id of `start` is no node of the page.
    ValueError
        If a layout, a key of `strings` or `by` is unknown, or `lang` is no language code.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> make(from_tables({})).summary
    'System map: 0 nodes and 0 relations from 0 claims.'
    """
    _refuse(lang, layouts, by)
    texts = {key: payload.clean(text) for key, text in (strings or {}).items()}
    words = replaced(texts, _schema_words(m))
    count, grouped = _counts(m)
    limit = min(max_nodes, MOST_NODES)
    _refuse_above(limit, grouped if by else count, m, grouped if by is None else None)
    content = replace(
        payload.content(m, title=title, facts=facts, notes=notes, lang=lang, layouts=layouts),
        words=words,
        methods=payload.clean(methods),
    )
    content = _in_words(content, words)
    if result is not None and not by:
        content = _with_answer(content, result)
    if start is not None:
        content = replace(content, start=_known(start, content), reason="start_given")
    if by:
        content = grouping.by_area(content)
    summary = filled(
        words["summary"],
        title=content.title,
        n=f"{len(content.nodes):,}",
        e=f"{len(content.edges):,}",
        c=f"{_claims(content):,}",
    )
    return Page(render.html(content), network.of_content(content), summary, content)


def by_as_needed(m: SystemMap) -> str | None:
    """How the largest page can show a map: whole, or by area if that is too much.

    Raises
    ------
    LimitError
        If it is too much by area, too.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> by_as_needed(from_tables({})) is None
    True
    """
    count, grouped = _counts(m)
    if grouped > MOST_NODES:
        _refuse_above(MOST_NODES, count, m, None)
    return None if count <= MOST_NODES else "area"


def _refuse(lang: str, layouts: Sequence[str], by: str | None) -> None:
    if not _LANGUAGE.fullmatch(lang):
        raise ValueError(f"lang {lang!r} is no language code; write one such as en or pt-BR")
    if not layouts:
        raise ValueError("layouts is empty; choose from layers and network")
    if by not in (None, "area"):
        raise ValueError(
            f"by {by!r} is unknown; a page can group by 'area', or by None: not at all"
        )


def _refuse_above(limit: int, count: int, m: SystemMap, grouped: int | None) -> None:
    if count <= limit:
        return
    areas = sorted(m.elements["area"].dropna().unique())
    area = areas[0] if areas else "costing"
    element = next(iter(sorted(m.links("influences")["cause"].dropna())), "teacher-training")
    ways = [
        f'narrow it:  m.select(areas=["{area}"])  or  m.downstream("{element}", steps=2)',
        *(
            ['group it:   to_html(m, by="area"), one node per area with counts of distinct sources']
            if grouped is not None and grouped <= limit
            else []
        ),
        'hand it to a desktop tool:  write(m, "map.graphml")',
    ]
    listed = "\n".join(f"  {k}) {way}" for k, way in enumerate(ways, 1))
    raise LimitError(
        f"The map has {count:,} nodes; a page shows at most {limit:,} "
        f"(max_nodes allows up to {MOST_NODES:,}). Choose one:\n{listed}",
        limit="max_nodes",
    )


def _counts(m: SystemMap) -> tuple[int, int]:
    """Nodes that are drawn, and nodes that are drawn by area."""
    count = sum(len(m.table(kind.table)) for kind in drawn_types(m))
    return count, _grouped_count(m, count)


def _grouped_count(m: SystemMap, count: int) -> int:
    """How many nodes are left when one per area stands for the elements."""
    elements = m.table(ELEMENTS)
    return count - len(elements) + int(elements["area"].nunique(dropna=False))


def _claims(content: Content) -> int:
    """Claims behind the lines; a grouped claim says how many it stands for."""
    if not any(kind.table == grouping.AREAS for kind in content.types):
        return sum(len(e.claims) for e in content.edges)
    counts = [c.get("claims") for e in content.edges for c in e.claims]
    return sum(n if isinstance(n, int) else 1 for n in counts)


def _schema_words(m: SystemMap) -> dict[str, str]:
    """The words by which the schema calls types and relations, by key."""
    found: dict[str, str] = {}
    for kind in drawn_types(m):
        found |= {f"{kind.table}.one": kind.one, f"{kind.table}.many": kind.many}
    for link in m.schema.links:
        found |= {f"{link.table}.verb": link.verb, f"{link.table}.inverse": link.inverse}
    return found


def _in_words(content: Content, words: Mapping[str, str]) -> Content:
    """Types and relations called as the words of the page call them."""
    return replace(
        content,
        words={k: text for k, text in words.items() if k in WORDS},
        types=tuple(
            replace(k, one=words[f"{k.table}.one"], many=words[f"{k.table}.many"])
            for k in content.types
        ),
        relations=tuple(
            replace(k, verb=words[f"{k.table}.verb"], inverse=words[f"{k.table}.inverse"])
            for k in content.relations
        ),
    )


def _known(start: Collection[str], content: Content) -> tuple[str, ...]:
    ids = [n.id for n in content.nodes]
    for id in start:
        if id not in ids:
            raise UnknownIdError(id, table="this page", near=names.alike(str(id), ids))
    return tuple(start)


def _with_answer(content: Content, result: Result) -> Content:
    """The answer on the page, which opens on its first rows and what they are linked with."""
    told = answer.shown(result, frozenset(n.id for n in content.nodes))
    first = list(dict.fromkeys(id for row in told.first for id in row.subjects))
    around = dict.fromkeys(first)
    for id in first:
        linked = [
            e.second if e.first == id else e.first
            for e in content.edges
            if id in (e.first, e.second)
        ]
        around |= dict.fromkeys(linked)
    start = tuple(around)[: max(payload.START_NODES, len(first))]
    return replace(
        content,
        answer=told,
        start=start or None,
        reason="start_answer" if start else content.reason,
    )
