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
# # From a ranking to a joint work plan
# Who should talk to whom, why, which few together cover what an outcome needs, and what goes into
# the calendar?
#
# The map is invented, because real needs are rarely public: twelve organizations look at twelve
# countries of Meridia, and every table is filled.

# %%
import tempfile
from pathlib import Path

import pandas as pd
from IPython.display import Markdown, display

import sysmap as sm

m = sm.example("teaching")
m

# %% [markdown]
# ## Who should talk to whom?
# A pair comes first when it shares, offers and reaches more than the sizes of the two explain.

# %%
pairs = sm.opportunities(m)
pairs.frame[["kind", "standing", "score", "rank", "rank_low", "rank_high", "direction"]].head(8).round(2)

# %%
pairs

# %% [markdown]
# ## Why this pair?
# The reasons come as sentences, and the rows behind them as a table.

# %%
pair = ("ember-trust", "juniper-alliance")
assert pairs.frame.loc[pair, "kind"] == "complement"
display(Markdown(pairs.explain(pair)))

# %%
rows = pairs.evidence(pair)
rows.groupby(["table", "counts_in"], dropna=False)["unit"].nunique().rename("distinct units").to_frame()

# %% [markdown]
# Each has what the other needs: Juniper Alliance offers Ember Trust the satellite link and the offline
# library in Coral Keys, Ember Trust offers Juniper Alliance teacher training in Lakeside.

# %%
needs = m.links("priorities").query("organization in @pair")[["organization", "element", "context"]]
offers = m.links("works_on")[["organization", "element", "context"]].query("organization in @pair")
met = needs.astype(str).merge(
    offers.astype(str), on=["element", "context"], suffixes=("_needs", "_offers")
)
met

# %% [markdown]
# ## Which few cover what an outcome needs?
# One row per size: what the best coalition of that size covers, and what it leaves open.

# %%
groups = sm.coalitions(m, outcome="every-school-online")
groups.frame[["members", "covered", "share", "left_out", "optimal"]].round(2)

# %%
groups

# %%
best = groups.frame.iloc[-1]
members = best["members"].split("; ")
display(Markdown(groups.explain(groups.frame.index[-1])))

# %% [markdown]
# ## A joint work plan
# What the members could agree on becomes rows: three activities, who leads, what each addresses and
# where. A plan is a map like any other, so it joins the rest with `|`.

# %%
work = pd.DataFrame(
    [
        ("exchange-visit", "Exchange visit to Coral Keys", "2025-02-10", "2025-02-14"),
        ("training-lakeside", "Joint teacher training in Lakeside", "2025-03-17", "2025-03-21"),
        ("plan-review", "Review of the joint work plan", "2025-09-08", "2025-09-08"),
    ],
    columns=["id", "name", "start", "end"],
).assign(kind=["other", "training", "event"], status="planned")
parts = [
    ("juniper-alliance", "exchange-visit", "leads"),
    ("ember-trust", "exchange-visit", "attends"),
    ("ember-trust", "training-lakeside", "leads"),
    ("juniper-alliance", "training-lakeside", "supports"),
    *[(member, "plan-review", "attends") for member in members],
]
targets = [
    ("exchange-visit", "satellite-link"),
    ("exchange-visit", "offline-library"),
    ("training-lakeside", "teacher-training"),
    ("plan-review", "every-school-online"),
]
places = [("exchange-visit", "coral-keys"), ("training-lakeside", "lakeside")]
nodes = {
    table: m.nodes(table).reset_index()
    for table in ("organizations", "elements", "outcomes", "contexts")
}
plan = sm.read(
    {
        **nodes,
        "activities": work,
        "takes_part": pd.DataFrame(parts, columns=["organization", "activity", "role"]),
        "addresses": pd.DataFrame(targets, columns=["item", "target"]),
        "held_in": pd.DataFrame(places, columns=["activity", "context"]),
    }
)
joined = m | plan
dates = sm.calendar(joined)
dates.frame.loc[work["id"], ["name", "start", "end", "leads", "contexts", "addresses", "state"]]

# %%
dates

# %% [markdown]
# ## Into everybody's calendar
# The file opens in any calendar program. It is written for the public, so what only members may see
# stays out.

# %%
folder = Path(tempfile.mkdtemp())
public = sm.calendar(joined.redact())
file = public.to_ics(folder / "calendar.ics")
text = file.read_text(encoding="utf-8")
assert "Joint teacher training in Lakeside" in text
assert "retreat" not in text
print(text.count("BEGIN:VEVENT"), "events")
print("\n".join(text.splitlines()[:16]))

# %% [markdown]
# ## What not to conclude
# A pair is an opportunity to discuss: whether the two want it, the map cannot know.

# %%
Markdown("\n".join(f"- {caveat}" for caveat in dict.fromkeys([*pairs.caveats, *groups.caveats, *dates.caveats])))
