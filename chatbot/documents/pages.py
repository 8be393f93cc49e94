"""The pages of a file as they look, for those kinds that have them; made in the parsing process."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from chatbot.documents.isolation import view_isolated
from chatbot.documents.loaders import LOADERS
from chatbot.documents.loaders.recognition import is_installed
from chatbot.types import PageBox, PageSize

PAGED_KINDS = frozenset(kind for kind, loader in LOADERS.items() if loader.pages)
"""Kinds of documents whose pages can be shown."""


def page_sizes(data: bytes, *, kind: str, name: str) -> list[PageSize]:
    """Return how large each page is."""
    sizes = view_isolated(data, kind=kind, name=name, view="sizes")
    return [PageSize(width=width, height=height) for width, height in sizes]


def page_picture(data: bytes, *, kind: str, name: str, page: int, width: int) -> bytes:
    """Return a page (from 1) as a WebP picture, at most so many pixels wide."""
    return base64.b64decode(
        view_isolated(data, kind=kind, name=name, view="picture", page=page, width=width)
    )


def sentence_boxes(
    data: bytes, *, kind: str, name: str, sentences: Sequence[tuple[int, str, int]]
) -> list[list[PageBox]]:
    """Return where sentences stand on their pages; an empty list for one that is not drawn.

    Args:
        data: the file.
        kind: its kind.
        name: its name, for messages.
        sentences: of each its page, its text, and how often the text stands there before it.

    Raises:
        DocumentError: if the file cannot be read.
    """
    asked = list(sentences)
    found = view_isolated(data, kind=kind, name=name, view="boxes", sentences=asked)
    if not all(found) and is_installed():  # the page may be a picture
        found = view_isolated(
            data, kind=kind, name=name, view="boxes", sentences=asked, recognising=True
        )
    return [
        [PageBox(page=page, x=x, y=y, width=w, height=h) for page, x, y, w, h in boxes]
        for boxes in found
    ]
