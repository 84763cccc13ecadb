"""How organizations and other things are spelt: words, acronyms, and bodies that people confuse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import MappingProxyType

from sysmap.core import countries, names

BODIES = MappingProxyType(
    {
        "adb": "Asian Development Bank",
        "afdb": "African Development Bank",
        "aiib": "Asian Infrastructure Investment Bank",
        "asean": "Association of Southeast Asian Nations",
        "au": "African Union",
        "caf": "Development Bank of Latin America and the Caribbean",
        "dfat": "Department of Foreign Affairs and Trade",
        "ebrd": "European Bank for Reconstruction and Development",
        "ecosoc": "Economic and Social Council",
        "escap": "Economic and Social Commission for Asia and the Pacific",
        "escwa": "Economic and Social Commission for Western Asia",
        "eu": "European Union",
        "fao": "Food and Agriculture Organization of the United Nations",
        "fcdo": "Foreign, Commonwealth and Development Office",
        "giz": "Deutsche Gesellschaft für Internationale Zusammenarbeit",
        "gpe": "Global Partnership for Education",
        "iadb": "Inter-American Development Bank",
        "ibe": "International Bureau of Education",
        "icrc": "International Committee of the Red Cross",
        "ifad": "International Fund for Agricultural Development",
        "ifrc": "International Federation of Red Cross and Red Crescent Societies",
        "iiep": "International Institute for Educational Planning",
        "ilo": "International Labour Organization",
        "imf": "International Monetary Fund",
        "iom": "International Organization for Migration",
        "isdb": "Islamic Development Bank",
        "itu": "International Telecommunication Union",
        "jica": "Japan International Cooperation Agency",
        "koica": "Korea International Cooperation Agency",
        "ocha": "Office for the Coordination of Humanitarian Affairs",
        "oecd": "Organisation for Economic Co-operation and Development",
        "ohchr": "Office of the United Nations High Commissioner for Human Rights",
        "pif": "Pacific Islands Forum",
        "saarc": "South Asian Association for Regional Cooperation",
        "seameo": "Southeast Asian Ministers of Education Organization",
        "sida": "Swedish International Development Cooperation Agency",
        "spc": "Pacific Community",
        "uis": "UNESCO Institute for Statistics",
        "unaids": "Joint United Nations Programme on HIV/AIDS",
        "unctad": "United Nations Conference on Trade and Development",
        "undp": "United Nations Development Programme",
        "undrr": "United Nations Office for Disaster Risk Reduction",
        "unep": "United Nations Environment Programme",
        "unesco": "United Nations Educational, Scientific and Cultural Organization",
        "unfccc": "United Nations Framework Convention on Climate Change",
        "unfpa": "United Nations Population Fund",
        "unhcr": "United Nations High Commissioner for Refugees",
        "unicef": "United Nations Children's Fund",
        "unido": "United Nations Industrial Development Organization",
        "unodc": "United Nations Office on Drugs and Crime",
        "unops": "United Nations Office for Project Services",
        "unrisd": "United Nations Research Institute for Social Development",
        "unv": "United Nations Volunteers",
        "upu": "Universal Postal Union",
        "usaid": "United States Agency for International Development",
        "wfp": "World Food Programme",
        "who": "World Health Organization",
        "wipo": "World Intellectual Property Organization",
        "wto": "World Trade Organization",
        "wvi": "World Vision International",
    }
)
"""Bodies by acronym. Two of them are never suggested for each other, however alike their names."""

_ALSO = MappingProxyType(
    {
        "unescap": "escap",
        "un escap": "escap",
        "un habitat": "un-habitat",
        "un women": "un-women",
        "office of the high commissioner for human rights": "ohchr",
        "office of the united nations high commissioner for refugees": "unhcr",
        "un refugee agency": "unhcr",
        "food and agriculture organization": "fao",
        "idb": "iadb",
    }
)

_STOPS = frozenset(
    {
        *("a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to"),
        *("de", "der", "des", "du", "et", "für", "la", "le", "les"),
    }
)

_VARIANTS = MappingProxyType(
    {
        "programme": "program",
        "labour": "labor",
        "centre": "center",
        "defence": "defense",
        "organisation": "organization",
        "intl": "international",
        "govt": "government",
        "gov": "government",
        "dept": "department",
        "univ": "university",
        "min": "ministry",
        "dev": "development",
    }
)

_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"\bco-op")
_BRACKET = re.compile(r"\(([^()]*)\)")
_LETTERS = 5
_MOST_STOPS = 4
_LONGEST = 12
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spelt:
    """One spelling, taken apart.

    Parameters
    ----------
    text, key
        As written, and its comparison key.
    words
        Its words without small ones, folded, in order; what stands in brackets is left out.
    whole
        The same with what stands in brackets.
    acronym
        The text or what its brackets hold, if it is one word that may be an acronym; else empty.
    capitals
        Words of the text that are written as acronyms are.
    body, mentions, lands
        The known body that it is, those that it mentions, and the countries that it names.
    """

    text: str
    key: str
    words: tuple[str, ...]
    whole: tuple[str, ...]
    acronym: str
    capitals: frozenset[str]
    body: str
    mentions: frozenset[str]
    lands: frozenset[str]

    @property
    def joined(self) -> str:
        """Its words in one piece, so that ``Viet Nam`` is ``Vietnam``."""
        return "".join(self.whole)

    @property
    def sorted(self) -> str:
        """Its words in the order of the alphabet."""
        return " ".join(sorted(self.whole))


def spelt(text: str) -> Spelt:
    """Take a spelling apart.

    Examples
    --------
    >>> one = spelt("Asian Development Bank (ADB)")
    >>> one.words, one.acronym, one.body
    (('asian', 'development', 'bank'), 'adb', 'adb')
    """
    key = names.key(text)
    outer = _BRACKET.sub(" ", text).strip()
    inner = [found.strip() for found in _BRACKET.findall(text)]
    alone = [t for t in (outer, *inner) if len(_WORD.findall(t)) == 1 and len(t) > 1]
    acronym = next((t for t in alone if is_acronym(t)), outer if outer in alone else "")
    capitals = _frozen(w.casefold() for w in _WORD.findall(text) if is_acronym(w))
    whole = _words(key)
    words = words_of(outer) if inner and outer else whole
    body = next(filter(None, (_bodies().get(w, "") for w in (whole, words))), "")
    body = body or next(filter(None, map(_body, inner)), "")
    mentions = [*filter(None, map(_body, capitals)), *([body] if body else ())]
    return Spelt(
        text,
        key,
        words or whole,
        whole,
        names.key(acronym),
        capitals,
        body,
        _frozen(mentions),
        _lands(whole),
    )


def _frozen(texts: Iterable[str]) -> frozenset[str]:
    """A set that cannot change; all empty ones are one, for a map has a million of them."""
    return frozenset(texts) or _NOTHING


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text without small ones, in one spelling and number.

    Examples
    --------
    >>> words_of("The World Food Programmes"), words_of("Int'l Labour Organisation")
    (('world', 'food', 'program'), ('international', 'labor', 'organization'))
    """
    return _words(names.key(text))


