"""IATI activities: the mapping, every trap of real files, the code lists, and bounded memory."""

from __future__ import annotations

import importlib.util
import tracemalloc
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.io import iati_codes
from sysmap.io.check import check
from sysmap.io.iati_xml import READ, Stream
from sysmap.io.read import read
from tests.io.foreign import balance, codes
from tests.shared import real

BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">'
REPORTER = (
    '<reporting-org ref="XX-1" type="40"><narrative>Aurora Agency</narrative></reporting-org>'
)
TITLE = "<title><narrative>Schools online</narrative></title>"


def activity(*parts: str, id: str = "XX-1-A", attributes: str = "", title: str = TITLE) -> str:
    identifier = f"<iati-identifier>{id}</iati-identifier>" if id else ""
    return (
        f"<iati-activity {attributes}>{identifier}{REPORTER}{title}{''.join(parts)}</iati-activity>"
    )


def written(folder: Path, *activities: str, name: str = "aid.xml", begin: str = BEGIN) -> Path:
    path = folder / name
    path.write_text(f"{begin}{''.join(activities)}</iati-activities>", encoding="utf-8")
    return path


def org(role: str, ref: str = "", name: str = "", type: str = "22") -> str:
    given = f'ref="{ref}" ' if ref else ""
    called = f"<narrative>{name}</narrative>" if name else ""
    return f'<participating-org {given}role="{role}" type="{type}">{called}</participating-org>'


def sector(code: str, percentage: str, vocabulary: str = "1") -> str:
    return f'<sector vocabulary="{vocabulary}" code="{code}" percentage="{percentage}"/>'


def place(kind: str, code: str, percentage: str) -> str:
    return f'<recipient-{kind} code="{code}" percentage="{percentage}"/>'


def one(path: Path, code: str) -> sm.Problem:
    (found,) = [p for p in check(path) if p.code == code]
    return found


# The mapping


def test_an_activity_has_identifier_title_status_and_actual_dates(tmp_path: Path) -> None:
    dates = "".join(
        f'<activity-date iso-date="{day}" type="{type}"/>'
        for type, day in (("1", "2020-01-01"), ("2", "2020-02-01"), ("3", "2024-06-30"))
    )
    m = read(written(tmp_path, activity('<activity-status code="2"/>', dates)))
    row = m.activities.loc["XX-1-A"]
    assert ["Schools online", "ongoing"] == list(row[["name", "status"]])
    assert ["2020-02-01", "2024-06-30"] == list(row[["start", "end"]])
    assert "2020-01-01" == row["iati_planned_start"]
    (told,) = [p for p in m.problems if p.code == "N558"]
    assert told.message.startswith("end is the planned one")
    assert (3, 3, 0) == balance(m.problems)["activity-date"]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("1", "planned"),
        ("2", "ongoing"),
        ("3", "ongoing"),
        ("4", "completed"),
        ("5", "cancelled"),
        ("6", "ongoing"),
    ],
)
def test_each_status_has_its_word_and_a_suspended_activity_a_note(
    code: str, status: str, tmp_path: Path
) -> None:
    m = read(written(tmp_path, activity(f'<activity-status code="{code}"/>')))
    assert [status, code] == list(m.activities.iloc[0][["status", "iati_status"]])
    assert (code == "6") == bool(codes(m.problems)["N556"])


def test_roles_become_parts_and_funders_and_implementers_work_on_the_sectors(
    tmp_path: Path,
) -> None:
    """One claim per sector and country for roles 1 and 4: 2 roles, 2 sectors, 2 countries."""
    parties = [org(role, f"XX-{role}") for role in "1234"]
    about = '<sector code="11130"/><sector vocabulary="2" code="112"/>'
    where = '<recipient-country code="NP"/><recipient-country code="FJ"/>'
    m = read(written(tmp_path, activity(*parties, about, where)))
    parts = m.links("takes_part").set_index("organization")
    assert {"XX-1": "funds", "XX-2": "leads", "XX-3": "supports", "XX-4": "implements"} == dict(
        parts["role"]
    )
    assert ["1", "2", "3", "4"] == list(parts["iati_role"])
    works = m.links("works_on")
    assert 8 == len(works)
    assert {"XX-1": {"funds"}, "XX-4": {"implements"}} == {
        who: set(rows["role"]) for who, rows in works.groupby("organization")
    }
    assert {"NPL", "FJI"} == set(works["context"]) == set(m.links("held_in")["context"])
    assert {"11130", "112"} == set(works["element"]) == set(m.links("addresses")["target"])
    assert "Teacher training" == m.name("11130")


