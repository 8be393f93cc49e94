"""``/login`` and ``/logout``: a browser shows a token once and gets a cookie for it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from chatbot.bot.threads import in_thread
from chatbot.server.access.credentials import LOGIN_SECONDS
from chatbot.server.routes.docs import asset
from chatbot.server.state import State

router = APIRouter(include_in_schema=False)

MAX_TOKEN: Final = 200
_WRONG: Final = {
    "login.html": "This token is unknown or was revoked.",
    "login.ja.html": "このトークンは登録されていないか、取り消されています。",
}


@router.get("/login")
async def login_page(request: Request) -> Response:
    """Return the page that asks for a token."""
    return _page(request)


@router.post("/login")
async def log_in(
    request: Request, state: State, token: Annotated[str, Form(max_length=MAX_TOKEN)] = ""
) -> Response:
    """Take a token, and give the browser a cookie for it."""
    value = await in_thread(lambda: state.credentials.log_in(token.strip()))
    if value is None:
        return _page(request, wrong=True)
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        state.credentials.login_cookie(),
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
    response.delete_cookie(state.credentials.login_cookie(), httponly=True, samesite="strict")
    return response


def _page(request: Request, *, wrong: bool = False) -> Response:
    """Return the page in English, or in Japanese where the browser wants that first."""
    japanese = request.headers.get("accept-language", "").lower().startswith("ja")
    name = "login.ja.html" if japanese else "login.html"
    message = f"<p role=alert>{_WRONG[name]}</p>" if wrong else ""
    page = asset(name).replace(b"<!-- message -->", message.encode())
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
    return Response(page, 401 if wrong else 200, media_type="text/html", headers=headers)
