"""Keys, redirects and tracing: nothing goes to anybody else; what cannot work is told."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from fake_llm import FakeLLM, refused_url, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import status
from llm_helpers import KEY, QUESTION, Make, make_model  # noqa: F401 - a fixture

from chatbot.errors import LLMError, SettingsError
from chatbot.models.llm import ChatModel
from chatbot.settings import Settings


def test_a_redirect_to_another_server_is_not_followed(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    other = FakeLLM()
    try:
        reply = status(307)
        reply.headers["location"] = f"{other.base_url}/chat/completions"
        fake_llm.default = reply
        with pytest.raises(LLMError, match="307"):
            make().complete(QUESTION)
        with pytest.raises(Exception, match="307"):
            make().langchain.invoke("Hello")
        assert other.calls == 0
    finally:
        other.close()


@pytest.mark.parametrize("code", [400, 401, 404, 500])
def test_the_key_is_never_shown(
    code: int,
    make: Make,
    fake_llm: FakeLLM,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    key = "planted-xyz"
    fake_llm.default = status(code, message=f"Your key {key} and sk-other12345678 failed")
    model = make(api_key=key)
    with pytest.raises(LLMError) as caught:
        model.complete(QUESTION)
    shown = [str(caught.value), repr(caught.value), repr(model), repr(model.langchain), caplog.text]
    assert not any(key in text or "sk-other" in text for text in shown)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "gpt-5-mini"}, "provider:name"),
        ({"model": "deepseek:x"}, "pip install langchain-deepseek"),
        ({"model": "nobody:x"}, "no provider is called 'nobody'"),
        ({"model": "openai:x", "api_key": None, "base_url": None}, "OPENAI_API_KEY"),
        ({"model": "openai:x", "base_url": "localhost:1234"}, "whole address"),
        ({"model": "openai:x", "api_key": "sk-ünusual"}, "Copy it again"),
    ],
)
def test_a_model_that_cannot_work_is_told_in_one_sentence(
    options: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsError, match=message) as caught:
        ChatModel(Settings(**options))
    assert "\n" not in str(caught.value)


def test_langchain_gets_the_same_model(make: Make, fake_llm: FakeLLM) -> None:
    langchain = make().langchain
    assert langchain.invoke("Hello").text == "Japan sent 101 vehicles [1]."
    assert fake_llm.requests[0].body["max_tokens"] == 1000


@pytest.mark.slow
def test_tracing_that_the_shell_turns_on_stays_off(fake_llm: FakeLLM) -> None:
    """In a fresh process: LangSmith reads its variables once."""
    other = FakeLLM()
    code = """
from chatbot.models.llm import ChatModel
from chatbot.settings import Settings
import langsmith.utils
langsmith.utils.tracing_is_enabled()
model = ChatModel(Settings())
print(model.complete([("user", "Hello")]).text, langsmith.utils.tracing_is_enabled())
model.langchain.invoke("Hello")
model.close()
"""
    address = other.base_url.removesuffix("/v1")
    environment = os.environ | {
        "CHATBOT_MODEL": "openai:m",
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_API_KEY": KEY,
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_API_KEY": "lsv2_key",
        "LANGSMITH_ENDPOINT": address,
        "LANGSMITH_GATEWAY": address,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "Japan sent 101 vehicles [1]. False\n"
        assert fake_llm.calls == 2
        assert other.calls == 0
    finally:
        other.close()
