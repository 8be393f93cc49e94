"""The messages between this process and a parsing process: length-prefixed, over pipes.

A request is a JSON head (kind, name, and what is asked of the pages, if it is) and the bytes of the
file; a reply is one JSON object with the content or what was asked, or with the class and the
sentence of an error. JSON, since whatever a hostile file makes of the process may write it. Knows
both ends' vocabulary, starts no process.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from chatbot import errors
from chatbot.documents.blocks import Block, BlockKind, Content
from chatbot.errors import DocumentError

RECOGNISING = "recognise"
"""The argument with which a process is started that may read the words in pictures."""
_LENGTH = struct.Struct(">I")
_ERRORS: dict[str, type[DocumentError]] = {
    kind.__name__: kind
    for kind in (
        *(errors.UnsupportedFile, errors.UnreadableFile, errors.ScannedFile, errors.FileTooLarge),
    )
}


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

    def packed(self) -> bytes:
        """Return the head of the request."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> ParseRequest:
        """Return a request as it was packed."""
        return cls(**json.loads(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseReply:
    """What came back: a content, a view or an error."""

    content: Content | None = None
    view: Any = None
    error: DocumentError | None = None
    last: bool = False
    """The process ends itself after this reply."""

    def packed(self) -> bytes:
        """Return the reply as JSON."""
        error = self.error and (type(self.error).__name__, str(self.error))
        content = self.content and {
            name: getattr(self.content, name) for name in Content.__dataclass_fields__
        }
        if content:
            # By position: a table of a hundred thousand rows has as many blocks.
            content["blocks"] = [
                (one.start, one.end, one.kind, one.heading, one.header) for one in content["blocks"]
            ]
        shape = {"content": content, "view": self.view, "error": error, "last": self.last}
        return json.dumps(shape).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> ParseReply:
        """Return a reply as it was packed."""
        shape: dict[str, Any] = json.loads(data)
        if error := shape["error"]:
            shape["error"] = _ERRORS[error[0]](error[1])
        if content := shape["content"]:
            content["blocks"] = tuple(
                Block(start=start, end=end, kind=BlockKind(kind), heading=heading, header=header)
                for start, end, kind, heading, header in content["blocks"]
            )
            for name in ("pages", "warnings"):
                content[name] = tuple(content[name])
            shape["content"] = Content(**content)
        return cls(**shape)
