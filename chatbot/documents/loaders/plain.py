"""Reads txt files and text that is given as a string: the stored text is the text itself.

Only line breaks and what cannot be seen are changed (``cleaning``), so citations point to the
places the user's editor shows.
"""

from __future__ import annotations

from chatbot.documents.blocks import Content, too_long
from chatbot.documents.cleaning import Cleaner
from chatbot.documents.encoding import decode
from chatbot.documents.layout import plain_blocks
from chatbot.documents.limits import MAX_TEXT_CHARS


def read_plain(data: bytes, *, name: str) -> Content:
    """Return the content of a txt file."""
    decoded = decode(data)
    return plain_content(decoded.text, name=name, warnings=decoded.warnings)


def plain_content(text: str, *, name: str, warnings: tuple[str, ...] = ()) -> Content:
    """Return the content of a plain text.

    Raises:
        FileTooLarge: if it is longer than a document may be.
    """
    cleaner = Cleaner()
    cleaned = cleaner.clean(text)
    if len(cleaned) > MAX_TEXT_CHARS:
        raise too_long(name, f"{len(cleaned):,}")
    return Content(
        text=cleaned, blocks=tuple(plain_blocks(cleaned)), warnings=(*warnings, *cleaner.warnings)
    )
