"""The shortest span of a sentence that answers, where rules can tell.

Only for questions that ask for a date, a number, a name or a place, and only when one span of
that kind stands out. Knows no scores; used by ``reader``.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.models.reader_features import new_spans
from chatbot.models.reader_question import AnswerKind, question_kind
from chatbot.models.words import Word, stems, word_stem, words
from chatbot.types import Span

_SHORT = frozenset(
    {AnswerKind.DATE, AnswerKind.NUMBER, AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.NAME}
)


def short_span(question: str, text: str) -> Span | None:
    """Return the short answer inside a sentence that answers, or None.

    The span nearest to the question's words wins; a number takes the noun it counts along.
    """
    kind = question_kind(question)
    if kind.answer not in _SHORT or kind.several:
        return None
    spans = new_spans(question, text, kind.answer)
    if kind.answer is AnswerKind.NUMBER:
        spans = _counted(spans, text, kind.noun)
    if not spans:
        return None
    asked = frozenset(stems(question))
    found = words(text)
    matched = [word for word in found if word.stem in asked and not word.is_stop]
    return min(spans, key=lambda span: _gap(span, matched))


def _counted(spans: Sequence[Span], text: str, noun: str | None) -> tuple[Span, ...]:
    """Prefer the number that counts the noun asked about, and drop years beside others."""
    if noun is not None:
        wanted = word_stem(noun)
        for span in reversed(spans):
            following = [word.stem for word in words(text[span.end : span.end + 40])[:4]]
            if wanted in following:
                return (span,)
    plain = [span for span in spans if not _is_year(text[span.start : span.end])]
    return tuple(plain or spans)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and text[:2] in ("17", "18", "19", "20")


def _gap(span: Span, matched: Sequence[Word]) -> int:
    """Characters to the nearest word of the question, on either side."""
    gaps = [
        max(word.start - span.end, span.start - word.end)
        for word in matched
        if word.end <= span.start or word.start >= span.end
    ]
    return min(gaps, default=10_000)
