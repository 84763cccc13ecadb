"""The page in a notebook: sentence, still, frame; also in one converted to HTML offline."""

from __future__ import annotations

import base64
import json
import re
import socket
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sysmap as sm
from sysmap.draw import page
from tests.browser.test_page_axe import axe, violations
from tests.draw.maps import plain_map

__all__ = ["axe"]

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

CELLS = (
    """import sysmap as sm
from tests.draw.maps import plain_map
sm.to_html(plain_map(), title='In a notebook')""",
    "m = sm.example('teaching')\nm",
    "answer = sm.influence(m)\nanswer",
    "answer.shared_elements()",
)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


def test_a_notebook_gets_sentence_still_and_a_frame_without_an_origin() -> None:
    made = page.make(plain_map(), title="<b>bold</b>")
    shown = Tags(made._repr_html_())
    (frame,) = shown.named("iframe")
    (image,) = shown.named("img")
    assert made.html == frame["srcdoc"]
    assert {"allow-scripts", "allow-downloads", "allow-popups"} == set(frame["sandbox"].split())
    assert base64.b64decode(image["src"].partition("base64,")[2]).startswith(b"\x89PNG")
    assert "21 of 21 nodes" in image["alt"]
    assert [] == shown.named("b")
    assert ["p", "details", "summary", "img", "iframe"] == [tag for tag, _ in shown.found]


def test_an_output_is_little_larger_than_its_page() -> None:
    made = page.make(plain_map(4, elements=150))
    stored = json.dumps(made._repr_html_(), ensure_ascii=False)
    assert len(stored) < 1.25 * len(made.html.encode())
    assert len(stored) < 850_000


def test_without_the_frame_the_sentence_says_what_to_do() -> None:
    text = page.make(plain_map())._repr_html_()
    kept = re.sub(r"<iframe.*?</iframe>", "", text, flags=re.DOTALL)
    assert "trust this notebook or run the cell again" in kept
    assert "21 nodes" in kept
    assert "data:image/png;base64," in kept
    assert len(kept) < len(text) / 3


def test_plain_text_is_one_line() -> None:
    assert "\n" not in repr(page.make(plain_map()))
    assert len(repr(page.make(plain_map()))) < 200


def test_the_words_of_the_notebook_can_be_replaced() -> None:
    made = page.make(plain_map(), strings={"trust": "Faites confiance.", "still": "Image"})
    assert "Faites confiance." in made._repr_html_()
    assert "<summary>Image</summary>" in made._repr_html_()


@pytest.mark.parametrize("name", sorted(p.name for p in NOTEBOOKS.glob("*.py")))
def test_no_notebook_shows_a_figure_without_words(name: str) -> None:
    """A cell that ends in a figure of matplotlib shows a picture without any."""
    text = (NOTEBOOKS / name).read_text(encoding="utf-8")
    cells = [cell.rstrip().rpartition("\n")[2] for cell in text.split("# %%")]
    assert len(cells) > 5
    assert [] == [
        last for last in cells if re.fullmatch(r"(\w+\.)?(fig|figure)|plt\.show\(\)", last)
    ]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A notebook that was run and converted to HTML while no connection could be opened."""
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    folder = tmp_path_factory.mktemp("notebook")
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    (folder / "run.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")

    def refuse(*_: object) -> None:
        raise OSError("no network in this test")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        html, _ = HTMLExporter().from_filename(str(folder / "run.ipynb"))
    return html


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_notebook_converted_offline_holds_the_page_whole(converted: str) -> None:
    (frame,) = [f for f in Tags(converted).named("iframe") if f.get("srcdoc")]
    assert sm.to_html(plain_map(), title="In a notebook").html == frame["srcdoc"]


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.filterwarnings("default")
def test_a_notebook_converted_offline_shows_the_page(
    converted: str, open_blocked_page, tmp_path
) -> None:
    """What the converter itself asks of the network is refused, and the page needs none of it."""
    path = tmp_path / "run.html"
    path.write_text(converted, encoding="utf-8")
    watched = open_blocked_page(faulty=True)
    watched.page.goto(path.as_uri())
    frame = watched.page.frame_locator("iframe")
    frame.locator("body[data-ready]").wait_for()
    assert "Showing 21 of 21 nodes" in frame.locator("#count").inner_text()
    assert [] == watched.page_errors or all("MathJax" in e for e in watched.page_errors)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.filterwarnings("default")
def test_every_picture_of_a_converted_notebook_has_words_and_axe_finds_nothing_in_outputs(
    converted: str, open_blocked_page, tmp_path, axe
) -> None:
    """What the converter puts around the outputs is not ours to judge, nor what it asks for."""
    pictures = Tags(converted).named("img")
    assert len(pictures) == 3
    assert all(len(p["alt"] or "") > 60 for p in pictures)
    assert all((p["src"] or "").startswith("data:image/png;base64,") for p in pictures)
    path = tmp_path / "run.html"
    path.write_text(converted, encoding="utf-8")
    watched = open_blocked_page(faulty=True)
    watched.page.goto(path.as_uri())
    watched.page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert [] == violations(watched.page, axe, within=".jp-RenderedHTML")
    asked = [address for address in watched.requests if address not in converted]
    assert [] == asked
