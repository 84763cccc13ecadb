"""The planted truth of the teaching map, written by hand; nothing here is real.

A block is a table: its first line names columns, ``|`` separates cells, and a cell of a link
table may hold several ids separated by blanks, which stand for one claim each.
"""
# ruff: noqa: E501  (one row per line, so that a review shows what changed)

OUTCOMES = """
id | name | description
every-school-online | Every school online | Sought by 8 of the 9 that answered.
digital-skills | Digital skills | Sought by 6 of 9.
good-teaching | Good teaching with technology | Sought by 4 of 9.
safe-online | Safe online | Sought by 3 of 9.
fair-access | Fair access | Sought by 2 of 9.
open-content | Open content | Sought by 1 of 9.
"""

ELEMENTS = """
id | name | area | parent | orientation | description
teacher-training | Teacher training | Implementation | | desirable | Planted: universal.
school-power | Power in schools | Implementation | | desirable | Planted: universal, absent in Snowridge.
satellite-link | Satellite link | Implementation | | desirable | Planted: islands only.
device-repair | Device repair | Implementation | | desirable | Planted: Eastvale only.
teacher-turnover | Teacher turnover | Implementation | | undesirable | Planted: least developed countries only.
broken-devices | Broken devices | Implementation | | undesirable | Planted: no pattern.
school-census | School census | Research and evidence | | desirable | Planted: universal.
learning-data | Yearly learning data | Research and evidence | | desirable | Planted: universal, absent in Lakeside.
national-vision | National vision | Strategy | | desirable | Planted: universal, absent in Pinewatch.
telecom-deal | Deal with telecom companies | Partnerships | | desirable | Planted: plains only.
school-twinning | School twinning | Partnerships | | desirable | Planted: islands only.
digital-policy | Digital policy | Policies and plans | | desirable | Parent; nobody was asked about it directly.
privacy-law | Privacy law | Policies and plans | digital-policy | desirable | Planted: where there is no device policy.
device-policy | Device policy | Policies and plans | digital-policy | desirable | Planted: where there is no privacy law.
offline-library | Offline library | Innovations | | desirable | Planted: islands only.
solar-kits | Solar kits | Innovations | | desirable | Planted: highlands only.
budget-line | Budget line | Costing | | desirable | Planted: universal, absent in Highmoor.
data-price | High price of data | Costing | | undesirable | Planted: the sub-region Blue Islands only.
usage-survey | Usage survey | Monitoring and evaluation | | desirable | Planted: too few reports to tell.
dropout-watch | Drop-out watch | Monitoring and evaluation | | desirable | Planted: too few reports to tell.
"""

CONTEXTS = """
id | name | kind | parent | region | subregion | ldc | lldc | sids | income_group | group_terrain
northland | Northland | country | | Meridia | Amber Coast | no | no | no | High income | plains
southmere | Southmere | country | | Meridia | Amber Coast | no | no | no | Upper middle income | plains
eastvale | Eastvale | country | | Meridia | Amber Coast | no | no | no | Upper middle income | plains
stonepeak | Stonepeak | country | | Meridia | Amber Coast | yes | no | no | Low income | highlands
westhaven | Westhaven | country | | Meridia | Blue Islands | no | no | no | Upper middle income | plains
coral-keys | Coral Keys | country | blue-ocean | Meridia | Blue Islands | no | no | yes | Lower middle income | islands
pearl-atoll | Pearl Atoll | country | blue-ocean | Meridia | Blue Islands | no | no | yes | Lower middle income | islands
tidewater-isles | Tidewater Isles | country | blue-ocean | Meridia | Blue Islands | yes | no | no | Low income | islands
highmoor | Highmoor | country | | Meridia | Cedar Highlands | no | yes | no | Low income | highlands
snowridge | Snowridge | country | | Meridia | Cedar Highlands | yes | no | no | Lower middle income | highlands
pinewatch | Pinewatch | country | | Meridia | Cedar Highlands | no | no | no | Upper middle income | highlands
lakeside | Lakeside | country | | Meridia | Cedar Highlands | no | yes | no | Lower middle income | plains
blue-ocean | Blue Ocean | area | | Meridia | | | | | |
off-grid-schools | Schools without a power grid | setting | | | | | | | |
"""

