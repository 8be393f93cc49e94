"""A local HTTP server that speaks the OpenAI protocol and misbehaves on demand.

Queue replies with ``server.queue(says("Hello."), status(500))``; each request takes the next one,
and ``server.default`` answers when the queue is empty. It records requests and sees whether the
client went away. ``/v1/chat/completions`` (streamed or not) and ``/v1/embeddings``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Request:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float = field(default_factory=time.monotonic)
    closed: threading.Event = field(default_factory=threading.Event)
    """Set when the client closed the connection before the reply was over."""
    done: threading.Event = field(default_factory=threading.Event)
    """Set when the reply was sent to its end."""

    @property
    def messages(self) -> list[tuple[str, str]]:
        return [(message["role"], message["content"]) for message in self.body["messages"]]


Step = bytes | threading.Event | float | None
"""Send bytes; wait for the event; wait some seconds; None: cut the connection (TCP reset)."""


@dataclass
class Reply:
    """What the server does with one request: the steps for a streamed and for a plain one."""

    streamed: Sequence[Step]
    plain: Sequence[Step] | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str | None = None
    silent: bool = False
    """Send no status line before the steps are over."""


def _event(data: object) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def _chunk(delta: dict[str, Any] | None, finish_reason: str | None = None) -> bytes:
    choices = [] if delta is None else [_choice(delta, finish_reason)]
    return _event({"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": choices})


def _choice(delta: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _usage(tokens_in: int, tokens_out: int) -> dict[str, int]:
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }


def _plain(text: str | None, finish_reason: str | None, choices: bool = True) -> list[Step]:
    message = {"role": "assistant", "content": text}
    body = {
        "id": "c1",
        "object": "chat.completion",
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}] * choices,
        "usage": _usage(11, 7),
    }
    return [json.dumps(body).encode()]


def _pieces(text: str | Sequence[str]) -> list[str]:
    if not isinstance(text, str):
        return list(text)
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def says(
    text: str | Sequence[str],
    *,
    finish_reason: str | None = "stop",
    usage: bool = True,
    gate: threading.Event | None = None,
    delay: float = 0.0,
) -> Reply:
    """Answer ``text``, in the given pieces or in pieces of four characters.

    Args:
        text: the answer.
        finish_reason: of the last chunk; None leaves it out.
        usage: send the token counts, 11 in and 7 out, when the client asked for them.
        gate: waited for after the first piece.
        delay: seconds between the pieces.
    """
    steps: list[Step] = [_chunk({"role": "assistant", "content": ""})]
    for number, piece in enumerate(_pieces(text)):
        if number == 1 and gate is not None:
            steps.append(gate)
        if number and delay:
            steps.append(delay)
        steps.append(_chunk({"content": piece}))
    if finish_reason is not None:
        steps.append(_chunk({}, finish_reason))
    if usage:
        steps.append(_event({"id": "c1", "choices": [], "usage": _usage(11, 7)}))
    return Reply([*steps, b"data: [DONE]\n\n"], _plain("".join(_pieces(text)), finish_reason))


def status(
    code: int,
    *,
    error: str | None = None,
    message: str = "it failed",
    retry_after: float | None = None,
) -> Reply:
    """Answer an HTTP error; ``error`` is the error code of the body."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": error}}
    steps: list[Step] = [json.dumps(body).encode()]
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    return Reply(steps, steps, status=code, headers=headers, content_type="application/json")


def hangs(seconds: float = 60.0) -> Reply:
    """Take the request and say nothing."""
    return Reply([seconds], [seconds], silent=True)


def html() -> Reply:
    """Answer a web page, as a wrong address or a login page in between does."""
    page: list[Step] = [b"<!doctype html><html><body><p>Please log in</p></body></html>"]
    return Reply(page, page, content_type="text/html")


def no_choices() -> Reply:
    """Answer ``choices: []``."""
    return Reply([_chunk(None), b"data: [DONE]\n\n"], _plain("", "stop", choices=False))


def null_content() -> Reply:
    """Answer ``content: null`` and stop."""
    chunk = _chunk({"role": "assistant", "content": None}, "stop")
    return Reply([chunk, b"data: [DONE]\n\n"], _plain(None, "stop"))


def cut(text: str = "Japan sent 101 trucks") -> Reply:
    """Break the connection in the middle of the answer."""
    return Reply([*(_chunk({"content": piece}) for piece in _pieces(text)), 0.05, None])


