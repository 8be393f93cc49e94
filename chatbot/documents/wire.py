"""The messages between this process and a parsing process: length-prefixed, over pipes.

A request is a JSON head and the bytes of the file; a reply is one JSON object. JSON, since whatever
a hostile file makes of the process may write it, and pydantic checks what comes back.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from pydantic import TypeAdapter

from chatbot.documents.blocks import Content

RECOGNISING = "recognise"
"""The argument with which a process is started that may read the words in pictures."""
_LENGTH = struct.Struct(">I")


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Write one frame. The stream must be flushed by the caller."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Read one frame; None if the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    data = stream.read(size)
    return data if len(data) == size else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseRequest:
    """What is asked of a file: its content, or a view of its pages."""

    kind: str
    name: str
    view: str = ""
    """One of ``page_views.VIEWS``; empty asks for the content."""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseReply:
    """What came back: a content, a view or an error."""

    content: Content | None = None
    view: Any = None
    error: tuple[str, str] | None = None
    """The class of a ``DocumentError``, and its sentence."""
    last: bool = False
    """The process ends itself after this reply."""


REQUESTS = TypeAdapter(ParseRequest)
REPLIES = TypeAdapter(ParseReply)
