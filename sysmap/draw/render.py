"""One self-contained page: template, policy and pinned drawing library put together."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sysmap.core.errors import SystemMapError
from sysmap.core.schema import OUTCOMES
from sysmap.draw import document, layout, payload, springs
from sysmap.draw.payload import Content
from sysmap.draw.words import direction, filled, marked_english

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

VIS_FILE = "lib/vis-9.1.2/vis-network.min.js"
"""Where pyvis keeps vis-network, below its package folder."""

VIS_SHA256 = "1f20f0736f32cb9bedf8f6383b25cfea2f839e1abe80d6e8040b4d5bea378c69"
"""The one release that was tried under the policy of the page."""

SCRIPTS = (
    "hooks.js",
    "data.js",
    "filters.js",
    "trace.js",
    "search.js",
    "marks.js",
    "bands.js",
    "labels.js",
    "stage.js",
    "details.js",
    "answer.js",
    "table.js",
    "legend.js",
    "svg.js",
    "picture.js",
    "downloads.js",
    "paper.js",
    "state.js",
    "main.js",
)
"""Parts of the script, in the order in which they are joined."""

STYLES = ("page.css", "take.css", "print.css")
"""Parts of the style, in the order in which they are joined."""

PORTRAIT = 5
"""The most nodes side by side where the stage is narrow."""

_NOSCRIPT_ROWS = 200
_BETWEEN = re.compile(r"^\s*//.*\n|^\s*/\*\*[\s\S]*?\*/\n|^[ \t]+|^\n", re.MULTILINE)
_AROUND = re.compile(r"\s*([{};,])\s*|(?<=[\w-])(:) +")
_BLANKS = re.compile(
    r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=\s)//[^\n]*| +"""
)
# Our statements end in semicolons, so a line that is cut at one of these goes on without its end.
_ENDS = re.compile(r"([;{},(\[=&|?:])\n(?=\S)|\n(?=[})\].&|?:])")
_FORBIDDEN = ("</script", "<!--", "</style")


class ChangedLibraryError(SystemMapError):
    """The installed pyvis holds another vis-network than the one that was tried."""


@cache
def environment() -> Environment:
    """Templates of this package, escaped by default; a name without a value is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("sysmap.draw", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def html(page: Content) -> str:
    """The page as text; equal content gives equal text.

    Raises
    ------
    ChangedLibraryError
        If the drawing library is not the pinned release.
    """
    from markupsafe import Markup

    words = page.words
    start = payload.start_set(page)
    data = document.to_json(page, layouts(page, start, words), start, words)
    library, script, style = vis_library(), joined_script(), joined_style()
    english = Markup(marked_english(page.lang))
    # Markup wraps our own assets, the pinned library and data whose signs are escaped.
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            lang=page.lang,
            direction=direction(page.lang),
            english=english,
            title=page.title,
            notes=[(n, "" if n == words["area_note"] else english) for n in page.notes],
            words=words,
            policy=policy(scripts=(library, script), styles=(style,)),
            style=Markup(style),
            data=Markup(data),
            library=Markup(library),
            script=Markup(script),
            with_scope=any(n.verdict for n in page.nodes),
            layouts=page.layouts,
            answer=page.answer,
            figure=page.answer.figure_address() if page.answer else "",
            place={n.id: i for i, n in enumerate(page.nodes)},
            foot=_foot(page),
            methods=page.methods,
            rows=[_row(page, n) for n in page.nodes[:_NOSCRIPT_ROWS]],
            more=max(0, len(page.nodes) - _NOSCRIPT_ROWS),
        )
    )


def quoted(text: str) -> Markup:
    """A text as the value of an attribute in single quotes.

    A page holds twenty thousand double quotes; left as they are, a notebook is a third smaller.

    Examples
    --------
    >>> str(quoted("a & b's <i>"))
    'a &amp; b&#39;s &lt;i>'
    """
    from markupsafe import Markup

    return Markup(text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;"))


def layouts(
    page: Content, start: Sequence[int], words: Mapping[str, str]
) -> dict[str, layout.Layout]:
    """Positions of every layout that the page offers, by its name."""
    place = {n.id: i for i, n in enumerate(page.nodes)}
    pairs = [(place[e.first], place[e.second]) for e in page.edges]
    tables = [kind.table for kind in page.types]
    types = [tables.index(n.table) for n in page.nodes]
    titles = [(kind.many or kind.table).capitalize() for kind in page.types]
    made: dict[str, layout.Layout] = {}
    # Narrow stages turn the layers on end, and a map that is shown whole wants other columns than
    # the first picture; the page chooses, so all forms travel.
    forms = ["portrait"] if "layers" in page.layouts else []
    if forms and len(start) < len(page.nodes):
        forms.append("whole")
    for name in (*page.layouts, *forms):
        match name:
            case "layers" | "portrait" | "whole":
                found = layout.layers(
                    types,
                    [n.area for n in page.nodes],
                    pairs,
                    titles=titles,
                    unassigned=words["unassigned"],
                    start=start if name != "whole" else (),
                    per_row=PORTRAIT if name == "portrait" else None,
                )
            case "network":
                found = springs.network(len(page.nodes), pairs, start=start)
            case _:
                raise ValueError(f"layout {name!r} is unknown; choose from layers and network")
        made[name] = layout.with_tiers(
            found,
            [n.name for n in page.nodes],
            payload.degrees(page),
            {i for i, n in enumerate(page.nodes) if n.table == OUTCOMES},  # what the work is for
        )
    return made


def policy(*, scripts: Sequence[str], styles: Sequence[str]) -> str:
    """The content policy that lets only these scripts and styles run."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {' '.join(map(_hash, styles))}",
            "img-src data: blob:",
            "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


