"""``GET /api/docs`` and the schema it shows. All of the page comes from this server."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

router = APIRouter(include_in_schema=False)

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
_ASSETS: Final = {"docs.js": "text/javascript", "docs.css": "text/css", "login.css": "text/css"}


@cache
def asset(name: str) -> bytes:
    """Return one of the server's own files."""
    return (STATIC / name).read_bytes()


@router.get("/api/docs")
async def docs() -> Response:
    """Return the page that shows the schema."""
    return Response(asset("docs.html"), media_type="text/html")


@router.get("/api/openapi.json")
async def schema(request: Request) -> JSONResponse:
    """Return the schema."""
    return JSONResponse(request.app.openapi())


@router.get("/api/assets/{name}")
async def served_asset(name: Annotated[str, InPath(max_length=40)]) -> Response:
    """Return a style or a script of the server's own pages."""
    if name not in _ASSETS:
        raise HTTPException(404)
    return Response(asset(name), media_type=_ASSETS[name])
