"""Spellings of organizations with what each stands for in the Asia-Pacific map.

Made in three ways: the names in 49 public statements about the working group, with the decisions
that its map records; typed by hand in the ways that survey answers show; and names of bodies that
are not in the map, many of them close to one that is.
"""

from __future__ import annotations

from types import MappingProxyType

import sysmap as sm
from sysmap.core.model import from_tables

STATED = MappingProxyType(
    {
        "ADB": "adb",
        "ASEAN": "asean",
        "British Council": "british-council",
        "ChildFund": "childfund",
        "Commonwealth of Learning": "commonwealth-of-learning",
        "Department of Education (Philippines)": "deped-philippines",
        "Digital Transformation Collaborative": "",
        "ESCAP": "escap",
        "EU": "eu",
        "EdTech Hub": "edtech-hub",
        "FCDO (then DFID)": "fcdo",
        "GPE": "gpe",
        "Gates Foundation": "gates-foundation",
        "Google": "google",
        "Government of FSM": "government-fsm",
        "Government of Japan": "government-japan",
        "Grameenphone": "grameenphone",
        "ILO": "ilo",
        "IOM": "iom",
        "ITU": "itu",
        "Imaginable Futures": "imaginable-futures",
        "Intel": "intel",
        "MLVT Cambodia": "mlvt-cambodia",
        "MOET Viet Nam (NFLP)": "moet-viet-nam",
        "Meta": "meta",
        "Microsoft": "microsoft",
        "Ministry of Education, Youth and Sports of Timor-Leste": "moeys-timor-leste",
        "MoEYS Cambodia": "moeys-cambodia",
        "PIF": "pif",
        "Plan International": "plan-international",
        "Republic of Korea": "government-korea",
        "SAARC": "saarc",
        "SEAMEO": "seameo",
        "Sida": "sida",
        "Swisscontact": "swisscontact",
        "Teach For Cambodia": "teach-for-cambodia",
        "Telenor": "telenor",
        "The Dariu Foundation": "dariu-foundation",
        "UIS": "uis",
        "UN DSG": "un-dsg",
        "UNDP": "undp",
        "UNDRR": "undrr",
        "UNEP": "unep",
        "UNESCO": "unesco",
        "UNESCO (GEM/PEER)": "unesco",
        "UNFCCC": "unfccc",
        "UNHCR": "",
        "UNICEF": "unicef",
        "UNOPS": "unops",
        "UNOSSC": "unossc",
        "USAID": "usaid",
        "University of Cambridge": "university-of-cambridge",
        "VNIES": "vnies",
        "VVOB": "vvob",
        "Vietnet-ICT": "vietnet-ict",
        "Vodafone Foundation": "",
        "Woori Bank": "woori-bank",
        "World Bank": "world-bank",
    }
)

