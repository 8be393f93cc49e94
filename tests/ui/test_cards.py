"""Cards in a real Chromium: at a marker the sentence, at a verdict what was checked; and back again
from a sentence in the source to the claims that rest on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ui_moves import BO, PHONE, ask, settled_inside, twice

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_chromium import Opener
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

GLAD = "Bo was glad about the boxes."


def test_a_marker_shows_its_sentence_on_hover_and_on_focus_until_it_is_dismissed(
    page: Page, bot: FakeBot
) -> None:
    bot.script = twice
    marker = ask(page, "Who was glad?").locator(".answer-body .marker").nth(1)
    card = page.locator(".card")
    marker.hover()
    card.wait_for()
    assert card.inner_text().split("\n\n") == [GLAD, "Boxes"]
    assert marker.get_attribute("aria-describedby") == card.get_attribute("id")

    # The mouse may go over the card, and leaves it behind.
    card.hover()
    page.wait_for_timeout(500)
    assert card.is_visible()
    page.mouse.move(5, 5)
    card.wait_for(state="hidden")

    # The keyboard sees the same; Escape dismisses it and leaves the focus where it is.
    page.locator(".transcript").focus()
    page.keyboard.press("m")
    page.keyboard.press("m")
    card.wait_for()
    assert GLAD in card.inner_text()
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert page.evaluate("document.activeElement.dataset.marker") == "2"
    assert marker.get_attribute("aria-describedby") is None
    page.keyboard.press("Shift+Tab")
    card.wait_for()
    page.keyboard.press("Shift+Tab")


def test_a_verdict_says_what_was_checked_with_claim_and_source_side_by_side(
    page: Page, bot: FakeBot
) -> None:
    bot.script = twice
    turn = ask(page, "Who was glad?")
    verdict = turn.get_by_role("button", name="Supported in part")
    assert verdict.get_attribute("aria-expanded") == "false"
    verdict.click()
    card = page.locator(".card")
    sides = card.locator(".card-sides > div")
    assert [side.inner_text().split("\n\n") for side in sides.all()] == [
        ["Statement", "Bo was very glad.", "Nothing was found for: very"],
        ["Source 2", GLAD, "Boxes"],
    ]
    assert card.locator(".doubted").all_inner_texts() == ["very"]
    left, right = (side.bounding_box() for side in sides.all())
    assert left
    assert right
    assert left["y"] == right["y"]
    assert "compared the statement with its sources" in card.inner_text()
    assert turn.locator(".lit").count() == 3  # "Bo was ", "very", " glad."

    # A click keeps it open, whatever the mouse does; a second one closes it.
    assert verdict.get_attribute("aria-expanded") == "true"
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    assert card.is_visible()
    verdict.click()
    assert not card.is_visible()

    turn.get_by_role("button", name="Not supported").focus()
    page.keyboard.press("Enter")
    assert "No sentence was found that says this." in card.inner_text()
    box = card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1440


def test_no_number_of_per_cent_is_shown(page: Page, bot: FakeBot) -> None:
    bot.script = twice
    turn = ask(page, "Who was glad?")
    turn.locator(".verdict").first.click()
    assert "%" not in page.locator("body").inner_text()


def test_a_highlighted_sentence_shows_the_claims_that_rest_on_it_and_leads_to_them(
    page: Page, bot: FakeBot
) -> None:
    bot.script = twice
    turn = ask(page, "Who was glad?")
    turn.locator(".answer-body .marker").nth(1).click()
    page.wait_for_selector(".sentence.flash")
    page.locator(f".sentence[data-sentence='{BO}']").click()
    rests = page.locator(".rests")
    assert rests.locator("h3").inner_text() == "1 statement cites this sentence"
    rests.get_by_role("button", name="Bo was very glad.").click()
    assert settled_inside(page, ".flash[data-claim]", ".transcript")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith("Supported in part")

    # By keyboard: the number before the sentence, and back to it with Escape.
    number = page.get_by_role("button", name="cited as 2")
    number.focus()
    page.keyboard.press("Enter")
    assert rests.is_visible()
    page.keyboard.press("Escape")
    assert not rests.is_visible()
    assert page.evaluate("document.activeElement.innerText") == "2"


def test_on_a_phone_the_sheet_holds_the_keyboard_and_gives_it_back(
    open_page: Opener, bot: FakeBot
) -> None:
    bot.script = twice
    page = open_page(viewport=PHONE, has_touch=True)
    turn = ask(page, "Who was glad?")
    marker = turn.locator(".answer-body .marker").nth(1)
    marker.tap()
    sheet = page.get_by_role("dialog", name="Source")
    sheet.wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        outside = page.evaluate(
            """() => {
                const node = document.activeElement;
                return node === document.body || node.closest(".source") ? "" : node.outerHTML;
            }"""
        )
        assert outside == ""
    page.keyboard.press("Escape")
    assert not page.locator(".source").is_visible()
    assert page.evaluate("document.activeElement.dataset.marker") == "2"

    # A tap beside the sheet closes it too; a claim leads back to the chat.
    marker.tap()
    page.locator(".backdrop").tap(position={"x": 100, "y": 20})
    assert not page.locator(".source").is_visible()
    marker.tap()
    page.locator(".cited-number", has_text="2").tap()
    page.locator(".rests li button").tap()
    assert not page.locator(".source").is_visible()
    assert settled_inside(page, ".flash[data-claim]", ".transcript")

    # What the check found is a card at any width.
    turn.get_by_role("button", name="Not supported").tap()
    card = page.locator(".card").inner_text()
    assert "Cy wept." in card
    assert "Nearest sentence\n\nCy laughed.\n\nNo sentence was found that says this." in card
    assert "openai:judge compared the statement with its sources." in card
