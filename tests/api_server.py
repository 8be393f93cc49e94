"""A real bot behind the real server, for tests that speak HTTP to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from ui_live import served

from chatbot import Chatbot, Settings
from chatbot.server import create_app
from chatbot.store.presence import Presence, withdraw

QUESTION = "How many vehicles did Japan send to Ukraine?"
TRUCKS = "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."


@contextmanager
def api(
    data_dir: Path,
    *,
    host: str | None = None,
    mcp: bool = False,
    **settings: Any,  # noqa: ANN401
) -> Iterator[tuple[Chatbot, str]]:
    """Yield a bot over the bundled article and the address of its server."""
    with Chatbot.from_settings(Settings(data_dir=data_dir, **settings)) as bot:
        app = create_app(bot, host=host)
        if mcp:
            from chatbot.server.mcp.serving import add_mcp

            add_mcp(app)
        key = app.state.chatbot.credentials.operator_key
        with served(bot, app=app) as url:
            # As ``serve`` does it, so that the command line finds this server.
            Presence(address=url, key=key, pid=os.getpid()).announce(data_dir)
            yield bot, url
            withdraw(data_dir)


def ask(url: str, question: str = QUESTION, **more: Any) -> httpx.Response:  # noqa: ANN401
    headers = more.pop("headers", None)
    return httpx.post(
        f"{url}/api/ask", json={"question": question} | more, headers=headers, timeout=30
    )


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
