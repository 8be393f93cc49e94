"""The parsing process, which ``isolation`` starts, and the messages between the two.

It reads requests from standard input and writes replies to standard output until its input ends. It
limits itself: memory, and processor time for each file. It may open no connection and start no
program. An error that no loader expects ends it; the parent then reports the file as damaged and
starts another.

A request is a JSON head and the bytes of the file; a reply is one JSON object. JSON, since whatever
a hostile file makes of the process may write it, and pydantic checks what comes back.
"""

from __future__ import annotations

import contextlib
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from pydantic import TypeAdapter

from chatbot.documents.blocks import Content
from chatbot.documents.limits import (
    PARSE_MEMORY_BYTES,
    PARSE_SECONDS,
    RECOGNITION_MEMORY_BYTES,
    RECOGNITION_SECONDS,
)
from chatbot.documents.loaders import LOADERS, recognition
from chatbot.errors import DocumentError

RECOGNISING = "recognise"
"""The argument with which a process is started that may read the words in pictures."""
_LENGTH = struct.Struct(">I")
_FORBIDDEN = frozenset(
    {
        *("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"),
        *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"),
    }
)


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


def main() -> int:
    """Answer requests until standard input ends."""
    # Libraries may print; nothing but replies may get into the pipe.
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    recognition.is_on = RECOGNISING in sys.argv
    _limit_memory()
    sys.addaudithook(_refuse)
    while (head := read_frame(requests)) is not None:
        data = read_frame(requests)
        if data is None:
            break
        _limit_time()
        if not _answer(replies, REQUESTS.validate_json(head), data):
            return 1
    return 0


def _answer(replies: IO[bytes], request: ParseRequest, data: bytes) -> bool:
    """Answer one request; return False if the process should not go on."""
    try:
        reply = _reply(request, data)
    except DocumentError as error:
        reply = ParseReply(error=(type(error).__name__, str(error)))
    except MemoryError:
        words = f"Reading {request.name} needs more memory than the limit, so it was stopped."
        reply = ParseReply(error=("FileTooLarge", words), last=True)
    write_frame(replies, REPLIES.dump_json(reply))
    replies.flush()
    return not reply.last


def _reply(request: ParseRequest, data: bytes) -> ParseReply:
    kind, name = request.kind, request.name
    if not request.view:
        return ParseReply(content=_parse(data, kind=kind, name=name))
    from chatbot.documents.loaders.page_views import VIEWS

    return ParseReply(view=VIEWS[request.view](data, kind=kind, name=name, **request.options))


def _parse(data: bytes, *, kind: str, name: str) -> Content:
    return LOADERS[kind].load(data, name=name)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} is not allowed while a file is parsed")


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        most = RECOGNITION_MEMORY_BYTES if recognition.is_on else PARSE_MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time() -> None:
    """Allow this file so much processor time on top of what was used before."""
    seconds = RECOGNITION_SECONDS * 2 if recognition.is_on else PARSE_SECONDS  # on two cores
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
