"""What was read in the facts, one table per kind of claim, each line with its fact.

A line is one or more claims: cells are separated by ``|``, ids in one cell by blanks, and
the line stands for every combination of its organizations, elements and contexts.
``f15`` is the fact itself; ``f15-judged`` is our inference from it.
``build.py`` refuses a line whose organization or country is not in its fact.
"""
# ruff: noqa: E501  (one claim per line, so that a review shows what changed)

# fact, grade, organization that reports it itself, subject
SOURCES = """
f01 | official | | The working group, its network, its aim and its five tasks
f02 | official | | Six outcome examples of task 1
f03 | official | | Eight areas of work of task 2
f04 | official | | UNESCO and UNICEF co-chair the regional network
f05 | official | | Regional coordination mechanism and sub-regional bodies
f06 | official | | Japanese Funds-in-Trust and the regional coordination mechanism
f07 | official | uis | Regional SDG 4 benchmarks and the name of the network
f09 | official | | Regional Collaborative Platform: chair and vice-chairs
f10 | official | | Chairs of the coalition on climate change mitigation
f11 | official | | Chairs of the coalition on building resilience
f12 | official | | Joint UN working group on climate literacy
f13 | official | | First meeting of the Regional Collaborative Platform
f15 | reported | | Giga school mapping in Kazakhstan
f17 | reported | | Giga report on Asia and the Pacific
f18 | official | itu | Child Online Protection for Asia-Pacific, project 9RAS20063
f19 | official | itu | Child online protection information sessions in the Pacific
f22 | official | unicef | Learning Passport, partnership and first countries
f23 | reported | | Learning Passport in Timor-Leste
f28 | reported | | Six-pillar common framework
f29 | official | unesco | Regional consultation of 2015 on children's use of ICT
f30 | official | unesco | Digital citizenship project and Digital Kids Asia-Pacific
f31 | official | unesco | Project on digital citizenship and ICT teacher training
f32 | official | unesco | Policy advice on ICT in education
f33 | official | | GEM Report 2023, Southeast Asia edition
f34 | official | | GEM Report 2024, Pacific edition
f35 | official | seameo-innotech | Philippine launch of the GEM Report 2023
f36 | official | adb | Technology-Enabled Innovation in Education in Southeast Asia
f38 | official | adb | ICT in Basic Education, Uzbekistan
f40 | reported | | EdTech Readiness Index
f41 | official | world-bank | Digital Skills Development in East Asia and the Pacific
f42 | official | world-bank | Introducing the EdTech Hub
f43 | official | edtech-hub | How the EdTech Hub works
f44 | official | telenor | Safe Digital Space for Girls and Youth, Bangladesh
f45 | official | vvob | Blended courses for teacher educators, Cambodia
f46 | official | british-council | Digital Learning Innovation Fund, Viet Nam
f47 | official | british-council | APREMC-II side event on remote teacher development
f49 | reported | | We Think Digital, Viet Nam
f50 | reported | | Digital education in 21 schools, Cambodia
f51 | official | swisscontact | Digital Literacy Initiative, Cambodia
f52 | official | gpe | ICT standards for teachers in partner countries
f53 | official | unesco | Technology profiles of 211 education systems
f54 | official | unesco | Technology profile of Cambodia
f55 | official | unesco | Technology profile of Nepal
f56 | official | unesco | Technology profile of Bhutan
f57 | official | unesco | Technology profile of Vanuatu
f58 | official | unesco | Technology profile of Tonga
f59 | official | unesco | Technology profile of Papua New Guinea
f60 | official | unesco | Technology profile of Fiji
"""

# source, day on which it was published, where its address or its title says so
PUBLISHED = """
f41 | 2023-09
f43 | 2022-02-28
"""

OUTCOMES = """
quality-digital-learning | Quality digital learning opportunities
connectivity | School connectivity
digital-literacy | Digital literacy
online-safety | Online safety
capacity | Capacity of ministry and private-sector staff, teacher trainers and teachers
inclusive-strategies | Inclusive national technology-for-learning strategies
"""

