"""Links to conversations over HTTP: what they open, and that they open nothing else."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_server import QUESTION, TRUCKS, api, ask, bearer, wait_for
from ui_fakes import FakeBot
from ui_live import served

from chatbot import Chatbot, Conversation
from chatbot.server.watched import HEADERS
from chatbot.server.watching import JsonLines
from chatbot.store import Links

SECRET = "Anna Lund keeps seven bees in Voss."
EVIL = "<script>window.hit=1</script><img src=x onerror=window.hit=2>"


@pytest.fixture(scope="module")
def served_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    """A server that other machines would reach, with links switched on."""
    folder = tmp_path_factory.mktemp("links") / "data"
    options = {"page": True, "share_links": True, "requests_per_minute": 0}
    with api(folder, host="0.0.0.0", **options) as found:
        yield found


@pytest.fixture(scope="module")
def url(served_bot: tuple[Chatbot, str]) -> str:
    return served_bot[1]


@pytest.fixture(scope="module")
def people(served_bot: tuple[Chatbot, str]) -> dict[str, dict[str, str]]:
    tokens = served_bot[0].tokens
    return {name: bearer(tokens.create(name)) for name in ("anna", "ben")}


@pytest.fixture
def talk(url: str, people: dict[str, dict[str, str]]) -> str:
    """Return the id of a conversation of Anna's with one answer."""
    anna = people["anna"]
    made = httpx.post(f"{url}/api/conversations", json={"title": "Trucks"}, headers=anna)
    assert ask(url, conversation=made.json()["id"], headers=anna).status_code == 200
    return str(made.json()["id"])


def share(url: str, talk: str, headers: dict[str, str], **more: Any) -> httpx.Response:  # noqa: ANN401
    return httpx.post(f"{url}/api/conversations/{talk}/links", json=more, headers=headers)


@pytest.fixture
def link(url: str, talk: str, people: dict[str, dict[str, str]]) -> dict[str, Any]:
    made = share(url, talk, people["anna"])
    assert made.status_code == 201
    found: dict[str, Any] = made.json()
    return found


def read(url: str, link: dict[str, Any], **headers: str) -> httpx.Response:
    return httpx.get(url + link["path"], headers=headers)


def test_whoever_has_the_link_reads_the_conversation(url: str, link: dict[str, Any]) -> None:
    page = read(url, link)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>Trucks</h1>" in page.text
    assert QUESTION in page.text
    assert f"<q>{TRUCKS}</q>" in page.text
    ends = datetime.fromisoformat(link["expires"]) - datetime.fromisoformat(link["created"])
    assert ends == timedelta(days=7)
    japanese = read(url, link, **{"accept-language": "ja"}).text
    assert '<html lang="ja">' in japanese
    assert f"このリンクは {link['expires'][:10]} まで有効です" in japanese


def test_the_page_is_kept_by_nobody_and_runs_nothing(url: str, link: dict[str, Any]) -> None:
    page = read(url, link)
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in page.text
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'\"" in page.text
    for name, value in HEADERS.items():
        assert page.headers[name] == value
    assert "set-cookie" not in page.headers
    assert not re.search(r"<(script|img|iframe|form|link)|src=|href=\"[^#]", page.text)


def test_words_of_a_document_are_no_markup_there(
    served_bot: tuple[Chatbot, str], url: str, talk: str
) -> None:
    anna = served_bot[0].for_owner("token:anna")
    [turn] = anna.conversations.turns(talk)
    cited = replace(turn.answer.citations[0], text=EVIL, title=EVIL, source="/home/anna/x.pdf")
    answer = replace(turn.answer, text=EVIL, claims=(), citations=(cited,), notice=EVIL)
    begun = anna.conversations.start(EVIL)
    anna.conversations.append(begun.id, question=EVIL, answer=answer)
    page = httpx.get(f"{url}/shared/{anna.links.create(begun.id).token}").text
    assert page.count("&lt;script&gt;") >= 5
    assert "<script" not in page
    assert "<img" not in page
    assert "/home/anna" not in page


