"""The anchors of headings, for links inside the documentation."""

from __future__ import annotations

import re

_PROBLEM = re.compile(r"([EWN]\d{3}): ")


def slug(heading: str) -> str:
    """The anchor of a heading: as code hosts make it, and the bare code for a problem.

    Examples
    --------
    >>> slug("Silence, no, not asked"), slug("E206: a reference leads nowhere")
    ('silence-no-not-asked', 'E206')
    """
    problem = _PROBLEM.match(heading)
    return problem[1] if problem else re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