ORGANIZATIONS = """
id | name | kind | member | role | part_of
aurora-agency | Aurora Agency | un_agency | yes | co-chair |
beacon-bank | Beacon Bank | intergovernmental | yes | |
cobalt-council | Cobalt Council | intergovernmental | yes | co-chair |
delta-fund | Delta Fund | donor | yes | |
ember-trust | Ember Trust | ngo | yes | |
fern-foundation | Fern Foundation | donor | yes | |
glacier-ministry | Glacier Ministry of Highmoor | government | yes | |
harbour-institute | Harbour Institute | academia | yes | |
indigo-networks | Indigo Networks | private | yes | |
juniper-alliance | Juniper Alliance | ngo | yes | |
kestrel-office | Aurora Agency, Kestrel Office | un_agency | no | | aurora-agency
lantern-lab | Lantern Lab | other | no | |
"""

GROUPS = """
id | name | kind
planning-group | Planning Group of Meridia | working_group
island-network | Island Schools Network | network
safe-net-coalition | Safe Net Coalition | coalition
finance-circle | Finance Circle | network
"""

ACTIVITIES = """
id | name | kind | status | start | end | visibility
coast-training | Coast training week | training | completed | 2024-03-04 | 2024-03-08 |
island-link | Island link project | project | ongoing | 2024-01 | 2025-06 |
island-repair-camp | Island repair camp | training | planned | 2024-11-04 | 2024-11-08 |
data-forum | Learning data forum | event | planned | 2024-11-06 | 2024-11-07 |
solar-rollout | Solar roll-out | project | ongoing | 2023-05 | 2024-06-30 |
policy-review | Policy review | project | planned | 2024-07 | 2024-12 |
border-summit | Border summit | event | cancelled | 2024-10-10 | 2024-10-11 |
members-retreat | Planning retreat of the members | event | planned | 2025-01-15 | 2025-01-16 | members
repair-guide-writing | Writing of the repair guide | publication | completed | 2023 | 2023 |
vision-day | Vision day | other | planned | | |
"""

RESOURCES = """
id | name | kind | date | url | visibility
satellite-guide | Guide to satellite links | guidance | 2024-02 | https://example.org/satellite-guide |
training-kit | Teacher training kit | tool | 2023-11 | https://example.org/training-kit |
survey-toolkit | Usage survey toolkit | tool | 2024 | https://example.org/survey-toolkit |
price-study | Study of data prices | research | 2024-04-15 | https://example.org/price-study |
turnover-report | Report on teacher turnover | evidence | 2022 | https://example.org/turnover-report |
everything-handbook | Handbook of everything | guidance | 2021 | https://example.org/everything |
island-news | News from the islands | news | 2024-09-01 | https://example.org/island-news | members
"""

STRATEGIES = """
id | name | description
open-school | Open school strategy | Connect every school by sharing links.
shared-cost | Shared cost strategy | Buy data together to lower the price.
"""

SOURCES = """
id | name | kind | grade | organization | date | url | visibility
survey-aurora | Survey: Aurora Agency | survey | reported | aurora-agency | 2024-05-06 | |
survey-aurora-late | Survey: Aurora Agency, correction | survey | reported | aurora-agency | 2024-08-01 | |
survey-beacon | Survey: Beacon Bank | survey | reported | beacon-bank | 2024-05-07 | |
survey-beacon-late | Survey: Beacon Bank, correction | survey | reported | beacon-bank | 2024-08-02 | |
survey-cobalt | Survey: Cobalt Council | survey | reported | cobalt-council | 2024-05-08 | |
survey-delta | Survey: Delta Fund | survey | reported | delta-fund | 2024-05-09 | |
survey-ember | Survey: Ember Trust | survey | reported | ember-trust | 2024-05-10 | |
survey-fern | Survey: Fern Foundation | survey | reported | fern-foundation | 2024-05-13 | |
survey-glacier | Survey: Glacier Ministry | survey | reported | glacier-ministry | 2024-05-14 | |
survey-harbour | Survey: Harbour Institute | survey | reported | harbour-institute | 2024-05-15 | |
survey-indigo | Survey: Indigo Networks | survey | reported | indigo-networks | 2024-05-16 | |
survey-juniper | Survey: Juniper Alliance | survey | reported | juniper-alliance | 2024-05-17 | |
interview-juniper | Interview: Juniper Alliance | interview | reported | juniper-alliance | 2024-06-03 | |
workshop-causes | Workshop on causes | workshop | judged | | 2024-06-20 | |
power-statistics | Statistics on power in schools | dataset | official | | 2024-03-31 | https://example.org/power |
secretariat-notes | Notes of the secretariat | document | reported | | 2024-09-30 | |
lesson-example | Example for the lesson | document | illustrative | | 2024-09-30 | |
"""

