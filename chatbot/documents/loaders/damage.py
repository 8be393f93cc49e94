"""What a broken file makes a library raise becomes one sentence about the file."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from zipfile import BadZipFile

from lxml.etree import LxmlError  # type: ignore[import-untyped]

from chatbot.errors import UnreadableFile

_RAISED = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError),
    *(RuntimeError, StopIteration, SyntaxError, TypeError, ValueError, BadZipFile, zlib.error),
    LxmlError,
)


@contextmanager
def damage_of(name: str, what: str, *more: type[Exception]) -> Iterator[None]:
    """Let a file that the block cannot read be damaged.

    Args:
        name: the file's name, for the message.
        what: the message's end: what cannot be done with a damaged file.
        more: what the format's own library raises.

    Raises:
        UnreadableFile: for whatever libraries raise on broken files.
    """
    try:
        yield
    except (*_RAISED, *more) as error:
        raise UnreadableFile(f"{name} is damaged: it cannot be {what}.") from error
