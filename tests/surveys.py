"""Small random surveys, dense enough that reporters meet, contradict and correct themselves."""

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap, from_tables


def survey(seed: int, *, elements: int = 5, contexts: int = 4, claims: int = 60) -> SystemMap:
    """A map with reports, wishes and a ledger; equal seeds make equal maps."""
    rng = np.random.default_rng(seed)

    def pick(words: list[str | None], n: int) -> list[str | None]:
        return [words[i] for i in rng.integers(len(words), size=n)]

    e, c = [f"e{i}" for i in range(elements)], [f"c{i}" for i in range(contexts)]
    sources, organizations = [f"s{i}" for i in range(6)], [f"o{i}" for i in range(4)]
    outcomes = [f"w{i}" for i in range(3)]
    areas: list[str | None] = ["Costing", "costing", "Policy", None]
    days: list[str | None] = ["2023", "2024-05", "2024-05-31", None]
    questions: list[str | None] = ["observed", "seeks", "seeks"]
    seeks = pd.DataFrame(
        {
            "organization": pick([*organizations], 12),
            "outcome": pick([*outcomes], 12),
            "priority": pick(["1", "2", "3", None], 12),
            "importance": pick(["1", "5", None], 12),
            "source": pick([*sources, None], 12),
            "date": pick(days, 12),
        }
    )
    tables = {
        "elements": pd.DataFrame(
            {
                "id": e,
                "name": [f"Element {i}" for i in e],
                "area": pick(areas, elements),
                "parent": [None, *(pick([*e[:i], None, None], 1)[0] for i in range(1, elements))],
            }
        ),
        "contexts": pd.DataFrame(
            {
                "id": [*c, "sea"],
                "name": [*(f"Context {i}" for i in c), "The sea"],
                "kind": ["country"] * contexts + ["area"],
            }
        ),
        "organizations": pd.DataFrame(
            {
                "id": organizations,
                "name": [f"Organization {i}" for i in organizations],
                "kind": pick(["ngo", "donor", None], 4),
                "member": pick(["yes", "yes", "no"], 4),
            }
        ),
        "outcomes": pd.DataFrame({"id": outcomes, "name": [f"Outcome {i}" for i in outcomes]}),
        "sources": pd.DataFrame(
            {
                "id": sources,
                "name": [f"Source {i}" for i in sources],
                "organization": pick([*organizations, None], 6),
                "date": pick(days, 6),
            }
        ),
        "observed": pd.DataFrame(
            {
                "element": pick([*e], claims),
                "context": pick([*c, "sea"], claims),
                "state": pick(["present", "present", "absent"], claims),
                "source": pick([*sources, None], claims),
                "date": pick(days, claims),
            }
        ).drop_duplicates(),
        "seeks": seeks,
        "asked": pd.DataFrame(
            {
                "source": pick([*sources], 10),
                "question": pick(questions, 10),
                "context": pick([*c, "sea", None, None], 10),
                "area": pick(areas, 10),
                "answered": pick(["yes", "no", None], 10),
            }
        ).drop_duplicates(),
    }
    tables["influences"] = _influences(seed, [*e], [*outcomes], [*c, "sea", None], [*sources, None])
    return from_tables(tables if seed % 3 else {**tables, "asked": tables["asked"].iloc[:0]})


def _influences(
    seed: int,
    elements: list[str],
    outcomes: list[str],
    places: list[str | None],
    sources: list[str | None],
) -> pd.DataFrame:
    """Links between few nodes, so that reporters meet in a context; no link leads to itself."""
    rng = np.random.default_rng([seed, 1])
    ends, size = [*elements[:3], outcomes[0]], 80
    cause, effect = rng.integers(3, size=size), rng.integers(4, size=size)
    options: dict[str, list[str | None]] = {
        "sign": ["+", "+", "-", None],
        "strength": ["1", "2", "3", None],
        "context": places,
        "source": sources,
        "date": ["2023", "2024-05", "2024-05-31", None],
    }
    drawn = {
        column: [words[i] for i in rng.integers(len(words), size=size)]
        for column, words in options.items()
    }
    frame = pd.DataFrame(
        {"cause": [ends[i] for i in cause], "effect": [ends[i] for i in effect], **drawn}
    )
    return frame[cause != effect].drop_duplicates()


def shuffled(m: SystemMap, seed: int = 0) -> SystemMap:
    """The same map with the rows of every table in another order."""
    return from_tables(
        {
            name: frame.sample(frac=1, random_state=seed).reset_index(drop=True)
            for name, frame in m.tables.items()
            if len(frame) and not (name == "asked" and frame["speaks_for"].notna().any())
        }
    )


def renamed(m: SystemMap) -> SystemMap:
    """The same map with z before every id that this module makes."""
    own = {id for name in ("elements", "contexts", "organizations") for id in m.table(name)["id"]}
    own |= set(m.outcomes.index) | set(m.sources.index)
    return from_tables(
        {
            name: frame.map(lambda cell: f"z{cell}" if cell in own else cell)
            for name, frame in m.tables.items()
            if len(frame) and not (name == "asked" and frame["speaks_for"].notna().any())
        }
    )
