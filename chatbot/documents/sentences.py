"""Cuts a text into sentences with exact spans.

The rules: every character that is not whitespace stands in exactly one sentence; a sentence has no
outer whitespace and never crosses a block (paragraph, heading, list item, table row). A quote of
several sentences is split at its real sentence ends; a closing quote, a bracket or an attribution
(``" she said.``) is never left alone. Headings and table rows are one sentence each. What has no
end for ``MAX_SENTENCE`` characters is cut at the best place before it.

Knows no file format and no store.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from chatbot.documents.blocks import Block, Content
from chatbot.documents.layout import plain_blocks
from chatbot.documents.scan import BlockScanner, behind_space
from chatbot.types import Sentence, Span

MAX_SENTENCE = 1500
"""Characters. Longer runs (transcripts without punctuation, minified data) are no citation; of
60,438 sentences of policies, science, encyclopedia, reviews and forums six are longer."""
MAX_RUN_IN = 6
"""Words of a heading that stands on the line of its text, its number counted."""

_WORDLIKE = re.compile(r"[^\W_]|[^\x00-\u2bff\u3000-\u303f\ufe00-\ufe0f\uff00-\uff0f]")
_RUN_IN = re.compile(r"\d+(?:\.\d+)*[.)]?\s+[^\W\d_](?:[^\s.:]|\s(?!\s)){1,60}[.:]")
"""A numbered heading on the line of its text: "4. Notice. Either party may …"."""
_CUTS = (re.compile(r"[;:]\s"), re.compile(r"[,،、，]\s?|\s[–—-]\s"), re.compile(r"\s"))


def sentence_spans(text: str) -> list[Span]:
    """Return the spans of the sentences of any plain text, in order, without overlap.

    Every character that is not whitespace is in exactly one span; no span is empty or begins or
    ends with whitespace. Line breaks, list items, table rows and headings are recognised as in a
    text file. The time is linear in the length of the text.
    """
    return [
        Span(start=start, end=end)
        for block in plain_blocks(text)
        for start, end in _block_spans(text, block)
    ]


def split_content(content: Content) -> tuple[Sentence, ...]:
    """Return the sentences of a loaded document, with page, heading and paragraph."""
    text = content.text
    sentences: list[Sentence] = []
    for paragraph, block in enumerate(content.blocks):
        spans = list(_block_spans(text, block))
        heading = _run_in_heading(text, spans) or block.heading
        for start, end in spans:
            piece = text[start:end]
            if not piece or piece != piece.strip():
                raise AssertionError(f"Sentence {start}:{end} is not exact.")
            page = bisect_right(content.pages, start) or None if content.pages else None
            sentences.append(
                Sentence(
                    index=len(sentences),
                    start=start,
                    end=end,
                    text=piece,
                    page=page,
                    heading=heading,
                    paragraph=paragraph,
                    header=block.header,
                )
            )
    return tuple(sentences)


def _run_in_heading(text: str, spans: Sequence[tuple[int, int]]) -> str | None:
    """Return the first sentence of a paragraph where it is the heading of the others."""
    if len(spans) < 2:
        return None
    first = text[slice(*spans[0])]
    return first if _RUN_IN.fullmatch(first) and len(first.split()) <= MAX_RUN_IN else None


def _block_spans(text: str, block: Block) -> Iterator[tuple[int, int]]:
    ends: list[int] = []
    if not block.whole:
        ends += BlockScanner(text, block.start, block.end).ends()
    for start, end in _merged(text, pairwise([block.start, *ends, block.end])):
        yield from _cut(text, start, end)


def _merged(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what has no word in it (a lone quote, dots) to the sentence before it."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and _WORDLIKE.search(text, start, end) is None:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    if len(merged) > 1 and _WORDLIKE.search(text, *merged[0]) is None:
        merged[:2] = [(merged[0][0], merged[1][1])]
    return merged


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Trim whitespace and cut what is longer than ``MAX_SENTENCE``."""
    end = start + len(text[start:end].rstrip())
    while (start := behind_space(text, start, end)) < end:
        stop = end if end - start <= MAX_SENTENCE else _best_cut(text, start)
        yield start, start + len(text[start:stop].rstrip())
        start = stop


def _best_cut(text: str, start: int) -> int:
    limit = start + MAX_SENTENCE
    for pattern in _CUTS:
        ends = [match.end() for match in pattern.finditer(text, start + MAX_SENTENCE // 2, limit)]
        if ends:
            return ends[-1]
    return limit
