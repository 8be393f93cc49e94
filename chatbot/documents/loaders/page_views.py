"""Pages as they look: how large they are, a picture of one, and where on it a sentence stands.

A sentence is found by its letters and figures in the reading order of its page, so that line ends,
hyphens, columns and whatever stands between two pages do not matter. Runs in the parsing process.
"""

from __future__ import annotations

import base64
import io
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from chatbot.documents.loaders import LOADERS
from chatbot.documents.loaders.page_lines import Box, Letter

_MOST_PIXELS = 6_000_000
_TALLEST = 12_000
"""Pixels: WebP takes 16,383."""
_LEAST_PIECE = 6
"""Letters that a part of a sentence has; shorter ones are found by chance."""
_LEAST_FIRST = 3
"""Letters of its first part."""
_MARKS = ".,;:!?…)]\"'”’»"
_QUALITY = 88


def page_sizes(data: bytes, *, kind: str, name: str) -> list[tuple[float, float]]:
    """Return width and height of each page."""
    sizes: list[tuple[float, float]] = LOADERS[kind].open_pages(data, name).sizes()
    return sizes


def page_picture(data: bytes, *, kind: str, name: str, page: int, width: int) -> str:
    """Return a page as WebP in base64, narrower than wanted where it would be very large."""
    pages = LOADERS[kind].open_pages(data, name)
    across, down = pages.sizes()[page - 1]
    wide = across / max(down, 1.0)
    most = min((_MOST_PIXELS * wide) ** 0.5, _TALLEST * wide)
    picture = pages.picture(page - 1, max(1, min(width, int(most))))
    file = io.BytesIO()
    picture.convert("RGB").save(file, "WEBP", quality=_QUALITY, method=2)
    return base64.b64encode(file.getvalue()).decode()


def sentence_boxes(
    data: bytes, *, kind: str, name: str, sentences: Sequence[tuple[int, str, int]]
) -> list[list[tuple[int, float, float, float, float]]]:
    """Return for each sentence its boxes: page, left, top, width and height."""
    pages = LOADERS[kind].open_pages(data, name)
    count = len(pages.sizes())
    letters = cache(pages.letters)

    @cache
    def stream(page: int) -> _Stream:
        near = (n for n in (page, page + 1) if n <= count)
        return _Stream([(n, one) for n in near for one in letters(n - 1)])

    return [
        [
            (n, round(x0, 5), round(y0, 5), round(x1 - x0, 5), round(y1 - y0, 5))
            for n, (x0, y0, x1, y1) in stream(page).boxes(_alike(text), before)
        ]
        for page, text, before in sentences
    ]


VIEWS: Mapping[str, Callable[..., Any]] = {
    "sizes": page_sizes,
    "picture": page_picture,
    "boxes": sentence_boxes,
}
"""What the parsing process can be asked about pages."""


def _alike(text: str) -> str:
    """Return the letters and figures alone, raised and lowered ones as any others."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


class _Stream:
    """The letters and figures of a page and the next one as one text, each with its letter."""

    def __init__(self, letters: Sequence[tuple[int, Letter]]) -> None:
        self._letters = letters
        parts = [_alike(letter.char) for _, letter in letters]
        self._text = "".join(parts)
        self._origin = [n for n, part in enumerate(parts) for _ in part]

    def boxes(self, text: str, before: int) -> Iterator[tuple[int, Box]]:
        """Yield page and box of each line of a sentence, with the marks that end it."""
        for start, end in self._ranges(text, before):
            first, last = self._origin[start], self._origin[end - 1]
            while last + 1 < len(self._letters) and self._letters[last + 1][1].char in _MARKS:
                last += 1
            yield from _lines(self._letters[first : last + 1])

    def _ranges(self, text: str, before: int) -> Iterator[tuple[int, int]]:
        """Yield where the parts of a text stand that comes ``before`` times before it.

        Usually it is one. Something may stand in between: a footnote, the head of the next page.
        """
        at = -1
        for _ in range(before + 1 if text else 0):
            following = self._text.find(text, at + 1)
            at = following if following >= 0 else at
        if at >= 0:
            yield at, at + len(text)
            return
        cursor, rest = 0, text
        while rest:
            size = self._common(rest, cursor)
            if size < min(_LEAST_PIECE if len(rest) < len(text) else _LEAST_FIRST, len(rest)):
                rest = rest[1:]
                continue
            at = self._text.index(rest[:size], cursor)
            yield at, at + size
            cursor, rest = at + size, rest[size:]

    def _common(self, text: str, cursor: int) -> int:
        """Return how many letters of the beginning of a text stand behind the cursor."""
        sizes = range(1, len(text) + 1)
        return bisect_left(sizes, True, key=lambda n: self._text.find(text[:n], cursor) < 0)


def _lines(letters: Sequence[tuple[int, Letter]]) -> Iterator[tuple[int, Box]]:
    """Join the boxes of letters that stand beside each other."""
    line = [letters[0]]
    for before, letter in pairwise(letters):
        if before[0] != letter[0] or not _beside(before[1].box, letter[1].box):
            yield line[0][0], _around(line)
            line = []
        line.append(letter)
    yield line[0][0], _around(line)


def _beside(one: Box, other: Box) -> bool:
    """Say whether a letter follows another on its line, on a turned page up or down."""
    level = min(one[3], other[3]) - max(one[1], other[1])
    height = max(one[3] - one[1], other[3] - other[1])
    if level > 0.3 * height:
        return -height < other[0] - one[2] < 2 * height
    upright = min(one[2], other[2]) - max(one[0], other[0])
    width = max(one[2] - one[0], other[2] - other[0])
    gap = max(one[1], other[1]) - min(one[3], other[3])
    return upright > 0.6 * width and gap < 0.8 * width


def _around(letters: Sequence[tuple[int, Letter]]) -> Box:
    lefts, tops, rights, bottoms = zip(*(letter.box for _, letter in letters), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
