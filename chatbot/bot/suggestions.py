"""Questions to ask next: made by rule from the documents' sentences, each tried before it is shown.

A document's id is of a text that never changes, so neither do its questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, zip_longest

from chatbot.answering.find import Finder
from chatbot.answering.question import plain_query
from chatbot.bot.rule_questions import rule_questions
from chatbot.models.word_stems import content_stems
from chatbot.store import Store
from chatbot.types import Sentence

MOST = 3
"""Questions suggested at a time."""
_OF_ONE = 5
"""Questions kept of one document."""
_TRIED = 6
"""Questions of one document that are tried."""
_LONGEST = 100
"""Characters of a question."""
_READ = 400
"""Sentences read of one document: nobody waits for a book."""
_KEPT = 2_000
"""Documents whose questions are remembered."""


class Suggestions:
    """Finds questions that documents answer. Thread safe: at worst some are made twice."""

    def __init__(self, finder: Finder, store: Store) -> None:
        self._finder = finder
        self._store = store
        self.questions_of = lru_cache(_KEPT)(self._questions_of)

    def next(
        self, document_ids: Sequence[str], *, asked: Sequence[str] = (), told: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Return up to three questions of the first few documents in turn, none that was asked.

        ``told`` are sentences that were read already; no question that they answer is of use.
        """
        known = {frozenset(content_stems(one)) for one in asked}
        rounds = zip_longest(*(self.questions_of(one).items() for one in document_ids[:MOST]))
        found = (one for some in rounds for one in some if one is not None)
        fresh = (
            question
            for question, answer in found
            if answer not in told and frozenset(content_stems(question)) not in known
        )
        return tuple(islice(dict.fromkeys(fresh), MOST))

    def _questions_of(self, document_id: str) -> dict[str, str]:
        """Return some questions that a document answers, in its order, with what answers each."""
        sentences = self._store.sentences(document_id)[:_READ]
        made = {one: sentence.text for sentence, one in rule_questions(sentences)}
        titled = dict.fromkeys(_sections(sentences), "")
        return dict(islice(self.answered(document_id, made | titled), _OF_ONE))

    def answered(self, document_id: str, questions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield those of some questions that a document answers, each with what answers it best.

        The first few are tried. Each question has beside it words of the sentence that answers it
        best.
        """
        short = [one for one in questions.items() if len(one[0]) <= _LONGEST]
        for question, words in short[:_TRIED]:
            found = self._finder.find(plain_query(question), documents=[document_id])
            first = found.hits[found.answering[0]].stored.text if found.answering else ""
            if found.answered and words in first:
                yield question, first


def _sections(sentences: Sequence[Sentence]) -> Iterator[str]:
    headings = [one for one in sentences if one.is_heading]
    for one in headings[1:]:  # the first is the title
        if 1 <= len(content_stems(one.text)) <= 4:
            yield f"What is said about “{one.text.strip(' .:#')}”?"
