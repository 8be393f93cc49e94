"""Streams as they come, stops that close the connection, answers at the same time."""

from __future__ import annotations

import threading
import time

import pytest
from fake_llm import FakeLLM, refused_url, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import Reply, hangs, says, stalls, status
from llm_helpers import KEY, QUESTION, Make, make_model  # noqa: F401 - a fixture

from chatbot.errors import LLMError, LLMIncomplete
from chatbot.models.cancel import Cancel


def test_the_first_delta_arrives_before_the_server_has_sent_its_last(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    gate = threading.Event()
    fake_llm.queue(says(["Japan ", "sent 101."], gate=gate))
    generation = make().stream(QUESTION)
    assert next(generation) == "Japan "
    assert not fake_llm.requests[0].done.is_set()
    gate.set()
    assert "".join(generation) == "sent 101."
    assert fake_llm.requests[0].done.wait(30)


@pytest.mark.parametrize("reply", [stalls(), hangs(), says(["word "] * 500, delay=0.1)])
def test_a_cancel_from_another_thread_closes_the_connection_at_once(
    reply: Reply,
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.queue(reply)
    cancel = Cancel()
    generation = make().stream(QUESTION, cancel=cancel)
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(LLMIncomplete, match="stopped"):
        "".join(generation)
    assert time.monotonic() - began < 20
    assert fake_llm.requests[0].closed.wait(30)
    timer.join()


def test_closing_the_iterator_closes_the_connection(
    make: Make,
    fake_llm: FakeLLM,
) -> None:
    fake_llm.queue(stalls("Japan"), stalls("Japan"))
    model = make()
    with model.stream(QUESTION) as generation:
        next(generation)
    assert fake_llm.requests[0].closed.wait(30)
    generation = model.stream(QUESTION)
    next(generation)
    del generation
    assert fake_llm.requests[1].closed.wait(30)


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
    fake_llm.default = status(429, retry_after=10)
    cancel = Cancel()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(LLMError):
        make().complete(QUESTION, cancel=cancel)
    assert time.monotonic() - began < 8
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