TYPED = MappingProxyType(
    {
        "asian developmnt bank": "adb",
        "Asian Development Bank (ADB)": "adb",
        "Assoc. of Southeast Asian Nations": "asean",
        "The British Council": "british-council",
        "Brittish Council": "british-council",
        "Child Fund": "childfund",
        "Commonwealth of Lerning": "commonwealth-of-learning",
        "Dariu Foundation": "dariu-foundation",
        "Philippine Department of Education": "deped-philippines",
        "EdTechHub": "edtech-hub",
        "UNESCAP": "escap",
        "UN ESCAP": "escap",
        "Economic & Social Commission for Asia & the Pacific": "escap",
        "European Unoin": "eu",
        "Foreign Commonwealth and Development Office": "fcdo",
        "Bill & Melinda Gates Foundation": "gates-foundation",
        "Governement of Japan": "government-japan",
        "Gov. of Kazakhstan": "government-kazakhstan",
        "Japan (Government)": "government-japan",
        "Government of the Republic of Korea (ROK)": "government-korea",
        "Global Partnershp for Education": "gpe",
        "Grameen Phone": "grameenphone",
        "International Labor Organisation": "ilo",
        "International Telecommunications Union": "itu",
        "Int'l Organization for Migration": "iom",
        "Intel Corporation": "intel",
        "Microsoft Corp": "microsoft",
        "Ministry of Education & Training, Vietnam": "moet-viet-nam",
        "Ministry of Education, Youth and Sports, Cambodia": "moeys-cambodia",
        "MoEYS Timor-Leste": "moeys-timor-leste",
        "Pacific Island Forum": "pif",
        "Pacific Islands Forum Secretariat": "pif",
        "Plan Intl": "plan-international",
        "SEAMEO-INNOTECH": "seameo-innotech",
        "South Asian Assocation for Regional Co-operation": "saarc",
        "Swedish International Development Agency": "sida",
        "Swiss Contact": "swisscontact",
        "Teach for Cambodja": "teach-for-cambodia",
        "Unesco Institute of Statistics": "uis",
        "U.N.D.P.": "undp",
        "UN Development Programme": "undp",
        "United Nations Development Program": "undp",
        "United Nations Childrens Fund": "unicef",
        "United Nations Children's Fund (UNICEF)": "unicef",
        "UNEP (UN Environment)": "unep",
        "UN Office for South-South Cooperation": "unossc",
        "United Nation Educational Scientific and Cultural Organisation": "unesco",
        "US Agency for International Development": "usaid",
        "Cambridge University": "university-of-cambridge",
        "Vietnet ICT": "vietnet-ict",
        "Vietnam Institute of Educational Sciences": "vnies",
        "Woori bank": "woori-bank",
        "The World Bank Group": "world-bank",
        "Worldbank": "world-bank",
    }
)

OFFICES = MappingProxyType(
    {
        "ADB Philippines Country Office": "adb",
        "British Council Viet Nam": "british-council",
        "ITU Regional Office for Asia and the Pacific": "itu",
        "Plan International Cambodia": "plan-international",
        "UNDP Bangkok Regional Hub": "undp",
        "UNESCO Bangkok": "unesco",
        "UNESCO Regional Office in Bangkok": "unesco",
        "UNICEF EAPRO": "unicef",
        "UNICEF East Asia and Pacific Regional Office": "unicef",
        "UNICEF ROSA": "unicef",
        "World Bank Nepal": "world-bank",
        "European Union Delegation to Nepal": "eu",
    }
)

ABSENT = (
    "African Development Bank",
    "AfDB",
    "African Union",
    "Asian Infrastructure Investment Bank",
    "Asia Foundation",
    "British Academy",
    "Commonwealth Secretariat",
    "Department of Health of the Philippines",
    "Economic and Social Commission for Western Asia",
    "European Investment Bank",
    "FAO",
    "Food and Agriculture Organization",
    "Ford Foundation",
    "Government of Jordan",
    "Government of Kyrgyzstan",
    "Government of Nepal",
    "Imaginable Learning",
    "Inter-American Development Bank",
    "International Finance Corporation",
    "International Maritime Organization",
    "International Monetary Fund",
    "Islamic Development Bank",
    "Ministry of Education of Nepal",
    "Ministry of Labour of Thailand",
    "OHCHR",
    "Office of the United Nations High Commissioner for Human Rights",
    "Pacific Community",
    "Save the Children",
    "Swiss Agency for Development and Cooperation",
    "Teach For Nepal",
    "UN Women",
    "UNFPA",
    "UNIDO",
    "UNODC",
    "United Nations High Commissioner for Refugees",
    "United Nations Office on Drugs and Crime",
    "United Nations Population Fund",
    "University of Oxford",
    "Viet Nam Institute of Economics",
    "WFP",
    "Westpac Bank",
    "World Food Programme",
    "World Health Organization",
    "World Trade Organization",
    "World Vision",
    "organization 12",
)


def bare_map() -> tuple[sm.SystemMap, dict[str, str]]:
    """The organizations of the map alone, without what was decided and with numbers as ids.

    Otherwise many spellings would be found by their ids and the recorded decisions.
    """
    m = sm.example()
    numbers = {str(id): f"o{i}" for i, id in enumerate(m.organizations.index)}
    frame = m.table("organizations")[["id", "name"]]
    return from_tables({"organizations": frame.assign(id=frame["id"].map(numbers))}), numbers
