"""Many at once. Loose limits: how fast it is, the benchmarks measure."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ui_fakes import FakeBot, quote
from ui_live import served

from benchmarks.page_load import p95
from benchmarks.page_users import users
from chatbot.types import AnswerEvent

USERS = 20
THINKS = 1.0
"""Seconds until the first word of an answer."""


def thinking(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    time.sleep(THINKS)
    yield from quote(bot, question)


@pytest.mark.slow
async def test_twenty_people_at_once_all_get_their_first_word_soon(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path, script=thinking)
    bot.add_text("Japan sent 101 trucks.", title="Trucks")
    with served(bot, page=True) as url:
        found = await users(url, ["How many trucks?"], count=USERS, each=1, pause=0.5)
        kept = bot.conversations.list()
    assert [one.state for one in found] == ["done"] * USERS
    assert p95(found) < 0.75 * USERS * THINKS  # one after the other they would take all of it
    assert min(one.first for one in found) >= THINKS
    assert len(kept) == USERS
