"""Many at once, and much in the store. Loose limits: how fast it is, the benchmarks measure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fake_llm import FakeLLM
from fake_replies import Reply, says
from ui_fakes import answer, claims
from ui_live import served
from ui_moves import ask
from ui_watched import reload

from benchmarks.page_load import p95
from benchmarks.page_speed import click_to_highlight, person_in
from benchmarks.page_users import users
from chatbot import Chatbot, Settings
from chatbot.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui_chromium import Opener
    from ui_fakes import FakeBot

    from chatbot.types import AnswerEvent

pytest_plugins = ["ui_chromium"]

USERS = 20
THINKS = 0.5
"""Seconds the model takes before its first word."""
SENTENCES = 5000
CONVERSATIONS = 200


async def test_twenty_people_at_once_all_get_their_first_word_soon(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    words = re.findall(r"\S+\s*", "Japan sent 101 trucks to Ukraine [1].")
    told = says(words)
    fake_llm.default = Reply([THINKS, *told.streamed], told.plain)
    settings = Settings(
        data_dir=tmp_path / "data",
        model="openai:slow",
        base_url=fake_llm.base_url,
        api_key="key",
    )
    with Chatbot.from_settings(settings) as bot, served(bot, page=True) as url:
        await users(url, ["What is it?"], count=1, each=1, pause=0)  # the models are loaded
        found = await users(url, ["How many trucks?"], count=USERS, each=1, pause=0.5)
        kept = bot.conversations.list()
    assert [one.state for one in found] == ["done"] * USERS
    assert p95(found) < 10
    assert min(one.first for one in found) >= THINKS
    assert len(kept) == USERS + 1


def deep(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    citation = bot.citation(1, document=1, sentence=SENTENCES - 200)
    text, made = claims((citation.text, Verdict.QUOTED, (1,)))
    yield answer(bot, question, text, claims=made, citations=(citation,))


@pytest.mark.browser
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
    assert max(click_to_highlight(page, clicks=3)) < 2000