# UIS indicator, element, name, area (the area is our judgement)
INDICATORS = """
SCHBSP.1.WELEC | electricity-primary | Electricity in primary schools | Implementation
SCHBSP.3.WELEC | electricity-upper-secondary | Electricity in upper secondary schools | Implementation
SCHBSP.1.WCOMPUT | computers-primary | Computers for teaching in primary schools | Implementation
SCHBSP.2T3.WCOMPUT | computers-secondary | Computers for teaching in secondary schools | Implementation
SCHBSP.1.WINTERN | internet-primary | Internet for teaching in primary schools | Implementation
SCHBSP.2T3.WINTERN | internet-secondary | Internet for teaching in secondary schools | Implementation
SCHBSP.1.WINFSTUDIS | adapted-primary | Adapted primary schools for disability | Implementation
SCHBSP.3.WINFSTUDIS | adapted-upper-secondary | Adapted upper secondary schools for disability | Implementation
TRTP.1 | qualified-teachers-primary | Qualified teachers in primary education | Implementation
TRTP.2T3 | qualified-teachers-secondary | Qualified teachers in secondary education | Implementation
ICTSKILLATTACH | skill-email | People can send e-mail with attachments | Monitoring and evaluation
ICTSKILLPROGLANG | skill-programming | People can write a computer program | Monitoring and evaluation
"""

# element, name, area, orientation, description (areas and wording are our judgement)
ELEMENTS = """
teacher-training | Teacher training in digital skills | Implementation | | Training of teachers and teacher educators, in person, blended or remote.
school-ict-equipment | ICT equipment programmes for schools | Implementation | | Devices and rooms bought for schools.
digital-skills-training | Digital skills training | Implementation | | Training of learners, youth and adults.
online-safety-education | Online safety education | Implementation | | Lessons and sessions for children, parents and teachers.
ict-education-plan | ICT in education policy or master plan | Policies and plans | | A national plan or policy on ICT in education.
national-ict-policy | National ICT policy or master plan | Policies and plans | | Covers the whole country, education included or not.
ict-act | Act on ICT | Policies and plans | | An act of law on ICT or on technology in education.
education-act-technology | Education act that covers technology | Policies and plans | | Absent where the act is silent on technology.
child-online-protection | Child online protection framework | Policies and plans | | National frameworks and policies for children's safe use of ICT.
cyber-safety-law | Law against cyberbullying and cybercrime in schools | Policies and plans | | Protects learners by law.
data-privacy-law | Law on data privacy in education | Policies and plans | | Protects the data of learners by law.
inclusive-education-plan | Inclusive education plan with assistive devices | Policies and plans | | A plan that covers assistive devices.
edtech-roadmap | National strategy or roadmap for digital learning | Strategy | | Says where digital learning should go and who leads.
digital-citizenship-framework | Digital citizenship competency framework | Strategy | | Competencies that children need online.
regional-coordination | Regional coordination in education | Partnerships | | Bodies of the region plan and report together.
company-partnerships | Partnerships with companies | Partnerships | | Companies give technology, content or money to education.
school-mapping | School connectivity mapping | Research and evidence | | Shows which schools are connected.
regional-evidence | Regional evidence on technology in education | Research and evidence | | Reports and research across countries.
learning-platform | Online learning platform and content | Innovations | | A platform with lessons for learners and teachers.
edtech-pilots | EdTech pilots and innovation funds | Innovations | | Small trials before a decision to spread.
universal-service-fund | Universal service fund or obligation | Costing | | Money or duty to serve places that the market does not.
cost-estimation | Cost estimates for ICT in education | Costing | | What a plan costs to start and to keep.
recurrent-cost | Recurrent cost of devices and internet | Costing | undesirable | What schools pay every year.
edtech-readiness | EdTech readiness diagnostics | Monitoring and evaluation | | Instruments that show how ready a system is.
sdg4-benchmarks | Regional SDG 4 benchmarks | Monitoring and evaluation | | Agreed values to reach in the region.
online-harm | Harm that children meet online | Monitoring and evaluation | undesirable | Followed in order to be reduced.
"""