def stalls(text: str = "Japan sent 101 trucks", *, seconds: float = 60.0) -> Reply:
    """Stop sending in the middle of the answer, the connection open."""
    return Reply([*(_chunk({"content": piece}) for piece in _pieces(text)), seconds])


def error_event(text: str = "Japan sent", *, code: str | int | None = "server_error") -> Reply:
    """Send an error as an event of the stream."""
    error = {"error": {"message": "the engine died", "type": "server_error", "code": code}}
    return Reply([*(_chunk({"content": piece}) for piece in _pieces(text)), _event(error)])


def gibberish() -> Reply:
    """Answer text of no language, complete by the protocol."""
    return says("xkqzv wrtplk bnmxz qwrtpk vbnzx kljhg pqwrt zxcvb \ufffd\ufffd\ufffd mnbvc")


class FakeLLM:
    """The server. ``base_url`` ends in ``/v1``."""

    def __init__(self, *, dimension: int = 8) -> None:
        self.requests: list[Request] = []
        self.default: Reply | Callable[[Request], Reply] = says("Japan sent 101 vehicles [1].")
        self.dimension = dimension
        self._queue: deque[Reply | Callable[[Request], Reply]] = deque()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def calls(self) -> int:
        """Number of requests so far."""
        return len(self.requests)

    def queue(self, *replies: Reply | Callable[[Request], Reply]) -> None:
        """Answer the next requests so, in this order; a function is given the request."""
        with self._lock:
            self._queue.extend(replies)

    def close(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            reply = self._queue.popleft() if self._queue else self.default
        return reply if isinstance(reply, Reply) else reply(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients that go away are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    fake: FakeLLM
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}")
        request = Request(self.path, dict(self.headers.items()), body)
        if self.path == "/v1/chat/completions":
            self._reply(request, self.fake.take(request))
        elif self.path == "/v1/embeddings":
            with self.fake._lock:
                self.fake.requests.append(request)
            self._reply(request, Reply([], [json.dumps(self._embeddings(body)).encode()]))
        else:
            self._reply(request, status(404, message="no such path"))

    do_GET = do_POST

    def _reply(self, request: Request, reply: Reply) -> None:
        streamed = bool(request.body.get("stream"))
        steps = reply.streamed if streamed or reply.plain is None else reply.plain
        try:
            if not reply.silent:
                self.send_response(reply.status)
                kind = "text/event-stream" if streamed else "application/json"
                self.send_header("content-type", reply.content_type or kind)
                self.send_header("connection", "close")
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
            for step in steps:
                if not self._do(step, request):
                    break
            else:
                request.done.set()
        except OSError:
            request.closed.set()
        self.close_connection = True

    def _do(self, step: Step, request: Request) -> bool:
        if step is None:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            return False
        if isinstance(step, bytes):
            self.wfile.write(step)
            self.wfile.flush()
            return True
        return self._wait(step, request)

    def _wait(self, step: float | threading.Event, request: Request) -> bool:
        """Wait; False when the client went away or the server is to stop meanwhile."""
        end = time.monotonic() + (30.0 if isinstance(step, threading.Event) else step)
        while time.monotonic() < end and not self.fake._stopping.is_set():
            if isinstance(step, threading.Event) and step.is_set():
                return True
            readable, _, _ = select.select([self.connection], [], [], 0.01)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                request.closed.set()
                return False
        return not self.fake._stopping.is_set()

    def _embeddings(self, body: dict[str, Any]) -> dict[str, Any]:
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        data = []
        for index, text in enumerate(texts):
            digest = hashlib.sha256(str(text).encode()).digest() * self.fake.dimension
            numbers = [byte / 255 for byte in digest[: self.fake.dimension]]
            packed = base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
            vector = packed if body.get("encoding_format") == "base64" else numbers
            data.append({"object": "embedding", "index": index, "embedding": vector})
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        return {"object": "list", "model": body.get("model"), "data": data, "usage": usage}

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""


def refused_url() -> str:
    """Return the address of a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


@pytest.fixture(name="fake_llm")
def start_fake_llm() -> Iterator[FakeLLM]:
    """Import it where ``fake_llm`` is wanted as a fixture."""
    server = FakeLLM()
    yield server
    server.close()
