"""How long people wait for the first word of an answer when many ask at once.

    python -m benchmarks.page_load
    python -m benchmarks.page_load --users 20 --each 5 --pause 2 --model-seconds 0.5

A model that takes ``--model-seconds`` before its first word is played by a server of our own; the
page's server, retrieval and checks are the real ones, over the bundled article. See README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.page_users import Asked, users

HERE = Path(__file__).parent
WORDS = "Japan sent 101 trucks and other vehicles to Ukraine [1]. Nothing more is said of it."
TARGET = 1.0
"""Seconds to the first word, 95th percentile, with 20 people and a model that takes 0.5 s."""


class SlowModel(BaseHTTPRequestHandler):
    """A chat model that thinks, then streams ``WORDS``."""

    seconds = 0.5
    says: Callable[[str], str] = staticmethod(lambda _: WORDS)
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer one request."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        prompt = "\n".join(str(message["content"]) for message in asked["messages"])
        time.sleep(self.seconds)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for word in re.findall(r"\S+\s*", self.says(prompt)):
            self._send({"content": word}, None)
        self._send({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def _send(self, delta: dict[str, str], reason: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        chunk = {"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


@contextmanager
def slow_model(seconds: float, *, says: Callable[[str], str] | None = None) -> Iterator[str]:
    """Yield the address of a model that takes so long, and then says what fits its prompt."""
    told = {"seconds": seconds} | ({"says": staticmethod(says)} if says else {})
    handler = type("Handler", (SlowModel,), told)
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def page(model_url: str) -> Iterator[str]:
    """Yield the address of ``chatbot serve`` with that model, in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = {name: value for name, value in os.environ.items() if "CHATBOT" not in name}
        environment |= {
            "CHATBOT_DATA_DIR": str(Path(scratch) / "data"),
            "CHATBOT_MODEL": "openai:slow",
            "CHATBOT_BASE_URL": model_url,
            "CHATBOT_PORT": "0",
        }
        command = [sys.executable, "-m", "chatbot", "serve"]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                found = next(filter(None, map(_address, process.stdout)), None)
                if found is None:
                    raise RuntimeError("the page did not start")
                yield found
            finally:
                process.terminate()


def _address(line: str) -> str | None:
    match = re.search(r"http://\S+", line)
    return match[0] if match else None


def line(name: str, seconds: list[float]) -> str:
    """Return median, 95th percentile and maximum in words."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return f"{name}: median {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, most {max(seconds):.2f} s"


def p95(found: list[Asked]) -> float:
    """Return the 95th percentile of the seconds to the first word."""
    return statistics.quantiles([one.first for one in found], n=20, method="inclusive")[18]


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--each", type=int, default=5, help="questions of each of them")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two, about")
    parser.add_argument("--model-seconds", type=float, default=0.5)
    given = parser.parse_args()
    questions = [one for one in (HERE / "questions.txt").read_text("utf-8").split("\n") if one]
    with slow_model(given.model_seconds) as model, page(model) as url:
        asyncio.run(users(url, questions, count=1, each=2, pause=0))  # models loaded, code warm
        run = users(url, questions, count=given.users, each=given.each, pause=given.pause)
        found = asyncio.run(run)
    done = [one for one in found if one.state == "done"]
    print(f"{given.users} users, {len(found)} questions, {len(done)} answered to the end")
    print(line("first word", [one.first for one in found]))
    print(line("last word ", [one.last for one in found]))
    print(f"target: first word p95 <= {TARGET} s with 20 users and a model that takes 0.5 s")
    return 0 if len(done) == len(found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
