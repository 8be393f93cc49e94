from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from retrieval_helpers import BAKERY, HARBOUR, store_with

from chatbot.answering.find import candidate_of, in_context
from chatbot.answering.retrieve import Retriever
from chatbot.models.embedder import ChunkVectors, Embedder, Vectors
from chatbot.store import ChunkKey, Store, StoredChunk
from chatbot.types import Span


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Store, Embedder, list[str]]]:
    with store_with(tmp_path_factory.mktemp("town"), HARBOUR, BAKERY) as opened:
        yield opened


@pytest.fixture(scope="module")
def retriever(town: tuple[Store, Embedder, list[str]]) -> Retriever:
    return Retriever(town[0], town[1])


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("How many fishing boats fit into the harbour?", "240 fishing boats"),
        ("When was the harbour opened?", "May 1987"),
        ("Which places do the ferries sail to?", "Osterby"),
        ("Why was the lighthouse demolished?", "foundations had cracked"),
        ("bread", "rye bread"),
    ],
)
def test_the_sentence_that_answers_comes_first(
    retriever: Retriever, query: str, answer: str
) -> None:
    assert answer in retriever.search(query).sentences[0].text


def test_scores_fall_and_the_limit_holds(retriever: Retriever) -> None:
    found = retriever.search("harbour", limit=4)
    scores = [sentence.score for sentence in found.sentences]
    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)


def test_every_sentence_is_its_place_in_the_stored_text(
    retriever: Retriever, town: tuple[Store, Embedder, list[str]]
) -> None:
    found = retriever.search("Who said what about the harbour?", limit=50)
    assert len({(s.document_id, s.index) for s in found.sentences}) == len(found.sentences)
    for sentence in found.sentences:
        text = town[0].document(sentence.document_id).text
        assert text[sentence.start : sentence.end] == sentence.text


def test_a_candidate_stands_at_its_place_in_its_passage(retriever: Retriever) -> None:
    found = retriever.search("ferries")
    assert found.hits
    for hit in found.hits:
        candidate = candidate_of(hit)
        end = candidate.start + len(candidate.text)
        assert candidate.text == hit.sentence.text
        assert candidate.passage[candidate.start : end] == candidate.text


def test_only_the_chosen_documents_are_searched(
    retriever: Retriever, town: tuple[Store, Embedder, list[str]]
) -> None:
    bakery = town[2][1]
    found = retriever.search("harbour ferries", documents=[bakery])
    assert found.sentences
    assert {sentence.document_id for sentence in found.sentences} == {bakery}
    assert retriever.search("harbour", documents=[]).sentences == ()


def test_a_query_without_any_searchable_word_still_finds_by_meaning(retriever: Retriever) -> None:
    assert retriever.search("Who was he?").sentences
    assert retriever.search("???").sentences


def test_words_that_look_like_a_full_text_query_are_only_words(retriever: Retriever) -> None:
    query = 'harbour" OR text:* NEAR(boats, 2) AND NOT -ferries ( "'
    assert "boats" in retriever.search(query).sentences[0].text


def test_a_very_long_query_is_searched(retriever: Retriever) -> None:
    query = "rye bread " + " ".join(f"word{number}" for number in range(400))
    assert retriever.search(query).sentences


def test_a_sentence_leans_on_what_stands_before_it_nearest_first(retriever: Retriever) -> None:
    found = retriever.search("the money came from the fishing fund", limit=20)
    added = next(hit for hit in found.hits if hit.stored.text.startswith("She added"))
    assert in_context(added).before[0] == "Sollow said that the harbour had cost 12 million crowns."


def test_a_phrase_is_searched_for_as_a_whole(retriever: Retriever) -> None:
    assert retriever.mentions("fishing fund")
    assert not retriever.mentions("fund fishing")


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    with store_with(tmp_path) as (store, embedder, _):
        assert Retriever(store, embedder).search("harbour").sentences == ()


def test_a_removed_document_is_not_found_again(tmp_path: Path) -> None:
    with store_with(tmp_path, HARBOUR, BAKERY) as (store, embedder, ids):
        store.remove(ids[0])
        found = Retriever(store, embedder).search("harbour ferries", limit=50)
        assert {sentence.document_id for sentence in found.sentences} == {ids[1]}


def test_a_chunk_that_went_between_search_and_reading_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store_with(tmp_path, HARBOUR, BAKERY) as (store, embedder, ids):
        read = store.read_chunks

        def without_first_document(keys: Sequence[ChunkKey]) -> list[StoredChunk]:
            return read([key for key in keys if key.document_id != ids[0]])

        monkeypatch.setattr(store, "read_chunks", without_first_document)
        found = Retriever(store, embedder).search("harbour ferries")
        assert {sentence.document_id for sentence in found.sentences} == {ids[1]}


class ChunksOnly:
    """An embedder without token vectors, such as a server: words are counted into 64 buckets."""

    name = "counts"
    dimension = 64

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.dimension), 0.01, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[sum(map(ord, word)) % self.dimension] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def embed_chunks(self, chunks: Sequence[str], spans: Sequence[Sequence[Span]]) -> ChunkVectors:
        return ChunkVectors(chunks=self.embed(chunks), sentences=None)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


def test_chunk_vectors_alone_are_enough(tmp_path: Path) -> None:
    with store_with(tmp_path, HARBOUR, BAKERY, embedder=ChunksOnly()) as (store, embedder, _):
        found = Retriever(store, embedder).search("Who owns the bakery on Mill Street?")
        assert "bakery" in found.sentences[0].text
        assert all(np.isfinite(sentence.score) for sentence in found.sentences)
