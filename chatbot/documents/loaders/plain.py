"""Reads txt files and text that is given as a string: the stored text is the text itself.

Only line breaks and what cannot be seen are changed (``cleaning``), so citations point to the
places the user's editor shows.
"""

from __future__ import annotations

from chatbot.documents.blocks import Content
from chatbot.documents.cleaning import Cleaner
from chatbot.documents.encoding import decode
from chatbot.documents.layout import plain_blocks


def read_plain(data: bytes, *, name: str) -> Content:
    """Return the content of a txt file."""
    decoded = decode(data)
    return plain_content(decoded.text, warnings=decoded.warnings)


def plain_content(text: str, *, warnings: tuple[str, ...] = ()) -> Content:
    """Return the content of a plain text."""
    cleaner = Cleaner()
    cleaned = cleaner.clean(text)
    return Content(
        text=cleaned, blocks=tuple(plain_blocks(cleaned)), warnings=(*warnings, *cleaner.warnings)
    )
