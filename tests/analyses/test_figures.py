"""Laws of the figure of every answer: words, small print, sizes, files, and nothing left behind."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

import sysmap as sm
from sysmap.core import charts
from sysmap.core.model import from_tables
from tests.conventions.test_frames import FRAMES
from tests.core.charts.drawing import texts
from tests.draw.maps import plain_map
from tests.maps import shipped
from tests.questions import answered

PACKAGE = Path(sm.__file__).parent
SHARED = "shared_elements"


def shown(question):
    """What draws itself: an answer, or what stands beside one."""
    return answered("influence").shared_elements() if question == SHARED else answered(question)


@pytest.fixture(params=[*FRAMES, SHARED])
def question(request):
    return request.param


def test_a_figure_leaves_settings_backend_and_open_figures_alone(question):
    from matplotlib import pyplot as plt

    plt.switch_backend("Agg")
    mine = plt.figure()
    with mpl.rc_context({"font.size": 23.0}):
        before = (dict(mpl.rcParams), mpl.get_backend(), plt.get_fignums())
        shown(question).plot()
        after = (dict(mpl.rcParams), mpl.get_backend(), plt.get_fignums())
    plt.close(mine)
    assert before == after


def test_a_given_axes_is_drawn_on_and_handed_back(question):
    ax = Figure(figsize=(8, 5)).subplots()
    assert shown(question).plot(ax) is ax
    assert texts(ax)


def test_a_figure_has_a_title_and_small_print_with_date_and_audience(question):
    """The back-test runs on a map of its own, which has no date."""
    ax = shown(question).plot()
    assert len(ax.get_title(loc="left")) > 10
    dated = "Data date not given" if question == "backtest" else "Data of 30 September 2024"
    assert f"{dated}. Audience: private." in " ".join(texts(ax))


def test_the_smallest_text_of_a_figure_has_seven_points(question):
    ax = shown(question).plot()
    assert min(t.get_fontsize() for t in ax.findobj(Text) if t.get_text()) >= 7


def test_the_words_of_a_figure_give_kind_values_and_where_the_table_is(question):
    """The back-test is in no brief, so its table is no sheet."""
    words = shown(question).alt_text()
    assert re.match(
        r"(Dot|Bar|UpSet|Path|Scatter|Causal|Timeline|Matrix|Bars|Table|Grid|Heat)", words
    )
    assert len(re.findall(r"\d+", words)) >= 2
    assert f"{'table of the back-test' if question == 'backtest' else f'sheet {question}'}" in words


def test_an_svg_is_an_image_that_carries_the_words_and_a_png_names_no_software(question):
    one = shown(question)
    svg, again = (
        charts.to_svg(one.plot(), title=one.summary(), description=one.alt_text()) for _ in range(2)
    )
    assert svg == again
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    plain = [" ".join(str(root[i].text).split()) for i in (0, 1)]
    assert [" ".join(one.summary().split()), " ".join(one.alt_text().split())] == plain
    png = charts.to_png(one.plot(), dpi=60)
    assert png == charts.to_png(one.plot(), dpi=60)
    assert "Software" not in Image.open(io.BytesIO(png)).info


def test_a_notebook_shows_the_figure_as_an_image_with_its_words(question):
    one = shown(question)
    (words,) = re.findall(
        r'<img src="data:image/png;base64,[^"]+" alt="([^"]+)"', one._repr_html_()
    )
    assert one.alt_text() == html.unescape(words)
    assert len(one._repr_html_()) < 450_000


def test_members_stand_in_one_order_in_all_figures():
    """Those with most claims of work come first, in matrices of areas and of resources."""
    for name in ("teaching", "asia-pacific-digital-learning"):
        m = shipped(name)
        by_area = list(sm.profiles(m).drawn().index)
        by_resource = list(sm.exchange(m).drawn().columns)
        both = set(by_area) & set(by_resource)
        assert len(both) > 3
        assert [n for n in by_area if n in both] == [n for n in by_resource if n in both]


def frame(head: str, *rows: str) -> pd.DataFrame:
    return pd.DataFrame([row.split() for row in rows], columns=head.split())


def test_the_matrix_of_places_tells_four_states_apart_and_is_sorted_by_both_totals():
    """Was asked about costing in Fiji and answered: law is not named; about training: silent."""
    m = from_tables(
        {
            "elements": frame(
                "id name area", "power Power costing", "law Law costing", "skill Skill training",
                "data Data evidence",
            ),
            "contexts": frame("id name", "fiji Fiji", "nepal Nepal"),
            "sources": frame("id name", "ann Ann", "bo Bo"),
            "observed": frame(
                "element context state source", "power fiji present ann", "power nepal present bo",
                "law nepal absent bo", "skill nepal present bo", "data nepal present bo",
            ),
            "asked": frame(
                "source question context area answered", "ann observed fiji costing yes",
                "ann observed fiji training no", "bo observed nepal costing yes",
                "bo observed nepal training yes", "bo observed nepal evidence yes",
            ),
        }
    )  # fmt: skip
    answer = sm.universality(m)
    ax = answer.matrix()
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert ["present", "absent", "silent", "not named", "not asked"] == legend
    assert len({charts.mark(word).hatch for word in legend}) == 5 - 1  # present and not asked
    assert charts.mark("present").colour != charts.mark("not asked").colour
    assert ["Nepal", "Fiji"] == [t.get_text() for t in ax.get_xticklabels()]
    assert "Law" == [t.get_text() for t in ax.get_yticklabels()][-1]


def test_the_causes_of_change_are_three_columns():
    ax = answered("change").plot()
    heads = {t.get_text() for t in ax.get_xticklabels()}
    assert {"reality", "respondents", "coding"} <= {head.replace("\n", " ") for head in heads}


@pytest.mark.parametrize("seed", range(12))
def test_the_letter_of_a_loop_is_the_product_of_the_signs_that_are_drawn(seed):
    answer = sm.loops(plain_map(seed, elements=9), top=1)
    drawn = [text.get_text() for text in answer.plot().texts]
    signs = [text for text in drawn if text in ("+", "−")]
    assert len(signs) >= 2 or "?" in drawn
    if "?" not in drawn:
        assert ("B" if signs.count("−") % 2 else "R") in drawn
        assert ("R" if signs.count("−") % 2 else "B") not in drawn


def test_one_helper_makes_figures_and_nothing_asks_for_the_current_one():
    """The still picture of a page is no figure of an answer and has a size of its own."""
    modules = {path.name: path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    makers = {
        name for name, text in modules.items() if re.search(r"[^.\w]Figure\(fig|Figure\(\n", text)
    }
    assert {"canvas.py", "still.py"} == makers
    assert [] == [name for name, text in modules.items() if "pyplot" in text]
