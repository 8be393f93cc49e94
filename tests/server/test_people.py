"""Who is asking: a signed cookie for each browser."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from chatbot.server.access import OWNER
from chatbot.server.access.people import KEY_FILE, Credentials, People, load_key

PAGE = {"accept": "text/html"}


def client(key: bytes) -> TestClient:
    def who(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.scope[OWNER])

    no_tokens: Any = None
    credentials = Credentials(key, no_tokens)
    app = Starlette(routes=[Route("/", who)])
    return TestClient(People(app, credentials=credentials, local=True))


def test_a_browser_stays_the_same_person_and_two_are_two(tmp_path: Path) -> None:
    key = load_key(tmp_path)
    anna, ben = client(key), client(key)
    person = anna.get("/", headers=PAGE).text
    assert person
    assert anna.get("/", headers=PAGE).text == person
    assert anna.get("/").text == person  # what the page asks later, too
    assert ben.get("/", headers=PAGE).text not in ("", person)


def test_a_request_without_a_cookie_is_nobody_and_gets_none(tmp_path: Path) -> None:
    response = client(load_key(tmp_path)).get("/", headers={"accept": "application/json"})
    assert response.text == ""
    assert "set-cookie" not in response.headers


def test_a_made_up_or_changed_cookie_is_nobody(tmp_path: Path) -> None:
    anna = client(load_key(tmp_path))
    person = anna.get("/", headers=PAGE).text
    ((name, value),) = anna.cookies.items()
    anna.cookies.clear()
    for forged in (person, value[:-2] + "xx", "0.0" + value[3:], "", "é", '"'):
        cookie = f"{name}={forged}".encode()
        assert anna.get("/", headers={b"cookie": cookie}).text == ""
    assert anna.get("/", headers={b"cookie": f"{name}={value}".encode()}).text == person


def test_a_cookie_of_another_store_is_nobody(tmp_path: Path) -> None:
    anna, other = client(load_key(tmp_path / "a")), client(load_key(tmp_path / "b"))
    anna.get("/", headers=PAGE)
    other.cookies = anna.cookies
    assert other.get("/").text == ""


def test_the_cookie_is_out_of_reach_of_scripts_and_the_key_of_others(tmp_path: Path) -> None:
    response = client(load_key(tmp_path)).get("/", headers=PAGE)
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert load_key(tmp_path) == load_key(tmp_path)
