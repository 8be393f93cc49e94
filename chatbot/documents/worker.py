"""The parsing process, which ``isolation`` starts, and the messages between the two.

It reads requests from standard input and writes replies to standard output until its input ends. It
limits itself: memory, and processor time for each file. It may open no connection and start no
program. An error that no loader expects ends it; the parent then reports the file as damaged and
starts another.

A request is a line of JSON and the bytes of the file; a reply is a line of JSON, since whatever a
hostile file makes of the process may write it, and pydantic checks what comes back.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
_FORBIDDEN = frozenset(
    {
        *("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"),
        *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseRequest:
    """What is asked of a file: its content, or a view of its pages."""

    kind: str
    name: str
    size: int
    """The number of bytes of the file, which follow."""
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
    for line in iter(requests.readline, b""):
        request = REQUESTS.validate_json(line)
        _limit_time()
        reply = _reply(request, requests.read(request.size))
        replies.write(REPLIES.dump_json(reply) + b"\n")
        replies.flush()
        if reply.last:
            return 1
    return 0


def _reply(request: ParseRequest, data: bytes) -> ParseReply:
    kind, name = request.kind, request.name
    try:
        if not request.view:
            return ParseReply(content=_parse(data, kind=kind, name=name))
        from chatbot.documents.loaders.page_views import VIEWS

        return ParseReply(view=VIEWS[request.view](data, kind=kind, name=name, **request.options))
    except DocumentError as error:
        return ParseReply(error=(type(error).__name__, str(error)))
    except MemoryError:
        words = f"Reading {name} needs more memory than the limit, so it was stopped."
        return ParseReply(error=("FileTooLarge", words), last=True)


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
