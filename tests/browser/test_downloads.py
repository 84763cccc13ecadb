"""What a reader takes away: PNG, SVG and CSV say what the page says."""

from __future__ import annotations

import base64
import csv
import io
import re
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from sysmap.core.model import from_tables
from sysmap.draw import page
from tests.browser.waiting import settled
from tests.draw.maps import PAYLOADS, hostile_map, plain_map, verdicts

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
NOTES = ["Data of 30 June 2024.", "All were asked."]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("downloads")
    m = plain_map()
    return {
        "small": page.make(m, facts=verdicts(m), notes=NOTES).save(folder / "small.html"),
        "large": page.make(plain_map(3, elements=120), notes=NOTES).save(folder / "large.html"),
        "hostile": page.make(hostile_map(), notes=PAYLOADS).save(folder / "hostile.html"),
    }


def load(watched, path):
    watched.page.goto(path.as_uri())
    watched.page.wait_for_selector("body[data-ready]")
    return watched.page


def take(view, key, frame=None):
    """The name and the bytes of a download."""
    inside = frame or view
    if not inside.locator("#downloads summary").is_visible():
        inside.locator("#filters-button").click()
    inside.locator("#downloads summary").click()
    with view.expect_download() as waiting:
        inside.locator(f"#download-{key}").click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def texts(svg):
    """What the drawing says, without the halos that repeat its labels."""
    found = ET.fromstring(svg).iter(f"{SVG}text")
    return [t.text for t in found if t.get("aria-hidden") is None]


def colours(svg, name):
    return [p.get(name) for p in ET.fromstring(svg).iter(f"{SVG}path")]


# SVG


def test_the_drawing_carries_title_date_counts_bands_names_and_legend(blocked_page, files):
    view = load(blocked_page, files["small"])
    name, svg = take(view, "svg")
    said = " ".join(texts(svg))
    assert "a-small-map.svg" == name
    for words in ("A small map", NOTES[0], view.inner_text("#count"), "Outcomes", "costing"):
        assert words in said
    for legend in ("Element: universal", "Weakens (−)", "Strengthens (+)", "Thicker lines"):
        assert legend in said
    assert {"Light", "Water", "Béryl", "Fiji"} <= set(texts(svg))
    root = ET.fromstring(svg)
    assert "A small map" == root.findtext(f"{SVG}title")
    assert view.inner_text("#count") in root.findtext(f"{SVG}desc")


def test_every_line_has_the_end_of_its_sign(blocked_page, tmp_path):
    """One line of each sign: an arrow and a dot are filled, a bar too, each in its colour."""
    m = from_tables(
        {
            "elements": pd.DataFrame({"id": list("abcd"), "name": list("ABCD")}),
            "influences": pd.DataFrame(
                {"cause": list("abc"), "effect": list("bcd"), "sign": ["+", "-", None]}
            ),
        }
    )
    view = load(blocked_page, page.make(m).save(tmp_path / "signs.html"))
    _, svg = take(view, "svg")
    for colour in ("rgb(0,114,178)", "rgb(192,57,43)", "rgb(107,107,107)"):
        assert 1 <= colours(svg, "stroke").count(colour), colour
        assert 1 <= colours(svg, "fill").count(colour), colour
    shapes = [p.get("d") for p in ET.fromstring(svg).iter(f"{SVG}path")]
    assert not [d for d in shapes if "NaN" in d or "undefined" in d]


def test_the_drawing_shows_what_passes_the_filters_and_nothing_else(blocked_page, files):
    view = load(blocked_page, files["small"])
    view.uncheck("#filter-types-3")
    said = texts(take(view, "svg")[1])
    assert "Béryl" not in said
    assert "Organizations" not in said
    assert view.inner_text("#count") in " ".join(said)


def test_the_drawing_of_a_large_map_is_whole_and_inside_its_frame(blocked_page, files):
    view = load(blocked_page, files["large"])
    view.click("#show-all")
    _, svg = take(view, "svg")
    root = ET.fromstring(svg)
    width, height = float(root.get("width")), float(root.get("height"))
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= width
        assert 0 <= float(text.get("y")) <= height
    hulls = [p.get("d") for p in root.iter(f"{SVG}path") if p.get("stroke") == "#1d1d1b"]
    assert len(hulls) >= 129


