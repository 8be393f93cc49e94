"""Collections as a program uses them: the documents of one, for a question or a search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot import Chatbot, Settings
from chatbot.errors import CollectionError, CollectionNotFound, DocumentNotFound

RENT = "The rent of the north pier is 900 euros a month."
OLD = "The rent of the north pier was 500 euros a month."
QUESTION = "What is the rent of the north pier?"


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Chatbot]:
    settings = Settings(data_dir=tmp_path / "data", corpus_dir=None)
    with Chatbot.from_settings(settings) as opened:
        for title, text in (("Lease 2024", RENT), ("Lease 2001", OLD)):
            opened.add_text(text, title=title)
        yield opened


def test_the_documents_of_a_collection_answer_alone(bot: Chatbot) -> None:
    new, old = (document.id for document in bot.documents())
    bot.collections.create("Archive", [old])
    inside = bot.collection("archive")
    assert inside == (old,)
    assert "500" in bot.ask(QUESTION, documents=inside).text
    assert {one.document_id for one in bot.search("rent", documents=inside)} == {old}
    bot.collections.change("Archive", put=[new], take=[old])
    assert "900" in bot.ask(QUESTION, documents=bot.collection("Archive")).text


def test_a_file_that_changes_is_asked_in_its_collection(bot: Chatbot, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("The harbour master is Ida Holm.")
    bot.collections.create("Notes", bot.add(notes).there)
    notes.write_text("The harbour master is Leo Berg.")
    bot.add(notes)
    answer = bot.ask("Who is the harbour master?", documents=bot.collection("Notes"))
    assert "Leo Berg" in answer.text


def test_what_cannot_be_asked_is_one_sentence(bot: Chatbot) -> None:
    with pytest.raises(CollectionNotFound, match="there are none yet"):
        bot.collection("Archive")
    bot.collections.create("Archive")
    with pytest.raises(CollectionError, match="'Archive' has no document to ask about"):
        bot.collection("Archive")
    with pytest.raises(CollectionNotFound, match="'Archiv': the nearest are 'Archive'"):
        bot.collection("Archiv")
    known = bot.documents()[0].id
    with pytest.raises(DocumentNotFound):
        bot.ask(QUESTION, documents=[known, "0" * 64])
