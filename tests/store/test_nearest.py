"""The search for near chunks: exact where they are few, by Chroma where they are many."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from store_fakes import DIMENSION, EMBEDDER, new_document, open_store, story, unit

from chatbot.store import ChunkHit, ChunkKey, NewDocument, Store, nearest
from chatbot.store.vectors import ChunkMatrix, dequantise, quantise

ITEMS = [new_document(story(f"n{n}", 12), key=f"n{n}") for n in range(40)]
QUERY = unit("a question")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("near") / "data") as store:
        store.add(ITEMS)
        yield store


@pytest.fixture(params=["exact", "approximate", "reader", "large reader"])
def store(
    request: pytest.FixtureRequest, filled: Store, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """One store, searched in each of the ways."""
    if request.param == "approximate":
        monkeypatch.setattr(nearest, "EXACT_NUMBERS", 12 * DIMENSION)
    if request.param == "large reader":
        monkeypatch.setattr(nearest, "EXACT_NUMBERS", 12 * DIMENSION)
    if request.param == "exact":
        yield filled
        return
    if "reader" in request.param:
        with open_store(filled.parts.data_dir, read_only=True) as reader:
            yield reader
        return
    again = Store(filled.parts)  # searches the same open files in the other way
    yield again


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


def test_vectors_that_are_not_committed_are_never_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "EXACT_NUMBERS", 0)
    with open_store(tmp_path) as store:
        store.add(ITEMS[:5])
        known = ITEMS[0].parsed.document.id
        orphans = [ChunkKey(document_id="f" * 64, index=index) for index in range(300)]
        beyond = [ChunkKey(document_id=known, index=index) for index in range(4, 9)]
        crowd = np.tile(QUERY, (305, 1))
        store.parts.index.open().upsert([*orphans, *beyond], crowd)
        assert_same(store.nearest_chunks(QUERY, limit=6), by_hand(ITEMS[:5], 6))
        assert len(store.nearest_chunks(QUERY, limit=100)) == 20


def test_many_equal_chunks_do_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "EXACT_NUMBERS", 0)
    footer = [f"The same footer of {n}." for n in range(300)]
    equal = new_document(footer, key="footer", per_chunk=1)
    equal.vectors.chunks[:] = QUERY
    with open_store(tmp_path) as store:
        store.add([*ITEMS[:20], equal, *ITEMS[20:]])
        assert store.nearest_chunks(QUERY, limit=50)[-1].score > 0.999
        for item in ITEMS:
            for index, vector in enumerate(item.vectors.chunks):
                key = ChunkKey(document_id=item.parsed.document.id, index=index)
                assert store.nearest_chunks(vector, limit=1)[0].key == key


def test_what_is_added_or_removed_counts_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for numbers in (nearest.EXACT_NUMBERS, 0):
        monkeypatch.setattr(nearest, "EXACT_NUMBERS", numbers)
        with open_store(tmp_path / str(numbers)) as store:
            assert store.nearest_chunks(QUERY, limit=3) == []
            store.add(ITEMS[:2])
            assert_same(store.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[:2], 3))
            store.add(ITEMS[2:4])
            assert_same(store.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[:4], 3))
            store.remove(ITEMS[0].parsed.document.id)
            assert_same(store.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[1:4], 3))


def test_a_large_store_is_warmed_when_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path) as store:
        store.add(ITEMS[:5])
    monkeypatch.setattr(nearest, "EXACT_NUMBERS", 0)
    with open_store(tmp_path) as store:
        assert_same(store.nearest_chunks(QUERY, limit=3), by_hand(ITEMS[:5], 3))
        store.warm_up()
    with open_store(tmp_path):
        pass  # closed while it warms up


def test_a_question_to_a_small_store_does_not_import_chromadb(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add(ITEMS[:5])
    script = f"""
import sys
from pathlib import Path
import numpy as np
from chatbot.store import Store
for read_only in (True, False):
    with Store.open(Path({str(tmp_path)!r}), embedder={EMBEDDER!r}, dimension={DIMENSION},
                    read_only=read_only) as store:
        hits = store.nearest_chunks(np.ones({DIMENSION}, np.float32) / 4, limit=3)
        assert len(store.read_chunks([hit.key for hit in hits])) == 3
        assert store.match_sentences(["n1"], limit=3)
assert "chromadb" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=60)


def test_of_equal_chunks_the_earlier_one_comes_first() -> None:
    vectors = np.tile(QUERY, (100, 1))
    vectors[40] = -QUERY
    matrix = ChunkMatrix(np.arange(100, dtype=np.int64), (vectors,))
    others = [row for row in range(100) if row != 40]
    assert [row for row, _ in matrix.nearest(QUERY, 50)] == others[:50]
    assert [row for row, _ in matrix.nearest(QUERY, 500)] == [*others, 40]


def test_eight_bits_a_number_are_enough_for_unit_vectors() -> None:
    vectors = np.stack([unit(f"v{n}", 384) for n in range(50)])
    again = dequantise(quantise(vectors), 384)
    assert (vectors * again).sum(axis=1).min() > 0.9999
    np.testing.assert_allclose(again @ QUERY_384, vectors @ QUERY_384, atol=0.003)


QUERY_384 = unit("a question", 384)
