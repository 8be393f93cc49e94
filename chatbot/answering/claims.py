"""What a sentence of an answer claims: its words without marks, and whether it claims anything.

Knows no sources and no models. A sentence counts as no claim only if its form leaves nothing that a
source could support: every doubtful sentence is a claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from chatbot.answering.claim_words import BEFORE_NOUNS, COPY_VERBS, GLUE, HEADING_WORDS, VERBS
from chatbot.types import Span

_MARKER = re.compile(r"\s*\[\d{1,6}\](?=[\s.,;:!?)\]\"'”’»]|\[|$|\w)")
_BULLET = re.compile(r"^\s*(?:[-*+•–—▪◦·>]+\s+|\(?\d{1,3}[.)]\s+|\(?[a-zA-Z][.)]\s+(?=\S))+")
_HASHES = re.compile(r"^\s*#{1,6}\s+")
_EMPHASIS = re.compile(r"(\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUOTES = "\"'“”‘’«»„‟‹›`"
_ASKS = re.compile(
    r"(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|will|"
    r"would|should|has|have|had|may|might|shall)\b(?!\s+(?:you|anyone|anybody)\s+know\s+that)",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"^(?:(?:unfortunately|however|sorry|but|also|note that),?\s+)?"
    r"(?:(?:(?:the|these|those|this|your|any of the|none of the)\s+)?(?:(?:provided|given|"
    r"available|retrieved|supplied)\s+)?(?:article|document|source|text|passage|excerpt|evidence|context|"
    r"information|sentence|page|report)s?\s+(?:(?:provided|given|above)\s+)?"
    r"(?:do|does|did)(?:\s+not|n['’]t)\s+(?:\w+ly\s+)?(?:say|mention|state|specify|provide|contain|"
    r"include|give|answer|explain|tell|cover|discuss|address|describe|indicate|have|offer)\b"
    r"|(?:i\s+am|i['’]m|we\s+are)?\s*unable\s+to\s+(?:answer|find|determine|tell)\b"
    r"|i\s+(?:could\s+not|couldn['’]t|cannot|can['’]t|do\s+not|don['’]t)\s+(?:find|answer|know|"
    r"tell|see|determine)\b"
    r"|(?:there\s+(?:is|are|was|were)\s+)?(?:no|not\s+enough)\s+(?:\w+\s+)?(?:information|mention|"
    r"evidence|sentences?|answers?)\b(?!\s*:)"
    r"|not\s+(?:\w+ly\s+)?(?:mentioned|specified|stated|given|provided|known|available|found)\b"
    r"|[^.!?;]{0,150}\b(?:is|are|was|were|has\s+been|have\s+been)(?:\s+not|n['’]t)\s+(?:\w+ly\s+)?"
    r"(?:mentioned|specified|stated|given|provided|said|named|described|indicated|discussed|"
    r"answered|found)\s+(?:in|by)\s+(?:the|these|any|this)\s+(?:of\s+the\s+)?(?:\w+\s+){0,2}"
    r"(?:article|document|source|text|passage|evidence|context|information|sentence)s?\b)",
    re.IGNORECASE,
)
_PREFACE = re.compile(
    r"(?:(?:sure|certainly|of course|okay)[,!.]\s+)?"
    r"(?:(?:(?:based on|according to|as (?:stated|mentioned) in|from)\s+(?:the\s+)?"
    r"(?:\w+\s+){0,2}(?:sentence|document|text|passage|information|context|source|evidence)s?"
    r"(?:\s+(?:provided|given|above))?\s*,|(?:the\s+)?(?:final\s+)?answer(?:\s+to\s+the\s+question)?(?:\s+is\s*:?|\s*:))\s+)?"
    r"(?=\S)",
    re.IGNORECASE,
)
_FRAGMENT = 8  # words of a text that may be no sentence
_GOES_ON = re.compile(
    r"[;:]\s*\w|\b(?:but|however|although|though|while|whereas|since|because|instead|rather|so|"
    r"therefore|only|except|yet|nevertheless)\b|,\s*(?:and|it|he|she|they|the|who|which)\b",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:(?:sure|certainly|okay|ok|of course|yes)[,!.]?\s+)?(?:(?:based on|according to)\s"
    r"[^,:]{3,60},\s+)?(?:here(?:['’]s|\s+is|\s+are)|below\s+(?:is|are)|the\s+following\s+(?:is|are)|"
    r"these\s+are|to\s+summari[sz]e|in\s+(?:summary|short|brief))\b",
    re.IGNORECASE,
)


def bare(text: str) -> str:
    """Return a claim's words: without markers, bullets, heading marks, cell bars and emphasis."""
    text = _MARKER.sub("", text)
    if text.lstrip().startswith("|"):
        text = ", ".join(cell.strip() for cell in text.strip(" |").split("|"))
    text = _BULLET.sub("", _HASHES.sub("", text))
    text = _EMPHASIS.sub("", text)
    return re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", " ".join(text.split()))


