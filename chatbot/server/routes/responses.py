"""What a route may answer with, for the schema."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

Responses = dict[int | str, dict[str, Any]]


def gives(shape: type, *, status: int = 200) -> Responses:
    """Return the schema's entry of a success with JSON of this shape."""
    return {status: {"model": shape}}


def gives_text(media_type: str) -> Responses:
    """Return the schema's entry of a success with text."""
    return {200: {"content": {media_type: {"schema": {"type": "string"}}}}}


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