# organization, kind, part_of, name (kinds are our judgement)
ORGANIZATIONS = """
adb | intergovernmental | | Asian Development Bank
asean | intergovernmental | | Association of Southeast Asian Nations
british-council | other | | British Council
childfund | ngo | | ChildFund
commonwealth-of-learning | intergovernmental | | Commonwealth of Learning
dariu-foundation | ngo | | The Dariu Foundation
deped-philippines | government | | Department of Education of the Philippines
edtech-hub | other | | EdTech Hub
escap | un_agency | | Economic and Social Commission for Asia and the Pacific
eu | intergovernmental | | European Union
fcdo | donor | | Foreign, Commonwealth & Development Office
gates-foundation | donor | | Gates Foundation
google | private | | Google
government-fsm | government | | Government of the Federated States of Micronesia
government-japan | government | | Government of Japan
government-kazakhstan | government | | Government of Kazakhstan
government-korea | government | | Government of the Republic of Korea
gpe | donor | | Global Partnership for Education
grameenphone | private | | Grameenphone
ilo | un_agency | | International Labour Organization
imaginable-futures | donor | | Imaginable Futures
intel | private | | Intel
iom | un_agency | | International Organization for Migration
itu | un_agency | | International Telecommunication Union
meta | private | | Meta
microsoft | private | | Microsoft
mlvt-cambodia | government | | Ministry of Labour and Vocational Training of Cambodia
moet-viet-nam | government | | Ministry of Education and Training of Viet Nam
moeys-cambodia | government | | Ministry of Education, Youth and Sport of Cambodia
moeys-timor-leste | government | | Ministry of Education, Youth and Sports of Timor-Leste
pif | intergovernmental | | Pacific Islands Forum
plan-international | ngo | | Plan International
saarc | intergovernmental | | South Asian Association for Regional Cooperation
seameo | intergovernmental | | Southeast Asian Ministers of Education Organization
seameo-innotech | intergovernmental | seameo | SEAMEO INNOTECH
sida | donor | | Swedish International Development Cooperation Agency
swisscontact | ngo | | Swisscontact
teach-for-cambodia | ngo | | Teach For Cambodia
telenor | private | | Telenor
uis | un_agency | unesco | UNESCO Institute for Statistics
un-dsg | un_agency | | Deputy Secretary-General of the United Nations
undp | un_agency | | United Nations Development Programme
undrr | un_agency | | United Nations Office for Disaster Risk Reduction
unep | un_agency | | United Nations Environment Programme
unesco | un_agency | | United Nations Educational, Scientific and Cultural Organization
unfccc | un_agency | | United Nations Framework Convention on Climate Change
unicef | un_agency | | United Nations Children's Fund
university-of-cambridge | academia | | University of Cambridge
unops | un_agency | | United Nations Office for Project Services
unossc | un_agency | | United Nations Office for South-South Cooperation
usaid | donor | | United States Agency for International Development
vietnet-ict | ngo | | Vietnet-ICT
vnies | academia | | Viet Nam Institute of Educational Sciences
vvob | ngo | | VVOB
woori-bank | private | | Woori Bank
world-bank | intergovernmental | | World Bank
"""

# spelling in the facts, organization
SPELLINGS = """
ADB | adb
ASEAN | asean
British Council | british-council
ChildFund | childfund
Commonwealth of Learning | commonwealth-of-learning
Department of Education (Philippines) | deped-philippines
ESCAP | escap
EU | eu
EdTech Hub | edtech-hub
FCDO (then DFID) | fcdo
GPE | gpe
Gates Foundation | gates-foundation
Google | google
Government of FSM | government-fsm
Government of Japan | government-japan
Grameenphone | grameenphone
ILO | ilo
IOM | iom
ITU | itu
Imaginable Futures | imaginable-futures
Intel | intel
MLVT Cambodia | mlvt-cambodia
MOET Viet Nam (NFLP) | moet-viet-nam
Meta | meta
Microsoft | microsoft
Ministry of Education, Youth and Sports of Timor-Leste | moeys-timor-leste
MoEYS Cambodia | moeys-cambodia
PIF | pif
Plan International | plan-international
Republic of Korea | government-korea
SAARC | saarc
SEAMEO | seameo
Sida | sida
Swisscontact | swisscontact
Teach For Cambodia | teach-for-cambodia
Telenor | telenor
The Dariu Foundation | dariu-foundation
UIS | uis
UN DSG | un-dsg
UNDP | undp
UNDRR | undrr
UNEP | unep
UNESCO | unesco
UNESCO (GEM/PEER) | unesco
UNFCCC | unfccc
UNICEF | unicef
UNOPS | unops
UNOSSC | unossc
USAID | usaid
University of Cambridge | university-of-cambridge
VNIES | vnies
VVOB | vvob
Vietnet-ICT | vietnet-ict
Woori Bank | woori-bank
World Bank | world-bank
"""
# Named in the statement of a fact, not in its column of organizations.
NAMED_IN_STATEMENT = {"f15": "government-kazakhstan", "f35": "seameo-innotech"}

