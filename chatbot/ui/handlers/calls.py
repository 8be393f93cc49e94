"""Handlers as calls: what the page's scripts call as functions, and get an answer from.

An event of Gradio changes a component's value, where an answer that comes fast on the heels of
another may never be seen; a call is answered by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from chatbot.errors import ChatbotError, known_errors

Handler = Callable[[gr.EventData, gr.Request], dict[str, Any]]


def answered(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what the work returns, or why it cannot be done as ``error``."""
    try:
        with known_errors():
            return work()
    except ChatbotError as error:
        return {"error": str(error)}


def call(handler: Handler) -> Callable[..., dict[str, Any]]:
    """Return a handler of events as a function that a component can offer to its script."""

    # Gradio finds the request by its annotation, and marks the function, which a method forbids.
    def called(data: Any, request: gr.Request) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
        return handler(gr.EventData(None, data if isinstance(data, dict) else {}), request)

    called.__name__ = getattr(handler, "__name__", "")
    return called
