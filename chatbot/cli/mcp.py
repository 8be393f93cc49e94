"""``chatbot mcp``: the bot as tools for other programs, over standard input or HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from chatbot.bot import Chatbot
from chatbot.cli.remote import RemoteBot
from chatbot.cli.terminal import console
from chatbot.settings import Settings
from chatbot.store import find_server

if TYPE_CHECKING:
    from chatbot.server.mcp.tools import AddText


def mcp(
    *,
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP, at /mcp.")] = False,
    host: Annotated[str | None, typer.Option(help="With --http: address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="With --http: the port.")] = None,
) -> int:
    """Offer ask, search, check and add as MCP tools. They use standard input, or --http."""
    from chatbot.server.mcp import require_mcp

    require_mcp()
    settings = Settings()
    if http:
        _serve_http(settings, host=host or settings.host, port=port)
    else:
        from chatbot.server.mcp.tools import serve_stdio

        with _opened(settings) as (bot, add_text):
            serve_stdio(bot, add_text=add_text)
    return 0


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Chatbot, AddText]]:
    """Lend the store and a way to add to it: beside a running server, through that."""
    server = find_server(settings.data_dir)
    if server is None:
        with Chatbot.from_settings(settings) as bot:
            yield bot, lambda text, title: bot.add_text(text, title=title)
        return
    remote = RemoteBot(server)
    with Chatbot.from_settings(settings, read_only=True) as bot:
        yield bot, lambda text, title: remote.add_text(text, title=title)


def _serve_http(settings: Settings, *, host: str, port: int | None) -> None:
    from chatbot.server import configure_logs, create_app, serve
    from chatbot.server.mcp.tools import PATH, add_mcp

    configure_logs(settings)
    with Chatbot.from_settings(settings) as bot:
        app = create_app(bot, host=host)
        add_mcp(app)

        def announce(address: str) -> None:
            out = console()
            out.print(f"MCP is served at {address}{PATH}")
            out.file.flush()

        wanted = settings.port if port is None else port
        serve(bot, app, host=host, port=wanted, on_ready=announce)