# source, organization, what the fact adds about how it takes part
REMARKS = """
f29 | unesco | UNESCO Bangkok
f29 | unicef | UNICEF EAPRO
f32 | unesco | UNESCO Bangkok
f42 | fcdo | then the Department for International Development
f45 | moeys-cambodia | partner of the Capacity Development Partnership Fund
f45 | eu | partner of the Capacity Development Partnership Fund
f45 | sida | partner of the Capacity Development Partnership Fund
f45 | usaid | partner of the Capacity Development Partnership Fund
f45 | gpe | partner of the Capacity Development Partnership Fund
f45 | unicef | partner of the Capacity Development Partnership Fund
f46 | moet-viet-nam | National Foreign Languages Project
"""

GROUPS = """
digital-transformation-group | working_group | Asia-Pacific working group on digital transformation in learning and education
learning-education-2030 | network | Learning and Education 2030+ Networking Group
regional-coordination-mechanism | network | Regional coordination mechanism for education
regional-collaborative-platform | network | Regional Collaborative Platform for Asia and the Pacific
ibc-climate | coalition | Issue-Based Coalition on Climate Change Mitigation and Air Pollution
ibc-resilience | coalition | Issue-Based Coalition on Building Resilience
climate-literacy-group | working_group | Joint UN working group on climate literacy
digital-transformation-collaborative | network | Digital Transformation Collaborative
"""

# activity, fact, kind, status, start, end, name; a lone year of a fact is its start
ACTIVITIES = """
regional-sdg4-benchmarks | f07 | project | | | | Regional SDG 4 benchmarks for Asia and the Pacific
platform-first-meeting | f13 | event | completed | 2021-03-23 | 2021-03-23 | First meeting of the Regional Collaborative Platform
climate-tools-launch | f12 | event | completed | 2022-03-31 | 2022-03-31 | Launch of the climate literacy tools
giga-kazakhstan | f15 | project | completed | 2021 | | Giga school mapping in Kazakhstan
cop-asia-pacific | f18 | project | completed | 2019-12-01 | 2023-12-31 | Child Online Protection for Asia-Pacific (9RAS20063)
cop-sessions-pacific | f19 | training | completed | 2025 | 2025 | Child online protection information sessions in the Pacific
eskola-ba-uma | f23 | project | | 2020 | | Learning Passport in Eskola Ba Uma, Timor-Leste
ict-consultation-2015 | f29 | event | completed | 2015-09-09 | 2015-09-11 | Regional consultation on children's use of ICT, Bangkok
digital-citizenship-project | f30 | project | | 2015 | | Digital citizenship project of UNESCO Bangkok
digital-kids-asia-pacific | f30 | project | completed | 2017 | 2019 | Digital Kids Asia-Pacific
digital-citizenship-capacity | f31 | project | completed | 2017 | 2021 | National capacity for digital citizenship and ICT teacher training
gem-launch-philippines | f35 | event | completed | 2025-02-20 | 2025-02-20 | Philippine launch of the GEM Report 2023
edtech-innovation-ta | f36 | project | | | | Technology-Enabled Innovation in Education in Southeast Asia (54098-001)
ict-basic-education | f38 | project | completed | 2005 | | ICT in Basic Education, Uzbekistan
readiness-index-pilot | f40 | project | completed | 2022 | 2022 | EdTech Readiness Index pilot
edtech-hub-research | f42 | project | ongoing | 2019 | | EdTech Hub research initiative (eight years)
safe-digital-space | f44 | project | ongoing | 2023 | | Safe Digital Space for Girls and Youth, Bangladesh
teacher-educator-courses | f45 | training | completed | | | Blended courses for teacher educators, Cambodia
digital-learning-innovation-fund | f46 | project | completed | 2021 | 2022-03 | Digital Learning Innovation Fund pilot, Viet Nam
apremc-side-event | f47 | event | completed | 2022 | 2022 | APREMC-II side event on remote teacher development
we-think-digital | f49 | training | | 2019 | | We Think Digital, Viet Nam
digital-education-21-schools | f50 | project | ongoing | 2023-09-22 | 2026-09 | Digital education in 21 schools, Cambodia
digital-literacy-initiative | f51 | project | ongoing | 2024-01 | | Digital Literacy Initiative, Cambodia
"""

