"""Documents, as the page handles them: reading, adding, removing, and errors as words."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ui_fakes import FakeBot
from ui_requests import event, request

from chatbot.errors import StoreDamaged

if TYPE_CHECKING:
    from chatbot.ui.handlers import DocumentHandlers

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
def shelf(bot: FakeBot, uploads: Path) -> DocumentHandlers:
    from chatbot.ui.handlers import DocumentHandlers

    return DocumentHandlers(bot, uploads)


def test_a_document_is_read_with_its_sentences(shelf: DocumentHandlers, bot: FakeBot) -> None:
    view = json.loads(
        shelf.open_document(event(document=bot.documents()[0].id), request())["document"]
    )
    assert view["title"] == "Boxes"
    assert view["blocks"][1]["pieces"] == [[1, "Cy stayed at home."]]


def test_a_document_that_is_gone_is_one_sentence(shelf: DocumentHandlers) -> None:
    view = json.loads(shelf.open_document(event(document="gone"), request())["document"])
    assert view == {"id": "gone", "error": "There is no such document any more."}


def test_an_uploaded_file_is_added_and_its_upload_deleted(
    shelf: DocumentHandlers, bot: FakeBot, uploads: Path
) -> None:
    upload = uploads / "x.txt"
    upload.write_text("A new text.")
    view = shelf.add_file(event(path=str(upload), name="notes.txt"), request())
    assert view["message"]["text"] == "Added: notes.txt"
    assert [one["title"] for one in view["documents"]] == ["Boxes", "notes.txt"]
    assert not upload.exists()


@pytest.mark.parametrize("path", ["/etc/hostname", "", "../secret.txt"])
def test_a_path_outside_the_uploads_is_never_read(
    shelf: DocumentHandlers, bot: FakeBot, path: str, tmp_path: Path, uploads: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    if path.startswith(".."):
        path = str(uploads / path)
    view = shelf.add_file(event(path=path, name="x.txt"), request())
    assert view["message"]["level"] == "bad"
    assert len(bot.documents()) == 1
    assert (tmp_path / "secret.txt").exists()


def test_a_link_in_the_uploads_is_not_followed_out_of_them(
    shelf: DocumentHandlers, tmp_path: Path, uploads: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    link = uploads / "link.txt"
    link.symlink_to(tmp_path / "secret.txt")
    assert (
        shelf.add_file(event(path=str(link), name="x.txt"), request())["message"]["level"] == "bad"
    )


def test_a_file_that_cannot_be_read_says_why(shelf: DocumentHandlers, uploads: Path) -> None:
    upload = uploads / "x.exe"
    upload.write_bytes(b"MZ")
    view = shelf.add_file(event(path=str(upload), name="x.exe"), request())
    assert view["message"]["text"] == "x.exe is of no kind that can be read."
    assert view["message"]["level"] == "bad"


def test_pasted_text_without_a_title_is_named_after_its_beginning(shelf: DocumentHandlers) -> None:
    view = shelf.add_text(
        event(text="  It rained all day.\nThen it stopped. ", title=" "), request()
    )
    assert view["documents"][-1]["title"] == "It rained all day. Then it stopped."


def test_who_has_no_cookie_changes_nothing_for_everybody(
    shelf: DocumentHandlers, bot: FakeBot
) -> None:
    nobody = request(owner="")
    document = bot.documents()[0].id
    for view in (
        shelf.add_text(event(text="Mine.", title="Mine"), nobody),
        shelf.remove(event(document=document), nobody),
    ):
        assert "keeps no cookie" in view["message"]["text"]
        assert [one["title"] for one in view["documents"]] == ["Boxes"]
    assert [one.title for one in bot.documents()] == ["Boxes"]


def test_the_same_text_again_is_said_to_be_there(shelf: DocumentHandlers) -> None:
    shelf.add_text(event(text=TEXT, title="Boxes"), request())
    view = shelf.add_text(event(text=TEXT, title="Boxes"), request())
    assert view["message"]["text"] == "Boxes is already there, unchanged."


def test_a_removed_document_leaves_the_list(shelf: DocumentHandlers, bot: FakeBot) -> None:
    document_id = bot.documents()[0].id
    view = shelf.remove(event(document=document_id), request())
    assert view["documents"] == []
    assert view["message"]["text"] == "Removed: Boxes"
    again = shelf.remove(event(document=document_id), request())
    assert again["message"]["level"] == "bad"


def test_a_store_that_cannot_be_read_is_one_sentence(
    shelf: DocumentHandlers, bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreDamaged("The store cannot be read; repair it with chatbot doctor.")

    monkeypatch.setattr(bot, "documents", broken)
    view = shelf.list_documents(request())
    assert view["documents"] == []
    assert view["message"]["text"].startswith("The store cannot be read")


def test_uploads_wait_in_the_data_directory_for_this_user_alone(tmp_path: Path) -> None:
    from chatbot.server import create_app
    from chatbot.ui import mount

    bot = FakeBot(tmp_path / "data")
    mount(create_app(bot), bot)
    uploads = tmp_path / "data" / "uploads"
    assert stat.S_IMODE(uploads.stat().st_mode) == 0o700


def test_the_list_is_in_the_language_of_the_browser(shelf: DocumentHandlers) -> None:
    view = shelf.list_documents(request(language="ja"))
    assert view["documents"][0]["read_label"] == "Boxes を読む"