SEEKS = """
organization | outcome | priority | importance | source
aurora-agency | every-school-online | 1 | 5 | survey-aurora
aurora-agency | digital-skills | 2 | 5 | survey-aurora
aurora-agency | good-teaching | 3 | 4 | survey-aurora
beacon-bank | every-school-online | 1 | 5 | survey-beacon
beacon-bank | digital-skills | 2 | 4 | survey-beacon
cobalt-council | every-school-online | 1 | 5 | survey-cobalt
cobalt-council | digital-skills | 2 | 5 | survey-cobalt
cobalt-council | good-teaching | 3 | 4 | survey-cobalt
delta-fund | every-school-online | 1 | 4 | survey-delta
delta-fund | fair-access | 2 | 4 | survey-delta
ember-trust | digital-skills | 1 | 5 | survey-ember
ember-trust | every-school-online | 2 | 4 | survey-ember
ember-trust | safe-online | 3 | 3 | survey-ember
fern-foundation | every-school-online | 1 | 5 | survey-fern
fern-foundation | digital-skills | 2 | 3 | survey-fern
glacier-ministry | every-school-online | 1 | 5 | survey-glacier
glacier-ministry | good-teaching | 2 | 5 | survey-glacier
glacier-ministry | digital-skills | 3 | 4 | survey-glacier
harbour-institute | open-content | 1 | 5 | survey-harbour
harbour-institute | safe-online | 2 | 4 | survey-harbour
harbour-institute | good-teaching | 3 | 3 | survey-harbour
juniper-alliance | every-school-online | 1 | 5 | survey-juniper
juniper-alliance | fair-access | 2 | 5 | survey-juniper
juniper-alliance | safe-online | 3 | 4 | survey-juniper
"""

INFLUENCES = """
cause | effect | sign | strength | context | source
teacher-training | good-teaching | + | 3 | | survey-aurora survey-cobalt
teacher-training | good-teaching | + | 2 | | survey-ember
teacher-training | digital-skills | + | 2 | | survey-aurora survey-cobalt
telecom-deal | every-school-online | + | 2 | | survey-aurora survey-cobalt
telecom-deal | every-school-online | - | 1 | | survey-harbour
telecom-deal | data-price | - | 2 | | survey-beacon
telecom-deal | data-price | + | 2 | | survey-indigo
satellite-link | every-school-online | + | 3 | coral-keys pearl-atoll tidewater-isles | survey-juniper
satellite-link | every-school-online | + | 2 | coral-keys | survey-aurora
satellite-link | data-price | - | 2 | | survey-juniper survey-aurora
satellite-link | data-price | + | 1 | highmoor | survey-glacier
data-price | satellite-link | + | 2 | | survey-juniper
data-price | every-school-online | - | 3 | | survey-juniper survey-aurora
school-power | every-school-online | + | 3 | | survey-delta survey-fern
solar-kits | school-power | + | 2 | | survey-delta survey-fern
data-price | broken-devices | + | 2 | | workshop-causes
broken-devices | teacher-turnover | + | 2 | | workshop-causes survey-ember
teacher-turnover | broken-devices | + | 2 | | workshop-causes
broken-devices | digital-skills | - | 2 | | survey-ember
teacher-turnover | good-teaching | - | 3 | | workshop-causes survey-glacier
device-repair | broken-devices | - | 2 | | survey-ember
learning-data | national-vision | + | 1 | | survey-harbour
national-vision | budget-line | + | 2 | | survey-beacon
budget-line | learning-data | + | 2 | | survey-beacon
budget-line | teacher-training | + | 2 | | survey-beacon
school-census | learning-data | + | 1 | | survey-harbour
usage-survey | learning-data | + | 1 | | survey-harbour
privacy-law | safe-online | + | 2 | | survey-glacier
privacy-law | learning-data | | | | survey-harbour
device-policy | safe-online | + | 1 | | workshop-causes
digital-policy | national-vision | + | 1 | | survey-glacier
offline-library | fair-access | + | 2 | | survey-juniper
offline-library | open-content | + | 3 | | survey-juniper survey-harbour
school-twinning | good-teaching | + | 1 | | lesson-example
dropout-watch | fair-access | + | 1 | | lesson-example
digital-skills | fair-access | + | 1 | | lesson-example
"""

