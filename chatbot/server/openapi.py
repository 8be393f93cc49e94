"""The schema of the API beyond what FastAPI finds out itself.

What a route may answer with, an invented example, problems, tokens.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI

from chatbot.server.problems import Problem
from chatbot.server.sse import encode
from chatbot.types import Answer, Citation, Claim, ShortAnswer, Usage, Verdict
from chatbot.types.json_values import json_of
from chatbot.version import __version__

Responses = dict[int | str, dict[str, Any]]
DESCRIPTION: Final = (
    "Answers from your documents: every sentence cited, every claim checked. From this machine no "
    "token is needed; from others, send one as a bearer token. Errors are problems (RFC 9457) with "
    "the id of the request; under `/v1` they have OpenAI's shape."
)
_QUESTION: Final = "When does the ferry leave?"
_SENTENCE: Final = "The ferry leaves at 9:40 from pier 3."
_ID: Final = "7c2f5b0c" * 8
_CLAIM: Final = Claim(
    text=_SENTENCE, start=0, end=len(_SENTENCE), verdict=Verdict.QUOTED, score=1.0, citations=(1,)
)
_CITATION: Final = Citation(
    marker=1,
    document_id=_ID,
    title="Timetable",
    source="ferry.md",
    sentence_index=6,
    start=211,
    end=211 + len(_SENTENCE),
    text=_SENTENCE,
)
ANSWER: Final[dict[str, Any]] = Answer(
    text=f"{_SENTENCE} [1]",
    refused=False,
    mode="extractive",
    notice=None,
    question=_QUESTION,
    search_query=_QUESTION,
    claims=(_CLAIM,),
    citations=(_CITATION,),
    short_answer=ShortAnswer(text="9:40", document_id=_ID, start=231, end=235),
    usage=Usage(seconds={"find": 0.006, "total": 0.007}),
    version=__version__,
).to_dict()


def gives(media_type: str, **more: str) -> Responses:
    """Return the schema's entry of a success with a text, or with what ``more`` says of it."""
    return {200: {"content": {media_type: {"schema": {"type": "string"} | more}}}}


def gives_events(*names: str) -> Responses:
    """Return the schema's entry of a success with server-sent events of these names."""
    event: dict[str, Any] = {"type": "string"} | ({"enum": list(names)} if names else {})
    data = {"type": "string", "description": "JSON."}
    schema = {"type": "object", "properties": {"event": event, "data": data}, "required": ["data"]}
    return {
        200: {
            "description": "The events, one after the other.",
            "content": {"text/event-stream": {"schema": schema}},
        }
    }


def problems(*statuses: int) -> Responses:
    """Return the schema's entries for these statuses, with those that every route may have."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status in sorted({400, 401, 403, *statuses})
    }


ANSWER_RESPONSE: Final[Responses] = {
    200: {"model": Answer, "content": {"application/json": {"example": ANSWER}}}
}
STREAM_RESPONSE: Final = gives_events("delta", "marker", "verdict", "restart", "answer", "error")
STREAM_RESPONSE[200]["content"]["text/event-stream"]["example"] = b"".join(
    (
        encode({"text": f"{_SENTENCE} [1]"}, event="delta"),
        encode({"citation": json_of(_CITATION)}, event="marker"),
        encode({"claim": json_of(_CLAIM), "citations": [json_of(_CITATION)]}, event="verdict"),
        encode(ANSWER, event="answer"),
    )
).decode()


def describe(app: FastAPI) -> None:
    """Let ``app.openapi()`` return the whole schema."""
    made_by_fastapi = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = made_by_fastapi()
            schema["info"]["description"] = DESCRIPTION
            schema["security"] = [{}, {"token": []}]
            parts = schema["components"]
            parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            parts["schemas"] |= problem.pop("$defs") | {"Problem": problem}
            app.openapi_schema = schema
        return app.openapi_schema

    setattr(app, "openapi", openapi)  # noqa: B010 - FastAPI's own way to extend the schema