def test_without_a_place_a_claim_says_none(tmp_path: Path) -> None:
    m = read(written(tmp_path, activity(org("1", "XX-2"), '<sector code="11130"/>')))
    assert m.links("works_on")["context"].isna().all()


def test_a_sector_is_part_of_its_category_where_that_is_named_too(tmp_path: Path) -> None:
    both = read(
        written(tmp_path, activity('<sector code="11220"/><sector vocabulary="2" code="112"/>'))
    )
    assert "112" == both.elements.loc["11220", "parent"]
    alone = read(written(tmp_path, activity('<sector code="11220"/>')))
    assert pd.isna(alone.elements.loc["11220", "parent"])


def test_codes_of_the_reporter_stay_apart_and_other_vocabularies_are_left_out(
    tmp_path: Path,
) -> None:
    own = '<sector vocabulary="99" code="11220"><narrative>Own thing</narrative></sector>'
    m = read(
        written(tmp_path, activity(f'<sector code="11220"/>{own}<sector vocabulary="7" code="4"/>'))
    )
    assert {"11220": "Primary education", "XX-1-11220": "Own thing"} == dict(m.elements["name"])
    assert (3, 2, 1) == balance(m.problems)["sector"]
    assert 1 == codes(m.problems)["W563"]


def test_regions_are_areas(tmp_path: Path) -> None:
    region = '<recipient-region code="679"><narrative>South Asia</narrative></recipient-region>'
    m = read(written(tmp_path, activity(region)))
    assert ["South Asia", "area"] == list(m.contexts.loc["region-679", ["name", "kind"]])


def test_the_reporter_is_the_source_and_no_actor(tmp_path: Path) -> None:
    begin = BEGIN.replace("2.03", '2.03" generated-datetime="2024-05-01T10:00:00Z')
    path = written(
        tmp_path,
        activity(org("4", "XX-2"), attributes='last-updated-datetime="2024-04-02T00:00:00Z"'),
        begin=begin,
    )
    m = read(path)
    (source,) = m.sources.to_dict("records")
    assert ("dataset", "XX-1", "2024-05-01") == tuple(
        source[c] for c in ("kind", "organization", "date")
    )
    parts = m.links("takes_part")
    assert ["XX-2"] == list(parts["organization"])
    assert ["2024-04-02"] == list(parts["date"])
    assert list(m.sources.index) == list(parts["source"])
    assert 0 == len(m.asked)


def test_percentages_are_kept_and_weigh_nothing(tmp_path: Path) -> None:
    where = place("country", "NP", "99") + place("country", "FJ", "1")
    m = read(written(tmp_path, activity(where, org("1", "XX-2"), '<sector code="11130"/>')))
    assert ["99", "1"] == list(m.links("held_in")["percentage"])
    assert 2 == len(m.links("works_on"))
    assert 0 == codes(m.problems)["W557"]


def test_areas_are_given_by_code_or_name(tmp_path: Path) -> None:
    path = written(tmp_path, activity('<sector code="11130"/><sector code="11220"/>'))
    given = {"11130": "implementation", "primary education": "strategy"}
    m = read(path, choices={"areas": given})
    assert {"11130": "implementation", "11220": "strategy"} == dict(m.elements["area"])
    told = read(path, choices={"areas": {"99999": "costing"}}).problems
    assert 1 == codes(told)["W517"]


# What real files get wrong


def test_no_reference_means_a_name_and_never_joins_a_reference(tmp_path: Path) -> None:
    m = read(
        written(
            tmp_path,
            activity(org("1", "XX-2", "Borealis"), org("4", "", "Borealis")),
            activity(org("4", "", "Borealis"), id="XX-1-B"),
        )
    )
    assert {"XX-1": "Aurora Agency", "XX-2": "Borealis", "borealis": "Borealis"} == dict(
        m.organizations["name"]
    )
    assert 2 == codes(m.problems)["W559"]
    assert (3, 3, 0) == balance(m.problems)["participating-org"]


