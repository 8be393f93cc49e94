"""What the page reads beside ``/api``: documents, conversations and exports, as it shows them.

All that it changes goes through ``/api`` itself. An error becomes a problem, as it does there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chatbot.bot.threads import in_thread
from chatbot.types import SavedTurn
from chatbot.types.json_values import json_of
from chatbot.ui.draft import drafted
from chatbot.ui.export import export
from chatbot.ui.places import View
from chatbot.ui.reading import reading_view
from chatbot.ui.render import turn_view
from chatbot.ui.texts import Texts, accepted_texts

if TYPE_CHECKING:
    from chatbot.bot import Chatbot

_DOCUMENT = ("id", "title", "kind", "sentence_count", "added", "shared")
_COLLECTION = ("id", "name", "documents", "shared")


def _list_documents(bot: Chatbot, request: Request) -> View:
    """Return the documents and collections, and questions to start with."""
    documents = bot.documents()
    kind, _, login = (bot.owner or "").partition(":")
    return {
        "documents": [{name: getattr(one, name) for name in _DOCUMENT} for one in documents],
        "collections": [
            {name: getattr(one, name) for name in _COLLECTION} for one in bot.collections.list()
        ],
        "starters": list(bot.suggestions([one.id for one in documents])),
        "login": login if kind == "token" else "",
    }


def _open_document(bot: Chatbot, request: Request) -> View:
    """Return a document to read."""
    document_id = request.path_params["document"]
    document = bot.document(document_id)
    return reading_view(document, bot.sentences(document_id), _texts(request))


def _open_conversation(bot: Chatbot, request: Request) -> View:
    """Return a conversation with its turns, as they were."""
    conversation, texts = request.path_params["conversation"], _texts(request)
    turns = [saved_view(turn, texts) for turn in bot.conversations.turns(conversation)]
    return {"conversation": json_of(bot.conversations.get(conversation)), "turns": turns}


def _export_conversation(bot: Chatbot, request: Request) -> View:
    """Return a conversation, or one ``turn`` of it, as a file of a ``format``."""
    kept, conversation = bot.conversations, request.path_params["conversation"]
    turn_id, form = (request.query_params.get(name, "") for name in ("turn", "format"))
    turns = [turn for turn in kept.turns(conversation) if turn_id in ("", turn.id)]
    made = export(kept.get(conversation), turns, form, _texts(request), alone=bool(turn_id))
    return {"name": made.name, "type": made.media_type, "text": made.text}


def saved_view(turn: SavedTurn, texts: Texts) -> View:
    """Return a saved turn for the page, with what the person thought of it."""
    kept = {"saved": True, "rating": turn.rating, "remark": turn.remark}
    return turn_view(drafted(turn), texts) | kept | {"documents": turn.documents}


def _texts(request: Request) -> Texts:
    return accepted_texts(request.headers.get("accept-language", ""))


def _route(path: str, view: Callable[[Chatbot, Request], View]) -> Route:
    async def endpoint(request: Request) -> Response:
        state = request.app.state.chatbot
        bot = cast("Chatbot", state.view(request.scope["chatbot.owner"]))
        return JSONResponse(await in_thread(lambda: view(bot, request)))

    return Route(f"/page/{path}", endpoint, name=view.__name__)


async def _closed(request: Request) -> Response:
    raise HTTPException(404)


ROUTES = (
    # Gradio's own way to leave files here: the page sends them to ``/api/files``.
    Route("/gradio_api/upload", _closed, methods=["POST"]),
    _route("documents", _list_documents),
    _route("documents/{document}", _open_document),
    _route("conversations/{conversation}", _open_conversation),
    _route("conversations/{conversation}/export", _export_conversation),
)
