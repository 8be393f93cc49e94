"""Guides to documents over HTTP, and made by the server before anybody asks for them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from chatbot import Chatbot, Settings
from chatbot.errors import StoreError
from chatbot.server import app, create_app
from chatbot.server.state import Slots

TEXT = (
    "The mill at Orre was built by Anna Lund on 3 June 1911 for 40,000 crowns. "
    "Anna Lund ran the mill with nine workers until the river was turned in 1958."
)


def test_a_guide_is_read_over_http(tmp_path: Path) -> None:
    bot = Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None))
    with bot, TestClient(create_app(bot), base_url="http://127.0.0.1") as client:
        added = client.post("/api/documents", json={"text": TEXT, "title": "Mill"}).json()
        address = f"/api/documents/{added['added'][0]['id']}/guide"
        guide = client.get(address).json()
        assert guide["names"] == [{"text": "Anna Lund", "sentence_index": 0}]
        assert guide["dates"][0] == {"text": "3 June 1911", "sentence_index": 0}
        assert guide["numbers"] == [{"text": "40,000 crowns", "sentence_index": 0}]
        assert guide["overview"][0]["text"] == TEXT.split(". ")[0] + "."
        assert guide["questions"]
        assert client.get(f"/api/documents/{'0' * 64}/guide").status_code == 404


class Adding:
    """Has documents that are added one after the other; one cannot be told about."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, *documents: str) -> None:
        self.guides = self
        self.documents = documents
        self.made: list[str] = []
        self.ending = asyncio.Event()

    def added_after(self, number: int | None) -> tuple[int, str | None]:
        if number is None:
            return 0, None
        if number == len(self.documents):
            self.loop.call_soon_threadsafe(self.ending.set)
            return number, None
        return number + 1, self.documents[number]

    def of(self, document_id: str) -> None:
        if document_id == "gone":
            raise StoreError("The document was removed meanwhile.")
        self.made.append(document_id)


def test_the_server_makes_the_guides_to_what_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "GUIDE_SECONDS", 0.01)

    async def serve() -> list[str]:
        bot = Adding("one", "gone", "two")
        bot.loop = asyncio.get_running_loop()
        slots = Slots(at_once=1, waiting=1)
        async with slots.slot():
            making = asyncio.create_task(app.make_guides(bot, slots, bot.ending))
            await asyncio.wait([making], timeout=0.2)
            assert bot.made == []  # an answer is being made
        await asyncio.wait_for(making, 60)
        return bot.made

    assert asyncio.run(serve()) == ["one", "two"]
