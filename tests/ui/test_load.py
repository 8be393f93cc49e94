"""Many at once. Loose limits: how fast it is, the benchmarks measure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fake_llm import FakeLLM
from fake_replies import Reply, says
from ui_live import served

from benchmarks.page_load import p95
from benchmarks.page_users import users
from chatbot import Chatbot, Settings

USERS = 20
THINKS = 2.0
"""Seconds the model takes before its first word."""


@pytest.mark.slow
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
    assert p95(found) < 0.75 * USERS * THINKS  # one after the other they would take all of it
    assert min(one.first for one in found) >= THINKS
    assert len(kept) == USERS + 1
