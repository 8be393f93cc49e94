"""A saved conversation, or one answer of it, as a file to take along.

Pure: saved turns and texts in, a file's text out; nothing here reads the store or knows Gradio.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.errors import ExportError
from chatbot.types import Answer, Conversation, SavedTurn
from chatbot.types.json_values import json_of
from chatbot.ui.export.web_page import asked_and_answered, to_html
from chatbot.ui.footnotes import escaped, markdown_footnotes
from chatbot.ui.summary import summary
from chatbot.ui.texts import Texts
from chatbot.version import __version__

__all__ = ["FORMATS", "ExportedFile", "answers_in", "export"]

FORMATS = {"md": "text/markdown", "html": "text/html", "json": "application/json"}
"""Suffix and media type of what can be made."""
_FORMAT = "chatbot conversation"
_VERSION = 1
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
        shape = turns[0].answer.to_dict() if alone else _shape(conversation, turns)
        text = json.dumps(shape, ensure_ascii=False, indent=2) + "\n"
    elif format_name == "md":
        text = "\n\n".join(_markdown(title, turns, texts, alone=alone)) + "\n"
    else:
        text = to_html(title, turns, texts, alone=alone)
    words = _NO_NAME.sub("-", title[: 2 * _NAME_CHARS]).strip("-_").lower()
    name = f"{words[:_NAME_CHARS].rstrip('-_') or 'conversation'}.{format_name}"
    return ExportedFile(name=name, media_type=FORMATS[format_name], text=text)


def answers_in(data: object) -> list[Answer]:
    """Return the answers of an exported conversation, or the one that the JSON of an answer is.

    Raises:
        ValueError: if it is neither, or of a later version.
    """
    if not isinstance(data, dict):
        raise ValueError("it is neither an answer nor a conversation")
    if data.get("format") != _FORMAT:
        return [Answer.from_dict(data)]
    if data.get("format_version") != _VERSION:
        raise ValueError("a later version of this program wrote it")
    turns = data.get("turns")
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        raise ValueError("its turns are missing")
    return [Answer.from_dict(turn.get("answer") or {}) for turn in turns]


def _shape(conversation: Conversation, turns: Sequence[SavedTurn]) -> dict[str, Any]:
    rows = [json_of(turn) for turn in turns]
    kept = [{key: of for key, of in row.items() if key != "conversation_id"} for row in rows]
    return {
        "format": _FORMAT,
        "format_version": _VERSION,
        "version": __version__,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "turns": kept,
    }


def _markdown(
    title: str, turns: Sequence[SavedTurn], texts: Texts, *, alone: bool
) -> Iterator[str]:
    """Yield the paragraphs: each answer with the sentences it cites as footnotes."""
    yield f"# {_line(title)}"
    for number, turn in enumerate(turns, start=1):
        answer = turn.answer
        if not alone:
            yield f"## {_line(turn.question)}"
        if answer.refused:
            yield f"**{texts.text('refusal_title')}**"
        # Footnotes are numbered through a whole file, so each answer's have a name of their own.
        yield markdown_footnotes(answer, texts, prefix="" if alone else f"{number}-")
        if answer.notice:
            yield f"> {_line(answer.notice)}"
        outcome = None if answer.refused else summary(answer, texts)
        asked, answered = asked_and_answered(turn, texts)
        facts = [outcome["text"] if outcome else "", answered, asked]
        yield f"*{' · '.join(_line(fact) for fact in facts if fact)}*"


def _line(words: str) -> str:
    return escaped(" ".join(words.split()))