WORKS_ON = """
organization | element | context | role | status | start | end | source
aurora-agency | teacher-training | northland southmere westhaven | implements | ongoing | 2022 | | survey-aurora
aurora-agency | national-vision | northland | advises | ongoing | 2023 | | survey-aurora
aurora-agency | telecom-deal | westhaven | convenes | planned | 2025 | | survey-aurora
beacon-bank | budget-line | northland eastvale lakeside | funds | ongoing | 2021 | | survey-beacon
cobalt-council | teacher-training | southmere eastvale westhaven | implements | ongoing | 2022 | | survey-cobalt
cobalt-council | national-vision | northland | advises | ongoing | 2022-06 | | survey-cobalt
cobalt-council | telecom-deal | westhaven | convenes | ongoing | 2024 | | survey-cobalt
delta-fund | solar-kits | stonepeak snowridge pinewatch | funds | ongoing | 2023-05 | | survey-delta
delta-fund | school-power | snowridge | funds | ongoing | 2023-05 | | survey-delta
ember-trust | teacher-training | pinewatch lakeside | implements | ongoing | 2023 | | survey-ember
ember-trust | device-repair | eastvale | implements | ongoing | 2024-02 | | survey-ember
fern-foundation | school-census | stonepeak highmoor | funds | ongoing | 2022 | | survey-fern
fern-foundation | solar-kits | highmoor | funds | ongoing | 2023 | | survey-fern
fern-foundation | solar-kits | snowridge | funds | cancelled | 2022 | 2023 | survey-fern
glacier-ministry | digital-policy | highmoor | implements | ongoing | 2024-01 | | survey-glacier
glacier-ministry | budget-line | highmoor | funds | planned | 2025 | | survey-glacier
harbour-institute | learning-data | pearl-atoll tidewater-isles | researches | ongoing | 2023-09 | | survey-harbour
harbour-institute | usage-survey | pearl-atoll | researches | ongoing | 2024-04 | | survey-harbour
harbour-institute | school-census | tidewater-isles | researches | completed | 2020 | 2022 | survey-harbour
indigo-networks | telecom-deal | | implements | ongoing | 2023 | | survey-indigo
indigo-networks | satellite-link | pearl-atoll | implements | ongoing | 2024 | | survey-indigo
juniper-alliance | satellite-link | coral-keys pearl-atoll tidewater-isles | implements | ongoing | 2024-01 | 2025-06 | survey-juniper
juniper-alliance | offline-library | coral-keys pearl-atoll | implements | ongoing | 2022 | | survey-juniper
kestrel-office | school-twinning | tidewater-isles | convenes | ongoing | 2023 | | secretariat-notes
lantern-lab | dropout-watch | | researches | ongoing | 2024 | | secretariat-notes
lantern-lab | usage-survey | northland | researches | ongoing | 2024 | | secretariat-notes
"""

PRIORITIES = """
organization | element | context | level | source
aurora-agency | telecom-deal | westhaven | 2 | survey-aurora
beacon-bank | usage-survey | northland | 3 | survey-beacon
cobalt-council | telecom-deal | westhaven | 2 | survey-cobalt
delta-fund | learning-data | tidewater-isles | 3 | survey-delta
delta-fund | school-twinning | tidewater-isles | 2 | survey-delta
ember-trust | satellite-link | coral-keys | 3 | survey-ember
ember-trust | offline-library | coral-keys | 2 | survey-ember
glacier-ministry | school-power | highmoor | 3 | survey-glacier
glacier-ministry | solar-kits | highmoor | 2 | survey-glacier
indigo-networks | budget-line | | 1 | survey-indigo
juniper-alliance | teacher-training | lakeside | 3 | survey-juniper
"""

CHALLENGES = """
organization | element | context | level | source | note | visibility
aurora-agency | data-price | westhaven | 2 | survey-aurora | |
beacon-bank | broken-devices | eastvale | 2 | survey-beacon | | members
cobalt-council | data-price | westhaven | 1 | survey-cobalt | Said in the open meeting. | public
delta-fund | teacher-turnover | snowridge | 3 | survey-delta | |
ember-trust | satellite-link | coral-keys | 3 | survey-ember | No line to the new school. | private
glacier-ministry | teacher-turnover | highmoor | 2 | survey-glacier | |
juniper-alliance | teacher-training | lakeside | 2 | interview-juniper | Told in confidence. | private
"""

