"""The messages between this process and a parsing process: length-prefixed, over pipes.

A request is a JSON head (kind, name, and what is asked of the pages, if it is) and the bytes of the
file; a reply is one JSON object with the content or what was asked, or with the class and the
sentence of an error. Knows both ends' vocabulary, starts no process.
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
        errors.UnsupportedFile,
        errors.UnreadableFile,
        errors.ScannedFile,
        errors.FileTooLarge,
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
class Request:
    """What is asked of a file: its content, or a view of its pages."""

    kind: str
    name: str
    view: str = ""
    """One of ``page_views.VIEWS``; empty asks for the content."""
    options: Mapping[str, Any] = field(default_factory=dict)


def pack_request(request: Request) -> bytes:
    """Return the head of a request."""
    return json.dumps(asdict(request)).encode()


def unpack_request(data: bytes) -> Request:
    """Return a request as it was packed."""
    return Request(**json.loads(data))


def pack_view(view: object) -> bytes:
    """Return a reply that carries a view."""
    return json.dumps({"view": view}).encode()


def pack_content(content: Content) -> bytes:
    """Return a reply that carries a content."""
    names: dict[str | None, int] = {None: -1}
    for block in content.blocks:
        for name in (block.heading, block.header):
            names.setdefault(name, len(names) - 1)
    reply = {
        "text": content.text,
        "names": [name for name in names if name is not None],
        "blocks": [
            [block.start, block.end, block.kind.value, names[block.heading], names[block.header]]
            for block in content.blocks
        ],
        "pages": content.pages,
        "title": content.title,
        "source": content.source,
        "warnings": content.warnings,
        "scanned": content.scanned,
    }
    return json.dumps(reply).encode()


def pack_error(error: DocumentError, *, last: bool = False) -> bytes:
    """Return a reply that carries an error; ``last`` says that the process ends itself."""
    reply = {"error": type(error).__name__, "message": str(error), "last": last}
    return json.dumps(reply).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: a content, a view or an error."""

    content: Content | None = None
    view: Any = None
    error: DocumentError | None = None
    last: bool = False
    """The process ends itself after this reply."""


def unpack_reply(data: bytes) -> Reply:
    """Return a reply as it was packed."""
    reply: dict[str, Any] = json.loads(data)
    if "error" in reply:
        error = _ERRORS[reply["error"]](reply["message"])
        return Reply(error=error, last=reply["last"])
    if "view" in reply:
        return Reply(view=reply["view"])
    return Reply(content=_content(reply))


def _content(reply: dict[str, Any]) -> Content:
    names = [*reply["names"], None]
    return Content(
        text=reply["text"],
        blocks=tuple(
            Block(
                start=start,
                end=end,
                kind=BlockKind(kind),
                heading=names[heading],
                header=names[header],
            )
            for start, end, kind, heading, header in reply["blocks"]
        ),
        pages=tuple(reply["pages"]),
        title=reply["title"],
        source=reply["source"],
        warnings=tuple(reply["warnings"]),
        scanned=reply["scanned"],
    )
