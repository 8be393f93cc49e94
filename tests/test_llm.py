from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fake_llm import (
    FakeLLM,
    Reply,
    cut,
    error_event,
    gibberish,
    hangs,
    html,
    no_choices,
    null_content,
    refused_url,
    says,
    stalls,
    start_fake_llm,  # noqa: F401 - a fixture
    status,
)

from chatbot.errors import (
    LLMAuthError,
    LLMBadResponse,
    LLMError,
    LLMIncomplete,
    LLMQuotaError,
    LLMRateLimited,
    LLMTimeout,
    LLMUnavailable,
    SettingsError,
)
from chatbot.models.cancel import Cancel, Deadline
from chatbot.models.llm import ChatModel, Message, load_chat_model
from chatbot.settings import Settings

QUESTION: list[Message] = [("system", "Answer."), ("user", "How many vehicles?")]
KEY = "sk-planted-0123456789abcdef"

Make = Callable[..., ChatModel]


@pytest.fixture
def make(fake_llm: FakeLLM) -> Iterator[Make]:
    with contextlib.ExitStack() as stack:

        def make(**changes: object) -> ChatModel:
            options: dict[str, Any] = {
                "model": "openai:m",
                "api_key": KEY,
                "base_url": fake_llm.base_url,
                "llm_connect_timeout": 0.5,
                "llm_read_timeout": 0.5,
                "llm_deadline": 5.0,
            } | changes
            model = load_chat_model(Settings(**options))
            assert model is not None
            stack.callback(model.close)
            return model

        yield make


def test_no_model_is_made_of_a_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHATBOT_MODEL", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert load_chat_model(Settings()) is None


def test_the_text_arrives_with_its_usage(make: Make, fake_llm: FakeLLM) -> None:
    fake_llm.queue(says("Japan sent 101 vehicles [1]."))
    generation = make().stream(QUESTION)
    assert fake_llm.calls == 0
    assert "".join(generation) == "Japan sent 101 vehicles [1]."
    assert generation.complete
    assert generation.finish_reason == "stop"
    assert (generation.usage.tokens_in, generation.usage.tokens_out) == (11, 7)
    (request,) = fake_llm.requests
    assert request.messages == QUESTION
    assert request.body["stream"] is True
    assert request.body["stream_options"] == {"include_usage": True}
    assert request.body["max_tokens"] == 1000
    assert "temperature" not in request.body
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_complete_returns_the_whole_answer(make: Make, fake_llm: FakeLLM) -> None:
    fake_llm.queue(says("A query", usage=False))
    completion = make(temperature=0.5).complete(QUESTION)
    assert completion.text == "A query"
    assert completion.usage.tokens_in is None
    assert fake_llm.requests[0].body["temperature"] == 0.5


