"""A document of 5,000 sentences in a real Chromium: a marker leads to its sentence at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from ui_fakes import answer, claims
from ui_moves import ask, settled_inside

from chatbot.types import AnswerEvent, Verdict

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from ui_fakes import FakeBot

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

SENTENCES = 5000
FAR = (40, 2500, 4990)
MOST = 2000
"""Milliseconds; ten times what is aimed at, since the machine that tests may be busy."""

CLICKS = """async ([markers, frame]) => {
    const times = [];
    for (const marker of document.querySelectorAll(markers)) {
        document.querySelectorAll(".flash").forEach((one) => one.classList.remove("flash"));
        const began = performance.now();
        marker.click();
        for (;;) {
            const lit = document.querySelector(".sentence.flash");
            const around = document.querySelector(frame).getBoundingClientRect();
            const place = lit && lit.getBoundingClientRect();
            if (place && place.height && place.top >= around.top && place.bottom <= around.bottom)
                break;
            await new Promise(requestAnimationFrame);
        }
        times.push(performance.now() - began);
    }
    return times;
}"""


def far_apart(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    cited = tuple(
        bot.citation(number, document=1, sentence=sentence)
        for number, sentence in enumerate(FAR, start=1)
    )
    text, made = claims(*((one.text, Verdict.QUOTED, (one.marker,)) for one in cited))
    yield answer(bot, question, text, claims=made, citations=cited)


def test_a_marker_leads_into_a_book_at_once(page: Page, bot: FakeBot) -> None:
    lines = [f"Sentence {number} {'goes on ' * (number % 40)}." for number in range(SENTENCES)]
    bot.add_text("\n".join(lines), title="Book")
    bot.script = far_apart
    ask(page, "Where?")
    page.wait_for_selector(f".sentence[data-sentence='{FAR[0]}'].cited")
    times = page.evaluate(CLICKS, [".answer-body .marker", ".source-text"])
    print("milliseconds from click to highlight:", [round(one) for one in times])  # noqa: T201
    assert max(times) < MOST
    assert settled_inside(page, ".sentence.flash", ".source-text")

    # All of it is there in the end, once each and in order.
    page.wait_for_function(
        "(count) => document.querySelectorAll('.sentence').length === count", arg=SENTENCES
    )
    numbers = "(nodes) => nodes.every((node, at) => Number(node.dataset.sentence) === at)"
    assert page.locator(".sentence").evaluate_all(numbers)
