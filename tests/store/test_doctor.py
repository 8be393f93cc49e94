"""The doctor: what it finds in a damaged store, and what it makes of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from store_fakes import DIMENSION, EMBEDDER, Vectors, new_document, open_store, story, unit

from chatbot.errors import EmbedderMismatch, StoreDamaged
from chatbot.store import ChunkKey, NewDocument, Store, doctor, repair
from chatbot.types import Span

ITEMS = [new_document(story(f"n{n}", 60), key=f"n{n}", per_chunk=1) for n in range(20)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,200 chunks: enough for Chroma to have written its graph to files of its own."""
    path = tmp_path_factory.mktemp("whole") / "data"
    with open_store(path) as store:
        store.add(ITEMS)
    return path


def segment(data: Path) -> Path:
    (found,) = (path for path in (data / "chroma-1").iterdir() if path.is_dir())
    return found


def garble(path: Path) -> None:
    path.write_bytes(np.random.default_rng(0).bytes(path.stat().st_size))


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def all_of(change: Callable[[Path], None]) -> Callable[[Path], None]:
    def damage(data: Path) -> None:
        for file in segment(data).iterdir():
            change(file)

    return damage


DAMAGES: dict[str, Callable[[Path], None]] = {
    "the database is empty": lambda data: os.truncate(data / "chroma-1/chroma.sqlite3", 0),
    "the database is garbage": lambda data: garble(data / "chroma-1/chroma.sqlite3"),
    "the database is cut": lambda data: halve(data / "chroma-1/chroma.sqlite3"),
    "the graph is gone": lambda data: shutil.rmtree(segment(data)),
    "the graph is garbage": all_of(garble),
    "the graph is cut": all_of(halve),
    "the header is garbage": lambda data: garble(segment(data) / "header.bin"),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_told_and_repaired(tmp_path: Path, whole: Path, damage: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(whole, data)
    DAMAGES[damage](data)
    item = ITEMS[7]
    query, key = item.vectors.chunks[3], ChunkKey(document_id=item.parsed.document.id, index=3)
    with open_store(data) as store, pytest.raises(StoreDamaged, match="chatbot doctor --repair"):
        store.nearest_chunks(query, limit=1)
    with open_store(data, for_repair=True) as store:
        found = doctor.examine(store)
        assert any("chatbot doctor --repair" in problem for problem in found.problems)
        repair.rebuild(store.parts)
        found = doctor.examine(store)
        assert found.problems == ()
        assert (found.documents, found.sentences, found.chunks) == (20, 1200, 1200)
        assert found.vectors == 1200
    assert [path.name for path in data.glob("chroma-*")] == ["chroma-2"]
    with open_store(data) as store:
        assert store.nearest_chunks(query, limit=1)[0].key == key


@pytest.mark.parametrize("gone", ["chroma-1", "chroma-1/chroma.sqlite3"])
def test_an_index_that_is_not_there_is_made_when_the_store_is_opened(
    tmp_path: Path, whole: Path, gone: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(whole, data)
    path = data / gone
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    item = ITEMS[7]
    with open_store(data) as store:
        key = ChunkKey(document_id=item.parsed.document.id, index=3)
        assert store.nearest_chunks(item.vectors.chunks[3], limit=1)[0].key == key
        assert doctor.examine(store).problems == ()


def test_an_index_that_could_not_be_opened_once_can_be_opened_later(
    tmp_path: Path, whole: Path
) -> None:
    shutil.copytree(whole, tmp_path / "data")
    database = tmp_path / "data/chroma-1/chroma.sqlite3"
    content = database.read_bytes()
    garble(database)
    with open_store(tmp_path / "data") as store:
        with pytest.raises(StoreDamaged):
            store.parts.index.open()
        database.write_bytes(content)
        assert store.parts.index.open().count() == 1200


def test_an_addition_to_a_damaged_index_makes_it_again(
    tmp_path: Path, whole: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    shutil.copytree(whole, data)
    garble(data / "chroma-1/chroma.sqlite3")
    with open_store(data) as store:
        store.add([new_document(story("alpha"), key="alpha")])
        assert "The vector index is made again" in caplog.text
        assert doctor.examine(store).problems == ()


def test_a_removal_succeeds_though_the_index_is_damaged(
    tmp_path: Path, whole: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    shutil.copytree(whole, data)
    garble(data / "chroma-1/chroma.sqlite3")
    gone = ITEMS[0].parsed.document.id
    with open_store(data) as store:
        store.remove(gone)
        assert "left behind" in caplog.text
        assert gone not in {document.id for document in store.documents()}
        repair.rebuild(store.parts)
        hits = store.nearest_chunks(unit("x"), limit=1200)
        assert gone not in {hit.key.document_id for hit in hits}


def test_a_whole_store_has_no_problems(whole: Path) -> None:
    with open_store(whole) as store:
        found = doctor.examine(store)
        assert found.problems == ()
        assert found.vectors == 1200


def test_an_empty_store_has_no_problems_and_can_be_repaired(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert doctor.examine(store).problems == ()
        repair.rebuild(store.parts)
        assert doctor.examine(store).vectors == 0


def test_missing_and_orphan_vectors_are_counted(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add(ITEMS[:2])
        index = store.parts.index.open()
        index.remove([ITEMS[0].parsed.document.id])
        index.upsert(
            [ChunkKey(document_id="f" * 64, index=n) for n in range(3)], np.eye(3, DIMENSION)
        )
        found = doctor.examine(store)
        assert found.vectors == 63
        told = " ".join(found.problems)
        assert "lacks 60 vectors" in told
        assert "holds 3 vectors of no document" in told
        assert len(found.problems) == 3
        repair.rebuild(store.parts)
        assert doctor.examine(store).problems == ()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (
            "UPDATE chunks SET passage = 'Other ' || passage WHERE id & 4194303 = 5",
            "what was added",
        ),
        ("DELETE FROM sentences WHERE id & 4194303 = 5", "what was added"),
        ("DELETE FROM vectors WHERE id & 4194303 = 5", "lack the vectors of 2 chunks"),
        ("INSERT INTO full_text (full_text) VALUES ('delete-all')", "full text does not fit"),
        ("UPDATE terms SET sentences = 7 WHERE term = 'tell'", "full text does not fit"),
    ],
)
def test_what_the_tables_hold_is_checked(tmp_path: Path, statement: str, problem: str) -> None:
    with open_store(tmp_path) as store:
        store.add(ITEMS[:2])
        with store.parts.home.writing() as connection:
            connection.exec_driver_sql(statement)
        assert any(problem in found for found in doctor.examine(store).problems)


def test_a_repair_restores_the_full_text(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add(ITEMS[:2])
        with store.parts.home.writing() as connection:
            connection.exec_driver_sql("INSERT INTO full_text (full_text) VALUES ('delete-all')")
            connection.exec_driver_sql("DELETE FROM terms")
        assert store.match_sentences(["n12"], limit=1) == []
        repair.rebuild(store.parts)
        assert store.match_sentences(["n12"], limit=1)[0].index == 2
        assert doctor.examine(store).problems == ()


class OtherEmbedder:
    """A model of another name and dimension, which fails when it is told to."""

    name = "other@2"
    dimension = 24

    def __init__(self, *, fails_after: int = 1000) -> None:
        self.left = fails_after

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([unit(text, self.dimension) for text in texts])

    def embed_chunks(self, chunks: Sequence[str], spans: Sequence[Sequence[Span]]) -> Vectors:
        self.left -= 1
        if not self.left:
            raise RuntimeError("no power")
        return Vectors(
            chunks=self.embed(chunks),
            sentences=tuple(
                self.embed([text[span.start : span.end] for span in inside])
                for text, inside in zip(chunks, spans, strict=True)
            ),
        )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


def open_other(path: Path) -> Store:
    return Store.open(path, embedder=OtherEmbedder.name, dimension=OtherEmbedder.dimension)


def fill(path: Path) -> list[NewDocument]:
    items = [new_document(story(f"n{n}", 8 * n + 1), key=f"n{n}") for n in range(4)]
    with open_store(path) as store:
        store.add(items)
    return items


def open_with_other(path: Path) -> Store:
    return Store.open(
        path, embedder=OtherEmbedder.name, dimension=OtherEmbedder.dimension, for_repair=True
    )


def test_another_model_takes_over_the_whole_store(tmp_path: Path) -> None:
    items = fill(tmp_path)
    with open_with_other(tmp_path) as store:
        assert any("--reembed" in problem for problem in doctor.examine(store).problems)
        repair.embed_again(store.parts, OtherEmbedder())
        assert doctor.examine(store).problems == ()
    with pytest.raises(EmbedderMismatch):
        open_store(tmp_path)
    with open_other(tmp_path) as store:
        assert doctor.examine(store).problems == ()
        for item in items:
            document = item.parsed.document
            for chunk in item.parsed.chunks:
                sentences = item.parsed.sentences[chunk.first : chunk.last + 1]
                passage = document.text[sentences[0].start : sentences[-1].end]
                hit = store.nearest_chunks(unit(passage, 24), limit=1)[0]
                assert hit.key == ChunkKey(document_id=document.id, index=chunk.index)
                (read,) = store.read_chunks([hit.key])
                assert read.content.vectors is not None
                expected = np.stack([unit(sentence.text, 24) for sentence in sentences])
                assert (read.content.vectors * expected).sum(axis=1).min() > 0.999
    assert [path.name for path in tmp_path.glob("chroma-*")] == ["chroma-2"]


def test_a_change_of_model_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    fill(tmp_path)
    with open_with_other(tmp_path) as store, pytest.raises(RuntimeError, match="no power"):
        repair.embed_again(store.parts, OtherEmbedder(fails_after=3))
    with open_store(tmp_path) as store:
        assert doctor.examine(store).problems == ()
        assert store.parts.meta["embedder"] == EMBEDDER
    assert [path.name for path in tmp_path.glob("chroma-*")] == ["chroma-1"]
