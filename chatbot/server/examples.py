"""Examples of the API's answers, for its documentation: made from the bundled article."""

from __future__ import annotations

from typing import Any, Final

from chatbot.server.responses import Responses, gives_events
from chatbot.server.sse import encode
from chatbot.types import Answer

_SENTENCE: Final = (
    "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."
)
_DOCUMENT: Final = "7c2f5b0c" * 8
_CITATION: Final[dict[str, Any]] = {
    "marker": 1,
    "document_id": _DOCUMENT,
    "title": "Japan and Indo-Pacific partners meet NATO defense ministers in Brussels",
    "source": "corpus/article.md",
    "sentence_index": 6,
    "start": 1011,
    "end": 1011 + len(_SENTENCE),
    "text": _SENTENCE,
    "page": None,
    "heading": None,
    "header": None,
}
_CLAIM: Final[dict[str, Any]] = {
    "text": _SENTENCE,
    "start": 0,
    "end": len(_SENTENCE),
    "verdict": "quoted",
    "score": 1.0,
    "citations": [1],
    "unknown_markers": [],
}
ANSWER: Final[dict[str, Any]] = Answer.from_dict(
    {
        "text": f"{_SENTENCE} [1]",
        "refused": False,
        "mode": "extractive",
        "notice": None,
        "question": "How many vehicles did Japan send to Ukraine?",
        "search_query": "How many vehicles did Japan send to Ukraine?",
        "claims": [_CLAIM],
        "citations": [_CITATION],
        "short_answer": {
            "text": "101",
            "document_id": _DOCUMENT,
            "start": 1011 + _SENTENCE.index("101"),
            "end": 1011 + _SENTENCE.index("101") + 3,
        },
        "retrieved": [],
        "usage": {
            "seconds": {"find": 0.006, "total": 0.007},
            "tokens_in": None,
            "tokens_out": None,
        },
        "prompt": None,
        "version": "0.2.0",
    }
).to_dict()


def answer_response() -> Responses:
    """Return the schema's entry of an Answer."""
    return {200: {"model": Answer, "content": {"application/json": {"example": ANSWER}}}}


def stream_response() -> Responses:
    """Return the schema's entry of a streamed answer."""
    events = (
        encode({"text": f"{_SENTENCE} [1]"}, event="delta"),
        encode({"citation": _CITATION}, event="marker"),
        encode({"claim": _CLAIM, "citations": [_CITATION]}, event="verdict"),
        encode(ANSWER, event="answer"),
    )
    found = gives_events("delta", "marker", "verdict", "restart", "answer", "error")
    found[200]["content"]["text/event-stream"]["example"] = b"".join(events).decode()
    return found
