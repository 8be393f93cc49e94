"""A real bot behind the real server, for tests that speak HTTP to it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
from ui_live import served

from chatbot import Chatbot, Settings
from chatbot.server import create_app
from chatbot.store.lock import Presence, withdraw

QUESTION = "How many vehicles did Japan send to Ukraine?"
TRUCKS = "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."


@contextmanager
def api(
    data_dir: Path,
    *,
    host: str | None = None,
    mcp: bool = False,
    page: bool = False,
    **settings: Any,  # noqa: ANN401
) -> Iterator[tuple[Chatbot, str]]:
    """Yield a bot over the bundled article and the address of its server."""
    with Chatbot.from_settings(Settings(data_dir=data_dir, **settings)) as bot:
        app = create_app(bot, host=host)
        if mcp:
            from chatbot.server.mcp import add_mcp

            add_mcp(app)
        key = app.state.chatbot.credentials.operator_key
        with served(bot, app=app, page=page) as url:
            # As ``serve`` does it, so that the command line finds this server.
            Presence(address=url, key=key, pid=os.getpid()).announce(data_dir)
            yield bot, url
            withdraw(data_dir)


def ask(url: str, question: str = QUESTION, **more: Any) -> httpx.Response:  # noqa: ANN401
    headers = more.pop("headers", None)
    return httpx.post(
        f"{url}/api/ask", json={"question": question} | more, headers=headers, timeout=90
    )


@contextmanager
def asking(url: str) -> Iterator[None]:
    """Ask, and hang up when the block is over, whether or not an answer has come."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=90)
    body = json.dumps({"question": QUESTION})
    connection.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
    try:
        yield
    finally:
        connection.close()


def wait_for(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of a stream of server-sent events."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.splitlines() if not line.startswith(":")
        )
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
