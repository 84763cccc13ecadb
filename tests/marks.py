"""A map whose every hidden cell holds a mark, and the search for marks in bytes of any form."""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote

import pandas as pd

from sysmap.core.model import SystemMap, from_tables
from sysmap.shipped import example

_DATA = re.compile(rb"data:([\w/+.-]+)(?:;charset=[\w-]+)?(;base64)?,([^\"'\s>)]*)")


class Marks:
    """Hands out marks; each holds signs that every way of escaping writes in its own way."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self, what: str) -> str:
        mark = f"Zq{len(self.given):02}é<&'\"{what}"
        self.given.append(mark)
        return mark


def marked_map() -> tuple[SystemMap, tuple[str, ...]]:
    """The teaching map with a mark in every text that a public reader may not see.

    Hidden are an organization (id, name, role, alias), an element (id, name, description), the
    sources of interviews (name, address), notes of every table, challenges, an unknown column
    and the contact.
    """
    mark = Marks()
    tables = {k: f.astype(object) for k, f in example("teaching").tables.items()}
    tables["organizations"] = _with_row(
        tables["organizations"],
        id=mark("id"), name=mark("name"), role=mark("role"), visibility="private",
    )  # fmt: skip
    hidden = tables["organizations"]["id"].iloc[-1]
    tables["elements"] = _with_row(
        tables["elements"],
        id=mark("element"), name=mark("hidden element"), description=mark("why"),
        visibility="private",
    )  # fmt: skip
    element = tables["elements"]["id"].iloc[-1]
    tables["elements"]["remark"] = [mark("unknown column"), *[None] * (len(tables["elements"]) - 1)]
    tables["sources"] = _with_row(
        tables["sources"],
        id=mark("source"), name=mark("interview"), kind="interview",
        url="https://example.org/" + quote(mark("address")), date="2024-02-01",
    )  # fmt: skip
    source = tables["sources"]["id"].iloc[-1]
    tables["works_on"] = _with_row(
        tables["works_on"],
        organization=hidden, element="teacher-training", source=source, note=mark("note of work"),
    )  # fmt: skip
    tables["influences"] = _with_row(
        tables["influences"],
        cause=element, effect="digital-skills", sign="+", source=source, note=mark("note of cause"),
    )  # fmt: skip
    tables["observed"] = _with_row(
        tables["observed"],
        element="solar-kits", context="northland", state="present", source=source,
        note=mark("note of report"),
    )  # fmt: skip
    tables["challenges"] = _with_row(
        tables["challenges"],
        organization=hidden, element="teacher-training", note=mark("note of challenge"),
    )  # fmt: skip
    tables["aliases"] = _with_row(tables["aliases"], name=mark("alias"), id=hidden, decision="same")
    about = tables["about"]
    tables["about"] = _with_row(about[about["key"] != "contact"], key="contact", value=mark("mail"))
    return from_tables({k: f.where(f.notna(), None) for k, f in tables.items()}), tuple(mark.given)


def _with_row(frame: pd.DataFrame, **cells: str) -> pd.DataFrame:
    row = {c: cells.get(c) for c in frame.columns}
    assert set(cells) <= set(frame.columns), set(cells) - set(frame.columns)
    return pd.concat([frame, pd.DataFrame([row], dtype=object)], ignore_index=True)


def found(data: bytes, marks: Sequence[str]) -> set[str]:
    """The marks that stand in the bytes, plain or in any form that a reader could undo."""
    there = set()
    for piece in pieces(data):
        lower = piece.lower() + piece.decode("utf-8", "replace").casefold().encode()
        there |= {m for m in marks if any(form in lower for form in _forms(m))}
    return there


def pieces(data: bytes) -> Iterator[bytes]:
    """The bytes, what is packed in them, and what stands in their data addresses."""
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from pieces(packed.read(name))
    unescaped = html.unescape(data.decode("utf-8", "replace")).encode()
    if unescaped != data and b"srcdoc=" in data:
        yield from pieces(unescaped)
    for _, packed_, text in _DATA.findall(data):
        if packed_:
            try:
                yield from pieces(base64.b64decode(text, validate=True))
            except binascii.Error:
                continue
        else:
            yield unquote(text.decode("ascii", "replace")).encode()


def _forms(mark: str) -> set[bytes]:
    """The mark as texts write it: plain, escaped, in other encodings, without marks on letters."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", mark) if not unicodedata.combining(c))
    embedded = json.dumps(mark, ensure_ascii=False)[1:-1]
    for sign in "<>&":
        embedded = embedded.replace(sign, f"\\u{ord(sign):04x}")
    texts = {
        mark,
        bare,
        mark.casefold(),
        bare.casefold(),
        html.escape(mark),
        html.escape(mark).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        html.escape(mark, quote=False),
        json.dumps(mark)[1:-1],
        embedded,
        quote(mark),
        quote(mark, safe=""),
    }
    forms = {t.lower().encode() for t in texts}
    return forms | {mark.encode("utf-16-le").lower(), mark.encode("utf-16-be").lower()}
