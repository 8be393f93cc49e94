"""Parses files in processes of their own, so that a hostile or broken file can only fail alone.

The parsers' libraries are large and have had memory and loop bugs; they run in a worker process
that has limits and no secrets in its environment. Starting one costs .3 s, so a worker is kept for
the next file, replaced after ``FILES_PER_WORKER`` files, and replaced after any failure. Threads
share at most ``MAX_WORKERS``. The pages of a file are drawn there, too. Knows no format.

Not multiprocessing: forking a process that runs the threads of gradio and onnxruntime is unsafe.
"""

from __future__ import annotations

import atexit
import base64
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

import chatbot
from chatbot.documents.blocks import Content
from chatbot.documents.limits import (
    FILES_PER_WORKER,
    MAX_WORKERS,
    PARSE_SECONDS,
    RECOGNITION_SECONDS,
)
from chatbot.documents.loaders import LOADERS
from chatbot.documents.loaders.recognition import is_installed
from chatbot.documents.worker import RECOGNISING, REPLIES, REQUESTS, ParseReply, ParseRequest
from chatbot.errors import DocumentError, FileTooLarge, ScannedFile, UnreadableFile, UnsupportedFile
from chatbot.types import PageBox, PageSize

PAGED_KINDS = frozenset(kind for kind, loader in LOADERS.items() if loader.pages)
"""Kinds of documents whose pages can be shown."""
_ENVIRONMENT = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"),
)
"""What a worker gets to see; keys and passwords are not in it."""
_MAIN = "import sys; from chatbot.documents.worker import main; sys.exit(main())"
_COMMAND = (sys.executable, "-P", "-c", _MAIN)
"""-P: a docx.py in the user's folder must not be imported in place of the library."""
_ERRORS: dict[str, type[DocumentError]] = {
    kind.__name__: kind
    for kind in (DocumentError, UnsupportedFile, UnreadableFile, ScannedFile, FileTooLarge)
}


class Workers:
    """A small pool of parsing processes; the first starts when the first file comes.

    Thread safe. A reader waits while ``size`` others are being served.
    """

    def __init__(
        self,
        *,
        size: int = MAX_WORKERS,
        seconds: float = PARSE_SECONDS,
        command: Sequence[str] = _COMMAND,
    ) -> None:
        self._size = size
        self._seconds = seconds
        self._command = command
        self._turns = threading.Semaphore(size)
        self._abandoned: list[list[_Worker]] = []
        self.idle: list[_Worker] = []
        """The processes that wait for a file; the last used is the next."""

    def parse(self, data: bytes, *, kind: str, name: str) -> Content:
        """Return the content of a file, parsed in another process.

        Raises:
            DocumentError: what the loader found wrong, or that a limit was hit.
        """
        content = self.answer(data, kind=kind, name=name).content
        assert content is not None
        return content

    def answer(self, data: bytes, **asked: Any) -> ParseReply:  # noqa: ANN401 - of ParseRequest
        """Return what a process says to a request."""
        request = ParseRequest(size=len(data), **asked)
        with self._turns:
            worker = self._waiting() or _Worker(self._command)
            kept = False
            try:
                reply = worker.ask(data, request, seconds=self._seconds)
                kept = not reply.last and worker.files < FILES_PER_WORKER
            finally:
                if kept:
                    self.idle.append(worker)
                else:
                    worker.close()
        if reply.error is not None:
            kind, words = reply.error
            raise _ERRORS[kind](words)
        return reply

    def _waiting(self) -> _Worker | None:
        with suppress(IndexError):
            while True:
                worker = self.idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.close()
        return None

    def close(self) -> None:
        """End the idle processes; the next file starts a new one."""
        while worker := self._waiting():
            worker.close()

    def forget(self) -> None:
        """Leave the processes to the parent: a forked child must not talk into its pipes."""
        self._abandoned.append(self.idle)
        self.idle = []
        self._turns = threading.Semaphore(self._size)


