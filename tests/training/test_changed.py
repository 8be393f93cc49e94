"""Questions that are changed so that their passage no longer answers them."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest

from chatbot.documents import parse_text
from training.reader import changed
from training.reader.changed import Changer
from training.reader.memory_store import stored_chunks
from training.reader.sources import Article, Question, embed_document

TEXT = (
    "The harbour of Lunden was opened in May 1987 by Mayor Ingrid Sollow. A storm broke the wall "
    "in 1999. Pastor Otto Brandt blessed the ferry, which came from Norway."
)
OTHERS = [
    "Who painted the harbour of Bergen?",
    "Who blessed the harbour of Bergen?",
    "When did Per Dahl sell the ferry in Denmark?",
    "What happened in 1950?",
]
ASKED = "Who opened the harbour of Lunden?"


class NoEmbedder:
    """Vectors of zeros: the changes look at words only."""

    def count_tokens(self, texts: list[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_chunks(self, texts: list[str], spans: list[list[object]]) -> object:
        chunks = np.zeros((len(texts), 4), dtype=np.float32)
        sentences = [np.zeros((len(one), 4), dtype=np.float32) for one in spans]
        return type("Vectors", (), {"chunks": chunks, "sentences": sentences})()


@pytest.fixture(scope="module")
def article() -> Article:
    embedder = NoEmbedder()
    parsed = parse_text(TEXT, title="Lunden", source="", count_tokens=embedder.count_tokens)
    vectors = embed_document(parsed, embedder)  # type: ignore[arg-type]
    return Article(
        source="made",
        chunks=tuple(stored_chunks(parsed, vectors)),
        vectors=vectors.chunks,
        questions=(),
    )


def ask(text: str, *gold: int) -> Question:
    return Question(text=text, answers=(), gold=frozenset(gold), vector=np.zeros(4))


def changes(monkeypatch: pytest.MonkeyPatch, article: Article, question: Question) -> set[str]:
    """Return what comes out, every kind of change as likely as another."""
    monkeypatch.setattr(changed, "WEIGHTS", dict.fromkeys(changed.WEIGHTS, 1))
    changer, drawn = Changer([*OTHERS, question.text]), random.Random(1)
    return {str(changer.change(question, article, drawn)) for _ in range(200)}


def test_a_name_becomes_another_that_the_answer_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, article: Article
) -> None:
    found = changes(monkeypatch, article, ask(ASKED, 0))
    assert "Who opened the harbour of Bergen?" in found
    assert not any("Sollow" in one or "May" in one for one in found)


def test_a_word_becomes_one_that_stands_between_the_same_words_elsewhere(
    monkeypatch: pytest.MonkeyPatch, article: Article
) -> None:
    found = changes(monkeypatch, article, ask(ASKED, 0))
    assert "Who painted the harbour of Lunden?" in found
    assert "Who closed the harbour of Lunden?" in found
    assert ASKED not in found


def test_a_condition_is_added_that_the_passage_does_not_know(
    monkeypatch: pytest.MonkeyPatch, article: Article
) -> None:
    found = changes(monkeypatch, article, ask(ASKED, 0))
    added = {one for one in found if one.startswith(ASKED.rstrip("?") + " ")}
    assert added == {f"{ASKED.rstrip('?')} in 1950?", f"{ASKED.rstrip('?')} in Denmark?"}
    when = changes(monkeypatch, article, ask("When did a storm break the wall?", 1))
    assert not any("1950" in one for one in when)


def test_a_number_and_a_denial(monkeypatch: pytest.MonkeyPatch, article: Article) -> None:
    found = changes(monkeypatch, article, ask("What did the storm break in 1999?", 1))
    assert "What did the storm break in 1987?" in found
    assert "What didn't the storm break in 1999?" in found
    numbers = {match[0] for one in found for match in re.finditer(r"\d{4}", one)}
    assert len(numbers) > 3


def test_a_country_stays_a_country(monkeypatch: pytest.MonkeyPatch, article: Article) -> None:
    found = changes(monkeypatch, article, ask("What came from Norway?", 2))
    assert {one for one in found if one.startswith("What came from ")} <= {
        "What came from Denmark?",
        "What came from Norway in 1950?",
        "What came from Norway in Denmark?",
    }


def test_nothing_is_changed_where_nothing_can_be(article: Article) -> None:
    drawn = random.Random(1)
    assert Changer([]).change(ask("Why?", 0), article, drawn) is None
