"""The bundled article is the article, word for word."""

from __future__ import annotations

import hashlib

from documents_helpers import count_words, texts

from chatbot.documents import load_file
from chatbot.settings import resource_dir

PARAGRAPHS_SHA256 = "759d534c89f530e23fcb068642d7c428cc0fb58ef5be4b8cced1a4329cc63332"
"""sha256 of the thirteen paragraphs as they were handed over, joined by one newline."""


def test_the_stored_article_is_unchanged() -> None:
    parsed = load_file(resource_dir("corpus") / "article.md", count_tokens=count_words)
    paragraphs = parsed.document.text.split("\n\n")
    assert len(paragraphs) == 13
    assert hashlib.sha256("\n".join(paragraphs).encode()).hexdigest() == PARAGRAPHS_SHA256
    assert texts(parsed) == paragraphs


def test_the_article_has_a_title_a_source_and_an_id_from_its_text() -> None:
    document = load_file(resource_dir("corpus") / "article.md", count_tokens=count_words).document
    assert document.title == (
        "Japan and Indo-Pacific partners meet NATO defense ministers in Brussels"
    )
    assert document.source == "News article, October 2024 (bundled example)"
    assert document.id == hashlib.sha256(document.text.encode()).hexdigest()
    assert (document.kind, document.added, document.warnings) == ("md", "", ())
    assert document.sentence_count == 13
