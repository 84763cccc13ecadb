"""Maps that tests of drawing share: a plain one, and one with hostile text in every field."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap, from_tables

PAYLOADS = (
    "</script><script>window.hacked=1</script>",
    '<img src=x onerror="window.hacked=1">',
    '"><svg onload="window.hacked=1">',
    "<!--<script>window.hacked=1//",
    "\u2028]]>\u2029",
    "{{7*7}}{% raw %}",
    "javascript:window.hacked=1",
    "data:text/html,<script>window.hacked=1</script>",
    "__proto__",
    '<a href="javascript:window.hacked=1">href</a>',
    "left\u202eright",
    "long " + "x" * 30_000,
)
"""What no page may run: each text goes into every field."""

HALF = "half \ud83d of a pair"
HUGE = "huge " + "y" * 100_000
"""A map refuses these two at its gate; titles, notes and answers come by other ways."""

AREAS = ("costing", "implementation", None)


def plain_map(seed: int = 0, *, elements: int = 12) -> SystemMap:
    """A random map of five node types with signed, dated and placed claims."""
    rng = np.random.default_rng(seed)
    ids = [f"e{i:03}" for i in range(elements)]
    countries = ["FJI", "WSM", "VNM", "LAO"]
    offices = ["amber", "beryl", "coral"]
    pick = lambda values, n: [values[i] for i in rng.integers(0, len(values), n)]  # noqa: E731
    n = 3 * elements
    influences = pd.DataFrame(
        {
            "cause": pick(ids, n),
            "effect": pick([*ids, "light", "water"], n),
            "sign": pick(["+", "+", "-", None], n),
            "strength": pick(["1", "2", "3"], n),
            "context": pick([None, None, *countries], n),
            "source": pick(["s1", "s2", "s3"], n),
        }
    )
    influences = influences[influences["cause"] != influences["effect"]]
    observed = pd.DataFrame(
        {
            "element": pick(ids, n),
            "context": pick(countries, n),
            "state": pick(["present", "present", "absent"], n),
            "source": pick(["s1", "s2", "s3"], n),
        }
    ).drop_duplicates(["element", "context", "source"])
    works_on = pd.DataFrame(
        {
            "organization": pick(offices[:2], elements),
            "element": pick(ids, elements),
            "context": pick([None, *countries], elements),
            "source": pick(["s1", "s2", "s3"], elements),
        }
    )
    names = {i: f"Element {i} of the map" for i in ids}
    return from_tables(
        {
            "about": pd.DataFrame({"key": ["title"], "value": ["A small map"]}),
            "outcomes": pd.DataFrame({"id": ["light", "water"], "name": ["Light", "Water"]}),
            "elements": pd.DataFrame(
                {"id": ids, "name": [names[i] for i in ids], "area": pick(AREAS, elements)}
            ),
            "contexts": pd.DataFrame(
                {"id": countries, "name": ["Fiji", "Samoa", "Viet Nam", "Laos"], "kind": "country"}
            ),
            "organizations": pd.DataFrame(
                {"id": offices, "name": ["Amber", "Béryl", "Coral"], "kind": "ngo"}
            ),
            "sources": pd.DataFrame(
                {
                    "id": ["s1", "s2", "s3"],
                    "name": ["First answer", "Second answer", "A document"],
                    "kind": ["survey", "survey", "document"],
                    "grade": ["reported", "reported", "official"],
                    "date": ["2023", "2024-05", "2022"],
                    "url": [None, None, "https://example.org/a"],
                }
            ),
            "influences": influences,
            "observed": observed,
            "works_on": works_on,
            "collaborates": pd.DataFrame(
                {
                    "organization": ["beryl", "amber"],
                    "partner": ["amber", "beryl"],
                    "source": ["s1", "s2"],
                }
            ),
        }
    )


_WORDS = (
    "strengthening national capacity equitable learning platforms curriculum governance remote",
    "укрепление национального потенциала цифрового обучения учителей в отдалённых общинах",
    "ενίσχυση εθνικών δυνατοτήτων ψηφιακής μάθησης εκπαιδευτικών απομακρυσμένες κοινότητες",
    "تعزيز القدرات الوطنية للتعلم الرقمي وتدريب المعلمين في المجتمعات النائية",
    "加强国家数字学习能力 建设教师专业发展 偏远社区可持续融资 区域伙伴关系框架",
    "दूरस्थ समुदायों में शिक्षकों के व्यावसायिक विकास और समान डिजिटल शिक्षण",
)

_LONG_AREAS = (
    "Institutional implementation and delivery capacity",
    "Costing, financing and budget execution",
    "Multilingual content development and localization",
    "Monitoring, evaluation and learning analytics",
    "Connectivity infrastructure and electrification",
    "Intergovernmental policy harmonization",
    "Teacher professional development",
    "Internationalization",
)


def long_map() -> SystemMap:
    """Three hundred elements whose names have more than eighty letters, in six scripts."""
    rng = np.random.default_rng(0)

    def named(ids: list[str]) -> pd.DataFrame:
        names = []
        for i, id in enumerate(ids):
            words = _WORDS[i % 11 if i % 11 < len(_WORDS) else 0].split()
            name = ""
            while len(name) <= 80:
                name += f"{rng.choice(words)} "
            names.append(f"{name}{id}")
        return pd.DataFrame({"id": ids, "name": names})

    def pairs(first: list[str], second: list[str], count: int) -> dict[str, list[str]]:
        chosen = np.divmod(rng.choice(len(first) * len(second), count, replace=False), len(second))
        return {"a": [first[i] for i in chosen[0]], "b": [second[i] for i in chosen[1]]}

    def links(first: str, second: str, pairs: dict[str, list[str]], **more: object) -> pd.DataFrame:
        return pd.DataFrame({first: pairs["a"], second: pairs["b"], "source": "s1", **more})

    outcomes, places = [f"out{i}" for i in range(8)], [f"place{i}" for i in range(25)]
    offices, elements = [f"org{i}" for i in range(37)], [f"el{i}" for i in range(300)]
    influences = links("cause", "effect", pairs(elements, [*elements, *outcomes], 380), sign="+")
    seen = rng.choice(["present", "present", "absent"], 500)
    return from_tables(
        {
            "about": pd.DataFrame({"key": ["title"], "value": [f"A map of {_WORDS[0]}"]}),
            "outcomes": named(outcomes),
            "elements": named(elements).assign(area=rng.choice(_LONG_AREAS, len(elements))),
            "contexts": named(places).assign(kind="country"),
            "organizations": named(offices),
            "sources": named(["s1"]).assign(date="2024", kind="survey"),
            "influences": influences[influences["cause"] != influences["effect"]],
            "observed": links("element", "context", pairs(elements, places, 500), state=seen),
            "works_on": links("organization", "element", pairs(offices, elements, 260)),
        }
    )


def verdicts(m: SystemMap) -> dict[str, dict[str, object]]:
    """Facts that give the elements the four verdicts in turn."""
    words = ("universal", "intermediate", "context-specific", "undetermined")
    return {
        str(id): {
            "verdict": words[i % 4],
            "sentence": f"{i} of 20 assessed countries.",
            "present": i,
            "assessed": 20,
        }
        for i, id in enumerate(m.elements.index)
    }


def hostile_map() -> SystemMap:
    """Every payload in every text field: ids, names, areas, descriptions, notes, addresses."""
    n = len(PAYLOADS)
    texts = list(PAYLOADS)
    ids = {t: [f"{t[0]}{i} {p}" for i, p in enumerate(texts)] for t in ("elements", "sources")}
    elements, sources = ids["elements"], ids["sources"]
    addresses = [p if p.startswith(("javascript", "data")) else None for p in texts]
    return from_tables(
        {
            "about": pd.DataFrame({"key": ["title"], "value": [" ".join(texts[:4])]}),
            "elements": pd.DataFrame(
                {
                    "id": elements,
                    "name": [f"name {i} {p}" for i, p in enumerate(texts)],
                    "area": texts,
                    "description": texts,
                    "extra": texts,
                    "<script>window.hacked=1</script>": texts,
                    "__proto__": texts,
                }
            ),
            "organizations": pd.DataFrame(
                {
                    "id": [f"o{i}" for i in range(n)],
                    "name": [f"{p} {i}" for i, p in enumerate(texts)],
                    "role": texts,
                }
            ),
            "sources": pd.DataFrame({"id": sources, "name": texts, "url": addresses}),
            "influences": pd.DataFrame(
                {
                    "cause": elements,
                    "effect": [*elements[1:], elements[0]],
                    "sign": "+",
                    "source": sources,
                    "note": texts,
                    "visibility": "public",
                    "remark": texts,
                }
            ),
            "works_on": pd.DataFrame(
                {
                    "organization": [f"o{i}" for i in range(n)],
                    "element": elements,
                    "source": sources,
                }
            ),
            "aliases": pd.DataFrame(
                {"name": [f"alias {p}" for p in texts], "id": elements, "decision": "same"}
            ),
        }
    )


def broken_map() -> SystemMap:
    """A half letter or 100,000 letters in every text field, as no gate lets them in.

    Tables that were made in memory pass no gate.
    """
    whole = hostile_map()
    new = {id: f"{id[:3]}{HUGE if id[1] == '0' else HALF}" for id in whole.elements.index}
    new |= {id: f"{id[:3]}{HUGE if id[1] == '0' else HALF}" for id in whole.table("sources")["id"]}
    tables = {}
    for table, frame in whole.tables.items():
        changed = frame.copy()
        for column in changed:
            texts = changed[column].astype(object)
            if not texts.map(lambda value: isinstance(value, str)).any():
                continue
            kept = column in {"sign", "decision", "visibility", "organization", "key"}
            if not kept and table != "about" and not texts.isin(list(new)).any() and column != "id":
                texts = pd.Series([HUGE, *[HALF] * (len(texts) - 1)], index=texts.index)
            address = "https://example.org/" if column == "url" else ""
            changed[column] = address + texts.replace(new)
        tables[table] = changed
    return SystemMap(tables, schema=whole.schema)
