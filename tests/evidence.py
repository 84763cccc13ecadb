"""The law that every count equals the distinct units of the evidence behind it."""

from collections.abc import Sequence

import pandas as pd

from sysmap.core.result import EVIDENCE, Result


def counts_match(answer: Result, columns: Sequence[str]) -> None:
    """For each row and count column: distinct units whose rows name the column."""
    assert len(answer.frame)
    for key, row in answer.frame.iterrows():
        found = answer.evidence(key)
        assert list(EVIDENCE) == list(found.columns)
        named = found["counts_in"].str.split("; ")
        for column in columns:
            units = found.loc[named.map(lambda words, c=column: c in words).astype(bool), "unit"]
            expected = 0 if pd.isna(row[column]) else int(row[column])
            assert expected == units.nunique(), (key, column)