def _words(key: str) -> tuple[str, ...]:
    """The same of a text of which the key is known."""
    plain = _JOINED.sub("coop", key).replace("'", "").replace("\u2019", "")
    return tuple([folded(w) for w in _WORD.findall(plain) if w not in _STOPS])


def folded(word: str) -> str:
    """A word without the s of the plural, in one of its spellings.

    Examples
    --------
    >>> folded("ministries"), folded("sports"), folded("programmes"), folded("swiss")
    ('ministry', 'sport', 'program', 'swiss')
    """
    if len(word) > _LETTERS - 1 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
    return _VARIANTS.get(word, word)


def is_acronym(word: str) -> bool:
    """Tell whether a word is written as acronyms are: mostly capitals.

    Examples
    --------
    >>> is_acronym("MoEYS"), is_acronym("AfDB"), is_acronym("Sida"), is_acronym("I")
    (True, True, False, False)
    """
    if word.islower():
        return False
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and 2 * sum(c.isupper() for c in letters) > len(letters)


def acronyms_of(text: str) -> Iterator[str]:
    """Every acronym that the words of a text may have; small words may count or not.

    Examples
    --------
    >>> sorted(acronyms_of("Ministry of Labour and Health"))
    ['mlah', 'mlh', 'molah', 'molh']
    """
    plain = names.key(_BRACKET.sub(" ", text)).replace("'", "").replace("\u2019", "")
    words = _WORD.findall(plain)
    if len(words) < 2:
        return
    small = sum(w in _STOPS for w in words)
    ways = [("", w[0]) if w in _STOPS and small <= _MOST_STOPS else (w[0],) for w in words]
    ways = [way for way, w in zip(ways, words, strict=True) if len(way) > 1 or w not in _STOPS]
    yield from {"".join(letters) for letters in product(*ways)}


