"""Handlers as calls: what the page's scripts call as functions, and get an answer from.

An event of Gradio changes a component's value, where an answer that comes fast on the heels of
another may never be seen; a call is answered by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import gradio as gr

from chatbot.errors import ChatbotError, known_errors
from chatbot.ui.places import View

Handler = Callable[[gr.EventData, gr.Request], View]
Handlers = TypeVar("Handlers")


def answered(
    handler: Callable[[Handlers, gr.EventData, gr.Request], View],
) -> Callable[[Handlers, gr.EventData, gr.Request], View]:
    """Let a handler return as ``error`` why something cannot be done."""

    @wraps(handler)
    def answering(self: Handlers, event: gr.EventData, request: gr.Request) -> View:
        try:
            with known_errors():
                return handler(self, event, request)
        except ChatbotError as error:
            return {"error": str(error)}

    return answering


def call(handler: Handler) -> Callable[..., View]:
    """Return a handler of events as a function that a component can offer to its script."""

    # Gradio finds the request by its annotation, and marks the function, which a method forbids.
    def called(data: Any, request: gr.Request) -> View:  # noqa: ANN401 - any JSON value
        return handler(gr.EventData(None, data if isinstance(data, dict) else {}), request)

    called.__name__ = getattr(handler, "__name__", "")
    return called
