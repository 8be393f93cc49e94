"""What comes with an event of the page: its fields, and who sent it. Used by the handlers."""

from __future__ import annotations

import gradio as gr

from chatbot.ui.texts import Texts, accepted_texts


def field(event: gr.EventData, name: str) -> str:
    """Return a field of an event; empty where the page sent none."""
    return str(event._data.get(name) or "")


def texts_of(request: gr.Request) -> Texts:
    """Return the texts in the language that the browser asks for."""
    return accepted_texts(request.headers.get("accept-language", ""))
