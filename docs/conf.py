"""The documentation site; `make docs` builds it from the pages as they stand in the tree.

The tree itself is the source folder, so that a link works on the site as it does beside the code.
"""

from __future__ import annotations

import re
from importlib.metadata import version as installed
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "sysmap"
author = "the sysmap contributors"
release = version = installed("sysmap-graph")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
include_patterns = ["*.md", "docs/**", "datasets/*.md", "datasets/**/*.md", "notebooks/*.md"]
exclude_patterns = [
    ".*",
    "build",
    "dist",
    "brief",
    "sysmap",
    "tests",
    "**/__pycache__",
]
root_doc = "docs/index"
templates_path = ["_templates"]

# A single backtick in a docstring is a name.
default_role = "code"
napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
python_maximum_signature_line_length = 88

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_title = f"sysmap {release}"
html_additional_pages = {"index": "entry.html"}
html_show_sourcelink = False

myst_heading_anchors = 4
myst_heading_slug_func = "docs.anchors.slug"

_FOLDER = re.compile(r"\]\(([\w./-]+/)\)")


def _folders(app: Sphinx, page: str, text: list[str]) -> None:
    """A link to a folder leads to its README, as it does on code hosts."""
    text[0] = _FOLDER.sub(r"](\1README.md)", text[0])


def _separators(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """A literal in a docstring may not end in a blank."""
    lines[:] = [line.replace("``; ``", "``;``") for line in lines]


def setup(app: Sphinx) -> None:
    """Join the two hooks to the build."""
    app.connect("source-read", _folders)
    app.connect("autodoc-process-docstring", _separators)
