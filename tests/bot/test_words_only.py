"""Questions while the Chroma server is gone: words are searched, and the answer says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_server import ask
from servers import Servers
from ui_live import served

from chatbot import Chatbot, Settings
from chatbot.errors import StoreUnreachable
from chatbot.server import create_app

pytestmark = pytest.mark.slow

TEXT = "The harbour of Vardal has two cranes. The larger crane lifts 40 tonnes."
QUESTION = "How much does the larger crane lift?"


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def settings(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> Settings:
    url = servers.new_place(tmp_path).database_url if request.param == "PostgreSQL" else None
    return Settings(
        data_dir=tmp_path / "data",
        database_url=url,
        chroma_url=servers.chroma_url,
        corpus_dir=None,
    )


@pytest.fixture
def gone(servers: Servers) -> Iterator[Servers]:
    """The servers, whose Chroma is back at the end whatever a test does with it."""
    yield servers
    if servers.chroma.process is None:
        servers.chroma.start()


def test_words_alone_answer_while_chroma_is_gone_and_meanings_when_it_is_back(
    settings: Settings, gone: Servers
) -> None:
    with Chatbot.from_settings(settings) as bot:
        bot.add_text(TEXT, title="Harbour")
        whole = bot.ask(QUESTION)
        assert "40 tonnes" in whole.text
        assert whole.notice is None
        gone.chroma.kill()
        for _ in range(2):  # with the connection that broke, and without one
            answer = bot.ask(QUESTION)
            assert answer.text == whole.text
            assert [one.text for one in answer.citations] == [one.text for one in whole.citations]
            assert "only words were searched" in (answer.notice or "")
        unknown = bot.ask("Who painted the lighthouse?")
        assert unknown.refused
        assert "only words were searched" in (unknown.notice or "")
        with pytest.raises(StoreUnreachable, match="does not answer"):
            bot.search(QUESTION)
        gone.chroma.start()
        assert bot.ask(QUESTION).notice is None
        assert bot.search(QUESTION)[0].text == whole.citations[0].text


def test_a_bot_that_starts_while_chroma_is_gone_answers(settings: Settings, gone: Servers) -> None:
    with Chatbot.from_settings(settings) as bot:
        bot.add_text(TEXT, title="Harbour")
    gone.chroma.kill()
    with Chatbot.from_settings(settings) as bot:
        assert "only words were searched" in (bot.ask(QUESTION).notice or "")
        gone.chroma.start()
        assert bot.ask(QUESTION).notice is None
        assert len(bot.add_text("A ferry leaves at noon.", title="Ferry").added) == 1


def test_the_server_answers_with_a_notice_and_goes_on(settings: Settings, gone: Servers) -> None:
    with Chatbot.from_settings(settings) as bot:
        bot.add_text(TEXT, title="Harbour")
        with served(bot, app=create_app(bot)) as url:
            gone.chroma.kill()
            answer = ask(url, QUESTION).json()
            assert "40 tonnes" in answer["text"]
            assert "only words were searched" in answer["notice"]
            refused = httpx.get(f"{url}/api/search", params={"query": QUESTION}, timeout=90)
            assert refused.status_code == 503
            assert "Chroma server" in refused.json()["detail"]
            gone.chroma.start()
            assert ask(url, QUESTION).json()["notice"] is None