# activity, organizations, role
TAKES_PART = """
regional-sdg4-benchmarks | uis |
giga-kazakhstan | itu unicef government-kazakhstan |
cop-asia-pacific | itu | implements
cop-sessions-pacific | itu unops unicef government-fsm |
eskola-ba-uma | unicef moeys-timor-leste |
ict-consultation-2015 | unesco unicef | co-leads
digital-citizenship-project | unesco | implements
digital-citizenship-project | government-korea | funds
digital-citizenship-project | intel google |
digital-kids-asia-pacific | unesco | implements
digital-citizenship-capacity | unesco | implements
digital-citizenship-capacity | government-korea | funds
gem-launch-philippines | seameo-innotech | leads
gem-launch-philippines | seameo unesco deped-philippines |
edtech-innovation-ta | adb | supports
ict-basic-education | adb | funds
readiness-index-pilot | world-bank imaginable-futures |
edtech-hub-research | edtech-hub | implements
edtech-hub-research | fcdo world-bank gates-foundation |
safe-digital-space | plan-international grameenphone telenor |
teacher-educator-courses | vvob | implements
teacher-educator-courses | moeys-cambodia eu sida usaid gpe unicef |
digital-learning-innovation-fund | british-council |
digital-learning-innovation-fund | moet-viet-nam | supports
apremc-side-event | british-council |
we-think-digital | meta vnies vietnet-ict |
digital-education-21-schools | childfund woori-bank teach-for-cambodia moeys-cambodia |
digital-literacy-initiative | swisscontact dariu-foundation moeys-cambodia mlvt-cambodia |
"""

# activity, contexts: only where the fact places the activity itself
HELD_IN = """
giga-kazakhstan | KAZ
cop-sessions-pacific | FSM
eskola-ba-uma | TLS
ict-consultation-2015 | THA
gem-launch-philippines | PHL
edtech-innovation-ta | KHM IDN PHL VNM
ict-basic-education | UZB
readiness-index-pilot | NPL VNM
safe-digital-space | BGD
teacher-educator-courses | KHM
digital-learning-innovation-fund | VNM
we-think-digital | VNM
digital-education-21-schools | KHM
digital-literacy-initiative | KHM
"""

# resource, fact, kind, date, name, sharing organizations
RESOURCES = """
giga-report | f17 | evidence | | Giga report on Asia and the Pacific | itu
learning-passport | f22 | tool | 2020 | Learning Passport | unicef microsoft university-of-cambridge
six-pillar-framework | f28 | guidance | 2024-09-24 | Six-pillar common framework for digital transformation of education | unesco unicef itu gpe
digital-kids-framework | f30-judged | guidance | | Digital Kids Asia-Pacific competency framework | unesco
gem-2023-southeast-asia | f33 | evidence | 2023 | GEM Report 2023, Southeast Asia: technology | unesco seameo
gem-2024-pacific | f34 | evidence | 2024 | GEM Report 2024, Pacific: technology | unesco
edtech-readiness-index | f40 | tool | | EdTech Readiness Index | world-bank
digital-skills-report | f41 | research | 2023-09 | Digital Skills Development in East Asia and the Pacific | world-bank
teacher-standards-figures | f52 | evidence | | ICT standards for teachers in 46 % of 88 GPE partner countries | gpe
technology-profiles | f53 | evidence | 2023 | Technology profiles of 211 education systems (PEER) | unesco
"""

