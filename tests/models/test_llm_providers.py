"""Other providers, and connections that are closed with their model."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from langchain.chat_models import base
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk

from chatbot.models.llm import ChatModel
from chatbot.settings import Settings


class ChatOther(FakeListChatModel):
    """Another provider's model, with its own words."""

    responses: list[str] = ["Japan sent 101."]  # noqa: RUF012 - a pydantic field
    model: str
    key: str = ""
    reason: str = "end_turn"

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**{"key": options.pop("api_key", ""), **options})

    async def _astream(self, *_: object, **__: object) -> Any:  # noqa: ANN401
        for text in ("Japan ", "sent 101."):
            yield ChatGenerationChunk(message=AIMessageChunk(content=text))
        usage = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7}
        message = AIMessageChunk(content="", usage_metadata=usage)
        yield ChatGenerationChunk(message=message, generation_info={"stop_reason": self.reason})


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    package = ModuleType("langchain_deepseek")
    package.ChatDeepSeek = ChatOther  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "langchain_deepseek", package)
    yield
    # LangChain remembers which packages it has found.
    base._get_chat_model_creator.cache_clear()


@pytest.mark.usefixtures("other")
def test_another_providers_package_is_enough_for_another_provider() -> None:
    model = ChatModel(Settings(model="deepseek:x", temperature=0.5))
    assert model is not None
    generation = model.stream([("user", "How many?")])
    assert list(generation) == ["Japan ", "sent 101."]
    assert generation.known.finish_reason == "end_turn"
    assert generation.known.usage.tokens_in == 5
    assert model.langchain.invoke("How many?").text == "Japan sent 101."
    model.close()


@pytest.mark.usefixtures("other")
def test_a_key_for_openai_is_not_given_to_another_provider(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    model = ChatModel(Settings(model="deepseek:x"))
    assert model is not None
    assert model.langchain.key == ""  # type: ignore[attr-defined]
    model = ChatModel(Settings(model="deepseek:x", api_key="own"))
    assert model is not None
    assert model.langchain.key == "own"  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_dropped_model_closes_its_connections(fake_llm: FakeLLM) -> None:
    model = ChatModel(Settings(model="openai:m", base_url=fake_llm.base_url))
    assert model is not None
    assert model.complete([("user", "Hello")]).text
    client = model._client
    assert client is not None
    del model
    gc.collect()
    end = time.monotonic() + 30
    while not client.is_closed and time.monotonic() < end:
        time.sleep(0.01)
    assert client.is_closed


def test_a_proxy_of_the_environment_is_no_way_to_this_machine(
    fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    model = ChatModel(Settings(model="openai:m", base_url=fake_llm.base_url))
    assert model is not None
    assert model.complete([("user", "Hello")]).text
    assert model.langchain.invoke("Hello").text
    model.close()


def test_another_event_loop_can_use_the_langchain_model(fake_llm: FakeLLM) -> None:
    model = ChatModel(Settings(model="openai:m", base_url=fake_llm.base_url))
    assert model is not None
    for _ in range(2):
        answer = asyncio.run(model.langchain.ainvoke("Hello"))
        assert answer.text == "Japan sent 101 vehicles [1]."
    model.close()
