"""Asking, as the page does: streaming, stopping, follow-ups, and errors as words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ui_fakes import FakeBot, slowly
from ui_requests import event, request

from chatbot.errors import QuestionError
from chatbot.types import AnswerEvent, TextDelta
from chatbot.ui.session import Session

if TYPE_CHECKING:
    from chatbot.ui.asking import Asking


@pytest.fixture(autouse=True)
def no_analytics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")


@pytest.fixture
def bot(tmp_path: Path) -> FakeBot:
    bot = FakeBot(tmp_path)
    bot.add_text("Ann sent 12 boxes to Bo.\nCy stayed at home.", title="Boxes")
    return bot


@pytest.fixture
def page(bot: FakeBot) -> Asking:
    from chatbot.ui.asking import Asking

    return Asking(bot.for_owner)


def turn_of(value: dict[str, str]) -> dict[str, Any]:
    turn: dict[str, Any] = json.loads(value["json"])["turn"]
    return turn


async def ask(page: Asking, session: Session, question: str, **more: str) -> list[dict[str, Any]]:
    sent = event(question=question, **more)
    return [turn_of(value) async for value in page.ask(session, sent, request())]


async def test_a_turn_waits_then_ends_with_its_verdict(page: Asking) -> None:
    turns = await ask(page, Session(), "Who sent boxes?")
    assert turns[0]["state"] == "waiting"
    assert turns[-1]["state"] == "done"
    assert turns[-1]["summary"] == {"text": "Quoted from 1 sentence", "level": "quoted"}
    assert len({turn["id"] for turn in turns}) == 1


async def test_earlier_turns_of_this_page_go_along_with_a_follow_up(
    page: Asking, bot: FakeBot
) -> None:
    session, other = Session(), Session()
    await ask(page, session, "Who sent boxes?")
    await ask(page, other, "Another page?")
    await ask(page, session, "How many?")
    question, history = bot.asked[-1]
    assert question == "How many?"
    assert [(turn.role, turn.content) for turn in history] == [
        ("user", "Who sent boxes?"),
        ("assistant", "Ann sent 12 boxes to Bo. [1]"),
    ]


async def test_a_new_conversation_forgets_the_earlier_turns(page: Asking, bot: FakeBot) -> None:
    session = Session()
    await ask(page, session, "Who sent boxes?")
    session.restart()
    await ask(page, session, "How many?")
    assert bot.asked[-1] == ("How many?", ())


async def test_a_stop_ends_the_turn_and_tells_the_bot(page: Asking, bot: FakeBot) -> None:
    bot.script = slowly
    session = Session()
    turns = []
    async for value in page.ask(session, event(question="Slow?"), request()):
        turns.append(turn_of(value))
        if len(turns) == 3:
            session.stop()
    assert turns[-1]["state"] == "stopped"
    assert bot.cancels[-1].is_set()
    assert session.history() == ()


async def test_a_page_that_goes_away_stops_its_answer(page: Asking, bot: FakeBot) -> None:
    bot.script = slowly
    stream = page.ask(Session(), event(question="Slow?"), request())
    await anext(stream)
    await anext(stream)
    await stream.aclose()
    assert bot.cancels[-1].is_set()


def refuses(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    raise QuestionError("The question is empty; ask something.")


def breaks(bot: FakeBot, question: str) -> Iterator[AnswerEvent]:
    yield TextDelta(text="Half ")
    raise RuntimeError("a secret path")


async def test_a_question_that_cannot_be_asked_is_answered_in_one_sentence(
    page: Asking, bot: FakeBot
) -> None:
    bot.script = refuses
    turn = (await ask(page, Session(), ""))[-1]
    assert (turn["state"], turn["error"]) == ("failed", "The question is empty; ask something.")


async def test_a_mistake_of_ours_shows_an_id_and_no_traceback(page: Asking, bot: FakeBot) -> None:
    bot.script = breaks
    turn = (await ask(page, Session(), "Why?"))[-1]
    assert turn["state"] == "failed"
    assert "The log has the details" in turn["error"]
    assert "secret" not in str(turn)


# ---- in place of an earlier turn


async def test_a_question_asked_again_comes_in_place_of_its_turn_and_those_after_it(
    page: Asking, bot: FakeBot
) -> None:
    session = Session()
    turns = [(await ask(page, session, question))[-1] for question in ("One?", "Two?", "Three?")]
    await ask(page, session, "Two, better?", replaces=turns[1]["id"])
    assert [turn.question for turn in session.turns] == ["One?", "Two, better?"]
    question, history = bot.asked[-1]
    assert question == "Two, better?"
    assert [turn.content for turn in history if turn.role == "user"] == ["One?"]


async def test_a_changed_search_query_is_what_is_searched_for(page: Asking, bot: FakeBot) -> None:
    await ask(page, Session(), "How many?", search_query="How many boxes did Ann send?")
    assert bot.search_queries == ["How many boxes did Ann send?"]


async def test_a_turn_that_is_taken_back_is_forgotten_even_while_it_is_made(
    page: Asking, bot: FakeBot
) -> None:
    session = Session()
    await ask(page, session, "One?")
    bot.script = slowly
    stream = page.ask(session, event(question="Two?"), request())
    turn = turn_of(await anext(stream))["id"]
    await page.undo(session, event(turn=turn), request())
    states = [turn_of(value)["state"] async for value in stream]
    assert states[-1] == "stopped"
    assert bot.cancels[-1].is_set()
    assert [one.question for one in session.turns] == ["One?"]


async def test_a_stopped_turn_can_be_asked_again_in_its_place(page: Asking, bot: FakeBot) -> None:
    bot.script = breaks
    session = Session()
    turn = (await ask(page, session, "Why?"))[-1]
    await ask(page, session, "Why?", replaces=turn["id"])
    assert len(session.turns) == 1


async def test_the_page_speaks_the_language_of_the_browser(page: Asking) -> None:
    sent = event(question="Who?")
    values = [value async for value in page.ask(Session(), sent, request(language="ja,en;q=0.5"))]
    assert turn_of(values[-1])["summary"]["text"] == "1文からの引用"
