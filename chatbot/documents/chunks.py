"""Groups sentences into chunks: the passages that are embedded.

A chunk is a run of whole sentences. It follows the document's own structure: a paragraph is a chunk
of its own if it is long enough to say something, short neighbours under one heading are put
together, a heading goes with what it stands above. Knows no model: token counts come from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from chatbot.types import Chunk, Sentence

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Counts tokens of each text with the embedder's own tokenizer, without special tokens."""

MAX_CHUNK_TOKENS = 200
"""all-MiniLM-L6-v2 reads 256 tokens and was trained on 128; 200 leaves room for its special tokens
and for counts that differ a little where sentences are joined."""
MERGE_TOKENS = 128
"""Short paragraphs are merged up to the length the embedder was trained on. A paragraph of ordinary
length (100 to 200 tokens) is never merged with another: a vector of two topics finds neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """A paragraph, or a part of a long one, that stays together."""

    first: int
    last: int
    tokens: int
    heading: str | None
    is_heading: bool


def chunk_sentences(sentences: Sequence[Sentence], count_tokens: TokenCounter) -> tuple[Chunk, ...]:
    """Return chunks that cover all sentences of a document, in order, without overlap.

    None has more than ``MAX_CHUNK_TOKENS``, except a sentence that alone has more.
    """
    counts = count_tokens([sentence.text for sentence in sentences])
    merged: list[_Unit] = []
    for unit in _units(sentences, counts):
        if merged and _fits(before := merged[-1], unit):
            merged.pop()
            tokens = before.tokens + unit.tokens
            heads = before.is_heading and unit.is_heading
            unit = replace(unit, first=before.first, tokens=tokens, is_heading=heads)
        merged.append(unit)
    return tuple(
        Chunk(index=index, first=unit.first, last=unit.last) for index, unit in enumerate(merged)
    )


def _fits(before: _Unit, unit: _Unit) -> bool:
    together = before.tokens + unit.tokens
    if before.is_heading:  # a heading never stands alone if what follows has room for it
        return together <= MAX_CHUNK_TOKENS
    same_section = before.heading == unit.heading and not unit.is_heading
    return same_section and together <= MERGE_TOKENS


def _units(sentences: Sequence[Sentence], tokens: Sequence[int]) -> Iterator[_Unit]:
    for _, group in groupby(sentences, key=lambda sentence: sentence.paragraph):
        paragraph = list(group)
        counts = [tokens[sentence.index - sentences[0].index] for sentence in paragraph]
        for first, last in _parts(counts):
            sentence = paragraph[first]
            yield _Unit(
                first=sentence.index,
                last=paragraph[last].index,
                tokens=sum(counts[first : last + 1]),
                heading=sentence.heading,
                is_heading=paragraph[last].text == sentence.heading,
            )


def _parts(counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut a paragraph into parts of about equal length, none over the limit if avoidable."""
    total = sum(counts)
    pieces = -(-total // MAX_CHUNK_TOKENS)
    target = total / max(1, pieces)
    first, size = 0, 0
    for position, count in enumerate(counts):
        full = size + count > MAX_CHUNK_TOKENS or (pieces > 1 and size >= target)
        if position > first and full:
            yield first, position - 1
            first, size = position, 0
        size += count
    if counts:
        yield first, len(counts) - 1
