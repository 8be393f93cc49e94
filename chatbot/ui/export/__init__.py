"""A saved conversation, or one answer of it, as a file to take along.

Pure: saved turns and texts in, a file's text out; nothing here reads the store or knows Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.errors import ExportError
from chatbot.types import Conversation, SavedTurn
from chatbot.ui.export.data import answers_in, to_json
from chatbot.ui.export.markdown import to_markdown
from chatbot.ui.export.web_page import to_html
from chatbot.ui.texts import Texts

__all__ = ["FORMATS", "ExportedFile", "answers_in", "export"]

FORMATS = {"md": "text/markdown", "html": "text/html", "json": "application/json"}
"""Suffix and media type of what can be made."""
_NO_NAME = re.compile(r"[^\w]+")
_NAME_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A file to save: its name, its media type and its text."""

    name: str
    media_type: str
    text: str


def export(
    conversation: Conversation,
    turns: Sequence[SavedTurn],
    format_name: str,
    texts: Texts,
    *,
    alone: bool = False,
) -> ExportedFile:
    """Return a conversation as a file of one of ``FORMATS``, with these of its turns.

    ``alone`` is one answer by itself: named after its question, and as JSON in the shape of
    answers.

    Raises:
        ExportError: if the format is none of these, or there is nothing to export.
    """
    if format_name not in FORMATS:
        known = ", ".join(FORMATS)
        raise ExportError(f"The format {format_name[:20]!r} is unknown. The formats are {known}.")
    if not turns:
        raise ExportError("There is nothing to export: this conversation has no saved answer.")
    title = turns[0].question if alone else conversation.title
    if format_name == "json":
        text = to_json(conversation, turns, alone=alone)
    elif format_name == "md":
        text = to_markdown(title, turns, texts, alone=alone)
    else:
        text = to_html(title, turns, texts, alone=alone)
    name = f"{_file_name(title)}.{format_name}"
    return ExportedFile(name=name, media_type=FORMATS[format_name], text=text)


def _file_name(title: str) -> str:
    words = _NO_NAME.sub("-", title[: 2 * _NAME_CHARS]).strip("-_").lower()
    return words[:_NAME_CHARS].rstrip("-_") or "conversation"
