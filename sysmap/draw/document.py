"""The data of a page as text that its script unpacks: columns and runs, as small as may be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from sysmap.core.schema import INFLUENCES, WORKS_ON
from sysmap.draw.layout import Layout, Plain
from sysmap.draw.payload import STATES, VERDICTS, Content, Edge, Node, Row, clean
from sysmap.draw.words import UNSPOKEN

_SHORTEST_RUN = 5
_TOLD = ("area", "description", "url", "visibility")
_OUTSIDE_SCRIPT = str.maketrans(
    {c: f"\\u{ord(c):04x}" for c in ("<", ">", "&", "\u2028", "\u2029")}
)


def to_json(
    page: Content, layouts: Mapping[str, Layout], start: Sequence[int], words: Mapping[str, str]
) -> str:
    """The data of a page as text that can stand inside a script element."""
    return embed(_document(page, layouts, start, words))


def embed(document: Plain) -> str:
    r"""JSON in which no character can end a script element or a line of script.

    Examples
    --------
    >>> embed({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_OUTSIDE_SCRIPT)


def _document(
    page: Content, layouts: Mapping[str, Layout], start: Sequence[int], words: Mapping[str, str]
) -> Plain:
    place = {n.id: i for i, n in enumerate(page.nodes)}
    areas = sorted({n.area for n in page.nodes if n.area is not None})
    source_ids = sorted(page.sources)
    said = {id: i for i, id in enumerate(source_ids)}
    types = [kind.table for kind in page.types]
    relations = [kind.table for kind in page.relations]
    return {
        "title": page.title,
        "words": {key: text for key, text in words.items() if key not in UNSPOKEN},
        "verdicts": list(VERDICTS),
        "answers": _short_answers(page, place),
        "areas": list(areas),
        "types": [
            {
                "table": k.table,
                "one": k.one or k.table,
                "many": k.many or k.table,
                "shape": k.shape,
                "colour": k.colour,
                "area": k.knows("area"),
            }
            for k in page.types
        ],
        "relations": [
            {
                "table": k.table,
                "verb": k.verb or k.table,
                "inverse": k.inverse or k.table,
                "colour": k.colour,
                "directed": k.directed,
                "signed": k.knows("sign"),
                "stated": k.knows("state"),
                "trace": k.table == INFLUENCES,
                "work": k.table == WORKS_ON,
            }
            for k in page.relations
        ],
        "sources": [dict(page.sources[id]) for id in source_ids],
        "nodes": _short_nodes(page.nodes, types, areas),
        "edges": _short_edges(page.edges, relations, said, place),
        "layouts": {name: layout.to_plain() for name, layout in layouts.items()},
        "start": list(start) if len(start) < len(page.nodes) else None,
        "start_reason": page.reason,
        "date": page.notes[0] if page.notes else words["no_date"],
        "answer": page.answer.to_plain(place) if page.answer else None,
    }


def _short_answers(page: Content, place: Mapping[str, int]) -> Plain:
    """Places, and per element one digit for each of them: its position in `STATES`; 9 is blank.

    A digit that is repeated is followed by how often, in braces.
    """
    units = sorted({place[u] for row in page.answers.values() for u in row if u in place})
    ids = [page.nodes[u].id for u in units]
    digits = {word: str(k) for k, word in enumerate(STATES)}
    return {
        "words": list(STATES),
        "places": [*units],
        "at": _in_rows([at for at, node in enumerate(page.nodes) if node.id in page.answers]),
        "of": [
            _in_runs(digits.get(page.answers[node.id].get(u, ""), "9") for u in ids)
            for node in page.nodes
            if node.id in page.answers
        ],
    }


def _in_runs(letters: Iterable[str]) -> str:
    """Letters, with longer runs of one as the letter and its number in braces."""
    runs = ((letter, sum(1 for _ in run)) for letter, run in groupby(letters))
    return "".join(x * n if n < _SHORTEST_RUN else f"{x}{{{n}}}" for x, n in runs)


def _in_rows(places: Sequence[int]) -> Plain:
    """Rising positions as pairs: the first of those that follow one another, and how many."""
    rows = [list(row) for _, row in groupby(enumerate(places), lambda pair: pair[1] - pair[0])]
    return [[row[0][1], len(row)] for row in rows]


def _short_nodes(nodes: Sequence[Node], types: Sequence[str], areas: Sequence[str]) -> Plain:
    """Columns of what every node has, and the rest of each node that has more.

    Types are runs, as pairs of a position and how often. Areas are positions, -1 where there is
    none; verdicts are one digit per node, 9 where there is none.
    """
    rest: dict[str, Plain] = {}
    for at, node in enumerate(nodes):
        more: list[Plain] = [
            [name, value]
            for name, value in node.data.items()
            if name not in _TOLD and value not in (None, "")
        ]
        parts: dict[str, Plain] = {
            "description": node.data.get("description"),
            "url": node.data.get("url"),
            "aliases": list(node.aliases) or None,
            "more": more or None,
        }
        kept: dict[str, Plain] = {k: v for k, v in parts.items() if v is not None}
        if kept:
            rest[str(at)] = kept
    return {
        "types": [
            [types.index(table), sum(1 for _ in run)]
            for table, run in groupby(n.table for n in nodes)
        ],
        "ids": [clean(n.id) for n in nodes],
        "names": [n.name for n in nodes],
        "areas": [areas.index(n.area) if n.area is not None else -1 for n in nodes],
        "verdicts": _in_runs(str(VERDICTS.index(n.verdict)) if n.verdict else "9" for n in nodes),
        "rest": rest,
        "facts": _short_facts(nodes),
    }


def _short_facts(nodes: Sequence[Node]) -> Plain:
    """Columns of what an answer says, and the positions of the nodes that it says it of."""
    told = {
        at: {k: v for k, v in node.facts.items() if k not in ("answers", "verdict")}
        for at, node in enumerate(nodes)
    }
    told = {at: facts for at, facts in told.items() if facts}
    columns = dict.fromkeys(key for facts in told.values() for key in facts)
    return {
        "at": _in_rows([*told]),
        "columns": [[key, [facts.get(key) for facts in told.values()]] for key in columns],
    }


def _short_edges(
    edges: Sequence[Edge],
    relations: Sequence[str],
    said: Mapping[str, int],
    place: Mapping[str, int],
) -> Plain:
    """Columns of relations: table and first end in runs, second end, answer, claims.

    Answers are one sign per relation: the position among the words, counted from the digit 0.
    """
    answers = [None, *sorted({e.answer for e in edges if e.answer is not None})]
    signs = {answer: chr(ord("0") + k) for k, answer in enumerate(answers)}
    claims: list[Plain] = []
    for edge in edges:
        told = [_short_claim(c, said, place) for c in edge.claims]
        claims.append(told[0] if len(told) == 1 and not isinstance(told[0], list) else told)
    return {
        "relations": [
            [relations.index(table), sum(1 for _ in run)]
            for table, run in groupby(e.table for e in edges)
        ],
        "words": [*answers],
        "first": [[at, sum(1 for _ in run)] for at, run in groupby(place[e.first] for e in edges)],
        "second": [place[e.second] for e in edges],
        "answers": _in_runs(signs[e.answer] for e in edges),
        "claims": claims,
    }


def _short_claim(claim: Row, said: Mapping[str, int], place: Mapping[str, int]) -> Plain:
    """Source, date, context, note, then the columns that are left, as pairs.

    What is blank at the end is left out; a claim with nothing but a source is its position.
    """
    told = ("source", "date", "context", "note", "visibility")
    source, where = claim.get("source"), claim.get("context")
    rest: list[Plain] = [
        [name, value]
        for name, value in claim.items()
        if name not in told and value not in (None, "")
    ]
    short: list[Plain] = [
        said.get(source) if isinstance(source, str) else None,
        claim.get("date"),
        place.get(where) if isinstance(where, str) else None,
        claim.get("note"),
    ]
    if rest:
        return [*short, rest]
    while len(short) > 1 and short[-1] is None:
        short.pop()
    return short if len(short) > 1 else short[0]
