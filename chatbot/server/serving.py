"""Serving: a port that is free, one uvicorn worker, and an end within seconds of the signal.

At the signal nothing new is accepted and what runs is finished, for some seconds; an open page
keeps a connection open forever, which is hung up at once.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from ipaddress import ip_address
from types import FrameType

import uvicorn
from fastapi import FastAPI

from chatbot.bot import Chatbot
from chatbot.errors import SettingsError
from chatbot.server.state import ServerState
from chatbot.store.lock import Presence, withdraw

MORE_PORTS = 20
"""How many ports after the wanted one are tried."""
BACKLOG = 128
IDLE_SECONDS = 0.5
"""After the signal, those connections are hung up that only wait for news."""
FINISH_SECONDS = 5.0
"""After the signal, what still runs is hung up, as if its client had gone."""
SHUTDOWN_SECONDS = 6
"""After which whatever does not end by that is cancelled."""
NEWS_PATHS = ("/gradio_api/heartbeat/",)
"""Where an open page waits for as long as it is open."""

ReadyCallback = Callable[[str], None]


def serve(bot: Chatbot, app: FastAPI, *, host: str, port: int, on_ready: ReadyCallback) -> None:
    """Serve ``app`` until SIGINT or SIGTERM, then return.

    One process only: the store has one owner.

    Args:
        bot: whose store is behind the app; the caller closes it after this returns.
        app: from ``create_app``, with what was mounted on it.
        host: the name or address to bind.
        port: the port wanted; a busy one gives way to the next free one of 20, 0 takes any.
        on_ready: called once with the address, when it answers.

    Raises:
        SettingsError: if no port can be had on that host, or other machines reach it and there is
            no token.
    """
    if not is_loopback(host) and not bot.tokens.list():
        raise SettingsError(
            f"Other machines can reach {host}, but no token exists that lets anybody in. "
            "Make one with `chatbot token create NAME`, or use 127.0.0.1."
        )
    state: ServerState = app.state.chatbot

    def ready(address: str) -> None:
        presence = Presence(address=address, key=state.credentials.operator_key, pid=os.getpid())
        presence.announce(bot.settings.data_dir)
        on_ready(address)

    with closing(listen(host, port)) as listener:
        server = Server(app, listener, host=host, on_ready=ready)
        try:
            server.run(sockets=[listener])
        finally:
            withdraw(bot.settings.data_dir)


class Server(uvicorn.Server):
    """uvicorn on a socket that is already bound, which says when it answers."""

    def __init__(
        self, app: FastAPI, listener: socket.socket, *, host: str, on_ready: ReadyCallback
    ) -> None:
        self._app, self._on_ready = app, on_ready
        self._address = address_of(host, listener.getsockname()[1])
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then call ``on_ready``."""
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready(self._address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin nothing new, let what runs end, hang up on the rest."""
        state: ServerState = self._app.state.chatbot
        state.slots.closed = True
        loop = asyncio.get_running_loop()
        loop.call_later(IDLE_SECONDS, self._hang_up, NEWS_PATHS)
        loop.call_later(FINISH_SECONDS, self._hang_up, ("/",))
        await super().shutdown(sockets=sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let a signal end the serving, and nothing else.

        uvicorn's own raises it once more at the end, which would kill the process before the
        caller has closed the store.
        """
        self.force_exit |= self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    def _hang_up(self, paths: tuple[str, ...]) -> None:
        for connection in list(self.server_state.connections):
            scope = getattr(connection, "scope", None) or {}
            if connection.transport is not None and scope.get("path", "/").startswith(paths):
                connection.transport.close()


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a server bound to ``host``."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``port``, or on the next free port of 20; 0 takes any.

    It listens before anybody is told the number, so no other program can take it in between.
    """
    if not 0 <= port <= 65535:
        raise SettingsError(f"A port is a number from 0 to 65535, not {port}.")
    last = port if port == 0 else min(port + MORE_PORTS, 65535)
    for candidate in range(port, last + 1):
        try:
            return _bound(host, candidate)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                reason = str(error).partition(" (while attempting")[0]  # the address again
                raise SettingsError(f"This machine cannot listen on {host}: {reason}.") from error
    raise SettingsError(
        f"The ports {port} to {last} of {host} are all taken. Set CHATBOT_PORT to another one."
    )


def _bound(host: str, port: int) -> socket.socket:
    family, _, _, _, target = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    return socket.create_server(target, family=family, backlog=BACKLOG, dualstack_ipv6=both)
