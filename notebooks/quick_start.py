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
# # Quick start
# One map, one question, the claims behind the answer, and a page to hand on.

# %%
import tempfile
from pathlib import Path

import sysmap as sm

m = sm.example()
m

# %% [markdown]
# ## Which elements are universal?
# The denominator is the countries that were assessed; the interval says how far to trust it.

# %%
answer = sm.universality(m)
answer

# %%
answer.explain("internet-primary")

# %% [markdown]
# The rows behind that sentence: a count is the number of distinct units among them.

# %%
rows = answer.evidence("internet-primary")
counted = rows[rows["counts_in"].str.contains("present")]
assert counted["unit"].nunique() == answer.frame.loc["internet-primary", "present"]
rows.head()

# %% [markdown]
# ## A smaller map, and what the data cannot say
# Narrowing gives a new map; a question that the data cannot answer says what is missing.

# %%
cambodia = m.select(contexts="KHM")
cambodia

# %%
try:
    sm.responses(m)
except sm.UndecidableError as error:
    print(error)

# %% [markdown]
# ## A page to hand on
# The page is redacted for the public, needs no network and runs nothing from the data.

# %%
folder = Path(tempfile.mkdtemp())
page = sm.to_html(m, folder / "map.html")
page
