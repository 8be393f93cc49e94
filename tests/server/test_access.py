"""Who may reach the server from elsewhere: tokens, the login, what is whose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_server import QUESTION, api, ask, bearer
from documents_helpers import make_pdf
from ui_fakes import FakeBot
from ui_live import served

from chatbot import Chatbot
from chatbot.errors import SettingsError
from chatbot.server import create_app
from chatbot.store import Tokens

PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def served_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    """A server that other machines would reach, on loopback all the same."""
    with api(tmp_path_factory.mktemp("access") / "data", host="0.0.0.0") as found:
        yield found


@pytest.fixture(scope="module")
def url(served_bot: tuple[Chatbot, str]) -> str:
    return served_bot[1]


@pytest.fixture
def tokens(served_bot: tuple[Chatbot, str]) -> Iterator[Tokens]:
    made = served_bot[0].tokens
    yield made
    for row in made.list():
        made.revoke(row.name)


# ---- tokens


def test_a_token_is_kept_as_a_hash_only(served_bot: tuple[Chatbot, str], tokens: Tokens) -> None:
    token = tokens.create("anna")
    folder = served_bot[0].settings.data_dir
    for file in folder.rglob("*"):
        if file.is_file():
            assert token.encode() not in file.read_bytes(), file.name
    assert tokens.find(token) == "anna"


@pytest.mark.parametrize("name", ["", " ", "a b", "../x", "x" * 65, "-x", "é", "a\n"])
def test_a_name_that_cannot_be_one_is_refused(tokens: Tokens, name: str) -> None:
    with pytest.raises(SettingsError):
        tokens.create(name)


def test_a_name_has_one_token_at_a_time(tokens: Tokens) -> None:
    first = tokens.create("anna")
    with pytest.raises(SettingsError, match="revoke it first"):
        tokens.create("anna")
    tokens.revoke("anna")
    assert tokens.create("anna") != first
    with pytest.raises(SettingsError, match="no token"):
        tokens.revoke("nobody")


@pytest.mark.parametrize(
    "path",
    ["/", "/api/documents", "/api/docs", "/api/openapi.json", "/v1/models", "/metrics", "/config"],
)
def test_without_a_token_nothing_is_told(url: str, path: str) -> None:
    response = httpx.get(url + path)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert httpx.get(url + path, headers=bearer("cb_made-up")).status_code == 401
    assert httpx.get(url + path, headers=bearer("made-up")).status_code == 401


def test_health_is_told_to_everybody(url: str) -> None:
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert httpx.get(f"{url}/readyz").status_code == 200


def test_a_token_lets_in_until_it_is_revoked(url: str, tokens: Tokens) -> None:
    token = tokens.create("anna")
    assert ask(url, headers=bearer(token)).status_code == 200
    assert httpx.get(f"{url}/metrics", headers=bearer(token)).status_code == 200
    assert httpx.get(f"{url}/api/tokens", headers=bearer(token)).status_code == 403
    tokens.revoke("anna")
    assert ask(url, headers=bearer(token)).status_code == 401


def test_each_token_has_its_own_documents_and_conversations(url: str, tokens: Tokens) -> None:
    anna, ben = bearer(tokens.create("anna")), bearer(tokens.create("ben"))
    body = {"title": "Diary", "text": "Anna Lund keeps seven bees in Voss."}
    [mine] = httpx.post(f"{url}/api/documents", json=body, headers=anna).json()["added"]
    assert not mine["shared"]
    question = "How many bees does Anna Lund keep?"
    assert "seven" in ask(url, question, headers=anna).json()["text"]
    other = ask(url, question, headers=ben).json()
    assert "seven" not in str(other)
    assert httpx.get(f"{url}/api/documents/{mine['id']}", headers=ben).status_code == 404
    assert httpx.delete(f"{url}/api/documents/{mine['id']}", headers=ben).status_code == 404
    assert ask(url, question, documents=[mine["id"]], headers=ben).status_code == 404
    found = httpx.get(f"{url}/api/search", params={"query": "bees in Voss"}, headers=ben)
    assert "bees" not in found.text
    # What is everybody's, both see.
    assert "101" in ask(url, QUESTION, headers=ben).json()["text"]
    body = {"title": "Bees"}
    talk = httpx.post(f"{url}/api/conversations", json=body, headers=anna).json()["id"]
    assert ask(url, conversation=talk, headers=ben).status_code == 404
    for path in (f"/api/conversations/{talk}", f"/api/conversations/{talk}/turns"):
        assert httpx.get(url + path, headers=ben).status_code == 404
        assert httpx.get(url + path, headers=anna).status_code == 200


def test_a_document_that_everybody_has_is_hidden_for_one_alone(url: str, tokens: Tokens) -> None:
    anna, ben = bearer(tokens.create("anna")), bearer(tokens.create("ben"))
    rows = httpx.get(f"{url}/api/documents", headers=anna).json()["documents"]
    [shared] = [row["id"] for row in rows if row["shared"]]
    assert httpx.delete(f"{url}/api/documents/{shared}", headers=anna).status_code == 204
    assert ask(url, headers=anna).json()["refused"]
    assert not ask(url, headers=ben).json()["refused"]


# ---- the login


def test_a_browser_without_a_token_is_sent_to_the_login(url: str) -> None:
    response = httpx.get(f"{url}/", headers=PAGE)
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    page = httpx.get(f"{url}/login", headers=PAGE)
    assert page.status_code == 200
    assert "<form" in page.text
    assert httpx.get(f"{url}/api/assets/login.css").status_code == 200
    assert "set-cookie" not in page.headers


def test_a_browser_logs_in_with_a_token_and_out_again(url: str, tokens: Tokens) -> None:
    token = tokens.create("anna")
    with httpx.Client(base_url=url, headers=PAGE) as browser:
        wrong = browser.post("/login", data={"token": "cb_made-up<script>"})
        assert wrong.status_code == 401
        assert "<script>" not in wrong.text
        done = browser.post("/login", data={"token": f" {token} "})
        assert (done.status_code, done.headers["location"]) == (303, "/")
        cookie = done.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Max-Age"))
        assert "Secure" not in cookie
        assert token not in cookie
        assert browser.get("/api/documents").status_code == 200
        browser.post("/logout")
        assert browser.get("/api/documents").status_code == 303


@pytest.mark.slow
def test_the_page_is_for_those_who_have_logged_in(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path / "data")
    token = bot.tokens.create("anna")
    app = create_app(bot, host="0.0.0.0")
    with served(bot, page=True, app=app) as url, httpx.Client(base_url=url) as browser:
        for path in ("/config", "/gradio_api/info", "/gradio_api/heartbeat/x"):
            assert browser.get(path).status_code == 401, path
        assert browser.post("/gradio_api/upload", files={"files": b"x"}).status_code == 401
        assert browser.post("/gradio_api/queue/join", json={}).status_code == 401
        browser.post("/login", data={"token": token})
        assert "<html" in browser.get("/", headers=PAGE).text
        assert browser.get("/config").status_code == 200


def test_behind_https_the_cookie_is_for_https_only(url: str, tokens: Tokens) -> None:
    token = tokens.create("anna")
    headers = {"x-forwarded-proto": "https"}
    done = httpx.post(f"{url}/login", data={"token": token}, headers=headers)
    assert "Secure" in done.headers["set-cookie"]


def test_a_login_ends_with_its_token(url: str, tokens: Tokens) -> None:
    with httpx.Client(base_url=url) as browser:
        browser.post("/login", data={"token": tokens.create("anna")})
        assert browser.get("/api/documents").status_code == 200
        tokens.revoke("anna")
        tokens.create("anna")
        assert browser.get("/api/documents").status_code == 401


def test_a_login_cannot_be_made_up(url: str, tokens: Tokens) -> None:
    with httpx.Client(base_url=url) as browser:
        browser.post("/login", data={"token": tokens.create("anna")})
        [(name, value)] = browser.cookies.items()
    for forged in ("", "anna", value[:-2], value.replace("anna", "ben"), "é"):
        cookie = f"{name}={forged}".encode()
        assert httpx.get(f"{url}/api/documents", headers={b"cookie": cookie}).status_code == 401


def test_another_site_cannot_use_a_login(url: str, tokens: Tokens) -> None:
    with httpx.Client(base_url=url) as browser:
        browser.post("/login", data={"token": tokens.create("anna")})
        body = {"title": "x", "text": "Planted."}
        for origin in ("https://evil.test", "null"):
            headers = {"origin": origin}
            assert browser.post("/api/documents", json=body, headers=headers).status_code == 403


# ---- a program of this machine


def test_on_this_machine_a_program_shares_what_is_everybodys_and_sees_nobodys_own(
    tmp_path: Path,
) -> None:
    with api(tmp_path / "data") as (bot, url):
        bot.for_owner("somebody").add_text("Anna Lund keeps bees in Voss.", title="Diary")
        made = httpx.post(
            f"{url}/api/documents", json={"title": "Ferry", "text": "The ferry leaves at 9:40."}
        ).json()["added"][0]
        assert made["shared"]
        titles = [row["title"] for row in httpx.get(f"{url}/api/documents").json()["documents"]]
        assert "Ferry" in titles
        assert "Diary" not in titles
        assert httpx.delete(f"{url}/api/documents/{made['id']}").status_code == 204
        assert "Ferry" not in [document.title for document in bot.documents()]
        # Any key that a client sends by habit is left alone; one of ours must be right.
        assert ask(url, headers=bearer("sk-whatever")).status_code == 200
        assert ask(url, headers=bearer("cb_made-up")).status_code == 401


# ---- pages


def test_pages_are_shown_to_those_who_see_the_document(url: str, tokens: Tokens) -> None:
    anna, ben = (bearer(tokens.create(name)) for name in ("anna", "ben"))
    file = {"file": ("plan.pdf", make_pdf([["The plan has 4 gates."], ["It rains."]]))}
    added = httpx.post(f"{url}/api/files", files=file, headers=anna, timeout=60).json()
    document = f"{url}/api/documents/{added['added'][0]['id']}"
    for path in ("/pages", "/pages/1", "/boxes?sentence=0"):
        assert httpx.get(document + path, headers=ben).status_code == 404
        assert httpx.get(document + path).status_code == 401
    assert len(httpx.get(f"{document}/pages", headers=anna).json()["pages"]) == 2
    for _ in range(2):  # drawn, and from what is kept
        picture = httpx.get(f"{document}/pages/2?width=300", headers=anna)
        assert picture.headers["content-type"] == "image/webp"
        assert picture.content[:4] == b"RIFF"
        assert "private" in picture.headers["cache-control"]
    assert httpx.get(f"{document}/pages/3", headers=anna).status_code == 404
    found = httpx.get(f"{document}/boxes?sentence=1&sentence=99&sentence=0", headers=anna).json()
    assert [len(boxes) for boxes in found["sentences"]] == [1, 0, 1]
    assert [found["sentences"][n][0]["page"] for n in (0, 2)] == [2, 1]


def test_a_document_without_pages_says_so(url: str, tokens: Tokens) -> None:
    anna = bearer(tokens.create("anna"))
    sent = {"title": "Notes", "text": "The hedge is green."}
    added = httpx.post(f"{url}/api/documents", json=sent, headers=anna, timeout=60).json()
    document = added["added"][0]["id"]
    answer = httpx.get(f"{url}/api/documents/{document}/pages", headers=anna)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "The pages of Notes cannot be shown, only its text."
