"""Server-sent events: how they are written, and a response that ends with its client.

``EventStream`` closes what makes the events as soon as the client has gone, which is what stops a
model call.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Self

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from chatbot.errors import ChatbotError
from chatbot.server.problems import content_of, in_openai_shape

PING_SECONDS = 15.0
"""A comment is sent so often while nothing happens, so that nobody in between hangs up."""
PING = b": ping\n\n"


def encode(data: Any, *, event: str | None = None) -> bytes:  # noqa: ANN401 - any JSON value
    """Return one event with JSON as its data."""
    name = "" if event is None else f"event: {event}\n"
    # ensure_ascii stays on: some line separators of Unicode end a line for some clients.
    return f"{name}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


class EventStream(StreamingResponse):
    """A response made of encoded events; an error on the way is told as one of them.

    The events are closed when the response is over, however it ends.
    """

    media_type = "text/event-stream"

    def __init__(
        self, events: AsyncGenerator[bytes], scope: Scope, *, first: bytes = b"", last: bytes = b""
    ) -> None:
        self._events = _with_pings(events, scope, first, last)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(self._events, headers=headers)

    @classmethod
    async def begun(cls, events: AsyncGenerator[bytes], scope: Scope, *, last: bytes = b"") -> Self:
        """Return a response whose first event is there: what fails at once is raised here."""
        return cls(events, scope, first=await anext(events), last=last)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events until they end or the client goes."""
        async with aclosing(self._events):
            await super().__call__(scope, receive, send)


async def _with_pings(
    events: AsyncGenerator[bytes], scope: Scope, first: bytes, last: bytes
) -> AsyncGenerator[bytes]:
    # Made in a task of their own: a wait that is cut by the next ping must not cut their making.
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()
    making = asyncio.create_task(_make(events, queue, scope))
    event: bytes | None = first
    try:
        while event is not None:
            if event:
                yield event
            try:
                event = await asyncio.wait_for(queue.get(), PING_SECONDS)
            except TimeoutError:
                event = PING
    finally:
        making.cancel()
    await making
    if last:
        yield last


async def _make(
    events: AsyncGenerator[bytes], queue: asyncio.Queue[bytes | None], scope: Scope
) -> None:
    try:
        async with aclosing(events):
            async for event in events:
                queue.put_nowait(event)
    except ChatbotError as error:
        name = None if in_openai_shape(scope) else "error"
        queue.put_nowait(encode(content_of(error, scope), event=name))
    finally:
        queue.put_nowait(None)
