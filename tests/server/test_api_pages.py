"""The server's own pages in a real browser, under its own policy: documentation and login."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from api_server import api
from axe_playwright_python.sync_playwright import Axe
from ui_watched import OWN, new_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = new_page(chromium)
    elsewhere: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda one: None if OWN.match(one.url) else elsewhere.append(one.url))
    opened.on("console", lambda one: errors.append(one.text) if "Policy" in one.text else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    opened.context.close()
    assert elsewhere == []
    assert errors == []


def violations(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


def test_the_documentation_is_drawn_and_can_be_tried(page: Page, tmp_path: Path) -> None:
    with api(tmp_path / "data") as (_, url):
        page.goto(f"{url}/api/docs")
        page.wait_for_selector("body[data-drawn=yes]")
        assert violations(page) == []
        operation = page.locator("details", has_text="/api/ask").first
        operation.locator("summary").first.click()
        assert "from pier 3" in operation.inner_text()  # the example
        operation.get_by_role("button", name="Send").click()
        page.wait_for_function("document.querySelector('[aria-live]:not([hidden])')")
        page.wait_for_function(
            "[...document.querySelectorAll('[aria-live]')]"
            ".some((one) => one.textContent.startsWith('200'))"
        )


def test_a_person_logs_in_with_a_token_and_out_again(page: Page, tmp_path: Path) -> None:
    with api(tmp_path / "data", host="0.0.0.0", page=True) as (bot, url):
        token = bot.tokens.create("anna")
        page.goto(f"{url}/api/docs")
        page.wait_for_url("**/login")
        assert violations(page) == []
        page.get_by_label("Token").fill("cb_wrong")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        page.get_by_label("Token").fill(token)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{url}/")
        page.goto(f"{url}/api/docs")
        page.wait_for_selector("body[data-drawn=yes]")
        assert token not in page.evaluate("document.cookie")
        nothing = page.request.get(f"{url}/api/nothing")  # the page at / must not answer it
        assert (nothing.status, nothing.json()["type"]) == (404, "urn:chatbot:not-found")
        other = page.request.put(f"{url}/api/ask", data="{}", headers={"Origin": url})
        assert (other.status, other.headers["allow"]) == (405, "POST")
        page.goto(url)
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url(f"{url}/login")
        page.goto(url)
        page.wait_for_url(f"{url}/login")
