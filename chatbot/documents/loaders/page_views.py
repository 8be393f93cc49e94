"""Pages as they look: how large they are, a picture of one, and where on it a sentence stands.

A sentence is found by its letters and figures in the reading order of its page, so that line ends,
hyphens, columns and whatever stands between two pages do not matter. Runs in the parsing process.
"""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from chatbot.documents.loaders import LOADERS
from chatbot.documents.loaders.page_lines import Letter

if TYPE_CHECKING:
    from chatbot.documents.loaders.pdf_view import PdfPages
    from chatbot.documents.loaders.picture import PicturePages

Box = tuple[float, float, float, float]

_MOST_PIXELS = 6_000_000
_TALLEST = 12_000
"""Pixels: WebP takes 16,383."""
_LEAST_PIECE = 6
"""Letters that a part of a sentence has; shorter ones are found by chance."""
_QUALITY = 88


def page_sizes(data: bytes, *, kind: str, name: str) -> list[tuple[float, float]]:
    """Return width and height of each page."""
    return _pages(data, kind=kind, name=name).sizes()


def page_picture(data: bytes, *, kind: str, name: str, page: int, width: int) -> str:
    """Return a page as WebP in base64, narrower than wanted where it would be very large."""
    pages = _pages(data, kind=kind, name=name)
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
    pages = _pages(data, kind=kind, name=name)
    count = len(pages.sizes())
    streams: dict[int, _Stream] = {}
    found = []
    for page, text, before in sentences:
        near = [n for n in (page, page + 1) if 1 <= n <= count]
        for n in near:
            if n not in streams:
                streams[n] = _Stream(pages.letters(n - 1))
        found.append(list(_found(_alike(text), [(n, streams[n]) for n in near], before)))
    return found


VIEWS: Mapping[str, Callable[..., Any]] = {
    "sizes": page_sizes,
    "picture": page_picture,
    "boxes": sentence_boxes,
}
"""What the parsing process can be asked about pages."""


def _pages(data: bytes, *, kind: str, name: str) -> PdfPages | PicturePages:
    module, _, function = LOADERS[kind].pages.partition(":")
    opened = getattr(import_module(f"{__package__}.{module}"), function)
    return cast("PdfPages | PicturePages", opened(data, name))


def _alike(text: str) -> str:
    """Return the letters and figures alone, raised and lowered ones as any others."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


class _Stream:
    """The letters and figures of a page as one text, each with the letter it comes from."""

    def __init__(self, letters: Sequence[Letter]) -> None:
        self.letters = letters
        parts = [_alike(letter.char) for letter in letters]
        self.text = "".join(parts)
        self.origin = [n for n, part in enumerate(parts) for _ in part]

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        """Yield one box for each line of a range of the text, with the marks that end it."""
        first, last = self.origin[start], self.origin[end - 1]
        while last + 1 < len(self.letters) and self.letters[last + 1].char in ".,;:!?…)]\"'”’»":
            last += 1
        yield from _lines([letter.box for letter in self.letters[first : last + 1]])


@dataclass(frozen=True, slots=True)
class _Match:
    page: int
    start: int
    end: int


def _found(
    text: str, streams: Sequence[tuple[int, _Stream]], before: int
) -> Iterator[tuple[int, float, float, float, float]]:
    by_page = dict(streams)
    for piece in _pieces(text, streams, before):
        for x0, y0, x1, y1 in by_page[piece.page].boxes(piece.start, piece.end):
            left, top, width, height = (round(n, 5) for n in (x0, y0, x1 - x0, y1 - y0))
            yield piece.page, left, top, width, height


def _pieces(text: str, streams: Sequence[tuple[int, _Stream]], before: int) -> Iterator[_Match]:
    """Yield the parts in which a sentence stands on its page and the next one.

    Usually it is one. Something may stand in between: a footnote, the head of the next page.
    """
    if not text or not streams:
        return
    page, stream = streams[0]
    at = -1
    for _ in range(before + 1):
        following = stream.text.find(text, at + 1)
        at = following if following >= 0 else at
    if at >= 0:
        yield _Match(page, at, at + len(text))
        return
    done = 0
    cursor = {page: 0 for page, _ in streams}
    while done < len(text):
        rest = text[done:]
        least = min(_LEAST_PIECE, len(rest)) if done else min(3, len(rest))
        page, stream, size = max(
            ((n, one, _common(rest, one.text[cursor[n] :])) for n, one in streams),
            key=lambda found: found[2],
        )
        if size < least:
            done += 1
            continue
        start = stream.text.index(rest[:size], cursor[page])
        yield _Match(page, start, start + size)
        cursor[page] = start + size
        done += size


def _common(text: str, stream: str) -> int:
    """Return how many letters of the beginning of a text stand in a stream."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text[:middle] in stream:
            low = middle
        else:
            high = middle - 1
    return low


def _lines(boxes: Sequence[Box]) -> Iterator[Box]:
    """Join the boxes of letters that stand beside each other."""
    line: list[Box] = []
    for before, box in pairwise([(0.0, 0.0, 0.0, 0.0), *boxes]):
        if line and not _beside(before, box):
            yield _around(line)
            line = []
        line.append(box)
    if line:
        yield _around(line)


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


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
