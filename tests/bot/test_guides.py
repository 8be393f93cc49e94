"""The guide to a document: its overview, what it names, and questions that it answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot import Chatbot, Settings
from chatbot.errors import DocumentNotFound

TEXT = (
    "The ferry of Lunden carries 240 cars and leaves at 9:40 from pier 3 each day. "
    "It was built for Captain Ida Skov by the yard of Ole Brandt on 4 May 1987 for $12,000. "
    "In winter Captain Ida Skov let the ferry rest for 6 weeks in the inner basin of the harbour."
)


def test_a_guide_tells_what_a_document_is_about_and_names(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None)) as bot:
        [document] = bot.add_text(TEXT, title="Ferry").added
        guide = bot.guide(document.id)
        assert guide.document_id == document.id
        assert guide.overview[0].text.startswith("The ferry of Lunden")
        assert guide.names[0].text == "Captain Ida Skov"
        assert [one.text for one in guide.dates] == ["4 May 1987"]
        assert {"240 cars", "$12,000", "6 weeks"} <= {one.text for one in guide.numbers}
        sentences = bot.sentences(document.id)
        for one in (*guide.names, *guide.dates, *guide.numbers):
            assert one.text in sentences[one.sentence_index].text
        assert all(not bot.ask(one).refused for one in guide.questions)
        assert bot.guide(document.id) is guide
        with pytest.raises(DocumentNotFound):
            bot.guide("0" * 64)
