"""Claims as readable text that names one claim only."""

from __future__ import annotations

import json

_SIGNS = ("->", '"')


def quoted(id: str) -> str:
    """An id as it is, in quotation marks where it could be taken for more than one id.

    Examples
    --------
    >>> quoted("teacher-training"), quoted("law in force")
    ('teacher-training', '"law in force"')
    """
    unclear = any(sign in id for sign in _SIGNS) or "in" in id.split()
    return json.dumps(id, ensure_ascii=False) if unclear else id


def link_text(first: str, second: str, context: str = "") -> str:
    """Both ends of a claim, and its place if it states one.

    Parameters
    ----------
    first, second, context
        Ids; a blank context is "not stated" and leaves no trace.

    Examples
    --------
    >>> link_text("solar-kits", "school-power"), link_text("ember-trust", "law", "coral-keys")
    ('solar-kits -> school-power', 'ember-trust -> law in coral-keys')
    """
    ends = f"{quoted(first)} -> {quoted(second)}"
    return f"{ends} in {quoted(context)}" if context else ends