def test_references_lose_blanks_at_their_ends_and_keep_their_case(tmp_path: Path) -> None:
    m = read(written(tmp_path, activity(org("1", " XX-2 ", "B"), org("4", "xx-2", "C"))))
    assert ["XX-1", "XX-2", "xx-2"] == sorted(m.organizations.index)
    (told,) = [p for p in m.problems if p.code == "W203"]
    assert "XX-2" in told.message


def test_an_organization_without_reference_and_name_is_left_out(tmp_path: Path) -> None:
    m = read(written(tmp_path, activity(org("1"))))
    assert (1, 0, 1) == balance(m.problems)["participating-org"]
    assert 1 == codes(m.problems)["W564"]


def test_the_first_narrative_is_the_name_unless_a_language_is_chosen(tmp_path: Path) -> None:
    title = (
        '<title><narrative>One</narrative><narrative xml:lang="FR">Un</narrative>'
        "<narrative>Uno</narrative></title>"
    )
    path = written(tmp_path, activity(title=title))
    m = read(path)
    assert ["One", "Un", "Uno"] == list(m.activities.iloc[0][["name", "title (fr)", "title (3)"]])
    assert ["Un"] == list(read(path, choices={"language": "fr"}).activities["name"])
    assert ["One"] == list(read(path, choices={"language": "es"}).activities["name"])
    with pytest.raises(ValueError, match="language"):
        read(path, choices={"language": 3})


def test_an_activity_without_a_title_is_called_by_its_identifier(tmp_path: Path) -> None:
    m = read(written(tmp_path, activity(title="<title><narrative> </narrative></title>")))
    assert "XX-1-A" == m.name("XX-1-A")
    assert 1 == codes(m.problems)["W554"]


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ((sector("11130", "60"), sector("11220", "30")), 1),
        ((sector("11130", "60"), sector("11220", "40")), 0),
        ((sector("11130", "100"), sector("111", "100", "2")), 0),
        (('<sector code="11130"/>', '<sector code="11220"/>'), 0),
        ((sector("11130", "many"),), 1),
        ((sector("11130", "150"), sector("11220", "-50")), 1),
        ((place("country", "NP", "50"), place("region", "679", "50")), 0),
        ((place("country", "NP", "50"), place("country", "FJ", "20")), 1),
    ],
)
def test_percentages_are_summed_within_one_vocabulary(
    parts: tuple[str, ...], wrong: int, tmp_path: Path
) -> None:
    assert wrong == codes(check(written(tmp_path, activity(*parts))))["W557"]


def test_years_up_to_2099_are_dates(tmp_path: Path) -> None:
    m = read(written(tmp_path, activity('<activity-date iso-date="2099-12-31" type="3"/>')))
    assert ["2099-12-31"] == list(m.activities["end"])
    assert m.problems.ok


@pytest.mark.parametrize(
    ("day", "type", "start"),
    [
        ("2020-02-01Z", "2", "2020-02-01"),
        ("2020-02-01+05:45", "2", "2020-02-01"),
        ("2020-02-30", "2", None),
        ("01/02/2020", "2", None),
        ("", "2", None),
        ("2020-02-01", "9", None),
    ],
)
def test_a_date_that_is_none_is_left_out(
    day: str, type: str, start: str | None, tmp_path: Path
) -> None:
    date = f'<activity-date iso-date="{day}" type="{type}"/>'
    m = read(written(tmp_path, activity(date)))
    got = m.activities["start"].iloc[0]
    assert start == (None if pd.isna(got) else got)
    assert int(start is None) == codes(m.problems)["W556"]
    assert (1, int(start is not None), int(start is None)) == balance(m.problems)["activity-date"]


def test_an_end_before_the_start_is_left_blank_and_stays_as_a_column(tmp_path: Path) -> None:
    dates = (
        '<activity-date iso-date="2020-05-01" type="2"/>'
        '<activity-date iso-date="2020-01-01" type="3"/>'
    )
    m = read(written(tmp_path, activity(dates, org("1", "XX-2"), '<sector code="11130"/>')))
    assert m.activities["end"].isna().all()
    assert m.links("works_on")["end"].isna().all()
    assert ["2020-01-01"] == list(m.activities["iati_planned_end"])
    assert 1 == codes(m.problems)["W558"]


