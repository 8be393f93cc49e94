"""The pages of stored documents as they look: drawn when asked for, and then kept a while."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile

from cachetools import LRUCache, cached

from chatbot.documents import PAGED_KINDS, page_picture, page_sizes, sentence_boxes
from chatbot.errors import PageNotFound
from chatbot.store import Store
from chatbot.types import PageBox, PageSize, Sentence

KEPT_BYTES = 64_000_000
"""Pictures of pages that are kept at hand, for all people together."""
KEPT_BOXES = 200_000
"""Boxes of sentences that are kept, at about 200 bytes each."""
WIDTH_STEP = 256
"""Pixels: widths are rounded up to a multiple of it, so that a picture serves similar panes."""
MAX_WIDTH = 2048

_Place = tuple[int, str, int]
"""A page, a sentence on it, and how often its text stands there before."""
_boxes: LRUCache[tuple[str, _Place], list[PageBox]] = LRUCache(
    KEPT_BOXES, getsizeof=lambda found: len(found) or 1
)
_lock = threading.Lock()


class Pages:
    """The pages of the documents that one person sees.

    Each method raises ``DocumentNotFound`` for an unknown id, and ``PageNotFound`` where there is
    no such page, or the document has none that can be shown.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def sizes(self, document_id: str) -> list[PageSize]:
        """Return how large the pages of a document are."""
        data, kind, name = self._file(document_id)
        return page_sizes(data, kind=kind, name=name)

    def picture(self, document_id: str, page: int, *, width: int) -> bytes:
        """Return a page (from 1) as a WebP picture about so many pixels wide."""
        data, kind, name = self._file(document_id)
        drawn = min(MAX_WIDTH, -(-width // WIDTH_STEP) * WIDTH_STEP)
        return _picture(data, kind, name, page, drawn)

    def boxes(self, document_id: str, indices: Sequence[int]) -> list[list[PageBox]]:
        """Return for each of these sentences where it stands on its pages."""
        data, kind, name = self._file(document_id)
        sentences = self._store.sentences(document_id)
        places = {n: _place(sentences, n) for n in indices if n < len(sentences)}
        file = _digest(data)
        with _lock:
            known = {one: _boxes[file, one] for one in places.values() if (file, one) in _boxes}
        if missing := [one for one in places.values() if one not in known]:
            found = sentence_boxes(data, kind=kind, name=name, sentences=missing)
            known |= dict(zip(missing, found, strict=True))
            with _lock, suppress(ValueError):
                _boxes.update({(file, one): known[one] for one in missing})
        return [known[places[n]] if n in places else [] for n in indices]

    def _file(self, document_id: str) -> tuple[bytes, str, str]:
        document = self._store.document(document_id)
        data = self._store.original(document_id) if document.kind in PAGED_KINDS else None
        if data is None:
            raise PageNotFound(f"The pages of {document.title} cannot be shown, only its text.")
        return data, document.kind, document.source


def _place(sentences: Sequence[Sentence], index: int) -> _Place:
    one = sentences[index]
    above = takewhile(lambda other: other.page == one.page, reversed(sentences[:index]))
    return one.page or 1, one.text, sum(other.text.count(one.text) for other in above)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cached(
    LRUCache(KEPT_BYTES, getsizeof=len),
    key=lambda data, kind, name, page, width: (_digest(data), page, width),
    lock=threading.Lock(),
)
def _picture(data: bytes, kind: str, name: str, page: int, width: int) -> bytes:
    if page > len(page_sizes(data, kind=kind, name=name)):
        raise PageNotFound(f"{name} has no page {page}.")
    return page_picture(data, kind=kind, name=name, page=page, width=width)
