"""The terminal where the program asks back: choices by number, and the number as an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chatbot import Answer, Choice
from chatbot.cli import answers
from chatbot.cli.app import run
from chatbot.types import AnswerEvent

LABELS = ("The ferry", "The \x1b[2Jbarge")


class AskingBot:
    """Asks back where a question names no boat."""

    mode = "extractive"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def stream(self, question: str, **_: object) -> Iterator[AnswerEvent]:
        self.asked.append(question)
        choices = tuple(Choice(label=one, question=f"How long is {one}?") for one in LABELS)
        yield Answer(
            text="Which one do you mean?",
            refused=False,
            mode=self.mode,
            notice=None,
            question=question,
            search_query=question,
            choices=choices if question == "How long is it?" else (),
        )


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> AskingBot:
    bot = AskingBot()

    @contextmanager
    def opened(**_: object) -> Iterator[AskingBot]:
        yield bot

    monkeypatch.setattr(answers, "opened", opened)
    return bot


def test_choices_are_numbered_and_a_number_asks_for_one(
    bot: AskingBot, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["How long is it?", "2", "2", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    assert run(["chat"]) == 0
    out = capsys.readouterr().out
    assert "  1. The ferry\n  2. The [2Jbarge\n" in out
    assert bot.asked == ["How long is it?", f"How long is {LABELS[1]}?", "2"]


def test_a_number_beyond_the_choices_is_a_message_like_others(
    bot: AskingBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["How long is it?", "3", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    assert run(["chat"]) == 0
    assert bot.asked == ["How long is it?", "3"]
