"""Which words of a claim the evidence has nothing for. Used where a claim is not supported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from chatbot.models.pair_model import Floats
from chatbot.models.token_windows import TokenisedText
from chatbot.types import Span

_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*")


def word_doubts(tokens: TokenisedText, claim: str, lacks: Floats) -> Iterator[tuple[Span, float]]:
    """Yield each word of a claim that was read, with the greatest logit of its lack of support.

    ``lacks`` (tokens that were read,) are the logits of the tokens.
    """
    for word in _WORD.finditer(claim):
        span = Span(start=word.start(), end=word.end())
        first, end = tokens.range_of(span)
        column = lacks[first:end]
        if len(column):
            yield span, float(column.max())


def doubted(words: Iterable[tuple[Span, float]], *, limit: float) -> tuple[Span, ...]:
    """Return the words whose logit is over the limit; words side by side are one place."""
    found: list[Span] = []
    goes_on = False
    for word, logit in words:
        if logit > limit:
            start = found.pop().start if goes_on else word.start
            found.append(Span(start=start, end=word.end))
        goes_on = logit > limit
    return tuple(found)
