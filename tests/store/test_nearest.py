"""The search for near chunks: Chroma finds them, the tables say which count."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from store_fakes import DIMENSION, EMBEDDER, new_document, open_store, story, unit

from chatbot.store import ChunkHit, ChunkKey, NewDocument, Place, Store, search
from chatbot.store.chroma import ChromaIndex
from chatbot.store.vectors import dequantise, quantise
from chatbot.store.vectors import nearest as exactly

NewPlace = Callable[[Path], Place | Path]

ITEMS = [new_document(story(f"n{n}", 12), key=f"n{n}") for n in range(40)]
QUERY = unit("a question")


@pytest.fixture(scope="module")
def filled(new_place: NewPlace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(new_place(tmp_path_factory.mktemp("near") / "data")) as store:
        store.add(ITEMS)
        yield store


@pytest.fixture(params=["owner", "reader"])
def store(request: pytest.FixtureRequest, filled: Store) -> Iterator[Store]:
    """One store, as who writes it sees it and as who only reads it."""
    if request.param == "owner":
        yield filled
        return
    with open_store(filled.parts.place, read_only=True) as reader:
        yield reader


def by_hand(items: list[NewDocument], limit: int) -> list[tuple[ChunkKey, float]]:
    scored = [
        (ChunkKey(document_id=item.parsed.document.id, index=index), float(vector @ QUERY))
        for item in items
        for index, vector in enumerate(item.vectors.chunks)
    ]
    return sorted(scored, key=lambda pair: -pair[1])[:limit]


def assert_same(hits: list[ChunkHit], expected: list[tuple[ChunkKey, float]]) -> None:
    assert [hit.key for hit in hits] == [key for key, _ in expected]
    np.testing.assert_allclose(
        [hit.score for hit in hits], [score for _, score in expected], atol=2e-3
    )


def test_the_nearest_chunks_come_first_with_their_cosines(store: Store) -> None:
    assert_same(store.nearest_chunks(QUERY, limit=10), by_hand(ITEMS, 10))
    assert_same(store.nearest_chunks(QUERY[None, :], limit=1), by_hand(ITEMS, 1))


def test_the_filter_holds_before_the_limit(store: Store) -> None:
    for some in (ITEMS[7:8], ITEMS[3:30:4], ITEMS):
        ids = [item.parsed.document.id for item in reversed(some)]
        hits = store.nearest_chunks(QUERY, limit=7, documents=[*ids, "unknown"])
        assert_same(hits, by_hand(some, 7))


def test_no_documents_and_no_limit_find_nothing(store: Store) -> None:
    assert store.nearest_chunks(QUERY, limit=5, documents=[]) == []
    assert store.nearest_chunks(QUERY, limit=5, documents=["unknown"]) == []
    assert store.nearest_chunks(QUERY, limit=0) == []
    assert len(store.nearest_chunks(QUERY, limit=5000)) == 160


def test_a_filter_that_leaves_little_is_asked_of_chroma(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.nearest_chunks(QUERY, limit=1)  # the first search of a store samples its index, too
    asked: list[int | None] = []
    original = ChromaIndex.nearest

    def noted(
        self: ChromaIndex, vector: object, limit: int, documents: list[str] | None = None
    ) -> object:
        asked.append(None if documents is None else len(documents))
        return original(self, vector, limit, documents)  # type: ignore[arg-type]

    monkeypatch.setattr(ChromaIndex, "nearest", noted)
    for count in (3, 30):
        ids = [item.parsed.document.id for item in ITEMS[:count]]
        assert_same(filled.nearest_chunks(QUERY, limit=5, documents=ids), by_hand(ITEMS[:count], 5))
    assert asked == [3, None]


def test_what_is_far_from_the_question_is_found_among_the_larger_part(
    place: Place | Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_MOST_ASKED", 20)
    others = new_document([f"Other {n}." for n in range(100)], key="others", per_chunk=1)
    others.vectors.chunks[:] = QUERY
    mine = [new_document(story(f"m{n}", 12), key=f"m{n}", owner="anna") for n in range(30)]
    with open_store(place) as store:
        store.add([replace(others, owner="ben"), *mine])
        assert_same(store.for_owner("anna").nearest_chunks(QUERY, limit=3), by_hand(mine, 3))


def test_vectors_that_are_not_committed_are_never_seen(place: Place | Path) -> None:
    with open_store(place) as store:
        store.add(ITEMS[:5])
        known = ITEMS[0].parsed.document.id
        orphans = [ChunkKey(document_id="f" * 64, index=index) for index in range(300)]
        beyond = [ChunkKey(document_id=known, index=index) for index in range(4, 9)]
        crowd = np.tile(QUERY, (305, 1))
        store.parts.index.open().upsert([*orphans, *beyond], crowd)
        assert_same(store.nearest_chunks(QUERY, limit=6), by_hand(ITEMS[:5], 6))
        assert len(store.nearest_chunks(QUERY, limit=100)) == 20


def test_many_equal_chunks_do_not_hide_the_others(place: Place | Path) -> None:
    footer = [f"The same footer of {n}." for n in range(300)]
    equal = new_document(footer, key="footer", per_chunk=1)
    equal.vectors.chunks[:] = QUERY
    with open_store(place) as store:
        store.add([*ITEMS[:20], equal, *ITEMS[20:]])
        assert store.nearest_chunks(QUERY, limit=50)[-1].score > 0.999
        for item in ITEMS:
            for index, vector in enumerate(item.vectors.chunks):
                key = ChunkKey(document_id=item.parsed.document.id, index=index)
                assert store.nearest_chunks(vector, limit=1)[0].key == key


def test_cosines_are_those_of_the_stored_vectors(filled: Store) -> None:
    hits = filled.nearest_chunks(QUERY, limit=20)
    exact = [score for _, score in by_hand(ITEMS, 20)]
    np.testing.assert_allclose([hit.score for hit in hits], exact, atol=1e-6)


def test_what_is_added_or_removed_counts_at_once(place: Place | Path) -> None:
    with open_store(place) as store:
        assert store.nearest_chunks(QUERY, limit=3) == []
        store.add(ITEMS[:2])
        assert_same(store.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[:2], 3))
        store.add(ITEMS[2:4])
        assert_same(store.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[:4], 3))
        store.remove(ITEMS[0].parsed.document.id)
        assert_same(store.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[1:4], 3))


def test_a_filled_store_is_warmed_when_it_is_opened(place: Place | Path) -> None:
    with open_store(place) as store:
        store.add(ITEMS[:5])
    with open_store(place) as store:
        assert_same(store.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[:5], 3))
    with open_store(place):
        pass  # closed while it warms up


def test_a_reader_borrows_chroma_for_one_search(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add(ITEMS[:5])
    with open_store(tmp_path, read_only=True) as reader:
        assert_same(reader.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[:5], 3))
        with open_store(tmp_path) as owner:  # the reader does not keep it
            owner.add(ITEMS[5:6])
            assert_same(reader.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[:6], 3))


def test_who_does_not_search_does_not_import_chromadb(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add(ITEMS[:5])
    script = f"""
import sys
from pathlib import Path
from chatbot.store import Store
with Store.open(Path({str(tmp_path)!r}), embedder={EMBEDDER!r}, dimension={DIMENSION},
                read_only=True) as store:
    assert store.documents()
    assert store.match_sentences(["n1"], limit=3)
assert not {{"chromadb", "alembic", "psycopg"}} & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=60)


def test_of_equal_chunks_the_earlier_one_comes_first() -> None:
    vectors = np.tile(QUERY, (100, 1))
    vectors[40] = -QUERY
    others = [row for row in range(100) if row != 40]
    assert [row for row, _ in exactly(range(100), vectors, QUERY, 50)] == others[:50]
    assert [row for row, _ in exactly(range(100), vectors, QUERY, 500)] == [*others, 40]


def test_eight_bits_a_number_are_enough_for_unit_vectors() -> None:
    vectors = np.stack([unit(f"v{n}", 384) for n in range(50)])
    again = dequantise(quantise(vectors), 50)
    assert (vectors * again).sum(axis=1).min() > 0.9999
    np.testing.assert_allclose(again @ QUERY_384, vectors @ QUERY_384, atol=0.003)


QUERY_384 = unit("a question", 384)
