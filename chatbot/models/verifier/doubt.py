"""Which words of a claim the evidence has nothing for. Used where a claim is not supported.

A word is doubted where the network is sure enough that it lacks support, and a number where the
evidence does not have it, however written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot.models.pair_model import Logits
from chatbot.models.token_windows import TokenisedText
from chatbot.models.verifier.network import BAD
from chatbot.models.verifier.numbers import find_numbers
from chatbot.types import Span

_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*")


def word_doubts(claim: str, tokens: TokenisedText, logits: Logits) -> Iterator[tuple[Span, float]]:
    """Yield each word of a claim that was read, with the greatest logit of its lack of support."""
    for word in _WORD.finditer(claim):
        span = Span(start=word.start(), end=word.end())
        first, end = tokens.range_of(span)
        column = logits.asked[first:end, BAD]
        if len(column):
            yield span, float(column.max())


def doubted(
    claim: str, evidence: Sequence[str], words: Iterator[tuple[Span, float]], *, limit: float
) -> tuple[Span, ...]:
    """Return the places of the claim that are doubted; words side by side are one.

    Args:
        claim: as it was read.
        evidence: sentences that it was read with.
        words: of ``word_doubts``.
        limit: logit from which a word is doubted.
    """
    wrong = _numbers_without(claim, evidence)
    found: list[Span] = []
    goes_on = False
    for word, logit in words:
        doubtful = logit > limit or any(n.start < word.end and word.start < n.end for n in wrong)
        if doubtful:
            start = found.pop().start if goes_on else word.start
            found.append(Span(start=start, end=word.end))
        goes_on = doubtful
    return tuple(found)


def _numbers_without(claim: str, evidence: Sequence[str]) -> list[Span]:
    known = {number.value for sentence in evidence for number in find_numbers(sentence)}
    return [
        Span(start=number.start, end=number.end)
        for number in find_numbers(claim)
        if number.value not in known
    ]