def test_a_local_server_needs_no_key(
    make: Make,
    fake_llm: FakeLLM,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert make(api_key=None).complete(QUESTION).text.startswith("Japan")
    assert fake_llm.requests[0].headers["authorization"] == "Bearer no-key"


FAILURES = {
    "401": (status(401, error="invalid_api_key"), LLMAuthError, 1),
    "403": (status(403), LLMAuthError, 1),
    "402": (status(402), LLMQuotaError, 1),
    "429 short": (status(429, retry_after=0.1), LLMRateLimited, 2),
    "429 long": (status(429, retry_after=3600), LLMRateLimited, 1),
    "429 silent": (status(429), LLMRateLimited, 2),
    "429 quota": (status(429, error="insufficient_quota", retry_after=0.1), LLMQuotaError, 1),
    "500": (status(500), LLMUnavailable, 2),
    "503": (status(503, retry_after=0.1), LLMUnavailable, 2),
    "400": (status(400, message="no such parameter"), LLMError, 1),
    "404": (status(404, message="no such model"), LLMError, 1),
    "hang": (hangs(), LLMTimeout, 1),
    "html": (html(), LLMBadResponse, 1),
    "no choices": (no_choices(), LLMBadResponse, 1),
    "null content": (null_content(), LLMBadResponse, 1),
    "empty": (says("  \n "), LLMBadResponse, 1),
    "gibberish": (gibberish(), LLMBadResponse, 1),
    "cut": (cut(), LLMIncomplete, 1),
    "stall": (stalls(), LLMTimeout, 1),
    "error event": (error_event(), LLMUnavailable, 1),
    "error event first": (error_event(""), LLMUnavailable, 2),
    "error event quota": (error_event("", code="insufficient_quota"), LLMQuotaError, 1),
    "error event 429": (error_event("", code=429), LLMRateLimited, 2),
    "no finish_reason": (says("Japan sent", finish_reason=None), LLMIncomplete, 1),
    "length": (says("Japan sent", finish_reason="length"), LLMIncomplete, 1),
    "length before text": (says("", finish_reason="length"), LLMIncomplete, 1),
    "content_filter": (says("Japan sent", finish_reason="content_filter"), LLMIncomplete, 1),
    "tool call": (says("Japan sent", finish_reason="tool_calls"), LLMIncomplete, 1),
}


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_is_a_typed_error_in_time(
    name: str,
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    reply, error_type, calls = FAILURES[name]
    fake_llm.default = reply
    began = time.monotonic()
    generation = make().stream(QUESTION)
    with pytest.raises(LLMError) as caught:
        "".join(generation)
    assert type(caught.value) is error_type
    assert fake_llm.calls == calls
    assert time.monotonic() - began < 4
    assert not generation.complete
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 320


def test_a_server_that_is_not_there_is_unavailable(make: Make) -> None:
    with pytest.raises(
        LLMUnavailable, match=r"http://127\.0\.0\.1:\d+ cannot be reached: connection refused\."
    ):
        make(base_url=refused_url()).complete(QUESTION)


@pytest.mark.parametrize("failing", [status(500), status(429, retry_after=0.05), error_event("")])
def test_the_second_try_may_succeed(
    failing: Reply,
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.queue(failing, says("Fine."))
    assert make().complete(QUESTION).text == "Fine."


def test_a_retry_that_would_miss_the_deadline_is_not_made(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.default = status(429, retry_after=8)
    with pytest.raises(LLMRateLimited, match="8 s"):
        make(llm_deadline=2.0).complete(QUESTION)
    assert fake_llm.calls == 1


def test_what_came_before_a_failure_was_delivered(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.queue(stalls("Japan sent 101"))
    seen: list[str] = []
    generation = make().stream(QUESTION)
    with pytest.raises(LLMTimeout, match="in the middle"):
        seen.extend(generation)
    assert "".join(seen) == "Japan sent 101"


def test_the_deadline_ends_a_stream_that_trickles_for_ever(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.default = says(["word "] * 200, delay=0.05)
    began = time.monotonic()
    with pytest.raises(LLMTimeout, match="time allowed"):
        make(llm_deadline=1.0).complete(QUESTION)
    assert time.monotonic() - began < 2
    assert fake_llm.requests[0].closed.wait(1.0)


def test_the_calls_of_one_answer_share_a_deadline(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    model, deadline = make(llm_read_timeout=5), Deadline(1.5)
    fake_llm.queue(says(["a ", "b"], delay=0.2), says(["a ", "b"], delay=3.0))
    assert model.complete(QUESTION, deadline=deadline).text == "a b"
    with pytest.raises(LLMTimeout, match="time allowed"):
        model.complete(QUESTION, deadline=deadline)


def test_a_server_that_ignores_the_token_limit_is_cut_off(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.default = says(["word and word "] * 40, delay=0.001)
    with pytest.raises(LLMIncomplete, match="length limit"):
        make(max_answer_tokens=16).complete(QUESTION)


def test_the_first_delta_arrives_before_the_server_has_sent_its_last(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    gate = threading.Event()
    fake_llm.queue(says(["Japan ", "sent 101."], gate=gate))
    generation = make(llm_read_timeout=5).stream(QUESTION)
    assert next(generation) == "Japan "
    assert not fake_llm.requests[0].done.is_set()
    gate.set()
    assert "".join(generation) == "sent 101."
    assert fake_llm.requests[0].done.wait(1)


@pytest.mark.parametrize("reply", [stalls(), hangs(), says(["word "] * 500, delay=0.02)])
def test_a_cancel_from_another_thread_closes_the_connection_at_once(
    reply: Reply,
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.queue(reply)
    cancel = Cancel()
    generation = make(llm_read_timeout=20, llm_deadline=30).stream(QUESTION, cancel=cancel)
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(LLMIncomplete, match="stopped"):
        "".join(generation)
    assert time.monotonic() - began < 1
    assert fake_llm.requests[0].closed.wait(1)
    timer.join()


def test_closing_the_iterator_closes_the_connection(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.queue(stalls("Japan"), stalls("Japan"))
    model = make(llm_read_timeout=20, llm_deadline=30)
    with model.stream(QUESTION) as generation:
        next(generation)
    assert fake_llm.requests[0].closed.wait(1)
    generation = model.stream(QUESTION)
    next(generation)
    del generation
    assert fake_llm.requests[1].closed.wait(1)


def test_a_cancel_before_the_start_sends_nothing(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(LLMIncomplete, match="stopped"):
        make().complete(QUESTION, cancel=cancel)
    assert fake_llm.calls == 0


def test_a_cancel_ends_the_wait_before_a_retry(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.default = status(429, retry_after=4)
    cancel = Cancel()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(LLMError):
        make().complete(QUESTION, cancel=cancel)
    assert time.monotonic() - began < 1
    assert fake_llm.calls == 1
    timer.join()


def test_answers_at_the_same_time_do_not_mix(make: Make, fake_llm: FakeLLM) -> None:
    fake_llm.default = lambda request: says(words(request.messages[-1][1]), delay=0.002)
    model = make()
    texts: dict[str, str] = {}

    def ask(word: str) -> None:
        texts[word] = "".join(model.stream([("user", word)]))

    def words(word: str) -> list[str]:
        return [f"{word} {n}, " for n in range(20)]

    threads = [threading.Thread(target=ask, args=(f"answer{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {word: "".join(words(word)) for word in (f"answer{n}" for n in range(6))}


def test_a_failing_server_is_left_alone_for_a_while(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.default = html()
    model = make()
    for _ in range(5):
        with pytest.raises(LLMBadResponse):
            model.complete(QUESTION)
    assert fake_llm.calls == 5
    with pytest.raises(LLMUnavailable, match="asked again in"):
        model.complete(QUESTION)
    assert fake_llm.calls == 5


def test_a_wrong_key_does_not_open_the_breaker(make: Make, fake_llm: FakeLLM) -> None:
    fake_llm.default = status(401)
    model = make()
    for _ in range(7):
        with pytest.raises(LLMAuthError):
            model.complete(QUESTION)


def test_thinking_aloud_is_no_answer(make: Make, fake_llm: FakeLLM) -> None:
    fake_llm.queue(says("<think>101? Let me see.</think>\n\n101 vehicles [1]."))
    assert make().complete(QUESTION).text == "101 vehicles [1]."


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
        ({"model": "openai:x", "api_key": "sk-ünusual"}, "copy it again"),
    ],
)
def test_a_model_that_cannot_work_is_told_in_one_sentence(
    options: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsError, match=message) as caught:
        load_chat_model(Settings(**options))
    assert "\n" not in str(caught.value)


def test_langchain_gets_the_same_model(make: Make, fake_llm: FakeLLM) -> None:
    langchain = make().langchain
    assert langchain.invoke("Hello").text == "Japan sent 101 vehicles [1]."
    assert fake_llm.requests[0].body["max_tokens"] == 1000


def test_tracing_that_the_shell_turns_on_stays_off(fake_llm: FakeLLM) -> None:
    """In a fresh process: LangSmith reads its variables once."""
    other = FakeLLM()
    code = """
from chatbot.models.llm import load_chat_model
from chatbot.settings import Settings
import langsmith.utils
langsmith.utils.tracing_is_enabled()
model = load_chat_model(Settings())
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
