"""Questions to start with, made by rule from the sentences of the documents.

Few and safe: a template is used only where the sentence shows its parts beyond doubt, so that the
question reads well and its answer stands in the document. Pure; used by ``handlers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest

from chatbot.types import Sentence

MAX_STARTERS = 3
_MOST_SENTENCES = 400
"""Read for starters; the page must not wait for a book."""
_NAME = r"[A-Z][a-z’'-]\w* [A-Z][a-z’'-]\w*"
_SAID_NAME = re.compile(rf"\bsaid (?:[A-Z]\w+ )*?(?P<name>{_NAME})[.,;]")
_NAME_SAID = re.compile(rf"(?P<name>{_NAME}),? (?:has |had )?said\b")
_SENT = re.compile(
    r"^(?P<who>[A-Z]\w+) (?P<verb>sent|built|bought|sold|won|lost|killed|made) "
    r"(?:about |more than |at least |some )?\d[\d,.]* (?P<what>[a-z]+s)\b"
)
_BASE = {
    "sent": "send", "built": "build", "bought": "buy", "sold": "sell",
    "won": "win", "lost": "lose", "killed": "kill", "made": "make",
}  # fmt: skip


def questions_in(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return up to three questions that one document answers, in its order; none twice.

    Empty where no template fits.
    """
    questions = (
        question
        for sentence in islice(sentences, _MOST_SENTENCES)
        for question in _questions(sentence.text)
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


def _questions(sentence: str) -> Iterator[str]:
    if match := _SENT.match(sentence):
        yield f"How many {match['what']} did {match['who']} {_BASE[match['verb']]}?"
    for pattern in (_SAID_NAME, _NAME_SAID):
        if match := pattern.search(sentence):
            yield f"What did {match['name']} say?"
