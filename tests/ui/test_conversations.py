"""Saved conversations in a real Chromium: kept, found, renamed, deleted, rated, taken along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from api_server import wait_for
from ui_fakes import answer, claims, slowly
from ui_moves import PHONE, ask, kept, twice
from ui_watched import reload

from chatbot.types import AnswerEvent, Verdict
from chatbot.ui.export import answers_in

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_chromium import Opener
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


def test_a_reload_shows_the_conversation_as_it_was(page: Page, bot: FakeBot) -> None:
    bot.script = twice
    first = ask(page, "Who was glad?")
    kept(page)
    shown = first.locator(".answer-body").inner_text()
    reload(page)
    page.wait_for_selector(".turn[data-state=done]")
    turn = page.locator(".turn")
    assert turn.locator(".question").inner_text() == "Who was glad?"
    assert turn.locator(".answer-body").inner_text() == shown
    assert turn.locator(".verdict-partly").count() == 1
    turn.locator(".answer-body .marker").nth(1).click()
    page.wait_for_selector(".sentence.flash")
    assert page.locator(".sentence.flash").inner_text() == "Bo was glad about the boxes."
    ask(page, "And why?")
    assert bot.asked[-1][1][0].content == "Who was glad?"
    assert [one.turn_count for one in bot.conversations.list()] == [2]


def test_conversations_are_listed_searched_renamed_and_deleted(page: Page, bot: FakeBot) -> None:
    ask(page, "Who sent boxes?")
    page.get_by_role("button", name="New conversation").click()
    ask(page, "What is in them?")
    rows = page.locator(".conversations .row-open")
    kept(page, 2)
    assert rows.all_inner_texts() == ["What is in them?", "Who sent boxes?"]

    page.get_by_label("Search conversations").fill("sent b")
    page.wait_for_function("document.querySelectorAll('.conversations .row-open').length === 1")
    rows.first.click()
    page.wait_for_selector(".turn .question:has-text('Who sent boxes?')")
    assert rows.first.get_attribute("aria-current") == "true"
    page.get_by_label("Search conversations").fill("")
    page.wait_for_function("document.querySelectorAll('.conversations .row-open').length === 2")

    page.get_by_role("button", name="More for Who sent boxes?").click()
    page.get_by_role("button", name="Rename Who sent boxes?").click()
    page.get_by_label("Name of the conversation").fill("About boxes")
    page.keyboard.press("Enter")
    page.wait_for_selector(".row-open:has-text('About boxes')")
    assert {one.title for one in bot.conversations.list()} == {"About boxes", "What is in them?"}

    page.get_by_role("button", name="More for About boxes").click()
    page.get_by_role("button", name="Delete About boxes").click()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="More for About boxes").click()
    page.get_by_role("button", name="Delete About boxes").click()
    page.get_by_role("group", name="Delete About boxes").get_by_role("button").first.click()
    page.wait_for_selector(".welcome")
    assert page.locator(".turn").count() == 0
    assert [one.title for one in bot.conversations.list()] == ["What is in them?"]


def test_taking_back_and_asking_again_change_what_is_kept(page: Page, bot: FakeBot) -> None:
    ask(page, "Who sent boxes?")
    turn = ask(page, "How many?")
    kept(page)
    turn.get_by_role("button", name="Edit the question").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("How many boxes?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn:last-child[data-state=done] .question:text-is('How many boxes?')")
    conversation = bot.conversations.list()[0].id
    questions = [one.question for one in bot.conversations.turns(conversation)]
    assert questions == ["Who sent boxes?", "How many boxes?"]
    for left in (1, 0):
        page.locator(".turn:last-child .actions .last-only").last.click()
        page.wait_for_function(f"document.querySelectorAll('.turn').length === {left}")
    page.wait_for_function("document.querySelectorAll('.conversations .row-open').length === 0")
    assert bot.conversations.list() == []


def test_an_answer_goes_on_while_another_conversation_is_read(page: Page, bot: FakeBot) -> None:
    ask(page, "Who sent boxes?")
    page.get_by_role("button", name="New conversation").click()
    bot.script = lambda bot, question: finishing(bot, question)
    ask(page, "Slow?", state="streaming")
    page.locator(".row-open").first.click()
    page.wait_for_selector(".turn .question:text-is('Who sent boxes?')")
    page.wait_for_selector(".row-open:has-text('Slow?')")
    assert page.locator(".turn").count() == 1
    page.locator(".row-open:has-text('Slow?')").click()
    page.wait_for_selector(".turn[data-state=done] .question:text-is('Slow?')")


def finishing(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    yield from slowly(bot, question, seconds=1.5)
    text, made = claims(("It took a while.", Verdict.SUPPORTED, (1,)))
    yield answer(bot, question, text, claims=made, citations=(bot.citation(1),))


def test_a_removed_document_leaves_its_quotes_behind(page: Page, bot: FakeBot) -> None:
    ask(page, "Who?")
    kept(page)
    bot.remove(bot.documents()[0].id)
    reload(page)
    marker = page.locator(".turn .answer-body .marker")
    marker.wait_for()
    page.wait_for_selector(".marker.gone")
    assert "its document was removed" in (marker.get_attribute("aria-label") or "")
    marker.click()
    assert page.locator(".source-text blockquote").inner_text() == "Ann sent 12 boxes to Bo."


def test_what_a_person_thinks_of_an_answer_is_kept(page: Page, bot: FakeBot) -> None:
    turn = ask(page, "Who?")
    turn.get_by_role("button", name="Bad answer").click()
    page.get_by_label("What was good or wrong?").fill("It names one of two.")
    page.get_by_role("button", name="Save remark").click()
    page.wait_for_function("document.querySelector('.remark').hidden")
    page.wait_for_selector("text=Saved on this machine.")
    reload(page)
    down = page.get_by_role("button", name="Bad answer")
    down.wait_for()
    assert down.get_attribute("aria-pressed") == "true"
    assert [one.remark for one in bot.conversations.rated(-1)] == ["It names one of two."]
    down.click()
    page.wait_for_selector("[aria-label='Bad answer'][aria-pressed=false]")
    wait_for(lambda: bot.conversations.rated(-1) == [])


def test_an_answer_and_a_conversation_are_saved_as_files(
    page: Page, bot: FakeBot, tmp_path: Path
) -> None:
    turn = ask(page, "Who?")
    kept(page)
    turn.get_by_role("button", name="Export this answer").click()
    with page.expect_download() as one:
        turn.get_by_role("button", name="JSON").click()
    one.value.save_as(tmp_path / "answer.json")
    assert one.value.suggested_filename == "who.json"
    conversation = bot.conversations.list()[0].id
    saved = [each.answer for each in bot.conversations.turns(conversation)]
    assert answers_in(json.loads((tmp_path / "answer.json").read_text())) == saved

    page.get_by_role("button", name="More for Who?").click()
    with page.expect_download() as whole:
        page.locator(".conversations").get_by_role("button", name="Markdown").click()
    whole.value.save_as(tmp_path / "whole.md")
    assert "[^1-1]: “Ann sent 12 boxes to Bo.”" in (tmp_path / "whole.md").read_text()

    page.evaluate("window.print = () => {}")
    with page.expect_popup() as opened:
        page.locator(".conversations").get_by_role("button", name="Print").click()
    opened.value.wait_for_selector("q:text-is('Ann sent 12 boxes to Bo.')")
    opened.value.close()


def test_on_a_phone_the_conversations_are_a_sheet(open_page: Opener, bot: FakeBot) -> None:
    page = open_page(viewport=PHONE)
    ask(page, "Who?")
    assert not page.locator(".conversations").is_visible()
    page.get_by_role("button", name="Conversations").click()
    page.wait_for_selector(".row-open:has-text('Who?')")
    for frame in ("html", "body", ".conversations"):
        assert page.locator(frame).evaluate("(node) => node.scrollWidth - node.clientWidth") <= 0
    page.keyboard.press("Escape")
    assert not page.locator(".conversations").is_visible()