def abbreviates(short: Spelt, long: Spelt) -> bool:
    """Tell whether one spelling is the other with some of its words as an acronym.

    Examples
    --------
    >>> ministry = spelt("Ministry of Education, Youth and Sport of Cambodia")
    >>> abbreviates(spelt("MoEYS Cambodia"), ministry), abbreviates(spelt("MoEYS"), ministry)
    (True, False)
    """
    there = set(long.words)
    for capital in short.capitals:
        rest = [w for w in short.words if w != folded(capital)]
        if not rest or len(rest) == len(short.words) or not set(rest) <= there:
            continue
        kept = [w for w in _WORD.findall(long.key) if folded(w) not in rest]
        if capital in acronyms_of(" ".join(kept)):
            return True
    return False


@cache
def offices() -> frozenset[str]:
    """Words by which an office calls itself."""
    told = "office bureau branch regional subregional country headquarters hq delegation"
    return frozenset(words_of(f"{told} secretariat chapter liaison unit eapro rosa"))


@cache
def places() -> frozenset[str]:
    """Words of the names of countries, regions and directions."""
    rows = countries.table().values()
    texts = (row[c] for row in rows for c in ("name", "region", "subregion"))
    ways = "asia pacific africa europe east west north south central southeast islands global"
    return frozenset(w for text in (*texts, ways) for w in words_of(text))


@cache
def _named() -> Mapping[tuple[str, ...], str]:
    return MappingProxyType({words_of(text): code for text, code in countries.spoken().items()})


def _lands(words: tuple[str, ...]) -> frozenset[str]:
    """The countries that some words name, the longest names first: Guinea-Bissau is no Guinea."""
    found, at = set(), 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            code = _named().get(words[at : at + length])
            if code:
                found.add(code)
                at += length - 1
                break
        at += 1
    return _frozen(found)


@cache
def _bodies() -> Mapping[tuple[str, ...], str]:
    found = {words_of(name): short for short, name in BODIES.items()}
    found |= {words_of(text): short for text, short in _ALSO.items()}
    return MappingProxyType(found | {(folded(short),): short for short in BODIES})


def _body(text: str) -> str:
    """Which body a whole text is; empty if none is known."""
    return _bodies().get(words_of(text), "")


def vocabulary(texts: Iterable[Spelt]) -> frozenset[str]:
    """Words that are spelt right somewhere, so that none of them is a slip for another."""
    told = frozenset(w for text in texts for w in text.whole)
    bodies = frozenset(w for key in _bodies() for w in key)
    return told | bodies | places()


def misspells(wrong: Sequence[str], right: Sequence[str], known: frozenset[str]) -> bool:
    """Tell whether some words are slips of the pen for others: as many, and each one near.

    A word that is spelt right somewhere is no slip, so Austria is never Australia.  A word of four
    letters may be meant only where another word of the text is right.

    Examples
    --------
    >>> misspells(["developmnt", "bank"], ["development", "bank"], frozenset({"bank"}))
    True
    >>> misspells(["african", "bank"], ["asian", "bank"], frozenset())
    False
    """
    from rapidfuzz import fuzz

    left, there = list(wrong), list(right)
    for word in wrong:
        if word in there:
            left.remove(word)
            there.remove(word)
    if len(left) != len(there):
        return False
    least = _LETTERS if len(left) == len(wrong) else _LETTERS - 1
    for word in sorted(left):
        if word in known or any(c.isdigit() for c in word):
            return False
        best = max(there, key=lambda w: (fuzz.ratio(word, w), w))
        if len(best) < least or fuzz.ratio(word, best) < 80:
            return False
        there.remove(best)
    return True
