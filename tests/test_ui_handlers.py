"""The Python side of the page's events: streaming, stopping, documents, and errors as words."""

from __future__ import annotations

import asyncio
import json
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ui_fakes import FakeBot, slowly

from chatbot.bot.threads import batches
from chatbot.errors import InternalError, QuestionError, StoreDamaged
from chatbot.models.cancel import Cancel
from chatbot.types import AnswerEvent, TextDelta
from chatbot.ui.session import Session

if TYPE_CHECKING:
    from gradio import EventData

    from chatbot.ui.handlers import Handlers

TEXT = "Ann sent 12 boxes to Bo.\nCy stayed at home."


@pytest.fixture(autouse=True)
def no_analytics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def bot(tmp_path: Path) -> FakeBot:
    bot = FakeBot(tmp_path)
    bot.add_text(TEXT, title="Boxes")
    return bot


@pytest.fixture
def page(bot: FakeBot, uploads: Path) -> Handlers:
    from chatbot.ui.handlers import Handlers

    return Handlers(bot, uploads)


def event(**data: object) -> EventData:
    from gradio import EventData

    return EventData(None, data)


async def ask(page: Handlers, session: Session, question: str) -> list[dict[str, Any]]:
    return [value["turn"] async for value in page.ask(session, event(question=question))]


# ---- batches


async def test_events_are_gathered_and_none_is_lost() -> None:
    def numbers() -> Iterator[int]:
        for number in range(100):
            time.sleep(0.001)
            yield number

    gathered = [batch async for batch in batches(numbers, cancel=Cancel(), interval=0.02)]
    assert [number for batch in gathered for number in batch] == list(range(100))
    assert len(gathered) < 50


async def test_the_last_words_before_a_pause_are_shown_during_it() -> None:
    resume = threading.Event()

    def pausing() -> Iterator[str]:
        yield "a"
        yield "b"
        resume.wait(10)
        yield "c"

    seen: list[str] = []
    async for batch in batches(pausing, cancel=Cancel(), interval=0.02):
        seen += batch
        if seen == ["a", "b"]:
            resume.set()
    assert seen == ["a", "b", "c"]


async def test_leaving_early_asks_the_iterator_to_stop() -> None:
    cancel = Cancel()

    def endless() -> Iterator[int]:
        while not cancel.is_set():
            yield 1

    stream = batches(endless, cancel=cancel)
    await anext(stream)
    await stream.aclose()
    assert cancel.is_set()


async def test_a_stop_does_not_wait_for_an_iterator_that_hangs() -> None:
    cancel = Cancel()
    released = threading.Event()

    def hanging() -> Iterator[int]:
        yield 1
        released.wait(30)

    began = time.monotonic()
    async for _ in batches(hanging, cancel=cancel):
        asyncio.get_running_loop().call_later(0.1, cancel.set)
    assert time.monotonic() - began < 5
    released.set()


async def test_an_unknown_error_of_the_iterator_becomes_a_safe_one() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("secret")

    with pytest.raises(InternalError) as caught:
        async for _ in batches(broken, cancel=Cancel()):
            pass
    assert "secret" not in str(caught.value)


# ---- asking


async def test_a_turn_waits_then_ends_with_its_verdict(page: Handlers) -> None:
    turns = await ask(page, Session(), "Who sent boxes?")
    assert turns[0]["state"] == "waiting"
    assert turns[-1]["state"] == "done"
    assert turns[-1]["summary"] == {"text": "Quoted from 1 sentence", "level": "quoted"}
    assert len({turn["id"] for turn in turns}) == 1


async def test_earlier_turns_of_this_page_go_along_with_a_follow_up(
    page: Handlers, bot: FakeBot
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


async def test_a_new_conversation_forgets_the_earlier_turns(page: Handlers, bot: FakeBot) -> None:
    session = Session()
    await ask(page, session, "Who sent boxes?")
    page.reset(session)
    await ask(page, session, "How many?")
    assert bot.asked[-1] == ("How many?", ())


async def test_a_stop_ends_the_turn_and_tells_the_bot(page: Handlers, bot: FakeBot) -> None:
    bot.script = slowly
    session = Session()
    turns = []
    async for value in page.ask(session, event(question="Slow?")):
        turns.append(value["turn"])
        if len(turns) == 3:
            page.stop(session)
    assert turns[-1]["state"] == "stopped"
    assert bot.cancels[-1].is_set()
    assert session.history == []


async def test_a_page_that_goes_away_stops_its_answer(page: Handlers, bot: FakeBot) -> None:
    bot.script = slowly
    stream = page.ask(Session(), event(question="Slow?"))
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
    page: Handlers, bot: FakeBot
) -> None:
    bot.script = refuses
    turn = (await ask(page, Session(), ""))[-1]
    assert (turn["state"], turn["error"]) == ("failed", "The question is empty; ask something.")


