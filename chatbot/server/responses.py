"""What a route may answer with, for the schema."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

Responses = dict[int | str, dict[str, Any]]


def gives_text(media_type: str) -> Responses:
    """Return the schema's entry of a success with text."""
    return {200: {"content": {media_type: {"schema": {"type": "string"}}}}}


def gives_picture(media_type: str) -> Responses:
    """Return the schema's entry of a success with a picture."""
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}


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
