"""Questions to start with, made by rule from the sentences of the documents.

Few and safe: a template is used only where the sentence shows its parts beyond doubt, so that the
question reads well and its answer stands in the document. Pure; used by ``handlers``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

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


def starters(documents: Iterable[Sequence[Sentence]]) -> list[str]:
    """Return up to three questions, none twice; none at all where no template fits.

    Args:
        documents: the sentences of each document.
    """
    questions: Counter[str] = Counter()
    for sentences in documents:
        for sentence in islice(sentences, _MOST_SENTENCES):
            questions.update(_questions(sentence.text))
    return list(questions)[:MAX_STARTERS]


def _questions(sentence: str) -> Iterable[str]:
    if match := _SENT.match(sentence):
        yield f"How many {match['what']} did {match['who']} {_BASE[match['verb']]}?"
    for pattern in (_SAID_NAME, _NAME_SAID):
        if match := pattern.search(sentence):
            yield f"What did {match['name']} say?"
