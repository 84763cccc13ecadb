"""Votes on signs and states: one reporter one vote, held against plain loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sysmap.core.claims import reporters
from sysmap.core.dates import last_day
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.reporting.sides import WORDS, sides
from tests.opinions import opinions

SEEDS = range(4)
Heard = dict[str, list[tuple[str, str | None, object]]]


def heard_by_subject(m: SystemMap, table: str) -> dict[tuple[str, str], Heard]:
    """Side, place and day of every claim, by subject and reporter, in plain loops."""
    first, second = (end.name for end in m.schema.link(table).ends)
    column, voice = {"influences": "sign", "observed": "state"}[table], reporters(m)
    found: dict[tuple[str, str], Heard] = {}
    for row in m.links(table).to_dict("records"):
        source = row["source"] if isinstance(row["source"], str) else None
        date = row["date"] if isinstance(row["date"], str) else None
        if date is None and source is not None and isinstance(m.sources["date"][source], str):
            date = m.sources["date"][source]
        said = row[column] if isinstance(row[column], str) else None
        place = row["context"] if isinstance(row["context"], str) else None
        who = voice[source] if source else "nobody"
        claims = found.setdefault((row[first], row[second]), {}).setdefault(who, [])
        claims.append((said, place, last_day(date) if date else None))
    return found


def recent(claims: list[tuple[str, str | None, object]]) -> list[tuple[str, str | None]]:
    """Signed claims that may be the latest of their reporter."""
    signed = [c for c in claims if c[0] is not None]
    latest = max((day for _, _, day in signed if day is not None), default=None)
    return [(said, place) for said, place, day in signed if day is None or day == latest]


@pytest.mark.parametrize("table", ["influences", "observed"])
@pytest.mark.parametrize("seed", SEEDS)
def test_votes_are_those_of_plain_loops(seed: int, table: str) -> None:
    m = opinions(seed)
    found = sides(m, table)
    seen = zip(found.told.first_ids[found.first], found.told.second_ids[found.second], strict=True)
    by_subject = heard_by_subject(m, table)
    subjects = list(seen)
    assert set(by_subject) == set(subjects)
    for i, subject in enumerate(subjects):
        last = {who: recent(claims) for who, claims in by_subject[subject].items()}
        said = [{s for s, _ in claims} for claims in last.values()]
        expected = [sum(voice == {word} for voice in said) for word in WORDS[table]]
        assert expected == [found.tally.yes[i, 0], found.tally.no[i, 0]]
        assert sum(not voice for voice in said) == found.sideless[i]
        torn = {
            found.told.reporter[c] for c in np.flatnonzero(found.cancelled & (found.subject == i))
        }
        assert sum(len(voice) == 2 for voice in said) == len(torn)
        voiced = {claim for claims in last.values() for claim in claims}
        heard = {s for s, _ in voiced}
        places = {p for _, p in voiced}
        met = any(len({s for s, p in voiced if p == place}) == 2 for place in places)
        assert (len(heard) == 2 and not met) == found.across[i]


def test_alpha_of_a_map_is_that_of_pairs_counted_one_by_one() -> None:
    """Twin: observed and expected disagreement over ordered pairs (Krippendorff 2004)."""
    for seed in SEEDS:
        found = sides(opinions(seed), "observed")
        alpha, weight, subjects = found.agreement()
        units = [
            [1] * yes + [0] * no
            for yes, no in zip(found.tally.yes[:, 0], found.tally.no[:, 0], strict=True)
            if yes + no >= 2
        ]
        values = [v for unit in units for v in unit]
        seen = sum(
            sum(a != b for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j)
            / (len(unit) - 1)
            for unit in units
        )
        by_chance = sum(
            a != b for i, a in enumerate(values) for j, b in enumerate(values) if i != j
        ) / (len(values) - 1)
        assert len(units) == subjects
        assert by_chance == pytest.approx(weight)
        assert 1 - seen / by_chance == pytest.approx(alpha)


def test_a_claim_without_sign_never_outvotes_one_with_a_sign() -> None:
    """The later claim says that there is a link; the earlier one says which way."""
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
            "sources": pd.DataFrame({"id": ["s"], "name": ["S"]}),
            "influences": pd.DataFrame(
                {"cause": "a", "effect": "b", "sign": ["+", None], "date": ["2023", "2024"]}
            ).assign(source="s"),
        }
    )
    found = sides(m, "influences")
    assert (1, 0, 0) == (found.tally.yes[0, 0], found.tally.no[0, 0], found.sideless[0])


def test_a_table_without_claims_has_no_subject() -> None:
    found = sides(from_tables({}), "observed")
    assert len(found.first) == 0
    assert np.isnan(found.agreement()[0])
    assert found.agreement()[1:] == (0.0, 0)