class _Worker:
    """One parsing process, asked about one file at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self.files = 0
        self._timed_out = False
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=worker_environment(),
            start_new_session=True,  # ctrl-C is for us; we end it ourselves
        )
        self._pipes = cast("tuple[IO[bytes], IO[bytes]]", (self.process.stdin, self.process.stdout))

    def ask(self, data: bytes, request: ParseRequest, *, seconds: float) -> ParseReply:
        """Send a file and wait for the reply."""
        requests, replies = self._pipes
        self.files += 1
        alarm = threading.Timer(seconds, self._time_out)
        alarm.daemon = True
        alarm.start()
        try:
            requests.write(REQUESTS.dump_json(request) + b"\n" + data)
            requests.flush()
            answer = replies.readline()
        except OSError:  # it died while it was being written to
            answer = b""
        finally:
            alarm.cancel()
        if not answer.endswith(b"\n") or self._timed_out:
            raise self._death(request.name, seconds)
        return REPLIES.validate_json(answer)

    def close(self) -> None:
        """End the process: it stops when its input ends, or is killed."""
        for pipe in self._pipes:
            with suppress(OSError):  # it died with bytes of ours unread
                pipe.close()
        self._ended()

    def _ended(self) -> int:
        """Return how the process ended, which is now if it does not do so by itself."""
        try:
            return self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def _time_out(self) -> None:
        self._timed_out = True
        self.process.kill()

    def _death(self, name: str, seconds: float) -> DocumentError:
        """Say why there was no reply, from how the process ended."""
        code = self._ended()
        if self._timed_out or code == -getattr(signal, "SIGXCPU", 0) != 0:
            return FileTooLarge(
                f"Reading {name} took longer than {seconds:g} seconds, so it was stopped."
            )
        if code == -getattr(signal, "SIGKILL", 0) != 0:
            return FileTooLarge(
                f"Reading {name} needs more memory than there is, so it was stopped."
            )
        return UnreadableFile(f"{name} is damaged: reading it failed.")


def worker_environment() -> dict[str, str]:
    """Return the worker's environment, in which it finds this very package."""
    environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    root = Path(chatbot.__file__).resolve().parent.parent
    if root.name not in ("site-packages", "dist-packages"):
        paths = [environment.get("PYTHONPATH", ""), str(root)]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return environment


_workers = Workers()
_readers = Workers(size=1, seconds=RECOGNITION_SECONDS, command=(*_COMMAND, RECOGNISING))
"""The workers that may read the words in pictures."""
for _pool in (_workers, _readers):
    atexit.register(_pool.close)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_pool.forget)


def parse_isolated(data: bytes, *, kind: str, name: str) -> Content:
    """Parse a file in a shared pool, with recognition where that is needed and installed."""
    try:
        content = _workers.parse(data, kind=kind, name=name)
        if not (content.scanned and is_installed()):
            return content
    except ScannedFile:
        if not is_installed():
            raise
    return _readers.parse(data, kind=kind, name=name)


def page_sizes(data: bytes, *, kind: str, name: str) -> list[PageSize]:
    """Return how large each page is."""
    sizes = _workers.answer(data, kind=kind, name=name, view="sizes").view
    return [PageSize(width=width, height=height) for width, height in sizes]


def page_picture(data: bytes, *, kind: str, name: str, page: int, width: int) -> bytes:
    """Return a page (from 1) as a WebP picture, at most so many pixels wide."""
    options = {"page": page, "width": width}
    drawn = _workers.answer(data, kind=kind, name=name, view="picture", options=options).view
    return base64.b64decode(drawn)


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
    options = {"sentences": list(sentences)}
    found = _workers.answer(data, kind=kind, name=name, view="boxes", options=options).view
    if not all(found) and is_installed():  # the page may be a picture
        found = _readers.answer(data, kind=kind, name=name, view="boxes", options=options).view
    return [
        [PageBox(page=page, x=x, y=y, width=w, height=h) for page, x, y, w, h in boxes]
        for boxes in found
    ]