def test_citations_stay_as_they_were(
    served_bot: tuple[Chatbot, str], url: str, people: dict[str, dict[str, str]]
) -> None:
    anna = served_bot[0].for_owner("token:anna")
    document = anna.add_text(SECRET, title="Diary").added[0]
    begun = anna.conversations.start("Bees")
    question = "How many bees does Anna Lund keep?"
    anna.conversations.append(begun.id, question=question, answer=anna.ask(question))
    link = f"{url}/shared/{anna.links.create(begun.id).token}"
    before = httpx.get(link).text
    assert f"<q>{SECRET}</q>" in before
    anna.add_text("Anna Lund keeps eight bees in Voss.", title="Diary")
    assert document.id not in [one.id for one in anna.documents()]
    assert ask(url, "Where?", conversation=begun.id, headers=people["anna"]).status_code == 200
    assert httpx.get(link).text == before


# ---- nothing else


def test_a_link_opens_nothing_else(
    url: str, link: dict[str, Any], talk: str, people: dict[str, dict[str, str]]
) -> None:
    own = httpx.get(f"{url}/api/documents", headers=people["anna"]).json()["documents"]
    paths = ["/", "/config", "/api/documents", "/api/conversations", "/api/links", "/metrics"]
    paths += [f"/api/conversations/{talk}", f"/api/conversations/{talk}/turns"]
    paths += [f"/api/conversations/{talk}/links", f"/api/documents/{own[0]['id']}", "/v1/models"]
    token = link["token"]
    with httpx.Client(base_url=url) as client:
        client.cookies.set("chatbot-login", token)
        for headers in (bearer(token), {"referer": url + link["path"]}, {"cookie": token}):
            for path in paths:
                assert client.get(path, headers=headers).status_code == 401, path
                assert client.get(f"{path}?token={token}").status_code == 401, path
        for path in (f"{link['path']}/", f"{link['path']}/..", f"{link['path']}/turns"):
            assert client.get(path).status_code == 401, path
        for path in ("%2e%2e%2fapi%2fdocuments", "..;/config", "%2e%2e/api/documents", "a%2fb"):
            assert client.get(f"/shared/{path}").status_code == 401, path
        for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
            answered = client.request(method, link["path"])
            assert answered.status_code == 401, method
        assert client.post("/login", data={"token": token}).status_code == 401


def test_other_links_are_not_opened_with_it(url: str, link: dict[str, Any]) -> None:
    token = link["token"]
    for other in (token[:-1], token.upper(), link["id"], "cs_", "x", "A" * 100):
        page = httpx.get(f"{url}/shared/{other}")
        assert page.status_code == 404
        assert "This link does not work any more" in page.text
        assert "Trucks" not in page.text
        assert page.headers["x-robots-tag"] == "noindex, nofollow"


def test_another_person_cannot_make_see_or_take_back_a_link(
    url: str, link: dict[str, Any], talk: str, people: dict[str, dict[str, str]]
) -> None:
    ben = people["ben"]
    assert share(url, talk, ben).status_code == 404
    path = f"{url}/api/conversations/{talk}/links"
    assert httpx.get(path, headers=ben).status_code == 404
    assert httpx.delete(f"{url}/api/links/{link['id']}", headers=ben).status_code == 404
    assert httpx.delete(f"{url}/api/links/{link['id']}").status_code == 401
    assert share(url, talk, {}).status_code == 401
    assert read(url, link).status_code == 200


# ---- its end


