"""Puts the page on the application: Gradio with everything off that leaks, shares or records."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.themes import Base

from chatbot.documents import SUPPORTED_SUFFIXES
from chatbot.ui.asking import Asking
from chatbot.ui.assets import STATIC, component_script, page_head
from chatbot.ui.export.web_page import shared_page
from chatbot.ui.render import mode_view
from chatbot.ui.session import Session
from chatbot.ui.texts import all_texts
from chatbot.ui.views import ROUTES

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from chatbot.bot import Chatbot

SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "SF Mono", "Menlo", "Consolas", "monospace")
QUEUE_SIZE = 64
CONCURRENCY = 16
"""Answers made at once; Gradio's own default of 1 makes everybody wait for everybody."""


async def mount_page(app: Starlette, bot: Chatbot) -> None:
    """Mount the page at ``/``."""
    fastapi_app: Any = app  # its class belongs to the server
    fastapi_app.state.chatbot.shared_page = shared_page
    fastapi_app.router.routes.extend(ROUTES)
    blocks = _blocks(Asking(fastapi_app.state.chatbot.view))
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


def _blocks(asking: Asking) -> gr.Blocks:
    """Return the components: each a template that never changes, which our script fills.

    That keeps focus, hover and selection while an answer streams.
    """
    blocks: gr.Blocks = gr.Blocks(
        title=all_texts()["en"].text("title"), analytics_enabled=False, fill_width=True
    )
    with blocks:
        session = gr.State(Session())
        conversation = _component("conversation", ("ask", "stop", "undo", "reset"))
        for name in ("source", "documents", "conversations"):
            _component(name)
        asked = _on(conversation.ask, asking.ask, session, conversation, queue=True)
        # Where the server did not take the question at all: the queue is full, or it is gone.
        asked.failure(None, js="() => window.chatbotPage.emit('untaken')")
        _on(conversation.stop, Session.stop, session)
        undone = _on(conversation.undo, asking.undo, session)
        undone.success(None, js="() => window.chatbotPage.emit('undone')")
        _on(conversation.reset, Session.restart, session)
    return blocks


def _component(name: str, events: tuple[str, ...] = ()) -> gr.HTML:
    return gr.HTML(
        None,
        html_template=f'<div class="{name}-root"></div>',
        js_on_load=component_script(name, events),
        apply_default_css=False,
        elem_id=name,
    )


def _on(
    event: Callable[..., Any],
    handler: Callable[..., Any],
    session: gr.State,
    output: gr.HTML | None = None,
    *,
    queue: bool = False,
) -> Any:  # noqa: ANN401 - gradio gives its events' results no public type
    return event(
        handler,
        inputs=[session],
        outputs=output,
        queue=queue,
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="multiple",
    )
