"""Which titles mean personal data: the only list, for every reader and for redaction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sysmap.core import names

REACH = (
    "contact", "contacts", "focal point", "focal points", "person", "respondent", "username",
    "surname", "first name", "last name", "family name", "signature",
    "phone", "phones", "phonenumber", "telephone", "telephones", "mobile", "mobile number",
    "whatsapp", "e-mail", "e-mails", "email", "emails", "mail",
)  # fmt: skip
"""Who a person is and how to reach one; the plural of persons is a number and no person."""

STEMS = ("contact", "mail", "phone")
"""Parts of words that tell as much where a title too many costs little."""

TRACES = (
    "submitted", "user", "audit",
    "device", "deviceid", "imei", "subscriberid", "simserial", "simid",
    "gps", "geopoint", "geolocation", "latitude", "longitude", "altitude", "precision",
)  # fmt: skip
"""What a form notes about who fills it, from where and with what; elsewhere these are data."""

MAKERS = frozenset({"created", "modified", "thumbup", "thumbdown"})
"""Keys of a PRSM map that hold who made, changed or liked a thing; elsewhere some are dates."""


def _any(words: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, longest))})(?![^\W\d_])")


_REACH, _FORM = _any(REACH), _any((*REACH, *TRACES))


def reaches(title: str) -> bool:
    """Tell whether a column says who a person is or how to reach one.

    Examples
    --------
    >>> reaches("Contact_Email"), reaches("phone2"), reaches("Emailed reports")
    (True, True, False)
    """
    return _REACH.search(names.key(title.replace("_", " "))) is not None


def may_reach(title: str) -> bool:
    """Tell whether a title could mean how to reach a person, as part of a word too.

    Examples
    --------
    >>> may_reach("officephone"), may_reach("title")
    (True, False)
    """
    return reaches(title) or any(stem in names.key(title) for stem in STEMS)


def of_form(title: str) -> bool:
    """Tell whether a column of a survey form is personal data, traces of its filling included.

    Examples
    --------
    >>> of_form("Phone number"), of_form("_submitted_by"), of_form("outcomes")
    (True, True, False)
    """
    return _FORM.search(names.key(title.replace("_", " "))) is not None
