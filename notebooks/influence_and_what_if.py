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
# # What moves the outcomes, and what if we push?
# A causal map is a set of sayings: "this strengthens that".
# Which elements move the outcomes most, along which paths, and what may go the wrong way?
#
# **The influences of this map are illustrative.** Nobody said them; they show how to read the
# answers, and no advice follows from them.

# %%
import pandas as pd
from IPython.display import Markdown, display

import sysmap as sm

pd.options.display.max_colwidth = 100
m = sm.example()
answer = sm.influence(m)
display(Markdown(answer.summary()))

# %% [markdown]
# ## The ranking, with its doubt
# `rank` alone would promise too much: `rank_low` to `rank_high` is where the element lands when the
# claims are shaken, and `top10` how often it is among the first ten.

# %%
columns = ["name", "influence", "direct", "rank", "rank_low", "rank_high", "top10", "quadrant"]
answer.frame[columns].head(10).round(2)

# %% [markdown]
# Teacher training comes first, and most others cannot be told apart from it: the intervals overlap.
# So read tiers, and never cut the list at a rank.

# %%
first = answer.frame.iloc[0]
assert answer.frame.index[0] == "teacher-training"
assert (answer.frame["rank_low"] <= first["rank_high"]).sum() > 10
answer

# %% [markdown]
# ## Which outcomes share the elements that lead to them?
# A common element is a reason for those who seek different outcomes to talk to each other.

# %%
answer.shared_elements()

# %% [markdown]
# ## By which path?
# A path that one source told whole is stronger evidence than one stitched together from several.

# %%
paths = sm.pathways(m, "universal-service-fund", "connectivity")
paths.frame[["path", "length", "sign", "strength", "told_whole"]].round(3)

# %%
paths

# %% [markdown]
# ## What comes back?
# A reinforcing loop grows by itself, a balancing loop holds itself back.

# %%
circles = sm.loops(m)
assert list(circles.frame["polarity"]).count("balancing") == 2
circles.frame[["path", "polarity", "strength"]].round(2)

# %%
circles

# %% [markdown]
# ## What if schools get more equipment?
# The push is held, and thousands of systems with the claimed signs answer: up, down, or no clear way.

# %%
push = sm.what_if(m, {"school-ict-equipment": "+"}, draws=2000)
display(Markdown(push.summary()))
push.frame[push.frame["table"] == "outcomes"][["name", "up", "down", "none", "answer"]].round(2)

# %% [markdown]
# Digital literacy goes up, and school connectivity goes *down*: by the claims, equipment eats the
# money that pays for the internet. That is a question for the group: who pays the running cost?

# %%
assert push.frame.loc["digital-literacy", "answer"] == "up"
assert push.frame.loc["connectivity", "answer"] == "down"
display(Markdown(push.explain("connectivity")))

# %%
push

# %% [markdown]
# ## And with a fund for the running cost?
# Two pushes at once, compared with one.

# %%
both = sm.what_if(m, {"school-ict-equipment": "+", "universal-service-fund": "+"}, draws=2000)
rows = m.outcomes.index
both.frame.loc[rows, ["name", "answer"]].join(push.frame["answer"].rename("equipment alone"))

# %% [markdown]
# School connectivity turns from down to up, and a new worry appears: online safety goes down, because
# more internet brings more harm online unless something is done about it.

# %%
assert both.frame.loc["connectivity", "answer"] == "up"
assert both.frame.loc["online-safety", "answer"] == "down"
display(Markdown(both.explain("online-safety")))

# %% [markdown]
# ## What not to conclude
# A share of systems is no probability, and a direction is no amount.

# %%
Markdown("\n".join(f"- {caveat}" for caveat in dict.fromkeys([*answer.caveats, *push.caveats])))
