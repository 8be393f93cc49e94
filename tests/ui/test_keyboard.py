"""The page by keyboard alone: shortcuts, the list of them, and that they can be switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ui_moves import ask, twice

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


def focused(page: Page, what: str) -> str:
    return str(page.evaluate(f"document.activeElement.{what}"))


def test_every_listed_key_does_what_it_says(page: Page, bot: FakeBot) -> None:
    bot.script = twice
    ask(page, "One?")
    ask(page, "Two?")
    page.locator(".transcript").focus()

    page.keyboard.press("k")
    assert "Two?" in focused(page, "innerText")
    page.keyboard.press("k")
    assert "One?" in focused(page, "innerText")
    page.keyboard.press("j")
    assert "Two?" in focused(page, "innerText")
    page.keyboard.press("m")
    page.keyboard.press("m")
    assert focused(page, "dataset.marker") == "2"
    page.keyboard.press("Shift+M")
    assert focused(page, "dataset.marker") == "1"
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    assert focused(page, "className").startswith("source-text")
    page.keyboard.press("e")
    assert focused(page, "value") == "Two?"
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    assert page.locator(".documents").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".documents").is_visible()
    page.keyboard.press("/")
    assert focused(page, "id") == "question"

    # In a field keys are letters.
    page.keyboard.type("?n/")
    assert page.input_value("#question") == "?n/"
    assert page.locator(".turn").count() == 2
    page.fill("#question", "")
    page.locator(".transcript").focus()
    page.keyboard.press("n")
    assert page.locator(".turn").count() == 0


def test_the_list_of_keys_opens_with_a_question_mark_and_can_switch_them_off(page: Page) -> None:
    page.locator(".transcript").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    assert dialog.locator("dt").all_inner_texts()[:3] == ["?", "/", "j"]
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.locator(".transcript").focus()
    page.keyboard.press("?")
    assert not dialog.is_visible()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Single keys work").check()
    page.keyboard.press("Escape")


def test_the_way_by_tab_shows_where_it_is(page: Page, bot: FakeBot) -> None:
    bot.script = twice
    ask(page, "Who was glad?")
    page.locator(".turn").focus()
    seen = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        name = focused(page, "className").split(" ")[0]
        assert outline == "solid", name
        seen.add(name)
    assert {"marker", "verdict", "quiet"} <= seen
