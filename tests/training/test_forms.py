"""Questions made from others: by yes or no, and as keywords."""

from __future__ import annotations

import random

import pytest

from training.reader.forms import keywords, polar

VERBS = frozenset(("send", "open"))


@pytest.mark.parametrize(
    ("question", "answer", "made"),
    [
        ("How many boats did Norway send?", "twelve", "Did norway send twelve boats?"),
        ("When was the mill built?", "1987", "Was the mill built in 1987?"),
        ("Who built the mill?", "Anna Dahl", "Is it true that Anna Dahl built the mill?"),
        ("Why?", "rain", None),
    ],
)  # fmt: skip
def test_a_question_becomes_one_to_be_answered_by_yes_or_no(
    question: str, answer: str, made: str | None
) -> None:
    found = polar(question, answer, [], VERBS, random.Random(0))
    assert (found or "").lower() == (made or "").lower()


def test_some_ask_for_another_answer_of_the_same_kind() -> None:
    made = {
        polar("When was the mill built?", "1987", ["1990", "rain"], VERBS, random.Random(seed))
        for seed in range(20)
    }
    assert made == {"Was the mill built in 1987?", "Was the mill built in 1990?"}


def test_keywords_are_the_words_worth_searching_for() -> None:
    assert keywords("How many boats did Norway send to the U.S. in 1987?") == (
        "boats norway send u.s. 1987"
    )
