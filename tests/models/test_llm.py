from __future__ import annotations

import gc
import inspect
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_server import wait_for
from fake_llm import FakeLLM, refused_url, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import (
    Reply,
    cut,
    error_event,
    gibberish,
    hangs,
    html,
    no_choices,
    null_content,
    says,
    stalls,
    status,
)
from llm_helpers import HASTY, KEY, QUESTION, Make, make_model  # noqa: F401 - a fixture

from chatbot import Chatbot
from chatbot.errors import (
    LLMAuthError,
    LLMBadResponse,
    LLMError,
    LLMIncomplete,
    LLMQuotaError,
    LLMRateLimited,
    LLMTimeout,
    LLMUnavailable,
)
from chatbot.models.cancel import Deadline
from chatbot.settings import Settings


def test_no_model_is_made_of_a_key_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHATBOT_MODEL", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "data", corpus_dir=None)) as bot:
        assert bot.mode == "extractive"


def test_the_text_arrives_with_its_usage(make: Make, fake_llm: FakeLLM) -> None:
    fake_llm.queue(says("Japan sent 101 vehicles [1]."))
    generation = make().stream(QUESTION)
    assert fake_llm.calls == 0
    assert "".join(generation) == "Japan sent 101 vehicles [1]."
    assert generation.known.complete
    assert generation.known.finish_reason == "stop"
    assert (generation.known.usage.tokens_in, generation.known.usage.tokens_out) == (11, 7)
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


@pytest.fixture(scope="module")
def few_objects() -> Iterator[None]:
    """Puts aside what there is, so that looking through all objects takes no time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("few_objects")
@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_is_a_typed_error_in_time_and_holds_no_generator_that_reads_the_connection(
    name: str,
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    reply, error_type, calls = FAILURES[name]
    fake_llm.default = reply
    began = time.monotonic()
    hasty = HASTY if error_type is LLMTimeout else {}
    gc.collect()
    gc.disable()  # it would end them, and in this thread
    try:
        generation = make(**hasty).stream(QUESTION)
        with pytest.raises(LLMError) as caught:
            "".join(generation)
        wait_for(lambda: not reading_generators(), seconds=5)
    finally:
        gc.enable()
    assert type(caught.value) is error_type
    assert fake_llm.calls == calls
    assert time.monotonic() - began < 20
    assert not generation.known.complete
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 320


def reading_generators() -> list[object]:
    return [
        one
        for one in gc.get_objects()
        if inspect.isasyncgen(one) and one.ag_frame is not None and "Stream" in one.__qualname__
    ]


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
    generation = make(**HASTY).stream(QUESTION)
    with pytest.raises(LLMTimeout, match="in the middle"):
        seen.extend(generation)
    assert "".join(seen) == "Japan sent 101"


def test_the_deadline_ends_a_stream_that_trickles_for_ever(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.default = says(["word "] * 200, delay=0.2)
    began = time.monotonic()
    with pytest.raises(LLMTimeout, match="time allowed"):
        make(llm_deadline=1.0).complete(QUESTION)
    assert time.monotonic() - began < 20
    assert fake_llm.requests[0].closed.wait(30)


@pytest.mark.slow
def test_the_calls_of_one_answer_share_a_deadline(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    model, deadline = make(), Deadline(2.5)
    fake_llm.queue(says("a b"), says(["a ", "b"], delay=30))
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
