"""The page's components and which handler answers which event. Layout itself is in the styles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder

from chatbot.ui.assets import component_script
from chatbot.ui.handlers import (
    AnswerHandlers,
    CollectionHandlers,
    ConversationHandlers,
    DocumentHandlers,
    LinkHandlers,
)
from chatbot.ui.handlers.calls import Handler, call
from chatbot.ui.session import Session
from chatbot.ui.texts import all_texts

if TYPE_CHECKING:
    from chatbot.bot import Chatbot

DELETE_UPLOADS = (3600, 3600)
"""Seconds: how often old uploads are looked for, and how old they are then."""


def build_blocks(bot: Chatbot) -> gr.Blocks:
    """Return the page, wired to the bot.

    Four components, each a template that never changes and a value that our script turns into
    nodes: that keeps focus, hover and selection while an answer streams.
    """
    answers = AnswerHandlers(bot)
    kept = ConversationHandlers(bot)
    collections, links = CollectionHandlers(bot), LinkHandlers(bot)
    shelf = DocumentHandlers(bot, uploads=Path(get_upload_folder()))
    blocks: gr.Blocks = gr.Blocks(
        title=all_texts()["en"].text("title"),
        analytics_enabled=False,
        delete_cache=DELETE_UPLOADS,
        fill_width=True,
    )
    with blocks:
        session = gr.State(Session())
        conversation = _component("conversation", ("ask", "stop", "undo", "reset"))
        source = _component("source", ("open",))
        documents = _component(
            "documents",
            (),
            calls=(
                shelf.add_file,
                shelf.add_text,
                shelf.add_address,
                shelf.remove,
                *collections.calls,
            ),
        )
        _component("conversations", (), calls=(*kept.calls, *links.calls))

        asked = _on(conversation.ask, answers.ask_in_json, [session], conversation, queue=True)
        # Where the server did not take the question at all: the queue is full, or it is gone.
        asked.failure(None, js="() => window.chatbotPage.emit('untaken')")
        _on(conversation.stop, answers.stop, [session])
        undone = _on(conversation.undo, answers.undo, [session])
        undone.success(None, js="() => window.chatbotPage.emit('undone')")
        _on(conversation.reset, answers.reset, [session])
        _on(source.open, shelf.open_document, [], source)
        _on(blocks.load, shelf.list_documents, [], documents)
    return blocks


def _component(name: str, events: tuple[str, ...], *, calls: tuple[Handler, ...] = ()) -> gr.HTML:
    return gr.HTML(
        None,
        html_template=f'<div class="{name}-root"></div>',
        js_on_load=component_script(name, events),
        apply_default_css=False,
        elem_id=name,
        server_functions=[call(handler) for handler in calls],
    )


def _on(
    event: Callable[..., Any],
    handler: Callable[..., Any],
    inputs: list[gr.State],
    output: gr.HTML | None = None,
    *,
    queue: bool = False,
) -> Any:  # noqa: ANN401 - gradio gives its events' results no public type
    return event(
        handler,
        inputs=inputs,
        outputs=output,
        queue=queue,
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="multiple",
    )
