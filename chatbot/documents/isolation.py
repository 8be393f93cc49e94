"""Parses files in processes of their own, so that a hostile or broken file can only fail alone.

The parsers' libraries are large and have had memory and loop bugs; they run in a worker process
that has limits and no secrets in its environment. Starting one costs .3 s, so a worker is kept for
the next file, replaced after ``FILES_PER_WORKER`` files, and replaced after any failure. Threads
share at most ``MAX_WORKERS``. Knows no format.

Not multiprocessing: forking a process that runs the threads of gradio and onnxruntime is unsafe.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

import chatbot
from chatbot.documents.blocks import Content
from chatbot.documents.limits import (
    FILES_PER_WORKER,
    MAX_WORKERS,
    PARSE_SECONDS,
    RECOGNITION_SECONDS,
)
from chatbot.documents.loaders.recognition import is_installed
from chatbot.documents.worker import (
    RECOGNISING,
    REPLIES,
    REQUESTS,
    ParseReply,
    ParseRequest,
    read_frame,
    write_frame,
)
from chatbot.errors import DocumentError, FileTooLarge, ScannedFile, UnreadableFile, UnsupportedFile

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
        self._abandoned: list[LifoQueue[_Worker | None]] = []
        self._slots = self._empty_slots()

    def _empty_slots(self) -> LifoQueue[_Worker | None]:
        """Return places for processes, the last used first; None stands for one to be started."""
        slots: LifoQueue[_Worker | None] = LifoQueue()
        for _ in range(self._size):
            slots.put(None)
        return slots

    @property
    def idle(self) -> list[_Worker]:
        """The processes that wait for a file."""
        return [worker for worker in self._slots.queue if worker is not None]

    def parse(self, data: bytes, *, kind: str, name: str) -> Content:
        """Return the content of a file, parsed in another process.

        Raises:
            DocumentError: what the loader found wrong, or that a limit was hit.
        """
        content = self.answer(data, ParseRequest(kind=kind, name=name)).content
        assert content is not None
        return content

    def answer(self, data: bytes, request: ParseRequest) -> ParseReply:
        """Return what a process says to a request."""
        worker = self._slots.get()
        kept: _Worker | None = None
        try:
            if worker is None or not worker.is_running():
                if worker is not None:
                    worker.close()
                worker = _Worker(self._command)
            reply = worker.ask(data, request, seconds=self._seconds)
            if not reply.last and worker.files < FILES_PER_WORKER:
                kept = worker
        finally:
            if worker is not None and kept is None:
                worker.close()
            self._slots.put(kept)
        if reply.error is not None:
            kind, words = reply.error
            raise _ERRORS[kind](words)
        return reply

    def close(self) -> None:
        """End the idle processes; the next file starts a new one."""
        taken: list[_Worker | None] = []
        with suppress(Empty):
            while True:
                taken.append(self._slots.get_nowait())
        for worker in taken:
            if worker is not None:
                worker.close()
            self._slots.put(None)

    def forget(self) -> None:
        """Leave the processes to the parent: a forked child must not talk into its pipes."""
        self._abandoned.append(self._slots)
        self._slots = self._empty_slots()


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

    def is_running(self) -> bool:
        return self.process.poll() is None

    def ask(self, data: bytes, request: ParseRequest, *, seconds: float) -> ParseReply:
        """Send a file and wait for the reply."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.files += 1
        alarm = threading.Timer(seconds, self._time_out)
        alarm.daemon = True
        alarm.start()
        try:
            write_frame(self.process.stdin, REQUESTS.dump_json(request))
            write_frame(self.process.stdin, data)
            self.process.stdin.flush()
            answer = read_frame(self.process.stdout)
        except OSError:  # it died while it was being written to
            answer = None
        finally:
            alarm.cancel()
        if answer is None or self._timed_out:
            raise self._death(request.name, seconds)
        return REPLIES.validate_json(answer)

    def close(self) -> None:
        """End the process: it stops when its input ends, or is killed."""
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # it died with bytes of ours unread
                if pipe is not None:
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


def view_isolated(
    data: bytes, *, kind: str, name: str, view: str, recognising: bool = False, **options: object
) -> Any:  # noqa: ANN401 - JSON
    """Return a view of a file's pages, made in a shared pool; see ``page_views.VIEWS``."""
    pool = _readers if recognising else _workers
    return pool.answer(data, ParseRequest(kind=kind, name=name, view=view, options=options)).view