def test_a_highlight_is_in_the_drawing_and_in_words(blocked_page, files):
    view = load(blocked_page, files["small"])
    view.fill("#search", "Light")
    view.press("#search", "Enter")
    said = " ".join(texts(take(view, "svg")[1]))
    assert re.search(r"Highlighted: Light, Neighbours, \d+ nodes\.", said)


@pytest.mark.parametrize("key", ["svg", "png"])
def test_equal_pages_give_equal_pictures(open_blocked_page, files, key):
    one, two = (take(load(open_blocked_page(), files["small"]), key)[1] for _ in range(2))
    assert one == two


def test_a_picture_is_light_for_readers_of_the_dark_scheme_too(open_blocked_page, files):
    light = take(load(open_blocked_page(), files["small"]), "svg")[1]
    watched = open_blocked_page()
    watched.page.emulate_media(color_scheme="dark")
    assert light == take(load(watched, files["small"]), "svg")[1]


@pytest.mark.parametrize("key", ["svg", "png"])
def test_pictures_can_be_taken_where_only_the_table_was_opened(open_blocked_page, files, key):
    view = load(open_blocked_page(width=375, height=812), files["small"])
    assert not view.is_visible("#graph-view")
    assert len(take(view, key)[1]) > 10_000
    assert not view.is_visible("#graph-view")


def test_taking_a_drawing_does_not_move_the_stage(blocked_page, files):
    view = load(blocked_page, files["small"])
    view.click("#zoom-in")
    view.mouse.move(0, 0)
    settled(view)
    before = view.locator("#stage canvas").screenshot(mask=[view.locator("#zoom")])
    take(view, "svg")
    view.mouse.move(0, 0)
    settled(view)
    assert before == view.locator("#stage canvas").screenshot(mask=[view.locator("#zoom")])


def test_a_hostile_drawing_runs_nothing(open_blocked_page, files, tmp_path):
    _, svg = take(load(open_blocked_page(), files["hostile"]), "svg")
    root = ET.fromstring(svg)
    assert {"svg", "title", "desc", "rect", "path", "text"} == {
        e.tag.removeprefix(SVG) for e in root.iter()
    }
    assert not [k for e in root.iter() for k in e.attrib if k.startswith("on") or "href" in k]
    (tmp_path / "hostile.svg").write_bytes(svg)
    view = open_blocked_page().page
    view.goto((tmp_path / "hostile.svg").as_uri())
    assert view.evaluate("window.hacked === undefined")


# PNG

PIXELS = """async (address) => {
  const image = new Image();
  await new Promise((done) => { image.onload = done; image.src = address; });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const ctx = canvas.getContext("2d");
  ctx.drawImage(image, 0, 0);
  const { data } = ctx.getImageData(0, 0, canvas.width, canvas.height);
  const rows = [];
  for (let y = 0; y < canvas.height; y += 1) {
    let ink = 0;
    for (let x = 0; x < canvas.width; x += 1) if (data[(y * canvas.width + x) * 4] < 200) ink += 1;
    rows.push(ink);
  }
  return { width: canvas.width, height: canvas.height, rows };
}"""


def pixels(view, png):
    return view.evaluate(PIXELS, "data:image/png;base64," + base64.b64encode(png).decode())


def test_the_picture_is_the_stage_at_twice_its_size_with_words_above_and_a_legend_below(
    blocked_page, files
):
    view = load(blocked_page, files["small"])
    name, png = take(view, "png")
    found = pixels(view, png)
    stage = view.locator("#stage").bounding_box()
    assert "a-small-map.png" == name
    assert found["width"] == 2 * round(stage["width"])
    assert found["height"] > 2 * stage["height"] + 200
    assert sum(found["rows"][40:140]) > 500  # title, date and counts
    assert sum(found["rows"][-160:-30]) > 500  # legend


def test_the_picture_follows_the_zoom_of_the_stage(blocked_page, files):
    view = load(blocked_page, files["small"])
    before = take(view, "png")[1]
    view.click("#zoom-in")
    assert before != take(view, "png")[1]


