"""A local HTTP server that speaks the OpenAI protocol and misbehaves on demand.

Queue replies with ``server.queue(says("Hello."), status(500))``; each request takes the next one,
and ``server.default`` answers when the queue is empty. It records requests and sees whether the
client went away. ``/v1/chat/completions`` (streamed or not), ``/v1/embeddings``, ``/v1/models``.
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
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from fake_replies import Reply, Request, Step, says, status


class FakeLLM:
    """The server. ``base_url`` ends in ``/v1``."""

    def __init__(self, *, dimension: int = 8) -> None:
        self.requests: list[Request] = []
        self.default: Reply | Callable[[Request], Reply] = says("Japan sent 101 vehicles [1].")
        self.models: list[dict[str, Any]] | None = None
        """What ``/v1/models`` lists; None where there is no such path."""
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
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        request = Request(self.path, dict(self.headers.items()), body)
        if self.path == "/v1/chat/completions":
            self._reply(request, self.fake.take(request))
        elif self.path == "/v1/embeddings":
            with self.fake._lock:
                self.fake.requests.append(request)
            self._reply(request, Reply([], [json.dumps(self._embeddings(body)).encode()]))
        elif self.path == "/v1/models" and self.fake.models is not None:
            listed = {"object": "list", "data": self.fake.models}
            self._reply(request, Reply([], [json.dumps(listed).encode()]))
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
