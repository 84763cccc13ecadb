"""What every test shares: Hypothesis profiles and a browser that cannot reach the network."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

pytest_plugins = ["pytester"]

# A benchmark is a script and no module of examples.
collect_ignore = ["benchmarks"]

# "ci" repeats the same examples on every machine and sets no deadline, because a busy machine is
# no fault of the code; "explore" draws fresh ones.
settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A shell that runs the tests in its background has them ignore the interrupt, and so would every
# command that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

LOCAL_SCHEMES = frozenset({"about", "blob", "data", "file"})
CHROMIUM_FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
)


@dataclass
class BlockedPage:
    """A page without network, and everything that went wrong on it.

    ``requests`` holds every attempt to reach something that is not local, ``console_errors``
    the errors and policy violations of the console, ``page_errors`` the uncaught exceptions.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """All of them in one list, empty when the page is fit to ship."""
        return [
            *(f"request to {address}" for address in self.requests),
            *(f"console error: {text}" for text in self.console_errors),
            *(f"uncaught: {text}" for text in self.page_errors),
        ]


OpenPage = Callable[..., BlockedPage]


def chromium_path() -> str | None:
    """The Chromium of the system, or None."""
    named = os.environ.get("SYSMAP_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    usual = Path("/usr/bin/chromium")
    return str(usual) if usual.is_file() else shutil.which("chromium")


def without_browser() -> None:
    """Skip where a browser is a convenience, fail where it is required."""
    reason = "no Chromium at SYSMAP_CHROMIUM or /usr/bin/chromium"
    if os.environ.get("SYSMAP_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}, and SYSMAP_REQUIRE_BROWSER=1 requires one", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    path = chromium_path()
    if path is None:
        without_browser()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if is_root else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


def record(page: Page, *, hang: bool) -> BlockedPage:
    """Watch a page: what is not local is noted, then refused or left without an answer."""
    watched = BlockedPage(page)

    def note_request(request: Request) -> None:
        if urlsplit(request.url).scheme not in LOCAL_SCHEMES:
            watched.requests.append(request.url)

    def decide(route: Route) -> None:
        if urlsplit(route.request.url).scheme in LOCAL_SCHEMES:
            route.continue_()
        elif not hang:
            route.abort()

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            watched.console_errors.append(message.text)

    page.on("request", note_request)
    page.on("console", note_console)
    page.on("pageerror", lambda error: watched.page_errors.append(str(error)))
    page.route("**/*", decide)
    # A routed socket reaches no server and is never reported as a request.
    page.route_web_socket("**/*", lambda socket: watched.requests.append(socket.url))
    return watched


@pytest.fixture
def open_blocked_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages of any size: ``open_blocked_page(width=375, height=812, hang=True)``.

    With ``hang`` a request gets no answer at all instead of a refusal. At the end of the test
    every page opened here must be free of faults, unless it was opened with ``faulty=True``.
    """
    opened: list[tuple[BlockedPage, bool]] = []

    def open_page(
        *, width: int = 1400, height: int = 900, hang: bool = False, faulty: bool = False
    ) -> BlockedPage:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="UTC",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        watched = record(context.new_page(), hang=hang)
        opened.append((watched, faulty))
        return watched

    yield open_page
    for watched, _ in opened:
        watched.page.context.close()
    faults = [fault for watched, faulty in opened if not faulty for fault in watched.faults]
    assert faults == []


@pytest.fixture
def blocked_page(open_blocked_page: OpenPage) -> BlockedPage:
    """A page of 1400 by 900 whose every request, console error and page error is recorded."""
    return open_blocked_page()