# CSV


def rows(data):
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_file_of_nodes_lists_what_is_visible_with_numbers_as_numbers(blocked_page, files):
    view = load(blocked_page, files["small"])
    view.uncheck("#filter-types-3")
    name, data = take(view, "csv-nodes")
    listed = rows(data)
    facts = verdicts(plain_map())
    assert "a-small-map-nodes.csv" == name
    assert 18 == len(listed)
    assert "organization" not in {row["type"] for row in listed}
    for row in listed:
        expected = facts.get(row["id"], {"verdict": "", "present": "", "assessed": ""})
        assert (expected["verdict"], str(expected["present"]), str(expected["assessed"])) == (
            row["verdict"], row["present"], row["assessed"],
        )  # fmt: skip


def test_the_file_of_relations_counts_claims_and_sources_as_plain_loops_do(blocked_page, files):
    m = plain_map()
    listed = rows(take(load(blocked_page, files["small"]), "csv-relations")[1])
    words = {"+": "strengthens", "-": "weakens", None: "effect unknown"}
    expected = {}
    for row in m.links("influences").to_dict("records"):
        sign = row["sign"] if isinstance(row["sign"], str) else None
        slot = row["cause"], row["effect"], words[sign]
        expected.setdefault(slot, []).append(row["source"])
    found = {
        (r["from_id"], r["to_id"], r["answer"]): (int(r["claims"]), int(r["sources"]))
        for r in listed
        if r["relation"] == "influences"
    }
    assert {k: (len(v), len(set(v))) for k, v in expected.items()} == found
    said = next(r["who_said_it"] for r in listed if r["relation"] == "works on")
    assert re.search(r"(answer|document) \(20\d\d", said)


def test_text_that_a_spreadsheet_would_run_is_guarded_and_numbers_are_not(blocked_page, tmp_path):
    names = [
        "=1+1",
        "+cmd",
        "-2",
        "@SUM(A1)",
        "'=kept",
        "O'Neill",
        'a "quoted", name',
        "two\nlines",
    ]
    m = from_tables(
        {"elements": pd.DataFrame({"id": [f"e{i}" for i in range(len(names))], "name": names})}
    )
    view = load(blocked_page, page.make(m, title="=Title").save(tmp_path / "guard.html"))
    name, data = take(view, "csv-nodes")
    assert "title-nodes.csv" == name
    expected = ["'=1+1", "'+cmd", "'-2", "'@SUM(A1)", "''=kept", *names[5:]]
    assert expected == [row["name"] for row in rows(data)]
    assert {"0"} == {row["relations"] for row in rows(data)}


def test_hostile_text_in_a_file_starts_no_formula(blocked_page, files):
    view = load(blocked_page, files["hostile"])
    for key in ("csv-nodes", "csv-relations"):
        cells = [cell for row in rows(take(view, key)[1]) for cell in row.values()]
        assert cells
        assert not [c for c in cells if c[:1] in ("=", "+", "-", "@", "\t", "\r")]


# In a frame, on a phone, by keyboard


def test_downloads_work_in_the_frame_of_a_notebook(blocked_page, tmp_path):
    shown = page.make(plain_map())._repr_html_()
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!doctype html><title>n</title>{shown}", encoding="utf-8")
    blocked_page.page.goto(outer.as_uri())
    frame = blocked_page.page.frame_locator("iframe")
    frame.locator("body[data-ready]").wait_for()
    for key in ("svg", "png", "csv-nodes"):
        assert len(take(blocked_page.page, key, frame)[1]) > 500


def test_the_menu_opens_and_closes_by_keyboard(blocked_page, files):
    view = load(blocked_page, files["small"])
    view.focus("#downloads summary")
    view.keyboard.press("Enter")
    assert view.is_visible("#download-svg")
    view.keyboard.press("Tab")
    assert "download-png" == view.evaluate("document.activeElement.id")
    view.keyboard.press("Escape")
    assert not view.is_visible("#download-svg")
    assert "SUMMARY" == view.evaluate("document.activeElement.tagName")
