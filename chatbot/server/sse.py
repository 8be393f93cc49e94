"""Server-sent events: how they are written, and a response that ends with its client.

Knows no route and no answer. ``EventStream`` closes what makes the events as soon as the client
has gone, which is what stops a model call.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

PING_SECONDS = 15.0
"""A comment is sent so often while nothing happens, so that nobody in between hangs up."""
PING = b": ping\n\n"


def encode(data: Any, *, event: str | None = None) -> bytes:  # noqa: ANN401 - any JSON value
    """Return one event with JSON as its data."""
    name = "" if event is None else f"event: {event}\n"
    # ensure_ascii stays on: some line separators of Unicode end a line for some clients.
    return f"{name}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


class EventStream(StreamingResponse):
    """A response made of encoded events."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes]) -> None:
        """Take the events; they are closed when the response is over, however it ends."""
        self._events = _with_pings(events)
        super().__init__(
            self._events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events until they end or the client goes."""
        async with aclosing(self._events):
            await super().__call__(scope, receive, send)


async def _with_pings(events: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    # Made in a task of their own: a wait that is cut by the next ping must not cut their making.
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()
    making = asyncio.create_task(_make(events, queue))
    try:
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), PING_SECONDS)
            except TimeoutError:
                yield PING
                continue
            if event is None:
                break
            yield event
    finally:
        making.cancel()
    await making


async def _make(events: AsyncGenerator[bytes], queue: asyncio.Queue[bytes | None]) -> None:
    try:
        async with aclosing(events):
            async for event in events:
                queue.put_nowait(event)
    finally:
        queue.put_nowait(None)