@cache
def vis_library() -> str:
    """The text of vis-network as pyvis ships it.

    Raises
    ------
    ChangedLibraryError
        If its checksum is not the pinned one, or pyvis is not installed.
    """
    spec = find_spec("pyvis")
    if spec is None or spec.origin is None:
        raise ChangedLibraryError(
            "pyvis is not installed, so there is no vis-network. Install pyvis 0.3.2."
        )
    path = Path(spec.origin).parent / VIS_FILE
    return checked_library(path.read_bytes() if path.is_file() else b"", path)


def checked_library(data: bytes, path: Path) -> str:
    """The bytes as text once they are known to be the pinned release.

    Line ends are made those that a browser hashes, and the pointer to a file that is not in the
    page is left out.
    """
    found = hashlib.sha256(data).hexdigest()
    if found != VIS_SHA256:
        raise ChangedLibraryError(
            f"{path.name} of pyvis has sha256 {found[:12]}…, expected {VIS_SHA256[:12]}… "
            f"(vis-network 9.1.2). Install pyvis 0.3.2."
        )
    text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return _safe(text.partition("//# sourceMappingURL=")[0], path.name)


@cache
def joined_script() -> str:
    """Our script: its parts in one function, so that no name of theirs is global.

    Comments and indents stay in the files where they are read.
    """
    parts = "\n".join(tight(asset(name)) for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{parts}\n}})();\n'


def tight(script: str) -> str:
    r"""The script without comments and without blanks and lines that part nothing.

    Texts stay as they are, but hold no semicolon before a closing brace; a pattern must hold no
    blank, and no loop is without a body.

    Examples
    --------
    >>> tight('  const a = "b  c"; // why\n  f(() => { a(); });\n')
    'const a="b  c";f(()=>{a()});\n'
    """
    bare = _BETWEEN.sub("", script)

    def kept(found: re.Match[str]) -> str:
        if not found[0].startswith(" "):
            return "" if found[0].startswith("//") else found[0]
        around = bare[found.start() - 1 : found.start()], bare[found.end() : found.end() + 1]
        if all(c.isalnum() or c in "_$" for c in around) or around in (("+", "+"), ("-", "-")):
            return " "
        return ""

    return _ENDS.sub(r"\1", _BLANKS.sub(kept, bare)).replace(";}", "}")


@cache
def joined_style() -> str:
    """Our style; what is printed comes last and so stands above what is shown."""
    bare = (_AROUND.sub(r"\1\2", _BETWEEN.sub("", asset(name))) for name in STYLES)
    return "".join(bare).replace(";}", "}")


@cache
def asset(name: str) -> str:
    """The text of a file in assets.

    Raises
    ------
    ValueError
        If it could end the element that it stands in.
    """
    text = resources.files("sysmap.draw").joinpath("assets", name).read_text(encoding="utf-8")
    return _safe(text, name)


def _safe(text: str, name: str) -> str:
    lower = text.lower()
    for ending in _FORBIDDEN:
        if ending in lower:
            raise ValueError(f"{name} contains {ending!r}, which would end its element early")
    return text


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def _foot(page: Content) -> tuple[str, ...]:
    """Software and audience, then licence and contact where the map names them."""
    told = {"version": version("sysmap-graph"), "audience": "public", **page.foot}
    keys = ("made_with", *(k for k in ("licence", "contact") if k in page.foot))
    found = []
    for key in keys:
        sentence = page.words[key]
        for name, value in told.items():
            sentence = sentence.replace(f"{{{name}}}", value)
        found.append(sentence)
    return tuple(found)


def _row(page: Content, node: payload.Node) -> tuple[str, ...]:
    kind = next(k for k in page.types if k.table == node.table)
    present, assessed = node.facts.get("present"), node.facts.get("assessed")
    share = page.words["k_of_n_none"] if assessed == 0 else ""
    if assessed:
        share = filled(page.words["k_of_n_value"], k=present, n=assessed)
    verdict = page.words[node.verdict] if node.verdict else ""
    return node.name, kind.one or kind.table, node.area or "", verdict, share
