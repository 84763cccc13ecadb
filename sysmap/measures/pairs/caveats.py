"""What an answer about pairs of organizations admits."""

from __future__ import annotations

import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.result import usual_caveats
from sysmap.core.schema import CHALLENGES, COLLABORATES, PRIORITIES, SEEKS, TAKES_PART, WORKS_ON
from sysmap.measures.ledger import has_ledger
from sysmap.measures.needs import needs_caveats, states_needs
from sysmap.measures.pairs.many import ALL_PAIRS
from sysmap.measures.pairs.portfolio import Portfolio

_BY_SIZE, _BY_PURPOSE = 0.3, 0.8


def pair_caveats(
    m: SystemMap,
    told: Portfolio,
    known: tuple[bool, bool, bool],
    frame: pd.DataFrame,
    measured: dict[str, object],
) -> tuple[str, ...]:
    """The caveats of one ranking, with its figures.

    Parameters
    ----------
    known
        Which parts of the score the map has data for.
    frame, measured
        As `ranked` gives them.
    """
    tables = (SEEKS, WORKS_ON, PRIORITIES, CHALLENGES, COLLABORATES, TAKES_PART)
    said = [*usual_caveats(m, tables), *needs_caveats(m)]
    if not states_needs(m):
        asked = has_ledger(m, PRIORITIES) or has_ledger(m, CHALLENGES)
        why = "Nobody named a need" if asked else "Needs were not asked"
        said.append(f"{why}: fit is missing for every pair. Ask priorities and challenges.")
    elif not known[1]:
        said.append("Nobody works on anything: fit is missing for every pair. Add works_on.")
    else:
        said.append(
            "Fit is reasoned and has not been validated: no public data on needs exist to test it."
        )
    if not known[2]:
        said.append("No tie is known: reach is missing and every pair counts as new.")
    else:
        said.append(
            "Ties that nobody reported are not known, so a new pair may already work together."
        )
    unheard = len(m.organizations) - len(told.organizations)
    quiet = int((told.claims_of() == 0).sum())
    if told.present is not None:
        said.append(
            f"{int(told.present.sum()):,} of {len(told.present):,} organizations have a claim "
            "about the subject; a pair with another one is listed only where one meets a need of "
            "the other. Claims that state no place count for no country."
        )
    elif quiet:
        said.append(
            f"{quiet:,} of {len(told.organizations):,} organizations seek, work on and need "
            "nothing in this map: of them only ties are known."
        )
    if unheard:
        said.append(
            f"Of {unheard:,} of {len(m.organizations):,} organizations no claim is known: they are "
            "in no pair. Ask them."
        )
    size, both = (float(str(measured[k])) for k in ("score_with_size", "shared_with_fit"))
    if size > _BY_SIZE:
        said.append(
            f"The score follows the number of claims of a pair (Spearman {size:.2f}): well "
            "documented organizations may stand too high."
        )
    if both > _BY_PURPOSE:
        said.append(
            f"Shared purpose and fit go together (Spearman {both:.2f}): they are hardly two "
            "separate reasons."
        )
    if len(told.organizations) > ALL_PAIRS:
        said.append(
            f"{len(frame):,} of {measured['pairs']:,} pairs are listed, the best of every "
            "organization: ranks, intervals and the two correlations with size and between "
            "parts are those among the listed pairs."
        )
    elif len(frame) < int(str(measured["pairs"])):
        said.append(
            f"{len(frame):,} of {measured['pairs']:,} pairs are listed: the best, the first by "
            "each part alone, and the first of every organization."
        )
    said.append(
        "A pair is an opportunity to discuss and no recommendation; neighbouring ranks within a "
        "tier cannot be told apart."
    )
    return tuple(said)
