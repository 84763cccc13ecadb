"""What a built site asks of other computers when a page is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

AWAY = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
IN_STYLES = re.compile(
    r"""(?:@import\s+|url\()\s*(?:url\()?['"]?\s*((?:https?:)?//[^'")\s]+)""", re.IGNORECASE
)
FETCHED = {"src", "srcset", "poster", "data"}


class _Fetched(HTMLParser):
    """Collects what the tags of a page load: not the links that a reader may follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            loads = key in FETCHED or (key == "href" and tag in {"link", "image", "use"})
            if loads and value and AWAY.match(value):
                self.found.append(value)
            if key == "style" and value:
                self.found += IN_STYLES.findall(value)


def requests(text: str, suffix: str) -> list[str]:
    """Addresses elsewhere that a page or a style sheet loads by itself."""
    if suffix == ".css":
        return IN_STYLES.findall(text)
    reader = _Fetched()
    reader.feed(text)
    return reader.found + [
        address
        for style in re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)
        for address in IN_STYLES.findall(style)
    ]


def requests_of(folder: Path) -> Iterator[str]:
    """The same for every page and style sheet of a built site, with the file that asks."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".html", ".css", ".svg"}:
            for address in requests(path.read_text(encoding="utf-8"), path.suffix):
                yield f"{path.relative_to(folder)}: {address}"
