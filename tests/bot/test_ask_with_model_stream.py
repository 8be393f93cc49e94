"""The stream of a model: the first text at once, stops, and markers that are never half seen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from fake_llm import FakeLLM, refused_url, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import says, stalls
from llm_helpers import make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Answer, Chatbot
from chatbot.models.cancel import Cancel
from chatbot.types import MarkerResolved, ReadingPrompt, TextDelta

QUESTION = "How many vehicles did Japan send to Ukraine?"


def test_the_first_text_comes_before_the_server_has_ended(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    gate = threading.Event()
    fake_llm.queue(says(["Japan sent ", "101 trucks [1]."], gate=gate))
    events = make_bot().stream(QUESTION)
    reading, first = next(events), next(events)
    assert isinstance(reading, ReadingPrompt)
    assert 200 < reading.tokens < 2000
    assert isinstance(first, TextDelta)
    assert first.text.startswith("Japan sent")
    gate.set()
    *_, answer = events
    assert isinstance(answer, Answer)
    assert answer.mode == "openai:test"


@pytest.mark.parametrize("how", ["close", "cancel"])
def test_a_stop_closes_the_connection(
    how: str, make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(stalls("Japan sent 101 trucks", seconds=20))
    cancel = Cancel()
    events = make_bot().stream(QUESTION, cancel=cancel)
    assert isinstance(next(events), ReadingPrompt)
    assert isinstance(next(events), TextDelta)
    if how == "close":
        events.close()  # type: ignore[attr-defined]
    else:
        cancel.set()
        assert not any(isinstance(event, Answer) for event in events)
    assert fake_llm.requests[0].closed.wait(30)


async def test_leaving_an_async_stream_closes_the_connection(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(stalls("Japan sent 101 trucks", seconds=20))
    bot = make_bot()

    async def read() -> None:
        async for _ in bot.astream(QUESTION):
            pass

    task = asyncio.create_task(read())
    while not fake_llm.requests:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(fake_llm.requests[0].closed.wait, 30)


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_the_answer_is_the_same_however_the_stream_is_cut(
    size: int, make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    whole = (
        "- Japan sent 101 trucks and other SDF vehicles to Ukraine [1, 2].\n"
        "- It did so between May 2023 and March 2024. [2]\n\nUmerov is a minister [99]."
    )
    bot = make_bot()
    fake_llm.queue(says([whole]), says([whole[i : i + size] for i in range(0, len(whole), size)]))
    one, other = bot.ask(QUESTION), bot.ask(QUESTION)
    assert (one.text, one.claims, one.citations) == (other.text, other.claims, other.citations)


def test_nobody_ever_sees_half_a_marker(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says(list("Japan sent 101 trucks to Ukraine [1][2].")))
    events = list(make_bot().stream(QUESTION))
    for event in events:
        if isinstance(event, TextDelta):
            assert event.text.count("[") == event.text.count("]")
    assert sum(isinstance(event, MarkerResolved) for event in events) == 2