def test_a_link_is_listed_and_taken_back_at_once(
    url: str, link: dict[str, Any], talk: str, people: dict[str, dict[str, str]]
) -> None:
    anna = people["anna"]
    other = share(url, talk, anna, days=30).json()
    listed = httpx.get(f"{url}/api/conversations/{talk}/links", headers=anna).json()["links"]
    assert {one["id"] for one in listed} == {link["id"], other["id"]}
    assert not any("token" in one or "path" in one for one in listed)
    assert httpx.delete(f"{url}/api/links/{link['id']}", headers=anna).status_code == 204
    assert read(url, link).status_code == 404
    assert read(url, other).status_code == 200
    assert httpx.delete(f"{url}/api/links/{link['id']}", headers=anna).status_code == 404
    assert httpx.delete(f"{url}/api/conversations/{talk}", headers=anna).status_code == 204
    assert read(url, other).status_code == 404


def test_a_link_ends_by_the_clock(served_bot: tuple[Chatbot, str], url: str, talk: str) -> None:
    home = served_bot[0]._store.parts.home
    week = timedelta(days=7)
    for made, status in (
        (datetime.now(UTC) - week - timedelta(seconds=1), 404),
        (datetime.now(UTC) - week + timedelta(hours=1), 200),
    ):
        links = Links(home, owner="token:anna", clock=lambda made=made: made)  # type: ignore[misc]
        assert httpx.get(f"{url}/shared/{links.create(talk).token}").status_code == status


@pytest.mark.parametrize("days", [0, 91, -1, 1.5, "7", None])
def test_a_time_that_cannot_be_one_is_refused(
    url: str, talk: str, people: dict[str, dict[str, str]], days: object
) -> None:
    assert share(url, talk, people["anna"], days=days).status_code == 422


# ---- around it


def test_a_token_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    record = logging.LogRecord(
        "x", logging.INFO, "", 0, f"GET /shared/cs_{'a1-_' * 10}", None, None
    )
    assert json.loads(JsonLines().format(record))["message"] == "GET /shared/[hidden]"


def test_a_request_is_logged_without_its_link(
    url: str, link: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="chatbot.requests"):
        read(url, link)
        # The line is written after the answer has gone out.
        wait_for(lambda: "/shared/{token}" in str(told_of(caplog)))
    [told] = [one for one in told_of(caplog) if one["route"] == "/shared/{token}"]
    assert told["who"] == "link"
    assert link["token"] not in str(told_of(caplog))


def told_of(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record)["told"] for record in caplog.records if "told" in vars(record)]


def test_who_opens_links_meets_the_limit_of_a_minute(tmp_path: Path) -> None:
    with api(
        tmp_path / "data", host="0.0.0.0", page=True, share_links=True, requests_per_minute=3
    ) as (bot, url):
        # More than two minutes' worth, since a new minute may begin between.
        statuses = [httpx.get(f"{url}/shared/cs_{number}").status_code for number in range(9)]
        assert statuses[:3] == [404] * 3
        assert 429 in statuses
        token = bearer(bot.tokens.create("anna"))
        assert httpx.get(f"{url}/api/documents", headers=token).status_code == 200


def test_without_the_setting_there_are_no_links(tmp_path: Path) -> None:
    with api(tmp_path / "data", page=True) as (bot, url):
        talk: Conversation = bot.conversations.start("Trucks")
        bot.conversations.append(talk.id, question=QUESTION, answer=bot.ask(QUESTION))
        [key] = re.findall(r'"key": "([^"]+)"', (tmp_path / "data" / "server.json").read_text())
        refused = share(url, talk.id, bearer(key))
        assert refused.status_code == 403
        assert "CHATBOT_SHARE_LINKS=1" in refused.json()["detail"]
        assert httpx.get(f"{url}/shared/{bot.links.create(talk.id).token}").status_code == 404


def test_a_browser_with_a_link_becomes_nobody(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path / "data", share_links=True)
    with served(bot, page=True) as url:
        page = httpx.get(f"{url}/shared/cs_x", headers={"accept": "text/html"})
        assert page.status_code == 404
        assert "set-cookie" not in page.headers
