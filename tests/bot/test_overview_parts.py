"""An overview of a long text with a model: part by part, then from what it told of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import says, status
from llm_helpers import make_bot_with_model  # noqa: F401 - a fixture

from chatbot import Answer, Chatbot, Verdict
from chatbot.answering.talk import overview, talk
from chatbot.answering.tuning import TUNING
from chatbot.types import ReadingPrompt

LIGHTHOUSE = """# The lighthouse of Grosk

## History

The lighthouse of Grosk was built in 1871 by the harbour guild. A storm took its first roof in 1902.

## The lamp

The lamp burns gas and turns once in twelve seconds. Its glass was cut by hand in a town inland.

## Visits

Visitors climb the tower on Sundays from May to August. A ticket for the tower costs six crowns.
"""
GUILD = "The lighthouse of Grosk was built in 1871 by the harbour guild"
LAMP = "The lamp burns gas and turns once in twelve seconds"
SUNDAYS = "Visitors climb the tower on Sundays from May to August"


@pytest.fixture
def bot(make_bot: Callable[..., Chatbot], monkeypatch: pytest.MonkeyPatch) -> Chatbot:
    short = replace(TUNING, part=150)
    monkeypatch.setattr(overview, "TUNING", short)
    monkeypatch.setattr(talk, "TUNING", short)
    bot = make_bot(corpus_dir=None)
    bot.add_bytes(LIGHTHOUSE.encode(), name="grosk.md")
    return bot


def asked_about(fake_llm: FakeLLM, number: int) -> str:
    return fake_llm.requests[number].messages[-1][1]


def test_each_part_is_read_and_the_overview_rests_on_what_was_told(
    bot: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(
        says(f"{GUILD} [1]."),
        says(f"{LAMP} [1]."),
        says(f"{SUNDAYS} [1]. The tower has nine hundred windows [2]."),
        says(f"{GUILD} [1]. {LAMP} [2]. {SUNDAYS} [3]."),
    )
    *events, answer = bot.stream("Summarise it.")
    assert isinstance(answer, Answer)
    read = [(one.part, one.parts) for one in events if isinstance(one, ReadingPrompt)]
    assert read == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert "harbour guild" in asked_about(fake_llm, 0)
    assert "lamp" not in asked_about(fake_llm, 0)
    last = asked_about(fake_llm, 3)
    assert all(one in last for one in (GUILD, LAMP, SUNDAYS))
    assert "storm" not in last
    assert (answer.kind, answer.mode, len(answer.citations)) == ("overview", "openai:test", 3)
    assert {one.verdict for one in answer.claims} <= {Verdict.QUOTED, Verdict.SUPPORTED}
    assert {one.heading for one in answer.citations} == {"History", "The lamp", "Visits"}


def test_where_the_model_fails_half_way_the_overview_is_quoted(
    bot: Chatbot, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says(f"{GUILD} [1]."), status(401))
    answer = bot.ask("Summarise it.")
    assert (answer.kind, answer.mode) == ("overview", "extractive")
    assert answer.notice is not None
    assert Verdict.QUOTED in {claim.verdict for claim in answer.claims}


def test_a_text_that_fits_is_read_at_once_and_whole(
    make_bot: Callable[..., Chatbot], fake_llm: FakeLLM
) -> None:
    bot = make_bot(corpus_dir=None)
    bot.add_bytes(LIGHTHOUSE.encode(), name="grosk.md")
    fake_llm.queue(says(f"{SUNDAYS} [5]."))
    answer = bot.ask("Summarise it.")
    assert len(fake_llm.requests) == 1
    assert "storm" in asked_about(fake_llm, 0)
    assert answer.mode == "openai:test"


def test_a_very_long_text_is_cut_to_the_parts_that_there_may_be(
    make_bot: Callable[..., Chatbot], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(TUNING, part=150, parts=2)
    monkeypatch.setattr(overview, "TUNING", few)
    monkeypatch.setattr(talk, "TUNING", few)
    bot = make_bot(corpus_dir=None)
    bot.add_bytes(LIGHTHOUSE.encode(), name="grosk.md")
    cut = bot._parts.talk.parts(bot.documents())
    assert 1 <= len(cut) <= 2
