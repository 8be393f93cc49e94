"""Fixtures of the tests that drive the page in a real Chromium.

The browser lives as long as one test file: Playwright keeps a loop running while it is open, beside
which no asynchronous test could run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from ui_fakes import FakeBot
from ui_live import served
from ui_moves import TEXT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
Opener = Callable[..., "Page"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = os.environ.get("CHATBOT_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shared_bot(tmp_path_factory: pytest.TempPathFactory) -> FakeBot:
    return FakeBot(tmp_path_factory.mktemp("page") / "data")


@pytest.fixture(scope="module")
def url(shared_bot: FakeBot) -> Iterator[str]:
    with served(shared_bot, page=True) as address:
        yield address


@pytest.fixture
def bot(shared_bot: FakeBot) -> FakeBot:
    """The served bot with one document and nothing asked yet."""
    shared_bot.reset()
    shared_bot.add_text(TEXT, title="Boxes")
    return shared_bot


@pytest.fixture
def open_page(chromium: Browser, url: str) -> Iterator[Opener]:
    """Opens the page; at the end, nothing may have gone elsewhere and no script may have failed."""
    contexts: list[BrowserContext] = []
    asked_for: list[str] = []
    complaints: list[str] = []

    def open_one(address: str = url, **options: object) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}} | options
        context = chromium.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: asked_for.append(request.url))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda message: message.type == "error" and complaints.append(message.text),
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(address)
        page.wait_for_selector("#question")
        return page

    yield open_one
    for context in contexts:
        context.close()
    foreign = [one for one in asked_for if not re.match(r"(http://127\.0\.0\.1:|data:|blob:)", one)]
    assert foreign == []
    assert complaints == []


@pytest.fixture
def page(open_page: Opener, bot: FakeBot) -> Page:
    page = open_page()
    page.wait_for_selector(".sentence")
    return page
