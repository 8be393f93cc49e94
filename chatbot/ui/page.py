"""Puts the page on the application: Gradio with everything off that leaks, shares or records."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.themes import Base

from chatbot.documents import SUPPORTED_SUFFIXES
from chatbot.ui.assets import STATIC, page_head
from chatbot.ui.export.web_page import shared_page
from chatbot.ui.layout import build_blocks
from chatbot.ui.render import mode_view

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from chatbot.bot import Chatbot

MAX_UPLOAD = "10mb"
SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "SF Mono", "Menlo", "Consolas", "monospace")
QUEUE_SIZE = 64
CONCURRENCY = 16
"""Answers made at once; Gradio's own default of 1 makes everybody wait for everybody."""


def mount_page(app: Starlette, bot: Chatbot) -> Starlette:
    """Mount the page at ``/``."""
    # Outside of a running loop Gradio makes a new one for every lock, and closes none of them.
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(_mount_in_loop(app, bot))
    else:
        _mount(app, bot)
    return app


async def _mount_in_loop(app: Starlette, bot: Chatbot) -> None:
    _mount(app, bot)


def _mount(app: Starlette, bot: Chatbot) -> None:
    fastapi_app: Any = app  # its class belongs to the server
    fastapi_app.state.chatbot.shared_page = shared_page
    blocks = build_blocks(bot)
    blocks.queue(max_size=QUEUE_SIZE, default_concurrency_limit=CONCURRENCY)
    gr.mount_gradio_app(
        fastapi_app,
        blocks,
        path="/",
        server_name=bot.settings.host,
        server_port=bot.settings.port,
        favicon_path=str(STATIC / "favicon.svg"),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=MAX_UPLOAD,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=page_theme(),
        head=page_head(
            mode=mode_view(bot.mode),
            suffixes=list(SUPPORTED_SUFFIXES),
            urls=bot.settings.allow_urls,
            sharing=bot.settings.share_links,
        ),
    )


def page_theme() -> Base:
    """Return a theme of system fonts, so that no font is fetched, in the page's own colours."""
    return Base(font=SANS, font_mono=MONO).set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#16171a",
        body_text_color="#1f2023",
        body_text_color_dark="#e7e6e3",
    )
