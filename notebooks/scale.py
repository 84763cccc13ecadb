# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How large may a map be?
# A working group has hundreds of claims, a data warehouse has tens of thousands and more.
# What does reading, checking and answering cost as the map grows?
#
# Seconds depend on the machine, so times are also given as ratios: 1 is the time in which pandas
# joins the same claims once to the names of both their ends, on the same machine.

# %%
import io
from base64 import b64encode
from time import perf_counter

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import HTML

import sysmap as sm
from sysmap.simulate import planted

# %% [markdown]
# ## Four simulated surveys
# Everything that is reported here is drawn at random around a planted truth, so the map is realistic
# in shape and says nothing about the world.

# %%
SIZES = {
    "group": {"elements": 24, "contexts": 12, "organizations": 12, "portfolio": 6},
    "region": {"elements": 40, "contexts": 37, "organizations": 40, "portfolio": 10},
    "world": {"elements": 50, "contexts": 80, "organizations": 80, "portfolio": 15},
    "warehouse": {"elements": 80, "contexts": 160, "organizations": 150, "portfolio": 20},
}
made = {name: planted(**size, rng=7) for name, size in SIZES.items()}
maps = {name: simulation.map for name, simulation in made.items()}


def claims(m: sm.SystemMap) -> int:
    return sum(len(m.links(link.table)) for link in m.schema.links)


sizes = pd.DataFrame(
    {
        name: {"nodes": sum(len(m.nodes(n.table)) for n in m.schema.nodes), "claims": claims(m)}
        for name, m in maps.items()
    }
).T
sizes

# %% [markdown]
# ## Time
# Each question three times per map, and the shortest counts. Few draws are used, because the number
# of draws is a choice and not a size.


# %%
def seconds(call) -> float:
    times = []
    for _ in range(3):
        begin = perf_counter()
        call()
        times.append(perf_counter() - begin)
    return min(times)


def joined(m: sm.SystemMap) -> None:
    """Join every claim to the names of its two ends, as a spreadsheet user would."""
    for link in m.schema.links:
        frame = m.links(link.table)
        if frame.empty:
            continue
        for column in link.columns[:2]:
            for table in column.to:
                names = m.nodes(table)[["name"]].reset_index().astype(str)
                frame.astype({column.name: str}).merge(names, left_on=column.name, right_on="id")


def tables(m: sm.SystemMap) -> dict[str, pd.DataFrame]:
    nodes = {n.table: m.nodes(n.table).reset_index() for n in m.schema.nodes}
    links = {link.table: m.links(link.table) for link in m.schema.links}
    return {t: f for t, f in {**nodes, **links, "asked": m.asked}.items() if len(f)}


QUESTIONS = {
    "read and check": lambda m: sm.read(tables(m)),
    "universality": lambda m: sm.universality(m, draws=199),
    "influence": lambda m: sm.influence(m, draws=50),
    "coverage": lambda m: sm.coverage(m),
    "opportunities": lambda m: sm.opportunities(m, draws=10),
}
for ask in QUESTIONS.values():  # the first call also loads what it needs
    ask(maps["group"])
unit = {name: seconds(lambda m=m: joined(m)) for name, m in maps.items()}
timed = pd.DataFrame(
    {
        name: {
            question: seconds(lambda m=m, ask=ask: ask(m)) for question, ask in QUESTIONS.items()
        }
        for name, m in maps.items()
    }
).T
timed.insert(0, "pandas joins", pd.Series(unit))
timed.round(2)

# %% [markdown]
# As ratios to the joins:

# %%
ratios = timed.drop(columns="pandas joins").div(timed["pandas joins"], axis=0)
ratios.round(1)

# %%
fig, ax = plt.subplots(figsize=(7, 4.2), layout="constrained")
for marker, question in zip("osD^v", ratios, strict=True):
    ax.plot(sizes["claims"], ratios[question], marker=marker, label=question)
ax.axhline(1, color="black", linewidth=0.8)
ax.set(
    title="Time of each answer as the map grows (1 is the joins in pandas)",
    **{"xscale": "log", "xlabel": "claims in the map"},
    **{"yscale": "log", "ylabel": "time as a ratio to the joins"},
)
ax.xaxis.set_minor_formatter("")
ax.set_xticks(sizes["claims"], [f"{n:,}" for n in sizes["claims"]])
least, most = ratios.min(axis=None) / 2, ratios.max(axis=None) * 2
ticks = [t for t in (0.2, 0.5, 1, 2, 5, 10, 20) if least < t < most]
ax.yaxis.set_minor_formatter("")
ax.set_yticks(ticks, [f"{t:g}" for t in ticks])
fig.legend(*ax.get_legend_handles_labels(), frameon=False, fontsize=8, loc="outside right")
plt.close(fig)
words = (
    f"Line chart of {len(ratios.columns)} questions over maps of {sizes['claims'].min():,} to "
    f"{sizes['claims'].max():,} claims: time as a ratio to the joins, between "
    f"{ratios.min(axis=None):.1f} and {ratios.max(axis=None):.1f}. Values in the table above."
)
picture = io.BytesIO()
fig.savefig(picture, dpi=110)
# A bare figure has no words for readers who cannot see it; an image of our own has.
HTML(f'<img src="data:image/png;base64,{b64encode(picture.getvalue()).decode()}" alt="{words}">')

# %% [markdown]
# ## The answer in words
# A curve that stays level costs as the joins do; one that rises costs more than they do in large maps.
# The joins have a fixed cost themselves, so growth is read from the times:

# %%
growth = sizes["claims"].iloc[-1] / sizes["claims"].iloc[0]
slowest = timed.iloc[-1].idxmax()
print(f"From the smallest map to the largest the claims grow {growth:,.0f} times.")
for question in timed:
    times = timed[question].iloc[-1] / timed[question].iloc[0]
    print(f"- {question}: {times:.1f} times as long")
print(f"In the largest map the slowest is {slowest}, with {timed.iloc[-1].max():.1f} s.")

# %% [markdown]
# ## Is it also right?
# Speed is worth nothing without the planted answer: in the largest map the verdicts are compared
# with the truth.

# %%
simulation = made["warehouse"]
found = sm.universality(simulation.map, draws=0).frame["verdict"].astype(str)
truth = simulation.truth["elements"]["verdict"].astype(str)
table = pd.crosstab(truth.rename("planted"), found.rename("found"))
opposite = {("universal", "context-specific"), ("context-specific", "universal")}
assert not any((a, b) in opposite for a, b in zip(truth, found.loc[truth.index], strict=True))
table

# %% [markdown]
# No universal element was called context-specific, and none the other way round.
#
# ## What not to conclude
# Three runs per cell, one machine and one shape of survey: read orders of size, not digits.
# At these sizes a fixed cost still counts everywhere; millions of rows are the subject of docs/scale.md.
# A picture of a large map says little, so a page refuses above a limit, here one of 300 nodes, and names the ways out:

# %%
try:
    sm.to_html(made["warehouse"].map, max_nodes=300)
except sm.LimitError as error:
    print(error)