# item, source, targets: elements as in the fact, outcomes judged by us
ADDRESSES = """
digital-transformation-group | f02 | quality-digital-learning connectivity digital-literacy online-safety capacity inclusive-strategies
digital-transformation-collaborative | f28-judged | connectivity capacity inclusive-strategies
learning-education-2030 | f04 | regional-coordination
learning-education-2030 | f07 | sdg4-benchmarks
regional-coordination-mechanism | f05 | regional-coordination
regional-sdg4-benchmarks | f07 | sdg4-benchmarks
giga-kazakhstan | f15 | school-mapping
giga-kazakhstan | f15-judged | connectivity
cop-asia-pacific | f18 | child-online-protection
cop-asia-pacific | f18-judged | online-safety capacity
cop-sessions-pacific | f19 | online-safety-education
cop-sessions-pacific | f19-judged | online-safety
eskola-ba-uma | f23 | learning-platform teacher-training
eskola-ba-uma | f23-judged | quality-digital-learning
ict-consultation-2015 | f29 | child-online-protection
ict-consultation-2015 | f29-judged | online-safety
digital-citizenship-project | f30-judged | online-safety digital-literacy
digital-kids-asia-pacific | f30 | digital-citizenship-framework
digital-citizenship-capacity | f31 | teacher-training
digital-citizenship-capacity | f31-judged | capacity digital-literacy
gem-launch-philippines | f35 | regional-evidence
edtech-innovation-ta | f36 | edtech-readiness edtech-pilots
ict-basic-education | f38 | school-ict-equipment
readiness-index-pilot | f40 | edtech-readiness
edtech-hub-research | f42 | regional-evidence
safe-digital-space | f44 | digital-skills-training online-safety-education
safe-digital-space | f44-judged | digital-literacy online-safety
teacher-educator-courses | f45 | teacher-training
teacher-educator-courses | f45-judged | capacity
digital-learning-innovation-fund | f46 | edtech-pilots
apremc-side-event | f47 | teacher-training
apremc-side-event | f47-judged | capacity
we-think-digital | f49 | digital-skills-training online-safety-education teacher-training
we-think-digital | f49-judged | digital-literacy online-safety
digital-education-21-schools | f50-judged | digital-skills-training digital-literacy
digital-literacy-initiative | f51 | digital-skills-training
digital-literacy-initiative | f51-judged | digital-literacy
giga-report | f17 | school-mapping universal-service-fund digital-skills-training
giga-report | f17-judged | connectivity
learning-passport | f22 | learning-platform
learning-passport | f22-judged | quality-digital-learning
six-pillar-framework | f28-judged | connectivity capacity cost-estimation learning-platform edtech-roadmap
digital-kids-framework | f30-judged | digital-citizenship-framework
digital-kids-framework | f30-judged | online-safety digital-literacy
gem-2023-southeast-asia | f33 | regional-evidence
gem-2024-pacific | f34 | regional-evidence
edtech-readiness-index | f40 | edtech-readiness
edtech-readiness-index | f40-judged | connectivity capacity quality-digital-learning
digital-skills-report | f41 | digital-skills-training
digital-skills-report | f41-judged | digital-literacy
teacher-standards-figures | f52-judged | teacher-training capacity
technology-profiles | f53 | data-privacy-law cyber-safety-law
technology-profiles | f53-judged | connectivity digital-literacy
"""

# source, organizations, elements, contexts, role, status, start, end
WORKS_ON = """
f04 | unesco unicef | regional-coordination | | convenes | | |
f05 | seameo asean saarc pif | regional-coordination | | | | |
f06 | government-japan | regional-coordination | | funds | | |
f07 | uis | sdg4-benchmarks | | | | |
f15 | itu unicef | school-mapping | KAZ | | completed | |
f17 | itu | school-mapping universal-service-fund digital-skills-training | | researches | | |
f18 | itu | child-online-protection | | implements | completed | 2019-12-01 | 2023-12-31
f19 | itu unops unicef government-fsm | online-safety-education | FSM | | completed | 2025 | 2025
f22 | unicef microsoft university-of-cambridge | learning-platform | | | | |
f22 | unicef | learning-platform | TLS | | | |
f22-judged | unicef | company-partnerships | | convenes | | |
f23 | unicef moeys-timor-leste | learning-platform teacher-training | TLS | | | 2020 |
f28-judged | unesco unicef itu gpe | edtech-roadmap | | advises | | |
f29 | unesco unicef | child-online-protection | | convenes | completed | 2015-09-09 | 2015-09-11
f30 | unesco | digital-citizenship-framework | | implements | completed | 2017 | 2019
f30 | government-korea | digital-citizenship-framework | | funds | | 2015 |
f30-judged | unesco | company-partnerships | | convenes | | |
f31 | unesco | teacher-training | | implements | completed | 2017 | 2021
f31 | government-korea | teacher-training | | funds | completed | 2017 | 2021
f32 | unesco | ict-education-plan cost-estimation | | advises | | |
f33 | unesco seameo | regional-evidence | BRN KHM LAO IDN MYS MMR PHL SGP THA TLS VNM | researches | | |
f33 | edtech-hub | regional-evidence | | researches | | |
f34 | unesco commonwealth-of-learning | regional-evidence | | researches | | |
f36 | adb | edtech-readiness edtech-pilots | KHM IDN PHL VNM | | | |
f38 | adb | school-ict-equipment | UZB | funds | completed | |
f40 | world-bank imaginable-futures | edtech-readiness | NPL VNM | | completed | 2022 | 2022
f41 | world-bank | digital-skills-training | | researches | | |
f42 | edtech-hub | regional-evidence | | researches | ongoing | 2019 |
f42 | fcdo world-bank gates-foundation | regional-evidence | | | ongoing | 2019 |
f43 | edtech-hub | regional-evidence | | researches | | |
f43 | edtech-hub | edtech-pilots | | | | |
f44 | plan-international grameenphone telenor | digital-skills-training online-safety-education | BGD | | ongoing | 2023 |
f45 | vvob | teacher-training | KHM | implements | completed | |
f45 | moeys-cambodia eu sida usaid gpe unicef | teacher-training | KHM | | | |
f46 | british-council moet-viet-nam | edtech-pilots | VNM | | completed | 2021 | 2022-03
f47-judged | british-council | teacher-training | IDN PAK LKA VNM | | | |
f49 | meta vnies vietnet-ict | digital-skills-training online-safety-education teacher-training | VNM | | | 2019 |
f50-judged | childfund woori-bank teach-for-cambodia moeys-cambodia | digital-skills-training | KHM | | ongoing | 2023-09-22 | 2026-09
f51 | swisscontact dariu-foundation moeys-cambodia mlvt-cambodia | digital-skills-training | KHM | | ongoing | 2024-01 |
f53 | unesco | data-privacy-law cyber-safety-law | | researches | | |
"""