def test_one_identifier_in_two_files_is_taken_from_neither(tmp_path: Path) -> None:
    """Not even the first file wins; the user may choose the one that was updated last."""
    folder = tmp_path / "aid"
    folder.mkdir()
    later = 'last-updated-datetime="2024-04-02T00:00:00Z"'
    new = "<title><narrative>New</narrative></title>"
    written(folder, activity(attributes=later.replace("2024", "2023")), name="a.xml")
    written(
        folder,
        activity(attributes=later, title=new),
        activity(id="XX-1-B"),
        name="b.xml",
    )
    m = read(folder)
    assert ["XX-1-B"] == list(m.activities.index)
    told = one(folder, "W553")
    assert 2 == told.count
    assert "aid/a.xml iati-activity[1]" == str(told.places[0])
    assert "aid/b.xml iati-activity[1]" == str(told.places[1])
    assert (3, 1, 2) == balance(m.problems)["activity"]
    assert (3, 1, 2) == balance(m.problems)["title"]
    m = read(folder, choices={"twice": "latest"})
    assert {"XX-1-A": "New", "XX-1-B": "Schools online"} == dict(m.activities["name"])
    assert (3, 2, 1) == balance(m.problems)["activity"]


def test_where_the_day_does_not_decide_none_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, activity(), activity(), activity(id="XX-1-B"))
    m = read(path, choices={"twice": "latest"})
    assert ["XX-1-B"] == list(m.activities.index)
    with pytest.raises(ValueError, match="twice"):
        read(path, choices={"twice": "first"})


def test_the_latest_of_several_is_taken_though_earlier_ones_tie(tmp_path: Path) -> None:
    """A version without a date is older than any with one."""
    days = ("2023-01-01T00:00:00Z", "", "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z")
    pieces = [
        activity(
            attributes=f'last-updated-datetime="{day}"' if day else "",
            title=f"<title><narrative>Version {n}</narrative></title>",
        )
        for n, day in enumerate(days)
    ]
    for order in (pieces, pieces[::-1]):
        m = read(written(tmp_path, *order), choices={"twice": "latest"})
        assert ["Version 3"] == list(m.activities["name"])


def test_without_a_reporter_the_file_is_the_source(tmp_path: Path) -> None:
    bare = activity(org("1", "XX-2")).replace(REPORTER, "")
    m = read(written(tmp_path, bare, activity(org("1", "XX-2"), id="XX-1-B")))
    assert {"aid", "aid-xx-1"} == set(m.sources.index)
    assert ["aid", "aid-xx-1"] == list(m.links("takes_part")["source"])
    assert "aid.xml" == m.name("aid")


def test_what_was_read_is_written_and_read_back(tmp_path: Path) -> None:
    m = read(written(tmp_path, ONE))
    sm.write(m, tmp_path / "map.json")
    again = sm.read(tmp_path / "map.json")
    for kind in m.schema:
        pd.testing.assert_frame_equal(m.table(kind.table), again.table(kind.table))


def test_an_activity_without_an_identifier_is_left_out_with_its_parts(tmp_path: Path) -> None:
    m = read(written(tmp_path, activity(org("1", "XX-2"), id=""), activity(id="XX-1-B")))
    assert ["XX-1-B"] == list(m.activities.index)
    assert (2, 1, 1) == balance(m.problems)["activity"]
    assert (1, 0, 1) == balance(m.problems)["participating-org"]
    assert "XX-2" not in m.organizations.index


def test_a_secondary_reporter_is_flagged(tmp_path: Path) -> None:
    second = activity(org("1", "XX-2")).replace('type="40"', 'type="40" secondary-reporter="1"')
    m = read(written(tmp_path, second, activity(id="XX-1-B")))
    assert 1 == codes(m.problems)["W562"]
    flags = m.sources["iati_secondary_reporter"]
    assert [1, 1] == [(flags == "yes").sum(), flags.isna().sum()]
    assert ["XX-2"] == list(m.links("takes_part")["organization"])


