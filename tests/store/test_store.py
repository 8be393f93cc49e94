"""What the store keeps, replaces, removes and reads back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from store_fakes import DIMENSION, Vectors, new_document, open_store, parsed, story, unit

from chatbot.errors import DocumentNotFound, StoreError
from chatbot.store import ChunkKey, Place, Store
from chatbot.store.adding import check_spans
from chatbot.store.tables import originals
from chatbot.types import Chunk, Sentence


@pytest.fixture
def store(place: Place | Path) -> Iterator[Store]:
    with open_store(place) as store:
        yield store


def test_a_document_comes_back_as_it_was_added(store: Store) -> None:
    item = new_document(story("alpha", 8), title="On alpha", key="/docs/alpha.txt")
    result = store.add([item])
    (known,) = result.added
    assert (result.unchanged, result.replaced) == ((), ())
    document = store.document(known.id)
    assert document == replace(item.parsed.document, added=known.added)
    assert known.added.endswith("+00:00")
    assert store.documents() == [known] == store.documents_with([known.id, "unknown", known.id])
    assert {name: getattr(document, name) for name in known.__slots__} == asdict(known)
    assert tuple(store.sentences(document.id)) == item.parsed.sentences
    assert store.sentence_count() == 8


def test_every_sentence_is_a_slice_of_the_text(store: Store) -> None:
    texts = ["Ünïcode 🎉 first.", "second, with\ta tab", "e\u0301 combines", "a \x00 zero", "𝔘𝔫𝔦"]
    document = store.document(store.add([new_document(texts, per_chunk=2)]).added[0].id)
    for sentence, text in zip(store.sentences(document.id), texts, strict=True):
        assert document.text[sentence.start : sentence.end] == sentence.text == text


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=9),
    st.integers(1, 4),
)
def test_any_text_survives_the_way_through_the_store(
    shared: Store, texts: list[str], per_chunk: int
) -> None:
    item = new_document(texts, per_chunk=per_chunk)
    shared.add([item])
    document = shared.document(item.parsed.document.id)
    assert document.text == item.parsed.document.text
    assert tuple(shared.sentences(document.id)) == item.parsed.sentences
    keys = [ChunkKey(document_id=document.id, index=chunk.index) for chunk in item.parsed.chunks]
    read = [sentence for chunk in shared.read_chunks(keys) for sentence in chunk.sentences]
    assert tuple(read) == item.parsed.sentences


@pytest.fixture(scope="module")
def shared(
    new_place: Callable[[Path], Place | Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    with open_store(new_place(tmp_path_factory.mktemp("shared"))) as store:
        store.add([new_document(story("fixed", 12), key="fixed")])
        yield store


def test_adding_the_same_source_again_changes_nothing(store: Store) -> None:
    item = new_document(story("alpha"))
    (document,) = store.add([item]).added
    again = store.add([item])
    assert (again.added, again.unchanged, again.replaced) == ((), (document,), ())
    assert store.sentence_count() == 7
    assert store.term_counts(["alpha3"]) == {"alpha3": 1}


def test_the_same_text_under_another_key_is_a_second_source_of_it(store: Store) -> None:
    (document,) = store.add([new_document(story("alpha"), key="a", title="Oldest")]).added
    result = store.add([new_document(story("alpha"), key="b", title="Newer", owner="me")])
    assert result.added == ()
    assert [(d.id, d.title, d.source) for d in result.unchanged] == [(document.id, "Oldest", "a")]
    record = store.for_owner("me").source("b")
    assert record is not None
    assert (record.document_id, record.fingerprint) == (document.id, "f")
    assert store.source("b") is None


def test_a_text_goes_when_its_last_source_has_another_text(store: Store) -> None:
    store.add([new_document(story("alpha"), key="a"), new_document(story("alpha"), key="b")])
    old = store.documents()[0]
    assert store.add([new_document(story("beta"), key="a")]).replaced == ()
    assert store.document(old.id).source == "b"
    result = store.add([new_document(story("gamma"), key="b")])
    assert result.replaced == (old.id,)
    with pytest.raises(DocumentNotFound):
        store.document(old.id)
    assert store.term_counts(["alpha"]) == {"alpha": 0}
    assert store.match_sentences(["alpha1"], limit=5) == []
    assert len(list(store.parts.index.open().keys())) == 6


def test_a_file_is_kept_for_those_who_see_its_source(store: Store) -> None:
    text = story("alpha")
    store.add([new_document(text, key="a", owner="anna", original=b"of Anna")])
    store.add([new_document(text, key="b", owner="ben")])
    (document,) = store.documents()
    anna, ben, cy = (store.for_owner(name) for name in ("anna", "ben", "cy"))
    assert anna.original(document.id) == store.original(document.id) == b"of Anna"
    assert ben.original(document.id) is None
    assert cy.original(document.id) is None
    ben.add([new_document(text, key="b", owner="ben", original=b"of Ben")])
    assert ben.original(document.id) == b"of Ben"
    anna.remove(document.id)
    assert store.original(document.id) == b"of Ben"
    ben.remove(document.id)
    with store.parts.home.reading() as connection:
        assert connection.execute(select(originals)).all() == []


def test_two_sources_may_change_places_in_one_batch(store: Store) -> None:
    one, two = story("alpha"), story("beta")
    store.add([new_document(one, key="a"), new_document(two, key="b")])
    result = store.add([new_document(two, key="a"), new_document(one, key="b")])
    assert (result.added, result.replaced) == ((), ())
    assert [document.source for document in store.documents()] == ["b", "a"]


def test_of_two_versions_in_one_batch_the_last_one_counts(store: Store) -> None:
    result = store.add([new_document(story("alpha")), new_document(story("beta"))])
    assert [document.id for document in store.documents()] == [result.added[0].id]
    assert store.term_counts(["beta", "alpha"]) == {"beta": 7, "alpha": 0}


def test_one_text_under_two_keys_of_one_batch_is_added_once(store: Store) -> None:
    result = store.add([new_document(story("alpha"), key=key) for key in ("a", "b")])
    assert len(result.added) == 1
    assert result.unchanged == ()
    assert store.sentence_count() == 7


def test_a_removed_document_is_nowhere(store: Store) -> None:
    item = new_document(story("alpha"), key="a")
    store.add([item, new_document(story("beta"), key="b")])
    gone = item.parsed.document.id
    store.remove(gone)
    assert gone not in {document.id for document in store.documents()}
    assert store.source("a") is None
    assert store.match_sentences(["alpha1"], limit=5) == []
    hits = store.nearest_chunks(item.vectors.chunks[0], limit=50)
    assert {hit.key.document_id for hit in hits} == {store.documents()[0].id}
    assert store.read_chunks([ChunkKey(document_id=gone, index=0)]) == []
    assert store.sentence_count() == 7
    with pytest.raises(DocumentNotFound, match="list of documents"):
        store.remove(gone)
    with pytest.raises(DocumentNotFound):
        store.sentences(gone)
    assert store.add([item]).added[0].id == gone
    assert store.match_sentences(["alpha1"], limit=5)


def test_chunks_are_read_in_the_order_asked_for(store: Store) -> None:
    item = new_document(story("alpha", 8), title="T", key="k")
    name = item.parsed.document.id
    store.add([item])
    keys = [ChunkKey(document_id=name, index=index) for index in (2, 0, 77, -1, 1)]
    chunks = store.read_chunks([*keys, ChunkKey(document_id="unknown", index=0)])
    assert [chunk.key.index for chunk in chunks] == [2, 0, 1]
    assert [len(chunk.sentences) for chunk in chunks] == [2, 3, 3]
    first = chunks[1]
    assert first.sentences[1] == item.parsed.sentences[1]
    assert (first.title, first.source, first.key) == ("T", "k", keys[1])
    assert store.read_chunks([]) == []


def test_sentence_vectors_come_back_nearly_as_they_were(store: Store) -> None:
    item = new_document(story("alpha", 8))
    store.add([item])
    key = ChunkKey(document_id=item.parsed.document.id, index=0)
    vectors = store.read_chunks([key])[0].content.vectors
    assert vectors is not None
    assert item.vectors.sentences is not None
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert (vectors * item.vectors.sentences[0]).sum(axis=1).min() > 0.9999


def test_a_model_without_sentence_vectors_is_served_too(store: Store) -> None:
    item = new_document(story("alpha"), sentence_vectors=False)
    store.add([item])
    key = ChunkKey(document_id=item.parsed.document.id, index=0)
    assert store.read_chunks([key])[0].content.vectors is None


def test_a_document_without_sentences_is_kept(store: Store) -> None:
    item = new_document([])
    store.add([item])
    document = store.document(store.documents()[0].id)
    assert (document.text, document.sentence_count) == (item.parsed.document.text, 0)
    assert store.nearest_chunks(unit("x"), limit=3) == []
    store.remove(document.id)
    assert store.documents() == []


def test_vectors_of_another_dimension_are_refused_in_a_sentence(store: Store) -> None:
    with pytest.raises(StoreError, match="vectors of 8 numbers and the store holds vectors of 16"):
        store.add([new_document(story("alpha"), dimension=8)])
    item = new_document(story("alpha"))
    item.vectors.chunks[1, 3] = np.nan
    with pytest.raises(StoreError, match="not numbers"):
        store.add([item])
    short = Vectors(chunks=item.vectors.chunks[:1], sentences=None)
    with pytest.raises(ValueError, match="1 vectors for 3 chunks"):
        store.add([replace(item, vectors=short)])
    assert store.documents() == []


def test_spans_that_do_not_fit_the_text_are_refused() -> None:
    whole = parsed(story("alpha", 6))
    other = Sentence(index=1, start=0, end=3, text="abc")
    for broken in (
        replace(whole, sentences=(whole.sentences[0], other, *whole.sentences[2:])),
        replace(whole, sentences=whole.sentences[1:]),
        replace(whole, chunks=whole.chunks[:1]),
        replace(whole, chunks=(*whole.chunks[:1], Chunk(index=1, first=4, last=5))),
        replace(whole, chunks=whole.chunks[::-1]),
    ):
        with pytest.raises(ValueError, match=r"of a\.txt"):
            check_spans(broken)
    check_spans(whole)


@pytest.mark.slow
def test_several_threads_may_read_while_one_writes(store: Store) -> None:
    store.add([new_document(story("fixed", 9), key="fixed")])
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                hits = store.match_sentences(["fixed3", "sentence"], limit=5)
                assert hits[0].index == 3
                assert store.nearest_chunks(unit("x"), limit=3)
                assert store.read_chunks([hit.chunk for hit in hits])
                assert all(known.sentence_count for known in store.documents())
                assert store.document(hits[0].document_id).text
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    for version in range(10):
        store.add([new_document(story(f"v{version}", 9), key="changing")])
    writers = [
        threading.Thread(target=store.add, args=([new_document(story(f"w{n}"), key=f"w{n}")],))
        for n in range(4)
    ]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert failures == []
    assert len(store.documents()) == 6


def test_a_closed_store_says_so(place: Place | Path) -> None:
    store = open_store(place)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.documents()
    with pytest.raises(StoreError, match="closed"):
        store.add([new_document(story("alpha"))])
    with open_store(place) as again:
        assert again.documents() == []


def test_a_query_of_another_dimension_is_a_mistake_of_the_caller(store: Store) -> None:
    with pytest.raises(ValueError, match=f"not {DIMENSION}"):
        store.nearest_chunks(unit("x", 4), limit=3)
