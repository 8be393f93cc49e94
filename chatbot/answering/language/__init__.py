"""The language of a question, and what to say in it where the built-in models cannot read it."""

from chatbot.answering.language.detect import (
    Language,
    detect_language,
    notice_for,
    refusal_in,
)

__all__ = ["Language", "detect_language", "notice_for", "refusal_in"]