def test_money_results_and_relations_are_counted_and_contacts_never_kept(tmp_path: Path) -> None:
    rest = (
        "<contact-info><person-name><narrative>Somebody Private</narrative></person-name>"
        "<email>somebody@example.org</email></contact-info>"
        "<budget><value>1</value></budget><transaction><value>1</value></transaction>"
        '<transaction/><related-activity ref="X" type="1"/>'
        "<result><indicator><period/><period/></indicator></result>"
    )
    m = read(written(tmp_path, activity(rest)))
    told = balance(m.problems)
    assert {"budget": 1, "transaction": 2, "related-activity": 1, "result": 1} == {
        tag: told[tag][2] for tag in ("budget", "transaction", "related-activity", "result")
    }
    assert (1, 0, 1) == told["contact-info"]
    assert 1 == codes(m.problems)["W514"]
    everything = str([m.table(k.table).to_dict() for k in m.schema]) + str(m.problems)
    assert "Somebody" not in everything
    assert "somebody@" not in everything


def test_codes_in_no_list_are_told(tmp_path: Path) -> None:
    parts = (
        '<activity-status code="9"/>',
        org("8", "XX-2", type="12"),
        '<sector code="99999"/>',
        '<recipient-country code="AN"/>',
    )
    m = read(written(tmp_path, activity(*parts)))
    assert 5 == codes(m.problems)["W555"]
    assert m.activities["status"].isna().all()
    assert m.links("takes_part")["role"].isna().all()
    assert ["8"] == list(m.links("takes_part")["iati_role"])
    assert {"99999", "AN"} <= {*m.elements.index, *m.contexts.index}


def test_namibia_is_a_country(tmp_path: Path) -> None:
    m = read(written(tmp_path, activity('<recipient-country code="NA"/>')))
    assert ["NAM"] == list(m.contexts.index)


def test_a_reference_that_is_also_a_country_code_leaves_the_country_its_id(tmp_path: Path) -> None:
    parts = org("1", "NPL", "A thing"), '<recipient-country code="NP"/>'
    m = read(written(tmp_path, activity(*parts)))
    assert ["NPL"] == list(m.contexts.index)
    assert "NPL-2" in m.organizations.index
    assert 1 == one(tmp_path / "aid.xml", "W567").count


