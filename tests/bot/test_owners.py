"""Several people on one store: each sees their own documents and everybody's, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot import Chatbot, Settings
from chatbot.errors import DocumentNotFound

ANNA_TEXT = "The blue boat belongs to Captain Vega. It sails every Tuesday from Lisbon."
BEN_TEXT = "The blue boat was painted by Mr Okoro. He works in Porto on Fridays."


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Chatbot]:
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "data")) as opened:
        yield opened


def test_each_person_sees_their_own_documents_and_everybodys(bot: Chatbot) -> None:
    anna, ben = bot.for_owner("anna"), bot.for_owner("ben")
    anna.add_text(ANNA_TEXT, title="Boats")
    ben.add_text(BEN_TEXT, title="Paint")
    article = bot.documents()[0]
    assert article.owner == ""
    assert [d.title for d in anna.documents()] == [article.title, "Boats"]
    assert [d.title for d in ben.documents()] == [article.title, "Paint"]
    assert [d.owner for d in bot.documents()] == ["", "anna", "ben"]


def test_retrieval_never_finds_another_persons_sentences(bot: Chatbot) -> None:
    anna, ben = bot.for_owner("anna"), bot.for_owner("ben")
    anna.add_text(ANNA_TEXT, title="Boats")
    own = {ben.documents()[0].id}
    assert {hit.document_id for hit in ben.search("Captain Vega blue boat", limit=50)} <= own
    assert ben.ask("Who does the blue boat belong to?").refused
    assert "Vega" in anna.ask("Who does the blue boat belong to?").text
    assert "Vega" in bot.ask("Who does the blue boat belong to?").text


def test_another_persons_document_is_as_if_it_were_not_there(bot: Chatbot) -> None:
    anna, ben = bot.for_owner("anna"), bot.for_owner("ben")
    secret = anna.add_text(ANNA_TEXT, title="Boats").added[0].id
    for reach in (
        lambda: ben.document(secret),
        lambda: ben.sentences(secret),
        lambda: ben.remove(secret),
        lambda: ben.search("boat", documents=[secret]),
        lambda: ben.ask("Who owns the boat?", documents=[secret]),
    ):
        with pytest.raises(DocumentNotFound):
            reach()
    assert anna.document(secret).text == ANNA_TEXT


def test_the_same_text_of_two_people_keeps_each_ones_title(bot: Chatbot) -> None:
    anna, ben = bot.for_owner("anna"), bot.for_owner("ben")
    anna.add_text(ANNA_TEXT, title="Anna's secret title")
    report = ben.add_text(ANNA_TEXT, title="Boats")
    assert [d.title for d in report.added] == ["Boats"]  # not told that somebody else has it
    assert ben.ask("Who does the blue boat belong to?").citations[0].title == "Boats"
    anna.remove(report.added[0].id)
    assert "Vega" in ben.ask("Who does the blue boat belong to?").text
    assert anna.ask("Who does the blue boat belong to?").refused
    ben.remove(report.added[0].id)
    assert len(bot.documents()) == 1


def test_what_is_everybodys_is_removed_for_one_person_alone(bot: Chatbot) -> None:
    anna, ben = bot.for_owner("anna"), bot.for_owner("ben")
    article = anna.documents()[0].id
    anna.remove(article)
    assert anna.documents() == []
    assert anna.ask("How many vehicles did Japan send to Ukraine?").refused
    assert "101" in ben.ask("How many vehicles did Japan send to Ukraine?").text
    bot.remove(article)
    assert ben.documents() == []


def test_the_same_source_of_two_people_changes_for_each_alone(bot: Chatbot, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text(ANNA_TEXT)
    anna, ben = bot.for_owner("anna"), bot.for_owner("ben")
    assert anna.add(notes).added
    assert ben.add(notes).added
    notes.write_text(BEN_TEXT)
    assert ben.add(notes).added
    assert anna.document(anna.documents()[-1].id).text == ANNA_TEXT
    assert ben.document(ben.documents()[-1].id).text == BEN_TEXT


def test_an_own_copy_of_what_is_everybodys_goes_alone(bot: Chatbot) -> None:
    anna = bot.for_owner("anna")
    article = bot.document(bot.documents()[0].id)
    assert anna.add_text(article.text, title="My copy").unchanged
    assert [d.title for d in anna.documents()] == ["My copy"]
    anna.remove(article.id)
    assert [(d.title, d.owner) for d in anna.documents()] == [(article.title, "")]


def test_what_a_person_had_is_told_as_added_when_it_becomes_everybodys(bot: Chatbot) -> None:
    bot.for_owner("anna").add_text(ANNA_TEXT, title="Anna's secret title")
    report = bot.add_text(ANNA_TEXT, title="Boats")
    assert [(d.title, d.owner) for d in report.added] == [("Boats", "")]
    assert [d.title for d in bot.for_owner("ben").documents()][1:] == ["Boats"]