# source, organizations, outcomes: a published programme whose stated aim is the outcome
SEEKS = """
f15-judged | itu unicef | connectivity
f18-judged | itu | online-safety capacity
f23-judged | unicef moeys-timor-leste | quality-digital-learning
f22-judged | microsoft university-of-cambridge | quality-digital-learning
f29-judged | unesco unicef | online-safety
f30-judged | unesco | digital-literacy online-safety
f31-judged | unesco government-korea | capacity digital-literacy
f32-judged | unesco | inclusive-strategies
f36-judged | adb | quality-digital-learning
f44-judged | plan-international grameenphone telenor | digital-literacy online-safety
f45-judged | vvob moeys-cambodia | capacity
f49-judged | meta vnies vietnet-ict | digital-literacy online-safety
f50-judged | childfund woori-bank teach-for-cambodia moeys-cambodia | digital-literacy
f51-judged | swisscontact dariu-foundation moeys-cambodia mlvt-cambodia | digital-literacy
"""

# source, organizations, contexts, start: every pair, or the first with each other after ">"
COLLABORATES = """
f04 | unesco unicef | |
f06 | government-japan unesco | |
f15 | itu unicef government-kazakhstan | KAZ |
f19 | itu unops unicef government-fsm | FSM | 2025
f22 | unicef microsoft university-of-cambridge | |
f23 | unicef moeys-timor-leste | TLS | 2020
f28 | unesco unicef itu gpe | |
f29 | unesco unicef | | 2015-09-09
f30 | unesco > government-korea intel google | | 2015
f31 | unesco government-korea | | 2017
f33 | unesco > seameo edtech-hub | |
f34 | unesco commonwealth-of-learning | |
f35 | seameo-innotech > unesco deped-philippines | PHL | 2025-02-20
f40 | world-bank imaginable-futures | |
f42 | edtech-hub > fcdo world-bank gates-foundation | | 2019
f44 | plan-international grameenphone telenor | BGD | 2023
f45 | vvob > moeys-cambodia unicef eu sida usaid gpe | KHM |
f46 | british-council moet-viet-nam | VNM | 2021
f49 | meta vnies vietnet-ict | VNM | 2019
f50 | childfund woori-bank teach-for-cambodia moeys-cambodia | KHM | 2023-09-22
f51 | swisscontact dariu-foundation moeys-cambodia mlvt-cambodia | KHM | 2024-01
"""

# source, group, organizations, role
BELONGS_TO = """
project-brief | digital-transformation-group | itu unicef | co-chair
f04 | learning-education-2030 | unesco unicef | co-chair
f05 | regional-coordination-mechanism | seameo asean saarc pif |
f09 | regional-collaborative-platform | un-dsg | chair
f09 | regional-collaborative-platform | escap undp | vice-chair
f10 | ibc-climate | escap unep | chair
f11 | ibc-resilience | undp undrr | chair
f12 | climate-literacy-group | unesco ilo iom undp undrr unep escap unfccc unicef unossc |
"""

