"""What is true of a simulated map, as frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sysmap.core.schema import NEGATIVE, POSITIVE
from sysmap.core.stats import BoolArray, IntArray
from sysmap.simulate import places
from sysmap.simulate.effects import EVERYWHERE, Effects
from sysmap.simulate.plan import LOOP, TRADED, Plan
from sysmap.simulate.portfolios import Portfolios
from sysmap.simulate.tables import Ids

_CLASSES = ("universal", "intermediate", "context-specific")
_SOUGHT = ("common", "shared", "niche")


def of_elements(ids: Ids, real: places.Presence) -> dict[str, pd.DataFrame]:
    """Where each element is, what it was planted as, and the class of its share."""
    index = pd.Index(ids.elements, dtype="str", name="element")
    counted = places.truth_of(real.there, (0.75, 0.25), _CLASSES)
    frame = pd.DataFrame({"planted": pd.Series(real.planted, dtype="str")})
    frame[["present", "contexts", "share", "verdict"]] = counted
    frame["grouping"] = pd.Series(real.grouping, dtype="str")
    frame["group"] = pd.Series(real.group, dtype="str")
    columns = pd.Index(ids.contexts, dtype="str", name="context")
    return {
        "elements": frame.set_axis(index),
        "presence": pd.DataFrame(real.there, index=index, columns=columns),
    }


def of_outcomes(ids: Ids, sought: BoolArray) -> pd.DataFrame:
    """How many members seek each outcome, and the class of that share."""
    counted = places.truth_of(sought, (0.50, 0.25), _SOUGHT)
    index = pd.Index(ids.outcomes, dtype="str", name="outcome")
    return counted.rename(columns={"count": "seeking", "of": "members"}).set_axis(index)


def of_links(ids: Ids, made: Effects) -> dict[str, pd.DataFrame]:
    """Kind, sign and loop of each link, its sign in each context, and the loops."""
    ends = np.concatenate([ids.elements, ids.outcomes])
    index = pd.MultiIndex.from_arrays(
        [
            pd.Index(ends[made.cause], dtype="str"),
            pd.Index(ends[made.effect], dtype="str"),
        ],
        names=["cause", "effect"],
    )
    everywhere = np.array(made.kind, dtype=object) == EVERYWHERE
    word = np.where(made.sign[:, 0] > 0, POSITIVE, NEGATIVE).astype(object)
    frame = pd.DataFrame(
        {
            "kind": pd.array(made.kind, dtype="str"),
            "sign": pd.array(np.where(everywhere, word, np.array(None, dtype=object)), dtype="str"),
            "loop": pd.array([None if i < 0 else i for i in made.loop], dtype="Int64"),
        },
        index=index,
    )
    columns = pd.Index(ids.contexts, dtype="str", name="context")
    rings = made.cause[made.loop >= 0].reshape(-1, LOOP)
    loops = pd.DataFrame(
        {
            "path": pd.Series([" -> ".join(ids.elements[ring]) for ring in rings], dtype="str"),
            "polarity": pd.Series(
                [("reinforcing", "balancing")[i % 2] for i in range(len(rings))], dtype="str"
            ),
        }
    ).rename_axis("loop")
    return {
        "influences": frame,
        "signs": pd.DataFrame(made.sign, index=index, columns=columns),
        "loops": loops,
    }


def of_pairs(
    plan: Plan,
    ids: Ids,
    held: Portfolios,
    pairs: IntArray,
    since: Sequence[str],
    replies: BoolArray,
) -> dict[str, pd.DataFrame]:
    """The pairs that trade cells, and the ties with their first day."""
    ties = pd.DataFrame(
        {
            "start": pd.array(since, dtype="str"),
            "new": np.array(since, dtype="datetime64[D]") >= plan.day,
            "reported": replies[pairs].any(axis=1),
        },
        index=_by_two(ids, pairs),
    )
    traded = pd.DataFrame(
        {"helps": TRADED, "helped": TRADED}, index=_by_two(ids, held.pairs), dtype="int64"
    )
    return {"pairs": traded.sort_index(), "ties": ties.sort_index()}


def _by_two(ids: Ids, pairs: IntArray) -> pd.MultiIndex:
    both = (pd.Index(ids.organizations[pairs[:, side]], dtype="str") for side in (0, 1))
    return pd.MultiIndex.from_arrays(list(both), names=["organization", "partner"])
