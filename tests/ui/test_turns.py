"""Turns in a real Chromium: asked again, edited, taken back, searched for otherwise, copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from api_server import wait_for
from ui_fakes import answer, claims, quote, slowly
from ui_moves import ask, twice, violations
from ui_watched import reload

from chatbot.types import Answer, AnswerEvent, Usage, Verdict

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


def questions(page: Page) -> list[str]:
    return page.locator(".question").all_inner_texts()


def redone(page: Page, count: int) -> Locator:
    """Wait until there are so many turns and the last is done; return it."""
    page.wait_for_function(
        """(count) => {
            const turns = document.querySelectorAll(".turn");
            return turns.length === count && turns[count - 1].dataset.state === "done";
        }""",
        arg=count,
    )
    return page.locator(".turn").last


def test_a_question_is_asked_again_edited_and_taken_back(page: Page, bot: FakeBot) -> None:
    for question in ("One?", "Two?", "Three?"):
        ask(page, question)

    # Again: in the place of the last turn.
    page.locator(".turn").last.get_by_role("button", name="Ask again").click()
    wait_for(lambda: len(bot.asked) == 4)
    redone(page, 3)
    assert questions(page) == ["One?", "Two?", "Three?"]
    assert [len(history) for _, history in bot.asked] == [0, 2, 4, 4]

    # Edit an earlier one: it says what goes, Escape leaves all as it was, Enter asks.
    second = page.locator(".turn").nth(1)
    second.hover()
    second.get_by_role("button", name="Edit the question").click()
    assert "question after this one is removed" in second.locator(".editor-note").inner_text()
    page.keyboard.press("Escape")
    assert questions(page) == ["One?", "Two?", "Three?"]
    second.get_by_role("button", name="Edit the question").click()
    page.keyboard.press("End")
    page.keyboard.type(" Really?")
    page.keyboard.press("Enter")
    redone(page, 2)
    assert questions(page) == ["One?", "Two? Really?"]
    assert bot.asked[-1][0] == "Two? Really?"
    assert len(bot.asked[-1][1]) == 2

    # Take back: the question stands in the field again, and is out of the history.
    page.get_by_role("button", name="Take back").last.click()
    assert questions(page) == ["One?"]
    assert page.input_value("#question") == "Two? Really?"
    page.fill("#question", "Four?")
    page.press("#question", "Enter")
    redone(page, 2)
    assert len(bot.asked[-1][1]) == 2

    # The arrow in the empty field edits the last question.
    page.press("#question", "ArrowUp")
    assert page.locator(".editor textarea").input_value() == "Four?"
    page.keyboard.press("Escape")


def test_a_stopped_answer_can_be_taken_back_or_asked_again(page: Page, bot: FakeBot) -> None:
    bot.script = slowly
    ask(page, "Slow?", state="streaming")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".turn[data-state=stopped]")
    bot.script = quote
    page.get_by_role("button", name="Ask again").click()
    turn = redone(page, 1)
    assert "Ann sent 12 boxes" in turn.locator(".answer-body").inner_text()
    assert bot.cancels[0].is_set()


def follow_up(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    """Search for something else than was asked, and say what it took and was read."""
    for event in twice(bot, question):
        assert isinstance(event, Answer)
        yield replace(
            event,
            search_query=(bot.search_queries or ["What did Bo feel?"])[-1],
            retrieved=tuple(bot.passage(index) for index in (0, 1, 2, 61)),
            notice="The model was slow. So this answer quotes.",
            usage=Usage(seconds={"find": 0.012, "check": 1.5, "total": 1.6}, tokens_in=1200),
            prompt="answer@1/abc",
        )


def test_what_was_searched_for_can_be_changed_and_the_answer_is_made_again(
    page: Page, bot: FakeBot
) -> None:
    bot.script = follow_up
    turn = ask(page, "And Bo?")
    turn.get_by_role("button", name="Searched for: What did Bo feel?").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("boxes of Ann")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip:has-text('boxes of Ann')")
    turn = redone(page, 1)
    assert questions(page) == ["And Bo?"]
    assert bot.search_queries == ["boxes of Ann"]
    assert bot.asked[-1] == ("And Bo?", ())


def test_cited_and_also_read_stand_apart_and_what_it_took_can_be_unfolded(
    page: Page, bot: FakeBot
) -> None:
    bot.add_text("Nobody asks about this.", title="Ignored")
    reload(page)
    page.wait_for_selector(".sentence")
    bot.script = follow_up
    turn = ask(page, "And Bo?")
    assert turn.locator(".sources li").all_inner_texts() == ["1 2 Boxes"]
    assert turn.locator(".notice").inner_text() == "The model was slow. So this answer quotes."
    assert turn.locator(".byline").inner_text() == "Written by some-model"
    assert not turn.locator(".passages").first.is_visible()

    turn.get_by_role("button", name="Also read: 2 passages").click()
    passages = turn.locator(".also-read .passages button")
    assert passages.all_inner_texts() == ["Line 0 is of no use.", "Line 1 is of no use."]
    assert "Nothing was read from: Ignored" in turn.locator(".also-read").inner_text()
    passages.first.click()
    page.wait_for_selector(".sentence.flash:has-text('Line 0')")

    turn.get_by_role("button", name="Took 1.6 s").click()
    took = turn.locator(".took dl").inner_text().split("\n")
    assert took[:4] == ["Searching and judging", "0.012 s", "Checking each statement", "1.5 s"]
    assert "1,200 sent, unknown received" in took
    assert "answer@1/abc" in took


def refusing(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    yield answer(
        bot,
        question,
        "It does not say.",
        refused=True,
        retrieved=(bot.passage(0),),
        suggestions=bot.suggestions(),
    )


def test_a_refusal_looks_different_and_offers_what_can_be_asked(page: Page, bot: FakeBot) -> None:
    bot.add_text("Japan sent 101 trucks to Ukraine.", title="Trucks")
    bot.script = refusing
    turn = ask(page, "Who is Dee?")
    assert turn.locator(".byline").inner_text() == "Not in the documents"
    assert turn.locator(".sources, .summary").all_inner_texts() == ["", ""]
    bot.script = quote
    turn.get_by_role("button", name="How many trucks did Japan send?").click()
    redone(page, 2)
    assert bot.asked[-1][0] == "How many trucks did Japan send?"


def test_an_answer_is_copied_with_its_sources_as_footnotes(page: Page, bot: FakeBot) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bot.script = twice
    turn = ask(page, "Who was glad?")
    turn.get_by_role("button", name="Copy with sources").click()
    page.wait_for_selector(".actions-said:has-text('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") == (
        "Ann sent twelve boxes. [1] Bo was **very** glad. [2] (supported only in part) "
        "Cy wept. (not supported by the documents)\n\n"
        "[1] “Ann sent 12 boxes to Bo.” (Boxes)\n[2] “Bo was glad about the boxes.” (Boxes)"
    )
    turn.get_by_role("button", name="Copy as Markdown").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('[^2]:'))")
    page.context.clear_permissions()


def test_paper_shows_the_conversation_with_its_sources_and_nothing_else(
    page: Page, bot: FakeBot
) -> None:
    bot.script = twice
    turn = ask(page, "Who was glad?")
    page.emulate_media(media="print")
    assert turn.locator(".printed-sources li").all_inner_texts() == [
        "“Ann sent 12 boxes to Bo.” Boxes",
        "“Bo was glad about the boxes.” Boxes",
    ]
    for name in (".composer", ".source", ".page-header", ".actions", ".toggles"):
        assert not page.locator(name).first.is_visible(), name
    assert page.evaluate("getComputedStyle(document.body).overflow") == "visible"
    page.emulate_media(media="screen")


def wrong(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    text, made = claims(
        ("Ann sent twenty boxes.", Verdict.CONTRADICTED, (1,)),
        ("Ann sent thirty boxes.", Verdict.UNSUPPORTED, (1,)),
        ("Cy wept.", Verdict.UNSUPPORTED, ()),
    )
    yield answer(bot, question, text, claims=made, citations=(bot.citation(1),), mode="some-model")


def test_what_a_source_says_stands_below_a_wrong_statement(page: Page, bot: FakeBot) -> None:
    ask(page, "Who?")
    assert not page.locator(".corrections").is_visible()
    bot.script = wrong
    turn = ask(page, "How many?")
    [said] = turn.locator(".corrections li").all()
    assert said.inner_text() == "The source says: Ann sent 12 boxes to Bo. 1"
    assert turn.get_by_role("button", name="Contradicted: the document says otherwise").count() == 1
    assert violations(page) == []
    said.locator(".marker").click()
    page.wait_for_selector(".sentence.flash:has-text('Ann sent 12 boxes to Bo.')")
