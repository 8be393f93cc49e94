"""Collections over HTTP: made, changed, asked, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from api_server import QUESTION, api, ask, bearer

from chatbot import Chatbot


@pytest.fixture(scope="module")
def served_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    folder = tmp_path_factory.mktemp("collections") / "data"
    with api(folder, host="0.0.0.0", requests_per_minute=0) as found:
        yield found


@pytest.fixture(scope="module")
def people(served_bot: tuple[Chatbot, str]) -> dict[str, dict[str, str]]:
    tokens = served_bot[0].tokens
    return {name: bearer(tokens.create(name)) for name in ("anna", "ben")}


class Client:
    """What one person sends."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url, self.headers = url, headers

    def __call__(self, method: str, path: str, **body: Any) -> httpx.Response:  # noqa: ANN401
        sent = {"json": body} if body or method in ("POST", "PATCH") else {}
        return httpx.request(method, self.url + path, headers=self.headers, timeout=60, **sent)

    def add(self, title: str, text: str) -> str:
        made = self("POST", "/api/documents", title=title, text=text).json()
        return str([*made["added"], *made["unchanged"]][0]["id"])

    def collect(self, name: str, *documents: str) -> dict[str, Any]:
        made = self("POST", "/api/collections", name=name, documents=list(documents))
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found


@pytest.fixture
def anna(served_bot: tuple[Chatbot, str], people: dict[str, dict[str, str]]) -> Iterator[Client]:
    client = Client(served_bot[1], people["anna"])
    yield client
    for one in client("GET", "/api/collections").json()["collections"]:
        if not one["shared"]:
            client("DELETE", f"/api/collections/{one['id']}")


@pytest.fixture
def ben(served_bot: tuple[Chatbot, str], people: dict[str, dict[str, str]]) -> Client:
    return Client(served_bot[1], people["ben"])


def test_a_collection_is_made_changed_listed_and_deleted(anna: Client) -> None:
    boats = anna.add("Boats", "The blue boat belongs to Captain Vega.")
    bees = anna.add("Bees", "The hives in Voss hold nine swarms.")
    made = anna.collect("Harbour", boats)
    assert (made["name"], made["documents"], made["shared"]) == ("Harbour", [boats], False)
    path = f"/api/collections/{made['id']}"
    changed = anna("PATCH", path, name="Voss", put=[bees], take=[boats]).json()
    assert changed == made | {"name": "Voss", "documents": [bees]}
    assert anna("GET", "/api/collections").json() == {"collections": [changed]}
    refused = anna("PATCH", path, name="Kept", put=["0" * 64])
    assert (refused.status_code, refused.json()["type"]) == (404, "urn:chatbot:document-not-found")
    assert anna("GET", "/api/collections").json() == {"collections": [changed]}
    assert anna("DELETE", path).status_code == 204
    assert anna("DELETE", path).status_code == 404


def test_a_question_is_answered_from_a_collection_alone(anna: Client) -> None:
    boats = anna.add("Boats", "The blue boat belongs to Captain Vega.")
    anna.collect("Harbour", boats)
    question = "Who does the blue boat belong to?"
    answer = ask(anna.url, question, collection="harbour", headers=anna.headers).json()
    assert "Vega" in answer["text"]
    assert ask(anna.url, QUESTION, collection="Harbour", headers=anna.headers).json()["refused"]
    assert not ask(anna.url, QUESTION, headers=anna.headers).json()["refused"]
    found = anna("GET", "/api/search?query=vehicles&collection=Harbour").json()["sentences"]
    assert {one["document_id"] for one in found} <= {boats}


def test_a_conversation_goes_on_in_its_collection(
    anna: Client, served_bot: tuple[Chatbot, str]
) -> None:
    boats = anna.add("Boats", "The blue boat belongs to Captain Vega.")
    made = anna.collect("Harbour", boats)
    talk = anna("POST", "/api/conversations", title="Boats").json()
    assert talk["collection"] is None

    def asked(**more: object) -> list[str] | None:
        sent = {"conversation": talk["id"], "headers": anna.headers, **more}
        assert ask(anna.url, QUESTION, **sent).status_code == 200
        turns = anna("GET", f"/api/conversations/{talk['id']}/turns").json()["turns"]
        found: list[str] | None = turns[-1]["documents"]
        return found

    def kept() -> str | None:
        found: str | None = anna("GET", f"/api/conversations/{talk['id']}").json()["collection"]
        return found

    assert (asked(), kept()) == (None, None)
    assert (asked(collection="Harbour"), kept()) == ([boats], made["id"])
    assert (asked(), kept()) == ([boats], made["id"])
    assert (asked(collection=""), kept()) == (None, None)
    assert asked(collection=made["id"]) == [boats]
    assert (asked(documents=[boats]), kept()) == ([boats], None)


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"collection": "Habour"}, 404, "no collection 'Habour': the nearest are 'Harbour'"),
        ({"collection": "Empty"}, 422, "The collection 'Empty' has no document to ask about."),
        ({"collection": "Harbour", "documents": []}, 422, "documents or a collection, not both"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    anna: Client, sent: dict[str, Any], status: int, told: str
) -> None:
    anna.collect("Harbour", anna.add("Boats", "The blue boat belongs to Captain Vega."))
    anna.collect("Empty")
    refused = ask(anna.url, "Who?", headers=anna.headers, **sent)
    assert refused.status_code == status
    assert told in refused.json()["detail"]


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb\x00", "\u202e"])
def test_a_name_that_cannot_be_one_is_refused(anna: Client, name: str) -> None:
    assert anna("POST", "/api/collections", name=name).status_code == 422
    assert anna("GET", "/api/collections").json() == {"collections": []}


def test_another_person_neither_sees_nor_changes_it(anna: Client, ben: Client) -> None:
    diary = anna.add("Diary", "Anna Lund keeps seven bees.")
    made = anna.collect("Secrets", diary)
    assert ben("GET", "/api/collections").json() == {"collections": []}
    path = f"/api/collections/{made['id']}"
    assert ben("PATCH", path, name="Mine").status_code == 404
    assert ben("DELETE", path).status_code == 404
    for name in ("Secrets", made["id"]):
        assert ask(ben.url, "Who?", collection=name, headers=ben.headers).status_code == 404
    assert ben("POST", "/api/collections", name="Mine", documents=[diary]).status_code == 404
    assert anna("GET", "/api/collections").json() == {"collections": [made]}


def test_everybodys_is_seen_and_asked_and_not_changed(
    anna: Client, served_bot: tuple[Chatbot, str]
) -> None:
    bot = served_bot[0]
    made = bot.collections.create("Article", [bot.documents()[0].id])
    try:
        [seen] = anna("GET", "/api/collections").json()["collections"]
        assert seen["shared"]
        answer = ask(anna.url, QUESTION, collection="article", headers=anna.headers).json()
        assert "101" in answer["text"]
        refused = anna("PATCH", f"/api/collections/{made.id}", name="Mine")
        assert refused.status_code == 422
        assert "belongs to everybody" in refused.json()["detail"]
    finally:
        bot.collections.delete("Article")
