"""Claims as text: readable, and one text for one claim."""

from __future__ import annotations

import itertools

from sysmap.measures.rounds.spelling import link_text

NASTY = ("a", "a ->", "-> b", "a -> b", '"', '"a', 'b"', "in", "x in y", "y", "in y", "->", "é\n")


def test_no_two_claims_share_a_text() -> None:
    claims = [
        *itertools.permutations(NASTY, 2),
        *itertools.permutations(NASTY, 3),
    ]
    assert len(claims) == len({link_text(*claim) for claim in claims})


def test_plain_ids_stay_as_they_are() -> None:
    assert "satellite-link -> fiji" == link_text("satellite-link", "fiji")
