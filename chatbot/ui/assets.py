"""The page's own styles and scripts, read once, as what goes into its head.

They are written into the page itself, so nothing more is fetched.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chatbot.ui.texts import all_texts

STATIC = Path(__file__).parent / "static"
STYLES = tuple(
    f"{name}.css"
    for name in """
    tokens base layout head conversation turn answer claims card foot source guide documents
    uploads collections feedback shortcuts narrow conversations print
    """.split()
)
"""The files, in the order in which they are written into the page."""
SCRIPTS = tuple(
    f"{name}.js"
    for name in """
    dom panels card verdicts answer question sources actions choice collections sharing
    export feedback turn header composer shortcuts conversation reading pages lights guide
    source uploads adding documents conversation_row conversations
    """.split()
)
"""The files, in the order in which they are written into the page."""


def page_head(**values: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the elements for the page's head."""
    texts = {language: dict(one.entries) for language, one in all_texts().items()}
    given = script_json({"languages": texts, **values})
    scripts = "\n".join(_read(name) for name in SCRIPTS)
    styles = "\n".join(_read(name) for name in STYLES)
    return (
        '<meta name="color-scheme" content="light dark">'
        f"<style>{styles}</style>"
        f"<script>window.chatbotPage = {given};\n{scripts}</script>"
    )


def component_script(name: str, events: tuple[str, ...]) -> str:
    """Return what a component runs on load: it hands itself and its events to our script.

    ``name`` is of the function of ``window.chatbotPage`` that builds the component. Gradio finds
    the events that it may trigger by their quotes.
    """
    senders = ", ".join(f"{event}: (data) => trigger('{event}', data)" for event in events)
    given = f"element, props, watch, send: {{ {senders} }}"
    return f"window.chatbotPage.{name}({{ {given} }});"


def script_json(value: object) -> str:
    """Return JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
