"""Checking anybody's text: alone, and as the answer to a question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import chatbot
from chatbot import Verdict
from chatbot.bot import default

SOURCE = (
    "The ferry to Varn leaves at 22:05 from pier 6. It carries 318 passengers and 44 cars. It was "
    "built by Ingrid Falk in 2014 and painted by Otto Brandt in 2019."
)


@pytest.fixture(scope="module", autouse=True)
def _models() -> Iterator[None]:
    yield
    default._default_models.cache_clear()


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Who built the ferry?", "Ingrid Falk", "Otto Brandt"),
        ("How many passengers does the ferry carry?", "318", "44"),
        ("When does the ferry leave?", "At 22:05.", "In 2014."),
    ],
)
def test_a_fragment_is_judged_by_what_it_says_to_the_question(
    question: str, right: str, wrong: str
) -> None:
    (good,) = chatbot.check(right, [SOURCE], question=question).claims
    (bad,) = chatbot.check(wrong, [SOURCE], question=question).claims
    assert good.verdict is Verdict.SUPPORTED
    assert good.evidence[0].text in SOURCE
    assert bad.verdict is Verdict.UNSUPPORTED


def test_a_sentence_needs_no_question() -> None:
    alone = chatbot.check("Otto Brandt painted the ferry.", [SOURCE])
    assert alone.grounded
    asked = chatbot.check(
        "Otto Brandt painted the ferry.", [SOURCE], question="Who painted the ferry?"
    )
    assert asked.grounded


def test_an_answer_to_what_the_sources_do_not_say_is_not_grounded() -> None:
    assert not chatbot.check("Otto Brandt", [SOURCE], question="Who owns the harbour?").grounded
    assert not chatbot.check("Otto Brandt", [], question="Who painted the ferry?").grounded
