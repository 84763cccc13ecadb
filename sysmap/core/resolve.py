"""What is settled once, when a map is made: default source, country groups, who answered.

Narrowing a map later never changes these, because they stand in its tables.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sysmap.core import countries, names
from sysmap.core.problems import Problem
from sysmap.core.schema import (
    ABOUT,
    ASKED,
    CONTEXTS,
    COUNTRY,
    ELEMENTS,
    NO,
    SEEKS,
    YES,
    LinkType,
    Schema,
)
from sysmap.core.words import number_of

Frames = dict[str, pd.DataFrame]


def settle(frames: Mapping[str, pd.DataFrame], schema: Schema) -> tuple[Frames, list[Problem]]:
    """Fill what the contract says is filled, and say so in notes."""
    problems: list[Problem] = []
    settled = dict(frames)
    for step in (_default_source, _country_groups, _answered):
        settled, found = step(settled, schema)
        problems += found
    return settled, problems


def inferred_answers(asked: pd.DataFrame, seeks: pd.DataFrame) -> pd.DataFrame:
    """The ledger with one inferred row per organization that seeks something.

    Without a stated ledger row for `seeks`, an organization with one claim counts as having
    answered. The inferred rows name it in ``speaks_for`` and have no source.
    """
    about_seeks = asked["question"] == SEEKS
    if (about_seeks & asked["speaks_for"].isna()).any():
        return asked
    there = set(asked.loc[about_seeks, "speaks_for"])
    speakers = sorted(set(seeks["organization"].dropna()) - there)
    if not speakers:
        return asked
    rows = pd.DataFrame({"question": SEEKS, "answered": YES, "speaks_for": speakers})
    rows = rows.reindex(columns=asked.columns).astype(asked.dtypes.to_dict())
    return pd.concat([asked, rows], ignore_index=True) if len(asked) else rows


def still_settled(asked: pd.DataFrame, seeks: pd.DataFrame) -> pd.DataFrame:
    """The ledger such that the next reader infers no answer where a stated row has left.

    Whoever would be taken for answering gets an inferred row that says no: nobody knows.
    """
    full = inferred_answers(asked, seeks)
    is_new = np.arange(len(full)) >= len(asked)
    return full.assign(answered=full["answered"].where(~is_new, NO))


def _default_source(frames: Frames, schema: Schema) -> tuple[Frames, list[Problem]]:
    about = frames[ABOUT]
    keys = about["key"].fillna("").map(names.key)
    default = about.loc[(keys == "source") & about["value"].notna(), "value"]
    if default.empty:
        return frames, []
    source, filled, count = default.iloc[0], dict(frames), 0
    for kind in schema.links:
        frame = frames[kind.table]
        blanks = int(frame["source"].isna().sum())
        if blanks:
            count += blanks
            filled[kind.table] = frame.assign(source=frame["source"].fillna(source))
    if not count:
        return frames, []
    note = Problem(
        "N217",
        f"{count:,} claims without a source were given {source!r}, the source in about",
        count=count,
    )
    return filled, [note]


def _country_groups(frames: Frames, schema: Schema) -> tuple[Frames, list[Problem]]:
    contexts, known = frames[CONTEXTS], countries.table()
    listed = contexts["id"].isin(known) & contexts["kind"].fillna(COUNTRY).eq(COUNTRY)
    if not listed.any():
        return frames, []
    filled, problems, count = contexts, [], 0
    for column in countries.GROUPINGS:
        told = contexts["id"].map({code: row[column] or None for code, row in known.items()})
        blank = listed & contexts[column].isna() & told.notna()
        differs = listed & contexts[column].notna() & told.notna() & (contexts[column] != told)
        count += int(blank.sum())
        filled = filled.assign(**{column: filled[column].where(~blank, told).astype("str")})
        if differs.any():
            ids = ", ".join(contexts.loc[differs, "id"].head(3))
            problems.append(
                Problem(
                    "N307",
                    f"contexts.{column} differs from the country table of "
                    f"{countries.GROUPS_OF} for {ids} and stays as it is",
                    count=int(differs.sum()),
                )
            )
    if count:
        problems.append(
            Problem(
                "N218",
                f"{count:,} blank groupings of contexts were filled from the country table of "
                f"{countries.GROUPS_OF}",
                count=count,
            )
        )
    return {**frames, CONTEXTS: filled}, problems


def _answered(frames: Frames, schema: Schema) -> tuple[Frames, list[Problem]]:
    asked = frames[ASKED]
    open_rows = np.flatnonzero(asked["answered"].isna().to_numpy())
    problems: list[Problem] = []
    if len(open_rows):
        answered = asked["answered"].astype(object).to_numpy(copy=True)
        scopes = {
            kind.table: _scopes(kind, frames)
            for kind in schema.links
            if kind.table in set(asked["question"])
        }
        columns = (asked[c].astype(object) for c in ("question", "source", "context", "area"))
        rows = list(zip(*columns, strict=True))
        for i in open_rows:
            question, source, context, area = rows[i]
            wanted = (source, _given(context), _area(area))
            answered[i] = YES if wanted in scopes.get(question, ()) else NO
        asked = asked.assign(answered=pd.array(answered, dtype="str"))
    full = inferred_answers(asked, frames[SEEKS])
    if len(full) > len(asked):
        problems.append(
            Problem(
                "N216",
                "nobody is in the ledger for seeks, so a claim counts as an answer for "
                f"{number_of(len(full) - len(asked), 'organization')}",
                "add rows to asked to tell silence from no",
            )
        )
    return {**frames, ASKED: full}, problems


def _scopes(kind: LinkType, frames: Frames) -> set[tuple[str, str, str]]:
    """Every (source, context or "", area or "") that holds a claim of the table."""
    frame = frames[kind.table]
    areas = frames[ELEMENTS].set_index("id")["area"].map(_area, na_action="ignore")
    where = frame["context"] if "context" in frame else pd.Series("", index=frame.index)
    found: set[tuple[str, str, str]] = set()
    ends = [c.name for c in kind.ends if ELEMENTS in c.to]
    belongs = [frame[end].map(areas).astype("str").fillna("") for end in ends]
    belongs = belongs or [pd.Series("", index=frame.index)]
    for of_area in belongs:
        for source, context, area in zip(
            frame["source"].fillna(""), where.fillna(""), of_area, strict=True
        ):
            found |= {
                (source, "", ""),
                (source, context, ""),
                (source, "", area),
                (source, context, area),
            }
    return found


def _given(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _area(cell: object) -> str:
    return names.key(cell) if isinstance(cell, str) else ""


def hidden_answers(asked: pd.DataFrame, silenced: set[str]) -> pd.DataFrame:
    """Mark the inferred answers of organizations as unknown, once a claim of theirs is hidden."""
    mute = asked["speaks_for"].isin(silenced)
    return asked.assign(answered=asked["answered"].where(~mute, NO))
