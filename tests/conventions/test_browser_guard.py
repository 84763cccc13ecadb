"""The browser fixtures see what they promise to see; each guard is shown a page that breaks it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

REMOTE = "http://example.invalid"


def test_a_page_that_keeps_to_itself_has_no_faults(blocked_page, tmp_path):
    file = tmp_path / "page.html"
    file.write_text("<!doctype html><title>still</title><img src='data:,'><h1>still</h1>")
    blocked_page.page.goto(file.as_uri())
    assert blocked_page.page.inner_text("h1") == "still"
    assert blocked_page.faults == []


@pytest.mark.parametrize(
    "body",
    [
        f"<img src='{REMOTE}/'>",
        f"<link rel=stylesheet href='{REMOTE}/'>",
        f"<script>fetch('{REMOTE}/').catch(() => null)</script>",
        f"<script>navigator.sendBeacon('{REMOTE}/')</script>",
    ],
    ids=["image", "style", "fetch", "beacon"],
)
def test_every_way_to_ask_for_something_remote_is_recorded(open_blocked_page, body):
    watched = open_blocked_page(faulty=True)
    watched.page.set_content(body)
    watched.page.wait_for_timeout(50)
    assert watched.requests == [f"{REMOTE}/"]


def test_a_web_socket_is_recorded(open_blocked_page):
    watched = open_blocked_page(faulty=True)
    watched.page.set_content("<script>new WebSocket('ws://example.invalid/')</script>")
    watched.page.wait_for_timeout(50)
    assert watched.requests == ["ws://example.invalid/"]


def test_errors_of_the_console_and_of_the_page_are_recorded(open_blocked_page):
    watched = open_blocked_page(faulty=True)
    watched.page.set_content("<script>console.error('said'); throw new Error('thrown')</script>")
    watched.page.wait_for_timeout(50)
    assert watched.console_errors == ["said"]
    assert watched.page_errors == ["thrown"]


def test_a_hanging_request_does_not_keep_the_page_from_drawing(open_blocked_page):
    watched = open_blocked_page(hang=True, faulty=True)
    watched.page.set_content(f"<img src='{REMOTE}/'><h1>drawn</h1>", wait_until="commit")
    assert watched.page.inner_text("h1") == "drawn"
    assert watched.requests == [f"{REMOTE}/"]
