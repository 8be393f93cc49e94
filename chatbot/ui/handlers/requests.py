"""What comes with an event of the page: its fields, and who sent it."""

from __future__ import annotations

import gradio as gr

from chatbot.ui.texts import Texts, accepted_texts


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
