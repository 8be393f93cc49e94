"""Exports that a program reads: JSON, and reading it back to check it again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chatbot.types import Answer, Conversation, SavedTurn
from chatbot.types.json_values import json_of
from chatbot.version import __version__

FORMAT = "chatbot conversation"
VERSION = 1


def to_json(conversation: Conversation, turns: Sequence[SavedTurn], *, alone: bool) -> str:
    """Return turns as JSON: an answer by itself as ``Answer.to_dict`` writes it, else all of it."""
    if alone:
        return _written(turns[0].answer.to_dict())
    shape = {
        "format": FORMAT,
        "format_version": VERSION,
        "version": __version__,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "turns": [_turn(turn) for turn in turns],
    }
    return _written(shape)


def answers_in(data: object) -> list[Answer]:
    """Return the answers in what ``to_json`` wrote, or in one answer's JSON.

    Raises:
        ValueError: if it is neither, or of a later version.
    """
    if not isinstance(data, dict):
        raise ValueError("it is neither an answer nor a conversation")
    if data.get("format") != FORMAT:
        return [Answer.from_dict(data)]
    if data.get("format_version") != VERSION:
        raise ValueError("a later version of this program wrote it")
    turns = data.get("turns")
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        raise ValueError("its turns are missing")
    return [Answer.from_dict(turn.get("answer") or {}) for turn in turns]


def _turn(turn: SavedTurn) -> dict[str, Any]:
    row: dict[str, Any] = json_of(turn)
    del row["conversation_id"]
    return row


def _written(shape: dict[str, Any]) -> str:
    return json.dumps(shape, ensure_ascii=False, indent=2) + "\n"