def claimed(text: str) -> str:
    """Return what a sentence claims of the world: ``bare`` without a preface."""
    plain = bare(text)
    start = preface(text)
    return plain[start : start + 1].upper() + plain[start + 1 :] if start else plain


def preface(text: str) -> int:
    """Return the length of a preface of ``bare(text)``: "According to the documents, …"."""
    found = _PREFACE.match(bare(text))
    return found.end() if found else 0


def is_fragment(text: str) -> bool:
    """Say whether a text is no sentence: a few words without a verb, as "Three" or "In May"."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    return len(words) <= _FRAGMENT and not _has_verb(words)


def is_silence(text: str) -> bool:
    """Say whether a text only says, in words of its own, that the documents do not answer."""
    return _is_about_silence(bare(text))


def to_text(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return where spans of ``bare(text)`` stand in the text."""
    return _moved(spans, _word_places(text))


def to_bare(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return where spans of a text stand in ``bare(text)``."""
    return _moved(spans, [(there, here) for here, there in _word_places(text)])


def shifted(spans: Sequence[Span], start: int) -> tuple[Span, ...]:
    """Return spans of a claim as spans of the text in which it begins at ``start``; or back."""
    return tuple(Span(start=start + span.start, end=start + span.end) for span in spans)


def _moved(spans: Sequence[Span], places: Sequence[tuple[Span, Span]]) -> tuple[Span, ...]:
    moved = []
    for span in spans:
        words = [to for at, to in places if at.start < span.end and span.start < at.end]
        if words:
            moved.append(Span(start=words[0].start, end=words[-1].end))
    return tuple(moved)


def _word_places(text: str) -> list[tuple[Span, Span]]:
    """Return for each word of ``bare(text)`` its place there, and its place in the text."""
    plain = bare(text)
    for marks in (_MARKER, _HASHES, _BULLET):
        text = marks.sub(lambda found: " " * len(found.group()), text)
    places, at = [], 0
    for word in _WORD.finditer(plain):
        start = text.find(word.group(), at)
        if start >= 0:  # else it has emphasis inside
            at = start + len(word.group())
            there = Span(start=word.start(), end=word.end())
            places.append((there, Span(start=start, end=at)))
    return places


def same_words(text: str) -> str:
    """Return the form in which two sentences are word for word the same.

    White space, outer quotation marks and a final full stop do not count.
    """
    text = " ".join(text.split()).strip(_QUOTES + " ")
    return text.removesuffix(".").rstrip(_QUOTES + " ")


@lru_cache(maxsize=4_000)
def is_no_claim(text: str) -> bool:
    """Say whether a sentence, marks included, is a heading, a greeting, a question or glue."""
    words_of = bare(text)
    words = [word.lower().replace("’", "'") for word in _WORD.findall(words_of)]
    if not words:
        return True
    if all(word in GLUE for word in words):
        return True
    if _is_about_silence(words_of):
        return True
    if any(letter.isnumeric() for letter in words_of):
        return False
    return (
        _is_question(words_of) or _is_heading(text, words_of, words) or _is_lead_in(words_of, words)
    )


def _is_question(text: str) -> bool:
    return text.rstrip(_QUOTES + ") ").endswith("?") and bool(
        _ASKS.match(text.lstrip(_QUOTES + "( "))
    )


def _has_verb(words: list[str]) -> bool:
    """Say whether a line may hold a finite verb; "Japan's support", "the attack" are none."""
    return any(
        word in COPY_VERBS
        or "n't" in word
        or (
            (word in VERBS or (place > 0 and word.endswith("ed") and len(word) > 4))
            and not (
                place > 0
                and (words[place - 1].endswith(("'s", "s'")) or words[place - 1] in BEFORE_NOUNS)
            )
        )
        for place, word in enumerate(words)
    )


def _is_heading(text: str, plain: str, words: list[str]) -> bool:
    """Say whether a line is a heading: marked as one or generic, short, without a verb."""
    if all(word in HEADING_WORDS or word in GLUE for word in words):
        return True
    label = plain.endswith(":")
    marked = bool(_HASHES.match(text)) or label or bool(re.match(r"^\s*(\*\*|__).+\1:?\s*$", text))
    ends = plain.rstrip(_QUOTES)[-1:] in ".!;"
    return marked and not ends and len(words) <= (4 if label else 8) and not _has_verb(words)


def _is_lead_in(text: str, words: list[str]) -> bool:
    """Say whether a sentence only announces what follows: "Here are the countries:"."""
    if text.endswith(":") and "following" in words:
        return True
    opening = _LEAD_IN.match(text)
    if not (opening and text.endswith(":") and len(words) <= 25):
        return False
    rest = [word.lower() for word in _WORD.findall(text[opening.end() :])]
    return not _has_verb(rest) and not {"that", "who", "which", "where", "whose"} & set(rest)


def _is_about_silence(text: str) -> bool:
    """Say whether a sentence only says that the documents do not say something."""
    found = _SAYS_NOTHING.match(text)
    return bool(found) and not _GOES_ON.search(text[found.end() if found else 0 :])
