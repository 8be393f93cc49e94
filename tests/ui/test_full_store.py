"""Much in the store. Loose limits: how fast it is, the benchmarks measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ui_fakes import answer, claims
from ui_moves import ask
from ui_watched import reload

from benchmarks.page_speed import click_to_highlight, person_in
from chatbot.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui_chromium import Opener
    from ui_fakes import FakeBot

    from chatbot.types import AnswerEvent

pytest_plugins = ["ui_chromium"]
pytestmark = pytest.mark.browser

SENTENCES = 5000
CONVERSATIONS = 200


def deep(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    citation = bot.citation(1, document=1, sentence=SENTENCES - 200)
    text, made = claims((citation.text, Verdict.QUOTED, (1,)))
    yield answer(bot, question, text, claims=made, citations=(citation,))


def test_a_full_store_leaves_the_page_responsive(open_page: Opener, bot: FakeBot) -> None:
    bot.script = deep
    bot.add_text(
        "\n".join(f"Line {number} of a book." for number in range(SENTENCES)), title="Book"
    )
    page = open_page(viewport={"width": 1440, "height": 900})
    kept = bot.for_owner(person_in(page.context)).conversations
    made = answer(bot, "Why?", "Because.")
    for number in range(CONVERSATIONS):
        begun = kept.start(f"Conversation {number}")
        kept.append(begun.id, question="Why?", answer=made)
    reload(page)
    page.wait_for_selector(".conversations .row-open")
    assert page.locator(".conversations .row-open").count() == CONVERSATIONS
    ask(page, "Where?")
    page.wait_for_selector(".sentence.cited", state="attached")
    assert bot.documents()[1].sentence_count == SENTENCES
    assert max(click_to_highlight(page, clicks=3)) < 10_000
