"""The shortest span of a sentence that answers, where rules can tell.

Only for questions that ask for a date, a number, a person or a place, and only when one span of
that kind stands out. Knows no scores; used by ``reader``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.models.reader_features import new_spans
from chatbot.models.reader_question import AnswerKind, question_kind
from chatbot.models.reader_spans import spans_of_kind
from chatbot.models.words import Word, stems, word_stem, words
from chatbot.types import Span

_SHORT = frozenset({AnswerKind.DATE, AnswerKind.NUMBER, AnswerKind.PERSON, AnswerKind.PLACE})
_CLEARLY = 2
"""The nearest span must be this many times nearer to the question's words than the next."""
_UNIT = re.compile(
    r"\s(?:\w+-)?(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|acres?|km|kilomet(?:er|re)s?"
    r"|miles?|met(?:er|re)s?|feet|inches|kg|kilograms?|pounds?|tons?|tonnes?|dollars?|euros?|yen"
    r"|crowns?|degrees?|hectares?|people|percent|[kmg]b|mg|ml|cm|mm)\b",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"\"[^\"]*\"|“[^”]*”")


def short_span(question: str, text: str) -> Span | None:
    """Return the short answer inside a sentence that answers, or None where it is not clear.

    The only span of the kind asked for, or the one that is clearly nearest to the question's
    words. A number takes its unit along.
    """
    kind = question_kind(question)
    if kind.answer not in _SHORT or kind.several:
        return None
    spans = new_spans(question, text, kind.answer)
    if kind.answer is AnswerKind.NUMBER:
        return _with_unit(text, _counted(question, text, spans, kind.noun))
    if kind.answer is AnswerKind.PERSON:
        spans = _persons(text, spans)
    if kind.answer is AnswerKind.PLACE and len(spans) > 1:
        return None
    return _nearest(question, text, spans)


def _nearest(question: str, text: str, spans: Sequence[Span]) -> Span | None:
    """Return the only span, or the one that is much nearer to the question's words than others."""
    if len(spans) < 2:
        return spans[0] if spans else None
    asked = frozenset(stems(question))
    matched = [word for word in words(text) if word.stem in asked and not word.is_stop]
    ranked = sorted(spans, key=lambda span: _gap(span, matched))
    first, second = (_gap(span, matched) for span in ranked[:2])
    return ranked[0] if second >= _CLEARLY * (first + 1) else None


def _persons(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Leave out what is quoted, and what is left of a name that the question holds in part."""
    quoted = [match.span() for match in _QUOTES.finditer(text)]
    return tuple(
        span
        for span in spans
        if not any(start <= span.start < end for start, end in quoted)
        and (" " in text[span.start : span.end] or span in spans_of_kind(text, AnswerKind.PERSON))
    )


def _counted(question: str, text: str, spans: Sequence[Span], noun: str | None) -> Span | None:
    """Return the number that counts the noun asked about, else the only one outside of dates."""
    if noun is not None:
        wanted = word_stem(noun)
        for span in reversed(spans):
            following = [word.stem for word in words(text[span.end : span.end + 40])[:4]]
            if wanted in following:
                return span
    dates = spans_of_kind(text, AnswerKind.DATE)
    plain = [
        span for span in spans if not any(date.start <= span.start < date.end for date in dates)
    ]
    return _nearest(question, text, plain)


def _with_unit(text: str, span: Span | None) -> Span | None:
    if span is None:
        return None
    unit = _UNIT.match(text, span.end)
    return span if unit is None else Span(start=span.start, end=unit.end())


def _gap(span: Span, matched: Sequence[Word]) -> int:
    """Characters to the nearest word of the question, on either side."""
    gaps = [
        max(word.start - span.end, span.start - word.end)
        for word in matched
        if word.end <= span.start or word.start >= span.end
    ]
    return min(gaps, default=10_000)
