"""Which titles mean personal data: one list, asked by every reader and by redaction."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sysmap
from sysmap.core import personal

REACHED = (
    "Contact", "contact_person", "Focal point", "E-mail", "email2", "Téléphone / Phone",
    "PHONE\u00a0NUMBER", "respondent", "Last name",
)  # fmt: skip
DATA = (
    "Emailed reports", "Persons reached", "Telephony", "Contract", "Budget", "name", "Created",
    "Latitude", "Modified", "outcomes",
)  # fmt: skip
TRACES = ("_submitted_by", "deviceid", "_GPS_latitude", "username", "audit")


@pytest.mark.parametrize("title", REACHED)
def test_who_a_person_is_and_how_to_reach_one_is_personal_everywhere(title: str) -> None:
    assert personal.reaches(title)
    assert personal.of_form(title)
    assert personal.may_reach(title)


@pytest.mark.parametrize("title", DATA)
def test_what_only_looks_like_it_is_data(title: str) -> None:
    assert not personal.reaches(title)


@pytest.mark.parametrize("title", TRACES)
def test_traces_of_filling_a_form_are_personal_there(title: str) -> None:
    assert personal.of_form(title)


def test_every_word_of_the_list_is_found_as_a_title() -> None:
    assert [] == [word for word in personal.REACH if not personal.reaches(word.title())]
    assert [] == [word for word in personal.TRACES if not personal.of_form(f"_{word}")]
    assert {"latitude", "device"} <= {w for w in personal.TRACES if not personal.reaches(w)}


def test_no_other_module_has_a_list_of_its_own() -> None:
    telling = re.compile(
        r"whatsapp|e-\??mail\b|telephone|deviceid|focal point|thumbup", re.IGNORECASE
    )
    root = Path(sysmap.__file__).parent
    found = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if telling.search(code_of(file.read_text(encoding="utf-8")))
    }
    assert {"core/personal.py"} == found


def code_of(source: str) -> str:
    """The source without docstrings and comments, which may speak of such words."""
    return re.sub(r'"""(?s:.*?)"""|#.*', "", source)
