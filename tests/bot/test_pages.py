"""What is drawn of pages, and where sentences stand on them, is found once and then kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from documents_helpers import garden_sentences, two_column_pdf

from chatbot import Chatbot, Settings, documents
from chatbot.bot import pages as module
from chatbot.types import PageBox

SENTENCES = garden_sentences(40)


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Chatbot]:
    with Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None)) as bot:
        bot.add_bytes(two_column_pdf(SENTENCES), name="garden.pdf")
        yield bot


def test_boxes_of_a_sentence_are_looked_for_once(
    bot: Chatbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    module._boxes.clear()
    asked: list[str] = []
    find = documents.sentence_boxes

    def counted(
        data: bytes, *, kind: str, name: str, sentences: Sequence[tuple[int, str, int]]
    ) -> list[list[PageBox]]:
        asked.extend(text for _, text, _ in sentences)
        return find(data, kind=kind, name=name, sentences=sentences)

    monkeypatch.setattr(module, "sentence_boxes", counted)
    (document,) = bot.documents()
    first = bot.pages.boxes(document.id, [3, 1, 999])
    again = bot.pages.boxes(document.id, [1, 3, 5])
    assert len(asked) == len(set(asked)) == 3
    assert set(asked) <= set(SENTENCES)
    assert [bool(boxes) for boxes in first] == [True, True, False]
    assert again[:2] == [first[1], first[0]]
    assert again[2]
