"""Addresses under ``/api`` and ``/v1`` that are none, or know other methods.

The page is mounted at ``/`` and would answer them in a way of its own. The last of the routes.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException

from chatbot.server.problems import methods_at

router = APIRouter(include_in_schema=False)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@router.api_route("/api/{rest:path}", methods=_METHODS)
@router.api_route("/v1/{rest:path}", methods=_METHODS)
async def unknown(request: Request) -> None:
    """Say that there is nothing, or that other methods are known."""
    raise HTTPException(405 if methods_at(request) else 404)