COLLABORATES = """
organization | partner | context | start | end | source | note | visibility
aurora-agency | beacon-bank | northland | 2022 | | survey-aurora survey-beacon | |
beacon-bank | delta-fund | | 2023 | | survey-beacon | |
cobalt-council | fern-foundation | | 2021 | 2023 | survey-fern | |
juniper-alliance | kestrel-office | tidewater-isles | 2023 | | survey-juniper | |
juniper-alliance | indigo-networks | pearl-atoll | 2024 | | survey-indigo | A draft agreement. | private
"""

TAKES_PART = """
organization | activity | role | source
aurora-agency | coast-training | leads | survey-aurora
beacon-bank | coast-training | co-leads |
juniper-alliance | island-link | leads | survey-juniper
indigo-networks | island-link | implements |
kestrel-office | island-link | supports |
juniper-alliance | island-repair-camp | leads |
harbour-institute | data-forum | leads | survey-harbour
juniper-alliance | data-forum | attends |
delta-fund | solar-rollout | funds |
fern-foundation | solar-rollout | leads |
glacier-ministry | policy-review | leads |
cobalt-council | border-summit | leads |
beacon-bank | border-summit | co-leads |
aurora-agency | members-retreat | leads |
ember-trust | repair-guide-writing | leads |
"""

HELD_IN = """
activity | context | source
coast-training | northland |
island-link | coral-keys pearl-atoll tidewater-isles |
island-repair-camp | coral-keys |
data-forum | tidewater-isles |
solar-rollout | stonepeak snowridge |
policy-review | highmoor |
border-summit | eastvale |
members-retreat | northland |
"""

ADDRESSES = """
item | target | source
coast-training | teacher-training good-teaching |
island-link | satellite-link every-school-online |
island-repair-camp | device-repair satellite-link |
data-forum | learning-data |
solar-rollout | solar-kits school-power |
policy-review | digital-policy |
border-summit | telecom-deal |
repair-guide-writing | device-repair |
vision-day | national-vision |
satellite-guide | satellite-link | survey-juniper
training-kit | teacher-training | survey-ember
survey-toolkit | usage-survey | secretariat-notes
price-study | data-price | survey-harbour
turnover-report | teacher-turnover | survey-fern
everything-handbook | teacher-training school-power satellite-link device-repair school-census learning-data national-vision telecom-deal | survey-cobalt
island-news | satellite-link | survey-indigo
open-school | every-school-online telecom-deal | secretariat-notes
shared-cost | data-price budget-line | secretariat-notes
planning-group | every-school-online | secretariat-notes
island-network | satellite-link school-twinning | secretariat-notes
safe-net-coalition | safe-online dropout-watch | secretariat-notes
finance-circle | budget-line | secretariat-notes
"""

SHARES = """
organization | resource | source
juniper-alliance | satellite-guide | survey-juniper
ember-trust | training-kit | survey-ember
lantern-lab | survey-toolkit | secretariat-notes
harbour-institute | price-study | survey-harbour
fern-foundation | turnover-report | survey-fern
cobalt-council | everything-handbook | survey-cobalt
indigo-networks | island-news | survey-indigo
"""

ENDORSES = """
organization | strategy | source
aurora-agency beacon-bank cobalt-council juniper-alliance | open-school | secretariat-notes
beacon-bank delta-fund | shared-cost | secretariat-notes
"""

BELONGS_TO = """
organization | group | role | source
aurora-agency cobalt-council | planning-group | co-chair |
beacon-bank delta-fund ember-trust fern-foundation glacier-ministry | planning-group | |
harbour-institute indigo-networks juniper-alliance | planning-group | |
juniper-alliance kestrel-office lantern-lab | island-network | |
harbour-institute lantern-lab | safe-net-coalition | |
beacon-bank cobalt-council | finance-circle | |
"""

ABOUT = """
key | value
title | Schools of Meridia: an invented map for teaching
data date | 2024-09-30
round | 2024
contact | the secretariat of the invented group
licence | CC0-1.0
source | secretariat-notes
"""

ALIASES = """
name | id | decision
Aurora Agncy | aurora-agency | same
The Beacon Bank | beacon-bank | same
Northlands | northland | same
Cobalt Consulting | cobalt-council | different
"""

