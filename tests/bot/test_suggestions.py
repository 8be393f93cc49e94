"""Questions to ask next: made only where a sentence surely answers them, and tried."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from ui_fakes import split

from chatbot import Chatbot, Settings
from chatbot.bot.rule_questions import rule_questions
from chatbot.types import Sentence


def questions_in(sentences: list[Sentence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(question for _, question in rule_questions(sentences)))


def test_starters_are_questions_whose_parts_stand_in_one_sentence() -> None:
    text = (
        'It rained, he said.\n"So be it," said NATO Secretary General Mark Rutte.\n'
        "Japan sent 101 trucks to Ukraine."
    )
    assert questions_in(split(text)) == (
        "What did Mark Rutte say?",
        "How many trucks did Japan send?",
    )


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("The ferry leaves at 9:40 from pier 3.", ["When does the ferry leave?"]),
        ("Tickets cost 12 euros. Buy tickets early.", ["How much do tickets cost?"]),
        ("The Harbour Museum was founded in 1912.", ["When was the Harbour Museum founded?"]),
        ("The building was designed by Anna Larsson.", ["Who designed the building?"]),
        ("The filter is located behind the cover.", ["Where is the filter?"]),
        ("GDPR stands for a regulation.", ["What does GDPR mean?"]),
        ("Photosynthesis is a process. Plants need photosynthesis.", ["What is photosynthesis?"]),
        ("Once Tom met Aunt Polly. Then he left Aunt Polly.", ["Tell me about Aunt Polly."]),
    ],
)
def test_each_template_makes_a_question_that_reads_well(text: str, questions: list[str]) -> None:
    assert list(questions_in(split(text))) == questions


@pytest.mark.parametrize(
    "text",
    [
        "",
        "He was born in 1970.",
        "This opened on 3 May.",
        "In 1990 was founded a club.",
        "Which was signed in 1950?",
        "Women sent 12 letters.",  # a name, or women? nothing else in the text says so
        "Tickets cost 12 euros.",
        "その橋は1990年に建てられた。",
        "was founded in 1990 " * 2000,
        "<script>alert(1)</script>",
    ],
)
def test_where_a_sentence_leaves_a_doubt_there_is_no_question(text: str) -> None:
    began = time.monotonic()
    assert questions_in(split(text)) == ()
    assert time.monotonic() - began < 20


def test_the_questions_about_the_article_are_answered(article_bot: Chatbot) -> None:
    questions = article_bot.suggestions()
    assert len(questions) == 3
    assert [one for one in questions if article_bot.ask(one).refused] == []


def test_documents_take_turns_and_what_was_asked_is_not_suggested(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None)) as bot:
        bot.add_text("The ferry leaves at 9:40. The ferry opened in May 1999.", title="Ferry")
        bot.add_text("The filter is located behind the cover.", title="Filter")
        ferry, filter_ = [one.id for one in bot.documents()]
        assert bot.suggestions()[:2] == ("When does the ferry leave?", "Where is the filter?")
        assert bot.suggestions([filter_]) == ("Where is the filter?",)
        asked = ["When does the ferry leave?"]
        assert "When does the ferry leave?" not in bot.suggestions([ferry], asked=asked)
        answer = bot.ask("What is this about?", documents=[filter_])
        assert answer.suggestions == ("Where is the filter?",)
        answer = bot.ask("When does this ferry leave each day?", documents=[ferry])
        assert "9:40" in answer.text
        assert answer.suggestions == ()  # "When does the ferry leave?" was just answered
