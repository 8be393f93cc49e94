"""Questions that fit several things: each is told with its name, or it is asked which is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from llm_helpers import make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Answer, Chatbot, Settings, Verdict

SECTIONS = """# Hire

## Rowing boat

A week costs 90 euros. The deposit is 50 euros.

## Sailing dinghy

A week costs 140 euros. The deposit is 80 euros.
"""
TABLE = """# Hire

| Boat | Price per week | Deposit |
|---|---|---|
| Rowing boat | 90 euros | 50 euros |
| Sailing dinghy | 140 euros | 80 euros |
"""
TICKETS = (
    "A ferry ticket for adults costs 7 euros. A ferry ticket for pupils costs 4 euros. "
    "The ferry has a café on its upper deck."
)
OPEN = "depends on which one is meant"


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Chatbot]]:
    bots: list[Chatbot] = []

    def make(**texts: str) -> Chatbot:
        bots.append(
            Chatbot.from_settings(Settings(data_dir=tmp_path / str(len(bots)), corpus_dir=None))
        )
        for name, text in texts.items():
            bots[-1].add_bytes(text.encode(), name=f"{name.replace('_', ' ')}.md")
        return bots[-1]

    yield make
    for bot in bots:
        bot.close()


def quoted(answer: Answer) -> set[str]:
    return {one.text for one in answer.citations}


def museums() -> dict[str, str]:
    """Return a document on each of several museums."""
    names = ("Herring", "Rope", "Amber", "Tin", "Lace")
    return {
        f"{name}_Museum": f"# {name} Museum\n\nThe museum opens at {at} and closes at six.\n\n"
        f"Its collection of {name.lower()} was given by a merchant.\n"
        for at, name in enumerate(names, start=8)
    }


def test_each_section_is_told_under_its_heading(make: Callable[..., Chatbot]) -> None:
    bot = make(hire=SECTIONS)
    answer = bot.ask("How much does a week cost?")
    assert OPEN in answer.text
    assert quoted(answer) == {"A week costs 90 euros.", "A week costs 140 euros."}
    assert "Rowing boat:\nA week costs 90 euros. [1]" in answer.text
    assert answer.choices == ()
    assert Answer.from_dict(answer.to_dict()) == answer


@pytest.mark.parametrize("text", [SECTIONS, TABLE])
def test_a_thing_that_the_question_names_is_told_alone(
    make: Callable[..., Chatbot], text: str
) -> None:
    answer = make(hire=text).ask("How much is the deposit for the sailing dinghy?")
    assert OPEN not in answer.text
    assert "80 euros" in answer.text
    assert "50 euros" not in answer.text


def test_each_row_is_told_where_the_question_names_the_column_alone(
    make: Callable[..., Chatbot],
) -> None:
    answer = make(hire=TABLE).ask("What is the deposit?")
    assert OPEN in answer.text
    assert len(answer.citations) == 2


def test_sentences_that_differ_by_their_case_are_all_told(make: Callable[..., Chatbot]) -> None:
    bot = make(ferry=TICKETS)
    assert len(bot.ask("How much is a ferry ticket?").citations) == 2
    alone = bot.ask("How much is a ferry ticket for pupils?")
    assert quoted(alone) == {"A ferry ticket for pupils costs 4 euros."}


def test_documents_on_different_things_do_not_differ(make: Callable[..., Chatbot]) -> None:
    answer = make(
        Barge="# Barge Anna\n\nThe hull is painted every 3 years.\n",
        Tug="# Tug Bruno\n\nThe hull is painted every 5 years.\n",
    ).ask("How often is the hull painted?")
    assert OPEN in answer.text
    assert "Barge Anna:" in answer.text
    assert len(answer.citations) == 2


def test_it_is_asked_which_of_many_is_meant_and_each_choice_is_answered(
    make: Callable[..., Chatbot],
) -> None:
    bot = make(**museums())
    answer = bot.ask("When does the museum open?")
    assert answer.text == "Which one do you mean?"
    assert (answer.refused, answer.citations, answer.kind) == (False, (), "answer")
    assert {claim.verdict for claim in answer.claims} == {Verdict.NO_CLAIM}
    assert {one.label for one in answer.choices} == {name.replace("_", " ") for name in museums()}
    for choice in answer.choices:
        chosen = bot.ask(choice.question)
        assert {one.title for one in chosen.citations} == {choice.label}
        assert "opens at" in chosen.text


def test_a_question_that_names_nothing_is_asked_back(make: Callable[..., Chatbot]) -> None:
    answer = make(hire=SECTIONS).ask("How much is it?")
    assert [one.label for one in answer.choices] == ["Rowing boat", "Sailing dinghy"]


def test_a_question_that_nothing_answers_is_refused_and_not_asked_back(
    make: Callable[..., Chatbot],
) -> None:
    answer = make(**museums()).ask("Who painted the ceiling of the museum's chapel?")
    assert answer.refused
    assert answer.choices == ()


def test_a_model_is_not_asked_where_it_is_asked_back(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    bot = make_bot(corpus_dir=None)
    for name, text in museums().items():
        bot.add_bytes(text.encode(), name=f"{name}.md")
    answer = bot.ask("When does the museum open?")
    assert len(answer.choices) == 5
    assert answer.mode == "openai:test"
    assert fake_llm.requests == []


@pytest.mark.parametrize("boat", ["Kestrel", "Marlin"])
def test_a_thing_that_is_not_there_is_not_told_from_the_others(
    make: Callable[..., Chatbot], boat: str
) -> None:
    bot = make(hire=TABLE)
    answer = bot.ask(f"What is the price of the {boat} per week?")
    assert answer.refused
    assert answer.choices == ()
    assert f"do not mention {boat}" in answer.text
