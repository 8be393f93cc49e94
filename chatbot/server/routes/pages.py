"""``/api/docs``, ``/login`` and ``/logout``; and addresses that are none, or know other methods.

All of the pages comes from this server. The web page is mounted at ``/`` and would answer unknown
addresses in a way of its own, so these are the last of the routes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.routing import Route

from chatbot.server.access.people import LOGIN_SECONDS
from chatbot.server.state import State

router = APIRouter(include_in_schema=False)

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
_WRONG: Final = {
    "login.html": "This token is unknown or was revoked.",
    "login.ja.html": "このトークンは登録されていないか、取り消されています。",
}
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@router.get("/api/docs")
async def docs() -> FileResponse:
    """Return the page that shows the schema."""
    return FileResponse(STATIC / "docs.html")


@router.get("/api/openapi.json")
async def schema(request: Request) -> JSONResponse:
    """Return the schema."""
    return JSONResponse(request.app.openapi())


@router.get("/login")
async def login_page(request: Request) -> Response:
    """Return the page that asks for a token."""
    return _page(request)


@router.post("/login")
def log_in(
    request: Request, state: State, token: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Take a token, and give the browser a cookie for it."""
    value = state.credentials.log_in(token.strip())
    if value is None:
        return _page(request, wrong=True)
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        state.credentials.login_cookie,
        value,
        max_age=LOGIN_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


@router.post("/logout")
async def log_out(state: State) -> Response:
    """Take the cookie back."""
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(state.credentials.login_cookie, httponly=True, samesite="strict")
    return response


def _page(request: Request, *, wrong: bool = False) -> Response:
    """Return the page in English, or in Japanese where the browser wants that first."""
    japanese = request.headers.get("accept-language", "").lower().startswith("ja")
    name = "login.ja.html" if japanese else "login.html"
    message = f"<p role=alert>{_WRONG[name]}</p>" if wrong else ""
    page = (STATIC / name).read_text("utf-8").replace("<!-- message -->", message)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
    return Response(page, 401 if wrong else 200, media_type="text/html", headers=headers)


@router.api_route("/login", methods=_METHODS)
@router.api_route("/api/{rest:path}", methods=_METHODS)
@router.api_route("/v1/{rest:path}", methods=_METHODS)
async def unknown(request: Request) -> None:
    """Say that there is nothing, or which other methods are known."""
    from chatbot.server.routes import ROUTERS  # this module's own is one of them

    known: set[str] = set()
    for route in (one for router in ROUTERS for one in router.routes):
        if isinstance(route, Route) and route.endpoint is not unknown:
            found = route.path_regex.match(request.scope["path"])
            known |= (route.methods if found else None) or set()
    if known:
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(known))})
    raise HTTPException(404)
