"""Saved conversations: kept as they were, one person's alone, with feedback."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot import Chatbot, Settings
from chatbot.errors import ConversationNotFound
from chatbot.store import sql
from chatbot.types import Answer

QUESTION = "How many vehicles did Japan send to Ukraine?"


@pytest.fixture(scope="module")
def answer(article_bot: Chatbot) -> Answer:
    return article_bot.ask(QUESTION)


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Chatbot]:
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "data", corpus_dir=None)) as opened:
        yield opened


def test_a_conversation_comes_back_after_a_restart_as_it_was(
    tmp_path: Path, answer: Answer
) -> None:
    settings = Settings(data_dir=tmp_path / "data", corpus_dir=None)
    with Chatbot.from_settings(settings) as bot:
        conversations = bot.for_owner("anna").conversations
        started = conversations.start(QUESTION)
        conversations.append(started.id, question=QUESTION, answer=answer, documents=["x"])
    with Chatbot.from_settings(settings) as bot:
        (turn,) = bot.for_owner("anna").conversations.turns(started.id)
        assert turn.answer == answer
        assert (turn.question, turn.documents) == (QUESTION, ("x",))
        assert bot.for_owner("anna").conversations.get(started.id).turn_count == 1


def test_nobody_reaches_another_persons_conversation(bot: Chatbot, answer: Answer) -> None:
    anna, ben = bot.for_owner("anna").conversations, bot.for_owner("ben").conversations
    mine = anna.start("Mine")
    turn = anna.append(mine.id, question=QUESTION, answer=answer)
    assert ben.list() == []
    assert ben.list("Mine") == []
    for reach in (
        lambda: ben.get(mine.id),
        lambda: ben.turns(mine.id),
        lambda: ben.rename(mine.id, "Theirs"),
        lambda: ben.delete(mine.id),
        lambda: ben.append(mine.id, question="?", answer=answer),
        lambda: ben.truncate(mine.id, turn.id),
        lambda: ben.rate(turn.id, -1),
    ):
        with pytest.raises(ConversationNotFound):
            reach()
    assert [c.title for c in bot.conversations.list()] == ["Mine"]


def test_search_looks_into_titles_questions_and_answers(bot: Chatbot, answer: Answer) -> None:
    conversations = bot.for_owner("anna").conversations
    first, second = conversations.start("Trucks 100%"), conversations.start("Weather_report")
    conversations.append(first.id, question=QUESTION, answer=answer)
    assert {c.id for c in conversations.list()} == {first.id, second.id}
    assert [c.id for c in conversations.list("did japan SEND")] == [first.id]
    assert [c.id for c in conversations.list("other SDF vehicles")] == [first.id]
    assert [c.id for c in conversations.list("weather_report")] == [second.id]
    assert [c.id for c in conversations.list("100%")] == [first.id]
    assert conversations.list("weather%report") == []


def test_the_conversation_that_changed_last_comes_first(bot: Chatbot, answer: Answer) -> None:
    conversations = bot.for_owner("anna").conversations
    older, newer = conversations.start("Older"), conversations.start("Newer")
    assert [c.id for c in conversations.list()] == [newer.id, older.id]


def test_truncating_removes_a_turn_and_those_after_it(bot: Chatbot, answer: Answer) -> None:
    conversations = bot.for_owner("anna").conversations
    started = conversations.start("Three")
    turns = [
        conversations.append(started.id, question=str(number), answer=answer) for number in range(3)
    ]
    conversations.truncate(started.id, turns[1].id)
    assert [turn.question for turn in conversations.turns(started.id)] == ["0"]
    conversations.delete(started.id)
    assert conversations.list() == []
    with pytest.raises(ConversationNotFound):
        conversations.turns(started.id)


def test_feedback_is_kept_found_and_taken_back(bot: Chatbot, answer: Answer) -> None:
    conversations = bot.for_owner("anna").conversations
    started = conversations.start("Rated")
    turn = conversations.append(started.id, question=QUESTION, answer=answer)
    conversations.rate(turn.id, -1, "  It missed the date. ")
    (rated,) = bot.conversations.rated(-1)
    assert (rated.question, rated.remark) == (QUESTION, "It missed the date.")
    conversations.rate(turn.id, None)
    assert bot.conversations.rated(-1) == []
    with pytest.raises(ValueError, match="1, -1 or None"):
        conversations.rate(turn.id, 5)


def test_a_long_title_is_cut_and_an_empty_one_has_a_stand_in(bot: Chatbot) -> None:
    conversations = bot.for_owner("anna").conversations
    assert len(conversations.start("x" * 1000).title) == 200
    assert conversations.rename(conversations.start("a").id, "  ").title == "…"


def test_a_store_of_the_first_schema_is_upgraded_and_keeps_its_documents(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with Chatbot.from_settings(settings) as bot:
        documents = bot.documents()
    file = tmp_path / "data" / "chatbot.sqlite3"
    with sqlite3.connect(file) as connection:
        for table in ("turns", "conversations", "hidden", "tokens", "usage"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute(sql.SET_VERSION.format(version=1))
    connection.close()
    with Chatbot.from_settings(settings) as bot:
        assert bot.documents() == documents
        assert bot.conversations.list() == []
        assert "101" in bot.for_owner("anna").ask(QUESTION).text
