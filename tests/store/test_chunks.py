"""Chunks that were read before: what is remembered of them, and that nothing stale comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_fakes import new_document, open_store, story

from chatbot.store import ChunkKey, Place, Store, passages


@pytest.fixture
def store(place: Place | Path) -> Iterator[Store]:
    with open_store(place) as store:
        yield store


def keys_of(document_id: str, count: int) -> list[ChunkKey]:
    return [ChunkKey(document_id=document_id, index=index) for index in range(count)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The ids that were read from the file, one list for each time."""
    found: list[list[int]] = []
    read = passages.chunks

    def counted(connection: object, ids: list[int], **more: object) -> object:
        found.append(list(ids))
        return read(connection, ids, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(passages, "chunks", counted)
    return found


def test_a_chunk_is_read_from_the_file_once(store: Store, asked: list[list[int]]) -> None:
    (known,) = store.add([new_document(story("alpha", 9))]).added
    first = store.read_chunks(keys_of(known.id, 2))
    again = store.read_chunks(keys_of(known.id, 3))
    assert [len(ids) for ids in asked] == [2, 1]
    assert again[0].content is first[0].content
    assert [chunk.key.index for chunk in again] == [0, 1, 2]


def test_a_chunk_that_is_asked_for_twice_comes_once(store: Store) -> None:
    (known,) = store.add([new_document(story("alpha", 9))]).added
    (chunk,) = store.read_chunks([*keys_of(known.id, 1), *keys_of(known.id, 1)])
    assert len(chunk.content.texts) == len(chunk.content.vectors) == 3  # type: ignore[arg-type]


def test_what_was_remembered_of_a_removed_document_does_not_come_back(store: Store) -> None:
    item = new_document(story("alpha", 9))
    (known,) = store.add([item]).added
    assert len(store.read_chunks(keys_of(known.id, 3))) == 3
    store.remove(known.id)
    assert store.read_chunks(keys_of(known.id, 3)) == []
    store.add([item])
    assert len(store.read_chunks(keys_of(known.id, 3))) == 3


def test_what_was_remembered_for_one_person_is_not_shown_to_another(store: Store) -> None:
    (known,) = store.add([new_document(story("alpha", 9), owner="anna")]).added
    assert len(store.for_owner("anna").read_chunks(keys_of(known.id, 3))) == 3
    assert store.for_owner("ben").read_chunks(keys_of(known.id, 3)) == []


def test_a_title_that_changed_is_shown_though_the_text_is_remembered(store: Store) -> None:
    texts = story("alpha", 9)
    (known,) = store.add([new_document(texts, title="Before", key="k")]).added
    assert store.read_chunks(keys_of(known.id, 1))[0].title == "Before"
    with store.parts.home.writing() as connection:
        connection.exec_driver_sql("UPDATE sources SET title = 'After'")
    assert store.read_chunks(keys_of(known.id, 1))[0].title == "After"


def test_no_more_chunks_are_remembered_than_said(
    place: Place | Path, asked: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "MOST_KEPT", 2)
    with open_store(place) as store:
        (known,) = store.add([new_document(story("alpha", 12))]).added
        keys = keys_of(known.id, 4)
        for wanted in (keys, keys[2:], keys[:1], keys[3:], keys[2:3]):
            assert [chunk.key for chunk in store.read_chunks(wanted)] == wanted
    assert [len(ids) for ids in asked] == [4, 1, 1]  # all, then the first, then the third
