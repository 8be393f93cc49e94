"""Questions in other forms: to be answered by yes or no, and as words typed into a search box."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Sequence

from chatbot.models.word_stems import words
from training.verifier.statements import kind_of, statement

_DENIED = re.compile(r"(?P<subject>.+?) (?P<auxiliary>\w+) not (?P<rest>.+)")
_WRONG = 0.4
"""Share of the questions that ask for something else than the passage says: it answers "no"."""


def polar(
    question: str, answer: str, others: Sequence[str], verbs: Collection[str], drawn: random.Random
) -> str | None:
    """Return a question that its own answer answers by yes, or another one by no.

    None where no rule fits.

    Args:
        question: "How many trucks did Japan send?"
        answer: as the passage has it.
        others: other answers of the article.
        verbs: base forms.
        drawn: chooses.
    """
    said = statement(question, verbs)
    if said is None:
        return None
    kind = kind_of(answer)
    alike = [one for one in others if kind_of(one) == kind != "words" and one != answer]
    asked = drawn.choice(alike) if alike and drawn.random() < _WRONG else answer
    denied = _DENIED.fullmatch((said.with_answer(asked, denied=True) or "").rstrip("."))
    if denied:
        subject, auxiliary, rest = denied.group("subject", "auxiliary", "rest")
        return f"{auxiliary.capitalize()} {subject[0].lower()}{subject[1:]} {rest}?"
    whole = said.with_answer(asked)
    return f"Is it true that {whole.rstrip('.')}?" if whole else None


def keywords(question: str) -> str:
    """Return the words of a question that are worth searching for, in lower case."""
    return " ".join(one.surface.lower() for one in words(question) if not one.is_stop)
