"""The guide to a document: its overview, what it names, and questions that it answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot import Chatbot, Settings
from chatbot.bot.guides import Guides
from chatbot.errors import DocumentNotFound

TEXT = (
    "The ferry of Lunden carries 240 cars and leaves at 9:40 from pier 3 each day. "
    "It was built for Captain Ida Skov by the yard of Ole Brandt on 4 May 1987 for $12,000. "
    "In winter Captain Ida Skov let the ferry rest for 6 weeks in the inner basin of the harbour."
)
JAPANESE = (
    "港の渡し船は毎朝九時に桟橋を出て、島まで四十分かけて渡ります。"
    "新しい船は2021年6月3日に就航し、車を24台まで乗せられます。"
    "料金は大人が800円で、島の住民は半額になります。"
)


def test_a_guide_tells_what_a_document_is_about_and_names(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None)) as bot:
        [document] = bot.add_text(TEXT, title="Ferry").added
        guide = bot.guides.of(document.id)
        assert guide.document_id == document.id
        assert guide.overview[0].text.startswith("The ferry of Lunden")
        assert [one.text for one in guide.names] == ["Captain Ida Skov", "Ole Brandt"]
        assert [one.text for one in guide.dates] == ["4 May 1987"]
        assert [one.text for one in guide.numbers] == ["240 cars", "$12,000", "6 weeks"]
        sentences = bot.sentences(document.id)
        for one in (*guide.overview, *guide.names, *guide.dates, *guide.numbers):
            assert one.text in sentences[one.sentence_index].text
        assert len(guide.questions) == 3
        assert all(not bot.ask(one).refused for one in guide.questions)
        with pytest.raises(DocumentNotFound):
            bot.guides.of("0" * 64)


def test_a_guide_speaks_the_language_of_its_document(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None)) as bot:
        [document] = bot.add_text(JAPANESE, title="渡し船").added
        guide = bot.guides.of(document.id)
        assert [one.text for one in guide.dates] == ["2021年6月3日"]
        assert [one.text for one in guide.numbers] == ["24台", "800円"]
        assert guide.questions[0] == "2021年6月3日に何がありましたか？"


def test_a_guide_is_made_once_and_goes_with_its_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path, corpus_dir=None)
    with Chatbot.from_settings(settings) as bot:
        [document] = bot.for_owner("ann").add_text(TEXT, title="Ferry").added
        made = bot.for_owner("ann").guides.of(document.id)
        with pytest.raises(DocumentNotFound):
            bot.for_owner("ben").guides.of(document.id)
    with Chatbot.from_settings(settings, read_only=True) as bot:
        [other] = [one for one in bot.documents() if one.id == document.id]
        monkeypatch.delattr(Guides, "_make")
        assert bot.guides.of(other.id) == made
