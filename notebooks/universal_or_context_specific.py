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
# # Universal, or only somewhere?
# Some elements matter in every country, others only where something is special.
# Which are which, how sure can we be, and what marks the countries where an element is missing?
#
# The map is the one that comes with sysmap: 49 countries and areas of Asia and the Pacific.
# An indicator counts as present where at least half of the schools or people have it.

# %%
import pandas as pd
from IPython.display import Markdown, display

import sysmap as sm

m = sm.example()
answer = sm.universality(m)
display(Markdown(answer.summary()))

# %% [markdown]
# ## The table behind the sentence
# `present` of `assessed` is what was reported, `contexts` is how many countries are on the list.
# `low` and `high` are the interval: a verdict is given only where the whole interval lies on one
# side of a bound.

# %%
columns = ["name", "present", "assessed", "contexts", "low", "high", "verdict", "leaning"]
reported = answer.frame[answer.frame["assessed"] > 0]
reported[columns].round(2)

# %% [markdown]
# Electricity and qualified teachers are universal among the countries assessed.
# Internet for teaching in primary schools is not: it is present in 18 of 31.

# %%
row = answer.frame.loc["internet-primary"]
assert (row["present"], row["assessed"], row["verdict"]) == (18, 31, "intermediate")
assert answer.frame.loc["electricity-primary", "verdict"] == "universal"
display(Markdown(answer.explain("internet-primary")))

# %%
answer

# %% [markdown]
# ## All of four is not yet universal
# National ICT policies were found in four of four countries, and the verdict is still undetermined.
# Four countries say little about 49: the interval shows how little.

# %%
few = answer.frame.loc["national-ict-policy"]
assert (few["present"], few["assessed"], few["verdict"]) == (4, 4, "undetermined")
print(f"{few['present']} of {few['assessed']}, interval {few['low']:.0%} to {few['high']:.0%}")

# %% [markdown]
# ## What marks the countries where it is present?
# Where the countries of a group stand out, `grouping` and `group` name the clearest pattern;
# `q` is the rate of false patterns that one accepts by believing it.

# %%
patterns = answer.frame.dropna(subset="grouping")
patterns[["name", "grouping", "group", "indval", "q"]].sort_values("q").round(2)

# %% [markdown]
# In words: computers for teaching are rarer in the least developed countries; that is the one
# mark that passes at 10 %.
# For the internet in primary schools no group stands out clearly enough.

# %%
passed = patterns[patterns["q"] <= 0.10]
assert set(passed.index) == {"computers-primary", "computers-secondary"}
assert set(passed["grouping"]) == {"ldc"}
seen = m.links("observed").query("element == 'computers-primary'")
ldc = m.contexts.loc[seen["context"].astype(str), "ldc"].astype(str).to_numpy()
pd.crosstab(
    pd.Series(ldc, name="least developed"),
    pd.Series(seen["state"].astype(str).to_numpy(), name="computers"),
)

# %% [markdown]
# ## Does the verdict hang on our choices?
# Three quarters is a choice. The verdict is asked again with other bounds.

# %%
bounds = {"0.70 / 0.30": (0.70, 0.30), "0.75 / 0.25": (0.75, 0.25), "0.80 / 0.20": (0.80, 0.20)}
verdicts = {
    name: sm.universality(m, universal=high, specific=low, draws=0).frame["verdict"]
    for name, (high, low) in bounds.items()
}
counts = pd.DataFrame(verdicts).astype(str).loc[reported.index].apply(pd.Series.value_counts)
counts.fillna(0).astype(int)

# %% [markdown]
# The universal elements stay the same five; the line between intermediate and undetermined moves.

# %%
kept = [frozenset(v.index[v.astype(str) == "universal"]) for v in verdicts.values()]
assert len(set(kept)) == 1

# %% [markdown]
# ## What not to conclude
# The 50 % line that makes a share of schools into "present" is a choice of this map, and the years
# run from 2004 to 2020. A country without a value is not known; it is not absent.

# %%
Markdown("\n".join(f"- {caveat}" for caveat in answer.caveats))