def test_version_1_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, activity(), begin=BEGIN.replace("2.03", "1.05"))
    (fault,) = check(path).errors
    assert "E550" == fault.code
    with pytest.raises(sm.InvalidMapError, match=r"version 1\.05"):
        read(path)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><iati-activities/>', "E015"),
        (f"{BEGIN}<iati-activity>", "E016"),
        (f"{BEGIN}<iati-activity></iati-activities>", "E016"),
    ],
)
def test_hostile_and_cut_files_are_refused(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "aid.xml"
    path.write_text(text, encoding="utf-8")
    assert [code] == [p.code for p in check(path, format="iati").errors]


def test_extensions_are_counted_and_not_mistaken_for_the_standard(tmp_path: Path) -> None:
    own = '<own:sector xmlns:own="https://example.org/own" code="11130"/>'
    m = read(written(tmp_path, activity(own)))
    assert 0 == len(m.elements)
    assert (1, 0, 1) == balance(m.problems)["sector"]


def test_the_balance_is_that_of_an_independent_count(tmp_path: Path) -> None:
    """Every child of every activity is counted, by a parse of the whole tree."""
    path = module().made(tmp_path / "aid.xml", 40, 3)
    path.write_text(
        path.read_text("utf-8").replace("<iati-identifier>XX-1-7</iati-identifier>", ""), "utf-8"
    )
    root = ElementTree.parse(path).getroot()
    counted = Counter(part.tag for item in root for part in item) + Counter(
        activity=len(root.findall("iati-activity"))
    )
    told = balance(check(path))
    assert dict(counted) == {tag: found for tag, (found, _, _) in told.items()}
    assert 39 == len(read(path).activities)


def test_names_that_differ_for_one_reference_are_told_at_once(tmp_path: Path) -> None:
    pieces = [
        activity(org("2", "XX-2", f"Name {n}"), org("2", "XX-3", f"Other {n}"), id=f"XX-1-{n}")
        for n in range(3)
    ]
    m = read(written(tmp_path, *pieces))
    assert "Name 0" == m.name("XX-2")
    told = one(tmp_path / "aid.xml", "W566")
    assert 2 == told.count
    assert "'XX-2' has name 'Name 0' and 'Name 1'" in told.message
    spots = [p.cell for p in told.places]
    assert "iati-activity[1]/participating-org[1]" == spots[0], "where the name that stays stands"
    assert "iati-activity[2]/participating-org[1]" == spots[1]


ONE = """
<iati-activity>
 <iati-identifier> XM-1 </iati-identifier>
 <reporting-org ref="XM" type="40"><narrative>Multilateral</narrative></reporting-org>
 <title><narrative>Connect schools</narrative><narrative xml:lang="fr">Ecoles</narrative></title>
 <participating-org ref="GB-1" role="1" type="10">
  <narrative>Donor state</narrative></participating-org>
 <participating-org role="4" type="21"><narrative>Teachers  abroad</narrative></participating-org>
 <participating-org role="2" type="80" ref=" XU "/>
 <activity-status code="2"/>
 <activity-date type="1" iso-date="2020-01-01"/><activity-date type="2" iso-date="2020-02-01"/>
 <activity-date type="3" iso-date="2024-12-31"/>
 <contact-info><email>someone@example.org</email></contact-info>
 <recipient-country code="NA" percentage="60"/><recipient-country code="NP"/>
 <recipient-country code="QQ"/>
 <recipient-region code="298"><narrative>Africa</narrative></recipient-region>
 <sector code="11220" percentage="70"><narrative>Primary education</narrative></sector>
 <sector code="110" vocabulary="2"/><sector code="x" vocabulary="99"/>
 <transaction><value>1</value></transaction><budget/><related-activity ref="XM-2"/>
</iati-activity>"""


def test_one_activity_becomes_the_rows_that_were_worked_out_by_hand(tmp_path: Path) -> None:
    """Two payers and doers, three sectors, four places: 24 claims of works_on."""
    m = read(written(tmp_path, ONE))
    row = m.activities.loc["XM-1"]
    wanted = ["Connect schools", "ongoing", "2020-02-01", "2024-12-31", "Ecoles"]
    assert wanted == list(row[["name", "status", "start", "end", "title (fr)"]])
    kinds = {
        "XM": "intergovernmental",
        "GB-1": "government",
        "teachers-abroad": "ngo",
        "XU": "academia",
    }
    assert kinds == dict(m.organizations["kind"])
    assert "Teachers abroad" == m.name("teachers-abroad")
    parts = m.links("takes_part")[["organization", "role", "iati_role"]]
    assert {
        ("GB-1", "funds", "1"),
        ("teachers-abroad", "implements", "4"),
        ("XU", "leads", "2"),
    } == set(parts.itertuples(index=False, name=None))
    assert {"NAM", "NPL", "QQ", "region-298"} == set(m.contexts.index)
    assert {"11220", "110", "XM-x"} == set(m.elements.index)
    assert 2 * 3 * 4 == len(m.links("works_on"))


# The code lists


def listed(name: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.parse(real("iati_codelists", f"{name}.xml")).getroot()
    return {str(item.findtext("code")): item for item in root.iter("codelist-item")}


@pytest.mark.parametrize(
    ("ours", "name"),
    [
        (iati_codes.STATUSES, "ActivityStatus"),
        (iati_codes.ROLES, "OrganisationRole"),
        (iati_codes.KINDS, "OrganisationType"),
        (iati_codes.DATES, "ActivityDateType"),
    ],
)
def test_every_code_of_a_list_has_its_meaning(ours: dict[str, str], name: str) -> None:
    assert set(listed(name)) == set(ours)


def test_the_meanings_fit_the_names_of_the_lists() -> None:
    names = {
        code: item.findtext("name/narrative") for code, item in listed("ActivityStatus").items()
    }
    assert "Suspended" == names[iati_codes.SUSPENDED]
    for code, item in listed("ActivityDateType").items():
        assert iati_codes.DATES[code] == str(item.findtext("name/narrative")).lower()
    assert "Funding" == listed("OrganisationRole")["1"].findtext("name/narrative")
    assert "Implementing" == listed("OrganisationRole")["4"].findtext("name/narrative")


def test_the_shipped_sectors_are_those_of_the_lists() -> None:
    """325 purpose codes, 44 categories; education is 17 codes; communications 7; 30 and 2 left."""
    both = {**listed("Sector"), **listed("SectorCategory")}
    ours = iati_codes.sectors()
    assert 325 + 44 == len(ours)
    assert set(both) == set(ours)
    for code, item in both.items():
        name = " ".join(str(item.findtext("name/narrative")).split())
        wanted = name, item.findtext("category") or "", item.get("status", "active")
        assert wanted == tuple(ours[code][c] for c in ("name", "category", "status"))
    assert 17 == sum(code.startswith("11") and len(code) == 5 for code in ours)
    assert 7 == sum(row["category"] == "220" for row in ours.values())
    assert 32 == sum(row["status"] == "withdrawn" for row in ours.values())


def test_every_country_of_the_list_is_known_but_one_that_is_gone() -> None:
    """AN, the Netherlands Antilles, is withdrawn and in no list of ISO any more."""
    known = iati_codes.alpha3()
    assert {"AN"} == set(listed("Country")) - set(known)


# Memory


def module() -> object:
    """The script that makes large files, as a module."""
    path = Path(__file__).parents[1] / "benchmarks" / "iati_memory.py"
    spec = importlib.util.spec_from_file_location("iati_memory", path)
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def peak_of_streaming(path: Path) -> int:
    tracemalloc.start()
    try:
        for _ in Stream(path, "aid.xml"):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("activities", "transactions"), [(200, 5), (10, 100)])
def test_memory_does_not_grow_with_the_file(
    activities: int, transactions: int, tmp_path: Path
) -> None:
    """Ten times the activities, or ten times the parts that are passed over: one peak."""
    made = module().made
    grown = (
        (activities * 10, transactions) if activities == 200 else (activities, transactions * 10)
    )
    small = made(tmp_path / "small.xml", activities, transactions)
    large = made(tmp_path / "large.xml", *grown)
    assert large.stat().st_size > 5 * small.stat().st_size
    first, second = peak_of_streaming(small), peak_of_streaming(large)
    assert second < 1.3 * first + 100_000


# Any file


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(st.tuples(st.integers(0, 900), st.binary(min_size=1, max_size=4)), max_size=4)
)
def test_an_edited_file_gives_problems(edits: list[tuple[int, bytes]], tmp_path: Path) -> None:
    parts = (
        org("1", "XX-2", "B"),
        '<activity-date iso-date="2020-02-01" type="2"/><sector code="11130" percentage="100"/>',
        '<recipient-country code="NP"/><budget/>',
    )
    data = bytearray(written(tmp_path, activity(*parts)).read_bytes())
    for at, piece in edits:
        data[at : at + len(piece)] = piece
    (tmp_path / "edited.xml").write_bytes(bytes(data))
    problems = check(tmp_path / "edited.xml", format="iati")
    assert str(problems)
    if problems.ok:
        balance(problems)


def test_the_order_of_activities_changes_nothing(tmp_path: Path) -> None:
    pieces = [
        activity(org("1", f"XX-{n}", f"N{n}"), f'<sector code="{s}"/>', id=f"XX-1-{n}")
        for n, s in enumerate(("11130", "11220", "22010"))
    ]
    first = read(written(tmp_path, *pieces))
    second = read(written(tmp_path, *pieces[::-1]))
    for name in ("activities", "organizations", "elements"):
        assert set(first.nodes(name).index) == set(second.nodes(name).index)
        assert dict(first.nodes(name)["name"]) == dict(second.nodes(name)["name"])


def test_what_is_read_is_what_is_listed() -> None:
    assert "contact-info" not in READ
    assert len(READ) == len(set(READ))


def test_a_folder_is_known_by_its_endings_in_either_case(tmp_path: Path) -> None:
    written(tmp_path, activity(), name="AID.XML")
    assert {"activities", "organizations"} <= set(read(tmp_path).tables)
    (tmp_path / "elements.CSV").write_text("id,name\na,A\n")
    assert ["a"] == list(read(tmp_path).elements.index)
