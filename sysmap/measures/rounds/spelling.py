"""Claims as readable text that names one claim only."""

from __future__ import annotations

import json
import re

import numpy as np

_UNCLEAR = re.compile(r'->|"|(?<!\S)in(?!\S)')


def quoted(id: str) -> str:
    """An id as it is, in quotation marks where it could be taken for more than one id.

    Examples
    --------
    >>> quoted("teacher-training"), quoted("law in force")
    ('teacher-training', '"law in force"')
    """
    return json.dumps(id, ensure_ascii=False) if _UNCLEAR.search(id) else id


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


def link_texts(first: np.ndarray, second: np.ndarray, context: np.ndarray) -> np.ndarray:
    """The `link_text` of many claims, whose ids are quoted already.

    Examples
    --------
    >>> ends, place = np.array(["a", "b"], object), np.array(["", "fiji"], object)
    >>> link_texts(ends, ends[::-1], place).tolist()
    ['a -> b', 'b -> a in fiji']
    """
    texts: np.ndarray = first + " -> " + second
    placed = context != ""
    texts[placed] += " in " + context[placed]
    return texts
