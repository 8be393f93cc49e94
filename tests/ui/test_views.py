"""What the page reads beside the API, and what a browser may change through it."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient
from ui_fakes import FakeBot, answer

from chatbot.errors import StoreDamaged
from chatbot.server import create_app
from chatbot.ui.assets import STATIC
from chatbot.ui.views import ROUTES

TEXT = "Ann sent 12 boxes to Bo.\nCy stayed at home."
HOME = "http://127.0.0.1"


@pytest.fixture
def bot(tmp_path: Path) -> FakeBot:
    bot = FakeBot(tmp_path)
    bot.add_text(TEXT, title="Boxes")
    return bot


@pytest.fixture
def nobody(bot: FakeBot) -> TestClient:
    """A browser that keeps no cookie."""
    app = create_app(bot)
    app.router.routes.extend(ROUTES)
    return TestClient(app, base_url=HOME, headers={"origin": HOME})


@pytest.fixture
def browser(nobody: TestClient) -> TestClient:
    found = nobody.get("/", headers={"accept": "text/html"}).headers["set-cookie"]
    nobody.headers["cookie"] = found.partition(";")[0]
    nobody.cookies.clear()
    return nobody


def test_a_document_is_read_with_its_sentences(browser: TestClient, bot: FakeBot) -> None:
    view = browser.get(f"/page/documents/{bot.documents()[0].id}").json()
    assert view["title"] == "Boxes"
    assert view["blocks"][1]["pieces"] == [[1, "Cy stayed at home."]]


def test_a_document_that_is_gone_is_one_sentence(browser: TestClient) -> None:
    gone = browser.get("/page/documents/gone")
    assert gone.status_code == 404
    assert gone.json()["detail"] == "There is no such document any more."


def test_the_list_has_what_a_person_sees_and_tells_of_no_text(
    browser: TestClient, bot: FakeBot
) -> None:
    browser.post("/api/documents", json={"title": "Mine", "text": "A text of mine."})
    browser.post("/api/collections", json={"name": "Leases", "documents": []})
    view = browser.get("/page/documents").json()
    assert [(one["title"], one["shared"]) for one in view["documents"]] == [
        ("Boxes", True),
        ("Mine", False),
    ]
    assert [(one["name"], one["shared"]) for one in view["collections"]] == [("Leases", False)]
    assert view["starters"] == list(bot.suggestions())
    assert "text" not in view["documents"][0]
    assert "owner" not in str(view)


def test_who_has_no_cookie_changes_nothing_for_everybody(nobody: TestClient, bot: FakeBot) -> None:
    made = bot.collections.create("Project")
    scripts = (STATIC / "dom.js").read_text(encoding="utf-8")
    for method, path, sent in (
        ("POST", "/api/documents", {"title": "Mine", "text": "Mine."}),
        ("DELETE", f"/api/documents/{bot.documents()[0].id}", None),
        ("POST", "/api/collections", {"name": "Mine", "documents": []}),
        ("PATCH", f"/api/collections/{made.id}", {"name": "Mine", "put": [], "take": []}),
        ("DELETE", f"/api/collections/{made.id}", None),
        ("POST", "/api/files", None),
    ):
        refused = nobody.request(method, path, json=sent)
        assert refused.status_code == 403
        assert "keeps no cookie" in refused.json()["detail"]
        assert refused.json()["type"] in scripts  # they say it in the language of the page
    assert [one["title"] for one in nobody.get("/page/documents").json()["documents"]] == ["Boxes"]
    assert bot.collections.list() == [made]
    del nobody.headers["origin"]  # a program of this machine
    text = {"title": "Notes", "text": "For everybody."}
    assert nobody.post("/api/documents", json=text).status_code == 201


def test_looking_through_the_page_counts_against_no_limit(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path)
    bot.settings = bot.settings.model_copy(update={"requests_per_minute_all": 2})
    client = TestClient(create_app(bot), base_url=HOME)
    cookie = client.get("/", headers={"accept": "text/html"}).headers["set-cookie"]
    client.cookies.clear()
    for headers, last in (({"cookie": cookie.partition(";")[0]}, 200), ({}, 429)):
        codes = [client.get("/api/conversations", headers=headers).status_code for _ in range(3)]
        assert codes == [200, 200, last]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("notes/b/a.txt", "notes/b/a.txt"),
        ("../../etc/a.txt", "etc/a.txt"),
        ("C:\\notes\\a.txt", "C:/notes/a.txt"),
        ("", "sent.txt"),
    ],
)
def test_a_file_of_a_folder_is_named_with_it_and_never_above_it(
    browser: TestClient, name: str, title: str
) -> None:
    file = {"file": ("folder/sent.txt", b"A new text.")}
    added = browser.post("/api/files", files=file, data={"name": name}).json()["added"]
    assert [one["title"] for one in added] == [title]


def test_a_store_that_cannot_be_read_is_one_sentence(
    browser: TestClient, bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: FakeBot) -> None:
        raise StoreDamaged("The store cannot be read; repair it with chatbot doctor.")

    monkeypatch.setattr(FakeBot, "documents", broken)
    view = browser.get("/page/documents").json()
    assert view["detail"].startswith("The store cannot be read")


def test_a_conversation_is_read_as_it_was_in_the_language_of_the_browser(
    browser: TestClient, bot: FakeBot
) -> None:
    talk = browser.post("/api/conversations", json={"title": "Rent"}).json()["id"]
    browser.post("/api/documents", json={"title": "Mine", "text": "A text of mine."})
    kept = bot.for_owner(bot.documents()[-1].owner).conversations
    turn = kept.append(talk, question="Who?", answer=answer(bot, "Who?", "Ann."))
    kept.rate(turn.id, rating=1, remark="Good.")
    view = browser.get(f"/page/conversations/{talk}", headers={"accept-language": "ja"}).json()
    assert view["conversation"]["title"] == "Rent"
    [shown] = view["turns"]
    assert (shown["rating"], shown["remark"], shown["documents"]) == (1, "Good.", None)
    assert shown["byline"] == "文書からの引用"
    for form, media_type in (("md", "text/markdown"), ("json", "application/json")):
        made = browser.get(f"/page/conversations/{talk}/export", params={"format": form}).json()
        assert (made["name"], made["type"]) == (f"rent.{form}", media_type)
