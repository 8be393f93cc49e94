"""The schema of the API beyond what FastAPI finds out itself: problems, tokens, a description."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from chatbot.server.problems import FieldProblem, Problem

DESCRIPTION: Final = (
    "Answers from your documents: every sentence cited, every claim checked. From this machine no "
    "token is needed; from others, send one as a bearer token. Errors are problems (RFC 9457) with "
    "the id of the request; under `/v1` they have OpenAI's shape."
)
_REF: Final = "#/components/schemas/{model}"


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
        shape = model.model_json_schema(ref_template=_REF)
        shape.pop("$defs", None)
        shapes[model.__name__] = shape
    # FastAPI's own shape of an error, which is never sent here.
    shapes.pop("HTTPValidationError", None)
    shapes.pop("ValidationError", None)
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    schema["security"] = [{}, {"token": []}]
    return schema
