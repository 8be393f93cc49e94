"""Fixtures of the tests that drive the page in a real Chromium.

One browser and one server are enough for all tests of a process. Playwright keeps a loop running
while the browser is open, beside which no asynchronous test could run: ``conftest`` puts the tests
of the browser behind all others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from ui_fakes import FakeBot
from ui_live import served
from ui_moves import TEXT
from ui_watched import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
Opener = Callable[..., "Page"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = os.environ.get("CHATBOT_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_bot(tmp_path_factory: pytest.TempPathFactory) -> FakeBot:
    return FakeBot(tmp_path_factory.mktemp("page") / "data")


@pytest.fixture(scope="session")
def url(shared_bot: FakeBot) -> Iterator[str]:
    with served(shared_bot, page=True) as address:
        yield address


@pytest.fixture
def bot(shared_bot: FakeBot) -> FakeBot:
    """The served bot with one document and nothing asked yet."""
    shared_bot.reset()
    shared_bot.add_text(TEXT, title="Boxes")
    return shared_bot


@pytest.fixture(scope="session")
def desktop(chromium: Browser) -> Watched:
    """The context of most tests: kept, so that each page finds the last one's scripts compiled."""
    return Watched(chromium.new_context(viewport={"width": 1440, "height": 900}))


@pytest.fixture
def open_page(chromium: Browser, desktop: Watched, url: str) -> Iterator[Opener]:
    """Opens the page, in a context of its own if there are options."""
    watched = [desktop]

    def open_one(address: str = url, **options: Any) -> Page:  # noqa: ANN401
        if options:
            watched.append(Watched(chromium.new_context(**options)))
        page = watched[-1].context.new_page()
        page.goto(address)
        page.wait_for_selector("#question")
        return page

    yield open_one
    for one in watched:
        one.settle()
    for one in watched[1:]:
        one.context.close()


@pytest.fixture
def page(open_page: Opener, bot: FakeBot) -> Page:
    page = open_page()
    page.wait_for_selector(".sentence")
    return page
