"""From a blocking iterator to batches in time: nothing lost, and a stop that does not wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest

from chatbot.bot.threads import batches
from chatbot.errors import InternalError
from chatbot.models.cancel import Cancel


async def test_events_are_gathered_and_none_is_lost() -> None:
    cancel = Cancel()
    gathered = [one async for one in batches(lambda: iter(range(100)), cancel=cancel, interval=0.5)]
    assert [number for batch in gathered for number in batch] == list(range(100))
    assert len(gathered) < 50


async def test_the_last_words_before_a_pause_are_shown_during_it() -> None:
    resume = threading.Event()

    def pausing() -> Iterator[str]:
        yield "a"
        yield "b"
        resume.wait(10)
        yield "c"

    seen: list[str] = []
    async for batch in batches(pausing, cancel=Cancel(), interval=0.02):
        seen += batch
        if seen == ["a", "b"]:
            resume.set()
    assert seen == ["a", "b", "c"]


async def test_leaving_early_asks_the_iterator_to_stop() -> None:
    cancel = Cancel()

    def endless() -> Iterator[int]:
        while not cancel.is_set():
            yield 1

    stream = batches(endless, cancel=cancel)
    await anext(stream)
    await stream.aclose()
    assert cancel.is_set()


async def test_a_stop_does_not_wait_for_an_iterator_that_hangs() -> None:
    cancel = Cancel()
    released = threading.Event()

    def hanging() -> Iterator[int]:
        yield 1
        released.wait(30)

    began = time.monotonic()
    async for _ in batches(hanging, cancel=cancel):
        asyncio.get_running_loop().call_later(0.1, cancel.set)
    assert time.monotonic() - began < 5
    released.set()


async def test_an_unknown_error_of_the_iterator_becomes_a_safe_one() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("secret")

    with pytest.raises(InternalError) as caught:
        async for _ in batches(broken, cancel=Cancel()):
            pass
    assert "secret" not in str(caught.value)
