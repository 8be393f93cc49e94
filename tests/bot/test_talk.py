"""Talking about the documents: manners, overviews, the list, and what may be asked next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import says
from llm_helpers import make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Answer, Chatbot, Settings, Turn, Verdict

RULES_OLD = """---
title: Rules of the boathouse, 2031
author: Ada Wren
date: 2031-04-02
---

# Rules of the boathouse

These rules hold for everybody who keeps a boat in the boathouse of the rowing club.

## Keys

Each member gets one key to the side door and pays 15 euros for it. The key is given back when the
membership ends. A lost key costs 40 euros.

## Boats

Boats are washed with fresh water after each outing and dried with a cloth. Who damages a boat tells
the boat warden on the same day. Racing boats may be taken out only with a coach.
"""
RULES_NEW = (
    RULES_OLD.replace("2031", "2033")
    .replace("04-02", "06-09")
    .replace("15 euros", "20 euros")
    .replace("Ada Wren", "Bram Oster")
)
LETTER = (
    "The heron is back. It sleeps on the roof of the mill and catches perch in the pond. "
    "The miller feeds it in winter."
)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder = tmp_path_factory.mktemp("talk")
    settings = Settings(data_dir=folder / "data", corpus_dir=None)
    with Chatbot.from_settings(settings) as bot:
        for name, text in (("rules-old.md", RULES_OLD), ("rules-new.md", RULES_NEW)):
            (folder / name).write_text(text, encoding="utf-8")
            bot.add(folder / name)
        bot.add_text(LETTER, title="Letter about a heron")
        yield bot


def ids(bot: Chatbot, *titles: str) -> list[str]:
    return [one.id for one in bot.documents() if any(title in one.title for title in titles)]


@pytest.mark.parametrize(
    "message",
    ["Hi!", "good day to you", "thank you so much", "bye bye", "who are you", "you are useless",
     "what can you do for me?", "can you help me?", "...", "  ", "ok", "こんにちは！",
     "ありがとうございます", "あなたは誰ですか？"],
)  # fmt: skip
def test_a_message_that_is_no_question_gets_a_reply_of_the_program(
    bot: Chatbot, message: str
) -> None:
    answer = bot.ask(message)
    assert (answer.kind, answer.refused) == ("about", False)
    assert answer.citations == ()
    assert answer.retrieved == ()
    assert {claim.verdict for claim in answer.claims} == {Verdict.NO_CLAIM}
    assert answer.suggestions


@pytest.mark.parametrize(
    "question",
    ["ประภาคารสูงกี่เมตร", "Когда открылся маяк?", "متى افتتحت المنارة؟", "등대는 언제 열렸나요?"],
)
def test_a_question_in_letters_that_the_embedder_does_not_read_is_no_talk(
    bot: Chatbot, question: str
) -> None:
    assert bot.ask(question).kind == "answer"


@pytest.mark.parametrize(
    "question",
    ["Hello, what does a lost key cost?", "Who are the rules for?", "What can you do with a key?",
     "Thanks, and who feeds the heron?", "What is the summary offence about?",
     "How many documents must a new member sign?", "Who wrote the letter to the mayor?"],
)  # fmt: skip
def test_a_question_that_only_sounds_like_talk_is_answered_or_refused(
    bot: Chatbot, question: str
) -> None:
    assert bot.ask(question).kind == "answer"


def test_an_overview_quotes_the_lead_and_covers_the_sections(bot: Chatbot) -> None:
    chosen = ids(bot, "2031")
    answer = bot.ask("What is this document about?", documents=chosen)
    assert answer.kind == "overview"
    quoted = [claim for claim in answer.claims if claim.verdict is Verdict.QUOTED]
    assert 3 <= len(quoted) <= 7
    assert quoted[0].text.startswith("These rules hold for everybody")
    assert len({claim.text for claim in quoted}) == len(quoted)
    assert {"Keys", "Boats"} <= {citation.heading for citation in answer.citations}
    places = [citation.start for citation in answer.citations]
    assert places == sorted(places)


def test_an_overview_of_all_tells_something_of_each(bot: Chatbot) -> None:
    answer = bot.ask("Summarise my documents, please.")
    assert answer.kind == "overview"
    assert {one.document_id for one in answer.citations} == {one.id for one in bot.documents()}


def test_a_document_is_named_by_its_title(bot: Chatbot) -> None:
    answer = bot.ask("Give me an overview of the letter")
    assert {one.title for one in answer.citations} == {"Letter about a heron"}
    again = bot.ask(
        "And the rules of 2033?",
        history=[
            Turn(role="user", content="Give me an overview of the letter"),
            Turn(role="assistant", content=answer.text),
        ],
    )
    assert {one.title for one in again.citations} == {"Rules of the boathouse, 2033"}


@pytest.mark.parametrize(
    ("question", "says", "documents"),
    [
        ("How many documents do you have?", "There are 3 documents", 3),
        ("Which documents are there?", "Letter about a heron", 3),
        ("Who wrote the rules of 2031?", "Ada Wren", 1),
        ("Which documents were written by Bram Oster?", "2033", 1),
        ("When was the letter added?", "was added on 20", 1),
        ("What is the newest document?", "Rules of the boathouse, 2033, of 2033-06-09", 1),
        ("Which is the oldest of the documents?", "2031-04-02", 1),
        ("Which documents mention the boat warden?", "2 documents mention", 2),
        ("Do you have anything about herons?", "Letter about a heron", 1),
        ("Which documents mention penguins?", "No document mentions “penguins”.", 0),
        ("In which section is the coach mentioned?", "“Boats”", 2),
        ("どの文書がありますか", "文書は3件あります", 3),
    ],
)
def test_the_list_of_documents_is_told(
    bot: Chatbot, question: str, says: str, documents: int
) -> None:
    answer = bot.ask(question)
    assert answer.kind == "catalogue"
    assert says in answer.text
    assert {claim.verdict for claim in answer.claims} == {Verdict.CATALOGUE}
    assert len({one.document_id for one in answer.citations}) == documents


def test_which_ones_lists_what_was_counted(bot: Chatbot) -> None:
    history = [Turn(role="user", content="How many documents do you have?")]
    assert bot.ask("Which ones?", history=history).text.startswith("There are 3 documents:")


def test_sources_that_differ_stand_with_their_days_the_newest_first(bot: Chatbot) -> None:
    answer = bot.ask("What does a member pay for the key?")
    assert answer.text.startswith("The documents differ:")
    assert "2033 (2033-06-09):\nEach member gets one key" in answer.text
    assert answer.text.index("20 euros") < answer.text.index("15 euros")
    old = bot.ask("What does a member pay for the key in the old rules?")
    assert "15 euros" in old.text
    assert "20 euros" not in old.text
    same = bot.ask("What does a lost key cost?")
    assert "differ" not in same.text


def test_a_question_in_another_language_is_repeated_as_it_was_asked(bot: Chatbot) -> None:
    question = "wann wird der schluessel zurueckgegeben und wo?"
    answer = bot.ask(question)
    assert answer.refused
    assert question in answer.text
    assert answer.notice is not None


def test_talk_in_between_is_nothing_that_a_question_leans_on(bot: Chatbot) -> None:
    history = [
        Turn(role="user", content="hello"),
        Turn(role="assistant", content="Hello!"),
        Turn(role="user", content="which documents do you have?"),
        Turn(role="assistant", content="There are 3 documents."),
    ]
    assert bot.ask("Who feeds the heron?", history=history).search_query == "Who feeds the heron?"


def test_a_talk_answer_survives_its_json(bot: Chatbot) -> None:
    answer = bot.ask("How many documents do you have?")
    assert Answer.from_dict(answer.to_dict()) == answer


def test_without_documents_a_greeting_says_so(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None)) as bot:
        assert "Add one" in bot.ask("hello").text
        assert bot.ask("which documents do you have?").text == "There is no such document."
        assert bot.ask("summarize").text.startswith("There is nothing to sum up")


@pytest.fixture
def written(make_bot: Callable[..., Chatbot]) -> Chatbot:
    bot = make_bot(corpus_dir=None)
    bot.add_text(LETTER, title="Letter about a heron")
    return bot


def test_with_a_model_an_overview_is_written_and_checked(
    written: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says("A heron sleeps on the roof of the mill [2]. The miller feeds it [3]."))
    answer = written.ask("Summarise the letter")
    assert (answer.kind, answer.mode, answer.refused) == ("overview", "openai:test", False)
    assert len(answer.citations) == 2
    assert answer.claims[0].verdict in (Verdict.SUPPORTED, Verdict.PARTLY)


def test_where_the_model_writes_no_overview_it_is_quoted(
    written: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says("NO_ANSWER"))
    answer = written.ask("Summarise the letter")
    assert (answer.kind, answer.mode) == ("overview", "extractive")
    assert Verdict.QUOTED in {claim.verdict for claim in answer.claims}
