"""The browser fixtures see what they promise to see; each guard is shown a page that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

CONFTEST = Path(__file__).parents[1] / "conftest.py"
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
    with watched.page.expect_request(f"{REMOTE}/"):
        watched.page.set_content(body)
    assert watched.requests == [f"{REMOTE}/"]


def test_a_web_socket_is_recorded(open_blocked_page):
    watched = open_blocked_page(faulty=True)
    watched.page.set_content("<script>socket = new WebSocket('ws://example.invalid/')</script>")
    watched.page.wait_for_function("socket.readyState !== WebSocket.CONNECTING")
    assert watched.requests == ["ws://example.invalid/"]


def test_errors_of_the_console_and_of_the_page_are_recorded(open_blocked_page):
    watched = open_blocked_page(faulty=True)
    with watched.page.expect_event("pageerror"):
        watched.page.set_content(
            "<script>console.error('said'); throw new Error('thrown')</script>"
        )
    assert watched.console_errors == ["said"]
    assert watched.page_errors == ["thrown"]


def test_a_hanging_request_does_not_keep_the_page_from_drawing(open_blocked_page):
    watched = open_blocked_page(hang=True, faulty=True)
    with watched.page.expect_request(f"{REMOTE}/"):
        watched.page.set_content(f"<img src='{REMOTE}/'><h1>drawn</h1>", wait_until="commit")
    assert watched.page.inner_text("h1") == "drawn"
    assert watched.requests == [f"{REMOTE}/"]


def test_an_unexpected_fault_fails_the_test_that_opened_the_page(pytester):
    """The closing check of the fixture is proved by a test that does not look for faults."""
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makepyfile(
        "def test_it(blocked_page):\n"
        "    blocked_page.page.set_content('<script>console.error(1)</script>')\n"
        "    blocked_page.page.wait_for_function('true')\n"
    )
    outcome = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    outcome.assert_outcomes(passed=1, errors=1)


@pytest.mark.parametrize(("required", "outcome"), [("0", "skipped"), ("1", "errors")])
def test_a_missing_browser_skips_or_fails_as_asked(pytester, monkeypatch, required, outcome):
    monkeypatch.setenv("SYSMAP_CHROMIUM", str(pytester.path / "absent"))
    monkeypatch.setenv("SYSMAP_REQUIRE_BROWSER", required)
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    pytester.makepyfile("def test_it(blocked_page): pass")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(**{outcome: 1})
