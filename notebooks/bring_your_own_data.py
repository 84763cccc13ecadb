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
# # Bring your own data
# I have answers in a spreadsheet or a data frame. How do they become a map, what if a cell is wrong,
# and what do I hand on?
#
# Everything here is invented; the steps are those of a real survey.

# %%
import tempfile
from pathlib import Path

import pandas as pd
from IPython.display import Markdown

import sysmap as sm

folder = Path(tempfile.mkdtemp())

# %% [markdown]
# ## 1. A blank workbook
# It has drop-downs and help. Send it, or look at it for the names of sheets and columns.

# %%
form = sm.template(folder / "survey.xlsx")
sheets = pd.read_excel(form, sheet_name=None, header=None, engine="openpyxl")
pd.Series({name: frame.shape[1] for name, frame in sheets.items()}, name="columns").to_frame()

# %% [markdown]
# ## 2. Fill it with pandas
# One frame per sheet. Only `id` and `name` are needed for things, and the two ends for claims.

# %%
filled = {
    "about": pd.DataFrame({"key": ["title", "data date"], "value": ["Harbour schools", "2025-06-30"]}),
    "outcomes": pd.DataFrame({"id": ["online"], "name": ["Schools online"]}),
    "elements": pd.DataFrame(
        {
            "id": ["power", "training", "satellite"],
            "name": ["Power in schools", "Teacher training", "Satellite link"],
            "area": ["Implementation", "Implementation", "Innovations"],
        }
    ),
    "contexts": pd.DataFrame(
        {"id": ["FJI", "WSM", "TON", "VUT"], "name": ["Fiji", "Samoa", "Tonga", "Vanuatu"]}
    ),
    "organizations": pd.DataFrame({"id": ["reef", "palm"], "name": ["Reef Trust", "Palm Fund"]}),
    "sources": pd.DataFrame(
        {
            "id": ["s-reef", "s-palm"],
            "name": ["Survey: Reef Trust", "Survey: Palm Fund"],
            "kind": "survey",
            "grade": "reported",
            "organization": ["reef", "palm"],
            "date": "2025-06",
        }
    ),
    "seeks": pd.DataFrame(
        {"organization": ["reef", "palm"], "outcome": "online", "source": ["s-reef", "s-palm"]}
    ),
    "observed": pd.DataFrame(
        [
            ("power", "FJI", "present", "s-reef"),
            ("power", "WSM", "present", "s-reef"),
            ("power", "TON", "present", "s-palm"),
            ("power", "VUT", "absent", "s-palm"),
            ("training", "FJI", "present", "s-reef"),
            ("trainning", "TON", "present", "s-palm"),
            ("satellite", "VUT", "yes!", "s-palm"),
        ],
        columns=["element", "context", "state", "source"],
    ),
    "works_on": pd.DataFrame(
        {
            "organization": ["reef", "palm"],
            "element": ["training", "satellite"],
            "context": ["FJI", "VUT"],
            "source": ["s-reef", "s-palm"],
        }
    ),
}
with pd.ExcelWriter(folder / "filled.xlsx") as book:
    for sheet, frame in filled.items():
        frame.to_excel(book, sheet_name=sheet, index=False)

# %% [markdown]
# ## 3. Check
# Two cells are wrong on purpose. `check` never raises for bad content: it lists every fault at once,
# with sheet, cell and remedy.

# %%
problems = sm.check(folder / "filled.xlsx")
problems

# %% [markdown]
# `read` refuses a map with errors, and carries the same list.

# %%
try:
    sm.read(folder / "filled.xlsx")
except sm.InvalidMapError as error:
    print(error)

# %% [markdown]
# ## 4. Mend, and read
# The mended frames are read as they are; no file is needed in between.

# %%
observed = filled["observed"].replace({"trainning": "training", "yes!": "present"})
m = sm.read({**filled, "observed": observed})
assert len(m.links("observed")) == 7
m

# %% [markdown]
# What the reading noted, such as what it filled in:

# %%
m.problems

# %% [markdown]
# ## 5. Ask
# Power was assessed in every country on the list and is present in three of four: no doubt is left,
# and three quarters is where universal begins.
# The others were assessed in one or two countries: with so few, sysmap says that it does not know.

# %%
answer = sm.universality(m)
assert answer.frame.loc["power", "assessed"] == 4
assert answer.frame.loc["satellite", "verdict"] == "undetermined"
answer.frame[["name", "present", "assessed", "contexts", "low", "high", "verdict"]].round(2)

# %%
answer

# %% [markdown]
# ## 6. Hand on
# A workbook that reads back to the same map, and a page that opens anywhere.

# %%
sm.write(m, folder / "map.xlsx")
again = sm.read(folder / "map.xlsx")
assert len(again.links("observed")) == len(m.links("observed"))
page = sm.to_html(m, folder / "map.html")
print(sorted(path.name for path in folder.iterdir()))

# %%
page

# %% [markdown]
# ## What not to conclude

# %%
Markdown("\n".join(f"- {caveat}" for caveat in answer.caveats))
