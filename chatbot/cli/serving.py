"""Commands that serve: the page with the HTTP API, and the tools for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Annotated

import typer

from chatbot.bot import Chatbot
from chatbot.bot.model_doctor import Examination
from chatbot.cli.remote import RemoteBot
from chatbot.cli.terminal import clean, console
from chatbot.errors import SettingsError
from chatbot.settings import Settings
from chatbot.store import find_server


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; the next free one if it is busy.")] = None,
    mcp: Annotated[bool, typer.Option("--mcp", help="Also offer the tools at /mcp.")] = False,
) -> None:
    """Start the web page and the HTTP API."""
    if mcp:
        _require_mcp()
    _serve(Settings(), host, port, page=True, tools=mcp)


def mcp(
    *,
    http: Annotated[bool, typer.Option("--http", help="Serve over HTTP, at /mcp.")] = False,
    host: Annotated[str | None, typer.Option(help="With --http: address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="With --http: the port.")] = None,
) -> None:
    """Offer ask, search, check and add as MCP tools. They use standard input, or --http."""
    _require_mcp()
    settings = Settings()
    if http:
        _serve(settings, host, port, page=False, tools=True)
    else:
        from chatbot.server.mcp import serve_stdio

        server = find_server(settings.data_dir)
        with Chatbot.from_settings(settings, read_only=server is not None) as bot:
            # Beside a running server, what is added goes through that.
            adds = bot if server is None else RemoteBot(server)
            serve_stdio(bot, add_text=adds.add_text)


def _require_mcp() -> None:
    if find_spec("mcp") is None:
        raise SettingsError("The package mcp is not installed. Run `pip install 'chatbot[mcp]'`.")


def _serve(
    settings: Settings, host: str | None, port: int | None, *, page: bool, tools: bool
) -> None:
    from chatbot.server import configure_logs, create_app, serve

    configure_logs(settings)
    host = host or settings.host
    with Chatbot.from_settings(settings) as bot:
        app = create_app(bot, host=host)
        examination = None
        if page and settings.examine_model and bot.mode != "extractive":
            examination = Examination(settings, lambda line: console().print(clean(line)))
            app.state.chatbot.examination = examination
        if tools:
            from chatbot.server.mcp import add_mcp

            add_mcp(app)
        if page:
            from chatbot.ui import mount

            mount(app, bot)

        def announce(address: str) -> None:
            out = console()
            for line in _page_lines(bot, address) if page else (f"MCP is served at {address}/mcp",):
                out.print(line)
            out.file.flush()  # in a pipe or a log nothing else would write it out
            if examination is not None:
                examination.start()

        port = settings.port if port is None else port
        serve(bot, app, host=host, port=port, on_ready=announce)


def _page_lines(bot: Chatbot, address: str) -> Iterator[str]:
    yield f"The chatbot is ready: {address}"
    if bot.mode == "extractive":
        yield "Mode: extractive. It answers by quoting; nothing leaves this machine."
        yield "To let a model answer, set CHATBOT_MODEL (see the README)."
    else:
        yield f"Mode: {bot.mode}. Questions and passages are sent to that model."
    yield "Ctrl-C stops it."
