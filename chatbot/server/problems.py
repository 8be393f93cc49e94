"""Errors as RFC 9457 problems: what went wrong, in one sentence, with the id of the request.

Under ``/v1`` the same error has OpenAI's shape, since that is what its clients read. Knows the
error tree and HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Scope

from chatbot import errors
from chatbot.errors import ChatbotError

OPENAI_PATHS = "/v1/"
REQUEST_ID = "chatbot.request_id"
"""Key of the scope; set by the outermost middleware."""

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
    errors.OverLimit: 429,
    errors.ServerBusy: 503,
    errors.LLMError: 502,
}
"""The status of an error is that of the nearest class above it; 500 where there is none."""


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


class Unauthorized(errors.NotAllowed):
    """Nobody is known by what was sent: a token, or another one, would help."""


STATUS[Unauthorized] = 401


def request_id(scope: Scope) -> str:
    """Return the id of a request, made here if nobody has yet."""
    return str(scope.setdefault(REQUEST_ID, uuid4().hex))


def status_of(error: ChatbotError) -> int:
    """Return the HTTP status of an error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def response_to(error: ChatbotError, scope: Scope) -> JSONResponse:
    """Return an error as a response."""
    headers: dict[str, str] = {}
    if isinstance(error, errors.OverLimit | errors.ServerBusy):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    kind = _kind(error)
    return problem(scope, status_of(error), kind=kind, detail=str(error), headers=headers)


def problem_of(error: ChatbotError, scope: Scope) -> Problem:
    """Return an error as a problem, for a response that has begun already."""
    return _problem(scope, status_of(error), _kind(error), str(error))


def _kind(error: ChatbotError) -> str:
    return type(error).__name__.removesuffix("Error")


def _problem(
    scope: Scope, status: int, kind: str, detail: str, fields: list[FieldProblem] | None = None
) -> Problem:
    return Problem(
        type=f"urn:chatbot:{_name(kind)}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        id=request_id(scope),
        errors=fields or [],
    )


def _name(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()


def problem(
    scope: Scope,
    status: int,
    *,
    kind: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    fields: list[FieldProblem] | None = None,
) -> JSONResponse:
    """Return a problem as a response, in OpenAI's shape under ``/v1``."""
    if scope["path"].startswith(OPENAI_PATHS):
        content, media_type = openai_error(status, kind, detail, fields), "application/json"
    else:
        content = _problem(scope, status, kind, detail, fields).model_dump()
        media_type = "application/problem+json"
    return JSONResponse(content, status_code=status, headers=headers, media_type=media_type)


def openai_error(
    status: int, kind: str, detail: str, fields: list[FieldProblem] | None = None
) -> dict[str, Any]:
    """Return an error in the shape that OpenAI's clients read."""
    kinds = {
        401: "authentication_error",
        403: "permission_error",
        429: "rate_limit_error",
        503: "server_error",
    }
    named = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")
    param = fields[0].field if fields else None
    return {"error": {"message": detail, "type": named, "param": param, "code": _name(kind)}}


def install(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Let every error of the application become a problem.

    ``routers`` are what it has included, for the methods that an address knows: what an application
    includes of routers it does not tell again.
    """
    app.state.routes_known = [route for router in routers for route in router.routes]
    app.add_exception_handler(ChatbotError, _on_known)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


def _on_known(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ChatbotError)
    return response_to(error, request.scope)


def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(methods_at(request)))
    details = {
        404: "There is nothing at this address.",
        405: "This address does not accept this method.",
    }
    return problem(
        request.scope,
        error.status_code,
        kind=phrase.title().replace(" ", ""),
        detail=details.get(error.status_code, f"{error.detail.rstrip('.')}."),
        headers=headers,
    )


def methods_at(request: Request) -> set[str]:
    """Return the methods that the address of a request knows; none where it is none of ours."""
    # Starlette names those of the first route with this path, and there is one for each method.
    found: set[str] = set()
    for route in request.app.state.routes_known:
        if not isinstance(route, Route) or route.path.endswith("{rest:path}"):
            continue
        if route.path_regex.match(request.scope["path"]):
            found |= route.methods or set()
    return found


def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [
        FieldProblem(field=".".join(str(step) for step in one["loc"]), detail=str(one["msg"]))
        for one in error.errors()[:10]
    ]
    return problem(
        request.scope,
        422,
        kind="InvalidRequest",
        detail=_in_words(error.errors()[0], fields[0]),
        fields=fields,
    )


def _in_words(error: Mapping[str, Any], field: FieldProblem) -> str:
    if error["type"] == "json_invalid":
        return f"The body is not JSON (at character {error['loc'][-1]})."
    if tuple(error["loc"]) == ("body",):
        return "Send a JSON object, with the header Content-Type: application/json."
    return f"The request is not valid: {field.field}: {field.detail}."