# The order of the letters in TRUTH, and who reports on each country.
REPORTERS = {
    "northland": ("aurora", "beacon"),
    "southmere": ("aurora", "cobalt"),
    "eastvale": ("beacon", "cobalt"),
    "stonepeak": ("fern", "delta"),
    "westhaven": ("aurora", "cobalt", "ember"),
    "coral-keys": ("aurora", "juniper"),
    "pearl-atoll": ("juniper", "harbour"),
    "tidewater-isles": ("juniper", "harbour"),
    "highmoor": ("glacier", "fern"),
    "snowridge": ("delta", "fern", "harbour"),
    "pinewatch": ("delta", "ember"),
    "lakeside": ("beacon", "ember"),
}
# 1 present, 0 absent, dot: nobody reports
TRUTH = {
    "teacher-training": "1111 1111 1111",
    "school-census": "1111 1111 1111",
    "national-vision": "1111 1111 1101",
    "budget-line": "1111 1111 0111",
    "school-power": "1111 1111 1011",
    "learning-data": "1111 1111 1110",
    "privacy-law": "1111 0000 1000",
    "device-policy": "0000 1111 0111",
    "satellite-link": "0000 0111 0000",
    "offline-library": "0000 0111 0000",
    "school-twinning": "0000 0111 0000",
    "solar-kits": "0001 0000 1110",
    "telecom-deal": "1110 1000 0001",
    "data-price": "0000 1111 0000",
    "device-repair": "0010 0000 0000",
    "teacher-turnover": "0001 0001 0100",
    "broken-devices": "0110 0100 1001",
    "usage-survey": "1.0. ..1. .0..",
    "dropout-watch": ".1.. 0... ..0.",
}
# Reports that differ from the truth: the first three leave a tie, the next two are outvoted,
# the last two are corrected by a later survey of the same organization.
WRONG_REPORTS = {
    ("learning-data", "eastvale", "cobalt"),
    ("telecom-deal", "lakeside", "ember"),
    ("broken-devices", "northland", "beacon"),
    ("school-power", "westhaven", "ember"),
    ("solar-kits", "snowridge", "harbour"),
    ("budget-line", "southmere", "aurora"),
    ("learning-data", "northland", "beacon"),
}
# Further reports: a correction, a setting, a dataset.
OBSERVED = """
element | context | state | strength | source | date
budget-line | southmere | present | 2 | survey-aurora-late | 2024-08-01
learning-data | northland | present | 2 | survey-beacon-late | 2024-08-02
solar-kits | off-grid-schools | present | 3 | survey-delta | 2024-05-09
school-power | off-grid-schools | absent | | survey-delta | 2024-05-09
school-power | highmoor | present | 2 | power-statistics | 2024-03-31
school-power | snowridge | absent | | power-statistics | 2024-03-31
"""

# Who was asked what beside `observed`, which follows from REPORTERS; blank is answered if claimed.
ASKED = """
source | question | context | area | answered
survey-aurora survey-beacon survey-cobalt survey-delta survey-ember | seeks | | |
survey-fern survey-glacier survey-harbour survey-juniper | seeks | | |
survey-indigo | seeks | | | no
survey-aurora survey-beacon survey-cobalt survey-delta survey-ember | works_on | | |
survey-fern survey-glacier survey-indigo survey-juniper | works_on | | |
survey-harbour | works_on | | Research and evidence | yes
survey-harbour | works_on | | Monitoring and evaluation | yes
survey-aurora survey-beacon survey-cobalt survey-delta survey-ember | priorities | | |
survey-glacier survey-indigo survey-juniper | priorities | | |
survey-fern | priorities | | | no
survey-harbour | priorities | | | yes
survey-aurora survey-beacon survey-cobalt survey-ember survey-glacier | challenges | | |
survey-delta | challenges | snowridge | |
survey-fern | challenges | | | yes
survey-harbour | challenges | | | yes
survey-indigo | challenges | | | no
interview-juniper | challenges | | |
survey-aurora survey-beacon survey-fern survey-indigo survey-juniper | collaborates | | |
survey-delta survey-ember survey-glacier survey-harbour | collaborates | | | yes
survey-aurora survey-beacon survey-cobalt survey-delta survey-ember | influences | | |
survey-fern survey-glacier survey-harbour survey-indigo survey-juniper | influences | | |
survey-aurora-late | observed | southmere | Costing | yes
survey-beacon-late | observed | northland | Research and evidence | yes
survey-delta | observed | off-grid-schools | | yes
survey-indigo | observed | coral-keys | | no
survey-indigo | observed | pearl-atoll | | no
"""
