"""What the page sends along with an event, made by hand for tests without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio import EventData, Request


def event(**data: object) -> EventData:
    from gradio import EventData

    return EventData(None, data)


def request(*, language: str = "en", owner: str = "ann") -> Request:
    """Return a request of a browser that prefers a language."""
    import gradio
    from starlette.requests import Request

    headers = [(b"accept-language", language.encode())]
    return gradio.Request(
        Request({"type": "http", "headers": headers, "chatbot.owner": owner, "query_string": b""})
    )
