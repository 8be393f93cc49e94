"""What a store of thousands of documents must not do: read, count or list what has not changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from store_fakes import new_document, open_store, story, unit

from chatbot.store import NewDocument, Place, Store
from chatbot.store import search as searching

QUERY = unit("a question")
DOCUMENTS = 60


def items(first: int, last: int, *, owner: str = "") -> list[NewDocument]:
    return [
        new_document(story(f"{owner}n{number}", 6), key=f"{owner}{number}", owner=owner)
        for number in range(first, last)
    ]


@pytest.fixture
def store(place: Place | Path) -> Iterator[Store]:
    with open_store(place) as store:
        store.add(items(0, DOCUMENTS))
        yield store


@pytest.fixture
def said(store: Store) -> Iterator[list[str]]:
    """What the database is asked, with its values, from here on."""
    statements: list[str] = []

    def note(*asked: object) -> None:
        statements.append(f"{asked[2]} {asked[3]}")

    search(store)
    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


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


def counted(said: list[str]) -> int:
    return sum("count(*)" in one for one in said)


def test_a_second_search_reads_neither_documents_nor_counts(store: Store, said: list[str]) -> None:
    search(store)
    assert said
    assert counted(said) == 0
    assert not any("FROM sources" in one for one in said)


def test_after_an_addition_documents_are_counted_once_and_not_listed(
    store: Store, said: list[str]
) -> None:
    store.add(items(DOCUMENTS, DOCUMENTS + 1))
    said.clear()
    search(store)
    assert counted(said) == 1
    assert not any("FROM sources" in one for one in said)
    assert store.term_counts(["sentence"]) == {"sentence": 6 * (DOCUMENTS + 1)}


@pytest.mark.slow
def test_a_person_who_sees_thousands_sends_no_list_of_them(
    store: Store, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_FEW_DOCUMENTS", 10)
    store.add(items(0, 3, owner="ben"))
    store.add(items(0, 3, owner="anna"))
    anna = store.for_owner("anna")
    said.clear()
    search(anna)
    assert all(len(one) < 4000 for one in said if "stems" in one or "full_text" in one)
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
def test_what_is_remembered_is_what_would_be_read_anew(
    place: Place | Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_FEW_DOCUMENTS", 3)
    chance = random.Random(7)
    people = [None, "anna", "ben"]
    with open_store(place) as store:
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
