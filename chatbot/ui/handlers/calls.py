"""Handlers as calls, which the page's scripts await like functions; and what an event carries.

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
from chatbot.ui.texts import Texts, accepted_texts

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


def field(event: gr.EventData, name: str) -> str:
    """Return a field of an event; empty where the page sent none."""
    return str(event._data.get(name) or "")


def told(event: gr.EventData, name: str) -> str | None:
    """Return a field of an event that may be empty; None where the page sent none."""
    found = event._data.get(name)
    return None if found is None else str(found)


def names(event: gr.EventData, name: str) -> tuple[str, ...] | None:
    """Return a field of an event that is a list; None where the page sent none."""
    found = event._data.get(name)
    return tuple(str(one) for one in found) if isinstance(found, list) else None


def person_of(request: gr.Request) -> str:
    """Return who sent an event, as the server names people; empty where it knows no name."""
    # Gradio wraps the request of an event, and hands on that of a call as it is.
    scope = (getattr(request, "request", None) or request).scope
    return str(scope.get("chatbot.owner", ""))


def login_of(owner: str | None) -> str:
    """Return the name of the token that a person logged in with; empty where there was none."""
    kind, _, name = (owner or "").partition(":")
    return name if kind == "token" else ""


def texts_of(request: gr.Request) -> Texts:
    """Return the texts in the language that the browser asks for."""
    return accepted_texts(request.headers.get("accept-language", ""))
