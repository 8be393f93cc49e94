"""Questions that the documents answer: made once for each document, and remembered.

A document's id is of a text that never changes, so neither do its questions. Used by the handlers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from chatbot.types import Sentence
from chatbot.ui.starters import questions_in, starters

if TYPE_CHECKING:
    from chatbot.bot import Chatbot

NEAR = 3
"""A sentence counts as found among so many."""
MOST_ASKED = 10
"""Documents that questions are made from at a time."""


class Questions:
    """Remembers the questions of every document that was asked about."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[str, ...]] = {}

    def over(self, bot: Chatbot, document_ids: Sequence[str]) -> list[str]:
        """Return up to three questions over these documents, the first of each first.

        Raises:
            StoreError: if a document cannot be read.
        """
        return starters(self._in(bot, one) for one in document_ids[:MOST_ASKED])

    def near(self, bot: Chatbot, document_ids: Sequence[str]) -> list[str]:
        """Return up to three questions, over these documents before all others.

        Raises:
            StoreError: if a document cannot be read.
        """
        all_ids = [document.id for document in bot.documents()]
        wanted = [one for one in dict.fromkeys(document_ids) if one in all_ids]
        return self.over(bot, [*wanted, *(one for one in all_ids if one not in wanted)])

    def _in(self, bot: Chatbot, document_id: str) -> tuple[str, ...]:
        if document_id not in self._of:
            self._of[document_id] = questions_in(
                bot.sentences(document_id), found=partial(_is_found, bot)
            )
        return self._of[document_id]


def _is_found(bot: Chatbot, question: str, sentence: Sentence) -> bool:
    """Say whether a search for the question finds the sentence that is to answer it."""
    found = bot.search(question, limit=NEAR)
    return any(one.text == sentence.text for one in found)
