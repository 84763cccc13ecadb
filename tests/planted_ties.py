"""Maps with dated ties that follow shared purpose, or nothing at all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap, from_tables

PARTED = "2020-12-31"
"""The last day of what is known; half of the ties begin later."""


def tied(
    seed: int = 0,
    *,
    planted: bool = True,
    organizations: int = 60,
    ties: int = 240,
    needs: bool = False,
    joint: bool = False,
) -> SystemMap:
    """Organizations of three circles with unequal portfolios and unequal readiness for ties.

    Parameters
    ----------
    planted
        Whether a tie is ten times as likely within a circle, and work four times as likely on
        the elements of the circle; without it both are pure noise.
    ties
        Ties in all, half of them before 2021.
    needs
        Whether organizations also state priorities.
    joint
        Whether ties are joint activities instead of collaborations.
    """
    rng = np.random.default_rng(seed)
    circle = np.arange(organizations) % 3
    ids = np.array([f"o{i:03}" for i in rng.permutation(organizations)])
    elements = np.array([f"e{i:02}" for i in range(60)])
    liking = rng.lognormal(0, 0.8, (organizations, 1)) * np.ones((1, 60))
    own = (np.arange(60) % 3)[None] == circle[:, None]
    works = rng.random(liking.shape) < 0.12 * liking * np.where(own & planted, 4.0, 1.0)
    one, other = np.triu_indices(organizations, 1)
    ready = rng.lognormal(0, 0.5, organizations)
    chance = ready[one] * ready[other]
    chance[planted & (circle[one] == circle[other])] *= 10
    chosen = rng.choice(len(one), ties, replace=False, p=chance / chance.sum())
    start = np.where(np.arange(ties) < ties // 2, "2019", "2022")
    who, what = np.nonzero(works)
    tables = {
        "organizations": pd.DataFrame({"id": sorted(ids), "name": sorted(ids)}),
        "elements": pd.DataFrame({"id": elements, "name": elements}),
        "works_on": pd.DataFrame(
            {"organization": ids[who], "element": elements[what], "start": "2018"}
        ),
        "collaborates": pd.DataFrame(
            {"organization": ids[one[chosen]], "partner": ids[other[chosen]], "start": start}
        ),
    }
    if needs:
        wanting, wanted = np.nonzero(rng.random(works.shape) < 0.1)
        tables["priorities"] = pd.DataFrame(
            {"organization": ids[wanting], "element": elements[wanted], "date": "2018"}
        )
    if joint:
        pairs = tables.pop("collaborates")
        activity = [f"a{i:03}" for i in range(ties)]
        tables["activities"] = pd.DataFrame({"id": activity, "name": activity})
        ends = (pairs["organization"], pairs["partner"])
        tables["takes_part"] = pd.concat(
            [
                pd.DataFrame(
                    {"organization": end, "activity": activity, "role": "leads", "date": start}
                )
                for end in ends
            ],
            ignore_index=True,
        )
    return from_tables(tables)
