"""Chat models and bots whose server is the fake one.

They wait long, since the machine may be busy. A test of a server that is silent says ``**HASTY``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_llm import FakeLLM

from chatbot import Chatbot, Settings
from chatbot.models.llm import ChatModel, Message

QUESTION: list[Message] = [("system", "Answer."), ("user", "How many vehicles?")]
KEY = "sk-planted-0123456789abcdef"

HASTY = {
    "llm_connect_timeout": 0.5,
    "llm_first_token_timeout": 0.5,
    "llm_read_timeout": 0.5,
}

Make = Callable[..., ChatModel]


@pytest.fixture(name="make")
def make_model(fake_llm: FakeLLM) -> Iterator[Make]:
    with contextlib.ExitStack() as stack:

        def make(**changes: object) -> ChatModel:
            options: dict[str, Any] = {
                "model": "openai:m",
                "api_key": KEY,
                "base_url": fake_llm.base_url,
            } | changes
            model = ChatModel(Settings(**options))
            stack.callback(model.close)
            return model

        yield make


@pytest.fixture(name="make_bot")
def make_bot_with_model(tmp_path: Path, fake_llm: FakeLLM) -> Iterator[Callable[..., Chatbot]]:
    """Return a maker of bots whose model is the fake one."""
    bots: list[Chatbot] = []

    def make(**changes: object) -> Chatbot:
        values: dict[str, object] = {
            "data_dir": tmp_path / "data",
            "model": "openai:test",
            "base_url": fake_llm.base_url,
        }
        bots.append(Chatbot.from_settings(Settings(**(values | changes))))
        return bots[-1]

    yield make
    for bot in bots:
        bot.close()
