"""Asking in a real Chromium: quotes, markers, streaming, stopping, starting anew."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from ui_fakes import quote, slowly
from ui_live import served
from ui_moves import ask, kept, settled_inside, twice
from ui_watched import reload

from chatbot.errors import QuestionError
from chatbot.types import AnswerEvent, MarkerResolved, Restarted, TextDelta

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_chromium import Opener
    from ui_fakes import FakeBot

    from chatbot import Chatbot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


# ---- the main thing, with the real bot


@pytest.fixture(scope="module")
def article_url(article_bot: Chatbot) -> Iterator[str]:
    with served(article_bot, page=True) as address:
        yield address


def test_the_sentence_with_the_trucks_is_quoted_and_lit_up(
    open_page: Opener, article_url: str
) -> None:
    page = open_page(article_url)
    turn = ask(page, "How many vehicles did Japan send to Ukraine?")
    sentence = (
        "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."
    )
    assert sentence in turn.locator(".answer-body").inner_text()
    assert "Quoted from" in turn.locator(".summary").inner_text()
    turn.locator(".marker", has_text="1").first.click()
    page.wait_for_selector(".sentence.flash")
    assert page.locator(".sentence.flash").inner_text() == sentence
    assert page.locator(".sentence.flash").get_attribute("data-markers") == "1"
    assert settled_inside(page, ".sentence.flash", ".source-text")


def test_what_the_article_does_not_say_is_refused(open_page: Opener, article_url: str) -> None:
    page = open_page(article_url)
    turn = ask(page, "Who is the prime minister of Japan?")
    assert "refused" in (turn.get_attribute("class") or "")
    assert turn.locator(".marker").count() == 0
    turn.locator("[data-passage]").first.click()
    page.wait_for_selector(".sentence.close-by.flash")
    assert page.locator(".sentence.cited").count() == 0


# ---- asking


def test_a_marker_scrolls_to_its_sentence_and_every_claim_has_its_mark(
    page: Page, bot: FakeBot
) -> None:
    bot.script = twice
    turn = ask(page, "Who was glad?")
    titles = [mark.get_attribute("aria-label") or "" for mark in turn.locator(".verdict").all()]
    assert [title.split(":")[0] for title in titles] == [
        "Supported",
        "Supported in part",
        "Not supported",
    ]
    assert turn.locator(".summary").inner_text() == (
        "1 of 3 statements supported · 1 only in part · "
        "1 statement is not supported by the documents"
    )
    marker = turn.get_by_role("button", name="source 2: Bo was glad about the boxes.").first
    marker.click()
    assert page.locator(".sentence.flash").inner_text() == "Bo was glad about the boxes."
    assert settled_inside(page, ".sentence.flash", ".source-text")


def test_enter_on_a_marker_takes_the_keyboard_to_the_sentence(page: Page) -> None:
    turn = ask(page, "Who?")
    turn.locator(".answer-body .marker").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.classList.contains('sentence')")
    assert page.evaluate("document.activeElement.innerText") == "Ann sent 12 boxes to Bo."


def test_focus_stays_on_a_marker_while_the_answer_goes_on(page: Page, bot: FakeBot) -> None:
    bot.script = slowly
    turn = ask(page, "Slow?", state="streaming")
    marker = turn.locator(".answer-body .marker-cited")
    marker.focus()
    page.evaluate("window.kept = document.activeElement")
    length = len(turn.inner_text())
    page.wait_for_function(
        "([turn, length]) => turn.innerText.length > length + 100",
        arg=[turn.element_handle(), length],
    )
    assert page.evaluate("document.activeElement === window.kept && window.kept.isConnected")


def test_only_the_turn_that_changes_is_touched(page: Page, bot: FakeBot) -> None:
    first = ask(page, "Who?")
    kept(page)
    page.evaluate(
        """(turn) => {
            window.touched = 0;
            new MutationObserver((records) => { window.touched += records.length; }).observe(
                turn, { subtree: true, childList: true, characterData: true, attributes: true });
        }""",
        first.element_handle(),
    )
    bot.script = slowly
    ask(page, "Slow?", state="streaming")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".turn[data-state=stopped]")
    assert page.evaluate("window.touched") == 0


def test_the_stop_button_really_stops(page: Page, bot: FakeBot) -> None:
    bot.script = slowly
    turn = ask(page, "Slow?", state="streaming")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".turn[data-state=stopped]")
    assert bot.cancels[-1].is_set()
    assert "was not checked" in turn.inner_text()
    before = turn.inner_text()
    page.wait_for_timeout(300)
    assert turn.inner_text() == before
    bot.script = quote
    assert "Ann sent" in ask(page, "And now?").inner_text()


def test_a_closed_page_stops_its_answer(page: Page, bot: FakeBot) -> None:
    bot.script = slowly
    ask(page, "Slow?", state="streaming")
    page.close()
    deadline = time.monotonic() + 60
    while not bot.cancels[-1].is_set() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert bot.cancels[-1].is_set()


def restarting(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    yield TextDelta(text="Half a thought that is void [1]")
    yield MarkerResolved(citation=bot.citation(1))
    time.sleep(0.3)
    yield Restarted(reason="The model hung up.")
    time.sleep(0.3)
    yield from quote(bot, question)


def test_a_restart_clears_what_was_written_and_says_why(page: Page, bot: FakeBot) -> None:
    bot.script = restarting
    turn = ask(page, "Who?")
    assert "Half a thought" not in turn.inner_text()
    assert "The model hung up." in turn.locator(".notice").inner_text()


def test_a_new_conversation_leaves_nothing_of_the_old_one(page: Page, bot: FakeBot) -> None:
    bot.script = slowly
    ask(page, "Slow?", state="streaming")
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_timeout(400)
    assert page.locator(".turn").count() == 0
    assert page.locator(".welcome").is_visible()
    assert page.locator(".sentence.cited").count() == 0
    bot.script = quote
    ask(page, "Who?")
    assert bot.asked[-1] == ("Who?", ())


def refusing(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    raise QuestionError("The question has 9 characters; ask it in at most 2.")


def test_an_error_is_our_sentence_on_the_page(page: Page, bot: FakeBot) -> None:
    page.press("#question", "Enter")
    assert page.locator(".composer-note").inner_text() == "Type a question first."
    bot.script = refusing
    turn = ask(page, "Too long?", state="failed")
    assert turn.get_by_role("alert").inner_text() == (
        "The question has 9 characters; ask it in at most 2."
    )


def test_a_starting_question_is_asked_by_a_click(page: Page, bot: FakeBot) -> None:
    bot.add_text("Japan sent 101 trucks to Ukraine.", title="Trucks")
    reload(page)
    page.get_by_role("button", name="How many trucks did Japan send?").click()
    page.wait_for_selector(".turn[data-state=done]")
    assert bot.asked[-1][0] == "How many trucks did Japan send?"


def test_the_badge_says_who_answers_and_how_to_change_that(page: Page) -> None:
    page.get_by_text("Extractive", exact=True).click()
    assert "CHATBOT_MODEL" in page.locator(".mode-card").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator(".mode-card").is_visible()


def test_nothing_of_the_framework_is_left_to_see(page: Page) -> None:
    assert not page.get_by_text(re.compile("Gradio|Use via API|Settings")).first.is_visible()
    assert page.title() == "Ask your documents"
