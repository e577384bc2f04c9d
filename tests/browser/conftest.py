"""A real Chromium against the running site: on a phone, on a laptop.

    def test_something(phone, sign_in):
        sign_in(PersonFactory())
        phone.goto("/")
        check_axe(phone)        # tests.browser.checks
        fits(phone)

Mark the module: pytestmark = pytest.mark.browser
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from croqualim.accounts.models import Person
from tools import install_browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Missing is a failure, never a skip."""
    path = install_browser.find()
    assert path, "No Chromium: run python -m tools.install_browser"
    # Playwright runs an event loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page 360 px wide, as the cheapest phones are."""
    with _screen(chromium, live_server, width=360, height=740, is_mobile=True) as page:
        yield page


@pytest.fixture
def plain_phone(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A telephone on which no script runs."""
    with _screen(
        chromium, live_server, width=360, height=740, is_mobile=True, has_scripts=False
    ) as page:
        yield page


@pytest.fixture
def laptop(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    with _screen(chromium, live_server, width=1280, height=800, is_mobile=False) as page:
        yield page


@pytest.fixture
def sign_in(request: pytest.FixtureRequest) -> Callable[[Person], None]:
    """Whoever is given uses the screen from now on."""
    screens = ("phone", "plain_phone", "laptop")
    name = next(name for name in screens if name in request.fixturenames)

    def enter(person: Person) -> None:
        client = Client()
        client.force_login(person)
        page: Page = request.getfixturevalue(name)
        server: LiveServer = request.getfixturevalue("live_server")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])

    return enter


@contextmanager
def _screen(
    chromium: Browser,
    server: LiveServer,
    *,
    width: int,
    height: int,
    is_mobile: bool,
    has_scripts: bool = True,
) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(
        base_url=server.url,
        viewport={"width": width, "height": height},
        has_touch=is_mobile,
        is_mobile=is_mobile,
        java_script_enabled=has_scripts,
        locale="fr-FR",
        timezone_id="Europe/Paris",
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: _keep_refusals(message, said))
    yield page
    context.close()
    assert not said, said


def _keep_refusals(message: ConsoleMessage, said: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        said.append(message.text)
