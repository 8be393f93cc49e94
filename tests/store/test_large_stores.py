"""What a store of thousands of documents must not do: read, count or list what has not changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from store_fakes import DIMENSION, new_document, open_store, story, unit

from chatbot.store import NewDocument, Store, full_text, nearest

QUERY = unit("a question")
DOCUMENTS = 60


def items(first: int, last: int, *, owner: str = "") -> list[NewDocument]:
    return [
        new_document(story(f"{owner}n{number}", 6), key=f"{owner}{number}", owner=owner)
        for number in range(first, last)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as store:
        store.add(items(0, DOCUMENTS))
        yield store


@pytest.fixture
def said(store: Store) -> list[str]:
    """What SQLite is asked, with its values, from here on."""
    statements: list[str] = []
    search(store)
    with store.parts.connections.reading() as connection:
        connection.set_trace_callback(statements.append)
    return statements


def search(store: Store) -> None:
    store.nearest_chunks(QUERY, limit=5)
    store.match_sentences(["sentence", "tells"], limit=5)
    store.term_counts(["sentence", "of"])


def test_a_list_of_documents_reads_no_text(store: Store, said: list[str]) -> None:
    assert len(store.documents()) == DOCUMENTS
    assert len(store.for_owner("anna").documents()) == DOCUMENTS
    assert store.sentence_count() == 6 * DOCUMENTS
    assert said
    assert not any("passage" in one or "head" in one for one in said)


def test_a_second_search_reads_neither_vectors_nor_documents_nor_counts(
    store: Store, said: list[str]
) -> None:
    search(store)
    assert not any("FROM vectors" in one or "count(*)" in one for one in said)
    assert not any("FROM documents WHERE number" in one for one in said)


def test_after_an_addition_only_what_is_new_is_read(store: Store, said: list[str]) -> None:
    store.add(items(DOCUMENTS, DOCUMENTS + 1))
    said.clear()
    search(store)
    ranges = [one for one in said if "BETWEEN" in one and ("vectors" in one or "count" in one)]
    assert len(ranges) == 4  # the vectors, and the counts of three terms that were known
    begins = [int(one.partition("BETWEEN ")[2].split()[0]) for one in ranges]
    assert min(begins) > DOCUMENTS << 22
    assert store.term_counts(["sentence"]) == {"sentence": 6 * (DOCUMENTS + 1)}


@pytest.mark.slow
def test_a_person_who_sees_thousands_sends_no_list_of_them(
    store: Store, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full_text, "_FEW_DOCUMENTS", 10)
    store.add(items(0, 3, owner="ben"))
    store.add(items(0, 3, owner="anna"))
    anna = store.for_owner("anna")
    said.clear()
    search(anna)
    assert max(map(len, said)) < 1000
    seen = {one.id for one in anna.documents()}
    assert len(seen) == DOCUMENTS + 3
    hits = anna.match_sentences(["sentence", "tells"], limit=1000)
    assert {hit.document_id for hit in hits} == seen
    assert {hit.key.document_id for hit in anna.nearest_chunks(QUERY, limit=1000)} == seen
    # A new view of the same person, as each request has one, starts with what is known.
    said.clear()
    search(store.for_owner("anna"))
    assert not any("FROM sources" in one for one in said)


@pytest.mark.slow
@pytest.mark.parametrize("exact", [True, False])
def test_what_is_followed_is_what_would_be_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact: bool
) -> None:
    if not exact:
        monkeypatch.setattr(nearest, "EXACT_NUMBERS", 0)
    monkeypatch.setattr(full_text, "_FEW_DOCUMENTS", 3)
    monkeypatch.setattr(nearest, "_WASTE", 2)
    chance = random.Random(7)
    people = [None, "anna", "ben"]
    with open_store(tmp_path) as store:
        for step in range(60):
            view = store if (owner := chance.choice(people)) is None else store.for_owner(owner)
            known = view.documents()
            if known and chance.random() < 0.4:
                view.remove(chance.choice(known).id)
            else:
                number = chance.randrange(20)
                view.add(
                    [
                        new_document(
                            story(f"text {number}", 3 + number % 7),
                            key=f"key {chance.randrange(9)}",
                            owner=owner or "",
                        )
                    ]
                )
            if step % 3 == 0:
                assert_same_sight(store, Store(store.parts), people)


def assert_same_sight(store: Store, fresh: Store, people: list[str | None]) -> None:
    terms = ["sentence", "text", "3"]
    assert store.term_counts(terms) == fresh.term_counts(terms)
    assert store.sentence_count() == fresh.sentence_count()
    for owner in people:
        mine = store if owner is None else store.for_owner(owner)
        new = fresh if owner is None else fresh.for_owner(owner)
        seen = {one.id: one.sentence_count for one in new.documents()}
        near, anew = (bot.nearest_chunks(QUERY, limit=500) for bot in (mine, new))
        assert [hit.key for hit in near] == [hit.key for hit in anew]
        assert [hit.score for hit in near] == pytest.approx([hit.score for hit in anew], abs=1e-5)
        hits = mine.match_sentences(terms, limit=500)
        assert hits == new.match_sentences(terms, limit=500)
        assert len(hits) == sum(seen.values())  # every one of them holds "sentence"
        assert {hit.document_id for hit in hits} == set(seen)
        some = list(seen)[::2]
        assert {
            hit.key.document_id for hit in mine.nearest_chunks(QUERY, limit=500, documents=some)
        } == set(some)


def test_vectors_in_memory_grow_by_what_is_new() -> None:
    from chatbot.store.vectors import BLOCK, empty_matrix

    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(3 * BLOCK, DIMENSION)).astype(np.float32)
    matrix, first = empty_matrix(DIMENSION), 0
    for size in (1, BLOCK - 2, 1, 5, 2 * BLOCK - 5):
        grown = matrix.grown(range(first, first + size), vectors[first : first + size])
        kept = [block for block in matrix.blocks if len(block) == BLOCK]
        assert all(a is b for a, b in zip(kept, grown.blocks, strict=False))  # nothing is copied
        matrix, first = grown, first + size
    assert [len(block) for block in matrix.blocks] == [BLOCK] * 3
    scores = vectors @ QUERY
    best = [int(row) for row in np.argsort(-scores, kind="stable")[:20]]
    assert [row for row, _ in matrix.nearest(QUERY, 20)] == best
