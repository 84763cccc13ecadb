"""The picture for notebooks that run no script."""

from __future__ import annotations

import io
import struct

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pytest

from sysmap.core.model import from_tables
from sysmap.draw import payload, still
from tests.draw.maps import hostile_map, plain_map, verdicts


def chunks(png: bytes) -> dict[str, bytes]:
    found, at = {}, 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        found[png[at + 4 : at + 8].decode()] = png[at + 8 : at + 8 + size]
        at += 12 + size
    return found


@pytest.mark.parametrize("make", [plain_map, hostile_map, lambda: from_tables({})])
def test_a_still_is_made_of_any_map_and_twice_the_same(make) -> None:
    content = payload.content(make())
    png = still.png(content)
    assert png == still.png(content)
    assert png.startswith(b"\x89PNG")


def test_a_still_holds_no_text_about_its_maker() -> None:
    found = set(chunks(still.png(payload.content(plain_map()))))
    assert {"IHDR", "PLTE", "IDAT", "IEND"} == found - {"pHYs"}


def test_verdicts_are_drawn() -> None:
    m = plain_map()
    plain, judged = (payload.content(m, facts=f) for f in (None, verdicts(m)))
    assert still.png(plain) != still.png(judged)


def test_drawing_leaves_no_trace_in_the_interpreter() -> None:
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams), plt.get_fignums(), mpl.get_backend()
    still.png(payload.content(plain_map()))
    assert before == (dict(mpl.rcParams), plt.get_fignums(), mpl.get_backend())


def test_the_words_for_it_count_what_is_drawn() -> None:
    content = payload.content(plain_map(elements=120), title="Many")
    expected = "Many: 80 of 129 nodes and the relations between them, as the page opens."
    assert expected == still.alt(content)


def test_fewer_colours_change_no_colour_that_an_eye_could_tell(monkeypatch) -> None:
    content = payload.content(plain_map(), facts=verdicts(plain_map()))
    lean = still.png(content)
    monkeypatch.setattr(still, "_lean", lambda image: image)
    full = still.png(content)
    before, after = (matplotlib.image.imread(io.BytesIO(png))[..., :3] for png in (full, lean))
    assert np.abs(before - after).max() <= 12 / 255
    assert 2 * len(lean) < len(full)
