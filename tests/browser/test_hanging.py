"""A firewall that swallows packets answers nothing, and every kind of page draws all the same."""

from __future__ import annotations

import pytest

import sysmap as sm
from sysmap.draw import page
from tests.draw.maps import hostile_map, plain_map

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A page of each kind, and a brief."""
    folder, m = tmp_path_factory.mktemp("hanging"), sm.example("teaching")
    made = {
        "shipped": sm.to_html(sm.example()),
        "answer": sm.to_html(sm.universality(m.redact())),
        "grouped": sm.to_html(m, by="area"),
        "large": page.make(plain_map(3, elements=120)),
        "hostile": page.make(hostile_map()),
    }
    return {which: one.save(folder / f"{which}.html") for which, one in made.items()}


@pytest.mark.parametrize("which", ["shipped", "answer", "grouped", "large", "hostile"])
def test_every_kind_of_page_draws_while_requests_hang(open_blocked_page, files, which):
    watched = open_blocked_page(hang=True)
    view = watched.page
    view.goto(files[which].as_uri())
    view.locator("#view input[value=graph]").check(force=True)
    view.wait_for_selector("body[data-ready=graph]")
    assert [] == watched.requests
    assert " of " in view.inner_text("#count")


def test_a_brief_is_read_while_requests_hang(open_blocked_page, tmp_path):
    index = sm.report(sm.example("teaching"), tmp_path / "brief")
    watched = open_blocked_page(hang=True)
    watched.page.goto(index.as_uri())
    assert watched.page.locator("h2").count() > 5
    broken = "[...document.images].filter((one) => !one.complete || !one.naturalWidth).length"
    assert 0 == watched.page.evaluate(broken)


@pytest.mark.parametrize("hang", [True, False])
def test_a_page_that_asks_the_network_stays_blank_while_it_hangs(open_blocked_page, tmp_path, hang):
    """The guard is proved by breaking it: a script on a server."""
    path = tmp_path / "remote.html"
    remote = '<script src="https://example.org/a.js"></script><p id=after>'
    path.write_text(f"<!doctype html><title>remote</title>{remote}", encoding="utf-8")
    watched = open_blocked_page(hang=hang, faulty=True)
    with watched.page.expect_request("https://example.org/a.js"):
        watched.page.goto(path.as_uri(), wait_until="commit")
    if not hang:
        watched.page.wait_for_selector("#after", state="attached")
    assert hang == (watched.page.locator("#after").count() == 0)
    assert ["https://example.org/a.js"] == watched.requests
