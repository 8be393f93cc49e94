"""The schema of the API beyond what FastAPI finds out itself.

What a route may answer with, examples made from the bundled article, problems, tokens.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI

from chatbot.server.problems import FieldProblem, Problem
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
_QUESTION: Final = "How many vehicles did Japan send to Ukraine?"
_SENTENCE: Final = (
    "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."
)
_START: Final = 1011
_SHORT: Final = _START + _SENTENCE.index("101")
_CITATION: Final = Citation(
    marker=1,
    document_id="7c2f5b0c" * 8,
    title="Japan and Indo-Pacific partners meet NATO defense ministers in Brussels",
    source="corpus/article.md",
    sentence_index=6,
    start=_START,
    end=_START + len(_SENTENCE),
    text=_SENTENCE,
)
_CLAIM: Final = Claim(
    text=_SENTENCE, start=0, end=len(_SENTENCE), verdict=Verdict.QUOTED, score=1.0, citations=(1,)
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
    short_answer=ShortAnswer(
        text="101", document_id=_CITATION.document_id, start=_SHORT, end=_SHORT + 3
    ),
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
            app.openapi_schema = _completed(made_by_fastapi())
        return app.openapi_schema

    setattr(app, "openapi", openapi)  # noqa: B010 - FastAPI's own way to extend the schema


def _completed(schema: dict[str, Any]) -> dict[str, Any]:
    schema["info"]["description"] = DESCRIPTION
    parts = schema.setdefault("components", {})
    shapes = parts.setdefault("schemas", {})
    for model in (Problem, FieldProblem):
        shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes[model.__name__] = {key: of for key, of in shape.items() if key != "$defs"}
    # FastAPI's own shape of an error, which is never sent here.
    shapes.pop("HTTPValidationError", None)
    shapes.pop("ValidationError", None)
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    schema["security"] = [{}, {"token": []}]
    return schema
