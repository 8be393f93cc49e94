"""An answer while it streams, in a real Chromium: nothing is built twice, nothing jumps, and a stop
reaches the model."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import says
from ui_fakes import answer, claims
from ui_live import served
from ui_moves import ask

from chatbot import Chatbot, Settings
from chatbot.types import (
    AnswerEvent,
    ClaimChecked,
    MarkerResolved,
    ReadingPrompt,
    TextDelta,
    Verdict,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from ui_chromium import Opener
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser


class Gates:
    """Lets an answer go on a step at a time."""

    def __init__(self) -> None:
        self.steps = [threading.Event() for _ in range(4)]

    def script(self, bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
        """Two sentences, each followed by its marker and its verdict; then many more words."""
        cited = (bot.citation(1), bot.citation(2, sentence=61))
        text, made = claims(
            ("Ann sent twelve boxes.", Verdict.SUPPORTED, (1,)),
            ("Bo was glad.", Verdict.PARTLY, (2,)),
        )
        more = "".join(f"\n\nParagraph {number} of the answer." for number in range(60))
        yield TextDelta(text="Ann sent twelve boxes.")
        self.steps[0].wait(60)
        yield TextDelta(text=" [1]")
        yield MarkerResolved(citation=cited[0])
        yield ClaimChecked(claim=made[0], citations=cited[:1])
        yield TextDelta(text=" Bo was glad. [2]")
        yield MarkerResolved(citation=cited[1])
        self.steps[1].wait(60)
        yield ClaimChecked(claim=made[1], citations=cited[1:])
        self.steps[2].wait(60)
        yield TextDelta(text=more)
        self.steps[3].wait(60)
        yield answer(bot, question, text + more, claims=made, citations=cited, mode="some-model")


def place(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"], box["y"]


def test_chips_and_verdicts_come_with_their_sentences_and_all_stays_where_it_is(
    page: Page, bot: FakeBot
) -> None:
    gates = Gates()
    bot.script = gates.script
    turn = ask(page, "Who?", state="streaming")
    body = turn.locator(".answer-body")
    page.wait_for_function("document.querySelector('.answer-body').innerText.includes('twelve')")
    first_words = page.evaluate_handle(
        "window.kept = { words: document.querySelector('.answer-body span') }"
    )
    assert first_words
    assert body.locator("button").count() == 0
    assert turn.locator(".byline").inner_text() == "Answering"
    byline = place(turn.locator(".byline"))

    gates.steps[0].set()
    body.locator(".marker-cited").nth(1).wait_for()
    assert body.locator(".verdict").count() == 1
    marker = body.locator(".marker-cited").first
    marker.focus()
    marker.hover()
    page.locator(".card").wait_for()
    page.evaluate("window.kept.marker = document.activeElement")
    before = place(marker)

    gates.steps[1].set()
    body.locator(".verdict").nth(1).wait_for()
    gates.steps[2].set()
    body.get_by_text("Paragraph 59 of the answer.").wait_for(state="attached")
    gates.steps[3].set()
    page.wait_for_selector(".turn[data-state=done]")

    assert page.evaluate("window.kept.words === document.querySelector('.answer-body span')")
    assert page.evaluate(
        "window.kept.marker === document.activeElement && document.activeElement.isConnected"
    )
    assert place(turn.locator(".byline"))[0] == byline[0]
    assert place(marker)[0] == before[0]


def test_only_who_reads_at_the_end_is_taken_along(page: Page, bot: FakeBot) -> None:
    bot.script = growing
    turn = ask(page, "Long?", state="streaming")
    transcript = page.locator(".transcript")
    page.wait_for_function(
        """() => {
            const node = document.querySelector(".transcript");
            return node.scrollHeight > node.clientHeight + 400
                && node.scrollHeight - node.scrollTop - node.clientHeight < 60;
        }"""
    )
    # The reader scrolls up a little, and stays there while the answer grows.
    transcript.evaluate("(node) => { node.scrollTop -= 200; }")
    top = transcript.evaluate("(node) => node.scrollTop")
    height = transcript.evaluate("(node) => node.scrollHeight")
    page.wait_for_function(
        "(height) => document.querySelector('.transcript').scrollHeight > height + 300", arg=height
    )
    assert transcript.evaluate("(node) => node.scrollTop") == top
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".turn[data-state=stopped]")
    assert transcript.evaluate("(node) => node.scrollTop") == top
    assert turn.get_attribute("aria-busy") == "false"


def growing(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    for number in range(400):
        if bot.cancels[-1].is_set():
            return
        yield TextDelta(text=f"Paragraph {number}.\n\n")
        time.sleep(0.05)


def test_what_is_selected_stays_selected_while_the_answer_grows(page: Page, bot: FakeBot) -> None:
    gates = Gates()
    bot.script = gates.script
    ask(page, "Who?", state="streaming")
    page.wait_for_function("document.querySelector('.answer-body').innerText.includes('twelve')")
    page.evaluate(
        """() => {
            const words = document.querySelector(".answer-body span").firstChild;
            getSelection().setBaseAndExtent(words, 4, words, 8);
        }"""
    )
    for step in gates.steps:
        step.set()
    page.wait_for_selector(".turn[data-state=done]")
    assert page.evaluate("getSelection().toString()") == "sent"


def test_stop_ends_the_call_to_the_model(
    open_page: Opener, fake_llm: FakeLLM, tmp_path: Path
) -> None:
    fake_llm.default = says("Japan sent trucks. " * 500, delay=0.05)
    settings = Settings(data_dir=tmp_path / "data", model="openai:test", base_url=fake_llm.base_url)
    with Chatbot.from_settings(settings) as bot, served(bot, page=True) as url:
        page = open_page(url)
        ask(page, "How many vehicles did Japan send to Ukraine?", state="streaming")
        assert not fake_llm.requests[-1].closed.is_set()
        page.get_by_role("button", name="Stop").click()
        page.wait_for_selector(".turn[data-state=stopped]")
        assert fake_llm.requests[-1].closed.wait(30)
        assert not fake_llm.requests[-1].done.is_set()
        page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_while_a_model_reads_the_page_says_how_much_and_for_how_long(
    width: int, page: Page, bot: FakeBot
) -> None:
    gate = threading.Event()

    def slow(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
        yield ReadingPrompt(tokens=1013)
        gate.wait(60)
        text, made = claims(("Ann sent twelve boxes.", Verdict.SUPPORTED, ()))
        yield answer(bot, question, text, claims=made, mode="some-model")

    bot.script = slow
    page.set_viewport_size({"width": width, "height": 800})
    byline = ask(page, "Who?", state="waiting").locator(".byline")
    page.wait_for_function(
        "document.querySelector('.byline').textContent === 'The model reads 1,013 tokens'"
    )
    page.wait_for_function("/^[1-9]\\d* s$/.test(document.querySelector('.byline').dataset.waited)")
    shown = byline.evaluate("node => getComputedStyle(node, '::after').content")
    assert "waited" in shown or " s" in shown
    gate.set()
    page.wait_for_function("document.querySelector('.byline').textContent.includes('some-model')")
    page.wait_for_function("document.querySelector('.byline').dataset.waited === undefined")