async def test_a_mistake_of_ours_shows_an_id_and_no_traceback(page: Handlers, bot: FakeBot) -> None:
    bot.script = breaks
    turn = (await ask(page, Session(), "Why?"))[-1]
    assert turn["state"] == "failed"
    assert "the log has the details" in turn["error"]
    assert "secret" not in str(turn)


# ---- documents


def test_a_document_is_read_with_its_sentences(page: Handlers, bot: FakeBot) -> None:
    view = json.loads(page.open_document(event(document=bot.documents()[0].id))["document"])
    assert view["title"] == "Boxes"
    assert view["blocks"][1]["pieces"] == [[1, "Cy stayed at home."]]


def test_a_document_that_is_gone_is_one_sentence(page: Handlers) -> None:
    view = json.loads(page.open_document(event(document="gone"))["document"])
    assert view == {"id": "gone", "error": "There is no such document any more."}


def test_an_uploaded_file_is_added_and_its_upload_deleted(
    page: Handlers, bot: FakeBot, uploads: Path
) -> None:
    upload = uploads / "x.txt"
    upload.write_text("A new text.")
    view = page.add_file(event(path=str(upload), name="notes.txt"))
    assert view["message"]["text"] == "Added: notes.txt"
    assert [one["title"] for one in view["documents"]] == ["Boxes", "notes.txt"]
    assert not upload.exists()


@pytest.mark.parametrize("path", ["/etc/hostname", "", "../secret.txt"])
def test_a_path_outside_the_uploads_is_never_read(
    page: Handlers, bot: FakeBot, path: str, tmp_path: Path, uploads: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    if path.startswith(".."):
        path = str(uploads / path)
    view = page.add_file(event(path=path, name="x.txt"))
    assert view["message"]["level"] == "bad"
    assert len(bot.documents()) == 1
    assert (tmp_path / "secret.txt").exists()


def test_a_link_in_the_uploads_is_not_followed_out_of_them(
    page: Handlers, tmp_path: Path, uploads: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    link = uploads / "link.txt"
    link.symlink_to(tmp_path / "secret.txt")
    assert page.add_file(event(path=str(link), name="x.txt"))["message"]["level"] == "bad"


def test_a_file_that_cannot_be_read_says_why(page: Handlers, uploads: Path) -> None:
    upload = uploads / "x.exe"
    upload.write_bytes(b"MZ")
    view = page.add_file(event(path=str(upload), name="x.exe"))
    assert view["message"]["text"] == "x.exe is of no kind that can be read."
    assert view["message"]["level"] == "bad"


def test_pasted_text_without_a_title_is_named_after_its_beginning(page: Handlers) -> None:
    view = page.add_text(event(text="  It rained all day.\nThen it stopped. ", title=" "))
    assert view["documents"][-1]["title"] == "It rained all day. Then it stopped."


def test_the_same_text_again_is_said_to_be_there(page: Handlers) -> None:
    view = page.add_text(event(text=TEXT, title="Boxes"))
    assert view["message"]["text"] == "Boxes is already there, unchanged."


def test_a_removed_document_leaves_the_list(page: Handlers, bot: FakeBot) -> None:
    document_id = bot.documents()[0].id
    view = page.remove(event(document=document_id))
    assert view["documents"] == []
    assert view["message"]["text"] == "Removed: Boxes"
    again = page.remove(event(document=document_id))
    assert again["message"]["level"] == "bad"


def test_a_store_that_cannot_be_read_is_one_sentence(
    page: Handlers, bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreDamaged("The store cannot be read; repair it with chatbot doctor.")

    monkeypatch.setattr(bot, "documents", broken)
    view = page.list_documents()
    assert view["documents"] == []
    assert view["message"]["text"].startswith("The store cannot be read")


def test_uploads_wait_in_the_data_directory_for_this_user_alone(tmp_path: Path) -> None:
    from chatbot.server import create_app
    from chatbot.ui import mount

    bot = FakeBot(tmp_path / "data")
    mount(create_app(bot), bot)
    uploads = tmp_path / "data" / "uploads"
    assert stat.S_IMODE(uploads.stat().st_mode) == 0o700
