"""Serves a bot in a thread for tests that need real HTTP or a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

from chatbot.server import create_app
from chatbot.server.serving import Server, listen

if TYPE_CHECKING:
    from ui_fakes import FakeBot

    from chatbot import Chatbot


@contextmanager
def served(
    bot: Chatbot | FakeBot, *, page: bool = False, app: FastAPI | None = None, port: int = 0
) -> Iterator[str]:
    """Yield the address of a server with the bot behind it, with or without the page."""
    app = app or create_app(bot)
    if page:
        from chatbot.ui import mount

        mount(app, bot)
    ready = threading.Event()
    addresses: list[str] = []

    def on_ready(address: str) -> None:
        addresses.append(address)
        ready.set()

    with closing(listen("127.0.0.1", port)) as listener:
        server = Server(app, listener, host="127.0.0.1", on_ready=on_ready)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            assert ready.wait(120), "the server did not start"
            yield addresses[0]
        finally:
            server.should_exit = True
            thread.join(60)
            assert not thread.is_alive(), "the server did not stop"
