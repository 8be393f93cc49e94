"""Slips of the keyboard are set right by the words of the documents, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot import Chatbot, Settings
from chatbot.answering.spelling import respelled

STORED = {"trucks": 2, "ukraine": 5, "zelenskyy": 3, "conference": 1, "iraq": 2, "germany": 1}


def counts(words: Sequence[str]) -> dict[str, int]:
    return {word: STORED.get(word, 0) for word in words}


def spelled(query: str) -> str:
    return respelled(query, counts=counts, stands=lambda word: word in STORED)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        (
            "truks from japan to ukrane, in what month?",
            "trucks from japan to ukraine, in what month?",
        ),
        ("where did zelensky make press conferense", "where did zelenskyy make press conference"),
        ("how many turcks?", "how many trucks?"),
    ],
)
def test_a_slip_becomes_the_word_of_the_documents(query: str, meant: str) -> None:
    assert spelled(query) == meant


@pytest.mark.parametrize(
    "query",
    [
        "who rules iran?",  # a word that exists: it may be meant
        "What did Zelensky say?",  # a name written as one
        "how many trucks?",
        "wer hat die lastwagn geschikt?",  # another language
        "mail me at truks@example.org or see example/truks",
        "truks " * 100,
        "",
        "42?",
    ],
)
def test_what_may_be_meant_stays(query: str) -> None:
    assert spelled(query) == query


def test_noise_costs_no_more_look_ups_than_a_few_words() -> None:
    asked: list[str] = []

    def watched(words: Sequence[str]) -> dict[str, int]:
        asked.extend(words)
        return counts(words)

    noise = "what is the " + " ".join(f"truk{a}{b}zzq" for a in "abcdef" for b in "ghijk")
    assert respelled(noise, counts=watched, stands=lambda word: word in STORED) == noise
    few = "what is the one of the many or the other " + " ".join(f"truk{a}zq" for a in "abcdef")
    assert respelled(few, counts=watched, stands=lambda word: word in STORED) == few
    assert asked == []


def test_no_word_of_another_persons_documents_comes_to_light(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", corpus_dir=None)
    with Chatbot.from_settings(settings) as bot:
        ann, ben = bot.for_owner("ann"), bot.for_owner("ben")
        ann.add_text("The harbour of Lunden opened under the name Xenophron.", title="Ann")
        ben.add_text("The harbour of Lunden is old and small.", title="Ben")
        question = "when was xenophrn opened in the harbour?"
        assert "xenophron" in ann.ask(question).search_query
        assert ben.ask(question).search_query == question
        *_, last = ann.stream(question, search_query=question)  # as the person wants it
        assert last.search_query == question  # type: ignore[union-attr]