# source, element, country, state, date, document
OBSERVED = """
f54 | ict-education-plan | KHM | present | 2018 | Policy and Strategy on ICT in Education (2018); before it the Master Plan for ICT in Education 2009-13.
f54 | national-ict-policy | KHM | present | 2020 | ICT Master Plan (2020).
f54 | edtech-roadmap | KHM | present | 2022 | EduTech Roadmap (2022).
f54 | ict-act | KHM | absent | | No ICT or EdTech act.
f55 | ict-education-plan | NPL | present | 2013 | ICT in Education Master Plan 2013-17.
f55 | national-ict-policy | NPL | present | 2015 | National ICT Policy (2015).
f56 | ict-act | BTN | present | 2018 | Information, Communications and Media Act (2018).
f56 | ict-education-plan | BTN | present | 2019 | iSherig-2 for 2019-23; before it iSherig-1 for 2014-18.
f57 | national-ict-policy | VUT | present | 2013 | National ICT Policy (2013), with access to ICTs in education as a priority area.
f57 | universal-service-fund | VUT | present | 2009 | Universal Access Policy Fund in the telecommunications act of 2009.
f57 | education-act-technology | VUT | absent | 2014 | The Education Act of 2014 is silent on technology.
f58 | education-act-technology | TON | present | 2013 | The Education Act of 2013 has a section on ICT (Article 121).
f58 | cyber-safety-law | TON | present | 2013 | Article 121 of the Education Act includes protection of students against cybercrime.
f58 | universal-service-fund | TON | present | 2015 | Universal service in the Communications Act of 2015.
f59 | national-ict-policy | PNG | present | 2008 | National ICT Policy (2008).
f59 | ict-act | PNG | present | 2009 | National ICT Act (2009).
f60 | education-act-technology | FJI | absent | | The Education Act of 1966 does not mention ICT.
f60 | inclusive-education-plan | FJI | present | 2017 | Inclusive education plan 2017-20, which covers assistive devices.
"""

# cause, sign and strength, effects: illustrative, for discussion; nobody said this
INFLUENCES = """
electricity-primary | +3 | computers-primary
electricity-primary | +2 | internet-primary
electricity-upper-secondary | +2 | computers-secondary internet-secondary
school-ict-equipment | +3 | computers-primary computers-secondary
school-ict-equipment | +1 | recurrent-cost
school-mapping | +2 | internet-primary internet-secondary cost-estimation
universal-service-fund | +2 | internet-primary internet-secondary
universal-service-fund | -2 | recurrent-cost
national-ict-policy | +2 | universal-service-fund
ict-act | +2 | universal-service-fund
internet-primary | +3 | connectivity
internet-secondary | +3 | connectivity
internet-primary | +2 | recurrent-cost learning-platform
recurrent-cost | -2 | internet-primary school-ict-equipment
cost-estimation | +2 | ict-education-plan
ict-education-plan | +2 | school-ict-equipment teacher-training
ict-education-plan | +3 | inclusive-strategies
inclusive-education-plan | +2 | inclusive-strategies adapted-primary adapted-upper-secondary
adapted-primary | +2 | quality-digital-learning
adapted-upper-secondary | +2 | quality-digital-learning
edtech-roadmap | +2 | inclusive-strategies ict-education-plan
regional-evidence | +2 | edtech-roadmap edtech-pilots
regional-coordination | +2 | regional-evidence
sdg4-benchmarks | +1 | edtech-roadmap
edtech-readiness | +2 | edtech-roadmap
edtech-pilots | +2 | learning-platform regional-evidence
company-partnerships | +2 | learning-platform digital-skills-training
learning-platform | +2 | quality-digital-learning
computers-primary | +1 | quality-digital-learning
teacher-training | +3 | capacity quality-digital-learning
qualified-teachers-primary | +2 | quality-digital-learning
qualified-teachers-secondary | +2 | quality-digital-learning
computers-secondary | +2 | digital-skills-training
digital-skills-training | +2 | digital-literacy skill-email
digital-skills-training | +1 | skill-programming
skill-email | +2 | digital-literacy
skill-programming | +1 | digital-literacy
digital-citizenship-framework | +2 | online-safety-education
online-safety-education | -2 | online-harm
online-safety-education | +2 | online-safety
child-online-protection | -2 | online-harm
education-act-technology | +1 | cyber-safety-law
cyber-safety-law | -1 | online-harm
data-privacy-law | +2 | online-safety
internet-secondary | +1 | online-harm
online-harm | -3 | online-safety
"""
