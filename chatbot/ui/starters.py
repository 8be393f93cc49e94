"""Questions to start with, chosen of those that the rules make from the documents' sentences.

Pure; used by ``questions``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice, zip_longest

from chatbot.bot.rule_questions import rule_questions
from chatbot.types import Sentence

MAX_STARTERS = 3
_MOST_SENTENCES = 400
"""Read for starters; the page must not wait for a book."""


def questions_in(
    sentences: Sequence[Sentence], *, found: Callable[[str, Sentence], bool] = lambda *_: True
) -> tuple[str, ...]:
    """Return up to three questions that one document answers, in its order; none twice.

    Empty where no template fits.

    Args:
        sentences: of the document.
        found: says whether a search for the question finds the sentence it was made from.
    """
    read = list(islice(sentences, _MOST_SENTENCES))
    questions = (
        question
        for sentence, question in rule_questions(read)
        if len(question) <= 100 and found(question, sentence)
    )
    return tuple(islice(dict.fromkeys(questions), MAX_STARTERS))


def starters(documents: Iterable[Sequence[str]]) -> list[str]:
    """Return up to three questions over several documents, the first of each first.

    Args:
        documents: the questions of each document.
    """
    rounds = zip_longest(*documents)
    questions = (question for one in rounds for question in one if question is not None)
    return list(islice(dict.fromkeys(questions), MAX_STARTERS))
