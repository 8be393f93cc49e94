"""Errors as RFC 9457 problems: what went wrong, in one sentence, with the id of the request.

Under ``/v1`` the same error has OpenAI's shape, since that is what its clients read. Knows the
error tree and HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import Scope

from chatbot import errors
from chatbot.errors import ChatbotError

REQUEST_ID = "chatbot.request_id"
"""Key of the scope; set by the outermost middleware."""


class Unauthorized(errors.NotAllowed):
    """Nobody is known by what was sent: a token, or another one, would help."""


STATUS: dict[type[ChatbotError], int] = {
    errors.QuestionError: 422,
    errors.CollectionError: 422,
    errors.CollectionNotFound: 404,
    errors.SettingsError: 422,
    errors.UnsupportedFile: 415,
    errors.FileTooLarge: 413,
    errors.DocumentError: 422,
    errors.DocumentNotFound: 404,
    errors.PageNotFound: 404,
    errors.ConversationNotFound: 404,
    errors.StoreError: 503,
    errors.NotAllowed: 403,
    Unauthorized: 401,
    errors.OverLimit: 429,
    errors.ServerBusy: 503,
    errors.LLMError: 502,
}
"""The status of an error is that of the nearest class above it; 500 where there is none."""
_OPENAI_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}


class FieldProblem(BaseModel):
    """What is wrong with one field of the request."""

    field: str = Field(description="Where it stands: names and positions with dots between.")
    detail: str


class Problem(BaseModel):
    """An error as RFC 9457 has it (``application/problem+json``)."""

    type: str = Field(description="Names the kind of problem.", examples=["urn:chatbot:question"])
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="What went wrong, in one sentence.")
    id: str = Field(description="The id of the request, which stands in the server's log.")
    errors: list[FieldProblem] = Field(default=[], description="The fields that were refused.")


class OpenAIErrorBody(BaseModel):
    """What went wrong, as OpenAI's clients read it."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(BaseModel):
    """An error in OpenAI's shape."""

    error: OpenAIErrorBody


def request_id(scope: Scope) -> str:
    """Return the id of a request, made here if nobody has yet."""
    return str(scope.setdefault(REQUEST_ID, uuid4().hex))


def in_openai_shape(scope: Scope) -> bool:
    """Return whether who asked reads errors as OpenAI's clients do."""
    return bool(scope["path"].startswith("/v1/"))


def response_to(error: ChatbotError, scope: Scope) -> JSONResponse:
    """Return an error as a response."""
    headers: dict[str, str] = {}
    if isinstance(error, errors.OverLimit | errors.ServerBusy):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    return problem(scope, _status(error), kind=_kind(error), detail=str(error), headers=headers)


def content_of(error: ChatbotError, scope: Scope) -> dict[str, Any]:
    """Return an error as the JSON of a problem, for a response that has begun already."""
    return _content(scope, _status(error), _kind(error), str(error))


def problem(
    scope: Scope,
    status: int,
    *,
    kind: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    fields: Sequence[FieldProblem] = (),
) -> JSONResponse:
    """Return a problem as a response, in OpenAI's shape under ``/v1``; ``kind`` has dashes."""
    media_type = "application/json" if in_openai_shape(scope) else "application/problem+json"
    content = _content(scope, status, kind, detail, fields)
    return JSONResponse(content, status_code=status, headers=headers, media_type=media_type)


def _content(
    scope: Scope, status: int, kind: str, detail: str, fields: Sequence[FieldProblem] = ()
) -> dict[str, Any]:
    if in_openai_shape(scope):
        named = "invalid_request_error" if status < 500 else "server_error"
        named = _OPENAI_TYPES.get(status, named)
        param = fields[0].field if fields else None
        return {"error": {"message": detail, "type": named, "param": param, "code": kind}}
    return Problem(
        type=f"urn:chatbot:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        id=request_id(scope),
        errors=list(fields),
    ).model_dump()


def _status(error: ChatbotError) -> int:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def _kind(error: ChatbotError) -> str:
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def install(app: FastAPI) -> None:
    """Let every error of the application become a problem."""
    app.exception_handler(ChatbotError)(lambda request, error: response_to(error, request.scope))
    app.exception_handler(RequestValidationError)(_on_invalid)
    app.exception_handler(HTTPException)(_on_http)


def _on_http(request: Request, error: HTTPException) -> JSONResponse:
    details = {
        404: "There is nothing at this address.",
        405: "This address does not accept this method.",
    }
    detail = details.get(error.status_code, f"{error.detail.rstrip('.')}.")
    kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return problem(
        request.scope, error.status_code, kind=kind, detail=detail, headers=error.headers
    )


def _on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    found = error.errors()
    fields = [
        FieldProblem(field=".".join(map(str, one["loc"])), detail=str(one["msg"]))
        for one in found[:10]
    ]
    detail = f"The request is not valid: {fields[0].field}: {fields[0].detail}."
    if found[0]["type"] == "json_invalid":
        detail = f"The body is not JSON (at character {found[0]['loc'][-1]})."
    elif tuple(found[0]["loc"]) == ("body",):
        detail = "Send a JSON object, with the header Content-Type: application/json."
    return problem(request.scope, 422, kind="invalid-request", detail=detail, fields=fields)
