"""Evidence quotes become places in stored documents; a quote that is nowhere is an error.

Pure: it is given the documents with their sentences, and knows no store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from chatbot.errors import SuiteError
from chatbot.evaluation.cases import Case
from chatbot.types import Document, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPlace:
    """Where a quote stands: characters of a document, and the sentences they touch."""

    document_id: str
    start: int
    end: int
    sentences: tuple[int, ...]

    @property
    def keys(self) -> frozenset[tuple[str, int]]:
        """The sentences as (document id, index)."""
        return frozenset((self.document_id, index) for index in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuote:
    """One evidence quote with every place it stands at; citing any of them is right."""

    text: str
    places: tuple[GoldPlace, ...]

    @property
    def keys(self) -> frozenset[tuple[str, int]]:
        """Every sentence that counts for this quote, as (document id, index)."""
        return frozenset(key for place in self.places for key in place.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTexts:
    """Documents with their sentences, by document id."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    sentences: Mapping[str, Sequence[Sentence]] = field(default_factory=dict)


def find_evidence(case: Case, allowed: Sequence[str], texts: StoredTexts) -> tuple[GoldQuote, ...]:
    """Return where the evidence of a case stands in the documents with the allowed ids.

    White space does not count, all else does.

    Raises:
        SuiteError: if a quote is in none of them; the message holds the nearest sentence.
    """
    return tuple(_find(case, quote, allowed, texts) for quote in case.expected.evidence)


def _find(case: Case, quote: str, allowed: Sequence[str], texts: StoredTexts) -> GoldQuote:
    pattern = re.compile(r"\s+".join(re.escape(word) for word in quote.split()))
    places = tuple(
        _place(document_id, match.start(), match.end(), texts.sentences[document_id])
        for document_id in allowed
        for match in pattern.finditer(texts.documents[document_id].text)
    )
    # A quote that ends in the middle of a word would stand in sentences that nobody meant.
    whole = tuple(place for place in places if place.sentences)
    if not whole:
        raise SuiteError(_not_found(case, quote, allowed, texts))
    return GoldQuote(text=quote, places=whole)


def _place(document_id: str, start: int, end: int, sentences: Sequence[Sentence]) -> GoldPlace:
    touched = tuple(item.index for item in sentences if item.start < end and start < item.end)
    return GoldPlace(document_id=document_id, start=start, end=end, sentences=touched)


def _not_found(case: Case, quote: str, allowed: Sequence[str], texts: StoredTexts) -> str:
    if not allowed:
        return f"Case {case.id} has evidence but no document to find it in."
    pairs = [(texts.documents[d], item.text) for d in allowed for item in texts.sentences[d]]
    told = f"Case {case.id}: the evidence {_short(quote)!r} is not in its documents"
    if not pairs:
        return f"{told}, which have no sentences."
    document, nearest = max(pairs, key=lambda pair: _similarity(quote, pair[1]))
    return f"{told}; the nearest sentence, of {document.title}, is {_short(nearest)!r}."


def _similarity(quote: str, sentence: str) -> float:
    matcher = SequenceMatcher(None, quote.split(), sentence.split(), autojunk=False)
    # Words first, which is fast and right for a misquote; characters settle near-ties.
    return matcher.ratio() + 0.1 * SequenceMatcher(None, quote[:300], sentence[:300]).quick_ratio()


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 300 else f"{flat[:300]}…"
